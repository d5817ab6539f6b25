//! The file: header, section table, sections.
//!
//! All numbers are little-endian and every record is unaligned, so a checked cast is enough to
//! read it on any machine; sections start at multiples of 64 bytes.
//!
//! | section | element | holds |
//! |---|---|---|
//! | `strings` | bytes | names, regions, services, features, origin |
//! | `texts` | [`TextRef`] | regions, services, features, by number |
//! | `tags` | [`TagRecord`] | the tag table, by name |
//! | `set_starts`, `set_tags` | u32, u16 | tags of one prefix, narrow first |
//! | `node_parent`, `node_set`, `node_length` | id, id, u8 | an answer: its own prefix, then its parent's |
//! | `v4_top`, `v4_low`, `v4_node` | id, u16, id | intervals by upper 16 bits |
//! | `v6_high`, `v6_start`, `v6_low`, `v6_node` | u64, id, u64, id | intervals by upper 64 bits |
//! | `v4_first`, `v4_length`, `v4_set` | u32, u8, id | distinct prefixes, sorted |
//! | `v6_first`, `v6_length`, `v6_set` | u128, u8, id | the same for IPv6 |
//! | `rows4`, `rows6` | id | each tag's prefixes, as places in the two tables |
//!
//! An *id* is 2 bytes wide while every value of its section fits, else 4; the table says which.

use zerocopy::byteorder::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// First bytes of an index.
pub const MAGIC: [u8; 8] = *b"tagsidx\0";
/// Format version; another one is refused.
pub const VERSION: u32 = 1;
/// Stands for "none" in a number field.
pub const NONE: u32 = u32::MAX;
/// Sections start at multiples of this.
pub const ALIGNMENT: usize = 64;

/// The first 128 bytes.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Header {
    pub magic: [u8; 8],
    pub version: U32,
    /// Bytes of the whole file.
    pub length: U32,
    /// CRC-32 of the header with this field zero, and of the section table.
    pub checksum: U32,
    pub section_count: U32,
    pub cloud: u8,
    pub numbers: u8,
    pub dialect: u8,
    /// 1 for an inferred date.
    pub date_kind: u8,
    /// Year, or 0 without a date.
    pub year: U16,
    pub month: u8,
    pub day: u8,
    /// Root changeNumber or [`NONE`].
    pub change_number: U32,
    pub origin: TextRef,
    pub content_hash: [u8; 32],
    pub reserved: [u8; 54],
}

/// Where a section lies.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SectionRecord {
    pub kind: U16,
    /// Bytes of an element.
    pub width: U16,
    pub offset: U32,
    /// Elements.
    pub count: U32,
    /// CRC-32 of the section's bytes.
    pub checksum: U32,
}

/// A place in `strings`.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TextRef {
    pub offset: U32,
    /// Bytes.
    pub length: U16,
}

/// A row of the tag table; region, service and features are places in `texts`.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct TagLayout {
    pub name: TextRef,
    pub region: U16,
    pub service: U16,
    /// Words, or [`TagRecord::ABSENT`] for null.
    pub features: U16,
    /// changeNumber or [`NONE`].
    pub change_number: U32,
    /// First row in `rows4`; the next tag's first row ends it.
    pub rows4: U32,
    /// First row in `rows6`.
    pub rows6: U32,
}

impl TagLayout {
    /// Place that stands for "no text", which is not the empty text.
    pub const ABSENT: u16 = u16::MAX;
}

/// The sections, in file order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Strings,
    Texts,
    Tags,
    SetStarts,
    SetTags,
    NodeParent,
    NodeSet,
    NodeLength,
    V4Top,
    V4Low,
    V4Node,
    V6High,
    V6Start,
    V6Low,
    V6Node,
    V4First,
    V4Length,
    V4Set,
    V6First,
    V6Length,
    V6Set,
    Rows4,
    Rows6,
}

impl Section {
    pub const ALL: [Self; 23] = [
        Self::Strings,
        Self::Texts,
        Self::Tags,
        Self::SetStarts,
        Self::SetTags,
        Self::NodeParent,
        Self::NodeSet,
        Self::NodeLength,
        Self::V4Top,
        Self::V4Low,
        Self::V4Node,
        Self::V6High,
        Self::V6Start,
        Self::V6Low,
        Self::V6Node,
        Self::V4First,
        Self::V4Length,
        Self::V4Set,
        Self::V6First,
        Self::V6Length,
        Self::V6Set,
        Self::Rows4,
        Self::Rows6,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Strings => "strings",
            Self::Texts => "texts",
            Self::Tags => "tags",
            Self::SetStarts => "set_starts",
            Self::SetTags => "set_tags",
            Self::NodeParent => "node_parent",
            Self::NodeSet => "node_set",
            Self::NodeLength => "node_length",
            Self::V4Top => "v4_top",
            Self::V4Low => "v4_low",
            Self::V4Node => "v4_node",
            Self::V6High => "v6_high",
            Self::V6Start => "v6_start",
            Self::V6Low => "v6_low",
            Self::V6Node => "v6_node",
            Self::V4First => "v4_first",
            Self::V4Length => "v4_length",
            Self::V4Set => "v4_set",
            Self::V6First => "v6_first",
            Self::V6Length => "v6_length",
            Self::V6Set => "v6_set",
            Self::Rows4 => "rows4",
            Self::Rows6 => "rows6",
        }
    }

    /// Allowed widths of an element.
    pub const fn widths(self) -> &'static [u16] {
        match self {
            Self::Strings | Self::NodeLength | Self::V4Length | Self::V6Length => &[1],
            Self::Texts => &[6],
            Self::Tags => &[24],
            Self::SetStarts | Self::V4First => &[4],
            Self::SetTags | Self::V4Low => &[2],
            Self::V6High | Self::V6Low => &[8],
            Self::V6First => &[16],
            Self::NodeParent
            | Self::NodeSet
            | Self::V4Top
            | Self::V4Node
            | Self::V6Start
            | Self::V6Node
            | Self::V4Set
            | Self::V6Set
            | Self::Rows4
            | Self::Rows6 => &[2, 4],
        }
    }
}

/// Why bytes are not an index that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// Other bytes, or too few.
    #[error("not a compiled week")]
    NotAnIndex,
    /// Written by another version of the format.
    #[error("a compiled week of format {found}; this program reads format {VERSION}")]
    Version {
        /// The file's version.
        found: u32,
    },
    /// The header or the section table does not match its checksum, or the length is wrong.
    #[error("the header of the compiled week is damaged")]
    Header,
    /// A section lies outside the file or does not match its checksum.
    #[error("section {section} of the compiled week is damaged")]
    Section {
        /// The section's name.
        section: &'static str,
    },
}
