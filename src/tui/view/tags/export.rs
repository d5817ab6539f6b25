//! What Tags gives to be written as it is, as rules, and to be fitted into few CIDRs.

use crate::query::rules::make::Selection;
use crate::query::rules::remote_end::named;
use crate::text::Safe;
use crate::tui::component::Scope;
use crate::tui::overlay::{ExportDialog, ExportSource, Fit};
use crate::tui::session::Session;
use crate::tui::view::export::{TABLE, exports, written};
use crate::tui::view::tags::{TagsView, names_of};

/// The tag whose prefixes have the keys, else the list.
pub fn bytes(view: &TagsView, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
    let dataset = &session.dataset;
    if let Some(tag) = view.exported_tag() {
        return written(&tag.sheet(dataset), &tag.record(dataset), form);
    }
    let list = view.exported_list();
    written(&list.sheet(dataset), &list.record(dataset), form)
}

/// The view, and rules of the tags.
pub fn offer(view: &TagsView, scope: Scope, session: &Session) -> ExportDialog {
    let exports = exports(&view.export_name(session), &TABLE);
    let (tags, scope, note) = view.scoped(scope, session);
    if tags.is_empty() {
        let dialog = ExportDialog::new("no tag is selected".to_owned(), exports, None);
        return dialog.without("without a tag there are no rules to make");
    }
    let selection = Selection::of_tags(&session.dataset, &tags);
    let names = names_of(&tags, session);
    let names = named(names.iter().map(String::as_str));
    let title = format!("{names}, {}", session.week());
    let source = ExportSource::Selection(Box::new(selection));
    ExportDialog::new(title, exports, Some(source)).scoped(scope, note)
}

/// The covers of the tags.
pub fn fit(view: &TagsView, scope: Scope, session: &Session) -> Result<Fit, Safe> {
    let (tags, scope, note) = view.scoped(scope, session);
    let mut fit = Fit::of_tags(&names_of(&tags, session), session)?;
    fit.set_scope(scope, note);
    Ok(fit)
}
