//! Rows C and E of the acceptance table that no other test names, and that every row has one.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;
use tagscope::rules::{RuleSetKind, read_rules};

use crate::program::{run, run_with};
use crate::rules_documents::SUBNET;
use crate::sizes::sources;

/// The commands of a runbook, each on one line.
fn commands(kind: &str) -> String {
    let ran = run(&["runbook", kind, "--registry", "Contoso"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.out
        .replace("\\\n", "")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Texts that stand in this order.
#[track_caller]
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let place = rest
            .find(part)
            .unwrap_or_else(|| panic!("{part:?} not in {rest}"));
        rest = &rest[place + part.len()..];
    }
}

#[test]
fn e1_what_a_service_endpoint_does() {
    let ran = run(&["rules", "check", "--explain", "E1"]);
    for part in ["backbone", "sees the subnet", "private source address"] {
        assert!(ran.out.contains(part), "{part}: {ran:?}");
    }
}

#[test]
fn c19_c20_e9_after_some_minutes_sign_in_and_pull_verify_a_change() {
    in_order(
        &commands("verify"),
        &[
            "az acr login --name",
            "docker pull contoso.azurecr.io/hello-world:v1",
        ],
    );
    let ran = run(&["runbook", "restrict-to-subnet", "--registry", "contoso"]);
    assert!(ran.out.contains("minutes"), "{ran:?}");
}

#[test]
fn c21_e9_the_refusal_from_outside_is_recognised() {
    let text = "Error response from daemon: login attempt to https://contoso.azurecr.io/v2/ failed with status: 403 Forbidden";
    let ran = run_with(&["explain", "-", "--json"], text);
    ran.is_quiet(0);
    let complaint = ran.json()["complaints"][0].clone();
    assert_eq!(complaint["id"], "registry-forbidden");
    assert!(
        complaint.to_string().contains("az acr network-rule add"),
        "{complaint}"
    );
}

#[test]
fn c22_e11_rules_are_listed_removed_and_the_default_is_allow_again() {
    let text = commands("roll-back");
    in_order(
        &text,
        &[
            "az acr network-rule list",
            "az acr network-rule remove",
            "--subnet",
        ],
    );
    assert!(text.contains("--default-action Allow"), "{text}");
    let listed = json!({"ipRules": [], "virtualNetworkRules": [{"action": "Allow", "virtualNetworkResourceId": SUBNET}]});
    let file = read_rules(listed.to_string().as_bytes()).unwrap();
    assert_eq!(
        (file.sets[0].kind, file.sets[0].rows.len()),
        (RuleSetKind::Acr, 1)
    );
}

#[test]
fn c23_what_was_made_for_a_trial_is_deleted_with_its_group() {
    assert!(commands("clean-up").contains("az group delete --name"));
}

/// How hosts are made is no matter of this program; how the network's name is found is said.
#[test]
fn c24_networks_are_listed_by_name() {
    let args = ["runbook", "restrict-to-subnet", "--registry", "contoso"];
    let ran = run(&[&args[..], &["--format", "markdown"]].concat());
    assert!(ran.out.contains("az network vnet list --query"), "{ran:?}");
}

#[test]
fn c13_c15_c16_c17_c18_e8_the_steps_of_a_subnet_rule() {
    let text = commands("restrict-to-subnet");
    in_order(
        &text,
        &[
            "az network vnet subnet update",
            "--service-endpoints Microsoft.ContainerRegistry",
            "az network vnet subnet show",
            "--query id",
            "az acr network-rule add",
            "--subnet",
        ],
    );
    assert!(
        text.contains("--default-action Deny") && text.contains("2.0.58"),
        "{text}"
    );
}

#[test]
fn c14_e3_e13_another_subscription_registers_the_provider() {
    in_order(
        &commands("other-subscription"),
        &[
            "az account set --subscription",
            "az provider register --namespace Microsoft.ContainerRegistry",
        ],
    );
}

#[test]
fn e16_an_agent_pool_is_made_in_its_subnet() {
    in_order(
        &commands("agent-pool"),
        &["az acr agentpool create", "--tier S2", "--subnet-id"],
    );
}

/// The rows that a name or a comment speaks of, as in `c19_c20_…`, `C14:` and `"C4 E4"`.
fn rows_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_row = |word: &&str| {
        let mut chars = word.chars();
        let is_letter = chars.next().is_some_and(|c| "CcEe".contains(c));
        is_letter && word.len() > 1 && word.len() < 4 && chars.all(|c| c.is_ascii_digit())
    };
    words.filter(is_row).map(str::to_uppercase).collect()
}

#[test]
fn every_row_of_c_and_e_is_named_by_a_test() {
    let mut named = BTreeSet::new();
    for path in sources(Path::new("tests/it")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (place, line) in lines.iter().enumerate() {
            if *line == "#[test]" {
                let before = lines[..place].iter().rev();
                let comments = before.take_while(|line| line.starts_with("///"));
                let name = lines[place..].iter().find(|line| line.starts_with("fn "));
                let said: Vec<&str> = comments.chain(name).copied().collect();
                named.extend(rows_in(&said.join(" ")));
            }
        }
        // Cases of a table name theirs in its second column.
        if path
            .parent()
            .is_some_and(|folder| folder.ends_with("rules_check"))
        {
            let quoted = text.split('"').skip(1).step_by(2);
            let is_rows = |it: &&str| it.split(' ').all(|word| !rows_in(word).is_empty());
            named.extend(quoted.filter(is_rows).flat_map(rows_in));
        }
    }
    let wanted = (1..=24)
        .map(|it| format!("C{it}"))
        .chain((1..=21).map(|it| format!("E{it}")));
    let missing: Vec<String> = wanted.filter(|row| !named.contains(row)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
