//! What every verb takes: formats by any name, lists of names, dates between weeks.

use serde_json::Value;

use crate::program::{Ran, run, run_small};

/// JSON Lines hold the records of a list one a line, each behind what they have in common.
#[track_caller]
pub fn assert_lines(ran: &Ran, document: &Value, (list, common): (&str, &[&str])) {
    let records = document[list].as_array().unwrap();
    assert_eq!(ran.lines().len(), records.len(), "{ran:?}");
    for (line, record) in ran.lines().into_iter().zip(records) {
        let mut expected = record.clone();
        let object = expected.as_object_mut().unwrap();
        for &key in ["schemaVersion"].iter().chain(common) {
            object.insert(key.to_owned(), document[key].clone());
        }
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line, expected);
    }
}

#[test]
fn formats_stand_anywhere_and_have_short_names() {
    let expected = run_small(&["tags", "Storage", "--format", "json"]);
    for line in [
        &["--json", "tags", "Storage"][..],
        &["-o", "json", "tags", "Storage"],
        &["tags", "Storage", "-o", "JSON"],
        &["tags", "Storage", "-ojson"],
    ] {
        let ran = run_small(line);
        assert_eq!(
            (ran.code, &ran.out),
            (0, &expected.out),
            "{line:?}: {ran:?}"
        );
    }
    for verb in ["config", "man"] {
        run(&[verb, "--json"]).is_refused(&["takes no --format"]);
    }
    for line in [
        &["completions", "bash", "-o", "csv"][..],
        &[
            "rules",
            "make",
            "list",
            "--tag",
            "Storage.WestEurope",
            "--json",
        ],
        &["weeks", "prune", "--keep", "3", "--json"],
    ] {
        run(line).is_refused(&["takes no --format"]);
    }
}

#[test]
fn lines_are_slim_and_tabs_have_a_head_when_asked() {
    let slim = run_small(&["tags", "-o", "jsonl", "--slim"]);
    assert_eq!(slim.lines().len(), 8);
    for line in slim.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["schemaVersion"], 1);
        assert!(record.get("week").is_none() && record["name"].is_string());
    }
    let csv = run_small(&["tags", "-o", "csv"]);
    let tabs = run_small(&["tags", "--header"]);
    assert_eq!(tabs.lines()[0].replace('\t', ","), csv.lines()[0]);
    assert_eq!(tabs.lines().len(), 9);
    let head = "query,address,prefix,addresses,tag,region,systemService,changeNumber,relation";
    let found = run_small(&["lookup", "203.0.113.1", "192.0.2.1", "--header"]);
    assert_eq!(
        found.lines()[0].replace('\t', ","),
        format!("{head},changeNumbers")
    );
    assert_eq!(
        found.lines()[1..]
            .iter()
            .filter(|it| it.starts_with("query"))
            .count(),
        0
    );
    // A head also where there is no row.
    let none = run_small(&["tags", "nothing", "-o", "csv"]);
    assert_eq!(none.lines(), [csv.lines()[0]]);
}

#[test]
fn several_names_are_any_of_them_and_several_features_all() {
    let names = |args: &[&str]| -> Vec<String> {
        let ran = run_small(&[&["tags", "-o", "jsonl", "--slim"], args].concat());
        let names = ran.lines().into_iter().map(|line| {
            let record: Value = serde_json::from_str(line).unwrap();
            record["name"].as_str().unwrap().to_owned()
        });
        names.collect()
    };
    let both = names(&["--region", "westeurope,francecentral"]);
    assert_eq!(
        names(&["--region", "westeurope", "--region", "francecentral"]),
        both
    );
    let mut parts = [
        names(&["--region", "westeurope"]),
        names(&["--region", "francecentral"]),
    ]
    .concat();
    parts.sort_unstable_by_key(|name| name.to_lowercase());
    assert_eq!(both, parts);
    assert!(names(&["--feature", "nsg"]).len() > names(&["--feature", "nsg,udr"]).len());
    assert_eq!(
        names(&["--feature", "nsg,udr"]),
        names(&["--feature", "nsg", "--feature", "udr"])
    );
    let services = names(&["--service", "Storage,AzureCloud"]);
    assert!(
        services
            .iter()
            .all(|name| name.starts_with("Storage") || name.starts_with("AzureCloud"))
    );
    run_small(&["tags", "--region", "westeurope,nowhere"]).is_refused(&["nowhere"]);
    run_small(&["tags", "--service", "Storage,Nothing"]).is_refused(&["Nothing"]);
    let of_two = run_small(&[
        "lookup",
        "203.0.113.1",
        "192.0.2.1",
        "--tag",
        "Storage.*,AzureContainerRegistry",
    ]);
    assert!(
        of_two
            .cells()
            .iter()
            .all(|row| row[4].starts_with("Storage.") || row[4] == "AzureContainerRegistry")
    );
    // A head stands above no rows too.
    let rows = |tags: &str| {
        let weeks = ["diff", "2026-06-08", "latest", "-o", "csv", "--tag"];
        run(&[&weeks[..], &[tags]].concat()).lines().len() - 1
    };
    let [one, other] = ["Storage", "AzureCloud.westeurope"].map(rows);
    assert!(one + other > 0);
    assert_eq!(rows("Storage,AzureCloud.westeurope"), one + other);
}

#[test]
fn prefixes_and_the_archive_take_every_format() {
    let text = run_small(&["tags", "prefixes", "Storage"]);
    let value = run_small(&["tags", "prefixes", "Storage", "--json"]).json();
    let listed = value["prefixes"].as_array().unwrap();
    let listed: Vec<&str> = listed
        .iter()
        .map(|it| it["prefix"].as_str().unwrap())
        .collect();
    assert_eq!(text.lines(), listed);
    assert_eq!(value["tags"], serde_json::json!(["Storage"]));
    let lines = run_small(&["tags", "prefixes", "Storage", "-o", "jsonl"]);
    assert_lines(&lines, &value, ("prefixes", &["week"]));
    let csv = run_small(&["tags", "prefixes", "Storage", "-o", "csv"]);
    assert_eq!(csv.lines()[0], "prefix,addresses");
    assert_eq!(csv.lines().len(), listed.len() + 1);
    let path = run(&["weeks", "path"]);
    let value = run(&["weeks", "path", "--json"]).json();
    assert_eq!(value["path"].as_str().unwrap(), path.out.trim_end());
    let verified = run(&["weeks", "verify", "--json"]).json();
    assert_eq!(
        (&verified["whole"], &verified["damaged"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn a_date_between_weeks_is_the_week_before_it() {
    let exact = run(&["diff", "2026-08-31", "latest", "-o", "csv"]);
    let since = run(&["diff", "--since", "2026-09-02", "-o", "csv"]);
    assert_eq!(since.out, exact.out);
    since.says(&["2026-08-31 is the last publication before 2026-09-02"]);
    let quiet = run(&["diff", "--since", "2026-09-02", "-o", "csv", "-q"]);
    quiet.is_quiet(0);
    run(&["diff", "--since", "2020-01-01"]).is_refused(&["2026-06-08"]);
}

#[test]
fn a_word_that_is_no_verb_is_a_hint() {
    for word in [
        "20.38.116.38",
        "Storage.WestEurope",
        "10.0.0.0/8",
        "contoso.azurecr.io",
    ] {
        run(&[word]).is_refused(&[&format!("tagscope lookup {word}")]);
    }
    run(&["looup"]).is_refused(&["lookup"]);
    let help = run(&["help", "lookup"]);
    assert_eq!(help.code, 0, "{help:?}");
    assert!(help.out.contains("Usage: tagscope lookup"), "{help:?}");
}

#[test]
fn a_page_has_room_for_so_many_bytes_and_says_what_it_leaves_out() {
    let weeks = ["diff", "2026-06-08", "latest", "-o", "markdown"];
    let whole = run(&weeks);
    let sections = |text: &str| text.lines().filter(|line| line.starts_with("### ")).count();
    let mut last = 0;
    for limit in [2_000, 65_536, 400_000] {
        let bound = limit.to_string();
        let ran = run(&[&weeks[..], &["--max-bytes", &bound]].concat());
        assert!(ran.out.len() <= limit, "{} of {limit}", ran.out.len());
        assert_eq!(ran.lines()[..3], whole.lines()[..3], "the summary stands");
        let kept = sections(&ran.out);
        assert!(kept >= last && kept < sections(&whole.out), "{kept}");
        last = kept;
        // The table is a section too, where it has no room.
        let has_table = ran.out.contains("| service / tag |");
        let left_out = sections(&whole.out) - kept + usize::from(!has_table);
        let said = format!("{left_out} sections are left out");
        assert!(
            ran.out.contains(&said),
            "{said}: {}",
            ran.lines().last().unwrap()
        );
    }
    let all = whole.out.len() + 1_000;
    let ran = run(&[&weeks[..], &["--max-bytes", &all.to_string()]].concat());
    assert_eq!(ran.out, whole.out);
    run(&["diff", "--max-bytes", "9000"]).is_refused(&["--format markdown"]);
    run(&["diff", "-o", "markdown", "--max-bytes", "10"]).is_refused(&["2000 at least"]);
}

#[test]
fn old_data_is_said_where_rules_are_made_of_it() {
    let old = |args: &[&str]| run(args).age;
    for args in [
        &["tags", "prefixes", "Storage.WestEurope"][..],
        &["rules", "make", "list", "--tag", "Storage.WestEurope"],
        &["rules", "fit", "Storage.WestEurope", "--limit", "20"],
        &["diff", "-o", "csv"],
        &["endpoints", "contoso"],
    ] {
        let age = old(args).unwrap_or_else(|| panic!("{args:?}"));
        assert!(
            age.starts_with("tagscope: 2026-10-19 (inferred) is OLD: "),
            "{age}"
        );
        assert_eq!(old(&[args, &["-q"]].concat()), None, "{args:?}");
    }
    // What is read by a program, was asked for by its date or has a limit of its own.
    for args in [
        &["tags", "Storage"][..],
        &["lookup", "20.38.116.38"],
        &["tags", "prefixes", "Storage", "--week", "2026-06-29"],
        &["tags", "prefixes", "Storage", "--max-age", "99999"],
        &["diff", "2026-06-08", "2026-06-15"],
    ] {
        assert_eq!(old(args), None, "{args:?}");
    }
}

#[test]
fn a_wrong_name_among_good_ones_is_named_and_the_others_are_answered() {
    let ran = run_small(&["tags", "prefixes", "Storage", "Storge"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["Storge", "Storage"]);
    let alone = run_small(&["tags", "prefixes", "Storage"]);
    assert_eq!(ran.out, alone.out);
    run_small(&["tags", "prefixes", "Storge"]).is_refused(&["Storge"]);
}

/// Of several inputs the good ones are answered, a bad one is named, and the exit code shows it.
#[test]
fn rules_of_good_files_are_answered_beside_a_bad_one() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json").display().to_string();
    std::fs::write(&bad, "{ \"values\": ").unwrap();
    let good = "tests/data/make/web-nsg.json";
    for verb in ["show", "check", "impact"] {
        let alone = run(&["rules", verb, good, "--json"]);
        assert!(alone.code <= 1, "{alone:?}");
        for files in [[good, &bad], [&bad, good]] {
            let both = run(&["rules", verb, files[0], files[1], "--json"]);
            assert_eq!((both.code, &both.out), (2, &alone.out), "{verb}");
            both.says(&["bad.json"]);
        }
        run(&["rules", verb, &bad]).is_refused(&["bad.json"]);
        run(&["rules", verb, &bad, "missing.json"]).is_refused(&["bad.json", "missing.json"]);
    }
    // One answer of all of them is none where one is missing.
    let host = ["--to", "contoso.azurecr.io"];
    run(&[&["rules", "test", good, &bad], &host[..]].concat()).is_refused(&["bad.json"]);
    run(&["rules", "make", "list", "--list", good, &bad]).is_refused(&["bad.json"]);
}
