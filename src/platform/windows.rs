//! Windows. There is no suspension, no terminal that answers in bytes and no hang-up; the rights of a file are
//! those of its folder, which is the user's own.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::windows::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tempfile::Builder;

use crate::platform::SystemSignal;

/// The number by which an interrupt is told, as on other systems.
const INTERRUPT: i32 = 2;

/// Ctrl-C, where the terminal does not pass it on as a key.
pub struct Signals;

impl Signals {
    /// The first wait for one hears it.
    ///
    /// # Errors
    /// None.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next signal.
    pub async fn next(&mut self) -> SystemSignal {
        if tokio::signal::ctrl_c().await.is_err() {
            // None can be heard.
            std::future::pending::<()>().await;
        }
        SystemSignal::End(INTERRUPT)
    }
}

/// A process is not stopped here.
pub fn stop_process() {}

/// No shell continues a stopped process.
#[must_use]
pub const fn has_shell() -> bool {
    false
}

/// Files have no limit of size that a signal tells of.
pub fn keep_on_at_the_limit() {}

/// Ctrl-C ends the program at once here: the flag stays as it is.
///
/// # Errors
/// None.
pub fn heed_interrupt(_: Duration) -> io::Result<Arc<AtomicBool>> {
    Ok(Arc::default())
}

/// What a shell makes of a line.
#[must_use]
pub fn shell(line: &OsStr) -> Command {
    let mut command = Command::new("cmd");
    command.arg("/C").arg(line);
    command
}

/// Answers of the terminal would come as keys.
#[must_use]
pub const fn may_ask_terminal() -> bool {
    false
}

/// The terminal sends events, no bytes.
#[must_use]
pub fn read_terminal(_: &mut [u8], _: Duration) -> Option<usize> {
    None
}

/// The end of a terminal is the end of its programs.
#[must_use]
pub fn wait_for_hang_up() -> bool {
    false
}

/// Pipes and devices have names of their own here, and are opened by nobody in passing.
#[must_use]
pub const fn oddity(_: &Metadata) -> Option<&'static str> {
    None
}

/// Whether it is a pipe with a name.
#[must_use]
pub const fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Opens a file.
///
/// # Errors
/// The system's.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Files have no writer to wait for.
///
/// # Errors
/// None.
pub fn wait_for_writer(_: &File) -> io::Result<()> {
    Ok(())
}

/// Opens a file, new or not, whose end is written to.
///
/// # Errors
/// The system's.
pub fn open_to_append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

/// Opens the file of a lock, new or not.
///
/// # Errors
/// The system's.
pub fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}

/// Writes to the beginning of a file. The locked part of it cannot be read by those that wait, who then do
/// not learn who has the lock.
///
/// # Errors
/// The system's.
pub fn write_start(file: &File, bytes: &[u8]) -> io::Result<()> {
    let written = file.seek_write(bytes, 0)?;
    if written == bytes.len() {
        Ok(())
    } else {
        Err(io::ErrorKind::WriteZero.into())
    }
}

/// Reads from the beginning of a file.
///
/// # Errors
/// The system's.
pub fn read_start(file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    file.seek_read(buffer, 0)
}

/// A file has the rights of its folder.
pub fn with_rights(_: &mut Builder<'_, '_>, _: u32) {}

/// A folder cannot be synced; the file system keeps a journal of renames.
///
/// # Errors
/// None.
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
