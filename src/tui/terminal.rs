//! The terminal: entered once, left on every way out.

use std::io::{self, Stdout, Write, stdout};
use std::panic;
use std::thread;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;

/// The terminal that the dashboard draws on.
pub type Screen = ratatui::Terminal<CrosstermBackend<Stdout>>;

/// Holds the terminal in raw mode on the alternate screen; dropping it puts everything back.
pub struct Guard(());

impl Guard {
    /// Enters; a panic on this thread puts the terminal back before its message is printed.
    ///
    /// # Errors
    /// The terminal's.
    pub fn enter() -> io::Result<(Self, Screen)> {
        let ui = thread::current().id();
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().id() == ui {
                leave();
                hook(info);
            } else {
                tracing::error!(panic = %info, "a task panicked");
            }
        }));
        // From here on dropping the guard cleans up, even if the next step fails.
        let guard = Self(());
        enter()?;
        // NO_COLOR is honoured by the theme; the library would drop reverse and bold with it.
        crossterm::style::force_color_output(true);
        let screen = Screen::new(CrosstermBackend::new(stdout()))?;
        Ok((guard, screen))
    }

    /// Gives the terminal back while `stopped` runs, then takes it again.
    ///
    /// # Errors
    /// The terminal's.
    pub fn lend(&self, screen: &mut Screen, stopped: impl FnOnce()) -> io::Result<()> {
        leave();
        stopped();
        self.retake(screen)
    }

    /// Takes the terminal again after somebody else had it.
    ///
    /// # Errors
    /// The terminal's.
    #[expect(clippy::unused_self, reason = "only a holder may retake")]
    pub fn retake(&self, screen: &mut Screen) -> io::Result<()> {
        enter()?;
        screen.clear()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide)
}

/// Puts everything back; each step is tried whatever the others do.
fn leave() {
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = stdout().flush();
    let _ = disable_raw_mode();
}
