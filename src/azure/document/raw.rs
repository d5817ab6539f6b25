//! The document as serde sees it: every field optional, every wrong type survivable.
//!
//! Prefixes are parsed while the text is read, so no row becomes a `String`.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::azure::document::{FLAWS_KEPT, FlawKind, MAX_ROWS, MAX_TAGS, prefix};
use crate::space::Block;

/// The root object of either dialect.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawRoot<'a> {
    #[serde(default)]
    pub change_number: Number,
    #[serde(default, borrow)]
    pub cloud: Text<'a>,
    #[serde(default, borrow)]
    pub values: Option<Lenient<Entries<'a>>>,
    #[serde(default, borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(default, borrow)]
    id: Text<'a>,
}

impl RawRoot<'_> {
    /// The API's root has `id` and `type`; the file's has not.
    pub fn dialect(&self) -> crate::azure::Dialect {
        let is_file = matches!((&self.kind.0, &self.id.0), (Ok(None), Ok(None)));
        if is_file && !self.change_number.1 {
            crate::azure::Dialect::File
        } else {
            crate::azure::Dialect::Api
        }
    }

    /// Neither a cloud nor a number: some other JSON object.
    pub fn is_anonymous(&self) -> bool {
        matches!(self.cloud.0, Ok(None)) && matches!(self.change_number.0, Ok(None))
    }
}

/// A tag as published.
#[derive(serde::Deserialize)]
pub struct RawTag<'a> {
    #[serde(default, borrow)]
    pub name: Text<'a>,
    #[serde(default, borrow)]
    pub id: Text<'a>,
    #[serde(default, borrow)]
    pub properties: Lenient<RawProperties<'a>>,
}

/// `properties` of a tag.
#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RawProperties<'a> {
    #[serde(default)]
    pub change_number: Number,
    #[serde(default, borrow)]
    pub region: Text<'a>,
    #[serde(default)]
    pub region_id: Number,
    #[serde(default, borrow)]
    pub system_service: Text<'a>,
    #[serde(default)]
    pub address_prefixes: Prefixes,
    #[serde(default, borrow)]
    pub network_features: Words<'a>,
}

/// An element of `values`.
pub type RawEntry<'a> = Lenient<RawTag<'a>>;

/// An object or array of the expected type, else nothing.
pub struct Lenient<T>(pub Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// A text; `Err` for another type.
pub struct Text<'a>(pub Result<Option<Cow<'a, str>>, ()>);

impl<'a> Text<'a> {
    pub fn text(&self) -> Option<Cow<'a, str>> {
        self.0.clone().ok().flatten()
    }
}

impl Default for Text<'_> {
    fn default() -> Self {
        Self(Ok(None))
    }
}

/// A whole number, or the same in a string (then `.1` is true); `Err` with what was found.
pub struct Number(pub Result<Option<u32>, String>, pub bool);

impl Default for Number {
    fn default() -> Self {
        Self(Ok(None), false)
    }
}

/// A list of words; `Err` for another type.
pub struct Words<'a>(pub Result<Option<Vec<Cow<'a, str>>>, ()>);

impl Default for Words<'_> {
    fn default() -> Self {
        Self(Ok(None))
    }
}

/// `values`.
#[derive(Default)]
pub struct Entries<'a> {
    pub entries: Vec<RawEntry<'a>>,
    /// More than the cap; the rest was skipped.
    pub overflows: bool,
}

/// `addressPrefixes`, parsed.
#[derive(Default)]
pub struct Prefixes {
    pub blocks: Vec<Block>,
    /// Row from 1, what is wrong, the text.
    pub flaws: Vec<(usize, FlawKind, String)>,
    pub flaw_count: usize,
    /// More than the cap; the rest was skipped.
    pub overflows: bool,
}

impl Prefixes {
    fn push(&mut self, row: usize, text: &str) {
        match prefix::parse(text) {
            Ok((block, _)) if block.length() == 0 => self.flaw(row, FlawKind::ZeroLength, text),
            Ok((block, has_host_bits)) => {
                if has_host_bits {
                    self.flaw(row, FlawKind::HostBits, text);
                }
                self.blocks.push(block);
            }
            Err(_) => self.flaw(row, FlawKind::NotAPrefix, text),
        }
    }

    fn flaw(&mut self, row: usize, kind: FlawKind, text: &str) {
        self.flaw_count += 1;
        if self.flaws.len() < FLAWS_KEPT {
            let head = text.chars().take(81).collect();
            self.flaws.push((row, kind, head));
        }
    }
}

/// Visits of types that a field does not expect, all answered alike.
macro_rules! otherwise {
    ($($visit:ident($kind:ty)),* => $answer:expr) => {
        $(fn $visit<E: serde::de::Error>(self, value: $kind) -> Result<Self::Value, E> {
            Ok($answer(&value as &dyn std::fmt::Debug))
        })*
    };
}

macro_rules! skip_seq {
    ($answer:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok($answer)
        }
    };
}

macro_rules! skip_map {
    ($answer:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($answer)
        }
    };
}

fn expecting(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str("any JSON value")
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                expecting(f)
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Ok(Some(Cow::Borrowed(text)))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Ok(Some(Cow::Owned(text.to_owned())))))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text(Ok(None)))
            }
            otherwise!(visit_bool(bool), visit_u64(u64), visit_i64(i64), visit_f64(f64)
                => |_| Text(Err(())));
            skip_seq!(Text(Err(())));
            skip_map!(Text(Err(())));
        }
        deserializer.deserialize_any(Visit)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                expecting(f)
            }
            fn visit_u64<E>(self, number: u64) -> Result<Number, E> {
                // u32::MAX stands for "none" in the compiled index.
                let read = u32::try_from(number).ok().filter(|&n| n < u32::MAX);
                Ok(Number(
                    read.map(Some).ok_or_else(|| number.to_string()),
                    false,
                ))
            }
            fn visit_str<E>(self, text: &str) -> Result<Number, E> {
                let read = text.parse().ok().filter(|&n: &u32| n < u32::MAX);
                Ok(Number(read.map(Some).ok_or_else(|| text.to_owned()), true))
            }
            fn visit_unit<E>(self) -> Result<Number, E> {
                Ok(Number::default())
            }
            otherwise!(visit_bool(bool), visit_i64(i64), visit_f64(f64)
                => |found: &dyn fmt::Debug| Number(Err(format!("{found:?}")), false));
            skip_seq!(Number(Err("a list".to_owned()), false));
            skip_map!(Number(Err("an object".to_owned()), false));
        }
        deserializer.deserialize_any(Visit)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Words<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Words<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                expecting(f)
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Words(Ok(None)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut words = Some(Vec::new());
                while let Some(word) = seq.next_element::<Text<'de>>()? {
                    match (&mut words, word.text()) {
                        (Some(list), Some(word)) if list.len() < 256 => list.push(word),
                        _ => words = None,
                    }
                }
                Ok(Words(words.map(Some).ok_or(())))
            }
            otherwise!(visit_bool(bool), visit_u64(u64), visit_i64(i64), visit_f64(f64),
                visit_str(&str) => |_| Words(Err(())));
            skip_map!(Words(Err(())));
        }
        deserializer.deserialize_any(Visit)
    }
}

impl<'de> Deserialize<'de> for Prefixes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Prefixes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                expecting(f)
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Prefixes::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut prefixes = Prefixes::default();
                let mut row = 0_usize;
                while let Some(text) = seq.next_element::<Text<'de>>()? {
                    row += 1;
                    prefixes.overflows |= row > MAX_ROWS;
                    match text.0 {
                        _ if prefixes.overflows => {}
                        Ok(Some(text)) => prefixes.push(row, &text),
                        Ok(None) => prefixes.flaw(row, FlawKind::NotAPrefix, "null"),
                        Err(()) => prefixes.flaw(row, FlawKind::NotAPrefix, "not a text"),
                    }
                }
                Ok(prefixes)
            }
            otherwise!(visit_bool(bool), visit_u64(u64), visit_i64(i64), visit_f64(f64),
                visit_str(&str) => not_a_list);
            skip_map!(not_a_list(&"an object"));
        }
        deserializer.deserialize_any(Visit)
    }
}

fn not_a_list(found: &dyn fmt::Debug) -> Prefixes {
    let mut prefixes = Prefixes::default();
    prefixes.flaw(1, FlawKind::NotAPrefix, &format!("{found:?}"));
    prefixes
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;
        impl<'de> Visitor<'de> for Visit {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of tags")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Entries::default();
                while all.entries.len() < MAX_TAGS {
                    match seq.next_element()? {
                        Some(entry) => all.entries.push(entry),
                        None => return Ok(all),
                    }
                }
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    all.overflows = true;
                }
                Ok(all)
            }
        }
        deserializer.deserialize_seq(Visit)
    }
}

/// Objects pass to `T`; everything else is skipped.
macro_rules! lenient {
    ($inner:ident, $visit:ident, $access:ident, $wrap:path, $skip:ident) => {
        impl<'de: 'a, 'a> Deserialize<'de> for Lenient<$inner<'a>> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visit;
                impl<'de> Visitor<'de> for Visit {
                    type Value = Lenient<$inner<'de>>;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        expecting(f)
                    }
                    fn $visit<A: $access<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
                        $inner::deserialize($wrap(access)).map(|inner| Lenient(Some(inner)))
                    }
                    fn visit_unit<E>(self) -> Result<Self::Value, E> {
                        Ok(Lenient(None))
                    }
                    otherwise!(visit_bool(bool), visit_u64(u64), visit_i64(i64), visit_f64(f64),
                        visit_str(&str) => |_| Lenient(None));
                    $skip!(Lenient(None));
                }
                deserializer.deserialize_any(Visit)
            }
        }
    };
}

lenient!(
    RawTag,
    visit_map,
    MapAccess,
    MapAccessDeserializer::new,
    skip_seq
);
lenient!(
    RawProperties,
    visit_map,
    MapAccess,
    MapAccessDeserializer::new,
    skip_seq
);
lenient!(
    Entries,
    visit_seq,
    SeqAccess,
    serde::de::value::SeqAccessDeserializer::new,
    skip_map
);
