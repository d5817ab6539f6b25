//! `rules make` as a script meets it: what is written, what is refused, what a comparison says.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tagscope::query::rules::make::{Resource, Target};
use tagscope::rules::{Entry, RuleFile, read_rules};
use tagscope::space::AddressSet;
use tempfile::TempDir;

use crate::contract::assert_golden;
use crate::program::{Ran, SMALL, run, run_small, run_with};

const TAGS: [&str; 3] = ["--tag", "AzureContainerRegistry", "Storage.WestEurope"];

pub fn make(args: &[&str]) -> Ran {
    run_small(&[&["rules", "make"], args].concat())
}

/// A document whose tags have `count` single addresses that cannot be joined: `T200`, `T4001`.
fn counted(counts: &[usize]) -> (TempDir, String) {
    let mut tags = Vec::new();
    for count in counts {
        let prefixes: Vec<String> = (0..*count)
            .map(|n| {
                let n = n * 2;
                format!("10.{}.{}.{}/32", n >> 16, (n >> 8) & 255, n & 255)
            })
            .collect();
        tags.push(serde_json::json!({"name": format!("T{count}"), "id": format!("T{count}"),
            "properties": {"changeNumber": 1, "region": "", "platform": "Azure", "systemService": "",
            "addressPrefixes": prefixes, "networkFeatures": ["API", "NSG", "UDR", "FW"]}}));
    }
    document(&tags)
}

pub fn document(tags: &[serde_json::Value]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ServiceTags_Public_20260105.json");
    let text = serde_json::json!({"changeNumber": 9, "cloud": "Public", "values": tags});
    std::fs::write(&path, text.to_string()).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

#[test]
fn every_kind_is_as_recorded() {
    for target in Target::ALL {
        let ran = make(&[&[target.word()], &TAGS[..]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let name = target.file_name("x");
        let ending = name.rsplit_once('.').unwrap().1;
        assert_golden(&format!("make-{}.{ending}", target.word()), &ran);
        let again = make(&[
            target.word(),
            "--tag",
            "storage.westeurope",
            "--tag",
            "azurecontainerregistry",
        ]);
        assert_eq!(again.out, ran.out, "the order of the tags does not count");
    }
}

#[test]
fn other_forms_are_as_recorded() {
    let plan = [
        "--registry",
        "contoso",
        "--region",
        "westeurope",
        "--region",
        "francecentral",
        "--sku",
        "premium",
        "--data-endpoints",
    ];
    for (name, args) in [
        ("make-az-nsg-in.sh", [&["az-nsg", "--prefixes", "--direction", "in", "--port", "443,8000-8010",
            "--protocol", "any", "--peer", "10.0.0.0/24", "--resource", "nsg's"], &TAGS[..]].concat()),
        ("make-bicep-nsg-prefixes.bicep", [&["bicep-nsg", "--prefixes"], &TAGS[..]].concat()),
        ("make-terraform-nsg-prefixes.tf", [&["terraform-nsg", "--prefixes"], &TAGS[..]].concat()),
        ("make-arm-route-appliance.json", [&["arm-route", "--prefixes", "--next-hop", "10.0.0.4",
            "--resource", "rt1"], &TAGS[..]].concat()),
        ("make-az-firewall-plan.sh", [&["az-firewall"], &plan[..]].concat()),
        ("make-terraform-firewall-plan.tf", [&["terraform-firewall", "--client", "pull,agent-pool"], &plan[..]].concat()),
        ("make-arm-nsg-plan.json", [&["arm-nsg"], &plan[..]].concat()),
        ("make-az-acr-subnet.sh", ["az-acr", "--resource", "contoso", "--subnet",
            "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
            "--tag", "Storage.WestEurope"].to_vec()),
    ] {
        let ran = make(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_golden(name, &ran);
    }
}

#[test]
fn the_kinds_are_listed() {
    let ran = run(&["rules", "make"]);
    ran.is_quiet(0);
    assert_eq!(ran.lines().len(), Target::ALL.len());
    assert_golden("make-kinds.tsv", &ran);
    let json = run(&["rules", "make", "--json"]).json();
    assert_eq!(json["kinds"].as_array().unwrap().len(), Target::ALL.len());
    let ran = run(&["rules", "make", "cisco", "--tag", "Storage"]);
    ran.is_refused(&["cisco", "az-nsg", "haproxy-map"]);
    run(&["rules", "make", "--tag", "Storage"]).is_refused(&["which kind"]);
    run(&["rules", "make", "list"]).is_refused(&["--tag", "--registry"]);
    make(&["list", "--tag", "Storag"]).is_refused(&["Storag", "did you mean"]);
    make(&["list", "--tag", "Retired"]).is_refused(&["Retired has no prefix"]);
    make(&["list", "--tag", "Storage", "--registry", "contoso"]).is_refused(&["--registry"]);
}

#[test]
fn limits_are_kept_or_refused_with_the_number() {
    let (_folder, path) = counted(&[200, 201, 400, 401, 4000, 4001, 5000, 5001]);
    let on = |kind: &str, tag: &str, more: &[&str]| {
        let args = [
            "--file",
            path.as_str(),
            "rules",
            "make",
            kind,
            "--tag",
            tag,
            "--prefixes",
        ];
        run(&[&args, more].concat())
    };
    for (resource, fits, most, limit) in [
        ("acr", "T200", "T201", "200"),
        ("route", "T400", "T401", "400"),
        ("nsg", "T4000", "T4001", "4000"),
        ("ip-group", "T5000", "T5001", "5000"),
    ] {
        for language in ["az", "arm", "bicep", "terraform"] {
            let kind = format!("{language}-{resource}");
            let ran = on(&kind, fits, &[]);
            assert_eq!(ran.code, 0, "{kind}: {}", ran.err);
            let needed = most.trim_start_matches('T');
            let ran = on(&kind, most, &[]);
            ran.is_refused(&[
                needed,
                &format!("takes {limit}"),
                "tagscope rules fit",
                &format!("--limit {limit}"),
            ]);
        }
    }
    // A cover is as good as any prefixes, and no better.
    on("az-acr", "T201", &["--fit", "201"]).is_refused(&["201", "takes 200", "--fit 200"]);
    let ran = on("az-acr", "T201", &["--fit", "200"]);
    assert_eq!(
        (ran.code, ran.out.matches("--ip-address").count()),
        (0, 200)
    );
    let same = ["--port", "443"];
    on("list", "T200", &same).is_refused(&["--port", "addresses only"]);
}

#[test]
fn tags_subnets_and_priorities_have_limits_too() {
    let tag = |n: usize| {
        serde_json::json!({"name": format!("Tag{n}"), "id": format!("Tag{n}"), "properties": {"changeNumber": 1,
            "region": "", "platform": "Azure", "systemService": "",
            "addressPrefixes": [format!("192.0.2.{n}/32")], "networkFeatures": ["API", "NSG", "UDR"]}})
    };
    let (_folder, path) = document(&(0..26).map(tag).collect::<Vec<_>>());
    let on = |args: &[&str]| run(&[&["--file", path.as_str(), "rules", "make"], args].concat());
    on(&["az-route", "--tag", "Tag*"]).is_refused(&["26 routes by tag", "takes 25", "--prefixes"]);
    assert_eq!(on(&["az-route", "--tag", "Tag*", "--prefixes"]).code, 0);
    let all: Vec<String> = (0..25).map(|n| format!("Tag{n}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    assert_eq!(on(&[&["az-route", "--tag"], &all[..]].concat()).code, 0);
    let ran = on(&["az-nsg", "--tag", "Tag*", "--priority", "3850"]);
    ran.is_refused(&["26 rules from priority 3850", "4100", "100 to 4096"]);
    assert_eq!(
        on(&["az-nsg", "--tag", "Tag*", "--priority", "3846"]).code,
        0
    );
    on(&["az-nsg", "--tag", "Tag1", "--priority", "99"]).is_refused(&["99", "100 to 4096"]);
    on(&["az-firewall", "--tag", "Tag1", "--priority", "65001"]).is_refused(&["100 to 65000"]);
    // Not offered to Azure Firewall.
    let ran = on(&["az-firewall", "--tag", "Tag1"]);
    ran.says(&["Tag1 is not offered to Azure Firewall", "prefixes"]);
    assert!(
        ran.out.contains("--destination-addresses 192.0.2.1/32"),
        "{ran:?}"
    );
    on(&["az-firewall", "--tag", "Tag1", "--tags"]).is_refused(&["Tag1 is not offered"]);

    let mut args = vec!["az-acr".to_owned()];
    for n in 0..101 {
        args.push("--subnet".to_owned());
        args.push(format!("/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s{n}"));
    }
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    on(&words).is_refused(&["101 subnet rules", "takes 100"]);
    assert_eq!(on(&words[..201]).code, 0);
    let ran = on(&[&["arm-acr"], &words[1..3]].concat());
    ran.is_refused(&["--subnet", "az-acr"]);
}

#[test]
fn a_tag_that_no_rule_takes_becomes_prefixes() {
    let tag = "ActionGroup.AustraliaCentral";
    let ran = run(&["rules", "make", "az-nsg", "--tag", tag]);
    ran.says(&[tag, "without network features", "prefixes"]);
    assert!(
        !ran.out.contains(&format!("-prefixes {tag}")),
        "{}",
        ran.out
    );
    assert!(ran.out.contains(&format!("--name {tag}-v4")), "{}", ran.out);
    let ran = run(&["rules", "make", "az-nsg", "--tag", tag, "--tags"]);
    ran.says(&[tag, "may not take it"]);
    assert!(ran.out.contains(&format!("-prefixes {tag}")), "{}", ran.out);

    let tag = |name: &str, features: serde_json::Value| {
        serde_json::json!({"name": name, "id": name, "properties": {"changeNumber": 1, "region": "",
            "platform": "Azure", "systemService": "", "addressPrefixes": ["192.0.2.0/24"],
            "networkFeatures": features}})
    };
    let reading = tag("Reading", serde_json::json!([]));
    let unsaid = tag("Unsaid", serde_json::Value::Null);
    let (_folder, path) = document(&[reading, unsaid]);
    let on = |args: &[&str]| {
        let make = ["--file", path.as_str(), "rules", "make", "az-nsg", "--tag"];
        run(&[&make, args].concat())
    };
    on(&["Reading"]).says(&["no network features", "prefixes"]);
    on(&["Reading", "--tags"]).is_refused(&["Reading", "--tags"]);
    // A document that says nothing of any tag leaves it to the reader.
    let ran = on(&["Unsaid"]);
    ran.is_quiet(0);
    assert!(ran.out.contains("-prefixes Unsaid"), "{ran:?}");
}

#[test]
fn what_the_target_cannot_say_is_refused() {
    for (args, named) in [
        (
            &["az-firewall", "--direction", "in"][..],
            "destinations only",
        ),
        (&["az-route", "--direction", "in"], "what goes out"),
        (&["az-acr", "--direction", "out"], "who comes in"),
        (&["az-acr", "--ipv6"], "IPv4 only"),
        (&["az-ip-group", "--ipv6"], "IPv4 only"),
        (&["list", "--tags"], "addresses only"),
        (&["list", "--priority", "300"], "priorities"),
        (&["az-nsg", "--next-hop", "None"], "routes"),
        (&["az-route", "--next-hop", "nowhere"], "VnetLocal"),
        (
            &["az-route", "--prefixes", "--ipv6", "--next-hop", "10.0.0.4"],
            "next hop",
        ),
        (&["az-nsg", "--port", "https"], "https"),
        (&["az-nsg", "--name", "a b"], "80 letters"),
        (&["nftables", "--name", "Web"], "lower-case"),
        (
            &["ipset", "--name", "a_name_that_is_too_long_for_sets"],
            "27",
        ),
        (&["nftables", "--resource", "t; flush ruleset"], "table"),
        (&["az-nsg", "--resource", "a\u{202e}b"], "cannot be seen"),
        (
            &["az-firewall", "--peer", "VirtualNetwork"],
            "destinations only",
        ),
        (&["az-firewall", "--protocol", "esp"], "Azure Firewall"),
    ] {
        make(&[args, &["--tag", "Storage.WestEurope"]].concat()).is_refused(&[named]);
    }
    let plan = ["--registry", "contoso"];
    make(&[&["az-firewall", "--data-endpoints"], &plan[..]].concat()).is_refused(&["--region"]);
    make(&[&["az-nsg", "--port", "80"], &plan[..]].concat()).is_refused(&["--port", "plan"]);
    make(&[&["nginx-allow"], &plan[..]].concat()).is_refused(&["--client"]);
    let pool = make(&[&["az-nsg", "--client", "agent-pool"], &plan[..]].concat());
    pool.says(&["no tag for it", "AzureKeyVault"]);
    make(&["list", "--tag", "Storage", "--region", "westeurope"]).is_refused(&["--registry"]);
}

fn addresses(file: &RuleFile) -> (AddressSet, Vec<String>) {
    let rows = file.sets.iter().flat_map(|set| &set.rows);
    let rows: Vec<_> = rows.filter(|row| !row.is_default).collect();
    let entries = || rows.iter().flat_map(|row| row.entries());
    let tags = entries().filter_map(Entry::tag).map(str::to_owned);
    let flaws: Vec<_> = rows.iter().flat_map(|row| &row.flaws).collect();
    assert!(
        flaws.is_empty() && file.flaws.is_empty(),
        "{flaws:?} {:?}",
        file.flaws
    );
    (
        AddressSet::from_spans(entries().filter_map(Entry::span)),
        tags.collect(),
    )
}

#[test]
fn what_is_made_reads_back_as_it_was_meant() {
    let published = run_small(&["tags", "prefixes", TAGS[1], TAGS[2]]);
    let (mut all, _) = addresses(&read_rules(published.out.as_bytes()).unwrap());
    for target in Target::ALL {
        let is_arm = target.word().starts_with("arm-");
        if !is_arm && !matches!(target, Target::List | Target::Edl) {
            continue;
        }
        for more in [&["--as-published"][..], &[]] {
            let args = [&[target.word()], more, &["--prefixes"], &TAGS[..]].concat();
            let made = make(&args);
            let (found, tags) = addresses(&read_rules(made.out.as_bytes()).unwrap());
            if matches!(
                target.resource(),
                Some(Resource::Registry | Resource::IpGroup)
            ) {
                assert_eq!(found.v4, all.v4, "{made:?}");
                assert!(found.v6.is_empty());
            } else {
                assert_eq!(found, all, "{made:?}");
            }
            assert!(tags.is_empty());
        }
        let made = make(&[&[target.word()], &TAGS[..]].concat());
        let (_, tags) = addresses(&read_rules(made.out.as_bytes()).unwrap());
        if ["arm-nsg", "arm-firewall", "arm-route"].contains(&target.word()) {
            assert_eq!(tags, TAGS[1..], "{made:?}");
        }
    }
    let only = make(&["list", "--tag", TAGS[1], TAGS[2], "--ipv4"]);
    all.v6 = tagscope::space::Ranges::default();
    assert_eq!(addresses(&read_rules(only.out.as_bytes()).unwrap()).0, all);
}

#[test]
fn a_list_is_unaffected_by_the_week_it_was_made_from() {
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("list.txt");
    let list = list.to_str().unwrap();
    for more in [&[][..], &["--as-published"], &["--ipv4"], &["--ipv6"]] {
        let args = [&["list"], more, &TAGS[..], &["--output", list, "--force"]].concat();
        assert_eq!(make(&args).code, 0);
        let ran = run(&["rules", "impact", list, SMALL, SMALL, "--all", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let rows = &ran.json()["files"][0]["rows"];
        assert_eq!(rows.as_array().unwrap().len(), 2);
        for row in rows.as_array().unwrap() {
            assert_eq!(row["status"], "unaffected", "{row}");
            assert!(
                TAGS[1..].contains(&row["tags"][0].as_str().unwrap()),
                "{row}"
            );
        }
    }
}

/// The file of a target in a folder of its own.
fn written(target: Target, folder: &Path, args: &[&str]) -> PathBuf {
    let path = folder.join(target.file_name("x"));
    let output = path.to_str().unwrap();
    let ran = make(&[&[target.word()], args, &["--output", output]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.says(&["wrote", output]);
    path
}

#[test]
fn a_file_is_in_sync_drifted_or_foreign() {
    // The newer week: the same Storage, one block more of the registry and one less.
    let newer = std::fs::read_to_string(SMALL)
        .unwrap()
        .replace("\"203.0.113.8/29\"", "\"203.0.113.64/29\"")
        .replace("\"changeNumber\": 7,", "\"changeNumber\": 8,");
    for target in Target::ALL {
        let folder = TempDir::new().unwrap();
        let form = ["--prefixes"];
        let path = written(target, folder.path(), &[&form, &TAGS[..]].concat());
        let path = path.to_str().unwrap();
        let check = |week: &str, kind: &str, tag: &[&str]| {
            let args = [
                "--file",
                "-",
                "rules",
                "make",
                kind,
                "--prefixes",
                "--check",
                path,
            ];
            run_with(&[&args, tag].concat(), week)
        };
        let old = std::fs::read_to_string(SMALL).unwrap();
        let ran = check(&old, target.word(), &TAGS);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.ends_with("is in sync\n"), "{ran:?}");
        let ran = check(&newer, target.word(), &TAGS);
        assert_eq!(ran.code, 1, "{target:?} {ran:?}");
        let lines = ran.lines();
        assert!(lines[0].contains("has drifted"), "{ran:?}");
        assert!(lines.contains(&"+ 203.0.113.64/29"), "{ran:?}");
        assert!(lines.contains(&"- 203.0.113.0/28"), "{ran:?}");
        let kind = if target == Target::List {
            "edl"
        } else {
            "list"
        };
        let ran = check(&old, kind, &TAGS);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        // An array of JSON says nothing of its origin.
        let origin = match target {
            Target::JsonList => "it does not say that tagscope made it",
            target => target.word(),
        };
        ran.says(&["was not made by tagscope", origin]);
    }
}

#[test]
fn a_newer_week_with_the_same_content_is_in_sync() {
    let old = std::fs::read_to_string(SMALL).unwrap();
    let newer = old.replace("\"changeNumber\": 7,", "\"changeNumber\": 8,");
    let newer = newer.replace("\"changeNumber\": 5,", "\"changeNumber\": 6,");
    for target in Target::ALL {
        let folder = TempDir::new().unwrap();
        let path = written(target, folder.path(), &["--tag", TAGS[2]]);
        let made = run_with(
            &[
                "--file",
                "-",
                "rules",
                "make",
                target.word(),
                "--tag",
                TAGS[2],
            ],
            newer.as_str(),
        );
        let text = std::fs::read_to_string(&path).unwrap();
        let has_header = target != Target::JsonList;
        assert_eq!(made.out != text, has_header, "the header names the week");
        let path = path.to_str().unwrap();
        let check = [
            "--file",
            "-",
            "rules",
            "make",
            target.word(),
            "--tag",
            TAGS[2],
            "--check",
            path,
        ];
        let ran = run_with(&check, newer.as_str());
        assert_eq!(ran.code, 0, "{ran:?}");
        // Line ends of another system are no difference.
        std::fs::write(path, text.replace('\n', "\r\n")).unwrap();
        assert_eq!(run_with(&check, newer.as_str()).code, 0);
        let ran = run_with(&[&check[..], &["--json"]].concat(), newer.as_str());
        assert_eq!(ran.json()["status"], "inSync");
    }
}

#[test]
fn what_a_hand_changed_is_said() {
    let folder = TempDir::new().unwrap();
    let path = written(Target::NginxAllow, folder.path(), &["--tag", TAGS[2]]);
    let shown = path.to_str().unwrap();
    let check = |more: &[&str]| {
        let args = ["nginx-allow", "--tag", TAGS[2], "--check", shown];
        make(&[&args, more].concat())
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let mut changed = text.replace("deny all;\n", "");
    let _ = write!(changed, "allow 198.51.100.7;\nallow all;\x1b[31m\n");
    std::fs::write(&path, &changed).unwrap();
    let ran = check(&[]);
    assert_eq!(ran.code, 1);
    crate::program::assert_safe(&ran, "lines", &"a hostile line");
    for line in ["+ deny all;", "- 198.51.100.7/32", "- allow all;␛[31m"] {
        assert!(ran.lines().contains(&line), "{line} not in {ran:?}");
    }
    let json = check(&["--json"]);
    assert_eq!(
        (json.code, json.json()["status"].as_str()),
        (1, Some("drifted"))
    );
    assert_eq!(json.json()["stale"][0], "198.51.100.7/32");
    assert_eq!(json.json()["missingLines"][0], "deny all;");
    let (head, tail) = text.split_once("\nallow ").unwrap();
    let mut lines: Vec<&str> = tail.lines().collect();
    lines.rotate_left(1);
    std::fs::write(
        &path,
        format!(
            "{head}\n{}\nallow {}\n",
            lines[..lines.len() - 1].join("\n"),
            lines[lines.len() - 1]
        ),
    )
    .unwrap();
    let ran = check(&[]);
    assert!(ran.code == 1 && ran.out.contains("order"), "{ran:?}");
    std::fs::write(&path, "allow 192.0.2.0/26;\n").unwrap();
    let ran = check(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    ran.says(&["was not made by tagscope", "tagscope made it"]);
    let json = check(&["--json"]);
    assert_eq!(
        (json.code, json.json()["status"].as_str()),
        (2, Some("foreign"))
    );
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    check(&[]).is_refused(&["was not made by tagscope", "not text"]);
    std::fs::remove_file(&path).unwrap();
    check(&[]).is_refused(&[shown]);
}

#[test]
fn a_file_is_written_whole_and_never_over_another() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    let shown = path.to_str().unwrap();
    std::fs::write(&path, "mine").unwrap();
    let args = ["list", "--tag", TAGS[2], "--output", shown];
    make(&args).is_refused(&["is there already", "--force", "--check"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let ran = make(&[&args[..], &["--force"]].concat());
    assert_eq!(ran.code, 0);
    let expected = make(&args[..3]).out;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    // A refusal writes nothing.
    let other = folder.path().join("b.txt");
    make(&[
        "list",
        "--tag",
        "Retired",
        "--output",
        other.to_str().unwrap(),
    ])
    .is_refused(&["Retired"]);
    make(&["list", "--tag", TAGS[2], "--output", "/no-such-folder/x"])
        .is_refused(&["/no-such-folder/x"]);
    make(&["list", "--tag", TAGS[2], "--force"]).is_refused(&["--output"]);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_is_written_over_keeps_its_rights_and_its_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let [path, link] = ["a.txt", "link.txt"].map(|name| folder.path().join(name));
    std::fs::write(&path, "mine").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let ran = make(&[
        "list",
        "--tag",
        TAGS[2],
        "--output",
        link.to_str().unwrap(),
        "--force",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .contains("192.0.2.0/26")
    );
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}
