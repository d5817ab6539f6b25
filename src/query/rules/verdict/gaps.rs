//! What the files leave open beside their rules.

use crate::query::rules::LoadedFile;
use crate::query::rules::verdict::answer::CheckpointAnswer;
use crate::query::rules::verdict::outcome::Verdict;
use crate::query::rules::verdict::reason::{Reason, ReasonKind};
use crate::rules::RuleSetKind;

/// Parts of files that may hold rules and were not read.
pub(super) fn gaps(files: &[LoadedFile]) -> Vec<Reason> {
    let flaws = files
        .iter()
        .flat_map(|loaded| loaded.file.flaws.iter().map(move |flaw| (loaded, flaw)));
    let reasons = flaws.map(|(loaded, flaw)| Reason {
        kind: ReasonKind::UnreadResource,
        text: format!("{} was not read: {}", flaw.place, flaw.found),
        path: loaded.path.clone(),
        place: flaw.place.clone(),
        could: Some(Verdict::Deny),
        settled_by: None,
    });
    reasons.collect()
}

/// Of several security groups, route tables or firewalls of one file, one of which nobody knows where it
/// is in force may not be on the way: what it denies is open, unless all of them deny.
pub(super) fn open_choice(answers: &mut [CheckpointAnswer], unplaced: &[bool]) {
    let is_like = |one: &CheckpointAnswer, other: &CheckpointAnswer| {
        one.path == other.path && one.kind == other.kind
    };
    let mut opened = Vec::new();
    for (place, answer) in answers.iter().enumerate() {
        let is_choice = matches!(
            answer.kind,
            RuleSetKind::Nsg | RuleSetKind::RouteTable | RuleSetKind::Firewall
        ) && unplaced.get(place) == Some(&true)
            && answer.verdict == Verdict::Deny;
        let mut others = answers.iter();
        let may_be_other =
            |other: &CheckpointAnswer| is_like(other, answer) && other.verdict != Verdict::Deny;
        if is_choice && others.any(may_be_other) {
            opened.push(place);
        }
    }
    for place in opened {
        if let Some(answer) = answers.get_mut(place) {
            answer.verdict = Verdict::Depends;
            answer.reasons = vec![Reason {
                kind: ReasonKind::PathUnknown,
                text: format!(
                    "{} denies, and the file does not say where it is in force",
                    answer.set
                ),
                path: answer.path.clone(),
                place: answer.place.clone(),
                could: Some(Verdict::Allow),
                settled_by: Some(
                    match answer.kind {
                        RuleSetKind::Firewall => "the rules of one firewall alone",
                        _ => "az network vnet subnet show",
                    }
                    .to_owned(),
                ),
            }];
        }
    }
}
