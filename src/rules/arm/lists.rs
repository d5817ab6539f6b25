//! Functions of lists, and those that take lists and texts alike.

use std::collections::BTreeSet;

use crate::rules::arm::canonical::is_long;
use crate::rules::arm::objects::{self, Found};
use crate::rules::arm::value::{Data, is_open_key, member};

/// A list of one, or the list itself.
pub(super) fn array(args: &[Data]) -> Option<Data> {
    match args {
        [list @ Data::List(_)] => Some(list.clone()),
        [Data::Open(_)] => None,
        [one] => Some(Data::list(vec![one.clone()])),
        _ => None,
    }
}

/// Whether an element, a member or a piece of text is there.
pub(super) fn contains(args: &[Data]) -> Option<Data> {
    let [holder, held] = args else { return None };
    match (holder, held) {
        (Data::List(list), held) => {
            let mut is_there = Some(false);
            for item in &list.items {
                match item.same(held) {
                    Some(true) => return Some(Data::Bool(true)),
                    Some(false) => {}
                    None => is_there = None,
                }
            }
            is_there.map(Data::Bool)
        }
        (Data::Object(object), Data::Text(key)) => {
            let is_there = member(&object.members, key).is_some();
            let is_open = !is_there && object.members.keys().any(|key| is_open_key(key));
            (!is_open).then_some(Data::Bool(is_there))
        }
        (Data::Text(text), Data::Text(piece)) => Some(Data::Bool(text.contains(piece.as_ref()))),
        (Data::Text(text), Data::Int(piece)) => Some(Data::Bool(text.contains(&piece.to_string()))),
        _ => None,
    }
}

/// Whether there is nothing in it.
pub(super) fn empty(args: &[Data]) -> Option<Data> {
    match args {
        [Data::Null] => Some(Data::Bool(true)),
        [Data::Text(text)] => Some(Data::Bool(text.is_empty())),
        [Data::List(list)] => Some(Data::Bool(list.items.is_empty())),
        [Data::Object(object)] => Some(Data::Bool(object.members.is_empty())),
        [Data::Open(open)] if open.is_filled() => Some(Data::Bool(false)),
        _ => None,
    }
}

/// Elements, members or characters.
pub(super) fn length(args: &[Data]) -> Option<Data> {
    let length = match args {
        [Data::List(list)] => list.items.len(),
        [Data::Object(object)] => object.members.len(),
        [Data::Text(text)] if text.is_ascii() => text.len(),
        _ => return None,
    };
    i64::try_from(length).ok().map(Data::Int)
}

pub(super) fn first(args: &[Data]) -> Option<Data> {
    match args {
        [Data::List(list)] => Some(list.items.first().cloned().unwrap_or(Data::Null)),
        [Data::Text(text)] if text.is_ascii() => Some(Data::text(text.get(..1).unwrap_or(""))),
        _ => None,
    }
}

pub(super) fn last(args: &[Data]) -> Option<Data> {
    match args {
        [Data::List(list)] => Some(list.items.last().cloned().unwrap_or(Data::Null)),
        [Data::Text(text)] if text.is_ascii() => {
            let start = text.len().saturating_sub(1);
            Some(Data::text(text.get(start..)?))
        }
        _ => None,
    }
}

/// What comes first.
pub(super) fn take(args: &[Data]) -> Option<Data> {
    let [from, Data::Int(count)] = args else {
        return None;
    };
    cut(from, *count, |count| (0, count))
}

/// What comes after.
pub(super) fn skip(args: &[Data]) -> Option<Data> {
    let [from, Data::Int(count)] = args else {
        return None;
    };
    cut(from, *count, |count| (count, usize::MAX))
}

/// A part of a list or text.
fn cut(from: &Data, count: i64, ends: fn(usize) -> (usize, usize)) -> Option<Data> {
    let count = usize::try_from(count.max(0)).ok()?;
    let (start, end) = ends(count);
    match from {
        Data::List(list) => {
            let length = list.items.len();
            let items = list.items.get(start.min(length)..end.min(length))?;
            Some(Data::list(items.to_vec()))
        }
        Data::Text(text) if text.is_ascii() => {
            let piece = text.get(start.min(text.len())..end.min(text.len()))?;
            Some(Data::text(piece))
        }
        _ => None,
    }
}

/// Where a piece stands first; texts ignore case.
pub(super) fn index_of(args: &[Data]) -> Option<Data> {
    match args {
        [Data::Text(text), Data::Text(piece)] if text.is_ascii() && piece.is_ascii() => {
            let place = text.to_ascii_lowercase().find(&piece.to_ascii_lowercase());
            Some(index(place))
        }
        [Data::List(list), item] => position(list.items.iter().enumerate(), item),
        _ => None,
    }
}

/// Where a piece stands last; texts ignore case.
pub(super) fn last_index_of(args: &[Data]) -> Option<Data> {
    match args {
        [Data::Text(text), Data::Text(piece)] if text.is_ascii() && piece.is_ascii() => {
            if piece.is_empty() {
                return None;
            }
            let place = text.to_ascii_lowercase().rfind(&piece.to_ascii_lowercase());
            Some(index(place))
        }
        [Data::List(list), item] => position(list.items.iter().enumerate().rev(), item),
        _ => None,
    }
}

fn position<'d>(items: impl Iterator<Item = (usize, &'d Data)>, item: &Data) -> Option<Data> {
    for (place, other) in items {
        if other.same(item)? {
            return Some(index(Some(place)));
        }
    }
    Some(index(None))
}

fn index(place: Option<usize>) -> Data {
    let place = place.and_then(|place| i64::try_from(place).ok());
    Data::Int(place.unwrap_or(-1))
}

/// An element counted from the end, from 1.
pub(super) fn index_from_end(args: &[Data]) -> Option<Data> {
    match from_end(args)? {
        Found::Value(value) => Some(value),
        Found::Nothing | Found::Unknown => None,
    }
}

/// An element counted from the end, from 1; null where there is none.
pub(super) fn try_index_from_end(args: &[Data]) -> Option<Data> {
    match from_end(args)? {
        Found::Value(value) => Some(value),
        Found::Nothing => Some(Data::Null),
        Found::Unknown => None,
    }
}

fn from_end(args: &[Data]) -> Option<Found> {
    let [list, Data::Int(back)] = args else {
        return None;
    };
    let length = i64::try_from(list.as_list()?.len()).ok()?;
    let place = length.checked_sub(*back)?;
    Some(objects::step(list, &Data::Int(place)))
}

/// Lists in a list become one.
pub(super) fn flatten(args: &[Data]) -> Option<Data> {
    let [Data::List(lists)] = args else {
        return None;
    };
    joined(&lists.items)
}

/// Lists one after another.
pub(super) fn joined(lists: &[Data]) -> Option<Data> {
    let mut all = Vec::new();
    for list in lists {
        all.extend(list.as_list()?.iter().cloned());
    }
    Some(Data::list(all))
}

/// Elements of all lists, each once. Unknown ones count as different from all others: they may be there
/// twice, which no rule minds.
pub(super) fn union(lists: &[Data]) -> Option<Data> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for list in lists {
        for item in list.as_list()? {
            let text = item.written();
            if is_long(&text) || seen.insert(text) {
                all.push(item.clone());
            }
        }
    }
    Some(Data::list(all))
}

/// What all lists have.
pub(super) fn intersection(args: &[Data]) -> Option<Data> {
    let (first, rest) = args.split_first()?;
    if rest.is_empty() || !args.iter().all(Data::is_known) {
        return None;
    }
    let items = first.as_list()?;
    let mut kept: BTreeSet<String> = items.iter().map(Data::written).collect();
    if kept.iter().any(|text| is_long(text)) {
        return None;
    }
    for list in rest {
        let others: BTreeSet<String> = list.as_list()?.iter().map(Data::written).collect();
        kept.retain(|item| others.contains(item));
    }
    let items = items.iter().filter(|item| kept.remove(&item.written()));
    Some(Data::list(items.cloned().collect()))
}
