//! How Lookup looks: the input, and the answer or what to type.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::text::cut_end;
use crate::tui::component::Look;
use crate::tui::layout::{inside, top};
use crate::tui::view::lookup::LookupView;
use crate::tui::view::lookup::list::QueryList;
use crate::tui::view::lookup::state::LookupState;
use crate::tui::widget::{Pane, draw_input, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// Rows inside of the answer's pane.
pub fn rows_of(area: Rect) -> usize {
    let (_, rest) = top(area, 1);
    usize::from(inside(rest).height)
}

/// Draws both.
pub fn draw(view: &LookupView, frame: &mut Frame<'_>, look: &Look<'_>) {
    let (area, session, theme) = (look.body, look.session, look.theme);
    let (line, rest) = top(area, 1);
    let hint = "addresses, CIDRs, a range a-b, a host, a tag, A in TAG";
    let pasted = view.pasted_list.as_deref().map(QueryList::name_of);
    let hint = pasted.as_deref().unwrap_or(hint);
    let is_typing = view.place == Place::QueryInput;
    draw_input(
        frame,
        line,
        (" look up: ", hint),
        &view.input,
        is_typing,
        theme,
    );
    let rest = view.about.draw(frame, rest, view.rows(), session, theme);
    let title = view.state.title(usize::from(rest.width.saturating_sub(4)));
    let title = match &view.explained {
        Some(explained) if view.lines.is_empty() => explained.headline(),
        _ => title,
    };
    let info = session.dataset.info();
    let note = info
        .date
        .map_or(String::new(), |_| format!("as of {}", info.marked()));
    let pane = Pane {
        title: &title,
        note: &note,
        has_focus: !is_typing,
    };
    let body = draw_pane(frame, rest, &pane, theme);
    if view.rows() == 0 {
        draw_hint(view, frame, body, theme);
        return;
    }
    let selected = theme.selected_in(!is_typing);
    if let Some(list) = view.table() {
        let shown = list.draw(view.list, frame, body, session, (theme, selected));
        draw_scroll_mark(frame, rest, &shown, view.rows(), theme);
        return;
    }
    let shown = view.list.visible(view.rows(), usize::from(body.height));
    draw_scroll_mark(frame, rest, &shown, view.rows(), theme);
    let room = usize::from(body.width);
    let drawn: Vec<Line<'_>> = shown
        .filter_map(|row| {
            let is_selected = row == view.list.selected;
            let style = is_selected.then_some(selected);
            let Some(line) = view.line(row) else {
                let explained = view.explained.as_ref()?;
                let Some(row) = row.checked_sub(view.explained_from()) else {
                    return Some(Line::default());
                };
                return explained.draw(row, room, theme, style);
            };
            let style = style.filter(|_| line.tag().is_some() || view.explained.is_some());
            Some(line.draw(room, (session, &view.since), theme, style))
        })
        .collect();
    frame.render_widget(Paragraph::new(drawn), body);
}

fn draw_hint(view: &LookupView, frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    let (style, texts) = match &view.state {
        LookupState::Empty
        | LookupState::Found(_)
        | LookupState::Within(_)
        | LookupState::Named(_)
        | LookupState::Several(_) => (
            theme.muted,
            vec![
                "type or paste; the answer follows every key. For example:".to_owned(),
                "  20.38.116.38          which tags hold an address".to_owned(),
                "  20.38.0.0/16          what covers a block, what lies inside, how much"
                    .to_owned(),
                "  20.38.0.9-20.38.2.1   the same for a range".to_owned(),
                "  contoso.azurecr.io    a host: Enter asks the network for its addresses"
                    .to_owned(),
                "  20.38.116.38 in Storage.WestEurope   yes or no, and by which prefix".to_owned(),
                "  Storage.West Europe   a tag, in any spelling".to_owned(),
                "several addresses, or a pasted list or log, are a table".to_owned(),
            ],
        ),
        LookupState::Unread(error) => (theme.muted, vec![error.to_string()]),
        LookupState::Waiting(query) => {
            let notes = query.notes.iter().map(ToString::to_string);
            let ask = "a host name: Enter asks the network for its addresses".to_owned();
            (theme.text, notes.chain(std::iter::once(ask)).collect())
        }
        LookupState::Asking(_) => (theme.text, vec!["asking the network …".to_owned()]),
        LookupState::Failed(reason) => (
            theme.bad,
            vec![reason.to_string(), "Enter asks again".to_owned()],
        ),
    };
    let room = usize::from(area.width);
    let lines: Vec<Line<'_>> = texts
        .into_iter()
        .map(|text| Line::from(Span::styled(cut_end(&text, room).into_owned(), style)))
        .collect();
    frame.render_widget(Paragraph::new(lines), area);
}
