//! The changes that put the rules right, set by set; and what an export of the view is made of.

use crate::query::rules::LoadedFile;
use crate::query::rules::impact::RowImpact;
use crate::rules::RuleSetKind;
use crate::space::Block;
use crate::text::{clean, first_of};
use crate::tui::ImpactRun;
use crate::tui::view::rules::RulesView;
use crate::tui::view::rules::loaded_rules::WeekEffect;

/// The changes of one set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatchChapter {
    /// The set and its file.
    pub title: String,
    /// What to know before.
    pub notes: Vec<String>,
    /// Commands of Azure CLI.
    pub commands: Vec<String>,
    /// Entries of a list that go and come.
    pub lines: Vec<String>,
}

impl PatchChapter {
    /// What is copied: commands to run, entries to change; what to know as comments.
    #[must_use]
    pub fn script(&self) -> String {
        let notes = self.notes.iter().map(|note| format!("# {note}"));
        let head = std::iter::once(format!("# {}", self.title));
        let own = self.commands.iter().chain(&self.lines).cloned();
        let lines: Vec<String> = head.chain(notes).chain(own).collect();
        lines.join("\n")
    }
}

impl RulesView {
    fn ready(&self) -> Result<&ImpactRun, &str> {
        match &self.loaded_rules.effect {
            WeekEffect::Ready(run) => Ok(run),
            WeekEffect::Running => Err("the weeks are being opened"),
            WeekEffect::Failed(reason) => Err(reason.as_str()),
            WeekEffect::Unasked => Err("no rules are open yet: o opens a file"),
        }
    }

    /// The changes, set by set, and between which weeks.
    ///
    /// # Errors
    /// Why there is nothing to change, or why that is not known.
    pub fn patch(&self) -> Result<(String, Vec<PatchChapter>), String> {
        let run = self.ready()?;
        let files = &self.loaded_rules.loaded;
        let mut chapters = Vec::new();
        for set in &run.answer.sets {
            let Some(patch) = set.patch(files) else {
                continue;
            };
            let safe = |texts: &[String]| -> Vec<String> {
                texts.iter().map(|text| clean(text).into_owned()).collect()
            };
            let mut notes = safe(&patch.notes);
            notes.extend(set.rows.iter().filter_map(summary));
            chapters.push(PatchChapter {
                title: format!("{}, {}: {}", set.name, set.kind.title(), set.path),
                notes,
                commands: safe(&patch.commands),
                lines: safe(&patch.lines),
            });
        }
        let weeks = self.weeks_shown();
        if chapters.is_empty() {
            return Err(format!("{weeks}: no rule needs a change"));
        }
        Ok((weeks, chapters))
    }

    /// What is exported: the rules, what the weeks do to them, and the files' texts.
    #[must_use]
    pub fn exported(&self) -> Option<Exported<'_>> {
        let files = self.loaded_rules.loaded.as_slice();
        (!files.is_empty()).then(|| Exported {
            files,
            run: self.ready().ok(),
            texts: self.loaded_rules.texts(),
        })
    }

    /// The form of the patch as a file, where there is one.
    #[must_use]
    pub fn patch_form(&self) -> Option<&'static str> {
        let run = self.ready().ok().filter(|run| run.answer.is_affected())?;
        let is_lone = matches!(run.answer.sets.as_slice(), [set] if set.kind == RuleSetKind::List);
        Some(if is_lone { "list" } else { "sh" })
    }

    /// A name for an export.
    #[must_use]
    pub fn export_name(&self) -> &'static str {
        let is_hit = self.ready().is_ok_and(|run| run.answer.is_affected());
        if is_hit { "rules-impact" } else { "rules" }
    }
}

/// What a row gets and loses, in one line.
fn summary(row: &RowImpact) -> Option<String> {
    const MOST: usize = 6;
    let listed = |sign: &str, blocks: Vec<&Block>| {
        (!blocks.is_empty()).then(|| format!("{sign} {}", first_of(blocks, MOST, " ")))
    };
    let moved = row.moved.iter().flat_map(|moved| &moved.prefixes);
    let gone = row.stale.iter().chain(moved).collect();
    let parts = [listed("+", row.missing.iter().collect()), listed("−", gone)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let is_hit = row.status.is_affected() && !parts.is_empty();
    is_hit.then(|| format!("{}: {}", row.name, parts.join(", ")))
}

/// What is written to a file.
#[derive(Debug)]
pub struct Exported<'a> {
    /// The rules.
    pub files: &'a [LoadedFile],
    /// What two weeks do to them, where that is known.
    pub run: Option<&'a ImpactRun>,
    /// The files' texts.
    pub texts: Vec<Option<&'a str>>,
}
