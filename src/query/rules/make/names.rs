//! Names that a target takes, whatever a tag is called.
//!
//! Where characters had to go or a name was cut, the checksum of the whole name keeps two names apart
//! and stays the same from week to week.

use std::collections::BTreeSet;

use crate::rules::limits;

/// Characters of the name of a set: ipset takes 31, and old nftables no more.
pub(super) const MOST_SET: usize = 31;
/// Characters of labels, symbols and variables.
pub(super) const MOST_LABEL: usize = 60;

/// A name for Azure: letters, digits, `.`, `-`, `_`, with a letter or digit first and no `.` or `-` last.
pub(super) fn azure(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let mapped: String = text
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .collect();
    let start = mapped.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let whole = start.trim_end_matches(['.', '-']);
    if whole == text && whole.len() <= limits::NAME && !whole.is_empty() {
        return whole.to_owned();
    }
    let head: String = whole.chars().take(limits::NAME - 9).collect();
    let head = head.trim_end_matches(['.', '-']);
    let head = if head.is_empty() { "rule" } else { head };
    format!("{head}-{}", checksum(text))
}

/// Lower-case letters, digits and `_`; a letter first.
pub(super) fn snake(text: &str, most: usize) -> String {
    let is_lossy = text
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !"._- ".contains(c));
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = out.trim_end_matches('_');
    let starts_well = out.starts_with(|c: char| c.is_ascii_lowercase());
    let out = if starts_well {
        out.to_owned()
    } else {
        format!("n{out}")
    };
    if out.len() <= most && !is_lossy && out != "n" {
        return out;
    }
    let head: String = out.chars().take(most.saturating_sub(9)).collect();
    format!("{}_{}", head.trim_end_matches('_'), checksum(text))
}

/// The same with `azure` first, so that it is no word of a packet filter's language.
pub(super) fn azured(text: &str, most: usize) -> String {
    let name = snake(text, most);
    if name.starts_with("azure") {
        return name;
    }
    snake(&format!("azure {text}"), most)
}

/// The same in camel case behind a lower-case word: `ruleStorageWestEurope`.
pub(super) fn camel(first: &str, text: &str) -> String {
    let mut out = first.to_owned();
    for part in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut chars = part.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.extend(chars);
    }
    let is_lossy = text
        .chars()
        .any(|c| !c.is_ascii_alphanumeric() && !"._- ".contains(c));
    if out.len() <= MOST_LABEL && !is_lossy {
        return out;
    }
    let head: String = out.chars().take(MOST_LABEL - 8).collect();
    format!("{head}{}", checksum(text))
}

/// Eight hexadecimal digits.
fn checksum(text: &str) -> String {
    format!("{:08x}", crc32fast::hash(text.as_bytes()))
}

/// Names that were given out; Azure compares them without regard to case.
#[derive(Debug, Default)]
pub(super) struct TakenNames(BTreeSet<String>);

impl TakenNames {
    /// This name, or the next free one with a number behind it.
    pub(super) fn give(&mut self, name: String, joint: &str, most: usize) -> String {
        if self.0.insert(name.to_ascii_lowercase()) {
            return name;
        }
        let numbered = |number: u32| {
            let end = format!("{joint}{number}");
            let head: String = name.chars().take(most - end.len()).collect();
            format!("{head}{end}")
        };
        let mut others = (2..1_000_000).map(numbered);
        let free = others.find(|name| self.0.insert(name.to_ascii_lowercase()));
        free.unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: [&str; 12] = [
        "",
        " ",
        "$(reboot)",
        "a'b\"c`d",
        "line\nbreak",
        "\u{1b}[31mred",
        "-rf",
        "../../x",
        "größe",
        "'; DROP TABLE x; --",
        "${var.x}%{if}",
        "0day",
    ];

    #[test]
    fn ordinary_names_stay_readable() {
        assert_eq!(azure("Storage.WestEurope"), "Storage.WestEurope");
        assert_eq!(snake("Storage.WestEurope", 31), "storage_westeurope");
        assert_eq!(camel("rule", "Storage.WestEurope"), "ruleStorageWestEurope");
    }

    #[test]
    fn hostile_names_become_strict_and_stay_apart() {
        let (mut of_azure, mut of_sets) = (BTreeSet::new(), BTreeSet::new());
        let long = "x".repeat(300);
        let longer = "x".repeat(301);
        for text in HOSTILE.into_iter().chain([long.as_str(), longer.as_str()]) {
            let name = azure(text);
            let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
            let ends_well = name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            assert!(starts_well && ends_well && name.chars().all(fits), "{name}");
            assert!(name.len() <= limits::NAME, "{name}");
            assert!(of_azure.insert(name));
            let name = snake(text, MOST_SET);
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
            assert!(starts_well && name.chars().all(fits), "{name}");
            assert!(name.len() <= MOST_SET, "{name}");
            assert!(of_sets.insert(name));
            let name = camel("rule", text);
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
            assert!(name.len() <= MOST_LABEL, "{name}");
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let mut taken = TakenNames::default();
        assert_eq!(taken.give("Web".to_owned(), "-", 80), "Web");
        assert_eq!(taken.give("web".to_owned(), "-", 80), "web-2");
        assert_eq!(taken.give("WEB".to_owned(), "-", 4), "WE-2");
    }
}
