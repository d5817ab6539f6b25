//! The weeks before the newest: politely, and so that the same command goes on where it stopped.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::azure::{Cloud, Dialect, admit};
use crate::net::Fetched;
use crate::query::weeks::Receipt;
use crate::source::history_store::add_to_history;
use crate::source::update::{
    Giver, Hear, UpdateError, UpdateStep, Updater, card, expect, read, receipt,
};
use crate::store::Packed;
use crate::text::Safe;

/// What a back-fill has done before it ended or was stopped.
#[derive(Debug)]
pub struct Backfilled {
    /// What is kept now.
    pub receipts: Vec<Receipt>,
    /// Weeks for which there is no file.
    pub missing: Vec<Date>,
    /// Files that were fetched and cannot be kept; they are asked for again next time.
    pub refused: Vec<UpdateError>,
    /// Why it stopped; the same command goes on from there.
    pub stopped: Option<UpdateError>,
}

impl Updater {
    /// Fetches the weeks before today that are not archived yet, the latest first; politely, and
    /// so that the same command goes on where this one was stopped.
    ///
    /// # Errors
    /// The archive cannot be written. What fails on the way is in the answer.
    pub fn backfill(
        &self,
        cloud: Cloud,
        weeks: u16,
        template: Option<&str>,
        hear: &mut Hear<'_>,
    ) -> Result<Backfilled, UpdateError> {
        let _turn = self.turn(hear)?;
        let held: Vec<Date> = self.files(cloud)?.iter().map(|name| name.date).collect();
        let mut done = Backfilled {
            receipts: Vec::new(),
            missing: Vec::new(),
            refused: Vec::new(),
            stopped: None,
        };
        let mut is_first = true;
        for monday in mondays(self.today).take(usize::from(weeks)) {
            let days = (0..7).filter_map(|day| monday.checked_add(day.days()).ok());
            let days: Vec<Date> = days.filter(|&day| day <= self.today).collect();
            if days.iter().any(|day| held.contains(day)) {
                continue;
            }
            let mut found = None;
            for day in days {
                if !std::mem::take(&mut is_first) {
                    self.rest();
                }
                let mut report = |step| hear(UpdateStep::Fetch(step));
                let asked = self.publisher.dated(cloud, day, template, &mut report);
                match self.runtime.block_on(asked) {
                    Ok(None) => {}
                    Ok(Some(fetched)) => {
                        found = Some(fetched);
                        break;
                    }
                    Err(error) => {
                        done.stopped = Some(error.into());
                        return Ok(done);
                    }
                }
            }
            let Some(fetched) = found else {
                done.missing.push(monday);
                continue;
            };
            match self.keep_earlier(cloud, &fetched, hear) {
                Ok(receipt) => done.receipts.push(receipt),
                // One bad file of a mirror does not bar the way to the weeks before it.
                Err(error) if error.is_network() => done.refused.push(error),
                Err(error) => {
                    done.stopped = Some(error);
                    return Ok(done);
                }
            }
        }
        Ok(done)
    }

    /// Keeps an earlier week: it is measured by itself, for what is held is later.
    fn keep_earlier(
        &self,
        cloud: Cloud,
        fetched: &Fetched,
        hear: &mut Hear<'_>,
    ) -> Result<Receipt, UpdateError> {
        let origin = Safe::new(&fetched.url);
        let Some(date) = fetched.date else {
            return Err(UpdateError::NoDate { origin });
        };
        let document = read(fetched, date, Giver::Server)?;
        expect(&document, Dialect::File, &origin)?;
        admit(&document, cloud, None, self.today).map_err(|doubt| UpdateError::Doubt {
            origin,
            giver: Giver::Server,
            doubt: Box::new(doubt),
            aside: None,
        })?;
        let packed = Packed::new(&document, &fetched.bytes, card(&document, date, fetched))?;
        let added = self.lock(hear)?.add(packed)?;
        add_to_history(&self.archive, &document.week);
        Ok(receipt(&added, document.flaw_count))
    }
}

/// The Mondays up to a day, the latest first.
pub(super) fn mondays(today: Date) -> impl Iterator<Item = Date> {
    let since_monday = i32::from(today.weekday().since(Weekday::Monday));
    let latest = today.checked_sub(since_monday.days()).ok();
    std::iter::successors(latest, |monday| monday.checked_sub(7.days()).ok())
}
