//! A chronicle of 60 weeks: one more week, the file, one week out of it, questions over all.

use tagscope::azure::Week;
use tagscope::index::{Chronicle, ChronicleBuilder, embedded_chronicle};
use tagscope::query::history::{HistorySummary, of_span, of_tag};
use tagscope::query::lookup::QueryKind;
use tagscope::space::{Block, Span};

use crate::data::Random;
use crate::measure::{Row, medians, milliseconds, timed};

const ROUNDS: usize = 15;
const WEEKS: usize = 60;

/// The embedded weeks, and weeks behind them in which some 60 tags change, as they do.
fn weeks() -> Vec<Week> {
    let chronicle = embedded_chronicle().unwrap();
    let mut weeks: Vec<Week> = (0..chronicle.entries().len())
        .map(|place| chronicle.week(place).unwrap())
        .collect();
    let mut random = Random(7);
    while weeks.len() < WEEKS {
        let mut week = weeks.last().unwrap().clone();
        week.date = week
            .date
            .map(|date| date.checked_add(jiff::Span::new().weeks(1)).unwrap());
        for _ in 0..60 {
            let place = random.below(week.tags.len());
            change(&mut week.tags[place].prefixes, &mut random);
        }
        let widest = week.tags.iter_mut().find(|tag| tag.name == "AzureCloud");
        change(&mut widest.unwrap().prefixes, &mut random);
        weeks.push(week);
    }
    weeks
}

/// Some seven rows come, two go.
fn change(rows: &mut Vec<Block>, random: &mut Random) {
    for _ in 0..7.min(rows.len()) {
        let row = rows[random.below(rows.len())];
        let length = (row.length() + 2).min(row.family().bits());
        rows.push(Block::holding(row.family(), row.last(), length));
        if rows.len() > 3 && random.below(3) == 0 {
            rows.swap_remove(random.below(rows.len()));
        }
    }
    rows.sort_unstable();
    rows.dedup();
}

/// The rows of the table that concern many weeks.
pub fn measure() -> Vec<Row> {
    let weeks = weeks();
    let (last, before) = weeks.split_last().unwrap();
    let mut builder = ChronicleBuilder::new(last.cloud, last.dialect);
    for week in before {
        builder.insert(week).unwrap();
    }
    let insert = || {
        let mut builder = builder.clone();
        timed(|| {
            builder.insert(last).unwrap();
            builder
        })
    };
    let mut full = builder.clone();
    full.insert(last).unwrap();
    let bytes = full.write();
    let unpack = || {
        let bytes = bytes.clone();
        timed(|| Chronicle::open(bytes).unwrap().week(WEEKS / 2).unwrap())
    };
    let chronicle = Chronicle::open(bytes.clone()).unwrap();
    let address = Span::of("20.38.116.38".parse().unwrap());
    let late = Span::of("2603:1030::1".parse().unwrap());
    let times = medians(
        ROUNDS,
        [
            &mut { insert },
            &mut || timed(|| full.write()),
            &mut { unpack },
            &mut || timed(|| of_tag("AzureCloud", &chronicle).unwrap().unwrap()),
            &mut || timed(|| of_span(QueryKind::Address, address, &chronicle).unwrap()),
            &mut || timed(|| of_span(QueryKind::Address, late, &chronicle).unwrap()),
            &mut || timed(|| HistorySummary::of(&chronicle).unwrap()),
        ],
    )
    .map(|time| time.as_secs_f64());
    let whats = [
        ("one more week into 59", Some(12.0)),
        ("60 weeks written", None),
        ("60 weeks opened, one out of them", Some(3.0)),
        ("history of AzureCloud, 60 weeks", Some(10.0)),
        ("history of an IPv4 address, 60 weeks", Some(10.0)),
        ("history of an IPv6 address, 60 weeks", Some(10.0)),
        ("summary of all tags, 60 weeks", None),
    ];
    let mut table: Vec<Row> = whats
        .into_iter()
        .zip(times)
        .map(|((what, goal), time)| match goal {
            None => Row::alone(what, milliseconds(time)),
            Some(goal) => {
                let is_met = time * 1e3 <= goal;
                Row::limited(what, milliseconds(time), &format!("<= {goal} ms"), is_met)
            }
        })
        .collect();
    let size = format!("{} kB", bytes.len() / 1000);
    table.push(Row::alone("bytes of 60 weeks", size));
    table
}
