//! Colours and attributes by role, read from TOML assets.

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

/// What each role looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Ordinary text.
    pub text: Style,
    /// What matters less: hints, empty cells.
    pub muted: Style,
    /// Heads of columns and panes.
    pub head: Style,
    /// The open tab, names that stand out.
    pub accent: Style,
    /// A pane's border.
    pub border: Style,
    /// The border of the pane that has the keys.
    pub focus: Style,
    /// The selected row of the pane that has the keys.
    pub selected: Style,
    /// The selected row of another pane.
    pub selected_elsewhere: Style,
    /// All is well.
    pub good: Style,
    /// Look here.
    pub warn: Style,
    /// Something failed.
    pub bad: Style,
    /// Bars of coverage.
    pub bar: Style,
    /// Keys in the footer and in help.
    pub key: Style,
}

/// What a line of text is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Plain,
    /// A heading.
    Head,
    /// It matters less.
    Muted,
    /// All is well.
    Good,
    /// Look here.
    Warn,
    /// Something is wrong.
    Bad,
    /// A name that stands out.
    Accent,
    /// It has the cursor.
    Chosen,
}

impl Tone {
    /// How it looks.
    #[must_use]
    pub const fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Plain => theme.text,
            Self::Head => theme.head,
            Self::Muted => theme.muted,
            Self::Good => theme.good,
            Self::Warn => theme.warn,
            Self::Bad => theme.bad,
            Self::Accent => theme.accent,
            Self::Chosen => theme.selected,
        }
    }
}

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme of that name.
    #[error("no theme \"{name}\"; there are default, safe and mono")]
    Unknown {
        /// The name, cleaned.
        name: crate::text::Safe,
    },
    /// An asset that does not fit, which a test of the assets excludes.
    #[error("theme {name} is damaged: {reason}")]
    Damaged {
        /// The theme.
        name: &'static str,
        /// The parser's words.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    text: Entry,
    muted: Entry,
    head: Entry,
    accent: Entry,
    border: Entry,
    focus: Entry,
    selected: Entry,
    selected_elsewhere: Entry,
    good: Entry,
    warn: Entry,
    bad: Entry,
    bar: Entry,
    key: Entry,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    color: Option<String>,
    #[serde(default)]
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Attribute {
    Bold,
    Dim,
    Reversed,
    Underlined,
}

impl Theme {
    /// Every theme: name and asset.
    pub const ALL: [(&'static str, &'static str); 3] = [
        ("default", include_str!("../../assets/themes/default.toml")),
        ("safe", include_str!("../../assets/themes/safe.toml")),
        ("mono", include_str!("../../assets/themes/mono.toml")),
    ];

    /// The theme of this name.
    ///
    /// # Errors
    /// [`ThemeError::Unknown`] lists the names.
    pub fn named(name: &str) -> Result<Self, ThemeError> {
        let (name, text) = Self::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| ThemeError::Unknown { name: name.into() })?;
        Self::read(text).map_err(|reason| ThemeError::Damaged { name, reason })
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Ok(Self {
            text: file.text.style()?,
            muted: file.muted.style()?,
            head: file.head.style()?,
            accent: file.accent.style()?,
            border: file.border.style()?,
            focus: file.focus.style()?,
            selected: file.selected.style()?,
            selected_elsewhere: file.selected_elsewhere.style()?,
            good: file.good.style()?,
            warn: file.warn.style()?,
            bad: file.bad.style()?,
            bar: file.bar.style()?,
            key: file.key.style()?,
        })
    }
}

impl Entry {
    fn style(&self) -> Result<Style, String> {
        let mut style = Style::new();
        if let Some(color) = &self.color {
            let color: Color = color.parse().map_err(|_| format!("no colour {color}"))?;
            style = style.fg(color);
        }
        for attribute in &self.attributes {
            style = style.add_modifier(match attribute {
                Attribute::Bold => Modifier::BOLD,
                Attribute::Dim => Modifier::DIM,
                Attribute::Reversed => Modifier::REVERSED,
                Attribute::Underlined => Modifier::UNDERLINED,
            });
        }
        Ok(style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_a_theme() {
        assert_eq!(Theme::ALL.map(|(name, _)| name), crate::settings::THEMES);
        for (name, _) in Theme::ALL {
            let theme = Theme::named(name).unwrap();
            assert_ne!(theme.selected, theme.text, "{name} hides the selection");
        }
        assert!(
            Theme::named("nope\x1b")
                .unwrap_err()
                .to_string()
                .contains("nope␛")
        );
    }

    #[test]
    fn the_monochrome_theme_has_no_colour() {
        let theme = format!("{:?}", Theme::named("mono").unwrap());
        assert!(!theme.contains("fg: Some"), "{theme}");
    }
}
