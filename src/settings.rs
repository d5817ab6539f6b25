//! What a user can set, and where each value comes from: flags > environment > file > default.
//!
//! Pure: the file's text and the environment's values come in as arguments.

use crate::azure::Cloud;
use crate::text::Safe;

/// The commented file that `tagscope config --print-default` prints.
pub const DEFAULT_FILE: &str = include_str!("../assets/config.toml");

/// Values of one layer; `None` where the layer is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// Which cloud to show.
    pub cloud: Option<Cloud>,
    /// Whether the network is forbidden.
    pub offline: Option<bool>,
    /// When to colour text output.
    pub color: Option<ColorChoice>,
    /// Name of the dashboard's theme.
    pub theme: Option<String>,
    /// How the dashboard reaches the clipboard.
    pub clipboard: Option<ClipboardChoice>,
    /// Whether the dashboard takes the mouse.
    pub mouse: Option<bool>,
    /// Whether the dashboard fetches the newest week when it opens.
    pub update_at_start: Option<bool>,
    /// Where publications are fetched from.
    pub places: Places,
}

/// Where publications are fetched from, where that is not the publisher's own place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// The details page without its `?id=`.
    pub details_url: Option<String>,
    /// The folder above the clouds' folders.
    pub files_url: Option<String>,
    /// The Discovery API.
    pub management_url: Option<String>,
    /// A template with `{cloud}` and `{date}` for earlier weeks.
    pub mirror: Option<String>,
    /// A proxy; without it the environment's.
    pub proxy: Option<String>,
    /// A PEM file of further root certificates, for proxies that open TLS.
    pub ca_file: Option<String>,
}

impl Places {
    fn over(self, below: Self) -> Self {
        Self {
            details_url: self.details_url.or(below.details_url),
            files_url: self.files_url.or(below.files_url),
            management_url: self.management_url.or(below.management_url),
            mirror: self.mirror.or(below.mirror),
            proxy: self.proxy.or(below.proxy),
            ca_file: self.ca_file.or(below.ca_file),
        }
    }
}

/// The values in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which cloud to show.
    pub cloud: Cloud,
    /// Whether the network is forbidden.
    pub offline: bool,
    /// When to colour text output.
    pub color: ColorChoice,
    /// Name of the dashboard's theme; `None` for the default.
    pub theme: Option<String>,
    /// How the dashboard reaches the clipboard.
    pub clipboard: ClipboardChoice,
    /// Whether the dashboard takes the mouse.
    pub mouse: bool,
    /// Whether the dashboard fetches the newest week when it opens.
    pub update_at_start: bool,
    /// Where publications are fetched from.
    pub places: Places,
}

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

impl Layer {
    /// This layer where it speaks, else `below`.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            cloud: self.cloud.or(below.cloud),
            offline: self.offline.or(below.offline),
            color: self.color.or(below.color),
            theme: self.theme.or(below.theme),
            clipboard: self.clipboard.or(below.clipboard),
            mouse: self.mouse.or(below.mouse),
            update_at_start: self.update_at_start.or(below.update_at_start),
            places: self.places.over(below.places),
        }
    }

    /// The values in force, defaults where no layer spoke.
    #[must_use]
    pub fn settle(self) -> Settings {
        Settings {
            cloud: self.cloud.unwrap_or(Cloud::Public),
            offline: self.offline.unwrap_or(false),
            color: self.color.unwrap_or_default(),
            theme: self.theme,
            clipboard: self.clipboard.unwrap_or_default(),
            mouse: self.mouse.unwrap_or(true),
            update_at_start: self.update_at_start.unwrap_or(false),
            places: self.places,
        }
    }
}

/// Something in the file that has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub text: Safe,
}

/// The file is not TOML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct SettingsError {
    /// Line, from 1.
    pub line: usize,
    /// The parser's words.
    pub message: Safe,
}

/// Reads a file's text; unknown keys and wrong values are warnings, the rest counts.
///
/// # Errors
/// [`SettingsError`] when the text is not TOML.
pub fn read(text: &str) -> Result<(Layer, Vec<Warning>), SettingsError> {
    let line_of = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let table = toml::de::DeTable::parse(text).map_err(|error| SettingsError {
        line: line_of(error.span().map_or(0, |span| span.start)),
        message: Safe::new(error.message()),
    })?;
    let (mut layer, mut warnings) = (Layer::default(), Vec::new());
    for (key, value) in table.get_ref() {
        let problem = set(&mut layer, key.get_ref(), value.get_ref());
        if let Some(problem) = problem {
            warnings.push(Warning {
                line: line_of(key.span().start),
                text: Safe::new(&problem),
            });
        }
    }
    Ok((layer, warnings))
}

/// Sets one value; the answer is what is wrong with it.
fn set(layer: &mut Layer, key: &str, value: &toml::de::DeValue<'_>) -> Option<String> {
    let text = value.as_str();
    match key {
        "cloud" => match text.and_then(Cloud::parse) {
            Some(cloud) => layer.cloud = Some(cloud),
            None => return Some("cloud is one of public, usgov, china, germany".to_owned()),
        },
        "offline" => match value.as_bool() {
            Some(offline) => layer.offline = Some(offline),
            None => return Some("offline is true or false".to_owned()),
        },
        "color" => match text.and_then(ColorChoice::parse) {
            Some(color) => layer.color = Some(color),
            None => return Some("color is one of auto, always, never".to_owned()),
        },
        "theme" => match text {
            Some(theme) => layer.theme = Some(theme.to_owned()),
            None => return Some("theme is a name in quotes".to_owned()),
        },
        "clipboard" => match text.and_then(ClipboardChoice::parse) {
            Some(clipboard) => layer.clipboard = Some(clipboard),
            None => return Some("clipboard is one of auto, tmux, osc52, off".to_owned()),
        },
        "mouse" => match value.as_bool() {
            Some(mouse) => layer.mouse = Some(mouse),
            None => return Some("mouse is true or false".to_owned()),
        },
        "update_at_start" => match value.as_bool() {
            Some(update) => layer.update_at_start = Some(update),
            None => return Some("update_at_start is true or false".to_owned()),
        },
        _ => return set_place(&mut layer.places, key, text),
    }
    None
}

/// Every key of the file.
const KEYS: [&str; 13] = [
    "cloud",
    "offline",
    "color",
    "theme",
    "clipboard",
    "mouse",
    "update_at_start",
    "details_url",
    "files_url",
    "management_url",
    "mirror",
    "proxy",
    "ca_file",
];

fn set_place(places: &mut Places, key: &str, text: Option<&str>) -> Option<String> {
    let place = match key {
        "details_url" => &mut places.details_url,
        "files_url" => &mut places.files_url,
        "management_url" => &mut places.management_url,
        "mirror" => &mut places.mirror,
        "proxy" => &mut places.proxy,
        "ca_file" => &mut places.ca_file,
        _ => {
            let near = crate::text::closest(key, KEYS, 1);
            let hint = near
                .first()
                .map_or(String::new(), |near| format!("; did you mean {near}?"));
            return Some(format!("unknown key {key}{hint}"));
        }
    };
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => *place = Some(text.to_owned()),
        None => return Some(format!("{key} is a text in quotes")),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_says_nothing_new() {
        let (layer, warnings) = read(DEFAULT_FILE).unwrap();
        assert_eq!((layer, warnings), (Layer::default(), Vec::new()));
        let uncommented: String = DEFAULT_FILE
            .lines()
            .map(|line| {
                line.strip_prefix("#")
                    .filter(|rest| rest.contains(" = "))
                    .unwrap_or("")
            })
            .map(|line| line.to_owned() + "\n")
            .collect();
        let (layer, warnings) = read(&uncommented).unwrap();
        assert_eq!(warnings, []);
        // These show an example: without them the publisher's own places are used.
        assert!(layer.places.mirror.is_some() && layer.places.ca_file.is_some());
        let settings = Settings {
            theme: None,
            places: Places::default(),
            ..layer.clone().settle()
        };
        assert_eq!(settings, Layer::default().settle());
        assert_eq!(layer.theme.as_deref(), Some("default"));
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_warned_of_with_their_line() {
        let text = "# comment\nclod = \"usgov\"\noffline = 1\ntheme = \"mono\"\n";
        let (layer, warnings) = read(text).unwrap();
        assert_eq!(layer.theme.as_deref(), Some("mono"));
        let said: Vec<String> = warnings
            .iter()
            .map(|warning| format!("{} {}", warning.line, warning.text))
            .collect();
        assert_eq!(
            said,
            [
                "2 unknown key clod; did you mean cloud?",
                "3 offline is true or false"
            ]
        );
        assert_eq!(read("a = [\n").unwrap_err().line, 1);
    }

    #[test]
    fn an_upper_layer_wins() {
        let flags = Layer {
            offline: Some(false),
            ..Layer::default()
        };
        let file = Layer {
            offline: Some(true),
            cloud: Some(Cloud::China),
            ..Layer::default()
        };
        let settings = flags.over(file).settle();
        assert!(!settings.offline);
        assert_eq!(settings.cloud, Cloud::China);
    }
}
