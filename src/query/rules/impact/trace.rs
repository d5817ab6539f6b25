//! In which weeks the tags of a row changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::azure::WeekDate;
use crate::index::{Chronicle, ChronicleError};
use crate::query::history::{TagWeekStatus, of_tag};
use crate::query::rules::impact::ImpactAnswer;

impl ImpactAnswer {
    /// Says of every row in which weeks after one date and up to another its tags changed their
    /// addresses, came or left. Rows without a tag say none.
    ///
    /// # Errors
    /// [`ChronicleError::Damaged`].
    pub fn trace(
        &mut self,
        chronicle: &Chronicle,
        after: Option<Date>,
        until: Option<Date>,
    ) -> Result<(), ChronicleError> {
        let mut known: BTreeMap<String, Vec<WeekDate>> = BTreeMap::new();
        for row in self.sets.iter_mut().flat_map(|set| &mut set.rows) {
            let mut dates: BTreeSet<WeekDate> = BTreeSet::new();
            for tag in &row.tags {
                if !known.contains_key(tag) {
                    known.insert(tag.clone(), changes(tag, chronicle)?);
                }
                dates.extend(known.get(tag).into_iter().flatten());
            }
            let is_within = |date: &WeekDate| {
                after.is_none_or(|after| date.day > after)
                    && until.is_none_or(|until| date.day <= until)
            };
            row.changed_in = Some(dates.into_iter().filter(is_within).collect());
        }
        Ok(())
    }
}

/// The weeks in which a tag's rows changed.
fn changes(tag: &str, chronicle: &Chronicle) -> Result<Vec<WeekDate>, ChronicleError> {
    let Some(history) = of_tag(tag, chronicle)? else {
        return Ok(Vec::new());
    };
    let is_change = |status| {
        matches!(
            status,
            TagWeekStatus::Came
                | TagWeekStatus::Changed
                | TagWeekStatus::Left
                | TagWeekStatus::Back
        )
    };
    let weeks = history.weeks.iter().filter(|week| is_change(week.status));
    Ok(weeks.filter_map(|week| week.week.dated()).collect())
}
