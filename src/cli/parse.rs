//! A command line → arguments.
//!
//! The definition of one verb is small, that of all of them is most of what one lookup takes: only the
//! verb that is named is built, unless something is to be said about the others.

use std::ffi::OsString;

use clap::{Args as _, Command, FromArgMatches, Parser};

use crate::cli::args::{
    AnnotateArgs, Args, CompletionsArgs, ConfigArgs, DashboardArgs, DiffArgs, EndpointsArgs,
    ExplainArgs, ExportArgs, Globals, GrepArgs, GuideArgs, HistoryArgs, ImportArgs, LookupArgs,
    ManArgs, ReferenceArgs, RulesArgs, RunbookArgs, SchemaArgs, TagsArgs, TopArgs, UpdateArgs,
    WeeksArgs,
};

/// Reads a command line, the program's name first.
///
/// # Errors
/// What clap says: help and the version too.
pub fn parse(words: &[OsString]) -> Result<Args, clap::Error> {
    if let [_, only] = words
        && (only == "--version" || only == "-V")
    {
        let program = Command::new(env!("CARGO_PKG_NAME")).version(env!("CARGO_PKG_VERSION"));
        program.try_get_matches_from(words)?;
    }
    let mut named = words.iter().skip(1).filter_map(|word| word.to_str());
    // The word may be the value of an option; what is behind it is then no argument of this verb.
    let quick = named.find_map(definition).and_then(|verb| {
        let program = Command::new(env!("CARGO_PKG_NAME"));
        let program = DashboardArgs::augment_args(Globals::augment_args(program));
        let matches = program.subcommand(verb).try_get_matches_from(words).ok()?;
        Args::from_arg_matches(&matches).ok()
    });
    match quick {
        Some(args) => Ok(args),
        None => Args::try_parse_from(words),
    }
}

/// Adds the arguments of a verb.
type Define = fn(Command) -> Command;

/// What adds the arguments of each verb.
const VERBS: [(&str, Define); 23] = [
    ("lookup", LookupArgs::augment_args),
    ("annotate", AnnotateArgs::augment_args),
    ("grep", GrepArgs::augment_args),
    ("top", TopArgs::augment_args),
    ("explain", ExplainArgs::augment_args),
    ("tags", TagsArgs::augment_args),
    ("regions", std::convert::identity),
    ("info", std::convert::identity),
    ("endpoints", EndpointsArgs::augment_args),
    ("rules", RulesArgs::augment_args),
    ("export", ExportArgs::augment_args),
    ("diff", DiffArgs::augment_args),
    ("history", HistoryArgs::augment_args),
    ("weeks", WeeksArgs::augment_args),
    ("import", ImportArgs::augment_args),
    ("update", UpdateArgs::augment_args),
    ("reference", ReferenceArgs::augment_args),
    ("runbook", RunbookArgs::augment_args),
    ("config", ConfigArgs::augment_args),
    ("schema", SchemaArgs::augment_args),
    ("guide", GuideArgs::augment_args),
    ("completions", CompletionsArgs::augment_args),
    ("man", ManArgs::augment_args),
];

/// The arguments of a verb.
fn definition(verb: &str) -> Option<Command> {
    let (name, define) = VERBS.iter().find(|(name, _)| *name == verb)?;
    Some(define(Command::new(*name)))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn every_verb_is_built_alone_as_it_is_among_all() {
        for among in Args::command().get_subcommands() {
            let name = among.get_name();
            let alone = definition(name).unwrap_or_else(|| panic!("{name}"));
            let shape = |command: &Command| -> Vec<String> {
                let below = command.get_subcommands().map(|it| format!("{it:?}"));
                let own = command.get_arguments().map(|it| format!("{it:?}"));
                own.chain(below).collect()
            };
            assert_eq!(shape(&alone), shape(among), "{name}");
        }
    }

    /// Whatever the words, the answer is that of the whole definition.
    #[test]
    fn one_verb_reads_what_all_of_them_read() {
        for line in [
            "tagscope",
            "tagscope --fresh",
            "tagscope --version",
            "tagscope -V",
            "tagscope --version lookup",
            "tagscope --help",
            "tagscope help lookup",
            "tagscope lookup 1.1.1.1 --json",
            "tagscope --json lookup tags",
            "tagscope lookup -- tags --json",
            "tagscope --data-dir lookup tags --region westeurope",
            "tagscope --data-dir tags lookup 1.1.1.1",
            "tagscope --data-dir tags",
            "tagscope --theme=tags tags show Sql",
            "tagscope --fresh tags",
            "tagscope tags --fresh",
            "tagscope tags lookup",
            "tagscope tags show",
            "tagscope tags show lookup --nonsense",
            "tagscope tags --help",
            "tagscope rules",
            "tagscope rules test a.json --to lookup",
            "tagscope rules make list --tag Sql --fit 3 --tags",
            "tagscope diff --tag a,b --format nonsense",
            "tagscope lokup 1.1.1.1",
            "tagscope 1.1.1.1 lookup",
            "tagscope man lookup",
            "tagscope guide lookup",
            "tagscope completions bash",
            "tagscope weeks prune",
        ] {
            let words = words(line);
            let said = |parsed: Result<Args, clap::Error>| match parsed {
                Ok(args) => format!("{args:?}"),
                Err(error) => format!("{:?} {error}", error.kind()),
            };
            let whole = said(Args::try_parse_from(&words));
            assert_eq!(said(parse(&words)), whole, "{line}");
        }
    }
}
