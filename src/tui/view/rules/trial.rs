//! "Would this pass?": the question that is typed, and what the rules say to it.

use tui_input::Input;

use crate::query::rules::verdict::{
    CheckpointAnswer, Verdict, VerdictAnswer, VerdictLine, VerdictQuestion,
};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::text::{Safe, cut_middle, pad, width};
use crate::tui::Chord;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::rules::RulesView;
use crate::tui::view::rules::loaded_rules::Position;
use crate::tui::view::rules::rows::shown_name;
use crate::tui::widget::edit;

/// Columns of a set's name in a line.
const MOST_NAME: usize = 28;

/// What is typed, and what came of it.
#[derive(Debug, Default)]
pub struct Trial {
    pub input: Input,
    pub question: Option<VerdictQuestion>,
    /// The verdict; or what is wrong with the question, or missing in the rules.
    pub outcome: Option<Result<VerdictAnswer, Safe>>,
    /// A question that stands behind a text, which alone would ask less: a host with its addresses.
    fixed: Option<(String, VerdictQuestion)>,
    /// The rows that decide, of all sets that were asked.
    deciding: Vec<Position>,
}

impl Trial {
    pub fn is_deciding(&self, position: Position) -> bool {
        self.deciding.contains(&position)
    }

    /// The row that decides in all.
    pub fn decided_by(&self) -> Option<Position> {
        self.deciding.first().copied()
    }

    pub fn answer(&self) -> Option<&VerdictAnswer> {
        self.outcome.as_ref()?.as_ref().ok()
    }

    /// The verdict in one line; what is wrong with the question where there is none.
    pub fn line(&self, has_rules: bool) -> (String, Tone) {
        match &self.outcome {
            None if !has_rules => (
                "open a file of rules first: o, or :rules FILE".to_owned(),
                Tone::Muted,
            ),
            None => (
                "from and to: addresses, CIDRs, tags, a host; then port, tcp or udp, in or out"
                    .to_owned(),
                Tone::Muted,
            ),
            Some(Err(reason)) => (reason.to_string(), Tone::Warn),
            Some(Ok(answer)) => {
                let tone = tone_of(answer.verdict());
                if let Some(reason) = answer.reasons().first() {
                    let word = answer.verdict().word().to_uppercase();
                    let text = format!("→ {word}: {} ({})", reason.text, answer.subject());
                    return (text, tone);
                }
                let why = answer.deciding().map_or_else(String::new, |checkpoint| {
                    let set = shown_name(checkpoint.kind, &checkpoint.set, &checkpoint.path);
                    let set = cut_middle(set, MOST_NAME);
                    format!(" by {set}, {}: {}", checkpoint.row, checkpoint.because)
                });
                let word = answer.verdict().word().to_uppercase();
                (format!("→ {word}{why} ({})", answer.subject()), tone)
            }
        }
    }
}

/// A line of what the rules say: what stands before the verdict, the verdict, what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialLine {
    pub text: String,
    pub tone: Tone,
}

impl Trial {
    /// How many lines [`Self::lines`] has.
    pub fn line_count(&self) -> usize {
        let sets = |answer: &VerdictAnswer| answer.checkpoints.len() + answer.skipped.len();
        match self.answer().map_or(0, sets) {
            0 | 1 => 1,
            sets => 1 + sets,
        }
    }

    /// The verdict, then one line a rule set; or what is wrong with the question.
    pub fn lines(&self, has_rules: bool) -> Vec<TrialLine> {
        let (text, tone) = self.line(has_rules);
        let alone = || vec![TrialLine { text, tone }];
        let Some(answer) = self.answer().filter(|_| self.line_count() > 1) else {
            return alone();
        };
        let word = answer.verdict().word().to_uppercase();
        let mut lines = vec![TrialLine {
            text: format!("→ {word} · {} · {}", answer.subject(), answer.summary()),
            tone: tone_of(answer.verdict()),
        }];
        let names = |kind, set: &Safe, path: &Safe| {
            let name = shown_name(kind, set, path).to_owned();
            cut_middle(&name, MOST_NAME).into_owned()
        };
        let mut rows: Vec<(String, String, Tone)> = Vec::new();
        for it in &answer.checkpoints {
            let why = match it.reasons.first() {
                // The line begins with the set already.
                Some(reason) => {
                    let own = format!("{}: ", it.set);
                    let text = reason.text.strip_prefix(&own);
                    text.unwrap_or(&reason.text).to_owned()
                }
                None => format!("{}: {}", it.row, it.because),
            };
            let said = format!("{:<8}{why}", it.verdict.word().to_uppercase());
            rows.push((names(it.kind, &it.set, &it.path), said, tone_of(it.verdict)));
        }
        for it in &answer.skipped {
            let name = names(it.kind, &it.set, &it.path);
            rows.push((name, format!("not asked: {}", it.why), Tone::Muted));
        }
        let wide = rows.iter().map(|(name, ..)| width(name)).max().unwrap_or(0);
        lines.extend(rows.into_iter().map(|(name, said, tone)| TrialLine {
            text: format!("  {}  {said}", pad(&name, wide, false)),
            tone,
        }));
        lines
    }
}

const fn tone_of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Allow => Tone::Allow,
        Verdict::Deny => Tone::Deny,
        Verdict::Depends => Tone::Warn,
    }
}

impl RulesView {
    /// A key for the question.
    pub fn type_question(&mut self, chord: Chord, session: &Session) {
        if edit(&mut self.test.input, chord) {
            self.try_again(session);
        }
    }

    /// Puts a question there.
    pub fn put_question(&mut self, text: String, session: &Session) {
        self.test.input = Input::new(text);
        self.try_again(session);
    }

    /// Asks the rules anew: another question, other rules, another week.
    pub fn try_again(&mut self, session: &Session) {
        let resolver = AddressResolver::new(&session.dataset, &self.loaded_rules.loaded);
        let text = self.test.input.value();
        let fixed = self.test.fixed.as_ref().filter(|(own, _)| own == text);
        let read = match fixed {
            Some((_, question)) => Ok(Some(question.clone())),
            None => VerdictQuestion::read(text, &resolver),
        };
        let (question, outcome) = match read {
            Ok(None) => (None, None),
            Ok(Some(question)) => {
                let asked = self.loaded_rules.tester.as_ref().map(|tester| {
                    let answer = tester.ask(&question, &resolver);
                    answer.map_err(|error| Safe::from(error.to_string()))
                });
                (Some(question), asked)
            }
            Err(error) => (None, Some(Err(Safe::from(error.to_string())))),
        };
        let party = |question: &Option<VerdictQuestion>| question.as_ref()?.from.clone();
        let has_moved = party(&question) != party(&self.test.question);
        self.adopt(question, outcome);
        // The hosts of a plan are asked from where the question comes from.
        if has_moved && self.host_notes.is_some() {
            self.retest_plan(session);
        }
    }

    /// Puts a question there that its text alone would not ask.
    pub fn fix_question(&mut self, text: String, question: VerdictQuestion) {
        self.test.input = Input::new(text.clone());
        self.test.fixed = Some((text, question));
    }

    /// Shows a verdict: its rows are marked, and the one that decides is selected.
    pub fn adopt(
        &mut self,
        question: Option<VerdictQuestion>,
        outcome: Option<Result<VerdictAnswer, Safe>>,
    ) {
        self.loaded_rules.version += 1;
        self.test.deciding.clear();
        if let Some(Ok(answer)) = &outcome {
            let first = answer.deciding().into_iter();
            let checkpoints = first.chain(&answer.checkpoints);
            self.test.deciding = checkpoints
                .filter_map(|checkpoint| place_of(checkpoint, &self.loaded_rules.loaded))
                .collect();
        }
        self.test.question = question;
        self.test.outcome = outcome;
        self.is_verdict = self.test.outcome.is_some();
        self.detail_list = crate::tui::widget::List::default();
        // The row that decides is where the eye goes.
        if let Some(position) = self.test.decided_by()
            && let Some(place) = self
                .lines
                .iter()
                .position(|it| it.position() == Some(position))
        {
            self.row_list.selected = place;
        }
    }

    /// The verdict in full.
    pub fn verdict_lines(&self) -> Vec<(String, Tone, usize)> {
        let Some(answer) = self.test.answer() else {
            let (text, tone) = self.test.line(!self.loaded_rules.loaded.is_empty());
            return vec![(text, tone, 0)];
        };
        let lines = answer.lines().into_iter();
        lines
            .map(|line| match line {
                VerdictLine::Title(text) => (text, self.test.line(true).1, 0),
                VerdictLine::Head(text) => (text, Tone::Head, 0),
                VerdictLine::Text(text) => (text, Tone::Plain, 2),
                VerdictLine::Item(text) => (text, Tone::Muted, 4),
            })
            .collect()
    }
}

/// Where the deciding row of a set stands.
fn place_of(checkpoint: &CheckpointAnswer, files: &[LoadedFile]) -> Option<Position> {
    files.iter().enumerate().find_map(|(file, loaded)| {
        let sets = loaded.file.sets.iter().enumerate();
        let mut own =
            sets.filter(|(_, set)| set.kind == checkpoint.kind && loaded.path == checkpoint.path);
        own.find_map(|(place, set)| {
            let mut rows = set.rows.iter();
            let row =
                rows.position(|row| row.place == checkpoint.place && row.name == checkpoint.row);
            let row = row.or_else(|| {
                let mut rows = set.rows.iter();
                rows.position(|row| !checkpoint.place.is_empty() && row.place == checkpoint.place)
            });
            row.map(|row| Position {
                file,
                set: place,
                row: Some(row),
            })
        })
    })
}
