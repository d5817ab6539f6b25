//! Functions of whole numbers, and comparisons.

use std::cmp::Ordering;

use crate::rules::arm::value::Data;

/// Most numbers that `range` gives.
const MOST_RANGE: i64 = 10_000;

/// Two numbers, and what is made of them.
fn pair(args: &[Data], make: fn(i64, i64) -> Option<i64>) -> Option<Data> {
    let [one, two] = args else { return None };
    make(one.as_int()?, two.as_int()?).map(Data::Int)
}

pub(super) fn add(args: &[Data]) -> Option<Data> {
    pair(args, i64::checked_add)
}

pub(super) fn sub(args: &[Data]) -> Option<Data> {
    pair(args, i64::checked_sub)
}

pub(super) fn mul(args: &[Data]) -> Option<Data> {
    pair(args, i64::checked_mul)
}

pub(super) fn div(args: &[Data]) -> Option<Data> {
    pair(args, i64::checked_div)
}

pub(super) fn modulo(args: &[Data]) -> Option<Data> {
    pair(args, i64::checked_rem)
}

pub(super) fn min(args: &[Data]) -> Option<Data> {
    numbers(args)?.into_iter().min().map(Data::Int)
}

pub(super) fn max(args: &[Data]) -> Option<Data> {
    numbers(args)?.into_iter().max().map(Data::Int)
}

/// Numbers of a list, or of the arguments.
fn numbers(args: &[Data]) -> Option<Vec<i64>> {
    let items = match args {
        [Data::List(list)] => &list.items,
        _ => args,
    };
    items.iter().map(Data::as_int).collect()
}

/// A number, or a text that is one.
pub(super) fn int(args: &[Data]) -> Option<Data> {
    match args {
        [Data::Int(number)] => Some(Data::Int(*number)),
        [Data::Text(text)] => text.parse().ok().map(Data::Int),
        _ => None,
    }
}

/// Numbers that follow each other.
pub(super) fn range(args: &[Data]) -> Option<Data> {
    let [Data::Int(start), Data::Int(count)] = args else {
        return None;
    };
    if !(0..=MOST_RANGE).contains(count) {
        return None;
    }
    let end = start.checked_add(*count)?;
    Some(Data::list((*start..end).map(Data::Int).collect()))
}

pub(super) fn less(args: &[Data]) -> Option<Data> {
    ordered(args).map(|order| Data::Bool(order.is_lt()))
}

pub(super) fn less_or_equals(args: &[Data]) -> Option<Data> {
    ordered(args).map(|order| Data::Bool(order.is_le()))
}

pub(super) fn greater(args: &[Data]) -> Option<Data> {
    ordered(args).map(|order| Data::Bool(order.is_gt()))
}

pub(super) fn greater_or_equals(args: &[Data]) -> Option<Data> {
    ordered(args).map(|order| Data::Bool(order.is_ge()))
}

/// How two compare. Texts follow a culture's order, so only those count that all orders agree on.
fn ordered(args: &[Data]) -> Option<Ordering> {
    match args {
        [Data::Int(one), Data::Int(two)] => Some(one.cmp(two)),
        [Data::Text(one), Data::Text(two)] => {
            if one == two {
                return Some(Ordering::Equal);
            }
            let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let (small, other) = (one.to_ascii_lowercase(), two.to_ascii_lowercase());
            (is_plain(one) && is_plain(two) && small != other).then(|| small.cmp(&other))
        }
        _ => None,
    }
}
