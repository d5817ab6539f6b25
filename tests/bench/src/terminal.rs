//! A program in a pseudo-terminal: keys in, bursts of output with their times out.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;

/// A key that makes the program write nothing within this time has changed nothing.
const NO_CHANGE: Duration = Duration::from_millis(500);
/// A burst has ended when nothing has been written for so long; no part of its time.
const SILENCE: Duration = Duration::from_millis(50);
/// Nothing that is waited for takes longer.
const DEADLINE: Duration = Duration::from_secs(10);

/// Output between two silences.
#[derive(Debug, Clone, Copy)]
pub struct Burst {
    /// From what caused it to its last byte.
    pub took: Duration,
    /// Its bytes.
    pub bytes: usize,
}

/// A running program and its terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    /// What a user sees.
    pub screen: vt100::Parser,
    _master: Box<dyn MasterPty + Send>,
    _home: TempDir,
}

impl Terminal {
    /// Starts a program in so many columns and rows, in a home of its own; with its first burst.
    pub fn start(program: &Path, (columns, rows): (u16, u16)) -> (Self, Burst) {
        let home = tempfile::tempdir().unwrap();
        let command = command(program, home.path());
        let size = PtySize {
            rows,
            cols: columns,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let writer = pair.master.take_writer().unwrap();
        let output = read_on(pair.master.try_clone_reader().unwrap());
        let start = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut terminal = Self {
            child,
            writer,
            output,
            screen: vt100::Parser::new(rows, columns, 0),
            _master: pair.master,
            _home: home,
        };
        let burst = terminal.burst(start, DEADLINE);
        (terminal, burst.expect("the program writes nothing"))
    }

    /// Types a key and waits for what it makes the program write: nothing where nothing changes.
    pub fn press(&mut self, key: &str) -> Burst {
        let start = Instant::now();
        self.writer.write_all(key.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self.burst(start, NO_CHANGE).unwrap_or(Burst {
            took: Duration::ZERO,
            bytes: 0,
        })
    }

    /// Bytes written within a time, from now on.
    pub fn written_within(&mut self, time: Duration) -> usize {
        let start = Instant::now();
        let mut written = 0;
        while let Some((_, bytes)) = self.next(time.saturating_sub(start.elapsed())) {
            written += bytes.len();
            self.screen.process(&bytes);
        }
        written
    }

    /// The process.
    pub fn process(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Ends the program by a key.
    pub fn quit(mut self) {
        self.press("q");
        assert!(self.child.wait().unwrap().success(), "the program failed");
    }

    fn burst(&mut self, start: Instant, limit: Duration) -> Option<Burst> {
        let first = self.next(limit)?;
        let mut parts = vec![first];
        while let Some(part) = self.next(SILENCE) {
            parts.push(part);
        }
        // Only now, not to take time from the program.
        for (_, bytes) in &parts {
            self.screen.process(bytes);
        }
        Some(Burst {
            took: parts[parts.len() - 1].0 - start,
            bytes: parts.iter().map(|(_, bytes)| bytes.len()).sum(),
        })
    }

    /// The next output within a time; none as well where the program has ended.
    fn next(&self, limit: Duration) -> Option<(Instant, Vec<u8>)> {
        self.output.recv_timeout(limit).ok()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program without the user's settings.
fn command(program: &Path, home: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    for name in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_CACHE_HOME",
        "XDG_STATE_HOME",
    ] {
        command.env(name, home);
    }
    for name in [
        "TAGSCOPE_CONFIG",
        "TAGSCOPE_DATA_DIR",
        "TAGSCOPE_OFFLINE",
        "NO_COLOR",
    ] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command
}

/// Hands on what the program writes, with the time at which it could be read.
fn read_on(mut reader: Box<dyn Read + Send>) -> Receiver<(Instant, Vec<u8>)> {
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let part = (Instant::now(), buffer[..count].to_vec());
            if sender.send(part).is_err() {
                return;
            }
        }
    });
    output
}
