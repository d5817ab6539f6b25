use super::*;
use crate::azure::PlatformTag;
use crate::rules::{Access, Direction, Entry, Hop, HopKind, RuleSet, RuleSetKind};

fn read(text: &str) -> RuleFile {
    read_rules(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn only(text: &str) -> RuleSet {
    let mut file = read(text);
    assert_eq!(file.sets.len(), 1, "{file:?}");
    file.sets.remove(0)
}

fn shown(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(ToString::to_string).collect()
}

const SUBNET: &str =
    "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s";

const REGISTRY: &str = r#"{"id":"/subscriptions/0/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/contosoreg",
 "name":"contosoreg","type":"Microsoft.ContainerRegistry/registries","sku":{"name":"Premium"},
 "properties":{"loginServer":"contosoreg.azurecr.io","publicNetworkAccess":"Enabled","networkRuleBypassOptions":"AzureServices",
 "networkRuleBypassAllowedForTasks":false,"networkRuleSet":{"defaultAction":"Deny","ipRules":[{"action":"Allow","value":"203.0.113.0/24"}],
 "virtualNetworkRules":[{"action":"Allow","virtualNetworkSubnetResourceId":"SUBNET"}]},
 "privateEndpointConnections":[{"name":"pe1","properties":{"privateLinkServiceConnectionState":{"status":"Pending"}}}]}}"#;

fn registry() -> String {
    REGISTRY.replace("SUBNET", SUBNET)
}

#[test]
fn a_registry_is_read_in_arm_and_flattened_form() {
    let arm = only(&registry());
    assert_eq!(
        (arm.kind, arm.name.as_str()),
        (RuleSetKind::Acr, "contosoreg")
    );
    let facts = &arm.registry;
    assert_eq!(facts.public_access, Some(true));
    assert_eq!(facts.default_allows, Some(false));
    assert_eq!(facts.trusts_services, Some(true));
    assert_eq!(facts.trusts_tasks, Some(false));
    assert!(!facts.connections.as_ref().unwrap()[0].is_approved);
    let sources: Vec<_> = arm
        .rows
        .iter()
        .flat_map(|row| shown(&row.sources))
        .collect();
    assert_eq!(sources, [SUBNET, "203.0.113.0/24"]);
    let value: Value = serde_json::from_str(&registry()).unwrap();
    let mut flat = value.as_object().unwrap().clone();
    let inner = flat.remove("properties").unwrap();
    flat.extend(inner.as_object().unwrap().clone());
    let flat = only(&Value::Object(flat).to_string());
    assert_eq!(flat.registry, arm.registry);
    let names = |set: &RuleSet| -> Vec<_> { set.rows.iter().map(|row| row.name.clone()).collect() };
    assert_eq!(names(&flat), names(&arm));
}

#[test]
fn every_spelling_of_a_registrys_rule_is_read() {
    for (address, subnet) in [
        ("value", "virtualNetworkSubnetResourceId"),
        ("ipAddressOrRange", "virtualNetworkResourceId"),
        ("value", "id"),
    ] {
        let text = format!(
            r#"{{"ipRules":[{{"action":"Allow","{address}":"203.0.113.7"}}],"virtualNetworkRules":[{{"{subnet}":"{SUBNET}"}}]}}"#
        );
        let set = only(&text);
        let sources: Vec<_> = set
            .rows
            .iter()
            .flat_map(|row| shown(&row.sources))
            .collect();
        assert_eq!(sources, [SUBNET, "203.0.113.7"], "{address} {subnet}");
        assert!(set.rows.iter().all(|row| !row.is_unread()));
        assert_eq!(set.registry.default_allows, None);
    }
}

#[test]
fn limits_of_show_usage_belong_to_the_registry() {
    let usage = r#"{"value":[{"name":"IPRules","limit":100,"currentValue":3,"unit":"Count"},{"name":"Size","limit":1,"currentValue":0}]}"#;
    let alone = only(usage);
    assert_eq!(alone.registry.usage[0].1, 100);
    let set = only(&format!("[{},{usage}]", registry()));
    assert_eq!(set.name.as_str(), "contosoreg");
    assert_eq!(set.registry.usage.len(), 2);
}

const GROUP: &str = r#"{"name":"nsg1","securityRules":[
 {"name":"acr-out","priority":200,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"VirtualNetwork","sourceAddressPrefixes":[],
  "sourcePortRange":"*","destinationAddressPrefix":"AzureContainerRegistry.WestEurope","destinationPortRange":"443","sourceApplicationSecurityGroups":null},
 {"name":"first","properties":{"priority":"100","direction":"inbound","access":"deny","protocol":"*","sourceAddressPrefixes":["203.0.113.0/24","INTERNET"],
  "destinationApplicationSecurityGroups":[{"id":"/x/applicationSecurityGroups/web"}],"sourcePortRange":"*","destinationPortRanges":["80","8000-8010"]}}],
 "defaultSecurityRules":[]}"#;

#[test]
fn a_security_group_is_in_evaluation_order_with_azures_own_rules() {
    let set = only(GROUP);
    let order: Vec<_> = set
        .rows
        .iter()
        .map(|row| (row.direction, row.priority.unwrap(), row.is_default))
        .collect();
    let (inn, out) = (Direction::In, Direction::Out);
    assert_eq!(
        order,
        [
            (inn, 100, false),
            (inn, 65000, true),
            (inn, 65001, true),
            (inn, 65500, true),
            (out, 200, false),
            (out, 65000, true),
            (out, 65001, true),
            (out, 65500, true),
        ]
    );
    let first = &set.rows[0];
    assert_eq!(first.access, Access::Deny);
    assert_eq!(shown(&first.sources), ["203.0.113.0/24", "Internet"]);
    assert_eq!(shown(&first.destinations), ["ASG web"]);
    assert_eq!(first.ports.to_string(), "80,8000-8010");
    assert_eq!(
        set.rows[4].sources,
        [Entry::Platform(PlatformTag::VirtualNetwork)]
    );
    assert_eq!(
        set.rows[4].destinations[0].tag(),
        Some("AzureContainerRegistry.WestEurope")
    );
    // `az network nsg rule list` prints the rules alone.
    let value: Value = serde_json::from_str(GROUP).unwrap();
    let rules = only(&value["securityRules"].to_string());
    assert_eq!(rules.rows.len(), 8);
}

#[test]
fn what_of_a_rule_is_not_understood_is_kept_with_its_place() {
    let set = only(
        r#"{"securityRules":[{"name":"odd","priority":-1,"direction":"Sideways","access":"Maybe","protocol":"Quic",
        "sourceAddressPrefix":"10.0.0","destinationAddressPrefix":7,"destinationPortRange":"http"}, 5]}"#,
    );
    let odd = set
        .rows
        .iter()
        .find(|row| row.name.as_str() == "odd")
        .unwrap();
    assert_eq!(odd.access, Access::Unread);
    assert!(odd.is_unread());
    let places: Vec<&str> = odd.flaws.iter().map(|flaw| flaw.place.as_str()).collect();
    for key in [
        "direction",
        "access",
        "priority",
        "protocol",
        "sourceAddressPrefix",
        "destinationAddressPrefix",
        "destinationPortRange",
    ] {
        let place = format!("securityRules[0].{key}");
        assert!(places.contains(&place.as_str()), "{place} in {places:?}");
    }
    assert!(
        set.rows
            .iter()
            .any(|row| row.place == "securityRules[1]" && row.is_unread())
    );
}

const POLICY: &str = r#"{"name":"group","priority":300,"ruleCollections":[
 {"name":"apps","priority":100,"ruleCollectionType":"FirewallPolicyFilterRuleCollection","action":{"type":"Allow"},"rules":[
  {"name":"acr","ruleType":"ApplicationRule","protocols":[{"port":443,"protocolType":"Https"}],"sourceAddresses":["10.0.0.0/8"],
   "targetFqdns":["contoso.azurecr.io","*.blob.core.windows.net"],"fqdnTags":["AppServiceEnvironment"]}]},
 {"name":"net","priority":200,"action":{"type":"Deny"},"rules":[
  {"name":"n","ruleType":"NetworkRule","ipProtocols":["TCP","UDP"],"sourceIpGroups":["/x/ipGroups/office"],"destinationAddresses":["Storage.WestEurope"],
   "destinationIpGroups":[],"destinationFqdns":["mcr.microsoft.com"],"destinationPorts":["443"]}]},
 {"name":"nat","priority":50,"ruleCollectionType":"FirewallPolicyNatRuleCollection","action":{"type":"DNAT"},"rules":[
  {"name":"d","ruleType":"NatRule","sourceAddresses":["*"],"destinationAddresses":["203.0.113.4"],"destinationPorts":["22"],"ipProtocols":["TCP"],
   "translatedAddress":"10.0.1.4","translatedPort":"2222"}]}]}"#;

#[test]
fn firewall_rules_come_by_kind_and_then_by_priority() {
    let set = only(POLICY);
    let names: Vec<&str> = set.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["d", "n", "acr"]);
    let translated = set.rows[0].translated.clone().unwrap();
    assert_eq!(translated.to.to_string(), "10.0.1.4");
    assert_eq!(translated.port, Some(2222));
    assert_eq!(shown(&set.rows[1].sources), ["IP group office"]);
    assert_eq!(
        shown(&set.rows[1].destinations),
        ["Storage.WestEurope", "mcr.microsoft.com"]
    );
    assert_eq!(set.rows[1].protocols.len(), 2);
    assert_eq!(
        shown(&set.rows[2].destinations),
        [
            "contoso.azurecr.io",
            "*.blob.core.windows.net",
            "FQDN tag appserviceenvironment"
        ]
    );
    assert_eq!(set.rows[2].ports.to_string(), "443");
    let classic = r#"{"name":"fw","properties":{"networkRuleCollections":[{"name":"c","properties":{"priority":100,"action":{"type":"Allow"},
        "rules":[{"name":"r","protocols":["TCP"],"sourceAddresses":["*"],"destinationAddresses":["AzureContainerRegistry"],"destinationPorts":["443"]}]}}]}}"#;
    let set = only(classic);
    assert_eq!((set.kind, set.rows.len()), (RuleSetKind::Firewall, 1));
    assert_eq!(set.rows[0].priority, Some(100));
}

#[test]
fn groups_routes_subnets_and_exports_are_read() {
    let group = only(
        r#"{"name":"office","type":"Microsoft.Network/ipGroups","ipAddresses":["203.0.113.9","203.0.113.16/28","203.0.113.40-203.0.113.50"]}"#,
    );
    assert_eq!(group.kind, RuleSetKind::IpGroup);
    assert_eq!(group.rows[0].destinations.len(), 3);
    let routes = only(
        r#"{"name":"rt","routes":[{"name":"acr","addressPrefix":"AzureContainerRegistry.WestEurope","nextHopType":"Internet"},
            {"name":"all","addressPrefix":"0.0.0.0/0","nextHopType":"VirtualAppliance","nextHopIpAddress":"10.0.0.4"}]}"#,
    );
    assert_eq!(routes.kind, RuleSetKind::RouteTable);
    assert_eq!(
        routes.rows[1].access,
        Access::Route(Hop {
            kind: HopKind::Appliance,
            address: Some(Safe::new("10.0.0.4")),
        })
    );
    let subnet = format!(
        r#"{{"id":"{SUBNET}","addressPrefix":"10.0.0.0/24","serviceEndpoints":[{{"service":"Microsoft.ContainerRegistry"}}]}}"#
    );
    let file = read(&subnet);
    assert_eq!(
        file.subnets[0].service_endpoints[0].as_str(),
        "Microsoft.ContainerRegistry"
    );
    let export = format!(
        r#"{{"$schema":"x","resources":[{},{GROUP},{{"type":"Microsoft.Compute/disks","name":"d"}}]}}"#,
        registry()
    );
    let file = read(&export);
    let kinds: Vec<RuleSetKind> = file.sets.iter().map(|set| set.kind).collect();
    assert_eq!(kinds, [RuleSetKind::Acr, RuleSetKind::Nsg]);
    assert_eq!(file.flaws, []);
    assert_eq!(file.notes[0].as_str(), "1 resource without network rules");
}

#[test]
fn a_list_has_sections_that_stand_for_tags() {
    let set = only(
        "# office\n203.0.113.9 # door\n\n198.51.100.0/24, 2001:db8::/32\nStorage.WestEurope\n# tag: AzureContainerRegistry.WestEurope\n192.0.2.0/29\nnonsense\n",
    );
    assert_eq!(set.rows.len(), 2);
    assert_eq!(
        shown(&set.rows[0].destinations),
        [
            "203.0.113.9",
            "198.51.100.0/24",
            "2001:db8::/32",
            "Storage.WestEurope"
        ]
    );
    assert_eq!(
        set.rows[1].stands_for.as_deref(),
        Some("AzureContainerRegistry.WestEurope")
    );
    let ended =
        only("# tag: Storage\n192.0.2.0/29\n# tag: none\n203.0.113.9\n# tag:\n203.0.113.8\n");
    let stated: Vec<_> = ended
        .rows
        .iter()
        .map(|row| row.stands_for.as_deref())
        .collect();
    assert_eq!(stated, [Some("Storage"), None, None]);
    let none: Vec<bool> = ended.rows.iter().map(|row| row.is_of_no_tag).collect();
    assert_eq!(none, [false, true, false]);
    let strings = only(r#"["203.0.113.9","Storage"]"#);
    assert_eq!(
        (strings.kind, strings.rows[0].destinations.len()),
        (RuleSetKind::List, 2)
    );
}

#[test]
fn what_is_no_rule_file_is_refused_with_what_was_expected() {
    for (text, part) in [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("{", "is not JSON"),
        ("[]", "an empty JSON list"),
        ("{}", "an empty JSON object"),
        (
            r#"{"changeNumber":1,"cloud":"Public","values":[]}"#,
            "a publication of service tags",
        ),
        ("dear all, please open the firewall", "line 1"),
        ("203.0.113.9\nnonsense here\n", "line 2, column 1"),
        ("[1,2]", "other values"),
    ] {
        let error = read_rules(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert_eq!(read_rules(b"\xff\xfe"), Err(NoRules::Empty));
    assert_eq!(read_rules(b"\xff\xfa"), Err(NoRules::NotText));
    assert!(read_rules("[".repeat(200_000).as_bytes()).is_err());
}
