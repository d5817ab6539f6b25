//! The log for whoever helps: what ran, with which settings and data, and what was asked of whom.
//!
//! No token and no body goes in, and no address with its user or its query. A thread of its own
//! writes, so that nobody waits for the disk, the dashboard least of all.

mod levels;
mod settings;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::cli::Failure;
use crate::cli::console::say;
use crate::store::open_to_append;
use crate::text::{Safe, clean};

pub use settings::settings;

/// Lines that wait for the disk at most; further ones are counted.
const MOST_WAITING: usize = 10_000;
/// How long the end of a run waits for the last lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// The log of a run, if there is one; dropped, it waits for the last lines.
#[derive(Debug, Default)]
pub struct Log(Option<OpenLog>);

#[derive(Debug)]
struct OpenLog {
    path: Safe,
    lines: SyncSender<Entry>,
    ended: Receiver<io::Result<()>>,
}

#[derive(Debug)]
enum Entry {
    Line(Vec<u8>),
    End,
}

impl Log {
    /// Opens the file, if one is named, and begins the log.
    ///
    /// # Errors
    /// It cannot be written, or is a pipe that may have no reader.
    pub fn start(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let shown = Safe::new(&path.to_string_lossy());
        let file = open_to_append(path)
            .map_err(|why| Failure::said(format!("cannot write the log {shown}: {why}")))?;
        let (lines, entries) = sync_channel(MOST_WAITING);
        let (end, ended) = sync_channel(1);
        let lost = Arc::new(AtomicU64::new(0));
        let of_thread = Arc::clone(&lost);
        thread::spawn(move || end.send(write(file, &entries, &of_thread)));
        let (levels, wrong) = levels::levels(std::env::var_os("RUST_LOG").as_deref());
        let sink = LogSink {
            lines: lines.clone(),
            lost,
        };
        let lines_of = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .log_internal_errors(false)
            .with_writer(move || sink.clone());
        // Of others nothing: what they put in is not known here.
        let own =
            filter_fn(|it| it.target() == "tagscope" || it.target().starts_with("tagscope::"));
        let subscriber = tracing_subscriber::registry()
            .with(levels)
            .with(own)
            .with(lines_of);
        tracing::subscriber::set_global_default(subscriber)?;
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            system = std::env::consts::OS,
            machine = std::env::consts::ARCH,
            terminal = std::env::var("TERM").unwrap_or_default(),
            process = std::process::id(),
            "start"
        );
        if let Some(wrong) = wrong {
            say(&format!("tagscope: warning: {wrong}"));
        }
        Ok(Self(Some(OpenLog {
            path: shown,
            lines,
            ended,
        })))
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let Some(log) = &self.0 else { return };
        if let Err(why) = log.end() {
            say(&format!(
                "tagscope: warning: the log {} is not whole: {why}",
                log.path
            ));
        }
    }
}

impl OpenLog {
    /// Waits until everything is written, but not long.
    fn end(&self) -> io::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.lines.try_send(Entry::End) {
                Err(TrySendError::Full(_)) if Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(10));
                }
                Ok(()) | Err(_) => break,
            }
        }
        let left = deadline.saturating_duration_since(Instant::now());
        let late = || io::Error::new(io::ErrorKind::TimedOut, "the disk does not answer");
        self.ended.recv_timeout(left).map_err(|_| late())?
    }
}

/// Writes lines as they come, until the end; the first failure is the answer.
fn write(mut file: File, entries: &Receiver<Entry>, lost: &AtomicU64) -> io::Result<()> {
    let mut done = Ok(());
    while let Ok(Entry::Line(line)) = entries.recv() {
        // A file that takes no more may take some again: what follows says so by its time.
        let written = file.write_all(&line);
        done = done.and(written);
    }
    match lost.load(Ordering::Relaxed) {
        0 => done,
        lost => {
            writeln!(
                file,
                "{lost} lines are missing: they came faster than the disk took them"
            )?;
            done
        }
    }
}

/// Where lines go; none of them waits.
#[derive(Clone)]
struct LogSink {
    lines: SyncSender<Entry>,
    lost: Arc<AtomicU64>,
}

impl Write for LogSink {
    /// A whole line, cleaned: what is in it comes from outside too.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let text = format!("{}\n", clean(text.trim_end_matches('\n')));
        if self.lines.try_send(Entry::Line(text.into_bytes())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
