//! The only place that writes to standard output and standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::pager::{Output, Paging};
use crate::cli::{Exit, Failure};
use crate::query::endpoints::Level;
use crate::query::lines::Lines;
use crate::query::rules::{check, fit, impact};
use crate::query::{Sheet, explain};
use crate::report::{
    Form, Format, MarkdownPage, TableStyle, bold, write_csv, write_explained, write_findings,
    write_fit, write_impact_text, write_json, write_json_line, write_markdown, write_table,
    write_tabs,
};
use crate::settings::ColorChoice;
use crate::store::Holder;
use crate::text::{clean, quote};

/// Prose is not laid out wider than this: long lines are hard to read.
const WIDEST: usize = 100;

/// Buffered standard output, and sentences on standard error.
pub struct Console {
    out: BufWriter<Output>,
    is_terminal: bool,
    has_color: bool,
    width: Option<usize>,
    form: Form,
}

impl Console {
    /// Takes standard output for the rest of the run.
    #[must_use]
    pub fn new(color: ColorChoice, form: Form, paging: Paging) -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let width = is_terminal
            .then(crossterm::terminal::size)
            .and_then(Result::ok);
        Self {
            form,
            out: BufWriter::with_capacity(1 << 16, Output::open(paging)),
            is_terminal,
            has_color: match color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => is_terminal && !is_colorless(),
            },
            width: width
                .map(|(columns, _)| usize::from(columns))
                .filter(|&columns| columns > 0),
        }
    }

    /// Whether a person reads along.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Columns of the terminal that standard output is, if it is one.
    #[must_use]
    pub const fn width(&self) -> Option<usize> {
        self.width
    }

    /// Columns for prose.
    #[must_use]
    pub fn reading_width(&self) -> usize {
        self.width.unwrap_or(WIDEST).min(WIDEST)
    }

    /// A page of Markdown on the buffered output.
    pub fn page(&mut self) -> MarkdownPage<'_, impl Write> {
        MarkdownPage::new(&mut self.out)
    }

    /// The same below a page that has been written.
    pub fn page_below(&mut self) -> MarkdownPage<'_, impl Write> {
        MarkdownPage::below(&mut self.out)
    }

    /// The buffered output.
    pub fn out(&mut self) -> &mut impl Write {
        &mut self.out
    }

    /// Writes a line to standard output, cleaned.
    ///
    /// # Errors
    /// The writer's.
    pub fn line(&mut self, text: &str) -> Result<(), Failure> {
        writeln!(self.out, "{}", clean(text))?;
        Ok(())
    }

    /// Writes a heading: bold where colours are on.
    ///
    /// # Errors
    /// The writer's.
    pub fn heading(&mut self, text: &str) -> Result<(), Failure> {
        let (on, off) = bold(self.has_color);
        writeln!(self.out, "{on}{}{off}", clean(text))?;
        Ok(())
    }

    /// Writes a table as the format says; JSON goes through [`Console::json`].
    ///
    /// # Errors
    /// The writer's.
    pub fn sheet(
        &mut self,
        sheet: &impl Sheet,
        format: Format,
        has_head: bool,
    ) -> Result<(), Failure> {
        match format {
            Format::Csv => write_csv(sheet, has_head, self.form.formulas, &mut self.out)?,
            Format::Markdown => write_markdown(sheet, has_head, &mut self.out)?,
            _ if self.is_terminal => self.columns(sheet, &[])?,
            _ => write_tabs(
                sheet,
                self.form.has_tab_head,
                self.form.formulas,
                &mut self.out,
            )?,
        }
        Ok(())
    }

    /// Writes aligned columns, some of them left out.
    ///
    /// # Errors
    /// The writer's.
    pub fn columns(&mut self, sheet: &impl Sheet, hidden: &'static [usize]) -> Result<(), Failure> {
        let style = TableStyle {
            width: self.width,
            has_color: self.has_color,
            hidden,
        };
        write_table(sheet, style, &mut self.out)?;
        Ok(())
    }

    /// Writes an explanation for people.
    ///
    /// # Errors
    /// The writer's.
    pub fn explained(&mut self, answer: &explain::ExplainAnswer) -> Result<(), Failure> {
        write_explained(answer, self.width, self.has_color, &mut self.out)?;
        Ok(())
    }

    /// Writes findings about rules for people.
    ///
    /// # Errors
    /// The writer's.
    pub fn findings(&mut self, answer: &check::CheckAnswer, level: Level) -> Result<(), Failure> {
        write_findings(answer, level, self.width, self.has_color, &mut self.out)?;
        Ok(())
    }

    /// Writes what a publication does to rules, for people.
    ///
    /// # Errors
    /// The writer's.
    pub fn impact_text(
        &mut self,
        answer: &impact::ImpactAnswer,
        has_all: bool,
    ) -> Result<(), Failure> {
        write_impact_text(answer, has_all, self.width, self.has_color, &mut self.out)?;
        Ok(())
    }

    /// Writes a cover by few CIDRs for people.
    ///
    /// # Errors
    /// The writer's.
    pub fn fit(
        &mut self,
        answer: &fit::FitAnswer,
        cover: &fit::Cover,
        owners: &fit::Owners,
    ) -> Result<(), Failure> {
        let style = TableStyle {
            width: self.width,
            has_color: self.has_color,
            hidden: &[],
        };
        write_fit(answer, cover, owners, style, &mut self.out)?;
        Ok(())
    }

    /// Writes a document, indented or on one line.
    ///
    /// # Errors
    /// The writer's.
    pub fn json(&mut self, value: &impl serde::Serialize, format: Format) -> Result<(), Failure> {
        match format {
            Format::Jsonl => write_json_line(value, &mut self.out)?,
            _ => write_json(value, &mut self.out)?,
        }
        Ok(())
    }

    /// Writes a document, or its records one a line.
    ///
    /// # Errors
    /// The writer's.
    pub fn records(
        &mut self,
        document: &(impl serde::Serialize + Lines),
        format: Format,
    ) -> Result<(), Failure> {
        if format != Format::Jsonl {
            return self.json(document, format);
        }
        for line in document.lines(self.form.is_slim) {
            write_json_line(&line, &mut self.out)?;
        }
        Ok(())
    }

    /// Hands buffered output on, so that a reader of a stream need not wait.
    ///
    /// # Errors
    /// The writer's.
    pub fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }

    /// Writes what is left; a reader that has gone away is no error.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(mut self) -> Result<(), Failure> {
        let flushed = self.out.flush();
        self.out.get_mut().close();
        match flushed {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => Ok(flushed?),
        }
    }
}

/// Whether nothing is said at all: a shell asks for completions.
static IS_SILENT: AtomicBool = AtomicBool::new(false);

/// Says nothing from now on.
pub fn be_silent() {
    IS_SILENT.store(true, Ordering::Relaxed);
}

/// Whether the terminal has no colours, or its user wants none.
#[must_use]
pub fn is_colorless() -> bool {
    let is_wanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_wanted || std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

/// Writes a sentence to standard error, cleaned; a closed standard error is no error.
pub fn say(text: &str) {
    tracing::info!(text, "said");
    if IS_SILENT.load(Ordering::Relaxed) {
        return;
    }
    let _ = writeln!(io::stderr(), "{}", clean(text));
}

/// Whether notes are left out: `--quiet`.
static IS_QUIET: AtomicBool = AtomicBool::new(false);

/// Leaves notes out from now on; failures are said nevertheless.
pub fn be_quiet() {
    IS_QUIET.store(true, Ordering::Relaxed);
}

/// Whether notes are left out.
pub fn is_quiet() -> bool {
    IS_QUIET.load(Ordering::Relaxed)
}

/// Says how something was taken, which is no failure.
pub fn note(text: &str) {
    if !is_quiet() {
        say(&format!("tagscope: {text}"));
    }
}

/// Says on a terminal for whom this program waits.
pub fn waiting(holder: Holder) {
    if io::stderr().is_terminal() {
        say(&format!("tagscope: waiting for {holder}"));
    }
}

/// Writes over the line of standard error that was written last, cleaned and cut to the terminal's
/// width: what has gone on in the next row could not be written over.
pub fn overwrite(text: &str) {
    let width = crossterm::terminal::size().map_or(80, |(columns, _)| usize::from(columns));
    let text = clean(text);
    let text = crate::text::cut_end(&text, width.saturating_sub(1).clamp(1, 100));
    // Back to the first column, and what was there is erased.
    let _ = write!(io::stderr(), "\r\x1b[K{text}");
}

/// What to do with a word that is no verb, but may be an address, a host or a tag.
fn lookup_hint(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    // Verbs have none of these.
    let is_other = |c: char| c.is_ascii_digit() || c.is_uppercase() || ".:/*".contains(c);
    if !word.contains(is_other) {
        return None;
    }
    let quoted = quote(word);
    Some(format!(
        "tagscope: \"{word}\" is no verb: tagscope lookup {quoted} answers an address, a CIDR, a host or a tag"
    ))
}

/// Prints what clap says: help and version to standard output, mistakes to standard error.
pub fn usage(error: &clap::Error) -> Result<Exit, Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match error.print() {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                printed => printed?,
            }
            Ok(Exit::Done)
        }
        _ => {
            if let Some(hint) = lookup_hint(error) {
                say(&hint);
                return Ok(Exit::Failed);
            }
            // clap repeats an argument as typed, and an argument may hold escape sequences.
            for line in error.render().to_string().lines() {
                say(line);
            }
            Ok(Exit::Failed)
        }
    }
}
