//! Addresses that any customer of Azure can send from.

use crate::azure::Rank;
use crate::query::rules::check::{Checker, catalogue};
use crate::rules::{Access, Direction, Entry, Row, RuleSet};
use crate::space::{AddressSet, Count};

/// Addresses of shared machines that a row may hold before it is said.
const MOST: Count = Count::new(256);
const CLOUD: &str = "AzureCloud";

/// An allow row that lets in more than a few addresses of the whole cloud.
pub(super) fn check<'a>(checker: &mut Checker<'a>, set: &'a RuleSet, number: usize, row: &'a Row) {
    if row.access != Access::Allow || row.direction != Direction::In || row.is_unread() {
        return;
    }
    // That it is open to everyone is another matter.
    if checker.sides.of(&row.sources).is_open() {
        return;
    }
    let own = AddressSet::from_spans(row.sources.iter().filter_map(Entry::span));
    let Some(cloud) = checker.resolver.tag(CLOUD) else {
        return;
    };
    let shared = own.intersection(&checker.resolver.addresses_of(cloud));
    let count = AddressSet {
        v4: shared.v4.clone(),
        ..AddressSet::default()
    }
    .count();
    if count <= MOST {
        return;
    }
    // The region that has most of them.
    let view = checker.dataset().view();
    let tags = view.tag_ids().filter_map(|tag| Some((tag, view.tag(tag)?)));
    let regions = tags.filter(|(_, row)| row.rank() == Rank::RegionalCloud);
    let most = regions.max_by_key(|(tag, _)| {
        let own = checker.resolver.addresses_of(*tag);
        shared.intersection(&own).count()
    });
    let name = most.map_or(CLOUD, |(_, row)| row.name);
    let text = format!("{} addresses of {name}", count.grouped());
    checker.row(set, number, &catalogue::SHARED, &text);
}
