//! What the fields of logs are called.

use crate::traffic::flow::{end, number, port};
use crate::traffic::{Action, Direction, Flow, Protocol, time};

/// What a field means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The address of whoever began.
    Source,
    /// The address that was meant.
    Destination,
    /// The port of whoever began.
    SourcePort,
    /// The port that was meant.
    Port,
    /// The protocol.
    Protocol,
    /// Which way.
    Direction,
    /// What was done.
    Action,
    /// Who decided.
    Rule,
    /// When.
    Time,
    /// Bytes from the source.
    Sent,
    /// Bytes to the source.
    Received,
    /// A sentence of Azure Firewall that says all of it.
    Message,
    /// The host that was meant.
    Host,
}

/// Names of fields, in small letters and digits alone; endings `_s`, `_d` and `_t` of Log Analytics are
/// left out before.
const NAMES: [(Role, &[&str]); 13] = [
    (
        Role::Source,
        &[
            "sourceip",
            "srcip",
            "src",
            "source",
            "sourceaddress",
            "srcaddr",
            "saddr",
            "clientip",
            "client",
            "cip",
            "remoteaddr",
            "remoteip",
            "remotehost",
            "from",
            "idorigh",
            "callerip",
            "calleripaddress",
            "ipaddress",
            "ip",
            "address",
            "addr",
            "sourceipaddress",
        ],
    ),
    (
        Role::Destination,
        &[
            "destinationip",
            "destip",
            "dstip",
            "dst",
            "dest",
            "destination",
            "destinationaddress",
            "dstaddr",
            "daddr",
            "to",
            "idresph",
            "serverip",
            "destinationipaddress",
        ],
    ),
    (
        Role::SourcePort,
        &[
            "sourceport",
            "srcport",
            "sport",
            "spt",
            "idorigp",
            "clientport",
        ],
    ),
    (
        Role::Port,
        &[
            "destinationport",
            "destport",
            "dstport",
            "dport",
            "dpt",
            "port",
            "idrespp",
            "targetport",
        ],
    ),
    (
        Role::Protocol,
        &["protocol", "proto", "transport", "l4protocol"],
    ),
    (Role::Direction, &["direction", "flowdirection", "dir"]),
    (
        Role::Action,
        &["action", "flowstatus", "verdict", "decision", "disposition"],
    ),
    (
        Role::Rule,
        &["rule", "rulename", "aclrule", "nsgrule", "policyrule"],
    ),
    (
        Role::Time,
        &[
            "time",
            "timestamp",
            "timegenerated",
            "date",
            "datetime",
            "ts",
            "flowstarttime",
            "eventtime",
        ],
    ),
    (
        Role::Sent,
        &[
            "bytessent",
            "sentbytes",
            "bytesout",
            "bodybytessent",
            "bytessrctodest",
            "bytes",
            "origbytes",
            "bytestoserver",
        ],
    ),
    (
        Role::Received,
        &[
            "bytesreceived",
            "receivedbytes",
            "bytesin",
            "bytesdesttosrc",
            "respbytes",
            "rcvdbytes",
            "bytestoclient",
        ],
    ),
    (Role::Message, &["msg"]),
    (Role::Host, &["fqdn", "targetfqdn", "destinationfqdn"]),
];

/// Longest name that is looked at.
const LONGEST: usize = 32;

/// Which fields mean something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    /// The one field whose addresses count, by its name as it is compared.
    only: Option<Vec<u8>>,
    /// Whether what stands in place of an address is kept.
    has_names: bool,
}

impl Roles {
    /// All known names; or of the addresses those of one field alone.
    #[must_use]
    pub fn new(only: Option<&str>) -> Self {
        Self {
            only: only.map(|name| plain(name.as_bytes(), &mut [0; LONGEST]).to_vec()),
            has_names: false,
        }
    }

    /// The same, where a name may stand in place of an address.
    #[must_use]
    pub fn with_names(self) -> Self {
        Self {
            has_names: true,
            ..self
        }
    }

    /// What a field means.
    #[must_use]
    pub fn of(&self, name: &[u8]) -> Option<Role> {
        let mut room = [0; LONGEST];
        let name = plain(name, &mut room);
        if let Some(only) = &self.only
            && only == name
        {
            return Some(Role::Source);
        }
        let known = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
        let (role, _) = NAMES.iter().find(|(_, names)| known(names))?;
        let is_address = matches!(role, Role::Source | Role::Destination | Role::Message);
        let is_meant = *role != Role::Host || self.has_names;
        (is_meant && (self.only.is_none() || !is_address)).then_some(*role)
    }

    /// Whether one field was named.
    #[must_use]
    pub const fn has_only(&self) -> bool {
        self.only.is_some()
    }

    /// An empty record.
    #[must_use]
    pub fn row(&self) -> Row {
        Row {
            has_names: self.has_names,
            ..Row::default()
        }
    }
}

/// Takes in a text where none is yet and it says something.
fn keep(own: &mut Vec<u8>, text: &[u8]) {
    if own.is_empty() && text != b"null" && text != b"-" {
        own.extend_from_slice(text);
    }
}

/// A name in small letters and digits alone.
fn plain<'a>(name: &[u8], room: &'a mut [u8; LONGEST]) -> &'a [u8] {
    let name = match name {
        [rest @ .., b'_', b's' | b'd' | b't'] => rest,
        name => name,
    };
    let mut length = 0;
    for byte in name.iter().filter(|byte| byte.is_ascii_alphanumeric()) {
        let Some(slot) = room.get_mut(length) else {
            return &[];
        };
        *slot = byte.to_ascii_lowercase();
        length += 1;
    }
    room.get(..length).unwrap_or_default()
}

/// A record as its fields come.
#[derive(Debug, Clone, Default)]
pub struct Row {
    flow: Flow<'static>,
    rule: Vec<u8>,
    has_names: bool,
    source_name: Vec<u8>,
    destination_name: Vec<u8>,
    /// Whether a sentence was read that is none of Azure Firewall's.
    pub is_odd: bool,
}

impl Row {
    /// Begins another record.
    pub fn clear(&mut self) {
        self.flow = Flow::default();
        self.rule.clear();
        self.source_name.clear();
        self.destination_name.clear();
        self.is_odd = false;
    }

    /// The record.
    #[must_use]
    pub fn flow(&self) -> Flow<'_> {
        Flow {
            rule: &self.rule,
            source_name: &self.source_name,
            destination_name: &self.destination_name,
            ..self.flow
        }
    }

    /// Takes in a field; what was said before stays.
    pub fn set(&mut self, role: Role, cell: &[u8]) {
        let flow = &mut self.flow;
        let text = cell.trim_ascii();
        match role {
            Role::Source => {
                flow.source = flow.source.or_else(|| end(text));
                if self.has_names && flow.source.is_none() {
                    keep(&mut self.source_name, text);
                }
            }
            Role::Destination | Role::Host => {
                flow.destination = flow.destination.or_else(|| end(text));
                if self.has_names && flow.destination.is_none() {
                    keep(&mut self.destination_name, text);
                }
            }
            Role::SourcePort => flow.source_port = flow.source_port.or_else(|| port(text)),
            Role::Port => flow.port = flow.port.or_else(|| port(text)),
            Role::Protocol => flow.protocol = flow.protocol.or_else(|| Protocol::parse(text)),
            Role::Direction => flow.direction = flow.direction.or_else(|| Direction::parse(text)),
            Role::Action => flow.action = flow.action.or_else(|| Action::parse(text)),
            Role::Rule => keep(&mut self.rule, text),
            Role::Time => {
                let epoch = || time::epoch(number(text)?);
                flow.time = flow.time.or_else(|| time::iso(text).or_else(epoch));
            }
            Role::Sent => flow.sent = flow.sent.or_else(|| number(text)),
            Role::Received => flow.received = flow.received.or_else(|| number(text)),
            Role::Message => self.message(text),
        }
    }

    /// `TCP request from 10.0.0.1:49832 to 20.1.1.1:443. Action: Deny. Rule: x`, with a translation or
    /// a policy in between where there is one.
    fn message(&mut self, text: &[u8]) {
        let words = |text: &'static str| text.as_bytes();
        let after = |word: &'static str| {
            let at = memchr::memmem::find(text, words(word))? + word.len();
            text.get(at..)
        };
        let word = |rest: &'_ [u8]| {
            let end = rest.iter().position(|&b| b == b' ' || b == b',');
            let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            word.strip_suffix(b".").unwrap_or(word).to_vec()
        };
        let (Some(from), Some(to)) = (after(" request from "), after(" to ")) else {
            self.is_odd = true;
            return;
        };
        let protocol = text.split(|&b| b == b' ').next().unwrap_or_default();
        self.flow.protocol = Protocol::parse(protocol);
        let (from, to) = (word(from), word(to));
        self.flow.source = end(&from);
        self.flow.destination = end(&to);
        if self.has_names && self.flow.destination.is_none() {
            let colon = to.iter().position(|&b| b == b':').unwrap_or(to.len());
            keep(
                &mut self.destination_name,
                to.get(..colon).unwrap_or_default(),
            );
        }
        let behind = |cell: &[u8]| {
            let colon = cell.iter().rposition(|&b| b == b':')?;
            port(cell.get(colon + 1..)?)
        };
        self.flow.source_port = behind(&from);
        self.flow.port = behind(&to);
        self.flow.action = after("Action: ")
            .and_then(|rest| Action::parse(&word(rest)))
            .or_else(|| after("was DNAT'ed").map(|_| Action::Allow));
        if let Some(rest) = after(" Rule: ") {
            let end = memchr::memmem::find(rest, b". ").unwrap_or(rest.len());
            let rule = rest.get(..end).unwrap_or_default();
            let rule = rule.strip_suffix(b".").unwrap_or(rule);
            self.rule.clear();
            self.rule.extend_from_slice(rule);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_known_by_any_of_their_names() {
        let roles = Roles::default();
        for (name, role) in [
            ("SourceIp", Some(Role::Source)),
            ("src_ip", Some(Role::Source)),
            ("SrcIp_s", Some(Role::Source)),
            ("id.resp_h", Some(Role::Destination)),
            ("DestPort_d", Some(Role::Port)),
            ("Rule", Some(Role::Rule)),
            ("TimeGenerated", Some(Role::Time)),
            ("@timestamp", Some(Role::Time)),
            ("RuleCollection", None),
            ("", None),
        ] {
            assert_eq!(roles.of(name.as_bytes()), role, "{name}");
        }
        let only = Roles::new(Some("X-Forwarded-For"));
        assert_eq!(only.of(b"x_forwarded_for"), Some(Role::Source));
        assert_eq!(only.of(b"src_ip"), None);
        assert_eq!(only.of(b"port"), Some(Role::Port));
    }

    #[test]
    fn sentences_of_the_firewall_are_read() {
        let mut row = Row::default();
        for (text, port, action, rule) in [
            (
                "TCP request from 10.0.0.1:49832 to 20.38.116.38:443. Action: Deny. ",
                443,
                Action::Deny,
                "",
            ),
            (
                "UDP request from 10.0.0.1:49832 to 20.38.116.38:53. Action: Allow. Rule Collection: a. Rule: b c",
                53,
                Action::Allow,
                "b c",
            ),
            (
                "TCP request from 10.0.0.1:4 to 20.38.116.38:80 was DNAT'ed to 10.1.0.4:8080",
                80,
                Action::Allow,
                "",
            ),
        ] {
            row.clear();
            row.set(Role::Message, text.as_bytes());
            let flow = row.flow();
            assert!(!row.is_odd && flow.source.is_some(), "{text}");
            assert_eq!(flow.destination, end(b"20.38.116.38"), "{text}");
            assert_eq!(
                (flow.port, flow.action),
                (Some(port), Some(action)),
                "{text}"
            );
            assert_eq!(flow.rule, rule.as_bytes(), "{text}");
        }
        row = Roles::default().with_names().row();
        row.set(
            Role::Message,
            b"HTTPS request from 10.0.0.1:5 to a.example:443. Action: Deny",
        );
        assert!(row.flow().destination.is_none() && row.flow().port == Some(443));
        assert_eq!(row.flow().destination_name, b"a.example");
    }
}
