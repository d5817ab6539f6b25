//! Files that live together: Terraform beside shared variables, lists for other programs, a folder with
//! a file for each tag.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Ran, SMALL, run, run_small};

fn make(args: &[&str]) -> Ran {
    run_small(&[&["rules", "make"], args].concat())
}

fn prefixes(args: &[&str]) -> BTreeSet<String> {
    let ran = run_small(&[&["tags", "prefixes", "--aggregate"], args].concat());
    ran.lines().into_iter().map(str::to_owned).collect()
}

/// The labels of the blocks of a kind.
fn blocks(text: &str, kind: &str) -> Vec<String> {
    let body: hcl::Body = hcl::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let blocks = body.into_blocks();
    let own = blocks.filter(|block| block.identifier.as_str() == kind);
    own.map(|block| block.labels[0].as_str().to_owned())
        .collect()
}

#[test]
fn files_of_terraform_live_together() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let variables = path("variables.tf");
    // What the user wrote stays as it is.
    let own = "variable \"location\" {\n  default = \"westeurope\"\n}";
    std::fs::write(&variables, own).unwrap();
    for (kind, tag) in [
        ("terraform-nsg", "Storage.WestEurope"),
        ("terraform-nsg", "AzureContainerRegistry"),
        ("terraform-ip-group", "AzureContainerRegistry"),
        ("terraform-route", "AzureContainerRegistry"),
    ] {
        let output = path(&format!("{kind}-{tag}.tf"));
        let args = [kind, "--tag", tag, "--output", &output];
        let ran = make(&[&args[..], &["--variables", &variables]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let text = std::fs::read_to_string(&output).unwrap();
        assert!(blocks(&text, "variable").is_empty(), "{text}");
        // The command in the file makes it again.
        assert!(text.contains("--no-variables"), "{text}");
        let args = [kind, "--tag", tag, "--no-variables"];
        assert_eq!(make(&args).out, text);
        assert_eq!(make(&[&args[..], &["--check", &output]].concat()).code, 0);
    }
    let text = std::fs::read_to_string(&variables).unwrap();
    assert!(text.starts_with(own), "{text}");
    let mut declared = blocks(&text, "variable");
    declared.sort();
    let wanted = [
        "ip_group_name",
        "location",
        "network_security_group_name",
        "resource_group_name",
        "route_table_name",
    ];
    assert_eq!(declared, wanted);
    // All of what is used is declared, in one module.
    let all: String = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let used: BTreeSet<&str> = all
        .split("var.")
        .skip(1)
        .filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_lowercase() && c != '_')
                .next()
        })
        .collect();
    assert_eq!(used, wanted.into_iter().collect());
    make(&[
        "az-nsg",
        "--tag",
        "AzureContainerRegistry",
        "--no-variables",
    ])
    .is_refused(&["only files of Terraform"]);
    std::fs::write(&variables, [0xff, 0xfe]).unwrap();
    let args = [
        "terraform-nsg",
        "--tag",
        "AzureContainerRegistry",
        "--variables",
        &variables,
    ];
    make(&args).is_refused(&["variables.tf is not UTF-8 text"]);
}

#[test]
fn lists_for_programs_hold_what_tags_prefixes_prints() {
    for tag in ["Storage.WestEurope", "AzureContainerRegistry"] {
        let wanted = prefixes(&[tag]);
        assert!(!wanted.is_empty());
        let json = make(&["json-list", "--tag", tag]);
        json.is_quiet(0);
        let array: Vec<String> = serde_json::from_str(&json.out).unwrap();
        assert_eq!(array.into_iter().collect::<BTreeSet<_>>(), wanted);
        let values = make(&["tfvars", "--tag", tag, "--name", "allowed"]);
        values.is_quiet(0);
        let values: BTreeMap<String, BTreeSet<String>> = hcl::from_str(&values.out).unwrap();
        assert_eq!(values, BTreeMap::from([("allowed".to_owned(), wanted)]));
    }
    make(&["tfvars", "--tag", "AzureContainerRegistry", "--name", "a b"])
        .is_refused(&["lower-case"]);
}

#[test]
fn a_list_of_json_is_compared_by_what_it_holds() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("sql.json").display().to_string();
    let args = ["json-list", "--tag", "AzureContainerRegistry"];
    let text = make(&args).out;
    let check = |text: &str| {
        std::fs::write(&path, text).unwrap();
        make(&[&args[..], &["--check", &path]].concat())
    };
    check(&text).is_quiet(0);
    let array: Vec<String> = serde_json::from_str(&text).unwrap();
    // As another program writes the same.
    check(&serde_json::to_string(&array).unwrap()).is_quiet(0);
    let drifted = check(&text.replacen(array[0].as_str(), "192.0.2.0/24", 1));
    assert_eq!(drifted.code, 1, "{drifted:?}");
    assert!(
        drifted.out.contains(&format!("+ {}", array[0])),
        "{drifted:?}"
    );
    assert!(drifted.out.contains("- 192.0.2.0/24"), "{drifted:?}");
    for foreign in ["{}", "[1]", "[\"x\"]", "no json"] {
        assert_eq!(check(foreign).code, 2, "{foreign}");
    }
}

/// Each file with its time and its text.
fn contents(folder: &Path) -> BTreeMap<String, (SystemTime, String)> {
    let entries = std::fs::read_dir(folder).unwrap();
    let entry = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let time = path.metadata().unwrap().modified().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        (
            path.file_name().unwrap().to_str().unwrap().to_owned(),
            (time, text),
        )
    };
    entries.map(entry).collect()
}

#[test]
fn every_tag_has_its_files_and_what_is_unchanged_is_untouched() {
    let folder = TempDir::new().unwrap();
    let lists = folder.path().join("lists");
    let at = lists.display().to_string();
    let args = [
        "rules",
        "make",
        "edl",
        "--all",
        "--split-families",
        "--output",
        &at,
    ];
    let first = run_small(&args);
    assert_eq!((first.code, first.out.as_str()), (0, ""), "{first:?}");
    let before = contents(&lists);
    let index: Value = serde_json::from_str(&before["index.json"].1).unwrap();
    let files = index["files"].as_array().unwrap();
    assert_eq!(before.len(), files.len() + 1);
    let mut tags = BTreeSet::new();
    for file in files {
        let (name, tag) = (
            file["file"].as_str().unwrap(),
            file["tag"].as_str().unwrap(),
        );
        tags.insert(tag.to_owned());
        let family = if file["family"] == "IPv4" {
            "--ipv4"
        } else {
            "--ipv6"
        };
        let lines = before[name].1.lines();
        let found: BTreeSet<String> = lines
            .filter_map(|line| line.split(' ').next())
            .map(str::to_owned)
            .collect();
        assert_eq!(found, prefixes(&[tag, family]), "{name}");
        assert_eq!(file["prefixes"], found.len(), "{name}");
    }
    let listed = run_small(&["tags", "--json"]).json();
    let all = listed["tags"].as_array().unwrap().iter();
    let all: BTreeSet<String> = all
        .filter(|tag| !prefixes(&[tag["name"].as_str().unwrap()]).is_empty())
        .map(|tag| tag["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(tags, all);

    // Another week: one prefix is new, one tag is gone.
    let text = std::fs::read_to_string(SMALL).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let values = document["values"].as_array_mut().unwrap();
    values.retain(|tag| tag["name"] != "AzureContainerRegistry");
    let changed = values
        .iter_mut()
        .find(|tag| tag["name"] == "Storage.WestEurope")
        .unwrap();
    let rows = changed["properties"]["addressPrefixes"]
        .as_array_mut()
        .unwrap();
    rows.push("198.51.100.77/32".into());
    let next = folder.path().join("next.json");
    std::fs::write(&next, document.to_string()).unwrap();
    let next = next.display().to_string();
    let second = run(&[&["--file", &next], &args[..]].concat());
    assert_eq!(second.code, 0, "{second:?}");
    let after = contents(&lists);
    for (name, was) in &before {
        match after.get(name) {
            None => assert!(name.starts_with("edl-azurecontainerregistry-v"), "{name}"),
            Some(is) if name == "edl-storage-westeurope-v4.txt" => {
                assert!(is.1.contains("198.51.100.77/32"), "{}", is.1);
            }
            Some(is) => assert!(is == was || name == "index.json", "{name}"),
        }
    }
    second.says(&["1 written", "removed"]);
    assert!(
        !after
            .keys()
            .any(|name| name.starts_with("edl-azurecontainerregistry-v"))
    );
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let home = TempDir::new().unwrap();
    let (folder, outside) = (home.path().join("lists"), home.path().join("keep.txt"));
    std::fs::create_dir(&folder).unwrap();
    let at = folder.display().to_string();
    let args = ["list", "--all", "--output", &at];
    let mine = folder.join("mine.txt");
    std::fs::write(&mine, "mine").unwrap();
    make(&args).is_refused(&["is not empty and has no index.json of tagscope", "--force"]);
    // An index of another program, and one that names what is not in the folder.
    let index = folder.join("index.json");
    std::fs::write(&index, "{\"files\":[{\"file\":\"mine.txt\"}]}").unwrap();
    make(&args).is_refused(&["no index.json of tagscope"]);
    std::fs::write(&outside, "keep").unwrap();
    std::fs::write(
        &index,
        "{\"command\":\"tagscope rules make list --all\",\"files\":[{\"file\":\"../keep.txt\"}]}",
    )
    .unwrap();
    assert_eq!(make(&args).code, 0);
    assert!(outside.exists());
    assert_eq!(std::fs::read_to_string(&mine).unwrap(), "mine");
    make(&["az-nsg", "--all", "--output", &at]).is_refused(&["--all is for lists"]);
    let file = mine.display().to_string();
    make(&["edl", "--all", "--output", &file]).is_refused(&["cannot write", "mine.txt"]);
    assert_eq!(make(&["edl", "--all"]).code, 2);
    assert_eq!(
        make(&["edl", "--split-families", "--tag", "AzureContainerRegistry"]).code,
        2
    );
}
