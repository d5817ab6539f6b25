//! `tagscope rules test` of firewalls, routes, lists, and of several files at once.

use serde_json::{Value, json};

use crate::contract::assert_golden;
use crate::program::run_small;
use crate::rules_test::{S1, answer, asked, registry, says, subnet};
use crate::rules_test_nsg::{group, rule};

fn collection(name: &str, priority: u32, action: &str, rules: &Value) -> Value {
    json!({"name": name, "priority": priority, "action": {"type": action}, "rules": rules})
}

fn application(name: &str, hosts: &Value) -> Value {
    json!({"name": name, "ruleType": "ApplicationRule", "protocols": [{"protocolType": "Https", "port": 443}], "sourceAddresses": ["10.0.0.0/8"], "targetFqdns": hosts})
}

fn network(name: &str, to: &Value) -> Value {
    json!({"name": name, "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"], "destinationAddresses": to, "destinationPorts": ["443"]})
}

#[test]
fn a_firewall_denies_what_no_rule_allows() {
    let policy = json!({"name": "g", "ruleCollections": [collection("apps", 100, "Allow", &json!([application("acr", &json!(["contoso.azurecr.io", "*.blob.core.windows.net"]))]))]});
    for (host, verdict) in [
        ("contoso.azurecr.io", "allow"),
        ("Contoso.azurecr.io", "allow"),
        ("x.blob.core.windows.net", "allow"),
        ("*.blob.core.windows.net", "allow"),
        ("blob.core.windows.net", "deny"),
        ("other.azurecr.io", "deny"),
    ] {
        let row = if verdict == "allow" { "acr" } else { "no rule" };
        answer(
            &policy,
            &["--from", "10.0.0.4", "--to", host],
            (verdict, true, row),
        );
    }
    answer(
        &policy,
        &["--from", "172.16.0.4", "--to", "contoso.azurecr.io"],
        ("deny", true, "no rule"),
    );
    answer(
        &policy,
        &[
            "--from",
            "10.0.0.4",
            "--to",
            "contoso.azurecr.io",
            "--port",
            "80",
        ],
        ("deny", true, "no rule"),
    );
    let found = answer(
        &policy,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("depends", false, "no rule"),
    );
    says(&found, "because", &["goes by host name"]);
    answer(
        &policy,
        &["--from", "10.0.0.4", "--to", "*.azurecr.io"],
        ("depends", false, "no rule"),
    );
}

#[test]
fn network_rules_of_all_groups_come_before_application_rules() {
    let id =
        |name: &str| format!("/subscriptions/0/x/firewallPolicies/p/ruleCollectionGroups/{name}");
    let apps = json!({"id": id("apps"), "name": "apps", "priority": 100, "ruleCollections": [collection("a", 100, "Allow", &json!([application("acr", &json!(["*"]))]))]});
    let net = json!({"id": id("net"), "name": "net", "priority": 200, "ruleCollections": [collection("n", 100, "Deny", &json!([network("no-acr", &json!(["AzureContainerRegistry"]))]))]});
    let late = json!({"id": id("late"), "name": "late", "priority": 300, "ruleCollections": [collection("n", 100, "Allow", &json!([network("too-late", &json!(["203.0.113.0/24"]))])),
        json!({"name": "d", "priority": 50, "ruleCollectionType": "FirewallPolicyNatRuleCollection", "action": {"type": "DNAT"}, "rules": [{"name": "dnat", "ruleType": "NatRule", "destinationAddresses": ["198.51.100.1"], "destinationPorts": ["443"], "ipProtocols": ["TCP"]}]})]});
    let files = json!([late, apps, net]);
    let found = answer(
        &files,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("deny", true, "no-acr"),
    );
    assert_eq!(found["gates"], Value::Null);
    says(
        &found,
        "assumed",
        &["threat intelligence, intrusion detection and a base policy stop nothing"],
    );
    answer(
        &files,
        &["--from", "10.0.0.4", "--to", "203.0.113.99"],
        ("allow", true, "too-late"),
    );
}

#[test]
fn ip_groups_are_known_from_the_files_only() {
    let policy = json!({"name": "g", "ruleCollections": [collection("n", 100, "Allow", &json!([{"name": "office", "ruleType": "NetworkRule", "ipProtocols": ["Any"],
        "sourceIpGroups": ["/subscriptions/0/x/ipGroups/office"], "destinationAddresses": ["*"], "destinationPorts": ["*"]}]))]});
    let args = ["--from", "10.0.0.4", "--to", "203.0.113.4"];
    let found = answer(&policy, &args, ("depends", false, "no rule"));
    says(
        &found,
        "because",
        &["IP group office is not among the files"],
    );
    let office = json!({"name": "office", "type": "Microsoft.Network/ipGroups", "ipAddresses": ["10.0.0.0/24"]});
    let files = json!([policy, office]);
    let found = answer(&files, &args, ("allow", true, "office"));
    assert_eq!(
        found["gates"],
        Value::Null,
        "a group is no gate beside a firewall"
    );
    answer(
        &files,
        &["--from", "10.0.1.4", "--to", "203.0.113.4"],
        ("deny", true, "no rule"),
    );
    let odd = json!({"name": "office", "type": "Microsoft.Network/ipGroups", "ipAddresses": ["10.0.0.0/24", "10.0.one"]});
    answer(
        &json!([policy, odd]),
        &["--from", "10.0.1.4", "--to", "203.0.113.4"],
        ("depends", false, "no rule"),
    );
    // Alone it is a list.
    answer(&office, &["--from", "10.0.0.9"], ("allow", true, "office"));
    answer(&office, &["--from", "10.0.1.9"], ("deny", true, "no entry"));
}

fn routes(list: &[(&str, &str, &str)]) -> Value {
    let routes: Vec<Value> = list.iter().map(|(name, prefix, hop)| json!({"name": name, "addressPrefix": prefix, "nextHopType": hop, "nextHopIpAddress": if *hop == "VirtualAppliance" { "10.9.0.4" } else { "" }})).collect();
    json!({"name": "rt", "routes": routes})
}

#[test]
fn the_longest_prefix_is_taken_and_then_the_narrower_name() {
    let table = routes(&[
        ("all", "0.0.0.0/0", "VirtualAppliance"),
        ("storage", "Storage", "Internet"),
        ("west", "Storage.WestEurope", "VnetLocal"),
        ("cloud", "AzureCloud", "None"),
        ("region", "AzureCloud.westeurope", "Internet"),
    ]);
    for (to, verdict, row) in [
        ("8.8.8.8", "allow", "all"),
        ("192.0.2.1", "allow", "west"),
        ("198.51.100.65", "allow", "storage"),
        ("192.0.2.200", "deny", "cloud"),
        ("192.0.2.100", "allow", "region"),
    ] {
        answer(&table, &["--to", to], (verdict, true, row));
    }
    let explicit = routes(&[
        ("west", "Storage.WestEurope", "VnetLocal"),
        ("mine", "192.0.2.0/26", "None"),
        ("twin", "192.0.2.0/26", "Internet"),
    ]);
    let found = answer(&explicit, &["--to", "192.0.2.1"], ("deny", true, "mine"));
    says(
        &found,
        "because",
        &[
            "drops it (next hop None)",
            "192.0.2.0/26 is the longest prefix",
        ],
    );
    answer(&explicit, &["--to", "192.0.2.17"], ("allow", true, "west"));
    answer(&explicit, &["--to", "8.8.8.8"], ("allow", true, "no route"));
    answer(
        &explicit,
        &["--to", "10.0.0.4"],
        ("depends", false, "no route"),
    );
    let odd = routes(&[
        ("odd", "NoSuchTag", "None"),
        ("all", "0.0.0.0/0", "Internet"),
    ]);
    answer(&odd, &["--to", "8.8.8.8"], ("depends", false, "all"));
    let hop = routes(&[
        ("odd", "8.0.0.0/8", "Elsewhere"),
        ("all", "0.0.0.0/0", "Internet"),
    ]);
    answer(&hop, &["--to", "8.8.8.8"], ("depends", false, "all"));
    answer(&hop, &["--to", "9.9.9.9"], ("allow", true, "all"));
}

#[test]
fn a_list_holds_an_address_or_not() {
    let list = json!(["203.0.113.0/29", "Storage"]);
    answer(&list, &["--from", "203.0.113.4"], ("allow", true, "line 1"));
    let found = answer(&list, &["--to", "192.0.2.4"], ("allow", true, "line 1"));
    says(&found, "because", &["Storage"]);
    answer(
        &list,
        &["--from", "203.0.113.9"],
        ("deny", true, "no entry"),
    );
    answer(
        &list,
        &["--from", "203.0.113.0/28"],
        ("deny", true, "no entry"),
    );
    answer(
        &json!(["203.0.113.0/29", "NoSuchTag"]),
        &["--from", "9.9.9.9"],
        ("depends", false, "no entry"),
    );
    // A range of one's own going out is judged by where it goes.
    answer(
        &list,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("allow", true, "line 1"),
    );
}

#[test]
fn files_are_gates_in_a_chain() {
    let files = json!([
        group("nsg1", &[]),
        routes(&[("all", "0.0.0.0/0", "None")]),
        registry(&json!({}))
    ]);
    let found = answer(
        &files,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("deny", true, "all"),
    );
    let verdicts: Vec<_> = found["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|checkpoint| {
            (
                checkpoint["set"].as_str().unwrap(),
                checkpoint["verdict"].as_str().unwrap(),
                checkpoint["certain"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        verdicts,
        [
            ("nsg1", "allow", true),
            ("rt", "deny", true),
            ("contoso", "depends", false)
        ]
    );
    let text = asked(&files, &["--from", "10.0.0.4", "--to", "203.0.113.4"]);
    assert!(
        text.out
            .contains("rt denies it with all; all 3 rule sets must allow it"),
        "{text:?}"
    );
    let found = asked(&files, &["--from", "10.0.0.4", "--json"]).json();
    assert_eq!(found["skipped"][0]["set"], "rt");
}

#[test]
fn a_public_client_of_a_registry_meets_no_checkpoint_of_a_virtual_network() {
    let closed = || {
        let rows = ["Inbound", "Outbound"].map(|way| rule(way, 100, way, "Deny", "*", "*"));
        group("nsg1", &rows)
    };
    let firewall = json!({"name": "fw", "ruleCollections": [collection("n", 100, "Deny", &json!([network("none", &json!(["*"]))]))]});
    let files = json!([
        closed(),
        firewall,
        routes(&[("all", "0.0.0.0/0", "None")]),
        registry(&json!({}))
    ]);
    let by_rule = ("allow", true, "203.0.113.0/28");
    let by_service = ("allow", true, "networkRuleBypassOptions AzureServices");
    let no_subnet = registry(&json!({"rules.virtualNetworkRules": []}));
    let trusting = json!([closed(), no_subnet]);
    let host = "contoso.azurecr.io";
    for (files, args, expected) in [
        // By name, by an address that registries alone have, by their tag.
        (
            &files,
            &["--from", "203.0.113.9", "--to", host][..],
            by_rule,
        ),
        (
            &files,
            &["--from", "203.0.113.9", "--to", "203.0.113.4"],
            by_rule,
        ),
        (
            &files,
            &[
                "--from",
                "203.0.113.9",
                "--to",
                "AzureContainerRegistry.FranceCentral",
            ],
            by_rule,
        ),
        (
            &files,
            &["--from", "203.0.113.9", "--to", host, "--direction", "out"],
            by_rule,
        ),
        (
            &files,
            &["--from", "20.38.116.5", "--to", host],
            ("deny", true, "defaultAction Deny"),
        ),
        (
            &files,
            &["--from", "Internet", "--to", host],
            ("deny", true, "defaultAction Deny"),
        ),
        // One of Azure's services comes from no network of one's own.
        (&trusting, &["--trusted-service", "import"], by_service),
        (
            &trusting,
            &["--trusted-service", "defender", "--to", host],
            by_service,
        ),
    ] {
        let found = answer(files, args, expected);
        let skipped: Vec<&Value> = found["skipped"].as_array().unwrap().iter().collect();
        assert_eq!(
            skipped.len(),
            files.as_array().unwrap().len() - 1,
            "{found:#}"
        );
        for it in skipped {
            says(it, "why", &["not on the way", "no security group"]);
        }
        assert_eq!(found["set"], "contoso", "{args:?}: {found:#}");
        let text = found["assumed"].to_string();
        assert!(!text.contains("security group"), "{found:#}");
    }
    // Without the registry nothing is left that could be asked.
    asked(&closed(), &["--from", "203.0.113.9", "--to", host]).is_refused(&["not on the way"]);
}

#[test]
fn a_client_within_the_network_still_meets_its_checkpoints() {
    let closed = group("nsg1", &[rule("no", 100, "Outbound", "Deny", "*", "*")]);
    let open = group("nsg1", &[]);
    let public = subnet(S1, "198.51.100.0/24", &[]);
    let host = ["--to", "contoso.azurecr.io"];
    for from in ["10.0.0.4", S1, "198.51.100.4", "VirtualNetwork"] {
        let files = json!([closed, registry(&json!({})), public]);
        answer(
            &files,
            &[&["--from", from], &host[..]].concat(),
            ("deny", true, "no"),
        );
    }
    // To somewhere else than a registry a public address still comes in.
    let files = json!([open, registry(&json!({}))]);
    let args = ["--from", "203.0.113.9", "--to", "10.0.0.4"];
    answer(&files, &args, ("deny", true, "DenyAllInBound"));
    // Of a source with both kinds of addresses the network's own are asked about.
    let every = registry(&json!({"rules.defaultAction": "Allow"}));
    let args = [&["--from", "any"], &host[..]].concat();
    let found = answer(
        &json!([open, every]),
        &args,
        ("allow", true, "defaultAction Allow"),
    );
    assert_eq!(
        found["gates"][0]["row"], "AllowInternetOutBound",
        "{found:#}"
    );
    says(&found, "assumed", &["asked for the private addresses"]);
    answer(&json!([closed, every]), &args, ("deny", true, "no"));
}

#[test]
fn what_cannot_be_asked_is_refused_in_a_sentence() {
    let files = registry(&json!({}));
    asked(&files, &["--from", "203.0.113.256"])
        .is_refused(&["not an IPv4 address", "256 exceeds 255"]);
    asked(&files, &["--from", "203.0.113.0/33"]).is_refused(&["not a CIDR", "at most 32"]);
    asked(&files, &["--from", "Storag.WestEurope"])
        .is_refused(&["no tag", "did you mean Storage.WestEurope"]);
    asked(&files, &["--from", "Storage.WestEurop"])
        .is_refused(&["no tag", "did you mean Storage.WestEurope"]);
    asked(&files, &["--from", "AzureContainerRegistri"])
        .is_refused(&["no tag", "AzureContainerRegistry"]);
    asked(&files, &["--from", "contoso.azurecr.io"]).is_refused(&["is a host name", "subnet id"]);
    asked(&files, &["--from", "Retired"]).is_refused(&["Retired has no addresses"]);
    asked(&files, &["--to", "203.0.113.4"]).is_refused(&["--from"]);
    asked(&files, &[]).is_refused(&["--from"]);
    asked(&group("n", &[]), &[]).is_refused(&["give --from or --to"]);
    asked(
        &routes(&[("all", "0.0.0.0/0", "None")]),
        &["--from", "10.0.0.4"],
    )
    .is_refused(&["--to"]);
    asked(
        &group("n", &[]),
        &["--from", "10.0.0.4", "--to", "2001:db8::1"],
    )
    .is_refused(&["IPv4", "IPv6"]);
    asked(&subnet(S1, "10.0.0.0/24", &[]), &["--from", "10.0.0.4"]).is_refused(&["no rules"]);
    asked(&files, &["--from", "10.0.0.4", "--format", "csv"]).is_refused(&["no table", "markdown"]);
    asked(&files, &["--from", "10.0.0.4", "--port", "70000"]).is_refused(&["70000"]);
    asked(&files, &["--from", "10.0.0.4", "--protocol", "quic"]).is_refused(&["tcp, udp"]);
    run_small(&["rules", "test", "no-such-file.json", "--from", "10.0.0.4"])
        .is_refused(&["no-such-file.json"]);
}

#[test]
fn the_documents_are_as_recorded() {
    let acr = json!([
        registry(&json!({})),
        subnet(S1, "10.0.1.0/24", &["Microsoft.ContainerRegistry"])
    ]);
    let nsg = group(
        "nsg1",
        &[
            rule("deny-all", 4000, "Outbound", "Deny", "*", "*"),
            rule(
                "acr",
                200,
                "Outbound",
                "Allow",
                "VirtualNetwork",
                "AzureContainerRegistry.FranceCentral",
            ),
        ],
    );
    for (name, files, args) in [
        (
            "rules-test-registry.json",
            &acr,
            &["--from", "203.0.113.9"][..],
        ),
        ("rules-test-split.json", &acr, &["--from", "203.0.113.0/27"]),
        (
            "rules-test-nsg.json",
            &nsg,
            &["--from", "10.0.0.4", "--to", "AzureContainerRegistry"],
        ),
    ] {
        assert_golden(name, &asked(files, &[args, &["--json"]].concat()));
    }
    let both = json!([nsg, acr[0], acr[1]]);
    let args = ["--from", "10.0.1.4", "--to", "203.0.113.4"];
    assert_golden("rules-test.txt", &asked(&both, &args));
    assert_golden(
        "rules-test.md",
        &asked(&both, &[&args[..], &["--format", "markdown"]].concat()),
    );
}

#[test]
fn names_of_a_hostile_file_are_made_visible() {
    let nasty = "\u{1b}]0;x\u{7}\u{202e}";
    let group = format!("/x/ipGroups/{nasty}");
    let policy = json!({"name": nasty, "ruleCollections": [collection(nasty, 1, "Allow", &json!([
        {"name": nasty, "ruleType": "NetworkRule", "ipProtocols": ["Any"], "sourceIpGroups": [group], "destinationFqdns": [nasty],
            "destinationAddresses": [nasty], "destinationPorts": ["*"]}]))]});
    let tables = json!([
        policy,
        routes(&[(nasty, nasty, nasty)]),
        crate::rules_test_nsg::group(nasty, &[rule(nasty, 100, "Outbound", nasty, nasty, nasty)])
    ]);
    for format in ["text", "json", "markdown"] {
        let ran = asked(
            &tables,
            &[
                "--from",
                "10.0.0.4",
                "--to",
                "203.0.113.4",
                "--format",
                format,
            ],
        );
        assert_eq!(ran.code, 1, "{ran:?}");
        crate::program::assert_safe(&ran, format, &format);
    }
}
