//! What a user can set, and where each value comes from: flags > environment > file > default.
//!
//! Pure: the file's text and the environment's values come in as arguments.

mod choices;

use std::collections::BTreeMap;

use toml::de::DeValue;

use crate::azure::Cloud;
use crate::text::{Safe, closest};

pub use choices::{ClipboardChoice, ColorChoice, StateChoice};

/// The commented file that `tagscope config --print-default` prints.
pub const DEFAULT_FILE: &str = include_str!("../assets/config.toml");

/// Values of one layer; `None` where the layer is silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsLayer {
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
    /// Whether the dashboard keeps its view, filters and queries.
    pub state: Option<StateChoice>,
    /// Files of ranges that are not Azure's, by the names that they are given.
    pub also: BTreeMap<String, String>,
    /// Where publications are fetched from.
    pub places: FetchPlaces,
}

/// Where publications are fetched from, where that is not the publisher's own place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FetchPlaces {
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

impl FetchPlaces {
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
    /// Whether the dashboard keeps its view, filters and queries.
    pub state: StateChoice,
    /// Files of ranges that are not Azure's, by the names that they are given.
    pub also: BTreeMap<String, String>,
    /// Where publications are fetched from.
    pub places: FetchPlaces,
}

impl SettingsLayer {
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
            state: self.state.or(below.state),
            also: below.also.into_iter().chain(self.also).collect(),
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
            state: self.state.unwrap_or_default(),
            also: self.also,
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

/// Why a file does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// It is not TOML.
    #[error("line {line}: {message}")]
    Toml {
        /// Line, from 1.
        line: usize,
        /// The parser's words.
        message: Safe,
    },
    /// A key has a value that it cannot have. It is never passed over: who forbids the network with
    /// the wrong word must not go online.
    #[error("line {line}: {key} is {allowed}, not {value}")]
    Value {
        /// Line, from 1.
        line: usize,
        /// The key.
        key: &'static str,
        /// What it can be.
        allowed: &'static str,
        /// The value as it is written; of one that may hold a password, what kind it is.
        value: Safe,
    },
}

/// Longest value that an error repeats, in characters.
const MOST_SHOWN: usize = 60;

/// Reads a file's text; unknown keys are warnings, the rest counts.
///
/// # Errors
/// [`SettingsError`] when the text is not TOML, or for the first wrong value.
pub fn read(text: &str) -> Result<(SettingsLayer, Vec<Warning>), SettingsError> {
    let line_of = |at: usize| line_at(text, at);
    let table = toml::de::DeTable::parse(text).map_err(|error| SettingsError::Toml {
        line: line_of(error.span().map_or(0, |span| span.start)),
        message: Safe::new(error.message()),
    })?;
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let (mut layer, mut warnings) = (SettingsLayer::default(), Vec::new());
    for (name, value) in entries {
        let line = line_of(name.span().start);
        let Some(key) = KEYS.iter().find(|key| key.name == name.get_ref()) else {
            warnings.push(Warning {
                line,
                text: unknown(name.get_ref()),
            });
            continue;
        };
        if !(key.set)(&mut layer, value.get_ref()) {
            let value = match value.get_ref() {
                DeValue::Boolean(_) | DeValue::Integer(_) => text.get(value.span()),
                // It may hold a password.
                _ if key.name == PROXY => Some("what stands there"),
                _ => text.get(value.span()),
            };
            let value = value.unwrap_or_default();
            let value: String = value.chars().take(MOST_SHOWN).collect();
            return Err(SettingsError::Value {
                line,
                key: key.name,
                allowed: key.allowed,
                value: Safe::from(value),
            });
        }
    }
    Ok((layer, warnings))
}

fn unknown(key: &str) -> Safe {
    let near = closest(key, KEYS.map(|key| key.name), 1);
    let hint = near
        .first()
        .map_or(String::new(), |near| format!("; did you mean {near}?"));
    Safe::from(format!("unknown key {key}{hint}"))
}

/// A key of the file.
struct Key {
    name: &'static str,
    /// What it can be.
    allowed: &'static str,
    /// Takes a value; false for one that it cannot be.
    set: fn(&mut SettingsLayer, &DeValue<'_>) -> bool,
}

impl Key {
    const fn yes_or_no(
        name: &'static str,
        set: fn(&mut SettingsLayer, &DeValue<'_>) -> bool,
    ) -> Self {
        Self {
            name,
            allowed: "true or false, without quotes",
            set,
        }
    }

    const fn place(name: &'static str, set: fn(&mut SettingsLayer, &DeValue<'_>) -> bool) -> Self {
        Self {
            name,
            allowed: "a text in quotes that is not empty",
            set,
        }
    }
}

/// The names of the dashboard's themes.
pub const THEMES: [&str; 6] = ["default", "safe", "mono", "light", "dark", AUTO_THEME];
/// The theme that is light or dark as the terminal's background is.
pub const AUTO_THEME: &str = "auto";

const PROXY: &str = "proxy";
/// The key of the file of certificates.
pub const CA_FILE: &str = "ca_file";

/// Every key of the file.
const KEYS: [Key; 15] = [
    Key {
        name: "cloud",
        allowed: "one of public, usgov, china, germany",
        set: |layer, value| put(&mut layer.cloud, value.as_str().and_then(Cloud::parse)),
    },
    Key::yes_or_no("offline", |layer, value| {
        put(&mut layer.offline, value.as_bool())
    }),
    Key {
        name: "color",
        allowed: "one of auto, always, never",
        set: |layer, value| {
            put(
                &mut layer.color,
                value.as_str().and_then(ColorChoice::parse),
            )
        },
    },
    Key {
        name: "theme",
        allowed: "one of default, safe, mono, light, dark, auto",
        set: |layer, value| {
            let known = |name: &&str| Some(*name) == value.as_str();
            let name = THEMES.into_iter().find(known);
            put(&mut layer.theme, name.map(str::to_owned))
        },
    },
    Key {
        name: "clipboard",
        allowed: "one of auto, tmux, osc52, off",
        set: |layer, value| {
            put(
                &mut layer.clipboard,
                value.as_str().and_then(ClipboardChoice::parse),
            )
        },
    },
    Key::yes_or_no("mouse", |layer, value| {
        put(&mut layer.mouse, value.as_bool())
    }),
    Key::yes_or_no("update_at_start", |layer, value| {
        put(&mut layer.update_at_start, value.as_bool())
    }),
    Key {
        name: "state",
        allowed: "one of keep, off",
        set: |layer, value| {
            let is_it = |choice: &StateChoice| value.as_str() == Some(choice.word());
            put(&mut layer.state, StateChoice::ALL.into_iter().find(is_it))
        },
    },
    Key {
        name: "also",
        allowed: "a table of names and files in quotes, like { office = \"office.txt\" }",
        set: |layer, value| {
            let files: Option<BTreeMap<_, _>> = value.as_table().and_then(|table| {
                let files = table.iter().map(|(name, file)| {
                    let name = name.get_ref().clone().into_owned();
                    Some((name, place(file.get_ref())?))
                });
                files.collect()
            });
            let is_right = files.is_some();
            layer.also.extend(files.unwrap_or_default());
            is_right
        },
    },
    Key::place("details_url", |layer, value| {
        put(&mut layer.places.details_url, place(value))
    }),
    Key::place("files_url", |layer, value| {
        put(&mut layer.places.files_url, place(value))
    }),
    Key::place("management_url", |layer, value| {
        put(&mut layer.places.management_url, place(value))
    }),
    Key::place("mirror", |layer, value| {
        put(&mut layer.places.mirror, place(value))
    }),
    Key {
        name: PROXY,
        allowed: "an address in quotes like \"http://proxy.example:3128\", http or https",
        set: |layer, value| {
            let proxy = place(value).filter(|text| is_proxy(text));
            put(&mut layer.places.proxy, proxy)
        },
    },
    Key::place(CA_FILE, |layer, value| {
        put(&mut layer.places.ca_file, place(value))
    }),
];

/// Enters a value, if it is one.
fn put<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    let is_right = value.is_some();
    if is_right {
        *place = value;
    }
    is_right
}

fn place(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Whether a text is the address of a proxy that the client can use: scheme, host, perhaps a login
/// and a port, nothing behind them.
#[must_use]
pub fn is_proxy(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_known = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (login, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    let is_login = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:%".contains(c);
    let (is_place, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, port) = rest.split_once(']').unwrap_or_default();
        (host.parse::<std::net::Ipv6Addr>().is_ok(), port)
    } else {
        let end = place.find(':').unwrap_or(place.len());
        let (host, port) = place.split_at(end);
        (is_host(host), port)
    };
    let is_port = match port.strip_prefix(':') {
        Some(digits) => {
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port > 0)
        }
        None => port.is_empty(),
    };
    is_known && is_place && is_port && login.chars().all(is_login)
}

/// A name of one label and more, or an IPv4 address: what ends in a number is nothing else.
fn is_host(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse::<std::net::Ipv4Addr>().is_ok();
    }
    let is_label = |label: &str| {
        let mut bytes = label.bytes();
        (1..=63).contains(&label.len())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    // Hexadecimal ends are read as numbers too.
    !last.starts_with("0x") && text.len() <= 253 && text.split('.').all(is_label)
}

/// The line of a key in a settings file's text, from 1.
#[must_use]
pub fn line_of(text: &str, key: &str) -> Option<usize> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let (found, _) = table
        .get_ref()
        .iter()
        .find(|(name, _)| name.get_ref() == key)?;
    Some(line_at(text, found.span().start))
}

fn line_at(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_says_nothing_new() {
        let (layer, warnings) = read(DEFAULT_FILE).unwrap();
        assert_eq!((layer, warnings), (SettingsLayer::default(), Vec::new()));
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
        assert_eq!(layer.also.len(), 1);
        let settings = Settings {
            theme: None,
            also: BTreeMap::new(),
            places: FetchPlaces::default(),
            ..layer.clone().settle()
        };
        assert_eq!(settings, SettingsLayer::default().settle());
        assert_eq!(layer.theme.as_deref(), Some("default"));
    }

    #[test]
    fn unknown_keys_are_warned_of_with_their_line() {
        let text = "# comment\nclod = \"usgov\"\ntheme = \"mono\"\n";
        let (layer, warnings) = read(text).unwrap();
        assert_eq!(layer.theme.as_deref(), Some("mono"));
        let said: Vec<String> = warnings
            .iter()
            .map(|warning| format!("{} {}", warning.line, warning.text))
            .collect();
        assert_eq!(said, ["2 unknown key clod; did you mean cloud?"]);
        let broken = read("a = [\n").unwrap_err().to_string();
        assert!(broken.starts_with("line 1: "), "{broken}");
    }

    #[test]
    fn a_wrong_value_of_any_key_is_refused_by_name() {
        let values = [
            "1",
            "1.5",
            "\"nonsense\"",
            "\"\"",
            "true",
            "\"true\"",
            "[true]",
            "{}",
            "1979-05-27",
        ];
        for key in &KEYS {
            let (is_choice, is_flag) = match key.name {
                "cloud" | "color" | "theme" | "clipboard" | "state" => (true, false),
                "offline" | "mouse" | "update_at_start" => (false, true),
                _ => (false, false),
            };
            let mut refused = 0;
            for value in values {
                let is_text = value.starts_with('"') && value != "\"\"" && key.name != PROXY;
                let is_right = match key.name {
                    "also" => value == "{}",
                    _ => (is_flag && value == "true") || (!is_choice && !is_flag && is_text),
                };
                let found = read(&format!("# settings\n{} = {value}\n", key.name));
                assert_eq!(found.is_ok(), is_right, "{} = {value}: {found:?}", key.name);
                let Err(error) = found else { continue };
                let is_hidden = key.name == PROXY && !["1", "true"].contains(&value);
                let shown = if is_hidden {
                    "what stands there"
                } else {
                    value
                };
                let said = format!("line 2: {} is {}, not {shown}", key.name, key.allowed);
                assert_eq!(error.to_string(), said);
                refused += 1;
            }
            assert!(refused >= 7, "{}", key.name);
        }
        let themes = KEYS.iter().find(|key| key.name == "theme").unwrap();
        assert_eq!(themes.allowed, format!("one of {}", THEMES.join(", ")));
        let first = read("theme = \"no\"\noffline = 0\n").unwrap_err();
        let said = "line 1: theme is one of default, safe, mono, light, dark, auto, not \"no\"";
        assert_eq!(first.to_string(), said, "the first of two");
    }

    #[test]
    fn an_upper_layer_wins() {
        let flags = SettingsLayer {
            offline: Some(false),
            ..SettingsLayer::default()
        };
        let file = SettingsLayer {
            offline: Some(true),
            cloud: Some(Cloud::China),
            ..SettingsLayer::default()
        };
        let settings = flags.over(file).settle();
        assert!(!settings.offline);
        assert_eq!(settings.cloud, Cloud::China);
    }
}
