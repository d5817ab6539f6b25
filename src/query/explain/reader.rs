//! A pasted text → two readings of it, without the marks that terminals and JSON leave.

use crate::query::explain::MAX_TEXT;
use crate::query::lookup::unescaped;
use crate::text::is_hazard;

/// The text as words, and without any space: a phrase that a terminal has broken over two lines
/// is whole only there.
pub(super) struct TextReading {
    /// Words with one space between them.
    pub spaced: String,
    /// No spaces.
    pub compact: String,
    /// `compact` in lower case; a byte of one is the same byte of the other.
    pub lower: String,
    /// Where each line but the first begins in `compact`; some bytes off where an escape was broken.
    starts: Vec<usize>,
}

impl TextReading {
    /// Reads at most [`MAX_TEXT`] bytes, each a fixed number of times.
    pub fn new(text: &str) -> Self {
        let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or("");
        let text = entities(&plain(text));
        let spaced = words(&plain(&unescaped(&text)));
        let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let mut compact = plain(&unescaped(&dense));
        compact.retain(|c| !c.is_whitespace());
        let lower = compact.to_ascii_lowercase();
        let mut end = 0;
        let ends = text.lines().map(|line| {
            let line = plain(&unescaped(line));
            end += line.split_whitespace().map(str::len).sum::<usize>();
            end
        });
        let mut starts: Vec<usize> = ends.collect();
        starts.pop();
        Self {
            spaced,
            compact,
            lower,
            starts,
        }
    }

    /// The line of a place in `compact`, from 1.
    pub fn line(&self, at: usize) -> usize {
        1 + self.starts.partition_point(|&start| start <= at)
    }

    /// Whether a line begins with one of some words, in lower case and without spaces.
    pub fn begins(&self, line: usize, words: &[&str]) -> bool {
        let start = line.checked_sub(2).and_then(|line| self.starts.get(line));
        let rest = self.lower.get(start.copied().unwrap_or(0)..);
        rest.is_some_and(|rest| words.iter().any(|words| rest.starts_with(words)))
    }

    /// The words once more, line ends left out: a name that was broken over two lines is whole.
    pub fn joined(text: &str) -> String {
        let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or("");
        let lines = text.lines().map(str::trim_start);
        words(&plain(&unescaped(&entities(&plain(
            &lines.collect::<String>(),
        )))))
    }
}

/// A text as one line of words, as it is read: without escapes and hidden characters.
#[must_use]
pub fn one_line(text: &str) -> String {
    TextReading::new(text).spaced
}

fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// `text` without escape sequences and hidden characters.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // `␛` is how a cleaned text shows it.
            '\u{1b}' | '␛' => match chars.next() {
                Some('[') => {
                    // A sequence ends with a letter, `~` or `@`; a broken one with the first
                    // character that cannot stand in it.
                    while chars.next_if(|&c| matches!(c, ' '..='?')).is_some() {}
                    let _ = chars.next_if(|&c| matches!(c, '@'..='~'));
                }
                Some(']') => {
                    while let Some(c) = chars.next_if(|&c| c != '\n') {
                        if c == '\u{7}' || c == '\u{9c}' {
                            break;
                        }
                        if c == '\u{1b}' {
                            let _ = chars.next_if_eq(&'\\');
                            break;
                        }
                    }
                }
                _ => {}
            },
            '\u{9b}' => {
                while chars.next_if(|&c| matches!(c, ' '..='?')).is_some() {}
                let _ = chars.next_if(|&c| matches!(c, '@'..='~'));
            }
            c if c.is_whitespace() => out.push(c),
            c if is_hazard(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// `text` with the marks that HTML writes for quotes.
fn entities(text: &str) -> String {
    const QUOTES: [(&str, &str); 6] = [
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&apos;", "'"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&amp;", "&"),
    ];
    if !text.contains('&') {
        return text.to_owned();
    }
    QUOTES.iter().fold(text.to_owned(), |text, (mark, plain)| {
        text.replace(mark, plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_colours_and_hidden_characters_are_gone() {
        let text = "\u{1b}[31mclient\u{1b}[0m with\u{200b}\n  IP \\\\u0027203.0.\n113.9\\u0027 \
                    &#39;x&#39; \u{1b}]0;title\u{7}end";
        let reading = TextReading::new(text);
        assert_eq!(reading.spaced, "client with IP '203.0. 113.9' 'x' end");
        assert_eq!(reading.compact, "clientwithIP'203.0.113.9''x'end");
        assert_eq!(reading.lower.len(), reading.compact.len());
        assert_eq!(
            (reading.line(0), reading.line(reading.compact.len() - 1)),
            (1, 3)
        );
        assert_eq!(TextReading::joined("a.azure\n   cr.io x"), "a.azurecr.io x");
    }
}
