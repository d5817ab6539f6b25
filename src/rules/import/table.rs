//! Lists that are tables: the same cells in every line, of which one column is the entries.

use crate::rules::Entry;
use crate::rules::import::NoRules;
use crate::text::{Reading, Safe, What, items};

/// What stands between cells.
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];
/// Longest name of a column in an error.
const MAX_NAME: usize = 40;

/// The column of a table that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableColumn {
    /// What stands between cells, and which cell; without it the line is an address with its mask.
    cell: Option<(char, usize)>,
    /// The line that names the columns.
    pub head: Option<usize>,
    /// The column as it is named for people.
    pub name: Safe,
}

/// A cell without its quotes, and its column from 1.
struct TextCell<'a> {
    column: usize,
    text: &'a str,
}

impl TableColumn {
    /// The column of addresses, else of tags, where the lines are a table; `wanted` names one, or gives
    /// its number.
    ///
    /// # Errors
    /// Two columns could be it, or none is called `wanted`.
    pub fn of(lines: &[(usize, &str)], wanted: Option<&str>) -> Result<Option<Self>, NoRules> {
        let Some(separator) = separator_of(lines) else {
            return match wanted {
                Some(typed) => Err(NoRules::NoColumn {
                    typed: Safe::new(typed),
                    known: Safe::new("the lines are no table"),
                }),
                None => Ok(None),
            };
        };
        let rows: Vec<Vec<TextCell<'_>>> = lines
            .iter()
            .map(|(_, line)| cells(line, separator))
            .collect();
        let (Some(first), Some(&(number, _))) = (rows.first(), lines.first()) else {
            return Ok(None);
        };
        let below = rows.get(1..).unwrap_or_default();
        let all_below = |place: usize, is_it: fn(&str) -> bool| {
            let mut cells = below.iter().map(|row| row.get(place));
            cells.all(|cell| cell.is_some_and(|cell| is_it(cell.text)))
        };
        let column = |place: usize| {
            let own = first.get(place).map_or("", |cell| cell.text);
            let head = (!is_address(own) || is_named(own, wanted)).then_some(number);
            let name = match head {
                Some(_) => own.chars().take(MAX_NAME).collect(),
                None => format!("column {}", place + 1),
            };
            Self {
                cell: Some((separator, place)),
                head,
                name: Safe::from(name),
            }
        };
        let columns = 0..first.len();
        if let Some(typed) = wanted {
            let number = typed.parse::<usize>().ok().and_then(|it| it.checked_sub(1));
            let named = first.iter().position(|cell| is_named(cell.text, wanted));
            let place = named.or(number.filter(|place| columns.contains(place)));
            return match place {
                Some(place) => Ok(Some(column(place))),
                None => Err(NoRules::NoColumn {
                    typed: Safe::new(typed),
                    known: names(columns.map(column)),
                }),
            };
        }
        let has_addresses: Vec<usize> = columns
            .clone()
            .filter(|&place| all_below(place, is_address))
            .collect();
        let is_whole = |place: &usize| first.get(*place).is_some_and(|cell| is_address(cell.text));
        // Nothing but addresses, or addresses and their masks: read line by line.
        let is_list = has_addresses.len() == first.len() && has_addresses.iter().all(is_whole);
        if is_list || below.is_empty() {
            return Ok(None);
        }
        let has_masks =
            has_addresses.len() > 1 && lines.iter().skip(1).all(|(_, line)| is_masked(line));
        let found = match has_addresses.as_slice() {
            [] => columns.filter(|&place| all_below(place, is_tag)).collect(),
            [first, ..] if has_masks => {
                return Ok(Some(Self {
                    cell: None,
                    ..column(*first)
                }));
            }
            _ => has_addresses,
        };
        match found.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(column(*only))),
            several => Err(NoRules::Columns {
                names: names(several.iter().map(|&place| column(place))),
            }),
        }
    }

    /// The cell of a line, and its column from 1; of an address and its mask the line.
    pub fn cell<'a>(&self, line: &'a str) -> Option<(usize, &'a str)> {
        let Some((separator, place)) = self.cell else {
            return Some((1, line));
        };
        let cell = cells(line, separator).into_iter().nth(place)?;
        Some((cell.column, cell.text))
    }
}

fn names(columns: impl Iterator<Item = TableColumn>) -> Safe {
    let names: Vec<String> = columns.map(|column| column.name.to_string()).collect();
    Safe::from(names.join(", "))
}

fn is_named(cell: &str, wanted: Option<&str>) -> bool {
    wanted.is_some_and(|name| name.trim().eq_ignore_ascii_case(cell))
}

/// What stands equally often, at least once, in each of two or more lines.
fn separator_of(lines: &[(usize, &str)]) -> Option<char> {
    let (_, first) = lines.first()?;
    let is_between = |separator: &char| {
        let count = cells(first, *separator).len();
        count > 1
            && lines
                .iter()
                .all(|(_, line)| cells(line, *separator).len() == count)
    };
    SEPARATORS
        .into_iter()
        .find(is_between)
        .filter(|_| lines.len() > 1)
}

/// The cells of a line; a separator within double quotes is none.
fn cells(line: &str, separator: char) -> Vec<TextCell<'_>> {
    let mut is_quoted = false;
    let mut column = 1;
    line.split(|c: char| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
    .map(|part| {
        let text = part.trim().trim_matches('"').trim();
        let before = part.find(text).unwrap_or(0);
        let cell = TextCell {
            column: column + part.get(..before).unwrap_or_default().chars().count(),
            text,
        };
        column += part.chars().count() + 1;
        cell
    })
    .collect()
}

/// Whether a cell is one address, CIDR or range.
fn is_address(cell: &str) -> bool {
    let mut found = items(cell);
    let is_whole = found.next().is_some_and(|found| {
        found.span == (0..cell.len()) && !matches!(found.what, What::Wrong(_))
    });
    is_whole && found.next().is_none()
}

fn is_tag(cell: &str) -> bool {
    matches!(Entry::parse(cell), Entry::Tag(_) | Entry::Platform(_))
}

/// Whether a line is one address with its mask.
fn is_masked(line: &str) -> bool {
    let found: Vec<_> = items(line).collect();
    let is_mask = |it: Reading| matches!(it, Reading::Mask | Reading::Wildcard);
    matches!(found.as_slice(), [only] if only.readings.iter().any(is_mask))
}
