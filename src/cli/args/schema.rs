//! The options of `schema`.

/// `schema`.
#[derive(Debug, Clone, clap::Args)]
pub struct SchemaArgs {
    /// The verb whose document is described: rules test; without a verb they are listed
    #[arg(value_name = "VERB")]
    pub verb: Vec<String>,
}
