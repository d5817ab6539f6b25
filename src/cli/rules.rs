//! `tagscope rules` and what stands below it.

mod check;
mod fit;
mod flows;
mod impact;
mod lists;
mod make;
mod select;
mod show;
mod test;

use std::path::PathBuf;

use crate::cli::args::{RulesArgs, RulesVerb};
use crate::cli::console::{Console, note, say};
use crate::cli::{Context, Exit, Failure};
use crate::query::rules::LoadedFile;
use crate::rules::RuleFile;
use crate::source::{ReadRules, read_rule_files};
use crate::store::{Input, RuleListError, load_rule_list, rule_list_folder};

pub fn run(args: &RulesArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let context = &context.clone().with_rule_files(&args.files);
    match &args.verb {
        RulesVerb::Show(args) => show::run(args, context, console),
        RulesVerb::Test(args) if !args.flows.is_empty() => flows::run(args, context, console),
        RulesVerb::Test(args) => test::run(args, context, console),
        RulesVerb::Check(args) => check::run(args, context, console),
        RulesVerb::Impact(args) => impact::run(args, context, console),
        RulesVerb::Fit(args) => fit::run(args, context, console),
        RulesVerb::Make(args) => make::run(args, context, console),
    }
}

/// Reads files of rules for one answer about all of them; what could not be understood in them is said
/// on standard error.
///
/// # Errors
/// A file that cannot be read or holds no rules.
pub(super) fn load(paths: &[PathBuf], context: &Context) -> Result<Vec<LoadedFile>, Failure> {
    let files = read_each(paths, context)?.into_iter();
    let files: Vec<LoadedFile> = files
        .map(|file| file.map(|(loaded, _)| loaded))
        .collect::<Result<_, _>>()?;
    complain_of(&files);
    Ok(files)
}

/// The files that can be read, where each is answered for itself.
struct GoodFiles {
    files: Vec<LoadedFile>,
    /// What was in each.
    bytes: Vec<Vec<u8>>,
    /// [`Exit::Failed`] where another could not be read.
    exit: Exit,
}

/// Reads the files of rules that can be read, and says why the others cannot.
///
/// # Errors
/// None of them can.
fn read_good(paths: &[PathBuf], context: &Context) -> Result<GoodFiles, Failure> {
    let mut failures = Vec::new();
    let (mut files, mut bytes) = (Vec::new(), Vec::new());
    for file in read_each(paths, context)? {
        match file {
            Ok((loaded, of_file)) => {
                files.push(loaded);
                bytes.push(of_file);
            }
            Err(error) => failures.push(Failure::from(error)),
        }
    }
    let exit = if failures.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    };
    // The last one ends the run where there is nothing else to say.
    let last = files.is_empty().then(|| failures.pop()).flatten();
    for failure in &failures {
        say(&failure.sentence());
    }
    match last {
        Some(failure) => Err(failure),
        None => Ok(GoodFiles { files, bytes, exit }),
    }
}

/// The files that are named, and for `@NAME` those of the list that the dashboard saved under that name,
/// with the tags that its lists of addresses stand for.
///
/// # Errors
/// There is no such list.
fn expand(paths: &[PathBuf], context: &Context) -> Result<(Vec<PathBuf>, Vec<String>), Failure> {
    let (mut files, mut stands_for) = (Vec::new(), Vec::new());
    for path in paths {
        let Some(name) = path.to_str().and_then(|path| path.strip_prefix('@')) else {
            files.push(path.clone());
            continue;
        };
        let folder = rule_list_folder(&context.paths).ok_or(RuleListError::NoFolder)?;
        let list = load_rule_list(&folder, name)?;
        files.extend(list.files);
        stands_for.extend(list.stands_for);
    }
    Ok((files, stands_for))
}

fn read_each(paths: &[PathBuf], context: &Context) -> Result<Vec<ReadRules>, Failure> {
    let (paths, _) = expand(paths, context)?;
    context.check_stdin(&paths)?;
    let inputs =
        |paths: &[PathBuf]| -> Vec<Input> { paths.iter().map(|path| Input::new(path)).collect() };
    let options = &context.rule_files;
    Ok(read_rule_files(
        &inputs(&paths),
        options.column.as_deref(),
        &inputs(&options.parameters),
    )?)
}

/// Most sentences about one file.
const MOST_SAID: usize = 10;

fn complain_of(files: &[LoadedFile]) {
    for loaded in files {
        complain(loaded.path.as_str(), &loaded.file);
    }
}

fn complain(path: &str, file: &RuleFile) {
    for text in &file.notes {
        note(&format!("{path}: {text}"));
    }
    let rows = file.sets.iter().flat_map(|set| &set.rows);
    let of_rows = rows.flat_map(|row| &row.flaws);
    let of_sets = file.sets.iter().flat_map(|set| &set.flaws);
    let flaws: Vec<_> = file.flaws.iter().chain(of_sets).chain(of_rows).collect();
    for flaw in flaws.iter().take(MOST_SAID) {
        say(&format!(
            "tagscope: {path}, {}: {}",
            flaw.place,
            flaw.sentence()
        ));
    }
    let rows = file.sets.iter().flat_map(|set| &set.rows);
    let cleared: Vec<_> = rows.flat_map(|row| &row.cleared).collect();
    for it in cleared.iter().take(MOST_SAID) {
        say(&format!(
            "tagscope: {path}, {}: {} is read as {}",
            it.place, it.written, it.read
        ));
    }
    let more = cleared.len().saturating_sub(MOST_SAID);
    if more > 0 {
        say(&format!(
            "tagscope: {path}: {more} more CIDRs are read as the block that holds them"
        ));
    }
    let more = flaws.len().saturating_sub(MOST_SAID);
    if more > 0 {
        say(&format!("tagscope: {path}: {more} more are not understood"));
    }
}
