//! `RUST_LOG`: how much of which part goes into the log.

use std::ffi::OsStr;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;

/// The parts of the program that say something.
const PARTS: [&str; 5] = ["cli", "net", "source", "store", "tui"];

/// The levels that a value asks for, and what is wrong with it; all but the finest by default.
pub fn levels(value: Option<&OsStr>) -> (Targets, Option<String>) {
    let usual = || Targets::new().with_default(LevelFilter::DEBUG);
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        return (usual(), None);
    };
    match value.to_str().ok_or("it is no text").and_then(read) {
        Ok(levels) => (levels, None),
        Err(why) => {
            let value = value.to_string_lossy();
            let said = format!(
                "RUST_LOG is \"{value}\", and {why}: the log is written as without it. It takes \
                 error, warn, info, debug, trace or off, alone or for a part: tagscope::net=trace"
            );
            (usual(), Some(said))
        }
    }
}

/// Levels and parts with a level, separated by commas.
fn read(text: &str) -> Result<Targets, &'static str> {
    let parts = text.split(',').map(str::trim);
    let mut levels = Targets::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, word) = match part.split_once('=') {
            Some((name, word)) => (Some(name.trim()), word.trim()),
            None if part.starts_with("tagscope") => (Some(part), "trace"),
            None => (None, part),
        };
        let level = level(word).ok_or("a level in it is unknown")?;
        levels = match name {
            None => levels.with_default(level),
            Some(name) if is_part(name) => levels.with_target(name, level),
            Some(_) => return Err("a part in it is unknown"),
        };
    }
    Ok(levels)
}

fn level(word: &str) -> Option<LevelFilter> {
    // An empty word would be a level there.
    (!word.is_empty()).then(|| word.parse().ok())?
}

fn is_part(name: &str) -> bool {
    let mut names = name.split("::");
    names.next() == Some("tagscope") && names.next().is_none_or(|room| PARTS.contains(&room))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_and_what_is_wrong_is_said() {
        for text in [
            "debug",
            "WARN",
            "off",
            "3",
            "info,tagscope::net=trace",
            "tagscope",
            "tagscope=error, tagscope::tui = debug",
            "tagscope::net::client=trace",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
        for text in [
            "verbose",
            "7",
            "info,hyper=debug",
            "tagscope::netz=info",
            "tagscope=loud",
            "=info",
            "tagscope=",
            "info;debug",
        ] {
            let (levels, wrong) = levels(Some(OsStr::new(text)));
            assert_eq!(levels, self::levels(None).0, "{text}");
            let wrong = wrong.unwrap();
            assert!(
                wrong.starts_with(&format!("RUST_LOG is \"{text}\"")),
                "{wrong}"
            );
        }
        assert_eq!(levels(Some(OsStr::new(""))).1, None);
    }
}
