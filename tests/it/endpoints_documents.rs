//! What `az` prints as the registry of a plan, and plans as documents.

use std::path::Path;

use serde_json::{Value, json};

use crate::endpoints::{CLOUDS, Weeks, assert_advice};
use crate::program::{run, run_with};

#[test]
fn mistakes_are_refused_with_the_remedy() {
    let weeks = Weeks::new();
    for (args, named) in [
        ("con-toso", &["has a dash"][..]),
        ("abc", &["3 characters", "5 to 50"]),
        ("contoso/app", &["azurecr.io/"]),
        ("docker.io/nginx", &["docker.io", ".azurecr.io"]),
        ("contoso --region westeurop", &["westeurop", "westeurope"]),
        (
            "contoso --region usgovvirginia",
            &["AzureGovernment", "--cloud usgov"],
        ),
        ("contoso --home nowhere", &["nowhere"]),
        ("contoso --sku gold", &["gold", "premium"]),
        ("contoso --client browser", &["browser", "agent-pool"]),
        ("contoso.azurecr.us", &["AzureGovernment"]),
        ("", &["REGISTRY"]),
    ] {
        weeks.run("public", args).is_refused(named);
    }
    run(&["--cloud", "china", "endpoints", "contoso.azurecr.us"]).is_refused(&[
        "AzureGovernment",
        "China",
        "--cloud",
    ]);
}

/// Without a week of the cloud the plan has names and tags, and no counts.
#[test]
fn a_cloud_without_a_week_still_has_a_plan() {
    let ran = run(&[
        "endpoints",
        "contoso.azurecr.us",
        "--region",
        "usgovtexas",
        "--json",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.says(&["no week of AzureGovernment", "no prefix counts"]);
    let record = ran.json();
    assert_eq!(record["week"], Value::Null);
    let row = &record["endpoints"][0];
    assert_eq!(
        row["serviceTags"],
        json!(["AzureContainerRegistry.USGovTexas"])
    );
    assert_eq!(
        (&row["prefixesV4"], &row["prefixesV6"]),
        (&Value::Null, &Value::Null)
    );
}

const SHOWN: &str = r#"{"name":"contoso","location":"westeurope","sku":{"name":"Premium","tier":"Premium"},
    "loginServer":"contoso-e7ggejfuhzhgedc8.azurecr.io","dataEndpointEnabled":true,"publicNetworkAccess":"Disabled",
    "dataEndpointHostNames":["contoso-e7ggejfuhzhgedc8.westeurope.data.azurecr.io"],
    "networkRuleSet":{"defaultAction":"Deny","ipRules":[],"virtualNetworkRules":[{"action":"Allow"}]},
    "privateEndpointConnections":[]}"#;
const REPLICAS: &str = r#"[{"name":"eastus","location":"eastus","regionEndpointEnabled":true}]"#;

#[test]
fn what_az_prints_is_the_profile_and_its_host_names_win() {
    let weeks = Weeks::new();
    let folder = tempfile::tempdir().unwrap();
    let show = folder.path().join("show.json");
    let replicas = folder.path().join("replicas.json");
    std::fs::write(&show, SHOWN).unwrap();
    std::fs::write(&replicas, REPLICAS).unwrap();
    let both = format!("--from {} --from {}", show.display(), replicas.display());
    let record = weeks.public(&both);
    let registry = &record["registry"];
    assert_eq!(
        (&registry["sku"], &registry["home"]),
        (&json!("premium"), &json!("westeurope"))
    );
    assert_eq!(registry["regions"], json!(["westeurope", "eastus"]));
    let data = record["endpoints"].as_array().unwrap();
    let data: Vec<_> = data
        .iter()
        .filter(|row| row["id"] == "data")
        .map(|row| {
            (
                row["region"].as_str().unwrap(),
                row["certainty"].as_str().unwrap(),
            )
        })
        .collect();
    // The document names one host; the other is built with the hash.
    assert_eq!(data, [("westeurope", "documented"), ("eastus", "assumed")]);
    let open = SHOWN.replace("Disabled", "Enabled");
    let open = run_with(&["endpoints", "--from", "-", "--json"], open).json();
    assert_advice(&open, "C17", "warning", "0 for addresses, 1 for subnets");
    assert_advice(&record, "E12", "error", "nothing reaches");
    assert_advice(&record, "C10", "warning", "Azure DevOps");
    assert_advice(
        &record,
        "C9",
        "warning",
        "while the registry has subnet rules",
    );
    assert_advice(&record, "C12", "info", "from inside the network");
    // Rules for subnets and private link exclude each other.
    let record = weeks.public(&format!("{both} --private-link"));
    assert_advice(&record, "C3", "error", "remove the 1 subnet rule");
    // From a pipe, and against a name that is another's.
    let ran = run_with(&["endpoints", "--from", "-", "--json"], SHOWN);
    assert_eq!(ran.json()["registry"]["name"], "contoso");
    let other = format!("fabrikam --from {}", show.display());
    weeks
        .run("public", &other)
        .is_refused(&["fabrikam", "contoso"]);
    weeks
        .run("public", &format!("--from {}", replicas.display()))
        .is_refused(&["no document names the registry"]);
}

/// `az acr show` lists replicas only by their hosts; all of them are the registry's.
#[test]
fn replicas_are_read_off_the_hosts_of_the_resource() {
    let weeks = Weeks::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("show.json");
    let text = r#"{"name":"contoso","location":"westeurope","sku":{"name":"Premium"},"loginServer":"contoso.azurecr.io",
        "dataEndpointEnabled":true,"dataEndpointHostNames":["contoso.westeurope.data.azurecr.io","contoso.eastus.data.azurecr.io",
        "evil.example.com","169.254.169.254","fabrikam.eastus.data.azurecr.io"]}"#;
    std::fs::write(&file, text).unwrap();
    let line = format!("--from {}", file.display());
    let record = weeks.public(&line);
    assert_eq!(
        record["registry"]["regions"],
        json!(["westeurope", "eastus"])
    );
    assert_advice(&record, "B5", "warning", "2 replicas");
    // Hosts of somebody else are left out, and said.
    assert_eq!(record["endpoints"].as_array().unwrap().len(), 4);
    let ran = weeks.run("public", &line);
    ran.says(&["evil.example.com", "169.254.169.254", "fabrikam"]);
    let plan = &weeks.public(&format!("{line} --private-link"))["privateLinkPlan"];
    assert_eq!(plan["addresses"], 3);
}

/// What two sources say of one registry must agree.
#[test]
fn documents_of_another_registry_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let gov = write(
        "gov.json",
        r#"{"name":"contoso","location":"usgovvirginia","loginServer":"contoso.azurecr.us","sku":{"name":"Premium"}}"#,
    );
    let hashed = write(
        "hashed.json",
        r#"{"name":"contoso","location":"eastus","loginServer":"contoso-aaaabbbbccccdddd.azurecr.io","sku":{"name":"Premium"}}"#,
    );
    let replicas = write(
        "replicas.json",
        r#"[{"name":"usgovtexas","location":"usgovtexas","regionEndpointEnabled":true}]"#,
    );
    for (args, named) in [
        (["contoso.azurecr.io", "--from", &gov], "AzureGovernment"),
        (
            ["contoso-e7ggejfuhzhgedc8.azurecr.io", "--from", &hashed],
            "contoso-aaaabbbbccccdddd",
        ),
        (["contoso.azurecr.io", "--from", &replicas], "usgovtexas"),
    ] {
        let mut all = vec!["endpoints"];
        all.extend(args);
        run(&all).is_refused(&[named]);
    }
}

/// The command below a ticket names the documents and the data it is from.
#[test]
fn the_ticket_names_the_command_with_the_same_answer() {
    let weeks = Weeks::new();
    let ran = weeks.run("public", "contoso --private-link --format markdown");
    let command = ran.out.rsplit('`').nth(1).unwrap();
    assert!(command.contains("--private-link --file "), "{command}");
    // Nothing of a placeholder is taken for markup.
    assert!(ran.out.contains("contoso.\\<region\\>.data"), "{}", ran.out);
    assert!(ran.out.contains("registry\\_data\\_\\<region\\>"));
}

#[test]
fn a_document_of_something_else_is_refused() {
    for (text, named) in [
        ("", "is not JSON"),
        ("{\"priority\":100}", "priority"),
        ("[[[[", "is not JSON"),
        ("[]", "an empty JSON list"),
    ] {
        let ran = run_with(&["endpoints", "contoso", "--from", "-"], text);
        ran.is_refused(&["standard input", named]);
    }
    let huge = vec![b' '; 5 << 20];
    run_with(&["endpoints", "contoso", "--from", "-"], huge).is_refused(&["standard input"]);
    run(&["endpoints", "contoso", "--from", "/no/such/file"]).is_refused(&["/no/such/file"]);
}

/// Compares with a file of `tests/data/golden`; `TAGSCOPE_GOLDEN=write` writes it instead.
#[track_caller]
fn assert_golden(name: &str, text: &str) {
    let path = Path::new("tests/data/golden").join(name);
    if std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}");
}

/// Everything switched on, in each cloud: reviewed by hand.
#[test]
fn plans_of_the_four_clouds_are_as_recorded() {
    let weeks = Weeks::new();
    let clients = "--client pull,push,cli,tasks,agent-pool,import,webhook,connected --mcr";
    for (cloud, _, [(first, _), (second, _)]) in CLOUDS {
        let regions = format!("--home {first} --region {second}");
        let options = "--data-endpoints --regional-endpoints --compare";
        let ran = weeks.run(
            cloud,
            &format!("contoso --sku premium {regions} {options} {clients} --json"),
        );
        let folder = weeks.folder.path().to_str().unwrap();
        let text = ran.out.replace(folder, "[folder]");
        assert_golden(&format!("endpoints-{cloud}.json"), &text);
    }
    let ran = weeks.run(
        "public",
        "contoso --sku premium --region westeurope --region eastus --data-endpoints --format markdown",
    );
    let folder = weeks.folder.path().to_str().unwrap();
    assert_golden("endpoints-ticket.md", &ran.out.replace(folder, "[folder]"));
}
