//! Flow logs of Azure Network Watcher: tuples below rules, in one document of any size.

use std::io::{self, Read};

use crate::traffic::flow::{end, number, port};
use crate::traffic::json::{Token, Tokens, unescaped};
use crate::traffic::log::Unread;
use crate::traffic::{Action, Direction, Flow, Next, Protocol, time};

/// Deepest nesting that is followed.
const DEEPEST: usize = 128;
/// Bytes of tuples that are kept until their rule comes: keys may have been sorted.
const MOST_WAITING: usize = 4 << 20;

/// Reads each tuple with its rule; `each` has the flow and the tuple as it stands.
///
/// # Errors
/// The stream's.
pub fn read_flow_log(
    input: impl Read,
    each: impl FnMut(&Flow<'_>, &[u8]) -> Next,
) -> io::Result<Unread> {
    let mut tokens = Tokens::new(input);
    let mut reader = Reader {
        each,
        unread: Unread::default(),
        number: 0,
        rule: None,
        waiting: Vec::new(),
        is_enough: false,
    };
    let (mut depth, mut key) = (0_usize, Key::Other);
    // The depth of the list of tuples that is being read.
    let mut list = None;
    while let Some(token) = tokens.next_token()? {
        match token {
            Token::Text(tuple) if list == Some(depth) => reader.tuple(tuple),
            Token::Key(name) => {
                key = match name {
                    b"rule" => Key::Rule,
                    b"flowTuples" => Key::Tuples,
                    b"records" => Key::Records,
                    _ => Key::Other,
                };
                continue;
            }
            Token::Text(name) if key == Key::Rule => {
                reader.rule = Some((depth, unescaped(name).into_owned()));
                reader.release();
            }
            Token::Text(_) | Token::Plain(_) => {}
            Token::Object => depth += 1,
            Token::Array => {
                depth += 1;
                if key == Key::Tuples {
                    list = Some(depth);
                }
            }
            Token::EndObject | Token::EndArray => {
                if list == Some(depth) {
                    list = None;
                }
                if matches!(&reader.rule, Some((at, _)) if *at == depth) {
                    reader.rule = None;
                }
                depth = depth.saturating_sub(1);
                if depth <= 2 {
                    // A record is over: a rule that was not named until now does not come.
                    reader.release();
                }
            }
        }
        if depth > DEEPEST {
            return Err(io::Error::other("its JSON is nested too deeply"));
        }
        if reader.is_enough {
            return Ok(reader.unread);
        }
        key = Key::Other;
    }
    reader.release();
    reader.unread.is_cut = tokens.is_cut() || depth > 0;
    Ok(reader.unread)
}

/// Names that matter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Rule,
    Tuples,
    Records,
    Other,
}

struct Reader<F> {
    each: F,
    unread: Unread,
    number: u64,
    /// The rule in force, and how deep it stands.
    rule: Option<(usize, Vec<u8>)>,
    /// Tuples whose rule has not come yet, a line each.
    waiting: Vec<u8>,
    is_enough: bool,
}

impl<F: FnMut(&Flow<'_>, &[u8]) -> Next> Reader<F> {
    fn tuple(&mut self, tuple: &[u8]) {
        if self.rule.is_some() {
            self.hand_on(tuple);
            return;
        }
        self.waiting.extend_from_slice(tuple);
        self.waiting.push(b'\n');
        if self.waiting.len() > MOST_WAITING {
            self.release();
        }
    }

    /// Hands on what was waiting for a rule.
    fn release(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        for tuple in waiting.split(|&byte| byte == b'\n') {
            if !tuple.is_empty() && !self.is_enough {
                self.hand_on(tuple);
            }
        }
    }

    fn hand_on(&mut self, tuple: &[u8]) {
        self.number += 1;
        let rule = self.rule.as_ref().map_or(&[][..], |(_, rule)| rule);
        match read_tuple(tuple) {
            Some(flow) => {
                let next = (self.each)(&Flow { rule, ..flow }, tuple);
                self.is_enough |= next == Next::Enough;
            }
            None => self.unread.add(self.number),
        }
    }
}

/// Thirteen cells of a virtual network, thirteen or eight of a security group.
fn read_tuple(tuple: &[u8]) -> Option<Flow<'static>> {
    let mut cells = tuple.split(|&byte| byte == b',');
    let mut next = || cells.next();
    let time = time::epoch(number(next()?)?);
    let source = Some(end(next()?)?);
    let destination = Some(end(next()?)?);
    let source_port = port(next()?);
    let port = port(next()?);
    let protocol = Protocol::parse(next()?);
    let direction = Some(Direction::parse(next()?)?);
    let state = next()?;
    let action = match state {
        b"A" | b"B" | b"C" | b"E" => Action::Allow,
        b"D" => Action::Deny,
        _ => return None,
    };
    // Encryption, or the state; nothing in the first version.
    next();
    let mut bytes = || {
        next();
        next().and_then(number)
    };
    let (sent, received) = (bytes(), bytes());
    Some(Flow {
        time,
        source,
        destination,
        source_port,
        port,
        protocol,
        direction,
        action: Some(action),
        sent,
        received,
        ..Flow::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Unread) {
        let mut all = Vec::new();
        let unread = read_flow_log(text.as_bytes(), |flow, tuple| {
            let rule = String::from_utf8_lossy(flow.rule).into_owned();
            let action = flow.action.map_or("?", Action::word);
            let bytes = (flow.sent, flow.received);
            all.push(format!(
                "{rule} {action} {:?} {bytes:?} {}",
                flow.port,
                tuple.len()
            ));
            Next::More
        });
        (all, unread.unwrap())
    }

    const VNET: &str = "1663146003599,10.0.0.6,192.0.2.180,23956,443,6,O,E,NX,3,767,2,1580";
    const NSG: &str = "1542110402,94.102.49.190,10.5.16.4,28746,443,U,I,D,B,,,,";

    #[test]
    fn both_kinds_are_read_with_their_rules() {
        let vnet = format!(
            r#"{{"records":[{{"time":"x","flowRecords":{{"flows":[{{"aclID":"a","flowGroups":[{{"rule":"one","flowTuples":["{VNET}","{VNET}"]}},{{"rule":"two","flowTuples":["{VNET}"]}}]}}]}}}}]}}"#
        );
        let (all, unread) = read(&vnet);
        let line = |rule| {
            format!(
                "{rule} allow Some(443) (Some(767), Some(1580)) {}",
                VNET.len()
            )
        };
        assert_eq!(all, [line("one"), line("one"), line("two")]);
        assert_eq!(unread, Unread::default());
        let nsg = format!(
            r#"{{"records":[{{"properties":{{"Version":2,"flows":[{{"rule":"one","flows":[{{"mac":"m","flowTuples":["{NSG}","what"]}}]}}]}}}}]}}"#
        );
        let (all, unread) = read(&nsg);
        assert_eq!(
            all,
            [format!("one deny Some(443) (None, None) {}", NSG.len())]
        );
        assert_eq!((unread.count, unread.first), (1, 2));
    }

    #[test]
    fn a_rule_behind_its_tuples_is_theirs() {
        let sorted = format!(
            r#"{{"records":[{{"flowRecords":{{"flows":[{{"flowGroups":[{{"flowTuples":["{VNET}"],"rule":"one"}},{{"flowTuples":["{VNET}","{VNET}"],"rule":"two"}}]}}]}}}},{{"properties":{{"flows":[{{"flows":[{{"flowTuples":["{NSG}"],"mac":"m"}}],"rule":"three"}}]}}}}]}}"#
        );
        let (all, _) = read(&sorted);
        let rules: Vec<&str> = all
            .iter()
            .map(|line| line.split(' ').next().unwrap())
            .collect();
        assert_eq!(rules, ["one", "two", "two", "three"]);
        // One that never comes is nobody's.
        let none = format!(
            r#"{{"records":[{{"flows":[{{"flowTuples":["{VNET}"]}}]}},{{"flows":[{{"rule":"r","flowTuples":["{VNET}"]}}]}}]}}"#
        );
        let (all, _) = read(&none);
        assert!(
            all[0].starts_with(" allow") && all[1].starts_with("r allow"),
            "{all:?}"
        );
    }
}
