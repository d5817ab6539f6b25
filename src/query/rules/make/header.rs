//! Where a file is from: the first lines of it, which no comparison counts.

use std::collections::BTreeSet;

use crate::azure::{Cloud, said_date};
use crate::query::rules::make::Target;
use crate::query::rules::make::job::MakeJob;
use crate::query::rules::make::tree::{Tree, text, texts};
use crate::query::week_line;
use crate::space::Family;
use crate::text::{clean, counted, quote};

/// What stands before the target's word in every file that was made.
pub(super) const MARK: &str = "tagscope rules make ";
/// What such a line begins with; a template has its command as a value.
const MADE: &str = "Made by tagscope ";
/// The member of a template's metadata.
pub(super) const MEMBER: &str = "tagscope";
/// Columns of a comment.
const WIDTH: usize = 96;
/// Characters of a word in a comment; ipset reads lines of 1,023 characters.
const MOST_WORD: usize = 400;

/// Text that no program misreads in a comment: printable ASCII on one line.
pub fn ascii(text: &str) -> String {
    let plain = |c: char| if (' '..='~').contains(&c) { c } else { '?' };
    clean(text).chars().map(plain).collect()
}

/// The command line that makes the same from the newest week, without the program and the verb.
fn words(job: &MakeJob<'_>) -> Vec<String> {
    let mut words = vec![job.target.word().to_owned()];
    words.extend(job.selection.words.iter().cloned());
    words.extend(job.options.words());
    if job.selection.stamp.cloud != Cloud::Public {
        let cloud = job.selection.stamp.cloud.flag().to_owned();
        words.extend(["--cloud".to_owned(), cloud]);
    }
    words.iter().map(|word| ascii(&quote(word))).collect()
}

/// Said where the command line is not all of it.
fn unselected(job: &MakeJob<'_>) -> Option<String> {
    let is_selected = !job.selection.words.is_empty();
    let title: String = ascii(&job.selection.title)
        .chars()
        .take(MOST_WORD)
        .collect();
    let text = format!("Of {title}, selected in the dashboard: no command line selects it alone.");
    (!is_selected).then_some(text)
}

/// The whole command line.
fn command(job: &MakeJob<'_>) -> String {
    format!("{MARK}{}", words(job).join(" "))
}

/// `2026-10-19, Public, change number 383, sha256:…`.
fn week(job: &MakeJob<'_>) -> String {
    let stamp = &job.selection.stamp;
    let date = said_date(stamp.date.as_deref(), stamp.date_is);
    ascii(&week_line(stamp.cloud, &date, stamp.number, &stamp.hash))
}

/// Each tag with its number.
fn tags(job: &MakeJob<'_>) -> Vec<String> {
    if let Some(cover) = &job.selection.cover {
        let tags = cover.tags.iter();
        return tags.map(|(name, number)| numbered(name, *number)).collect();
    }
    let is_used = |name: &str| {
        job.tags.iter().any(|request| request.name == name)
            || job.parts.iter().any(|(request, _)| request.name == name)
    };
    let requests = job.selection.requests.iter();
    let named = requests.filter(|request| request.is_tag && is_used(&request.name));
    let mut tags: Vec<String> = named
        .map(|request| numbered(&request.name, request.number))
        .collect();
    tags.sort();
    tags.dedup();
    tags
}

fn numbered(name: &str, number: Option<u32>) -> String {
    match number {
        Some(number) => ascii(&format!("{name} ({number})")),
        None => ascii(name),
    }
}

/// How the addresses are written.
fn form(job: &MakeJob<'_>) -> String {
    form_parts(job).join("; ")
}

fn form_parts(job: &MakeJob<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    if !job.tags.is_empty() {
        parts.push("service tags, whose addresses Azure keeps".to_owned());
    }
    if let Some(cover) = &job.selection.cover {
        parts.push(format!("a cover within {} CIDRs", cover.limit));
        let prices = cover.sentences(&job.families()).into_iter();
        // Great numbers are given as powers of 2, about.
        parts.extend(prices.map(|price| ascii(&price.replace('≈', "about "))));
    } else if !job.parts.is_empty() {
        let [v4, v6] = [Family::V4, Family::V6].map(|family| written(job, family));
        let all = [Family::V4, Family::V6].map(|family| published(job, family));
        let said = origin(job);
        let how = if job.options.is_as_published {
            format!("as {said}")
        } else {
            let [v4, v6] = all;
            format!("joined from {v4} and {v6} {said}")
        };
        parts.push(format!("{v4} IPv4 and {v6} IPv6 prefixes, {how}"));
    }
    if job.is_by_host() {
        parts.push("host names".to_owned());
    }
    match job.selection.subnets.len() {
        0 => {}
        count => parts.push(counted(count, "subnet", "subnets")),
    }
    parts
}

/// Prefixes that are written, each once.
fn written(job: &MakeJob<'_>, family: Family) -> usize {
    let is_apart = matches!(
        job.target,
        Target::NginxGeo | Target::HaproxyMap | Target::List
    ) || job.target.has_ends();
    if !is_apart {
        return job.of_family(family).count();
    }
    // Of each tag on its own.
    let blocks = job.parts.iter().flat_map(|(_, blocks)| blocks);
    let of = blocks.filter(|block| block.family() == family);
    of.collect::<BTreeSet<_>>().len()
}

/// Where the prefixes are from.
fn origin(job: &MakeJob<'_>) -> &'static str {
    let has = |is_tag| {
        job.parts
            .iter()
            .any(|(request, _)| request.is_tag == is_tag)
    };
    match (has(true), has(false)) {
        (true, true) => "published and listed",
        (false, true) => "listed",
        _ => "published",
    }
}

/// Published prefixes that are written, each once.
fn published(job: &MakeJob<'_>, family: Family) -> usize {
    if !job.families().contains(&family) {
        return 0;
    }
    let blocks = job.parts.iter().flat_map(|(request, _)| &request.blocks);
    let of = blocks.filter(|block| block.family() == family);
    of.collect::<BTreeSet<_>>().len()
}

/// The lines, without comment marks.
pub(super) fn lines(job: &MakeJob<'_>) -> Vec<String> {
    let made = format!("Made by tagscope {}: {MARK}", env!("CARGO_PKG_VERSION"));
    let mut lines = wrapped(made.trim_end(), options(words(job)));
    lines.extend(unselected(job));
    lines.extend(wrapped("Week:", vec![week(job)]));
    let tags = joined(tags(job), ",");
    if !tags.is_empty() {
        lines.extend(wrapped("Tags:", tags));
    }
    lines.extend(wrapped("Holds:", joined(form_parts(job), ";")));
    let left = job
        .selection
        .notes
        .iter()
        .filter(|note| note.starts_with("left out"));
    lines.extend(left.flat_map(|note| {
        let words = note.split(' ').map(ascii).collect();
        wrapped("Note:", words)
    }));
    lines
}

/// A mark behind each but the last.
fn joined(mut words: Vec<String>, mark: &str) -> Vec<String> {
    let last = words.pop();
    let mut words: Vec<String> = words.into_iter().map(|word| word + mark).collect();
    words.extend(last);
    words
}

/// Each option with its values, so that no line ends between them.
fn options(words: Vec<String>) -> Vec<String> {
    let mut options: Vec<String> = Vec::new();
    for word in words {
        match options.last_mut() {
            Some(last) if !word.starts_with("--") && last.len() + word.len() < WIDTH => {
                last.push(' ');
                last.push_str(&word);
            }
            _ => options.push(word),
        }
    }
    options
}

/// Words over several lines, none of them longer than a program reads.
fn wrapped(head: &str, words: Vec<String>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = head.to_owned();
    for (place, word) in words.into_iter().enumerate() {
        // The first word says what the file is.
        if place > 0 && line.len() + word.len() > WIDTH {
            lines.push(std::mem::replace(&mut line, " ".to_owned()));
        }
        line.push(' ');
        line.extend(word.chars().take(MOST_WORD));
        if word.len() > MOST_WORD {
            line.push_str("...");
        }
    }
    lines.push(line);
    lines
}

/// The lines as comments.
pub(super) fn comments(job: &MakeJob<'_>, mark: &str) -> String {
    let lines = lines(job);
    let lines = lines.iter().map(|line| format!("{mark} {line}\n"));
    lines.collect()
}

/// On one line, for what takes no line that is a comment alone.
pub(super) fn one_line(job: &MakeJob<'_>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let tags = tags(job).join(", ");
    let made = format!("Made by tagscope {version}: {}", command(job));
    let unselected = unselected(job).map_or_else(String::new, |text| format!("; {text}"));
    format!(
        "{made}{unselected}; Week: {}; Tags: {tags}; Holds: {}",
        week(job),
        form(job)
    )
}

/// The same as a member of a template's metadata.
pub(super) fn metadata(job: &MakeJob<'_>) -> Tree {
    let stamp = &job.selection.stamp;
    let mut members = vec![
        ("command", text(command(job))),
        (
            "madeBy",
            text(format!("tagscope {}", env!("CARGO_PKG_VERSION"))),
        ),
        ("cloud", text(stamp.cloud.to_string())),
    ];
    if let Some(unselected) = unselected(job) {
        members.push(("note", text(unselected)));
    }
    if let Some(date) = &stamp.date {
        members.push(("week", text(ascii(date))));
        if stamp.date_is.is_inferred() {
            members.push(("weekIs", text(stamp.date_is.word().to_owned())));
        }
    }
    if let Some(number) = stamp.number {
        members.push(("changeNumber", Tree::Number(number)));
    }
    members.extend([
        ("contentHash", text(ascii(&stamp.hash))),
        ("tags", texts(tags(job))),
        ("holds", text(form(job))),
    ]);
    Tree::Object(members)
}

/// The word of the target of a text that was made; `None` where it was not.
pub(super) fn target_of(text: &str) -> Option<&str> {
    let from = text.find(MADE).or_else(|| text.find(MARK))?;
    let (_, rest) = text.get(from..)?.split_once(MARK)?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    rest.get(..end.unwrap_or(rest.len()))
}
