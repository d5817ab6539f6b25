//! What changed between two indexed weeks, in process.

use std::time::Duration;

use tagscope::index::{Index, embedded_chronicle, write};
use tagscope::query::diff::{DiffQuestion, GroupOrder, ask};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::text::Safe;

use crate::measure::{Row, medians, milliseconds, timed};

const ROUNDS: usize = 101;
/// Held against the goal: weeks of some 107,000 rows, as usual.
const USUAL: [&str; 2] = ["2026-06-29", "2026-07-06"];
/// The two newest ones: a sixth of all rows changed.
const GREATEST: [&str; 2] = ["2026-10-12", "2026-10-19"];

fn weeks(dates: [&str; 2]) -> [Dataset; 2] {
    let chronicle = embedded_chronicle().unwrap();
    dates.map(|date| {
        let is_meant = |entry: &tagscope::index::WeekEntry| {
            entry.date.is_some_and(|known| known.to_string() == date)
        };
        let place = chronicle.entries().iter().position(is_meant).unwrap();
        let week = chronicle.week(place).unwrap();
        let index = Index::open(write(&week).unwrap()).unwrap();
        let provenance = Provenance {
            source: Source::Embedded,
            origin: Safe::new("embedded"),
            flaws: Vec::new(),
            flaw_count: 0,
            notes: Vec::new(),
        };
        Dataset::new(index, provenance)
    })
}

/// The two newest embedded weeks.
pub fn newest() -> [Dataset; 2] {
    weeks(GREATEST)
}

/// The rows of the table that concern comparisons.
pub fn measure() -> Vec<Row> {
    let (usual, greatest) = (weeks(USUAL), weeks(GREATEST));
    let all = DiffQuestion::default();
    let without = DiffQuestion {
        ignores_azure_cloud: true,
        ..DiffQuestion::default()
    };
    let asked = |[base, target]: &[Dataset; 2], question: &DiffQuestion| {
        ask(question, base, target).unwrap()
    };
    let answer = asked(&greatest, &all);
    let times = medians(
        ROUNDS,
        [
            &mut || timed(|| asked(&usual, &all)),
            &mut || timed(|| asked(&usual, &without)),
            &mut || timed(|| asked(&greatest, &all)),
            &mut || timed(|| answer.groups(GroupOrder::Addresses).len()),
        ],
    );
    let shown = |time: Duration| milliseconds(time.as_secs_f64());
    let rows = usual.each_ref().map(|week| week.view().row_count());
    let what = format!(
        "diff of two indexed weeks, {} and {} rows",
        rows[0], rows[1]
    );
    let is_met = times[0] <= Duration::from_millis(2);
    vec![
        Row::limited(&what, shown(times[0]), "<= 2 ms", is_met),
        Row::alone("the same without AzureCloud", shown(times[1])),
        Row::alone("diff of the two newest weeks", shown(times[2])),
        Row::alone("its tags by service", shown(times[3])),
    ]
}
