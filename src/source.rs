//! Which data is in use.

mod choose;

pub use choose::{Request, SourceError, WeekChoice, chronicle, open, weeks};
