//! `tagscope update`: the newest publication, earlier ones, or the Discovery API.

use std::io::IsTerminal;
use std::path::Path;

use crate::azure::{Age, Cloud};
use crate::cli::args::UpdateArgs;
use crate::cli::console::{Console, overwrite, say};
use crate::cli::{Context, Exit, Failure};
use crate::index::WeekInfo;
use crate::query::weeks::{Receipt, ReceiptStatus, Receipts};
use crate::report::Format;
use crate::source::{Request, UpdateError, UpdateStep, Updated, Updater, WeekChoice, open, today};

/// The clouds that still publish.
const PUBLISHING: [Cloud; 3] = [Cloud::Public, Cloud::AzureGovernment, Cloud::China];

/// What has been done, and the exit code so far.
struct Run {
    receipts: Vec<Receipt>,
    exit: Exit,
}

pub fn run(args: &UpdateArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.request.file.is_some() {
        let text = "update keeps what it fetches; a file is taken with update --from PATH";
        return Err(Failure::said(text.to_owned()));
    }
    if context.request.week != WeekChoice::Latest || (context.wants_every_cloud && args.from_api) {
        let text = "update takes no --week, and --from-api one cloud";
        return Err(Failure::said(text.to_owned()));
    }
    // A cloud of the settings says what to show, not what a named file may hold.
    let cloud = match args.from {
        Some(_) => context.named_cloud,
        None => context.request.cloud,
    };
    let request = Request {
        cloud,
        ..context.request.clone()
    };
    let updater = Updater::new(&request, &context.settings.places, today())?;
    let updater = updater.forced(args.force);
    let mut run = Run {
        receipts: Vec::new(),
        exit: Exit::Done,
    };
    let is_file = args
        .from
        .as_deref()
        .is_some_and(|from| !from.contains("://"));
    if context.settings.offline && !is_file {
        return Err(UpdateError::Offline.into());
    }
    if let Some(from) = &args.from {
        let done = if is_file {
            updater.from_file(Path::new(from), args.date, &mut hear())
        } else {
            updater.from_url(from, args.date, &mut hear())
        };
        run.take(done);
    } else if args.from_api {
        let cloud = context.request.cloud.unwrap_or(Cloud::Public);
        let subscription = args.subscription.as_deref().unwrap_or_default();
        let location = args.location.as_deref().unwrap_or_default();
        run.take(updater.from_api(cloud, (subscription, location), &mut hear()));
    } else {
        for cloud in clouds(context) {
            run.take(updater.latest(cloud, &mut hear()));
            if let Some(weeks) = args.backfill {
                run.backfill(&updater, cloud, weeks, args, context);
            }
        }
    }
    clear_line();
    let receipts = Receipts {
        weeks: run.receipts,
    };
    match context.form.format {
        format @ (Format::Json | Format::Jsonl) => console.records(&receipts.record(), format)?,
        Format::Text | Format::Markdown if receipts.weeks.is_empty() => {}
        format => console.sheet(&receipts, format, true)?,
    }
    let age = if context.max_age().is_some() {
        let asked = match args.from {
            Some(_) => receipts.weeks.iter().map(|kept| kept.week.cloud).collect(),
            None => clouds(context),
        };
        age(&asked, context, run.exit)?
    } else {
        Exit::Done
    };
    Ok(run.exit.or(age))
}

/// Whether what is held now is as young as was asked for. With nothing held, why the fetch failed
/// has been said.
fn age(asked: &[Cloud], context: &Context, fetched: Exit) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for &cloud in asked {
        match open(&context.request.newest_of(Some(cloud))) {
            Ok(held) => exit = exit.or(judge(held.info(), context)),
            Err(_) if fetched != Exit::Done => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(exit)
}

fn judge(held: &WeekInfo, context: &Context) -> Exit {
    let (Some(limit), Some(date)) = (context.max_age(), held.date) else {
        return Exit::Done;
    };
    let age = Age::of(date, today());
    if age.is_within(limit) {
        return Exit::Done;
    }
    say(&format!(
        "tagscope: the newest week of {} available is of {}, {age}; --max-age is {limit}",
        held.cloud,
        held.said()
    ));
    Exit::Stale
}

fn clouds(context: &Context) -> Vec<Cloud> {
    if context.wants_every_cloud {
        PUBLISHING.to_vec()
    } else {
        vec![context.request.cloud.unwrap_or(Cloud::Public)]
    }
}

impl Run {
    fn take(&mut self, done: Result<Updated, UpdateError>) {
        clear_line();
        match done {
            Ok(updated) => {
                for note in &updated.notes {
                    say(&format!("tagscope: {note}"));
                }
                let flaws = updated.receipt.flaws;
                if flaws > 0 && updated.receipt.status == ReceiptStatus::Added {
                    let origin = &updated.receipt.week.origin;
                    say(&format!(
                        "tagscope: warning: {origin} has {flaws} flaws; the other rows are kept"
                    ));
                }
                self.receipts.push(updated.receipt);
            }
            Err(error) => self.fail(error),
        }
    }

    fn fail(&mut self, error: UpdateError) {
        let failure = Failure::from(error);
        self.exit = self.exit.or(failure.exit);
        say(&failure.sentence());
    }

    fn backfill(
        &mut self,
        updater: &Updater,
        cloud: Cloud,
        weeks: u16,
        args: &UpdateArgs,
        context: &Context,
    ) {
        let mirror = &context.settings.places.mirror;
        let template = args.template.as_deref().or(mirror.as_deref());
        let done = updater.backfill(cloud, weeks, template, &mut hear());
        clear_line();
        let done = match done {
            Ok(done) => done,
            Err(error) => return self.fail(error),
        };
        if !done.missing.is_empty() {
            let dates: Vec<String> = done.missing.iter().map(ToString::to_string).collect();
            say(&format!(
                "tagscope: no file of {cloud} for the weeks of {}",
                dates.join(", ")
            ));
        }
        self.receipts.extend(done.receipts);
        for error in done.refused {
            self.fail(error);
        }
        if let Some(error) = done.stopped {
            let can_resume = error.is_network();
            self.fail(error);
            if can_resume {
                say("tagscope: the same command goes on from here");
            }
        }
    }
}

/// A progress line on a terminal; nothing in a log or a pipe but what a person must hear.
fn hear() -> impl FnMut(UpdateStep) + Send {
    let is_terminal = std::io::stderr().is_terminal();
    move |step| match step {
        UpdateStep::Damage { note } => {
            clear_line();
            say(&format!("tagscope: warning: {note}"));
        }
        step if is_terminal => overwrite(&step.shown()),
        _ => {}
    }
}

fn clear_line() {
    if std::io::stderr().is_terminal() {
        overwrite("");
    }
}
