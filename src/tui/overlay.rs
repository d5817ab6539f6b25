//! What lies over a view, each a [`Layer`](crate::tui::component::Layer).

mod book;
mod export_dialog;
mod fit;
mod help;
mod palette;
mod prompt;
mod reading;
mod reference;
mod scope;

pub use export_dialog::{Export, ExportDialog, ExportSource};
pub use fit::Fit;
pub use help::Help;
pub use palette::Palette;
pub use prompt::Prompt;
pub use reference::Reference;
