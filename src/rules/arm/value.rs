//! Values of the expression language; how they compare and what is in them.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Number, Value};

use crate::rules::arm::canonical::{MOST_OPEN, Part, is_long, long, quote, shortened};

/// Most levels of lists and objects.
const MOST_LEVELS: usize = 160;
/// Most values in one.
const MOST_SIZE: usize = 1_000_000;
/// Text bytes that count as one value.
const BYTES_A_VALUE: usize = 64;

/// Members of an object.
pub(super) type Members = BTreeMap<Rc<str>, Data>;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Data {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number that is no such one; functions leave it alone.
    Number(Number),
    /// A known text.
    Text(Rc<str>),
    /// A list, its length known.
    List(Rc<List>),
    /// An object, its keys known.
    Object(Rc<Object>),
    /// Something that only the deployment knows.
    Open(Rc<Open>),
}

/// A list's values.
#[derive(Debug)]
pub(super) struct List {
    /// In order.
    pub(super) items: Vec<Data>,
    size: usize,
    levels: usize,
}

/// An object's values.
#[derive(Debug)]
pub(super) struct Object {
    /// By key as written.
    pub(super) members: Members,
    size: usize,
    levels: usize,
}

/// An unknown.
#[derive(Debug)]
pub(super) struct Open {
    /// The canonical expression.
    pub(super) text: String,
    /// What it is joined of; a single one where it is no joined text.
    pub(super) parts: Vec<Part>,
    /// What of an unknown object is known.
    pub(super) known: Members,
}

impl Data {
    /// A known text.
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A list; open where it is beyond all bounds.
    pub(super) fn list(items: Vec<Self>) -> Self {
        let (size, levels) = extent(items.iter());
        let data = Self::List(Rc::new(List {
            items,
            size,
            levels,
        }));
        data.bounded()
    }

    /// An object; open where it is beyond all bounds.
    pub(super) fn object(members: Members) -> Self {
        let (size, levels) = extent(members.values());
        let data = Self::Object(Rc::new(Object {
            members,
            size,
            levels,
        }));
        data.bounded()
    }

    /// A value of a document in which nothing is evaluated.
    pub(super) fn plain(value: &Value) -> Self {
        Self::plain_at(value, 0)
    }

    fn plain_at(value: &Value, level: usize) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(is) => Self::Bool(*is),
            Value::Number(number) => Self::number(number),
            Value::String(text) => Self::text(text.as_str()),
            _ if level > MOST_LEVELS => Self::open("deep()"),
            Value::Array(list) => {
                let items = list.iter().map(|item| Self::plain_at(item, level + 1));
                Self::list(items.collect())
            }
            Value::Object(map) => {
                let members = map
                    .iter()
                    .map(|(key, item)| (key.as_str().into(), Self::plain_at(item, level + 1)));
                Self::object(members.collect())
            }
        }
    }

    /// A number of a document.
    pub(super) fn number(number: &Number) -> Self {
        number
            .as_i64()
            .map_or_else(|| Self::Number(number.clone()), Self::Int)
    }

    /// How many values there are in it, long texts counted as more than one.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Number(_) => 1,
            Self::Text(text) => 1 + text.len() / BYTES_A_VALUE,
            Self::Open(open) => 1 + open.text.len() / BYTES_A_VALUE,
            Self::List(list) => list.size,
            Self::Object(object) => object.size,
        }
    }

    fn levels(&self) -> usize {
        match self {
            Self::List(list) => list.levels,
            Self::Object(object) => object.levels,
            _ => 0,
        }
    }

    fn bounded(self) -> Self {
        if self.size() <= MOST_SIZE && self.levels() <= MOST_LEVELS {
            return self;
        }
        let mut text = String::new();
        self.write(&mut text);
        Self::open(long(&text))
    }

    /// A known text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A known whole number.
    pub(super) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// A list's values.
    pub(super) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(&list.items),
            _ => None,
        }
    }

    /// An object's values.
    pub(super) fn as_object(&self) -> Option<&Members> {
        match self {
            Self::Object(object) => Some(&object.members),
            _ => None,
        }
    }

    /// True, false, or a text that says so.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(is) => Some(*is),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// Whether it is known in all its depth.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Open(_) => false,
            Self::List(list) => list.items.iter().all(Self::is_known),
            Self::Object(object) => {
                let mut members = object.members.iter();
                members.all(|(key, value)| !is_open_key(key) && value.is_known())
            }
            _ => true,
        }
    }

    /// What a text is joined of; none where it is no text.
    pub(super) fn parts(&self) -> Option<Vec<Part>> {
        match self {
            Self::Text(text) => Some(vec![Part::Literal(text.as_ref().to_owned())]),
            Self::Int(number) => Some(vec![Part::Literal(number.to_string())]),
            Self::Open(open) => Some(open.parts.clone()),
            _ => None,
        }
    }

    /// Whether two are equal; none where only the deployment knows.
    pub(super) fn same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Open(one), Self::Open(two)) if one.text == two.text => {
                (!is_long(&one.text)).then_some(true)
            }
            (Self::Open(open), Self::Text(text)) | (Self::Text(text), Self::Open(open)) => {
                (!open.can_be(text)).then_some(false)
            }
            (Self::Open(open), Self::Null) | (Self::Null, Self::Open(open)) => {
                open.is_filled().then_some(false)
            }
            (Self::Open(_), _)
            | (_, Self::Open(_))
            | (Self::Number(_), Self::Int(_))
            | (Self::Int(_), Self::Number(_)) => None,
            (Self::Null, Self::Null) => Some(true),
            (Self::Bool(one), Self::Bool(two)) => Some(one == two),
            (Self::Int(one), Self::Int(two)) => Some(one == two),
            (Self::Number(one), Self::Number(two)) => (one == two).then_some(true),
            (Self::Text(one), Self::Text(two)) => Some(one == two),
            (Self::List(one), Self::List(two)) => {
                if one.items.len() != two.items.len() {
                    return Some(false);
                }
                let pairs = one.items.iter().zip(&two.items);
                all(pairs.map(|(one, two)| one.same(two)))
            }
            (Self::Object(one), Self::Object(two)) => same_members(&one.members, &two.members),
            _ => Some(false),
        }
    }

    /// The canonical expression, appended; stops soon after it is longer than any may be.
    pub(super) fn write(&self, out: &mut String) {
        if out.len() > MOST_OPEN {
            return;
        }
        match self {
            Self::Null => out.push_str("null()"),
            Self::Bool(true) => out.push_str("true()"),
            Self::Bool(false) => out.push_str("false()"),
            Self::Int(number) => out.push_str(&number.to_string()),
            Self::Number(number) => out.push_str(&number.to_string()),
            Self::Text(text) => quote(text, out),
            Self::List(list) => {
                out.push_str("createArray(");
                for (number, item) in list.items.iter().enumerate() {
                    if number > 0 {
                        out.push_str(", ");
                    }
                    item.write(out);
                }
                out.push(')');
            }
            Self::Object(object) => {
                out.push_str("createObject(");
                for (number, (key, item)) in object.members.iter().enumerate() {
                    if number > 0 {
                        out.push_str(", ");
                    }
                    quote(key, out);
                    out.push_str(", ");
                    item.write(out);
                }
                out.push(')');
            }
            Self::Open(open) => out.push_str(&open.text),
        }
    }

    /// The canonical expression.
    pub(super) fn written(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        shortened(text)
    }
}

/// The member of a key, ignoring case; of two that differ in case the one as asked.
pub(super) fn member<'m>(members: &'m Members, key: &str) -> Option<&'m Data> {
    members.get(key).or_else(|| {
        let mut others = members.iter();
        let is_it = |(name, _): &(&Rc<str>, &Data)| name.eq_ignore_ascii_case(key);
        others.find(is_it).map(|(_, value)| value)
    })
}

/// Whether a key is an expression that stayed open.
pub(super) fn is_open_key(key: &str) -> bool {
    key.starts_with('[') && key.ends_with(']')
}

/// All of them: false if one is, unknown if one is.
pub(super) fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn same_members(one: &Members, two: &Members) -> Option<bool> {
    if one.keys().chain(two.keys()).any(|key| is_open_key(key)) {
        return None;
    }
    if one.len() != two.len() {
        return Some(false);
    }
    let pairs = one.iter().zip(two);
    all(pairs.map(|((key, value), (other, with))| {
        if key == other {
            value.same(with)
        } else {
            Some(false)
        }
    }))
}

fn extent<'d>(items: impl Iterator<Item = &'d Data>) -> (usize, usize) {
    let (mut size, mut levels) = (1_usize, 0);
    for item in items {
        size = size.saturating_add(item.size());
        levels = levels.max(item.levels());
    }
    (size, levels + 1)
}
