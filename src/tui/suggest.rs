//! How a line of the command line could go on.

use crate::azure::Cloud;
use crate::query::ViewTopic;
use crate::query::rules::make::Target;
use crate::query::tags::Sort;
use crate::settings::THEMES;
use crate::text::quote;
use crate::tui::About;
use crate::tui::ex_command::{split, word_named};
use crate::tui::ex_words::{EX_WORDS, ExArgument};
use crate::tui::session::Session;

/// Most suggestions that are kept.
const MOST: usize = 100;

/// A way in which a line could go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The whole line then.
    pub line: String,
    /// The part that is suggested.
    pub shown: String,
    /// A phrase about it.
    pub note: String,
    /// Whether the line needs no more.
    pub is_whole: bool,
}

/// What only the disk knows; empty until it has been asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiskSuggestions {
    /// What was asked for last.
    pub about: Option<About>,
    /// The weeks at hand, newest first; or files and folders that go on from the typed path, the
    /// folders with `/` at the end.
    pub found: Vec<String>,
}

/// What must be asked for before a line's suggestions are known.
#[must_use]
pub fn missing(line: &str, open: ViewTopic) -> Option<About> {
    let (word, rest) = split(line);
    if !has_argument(line) {
        return is_date_like(word).then_some(About::Weeks);
    }
    match word_named(word)?.argument {
        ExArgument::Week | ExArgument::Weeks => Some(About::Weeks),
        ExArgument::File | ExArgument::Document => Some(About::Files(rest.to_owned())),
        ExArgument::Save | ExArgument::Saved => Some(match open {
            ViewTopic::Rules => About::RuleLists,
            _ => About::Registries,
        }),
        ExArgument::Rules | ExArgument::Logs => Some(About::AnyFiles(last_path(rest).1.to_owned())),
        _ => None,
    }
}

/// Whether the word is finished and its argument has begun.
fn has_argument(line: &str) -> bool {
    line.trim_start().contains(char::is_whitespace)
}

/// How a line could go on, the likeliest first.
#[must_use]
pub fn suggestions(
    line: &str,
    open: ViewTopic,
    session: &Session,
    known: &DiskSuggestions,
) -> Vec<Suggestion> {
    let (word, rest) = split(line);
    let unasked = DiskSuggestions::default();
    let known = if known.about.is_some() && known.about == missing(line, open) {
        known
    } else {
        &unasked
    };
    if !has_argument(line) {
        let mut found = words(word);
        found.extend(bare(word, session, known));
        return found;
    }
    let Some(word) = word_named(word) else {
        return Vec::new();
    };
    let found = match word.argument {
        ExArgument::Nothing(_)
        | ExArgument::Query
        | ExArgument::Filter
        | ExArgument::Export
        | ExArgument::Registry
        | ExArgument::Limit => Vec::new(),
        ExArgument::Kind => among(
            rest,
            Target::ALL.map(|target| (target.word().to_owned(), target.title())),
        ),
        ExArgument::Save | ExArgument::Saved => {
            among(rest, known.found.iter().map(|name| (name.clone(), "")))
        }
        ExArgument::Tag | ExArgument::StandsFor => tags(rest, session),
        ExArgument::Region => regions(rest, session),
        ExArgument::Sort => among(rest, Sort::ALL.map(|sort| (sort.word().to_owned(), ""))),
        ExArgument::Cloud => among(
            rest,
            Cloud::ALL.map(|cloud| (cloud.flag().to_owned(), cloud.name())),
        ),
        ExArgument::Theme => among(rest, THEMES.map(|name| (name.to_owned(), ""))),
        ExArgument::Week => {
            let named = ["latest", "previous"].map(|word| (word.to_owned(), ""));
            let weeks = known.found.iter().map(|week| (week.clone(), ""));
            among(rest, named.into_iter().chain(weeks))
        }
        ExArgument::Weeks => {
            // The last word is the one that is being typed.
            let (before, typed) = match rest.rsplit_once(' ') {
                Some((before, typed)) => (format!("{} ", before.trim_end()), typed),
                None => (String::new(), rest),
            };
            let named = ["latest", "previous"].map(|word| (word.to_owned(), ""));
            let weeks = known.found.iter().map(|week| (week.clone(), ""));
            let found = among(typed, named.into_iter().chain(weeks));
            let whole = |(week, note)| (format!("{before}{week}"), note);
            found.into_iter().map(whole).collect()
        }
        ExArgument::Rules | ExArgument::Logs => {
            let before = last_path(rest).0;
            let files = known.found.iter().map(|file| (quote(file), ""));
            let found = among("", files.map(|(file, note)| (file.into_owned(), note)));
            let whole = |(file, note)| (format!("{before}{file}"), note);
            found.into_iter().map(whole).collect()
        }
        ExArgument::File | ExArgument::Document => {
            among("", known.found.iter().map(|file| (file.clone(), "")))
        }
    };
    found
        .into_iter()
        .map(|(shown, note)| Suggestion {
            line: format!("{} {shown}", word.name),
            is_whole: !(matches!(
                word.argument,
                ExArgument::File | ExArgument::Document | ExArgument::Rules | ExArgument::Logs
            ) && shown.ends_with('/')),
            shown,
            note,
        })
        .collect()
}

/// Of paths on one line those before the last, and the last, which is being typed.
fn last_path(rest: &str) -> (&str, &str) {
    match rest.rfind(char::is_whitespace) {
        Some(at) => rest.split_at(at + 1),
        None => ("", rest),
    }
}

/// Words that begin with what is typed, then words whose other names do.
fn words(typed: &str) -> Vec<Suggestion> {
    let typed = typed.to_ascii_lowercase();
    let by_name = EX_WORDS
        .iter()
        .filter(|order| order.name.starts_with(&typed));
    let by_alias = EX_WORDS.iter().filter(|order| {
        !order.name.starts_with(&typed)
            && order.aliases.iter().any(|alias| alias.starts_with(&typed))
    });
    by_name
        .chain(by_alias)
        .map(|word| {
            let is_whole = matches!(word.argument, ExArgument::Nothing(_));
            let space = if is_whole { "" } else { " " };
            Suggestion {
                line: format!("{}{space}", word.name),
                shown: word.name.to_owned(),
                note: word.help.to_owned(),
                is_whole,
            }
        })
        .collect()
}

/// What a word without a command before it may be the beginning of: a tag, a region, a week.
fn bare(typed: &str, session: &Session, known: &DiskSuggestions) -> Vec<Suggestion> {
    /// From so many letters on.
    const LEAST: usize = 2;
    if typed.chars().count() < LEAST {
        return Vec::new();
    }
    let of = |word: &'static str, note: &'static str| {
        move |(shown, own): (String, String)| Suggestion {
            line: format!("{word} {shown}"),
            shown,
            note: match own.as_str() {
                "" => note.to_owned(),
                own => format!("{note} · {own}"),
            },
            is_whole: true,
        }
    };
    let weeks = known.found.iter().map(|week| (week.clone(), ""));
    let weeks = among(typed, weeks.filter(|_| is_date_like(typed)));
    tags(typed, session)
        .into_iter()
        .map(of("tag", "tag"))
        .chain(
            regions(typed, session)
                .into_iter()
                .map(of("region", "region")),
        )
        .chain(weeks.into_iter().map(of("week", "week")))
        .collect()
}

/// Whether a word may be the beginning of a date.
fn is_date_like(word: &str) -> bool {
    word.starts_with("20") && word.chars().all(|c| c.is_ascii_digit() || c == '-')
}

/// Rows whose text or note begins with what is typed, then rows that have it elsewhere.
fn among<N: Into<String>>(
    typed: &str,
    rows: impl IntoIterator<Item = (String, N)>,
) -> Vec<(String, String)> {
    let typed = typed.to_lowercase();
    let mut begun = Vec::new();
    let mut holding = Vec::new();
    for (text, note) in rows {
        let note = note.into();
        let (lower, note_lower) = (text.to_lowercase(), note.to_lowercase());
        if lower.starts_with(&typed) || note_lower.starts_with(&typed) {
            begun.push((text, note));
        } else if lower.contains(&typed) || note_lower.contains(&typed) {
            holding.push((text, note));
        }
    }
    begun.append(&mut holding);
    begun.truncate(MOST);
    begun
}

fn tags(typed: &str, session: &Session) -> Vec<(String, String)> {
    let view = session.dataset.view();
    let rows = view.tag_ids().filter_map(|tag| view.tag(tag));
    among(
        typed,
        rows.map(|row| (row.name.to_owned(), row.region.to_owned())),
    )
}

/// The regions of the week, by the name that `az` takes.
fn regions(typed: &str, session: &Session) -> Vec<(String, String)> {
    let fixed = [("all", "every tag"), ("none", "tags without a region")]
        .map(|(word, note)| (word.to_owned(), note.to_owned()));
    let answer = crate::query::regions::ask(&session.dataset, &session.facts);
    let rows = answer.regions.iter();
    let rows = rows.map(|row| (row.name().to_owned(), row.display_name().to_owned()));
    among(typed, fixed.into_iter().chain(rows))
}
