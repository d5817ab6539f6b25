//! The loaded rules and what is known of them: rows, findings, what two weeks do to them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::query::endpoints::Level;
use crate::query::rules::check::{self, Finding};
use crate::query::rules::impact::{ImpactStatus, RowImpact, SetImpact};
use crate::query::rules::verdict::Tester;
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Row, RuleSet};
use crate::store::{FileStamp, RuleList};
use crate::text::Safe;
use crate::tui::session::Session;
use crate::tui::{ImpactRun, RulesRead};

/// A file that was opened.
#[derive(Debug)]
pub struct RulesFile {
    pub path: PathBuf,
    stamp: Option<FileStamp>,
    /// What was in it when it could last be read, and its text.
    content: Option<(LoadedFile, Option<String>)>,
    /// Why it cannot be read now.
    pub problem: Option<Safe>,
}

impl RulesFile {
    /// Whether it could be read once.
    pub const fn has_content(&self) -> bool {
        self.content.is_some()
    }
}

/// What is known of two weeks.
#[derive(Debug, Default)]
pub enum WeekEffect {
    /// No rules, or nobody has asked.
    #[default]
    Unasked,
    Running,
    Failed(Safe),
    Ready(Box<ImpactRun>),
}

/// Everything that is loaded.
#[derive(Debug, Default)]
pub struct LoadedRules {
    pub files: Vec<RulesFile>,
    /// What could be read, in the order of the files.
    pub loaded: Arc<Vec<LoadedFile>>,
    /// Tags that lists of addresses stand for.
    pub stands_for: Vec<String>,
    /// The sets that a question is put to.
    pub checkpoints: Vec<LoadedFile>,
    pub tester: Option<Tester>,
    pub findings: Vec<Finding>,
    pub effect: WeekEffect,
    /// Whether other weeks are on their way while these are shown.
    pub is_asking: bool,
    /// The worst finding of each row.
    worst: BTreeMap<Position, Level>,
    /// The rows that are wider than needed.
    wide: BTreeSet<Position>,
    /// Where the effect on each row stands in the answer: set and row.
    places: BTreeMap<Position, (usize, usize)>,
    /// Counts up with every change of what is shown.
    pub version: u64,
    /// Counts up with every change of the files.
    pub files_version: u64,
}

/// A row by its place: of a file that could be read, of its set, of the row in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub file: usize,
    pub set: usize,
    /// `None` for what the set as a whole lacks.
    pub row: Option<usize>,
}

impl LoadedRules {
    /// Takes files that were read: in place of the same ones, else behind the others. A file that
    /// can no longer be read keeps what it had.
    pub fn take(&mut self, found: Vec<RulesRead>, is_again: bool, session: &Session) {
        for read in found {
            let own = self.files.iter().position(|file| file.path == read.path);
            // It was closed while it was read again.
            if is_again && own.is_none() {
                continue;
            }
            let place = own.unwrap_or_else(|| {
                self.files.push(RulesFile {
                    path: read.path.clone(),
                    stamp: None,
                    content: None,
                    problem: None,
                });
                self.files.len() - 1
            });
            let Some(file) = self.files.get_mut(place) else {
                continue;
            };
            file.stamp = read.stamp;
            match read.found {
                Ok(content) => {
                    file.content = Some(content);
                    file.problem = None;
                }
                Err(reason) => file.problem = Some(reason),
            }
        }
        self.refresh(session);
    }

    /// Closes a file.
    pub fn drop_file(&mut self, place: usize, session: &Session) -> Option<PathBuf> {
        let path = (place < self.files.len()).then(|| self.files.remove(place).path)?;
        self.refresh(session);
        Some(path)
    }

    /// Works everything out again, of other files or of another week.
    pub fn refresh(&mut self, session: &Session) {
        self.files_version += 1;
        let contents = self.files.iter().filter_map(|file| file.content.as_ref());
        self.loaded = Arc::new(contents.map(|(loaded, _)| loaded.clone()).collect());
        self.version += 1;
        self.effect = WeekEffect::Unasked;
        self.is_asking = false;
        self.places.clear();
        self.worst.clear();
        self.wide.clear();
        if self.loaded.is_empty() {
            self.tester = None;
            self.checkpoints.clear();
            self.findings.clear();
            self.stands_for.clear();
            return;
        }
        let resolver = AddressResolver::new(&session.dataset, &self.loaded);
        self.findings = check::ask(&self.loaded, &resolver, &session.facts).findings;
        for finding in &self.findings {
            let own = finding.position;
            let Some(set) = own.set else { continue };
            let position = Position {
                file: own.file,
                set,
                row: own.row,
            };
            let worst = self.worst.entry(position).or_insert(finding.level());
            *worst = finding.level().min(*worst);
            if finding.is_of_width() {
                self.wide.insert(position);
            }
        }
    }

    /// Makes the sets that are picked the checkpoints of a question; IP groups and subnets of all files
    /// stay known.
    pub fn pick_checkpoints(
        &mut self,
        session: &Session,
        is_picked: impl Fn(usize, usize) -> bool,
    ) {
        let mut checkpoints = Vec::clone(&self.loaded);
        for (file, loaded) in checkpoints.iter_mut().enumerate() {
            let mut place = 0;
            loaded.file.sets.retain(|_| {
                place += 1;
                is_picked(file, place - 1)
            });
        }
        let resolver = AddressResolver::new(&session.dataset, &self.loaded);
        self.tester = (!self.loaded.is_empty()).then(|| Tester::new(&checkpoints, &resolver));
        self.checkpoints = checkpoints;
    }

    /// The place of a file among those that could be read.
    pub fn loaded_place(&self, file: usize) -> Option<usize> {
        let own = self.files.get(file)?;
        own.content.as_ref()?;
        let before = self.files.iter().take(file);
        Some(before.filter(|file| file.content.is_some()).count())
    }

    pub fn set(&self, position: Position) -> Option<&RuleSet> {
        self.loaded.get(position.file)?.file.sets.get(position.set)
    }

    pub fn row(&self, position: Position) -> Option<&Row> {
        self.set(position)?.rows.get(position.row?)
    }

    /// The rows of all sets.
    pub fn row_count(&self) -> usize {
        let sets = self.loaded.iter().flat_map(|loaded| &loaded.file.sets);
        sets.map(|set| set.rows.len()).sum()
    }

    /// Takes what the weeks do.
    pub fn take_effect(&mut self, effect: WeekEffect) {
        self.version += 1;
        self.is_asking = false;
        self.places.clear();
        if let WeekEffect::Ready(run) = &effect {
            for (place, set) in run.answer.sets.iter().enumerate() {
                let (file, own) = set.place;
                for (row, effect) in set.rows.iter().enumerate() {
                    let position = Position {
                        file,
                        set: own,
                        row: effect.row,
                    };
                    self.places.entry(position).or_insert((place, row));
                }
            }
        }
        self.effect = effect;
    }

    /// What the weeks do to a row, or to the set as a whole.
    pub fn row_effect(&self, position: Position) -> Option<&RowImpact> {
        let WeekEffect::Ready(run) = &self.effect else {
            return None;
        };
        let &(set, row) = self.places.get(&position)?;
        run.answer.sets.get(set)?.rows.get(row)
    }

    pub fn findings_of(&self, position: Position) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| {
            let own = finding.position;
            own.file == position.file && own.set == Some(position.set) && own.row == position.row
        })
    }

    /// How grave the worst finding of a row is.
    pub fn worst(&self, position: Position) -> Option<Level> {
        self.worst.get(&position).copied()
    }

    /// Whether a row lets in or out what nobody meant.
    pub fn is_wide(&self, position: Position) -> bool {
        self.wide.contains(&position)
    }

    /// How many files show what they had before they could no longer be read.
    pub fn stale_files(&self) -> usize {
        let is_stale = |file: &&RulesFile| file.content.is_some() && file.problem.is_some();
        self.files.iter().filter(is_stale).count()
    }

    /// How many rows need somebody, and how many Azure follows.
    pub fn affected(&self, file: usize, set: Option<usize>) -> Option<[usize; 2]> {
        let WeekEffect::Ready(run) = &self.effect else {
            return None;
        };
        let is_own =
            |own: &&SetImpact| own.place.0 == file && set.is_none_or(|set| set == own.place.1);
        let sets = run.answer.sets.iter().filter(is_own);
        let mut counts = [0, 0];
        for row in sets.flat_map(|set| &set.rows) {
            let [affected, automatic] = &mut counts;
            *affected += usize::from(row.status.is_affected());
            *automatic += usize::from(row.status == ImpactStatus::Automatic);
        }
        Some(counts)
    }

    /// The tags that rows name, stand for or have addresses of, in lower case, with those rows.
    pub fn touched(&self) -> BTreeMap<String, Vec<String>> {
        let mut touched: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let WeekEffect::Ready(run) = &self.effect else {
            return touched;
        };
        for (set, row) in run.answer.rows() {
            let text = if set.name == row.name {
                format!("{}: {}", row.name, row.status.words())
            } else {
                format!("{}, {}: {}", set.name, row.name, row.status.words())
            };
            let tags: BTreeSet<String> = row
                .tags
                .iter()
                .map(|tag| tag.to_ascii_lowercase())
                .collect();
            for tag in tags {
                touched.entry(tag).or_default().push(text.clone());
            }
        }
        touched
    }

    /// What to look at for changes on disk.
    pub fn stamps(&self) -> Vec<(PathBuf, Option<FileStamp>)> {
        let files = self.files.iter();
        files.map(|file| (file.path.clone(), file.stamp)).collect()
    }

    /// The texts of the files that could be read.
    pub fn texts(&self) -> Vec<Option<&str>> {
        let contents = self.files.iter().filter_map(|file| file.content.as_ref());
        contents.map(|(_, text)| text.as_deref()).collect()
    }

    /// The files under a name.
    pub fn list(&self) -> RuleList {
        RuleList {
            files: self.files.iter().map(|file| file.path.clone()).collect(),
            stands_for: self.stands_for.clone(),
        }
    }
}
