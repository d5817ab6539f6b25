//! The command line: arguments → question → answer → report.

mod annotate;
mod args;
mod complete;
mod config;
mod console;
mod context;
mod diff;
mod endpoints;
mod exit;
mod explain;
mod export;
mod grep;
mod guide;
mod history;
mod import;
mod info;
mod log;
mod logs;
mod lookup;
mod manual;
mod names;
mod pager;
mod parse;
mod properties;
mod reference;
mod regions;
mod rules;
mod runbook;
mod schema;
mod tags;
mod top;
mod touched;
mod update;
mod weeks;

use std::ffi::OsString;
use std::time::Instant;

pub use args::{Args, Globals, Verb};

use args::{FormatArgs, RulesVerb, TagsVerb};
pub use context::Context;
pub use exit::{Exit, Failure};
pub use log::Log;

pub use console::is_colorless;

use console::Console;
use pager::Paging;

use crate::report::Formulas;
use crate::settings::ColorChoice;

/// Says on standard error why a run failed.
pub fn report(failure: &Failure) {
    console::say(&failure.sentence());
}

/// Says on standard error what a run that has not failed must not keep to itself.
pub fn warn(text: &str) {
    console::say(&format!("tagscope: {text}"));
}

/// What the arguments ask for.
pub enum Action {
    /// The verb has run; end with this.
    Done(Exit),
    /// No verb: open the dashboard.
    Dashboard {
        /// What it needs.
        context: Box<Context>,
        /// Whether it starts without what was kept of the last one.
        is_fresh: bool,
    },
}

/// Runs a verb; without one, hands back what the dashboard needs. `log` begins where one is wanted.
///
/// # Errors
/// [`Failure`] with its exit code.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    log: &mut Log,
) -> Result<Action, Failure> {
    let words: Vec<OsString> = arguments.into_iter().collect();
    if let Some(shell) = complete::asking_shell() {
        let mut console = Console::new(
            ColorChoice::Never,
            FormatArgs::default().form(),
            Paging::Never,
        );
        complete::answer(&shell, words, &mut console)?;
        console.finish()?;
        return Ok(Action::Done(Exit::Done));
    }
    let args = match parse::parse(&words) {
        Ok(args) => args,
        Err(error) => return console::usage(&error).map(Action::Done),
    };
    *log = Log::start(args.globals.log_file.as_deref())?;
    let name = args.verb.as_ref().map_or("dashboard", name_of);
    tracing::info!(verb = name, "asked");
    if args.globals.quiet {
        console::be_quiet();
    }
    let paging = args.globals.paging.unwrap_or_default();
    let mut context = Context::new(args.globals)?;
    let takes_every_cloud = matches!(args.verb, Some(Verb::Update(_) | Verb::Weeks(_)));
    if context.wants_every_cloud && !takes_every_cloud {
        let text =
            "--cloud all is for update and weeks; name one cloud: public, usgov, china, germany";
        return Err(Failure::said(text.to_owned()));
    }
    let Some(verb) = args.verb else {
        if context.form.formulas == Formulas::Quoted || context.form.is_given {
            let text = "--csv-safe is for verbs, as --format is; the dashboard takes none";
            return Err(Failure::said(text.to_owned()));
        }
        context.read_ranges()?;
        return Ok(Action::Dashboard {
            context: Box::new(context),
            is_fresh: args.dashboard.fresh,
        });
    };
    if context.form.is_given && !takes_format(&verb) {
        let text = format!("{name} has one form of its own and takes no --format");
        return Err(Failure::said(text));
    }
    if args.dashboard.fresh {
        let text = "--fresh is for the dashboard, which tagscope without a verb opens";
        return Err(Failure::said(text.to_owned()));
    }
    context.makes_rules = makes_rules(&verb);
    if takes_ranges(&verb) {
        context.read_ranges()?;
    } else if context.names_ranges() {
        let text = "--also is for lookup, annotate, grep, top and the dashboard";
        return Err(Failure::said(text.to_owned()));
    }
    let mut console = Console::new(context.settings.color, context.form, paging);
    let begun = Instant::now();
    let done = match verb {
        Verb::Lookup(verb) => lookup::run(&verb, &context, &mut console),
        Verb::Explain(verb) => explain::run(&verb, &context, &mut console),
        Verb::Tags(verb) => tags::run(&verb, &context, &mut console),
        Verb::Regions => regions::run(&context, &mut console),
        Verb::Endpoints(verb) => endpoints::run(&verb, &context, &mut console),
        Verb::Rules(verb) => rules::run(&verb, &context, &mut console),
        Verb::Annotate(verb) => annotate::run(&verb, &context, &mut console),
        Verb::Grep(verb) => grep::run(&verb, &context, &mut console),
        Verb::Top(verb) => top::run(&verb, &context, &mut console),
        Verb::Export(verb) => export::run(&verb, &context, &mut console),
        Verb::Diff(verb) => diff::run(&verb, &context, &mut console),
        Verb::History(verb) => history::run(&verb, &context, &mut console),
        Verb::Weeks(verb) => weeks::run(&verb, &context, &mut console),
        Verb::Import(verb) => import::run(&verb, &context, &mut console),
        Verb::Update(verb) => update::run(&verb, &context, &mut console),
        Verb::Reference(verb) => reference::run(&verb, &context, &mut console),
        Verb::Runbook(verb) => runbook::run(&verb, &context, &mut console),
        Verb::Schema(verb) => schema::run(&verb, &context, &mut console),
        Verb::Info => info::run(&context, &mut console),
        Verb::Config(verb) => config::run(&verb, &context, &mut console),
        Verb::Guide(verb) => guide::run(&verb, &mut console),
        Verb::Completions(verb) => manual::completions(&verb, &mut console),
        Verb::Man(verb) => manual::man(&verb, &mut console),
    };
    let flushed = console.finish();
    let code = done
        .as_ref()
        .map_or_else(|failure| failure.exit, |exit| *exit)
        .code();
    tracing::info!(verb = name, ms = begun.elapsed().as_millis(), code, "done");
    match (done, flushed) {
        (Err(failure), _) if failure.is_broken_pipe() => Ok(Action::Done(Exit::Done)),
        (Err(failure), _) | (Ok(_), Err(failure)) => Err(failure),
        (Ok(exit), Ok(())) => Ok(Action::Done(exit)),
    }
}

/// Whether what a verb prints may end up in rules.
const fn makes_rules(verb: &Verb) -> bool {
    match verb {
        Verb::Endpoints(_) | Verb::Export(_) => true,
        Verb::Diff(args) => args.target.is_none(),
        Verb::Tags(args) => matches!(args.verb, Some(TagsVerb::Prefixes(_))),
        Verb::Rules(args) => matches!(
            args.verb,
            RulesVerb::Make(_) | RulesVerb::Fit(_) | RulesVerb::Impact(_)
        ),
        _ => false,
    }
}

/// Whether ranges of others stand in a verb's answer.
const fn takes_ranges(verb: &Verb) -> bool {
    matches!(
        verb,
        Verb::Lookup(_) | Verb::Annotate(_) | Verb::Grep(_) | Verb::Top(_)
    )
}

/// Whether a verb's answer can be written in several forms.
const fn takes_format(verb: &Verb) -> bool {
    !matches!(
        verb,
        Verb::Annotate(_)
            | Verb::Grep(_)
            | Verb::Config(_)
            | Verb::Guide(_)
            | Verb::Completions(_)
            | Verb::Man(_)
    )
}

/// A verb's name for the log, without anything that was given to it.
const fn name_of(verb: &Verb) -> &'static str {
    match verb {
        Verb::Lookup(_) => "lookup",
        Verb::Explain(_) => "explain",
        Verb::Tags(_) => "tags",
        Verb::Regions => "regions",
        Verb::Endpoints(_) => "endpoints",
        Verb::Rules(_) => "rules",
        Verb::Annotate(_) => "annotate",
        Verb::Grep(_) => "grep",
        Verb::Top(_) => "top",
        Verb::Export(_) => "export",
        Verb::Diff(_) => "diff",
        Verb::History(_) => "history",
        Verb::Weeks(_) => "weeks",
        Verb::Import(_) => "import",
        Verb::Update(_) => "update",
        Verb::Reference(_) => "reference",
        Verb::Runbook(_) => "runbook",
        Verb::Schema(_) => "schema",
        Verb::Guide(_) => "guide",
        Verb::Info => "info",
        Verb::Config(_) => "config",
        Verb::Completions(_) => "completions",
        Verb::Man(_) => "man",
    }
}
