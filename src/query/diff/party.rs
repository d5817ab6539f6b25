//! Who takes part in a comparison, and which tags repeat which.

use crate::azure::Rank;
use crate::index::TagRow;
use crate::query::tags;

/// A tag that changed, whether asked for or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ChangedTag {
    pub name: String,
    /// The name without its region.
    pub service: String,
    /// Region property; empty when not regional.
    pub region: String,
    pub rank: Rank,
    /// Whether it is one of the tags asked for.
    pub is_kept: bool,
}

impl ChangedTag {
    pub fn of(row: &TagRow<'_>, is_kept: bool) -> Self {
        Self {
            name: row.name.to_owned(),
            service: tags::base_name(row).to_owned(),
            region: row.region.to_owned(),
            rank: row.rank(),
            is_kept,
        }
    }

    /// Whether this tag gathers what the other lists: by the names alone, for the published sets
    /// do not follow from each other.
    pub fn rolls_up(&self, narrow: &Self) -> bool {
        if self.rank <= narrow.rank {
            return false;
        }
        match self.rank {
            Rank::RegionalService => false,
            Rank::Service => self.service == narrow.service,
            Rank::RegionalCloud => narrow.region.is_empty() || narrow.region == self.region,
            Rank::Cloud => true,
        }
    }

    /// Whether addresses of both are no news: one gathers the other, one is all of the cloud, or
    /// they are parts of one service such as `AzureMonitor` and `AzureMonitor.Core`.
    pub fn is_kin(&self, other: &Self) -> bool {
        let is_cloud = |party: &Self| party.rank >= Rank::RegionalCloud;
        if is_cloud(self) != is_cloud(other) {
            return true;
        }
        let is_part = |whole: &Self, part: &Self| {
            let rest = part.service.strip_prefix(whole.service.as_str());
            let is_part = rest.is_some_and(|rest| rest.starts_with('.'));
            is_part && (whole.region.is_empty() || whole.region == part.region)
        };
        self.rolls_up(other) || other.rolls_up(self) || is_part(self, other) || is_part(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party(name: &str, region: &str) -> ChangedTag {
        let row = TagRow {
            name,
            region,
            system_service: "",
            features: None,
            change_number: None,
            prefixes_v4: 0,
            prefixes_v6: 0,
        };
        ChangedTag::of(&row, true)
    }

    #[test]
    fn a_wider_tag_repeats_a_narrower_one() {
        let regional = party("Storage.WestEurope", "westeurope");
        let service = party("Storage", "");
        let here = party("AzureCloud.westeurope", "westeurope");
        let there = party("AzureCloud.eastus", "eastus");
        let cloud = party("AzureCloud", "");
        let other = party("AzureMonitor", "");
        for (wide, narrow, expected) in [
            (&service, &regional, true),
            (&regional, &service, false),
            (&other, &regional, false),
            (&here, &regional, true),
            (&there, &regional, false),
            (&here, &service, true),
            (&cloud, &here, true),
            (&cloud, &other, true),
            (&cloud, &cloud, false),
        ] {
            let names = (&wide.name, &narrow.name);
            assert_eq!(wide.rolls_up(narrow), expected, "{names:?}");
        }
    }

    #[test]
    fn two_regions_of_one_service_are_strangers() {
        let west = party("Storage.WestEurope", "westeurope");
        let east = party("Storage.EastUS", "eastus");
        assert!(!west.is_kin(&east));
        let monitor = party("AzureMonitor", "");
        assert!(monitor.is_kin(&party("AzureMonitor.Core", "")));
        assert!(!monitor.is_kin(&west));
        assert!(west.is_kin(&party("AzureCloud.eastus", "eastus")));
        assert!(!party("AzureCloud.eastus", "eastus").is_kin(&party("AzureCloud.uk", "uk")));
    }
}
