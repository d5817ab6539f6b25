//! One record of a log.

use crate::space::Family;
use crate::traffic::scanner::whole;

/// An address of a record.
pub type End = (Family, u128);

/// What a record says, as far as it says it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flow<'a> {
    /// Milliseconds since 1970.
    pub time: Option<i64>,
    /// Who began.
    pub source: Option<End>,
    /// Who was meant.
    pub destination: Option<End>,
    /// What stands in place of the source's address; empty unless [names count](super::log::Roles::with_names).
    pub source_name: &'a [u8],
    /// What stands in place of the destination's address, a host name perhaps.
    pub destination_name: &'a [u8],
    /// The port of whoever began.
    pub source_port: Option<u16>,
    /// The port that was meant.
    pub port: Option<u16>,
    /// The protocol.
    pub protocol: Option<Protocol>,
    /// Which way, seen from the network that is logged.
    pub direction: Option<Direction>,
    /// What was done with it.
    pub action: Option<Action>,
    /// Who decided; empty where that is not said.
    pub rule: &'a [u8],
    /// Bytes from the source.
    pub sent: Option<u64>,
    /// Bytes to the source.
    pub received: Option<u64>,
}

impl Flow<'_> {
    /// Whether it says where it comes from or where it goes.
    #[must_use]
    pub const fn has_ends(&self) -> bool {
        self.source.is_some()
            || self.destination.is_some()
            || !self.source_name.is_empty()
            || !self.destination_name.is_empty()
    }
}

/// Protocols that rules know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// Number 6.
    Tcp,
    /// Number 17.
    Udp,
    /// Numbers 1 and 58.
    Icmp,
    /// Number 50.
    Esp,
    /// Number 51.
    Ah,
    /// Any other.
    Other,
}

impl Protocol {
    /// Reads a name, a letter of a flow log of security groups, or a number of IANA.
    #[must_use]
    pub fn parse(word: &[u8]) -> Option<Self> {
        let is = |names: &[&str]| {
            let mut names = names.iter();
            names.any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
        };
        if is(&["6", "tcp", "t", "http", "https", "mssql"]) {
            Some(Self::Tcp)
        } else if is(&["17", "udp", "u"]) {
            Some(Self::Udp)
        } else if is(&["1", "58", "icmp", "icmpv6", "ipv6-icmp"]) {
            Some(Self::Icmp)
        } else if is(&["50", "esp"]) {
            Some(Self::Esp)
        } else if is(&["51", "ah"]) {
            Some(Self::Ah)
        } else {
            (!word.is_empty()).then_some(Self::Other)
        }
    }
}

/// Which way a flow goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Towards the network.
    In,
    /// From the network.
    Out,
}

impl Direction {
    /// Reads `I`, `in`, `Inbound` and the like.
    #[must_use]
    pub fn parse(word: &[u8]) -> Option<Self> {
        let first = word.first()?.to_ascii_lowercase();
        let is = |names: &[&str]| {
            let mut names = names.iter();
            names.any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
        };
        match first {
            b'i' if is(&["i", "in", "inbound", "ingress", "incoming"]) => Some(Self::In),
            b'o' if is(&["o", "out", "outbound", "outgoing"]) => Some(Self::Out),
            b'e' if is(&["egress"]) => Some(Self::Out),
            _ => None,
        }
    }
}

/// What was done with a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// It got through.
    Allow,
    /// It did not.
    Deny,
}

impl Action {
    /// The word of flags and tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }

    /// Reads `Allow`, `Deny`, `A`, `D`, `accept`, `dropped` and the like.
    #[must_use]
    pub fn parse(word: &[u8]) -> Option<Self> {
        let begins = |start: &str| {
            let head = word.get(..start.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
        };
        let letter = |letter: u8| word.eq_ignore_ascii_case(&[letter]);
        if letter(b'a')
            || ["allow", "accept", "permit", "pass", "alert", "dnat"]
                .iter()
                .any(|start| begins(start))
        {
            Some(Self::Allow)
        } else if letter(b'd')
            || ["den", "drop", "block", "reject", "discard"]
                .iter()
                .any(|start| begins(start))
        {
            Some(Self::Deny)
        } else {
            None
        }
    }
}

/// A whole cell as an address; a port behind it is left aside.
#[must_use]
pub fn end(cell: &[u8]) -> Option<End> {
    let cell = cell.trim_ascii();
    if let Some(spot) = whole(cell) {
        return Some((spot.family, spot.bits));
    }
    let inner = if let Some(rest) = cell.strip_prefix(b"[") {
        rest.split(|&byte| byte == b']').next()?
    } else {
        let colon = cell.iter().rposition(|&byte| byte == b':')?;
        let (head, port) = cell.split_at_checked(colon)?;
        let port = port.get(1..)?;
        let is_port = !port.is_empty() && port.iter().all(u8::is_ascii_digit);
        if !is_port || head.contains(&b':') {
            return None;
        }
        head
    };
    let spot = whole(inner)?;
    Some((spot.family, spot.bits))
}

/// Decimal digits as a number.
#[must_use]
pub fn number(cell: &[u8]) -> Option<u64> {
    let cell = cell.trim_ascii();
    // A port of a table may be a fraction: `443.0`.
    let cell = cell.strip_suffix(b".0").unwrap_or(cell);
    if cell.is_empty() || cell.len() > 19 {
        return None;
    }
    cell.iter().try_fold(0_u64, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u64::from(byte - b'0'))
    })
}

/// Decimal digits as a port.
#[must_use]
pub fn port(cell: &[u8]) -> Option<u16> {
    number(cell).and_then(|number| u16::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_with_what_is_around_them() {
        let v4 = Some((Family::V4, 0x1414_1414));
        for cell in [
            "20.20.20.20",
            " 20.20.20.20 ",
            "20.20.20.20:443",
            "::ffff:20.20.20.20",
        ] {
            assert_eq!(end(cell.as_bytes()), v4, "{cell}");
        }
        let v6 = Some((Family::V6, 0x2603_u128 << 112 | 1));
        for cell in ["2603::1", "[2603::1]", "[2603::1]:443"] {
            assert_eq!(end(cell.as_bytes()), v6, "{cell}");
        }
        for cell in [
            "",
            "-",
            "20.20.20",
            "host",
            "20.20.20.20:x",
            "a 20.20.20.20",
        ] {
            assert_eq!(end(cell.as_bytes()), None, "{cell}");
        }
        assert_eq!(number(b"443.0"), Some(443));
        assert_eq!((number(b"-1"), port(b"70000")), (None, None));
        assert_eq!(Action::parse(b"Dropped"), Some(Action::Deny));
        assert_eq!(Action::parse(b"A"), Some(Action::Allow));
        assert_eq!(Action::parse(b"Azure"), None);
    }
}
