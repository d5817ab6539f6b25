//! A log of any kind into counts.

use std::io::{self, Cursor, Read};

use crate::space::Family;
use crate::traffic::log::{HEAD, LogKind, Roles, Unread, has_a_record_a_line, read_log, recognise};
use crate::traffic::{
    Action, Chunk, Chunks, Counter, Direction, End, Flow, Home, Next, Pick, Pieces, Said, Sets,
    Tally, in_order, spots,
};

/// Which records count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only addresses of this family.
    pub family: Option<Family>,
    /// Only what was so decided.
    pub action: Option<Action>,
    /// Only what goes this way.
    pub direction: Option<Direction>,
    /// From this time on, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Up to this time.
    pub until: Option<i64>,
}

impl Filter {
    /// Whether it asks for what only records say.
    #[must_use]
    pub const fn asks_of_records(&self) -> bool {
        self.action.is_some()
            || self.direction.is_some()
            || self.since.is_some()
            || self.until.is_some()
    }

    /// Whether a record counts.
    #[must_use]
    pub fn takes(&self, flow: &Flow<'_>) -> bool {
        let is_late = |since: i64| flow.time.is_some_and(|time| time >= since);
        let is_early = |until: i64| flow.time.is_some_and(|time| time <= until);
        self.action.is_none_or(|action| flow.action == Some(action))
            && self.direction.is_none_or(|way| flow.direction == Some(way))
            && self.since.is_none_or(is_late)
            && self.until.is_none_or(is_early)
    }

    /// Whether an address counts.
    #[inline]
    #[must_use]
    pub fn takes_family(&self, family: Family) -> bool {
        self.family.is_none_or(|only| only == family)
    }
}

/// How logs are read.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What they are, where that was said.
    pub kind: Option<LogKind>,
    /// Which fields of records mean something.
    pub roles: Roles,
    /// The one field of lines of text whose addresses count.
    pub pick: Option<Pick>,
    /// Which records and addresses count.
    pub filter: Filter,
    /// Threads for plain text.
    pub threads: usize,
}

/// A log whose begin was looked at.
pub struct Opened<'a> {
    /// What it is.
    pub kind: LogKind,
    /// Whether each record stands on a line of its own.
    pub is_lined: bool,
    /// The whole of it.
    pub bytes: Box<dyn Read + Send + 'a>,
}

/// Reads the begin of a log.
///
/// # Errors
/// The stream's.
pub fn open_log<'a>(mut input: impl Read + Send + 'a, reading: &Reading) -> io::Result<Opened<'a>> {
    let mut head = Vec::new();
    let limit = u64::try_from(HEAD).unwrap_or(u64::MAX);
    (&mut input).take(limit).read_to_end(&mut head)?;
    let kind = match reading.kind {
        Some(kind) => kind,
        None if reading.pick.is_some() => LogKind::Text,
        None => recognise(&head, &reading.roles),
    };
    Ok(Opened {
        kind,
        is_lined: has_a_record_a_line(&head),
        bytes: Box::new(Cursor::new(head).chain(input)),
    })
}

/// What is known of logs so far.
#[derive(Debug)]
pub struct Counted<C = Tally> {
    /// The counts.
    pub tally: C,
    /// What the records said.
    pub said: Said,
}

impl<C: Counter> Counted<C> {
    /// Reads a log into the counts.
    ///
    /// # Errors
    /// The stream's.
    pub fn read(
        &mut self,
        kind: LogKind,
        input: impl Read + Send,
        sets: &Sets<'_>,
        reading: &Reading,
    ) -> io::Result<Unread> {
        match kind {
            LogKind::Text => self.text(input, sets, reading).map(|()| Unread::default()),
            kind => read_log(kind, input, &reading.roles, |flow, _| {
                self.flow(flow, sets, reading);
                Next::More
            }),
        }
    }

    /// Counts a record at its public ends.
    fn flow(&mut self, flow: &Flow<'_>, sets: &Sets<'_>, reading: &Reading) {
        self.said.add(flow);
        if !reading.filter.takes(flow) {
            return;
        }
        let mut inside = None;
        let mut is_public = false;
        for end in [flow.source, flow.destination].into_iter().flatten() {
            let home = sets.home(end.0, end.1);
            let is_meant = reading.filter.takes_family(end.0);
            if home == Home::Inside {
                inside = is_meant.then_some(end).or(inside);
                continue;
            }
            is_public = true;
            if is_meant {
                self.tally.count(end, home, sets, flow);
            }
        }
        if let Some(end) = inside.filter(|_| !is_public) {
            self.tally.count(end, Home::Inside, sets, flow);
        }
    }

    fn text(
        &mut self,
        input: impl Read + Send,
        sets: &Sets<'_>,
        reading: &Reading,
    ) -> io::Result<()> {
        let pieces = match reading.pick {
            Some(_) => Pieces::Lines,
            None => Pieces::Any,
        };
        let work = |(): &mut (), chunk: &Chunk, found: &mut Vec<(End, Home)>| {
            found.clear();
            let mut scan = |bytes: &[u8]| {
                let ends = spots(bytes).filter(|spot| reading.filter.takes_family(spot.family));
                found.extend(ends.map(|spot| ((spot.family, spot.bits), sets.of(&spot))));
            };
            match reading.pick {
                None => scan(chunk.bytes().get(chunk.passed()..).unwrap_or_default()),
                Some(pick) => {
                    for line in chunk.bytes().split_inclusive(|&byte| byte == b'\n') {
                        scan(line.get(pick.cell(line)).unwrap_or_default());
                    }
                }
            }
        };
        let plain = Flow::default();
        let states = vec![(); reading.threads];
        in_order(Chunks::new(input, pieces), states, work, |slot| {
            for &(end, home) in &slot.result {
                self.tally.count(end, home, sets, &plain);
            }
            io::Result::Ok(Next::More)
        })
        .map(|_| ())
    }
}
