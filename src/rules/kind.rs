//! What kinds of rule sets there are, and what is common to all sets of a kind: a kind is added here,
//! in its reader, and where it is compiled, checked and patched.

use crate::azure::Feature;

/// What a rule set is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RuleSetKind {
    /// A registry's network rules.
    Acr,
    /// A network security group.
    Nsg,
    /// Rule collections of Azure Firewall.
    Firewall,
    /// An IP group.
    IpGroup,
    /// A route table.
    RouteTable,
    /// Lines of text.
    List,
}

/// Which addresses the rows of a kind name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowEnds {
    /// Where traffic comes from and where it goes, with protocols and ports.
    Both,
    /// Where it comes from.
    Source,
    /// Where it goes.
    Destination,
    /// Neither: addresses that belong together.
    Members,
}

/// Where rules of a kind are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindScope {
    /// On the way of a network's traffic; the first row that matches decides.
    Network,
    /// At a service: each row lets in, and there is no order.
    Service,
    /// Nowhere: other rules name it.
    Nowhere,
}

/// What addresses make up one list that can stand for a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Those of a side of a row.
    Row,
    /// Those of all rows that do the same.
    Effect,
    /// Those of the whole set.
    Set,
}

/// What is common to all sets of a kind.
#[derive(Debug, Clone, Copy)]
pub struct KindFacts {
    /// In words.
    pub title: &'static str,
    /// The word of the JSON documents.
    pub word: &'static str,
    /// Which addresses its rows name.
    pub ends: RowEnds,
    /// Where it is met.
    pub scope: KindScope,
    /// Whether it takes IPv6.
    pub has_v6: bool,
    /// Whether it takes host names.
    pub has_hosts: bool,
    /// What makes up a list.
    pub listing: Listing,
    /// Where its lists stand in its document.
    pub list_key: &'static str,
    /// What a tag must be published for to stand as a source, and as a destination.
    pub tag_features: [Option<Feature>; 2],
}

impl RuleSetKind {
    /// What is common to all sets of this kind.
    #[must_use]
    pub const fn facts(self) -> KindFacts {
        match self {
            Self::Acr => KindFacts {
                title: "registry network rules",
                word: "acr",
                ends: RowEnds::Source,
                scope: KindScope::Service,
                has_v6: false,
                has_hosts: false,
                listing: Listing::Set,
                list_key: "ipRules",
                tag_features: [None, None],
            },
            Self::Nsg => KindFacts {
                title: "network security group",
                word: "nsg",
                ends: RowEnds::Both,
                scope: KindScope::Network,
                has_v6: true,
                has_hosts: false,
                listing: Listing::Row,
                list_key: "securityRules",
                tag_features: [Some(Feature::Nsg), Some(Feature::Nsg)],
            },
            Self::Firewall => KindFacts {
                title: "Azure Firewall rules",
                word: "firewall",
                ends: RowEnds::Both,
                scope: KindScope::Network,
                has_v6: true,
                has_hosts: true,
                listing: Listing::Row,
                list_key: "rules",
                tag_features: [None, Some(Feature::Fw)],
            },
            Self::IpGroup => KindFacts {
                title: "IP group",
                word: "ipGroup",
                ends: RowEnds::Members,
                scope: KindScope::Nowhere,
                has_v6: false,
                has_hosts: false,
                listing: Listing::Row,
                list_key: "ipAddresses",
                tag_features: [None, None],
            },
            Self::RouteTable => KindFacts {
                title: "route table",
                word: "routeTable",
                ends: RowEnds::Destination,
                scope: KindScope::Network,
                has_v6: true,
                has_hosts: false,
                listing: Listing::Effect,
                list_key: "routes",
                tag_features: [Some(Feature::Udr), Some(Feature::Udr)],
            },
            Self::List => KindFacts {
                title: "list",
                word: "list",
                ends: RowEnds::Members,
                scope: KindScope::Nowhere,
                has_v6: true,
                has_hosts: true,
                listing: Listing::Row,
                list_key: "",
                tag_features: [None, None],
            },
        }
    }

    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.facts().title
    }

    /// The word of the JSON documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.facts().word
    }

    /// Whether its rows have a source and a destination.
    #[must_use]
    pub const fn has_two_ends(self) -> bool {
        matches!(self.facts().ends, RowEnds::Both)
    }

    /// Whether it stands on the way of a network's traffic.
    #[must_use]
    pub const fn is_of_network(self) -> bool {
        matches!(self.facts().scope, KindScope::Network)
    }

    /// Whether its rows are addresses that belong together, and look no way.
    #[must_use]
    pub const fn has_members(self) -> bool {
        matches!(self.facts().ends, RowEnds::Members)
    }
}
