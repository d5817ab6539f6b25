//! Functions of texts. Where they count characters only ASCII is taken: Azure counts UTF-16 units.

use crate::rules::arm::MOST_TEXT;
use crate::rules::arm::canonical::Part;
use crate::rules::arm::lists;
use crate::rules::arm::value::Data;

/// The alphabet of base 64.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Texts, or lists, one after another.
pub(super) fn concat(args: &[Data]) -> Option<Data> {
    if args.iter().any(|arg| arg.as_list().is_some()) {
        return lists::joined(args);
    }
    let mut parts = Vec::with_capacity(args.len());
    for arg in args {
        parts.extend(arg.parts()?);
    }
    bounded(parts)
}

/// A joined text, if it is not too long.
fn bounded(parts: Vec<Part>) -> Option<Data> {
    let length = parts.iter().map(|part| match part {
        Part::Literal(text) | Part::Open(text) => text.len(),
        Part::Place(name) => name.len(),
    });
    (length.sum::<usize>() <= MOST_TEXT).then(|| Data::joined(parts))
}

/// `{0}`, `{1:D2}` and `{{` in a text.
pub(super) fn format(args: &[Data]) -> Option<Data> {
    let (Data::Text(text), values) = args.split_first()? else {
        return None;
    };
    let mut parts = Vec::new();
    let mut length = 0;
    let mut rest = text.as_ref();
    while let Some(place) = rest.find(['{', '}']) {
        let (literal, tail) = rest.split_at_checked(place)?;
        parts.push(Part::Literal(literal.to_owned()));
        if let Some(tail) = tail.strip_prefix("{{") {
            parts.push(Part::Literal("{".to_owned()));
            rest = tail;
        } else if let Some(tail) = tail.strip_prefix("}}") {
            parts.push(Part::Literal("}".to_owned()));
            rest = tail;
        } else {
            let (hole, tail) = tail.strip_prefix('{')?.split_once('}')?;
            let value = filled(hole, values)?;
            length += value.iter().map(length_of).sum::<usize>();
            if length > MOST_TEXT {
                return None;
            }
            parts.extend(value);
            rest = tail;
        }
    }
    parts.push(Part::Literal(rest.to_owned()));
    bounded(parts)
}

fn length_of(part: &Part) -> usize {
    match part {
        Part::Literal(text) | Part::Open(text) => text.len(),
        Part::Place(name) => name.len(),
    }
}

/// What stands for `0` or `0:D2`.
fn filled(hole: &str, values: &[Data]) -> Option<Vec<Part>> {
    let (number, form) = hole.split_once(':').unwrap_or((hole, ""));
    let value = values.get(number.trim().parse::<usize>().ok()?)?;
    if form.is_empty() {
        return value.parts();
    }
    let digits: usize = form.strip_prefix(['D', 'd'])?.parse().ok()?;
    let number = value.as_int().filter(|number| *number >= 0)?;
    (digits <= 99).then(|| vec![Part::Literal(format!("{number:0digits$}"))])
}

pub(super) fn to_lower(args: &[Data]) -> Option<Data> {
    ascii(args).map(|text| Data::text(text.to_ascii_lowercase()))
}

pub(super) fn to_upper(args: &[Data]) -> Option<Data> {
    ascii(args).map(|text| Data::text(text.to_ascii_uppercase()))
}

pub(super) fn trim(args: &[Data]) -> Option<Data> {
    ascii(args).map(|text| Data::text(text.trim()))
}

/// The only argument, an ASCII text.
fn ascii(args: &[Data]) -> Option<&str> {
    match args {
        [Data::Text(text)] if text.is_ascii() => Some(text),
        _ => None,
    }
}

/// A piece by its start and length.
pub(super) fn substring(args: &[Data]) -> Option<Data> {
    let text = ascii(args.get(..1)?)?;
    let start = usize::try_from(args.get(1)?.as_int()?).ok()?;
    let end = match args.get(2) {
        None => text.len(),
        Some(length) => start.checked_add(usize::try_from(length.as_int()?).ok()?)?,
    };
    text.get(start..end).map(Data::text)
}

/// Ignores case.
pub(super) fn starts_with(args: &[Data]) -> Option<Data> {
    edge(args, |text, piece| text.starts_with(piece))
}

/// Ignores case.
pub(super) fn ends_with(args: &[Data]) -> Option<Data> {
    edge(args, |text, piece| text.ends_with(piece))
}

fn edge(args: &[Data], is_there: fn(&str, &str) -> bool) -> Option<Data> {
    match args {
        [Data::Text(text), Data::Text(piece)] if text.is_ascii() && piece.is_ascii() => {
            let (text, piece) = (text.to_ascii_lowercase(), piece.to_ascii_lowercase());
            Some(Data::Bool(is_there(&text, &piece)))
        }
        _ => None,
    }
}

/// Filled up at the left to a length.
pub(super) fn pad_left(args: &[Data]) -> Option<Data> {
    let text = match args.first()? {
        Data::Int(number) => number.to_string(),
        Data::Text(text) if text.is_ascii() => text.as_ref().to_owned(),
        _ => return None,
    };
    let length = usize::try_from(args.get(1)?.as_int()?).ok()?;
    let filler = match args.get(2) {
        None => " ",
        Some(filler) => filler.as_text().filter(|text| text.chars().count() == 1)?,
    };
    if length > MOST_TEXT / 4 {
        return None;
    }
    let filler = filler.repeat(length.saturating_sub(text.len()));
    Some(Data::text(filler + &text))
}

/// Every piece by another; where pieces differ in case alone the answer is not certain.
pub(super) fn replace(args: &[Data]) -> Option<Data> {
    let [Data::Text(text), Data::Text(old), Data::Text(new)] = args else {
        return None;
    };
    if old.is_empty() {
        return None;
    }
    let count = text.matches(old.as_ref()).count();
    let (small, old_small) = (text.to_ascii_lowercase(), old.to_ascii_lowercase());
    let length = count.checked_mul(new.len())?.checked_add(text.len())?;
    if small.matches(&old_small).count() != count || length > MOST_TEXT {
        return None;
    }
    Some(Data::text(text.replace(old.as_ref(), new)))
}

/// Pieces between delimiters.
pub(super) fn split(args: &[Data]) -> Option<Data> {
    let [from, delimiter] = args else { return None };
    let delimiters: Vec<&str> = match delimiter {
        Data::Text(text) => vec![text.as_ref()],
        Data::List(list) => list
            .items
            .iter()
            .map(Data::as_text)
            .collect::<Option<_>>()?,
        _ => return None,
    };
    if delimiters.is_empty() || delimiters.iter().any(|text| text.is_empty()) {
        return None;
    }
    match from {
        Data::Text(text) => Some(Data::list(
            pieces(text, &delimiters).map(Data::text).collect(),
        )),
        Data::Open(open) if delimiters == ["/"] => segments(&open.parts),
        _ => None,
    }
}

/// Pieces between any of the delimiters, the first that fits at a place.
fn pieces<'t>(text: &'t str, delimiters: &[&str]) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let now = rest?;
        let hits = delimiters
            .iter()
            .filter_map(|delimiter| Some((now.find(delimiter)?, delimiter.len())));
        let Some((place, length)) = hits.min_by_key(|(place, _)| *place) else {
            rest = None;
            return Some(now);
        };
        rest = now.get(place + length..);
        now.get(..place)
    })
}

/// Segments of an id in which nothing is unknown but where the deployment goes.
fn segments(parts: &[Part]) -> Option<Data> {
    let mut all = Vec::new();
    let mut now = Vec::new();
    for part in parts {
        match part {
            Part::Open(_) => return None,
            Part::Place(_) => now.push(part.clone()),
            Part::Literal(text) => {
                for (number, piece) in text.split('/').enumerate() {
                    if number > 0 {
                        all.push(Data::joined(std::mem::take(&mut now)));
                    }
                    now.push(Part::Literal(piece.to_owned()));
                }
            }
        }
    }
    all.push(Data::joined(now));
    Some(Data::list(all))
}

/// Elements with a delimiter between them.
pub(super) fn join(args: &[Data]) -> Option<Data> {
    let [Data::List(list), Data::Text(delimiter)] = args else {
        return None;
    };
    let most = MOST_TEXT / (delimiter.len() + 1);
    if list.items.len() > most {
        return None;
    }
    let mut parts = Vec::new();
    for (number, item) in list.items.iter().enumerate() {
        if number > 0 {
            parts.push(Part::Literal(delimiter.as_ref().to_owned()));
        }
        parts.extend(item.parts()?);
    }
    bounded(parts)
}

/// A text of a value; of objects only where the order of members is certain.
pub(super) fn string(args: &[Data]) -> Option<Data> {
    match args {
        [Data::Text(_)] => args.first().cloned(),
        [Data::Open(open)] if open.parts.len() > 1 => args.first().cloned(),
        [Data::Int(number)] => Some(Data::text(number.to_string())),
        [list @ Data::List(_)] => {
            let mut text = String::new();
            print(list, &mut text)?;
            Some(Data::text(text))
        }
        _ => None,
    }
}

/// JSON without blanks; none where something is open or ambiguous.
fn print(data: &Data, out: &mut String) -> Option<()> {
    if out.len() > MOST_TEXT {
        return None;
    }
    match data {
        Data::Null => out.push_str("null"),
        Data::Bool(is) => out.push_str(if *is { "true" } else { "false" }),
        Data::Int(number) => out.push_str(&number.to_string()),
        Data::Text(text) if text.is_ascii() => {
            out.push_str(&serde_json::to_string(text.as_ref()).ok()?);
        }
        Data::List(list) => {
            out.push('[');
            for (number, item) in list.items.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                print(item, out)?;
            }
            out.push(']');
        }
        _ => return None,
    }
    Some(())
}

/// A value of a text of JSON; nothing in it is evaluated.
pub(super) fn json(args: &[Data]) -> Option<Data> {
    let [Data::Text(text)] = args else {
        return None;
    };
    if text.len() > MOST_TEXT {
        return None;
    }
    let value = serde_json::from_str(text).ok()?;
    Some(Data::plain(&value))
}

pub(super) fn base64(args: &[Data]) -> Option<Data> {
    let [Data::Text(text)] = args else {
        return None;
    };
    if text.len() > MOST_TEXT / 2 {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 4 / 3 + 4);
    for chunk in text.as_bytes().chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = bits << 8 | chunk.get(place).map_or(0, |byte| u32::from(*byte));
        }
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).ok()?;
            let is_there = place <= chunk.len();
            let digit = if is_there {
                *ALPHABET.get(digit)?
            } else {
                b'='
            };
            out.push(char::from(digit));
        }
    }
    Some(Data::text(out))
}

pub(super) fn base64_to_string(args: &[Data]) -> Option<Data> {
    let text = ascii(args)?;
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let digits = text.trim_end_matches('=').as_bytes();
    if text.len() - digits.len() > 2 {
        return None;
    }
    for chunk in digits.chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let digit = match chunk.get(place) {
                None => 0,
                Some(byte) => ALPHABET.iter().position(|letter| letter == byte)?,
            };
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        let [_, group @ ..] = bits.to_be_bytes();
        bytes.extend(group.iter().take(chunk.len().saturating_sub(1)));
    }
    String::from_utf8(bytes).ok().map(Data::text)
}
