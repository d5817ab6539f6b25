//! `tagscope rules fit`.

use std::path::PathBuf;

use crate::cli::args::FitArgs;
use crate::cli::console::{Console, note, say};
use crate::cli::rules::lists::Lists;
use crate::cli::rules::load;
use crate::cli::{Context, Exit, Failure, names};
use crate::query::Dataset;
use crate::query::rules::fit::{
    Cover, FitAnswer, FitError, FitQuestion, FitTable, Owners, ask, remote_addresses,
};
use crate::query::rules::remote_end::Skipped;
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::report::{Format, write_fit_markdown};
use crate::rules::{Direction, Entry, Row};
use crate::space::{AddressSet, Block, Family, Span};
use crate::text::{Safe, counted};

pub fn run(args: &FitArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if args.limit == 0 {
        return Err(FitError::Zero.into());
    }
    let typed: Vec<String> = args.tags.iter().filter(|it| *it != "-").cloned().collect();
    let mut paths = args.list.clone();
    if typed.len() < args.tags.len() {
        paths.push(PathBuf::from("-"));
    }
    let count = paths.len();
    // Together, so that standard input is not read twice.
    paths.extend(args.keep.clone());
    let mut files = load(&paths, context)?;
    let keep = files.split_off(count.min(files.len()));
    let dataset = context.dataset()?;
    let lists = Lists::new(files);
    let direction = lists.direction(args.direction)?;
    let resolver = AddressResolver::new(&dataset, lists.files());
    let question = FitQuestion {
        tags: names::tags(&typed, &dataset, context)?,
        lists: lists
            .files()
            .iter()
            .map(|file| list(file, &lists, direction, &resolver))
            .collect(),
        family: match (args.ipv4, args.ipv6) {
            (true, _) => Some(Family::V4),
            (_, true) => Some(Family::V6),
            _ => None,
        },
        in_place: keep.first().map(in_place).transpose()?,
    };
    let answer = match ask(&question, &dataset) {
        Ok(answer) => answer,
        Err(error @ FitError::Nothing { .. }) => {
            say(&format!("tagscope: {error}"));
            return Ok(Exit::No.or(context.check_age(&dataset)));
        }
        Err(error) => return Err(error.into()),
    };
    let cover = answer.at(args.limit, args.max_extra)?;
    let found = if let Some(most) = args.max_extra.filter(|&most| !cover.is_within(most)) {
        say(&format!("tagscope: {}", answer.refusal(&cover, most)));
        Exit::No
    } else {
        write(&answer, &cover, &dataset, context.form.format, console)?;
        Exit::Done
    };
    Ok(found.or(context.check_age(&dataset)))
}

fn write(
    answer: &FitAnswer,
    cover: &Cover,
    dataset: &Dataset,
    format: Format,
    console: &mut Console,
) -> Result<(), Failure> {
    let owners = || Owners::of(&cover.extra, dataset);
    match format {
        Format::Json | Format::Jsonl => {
            console.json(&answer.record(cover, &owners(), dataset), format)?;
        }
        Format::Markdown => {
            let info = dataset.info();
            let date = info.said();
            let week = format!("{} {date}", info.cloud);
            write_fit_markdown(answer, cover, &owners(), &week, console.out())?;
        }
        Format::Csv => console.sheet(&FitTable(cover), format, true)?,
        Format::Text if console.is_terminal() => console.fit(answer, cover, &owners())?,
        // CIDRs alone, for whatever reads them.
        Format::Text => {
            note(&answer.headline(cover));
            for line in cover.sentences() {
                note(&line);
            }
            for cidr in &cover.cidrs {
                console.line(&cidr.block.to_string())?;
            }
        }
    }
    Ok(())
}

/// The addresses in a file: of a list, of the remote ends of rules. A tag counts with its own.
fn list(
    file: &LoadedFile,
    lists: &Lists,
    direction: Option<Direction>,
    resolver: &AddressResolver<'_>,
) -> (Safe, AddressSet) {
    let rows = lists.rows(file, direction);
    for sentence in Skipped::of(resolver, &rows).sentences() {
        say(&format!("tagscope: {}: {sentence}", file.path));
    }
    (file.path.clone(), remote_addresses(resolver, &rows))
}

/// The CIDRs in a file; a range is none.
fn in_place(file: &LoadedFile) -> Result<Vec<Block>, Failure> {
    let all = entries(file)?;
    let blocks: Vec<Block> = all
        .iter()
        .filter_map(|it| it.span())
        .filter_map(Span::block)
        .collect();
    let rest = all.len() - blocks.len();
    if rest > 0 {
        say(&format!(
            "tagscope: {}: {} no CIDR and cannot be kept",
            file.path,
            counted(rest, "entry is", "entries are")
        ));
    }
    Ok(blocks)
}

/// What a file lists, where it lists one thing.
fn entries(file: &LoadedFile) -> Result<Vec<&Entry>, Failure> {
    let mut all = Vec::new();
    for set in &file.file.sets {
        if set.kind.has_two_ends() {
            return Err(Failure::said(format!(
                "{} is no list of addresses: its rules have sources and destinations. Put the CIDRs in \
                 place into a list, one a line",
                file.path
            )));
        }
        let rows = set.rows.iter().filter(|row| !row.is_default);
        all.extend(rows.flat_map(Row::entries).filter(|it| **it != Entry::Any));
    }
    Ok(all)
}
