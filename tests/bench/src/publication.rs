//! From a published document to an index in memory, and a week out of the chronicle.

use std::time::Duration;

use tagscope::azure::parse;
use tagscope::index::{Index, embedded_chronicle, write};

use crate::data::Publication;
use crate::measure::{Row, medians, milliseconds, timed};

const ROUNDS: usize = 21;

/// Compiles a document.
pub fn compile(document: &[u8]) -> Index {
    let week = parse(document, None).unwrap().week;
    Index::open_trusted(write(&week).unwrap()).unwrap()
}

fn typed(document: &[u8]) -> Publication {
    serde_json::from_slice(document).unwrap()
}

/// The rows of the table that concern documents and weeks.
#[expect(clippy::cast_precision_loss, reason = "sizes are below 2^52")]
pub fn measure(document: &[u8], index: &Index) -> Vec<Row> {
    let rows = |tag: &crate::data::PublishedTag| tag.properties.address_prefixes.len();
    let published: usize = typed(document).values.iter().map(rows).sum();
    assert_eq!(index.view().row_count(), published, "rows are lost");
    let times = medians(
        ROUNDS,
        [&mut || timed(|| compile(document)), &mut || {
            timed(|| typed(document))
        }],
    )
    .map(|time| time.as_secs_f64());
    let sizes = [index.bytes().len() as f64, document.len() as f64];
    let kilobytes = |bytes: f64| format!("{:.0} kB", bytes / 1e3);
    let mut table = vec![
        Row::compared(
            "published JSON to index",
            "serde_json, typed",
            2.5,
            times,
            milliseconds,
        ),
        Row::compared("index bytes", "JSON", 0.4, sizes, kilobytes),
    ];
    table.extend(week());
    table
}

fn week() -> [Row; 2] {
    let chronicle = embedded_chronicle().unwrap();
    let unpack = || embedded_chronicle().unwrap().week(0).unwrap();
    let compile = || {
        let week = chronicle.week(0).unwrap();
        Index::open(write(&week).unwrap()).unwrap()
    };
    let times = medians(ROUNDS, [&mut || timed(unpack), &mut || timed(compile)]);
    let [unpacked, compiled] = times.map(|time: Duration| milliseconds(time.as_secs_f64()));
    [
        Row::alone("chronicle opened, one week out of it", unpacked),
        Row::alone("the same, compiled and opened", compiled),
    ]
}
