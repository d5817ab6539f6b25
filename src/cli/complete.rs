//! Completion in a shell: verbs and flags from the definition of the arguments, values from the data at
//! hand.

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};
use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::env::{EnvCompleter, Shells};

use crate::azure::registry::{Client, Sku};
use crate::azure::{Cloud, Facts, Feature};
use crate::cli::args::{Args, Globals, PROTOCOLS, WAYS, WHEN};
use crate::cli::console::{self, Console};
use crate::cli::{Context, Failure};
use crate::query::guide::PAGES;
use crate::query::reference::Reference;
use crate::query::rules::check::catalogue;
use crate::query::rules::make::Hop;
use crate::query::rules::verdict::Trusted;
use crate::query::runbook::Tier;
use crate::query::tags::{Sort, base_name};
use crate::query::{Dataset, regions};
use crate::settings::THEMES;
use crate::source;
use crate::traffic::log::LogKind;
use crate::traffic::{Action, By};

/// The variable by which a shell asks: its name, in the script that it was given.
const ASKED_BY: &str = "TAGSCOPE_COMPLETE";

const PROGRAM: &str = "tagscope";

/// Writes the script that makes a shell ask this program at each Tab.
///
/// # Errors
/// The writer's; a shell that is not served.
pub fn script(shell: &str, console: &mut Console) -> Result<(), Failure> {
    let script = adapter(shell)?;
    script.write_registration(ASKED_BY, PROGRAM, PROGRAM, PROGRAM, console.out())?;
    Ok(())
}

/// The shell that asks for completions in this run.
#[must_use]
pub fn asking_shell() -> Option<String> {
    let shell = env::var(ASKED_BY).ok()?;
    (!shell.is_empty()).then_some(shell)
}

/// Answers a shell: `tagscope -- WORD…` with the line as it is typed.
///
/// # Errors
/// The writer's; a shell that is not served.
pub fn answer(
    shell: &str,
    arguments: impl IntoIterator<Item = OsString>,
    console: &mut Console,
) -> Result<(), Failure> {
    // What is said would stand in the middle of the line.
    console::be_silent();
    let is_end = |word: &OsString| word != "--";
    let words: Vec<OsString> = arguments.into_iter().skip_while(is_end).skip(1).collect();
    let mut command = command(&words);
    let folder = env::current_dir().ok();
    let adapter = adapter(shell)?;
    adapter.write_complete(&mut command, words, folder.as_deref(), console.out())?;
    Ok(())
}

fn adapter(shell: &str) -> Result<&'static dyn EnvCompleter, Failure> {
    const SHELLS: Shells<'static> = Shells::builtins();
    let unknown = || {
        let shells: Vec<&str> = SHELLS.names().collect();
        Failure::said(format!("shells are {}", shells.join(", ")))
    };
    let found = SHELLS.0.iter().copied().find(|adapter| adapter.is(shell));
    found.ok_or_else(unknown)
}

/// The definition of the arguments, with the values that each may have.
fn command(words: &[OsString]) -> Command {
    // The last word is the one that is being typed.
    let whole = words.split_last().map_or(words, |(_, whole)| whole);
    let line = Arc::new(Line {
        words: whole.to_vec(),
    });
    let mut command = with_values(Args::command(), &line);
    command.build();
    command
}

fn with_values(command: Command, line: &Arc<Line>) -> Command {
    command
        .mut_args(|arg| match Values::of(&arg) {
            None => arg,
            Some(values) => arg.add(ArgValueCompleter::new(Completer {
                values,
                line: Arc::clone(line),
            })),
        })
        .mut_subcommands(|below| with_values(below, line))
}

/// What the values of an option are, by the name that its usage gives them.
#[derive(Clone, Copy)]
enum Values {
    Tags,
    Regions,
    Services,
    /// Words that mean a week, and dates.
    Weeks,
    /// The same, or the path of a document.
    WeeksAndPaths,
    TagsAndPaths,
    Dates,
    Topics,
    Verbs,
    /// Words, each with what it is.
    Words(fn() -> Vec<(&'static str, &'static str)>),
}

impl Values {
    fn of(arg: &Arg) -> Option<Self> {
        let name = arg.get_value_names()?.first()?.as_str();
        Some(match name {
            "TAG" | "PATTERN" | "[ROW=]TAG" | "TAG|ADDRESS|CIDR" | "SOURCE" | "DESTINATION" => {
                Self::Tags
            }
            "TAGS|FILE" => Self::TagsAndPaths,
            "REGION" => Self::Regions,
            "SERVICE" => Self::Services,
            "WEEK" => Self::Weeks,
            "BASE" | "TARGET" | "FILE|WEEK" => Self::WeeksAndPaths,
            "DATE" => Self::Dates,
            "CLIENT" => Self::Words(|| Client::ALL.map(|it| (it.flag(), it.title())).to_vec()),
            "CLOUD" => Self::Words(|| Cloud::ALL.map(|it| (it.flag(), it.name())).to_vec()),
            "COLUMN" => Self::Words(|| plain(Sort::ALL.map(Sort::word))),
            "FEATURE" => Self::Words(|| plain(Feature::ALL.map(Feature::word))),
            "HOP" => Self::Words(|| plain(Hop::KNOWN.map(Hop::kind))),
            "CHECK" => Self::Words(|| catalogue().map(|it| (it.id, it.title)).collect()),
            "PROTOCOL" => Self::Words(|| plain(PROTOCOLS)),
            "TIER" => Self::Words(|| plain(Tier::ALL.map(Tier::word))),
            "THEME" => Self::Words(|| plain(THEMES)),
            "SKU" => Self::Words(|| plain(Sku::ALL.map(Sku::flag))),
            "TRUSTED" => Self::Words(|| Trusted::ALL.map(|it| (it.word(), it.name())).to_vec()),
            "WAY" | "in|out" => Self::Words(|| plain(WAYS)),
            "allow|deny" => Self::Words(|| plain([Action::Allow, Action::Deny].map(Action::word))),
            "BY" => Self::Words(|| plain(By::ALL.map(By::word))),
            "LOG" => Self::Words(|| plain(LogKind::WORDS.map(|(word, _)| word))),
            "WHEN" => Self::Words(|| plain(WHEN)),
            "TOPIC" => Self::Words(|| PAGES.iter().map(|it| (it.topic, it.about)).collect()),
            "WORD" => Self::Topics,
            "VERB" => Self::Verbs,
            _ => return None,
        })
    }
}

fn plain(words: impl IntoIterator<Item = &'static str>) -> Vec<(&'static str, &'static str)> {
    words.into_iter().map(|word| (word, "")).collect()
}

/// The values of one option.
struct Completer {
    values: Values,
    line: Arc<Line>,
}

impl ValueCompleter for Completer {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let Some(typed) = current.to_str() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        match self.values {
            Values::Tags | Values::TagsAndPaths => self.line.with_dataset(|dataset| {
                let names = dataset.tag_names();
                found.extend(names.map(|tag| (tag.name.to_owned(), tag.system_service.to_owned())));
            }),
            Values::Regions => self.line.with_dataset(|dataset| {
                let answer = regions::ask(dataset, &Facts::embedded());
                let rows = answer.regions.iter();
                found
                    .extend(rows.map(|row| (row.name().to_owned(), row.display_name().to_owned())));
            }),
            Values::Services => self.line.with_dataset(|dataset| {
                let view = dataset.view();
                let rows = view.tag_ids().filter_map(|tag| view.tag(tag));
                let services: BTreeSet<&str> = rows.map(|row| base_name(&row)).collect();
                found.extend(
                    services
                        .into_iter()
                        .map(|name| (name.to_owned(), String::new())),
                );
            }),
            Values::Weeks | Values::WeeksAndPaths => {
                let words = ["latest", "previous", "embedded"];
                found.extend(words.map(|word| (word.to_owned(), String::new())));
                found.extend(self.line.dates());
            }
            Values::Dates => found.extend(self.line.dates()),
            Values::Topics => {
                let reference = Reference::embedded();
                let topics = reference.topics().iter();
                found.extend(topics.map(|topic| (topic.id.clone(), topic.title.clone())));
            }
            Values::Verbs => found.extend(self.line.verbs()),
            Values::Words(words) => {
                let words = words().into_iter();
                found.extend(words.map(|(word, help)| (word.to_owned(), help.to_owned())));
            }
        }
        let lower = typed.to_lowercase();
        let begins = |(name, _): &(String, String)| name.to_lowercase().starts_with(&lower);
        let candidates = found.into_iter().filter(begins);
        // In the order in which they stand here.
        let candidates = candidates.enumerate().map(|(place, (name, help))| {
            let help = (!help.is_empty()).then(|| help.into());
            CompletionCandidate::new(name)
                .help(help)
                .display_order(Some(place))
        });
        let mut candidates: Vec<_> = candidates.collect();
        if matches!(self.values, Values::WeeksAndPaths | Values::TagsAndPaths) {
            candidates.extend(PathCompleter::any().complete(current));
        }
        candidates
    }
}

/// The line as far as it is typed.
struct Line {
    words: Vec<OsString>,
}

impl Line {
    /// What the options on the line choose; nothing where they do not fit.
    fn context(&self) -> Option<Context> {
        let command = Args::command().ignore_errors(true);
        let matches: ArgMatches = command.try_get_matches_from(&self.words).ok()?;
        let globals = Globals::from_arg_matches(&matches).ok()?;
        Context::new(globals).ok()
    }

    fn with_dataset(&self, take: impl FnOnce(&Dataset)) {
        let Some(context) = self.context() else {
            return;
        };
        // Standard input is the terminal.
        if context.check_stdin([]).is_err() {
            return;
        }
        if let Ok(dataset) = source::open(&context.request) {
            take(&dataset);
        }
    }

    /// The verbs that go on from those behind the first word: `man rules` has six.
    fn verbs(&self) -> Vec<(String, String)> {
        let mut command = Args::command();
        let typed = self.words.iter().skip(2).filter_map(|word| word.to_str());
        for word in typed {
            if let Some(below) = command.find_subcommand(word) {
                command = below.clone();
            }
        }
        let about = |verb: &Command| verb.get_about().map_or(String::new(), ToString::to_string);
        let verbs = command.get_subcommands();
        verbs
            .map(|verb| (verb.get_name().to_owned(), about(verb)))
            .collect()
    }

    /// The weeks at hand, newest first.
    fn dates(&self) -> Vec<(String, String)> {
        let listing = self.context().and_then(|context| {
            let request = context.request.newest_of(context.request.cloud);
            source::weeks(&request).ok()
        });
        let weeks = listing.map(|listing| listing.weeks).unwrap_or_default();
        let mut seen = BTreeSet::new();
        let dates = weeks.into_iter().filter_map(|week| {
            let number = week
                .change_number
                .map_or(String::new(), |it| format!("change {it}"));
            Some((week.date?, number))
        });
        dates
            .filter(|(date, _)| seen.insert(date.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values that nobody can know before they are typed.
    const FREE: [&str; 31] = [
        "BYTE",
        "N|NAME",
        "TIME",
        "keep|skip",
        "ADDRESS",
        "DAYS",
        "DIR",
        "FILE",
        "FORMAT",
        "GROUP",
        "ID",
        "KIND",
        "LEVEL",
        "N",
        "NAME",
        "NAME=FILE",
        "NAME|N",
        "PATH",
        "PERCENT",
        "PORT",
        "QUERY",
        "RECORD",
        "REGISTRY|IMAGE|LOGIN_SERVER",
        "SHAPE",
        "SHELL",
        "TEXT",
        "URL",
        "URL|FILE",
        "WORDS",
        "command",
        "COMMAND",
    ];

    /// A new option is thought of here: its values are known, listed by clap, paths, or free.
    #[test]
    fn every_option_has_values_or_is_free() {
        fn check(command: &Command) {
            let options = command.get_arguments();
            for arg in options.filter(|arg| arg.get_action().takes_values()) {
                let Some(names) = arg.get_value_names() else {
                    continue;
                };
                let name = names[0].as_str();
                let (has, is_free) = (Values::of(arg).is_some(), FREE.contains(&name));
                assert!(has != is_free, "{} {arg}: {name}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        let mut command = Args::command();
        command.build();
        check(&command);
    }
}
