//! Lines of a stream: UTF-8 or UTF-16, with `\n`, `\r\n` or a single `\r` at their ends.

use std::io::{self, BufRead, BufReader, Read};

use crate::text::Encoding;

/// Longest line that is read.
pub const MAX_LINE: usize = 1 << 20;
/// Bytes of the stream that are read at once.
const READ_AHEAD: usize = 1 << 16;

/// Reads a stream line by line, holding one of them.
pub struct LineReader<R> {
    input: BufReader<R>,
    encoding: Option<Encoding>,
    bytes: Vec<u8>,
    text: String,
    /// Whether the line before ended with `\r`, so that a `\n` is a part of its end.
    is_after_cr: bool,
}

/// A line, or that there was one that is too long to be read.
pub enum Line<'a> {
    /// Without its end.
    Text(&'a str),
    /// Passed over.
    TooLong,
}

impl<R: Read> LineReader<R> {
    pub fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(READ_AHEAD, input),
            encoding: None,
            bytes: Vec::new(),
            text: String::new(),
            is_after_cr: false,
        }
    }

    /// Whether the next line is here already; else its writer may wait for answers.
    pub fn is_ready(&self) -> bool {
        memchr::memchr(b'\n', self.input.buffer()).is_some()
    }

    /// The next line; `None` at the end.
    ///
    /// # Errors
    /// The stream's.
    pub fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        let encoding = match self.encoding {
            Some(encoding) => encoding,
            None => self.start()?,
        };
        self.bytes.clear();
        let (is_some, is_long) = if encoding == Encoding::Utf8 {
            self.narrow()?
        } else {
            self.wide(encoding)?
        };
        if !is_some {
            return Ok(None);
        }
        if is_long {
            return Ok(Some(Line::TooLong));
        }
        if encoding != Encoding::Utf8 {
            return Ok(Some(Line::Text(&self.text)));
        }
        if let Ok(text) = std::str::from_utf8(&self.bytes) {
            return Ok(Some(Line::Text(text)));
        }
        self.text = String::from_utf8_lossy(&self.bytes).into_owned();
        Ok(Some(Line::Text(&self.text)))
    }

    /// Tells the encoding by the first bytes and passes over a mark.
    fn start(&mut self) -> io::Result<Encoding> {
        let (encoding, mark) = Encoding::of(self.input.fill_buf()?);
        self.input.consume(mark);
        self.encoding = Some(encoding);
        Ok(encoding)
    }

    /// Reads to the end of a line: whether there was one, and whether it was too long.
    fn narrow(&mut self) -> io::Result<(bool, bool)> {
        let (mut is_some, mut is_long) = (false, false);
        loop {
            let buffer = self.input.fill_buf()?;
            let Some(&first) = buffer.first() else {
                return Ok((is_some, is_long));
            };
            if std::mem::take(&mut self.is_after_cr) && first == b'\n' {
                self.input.consume(1);
                continue;
            }
            is_some = true;
            let end = memchr::memchr2(b'\n', b'\r', buffer);
            let part = buffer
                .get(..end.unwrap_or(buffer.len()))
                .unwrap_or_default();
            is_long |= self.bytes.len() + part.len() > MAX_LINE;
            if !is_long {
                self.bytes.extend_from_slice(part);
            }
            let Some(end) = end else {
                let used = buffer.len();
                self.input.consume(used);
                continue;
            };
            self.is_after_cr = buffer.get(end) == Some(&b'\r');
            self.input.consume(end + 1);
            return Ok((true, is_long));
        }
    }

    fn wide(&mut self, encoding: Encoding) -> io::Result<(bool, bool)> {
        let mut units: Vec<u16> = Vec::new();
        let (mut is_some, mut is_long) = (false, false);
        let mut pair = [0; 2];
        loop {
            match self.input.read_exact(&mut pair) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                read => read?,
            }
            let unit = encoding.unit(pair);
            if std::mem::take(&mut self.is_after_cr) && unit == u16::from(b'\n') {
                continue;
            }
            is_some = true;
            if unit == u16::from(b'\n') || unit == u16::from(b'\r') {
                self.is_after_cr = unit == u16::from(b'\r');
                break;
            }
            is_long |= units.len() >= MAX_LINE;
            if !is_long {
                units.push(unit);
            }
        }
        self.text = String::from_utf16_lossy(&units);
        Ok((is_some, is_long))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut lines = LineReader::new(bytes);
        let mut all = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            all.push(match line {
                Line::Text(text) => text.to_owned(),
                Line::TooLong => "too long".to_owned(),
            });
        }
        all
    }

    #[test]
    fn every_line_end_is_one() {
        assert_eq!(all(b"\xef\xbb\xbfa\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(all(b"a\n\nb\r\n\r\n"), ["a", "", "b", ""]);
        assert_eq!(all(b""), [""; 0]);
        let wide: Vec<u8> = "a\r\nä\r"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(all(&[b"\xff\xfe", wide.as_slice()].concat()), ["a", "ä"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_whole() {
        let long = "x".repeat(MAX_LINE + 1);
        let text = format!("a\n{long}\nb\n{}", "y".repeat(MAX_LINE));
        let read = all(text.as_bytes());
        assert_eq!((read.len(), read[0].as_str()), (4, "a"));
        assert_eq!((read[1].as_str(), read[2].as_str()), ("too long", "b"));
        assert_eq!(read[3].len(), MAX_LINE);
    }
}
