//! One publication in memory.

use std::fmt;

use jiff::civil::Date;
use ring::digest::{Context, SHA256};

use crate::azure::{Cloud, DateKind, Tag};
use crate::space::Family;

/// One publication of one cloud: what was read from a document or a chronicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// The cloud that the document names.
    pub cloud: Cloud,
    /// Publication date; the document has none, so it comes from the file name or the fetcher.
    pub date: Option<Date>,
    /// Where the date is from.
    pub date_is: DateKind,
    /// The root changeNumber; no identity: several contents have shared one.
    pub change_number: Option<u32>,
    /// Where the tags' numbers come from.
    pub numbers: Numbers,
    /// Which of the two kinds of document it was.
    pub dialect: Dialect,
    /// Where the content was taken from, for people; empty when its holder knows better.
    pub origin: String,
    /// Sorted by name, in byte order.
    pub tags: Vec<Tag>,
}

/// Where change numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Numbers {
    /// Read in the published document.
    Published,
    /// Counted from a published week by the rule that a change of prefixes adds one.
    Derived,
    /// Not known.
    Absent,
}

impl Numbers {
    /// The word for a screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Derived => "derived",
            Self::Absent => "absent",
        }
    }

    /// What stands behind a number that is the subject.
    #[must_use]
    pub const fn estimated(self) -> &'static str {
        match self {
            Self::Derived => ", est.",
            _ => "",
        }
    }

    /// What stands behind a number on screen and in text: `†` when derived, else nothing.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Derived => "†",
            Self::Published | Self::Absent => "",
        }
    }
}

/// The two kinds of document; their change numbers are separate counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Dialect {
    /// The weekly published file.
    File,
    /// The Service Tag Discovery API (`az network list-service-tags`).
    Api,
}

/// SHA-256 of the parsed content: the same for LF and CRLF, for gzip and plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash(pub [u8; 32]);

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Week {
    /// The hash of cloud, tags, attributes, numbers and prefixes; not of date and root number.
    ///
    /// Byte form, per tag in name order: name, region, systemService and features, each ended by
    /// a zero byte (null features: byte 1 before it); number (u32 LE, `u32::MAX` for none); row
    /// counts (u32 LE); rows as first address (4 or 16 bytes BE) and length.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        let mut hasher = Context::new(&SHA256);
        hasher.update(b"tagscope-content-1\0");
        hasher.update(self.cloud.name().as_bytes());
        let mut buffer = Vec::with_capacity(1 << 16);
        for tag in &self.tags {
            for text in [&tag.name, &tag.region, &tag.system_service] {
                buffer.extend_from_slice(text.as_bytes());
                buffer.push(0);
            }
            match &tag.features {
                Some(features) => buffer.extend_from_slice(features.as_str().as_bytes()),
                None => buffer.push(1),
            }
            buffer.push(0);
            buffer.extend_from_slice(&tag.change_number.unwrap_or(u32::MAX).to_le_bytes());
            let v4 = tag
                .prefixes
                .partition_point(|block| block.family() == Family::V4);
            for count in [v4, tag.prefixes.len() - v4] {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                buffer.extend_from_slice(&count.to_le_bytes());
            }
            for block in &tag.prefixes {
                let bytes = block.first().to_be_bytes();
                let used = match block.family() {
                    Family::V4 => bytes.get(12..),
                    Family::V6 => bytes.get(..),
                };
                buffer.extend_from_slice(used.unwrap_or(&[]));
                buffer.push(block.length());
            }
            if buffer.len() > 60_000 {
                hasher.update(&buffer);
                buffer.clear();
            }
        }
        hasher.update(&buffer);
        let mut hash = [0; 32];
        hash.copy_from_slice(hasher.finish().as_ref());
        ContentHash(hash)
    }

    /// Rows over all tags.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.tags.iter().map(|tag| tag.prefixes.len()).sum()
    }
}

/// Reads `YYYY-MM-DD` or `YYYYMMDD`.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    let compact = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let dashed = text.len() == 10 && text.bytes().filter(|&b| b == b'-').count() == 2;
    if compact {
        let year = text.get(..4)?.parse().ok()?;
        let month = text.get(4..6)?.parse().ok()?;
        let day = text.get(6..)?.parse().ok()?;
        Date::new(year, month, day).ok()
    } else if dashed {
        text.parse().ok()
    } else {
        None
    }
}

/// The date in a file name like `ServiceTags_Public_20251028.json`; any folder, any ending.
#[must_use]
pub fn date_in_name(file_name: &str) -> Option<Date> {
    let lower = file_name.to_ascii_lowercase();
    let rest = lower.get(lower.rfind("servicetags_")?..)?;
    rest.split(|c: char| !c.is_ascii_alphanumeric())
        .find_map(|part| parse_date(part.get(..8)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_both_spellings() {
        let day = Date::constant(2025, 10, 28);
        assert_eq!(parse_date("2025-10-28"), Some(day));
        assert_eq!(parse_date("20251028"), Some(day));
        for wrong in [
            "2025-13-01",
            "20251301",
            "2025-1-1",
            "latest",
            "",
            "２０２５１０２８",
        ] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_date_comes_from_the_file_name() {
        let name = "ServiceTags_AzureGovernment_20260706.json.gz";
        assert_eq!(date_in_name(name), Some(Date::constant(2026, 7, 6)));
        assert_eq!(
            date_in_name("servicetags_public_20260413a.JSON"),
            parse_date("20260413")
        );
        assert_eq!(date_in_name("tags.json"), None);
        assert_eq!(date_in_name("ServiceTags_Public_Latest.json"), None);
    }
}
