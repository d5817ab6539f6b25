//! Ranges that are not Azure's beside its tags.

use std::path::Path;

use tempfile::TempDir;

use crate::program::{Ran, run, run_small, run_with};

const AWS: &str = r#"{"prefixes":[{"ip_prefix":"11.22.33.0/24","region":"eu-west-1","service":"S3"}],"ipv6_prefixes":[]}"#;

/// Two files of ranges, as options.
fn files(folder: &Path) -> [String; 2] {
    let (office, aws) = (folder.join("office.txt"), folder.join("aws.json"));
    std::fs::write(&office, "# ours\n192.0.2.0/28\n11.22.33.7\n").unwrap();
    std::fs::write(&aws, AWS).unwrap();
    [
        format!("--also=office={}", office.display()),
        format!("--also=aws={}", aws.display()),
    ]
}

fn lookup(args: &[&str]) -> Ran {
    let folder = TempDir::new().unwrap();
    let [office, aws] = files(folder.path());
    run_small(&[&["lookup", &office, &aws], args].concat())
}

#[test]
fn they_stand_beside_the_matches_and_change_no_exit_code() {
    // In a tag of Azure and in a range of ours.
    let both = lookup(&["192.0.2.1", "--json"]);
    let alone = run_small(&["lookup", "192.0.2.1", "--json"]);
    assert_eq!((both.code, alone.code), (0, 0), "{both:?}");
    let (both, mut alone) = (both.json(), alone.json());
    assert_eq!(both["also"][0]["tag"], "own:office");
    assert_eq!(both["also"][0]["prefix"], "192.0.2.0/28");
    assert_eq!(both["also"][0]["relation"], "covers");
    assert!(alone.get("also").is_none());
    alone["also"] = both["also"].clone();
    assert_eq!(both, alone, "nothing else differs");
    // In no tag: the answer of Azure is no, and the address has a name all the same.
    let other = lookup(&["11.22.33.7", "--json"]);
    assert_eq!(other.code, 1, "{other:?}");
    let record = other.json();
    assert_eq!(record["matches"].as_array().unwrap().len(), 0);
    let tags: Vec<&str> = record["also"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["tag"].as_str().unwrap())
        .collect();
    assert_eq!(tags, ["own:office", "aws:S3.eu-west-1"]);
    // Of a block what lies within, and of an address without any an empty list.
    let block = lookup(&["11.22.32.0/23", "--json"]).json();
    assert_eq!(block["also"][1]["relation"], "inside");
    assert_eq!(
        lookup(&["8.8.8.8", "--json"]).json()["also"],
        serde_json::json!([])
    );
}

#[test]
fn tables_have_a_column_for_them() {
    let csv = lookup(&["192.0.2.1", "11.22.33.7", "8.8.8.8", "-o", "csv"]);
    let mut reader = csv::Reader::from_reader(csv.out.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|own| own == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let also = |query: &str| -> Vec<&str> {
        let own = rows.iter().filter(|row| &row[column("query")] == query);
        own.map(|row| &row[column("also")]).collect()
    };
    assert!(
        also("192.0.2.1").iter().all(|also| *also == "own:office"),
        "{csv:?}"
    );
    assert_eq!(also("11.22.33.7"), ["own:office aws:S3.eu-west-1"]);
    assert_eq!(also("8.8.8.8"), [""]);
    let plain = run_small(&["lookup", "192.0.2.1", "-o", "csv"]);
    assert!(!plain.out.contains("also"), "{plain:?}");
}

#[test]
fn a_list_from_standard_input_has_them_too() {
    let folder = TempDir::new().unwrap();
    let [office, aws] = files(folder.path());
    let args = [
        "--file",
        crate::program::SMALL,
        "lookup",
        "-",
        &office,
        &aws,
        "-o",
        "jsonl",
    ];
    let ran = run_with(&args, "192.0.2.1\n11.22.33.7\n");
    let lines: Vec<serde_json::Value> = ran
        .lines()
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["also"][0]["tag"], "own:office");
    assert_eq!(lines[1]["also"][1]["tag"], "aws:S3.eu-west-1");
}

#[test]
fn what_cannot_be_read_is_named_and_nothing_answered() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (bad, missing) = (path("bad.txt"), path("missing.txt"));
    std::fs::write(&bad, "10.0.0.0/8\nnonsense\n").unwrap();
    for (option, said) in [
        (format!("--also=a={bad}"), "bad.txt line 2: \"nonsense\""),
        (format!("--also=a={missing}"), "cannot read"),
        (format!("--also=a b={bad}"), "is no name for ranges"),
        (format!("--also={bad}"), "office=ranges.txt"),
        (
            format!("--also=a={}", crate::program::SMALL),
            "--file reads it",
        ),
    ] {
        run_small(&["lookup", "192.0.2.1", &option]).is_refused(&[said]);
    }
    let [office, _] = files(folder.path());
    run_small(&["tags", &office]).is_refused(&["--also is for lookup"]);
}

#[test]
fn the_settings_name_them_for_every_run() {
    let folder = TempDir::new().unwrap();
    let [office, _] = files(folder.path());
    let config = folder.path().join("config.toml");
    // A path of its own folder.
    std::fs::write(&config, "[also]\noffice = \"office.txt\"\n").unwrap();
    let config = config.display().to_string();
    let args = ["--config", &config, "--file", crate::program::SMALL];
    let ran = run(&[&args[..], &["lookup", "192.0.2.1", "--json"]].concat());
    assert_eq!(ran.json()["also"][0]["tag"], "own:office");
    // The option of the same name comes before it; other verbs read none.
    let aws = format!("--also=office={}", folder.path().join("aws.json").display());
    let ran = run(&[&args[..], &["lookup", "11.22.33.7", "--json", &aws]].concat());
    assert_eq!(ran.json()["also"][0]["tag"], "office:S3.eu-west-1");
    drop(office);
    std::fs::remove_file(folder.path().join("office.txt")).unwrap();
    run(&[&args[..], &["lookup", "192.0.2.1"]].concat()).is_refused(&["office.txt"]);
    assert_eq!(run(&[&args[..], &["tags"]].concat()).code, 0);
    let shown = run(&["--config", &config, "config"]);
    assert!(
        shown.out.contains("also = { office = \"office.txt\" }"),
        "{shown:?}"
    );
}
