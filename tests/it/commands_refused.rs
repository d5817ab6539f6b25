//! Commands are made of no name that Azure CLI would read itself: `@file`, `-x`. What is made is
//! handed to a shell whose `az` only notes its words.

use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ran, SMALL, run, run_with};

const READ_BY_AZ: [&str; 6] = ["@/etc/passwd", "@", "-x", "--yes", "-", "@a b"];

/// Quotes, expansions, ends of lines and of commands: a shell must read them as they are.
const HOSTILE: [&str; 14] = [
    "a'b",
    "a\"b",
    "$(touch PWNED)",
    "`touch PWNED`",
    "${HOME}",
    "%{ if true }",
    "a;touch PWNED",
    "a&&touch PWNED",
    "{a,b}",
    "# a",
    "back\\slash\\",
    "line\ntouch PWNED",
    "a > PWNED",
    "\u{202e}bidi",
];

fn tag(prefixes: &[&str]) -> Value {
    json!({"changeNumber": 1, "cloud": "Public", "values": [{"name": "Storage", "id": "Storage",
        "properties": {"changeNumber": 1, "region": "", "platform": "Azure", "systemService": "AzureStorage",
        "addressPrefixes": prefixes, "networkFeatures": ["API", "NSG", "UDR", "FW"]}}]})
}

struct Room {
    folder: TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let bin = folder.path().join("bin");
        std::fs::create_dir(&bin).unwrap();
        let az = bin.join("az");
        let note = "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\0' \"$word\"; done >> calls\n";
        std::fs::write(&az, note).unwrap();
        let marked = Command::new("chmod").arg("+x").arg(&az).status();
        assert!(marked.unwrap().success());
        Self { folder }
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn weeks(&self) -> [String; 2] {
        let rows = ["192.0.2.0/28", "192.0.2.32/28", "192.0.2.64/28"];
        [
            self.file("ServiceTags_Public_20260105.json", &tag(&rows).to_string()),
            self.file(
                "ServiceTags_Public_20260112.json",
                &tag(&[rows[0], rows[1], "192.0.2.128/28"]).to_string(),
            ),
        ]
    }

    /// The words that `az` gets from a script; nothing else may have happened.
    fn words(&self, script: &str) -> Vec<String> {
        let path = self.file("script.sh", script);
        let calls = self.folder.path().join("calls");
        let _ = std::fs::remove_file(&calls);
        let search = format!(
            "{}:{}",
            self.folder.path().join("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let ended = Command::new("bash")
            .arg(&path)
            .current_dir(self.folder.path())
            .env("PATH", search)
            .output()
            .unwrap();
        assert!(
            ended.status.success() && ended.stderr.is_empty(),
            "{ended:?} {script}"
        );
        assert!(!self.folder.path().join("PWNED").exists(), "{script}");
        let calls = std::fs::read_to_string(&calls).unwrap_or_default();
        calls.split_terminator('\0').map(str::to_owned).collect()
    }
}

/// A security group, a route table, an IP group and a firewall that list a tag, named so.
fn files(room: &Room, name: &str) -> Vec<String> {
    let list = json!(["192.0.2.0/28", "192.0.2.32/28", "192.0.2.64/28"]);
    let group = json!({"name": name, "securityRules": [{"name": name, "priority": 100, "direction": "Outbound",
        "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*",
        "destinationAddressPrefixes": list, "destinationPortRange": "443"}]});
    let routes: Vec<Value> = list.as_array().unwrap().iter().enumerate().map(|(place, prefix)| {
        json!({"name": format!("{name}{place}"), "addressPrefix": prefix, "nextHopType": "Internet"})
    }).collect();
    let table = json!({"name": name, "routes": routes});
    let firewall = json!({"name": name, "properties": {"priority": 100, "ruleCollections": [{"name": name,
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "priority": 100, "action": {"type": "Allow"},
        "rules": [{"name": name, "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["*"],
        "destinationAddresses": list, "destinationPorts": ["443"]}]}]},
        "type": "Microsoft.Network/FirewallPolicies/RuleCollectionGroups"});
    let addresses = json!({"name": name, "ipAddresses": list});
    [
        ("nsg", group),
        ("routes", table),
        ("firewall", firewall),
        ("addresses", addresses),
    ]
    .into_iter()
    .map(|(file, rules)| room.file(&format!("{file}.json"), &rules.to_string()))
    .collect()
}

fn impact(file: &str, weeks: &[String; 2], more: &[&str]) -> Ran {
    let ran = run(&[&["rules", "impact", file, &weeks[0], &weeks[1]], more].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    ran
}

/// The row "az reads @file and -x itself": patches of rules.
#[test]
fn az_reads_it_itself_no_patch_holds_such_a_name() {
    let room = Room::new();
    let weeks = room.weeks();
    for name in READ_BY_AZ {
        for file in files(&room, name) {
            let script = impact(&file, &weeks, &["--patch"]).out;
            let begins = format!("\"{}", &name[..1]);
            let said: Vec<&str> = script
                .lines()
                .filter(|line| line.contains(&begins))
                .collect();
            assert!(
                said.iter()
                    .any(|line| line.starts_with("# by hand: ") && line.contains(" begins with ")),
                "{file}: {script}"
            );
            assert!(
                !script.lines().any(|line| line.starts_with("az ")),
                "{file}: {script}"
            );
            let json = impact(&file, &weeks, &["--json"]).json();
            assert_eq!(json["files"][0]["patch"], json!([]), "{file}: {json}");
        }
    }
}

/// The rows "names … become options or files" and the shell: a name is one word, and nothing runs.
#[test]
fn generated_shell_is_read_by_bash_a_patch_gives_az_whole_names() {
    let room = Room::new();
    let weeks = room.weeks();
    for name in HOSTILE {
        for file in files(&room, name) {
            let script = impact(&file, &weeks, &["--patch"]).out;
            let words = room.words(&script);
            let shown = tagscope::text::clean(name).into_owned();
            let is_named = words.iter().any(|word| word.starts_with(&shown));
            // The policy and its group are to be filled in.
            assert!(is_named, "{name:?} {file}: {words:?} {script}");
            assert!(!words.iter().any(|word| word.starts_with('@')), "{words:?}");
        }
    }
}

#[test]
fn az_reads_it_itself_no_script_of_rules_holds_such_a_name() {
    for name in READ_BY_AZ {
        for kind in ["az-nsg", "az-acr", "az-firewall", "az-ip-group", "az-route"] {
            for option in ["--resource", "--resource-group"] {
                // The name of a registry is unique, and needs no group.
                if (kind, option) == ("az-acr", "--resource-group") {
                    continue;
                }
                let option = format!("{option}={name}");
                let make = [
                    "--file",
                    SMALL,
                    "rules",
                    "make",
                    kind,
                    "--tag",
                    "Storage.WestEurope",
                    &option,
                ];
                let ran = run(&make);
                assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
            }
        }
        let make = [
            "--file",
            SMALL,
            "rules",
            "make",
            "az-nsg",
            "--tag",
            "Storage.WestEurope",
        ];
        run(&[&make[..], &[&format!("--resource={name}")]].concat())
            .says(&["begins with", "no command"]);
    }
}

#[test]
fn az_reads_it_itself_no_runbook_holds_such_a_name() {
    for name in READ_BY_AZ {
        for (kind, option) in [
            ("clean-up", "--resource-group"),
            ("agent-pool", "--pool"),
            ("agent-pool", "--security-group"),
            (
                "restrict-to-subnet",
                "--subnet=/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups",
            ),
        ] {
            let option = match option.strip_prefix("--subnet=") {
                Some(id) => format!(
                    "--subnet={id}/{name}/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
                ),
                None => format!("{option}={name}"),
            };
            let ran = run(&["runbook", kind, &option, "--json"]);
            // Some of them are refused as an argument.
            if ran.code == 2 {
                assert_eq!(ran.out, "", "{ran:?}");
                continue;
            }
            assert_eq!(ran.code, 1, "{ran:?}");
            ran.says(&["begins with", "no command is made of it"]);
            let steps = ran.json()["runbook"]["steps"].as_array().unwrap().clone();
            assert!(
                steps.iter().all(|step| step["commands"] == json!([])),
                "{ran:?}"
            );
        }
    }
}

#[test]
fn generated_shell_is_read_by_bash_a_runbook_gives_az_whole_names() {
    let room = Room::new();
    for name in HOSTILE {
        let ran = run(&["runbook", "clean-up", &format!("--resource-group={name}")]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let words = room.words(&ran.out);
        let shown = tagscope::text::clean(name).into_owned();
        assert!(words.contains(&shown), "{name:?}: {words:?} {}", ran.out);
    }
}

/// What is wrong with rules, and what would settle a verdict, is said with commands too.
#[test]
fn az_reads_it_itself_no_fix_and_no_hint_holds_such_a_name() {
    for name in READ_BY_AZ {
        let id = format!(
            "/subscriptions/{name}/resourceGroups/{name}/providers/Microsoft.Network/virtualNetworks/{name}/subnets/{name}"
        );
        let registry = json!({"name": "contoso", "loginServer": "contoso.azurecr.io",
            "id": "/subscriptions/1/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/contoso",
            "sku": {"name": "Premium"}, "publicNetworkAccess": "Enabled",
            "networkRuleSet": {"defaultAction": "Deny", "ipRules": [],
            "virtualNetworkRules": [{"virtualNetworkResourceId": id, "action": "Allow"}]}});
        let group = json!({"name": "n", "securityRules": [{"name": "r", "priority": 100, "direction": "Outbound",
            "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": "443"}]});
        let text = json!([registry, group]).to_string();
        for verb in [
            &["check", "-", "--level", "info"][..],
            &[
                "test",
                "-",
                "--from",
                "10.0.0.4",
                "--to",
                "contoso.azurecr.io",
            ],
        ] {
            for format in ["text", "json", "markdown"] {
                let args = [&["--file", SMALL, "rules"], verb, &["--format", format]].concat();
                let ran = run_with(&args, text.clone());
                let words: Vec<&str> = ran.out.split_whitespace().collect();
                for pair in words.windows(2) {
                    let is_option = pair[0].starts_with("--") && pair[0] != name;
                    let value = pair[1].trim_matches(['\\', '`', '"', '\'']);
                    let first = name.split(' ').next().unwrap();
                    assert!(!(is_option && value == first), "{pair:?} in {ran:?}");
                }
            }
        }
    }
}

#[test]
fn a_pasted_name_is_an_argument_of_this_program_and_no_option() {
    let text = "ERROR: (SecurityRuleInvalidAddressPrefix) Security rule has invalid Address prefix. Value provided: --help is not valid";
    let ran = run_with(&["--file", SMALL, "explain", "-"], text);
    for line in ran
        .out
        .lines()
        .filter(|line| line.contains("tagscope tags show"))
    {
        assert!(line.contains("show -- --help"), "{line}");
    }
}
