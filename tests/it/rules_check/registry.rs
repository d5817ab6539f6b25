//! Cases of a registry.

use serde_json::json;

use super::documents::{
    addresses, described, endpoint, many, registry, rules, strs, subnet, with_subnet,
};
use super::{Case, case};

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn cases() -> Vec<Case> {
    let clean = || registry(&json!({}));
    let off = |bypass: &str| {
        registry(
            &json!({"publicNetworkAccess": "Disabled", "networkRuleBypassOptions": bypass,
            "networkRuleSet": rules("Deny", &[], &[]), "privateEndpointConnections": endpoint("Approved")}),
        )
    };
    let subnets: Vec<String> = (0..101)
        .map(|it| subnet("0000", &format!("s{it}")))
        .collect();
    let nets = |count: usize| {
        registry(&json!({"networkRuleSet": rules("Deny", &[], &strs(&subnets)[..count])}))
    };
    let ips = |count: usize| addresses(&strs(&many(count)));
    let usage =
        |limit: u32| json!({"value": [{"name": "IPRules", "limit": limit, "currentValue": 0}]});
    let rest = || registry(&json!({"networkRuleSet": rules("Deny", &[], &[])}));
    vec![
        case("C1", "C1 E1", with_subnet(&json!({})), clean()),
        case("C2", "C2 E2", with_subnet(&json!({})), clean()),
        case(
            "C3",
            "C3 E10",
            with_subnet(&json!({"privateEndpointConnections": endpoint("Approved")})),
            with_subnet(&json!({"privateEndpointConnections": endpoint("Pending")})),
        ),
        case(
            "C4",
            "C4 E4",
            registry(&json!({"sku": {"name": "Standard"}})),
            clean(),
        ),
        case(
            "C4",
            "C4",
            registry(&json!({"sku": "Basic"})),
            registry(&json!({"sku": "Basic", "networkRuleSet": null})),
        ),
        case("C5", "C5 E4", nets(101), nets(100)),
        case("C6", "C6 E5 C13", with_subnet(&json!({})), clean()),
        case("C7", "C7 E6 E21", with_subnet(&json!({})), clean()),
        case(
            "C8",
            "C8 E7",
            with_subnet(&json!({"loginServer": "contoso.azurecr.us"})),
            with_subnet(&json!({})),
        ),
        case(
            "C8",
            "C8",
            with_subnet(&json!({"loginServer": "contoso.azurecr.cn"})),
            registry(&json!({"loginServer": "contoso.azurecr.cn"})),
        ),
        case("C9", "C9", off("None"), off("AzureServices")),
        case("C10", "C10", off("None"), clean()),
        case(
            "C11",
            "C11",
            off("None"),
            registry(&json!({"publicNetworkAccess": "Disabled"})),
        ),
        case(
            "C12",
            "C12",
            off("None"),
            registry(
                &json!({"publicNetworkAccess": "Disabled", "privateEndpointConnections": endpoint("Rejected")}),
            ),
        ),
        case(
            "C14",
            "C14 E3 E13",
            registry(&json!({"networkRuleSet": rules("Deny", &[], &[&subnet("1111", "build")])})),
            with_subnet(&json!({})),
        ),
        case(
            "C15",
            "C15 E8 E18 E19",
            [with_subnet(&json!({})), described(&["Microsoft.Storage"])],
            [
                with_subnet(&json!({})),
                described(&["microsoft.containerregistry"]),
            ],
        ),
        case(
            "C16",
            "C16",
            registry(&json!({"networkRuleSet": rules("Deny", &[], &["build"])})),
            with_subnet(&json!({})),
        ),
        case(
            "C17",
            "C17 C20",
            registry(&json!({"networkRuleSet": rules("Allow", &["8.8.8.8"], &[])})),
            clean(),
        ),
        case(
            "C18",
            "C18 C19",
            rest(),
            registry(
                &json!({"networkRuleSet": rules("Deny", &[], &[]), "privateEndpointConnections": endpoint("Approved")}),
            ),
        ),
        case(
            "E12",
            "E12",
            registry(&json!({"publicNetworkAccess": "Disabled"})),
            off("None"),
        ),
        case(
            "E14",
            "E14",
            with_subnet(&json!({"networkRuleBypassOptions": "AzureServices"})),
            registry(&json!({"networkRuleBypassOptions": "AzureServices"})),
        ),
        case(
            "E17",
            "E17",
            described(&[
                "Microsoft.KeyVault",
                "Microsoft.Storage",
                "Microsoft.EventHub",
            ]),
            described(&["Microsoft.KeyVault", "Microsoft.Storage"]),
        ),
        case("ip-limit", "", ips(201), ips(200)),
        case(
            "ip-limit",
            "",
            [ips(101), usage(100)],
            [ips(100), usage(100)],
        ),
        case("near-limit", "", ips(180), ips(179)),
        case("near-limit", "C5", nets(90), nets(89)),
        case("ipv6-rule", "", addresses(&["2001:db8::1"]), clean()),
        case(
            "private-range",
            "",
            addresses(&["10.1.0.0/16"]),
            addresses(&["172.32.0.0/16"]),
        ),
        case(
            "of-nobody",
            "",
            addresses(&["203.0.113.0/24"]),
            addresses(&["203.0.112.0/24"]),
        ),
        case("of-nobody", "", addresses(&["224.0.0.1"]), clean()),
        case(
            "small-range",
            "",
            addresses(&["8.8.8.8/31"]),
            addresses(&["8.8.8.8", "9.9.9.0/30"]),
        ),
        case("small-range", "", addresses(&["8.8.8.8/32"]), clean()),
        case(
            "range-form",
            "",
            addresses(&["8.8.8.1-8.8.8.9"]),
            addresses(&["8.8.8.0-8.8.8.255"]),
        ),
        case(
            "wider",
            "",
            addresses(&["0.0.0.0/0"]),
            addresses(&["0.0.0.0/1"]),
        ),
        case(
            "open",
            "",
            registry(&json!({"networkRuleSet": rules("Allow", &[], &[])})),
            rest(),
        ),
        case(
            "no-default",
            "",
            json!({"ipRules": [{"ipAddressOrRange": "8.8.8.8"}], "virtualNetworkRules": []}),
            clean(),
        ),
        case(
            "tasks",
            "",
            registry(&json!({"networkRuleBypassAllowedForTasks": false})),
            registry(&json!({"networkRuleBypassAllowedForTasks": true})),
        ),
        case(
            "duplicate",
            "",
            addresses(&["8.8.8.8", "8.8.8.8"]),
            addresses(&["8.8.8.8", "8.8.8.9"]),
        ),
        case(
            "redundant",
            "",
            addresses(&["8.8.8.8", "8.8.8.0/24"]),
            addresses(&["8.8.8.8", "8.8.9.0/24"]),
        ),
        case("unread", "", addresses(&["example"]), clean()),
    ]
}
