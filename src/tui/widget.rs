//! Plain widgets: they know lists, panes and inputs, not the program.

mod grid;
mod input;
mod list;
#[cfg_attr(not(test), expect(dead_code, reason = "the view comes next"))]
mod map;
mod pane;

pub use grid::{GridColumn, draw_grid};
pub use input::{draw_input, edit};
pub use list::List;
pub use pane::{Pane, draw_pane, draw_scroll_mark};
