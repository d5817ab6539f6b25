//! The weeks that come with the program; `assets/README.md` says where they are from.

use crate::index::{Chronicle, ChronicleError, Index, IndexError};

/// Keeps the embedded bytes at the alignment of the format's sections.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

const INDEX: &Aligned<[u8]> = &Aligned(*include_bytes!("../../assets/public.idx"));
const CHRONICLE: &[u8] = include_bytes!("../../assets/public.weeks");

/// The newest embedded week, read in place; section checksums are not computed.
///
/// # Errors
/// [`IndexError`] when the build embedded something that is no index.
pub fn embedded_index() -> Result<Index, IndexError> {
    Index::open_trusted(&INDEX.0)
}

/// All embedded weeks.
///
/// # Errors
/// [`ChronicleError`] when the build embedded something that is no chronicle.
pub fn embedded_chronicle() -> Result<Chronicle, ChronicleError> {
    Chronicle::open(CHRONICLE)
}
