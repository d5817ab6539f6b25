//! What a document says, read and searched with none of the library's code.
//!
//! Rows are parsed by the standard library and searched twice: by a scan over all of them, and
//! for many questions by a sweep that keeps the answer of every elementary interval.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value;

/// Address widths; a family is a place in this array.
pub const WIDTHS: [u8; 2] = [32, 128];

/// A tag's place in name order, and the length of its prefix.
pub type Answer = (usize, u8);

/// A tag's place in name order, and its prefix as first address and length.
pub type Found = (usize, u128, u8);

/// One tag of the document.
pub struct OracleTag {
    pub name: String,
    pub region: String,
    pub service: String,
    pub features: Option<String>,
    pub number: Option<u64>,
    /// First address and length, ascending, by family.
    pub prefixes: [Vec<(u128, u8)>; 2],
}

/// One prefix of one tag.
#[derive(Clone, Copy)]
pub struct Row {
    pub first: u128,
    pub last: u128,
    pub length: u8,
    /// Place in name order.
    pub tag: usize,
    /// Place in the order in which tags of one prefix are listed.
    listed: usize,
}

/// A document's content.
pub struct Oracle {
    pub cloud: String,
    pub number: Option<u64>,
    /// In name order.
    pub tags: Vec<OracleTag>,
    /// By family.
    pub rows: [Vec<Row>; 2],
}

/// The highest address of a family.
pub fn top(family: usize) -> u128 {
    u128::MAX >> (128 - u32::from(WIDTHS[family]))
}

/// Everything that a span meets.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Around {
    pub covering: Vec<Found>,
    pub leaning_in: Vec<Found>,
    pub starting_in: Vec<Found>,
    /// Below and above, with the distance; only where no row touches the span.
    pub neighbours: Vec<(Found, u128, bool)>,
}

impl Oracle {
    pub fn read(document: &[u8]) -> Self {
        let root: Value = serde_json::from_slice(document).unwrap();
        let values = root["values"].as_array().unwrap();
        let mut tags: Vec<OracleTag> = values.iter().map(read_tag).collect();
        tags.sort_by(|a, b| a.name.as_bytes().cmp(b.name.as_bytes()));
        let mut order: Vec<usize> = (0..tags.len()).collect();
        order.sort_by_key(|&tag| (breadth(&tags[tag]), tag));
        let mut rows = [Vec::new(), Vec::new()];
        for (listed, &tag) in order.iter().enumerate() {
            for (family, rows) in rows.iter_mut().enumerate() {
                for &(first, length) in &tags[tag].prefixes[family] {
                    let host_bits = u32::from(WIDTHS[family] - length);
                    let hosts = 1_u128.checked_shl(host_bits).unwrap_or(0).wrapping_sub(1);
                    rows.push(Row {
                        first,
                        last: first + hosts,
                        length,
                        tag,
                        listed,
                    });
                }
            }
        }
        Self {
            cloud: root["cloud"].as_str().unwrap().to_owned(),
            number: root["changeNumber"].as_u64(),
            tags,
            rows,
        }
    }

    pub fn row_count(&self) -> usize {
        self.rows[0].len() + self.rows[1].len()
    }

    /// The tags of an address, by a scan.
    pub fn scan(&self, family: usize, address: u128) -> Vec<Answer> {
        let mut found: Vec<&Row> = self.rows[family]
            .iter()
            .filter(|row| row.first <= address && address <= row.last)
            .collect();
        found.sort_by_key(|row| (Reverse(row.length), row.listed));
        found.iter().map(|row| (row.tag, row.length)).collect()
    }

    /// What a span meets, by one scan.
    pub fn around(&self, family: usize, first: u128, last: u128) -> Around {
        let (mut covering, mut leaning_in, mut starting_in) = (vec![], vec![], vec![]);
        let (mut below, mut above): (Option<&Row>, Option<&Row>) = (None, None);
        let mut is_touched = false;
        let narrower = |row: &Row, than: &Row| {
            (Reverse(row.length), row.listed) < (Reverse(than.length), than.listed)
        };
        for row in &self.rows[family] {
            if row.last < first {
                let is_nearer = below.is_none_or(|best| {
                    row.last > best.last || (row.last == best.last && narrower(row, best))
                });
                if is_nearer {
                    below = Some(row);
                }
            } else if row.first > last {
                let is_nearer = above.is_none_or(|best| {
                    row.first < best.first || (row.first == best.first && narrower(row, best))
                });
                if is_nearer {
                    above = Some(row);
                }
            } else {
                is_touched = true;
                if row.first <= first && row.last >= last {
                    covering.push(row);
                }
                if row.first < first && row.last < last {
                    leaning_in.push(row);
                }
                if row.first >= first {
                    starting_in.push(row);
                }
            }
        }
        for rows in [&mut covering, &mut leaning_in] {
            rows.sort_by_key(|row| (Reverse(row.length), row.listed));
        }
        starting_in.sort_by_key(|row| (row.first, row.length, row.listed));
        let mut neighbours = Vec::new();
        if !is_touched {
            neighbours.extend(below.map(|row| (found(row), first - row.last, true)));
            neighbours.extend(above.map(|row| (found(row), row.first - last, false)));
        }
        let all = |rows: Vec<&Row>| rows.into_iter().map(found).collect();
        Around {
            covering: all(covering),
            leaning_in: all(leaning_in),
            starting_in: all(starting_in),
            neighbours,
        }
    }
}

fn found(row: &Row) -> Found {
    (row.tag, row.first, row.length)
}

/// The answer of every elementary interval of one family.
pub struct Sweep {
    starts: Vec<u128>,
    answers: Vec<Vec<Answer>>,
}

impl Sweep {
    pub fn of(rows: &[Row], top: u128) -> Self {
        let mut opens: Vec<&Row> = rows.iter().collect();
        opens.sort_by_key(|row| row.first);
        let mut closes = opens.clone();
        closes.sort_by_key(|row| row.last);
        let mut starts: Vec<u128> = rows.iter().map(|row| row.first).collect();
        let ends = rows.iter().map(|row| row.last).filter(|&last| last < top);
        starts.extend(ends.map(|last| last + 1));
        starts.sort_unstable();
        starts.dedup();
        let (mut opens, mut closes) = (opens.into_iter().peekable(), closes.into_iter().peekable());
        let mut active = BTreeSet::new();
        let key = |row: &Row| (Reverse(row.length), row.listed, row.tag);
        let mut answers = Vec::with_capacity(starts.len());
        for &start in &starts {
            while let Some(row) = closes.next_if(|row| row.last < start) {
                assert!(active.remove(&key(row)));
            }
            while let Some(row) = opens.next_if(|row| row.first <= start) {
                assert!(active.insert(key(row)), "a prefix twice in one tag");
            }
            let answer = active.iter().map(|&(length, _, tag)| (tag, length.0));
            answers.push(answer.collect());
        }
        Self { starts, answers }
    }

    /// The tags of an address.
    pub fn at(&self, address: u128) -> &[Answer] {
        match self.starts.partition_point(|&start| start <= address) {
            0 => &[],
            after => &self.answers[after - 1],
        }
    }

    /// Where the answer may change.
    pub fn starts(&self) -> &[u128] {
        &self.starts
    }
}

fn read_tag(value: &Value) -> OracleTag {
    let properties = &value["properties"];
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let mut prefixes = [Vec::new(), Vec::new()];
    for prefix in properties["addressPrefixes"].as_array().unwrap() {
        let (address, length) = prefix.as_str().unwrap().split_once('/').unwrap();
        let length = length.parse().unwrap();
        match address.parse().unwrap() {
            IpAddr::V4(v4) => prefixes[0].push((u128::from(u32::from(v4)), length)),
            IpAddr::V6(v6) => prefixes[1].push((u128::from(v6), length)),
        }
    }
    for prefixes in &mut prefixes {
        prefixes.sort_unstable();
    }
    OracleTag {
        name: text(&value["name"]),
        region: text(&properties["region"]),
        service: text(&properties["systemService"]),
        features: properties["networkFeatures"].as_array().map(|words| {
            let words: BTreeSet<&str> = words.iter().map(|word| word.as_str().unwrap()).collect();
            let known = ["API", "NSG", "UDR", "FW", "VSE"];
            let mut ordered: Vec<&str> = known
                .into_iter()
                .filter(|word| words.contains(word))
                .collect();
            ordered.extend(words.iter().filter(|word| !known.contains(word)));
            ordered.join(" ")
        }),
        number: properties["changeNumber"].as_u64(),
        prefixes,
    }
}

/// 0 for a service in a region, 1 for a service, 2 for a region of the cloud, 3 for the cloud.
fn breadth(tag: &OracleTag) -> u8 {
    let is_cloud = tag.name.split('.').next() == Some("AzureCloud");
    2 * u8::from(is_cloud) + u8::from(tag.region.is_empty())
}
