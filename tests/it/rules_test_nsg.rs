//! `tagscope rules test` of security groups: direction, order, defaults, what addresses cannot decide.

use serde_json::{Value, json};

use crate::program::run_small;
use crate::rules_test::{S1, answer, asked, says, subnet};

pub fn rule(name: &str, priority: u32, way: &str, access: &str, from: &str, to: &str) -> Value {
    json!({"name": name, "priority": priority, "direction": way, "access": access, "protocol": "Tcp", "sourceAddressPrefix": from,
        "sourcePortRange": "*", "destinationAddressPrefix": to, "destinationPortRange": "443"})
}

pub fn group(name: &str, rules: &[Value]) -> Value {
    json!({"name": name, "securityRules": rules})
}

#[test]
fn without_outbound_denies_a_security_group_lets_a_registry_through() {
    let none = group("nsg1", &[]);
    let found = answer(
        &none,
        &["--from", "10.0.0.4", "--to", "AzureContainerRegistry"],
        ("allow", true, "AllowInternetOutBound"),
    );
    assert_eq!(found["question"]["direction"], "out");
    says(
        &found,
        "assumed",
        &[
            "Internet is taken for",
            "security admin",
            "Tcp, port 443: the question has none",
        ],
    );
    let deny = group(
        "nsg1",
        &[
            rule("deny-all", 4000, "Outbound", "Deny", "*", "*"),
            rule(
                "acr",
                200,
                "Outbound",
                "Allow",
                "VirtualNetwork",
                "azurecontainerregistry.francecentral",
            ),
        ],
    );
    let found = answer(
        &deny,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("allow", true, "acr"),
    );
    says(
        &found,
        "because",
        &["it allows Tcp 443 from VirtualNetwork to azurecontainerregistry.francecentral"],
    );
    let found = answer(
        &deny,
        &["--from", "10.0.0.4", "--to", "AzureContainerRegistry"],
        ("deny", true, "deny-all"),
    );
    says(
        &found,
        "because",
        &["a part of it does not get through", "203.0.113.8/29"],
    );
    assert_eq!(found["parts"][0]["of"], "to");
    let args = ["--from", "10.0.0.4", "--to", "203.0.113.4", "--port", "80"];
    let found = answer(&deny, &args, ("allow", true, "AllowInternetOutBound"));
    says(&found, "steps", &["acr (priority 200): not about Tcp 80"]);
}

#[test]
fn the_direction_follows_from_the_addresses() {
    let both = group("nsg1", &[]);
    for (args, way) in [
        (&["--from", "10.0.0.4"][..], "out"),
        (&["--from", S1], "out"),
        (&["--to", "203.0.113.4"], "out"),
        (&["--to", "AzureContainerRegistry"], "out"),
        (&["--to", "contoso.azurecr.io"], "out"),
        (&["--from", "203.0.113.4"], "in"),
        (
            &["--from", "AzureContainerRegistry", "--to", "10.0.0.4"],
            "in",
        ),
        (&["--to", "10.0.0.4"], "in"),
        (&["--from", "0.0.0.0/0"], "in"),
        (&["--from", "10.0.0.4", "--direction", "in"], "in"),
    ] {
        let found = asked(&both, &[args, &["--json"]].concat()).json();
        assert_eq!(found["question"]["direction"], way, "{args:?}");
    }
    // The prefixes of a known subnet are the network's, public or not.
    let files = json!([both, subnet(S1, "198.51.100.0/24", &[])]);
    answer(
        &files,
        &["--from", "198.51.100.4", "--to", "10.0.0.4"],
        ("allow", true, "AllowVnetOutBound"),
    );
}

#[test]
fn the_first_match_ends_and_defaults_come_last() {
    let files = group(
        "nsg1",
        &[
            rule("b", 300, "Inbound", "Allow", "Internet", "*"),
            rule("a", 200, "Inbound", "Deny", "203.0.113.0/25", "*"),
        ],
    );
    answer(
        &files,
        &["--from", "203.0.113.4", "--to", "10.0.0.4"],
        ("deny", true, "a"),
    );
    answer(
        &files,
        &["--from", "198.51.100.4", "--to", "10.0.0.4"],
        ("allow", true, "b"),
    );
    answer(
        &files,
        &["--from", "168.63.129.16", "--to", "10.0.0.4"],
        ("allow", true, "AllowAzureLoadBalancerInBound"),
    );
    answer(
        &files,
        &[
            "--from",
            "198.51.100.4",
            "--to",
            "10.0.0.4",
            "--protocol",
            "udp",
        ],
        ("deny", true, "DenyAllInBound"),
    );
    let twins = group(
        "nsg1",
        &[
            rule("a", 200, "Inbound", "Allow", "*", "*"),
            rule("b", 200, "Inbound", "Deny", "*", "*"),
        ],
    );
    let found = answer(
        &twins,
        &["--from", "198.51.100.4", "--to", "10.0.0.4"],
        ("allow", true, "a"),
    );
    says(&found, "assumed", &["the same priority 200"]);
}

#[test]
fn what_addresses_cannot_decide_makes_the_answer_depend() {
    let asg = json!({"name": "web", "priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourceApplicationSecurityGroups": [{"id": "/x/applicationSecurityGroups/web"}],
        "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
    let files = group("nsg1", &[asg]);
    let found = answer(
        &files,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("depends", false, "AllowInternetOutBound"),
    );
    says(
        &found,
        "because",
        &[
            "depends on web (priority 100)",
            "ASG web has network interfaces",
            "it would deny",
        ],
    );
    let text = asked(&files, &["--from", "10.0.0.4", "--to", "203.0.113.4"]);
    assert!(text.out.starts_with("depends: "), "{text:?}");
    // No doubt where every row would do the same, or where the row is about something else.
    answer(
        &files,
        &["--from", "203.0.113.4", "--to", "10.0.0.4"],
        ("deny", true, "DenyAllInBound"),
    );
    let later = group(
        "nsg1",
        &[
            rule("first", 90, "Outbound", "Allow", "*", "*"),
            files["securityRules"][0].clone(),
        ],
    );
    answer(
        &later,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("allow", true, "first"),
    );
    for (key, value, part) in [
        (
            "destinationAddressPrefix",
            "NoSuchTag",
            "the week has no tag NoSuchTag",
        ),
        (
            "destinationAddressPrefix",
            "203.0.113",
            "\\\"203.0.113\\\" is not understood",
        ),
        ("sourcePortRange", "1024", "source ports 1024"),
        (
            "protocol",
            "Quic",
            "securityRules[0].protocol is not understood",
        ),
        (
            "direction",
            "Sideways",
            "securityRules[0].direction is not understood",
        ),
        (
            "access",
            "Maybe",
            "securityRules[0].access is not understood",
        ),
        (
            "priority",
            "first",
            "securityRules[0].priority is not understood",
        ),
        ("destinationPortRange", "https", "is not understood"),
    ] {
        let mut odd = rule("odd", 100, "Outbound", "Deny", "*", "*");
        odd[key] = json!(value);
        let found = answer(
            &group("nsg1", &[odd]),
            &["--from", "10.0.0.4", "--to", "203.0.113.4"],
            ("depends", false, "AllowInternetOutBound"),
        );
        says(&found, "because", &[part]);
    }
}

#[test]
fn both_security_groups_must_allow() {
    let files = json!([
        group("subnet-nsg", &[]),
        group(
            "nic-nsg",
            &[rule(
                "no-acr",
                100,
                "Outbound",
                "Deny",
                "*",
                "AzureContainerRegistry"
            )]
        )
    ]);
    // Nothing says that both are in force: one of them may be another subnet's.
    let found = answer(
        &files,
        &["--from", "10.0.0.4", "--to", "203.0.113.4"],
        ("depends", false, "no-acr"),
    );
    assert_eq!(found["reasons"][0]["id"], "path-unknown");
    let order: Vec<&str> = found["gates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|checkpoint| checkpoint["set"].as_str().unwrap())
        .collect();
    assert_eq!(order, ["nic-nsg", "subnet-nsg"]);
    let found = answer(
        &files,
        &["--from", "192.0.2.1", "--to", "10.0.0.4"],
        ("deny", true, "DenyAllInBound"),
    );
    assert_eq!(found["gates"][0]["set"], "subnet-nsg");
    // Files that are given together are those of one way.
    let folder = tempfile::tempdir().unwrap();
    let paths = ["subnet.json", "nic.json"].map(|name| folder.path().join(name));
    for (path, group) in paths.iter().zip(files.as_array().unwrap()) {
        std::fs::write(path, group.to_string()).unwrap();
    }
    let [subnet, nic] = paths.each_ref().map(|path| path.to_str().unwrap());
    let ways = ["--from", "10.0.0.4", "--to", "203.0.113.4", "--json"];
    let found = run_small(&[&["rules", "test", subnet, nic], &ways[..]].concat()).json();
    assert_eq!(found["verdict"], "deny", "{found:#}");
    assert_eq!(found["certain"], true);
    says(
        &found,
        "assumed",
        &["subnet (subnet-nsg), network interface (nic-nsg)"],
    );
}

#[test]
fn an_end_with_unknown_addresses_makes_the_answer_depend() {
    let only_acr = group(
        "nsg1",
        &[
            rule("deny-all", 4000, "Outbound", "Deny", "*", "*"),
            rule(
                "acr",
                200,
                "Outbound",
                "Allow",
                "10.0.1.0/24",
                "AzureContainerRegistry",
            ),
        ],
    );
    // A registry has one of the addresses of its tag; of another host none are known.
    let registry = ["--from", "10.0.1.4", "--to", "contoso.azurecr.io"];
    let found = answer(&only_acr, &registry, ("allow", true, "acr"));
    says(
        &found,
        "assumed",
        &["one of the IPv4 addresses of AzureContainerRegistry"],
    );
    let host = ["--from", "10.0.1.4", "--to", "packages.example.org"];
    let found = answer(&only_acr, &host, ("depends", false, "deny-all"));
    says(&found, "because", &["it depends on which address it has"]);
    says(&found, "assumed", &["names are not resolved here"]);
    for from in [
        &["--to", "203.0.113.4"][..],
        &["--from", S1, "--to", "203.0.113.4"],
    ] {
        answer(&only_acr, from, ("depends", false, "deny-all"));
    }
    let files = json!([only_acr, subnet(S1, "10.0.1.0/24", &[])]);
    answer(
        &files,
        &["--from", S1, "--to", "203.0.113.4"],
        ("allow", true, "acr"),
    );
    // No address of it gets through.
    let none = ["--from", "10.0.2.4", "--to", "contoso.azurecr.io"];
    answer(&only_acr, &none, ("deny", true, "deny-all"));
}
