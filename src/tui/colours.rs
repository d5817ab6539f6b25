//! The theme in force, and what `auto` stands for.

use crate::settings::AUTO_THEME;
use crate::tui::{Background, Theme};

/// What `auto` says where the terminal was not asked: once its keys are read, nobody can ask.
const NOT_ASKED: &str = "auto asks the terminal when tagscope starts: tagscope --theme auto, or the \
                         setting; here there are light and dark";

/// The theme in force.
#[derive(Debug, Clone)]
pub struct Colours {
    theme: Theme,
    /// What `auto` stands for, where the terminal was asked.
    auto: Option<Theme>,
}

impl Colours {
    /// A theme of its own choice.
    #[must_use]
    pub const fn of(theme: Theme) -> Self {
        Self { theme, auto: None }
    }

    /// The theme for what the terminal said of its background; the other one where it said nothing.
    #[must_use]
    pub fn asked(background: Option<Background>, other: Theme) -> Self {
        let name = background.map(|background| match background {
            Background::Light => "light",
            Background::Dark => "dark",
        });
        let theme = name.and_then(|name| Theme::named(name).ok());
        let theme = theme.unwrap_or(other);
        Self {
            auto: Some(theme.clone()),
            theme,
        }
    }

    /// The theme.
    #[must_use]
    pub const fn theme(&self) -> &Theme {
        &self.theme
    }

    /// Takes the theme of this name, or says why not.
    pub fn choose(&mut self, name: &str) -> String {
        match (name, &self.auto) {
            (AUTO_THEME, Some(theme)) => self.theme = theme.clone(),
            (AUTO_THEME, None) => return NOT_ASKED.to_owned(),
            _ => match Theme::named(name) {
                Ok(theme) => self.theme = theme,
                Err(error) => return error.to_string(),
            },
        }
        String::new()
    }
}
