//! The dashboard: events → messages → state → frame.
//!
//! [`App`] is plain data: `update` takes a message and returns effects, `draw` takes `&self`. The
//! runner turns effects into tasks and their outcomes into messages; only `run` and `terminal`
//! touch the terminal.

mod app;
mod background;
mod binding;
mod bindings;
mod chord;
mod clipboard;
mod colours;
mod command;
mod component;
mod diff_backend;
mod ex_command;
mod ex_words;
mod frame;
mod jobs;
mod keymap;
mod layout;
mod message;
mod overlay;
mod place;
mod roster;
mod run;
mod runner;
mod session;
mod suggest;
mod terminal;
mod theme;
mod view;
mod week_history;
mod widget;

pub use app::{App, Startup, StateStart};
pub use background::Background;
pub use binding::Binding;
pub use bindings::bindings;
pub use chord::{Chord, Key};
pub use clipboard::{Clipboard, MAX_COPY};
pub use colours::Colours;
pub use command::Command;
pub use ex_words::{EX_WORDS, ExArgument, ExWord};
pub use keymap::{Hint, command_for, footer};
pub use message::{
    About, AgainstRun, Effect, ImpactRun, Job, LogsRead, Message, Mouse, MouseKind, Outcome,
    RulesFrom, RulesRead, Task, Ticket, Written,
};
pub use place::{Place, Where};
pub use run::{Outside, RunEnd, TuiError, run};
pub use runner::unread;
pub use terminal::{Guard, TerminalScreen, enter_terminal};
pub use theme::{Theme, ThemeError};
pub use week_history::{TagTimeline, WeekHistory, sparkline};
