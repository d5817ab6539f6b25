//! `rules fit` as a user runs it: a week written by hand, exit codes, files of CIDRs in place, tags of
//! the embedded week.

use std::path::PathBuf;

use serde_json::Value;
use tagscope::index::embedded_index;
use tagscope::query::rules::fit::{FitQuestion, Owners, ask};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::report::{TableStyle, write_fit};
use tagscope::space::{AddressSet, Block, Count, Family};
use tagscope::text::Safe;
use tempfile::TempDir;

use crate::contract::assert_golden;
use crate::program::{Ran, assert_safe, run, run_with};

const WEEK: &str = "tests/data/fit/week.json";
const TAG: &str = "Storage.WestEurope";

fn args<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["--file", WEEK, "rules", "fit"], args].concat()
}

fn fit(more: &[&str]) -> Ran {
    run(&args(more))
}

fn blocks<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Block> {
    let parsed = texts.into_iter().map(|text| Block::parse(text).unwrap().0);
    parsed.collect()
}

fn strings(value: &Value) -> Vec<&str> {
    let items = value.as_array().unwrap().iter();
    items.map(|item| item.as_str().unwrap()).collect()
}

fn count(value: &Value) -> u128 {
    value.as_str().unwrap().parse().unwrap()
}

fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn embedded() -> Dataset {
    Dataset::new(
        embedded_index().unwrap(),
        Provenance {
            source: Source::Embedded,
            origin: Safe::new("embedded"),
            flaws: Vec::new(),
            flaw_count: 0,
            notes: Vec::new(),
        },
    )
}

#[test]
fn documents_are_as_recorded() {
    let json = fit(&[TAG, "--limit", "5", "--json"]);
    json.is_quiet(0);
    assert_golden("rules-fit.json", &json);
    let line = fit(&[TAG, "--limit", "5", "--format", "jsonl"]);
    assert_eq!(line.lines().len(), 1);
    assert_eq!(line.json(), json.json());
    let limits = ["--limit", "5", "--format"];
    let all = |format| fit(&[&[TAG], &limits[..], &[format]].concat());
    assert_golden("rules-fit.csv", &all("csv"));
    assert_golden("rules-fit.md", &all("markdown"));
    let one = fit(&[TAG, "--ipv4", "--limit", "3", "--format", "markdown"]);
    assert_golden("rules-fit-ipv4.md", &one);
    let text = all("text");
    assert_golden("rules-fit.txt", &text);
    text.says(&[
        "in 5 CIDRs (limit 5; exact fit needs 8)",
        "IPv4: ",
        "IPv6: ",
    ]);
    assert_safe(&text, "text", &"rules fit");
}

#[test]
fn keys_add_up() {
    let answer = fit(&[TAG, "--limit", "4", "--json"]).json();
    assert_eq!(answer["schemaVersion"], 1);
    assert_eq!(strings(&answer["tags"]), [TAG]);
    assert_eq!((&answer["limit"], &answer["exact"]), (&4.into(), &8.into()));
    let cidrs = blocks(strings(&answer["cidrs"]));
    assert_eq!(cidrs.len(), 4);
    let whole: Count = cidrs.iter().map(|block| block.count()).sum();
    let sum = count(&answer["addresses"]) + count(&answer["extraAddresses"]);
    assert_eq!(whole.to_string(), sum.to_string());
    let families = answer["families"].as_array().unwrap();
    let used: u64 = families
        .iter()
        .map(|it| it["cidrs"].as_u64().unwrap())
        .sum();
    assert_eq!(used, 4);
    let shares = families.iter().map(|it| &it["extraShare"]);
    let greatest = shares.max_by(|one, other| one.as_f64().partial_cmp(&other.as_f64()).unwrap());
    assert_eq!(Some(&answer["extraShare"]), greatest);
    let curve = answer["curve"].as_array().unwrap();
    let at = curve
        .iter()
        .rfind(|it| it["cidrs"].as_u64().unwrap() <= 4)
        .unwrap();
    assert_eq!(at["extraAddresses"], answer["extraAddresses"]);
    let last = curve.last().unwrap();
    assert_eq!(
        (&last["cidrs"], &last["extraAddresses"]),
        (&8.into(), &"0".into())
    );
    let names: Vec<&str> = answer["extraBelongsTo"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["tag"].as_str().unwrap())
        .collect();
    // Tags of a cloud or a region repeat the others, and stand behind them.
    assert_eq!(names.last(), Some(&"AzureCloud.westeurope"));
    assert!(!names.contains(&TAG));
}

#[test]
fn a_limit_that_is_enough_gives_exactly_the_tag() {
    for limit in ["8", "9", "1000000000000"] {
        let ran = fit(&["storage.westeurope", "--limit", limit]);
        assert_eq!(ran.code, 0);
        ran.says(&["without an extra address"]);
        let exact = run(&["--file", WEEK, "tags", "prefixes", TAG, "--aggregate"]);
        assert_eq!(ran.out, exact.out);
    }
    let answer = fit(&[TAG, "--limit", "8", "--json"]).json();
    assert_eq!(answer["extraAddresses"], "0");
    assert_eq!(answer["extraShare"], 0.0);
    assert_eq!(answer["extraBelongsTo"], serde_json::json!([]));
}

#[test]
fn impossible_limits_and_names_are_refused() {
    fit(&[TAG, "--limit", "0"]).is_refused(&["0 CIDRs", "at least 1"]);
    fit(&[TAG, "--limit", "1"]).is_refused(&["IPv4 and IPv6", "at least 2", "--ipv4"]);
    fit(&[TAG]).is_refused(&["--limit"]);
    fit(&["--limit", "3"]).is_refused(&["TAG"]);
    fit(&["Storag", "--limit", "3"]).is_refused(&["no tag \"Storag\"", "Storage"]);
    fit(&[TAG, "--limit", "3", "--max-extra", "lots"]).is_refused(&["lots", "2.5"]);
    let nothing = fit(&["Sql.WestEurope", "--ipv6", "--limit", "3"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, ""));
    nothing.says(&["no IPv6 address of Sql.WestEurope"]);
    let one = fit(&[TAG, "--ipv6", "--limit", "1"]);
    assert_eq!((one.code, one.out.as_str()), (0, "2001:db8::/46\n"));
}

#[test]
fn max_extra_refuses_and_names_the_least_limit_that_does() {
    for family in [&["--ipv4"][..], &["--ipv6"], &[]] {
        for percent in ["0", "5", "60%", "300"] {
            let ask = |limit: usize| {
                let limit = limit.to_string();
                fit(&[&[TAG, "--limit", &limit, "--max-extra", percent], family].concat())
            };
            let refused = ask(if family.is_empty() { 2 } else { 1 });
            if refused.code == 0 {
                continue;
            }
            assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{refused:?}");
            let enough = refused.err.split("a limit of ").nth(1).unwrap();
            let enough: usize = enough.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(ask(enough).code, 0, "{percent} {family:?}");
            assert_eq!(ask(enough - 1).code, 1, "{percent} {family:?}");
        }
    }
    // 56 + 8 + 32 + 8 + 4 + 1 addresses; the bound itself is allowed.
    let json = fit(&[TAG, "--ipv4", "--limit", "5", "--json"]).json();
    assert_eq!(
        (&json["addresses"], &json["extraAddresses"]),
        (&"69".into(), &"8".into())
    );
}

#[test]
fn what_is_in_place_stays_where_that_costs_nothing() {
    let folder = TempDir::new().unwrap();
    let halves = "192.0.2.0/29\n192.0.2.8/29\n192.0.2.64/27\n203.0.113.0/24\n10.0.0.1-10.0.0.9\n";
    let keep = file(&folder, "keep.txt", halves);
    let plain = fit(&[TAG, "--ipv4", "--limit", "9", "--json"]).json();
    let ran = fit(&[TAG, "--ipv4", "--limit", "9", "--keep", &keep, "--json"]);
    ran.says(&["1 entry is no CIDR"]);
    let kept = ran.json();
    assert_eq!(kept["extraAddresses"], plain["extraAddresses"]);
    let stays = ["192.0.2.0/29", "192.0.2.8/29", "192.0.2.64/27"];
    assert_eq!(strings(&kept["kept"]), stays);
    assert_eq!(strings(&kept["removed"]), ["203.0.113.0/24"]);
    assert_eq!(strings(&kept["added"]).len(), 4);
    assert!(plain.get("kept").is_none());
    // With no room for both halves they go.
    let six = fit(&[TAG, "--ipv4", "--limit", "6", "--keep", &keep, "--json"]).json();
    assert_eq!(strings(&six["kept"]), ["192.0.2.64/27"]);
    assert_eq!(six["extraAddresses"], "0");
    let csv = fit(&[
        TAG, "--ipv4", "--limit", "9", "--keep", &keep, "--format", "csv",
    ]);
    assert_eq!(csv.lines()[0], "cidr,addresses,extraAddresses,inPlace");
    assert_eq!(csv.lines()[1], "192.0.2.0/29,8,0,yes");
    let text = fit(&[TAG, "--limit", "9", "--keep", &keep]);
    text.says(&["in place: 3 of 4 CIDRs stay, 6 to add, 1 to remove"]);
    // A cover once made needs no change.
    for limit in ["2", "4", "6"] {
        let made = file(&folder, "made.txt", &fit(&[TAG, "--limit", limit]).out);
        let again = fit(&[TAG, "--limit", limit, "--keep", &made, "--json"]).json();
        assert_eq!(
            (&again["added"], &again["removed"]),
            (&serde_json::json!([]), &serde_json::json!([]))
        );
    }
}

#[test]
fn lists_are_fitted_as_tags_are() {
    let folder = TempDir::new().unwrap();
    let text = run(&["--file", WEEK, "tags", "prefixes", TAG]).out;
    let expected = fit(&[TAG, "--limit", "4"]).out;
    assert_eq!(
        run_with(&args(&["-", "--limit", "4"]), text.as_str()).out,
        expected
    );
    let list = file(&folder, "list.txt", &text);
    assert_eq!(fit(&["--list", &list, "--limit", "4"]).out, expected);
    assert_eq!(fit(&[TAG, "--list", &list, "--limit", "4"]).out, expected);
    let named = file(
        &folder,
        "named.txt",
        "Storage.WestEurope\n192.0.2.1\nNowhere\n",
    );
    let ran = fit(&["--list", &named, "--limit", "4", "--json"]);
    ran.says(&["since this week has no such tag: Nowhere"]);
    let answer = ran.json();
    assert_eq!(strings(&answer["cidrs"]).join("\n") + "\n", expected);
    assert!(strings(&answer["lists"])[0].ends_with("named.txt"));
    let twice = run_with(&args(&["-", "--keep", "-", "--limit", "4"]), text.as_str());
    twice.is_refused(&["standard input can be read once only"]);
    let group = r#"{"name":"nsg1","securityRules":[{"name":"r","priority":100,"direction":"Inbound","access":"Allow",
        "protocol":"Tcp","sourceAddressPrefix":"192.0.2.0/24","sourcePortRange":"*","destinationAddressPrefix":"*",
        "destinationPortRange":"443"}]}"#;
    let group = file(&folder, "nsg.json", group);
    let one = fit(&["--list", &group, "--limit", "4"]);
    assert_eq!((one.code, one.out.as_str()), (0, "192.0.2.0/24\n"));
    let keep = fit(&[TAG, "--keep", &group, "--limit", "4"]);
    keep.is_refused(&["no list of addresses", "CIDRs in place"]);
    let many: Vec<String> = (0..50_001_u32)
        .map(|it| format!("10.{}.{}.{}", it >> 15, it >> 7 & 255, it << 1 & 255))
        .collect();
    let many = file(&folder, "many.txt", &many.join("\n"));
    fit(&["--list", &many, "--limit", "4"]).is_refused(&["50001 CIDRs", "at most 50000"]);
    let old = fit(&[TAG, "--limit", "4", "--max-age", "5"]);
    assert_eq!((old.code, old.out), (3, expected));
}

#[test]
fn a_region_of_the_cloud_goes_into_a_hundred_cidrs() {
    let ran = run(&[
        "rules",
        "fit",
        "AzureCloud.westeurope",
        "--limit",
        "100",
        "--json",
    ]);
    ran.is_quiet(0);
    let answer = ran.json();
    let dataset = embedded();
    let view = dataset.view();
    let tag = view.find("AzureCloud.westeurope").unwrap();
    let asked = AddressSet::from_blocks(view.all_prefixes(tag));
    let cidrs = blocks(strings(&answer["cidrs"]));
    let cover = AddressSet::from_blocks(cidrs.iter().copied());
    assert_eq!(cidrs.len(), 100);
    assert!(asked.difference(&cover).is_empty());
    let extra = cover.difference(&asked);
    let sum = extra.v4.count() + extra.v6.count();
    assert_eq!(answer["extraAddresses"], sum.to_string());
    // Two thirds of the limit of what is needed: the price is not small, and it is said.
    assert!(answer["extraShare"].as_f64().unwrap() > 100.0);
    let services = answer["extraOfNobody"].as_str().unwrap();
    assert_ne!(services, "0");
}

#[test]
fn covers_of_published_tags_always_cover() {
    let dataset = embedded();
    let view = dataset.view();
    let mut seen = 0;
    for tag in view.tag_ids().step_by(23) {
        let question = FitQuestion {
            tags: vec![tag],
            ..FitQuestion::default()
        };
        let Ok(answer) = ask(&question, &dataset) else {
            continue;
        };
        let curve = answer.fitted.curve();
        let exact = answer.fitted.exact();
        assert_eq!(curve.last().map(|point| point.cidrs), Some(exact));
        for limit in [2, 3, 7, exact / 2, exact] {
            let Ok(cover) = answer.at(limit, None) else {
                continue;
            };
            let set = AddressSet::from_blocks(cover.cidrs.iter().map(|cidr| cidr.block));
            assert!(answer.addresses.difference(&set).is_empty());
            assert_eq!(set.difference(&answer.addresses), cover.extra);
            assert!(cover.cidrs.len() <= limit);
            let by_cidr: Count = cover.cidrs.iter().map(|cidr| cidr.extra).sum();
            assert_eq!(by_cidr, cover.extra_addresses());
            seen += 1;
        }
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn every_extra_address_has_an_owner_or_none() {
    let dataset = embedded();
    let view = dataset.view();
    let tag = view.find("AzureContainerRegistry.WestEurope").unwrap();
    let question = FitQuestion {
        tags: vec![tag],
        family: Some(Family::V4),
        ..FitQuestion::default()
    };
    let answer = ask(&question, &dataset).unwrap();
    let cover = answer.at(6, None).unwrap();
    let owners = Owners::of(&cover.extra, &dataset);
    let mut owned = AddressSet::default();
    for owner in &owners.tags {
        let set = AddressSet::from_blocks(view.all_prefixes(view.find(&owner.tag).unwrap()));
        let part = set.intersection(&cover.extra);
        assert_eq!(part.v4.count(), owner.addresses.v4, "{}", owner.tag);
        owned = owned.union(&part);
    }
    assert_eq!(owned.v4.count() + owners.nobody.v4, cover.extra_addresses());
    assert!(owners.tags.is_sorted_by_key(|owner| owner.is_cloud));
    assert!(owners.clouds_alone.v4 <= owned.v4.count());
}

#[test]
fn a_terminal_gets_the_owners_and_the_curve() {
    let dataset = embedded();
    let tag = dataset
        .view()
        .find("AzureContainerRegistry.WestEurope")
        .unwrap();
    let question = FitQuestion {
        tags: vec![tag],
        ..FitQuestion::default()
    };
    let answer = ask(&question, &dataset).unwrap();
    let cover = answer.at(12, None).unwrap();
    let owners = Owners::of(&cover.extra, &dataset);
    let mut out = Vec::new();
    let style = TableStyle {
        width: Some(80),
        ..TableStyle::default()
    };
    write_fit(&answer, &cover, &owners, style, &mut out).unwrap();
    let ran = Ran {
        code: 0,
        out: String::from_utf8(out).unwrap(),
        err: String::new(),
        age: None,
    };
    assert_golden("rules-fit-terminal.txt", &ran);
    assert!(ran.lines().iter().all(|line| line.chars().count() <= 80));
}
