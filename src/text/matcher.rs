//! How typed words find names.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern as Fuzzy};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A command-line PATTERN: a glob where it has `*` or `?`, else a substring; case is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// As it was typed.
    typed: String,
    /// In lower case.
    text: String,
    kind: PatternKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PatternKind {
    /// Any part of a name.
    Part,
    /// A whole name, with wildcards.
    Glob,
    /// A whole name as it is.
    Whole,
}

impl Pattern {
    /// Prepares `text`; every text is a pattern, the empty one matches everything.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            typed: text.to_owned(),
            text: text.to_lowercase(),
            kind: if text.contains(['*', '?']) {
                PatternKind::Glob
            } else {
                PatternKind::Part
            },
        }
    }

    /// One name alone.
    #[must_use]
    pub fn whole(name: &str) -> Self {
        Self {
            typed: name.to_owned(),
            text: name.to_lowercase(),
            kind: PatternKind::Whole,
        }
    }

    /// The text as it was typed.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether it is this name, but for the case.
    #[must_use]
    pub fn is_name(&self, name: &str) -> bool {
        self.kind != PatternKind::Glob && self.text == name.to_lowercase()
    }

    /// Whether `name` matches: the whole of it for a glob and for one name, else any part of it.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        match self.kind {
            PatternKind::Part => name.contains(&self.text),
            PatternKind::Glob => glob(&self.text, &name),
            PatternKind::Whole => name == self.text,
        }
    }
}

/// Iterative matching with one backtrack point: linear in practice, quadratic at worst.
fn glob(pattern: &str, name: &str) -> bool {
    let (mut pattern_rest, mut name_rest) = (pattern.chars(), name.chars());
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let mut pattern_next = pattern_rest.clone();
        match pattern_next.next() {
            Some('*') => {
                retry = Some((pattern_next.clone(), name_rest.clone()));
                pattern_rest = pattern_next;
                continue;
            }
            Some(wanted) => {
                let mut name_next = name_rest.clone();
                if let Some(found) = name_next.next()
                    && (wanted == '?' || wanted == found)
                {
                    (pattern_rest, name_rest) = (pattern_next, name_next);
                    continue;
                }
            }
            None if name_rest.as_str().is_empty() => return true,
            None => {}
        }
        let Some((pattern_saved, name_saved)) = &mut retry else {
            return false;
        };
        if name_saved.next().is_none() {
            return false;
        }
        (pattern_rest, name_rest) = (pattern_saved.clone(), name_saved.clone());
    }
}

/// Whether a row passes a typed filter: every word occurs in one of its cells, every `!word` in
/// none.
///
/// Smart case: a word with a capital letter is compared exactly.
#[must_use]
pub fn matches_words(filter: &str, cells: &[&str]) -> bool {
    filter.split_whitespace().all(|word| {
        let (wanted, word) = match word.strip_prefix('!') {
            Some("") => return true,
            Some(rest) => (false, rest),
            None => (true, word),
        };
        let is_exact = word.chars().any(char::is_uppercase);
        let holds = |cell: &&str| {
            if is_exact {
                cell.contains(word)
            } else if word.is_ascii() {
                contains_ignoring_case(cell, word)
            } else {
                cell.to_lowercase().contains(word)
            }
        };
        cells.iter().any(holds) == wanted
    })
}

/// Whether `text` has `word`, both compared by ASCII letters without regard to case.
fn contains_ignoring_case(text: &str, word: &str) -> bool {
    let mut windows = text.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

/// Up to `most` of `names` that a person may have meant by `typed`, best first.
///
/// Names whose capitals they are, that differ by a letter or two, or that share a long part;
/// nothing when none is near.
pub fn closest<'a>(
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    let typed_lower = typed.to_lowercase();
    let mut matcher = Matcher::new(Config::DEFAULT);
    let fuzzy = Fuzzy::parse(&typed_lower, CaseMatching::Ignore, Normalization::Smart);
    let limit = (typed_lower.chars().count() / 3).clamp(1, 4);
    let mut buffer = Vec::new();
    let mut scored: Vec<(usize, i64, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let distance = edit_distance(&typed_lower, &name.to_lowercase(), limit);
            let score = fuzzy.score(Utf32Str::new(name, &mut buffer), &mut matcher);
            let initials = name.chars().filter(char::is_ascii_uppercase);
            if initials
                .map(|c| c.to_ascii_lowercase())
                .eq(typed_lower.chars())
            {
                return Some((0, 0, name));
            }
            match (distance, score) {
                (Some(edits), _) => Some((edits, 0, name)),
                (None, Some(score)) => Some((limit + 1, -i64::from(score), name)),
                (None, None) => None,
            }
        })
        .collect();
    scored.sort_unstable_by_key(|&(edits, score, name)| (edits, score, name.len(), name));
    scored
        .into_iter()
        .take(most)
        .map(|(_, _, name)| name)
        .collect()
}

/// The places of the `rows` that hold the letters of `typed` in order, best first; all of them, as
/// they stand, when nothing is typed.
pub fn ranked<'a>(typed: &str, rows: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let fuzzy = Fuzzy::new(
        typed,
        CaseMatching::Ignore,
        Normalization::Smart,
        AtomKind::Fuzzy,
    );
    let mut buffer = Vec::new();
    let is_typed = !typed.trim().is_empty();
    let mut scored: Vec<(std::cmp::Reverse<u32>, usize, usize)> = rows
        .into_iter()
        .enumerate()
        .filter_map(|(place, row)| {
            let score = fuzzy.score(Utf32Str::new(row, &mut buffer), &mut matcher)?;
            // Of two that fit as well, the one that says less besides.
            let length = if is_typed { row.len() } else { 0 };
            Some((std::cmp::Reverse(score), length, place))
        })
        .collect();
    scored.sort_unstable();
    scored.into_iter().map(|(_, _, place)| place).collect()
}

/// Letters and digits in lower case; what people put between and around them is dropped.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How many letters of a name of this length may be wrong for it to be near.
#[must_use]
pub fn allowed_edits(letters: usize) -> usize {
    (letters / 3).clamp(1, 4)
}

/// How many letters are put in, left out, changed or swapped with their neighbour between two
/// texts; `None` when that is more than [`allowed_edits`] of the longer.
#[must_use]
pub fn edits(one: &str, other: &str) -> Option<usize> {
    let lengths = [one.chars().count(), other.chars().count()];
    edit_distance(one, other, allowed_edits(lengths[0].max(lengths[1])))
}

/// The distance when it is at most `limit`.
fn edit_distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.chars().count().abs_diff(b.chars().count()) > limit {
        return None;
    }
    let row = edits_to_beginnings(a, b);
    row.last().copied().filter(|&distance| distance <= limit)
}

/// The distance of a word to every beginning of a text, the empty one first; a neighbouring pair
/// that is swapped is one edit.
#[must_use]
pub fn edits_to_beginnings(word: &str, text: &str) -> Vec<usize> {
    let text: Vec<char> = text.chars().take(256).collect();
    let mut above: Vec<usize> = (0..=text.len()).collect();
    let mut before_above: Vec<usize> = Vec::new();
    let mut last_letter = None;
    for (line, letter) in word.chars().take(256).enumerate() {
        let mut row = Vec::with_capacity(above.len());
        row.push(line + 1);
        let mut left = line + 1;
        let mut last_other = None;
        let cells = above.iter().zip(above.iter().skip(1)).zip(&text);
        for (place, ((&diagonal, &up), &other)) in cells.enumerate() {
            let mut best = (diagonal + usize::from(letter != other))
                .min(up + 1)
                .min(left + 1);
            if last_letter == Some(other)
                && last_other == Some(letter)
                && let Some(&corner) = place.checked_sub(1).and_then(|at| before_above.get(at))
            {
                best = best.min(corner + 1);
            }
            row.push(best);
            left = best;
            last_other = Some(other);
        }
        before_above = std::mem::replace(&mut above, row);
        last_letter = Some(letter);
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_glob_only_with_wildcards() {
        let cases = [
            ("storage", "Storage.WestEurope", true),
            ("storage.*", "Storage.WestEurope", true),
            ("storage*", "AzureStorage", false),
            ("*.west*rope", "Storage.WestEurope", true),
            ("?torage", "Storage", true),
            ("?torage", "Storage.X", false),
            ("", "anything", true),
            ("*", "", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(
                Pattern::new(pattern).matches(name),
                expected,
                "{pattern} {name}"
            );
        }
    }

    #[test]
    fn filter_words_are_smart_case_and_invertible() {
        let row = ["Storage.WestEurope", "westeurope", "Ärger"];
        for (filter, expected) in [
            ("west storage", true),
            ("West", true),
            ("WEST", false),
            ("storage !east", true),
            ("storage !west", false),
            ("!", true),
            ("", true),
            ("ärger", true),
            ("europewest", false),
        ] {
            assert_eq!(matches_words(filter, &row), expected, "{filter}");
        }
    }

    #[test]
    fn the_closest_name_is_first() {
        let names = [
            "Storage",
            "Storage.WestEurope",
            "Sql",
            "AzureContainerRegistry",
        ];
        assert_eq!(closest("storge", names, 3).first(), Some(&"Storage"));
        assert_eq!(
            closest("Storage.WestEurop", names, 1),
            ["Storage.WestEurope"]
        );
        assert_eq!(
            closest("containerreg", names, 1),
            ["AzureContainerRegistry"]
        );
        assert_eq!(closest("acr", names, 1), ["AzureContainerRegistry"]);
        assert_eq!(closest("zzzzzz", names, 3), Vec::<&str>::new());
    }

    #[test]
    fn the_best_row_is_ranked_first_and_nothing_typed_keeps_all() {
        let rows = ["copy the prefix", "view Lookup", "sort by the next column"];
        assert_eq!(ranked("", rows), [0, 1, 2]);
        assert_eq!(ranked("lookup", rows), [1]);
        assert_eq!(ranked("sort", rows), [2]);
        assert_eq!(ranked("zzz", rows), Vec::<usize>::new());
        assert_eq!(
            ranked("!a ^b", ["words, !a, ^b"]),
            [0],
            "no sign has a meaning"
        );
    }

    #[test]
    fn edit_distance_agrees_with_the_definition() {
        assert_eq!(edit_distance("kitten", "sitting", 5), Some(3));
        assert_eq!(edit_distance("", "abc", 5), Some(3));
        assert_eq!(edit_distance("abc", "", 5), Some(3));
        assert_eq!(edit_distance("kitten", "sitting", 2), None);
        assert_eq!(edit_distance("sotrage", "storage", 1), Some(1), "swapped");
        assert_eq!(edit_distance("ab", "ba", 2), Some(1));
        assert_eq!(edits_to_beginnings("ab", "abc"), [2, 1, 0, 1]);
    }
}
