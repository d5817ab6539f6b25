//! Whether the terminal's background is light or dark. It is asked once, before its keys are read.
//!
//! Behind that question (OSC 11) goes one that every terminal answers (DA1), so that a terminal which
//! does not know the first ends the wait at once. The limit is for slow lines and for what answers
//! neither. What is typed meanwhile stays; crates that ask take it for an answer, or drop it.

use std::io::{self, Write, stdout};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use crate::platform::{may_ask_terminal, read_terminal};

/// What lies behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Dark text is read on it.
    Light,
    /// Light text is read on it.
    Dark,
}

/// The colour of the background, and what the terminal is.
const QUESTION: &[u8] = b"\x1b]11;?\x07\x1b[c";
/// How long the first frame waits for an answer.
const LIMIT: Duration = Duration::from_millis(200);

/// Asks the terminal, which must be in raw mode.
///
/// # Errors
/// The terminal cannot be written to.
pub fn ask_background() -> io::Result<Reply> {
    if !may_ask_terminal() {
        return Ok(Reply::default());
    }
    let mut out = stdout();
    out.write_all(QUESTION)?;
    out.flush()?;
    Ok(Reply::of(&read_reply(LIMIT)))
}

/// What comes until the terminal has said what it is. A terminal that is gone says nothing more; the
/// loop finds out.
fn read_reply(limit: Duration) -> Vec<u8> {
    let until = Instant::now() + limit;
    let mut bytes = Vec::new();
    while !Reply::of(&bytes).is_whole {
        let left = until.saturating_duration_since(Instant::now());
        let mut buffer = [0; 256];
        let Some(count) = read_terminal(&mut buffer, left) else {
            break;
        };
        bytes.extend(buffer.iter().take(count));
    }
    bytes
}

/// What came back.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub background: Option<Background>,
    /// What was typed meanwhile, up to the first key that is no letter.
    pub typed: Vec<KeyEvent>,
    /// Whether the question after the colour is answered.
    is_whole: bool,
    is_answered: bool,
}

impl Reply {
    fn of(mut bytes: &[u8]) -> Self {
        let (mut reply, mut typed) = (Self::default(), Vec::new());
        while let Some((&first, after)) = bytes.split_first() {
            if let Some((text, after)) = command(bytes) {
                reply.is_answered = true;
                reply.background = reply.background.or_else(|| of_answer(text));
                bytes = after;
            } else if let Some(after) = attributes(bytes) {
                reply.is_whole = true;
                bytes = after;
            } else {
                typed.push(first);
                bytes = after;
            }
        }
        reply.typed = keys(&typed);
        reply
    }

    /// What tells an answer that is still on its way from keys.
    pub const fn rest(&self) -> LateReply {
        LateReply {
            state: if self.is_answered {
                LateState::Over
            } else {
                LateState::Awaited
            },
        }
    }
}

/// A command of the operating system at the beginning, and what is behind it.
fn command(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let bytes = bytes.strip_prefix(b"\x1b]")?;
    let end = bytes.iter().position(|&byte| matches!(byte, 7 | 0x1b))?;
    let (text, rest) = bytes.split_at(end);
    let rest = rest
        .strip_prefix(b"\x07")
        .or(rest.strip_prefix(b"\x1b\\"))?;
    Some((text, rest))
}

/// What is behind the device attributes at the beginning.
fn attributes(bytes: &[u8]) -> Option<&[u8]> {
    let bytes = bytes.strip_prefix(b"\x1b[?")?;
    let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
    let end = bytes.iter().position(|byte| !is_number(byte))?;
    bytes.get(end..)?.strip_prefix(b"c")
}

/// Reads `11;rgb:RRRR/GGGG/BBBB`, each with one to four digits, or with a share of opacity behind.
fn of_answer(text: &[u8]) -> Option<Background> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("11;")?;
    let (kind, parts) = text.split_once(':')?;
    let parts: Vec<f64> = parts.split('/').map(brightness).collect::<Option<_>>()?;
    let (("rgb", &[red, green, blue]) | ("rgba", &[red, green, blue, _])) =
        (kind, parts.as_slice())
    else {
        return None;
    };
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    // Where the contrast to black and to white is the same: ((0.18 + 0.05) / 0.05 = 1.05 / 0.23).
    Some(if luminance > 0.18 {
        Background::Light
    } else {
        Background::Dark
    })
}

/// A part of a colour as light, from 0 to 1 (WCAG 2).
fn brightness(digits: &str) -> Option<f64> {
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex || !(1..=4).contains(&digits.len()) {
        return None;
    }
    let value = u16::from_str_radix(digits, 16).ok()?;
    let most = 16_u32.pow(u32::try_from(digits.len()).ok()?) - 1;
    let part = f64::from(value) / f64::from(most);
    Some(if part <= 0.04045 {
        part / 12.92
    } else {
        ((part + 0.055) / 1.055).powf(2.4)
    })
}

/// The keys that bytes are. At an escape it ends: what follows may be a paste, which is no keys.
fn keys(bytes: &[u8]) -> Vec<KeyEvent> {
    let text = String::from_utf8_lossy(bytes);
    let letters = text.chars().take_while(|&letter| letter != '\x1b');
    letters.filter_map(key).collect()
}

fn key(letter: char) -> Option<KeyEvent> {
    let (code, modifiers) = match letter {
        '\r' => (KeyCode::Enter, KeyModifiers::NONE),
        '\t' => (KeyCode::Tab, KeyModifiers::NONE),
        '\x7f' => (KeyCode::Backspace, KeyModifiers::NONE),
        '\x01'..='\x1a' => {
            let letter = char::from_u32(u32::from(letter) + 0x60)?;
            (KeyCode::Char(letter), KeyModifiers::CONTROL)
        }
        _ if letter.is_control() || letter == char::REPLACEMENT_CHARACTER => return None,
        _ => (KeyCode::Char(letter), KeyModifiers::NONE),
    };
    Some(KeyEvent::new(code, modifiers))
}

/// An answer that comes later arrives as keys, which must not be taken for typed ones.
#[derive(Debug)]
pub struct LateReply {
    state: LateState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LateState {
    Awaited,
    /// Its beginning has come, and so many letters.
    Inside(usize),
    Over,
}

impl LateReply {
    /// `11;rgba:` and four parts of four digits.
    const MOST_LETTERS: usize = 27;

    /// Where none is awaited.
    pub const NONE: Self = Self {
        state: LateState::Over,
    };

    /// Whether an event is a part of the answer.
    pub fn takes(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else {
            return false;
        };
        let has = |modifier| key.modifiers.contains(modifier);
        let (has_alt, has_ctrl) = (has(KeyModifiers::ALT), has(KeyModifiers::CONTROL));
        let (next, is_own) = match (self.state, key.code) {
            (LateState::Awaited, KeyCode::Char(']')) if has_alt => (LateState::Inside(0), true),
            (LateState::Awaited, _) => (LateState::Awaited, false),
            (LateState::Inside(_), KeyCode::Char('\\')) if has_alt => (LateState::Over, true),
            (LateState::Inside(_), KeyCode::Char('g')) if has_ctrl => (LateState::Over, true),
            (LateState::Inside(count), KeyCode::Char(letter))
                if !has_alt
                    && !has_ctrl
                    && count < Self::MOST_LETTERS
                    && (letter.is_ascii_hexdigit() || ";:/rgb".contains(letter)) =>
            {
                (LateState::Inside(count + 1), true)
            }
            _ => (LateState::Over, false),
        };
        self.state = next;
        is_own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_four_digits_are_read_and_luminance_decides() {
        use Background::{Dark, Light};
        for (answer, background) in [
            ("rgb:ffff/ffff/ffff", Some(Light)),
            ("rgb:fff/fff/fff", Some(Light)),
            ("rgb:fd/f6/e3", Some(Light)),
            ("rgb:F/F/F", Some(Light)),
            ("rgb:fdfd/f6f6/e3e3", Some(Light)),
            ("rgb:0000/0000/0000", Some(Dark)),
            ("rgb:0/0/0", Some(Dark)),
            ("rgb:0000/2b2b/3636", Some(Dark)),
            ("rgb:f/00/0000", Some(Light)),
            // Blue gives little light, green much.
            ("rgb:0000/0000/ffff", Some(Dark)),
            ("rgb:0000/ffff/0000", Some(Light)),
            ("rgb:7070/7070/7070", Some(Dark)),
            ("rgb:8080/8080/8080", Some(Light)),
            ("rgba:ffff/ffff/ffff/0000", Some(Light)),
            ("rgb:ffff/ffff/ffff/ffff", None),
            ("rgba:ffff/ffff/ffff", None),
            ("rgb:ffff/ffff", None),
            ("rgb:fffff/0/0", None),
            ("rgb://", None),
            ("rgb:+1/0/0", None),
            ("rgb:gg/00/00", None),
            ("#ffffff", None),
            ("cmyk:0/0/0", None),
            ("", None),
        ] {
            let text = format!("11;{answer}");
            assert_eq!(of_answer(text.as_bytes()), background, "{answer}");
            assert_eq!(of_answer(answer.as_bytes()), None, "{answer}");
            for end in ["\x07", "\x1b\\"] {
                let reply = Reply::of(format!("\x1b]{text}{end}\x1b[?62;22c").as_bytes());
                assert_eq!(reply.background, background, "{answer}");
                assert!(reply.is_whole && reply.is_answered && reply.typed.is_empty());
            }
        }
    }

    #[test]
    fn only_the_whole_answer_ends_the_wait() {
        let whole = b"\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?1;2c";
        for end in 0..whole.len() {
            assert!(!Reply::of(&whole[..end]).is_whole, "{end}");
        }
        let reply = Reply::of(whole);
        assert_eq!(reply.background, Some(Background::Dark));
        assert!(reply.is_whole);
        // A terminal that does not know the first question.
        let reply = Reply::of(b"\x1b[?6c");
        assert!(reply.is_whole && !reply.is_answered);
        assert_eq!(reply.background, None);
    }

    #[test]
    fn what_is_typed_meanwhile_stays() {
        let chars = |bytes: &[u8]| -> Vec<KeyCode> {
            let typed = Reply::of(bytes).typed.into_iter();
            typed.map(|key| key.code).collect()
        };
        let (answer, end) = ("\x1b]11;rgb:0/0/0\x07", "\x1b[?6c");
        let text = format!("2a{answer}ü{end}\r");
        let typed = ['2', 'a', 'ü'].map(KeyCode::Char);
        assert_eq!(
            chars(text.as_bytes()),
            [&typed[..], &[KeyCode::Enter]].concat()
        );
        // Neither a paste nor half an answer is typed.
        assert_eq!(chars(b"x\x1b[200~q\x1b[201~"), [KeyCode::Char('x')]);
        assert_eq!(chars(b"x\x1b]11;rgb:00"), [KeyCode::Char('x')]);
        let quit = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(Reply::of(b"\x03").typed, [quit]);
    }

    /// As the library reads the bytes of an answer.
    fn events(answer: &str, end: KeyEvent) -> Vec<Event> {
        let begin = KeyEvent::new(KeyCode::Char(']'), KeyModifiers::ALT);
        let letters = answer
            .chars()
            .map(|letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE));
        let all = std::iter::once(begin).chain(letters).chain([end]);
        all.map(Event::Key).collect()
    }

    #[test]
    fn a_late_answer_is_no_keys() {
        let typed = Event::Key(KeyEvent::new(KeyCode::Char('1'), KeyModifiers::NONE));
        for end in [
            KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL),
            KeyEvent::new(KeyCode::Char('\\'), KeyModifiers::ALT),
        ] {
            let mut late = Reply::of(b"").rest();
            assert!(!late.takes(&typed));
            for event in events("11;rgb:fdfd/f6f6/e3e3", end) {
                assert!(late.takes(&event), "{event:?}");
            }
            assert!(!late.takes(&typed));
            // Once is enough: then keys are keys.
            assert!(!late.takes(&events("", end)[0]));
        }
        let mut none = Reply::of(b"\x1b]11;?\x07").rest();
        assert!(!none.takes(&events("", KeyEvent::from(KeyCode::Esc))[0]));
    }

    #[test]
    fn keys_after_a_key_that_looks_like_an_answer_come_back_soon() {
        let mut late = Reply::of(b"").rest();
        let events = events(&"1".repeat(100), KeyEvent::from(KeyCode::Enter));
        let taken = events.iter().filter(|event| late.takes(event)).count();
        assert_eq!(taken, 1 + LateReply::MOST_LETTERS);
    }
}
