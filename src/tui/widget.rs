//! Plain widgets: they know lists, panes and inputs, not the program.

mod bar;
mod filter_line;
mod grid;
mod input;
mod lines;
mod list;
mod map;
mod pane;
mod signs;

pub use bar::bar;
pub use filter_line::{FILTER_HINT, FilterLine};
pub use grid::{Grid, GridColumn, MARK_WIDTH, column_at, draw_grid};
pub use input::{MAX_INPUT, draw_input, edit};
pub use lines::draw_lines;
pub use list::List;
pub use map::{Dot, DotKind, Toward, dot_at, dot_toward, draw_map, map_height};
pub use pane::{Pane, draw_pane, draw_scroll_mark};
pub use signs::signed;
