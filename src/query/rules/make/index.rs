//! The index of a folder with one file a tag.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::query::rules::make::{Made, MakeOptions, MakeRefusal, Selection, Target, make};
use crate::query::{Dataset, SCHEMA_VERSION, WeekRecord};
use crate::space::Family;

/// The name of the index in its folder.
pub const INDEX_FILE: &str = "index.json";

/// What a folder holds, as its JSON document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FolderRecord {
    schema_version: u32,
    /// The command line that fills the folder again.
    command: String,
    week: WeekRecord,
    /// The files, by tag and family.
    files: Vec<FileRecord>,
}

/// One file of a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct FileRecord {
    file: String,
    tag: String,
    /// `IPv4` or `IPv6`; none for both in one file.
    #[serde(skip_serializing_if = "Option::is_none")]
    family: Option<String>,
    prefixes: usize,
}

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFile {
    /// Its name in the folder.
    pub name: String,
    /// Its text.
    pub made: Made,
}

/// Every tag of a week in a file of its own, or two, by family.
///
/// # Errors
/// What the target does not take; two tags whose files would have one name.
pub fn folder(
    target: Target,
    dataset: &Dataset,
    options: &MakeOptions,
    is_split: bool,
) -> Result<(FolderRecord, Vec<FolderFile>), MakeRefusal> {
    let families = match (is_split, options.family) {
        (true, _) => vec![Some(Family::V4), Some(Family::V6)],
        (false, family) => vec![family],
    };
    let (mut files, mut records, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for tag in dataset.view().tag_ids() {
        let selection = Selection::of_tags(dataset, &[tag]);
        for &family in &families {
            let is_written = |family_of: Family| family.is_none_or(|only| only == family_of);
            let blocks = selection.requests.iter().flat_map(|it| &it.blocks);
            if blocks.filter(|block| is_written(block.family())).count() == 0 {
                continue;
            }
            let options = MakeOptions {
                family,
                ..options.clone()
            };
            let made = make(target, &selection, &options)?;
            let name = match family.filter(|_| is_split) {
                Some(family) => with_family(&made.file_name, family),
                None => made.file_name.clone(),
            };
            if !names.insert(name.clone()) {
                return Err(MakeRefusal::SameFile { name });
            }
            records.push(FileRecord {
                file: name.clone(),
                tag: selection.title.clone(),
                family: family.map(|family| family.to_string()),
                prefixes: made.prefixes,
            });
            files.push(FolderFile { name, made });
        }
    }
    let mut words = vec!["tagscope rules make", target.word(), "--all"];
    if is_split {
        words.push("--split-families");
    }
    let own = options.words();
    words.extend(own.iter().map(String::as_str));
    let record = FolderRecord {
        schema_version: SCHEMA_VERSION,
        command: words.join(" "),
        week: dataset.record(),
        files: records,
    };
    Ok((record, files))
}

/// `edl-storage-v4.txt` of `edl-storage.txt`.
fn with_family(name: &str, family: Family) -> String {
    let end = match family {
        Family::V4 => "v4",
        Family::V6 => "v6",
    };
    match name.rsplit_once('.') {
        Some((base, ending)) => format!("{base}-{end}.{ending}"),
        None => format!("{name}-{end}"),
    }
}

/// The files that the index of an earlier run names; `None` where it is no index of this program.
#[must_use]
pub fn indexed_files(index: &[u8]) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Index {
        command: String,
        files: Vec<File>,
    }
    #[derive(Deserialize)]
    struct File {
        file: String,
    }
    let index: Index = serde_json::from_slice(index).ok()?;
    let is_ours = index.command.starts_with("tagscope rules make ");
    // A name that leads out of the folder is not of this program.
    let is_plain = |name: &String| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        name.chars().all(fits) && !name.starts_with('.')
    };
    let files = index.files.into_iter().map(|file| file.file);
    is_ours.then(|| files.filter(is_plain).collect())
}
