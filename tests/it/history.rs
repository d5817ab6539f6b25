//! Histories against an oracle that unpacks every week and looks through all of it; and the
//! chronicle that grows against the one that is written at once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tagscope::azure::{self, Features, Numbers, Rank, Tag, Week, marked_date};
use tagscope::index::{Chronicle, ChronicleBuilder, embedded_chronicle, write_chronicle};
use tagscope::query::history::{HistoryAnswer, HistorySummary, ask, of_span, of_tag};
use tagscope::query::lookup::QueryKind;
use tagscope::space::{Block, Family, Span};

use crate::contract_formats::assert_lines;
use crate::generated::{self, Random, Spread};
use crate::program::{SMALL, run};

/// The weeks that count, unpacked, oldest first.
struct Past {
    weeks: Vec<Week>,
}

impl Past {
    fn of(chronicle: &Chronicle) -> Self {
        let mut best: BTreeMap<Option<jiff::civil::Date>, Week> = BTreeMap::new();
        let rank = |week: &Week| (week.numbers == Numbers::Published, week.change_number);
        for place in 0..chronicle.entries().len() {
            let week = chronicle.week(place).unwrap();
            let known = best.get(&week.date);
            if known.is_none_or(|known| rank(known) <= rank(&week)) {
                best.insert(week.date, week);
            }
        }
        Self {
            weeks: best.into_values().collect(),
        }
    }

    fn date(&self, place: usize) -> String {
        self.weeks[place].date.unwrap().to_string()
    }

    fn names(&self) -> BTreeSet<&str> {
        let tags = self.weeks.iter().flat_map(|week| &week.tags);
        tags.map(|tag| tag.name.as_str()).collect()
    }

    fn tag(&self, place: usize, name: &str) -> Option<&Tag> {
        self.weeks[place].tags.iter().find(|tag| tag.name == name)
    }

    /// First, last and gaps of a list of weeks.
    fn seen(&self, weeks: &BTreeSet<usize>) -> Value {
        let (first, last) = (*weeks.first().unwrap(), *weeks.last().unwrap());
        let mut gaps: Vec<Value> = Vec::new();
        let mut open: Option<usize> = None;
        for place in first..=last {
            match (weeks.contains(&place), open) {
                (false, None) => open = Some(place),
                (true, Some(from)) => {
                    gaps.push(json!({"from": self.date(from), "to": self.date(place - 1)}));
                    open = None;
                }
                _ => {}
            }
        }
        json!({
            "first": self.date(first),
            "last": self.date(last),
            "sinceAtLeast": first == 0,
            "current": last + 1 == self.weeks.len(),
            "gaps": gaps,
        })
    }

    /// The document of a tag.
    fn of_tag(&self, name: &str) -> Value {
        let mut weeks: Vec<Value> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut last_changed = Value::Null;
        for (place, week) in self.weeks.iter().enumerate() {
            let now = self.tag(place, name);
            let before = place.checked_sub(1).and_then(|place| self.tag(place, name));
            let rows = |tag: Option<&Tag>| -> BTreeSet<Block> {
                tag.iter().flat_map(|tag| tag.prefixes.clone()).collect()
            };
            let (old, new) = (rows(before), rows(now));
            let (mut came, mut went) = (new.difference(&old).count(), old.difference(&new).count());
            let status = match (before, now) {
                (None, Some(_)) if place == 0 => "present",
                (None, None) => "absent",
                (None, Some(_)) if seen.is_empty() => "came",
                (None, Some(_)) => "back",
                (Some(_), None) => "left",
                (Some(_), Some(_)) if came + went > 0 => "changed",
                (Some(one), Some(other)) => {
                    let rest = |tag: &Tag| {
                        (
                            tag.region.clone(),
                            tag.system_service.clone(),
                            tag.features.clone(),
                        )
                    };
                    if rest(one) != rest(other) {
                        "attributes"
                    } else if one.change_number != other.change_number {
                        "number"
                    } else {
                        "same"
                    }
                }
            };
            if place == 0 {
                (came, went) = (0, 0);
            }
            if !["present", "absent", "same"].contains(&status) {
                last_changed = self.date(place).into();
            }
            if now.is_some() {
                seen.insert(place);
            }
            let state = now.map(|tag| {
                let of = |family| -> Vec<Block> {
                    let rows = tag.prefixes.iter().copied();
                    rows.filter(|row| row.family() == family).collect()
                };
                let (v4, v6) = (of(Family::V4), of(Family::V6));
                json!({
                    "changeNumber": tag.change_number,
                    "prefixesV4": v4.len(),
                    "prefixesV6": v6.len(),
                    "addressesV4": addresses(&v4),
                    "addressesV6": addresses(&v6),
                })
            });
            weeks.push(json!({
                "date": self.date(place),
                "dateIs": week.date_is.word(),
                "week": {
                    "changeNumber": week.change_number,
                    "changeNumbers": week.numbers.word(),
                    "contentHash": week.content_hash().to_string(),
                },
                "status": status,
                "prefixesAdded": came,
                "prefixesRemoved": went,
                "tag": state,
            }));
        }
        let all = self.seen(&seen);
        json!({
            "schemaVersion": 1,
            "kind": "tag",
            "name": name,
            "cloud": "Public",
            "first": all["first"],
            "last": all["last"],
            "sinceAtLeast": all["sinceAtLeast"],
            "current": all["current"],
            "lastChanged": last_changed,
            "weeks": weeks,
        })
    }

    /// The `tags` of the document of addresses.
    fn of_span(&self, span: Span) -> Value {
        let mut held: BTreeMap<(&str, Block), BTreeSet<usize>> = BTreeMap::new();
        for (place, week) in self.weeks.iter().enumerate() {
            for tag in &week.tags {
                for &row in &tag.prefixes {
                    let touches = row.family() == span.family()
                        && row.first() <= span.last()
                        && span.first() <= row.last();
                    if touches {
                        held.entry((tag.name.as_str(), row))
                            .or_default()
                            .insert(place);
                    }
                }
            }
        }
        let region = |name: &str| {
            let weeks = (0..self.weeks.len()).rev();
            let mut found = weeks.filter_map(|place| self.tag(place, name));
            found.next().unwrap().region.clone()
        };
        let mut rows: Vec<_> = held.iter().collect();
        rows.sort_by_cached_key(|((name, row), _)| {
            let rank = Rank::of(name, &region(name));
            (Reverse(row.length()), row.first(), rank, *name)
        });
        let mut order: Vec<&str> = Vec::new();
        for ((name, _), _) in &rows {
            if !order.contains(name) {
                order.push(name);
            }
        }
        let with = |mut value: Value, seen: Value| {
            let object = value.as_object_mut().unwrap();
            object.extend(seen.as_object().unwrap().clone());
            value
        };
        let tags = order.into_iter().map(|name| {
            let own = || rows.iter().filter(|((known, _), _)| *known == name);
            let all: BTreeSet<usize> = own().flat_map(|(_, weeks)| weeks.iter().copied()).collect();
            let prefixes: Vec<Value> = own()
                .map(|((_, row), weeks)| {
                    let relation = if row.first() <= span.first() && span.last() <= row.last() {
                        "covers"
                    } else if span.first() <= row.first() && row.last() <= span.last() {
                        "inside"
                    } else {
                        "overlaps"
                    };
                    let prefix = json!({"prefix": row.to_string(), "relation": relation});
                    with(prefix, self.seen(weeks))
                })
                .collect();
            let tag = json!({"tag": name, "region": region(name), "prefixes": prefixes});
            with(tag, self.seen(&all))
        });
        tags.collect()
    }
}

/// Addresses of sorted blocks, in decimal.
fn addresses(blocks: &[Block]) -> String {
    let mut count = Some(0_u128);
    let mut reached: Option<u128> = None;
    for block in blocks {
        // Sorted blocks lie in the one before or behind it.
        if reached.is_none_or(|reached| block.first() > reached) {
            let width = (block.last() - block.first()).checked_add(1);
            count = width.and_then(|width| count?.checked_add(width));
            reached = Some(block.last());
        }
    }
    count.map_or_else(
        || "340282366920938463463374607431768211456".to_owned(),
        |count| count.to_string(),
    )
}

#[track_caller]
fn check_tag(name: &str, past: &Past, chronicle: &Chronicle) {
    let found = of_tag(name, chronicle).unwrap().unwrap();
    let mut record = serde_json::to_value(found.record()).unwrap();
    // What there is to know of the embedded weeks is no part of the history.
    record.as_object_mut().unwrap().remove("notes");
    // Not assert_eq: a difference would print all weeks.
    let expected = past.of_tag(name);
    let [own, wanted] = [&record, &expected].map(|it| it["weeks"].as_array().unwrap());
    for (found, expected) in own.iter().zip(wanted) {
        assert_eq!(found, expected, "{name}");
    }
    assert!(record == expected, "{name}: {record} {expected}");
}

#[track_caller]
fn check_span(span: Span, past: &Past, chronicle: &Chronicle) {
    let found = of_span(QueryKind::Block, span, chronicle).unwrap();
    let record = serde_json::to_value(found.record()).unwrap();
    assert_eq!(record["tags"], past.of_span(span), "{span}");
    for tag in &found.tags {
        // Back from the newest week, as long as one row of the tag holds all of the span.
        let holds = |place: usize| {
            let rows = past.tag(place, &tag.name).map(|tag| &tag.prefixes);
            rows.is_some_and(|rows| rows.iter().any(|row| row.contains(span)))
        };
        let weeks = (0..past.weeks.len()).rev();
        let first = weeks.take_while(|&place| holds(place)).last();
        let since = found.since(&tag.name);
        assert_eq!(
            since.map(|since| since.date.unwrap().to_string()),
            first.map(|place| past.date(place))
        );
        assert_eq!(
            since.is_some_and(|since| since.is_at_least),
            first == Some(0)
        );
    }
}

fn check_summary(past: &Past, chronicle: &Chronicle) {
    let summary = HistorySummary::of(chronicle).unwrap();
    assert_eq!(summary.weeks.len(), past.weeks.len());
    let mut names = past.names();
    for tag in summary.tags() {
        assert!(names.remove(tag.name.as_str()), "{}", tag.name);
    }
    assert!(names.is_empty(), "{names:?}");
    let empty: &[Block] = &[];
    for name in past.names() {
        let weeks = 0..past.weeks.len();
        let rows = |place: usize| past.tag(place, name).map(|tag| tag.prefixes.len());
        assert_eq!(
            summary.sparkline(name),
            weeks.clone().map(rows).collect::<Vec<_>>()
        );
        let state = |place: usize| {
            let tag = past.tag(place, name);
            (tag.is_some(), tag.map_or(empty, |tag| &tag.prefixes))
        };
        let changed = weeks
            .skip(1)
            .rfind(|&place| state(place) != state(place - 1));
        let marked = |week: &Week| marked_date(week.date, week.date_is);
        let expected = changed.map(|place| marked(&past.weeks[place]));
        assert_eq!(summary.last_changed_marked(name), expected, "{name}");
        let expected = changed.and_then(|place| past.weeks[place].date);
        assert_eq!(summary.last_changed(name), expected, "{name}");
    }
}

/// Weeks in which rows, tags, properties and numbers come and go; two dates have two contents.
fn made_weeks(seed: u64, spread: Spread) -> Vec<Week> {
    let mut random = Random::new(seed);
    let [one, other] = [0, 1].map(|turn| {
        let document = generated::document(seed * 2 + turn, spread);
        azure::parse(&document, None).unwrap().week
    });
    let mut pool: Vec<Tag> = one.tags.clone();
    let mut weeks: Vec<Week> = Vec::new();
    let mut date = azure::parse_date("2026-01-05").unwrap();
    for number in 0..12_u32 {
        for (tag, source) in pool.iter_mut().zip(&other.tags) {
            match random.below(6) {
                0 => {
                    let toggled: Vec<Block> = source
                        .prefixes
                        .iter()
                        .chain(&tag.prefixes)
                        .copied()
                        .filter(|_| random.below(5) == 0)
                        .collect();
                    let mut rows: BTreeSet<Block> = tag.prefixes.iter().copied().collect();
                    for row in toggled {
                        if !rows.remove(&row) {
                            rows.insert(row);
                        }
                    }
                    tag.prefixes = rows.into_iter().collect();
                    tag.change_number = Some(number + 400);
                }
                1 => {
                    tag.features = Some(Features::from_words(
                        ["FW"].into_iter().take(random.below(2)),
                    ));
                }
                2 => tag.change_number = Some(number),
                _ => {}
            }
        }
        let mut week = one.clone();
        week.tags = pool
            .iter()
            .filter(|_| random.below(7) > 0)
            .cloned()
            .collect();
        if ![4, 9].contains(&number) {
            date = date.checked_add(jiff::Span::new().weeks(1)).unwrap();
        }
        week.date = Some(date);
        week.change_number = Some(500 + (number * 7) % 12);
        week.numbers = match number {
            3 => Numbers::Published,
            9 => Numbers::Derived,
            _ => one.numbers,
        };
        if number == 4 {
            week.numbers = Numbers::Derived;
            week.change_number = Some(900);
        }
        weeks.push(week);
    }
    weeks
}

fn grow<'a>(weeks: impl IntoIterator<Item = &'a Week>) -> ChronicleBuilder {
    let mut weeks = weeks.into_iter().peekable();
    let first = weeks.peek().unwrap();
    let mut builder = ChronicleBuilder::new(first.cloud, first.dialect);
    for week in weeks {
        builder.insert(week).unwrap();
    }
    builder
}

#[test]
fn histories_of_made_weeks_are_those_of_the_oracle() {
    for (seed, spread) in [(1, Spread::Far), (2, Spread::Dense), (3, Spread::Dense)] {
        let weeks = made_weeks(seed, spread);
        let chronicle = Chronicle::open(grow(&weeks).write()).unwrap();
        let past = Past::of(&chronicle);
        assert_eq!((chronicle.entries().len(), past.weeks.len()), (12, 10));
        for name in past.names() {
            check_tag(name, &past, &chronicle);
        }
        check_summary(&past, &chronicle);
        let mut random = Random::new(seed);
        let blocks: Vec<Block> = weeks
            .iter()
            .flat_map(|week| week.tags.iter().flat_map(|tag| tag.prefixes.clone()))
            .collect();
        for (place, family) in [Family::V4, Family::V6].into_iter().enumerate() {
            let whole = Span::new(family, 0, family.max()).unwrap();
            check_span(whole, &past, &chronicle);
            for _ in 0..25 {
                let (one, other) = (random.address(place), random.address(place));
                let span = Span::new(family, one.min(other), one.max(other)).unwrap();
                check_span(span, &past, &chronicle);
            }
        }
        for _ in 0..60 {
            let block = blocks[random.below(blocks.len())];
            let family = block.family();
            check_span(block.span(), &past, &chronicle);
            for address in [
                block.first(),
                block.last(),
                block.first().saturating_sub(1),
                block.last().saturating_add(1).min(family.max()),
            ] {
                check_span(
                    Span::new(family, address, address).unwrap(),
                    &past,
                    &chronicle,
                );
            }
        }
    }
}

#[test]
fn histories_of_the_embedded_weeks_are_those_of_the_oracle() {
    let chronicle = embedded_chronicle().unwrap();
    let past = Past::of(&chronicle);
    let names: Vec<&str> = past.names().into_iter().collect();
    let mut random = Random::new(11);
    for name in ["AzureCloud", "AzureCloud.westeurope", "Storage", "Sql"] {
        check_tag(name, &past, &chronicle);
    }
    for _ in 0..40 {
        check_tag(names[random.below(names.len())], &past, &chronicle);
    }
    check_summary(&past, &chronicle);
    for _ in 0..12 {
        let week = &past.weeks[random.below(past.weeks.len())];
        let tag = &week.tags[random.below(week.tags.len())];
        let Some(block) = tag.prefixes.get(random.below(tag.prefixes.len().max(1))) else {
            continue;
        };
        check_span(block.span(), &past, &chronicle);
        let end = Span::new(block.family(), block.last(), block.last()).unwrap();
        check_span(end, &past, &chronicle);
    }
}

#[test]
fn weeks_grow_in_any_order_into_what_is_written_at_once() {
    let mut random = Random::new(5);
    for seed in 1..4 {
        let weeks = made_weeks(seed, Spread::Far);
        let expected = write_chronicle(&weeks).unwrap();
        for _ in 0..6 {
            let mut order: Vec<&Week> = weeks.iter().collect();
            for place in (1..order.len()).rev() {
                order.swap(place, random.below(place + 1));
            }
            let mut builder = grow(order.iter().copied());
            assert!(builder.write() == expected);
            // Out and in again, through a file.
            let taken = random.below(weeks.len());
            let chronicle = Chronicle::open(builder.write()).unwrap();
            let week = chronicle.week(taken).unwrap();
            builder.remove(taken).unwrap();
            let without = Chronicle::open(builder.write()).unwrap();
            assert!(!without.entries().contains(&chronicle.entries()[taken]));
            let mut builder = ChronicleBuilder::from_chronicle(&without).unwrap();
            assert_eq!(builder.insert(&week), Ok(taken));
            assert!(builder.write() == expected);
            builder.remove(taken).unwrap();
            assert!(builder.write() == without_week(&weeks, &week));
        }
    }
}

/// The file of all weeks but one.
fn without_week(weeks: &[Week], left_out: &Week) -> Vec<u8> {
    grow(weeks.iter().filter(|week| *week != left_out)).write()
}

#[test]
fn embedded_weeks_grow_into_the_embedded_file() {
    let chronicle = embedded_chronicle().unwrap();
    let mut builder = ChronicleBuilder::from_chronicle(&chronicle).unwrap();
    let embedded = std::fs::read("assets/public.weeks").unwrap();
    assert!(builder.write() == embedded);
    for place in [0, 10, 19] {
        let week = chronicle.week(place).unwrap();
        builder.remove(place).unwrap();
        assert_eq!(builder.entries().len(), 19);
        assert_eq!(builder.insert(&week), Ok(place));
        assert!(builder.write() == embedded);
    }
}

#[test]
fn a_text_is_a_tag_or_addresses() {
    let chronicle = embedded_chronicle().unwrap();
    let ask = |text: &str| ask(text, &chronicle);
    assert!(
        matches!(ask(" storage.WESTeurope "), Ok(HistoryAnswer::Tag(tag)) if tag.name == "Storage.WestEurope")
    );
    let Ok(HistoryAnswer::Addresses(found)) = ask("20.38.116.38:443") else {
        panic!("no address");
    };
    assert_eq!((found.kind, found.notes.len()), (QueryKind::Address, 1));
    assert_eq!(found.tags[0].name, "Storage.JapanEast");
    for (text, said) in [
        ("256.1.1.1", "256 exceeds 255"),
        ("Storage.WestEurop", "did you mean Storage.WestEurope"),
        ("", "empty query"),
        ("contoso", "no tag"),
    ] {
        let error = ask(text).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn history_has_the_documents_and_exit_codes_of_its_module() {
    let tag = run(&["history", "azurecontainerregistry.westeurope", "--json"]);
    tag.is_quiet(0);
    let answer = tag.json();
    let chronicle = embedded_chronicle().unwrap();
    let expected = Past::of(&chronicle).of_tag("AzureContainerRegistry.WestEurope");
    assert_eq!(answer, expected);
    let line = run(&[
        "history",
        "AzureContainerRegistry.WestEurope",
        "--format",
        "jsonl",
    ]);
    assert_lines(&line, &expected, ("weeks", &["kind", "name", "cloud"]));

    let address = run(&["history", "20.38.116.38", "--json"]);
    address.is_quiet(0);
    let answer = address.json();
    assert_eq!(
        answer["weeks"],
        json!({"count": 20, "first": "2026-06-08", "last": "2026-10-19"})
    );
    assert_eq!(
        (&answer["kind"], &answer["tags"][0]["tag"]),
        (&json!("address"), &json!("Storage.JapanEast"))
    );

    let nowhere = run(&["history", "10.0.0.1", "--json"]);
    nowhere.is_quiet(1);
    assert_eq!(nowhere.json()["tags"], json!([]));
    run(&["history", "Storage.WestEurop"]).is_refused(&["did you mean Storage.WestEurope"]);
    run(&["history", "10.0.0.0/33"]).is_refused(&["at most 32 bits"]);
    run(&["history", "Storage", "--file", SMALL]).is_refused(&["tagscope import FILE"]);
    run(&["history", "Storage", "--cloud", "china"]).is_refused(&["China"]);
    let stale = run(&["history", "Storage", "--max-age", "1", "--json"]);
    assert_eq!(stale.code, 3);
}

#[test]
fn weeks_without_a_change_fold_into_one_line_of_text_but_not_of_csv() {
    let name = "AzureContainerRegistry.WestEurope";
    let text = run(&["history", name]);
    text.is_quiet(0);
    let lines = text.cells();
    assert!((1..20).contains(&lines.len()), "{text:?}");
    assert_eq!(lines[0][..3], ["2026-06-08", lines[0][1], "present"]);
    assert_eq!(lines.last().unwrap()[1], "2026-10-19");
    assert!(lines.iter().all(|line| line[2] != "same"));
    let csv = run(&["history", name, "--format", "csv"]);
    assert_eq!(csv.lines().len(), 21);
    assert!(csv.lines()[0].starts_with("from,to,status,changeNumber,prefixesAdded"));
    let markdown = run(&["history", name, "--format", "markdown"]);
    assert!(
        markdown.out.contains("first seen before 2026-06-08"),
        "{markdown:?}"
    );
    let since = "| before 2026-06-08 |";
    assert!(markdown.out.contains(since), "{markdown:?}");
    let address = run(&["history", "20.38.116.38", "--format", "markdown"]);
    assert!(
        address.out.contains("in 4 tags, still in all"),
        "{address:?}"
    );
    let csv = run(&["history", "20.38.116.38", "--format", "csv"]);
    assert!(
        csv.lines()[1].starts_with("Storage.JapanEast,2026-06-08,2026-10-19,yes,"),
        "{csv:?}"
    );
}
