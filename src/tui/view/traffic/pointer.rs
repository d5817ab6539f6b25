//! The mouse over Traffic.

use ratatui::layout::{Position, Rect};

use crate::tui::component::Cx;
use crate::tui::layout::inside;
use crate::tui::view::traffic::areas::areas;
use crate::tui::view::traffic::model::BYS;
use crate::tui::view::traffic::{TrafficView, ends, rows};
use crate::tui::widget::List;
use crate::tui::{Mouse, MouseKind, Place};

/// Rows that one step of the wheel moves.
const WHEEL: usize = 3;

/// The wheel moves the list under it; a press selects, and opens what is selected already.
pub fn point(view: &mut TrafficView, mouse: Mouse, cx: &mut Cx<'_>) {
    let areas = areas(view, cx.body);
    let at = Position::new(mouse.column, mouse.row);
    let panes = [
        (Place::CountBy, areas.by),
        (Place::TrafficRows, areas.rows),
        (Place::TrafficAddresses, areas.ends),
    ];
    let Some((place, pane)) = panes.into_iter().find(|(_, pane)| pane.contains(at)) else {
        return;
    };
    if mouse.kind == MouseKind::Press {
        return press(view, (place, pane), at, cx);
    }
    let before = std::mem::replace(&mut view.place, place);
    for command in std::iter::repeat_n(mouse.wheel(), WHEEL).flatten() {
        view.scroll(command, cx);
    }
    view.place = before;
}

fn press(view: &mut TrafficView, (place, pane): (Place, Rect), at: Position, cx: &mut Cx<'_>) {
    // What is on screen now: the keys may change where things are.
    let had_keys = view.place == place;
    let (list, body, count) = match place {
        Place::CountBy => (view.by_list, inside(pane), BYS.len()),
        Place::TrafficAddresses => (
            view.end_list,
            ends::list_area(pane, view, cx.session),
            view.ends.len(),
        ),
        _ => (
            view.row_list,
            rows::list_area(pane, view),
            view.model.rows().len(),
        ),
    };
    view.place = place;
    if !body.contains(at) {
        return;
    }
    let row = list.offset + usize::from(at.y - body.y);
    if row >= count {
        return;
    }
    let chosen = List {
        selected: row,
        ..list
    };
    match place {
        Place::CountBy => {
            view.by_list = chosen;
            view.count_by_selected(cx);
        }
        Place::TrafficAddresses => view.end_list = chosen,
        _ => {
            view.row_list = chosen;
            view.list_ends();
        }
    }
    if row == list.selected && had_keys {
        view.open(cx);
    }
}
