//! What one system does otherwise than another: signals and suspension, the terminal as a device, what is no
//! file, the rights of files. All of it stands here; the rest of the program is the same everywhere.
//!
//! The side of Windows takes crossterm and tokio's `ctrl_c` alone. It is untested: it was written where it
//! could not be built.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub use system::{
    Signals, has_shell, heed_interrupt, is_pipe, keep_on_at_the_limit, may_ask_terminal, oddity,
    open_lock, open_to_append, open_to_read, read_start, read_terminal, shell, stop_process,
    sync_folder, wait_for_hang_up, wait_for_writer, with_rights, write_start,
};

/// What a signal asks of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SystemSignal {
    /// To give the terminal back and stop.
    Stop,
    /// To take the terminal again.
    Continue,
    /// To end, by the signal of this number.
    End(i32),
}

/// The number of the signal for a terminal that has gone away; what ends without one says it too.
pub const HANG_UP: i32 = 1;

/// How a program ends by Ctrl-C, as a shell tells it.
pub const INTERRUPTED: i32 = 130;

/// Rights of a new file for everybody, of which the user's mask leaves what it leaves.
pub const ORDINARY: u32 = 0o666;
/// Rights for the owner alone.
pub const PRIVATE: u32 = 0o600;
