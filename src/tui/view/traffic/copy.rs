//! What `y`, `Y` and `C` take from Traffic.

use crate::query::traffic::EndRow;
use crate::traffic::By;
use crate::tui::Place;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::traffic::TrafficView;

/// A name or an address; all addresses of the row; or the command line.
pub fn copy(view: &TrafficView, what: Copied, session: &Session) -> Reply {
    let text = match what {
        Copied::Cell if view.place == Place::TrafficAddresses => view.end().map(EndRow::address),
        Copied::Cell => view.row().map(|row| row.name.clone()),
        Copied::Rows => return copy_addresses(view),
        Copied::Command => command(view, session),
    };
    match text {
        Some(text) => Reply::Copy {
            what: text.clone(),
            text,
        },
        None => Reply::say("there is nothing here to copy"),
    }
}

fn copy_addresses(view: &TrafficView) -> Reply {
    let Some(row) = view.row().filter(|_| !view.ends.is_empty()) else {
        return Reply::say("there is nothing here to copy");
    };
    let lines = view.ends.iter().map(|end| end.address() + "\n");
    Reply::Copy {
        text: lines.collect(),
        what: format!("{} addresses of {}", view.ends.len(), row.name),
    }
}

/// The line with the same numbers; the filter of the rows is the screen's alone.
fn command(view: &TrafficView, session: &Session) -> Option<String> {
    let logs = view.model.logs()?;
    let limits = view.model.limits();
    let files = logs.paths.iter();
    let files = files.map(|path| path.to_string_lossy().into_owned());
    let mut words = Vec::new();
    if limits.is_nowhere {
        words.extend(["grep".to_owned(), "--nowhere".to_owned()]);
        words.extend(files);
    } else {
        words.push("top".to_owned());
        words.extend(files);
        let against = view.model.run().filter(|_| limits.is_changed);
        let by = match view.place {
            Place::TrafficAddresses => By::Address,
            _ => view.model.by(),
        };
        words.push(against.map_or_else(
            || format!("--by={}", by.word()),
            |run| format!("--against={}", run.base),
        ));
        words.extend(["-n".to_owned(), "0".to_owned()]);
    }
    if limits.is_denied {
        words.push("--action=deny".to_owned());
    }
    Some(session.command_line(&words))
}
