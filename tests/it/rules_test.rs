//! `tagscope rules test` of a registry: every rule of evaluation, by hand, each with its row of the
//! fact base.

use serde_json::{Value, json};

use crate::program::{Ran, SMALL, run_with};

pub const S1: &str = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/agents";
const S2: &str = "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/other";

/// One file of several resources on standard input.
#[track_caller]
pub fn asked(resources: &Value, args: &[&str]) -> Ran {
    let all = [&["--file", SMALL, "rules", "test", "-"], args].concat();
    run_with(&all, resources.to_string())
}

/// The JSON answer: verdict, certainty and row as expected, the exit code with it.
#[track_caller]
pub fn answer(resources: &Value, args: &[&str], expected: (&str, bool, &str)) -> Value {
    let ran = asked(resources, &[args, &["--json"]].concat());
    let found = ran.json();
    let seen = (
        found["verdict"].as_str().unwrap(),
        found["certain"].as_bool().unwrap(),
        found["row"].as_str().unwrap(),
    );
    assert_eq!(seen, expected, "{args:?}: {found:#}");
    assert_eq!(ran.code, i32::from(expected.0 != "allow"), "{ran:?}");
    found
}

#[track_caller]
pub fn says(found: &Value, key: &str, parts: &[&str]) {
    let text = found[key].to_string();
    for part in parts {
        assert!(text.contains(part), "no {part:?} in {found:#}");
    }
}

/// A registry with a listed subnet and an IP rule; `changes` replace keys.
pub fn registry(changes: &Value) -> Value {
    let mut value = json!({"name": "contoso", "loginServer": "contoso.azurecr.io", "sku": {"name": "Premium"},
        "publicNetworkAccess": "Enabled", "networkRuleBypassOptions": "AzureServices", "networkRuleBypassAllowedForTasks": false,
        "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"action": "Allow", "ipAddressOrRange": "203.0.113.0/28"}],
            "virtualNetworkRules": [{"action": "Allow", "virtualNetworkResourceId": S1}]}});
    let object = value.as_object_mut().unwrap();
    for (key, new) in changes.as_object().unwrap() {
        if let Some(inner) = key.strip_prefix("rules.") {
            object["networkRuleSet"][inner] = new.clone();
        } else {
            object.insert(key.clone(), new.clone());
        }
    }
    value
}

pub fn subnet(id: &str, prefix: &str, endpoints: &[&str]) -> Value {
    let endpoints: Vec<Value> = endpoints.iter().map(|it| json!({"service": it})).collect();
    json!({"id": id, "name": "x", "addressPrefix": prefix, "serviceEndpoints": endpoints})
}

#[test]
fn c17_default_allow_makes_every_rule_moot() {
    let open = registry(&json!({"rules.defaultAction": "Allow"}));
    for from in ["198.51.100.7", "10.9.9.9", S2, "2001:db8::1", "0.0.0.0/0"] {
        let found = answer(
            &open,
            &["--from", from],
            ("allow", true, "defaultAction Allow"),
        );
        says(&found, "because", &["rules make no difference"]);
    }
    let closed = registry(&json!({}));
    answer(
        &closed,
        &["--from", "198.51.100.7"],
        ("deny", true, "defaultAction Deny"),
    );
}

#[test]
fn an_ip_rule_lets_a_public_ipv4_address_in() {
    let found = answer(
        &registry(&json!({})),
        &["--from", "203.0.113.9"],
        ("allow", true, "203.0.113.0/28"),
    );
    says(&found, "because", &["203.0.113.0/28"]);
    // A client of a listed subnet would arrive with another address.
    says(
        &found,
        "assumed",
        &[
            "no subnet with the service endpoint",
            "put together from several documents",
        ],
    );
    answer(
        &registry(&json!({})),
        &["--from", "2001:db8::1"],
        ("deny", true, "defaultAction Deny"),
    );
    let v6 = registry(&json!({"rules.ipRules": [{"value": "2001:db8::/32"}]}));
    let found = answer(
        &v6,
        &["--from", "2001:db8::1"],
        ("depends", false, "defaultAction Deny"),
    );
    says(&found, "because", &["IP rules are for IPv4"]);
}

#[test]
fn c1_a_listed_subnet_arrives_with_its_private_address_and_identity() {
    let files = json!([
        registry(&json!({})),
        subnet(S1, "10.0.1.0/24", &["Microsoft.ContainerRegistry"])
    ]);
    for from in [S1, &S1.to_uppercase(), "10.0.1.4", "10.0.1.128/25"] {
        let found = answer(&files, &["--from", from], ("allow", true, S1));
        says(
            &found,
            "because",
            &["private addresses", "identity of the subnet"],
        );
    }
}

#[test]
fn c18_a_subnet_passes_once_it_is_listed() {
    let found = answer(&registry(&json!({})), &["--from", S1], ("allow", true, S1));
    says(
        &found,
        "assumed",
        &["service endpoint", "az network vnet subnet show"],
    );
    let files = json!([
        registry(&json!({})),
        subnet(S2, "10.0.2.0/24", &["Microsoft.ContainerRegistry"])
    ]);
    for from in [S2, "10.0.2.4"] {
        let found = answer(
            &files,
            &["--from", from],
            ("deny", true, "defaultAction Deny"),
        );
        says(&found, "because", &["which no IP rule matches"]);
    }
    // Without its description the subnet may arrive with a listed address.
    answer(
        &registry(&json!({})),
        &["--from", S2],
        ("depends", false, "defaultAction Deny"),
    );
    let none = registry(&json!({"rules.ipRules": []}));
    answer(&none, &["--from", S2], ("deny", true, "defaultAction Deny"));
}

#[test]
fn c15_a_rule_for_a_subnet_without_the_service_endpoint_does_not_work() {
    let files = json!([
        registry(&json!({"rules.ipRules": []})),
        subnet(S1, "10.0.1.0/24", &["Microsoft.Storage"])
    ]);
    for from in [S1, "10.0.1.4"] {
        let found = answer(
            &files,
            &["--from", from],
            ("deny", true, "defaultAction Deny"),
        );
        says(&found, "because", &["lacks the service endpoint"]);
    }
    let files = json!([registry(&json!({})), subnet(S1, "10.0.1.0/24", &[])]);
    let found = answer(
        &files,
        &["--from", S1],
        ("depends", false, "defaultAction Deny"),
    );
    says(
        &found,
        "because",
        &["public address that its traffic leaves with"],
    );
}

#[test]
fn c8_service_endpoints_are_not_in_government_and_china() {
    for server in ["contoso.azurecr.us", "contoso.azurecr.cn"] {
        let there = registry(&json!({"loginServer": server}));
        let found = answer(&there, &["--from", S1], ("depends", false, S1));
        says(
            &found,
            "because",
            &["no service endpoints in Azure Government"],
        );
    }
}

#[test]
fn c16_a_subnet_is_given_by_its_whole_id() {
    let wrong = "/subscriptions/0000/virtualNetworks/v/subnets/s";
    asked(&registry(&json!({})), &["--from", wrong])
        .is_refused(&["this is the ID of", "virtualNetworks/NETWORK/subnets"]);
}

#[test]
fn e12_public_access_off_stops_service_endpoints_too() {
    let off = registry(&json!({"publicNetworkAccess": "Disabled", "rules.defaultAction": "Allow"}));
    let files = json!([
        off,
        subnet(S1, "10.0.1.0/24", &["Microsoft.ContainerRegistry"])
    ]);
    for from in ["203.0.113.9", S1, "10.0.1.4", "10.99.0.1"] {
        let found = answer(
            &files,
            &["--from", from],
            ("deny", true, "publicNetworkAccess Disabled"),
        );
        says(&found, "because", &["service endpoints do not count"]);
    }
}

#[test]
fn c9_with_public_access_off_trusted_services_need_the_bypass() {
    let rules = json!([]);
    let off = |bypass: &str| {
        registry(
            &json!({"publicNetworkAccess": "Disabled", "networkRuleBypassOptions": bypass, "rules.virtualNetworkRules": rules}),
        )
    };
    let defender = ["--trusted-service", "Defender for Cloud"];
    let row = "networkRuleBypassOptions AzureServices";
    let found = answer(&off("AzureServices"), &defender, ("allow", true, row));
    says(&found, "assumed", &["also holds with public access off"]);
    let found = answer(
        &off("None"),
        &defender,
        ("deny", true, "publicNetworkAccess Disabled"),
    );
    says(&found, "steps", &["networkRuleBypassOptions is None"]);
}

#[test]
fn c10_azure_devops_is_no_trusted_service() {
    for name in ["Azure DevOps", "App Service"] {
        asked(&registry(&json!({})), &["--trusted-service", name])
            .is_refused(&["defender", "by its address"]);
    }
}

#[test]
fn tasks_pass_with_a_permission_of_their_own_only() {
    let with = |tasks: Value| {
        registry(
            &json!({"rules.virtualNetworkRules": [], "rules.ipRules": [], "networkRuleBypassAllowedForTasks": tasks}),
        )
    };
    let tasks = ["--trusted-service", "tasks"];
    let row = "networkRuleBypassOptions AzureServices";
    let found = answer(&with(json!(true)), &tasks, ("allow", true, row));
    says(&found, "assumed", &["system-assigned"]);
    for value in [json!(false), Value::Null] {
        let found = answer(&with(value), &tasks, ("deny", true, "defaultAction Deny"));
        says(
            &found,
            "steps",
            &["networkRuleBypassAllowedForTasks is not true"],
        );
    }
    answer(
        &with(json!(false)),
        &["--trusted-service", "import"],
        ("allow", true, row),
    );
    // By its address it may be listed all the same.
    let listed = registry(&json!({"rules.virtualNetworkRules": []}));
    answer(
        &listed,
        &["--trusted-service", "tasks", "--from", "203.0.113.1"],
        ("allow", true, "203.0.113.0/28"),
    );
    answer(&listed, &tasks, ("depends", false, "defaultAction Deny"));
}

#[test]
fn e14_the_bypass_does_not_apply_with_service_endpoints() {
    let ml = ["--trusted-service", "machine-learning"];
    let found = answer(
        &registry(&json!({"rules.ipRules": []})),
        &ml,
        ("deny", true, "defaultAction Deny"),
    );
    says(
        &found,
        "steps",
        &["does not apply to a registry with service endpoints"],
    );
    let with_address = [&ml[..], &["--from", "203.0.113.4"]].concat();
    answer(
        &registry(&json!({})),
        &with_address,
        ("allow", true, "203.0.113.0/28"),
    );
}

#[test]
fn an_approved_private_endpoint_is_never_checked() {
    let with = |status: &str| {
        registry(
            &json!({"publicNetworkAccess": "Disabled", "privateEndpointConnections": [
            {"name": "pe1", "properties": {"privateLinkServiceConnectionState": {"status": status}}}]}),
        )
    };
    answer(
        &with("Approved"),
        &["--private-endpoint"],
        ("allow", true, "private endpoint pe1"),
    );
    let found = answer(
        &with("Approved"),
        &["--from", "10.0.0.4"],
        ("deny", true, "publicNetworkAccess Disabled"),
    );
    says(&found, "assumed", &["pe1", "--private-endpoint"]);
    let found = answer(
        &with("Pending"),
        &["--private-endpoint"],
        ("deny", true, "private endpoints"),
    );
    says(&found, "because", &["pe1 is Pending"]);
    answer(
        &registry(&json!({"privateEndpointConnections": []})),
        &["--private-endpoint"],
        ("deny", true, "private endpoints"),
    );
    // A template never lists them.
    let found = answer(
        &registry(&json!({})),
        &["--private-endpoint"],
        ("allow", true, "private endpoint"),
    );
    says(&found, "assumed", &["does not list private endpoints"]);
    let rules = json!({"ipRules": [], "virtualNetworkRules": []});
    let found = answer(
        &rules,
        &["--private-endpoint"],
        ("allow", true, "private endpoint"),
    );
    says(&found, "assumed", &["does not list private endpoints"]);
}

#[test]
fn c22_network_rule_list_has_no_default_action() {
    let rules = json!({"ipRules": [{"action": "Allow", "ipAddressOrRange": "203.0.113.7"}], "virtualNetworkRules": []});
    answer(
        &rules,
        &["--from", "203.0.113.7"],
        ("allow", true, "203.0.113.7"),
    );
    let found = answer(
        &rules,
        &["--from", "203.0.113.8"],
        ("deny", true, "defaultAction Deny"),
    );
    says(
        &found,
        "assumed",
        &["the default action is Deny: the file does not say"],
    );
    let basic = json!({"loginServer": "basic.azurecr.io", "sku": {"name": "Basic"}, "networkRuleSet": null});
    let found = answer(
        &basic,
        &["--from", "203.0.113.8"],
        ("allow", true, "defaultAction Allow"),
    );
    says(&found, "assumed", &["without a rule set"]);
}

#[test]
fn a_private_address_of_no_known_subnet_is_left_open() {
    let found = answer(
        &registry(&json!({})),
        &["--from", "10.3.0.4"],
        ("depends", false, "defaultAction Deny"),
    );
    says(&found, "because", &["agents"]);
    says(&found, "reasons", &["subnet's id", "subnet show"]);
    let no_subnet = registry(&json!({"rules.virtualNetworkRules": []}));
    let found = answer(
        &no_subnet,
        &["--from", "10.3.0.4"],
        ("depends", false, "defaultAction Deny"),
    );
    says(&found, "because", &["public address"]);
    // A private range in an IP rule does nothing.
    let useless = registry(
        &json!({"rules.virtualNetworkRules": [], "rules.ipRules": [{"value": "10.0.0.0/8"}]}),
    );
    answer(
        &useless,
        &["--from", "10.3.0.4"],
        ("depends", false, "defaultAction Deny"),
    );
}

#[test]
fn a_rule_of_a_registry_that_is_not_understood_leaves_the_answer_open() {
    for odd in [
        json!([{"value": "203.0.113"}]),
        json!([{"value": "198.51.100.7", "action": "Deny"}]),
        json!(["nonsense here"]),
    ] {
        let found = answer(
            &registry(&json!({"rules.ipRules": odd})),
            &["--from", "198.51.100.7"],
            ("depends", false, "defaultAction Deny"),
        );
        says(&found, "because", &["depends", "not understood"]);
    }
    let odd = registry(&json!({"publicNetworkAccess": "SecuredByPerimeter"}));
    for from in ["203.0.113.4", S1] {
        let found = asked(&odd, &["--from", from, "--json"]).json();
        assert_eq!(
            (&found["verdict"], &found["certain"]),
            (&json!("depends"), &json!(false)),
            "{found:#}"
        );
    }
}

#[test]
fn a_cidr_is_cut_where_the_answer_differs() {
    let files = registry(&json!({"rules.virtualNetworkRules": []}));
    let found = answer(
        &files,
        &["--from", "203.0.113.0/27"],
        ("deny", true, "defaultAction Deny"),
    );
    let parts = found["parts"].as_array().unwrap();
    let seen: Vec<_> = parts
        .iter()
        .map(|it| {
            (
                it["addresses"].to_string(),
                it["verdict"].as_str().unwrap(),
                it["of"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("[\"203.0.113.0/28\"]".to_owned(), "allow", "from"),
            ("[\"203.0.113.16/28\"]".to_owned(), "deny", "from")
        ]
    );
    // A tag is its prefixes in the week; no IP rule lets its IPv6 addresses in.
    let found = answer(
        &files,
        &["--from", "AzureContainerRegistry"],
        ("deny", true, "defaultAction Deny"),
    );
    assert_eq!(found["parts"][0]["verdict"], "allow");
    assert_eq!(found["parts"][1]["addresses"], json!(["2001:db8:2::/48"]));
    let tag = asked(&files, &["--from", "Storage", "--json"]).json();
    assert_eq!(tag["verdict"], "deny");
    assert_eq!(tag["question"]["from"], "Storage");
}
