//! A typed or pasted text → what is asked for.

use std::net::IpAddr;

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;
use crate::query::lookup::extract;
use crate::space::{Block, Span};
use crate::text::{
    Flaw, Found, Reading, Readings, Safe, What, clean, cut_middle, is_host_name, items, lines,
    why_not_v4,
};

/// What a text asks for, and what was taken for granted while reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What stood there; among other words only what was read.
    pub text: String,
    /// What it asks for.
    pub subject: Subject,
    /// How it was read, where that is not plain.
    pub readings: Readings,
    /// The same in sentences.
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
    /// A tag by its name.
    Tag,
    /// A tag of the platform.
    Special,
}

impl QueryKind {
    /// What stands in a table where no prefix does.
    #[must_use]
    pub const fn relation(self) -> &'static str {
        match self {
            Self::Tag => "a tag",
            Self::Special => "a tag of the platform",
            _ => "in no tag",
        }
    }
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
    /// An address, a CIDR or a range that is none.
    #[error("\"{text}\" {reason}")]
    Wrong {
        /// The text, cut to 80 columns.
        text: Safe,
        /// What is wrong with it.
        reason: Safe,
    },
    /// More than one, where one is asked for.
    #[error("\"{text}\" names several addresses; give one")]
    Several {
        /// The text, cut to 80 columns.
        text: Safe,
    },
}

impl Query {
    /// Reads a text that asks for one thing; a bare registry name gets the suffix of `cloud`.
    ///
    /// A text of several words may be an error message: then the address or host in it is taken, and
    /// a note says so.
    ///
    /// # Errors
    /// [`QueryError`] names the part that is wrong.
    pub fn parse(text: &str, cloud: Cloud) -> Result<Self, QueryError> {
        let text = text.trim();
        let mut all = Self::all(text, cloud).into_iter();
        let first = all.next().unwrap_or(Err(QueryError::Empty))?;
        if all.next().is_none() {
            return Ok(first);
        }
        // A refusal names its client, and often the registry's own address.
        match extract::client(text) {
            Some((found, text)) => {
                let note = "read from the text: the client's address".to_owned();
                Self::of(&found, &text, Some(note))
            }
            None => Err(QueryError::Several { text: short(text) }),
        }
    }

    /// Everything that a text asks for, in order: all its addresses, CIDRs and ranges, else the one
    /// host, registry or URL that it is. Never empty.
    #[must_use]
    pub fn all(text: &str, cloud: Cloud) -> Vec<Result<Self, QueryError>> {
        let text = text.trim();
        if text.is_empty() {
            return vec![Err(QueryError::Empty)];
        }
        let is_one_word = !text.contains(char::is_whitespace);
        // The tag of an image may look like an address: `contoso.azurecr.io/app:1.2.3.4`.
        if is_one_word && is_image(text) {
            return vec![name(text, cloud)];
        }
        let found: Vec<(Found, &str)> = lines(text)
            .filter_map(|line| text.get(line))
            .flat_map(|line| items(line).map(move |found| (found, line)))
            .collect();
        match found.as_slice() {
            [] => vec![name(text, cloud)],
            [(found, line)] => {
                let is_whole = is_one_word || (found.span == (0..line.len()) && *line == text);
                let core = line
                    .get(found.span.start..found.aside.start)
                    .unwrap_or(line);
                let note = match () {
                    () if is_whole => None,
                    () if extract::client(text).is_some() => Some("the client's address"),
                    () => Some(core),
                };
                let note = note.map(|what| format!("read from the text: {what}"));
                vec![Self::of(found, line, note)]
            }
            // Of a list it needs no words that each stood among others.
            several => several
                .iter()
                .map(|(found, line)| Self::of(found, line, None))
                .collect(),
        }
    }

    /// The query of an item of a line.
    ///
    /// # Errors
    /// [`QueryError::Wrong`].
    pub fn of(found: &Found, line: &str, note: Option<String>) -> Result<Self, QueryError> {
        let written = line.get(found.span.clone()).unwrap_or_default();
        let (kind, span) = match found.what {
            What::Address(address) => (QueryKind::Address, Some(Span::of(address))),
            What::Block(address, length) => {
                let block = Block::around(address, length);
                (QueryKind::Block, Some(block.span()))
            }
            What::Range(first, last) => (QueryKind::Range, Span::between(first, last)),
            What::Wrong(flaw) => return Err(wrong(written, flaw)),
            What::Word => (QueryKind::Address, None),
        };
        let span = span.ok_or_else(|| nothing(written))?;
        let aside = line.get(found.aside.clone()).unwrap_or_default();
        // What was taken out of a text stands in the first note, without its port.
        let is_named = note.is_some();
        let said = found
            .readings
            .iter()
            .filter(|&reading| !(is_named && reading == Reading::Port))
            .filter_map(|reading| sentence(reading, span, aside));
        Ok(Self {
            text: written.to_owned(),
            subject: Subject::Span(kind, span),
            readings: found.readings,
            notes: note.into_iter().chain(said).map(Safe::from).collect(),
        })
    }

    /// The query of an address that was found as it is usually written.
    #[must_use]
    pub fn of_address(address: IpAddr, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            subject: Subject::Span(QueryKind::Address, Span::of(address)),
            readings: Readings::PLAIN,
            notes: Vec::new(),
        }
    }

    /// The address, where it stands there as it is usually written.
    #[must_use]
    pub fn plain_address(&self) -> Option<IpAddr> {
        match self.subject {
            Subject::Span(QueryKind::Address, span) if self.readings.is_plain() => {
                Some(span.family().address(span.first()))
            }
            _ => None,
        }
    }

    /// What is asked for, as it is usually written.
    #[must_use]
    pub fn canonical(&self) -> String {
        match &self.subject {
            Subject::Span(_, span) => span.to_string(),
            Subject::Host(_, host) => host.clone(),
        }
    }

    /// What kind of thing was asked for.
    #[must_use]
    pub const fn kind(&self) -> QueryKind {
        match &self.subject {
            Subject::Span(kind, _) | Subject::Host(kind, _) => *kind,
        }
    }
}

/// How something was read, for people.
fn sentence(reading: Reading, span: Span, aside: &str) -> Option<String> {
    let behind = |sign: char| {
        let text = aside.trim_matches(['[', ']', '/', ' ']);
        let text = text.rsplit(sign).next().unwrap_or_default();
        clean(text.trim_end_matches(']')).into_owned()
    };
    Some(match reading {
        Reading::Mask => format!("address and mask, looked up as {span}"),
        Reading::Wildcard => format!("address and wildcard mask, looked up as {span}"),
        Reading::MaskAside => "the mask behind the address left aside".to_owned(),
        Reading::HostBits => format!("bits behind the length are set, looked up as {span}"),
        Reading::LengthAside => format!("/{} left aside", behind('/')),
        // The answer shows the range.
        Reading::SpacedRange => return None,
        Reading::Mapped => format!("IPv4-mapped address, looked up as {span}"),
        Reading::Zone => format!("zone %{} left aside", behind('%')),
        Reading::Port => format!("port {} left aside", behind(':')),
        Reading::Defanged => format!("written so that nobody follows it, looked up as {span}"),
    })
}

/// A URL, a host, an image or a registry; of an error text the host in it.
fn name(text: &str, cloud: Cloud) -> Result<Query, QueryError> {
    let mut notes = Vec::new();
    let subject = match text.split_once("://") {
        Some((scheme, rest)) => url(text, scheme, rest, &mut notes),
        None => bare(text, cloud, &mut notes),
    };
    let query = |text: &str, subject, notes| Query {
        text: text.to_owned(),
        subject,
        readings: Readings::PLAIN,
        notes,
    };
    match subject {
        Ok(subject) => Ok(query(text, subject, notes)),
        Err(error) if text.contains(char::is_whitespace) => {
            // A range or a CIDR without a word: its mistake is named, no part of it is taken.
            let host = extract::any_host(text).ok_or(error)?;
            let note = Safe::from(format!("read from the text: {host}"));
            let subject = Subject::Host(QueryKind::Host, host.to_ascii_lowercase());
            Ok(query(&host, subject, vec![note]))
        }
        Err(error) => Err(error),
    }
}

fn bare(text: &str, cloud: Cloud, notes: &mut Vec<Safe>) -> Result<Subject, QueryError> {
    if let Some((head, length)) = text.split_once('/') {
        if looks_numeric(head) {
            return Err(refused(
                text,
                format!("is not a CIDR: {}", why_not_v4(head)),
            ));
        }
        if head.contains(':') && !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused(text, "is not a CIDR: not an address".to_owned()));
        }
        return host(text, head, notes);
    }
    if looks_numeric(text) {
        let reason = format!("is not an IPv4 address: {}", why_not_v4(text));
        return Err(refused(text, reason));
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

fn url(text: &str, scheme: &str, rest: &str, notes: &mut Vec<Safe>) -> Result<Subject, QueryError> {
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric());
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if !is_scheme || authority.is_empty() {
        return Err(nothing(text));
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

/// A host with a path: `contoso.azurecr.io/app:1.2.3.4`.
fn is_image(text: &str) -> bool {
    let head = text.split('/').next().unwrap_or_default();
    head.len() < text.len()
        && head.contains('.')
        && !looks_numeric(head)
        && is_host_name(head)
        && head.ends_with(|c: char| c.is_ascii_alphabetic())
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

fn wrong(written: &str, flaw: Flaw) -> QueryError {
    let reason = match flaw {
        Flaw::Quad => format!("{flaw}: {}", why_not_v4(written)),
        _ => flaw.to_string(),
    };
    refused(written, reason)
}

fn refused(text: &str, reason: String) -> QueryError {
    QueryError::Wrong {
        text: short(text),
        reason: Safe::from(reason),
    }
}

fn nothing(text: &str) -> QueryError {
    QueryError::Nothing { text: short(text) }
}

fn short(text: &str) -> Safe {
    let head: String = text.chars().take(200).collect();
    Safe::new(&cut_middle(&clean(&head), 80))
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
            let query = Query::parse(text, Cloud::Public).unwrap();
            assert!(query.text.starts_with(taken), "{text}");
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
            ("10.0.0.0 /33", "at most 32 bits"),
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
