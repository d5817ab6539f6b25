//! A plan is right for a registry in any state: closed, private, pasted by one of its hosts.

use serde_json::{Value, json};

use crate::endpoints::{Weeks, advice, assert_advice, assert_rows, rows};
use crate::program::{Ran, run_with};

/// What `az acr show` prints, with some keys more or other.
fn shown(more: &Value) -> String {
    let mut text = json!({"name": "contoso", "location": "westeurope", "sku": {"name": "Premium"},
        "loginServer": "contoso.azurecr.io", "dataEndpointEnabled": false,
        "publicNetworkAccess": "Enabled", "privateEndpointConnections": [],
        "networkRuleBypassOptions": "AzureServices", "networkRuleBypassAllowedForTasks": false,
        "networkRuleSet": {"defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []}});
    for (key, value) in more.as_object().unwrap() {
        text[key] = value.clone();
    }
    text.to_string()
}

fn ran(more: &Value, args: &str) -> Ran {
    let mut all = vec!["endpoints", "--from", "-"];
    all.extend(args.split(' ').filter(|word| !word.is_empty()));
    run_with(&all, shown(more))
}

fn plan(more: &Value, args: &str) -> Value {
    ran(more, &format!("{args} --json")).json()
}

fn approved() -> Value {
    json!([{"privateLinkServiceConnectionState": {"status": "Approved"}}])
}

#[track_caller]
fn assert_silent(record: &Value, id: &str, part: &str) {
    let found = advice(record, id);
    let is_said = found.iter().any(|(_, text)| text.contains(part));
    assert!(!is_said, "{id} {part:?} in {found:?}");
}

/// E12, C17, B9: nothing but private endpoints gets in, so nobody is told of addresses.
#[test]
fn e12_public_access_off_is_private_endpoints_alone() {
    let rules = json!({"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.7"}], "virtualNetworkRules": []});
    let closed = json!({"publicNetworkAccess": "Disabled", "networkRuleSet": rules,
        "privateEndpointConnections": approved()});
    let record = plan(&closed, "");
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443",
            "contoso.westeurope.data.azurecr.io 443",
            "azurecr.io 443",
        ],
    );
    assert_eq!(record["registry"]["publicAccess"], false);
    assert_eq!(record["privateLinkPlan"]["addresses"], 2);
    assert_advice(&record, "E12", "warning", "private endpoints alone get in");
    for (id, part) in [
        ("C17", ""),
        ("B9", "outside"),
        ("B18", ""),
        ("B5", ""),
        ("ipv6", ""),
        ("C3", ""),
    ] {
        assert_silent(&record, id, part);
    }
    let ticket = ran(&closed, "--format markdown").out;
    for part in [
        "public addresses",
        "stay outside",
        "AzureContainerRegistry",
        "C17",
    ] {
        assert!(!ticket.contains(part), "{part} in {ticket}");
    }
    assert!(ticket.contains("public access off"), "{ticket}");
    // Without a private endpoint the plan is for after one is made.
    let ran = ran(&json!({"publicNetworkAccess": "Disabled"}), "--json");
    let record = ran.json();
    assert_eq!(ran.code, 1);
    assert_advice(&record, "E12", "error", "after a private endpoint is made");
    assert!(!rows(&record["endpoints"]).concat().contains("blob"));
    assert_eq!(record["privateLinkPlan"]["zone"], "privatelink.azurecr.io");
}

/// C17: an open registry with private endpoints still has rules for everybody else.
#[test]
fn c17_clients_of_a_private_endpoint_pass_the_rules() {
    let rules = json!({"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.7"}], "virtualNetworkRules": []});
    let record = plan(
        &json!({"networkRuleSet": rules, "privateEndpointConnections": approved()}),
        "",
    );
    assert_advice(&record, "C17", "info", "clients of a private endpoint pass");
    assert_advice(&record, "B9", "info", "stay outside");
    assert_eq!(record["registry"]["publicAccess"], true);
}

/// E14: with subnet rules the bypass for tasks does not count.
#[test]
fn e14_whether_tasks_get_in_is_read_off_the_registry() {
    let deny = |subnets: Value| json!({"defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": subnets});
    let state = |rules: Value, tasks: Value| json!({"networkRuleSet": rules, "networkRuleBypassAllowedForTasks": tasks});
    let subnet = json!([{"action": "Allow", "virtualNetworkResourceId": "/subscriptions/0"}]);
    for (state, level, part) in [
        (
            state(deny(subnet.clone()), json!(true)),
            "error",
            "subnet rules",
        ),
        (
            state(deny(json!([])), json!(true)),
            "info",
            "system-assigned",
        ),
        (
            state(deny(json!([])), json!(false)),
            "error",
            "its bypass for tasks is off",
        ),
        (
            state(deny(json!([])), Value::Null),
            "warning",
            "unless its bypass",
        ),
        (
            json!({"networkRuleSet": deny(json!([])), "networkRuleBypassOptions": "None", "networkRuleBypassAllowedForTasks": true}),
            "error",
            "its bypass for tasks is off",
        ),
        (
            json!({"publicNetworkAccess": "Disabled", "privateEndpointConnections": approved()}),
            "error",
            "public access is off",
        ),
        (
            json!({"publicNetworkAccess": "Disabled", "privateEndpointConnections": approved(), "networkRuleBypassAllowedForTasks": true}),
            "warning",
            "one document says",
        ),
    ] {
        let record = plan(&state, "--client tasks");
        let found = advice(&record, "E14");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].0 == level && found[0].1.contains(part),
            "{part}: {found:?}"
        );
    }
    // Whoever lets everybody in refuses no task.
    assert_silent(&plan(&json!({}), "--client tasks"), "E14", "");
    // C9: the same holds for trusted services while public access is off.
    let closed = |more: Value| {
        let mut all =
            json!({"publicNetworkAccess": "Disabled", "privateEndpointConnections": approved()});
        for (key, value) in more.as_object().unwrap() {
            all[key] = value.clone();
        }
        plan(&all, "")
    };
    assert_advice(
        &closed(json!({})),
        "C9",
        "info",
        "since the bypass for them is on",
    );
    let none = closed(json!({"networkRuleBypassOptions": "None"}));
    assert_advice(&none, "C9", "warning", "do not get in");
    let subnets = closed(json!({"networkRuleSet": deny(subnet)}));
    assert_advice(&subnets, "C9", "warning", "subnet rules");
    assert_advice(&subnets, "C3", "error", "remove the 1 subnet rule of");
}

/// A host of a registry tells what it has on, and is in the plan.
#[test]
fn a_pasted_host_switches_its_feature_on() {
    let weeks = Weeks::new();
    for (host, switch, row) in [
        (
            "contoso.eastus.data.azurecr.io",
            "dataEndpoints",
            "contoso.eastus.data.azurecr.io 443 AzureContainerRegistry.EastUS Storage.EastUS",
        ),
        (
            "contoso.eastus.geo.azurecr.io",
            "regionalEndpoints",
            "contoso.eastus.geo.azurecr.io 443 AzureContainerRegistry.EastUS",
        ),
        (
            "contoso.eastus.data.privatelink.azurecr.io",
            "privateLink",
            "contoso.eastus.data.azurecr.io 443",
        ),
        (
            "contoso.privatelink.azurecr.io",
            "privateLink",
            "contoso.<region>.data.azurecr.io 443",
        ),
    ] {
        let record = weeks.public(host);
        assert_eq!(record["registry"][switch], true, "{host}");
        let found = rows(&record["endpoints"]);
        assert!(found.iter().any(|own| own == row), "{host}: {found:?}");
    }
    let ran = weeks.run(
        "public",
        "contoso.eastus.data.privatelink.azurecr.io --json",
    );
    ran.says(&["private link", "eastus"]);
    let record = ran.json();
    let names = record["privateLinkPlan"]["records"].as_array().unwrap();
    let name = "contoso.eastus.data.privatelink.azurecr.io";
    assert!(names.iter().any(|record| record["name"] == name));
    // What a document says is of before the host was pasted.
    let found = plan(&json!({}), "contoso.westeurope.data.azurecr.io");
    assert_eq!(found["registry"]["dataEndpoints"], true);
}

#[test]
fn a_resource_id_names_a_registry() {
    let weeks = Weeks::new();
    let id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso";
    weeks.run("public", id).says(&["resource ID"]);
    assert_eq!(weeks.public(id), weeks.public("contoso"));
    let replica = weeks.public(&format!("{id}/replications/eastus"));
    assert_eq!(replica["registry"]["regions"], json!(["eastus"]));
    weeks
        .run("public", "/subscriptions/0/resourceGroups/rg")
        .is_refused(&["another resource", "registries/NAME"]);
}

/// Private link brings data endpoints along: nobody is told to switch them on.
#[test]
fn private_link_brings_data_endpoints() {
    let weeks = Weeks::new();
    let line = "contoso --sku premium --home eastus --private-link";
    let record = weeks.public(&format!("{line} --client connected,pull --dual-stack"));
    assert_silent(&record, "connected", "data endpoints must be on");
    assert_silent(&record, "ipv6", "needs dedicated data endpoints");
    assert_silent(&record, "B18", "");
    let both = weeks.public(&format!("{line} --data-endpoints"));
    assert_silent(&both, "B18", "");
    let without = "contoso --sku premium --home eastus --client connected --dual-stack";
    let record = weeks.public(without);
    assert_advice(&record, "connected", "error", "data endpoints must be on");
    assert_advice(&record, "ipv6", "error", "needs dedicated data endpoints");
}

/// Agent pools are Premium, and a preview of some regions.
#[test]
fn agent_pools_have_a_tier_and_regions() {
    let weeks = Weeks::new();
    let pool = |cloud, args: &str| weeks.json(cloud, &format!("{args} --client agent-pool"));
    let basic = pool("public", "contoso --sku basic --region eastus");
    assert_advice(&basic, "agent-pool", "error", "Premium");
    assert_advice(&pool("public", "contoso"), "D2", "info", "needs Premium");
    let there = pool("public", "contoso --sku premium --home eastus");
    assert_eq!(advice(&there, "agent-pool"), []);
    let outside = pool(
        "public",
        "contoso --sku premium --home brazilsouth --region eastus",
    );
    assert_advice(
        &outside,
        "agent-pool",
        "warning",
        "did not have Brazil South on 2026-08-20",
    );
    let gov = pool(
        "usgov",
        "contoso.azurecr.us --sku premium --home usgovtexas",
    );
    assert_eq!(advice(&gov, "agent-pool"), []);
    let china = pool(
        "china",
        "contoso.azurecr.cn --sku premium --home chinaeast2",
    );
    assert_advice(&china, "agent-pool", "warning", "no region in this cloud");
    // The page has 12000 as it has 443; an older one has not.
    assert_advice(&there, "E15", "info", "list 443 alone");
    assert_eq!(there["agentPool"][5]["port"], 12000);
    assert_eq!(there["agentPool"][5]["required"], true);
}

/// Regions that are not for everybody, or that have no tag of their own, are named.
#[test]
fn staging_regions_and_regions_without_a_tag_say_so() {
    let weeks = Weeks::new();
    let record = weeks.public("contoso --sku premium --region eastus,brazilsouth,eastusstg");
    assert_advice(&record, "region", "warning", "East US STG");
    assert_advice(
        &record,
        "A1",
        "warning",
        "no tag of its own for Brazil South",
    );
    let record = weeks.public("contoso --sku premium --region eastus");
    assert_eq!(
        (advice(&record, "region"), advice(&record, "A1")),
        (vec![], vec![])
    );
}

/// B3: the document names the public cloud's domain alone.
#[test]
fn the_certificate_host_of_other_clouds_is_assumed() {
    let weeks = Weeks::new();
    for (cloud, certainty) in [
        ("public", "documented"),
        ("usgov", "assumed"),
        ("china", "assumed"),
        ("germany", "assumed"),
    ] {
        let record = weeks.json(cloud, "contoso");
        let rows = record["endpoints"].as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == "cert").unwrap();
        assert_eq!(row["certainty"], certainty, "{cloud}");
    }
}

/// B19: Microsoft's registry by itself.
#[test]
fn microsofts_registry_alone_has_a_plan() {
    let weeks = Weeks::new();
    let plan = weeks.public("mcr.microsoft.com/dotnet/sdk:8.0");
    let tags = "MicrosoftContainerRegistry AzureFrontDoor.FirstParty";
    assert_rows(
        &plan["endpoints"],
        &[
            &format!("mcr.microsoft.com 443 {tags}"),
            &format!("*.data.mcr.microsoft.com 443 {tags}"),
        ],
    );
    assert_eq!(plan["registry"]["loginServer"], "mcr.microsoft.com");
    assert_advice(&plan, "B19", "warning", "two tags");
    for form in [
        "--mcr",
        "mcr.microsoft.com",
        "https://mcr.microsoft.com/v2/",
    ] {
        assert_eq!(weeks.public(form), plan, "{form}");
    }
    let china = weeks.json("china", "--mcr");
    assert_eq!(weeks.json("china", "mcr.azure.cn/app:v1"), china);
    assert!(rows(&china["endpoints"])[0].starts_with("mcr.azure.cn 443"));
    let elsewhere = weeks.run("china", "mcr.microsoft.com/app:v1 --json");
    elsewhere.says(&["in China", "mcr.azure.cn"]);
    assert_eq!(elsewhere.json(), china);
    let ticket = weeks.run("usgov", "--mcr --format markdown");
    assert!(
        ticket
            .out
            .contains("endpoints mcr.microsoft.com --cloud usgov"),
        "{}",
        ticket.out
    );
    weeks
        .run("public", "mcr.microsoft.com --sku premium")
        .is_refused(&["no tier", "--mcr"]);
}

/// A plan that does not work like this is a "no", in every form.
#[test]
fn advice_of_level_error_is_exit_1() {
    let weeks = Weeks::new();
    for form in ["json", "text", "csv", "markdown"] {
        let run = |args: &str| weeks.run("public", &format!("{args} --format {form}"));
        assert_eq!(
            run("contoso --sku basic --region eastus --data-endpoints").code,
            1,
            "{form}"
        );
        assert_eq!(
            run("contoso --sku premium --region eastus --data-endpoints").code,
            0,
            "{form}"
        );
    }
}

/// The week stands on top of a ticket, and every id of its advice has a line.
#[test]
fn a_ticket_has_its_week_on_top_and_a_legend() {
    let weeks = Weeks::new();
    let ticket = weeks.run(
        "public",
        "contoso --region eastus --client pull,tasks --format markdown",
    );
    let lines: Vec<&str> = ticket.out.lines().take(6).collect();
    assert!(
        lines.contains(&"Service tags of the week 2026-11-16 of Public, file."),
        "{lines:?}"
    );
    let (_, legend) = ticket.out.split_once("### What the ids stand for").unwrap();
    let record = weeks.public("contoso --region eastus --client pull,tasks");
    for advice in record["advice"].as_array().unwrap() {
        let id = advice["id"].as_str().unwrap();
        let lines = legend
            .lines()
            .filter(|line| line.starts_with(&format!("- {id}: ")));
        assert_eq!(lines.count(), 1, "{id} in {legend}");
    }
}
