//! Why nothing is written.

use crate::space::Block;

/// What a kind cannot hold.
#[derive(Debug, thiserror::Error)]
pub enum ExportRefusal {
    /// There is nothing to look an address up in.
    #[error("these tags have no prefixes, so that there is nothing to export")]
    Empty,
    /// Addresses of IPv4 have this place among those of IPv6.
    #[error("{prefix} meets {place}, where this form keeps the addresses of IPv4")]
    Reserved {
        /// The prefix of a tag.
        prefix: Block,
        /// Where IPv4 is.
        place: Block,
    },
    /// A text that is no JSON, which does not happen in memory.
    #[error("cannot write JSON")]
    Json(#[from] serde_json::Error),
}
