//! What one registry needs opened, through the program: rows, advice, comparison, documents.
//!
//! Expectations are written by hand from the facts, row by row; the ids in the names of the tests
//! are those of the acceptance table.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::Ran;
use crate::program::run;

/// A published document of a cloud with two regions, made up of documentation addresses.
fn publication(cloud: &str, regions: [(&str, &str); 2], has_first_party: bool) -> String {
    let mut values = Vec::new();
    let mut tag = |name: &str, region: &str, service: &str, features: Value, rows: &[&str]| {
        values.push(
            json!({"name": name, "id": name, "properties": {"changeNumber": 3,
            "region": region, "regionId": 0, "platform": "Azure", "systemService": service,
            "addressPrefixes": rows, "networkFeatures": features}}),
        );
    };
    let usable = json!(["API", "NSG", "UDR", "FW"]);
    for (base, service, net) in [
        ("AzureContainerRegistry", "AzureContainerRegistry", 0),
        ("Storage", "AzureStorage", 64),
    ] {
        let mut all = Vec::new();
        for (place, (property, suffix)) in regions.into_iter().enumerate() {
            let own = [
                format!("192.0.2.{}/28", net + 16 * place),
                format!("2001:db8:{:x}::/48", net + place),
            ];
            let rows: Vec<&str> = own.iter().map(String::as_str).collect();
            tag(
                &format!("{base}.{suffix}"),
                property,
                service,
                usable.clone(),
                &rows,
            );
            all.extend(own);
        }
        let rows: Vec<&str> = all.iter().map(String::as_str).collect();
        tag(base, "", service, usable.clone(), &rows);
    }
    for (name, row) in [
        ("AzureActiveDirectory", "198.51.100.0/26"),
        ("AzureResourceManager", "198.51.100.64/26"),
        ("MicrosoftContainerRegistry", "198.51.100.128/26"),
        ("AzureKeyVault", "203.0.113.0/28"),
        ("EventHub", "203.0.113.16/28"),
        ("AzureMonitor", "203.0.113.32/28"),
    ] {
        tag(name, "", name, usable.clone(), &[row]);
    }
    if has_first_party {
        let name = "AzureFrontDoor.FirstParty";
        tag(name, "", "AzureFrontDoor", usable, &["198.51.100.192/26"]);
    }
    json!({"changeNumber": 7, "cloud": cloud, "values": values}).to_string()
}

/// The four clouds, each with a week of its own in a folder.
pub struct Weeks {
    pub folder: TempDir,
}

/// Flag, name in the file, and two regions by property and suffix.
pub type CloudCase = (
    &'static str,
    &'static str,
    [(&'static str, &'static str); 2],
);

pub const CLOUDS: [CloudCase; 4] = [
    (
        "public",
        "Public",
        [("westeurope", "WestEurope"), ("eastus", "EastUS")],
    ),
    (
        "usgov",
        "AzureGovernment",
        [
            ("usgovvirginia", "USGovVirginia"),
            ("usgovtexas", "USGovTexas"),
        ],
    ),
    (
        "china",
        "China",
        [("chinaeast2", "ChinaEast2"), ("chinanorth3", "ChinaNorth3")],
    ),
    (
        "germany",
        "AzureGermany",
        [
            ("germanycentral", "GermanyCentral"),
            ("germanynortheast", "GermanyNorthEast"),
        ],
    ),
];

impl Weeks {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (flag, name, regions) in CLOUDS {
            let text = publication(name, regions, flag == "public");
            std::fs::write(path(&folder, flag), text).unwrap();
        }
        Self { folder }
    }

    pub fn run(&self, cloud: &str, args: &str) -> Ran {
        let file = path(&self.folder, cloud);
        let mut all = vec!["--file", file.to_str().unwrap(), "endpoints"];
        all.extend(args.split(' ').filter(|word| !word.is_empty()));
        run(&all)
    }

    pub fn json(&self, cloud: &str, args: &str) -> Value {
        let ran = self.run(cloud, &format!("{args} --json"));
        let record = ran.json();
        let advice = record["advice"].as_array().unwrap();
        let is_refused = advice.iter().any(|it| it["level"] == "error");
        assert_eq!(ran.code, i32::from(is_refused), "{ran:?}");
        record
    }

    pub fn public(&self, args: &str) -> Value {
        self.json("public", args)
    }
}

fn path(folder: &TempDir, cloud: &str) -> PathBuf {
    let (_, name, _) = CLOUDS
        .into_iter()
        .find(|(flag, ..)| *flag == cloud)
        .unwrap();
    folder
        .path()
        .join(format!("ServiceTags_{name}_20261116.json"))
}

/// Host (or what stands in its place), port and tags of each row.
pub fn rows(list: &Value) -> Vec<String> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| {
        let host = row["fqdn"].as_str().or(row["peer"].as_str()).unwrap();
        let mut line = format!("{host} {}", row["port"]);
        for tag in row["serviceTags"].as_array().unwrap() {
            write!(line, " {}", tag.as_str().unwrap()).unwrap();
        }
        line
    })
    .collect()
}

#[track_caller]
pub fn assert_rows(list: &Value, expected: &[&str]) {
    assert_eq!(rows(list), expected);
}

/// Level and text of the advice with an id.
pub fn advice<'a>(record: &'a Value, id: &str) -> Vec<(&'a str, &'a str)> {
    let list = record["advice"].as_array().unwrap().iter();
    list.filter(|it| it["id"] == id)
        .map(|it| (it["level"].as_str().unwrap(), it["text"].as_str().unwrap()))
        .collect()
}

#[track_caller]
pub fn assert_advice(record: &Value, id: &str, level: &str, part: &str) {
    let found = advice(record, id);
    let fits = |(its, text): &(&str, &str)| *its == level && text.contains(part);
    assert!(
        found.iter().any(fits),
        "no {level} {id} {part:?} in {found:?}"
    );
}

/// B1, B2, B3, B5, B8, A6: the example of the issue, with exactly these rows.
#[test]
fn b1_b2_b3_b5_b8_a_premium_registry_with_data_endpoints() {
    let weeks = Weeks::new();
    let record = weeks.public(
        "contoso --sku premium --region westeurope --region eastus --data-endpoints --client pull",
    );
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443 AzureContainerRegistry.WestEurope AzureContainerRegistry.EastUS",
            "contoso.westeurope.data.azurecr.io 443 AzureContainerRegistry.WestEurope Storage.WestEurope",
            "contoso.eastus.data.azurecr.io 443 AzureContainerRegistry.EastUS Storage.EastUS",
            "azurecr.io 443",
        ],
    );
    for row in record["endpoints"].as_array().unwrap() {
        assert_eq!(row["protocol"], "Tcp");
        assert_eq!(row["required"], true);
        assert_eq!(row["certainty"], "documented");
        let tags = if row["id"] == "data" {
            "assumed"
        } else {
            "documented"
        };
        assert_eq!(row["serviceTagsCertainty"], tags);
    }
    // One v4 and one v6 prefix a regional tag.
    let global = &record["endpoints"][0];
    assert_eq!(
        (&global["prefixesV4"], &global["prefixesV6"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(record["inbound"], json!([]));
    assert_advice(&record, "B5", "warning", "2 replicas");
}

/// B4, B7, B9: without data endpoints layers come from a wildcard, which is wide.
#[test]
fn b4_b7_b9_layers_come_from_the_storage_wildcard() {
    let weeks = Weeks::new();
    let record = weeks.public("contoso --region eastus");
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443 AzureContainerRegistry.EastUS",
            "*.blob.core.windows.net 443 Storage.EastUS",
            "azurecr.io 443",
        ],
    );
    assert_advice(&record, "B9", "warning", "all of Azure's customers");
    assert_advice(&record, "B8", "info", "Premium");
    // Without a region the whole tags.
    let record = weeks.public("contoso");
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443 AzureContainerRegistry",
            "*.blob.core.windows.net 443 Storage",
            "azurecr.io 443",
        ],
    );
    assert_advice(&record, "A1", "info", "no region");
}

/// B6: a login server for each replica.
#[test]
fn b6_regional_endpoints() {
    let weeks = Weeks::new();
    let record =
        weeks.public("contoso --sku premium --home eastus --regional-endpoints --client push");
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443 AzureContainerRegistry.EastUS",
            "contoso.eastus.geo.azurecr.io 443 AzureContainerRegistry.EastUS",
            "azurecr.io 443",
        ],
    );
    assert_advice(&record, "B6", "info", "sign in again");
    assert_eq!(record["registry"]["home"], "eastus");
}

/// B9, D8: private link brings data endpoints, a zone, and addresses of the user's own.
#[test]
fn b9_d8_private_link() {
    let weeks = Weeks::new();
    let regions = "--region westeurope --region eastus --region northeurope";
    let record = weeks.public(&format!("contoso --sku premium {regions} --private-link"));
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443",
            "contoso.westeurope.data.azurecr.io 443",
            "contoso.eastus.data.azurecr.io 443",
            "contoso.northeurope.data.azurecr.io 443",
            "azurecr.io 443",
        ],
    );
    let link = &record["privateLinkPlan"];
    assert_eq!(link["zone"], "privatelink.azurecr.io");
    // Three replicas: 4 addresses, or 7 with regional endpoints.
    assert_eq!(link["addresses"], 4);
    let names: Vec<&str> = link["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "contoso.azurecr.io",
            "contoso.privatelink.azurecr.io",
            "contoso.westeurope.data.privatelink.azurecr.io",
            "contoso.eastus.data.privatelink.azurecr.io",
            "contoso.northeurope.data.privatelink.azurecr.io",
        ]
    );
    assert_eq!(
        link["records"][0]["target"],
        "contoso.privatelink.azurecr.io"
    );
    assert_eq!(link["records"][2]["member"], "registry_data_westeurope");
    assert_advice(&record, "C3", "warning", "cannot be combined");
    assert_advice(&record, "D8", "info", "private DNS zone");
    let record = weeks.public(&format!(
        "contoso {regions} --private-link --regional-endpoints"
    ));
    assert_eq!(record["privateLinkPlan"]["addresses"], 7);
}

/// A3, A4, A5, A7, A8: what the registry calls, with port, protocol and source.
#[test]
fn a3_a4_a5_a7_a8_inbound_rules() {
    let weeks = Weeks::new();
    let record =
        weeks.public("contoso --region eastus --client import,webhook,tasks --sku premium");
    assert_rows(
        &record["inbound"],
        &[
            "the source registry's firewall 443 AzureContainerRegistry.EastUS",
            "your webhook's receiver 443 AzureContainerRegistry.EastUS",
            "what your tasks call 443 AzureContainerRegistry.EastUS",
        ],
    );
    assert_advice(&record, "A3", "info", "trusted services");
    assert_advice(&record, "A4", "warning", "authenticate");
    assert_advice(&record, "A8", "warning", "other customers");
    assert_advice(&record, "A9", "info", "Network Watcher");
    // The build's upload goes to a storage account, which no document names.
    let build = record["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == "build")
        .unwrap();
    assert_eq!(build["certainty"], "assumed");
}

/// E15, E17: the five services, and the two ports of Azure Monitor.
#[test]
fn e15_e17_agent_pool() {
    let weeks = Weeks::new();
    let record = weeks.public("contoso --region eastus --client agent-pool");
    assert_rows(
        &record["agentPool"],
        &[
            "AzureKeyVault 443 AzureKeyVault",
            "Storage 443 Storage",
            "EventHub 443 EventHub",
            "AzureActiveDirectory 443 AzureActiveDirectory",
            "AzureMonitor 443 AzureMonitor",
            "AzureMonitor 12000 AzureMonitor",
        ],
    );
    assert_eq!(record["agentPool"][5]["required"], true);
    assert_advice(&record, "E17", "info", "Microsoft.KeyVault");
    assert_advice(&record, "E15", "info", "172.17.0.0/16");
}

/// B19, D7: Microsoft's registry needs two tags; signing in needs two hosts more.
#[test]
fn b19_d7_microsoft_images_and_sign_in() {
    let weeks = Weeks::new();
    let record = weeks.public("contoso --region eastus --client cli --mcr");
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443 AzureContainerRegistry.EastUS",
            "azurecr.io 443",
            "login.microsoftonline.com 443 AzureActiveDirectory",
            "management.azure.com 443 AzureResourceManager",
            "mcr.microsoft.com 443 MicrosoftContainerRegistry AzureFrontDoor.FirstParty",
            "*.data.mcr.microsoft.com 443 MicrosoftContainerRegistry AzureFrontDoor.FirstParty",
        ],
    );
    assert_advice(&record, "B19", "warning", "two tags");
    let record = weeks.json("usgov", "contoso --region usgovtexas --mcr");
    let microsoft = rows(&record["endpoints"]);
    assert_eq!(
        microsoft[3],
        "mcr.microsoft.com 443 MicrosoftContainerRegistry"
    );
    assert_advice(
        &record,
        "B19",
        "warning",
        "no tag (AzureFrontDoor.FirstParty)",
    );
}

/// B20: the edge device, the locked-down server, and the connected registry.
#[test]
fn b20_e21_clients_on_premises() {
    let weeks = Weeks::new();
    for client in ["iot-edge", "server"] {
        let record = weeks.public(&format!("contoso --region eastus --client {client}"));
        assert_eq!(record["endpoints"].as_array().unwrap().len(), 3, "{client}");
        assert_advice(&record, "E21", "info", "ExpressRoute");
    }
    let line = "contoso --sku premium --home eastus --region westeurope --client connected";
    let record = weeks.public(&format!("{line} --data-endpoints"));
    // Sync messages go to the data endpoint of the home region only.
    assert_rows(
        &record["endpoints"],
        &[
            "contoso.azurecr.io 443 AzureContainerRegistry.EastUS AzureContainerRegistry.WestEurope",
            "contoso.eastus.data.azurecr.io 443 AzureContainerRegistry.EastUS Storage.EastUS",
            "azurecr.io 443",
        ],
    );
    assert_advice(
        &weeks.public(line),
        "connected",
        "error",
        "data endpoints must be on",
    );
}

/// B18: what data endpoints replace.
#[test]
fn b18_compare_shows_what_data_endpoints_replace() {
    let weeks = Weeks::new();
    let line = "contoso --sku premium --region westeurope --data-endpoints --compare";
    let record = weeks.public(line);
    let compare = &record["compare"];
    assert_rows(
        &compare["added"],
        &[
            "contoso.westeurope.data.azurecr.io 443 AzureContainerRegistry.WestEurope Storage.WestEurope",
        ],
    );
    assert_rows(
        &compare["removed"],
        &["*.blob.core.windows.net 443 Storage.WestEurope"],
    );
    assert_eq!(compare["options"], json!(["dataEndpoints"]));
    assert_eq!(compare["kept"], 2);
    assert_advice(&record, "B18", "warning", "breaks clients");
    let ran = weeks.run("public", line);
    let marks: Vec<_> = ran.cells().iter().map(|row| (row[0], row[2])).collect();
    assert_eq!(
        marks,
        [
            ("+", "contoso.westeurope.data.azurecr.io"),
            ("-", "*.blob.core.windows.net")
        ]
    );
}

/// D2, D3: what needs Premium is an error of the advice, and still a plan.
#[test]
fn d2_d3_options_of_another_tier() {
    let weeks = Weeks::new();
    let record = weeks.public("contoso --sku basic --region eastus,westeurope --data-endpoints");
    assert_advice(
        &record,
        "D2",
        "error",
        "data endpoints need the Premium tier",
    );
    assert_advice(&record, "D3", "error", "geo-replication");
    assert_eq!(record["endpoints"].as_array().unwrap().len(), 4);
    assert_eq!(record["advice"][0]["level"], "error");
    let premium = weeks.public("contoso --sku premium --region eastus --data-endpoints");
    assert!(advice(&premium, "D2").is_empty());
}

/// C8 and the suffixes of each cloud.
#[test]
fn c8_each_cloud_has_its_own_names() {
    let weeks = Weeks::new();
    for (cloud, region, suffix, blob, sign_in, management) in [
        (
            "usgov",
            "usgovvirginia",
            "azurecr.us",
            "*.blob.core.usgovcloudapi.net",
            &["login.microsoftonline.us"][..],
            "management.usgovcloudapi.net",
        ),
        (
            "china",
            "chinaeast2",
            "azurecr.cn",
            "*.blob.core.chinacloudapi.cn",
            &["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
            "management.chinacloudapi.cn",
        ),
        (
            "germany",
            "germanycentral",
            "azurecr.de",
            "*.blob.core.cloudapi.de",
            &["login.microsoftonline.de"],
            "management.microsoftazure.de",
        ),
    ] {
        let record = weeks.json(
            cloud,
            &format!("contoso --region {region} --client ci-agent"),
        );
        let hosts: Vec<&str> = record["endpoints"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["fqdn"].as_str().unwrap())
            .collect();
        let login = format!("contoso.{suffix}");
        let mut expected = vec![login.as_str(), blob, suffix];
        expected.extend(sign_in);
        expected.push(management);
        assert_eq!(hosts, expected);
        let data = weeks.json(
            cloud,
            &format!("contoso.{suffix} --region {region} --data-endpoints"),
        );
        let row = &data["endpoints"][1];
        assert_eq!(row["fqdn"], format!("contoso.{region}.data.{suffix}"));
        assert_eq!(row["certainty"], "assumed");
        if cloud != "germany" {
            assert_advice(&data, "C8", "info", "do not exist");
        }
    }
    let record = weeks.json("china", "contoso --mcr");
    assert!(rows(&record["endpoints"])[3].starts_with("mcr.azure.cn 443"));
}

/// D1, D5: an image, a URL and a login server name the same registry.
#[test]
fn d5_every_form_of_a_registry_gives_the_same_plan() {
    let weeks = Weeks::new();
    let plain = weeks.public("contoso.azurecr.io --region eastus");
    for form in [
        "contoso",
        "CONTOSO",
        "contoso.azurecr.io/team/app:v1",
        "https://contoso.azurecr.io/v2/",
        "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso",
    ] {
        assert_eq!(
            weeks.public(&format!("{form} --region EastUS")),
            plain,
            "{form}"
        );
    }
    weeks.run("public", "CONTOSO").says(&["lower case"]);
    // The hash stays in the host names; how data names are built with it is assumed.
    let record = weeks.public("contoso-e7ggejfuhzhgedc8 --region eastus --data-endpoints");
    assert_eq!(record["registry"]["name"], "contoso");
    let data = &record["endpoints"][1];
    assert_eq!(
        data["fqdn"],
        "contoso-e7ggejfuhzhgedc8.eastus.data.azurecr.io"
    );
    assert_eq!(data["certainty"], "assumed");
    assert_advice(&record, "name-hash", "warning", "show-endpoints");
}
