//! A command line that breaks before its options when it is long.

use std::borrow::Cow;
use std::fmt;

use crate::text::{clean, quote, width};

/// A command on one line is not longer than this.
const MOST: usize = 78;

/// A value as one word of a shell, without anything that a terminal could misread.
pub fn word(value: &str) -> String {
    match quote(&clean(value)) {
        Cow::Borrowed(word) => word.to_owned(),
        Cow::Owned(word) => word,
    }
}

/// A program with its verb, and options.
#[derive(Debug, Clone)]
pub struct CommandLine {
    verb: &'static str,
    options: Vec<String>,
}

/// A command of this verb: `az acr update`.
pub const fn run(verb: &'static str) -> CommandLine {
    CommandLine {
        verb,
        options: Vec::new(),
    }
}

impl CommandLine {
    /// Adds an option with a value, which is quoted.
    pub fn with(mut self, option: &str, value: &str) -> Self {
        self.options.push(format!("{option} {}", word(value)));
        self
    }

    /// Adds an option with a value where there is one.
    pub fn with_some(self, option: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(option, value),
            None => self,
        }
    }

    /// Adds words that need no quotes.
    pub fn words(mut self, words: &str) -> Self {
        self.options.push(words.to_owned());
        self
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = format!("{} {}", self.verb, self.options.join(" "));
        if width(&line) <= MOST || self.options.len() < 2 {
            return f.write_str(line.trim_end());
        }
        f.write_str(self.verb)?;
        for option in &self.options {
            write!(f, " \\\n  {option}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_command_breaks_before_its_options() {
        let short = run("az acr update").with("--name", "contoso");
        assert_eq!(short.to_string(), "az acr update --name contoso");
        let long = short.with("--subnet", &"s".repeat(70)).words("--yes");
        let lines: Vec<String> = long.to_string().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[1], "  --name contoso \\");
        assert_eq!(lines[3], "  --yes");
    }

    #[test]
    fn a_value_is_one_clean_word() {
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("<registry>"), "'<registry>'");
        assert_eq!(word("x\n reboot"), "'x␊ reboot'");
    }
}
