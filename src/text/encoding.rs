//! Bytes of a file or a pipe → text: UTF-8, or the UTF-16 that Windows shells write.

use std::borrow::Cow;

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
}

/// Bytes that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no text")]
pub struct NotText;

impl Encoding {
    /// Tells it by the mark, else by where the zeros of ASCII letters stand; also how long the mark is.
    #[must_use]
    pub fn of(bytes: &[u8]) -> (Self, usize) {
        match bytes {
            [0xff, 0xfe, ..] => (Self::Utf16Le, 2),
            [0xfe, 0xff, ..] => (Self::Utf16Be, 2),
            [0xef, 0xbb, 0xbf, ..] => (Self::Utf8, 3),
            [first, 0, second, 0, ..] if *first != 0 && *second != 0 => (Self::Utf16Le, 0),
            [0, first, 0, second, ..] if *first != 0 && *second != 0 => (Self::Utf16Be, 0),
            _ => (Self::Utf8, 0),
        }
    }

    /// A unit of UTF-16; UTF-8 has none.
    #[must_use]
    pub const fn unit(self, pair: [u8; 2]) -> u16 {
        match self {
            Self::Utf16Be => u16::from_be_bytes(pair),
            Self::Utf8 | Self::Utf16Le => u16::from_le_bytes(pair),
        }
    }
}

/// The text of bytes without their mark.
///
/// # Errors
/// [`NotText`] where they are none, or hold zeros, which no text does.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let (encoding, mark) = Encoding::of(bytes);
    let rest = bytes.get(mark..).unwrap_or_default();
    let text = if encoding == Encoding::Utf8 {
        Cow::Borrowed(std::str::from_utf8(rest).map_err(|_| NotText)?)
    } else {
        let (pairs, odd) = rest.as_chunks::<2>();
        if !odd.is_empty() {
            return Err(NotText);
        }
        let units = pairs.iter().map(|&pair| encoding.unit(pair));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        Cow::Owned(text.map_err(|_| NotText)?)
    };
    if text.contains('\0') {
        return Err(NotText);
    }
    Ok(text)
}

/// The text of bytes without their mark; what is none is replaced by a sign.
#[must_use]
pub fn decode_lossy(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, mark) = Encoding::of(bytes);
    let rest = bytes.get(mark..).unwrap_or_default();
    if encoding == Encoding::Utf8 {
        return String::from_utf8_lossy(rest);
    }
    let (pairs, _) = rest.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|&pair| encoding.unit(pair)).collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_text_is_read_like_any_other() {
        let wide = |of: fn(u16) -> [u8; 2]| "20.1.1.1\r\nä".encode_utf16().flat_map(of).collect();
        let le: Vec<u8> = wide(u16::to_le_bytes);
        let be: Vec<u8> = wide(u16::to_be_bytes);
        let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for bytes in [
            marked(b"\xff\xfe", &le),
            marked(b"\xfe\xff", &be),
            marked(b"\xef\xbb\xbf", "20.1.1.1\r\nä".as_bytes()),
            le,
            be,
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok("20.1.1.1\r\nä"), "{bytes:?}");
            assert_eq!(decode_lossy(&bytes), "20.1.1.1\r\nä");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [
            &b"\xff\xfea"[..],
            b"\xff\xfe\x00\xd8",
            b"\x80",
            b"a\0b",
            b"\0",
        ] {
            assert_eq!(decode(bytes), Err(NotText), "{bytes:?}");
        }
        assert_eq!(decode_lossy(b"a\x80"), "a\u{fffd}");
    }
}
