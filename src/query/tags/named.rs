//! Patterns and services as they are typed, where none of some weeks has what they name.

use std::collections::BTreeSet;

use crate::query::Dataset;
use crate::query::tags::{TagsQuestion, base_name};
use crate::text::{Pattern, Safe, closest};

/// Names that are named instead.
const MOST_NEAR: usize = 3;

/// What no tag matches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownName {
    /// A name, a glob or a part of a name.
    #[error("no tag matches \"{typed}\"; {hint}")]
    Tag {
        /// The text.
        typed: Safe,
        /// Names that are near, or where the names are.
        hint: Safe,
    },
    /// A service.
    #[error("no tag is of a service \"{typed}\"; {hint}")]
    Service {
        /// The text.
        typed: Safe,
        /// Names that are near, or where the names are.
        hint: Safe,
    },
}

/// A pattern that a tag of one of these weeks matches.
///
/// # Errors
/// [`UnknownName::Tag`] with names that are near.
pub fn pattern_named(typed: &str, weeks: &[&Dataset]) -> Result<Pattern, UnknownName> {
    let pattern = Pattern::new(typed);
    let question = TagsQuestion {
        pattern: Some(pattern.clone()),
        ..TagsQuestion::default()
    };
    if has(weeks, &question) {
        return Ok(pattern);
    }
    let mut names = BTreeSet::new();
    for week in weeks {
        let view = week.view();
        let rows = view.tag_ids().filter_map(|tag| view.tag(tag));
        names.extend(rows.map(|row| row.name.to_owned()));
    }
    Err(UnknownName::Tag {
        typed: Safe::new(typed),
        hint: hint(typed, &names),
    })
}

/// A service that a tag of one of these weeks is of: by its systemService, or by the name without a
/// region.
///
/// # Errors
/// [`UnknownName::Service`] with services that are near.
pub fn service_named(typed: &str, weeks: &[&Dataset]) -> Result<String, UnknownName> {
    let question = TagsQuestion {
        service: Some(typed.to_owned()),
        ..TagsQuestion::default()
    };
    if has(weeks, &question) {
        return Ok(typed.to_owned());
    }
    let mut names = BTreeSet::new();
    for week in weeks {
        let view = week.view();
        for row in view.tag_ids().filter_map(|tag| view.tag(tag)) {
            names.insert(base_name(&row).to_owned());
            names.insert(row.system_service.to_owned());
        }
    }
    names.remove("");
    Err(UnknownName::Service {
        typed: Safe::new(typed),
        hint: hint(typed, &names),
    })
}

fn has(weeks: &[&Dataset], question: &TagsQuestion) -> bool {
    weeks.iter().any(|week| {
        let view = week.view();
        let mut rows = view.tag_ids().filter_map(|tag| view.tag(tag));
        rows.any(|row| question.keeps(&row))
    })
}

fn hint(typed: &str, names: &BTreeSet<String>) -> Safe {
    let near = closest(typed, names.iter().map(String::as_str), MOST_NEAR);
    if near.is_empty() {
        Safe::new("tagscope tags lists them")
    } else {
        Safe::from(format!("did you mean {}?", near.join(", ")))
    }
}
