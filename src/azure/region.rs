//! Regions: one place, five spellings.
//!
//! The published property, the suffix of a tag, the ARM name and the display name differ for a
//! dozen regions (`centralfrance`, `FranceCentral`, `francecentral`, `France Central`).

use crate::azure::Cloud;
use crate::text::{allowed_edits, edits, fold};

/// Names that are named instead of a mistyped one.
const MOST_NEAR: usize = 3;
/// Letters that a part of a name has, to be near it.
const LEAST_PART: usize = 4;

/// A region of one cloud; a row of `assets/regions.csv`.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// ARM name, as `az` takes it: `francecentral`.
    pub name: String,
    /// Name for people: `France Central`.
    pub display_name: String,
    /// Suffix of a regional tag: `FranceCentral`.
    pub tag_suffix: String,
    /// `properties.region` of the published file: `centralfrance`.
    pub property: String,
    /// Country or area, as Azure groups its regions.
    pub geography: String,
    /// The cloud it belongs to.
    pub cloud: Cloud,
    /// Latitude and longitude in degrees; `None` where no place is published.
    pub place: Option<(f64, f64)>,
    /// ARM name of the paired region; empty when there is none.
    pub pair: String,
    /// `ga`, `restricted`, `canary`, `staging`, `unlaunched`, `historic` or `retired`.
    pub status: String,
}

impl Region {
    /// Its spellings, folded.
    fn spellings(&self) -> [String; 4] {
        [
            &self.name,
            &self.display_name,
            &self.tag_suffix,
            &self.property,
        ]
        .map(|spelling| fold(spelling))
    }
}

/// All known regions, in the table's order.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    list: Vec<Region>,
}

impl Regions {
    /// Reads the table; rows that do not fit are left out, which a test of the asset excludes.
    #[must_use]
    pub fn read(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let list = reader
            .records()
            .filter_map(|row| {
                let row = row.ok()?;
                let text = |column: usize| row.get(column).map(str::to_owned);
                let degrees = |column: usize| row.get(column)?.parse::<f64>().ok();
                Some(Region {
                    name: text(0)?,
                    display_name: text(1)?,
                    tag_suffix: text(2)?,
                    property: text(3)?,
                    geography: text(4)?,
                    cloud: Cloud::parse(row.get(5)?)?,
                    place: degrees(6).zip(degrees(7)),
                    pair: text(8)?,
                    status: text(9)?,
                })
            })
            .collect();
        Self { list }
    }

    /// Reads `assets/regions.csv`, embedded at build time.
    #[must_use]
    pub fn embedded() -> Self {
        Self::read(include_str!("../../assets/regions.csv"))
    }

    /// Every region.
    #[must_use]
    pub fn all(&self) -> &[Region] {
        &self.list
    }

    /// The region whose published property is `property`.
    #[must_use]
    pub fn by_property(&self, cloud: Cloud, property: &str) -> Option<&Region> {
        self.of_cloud(cloud)
            .find(|region| region.property == property)
    }

    /// The region that a person means, by any spelling; case, spaces and dashes are ignored.
    #[must_use]
    pub fn find(&self, cloud: Cloud, typed: &str) -> Option<&Region> {
        let typed = fold(typed);
        let matches = |spelling: fn(&Region) -> &str| {
            self.of_cloud(cloud)
                .find(|region| fold(spelling(region)) == typed)
        };
        matches(|region| &region.name)
            .or_else(|| matches(|region| &region.property))
            .or_else(|| matches(|region| &region.tag_suffix))
            .or_else(|| matches(|region| &region.display_name))
    }

    /// Every spelling of the region that a text spells, folded; the text alone where no region is
    /// spelled so. Rows of one ARM name are one region.
    #[must_use]
    pub fn spellings(&self, cloud: Cloud, text: &str) -> Vec<String> {
        let typed = fold(text);
        let is_it = |region: &&Region| region.spellings().contains(&typed);
        let mut all = vec![typed.clone()];
        for found in self.of_cloud(cloud).filter(is_it) {
            let rows = self.of_cloud(cloud);
            let same = rows.filter(|region| region.name == found.name);
            all.extend(same.flat_map(Region::spellings));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// ARM names near a mistyped one, best first: by any spelling of theirs, or by a part of one.
    #[must_use]
    pub fn closest(&self, cloud: Cloud, typed: &str) -> Vec<&str> {
        let typed = fold(typed);
        let limit = allowed_edits(typed.chars().count());
        let score = |region: &Region| {
            let spellings = region.spellings();
            let edits = spellings
                .iter()
                .filter_map(|spelling| edits(&typed, spelling))
                .filter(|&edits| edits <= limit);
            let is_part =
                typed.len() >= LEAST_PART && region.spellings().join(" ").contains(&typed);
            edits.min().or(is_part.then_some(limit + 1))
        };
        let scored = self
            .of_cloud(cloud)
            .filter_map(|region| Some((score(region)?, region.name.len(), region.name.as_str())));
        let mut found: Vec<_> = scored.collect();
        found.sort_unstable();
        found.dedup_by_key(|(_, _, name)| *name);
        let mut names = Vec::new();
        for (_, _, name) in found {
            if !names.contains(&name) && names.len() < MOST_NEAR {
                names.push(name);
            }
        }
        names
    }

    fn of_cloud(&self, cloud: Cloud) -> impl Iterator<Item = &Region> {
        self.list.iter().filter(move |region| region.cloud == cloud)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Facts;

    #[test]
    fn the_embedded_table_is_read_whole() {
        let lines = include_str!("../../assets/regions.csv").lines().count();
        assert_eq!(Facts::embedded().regions.all().len(), lines - 1);
    }

    #[test]
    fn every_spelling_finds_its_region() {
        let regions = Facts::embedded().regions;
        for region in regions.all() {
            for typed in [
                &region.name,
                &region.display_name,
                &region.property,
                &region.tag_suffix,
            ] {
                // Old misspelt properties share the other spellings with the region they meant.
                let found = regions.find(region.cloud, &typed.to_uppercase()).unwrap();
                assert_eq!(found.name, region.name, "{typed}");
            }
        }
        let found = regions.find(Cloud::Public, "germany-west central").unwrap();
        assert_eq!(found.property, "germanywc");
        assert_eq!(regions.find(Cloud::China, "westeurope"), None);
    }

    #[test]
    fn a_mistyped_region_names_the_nearest() {
        let regions = Facts::embedded().regions;
        assert_eq!(
            regions.closest(Cloud::Public, "westeurop").first(),
            Some(&"westeurope")
        );
    }
}
