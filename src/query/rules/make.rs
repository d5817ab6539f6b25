//! Rules from a week: tags, a cover of them, rows of other rules, or the plan of a registry, written for
//! what takes them.
//!
//! The same selection and options give the same bytes. Names are made strict for each target, whatever a
//! tag is called, and what a target does not take is refused with the number.

mod arm;
mod az;
mod check;
mod cover;
mod header;
mod index;
mod job;
mod names;
mod options;
mod properties;
mod refusal;
mod rows;
mod selection;
mod sets;
mod table;
mod target;
mod terraform;
mod tree;
mod web;

pub use check::{Drift, DriftChange, DriftRecord, check};
pub use cover::Covered;
pub(in crate::query) use header::ascii;
pub use index::{FolderFile, FolderRecord, INDEX_FILE, folder, indexed_files};
pub use options::{Hop, MakeForm, MakeOptions, Variables};
pub use refusal::MakeRefusal;
pub use selection::{PlanHost, Selection, TagRequest, WeekStamp};
pub use table::Kinds;
pub use target::{Language, Resource, Target};
pub use terraform::{Variable, with_variables};
pub(in crate::query) use web::proxy_value;

use crate::query::rules::make::job::MakeJob;

/// Rules as the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The text: printable ASCII and line ends.
    pub text: String,
    /// What a person should know of it.
    pub notes: Vec<String>,
    /// What such a file may be called.
    pub file_name: String,
    /// Prefixes that were written where it is a list.
    pub prefixes: usize,
    /// The variables of Terraform that it uses.
    pub variables: Vec<Variable>,
}

/// Writes rules.
///
/// # Errors
/// What the target does not take, with its limit and what to do.
pub fn make(
    target: Target,
    selection: &Selection,
    options: &MakeOptions,
) -> Result<Made, MakeRefusal> {
    let job = MakeJob::new(target, selection, options)?;
    let text = match target {
        Target::Azure(Language::AzureCli, resource) => az::script(&job, resource)?,
        Target::Azure(Language::Arm, resource) => arm::template(&job, resource),
        Target::Azure(Language::Bicep, resource) => arm::bicep(&job, resource),
        Target::Azure(Language::Terraform, resource) => terraform::file(&job, resource),
        Target::List => sets::list(&job),
        Target::Edl => sets::edl(&job),
        Target::JsonList => sets::json_list(&job),
        Target::Tfvars => terraform::values(&job),
        Target::Nftables => sets::nftables(&job),
        Target::Ipset => sets::ipset(&job),
        Target::NginxGeo => web::nginx_geo(&job),
        Target::NginxAllow => web::nginx_allow(&job),
        Target::HaproxyMap => web::haproxy_map(&job),
    };
    Ok(Made {
        text,
        file_name: target.file_name(job.base()),
        prefixes: job.blocks.len(),
        variables: match target {
            Target::Azure(Language::Terraform, resource) => terraform::variables(&job, resource),
            _ => Vec::new(),
        },
        notes: job.notes,
    })
}
