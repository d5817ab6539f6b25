//! An object of a document: flattened as the command line prints it, or with its `properties` as ARM
//! has it.

use serde_json::{Map, Value};

use crate::azure::PlatformTag;
use crate::rules::entry::{Entry, MOST_OF_EXPRESSION, Ports, is_expression};
use crate::rules::ruleset::{Cleared, Flaw, FlawPart};
use crate::text::{Safe, clean};

/// Most entries of one rule side.
const MOST_ENTRIES: usize = 100_000;

/// What is noted while a row is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) flaws: Vec<Flaw>,
    pub(super) cleared: Vec<Cleared>,
    /// Tags of the platform in the spelling of the classic model.
    pub(super) classic: Vec<(Safe, PlatformTag)>,
}

impl Notes {
    /// Notes what is odd about an entry.
    pub(super) fn take(&mut self, text: &str, entry: &Entry, place: impl Fn() -> String) {
        if let Entry::Unread(found) = entry {
            self.flaws.push(Flaw {
                place: place(),
                found: found.clone(),
                expected: "an address, a CIDR, a range or a tag",
                part: FlawPart::Entry,
            });
        }
        if let Entry::Platform(tag) = entry
            && text.contains('_')
        {
            self.classic.push((Safe::new(text.trim()), *tag));
        }
        if let (Entry::Span(_), Some(read)) = (entry, Entry::cleared(text)) {
            self.cleared.push(Cleared {
                place: place(),
                written: Safe::new(text.trim()),
                read,
            });
        }
    }
}

/// A text of a node, and where it stands.
pub(super) struct Text<'a> {
    pub(super) value: &'a str,
    key: &'static str,
    number: Option<usize>,
}

impl Text<'_> {
    pub(super) fn place(&self, node: &Node<'_>) -> String {
        match self.number {
            Some(number) => format!("{}[{number}]", node.at(self.key)),
            None => node.at(self.key),
        }
    }
}

pub(super) struct Node<'a> {
    object: &'a Map<String, Value>,
    inner: Option<&'a Map<String, Value>>,
    pub(super) place: String,
}

impl<'a> Node<'a> {
    pub(super) fn of(value: &'a Value, place: &str) -> Option<Self> {
        let object = value.as_object()?;
        Some(Self {
            object,
            inner: find(object, "properties").and_then(Value::as_object),
            place: place.to_owned(),
        })
    }

    /// The value of a key, in `properties` first; null is nothing.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        let inner = self.inner.and_then(|inner| find(inner, key));
        let value = inner.or_else(|| find(self.object, key))?;
        (!value.is_null()).then_some(value)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        find(self.object, key).is_some()
            || self.inner.is_some_and(|inner| find(inner, key).is_some())
    }

    /// Whether a key is not there, or has an empty text or list.
    pub(super) fn is_blank(&self, key: &str) -> bool {
        match self.get(key) {
            None => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(list)) => list.is_empty(),
            Some(_) => false,
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// The resource id, displayable.
    pub(super) fn id(&self) -> Option<String> {
        self.text("id").map(|id| clean(id).into_owned())
    }

    pub(super) fn list(&self, key: &str) -> Option<&'a Vec<Value>> {
        self.get(key)?.as_array()
    }

    pub(super) fn name(&self) -> &'a str {
        self.text("name").unwrap_or_default()
    }

    /// The type of the resource, as it says or as its id does.
    pub(super) fn resource_type(&self) -> Option<String> {
        let text = |key| find(self.object, key).and_then(Value::as_str);
        if let Some(kind) = text("type").filter(|kind| kind.contains('/')) {
            return Some(kind.to_owned());
        }
        let (_, behind) = text("id")?.rsplit_once("/providers/")?;
        let mut parts = behind.split('/');
        let provider = parts.next()?;
        let types: Vec<&str> = parts.step_by(2).collect();
        (!types.is_empty()).then(|| format!("{provider}/{}", types.join("/")))
    }

    /// Whether the resource's type ends like this, ignoring case.
    pub(super) fn is_type(&self, end: &str) -> bool {
        let kind = self.resource_type().unwrap_or_default();
        kind.len() >= end.len()
            && kind
                .get(kind.len() - end.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    }

    /// Whether it is a resource of this type with its properties; `az resource list` has none.
    pub(super) fn is_whole(&self, end: &str) -> bool {
        self.is_type(end) && find(self.object, "properties").is_some()
    }

    /// Where a key stands.
    pub(super) fn at(&self, key: &str) -> String {
        if self.place.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.place)
        }
    }

    /// The elements of a REST answer's or an exported template's list.
    pub(super) fn contents(&self) -> Option<(&'static str, &'a Value)> {
        ["value", "data", "resources", "ruleCollectionGroups"]
            .into_iter()
            .find_map(|key| {
                let value = find(self.object, key)?;
                value.is_array().then_some((key, value))
            })
    }

    /// Texts of a single key and of a list key; a value of another type is a flaw.
    pub(super) fn texts(
        &self,
        single: &'static str,
        plural: &'static str,
        flaws: &mut Vec<Flaw>,
    ) -> Vec<Text<'a>> {
        let mut texts = Vec::new();
        for key in [single, plural] {
            let number = None;
            match self.get(key) {
                None => {}
                Some(Value::String(text)) if text.is_empty() => {}
                Some(Value::String(text)) => texts.push(Text {
                    value: text,
                    key,
                    number,
                }),
                Some(Value::Array(list)) => {
                    for (place, value) in self.few(key, list, flaws) {
                        let number = Some(place);
                        match value.as_str() {
                            Some(text) => texts.push(Text {
                                value: text,
                                key,
                                number,
                            }),
                            None => flaws.push(Flaw {
                                place: format!("{}[{place}]", self.at(key)),
                                ..self.flaw(key, value, "a text")
                            }),
                        }
                    }
                }
                Some(other) => flaws.push(self.flaw(key, other, "a text or a list of texts")),
            }
        }
        texts
    }

    /// A bounded number of a list's values; that there are more is a flaw.
    fn few<'l>(
        &self,
        key: &str,
        list: &'l [Value],
        flaws: &mut Vec<Flaw>,
    ) -> impl Iterator<Item = (usize, &'l Value)> + use<'l> {
        if list.len() > MOST_ENTRIES {
            flaws.push(Flaw {
                place: self.at(key),
                found: Safe::from(format!("a list of {}", list.len())),
                expected: "at most 100000 entries",
                part: FlawPart::of(key),
            });
        }
        list.iter().take(MOST_ENTRIES).enumerate()
    }

    /// Addresses and tags of a single key and of a list key.
    pub(super) fn entries(
        &self,
        single: &'static str,
        plural: &'static str,
        notes: &mut Notes,
    ) -> Vec<Entry> {
        let texts = self.texts(single, plural, &mut notes.flaws);
        texts
            .into_iter()
            .map(|text| {
                let entry = Entry::parse(text.value);
                notes.take(text.value, &entry, || text.place(self));
                entry
            })
            .collect()
    }

    /// Resource ids in a list of objects with an `id`, or of texts.
    pub(super) fn ids(&self, key: &str, flaws: &mut Vec<Flaw>) -> Vec<String> {
        let list = match self.get(key) {
            None => return Vec::new(),
            Some(Value::Array(list)) => list,
            Some(other) => {
                flaws.push(self.flaw(key, other, "a list of resource ids"));
                return Vec::new();
            }
        };
        let mut ids = Vec::new();
        for (number, value) in self.few(key, list, flaws) {
            match member(value, "id").unwrap_or(value).as_str() {
                Some(id) => ids.push(clean(id).into_owned()),
                None => flaws.push(Flaw {
                    place: format!("{}[{number}]", self.at(key)),
                    ..self.flaw(key, value, "a resource id")
                }),
            }
        }
        ids
    }

    /// Ports of a single key and of a list key.
    pub(super) fn ports(
        &self,
        single: &'static str,
        plural: &'static str,
        flaws: &mut Vec<Flaw>,
    ) -> Ports {
        let count = flaws.len();
        let texts = self.texts(single, plural, flaws);
        if texts.is_empty() && flaws.len() > count {
            // What was there was not read: nothing is known, and that is said.
            return Ports::all();
        }
        let parsed = Ports::parse(texts.iter().map(|text| text.value));
        parsed.unwrap_or_else(|found| {
            let is_it = |text: &&Text<'_>| Ports::parse([text.value]).is_err();
            let place = texts.iter().find(is_it).map(|text| text.place(self));
            flaws.push(Flaw {
                place: place.unwrap_or_else(|| self.at(single)),
                found,
                expected: "a port from 0 to 65535, a range of ports, or *",
                part: FlawPart::of(single),
            });
            Ports::all()
        })
    }

    /// A list, where the key has one; another type is a flaw.
    pub(super) fn list_or_flaw(
        &self,
        key: &str,
        expected: &'static str,
        flaws: &mut Vec<Flaw>,
    ) -> Option<&'a Vec<Value>> {
        match self.get(key)? {
            Value::Array(list) => Some(list),
            other => {
                flaws.push(self.flaw(key, other, expected));
                None
            }
        }
    }

    /// A text, where the key has one; another type is a flaw.
    pub(super) fn text_or_flaw(&self, key: &str, flaws: &mut Vec<Flaw>) -> Option<&'a str> {
        match self.get(key)? {
            Value::String(text) => Some(text),
            other => {
                flaws.push(self.flaw(key, other, "a text"));
                None
            }
        }
    }

    /// The name, where there is one; another type is a flaw.
    pub(super) fn name_or_flaw(&self, flaws: &mut Vec<Flaw>) -> &'a str {
        self.text_or_flaw("name", flaws).unwrap_or_default()
    }

    /// A key that is not there.
    pub(super) fn missing(&self, key: &str, expected: &'static str) -> Flaw {
        Flaw {
            place: self.at(key),
            found: Safe::new("nothing"),
            expected,
            part: FlawPart::of(key),
        }
    }

    pub(super) fn flaw(&self, key: &str, value: &Value, expected: &'static str) -> Flaw {
        Flaw {
            place: self.at(key),
            found: Safe::from(brief(value)),
            expected,
            part: FlawPart::of(key),
        }
    }
}

/// The member of an object, in any spelling of its key.
pub(super) fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    find(value.as_object()?, key)
}

fn find<'v>(object: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    object.get(key).or_else(|| {
        let mut members = object.iter();
        let found = members.find(|(own, _)| is_spelling(own, key));
        found.map(|(_, value)| value)
    })
}

/// Whether a key is another spelling of one: ARM ignores case, PowerShell writes `SecurityRules`,
/// Terraform `security_rules`.
fn is_spelling(own: &str, key: &str) -> bool {
    let mut own = own.bytes().filter(|&byte| byte != b'_');
    let mut key = key.bytes();
    loop {
        match (own.next(), key.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one.eq_ignore_ascii_case(&other) => {}
            _ => return false,
        }
    }
}

/// A value in a few characters.
pub(super) fn brief(value: &Value) -> String {
    match value {
        Value::Object(_) | Value::Array(_) => described(value),
        Value::String(text) if is_expression(text) && text.len() <= MOST_OF_EXPRESSION => {
            text.clone()
        }
        other => other.to_string().chars().take(60).collect(),
    }
}

/// What a JSON value is, for a person who has given the wrong file.
pub(super) fn described(value: &Value) -> String {
    let keys = |object: &Map<String, Value>| {
        let keys: Vec<String> = object
            .keys()
            .take(6)
            .map(|key| key.chars().take(40).collect())
            .collect();
        keys.join(", ")
    };
    match value {
        Value::Object(object)
            if object.contains_key("values") && object.contains_key("changeNumber") =>
        {
            "a publication of service tags".to_owned()
        }
        Value::Object(object) if object.contains_key("error") => {
            let error = object.get("error");
            let code = error.and_then(|it| it.get("code")).and_then(Value::as_str);
            let code: String = code.unwrap_or("no code").chars().take(60).collect();
            format!("the answer of a service with an error ({code})")
        }
        Value::Object(object)
            if [
                "bypass",
                "resourceAccessRules",
                "trustedServiceAccessEnabled",
            ]
            .iter()
            .any(|key| find(object, key).is_some()) =>
        {
            "the network rules of a storage account, a key vault or a namespace, not of a registry"
                .to_owned()
        }
        Value::Object(_) if Node::of(value, "").is_some_and(|it| it.resource_type().is_some()) => {
            let kind = Node::of(value, "").and_then(|node| node.resource_type());
            let kind: String = kind.unwrap_or_default().chars().take(90).collect();
            format!("a resource of the type {kind}")
        }
        Value::Object(object) if object.is_empty() => "an empty JSON object".to_owned(),
        Value::Object(object) => format!("a JSON object with {}", keys(object)),
        Value::Array(list) => match list.first() {
            None => "an empty JSON list".to_owned(),
            Some(Value::Object(first)) => format!("a JSON list of objects with {}", keys(first)),
            Some(_) => "a JSON list of other values".to_owned(),
        },
        Value::Null => "null".to_owned(),
        _ => "a single JSON value".to_owned(),
    }
}
