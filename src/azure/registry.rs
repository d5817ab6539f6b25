//! Container registries: names, host names in each cloud, and the profile of one registry.

mod agent_pool;
mod cloud_domains;
mod import;
mod microsoft;
mod name;
mod profile;

pub use agent_pool::{AgentPool, PoolService};
pub use cloud_domains::{CloudDomains, Domain};
pub use import::{Imported, MAX_DOCUMENT, UnknownShape, read_document};
pub use microsoft::MicrosoftRegistry;
pub use name::{Image, NameError, RegistryName};
pub use profile::{Client, NamedHost, Profile, Sku, Switch};
