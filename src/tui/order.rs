//! What can be typed after `:`, as one table, and how a typed line is read.

use std::path::PathBuf;

use crate::azure::Cloud;
use crate::azure::registry::RegistryName;
use crate::query::lookup::{Query, QueryError};
use crate::query::rules::fit::Percent;
use crate::query::rules::make::Target;
use crate::query::tags::{RegionChoice, Sort, closest_names, region_named};
use crate::source::WeekChoice;
use crate::text::{Safe, closest};
use crate::tui::view::Session;
use crate::tui::{Command, Theme};

/// A word of the command line.
#[derive(Debug, Clone, Copy)]
pub struct OrderWord {
    /// The word.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// What stands after it.
    pub takes: Takes,
    /// A phrase for help.
    pub help: &'static str,
}

/// What stands after a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing: the word is a command that a key has too.
    Nothing(Command),
    /// A tag's name.
    Tag,
    /// Whatever Lookup takes.
    Query,
    /// A region in any spelling, `all` or `none`.
    Region,
    /// Words of a filter; none clear it.
    Filter,
    /// A column to sort by.
    Sort,
    /// A date, `latest` or `previous`.
    Week,
    /// A cloud's name.
    Cloud,
    /// Two weeks; one is compared with the newest, none opens the view.
    Weeks,
    /// A published JSON.
    File,
    /// A theme's name.
    Theme,
    /// A file to write.
    Export,
    /// Whatever names a registry; none opens the view.
    Registry,
    /// The same, or a file that `az acr` wrote.
    Document,
    /// A name to save the registry, in Rules the files under.
    Save,
    /// The name of what was saved.
    Saved,
    /// Files of rules; none opens the view.
    Rules,
    /// The tag that the selected list stands for.
    StandsFor,
    /// What rules are made for; none lists it.
    Kind,
    /// A number of CIDRs or a percentage; none asks for it.
    Limit,
}

/// Every word.
pub const ORDERS: &[OrderWord] = &[
    order("tag", &["t"], Takes::Tag, "go to a tag"),
    order(
        "ip",
        &["lookup", "find"],
        Takes::Query,
        "look an address, a CIDR, a range or a host up",
    ),
    order(
        "region",
        &["r", "reg"],
        Takes::Region,
        "only tags of a region; all, none",
    ),
    order(
        "filter",
        &["f"],
        Takes::Filter,
        "only tags with these words; without words: all",
    ),
    order(
        "sort",
        &[],
        Takes::Sort,
        "order by name, changeNumber, prefixes, addresses, region, service",
    ),
    order(
        "week",
        &["w"],
        Takes::Week,
        "the data of another week: a date, latest, previous",
    ),
    order(
        "diff",
        &["d", "5"],
        Takes::Weeks,
        "what changed between two weeks: two dates, one, or none",
    ),
    order(
        "endpoints",
        &["ep", "3"],
        Takes::Registry,
        "what a registry needs opened: a name, a login server, an image",
    ),
    order(
        "registry",
        &[],
        Takes::Document,
        "the same, or a file: the JSON of az acr show, show-endpoints, replication list",
    ),
    order(
        "save",
        &[],
        Takes::Save,
        "save the registry of Endpoints, in Rules the files, under a name",
    ),
    order(
        "load",
        &[],
        Takes::Saved,
        "open a saved registry, in Rules saved files",
    ),
    order(
        "rules",
        &["4"],
        Takes::Rules,
        "open files of rules: registry, NSG, firewall, IP group, routes, list",
    ),
    order(
        "stands-for",
        &["stands"],
        Takes::StandsFor,
        "in Rules: the tag that the selected list of addresses stands for; none forgets it",
    ),
    order(
        "cloud",
        &["c"],
        Takes::Cloud,
        "the data of another cloud: public, usgov, china, germany",
    ),
    order(
        "file",
        &["open", "e"],
        Takes::File,
        "open a published ServiceTags JSON, .gz too",
    ),
    order(
        "export",
        &["write", "x"],
        Takes::Export,
        "write the answer to a file: .csv, .json, .md, .txt",
    ),
    order(
        "make",
        &["as"],
        Takes::Kind,
        "write tags, the plan or rules for a target: terraform-nsg, nftables … with a preview",
    ),
    order(
        "fit",
        &[],
        Takes::Limit,
        "tags or rules within so many CIDRs: a number, or 5% for the fewest with 5 % extra",
    ),
    order(
        "theme",
        &[],
        Takes::Theme,
        "the colours: default, safe, mono",
    ),
    order("map", &["m"], Takes::Nothing(Command::Map), "the world map"),
    order(
        "tags",
        &["1"],
        Takes::Nothing(Command::ViewTags),
        "the view Tags",
    ),
    order(
        "update",
        &["refresh"],
        Takes::Nothing(Command::Update),
        "fetch the newest publication (asks the network)",
    ),
    order(
        "last",
        &["-"],
        Takes::Nothing(Command::LastPlace),
        "to where the last jump began",
    ),
    order(
        "help",
        &["h", "?"],
        Takes::Nothing(Command::Help),
        "what the keys do",
    ),
    order(
        "reference",
        &["ref"],
        Takes::Nothing(Command::Reference),
        "facts about registries",
    ),
    order(
        "runbooks",
        &["runbook"],
        Takes::Nothing(Command::Runbooks),
        "sequences of commands for the registry of Endpoints",
    ),
    order(
        "quit",
        &["q", "q!", "exit"],
        Takes::Nothing(Command::Quit),
        "end the program",
    ),
];

const fn order(
    name: &'static str,
    aliases: &'static [&'static str],
    takes: Takes,
    help: &'static str,
) -> OrderWord {
    OrderWord {
        name,
        aliases,
        takes,
        help,
    }
}

/// What a typed line asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// What a key does.
    Run(Command),
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
pub fn word_named(word: &str) -> Option<&'static OrderWord> {
    let word = word.to_ascii_lowercase();
    let is_named = |order: &&OrderWord| order.name == word || order.aliases.contains(&&*word);
    ORDERS.iter().find(is_named).or_else(|| {
        let mut begun = ORDERS.iter().filter(|order| order.name.starts_with(&word));
        begun
            .next()
            .filter(|_| begun.next().is_none() && !word.is_empty())
    })
}

/// Reads a line; a tag's name or an address needs no word before it.
///
/// # Errors
/// A sentence about what is wrong and what would be right.
pub fn read(line: &str, session: &Session) -> Result<Order, Safe> {
    let (word, rest) = split(line);
    let Some(order) = word_named(word) else {
        return read_bare(line.trim(), word, session);
    };
    match order.takes {
        Takes::Nothing(command) => Ok(Order::Run(command)),
        // `:lookup` alone opens the view, as `:tags` does.
        Takes::Query if rest.is_empty() => Ok(Order::Run(Command::ViewLookup)),
        Takes::Weeks if rest.is_empty() => Ok(Order::Run(Command::ViewDiff)),
        Takes::Rules if rest.is_empty() => Ok(Order::Run(Command::ViewRules)),
        Takes::Registry | Takes::Document if rest.is_empty() => {
            Ok(Order::Run(Command::ViewEndpoints))
        }
        Takes::Filter => Ok(Order::Filter(rest.to_owned())),
        Takes::StandsFor if rest.is_empty() => Ok(Order::StandsFor(String::new())),
        Takes::Kind if rest.is_empty() => Ok(Order::Run(Command::Export)),
        Takes::Limit if rest.is_empty() => Ok(Order::Run(Command::Fit)),
        _ if rest.is_empty() => Err(Safe::from(format!(":{} — {}", order.name, order.help))),
        takes => read_argument(takes, rest, session),
    }
}

fn read_argument(takes: Takes, text: &str, session: &Session) -> Result<Order, Safe> {
    let said = |text: String| Safe::from(text);
    match takes {
        Takes::Nothing(command) => Ok(Order::Run(command)),
        Takes::Tag => tag(text, session),
        Takes::Query => Query::parse(text, session.dataset.cloud())
            .map(|_| Order::LookUp(text.to_owned()))
            .map_err(|error| said(error.to_string())),
        Takes::Region => region_named(text, &session.dataset, &session.facts)
            .map(Order::Region)
            .map_err(|error| said(error.to_string())),
        Takes::Filter => Ok(Order::Filter(text.to_owned())),
        Takes::Sort => Sort::ALL
            .into_iter()
            .find(|sort| sort.word().eq_ignore_ascii_case(text))
            .map(Order::Sort)
            .ok_or_else(|| {
                let words = Sort::ALL.map(Sort::word).join(", ");
                said(format!("no order \"{text}\"; there are {words}"))
            }),
        Takes::Week => WeekChoice::parse(text).map(Order::Week).ok_or_else(|| {
            said(format!(
                "\"{text}\" is no week: a date such as 2026-07-06, latest or previous"
            ))
        }),
        Takes::Weeks => weeks(text),
        Takes::Cloud => Cloud::parse(text).map(Order::Cloud).ok_or_else(|| {
            said(format!(
                "no cloud \"{text}\"; there are public, usgov, china, germany"
            ))
        }),
        Takes::File if text == "-" => Err(Safe::new(
            "standard input is the keyboard here; name a file",
        )),
        Takes::File => Ok(Order::File(PathBuf::from(text))),
        Takes::Theme => Theme::named(text)
            .map(|_| Order::Theme(text.to_owned()))
            .map_err(|error| said(error.to_string())),
        Takes::Export => Ok(Order::Export(PathBuf::from(text))),
        Takes::Document if is_path(text) => Ok(Order::Import(PathBuf::from(text))),
        Takes::Registry | Takes::Document => match RegistryName::parse(text) {
            Ok(_) => Ok(Order::Registry(text.to_owned())),
            Err(error) if takes == Takes::Document => Err(said(format!(
                "{error}; a file is named by its path, like ./show.json"
            ))),
            Err(error) => Err(said(error.to_string())),
        },
        Takes::Kind => Target::parse(text).map(Order::Make).ok_or_else(|| {
            let words = Target::ALL.map(Target::word);
            let hint = match closest(text, words, 1).first() {
                Some(near) => format!("did you mean {near}?"),
                None => "x lists them".to_owned(),
            };
            said(format!("no target \"{text}\"; {hint}"))
        }),
        Takes::Limit if is_limit(text) => Ok(Order::Fit(text.to_owned())),
        Takes::Limit => Err(said(format!(
            "\"{text}\" is no limit: a number of CIDRs such as 100, or a percentage such as 5%"
        ))),
        Takes::Save => Ok(Order::Save(text.to_owned())),
        Takes::Saved => Ok(Order::Load(text.to_owned())),
        Takes::Rules => Ok(Order::Rules(
            paths(text).into_iter().map(PathBuf::from).collect(),
        )),
        Takes::StandsFor => tag(text, session).map(|order| match order {
            Order::Tag(name) => Order::StandsFor(name),
            other => other,
        }),
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

fn weeks(text: &str) -> Result<Order, Safe> {
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
    Ok(Order::Diff([base, target]))
}

fn tag(name: &str, session: &Session) -> Result<Order, Safe> {
    let view = session.dataset.view();
    let found = view.find(name).and_then(|tag| view.tag(tag));
    found
        .map(|row| Order::Tag(row.name.to_owned()))
        .ok_or_else(|| {
            let near = closest_names(&session.dataset, name);
            let hint = match near.first() {
                Some(near) => format!("did you mean {near}?"),
                None => format!("/ filters: try :filter {name}"),
            };
            Safe::from(format!("no tag \"{name}\" in this week; {hint}"))
        })
}

/// A line without a known word: a tag, addresses, a host name.
fn read_bare(line: &str, word: &str, session: &Session) -> Result<Order, Safe> {
    if line.is_empty() {
        return Err(Safe::new("type a command; Tab completes it"));
    }
    if let Ok(order) = tag(line, session) {
        return Ok(order);
    }
    match Query::parse(line, session.dataset.cloud()) {
        Ok(query) if line.contains(['.', ':', '/']) => Ok(Order::LookUp(query.text)),
        Err(error @ (QueryError::Address { .. } | QueryError::Block { .. })) => {
            Err(Safe::from(error.to_string()))
        }
        _ => {
            let names = ORDERS.iter().map(|order| order.name);
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
