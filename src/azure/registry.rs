//! Container registries: names, host names in each cloud, and the profile of one registry.

mod import;
mod name;
mod profile;
mod realm;

pub use import::{Imported, MAX_DOCUMENT, UnknownShape, read_document};
pub use name::{Image, NameError, RegistryName};
pub use profile::{Client, NamedHost, Profile, Sku, Switch};
pub use realm::{Certainty, Domain, Realm};
