//! The published document, in both dialects, plain or gzip: bytes → [`Week`].
//!
//! Rows that cannot be read are counted with their tag and place, never fatal; a document that is
//! not one of service tags, or that exceeds the caps, is refused with what it looks like.

mod gzip;
mod mend;
mod prefix;
mod raw;
mod sniff;

use std::collections::HashSet;

use jiff::civil::Date;

use crate::azure::document::raw::{Prefixes, RawEntry, RawRoot};
use crate::azure::{Cloud, DateKind, Dialect, Features, Numbers, Tag, Week};
use crate::text::{Safe, clean};
pub use gzip::{GzipFlaw, gunzip, is_gzip};

/// Largest document, decompressed: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;
/// Most tags in a document.
pub const MAX_TAGS: usize = 20_000;
/// Most prefix rows in a document.
pub const MAX_ROWS: usize = 2_000_000;
/// Longest name of a tag, region, service or feature, in bytes.
pub const MAX_NAME: usize = 256;
/// Flaws kept with their place; more are only counted.
const FLAWS_KEPT: usize = 1_000;

/// A document that was read, and what was wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The publication.
    pub week: Week,
    /// The first thousand flaws, in document order.
    pub flaws: Vec<DocumentFlaw>,
    /// All flaws.
    pub flaw_count: usize,
}

/// Something in a document that could not be taken as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFlaw {
    /// The tag, or the place of the entry where it has no name.
    pub tag: Safe,
    /// Row within the tag, from 1; `None` for the tag itself.
    pub row: Option<usize>,
    /// What is wrong.
    pub kind: FlawKind,
    /// The text as found, cut to 80 columns.
    pub found: Safe,
}

/// What is wrong with a row or a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlawKind {
    /// Not a prefix: left out.
    NotAPrefix,
    /// A prefix of length zero would match every address: left out.
    ZeroLength,
    /// Bits behind the length are set: kept with the bits cleared.
    HostBits,
    /// Listed twice in one tag: kept once.
    Repeated,
    /// An entry that is no tag, or has no name: left out.
    NoTag,
    /// A second tag of the same name: left out.
    SameName,
    /// A changeNumber that is no number: taken as absent.
    Number,
    /// A region, service or feature of another type, or too long: taken as absent.
    Attribute,
    /// A name with characters that no name has: kept with marks for them.
    Name,
    /// A name longer than [`MAX_NAME`]: its tag is left out.
    LongName,
}

impl FlawKind {
    /// What it is and what was done, for a line of text.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotAPrefix => "not a prefix, left out",
            Self::ZeroLength => "a prefix of length 0 matches every address, left out",
            Self::HostBits => "bits behind the length are set, cleared",
            Self::Repeated => "listed twice, kept once",
            Self::NoTag => "not a tag, left out",
            Self::SameName => "a second tag of this name, left out",
            Self::Number => "changeNumber is no number, taken as absent",
            Self::Attribute => "an attribute of an unexpected form, taken as absent",
            Self::Name => "a name with characters that no name has, shown as marks",
            Self::LongName => "a name of more than 256 bytes, its tag is left out",
        }
    }
}

/// Why a document was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// No bytes, or only white space.
    #[error("the document is empty")]
    Empty,
    /// Something that is no JSON at all.
    #[error("not a service-tag document: it looks like {looks_like}")]
    OtherKind {
        /// What the first bytes or the keys look like.
        looks_like: Safe,
    },
    /// The end is missing.
    #[error("the JSON ends in the middle, at line {line}, column {column}: the file is truncated")]
    Truncated {
        /// Line of the end, from 1.
        line: usize,
        /// Column of the end, from 1.
        column: usize,
    },
    /// Not JSON from some place on.
    #[error("not valid JSON at line {line}, column {column}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The parser's words.
        message: Safe,
    },
    /// `values` is missing or holds nothing readable.
    #[error("the document has no tags: `values` is {state}")]
    NoTags {
        /// `missing`, `empty` or `of another type`.
        state: &'static str,
    },
    /// `cloud` is missing or unknown.
    #[error(
        "the document names the cloud \"{name}\"; known are Public, AzureGovernment, China and AzureGermany"
    )]
    UnknownCloud {
        /// What the document says.
        name: Safe,
    },
    /// A cap is exceeded.
    #[error("the document holds more than {limit} {what}, which no publication does")]
    TooLarge {
        /// `bytes`, `tags` or `rows`.
        what: &'static str,
        /// The cap.
        limit: usize,
    },
    /// A key stands twice in one object: programs differ in which of the two they read.
    #[error(
        "line {line}, column {column}: the key \"{key}\" stands twice in one object, and which of the two \
         counts is anybody's guess"
    )]
    Repeated {
        /// The key.
        key: Safe,
        /// Line of the second one, from 1.
        line: usize,
        /// Column of the second one, from 1.
        column: usize,
    },
    /// It is not unpacked.
    #[error(transparent)]
    Gzip(#[from] GzipFlaw),
}

/// The document's bytes without gzip; plain bytes pass through.
///
/// # Errors
/// [`DocumentError::Gzip`] for what is not unpacked, [`DocumentError::TooLarge`] past [`MAX_BYTES`].
pub fn decompress(bytes: Vec<u8>) -> Result<Vec<u8>, DocumentError> {
    let too_large = DocumentError::TooLarge {
        what: "bytes",
        limit: MAX_BYTES,
    };
    if !is_gzip(&bytes) {
        return if bytes.len() > MAX_BYTES {
            Err(too_large)
        } else {
            Ok(bytes)
        };
    }
    gunzip(&bytes, MAX_BYTES).map_err(|flaw| match flaw {
        GzipFlaw::Large { .. } => too_large,
        flaw => DocumentError::Gzip(flaw),
    })
}

/// Reads a decompressed document; `date` is what the file name or the fetcher says.
///
/// # Errors
/// [`DocumentError`] when it is no document of service tags or exceeds a cap.
pub fn parse(bytes: &[u8], date: Option<Date>) -> Result<Document, DocumentError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.len() > MAX_BYTES {
        let (what, limit) = ("bytes", MAX_BYTES);
        return Err(DocumentError::TooLarge { what, limit });
    }
    if let Some(refusal) = sniff::not_json(bytes) {
        return Err(refusal);
    }
    // Checking all bytes at once is cheaper than checking each string.
    let root = match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str::<RawRoot<'_>>(text),
        Err(_) => serde_json::from_slice(bytes),
    };
    let error = match root {
        Ok(root) => return Builder::default().build(bytes, root, date),
        Err(error) => error,
    };
    // A string that no reader takes spoils what it names, not the document.
    let mended = mend::mended(bytes).filter(|_| error.is_syntax());
    let Some(mended) = mended else {
        return Err(sniff::refusal(bytes, &error));
    };
    let bytes = mended.as_bytes();
    let root = serde_json::from_str(&mended).map_err(|error| sniff::refusal(bytes, &error))?;
    Builder::default().build(bytes, root, date)
}

#[derive(Default)]
struct Builder {
    flaws: Vec<DocumentFlaw>,
    flaw_count: usize,
}

impl Builder {
    fn build(
        mut self,
        bytes: &[u8],
        root: RawRoot<'_>,
        date: Option<Date>,
    ) -> Result<Document, DocumentError> {
        let no_tags = |state| DocumentError::NoTags { state };
        let (is_other_kind, dialect) = (root.is_anonymous(), root.dialect());
        let values = match root.values {
            None if is_other_kind => return Err(sniff::other_kind(bytes)),
            None => return Err(no_tags("missing")),
            Some(values) => values.0.ok_or_else(|| no_tags("of another type"))?,
        };
        if values.overflows {
            let (what, limit) = ("tags", MAX_TAGS);
            return Err(DocumentError::TooLarge { what, limit });
        }
        if values.entries.is_empty() {
            return Err(no_tags("empty"));
        }
        let cloud_name = root.cloud.text().unwrap_or_default();
        let cloud = Cloud::ALL
            .into_iter()
            .find(|cloud| cloud.name().eq_ignore_ascii_case(&cloud_name))
            .ok_or_else(|| DocumentError::UnknownCloud {
                name: short(&cloud_name),
            })?;
        let change_number = root.change_number.0.unwrap_or_else(|found| {
            self.flaw("the document", None, FlawKind::Number, &found);
            None
        });
        let tags = self.tags(values.entries)?;
        if tags.is_empty() {
            return Err(no_tags("of another type"));
        }
        let numbered = tags.iter().any(|tag| tag.change_number.is_some());
        let week = Week {
            cloud,
            date,
            // An answer of the API has the day of asking.
            date_is: match dialect {
                Dialect::File => DateKind::Published,
                Dialect::Api => DateKind::Inferred,
            },
            change_number,
            numbers: if numbered {
                Numbers::Published
            } else {
                Numbers::Absent
            },
            dialect,
            origin: String::new(),
            tags,
        };
        Ok(Document {
            week,
            flaws: self.flaws,
            flaw_count: self.flaw_count,
        })
    }

    fn tags(&mut self, entries: Vec<RawEntry<'_>>) -> Result<Vec<Tag>, DocumentError> {
        let mut names = HashSet::with_capacity(entries.len());
        let mut tags = Vec::with_capacity(entries.len());
        let mut rows = 0_usize;
        for (index, entry) in entries.into_iter().enumerate() {
            let Some(tag) = self.tag(index + 1, entry)? else {
                continue;
            };
            rows = rows.saturating_add(tag.prefixes.len());
            if !names.insert(tag.name.to_ascii_lowercase()) {
                self.flaw(&tag.name, None, FlawKind::SameName, &tag.name);
                continue;
            }
            tags.push(tag);
        }
        if rows > MAX_ROWS {
            let (what, limit) = ("rows", MAX_ROWS);
            return Err(DocumentError::TooLarge { what, limit });
        }
        tags.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(tags)
    }

    fn tag(&mut self, entry: usize, raw: RawEntry<'_>) -> Result<Option<Tag>, DocumentError> {
        let place = || format!("entry {entry}");
        let Some(raw) = raw.0 else {
            self.flaw(&place(), None, FlawKind::NoTag, "");
            return Ok(None);
        };
        let name = match raw.name.text().or_else(|| raw.id.text()) {
            Some(name) if !name.trim().is_empty() => name,
            _ => {
                self.flaw(&place(), None, FlawKind::NoTag, "");
                return Ok(None);
            }
        };
        let Some(properties) = raw.properties.0 else {
            self.flaw(&name, None, FlawKind::NoTag, "");
            return Ok(None);
        };
        if name.len() > MAX_NAME {
            self.flaw(&place(), None, FlawKind::LongName, &name);
            return Ok(None);
        }
        if raw.name.0.is_err() {
            self.flaw(&name, None, FlawKind::Attribute, "name");
        }
        let found = name;
        let name = clean(&found).into_owned();
        if name != found || found.contains(mend::UNREADABLE) {
            self.flaw(&name, None, FlawKind::Name, &found);
        }
        let mut attribute = |field: raw::Text<'_>, key: &str| {
            let text = field.0.map(Option::unwrap_or_default);
            match text {
                Ok(text) if is_fit(&text) => clean(&text).into_owned(),
                _ => {
                    self.flaw(&name, None, FlawKind::Attribute, key);
                    String::new()
                }
            }
        };
        let region = attribute(properties.region, "region");
        let system_service = attribute(properties.system_service, "systemService");
        if properties.region_id.0.is_err() {
            self.flaw(&name, None, FlawKind::Attribute, "regionId");
        }
        let features = match properties.network_features.0 {
            Ok(None) => None,
            Ok(Some(words)) if words.iter().all(|word| is_fit(word)) => {
                let words: Vec<_> = words.iter().map(|word| clean(word)).collect();
                Some(Features::from_words(words.iter().map(AsRef::as_ref)))
            }
            Ok(Some(_)) | Err(()) => {
                self.flaw(&name, None, FlawKind::Attribute, "networkFeatures");
                None
            }
        };
        let change_number = properties.change_number.0.unwrap_or_else(|found| {
            self.flaw(&name, None, FlawKind::Number, &found);
            None
        });
        let prefixes = self.prefixes(&name, properties.address_prefixes)?;
        Ok(Some(Tag {
            name,
            region,
            system_service,
            change_number,
            features,
            prefixes,
        }))
    }

    fn prefixes(
        &mut self,
        tag: &str,
        mut raw: Prefixes,
    ) -> Result<Vec<crate::space::Block>, DocumentError> {
        if raw.overflows {
            let (what, limit) = ("rows", MAX_ROWS);
            return Err(DocumentError::TooLarge { what, limit });
        }
        for (row, kind, found) in &raw.flaws {
            self.flaw(tag, Some(*row), *kind, found);
        }
        self.flaw_count += raw.flaw_count - raw.flaws.len();
        if !raw.blocks.is_sorted() {
            raw.blocks.sort_unstable();
        }
        let before = raw.blocks.len();
        raw.blocks.dedup();
        for _ in raw.blocks.len()..before {
            self.flaw(tag, None, FlawKind::Repeated, "");
        }
        Ok(raw.blocks)
    }

    fn flaw(&mut self, tag: &str, row: Option<usize>, kind: FlawKind, found: &str) {
        self.flaw_count += 1;
        if self.flaws.len() < FLAWS_KEPT {
            self.flaws.push(DocumentFlaw {
                tag: short(tag),
                row,
                kind,
                found: short(found),
            });
        }
    }
}

/// Whether an attribute can be taken: no longer than any is, and readable.
fn is_fit(text: &str) -> bool {
    text.len() <= MAX_NAME && !text.contains(mend::UNREADABLE)
}

fn short(text: &str) -> Safe {
    let head: String = text.chars().take(80).collect();
    Safe::new(&crate::text::cut_end(&clean(&head), 80))
}

#[cfg(test)]
mod tests;
