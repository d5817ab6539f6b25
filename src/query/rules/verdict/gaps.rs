//! What the files leave open beside their rules: parts that were not read, and which rule sets are on
//! the way.

use crate::query::rules::LoadedFile;
use crate::query::rules::resolve::{PrivatePlace, ReasonKind};
use crate::query::rules::verdict::answer::{CheckpointAnswer, SkippedCheckpoint};
use crate::query::rules::verdict::outcome::Verdict;
use crate::query::rules::verdict::path::Stands;
use crate::query::rules::verdict::reason::Reason;
use crate::rules::RuleSetKind;
use crate::text::Safe;

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
pub(super) fn open_choice(answers: &mut [CheckpointAnswer], stands: &[Stands]) {
    let is_like = |one: &CheckpointAnswer, other: &CheckpointAnswer| {
        one.path == other.path && one.kind == other.kind
    };
    let mut opened = Vec::new();
    for (place, answer) in answers.iter().enumerate() {
        let is_choice = answer.kind.is_of_network() && answer.verdict == Verdict::Deny;
        let own = stands.get(place).copied().unwrap_or(Stands::Here);
        let mut others = answers.iter();
        let may_be_other =
            |other: &CheckpointAnswer| is_like(other, answer) && other.verdict != Verdict::Deny;
        let may_be_elsewhere =
            own == Stands::Open || own == Stands::Perhaps && others.any(may_be_other);
        if is_choice && may_be_elsewhere {
            opened.push(place);
        }
    }
    for place in opened {
        if let Some(answer) = answers.get_mut(place) {
            answer.verdict = Verdict::Depends;
            answer.reasons = vec![path_unknown(
                answer,
                &format!(
                    "{} denies, and the file does not say where it is in force",
                    answer.set
                ),
                Verdict::Allow,
                match answer.kind {
                    RuleSetKind::Firewall => "the rules of one firewall alone",
                    _ => "az network vnet subnet show",
                },
            )];
        }
    }
}

/// Inside a network a security group of which nobody knows where it is in force may be the
/// destination's too: what it denies there, and not at the source, is open.
pub(super) fn at_the_other_end(
    mut answer: CheckpointAnswer,
    outward: Option<Verdict>,
) -> Option<CheckpointAnswer> {
    if answer.verdict == Verdict::Allow || outward == Some(Verdict::Deny) {
        return None;
    }
    if answer.verdict == Verdict::Deny {
        answer.verdict = Verdict::Depends;
        answer.reasons = vec![path_unknown(
            &answer,
            &format!(
                "{} denies it inbound, and the file does not say whether it is in force at the destination",
                answer.set
            ),
            Verdict::Deny,
            "az network vnet subnet show, or --direction",
        )];
    }
    answer.set = Safe::from(format!("{} (inbound)", answer.set));
    Some(answer)
}

/// What may be a private endpoint, for which a security group may not hold: what the group denies there is
/// open.
pub(super) fn perhaps_past(answer: &mut CheckpointAnswer, place: &PrivatePlace) {
    if answer.verdict != Verdict::Deny {
        return;
    }
    let holds = match place.policies.groups {
        Some(_) => "do not hold",
        None => "may not hold",
    };
    answer.verdict = Verdict::Depends;
    answer.reasons = vec![path_unknown(
        answer,
        &format!(
            "{} denies it, and the destination may be {}, for which security groups {holds} (privateEndpointNetworkPolicies)",
            answer.set, place.name
        ),
        Verdict::Allow,
        "az network private-endpoint show, and az network vnet subnet show",
    )];
}

/// Whether routes lead traffic to a firewall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Led {
    /// No routes are among the files.
    NotSaid,
    There,
    Elsewhere,
    Perhaps,
}

/// A firewall to which no route leads is not on the way; where that is not known, what it denies is open.
pub(super) fn not_led(
    led: Led,
    answers: &mut Vec<CheckpointAnswer>,
    stands: &mut Vec<Stands>,
    skipped: &mut Vec<SkippedCheckpoint>,
) {
    if matches!(led, Led::NotSaid | Led::There) {
        return;
    }
    let mut place = 0;
    while let Some(answer) = answers.get_mut(place) {
        if answer.kind != RuleSetKind::Firewall {
            place += 1;
        } else if led == Led::Elsewhere {
            let answer = answers.remove(place);
            stands.remove(place);
            skipped.push(SkippedCheckpoint {
                path: answer.path,
                kind: answer.kind,
                set: answer.set,
                why: "not on the way: no route leads to a firewall",
            });
        } else {
            if answer.verdict == Verdict::Deny {
                answer.verdict = Verdict::Depends;
                answer.reasons = vec![path_unknown(
                    answer,
                    &format!(
                        "{} denies, and it is not known whether a route leads there",
                        answer.set
                    ),
                    Verdict::Allow,
                    "az network nic show-effective-route-table",
                )];
            }
            place += 1;
        }
    }
}

/// That it is not known whether a rule set is on the way.
fn path_unknown(answer: &CheckpointAnswer, text: &str, could: Verdict, settled_by: &str) -> Reason {
    Reason {
        kind: ReasonKind::PathUnknown,
        text: text.to_owned(),
        path: answer.path.clone(),
        place: answer.place.clone(),
        could: Some(could),
        settled_by: Some(settled_by.to_owned()),
    }
}
