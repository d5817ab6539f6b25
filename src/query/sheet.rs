//! Answers as columns and typed cells.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::azure::{DateKind, Numbers};
use crate::space::Count;
use crate::text::{cut_end, cut_middle};

/// A table whose rows are made when they are asked for.
pub trait Sheet {
    /// The columns, left to right.
    fn columns(&self) -> &[ColumnSpec];
    /// Rows.
    fn len(&self) -> usize;
    /// The cell at a place; [`Cell::None`] outside the table.
    fn cell(&self, row: usize, column: usize) -> Cell<'_>;
    /// Whether a file of it has a last column [`NUMBERS_KEY`].
    fn has_numbers(&self) -> bool {
        self.columns().iter().any(|column| column.is_change)
    }
    /// What that column says of a row: the least sure of its changeNumbers; nothing where it has none.
    fn numbers(&self, row: usize) -> Option<Numbers> {
        let numbers = (0..self.columns().len()).filter_map(|column| match self.cell(row, column) {
            Cell::Change(Some(_), numbers) => Some(numbers),
            Cell::Change(None, _) => Some(Numbers::Absent),
            _ => None,
        });
        let rank = |numbers: &Numbers| match numbers {
            Numbers::Absent => 0,
            Numbers::Published => 1,
            Numbers::Derived => 2,
        };
        numbers.max_by_key(rank)
    }
    /// Whether there are no rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The key of where changeNumbers are from: published, derived or absent.
pub const NUMBERS_KEY: &str = "changeNumbers";

/// A column's head and manners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Head on a screen.
    pub title: &'static str,
    /// Head in CSV: the JSON key.
    pub key: &'static str,
    /// Side on which cells line up.
    pub align: Align,
    /// What happens when the column is narrower than the cell.
    pub cut: Cut,
    /// Whether its cells are [`Cell::Change`]: a file says in a column of its own where they are from.
    pub is_change: bool,
}

impl ColumnSpec {
    /// A column of text that may be cut in the middle.
    #[must_use]
    pub const fn text(title: &'static str, key: &'static str) -> Self {
        Self {
            title,
            key,
            align: Align::Left,
            cut: Cut::Middle,
            is_change: false,
        }
    }

    /// A column of the names that a table is about.
    #[must_use]
    pub const fn name(title: &'static str, key: &'static str) -> Self {
        Self {
            cut: Cut::Last,
            ..Self::text(title, key)
        }
    }

    /// A column of lists that may be cut at the end.
    #[must_use]
    pub const fn list(title: &'static str, key: &'static str) -> Self {
        Self {
            title,
            key,
            align: Align::Left,
            cut: Cut::End,
            is_change: false,
        }
    }

    /// A column of text that is never cut.
    #[must_use]
    pub const fn whole(title: &'static str, key: &'static str) -> Self {
        Self {
            title,
            key,
            align: Align::Left,
            cut: Cut::Never,
            is_change: false,
        }
    }

    /// A column of changeNumbers.
    #[must_use]
    pub const fn change(title: &'static str, key: &'static str) -> Self {
        Self {
            is_change: true,
            ..Self::number(title, key)
        }
    }

    /// A column of numbers.
    #[must_use]
    pub const fn number(title: &'static str, key: &'static str) -> Self {
        Self {
            title,
            key,
            align: Align::Right,
            cut: Cut::Never,
            is_change: false,
        }
    }
}

impl ColumnSpec {
    /// `text` cut to `columns` columns in the column's manner.
    #[must_use]
    pub fn fit<'a>(&self, text: &'a str, columns: usize) -> Cow<'a, str> {
        match self.cut {
            Cut::End => cut_end(text, columns),
            Cut::Middle | Cut::Last | Cut::Never => cut_middle(text, columns),
        }
    }
}

/// Side on which cells line up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// What may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The middle of long names.
    Middle,
    /// The middle of names that are the subject: once no other column can give way.
    Last,
    /// The end of lists, whose first words matter most.
    End,
    /// Nothing: a part would mislead.
    Never,
}

/// One value of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing to say; shown as `–`.
    None,
    /// A text, already clean.
    Text(Cow<'a, str>),
    /// A small number.
    Number(usize),
    /// A number of addresses.
    Count(Count),
    /// A changeNumber and where it comes from.
    Change(Option<u32>, Numbers),
    /// A part of a whole, 0 to 1.
    Share(f64),
    /// A publication's date and where it is from; an inferred one is marked on a screen.
    Date(Date, DateKind),
    /// A text of dates, the inferred ones marked; a file has them without.
    Dates(String),
    /// The oldest date at hand, on which something was there already; shown as before it.
    Since(Date, DateKind),
}

impl<'a> Cell<'a> {
    /// A text cell; an empty text is nothing.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::None
        } else {
            Self::Text(text)
        }
    }

    /// A number of things that were counted.
    #[must_use]
    pub fn counted(count: u64) -> Self {
        Self::Number(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// A text of dates; an empty one is nothing.
    #[must_use]
    pub fn dates(text: String) -> Self {
        if text.is_empty() {
            Self::None
        } else {
            Self::Dates(text)
        }
    }

    /// As on a screen: separators, marks, short forms of huge counts.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::None | Self::Change(None, _) => Cow::Borrowed("–"),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(count(*number).grouped()),
            Self::Count(count) => Cow::Owned(count.short()),
            Self::Change(Some(number), numbers) => {
                Cow::Owned(format!("{number}{}", numbers.mark()))
            }
            Self::Share(share) => Cow::Owned(percent(*share)),
            Self::Date(date, kind) => Cow::Owned(format!("{date}{}", kind.mark())),
            Self::Dates(text) => Cow::Borrowed(text),
            Self::Since(date, kind) => Cow::Owned(format!("before {date}{}", kind.mark())),
        }
    }

    /// As in a list whose screen says already what is estimated.
    #[must_use]
    pub fn listed(&self) -> Cow<'_, str> {
        match self {
            Self::Change(number, _) => Cow::Owned(
                Self::Change(*number, Numbers::Published)
                    .shown()
                    .into_owned(),
            ),
            other => other.shown(),
        }
    }

    /// As in a file: digits only, empty for nothing.
    #[must_use]
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::None | Self::Change(None, _) => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Count(count) => Cow::Owned(count.to_string()),
            Self::Change(Some(number), _) => Cow::Owned(number.to_string()),
            Self::Share(share) => Cow::Owned(format!("{share:.6}")),
            Self::Date(date, _) | Self::Since(date, _) => Cow::Owned(date.to_string()),
            Self::Dates(text) => Cow::Owned(text.replace(DateKind::Inferred.mark(), "")),
        }
    }
}

fn count(number: usize) -> Count {
    Count::new(u128::try_from(number).unwrap_or(u128::MAX))
}

/// A share as a percentage: one decimal, and never 0 or 100 by rounding.
fn percent(share: f64) -> String {
    let text = format!("{:.1} %", share * 100.0);
    match text.as_str() {
        "0.0 %" if share > 0.0 => "<0.1 %".to_owned(),
        "100.0 %" if share < 1.0 => ">99.9 %".to_owned(),
        "100.0 %" => "100 %".to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_all_or_nothing() {
        for (share, expected) in [
            (0.0, "0.0 %"),
            (0.000_1, "<0.1 %"),
            (0.25, "25.0 %"),
            (0.999_99, ">99.9 %"),
            (1.0, "100 %"),
        ] {
            assert_eq!(Cell::Share(share).shown(), expected);
        }
    }

    #[test]
    fn an_inferred_date_is_marked_on_a_screen_and_bare_in_a_file() {
        let date = Date::constant(2026, 10, 19);
        for (cell, shown) in [
            (Cell::Date(date, DateKind::Inferred), "2026-10-19†"),
            (Cell::Date(date, DateKind::Published), "2026-10-19"),
            (Cell::Since(date, DateKind::Inferred), "before 2026-10-19†"),
        ] {
            assert_eq!(
                (cell.shown(), cell.plain()),
                (shown.into(), "2026-10-19".into())
            );
        }
    }

    #[test]
    fn a_derived_number_carries_its_mark_everywhere() {
        let cell = Cell::Change(Some(41), Numbers::Derived);
        assert_eq!((cell.shown(), cell.plain()), ("41†".into(), "41".into()));
        assert_eq!(Cell::Change(None, Numbers::Derived).shown(), "–");
    }
}
