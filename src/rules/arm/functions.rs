//! Every function whose result depends on its arguments alone, in one table.
//!
//! A function answers nothing where only the deployment knows, where an argument has the wrong type and
//! where Azure's answer is not certain: the call then stays open.

use crate::rules::arm::value::{Data, all};
use crate::rules::arm::{cidr, lists, numbers, objects, texts};

/// Arguments → result; nothing where it stays open.
type Function = fn(&[Data]) -> Option<Data>;

/// Names as they are written canonically, and what they do.
const FUNCTIONS: &[(&str, Function)] = &[
    ("add", numbers::add),
    ("array", lists::array),
    ("base64", texts::base64),
    ("base64ToString", texts::base64_to_string),
    ("bool", boolean),
    ("cidrHost", cidr::host),
    ("cidrSubnet", cidr::subnet),
    ("coalesce", coalesce),
    ("concat", texts::concat),
    ("contains", lists::contains),
    ("createArray", |args| Some(Data::list(args.to_vec()))),
    ("createObject", objects::create),
    ("div", numbers::div),
    ("empty", lists::empty),
    ("endsWith", texts::ends_with),
    ("equals", equals),
    ("false", |_| Some(Data::Bool(false))),
    ("first", lists::first),
    ("flatten", lists::flatten),
    ("format", texts::format),
    ("greater", numbers::greater),
    ("greaterOrEquals", numbers::greater_or_equals),
    ("indexFromEnd", lists::index_from_end),
    ("indexOf", lists::index_of),
    ("int", numbers::int),
    ("intersection", lists::intersection),
    ("items", objects::items),
    ("join", texts::join),
    ("json", texts::json),
    ("last", lists::last),
    ("lastIndexOf", lists::last_index_of),
    ("length", lists::length),
    ("less", numbers::less),
    ("lessOrEquals", numbers::less_or_equals),
    ("max", numbers::max),
    ("min", numbers::min),
    ("mod", numbers::modulo),
    ("mul", numbers::mul),
    ("not", not),
    ("null", |_| Some(Data::Null)),
    ("objectKeys", objects::keys),
    ("padLeft", texts::pad_left),
    ("parseCidr", cidr::parse),
    ("range", numbers::range),
    ("replace", texts::replace),
    ("shallowMerge", objects::shallow_merge),
    ("skip", lists::skip),
    ("split", texts::split),
    ("startsWith", texts::starts_with),
    ("string", texts::string),
    ("sub", numbers::sub),
    ("substring", texts::substring),
    ("take", lists::take),
    ("toLower", texts::to_lower),
    ("toUpper", texts::to_upper),
    ("trim", texts::trim),
    ("true", |_| Some(Data::Bool(true))),
    ("tryGet", objects::try_get),
    ("tryIndexFromEnd", lists::try_index_from_end),
    ("union", union),
];

/// Names of functions that only the deployment can answer, as they are written canonically.
const OPEN: &[&str] = &[
    "dataUri",
    "dataUriToString",
    "dateTimeAdd",
    "dateTimeFromEpoch",
    "dateTimeToEpoch",
    "deployer",
    "environment",
    "guid",
    "listAccountSas",
    "listKeys",
    "listSecrets",
    "newGuid",
    "pickZones",
    "providers",
    "reference",
    "references",
    "resourceInfo",
    "tenant",
    "toLogicalZone",
    "toPhysicalZone",
    "uniqueString",
    "uri",
    "uriComponent",
    "uriComponentToString",
    "utcNow",
];

/// Calls a function; unknown ones stay open.
pub(super) fn call(name: &str, args: &[Data]) -> Data {
    let is_it = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some((known, function)) = FUNCTIONS.iter().find(|(known, _)| is_it(known)) {
        return function(args).unwrap_or_else(|| Data::call(known, args));
    }
    let known = OPEN.iter().find(|known| is_it(known));
    Data::call(known.copied().unwrap_or(name), args)
}

fn equals(args: &[Data]) -> Option<Data> {
    let [one, two] = args else { return None };
    one.same(two).map(Data::Bool)
}

fn not(args: &[Data]) -> Option<Data> {
    let [one] = args else { return None };
    Some(Data::Bool(!one.as_bool()?))
}

fn boolean(args: &[Data]) -> Option<Data> {
    match args {
        [Data::Int(number @ (0 | 1))] => Some(Data::Bool(*number == 1)),
        [one] => one.as_bool().map(Data::Bool),
        _ => None,
    }
}

/// Of lists or of objects.
fn union(args: &[Data]) -> Option<Data> {
    match args {
        [Data::List(_), ..] => lists::union(args),
        [Data::Object(_), ..] => objects::union(args),
        _ => None,
    }
}

/// The first that is not null; an unknown that may be null ends the search.
fn coalesce(args: &[Data]) -> Option<Data> {
    let start = args.iter().position(|arg| !matches!(arg, Data::Null));
    let Some(start) = start else {
        return Some(Data::Null);
    };
    match args.get(start..)? {
        [Data::Open(open), rest @ ..] if !rest.is_empty() && !open.is_filled() => {
            let rest = args.get(start..)?;
            let are_same = rest.iter().map(|arg| arg.same(rest.first()?));
            match all(are_same) {
                Some(true) => rest.first().cloned(),
                _ => Some(Data::call("coalesce", rest)),
            }
        }
        [first, ..] => Some(first.clone()),
        [] => None,
    }
}
