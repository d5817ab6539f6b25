//! The rows of the chosen files in evaluation order: which of them are shown, and the pane.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as TextSpan};
use ratatui::widgets::Paragraph;

use crate::query::rules::impact::{ImpactStatus, RowImpact};
use crate::query::rules::show::{direction_word, protocols};
use crate::query::rules::{AddressResolver, order};
use crate::rules::{Entry, Row, RuleSet, RuleSetKind, Stage};
use crate::space::{Block, Span};
use crate::text::{Safe, clean, cut_end, matches_words, pad, wrap};
use crate::tui::layout::top;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::rules::columns::{Cells, DefaultAction, cells, head_text, widths};
use crate::tui::view::rules::loaded_rules::{Position, WeekEffect};
use crate::tui::view::rules::{Picked, RulesView};
use crate::tui::widget::{FILTER_HINT, Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// A line of the pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowLine {
    /// A set, or one direction of it.
    Heading(String),
    /// A row, or what a set as a whole lacks.
    Row(Position),
    /// What a registry does with everybody that no rule of it names.
    DefaultAction(DefaultAction),
}

impl RowLine {
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::Row(position) => Some(*position),
            Self::Heading(_) | Self::DefaultAction(_) => None,
        }
    }
}

impl RulesView {
    /// Lists the rows that the chosen file, the filter and `a` leave.
    pub fn list_rows(&mut self, session: &Session) {
        let (version, before) = (self.loaded_rules.files_version, self.selected());
        let chosen = self.chosen_word.take_if(|(of, _)| *of != version);
        let mut lines = Vec::new();
        let filter = self.filter.value().trim().to_owned();
        let block = Block::parse(&filter).ok().map(|(block, _)| block.span());
        let addresses = block.or_else(|| filter.parse().ok().map(Span::of));
        let resolver = AddressResolver::new(&session.dataset, &self.loaded_rules.loaded);
        // While nobody knows what happens to the rows, all of them are shown.
        let is_affected_only =
            self.is_affected_only && matches!(self.loaded_rules.effect, WeekEffect::Ready(_));
        let mut heading = String::new();
        for position in self.positions() {
            let (Some(loaded), Some(set)) = (
                self.loaded_rules.loaded.get(position.file),
                self.loaded_rules.set(position),
            ) else {
                continue;
            };
            if !self.is_picked(position.file, position.set) {
                continue;
            }
            let own = self.loaded_rules.row(position);
            let effect = self.loaded_rules.row_effect(position);
            // What a set lacks as a whole is there only where it lacks something.
            let is_there = own.is_some() || effect.is_some();
            let is_kept = addresses.map_or_else(
                || {
                    if filter.is_empty() {
                        return true;
                    }
                    let words = words(set, own, effect);
                    matches_words(&filter, &words.each_ref().map(String::as_str))
                },
                |span| own.is_some_and(|row| holds(row, span, &resolver)),
            );
            if !is_there || !is_kept || (is_affected_only && !is_hit(effect)) {
                continue;
            }
            let text = heading_of(&loaded.path, set, own);
            let key = format!("{}{text}", key_of(position));
            if key != heading && (own.is_some() || !heading.starts_with(&key_of(position))) {
                lines.push(RowLine::Heading(text));
                heading = key;
            }
            lines.push(RowLine::Row(position));
        }
        if filter.is_empty() && !is_affected_only {
            self.add_default_actions(&mut lines);
        }
        self.lines = lines;
        match (chosen, before) {
            // Other files, or the same ones read again: rows are known by their names.
            (Some((_, word)), _) => self.choose(Some(&word)),
            (None, Some(position)) => {
                let own = self
                    .lines
                    .iter()
                    .position(|line| line.position() == Some(position));
                self.row_list.selected = own.unwrap_or(self.row_list.selected);
                self.skip_headings(false);
            }
            (None, None) => self.skip_headings(false),
        }
    }

    /// Behind the rules of each registry what it does with everybody else.
    fn add_default_actions(&self, lines: &mut Vec<RowLine>) {
        for (file, loaded) in self.loaded_rules.loaded.iter().enumerate() {
            for (place, set) in loaded.file.sets.iter().enumerate() {
                let Some(action) = DefaultAction::of(&set.registry) else {
                    continue;
                };
                if !self.is_picked(file, place) {
                    continue;
                }
                let is_own = |line: &RowLine| {
                    let position = line.position();
                    position.is_some_and(|it| (it.file, it.set) == (file, place))
                };
                let end = if let Some(last) = lines.iter().rposition(is_own) {
                    last + 1
                } else {
                    lines.push(RowLine::Heading(heading_of(&loaded.path, set, None)));
                    lines.len()
                };
                lines.insert(end, RowLine::DefaultAction(action));
            }
        }
    }

    /// Every row in evaluation order, those that Azure puts into every group behind the others of
    /// it; then what the set lacks as a whole.
    fn positions(&self) -> Vec<Position> {
        let mut positions: Vec<Position> = Vec::new();
        let whole = |last: Option<&Position>| last.map(|last| Position { row: None, ..*last });
        let mut all = order::all(&self.loaded_rules.loaded);
        let is_default = |&(file, set, row): &(usize, usize, usize)| {
            let row = self.loaded_rules.row(Position {
                file,
                set,
                row: Some(row),
            });
            row.is_some_and(|row| row.is_default)
        };
        for own in all.chunk_by_mut(|one, other| (one.0, one.1) == (other.0, other.1)) {
            own.sort_by_key(is_default);
        }
        for (file, set, row) in all {
            let is_other = |last: &Position| (last.file, last.set) != (file, set);
            if positions.last().is_some_and(is_other) {
                positions.extend(whole(positions.last()));
            }
            positions.push(Position {
                file,
                set,
                row: Some(row),
            });
        }
        positions.extend(whole(positions.last()));
        positions
    }

    /// Whether a file of what could be read is among those that are picked.
    pub fn is_file_picked(&self, file: usize) -> bool {
        match self.picked {
            Picked::All => true,
            Picked::File(own) | Picked::Set(own, _) => {
                self.loaded_rules.loaded_place(own) == Some(file)
            }
        }
    }

    /// Whether a set of what could be read is among those that are picked.
    pub fn is_picked(&self, file: usize, set: usize) -> bool {
        match self.picked {
            Picked::All => true,
            Picked::File(own) => self.loaded_rules.loaded_place(own) == Some(file),
            Picked::Set(own, place) => {
                self.loaded_rules.loaded_place(own) == Some(file) && place == set
            }
        }
    }

    /// The selected row.
    pub fn selected(&self) -> Option<Position> {
        self.lines.get(self.row_list.selected)?.position()
    }

    /// The selected row in words that outlive another reading of its file: where it stands, and what
    /// it is called.
    pub fn chosen(&self) -> Option<String> {
        self.word_of(self.selected()?)
    }

    fn word_of(&self, position: Position) -> Option<String> {
        let path = &self.loaded_rules.loaded.get(position.file)?.path;
        let set = &self.loaded_rules.set(position)?.name;
        let row = self.loaded_rules.row(position);
        let (name, place) = row.map_or(("", ""), |row| (row.name.as_str(), row.place.as_str()));
        Some(format!("{path}\n{set}\n{name}\n{}\n{place}", position.set))
    }

    /// Selects a row again: the very same, else one of its name; the cursor stays where it is when
    /// the row is gone.
    pub fn choose(&mut self, chosen: Option<&str>) {
        if let Some(chosen) = chosen {
            let head = |word: &str| word.lines().take(3).map(str::to_owned).collect::<Vec<_>>();
            let words: Vec<Option<String>> = self
                .lines
                .iter()
                .map(|line| self.word_of(line.position()?))
                .collect();
            let whole = words
                .iter()
                .position(|word| word.as_deref() == Some(chosen));
            let wanted = head(chosen);
            let is_named =
                |word: &Option<String>| word.as_deref().map(head) == Some(wanted.clone());
            let found = whole.or_else(|| words.iter().position(is_named));
            self.row_list.selected = found.unwrap_or(self.row_list.selected);
        }
        self.skip_headings(false);
    }

    pub fn skip_headings(&mut self, is_back: bool) {
        let lines = &self.lines;
        let is_row = |row: usize| lines.get(row).is_some_and(|it| it.position().is_some());
        self.row_list.skip(lines.len(), is_back, is_row);
    }

    /// Selects a row wherever it is; the filter and the choice of files give way where they hide it.
    pub fn show_row(&mut self, position: Position, session: &Session) {
        let place = |view: &Self| {
            view.lines
                .iter()
                .position(|it| it.position() == Some(position))
        };
        if place(self).is_none() {
            self.filter.clear();
            self.is_affected_only = false;
            let files = 0..self.loaded_rules.files.len();
            let mut own =
                files.filter(|&file| self.loaded_rules.loaded_place(file) == Some(position.file));
            let picked = own.next().map_or(Picked::All, Picked::File);
            self.set_picked(picked, session);
        }
        if let Some(row) = place(self) {
            self.row_list.selected = row;
        }
    }
}

/// Whether something becomes of a row.
pub fn is_hit(effect: Option<&RowImpact>) -> bool {
    effect.is_some_and(|effect| effect.status != ImpactStatus::Unaffected)
}

/// The name of a set; of a list, which has none, that of its file.
pub fn shown_name<'a>(kind: RuleSetKind, name: &'a Safe, path: &'a Safe) -> &'a str {
    match kind {
        RuleSetKind::List => path.as_str().rsplit('/').next().unwrap_or_default(),
        _ => name.as_str(),
    }
}

/// How the heading of a set's rows is known.
fn key_of(position: Position) -> String {
    format!("{} {} ", position.file, position.set)
}

fn heading_of(path: &Safe, set: &RuleSet, row: Option<&Row>) -> String {
    let kind = set.kind.title();
    let name = shown_name(set.kind, &set.name, path);
    let collection = row.and_then(|row| row.collection.as_ref());
    match (set.kind, row, collection) {
        (RuleSetKind::Nsg, Some(row), _) => {
            let direction = direction_word(set.kind, row.direction);
            let own = if row.is_default {
                " · Azure's defaults"
            } else {
                ""
            };
            format!("{name} · {kind} · {direction}{own}")
        }
        (_, Some(row), Some(collection)) => {
            let stage = row.stage.map_or("", Stage::word);
            format!("{name} · {kind} · {stage} · {collection}")
        }
        _ => format!("{name} · {kind}"),
    }
}

/// What the filter looks at.
fn words(set: &RuleSet, row: Option<&Row>, effect: Option<&RowImpact>) -> [String; 6] {
    let entries = |list: &[Entry]| {
        let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
        texts.join(" ")
    };
    let status = effect.map_or("", |effect| effect.status.words());
    let tags = effect.map_or_else(String::new, |effect| effect.tags.join(" "));
    let Some(row) = row else {
        return [
            set.name.to_string(),
            status.to_owned(),
            tags,
            String::new(),
            String::new(),
            String::new(),
        ];
    };
    [
        format!("{} {}", set.name, row.name),
        status.to_owned(),
        tags,
        entries(&row.sources),
        entries(&row.destinations),
        format!(
            "{} {} {} {} {}",
            row.access.word(),
            direction_word(set.kind, row.direction),
            protocols(row),
            row.ports,
            row.priority.map_or_else(String::new, |it| it.to_string())
        ),
    ]
}

/// Whether a row has all of some addresses on one of its sides.
fn holds(row: &Row, span: Span, resolver: &AddressResolver<'_>) -> bool {
    let whole = |list: &[Entry]| {
        let mut list = list.iter();
        list.any(|entry| *entry != Entry::Any && resolver.holds(entry, span) == Some(true))
    };
    whole(&row.sources) || whole(&row.destinations)
}

/// Where the rows are inside the pane: below the head of the columns and the filter's line.
pub fn list_area(area: Rect, view: &RulesView) -> Rect {
    let body = crate::tui::layout::inside(area);
    let lines = 1 + u16::from(view.has_filter_line());
    top(body, lines).1
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &RulesView, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let title = view.rows_title();
    let note = view.rows_note();
    let pane = Pane {
        title: &title,
        note: &note,
        has_focus: matches!(view.place, Place::RuleRows | Place::RuleFilter),
    };
    let body = draw_pane(frame, area, &pane, theme);
    let mut head = body;
    if view.has_filter_line() {
        let has_focus = view.place == Place::RuleFilter;
        head = view
            .filter
            .draw_above(frame, body, FILTER_HINT, has_focus, theme);
    }
    let list = list_area(area, view);
    if view.lines.is_empty() {
        draw_nothing(frame, head, view, theme);
        return;
    }
    let room = usize::from(list.width).saturating_sub(1);
    let shown = view
        .row_list
        .visible(view.lines.len(), usize::from(list.height));
    // All rows decide on the widths, so that columns stay where they are while scrolling; of very
    // many rows those on screen.
    let near = if view.lines.len() > 400 {
        shown.clone()
    } else {
        0..view.lines.len()
    };
    let all: Vec<Cells> = view
        .lines
        .get(near)
        .unwrap_or(&[])
        .iter()
        .filter_map(|line| match line {
            RowLine::Heading(_) => None,
            RowLine::DefaultAction(action) => Some(action.cells()),
            RowLine::Row(position) => cells(view, *position),
        })
        .collect();
    let widths = widths(&all, room);
    let (head_line, _) = top(head, 1);
    let text = cut_end(&head_text(widths), usize::from(head_line.width)).into_owned();
    frame.render_widget(
        Paragraph::new(TextSpan::styled(text, theme.head)),
        head_line,
    );
    let room = usize::from(list.width);
    let drawn: Vec<Line<'_>> = view
        .lines
        .iter()
        .enumerate()
        .skip(shown.start)
        .take(shown.len())
        .map(|(place, line)| {
            let pieces = match line {
                RowLine::Heading(text) => {
                    vec![(cut_end(&clean(text), room).into_owned(), Tone::Head)]
                }
                RowLine::DefaultAction(action) => action.cells().pieces(widths),
                RowLine::Row(position) => {
                    cells(view, *position).map_or_else(Vec::new, |cells| cells.pieces(widths))
                }
            };
            let is_own = place == view.row_list.selected && line.position().is_some();
            if is_own {
                let text: String = pieces.into_iter().map(|(text, _)| text).collect();
                let text = pad(&cut_end(&text, room), room, false);
                return Line::from(TextSpan::styled(text, theme.selected_in(pane.has_focus)));
            }
            let spans = pieces.into_iter();
            let spans = spans.map(|(text, tone)| TextSpan::styled(text, tone.style(theme)));
            Line::from(spans.collect::<Vec<_>>())
        })
        .collect();
    frame.render_widget(Paragraph::new(drawn), list);
    draw_scroll_mark(frame, area, &shown, view.lines.len(), theme);
}

/// Why no row is listed, and what to do.
fn draw_nothing(frame: &mut Frame<'_>, area: Rect, view: &RulesView, theme: &Theme) {
    let (texts, style): (Vec<String>, _) = if view.loaded_rules.files.is_empty() {
        (RulesView::welcome(), theme.text)
    } else if view.loaded_rules.loaded.is_empty() {
        let text = "none of the files can be read: the list at the left says why";
        (vec![text.to_owned()], theme.warn)
    } else if view.is_affected_only {
        let text = match &view.loaded_rules.effect {
            WeekEffect::Ready(_) => "no rule is affected between these weeks; a shows all rules",
            _ => "what is affected is not known yet; a shows all rules",
        };
        (vec![text.to_owned()], theme.warn)
    } else if !view.filter.is_empty() {
        let text = "no rule has these words; Esc clears the filter";
        (vec![text.to_owned()], theme.warn)
    } else {
        let text = "no rules here: nothing is let through or stopped by a rule of this file";
        (vec![text.to_owned()], theme.warn)
    };
    let lines: Vec<Line<'_>> = texts
        .iter()
        .flat_map(|text| wrap(text, usize::from(area.width)))
        .map(|line| Line::from(TextSpan::styled(line, style)))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}
