//! Documents made from a seed, with everything in them that a search can trip over.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Value, json};

use crate::oracle::{WIDTHS, top};

/// Numbers that depend on the seed alone.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub fn byte_below(&mut self, limit: u8) -> u8 {
        u8::try_from(self.below(usize::from(limit))).unwrap()
    }

    /// An address of the family.
    pub fn address(&mut self, family: usize) -> u128 {
        self.wide() & top(family)
    }
}

/// Where the prefixes of a document lie.
#[derive(Debug, Clone, Copy)]
pub enum Spread {
    /// All over both families.
    Far,
    /// In the lowest and the highest 1,024 addresses, so that everything touches everything.
    Dense,
}

/// A document of some 40 tags: nested prefixes, siblings, single addresses, both ends of both
/// families, prefixes of one tag to a dozen.
pub fn document(seed: u64, spread: Spread) -> Vec<u8> {
    let mut random = Random::new(seed);
    let names = tag_names();
    let mut rows: Vec<[BTreeSet<(u128, u8)>; 2]> = names
        .iter()
        .map(|_| <[BTreeSet<_>; 2]>::default())
        .collect();
    for family in [0, 1] {
        for prefix in prefixes(&mut random, family, spread) {
            let holders = match random.below(8) {
                0 => 5 + random.below(8),
                1..4 => 1,
                _ => 2 + random.below(3),
            };
            for _ in 0..holders {
                rows[random.below(names.len())][family].insert(prefix);
            }
        }
    }
    let tags: Vec<Value> = names
        .iter()
        .zip(rows)
        .map(|((name, region), rows)| tag(&mut random, name, region, &rows))
        .collect();
    root(&tags)
}

/// A document in which every kind of number exceeds 16 bits: 70,000 blocks of either family, each
/// with its own pair of tags, every second one with a narrower block in it.
pub fn huge_document() -> Vec<u8> {
    let mut random = Random::new(1);
    let mut rows = vec![<[BTreeSet<_>; 2]>::default(); 600];
    for number in 0..70_000_usize {
        let place = u128::try_from(number).unwrap();
        for (family, first, length) in [(0, place << 9, 24), (1, place << 81 | 1 << 121, 48)] {
            for tag in [number % 300, 300 + number / 300] {
                rows[tag][family].insert((first, length));
            }
            if number % 2 == 1 {
                rows[number % 7][family].insert((first, length + 2));
            }
        }
    }
    let tags: Vec<Value> = (0..)
        .zip(rows)
        .map(|(number, rows): (u32, _)| tag(&mut random, &format!("Tag{number}"), "", &rows))
        .collect();
    root(&tags)
}

/// A few tags, for tests that try every byte of the compiled week.
pub fn small_document() -> Vec<u8> {
    let row = |first: u128, length: u8| (first, length);
    let v6 = 0x2603_u128 << 112;
    let tags: [(&str, &str, [BTreeSet<_>; 2]); 4] = [
        (
            "AzureCloud",
            "",
            [
                BTreeSet::from([row(10 << 24, 8), row(u128::from(u32::MAX), 32)]),
                BTreeSet::from([row(v6, 16), row(u128::MAX, 128)]),
            ],
        ),
        (
            "AzureCloud.eastus",
            "eastus",
            [
                BTreeSet::from([row(10 << 24, 9), row(10 << 24 | 1 << 23, 9)]),
                BTreeSet::from([row(v6, 32)]),
            ],
        ),
        (
            "Storage",
            "",
            [
                BTreeSet::from([row(10 << 24, 9), row(0, 32)]),
                BTreeSet::from([row(v6 | 5, 128), row(0, 128)]),
            ],
        ),
        (
            "Storage.EastUS",
            "eastus",
            [
                BTreeSet::from([row(10 << 24, 9), row(10 << 24 | 7, 32)]),
                BTreeSet::from([row(v6, 32), row(v6 | 1 << 64, 64)]),
            ],
        ),
    ];
    let mut random = Random::new(3);
    let tags = tags.map(|(name, region, rows)| tag(&mut random, name, region, &rows));
    root(&tags)
}

fn tag_names() -> Vec<(String, String)> {
    let mut names: Vec<(String, String)> = ["AzureCloud", "AzureCloudShell", "Front.Backend"]
        .map(|name| (name.to_owned(), String::new()))
        .to_vec();
    names.push(("Portal.Ux".to_owned(), "texas".to_owned()));
    names.push(("azureDigital".to_owned(), String::new()));
    for region in ["eastus", "norwaye", "westeurope"] {
        names.push((format!("AzureCloud.{region}"), region.to_owned()));
    }
    for service in 0..8 {
        names.push((format!("Service{service}"), String::new()));
        for region in ["EastUS", "NorwayEast", "WestEurope"] {
            let property = region.to_ascii_lowercase().replace("norwayeast", "norwaye");
            names.push((format!("Service{service}.{region}"), property));
        }
    }
    names
}

/// Prefixes around some hundred places and at both ends of the family.
fn prefixes(random: &mut Random, family: usize, spread: Spread) -> Vec<(u128, u8)> {
    let (width, top) = (WIDTHS[family], top(family));
    let masked = |address: u128, length: u8| {
        let host_bits = u32::from(width - length);
        (address >> host_bits << host_bits & top, length)
    };
    // In half of the documents the outermost addresses are in no tag, their neighbours are.
    let mut list = if random.below(2) == 0 {
        vec![(1, width), (top - 1, width)]
    } else {
        let half = top ^ (top >> 1);
        let mut ends = vec![(0, 1), (half, 1), (0, width), (top, width)];
        ends.extend([masked(top, 8), masked(0, 8), masked(top, width - 1)]);
        ends
    };
    for _ in 0..150 {
        let (base, shortest) = match spread {
            Spread::Far => (random.address(family), 8),
            Spread::Dense if random.below(2) == 0 => (random.address(family) & 1023, width - 10),
            Spread::Dense => (top - (random.address(family) & 1023), width - 10),
        };
        let mut length = shortest + random.byte_below(10);
        for _ in 0..=random.below(4) {
            let (first, length_now) = masked(base, length);
            list.push((first, length_now));
            let size = 1_u128 << (width - length);
            match random.below(6) {
                0 => list.push((first ^ size, length)),
                1 => list.extend(
                    first
                        .checked_add(size)
                        .filter(|&at| at <= top)
                        .map(|at| (at, length)),
                ),
                2 => list.extend([(first, width), (first + (size - 1), width)]),
                _ => {}
            }
            length = (length + 1 + random.byte_below(width / 8)).min(width);
        }
    }
    list
}

fn tag(random: &mut Random, name: &str, region: &str, rows: &[BTreeSet<(u128, u8)>; 2]) -> Value {
    let v4 = rows[0].iter().map(|&(first, length)| {
        let address = Ipv4Addr::from(u32::try_from(first).unwrap());
        format!("{address}/{length}")
    });
    let v6 = rows[1]
        .iter()
        .map(|&(first, length)| format!("{}/{length}", Ipv6Addr::from(first)));
    let features = match random.below(4) {
        0 => Value::Null,
        1 => json!([]),
        2 => json!(["VSE", "NSG", "API"]),
        _ => json!(["FW", "NEW", "UDR", "ALSO"]),
    };
    json!({
        "name": name,
        "id": name,
        "properties": {
            "changeNumber": random.below(300),
            "region": region,
            "regionId": 0,
            "platform": "Azure",
            "systemService": if random.below(3) == 0 { "" } else { name },
            "addressPrefixes": v4.chain(v6).collect::<Vec<String>>(),
            "networkFeatures": features,
        },
    })
}

fn root(tags: &[Value]) -> Vec<u8> {
    let root = json!({ "changeNumber": 408, "cloud": "Public", "values": tags });
    serde_json::to_vec_pretty(&root).unwrap()
}
