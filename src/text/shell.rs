//! Quoting for a POSIX shell.

use std::borrow::Cow;

/// `word` as one word of a shell's command line; borrowed when it is one already.
///
/// Any shell reads it back as it was, but for NUL, which no command line can hold.
#[must_use]
pub fn quote(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+,=-".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

/// `word` as an argument of this program, which would read one that begins with `-` as an option.
#[must_use]
pub fn argument(word: &str) -> String {
    let quoted = quote(word);
    if word.starts_with('-') {
        return format!("-- {quoted}");
    }
    quoted.into_owned()
}

/// An option of this program with its value, whatever that begins with.
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    let joint = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{joint}{}", quote(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_with_a_dash_is_no_option() {
        assert_eq!(argument("a b"), "'a b'");
        assert_eq!(argument("-x"), "-- -x");
        assert_eq!(option("--tag", "a b"), "--tag 'a b'");
        assert_eq!(option("--tag", "-x y"), "--tag='-x y'");
    }

    #[test]
    fn only_what_a_shell_would_read_otherwise_is_quoted() {
        for plain in [
            "Storage.WestEurope",
            "20.38.0.0/16",
            "2603:1030::/32",
            "--ipv4",
            "a=b",
            "100%",
        ] {
            assert!(matches!(quote(plain), Cow::Borrowed(text) if text == plain));
        }
        for (word, quoted) in [
            ("", "''"),
            ("two words", "'two words'"),
            ("Azure*", "'Azure*'"),
            ("!europe", "'!europe'"),
            ("$HOME", "'$HOME'"),
            ("it's", r"'it'\''s'"),
            ("'", r"''\'''"),
            ("~", "'~'"),
            ("a\\b", r"'a\b'"),
            ("a\nb", "'a\nb'"),
            ("Größe", "'Größe'"),
        ] {
            assert_eq!(quote(word), quoted, "{word}");
        }
    }
}
