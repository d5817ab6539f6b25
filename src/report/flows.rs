//! The verdicts of flows as Markdown.

use std::io::{self, Write};

use crate::query::Sheet;
use crate::query::rules::flows::FlowsAnswer;
use crate::report::{MarkdownPage, Md};
use crate::text::counted;

/// Writes the sentence, what decides, and the flows that change, do not get through or are logged
/// otherwise.
///
/// # Errors
/// The writer's.
pub fn write_flows_markdown(
    answer: &FlowsAnswer,
    most: Option<usize>,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    let title = if answer.is_against {
        "Flows under new rules"
    } else {
        "Flows"
    };
    page.heading(2, &Md::text(title))?;
    page.paragraph(&Md::text(&answer.sentence()))?;
    page.heading(3, &Md::text("What decides"))?;
    page.sheet(&answer.deciders())?;
    let title = if answer.is_against {
        "What changes"
    } else {
        "What does not get through, or is logged otherwise"
    };
    let table = answer.table(|row| answer.is_noted(row), most);
    if table.is_empty() {
        return Ok(());
    }
    let left_out = table.left_out();
    page.heading(3, &Md::text(title))?;
    page.sheet(&table.narrow())?;
    if left_out > 0 {
        let more = counted(left_out, "more flow", "more flows");
        page.paragraph(&Md::text(&format!("And {more}.")))?;
    }
    Ok(())
}
