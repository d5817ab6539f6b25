//! What a comparison says in words; both front ends and every format use these.

use crate::azure::Numbers;
use crate::query::diff::{DiffAnswer, DiffRow, DiffSign, DiffStatus, TagChange, counts};
use crate::query::{Cell, Dataset};
use crate::space::Count;
use crate::text::{first_of, plural};

/// A list of names is cut after so many.
const MOST_NAMES: usize = 4;

/// How the tags of an answer are called beside those of the whole week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What a screen lists, with or without the tags that only repeat narrower ones.
    Shown {
        /// Whether those are listed too.
        has_echoes: bool,
    },
    /// What a command line asked for.
    Asked,
}

impl Part {
    fn counts(self, tag: &TagChange) -> bool {
        self != Self::Shown { has_echoes: false } || !tag.is_echo()
    }

    /// What stands behind the number of its tags, what the other tags are called, and what is said
    /// where it has none.
    const fn words(self) -> [&'static str; 3] {
        match self {
            Self::Shown { .. } => ["shown", "hidden tags", "none shown"],
            Self::Asked => ["asked for", "other tags", "none of the tags asked for"],
        }
    }
}

impl DiffAnswer {
    /// The whole week in one sentence, and behind it what some of its tags come to. What was lost in
    /// the others alone is named: a loss that nobody sees is the one that hurts.
    #[must_use]
    pub fn headline(&self, whole: &Self, part: Part, [base, target]: [&Dataset; 2]) -> String {
        let tags: Vec<&TagChange> = self.tags.iter().filter(|tag| part.counts(tag)).collect();
        // Tags that did not change and were not asked for may still hold what others lost.
        if tags.len() == whole.tags.len() && self.summary == whole.summary {
            return whole.sentence(base, target);
        }
        let [word, others, none] = part.words();
        let unseen = (counts(&whole.lost.difference(&self.lost)), others);
        let parts = self.parts_in_words(whole, part);
        let of = match part {
            Part::Asked => ":",
            Part::Shown { .. } => "; whole week:",
        };
        let week = format!("{parts}{of} {}", whole.balance(Some(unseen)));
        if tags.is_empty() {
            return match part {
                Part::Shown { .. } => week,
                Part::Asked => format!("{week}; {none}"),
            };
        }
        let balance = self.short_balance(&tags);
        match part {
            Part::Shown { .. } => format!("{week}; {word}: {balance}"),
            Part::Asked => {
                let duplicates = self.duplicates_in_words();
                format!(
                    "{week}; {} {word}{duplicates}: {balance}",
                    shown(tags.len())
                )
            }
        }
    }

    /// The tags of the whole week, and on a screen what becomes of each: listed, kept back by what is
    /// asked for, or hidden until `w`. The parts add up to the whole.
    fn parts_in_words(&self, whole: &Self, part: Part) -> String {
        let tags = whole.tags_in_words();
        let Part::Shown { has_echoes } = part else {
            return tags;
        };
        let listed = self.tags.iter().filter(|tag| part.counts(tag)).count();
        let duplicates = self.tags.len() - listed;
        let broad = whole.tags.iter().filter(|tag| tag.is_of_azure_cloud());
        let broad = if has_echoes { 0 } else { broad.count() };
        let others = whole.tags.len().saturating_sub(self.tags.len() + broad);
        let mut parts = match listed {
            0 => vec!["none shown".to_owned()],
            listed => vec![format!("{} shown", shown(listed))],
        };
        if others > 0 {
            parts.push(format!("{} not asked for", shown(others)));
        }
        let hidden: Vec<String> = [
            (broad, "of AzureCloud", "of AzureCloud"),
            (duplicates, "duplicate", "duplicates"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{} {}", shown(count), plural(count, one, many)))
        .collect();
        if !hidden.is_empty() {
            parts.push(format!("{} hidden (w)", hidden.join(" and ")));
        }
        format!("{tags}: {}", parts.join(", "))
    }

    /// The answer in one sentence: short enough for a header, IPv4 exactly.
    #[must_use]
    pub fn sentence(&self, base: &Dataset, target: &Dataset) -> String {
        if self.tags.is_empty() {
            let nothing = "nothing changed";
            return match [base, target].map(|week| week.info().change_number) {
                [Some(from), Some(to)] if from != to => {
                    let verb = if from < to { "rose" } else { "fell" };
                    format!("the number {verb} from {from} to {to}, {nothing}")
                }
                _ => nothing.to_owned(),
            };
        }
        let (tags, duplicates) = (self.tags_in_words(), self.duplicates_in_words());
        format!("{tags}{duplicates}: {}", self.balance(None))
    }

    /// Tags that only repeat what narrower ones say.
    fn duplicates_in_words(&self) -> String {
        match self.summary.echoes {
            0 => String::new(),
            count => format!(
                " ({} {})",
                shown(count),
                plural(count, "duplicate", "duplicates")
            ),
        }
    }

    /// Addresses and rows. With losses in tags that are called so it is not all that a header says,
    /// and a family without a change makes room.
    fn balance(&self, unseen: Option<([Count; 2], &str)>) -> String {
        let summary = &self.summary;
        if summary.prefixes_added + summary.prefixes_removed == 0 {
            return "no row changed".to_owned();
        }
        let [v4, v6] = [0, 1].map(|family: usize| {
            let of = |counts: &[Count; 2]| counts.get(family).copied().unwrap_or_default();
            let (gained, lost) = (of(&summary.gained), of(&summary.lost));
            let note = match unseen.map(|(counts, others)| (of(&counts), others)) {
                Some((count, others)) if !count.is_zero() && count == lost => {
                    format!(", all in {others}")
                }
                Some((count, others)) if !count.is_zero() => {
                    format!(", {} of them in {others} alone", count.short())
                }
                _ => String::new(),
            };
            let is_said = unseen.is_none() || !(gained.is_zero() && lost.is_zero());
            (
                is_said,
                gained.short(),
                format!("{} lost{note}", lost.short()),
            )
        });
        let v6 = match v6 {
            (true, gained, lost) => format!("; IPv6 {gained} gained, {lost}"),
            (false, ..) => String::new(),
        };
        format!(
            "{} IPv4 addresses gained, {}{v6}; rows +{} −{}",
            v4.1,
            v4.2,
            shown(summary.prefixes_added),
            shown(summary.prefixes_removed),
        )
    }

    /// Addresses of all tags together, and the rows of these tags.
    fn short_balance(&self, tags: &[&TagChange]) -> String {
        let sum = |rows: fn(&TagChange) -> usize| tags.iter().map(|tag| rows(tag)).sum::<usize>();
        let (added, removed) = (sum(|tag| tag.added.len()), sum(|tag| tag.removed.len()));
        if added + removed == 0 {
            return "no row changed".to_owned();
        }
        let summary = &self.summary;
        let families = ["IPv4", "IPv6"]
            .into_iter()
            .zip(summary.gained.iter().zip(&summary.lost));
        let mut words: Vec<String> = families
            .filter(|(_, (gained, lost))| !gained.is_zero() || !lost.is_zero())
            .map(|(family, (gained, lost))| {
                format!("{family} +{} −{}", gained.short(), lost.short())
            })
            .collect();
        if words.is_empty() {
            words.push("no address".to_owned());
        }
        words.push(format!("rows +{} −{}", shown(added), shown(removed)));
        words.join(", ")
    }

    fn tags_in_words(&self) -> String {
        let kinds = [
            (DiffStatus::Added, "added"),
            (DiffStatus::Removed, "removed"),
            (DiffStatus::Changed, "changed"),
            (DiffStatus::Attributes, "with other properties only"),
            (DiffStatus::Number, "with another number only"),
        ];
        let mut words: Vec<String> = Vec::new();
        for (status, what) in kinds {
            let count = self.tags.iter().filter(|tag| tag.status == status).count();
            if count == 0 {
                continue;
            }
            let noun = match (words.is_empty(), count) {
                (true, 1) => " tag",
                (true, _) => " tags",
                (false, _) => "",
            };
            words.push(format!("{}{noun} {what}", shown(count)));
        }
        words.join(", ")
    }

    /// What a row means, without the tags that repeat it: `new`, `lost`, `covered by …`,
    /// `still covered by …`, `moved to …`, `moved from …`.
    #[must_use]
    pub fn meaning(&self, row: &DiffRow) -> String {
        let moved = listed(self.moved(row));
        match (row.has_effect(), row.sign) {
            (true, DiffSign::Added) if !moved.is_empty() => format!("moved from {moved}"),
            (true, DiffSign::Removed) if !moved.is_empty() => format!("moved to {moved}"),
            (true, sign) => {
                let word = match sign {
                    DiffSign::Added => "new",
                    DiffSign::Removed => "lost",
                };
                if row.changes == row.prefix.count() {
                    word.to_owned()
                } else {
                    format!("{word} ({} of them)", row.changes.short())
                }
            }
            (false, sign) => {
                let still = match sign {
                    DiffSign::Added => "",
                    DiffSign::Removed => "still ",
                };
                match row.covered_by() {
                    Some(block) => format!("{still}covered by {block}"),
                    None => format!("{still}covered by several rows"),
                }
            }
        }
    }

    /// Which tags have the same change: `also in …` where wider ones repeat it, `repeats …` where a
    /// narrower one says it; empty for neither.
    #[must_use]
    pub fn repetition(&self, row: &DiffRow) -> String {
        let (narrower, wider) = (listed(self.echo_of(row)), listed(self.echoes(row)));
        match (narrower.is_empty(), wider.is_empty()) {
            (false, _) => format!("repeats {narrower}"),
            (true, false) => format!("also in {wider}"),
            (true, true) => String::new(),
        }
    }

    /// All that is to be said of a row: its meaning, and which tags have the same change.
    #[must_use]
    pub fn explained(&self, row: &DiffRow) -> String {
        let (meaning, repetition) = (self.meaning(row), self.repetition(row));
        if repetition.is_empty() {
            meaning
        } else {
            format!("{meaning}; {repetition}")
        }
    }
}

impl TagChange {
    /// What is to be said of the tag beside its counts: whether it repeats others, a likely rename,
    /// changed properties, a number that disagrees with the rows; empty for a plain change.
    #[must_use]
    pub fn note(&self) -> String {
        let mut notes = Vec::new();
        if self.is_echo() {
            let names = self.echo_of.iter().map(String::as_str);
            notes.push(format!("repeats {}", listed(names)));
        }
        if let Some(other) = &self.renamed {
            notes.push(match self.status {
                DiffStatus::Removed => format!("likely renamed to {other}"),
                _ => format!("likely renamed from {other}"),
            });
        }
        for attribute in self.changed_attributes() {
            let [from, to] = &attribute.values;
            let word = |value: &Option<String>| match value.as_deref() {
                None => "unknown".to_owned(),
                Some("") => "none".to_owned(),
                Some(text) => text.to_owned(),
            };
            notes.push(format!("{} {} → {}", attribute.name, word(from), word(to)));
        }
        if !self.is_consistent {
            notes.push("number and rows disagree".to_owned());
        }
        notes.join("; ")
    }

    /// The same where the screen says already what is estimated.
    #[must_use]
    pub fn numbers_listed(&self) -> String {
        let [from, to] = self.numbers;
        let shown = |number| {
            Cell::Change(number, Numbers::Published)
                .shown()
                .into_owned()
        };
        self.numbers_of(&shown(from), &shown(to))
    }

    /// The numbers before and after with their marks: `87† → 88†`; `new` and `gone` for a tag that
    /// one week does not have.
    #[must_use]
    pub fn numbers_shown(&self, base: &Dataset, target: &Dataset) -> String {
        let [from, to] = self.numbers;
        let from = Cell::Change(from, base.numbers()).shown().into_owned();
        let to = Cell::Change(to, target.numbers()).shown().into_owned();
        self.numbers_of(&from, &to)
    }

    fn numbers_of(&self, from: &str, to: &str) -> String {
        match self.status {
            DiffStatus::Added => format!("new {to}"),
            DiffStatus::Removed => format!("{from} gone"),
            _ if self.numbers[0] == self.numbers[1] => to.to_owned(),
            _ => format!("{from} → {to}"),
        }
    }
}

fn shown(count: usize) -> String {
    Cell::Number(count).shown().into_owned()
}

/// The first names, and how many more there are.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    // A single name takes no more room than its count.
    let most = if names.len() == MOST_NAMES + 1 {
        names.len()
    } else {
        MOST_NAMES
    };
    first_of(names, most, ", ")
}
