//! `tagscope diff`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::azure::Facts;
use crate::cli::args::DiffArgs;
use crate::cli::console::{Console, note, say};
use crate::cli::tags::FilterContext;
use crate::cli::{Context, Exit, Failure, names, rules, touched};
use crate::query::diff::{DiffAnswer, DiffQuestion, GroupOrder, Part, ask};
use crate::query::names::Parts;
use crate::query::rules::impact;
use crate::query::tags;
use crate::query::traffic::TouchQuestion;
use crate::query::{Dataset, Sheet};
use crate::report::{Format, NamedWeeks, write_review};
use crate::source::{Request, WeekChoice, week_before};

pub fn run(args: &DiffArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    args.page.limit(context.form)?;
    let is_at = context.request.week != WeekChoice::Latest;
    if context.request.file.is_some() || (is_at && args.target.is_some()) {
        let text = "diff names both weeks itself: tagscope diff BASE TARGET; --week is the target \
                    where none is named";
        return Err(Failure::said(text.to_owned()));
    }
    let side = |typed: Option<&str>, default| match typed {
        None => Ok(Request {
            week: default,
            ..context.request.clone()
        }),
        Some(typed) => context.week(typed),
    };
    let before = if is_at && args.base.is_none() {
        week_before(&context.request)?
    } else {
        WeekChoice::Previous
    };
    let target = context.open(&side(args.target.as_deref(), context.request.week)?)?;
    let base = match args.since {
        Some(_) => context.since(args.since, target.cloud())?,
        None => side(args.base.as_deref(), before)?,
    };
    let base = context.open(&base)?;
    let weeks = [&base, &target];
    let newest_first = [&target, &base];
    let patterns = args.tags.iter();
    let patterns = patterns.map(|typed| names::choose(typed, &newest_first, Parts::Taken, context));
    let question = DiffQuestion {
        tags: tags::TagsQuestion {
            patterns: patterns.collect::<Result<_, _>>()?,
            regions: names::regions(&args.regions, &target)?,
            services: names::services(&args.services, &weeks)?,
            filter: args.filter.clone().unwrap_or_default(),
            ..tags::TagsQuestion::default()
        },
        ignores_azure_cloud: args.ignore_azurecloud,
        wants_address_changes: args.address_changes,
        only: if args.watched {
            Some(watched(context, weeks)?)
        } else if args.rules.is_empty() {
            None
        } else {
            Some(of_rules(&args.rules, context, weeks)?)
        },
        ..DiffQuestion::default()
    };
    let asked_of = FilterContext::read(&question.tags.filter, context)?;
    let facts = Facts::embedded();
    let question = question.resolved(weeks, &asked_of.of(&facts));
    let answer = ask(&question.map_err(Failure::said)?, &base, &target)?;
    if !args.logs.traffic.is_empty() {
        let question = TouchQuestion::of_diff(&answer, &base, &target);
        let touched = touched::run(&question, &args.logs, weeks, context, console)?;
        let differs = args.exit_code && !touched.answer.is_empty();
        let found = if differs { Exit::No } else { Exit::Done };
        return Ok(found.or(touched.exit).or(context.check_age(&target)));
    }
    write(&answer, weeks, args, context, console)?;
    let differs = args.exit_code && !answer.tags.is_empty();
    let found = if differs { Exit::No } else { Exit::Done };
    Ok(found.or(context.check_age(&target)))
}

/// The watched tags as the weeks spell them.
fn watched(context: &Context, weeks: [&Dataset; 2]) -> Result<BTreeSet<String>, Failure> {
    let names = names::watched(context)?;
    if names.is_empty() {
        let text = "no tag is watched: Space in the dashboard watches one, and the list is a text file \
                    beside the settings, watched.txt, one name a line";
        return Err(Failure::said(text.to_owned()));
    }
    let mut spelled = BTreeSet::new();
    for name in &names {
        let found = weeks.iter().find_map(|week| {
            let view = week.view();
            let tag = view.find(name)?;
            Some(view.tag(tag)?.name.to_owned())
        });
        match found {
            Some(name) => {
                spelled.insert(name);
            }
            None => say(&format!(
                "tagscope: no watched tag \"{name}\" in either week"
            )),
        }
    }
    Ok(spelled)
}

/// The tags that rules name, or list the addresses of, as the weeks spell them.
fn of_rules(
    paths: &[PathBuf],
    context: &Context,
    [base, target]: [&Dataset; 2],
) -> Result<BTreeSet<String>, Failure> {
    let files = rules::load(paths, context)?;
    let answer = impact::ask(&files, base, target, impact::ImpactOptions::default())?;
    let touched = answer.tags();
    let views = [base.view(), target.view()];
    let names = views.iter().flat_map(|view| {
        let rows = view.tag_ids().filter_map(|tag| view.tag(tag));
        rows.map(|row| row.name)
    });
    let is_touched = |name: &&str| touched.contains(&name.to_ascii_lowercase());
    Ok(names.filter(is_touched).map(str::to_owned).collect())
}

fn write(
    answer: &DiffAnswer,
    [base, target]: [&Dataset; 2],
    args: &DiffArgs,
    context: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let format = context.form.format;
    if format == Format::Json {
        return console.json(&answer.record(base, target), format);
    }
    let every = || ask(&DiffQuestion::default(), base, target);
    let every = answer.is_filtered.then(every).transpose()?;
    let whole = every.as_ref().unwrap_or(answer);
    if format == Format::Markdown && !args.rows {
        let dates = [base, target].map(|week| week.info().date.map(|date| date.to_string()));
        let name = |typed: &Option<String>, date: &Option<String>| {
            let path = typed
                .as_ref()
                .filter(|typed| WeekChoice::parse(typed).is_none());
            path.or(date.as_ref()).cloned().unwrap_or_default()
        };
        let named = NamedWeeks {
            base: &name(&args.base, &dates[0]),
            target: &name(&args.target, &dates[1]),
        };
        let weeks = [base, target];
        return Ok(write_review(
            answer,
            whole,
            weeks,
            named,
            args.page.limit(context.form)?,
            console.out(),
        )?);
    }
    let date = |week: &Dataset| week.info().said();
    let headline = answer.headline(whole, Part::Asked, [base, target]);
    let head = format!("{} → {}: {headline}", date(base), date(target));
    let is_read = format == Format::Text && console.is_terminal();
    if is_read {
        console.heading(&head)?;
    } else {
        note(&head);
    }
    if format == Format::Jsonl {
        return console.records(&answer.record(base, target), format);
    }
    match (args.rows, is_read) {
        // A file of values has its head nevertheless.
        _ if answer.tags.is_empty() && format != Format::Csv => Ok(()),
        (true, _) => console.sheet(&answer.row_sheet(), format, true),
        (false, true) => {
            console.sheet(&answer.folded(base, target, GroupOrder::Name), format, true)
        }
        (false, false) => console.sheet(&answer.sheet(base, target), format, true),
    }
}
