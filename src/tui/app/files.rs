//! Files that are written, one at a time, and texts that are copied.

use std::path::{Path, PathBuf};

use crate::store::expand_home;
use crate::text::{Safe, clean};
use crate::tui::component::{NewFile, Origin, Screen};
use crate::tui::jobs::{Jobs, Owner};
use crate::tui::session::Session;
use crate::tui::{Clipboard, Effect, Job, MAX_COPY, Task};

/// The file that is being written.
#[derive(Debug, Default)]
pub struct Files {
    writing: Option<(PathBuf, Origin)>,
}

impl Files {
    /// Writes a file; what to say.
    pub fn write(&mut self, file: NewFile, jobs: &mut Jobs) -> Safe {
        if jobs.is_running(Job::Export) {
            return Safe::new("a file is being written already");
        }
        self.writing = Some((file.path.clone(), file.origin));
        let task = Task::Export {
            path: file.path,
            bytes: file.bytes,
            is_over: file.is_over,
        };
        jobs.start(Owner::App, task);
        Safe::new("writing …")
    }

    /// Which file's end has come, and where it was asked for.
    pub fn ended(&mut self) -> Option<(PathBuf, Origin)> {
        self.writing.take()
    }
}

/// The answer of the open view as a file that was named in the command line; its ending says in
/// which form.
pub fn typed(path: &Path, screen: &dyn Screen, session: &Session) -> Result<NewFile, Safe> {
    let form = path.extension().map_or(String::new(), |ending| {
        ending.to_string_lossy().to_ascii_lowercase()
    });
    Ok(NewFile {
        bytes: screen.export(&form, session)?,
        path: expand_home(path),
        is_over: false,
        origin: Origin::CommandLine,
    })
}

/// Sends a text to the clipboard, cleaned line by line; what to say.
pub fn copy(text: &str, what: &str, clipboard: Clipboard, jobs: &mut Jobs) -> Safe {
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.split('\t').map(clean).collect::<Vec<_>>().join("\t"))
        .collect();
    let text = lines.join("\n");
    let what = Safe::new(what);
    if clipboard == Clipboard::Off {
        return Safe::new("the clipboard is off in the settings");
    }
    if text.len() > MAX_COPY {
        return Safe::from(format!(
            "{what}: {} kB are more than the {} kB that a terminal's clipboard takes; a file takes \
             it",
            text.len() / 1000,
            MAX_COPY / 1000
        ));
    }
    match clipboard {
        Clipboard::Tmux => jobs.start(Owner::App, Task::Copy { text }),
        Clipboard::Osc52 | Clipboard::Off => jobs.push(Effect::Osc52(text)),
    }
    Safe::from(format!("sent to {}: {what}", clipboard.target()))
}
