//! The order in which Azure Firewall looks at the rules of a policy, over all of its groups.

use crate::query::rules::LoadedFile;
use crate::rules::{Row, RuleSet, RuleSetKind, Stage};

/// A row by its place: file, set, row.
pub type RowPosition = (usize, usize, usize);

/// The rule collection groups of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its resource id in lower case, or where its groups come from.
    pub id: String,
    /// File and set of each group, as the files have them.
    pub sets: Vec<(usize, usize)>,
    /// Its rows in evaluation order: by stage, those of a base policy before its own, then by the
    /// group's priority, then by the collection's.
    pub rows: Vec<RowPosition>,
    /// The base policy among the files whose rows come before its own.
    pub base: Option<String>,
}

impl Policy {
    /// Whether a row is its own, and not one of its base policy.
    #[must_use]
    pub fn owns(&self, (file, set, _): RowPosition) -> bool {
        self.sets.contains(&(file, set))
    }
}

/// Every policy of some files, in the order in which they are met.
#[must_use]
pub fn policies(files: &[LoadedFile]) -> Vec<Policy> {
    let mut policies: Vec<Policy> = Vec::new();
    for (file, loaded) in files.iter().enumerate() {
        for (number, set) in loaded.file.sets.iter().enumerate() {
            if set.kind != RuleSetKind::Firewall {
                continue;
            }
            let id = policy(loaded, set);
            if let Some(policy) = policies.iter_mut().find(|policy| policy.id == id) {
                policy.sets.push((file, number));
            } else {
                policies.push(Policy {
                    id,
                    sets: vec![(file, number)],
                    rows: Vec::new(),
                    base: None,
                });
            }
        }
    }
    let bases: Vec<Option<usize>> = policies
        .iter()
        .map(|policy| {
            let base = base_of(files, &policy.id)?;
            policies.iter().position(|other| other.id == base)
        })
        .collect();
    let sets: Vec<Vec<(usize, usize)>> = policies.iter().map(|it| it.sets.clone()).collect();
    for (place, policy) in policies.iter_mut().enumerate() {
        // A base policy may have one too; nobody is its own.
        let mut chain = vec![place];
        while let Some(&Some(base)) = chain.last().and_then(|last| bases.get(*last))
            && !chain.contains(&base)
        {
            chain.push(base);
        }
        let levels: Vec<_> = chain.iter().rev().filter_map(|it| sets.get(*it)).collect();
        policy.rows = in_order(files, levels.into_iter());
    }
    let ids: Vec<String> = policies.iter().map(|it| it.id.clone()).collect();
    for (policy, base) in policies.iter_mut().zip(bases) {
        policy.base = base.and_then(|base| ids.get(base).cloned());
    }
    policies
}

/// The base of a policy, by the id of either.
fn base_of(files: &[LoadedFile], id: &str) -> Option<String> {
    let mut policies = files.iter().flat_map(|loaded| &loaded.file.policies);
    let own = policies.find(|it| {
        it.id
            .as_deref()
            .is_some_and(|own| own.eq_ignore_ascii_case(id))
    });
    Some(own?.base.as_ref()?.as_str().to_ascii_lowercase())
}

/// The policy of a rule collection group; groups without an id belong together by their file.
fn policy(loaded: &LoadedFile, set: &RuleSet) -> String {
    let id = set.id.as_deref().unwrap_or_default().to_ascii_lowercase();
    if let Some((policy, _)) = id.split_once("/rulecollectiongroups/") {
        return policy.to_owned();
    }
    if id.is_empty() {
        loaded.path.to_string()
    } else {
        id
    }
}

/// Rows of the groups of policies, a base policy before those that follow it. Translation is a
/// firewall's own, and is not taken over from a base policy.
fn in_order<'s>(
    files: &[LoadedFile],
    levels: impl ExactSizeIterator<Item = &'s Vec<(usize, usize)>>,
) -> Vec<RowPosition> {
    let mut rows = Vec::new();
    let last = levels.len().saturating_sub(1);
    for (level, sets) in levels.enumerate() {
        for &(file, number) in sets {
            let Some(set) = files.get(file).and_then(|it| it.file.sets.get(number)) else {
                continue;
            };
            let rank = set.priority.unwrap_or(u32::MAX);
            let own = set.rows.iter().enumerate();
            let own = own.filter(|(_, row)| level == last || row.stage != Some(Stage::Translation));
            rows.extend(own.map(|(row, it)| ((it.stage, level, rank), (file, number, row))));
        }
    }
    // Stable: the rows of a group are in order already.
    rows.sort_by_key(|(key, _)| *key);
    rows.into_iter().map(|(_, position)| position).collect()
}

/// The row of a place, with its set.
#[must_use]
pub fn at(files: &[LoadedFile], (file, set, row): RowPosition) -> Option<(&RuleSet, &Row)> {
    let set = files.get(file)?.file.sets.get(set)?;
    Some((set, set.rows.get(row)?))
}

/// Every row of some files in evaluation order: file by file and set by set, the groups of a policy
/// together where the first of them stands.
#[must_use]
pub fn all(files: &[LoadedFile]) -> Vec<RowPosition> {
    let policies = policies(files);
    let mut rows = Vec::new();
    for (file, loaded) in files.iter().enumerate() {
        for (number, set) in loaded.file.sets.iter().enumerate() {
            if set.kind != RuleSetKind::Firewall {
                rows.extend((0..set.rows.len()).map(|row| (file, number, row)));
                continue;
            }
            let is_first = |policy: &&Policy| policy.sets.first() == Some(&(file, number));
            if let Some(policy) = policies.iter().find(is_first) {
                let own = policy.rows.iter().copied();
                rows.extend(own.filter(|position| policy.owns(*position)));
            }
        }
    }
    rows
}
