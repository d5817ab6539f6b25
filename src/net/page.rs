//! The publisher's details page → the addresses of a cloud's files. Pure.
//!
//! The page is taken as text, not as HTML: the address stands in an anchor, in a button's
//! attribute or in a script block, and each of the three has been the only one at some time. One
//! pass decodes entities and script escapes and cuts at what no address holds.

use jiff::civil::Date;

use crate::azure::{Cloud, parse_date};

/// Most of a page that is read, in bytes.
const MAX_PAGE: usize = 4 << 20;
/// Longest address that is kept, in bytes.
const MAX_URL: usize = 2_048;

/// The address of a publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As on the page, decoded; any host, https or http: the caller decides whom it trusts.
    pub url: String,
    /// The date in the file's name.
    pub date: Date,
}

/// The distinct addresses of `cloud`'s files on a details page, the latest first.
///
/// Linear in the page's length; never more than its first 4 MiB are read.
#[must_use]
pub fn links(html: &str, cloud: Cloud) -> Vec<Link> {
    let name = format!("/servicetags_{}_", cloud.name().to_ascii_lowercase());
    let mut found: Vec<Link> = Vec::new();
    let mut word = String::new();
    let mut too_long = false;
    let mut finish = |word: &mut String, too_long: bool| {
        if let Some(link) = link(word, &name).filter(|_| !too_long) {
            found.push(link);
        }
        word.clear();
    };
    let mut rest = html.get(..floor(html, MAX_PAGE)).unwrap_or_default();
    while let Some((decoded, length)) = decode(rest) {
        rest = rest.get(length..).unwrap_or_default();
        match decoded {
            Decoded::Nothing => {}
            Decoded::Char(c) if ends_address(c) => {
                finish(&mut word, too_long);
                too_long = false;
            }
            Decoded::Char(c) if word.len() < MAX_URL => word.push(c),
            Decoded::Char(_) => too_long = true,
        }
    }
    finish(&mut word, too_long);
    // Sorting by address as well brings equal ones together.
    found.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.url.cmp(&b.url)));
    found.dedup();
    found
}

/// The greatest boundary of `text` up to `most`.
fn floor(text: &str, most: usize) -> usize {
    let most = most.min(text.len());
    (0..=most)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The address in `word` of a file whose name begins with `name` (lower case, with its slash).
fn link(word: &str, name: &str) -> Option<Link> {
    let lower = word.to_ascii_lowercase();
    let file = lower.find(name)?;
    let before = lower.get(..file)?;
    // The last scheme before the name: trackers wrap an address in another.
    let scheme = [before.rfind("https://"), before.rfind("http://")];
    let (start, prefix) = match scheme.into_iter().flatten().max() {
        Some(start) => (start, ""),
        None if before.starts_with("//") => (0, "https:"),
        None => return None,
    };
    let digits = file.checked_add(name.len())?;
    let ending = digits.checked_add(8)?;
    let date = parse_date(lower.get(digits..ending)?)?;
    let behind = lower.get(ending..)?.strip_prefix(".json")?;
    if !behind.is_empty() && !behind.starts_with(['?', '#', '&']) {
        return None;
    }
    // An ampersand without a question mark belongs to the address around this one.
    let end = match behind.chars().next() {
        Some('?') => ending + ".json".len() + behind.find('#').unwrap_or(behind.len()),
        _ => ending + ".json".len(),
    };
    Some(Link {
        url: format!("{prefix}{}", word.get(start..end)?),
        date,
    })
}

/// What no address holds unescaped, neither in HTML nor in a script.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '{' | '}' | '|' | '^' | '\\' | ',' | ';'
        )
}

enum Decoded {
    Char(char),
    /// A backslash that only escapes another: scripts within scripts double them.
    Nothing,
}

/// The first character of `text`, decoded, and how many bytes stand for it.
fn decode(text: &str) -> Option<(Decoded, usize)> {
    let first = text.chars().next()?;
    let special = match first {
        '&' => entity(text),
        '\\' => escape(text),
        _ => None,
    };
    Some(special.unwrap_or((Decoded::Char(first), first.len_utf8())))
}

/// `&amp;`, `&#47;`, `&#x2f;` and the few other names that occur around addresses.
fn entity(text: &str) -> Option<(Decoded, usize)> {
    let window = text.get(1..floor(text, 12))?;
    let end = window.find(';')?;
    let name = window.get(..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
        None => match name.to_ascii_lowercase().as_str() {
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            "lt" => '<',
            "gt" => '>',
            "sol" => '/',
            "colon" => ':',
            "period" => '.',
            "lowbar" => '_',
            "nbsp" => '\u{a0}',
            _ => return None,
        },
    };
    Some((Decoded::Char(c), end + 2))
}

/// `\/`, `\u002f`, `\x2f`; a doubled backslash counts as one.
fn escape(text: &str) -> Option<(Decoded, usize)> {
    let hex = |from: usize, to: usize| {
        let code = u32::from_str_radix(text.get(from..to)?, 16).ok()?;
        Some((Decoded::Char(char::from_u32(code)?), to))
    };
    match text.as_bytes().get(1)? {
        b'/' => Some((Decoded::Char('/'), 2)),
        b'\\' => Some((Decoded::Nothing, 1)),
        b'u' => hex(2, 6),
        b'x' => hex(2, 4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    const FOLDER: &str = "https://download.microsoft.com/download/7/1/d/71d86715";

    fn urls(html: &str) -> Vec<String> {
        let links = links(html, Cloud::Public);
        links.into_iter().map(|link| link.url).collect()
    }

    fn file(date: &str) -> String {
        format!("{FOLDER}/ServiceTags_Public_{date}.json")
    }

    #[test]
    fn an_address_is_found_wherever_the_page_keeps_it() {
        let plain = file("20261116");
        let slashes = plain.replace('/', "\\/");
        let unicode = plain.replace('/', "\\u002f");
        let upper = plain.replace('/', "\\u002F").replace(':', "\\x3A");
        let twice = plain.replace('/', "\\\\u002f");
        let entities = plain.replace('/', "&#x2F;").replace(':', "&#58;");
        for page in [
            format!("<a href=\"{plain}\">Download</a>"),
            format!("<a href='{plain}'>"),
            format!("<a href={plain}>"),
            format!(
                "<button class=\"dlcdetail__download-btn\" data-href=\"{entities}\">Download</button>"
            ),
            format!("<script>window.__DLCDetails__={{\"url\":\"{slashes}\"}}</script>"),
            format!("<script>window.__DLCDetails__={{\"url\":\"{unicode}\"}}</script>"),
            format!("__DLCDetails__ = '{{\"url\":\"{upper}\"}}'"),
            format!("__DLCDetails__ = \"{{\\\"url\\\":\\\"{twice}\\\"}}\""),
            format!("data='{{&quot;url&quot;:&quot;{plain}&quot;}}'"),
            format!("<p>{plain}, or</p>"),
            plain.clone(),
        ] {
            assert_eq!(urls(&page).concat(), plain, "{page}");
        }
    }

    #[test]
    fn host_and_path_are_read_in_any_case_and_kept_as_they_are() {
        let shouted = file("20261116").to_uppercase();
        assert_eq!(urls(&format!("href=\"{shouted}\"")), [shouted]);
        let bare = file("20261116").replace("https:", "");
        assert_eq!(urls(&format!("\"{bare}\"")), [file("20261116")]);
        let other = "https://mirror.example/x/servicetags_public_20261116.json";
        assert_eq!(urls(other), [other]);
    }

    #[test]
    fn queries_stay_and_wrappers_go() {
        let query = format!("{}?a=1&amp;b=2#top", file("20261116"));
        let kept = format!("{}?a=1&b=2", file("20261116"));
        assert_eq!(urls(&query), [kept]);
        let wrapped = format!(
            "https://track.example/?to={}&amp;x=https://y",
            file("20261116")
        );
        assert_eq!(urls(&wrapped), [file("20261116")]);
    }

    #[test]
    fn the_greatest_date_is_first_and_each_address_once() {
        let page = ["20261109", "20261116", "20261102", "20261116"]
            .map(|date| format!("<a href=\"{}\">", file(date)))
            .concat();
        let expected = ["20261116", "20261109", "20261102"].map(file);
        assert_eq!(urls(&page), expected);
        let first = links(&page, Cloud::Public).remove(0);
        assert_eq!(first.date, Date::constant(2026, 11, 16));
    }

    #[test]
    fn other_clouds_and_other_files_are_not_taken() {
        for page in [
            file("20261116").replace("Public", "China"),
            file("20261316"),
            file("2026111"),
            file("20261116").replace(".json", ".json.exe"),
            file("20261116").replace("ServiceTags", "MyServiceTags"),
            "ServiceTags_Public_20261116.json".to_owned(),
            format!("https://{}", file("20261116").replace("https://", " //")).replace("//d", "/d"),
            String::new(),
        ] {
            assert!(urls(&page).is_empty(), "{page}");
        }
        let government = file("20261116").replace("Public", "AzureGovernment");
        assert_eq!(links(&government, Cloud::AzureGovernment).len(), 1);
        assert!(links(&government, Cloud::Public).is_empty());
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        let started = Instant::now();
        for unit in [
            "https://x/ServiceTags_Public_",
            "/servicetags_public_20261116.json",
            "https://",
            "&#x",
            "&amp",
            "\\",
            "\\u00",
            "€",
            "x",
        ] {
            let page = unit.repeat((5 << 20) / unit.len());
            assert!(links(&page, Cloud::Public).is_empty(), "{unit}");
        }
        // Unoptimised and on a busy machine; quadratic time would take hours.
        assert!(started.elapsed().as_secs() < 20);
    }

    #[test]
    fn what_lies_behind_four_mebibytes_is_not_read() {
        let page = format!("{} {}", "€".repeat(MAX_PAGE / 3), file("20261116"));
        assert!(urls(&page).is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(?s)(&#?x?[0-9a-z;]{0,9}|\\\\[ux/\\\\]?[0-9a-f]{0,5}|https://|/ServiceTags_Public_|2026111[0-9]|\\.json|.){0,40}") {
            for link in links(&text, Cloud::Public) {
                prop_assert!(link.url.to_ascii_lowercase().contains("servicetags_public_"));
            }
        }
    }
}
