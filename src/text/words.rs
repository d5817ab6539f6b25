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
}
