//! 64 addresses, tags over them, and what a rule can name, without a line of the program's own sets.

use serde_json::{Value, json};
use tagscope::azure::parse;
use tagscope::index::{Index, write};
use tagscope::query::rules::verdict::{VerdictAnswer, VerdictQuestion, ask};
use tagscope::query::rules::{AddressResolver, LoadedFile};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::rules::read_rules;
use tagscope::text::Safe;

/// The first of 32 public addresses: 203.0.113.0.
pub const PUBLIC: u32 = 0xcb00_7100;
/// The first of 32 private addresses: 10.0.0.0.
pub const PRIVATE: u32 = 0x0a00_0000;
pub const EACH: u32 = 32;

/// Name, region, prefixes.
type MadeTag = (&'static str, &'static str, &'static [(u32, u8)]);

/// Tags of the week: prefixes as first address and length.
pub const TAGS: [MadeTag; 5] = [
    ("Alpha", "", &[(PUBLIC, 29), (PUBLIC + 16, 30)]),
    (
        "Alpha.WestEurope",
        "westeurope",
        &[(PUBLIC, 30), (PUBLIC + 16, 30)],
    ),
    (
        "AzureCloud",
        "",
        &[(PUBLIC, 28), (PUBLIC + 16, 30), (PUBLIC, 29)],
    ),
    (
        "AzureCloud.westeurope",
        "westeurope",
        &[(PUBLIC, 28), (PUBLIC + 16, 30)],
    ),
    ("Beta", "", &[(PUBLIC + 8, 29), (PRIVATE + 4, 30)]),
];

pub fn universe() -> impl Iterator<Item = u32> {
    (PUBLIC..PUBLIC + EACH).chain(PRIVATE..PRIVATE + EACH)
}

pub fn text(address: u32) -> String {
    std::net::Ipv4Addr::from_bits(address).to_string()
}

pub fn is_in(address: u32, first: u32, length: u8) -> bool {
    (u64::from(address) >> (32 - length)) == (u64::from(first) >> (32 - length))
}

pub fn is_private(address: u32) -> bool {
    is_in(address, PRIVATE, 8)
}

pub fn in_tag(address: u32, name: &str) -> bool {
    let tag = TAGS.iter().find(|(tag, ..)| *tag == name).unwrap();
    tag.2
        .iter()
        .any(|&(first, length)| is_in(address, first, length))
}

pub fn dataset() -> Dataset {
    let values: Vec<Value> = TAGS
        .iter()
        .map(|(name, region, prefixes)| {
            let prefixes: Vec<String> = prefixes.iter().map(|&(first, length)| format!("{}/{length}", text(first))).collect();
            json!({"name": name, "id": name, "properties": {"changeNumber": 1, "region": region, "regionId": 0, "platform": "Azure",
                "systemService": "", "addressPrefixes": prefixes, "networkFeatures": ["NSG"]}})
        })
        .collect();
    let document = json!({"changeNumber": 1, "cloud": "Public", "values": values}).to_string();
    let document = parse(document.as_bytes(), None).unwrap();
    let provenance = Provenance {
        source: Source::File,
        origin: Safe::new("test"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(
        Index::open(write(&document.week).unwrap()).unwrap(),
        provenance,
    )
}

pub fn answered(files: &Value, question: &VerdictQuestion) -> VerdictAnswer {
    let loaded = [LoadedFile {
        path: Safe::new("test.json"),
        file: read_rules(files.to_string().as_bytes()).unwrap(),
    }];
    thread_local! {
        static WEEK: Dataset = dataset();
    }
    WEEK.with(|week| {
        let resolver = AddressResolver::new(week, &loaded);
        ask(question, &loaded, &resolver).unwrap()
    })
}

/// The cases in which something holds, a bit each. They are what addresses do not tell: for each end
/// of the traffic whether the tag and the group that nobody knows have it, and which host it goes to.
pub type Held = u128;

/// How many hosts the traffic may go to where it is asked without a name.
pub const HOSTS: u32 = 5;
/// In every case.
pub const ALWAYS: Held = (1 << (16 * HOSTS)) - 1;

pub const fn known(holds: bool) -> Held {
    if holds { ALWAYS } else { 0 }
}

/// The cases in which an unknown has an end: 0 and 1 are the source's, 2 and 3 the destination's.
fn unknown(bit: u32) -> Held {
    let cases = (0..16 * HOSTS).filter(|case| (case >> bit) & 1 == 1);
    cases.map(|case| 1 << case).sum()
}

/// The cases in which the traffic goes to a host.
pub fn to_host(host: u32) -> Held {
    0xffff << (16 * host)
}

/// What a rule can name, and whether that holds an address.
pub const ENTRIES: [&str; 14] = [
    "*",
    "203.0.113.0/28",
    "203.0.113.5",
    "203.0.113.6-203.0.113.19",
    "10.0.0.0/28",
    "10.0.0.3",
    "0.0.0.0/0",
    "Alpha",
    "Beta",
    "VirtualNetwork",
    "INTERNET",
    "AzureLoadBalancer",
    "NoSuchTag",
    "group",
];

/// The cases in which an entry has an address that is the source's or the destination's.
pub fn holds(entry: usize, address: u32, is_source: bool) -> Held {
    let first = if is_source { 0 } else { 2 };
    known(match ENTRIES[entry] {
        "*" | "0.0.0.0/0" => true,
        "203.0.113.0/28" => is_in(address, PUBLIC, 28),
        "203.0.113.5" => address == PUBLIC + 5,
        "203.0.113.6-203.0.113.19" => (PUBLIC + 6..=PUBLIC + 19).contains(&address),
        "10.0.0.0/28" => is_in(address, PRIVATE, 28),
        "10.0.0.3" => address == PRIVATE + 3,
        "VirtualNetwork" => is_private(address),
        "INTERNET" => !is_private(address),
        "NoSuchTag" => return unknown(first),
        // An application security group has private addresses only.
        "group" if is_private(address) => return unknown(first + 1),
        "group" | "AzureLoadBalancer" => false,
        tag => in_tag(address, tag),
    })
}

pub fn any_holds(entries: &[usize], address: u32, is_source: bool) -> Held {
    let all = entries.iter();
    all.fold(0, |all, &entry| all | holds(entry, address, is_source))
}

/// An unknown IP group, which may have any address.
pub fn of_ip_group(is_source: bool) -> Held {
    unknown(if is_source { 1 } else { 3 })
}
