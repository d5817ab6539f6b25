//! Tasks of the view Traffic: logs into counts, and the counts against two weeks.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::sync::mpsc::UnboundedSender;

use crate::azure::Specials;
use crate::query::Dataset;
use crate::query::traffic::ask_against;
use crate::source::{LogProgress, Request, log_threads, logs_named, open_log_bytes};
use crate::store::{Input, expand_home};
use crate::text::Safe;
use crate::traffic::log::{LogKind, Roles};
use crate::traffic::{Breakdown, BreakdownBuilder, Counted, Filter, Reading, Said, Sets, open_log};
use crate::tui::runner::chain;
use crate::tui::runner::weeks::TwoWeeks;
use crate::tui::{AgainstRun, Job, LogsRead, Message, Ticket};

/// What nobody reads: whoever has stopped it drops the outcome.
const STOPPED: &str = "the reading was stopped";

/// Ends the reading when it is dropped.
#[derive(Default)]
pub struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Where it is told how far logs are read.
pub struct Hear {
    ticket: Ticket,
    messages: UnboundedSender<Message>,
    is_stopped: Arc<AtomicBool>,
}

impl Hear {
    pub fn new(ticket: Ticket, messages: UnboundedSender<Message>, stop: &Stop) -> Self {
        Self {
            ticket,
            messages,
            is_stopped: Arc::clone(&stop.0),
        }
    }

    /// An error once nobody waits for the counts any more.
    fn check(&self) -> io::Result<()> {
        if self.is_stopped.load(Ordering::Relaxed) {
            // An interruption would be read over.
            return Err(io::Error::other(STOPPED));
        }
        Ok(())
    }

    fn tell(&self, text: String) {
        // The loop has ended when nobody listens.
        let _ = self.messages.send(Message::Progress {
            job: Job::Logs,
            ticket: self.ticket,
            text: Safe::from(text),
        });
    }
}

/// Counts the logs that paths name, those below folders among them.
///
/// # Errors
/// Why none could be read.
pub fn read(paths: &[PathBuf], dataset: &Dataset, hear: &Arc<Hear>) -> Result<Box<LogsRead>, Safe> {
    let whole: Vec<PathBuf> = paths.iter().map(|path| expand_home(path)).collect();
    let inputs = logs_named(&whole);
    let all = inputs.len();
    let lengths: Vec<u64> = inputs
        .iter()
        .map(|it| it.as_ref().map_or(0, length))
        .collect();
    let sum: u64 = lengths.iter().sum();
    let begun = Instant::now();
    let sets = Sets::new(dataset.view(), &Specials::embedded());
    let reading = Reading {
        kind: None,
        roles: Roles::new(None),
        pick: None,
        filter: Filter::default(),
        threads: log_threads(None),
    };
    let mut counted = Counted {
        tally: BreakdownBuilder::default(),
        said: Said::default(),
    };
    let mut read = LogsRead {
        paths: whole,
        week: dataset.info().content_hash,
        files: 0,
        kinds: Vec::new(),
        bytes: 0,
        counts: Arc::new(BreakdownBuilder::default().finish()),
        said: Said::default(),
        problems: Vec::new(),
    };
    let mut before = 0;
    for (place, (input, length)) in inputs.into_iter().zip(lengths).enumerate() {
        let input = match input {
            Ok(input) => input,
            Err(error) => {
                read.problems.push(chain(&error));
                continue;
            }
        };
        let name = input.shown();
        let own = Arc::clone(hear);
        let which = if all > 1 {
            format!("file {} of {all}, ", place + 1)
        } else {
            String::new()
        };
        let tell = move |progress: &LogProgress| {
            own.check()?;
            let progress = LogProgress {
                read: before + progress.read,
                length: Some(sum),
                elapsed: begun.elapsed(),
            };
            own.tell(format!("{which}{}", progress.shown()));
            Ok(())
        };
        match read_one(&input, tell, (&mut counted, &sets), &reading) {
            Ok((kind, problem)) => {
                read.files += 1;
                if !read.kinds.contains(&kind) {
                    read.kinds.push(kind);
                }
                read.problems
                    .extend(problem.map(|it| Safe::from(format!("{name}: {it}"))));
            }
            Err(reason) => read.problems.push(reason),
        }
        if hear.check().is_err() {
            return Err(Safe::new(STOPPED));
        }
        before += length;
        read.bytes += length;
    }
    if read.files == 0 {
        return Err(refused(&read.problems));
    }
    read.counts = Arc::new(counted.tally.finish());
    read.said = counted.said;
    Ok(Box::new(read))
}

/// Why no log could be read.
fn refused(problems: &[Safe]) -> Safe {
    match problems {
        [] => Safe::new("there is no file to read"),
        [one] => one.clone(),
        [first, rest @ ..] => Safe::from(format!("{first}; and {} more", rest.len())),
    }
}

/// Bytes of a file on disk.
fn length(input: &Input) -> u64 {
    let path = match input {
        Input::File(path) => path.as_path(),
        Input::Stdin => Path::new(""),
    };
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// Reads one log into the counts: what it is, and what of it was not understood.
fn read_one<F>(
    input: &Input,
    tell: F,
    (counted, sets): (&mut Counted<BreakdownBuilder>, &Sets<'_>),
    reading: &Reading,
) -> Result<(LogKind, Option<String>), Safe>
where
    F: FnMut(&LogProgress) -> io::Result<()> + Send + 'static,
{
    if *input == Input::Stdin {
        return Err(Safe::new(
            "standard input is the keyboard here; name a file",
        ));
    }
    let name = input.shown();
    let cut = |error: io::Error| Safe::from(format!("cannot read {name} to its end: {error}"));
    let bytes = open_log_bytes(input, tell).map_err(|error| chain(&error))?;
    let log = open_log(bytes.map_err(cut)?, reading).map_err(cut)?;
    let before = counted.tally.hits();
    let unread = counted
        .read(log.kind, log.bytes, sets, reading)
        .map_err(cut)?;
    let problem = unread.sentence().or_else(|| {
        let is_empty = counted.tally.hits() == before;
        is_empty.then(|| format!("read as {}, and no address is in it", log.kind.words()))
    });
    Ok((log.kind, problem))
}

/// What two weeks do to the addresses of logs.
pub fn against(
    counts: &Breakdown,
    weeks: Option<[Request; 2]>,
    within: &Request,
) -> Result<Box<AgainstRun>, Safe> {
    let TwoWeeks {
        base,
        target,
        words: [base_word, _],
    } = TwoWeeks::open(weeks, within)?;
    let dates = [&base, &target].map(|week| week.info().marked());
    Ok(Box::new(AgainstRun {
        answer: ask_against(counts.addresses(), &base, &target, None),
        label: dates.join(" → "),
        base: base_word,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::Outcome;

    fn week() -> Dataset {
        crate::source::open(&Request {
            week: crate::source::WeekChoice::Embedded,
            ..Request::default()
        })
        .unwrap()
    }

    fn hear(stop: &Stop) -> Arc<Hear> {
        let (sender, _) = tokio::sync::mpsc::unbounded_channel();
        Arc::new(Hear::new(Ticket(1), sender, stop))
    }

    #[test]
    fn logs_beside_one_that_is_gone_are_counted_and_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let [log, odd, gone] =
            ["a.log", "odd.log", "gone.log"].map(|name| folder.path().join(name));
        std::fs::write(&log, "20.38.116.38 seen\n20.38.116.38 10.0.0.4 8.8.8.8\n").unwrap();
        std::fs::write(&odd, "nothing of the kind\n").unwrap();
        let stop = Stop::default();
        let paths = vec![log, odd.clone(), gone.clone()];
        let found = read(&paths, &week(), &hear(&stop)).unwrap();
        assert_eq!((found.files, found.problems.len()), (2, 2));
        assert!(found.problems[0].as_str().contains("no address is in it"));
        assert!(found.problems[1].as_str().contains("gone.log"));
        let hits: u64 = found.counts.addresses().map(|(_, hits)| hits).sum();
        assert_eq!(hits, 3);
        let refused = read(&[gone], &week(), &hear(&stop)).unwrap_err();
        assert!(refused.as_str().contains("gone.log"));
        let folder = tempfile::tempdir().unwrap();
        let empty = read(&[folder.path().to_owned()], &week(), &hear(&stop)).unwrap_err();
        assert_eq!(empty.as_str(), "there is no file to read");
    }

    #[test]
    fn reading_ends_when_nobody_waits_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a.log");
        std::fs::write(&log, "20.38.116.38\n").unwrap();
        let stop = Stop::default();
        let hear = hear(&stop);
        drop(stop);
        let outcome = Outcome::LogsRead(read(&[log], &week(), &hear));
        assert!(outcome.failure().unwrap().as_str().contains("stopped"));
    }
}
