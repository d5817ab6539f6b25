//! Records in JSON: lines, an array, or an array below `records`.

use std::collections::HashMap;
use std::io::{self, Read};

use crate::traffic::json::{Token, Tokens, unescaped};
use crate::traffic::log::{Role, Roles, Unread};
use crate::traffic::{Flow, Next};

/// Names below which a document has its records.
const LISTS: [&[u8]; 6] = [b"records", b"value", b"data", b"events", b"logs", b"rows"];
/// Deepest nesting that is followed.
const DEEPEST: usize = 128;
/// Most names whose meaning is remembered.
const MOST_KNOWN: usize = 1_000;
/// Most bytes of a record that are kept to be written.
const MOST_KEPT: usize = 1 << 16;

/// Reads each record by the names of its fields, at any depth; `each` has the record and its JSON.
///
/// # Errors
/// The stream's.
pub fn read_records(
    input: impl Read,
    roles: &Roles,
    mut each: impl FnMut(&Flow<'_>, &[u8]) -> Next,
) -> io::Result<Unread> {
    let mut tokens = Tokens::new(input);
    let mut unread = Unread::default();
    let mut row = roles.row();
    let mut text = Vec::new();
    // How deep, at which depth the record began, and what the next value means.
    let (mut depth, mut record, mut number) = (0_usize, None, 0);
    let (mut role, mut is_list) = (None, false);
    let mut known: HashMap<Box<[u8]>, (Option<Role>, bool)> = HashMap::new();
    while let Some(token) = tokens.next_token()? {
        write(token, &mut text);
        match token {
            Token::Key(key) => {
                (role, is_list) = if let Some(meant) = known.get(key) {
                    *meant
                } else {
                    let meant = (roles.of(key), LISTS.contains(&key));
                    if known.len() < MOST_KNOWN {
                        known.insert(key.into(), meant);
                    }
                    meant
                };
                continue;
            }
            Token::Object => {
                depth += 1;
                if record.is_none() {
                    record = Some(depth);
                    row.clear();
                    text.clear();
                    text.push(b'{');
                }
            }
            Token::Array => {
                depth += 1;
                // What was taken for a record is what holds them.
                if is_list && record.is_some_and(|at| at + 1 == depth) {
                    record = None;
                }
            }
            Token::EndObject | Token::EndArray => {
                if token == Token::EndObject && record == Some(depth) {
                    record = None;
                    number += 1;
                    let flow = row.flow();
                    if row.is_odd || !flow.has_ends() {
                        unread.add(number);
                    }
                    if !row.is_odd && each(&flow, &text) == Next::Enough {
                        return Ok(unread);
                    }
                }
                depth = depth.saturating_sub(1);
            }
            Token::Text(value) | Token::Plain(value) => {
                if let (Some(role), Some(_)) = (role, record) {
                    let value = unescaped(value);
                    // A field of another kind may be called `msg` too.
                    if role != Role::Message || value.windows(9).any(|it| it == b" request ") {
                        row.set(role, &value);
                    }
                }
            }
        }
        if depth > DEEPEST {
            return Err(io::Error::other("its JSON is nested too deeply"));
        }
        (role, is_list) = (None, false);
    }
    unread.is_cut = tokens.is_cut() || depth > 0;
    Ok(unread)
}

/// Writes a token behind others, up to a bound.
fn write(token: Token<'_>, out: &mut Vec<u8>) {
    if out.len() > MOST_KEPT {
        return;
    }
    let is_open = matches!(out.last(), None | Some(b'{' | b'[' | b':'));
    let is_end = matches!(token, Token::EndObject | Token::EndArray);
    if !is_open && !is_end {
        out.push(b',');
    }
    match token {
        Token::Object => out.push(b'{'),
        Token::EndObject => out.push(b'}'),
        Token::Array => out.push(b'['),
        Token::EndArray => out.push(b']'),
        Token::Plain(value) => out.extend_from_slice(value),
        Token::Text(value) | Token::Key(value) => {
            out.push(b'"');
            out.extend_from_slice(value);
            out.push(b'"');
            if matches!(token, Token::Key(_)) {
                out.push(b':');
            }
        }
    }
}

/// Whether the first records of a log have addresses in known fields.
pub(super) fn has_addresses(head: &[u8], roles: &Roles) -> bool {
    let mut has = false;
    // What is cut at the end of the head is no record, and no matter.
    let read = read_records(head, roles, |flow, _| {
        has |= flow.has_ends();
        if has { Next::Enough } else { Next::More }
    });
    read.is_ok() && has
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"time":"2026-10-19T05:04:03.25Z","category":"AZFWNetworkRule","properties":{"Protocol":"TCP","SourceIp":"10.0.0.4","SourcePort":50000,"DestinationIp":"20.38.116.38","DestinationPort":443,"Action":"Deny","Rule":"r\"1"}}"#;

    fn read(text: &str) -> (Vec<String>, Unread) {
        let mut all = Vec::new();
        let unread = read_records(text.as_bytes(), &Roles::default(), |flow, text| {
            assert_eq!(
                std::str::from_utf8(text)
                    .unwrap()
                    .matches("DestinationIp")
                    .count(),
                1
            );
            let rule = String::from_utf8_lossy(flow.rule);
            all.push(format!("{:?} {:?} {rule}", flow.port, flow.action));
            Next::More
        });
        (all, unread.unwrap())
    }

    #[test]
    fn records_are_found_in_lines_in_arrays_and_below_records() {
        let one = "Some(443) Some(Deny) r\"1".to_owned();
        for text in [
            format!("{RECORD}\n{RECORD}\n"),
            format!("[{RECORD},{RECORD}]"),
            format!(r#"{{"records":[{RECORD},{RECORD}],"more":1}}"#),
            format!("{RECORD}{RECORD}"),
        ] {
            let (all, unread) = read(&text);
            assert_eq!(all, [one.clone(), one.clone()], "{text}");
            assert_eq!(unread, Unread::default(), "{text}");
        }
        let cut = format!(r#"{{"records":[{RECORD},{}"#, &RECORD[..100]);
        let (all, unread) = read(&cut);
        assert!(all.len() == 1 && unread.is_cut);
        let again = read_records(RECORD.as_bytes(), &Roles::default(), |_, text| {
            assert_eq!(text, RECORD.as_bytes());
            Next::More
        });
        assert!(again.is_ok());
    }
}
