//! The tables of an export answer as a scan of the document does, read as an engine would read them.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use ipnet::{IpNet, Ipv6Net};
use maxminddb::Reader;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use crate::generated::{self, Random, Spread};
use crate::oracle::{Oracle, top};
use crate::program::{SMALL, run};
use crate::schema::{Form, flaws};

/// Every kind.
const KINDS: [&str; 12] = [
    "csv",
    "mmdb",
    "clickhouse",
    "duckdb",
    "sqlite",
    "postgres",
    "spark",
    "kusto",
    "nginx-geo",
    "haproxy-map",
    "splunk",
    "elastic",
];

/// A document in a folder, and what it says.
struct Subject {
    folder: TempDir,
    oracle: Oracle,
}

impl Subject {
    fn of(document: &[u8]) -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("week.json"), document).unwrap();
        let oracle = Oracle::read(document);
        Self { folder, oracle }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn export(&self, words: &[&str], name: &str) {
        let (week, output) = (self.path("week.json"), self.path(name));
        let fixed = ["-q", "--file", &week, "--output", &output];
        run(&[&["export"], words, &fixed].concat()).is_quiet(0);
    }

    fn table(&self, name: &str) -> Vec<Vec<String>> {
        table(&self.folder.path().join(name))
    }

    /// The edges of all prefixes, what lies beside them, and addresses at random.
    fn addresses(&self, seed: u64) -> Vec<IpAddr> {
        let mut random = Random::new(seed);
        let mut found = Vec::new();
        for family in [0, 1] {
            let top = top(family);
            let rows = &self.oracle.rows[family];
            let step = rows.len().div_ceil(100);
            for row in rows.iter().step_by(step) {
                found.extend([row.first, row.last].map(|it| address(family, it)));
                found.push(address(family, row.first.saturating_sub(1)));
                found.push(address(family, row.last.saturating_add(1).min(top)));
                found.push(address(
                    family,
                    row.first + (random.wide() & (row.last - row.first)),
                ));
            }
            found.extend((0..100).map(|_| address(family, random.address(family))));
            found.extend([0, top].map(|it| address(family, it)));
        }
        found
    }

    /// The tags of an address, most specific first, each once.
    fn tags(&self, ip: IpAddr) -> Vec<&str> {
        let (family, bits) = match ip {
            IpAddr::V4(ip) => (0, u128::from(u32::from(ip))),
            IpAddr::V6(ip) => (1, u128::from(ip)),
        };
        let mut names = Vec::new();
        for (tag, _) in self.oracle.scan(family, bits) {
            let name = self.oracle.tags[tag].name.as_str();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

fn address(family: usize, bits: u128) -> IpAddr {
    if family == 0 {
        IpAddr::V4(u32::try_from(bits).unwrap().into())
    } else {
        IpAddr::V6(bits.into())
    }
}

/// The rows of a file of CSV below its head.
fn table(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

/// The tags of each number.
fn sets(rows: &[Vec<String>]) -> BTreeMap<String, Vec<&str>> {
    let of = |row: &'_ Vec<String>| row[0].clone();
    rows.iter()
        .map(|row| (of(row), row[2].split(',').collect()))
        .collect()
}

/// A document without prefixes where IPv4 lies in tables that hold both families.
fn without_reserved(document: &[u8]) -> Vec<u8> {
    let mut root: Value = serde_json::from_slice(document).unwrap();
    let reserved: [Ipv6Net; 2] = ["::/96", "::ffff:0:0/96"].map(|it| it.parse().unwrap());
    for tag in root["values"].as_array_mut().unwrap() {
        let prefixes = tag["properties"]["addressPrefixes"].as_array_mut().unwrap();
        prefixes.retain(|prefix| match prefix.as_str().unwrap().parse() {
            Ok(IpNet::V6(net)) => !reserved
                .iter()
                .any(|it| it.contains(&net) || net.contains(it)),
            _ => true,
        });
    }
    serde_json::to_vec(&root).unwrap()
}

fn check_csv(subject: &Subject, seed: u64) {
    subject.export(&["csv"], "csv");
    let set_rows = subject.table("csv/sets.csv");
    let sets = sets(&set_rows);
    for row in &set_rows {
        let tags = &sets[&row[0]];
        let mut oracle = subject.oracle.tags.iter();
        let first = oracle.find(|tag| tag.name == row[1]).unwrap();
        assert_eq!(
            (tags[0], &row[3], &row[5]),
            (&*row[1], &first.region, &first.service)
        );
        assert!(row[1].starts_with(&row[4]), "{row:?}");
    }
    let nets = |name: &str| -> Vec<(IpNet, Vec<String>)> {
        let rows = subject.table(name).into_iter();
        rows.map(|row| (row[0].parse().unwrap(), row)).collect()
    };
    let (lpm, disjoint) = (nets("csv/lpm.csv"), nets("csv/disjoint.csv"));
    let (rows, intervals) = (nets("csv/rows.csv"), subject.table("csv/intervals.csv"));
    let intervals: Vec<(IpAddr, IpAddr, String)> = intervals
        .into_iter()
        .map(|row| {
            (
                row[0].parse().unwrap(),
                row[1].parse().unwrap(),
                row[2].clone(),
            )
        })
        .collect();
    assert!(intervals.is_sorted_by(|one, other| one.1 < other.0));
    for ip in subject.addresses(seed) {
        let wanted = subject.tags(ip);
        let none = Vec::new();
        let of = |set: Option<&String>| set.map_or(&none, |set| &sets[set]);
        let holding = lpm.iter().filter(|(net, _)| net.contains(&ip));
        let longest = holding.max_by_key(|(net, _)| net.prefix_len());
        assert_eq!(of(longest.map(|(_, row)| &row[1])), &wanted, "lpm {ip}");
        let mut holding = disjoint.iter().filter(|(net, _)| net.contains(&ip));
        assert_eq!(
            of(holding.next().map(|(_, row)| &row[1])),
            &wanted,
            "disjoint {ip}"
        );
        assert!(holding.next().is_none(), "disjoint {ip}");
        let mut runs = intervals
            .iter()
            .filter(|(lo, hi, _)| *lo <= ip && ip <= *hi);
        assert_eq!(
            of(runs.next().map(|(_, _, set)| set)),
            &wanted,
            "intervals {ip}"
        );
        let mut every: Vec<&str> = rows
            .iter()
            .filter(|(net, _)| net.contains(&ip))
            .map(|(_, row)| row[1].as_str())
            .collect();
        let mut wanted = wanted;
        every.sort_unstable();
        every.dedup();
        wanted.sort_unstable();
        assert_eq!(every, wanted, "rows {ip}");
    }
}

/// A record of a `MaxMind` DB.
#[derive(Debug, Deserialize)]
struct Record {
    tag: String,
    tags: Vec<String>,
    region: String,
    service: String,
    system_service: String,
}

fn check_both_families(subject: &Subject, seed: u64) {
    subject.export(&["mmdb"], "mmdb");
    subject.export(&["csv", "--hex", "--shape", "intervals"], "hex");
    subject.export(&["splunk"], "splunk");
    let reader = Reader::open_readfile(subject.path("mmdb/azure-tags.mmdb")).unwrap();
    let intervals = subject.table("hex/intervals.csv");
    assert!(intervals.is_sorted_by(|one, other| one[1] < other[0]));
    let set_rows = subject.table("hex/sets.csv");
    let sets = sets(&set_rows);
    let splunk = subject.table("splunk/azure_tags.csv");
    for ip in subject.addresses(seed) {
        // Where IPv4 lies an address of IPv6 is one of IPv4.
        if matches!(ip, IpAddr::V6(ip) if u128::from(ip) >> 32 == 0 || ip.to_ipv4_mapped().is_some())
        {
            continue;
        }
        let wanted = subject.tags(ip);
        let record: Option<Record> = reader.lookup(ip).unwrap().decode().unwrap();
        let found = record.as_ref().map_or(&[][..], |record| &record.tags);
        assert_eq!(found, wanted, "mmdb {ip}");
        if let Some(record) = record {
            let mut oracle = subject.oracle.tags.iter();
            let first = oracle.find(|tag| tag.name == record.tag).unwrap();
            assert_eq!(record.tag, wanted[0]);
            assert_eq!(
                (&record.region, &record.system_service),
                (&first.region, &first.service)
            );
            assert!(record.tag.starts_with(&record.service));
        }
        let digits = match ip {
            IpAddr::V4(ip) => ip.to_ipv6_mapped(),
            IpAddr::V6(ip) => ip,
        };
        let digits = format!("{:032x}", u128::from(digits));
        let before = intervals
            .partition_point(|row| row[0] <= digits)
            .checked_sub(1);
        let run = before
            .map(|place| &intervals[place])
            .filter(|row| digits <= row[1]);
        let found = run.map_or(&[][..], |row| &sets[&row[2]]);
        assert_eq!(found, wanted, "hex {ip}");
        let is_in = |row: &&Vec<String>| row[0].parse::<IpNet>().unwrap().contains(&ip);
        let first = splunk.iter().find(is_in);
        let found = first.map_or(Vec::new(), |row| row[2].split(',').collect());
        assert_eq!(found, wanted, "splunk {ip}");
    }
}

#[test]
fn every_table_answers_as_a_scan_of_the_document_does() {
    for seed in 0..4 {
        for spread in [Spread::Far, Spread::Dense] {
            check_csv(&Subject::of(&generated::document(seed, spread)), seed);
        }
    }
    check_csv(&Subject::of(&std::fs::read(SMALL).unwrap()), 9);
}

#[test]
fn one_table_for_both_families_answers_as_a_scan_does() {
    for seed in 0..4 {
        for spread in [Spread::Far, Spread::Dense] {
            let document = without_reserved(&generated::document(seed, spread));
            check_both_families(&Subject::of(&document), seed);
        }
    }
}

#[test]
fn a_prefix_where_ipv4_lies_is_refused_by_what_holds_both_families() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let document = std::fs::read_to_string(SMALL).unwrap();
    for (prefix, refusing) in [
        (
            "::ffff:0.0.0.0/100",
            &["mmdb", "clickhouse", "duckdb", "sqlite", "spark"][..],
        ),
        ("::/90", &["mmdb"]),
    ] {
        let document = document.replace("2001:db8:1::/48", prefix);
        std::fs::write(path("week.json"), document).unwrap();
        for kind in KINDS {
            let (week, output) = (path("week.json"), path("out"));
            let ran = run(&["-q", "export", kind, "--file", &week, "--output", &output]);
            if refusing.contains(&kind) {
                ran.is_refused(&[prefix, "IPv4"]);
                assert!(!Path::new(&output).exists(), "{kind}");
            } else {
                ran.is_quiet(0);
                std::fs::remove_dir_all(&output).unwrap();
            }
        }
    }
}

/// A part of the tags answers for those alone.
#[test]
fn only_the_named_tags_are_in_the_tables() {
    let subject = Subject::of(&std::fs::read(SMALL).unwrap());
    subject.export(&["csv", "--tag", "storage,AzureCloud"], "some");
    let mut names: Vec<String> = subject
        .table("some/rows.csv")
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["AzureCloud", "Storage"]);
    for row in subject.table("some/sets.csv") {
        assert!(
            row[2]
                .split(',')
                .all(|name| names.iter().any(|it| it == name)),
            "{row:?}"
        );
    }
    let manifest = std::fs::read(subject.path("some/tagscope.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    assert_eq!(
        manifest["tags"],
        serde_json::json!(["AzureCloud", "Storage"])
    );
}

#[test]
fn every_kind_says_its_week_in_ten_lines_and_writes_the_same_twice() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let list = run(&["export", "--json"]).json();
    let kinds = list["kinds"].as_array().unwrap();
    let words: Vec<&str> = kinds
        .iter()
        .map(|kind| kind["kind"].as_str().unwrap())
        .collect();
    assert_eq!(words, KINDS);
    for kind in KINDS {
        let (one, other) = (path(kind), path("again"));
        for output in [&one, &other] {
            run(&["-q", "export", kind, "--file", SMALL, "--output", output]).is_quiet(0);
        }
        let manifest = std::fs::read(format!("{one}/tagscope.json")).unwrap();
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(flaws("export", Form::Document, &manifest), [""; 0]);
        assert_eq!(manifest["kind"], *kind);
        let hash = manifest["week"]["contentHash"].as_str().unwrap();
        let readme = std::fs::read_to_string(format!("{one}/README.md")).unwrap();
        assert_eq!(readme.lines().count(), 10, "{kind}");
        assert!(
            readme.contains(hash) && readme.contains("change number 7"),
            "{kind}"
        );
        let is_plan = ["kusto", "splunk", "elastic"].contains(&kind);
        assert_eq!(readme.contains("not run"), is_plan, "{kind}");
        let mut seen = vec!["tagscope.json".to_owned()];
        for file in manifest["files"].as_array().unwrap() {
            let name = file["file"].as_str().unwrap();
            let bytes = std::fs::read(format!("{one}/{name}")).unwrap();
            assert_eq!(bytes, std::fs::read(format!("{other}/{name}")).unwrap());
            assert_eq!(file["bytes"], bytes.len());
            if let Ok(text) = String::from_utf8(bytes) {
                let mut places = text.split("{{").skip(1);
                let is_left = places.any(|rest| rest.starts_with(char::is_alphabetic));
                assert!(!is_left, "{kind}/{name}");
                let is_statement = name.contains('.') && !name.ends_with("csv");
                let is_own = name.ends_with("json") || name.ends_with("spl");
                assert!(
                    !is_statement || is_own || text.contains(hash),
                    "{kind}/{name}"
                );
            }
            seen.push(name.to_owned());
        }
        let entries = std::fs::read_dir(&one).unwrap();
        let mut there: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        there.sort_unstable();
        seen.sort_unstable();
        assert_eq!(there, seen);
        std::fs::remove_dir_all(&other).unwrap();
    }
}

/// Names that a file of another language would misread.
#[test]
fn a_name_is_never_part_of_a_statement() {
    let document = std::fs::read_to_string(SMALL).unwrap();
    let name = r#"Stor\"age;}{$x\\"#;
    let document = document.replace("\"Storage\"", &format!("\"{name}\""));
    let subject = Subject::of(document.as_bytes());
    for kind in ["nginx-geo", "haproxy-map", "csv", "elastic"] {
        subject.export(&[kind], kind);
    }
    let read = |name: &str| std::fs::read_to_string(subject.path(name)).unwrap();
    let geo = read("nginx-geo/azure_tag.conf");
    assert!(
        geo.contains("198.51.100.64/27 \"Stor_age____x_\";"),
        "{geo}"
    );
    assert_eq!(geo.matches('}').count(), 1);
    assert!(read("haproxy-map/azure_tag.map").contains("198.51.100.64/27 Stor_age____x_\n"));
    let sets = subject.table("csv/sets.csv");
    assert!(
        sets.iter().any(|row| row[1] == r#"Stor"age;}{$x\"#),
        "{sets:?}"
    );
    for line in read("elastic/tags.ndjson").lines() {
        let _: Value = serde_json::from_str(line).unwrap();
    }
}
