//! How covers look: the number and its price on top, the curve, the CIDRs, the owners.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Clear, Dataset, GraphType, LegendPosition, Paragraph};

use crate::query::rules::fit::{FitTable, Point, rounded, shown};
use crate::query::{Cell, Sheet};
use crate::space::{Count, Family, Share};
use crate::text::{clean, cut_end, wrap};
use crate::tui::Theme;
use crate::tui::layout::{self, Room, inside, left, part, top};
use crate::tui::overlay::fit::{Fit, FitPane as Focus};
use crate::tui::theme::Tone;
use crate::tui::widget::{
    Grid, GridColumn, List, Pane, draw_grid, draw_input, draw_pane, draw_scroll_mark,
};

/// Rows of a chart below which it says nothing.
const LEAST_CHART: u16 = 6;
/// Rows of the body below which one pane is shown at a time.
const LEAST_HEIGHT: u16 = 19;
/// Columns of a table below which its numbers are short.
const NARROW: usize = 52;

/// What is said of a cover with more extra addresses than were asked for.
const RECKLESS: &str = "it lets in more extra addresses than were asked for";

/// Where the parts are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Areas {
    head: Rect,
    chart: Rect,
    pub cidrs: Rect,
    pub owners: Rect,
}

/// Rows of a table within a border, below its head.
pub fn height(area: Rect) -> usize {
    usize::from(inside(area).height.saturating_sub(1))
}

/// The row of a table at a place of the screen.
pub fn row_at(area: Rect, column: u16, row: u16) -> Option<usize> {
    let rows = top(inside(area), 1).1;
    let is_in = rows.contains((column, row).into());
    is_in.then(|| usize::from(row - rows.y))
}

impl Fit {
    /// Where the parts are; a pane without room has no area.
    pub fn areas(&self, body: Rect) -> Areas {
        let is_small = is_small(body);
        let sentences = self
            .sentences(usize::from(inside(body).width), is_small)
            .len();
        let rows = u16::try_from(sentences + 3).unwrap_or(u16::MAX);
        let most = if is_small {
            (body.height / 2).max(4)
        } else {
            body.height.saturating_sub(6)
        };
        let (head, rest) = top(body, rows.min(most));
        let mut areas = Areas {
            head,
            ..Areas::default()
        };
        let has_price = !self.cover.extra.is_empty() && self.problem.is_empty();
        if is_small {
            match self.pane {
                Focus::Cidrs => areas.cidrs = rest,
                Focus::Owners => areas.owners = rest,
            }
            return areas;
        }
        let (one, other) = left(rest, part(rest.width, 45));
        areas.chart = one;
        areas.cidrs = other;
        if has_price {
            let owners = u16::try_from(self.owners_table().len() + 3).unwrap_or(u16::MAX);
            let owners = owners.min(part(other.height, 50));
            (areas.cidrs, areas.owners) = top(other, other.height - owners);
        }
        areas
    }

    /// Which tags these are, and which families.
    fn note(&self) -> String {
        let families = match self.family {
            None if self.cover.parts.len() > 1 => "both families share the number (v)",
            Some(Family::V4) => "IPv4 alone (v)",
            Some(Family::V6) => "IPv6 alone (v)",
            None => "",
        };
        let left = self.rows.iter().flat_map(|rows| &rows.notes).next();
        let left = left.map_or("", String::as_str);
        let notes = [self.scope_note.as_str(), families, left];
        let notes = notes.into_iter().filter(|note| !note.is_empty());
        notes.collect::<Vec<_>>().join(" · ")
    }

    /// Which tags these are and the price, in words; where there is little room in a line.
    fn sentences(&self, room: usize, is_small: bool) -> Vec<(String, Tone)> {
        if !self.problem.is_empty() {
            let lines = wrap(&clean(&self.problem), room.max(1)).into_iter();
            return lines.map(|line| (line, Tone::Bad)).collect();
        }
        let (word, tone) = if self.cover.is_reckless() {
            ("reckless: ", Tone::Bad)
        } else {
            ("", Tone::Head)
        };
        if is_small {
            let (cidrs, exact) = (self.cover.cidrs.len(), self.answer().fitted.exact());
            let price = shown(self.cover.share());
            let line = format!("{cidrs} CIDRs, extra: {price} (exact fit needs {exact})");
            let line = cut_end(&format!("{word}{line}"), room).into_owned();
            return vec![(line, tone)];
        }
        let mut lines = Vec::new();
        let mut push = |text: &str, indent: &str, tone| {
            let wrapped = wrap(&clean(text), room.saturating_sub(indent.len()).max(1));
            lines.extend(wrapped.iter().map(|line| (format!("{indent}{line}"), tone)));
        };
        let note = self.note();
        if !note.is_empty() {
            push(&note, "", Tone::Muted);
        }
        push(&format!("{word}{}", self.cover.size()), "", tone);
        if self.cover.is_reckless() {
            push(RECKLESS, "  ", tone);
        }
        for sentence in self.cover.sentences() {
            push(&sentence, "  ", Tone::Plain);
        }
        lines
    }

    /// Draws it over the body.
    pub fn draw_in(&self, frame: &mut Frame<'_>, body: Rect, theme: &Theme) {
        frame.render_widget(Clear, body);
        let areas = self.areas(body);
        self.draw_head(frame, areas.head, is_small(body), theme);
        self.draw_chart(frame, areas.chart, theme);
        self.draw_cidrs(frame, areas.cidrs, theme);
        self.draw_owners(frame, areas.owners, theme);
    }

    fn draw_head(&self, frame: &mut Frame<'_>, area: Rect, is_small: bool, theme: &Theme) {
        let title = format!("Fit: {}", self.answer().subject());
        let pane = Pane {
            title: &title,
            note: if self.input.value().is_empty() {
                "Esc closes"
            } else {
                "Esc clears the number"
            },
            has_focus: true,
        };
        let (line, rest) = top(draw_pane(frame, area, &pane, theme), 1);
        let fitted = &self.answer().fitted;
        let hint = format!(
            "type a number, {} to {}, or a percentage such as 5% for the fewest CIDRs",
            fitted.least(),
            fitted.exact()
        );
        draw_input(
            frame,
            line,
            ("into CIDRs: ", &hint),
            &self.input,
            true,
            theme,
        );
        let room = usize::from(rest.width);
        let lines = self.sentences(room, is_small).into_iter();
        let lines: Vec<Line<'_>> = lines
            .map(|(text, tone)| Line::from(Span::styled(text, tone.style(theme))))
            .collect();
        frame.render_widget(Paragraph::new(lines), rest);
    }

    fn draw_cidrs(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        if !self.problem.is_empty() {
            draw_pane(
                frame,
                area,
                &Pane {
                    title: "CIDRs",
                    note: "",
                    has_focus: false,
                },
                theme,
            );
            return;
        }
        let title = format!("CIDRs ({})", Cell::Number(self.cover.cidrs.len()).shown());
        let has_focus = self.pane == Focus::Cidrs;
        draw_table(
            frame,
            area,
            (&title, ""),
            (&FitTable(&self.cover), 1),
            (self.cidr_list, has_focus),
            theme,
        );
    }

    fn draw_owners(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let has_focus = self.pane == Focus::Owners;
        let table = self.owners_table();
        let note = match table.hidden() {
            0 => String::new(),
            1 => "and 1 tag more".to_owned(),
            hidden => format!("and {} tags more", Cell::Number(hidden).shown()),
        };
        draw_table(
            frame,
            area,
            ("Whose they are", &note),
            (&table, usize::MAX),
            (self.owner_list, has_focus),
            theme,
        );
    }

    fn draw_chart(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        if area.is_empty() {
            return;
        }
        let note = if !self.problem.is_empty() {
            String::new()
        } else if self.cover.extra.is_empty() {
            "no extra address".to_owned()
        } else {
            format!("● {}", shown(self.cover.share()))
        };
        let pane = Pane {
            title: "Extra addresses by CIDRs (logarithms)",
            note: &note,
            has_focus: false,
        };
        let inner = draw_pane(frame, area, &pane, theme);
        if self.curve.len() < 2 || inner.height < LEAST_CHART {
            let text = if self.curve.len() < 2 {
                "every number of CIDRs is exact"
            } else {
                "no room for the curve"
            };
            let text = cut_end(text, usize::from(inner.width)).into_owned();
            frame.render_widget(Paragraph::new(Span::styled(text, theme.muted)), inner);
            return;
        }
        self.draw_curve(frame, inner, theme);
    }

    fn draw_curve(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
        let lines: Vec<(Family, Vec<(f64, f64)>)> = self
            .cover
            .parts
            .iter()
            .map(|part| (part.family, self.line_of(part.family, part.addresses)))
            .collect();
        let spot = [(
            scale(self.cover.limit.min(self.answer().fitted.exact())),
            price(self.cover.share()),
        )];
        let ends = |pick: fn(&Point) -> usize| -> [f64; 2] {
            [self.curve.first(), self.curve.last()].map(|it| it.map_or(0.0, |it| scale(pick(it))))
        };
        let bounds = ends(|point| point.cidrs);
        let highest = self
            .curve
            .first()
            .map_or(1.0, |point| price(point.share))
            .max(f64::MIN_POSITIVE);
        let style_of = |place: usize| if place == 0 { theme.bar } else { theme.warn };
        let markers = [Marker::Braille, Marker::Dot];
        let mut datasets: Vec<Dataset<'_>> = lines
            .iter()
            .enumerate()
            .map(|(place, (family, data))| {
                Dataset::default()
                    .name(family.to_string())
                    .marker(markers.get(place).copied().unwrap_or(Marker::Braille))
                    .graph_type(GraphType::Line)
                    .style(style_of(place))
                    .data(data)
            })
            .collect();
        if self.problem.is_empty() {
            datasets.push(
                Dataset::default()
                    .marker(Marker::Custom('●'))
                    .graph_type(GraphType::Scatter)
                    .style(if self.cover.is_reckless() {
                        theme.bad
                    } else {
                        theme.accent
                    })
                    .data(&spot),
            );
        }
        let has_legend = lines.len() > 1;
        let chart = Chart::new(datasets)
            .style(theme.text)
            .x_axis(axis(
                bounds,
                &[0.0, 0.5, 1.0].map(|at| number_at(bounds, at)),
                theme,
            ))
            .y_axis(axis(
                [0.0, highest],
                &[0.0, 0.5, 1.0].map(|at| percent_at(highest * at)),
                theme,
            ))
            .legend_position(has_legend.then_some(LegendPosition::TopRight));
        frame.render_widget(chart, area);
    }

    /// The price of one family at every number of CIDRs, both by the logarithm.
    fn line_of(&self, family: Family, addresses: Count) -> Vec<(f64, f64)> {
        let points = self.curve.iter().map(|point| {
            let extra = match family {
                Family::V4 => point.extra.v4,
                Family::V6 => point.extra.v6,
            };
            let share = extra.as_f64() / addresses.as_f64().max(1.0);
            (scale(point.cidrs), height_of(share))
        });
        points.collect()
    }
}

/// Whether one pane is shown at a time.
fn is_small(body: Rect) -> bool {
    // The frame has three rows around the body.
    let screen = Rect {
        height: body.height + 3,
        ..body
    };
    matches!(layout::room(screen), Room::One | Room::None) || body.height < LEAST_HEIGHT
}

fn axis<'a>(bounds: [f64; 2], labels: &[String; 3], theme: &Theme) -> Axis<'a> {
    let labels = labels
        .iter()
        .map(|text| Span::styled(text.clone(), theme.muted));
    Axis::default()
        .bounds(bounds)
        .labels(labels.collect::<Vec<_>>())
        .style(theme.muted)
}

/// A number of CIDRs on the axis: by the logarithm.
#[expect(clippy::cast_precision_loss, reason = "a chart needs few digits")]
fn scale(cidrs: usize) -> f64 {
    (cidrs.max(1) as f64).ln()
}

/// The number at a part of the axis.
fn number_at([first, last]: [f64; 2], at: f64) -> String {
    format!("{:.0}", (first + (last - first) * at).exp())
}

/// A price on the axis: by the logarithm of one percent and more.
fn height_of(share: f64) -> f64 {
    (share * 100.0).ln_1p()
}

fn price(share: Share) -> f64 {
    height_of(share.as_f64())
}

/// The percentage at a height.
fn percent_at(height: f64) -> String {
    let percent = height.exp_m1();
    if percent >= 1e6 {
        format!("10^{:.0} %", percent.log10())
    } else if percent >= 10.0 || percent == 0.0 {
        format!("{} %", Count::new(rounded(percent)).grouped())
    } else {
        format!("{percent:.1} %")
    }
}

/// A table; its first column gets what the numbers leave. One of these goes where there is little room.
fn draw_table(
    frame: &mut Frame<'_>,
    area: Rect,
    (title, note): (&str, &str),
    (sheet, dispensable): (&impl Sheet, usize),
    (list, has_focus): (List, bool),
    theme: &Theme,
) {
    if area.is_empty() {
        return;
    }
    let pane = Pane {
        title,
        note,
        has_focus,
    };
    let inner = draw_pane(frame, area, &pane, theme);
    let room = usize::from(inner.width);
    let is_narrow = room < NARROW;
    let numbers: Vec<usize> = (1..sheet.columns().len())
        .filter(|place| !is_narrow || *place != dispensable)
        .collect();
    let each = if is_narrow && numbers.len() > 1 {
        10
    } else {
        14
    };
    let first = GridColumn {
        place: 0,
        width: room.saturating_sub(numbers.len() * (each + 1)),
    };
    let numbers = numbers
        .into_iter()
        .map(|place| GridColumn { place, width: each });
    let columns: Vec<GridColumn> = std::iter::once(first).chain(numbers).collect();
    let grid = Grid {
        sheet,
        columns: &columns,
        list,
        selected: theme.selected_in(has_focus),
        is_marked: None,
    };
    let shown = draw_grid(frame, inner, &grid, theme);
    draw_scroll_mark(frame, area, &shown, sheet.len(), theme);
}
