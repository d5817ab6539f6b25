//! What a resource means to network rules, by its type.

use serde_json::{Map, Value};

use crate::rules::RuleSetKind;

/// What a resource of some type means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relevance {
    /// It holds rules of this kind.
    Rules(RuleSetKind),
    /// It is a rule or a route by itself.
    Child,
    /// It says where rules apply.
    Facts,
    /// It may let in, stop or send elsewhere before or beside rules that are read.
    MayPrecede,
    /// It has no say in what gets through.
    Nothing,
}

/// Types that have a say, in lower case without their provider.
const NETWORK: [(&str, Relevance); 22] = [
    ("networksecuritygroups", Relevance::Rules(RuleSetKind::Nsg)),
    ("networksecuritygroups/securityrules", Relevance::Child),
    (
        "networksecuritygroups/defaultsecurityrules",
        Relevance::Child,
    ),
    ("routetables", Relevance::Rules(RuleSetKind::RouteTable)),
    ("routetables/routes", Relevance::Child),
    ("azurefirewalls", Relevance::Rules(RuleSetKind::Firewall)),
    (
        "firewallpolicies/rulecollectiongroups",
        Relevance::Rules(RuleSetKind::Firewall),
    ),
    (
        "firewallpolicies/rulegroups",
        Relevance::Rules(RuleSetKind::Firewall),
    ),
    ("ipgroups", Relevance::Rules(RuleSetKind::IpGroup)),
    ("firewallpolicies", Relevance::Facts),
    ("virtualnetworks", Relevance::Facts),
    ("virtualnetworks/subnets", Relevance::Facts),
    ("privateendpoints", Relevance::Facts),
    ("virtualnetworks/virtualnetworkpeerings", Relevance::Nothing),
    ("networksecurityperimeters", Relevance::MayPrecede),
    (
        "networkmanagers/routingconfigurations",
        Relevance::MayPrecede,
    ),
    (
        "networkmanagers/securityadminconfigurations",
        Relevance::MayPrecede,
    ),
    (
        "networkmanagers/securityadminconfigurations/rulecollections",
        Relevance::MayPrecede,
    ),
    (
        "networkmanagers/securityadminconfigurations/rulecollections/rules",
        Relevance::MayPrecede,
    ),
    ("virtualhubs", Relevance::MayPrecede),
    ("virtualhubs/routingintent", Relevance::MayPrecede),
    ("virtualhubs/hubroutetables", Relevance::MayPrecede),
];

/// The first words of types that have none, in lower case.
const NO_SAY: [&str; 60] = [
    "applicationgatewayavailablessloptions",
    "applicationgatewaywebapplicationfirewallpolicies",
    "applicationgateways",
    "applicationsecuritygroups",
    "azurewebcategories",
    "bastionhosts",
    "bgpservicecommunities",
    "cloudserviceslots",
    "connections",
    "customipprefixes",
    "ddoscustompolicies",
    "ddosprotectionplans",
    "dnsforwardingrulesets",
    "dnsresolverdomainlists",
    "dnsresolverpolicies",
    "dnsresolvers",
    "dnszones",
    "dscpconfigurations",
    "expressroutecircuits",
    "expressroutecrossconnections",
    "expressroutegateways",
    "expressrouteports",
    "expressrouteproviderports",
    "expressrouteserviceproviders",
    "frontdoors",
    "frontdoorwebapplicationfirewallmanagedrulesets",
    "frontdoorwebapplicationfirewallpolicies",
    "internalpublicipaddresses",
    "ipallocations",
    "ipampools",
    "loadbalancers",
    "localnetworkgateways",
    "natgateways",
    "networkexperimentprofiles",
    "networkintentpolicies",
    "networkinterfaces",
    "networkmanagerconnections",
    "networkmanagers",
    "networkprofiles",
    "networkvirtualappliances",
    "networkvirtualapplianceskus",
    "networkwatchers",
    "p2svpngateways",
    "privatednszones",
    "privateendpointredirectmaps",
    "privatelinkservices",
    "publicipaddresses",
    "publicipprefixes",
    "routefilters",
    "securitypartnerproviders",
    "serviceendpointpolicies",
    "trafficmanagerprofiles",
    "trafficmanagerusermetricskeys",
    "virtualnetworkappliances",
    "virtualnetworkgateways",
    "virtualnetworktaps",
    "virtualrouters",
    "virtualwans",
    "vpngateways",
    "vpnsites",
];

/// What a resource of a type means. A type of the network that is not known may precede the rules.
pub(super) fn relevance(resource_type: &str) -> Relevance {
    let lower = resource_type.to_ascii_lowercase();
    let Some((provider, rest)) = lower.split_once('/') else {
        return Relevance::MayPrecede;
    };
    match provider {
        "microsoft.network" => {
            if let Some((_, relevance)) = NETWORK.iter().find(|(known, _)| *known == rest) {
                return *relevance;
            }
            let first = rest.split('/').next().unwrap_or(rest);
            let is_child = NETWORK
                .iter()
                .any(|(known, relevance)| *known == first && *relevance != Relevance::MayPrecede);
            if is_child || NO_SAY.contains(&first) || first == "vpnserverconfigurations" {
                Relevance::Nothing
            } else {
                Relevance::MayPrecede
            }
        }
        "microsoft.containerregistry" if rest == "registries" => Relevance::Rules(RuleSetKind::Acr),
        // What stands in a deployment was not followed.
        "microsoft.resources" if rest == "deployments" => Relevance::MayPrecede,
        _ => Relevance::Nothing,
    }
}

/// Whether nothing of these types has a say; not so where none is known.
pub(super) fn have_no_say(types: &[String]) -> bool {
    !types.is_empty() && types.iter().all(|it| relevance(it) == Relevance::Nothing)
}

/// A resource of a template that does not say its rules has none: what `az resource list` leaves out,
/// a template does not. The key that was not there.
pub(super) fn complete(resource: &mut Value) -> Option<&'static str> {
    let map = resource.as_object_mut()?;
    let kind = map.get("type").and_then(Value::as_str).unwrap_or_default();
    let key = match relevance(kind) {
        Relevance::Rules(RuleSetKind::Nsg) => "securityRules",
        Relevance::Rules(RuleSetKind::RouteTable) => "routes",
        Relevance::Rules(RuleSetKind::IpGroup) => "ipAddresses",
        _ => return None,
    };
    let properties = map
        .entry("properties")
        .or_insert_with(|| Value::Object(Map::new()));
    let properties = properties.as_object_mut()?;
    if properties.keys().any(|own| own.eq_ignore_ascii_case(key)) {
        return None;
    }
    properties.insert(key.to_owned(), Value::Array(Vec::new()));
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_apart() {
        for (text, expected) in [
            (
                "Microsoft.Network/networkSecurityGroups",
                Relevance::Rules(RuleSetKind::Nsg),
            ),
            (
                "microsoft.network/NETWORKSECURITYGROUPS/securityRules",
                Relevance::Child,
            ),
            (
                "Microsoft.Network/virtualNetworks/subnets",
                Relevance::Facts,
            ),
            (
                "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections",
                Relevance::MayPrecede,
            ),
            ("Microsoft.Network/privateDnsZones/A", Relevance::Nothing),
            ("Microsoft.Network/somethingNew", Relevance::MayPrecede),
            ("Microsoft.Storage/storageAccounts", Relevance::Nothing),
            (
                "Microsoft.ContainerRegistry/registries/webhooks",
                Relevance::Nothing,
            ),
            ("Microsoft.Resources/deployments", Relevance::MayPrecede),
        ] {
            assert_eq!(relevance(text), expected, "{text}");
        }
    }
}
