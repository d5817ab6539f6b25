//! May a fetched publication take its place beside what is held?
//!
//! A publication changes some hundred rows a week. What is far from that is more likely another
//! file, a cut one or a forged one, and a firewall would be changed by it.

use jiff::civil::Date;

use crate::azure::{Age, Cloud, Document, FlawKind, Week};
use crate::space::{AddressSet, Count, Family};

/// Fewest tags: the smallest cloud that still publishes has some 300.
pub const FEWEST_TAGS: usize = 50;
/// The largest share of tags or addresses that may be missing.
pub const LARGEST_DROP: f64 = 0.3;

/// What a publication is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Publication date.
    pub date: Option<Date>,
    /// Tags.
    pub tags: usize,
    /// Addresses of all tags together, per family.
    pub addresses: [Count; 2],
}

impl Extent {
    /// The extent of a week in memory.
    #[must_use]
    pub fn of(week: &Week) -> Self {
        let blocks = week
            .tags
            .iter()
            .flat_map(|tag| tag.prefixes.iter().copied());
        Self::of_rows(week.date, week.tags.len(), &AddressSet::from_blocks(blocks))
    }

    /// The extent of tags that hold these addresses.
    #[must_use]
    pub fn of_rows(date: Option<Date>, tags: usize, set: &AddressSet) -> Self {
        let addresses = [Family::V4, Family::V6].map(|family| set.family(family).count());
        Self {
            date,
            tags,
            addresses,
        }
    }
}

/// Why a publication may not take its place by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It is of another cloud than was asked for.
    #[error("it holds the cloud {found}, not {wanted}")]
    OtherCloud {
        /// The document's cloud.
        found: Cloud,
        /// The cloud that was asked for.
        wanted: Cloud,
    },
    /// It is hardly a publication.
    #[error("it has {tags} tags; a publication has at least {FEWEST_TAGS}")]
    FewTags {
        /// Its tags.
        tags: usize,
    },
    /// A row matches every address.
    #[error("a row of {tag} has the length 0, which would match every address")]
    ZeroLength {
        /// The tag.
        tag: crate::text::Safe,
    },
    /// It is dated further ahead than clocks explain.
    #[error("it is of {date}, {age} of today: the date must be wrong, or this machine's clock")]
    Future {
        /// Its date.
        date: Date,
        /// How far ahead.
        age: Age,
    },
    /// Something newer is held.
    #[error("it is of {date}, older than {held} that is held")]
    Older {
        /// Its date.
        date: Date,
        /// The date of what is held.
        held: Date,
    },
    /// Much of what is held is missing.
    #[error(
        "it has {now} {what}, {drop} fewer than the {before} of {held}; more than {:.0} % is no \
         ordinary week",
        LARGEST_DROP * 100.0
    )]
    Shrunk {
        /// `tags`, `IPv4 addresses` or `IPv6 addresses`.
        what: &'static str,
        /// Its own.
        now: String,
        /// Those of what is held.
        before: String,
        /// The drop in percent.
        drop: String,
        /// What is held.
        held: String,
    },
}

impl Doubt {
    /// Whether a person may accept it all the same.
    #[must_use]
    pub const fn can_be_forced(&self) -> bool {
        matches!(
            self,
            Self::Future { .. } | Self::Older { .. } | Self::Shrunk { .. }
        )
    }
}

/// Checks a fetched document against what is asked for, today's date, and the newest that is held
/// and is not dated ahead of today: a wrong date must not bar the way to later weeks.
///
/// # Errors
/// The first [`Doubt`]; those that nobody may force come first.
pub fn admit(
    document: &Document,
    wanted: Cloud,
    held: Option<&Extent>,
    today: Date,
) -> Result<(), Doubt> {
    let week = &document.week;
    if week.cloud != wanted {
        let found = week.cloud;
        return Err(Doubt::OtherCloud { found, wanted });
    }
    let tags = week.tags.len();
    if tags < FEWEST_TAGS {
        return Err(Doubt::FewTags { tags });
    }
    let mut flaws = document.flaws.iter();
    if let Some(flaw) = flaws.find(|flaw| flaw.kind == FlawKind::ZeroLength) {
        let tag = flaw.tag.clone();
        return Err(Doubt::ZeroLength { tag });
    }
    if let Some(doubt) = future(week.date, today) {
        return Err(doubt);
    }
    let Some(held) = held else { return Ok(()) };
    if let (Some(date), Some(held)) = (week.date, held.date)
        && date < held
    {
        return Err(Doubt::Older { date, held });
    }
    let now = Extent::of(week);
    let name = held
        .date
        .map_or_else(|| "what is held".to_owned(), |date| date.to_string());
    let whole = |tags: usize| Count::new(u128::try_from(tags).unwrap_or(u128::MAX));
    let [v4, v6] = now.addresses;
    let [v4_before, v6_before] = held.addresses;
    for (what, now, before) in [
        ("tags", whole(now.tags), whole(held.tags)),
        ("IPv4 addresses", v4, v4_before),
        ("IPv6 addresses", v6, v6_before),
    ] {
        let share = now.share_of(before);
        if share < 1.0 - LARGEST_DROP && !before.is_zero() {
            return Err(Doubt::Shrunk {
                what,
                now: now.short(),
                before: before.short(),
                drop: format!("{:.0} %", (1.0 - share) * 100.0),
                held: name,
            });
        }
    }
    Ok(())
}

/// The doubt about a date of the future.
#[must_use]
pub fn future(date: Option<Date>, today: Date) -> Option<Doubt> {
    let date = date?;
    let age = Age::of(date, today);
    age.is_of_the_future()
        .then_some(Doubt::Future { date, age })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::{DateKind, Dialect, DocumentFlaw, Numbers, Tag};
    use crate::space::Block;
    use crate::text::Safe;

    const TODAY: Date = Date::constant(2026, 10, 20);

    fn document(date: &str, tags: usize, length: u8) -> Document {
        let tag = |number: usize| Tag {
            name: format!("Tag{number:03}"),
            region: String::new(),
            system_service: String::new(),
            change_number: Some(1),
            features: None,
            prefixes: vec![Block::holding(
                Family::V4,
                u128::try_from(number).unwrap() << 16,
                length,
            )],
        };
        Document {
            week: Week {
                cloud: Cloud::Public,
                date: date.parse().ok(),
                date_is: DateKind::Published,
                change_number: Some(1),
                numbers: Numbers::Published,
                dialect: Dialect::File,
                origin: String::new(),
                tags: (0..tags).map(tag).collect(),
            },
            flaws: Vec::new(),
            flaw_count: 0,
        }
    }

    #[test]
    fn an_ordinary_week_is_admitted() {
        let held = Extent::of(&document("2026-10-12", 100, 24).week);
        for (date, tags) in [("2026-10-27", 100), ("2026-10-12", 100), ("2026-10-19", 70)] {
            let week = document(date, tags, 24);
            assert_eq!(
                admit(&week, Cloud::Public, Some(&held), TODAY),
                Ok(()),
                "{date} {tags}"
            );
        }
        assert_eq!(
            admit(&document("2026-10-19", 50, 24), Cloud::Public, None, TODAY),
            Ok(())
        );
    }

    #[test]
    fn each_doubt_has_its_sentence() {
        let held = Extent::of(&document("2026-10-12", 100, 24).week);
        let mut wide = document("2026-10-19", 100, 24);
        wide.flaws.push(DocumentFlaw {
            tag: Safe::new("Storage"),
            row: Some(3),
            kind: FlawKind::ZeroLength,
            found: Safe::new("0.0.0.0/0"),
        });
        let doubts = [
            (
                document("2026-10-19", 49, 24),
                Cloud::Public,
                "it has 49 tags; a publication has at least 50",
            ),
            (
                document("2026-10-19", 100, 24),
                Cloud::China,
                "it holds the cloud Public, not China",
            ),
            (
                wide,
                Cloud::Public,
                "a row of Storage has the length 0, which would match every address",
            ),
            (
                document("2026-10-05", 100, 24),
                Cloud::Public,
                "it is of 2026-10-05, older than 2026-10-12 that is held",
            ),
            (
                document("2026-10-28", 100, 24),
                Cloud::Public,
                "it is of 2026-10-28, dated 8 days ahead of today: the date must be wrong, or this machine's clock",
            ),
            (
                document("2026-10-19", 69, 24),
                Cloud::Public,
                "it has 69 tags, 31 % fewer than the 100 of 2026-10-12; more than 30 % is no ordinary week",
            ),
            (
                document("2026-10-19", 100, 25),
                Cloud::Public,
                "it has 12,800 IPv4 addresses, 50 % fewer than the 25,600 of 2026-10-12; more than 30 % is no ordinary week",
            ),
        ];
        for (document, wanted, sentence) in doubts {
            let doubt = admit(&document, wanted, Some(&held), TODAY).unwrap_err();
            assert_eq!(doubt.to_string(), sentence);
        }
    }
}
