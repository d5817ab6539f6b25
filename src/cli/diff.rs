//! `tagscope diff`.

use std::path::{Path, PathBuf};

use crate::azure::Facts;
use crate::cli::args::DiffArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::query::diff::{Question, ask};
use crate::query::tags::{self, RegionChoice, region_named};
use crate::report::Format;
use crate::source::{Request, WeekChoice};
use crate::text::{Pattern, Safe};

pub fn run(args: &DiffArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if context.request.file.is_some() || context.request.week != WeekChoice::Latest {
        let text = "diff names both weeks itself: tagscope diff BASE TARGET";
        return Err(Failure::said(text.to_owned()));
    }
    let side = |typed: Option<&str>, default| match typed {
        None => Ok(Request {
            week: default,
            ..context.request.clone()
        }),
        Some(typed) => request(typed, context),
    };
    let base = context.open(&side(args.base.as_deref(), WeekChoice::Previous)?)?;
    let target = context.open(&side(args.target.as_deref(), WeekChoice::Latest)?)?;
    let region = match &args.region {
        None => RegionChoice::All,
        Some(typed) => region_named(typed, &target, &Facts::embedded())?,
    };
    let question = Question {
        tags: tags::Question {
            pattern: args.tag.as_deref().map(Pattern::new),
            region,
            service: args.service.clone(),
            ..tags::Question::default()
        },
        ignores_azure_cloud: args.ignore_azurecloud,
    };
    let answer = ask(&question, &base, &target)?;
    let format = args.format.format();
    match format {
        Format::Json | Format::Jsonl => console.json(&answer.record(&base, &target), format)?,
        _ => {
            let date = |dataset: &crate::query::Dataset| {
                let date = dataset.info().date;
                date.map_or_else(|| "no date".to_owned(), |date| date.to_string())
            };
            let head = format!(
                "{} → {}: {}",
                date(&base),
                date(&target),
                answer.sentence(&base, &target)
            );
            match format {
                Format::Text if console.is_terminal() => console.heading(&head)?,
                Format::Markdown => {
                    console.line(&format!("**{head}**"))?;
                    console.line("")?;
                }
                _ => say(&format!("tagscope: {head}")),
            }
            if !answer.tags.is_empty() {
                console.sheet(&answer.sheet(&base, &target), format, true)?;
            }
        }
    }
    let differs = args.exit_code && !answer.tags.is_empty();
    let found = if differs { Exit::No } else { Exit::Done };
    Ok(found.or(context.check_age(&target)))
}

/// A week by its date or word, else a document by its path.
fn request(typed: &str, context: &Context) -> Result<Request, Failure> {
    if let Some(week) = WeekChoice::parse(typed) {
        return Ok(Request {
            week,
            ..context.request.clone()
        });
    }
    if Path::new(typed).exists() || typed.contains(['/', '.']) {
        return Ok(Request {
            file: Some(PathBuf::from(typed)),
            ..Request::default()
        });
    }
    Err(Failure::said(format!(
        "\"{}\" is no week and no file: a date such as 2026-07-06, latest, previous, or the path of a \
         ServiceTags JSON",
        Safe::new(typed)
    )))
}
