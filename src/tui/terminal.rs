//! The terminal: entered once, left on every way out.

use std::fmt;
use std::io::{self, Stdout, Write, stdout};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use crate::tui::diff_backend::DiffBackend;

/// The terminal that the dashboard draws on.
pub type TerminalScreen = ratatui::Terminal<DiffBackend<Stdout>>;

/// Holds the terminal in raw mode on the alternate screen; dropping it puts everything back.
pub struct Guard {
    /// Whether the terminal is ours. Leaving twice would move the shell's cursor, so the panic
    /// hook and the guard share this.
    is_taken: Arc<AtomicBool>,
    has_mouse: bool,
}

/// Buttons and the wheel only: the library's own command also asks for every movement.
struct EnableButtons;

impl crossterm::Command for EnableButtons {
    fn write_ansi(&self, out: &mut impl fmt::Write) -> fmt::Result {
        // Normal tracking, then cells beyond column 223 (SGR).
        out.write_str("\x1b[?1000h\x1b[?1006h")
    }
}

struct DisableButtons;

impl crossterm::Command for DisableButtons {
    fn write_ansi(&self, out: &mut impl fmt::Write) -> fmt::Result {
        out.write_str("\x1b[?1006l\x1b[?1000l")
    }
}

/// Enters the terminal, with the mouse if wanted; a panic on this thread puts it back before its
/// message is printed.
///
/// # Errors
/// The terminal's.
pub fn enter_terminal(has_mouse: bool) -> io::Result<(Guard, TerminalScreen)> {
    let is_taken = Arc::new(AtomicBool::new(false));
    let ui = thread::current().id();
    let (hook, shared) = (panic::take_hook(), Arc::clone(&is_taken));
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == ui {
            leave(&shared);
            hook(info);
        } else {
            tracing::error!(panic = %info, "a task panicked");
        }
    }));
    // From here on dropping the guard cleans up, even if the next step fails.
    let guard = Guard {
        is_taken,
        has_mouse,
    };
    guard.take()?;
    let screen = TerminalScreen::new(DiffBackend::new(stdout()))?;
    Ok((guard, screen))
}

impl Guard {
    /// Gives the terminal back while `stopped` runs, then takes it again.
    ///
    /// # Errors
    /// The terminal's.
    pub fn lend(&self, screen: &mut TerminalScreen, stopped: impl FnOnce()) -> io::Result<()> {
        leave(&self.is_taken);
        stopped();
        self.retake(screen)
    }

    /// Takes the terminal again after somebody else had it.
    ///
    /// # Errors
    /// The terminal's.
    pub fn retake(&self, screen: &mut TerminalScreen) -> io::Result<()> {
        self.take()?;
        // A new one knows nothing of the screen and draws every cell again.
        execute!(stdout(), Clear(ClearType::All))?;
        *screen = TerminalScreen::new(DiffBackend::new(stdout()))?;
        Ok(())
    }

    fn take(&self) -> io::Result<()> {
        self.is_taken.store(true, Ordering::Relaxed);
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)?;
        if self.has_mouse {
            execute!(stdout(), EnableButtons)?;
        }
        Ok(())
    }

    /// Sends a text to the terminal's clipboard.
    ///
    /// # Errors
    /// The terminal's.
    pub fn copy(&self, text: &str) -> io::Result<()> {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave(&self.is_taken);
    }
}

/// Puts everything back, once; each step is tried whatever the others do.
fn leave(is_taken: &AtomicBool) {
    if is_taken.swap(false, Ordering::Relaxed) {
        let _ = execute!(
            stdout(),
            DisableButtons,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            Show
        );
        let _ = stdout().flush();
        let _ = disable_raw_mode();
    }
}
