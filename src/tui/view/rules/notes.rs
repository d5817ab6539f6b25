//! What is wrong with the rules; or which hosts of a registry's plan they would let through.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::query::endpoints::{EndpointsAnswer as Plan, Level};
use crate::query::rules::AddressResolver;
use crate::query::rules::check::Finding;
use crate::query::rules::hosts::{self, HostVerdict};
use crate::query::rules::verdict::{Party, VerdictQuestion};
use crate::rules::Direction;
use crate::text::{Safe, clean, cut_end, cut_middle, plural, wrap};
use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::rules::RulesView;
use crate::tui::view::rules::columns::level_tone;
use crate::tui::view::rules::files::counted;
use crate::tui::view::rules::loaded_rules::Position;
use crate::tui::view::rules::rows::shown_name;
use crate::tui::widget::{Pane, draw_lines};
use crate::tui::{Command, Place, Theme};

/// The hosts of a plan, and of whose.
#[derive(Debug)]
pub struct HostNotes {
    registry: String,
    /// From where the hosts are reached.
    from: String,
    hosts: Vec<HostVerdict>,
}

/// Columns of the reason of one host.
const MOST_BECAUSE: usize = 160;

/// Columns of a name in a line.
const MOST_NAME: usize = 28;

/// The notes, laid out.
#[derive(Debug, Default)]
pub struct NotesLayoutCache {
    /// Width, version, and whether they are hosts.
    key: Option<(u16, u64, bool)>,
    pub lines: Vec<NoteLine>,
}

/// A line of the pane: of which note it is.
#[derive(Debug)]
pub struct NoteLine {
    pub item: usize,
    pub text: String,
    pub tone: Tone,
}

impl RulesView {
    /// Asks the rules for every host of a plan.
    pub fn test_plan(&mut self, plan: Plan, session: &Session) {
        self.plan = Some(plan);
        self.retest_plan(session);
        if self.host_notes.is_some() {
            self.place = Place::RuleNotes;
            self.note_list = crate::tui::widget::List::default();
        }
    }

    /// Asks again, of other rules or of another week.
    pub fn retest_plan(&mut self, session: &Session) {
        let Some(plan) = self
            .plan
            .as_ref()
            .filter(|_| !self.loaded_rules.loaded.is_empty())
        else {
            self.host_notes = None;
            return;
        };
        let resolver = AddressResolver::new(&session.dataset, &self.loaded_rules.loaded);
        let from = self.test.question.as_ref();
        let from = from.and_then(|question| question.from.as_ref());
        let hosts = hosts::ask(plan, from, &self.loaded_rules.checkpoints, &resolver);
        self.loaded_rules.version += 1;
        self.host_notes = Some(HostNotes {
            registry: plan.profile.login_server(),
            from: from.map_or_else(|| "VirtualNetwork".to_owned(), Party::word),
            hosts,
        });
    }

    /// The notes in order, each wrapped for the pane's width.
    pub fn note_lines(&self, area: Rect) -> Vec<NoteLine> {
        let room = usize::from(inside(area).width);
        if room < 4 {
            return Vec::new();
        }
        let mut lines = Vec::new();
        let mut push = |item: usize, mark: &str, text: &str, tone: Tone| {
            let texts = wrap(&clean(text), room.saturating_sub(2))
                .into_iter()
                .enumerate();
            lines.extend(texts.map(|(row, text)| NoteLine {
                item,
                text: format!("{} {text}", if row == 0 { mark } else { " " }),
                tone,
            }));
        };
        if let Some(notes) = &self.host_notes {
            for (item, host) in notes.hosts.iter().enumerate() {
                let (mark, tone) = match host.word() {
                    "allowed" => ("✓", Tone::Good),
                    "denied" => ("✗", Tone::Bad),
                    "depends" => ("!", Tone::Warn),
                    _ => ("·", Tone::Muted),
                };
                let need = if host.is_required { "" } else { ", if used" };
                // All of it is in the verdict that Enter shows.
                let because = host.because();
                let because = cut_end(&because, MOST_BECAUSE);
                let text = format!(
                    "{}:{} {} ({}{need}); {}",
                    host.host,
                    host.port,
                    host.word(),
                    host.purpose,
                    because
                );
                push(item, mark, &text, tone);
            }
            return lines;
        }
        for (item, finding) in self.shown_findings().enumerate() {
            let level = finding.level();
            let place = self.place_of_finding(finding);
            let text = format!(
                "{place}: {} [{}]. {}",
                finding.sentence(),
                finding.check.id,
                finding.fix
            );
            let tone = level_tone(level, finding.is_of_width());
            push(item, level.mark(), &text, tone);
        }
        lines
    }

    /// The findings of the files and sets on screen.
    fn shown_findings(&self) -> impl Iterator<Item = &Finding> {
        self.loaded_rules.findings.iter().filter(|finding| {
            let own = finding.position;
            match own.set {
                Some(set) => self.is_picked(own.file, set),
                None => self.is_file_picked(own.file),
            }
        })
    }

    fn place_of_finding(&self, finding: &Finding) -> String {
        let own = finding.position;
        let loaded = self.loaded_rules.loaded.get(own.file);
        let set = own.set.and_then(|set| loaded?.file.sets.get(set));
        let name = set.map(|set| shown_name(set.kind, &set.name, &finding.file));
        let name = name.unwrap_or_else(|| finding.file.as_str());
        let name = cut_middle(name, MOST_NAME);
        match &finding.row {
            Some(row) => format!("{name}, {}", cut_middle(row.as_str(), MOST_NAME)),
            None => name.into_owned(),
        }
    }

    /// Lays the notes out for the pane's width, unless that is done.
    pub fn lay_notes(&mut self, area: Rect) {
        let key = (
            area.width,
            self.loaded_rules.version,
            self.host_notes.is_some(),
        );
        if self.notes_layout.key != Some(key) {
            self.notes_layout = NotesLayoutCache {
                key: Some(key),
                lines: self.note_lines(area),
            };
        }
    }

    /// Moves the cursor: a step is a note, a page so many lines.
    pub fn walk_notes(&mut self, command: Command, area: Rect) -> bool {
        let lines = &self.notes_layout.lines;
        let height = usize::from(inside(area).height);
        let own = lines
            .get(self.note_list.selected)
            .map_or(0, |line| line.item);
        let wanted = match command {
            Command::Up => own.saturating_sub(1),
            Command::Down => own + 1,
            _ => return self.note_list.run(command, lines.len(), height),
        };
        let first = lines.iter().position(|line| line.item == wanted);
        let last = lines.iter().rposition(|line| line.item == wanted);
        if let (Some(first), Some(last)) = (first, last) {
            // The whole note is shown where it fits, its beginning where it does not.
            for row in [last, first] {
                self.note_list.selected = row;
                self.note_list.settle(lines.len(), height);
            }
        }
        true
    }

    fn selected_note(&self) -> Option<usize> {
        let lines = &self.notes_layout.lines;
        Some(lines.get(self.note_list.selected)?.item)
    }

    /// The text of the note with the cursor, with what to do.
    pub fn note_text(&self) -> Option<String> {
        let item = self.selected_note()?;
        if let Some(notes) = &self.host_notes {
            let host = notes.hosts.get(item)?;
            return Some(format!("{}:{}: {}", host.host, host.port, host.word()));
        }
        let finding = self.shown_findings().nth(item)?;
        Some(format!("{} Fix: {}", finding.sentence(), finding.fix))
    }

    /// All notes as lines.
    pub fn all_notes(&self) -> (String, usize) {
        let lines: Vec<String> = if let Some(notes) = &self.host_notes {
            let hosts = notes.hosts.iter();
            hosts
                .map(|it| format!("{}:{}\t{}\t{}", it.host, it.port, it.word(), it.because()))
                .collect()
        } else {
            let findings = self.shown_findings();
            findings
                .map(|it| {
                    let row = it.row.as_ref().map_or("", Safe::as_str);
                    let (level, id) = (it.level().word(), it.check.id);
                    let (text, fix) = (it.sentence(), &it.fix);
                    format!("{level}\t{id}\t{}\t{row}\t{text}\t{fix}", it.set)
                })
                .collect()
        };
        let count = lines.len();
        (lines.join("\n"), count)
    }

    /// To the row of the finding; of a host, its question goes into the box.
    pub fn follow_note(&mut self, session: &Session) -> Option<Reply> {
        let none = || Some(Reply::say("there is nothing here to follow".to_owned()));
        let Some(item) = self.selected_note() else {
            return none();
        };
        if let Some(notes) = &self.host_notes {
            let host = notes.hosts.get(item)?;
            let question = host.question.clone();
            // Typed anew the name would stand for any address: here it has those of its tags.
            self.fix_question(phrase(&question), question);
            self.try_again(session);
            self.came_from = Place::RuleNotes;
            self.place = Place::RuleDetail;
            return None;
        }
        let position = self.shown_findings().nth(item)?.position;
        let Some(set) = position.set else {
            return none();
        };
        let position = Position {
            file: position.file,
            set,
            row: position.row,
        };
        let first = Position {
            row: position.row.or(Some(0)),
            ..position
        };
        self.show_row(first, session);
        self.is_verdict = false;
        self.place = Place::RuleRows;
        None
    }

    fn notes_title(&self) -> String {
        if let Some(notes) = &self.host_notes {
            let count = |word: &str| notes.hosts.iter().filter(|it| it.word() == word).count();
            let (stopped, open) = (count("denied"), count("depends"));
            let all = counted(notes.hosts.len(), "host", "hosts");
            let word = plural(open, "depends", "depend");
            return match (stopped, open) {
                (0, 0) => format!("all of {all} get through · {}", notes.registry),
                _ => format!(
                    "{stopped} of {all} blocked, {open} {word} · {} from {}",
                    notes.registry, notes.from
                ),
            };
        }
        let count = |level| {
            let findings = self.shown_findings();
            findings.filter(|it| it.level() == level).count()
        };
        let levels = [
            (count(Level::Error), "error", "errors"),
            (count(Level::Warning), "warning", "warnings"),
            (count(Level::Info), "hint", "hints"),
        ];
        let parts: Vec<String> = levels
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| counted(count, one, many))
            .collect();
        if parts.is_empty() {
            return "Findings: none".to_owned();
        }
        format!("Findings: {}", parts.join(", "))
    }
}

/// A question as it is typed.
fn phrase(question: &VerdictQuestion) -> String {
    let mut words = Vec::new();
    if let Some(from) = &question.from {
        words.push(format!("from {}", from.word()));
    }
    if let Some(to) = &question.to {
        words.push(format!("to {}", Party::word(to)));
    }
    if let Some(port) = question.port {
        words.push(format!(":{port}"));
    }
    if let Some(protocol) = question.protocol {
        words.push(protocol.name().to_ascii_lowercase());
    }
    if let Some(direction) = question.direction {
        words.push(match direction {
            Direction::In => "in".to_owned(),
            Direction::Out => "out".to_owned(),
        });
    }
    words.join(" ")
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &RulesView, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let title = view.notes_title();
    let has_focus = view.place == Place::RuleNotes;
    let note = if view.host_notes.is_some() {
        "Esc: findings"
    } else {
        ""
    };
    let pane = Pane {
        title: &title,
        note,
        has_focus,
    };
    let lines = &view.notes_layout.lines;
    let own = lines.get(view.note_list.selected).map(|line| line.item);
    let lines: Vec<(String, Tone)> = lines
        .iter()
        .map(|line| {
            let tone = if has_focus && own == Some(line.item) {
                Tone::Chosen
            } else {
                line.tone
            };
            (line.text.clone(), tone)
        })
        .collect();
    draw_lines(frame, area, &pane, &lines, (view.note_list, false), theme);
}
