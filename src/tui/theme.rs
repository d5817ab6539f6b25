//! Colours and attributes by role, read from TOML assets.

use ratatui::style::{Modifier, Style};
use serde::Deserialize;

use crate::settings::{AUTO_THEME, THEMES};

/// Makes the theme, and what its file has, of one list of roles.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident,)*) => {
        /// What each role looks like.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Theme {
            $($(#[$doc])* pub $role: Style,)*
        }

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            $($role: Entry,)*
        }

        impl Theme {
            fn of(file: &File) -> Result<Self, String> {
                Ok(Self { $($role: file.$role.style()?,)* })
            }

            /// Every role with its name.
            #[cfg(test)]
            fn roles(&self) -> Vec<(&'static str, Style)> {
                vec![$((stringify!($role), self.$role),)*]
            }
        }
    };
}

// A colour never stands alone: a sign or a word says the same.
roles! {
    /// Ordinary text.
    text,
    /// What matters less: hints, empty cells.
    muted,
    /// Heads of columns and panes.
    head,
    /// The open tab, names that stand out.
    accent,
    /// A pane's border.
    border,
    /// The border of the pane that has the keys.
    focus,
    /// The selected row of the pane that has the keys.
    selected,
    /// The selected row of another pane.
    selected_elsewhere,
    /// All is well.
    good,
    /// Look here.
    warn,
    /// Something failed.
    bad,
    /// `+`: what is new, what is gained.
    gained,
    /// `−`: what is removed, what is lost.
    lost,
    /// A rule that lets through.
    allow,
    /// A rule that does not.
    deny,
    /// Bars of coverage.
    bar,
    /// Keys in the footer and in help.
    key,
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
    /// New, gained.
    Gained,
    /// Removed, lost.
    Lost,
    /// It lets through.
    Allow,
    /// It does not.
    Deny,
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
            Self::Gained => theme.gained,
            Self::Lost => theme.lost,
            Self::Allow => theme.allow,
            Self::Deny => theme.deny,
            Self::Accent => theme.accent,
            Self::Chosen => theme.selected,
        }
    }
}

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme of that name.
    #[error("no theme \"{name}\"; there are {}", THEMES.join(", "))]
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
struct Entry {
    color: Option<String>,
    background: Option<String>,
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
    /// Every theme: name and asset. `auto`, which is one of them, is not here.
    pub const ALL: [(&'static str, &'static str); 5] = [
        ("default", include_str!("../../assets/themes/default.toml")),
        ("safe", include_str!("../../assets/themes/safe.toml")),
        ("mono", include_str!("../../assets/themes/mono.toml")),
        ("light", include_str!("../../assets/themes/light.toml")),
        ("dark", include_str!("../../assets/themes/dark.toml")),
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

    /// Whether there is a theme of this name; `auto` is one.
    ///
    /// # Errors
    /// As for [`Self::named`].
    pub fn check(name: &str) -> Result<(), ThemeError> {
        if name == AUTO_THEME {
            return Ok(());
        }
        Self::named(name).map(drop)
    }

    /// How the selected row looks in a pane that has the keys, or in another.
    #[must_use]
    pub const fn selected_in(&self, has_keys: bool) -> Style {
        if has_keys {
            self.selected
        } else {
            self.selected_elsewhere
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Self::of(&file)
    }
}

impl Entry {
    fn style(&self) -> Result<Style, String> {
        let mut style = Style::new();
        let read = |text: &String| text.parse().map_err(|_| format!("no colour {text}"));
        style.fg = self.color.as_ref().map(read).transpose()?;
        style.bg = self.background.as_ref().map(read).transpose()?;
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
    use ratatui::style::Color;

    use super::*;

    #[test]
    fn every_asset_is_a_theme() {
        let names = Theme::ALL.map(|(name, _)| name);
        let all: Vec<&str> = names.into_iter().chain([AUTO_THEME]).collect();
        assert_eq!(all, THEMES);
        for name in names {
            let theme = Theme::named(name).unwrap();
            assert_ne!(theme.selected, theme.text, "{name} hides the selection");
            assert_ne!(theme.selected_elsewhere, theme.text, "{name}");
            assert_ne!(theme.selected_elsewhere, theme.selected, "{name}");
        }
        assert_eq!(
            Theme::named("nope\x1b").unwrap_err().to_string(),
            "no theme \"nope␛\"; there are default, safe, mono, light, dark, auto"
        );
    }

    #[test]
    fn the_monochrome_theme_has_no_colour() {
        let theme = Theme::named("mono").unwrap();
        for (role, style) in theme.roles() {
            assert_eq!((style.fg, style.bg), (None, None), "{role}");
        }
    }

    /// Both sides of a change, and of a rule, are told apart.
    #[test]
    fn colours_that_mean_something_differ() {
        for (name, _) in Theme::ALL.iter().filter(|(name, _)| *name != "mono") {
            let theme = Theme::named(name).unwrap();
            assert_ne!(theme.gained, theme.lost, "{name}");
            assert_ne!(theme.allow, theme.deny, "{name}");
            assert_ne!(
                theme.deny, theme.bad,
                "{name}: a rule that denies is not wrong"
            );
            assert_ne!(theme.good, theme.warn, "{name}");
            assert_ne!(theme.warn, theme.bad, "{name}");
        }
    }

    fn rgb(hex: &str) -> Color {
        hex.parse().unwrap()
    }

    /// Relative luminance by WCAG 2.
    fn luminance(color: Color) -> f64 {
        let Color::Rgb(red, green, blue) = color else {
            panic!("{color} is the terminal's own, of which nobody knows how it looks");
        };
        let [red, green, blue] = [red, green, blue].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let (white, black) = (rgb("#ffffff"), rgb("#000000"));
        assert!((contrast(white, black) - 21.0).abs() < 1e-9);
        assert!((contrast(rgb("#767676"), white) - 4.54).abs() < 0.01);
    }

    /// The least that WCAG asks of text (AA).
    const READABLE: f64 = 4.5;
    const WHITE: &str = "#ffffff";
    const BLACK: &str = "#000000";
    const SOLARIZED_LIGHT: &str = "#fdf6e3";
    const SOLARIZED_DARK: &str = "#002b36";

    #[test]
    fn every_role_of_a_fixed_theme_is_readable_on_its_backgrounds() {
        for (name, backgrounds) in [
            ("light", [WHITE, SOLARIZED_LIGHT]),
            ("dark", [BLACK, SOLARIZED_DARK]),
        ] {
            let theme = Theme::named(name).unwrap();
            for (role, style) in theme.roles() {
                let color = style.fg.unwrap_or_else(|| panic!("{name}: {role} is open"));
                assert!(
                    !style.add_modifier.contains(Modifier::DIM),
                    "{name}: {role}"
                );
                let behind = match style.bg {
                    Some(own) => vec![own],
                    None => backgrounds.map(rgb).to_vec(),
                };
                for behind in behind {
                    let found = contrast(color, behind);
                    assert!(found >= READABLE, "{name}: {role} on {behind}: {found:.2}");
                }
            }
            // Of what cannot be text WCAG asks 3; the row of another pane has attributes besides.
            for (style, least) in [(theme.selected, 3.0), (theme.selected_elsewhere, 1.5)] {
                let own = style.bg.unwrap();
                for behind in backgrounds {
                    let found = contrast(own, rgb(behind));
                    assert!(found >= least, "{name}: {own} on {behind}: {found:.2}");
                }
            }
        }
    }

    #[test]
    fn the_safe_theme_is_readable_on_white_and_on_black() {
        for (role, style) in Theme::named("safe").unwrap().roles() {
            for behind in [WHITE, BLACK] {
                let found = style.fg.map_or(READABLE, |own| contrast(own, rgb(behind)));
                assert!(found >= READABLE, "{role} on {behind}: {found:.2}");
            }
        }
    }
}
