//! What is done with the bytes of each reader: read them, and use what was read as far as the program
//! does. Each ends without a panic, says nothing that holds a raw control character, and keeps what its
//! comment promises.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::value::RawValue;
use tagscope::azure::registry::read_document;
use tagscope::azure::{Cloud, Facts, MAX_BYTES, decompress, parse};
use tagscope::index::{Index, write};
use tagscope::net::{join_pages, links};
use tagscope::query::explain::{ask, recognise, recognise_each};
use tagscope::report::{write_explained, write_explained_markdown, write_json_line};
use tagscope::settings::read;
use tagscope::store::Card;
use tagscope::text::{decode_lossy, is_hazard, scan};

/// A reader under test: its name, and what is done with the bytes; whether it took them.
pub type Reader = (&'static str, fn(&[u8]) -> bool);

/// Every reader but that of rules, which has a file of its own.
pub const READERS: [Reader; 8] = [
    ("publication", publication),
    ("gzip", gzip),
    ("page", page),
    ("api", api),
    ("settings", settings),
    ("scan", text),
    ("explain", explain),
    ("registry", registry),
];

/// A publication that is taken can be compiled, and each address of it is found under its tag.
pub fn publication(bytes: &[u8]) -> bool {
    let document = match parse(bytes, None) {
        Ok(document) => document,
        Err(error) => return is_refused(&error),
    };
    assert!(document.flaws.len() <= document.flaw_count);
    for flaw in &document.flaws {
        assert_clean(flaw.tag.as_str());
        assert_clean(flaw.found.as_str());
    }
    let again = parse(bytes, None).expect("the same bytes");
    let week = &document.week;
    assert_eq!(week.content_hash(), again.week.content_hash());
    // What exceeds the format is refused in words.
    let index = match write(week) {
        Ok(bytes) => Index::open(bytes).expect("what was just written"),
        Err(error) => return is_refused(&error),
    };
    let view = index.view();
    assert_eq!(view.tag_ids().len(), week.tags.len());
    for tag in view.tag_ids().take(20) {
        for prefix in view.all_prefixes(tag).take(20) {
            let mut holders = view.covering(prefix.span());
            assert!(holders.any(|hit| hit.tag == tag), "{prefix}");
        }
    }
    true
}

/// Plain bytes stay as they are; whatever is unpacked has an end.
pub fn gzip(bytes: &[u8]) -> bool {
    let is_packed = bytes.starts_with(&[0x1f, 0x8b]);
    let card = Card::read(bytes);
    assert!(card.is_none_or(|card| is_packed && !card.content_hash.is_empty()));
    match decompress(bytes.to_vec()) {
        Ok(plain) => assert!(plain.len() <= MAX_BYTES && (is_packed || plain == bytes)),
        Err(error) => return is_refused(&error),
    }
    true
}

/// Every address on a page of the publisher is one of the cloud's files, the latest first.
pub fn page(bytes: &[u8]) -> bool {
    let html = decode_lossy(bytes);
    let mut is_taken = false;
    for cloud in Cloud::ALL {
        let name = format!("/servicetags_{}_", cloud.name().to_ascii_lowercase());
        let found = links(&html, cloud);
        assert!(found.is_sorted_by(|a, b| a.date >= b.date));
        for link in found {
            is_taken = true;
            let url = link.url.to_ascii_lowercase();
            assert!(url.starts_with("http") && url.contains(&name), "{url}");
            assert!(!url.contains(char::is_whitespace), "{url}");
        }
    }
    is_taken
}

/// Pages of the API, a zero byte between them, are joined to one whole document.
pub fn api(bytes: &[u8]) -> bool {
    let pages: Vec<Vec<u8>> = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    let Ok(joined) = join_pages(&pages) else {
        return false;
    };
    // Numbers may be larger than any type holds: they are not looked into.
    let count = |bytes: &[u8]| {
        let object: BTreeMap<String, &RawValue> = serde_json::from_slice(bytes).ok()?;
        let list: Vec<&RawValue> = serde_json::from_str(object.get("values")?.get()).ok()?;
        Some(list.len())
    };
    let pages: usize = pages.iter().filter_map(|page| count(page)).sum();
    assert_eq!(count(&joined), Some(pages));
    true
}

/// Settings are in force, or refused with a line that the file has.
pub fn settings(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    match read(text) {
        Ok((layer, warnings)) => {
            let lines = text.matches('\n').count() + 1;
            for warning in warnings {
                assert!((1..=lines).contains(&warning.line), "line {}", warning.line);
                assert_clean(warning.text.as_str());
            }
            let _ = layer.settle();
            true
        }
        Err(error) => is_refused(&error),
    }
}

/// Every letter and digit of a text is in exactly one piece.
pub fn text(bytes: &[u8]) -> bool {
    let text = decode_lossy(bytes);
    let (mut at, mut is_taken) = (0, false);
    for found in scan(&text) {
        assert!(found.span.start >= at && !found.span.is_empty());
        assert!(!text[at..found.span.start].contains(char::is_alphanumeric));
        (at, is_taken) = (found.span.end, true);
    }
    assert!(!text[at..].contains(char::is_alphanumeric));
    is_taken
}

/// A failed command is explained in every format.
pub fn explain(bytes: &[u8]) -> bool {
    let text = decode_lossy(bytes);
    let (mut out, mut is_taken) = (Vec::new(), false);
    for complaints in [recognise(&text), recognise_each(&text)] {
        is_taken |= !complaints.is_empty();
        let answer = ask(&complaints, None);
        write_json_line(&answer.record(None), &mut out).expect("memory");
        write_explained_markdown(&answer, &mut out).expect("memory");
        write_explained(&answer, Some(80), false, &mut out).expect("memory");
    }
    assert_clean(&String::from_utf8(out).expect("UTF-8"));
    is_taken
}

/// A registry that is taken from a document has names that can be shown.
pub fn registry(bytes: &[u8]) -> bool {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    let facts = FACTS.get_or_init(Facts::embedded);
    match read_document(bytes, &facts.regions) {
        Ok(imported) => {
            let hosts = imported.data_hosts.iter().chain(&imported.regional_hosts);
            for host in hosts {
                assert_clean(&host.host);
            }
            imported.notes.iter().for_each(|note| assert_clean(note));
            imported.regions.iter().for_each(|name| assert_clean(name));
            true
        }
        Err(error) => is_refused(&error),
    }
}

/// A refusal in words that can be shown; no bytes are taken.
fn is_refused(error: &impl ToString) -> bool {
    assert_clean(&error.to_string());
    false
}

fn assert_clean(text: &str) {
    let hazard = |c: char| c != '\n' && is_hazard(c);
    if let Some(place) = text.find(hazard) {
        let near: String = text[place..].chars().take(40).collect();
        panic!("raw {near:?}");
    }
}
