//! Broken bytes by the thousand for every reader but that of rules, from a fixed seed:
//! `TAGSCOPE_MUTATIONS` makes more of them, `TAGSCOPE_SEED` others. The same readers are fuzzed by
//! `tests/fuzz/run`.

#[path = "../fuzz/readers.rs"]
mod readers;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, GzBuilder};
use serde_json::Value;

use crate::rules_mutations::{Dice, change, number, scratch};

const INPUTS: usize = 1_000;
const PAGE: &str = r#"<a href="https://download.microsoft.com/download/7/1/d/71d/ServiceTags_Public_20261019.json">
<button data-x='{"url":"https:\/\/download.microsoft.com\/a\/ServiceTags_AzureGovernment_20261012.json"}'>
&quot;https://download.microsoft.com/b/ServiceTags_China_20261005.json&quot; //x.example/ServiceTags_AzureGermany_20200101.json"#;

/// Bytes of files in a folder of the tests' data, and of those below.
fn files(folder: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(folder);
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found.retain(|path| path.is_file());
    found
        .into_iter()
        .map(|path| fs::read(path).unwrap())
        .collect()
}

/// Whole inputs of a reader, from which broken ones are made.
fn whole(reader: &str) -> Vec<Vec<u8>> {
    let data = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
        fs::read(folder.join(name)).unwrap()
    };
    let week = || data("check/week.json");
    match reader {
        "publication" => vec![week(), data("small.json")],
        "gzip" => {
            let comment = "8d6e1a2f {\"cloud\":\"public\"}";
            let pack = |builder: GzBuilder| {
                let mut encoder = builder.write(Vec::new(), Compression::fast());
                encoder.write_all(&week()).unwrap();
                encoder.finish().unwrap()
            };
            let one = pack(GzBuilder::new());
            let with_card = pack(GzBuilder::new().comment(comment));
            let several = [one.clone(), with_card.clone(), one.clone()].concat();
            vec![one, with_card, several]
        }
        "page" => vec![PAGE.as_bytes().to_vec()],
        "api" => {
            let page = week();
            vec![page.clone(), [page.clone(), page].join(&0)]
        }
        "settings" => {
            let text = tagscope::settings::DEFAULT_FILE.replace("\n#", "\n");
            vec![
                text.into_bytes(),
                b"offline = true\ncloud = \"usgov\"\n".to_vec(),
            ]
        }
        "registry" => vec![data("check/registry.json")]
            .into_iter()
            .chain(files("registries"))
            .collect(),
        _ => files("explain"),
    }
}

#[test]
fn every_reader_takes_or_refuses_broken_bytes() {
    let inputs = number("TAGSCOPE_MUTATIONS", INPUTS);
    let seed = number("TAGSCOPE_SEED", 1);
    for (name, read) in readers::READERS {
        let mut dice = Dice::new(seed);
        let whole = whole(name);
        let documents: Vec<Option<Value>> = whole
            .iter()
            .map(|bytes| serde_json::from_slice(bytes).ok())
            .collect();
        assert!(!whole.is_empty(), "{name}");
        let mut taken = 0;
        for place in 0..inputs {
            let pick = dice.below(whole.len());
            let mut bytes = match &documents[pick] {
                Some(document) if place % 3 > 0 => {
                    let mut document = document.clone();
                    for _ in 0..=dice.below(4) {
                        change(&mut document, 0, &mut dice);
                    }
                    document.to_string().into_bytes()
                }
                _ => whole[pick].clone(),
            };
            if place % 3 == 0 || documents[pick].is_none() {
                scratch(&mut bytes, &mut dice);
            }
            let ended = std::panic::catch_unwind(|| read(&bytes));
            taken += usize::from(ended.unwrap_or_else(|_| {
                let text = String::from_utf8_lossy(&bytes);
                panic!("{name}, input {place} of seed {seed}: {text}")
            }));
        }
        // Else nothing behind the reader was tried.
        assert!(taken > 0, "{name}: {taken} of {inputs} were taken");
    }
}
