//! Tags with hostile names: what is made stays what it is meant to be, read by parsers of other people.

use std::process::Command;

use hcl::structure::Structure;
use serde_json::{Value, json};
use tagscope::query::rules::make::{Language, Target};
use tempfile::TempDir;

use crate::program::{Ran, run};
use crate::rules_make::document;

/// What a name must not do: end a text, a line, a comment; begin an expression, a command, an option.
pub const NAMES: [&str; 27] = [
    "a\"b",
    "a'b",
    "it's $(touch PWNED)",
    "`touch PWNED`",
    "${var.secret}%{ if true }",
    "line\nbreak\r\nagain",
    "\u{1b}[31mred\u{7}",
    "-rf",
    "--force",
    "../../etc/passwd",
    "a;b}c{d#e",
    "*/ // <!-- -->",
    "[parameters('x')]",
    "back\\slash\\",
    "größe 東京 \u{202e}",
    "@/etc/passwd",
    "@a -b",
    "{{ x }} {% y %}",
    "a&&touch PWNED||b",
    "\u{202e}\u{2066}bidi\u{2069}",
    "%{ for x in y }",
    "'; touch PWNED; '",
    "\\\"",
    "# a\n}",
    "set",
    "Internet",
    "default",
];

/// A document with a tag of each name; every tag has an address of each family.
pub fn hostile() -> (TempDir, String) {
    let long = "x".repeat(200);
    let longer = "x".repeat(201);
    let names = NAMES.into_iter().chain([long.as_str(), longer.as_str()]);
    let tags: Vec<Value> = names
        .enumerate()
        .map(|(n, name)| {
            json!({"name": name, "id": name, "properties": {"changeNumber": 1, "region": "",
                "platform": "Azure", "systemService": name, "networkFeatures": ["API", "NSG", "UDR", "FW"],
                "addressPrefixes": [format!("192.0.2.{}/32", n * 2), format!("2001:db8:{:x}::/48", n * 2)]}})
        })
        .collect();
    document(&tags)
}

/// How many tags that is.
pub const COUNT: usize = NAMES.len() + 2;

fn made(path: &str, target: Target, more: &[&str]) -> Ran {
    let args = ["--file", path, "rules", "make", target.word(), "--tag", "*"];
    let ran = run(&[&args, more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let is_plain = |c: char| matches!(c, ' '..='~' | '\n' | '\t');
    assert!(ran.out.chars().all(is_plain), "{ran:?}");
    ran
}

#[test]
fn every_target_is_plain_text_and_knows_itself() {
    let (folder, path) = hostile();
    for target in Target::ALL {
        let ran = made(&path, target, &[]);
        let file = folder.path().join("made");
        std::fs::write(&file, &ran.out).unwrap();
        let checked = made(&path, target, &["--check", file.to_str().unwrap()]);
        assert!(checked.out.ends_with("is in sync\n"), "{checked:?}");
    }
}

#[test]
fn a_hostile_name_never_stands_as_a_service_tag() {
    let (_folder, path) = hostile();
    let ran = made(&path, Target::parse("arm-nsg").unwrap(), &[]);
    let template = ran.json();
    let rules = template["resources"].as_array().unwrap();
    let by_tag: Vec<&Value> = rules
        .iter()
        .filter_map(|rule| rule["properties"].get("destinationAddressPrefix"))
        .collect();
    // Plain words are names that Azure could take; a word for a part of the network is none.
    assert_eq!(by_tag, ["default", "set"], "{template}");
    let others = rules.len() - by_tag.len();
    assert_eq!(others, (COUNT - by_tag.len()) * 2, "two families each");
    let mut names: Vec<&str> = rules
        .iter()
        .map(|rule| rule["name"].as_str().unwrap())
        .collect();
    for name in &names {
        let name = name.strip_prefix("[format('{0}/").unwrap();
        let name = name
            .strip_suffix("', parameters('securityGroupName'))]")
            .unwrap();
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        assert!(name.chars().all(fits) && name.len() <= 80, "{name}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), rules.len(), "names are given once");
}

#[test]
fn scripts_call_az_with_whole_words_and_do_nothing_else() {
    let (folder, path) = hostile();
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let az = bin.join("az");
    std::fs::write(&az, "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\n' \"$word\"; done >> calls\nprintf -- '--\\n' >> calls\n").unwrap();
    assert!(
        Command::new("chmod")
            .arg("+x")
            .arg(&az)
            .status()
            .unwrap()
            .success()
    );
    let targets = Target::ALL.into_iter();
    for target in targets.filter(|target| matches!(target, Target::Azure(Language::AzureCli, _))) {
        let ran = made(&path, target, &["--resource", "it's; touch PWNED"]);
        let script = folder.path().join("script.sh");
        std::fs::write(&script, &ran.out).unwrap();
        let bash = |args: &[&str]| {
            let search = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
            let mut command = Command::new("bash");
            command
                .args(args)
                .arg(&script)
                .current_dir(folder.path())
                .env("PATH", search);
            command.env("RESOURCE_GROUP", "my group");
            command
        };
        let checked = bash(&["-n"]).output().unwrap();
        assert!(
            checked.status.success() && checked.stderr.is_empty(),
            "{checked:?}"
        );
        let _ = std::fs::remove_file(folder.path().join("calls"));
        let done = bash(&[])
            .env("RULE_COLLECTION_GROUP", "g")
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        let calls = std::fs::read_to_string(folder.path().join("calls")).unwrap();
        assert!(calls.contains("\nit's; touch PWNED\n"), "{calls}");
        assert!(!calls.contains("reboot"));
        // What az would read itself is no word of any call.
        for word in calls.lines().filter(|word| *word != "--") {
            let is_option = word
                .strip_prefix("--")
                .is_some_and(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            assert!(
                !word.starts_with('@') && (is_option || !word.starts_with('-')),
                "{word}"
            );
        }
        let expected = match target.word() {
            "az-ip-group" => 1,
            "az-acr" => COUNT,
            // A rule or a route for each family of what is no tag's name, and two tags.
            _ => (COUNT - 2) * 2 + 2,
        };
        assert_eq!(
            calls.matches("\n--\n").count(),
            expected,
            "{target:?} {calls}"
        );
        assert!(!folder.path().join("PWNED").exists(), "{}", target.word());
        if target.word() != "az-acr" {
            let unset = bash(&[]).env_remove("RESOURCE_GROUP").output().unwrap();
            assert!(!unset.status.success(), "a gap is not passed over");
        }
    }
}

#[test]
fn terraform_is_what_another_parser_reads() {
    let (_folder, path) = hostile();
    for (word, kind) in [
        ("terraform-acr", "azurerm_container_registry"),
        ("terraform-nsg", "azurerm_network_security_rule"),
        (
            "terraform-firewall",
            "azurerm_firewall_policy_rule_collection_group",
        ),
        ("terraform-ip-group", "azurerm_ip_group"),
        ("terraform-route", "azurerm_route"),
    ] {
        let evil = "x\"\n}${file(\"/etc/passwd\")}";
        let target = Target::parse(word).unwrap();
        let refused = run(&[
            "--file",
            &path,
            "rules",
            "make",
            word,
            "--tag",
            "set",
            "--resource",
            evil,
        ]);
        assert_eq!(refused.code, 2, "{refused:?}");
        let ran = made(&path, target, &["--resource", "x\"}${file(\"y\")}"]);
        let body = hcl::parse(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out));
        let mut labels = Vec::new();
        for structure in &body {
            let Structure::Block(block) = structure else {
                panic!("{structure:?} in {word}");
            };
            let name = block.identifier.as_str();
            assert!(["variable", "resource", "locals"].contains(&name), "{name}");
            let own: Vec<&str> = block.labels.iter().map(hcl::BlockLabel::as_str).collect();
            if name == "resource" {
                assert_eq!(own[0], kind);
                labels.push(own[1].to_owned());
            }
            let default = block
                .body
                .attributes()
                .find(|it| it.key.as_str() == "default");
            if let Some(default) = default {
                // The text is a template without any part that is not text.
                let shown = default.expr.to_string();
                assert!(shown.contains("$${file("), "{shown}");
            }
        }
        let expected = if word == "terraform-nsg" {
            (COUNT - 2) * 2 + 2
        } else {
            1
        };
        assert_eq!(labels.len(), expected, "{word}");
        labels.sort();
        labels.dedup();
        assert_eq!(labels.len(), expected, "labels are given once");
        let addresses = ran.out.matches("\"192.0.2.").count();
        let wanted = if ["terraform-acr", "terraform-ip-group"].contains(&word) {
            COUNT
        } else {
            COUNT - 2
        };
        assert_eq!(addresses, wanted, "{word}");
    }
}

#[test]
fn bicep_is_what_another_parser_reads() {
    let (_folder, path) = hostile();
    let mut parser = tree_sitter::Parser::new();
    parser
        .set_language(&tree_sitter_bicep::LANGUAGE.into())
        .unwrap();
    let targets = Target::ALL.into_iter();
    for target in targets.filter(|target| matches!(target, Target::Azure(Language::Bicep, _))) {
        for more in [&[][..], &["--resource", "it's ${x} \\"]] {
            let ran = made(&path, target, more);
            let tree = parser.parse(&ran.out, None).unwrap();
            let root = tree.root_node();
            assert!(
                !root.has_error(),
                "{}: {}\n{}",
                target.word(),
                root.to_sexp(),
                ran.out
            );
            let mut cursor = root.walk();
            let kinds: Vec<&str> = root.children(&mut cursor).map(|node| node.kind()).collect();
            let count = |kind: &str| kinds.iter().filter(|own| **own == kind).count();
            let resources = match target.word() {
                "bicep-nsg" => (COUNT - 2) * 2 + 2 + 1,
                "bicep-firewall" => 2,
                _ => 1,
            };
            assert_eq!(count("resource_declaration"), resources, "{kinds:?}");
            assert!(count("parameter_declaration") >= 1, "{kinds:?}");
        }
    }
    // The parser does find mistakes.
    let broken = parser.parse("param x string = 'a'b'\n", None).unwrap();
    assert!(broken.root_node().has_error());
}

#[test]
fn templates_are_json_and_hold_their_origin() {
    let (_folder, path) = hostile();
    let targets = Target::ALL.into_iter();
    for target in targets.filter(|target| matches!(target, Target::Azure(Language::Arm, _))) {
        let template = made(&path, target, &["--resource", "[resourceId('x')]"]).json();
        let origin = &template["metadata"]["tagscope"];
        assert_eq!(origin["week"], "2026-01-05");
        assert_eq!(origin["changeNumber"], 9);
        assert_eq!(origin["tags"].as_array().unwrap().len(), COUNT);
        let parameters = template["parameters"].as_object().unwrap();
        let own = parameters
            .values()
            .filter_map(|it| it["defaultValue"].as_str());
        let own: Vec<&str> = own.filter(|text| text.contains("'x'")).collect();
        assert_eq!(own, ["[[resourceId('x')]"], "no expression");
    }
}
