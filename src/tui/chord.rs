//! A key with its modifiers, as a value that can be written and compared.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// Letters that nobody types at once.
const LEAST_PASTED: usize = 20;

/// A pressed key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key; a letter carries its case.
    pub key: Key,
    /// Whether Ctrl is held.
    pub has_ctrl: bool,
    /// Whether Alt is held.
    pub has_alt: bool,
}

/// The keys that mean something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter, digit or sign.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator.
    Tab,
    /// Shift and tabulator.
    BackTab,
    /// Delete to the left.
    Backspace,
    /// Delete to the right.
    Delete,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// To the beginning.
    Home,
    /// To the end.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

impl Key {
    const NAMED: [(Self, &'static str); 15] = [
        (Self::Char(' '), "Space"),
        (Self::Enter, "Enter"),
        (Self::Esc, "Esc"),
        (Self::Tab, "Tab"),
        (Self::BackTab, "Shift-Tab"),
        (Self::Backspace, "Backspace"),
        (Self::Delete, "Del"),
        (Self::Up, "↑"),
        (Self::Down, "↓"),
        (Self::Left, "←"),
        (Self::Right, "→"),
        (Self::Home, "Home"),
        (Self::End, "End"),
        (Self::PageUp, "PgUp"),
        (Self::PageDown, "PgDn"),
    ];
}

impl Chord {
    /// The lines that keys would type, where they are so many that they must be a paste.
    #[must_use]
    pub fn lines(keys: &[Self]) -> Option<String> {
        let letter = |chord: &Self| match chord.key {
            // How a line end arrives that is no return.
            Key::Char('j') if chord.has_ctrl => Some('\n'),
            _ if chord.has_ctrl || chord.has_alt => None,
            Key::Char(letter) => Some(letter),
            Key::Enter => Some('\n'),
            Key::Tab => Some('\t'),
            _ => None,
        };
        let text: String = keys.iter().map(letter).collect::<Option<_>>()?;
        let (_, rest) = text.split_once('\n')?;
        (rest.chars().count() >= LEAST_PASTED).then_some(text)
    }

    /// A key without modifiers.
    #[must_use]
    pub const fn plain(key: Key) -> Self {
        Self {
            key,
            has_ctrl: false,
            has_alt: false,
        }
    }

    /// Reads what [`Chord`] writes: `q`, `Ctrl-c`, `Alt-1`, `PgDn`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (has_ctrl, text) = match text.strip_prefix("Ctrl-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (has_alt, text) = match text.strip_prefix("Alt-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let named = Key::NAMED
            .iter()
            .find(|(_, name)| *name == text)
            .map(|(key, _)| *key);
        let mut letters = text.chars();
        let letter = letters
            .next()
            .filter(|_| letters.next().is_none())
            .map(Key::Char);
        Some(Self {
            key: named.or(letter)?,
            has_ctrl,
            has_alt,
        })
    }

    /// What a terminal sent; `None` for releases and keys without a meaning.
    #[must_use]
    pub fn from_event(event: &KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let has_ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let key = match event.code {
            KeyCode::Char(letter) if has_ctrl => Key::Char(letter.to_ascii_lowercase()),
            KeyCode::Char(letter) => Key::Char(letter),
            KeyCode::Enter => Key::Enter,
            KeyCode::Esc => Key::Esc,
            KeyCode::Tab => Key::Tab,
            KeyCode::BackTab => Key::BackTab,
            KeyCode::Backspace => Key::Backspace,
            KeyCode::Delete => Key::Delete,
            KeyCode::Up => Key::Up,
            KeyCode::Down => Key::Down,
            KeyCode::Left => Key::Left,
            KeyCode::Right => Key::Right,
            KeyCode::Home => Key::Home,
            KeyCode::End => Key::End,
            KeyCode::PageUp => Key::PageUp,
            KeyCode::PageDown => Key::PageDown,
            _ => return None,
        };
        Some(Self {
            key,
            has_ctrl,
            has_alt: event.modifiers.contains(KeyModifiers::ALT),
        })
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.has_alt {
            f.write_str("Alt-")?;
        }
        let named = Key::NAMED.iter().find(|(known, _)| *known == self.key);
        match (named, self.key) {
            (Some((_, name)), _) => f.write_str(name),
            (None, Key::Char(letter)) => write!(f, "{letter}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_nobody_types_at_once_are_a_paste() {
        let keys = |text: &str| -> Vec<Chord> {
            let chord = |letter| match letter {
                '\n' => Chord::plain(Key::Enter),
                letter => Chord::plain(Key::Char(letter)),
            };
            text.chars().map(chord).collect()
        };
        let long = "10.0.0.4\nclient with IP is not allowed";
        assert_eq!(Chord::lines(&keys(long)).as_deref(), Some(long));
        for text in ["10.0.0.4\njjjk", "a single line of any length at all", ""] {
            assert_eq!(Chord::lines(&keys(text)), None, "{text}");
        }
        let mut with_escape = keys(long);
        with_escape.push(Chord::plain(Key::Esc));
        assert_eq!(Chord::lines(&with_escape), None);
    }

    #[test]
    fn a_chord_reads_what_it_writes() {
        for text in [
            "q",
            "G",
            "?",
            "Ctrl-c",
            "Alt-1",
            "Enter",
            "Shift-Tab",
            "Space",
            "PgDn",
            "↑",
            "/",
        ] {
            assert_eq!(Chord::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Chord::parse("nope"), None);
    }
}
