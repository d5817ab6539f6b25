//! `tagscope rules impact`.

use std::path::{Path, PathBuf};

use crate::azure::decompress;
use crate::cli::args::ImpactArgs;
use crate::cli::console::{Console, note};
use crate::cli::rules::{GoodFiles, complain_of, expand, read_good};
use crate::cli::{Context, Exit, Failure, touched};
use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::ImpactAnswer;
use crate::query::traffic::TouchQuestion;
use crate::report::{Format, write_impact, write_patch};
use crate::source::{ImpactQuestion, Request, WeekChoice, base_of, stored_history};
use crate::store::{Input, read_bounded};

/// Bytes of a file that tell whether it is a published document: its first tag is among them.
const SNIFFED: usize = 1 << 16;

pub fn run(args: &ImpactArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    args.page.limit(context.form)?;
    context.check_stdin(args.args.iter().chain(&args.logs.traffic))?;
    let (paths, weeks) = split(args)?;
    let (paths, kept) = expand(paths, context)?;
    let GoodFiles { files, bytes, exit } = read_good(&paths, context)?;
    complain_of(&files);
    let [base, target] = open_weeks(args, weeks, context)?;
    let question = ImpactQuestion {
        files: &files,
        weeks: [&base, &target],
        stated: &args.stands_for,
        kept: &kept,
        within: &context.request,
    };
    let (notes, answer) = question.ask();
    for text in notes {
        note(text.as_ref());
    }
    let mut answer = answer?;
    if args.since.is_some() {
        let request = context.request.newest_of(Some(target.cloud()));
        let history = stored_history(&request)?;
        answer.trace(&history.chronicle, base.info().date, target.info().date)?;
    }
    if !args.logs.traffic.is_empty() {
        note(&answer.sentence());
        let question = TouchQuestion::of_impact(&answer);
        let weeks = [&base, &target];
        let touched = touched::run(&question, &args.logs, weeks, context, console)?;
        let found = if touched.answer.is_affected() {
            Exit::No
        } else {
            Exit::Done
        };
        return Ok(exit
            .or(found)
            .or(touched.exit)
            .or(context.check_age(&target)));
    }
    // What came from standard input has no file to be written to, but for a list alone.
    let place = |loaded: &LoadedFile| loaded.path != Input::Stdin.shown();
    let has_place = |loaded: &LoadedFile| answer.sets.len() == 1 || place(loaded);
    let read = files.iter().zip(&bytes);
    let texts: Vec<Option<&str>> = read
        .map(|(loaded, bytes)| {
            let text = std::str::from_utf8(bytes).ok();
            text.filter(|_| has_place(loaded))
        })
        .collect();
    let weeks = [&base, &target];
    write(&answer, &files, &texts, weeks, args, context, console)?;
    let found = if answer.is_affected() {
        Exit::No
    } else {
        Exit::Done
    };
    Ok(exit.or(found).or(context.check_age(&target)))
}

fn write(
    answer: &ImpactAnswer,
    files: &[LoadedFile],
    texts: &[Option<&str>],
    weeks: [&Dataset; 2],
    args: &ImpactArgs,
    context: &Context,
    console: &mut Console,
) -> Result<(), Failure> {
    let [base, target] = weeks;
    let format = context.form.format;
    match format {
        Format::Json | Format::Jsonl => {
            return console.records(&answer.record(files, base, target), format);
        }
        Format::Text if args.patch => {
            return Ok(write_patch(answer, files, texts, weeks, console.out())?);
        }
        Format::Markdown => {
            return Ok(write_impact(
                answer,
                files,
                weeks,
                args.all,
                args.page.limit(context.form)?,
                console.out(),
            )?);
        }
        Format::Text | Format::Csv => {}
    }
    let [from, to] = weeks.map(|week| week.info().said());
    let head = format!("{from} → {to}: {}", answer.sentence());
    if format == Format::Text && console.is_terminal() {
        console.heading(&head)?;
        console.line("")?;
        console.impact_text(answer, args.all)?;
        if answer.is_affected() {
            note("the changes as commands or as a new list: --patch");
        }
        return Ok(());
    }
    note(&head);
    let table = answer.table(args.all);
    if !crate::query::Sheet::is_empty(&table) {
        console.sheet(&table, format, true)?;
    }
    Ok(())
}

/// The files of rules, and the weeks behind them.
fn split(args: &ImpactArgs) -> Result<(&[PathBuf], &[PathBuf]), Failure> {
    let all = args.args.as_slice();
    let count = all.iter().rev().take_while(|path| is_week(path)).count();
    let (paths, weeks) = all.split_at(all.len() - count.min(2));
    let are_named = args.base.is_some() || args.target.is_some() || args.since.is_some();
    let wrong = if paths.is_empty() {
        "no file of rules is named: tagscope rules impact FILE… [BASE TARGET]"
    } else if weeks.len() == 1 {
        "one week is named: name both, or use --base or --target"
    } else if !weeks.is_empty() && are_named {
        "the weeks are named twice: use --base, --target or --since, or the last two arguments"
    } else {
        return Ok((paths, weeks));
    };
    Err(Failure::said(wrong.to_owned()))
}

/// A date, a word for a week, or a published document by what is in it.
fn is_week(path: &Path) -> bool {
    let is_named = path
        .to_str()
        .is_some_and(|text| WeekChoice::parse(text).is_some());
    is_named || is_document(path)
}

fn is_document(path: &Path) -> bool {
    // A pipe can be read once, and that is for the rules.
    let input = Input::new(path);
    if input.is_pipe() || !path.is_file() {
        return false;
    }
    let Ok(bytes) = read_bounded(&input, crate::rules::MAX_RULES) else {
        return false;
    };
    let Ok(bytes) = decompress(bytes) else {
        return false;
    };
    // No resource with rules has this key, and every tag has it.
    let head = bytes.get(..SNIFFED).unwrap_or(&bytes);
    let is_json = head.iter().find(|byte| !byte.is_ascii_whitespace());
    let key = b"\"systemService\"";
    matches!(is_json, Some(b'{' | b'\xef')) && head.windows(key.len()).any(|part| part == key)
}

/// The older and the newer week.
fn open_weeks(
    args: &ImpactArgs,
    weeks: &[PathBuf],
    context: &Context,
) -> Result<[Dataset; 2], Failure> {
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let (base, target) = match weeks {
        [base, target] => (Some(text(base)), Some(text(target))),
        _ => (args.base.clone(), args.target.clone()),
    };
    let is_at = context.request.week != WeekChoice::Latest;
    let has_file = context.request.file.is_some();
    if (has_file || is_at) && target.is_some() {
        let text = "the newer week is named twice: by --file or --week, and as the target";
        return Err(Failure::said(text.to_owned()));
    }
    if has_file && base.is_none() {
        let text = "--file is the newer week: name the older one with --base";
        return Err(Failure::said(text.to_owned()));
    }
    let target = match target {
        Some(typed) => context.open(&context.week(&typed)?)?,
        None => context.dataset()?,
    };
    let base = match base {
        None if args.since.is_some() => context.since(args.since, target.cloud())?,
        // A week at hand, not the file that is the newer one.
        Some(typed) if WeekChoice::parse(&typed).is_some() => Request {
            file: None,
            ..context.week(&typed)?
        },
        Some(typed) => context.week(&typed)?,
        None => base_of(&target, &context.request)?,
    };
    Ok([context.open(&base)?, target])
}
