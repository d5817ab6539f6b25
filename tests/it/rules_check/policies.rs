//! Cases of a firewall's groups and collections, of rows that a later one covers, of CIDRs that are
//! written loosely, and of tags of other weeks.

use serde_json::{Value, json};

use super::documents::{
    addresses, allow_out, change, deny_out, ip_group, nsg, one, row, rule, table, to,
};
use super::{Case, case};

/// A group of a policy with one collection.
fn group(
    (name, priority): (&str, u32),
    (collection, rank, access): (&str, u32, &str),
    rules: &[Value],
) -> Value {
    json!({"name": name, "priority": priority,
        "id": format!("/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/{name}"),
        "ruleCollections": [{"name": collection, "priority": rank, "action": {"type": access},
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "rules": rules}]})
}

fn network(name: &str, to: &str) -> Value {
    rule(&json!({"name": name, "destinationAddresses": [to]}))
}

fn application(host: &str) -> Value {
    json!({"name": host, "ruleType": "ApplicationRule", "sourceAddresses": ["10.0.0.0/24"],
        "targetFqdns": [host], "protocols": [{"protocolType": "Https", "port": 443}]})
}

fn late(access: &str, to: &str) -> Value {
    row(("late", 400), ("Outbound", access), &["*"], &[to], "*")
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn cases() -> Vec<Case> {
    let two = |first: (u32, u32), second: (u32, u32)| {
        [
            group(
                ("one", first.0),
                ("a", first.1, "Allow"),
                &[network("a", "8.8.8.8")],
            ),
            group(
                ("two", second.0),
                ("b", second.1, "Allow"),
                &[network("b", "9.9.9.9")],
            ),
        ]
    };
    let within = |ranks: [u32; 2]| {
        let mut one = group(
            ("one", 100),
            ("a", ranks[0], "Allow"),
            &[network("a", "8.8.8.8")],
        );
        let two = group(
            ("one", 100),
            ("b", ranks[1], "Allow"),
            &[network("b", "9.9.9.9")],
        );
        let more = two["ruleCollections"][0].clone();
        one["ruleCollections"].as_array_mut().unwrap().push(more);
        one
    };
    let deny = |priority: u32| {
        group(
            ("deny", priority),
            ("d", 100, "Deny"),
            &[network("all", "*")],
        )
    };
    let allow = |rules: &[Value]| group(("allow", 200), ("a", 100, "Allow"), rules);
    vec![
        case(
            "collection-priority",
            "",
            two((99, 100), (200, 100)),
            two((100, 100), (200, 65_000)),
        ),
        case(
            "collection-priority",
            "",
            two((100, 65_001), (200, 100)),
            two((100, 65_000), (65_000, 100)),
        ),
        case(
            "same-collection-priority",
            "",
            two((300, 100), (300, 100)),
            two((300, 100), (301, 100)),
        ),
        case(
            "same-collection-priority",
            "",
            within([100, 100]),
            within([100, 101]),
        ),
        // The group's priority decides before the collection's, whatever the order of the files.
        case(
            "shadowed",
            "",
            [allow(&[network("n", "8.8.8.8")]), deny(100)],
            [allow(&[network("n", "8.8.8.8")]), deny(300)],
        ),
        // Network rules of every group come before application rules of any.
        case(
            "shadowed",
            "",
            [allow(&[application("a.example.com")]), deny(300)],
            [allow(&[network("n", "8.8.8.8")]), deny(300)],
        ),
        case(
            "covered-later",
            "",
            nsg(&[allow_out(&["8.8.8.8"]), late("Allow", "8.8.8.0/24")]),
            nsg(&[
                allow_out(&["8.8.8.8"]),
                deny_out(300, &["8.8.8.0/30", "8.8.8.8/30"]),
                late("Allow", "8.8.8.0/24"),
            ]),
        ),
        case(
            "covered-later",
            "",
            nsg(&[
                allow_out(&["8.8.8.8"]),
                deny_out(300, &["9.9.9.9"]),
                late("Allow", "*"),
            ]),
            nsg(&[allow_out(&["8.8.8.8"]), late("Deny", "8.8.8.0/24")]),
        ),
        // What is not understood may decide a part of it.
        case(
            "covered-later",
            "",
            nsg(&[allow_out(&["8.8.8.8"]), late("Allow", "*")]),
            nsg(&[
                allow_out(&["8.8.8.8"]),
                change(deny_out(300, &["9.9.9.9"]), "protocol", json!("Sctp")),
                late("Allow", "*"),
            ]),
        ),
        case(
            "host-bits",
            "",
            addresses(&["8.8.8.5/24"]),
            addresses(&["8.8.8.0/24"]),
        ),
        case(
            "host-bits",
            "",
            one(allow_out(&["8.8.8.8", "2001:db8::1/64"])),
            one(allow_out(&["8.8.8.8", "2001:db8::/64"])),
        ),
        case("host-bits", "", to(&["8.8.8.5/30"]), to(&["8.8.8.4/30"])),
        case(
            "host-bits",
            "",
            ip_group(&["8.8.8.5/30"]),
            ip_group(&["8.8.8.5"]),
        ),
        case(
            "host-bits",
            "",
            table(&["8.8.8.5/30"]),
            table(&["8.8.8.5/32"]),
        ),
        case(
            "host-bits",
            "",
            "8.8.8.8\n8.8.8.5/30",
            "8.8.8.8\n8.8.8.4/30",
        ),
        case(
            "gone-tag",
            "",
            one(allow_out(&["Storage.Atlantis"])),
            one(allow_out(&["Storage.Lemuria"])),
        ),
        case(
            "gone-tag",
            "",
            "# tag: storage.atlantis\n8.8.8.8",
            "# tag: Storage\n8.8.8.8",
        ),
    ]
}
