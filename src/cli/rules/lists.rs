//! Files that stand as lists of addresses: lists themselves, and the remote ends of rules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::query::rules::LoadedFile;
use crate::query::rules::remote_end::{PickedRow, directions};
use crate::rules::{Access, Applies, Direction, Entry, RegistryFacts, Row, RuleSet, RuleSetKind};
use crate::text::{Safe, counted};

/// Files, with what of them is taken.
pub struct Lists {
    files: Vec<LoadedFile>,
    /// IP groups that rules name, by id and by name: they count where they are named.
    named: BTreeSet<String>,
}

impl Lists {
    /// Of files that were read; a file with subnets alone is the list of their addresses.
    #[must_use]
    pub fn new(mut files: Vec<LoadedFile>) -> Self {
        for loaded in &mut files {
            if loaded.file.sets.is_empty() {
                loaded.file.sets = loaded.file.subnets.iter().map(of_subnet).collect();
            }
        }
        let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
        let rows = sets.flat_map(|set| &set.rows);
        let ids = rows.flat_map(Row::entries).filter_map(|entry| match entry {
            Entry::IpGroup(id) => Some(id.to_ascii_lowercase()),
            _ => None,
        });
        let named = ids.flat_map(|id| [id.rsplit('/').next().unwrap_or(&id).to_owned(), id]);
        let named = named.collect();
        Self { files, named }
    }

    pub fn files(&self) -> &[LoadedFile] {
        &self.files
    }

    /// The rows of a file with their sets; of rules with two ends those of one way, where one is given.
    pub fn rows<'a>(
        &self,
        loaded: &'a LoadedFile,
        direction: Option<Direction>,
    ) -> Vec<PickedRow<'a>> {
        let rows = self.sets(loaded);
        let rows = rows.flat_map(|set| set.rows.iter().map(move |row| (set, row)));
        let goes = |(set, row): &PickedRow<'_>| {
            !set.kind.has_two_ends() || direction.is_none_or(|direction| direction == row.direction)
        };
        rows.filter(goes).collect()
    }

    /// The way that is asked for, else that of all rows that allow; none where all are lists.
    ///
    /// # Errors
    /// They go both ways, and nobody said which is meant.
    pub fn direction(&self, asked: Option<Direction>) -> Result<Option<Direction>, Failure> {
        let is_rule =
            |loaded: &&LoadedFile| loaded.file.sets.iter().any(|set| set.kind.has_two_ends());
        let files: Vec<&LoadedFile> = self.files.iter().filter(is_rule).collect();
        let rows: Vec<PickedRow<'_>> = files
            .iter()
            .flat_map(|loaded| self.rows(loaded, None))
            .collect();
        match (asked, directions(&rows)) {
            (_, [0, 0]) => Ok(None),
            (Some(direction), _) => Ok(Some(direction)),
            (None, [_, 0]) => Ok(Some(Direction::In)),
            (None, [0, _]) => Ok(Some(Direction::Out)),
            (None, [ins, outs]) => {
                let paths: Vec<&str> = files.iter().map(|loaded| loaded.path.as_str()).collect();
                Err(Failure::said(format!(
                    "{}: {} in and {} out, and a cover is of one way: --direction in takes the sources of the \
                     first, --direction out the destinations of the others",
                    paths.join(", "),
                    counted(ins, "row lets", "rows let"),
                    counted(outs, "row lets", "rows let")
                )))
            }
        }
    }

    /// The sets of a file but for IP groups that rules name.
    fn sets<'a>(&self, loaded: &'a LoadedFile) -> impl Iterator<Item = &'a RuleSet> {
        let is_named = |set: &&RuleSet| {
            let id = set.id.as_deref().map(str::to_ascii_lowercase);
            let name = set.name.as_str().to_ascii_lowercase();
            set.kind == RuleSetKind::IpGroup
                && (self.named.contains(&name) || id.is_some_and(|id| self.named.contains(&id)))
        };
        loaded.file.sets.iter().filter(move |set| !is_named(set))
    }

    /// The name of the only resource of a file; what a file without a name is called has blanks.
    fn name_of(&self, loaded: &LoadedFile) -> Option<String> {
        let mut sets = self.sets(loaded);
        let only = sets.next().filter(|_| sets.next().is_none())?;
        let is_list = only.kind == RuleSetKind::List && loaded.file.subnets.is_empty();
        let name = only.name.to_string();
        let is_name = !name.is_empty() && !name.contains(' ');
        (is_name && !is_list).then_some(name)
    }

    /// A name for all of it: of the only resource, else of what was named.
    pub fn title(&self, paths: &[PathBuf]) -> String {
        match (paths, self.files.as_slice()) {
            ([path], [only]) => self.name_of(only).unwrap_or_else(|| stem(path)),
            ([path], _) => stem(path),
            _ => "selection".to_owned(),
        }
    }

    /// A name for each file.
    pub fn name(&self, loaded: &LoadedFile) -> Safe {
        let name = self
            .name_of(loaded)
            .unwrap_or_else(|| stem(Path::new(loaded.path.as_str())));
        Safe::new(&name)
    }
}

/// The name of a file or of a saved list, without its ending.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let stem = stem.trim_start_matches('@');
    if matches!(stem, "" | "-" | "standard input") {
        "list".to_owned()
    } else {
        stem.to_owned()
    }
}

fn of_subnet(subnet: &crate::rules::Subnet) -> RuleSet {
    let name = subnet.id.to_string();
    let name = Safe::new(name.rsplit('/').next().unwrap_or(&name));
    let mut row = Row::new(
        name.as_str(),
        "addressPrefix".to_owned(),
        Direction::Out,
        Access::Listed,
    );
    row.destinations.clone_from(&subnet.prefixes);
    RuleSet {
        kind: RuleSetKind::List,
        name,
        id: None,
        priority: None,
        rows: vec![row],
        is_effective: false,
        is_collection_group: false,
        applies: Applies::default(),
        registry: RegistryFacts::default(),
        flaws: Vec::new(),
    }
}
