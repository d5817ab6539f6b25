//! Which two publications are compared.

use crate::azure::{Dialect, parse_date};
use crate::query::{Source, WeekRecord};
use crate::source::{Publication, Request, WeekChoice};
use crate::text::Safe;
use crate::tui::session::Session;

/// The two weeks, by what names them, and whether the base stays when the target moves.
#[derive(Debug, Default)]
pub struct ChosenWeeks {
    base: Option<ChosenWeek>,
    target: Option<ChosenWeek>,
    is_base_fixed: bool,
    /// Weeks that were named and are not looked up in the list yet.
    named: Option<[WeekChoice; 2]>,
}

/// What a week is to the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WeekRole {
    Target,
    /// The base, which follows the target.
    Base,
    /// The base, which stays.
    MarkedBase,
    /// Its changes are in the comparison too.
    Between,
    Other,
}

impl WeekRole {
    /// The sign before a week.
    pub const fn sign(self) -> char {
        match self {
            Self::Target => '▸',
            Self::Base => '·',
            Self::MarkedBase => 'b',
            Self::Between => '│',
            Self::Other => ' ',
        }
    }
}

/// One of the two.
#[derive(Debug, Clone, PartialEq)]
struct ChosenWeek {
    date: Option<String>,
    hash: String,
    label: String,
    request: Request,
}

impl ChosenWeek {
    fn of(week: &Publication) -> Self {
        let record = &week.record;
        Self {
            date: record.date.clone(),
            hash: record.content_hash.clone(),
            label: label(record),
            request: week.request.clone(),
        }
    }

    fn is(&self, week: &Publication) -> bool {
        let record = &week.record;
        (&self.date, &self.hash) == (&record.date, &record.content_hash)
    }
}

/// A week in a few letters.
fn label(record: &WeekRecord) -> String {
    let date = record.marked();
    match (record.source, record.change_number) {
        (Source::File, _) => format!("{date} (file)"),
        (_, Some(number)) => format!("{date} #{number}"),
        (_, None) => date,
    }
}

/// The publications that can be compared with the data on screen, newest first: of its kind, and
/// one entry for a content that two sources have. A file on screen is among them.
pub fn choices(weeks: Vec<Publication>, session: &Session) -> Vec<Publication> {
    let own = session.dataset.record();
    let mut weeks = weeks;
    weeks.retain(|week| week.record.kind == own.kind);
    let archived: Vec<Option<String>> = weeks
        .iter()
        .filter(|week| week.record.source == Source::Archive)
        .map(|week| week.record.date.clone())
        .collect();
    // What is archived under a date is what that date opens.
    weeks.retain(|week| {
        week.record.source != Source::Embedded || !archived.contains(&week.record.date)
    });
    if own.source == Source::File {
        let place = weeks.partition_point(|week| own.date.is_some() && week.record.date > own.date);
        let publication = Publication {
            record: own,
            request: session.request.clone(),
            touched: None,
        };
        weeks.insert(place, publication);
    }
    weeks
}

impl ChosenWeeks {
    /// Two weeks that were named.
    pub fn named(base: WeekChoice, target: WeekChoice) -> Self {
        Self {
            named: Some([base, target]),
            ..Self::default()
        }
    }

    /// Finds both weeks in the list: those that were named, else the one on screen and the one
    /// before it.
    pub fn settle(&mut self, weeks: &[Publication], session: &Session) -> Result<(), Safe> {
        if let Some(named) = self.named.take() {
            let [base, target] = named.map(|choice| find(choice, weeks));
            let (Some(base), Some(target)) = (base, target) else {
                return Err(Safe::new(
                    "no such week available; `tagscope weeks` lists them",
                ));
            };
            self.base = Some(ChosenWeek::of(base));
            self.target = Some(ChosenWeek::of(target));
            self.is_base_fixed = true;
            return Ok(());
        }
        let own = session.dataset.record();
        let is_own = |week: &&Publication| {
            (&week.record.date, &week.record.content_hash) == (&own.date, &own.content_hash)
        };
        let target = weeks.iter().find(is_own).or_else(|| weeks.first());
        let Some(target) = target else {
            return Err(Safe::new("there is no week available to compare"));
        };
        self.set_target(target, weeks)
    }

    /// Takes another target; the base follows unless it was marked.
    pub fn set_target(&mut self, week: &Publication, weeks: &[Publication]) -> Result<(), Safe> {
        if !self.is_base_fixed || self.base.is_none() {
            let place = weeks
                .iter()
                .position(|other| ChosenWeek::of(week).is(other));
            let before = place.and_then(|place| {
                let mut older = weeks.iter().skip(place + 1);
                older.find(|other| other.record.date != week.record.date)
            });
            let Some(before) = before else {
                return Err(Safe::new(
                    "that is the oldest week available: there is none before it to compare with. \
                     `tagscope update --backfill N` fetches earlier ones, `tagscope import` adds files",
                ));
            };
            self.base = Some(ChosenWeek::of(before));
        }
        self.target = Some(ChosenWeek::of(week));
        Ok(())
    }

    /// Keeps a week as the base, whatever becomes the target.
    /// False when it follows again.
    pub fn fix_base(&mut self, week: &Publication) -> bool {
        let side = ChosenWeek::of(week);
        // The same key again lets it follow.
        if self.is_base_fixed && self.base.as_ref() == Some(&side) {
            self.is_base_fixed = false;
            return false;
        }
        self.base = Some(side);
        self.is_base_fixed = true;
        true
    }

    /// The base becomes the week before the target.
    pub fn follow(&mut self, weeks: &[Publication]) -> Result<(), Safe> {
        match self
            .place_of_target(weeks)
            .and_then(|place| weeks.get(place))
        {
            Some(target) => self.set_target(target, weeks),
            None => Ok(()),
        }
    }

    /// Whether a week is the target.
    pub fn is_target(&self, week: &Publication) -> bool {
        self.target.as_ref().is_some_and(|target| target.is(week))
    }

    /// What opens the two.
    pub fn requests(&self) -> Option<[Request; 2]> {
        let [base, target] = [self.base.as_ref()?, self.target.as_ref()?];
        Some([base.request.clone(), target.request.clone()])
    }

    /// Where the target stands in the list.
    pub fn place_of_target(&self, weeks: &[Publication]) -> Option<usize> {
        let target = self.target.as_ref()?;
        weeks.iter().position(|week| target.is(week))
    }

    /// What each week is to the comparison; `candidate` is the row that Enter would make the target.
    pub fn roles(&self, weeks: &[Publication], candidate: Option<usize>) -> Vec<WeekRole> {
        let place = |side: &Option<ChosenWeek>| {
            let side = side.as_ref()?;
            weeks.iter().position(|week| side.is(week))
        };
        let (base, target) = (place(&self.base), place(&self.target));
        let end = candidate.filter(|_| self.is_base_fixed).or(target);
        let between = base
            .zip(end)
            .map(|(base, end)| base.min(end)..base.max(end));
        let role = |row: usize| match () {
            () if target == Some(row) => WeekRole::Target,
            () if base == Some(row) && self.is_base_fixed => WeekRole::MarkedBase,
            () if base == Some(row) => WeekRole::Base,
            () if Some(row) != end && between.as_ref().is_some_and(|it| it.contains(&row)) => {
                WeekRole::Between
            }
            () => WeekRole::Other,
        };
        (0..weeks.len()).map(role).collect()
    }

    /// `2026-10-12 → 2026-10-19`.
    pub fn shown(&self) -> String {
        let label =
            |side: &Option<ChosenWeek>| side.as_ref().map_or("", |side| &side.label).to_owned();
        format!("{} → {}", label(&self.base), label(&self.target))
    }

    /// The words of a command line that name both.
    pub fn words(&self) -> Vec<String> {
        let word = |side: &ChosenWeek| match &side.request.file {
            Some(file) => file.to_string_lossy().into_owned(),
            None => side
                .request
                .week
                .flag()
                .unwrap_or_else(|| "latest".to_owned()),
        };
        let sides = [&self.base, &self.target].into_iter().flatten();
        sides.map(word).collect()
    }

    /// Both dates for a file's name.
    pub fn dates(&self) -> String {
        let sides = [&self.base, &self.target].into_iter().flatten();
        let dates: Vec<&str> = sides.filter_map(|side| side.date.as_deref()).collect();
        dates.join("-to-")
    }
}

fn find(choice: WeekChoice, weeks: &[Publication]) -> Option<&Publication> {
    let mut files = weeks
        .iter()
        .filter(|week| week.record.source != Source::File || week.record.kind == Dialect::File);
    match choice {
        WeekChoice::Latest => files.next(),
        WeekChoice::Previous => {
            let newest = files.next()?.record.date.clone();
            files.find(|week| week.record.date != newest)
        }
        WeekChoice::Embedded => files.find(|week| week.record.source == Source::Embedded),
        WeekChoice::Date(date, number) => files.find(|week| {
            let record = &week.record;
            record.date.as_deref().and_then(parse_date) == Some(date)
                && (number.is_none() || record.change_number == number)
        }),
        WeekChoice::Api(_) => None,
    }
}
