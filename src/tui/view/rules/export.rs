//! What Rules gives to be written: what the weeks do to the rules, the patch, the selected rows as
//! rules for a target; and what is fitted into few CIDRs.

use crate::query::rules::show;
use crate::report::{write_impact, write_patch};
use crate::rules::RuleSetKind;
use crate::text::Safe;
use crate::tui::overlay::{ExportDialog, ExportSource, Fit};
use crate::tui::session::Session;
use crate::tui::view::export::{TICKET, exports, written};
use crate::tui::view::rules::{NO_RULES, RulesView};

/// A patch, of which one form fits.
const PATCH: [(&str, &str); 2] = [
    ("sh", "the patch as commands"),
    ("list", "the list with the patch applied"),
];

/// What the weeks do to the rules, the rules themselves where that is not known; by the endings
/// `.sh` and `.list` the patch.
pub fn bytes(view: &RulesView, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
    let Some(exported) = view.exported() else {
        return Err(Safe::new(NO_RULES));
    };
    let files = exported.files;
    let is_patch = matches!(form, "sh" | "list");
    let Some(run) = exported.run else {
        if is_patch {
            let text = "what the weeks do to the rules is not known: there is no patch";
            return Err(Safe::new(text));
        }
        let record = show::record(files, &session.dataset);
        return written(&show::RulesTable::new(files), &record, form);
    };
    let weeks = [&run.base, &run.target];
    let mut bytes = Vec::new();
    let done = match form {
        "md" | "markdown" => write_impact(&run.answer, files, weeks, true, None, &mut bytes),
        _ if is_patch => {
            let is_lone =
                matches!(run.answer.sets.as_slice(), [set] if set.kind == RuleSetKind::List);
            if is_lone != (form == "list") {
                return Err(Safe::new(if is_lone {
                    "a single list is written anew: its name ends with .list"
                } else {
                    "only a single list is written as .list; a patch is written as .sh"
                }));
            }
            write_patch(&run.answer, files, &exported.texts, weeks, &mut bytes)
        }
        _ => {
            let record = run.answer.record(files, &run.base, &run.target);
            return written(&run.answer.table(true), &record, form);
        }
    };
    done.map(|()| bytes)
        .map_err(|error| Safe::from(error.to_string()))
}

/// The view as a text or a table, the patch, and the selected rows as rules.
pub fn offer(view: &RulesView, session: &Session) -> Result<ExportDialog, Safe> {
    if !view.has_rules() {
        return Err(Safe::new(NO_RULES));
    }
    let patch = view.patch_form();
    let patch = PATCH.into_iter().filter(|(form, _)| Some(*form) == patch);
    let forms: Vec<_> = TICKET.into_iter().chain(patch).collect();
    let exports = exports(view.export_name(), &forms);
    let Some((title, selection)) = view.written_rows(session) else {
        let dialog = ExportDialog::new("no rule is selected".to_owned(), exports, None);
        return Ok(dialog.without("without a rule there is nothing to make"));
    };
    let title = format!("{title}, {}", session.week());
    let source = ExportSource::Selection(Box::new(selection));
    Ok(ExportDialog::new(title, exports, Some(source)))
}

/// The covers of the selected rows.
pub fn fit(view: &RulesView, session: &Session) -> Result<Fit, Safe> {
    if !view.has_rules() {
        return Err(Safe::new(NO_RULES));
    }
    let (question, words, rows) = view.fitted(session).map_err(Safe::from)?;
    let mut fit = Fit::new(&question, words, session)?;
    fit.set_rows(rows);
    Ok(fit)
}
