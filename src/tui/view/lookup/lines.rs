//! An answer as lines: notes, coverage, the ladder of prefixes, the neighbours.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::azure::{Special, marked_date, respelt};
use crate::index::{Neighbour, TagId};
use crate::query::Cell;
use crate::query::history::Since;
use crate::query::lookup::{AlsoMatch, LookupAnswer, Match, QueryKind, Relation, WithinAnswer};
use crate::space::Count;
use crate::text::{Safe, and_more, cut_end, cut_middle, pad, width, wrap};
use crate::tui::Theme;
use crate::tui::session::Session;
use crate::tui::view::lookup::state::{AboutName, LookupState, Named};

/// A line of the answer.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerLine {
    /// A heading within the answer.
    Heading(String),
    /// A sentence.
    Note(Safe),
    /// How much of the query a tag holds.
    Coverage {
        tag: TagId,
        addresses: Count,
        share: f64,
    },
    /// A tag and its prefix. `is_first`: the first line of its prefix.
    Match { found: Match, is_first: bool },
    /// The nearest prefix below or above.
    Near(Neighbour),
    /// A part of a tag's summary.
    Fact { tag: TagId, text: Safe },
    /// Nothing.
    Blank,
}

/// Tags whose coverage is listed above the prefixes.
const COVERAGE_LISTED: usize = 20;
/// Columns of a sentence.
const SENTENCE: usize = 76;
/// Columns of the names in a tag's summary.
const FACT: usize = 13;
/// Most cells of a bar.
const BAR: usize = 20;

/// The lines of an answer; a ladder of all Azure's prefixes is only made where it is looked at.
#[derive(Debug, Default)]
pub struct Lines {
    parts: Vec<LinePart>,
    /// The line with which each part begins.
    starts: Vec<usize>,
    len: usize,
}

#[derive(Debug)]
enum LinePart {
    Line(AnswerLine),
    /// Places in the answer's matches.
    Ladder(Range<usize>),
}

impl Lines {
    /// Lines.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// A line of the answer that these lines were made of.
    pub fn get(&self, row: usize, answer: &LookupAnswer) -> Option<AnswerLine> {
        let place = self.starts.partition_point(|&start| start <= row);
        let place = place.checked_sub(1)?;
        match self.parts.get(place)? {
            LinePart::Line(line) => (row < self.len).then(|| line.clone()),
            LinePart::Ladder(range) => {
                let at = range.start + row - self.starts.get(place)?;
                let found = *answer.matches.get(at).filter(|_| at < range.end)?;
                let above = at.checked_sub(1).filter(|&above| above >= range.start);
                let above = above.and_then(|above| answer.matches.get(above));
                let is_first = above.is_none_or(|above| above.prefix != found.prefix);
                Some(AnswerLine::Match { found, is_first })
            }
        }
    }

    /// The line with a tag that is nearest to a line, in one direction where possible.
    pub fn tag_near(&self, from: usize, is_back: bool, answer: &LookupAnswer) -> usize {
        let has_tag = |row: &usize| {
            let line = self.get(*row, answer);
            line.is_some_and(|line| line.tag().is_some())
        };
        let ahead = || (from..self.len).find(has_tag);
        let behind = || (0..=from).rev().find(has_tag);
        let found = if is_back {
            behind().or_else(ahead)
        } else {
            ahead().or_else(behind)
        };
        found.unwrap_or(from)
    }

    fn push(&mut self, line: AnswerLine) {
        self.starts.push(self.len);
        self.parts.push(LinePart::Line(line));
        self.len += 1;
    }

    fn push_ladder(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.starts.push(self.len);
            self.len += range.len();
            self.parts.push(LinePart::Ladder(range));
        }
    }

    /// Puts other lines below these; both are of one answer.
    fn append(&mut self, other: Self) {
        let len = self.len;
        self.starts
            .extend(other.starts.iter().map(|start| start + len));
        self.parts.extend(other.parts);
        self.len += other.len;
    }

    fn extend(&mut self, lines: impl IntoIterator<Item = AnswerLine>) {
        for line in lines {
            self.push(line);
        }
    }
}

/// Since when each tag of an address has held it, by the weeks at hand.
pub fn since_of(answer: &LookupAnswer, session: &Session) -> Vec<(TagId, Since)> {
    let is_address = answer.kind == QueryKind::Address;
    let (Some(span), Some(past)) = (
        answer.span.filter(|_| is_address),
        session.week_history.as_ref(),
    ) else {
        return Vec::new();
    };
    let view = session.dataset.view();
    let tags: Vec<TagId> = answer.matches.iter().map(|found| found.tag).collect();
    let names: Vec<&str> = tags
        .iter()
        .map(|&tag| view.tag(tag).map_or("", |row| row.name))
        .collect();
    let since = past.since(span, session.dataset.info().content_hash, &names);
    let known = tags.into_iter().zip(since);
    known
        .filter_map(|(tag, since)| Some((tag, since?)))
        .collect()
}

/// The runs of matches that lie to the query in one way.
fn runs(answer: &LookupAnswer) -> Vec<(Relation, Range<usize>)> {
    let mut runs: Vec<(Relation, Range<usize>)> = Vec::new();
    for (place, found) in answer.matches.iter().enumerate() {
        match runs.last_mut() {
            Some((relation, range)) if *relation == found.relation => range.end = place + 1,
            _ => runs.push((found.relation, place..place + 1)),
        }
    }
    runs
}

/// The lines of what is known.
pub fn of_state(state: &LookupState, session: &Session) -> Lines {
    match state {
        LookupState::Found(answer) => of(answer, session),
        LookupState::Within(within) => of_within(within, session),
        LookupState::Named(named) => of_name(named, session),
        _ => Lines::default(),
    }
}

/// Yes or no, and the ladder of the address; of several each with its own.
fn of_within(within: &WithinAnswer, session: &Session) -> Lines {
    let mut lines = Lines::default();
    for row in &within.rows {
        let sentence = Safe::from(row.sentence(&within.name));
        let parts = wrap(sentence.as_str(), SENTENCE).into_iter();
        lines.extend(parts.map(AnswerLine::Heading));
        if within.rows.len() > 1 {
            let found = row.by.or_else(|| row.lookup.best());
            lines.extend(ladder(found.iter()));
        }
    }
    lines.extend(within.notes.iter().cloned().map(AnswerLine::Note));
    if let [row] = within.rows.as_slice() {
        lines.push(AnswerLine::Blank);
        lines.append(of(&row.lookup, session));
    }
    lines
}

/// What a tag is for and has.
fn of_name(named: &Named, session: &Session) -> Lines {
    let mut lines = Lines::default();
    match &named.about {
        AboutName::Platform(tag, text) => lines.extend(told(&tag.sentence(text))),
        AboutName::Tag(about) => {
            let tag = about.tag;
            if fold_case(&named.answer.text) != fold_case(&named.answer.query) {
                let note = respelt(&named.answer.text, &named.answer.query);
                lines.push(AnswerLine::Note(Safe::from(note)));
            }
            for (name, value) in about.summary(&session.dataset) {
                for (place, part) in wrap(&value, SENTENCE - FACT).into_iter().enumerate() {
                    let head = if place == 0 { name } else { "" };
                    let text = format!("{}{part}", pad(head, FACT, false));
                    let text = Safe::from(text);
                    lines.push(AnswerLine::Fact { tag, text });
                }
            }
        }
    }
    lines
}

fn fold_case(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// The lines of an answer.
pub fn of(answer: &LookupAnswer, session: &Session) -> Lines {
    let mut lines = Lines::default();
    if let Some(special) = &answer.special {
        lines.push(AnswerLine::Heading(special.title()));
        lines.extend(told(&special.meaning));
    }
    lines.extend(answer.notes.iter().cloned().map(AnswerLine::Note));
    if !answer.chain.is_empty() {
        let names: Vec<&str> = answer.chain.iter().map(Safe::as_str).collect();
        lines.push(AnswerLine::Note(Safe::from(format!(
            "→ {}",
            names.join(" → ")
        ))));
    }
    // Where every match holds all of the query, the ladder says it already.
    let runs = runs(answer);
    let is_partial = runs
        .iter()
        .any(|(relation, _)| *relation != Relation::Covers);
    if let Some(coverage) = answer.coverage.as_ref().filter(|_| is_partial) {
        let outside = 1.0 - coverage.covered.share_of(coverage.whole);
        let outside = Cell::Share(outside.max(0.0));
        lines.push(AnswerLine::Heading(format!(
            "coverage ({} in no tag)",
            outside.shown()
        )));
        lines.extend(
            coverage
                .tags
                .iter()
                .take(COVERAGE_LISTED)
                .map(|part| AnswerLine::Coverage {
                    tag: part.tag,
                    addresses: part.addresses,
                    share: part.addresses.share_of(coverage.whole),
                }),
        );
        let more = and_more(coverage.tags.len(), COVERAGE_LISTED);
        lines.extend(more.map(|more| AnswerLine::Note(Safe::from(format!("{more} tags")))));
    }
    for (relation, heading) in [
        (Relation::Covers, "prefixes that hold all of it"),
        (
            Relation::Overlaps,
            "prefixes that hold a part of it and more",
        ),
        (Relation::Inside, "prefixes inside"),
    ] {
        let ranges = || {
            runs.iter()
                .filter(move |(other, _)| *other == relation)
                .map(|(_, range)| range.clone())
        };
        let count: usize = ranges().map(|range| range.len()).sum();
        if count > 0 && is_partial {
            let count = Cell::Number(count);
            lines.push(AnswerLine::Heading(format!(
                "{heading} ({})",
                count.shown()
            )));
        }
        for range in ranges() {
            lines.push_ladder(range);
        }
    }
    for host in &answer.addresses {
        let tags = host.matches.len();
        let none = (tags == 0).then(|| "in no tag".to_owned());
        let special = host.special.as_ref().map(Special::words);
        let words: Vec<String> = none.into_iter().chain(special).collect();
        lines.push(AnswerLine::Heading(format!(
            "{}  {}",
            host.address,
            words.join(": ")
        )));
        lines.extend(ladder(host.matches.iter()));
        lines.extend(host.also.iter().flatten().map(beside));
    }
    lines.extend(answer.also.iter().flatten().map(beside));
    if !answer.nearest.is_empty() {
        let info = session.dataset.info();
        let date = info
            .date
            .map_or(String::new(), |_| format!(" of {}", info.said()));
        lines.push(AnswerLine::Note(Safe::from(format!(
            "no tag of the {} cloud{date} holds it. Next to it:",
            session.dataset.cloud()
        ))));
        lines.extend(answer.nearest.iter().copied().map(AnswerLine::Near));
    }
    if lines.is_empty() {
        lines.push(AnswerLine::Blank);
    }
    lines
}

/// A range that is not Azure's.
fn beside(found: &AlsoMatch) -> AnswerLine {
    AnswerLine::Note(Safe::from(found.sentence()))
}

/// A sentence in as many lines as a terminal of 80 columns needs.
fn told(text: &str) -> impl Iterator<Item = AnswerLine> {
    let lines = wrap(text, SENTENCE).into_iter();
    lines.map(|line| AnswerLine::Note(Safe::new(&line)))
}

fn ladder<'a>(found: impl Iterator<Item = &'a Match>) -> impl Iterator<Item = AnswerLine> {
    let mut before = None;
    found.map(move |&found| {
        let is_first = before != Some(found.prefix);
        before = Some(found.prefix);
        AnswerLine::Match { found, is_first }
    })
}

impl AnswerLine {
    /// The tag that the line leads to.
    pub const fn tag(&self) -> Option<TagId> {
        match self {
            Self::Coverage { tag, .. } | Self::Fact { tag, .. } => Some(*tag),
            Self::Match { found, .. } => Some(found.tag),
            Self::Near(near) => Some(near.hit.tag),
            Self::Heading(_) | Self::Note(_) | Self::Blank => None,
        }
    }

    /// The line in `room` columns; `selected` is the style of a selected line.
    pub fn draw(
        &self,
        room: usize,
        (session, since): (&Session, &[(TagId, Since)]),
        theme: &Theme,
        selected: Option<Style>,
    ) -> Line<'static> {
        let style = selected.unwrap_or(theme.text);
        match self {
            Self::Blank => Line::default(),
            Self::Heading(text) => {
                Line::from(Span::styled(cut_end(text, room).into_owned(), theme.head))
            }
            Self::Note(text) => Line::from(Span::styled(
                cut_middle(text.as_str(), room).into_owned(),
                theme.muted,
            )),
            Self::Coverage {
                tag,
                addresses,
                share,
            } => {
                let name = name_of(*tag, session);
                let share_text = pad(&Cell::Share(*share).shown(), 8, true);
                let bar_width = (room / 5).clamp(4, BAR);
                let left = room.saturating_sub(10 + bar_width);
                let count = format!("  {} addresses", addresses.short());
                // The name before the number, which the share says too.
                let rest = if width(&name) + width(&count) <= left {
                    name + &count
                } else {
                    cut_middle(&name, left).into_owned()
                };
                let rest = format!(" {}", pad(&rest, left, false));
                Line::from(vec![
                    Span::styled(share_text + " ", style),
                    Span::styled(bar(*share, bar_width), selected.unwrap_or(theme.bar)),
                    Span::styled(rest, style),
                ])
            }
            Self::Match { found, is_first } => {
                let since = since.iter().find(|(tag, _)| *tag == found.tag);
                let since = since.map(|(_, since)| *since);
                let text = self::match_text(*found, (*is_first, since), room, session);
                Line::from(Span::styled(pad(&text, room, false), style))
            }
            Self::Fact { text, .. } => {
                let text = cut_end(text.as_str(), room);
                Line::from(Span::styled(pad(&text, room, false), style))
            }
            Self::Near(near) => {
                let side = if near.is_below { "below" } else { "above" };
                let prefix = near.hit.prefix.to_string();
                let name = name_of(near.hit.tag, session);
                let far = near.distance.short();
                let text = format!("{side}  {prefix}  {name}  {far} away");
                Line::from(Span::styled(pad(&cut_end(&text, room), room, false), style))
            }
        }
    }
}

fn name_of(tag: TagId, session: &Session) -> String {
    session
        .dataset
        .view()
        .tag(tag)
        .map_or_else(String::new, |row| row.name.to_owned())
}

/// Prefix, size, tag, region, service, number; from the right what does not fit is left out.
fn match_text(
    found: Match,
    (is_first, since): (bool, Option<Since>),
    room: usize,
    session: &Session,
) -> String {
    let Some(row) = session.dataset.view().tag(found.tag) else {
        return String::new();
    };
    let prefix_width = match found.prefix.family() {
        crate::space::Family::V4 => 18,
        crate::space::Family::V6 => 26,
    };
    let (prefix, size) = if is_first {
        (found.prefix.to_string(), found.prefix.count().short())
    } else {
        (String::new(), String::new())
    };
    let number = Cell::Change(row.change_number, session.dataset.numbers());
    let mut head = pad(&prefix, prefix_width, false) + " ";
    // In a narrow pane the name needs the room; the size follows from the length.
    if room >= 60 {
        head.push_str(&pad(&size, 11, true));
        head.push_str("  ");
    }
    let left = room.saturating_sub(head.chars().count());
    let or_none = |text: &str| if text.is_empty() { "–" } else { text }.to_owned();
    let since = since.map(since_text);
    // By importance: number, since, region, service.
    let number_width = if left >= 48 { 14 } else { 0 };
    let since_width = match &since {
        Some(_) if left >= 64 => SINCE,
        _ => 0,
    };
    let region_width = if left >= 74 + since_width { 19 } else { 0 };
    let used = number_width + since_width + region_width;
    let name_width = left
        .saturating_sub(used)
        .min(if region_width > 0 { 36 } else { left });
    let mut text = head + &pad(&cut_middle(row.name, name_width), name_width, false);
    if region_width > 0 {
        text.push(' ');
        text.push_str(&pad(&cut_middle(&or_none(row.region), 18), 18, false));
        let rest = left.saturating_sub(name_width + used);
        if rest > 8 {
            let service = or_none(row.system_service);
            text.push(' ');
            text.push_str(&pad(&cut_middle(&service, rest - 1), rest - 1, false));
        }
    }
    if number_width > 0 {
        let number = format!(" number {}", number.listed());
        text.push_str(&pad(&number, number_width, false));
    }
    if let Some(since) = since.filter(|_| since_width > 0) {
        text.push_str(&since);
    }
    text
}

/// Columns of [`since_text`].
const SINCE: usize = 25;

/// ` since 2026-09-07`; before it where the available weeks begin with it.
fn since_text(since: Since) -> String {
    let date = since.date.map_or_else(
        || "?".to_owned(),
        |date| marked_date(Some(date), since.date_is),
    );
    let before = if since.is_at_least { "before " } else { "" };
    format!(" since {before}{date}")
}

/// A bar of so many cells; a share above zero shows at least a sliver.
fn bar(share: f64, cells: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (0..=cells * 8)
        .take_while(|&eighths| {
            let filled = Count::from(u64::try_from(eighths).unwrap_or(0)).as_f64();
            filled <= share * Count::from(u64::try_from(cells * 8).unwrap_or(1)).as_f64()
        })
        .count()
        .saturating_sub(1)
        .max(usize::from(share > 0.0));
    let part = PARTS.get(eighths % 8).copied().unwrap_or("");
    pad(&format!("{}{part}", "█".repeat(eighths / 8)), cells, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_only_for_all() {
        assert_eq!(bar(1.0, BAR), "█".repeat(BAR));
        assert_eq!(bar(0.0, BAR).trim(), "");
        assert_eq!(bar(0.000_1, BAR).trim(), "▏");
        assert_ne!(bar(0.999, BAR), bar(1.0, BAR));
        assert_eq!(crate::text::width(&bar(0.37, BAR)), BAR);
    }
}
