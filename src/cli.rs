//! The command line: arguments → question → answer → report.

mod annotate;
mod args;
mod config;
mod console;
mod context;
mod diff;
mod endpoints;
mod exit;
mod explain;
mod grep;
mod history;
mod import;
mod info;
mod log;
mod logs;
mod lookup;
mod manual;
mod names;
mod properties;
mod reference;
mod regions;
mod rules;
mod runbook;
mod tags;
mod top;
mod update;
mod weeks;

use std::ffi::OsString;
use std::time::Instant;

use clap::Parser;

pub use args::{Args, Globals, Verb};

use args::{RulesVerb, TagsVerb};
pub use context::Context;
pub use exit::{Exit, Failure};
pub use log::Log;

use console::Console;

use crate::report::Formulas;

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
    let args = match Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => return console::usage(&error).map(Action::Done),
    };
    *log = Log::start(args.globals.log_file.as_deref())?;
    let name = args.verb.as_ref().map_or("dashboard", name_of);
    tracing::info!(verb = name, "asked");
    if args.globals.quiet {
        console::be_quiet();
    }
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
        return Ok(Action::Dashboard {
            context: Box::new(context),
            is_fresh: args.fresh,
        });
    };
    if context.form.is_given && !takes_format(&verb) {
        let text = format!("{name} has one form of its own and takes no --format");
        return Err(Failure::said(text));
    }
    if args.fresh {
        let text = "--fresh is for the dashboard, which tagscope without a verb opens";
        return Err(Failure::said(text.to_owned()));
    }
    context.makes_rules = makes_rules(&verb);
    let mut console = Console::new(context.settings.color, context.form);
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
        Verb::Diff(verb) => diff::run(&verb, &context, &mut console),
        Verb::History(verb) => history::run(&verb, &context, &mut console),
        Verb::Weeks(verb) => weeks::run(&verb, &context, &mut console),
        Verb::Import(verb) => import::run(&verb, &context, &mut console),
        Verb::Update(verb) => update::run(&verb, &context, &mut console),
        Verb::Reference(verb) => reference::run(&verb, &context, &mut console),
        Verb::Runbook(verb) => runbook::run(&verb, &context, &mut console),
        Verb::Info => info::run(&context, &mut console),
        Verb::Config(verb) => config::run(&verb, &context, &mut console),
        Verb::Completions(verb) => manual::completions(&verb, &mut console),
        Verb::Man => manual::man(&mut console),
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
        Verb::Endpoints(_) => true,
        Verb::Diff(args) => args.target.is_none(),
        Verb::Tags(args) => matches!(args.verb, Some(TagsVerb::Prefixes(_))),
        Verb::Rules(args) => matches!(
            args.verb,
            RulesVerb::Make(_) | RulesVerb::Fit(_) | RulesVerb::Impact(_)
        ),
        _ => false,
    }
}

/// Whether a verb's answer can be written in several forms.
const fn takes_format(verb: &Verb) -> bool {
    !matches!(
        verb,
        Verb::Annotate(_) | Verb::Grep(_) | Verb::Config(_) | Verb::Completions(_) | Verb::Man
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
        Verb::Diff(_) => "diff",
        Verb::History(_) => "history",
        Verb::Weeks(_) => "weeks",
        Verb::Import(_) => "import",
        Verb::Update(_) => "update",
        Verb::Reference(_) => "reference",
        Verb::Runbook(_) => "runbook",
        Verb::Info => "info",
        Verb::Config(_) => "config",
        Verb::Completions(_) => "completions",
        Verb::Man => "man",
    }
}
