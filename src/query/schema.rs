//! JSON Schemas of the documents that verbs print: the files of `assets/schema`, each made whole with the
//! parts that it refers to.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::query::lines::{Lines, plain};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};
use crate::text::closest;

/// What several schemas have in common.
const PARTS: &str = include_str!("../../assets/schema/parts.json");
/// How a file refers to a part, and to something of its own.
const PART: &str = "parts.json#/$defs/";
const OWN: &str = "#/$defs/";
/// The key of what is referred to; it stands last in a file.
const DEFS: &str = "$defs";
/// What is said there of a line of JSON Lines, where a line is not the whole document.
const LINE: &str = "line";
/// Names that are offered instead of an unknown one.
const NEAR: usize = 4;

/// The schema of a verb's document.
#[derive(Debug, Clone, Copy)]
pub struct DocumentSchema {
    /// The words of the verb: `rules test`.
    pub verb: &'static str,
    /// The file.
    text: &'static str,
}

macro_rules! schemas {
    ($($verb:literal $file:literal)*) => {
        /// Every schema, in the order of the verbs.
        pub const SCHEMAS: &[DocumentSchema] = &[$(DocumentSchema {
            verb: $verb,
            text: include_str!(concat!("../../assets/schema/", $file, ".json")),
        }),*];
    };
}

schemas! {
    "lookup" "lookup"
    "explain" "explain"
    "tags" "tags"
    "tags show" "tags-show"
    "tags prefixes" "tags-prefixes"
    "regions" "regions"
    "endpoints" "endpoints"
    "rules show" "rules-show"
    "rules test" "rules-test"
    "rules check" "rules-check"
    "rules impact" "rules-impact"
    "rules fit" "rules-fit"
    "rules make" "rules-make"
    "top" "top"
    "export" "export"
    "diff" "diff"
    "history" "history"
    "weeks" "weeks"
    "weeks verify" "weeks-verify"
    "weeks path" "weeks-path"
    "import" "import"
    "update" "update"
    "reference" "reference"
    "runbook" "runbook"
    "info" "info"
    "schema" "schema"
}

/// What of a verb's output is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchemaOf {
    /// The document of `--format json`.
    Document,
    /// A line of `--format jsonl`.
    Line,
}

/// The schema of a verb, by its words in any case.
#[must_use]
pub fn find(verb: &str) -> Option<DocumentSchema> {
    let mut all = SCHEMAS.iter();
    all.find(|schema| schema.verb.eq_ignore_ascii_case(verb))
        .copied()
}

/// Verbs that may have been meant: those below it, else those with near names.
#[must_use]
pub fn nearest(verb: &str) -> Vec<&'static str> {
    let verbs = SCHEMAS.iter().map(|schema| schema.verb);
    let is_below = |it: &&str| it.split_once(' ').is_some_and(|(first, _)| first == verb);
    let below: Vec<&str> = verbs.clone().filter(is_below).collect();
    if below.is_empty() {
        closest(verb, verbs, NEAR)
    } else {
        below
    }
}

impl DocumentSchema {
    /// The schema with all that it refers to.
    ///
    /// # Errors
    /// A file that is no schema, which a test of the assets excludes.
    pub fn whole(self, of: SchemaOf) -> serde_json::Result<WholeSchema> {
        let (mut root, own) = read(self.text)?;
        let (_, parts) = read(PARTS)?;
        if of == SchemaOf::Line
            && let Some(line) = own.get(LINE)
        {
            root.0.retain(|(key, _)| key == "$schema" || key == "title");
            root.0.extend(serde_json::from_str::<Members>(line)?.0);
        }
        let texts = root.0.iter().map(|(_, text)| text.get());
        let mut names: Vec<&str> = texts.flat_map(references).collect();
        if of == SchemaOf::Document {
            names.push(LINE);
        }
        let mut place = 0;
        while let Some(&name) = names.get(place) {
            place += 1;
            let text = own.get(name).or_else(|| parts.get(name));
            for name in text.into_iter().flat_map(references) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let all = own.0.iter().chain(&parts.0);
        let defs = all.filter(|(name, _)| names.contains(&name.as_str()));
        let defs = Members(defs.cloned().collect());
        Ok(WholeSchema {
            defs: defs.written(of)?,
            root: root.written(of)?,
        })
    }

    /// What the document holds, in a sentence or two.
    fn description(self) -> Option<String> {
        let (root, _) = read(self.text).ok()?;
        serde_json::from_str(root.get("description")?).ok()
    }
}

/// A schema that stands alone.
#[derive(Debug, Clone)]
pub struct WholeSchema {
    root: Members,
    defs: Members,
}

impl Serialize for WholeSchema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.root.0 {
            map.serialize_entry(key, value)?;
        }
        if !self.defs.0.is_empty() {
            map.serialize_entry(DEFS, &self.defs)?;
        }
        map.end()
    }
}

/// An object of JSON whose keys keep their order, and whose values are as they are written.
#[derive(Debug, Clone)]
struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.get())
    }

    /// The same, with parts at hand; for a line all of it is on one.
    fn written(self, of: SchemaOf) -> serde_json::Result<Self> {
        let written = self.0.into_iter().map(|(key, value)| {
            let text = value.get().replace(PART, OWN);
            let text = match of {
                SchemaOf::Document => text,
                SchemaOf::Line => text.lines().map(str::trim_start).collect(),
            };
            Ok((key, RawValue::from_string(text)?))
        });
        written.collect::<Result<_, _>>().map(Self)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// A file, without what it refers to and that alone.
fn read(text: &str) -> serde_json::Result<(Members, Members)> {
    let mut root: Members = serde_json::from_str(text)?;
    let place = root.0.iter().position(|(key, _)| key == DEFS);
    let defs = match place.map(|place| root.0.remove(place)) {
        Some((_, defs)) => serde_json::from_str(defs.get())?,
        None => Members(Vec::new()),
    };
    Ok((root, defs))
}

/// The names that a text refers to.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split(OWN).skip(1);
    behind.filter_map(|rest| rest.split_once('"').map(|(name, _)| name))
}

/// Every verb with a schema, a line each.
#[derive(Debug, Clone)]
pub struct SchemaList(Vec<SchemaEntry>);

/// The JSON document of the list.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SchemaListRecord<'a> {
    schema_version: u32,
    schemas: &'a [SchemaEntry],
}

#[derive(Debug, Clone, serde::Serialize)]
struct SchemaEntry {
    verb: &'static str,
    description: String,
}

impl Default for SchemaList {
    fn default() -> Self {
        let entries = SCHEMAS.iter().map(|schema| SchemaEntry {
            verb: schema.verb,
            description: schema.description().unwrap_or_default(),
        });
        Self(entries.collect())
    }
}

impl SchemaList {
    /// The JSON document.
    #[must_use]
    pub fn record(&self) -> SchemaListRecord<'_> {
        SchemaListRecord {
            schema_version: SCHEMA_VERSION,
            schemas: &self.0,
        }
    }
}

impl Sheet for SchemaList {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 2] = [
            ColumnSpec::whole("verb", "verb"),
            ColumnSpec::list("what its document holds", "description"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (self.0.get(row), column) {
            (Some(entry), 0) => Cell::text(entry.verb),
            (Some(entry), 1) => Cell::text(entry.description.as_str()),
            _ => Cell::None,
        }
    }
}

impl Lines for SchemaListRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl Serialize> {
        plain(self.schemas)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere_and_no_part_is_for_nothing() {
        let (_, parts) = read(PARTS).unwrap();
        let mut used = vec![false; parts.0.len()];
        for schema in SCHEMAS {
            let (_, own) = read(schema.text).unwrap();
            for (name, _) in &own.0 {
                assert_eq!(
                    parts.get(name),
                    None,
                    "{}: {name} is a part too",
                    schema.verb
                );
            }
            for of in [SchemaOf::Document, SchemaOf::Line] {
                let whole = schema.whole(of).unwrap();
                let text = serde_json::to_string(&whole).unwrap();
                assert!(!text.contains("parts.json"), "{}", schema.verb);
                for name in references(&text) {
                    assert!(whole.defs.get(name).is_some(), "{}: {name}", schema.verb);
                }
                let here = |(name, _): &(String, _)| whole.defs.get(name).is_some();
                let here = parts.0.iter().map(here);
                used.iter_mut()
                    .zip(here)
                    .for_each(|(used, here)| *used |= here);
                let missing = own
                    .0
                    .iter()
                    .find(|(name, _)| whole.defs.get(name).is_none());
                assert!(
                    of == SchemaOf::Line || missing.is_none(),
                    "{}: {missing:?}",
                    schema.verb
                );
                assert_eq!(
                    of == SchemaOf::Line,
                    !text.contains('\n'),
                    "{}",
                    schema.verb
                );
            }
        }
        assert!(used.iter().all(|used| *used), "{used:?}");
    }

    #[test]
    fn near_are_the_verbs_below_one_and_those_with_a_letter_more() {
        assert_eq!(find("Rules TEST").unwrap().verb, "rules test");
        assert_eq!(nearest("rules").len(), 6);
        assert_eq!(nearest("lokup"), ["lookup"]);
        assert!(nearest("rules tset").contains(&"rules test"));
        assert!(find("rules").is_none() && find("config").is_none());
    }
}
