//! A verdict as lines: what each is, not how it looks.

use crate::query::rules::verdict::answer::{Answer, GateAnswer, word};
use crate::rules::{Direction, Kind, Protocol};

/// A line of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The verdict.
    Title(String),
    /// The head of a part.
    Head(String),
    /// A sentence.
    Text(String),
    /// An entry of a list.
    Item(String),
}

impl Answer {
    /// The verdict, the deciding row, each gate with its steps, what is assumed.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines = vec![Line::Title(format!("{}: {}", self.word(), self.subject()))];
        lines.push(Line::Text(self.summary()));
        for gate in &self.gates {
            let word = word(gate.verdict, gate.is_certain);
            lines.push(Line::Head(format!(
                "{} ({}): {word}",
                gate.set,
                gate.kind.title()
            )));
            lines.push(Line::Text(decision(gate)));
            lines.extend(gate.steps.iter().cloned().map(Line::Item));
        }
        if !self.skipped.is_empty() {
            lines.push(Line::Head("Not asked".to_owned()));
            let skipped = self.skipped.iter();
            lines.extend(skipped.map(|it| Line::Item(format!("{}: {}", it.set, it.why))));
        }
        if !self.assumed.is_empty() {
            lines.push(Line::Head("Assumed".to_owned()));
            lines.extend(self.assumed.iter().cloned().map(Line::Item));
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
        let uses = |kinds: &[Kind]| self.gates.iter().any(|gate| kinds.contains(&gate.kind));
        if uses(&[Kind::Nsg, Kind::Firewall]) {
            words.push(match asked.protocol {
                Protocol::Icmp | Protocol::Esp | Protocol::Ah => asked.protocol.name().to_owned(),
                protocol => format!("{} {}", protocol.name(), asked.port),
            });
        }
        if uses(&[Kind::Nsg]) {
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
        let Some(gate) = self.deciding() else {
            return String::new();
        };
        let count = self.gates.len();
        match (self.word(), count) {
            (_, 1) => format!("deciding row: {}", gate.row),
            ("allowed", _) => format!("all {count} rule sets let it through"),
            ("denied", _) => format!(
                "{} stops it with {}; all {count} rule sets must let it through",
                gate.set, gate.row
            ),
            _ => format!(
                "{} leaves it open; all {count} rule sets must let it through",
                gate.set
            ),
        }
    }
}

fn decision(gate: &GateAnswer) -> String {
    let place = if gate.place.is_empty() || gate.place == gate.row.as_str() {
        String::new()
    } else {
        format!(", at {}", gate.place)
    };
    format!("{}{place}: {}", gate.row, gate.because)
}
