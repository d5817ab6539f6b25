//! Cases of a security group, and of rows of any kind.

use serde_json::{Value, json};

use super::documents::{
    REGION, allow_in, allow_out, change, deny_out, many, nsg, one, registry, row, strs,
};
use super::{Case, case};

#[expect(clippy::too_many_lines, reason = "a table")]
pub fn cases() -> Vec<Case> {
    let clean = || one(allow_out(&["Storage.WestEurope"]));
    let named = |name: &str| one(change(allow_out(&["8.8.8.8"]), "name", json!(name)));
    let at = |priority: u32| one(change(allow_out(&["8.8.8.8"]), "priority", json!(priority)));
    let rows = |count: u32| {
        let rows = (0..count).map(|it| {
            row(
                (&format!("r{it}"), 100 + it),
                ("Outbound", "Deny"),
                &["10.0.0.4"],
                &["8.8.8.8"],
                &(it + 1).to_string(),
            )
        });
        nsg(&rows.collect::<Vec<_>>())
    };
    let groups = |count: usize| {
        let ids: Vec<Value> = (0..count)
            .map(|it| json!({"id": format!("/x/applicationSecurityGroups/g{it}")}))
            .collect();
        let mut row = change(
            allow_out(&[]),
            "destinationApplicationSecurityGroups",
            json!(ids),
        );
        row["destinationAddressPrefixes"] = json!([]);
        one(row)
    };
    let artifacts = |more: Vec<Value>| {
        let mut rows = vec![
            allow_out(&["MicrosoftContainerRegistry"]),
            deny_out(300, &["Internet"]),
        ];
        rows.extend(more);
        nsg(&rows)
    };
    let pool = |tags: &[(&str, &str)]| {
        let rows = (300..).zip(tags).map(|(priority, (tag, port))| {
            row(
                (tag, priority),
                ("Outbound", "Allow"),
                &["VirtualNetwork"],
                &[tag],
                port,
            )
        });
        nsg(&rows.collect::<Vec<_>>())
    };
    let five = [
        ("AzureKeyVault", "443"),
        ("Storage", "443"),
        ("EventHub", "443"),
        ("AzureActiveDirectory", "443"),
        ("AzureMonitor", "443"),
        ("AzureMonitor", "12000"),
    ];
    let pair = |second: Value| {
        nsg(&[
            row(
                ("first", 100),
                ("Outbound", "Deny"),
                &["*"],
                &["8.8.8.0/24"],
                "400-500",
            ),
            second,
        ])
    };
    let out = |to: &[&str]| {
        row(
            ("out", 200),
            ("Outbound", "Allow"),
            &["10.0.0.4"],
            to,
            "443",
        )
    };
    vec![
        case(
            "same-priority",
            "",
            nsg(&[allow_out(&["8.8.8.8"]), deny_out(200, &["*"])]),
            nsg(&[allow_out(&["8.8.8.8"]), allow_in(&["8.8.8.8"])]),
        ),
        case("priority-range", "", at(99), at(100)),
        case("priority-range", "", at(4097), at(4096)),
        case("name", "", named("a b"), named("a.b-c_d")),
        case("name", "", named(&"x".repeat(81)), named(&"x".repeat(80))),
        case(
            "of-nobody",
            "",
            one(allow_in(&["203.0.113.9", "8.8.8.8"])),
            one(allow_in(&["8.8.8.8"])),
        ),
        case(
            "several-tags",
            "",
            one(allow_out(&["Storage", "EventHub"])),
            one(allow_out(&["Storage", "8.8.8.8"])),
        ),
        case("nsg-rows", "", rows(1001), rows(1000)),
        case("near-limit", "", rows(900), rows(899)),
        case(
            "nsg-addresses",
            "",
            one(allow_out(&strs(&many(4001)))),
            one(allow_out(&strs(&many(4000)))),
        ),
        case("nsg-asg", "", groups(11), groups(10)),
        case(
            "default-allows",
            "",
            clean(),
            nsg(&[out(&["8.8.8.8"]), deny_out(300, &["*"])]),
        ),
        case(
            "wider",
            "",
            one(change(
                allow_in(&["*"]),
                "destinationPortRange",
                json!("22"),
            )),
            one(allow_in(&["*"])),
        ),
        case(
            "wider",
            "",
            one(change(
                allow_in(&["Internet"]),
                "destinationPortRange",
                json!("*"),
            )),
            one(allow_in(&["VirtualNetwork"])),
        ),
        case(
            "wider",
            "",
            one(change(
                allow_in(&["0.0.0.0/1", "128.0.0.0/1"]),
                "destinationPortRange",
                json!("22"),
            )),
            one(row(
                ("no", 200),
                ("Inbound", "Deny"),
                &["0.0.0.0/0"],
                &["*"],
                "*",
            )),
        ),
        case(
            "wider",
            "",
            one(allow_out(&["AzureCloud.westeurope"])),
            clean(),
        ),
        case(
            "wider-region",
            "",
            [registry(&json!({})), one(allow_out(&["Storage"]))],
            [
                registry(&json!({})),
                one(allow_out(&["Storage.WestEurope"])),
            ],
        ),
        case(
            "wider-region",
            "",
            [
                registry(&json!({})),
                one(allow_out(&["AzureContainerRegistry"])),
            ],
            one(allow_out(&["Storage"])),
        ),
        case(
            "use-tag",
            "B11",
            one(allow_out(&REGION)),
            one(allow_out(&REGION[..4])),
        ),
        case(
            "within-tag",
            "",
            one(allow_out(&REGION[..4])),
            one(allow_out(&REGION[..3])),
        ),
        case(
            "is-tag",
            "",
            REGION.join("\n").as_str(),
            format!("# tag: Storage.WestEurope\n{}", REGION.join("\n")).as_str(),
        ),
        case(
            "no-tag",
            "",
            one(allow_out(&["20.38.108.0/24", "8.8.8.8"])),
            one(allow_out(&["20.38.108.0/24", "10.0.0.9"])),
        ),
        case(
            "no-tag",
            "",
            one(allow_out(&["EventHub", "8.8.8.8"])),
            one(allow_out(&["9.9.9.9", "8.8.8.8"])),
        ),
        case(
            "unknown-tag",
            "",
            one(allow_out(&["Storag.WestEurope"])),
            clean(),
        ),
        case(
            "spelling",
            "",
            one(allow_out(&["storage.westeurope"])),
            clean(),
        ),
        case(
            "other-spelling",
            "",
            one(allow_out(&["Storage.West Europe"])),
            clean(),
        ),
        case(
            "tag-feature",
            "",
            one(allow_out(&["Grafana"])),
            one(allow_out(&["SqlManagement"])),
        ),
        case(
            "reading-only",
            "",
            one(allow_out(&["ActionGroup.WestEurope"])),
            clean(),
        ),
        case(
            "unknown-feature",
            "",
            one(allow_out(&["AzureSphere"])),
            clean(),
        ),
        case(
            "B19",
            "B19",
            artifacts(vec![]),
            artifacts(vec![row(
                ("front", 250),
                ("Outbound", "Allow"),
                &["*"],
                &["AzureFrontDoor.FirstParty"],
                "443",
            )]),
        ),
        case(
            "B19",
            "",
            artifacts(vec![row(
                ("late", 350),
                ("Outbound", "Allow"),
                &["*"],
                &["AzureFrontDoor.FirstParty"],
                "443",
            )]),
            one(allow_out(&["MicrosoftContainerRegistry"])),
        ),
        case(
            "A8",
            "A8",
            one(allow_in(&["AzureDevOps"])),
            one(allow_in(&["GatewayManager"])),
        ),
        case(
            "A8",
            "",
            one(allow_in(&["AzureContainerRegistry.WestEurope"])),
            one(allow_out(&["AzureDevOps"])),
        ),
        case("E15", "E15", pool(&five[..5]), pool(&five)),
        case("E15", "", pool(&five[..2]), pool(&five[..1])),
        case(
            "duplicate-entry",
            "",
            one(allow_out(&["8.8.8.8", "8.8.8.0/24"])),
            one(allow_out(&["8.8.8.8", "8.8.8.9"])),
        ),
        case(
            "duplicate",
            "",
            nsg(&[
                allow_out(&["8.8.8.0/25", "8.8.8.128/25"]),
                change(allow_out(&["8.8.8.0/24"]), "priority", json!(300)),
            ]),
            nsg(&[
                allow_out(&["8.8.8.0/24"]),
                change(allow_in(&["8.8.8.0/24"]), "priority", json!(300)),
            ]),
        ),
        case(
            "shadowed",
            "",
            pair(out(&["8.8.8.8"])),
            pair(out(&["8.8.9.8"])),
        ),
        case(
            "shadowed",
            "",
            nsg(&[deny_out(100, &["Internet"]), out(&["Storage.WestEurope"])]),
            nsg(&[deny_out(100, &["Internet"]), out(&["10.0.0.0/8"])]),
        ),
        case(
            "shadowed",
            "",
            nsg(&[deny_out(100, &["Storage"]), out(&["Storage.WestEurope"])]),
            nsg(&[deny_out(100, &["Storage.WestEurope"]), out(&["Storage"])]),
        ),
        case(
            "redundant",
            "",
            nsg(&[
                row(
                    ("all", 100),
                    ("Outbound", "Allow"),
                    &["*"],
                    &["Storage"],
                    "*",
                ),
                out(&["Storage.WestEurope"]),
            ]),
            nsg(&[
                row(
                    ("all", 100),
                    ("Outbound", "Allow"),
                    &["*"],
                    &["Storage"],
                    "444",
                ),
                out(&["Storage.WestEurope"]),
            ]),
        ),
        case(
            "overlap",
            "",
            pair(row(
                ("wide", 200),
                ("Outbound", "Allow"),
                &["10.0.0.4"],
                &["8.8.0.0/16"],
                "443",
            )),
            pair(row(
                ("all", 200),
                ("Outbound", "Allow"),
                &["*"],
                &["8.8.0.0/16"],
                "*",
            )),
        ),
        case(
            "unread",
            "",
            one(change(allow_out(&["8.8.8.8"]), "access", json!("Perhaps"))),
            clean(),
        ),
    ]
}
