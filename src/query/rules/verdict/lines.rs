//! A verdict as lines: what each is, not how it looks.

use crate::query::rules::verdict::answer::{CheckpointAnswer, VerdictAnswer};
use crate::query::rules::verdict::outcome::Verdict;
use crate::rules::{Direction, Protocol, RuleSetKind};

/// A line of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerdictLine {
    /// The verdict.
    Title(String),
    /// The head of a part.
    Head(String),
    /// A sentence.
    Text(String),
    /// An entry of a list.
    Item(String),
}

impl VerdictAnswer {
    /// The verdict, the deciding row, each checkpoint with its steps, what is assumed.
    #[must_use]
    pub fn lines(&self) -> Vec<VerdictLine> {
        let mut lines = vec![VerdictLine::Title(format!(
            "{}: {}",
            self.verdict().word(),
            self.subject()
        ))];
        lines.push(VerdictLine::Text(self.summary()));
        for checkpoint in &self.checkpoints {
            let word = checkpoint.verdict.word();
            lines.push(VerdictLine::Head(format!(
                "{} ({}): {word}",
                checkpoint.set,
                checkpoint.kind.title()
            )));
            lines.push(VerdictLine::Text(decision(checkpoint)));
            lines.extend(checkpoint.steps.iter().cloned().map(VerdictLine::Item));
        }
        let reasons = self.reasons();
        if !reasons.is_empty() {
            lines.push(VerdictLine::Head("It depends on".to_owned()));
            lines.extend(reasons.iter().map(|it| VerdictLine::Item(it.line())));
        }
        if !self.skipped.is_empty() {
            lines.push(VerdictLine::Head("Not asked".to_owned()));
            let skipped = self.skipped.iter();
            lines.extend(skipped.map(|it| VerdictLine::Item(format!("{}: {}", it.set, it.why))));
        }
        if !self.assumed.is_empty() {
            lines.push(VerdictLine::Head("Assumed".to_owned()));
            lines.extend(self.assumed.iter().cloned().map(VerdictLine::Item));
        }
        lines
    }

    /// What was asked, in a few words.
    #[must_use]
    pub fn subject(&self) -> String {
        let asked = &self.asked;
        let from = asked.from.as_ref().map(|from| format!("from {from}"));
        let to = asked.to.as_ref().map(|to| format!("to {to}"));
        let mut words: Vec<String> = from.into_iter().chain(to).collect();
        let kinds = || self.checkpoints.iter().map(|checkpoint| checkpoint.kind);
        if kinds().any(RuleSetKind::has_two_ends) {
            words.push(match asked.protocol {
                Protocol::Icmp | Protocol::Esp | Protocol::Ah => asked.protocol.name().to_owned(),
                protocol => format!("{} {}", protocol.name(), asked.port),
            });
        }
        if kinds().any(|kind| kind == RuleSetKind::Nsg) {
            words.push(match asked.direction {
                Direction::In => "inbound".to_owned(),
                Direction::Out => "outbound".to_owned(),
            });
        }
        words.join(", ")
    }

    /// What decides, in a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let Some(checkpoint) = self.deciding() else {
            return String::new();
        };
        let count = self.checkpoints.len();
        if checkpoint.verdict == Verdict::Allow
            && let Some(gap) = self.gaps.first()
        {
            return format!("what was read lets it through; but {}", gap.text);
        }
        let all = match count {
            2 => "both rule sets".to_owned(),
            _ => format!("all {count} rule sets"),
        };
        match (self.verdict(), count) {
            (_, 1) => format!("deciding rule: {}", checkpoint.row),
            (Verdict::Allow, _) => format!("{all} allow it"),
            (Verdict::Deny, _) => format!(
                "{} denies it with {}; {all} must allow it",
                checkpoint.set, checkpoint.row
            ),
            (Verdict::Depends, _) => {
                format!("{} leaves it open; {all} must allow it", checkpoint.set)
            }
        }
    }
}

fn decision(checkpoint: &CheckpointAnswer) -> String {
    let place = if checkpoint.place.is_empty() || checkpoint.place == checkpoint.row.as_str() {
        String::new()
    } else {
        format!(", at {}", checkpoint.place)
    };
    format!("{}{place}: {}", checkpoint.row, checkpoint.because)
}
