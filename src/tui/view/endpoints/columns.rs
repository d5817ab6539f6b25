//! The plan's columns: which have room, and how wide they are.

use crate::query::Cell;
use crate::text::{clean, cut_end, cut_middle, pad, width};
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::lines::PlanLine;
use crate::tui::view::endpoints::probing::tone;

/// The cells of a line.
#[derive(Default)]
pub struct Cells {
    pub sign: &'static str,
    pub host: String,
    pub port: String,
    pub why: String,
    pub tags: String,
    /// The same in few words.
    pub tags_short: String,
    pub counts: [String; 2],
    pub need: &'static str,
    /// What asking the host has brought; empty where nothing was asked.
    pub probe: String,
    pub probe_tone: Option<Tone>,
}

/// Columns of the terminal for each column; 0 leaves it out.
#[derive(Default)]
pub struct Widths {
    sign: usize,
    host: usize,
    port: usize,
    why: usize,
    tags: usize,
    counts: [usize; 2],
    need: usize,
    pub probe: usize,
    /// The port of every row, where its column gave way to whole names.
    only_port: Option<String>,
}

/// Fewest columns of a port.
const PORT: usize = 4;
/// Fewest columns of tags and of a purpose that say something.
const TAGS: usize = 12;
const WHY: usize = 14;
/// As much is given to tags before anything else gets more.
const GOOD_TAGS: usize = 36;
/// Columns of `required`.
const NEED: usize = 8;

impl Widths {
    /// The host first, whole where possible; then port, tags, prefixes, purpose, need.
    pub fn of(cells: &[Cells], has_signs: bool, room: usize) -> Self {
        let widest = |text: fn(&Cells) -> &str| cells.iter().map(|one| width(text(one))).max();
        let sign = if has_signs { 2 } else { 0 };
        let mut left = room.saturating_sub(sign);
        let host = widest(|one| &one.host).unwrap_or(0).max(4);
        let probe = widest(|one| &one.probe).unwrap_or(0);
        let ports = widest(|one| &one.port).unwrap_or(0).max(PORT);
        let few = cells
            .iter()
            .map(|one| width(&whole_names(&one.tags_short, 0)));
        let few = few.max().unwrap_or(0).clamp(TAGS, GOOD_TAGS);
        let names = host + 1 + few;
        // A column that says the same in every row goes before a name is cut.
        let only_port = only_port(cells).filter(|_| names + ports + 1 > left && names <= left);
        let ports = if only_port.is_some() { 0 } else { ports };
        let others = sign + ports + 2 + if probe > 0 { probe + 1 } else { 0 };
        let mut take = |wanted: usize, least: usize| {
            let taken = wanted.min(left.saturating_sub(1));
            if taken < least.max(1) {
                return 0;
            }
            left -= taken + 1;
            taken
        };
        let mut own = Self {
            sign,
            host: take(host.min(room.saturating_sub(others)), 1),
            port: take(ports, ports),
            only_port,
            probe: if probe > 0 { take(probe, 5) } else { 0 },
            tags: take(few, TAGS),
            ..Self::default()
        };
        let counts = [0, 1].map(|family: usize| {
            let shown = cells.iter().filter_map(|one| one.counts.get(family));
            shown.map(|text| width(text)).max().unwrap_or(0).max(2)
        });
        let both: usize = counts.iter().sum::<usize>() + 1;
        if take(both, both) > 0 {
            own.counts = counts;
        }
        own.why = take(WHY, WHY);
        let tags = widest(|one| &one.tags).unwrap_or(0);
        let why = widest(|one| &one.why).unwrap_or(0);
        let grow = |own: &mut usize, wanted: usize, left: &mut usize| {
            if *own > 0 {
                let more = wanted.saturating_sub(*own).min(*left);
                *own += more;
                *left -= more;
            }
        };
        grow(&mut own.tags, tags.min(GOOD_TAGS), &mut left);
        if left > NEED + 8 {
            own.need = NEED;
            left -= NEED + 1;
        }
        grow(&mut own.why, why, &mut left);
        grow(&mut own.tags, tags, &mut left);
        own
    }

    /// The head of the hosts' column.
    pub fn host_title(&self) -> String {
        match &self.only_port {
            Some(port) => format!("host, port {port}"),
            None => "host".to_owned(),
        }
    }

    pub fn line(&self, cells: &Cells) -> String {
        let mut parts = vec![pad(&cut_middle(&cells.host, self.host), self.host, false)];
        let mut push = |text: &str, columns: usize, is_number: bool| {
            if columns > 0 {
                parts.push(pad(&cut_end(text, columns), columns, is_number));
            }
        };
        push(&cells.port, self.port, true);
        let why = if self.need == 0 && cells.need == "if used" {
            format!("{}: {}", cells.need, cells.why)
        } else {
            cells.why.clone()
        };
        push(&why, self.why, false);
        // No name is cut where fewer words say it.
        let tags = if width(&cells.tags) > self.tags {
            &cells.tags_short
        } else {
            &cells.tags
        };
        push(&whole_names(tags, self.tags), self.tags, false);
        for (text, columns) in cells.counts.iter().zip(self.counts) {
            push(text, columns, true);
        }
        push(cells.need, self.need, false);
        let sign = if self.sign > 0 { cells.sign } else { "" };
        format!("{sign}{}", parts.join(" "))
    }
}

/// As many names as have room, the first at least, and how many more there are.
fn whole_names(names: &str, room: usize) -> String {
    if width(names) <= room {
        return names.to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    for word in names.split(' ') {
        match parts.last_mut() {
            // How many tags of a service there are belongs to its name.
            Some(last) if word.starts_with('(') => *last = format!("{last} {word}"),
            _ => parts.push(word.to_owned()),
        }
    }
    let names = parts;
    let shown = |count: usize| {
        let head = names.get(..count).unwrap_or_default().join(" ");
        match names.len() - count {
            0 => head,
            more => format!("{head} +{more}"),
        }
    };
    let fits = (1..names.len()).rev().map(shown);
    let mut fits = fits.filter(|text| width(text) <= room);
    fits.next().unwrap_or_else(|| shown(1))
}

/// The port of all rows, where they have one.
fn only_port(cells: &[Cells]) -> Option<String> {
    let mut ports = cells.iter().map(|one| &one.port);
    let first = ports.find(|port| !port.is_empty())?;
    ports
        .all(|port| port.is_empty() || port == first)
        .then(|| first.clone())
}

/// Tags in few words: of one service its name and how many, else the first and how many more.
fn few_words(tags: &[String]) -> String {
    let service = |tag: &String| tag.split('.').next().unwrap_or_default().to_owned();
    let services: std::collections::BTreeSet<String> = tags.iter().map(service).collect();
    let parts = services.iter().map(|own| {
        let mut of_service = tags.iter().filter(|tag| service(tag) == *own);
        let count = of_service.clone().count();
        match of_service.next() {
            Some(tag) if count == 1 => tag.clone(),
            _ => format!("{own} ({count})"),
        }
    });
    let parts: Vec<String> = parts.collect();
    parts.join(" ")
}

pub fn cells_of(view: &EndpointsView, line: &PlanLine) -> Option<Cells> {
    match line {
        PlanLine::Heading(_) | PlanLine::Note(_) => None,
        PlanLine::Row(position) => {
            let row = view.row(*position)?;
            let tags: Vec<String> = row
                .tags
                .iter()
                .map(|tag| format!("{}{tag}", row.tags_certainty.dot()))
                .collect();
            let counts = row
                .prefixes
                .map(|counts| counts.map(|count| Cell::Number(count).shown().into_owned()));
            Some(Cells {
                sign: position.sign.glyph(),
                host: format!("{}{}", row.certainty.dot(), clean(row.shown())),
                port: row.port.to_string(),
                why: clean(&row.purpose).into_owned(),
                tags_short: few_words(&tags),
                tags: if tags.is_empty() {
                    "–".to_owned()
                } else {
                    tags.join(" ")
                },
                counts: counts.unwrap_or_else(|| ["–", "–"].map(str::to_owned)),
                need: row.need(),
                probe: view.probed_row(row).shown(),
                probe_tone: Some(tone(view.probed_row(row))),
            })
        }
        PlanLine::Record(position) => {
            let record = view.record(*position)?;
            Some(Cells {
                sign: position.sign.glyph(),
                host: clean(&record.name).into_owned(),
                port: record.kind.to_owned(),
                why: format!("→ {}", clean(&record.target)),
                ..Cells::default()
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_and_the_others_counted() {
        let names = "·Storage.WestEurope ·Sql (2) ·Redis";
        assert_eq!(whole_names(names, 40), names);
        assert_eq!(whole_names(names, 34), "·Storage.WestEurope ·Sql (2) +1");
        assert_eq!(whole_names(names, 30), "·Storage.WestEurope +2");
        assert_eq!(whole_names(names, 0), "·Storage.WestEurope +2");
        assert_eq!(whole_names("Storage", 3), "Storage");
    }
}
