//! Files: where they are, and reading them within bounds.

mod files;
mod paths;

pub use files::{Input, ReadError, read_bounded, write_new};
pub use paths::{Paths, expand_home};
