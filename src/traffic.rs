//! Logs of any size: where the addresses are in their bytes, and what is counted of them.
//!
//! Bytes come in, spans and counts go out. Whoever calls opens the files and writes the answers.

mod annotate;
mod chunks;
mod packed;
mod pool;
mod scanner;
mod sets;
mod template;

pub use annotate::Annotator;
pub use chunks::{CHUNK, Chunk, Chunks, MAX_LINE, Pieces};
pub use packed::unpacked;
pub use pool::{Next, Slot, in_order};
pub use scanner::{Scanner, Spot, spots, whole};
pub use sets::{Home, Sets};
pub use template::{Absent, Field, Label, Labels, Part, Template, TemplateError};
