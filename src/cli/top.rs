//! `tagscope top`.

use crate::azure::{Specials, said_date};
use crate::cli::args::TopArgs;
use crate::cli::console::{Console, note};
use crate::cli::logs::{Counting, Logs, lacks, reading};
use crate::cli::{Context, Exit, Failure};
use crate::query::traffic::{
    SeenTraffic, TopQuestion, addresses_of, ask, ask_against, far_from, suggest,
};
use crate::query::{Dataset, Sheet};
use crate::report::Format;
use crate::text::counted as said_count;
use crate::traffic::{By, Counted, MOST_V4, MOST_V6, Said, Sets, Tally};

pub fn run(args: &TopArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let reading = reading(&args.fields, &args.records, args.log.family, args.log.jobs)?;
    let by = if args.against.is_some() {
        By::Address
    } else {
        args.by
    };
    let logs = Logs::named(&args.log.files, context)?;
    let dataset = context.dataset()?;
    let other = match &args.against {
        Some(week) => Some(other_week(week, &dataset, context)?),
        None => None,
    };
    let sets = Sets::new(dataset.view(), &Specials::embedded()).beside(dataset.others());
    let mut counted = Counted {
        tally: Tally::new(by, &sets),
        said: Said::default(),
    };
    let needs_records =
        reading.filter.asks_of_records() || matches!(by, By::Rule | By::Port | By::Action);
    let Counting { kinds, exit: read } =
        logs.count(&mut counted, &sets, &reading, needs_records)?;
    let said = &counted.said;
    let lacks = lacks(said, &reading.filter).or(match by {
        By::Rule if said.rules == 0 => Some("rules"),
        By::Port if said.ports == 0 => Some("ports"),
        By::Action if said.actions == 0 => Some("what was allowed or denied"),
        _ => None,
    });
    if let Some(what) = lacks.filter(|_| said.records > 0) {
        return Err(Failure::said(format!("no record of the log says {what}")));
    }
    if !kinds.is_empty() {
        say_of(&counted, &kinds, &dataset);
    }
    let answer = Answer {
        args,
        counted: &counted,
        sets: &sets,
        dataset: &dataset,
        format: context.form.format,
    };
    let is_found = match weeks(other.as_ref(), &dataset) {
        Some(weeks) => answer.against(weeks, console)?,
        None if args.suggest => answer.suggested(console)?,
        None => answer.table(by, console)?,
    };
    let found = if is_found { Exit::Done } else { Exit::No };
    Ok(found.or(read).or(context.check_age(&dataset)))
}

/// What is written of the counts.
struct Answer<'a> {
    args: &'a TopArgs,
    counted: &'a Counted,
    sets: &'a Sets<'a>,
    dataset: &'a Dataset,
    format: Format,
}

impl Answer<'_> {
    fn most(&self) -> Option<usize> {
        (self.args.rows > 0).then_some(self.args.rows)
    }

    /// The addresses whose tags differ in two weeks; whether there are any.
    fn against(
        &self,
        (base, target): (&Dataset, &Dataset),
        console: &mut Console,
    ) -> Result<bool, Failure> {
        let addresses = addresses_of(&self.counted.tally);
        let answer = ask_against(addresses, base, target, self.most());
        match self.format {
            Format::Json | Format::Jsonl => {
                console.records(&answer.record(base, target), self.format)?;
            }
            format => console.sheet(&answer, format, true)?,
        }
        note(&format!(
            "{} compared, {} in other tags on {} than on {}",
            said_count(answer.addresses, "address", "addresses"),
            answer.rows.len() + answer.left_out,
            day(target),
            day(base),
        ));
        say_left_out(answer.left_out);
        Ok(!answer.is_empty())
    }

    /// The tags that hold what was seen; whether there are any.
    fn suggested(&self, console: &mut Console) -> Result<bool, Failure> {
        let limit = self.args.limit.map(std::num::NonZeroUsize::get);
        let seen = SeenTraffic::of(&self.counted.tally, self.sets);
        let answer = suggest(&seen, &self.sets.view(), limit);
        match self.format {
            Format::Json | Format::Jsonl => {
                console.records(&answer.record(self.dataset), self.format)?;
            }
            format => console.sheet(&answer, format, true)?,
        }
        if !answer.is_empty() {
            note(&format!(
                "together they admit {} IPv4 and {} IPv6 addresses{}; {}",
                answer.admits.0.grouped(),
                answer.admits.1.short(),
                if answer.is_best {
                    ""
                } else {
                    ", and a better choice may exist"
                },
                answer.command()
            ));
        }
        if !answer.is_within {
            note("no fewer tags hold all that was seen");
        }
        if answer.nowhere > 0 {
            note(&format!(
                "{} at public addresses in no tag: tagscope grep --nowhere has them",
                hits(answer.nowhere)
            ));
        }
        Ok(!answer.is_empty())
    }

    /// The counts; whether there are any.
    fn table(&self, by: By, console: &mut Console) -> Result<bool, Failure> {
        let question = TopQuestion {
            by,
            is_every: self.args.every,
            most: self.most(),
        };
        let answer = ask(question, &self.counted.tally, &self.counted.said, self.sets);
        match self.format {
            Format::Json | Format::Jsonl => {
                console.records(&answer.record(self.dataset), self.format)?;
            }
            format => console.sheet(&answer, format, true)?,
        }
        say_left_out(answer.left_out);
        Ok(!answer.is_empty())
    }
}

/// The week to compare with, which is of the same cloud.
fn other_week(typed: &str, dataset: &Dataset, context: &Context) -> Result<Dataset, Failure> {
    let other = context.open(&context.week(typed)?)?;
    if other.cloud() == dataset.cloud() {
        return Ok(other);
    }
    Err(Failure::said(format!(
        "the weeks are of two clouds: {} and {}",
        dataset.cloud(),
        other.cloud()
    )))
}

/// The two weeks of a comparison, the older first.
fn weeks<'a>(
    other: Option<&'a Dataset>,
    dataset: &'a Dataset,
) -> Option<(&'a Dataset, &'a Dataset)> {
    let other = other?;
    Some(if other.info().date > dataset.info().date {
        (dataset, other)
    } else {
        (other, dataset)
    })
}

fn day(dataset: &Dataset) -> String {
    let info = dataset.info();
    said_date(info.date, info.date_is)
}

fn hits(count: u64) -> String {
    said_count(count, "hit", "hits")
}

fn say_left_out(left_out: usize) {
    if left_out > 0 {
        let rows = said_count(left_out, "more row", "more rows");
        note(&format!("and {rows}; -n 0 has all"));
    }
}

/// Says what was read, what stands apart and what was too much.
fn say_of(counted: &Counted, kinds: &[&str], dataset: &Dataset) {
    let (tally, said) = (&counted.tally, &counted.said);
    let (kinds, all) = (kinds.join(", "), hits(tally.total()));
    let mut text = format!("read as {kinds}: {all} at public addresses");
    if !dataset.others().is_empty() {
        text.push_str(" and in the ranges of --also");
    }
    if tally.inside().hits > 0 {
        text.push_str("; ");
        text.push_str(&hits(tally.inside().hits));
        text.push_str(
            " at private addresses and others that are not public, which are not counted",
        );
    }
    note(&text);
    if tally.seen().is_full() {
        note(&format!(
            "more than {MOST_V4} IPv4 or {MOST_V6} IPv6 addresses: the numbers of different \
             addresses are of the first of them"
        ));
    }
    if tally.rest().hits > 0 {
        note("there are too many different ones to be told apart; those that came late are others");
    }
    if let Some(far) = far_from(said.span, dataset) {
        note(&format!("{far}: --week names a nearer one"));
    }
}
