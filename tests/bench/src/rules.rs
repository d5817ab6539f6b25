//! Rules of a security group: import, and what a publication does to them.

use std::fmt::Write as _;
use std::time::Duration;

use tagscope::query::Dataset;
use tagscope::query::rules::Loaded;
use tagscope::query::rules::impact::{Options, ask};
use tagscope::rules::read_rules;
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
            let files = [Loaded { path, file }];
            ask(&files, &base, &target, Options::default()).unwrap()
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
    vec![
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
    ]
}
