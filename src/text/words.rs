//! Counts, lists and dates as sentences have them.

use std::fmt::Display;

/// The form that goes with a count: `row` or `rows`, `is` or `are`.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "counts are numbers")]
pub fn plural<'a, N: PartialEq + From<u8>>(count: N, one: &'a str, many: &'a str) -> &'a str {
    if count == N::from(1) { one } else { many }
}

/// `1 row`, `2 rows`.
#[must_use]
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(
    count: N,
    one: &str,
    many: &str,
) -> String {
    format!("{count} {}", plural(count, one, many))
}

/// `and 3 more`, where only `most` of `all` are shown.
#[must_use]
pub fn and_more(all: usize, most: usize) -> Option<String> {
    let more = all.saturating_sub(most);
    (more > 0).then(|| format!("and {more} more"))
}

/// The first `most` names with `between` them, and how many more there are: `a, b and 3 more`.
#[must_use]
pub fn first_of<N: Display>(
    names: impl IntoIterator<Item = N>,
    most: usize,
    between: &str,
) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(most).map(|it| it.to_string()).collect();
    let first = first.join(between);
    match and_more(names.count(), 0) {
        Some(more) => format!("{first} {more}"),
        None => first,
    }
}

/// Bytes with a unit, in powers of a thousand: `812 B`, `5.5 kB`, `182 GB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 7] = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    let (mut whole, mut tenths, mut place) = (count, 0, 0);
    while whole >= 1_000 {
        (tenths, whole) = (whole % 1_000 / 100, whole / 1_000);
        place += 1;
    }
    let unit = UNITS.get(place).copied().unwrap_or_default();
    if place == 0 || whole >= 100 {
        format!("{whole} {unit}")
    } else {
        format!("{whole}.{tenths} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_and_several_have_their_forms() {
        assert_eq!(counted(0, "entry", "entries"), "0 entries");
        assert_eq!(counted(1_u64, "entry", "entries"), "1 entry");
        assert_eq!(counted(2, "entry", "entries"), "2 entries");
    }

    #[test]
    fn what_has_no_room_is_counted() {
        assert_eq!(first_of(["a", "b"], 2, ", "), "a, b");
        assert_eq!(first_of(["a", "b", "c", "d"], 2, ", "), "a, b and 2 more");
        assert_eq!(first_of([] as [&str; 0], 2, ", "), "");
        assert_eq!((and_more(2, 2), and_more(1, 2)), (None, None));
    }

    #[test]
    fn bytes_have_three_digits_at_most_and_a_unit() {
        for (count, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (5_540, "5.5 kB"),
            (131_200, "131 kB"),
            (182_000_000_000, "182 GB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(bytes(count), shown);
        }
    }
}
