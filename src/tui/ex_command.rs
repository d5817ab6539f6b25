//! What a line typed after `:` asks for, and how it is read.

use std::path::PathBuf;

use crate::azure::registry::RegistryName;
use crate::azure::{Cloud, Name, Near};
use crate::query::ViewTopic;
use crate::query::lookup::{Query, QueryError};
use crate::query::names::WeekNames;
use crate::query::rules::fit::Percent;
use crate::query::rules::make::Target;
use crate::query::tags::{RegionChoice, Sort, region_named};
use crate::source::WeekChoice;
use crate::text::{Safe, closest};
use crate::tui::ex_words::{EX_WORDS, ExArgument, ExWord};
use crate::tui::session::Session;
use crate::tui::{Command, Theme};

/// What a typed line asks for, and where a jump goes.
#[derive(Debug, Clone, PartialEq)]
pub enum ExCommand {
    /// What a key does.
    Run(Command),
    /// Show the world map, which the key also leaves.
    Map,
    /// Show a tag of the week.
    Tag(String),
    /// Look a text up.
    LookUp(String),
    /// Limit the table to a region.
    Region(RegionChoice),
    /// Filter the table.
    Filter(String),
    /// Sort the table.
    Sort(Sort),
    /// Open another week.
    Week(WeekChoice),
    /// Compare two weeks.
    Diff([WeekChoice; 2]),
    /// Plan a registry.
    Registry(String),
    /// Read a document of a registry.
    Import(PathBuf),
    /// Save the registry.
    Save(String),
    /// Open what was saved.
    Load(String),
    /// Read files of rules.
    Rules(Vec<PathBuf>),
    /// Count logs.
    Logs(Vec<PathBuf>),
    /// Filter the list of a view.
    FilterIn(ViewTopic, String),
    /// Say which tag a list stands for.
    StandsFor(String),
    /// Open another cloud.
    Cloud(Cloud),
    /// Open a document.
    File(PathBuf),
    /// Use other colours.
    Theme(String),
    /// Write the answer to a file.
    Export(PathBuf),
    /// Offer what is selected as rules for a target.
    Make(Target),
    /// Fit what is selected into so many CIDRs.
    Fit(String),
    /// Look a pasted text up, or explain it.
    Pasted(String),
    /// Hold the plan of the registry against the rules.
    TestPlan,
}

/// Who carries a command out, and what is open then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The program.
    App,
    /// A view, to which it jumps.
    Leap(ViewTopic),
    /// A view, which comes on screen; no jump begins.
    Show(ViewTopic),
    /// A view, wherever the user is.
    Stay(ViewTopic),
}

impl ExCommand {
    /// The word that has a key too.
    #[must_use]
    pub const fn of(command: Command) -> Self {
        match command {
            Command::Map => Self::Map,
            command => Self::Run(command),
        }
    }

    /// Who carries it out where a view is open.
    #[must_use]
    pub fn reach(&self, open: ViewTopic) -> Reach {
        let leap_unless_open = |topic| {
            if open == topic {
                Reach::Stay(topic)
            } else {
                Reach::Leap(topic)
            }
        };
        match self {
            Self::Map | Self::Tag(_) | Self::Region(_) => Reach::Leap(ViewTopic::Tags),
            Self::Sort(_) => Reach::Show(ViewTopic::Tags),
            Self::Filter(_) => match open {
                ViewTopic::Endpoints | ViewTopic::Rules | ViewTopic::Diff | ViewTopic::Traffic => {
                    Reach::Stay(open)
                }
                ViewTopic::Tags | ViewTopic::Lookup => Reach::Leap(ViewTopic::Tags),
            },
            Self::LookUp(_) => Reach::Leap(ViewTopic::Lookup),
            Self::Pasted(_) => leap_unless_open(ViewTopic::Lookup),
            Self::Registry(_) | Self::Import(_) => Reach::Leap(ViewTopic::Endpoints),
            Self::Load(_) if open != ViewTopic::Rules => Reach::Leap(ViewTopic::Endpoints),
            Self::Save(_) if open != ViewTopic::Rules => Reach::Stay(ViewTopic::Endpoints),
            Self::Rules(_) => Reach::Leap(ViewTopic::Rules),
            Self::StandsFor(_) | Self::Load(_) | Self::Save(_) => Reach::Stay(ViewTopic::Rules),
            Self::TestPlan => leap_unless_open(ViewTopic::Rules),
            Self::Diff(_) => Reach::Leap(ViewTopic::Diff),
            Self::Logs(_) => leap_unless_open(ViewTopic::Traffic),
            Self::FilterIn(topic, _) => Reach::Leap(*topic),
            Self::Run(_)
            | Self::Week(_)
            | Self::Cloud(_)
            | Self::File(_)
            | Self::Theme(_)
            | Self::Export(_)
            | Self::Make(_)
            | Self::Fit(_) => Reach::App,
        }
    }
}

/// The word at the beginning of a line, and what follows it.
#[must_use]
pub fn split(line: &str) -> (&str, &str) {
    let line = line.trim_start().trim_start_matches(':').trim_start();
    match line.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (line, ""),
    }
}

/// The row of the table that a word names: whole, by another word, or by a beginning that only
/// one word has.
#[must_use]
pub fn word_named(word: &str) -> Option<&'static ExWord> {
    let word = word.to_ascii_lowercase();
    let is_named = |row: &&ExWord| row.name == word || row.aliases.contains(&&*word);
    EX_WORDS.iter().find(is_named).or_else(|| {
        let mut begun = EX_WORDS
            .iter()
            .filter(|order| order.name.starts_with(&word));
        begun
            .next()
            .filter(|_| begun.next().is_none() && !word.is_empty())
    })
}

/// Reads a line; a tag's name or an address needs no word before it.
///
/// # Errors
/// A sentence about what is wrong and what would be right.
pub fn read(line: &str, session: &Session) -> Result<ExCommand, Safe> {
    let (word, rest) = split(line);
    let Some(word) = word_named(word) else {
        return read_bare(line.trim(), word, session);
    };
    match word.argument {
        ExArgument::Nothing(command) => Ok(ExCommand::of(command)),
        // `:lookup` alone opens the view, as `:tags` does.
        ExArgument::Query if rest.is_empty() => {
            Ok(ExCommand::Run(Command::View(ViewTopic::Lookup)))
        }
        ExArgument::Weeks if rest.is_empty() => Ok(ExCommand::Run(Command::View(ViewTopic::Diff))),
        ExArgument::Rules if rest.is_empty() => Ok(ExCommand::Run(Command::View(ViewTopic::Rules))),
        ExArgument::Logs if rest.is_empty() => {
            Ok(ExCommand::Run(Command::View(ViewTopic::Traffic)))
        }
        ExArgument::Registry | ExArgument::Document if rest.is_empty() => {
            Ok(ExCommand::Run(Command::View(ViewTopic::Endpoints)))
        }
        ExArgument::Filter => Ok(ExCommand::Filter(rest.to_owned())),
        ExArgument::StandsFor if rest.is_empty() => Ok(ExCommand::StandsFor(String::new())),
        ExArgument::Kind if rest.is_empty() => Ok(ExCommand::Run(Command::Export)),
        ExArgument::Limit if rest.is_empty() => Ok(ExCommand::Run(Command::Fit)),
        _ if rest.is_empty() => Err(Safe::from(format!(":{} — {}", word.name, word.help))),
        argument => read_argument(argument, rest, session),
    }
}

fn read_argument(argument: ExArgument, text: &str, session: &Session) -> Result<ExCommand, Safe> {
    let said = |text: String| Safe::from(text);
    match argument {
        ExArgument::Nothing(command) => Ok(ExCommand::of(command)),
        ExArgument::Tag => tag(text, session),
        ExArgument::Query => Query::parse(text, session.dataset.cloud())
            .map(|_| ExCommand::LookUp(text.to_owned()))
            .map_err(|error| said(error.to_string())),
        ExArgument::Region => region_named(text, &session.dataset, &session.facts)
            .map(ExCommand::Region)
            .map_err(|error| said(error.to_string())),
        ExArgument::Filter => Ok(ExCommand::Filter(text.to_owned())),
        ExArgument::Sort => Sort::ALL
            .into_iter()
            .find(|sort| sort.word().eq_ignore_ascii_case(text))
            .map(ExCommand::Sort)
            .ok_or_else(|| {
                let words = Sort::ALL.map(Sort::word).join(", ");
                said(format!("no order \"{text}\"; there are {words}"))
            }),
        ExArgument::Week => WeekChoice::parse(text).map(ExCommand::Week).ok_or_else(|| {
            said(format!(
                "\"{text}\" is no week: a date such as 2026-07-06, latest or previous"
            ))
        }),
        ExArgument::Weeks => weeks(text),
        ExArgument::Cloud => Cloud::parse(text).map(ExCommand::Cloud).ok_or_else(|| {
            said(format!(
                "no cloud \"{text}\"; there are public, usgov, china, germany"
            ))
        }),
        ExArgument::File if text == "-" => Err(Safe::new(
            "standard input is the keyboard here; name a file",
        )),
        ExArgument::File => Ok(ExCommand::File(PathBuf::from(text))),
        ExArgument::Theme => Theme::check(text)
            .map(|()| ExCommand::Theme(text.to_owned()))
            .map_err(|error| said(error.to_string())),
        ExArgument::Export => Ok(ExCommand::Export(PathBuf::from(text))),
        ExArgument::Document if is_path(text) => Ok(ExCommand::Import(PathBuf::from(text))),
        ExArgument::Registry | ExArgument::Document => match RegistryName::parse(text) {
            Ok(_) => Ok(ExCommand::Registry(text.to_owned())),
            Err(error) if argument == ExArgument::Document => Err(said(format!(
                "{error}; a file is named by its path, like ./show.json"
            ))),
            Err(error) => Err(said(error.to_string())),
        },
        ExArgument::Kind => Target::parse(text).map(ExCommand::Make).ok_or_else(|| {
            let words = Target::ALL.map(Target::word);
            let hint = match closest(text, words, 1).first() {
                Some(near) => format!("did you mean {near}?"),
                None => "x lists them".to_owned(),
            };
            said(format!("no target \"{text}\"; {hint}"))
        }),
        ExArgument::Limit if is_limit(text) => Ok(ExCommand::Fit(text.to_owned())),
        ExArgument::Limit => Err(said(format!(
            "\"{text}\" is no limit: a number of CIDRs such as 100, or a percentage such as 5%"
        ))),
        ExArgument::Save => Ok(ExCommand::Save(text.to_owned())),
        ExArgument::Saved => Ok(ExCommand::Load(text.to_owned())),
        ExArgument::Rules => Ok(ExCommand::Rules(
            paths(text).into_iter().map(PathBuf::from).collect(),
        )),
        ExArgument::Logs => Ok(ExCommand::Logs(
            paths(text).into_iter().map(PathBuf::from).collect(),
        )),
        ExArgument::StandsFor => tag_name(text, session).map(ExCommand::StandsFor),
    }
}

/// Whether a text limits a fit: a number of CIDRs, or a percentage of extra addresses.
pub fn is_limit(text: &str) -> bool {
    text.parse::<usize>().is_ok() || (text.ends_with('%') && Percent::parse(text).is_some())
}

/// Whether a text is a file rather than a registry: the disk is not asked.
fn is_path(text: &str) -> bool {
    let is_json = text.to_ascii_lowercase().ends_with(".json");
    is_json
        || ["/", "./", "../", "~"]
            .iter()
            .any(|begin| text.starts_with(begin))
}

/// Paths on one line: blanks part them, but within quotes and behind a backslash.
pub fn paths(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut own: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, quote) {
            ('\\', None) => own.get_or_insert_default().extend(letters.next()),
            ('\'' | '"', None) => {
                quote = Some(c);
                own.get_or_insert_default();
            }
            (c, Some(end)) if c == end => quote = None,
            (c, None) if c.is_whitespace() => found.extend(own.take()),
            (c, _) => own.get_or_insert_default().push(c),
        }
    }
    found.extend(own);
    found
}

fn weeks(text: &str) -> Result<ExCommand, Safe> {
    let mut words = text.split_whitespace().map(|word| {
        WeekChoice::parse(word).ok_or_else(|| {
            Safe::from(format!(
                "\"{word}\" is no week: a date such as 2026-07-06, latest or previous"
            ))
        })
    });
    let base = words.next().unwrap_or(Ok(WeekChoice::Previous))?;
    let target = words.next().unwrap_or(Ok(WeekChoice::Latest))?;
    if words.next().is_some() {
        return Err(Safe::new("two weeks are compared: :diff BASE TARGET"));
    }
    Ok(ExCommand::Diff([base, target]))
}

/// The published name of a tag in any spelling.
fn tag_name(typed: &str, session: &Session) -> Result<String, Safe> {
    let names = WeekNames::new(&session.dataset);
    match names.resolve(typed) {
        Name::Tag { name, .. } => Ok(name),
        Name::Platform(tag) => Err(Safe::from(tag.sentence(typed))),
        Name::Any | Name::Pattern(_) | Name::Unknown => {
            let near = names.names().near(typed);
            let hint = if near == Near::default() {
                format!("/ filters: try :filter {typed}")
            } else {
                near.hint()
            };
            Err(Safe::from(format!(
                "no tag \"{typed}\" in this week; {hint}"
            )))
        }
    }
}

/// Goes to a tag as it is typed, so that the view says how it is published.
fn tag(typed: &str, session: &Session) -> Result<ExCommand, Safe> {
    let name = tag_name(typed, session)?;
    let is_case = name.eq_ignore_ascii_case(typed.trim());
    Ok(ExCommand::Tag(if is_case {
        name
    } else {
        typed.trim().to_owned()
    }))
}

/// A line without a known word: a tag, addresses, a host name.
fn read_bare(line: &str, word: &str, session: &Session) -> Result<ExCommand, Safe> {
    if line.is_empty() {
        return Err(Safe::new("type a command; Tab completes it"));
    }
    let names = WeekNames::new(&session.dataset);
    match names.resolve(line) {
        Name::Tag { .. } | Name::Platform(_) => return tag(line, session),
        // A host ends in a short word; this was meant as a tag.
        _ if line.contains('.') && names.is_tag_like(line) => return tag(line, session),
        _ => {}
    }
    match Query::parse(line, session.dataset.cloud()) {
        Ok(query) if line.contains(['.', ':', '/']) => Ok(ExCommand::LookUp(query.text)),
        Err(error @ QueryError::Wrong { .. }) => Err(Safe::from(error.to_string())),
        _ => {
            let names = EX_WORDS.iter().map(|row| row.name);
            let hint = closest(word, names, 1).first().map_or_else(
                || "Tab lists them".to_owned(),
                |near| format!("did you mean :{near}?"),
            );
            Err(Safe::from(format!(
                "no command \"{}\"; {hint}",
                Safe::new(word)
            )))
        }
    }
}
