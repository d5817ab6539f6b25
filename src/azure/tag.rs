//! A service tag and its attributes.

use std::fmt;

use crate::space::Block;

/// One tag of one publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Published name, cleaned; unique within a week without regard to case.
    pub name: String,
    /// `properties.region`; empty when not regional.
    pub region: String,
    /// `properties.systemService`; empty for roll-ups.
    pub system_service: String,
    /// `properties.changeNumber`; `None` when the document gives none.
    pub change_number: Option<u32>,
    /// `properties.networkFeatures`; `None` for null, absent or unknown.
    pub features: Option<Features>,
    /// Sorted, without repeats.
    pub prefixes: Vec<Block>,
}

impl Tag {
    /// How narrow the tag is, by its name and region.
    #[must_use]
    pub fn rank(&self) -> Rank {
        Rank::of(&self.name, &self.region)
    }
}

/// How narrow a tag is; the order in which tags of one prefix are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rank {
    /// A service in one region: `Storage.WestEurope`.
    RegionalService,
    /// A service everywhere: `Storage`.
    Service,
    /// All of a region: `AzureCloud.westeurope`.
    RegionalCloud,
    /// All of the cloud: `AzureCloud`.
    Cloud,
}

impl Rank {
    /// The rank of a tag of this name and region property.
    #[must_use]
    pub fn of(name: &str, region: &str) -> Self {
        let all = b"AzureCloud";
        let head = name.as_bytes().get(..all.len());
        let is_cloud = head.is_some_and(|head| head.eq_ignore_ascii_case(all))
            && matches!(name.as_bytes().get(all.len()), None | Some(b'.'));
        match (is_cloud, region.is_empty()) {
            (false, false) => Self::RegionalService,
            (false, true) => Self::Service,
            (true, false) => Self::RegionalCloud,
            (true, true) => Self::Cloud,
        }
    }
}

/// A place where a tag can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    /// Listed by the Service Tag Discovery API.
    Api,
    /// Network security groups.
    Nsg,
    /// User-defined routes.
    Udr,
    /// Azure Firewall.
    Fw,
    /// Virtual network service endpoints.
    Vse,
}

impl Feature {
    /// Every feature, in the order in which they are written.
    pub const ALL: [Self; 5] = [Self::Api, Self::Nsg, Self::Udr, Self::Fw, Self::Vse];

    /// The published word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Api => "API",
            Self::Nsg => "NSG",
            Self::Udr => "UDR",
            Self::Fw => "FW",
            Self::Vse => "VSE",
        }
    }

    /// Reads the published word, ignoring case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|feature| feature.word().eq_ignore_ascii_case(text))
    }
}

/// `networkFeatures` as one text: known words in a fixed order, then unknown ones by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Features(String);

impl Features {
    /// Orders the words of a list; repeats are dropped, and a text with spaces is several words,
    /// so that the joined text splits into the same list.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words: Vec<(usize, &str)> = words
            .into_iter()
            .flat_map(|text| text.split(' '))
            .filter(|word| !word.is_empty())
            .map(|word| {
                let known = Feature::ALL
                    .iter()
                    .position(|feature| feature.word() == word);
                (known.unwrap_or(Feature::ALL.len()), word)
            })
            .collect();
        words.sort_unstable();
        words.dedup();
        let words: Vec<&str> = words.into_iter().map(|(_, word)| word).collect();
        Self(words.join(" "))
    }

    /// The words, separated by a space.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rank_goes_from_narrow_to_wide() {
        assert_eq!(
            Rank::of("Storage.WestEurope", "westeurope"),
            Rank::RegionalService
        );
        assert_eq!(Rank::of("AzureMonitor.Core", ""), Rank::Service);
        assert_eq!(
            Rank::of("AzureCloud.westeurope", "westeurope"),
            Rank::RegionalCloud
        );
        assert_eq!(Rank::of("AzureCloud", ""), Rank::Cloud);
        assert_eq!(Rank::of("AzureCloudShell", ""), Rank::Service);
    }

    #[test]
    fn features_have_one_order() {
        let features = Features::from_words(["FW", "NEW", "API", "NSG", "API", "ALSO"]);
        assert_eq!(features.as_str(), "API NSG FW ALSO NEW");
    }

    #[test]
    fn joined_features_split_into_the_same_features() {
        for words in [
            vec!["NEW API"],
            vec!["", "FW"],
            vec![" "],
            vec!["Z  A", "NSG"],
        ] {
            let features = Features::from_words(words);
            let split = Features::from_words(features.as_str().split(' '));
            assert_eq!(split, features);
        }
        assert_eq!(Features::from_words(["NEW API", ""]).as_str(), "API NEW");
    }
}
