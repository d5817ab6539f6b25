//! The ways to the user's clipboard: the terminal's (OSC 52), or tmux's buffer.
//!
//! Nobody answers: a terminal may ignore what it is sent, so the program says *sent*.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use crate::settings::ClipboardChoice;

/// Longest text in bytes: what terminals take of one sequence, 100,000 bytes in base64.
pub const MAX_COPY: usize = 74_994;

/// A way to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Clipboard {
    /// A sequence to the terminal, which works over SSH.
    Osc52,
    /// `tmux load-buffer -w -`: tmux keeps the text and hands it on.
    Tmux,
    /// None.
    Off,
}

impl Clipboard {
    /// The way that a setting means here; `is_in_tmux`: the terminal is tmux.
    #[must_use]
    pub const fn choose(setting: ClipboardChoice, is_in_tmux: bool) -> Self {
        match setting {
            ClipboardChoice::Auto if is_in_tmux => Self::Tmux,
            ClipboardChoice::Auto | ClipboardChoice::Osc52 => Self::Osc52,
            ClipboardChoice::Tmux => Self::Tmux,
            ClipboardChoice::Off => Self::Off,
        }
    }

    /// Where the text goes, in words.
    #[must_use]
    pub const fn target(self) -> &'static str {
        match self {
            Self::Osc52 => "the terminal's clipboard",
            Self::Tmux => "tmux and its terminal's clipboard",
            Self::Off => "nowhere",
        }
    }
}

/// Hands a text to tmux and waits for it.
///
/// # Errors
/// tmux is not there or refuses.
pub fn send_to_tmux(text: &str) -> io::Result<()> {
    let mut tmux = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let written = match tmux.stdin.take() {
        Some(mut stdin) => stdin.write_all(text.as_bytes()),
        None => Ok(()),
    };
    let status = tmux.wait()?;
    written?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("tmux load-buffer: {status}")))
    }
}
