//! The vocabulary of Azure's published service tags, and the reader of the published documents.

mod admit;
mod age;
mod alias;
mod certainty;
mod cloud;
mod document;
mod facts;
mod names;
mod platform;
mod region;
pub mod registry;
mod service;
pub mod special;
pub mod subnet;
mod tag;
mod week;

pub use admit::{Doubt, Extent, admit, future};
pub use age::{Age, DateKind, MOST_DAYS_AHEAD, WeekDate, marked_date, said_date};
pub use alias::Aliases;
pub use certainty::Certainty;
pub use cloud::Cloud;
pub use document::{
    Document, DocumentError, DocumentFlaw, FlawKind, GzipFlaw, MAX_BYTES, MAX_NAME, MAX_ROWS,
    MAX_TAGS, decompress, gunzip, is_gzip, parse,
};
pub use facts::Facts;
pub use names::{Name, Names, Near, TagName, respelt};
pub use platform::PlatformTag;
pub use region::{Region, Regions};
pub use service::{DirectionDocument, Service, Services, TagDirection};
pub use special::{Special, SpecialKind, Specials};
pub use subnet::{SubnetId, SubnetIdError};
pub use tag::{Feature, Features, Rank, Tag};
pub use week::{ContentHash, Dialect, Numbers, Week, date_in_name, parse_date};
