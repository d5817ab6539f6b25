//! The plan: what must be opened, by direction, with what it is for.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::azure::Certainty;
use crate::query::endpoints::{
    DnsRecord, EndpointGroup, EndpointRow, EndpointsAnswer, EndpointsComparison, PrivateLink,
};
use crate::text::{cut_end, matches_words, pad, width, wrap};
use crate::tui::layout::{inside, top};
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::columns::{Cells, Widths, cells_of};
use crate::tui::view::endpoints::lines::{PlanLine, PlanPosition, PlanSign};
use crate::tui::widget::{Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// The plan on screen, and what it is compared with.
#[derive(Debug)]
pub struct Planned {
    pub shown: EndpointsAnswer,
    before: Option<EndpointsAnswer>,
    /// What the comparison is of.
    title: String,
}

impl Planned {
    pub const fn alone(shown: EndpointsAnswer) -> Self {
        Self {
            shown,
            before: None,
            title: String::new(),
        }
    }

    pub const fn compared(before: EndpointsAnswer, shown: EndpointsAnswer, title: String) -> Self {
        Self {
            shown,
            before: Some(before),
            title,
        }
    }
}

const PRIVATE: &str = "private link: names and addresses";

impl EndpointsView {
    /// Lists the lines that the filter leaves.
    pub fn list_lines(&mut self) {
        self.lines.clear();
        let Some(planned) = &self.plan else {
            return;
        };
        let filter = self.filter.value();
        let mut lines = Vec::new();
        let signs = Signs::of(planned);
        for group in EndpointGroup::ALL {
            let is_shown = |row: &EndpointRow| {
                row.group == group
                    && matches_words(filter, &words_of(row).each_ref().map(String::as_str))
            };
            let mut rows: Vec<PlanLine> = Vec::new();
            for (place, row) in planned.shown.rows.iter().enumerate() {
                if is_shown(row) {
                    let sign = signs.of_row(row);
                    rows.push(PlanLine::Row(PlanPosition { place, sign }));
                }
            }
            let before = planned.before.iter().flat_map(|before| &before.rows);
            for (place, row) in before.enumerate() {
                if is_shown(row) && signs.is_removed(row) {
                    let sign = PlanSign::Removed;
                    rows.push(PlanLine::Row(PlanPosition { place, sign }));
                }
            }
            if !rows.is_empty() {
                lines.push(PlanLine::Heading(group.title()));
                lines.append(&mut rows);
            }
        }
        lines.extend(record_lines(planned, filter));
        self.lines = lines;
        self.skip_headings(false);
    }

    /// The rows that can be selected.
    fn count(&self) -> usize {
        let is_row = |line: &&PlanLine| matches!(line, PlanLine::Row(_) | PlanLine::Record(_));
        self.lines.iter().filter(is_row).count()
    }

    pub fn selected_line(&self) -> Option<&PlanLine> {
        let line = self.lines.get(self.plan_list.selected)?;
        matches!(line, PlanLine::Row(_) | PlanLine::Record(_)).then_some(line)
    }

    pub fn row(&self, position: PlanPosition) -> Option<&EndpointRow> {
        let planned = self.plan.as_ref()?;
        let answer = match position.sign {
            PlanSign::Removed => planned.before.as_ref()?,
            _ => &planned.shown,
        };
        answer.rows.get(position.place)
    }

    pub fn record(&self, position: PlanPosition) -> Option<&DnsRecord> {
        let planned = self.plan.as_ref()?;
        let answer = match position.sign {
            PlanSign::Removed => planned.before.as_ref()?,
            _ => &planned.shown,
        };
        answer.private_link.as_ref()?.records.get(position.place)
    }

    /// The plan before, in a comparison.
    pub fn row_before(&self, row: &EndpointRow) -> Option<&EndpointRow> {
        let before = self.plan.as_ref()?.before.as_ref()?;
        before
            .rows
            .iter()
            .find(|old| old.shown() == row.shown() && old.port == row.port)
    }

    /// The selected row in a word that outlives another plan.
    pub fn chosen(&self) -> Option<String> {
        match self.selected_line()? {
            PlanLine::Row(position) => {
                let row = self.row(*position)?;
                Some(format!("{} {} {}", row.group.word(), row.shown(), row.port))
            }
            PlanLine::Record(position) => {
                let record = self.record(*position)?;
                Some(format!("{} {}", record.kind, record.name))
            }
            _ => None,
        }
    }

    /// Selects a row again; the cursor stays where it is when the row is gone.
    pub fn choose(&mut self, chosen: Option<&str>) {
        let selected = self.plan_list.selected;
        let found = chosen.and_then(|chosen| {
            (0..self.lines.len()).find(|&row| {
                self.plan_list.selected = row;
                self.chosen().as_deref() == Some(chosen)
            })
        });
        if found.is_none() {
            self.plan_list.selected = selected;
            self.detail_list = crate::tui::widget::List::default();
        }
        self.skip_headings(false);
    }

    pub fn skip_headings(&mut self, is_back: bool) {
        let lines = &self.lines;
        let is_row = |row: usize| {
            let line = lines.get(row);
            matches!(line, Some(PlanLine::Row(_) | PlanLine::Record(_)))
        };
        self.plan_list.skip(lines.len(), is_back, is_row);
    }

    /// The heading above the first row stays with it.
    pub fn show_heading(&mut self, height: usize) {
        let is_row = |line: &PlanLine| matches!(line, PlanLine::Row(_) | PlanLine::Record(_));
        let first = self.lines.iter().position(is_row);
        if first == Some(self.plan_list.selected) && self.plan_list.selected < height {
            self.plan_list.offset = 0;
        }
    }

    /// Whether something on screen is assumed.
    fn has_assumed(&self) -> bool {
        self.lines.iter().any(|line| match line {
            PlanLine::Row(position) => self.row(*position).is_some_and(|row| {
                let is_tagged = !row.tags.is_empty();
                row.certainty == Certainty::Assumed
                    || (is_tagged && row.tags_certainty == Certainty::Assumed)
            }),
            _ => false,
        })
    }

    fn title(&self) -> String {
        let count = self.count();
        let Some(planned) = &self.plan else {
            return "Plan".to_owned();
        };
        if !planned.title.is_empty() {
            let signed = |sign: PlanSign| {
                let has = |line: &&PlanLine| matches!(line, PlanLine::Row(position) | PlanLine::Record(position) if position.sign == sign);
                self.lines.iter().filter(has).count()
            };
            let mut text = format!(
                "Before → after {}: +{} −{}",
                planned.title,
                signed(PlanSign::Added),
                signed(PlanSign::Removed)
            );
            if signed(PlanSign::Changed) > 0 {
                text = format!("{text} ~{}", signed(PlanSign::Changed));
            }
            return text;
        }
        if self.filter.value().is_empty() {
            return format!("Plan, {count} rows");
        }
        let records = planned.shown.private_link.as_ref();
        let all = planned.shown.rows.len() + records.map_or(0, |link| link.records.len());
        format!("Plan, {count} of {all} rows")
    }

    /// Whether the first line of the pane is the filter.
    fn has_filter(&self) -> bool {
        self.place == Place::PlanFilter || !self.filter.value().is_empty()
    }
}

/// What became of the rows of two plans.
struct Signs<'a>(Option<EndpointsComparison<'a>>);

impl<'a> Signs<'a> {
    fn of(planned: &'a Planned) -> Self {
        let before = planned.before.as_ref();
        Self(before.map(|before| EndpointsComparison::of(before, &planned.shown)))
    }

    fn of_row(&self, row: &EndpointRow) -> PlanSign {
        let Some(comparison) = &self.0 else {
            return PlanSign::Kept;
        };
        if comparison.added.iter().any(|own| std::ptr::eq(*own, row)) {
            PlanSign::Added
        } else if comparison
            .changed
            .iter()
            .any(|(_, own)| std::ptr::eq(*own, row))
        {
            PlanSign::Changed
        } else {
            PlanSign::Kept
        }
    }

    fn is_removed(&self, row: &EndpointRow) -> bool {
        let removed = self.0.iter().flat_map(|comparison| &comparison.removed);
        removed.into_iter().any(|own| std::ptr::eq(*own, row))
    }
}

/// What a filter looks at.
fn words_of(row: &EndpointRow) -> [String; 7] {
    [
        row.shown().to_owned(),
        row.purpose.clone(),
        row.tags.join(" "),
        row.region.clone().unwrap_or_default(),
        row.group.word().to_owned(),
        row.needed_by(),
        format!("{} {}", row.port, row.need()),
    ]
}

/// The names of private link; in a comparison with what became of them.
fn record_lines(planned: &Planned, filter: &str) -> Vec<PlanLine> {
    let records = |answer: &Option<PrivateLink>| {
        let records = answer.as_ref().map(|link| link.records.clone());
        records.unwrap_or_default()
    };
    let is_shown = |record: &DnsRecord| {
        let words = [&record.name, &record.target, "private link", record.kind];
        matches_words(filter, &words)
    };
    let own = records(&planned.shown.private_link);
    let before = planned
        .before
        .as_ref()
        .map(|before| records(&before.private_link));
    let is_in = |list: &[DnsRecord], record: &DnsRecord| {
        list.iter()
            .any(|other| (&other.name, other.kind) == (&record.name, record.kind))
    };
    let mut lines = Vec::new();
    for (place, record) in own
        .iter()
        .enumerate()
        .filter(|(_, record)| is_shown(record))
    {
        let is_new = before.as_ref().is_some_and(|before| !is_in(before, record));
        let sign = if is_new {
            PlanSign::Added
        } else {
            PlanSign::Kept
        };
        lines.push(PlanLine::Record(PlanPosition { place, sign }));
    }
    let gone = before.iter().flatten().enumerate();
    for (place, record) in gone.filter(|(_, record)| is_shown(record)) {
        if !is_in(&own, record) {
            let sign = PlanSign::Removed;
            lines.push(PlanLine::Record(PlanPosition { place, sign }));
        }
    }
    let Some(link) = &planned.shown.private_link else {
        return lines;
    };
    let notes = private_notes(link).into_iter().map(PlanLine::Note);
    let notes = notes.filter(|_| filter.trim().is_empty());
    let mut all: Vec<PlanLine> = notes.chain(lines).collect();
    if !all.is_empty() {
        all.insert(0, PlanLine::Heading(PRIVATE));
    }
    all
}

/// What there is to know of private link beside its names.
pub fn private_notes(link: &PrivateLink) -> [String; 3] {
    let zone = match (link.zone, link.certainty) {
        (None, _) => "no private DNS zone is known for this cloud".to_owned(),
        (Some(zone), Certainty::Documented) => format!("private DNS zone {zone}"),
        (Some(zone), weak) => {
            format!("private DNS zone {}{zone}, {}", weak.dot(), weak.word())
        }
    };
    [
        zone,
        format!(
            "{} addresses of the endpoint's subnet: {}",
            link.addresses, link.subnet
        ),
        format!(
            "sub-resource {}; at most {} private endpoints a registry",
            link.group_id, link.limit
        ),
    ]
}

/// Rows of the plan that fit.
pub fn rows_of(area: Rect, view: &EndpointsView) -> usize {
    let filter = u16::from(view.has_filter());
    usize::from(inside(area).height.saturating_sub(filter + 1))
}

/// The list's area, for the mouse.
pub fn list_area(area: Rect, view: &EndpointsView) -> Rect {
    let (_, list) = top(inside(area), u16::from(view.has_filter()) + 1);
    list
}

pub fn draw(frame: &mut Frame<'_>, area: Rect, view: &EndpointsView, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let has_focus = matches!(view.place, Place::Plan | Place::PlanFilter);
    let title = view.title();
    let note = if view.contrast.is_some() {
        "b leaves the comparison"
    } else {
        ""
    };
    let pane = Pane {
        title: &title,
        note,
        has_focus,
    };
    let mut body = draw_pane(frame, area, &pane, theme);
    if view.plan.is_none() {
        draw_promise(frame, body, theme);
        return;
    }
    if view.has_filter() {
        let is_typed = view.place == Place::PlanFilter;
        let hint = "words, !word";
        body = view.filter.draw_above(frame, body, hint, is_typed, theme);
    }
    if view.has_assumed() {
        draw_mark(frame, area, theme);
    }
    draw_lines(frame, area, body, view, theme);
}

fn draw_lines(frame: &mut Frame<'_>, area: Rect, body: Rect, view: &EndpointsView, theme: &Theme) {
    let room = usize::from(body.width);
    let (head, list) = top(body, 1);
    if view.lines.is_empty() {
        let text = "no row has that; Esc clears the filter";
        frame.render_widget(Paragraph::new(Span::styled(text, theme.warn)), body);
        return;
    }
    let cells: Vec<Cells> = view
        .lines
        .iter()
        .map(|line| cells_of(view, line).unwrap_or_default())
        .collect();
    let widths = Widths::of(&cells, view.contrast.is_some(), room);
    let heads = Cells {
        sign: "  ",
        host: widths.host_title(),
        port: "port".to_owned(),
        why: "why".to_owned(),
        tags: "service tags".to_owned(),
        tags_short: "service tags".to_owned(),
        counts: ["v4", "v6"].map(str::to_owned),
        need: "need",
        probe: "probe".to_owned(),
        probe_tone: Some(Tone::Head),
    };
    let line = row_line(&widths, &heads, theme.head, None, theme);
    frame.render_widget(Paragraph::new(line), head);
    let has_focus = matches!(view.place, Place::Plan | Place::PlanFilter);
    let shown = view
        .plan_list
        .visible(view.lines.len(), usize::from(list.height));
    let drawn: Vec<Line<'_>> = view
        .lines
        .iter()
        .zip(&cells)
        .enumerate()
        .skip(shown.start)
        .take(shown.len())
        .map(|(row, (line, cells))| {
            let is_own = row == view.plan_list.selected;
            let selected = is_own.then(|| theme.selected_in(has_focus));
            let cut = |text: &str| cut_end(text, room).into_owned();
            match line {
                PlanLine::Heading(text) => Line::from(Span::styled(cut(text), theme.head)),
                PlanLine::Note(text) => {
                    Line::from(Span::styled(cut(&format!("  {text}")), theme.muted))
                }
                PlanLine::Row(position) | PlanLine::Record(position) => {
                    let style = style_of(position.sign, cells.need, theme);
                    row_line(&widths, cells, style, selected, theme)
                }
            }
        })
        .collect();
    frame.render_widget(Paragraph::new(drawn), list);
    draw_scroll_mark(frame, area, &shown, view.lines.len(), theme);
}

/// A row; what asking its host has brought has a colour of its own.
fn row_line(
    widths: &Widths,
    cells: &Cells,
    style: Style,
    selected: Option<Style>,
    theme: &Theme,
) -> Line<'static> {
    let text = Span::styled(widths.line(cells), selected.unwrap_or(style));
    if widths.probe == 0 {
        return Line::from(text);
    }
    let probe = pad(&cut_end(&cells.probe, widths.probe), widths.probe, false);
    let tone = cells.probe_tone.unwrap_or(Tone::Muted).style(theme);
    let probe = Span::styled(format!(" {probe}"), selected.unwrap_or(tone));
    Line::from(vec![text, probe])
}

fn style_of(sign: PlanSign, need: &str, theme: &Theme) -> Style {
    match sign {
        PlanSign::Added => theme.gained,
        PlanSign::Removed => theme.lost,
        PlanSign::Changed => theme.warn,
        PlanSign::Kept if need == "if used" => theme.muted,
        PlanSign::Kept => theme.text,
    }
}

/// What the dot means, on the border below.
fn draw_mark(frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    let text = " · assumed, in no document ";
    let room = area.width.saturating_sub(22);
    let columns = u16::try_from(width(text)).unwrap_or(0);
    if area.height < 3 || columns > room {
        return;
    }
    let place = Rect {
        x: area.x + 1,
        y: area.y + area.height - 1,
        width: columns,
        height: 1,
    };
    frame.render_widget(Paragraph::new(Span::styled(text, theme.muted)), place);
}

/// What will be here.
fn draw_promise(frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    let texts = [
        "Here will be every host name that the registry's users must reach: port, reason, service tags, and how many prefixes those have in the week on screen.",
        "",
        "Beside it what to mind; x writes it as a firewall ticket.",
    ];
    let room = usize::from(area.width);
    let lines: Vec<Line<'_>> = texts
        .into_iter()
        .flat_map(|text| wrap(text, room))
        .map(|line| Line::from(Span::styled(line, theme.muted)))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}
