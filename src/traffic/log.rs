//! Logs that say more than where addresses are: known by how they begin, read record by record.

mod flow_log;
mod line;
mod records;
mod role;
mod table;

use std::io::{self, Read};

use memchr::{memchr, memmem};

use crate::traffic::{Flow, Next};

pub use flow_log::read_flow_log;
pub use line::{LineKind, read_line, read_lines};
pub use records::read_records;
pub use role::{Role, Roles};
pub use table::{Bounded, LongRecord, cause, read_table};

/// What a log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// A flow log of Azure Network Watcher, of virtual networks (version 4) or of security groups
    /// (version 2).
    Flows,
    /// The log of an Azure Firewall in JSON, by fields or in sentences.
    Firewall,
    /// Lines of JSON, or an array, whose fields have known names.
    Json,
    /// A table with a head, whose cells are separated by this.
    Table(u8),
    /// Lines of a known form.
    Lines(LineKind),
    /// Anything else: every address counts.
    Text,
}

impl LogKind {
    /// The words of `--input`; tables are told apart by what separates their cells.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("flow", Self::Flows),
        ("firewall", Self::Firewall),
        ("json", Self::Json),
        ("csv", Self::Table(b',')),
        ("tsv", Self::Table(b'\t')),
        ("access", Self::Lines(LineKind::Access)),
        ("iptables", Self::Lines(LineKind::Iptables)),
        ("conntrack", Self::Lines(LineKind::Conntrack)),
        ("text", Self::Text),
    ];

    /// What it is called in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Flows => "a flow log of Azure",
            Self::Firewall => "a log of Azure Firewall",
            Self::Json => "records in JSON",
            Self::Table(_) => "a table with a head",
            Self::Lines(LineKind::Access) => "an access log of a web server",
            Self::Lines(LineKind::Iptables) => "a log of iptables",
            Self::Lines(LineKind::Conntrack) => "connections of conntrack",
            Self::Text => "plain text",
        }
    }
}

/// Bytes at the begin of a log by which it is known.
pub const HEAD: usize = 1 << 16;
/// Lines of a log that are looked at.
const LINES: usize = 20;

/// Tells by its first bytes what a log is; `roles` says which fields mean something.
#[must_use]
pub fn recognise(head: &[u8], roles: &Roles) -> LogKind {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let has = |text: &str| memmem::find(head, text.as_bytes()).is_some();
    let first = head.trim_ascii_start().first().copied();
    if matches!(first, Some(b'{' | b'[')) {
        if has("\"flowTuples\"") || has("\"flowRecords\"") || has("NetworkSecurityGroupFlowEvent") {
            return LogKind::Flows;
        }
        if has("\"AZFW") || has("\"AzureFirewall") {
            return LogKind::Firewall;
        }
        return if records::has_addresses(head, roles) {
            LogKind::Json
        } else {
            LogKind::Text
        };
    }
    let lines = head
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).take(LINES).collect();
    for kind in [LineKind::Access, LineKind::Iptables, LineKind::Conntrack] {
        let known = lines.iter().filter(|line| read_line(kind, line).is_some());
        if known.count() * 2 > lines.len() {
            return LogKind::Lines(kind);
        }
    }
    match lines.first().and_then(|line| table::delimiter(line, roles)) {
        Some(delimiter) => LogKind::Table(delimiter),
        None => LogKind::Text,
    }
}

/// What was not understood of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many records.
    pub count: u64,
    /// The number of the first of them, from 1.
    pub first: u64,
    /// Whether the log ends in the middle of something.
    pub is_cut: bool,
}

impl Unread {
    /// Counts a record that was not understood.
    pub const fn add(&mut self, number: u64) {
        if self.count == 0 {
            self.first = number;
        }
        self.count += 1;
    }

    /// Adds those of another part.
    pub fn join(&mut self, other: &Self) {
        if self.count == 0 {
            self.first = other.first;
        }
        self.count += other.count;
        self.is_cut |= other.is_cut;
    }

    /// What is to be said of it, where there is anything.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        let cut = "it ends in the middle of a record";
        Some(match (self.count, self.is_cut) {
            (0, false) => return None,
            (0, true) => cut.to_owned(),
            (1, _) => format!("record {} was not understood", self.first),
            (count, _) => format!(
                "{count} records were not understood, the first is record {}",
                self.first
            ),
        })
    }
}

/// Whether a log that begins so has a record on each line: it is no JSON, or its first line is an object
/// and others follow.
#[must_use]
pub fn has_a_record_a_line(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    match head.first() {
        Some(b'[') => false,
        Some(b'{') => {
            // One line may be all that there is, with a list in it.
            let Some(end) = memchr(b'\n', head) else {
                return false;
            };
            let (line, rest) = head.split_at_checked(end).unwrap_or_default();
            let is_whole = serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok();
            is_whole && !rest.trim_ascii().is_empty()
        }
        _ => true,
    }
}

/// Reads the records of a log one after the other, each with its text; plain text has none.
///
/// # Errors
/// The stream's, or that a record of a table is too long.
pub fn read_log(
    kind: LogKind,
    input: impl Read,
    roles: &Roles,
    each: impl FnMut(&Flow<'_>, &[u8]) -> Next,
) -> io::Result<Unread> {
    match kind {
        LogKind::Flows => read_flow_log(input, each),
        LogKind::Lines(form) => read_lines(input, form, each),
        LogKind::Text => Ok(Unread::default()),
        LogKind::Table(delimiter) => read_table(input, delimiter, roles, each),
        LogKind::Firewall | LogKind::Json => read_records(input, roles, each),
    }
}
