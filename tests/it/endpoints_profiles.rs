//! Registries of every kind and state as goldens, read by hand against the documents.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::endpoints::Weeks;
use crate::program::{Ran, run};

/// Name of the golden, cloud of the data (none: the embedded week), and the command line.
const PROFILES: [(&str, &str, &str); 32] = [
    ("basic", "", "contoso --sku basic --region westeurope"),
    (
        "standard-microsoft",
        "",
        "contoso.azurecr.io --sku standard --region northeurope --client pull,cli --mcr",
    ),
    (
        "premium-data",
        "",
        "contoso --sku premium --region westeurope --data-endpoints",
    ),
    (
        "premium-replicas",
        "",
        "contoso --sku premium --home westeurope --region eastus,southeastasia --client pull,push",
    ),
    (
        "premium-regional",
        "",
        "contoso --sku premium --home eastus --region westeurope --regional-endpoints --client push",
    ),
    (
        "private-link",
        "",
        "contoso --sku premium --region westeurope,eastus,northeurope --private-link --regional-endpoints",
    ),
    (
        "private-link-everything",
        "",
        "contoso --sku premium --home eastus --private-link --data-endpoints --dual-stack --client pull,connected",
    ),
    (
        "dual-stack-tasks",
        "",
        "contoso --sku premium --region westeurope --data-endpoints --dual-stack --client pull,tasks",
    ),
    (
        "basic-asks-for-premium",
        "",
        "contoso --sku basic --region westeurope,eastus --data-endpoints --private-link --client pull,agent-pool,connected",
    ),
    (
        "callers",
        "",
        "contoso --sku premium --region eastus --client import,webhook,tasks",
    ),
    (
        "agent-pool",
        "",
        "contoso --sku premium --home westeurope --client agent-pool",
    ),
    (
        "agent-pool-elsewhere",
        "",
        "contoso --sku premium --home brazilsouth --client agent-pool",
    ),
    (
        "agent-pool-private",
        "",
        "contoso --sku premium --home eastus --private-link --client agent-pool,pull",
    ),
    (
        "connected",
        "",
        "contoso --sku premium --home eastus --region westeurope --data-endpoints --client connected",
    ),
    (
        "on-premises",
        "",
        "contoso --sku standard --region germanywestcentral --client iot-edge,server",
    ),
    (
        "image-ci",
        "",
        "contoso.azurecr.io/team/app:v1 --sku standard --region francecentral --client ci-agent",
    ),
    (
        "hashed-name",
        "",
        "contoso-e7ggejfuhzhgedc8.azurecr.io --sku premium --region westeurope --data-endpoints --regional-endpoints",
    ),
    ("data-host", "", "contoso.eastus.data.azurecr.io"),
    (
        "geo-host",
        "",
        "contoso.eastus.geo.azurecr.io/app:v1 --sku premium",
    ),
    (
        "privatelink-host",
        "",
        "contoso.westeurope.data.privatelink.azurecr.io --sku premium",
    ),
    (
        "resource-id",
        "",
        "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso/replications/eastus",
    ),
    (
        "staging-region",
        "",
        "contoso --sku premium --region eastus,eastusstg,eastus2euap",
    ),
    (
        "usgov",
        "usgov",
        "contoso.azurecr.us --sku premium --home usgovvirginia --data-endpoints --client pull,cli,agent-pool",
    ),
    (
        "china",
        "china",
        "contoso.azurecr.cn --sku premium --home chinaeast2 --private-link --client pull,cli,agent-pool --mcr",
    ),
    (
        "germany",
        "germany",
        "contoso.azurecr.de --region germanycentral",
    ),
    (
        "microsoft-alone",
        "",
        "mcr.microsoft.com/dotnet/sdk:8.0 --client pull,cli",
    ),
    (
        "json-open",
        "",
        "--from tests/data/registries/open.json --client pull,tasks",
    ),
    (
        "json-selected",
        "",
        "--from tests/data/registries/selected.json --client pull,tasks",
    ),
    (
        "json-subnets",
        "",
        "--from tests/data/registries/subnets.json --client pull,tasks,agent-pool",
    ),
    (
        "json-closed-private",
        "",
        "--from tests/data/registries/closed-private.json --client pull,tasks,cli",
    ),
    (
        "json-closed",
        "",
        "--from tests/data/registries/closed.json --client pull,tasks",
    ),
    (
        "json-endpoints",
        "",
        "--from tests/data/registries/endpoints.json --from tests/data/registries/replications.json --sku premium",
    ),
];

fn answer(weeks: &Weeks, cloud: &str, line: &str) -> Ran {
    let line = format!("{line} --json");
    if cloud.is_empty() {
        let mut all = vec!["endpoints"];
        all.extend(line.split(' '));
        return run(&all);
    }
    weeks.run(cloud, &line)
}

/// A plan in lines, so that it can be read.
fn told(line: &str, ran: &Ran) -> String {
    let record = ran.json();
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let words = |value: &Value| {
        let words = value.as_array().unwrap().iter().map(text);
        words.collect::<Vec<_>>().join(" ")
    };
    let mut out = format!("tagscope endpoints {line}\nexit code {}\n", ran.code);
    let said = ran.err.lines().filter(|line| !line.contains("is OLD"));
    for line in said {
        writeln!(out, "said: {line}").unwrap();
    }
    for (name, group) in [
        ("outbound", "endpoints"),
        ("inbound", "inbound"),
        ("agent pool", "agentPool"),
    ] {
        for row in record[group].as_array().unwrap() {
            let host = row["fqdn"].as_str().or(row["peer"].as_str()).unwrap();
            let need = if row["required"] == true {
                "required"
            } else {
                "if used"
            };
            writeln!(
                out,
                "{name}: {} {host} {} ({}), {}, for {}",
                text(&row["id"]),
                row["port"],
                text(&row["certainty"]),
                need,
                words(&row["clients"]),
            )
            .unwrap();
            let tags = words(&row["serviceTags"]);
            if !tags.is_empty() {
                let certainty = text(&row["serviceTagsCertainty"]);
                writeln!(out, "    tags ({certainty}): {tags}").unwrap();
            }
        }
    }
    let private = &record["privateLinkPlan"];
    for row in private["records"].as_array().into_iter().flatten() {
        let (name, target) = (text(&row["name"]), text(&row["target"]));
        writeln!(
            out,
            "private link: {name} {} {target} ({})",
            text(&row["type"]),
            text(&row["certainty"])
        )
        .unwrap();
    }
    if !private.is_null() {
        writeln!(
            out,
            "private link: {} addresses an endpoint",
            private["addresses"]
        )
        .unwrap();
    }
    for advice in record["advice"].as_array().unwrap() {
        let (level, id) = (text(&advice["level"]), text(&advice["id"]));
        writeln!(out, "{level} {id}: {}", text(&advice["text"])).unwrap();
    }
    out
}

/// `TAGSCOPE_GOLDEN=write` writes them instead.
#[test]
fn the_profiles_are_as_recorded() {
    let weeks = Weeks::new();
    let is_written = std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|value| value == "write");
    for (name, cloud, line) in PROFILES {
        let text = told(line, &answer(&weeks, cloud, line));
        let path = Path::new("tests/data/golden/profiles").join(format!("{name}.txt"));
        if is_written {
            std::fs::write(&path, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, expected, "{name}");
    }
}
