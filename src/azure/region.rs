//! Regions: one place, five spellings.
//!
//! The published property, the suffix of a tag, the ARM name and the display name differ for a
//! dozen regions (`centralfrance`, `FranceCentral`, `francecentral`, `France Central`).

use crate::azure::Cloud;
use crate::text::closest;

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
        let typed = folded(typed);
        let matches = |spelling: fn(&Region) -> &str| {
            self.of_cloud(cloud)
                .find(|region| folded(spelling(region)) == typed)
        };
        matches(|region| &region.name)
            .or_else(|| matches(|region| &region.property))
            .or_else(|| matches(|region| &region.tag_suffix))
            .or_else(|| matches(|region| &region.display_name))
    }

    /// ARM names near a mistyped one, best first.
    #[must_use]
    pub fn closest(&self, cloud: Cloud, typed: &str) -> Vec<&str> {
        let names = self.of_cloud(cloud).map(|region| region.name.as_str());
        closest(&folded(typed), names, 3)
    }

    fn of_cloud(&self, cloud: Cloud) -> impl Iterator<Item = &Region> {
        self.list.iter().filter(move |region| region.cloud == cloud)
    }
}

fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, ' ' | '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
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
