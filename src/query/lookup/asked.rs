//! A whole text → the question in it: addresses, a list of them, a tag, or whether addresses are in
//! a tag.

use crate::azure::{Name, PlatformTag};
use crate::index::TagId;
use crate::query::lookup::{Query, QueryError};
use crate::query::names::{Parts, UnknownName, WeekNames, tag_of};
use crate::text::{Safe, clean, items, lines};

/// What a whole text asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// An address, a CIDR, a range, a host or a registry.
    One(Query),
    /// Several, in the order of the text, and what is wrong among them.
    Several(Vec<Result<Query, QueryError>>),
    /// Whether addresses are in a tag.
    Within(Within),
    /// A tag by its name.
    Tag(TagId),
    /// A tag of the platform.
    Platform(PlatformTag),
}

/// Whether addresses are in some tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// The addresses.
    pub queries: Vec<Query>,
    /// The tags that are meant by `name`.
    pub tags: Vec<TagId>,
    /// The tag's published name, or the pattern as it was typed.
    pub name: String,
    /// What is to be said of the name.
    pub notes: Vec<Safe>,
}

/// Why a text asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskedError {
    /// No address and no name.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// `in` a tag that there is not.
    #[error(transparent)]
    Name(#[from] UnknownName),
    /// `in` a tag whose addresses nobody publishes.
    #[error("{} has no published addresses: it is {}", tag.name(), tag.meaning())]
    Platform {
        /// The tag.
        tag: PlatformTag,
    },
}

/// Words that may stand before the addresses.
const BEFORE: [&str; 4] = ["is", "are", "ip", "address"];
/// Words that may stand between the addresses and the tag.
const BETWEEN: [&str; 6] = ["in", "within", "inside", "part", "of", "tag"];

/// Reads a text as a question.
///
/// # Errors
/// [`AskedError`] names what is wrong.
pub fn read(text: &str, names: WeekNames<'_>) -> Result<Asked, AskedError> {
    let text = text.trim();
    // No name has an address in it; the table of names is built only where it is needed.
    if lines(text).all(|line| items(text.get(line).unwrap_or_default()).next().is_none()) {
        match names.resolve(text) {
            name @ Name::Tag { .. } => {
                if let Some(tag) = tag_of(&name) {
                    return Ok(Asked::Tag(tag));
                }
            }
            Name::Platform(tag) => return Ok(Asked::Platform(tag)),
            Name::Any | Name::Pattern(_) | Name::Unknown => {}
        }
    } else if let Some(within) = within(text, names) {
        return within.map(Asked::Within);
    }
    let cloud = names.dataset().cloud();
    let mut all = Query::all(text, cloud);
    if all.len() > 1 {
        return Ok(Asked::Several(all));
    }
    let only = all.pop().unwrap_or(Err(QueryError::Empty))?;
    Ok(Asked::One(only))
}

/// `A in TAG`, `is A in TAG?`, `A TAG`; `None` where the words beside the addresses are no tag and
/// nothing says that they should be.
fn within(text: &str, names: WeekNames<'_>) -> Option<Result<Within, AskedError>> {
    let mut of_lines = lines(text);
    let line = text.get(of_lines.next()?)?;
    if of_lines.next().is_some() {
        return None;
    }
    let found: Vec<_> = items(line).collect();
    let (first, last) = (found.first()?, found.last()?);
    let before = line.get(..first.span.start)?;
    let mut words_before = before.split_whitespace();
    if !words_before.all(|word| is_one_of(word, &BEFORE)) {
        return None;
    }
    let rest = line.get(last.span.end..)?.trim().trim_end_matches('?');
    let (rest, is_asked) = without_words(rest);
    if rest.is_empty() {
        return None;
    }
    let queries: Result<Vec<Query>, QueryError> = found
        .iter()
        .map(|found| Query::of(found, line, None))
        .collect();
    let queries = match queries {
        Ok(queries) => queries,
        Err(error) => return Some(Err(error.into())),
    };
    let name = names.resolve(rest);
    Some(match name {
        Name::Platform(tag) => Err(AskedError::Platform { tag }),
        Name::Unknown | Name::Any | Name::Pattern(_) if !is_asked => return None,
        _ => names
            .choose_tags(&[rest.to_owned()], Parts::Refused)
            .map_err(AskedError::Name)
            .map(|(tags, notes)| Within {
                name: match &name {
                    Name::Tag { name, .. } => name.clone(),
                    _ => clean(rest).into_owned(),
                },
                queries,
                tags,
                notes: notes.into_iter().map(Safe::from).collect(),
            }),
    })
}

/// What is left behind the words that lead to a tag, and whether there were any.
fn without_words(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut is_asked = false;
    while let Some((word, behind)) = rest.split_once(char::is_whitespace) {
        if !is_one_of(word, &BETWEEN) {
            break;
        }
        is_asked = true;
        rest = behind.trim_start();
    }
    (rest, is_asked)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}
