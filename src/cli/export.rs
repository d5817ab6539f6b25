//! `tagscope export`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::args::ExportArgs;
use crate::cli::console::{Console, note};
use crate::cli::{Context, Exit, Failure, names};
use crate::index::TagId;
use crate::query::Dataset;
use crate::query::export::{
    ExportCheck, ExportKind, ExportKinds, ExportQuestion, MANIFEST, Manifest, ask,
};
use crate::report::Format;
use crate::rules::MAX_RULES;
use crate::source::{FolderState, folder_state, stranger};
use crate::store::{Input, read_bounded, write_folder};
use crate::text::{Safe, counted};

pub fn run(args: &ExportArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if let Some(path) = &args.check {
        return check(args, path, context, console);
    }
    let Some(kind) = args.kind else {
        if args.output.is_some() || !args.tags.is_empty() || !args.shapes.is_empty() || args.hex {
            let text = "which kind? tagscope export lists them: export KIND --output DIR";
            return Err(Failure::said(text.to_owned()));
        }
        return kinds(context.form.format, console);
    };
    refuse(args, kind)?;
    if context.form.is_given {
        let text =
            "export KIND writes a folder and takes no --format; the list of kinds and --check do";
        return Err(Failure::said(text.to_owned()));
    }
    let dataset = context.dataset()?;
    let question = ExportQuestion {
        tags: tags(args, &dataset, context)?,
        shapes: args.shapes.clone(),
        digits: args.digits(),
        form: args.form.unwrap_or_default(),
        ..ExportQuestion::new(kind)
    };
    let path = args
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(kind.folder()));
    write(&question, &path, &dataset)?;
    Ok(context.check_age(&dataset))
}

fn kinds(format: Format, console: &mut Console) -> Result<Exit, Failure> {
    match format {
        Format::Json | Format::Jsonl => console.records(&ExportKinds.record(), format)?,
        _ => console.sheet(&ExportKinds, format, true)?,
    }
    Ok(Exit::Done)
}

/// Refuses options of other kinds.
fn refuse(args: &ExportArgs, kind: ExportKind) -> Result<(), Failure> {
    let option = if args.form.is_some() && kind != ExportKind::Mmdb {
        Some(("--as", ExportKind::Mmdb))
    } else if !args.shapes.is_empty() && kind != ExportKind::Csv {
        Some(("--shape", ExportKind::Csv))
    } else if args.hex && kind != ExportKind::Csv {
        Some(("--hex", ExportKind::Csv))
    } else {
        None
    };
    match option {
        Some((option, of)) => Err(Failure::said(format!(
            "{option} is for export {}; {} has one form",
            of.word(),
            kind.word()
        ))),
        None => Ok(()),
    }
}

/// The tags that were named; `None` where all are meant.
fn tags(
    args: &ExportArgs,
    dataset: &Dataset,
    context: &Context,
) -> Result<Option<BTreeSet<TagId>>, Failure> {
    if args.tags.is_empty() {
        return Ok(None);
    }
    let tags = names::tags(&args.tags, dataset, context)?;
    Ok(Some(tags.into_iter().collect()))
}

fn write(question: &ExportQuestion, path: &Path, dataset: &Dataset) -> Result<(), Failure> {
    let shown = Safe::new(&path.to_string_lossy());
    refuse_folder(path, &shown)?;
    let export = ask(question, dataset)?;
    let files = export.files.iter();
    write_folder(
        path,
        files.clone().map(|file| (file.name, file.bytes.as_slice())),
    )
    .map_err(|error| Failure::said(format!("cannot write {shown}: {error}")))?;
    let bytes: usize = files.map(|file| file.bytes.len()).sum();
    note(&format!(
        "{shown}: {}, {} kB; {} in {}; README.md says how to load and ask them",
        counted(export.files.len(), "file", "files"),
        bytes.div_ceil(1000),
        counted(export.prefixes, "prefix", "prefixes"),
        counted(export.sets, "set of tags", "sets of tags"),
    ));
    Ok(())
}

/// Refuses a folder whose files would be lost.
fn refuse_folder(path: &Path, shown: &Safe) -> Result<(), Failure> {
    let full = std::fs::canonicalize(path).ok();
    if full.is_some() && full == std::env::current_dir().ok() {
        let text = "the folder is replaced whole, and this one is in use: name one in it";
        return Err(Failure::said(text.to_owned()));
    }
    match folder_state(path, MANIFEST, Manifest::parse)? {
        FolderState::Empty => Ok(()),
        FolderState::Foreign => Err(Failure::said(format!(
            "{shown} is not empty and has no {MANIFEST} of tagscope; name another folder"
        ))),
        FolderState::Ours(manifest) => {
            let known: Vec<&str> = manifest.files().chain([MANIFEST]).collect();
            match stranger(path, &known)? {
                None => Ok(()),
                Some(name) => Err(Failure::said(format!(
                    "{shown} is replaced whole, and {name} in it is not of tagscope; move it away"
                ))),
            }
        }
    }
}

/// Whether a folder is of the week.
fn check(
    args: &ExportArgs,
    path: &Path,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let shown = Safe::new(&path.to_string_lossy());
    if !path.is_dir() {
        return Err(Failure::said(format!("there is no folder {shown}")));
    }
    let dataset = context.dataset()?;
    let tags = tags(args, &dataset, context)?.map(|tags| {
        let view = dataset.view();
        let names = tags.iter().filter_map(|&tag| view.tag(tag));
        names.map(|row| row.name.to_owned()).collect::<Vec<_>>()
    });
    let read = |name: &str| read_bounded(&Input::new(&path.join(name)), MAX_RULES).ok();
    let answer = match folder_state(path, MANIFEST, Manifest::parse)? {
        FolderState::Ours(manifest) => manifest.check(args.kind, tags.as_deref(), &dataset, read),
        FolderState::Empty | FolderState::Foreign => ExportCheck::Foreign,
    };
    match context.form.format {
        format @ (Format::Json | Format::Jsonl) => {
            console.json(&answer.record(&shown, &dataset), format)?;
        }
        _ if answer.is_foreign() => {
            return Err(Failure::said(format!("{shown} {}", answer.sentence())));
        }
        _ => console.line(&format!("{shown} {}", answer.sentence()))?,
    }
    let exit = match answer {
        ExportCheck::Current => Exit::Done,
        ExportCheck::OtherWeek { .. } | ExportCheck::OtherTags | ExportCheck::Changed { .. } => {
            Exit::No
        }
        ExportCheck::OtherKind { .. } | ExportCheck::Foreign => Exit::Failed,
    };
    Ok(exit.or(context.check_age(&dataset)))
}
