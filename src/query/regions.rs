//! Which regions a week has.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::azure::{Facts, Region};
use crate::index::TagId;
use crate::query::lines::{Lines, of_week};
use crate::query::tags::base_name;
use crate::query::{Cell, ColumnSpec, Dataset, SCHEMA_VERSION, Sheet, WeekRecord};
use crate::space::{AddressSet, Count};

/// The published regions that have a tag of this name without its region.
#[must_use]
pub fn of_base_name<'a>(dataset: &'a Dataset, base: &str) -> Vec<&'a str> {
    let view = dataset.view();
    let mut regions: Vec<&str> = view
        .tag_ids()
        .filter_map(|tag| view.tag(tag))
        .filter(|row| !row.region.is_empty() && base_name(row) == base)
        .map(|row| row.region)
        .collect();
    regions.sort_unstable();
    regions.dedup();
    regions
}

/// The regions of a week, by area and display name.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionsAnswer {
    /// One row a region that has tags.
    pub regions: Vec<RegionRow>,
    /// Tags without a region.
    pub not_regional: usize,
}

/// One region of a week.
#[derive(Debug, Clone, PartialEq)]
pub struct RegionRow {
    /// Its published property.
    pub property: String,
    /// What the table knows of it; `None` for a region newer than the table.
    pub known: Option<Region>,
    /// Its tags.
    pub tags: Vec<TagId>,
    /// Rows of its tags.
    pub prefixes: usize,
}

impl RegionRow {
    /// The name that `az` takes; the property where nothing better is known.
    #[must_use]
    pub fn name(&self) -> &str {
        let known = self.known.as_ref();
        known.map_or(&self.property, |region| &region.name)
    }

    /// Name for people; the property where nothing better is known.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.known
            .as_ref()
            .map_or(&self.property, |region| &region.display_name)
    }

    /// The part of the world under which it is listed.
    #[must_use]
    pub fn area(&self) -> &'static str {
        self.known
            .as_ref()
            .map_or("Elsewhere", |region| area(&region.geography))
    }

    /// The union of its tags' addresses.
    #[must_use]
    pub fn addresses(&self, dataset: &Dataset) -> AddressSet {
        let view = dataset.view();
        AddressSet::from_blocks(self.tags.iter().flat_map(|&tag| view.all_prefixes(tag)))
    }
}

/// The parts of the world, in the order in which they are listed.
pub const AREAS: [&str; 8] = [
    "Europe",
    "North America",
    "South America",
    "Asia Pacific",
    "Middle East",
    "Africa",
    "US Government",
    "Elsewhere",
];

/// The part of the world of a geography of the table.
#[must_use]
pub fn area(geography: &str) -> &'static str {
    match geography {
        "Austria"
        | "Belgium"
        | "Denmark"
        | "Europe"
        | "Finland"
        | "France"
        | "Germany"
        | "Germany (sovereign)"
        | "Italy"
        | "Norway"
        | "Poland"
        | "Spain"
        | "Sweden"
        | "Switzerland"
        | "United Kingdom" => "Europe",
        "United States" | "Canada" | "Mexico" => "North America",
        "Brazil" | "Chile" => "South America",
        "Asia Pacific" | "Australia" | "China" | "India" | "Indonesia" | "Japan" | "Korea"
        | "Malaysia" | "New Zealand" | "Taiwan" => "Asia Pacific",
        "Israel" | "Qatar" | "UAE" => "Middle East",
        "South Africa" => "Africa",
        "US Government" => "US Government",
        _ => "Elsewhere",
    }
}

/// Lists the regions.
#[must_use]
pub fn ask(dataset: &Dataset, facts: &Facts) -> RegionsAnswer {
    let view = dataset.view();
    let mut by_property: BTreeMap<&str, (Vec<TagId>, usize)> = BTreeMap::new();
    for tag in view.tag_ids() {
        if let Some(row) = view.tag(tag) {
            let entry = by_property.entry(row.region).or_default();
            entry.0.push(tag);
            entry.1 += row.prefixes();
        }
    }
    let not_regional = by_property.remove("").map_or(0, |(tags, _)| tags.len());
    let mut regions: Vec<RegionRow> = by_property
        .into_iter()
        .map(|(property, (tags, prefixes))| RegionRow {
            property: property.to_owned(),
            known: facts
                .regions
                .by_property(dataset.cloud(), property)
                .cloned(),
            tags,
            prefixes,
        })
        .collect();
    let place = |row: &RegionRow| AREAS.iter().position(|&area| area == row.area());
    regions.sort_by_cached_key(|row| (place(row), row.display_name().to_owned()));
    RegionsAnswer {
        regions,
        not_regional,
    }
}

impl RegionsAnswer {
    /// The answer as a table.
    #[must_use]
    pub fn sheet<'a>(&'a self, dataset: &'a Dataset) -> RegionsTable<'a> {
        RegionsTable {
            rows: &self.regions,
            sets: self
                .regions
                .iter()
                .map(|row| row.addresses(dataset))
                .collect(),
        }
    }

    /// The JSON document.
    #[must_use]
    pub fn record<'a>(&'a self, dataset: &Dataset) -> RegionsRecord<'a> {
        let regions = self.regions.iter().map(|row| {
            let addresses = row.addresses(dataset);
            let known = row.known.as_ref();
            RegionRecord {
                name: known.map(|region| region.name.as_str()),
                display_name: known.map(|region| region.display_name.as_str()),
                tag_suffix: known.map(|region| region.tag_suffix.as_str()),
                region: &row.property,
                geography: known.map(|region| region.geography.as_str()),
                status: known.map(|region| region.status.as_str()),
                tags: row.tags.len(),
                prefixes: row.prefixes,
                addresses_v4: addresses.v4.count(),
                addresses_v6: addresses.v6.count(),
            }
        });
        RegionsRecord {
            schema_version: SCHEMA_VERSION,
            week: dataset.record(),
            regions: regions.collect(),
            not_regional: self.not_regional,
        }
    }
}

/// The regions as a table.
pub struct RegionsTable<'a> {
    rows: &'a [RegionRow],
    sets: Vec<AddressSet>,
}

impl Sheet for RegionsTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 9] = [
            ColumnSpec::whole("name", "name"),
            ColumnSpec::whole("display name", "displayName"),
            ColumnSpec::whole("in tags", "tagSuffix"),
            ColumnSpec::whole("property", "region"),
            ColumnSpec::whole("geography", "geography"),
            ColumnSpec::number("tags", "tags"),
            ColumnSpec::number("prefixes", "prefixes"),
            ColumnSpec::number("v4 addresses", "addressesV4"),
            ColumnSpec::number("v6 addresses", "addressesV6"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let (Some(row), Some(set)) = (self.rows.get(row), self.sets.get(row)) else {
            return Cell::None;
        };
        let known = |field: fn(&Region) -> &str| {
            row.known
                .as_ref()
                .map_or(Cell::None, |region| Cell::text(field(region)))
        };
        match column {
            0 => known(|region| &region.name),
            1 => known(|region| &region.display_name),
            2 => known(|region| &region.tag_suffix),
            3 => Cell::text(row.property.as_str()),
            4 => known(|region| &region.geography),
            5 => Cell::Number(row.tags.len()),
            6 => Cell::Number(row.prefixes),
            7 => Cell::Count(set.v4.count()),
            8 => Cell::Count(set.v6.count()),
            _ => Cell::None,
        }
    }
}

/// The JSON document of the regions.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RegionsRecord<'a> {
    schema_version: u32,
    week: WeekRecord,
    regions: Vec<RegionRecord<'a>>,
    not_regional: usize,
}

#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct RegionRecord<'a> {
    name: Option<&'a str>,
    display_name: Option<&'a str>,
    tag_suffix: Option<&'a str>,
    region: &'a str,
    geography: Option<&'a str>,
    status: Option<&'a str>,
    tags: usize,
    prefixes: usize,
    addresses_v4: Count,
    addresses_v6: Count,
}

impl Lines for RegionsRecord<'_> {
    fn lines(&self, is_slim: bool) -> impl Iterator<Item = impl Serialize> {
        of_week(&self.week, &self.regions, is_slim)
    }
}
