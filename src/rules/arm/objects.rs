//! Functions of objects.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::rules::arm::value::{Data, Members, is_open_key, member};

/// What a step into a value finds.
pub(super) enum Found {
    /// A value, an unknown among them.
    Value(Data),
    /// Certainly nothing.
    Nothing,
    /// Only the deployment knows.
    Unknown,
}

/// The member of a name or the element of an index.
pub(super) fn step(base: &Data, key: &Data) -> Found {
    match (base, key) {
        (Data::Object(object), Data::Text(key)) => match member(&object.members, key) {
            Some(value) => Found::Value(value.clone()),
            None if object.members.keys().any(|key| is_open_key(key)) => Found::Unknown,
            None => Found::Nothing,
        },
        (Data::Open(open), Data::Text(key)) => match member(&open.known, key) {
            Some(value) => Found::Value(value.clone()),
            None => Found::Unknown,
        },
        (Data::List(list), Data::Int(index)) => {
            let item = usize::try_from(*index).ok();
            let item = item.and_then(|index| list.items.get(index));
            item.map_or(Found::Nothing, |item| Found::Value(item.clone()))
        }
        (Data::Null, Data::Text(_) | Data::Int(_)) => Found::Nothing,
        _ => Found::Unknown,
    }
}

/// Steps into a value, null where there is nothing.
pub(super) fn try_get(args: &[Data]) -> Option<Data> {
    let (mut at, keys) = match args {
        [base, keys @ ..] if !keys.is_empty() => (base.clone(), keys),
        _ => return None,
    };
    for (number, key) in keys.iter().enumerate() {
        match step(&at, key) {
            Found::Value(value) => at = value,
            Found::Nothing => return Some(Data::Null),
            Found::Unknown => {
                let mut args = vec![at];
                args.extend(keys.get(number..)?.iter().cloned());
                return Some(Data::call("tryGet", &args));
            }
        }
    }
    Some(at)
}

/// Keys and values in turn.
pub(super) fn create(args: &[Data]) -> Option<Data> {
    let mut members = Members::new();
    for pair in args.chunks(2) {
        let [key, value] = pair else { return None };
        let key: Rc<str> = match key {
            Data::Text(key) => Rc::clone(key),
            open @ Data::Open(_) => format!("[{}]", open.written()).into(),
            _ => return None,
        };
        members.insert(key, value.clone());
    }
    Some(Data::object(members))
}

/// An object's members as a list of keys and values, by key.
pub(super) fn items(args: &[Data]) -> Option<Data> {
    let [Data::Object(object)] = args else {
        return None;
    };
    let mut items = Vec::with_capacity(object.members.len());
    for (key, value) in sorted(&object.members)? {
        let pair: [(Rc<str>, Data); 2] = [
            ("key".into(), Data::Text(Rc::clone(key))),
            ("value".into(), value.clone()),
        ];
        items.push(Data::object(pair.into_iter().collect()));
    }
    Some(Data::list(items))
}

/// An object's keys as a list.
pub(super) fn keys(args: &[Data]) -> Option<Data> {
    let [Data::Object(object)] = args else {
        return None;
    };
    let keys = sorted(&object.members)?;
    let keys = keys.into_iter().map(|(key, _)| Data::Text(Rc::clone(key)));
    Some(Data::list(keys.collect()))
}

/// Members in the order of their keys, ignoring case; none where a key is unknown.
fn sorted(members: &Members) -> Option<Vec<(&Rc<str>, &Data)>> {
    if members.keys().any(|key| is_open_key(key)) {
        return None;
    }
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(key, _)| key.to_ascii_lowercase());
    Some(members)
}

/// Members of all objects, the later ones winning; objects in them are merged too.
pub(super) fn union(args: &[Data]) -> Option<Data> {
    merged(args, true)
}

/// Members of all objects, the later ones winning.
pub(super) fn shallow_merge(args: &[Data]) -> Option<Data> {
    match args {
        [Data::List(list)] => merged(&list.items, false),
        _ => None,
    }
}

fn merged(objects: &[Data], deep: bool) -> Option<Data> {
    let mut all = Members::new();
    let mut names: BTreeMap<String, Rc<str>> = BTreeMap::new();
    for object in objects {
        for (key, value) in object.as_object()? {
            if is_open_key(key) {
                return None;
            }
            let name = names.entry(key.to_ascii_lowercase());
            let name = Rc::clone(name.or_insert_with(|| Rc::clone(key)));
            let value = match all.get(&name) {
                Some(before) if deep => merged_pair(before, value),
                _ => value.clone(),
            };
            all.insert(name, value);
        }
    }
    Some(Data::object(all))
}

/// What two members of one key become.
fn merged_pair(before: &Data, after: &Data) -> Data {
    let both = [before.clone(), after.clone()];
    match (before, after) {
        (Data::Object(_), Data::Object(_)) => {
            merged(&both, true).unwrap_or_else(|| Data::call("union", &both))
        }
        (Data::Open(_), Data::Object(_)) | (Data::Object(_), Data::Open(_)) | (_, Data::Null) => {
            match before.same(after) {
                Some(true) => after.clone(),
                _ => Data::call("union", &both),
            }
        }
        _ => after.clone(),
    }
}
