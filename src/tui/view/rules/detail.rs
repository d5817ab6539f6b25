//! The selected row in full: what it matches, with tags that unfold; what the weeks do to it; what
//! is wrong with it. Or the verdict of the question, with its steps.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::index::PrefixHit;
use crate::query::Cell;
use crate::query::names::{resolve, tag_of};
use crate::query::rules::impact::RowImpact;
use crate::query::rules::show::{direction_word, protocols};
use crate::rules::{Entry, Row, RowEnds, RuleSet, RuleSetKind};
use crate::space::{Block, Span};
use crate::text::{clean, wrap};
use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::rules::columns::effect_tone;
use crate::tui::view::rules::loaded_rules::{Position, WeekEffect};
use crate::tui::view::rules::{RulesView, files};
use crate::tui::widget::{Pane, draw_lines};
use crate::tui::{Place, Theme};

/// What a line of the detail stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Nothing,
    /// A tag that unfolds into its prefixes.
    Tag(String),
    /// Many entries that unfold.
    Fold(&'static str),
    Span(Span),
    /// Another text that can be copied.
    Text(String),
}

/// A line of the detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDetailLine {
    pub text: String,
    pub tone: Tone,
    pub item: Item,
}

/// The lines for one width, until something changes.
#[derive(Debug, Default)]
pub struct DetailLayoutCache {
    /// Width, row, whether it is the verdict, version.
    key: Option<(usize, Option<Position>, bool, u64)>,
    pub lines: Vec<RuleDetailLine>,
}

/// Entries of a side that are shown without being unfolded.
const MOST_UNFOLDED: usize = 12;

/// Most prefixes of a tag that unfold at once; the view Tags has all.
const MOST_PREFIXES: usize = 20_000;

struct Writer<'a> {
    lines: Vec<RuleDetailLine>,
    room: usize,
    session: &'a Session,
    unfolded: &'a BTreeSet<String>,
}

impl Writer<'_> {
    fn say(&mut self, indent: usize, text: &str, tone: Tone) {
        let room = self.room.saturating_sub(indent).max(4);
        for line in wrap(&clean(text), room) {
            self.lines.push(RuleDetailLine {
                text: format!("{}{line}", " ".repeat(indent)),
                tone,
                item: Item::Nothing,
            });
        }
    }

    fn item(&mut self, text: String, tone: Tone, item: Item) {
        self.lines.push(RuleDetailLine { text, tone, item });
    }

    fn side(&mut self, name: &'static str, entries: &[Entry]) {
        match entries {
            [] => return,
            [Entry::Any] => return self.say(0, &format!("{name} *"), Tone::Plain),
            [_] => self.say(0, name, Tone::Head),
            several if several.len() > MOST_UNFOLDED => {
                let is_open = self.unfolded.contains(name);
                let sign = if is_open { '▾' } else { '▸' };
                let count = Cell::Number(several.len()).shown().into_owned();
                let text = format!("{sign} {name} ({count} entries)");
                self.item(text, Tone::Head, Item::Fold(name));
                if !is_open {
                    return;
                }
            }
            several => {
                let count = several.len();
                self.say(0, &format!("{name} ({count} entries)"), Tone::Head);
            }
        }
        for entry in entries {
            self.entry(entry);
        }
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Tag(name) => self.tag(name),
            Entry::Span(span) => {
                let of = self.holder(*span);
                self.item(format!("  {span}{of}"), Tone::Plain, Item::Span(*span));
            }
            Entry::Unread(_) | Entry::Unresolved(_) => self.say(2, &entry.to_string(), Tone::Bad),
            other => {
                let text = clean(&other.to_string()).into_owned();
                self.item(format!("  {text}"), Tone::Plain, Item::Text(text));
            }
        }
    }

    /// The narrowest tag that holds some addresses.
    fn holder(&self, span: Span) -> String {
        let view = self.session.dataset.view();
        let hits = view.covering(span);
        let rank = |hit: &PrefixHit| view.tag(hit.tag).map(|tag| tag.rank());
        let narrowest = hits.min_by_key(|hit| (rank(hit), std::cmp::Reverse(hit.prefix.length())));
        let tag = narrowest.and_then(|hit| view.tag(hit.tag));
        tag.map_or_else(String::new, |tag| format!("  {}", tag.name))
    }

    /// A tag; unfolded, with its prefixes.
    fn tag(&mut self, name: &str) {
        let view = self.session.dataset.view();
        let found = tag_of(&resolve(name, &self.session.dataset));
        let Some((id, row)) = found.and_then(|tag| Some((tag, view.tag(tag)?))) else {
            let text = format!("  {}  not in this week", clean(name));
            self.item(text, Tone::Bad, Item::Text(name.to_owned()));
            return;
        };
        let is_open = self.unfolded.contains(row.name);
        let sign = if is_open { '▾' } else { '▸' };
        let count = files::counted(row.prefixes(), "prefix", "prefixes");
        let text = format!("{sign} {}  {count}", row.name);
        self.item(text, Tone::Accent, Item::Tag(row.name.to_owned()));
        if !is_open {
            return;
        }
        for block in view.all_prefixes(id).take(MOST_PREFIXES) {
            self.block("    ", block, "", Tone::Plain);
        }
    }

    fn block(&mut self, sign: &str, block: Block, what: &str, tone: Tone) {
        let text = format!("{sign}{block}{what}");
        self.item(text, tone, Item::Span(block.span()));
    }

    fn row(&mut self, set: &RuleSet, row: &Row) {
        let mut what = vec![row.access.word().into_owned()];
        what.push(direction_word(set.kind, row.direction).to_owned());
        if !set.kind.has_members() && set.kind.facts().ends != RowEnds::Destination {
            what.push(protocols(row));
            what.push(if row.ports.is_all() {
                "every port".to_owned()
            } else {
                format!("port {}", row.ports)
            });
        }
        what.retain(|word| !word.is_empty());
        let mut text = what.join(" ");
        if let Some(priority) = row.priority {
            text = format!("{text}, priority {priority}");
        }
        if row.is_default {
            text.push_str(", one of Azure's own");
        }
        self.say(0, &text, Tone::Plain);
        let of = match set.kind {
            RuleSetKind::List => set.kind.title().to_owned(),
            kind => format!("{}, {}", kind.title(), set.name),
        };
        self.say(0, &of, Tone::Muted);
        for flaw in &row.flaws {
            let text = format!(
                "not understood: {} at {}; expected {}",
                flaw.found, flaw.place, flaw.expected
            );
            self.say(0, &text, Tone::Bad);
        }
    }

    fn sides(&mut self, row: &Row) {
        self.side("from", &row.sources);
        if !row.source_ports.is_all() {
            let text = format!("from ports {}", row.source_ports);
            self.say(0, &text, Tone::Plain);
        }
        self.side("to", &row.destinations);
    }

    fn effect(&mut self, weeks: &str, effect: &RowImpact) {
        let tone = effect_tone(effect.status);
        let text = format!("{weeks}: {}", effect.status.words());
        self.say(0, &text, tone);
        for tag_match in &effect.matches {
            self.say(2, &tag_match.sentence(), Tone::Muted);
        }
        for followed in &effect.followed {
            let text = format!("{} follows by itself:", followed.tag);
            self.say(2, &text, Tone::Good);
            for block in followed.gained.cover() {
                self.block("  + ", block, "", Tone::Gained);
            }
            for block in followed.lost.cover() {
                self.block("  − ", block, "", Tone::Lost);
            }
        }
        for &block in &effect.missing {
            let what = if effect.missing_before.contains(&block) {
                "  missing already"
            } else {
                "  missing here"
            };
            self.block("  + ", block, what, Tone::Gained);
        }
        for &block in &effect.stale {
            self.block("  − ", block, "  stale: in no tag now", Tone::Lost);
        }
        for moved in &effect.moved {
            for &block in &moved.prefixes {
                let what = format!("  moved to {}", clean(&moved.tag));
                self.block("  − ", block, &what, Tone::Lost);
            }
        }
        for note in &effect.notes {
            self.say(2, note, Tone::Muted);
        }
        if effect.status.is_affected() {
            self.say(2, "p shows the patch", Tone::Accent);
        }
    }
}

impl RulesView {
    /// Lays the lines out for the pane's width.
    pub fn lay_detail(&mut self, area: Rect, session: &Session) {
        let room = usize::from(inside(area).width);
        let key = Some((
            room,
            self.selected(),
            self.is_verdict,
            self.loaded_rules.version,
        ));
        if self.detail_layout.key == key {
            return;
        }
        let mut writer = Writer {
            lines: Vec::new(),
            room,
            session,
            unfolded: &self.unfolded,
        };
        if room == 0 {
            self.detail_layout = DetailLayoutCache::default();
            return;
        }
        if self.is_verdict {
            for (text, tone, indent) in self.verdict_lines() {
                writer.say(indent, &text, tone);
            }
        } else if let Some(position) = self.selected() {
            self.write_row(position, &mut writer);
        }
        self.detail_layout = DetailLayoutCache {
            key,
            lines: writer.lines,
        };
    }

    fn write_row(&self, position: Position, writer: &mut Writer<'_>) {
        let Some(set) = self.loaded_rules.set(position) else {
            return;
        };
        if let Some(row) = self.loaded_rules.row(position) {
            writer.row(set, row);
        } else {
            let text = format!("what {} as a whole lacks", set.name);
            writer.say(0, &text, Tone::Plain);
        }
        match (
            &self.loaded_rules.effect,
            self.loaded_rules.row_effect(position),
        ) {
            (WeekEffect::Ready(_), Some(effect)) => {
                writer.effect(&self.weeks_shown(), effect);
            }
            (WeekEffect::Running, _) => writer.say(0, "opening the weeks …", Tone::Muted),
            (WeekEffect::Failed(reason), _) => {
                let text = format!("week's effect unknown: {reason}");
                writer.say(0, &text, Tone::Warn);
            }
            _ => {}
        }
        let own = self.loaded_rules.findings_of(position);
        for (place, finding) in own.enumerate() {
            if place == 0 {
                writer.say(0, "findings", Tone::Head);
            }
            let mark = finding.level().mark();
            let text = format!("{mark} {} [{}]", finding.sentence(), finding.check.id);
            writer.say(2, &text, Tone::Warn);
            writer.say(4, &finding.fix, Tone::Muted);
        }
        if let Some(row) = self.loaded_rules.row(position) {
            writer.sides(row);
        }
    }

    pub fn selected_item(&self) -> Option<&RuleDetailLine> {
        self.detail_layout.lines.get(self.detail_list.selected)
    }

    /// Unfolds the tag; looks the prefix up.
    pub fn follow(&mut self, area: Rect, session: &Session) -> Option<Reply> {
        match self.selected_item().map(|line| line.item.clone()) {
            Some(item @ (Item::Tag(_) | Item::Fold(_))) => {
                let name = match item {
                    Item::Tag(name) => name,
                    Item::Fold(name) => name.to_owned(),
                    _ => String::new(),
                };
                if !self.unfolded.remove(&name) {
                    self.unfolded.insert(name);
                }
                self.loaded_rules.version += 1;
                self.lay_detail(self.areas(area).detail, session);
                None
            }
            Some(Item::Span(span)) => Some(Reply::look_up(span)),
            _ => {
                let text = "nothing to follow here: a tag unfolds, a prefix is looked up";
                Some(Reply::say(text.to_owned()))
            }
        }
    }

    /// The line at which the cursor begins: the first that can be followed.
    pub fn first_item(&self) -> usize {
        let mut lines = self.detail_layout.lines.iter();
        let can = |line: &RuleDetailLine| {
            matches!(line.item, Item::Tag(_) | Item::Span(_) | Item::Fold(_))
        };
        lines.position(can).unwrap_or(0)
    }

    /// The tag of the line with the cursor, else the first of the row.
    pub fn shown_tag(&self) -> Option<String> {
        let own = match self.selected_item().map(|line| &line.item) {
            Some(Item::Tag(name)) if self.place == Place::RuleDetail => Some(name.clone()),
            _ => None,
        };
        let row = || {
            let position = self.selected()?;
            let named = self
                .loaded_rules
                .row(position)?
                .entries()
                .find_map(Entry::tag);
            let effect = self.loaded_rules.row_effect(position);
            let copied = || effect?.tags.first().cloned();
            named.map(str::to_owned).or_else(copied)
        };
        own.or_else(row)
    }
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &RulesView, theme: &Theme) {
    let title = if view.is_verdict {
        "Verdict".to_owned()
    } else {
        match view.selected() {
            Some(position) => view.loaded_rules.row(position).map_or_else(
                || "what is lacking".to_owned(),
                |row| match row.priority {
                    Some(priority) => format!("{priority} {}", row.name),
                    None => row.name.to_string(),
                },
            ),
            None => "no rule selected".to_owned(),
        }
    };
    let pane = Pane {
        title: &title,
        note: "",
        has_focus: view.place == Place::RuleDetail,
    };
    let lines: Vec<(String, Tone)> = view
        .detail_layout
        .lines
        .iter()
        .map(|line| (line.text.clone(), line.tone))
        .collect();
    draw_lines(frame, area, &pane, &lines, (view.detail_list, false), theme);
}
