//! What lies over a view.

mod help;

pub use help::Help;
