//! A `MaxMind` DB: a tree over the bits of addresses, and records that its leaves point to.
//!
//! IPv4 lies below `::/96`, where readers look for it, and a second time as `::ffff:0:0/96`. Records hold
//! no prefix, so that all prefixes with the same tags share one, and a text stands once.

use std::collections::HashMap;

use crate::query::export::tables::{SetId, TagTables};
use crate::query::export::write::{SetRecord, mapped, records};
use crate::space::{Block, Family};

/// In which shape a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RecordForm {
    /// With all tags.
    #[default]
    Tags,
    /// As those of `GeoLite2-ASN`, for programs that know no others.
    Asn,
}

/// The number that records of [`RecordForm::Asn`] borrow: Microsoft's.
pub const BORROWED_NUMBER: u32 = 8075;

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// One sentence: what it is, and of which week.
    pub description: String,
    /// When the week was published, in seconds since 1970; 0 where that is unknown.
    pub seconds: u64,
}

/// The start of the addresses of IPv4 in the tree.
const IPV4: Block = Block::holding(Family::V6, 0, 96);
/// Where the metadata begins.
const MARK: &[u8] = b"\xab\xcd\xefMaxMind.com";
/// Zeros between the tree and the data.
const GAP: usize = 16;

impl RecordForm {
    /// The type that the metadata names.
    #[must_use]
    pub const fn database_type(self) -> &'static str {
        match self {
            Self::Tags => "Azure-Service-Tags",
            Self::Asn => "GeoLite2-ASN",
        }
    }

    fn value<'a>(self, record: &'a SetRecord<'a>) -> Value<'a> {
        match self {
            Self::Tags => Value::Map(vec![
                ("tag", Value::Text(record.tag)),
                (
                    "tags",
                    Value::List(record.tags.iter().map(|tag| Value::Text(tag)).collect()),
                ),
                ("region", Value::Text(record.region)),
                ("service", Value::Text(record.service)),
                ("system_service", Value::Text(record.system_service)),
            ]),
            Self::Asn => Value::Map(vec![
                ("autonomous_system_number", Value::Number(BORROWED_NUMBER)),
                ("autonomous_system_organization", Value::Text(record.tag)),
            ]),
        }
    }
}

/// The bytes of the file. No prefix of IPv6 may meet [`ipv4_place`].
#[must_use]
pub fn write(tables: &TagTables<'_>, form: RecordForm, about: &About) -> Vec<u8> {
    let known = records(tables);
    let mut data = Data::default();
    let mut places: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut of_set: HashMap<SetId, usize> = HashMap::new();
    for (set, record) in &known {
        let value = form.value(record);
        let mut alone = Data::default();
        alone.put(&value);
        let place = *places.entry(alone.bytes).or_insert_with(|| {
            let place = data.bytes.len();
            data.put_shared(&value);
            place
        });
        of_set.insert(*set, place);
    }
    let mut tree = Tree::default();
    for (block, set) in tables.disjoint() {
        if let Some(&place) = of_set.get(&set) {
            tree.insert(in_tree(block), Link::Data(place));
        }
    }
    if let Some(ipv4) = tree.node_at(IPV4) {
        tree.insert(mapped(), Link::Node(ipv4));
    }
    let width = tree.width(data.bytes.len());
    let mut out = tree.bytes(width);
    out.extend_from_slice(&[0; GAP]);
    out.extend_from_slice(&data.bytes);
    out.extend_from_slice(MARK);
    let mut metadata = Data::default();
    metadata.put(&Value::Map(vec![
        ("node_count", Value::Number(number(tree.nodes.len()))),
        ("record_size", Value::Short(width.bits())),
        ("ip_version", Value::Short(6)),
        ("database_type", Value::Text(form.database_type())),
        ("languages", Value::List(vec![Value::Text("en")])),
        ("binary_format_major_version", Value::Short(2)),
        ("binary_format_minor_version", Value::Short(0)),
        ("build_epoch", Value::Long(about.seconds)),
        (
            "description",
            Value::Map(vec![("en", Value::Text(&about.description))]),
        ),
    ]));
    out.extend_from_slice(&metadata.bytes);
    out
}

/// Where addresses of IPv4 stand among those of IPv6.
#[must_use]
pub const fn ipv4_place() -> Block {
    IPV4
}

/// A block where the tree has it.
const fn in_tree(block: Block) -> Block {
    match block.family() {
        Family::V4 => Block::holding(Family::V6, block.first(), IPV4.length() + block.length()),
        Family::V6 => block,
    }
}

/// What one side of a node leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Link {
    #[default]
    Nothing,
    Node(usize),
    /// A place in the data.
    Data(usize),
}

/// A tree of bits; the first node is the root.
#[derive(Debug)]
struct Tree {
    nodes: Vec<[Link; 2]>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            nodes: vec![[Link::Nothing; 2]],
        }
    }
}

impl Tree {
    /// Hangs something below a block that nothing else is in.
    fn insert(&mut self, block: Block, link: Link) {
        let mut node = 0;
        for depth in 0..block.length() {
            let is_last = depth + 1 == block.length();
            let (side, new) = (side(block, depth), self.nodes.len());
            let Some(slot) = self.nodes.get_mut(node).and_then(|it| it.get_mut(side)) else {
                return;
            };
            match *slot {
                _ if is_last => *slot = link,
                Link::Node(next) => node = next,
                Link::Nothing | Link::Data(_) => {
                    let split = *slot;
                    *slot = Link::Node(new);
                    self.nodes.push([split; 2]);
                    node = new;
                }
            }
        }
        // The whole of IPv6 has no node above it.
        if block.length() == 0
            && let Some(root) = self.nodes.first_mut()
        {
            *root = [link; 2];
        }
    }

    /// The node that a block is, where there is one.
    fn node_at(&self, block: Block) -> Option<usize> {
        (0..block.length()).try_fold(0, |node, depth| {
            match self.nodes.get(node)?.get(side(block, depth))? {
                Link::Node(next) => Some(*next),
                Link::Nothing | Link::Data(_) => None,
            }
        })
    }

    /// The narrowest records that can point into so much data.
    fn width(&self, data: usize) -> Width {
        let most = self.nodes.len() + GAP + data;
        match most {
            0..0x100_0000 => Width::Small,
            0x100_0000..0x1000_0000 => Width::Medium,
            _ => Width::Large,
        }
    }

    fn bytes(&self, width: Width) -> Vec<u8> {
        let count = self.nodes.len();
        let value = |link: &Link| {
            number(match *link {
                Link::Nothing => count,
                Link::Node(node) => node,
                Link::Data(place) => count + GAP + place,
            })
        };
        let mut out = Vec::with_capacity(count * 8);
        for [left, right] in &self.nodes {
            let (left, right) = (value(left), value(right));
            let ([l0, l1, l2, l3], [r0, r1, r2, r3]) = (left.to_be_bytes(), right.to_be_bytes());
            match width {
                Width::Small => out.extend([l1, l2, l3, r1, r2, r3]),
                Width::Medium => out.extend([l1, l2, l3, l0 << 4 | r0, r1, r2, r3]),
                Width::Large => out.extend([l0, l1, l2, l3, r0, r1, r2, r3]),
            }
        }
        out
    }
}

/// Which way a block goes at a depth.
const fn side(block: Block, depth: u8) -> usize {
    if block.first() >> (127 - depth) & 1 == 0 {
        0
    } else {
        1
    }
}

/// Bits of one side of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Small,
    Medium,
    Large,
}

impl Width {
    const fn bits(self) -> u16 {
        match self {
            Self::Small => 24,
            Self::Medium => 28,
            Self::Large => 32,
        }
    }
}

/// What a record is made of.
enum Value<'a> {
    Text(&'a str),
    Short(u16),
    Number(u32),
    Long(u64),
    List(Vec<Self>),
    Map(Vec<(&'a str, Self)>),
}

/// Values one behind the other.
#[derive(Debug, Default)]
struct Data {
    bytes: Vec<u8>,
    /// Where texts stand.
    texts: HashMap<String, usize>,
}

impl Data {
    fn put(&mut self, value: &Value<'_>) {
        self.put_with(value, &mut Self::put_text);
    }

    /// The same; a text that stands there already is pointed to.
    fn put_shared(&mut self, value: &Value<'_>) {
        self.put_with(value, &mut Self::put_text_once);
    }

    fn put_with(&mut self, value: &Value<'_>, put_text: &mut impl FnMut(&mut Self, &str)) {
        match value {
            Value::Text(text) => put_text(self, text),
            Value::Short(number) => self.put_number(5, &number.to_be_bytes()),
            Value::Number(number) => self.put_number(6, &number.to_be_bytes()),
            Value::Long(number) => self.put_number(9, &number.to_be_bytes()),
            Value::List(values) => {
                self.put_head(11, values.len());
                for value in values {
                    self.put_with(value, put_text);
                }
            }
            Value::Map(values) => {
                self.put_head(7, values.len());
                for (key, value) in values {
                    put_text(self, key);
                    self.put_with(value, put_text);
                }
            }
        }
    }

    fn put_number(&mut self, kind: u8, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let bytes = bytes.get(zeros..).unwrap_or_default();
        self.put_head(kind, bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    fn put_text(&mut self, text: &str) {
        self.put_head(2, text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn put_text_once(&mut self, text: &str) {
        if let Some(&place) = self.texts.get(text) {
            return self.put_pointer(place);
        }
        // A pointer to something shorter would be longer than that.
        if text.len() > 3 {
            self.texts.insert(text.to_owned(), self.bytes.len());
        }
        self.put_text(text);
    }

    /// The kind of a value and its size: bytes of a text or a number, members of a list or a map.
    fn put_head(&mut self, kind: u8, size: usize) {
        let (short, rest, width) = match size {
            0..29 => (size, 0, 0),
            29..285 => (29, size - 29, 1),
            285..65_821 => (30, size - 285, 2),
            _ => (31, size - 65_821, 3),
        };
        let short = u8::try_from(short).unwrap_or(31);
        if kind < 8 {
            self.bytes.push(kind << 5 | short);
        } else {
            self.bytes.extend([short, kind - 7]);
        }
        let rest = number(rest).to_be_bytes();
        self.bytes.extend(rest.iter().skip(rest.len() - width));
    }

    fn put_pointer(&mut self, place: usize) {
        let place = number(place);
        let (size, from) = match place {
            0..2_048 => (0, 0),
            2_048..526_336 => (1, 2_048),
            526_336..134_744_064 => (2, 526_336),
            _ => (3, 0),
        };
        let [a, b, c, d] = (place - from).to_be_bytes();
        match size {
            0 => self.bytes.extend([1 << 5 | c, d]),
            1 => self.bytes.extend([1 << 5 | 1 << 3 | b, c, d]),
            2 => self.bytes.extend([1 << 5 | 2 << 3 | a, b, c, d]),
            _ => self.bytes.extend([1 << 5 | 3 << 3, a, b, c, d]),
        }
    }
}

fn number(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
