//! Everything about one tag.

use std::collections::BTreeMap;

use crate::azure::{DirectionDocument, Facts, Numbers, Region, TagDirection};
use crate::index::{TagId, TagRow};
use crate::query::lookup::{QueryKind, QueryPlace};
use crate::query::tags::{TagRecord, addresses};
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{Block, Count, Family};
use crate::text::first_of;

/// Tags with the same addresses that are named.
const SHARED: usize = 8;

/// One tag, explained.
#[derive(Debug, Clone, PartialEq)]
pub struct ShowAnswer {
    /// The tag.
    pub tag: TagId,
    /// What it is for, where a table says so.
    pub purpose: Option<Purpose>,
    /// The region by its other names, where known.
    pub region: Option<Region>,
    /// Addresses per family: IPv4, IPv6.
    pub addresses: [Count; 2],
}

/// What a tag is for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Purpose {
    /// One sentence.
    pub text: String,
    /// Direction of the rules it is meant for.
    pub direction: TagDirection,
    /// True when inferred from names and data, not read in a document.
    pub is_inferred: bool,
    /// The document of each direction, where both are documented.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<DirectionDocument>,
}

impl Purpose {
    /// The direction of its rules, and the document of each: `outbound`.
    #[must_use]
    pub fn direction_text(&self) -> String {
        let word = self.direction.word();
        let documents = self.documents.iter();
        let by = |own: &DirectionDocument| format!("{} by {}", own.direction.word(), own.document);
        let documents: Vec<String> = documents.map(by).collect();
        if documents.is_empty() {
            return word.to_owned();
        }
        format!("{word}, both documented: {}", documents.join(", "))
    }
}

/// Explains a tag; `None` when the week has no such tag.
#[must_use]
pub fn ask(tag: TagId, dataset: &Dataset, facts: &Facts) -> Option<ShowAnswer> {
    let view = dataset.view();
    let row = view.tag(tag)?;
    let purpose = facts.services.of_tag(row.name).map(|service| Purpose {
        text: service.purpose.clone(),
        direction: service.direction,
        is_inferred: service.is_inferred,
        documents: service.documents.clone(),
    });
    Some(ShowAnswer {
        tag,
        purpose,
        region: facts
            .regions
            .by_property(dataset.cloud(), row.region)
            .cloned(),
        addresses: [Family::V4, Family::V6].map(|family| addresses(&view, tag, family)),
    })
}

impl ShowAnswer {
    /// What it is for, its properties and what shares its addresses, as lines of (what, value).
    #[must_use]
    pub fn summary(&self, dataset: &Dataset) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        if let Some(purpose) = &self.purpose {
            let basis = if purpose.is_inferred {
                " (inferred from names and data)"
            } else {
                ""
            };
            lines.push(("purpose", format!("{}{basis}", purpose.text)));
            lines.push(("direction", purpose.direction_text()));
        }
        if let Some(row) = dataset.view().tag(self.tag) {
            lines.extend(self.properties(&row, dataset.numbers()));
        }
        let shared = shared_with(dataset, self.tag);
        if !shared.is_empty() {
            let names = first_of(shared.iter().map(|shared| shared.tag), SHARED, ", ");
            lines.push(("shares with", names));
        }
        lines
    }

    /// Properties as lines of (what, value), for text and screen.
    #[must_use]
    pub fn properties(&self, row: &TagRow<'_>, numbers: Numbers) -> Vec<(&'static str, String)> {
        let region = match (&self.region, row.region) {
            (_, "") => "not regional".to_owned(),
            (Some(region), property) if region.name == property => {
                format!("{property} · {}", region.display_name)
            }
            (Some(region), property) => {
                format!(
                    "{property} · {} · az name {}",
                    region.display_name, region.name
                )
            }
            (None, property) => format!("{property} · not in the table of regions"),
        };
        let service = match row.system_service {
            "" => "none: a roll-up or unnamed",
            service => service,
        };
        let number = match row.change_number {
            Some(number) => format!("{number}{} · {}", numbers.estimated(), numbers.word()),
            None => "not published".to_owned(),
        };
        let features = match row.features {
            Some("") => "none: the tag cannot be used in rules".to_owned(),
            Some(words) => words.to_owned(),
            None => "not listed for any feature".to_owned(),
        };
        let [v4, v6] = self.addresses;
        let noun = |is_one: bool, one, many| if is_one { one } else { many };
        let rows = |rows: usize, count: Count| {
            let prefixes = noun(rows == 1, "prefix", "prefixes");
            let addresses = noun(count == Count::new(1), "address", "addresses");
            let rows = Cell::Number(rows);
            format!(
                "{} {prefixes} · {} {addresses}",
                rows.shown(),
                count.short()
            )
        };
        vec![
            ("region", region),
            ("service", service.to_owned()),
            ("number", number),
            ("usable in", features),
            ("IPv4", rows(row.prefixes_v4, v4)),
            ("IPv6", rows(row.prefixes_v6, v6)),
        ]
    }

    /// The tag's prefixes as a table.
    #[must_use]
    pub fn sheet<'a>(&self, dataset: &'a Dataset) -> ShowTable<'a> {
        ShowTable {
            dataset,
            tag: self.tag,
        }
    }

    /// The JSON document of a lookup that names the tag; `None` when the week has no such tag.
    #[must_use]
    pub fn lookup_record<'a>(
        &self,
        text: &'a str,
        place: Option<QueryPlace>,
        week: Option<&'a WeekRecord>,
        dataset: &'a Dataset,
    ) -> Option<TagLookupRecord<'a>> {
        let tag = TagRecord::of(&dataset.view(), self.tag)?;
        Some(TagLookupRecord {
            schema_version: SCHEMA_VERSION,
            query: dataset.view().tag(self.tag)?.name,
            text,
            place,
            kind: QueryKind::Tag,
            week,
            tag,
            purpose: self.purpose.clone(),
        })
    }

    /// The JSON document; `None` when the week has no such tag.
    #[must_use]
    pub fn record<'a>(&self, dataset: &'a Dataset) -> Option<ShowRecord<'a>> {
        let view = dataset.view();
        Some(ShowRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            tags: [ShownTag {
                tag: TagRecord::of(&view, self.tag)?,
                purpose: self.purpose.clone(),
                shared_with: shared_with(dataset, self.tag),
                address_prefixes: view
                    .all_prefixes(self.tag)
                    .map(|block| block.to_string())
                    .collect(),
            }],
        })
    }
}

/// The other tags that hold a block wholly, narrow first, each once.
#[must_use]
pub fn also_in(dataset: &Dataset, tag: TagId, block: Block) -> Vec<TagId> {
    let mut others: Vec<TagId> = Vec::new();
    for hit in dataset.view().covering(block.span()) {
        if hit.tag != tag && !others.contains(&hit.tag) {
            others.push(hit.tag);
        }
    }
    others
}

/// Addresses that another tag has in common with this one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shared<'a> {
    /// The other tag.
    pub tag: &'a str,
    /// Common IPv4 addresses.
    pub addresses_v4: Count,
    /// Common IPv6 addresses.
    pub addresses_v6: Count,
}

/// Every tag with addresses in common, most IPv4 addresses first, then most IPv6, then by name.
#[must_use]
pub fn shared_with(dataset: &Dataset, tag: TagId) -> Vec<Shared<'_>> {
    let view = dataset.view();
    let mut common: BTreeMap<TagId, [Count; 2]> = BTreeMap::new();
    for (place, family) in [Family::V4, Family::V6].into_iter().enumerate() {
        // How far each other tag's common addresses have been counted.
        let mut counted: BTreeMap<TagId, u128> = BTreeMap::new();
        let mut reached: Option<u128> = None;
        for block in view.prefixes(tag, family) {
            if reached.is_some_and(|last| block.last() <= last) {
                continue;
            }
            reached = Some(block.last());
            let covering = view.covering(block.span()).map(|hit| (hit.tag, block));
            let inside = view
                .starting_in(block.span())
                .map(|hit| (hit.tag, hit.prefix));
            for (other, part) in covering.chain(inside) {
                let is_counted = counted.get(&other).is_some_and(|&last| part.last() <= last);
                let part_is_inside = part.last() <= block.last();
                if other == tag || is_counted || !part_is_inside {
                    continue;
                }
                counted.insert(other, part.last());
                if let Some(count) = common.entry(other).or_default().get_mut(place) {
                    *count += part.count();
                }
            }
        }
    }
    let mut shared: Vec<Shared<'_>> = common
        .into_iter()
        .filter_map(|(other, [addresses_v4, addresses_v6])| {
            Some(Shared {
                tag: view.tag(other)?.name,
                addresses_v4,
                addresses_v6,
            })
        })
        .collect();
    shared.sort_by(|a, b| {
        (b.addresses_v4, b.addresses_v6)
            .cmp(&(a.addresses_v4, a.addresses_v6))
            .then(a.tag.cmp(b.tag))
    });
    shared
}

/// A tag's prefixes as a table.
pub struct ShowTable<'a> {
    dataset: &'a Dataset,
    tag: TagId,
}

impl Sheet for ShowTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 3] = [
            ColumnSpec::whole("prefix", "prefix"),
            ColumnSpec::number("addresses", "addresses"),
            ColumnSpec::list("also in", "alsoIn"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.dataset
            .view()
            .tag(self.tag)
            .map_or(0, |row| row.prefixes())
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let view = self.dataset.view();
        let Some(block) = view.nth_prefix(self.tag, row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(block.to_string()),
            1 => Cell::Count(block.count()),
            2 => {
                let others = also_in(self.dataset, self.tag, block);
                let names: Vec<&str> = others
                    .iter()
                    .filter_map(|&tag| view.tag(tag))
                    .map(|row| row.name)
                    .collect();
                Cell::text(names.join(" "))
            }
            _ => Cell::None,
        }
    }
}

/// The JSON document of a lookup that names a tag.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TagLookupRecord<'a> {
    schema_version: u32,
    query: &'a str,
    text: &'a str,
    #[serde(flatten)]
    place: Option<QueryPlace>,
    kind: QueryKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    week: Option<&'a WeekRecord>,
    tag: TagRecord<'a>,
    purpose: Option<Purpose>,
}

/// The JSON document of one tag: the list of tags with one element that says more.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShowRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    tags: [ShownTag<'a>; 1],
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownTag<'a> {
    #[serde(flatten)]
    tag: TagRecord<'a>,
    purpose: Option<Purpose>,
    shared_with: Vec<Shared<'a>>,
    address_prefixes: Vec<String>,
}
