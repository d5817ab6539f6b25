//! Every check: its id, level, reason, way out and source, once, for findings and for `--explain`.

mod network;
mod registry;
mod rows;

pub use network::*;
pub use registry::*;
pub use rows::*;

use crate::azure::Certainty;
use crate::query::endpoints::Level;
use crate::query::lines::{Lines, plain};
use crate::query::{Cell, ColumnSpec, SCHEMA_VERSION, Sheet};
use crate::text::closest;

/// One check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Stable name.
    pub id: &'static str,
    /// Other names of the same fact.
    pub also: &'static [&'static str],
    /// How much a finding matters.
    pub level: Level,
    /// Whether a document says so.
    pub certainty: Certainty,
    /// In a few words.
    pub title: &'static str,
    /// What is so, and why it matters.
    pub why: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Where it is read.
    pub source: &'static str,
}

/// Checks as constants of their own names, and the list of them: no check can be left out of it.
macro_rules! table {
    ($list:ident: $($name:ident = $id:literal $also:expr, $level:ident, $certainty:ident, $title:literal,
        $why:literal, $fix:literal, $source:expr;)*) => {
        $(
            #[doc = $title]
            pub const $name: crate::query::rules::check::Check = crate::query::rules::check::Check {
                id: $id,
                also: &$also,
                level: crate::query::endpoints::Level::$level,
                certainty: crate::azure::Certainty::$certainty,
                title: $title,
                why: $why,
                fix: $fix,
                source: $source,
            };
        )*
        pub(super) const $list: &[crate::query::rules::check::Check] = &[$($name),*];
    };
}
use table;

/// Every check, in the order in which they are listed.
pub fn catalogue() -> impl Iterator<Item = &'static Check> {
    registry::REGISTRY
        .iter()
        .chain(rows::ROWS)
        .chain(network::NETWORK)
}

/// The check of an id or of another name of its fact; case is ignored.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    let own = catalogue().find(|check| check.id.eq_ignore_ascii_case(id));
    own.or_else(|| catalogue().find(|it| it.also.iter().any(|also| also.eq_ignore_ascii_case(id))))
}

/// Ids near a mistyped one, best first.
#[must_use]
pub fn nearest(id: &str) -> Vec<&'static str> {
    closest(id, catalogue().map(|check| check.id), 3)
}

/// Checks as a table.
pub struct Checks(Vec<&'static Check>);

impl Checks {
    /// All of them.
    #[must_use]
    pub fn all() -> Self {
        Self(catalogue().collect())
    }

    /// One.
    #[must_use]
    pub fn one(check: &'static Check) -> Self {
        Self(vec![check])
    }

    /// The checks.
    #[must_use]
    pub fn list(&self) -> &[&'static Check] {
        &self.0
    }

    /// The JSON document.
    #[must_use]
    pub fn record(&self) -> ChecksRecord<'_> {
        ChecksRecord {
            schema_version: SCHEMA_VERSION,
            checks: &self.0,
        }
    }
}

/// The JSON document of checks.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChecksRecord<'a> {
    schema_version: u32,
    checks: &'a [&'static Check],
}

impl Lines for ChecksRecord<'_> {
    fn lines(&self, _: bool) -> impl Iterator<Item = impl serde::Serialize> {
        plain(self.checks)
    }
}

impl Sheet for Checks {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 8] = [
            ColumnSpec::whole("id", "id"),
            ColumnSpec::whole("level", "level"),
            ColumnSpec::list("what", "title"),
            ColumnSpec::whole("also", "also"),
            ColumnSpec::whole("certainty", "certainty"),
            ColumnSpec::list("why", "why"),
            ColumnSpec::list("fix", "fix"),
            ColumnSpec::list("source", "source"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(check) = self.0.get(row) else {
            return Cell::None;
        };
        match column {
            0 => Cell::text(check.id),
            1 => Cell::text(check.level.word()),
            2 => Cell::text(check.title),
            3 => Cell::text(check.also.join(" ")),
            4 => Cell::text(check.certainty.word()),
            5 => Cell::text(check.why),
            6 => Cell::text(check.fix),
            7 => Cell::text(check.source),
            _ => Cell::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_one_word_of_its_own() {
        let mut names: Vec<String> = catalogue()
            .flat_map(|check| check.also.iter().chain([&check.id]))
            .map(|id| id.to_lowercase())
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(names.iter().all(|id| id.chars().all(is_plain)));
        for check in catalogue() {
            for text in [check.title, check.why, check.fix, check.source] {
                assert!(
                    !text.trim().is_empty() && text.trim() == text,
                    "{}",
                    check.id
                );
            }
            assert!(
                check.why.ends_with('.') && check.fix.ends_with('.'),
                "{}",
                check.id
            );
        }
    }

    #[test]
    fn another_name_of_a_fact_leads_to_its_check() {
        for (typed, id) in [
            ("e10", "C3"),
            ("E21", "C7"),
            ("c13", "C6"),
            ("Shadowed", "shadowed"),
        ] {
            assert_eq!(find(typed).unwrap().id, id);
        }
        assert_eq!(find("nothing"), None);
        assert!(nearest("shadow").contains(&"shadowed"));
    }
}
