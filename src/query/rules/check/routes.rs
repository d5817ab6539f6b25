//! What is wrong with a route table.

use std::collections::HashMap;

use crate::query::rules::check::{Checker, catalogue, several};
use crate::rules::{Entry, Row, RuleSet, limits};

pub(super) fn check(checker: &mut Checker<'_>, set: &RuleSet) {
    let (most, most_tags) = (limits::ROUTES, limits::TAG_ROUTES);
    let count = set.rows.len();
    if count > most {
        let text = format!("{count}; the limit is {most}");
        checker.note(&catalogue::ROUTE_COUNT, &text);
    } else if count * 10 >= most * 9 {
        let text = format!("{count} of {most} routes");
        checker.note(&catalogue::NEAR_LIMIT, &text);
    }
    let is_by_tag = |row: &&Row| row.destinations.iter().any(|it| it.tag().is_some());
    let tags = set.rows.iter().filter(is_by_tag).count();
    if tags > most_tags {
        let text = format!("{tags}; the limit is {most_tags}");
        checker.note(&catalogue::TAG_ROUTES, &text);
    } else if tags * 10 >= most_tags * 9 {
        let text = format!("{tags} of {most_tags} routes with tags");
        checker.note(&catalogue::NEAR_LIMIT, &text);
    }
    let mut seen: HashMap<String, &Row> = HashMap::new();
    for (number, row) in set.rows.iter().enumerate() {
        for entry in &row.destinations {
            form(checker, set, number, entry);
            let key = entry.to_string().to_ascii_lowercase();
            match seen.get(&key) {
                Some(other) => {
                    let text = format!("{entry}, as \"{}\"", other.name);
                    checker.row(set, number, &catalogue::SAME_ROUTE, &text);
                }
                None => {
                    seen.insert(key, row);
                }
            }
        }
    }
}

fn form(checker: &mut Checker<'_>, set: &RuleSet, number: usize, entry: &Entry) {
    match entry {
        Entry::Platform(symbol) => {
            checker.row(set, number, &catalogue::ROUTE_TAG, symbol.name());
        }
        Entry::Span(span) if span.block().is_none() => {
            let blocks = crate::space::cover(*span);
            let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
            let fix = format!("Write it as {}.", several(blocks));
            checker
                .row(set, number, &catalogue::ROUTE_FORM, &span.to_string())
                .fix(&fix);
        }
        Entry::Any => {
            checker.row(set, number, &catalogue::ROUTE_FORM, "*");
        }
        _ => {}
    }
}
