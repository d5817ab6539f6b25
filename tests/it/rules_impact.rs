//! `rules impact` as a user runs it: files of every kind over two weeks written by hand, exit codes,
//! the patch as a script, lists of embedded weeks.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::contract::assert_golden;
use crate::program::{Ran, assert_safe, run, run_with};

const ID: &str = "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-net/providers/\
                  Microsoft.Network";

/// What a registry's tag holds in both weeks, in the older and in the newer.
const BOTH: [&str; 2] = ["192.0.2.0/28", "2001:db8:1::/48"];
const OLD: &str = "192.0.2.32/28";
const NEW: &str = "192.0.2.64/27";

fn tag(name: &str, region: &str, rows: &[&str]) -> Value {
    json!({"name": name, "id": name, "properties": {"changeNumber": 3, "region": region, "regionId": 0,
        "platform": "Azure", "systemService": "", "addressPrefixes": rows,
        "networkFeatures": ["API", "NSG", "UDR", "FW"]}})
}

fn week(cloud: &str, number: u32, tags: &[Value]) -> String {
    json!({"changeNumber": number, "cloud": cloud, "values": tags}).to_string()
}

/// Half of what the registry's tag has lost is another tag's now, half is nobody's.
fn weeks() -> [String; 2] {
    let old = [
        tag("AzureCloud", "", &["192.0.2.0/24", "2001:db8::/32"]),
        tag(
            "AzureContainerRegistry.WestEurope",
            "westeurope",
            &[BOTH[0], OLD, BOTH[1]],
        ),
        tag("Retired", "", &["198.51.100.0/28"]),
        tag("Sql.WestEurope", "westeurope", &["192.0.2.128/28"]),
        tag("Storage.WestEurope", "westeurope", &["192.0.2.192/28"]),
    ];
    let new = [
        tag(
            "AzureCloud",
            "",
            &[
                "192.0.2.0/27",
                "192.0.2.32/29",
                "192.0.2.64/26",
                "192.0.2.128/25",
                "2001:db8::/32",
            ],
        ),
        tag(
            "AzureContainerRegistry.WestEurope",
            "westeurope",
            &[BOTH[0], NEW, BOTH[1]],
        ),
        tag(
            "Sql.WestEurope",
            "westeurope",
            &["192.0.2.32/29", "192.0.2.128/28"],
        ),
        tag("Storage.WestEurope", "westeurope", &["192.0.2.192/27"]),
    ];
    [week("Public", 500, &old), week("Public", 501, &new)]
}

fn nsg() -> String {
    let rule = |name: &str, priority: u32, to: &[&str]| {
        json!({"name": name, "priority": priority, "direction": "Outbound", "access": "Allow",
            "protocol": "Tcp", "sourceAddressPrefix": "VirtualNetwork", "sourcePortRange": "*",
            "destinationAddressPrefixes": to, "destinationPortRange": "443"})
    };
    json!({"name": "nsg1", "id": format!("{ID}/networkSecurityGroups/nsg1"), "securityRules": [
        rule("acr-out", 100, &[BOTH[0], OLD]),
        rule("storage-out", 110, &["Storage.WestEurope"]),
        rule("sql-out", 120, &["Sql.WestEurope.Nowhere"]),
        rule("retired-out", 130, &["Retired"]),
        rule("office", 140, &["203.0.113.0/24", "10.0.0.0/8"]),
        rule("one-block", 150, &["192.0.2.40/30"]),
    ]})
    .to_string()
}

fn registry() -> String {
    let rules = [
        BOTH[0],
        "192.0.2.32/29",
        "192.0.2.40/29",
        "192.0.2.9",
        "203.0.113.5",
    ];
    let rules: Vec<Value> = rules
        .iter()
        .map(|rule| json!({"action": "Allow", "value": rule}))
        .collect();
    json!({"name": "contoso", "type": "Microsoft.ContainerRegistry/registries",
        "properties": {"loginServer": "contoso.azurecr.io",
            "networkRuleSet": {"defaultAction": "Deny", "ipRules": rules}}})
    .to_string()
}

fn group() -> String {
    json!({"name": "acr-group", "id": format!("{ID}/ipGroups/acr-group"), "type": "Microsoft.Network/ipGroups",
        "properties": {"ipAddresses": ["192.0.2.0-192.0.2.15", OLD]}})
    .to_string()
}

fn routes() -> String {
    json!({"name": "rt1", "id": format!("{ID}/routeTables/rt1"), "routes": [
        {"name": "acr-1", "addressPrefix": BOTH[0], "nextHopType": "Internet"},
        {"name": "acr-2", "addressPrefix": OLD, "nextHopType": "Internet"},
        {"name": "default", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"}]})
    .to_string()
}

fn firewall() -> String {
    json!({"name": "rcg1", "id": format!("{ID}/firewallPolicies/policy1/ruleCollectionGroups/rcg1"),
        "ruleCollections": [{"name": "net", "priority": 200, "action": {"type": "Allow"}, "rules": [
            {"name": "acr", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceIpGroups": [format!("{ID}/ipGroups/office")],
             "destinationAddresses": [BOTH[0], OLD], "destinationPorts": ["443"]},
            {"name": "by-group", "ruleType": "NetworkRule", "ipProtocols": ["TCP"], "sourceAddresses": ["10.0.0.0/8"],
             "destinationIpGroups": [format!("{ID}/ipGroups/acr-group")], "destinationPorts": ["443"]}]}]})
    .to_string()
}

const LIST: &str = "# office\n203.0.113.9  # the door\n\n# tag: AzureContainerRegistry.WestEurope\n\
                    192.0.2.0/28, 192.0.2.32/29  # first\n192.0.2.40/29\n203.0.113.77\n# end\n";

/// A folder with both weeks and a file of every kind.
struct Site(TempDir);

impl Site {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let [old, new] = weeks();
        for (name, text) in [
            ("ServiceTags_Public_20261109.json", old),
            ("ServiceTags_Public_20261116.json", new),
            ("nsg.json", nsg()),
            ("acr.json", registry()),
            ("group.json", group()),
            ("routes.json", routes()),
            ("firewall.json", firewall()),
            ("list.txt", LIST.to_owned()),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn weeks(&self) -> [String; 2] {
        ["20261109", "20261116"].map(|date| self.path(&format!("ServiceTags_Public_{date}.json")))
    }

    /// Files and further options over both weeks.
    fn impact(&self, files: &[&str], options: &[&str]) -> Ran {
        let paths: Vec<String> = files
            .iter()
            .map(|file| self.path(file))
            .chain(self.weeks())
            .collect();
        let mut args = vec!["rules", "impact"];
        args.extend(paths.iter().map(String::as_str));
        args.extend_from_slice(options);
        let mut ran = run(&args);
        let folder = self.0.path().to_str().unwrap();
        ran.out = ran.out.replace(folder, "[site]");
        ran
    }
}

const FILES: [&str; 6] = [
    "nsg.json",
    "acr.json",
    "group.json",
    "routes.json",
    "firewall.json",
    "list.txt",
];

fn records_of(ran: &Ran) -> Vec<Value> {
    let lines = ran.lines().into_iter();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Every row of a document with what stands around it.
fn rows_of(document: &Value) -> Vec<Value> {
    let mut rows = Vec::new();
    for file in document["files"].as_array().unwrap() {
        for row in file["rows"].as_array().unwrap() {
            let mut row = row.clone();
            for key in ["schemaVersion", "base", "target"] {
                row[key] = document[key].clone();
            }
            for key in ["path", "kind", "set"] {
                row[key] = file[key].clone();
            }
            rows.push(row);
        }
    }
    rows
}

#[test]
fn every_kind_of_rules_is_answered_row_by_row_as_recorded() {
    let site = Site::new();
    let json = site.impact(&FILES, &["--json"]);
    json.is_quiet(1);
    assert_golden("rules-impact.json", &json);
    let lines = site.impact(&FILES, &["--format", "jsonl"]);
    assert_eq!(records_of(&lines), rows_of(&json.json()));
    assert_golden(
        "rules-impact.md",
        &site.impact(&FILES, &["--format", "markdown"]),
    );
    assert_golden("rules-impact.txt", &site.impact(&FILES, &["--all"]));
    let patch = site.impact(&FILES, &["--patch"]);
    patch.is_quiet(1);
    assert_golden("rules-impact.sh", &patch);
    for ran in [json, patch] {
        assert_safe(&ran, "text", &"impact");
    }
}

/// Status, missing, stale and moved prefixes of a row.
fn row<'a>(answer: &'a Value, name: &str) -> &'a Value {
    let files = answer["files"].as_array().unwrap();
    let mut rows = files
        .iter()
        .flat_map(|file| file["rows"].as_array().unwrap());
    rows.find(|row| row["row"] == name)
        .unwrap_or_else(|| panic!("{name}: {answer}"))
}

#[test]
fn rows_say_what_they_stand_for_and_what_has_become_of_it() {
    let site = Site::new();
    let answer = site.impact(&FILES, &["--json"]).json();
    let acr = row(&answer, "acr-out");
    assert_eq!(acr["status"], "missingAndStale");
    assert_eq!(acr["missing"], json!([NEW]));
    assert_eq!(acr["stale"], json!(["192.0.2.40/29"]));
    assert_eq!(
        acr["movedTo"],
        json!([{"tag": "Sql.WestEurope", "prefixes": ["192.0.2.32/29"]}])
    );
    assert_eq!(
        acr["inferred"],
        json!({"tag": "AzureContainerRegistry.WestEurope", "week": "2026-11-09",
            "dateIs": "published", "share": 1.0})
    );
    assert_eq!(
        acr["notes"],
        json!(["the tag's IPv6 addresses are not compared"])
    );
    let storage = row(&answer, "storage-out");
    assert_eq!(storage["status"], "automatic");
    assert_eq!(storage["followed"][0]["gained"], json!(["192.0.2.208/28"]));
    assert_eq!(storage["followed"][0]["addressesGained"]["v4"], "16");
    for (name, status, note) in [
        ("sql-out", "unaffected", "in either week"),
        (
            "retired-out",
            "stale",
            "Retired is gone from the week of 2026-11-16",
        ),
        ("by-group", "unaffected", "IP group acr-group is affected"),
        (
            "acr",
            "missingAndStale",
            "IP group office is in none of the files",
        ),
    ] {
        let row = row(&answer, name);
        assert_eq!(row["status"], status, "{row}");
        assert!(row["notes"].to_string().contains(note), "{row}");
    }
    assert_eq!(row(&answer, "office")["status"], "unaffected");
    // A part of what a tag held: it stands for nothing and is in no tag any more.
    let part = row(&answer, "one-block");
    assert_eq!(
        (&part["status"], &part["stale"], &part["inferred"]),
        (&json!("stale"), &json!(["192.0.2.40/30"]), &Value::Null)
    );
    assert_eq!(row(&answer, "203.0.113.5")["tags"], json!([]));
    // The registry's rules are one list: one lacks nothing, the registry does.
    let rules: Vec<&Value> = [
        "192.0.2.0/28",
        "192.0.2.32/29",
        "192.0.2.40/29",
        "192.0.2.9",
        "contoso",
    ]
    .iter()
    .map(|name| &row(&answer, name)["status"])
    .collect();
    assert_eq!(
        rules,
        ["unaffected", "stale", "stale", "unaffected", "missing"]
    );
}

#[test]
fn the_exit_code_says_whether_a_row_is_affected() {
    let site = Site::new();
    let [old, new] = site.weeks();
    let on = |list: &str, options: &[&str]| {
        let mut args = vec!["rules", "impact", "-"];
        args.extend_from_slice(&[&old, &new]);
        args.extend_from_slice(options);
        run_with(&args, list)
    };
    assert_eq!(on("Storage.WestEurope\n203.0.113.9\n", &[]).code, 0);
    assert_eq!(on("203.0.113.9\n", &["--json"]).code, 0);
    assert_eq!(on("Retired\n10.0.0.0/8\n", &[]).code, 1);
    assert_eq!(on("192.0.2.0/28 192.0.2.32/28\n", &[]).code, 1);
    // Too old counts for more than affected.
    assert_eq!(
        on("192.0.2.0/28 192.0.2.32/28\n", &["--max-age", "0"]).code,
        3
    );
    // Nothing to do: nothing but the sentence.
    let quiet = on("203.0.113.9\n", &[]);
    assert_eq!(quiet.out, "");
    quiet.says(&["2026-11-09 → 2026-11-16", "0 of 1 row is affected"]);
}

#[test]
fn weeks_are_the_last_two_arguments_or_options() {
    let site = Site::new();
    let [old, new] = site.weeks();
    let list = site.path("list.txt");
    let expected = site.impact(&["list.txt"], &["--json"]).json();
    let same = |args: &[&str]| {
        let ran = run(&[&["rules", "impact", &list, "--json"], args].concat());
        assert_eq!(ran.json(), expected_at(&expected, &ran), "{args:?}");
    };
    same(&["--base", &old, "--target", &new]);
    same(&["--base", &old, "--file", &new]);
    // Another name says nothing: the content does.
    let renamed = site.path("renamed");
    std::fs::copy(&new, &renamed).unwrap();
    let ran = run(&["rules", "impact", &list, &old, &renamed, "--json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()["target"]["date"], Value::Null);
    for (args, said) in [
        (&[list.as_str(), &new][..], "one week is named"),
        (&[&old, &new], "no file of rules is named"),
        (&[&list, "latest"], "one week is named"),
        (&[&list, &old, &new, "--base", "latest"], "named twice"),
        (&[&list, "--file", &new], "name the older one with --base"),
        (
            &[&list, "--since", "2026-10-12", "--base", "latest"],
            "--since",
        ),
        (
            &[&list, "--target", &new, "--week", "latest", "--file", &old],
            "--file",
        ),
        (&[&list, "--base", "nowhere"], "is no week and no file"),
        (&["nowhere.json", &old, &new], "nowhere.json"),
    ] {
        run(&[&["rules", "impact"], args].concat()).is_refused(&[said]);
    }
    let china = site.path("ServiceTags_China_20261116.json");
    std::fs::write(
        &china,
        week("China", 9, &[tag("Storage", "", &["192.0.2.0/24"])]),
    )
    .unwrap();
    run(&["rules", "impact", &list, &old, &china]).is_refused(&["China"]);
}

/// The same answer with the path of another run.
fn expected_at(expected: &Value, ran: &Ran) -> Value {
    let mut expected = expected.clone();
    let found = ran.json();
    expected["files"][0]["path"] = found["files"][0]["path"].clone();
    for side in ["base", "target"] {
        expected[side]["origin"] = found[side]["origin"].clone();
    }
    expected
}

#[test]
fn a_tag_is_stated_for_lists_or_for_one_row() {
    let site = Site::new();
    let [old, new] = site.weeks();
    let few = "192.0.2.0/28\n";
    let on = |options: &[&str]| {
        run_with(
            &[&["rules", "impact", "-", &old, &new, "--json"], options].concat(),
            few,
        )
    };
    assert_eq!(on(&[]).code, 0);
    let stated = on(&["--stands-for", "azurecontainerregistry.westeurope"]);
    assert_eq!(stated.code, 1);
    let row_of = stated.json()["files"][0]["rows"][0].clone();
    assert_eq!(
        row_of["standsFor"],
        json!([{"tag": "AzureContainerRegistry.WestEurope", "by": "stated"}])
    );
    assert_eq!(
        (&row_of["missing"], &row_of["inferred"]),
        (&json!([NEW]), &Value::Null)
    );
    on(&["--stands-for", "AzureContainerRegistry.WestEurop"])
        .is_refused(&["did you mean AzureContainerRegistry.WestEurope"]);
    on(&["--stands-for", "nobody=Storage.WestEurope"]).is_refused(&["no row", "nobody"]);
    let nowhere = site.impact(&["nsg.json"], &["--stands-for", "Storage.WestEurope"]);
    nowhere.is_refused(&["nothing here takes the tag", "ROW=Storage.WestEurope"]);
    let options = [
        "--json",
        "--stands-for",
        "office=AzureContainerRegistry.WestEurope",
    ];
    let answer = site.impact(&["nsg.json"], &options).json();
    let office = row(&answer, "office");
    assert_eq!(office["missing"], json!([BOTH[0], NEW]));
    assert!(
        office["notes"][0]
            .as_str()
            .unwrap()
            .contains("its own and left alone")
    );
}

#[test]
fn a_list_that_was_patched_is_unaffected_and_keeps_its_comments() {
    let site = Site::new();
    let patched = site.impact(&["list.txt"], &["--patch"]);
    patched.is_quiet(1);
    assert_eq!(
        patched.out,
        "# office\n203.0.113.9  # the door\n\n# tag: AzureContainerRegistry.WestEurope\n\
         192.0.2.0/28  # first\n203.0.113.77\n192.0.2.64/27\n# end\n"
    );
    std::fs::write(site.0.path().join("list.txt"), &patched.out).unwrap();
    let again = site.impact(&["list.txt"], &["--patch"]);
    again.is_quiet(0);
    assert_eq!(again.out, patched.out);
    // A list of texts, and line ends of another system.
    std::fs::write(
        site.0.path().join("list.txt"),
        r#"["192.0.2.0/28", "192.0.2.32/28"]"#,
    )
    .unwrap();
    let json = site.impact(&["list.txt"], &["--patch"]).json();
    assert_eq!(json, json!([BOTH[0], NEW]));
    std::fs::write(site.0.path().join("list.txt"), LIST.replace('\n', "\r\n")).unwrap();
    let other = site.impact(&["list.txt"], &["--patch"]);
    assert_eq!(other.out, patched.out.replace('\n', "\r\n"));
}

/// The script is run with a stand-in for Azure CLI; names that a shell would run stay names.
#[test]
#[cfg(unix)]
fn the_patch_is_a_script_whatever_names_say() {
    let site = Site::new();
    for name in [
        "it's; touch ran",
        "$(touch ran)`touch ran`",
        "a\ntouch ran\n",
        "\\\" && (touch ran",
    ] {
        let hostile = nsg().replace("acr-out", json!(name).to_string().trim_matches('"'));
        std::fs::write(site.0.path().join("nsg.json"), hostile).unwrap();
        let paths: Vec<String> = ["nsg.json", "acr.json", "list.txt"]
            .map(|it| site.path(it))
            .into();
        let [old, new] = site.weeks();
        let mut args = vec!["rules", "impact", "--patch"];
        args.extend(paths.iter().map(String::as_str));
        args.extend([old.as_str(), &new]);
        let ran = run(&args);
        assert_safe(&ran, "text", &name);
        let script = format!("az() {{ printf '[%s]' \"$@\"; echo; }}\n{}", ran.out);
        let mut bash = std::process::Command::new("bash");
        bash.arg("-c").arg(&script).current_dir(site.0.path());
        let output = bash.output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{script}"
        );
        assert!(!Path::new(&site.path("ran")).exists(), "{script}");
        assert!(
            shown.contains("[--destination-address-prefixes][192.0.2.0/28][192.0.2.64/27]"),
            "{shown}"
        );
        assert!(shown.contains("[--ip-address][192.0.2.64/27]"), "{shown}");
        // The list was written where it was read.
        let list = std::fs::read_to_string(site.path("list.txt")).unwrap();
        assert!(list.contains("192.0.2.64/27\n# end"), "{list}");
        std::fs::write(site.0.path().join("list.txt"), LIST).unwrap();
    }
}

#[test]
fn limits_are_said_where_the_patch_would_break_them() {
    let site = Site::new();
    let mut rules: Vec<Value> = (0..198)
        .map(|n| json!({"value": format!("203.0.113.{n}")}))
        .collect();
    rules.push(json!({"value": BOTH[0]}));
    rules.push(json!({"value": "192.0.2.48"}));
    let mut file = json!([{"name": "contoso", "loginServer": "contoso.azurecr.io",
        "networkRuleSet": {"defaultAction": "Deny", "ipRules": rules}}]);
    let ask = |file: &Value| {
        std::fs::write(site.0.path().join("acr.json"), file.to_string()).unwrap();
        let stated = [
            "--json",
            "--stands-for",
            "AzureContainerRegistry.WestEurope",
        ];
        site.impact(&["acr.json"], &stated).json()["files"][0].clone()
    };
    let full = ask(&file);
    assert!(
        full["patchNotes"][0]
            .as_str()
            .unwrap()
            .contains("201 IP rules and may have 200"),
        "{full}"
    );
    // The limit that the registry itself says counts for more.
    let usage = json!({"value": [{"name": "IPRules", "limit": 500, "currentValue": 200}]});
    file.as_array_mut().unwrap().push(usage);
    assert_eq!(ask(&file)["patchNotes"], json!([]));
}
