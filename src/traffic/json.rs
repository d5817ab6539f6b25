//! JSON as it comes, one token after the other: documents, arrays and lines of any length.
//!
//! What is between tokens is not judged: commas and colons are passed over, so that a document that is
//! cut or joined to another is read as far as it goes.

use std::io::{self, Read};

use memchr::memchr2;

/// Bytes that are read at once.
const ROOM: usize = 1 << 18;
/// Longest text; of a longer one the rest is passed over.
const LONGEST: usize = 1 << 16;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{`.
    Object,
    /// `}`.
    EndObject,
    /// `[`.
    Array,
    /// `]`.
    EndArray,
    /// The name of a value.
    Key(&'a [u8]),
    /// What is between quotes, its escapes as they stand.
    Text(&'a [u8]),
    /// A number, `true`, `false`, `null`, or what is no JSON.
    Plain(&'a [u8]),
}

/// Reads tokens.
pub struct Tokens<R> {
    input: R,
    room: Vec<u8>,
    at: usize,
    end: usize,
    is_over: bool,
    /// Whether it ended within a text.
    is_cut: bool,
}

impl<R: Read> Tokens<R> {
    /// Begins a stream.
    pub fn new(input: R) -> Self {
        Self {
            input,
            room: vec![0; ROOM],
            at: 0,
            end: 0,
            is_over: false,
            is_cut: false,
        }
    }

    /// Whether the stream ended within a text.
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// The next token; none at the end.
    ///
    /// # Errors
    /// The stream's.
    pub fn next_token(&mut self) -> io::Result<Option<Token<'_>>> {
        loop {
            let Some(byte) = self.peek()? else {
                return Ok(None);
            };
            match byte {
                b'"' => return self.text().map(Some),
                b'{' | b'}' | b'[' | b']' => {
                    self.at += 1;
                    return Ok(Some(match byte {
                        b'{' => Token::Object,
                        b'}' => Token::EndObject,
                        b'[' => Token::Array,
                        _ => Token::EndArray,
                    }));
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                _ => return self.plain().map(Some),
            }
        }
    }

    #[inline]
    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.end && !self.fill()? {
            return Ok(None);
        }
        Ok(self.room.get(self.at).copied())
    }

    /// Reads more behind what is kept; whether there was any.
    fn fill(&mut self) -> io::Result<bool> {
        if self.is_over {
            return Ok(false);
        }
        if self.at > 0 {
            self.room.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        let room = self.room.get_mut(self.end..).unwrap_or_default();
        let count = loop {
            match self.input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.is_over = count == 0;
        self.end += count;
        Ok(count > 0)
    }

    fn text(&mut self) -> io::Result<Token<'_>> {
        // Behind the quote, from `at` on.
        let mut next = 1;
        let mut is_long = false;
        let length = loop {
            let bytes = self.room.get(self.at + next..self.end).unwrap_or_default();
            match memchr2(b'"', b'\\', bytes) {
                Some(place) if bytes.get(place) == Some(&b'"') => break next + place,
                Some(place) if next + place + 2 <= self.end - self.at => {
                    next += place + 2;
                    continue;
                }
                Some(place) => next += place,
                None => next = self.end - self.at,
            }
            if next > LONGEST {
                // Only its begin is of use; the room is needed.
                is_long = true;
                let kept = self.at + 1 + LONGEST / 2;
                self.room.copy_within(self.at + next..self.end, kept);
                self.end -= self.at + next - kept;
                next = kept - self.at;
            }
            if !self.fill()? {
                self.is_cut = true;
                break self.end - self.at;
            }
        };
        let kept = (length - 1).min(self.end - self.at - 1);
        self.at += 1;
        // A key is known by the colon behind it, which may be in what comes next.
        let mut behind = (kept + 1).min(self.end - self.at);
        let mut is_key = false;
        loop {
            let behind_it = self.room.get(self.at + behind..self.end);
            match behind_it.and_then(<[u8]>::first).copied() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => behind += 1,
                Some(b':') => {
                    behind += 1;
                    is_key = true;
                    break;
                }
                Some(_) => break,
                None if self.end == self.room.len() && self.at == 0 => break,
                None if !self.fill()? => break,
                None => {}
            }
        }
        let begin = self.at;
        self.at += behind;
        let text = self.room.get(begin..begin + kept).unwrap_or_default();
        let text = if is_long {
            text.get(..LONGEST / 2).unwrap_or(text)
        } else {
            text
        };
        Ok(if is_key {
            Token::Key(text)
        } else {
            Token::Text(text)
        })
    }

    fn plain(&mut self) -> io::Result<Token<'_>> {
        let mut length = 0;
        loop {
            let bytes = self
                .room
                .get(self.at + length..self.end)
                .unwrap_or_default();
            let is_end = |byte: &u8| {
                matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"')
                    || byte.is_ascii_whitespace()
            };
            if let Some(end) = bytes.iter().position(is_end) {
                length += end;
                break;
            }
            length = self.end - self.at;
            if length > LONGEST {
                break;
            }
            if !self.fill()? {
                break;
            }
        }
        let start = self.at;
        self.at += length;
        Ok(Token::Plain(
            self.room.get(start..self.at).unwrap_or_default(),
        ))
    }
}

/// A text without its escapes, where it has any.
#[must_use]
pub fn unescaped(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if !text.contains(&b'\\') {
        return text.into();
    }
    let quoted = [b"\"", text, b"\""].concat();
    match serde_json::from_slice::<String>(&quoted) {
        Ok(plain) => plain.into_bytes().into(),
        Err(_) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that gives so many bytes at once.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(room.len()).min(self.0.len());
            room[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn said(text: &[u8], step: usize) -> (Vec<String>, bool) {
        let mut tokens = Tokens::new(Drops(text, step));
        let mut all = Vec::new();
        while let Some(token) = tokens.next_token().unwrap() {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            all.push(match token {
                Token::Object => "{".into(),
                Token::EndObject => "}".into(),
                Token::Array => "[".into(),
                Token::EndArray => "]".into(),
                Token::Key(key) => format!("{}:", text(key)),
                Token::Text(bytes) => format!("'{}'", text(bytes)),
                Token::Plain(bytes) => text(bytes),
            });
        }
        (all, tokens.is_cut())
    }

    #[test]
    fn tokens_are_the_same_however_the_bytes_come() {
        let text = br#"{"a" : [1,"x\"y",-2.5e3,true], "b\\":{}} {"c":null}"#;
        let expected = [
            "{", "a:", "[", "1", "'x\\\"y'", "-2.5e3", "true", "]", "b\\\\:", "{", "}", "}", "{",
            "c:", "null", "}",
        ];
        for step in 1..text.len() {
            let (all, is_cut) = said(text, step);
            assert_eq!(
                (all, is_cut),
                (expected.map(str::to_owned).to_vec(), false),
                "{step}"
            );
        }
        assert!(said(br#"{"a":"x"#, 3).1);
    }

    #[test]
    fn a_text_of_any_length_is_kept_in_part() {
        for length in [LONGEST - 1, LONGEST, ROOM - 3, ROOM, 3 * ROOM, 40 * ROOM] {
            let text = format!(r#"{{"long":"{}","next":7}}"#, "x".repeat(length));
            for step in [1 << 20, 70_001] {
                let (all, is_cut) = said(text.as_bytes(), step);
                assert!(!is_cut && all.len() == 6, "{length}: {}", all.len());
                assert_eq!(all[3..], ["next:", "7", "}"], "{length}");
                let kept = all[2].len() - 2;
                assert!(kept == length || kept >= LONGEST / 2, "{length}: {kept}");
            }
        }
    }
}
