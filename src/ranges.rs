//! Ranges that are not Azure's: a list of one's own, and what others publish.
//!
//! They stand beside the tags of a week and never among them: an address that is in no tag of Azure can
//! have a name all the same.

mod index;
mod list;
mod published;
#[cfg(test)]
mod tests;

use crate::space::{Block, Family, Span};
use crate::text::{Pattern, Safe, closest, decode_lossy, first_of};

use index::BlockIndex;

/// What stands before the name of a list of one's own: `own:office`.
const OWN: &str = "own";
/// Names that are offered instead of an unknown one.
const NEAR: usize = 3;

/// Why a file holds no ranges.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RangesError {
    /// The name could be mistaken in an answer.
    #[error("\"{0}\" is no name for ranges: letters, digits, - and _")]
    Name(Safe),
    /// Two files of one name.
    #[error("two files of ranges are called {0}")]
    Twice(Safe),
    /// It is JSON of another shape.
    #[error(
        "is JSON, but neither an array of CIDRs nor what AWS, Google Cloud, Cloudflare, GitHub, Microsoft 365 or \
         Oracle publish"
    )]
    Shape,
    /// A publication of service tags.
    #[error("holds service tags of Azure: --file reads it")]
    ServiceTags,
    /// A line of a list.
    #[error("line {line}: \"{text}\" is no address, CIDR or range")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What stands there.
        text: Safe,
    },
    /// A value of a publication.
    #[error("\"{0}\" is no CIDR")]
    Prefix(Safe),
    /// There is none in it.
    #[error("holds no range")]
    Empty,
}

/// A name of ranges that has no tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no tag \"{typed}\" in the ranges of --also; {hint}")]
pub struct NoOther {
    typed: Safe,
    hint: Safe,
}

/// Named ranges, searched together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OtherRanges {
    /// The files, by the names that they were given.
    files: Vec<String>,
    /// The tags of all of them: `own:office`, `aws:S3.us-east-1`.
    tags: Vec<String>,
    /// Each block with its tags, before the index was built.
    rows: Vec<(Block, usize)>,
    index: BlockIndex,
}

/// A tag that is not Azure's, and its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherHit<'a> {
    /// The tag: `own:office`, `aws:S3.us-east-1`.
    pub tag: &'a str,
    /// The range.
    pub prefix: Block,
}

impl OtherRanges {
    /// Adds what a file holds, under a name.
    ///
    /// # Errors
    /// [`RangesError`]; nothing of the file is taken then.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), RangesError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.is_empty() || !name.chars().all(fits) || name.eq_ignore_ascii_case(OWN) {
            return Err(RangesError::Name(Safe::new(name)));
        }
        if self.files.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return Err(RangesError::Twice(Safe::new(name)));
        }
        let groups = read(name, bytes)?;
        if groups.iter().all(|(_, blocks)| blocks.is_empty()) {
            return Err(RangesError::Empty);
        }
        self.files.push(name.to_owned());
        for (tag, blocks) in groups {
            let place = self.tags.len();
            self.tags.push(tag);
            self.rows
                .extend(blocks.into_iter().map(|block| (block, place)));
        }
        self.index = BlockIndex::new(&self.rows, self.tags.len());
        Ok(())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// Every tag, in the order of the files.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// The tags that a word chooses: one by its name, those that a glob matches, all of a file by its name.
    /// Nothing where the word is not about these ranges.
    ///
    /// # Errors
    /// It is, and none of them is meant.
    pub fn choose(&self, typed: &str) -> Option<Result<Vec<&str>, NoOther>> {
        let is_file = |name: &str| self.files.iter().any(|own| own.eq_ignore_ascii_case(name));
        let (first, inner) = typed.split_once(':').unwrap_or((typed, ""));
        let is_own = first.eq_ignore_ascii_case(OWN) && !inner.is_empty();
        if !is_own && !is_file(first) {
            return None;
        }
        let pattern = if typed.contains(['*', '?']) {
            Pattern::new(typed)
        } else {
            Pattern::whole(typed)
        };
        let is_of_file = |tag: &str| {
            let (head, rest) = tag.split_once(':').unwrap_or((tag, ""));
            let file = if head == OWN { rest } else { head };
            inner.is_empty() && file.eq_ignore_ascii_case(first)
        };
        let tags = self.tags.iter().map(String::as_str);
        let found: Vec<&str> = tags
            .clone()
            .filter(|tag| pattern.matches(tag) || is_of_file(tag))
            .collect();
        Some(if found.is_empty() {
            let near = closest(typed, tags.clone(), NEAR).join(", ");
            let hint = if near.is_empty() {
                format!("there are {}", first_of(tags, NEAR, ", "))
            } else {
                format!("did you mean {near}?")
            };
            Err(NoOther {
                typed: Safe::new(typed),
                hint: Safe::new(&hint),
            })
        } else {
            Ok(found)
        })
    }

    /// The narrowest range that holds an address, by its place: below [`Self::range_count`].
    #[inline]
    #[must_use]
    pub fn at(&self, family: Family, bits: u128) -> Option<usize> {
        self.index.narrowest(family, bits)
    }

    /// How many ranges there are.
    #[must_use]
    pub fn range_count(&self) -> usize {
        self.index.len()
    }

    /// The tags of the addresses whose narrowest range has this place, the narrowest range first.
    pub fn hits(&self, place: usize) -> impl Iterator<Item = OtherHit<'_>> {
        let found = self.index.around(place);
        found.filter_map(|(prefix, tag)| {
            let tag = self.tags.get(tag)?;
            Some(OtherHit { tag, prefix })
        })
    }

    /// The tags whose ranges meet a span, the narrowest range first; of one range the narrower tag.
    #[must_use]
    pub fn meeting(&self, span: Span) -> Vec<OtherHit<'_>> {
        let found = self.index.meeting(span).into_iter();
        let hit = |(prefix, tag): (Block, usize)| {
            let tag = self.tags.get(tag)?;
            Some(OtherHit { tag, prefix })
        };
        found.filter_map(hit).collect()
    }
}

/// The tags of a file, each with its blocks.
fn read(name: &str, bytes: &[u8]) -> Result<Vec<(String, Vec<Block>)>, RangesError> {
    let own = |blocks| vec![(format!("{OWN}:{name}"), blocks)];
    let is_json = bytes
        .iter()
        .find(|byte| !byte.is_ascii_whitespace())
        .is_some_and(|byte| b"{[".contains(byte));
    // A list may begin with an IPv6 address in brackets.
    let value = is_json
        .then(|| serde_json::from_slice(bytes).ok())
        .flatten();
    let Some(value) = value else {
        return list::read(&decode_lossy(bytes)).map(own);
    };
    if let Some(blocks) = list::of_array(&value)? {
        return Ok(own(blocks));
    }
    let groups = published::read(&value)?;
    let tag = |inner: String| match inner.as_str() {
        "" => name.to_owned(),
        inner => format!("{name}:{inner}"),
    };
    Ok(groups
        .into_iter()
        .map(|(inner, blocks)| (tag(inner), blocks))
        .collect())
}
