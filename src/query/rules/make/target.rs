//! What rules are written for: the words, the titles, the names of files.

use crate::rules::Direction;
use crate::space::Family;

/// The language of rules for an Azure resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// A script of `az` commands.
    AzureCli,
    /// A template of Azure Resource Manager.
    Arm,
    /// Bicep.
    Bicep,
    /// Terraform, provider azurerm.
    Terraform,
}

/// The Azure resource that rules go into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The network rules of a registry.
    Registry,
    /// A network security group.
    SecurityGroup,
    /// A policy of Azure Firewall.
    Firewall,
    /// An IP group.
    IpGroup,
    /// A route table.
    RouteTable,
}

/// What rules are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// An Azure resource, in one of four languages.
    Azure(Language, Resource),
    /// One CIDR a line, with comments that say which tag the lines stand for.
    List,
    /// An external dynamic list: no line is a comment alone.
    Edl,
    /// An array of JSON.
    JsonList,
    /// A value for a variable of Terraform.
    Tfvars,
    /// Sets of nftables.
    Nftables,
    /// Sets of ipset.
    Ipset,
    /// A variable of nginx by the client's address.
    NginxGeo,
    /// Access rules of nginx.
    NginxAllow,
    /// A map of `HAProxy`.
    HaproxyMap,
}

use Language::{Arm, AzureCli, Bicep, Terraform};
use Resource::{Firewall, IpGroup, Registry, RouteTable, SecurityGroup};

impl Target {
    /// Every target, in the order in which they are listed.
    pub const ALL: [Self; 29] = [
        Self::Azure(AzureCli, Registry),
        Self::Azure(AzureCli, SecurityGroup),
        Self::Azure(AzureCli, Firewall),
        Self::Azure(AzureCli, IpGroup),
        Self::Azure(AzureCli, RouteTable),
        Self::Azure(Arm, Registry),
        Self::Azure(Arm, SecurityGroup),
        Self::Azure(Arm, Firewall),
        Self::Azure(Arm, IpGroup),
        Self::Azure(Arm, RouteTable),
        Self::Azure(Bicep, Registry),
        Self::Azure(Bicep, SecurityGroup),
        Self::Azure(Bicep, Firewall),
        Self::Azure(Bicep, IpGroup),
        Self::Azure(Bicep, RouteTable),
        Self::Azure(Terraform, Registry),
        Self::Azure(Terraform, SecurityGroup),
        Self::Azure(Terraform, Firewall),
        Self::Azure(Terraform, IpGroup),
        Self::Azure(Terraform, RouteTable),
        Self::List,
        Self::Edl,
        Self::JsonList,
        Self::Tfvars,
        Self::Nftables,
        Self::Ipset,
        Self::NginxGeo,
        Self::NginxAllow,
        Self::HaproxyMap,
    ];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Azure(AzureCli, Registry) => "az-acr",
            Self::Azure(AzureCli, SecurityGroup) => "az-nsg",
            Self::Azure(AzureCli, Firewall) => "az-firewall",
            Self::Azure(AzureCli, IpGroup) => "az-ip-group",
            Self::Azure(AzureCli, RouteTable) => "az-route",
            Self::Azure(Arm, Registry) => "arm-acr",
            Self::Azure(Arm, SecurityGroup) => "arm-nsg",
            Self::Azure(Arm, Firewall) => "arm-firewall",
            Self::Azure(Arm, IpGroup) => "arm-ip-group",
            Self::Azure(Arm, RouteTable) => "arm-route",
            Self::Azure(Bicep, Registry) => "bicep-acr",
            Self::Azure(Bicep, SecurityGroup) => "bicep-nsg",
            Self::Azure(Bicep, Firewall) => "bicep-firewall",
            Self::Azure(Bicep, IpGroup) => "bicep-ip-group",
            Self::Azure(Bicep, RouteTable) => "bicep-route",
            Self::Azure(Terraform, Registry) => "terraform-acr",
            Self::Azure(Terraform, SecurityGroup) => "terraform-nsg",
            Self::Azure(Terraform, Firewall) => "terraform-firewall",
            Self::Azure(Terraform, IpGroup) => "terraform-ip-group",
            Self::Azure(Terraform, RouteTable) => "terraform-route",
            Self::List => "list",
            Self::Edl => "edl",
            Self::JsonList => "json-list",
            Self::Tfvars => "tfvars",
            Self::Nftables => "nftables",
            Self::Ipset => "ipset",
            Self::NginxGeo => "nginx-geo",
            Self::NginxAllow => "nginx-allow",
            Self::HaproxyMap => "haproxy-map",
        }
    }

    /// The target of a word, without regard to case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let is_it = |target: &Self| target.word().eq_ignore_ascii_case(word);
        Self::ALL.into_iter().find(is_it)
    }

    /// What it is, for a list of targets.
    #[must_use]
    pub fn title(self) -> String {
        let text = match self {
            Self::Azure(language, resource) => {
                return format!("{}: {}", language.title(), resource.title());
            }
            Self::List => "plain list, one CIDR a line",
            Self::Edl => "external dynamic list of a firewall, one CIDR a line",
            Self::JsonList => "JSON: an array of CIDRs",
            Self::Tfvars => "Terraform: a list of CIDRs as the value of a variable",
            Self::Nftables => "nftables: sets, replaced as a whole",
            Self::Ipset => "ipset restore: sets, replaced as a whole",
            Self::NginxGeo => "nginx: a geo variable with the tag of the client",
            Self::NginxAllow => "nginx: allow lines, then deny all",
            Self::HaproxyMap => "HAProxy: a map from CIDR to tag",
        };
        text.to_owned()
    }

    /// The kind of targets that it stands under in a list of all.
    #[must_use]
    pub const fn group(self) -> &'static str {
        match self {
            Self::Azure(language, _) => language.title(),
            Self::List | Self::Edl | Self::JsonList | Self::Tfvars => "Lists",
            Self::Nftables | Self::Ipset => "Linux",
            Self::NginxGeo | Self::NginxAllow | Self::HaproxyMap => "Proxies",
        }
    }

    /// In which form it takes a tag.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Self::Azure(_, Resource::SecurityGroup | Resource::RouteTable) => "tags or prefixes",
            Self::Azure(_, Resource::Firewall) => "host names, tags or prefixes",
            Self::Azure(_, Resource::IpGroup | Resource::Registry) => "IPv4 prefixes",
            _ => "prefixes",
        }
    }

    /// What Azure takes at most.
    #[must_use]
    pub const fn limit(self) -> &'static str {
        match self {
            Self::Azure(AzureCli, Resource::Registry) => "200 IP rules, 100 subnets",
            Self::Azure(_, Resource::Registry) => "200 IP rules",
            Self::Azure(_, Resource::SecurityGroup) => "4,000 prefixes a rule, 1,000 rules",
            Self::Azure(_, Resource::IpGroup) => "5,000 entries",
            Self::Azure(_, Resource::RouteTable) => "400 routes, 25 by tag",
            _ => "",
        }
    }

    /// The ending of a file's name.
    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Azure(AzureCli, _) => "sh",
            Self::Azure(Arm, _) | Self::JsonList => "json",
            Self::Azure(Bicep, _) => "bicep",
            Self::Azure(Terraform, _) => "tf",
            Self::List | Self::Edl => "txt",
            Self::Tfvars => "tfvars",
            Self::Nftables => "nft",
            Self::Ipset => "ipset",
            Self::NginxGeo | Self::NginxAllow => "conf",
            Self::HaproxyMap => "map",
        }
    }

    /// The name of a file for rules of this name: `nsg-storage-westeurope.tf`.
    #[must_use]
    pub fn file_name(self, base: &str) -> String {
        let kind = match self {
            Self::Azure(_, resource) => format!("{}-", resource.word()),
            Self::Edl => "edl-".to_owned(),
            Self::NginxGeo => "geo-".to_owned(),
            Self::NginxAllow => "allow-".to_owned(),
            _ => String::new(),
        };
        let base = super::names::snake(base, 60).replace('_', "-");
        format!("{kind}{base}.{}", self.ending())
    }

    /// The way of its rules, where it has one only.
    #[must_use]
    pub const fn direction(self) -> Option<Direction> {
        match self {
            Self::Azure(_, Resource::Registry) => Some(Direction::In),
            Self::Azure(_, Resource::Firewall | Resource::RouteTable) => Some(Direction::Out),
            _ => None,
        }
    }

    /// Whether its rules have two ends, and so ports and a protocol.
    #[must_use]
    pub const fn has_ends(self) -> bool {
        matches!(
            self,
            Self::Azure(_, Resource::SecurityGroup | Resource::Firewall)
        )
    }

    /// Whether it is addresses alone, one after the other.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(self, Self::List | Self::Edl | Self::JsonList | Self::Tfvars)
    }

    /// The families that it takes.
    #[must_use]
    pub const fn families(self) -> &'static [Family] {
        match self {
            Self::Azure(_, Resource::Registry | Resource::IpGroup) => &[Family::V4],
            _ => &[Family::V4, Family::V6],
        }
    }

    /// The resource, where it is one of Azure's.
    #[must_use]
    pub const fn resource(self) -> Option<Resource> {
        match self {
            Self::Azure(_, resource) => Some(resource),
            _ => None,
        }
    }
}

impl Language {
    /// The name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::AzureCli => "Azure CLI",
            Self::Arm => "ARM template",
            Self::Bicep => "Bicep",
            Self::Terraform => "Terraform",
        }
    }
}

impl Resource {
    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Registry => "network rules of a registry",
            Self::SecurityGroup => "rules of a network security group",
            Self::Firewall => "rules of an Azure Firewall policy",
            Self::IpGroup => "an IP group",
            Self::RouteTable => "routes of a route table",
        }
    }

    /// The end of the target's word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registry => "acr",
            Self::SecurityGroup => "nsg",
            Self::Firewall => "firewall",
            Self::IpGroup => "ip-group",
            Self::RouteTable => "route",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found_by_its_word() {
        for (place, target) in Target::ALL.into_iter().enumerate() {
            assert_eq!(Target::parse(&target.word().to_uppercase()), Some(target));
            let first = Target::ALL.iter().position(|other| *other == target);
            assert_eq!(first, Some(place));
            assert!(!target.title().is_empty());
        }
        assert_eq!(Target::parse("az"), None);
    }

    #[test]
    fn a_file_is_named_by_what_it_is_for() {
        for (word, name) in [
            ("terraform-nsg", "nsg-storage-westeurope.tf"),
            ("az-route", "route-storage-westeurope.sh"),
            ("list", "storage-westeurope.txt"),
            ("tfvars", "storage-westeurope.tfvars"),
            ("nginx-allow", "allow-storage-westeurope.conf"),
        ] {
            let target = Target::parse(word).unwrap();
            assert_eq!(target.file_name("Storage.WestEurope"), name);
        }
        let hostile = Target::List.file_name("../../etc/passwd\n");
        assert!(
            !hostile.contains(['/', '\n']) && !hostile.starts_with('.'),
            "{hostile}"
        );
    }
}
