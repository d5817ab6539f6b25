//! The order in which Azure Firewall looks at the rules of a policy, over all of its groups.

use crate::query::rules::LoadedFile;
use crate::rules::{Row, RuleSet, RuleSetKind};

/// A row by its place: file, set, row.
pub type RowPosition = (usize, usize, usize);

/// The rule collection groups of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// File and set of each group, as the files have them.
    pub sets: Vec<(usize, usize)>,
    /// Its rows in evaluation order: by stage, then by the group's priority, then by the
    /// collection's.
    pub rows: Vec<RowPosition>,
}

/// Every policy of some files, in the order in which they are met.
#[must_use]
pub fn policies(files: &[LoadedFile]) -> Vec<Policy> {
    let mut names: Vec<String> = Vec::new();
    let mut policies: Vec<Policy> = Vec::new();
    for (file, loaded) in files.iter().enumerate() {
        for (number, set) in loaded.file.sets.iter().enumerate() {
            if set.kind != RuleSetKind::Firewall {
                continue;
            }
            let name = policy(loaded, set);
            let known = names.iter().position(|known| *known == name);
            if let Some(policy) = known.and_then(|place| policies.get_mut(place)) {
                policy.sets.push((file, number));
            } else {
                names.push(name);
                policies.push(Policy {
                    sets: vec![(file, number)],
                    rows: Vec::new(),
                });
            }
        }
    }
    for policy in &mut policies {
        policy.rows = in_order(files, &policy.sets);
    }
    policies
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

fn in_order(files: &[LoadedFile], sets: &[(usize, usize)]) -> Vec<RowPosition> {
    let mut rows = Vec::new();
    for &(file, number) in sets {
        let Some(set) = files.get(file).and_then(|it| it.file.sets.get(number)) else {
            continue;
        };
        let rank = set.priority.unwrap_or(u32::MAX);
        let own = set.rows.iter().enumerate();
        rows.extend(own.map(|(row, it)| ((it.stage, rank), (file, number, row))));
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
                rows.extend(&policy.rows);
            }
        }
    }
    rows
}
