//! What would be written.

use crate::query::rules::make::{Made, MakeForm, MakeOptions, Selection, Target, make};
use crate::rules::Direction;
use crate::space::Family;
use crate::text::{Safe, clean};
use crate::tui::overlay::export_dialog::{ExportChoice, ExportSource};
use crate::tui::session::Session;

/// Lines that are shown; the file has all.
const MOST_LINES: usize = 2_000;

/// What a preview is of: the choice, and the options that can be turned.
pub type PreviewKey = (ExportChoice, MakeForm, Option<Direction>, Option<Family>);

/// The text of a choice, or why there is none.
#[derive(Debug, Default)]
pub struct Preview {
    asked: Option<PreviewKey>,
    /// What it is.
    pub title: String,
    /// What a person should know of it.
    pub notes: Vec<String>,
    /// The words of the command line that make the same.
    words: Vec<String>,
    made: Option<Result<File, String>>,
}

/// A file that could be written.
#[derive(Debug)]
struct File {
    name: String,
    bytes: Vec<u8>,
    lines: usize,
    /// The first of them, clean.
    shown: Vec<String>,
}

impl Preview {
    /// The view in a form.
    pub fn of_view(
        asked: PreviewKey,
        title: String,
        found: Result<(Vec<u8>, String), Safe>,
    ) -> Self {
        Self {
            asked: Some(asked),
            title,
            notes: Vec::new(),
            words: Vec::new(),
            made: Some(match found {
                Ok((bytes, name)) => Ok(File::new(name, bytes)),
                Err(reason) => Err(reason.to_string()),
            }),
        }
    }

    /// Rules for a target.
    pub fn of_rules(
        asked: PreviewKey,
        target: Target,
        source: &ExportSource,
        options: &MakeOptions,
        session: &Session,
    ) -> Self {
        let (words, made) = match selection(source, target, options, session) {
            Ok(selection) => {
                let mut words = selection.words.clone();
                words.extend(options.words());
                let made = make(target, &selection, options).map_err(|error| error.to_string());
                (words, made)
            }
            Err(reason) => (Vec::new(), Err(reason)),
        };
        let (notes, made) = match made {
            Ok(Made {
                text,
                notes,
                file_name,
                ..
            }) => (notes, Ok(File::new(file_name, text.into_bytes()))),
            Err(reason) => (Vec::new(), Err(reason)),
        };
        Self {
            asked: Some(asked),
            title: target.title(),
            notes,
            words,
            made: Some(made),
        }
    }

    /// Whether it is of this.
    pub fn is_of(&self, asked: PreviewKey) -> bool {
        self.asked == Some(asked)
    }

    /// The name to begin with, or why there is no text.
    pub fn name(&self) -> Result<&str, &str> {
        match &self.made {
            Some(Ok(file)) => Ok(&file.name),
            Some(Err(reason)) => Err(reason),
            None => Err("nothing is chosen"),
        }
    }

    /// All of the text.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.made {
            Some(Ok(file)) => Some(&file.bytes),
            _ => None,
        }
    }

    /// The words of the command line that make the same, where they are known.
    pub fn words(&self) -> Option<&[String]> {
        self.bytes().map(|_| self.words.as_slice())
    }

    /// How many lines the text has.
    pub fn lines(&self) -> usize {
        match &self.made {
            Some(Ok(file)) => file.lines,
            _ => 0,
        }
    }

    /// The first lines, and how many are not among them.
    pub fn shown(&self) -> (&[String], usize) {
        match &self.made {
            Some(Ok(file)) => (&file.shown, file.lines.saturating_sub(file.shown.len())),
            _ => (&[], 0),
        }
    }
}

impl File {
    fn new(name: String, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().count();
        let shown = text.lines().take(MOST_LINES);
        let shown = shown.map(|line| clean(&line.replace('\t', "  ")).into_owned());
        let shown = shown.collect();
        Self {
            name,
            bytes,
            lines,
            shown,
        }
    }
}

/// What is to be written; of a cover only the families that the target takes get CIDRs.
fn selection(
    source: &ExportSource,
    target: Target,
    options: &MakeOptions,
    session: &Session,
) -> Result<Selection, String> {
    let (answer, limit, most, words, rows) = match source {
        ExportSource::Selection(selection) => return Ok((**selection).clone()),
        ExportSource::Cover {
            answer,
            limit,
            most,
            words,
            rows,
        } => (answer, *limit, *most, words, rows),
    };
    let is_wanted = |family: &&Family| options.family.is_none_or(|only| only == **family);
    let families: Vec<Family> = target
        .families()
        .iter()
        .filter(is_wanted)
        .copied()
        .collect();
    let one = match families.as_slice() {
        [family] => Some(
            answer
                .only(*family)
                .ok_or_else(|| format!("{} holds no {family} address", answer.subject()))?,
        ),
        [] => return Err(format!("{} takes IPv4 only", target.word())),
        _ => None,
    };
    let answer = one.as_ref().unwrap_or(answer);
    let cover = answer.at(limit, most).map_err(|error| error.to_string())?;
    let dataset = &session.dataset;
    let selection = Selection::of_cover(dataset, answer, &cover, words.clone());
    Ok(match rows {
        Some(rows) => selection.like(rows),
        None => selection,
    })
}
