//! `tagscope weeks`: what is at hand, whether it is whole, and what can go.

use std::io::{BufRead, IsTerminal};

use crate::azure::Cloud;
use crate::cli::args::{PruneArgs, WeeksArgs, WeeksVerb};
use crate::cli::console::{Console, say, waiting};
use crate::cli::properties::write_values;
use crate::cli::{Context, Exit, Failure};
use crate::query::weeks::WeeksAnswer;
use crate::report::Format;
use crate::source::{self, PATIENCE, Retention, WeekChoice};
use crate::text::Safe;

pub fn run(args: &WeeksArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.request.file.is_some() {
        let text = "weeks are what is kept; tagscope --file PATH info describes a file";
        return Err(Failure::said(text.to_owned()));
    }
    if context.request.week != WeekChoice::Latest {
        let text = "weeks are all of them; --week is for verbs that answer from one";
        return Err(Failure::said(text.to_owned()));
    }
    match &args.verb {
        None => list(context, console),
        Some(WeeksVerb::Verify) => verify(context, console),
        Some(WeeksVerb::Prune(args)) => prune(args, context, console),
        Some(WeeksVerb::Path) => {
            let archive = context.archive()?;
            let path = archive.path().to_string_lossy().into_owned();
            write_values(&[("path", path)], context.form.format, console)?;
            Ok(Exit::Done)
        }
    }
}

fn list(context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let listing = source::weeks(&context.request)?;
    for note in &listing.notes {
        say(&format!("tagscope: warning: {note}"));
    }
    let answer = WeeksAnswer {
        weeks: listing.weeks,
    };
    let format = context.form.format;
    match format {
        Format::Json | Format::Jsonl => console.records(&answer.record(), format)?,
        _ => console.sheet(&answer, format, true)?,
    }
    let damaged = if listing.notes.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    };
    if answer.weeks.is_empty() {
        let cloud = context.request.cloud.unwrap_or(Cloud::Public);
        say(&format!(
            "tagscope: no week of {cloud} available: `tagscope update --cloud {}` fetches the newest",
            cloud.flag()
        ));
        return Ok(damaged.or(Exit::No));
    }
    Ok(damaged)
}

fn verify(context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let archive = context.archive()?;
    let (mut whole, mut damaged) = (0, 0);
    for cloud in clouds(context) {
        for name in archive.names(cloud)? {
            match archive.document(cloud, &name) {
                Ok(_) => whole += 1,
                Err(error) if error.is_damage() => {
                    damaged += 1;
                    let note = archive.set_aside(cloud, &name, &error);
                    say(&format!("tagscope: {note}"));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    if context.form.format == Format::Text {
        console.line(&format!(
            "{whole} archived publications are whole, {damaged} damaged"
        ))?;
    } else {
        let counts = [("whole", whole), ("damaged", damaged)];
        write_values(&counts, context.form.format, console)?;
    }
    Ok(if damaged == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn prune(args: &PruneArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.form.is_given {
        let text = "weeks prune asks a person and takes no --format";
        return Err(Failure::said(text.to_owned()));
    }
    let archive = context.archive()?;
    let keep = match (args.keep, args.before) {
        (Some(count), _) => Retention::Newest(count),
        (None, Some(date)) => Retention::From(date),
        (None, None) => return Ok(Exit::Done),
    };
    let mut doomed = Vec::new();
    for cloud in clouds(context) {
        let names = keep.doomed(archive.names(cloud)?);
        doomed.extend(names.into_iter().map(|name| (cloud, name)));
    }
    let bytes: u64 = doomed
        .iter()
        .map(|(cloud, name)| archive.size(*cloud, name))
        .sum();
    if doomed.is_empty() {
        console.line("nothing to remove")?;
        return Ok(Exit::Done);
    }
    for (cloud, name) in &doomed {
        console.line(&format!("{cloud} {}", name.date))?;
    }
    let what = format!("{} publications, {} kB", doomed.len(), bytes / 1000);
    if !args.yes && !agrees(&what, console)? {
        say("tagscope: nothing removed");
        return Ok(Exit::No);
    }
    // Nobody waits while a person reads the question.
    let (lock, _) = archive.lock(PATIENCE, &mut waiting)?;
    for (cloud, name) in &doomed {
        if archive.names(*cloud)?.contains(name) {
            lock.remove(*cloud, name)?;
        }
    }
    console.line(&format!("removed {what}"))?;
    Ok(Exit::Done)
}

/// Asks on a terminal; without one there is nobody to ask.
fn agrees(what: &str, console: &mut Console) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        let text = format!("{what} would be removed, and there is nobody to ask: say --yes");
        return Err(Failure::said(text));
    }
    console.flush()?;
    say(&format!("remove {}? [y/N]", Safe::new(what)));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn clouds(context: &Context) -> Vec<Cloud> {
    let wanted = context.request.cloud;
    let mut clouds = Cloud::ALL.to_vec();
    clouds.retain(|&cloud| wanted.is_none_or(|wanted| wanted == cloud));
    clouds
}
