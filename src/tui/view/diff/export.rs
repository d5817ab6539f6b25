//! What Diff gives to be written: the changed tags, in Markdown as a review.

use crate::report::{NamedWeeks, write_review};
use crate::text::Safe;
use crate::tui::overlay::ExportDialog;
use crate::tui::view::diff::DiffView;
use crate::tui::view::export::{NOTHING, REVIEW, exports, written};

/// Nothing can be written yet.
const NO_WEEKS: &str = "there is no comparison yet to write";

/// What is on screen, in a form.
pub fn bytes(view: &DiffView, form: &str) -> Result<Vec<u8>, Safe> {
    let Some(([answer, whole], [base, target])) = view.exported() else {
        return Err(Safe::new(NO_WEEKS));
    };
    if matches!(form, "md" | "markdown") {
        let mut bytes = Vec::new();
        let [from, to] = view.names();
        let named = NamedWeeks {
            base: &from,
            target: &to,
        };
        let weeks = [base, target];
        return match write_review(answer, whole, weeks, named, None, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(Safe::from(error.to_string())),
        };
    }
    let record = answer.record(base, target);
    written(&answer.sheet(base, target), &record, form)
}

/// The changes on screen.
pub fn offer(view: &DiffView) -> Result<ExportDialog, Safe> {
    let compared = view.compared().ok_or_else(|| Safe::new(NO_WEEKS))?;
    let exports = exports(&view.export_name(), &REVIEW);
    Ok(ExportDialog::new(compared.label.clone(), exports, None).without(NOTHING))
}
