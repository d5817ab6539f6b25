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
    /// Its spellings, folded, in the order in which they count.
    fn spellings(&self) -> [String; 4] {
        [
            &self.name,
            &self.property,
            &self.tag_suffix,
            &self.display_name,
        ]
        .map(|spelling| fold(spelling))
    }
}

/// All known regions, in the table's order.
#[derive(Debug, Clone, Default)]
pub struct Regions {
    list: Vec<Region>,
    /// Of every region its spellings, folded: name, property, suffix, display name.
    spellings: Vec<[String; 4]>,
}

impl Regions {
    /// Reads the table; rows that do not fit are left out, which a test of the asset excludes.
    #[must_use]
    pub fn read(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let list: Vec<Region> = reader
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
        let spellings = list.iter().map(Region::spellings).collect();
        Self { list, spellings }
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
        let matches = |which: usize| {
            let mut rows = self.spelled(cloud).filter(|_| !typed.is_empty());
            rows.find(|(_, spellings)| spellings.get(which) == Some(&typed))
        };
        let found = (0..4).find_map(matches)?;
        Some(found.0)
    }

    /// Every spelling of the region that a text spells, folded; the text alone where no region is
    /// spelled so. Rows of one ARM name are one region.
    #[must_use]
    pub fn spellings(&self, cloud: Cloud, text: &str) -> Vec<String> {
        let typed = fold(text);
        let mut all = vec![typed.clone()];
        for (found, spellings) in self.spelled(cloud) {
            if spellings.contains(&typed) {
                let rows = self.spelled(cloud);
                let same = rows.filter(|(region, _)| region.name == found.name);
                all.extend(same.flat_map(|(_, spellings)| spellings.iter().cloned()));
            }
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
        let score = |spellings: &[String; 4]| {
            let edits = spellings
                .iter()
                .filter_map(|spelling| edits(&typed, spelling))
                .filter(|&edits| edits <= limit);
            let is_part = typed.len() >= LEAST_PART
                && spellings.iter().any(|spelling| spelling.contains(&typed));
            edits.min().or(is_part.then_some(limit + 1))
        };
        let mut found: Vec<(usize, usize, &str)> = self
            .spelled(cloud)
            .filter_map(|(region, spellings)| {
                Some((score(spellings)?, region.name.len(), region.name.as_str()))
            })
            .collect();
        found.sort_unstable();
        let mut names = Vec::new();
        for (_, _, name) in found {
            if !names.contains(&name) && names.len() < MOST_NEAR {
                names.push(name);
            }
        }
        names
    }

    fn spelled(&self, cloud: Cloud) -> impl Iterator<Item = (&Region, &[String; 4])> {
        let all = self.list.iter().zip(&self.spellings);
        all.filter(move |(region, _)| region.cloud == cloud)
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
