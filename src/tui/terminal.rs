//! The terminal: entered once, left on every way out.

use std::io::{self, Stdout, Write, stdout};
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;

/// The terminal that the dashboard draws on.
pub type Screen = ratatui::Terminal<CrosstermBackend<Stdout>>;

/// Holds the terminal in raw mode on the alternate screen; dropping it puts everything back.
pub struct Guard {
    /// Whether the terminal is ours. Leaving twice would move the shell's cursor, so the panic
    /// hook and the guard share this.
    is_taken: Arc<AtomicBool>,
}

/// Enters the terminal; a panic on this thread puts it back before its message is printed.
///
/// # Errors
/// The terminal's.
pub fn enter_terminal() -> io::Result<(Guard, Screen)> {
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
    let guard = Guard { is_taken };
    guard.take()?;
    // NO_COLOR is honoured by the theme; the library would drop reverse and bold with it.
    crossterm::style::force_color_output(true);
    let screen = Screen::new(CrosstermBackend::new(stdout()))?;
    Ok((guard, screen))
}

impl Guard {
    /// Gives the terminal back while `stopped` runs, then takes it again.
    ///
    /// # Errors
    /// The terminal's.
    pub fn lend(&self, screen: &mut Screen, stopped: impl FnOnce()) -> io::Result<()> {
        leave(&self.is_taken);
        stopped();
        self.retake(screen)
    }

    /// Takes the terminal again after somebody else had it.
    ///
    /// # Errors
    /// The terminal's.
    pub fn retake(&self, screen: &mut Screen) -> io::Result<()> {
        // The old screen's drop would show the cursor, and abort where the terminal is gone.
        screen.show_cursor()?;
        self.take()?;
        // Not `Terminal::clear`: it asks the terminal for the cursor and waits for the answer,
        // which the event reader may take. A new one draws every cell again as well.
        execute!(stdout(), Clear(ClearType::All))?;
        *screen = Screen::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }

    fn take(&self) -> io::Result<()> {
        self.is_taken.store(true, Ordering::Relaxed);
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
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
        let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
        let _ = stdout().flush();
        let _ = disable_raw_mode();
    }
}
