//! A cover, its curve and the owners of extra addresses as tables.

use crate::query::rules::fit::{AddressOwner, Cover, FamilyCounts, Owners};
use crate::query::{Cell, ColumnSpec, Sheet};
use crate::space::Count;

/// The CIDRs of a cover.
pub struct FitTable<'a>(pub &'a Cover);

impl Sheet for FitTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 4] = [
            ColumnSpec::whole("CIDR", "cidr"),
            ColumnSpec::number("addresses", "addresses"),
            ColumnSpec::number("extra", "extraAddresses"),
            ColumnSpec::whole("in place", "inPlace"),
        ];
        if self.0.changes.is_some() {
            &COLUMNS
        } else {
            COLUMNS.split_at(3).0
        }
    }

    fn len(&self) -> usize {
        self.0.cidrs.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(cidr) = self.0.cidrs.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(cidr.block.to_string()),
            1 => Cell::Count(cidr.block.count()),
            2 => Cell::Count(cidr.extra),
            3 if self.0.changes.is_some() => Cell::text(if cidr.is_kept { "yes" } else { "no" }),
            _ => Cell::None,
        }
    }
}

/// Whose the extra addresses are: nobody's, services', tags of a cloud or a region.
pub struct OwnerTable<'a> {
    rows: Vec<(&'a str, FamilyCounts)>,
    all: Count,
    has_both: bool,
    hidden: usize,
}

/// Tags of a cloud or a region that are listed: the rest of them repeats these.
const MOST_CLOUDS: usize = 2;

impl<'a> OwnerTable<'a> {
    /// What is in no tag and in no service's, often the most of it; then the first tags of services,
    /// of a cloud or a region.
    #[must_use]
    pub fn new(owners: &'a Owners, cover: &Cover, most: usize) -> Self {
        let row = |owner: &'a AddressOwner| (owner.tag.as_str(), owner.addresses);
        let services = owners
            .tags
            .iter()
            .filter(|owner| !owner.is_cloud)
            .take(most);
        let clouds = owners
            .tags
            .iter()
            .filter(|owner| owner.is_cloud)
            .take(MOST_CLOUDS);
        let named: Vec<(&str, FamilyCounts)> = services.chain(clouds).map(row).collect();
        let hidden = owners.tags.len() - named.len();
        let rest = [
            ("no tag", owners.nobody),
            ("AzureCloud and its regions alone", owners.clouds_alone),
        ];
        let rest = rest
            .into_iter()
            .filter(|(_, counts)| !counts.sum().is_zero());
        let rows = rest.chain(named).collect();
        Self {
            rows,
            all: cover.extra_addresses(),
            has_both: cover.parts.len() > 1,
            hidden,
        }
    }

    /// Tags that have no row.
    #[must_use]
    pub const fn hidden(&self) -> usize {
        self.hidden
    }
}

impl Sheet for OwnerTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const ONE: [ColumnSpec; 3] = [
            ColumnSpec::text("extra addresses of", "tag"),
            ColumnSpec::number("addresses", "addresses"),
            ColumnSpec::number("part", "part"),
        ];
        // The IPv6 part of a sum is all of it.
        const BOTH: [ColumnSpec; 3] = [
            ColumnSpec::text("extra addresses of", "tag"),
            ColumnSpec::number("IPv4", "addressesV4"),
            ColumnSpec::number("IPv6", "addressesV6"),
        ];
        if self.has_both { &BOTH } else { &ONE }
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&(name, counts)) = self.rows.get(row) else {
            return Cell::None;
        };
        match (column, self.has_both) {
            (0, _) => Cell::text(name),
            (1, true) => Cell::Count(counts.v4),
            (2, true) => Cell::Count(counts.v6),
            (1, false) => Cell::Count(counts.sum()),
            (2, false) => Cell::Share(counts.sum().share_of(self.all)),
            _ => Cell::None,
        }
    }
}
