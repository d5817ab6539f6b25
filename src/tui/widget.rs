//! Plain widgets: they know lists, panes and inputs, not the program.

mod grid;
mod input;
mod list;
mod pane;

pub use grid::{GridColumn, draw_grid};
pub use input::{draw_input, edit};
pub use list::List;
pub use pane::{Pane, draw_pane, draw_scroll_mark};
