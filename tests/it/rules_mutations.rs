//! Broken documents by the thousand, from a fixed seed: everything that is done with rules is done
//! with each. `TAGSCOPE_MUTATIONS` makes more of them, `TAGSCOPE_SEED` others.

#[path = "../fuzz/drive.rs"]
mod drive;

use serde_json::{Value, json};

use crate::rules_documents::all;

const INPUTS: usize = 20_000;
/// Texts and numbers that readers trip over.
const ODD: [&str; 22] = [
    "",
    "*",
    "-",
    "/",
    "0",
    "-1",
    "65536",
    "4294967296",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.5/33",
    "10.0.0.9-10.0.0.1",
    "255.255.255.255",
    "443-80",
    "Storage",
    "AzureCloud",
    "INTERNET",
    "\u{1b}[31m",
    "\u{202e}",
    "a\nb",
    "# tag: Storage",
    "/subscriptions//resourceGroups//providers/Microsoft.Network/virtualNetworks//subnets/",
];

const MARKS: &[u8] = b"{}[]\",:0-./*#\n\xff\x1b";

/// The generator of Marsaglia (xorshift64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: usize) -> Self {
        let seed = u64::try_from(seed).unwrap();
        Self(0x9e37_79b9_7f4a_7c15 ^ (seed << 32))
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap();
        usize::try_from(self.roll() % count).unwrap()
    }
}

fn odd(dice: &mut Dice) -> Value {
    match dice.below(9) {
        0 => Value::Null,
        1 => json!(dice.below(70_000)),
        2 => json!(-1.5e300),
        3 => json!([]),
        4 => json!({}),
        5 => json!([ODD[dice.below(ODD.len())], ODD[dice.below(ODD.len())]]),
        6 => json!(dice.below(2) == 0),
        _ => json!(ODD[dice.below(ODD.len())]),
    }
}

/// A value somewhere below is replaced, taken out, doubled or moved.
pub fn change(value: &mut Value, depth: usize, dice: &mut Dice) {
    // Near the root a change leaves nothing to read.
    let stops = dice.below(40) < depth * 4;
    match value {
        Value::Object(map) if !map.is_empty() && !stops => {
            let keys: Vec<String> = map.keys().cloned().collect();
            let key = &keys[dice.below(keys.len())];
            match dice.below(12) {
                0 => {
                    map.remove(key);
                }
                1 => {
                    let other = &keys[dice.below(keys.len())];
                    let moved = map[other].clone();
                    map.insert(key.clone(), moved);
                }
                _ => change(map.get_mut(key).unwrap(), depth + 1, dice),
            }
        }
        Value::Array(list) if !list.is_empty() && !stops => {
            let place = dice.below(list.len());
            match dice.below(12) {
                0 => {
                    list.remove(place);
                }
                1 => {
                    let again = list[place].clone();
                    list.push(again);
                }
                2 => list.reverse(),
                _ => change(&mut list[place], depth + 1, dice),
            }
        }
        other => *other = odd(dice),
    }
}

/// Bytes of the text are changed, so that it may be no JSON any more.
pub fn scratch(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(3) {
        let place = dice.below(bytes.len());
        match dice.below(4) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place, MARKS[dice.below(MARKS.len())]),
            2 if place < bytes.len() => {
                bytes.remove(place);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
}

/// A number from the environment, else the default.
pub fn number(name: &str, default: usize) -> usize {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().unwrap())
}

#[test]
fn every_broken_document_is_read_or_refused_and_everything_done_with_it() {
    let inputs = number("TAGSCOPE_MUTATIONS", INPUTS);
    let seed = number("TAGSCOPE_SEED", 1);
    let mut dice = Dice::new(seed);
    let mut documents: Vec<Value> = all().into_iter().map(|(_, document)| document).collect();
    documents.push(json!([
        "203.0.113.9",
        "20.38.108.0/23",
        "Storage.WestEurope"
    ]));
    let list =
        "# tag: Storage.WestEurope\n20.38.108.0/23\n20.60.26.0/23, 8.8.8.8-8.8.8.9\nEventHub\n";
    let mut read = 0;
    for place in 0..inputs {
        let mut bytes = if place % 10 == 0 {
            list.as_bytes().to_vec()
        } else {
            let mut document = documents[place % documents.len()].clone();
            for _ in 0..=dice.below(4) {
                change(&mut document, 0, &mut dice);
            }
            document.to_string().into_bytes()
        };
        if place % 10 == 0 || place % 7 == 0 {
            scratch(&mut bytes, &mut dice);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let ended = std::panic::catch_unwind(|| drive::drive(&bytes));
        read +=
            usize::from(ended.unwrap_or_else(|_| panic!("input {place} of seed {seed}: {text}")));
    }
    // Most of them are still rules, or nothing behind the readers was tried.
    assert!(read * 2 > inputs, "{read} of {inputs}");
    eprintln!("{read} of {inputs} were rules");
}
