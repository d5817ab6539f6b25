//! The outside contract: keys and types of the JSON documents, columns in a pipe, where options
//! may stand.

use std::path::Path;

use serde_json::Value;
use tagscope::space::{AddressSet, Block};

use crate::contract_formats::assert_lines;
use crate::program::{Ran, SMALL, run, run_small, run_with};

/// The week of which the root number was read in a publication.
const PUBLISHED: &str = "2026-07-06";

/// Keys of an object, in the order in which `serde_json` holds them.
fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().unwrap_or_else(|| panic!("{value}"));
    object.keys().map(String::as_str).collect()
}

#[track_caller]
fn assert_keys(value: &Value, expected: &[&str]) {
    let mut expected = expected.to_vec();
    let mut found = keys(value);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected, "{value}");
}

/// A number of addresses: decimal digits in a string.
#[track_caller]
fn assert_count(value: &Value) {
    let text = value.as_str().unwrap_or_else(|| panic!("{value}"));
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    assert!(is_decimal, "{text}");
}

#[track_caller]
fn assert_week(week: &Value) {
    let expected =
        "cloud date dateIs changeNumber changeNumbers source origin contentHash tags prefixes";
    assert_keys(week, &expected.split(' ').collect::<Vec<_>>());
    assert!(week["date"].is_string() || week["date"].is_null());
    assert!(week["changeNumber"].is_u64() || week["changeNumber"].is_null());
    assert!(week["tags"].is_u64() && week["prefixes"].is_u64(), "{week}");
    let hash = week["contentHash"].as_str().unwrap();
    let digits = hash.strip_prefix("sha256:").unwrap();
    assert!(digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    assert!(week["origin"].is_string());
}

#[track_caller]
fn assert_tag(tag: &Value) {
    for key in ["name", "region", "systemService"] {
        assert!(tag[key].is_string(), "{key} of {tag}");
    }
    for key in ["prefixesV4", "prefixesV6"] {
        assert!(tag[key].is_u64(), "{key} of {tag}");
    }
    for key in ["addressesV4", "addressesV6"] {
        assert_count(&tag[key]);
    }
    assert!(tag["changeNumber"].is_u64() || tag["changeNumber"].is_null());
    let is_stated = tag.get("networkFeaturesStated").is_none();
    let features = tag["networkFeatures"].as_array().unwrap();
    assert!(is_stated || features.is_empty(), "{tag}");
}

/// A document as JSON, on one line too.
#[track_caller]
fn document(args: &[&str]) -> Value {
    let ran = run(&[args, &["--json"]].concat());
    ran.is_quiet(0);
    let value = ran.json();
    let line = run(&[args, &["--format", "jsonl"]].concat());
    line.is_quiet(0);
    let is_list = |key: &&str| value[*key].is_array() && !args.contains(&"show");
    let list = ["tags", "regions"].into_iter().find(is_list);
    match list {
        Some(list) => assert_lines(&line, &value, (list, &["week"])),
        None => assert_eq!(line.json(), value),
    }
    assert_eq!(value["schemaVersion"], 1);
    value
}

#[test]
fn embedded_week_has_derived_numbers_and_the_published_one_its_root_number() {
    let derived = document(&["tags", "Storage"]);
    assert_week(&derived["week"]);
    assert_eq!(derived["week"]["changeNumbers"], "derived");
    assert_eq!(derived["week"]["source"], "embedded");
    let published = document(&["--week", PUBLISHED, "tags", "Storage"]);
    assert_week(&published["week"]);
    assert_eq!(published["week"]["changeNumbers"], "published");
    assert_eq!(published["week"]["changeNumber"], 408);
    assert_eq!(published["week"]["date"], PUBLISHED);
    for spelling in ["20260706", "2026-07-06#408"] {
        assert_eq!(
            document(&["--week", spelling, "tags", "Storage"]),
            published
        );
    }
    for spelling in ["latest", "embedded"] {
        assert_eq!(document(&["--week", spelling, "tags", "Storage"]), derived);
    }
    let previous = document(&["--week", "previous", "tags", "Storage"]);
    assert!(previous["week"]["date"].as_str() < derived["week"]["date"].as_str());
}

#[test]
fn lookup_of_an_address_has_the_keys_of_the_contract() {
    let answer = document(&["--week", PUBLISHED, "lookup", "20.38.116.38"]);
    assert_keys(
        &answer,
        &[
            "schemaVersion",
            "query",
            "text",
            "kind",
            "week",
            "matches",
            "nearest",
        ],
    );
    assert_week(&answer["week"]);
    assert_eq!(answer["kind"], "address");
    assert_eq!(answer["query"], "20.38.116.38");
    assert_eq!(answer["nearest"], serde_json::json!([]));
    let matches = answer["matches"].as_array().unwrap();
    for found in matches {
        let expected = "tag prefix relation region systemService changeNumber";
        assert_keys(found, &expected.split(' ').collect::<Vec<_>>());
        assert_eq!(found["relation"], "covers");
        assert!(found["changeNumber"].is_u64());
    }
    let tags: Vec<&str> = matches.iter().map(|f| f["tag"].as_str().unwrap()).collect();
    assert_eq!(tags[0], "Storage.JapanEast");
    assert!(tags.contains(&"Storage") && tags.contains(&"AzureCloud"));
    let lengths = matches.iter().map(length);
    assert!(lengths.is_sorted_by(|a, b| a >= b), "{tags:?}");
}

/// Length of a match's prefix.
fn length(found: &Value) -> u8 {
    let prefix = found["prefix"].as_str().unwrap();
    Block::parse(prefix).unwrap().0.length()
}

#[test]
fn matches_of_one_prefix_go_from_the_narrower_tag_to_the_wider() {
    let answer = run_small(&["lookup", "192.0.2.20", "--json"]).json();
    let found: Vec<String> = answer["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            format!(
                "{} {}",
                found["prefix"].as_str().unwrap(),
                found["tag"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "192.0.2.16/28 Storage.WestEurope",
            "192.0.2.0/26 Storage.WestEurope",
            "192.0.2.0/26 Storage",
            "192.0.2.0/25 AzureCloud.westeurope",
            "192.0.2.0/24 AzureCloud",
        ]
    );
}

#[test]
fn block_and_range_tell_relation_and_coverage() {
    for (query, kind) in [("192.0.2.0/26", "block"), ("192.0.2.0-192.0.2.63", "range")] {
        let answer = run_small(&["lookup", query, "--json"]).json();
        assert_eq!(answer["kind"], kind);
        assert_eq!(answer["covered"]["addresses"], "64");
        assert_eq!(answer["covered"]["share"], 1.0);
        let relations: Vec<&str> = answer["matches"]
            .as_array()
            .unwrap()
            .iter()
            .map(|found| found["relation"].as_str().unwrap())
            .collect();
        assert_eq!(
            relations,
            ["inside", "covers", "covers", "covers", "covers"]
        );
    }
    let answer = run_small(&["lookup", "192.0.2.64-192.0.2.255", "--json"]).json();
    let parts: Vec<(&str, &str, f64)> = answer["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| {
            assert_keys(part, &["tag", "addresses", "share"]);
            let text = |key: &str| part[key].as_str().unwrap();
            (
                text("tag"),
                text("addresses"),
                part["share"].as_f64().unwrap(),
            )
        })
        .collect();
    let third = 64.0 / 192.0;
    assert_eq!(
        parts,
        [
            ("AzureCloud", "192", 1.0),
            ("AzureCloud.westeurope", "64", third)
        ]
    );
}

#[test]
fn address_in_no_tag_has_neighbours_and_exit_1() {
    let ran = run_small(&["lookup", "192.0.3.4", "--json"]);
    ran.is_quiet(1);
    let answer = ran.json();
    assert_eq!(answer["matches"], serde_json::json!([]));
    let nearest = answer["nearest"].as_array().unwrap();
    assert!(!nearest.is_empty());
    for near in nearest {
        assert_count(&near["distance"]);
        assert!(near["tag"].is_string() && near["prefix"].is_string());
    }
    assert_eq!(nearest[0]["prefix"], "192.0.2.0/24");
}

#[test]
fn one_query_is_an_object_and_several_are_an_array() {
    assert!(
        run_small(&["lookup", "192.0.2.1", "--json"])
            .json()
            .is_object()
    );
    let several = ["192.0.2.1", "10.0.0.1", "2001:db8::1"];
    let ran = run_small(&[&["lookup", "--json"], &several[..]].concat());
    ran.is_quiet(1);
    let answers = ran.json();
    let queries: Vec<&str> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| answer["query"].as_str().unwrap())
        .collect();
    assert_eq!(queries, several);
    let piped = run_with(
        &["--file", SMALL, "lookup", "--json"],
        several.join("\n").as_str(),
    );
    assert_eq!(piped.json(), answers);
    let lines = run_with(
        &["--file", SMALL, "lookup", "-", "--format", "jsonl"],
        several.join("\n").as_str(),
    );
    // Of a stream each line also says where its query stands.
    let by_line = (1..).zip(lines.lines()).map(|(number, line)| {
        let mut answer: Value = serde_json::from_str(line).unwrap();
        let keys = answer.as_object_mut().unwrap();
        let place = [keys.remove("line"), keys.remove("column")];
        assert_eq!(place, [Some(Value::from(number)), Some(Value::from(1))]);
        answer
    });
    assert_eq!(by_line.collect::<Value>(), answers);
}

#[test]
fn several_queries_are_an_array_even_when_one_is_left() {
    let ran = run_small(&["lookup", "--json", "192.0.2.1", "256.1.1.1"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.json().as_array().map(Vec::len), Some(1), "{ran:?}");
    let ran = run_small(&[
        "lookup",
        "--json",
        "--outside",
        "Storage",
        "192.0.2.1",
        "203.0.113.1",
    ]);
    ran.is_quiet(0);
    assert_eq!(ran.json()[0]["query"], "203.0.113.1");
}

#[test]
fn tags_and_show_have_the_keys_of_the_contract() {
    let list = document(&["--week", PUBLISHED, "tags", "Storage.*"]);
    assert_week(&list["week"]);
    let tags = list["tags"].as_array().unwrap();
    assert!(tags.len() > 50);
    tags.iter().for_each(assert_tag);
    let shown = document(&["--week", PUBLISHED, "tags", "show", "storage.westeurope"]);
    assert_week(&shown["week"]);
    assert_eq!(shown["tags"].as_array().unwrap().len(), 1);
    let shown = &shown["tags"][0];
    assert_tag(shown);
    assert_eq!(shown["name"], "Storage.WestEurope");
    let rows = shown["addressPrefixes"].as_array().unwrap().len();
    let counted = shown["prefixesV4"].as_u64().unwrap() + shown["prefixesV6"].as_u64().unwrap();
    assert_eq!(u64::try_from(rows).unwrap(), counted);
    for shared in shown["sharedWith"].as_array().unwrap() {
        assert_keys(shared, &["tag", "addressesV4", "addressesV6"]);
        assert_count(&shared["addressesV4"]);
    }
}

#[test]
fn regions_and_info_have_the_keys_of_the_contract() {
    let answer = document(&["--week", PUBLISHED, "regions"]);
    assert_week(&answer["week"]);
    for region in answer["regions"].as_array().unwrap() {
        for key in ["name", "displayName", "tagSuffix", "region", "geography"] {
            assert!(region[key].is_string(), "{key} of {region}");
        }
        assert!(region["tags"].is_u64() && region["prefixes"].is_u64());
        assert_count(&region["addressesV4"]);
        assert_count(&region["addressesV6"]);
    }
    let info = document(&["--week", PUBLISHED, "info"]);
    assert_week(&info["week"]);
    assert!(info["version"].is_string() && info["ageDays"].is_i64());
    assert_eq!(info["checksums"], "ok");
    assert_eq!(info["flaws"], 0);
}

#[test]
fn date_comes_from_the_name_of_the_file() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("ServiceTags_Public_20251028.json");
    std::fs::copy(SMALL, &path).unwrap();
    let path = path.to_str().unwrap();
    let week = &document(&["--file", path, "tags"])["week"];
    assert_eq!(week["date"], "2025-10-28");
    assert_eq!(week["origin"], path);
    assert_eq!(week["source"], "file");
    assert_eq!(week["changeNumbers"], "published");
}

#[test]
fn global_options_stand_on_either_side_of_the_verb() {
    for (before, after) in [
        (
            &["--file", SMALL, "tags", "--json"][..],
            &["tags", "--json", "--file", SMALL][..],
        ),
        (
            &["--file", SMALL, "tags", "show", "Storage"],
            &["tags", "show", "Storage", "--file", SMALL],
        ),
        (
            &["--cloud", "Public", "--offline", "lookup", "1.2.3.4"],
            &["lookup", "--offline", "1.2.3.4", "--cloud", "AzureCloud"],
        ),
        (
            &["--week", PUBLISHED, "tags", "prefixes", "Storage"],
            &["tags", "--week", PUBLISHED, "prefixes", "Storage"],
        ),
    ] {
        let (before, after) = (run(before), run(after));
        assert!(before.out == after.out, "{}", after.err);
        assert_eq!((before.code, before.err), (after.code, after.err));
    }
    for options in [&["Sto"][..], &["--region", "x"]] {
        let ran = run_small(&[&["tags"], options, &["show", "Storage"]].concat());
        ran.is_refused(&["cannot stand before show or prefixes"]);
    }
}

#[test]
fn info_is_a_table_of_names_and_values() {
    let text = run_small(&["info"]);
    let csv = run_small(&["info", "--format", "csv"]);
    let markdown = run_small(&["info", "--format", "markdown"]);
    for ran in [&text, &csv, &markdown] {
        ran.is_quiet(0);
    }
    assert!(text.cells().iter().all(|row| row.len() == 2), "{text:?}");
    assert_eq!(csv.lines()[0], "name,value");
    assert_eq!(csv.lines().len(), text.lines().len() + 1);
    assert_eq!(markdown.lines().len(), text.lines().len() + 2);
    assert!(
        markdown
            .lines()
            .iter()
            .all(|line| line.starts_with("| ") || line.starts_with("|-"))
    );
}

#[test]
fn pipe_gets_bare_columns_and_csv_a_head() {
    let tags = run_small(&["tags"]);
    tags.is_quiet(0);
    let cells = tags.cells();
    assert_eq!(cells.len(), 8);
    assert!(cells.iter().all(|row| row.len() == 10), "{tags:?}");
    let expected = [
        "AzureCloud",
        "-",
        "-",
        "41",
        "2",
        "1",
        "512",
        "79228162514264337593543950336",
        "-",
        "published",
    ];
    assert_eq!(cells[0], expected);
    let csv = run_small(&["tags", "--format", "csv"]);
    csv.is_quiet(0);
    let head = "name,region,systemService,changeNumber,prefixesV4,prefixesV6,addressesV4,\
                addressesV6,networkFeatures,changeNumbers";
    assert_eq!(csv.lines()[0], head);
    assert_eq!(csv.lines().len(), 9);
    let markdown = run_small(&["tags", "--format", "markdown"]);
    markdown.is_quiet(0);
    assert_eq!(markdown.lines().len(), 10);
    assert!(markdown.lines().iter().all(|line| line.starts_with('|')));
    let found = run_small(&["lookup", "203.0.113.1"]);
    assert_eq!(found.cells().len(), 2);
    let row = "203.0.113.1 - 203.0.113.0/29 8 AzureContainerRegistry.FranceCentral \
               centralfrance AzureContainerRegistry 2 covers published";
    assert_eq!(found.cells()[0].join(" "), row);
    let shown = run_small(&["tags", "show", "Storage"]);
    assert_eq!(shown.cells()[0][..2], ["192.0.2.0/26", "64"]);
    let coloured = run_small(&["--color", "always", "tags", "show", "Storage"]);
    assert_eq!(coloured.out, shown.out);
}

#[test]
fn several_lookups_in_csv_and_markdown_share_one_head() {
    let queries = ["lookup", "192.0.2.200", "203.0.113.9", "10.0.0.1"];
    for (format, heads) in [("csv", 1), ("markdown", 2), ("text", 0)] {
        let ran = run_small(&[&queries[..], &["--format", format]].concat());
        ran.is_quiet(1);
        assert_eq!(ran.lines().len(), heads + 3, "{ran:?}");
    }
}

#[test]
fn tag_option_keeps_matches_of_these_tags_only() {
    let kept = run_small(&["lookup", "192.0.2.1", "--tag", "storage.*", "--json"]);
    kept.is_quiet(0);
    let answer = kept.json();
    assert_eq!(answer["matches"].as_array().unwrap().len(), 1);
    assert_eq!(answer["matches"][0]["tag"], "Storage.WestEurope");
    run_small(&["lookup", "203.0.113.1", "--tag", "Storage"]).is_quiet(1);
    run_small(&["lookup", "203.0.113.1", "--tag", "registry"]).is_quiet(0);
}

#[test]
fn outside_prints_the_queries_that_are_in_none_of_the_tags() {
    let input = "192.0.2.1\n203.0.113.1\n10.0.0.1\n198.51.100.70\n";
    let args = ["--file", SMALL, "lookup", "--outside", "Storage*"];
    let ran = run_with(&args, input);
    ran.is_quiet(0);
    assert_eq!(ran.lines(), ["203.0.113.1", "10.0.0.1"]);
    let ran = run_with(&args, "192.0.2.1\n");
    ran.is_quiet(1);
    assert_eq!(ran.out, "");
    run_small(&["lookup", "1.1.1.1", "--tag", "a", "--outside", "b"]).is_refused(&["--outside"]);
}

/// The lines of `tags prefixes` as a set, and how many there are.
fn covered(args: &[&str]) -> (AddressSet, usize) {
    let ran = run(args);
    ran.is_quiet(0);
    let lines = ran.lines();
    let blocks = lines.iter().map(|line| {
        let (block, has_host_bits) = Block::parse(line).unwrap();
        assert!(!has_host_bits && block.to_string() == *line, "{line}");
        block
    });
    (AddressSet::from_blocks(blocks), lines.len())
}

#[test]
fn aggregate_covers_exactly_the_same_addresses() {
    for tags in [
        &["AzureCloud"][..],
        &["Storage.WestEurope", "Sql*"],
        &["AzureContainerRegistry", "azurecontainerregistry.*"],
    ] {
        for family in ["--ipv4", "--ipv6"] {
            let args = [&["tags", "prefixes", family][..], tags].concat();
            let (plain, before) = covered(&args);
            let (joined, after) = covered(&[&args[..], &["--aggregate"]].concat());
            assert!(plain == joined, "{args:?}");
            assert!(after <= before, "{args:?}");
            assert_eq!(joined.cover().len(), after, "{args:?}");
        }
        let args = [&["tags", "prefixes"][..], tags].concat();
        let (both, _) = covered(&args);
        assert!(!both.v4.is_empty() && !both.v6.is_empty());
        assert!(both == covered(&[&args[..], &["--aggregate"]].concat()).0);
    }
}

#[test]
fn aggregate_joins_neighbours_and_swallows_nested_blocks() {
    let args = ["tags", "prefixes", "--aggregate"];
    let joined = |names: &[&str]| run_small(&[&args[..], names].concat()).out;
    assert_eq!(
        joined(&["AzureContainerRegistry"]),
        "203.0.113.0/28\n2001:db8:2::/48\n"
    );
    assert_eq!(joined(&["Storage.WestEurope", "--ipv4"]), "192.0.2.0/26\n");
    assert_eq!(joined(&["*", "--ipv6"]), "2001:db8::/32\n");
}

#[test]
fn lists_are_limited_and_sorted_as_asked() {
    let names = |args: &[&str]| -> Vec<String> {
        let ran = run_small(&[&["tags"], args].concat());
        ran.is_quiet(0);
        ran.cells().iter().map(|row| row[0].to_owned()).collect()
    };
    assert_eq!(
        names(&["--service", "azurestorage"]),
        ["Storage", "Storage.WestEurope"]
    );
    assert_eq!(names(&["--feature", "vse"]), names(&["storage"]));
    assert_eq!(names(&["*.WESTEUROPE"]).len(), 2);
    assert_eq!(
        names(&["--sort", "changenumber"])[..2],
        ["AzureCloud", "Storage"]
    );
    assert_eq!(
        names(&["--sort", "prefixes"])[..2],
        ["AzureContainerRegistry", "AzureCloud"]
    );
    assert_eq!(
        names(&["--sort", "addresses"])[..3],
        [
            "AzureCloud",
            "AzureCloud.westeurope",
            "AzureCloud.centralfrance"
        ]
    );
    run_small(&["tags", "--sort", "size"]).is_refused(&["size", "changeNumber"]);
    run_small(&["tags", "--feature", "DNS"]).is_refused(&["DNS", "API, NSG"]);
    run_small(&["tags", "--format", "xml"]).is_refused(&["xml", "jsonl"]);
}

/// Compares with a file of `tests/data/golden`; `TAGSCOPE_GOLDEN=write` writes it instead.
#[track_caller]
pub fn assert_golden(name: &str, ran: &Ran) {
    let found = ran.out.replace(SMALL, "[origin]");
    let path = Path::new("tests/data/golden").join(name);
    if std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name}");
}

#[test]
fn json_of_the_small_document_is_as_recorded() {
    for (name, args) in [
        ("tags.json", &["tags"][..]),
        ("show.json", &["tags", "show", "Storage"]),
        (
            "show-registry.json",
            &["tags", "show", "AzureContainerRegistry.FranceCentral"],
        ),
        ("show-empty.json", &["tags", "show", "Retired"]),
        ("regions.json", &["regions"]),
        (
            "top.json",
            &["top", "tests/data/golden/make-list.txt", "-q"],
        ),
        ("lookup-address.json", &["lookup", "192.0.2.20"]),
        ("lookup-mapped.json", &["lookup", "::ffff:203.0.113.9"]),
        ("lookup-block.json", &["lookup", "192.0.2.0/23"]),
        (
            "lookup-range.json",
            &["lookup", "198.51.100.90-198.51.100.140"],
        ),
        ("lookup-v6.json", &["lookup", "2001:db8:1:1::/64"]),
        ("lookup-nothing.json", &["lookup", "198.51.101.7"]),
        (
            "lookup-several.json",
            &["lookup", "192.0.2.200", "10.0.0.1"],
        ),
    ] {
        let ran = run_small(&[args, &["--json"]].concat());
        assert_eq!(ran.err, "", "{name}");
        assert_golden(name, &ran);
    }
}
