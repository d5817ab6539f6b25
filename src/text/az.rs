//! Values in commands of Azure CLI, which reads some of them otherwise than a shell.

use crate::text::{Safe, clean, quote};

/// Why no command is made of a name: no quotes keep Azure CLI from reading it in its own way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordRefusal {
    /// It begins with `@`.
    #[error(
        "\"{0}\" begins with @, which Azure CLI reads as the name of a file: no command is made of it"
    )]
    File(Safe),
    /// It begins with `-`.
    #[error("\"{0}\" begins with -, which a command reads as an option: no command is made of it")]
    Option(Safe),
}

/// `value` as one word of a command of Azure CLI, cleaned and quoted for a shell.
///
/// # Errors
/// [`WordRefusal`], which says why in a sentence.
pub fn az_word(value: &str) -> Result<String, WordRefusal> {
    let value = clean(value);
    match value.chars().next() {
        Some('@') => Err(WordRefusal::File(Safe::new(&value))),
        Some('-') => Err(WordRefusal::Option(Safe::new(&value))),
        _ => Ok(quote(&value).into_owned()),
    }
}

/// A command that ends with this value, or why there is none.
#[must_use]
pub fn az_command(command: &str, value: &str) -> String {
    match az_word(value) {
        Ok(word) => format!("{command} {word}"),
        Err(refusal) => refusal.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_azure_cli_would_read_itself_is_refused() {
        for value in ["@/etc/passwd", "@", "-x", "--yes", "-"] {
            let said = az_word(value).unwrap_err().to_string();
            assert!(
                said.starts_with(&format!("\"{value}\" begins with ")),
                "{said}"
            );
        }
        for (value, word) in [
            ("contoso", "contoso"),
            ("a@b", "a@b"),
            ("a b", "'a b'"),
            (" -x", "' -x'"),
            ("x\n reboot", "'x␊ reboot'"),
            ("<registry>", "'<registry>'"),
        ] {
            assert_eq!(az_word(value).unwrap(), word);
        }
    }
}
