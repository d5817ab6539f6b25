//! Tables with a head: cells by the names of their columns.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};

use crate::traffic::log::{Role, Roles, Unread};
use crate::traffic::{Flow, MAX_LINE, Next};

/// What may separate cells.
const DELIMITERS: [u8; 4] = *b",\t;|";

/// What separates the cells of a head that names addresses.
pub(super) fn delimiter(head: &[u8], roles: &Roles) -> Option<u8> {
    let names_addresses = |delimiter: &u8| {
        let mut names = head.split(|byte| byte == delimiter);
        let role = |name: &[u8]| {
            let name = name.trim_ascii();
            roles.of(name.strip_prefix(b"\"").unwrap_or(name))
        };
        let mut roles = names.by_ref().map(role);
        roles.any(|role| matches!(role, Some(Role::Source | Role::Destination)))
    };
    let is_there = |delimiter: &u8| head.contains(delimiter);
    let mut several = DELIMITERS.into_iter();
    several
        .find(|delimiter| is_there(delimiter) && names_addresses(delimiter))
        // A single column.
        .or_else(|| names_addresses(&b',').then_some(b','))
}

/// A record of a table is longer than anything is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record of the table is longer than {} MiB; is a quote left open?", MAX_LINE >> 20)]
pub struct LongRecord;

/// A stream that ends with [`LongRecord`] where no record ends for long.
pub struct Bounded<R> {
    input: R,
    /// Bytes since the last record.
    since: Rc<Cell<usize>>,
}

impl<R> Bounded<R> {
    /// The stream, and what is set to 0 behind each record.
    #[must_use]
    pub fn new(input: R) -> (Self, Rc<Cell<usize>>) {
        let since = Rc::new(Cell::new(0));
        let other = Rc::clone(&since);
        (Self { input, since }, other)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.since.get() > MAX_LINE {
            return Err(io::Error::other(LongRecord));
        }
        let count = self.input.read(room)?;
        self.since.set(self.since.get() + count);
        Ok(count)
    }
}

/// An error of the table's reader as the stream's.
#[must_use]
pub fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// Reads each record by the names of its columns; `each` has the flow and the cells as they are, a tab
/// between them.
///
/// # Errors
/// The stream's, or [`LongRecord`].
pub fn read_table(
    input: impl Read,
    delimiter: u8,
    roles: &Roles,
    mut each: impl FnMut(&Flow<'_>, &[u8]) -> Next,
) -> io::Result<Unread> {
    let (input, since) = Bounded::new(input);
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(input);
    let head = reader.byte_headers().map_err(cause)?;
    let strip = |name: &[u8]| name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).to_vec();
    let columns = head.iter().map(|name| roles.of(&strip(name))).enumerate();
    let columns: Vec<(usize, Role)> = columns
        .filter_map(|(place, role)| Some((place, role?)))
        .collect();
    let mut unread = Unread::default();
    let (mut record, mut row) = (ByteRecord::new(), roles.row());
    let (mut text, mut number) = (Vec::new(), 0);
    while reader.read_byte_record(&mut record).map_err(cause)? {
        since.set(0);
        number += 1;
        row.clear();
        for &(place, role) in &columns {
            row.set(role, record.get(place).unwrap_or_default());
        }
        let flow = row.flow();
        if !flow.has_ends() {
            unread.add(number);
            continue;
        }
        text.clear();
        for (place, cell) in record.iter().enumerate() {
            if place > 0 {
                text.push(delimiter);
            }
            text.extend_from_slice(cell);
        }
        if each(&flow, &text) == Next::Enough {
            break;
        }
    }
    Ok(unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_known_by_their_heads() {
        let roles = Roles::default();
        for (head, found) in [
            ("time,src_ip,dst_ip,port", Some(b',')),
            ("time\tSourceIP\tx", Some(b'\t')),
            ("\"from\";\"to\"", Some(b';')),
            ("ip", Some(b',')),
            ("a,b,c", None),
            ("20.38.116.38", None),
        ] {
            assert_eq!(delimiter(head.as_bytes(), &roles), found, "{head}");
        }
        let table = "src,dst,port\n20.38.116.38,10.0.0.4,443\n-,-,1\n\"20.38.116.38\",,\n";
        let mut ports = Vec::new();
        let unread = read_table(table.as_bytes(), b',', &roles, |flow, _| {
            ports.push(flow.port);
            Next::More
        });
        assert_eq!(ports, [Some(443), None]);
        assert_eq!(unread.unwrap().first, 2);
    }

    #[test]
    fn a_quote_that_is_left_open_does_not_eat_the_memory() {
        let open = io::Read::chain(&b"src\n\"20.38"[..], io::repeat(b'x').take(100 << 20));
        let error = read_table(open, b',', &Roles::default(), |_, _| Next::More).unwrap_err();
        assert!(error.to_string().contains("quote"), "{error}");
    }
}
