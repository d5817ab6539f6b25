//! Settings that are one word of several.

/// How the dashboard reaches the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ClipboardChoice {
    /// Through tmux inside of tmux, else through the terminal.
    #[default]
    Auto,
    /// Always through tmux.
    Tmux,
    /// Always through the terminal, by the sequence OSC 52.
    Osc52,
    /// Not at all.
    Off,
}

impl ClipboardChoice {
    /// Reads `auto`, `tmux`, `osc52` or `off`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "auto" => Self::Auto,
            "tmux" => Self::Tmux,
            "osc52" => Self::Osc52,
            "off" => Self::Off,
            _ => return None,
        })
    }

    /// The word in the settings file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Tmux => "tmux",
            Self::Osc52 => "osc52",
            Self::Off => "off",
        }
    }
}

/// Whether the dashboard keeps its view, filters and queries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum StateChoice {
    /// For the next start.
    #[default]
    Keep,
    /// Nothing is kept or brought back.
    Off,
}

impl StateChoice {
    pub(super) const ALL: [Self; 2] = [Self::Keep, Self::Off];

    /// The word in the settings file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Off => "off",
        }
    }
}

/// When to colour text output.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// The word in the settings file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }

    /// Reads `auto`, `always` or `never`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "auto" => Self::Auto,
            "always" => Self::Always,
            "never" => Self::Never,
            _ => return None,
        })
    }
}
