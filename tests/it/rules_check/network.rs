//! Cases of firewalls, IP groups, route tables and lists.

use serde_json::{Value, json};

use super::documents::{REGION, firewall, ip_group, many, nsg, row, rule, strs, table, to};
use super::{Case, case};

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn cases() -> Vec<Case> {
    const FILTER: &str = "FirewallPolicyFilterRuleCollection";
    let with = |changes: Value| firewall(FILTER, &[rule(&changes)]);
    let group = json!({"destinationAddresses": [], "destinationIpGroups": ["/x/ipGroups/g"]});
    let tags = |count: usize| {
        let names: Vec<String> = (0..count).map(|it| format!("Tag{it}")).collect();
        table(&strs(&names))
    };
    let app = |host: &str| {
        json!({"name": host, "ruleType": "ApplicationRule", "sourceAddresses": ["*"], "targetFqdns": [host],
            "protocols": [{"protocolType": "Https", "port": 443}]})
    };
    vec![
        case(
            "firewall-source-tag",
            "",
            with(json!({"sourceAddresses": ["Storage"]})),
            to(&["Storage"]),
        ),
        case("firewall-symbol", "", to(&["Internet"]), to(&["Storage"])),
        case("tag-feature", "", to(&["SqlManagement"]), to(&["Grafana"])),
        case(
            "wider",
            "",
            with(json!({"destinationAddresses": ["*"], "destinationPorts": ["22"]})),
            to(&["0.0.0.0/1"]),
        ),
        case("wider", "", to(&["AzureCloud"]), to(&["Storage"])),
        case(
            "port-zero",
            "",
            with(json!({"destinationPorts": ["0-80"]})),
            with(json!({"destinationPorts": ["*"]})),
        ),
        case(
            "unresolved",
            "",
            to(&["[parameters('prefix')]"]),
            to(&["8.8.8.8"]),
        ),
        case(
            "B19",
            "B19",
            to(&["MicrosoftContainerRegistry"]),
            to(&["MicrosoftContainerRegistry", "AzureFrontDoor.FirstParty"]),
        ),
        case(
            "use-tag",
            "",
            to(&REGION),
            with(json!({"sourceAddresses": REGION})),
        ),
        case(
            "no-ip-group",
            "",
            with(group.clone()),
            [with(group.clone()), ip_group(&["8.8.8.8"])],
        ),
        case(
            "redundant",
            "",
            [
                ip_group(&["8.8.8.8", "8.8.8.9"]),
                firewall(FILTER, &[rule(&group), rule(&json!({}))]),
            ],
            [
                ip_group(&["8.8.8.9"]),
                firewall(FILTER, &[rule(&group), rule(&json!({}))]),
            ],
        ),
        case(
            "redundant",
            "",
            firewall(FILTER, &[app("*.example.com"), app("a.example.com")]),
            firewall(FILTER, &[app("*.example.com"), app("example.com")]),
        ),
        case(
            "ip-group-size",
            "",
            ip_group(&strs(&many(5001))),
            ip_group(&strs(&many(5000))),
        ),
        case(
            "ip-group-form",
            "",
            ip_group(&["2001:db8::1"]),
            ip_group(&["8.8.8.1-8.8.8.9"]),
        ),
        case(
            "ip-group-form",
            "",
            ip_group(&["Storage"]),
            ip_group(&["8.8.8.0/24"]),
        ),
        case("is-tag", "", ip_group(&REGION), ip_group(&REGION[..3])),
        case(
            "route-count",
            "",
            table(&strs(&many(401))),
            table(&strs(&many(400))),
        ),
        case("tag-routes", "", tags(26), tags(25)),
        case("route-tag", "", table(&["Internet"]), table(&["0.0.0.0/0"])),
        case(
            "route-form",
            "",
            table(&["8.8.8.1-8.8.8.9"]),
            table(&["8.8.8.8"]),
        ),
        case("route-form", "", table(&["*"]), table(&["0.0.0.0/0"])),
        case(
            "same-route",
            "",
            table(&["8.8.8.0/24", "8.8.8.0/24"]),
            table(&["8.8.8.0/24", "8.8.8.0/25"]),
        ),
        case(
            "tag-feature",
            "",
            table(&["SqlManagement"]),
            table(&["Grafana"]),
        ),
        case("use-tag", "", table(&REGION), table(&REGION[..4])),
        case(
            "unknown-tag",
            "",
            "# tag: Storag\n8.8.8.8",
            "# tag: Storage\n8.8.8.8",
        ),
        case(
            "unread",
            "",
            [json!([{"name": "x"}, with(json!({}))])],
            with(json!({})),
        ),
        case("unchecked", "", crowded(250, 500), crowded(9, 500)),
    ]
}

/// Rows whose addresses lie between each other's: all pairs must be walked to the end.
pub fn crowded(rows: u32, each: u32) -> Value {
    let list = |shift: u32| -> Vec<String> {
        let at = |it: u32| format!("11.{}.{}.{}", it / 250, it % 250, shift);
        (0..each).map(at).collect()
    };
    let rows = (0..rows).map(|number| {
        let access = if number % 2 == 0 { "Allow" } else { "Deny" };
        row(
            (&format!("r{number}"), 100 + number),
            ("Outbound", access),
            &["10.0.0.4"],
            &strs(&list(number)),
            "443",
        )
    });
    nsg(&rows.collect::<Vec<_>>())
}
