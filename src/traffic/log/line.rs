//! Lines of known forms: access logs of web servers, and iptables.

use std::io::{self, Read};

use memchr::{memchr, memmem};

use crate::traffic::flow::{end, number, port};
use crate::traffic::log::Unread;
use crate::traffic::{Action, Chunk, Chunks, Direction, Flow, Next, Pieces, Protocol, time};

/// Forms of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// The common and the combined log of nginx and Apache.
    Access,
    /// `SRC=… DST=… PROTO=…`.
    Iptables,
    /// The connections of Linux, as `conntrack` lists them.
    Conntrack,
}

/// Reads a line; nothing where it has another form.
#[must_use]
pub fn read_line(kind: LineKind, line: &[u8]) -> Option<Flow<'_>> {
    match kind {
        LineKind::Access => access(line),
        LineKind::Iptables => iptables(line),
        LineKind::Conntrack => conntrack(line),
    }
}

/// Reads each line of a log; `each` has the record and the line without its end.
///
/// # Errors
/// The stream's.
pub fn read_lines(
    input: impl Read,
    kind: LineKind,
    mut each: impl FnMut(&Flow<'_>, &[u8]) -> Next,
) -> io::Result<Unread> {
    let (mut unread, mut number) = (Unread::default(), 0);
    let mut chunks = Chunks::new(input, Pieces::Lines);
    let mut chunk = Chunk::default();
    while chunks.next_chunk(&mut chunk)? {
        let bytes = chunk.bytes();
        let mut at = 0;
        while at < bytes.len() {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            at += length + 1;
            let line = rest.get(..length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            number += 1;
            match read_line(kind, line) {
                Some(flow) => {
                    if each(&flow, line) == Next::Enough {
                        return Ok(unread);
                    }
                }
                None if line.is_empty() => {}
                None => unread.add(number),
            }
        }
        chunk.shrink();
    }
    Ok(unread)
}

/// `ADDRESS - USER [TIME] "REQUEST" STATUS BYTES …`.
fn access(line: &[u8]) -> Option<Flow<'_>> {
    let space = memchr(b' ', line)?;
    let source = end(line.get(..space)?)?;
    let open = space + memchr(b'[', line.get(space..)?)?;
    let rest = line.get(open + 1..)?;
    let close = memchr(b']', rest)?;
    let time = time::access(rest.get(..close)?)?;
    let rest = rest.get(close + 1..)?.strip_prefix(b" \"")?;
    // A quote within the request is written `\"` or `\x22`.
    let mut at = 0;
    let rest = loop {
        let quote = at + memchr(b'"', rest.get(at..)?)?;
        at = quote + 1;
        if quote == 0 || rest.get(quote - 1) != Some(&b'\\') {
            break rest.get(at..)?;
        }
    };
    let mut cells = rest.split(|&byte| byte == b' ').skip(1);
    number(cells.next()?)?;
    let bytes = cells.next().and_then(number);
    Some(Flow {
        time: Some(time),
        source: Some(source),
        // What the server sends goes to whoever asked.
        received: bytes,
        ..Flow::default()
    })
}

/// `… kernel: [UFW BLOCK] IN=eth0 OUT= … SRC=… DST=… LEN=… PROTO=TCP SPT=… DPT=…`.
fn iptables(line: &[u8]) -> Option<Flow<'_>> {
    let value = |name: &'static str| {
        let mut at = 0;
        loop {
            let found = at + memmem::find(line.get(at..)?, name.as_bytes())?;
            let rest = line.get(found + name.len()..)?;
            if found == 0 || line.get(found - 1) == Some(&b' ') {
                let end = memchr(b' ', rest).unwrap_or(rest.len());
                return rest.get(..end);
            }
            at = found + 1;
        }
    };
    let source = end(value("SRC=")?)?;
    let destination = end(value("DST=")?)?;
    let is_named = |name| value(name).is_some_and(|name: &[u8]| !name.is_empty());
    let direction = match (is_named("IN="), is_named("OUT=")) {
        (true, false) => Some(Direction::In),
        (false, true) => Some(Direction::Out),
        _ => None,
    };
    let begin = memmem::find(line, b"IN=").unwrap_or(0);
    let head = line.get(..begin)?;
    // Behind the name of the machine and the time of the kernel stands what the rule writes.
    let head = match memmem::rfind(head, b"kernel: ") {
        Some(at) => head.get(at + 8..)?,
        None => head,
    };
    let head = head.trim_ascii();
    let rule = match memmem::find(head, b"] ") {
        Some(at)
            if head.first() == Some(&b'[') && head.get(at - 1).is_some_and(u8::is_ascii_digit) =>
        {
            head.get(at + 2..)?
        }
        _ => head,
    };
    let rule = rule.trim_ascii();
    let has = |words: [&str; 3]| {
        let mut words = words.iter();
        words.any(|word| memmem::find(rule, word.as_bytes()).is_some())
    };
    let action = if has(["BLOCK", "DROP", "REJECT"]) || has(["DENY", "drop", "deny"]) {
        Some(Action::Deny)
    } else if has(["ALLOW", "ACCEPT", "allow"]) {
        Some(Action::Allow)
    } else {
        None
    };
    Some(Flow {
        time: time::iso(line.get(..memchr(b' ', line)?)?),
        source: Some(source),
        destination: Some(destination),
        source_port: value("SPT=").and_then(port),
        port: value("DPT=").and_then(port),
        protocol: value("PROTO=").and_then(Protocol::parse),
        direction,
        action,
        rule,
        sent: value("LEN=").and_then(number),
        ..Flow::default()
    })
}

/// `tcp 6 431999 ESTABLISHED src=… dst=… sport=… dport=… packets=… bytes=… src=… dst=… …`: whoever began
/// stands first, and what came back behind it. An event and the family may stand before.
fn conntrack(line: &[u8]) -> Option<Flow<'_>> {
    let words = || {
        let words = line.split(u8::is_ascii_whitespace);
        words.filter(|word| !word.is_empty())
    };
    let values =
        |name: &'static str| words().filter_map(move |word| word.strip_prefix(name.as_bytes()));
    let [source, destination] = ["src=", "dst="].map(|name| values(name).next().and_then(end));
    let (source, destination) = source.zip(destination)?;
    let protocol = words()
        .take_while(|word| !word.contains(&b'='))
        .find_map(|word| match Protocol::parse(word) {
            Some(Protocol::Other) | None => None,
            known if word.iter().any(u8::is_ascii_alphabetic) => known,
            _ => None,
        });
    let mut bytes = values("bytes=").map(number);
    Some(Flow {
        source: Some(source),
        destination: Some(destination),
        source_port: values("sport=").next().and_then(port),
        port: values("dport=").next().and_then(port),
        protocol,
        sent: bytes.next().flatten(),
        received: bytes.next().flatten(),
        ..Flow::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_have_both_ends_and_bytes_both_ways() {
        let line = b"ipv4     2 tcp      6 431999 ESTABLISHED src=10.0.0.4 dst=20.38.116.38 sport=51234 dport=443 packets=12 bytes=1200 src=20.38.116.38 dst=10.0.0.4 sport=443 dport=51234 packets=20 bytes=90000 [ASSURED] mark=0 use=1";
        let flow = read_line(LineKind::Conntrack, line).unwrap();
        assert_eq!(
            (flow.source, flow.destination),
            (end(b"10.0.0.4"), end(b"20.38.116.38"))
        );
        assert_eq!((flow.source_port, flow.port), (Some(51234), Some(443)));
        assert_eq!((flow.sent, flow.received), (Some(1200), Some(90000)));
        assert_eq!(flow.protocol, Some(Protocol::Tcp));
        let event = b"    [NEW] udp      17 30 src=2603::1 dst=2603::2 sport=5 dport=53 [UNREPLIED] src=2603::2 dst=2603::1 sport=53 dport=5";
        let flow = read_line(LineKind::Conntrack, event).unwrap();
        assert_eq!((flow.protocol, flow.port), (Some(Protocol::Udp), Some(53)));
        assert_eq!((flow.sent, flow.received), (None, None));
        for line in ["", "src=10.0.0.4", "tcp src=host dst=10.0.0.4"] {
            assert_eq!(
                read_line(LineKind::Conntrack, line.as_bytes()),
                None,
                "{line}"
            );
        }
    }

    #[test]
    fn access_logs_have_a_client_a_time_and_bytes() {
        for line in [
            r#"20.38.116.38 - - [19/Oct/2026:05:04:03 +0000] "GET /a?b=1 HTTP/1.1" 200 512"#,
            r#"20.38.116.38 - bob [19/Oct/2026:07:04:03 +0200] "GET /\"x HTTP/1.1" 200 512 "https://a/" "Mozilla/5.0""#,
        ] {
            let flow = read_line(LineKind::Access, line.as_bytes()).unwrap();
            assert_eq!(flow.source, end(b"20.38.116.38"));
            assert_eq!(
                (flow.time, flow.received),
                (Some(1_792_386_243_000), Some(512))
            );
        }
        for line in [
            "",
            "20.38.116.38 was here",
            r#"host - - [19/Oct/2026:05:04:03 +0000] "GET" 200 5"#,
        ] {
            assert_eq!(read_line(LineKind::Access, line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn lines_of_iptables_have_ports_and_a_rule() {
        let line = b"Oct 19 05:04:03 host kernel: [12.345678] [UFW BLOCK] IN=eth0 OUT= MAC=x SRC=20.38.116.38 DST=10.0.0.4 LEN=60 PROTO=TCP SPT=4 DPT=22 WINDOW=1";
        let flow = read_line(LineKind::Iptables, line).unwrap();
        assert_eq!(flow.source, end(b"20.38.116.38"));
        assert_eq!((flow.port, flow.source_port), (Some(22), Some(4)));
        assert_eq!(flow.direction, Some(Direction::In));
        assert_eq!(
            (flow.action, flow.rule),
            (Some(Action::Deny), &b"[UFW BLOCK]"[..])
        );
        assert_eq!(flow.time, None);
    }
}
