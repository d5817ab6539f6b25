//! What is written in place of an address: `{addr}<{tag}>`.

use crate::index::TagRow;
use crate::ranges::{OtherHit, OtherRanges};
use crate::space::{Block, Family};
use crate::text::{Safe, closest};
use crate::traffic::{Home, Sets};

/// What is written of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The bytes as they stood.
    Addr,
    /// Its most specific tag.
    Tag,
    /// All its tags, the most specific first.
    Tags,
    /// The region of its most specific tag.
    Region,
    /// The systemService of its most specific tag.
    Service,
    /// The longest prefix that holds it.
    Prefix,
}

impl Field {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Addr,
        Self::Tag,
        Self::Tags,
        Self::Region,
        Self::Service,
        Self::Prefix,
    ];

    /// The word between braces.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Addr => "addr",
            Self::Tag => "tag",
            Self::Tags => "tags",
            Self::Region => "region",
            Self::Service => "service",
            Self::Prefix => "prefix",
        }
    }
}

/// A text with places for what is known of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(Field),
}

/// Why a text is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Nothing is called so.
    #[error("nothing is called {{{typed}}} in a template; {hint}")]
    Unknown {
        /// What stands between the braces.
        typed: Safe,
        /// What it may be.
        hint: String,
    },
    /// A brace without its partner.
    #[error("a brace in the template has no partner; {{{{ and }}}} are braces themselves")]
    Brace,
}

impl Template {
    /// An address, and its tag behind it.
    #[must_use]
    pub fn plain() -> Self {
        Self::behind(Field::Tag)
    }

    /// An address, and all its tags behind it.
    #[must_use]
    pub fn with_all_tags() -> Self {
        Self::behind(Field::Tags)
    }

    fn behind(field: Field) -> Self {
        let text = |text: &str| Piece::Text(text.to_owned());
        Self {
            pieces: vec![
                Piece::Field(Field::Addr),
                text("<"),
                Piece::Field(field),
                text(">"),
            ],
        }
    }

    /// An address and something of it in two columns.
    #[must_use]
    pub fn columns(field: Field) -> Self {
        Self {
            pieces: vec![
                Piece::Field(Field::Addr),
                Piece::Text("\t".to_owned()),
                Piece::Field(field),
            ],
        }
    }

    /// Something of an address, without the address.
    #[must_use]
    pub fn only(field: Field) -> Self {
        Self {
            pieces: vec![Piece::Field(field)],
        }
    }

    /// Reads `{addr}[{tag}|{region}]`; `{{` and `}}` are braces, `\t`, `\n` and `\\` as usual.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) => {
                    letters.next();
                    plain.push(letter);
                }
                '}' => return Err(TemplateError::Brace),
                '{' => {
                    let mut word = String::new();
                    loop {
                        match letters.next().ok_or(TemplateError::Brace)? {
                            '}' => break,
                            letter => word.push(letter),
                        }
                    }
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Field(field(&word)?));
                }
                '\\' => {
                    let meant = match letters.peek() {
                        Some('t') => Some('\t'),
                        Some('n') => Some('\n'),
                        Some('\\') => Some('\\'),
                        _ => None,
                    };
                    if meant.is_some() {
                        letters.next();
                    }
                    plain.push(meant.unwrap_or('\\'));
                }
                letter => plain.push(letter),
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self { pieces })
    }
}

/// What a word between braces means.
fn field(word: &str) -> Result<Field, TemplateError> {
    let known = Field::ALL.into_iter().find(|field| field.word() == word);
    known.ok_or_else(|| {
        let words = Field::ALL.map(Field::word);
        let hint = match closest(word, words, 1).first() {
            Some(near) => format!("did you mean {{{near}}}?"),
            None => format!("it may be {{{}}}", words.join("}, {")),
        };
        let typed = Safe::new(word);
        TemplateError::Unknown { typed, hint }
    })
}

/// What a template writes for each answer of a week.
#[derive(Debug)]
pub struct Labels {
    /// All texts, one after the other.
    texts: Vec<u8>,
    nodes: Vec<Label>,
    /// By the place of the narrowest range of others.
    others: Vec<Label>,
    /// What those add to a list of all tags: `,own:office`.
    also: Vec<String>,
    nowhere: Option<Label>,
    inside: Option<Label>,
}

/// What is left to write of a template once the answer is known.
#[derive(Debug, Clone)]
pub enum Label {
    /// The address between two texts: from the first place to the second, and from there to the third.
    Around(u32, u32, u32),
    /// Anything else.
    Parts(Box<[Part]>),
}

/// A part of a [`Label`].
#[derive(Debug, Clone)]
pub enum Part {
    /// A text.
    Text(String),
    /// The address as it stood.
    Addr,
    /// Its prefix of this length.
    Prefix(u8),
    /// The tags of others that hold it, behind those of Azure.
    Also,
}

/// What is written for addresses that are in no tag.
#[derive(Debug, Clone, Copy)]
pub struct Absent<'a> {
    /// In place of what is not there.
    pub text: &'a str,
    /// Whether addresses in no tag are written by the template; else they stay as they are.
    pub is_written: bool,
    /// Whether those that are not public are passed over.
    pub skips_inside: bool,
}

impl Labels {
    /// Fills in a template for each answer of a week.
    #[must_use]
    pub fn new(template: &Template, sets: &Sets<'_>, absent: Absent<'_>) -> Self {
        let mut labels = Self {
            texts: Vec::new(),
            nodes: Vec::new(),
            others: Vec::new(),
            also: Vec::new(),
            nowhere: None,
            inside: None,
        };
        for node in sets.view().nodes() {
            let label = labels.label(template, Home::Tags(node), sets, absent.text);
            labels.nodes.push(label);
        }
        for (others, place) in sets
            .others()
            .into_iter()
            .flat_map(|others| (0..others.range_count()).map(move |place| (others, place)))
        {
            let label = labels.label(template, Home::Other(place), sets, absent.text);
            labels.others.push(label);
            labels.also.push(format!(",{}", all_of(others, place)));
        }
        if absent.is_written {
            let nowhere = labels.label(template, Home::Nowhere, sets, absent.text);
            labels.inside = (!absent.skips_inside).then(|| nowhere.clone());
            labels.nowhere = Some(nowhere);
        }
        labels
    }

    fn label(&mut self, template: &Template, home: Home, sets: &Sets<'_>, absent: &str) -> Label {
        let mut parts = Vec::new();
        for piece in &template.pieces {
            let field = match piece {
                Piece::Text(text) => {
                    parts.push(Part::Text(text.clone()));
                    continue;
                }
                Piece::Field(field) => *field,
            };
            let length = match home {
                Home::Tags(node) => sets.view().hits(node).next().map(|hit| hit.length),
                Home::Other(place) => other(sets, place).map(|hit| hit.prefix.length()),
                Home::Nowhere | Home::Inside => None,
            };
            parts.push(match (field, length) {
                (Field::Addr, _) => Part::Addr,
                (Field::Prefix, Some(length)) => Part::Prefix(length),
                (field, _) => {
                    let text = text_of(field, home, sets);
                    let is_there = !text.is_empty();
                    Part::Text(if is_there { text } else { absent.to_owned() })
                }
            });
            if field == Field::Tags && matches!(home, Home::Tags(_)) && sets.others().is_some() {
                parts.push(Part::Also);
            }
        }
        let is_addr = |part: &Part| matches!(part, Part::Addr);
        let is_prefix = |part: &Part| matches!(part, Part::Prefix(_) | Part::Also);
        let place = parts.iter().position(is_addr).unwrap_or(0);
        let is_plain = parts.iter().filter(|part| is_addr(part)).count() == 1;
        let (start, mut middle) = (self.texts.len(), 0);
        if !is_plain || parts.iter().any(is_prefix) {
            return Label::Parts(parts.into_boxed_slice());
        }
        for (at, part) in parts.iter().enumerate() {
            if at == place {
                middle = self.texts.len();
            }
            if let Part::Text(text) = part {
                self.texts.extend_from_slice(text.as_bytes());
            }
        }
        let small = |place: usize| u32::try_from(place).ok();
        match (small(start), small(middle), small(self.texts.len())) {
            (Some(start), Some(middle), Some(end)) => Label::Around(start, middle, end),
            _ => Label::Parts(parts.into_boxed_slice()),
        }
    }

    /// What is written for an address there; nothing where it stays as it is.
    #[inline]
    #[must_use]
    pub fn of(&self, home: Home) -> Option<&Label> {
        match home {
            Home::Tags(node) => self.nodes.get(node.place()),
            Home::Other(place) => self.others.get(place),
            Home::Nowhere => self.nowhere.as_ref(),
            Home::Inside => self.inside.as_ref(),
        }
    }

    /// Writes an address by what is written for it.
    #[inline]
    pub fn write(
        &self,
        label: &Label,
        written: &[u8],
        address: (Family, u128),
        sets: &Sets<'_>,
        out: &mut Vec<u8>,
    ) {
        match *label {
            Label::Around(start, middle, end) => {
                let [start, middle, end] = [start, middle, end].map(|at| at as usize);
                out.extend_from_slice(self.texts.get(start..middle).unwrap_or_default());
                out.extend_from_slice(written);
                out.extend_from_slice(self.texts.get(middle..end).unwrap_or_default());
            }
            Label::Parts(ref parts) => {
                for part in parts {
                    match part {
                        Part::Text(text) => out.extend_from_slice(text.as_bytes()),
                        Part::Addr => out.extend_from_slice(written),
                        Part::Also => {
                            let other = sets.other(address.0, address.1);
                            let also = other.and_then(|place| self.also.get(place));
                            out.extend_from_slice(also.map_or(b"", |also| also.as_bytes()));
                        }
                        Part::Prefix(length) => {
                            let prefix = Block::holding(address.0, address.1, *length);
                            out.extend_from_slice(prefix.to_string().as_bytes());
                        }
                    }
                }
            }
        }
    }
}

/// The first hit in ranges of others.
fn other<'a>(sets: &Sets<'a>, place: usize) -> Option<OtherHit<'a>> {
    sets.others()?.hits(place).next()
}

/// All tags of others that hold an address.
fn all_of(others: &OtherRanges, place: usize) -> String {
    let tags = others.hits(place).map(|hit| hit.tag);
    tags.collect::<Vec<_>>().join(",")
}

/// What a field says of an address there; ranges of others have neither a region nor a service.
fn text_of(field: Field, home: Home, sets: &Sets<'_>) -> String {
    let view = sets.view();
    match (home, field) {
        (Home::Tags(node), field) => {
            let mut rows = view.hits(node).filter_map(|hit| view.tag(hit.tag));
            match field {
                Field::Tags => rows.map(|row| row.name).collect::<Vec<_>>().join(","),
                field => rows.next().map_or(String::new(), |row| said(field, &row)),
            }
        }
        (Home::Other(place), Field::Tag) => {
            other(sets, place).map_or(String::new(), |hit| hit.tag.to_owned())
        }
        (Home::Other(place), Field::Tags) => {
            let others = sets.others();
            others.map_or(String::new(), |others| all_of(others, place))
        }
        (Home::Other(_) | Home::Nowhere | Home::Inside, _) => String::new(),
    }
}

fn said(field: Field, row: &TagRow<'_>) -> String {
    match field {
        Field::Region => row.region,
        Field::Service => row.system_service,
        _ => row.name,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_read_or_refused_with_what_is_near() {
        let plain = Template::parse("{addr}<{tag}>");
        assert_eq!(plain, Ok(Template::plain()));
        assert_eq!(
            Template::parse(r"{addr}\t{tag}"),
            Ok(Template::columns(Field::Tag))
        );
        let braces = Template::parse(r"{{a}} \x\\").unwrap();
        assert_eq!(braces.pieces, [Piece::Text(r"{a} \x\".to_owned())]);
        for (text, said) in [
            ("{tga}", "{tag}?"),
            ("{nothing}", "{addr}, {tag}, {tags}"),
            ("{addr", "no partner"),
            ("addr}", "no partner"),
        ] {
            let error = Template::parse(text).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
