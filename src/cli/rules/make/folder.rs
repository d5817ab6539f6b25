//! `tagscope rules make KIND --all`: one file a tag in a folder, what has not changed untouched.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::cli::args::MakeArgs;
use crate::cli::console::note;
use crate::cli::{Context, Exit, Failure};
use crate::query::rules::make::{
    Drift, FolderFile, INDEX_FILE, MakeOptions, Target, check, folder, indexed_files,
};
use crate::rules::MAX_RULES;
use crate::source::{FolderState, folder_state};
use crate::store::{Input, read_bounded, write_cache, write_over};
use crate::text::{Safe, counted};

pub fn write(
    target: Target,
    args: &MakeArgs,
    options: &MakeOptions,
    path: &Path,
    context: &Context,
) -> Result<Exit, Failure> {
    if !target.is_list() {
        let text = format!(
            "--all is for lists: list, edl, json-list, tfvars; {} has rules of a resource",
            target.word()
        );
        return Err(Failure::said(text));
    }
    let dataset = context.dataset()?;
    let (record, files) = folder(target, &dataset, options, args.split_families)?;
    let shown = Safe::new(&path.to_string_lossy());
    let failed = |error: &io::Error, name: &str| {
        Failure::said(format!("cannot write {shown}/{}: {error}", Safe::new(name)))
    };
    fs::create_dir_all(path).map_err(|error| failed(&error, ""))?;
    let before = known_before(path, &shown, args.force)?;
    let (mut written, mut gone) = (0, 0);
    for file in &files {
        if !is_unchanged(target, file, path) {
            // Thousands of them: what a loss of power tears is written again by the next run.
            write_cache(&path.join(&file.name), file.made.text.as_bytes())
                .map_err(|error| failed(&error, &file.name))?;
            written += 1;
        }
    }
    // A reader would go on with addresses that are nobody's any more.
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    for name in before.iter().filter(|name| !names.contains(name.as_str())) {
        match fs::remove_file(path.join(name)) {
            Ok(()) => gone += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&error, name)),
        }
    }
    // The index is last: until it stands, a file of the run before is still known.
    let mut index = serde_json::to_vec_pretty(&record)
        .map_err(|error| Failure::said(format!("cannot write the index: {error}")))?;
    index.push(b'\n');
    write_over(&path.join(INDEX_FILE), &index).map_err(|error| failed(&error, INDEX_FILE))?;
    note(&format!(
        "{shown}: {}, {written} written, {} unchanged, {gone} removed; {INDEX_FILE} lists them",
        counted(files.len(), "file", "files"),
        files.len() - written,
    ));
    Ok(context.check_age(&dataset))
}

/// The files of the run before.
fn known_before(path: &Path, shown: &Safe, is_forced: bool) -> Result<Vec<String>, Failure> {
    match folder_state(path, INDEX_FILE, indexed_files)? {
        FolderState::Ours(files) => Ok(files),
        FolderState::Empty => Ok(Vec::new()),
        FolderState::Foreign if is_forced => Ok(Vec::new()),
        FolderState::Foreign => Err(Failure::said(format!(
            "{shown} is not empty and has no {INDEX_FILE} of tagscope; --force writes into it nevertheless"
        ))),
    }
}

/// Whether the file holds the same addresses, whatever week it was made of.
fn is_unchanged(target: Target, file: &FolderFile, folder: &Path) -> bool {
    let bytes = read_bounded(&Input::new(&folder.join(&file.name)), MAX_RULES);
    let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.is_some_and(|text| check(target, &file.made, &text) == Drift::InSync)
}
