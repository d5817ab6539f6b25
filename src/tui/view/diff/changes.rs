//! The changed tags, folded by service.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::Cell;
use crate::query::diff::{DiffGroup, GroupOrder, TagChange};
use crate::space::Count;
use crate::text::{cut_middle, pad, plural, width, wrap};
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::view::diff::{ComparedWeeks, DiffState, DiffView, TagFilter};
use crate::tui::widget::{FILTER_HINT, List, Pane, draw_pane, draw_scroll_mark, signed};
use crate::tui::{Place, Theme};

/// A line of the list.
#[derive(Debug, Clone, PartialEq)]
pub enum ChangeLine {
    /// A service with several changed tags.
    Service(ServiceLine),
    /// A changed tag.
    Tag {
        /// Its place in the answer.
        place: usize,
        /// Whether it stands below its service.
        is_nested: bool,
    },
}

/// What is selected, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// A tag; none is the first line.
    Tag(Option<String>),
    /// A service.
    Service(String),
}

/// A service with several changed tags.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceLine {
    pub name: String,
    pub tags: usize,
    pub rows: [usize; 2],
    pub gained: [Count; 2],
    pub lost: [Count; 2],
    pub is_open: bool,
}

impl DiffView {
    /// The tags of a group that are on screen.
    pub fn kept<'a>(&self, group: &DiffGroup<'a>) -> Vec<&'a TagChange> {
        let tags = group.tags.iter().copied();
        tags.filter(|tag| self.scope.has_noise || !tag.is_echo())
            .collect()
    }

    /// Makes the lines anew from the answer, the order and what is folded.
    pub fn list_changes(&mut self) {
        let Some(compared) = self.compared() else {
            self.lines.clear();
            return;
        };
        let answer = &compared.shown;
        let is_filtered = !self.filter.is_empty();
        let mut lines = Vec::new();
        for group in answer.groups(self.order) {
            let kept = self.kept(&group);
            let places = kept.iter().filter_map(|tag| {
                let found = answer
                    .tags
                    .binary_search_by(|other| other.name.cmp(&tag.name));
                found.ok()
            });
            let is_nested = kept.len() > 1;
            if is_nested {
                let is_open = if is_filtered {
                    !self.folded.contains(group.service)
                } else {
                    self.unfolded.contains(group.service)
                };
                lines.push(ChangeLine::Service(ServiceLine {
                    name: group.service.to_owned(),
                    tags: kept.len(),
                    rows: [group.prefixes_added, group.prefixes_removed],
                    gained: group.gained,
                    lost: group.lost,
                    is_open,
                }));
                if !is_open {
                    continue;
                }
            }
            lines.extend(places.map(|place| ChangeLine::Tag { place, is_nested }));
        }
        let cells = lines.iter().filter_map(|line| match line {
            ChangeLine::Service(service) => Some(service_cells(service)),
            ChangeLine::Tag { place, is_nested } => {
                let tag = answer.tags.get(*place)?;
                Some(tag_cells(tag, *is_nested, ' '))
            }
        });
        let cells: Vec<Cells> = cells.collect();
        self.lines = lines;
        self.widest = widest(cells.iter());
    }

    /// Folds or unfolds a service; the selection stays on it.
    pub fn fold(&mut self, service: &str) {
        let is_filtered = !self.filter.is_empty();
        let turned = if is_filtered {
            &mut self.folded
        } else {
            &mut self.unfolded
        };
        if !turned.remove(service) {
            turned.insert(service.to_owned());
        }
        self.list_changes();
        self.choose(&Chosen::Service(service.to_owned()));
    }

    /// What is selected.
    pub fn chosen(&self) -> Chosen {
        match self.lines.get(self.change_list.selected) {
            Some(ChangeLine::Service(service)) => Chosen::Service(service.name.clone()),
            _ => Chosen::Tag(self.selected_tag().map(|tag| tag.name.clone())),
        }
    }

    /// Selects what was selected before.
    pub fn choose(&mut self, chosen: &Chosen) {
        match chosen {
            Chosen::Tag(name) => self.select(name.as_deref()),
            Chosen::Service(name) => {
                let is_it = |line: &ChangeLine| matches!(line, ChangeLine::Service(line) if line.name == *name);
                self.change_list.selected = self.lines.iter().position(is_it).unwrap_or(0);
            }
        }
    }

    /// Selects a tag, its service unfolded; on top where it is not listed.
    pub fn select(&mut self, name: Option<&str>) {
        let service = name.and_then(|name| {
            let mut tags = self.compared()?.shown.tags.iter();
            Some(tags.find(|tag| tag.name == name)?.service.clone())
        });
        let is_new = self.selected_tag().map(|tag| tag.name.as_str()) != name;
        if let Some(service) = service
            && self.unfolded.insert(service)
        {
            self.list_changes();
        }
        let tags = self.compared().map(|compared| &compared.shown.tags);
        let is_it = |line: &ChangeLine| match line {
            ChangeLine::Tag { place, .. } => {
                let tag = tags.and_then(|tags| tags.get(*place));
                name.is_some() && tag.map(|tag| tag.name.as_str()) == name
            }
            ChangeLine::Service(_) => false,
        };
        self.change_list.selected = self.lines.iter().position(is_it).unwrap_or(0);
        if is_new {
            self.row_list = List::default();
        }
    }
}

/// Rows of the list that fit below the input and the head.
pub fn rows_of(area: Rect, view: &DiffView) -> usize {
    let taken = 1 + u16::from(has_input(view));
    usize::from(inside(area).height.saturating_sub(taken))
}

/// The row of the first change, counted from the top of the pane's inside.
pub fn first_row(view: &DiffView) -> usize {
    1 + usize::from(has_input(view))
}

fn has_input(view: &DiffView) -> bool {
    view.place == Place::ChangeFilter || !view.filter.value().is_empty()
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &DiffView, session: &Session, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let has_focus = matches!(view.place, Place::Changes | Place::ChangeFilter);
    let (title, note) = titles(view);
    let pane = Pane {
        title: &title,
        note: &note,
        has_focus,
    };
    let mut body = draw_pane(frame, area, &pane, theme);
    if has_input(view) {
        let is_typed = view.place == Place::ChangeFilter;
        body = view
            .filter
            .draw_above(frame, body, FILTER_HINT, is_typed, theme);
    }
    let DiffState::Ready(compared) = &view.state else {
        return;
    };
    if view.lines.is_empty() {
        draw_nothing(frame, body, view, compared, theme);
        return;
    }
    let heads = HEADS.map(str::to_owned);
    let widths = widths(view.widest, usize::from(body.width));
    let head = row(&heads, widths).concat();
    let mut lines = vec![Line::from(Span::styled(head, theme.head))];
    let height = usize::from(body.height.saturating_sub(1));
    let shown = view.change_list.visible(view.lines.len(), height);
    for place in shown.clone() {
        let Some(line) = view.lines.get(place) else {
            break;
        };
        let (cells, ordinary) = cells(line, view, compared, session, theme);
        let row = row(&cells, widths);
        if place == view.change_list.selected {
            let text = pad(&row.concat(), usize::from(body.width), false);
            let style = theme.selected_in(has_focus);
            lines.push(Line::from(Span::styled(text, style)));
            continue;
        }
        // A name may say "+1" too, and says nothing of the week by it.
        let [name, numbers @ ..] = row;
        let mut spans = vec![Span::styled(name, ordinary)];
        spans.extend(signed(&numbers.concat(), ordinary, theme));
        lines.push(Line::from(spans));
    }
    frame.render_widget(Paragraph::new(lines), body);
    draw_scroll_mark(frame, area, &shown, view.lines.len(), theme);
}

fn cells(
    line: &ChangeLine,
    view: &DiffView,
    compared: &ComparedWeeks,
    session: &Session,
    theme: &Theme,
) -> (Cells, Style) {
    match line {
        ChangeLine::Service(service) => (service_cells(service), theme.head),
        ChangeLine::Tag { place, is_nested } => match compared.shown.tags.get(*place) {
            Some(tag) => {
                let style = if tag.is_echo() {
                    theme.muted
                } else {
                    theme.text
                };
                let mark = match (
                    session.watched.contains(&tag.name),
                    view.touched_by(&tag.name),
                ) {
                    (_, [_, ..]) => '◆',
                    (true, []) => '●',
                    (false, []) => ' ',
                };
                (tag_cells(tag, *is_nested, mark), style)
            }
            None => (Cells::default(), theme.text),
        },
    }
}

fn titles(view: &DiffView) -> (String, String) {
    let Some(compared) = view.compared() else {
        return ("Changed".to_owned(), String::new());
    };
    let tags = compared.shown.tags.iter();
    let shown = tags
        .filter(|tag| view.scope.has_noise || !tag.is_echo())
        .count();
    let all = compared.all.tags.len();
    let [shown_text, all_text] = [shown, all].map(|count| Cell::Number(count).shown().into_owned());
    let noun = plural(all, "changed tag", "changed tags");
    let title = if shown == all {
        format!("{all_text} {noun}")
    } else {
        format!("{shown_text} of {all_text} {noun}")
    };
    let is_all =
        view.filter.is_empty() && view.scope.owner == TagFilter::All && !view.scope.is_addresses;
    let mut notes: Vec<String> = Vec::new();
    match view.scope.owner {
        TagFilter::All => {}
        TagFilter::Watched => notes.push("watched".to_owned()),
        TagFilter::Rules => notes.push("of your rules".to_owned()),
    }
    if view.scope.is_addresses {
        notes.push("other addresses".to_owned());
    }
    if view.order == GroupOrder::Addresses {
        notes.push("by addresses".to_owned());
    }
    // The headline says how many are hidden of those that are not asked for.
    match all.saturating_sub(shown) {
        _ if view.scope.has_noise => notes.push("all rows".to_owned()),
        hidden if is_all && hidden > 0 => notes.push(format!("{hidden} hidden (w)")),
        _ => {}
    }
    (title, notes.join(" · "))
}

/// Why nothing is listed, and what to do.
fn draw_nothing(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &DiffView,
    compared: &ComparedWeeks,
    theme: &Theme,
) {
    let text = if compared.all.tags.is_empty() {
        "nothing changed between these weeks; { and } compare others"
    } else if let Some(flaw) = &view.flaw {
        flaw
    } else if !view.filter.is_empty() {
        "no changed tag matches; Esc clears the filter, w also shows AzureCloud and duplicates"
    } else if view.scope.is_addresses {
        "no shown tag has other addresses; A shows the others"
    } else if view.scope.owner == TagFilter::Rules {
        "no tag that the open rules name or list changed between these weeks; a shows the others"
    } else if view.scope.owner == TagFilter::Watched {
        "none of the watched tags changed; W shows the others"
    } else {
        "only tags of AzureCloud and duplicates changed; w shows them"
    };
    let lines: Vec<Line<'_>> = wrap(text, usize::from(area.width))
        .into_iter()
        .map(|line| Line::from(Span::styled(line, theme.warn)))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// The cells of a line: name, number, rows, addresses.
type Cells = [String; 4];

/// What stands over the columns.
const HEADS: [&str; 4] = ["service / tag", "number", "rows", "addresses"];

/// Widths of the columns in a room, by what their widest cells take: the names get what is left, and
/// the numbers, then the addresses are left out where a name would be cut.
fn widths([names, mut number, rows, mut addresses]: [usize; 4], room: usize) -> [usize; 4] {
    let left = |number: usize, addresses: usize| {
        let gaps = [number, rows, addresses].map(|width| usize::from(width > 0));
        room.saturating_sub(number + rows + addresses + gaps.iter().sum::<usize>())
    };
    if left(number, addresses) < names {
        number = 0;
    }
    if left(number, addresses) < names {
        addresses = 0;
    }
    [left(number, addresses), number, rows, addresses]
}

/// What the widest cell of each column takes.
fn widest<'a>(cells: impl Iterator<Item = &'a Cells>) -> [usize; 4] {
    let mut widest = HEADS.map(width);
    for cells in cells {
        for (most, text) in widest.iter_mut().zip(cells) {
            *most = width(text).max(*most);
        }
    }
    widest
}

/// Columns of a pane of at most so many that show all that can be shown in as many.
pub fn wanted_width(widest: [usize; 4], most: usize) -> usize {
    const BORDER: usize = 2;
    let shown = widths(widest, most.saturating_sub(BORDER));
    let others = shown.iter().skip(1);
    let others: usize = others.map(|width| width + usize::from(*width > 0)).sum();
    let [names, ..] = widest;
    most.min(names + others + BORDER)
}

/// The cells at their widths, each but the first with the gap before it.
fn row(cells: &Cells, widths: [usize; 4]) -> Cells {
    let mut row = Cells::default();
    let texts = cells.iter().zip(widths).enumerate();
    for (own, (place, (text, width))) in row.iter_mut().zip(texts) {
        if width > 0 {
            let gap = if place > 0 { " " } else { "" };
            let text = pad(&cut_middle(text, width), width, place > 0);
            *own = format!("{gap}{text}");
        }
    }
    row
}

fn service_cells(line: &ServiceLine) -> Cells {
    let fold = if line.is_open { '▾' } else { '▸' };
    let name = format!(
        "{fold} {} ({} tags)",
        line.name,
        Cell::Number(line.tags).shown()
    );
    let [added, removed] = line.rows;
    let addresses = addresses(line.gained, line.lost, added + removed > 0);
    [name, String::new(), rows(added, removed), addresses]
}

fn tag_cells(tag: &TagChange, is_nested: bool, mark: char) -> Cells {
    let lead = match (is_nested, mark) {
        (true, ' ') => "    ".to_owned(),
        (true, mark) => format!("  {mark} "),
        (false, mark) => format!("{mark} "),
    };
    let duplicate = if tag.is_echo() { " (duplicate)" } else { "" };
    let name = format!("{lead}{}{duplicate}", own_name(tag, is_nested));
    let number = tag.numbers_listed();
    let (added, removed) = (tag.added.len(), tag.removed.len());
    if added + removed == 0 {
        return [name, number, tag.status.word().to_owned(), String::new()];
    }
    let addresses = addresses(tag.gained, tag.lost, true);
    [name, number, rows(added, removed), addresses]
}

/// Below its service only what differs: the region, or that it is the tag without one.
fn own_name(tag: &TagChange, is_nested: bool) -> &str {
    let rest = tag.name.strip_prefix(tag.service.as_str());
    match rest.filter(|_| is_nested) {
        Some("") => "(global)",
        Some(region) => region.strip_prefix('.').unwrap_or(&tag.name),
        None => &tag.name,
    }
}

fn rows(added: usize, removed: usize) -> String {
    let [added, removed] = [added, removed].map(|count| Cell::Number(count).shown().into_owned());
    format!("+{added} −{removed}")
}

/// IPv4 where it changed, else IPv6, marked as such; `none` where rows changed and no address did.
fn addresses(gained: [Count; 2], lost: [Count; 2], has_rows: bool) -> String {
    let ([v4_gained, v6_gained], [v4_lost, v6_lost]) = (gained, lost);
    let both = |gained: Count, lost: Count| format!("+{} −{}", gained.short(), lost.short());
    if !(v4_gained.is_zero() && v4_lost.is_zero()) {
        both(v4_gained, v4_lost)
    } else if !(v6_gained.is_zero() && v6_lost.is_zero()) {
        format!("v6 {}", both(v6_gained, v6_lost))
    } else if has_rows {
        "none".to_owned()
    } else {
        String::new()
    }
}
