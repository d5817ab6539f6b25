//! Linux, macOS and their like.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_setfl};
use rustix::io::Errno;
use rustix::process::{Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_process};
use tempfile::Builder;
use tokio::signal::unix::{SignalKind, signal};

use crate::platform::{INTERRUPTED, ORDINARY, SystemSignal};

/// The signals that end, stop or continue the dashboard.
pub struct Signals {
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    quit: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    go_on: tokio::signal::unix::Signal,
}

impl Signals {
    /// From here on they are heard, and none ends the process.
    ///
    /// # Errors
    /// The system's.
    pub fn listen() -> io::Result<Self> {
        let listen = |which: Signal| signal(SignalKind::from_raw(which.as_raw()));
        Ok(Self {
            terminate: listen(Signal::TERM)?,
            hang_up: listen(Signal::HUP)?,
            interrupt: listen(Signal::INT)?,
            quit: listen(Signal::QUIT)?,
            stop: listen(Signal::TSTP)?,
            go_on: listen(Signal::CONT)?,
        })
    }

    /// The next signal.
    pub async fn next(&mut self) -> SystemSignal {
        let ending = tokio::select! {
            _ = self.terminate.recv() => Signal::TERM,
            _ = self.hang_up.recv() => Signal::HUP,
            _ = self.interrupt.recv() => Signal::INT,
            _ = self.quit.recv() => Signal::QUIT,
            _ = self.stop.recv() => return SystemSignal::Stop,
            _ = self.go_on.recv() => return SystemSignal::Continue,
        };
        SystemSignal::End(ending.as_raw())
    }
}

/// Stops the process as the shell expects; comes back when it is continued.
pub fn stop_process() {
    let _ = kill_process(getpid(), Signal::STOP);
}

/// Whether a shell continues this process once it is stopped: one that gave it a group of its own.
#[must_use]
pub fn has_shell() -> bool {
    getsid(None) != Ok(getpid())
        && getppid().is_some_and(|parent| getpgid(Some(parent)) != Ok(getpgrp()))
}

/// Beyond the limit of a file's size (`ulimit -f`) a write fails and is said, as on a full disk: the
/// signal alone would end the program in the middle of it.
pub fn keep_on_at_the_limit() {
    // Nobody looks at the flag: the handler is what counts.
    let beyond = Arc::new(AtomicBool::new(false));
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, beyond);
}

/// From here on the first Ctrl-C sets the flag, so that what is being written can be ended whole; where
/// that takes longer than `grace`, and at a second one, the program ends at once.
///
/// # Errors
/// The system's.
pub fn heed_interrupt(grace: Duration) -> io::Result<Arc<AtomicBool>> {
    use signal_hook::consts::SIGINT;
    let (heard, code) = (Arc::new(AtomicBool::new(false)), INTERRUPTED);
    let (mut told, tell) = UnixStream::pair()?;
    signal_hook::flag::register_conditional_shutdown(SIGINT, code, Arc::clone(&heard))?;
    signal_hook::flag::register(SIGINT, Arc::clone(&heard))?;
    signal_hook::low_level::pipe::register(SIGINT, tell)?;
    std::thread::spawn(move || {
        // A read that waits for more is not woken.
        if told.read_exact(&mut [0]).is_ok() {
            std::thread::sleep(grace);
            std::process::exit(code);
        }
    });
    Ok(heard)
}

/// What a shell makes of a line.
#[must_use]
pub fn shell(line: &OsStr) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

/// Whether answers of the terminal can be read as bytes.
#[must_use]
pub const fn may_ask_terminal() -> bool {
    true
}

/// Reads what the terminal has sent, once there is something; nothing once the time is over, or where the
/// terminal is gone.
#[must_use]
pub fn read_terminal(buffer: &mut [u8], limit: Duration) -> Option<usize> {
    let (stdin, until) = (io::stdin(), Instant::now() + limit);
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).ok()?;
        let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
        match poll(&mut watched, Some(&left)) {
            Err(Errno::INTR) => continue,
            Ok(1..) => {}
            Ok(0) | Err(_) => return None,
        }
        match rustix::io::read(&stdin, &mut *buffer) {
            Err(Errno::INTR | Errno::AGAIN) => {}
            Ok(count @ 1..) => return Some(count),
            Ok(0) | Err(_) => return None,
        }
    }
}

/// Waits until the terminal has gone away, which may happen without a signal; whether it has.
#[must_use]
pub fn wait_for_hang_up() -> bool {
    let stdin = io::stdin();
    // Nothing is asked for: what remains is a hang-up and an error.
    let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
    while poll(&mut watched, None) == Err(Errno::INTR) {}
    let gone = PollFlags::HUP | PollFlags::ERR;
    watched.iter().any(|one| one.revents().intersects(gone))
}

/// What a file is where it is neither a file nor a folder; the null device is an empty file.
#[must_use]
pub fn oddity(metadata: &Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    let is_null = || fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == metadata.rdev());
    if kind.is_fifo() {
        Some("a named pipe")
    } else if kind.is_socket() {
        Some("a socket")
    } else if kind.is_block_device() || kind.is_char_device() && !is_null() {
        Some("a device")
    } else {
        None
    }
}

/// Whether it is a pipe with a name.
#[must_use]
pub fn is_pipe(metadata: &Metadata) -> bool {
    metadata.file_type().is_fifo()
}

/// Opens what stands under a name without waiting for whoever is behind it.
///
/// # Errors
/// The system's.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// From here on whoever fills a pipe is waited for.
///
/// # Errors
/// The system's.
pub fn wait_for_writer(file: &File) -> io::Result<()> {
    Ok(fcntl_setfl(file, OFlags::empty())?)
}

/// Opens a file, new or not, whose end is written to; nobody is waited for, so what a full pipe does not
/// take is lost.
///
/// # Errors
/// The system's.
pub fn open_to_append(path: &Path) -> io::Result<File> {
    let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::NONBLOCK;
    open_new(path, flags | OFlags::NOCTTY)
}

/// Opens the file of a lock, new or not. A pipe in its place would be waited for, and a link leads to
/// somebody else's file.
///
/// # Errors
/// The system's.
pub fn open_lock(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NONBLOCK | OFlags::NOFOLLOW;
    open_new(path, flags)
}

fn open_new(path: &Path, flags: OFlags) -> io::Result<File> {
    let mode = Mode::from_raw_mode(ORDINARY);
    Ok(File::from(rustix::fs::open(
        path,
        flags | OFlags::CLOEXEC,
        mode,
    )?))
}

/// Writes to the beginning of a file.
///
/// # Errors
/// The system's.
pub fn write_start(file: &File, bytes: &[u8]) -> io::Result<()> {
    file.write_all_at(bytes, 0)
}

/// Reads from the beginning of a file.
///
/// # Errors
/// The system's.
pub fn read_start(file: &File, buffer: &mut [u8]) -> io::Result<usize> {
    file.read_at(buffer, 0)
}

/// Gives a new file these rights, of which the mask leaves what it leaves.
pub fn with_rights(builder: &mut Builder<'_, '_>, mode: u32) {
    builder.permissions(Permissions::from_mode(mode));
}

/// Lets what was renamed in a folder survive a loss of power.
///
/// # Errors
/// The system's.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
