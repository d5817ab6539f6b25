//! Cases of what Azure refuses or never matches, and of what is meant although it looks wrong.

use serde_json::{Value, json};

use super::documents::{addresses, allow_in, allow_out, change, firewall, nsg, one, row};
use super::{Case, case};

pub fn cases() -> Vec<Case> {
    let apps = |hosts: &[&str]| {
        let rule = json!({"name": "app", "ruleType": "ApplicationRule", "sourceAddresses": ["10.0.0.0/8"], "targetFqdns": hosts,
            "protocols": [{"protocolType": "Https", "port": 443}]});
        firewall("FirewallPolicyFilterRuleCollection", &[rule])
    };
    let demanded = |from: &str| -> Value {
        nsg(&[
            row(
                ("all", 100),
                ("Inbound", "Allow"),
                &["8.8.8.8", from],
                &["10.0.0.4"],
                "443",
            ),
            allow_in(&[from]),
        ])
    };
    vec![
        case(
            "mixed-families",
            "",
            one(allow_out(&["8.8.8.8", "2001:4860::/32"])),
            one(allow_out(&["8.8.8.8", "1.1.1.1"])),
        ),
        case(
            "mixed-families",
            "",
            one(allow_out(&["2001:4860::/32"])),
            one(change(
                allow_out(&["2001:4860::/32"]),
                "sourceAddressPrefixes",
                json!(["*"]),
            )),
        ),
        case(
            "platform-tag-in-list",
            "",
            one(allow_in(&["VirtualNetwork", "8.8.8.8"])),
            one(allow_in(&["VirtualNetwork"])),
        ),
        case(
            "classic-tag",
            "",
            one(allow_in(&["VIRTUAL_NETWORK"])),
            one(allow_in(&["virtualnetwork"])),
        ),
        case(
            "host-name",
            "",
            one(allow_out(&["contoso.blob.core.windows.net"])),
            one(allow_out(&["Storage.WestEurope"])),
        ),
        case(
            "host-suffix",
            "",
            apps(&["*.blob.windows.net"]),
            apps(&["*.blob.core.windows.net", "*.table.core.windows.net"]),
        ),
        case(
            "mcr-data",
            "",
            apps(&["mcr.microsoft.com"]),
            apps(&["mcr.microsoft.com", "*.data.mcr.microsoft.com"]),
        ),
        case(
            "wider-web",
            "",
            one(allow_in(&["*"])),
            one(change(
                allow_in(&["*"]),
                "destinationPortRange",
                json!("22"),
            )),
        ),
        case(
            "shared-addresses",
            "",
            one(allow_in(&["20.38.96.0/19"])),
            one(allow_in(&["20.38.96.0/24"])),
        ),
        case(
            "shared-addresses",
            "",
            addresses(&["20.38.96.0/19"]),
            addresses(&["8.8.0.0/19"]),
        ),
        case(
            "demanded",
            "",
            demanded("GatewayManager"),
            demanded("Storage"),
        ),
        case(
            "internal-tag",
            "",
            one(allow_in(&["CorpNetPublic"])),
            one(allow_in(&["CorpusNet"])),
        ),
    ]
}
