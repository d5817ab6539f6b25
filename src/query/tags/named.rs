//! Services as they are typed.

use crate::query::Dataset;
use crate::query::names::WeekNames;
use crate::query::tags::TagsQuestion;
use crate::text::Safe;

/// A service that no tag is of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no tag is of a service \"{typed}\"; {hint}")]
pub struct UnknownService {
    typed: Safe,
    hint: Safe,
}

/// A service that a tag of one of these weeks is of: by its systemService, or by the name without a
/// region.
///
/// # Errors
/// [`UnknownService`] with services that are near.
pub fn service_named(typed: &str, weeks: &[&Dataset]) -> Result<String, UnknownService> {
    let question = TagsQuestion {
        services: vec![typed.to_owned()],
        ..TagsQuestion::default()
    };
    let is_there = |week: &&Dataset| {
        let view = week.view();
        let mut rows = view.tag_ids().filter_map(|tag| view.tag(tag));
        rows.any(|row| question.keeps(&row))
    };
    if weeks.iter().any(is_there) {
        return Ok(typed.to_owned());
    }
    let mut near: Vec<String> = Vec::new();
    for week in weeks {
        for name in WeekNames::new(week).names().near_services(typed) {
            if !near.contains(&name) {
                near.push(name);
            }
        }
    }
    let hint = if near.is_empty() {
        Safe::new("tagscope tags lists them")
    } else {
        Safe::from(format!("did you mean {}?", near.join(", ")))
    };
    Err(UnknownService {
        typed: Safe::new(typed),
        hint,
    })
}
