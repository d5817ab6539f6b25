//! Tables and lines of JSON with a tag beside each address, in a column or a field of its own.

use std::io::{self, Read};

use csv::{ByteRecord, ReaderBuilder};
use memchr::memchr2;

use crate::space::Family;
use crate::traffic::log::{Bounded, Role, Roles, cause};
use crate::traffic::{Chunk, Labels, Pick, Sets, Spot, spots};

/// What the new column or field of `client` is called: `client_tag`.
const ENDING: &[u8] = b"_tag";

/// What is written beside an address.
#[derive(Debug)]
pub struct Beside<'a> {
    /// The week.
    pub sets: &'a Sets<'a>,
    /// What is written of each: no address among it.
    pub labels: &'a Labels,
    /// Only addresses of this family.
    pub family: Option<Family>,
    /// In place of it where there is no address.
    pub nothing: &'a str,
}

impl Beside<'_> {
    /// What is written beside a cell: of the first address in it.
    fn of(&self, cell: &[u8], out: &mut Vec<u8>) {
        let is_meant = |spot: &Spot| self.family.is_none_or(|only| only == spot.family);
        let spot = spots(cell).find(is_meant);
        let label = spot.and_then(|spot| Some((spot, self.labels.of(self.sets.of(&spot))?)));
        match label {
            Some((spot, label)) => {
                let address = (spot.family, spot.bits);
                self.labels.write(label, &[], address, self.sets, out);
            }
            None => out.extend_from_slice(self.nothing.as_bytes()),
        }
    }
}

/// No column of a table holds addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no column of the table is known to hold addresses; --field names one")]
pub struct NoColumn;

/// Reads a table with a head and hands on each of its records with a cell more for each column of
/// addresses: those with known names, or the one that was chosen.
///
/// # Errors
/// The stream's, [`NoColumn`] among it, and what `sink` says.
pub fn annotate_table<E: From<io::Error>>(
    input: impl Read,
    delimiter: u8,
    (roles, pick): (&Roles, Option<Pick>),
    beside: &Beside<'_>,
    mut sink: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let (input, since) = Bounded::new(input);
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(input);
    let mut record = ByteRecord::new();
    let (mut line, mut cell, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    let mut is_head = true;
    while reader.read_byte_record(&mut record).map_err(cause)? {
        since.set(0);
        line.clear();
        for field in &record {
            push(field, delimiter, &mut line);
        }
        if is_head {
            let is_meant = |(place, name): &(usize, &[u8])| {
                if let Some(pick) = pick {
                    return pick.place == *place;
                }
                let name = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name);
                matches!(roles.of(name), Some(Role::Source | Role::Destination))
            };
            let meant = record.iter().enumerate().filter(is_meant);
            columns = meant.map(|(place, _)| place).collect();
            if columns.is_empty() {
                return Err(io::Error::other(NoColumn).into());
            }
        }
        for &column in &columns {
            let field = record.get(column).unwrap_or_default();
            cell.clear();
            if is_head {
                cell.extend_from_slice(field);
                cell.extend_from_slice(ENDING);
            } else {
                beside.of(field, &mut cell);
            }
            push(&cell, delimiter, &mut line);
        }
        is_head = false;
        if let Some(last) = line.last_mut() {
            *last = b'\n';
        }
        sink(&line)?;
    }
    Ok(())
}

/// Writes a cell and what separates it from the next, in quotes where it needs them.
fn push(cell: &[u8], delimiter: u8, out: &mut Vec<u8>) {
    let needs = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    if cell.iter().any(needs) {
        out.push(b'"');
        for &byte in cell {
            if byte == b'"' {
                out.push(b'"');
            }
            out.push(byte);
        }
        out.push(b'"');
    } else {
        out.extend_from_slice(cell);
    }
    out.push(delimiter);
}

/// Which fields of JSON hold addresses.
#[derive(Debug, Clone)]
pub enum JsonKeys {
    /// Those with known names, at any depth.
    Known(Roles),
    /// The one below these names.
    Path(Vec<String>),
}

impl JsonKeys {
    fn has(&self, path: &[&[u8]]) -> bool {
        match self {
            Self::Known(roles) => path
                .last()
                .and_then(|key| roles.of(key))
                .is_some_and(|role| matches!(role, Role::Source | Role::Destination)),
            Self::Path(names) => {
                let names = names.iter().map(String::as_bytes);
                names.eq(path.iter().copied())
            }
        }
    }
}

/// Writes lines of JSON with a field more behind each field of an address; what is no JSON stays.
pub fn annotate_json(chunk: &Chunk, keys: &JsonKeys, beside: &Beside<'_>, out: &mut Vec<u8>) {
    if chunk.continues || chunk.is_open {
        out.extend_from_slice(chunk.bytes());
        return;
    }
    for line in chunk.bytes().split_inclusive(|&byte| byte == b'\n') {
        json_line(line, keys, beside, out);
    }
}

fn json_line(line: &[u8], keys: &JsonKeys, beside: &Beside<'_>, out: &mut Vec<u8>) {
    // Up to where the line is written, and where it is read.
    let (mut done, mut at) = (0, 0);
    // The key of each open object and of each open list, and the key whose value comes next.
    let mut path: Vec<&[u8]> = Vec::new();
    let mut key: Option<&[u8]> = None;
    while let Some(&byte) = line.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                path.push(key.take().unwrap_or(if byte == b'{' { b"" } else { b"[" }));
            }
            b'}' | b']' => {
                path.pop();
                key = None;
            }
            b',' => key = None,
            b'"' => {
                let Some(end) = text_end(line, at) else { break };
                let text = line.get(at..end).unwrap_or_default();
                at = end + 1;
                let rest = line.get(at..).unwrap_or_default();
                if rest.trim_ascii_start().first() == Some(&b':') {
                    key = Some(text);
                    continue;
                }
                let Some(name) = key.take() else { continue };
                // The outermost object has no key.
                let mut names: Vec<&[u8]> = path.get(1..).unwrap_or_default().to_vec();
                names.push(name);
                if !keys.has(&names) || spots(text).next().is_none() {
                    continue;
                }
                out.extend_from_slice(line.get(done..at).unwrap_or_default());
                done = at;
                out.extend_from_slice(b",\"");
                out.extend_from_slice(name);
                out.extend_from_slice(ENDING);
                out.extend_from_slice(b"\":");
                let mut cell = Vec::new();
                beside.of(text, &mut cell);
                let cell = String::from_utf8_lossy(&cell);
                out.extend_from_slice(serde_json::Value::from(&*cell).to_string().as_bytes());
            }
            _ => {}
        }
    }
    out.extend_from_slice(line.get(done..).unwrap_or_default());
}

/// Where a text ends that begins here.
fn text_end(line: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let found = at + memchr2(b'"', b'\\', line.get(at..)?)?;
        if line.get(found) == Some(&b'"') {
            return Some(found);
        }
        at = found + 2;
    }
}
