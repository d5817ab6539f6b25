//! `tagscope tags`, `tags show`, `tags prefixes`.

use std::collections::BTreeSet;
use std::io::Write;

use crate::azure::Facts;
use crate::cli::args::{ListArgs, PrefixesArgs, ShowArgs, TagsArgs, TagsVerb};
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure, names};
use crate::query::history::HistorySummary;
use crate::query::names::near;
use crate::query::tags::{
    PrefixTable, PrefixesRecord, TagContext, TagsQuestion, asks_of_watched, asks_of_weeks,
};
use crate::query::{Dataset, show, tags};
use crate::report::{Format, Md};
use crate::source::stored_history;
use crate::space::Family;
use crate::text::Pattern;

pub fn run(args: &TagsArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    match &args.verb {
        None => list(&args.list, context, console),
        Some(_) if args.list.is_given() => {
            let text = "a pattern and the options of the list cannot stand before show or prefixes";
            Err(Failure::said(text.to_owned()))
        }
        Some(TagsVerb::Show(args)) => show(args, context, console),
        Some(TagsVerb::Prefixes(args)) => prefixes(args, context, console),
    }
}

fn list(args: &ListArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let facts = Facts::embedded();
    let question = TagsQuestion {
        patterns: args.pattern.iter().map(|text| Pattern::new(text)).collect(),
        filter: args.filter.clone().unwrap_or_default(),
        regions: names::regions(&args.regions, &dataset)?,
        services: names::services(&args.services, &[&dataset])?,
        features: args.features.clone(),
        sort: args.sort,
        is_reversed: args.reverse,
    };
    let asked_of = FilterContext::read(&question.filter, context)?;
    let answer = tags::ask(&question, &dataset, &asked_of.of(&facts));
    if let Some(flaw) = answer.flaw {
        return Err(Failure::said(flaw));
    }
    names::say_all(answer.note.clone());
    let format = context.form.format;
    match format {
        Format::Json | Format::Jsonl => console.records(&answer.record(&dataset), format)?,
        _ => console.sheet(&answer.sheet(&dataset), format, true)?,
    }
    let found = if answer.tags.is_empty() {
        explain_nothing(args, &dataset);
        Exit::No
    } else {
        Exit::Done
    };
    Ok(found.or(context.check_age(&dataset)))
}

fn explain_nothing(args: &ListArgs, dataset: &Dataset) {
    let near = args.pattern.as_deref().map(|typed| near(typed, dataset));
    match near {
        Some(near) if !near.is_empty() => {
            say(&format!(
                "tagscope: no tag matches; near are {}",
                near.join(", ")
            ));
        }
        _ => say("tagscope: no tag matches"),
    }
}

fn show(args: &ShowArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let unread = || Failure::said("the tag cannot be read".to_owned());
    let typed = [args.name.clone()];
    let tags = names::tags(&typed, &dataset, context)?;
    let [tag] = tags.as_slice() else {
        let text = "a glob names several tags; tagscope tags lists them";
        return Err(Failure::said(text.to_owned()));
    };
    let answer = show::ask(*tag, &dataset, &Facts::embedded()).ok_or_else(unread)?;
    let format = context.form.format;
    match format {
        Format::Json | Format::Jsonl => {
            console.json(&answer.record(&dataset).ok_or_else(unread)?, format)?;
        }
        Format::Csv => console.sheet(&answer.sheet(&dataset), format, true)?,
        Format::Text | Format::Markdown => {
            describe(&answer, &dataset, format, console)?;
            if format == Format::Text && console.is_terminal() {
                console.line("")?;
            }
            console.sheet(&answer.sheet(&dataset), format, true)?;
        }
    }
    Ok(context.check_age(&dataset))
}

/// Properties, purpose and what shares the addresses, before the prefixes.
fn describe(
    answer: &show::ShowAnswer,
    dataset: &Dataset,
    format: Format,
    console: &mut Console,
) -> Result<(), Failure> {
    let Some(row) = dataset.view().tag(answer.tag) else {
        return Ok(());
    };
    let mut lines = answer.summary(dataset);
    let info = dataset.info();
    let date = info.said();
    lines.push((
        "week",
        format!(
            "{} {date} · {}",
            info.cloud,
            dataset.provenance().source.word()
        ),
    ));
    if format == Format::Markdown {
        let mut page = console.page();
        page.heading(2, &Md::text(row.name))?;
        for (name, value) in lines {
            page.item(&(Md::mark("**") + Md::text(name) + "**: " + Md::text(&value)))?;
        }
        return console.line("");
    }
    // In a pipe the prefixes stand alone, as in `tags prefixes`, but for the other columns.
    if console.is_terminal() {
        console.heading(row.name)?;
        for (name, value) in lines {
            console.line(&format!("  {name:<12} {value}"))?;
        }
    }
    Ok(())
}

fn prefixes(
    args: &PrefixesArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let dataset = context.dataset()?;
    let mut chosen = Vec::new();
    let mut failed = Exit::Done;
    for name in &args.names {
        match names::tags(std::slice::from_ref(name), &dataset, context) {
            Ok(tags) => chosen.extend(tags),
            Err(failure) if args.names.len() == 1 => return Err(failure),
            // The others are answered.
            Err(failure) => {
                say(&failure.sentence());
                failed = failed.or(failure.exit);
            }
        }
    }
    let family = match (args.ipv4, args.ipv6) {
        (true, _) => Some(Family::V4),
        (_, true) => Some(Family::V6),
        _ => None,
    };
    let mut blocks = tags::prefixes(&dataset, &chosen, family);
    if args.aggregate {
        blocks = tags::aggregate(&blocks);
    }
    match context.form.format {
        // One a line, for a terminal too: this is what firewalls take.
        Format::Text => {
            for block in &blocks {
                writeln!(console.out(), "{block}")?;
            }
        }
        format @ (Format::Json | Format::Jsonl) => {
            console.records(&PrefixesRecord::of(&dataset, &chosen, &blocks), format)?;
        }
        format @ (Format::Csv | Format::Markdown) => {
            console.sheet(&PrefixTable(&blocks), format, true)?;
        }
    }
    let found = if blocks.is_empty() && failed == Exit::Done {
        say("tagscope: no prefix of that kind");
        Exit::No
    } else {
        failed
    };
    Ok(found.or(context.check_age(&dataset)))
}

/// What a filter of tags asks of beside the week: only that is read.
pub struct FilterContext {
    history: Option<HistorySummary>,
    watched: BTreeSet<String>,
}

impl FilterContext {
    /// Reads it.
    pub fn read(filter: &str, context: &Context) -> Result<Self, Failure> {
        let history = if asks_of_weeks(filter) {
            let stored = stored_history(&context.request)?;
            Some(HistorySummary::of(&stored.chronicle)?)
        } else {
            None
        };
        let watched = if asks_of_watched(filter) {
            names::watched(context)?
        } else {
            BTreeSet::new()
        };
        Ok(Self { history, watched })
    }

    pub fn of<'a>(&'a self, facts: &'a Facts) -> TagContext<'a> {
        TagContext {
            facts,
            watched: &self.watched,
            history: self.history.as_ref(),
        }
    }
}
