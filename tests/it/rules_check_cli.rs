//! `rules check` as a script meets it: what is listed, how it ends, in which form.

use std::time::{Duration, Instant};

use tagscope::azure::Facts;
use tagscope::query::rules::AddressResolver;
use tagscope::query::rules::check::{self, catalogue};

use crate::contract::assert_golden;
use crate::contract_formats::assert_lines;
use crate::program::{Ran, assert_safe, run, run_with};
use crate::rules_check::{WEEK, dataset, loaded};

const REGISTRY: &str = "tests/data/check/registry.json";
const GROUP: &str = "tests/data/check/nsg.json";

fn check(args: &[&str]) -> Ran {
    run(&[&["--file", WEEK, "rules", "check"], args].concat())
}

#[test]
fn the_answer_is_no_exactly_when_something_is_listed() {
    let clean = r#"{"name":"n","securityRules":[{"name":"out","priority":200,"direction":"Outbound","access":"Allow",
        "protocol":"Tcp","sourceAddressPrefix":"10.0.0.4","sourcePortRange":"*","destinationAddressPrefix":"Storage.WestEurope","destinationPortRange":"443"}]}"#;
    let on = |level: &str, text: &str| {
        let args = ["--file", WEEK, "rules", "check", "-", "--level", level];
        run_with(&args, text)
    };
    // Only a note: nothing outbound is denied.
    for level in ["error", "warning"] {
        let ran = on(level, clean);
        assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
        ran.says(&["1 below --level", "--level info"]);
    }
    let ran = on("info", clean);
    assert_eq!((ran.code, ran.cells().len()), (1, 1), "{ran:?}");
    assert_eq!(ran.err, "");
    let warned = clean.replace("Storage.WestEurope", "AzureCloud");
    assert_eq!(on("warning", &warned).code, 1);
    assert_eq!(on("error", &warned).code, 0);
    let wrong = clean.replace("Storage.WestEurope", "Storag");
    assert_eq!(on("error", &wrong).code, 1);
    assert_eq!(check(&["-"]).code, 2);
    check(&["no-such-file.json"]).is_refused(&["no-such-file.json"]);
    check(&[GROUP, "--level", "loud"]).is_refused(&["loud"]);
    check(&[]).is_refused(&["FILE"]);
    // Old data comes before the answer "no".
    let old = run(&[
        "--week",
        "2026-07-06",
        "--max-age",
        "1",
        "rules",
        "check",
        GROUP,
    ]);
    assert_eq!(old.code, 3, "{old:?}");
}

#[test]
fn json_names_the_week_and_each_finding() {
    let ran = check(&[REGISTRY, GROUP, "--level", "info", "--json"]);
    assert_eq!(ran.code, 1);
    let answer = ran.json();
    assert_eq!(answer["schemaVersion"], 1);
    assert_eq!(answer["week"]["source"], "file");
    for finding in answer["findings"].as_array().unwrap() {
        let id = finding["id"].as_str().unwrap();
        let known = check::find(id).unwrap();
        assert_eq!(finding["level"], known.level.word(), "{finding}");
        for key in ["file", "text", "fix"] {
            assert!(
                !finding[key].as_str().unwrap().is_empty(),
                "{key} of {finding}"
            );
        }
    }
    let line = check(&[REGISTRY, GROUP, "--level", "info", "--format", "jsonl"]);
    assert_lines(&line, &answer, ("findings", &["week"]));
}

#[test]
fn every_form_is_as_recorded() {
    let level = ["--level", "info"];
    for (name, format) in [
        ("rules-check.json", "json"),
        ("rules-check.md", "markdown"),
        ("rules-check.csv", "csv"),
        ("rules-check.tsv", "text"),
    ] {
        let mut ran = check(&[&[REGISTRY, GROUP, "--format", format], &level[..]].concat());
        assert_eq!(ran.code, 1);
        ran.out = ran.out.replace(WEEK, "[week]");
        assert_golden(name, &ran);
    }
    assert_golden(
        "rules-check-list.tsv",
        &run(&["rules", "check", "--explain"]),
    );
    assert_golden(
        "rules-check-explain.txt",
        &run(&["rules", "check", "--explain", "C3"]),
    );
}

#[test]
fn every_id_is_explained() {
    for known in catalogue() {
        for id in known.also.iter().chain([&known.id]) {
            let ran = run(&["rules", "check", "--explain", id]);
            ran.is_quiet(0);
            assert!(ran.out.starts_with(&format!("{} (", known.id)), "{ran:?}");
            for text in [known.why, known.fix, known.source] {
                assert!(ran.out.contains(text), "{text:?} not in {ran:?}");
            }
        }
    }
    let all = run(&["rules", "check", "--explain", "--json"]).json();
    let checks = all["checks"].as_array().unwrap();
    assert_eq!(checks.len(), catalogue().count());
    run(&["rules", "check", "--explain", "shadow"]).is_refused(&["shadowed"]);
    run(&["rules", "check", "--explain", "C3", GROUP]).is_refused(&["--explain"]);
}

#[test]
fn names_from_a_file_cannot_act_on_a_terminal_or_a_table() {
    let hostile = r#"{"name":"a\u001b[31m|b\nc","securityRules":[{"name":"x\u202e|y\u0007","priority":1,"direction":"Inbound","access":"Allow",
        "protocol":"Tcp","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"\u001b]0;t\u0007","destinationPortRange":"443"},
        {"priority":1,"direction":"Inbound","access":"Allow"}]}"#;
    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let ran = run_with(
            &[
                "--file", WEEK, "rules", "check", "-", "--level", "info", "--format", format,
            ],
            hostile,
        );
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_safe(&ran, format, &["hostile"]);
        if format == "markdown" {
            let rows = ran.lines().into_iter().filter(|line| line.starts_with('|'));
            for row in rows {
                assert_eq!(row.replace("\\|", "").matches('|').count(), 6, "{row}");
            }
        }
    }
}

/// A thousand rows as they are in use take a fraction of a second even without optimisation.
#[test]
fn a_thousand_rows_are_quick() {
    let rows: Vec<String> = (0..1_000)
        .map(|it| {
            let access = if it % 3 == 0 { "Deny" } else { "Allow" };
            let to: Vec<String> = (0..20).map(|at| format!("\"9.{}.{}.{}/31\"", it / 250, it % 250, at * 4)).collect();
            format!(
                r#"{{"name":"r{it}","priority":{},"direction":"Outbound","access":"{access}","protocol":"Tcp","sourceAddressPrefix":"10.0.{}.0/24",
                "sourcePortRange":"*","destinationAddressPrefixes":[{}],"destinationPortRange":"443"}}"#,
                100 + it,
                it % 7,
                to.join(",")
            )
        })
        .collect();
    let files = [loaded(
        1,
        &format!("{{\"securityRules\":[{}]}}", rows.join(",")),
    )];
    let dataset = dataset();
    let resolver = AddressResolver::new(&dataset, &files);
    let facts = Facts::embedded();
    let start = Instant::now();
    let answer = check::ask(&files, &resolver, &facts);
    let took = start.elapsed();
    eprintln!("{} findings in {took:?}", answer.findings.len());
    assert!(took < Duration::from_secs(2), "{took:?}");
}
