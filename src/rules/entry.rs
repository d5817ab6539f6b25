//! What a row names as its source, its destination, its ports and its protocol.

use std::fmt;

use crate::azure::{PlatformTag, SubnetId};
use crate::space::{Block, Span};
use crate::text::Safe;

/// Characters of an expression that are kept.
pub const MOST_OF_EXPRESSION: usize = 200;

/// One thing that a row names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entry {
    /// `*`, `Any`.
    Any,
    /// An address, a CIDR or a range.
    Span(Span),
    /// A service tag with published prefixes, as written.
    Tag(String),
    /// A tag that stands for a part of the network and has no published prefixes.
    Platform(PlatformTag),
    /// A host name, perhaps with a wildcard.
    Fqdn(String),
    /// A group of host names that Azure keeps.
    FqdnTag(String),
    /// An address of the web, host and path; the host is known.
    Url(String),
    /// A kind of sites that Azure knows.
    WebCategory(String),
    /// An IP group by its resource id.
    IpGroup(String),
    /// An application security group by its resource id.
    SecurityGroup(String),
    /// A subnet by its resource id.
    Subnet(SubnetId),
    /// An expression of a template whose value is not known.
    Unresolved(Safe),
    /// What could not be read.
    Unread(Safe),
}

impl Entry {
    /// Reads `*`, an address, a CIDR, a range `a-b` or the name of a tag.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text == "*" || text.eq_ignore_ascii_case("any") {
            return Self::Any;
        }
        if let Some(span) = span(text) {
            return Self::Span(span);
        }
        if is_expression(text) {
            let expression: String = text.chars().take(MOST_OF_EXPRESSION).collect();
            return Self::Unresolved(Safe::from(expression));
        }
        if let Some(symbol) = PlatformTag::parse(text) {
            return Self::Platform(symbol);
        }
        if is_tag(text) {
            return Self::Tag(text.to_owned());
        }
        Self::Unread(Safe::new(&short(text)))
    }

    /// The block of a CIDR that is written with an address inside of it (`10.0.0.5/24`): its host
    /// bits are cleared, so that more is meant than is written.
    #[must_use]
    pub fn cleared(text: &str) -> Option<Block> {
        let (block, is_cleared) = Block::parse(text.trim()).ok()?;
        is_cleared.then_some(block)
    }

    /// The addresses, where the entry is some.
    #[must_use]
    pub const fn span(&self) -> Option<Span> {
        match self {
            Self::Span(span) => Some(*span),
            _ => None,
        }
    }

    /// The tag, where the entry is one.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        match self {
            Self::Tag(tag) => Some(tag),
            _ => None,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Span(span) => span.fmt(f),
            Self::Tag(text) | Self::Fqdn(text) => f.write_str(text),
            Self::Platform(symbol) => f.write_str(symbol.name()),
            Self::FqdnTag(text) => write!(f, "FQDN tag {text}"),
            Self::Url(text) => write!(f, "URL {text}"),
            Self::WebCategory(text) => write!(f, "web category {text}"),
            Self::IpGroup(id) => write!(f, "IP group {}", last_part(id)),
            Self::SecurityGroup(id) => write!(f, "ASG {}", last_part(id)),
            Self::Subnet(id) => id.fmt(f),
            Self::Unresolved(text) => f.write_str(text.as_str()),
            Self::Unread(text) => write!(f, "not understood: {text}"),
        }
    }
}

/// Whether a text is an expression of a template: `[parameters('prefix')]`.
#[must_use]
pub fn is_expression(text: &str) -> bool {
    text.len() > 2 && text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[")
}

/// Whether a pattern of a rule holds a host name, both in lower case. A wildcard stands in front and for
/// any number of characters: `*contoso.com` holds contoso.com, and `*.contoso.com` the names below it
/// alone.
#[must_use]
pub fn holds_host(pattern: &str, host: &str) -> bool {
    let ends = |end: &str| host.ends_with(end);
    pattern == host || pattern.strip_prefix('*').is_some_and(ends)
}

/// An address, a CIDR (host bits are cleared) or a range.
fn span(text: &str) -> Option<Span> {
    if let Ok((block, _)) = Block::parse(text) {
        return Some(block.span());
    }
    if let Ok(address) = text.parse() {
        return Some(Span::of(address));
    }
    let (first, last) = text.split_once('-')?;
    let first = Span::of(first.trim().parse().ok()?);
    let last = Span::of(last.trim().parse().ok()?);
    (first.family() == last.family())
        .then(|| Span::new(first.family(), first.first(), last.last()))
        .flatten()
}

/// Letters first, then letters, digits and dots; never only digits and dots. Behind the last dot
/// the words of a region may stand apart: `Storage.West Europe`, `Storage."West Europe"`.
fn is_tag(text: &str) -> bool {
    let (base, region) = text.rsplit_once('.').unwrap_or((text, ""));
    let region = region.trim_matches(['"', '\'']);
    let is_region = |text: &str| {
        text.split(' ').all(|word| !word.is_empty()) && words(text, b" _-") && !text.is_empty()
    };
    let words_of_base = words(base, b"._-");
    text.len() <= 120
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && words_of_base
        && (text.len() == base.len() || region.is_empty() || is_region(region))
}

/// Whether a text is letters, digits and some others.
fn words(text: &str, others: &[u8]) -> bool {
    let mut letters = text.bytes();
    letters.all(|b| b.is_ascii_alphanumeric() || others.contains(&b))
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

fn last_part(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

/// A protocol of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// Every one.
    Any,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP.
    Icmp,
    /// Encrypted payload.
    Esp,
    /// Authentication header.
    Ah,
}

impl Protocol {
    /// Reads a name, ignoring case; `*` is any. `Http` and `Https` of application rules are TCP.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "*" | "any" | "all" => Self::Any,
            "tcp" | "http" | "https" | "mssql" => Self::Tcp,
            "udp" => Self::Udp,
            "icmp" => Self::Icmp,
            "esp" => Self::Esp,
            "ah" => Self::Ah,
            _ => return None,
        })
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "*",
            Self::Tcp => "Tcp",
            Self::Udp => "Udp",
            Self::Icmp => "Icmp",
            Self::Esp => "Esp",
            Self::Ah => "Ah",
        }
    }

    /// Whether a row with this protocol is about another.
    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self == Self::Any || other == Self::Any || self == other
    }
}

/// Ports of a row: inclusive runs; none is every port.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ports {
    runs: Vec<(u16, u16)>,
}

impl Ports {
    /// Every port.
    #[must_use]
    pub const fn all() -> Self {
        Self { runs: Vec::new() }
    }

    /// Reads `*`, `443` and `80-90`.
    ///
    /// # Errors
    /// The first text that is none.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, Safe> {
        let mut runs = Vec::new();
        let mut is_all = false;
        for text in texts {
            let text = text.trim();
            if text == "*" || text.eq_ignore_ascii_case("any") {
                is_all = true;
                continue;
            }
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let port = |text: &str| text.trim().parse::<u16>().ok();
            match (port(first), port(last)) {
                (Some(first), Some(last)) if first <= last => runs.push((first, last)),
                _ => return Err(Safe::new(&short(text))),
            }
        }
        if is_all {
            runs.clear();
        }
        runs.sort_unstable();
        Ok(Self { runs })
    }

    /// One port.
    #[must_use]
    pub fn one(port: u16) -> Self {
        Self {
            runs: vec![(port, port)],
        }
    }

    /// These and those.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_all() || other.is_all() {
            return Self::all();
        }
        let mut runs = [self.runs.as_slice(), other.runs.as_slice()].concat();
        runs.sort_unstable();
        runs.dedup();
        Self { runs }
    }

    /// Whether a port is among them.
    #[must_use]
    pub fn contains(&self, port: u16) -> bool {
        self.is_all()
            || self
                .runs
                .iter()
                .any(|&(first, last)| (first..=last).contains(&port))
    }

    /// Whether every port is among them.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.runs.is_empty() || self.runs.contains(&(0, u16::MAX))
    }

    /// All ports as runs, ascending, that neither overlap nor touch.
    #[must_use]
    pub fn joined(&self) -> Vec<(u16, u16)> {
        if self.is_all() {
            return vec![(0, u16::MAX)];
        }
        let mut joined: Vec<(u16, u16)> = Vec::new();
        for &(first, last) in &self.runs {
            match joined.last_mut() {
                Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        joined
    }

    /// The runs; none is every port.
    #[must_use]
    pub fn runs(&self) -> &[(u16, u16)] {
        &self.runs
    }

    /// Whether all of `other` are among them.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        let own = self.joined();
        let is_held = |(first, last)| own.iter().any(|&(low, high)| low <= first && last <= high);
        other.joined().into_iter().all(is_held)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.runs.is_empty() {
            return f.write_str("*");
        }
        for (place, (first, last)) in self.runs.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            if first == last {
                write!(f, "{first}")?;
            } else {
                write!(f, "{first}-{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_told_apart() {
        let read = |text: &str| Entry::parse(text).to_string();
        for (text, shown) in [
            ("*", "*"),
            ("Any", "*"),
            ("203.0.113.9", "203.0.113.9"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("203.0.113.5-203.0.113.7", "203.0.113.5-203.0.113.7"),
            ("2001:DB8::/32", "2001:db8::/32"),
            ("virtual_network", "VirtualNetwork"),
            ("INTERNET", "Internet"),
            ("AZURE_LOADBALANCER", "AzureLoadBalancer"),
            ("Storage.WestEurope", "Storage.WestEurope"),
            ("Storage.West Europe", "Storage.West Europe"),
            ("storage of week 3", "not understood: storage of week 3"),
            ("see a.b. c", "not understood: see a.b. c"),
            ("203.0.113", "not understood: 203.0.113"),
            (
                "203.0.113.9-2001:db8::",
                "not understood: 203.0.113.9-2001:db8::",
            ),
            ("", "not understood: "),
        ] {
            assert_eq!(read(text), shown, "{text}");
        }
    }

    #[test]
    fn ports_are_runs() {
        let ports = Ports::parse(["443", "8000-8010"]).unwrap();
        assert!(ports.contains(443) && ports.contains(8005) && !ports.contains(80));
        assert_eq!(ports.to_string(), "443,8000-8010");
        assert!(Ports::parse(["*"]).unwrap().is_all());
        assert!(Ports::parse([]).unwrap().is_all());
        assert!(Ports::all().holds(&ports) && !ports.holds(&Ports::all()));
        for wrong in ["70000", "90-80", "http", "-1", ""] {
            assert!(Ports::parse([wrong]).is_err(), "{wrong}");
        }
    }
}
