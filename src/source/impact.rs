//! What two weeks do to rules, with the older weeks that the answer needs.

use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::impact::{
    ImpactAnswer, ImpactError, ImpactOptions, Stated, ask, usable, wants_older,
};
use crate::source::{Request, chronicle_of};
use crate::text::Safe;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct ImpactQuestion<'a> {
    pub files: &'a [LoadedFile],
    /// The older and the newer.
    pub weeks: [&'a Dataset; 2],
    /// Tags that lists stand for, as the user says now: `TAG` or `ROW=TAG`.
    pub stated: &'a [String],
    /// The same, as saved with a list of files.
    pub kept: &'a [String],
    /// Where older weeks are.
    pub within: &'a Request,
}

impl ImpactQuestion<'_> {
    /// The answer, and what was kept and no longer fits: it must not hide what becomes of the
    /// others.
    pub fn ask(self) -> (Vec<Safe>, Result<ImpactAnswer, ImpactError>) {
        let Self { files, within, .. } = self;
        let [base, target] = self.weeks;
        let parsed = |texts: &[String]| texts.iter().map(|text| Stated::parse(text)).collect();
        let mut stated: Vec<Stated> = parsed(self.stated);
        let (kept, notes) = usable(parsed(self.kept), files, base, target);
        stated.extend(kept);
        let older = if wants_older(files, base, target, &stated) {
            chronicle_of(base, within)
        } else {
            None
        };
        let options = ImpactOptions {
            stated: &stated,
            older: older.as_ref(),
        };
        (notes, ask(files, base, target, options))
    }
}
