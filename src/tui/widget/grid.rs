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

/// Draws a head and the visible rows; gives the rows shown.
pub fn draw_grid(
    frame: &mut Frame<'_>,
    area: Rect,
    sheet: &impl Sheet,
    columns: &[GridColumn],
    list: List,
    selected: Style,
    theme: &Theme,
) -> std::ops::Range<usize> {
    if area.height == 0 {
        return 0..0;
    }
    let heads = columns.iter().map(|column| {
        let head = sheet.columns().get(column.place);
        (column, head.map_or("", |head| head.title).to_owned())
    });
    let mut lines = vec![Line::from(Span::styled(row_text(heads, sheet), theme.head))];
    let shown = list.visible(sheet.len(), usize::from(area.height - 1));
    for row in shown.clone() {
        let cells = columns
            .iter()
            .map(|column| (column, sheet.cell(row, column.place).shown().into_owned()));
        let text = pad(&row_text(cells, sheet), usize::from(area.width), false);
        let style = if row == list.selected {
            selected
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
