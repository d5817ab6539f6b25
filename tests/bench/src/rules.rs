//! Rules of a security group: import, and what a publication does to them; prefixes fitted into few.

use std::fmt::Write as _;
use std::time::Duration;

use tagscope::azure::Facts;
use tagscope::query::Dataset;
use tagscope::query::rules::{AddressResolver, LoadedFile, check};
use tagscope::query::rules::fit::{self, Owners};
use tagscope::query::rules::impact::{ImpactOptions, ask};
use tagscope::rules::read_rules;
use tagscope::space::{Block, Family, FamilyFit, Ranges};
use tagscope::text::Safe;

use crate::comparison::newest;
use crate::measure::{Row, medians, milliseconds, timed};

const ROUNDS: usize = 21;
const RULES: usize = 1_000;
const PREFIXES: usize = 4_000;

/// A security group whose rules list `each` prefixes of the older week, tag after tag.
fn group(week: &Dataset, each: usize) -> String {
    let view = week.view();
    let rows: Vec<String> = view
        .tag_ids()
        .flat_map(|tag| view.all_prefixes(tag))
        .map(|prefix| format!("\"{prefix}\""))
        .collect();
    let mut rows = rows.iter().map(String::as_str).cycle();
    let mut text = r#"{"name":"nsg1","securityRules":["#.to_owned();
    for number in 0..RULES {
        if number > 0 {
            text.push(',');
        }
        let prefixes: Vec<&str> = rows.by_ref().take(each).collect();
        write!(
            text,
            r#"{{"name":"r{number}","priority":{},"direction":"Outbound","access":"Allow","protocol":"Tcp",
            "sourceAddressPrefix":"VirtualNetwork","sourcePortRange":"*","destinationPortRange":"443",
            "destinationAddressPrefixes":[{}]}}"#,
            100 + number,
            prefixes.join(",")
        )
        .unwrap();
    }
    text.push_str("]}");
    text
}

/// A list of all prefixes of the greatest tags that have at most so many, one tag a section.
fn list(week: &Dataset, most: usize) -> String {
    let view = week.view();
    let mut text = String::new();
    let mut left = most;
    for tag in view.tag_ids() {
        let row = view.tag(tag).unwrap();
        if row.name.starts_with("AzureCloud") || row.prefixes() > left {
            continue;
        }
        left -= row.prefixes();
        writeln!(text, "# tag: {}", row.name).unwrap();
        for prefix in view.all_prefixes(tag) {
            writeln!(text, "{prefix}").unwrap();
        }
    }
    text
}

/// The rows of the table that concern rules.
pub fn measure() -> Vec<Row> {
    let [base, target] = newest();
    let job = |text: &str| {
        timed(|| {
            let file = read_rules(text.as_bytes()).unwrap();
            let path = Safe::new("rules");
            let files = [LoadedFile { path, file }];
            ask(&files, &base, &target, ImpactOptions::default()).unwrap()
        })
    };
    let few = group(&base, PREFIXES / RULES);
    let many = group(&base, PREFIXES / 10);
    let tags = list(&base, PREFIXES);
    let times = medians(
        ROUNDS,
        [&mut || job(&few), &mut || job(&many), &mut || job(&tags)],
    );
    let shown = |time: Duration| milliseconds(time.as_secs_f64());
    let limit = Duration::from_millis(100);
    let mut rows = vec![
        Row::limited(
            &format!("import and impact of {RULES} rules, {PREFIXES} prefixes in all"),
            shown(times[0]),
            "<= 100 ms",
            times[0] <= limit,
        ),
        Row::alone(
            &format!("the same, {} prefixes in all", RULES * PREFIXES / 10),
            shown(times[1]),
        ),
        Row::alone(
            &format!("a list of {PREFIXES} prefixes by tags"),
            shown(times[2]),
        ),
    ];
    rows.extend(checks(&target));
    rows.extend(fits(&target));
    rows
}

const CHECK_ROUNDS: usize = 5;
/// Prefixes a rule of a file of some 30 MiB.
const LARGE: usize = 1_500;

/// The rows that concern import and check.
fn checks(week: &Dataset) -> Vec<Row> {
    let facts = Facts::embedded();
    let check = |text: &str| {
        let path = Safe::new("rules");
        let file = read_rules(text.as_bytes()).unwrap();
        let files = [LoadedFile { path, file }];
        timed(|| check::ask(&files, &AddressResolver::new(week, &files), &facts))
    };
    let (few, many) = (group(week, PREFIXES / RULES), group(week, PREFIXES / 10));
    let large = group(week, LARGE);
    let times = medians(
        CHECK_ROUNDS,
        [
            &mut || check(&few),
            &mut || check(&many),
            &mut || timed(|| read_rules(large.as_bytes()).unwrap()),
        ],
    );
    let whats = [
        format!("check of {RULES} rules, {PREFIXES} prefixes in all"),
        format!("the same, {} prefixes in all", RULES * PREFIXES / 10),
        format!("import of {} MiB of rules", large.len() >> 20),
    ];
    let rows = whats.iter().zip(times);
    rows.map(|(what, time)| Row::alone(what, milliseconds(time.as_secs_f64())))
        .collect()
}

const FIT_ROUNDS: usize = 11;
/// Blocks of which no two can be joined.
const FITTED: usize = 10_000;

/// Blocks of `length` bits, an even one of every so many in a row, with a gap of random width.
fn scattered(family: Family, first: u128, length: u8) -> Ranges {
    let step = 1_u128 << (family.bits() - length);
    let (mut at, mut state) = (first, 7_u64);
    let mut runs = Vec::new();
    for _ in 0..FITTED {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        at += step * 2 * (1 + u128::from(state >> 60));
        runs.push((at, at + step - 1));
    }
    Ranges::from_runs(runs)
}

/// The rows that concern fitting.
pub fn fits(week: &Dataset) -> Vec<Row> {
    let job = |name: &str| {
        let tags = vec![week.view().find(name).unwrap()];
        timed(|| {
            let question = fit::FitQuestion {
                tags: tags.clone(),
                ..fit::FitQuestion::default()
            };
            let answer = fit::ask(&question, week).unwrap();
            let cover = answer.at(100, None).unwrap();
            (Owners::of(&cover.extra, week), answer, cover)
        })
    };
    let v4 = scattered(Family::V4, 10 << 24, 30);
    let v6 = scattered(Family::V6, 0x2603 << 112, 127);
    let placed: Vec<Block> = FamilyFit::new(Family::V6, &v6, &[])
        .unwrap()
        .cover(FITTED / 2);
    let alone = |family, ranges: &Ranges, placed: &[Block]| {
        timed(|| {
            let fit = FamilyFit::new(family, ranges, placed).unwrap();
            assert_eq!(fit.exact(), FITTED);
            fit.cover(100)
        })
    };
    let times = medians(
        FIT_ROUNDS,
        [
            &mut || job("AzureCloud.westeurope"),
            &mut || job("AzureCloud"),
            &mut || alone(Family::V4, &v4, &[]),
            &mut || alone(Family::V6, &v6, &[]),
            &mut || alone(Family::V6, &v6, &placed),
        ],
    );
    let limit = Duration::from_secs(1);
    let whats = [
        "AzureCloud.westeurope into 100 CIDRs, with owners".to_owned(),
        "AzureCloud into 100 CIDRs, with owners".to_owned(),
        format!("{FITTED} IPv4 prefixes into any number"),
        format!("{FITTED} IPv6 prefixes into any number"),
        format!("the same with {} in place", FITTED / 2),
    ];
    let rows = whats.iter().zip(times).map(|(what, time)| {
        let shown = milliseconds(time.as_secs_f64());
        Row::limited(what, shown, "<= 1 s", time <= limit)
    });
    rows.collect()
}
