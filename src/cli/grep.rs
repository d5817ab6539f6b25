//! `tagscope grep`.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::path::Path;

use crate::azure::Specials;
use crate::cli::args::{FormatName, GrepArgs};
use crate::cli::console::{Console, say};
use crate::cli::logs::{Broken, Logs, lacks, reading};
use crate::cli::{Context, Exit, Failure, names};
use crate::query::Dataset;
use crate::query::tags::TagsQuestion;
use crate::text::Safe;
use crate::traffic::log::{LogKind, read_log};
use crate::traffic::{
    Chunks, Flow, Found, MAX_LINE, Next, Pieces, Reading, Said, Selector, Sets, Slot, Wanted,
    in_order, line_ends, open_log,
};

pub fn run(args: &GrepArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let reading = reading(&args.fields, &args.records, args.family, args.jobs)?;
    let is_named = !args.tags.is_empty()
        || !args.regions.is_empty()
        || !args.services.is_empty()
        || args.nowhere;
    let (typed, files) = match args.words.split_first() {
        _ if is_named => (args.tags.clone(), args.words.as_slice()),
        Some((first, files)) => (split(first), files),
        None => {
            let text = "nothing to look for: name tags, or give --region, --service or --nowhere";
            return Err(Failure::said(text.to_owned()));
        }
    };
    let dataset = context.dataset()?;
    let wanted = wanted(args, &typed, &dataset, context)?.of_family(reading.filter.family);
    let logs = Logs::named(files, context)?.ending_whole()?;
    let sets = Sets::new(dataset.view(), &Specials::embedded()).beside(dataset.others());
    let mut job = Grep {
        args,
        reading: &reading,
        sets: &sets,
        wanted: &wanted,
        is_prompt: args.line_buffered || console.is_terminal(),
        names_logs: args.with_filename || logs.are_several(),
        found: 0,
        has_unread: false,
    };
    let read = logs.each(!console.is_terminal(), |name, bytes| {
        job.log(name, bytes, console)
    })?;
    let found = if job.found > 0 { Exit::Done } else { Exit::No };
    let unread = if job.has_unread {
        Exit::Failed
    } else {
        Exit::Done
    };
    Ok(found.or(read).or(unread).or(context.check_age(&dataset)))
}

/// The names of a list.
fn split(word: &Path) -> Vec<String> {
    let word = word.to_string_lossy();
    word.split(',').map(str::to_owned).collect()
}

fn wanted(
    args: &GrepArgs,
    typed: &[String],
    dataset: &Dataset,
    context: &Context,
) -> Result<Wanted, Failure> {
    if args.nowhere {
        return Ok(Wanted::nowhere());
    }
    let (mut of_others, mut of_azure) = (BTreeSet::new(), Vec::new());
    for name in typed {
        match dataset.others().choose(name) {
            Some(tags) => of_others.extend(tags?),
            None => of_azure.push(name.clone()),
        }
    }
    let named = names::tags(&of_azure, dataset, context)?;
    let question = TagsQuestion {
        regions: names::regions(&args.regions, dataset)?,
        services: names::services(&args.services, &[dataset])?,
        ..TagsQuestion::default()
    };
    let view = dataset.view();
    let tags = view.tag_ids().map(|tag| {
        let is_named = typed.is_empty() || named.contains(&tag);
        is_named && view.tag(tag).is_some_and(|row| question.keeps(&row))
    });
    let tags: Vec<bool> = tags.collect();
    let wanted = Wanted::tags(&view, |tag| tags.get(tag.place()).copied().unwrap_or(false));
    if of_others.is_empty() {
        return Ok(wanted);
    }
    Ok(wanted.or_others(dataset.others(), |tag| of_others.contains(tag)))
}

/// One run.
struct Grep<'a> {
    args: &'a GrepArgs,
    reading: &'a Reading,
    sets: &'a Sets<'a>,
    wanted: &'a Wanted,
    is_prompt: bool,
    names_logs: bool,
    /// Lines and records of all logs.
    found: u64,
    has_unread: bool,
}

impl Grep<'_> {
    fn log(
        &mut self,
        name: &Safe,
        bytes: Box<dyn Read + Send>,
        console: &mut Console,
    ) -> Result<(), Broken> {
        let is_of_fields = self.args.fields.field.is_some() && self.reading.pick.is_none();
        let asks = self.reading.filter.asks_of_records() || is_of_fields;
        // A stream that is followed is not waited for to be recognised.
        let count = if self.is_prompt && !asks && self.reading.kind.is_none() {
            self.lines(name, bytes, console)?
        } else {
            let log = open_log(bytes, self.reading)?;
            match log.kind {
                LogKind::Text if asks => {
                    return Err(Broken::Other(Failure::said(format!(
                        "{name} is read as plain text, which has addresses and no more; --input \
                         says what it is where it was not known"
                    ))));
                }
                kind if asks || !log.is_lined || kind == LogKind::Flows => {
                    self.records(name, kind, log.bytes, console)?
                }
                _ => self.lines(name, log.bytes, console)?,
            }
        };
        self.found += count;
        let out = console.out();
        if self.args.files_with_matches {
            if count > 0 {
                writeln!(out, "{name}").map_err(Broken::Write)?;
            }
        } else if self.args.count {
            let head = self.head(name, None);
            writeln!(out, "{head}{count}").map_err(Broken::Write)?;
        }
        Ok(())
    }

    /// What stands before a line.
    fn head(&self, name: &Safe, number: Option<u64>) -> String {
        let name = if self.names_logs {
            format!("{name}:")
        } else {
            String::new()
        };
        match number {
            Some(number) => format!("{name}{number}:"),
            None => name,
        }
    }

    /// Whether lines themselves are written.
    const fn is_shown(&self) -> bool {
        !self.args.count && !self.args.files_with_matches
    }

    fn is_only(&self) -> bool {
        self.args.only == FormatName::Matching
    }

    /// Whether so many are enough.
    fn is_enough(&self, count: u64) -> bool {
        self.args.files_with_matches && count > 0
            || self.args.max_count.is_some_and(|most| count >= most)
    }

    fn lines(
        &self,
        name: &Safe,
        bytes: Box<dyn Read + Send>,
        console: &mut Console,
    ) -> Result<u64, Broken> {
        let pieces = if self.is_prompt {
            Pieces::PromptLines
        } else {
            Pieces::Lines
        };
        let selector = Selector {
            sets: self.sets,
            wanted: self.wanted,
            pick: self.reading.pick.as_ref(),
            is_only: self.is_only() && self.is_shown(),
        };
        let mut lines = Lines {
            grep: self,
            name,
            count: 0,
            number: 1,
            long: None,
        };
        if self.is_enough(0) {
            return Ok(0);
        }
        in_order(
            Chunks::new(bytes, pieces),
            vec![(); self.reading.threads],
            |(), chunk, found: &mut Found| selector.chunk(chunk, found),
            |slot| {
                let next = lines.chunk(slot, console.out())?;
                if self.is_prompt {
                    console.out().flush().map_err(Broken::Write)?;
                }
                Ok::<Next, Broken>(next)
            },
        )?;
        lines.end_long();
        Ok(lines.count)
    }

    fn records(
        &mut self,
        name: &Safe,
        kind: LogKind,
        bytes: impl Read,
        console: &mut Console,
    ) -> Result<u64, Broken> {
        let (mut count, mut number) = (0, 0);
        let mut said = Said::default();
        let mut failed = None;
        if self.is_enough(0) {
            return Ok(0);
        }
        let unread = read_log(kind, bytes, &self.reading.roles, |flow, text| {
            number += 1;
            said.add(flow);
            if !self.reading.filter.takes(flow) {
                return Next::More;
            }
            let ends = [flow.source, flow.destination].into_iter().flatten();
            let wanted = ends.filter(|end| self.wanted.has(end.0, end.1, self.sets));
            let wanted: Vec<_> = wanted.collect();
            if wanted.is_empty() != self.args.invert_match {
                return Next::More;
            }
            count += 1;
            if self.is_shown() {
                let head = self.head(name, self.args.line_number.then_some(number));
                let out = console.out();
                let written = if self.is_only() {
                    wanted
                        .iter()
                        .try_for_each(|end| writeln!(out, "{head}{}", end.0.address(end.1)))
                } else {
                    write_record(kind, flow, text, &head, out)
                };
                if let Err(error) = written {
                    failed = Some(error);
                    return Next::Enough;
                }
            }
            if self.is_enough(count) {
                Next::Enough
            } else {
                Next::More
            }
        })?;
        if let Some(error) = failed {
            return Err(Broken::Write(error));
        }
        if let Some(what) = lacks(&said, &self.reading.filter).filter(|_| said.records > 0) {
            return Err(Broken::Other(Failure::said(format!(
                "no record of {name} says {what}"
            ))));
        }
        if let Some(sentence) = unread.sentence() {
            say(&format!("tagscope: {name}: {sentence}"));
            self.has_unread = true;
        }
        Ok(count)
    }
}

/// A record as it stood; a tuple of a flow log behind its time and its rule.
fn write_record(
    kind: LogKind,
    flow: &Flow<'_>,
    text: &[u8],
    head: &str,
    out: &mut impl Write,
) -> std::io::Result<()> {
    write!(out, "{head}")?;
    if kind == LogKind::Flows {
        let time = flow
            .time
            .and_then(|time| jiff::Timestamp::from_millisecond(time).ok());
        match time {
            Some(time) => write!(out, "{time}\t")?,
            None => write!(out, "-\t")?,
        }
        if flow.rule.is_empty() {
            write!(out, "-")?;
        }
        out.write_all(flow.rule)?;
        write!(out, "\t")?;
    }
    out.write_all(text)?;
    out.write_all(b"\n")
}

/// The lines of one log.
struct Lines<'a> {
    grep: &'a Grep<'a>,
    name: &'a Safe,
    count: u64,
    /// Of the line that comes next, from 1.
    number: u64,
    /// A line that is longer than a piece, as far as it was read: whether it holds a wanted address.
    long: Option<bool>,
}

impl Lines<'_> {
    fn chunk(&mut self, slot: &Slot<Found>, out: &mut impl Write) -> Result<Next, Broken> {
        let (chunk, found) = (&slot.chunk, &slot.result);
        let bytes = chunk.bytes();
        let mut at = 0;
        let mut lines = found.lines.iter().copied().peekable();
        let mut spots = found.spots.iter().copied().peekable();
        if chunk.continues {
            let end = memchr::memchr(b'\n', bytes);
            let has = lines.next_if(|&(start, _)| start == 0).is_some();
            self.long = Some(self.long.unwrap_or(false) || has);
            at = end.map_or(bytes.len(), |end| end + 1);
            if end.is_some() {
                self.end_long();
                self.number += 1;
            }
        }
        let whole = if chunk.is_open {
            memchr::memrchr(b'\n', bytes)
                .map_or(at, |end| end + 1)
                .max(at)
        } else {
            bytes.len()
        };
        while at < whole && !self.grep.is_enough(self.count) {
            // Up to the next line with a wanted address, and that line.
            let (start, end) = lines
                .next_if(|&(_, end)| end <= whole)
                .unwrap_or((whole, whole));
            if self.grep.args.invert_match {
                self.others(bytes.get(at..start).unwrap_or_default(), out)?;
            } else {
                self.pass(bytes.get(at..start).unwrap_or_default());
            }
            if end > start {
                let line = bytes.get(start..end).unwrap_or_default();
                if !self.grep.args.invert_match {
                    self.count += 1;
                    let mut own = || spots.next_if(|&(start, _)| start < end);
                    if self.grep.is_only() {
                        while let Some((from, to)) = own() {
                            self.write(bytes.get(from..to).unwrap_or_default(), out)?;
                        }
                    } else {
                        self.write(line, out)?;
                    }
                }
                self.pass(line);
            }
            at = end;
        }
        if chunk.is_open && at >= whole {
            let has = lines.next().is_some();
            self.long = Some(self.long.unwrap_or(false) || has);
        }
        Ok(if self.grep.is_enough(self.count) {
            Next::Enough
        } else {
            Next::More
        })
    }

    /// Goes past lines.
    fn pass(&mut self, bytes: &[u8]) {
        self.number += u64::try_from(line_ends(bytes)).unwrap_or(0);
    }

    /// Lines without a wanted address.
    fn others(&mut self, bytes: &[u8], out: &mut impl Write) -> Result<(), Broken> {
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            if self.grep.is_enough(self.count) {
                break;
            }
            self.count += 1;
            self.write(line, out)?;
            self.pass(line);
        }
        Ok(())
    }

    /// Writes a line or an address.
    fn write(&self, text: &[u8], out: &mut impl Write) -> Result<(), Broken> {
        if !self.grep.is_shown() {
            return Ok(());
        }
        let args = self.grep.args;
        let written = if self.grep.names_logs || args.line_number {
            let head = self
                .grep
                .head(self.name, args.line_number.then_some(self.number));
            out.write_all(head.as_bytes())
        } else {
            Ok(())
        };
        let written = written.and_then(|()| out.write_all(text));
        let is_ended = text.ends_with(b"\n");
        let written = written.and_then(|()| {
            if is_ended {
                Ok(())
            } else {
                out.write_all(b"\n")
            }
        });
        written.map_err(Broken::Write)
    }

    /// Counts a line that is longer than what is shown.
    fn end_long(&mut self) {
        let Some(has) = self.long.take() else { return };
        if has == self.grep.args.invert_match {
            return;
        }
        self.count += 1;
        if self.grep.is_shown() {
            say(&format!(
                "tagscope: {}: line {} is longer than {} MiB and is not shown; it counts",
                self.name,
                self.number,
                MAX_LINE >> 20
            ));
        }
    }
}
