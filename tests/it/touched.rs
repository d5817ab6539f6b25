//! Changes held against logs, recomputed address by address.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use serde_json::{Value, json};

use crate::program::run;
use crate::traffic::Dice;

const TAGS: [&str; 4] = ["Alpha", "Alpha.WestEurope", "Beta", "Gamma"];

type Week = BTreeMap<&'static str, Vec<IpNet>>;

fn address(dice: &mut Dice) -> IpAddr {
    let low = u32::try_from(dice.below(1 << 11)).unwrap();
    if dice.below(4) == 0 {
        Ipv6Addr::from_bits(0x2603_1000 << 96 | u128::from(low)).into()
    } else {
        Ipv4Addr::from_bits(0x1400_0000 + low).into()
    }
}

fn week(dice: &mut Dice) -> Week {
    let prefixes = |dice: &mut Dice| {
        let count = 1 + dice.below(6);
        let nets = (0..count).map(|_| {
            let address = address(dice);
            let bits = if address.is_ipv4() { 32 } else { 128 };
            let length = bits - u8::try_from(dice.below(8)).unwrap();
            IpNet::new(address, length).unwrap().trunc()
        });
        nets.collect::<BTreeSet<_>>().into_iter().collect()
    };
    TAGS.into_iter().map(|tag| (tag, prefixes(dice))).collect()
}

fn published(week: &Week, number: u32) -> String {
    let values = week.iter().map(|(name, nets)| {
        let nets: Vec<String> = nets.iter().map(ToString::to_string).collect();
        json!({"name": name, "id": name, "properties": {"changeNumber": number, "region": "",
            "regionId": 0, "platform": "Azure", "systemService": "", "addressPrefixes": nets,
            "networkFeatures": ["NSG"]}})
    });
    let values: Vec<Value> = values.collect();
    json!({"changeNumber": number, "cloud": "Public", "values": values}).to_string()
}

/// Hits and different addresses in one set of networks and not in the other.
fn met(log: &[IpAddr], within: &[IpNet], without: &[IpNet]) -> (u64, u64) {
    let holds = |nets: &[IpNet], address: &IpAddr| nets.iter().any(|net| net.contains(address));
    let own = log
        .iter()
        .filter(|it| holds(within, it) && !holds(without, it));
    let own: Vec<&IpAddr> = own.collect();
    let different: BTreeSet<_> = own.iter().collect();
    (own.len() as u64, different.len() as u64)
}

#[test]
fn what_a_week_changes_is_counted_address_by_address() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (old, new, log) = (path("old.json"), path("new.json"), path("a.log"));
    for seed in 1..12 {
        let mut dice = Dice::new(seed);
        let weeks = [week(&mut dice), week(&mut dice)];
        std::fs::write(&old, published(&weeks[0], 1)).unwrap();
        std::fs::write(&new, published(&weeks[1], 2)).unwrap();
        let seen: Vec<IpAddr> = (0..1_500).map(|_| address(&mut dice)).collect();
        let mut text = String::new();
        for address in &seen {
            writeln!(text, "x {address} y").unwrap();
        }
        std::fs::write(&log, text).unwrap();
        let mut expected = BTreeMap::new();
        for tag in TAGS {
            let [before, now] = weeks.each_ref().map(|week| &week[tag]);
            for (effect, counts) in [
                ("gained", met(&seen, now, before)),
                ("lost", met(&seen, before, now)),
            ] {
                if counts.0 > 0 {
                    expected.insert((tag.to_owned(), effect.to_owned()), counts);
                }
            }
        }
        let ran = run(&["diff", &old, &new, "--traffic", &log, "--json", "-q"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let found = ran.json();
        let rows = found["rows"].as_array().unwrap();
        let counts = |row: &Value| {
            let number = |key: &str| row[key].as_u64().unwrap();
            (number("hits"), number("addresses"))
        };
        let own = rows.iter().map(|row| {
            let word = |key: &str| row[key].as_str().unwrap().to_owned();
            ((word("tag"), word("effect")), counts(row))
        });
        assert_eq!(own.collect::<BTreeMap<_, _>>(), expected, "{seed}");
        assert!(rows.is_sorted_by_key(|row| std::cmp::Reverse(row["hits"].as_u64())));
        assert_eq!(found["hits"], 1_500);
        // Each prefix of a row is met by what is in it and changed.
        for row in rows {
            let tag = row["tag"].as_str().unwrap();
            let [before, now] = weeks.each_ref().map(|week| &week[tag]);
            let is_lost = row["effect"] == "lost";
            let without = if is_lost { now } else { before };
            for prefix in row["prefixes"].as_array().unwrap() {
                let net: IpNet = prefix["prefix"].as_str().unwrap().parse().unwrap();
                assert_eq!(counts(prefix), met(&seen, &[net], without), "{prefix}");
            }
        }
        // A list of the older week's addresses lacks what came.
        let list = path("list.txt");
        let lines: Vec<String> = weeks[0]["Beta"].iter().map(ToString::to_string).collect();
        std::fs::write(&list, format!("# tag: Beta\n{}\n", lines.join("\n"))).unwrap();
        let ran = run(&[
            "rules",
            "impact",
            &list,
            &old,
            &new,
            "--traffic",
            &log,
            "--json",
            "-q",
        ]);
        let found = ran.json();
        let rows = found["rows"].as_array().unwrap().iter();
        let missing = rows.filter(|row| row["effect"] == "missing").map(counts);
        let missing = missing.fold((0, 0), |all, own| (all.0 + own.0, all.1 + own.1));
        let [before, now] = weeks.each_ref().map(|week| &week["Beta"]);
        // A list of one family alone is not to have the other.
        let of_list = |net: &&IpNet| {
            let is_v4 = net.addr().is_ipv4();
            before.iter().any(|own| own.addr().is_ipv4() == is_v4)
        };
        let now: Vec<IpNet> = now.iter().filter(of_list).copied().collect();
        assert_eq!(missing, met(&seen, &now, before), "{seed}: {found:#}");
        let has_harm = found["rows"]
            .as_array()
            .is_some_and(|rows| !rows.is_empty());
        assert_eq!(ran.code, i32::from(has_harm), "{ran:?}");
    }
}

#[test]
fn people_see_the_changes_that_matter_and_scripts_whether_there_are_any() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (old, new, log) = (path("old.json"), path("new.json"), path("a.log"));
    let net = |text: &str| text.parse::<IpNet>().unwrap();
    let week = |nets: &[&str]| -> Week {
        let nets = nets.iter().map(|text| net(text)).collect();
        [("Alpha", nets)].into()
    };
    std::fs::write(&old, published(&week(&["20.0.0.0/28"]), 1)).unwrap();
    let grown = [
        "20.0.0.0/28",
        "20.0.1.0/28",
        "20.0.3.0/28",
        "20.0.5.0/28",
        "20.0.7.0/28",
    ];
    std::fs::write(&new, published(&week(&grown), 2)).unwrap();
    let lines: Vec<&str> = vec![
        "20.0.1.1", "20.0.3.1", "20.0.5.1", "20.0.7.1", "20.0.7.1", "10.0.0.1",
    ];
    std::fs::write(&log, lines.join("\n")).unwrap();
    let args = ["diff", &old, &new, "--traffic", &log];
    let ran = run(&args);
    let prefixes = "20.0.7.0/28, 20.0.1.0/28, 20.0.3.0/28 and 1 more";
    assert_eq!(
        ran.out,
        format!("Alpha\tgained\t5\t4\t{prefixes}\n"),
        "{ran:?}"
    );
    ran.says(&["1 of 1 change touches 5 of 5 hits at public addresses, those of 4 addresses"]);
    let page = run(&[&args[..], &["-o", "markdown"]].concat());
    assert!(
        page.out.starts_with("## Changes that touch traffic\n"),
        "{page:?}"
    );
    assert_eq!(run(&[&args[..], &["--exit-code"]].concat()).code, 1);
    // Nothing of it in the log.
    std::fs::write(&log, "20.0.0.1\n").unwrap();
    let ran = run(&[&args[..], &["--exit-code"]].concat());
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{ran:?}");
    ran.says(&["none of 1 change touches any of 1 hit"]);
    run(&["diff", &old, &new, "--traffic", "no-such.log"]).says(&["no-such.log"]);
    run(&["diff", &old, &new, "--input", "csv"]).is_refused(&["--traffic"]);
}
