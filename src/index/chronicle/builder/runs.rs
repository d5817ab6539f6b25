//! A tag's attributes from week to week.

use std::collections::HashMap;

use crate::index::chronicle::codec::Output;

/// Texts that stand once, by number.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    list: Vec<String>,
    known: HashMap<String, u32>,
}

impl Texts {
    /// The number of a text.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(&known) = self.known.get(text) {
            return known;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(text.to_owned());
        self.known.insert(text.to_owned(), number);
        number
    }

    /// The texts by their numbers.
    pub fn list(&self) -> &[String] {
        &self.list
    }

    fn text(&self, number: u32) -> &str {
        let place = usize::try_from(number).ok();
        place
            .and_then(|place| self.list.get(place))
            .map_or("", String::as_str)
    }
}

/// A tag's properties; texts by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributeIds {
    pub change_number: Option<u32>,
    pub region: u32,
    pub service: u32,
    pub features: Option<u32>,
}

/// What holds from which week on, until the next run; `None` while the tag is absent.
///
/// Neighbours differ, and before the first run, which is not `None`, the tag is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runs {
    list: Vec<(usize, Option<AttributeIds>)>,
}

impl Runs {
    /// Whether the tag is in no week.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds the next run; false when it is not one.
    pub fn push(&mut self, from: usize, run: Option<AttributeIds>) -> bool {
        let is_next = match self.list.last() {
            None => run.is_some(),
            Some(&(before, last)) => before < from && last != run,
        };
        self.list.push((from, run));
        is_next
    }

    /// Makes room for a week at `place` with these attributes; `weeks` counts those before.
    pub fn insert(&mut self, place: usize, run: Option<AttributeIds>, weeks: usize) {
        let at = self.list.partition_point(|&(from, _)| from < place);
        let before = at
            .checked_sub(1)
            .and_then(|at| self.list.get(at))
            .and_then(|&(_, run)| run);
        let has_run_here = self.list.get(at).is_some_and(|&(from, _)| from == place);
        for (from, _) in self.list.iter_mut().skip(at) {
            *from += 1;
        }
        if run == before {
            return;
        }
        // What held at this place goes on behind the new week.
        if !has_run_here && place < weeks {
            self.list.insert(at, (place + 1, before));
        }
        self.list.insert(at, (place, run));
        self.join();
    }

    /// Takes the week at `place` out; `weeks` counts those that are left.
    pub fn remove(&mut self, place: usize, weeks: usize) {
        for (from, _) in &mut self.list {
            *from -= usize::from(*from > place);
        }
        // Of two runs that now begin in one week the earlier one held in the lost week alone.
        let list = std::mem::take(&mut self.list);
        for (number, run) in list.iter().enumerate() {
            let is_covered = list.get(number + 1).is_some_and(|next| next.0 == run.0);
            if !is_covered && run.0 < weeks {
                self.list.push(*run);
            }
        }
        self.join();
    }

    /// Joins equal neighbours.
    fn join(&mut self) {
        self.list.dedup_by_key(|&mut (_, run)| run);
        if self.list.first().is_some_and(|(_, run)| run.is_none()) {
            self.list.remove(0);
        }
    }

    /// Writes the runs, with the texts by their numbers in the file.
    pub fn write(&self, texts: &Texts, strings: &mut Texts, out: &mut Output) {
        let mut string = |number: u32| {
            let number = strings.number(texts.text(number));
            usize::try_from(number).unwrap_or(usize::MAX)
        };
        out.size(self.list.len());
        let mut before = 0;
        for &(from, run) in &self.list {
            out.size(from - before);
            before = from;
            out.size(usize::from(run.is_some()));
            if let Some(run) = run {
                out.optional(run.change_number);
                out.size(string(run.region));
                out.size(string(run.service));
                out.size(run.features.map_or(0, |features| string(features) + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runs of a list of weeks, in which 0 is an absent tag.
    fn runs(weeks: &[u32]) -> Runs {
        let mut runs = Runs::default();
        for (place, &number) in weeks.iter().enumerate() {
            let before = place.checked_sub(1).map_or(0, |place| weeks[place]);
            if number != before {
                assert!(runs.push(place, of(number)));
            }
        }
        runs
    }

    fn of(number: u32) -> Option<AttributeIds> {
        (number > 0).then_some(AttributeIds {
            change_number: Some(number),
            region: 0,
            service: 0,
            features: None,
        })
    }

    #[test]
    fn a_week_goes_in_and_comes_out_at_every_place() {
        let lists: [&[u32]; 7] = [
            &[],
            &[0, 0],
            &[1, 1, 1],
            &[0, 1, 1, 2, 2, 0],
            &[1, 2, 1, 2],
            &[1, 0, 1],
            &[0, 0, 3],
        ];
        for list in lists {
            for place in 0..=list.len() {
                for number in 0..4 {
                    let mut longer = list.to_vec();
                    longer.insert(place, number);
                    let mut found = runs(list);
                    found.insert(place, of(number), list.len());
                    assert_eq!(found, runs(&longer), "{number} into {list:?} at {place}");
                    found.remove(place, list.len());
                    assert_eq!(found, runs(list), "{number} out of {longer:?} at {place}");
                }
            }
        }
    }
}
