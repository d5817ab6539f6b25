//! The options of `guide`.

/// `guide`.
#[derive(Debug, Clone, clap::Args)]
pub struct GuideArgs {
    /// A topic, or a verb that a page is about; without one the topics are listed
    #[arg(value_name = "TOPIC")]
    pub topic: Option<String>,
}
