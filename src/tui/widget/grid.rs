//! A sheet as rows on the screen; only visible cells are made.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::query::{Align, Sheet};
use crate::text::pad;
use crate::tui::Theme;
use crate::tui::widget::List;

/// A column of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridColumn {
    /// Place of the column in the sheet.
    pub place: usize,
    /// Columns of the terminal.
    pub width: usize,
}

/// What a grid shows.
pub struct Grid<'a, S> {
    /// The rows.
    pub sheet: &'a S,
    /// The columns, left to right.
    pub columns: &'a [GridColumn],
    /// The selection and the row on top.
    pub list: List,
    /// The style of the selected row.
    pub selected: Style,
    /// Whether a row is marked; `None` where nothing is.
    pub is_marked: Option<&'a dyn Fn(usize) -> bool>,
}

/// Columns of the terminal before each row where something is marked.
pub const MARK_WIDTH: usize = 2;

/// The place in the sheet of the column at `x`, counted from the left of the grid.
pub fn column_at(columns: &[GridColumn], has_marks: bool, x: u16) -> Option<usize> {
    let mut end = if has_marks { MARK_WIDTH } else { 0 };
    columns
        .iter()
        .find(|column| {
            end += column.width + 1;
            usize::from(x) < end
        })
        .map(|column| column.place)
}

/// Draws a head and the visible rows; gives the rows shown.
pub fn draw_grid(
    frame: &mut Frame<'_>,
    area: Rect,
    grid: &Grid<'_, impl Sheet>,
    theme: &Theme,
) -> std::ops::Range<usize> {
    if area.height == 0 {
        return 0..0;
    }
    let sheet = grid.sheet;
    let heads = grid.columns.iter().map(|column| {
        let head = sheet.columns().get(column.place);
        (column, head.map_or("", |head| head.title).to_owned())
    });
    let lead = match grid.is_marked {
        Some(_) => " ".repeat(MARK_WIDTH),
        None => String::new(),
    };
    let head = lead + &row_text(heads, sheet);
    let mut lines = vec![Line::from(Span::styled(head, theme.head))];
    let shown = grid.list.visible(sheet.len(), usize::from(area.height - 1));
    for row in shown.clone() {
        let cells = grid
            .columns
            .iter()
            .map(|column| (column, sheet.cell(row, column.place).listed().into_owned()));
        let lead = match grid.is_marked {
            Some(is_marked) if is_marked(row) => "● ",
            Some(_) => "  ",
            None => "",
        };
        let text = lead.to_owned() + &row_text(cells, sheet);
        let text = pad(&text, usize::from(area.width), false);
        let style = if row == grid.list.selected {
            grid.selected
        } else {
            theme.text
        };
        lines.push(Line::from(Span::styled(text, style)));
    }
    frame.render_widget(Paragraph::new(lines), area);
    shown
}

fn row_text<'a>(
    cells: impl Iterator<Item = (&'a GridColumn, String)>,
    sheet: &impl Sheet,
) -> String {
    let mut line = String::new();
    for (column, text) in cells {
        if !line.is_empty() {
            line.push(' ');
        }
        if let Some(head) = sheet.columns().get(column.place) {
            let text = head.fit(&text, column.width);
            line.push_str(&pad(&text, column.width, head.align == Align::Right));
        }
    }
    line
}
