//! All tags with their prefixes for an address, in process.
//!
//! Every contender holds the same rows and answers the same addresses; an answer is added up as
//! tags and prefix lengths, and the sums must agree.

use std::net::Ipv4Addr;
use std::time::Duration;

use ip_network::Ipv4Network;
use ip_network_table::IpNetworkTable;
use rust_lapper::{Interval, Lapper};
use superintervals::IntervalMap;
use tagscope::index::View;
use tagscope::space::{Block, Family};

use crate::data::{addresses, rows};
use crate::measure::{Row, medians, nanoseconds, timed};

const ADDRESSES: usize = 100_000;
const ROUNDS: usize = 31;

/// What a row adds to a sum.
fn weight(tag: u16, length: u8) -> u64 {
    u64::from(tag) << 8 | u64::from(length)
}

fn low_word(address: u128) -> u32 {
    u32::try_from(address).unwrap()
}

/// superintervals counts in `i32`: the order of addresses is kept by flipping the top bit.
fn signed(address: u32) -> i32 {
    (address ^ 0x8000_0000).cast_signed()
}

/// The rows of the table that concern lookups.
pub fn measure(view: &View<'_>) -> Vec<Row> {
    let mut table = v4(view);
    table.push(v6(view));
    table
}

fn v4(view: &View<'_>) -> Vec<Row> {
    let rows = rows(view, Family::V4);
    let asked: Vec<u32> = addresses(&rows, ADDRESSES)
        .into_iter()
        .map(low_word)
        .collect();
    let (intervals, table) = (interval_map(&rows), network_table(&rows));
    let ours = || -> u64 { asked.iter().map(|&address| v4_ours(view, address)).sum() };
    let mut found = Vec::new();
    let mut intervals = || -> u64 {
        let sum = |&address: &u32| v4_intervals(&intervals, address, &mut found);
        asked.iter().map(sum).sum()
    };
    let table = || -> u64 { asked.iter().map(|&address| v4_table(&table, address)).sum() };
    assert_eq!(ours(), intervals(), "superintervals gives other answers");
    assert_eq!(ours(), table(), "ip_network_table gives other answers");
    let times = medians(
        ROUNDS,
        [
            &mut || timed(ours),
            &mut || timed(&mut intervals),
            &mut || timed(table),
        ],
    );
    let [ours, intervals, table] = times.map(per_lookup);
    let what = "v4, all tags with prefixes";
    vec![
        Row::compared(what, "superintervals", 0.45, [ours, intervals], nanoseconds),
        Row::compared(what, "ip_network_table", 0.25, [ours, table], nanoseconds),
    ]
}

fn v6(view: &View<'_>) -> Row {
    let rows = rows(view, Family::V6);
    let asked = addresses(&rows, ADDRESSES);
    let lapper = lapper(&rows);
    let ours = || -> u64 { asked.iter().map(|&address| v6_ours(view, address)).sum() };
    let theirs = || -> u64 {
        asked
            .iter()
            .map(|&address| v6_lapper(&lapper, address))
            .sum()
    };
    assert_eq!(ours(), theirs(), "rust-lapper gives other answers");
    let times = medians(ROUNDS, [&mut || timed(ours), &mut || timed(theirs)]);
    let what = "v6, all tags with prefixes";
    Row::compared(what, "rust-lapper", 0.5, times.map(per_lookup), nanoseconds)
}

#[expect(clippy::cast_precision_loss, reason = "a hundred thousand is exact")]
fn per_lookup(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / ADDRESSES as f64
}

fn v4_ours(view: &View<'_>, address: u32) -> u64 {
    let node = view.lookup(Family::V4, u128::from(address));
    let hits = view.hits(node);
    hits.map(|hit| weight(hit.tag.0, hit.length)).sum()
}

fn v6_ours(view: &View<'_>, address: u128) -> u64 {
    let hits = view.hits(view.lookup(Family::V6, address));
    hits.map(|hit| weight(hit.tag.0, hit.length)).sum()
}

fn interval_map(rows: &[(u16, Block)]) -> IntervalMap<(u16, u8)> {
    let mut map = IntervalMap::new();
    for &(tag, block) in rows {
        let [first, last] = [block.first(), block.last()].map(|end| signed(low_word(end)));
        map.add(first, last, (tag, block.length()));
    }
    map.build();
    map
}

fn v4_intervals(map: &IntervalMap<(u16, u8)>, address: u32, found: &mut Vec<(u16, u8)>) -> u64 {
    found.clear();
    map.search_stabbed(signed(address), found);
    found.iter().map(|&(tag, length)| weight(tag, length)).sum()
}

/// A table holds one value per prefix, so the value is the prefix's tags.
fn network_table(rows: &[(u16, Block)]) -> IpNetworkTable<Vec<u16>> {
    let mut sorted: Vec<(Block, u16)> = rows.iter().map(|&(tag, block)| (block, tag)).collect();
    sorted.sort_unstable();
    let mut table = IpNetworkTable::with_capacity(sorted.len(), 0);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let block = group[0].0;
        let address = Ipv4Addr::from_bits(low_word(block.first()));
        let network = Ipv4Network::new(address, block.length()).unwrap();
        let tags: Vec<u16> = group.iter().map(|row| row.1).collect();
        table.insert(network, tags);
    }
    table
}

fn v4_table(table: &IpNetworkTable<Vec<u16>>, address: u32) -> u64 {
    let matches = table.matches_ipv4(Ipv4Addr::from_bits(address));
    matches
        .map(|(network, tags)| {
            let length = network.netmask();
            tags.iter().map(|&tag| weight(tag, length)).sum::<u64>()
        })
        .sum()
}

fn lapper(rows: &[(u16, Block)]) -> Lapper<u128, (u16, u8)> {
    let interval = |&(tag, block): &(u16, Block)| Interval {
        start: block.first(),
        stop: block.last().saturating_add(1),
        val: (tag, block.length()),
    };
    Lapper::new(rows.iter().map(interval).collect())
}

fn v6_lapper(lapper: &Lapper<u128, (u16, u8)>, address: u128) -> u64 {
    let found = lapper.find(address, address.saturating_add(1));
    found.map(|row| weight(row.val.0, row.val.1)).sum()
}
