//! Changes held against logs: `tagscope diff --traffic` and `tagscope rules impact --traffic`.

use crate::azure::Specials;
use crate::cli::args::TouchArgs;
use crate::cli::console::{Console, note};
use crate::cli::logs::{Counting, Logs};
use crate::cli::{Context, Exit, Failure};
use crate::query::traffic::{TouchAnswer, TouchQuestion};
use crate::query::{Dataset, Sheet};
use crate::report::{Format, Md};
use crate::source::log_threads;
use crate::text::counted as said_count;
use crate::traffic::log::Roles;
use crate::traffic::{Counted, Filter, Reading, Said, Sets};

/// What changes touch.
pub struct Touched {
    /// The answer that was written.
    pub answer: TouchAnswer,
    /// How the logs were read.
    pub exit: Exit,
}

/// Reads the logs and writes which changes touch their addresses.
///
/// # Errors
/// No log was named that can be read, or the answer cannot be written.
pub fn run(
    question: &TouchQuestion,
    args: &TouchArgs,
    [base, target]: [&Dataset; 2],
    context: &Context,
    console: &mut Console,
) -> Result<Touched, Failure> {
    let reading = Reading {
        kind: args.input,
        roles: Roles::default(),
        pick: None,
        filter: Filter::default(),
        threads: log_threads(None),
    };
    let sets = Sets::new(target.view(), &Specials::embedded());
    let mut counted = Counted {
        tally: question.counter(),
        said: Said::default(),
    };
    let logs = Logs::named(&args.traffic, context)?;
    let Counting { kinds, exit } = logs.count(&mut counted, &sets, &reading, false)?;
    if !kinds.is_empty() {
        note(&format!("read as {}", kinds.join(", ")));
    }
    let mut answer = question.answer(&counted.tally, &counted.said);
    let format = context.form.format;
    let date = |week: &Dataset| week.info().said();
    let head = format!("{} → {}: {}", date(base), date(target), answer.sentence());
    match format {
        Format::Json | Format::Jsonl => console.records(&answer.record(base, target), format)?,
        Format::Csv => {
            note(&head);
            console.sheet(&answer, format, true)?;
        }
        Format::Text | Format::Markdown => {
            let echoes;
            (answer, echoes) = answer.brief();
            if format == Format::Markdown {
                let mut page = console.page();
                page.heading(2, &Md::text("Changes that touch traffic"))?;
                page.paragraph(&Md::text(&head))?;
                if !answer.is_empty() {
                    page.sheet(&answer)?;
                }
            } else {
                if console.is_terminal() {
                    console.heading(&head)?;
                } else {
                    note(&head);
                }
                if !answer.is_empty() {
                    console.sheet(&answer, format, true)?;
                }
            }
            if echoes > 0 {
                let more = said_count(echoes, "wider tag says", "wider tags say");
                note(&format!("{more} the same again; CSV and JSON have them"));
            }
        }
    }
    if answer.is_full {
        note(
            "there are too many different addresses to be told apart: their numbers are of the first \
             of them",
        );
    }
    Ok(Touched { answer, exit })
}
