//! A typed text → what is asked for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;
use crate::query::lookup::extract::{self, Extracted};
use crate::space::{Block, BlockError, Family, Span};
use crate::text::{Safe, counted, is_host_name};

/// What a text asks for, and what was taken for granted while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The text as typed; of an error text only what was read from it.
    pub text: String,
    /// What it asks for.
    pub subject: Subject,
    /// What was changed while reading, in sentences.
    pub notes: Vec<Safe>,
}

/// What is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Addresses.
    Span(QueryKind, Span),
    /// A host name, which must be resolved first.
    Host(QueryKind, String),
}

/// What kind of thing was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum QueryKind {
    /// One address.
    Address,
    /// A CIDR block.
    Block,
    /// A range `a-b`.
    Range,
    /// A host name.
    Host,
    /// A container registry by its bare name.
    Registry,
}

/// Why a text asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Nothing was typed.
    #[error("empty query: give an address, a CIDR, a range a-b or a host name")]
    Empty,
    /// Neither address nor name.
    #[error("\"{text}\" is no address, CIDR, range a-b, host name or registry name")]
    Nothing {
        /// The text, cut to 80 columns.
        text: Safe,
    },
    /// An address with a part that is wrong.
    #[error("\"{text}\" is not an IPv4 address: {reason}")]
    Address {
        /// The text, cut to 80 columns.
        text: Safe,
        /// The wrong part.
        reason: Safe,
    },
    /// A CIDR with a part that is wrong.
    #[error("\"{text}\" is not a CIDR: {reason}")]
    Block {
        /// The text, cut to 80 columns.
        text: Safe,
        /// The wrong part.
        reason: BlockError,
    },
    /// A range whose ends do not fit.
    #[error("\"{text}\" is not a range: {reason}")]
    Range {
        /// The text, cut to 80 columns.
        text: Safe,
        /// What does not fit.
        reason: &'static str,
    },
}

impl Query {
    /// Reads a text; a bare registry name gets the suffix of `cloud`.
    ///
    /// A text of several words that is no query itself may be an error message: then the address
    /// or host in it is taken, and a note says so.
    ///
    /// # Errors
    /// [`QueryError`] names the part that is wrong.
    pub fn parse(text: &str, cloud: Cloud) -> Result<Self, QueryError> {
        let text = text.trim();
        let has_words = text.contains(char::is_whitespace);
        // A refusal may begin with a URL, which would be a query by itself.
        if has_words && let Some(taken) = extract::client(text) {
            return Self::of(&taken, cloud);
        }
        let mut notes = Vec::new();
        match subject(text, cloud, &mut notes) {
            Ok(subject) => Ok(Self {
                text: text.to_owned(),
                subject,
                notes,
            }),
            Err(error) if has_words => match extract::any(text) {
                Some(taken) => Self::of(&taken, cloud),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// The query of what was found among other words.
    fn of(taken: &Extracted, cloud: Cloud) -> Result<Self, QueryError> {
        let (text, what) = match taken {
            Extracted::Client(text) => (text, "the client's address"),
            Extracted::Other(text) => (text, text.as_str()),
        };
        let mut notes = vec![Safe::from(format!("read from the text: {what}"))];
        let subject = subject(text, cloud, &mut notes)?;
        Ok(Self {
            text: text.clone(),
            subject,
            notes,
        })
    }

    /// What kind of thing was asked for.
    #[must_use]
    pub const fn kind(&self) -> QueryKind {
        match &self.subject {
            Subject::Span(kind, _) | Subject::Host(kind, _) => *kind,
        }
    }
}

fn subject(text: &str, cloud: Cloud, notes: &mut Vec<Safe>) -> Result<Subject, QueryError> {
    if text.is_empty() {
        return Err(QueryError::Empty);
    }
    if let Some(address) = address(text, notes) {
        return Ok(Subject::Span(QueryKind::Address, Span::of(address)));
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return url(text, scheme, rest, notes);
    }
    if let Some((left, right)) = text.split_once('-')
        && let (Some(left), Some(right)) = (address(left, notes), address(right, notes))
    {
        return range(text, left, right);
    }
    if let Some((head, _)) = text.split_once('/') {
        return if head.contains(':') || looks_numeric(head) {
            block(text, notes)
        } else {
            host(text, head, notes)
        };
    }
    if looks_numeric(text) {
        return Err(QueryError::Address {
            text: short(text),
            reason: Safe::from(why_not_v4(text)),
        });
    }
    if text.contains(':') && text.split(':').count() > 2 {
        return Err(nothing(text));
    }
    if is_registry_name(text) {
        let host = format!(
            "{}.{}",
            text.to_ascii_lowercase(),
            CloudDomains::of(cloud).registry.name
        );
        notes.push(Safe::from(format!("read as the registry {host}")));
        return Ok(Subject::Host(QueryKind::Registry, host));
    }
    host(text, text, notes)
}

/// An address, in brackets, with a zone, a port or mapped into IPv6 as the case may be.
fn address(text: &str, notes: &mut Vec<Safe>) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(unmapped(address, notes));
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        notes.push(Safe::from(format!("port {} left aside", socket.port())));
        return Some(unmapped(socket.ip(), notes));
    }
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(address) = inner.and_then(|inner| inner.parse::<Ipv6Addr>().ok()) {
        return Some(unmapped(IpAddr::V6(address), notes));
    }
    let (head, zone) = text.split_once('%')?;
    let address = head.parse::<Ipv6Addr>().ok()?;
    notes.push(Safe::from(format!("zone %{} left aside", short(zone))));
    Some(unmapped(IpAddr::V6(address), notes))
}

fn unmapped(address: IpAddr, notes: &mut Vec<Safe>) -> IpAddr {
    if let IpAddr::V6(v6) = address
        && let Some(v4) = v6.to_ipv4_mapped()
    {
        notes.push(Safe::from(format!(
            "IPv4-mapped address, looked up as {v4}"
        )));
        return IpAddr::V4(v4);
    }
    address
}

fn range(text: &str, left: IpAddr, right: IpAddr) -> Result<Subject, QueryError> {
    let refused = |reason| QueryError::Range {
        text: short(text),
        reason,
    };
    let (left, right) = (Block::of(left), Block::of(right));
    if left.family() != right.family() {
        return Err(refused("one end is IPv4, the other IPv6"));
    }
    let span = Span::new(left.family(), left.first(), right.first())
        .ok_or_else(|| refused("the first address is above the last"))?;
    Ok(Subject::Span(QueryKind::Range, span))
}

fn block(text: &str, notes: &mut Vec<Safe>) -> Result<Subject, QueryError> {
    let (parsed, has_host_bits) = Block::parse(text).map_err(|reason| QueryError::Block {
        text: short(text),
        reason,
    })?;
    let mapped = Block::holding(
        Family::V6,
        Ipv4Addr::UNSPECIFIED.to_ipv6_mapped().to_bits(),
        96,
    );
    let block = if parsed.family() == Family::V6 && mapped.contains(parsed.span()) {
        let block = Block::holding(Family::V4, parsed.first(), parsed.length() - 96);
        notes.push(Safe::from(format!(
            "IPv4-mapped block, looked up as {block}"
        )));
        block
    } else {
        parsed
    };
    if has_host_bits {
        let note = format!("bits behind the length are set, looked up as {block}");
        notes.push(Safe::from(note));
    }
    Ok(Subject::Span(QueryKind::Block, block.span()))
}

fn url(text: &str, scheme: &str, rest: &str, notes: &mut Vec<Safe>) -> Result<Subject, QueryError> {
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if !is_scheme || authority.is_empty() {
        return Err(nothing(text));
    }
    if let Some(address) = address(authority, notes) {
        return Ok(Subject::Span(QueryKind::Address, Span::of(address)));
    }
    host(text, authority, notes)
}

/// A host name, perhaps with a port.
fn host(text: &str, name: &str, notes: &mut Vec<Safe>) -> Result<Subject, QueryError> {
    let name = match name.split_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => {
            notes.push(Safe::from(format!("port {port} left aside")));
            name
        }
        Some(_) => return Err(nothing(text)),
        None => name,
    };
    let name = name.strip_suffix('.').unwrap_or(name);
    if !is_host_name(name) {
        return Err(nothing(text));
    }
    Ok(Subject::Host(QueryKind::Host, name.to_ascii_lowercase()))
}

/// 5 to 50 letters and digits, with a letter among them.
fn is_registry_name(text: &str) -> bool {
    (5..=50).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Only digits and dots, or a last part of digits: meant as an IPv4 address.
fn looks_numeric(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or("");
    !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit())
}

fn why_not_v4(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return format!("{} instead of 4", counted(parts.len(), "part", "parts"));
    }
    let wrong = parts
        .iter()
        .find(|part| part.parse::<u8>().is_err() || has_leading_zero(part));
    match wrong {
        Some(part) if has_leading_zero(part) => format!("{} has a leading zero", short(part)),
        Some(part) if part.parse::<u64>().is_ok() => format!("{part} exceeds 255"),
        Some(part) => format!("{} is not a number", short(part)),
        None => "not four numbers".to_owned(),
    }
}

fn has_leading_zero(part: &str) -> bool {
    part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
}

fn nothing(text: &str) -> QueryError {
    QueryError::Nothing { text: short(text) }
}

fn short(text: &str) -> Safe {
    let head: String = text.chars().take(200).collect();
    Safe::new(&crate::text::cut_middle(&crate::text::clean(&head), 80))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<String>) {
        let query = Query::parse(text, Cloud::Public).unwrap();
        let subject = match &query.subject {
            Subject::Span(kind, span) => format!("{kind:?} {span}"),
            Subject::Host(kind, host) => format!("{kind:?} {host}"),
        };
        (
            subject,
            query.notes.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn everything_that_is_pasted_is_understood() {
        let cases = [
            ("20.38.98.7", "Address 20.38.98.7", 0),
            (" 20.38.98.7:443 ", "Address 20.38.98.7", 1),
            ("2603::1", "Address 2603::1", 0),
            ("[2603::1]", "Address 2603::1", 0),
            ("[2603::1]:443", "Address 2603::1", 1),
            ("fe80::1%eth0", "Address fe80::1", 1),
            ("::ffff:13.66.60.119", "Address 13.66.60.119", 1),
            ("20.38.0.0/16", "Block 20.38.0.0/16", 0),
            ("20.38.98.7/16", "Block 20.38.0.0/16", 1),
            ("::ffff:20.38.0.0/112", "Block 20.38.0.0/16", 1),
            ("0.0.0.0/0", "Block 0.0.0.0/0", 0),
            ("20.38.0.0-20.38.0.9", "Range 20.38.0.0-20.38.0.9", 0),
            ("20.38.0.0 - 20.38.0.255", "Range 20.38.0.0/24", 0),
            (
                "https://contoso.azurecr.io/v2/",
                "Host contoso.azurecr.io",
                0,
            ),
            ("https://user@20.38.98.7:8443/x", "Address 20.38.98.7", 1),
            (
                "Contoso.azurecr.io/repo/name:tag",
                "Host contoso.azurecr.io",
                0,
            ),
            ("contoso.azurecr.io:443", "Host contoso.azurecr.io", 1),
            ("contoso.azurecr.io.", "Host contoso.azurecr.io", 0),
            ("Contoso", "Registry contoso.azurecr.io", 1),
            ("my-host.example", "Host my-host.example", 0),
        ];
        for (text, subject, notes) in cases {
            let (found, said) = read(text);
            assert_eq!(
                (found.as_str(), said.len()),
                (subject, notes),
                "{text}: {said:?}"
            );
        }
    }

    #[test]
    fn an_error_text_is_read_for_what_it_names() {
        let client = "read from the text: the client's address";
        let cases = [
            (
                "https://contoso.azurecr.io/v2/: client with IP '203.0.113.9' is not allowed access.",
                ("203.0.113.9", "Address 203.0.113.9"),
                vec![client],
            ),
            (
                "client with IP '::ffff:203.0.113.9' is not allowed",
                ("::ffff:203.0.113.9", "Address 203.0.113.9"),
                vec![client, "IPv4-mapped address, looked up as 203.0.113.9"],
            ),
            (
                "dial tcp 20.61.97.129:443: i/o timeout",
                ("20.61.97.129", "Address 20.61.97.129"),
                vec!["read from the text: 20.61.97.129"],
            ),
            (
                "rule 20.38.0.0/16: denied",
                ("20.38.0.0/16", "Block 20.38.0.0/16"),
                vec!["read from the text: 20.38.0.0/16"],
            ),
            (
                "dial tcp: lookup Contoso.azurecr.io: no such host",
                ("Contoso.azurecr.io", "Host contoso.azurecr.io"),
                vec!["read from the text: Contoso.azurecr.io"],
            ),
        ];
        for (text, (taken, subject), notes) in cases {
            let (found, said) = read(text);
            assert_eq!(
                (found.as_str(), said),
                (subject, notes.iter().map(ToString::to_string).collect()),
                "{text}"
            );
            assert_eq!(Query::parse(text, Cloud::Public).unwrap().text, taken);
        }
    }

    #[test]
    fn garbage_gets_a_short_error() {
        for piece in ["x ", "1.", "a\u{1b} ", "fe80::1%", " 1.2.3.", "é - "] {
            let text = format!("{}.1.2.3", piece.repeat(65_536 / piece.len()));
            if let Err(error) = Query::parse(&text, Cloud::Public) {
                assert!(error.to_string().len() < 500, "{piece}");
            }
        }
    }

    #[test]
    fn a_mistake_is_named() {
        let cases = [
            ("", "empty query"),
            ("256.1.1.1", "256 exceeds 255"),
            ("1.2.3", "3 parts instead of 4"),
            ("12345", "1 part instead of 4"),
            ("01.2.3.4", "leading zero"),
            ("10.0.0.0/33", "at most 32 bits"),
            ("::/129", "at most 128 bits"),
            ("10.0.0.0/x", "not a number"),
            ("10.0.0.9-10.0.0.1", "above the last"),
            ("10.0.0.9 - 10.0.0.1", "above the last"),
            ("10.0.0.0 /8", "no address"),
            ("10.0.0.0-::1", "one end is IPv4"),
            ("what is this", "no address"),
            ("a..b", "no address"),
            ("-x.example", "no address"),
            ("::g", "no address"),
            ("x\u{1b}[31m", "␛"),
            ("://x", "no address"),
        ];
        for (text, expected) in cases {
            let message = Query::parse(text, Cloud::Public).unwrap_err().to_string();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
