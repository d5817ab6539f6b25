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
    run_small(&["tags", &office]).is_refused(&["--also is for lookup, annotate, grep, top"]);
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

/// A log with one address of each kind, twice the one of AWS.
const LOG: &str =
    "a 192.0.2.1 b\nc 11.22.33.7\nd 11.22.33.9 11.22.33.9\ne 8.8.8.8\nf 10.0.0.1\ng 192.0.2.99\n";

fn logged(args: &[&str]) -> Ran {
    let folder = TempDir::new().unwrap();
    let [office, aws] = files(folder.path());
    let args = [&["--file", crate::program::SMALL], args, &[&office, &aws]].concat();
    run_with(&args, LOG)
}

#[test]
fn a_log_has_their_names_where_azure_has_none_and_beside_it_in_lists_of_all() {
    let tag = |args: &[&str], address: &str| {
        let ran = logged(&[&["annotate", "-o"], args].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let line = ran
            .lines()
            .into_iter()
            .find(|line| line.starts_with(address));
        line.unwrap().split('\t').nth(1).unwrap().to_owned()
    };
    let azure = tag(&[], "192.0.2.1");
    assert!(!azure.contains(':') && azure != "-", "{azure}");
    assert_eq!(tag(&[], "11.22.33.7"), "own:office");
    assert_eq!(tag(&[], "11.22.33.9"), "aws:S3.eu-west-1");
    assert_eq!([tag(&[], "8.8.8.8"), tag(&[], "10.0.0.1")], ["-", "-"]);
    let all = ["--all-tags"];
    assert_eq!(tag(&all, "11.22.33.7"), "own:office,aws:S3.eu-west-1");
    let both = tag(&all, "192.0.2.1");
    assert!(
        both.starts_with(&azure) && both.ends_with(",own:office"),
        "{both}"
    );
    assert!(!tag(&all, "192.0.2.99").contains(':'));
    let written = logged(&["annotate", "-t", "{addr}={prefix}{region}"]);
    assert!(
        written.out.contains("c 11.22.33.7=11.22.33.7/32"),
        "{written:?}"
    );
    assert!(
        written.out.contains("d 11.22.33.9=11.22.33.0/24"),
        "{written:?}"
    );
}

#[test]
fn lines_are_found_by_their_names_in_tags_of_azure_or_not() {
    let lines = |args: &[&str]| {
        let ran = logged(&[&["grep"], args].concat());
        let heads: String = ran
            .lines()
            .iter()
            .filter_map(|line| line.chars().next())
            .collect();
        (ran.code, heads)
    };
    let found = |heads: &str| (0, heads.to_owned());
    assert_eq!(lines(&["own:office"]), found("ac"));
    assert_eq!(lines(&["office"]), found("ac"));
    assert_eq!(lines(&["AWS"]), found("cd"));
    assert_eq!(lines(&["aws:s3.*"]), found("cd"));
    assert_eq!(lines(&["-e", "aws,office"]), found("acd"));
    assert_eq!(lines(&["--nowhere"]), found("e"));
    assert_eq!(lines(&["-v", "aws", "-"]), found("aefg"));
    logged(&["grep", "aws:EC2"]).is_refused(&["aws:S3.eu-west-1"]);
    // Of a tag of Azure only its own, of both either.
    let azure = logged(&["annotate", "-o"]).lines()[0]
        .split('\t')
        .nth(1)
        .unwrap()
        .to_owned();
    let (code, own) = lines(&[&azure]);
    assert!(
        code == 0 && own.starts_with('a') && !own.contains('c'),
        "{own}"
    );
    let (_, either) = lines(&["-e", &azure, "-e", "aws"]);
    assert!(either.contains('a') && either.contains("cd"), "{either}");
}

#[test]
fn they_are_counted_once_and_with_every_tag_each_time() {
    let rows = |args: &[&str]| -> Vec<(String, u64)> {
        let ran = logged(&[&["top", "--json", "-q"], args].concat());
        let found = ran.json();
        let rows = found["rows"].as_array().unwrap().iter();
        let rows = rows.map(|row| {
            (
                row["name"].as_str().unwrap().to_owned(),
                row["hits"].as_u64().unwrap(),
            )
        });
        let rows: Vec<_> = rows.collect();
        if !args.contains(&"--every") {
            // Six hits at public addresses; the private one stands apart.
            assert_eq!(
                rows.iter().map(|(_, hits)| hits).sum::<u64>(),
                6,
                "{found:#}"
            );
            assert_eq!(
                (&found["hits"], &found["privateHits"]),
                (&6.into(), &1.into())
            );
        }
        rows
    };
    let of = |rows: &[(String, u64)], name: &str| {
        let row = rows.iter().find(|(own, _)| own == name);
        row.map_or(0, |(_, hits)| *hits)
    };
    let once = rows(&[]);
    assert_eq!(
        (of(&once, "own:office"), of(&once, "aws:S3.eu-west-1")),
        (1, 2)
    );
    assert_eq!(of(&once, "in no tag"), 1);
    let every = rows(&["--every"]);
    assert_eq!(
        (of(&every, "own:office"), of(&every, "aws:S3.eu-west-1")),
        (2, 3)
    );
    assert_eq!(
        of(&rows(&["--by", "set"]), "own:office, aws:S3.eu-west-1"),
        1
    );
    assert_eq!(of(&rows(&["--by", "service"]), "aws:S3.eu-west-1"), 2);
    assert_eq!(of(&rows(&["--by", "prefix"]), "11.22.33.0/24"), 2);
    assert_eq!(of(&rows(&["--by", "address"]), "11.22.33.9"), 2);
    // What no tag of Azure has no tag of Azure admits.
    let suggested = logged(&["top", "--suggest", "--json", "-q"]).json();
    assert_eq!(suggested["hitsInNoTag"], 4);
    // A private range of one's own is counted, and is not public for that.
    let folder = TempDir::new().unwrap();
    let net = folder.path().join("net.txt");
    std::fs::write(&net, "10.0.0.0/8\n").unwrap();
    let net = format!("--also=net={}", net.display());
    let suggested = logged(&["top", "--suggest", "--json", "-q", &net]).json();
    assert_eq!(suggested["hitsInNoTag"], 4);
    let counted = logged(&["top", "--json", &net]);
    counted.says(&["7 hits at public addresses and in the ranges of --also"]);
    assert_eq!(counted.json()["privateHits"], 0);
}
