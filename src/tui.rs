//! The dashboard: events → messages → state → frame.
//!
//! [`App`] is plain data: `update` takes a message and returns effects, `draw` takes `&self`. The
//! runner turns effects into tasks and their outcomes into messages; only `run` and `terminal`
//! touch the terminal.

mod app;
mod chord;
mod command;
mod frame;
mod keymap;
mod layout;
mod message;
mod overlay;
mod run;
mod runner;
mod terminal;
mod theme;
mod view;
mod widget;

pub use app::{App, Startup};
pub use chord::{Chord, Key};
pub use command::{Command, Place};
pub use keymap::{BINDINGS, Binding, command_for, footer};
pub use message::{Effect, Message, Outcome};
pub use run::{End, TuiError, run};
pub use terminal::{Guard, Screen, enter_terminal};
pub use theme::{Theme, ThemeError};
