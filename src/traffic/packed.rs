//! Gzip known by its first bytes and unpacked as it comes.

use std::io::{self, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

use crate::azure::{GzipFlaw, is_gzip};

/// Bytes of packed data that are read at once.
const READ_AHEAD: usize = 1 << 16;

/// A stream without its gzip, if there is any; members follow one another.
///
/// # Errors
/// The stream's, at its first bytes.
pub fn unpacked<'a>(mut input: impl Read + Send + 'a) -> io::Result<Box<dyn Read + Send + 'a>> {
    let mut first = Vec::with_capacity(2);
    (&mut input).take(2).read_to_end(&mut first)?;
    let is_packed = is_gzip(&first);
    let whole = io::Cursor::new(first).chain(input);
    Ok(if is_packed {
        let packed = BufReader::with_capacity(READ_AHEAD, whole);
        Box::new(Unpacking(MultiGzDecoder::new(packed)))
    } else {
        Box::new(whole)
    })
}

/// Says damage in a sentence of its own.
struct Unpacking<R>(MultiGzDecoder<R>);

impl<R: io::BufRead> Read for Unpacking<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.0.read(room).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput
            | io::ErrorKind::InvalidData
            | io::ErrorKind::UnexpectedEof => io::Error::other(GzipFlaw::Damaged),
            _ => error,
        })
    }
}
