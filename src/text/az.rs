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

/// A command of Azure CLI, or the first name that none can be made of.
#[derive(Debug, Clone)]
pub struct AzCommand {
    line: Result<String, WordRefusal>,
    /// What stands before an option, and before each of several values.
    breaks: [&'static str; 2],
}

impl AzCommand {
    /// One line; `verb` may have options that need no quotes.
    #[must_use]
    pub fn on_one_line(verb: &str) -> Self {
        Self {
            line: Ok(verb.to_owned()),
            breaks: [" ", " "],
        }
    }

    /// An option a line, and several values below each other.
    #[must_use]
    pub fn over_lines(verb: &str) -> Self {
        Self {
            line: Ok(verb.to_owned()),
            breaks: [" \\\n  ", " \\\n    "],
        }
    }

    /// An option with what the shell reads as it stands.
    #[must_use]
    pub fn with_word(mut self, option: &str, word: &str) -> Self {
        let [before, _] = self.breaks;
        self.line = self
            .line
            .map(|line| format!("{line}{before}{option} {word}"));
        self
    }

    /// An option with a value, as a word.
    #[must_use]
    pub fn with(self, option: &str, value: &str) -> Self {
        self.with_all(option, std::slice::from_ref(&value))
    }

    /// An option with values, each as a word.
    #[must_use]
    pub fn with_all(mut self, option: &str, values: &[impl AsRef<str>]) -> Self {
        let [before, each] = self.breaks;
        let each = if values.len() == 1 { " " } else { each };
        let add = |line: String| {
            let mut line = format!("{line}{before}{option}");
            for value in values {
                line.push_str(each);
                line.push_str(&az_word(value.as_ref())?);
            }
            Ok(line)
        };
        self.line = self.line.and_then(add);
        self
    }

    /// The command.
    ///
    /// # Errors
    /// A name of which none can be made.
    pub fn finish(self) -> Result<String, WordRefusal> {
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_stands_on_one_line_or_on_several() {
        let build = |command: AzCommand| {
            let command = command.with_word("--group", "\"$G\"").with("--name", "a b");
            command.with_all("--ips", &["10.0.0.0/8", "*"]).finish()
        };
        assert_eq!(
            build(AzCommand::on_one_line("az x")).unwrap(),
            "az x --group \"$G\" --name 'a b' --ips 10.0.0.0/8 '*'"
        );
        assert_eq!(
            build(AzCommand::over_lines("az x")).unwrap(),
            "az x \\\n  --group \"$G\" \\\n  --name 'a b' \\\n  --ips \\\n    10.0.0.0/8 \\\n    '*'"
        );
        let refused = AzCommand::on_one_line("az x").with("--name", "@f");
        assert!(refused.with("--ips", "10.0.0.1").finish().is_err());
    }

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
