//! What Endpoints gives to be written: the plan as it is, and as rules.

use crate::query::endpoints;
use crate::query::rules::make::Selection;
use crate::report::write_ticket;
use crate::text::Safe;
use crate::tui::overlay::{ExportDialog, ExportSource};
use crate::tui::session::Session;
use crate::tui::view::endpoints::{EndpointsView, NO_REGISTRY};
use crate::tui::view::export::{TICKET, exports, written};

/// The plan; in Markdown as a text for a firewall ticket.
pub fn bytes(view: &EndpointsView, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
    let (Some(answer), Some(command)) = (view.exported(session), view.command(session)) else {
        return Err(Safe::new("there is no plan yet to write"));
    };
    let dataset = Some(&session.dataset);
    let week = dataset.filter(|dataset| dataset.cloud() == answer.profile.cloud);
    if matches!(form, "md" | "markdown") {
        let mut bytes = Vec::new();
        return match write_ticket(&answer, week, &session.facts, &command, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(Safe::from(error.to_string())),
        };
    }
    let table = endpoints::EndpointsTable::new(&answer.rows);
    written(&table, &answer.record(week, false), form)
}

/// The plan as a text or a table, and rules of it.
pub fn offer(view: &EndpointsView, session: &Session) -> Result<ExportDialog, Safe> {
    let Some(plan) = view.exported(session) else {
        return Err(Safe::new(NO_REGISTRY));
    };
    let exports = exports(&view.export_name(), &TICKET);
    let title = format!("the plan of {}, {}", plan.profile.name, session.week());
    // The tags of another cloud are not in this week.
    if plan.profile.cloud != session.dataset.cloud() {
        let why = "the registry is of another cloud than the week on screen: no rules";
        return Ok(ExportDialog::new(title, exports, None).without(why));
    }
    let selection = Selection::of_plan(&plan, &session.dataset);
    let source = ExportSource::Selection(Box::new(selection));
    Ok(ExportDialog::new(title, exports, Some(source)))
}
