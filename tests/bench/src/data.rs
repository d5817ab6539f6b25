//! The document that everything is measured on, and the addresses that are looked up.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tagscope::azure::Week;
use tagscope::index::View;
use tagscope::space::{Block, Family};

/// The published document in ordinary types: what a serde user writes first.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Publication {
    pub change_number: u32,
    pub cloud: String,
    pub values: Vec<PublishedTag>,
}

/// An element of `values`.
#[derive(Serialize, Deserialize)]
pub struct PublishedTag {
    pub name: String,
    pub id: String,
    pub properties: Properties,
}

/// `properties` of a tag.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Properties {
    pub change_number: u32,
    pub region: String,
    pub region_id: u32,
    pub platform: String,
    pub system_service: String,
    pub address_prefixes: Vec<String>,
    pub network_features: Option<Vec<String>>,
}

/// The bytes of the document and a word on where they are from.
pub fn document() -> (Vec<u8>, String) {
    let default = repository().join("../shared/snapshots/ServiceTags_Public_20251028.json");
    let path = match std::env::args_os().nth(1) {
        Some(path) => PathBuf::from(path),
        None if default.exists() => default,
        None => {
            return (
                synthesized(),
                "made from the newest embedded week".to_owned(),
            );
        }
    };
    let bytes = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (bytes, name.into_owned())
}

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn synthesized() -> Vec<u8> {
    let chronicle = tagscope::index::embedded_chronicle().unwrap();
    let week = chronicle.week(chronicle.entries().len() - 1).unwrap();
    serde_json::to_vec_pretty(&published(&week)).unwrap()
}

fn published(week: &Week) -> Publication {
    let tag = |tag: &tagscope::azure::Tag| PublishedTag {
        name: tag.name.clone(),
        id: tag.name.clone(),
        properties: Properties {
            change_number: tag.change_number.unwrap_or(1),
            region: tag.region.clone(),
            region_id: 0,
            platform: "Azure".to_owned(),
            system_service: tag.system_service.clone(),
            address_prefixes: tag.prefixes.iter().map(Block::to_string).collect(),
            network_features: tag.features.as_ref().map(|features| {
                let words = features.as_str().split_whitespace();
                words.map(str::to_owned).collect()
            }),
        },
    };
    Publication {
        change_number: week.change_number.unwrap_or(1),
        cloud: week.cloud.name().to_owned(),
        values: week.tags.iter().map(tag).collect(),
    }
}

/// Every (tag, prefix) of a family.
pub fn rows(view: &View<'_>, family: Family) -> Vec<(u16, Block)> {
    view.tag_ids()
        .flat_map(|tag| view.prefixes(tag, family).map(move |block| (tag.0, block)))
        .collect()
}

/// Addresses in random order: every other one inside a random prefix, the rest anywhere in IPv4
/// or in `2000::/3`, the part of IPv6 that is given out.
pub fn addresses(rows: &[(u16, Block)], count: usize) -> Vec<u128> {
    let mut blocks: Vec<Block> = rows.iter().map(|row| row.1).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let all = match blocks[0].family() {
        Family::V4 => Block::holding(Family::V4, 0, 0),
        Family::V6 => Block::holding(Family::V6, 0x2000 << 112, 3),
    };
    let mut random = Random(0x7461_6773_636f_7065);
    let mut found: Vec<u128> = (0..count)
        .map(|number| {
            let block = match number % 2 {
                0 => blocks[random.below(blocks.len())],
                _ => all,
            };
            block.first() + (random.wide() & (block.last() - block.first()))
        })
        .collect();
    for place in (1..found.len()).rev() {
        found.swap(place, random.below(place + 1));
    }
    found
}

/// `SplitMix64`: the same numbers in every run.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}
