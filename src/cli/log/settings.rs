//! The settings in force, each with where it comes from, and none with a password.

use std::borrow::Cow;

use crate::settings::{ColorChoice, FetchPlaces, Settings, SettingsLayer};

/// Values by the names that the settings file has for them.
type Named = Vec<(&'static str, Option<String>)>;

/// Puts the settings into the log; `layers` are named, and the first that speaks counts.
pub fn settings(layers: [(&'static str, &SettingsLayer); 3], settings: &Settings) {
    let values = layers.map(|(origin, layer)| (origin, named(layer)));
    for (name, value) in named(&layer_of(settings)) {
        let speaks = |(_, values): &&(&str, Named)| {
            let mut values = values.iter();
            values.any(|(own, value)| *own == name && value.is_some())
        };
        let origin = values
            .iter()
            .find(speaks)
            .map_or("default", |(from, _)| *from);
        let value = value.as_deref().map_or("none", |value| value);
        tracing::info!(name, value = %bare(value), from = origin, "setting");
    }
    for name in ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"] {
        for name in [name.to_owned(), name.to_ascii_lowercase()] {
            if let Ok(value) = std::env::var(&name) {
                tracing::info!(name, value = %bare(&value), from = "environment", "proxy");
            }
        }
    }
}

fn layer_of(settings: &Settings) -> SettingsLayer {
    SettingsLayer {
        cloud: Some(settings.cloud),
        offline: Some(settings.offline),
        color: Some(settings.color),
        theme: settings.theme.clone(),
        clipboard: Some(settings.clipboard),
        mouse: Some(settings.mouse),
        update_at_start: Some(settings.update_at_start),
        state: Some(settings.state),
        also: settings.also.clone(),
        places: settings.places.clone(),
    }
}

fn named(layer: &SettingsLayer) -> Named {
    let FetchPlaces {
        details_url,
        files_url,
        management_url,
        mirror,
        proxy,
        ca_file,
    } = layer.places.clone();
    let color = layer.color.map(ColorChoice::word);
    vec![
        ("cloud", layer.cloud.map(|cloud| cloud.flag().to_owned())),
        ("offline", layer.offline.map(|is_on| is_on.to_string())),
        ("color", color.map(str::to_owned)),
        ("theme", layer.theme.clone()),
        (
            "clipboard",
            layer.clipboard.map(|way| way.word().to_owned()),
        ),
        ("mouse", layer.mouse.map(|is_on| is_on.to_string())),
        (
            "update_at_start",
            layer.update_at_start.map(|is_on| is_on.to_string()),
        ),
        ("state", layer.state.map(|choice| choice.word().to_owned())),
        ("details_url", details_url),
        ("files_url", files_url),
        ("management_url", management_url),
        ("mirror", mirror),
        ("proxy", proxy),
        ("ca_file", ca_file),
    ]
}

/// An address without user, password and query; other text as it is.
fn bare(text: &str) -> Cow<'_, str> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    let is_query = |c| c == '?' || c == '#';
    match (rest.rfind('@'), rest.find(is_query)) {
        (None, None) => Cow::Borrowed(text),
        // A password may have a `?`, and a query an `@`: which it is cannot be told.
        (Some(at), Some(query)) if query < at => Cow::Owned(format!("{scheme}…")),
        (at, _) => {
            let place = at.map_or(rest, |at| rest.get(at + 1..).unwrap_or_default());
            let place = place.split(is_query).next().unwrap_or_default();
            Cow::Owned(format!("{scheme}{place}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_password_and_no_query() {
        for (text, expected) in [
            ("http://proxy.example:3128", "http://proxy.example:3128"),
            (
                "http://me:secret@proxy.example:3128",
                "http://proxy.example:3128",
            ),
            ("me:secret@proxy.example:3128", "proxy.example:3128"),
            ("http://me:sec/r@et@proxy.example", "http://proxy.example"),
            ("http://me:se?cret@proxy.example", "http://…"),
            ("https://a.example/x?sig=secret", "https://a.example/x"),
            ("https://a.example/x?sig=@secret", "https://…"),
            (
                "https://a.example/{cloud}/{date}#x",
                "https://a.example/{cloud}/{date}",
            ),
            ("mono", "mono"),
        ] {
            assert_eq!(bare(text), expected, "{text}");
        }
    }
}
