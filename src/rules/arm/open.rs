//! What only the deployment knows, and texts of which a part is such.
//!
//! An open value is its canonical expression: what could be resolved is put in, texts that follow each
//! other are joined, so that two equal unknowns are two equal texts.

use std::rc::Rc;

use crate::rules::arm::MOST_TEXT;
use crate::rules::arm::canonical::{MOST_OPEN, Part, place, shortened, written};
use crate::rules::arm::value::{Data, Members, Open};

impl Data {
    /// An unknown of this canonical expression.
    pub(super) fn open(text: impl Into<String>) -> Self {
        let text = shortened(text.into());
        Self::Open(Rc::new(Open {
            parts: vec![Part::Open(text.clone())],
            text,
            known: Members::new(),
        }))
    }

    /// An unknown object of which some members are known.
    pub(super) fn partly(text: impl Into<String>, known: Members) -> Self {
        let text = shortened(text.into());
        Self::Open(Rc::new(Open {
            parts: vec![Part::Open(text.clone())],
            text,
            known,
        }))
    }

    /// The identifier of where the deployment goes.
    pub(super) fn place(name: &'static str) -> Self {
        Self::joined(vec![Part::Place(name)])
    }

    /// An unknown that a function of these arguments gives.
    pub(super) fn call(name: &str, args: &[Self]) -> Self {
        let mut text = format!("{name}(");
        for (number, arg) in args.iter().enumerate() {
            if number > 0 {
                text.push_str(", ");
            }
            arg.write(&mut text);
        }
        text.push(')');
        Self::open(text)
    }

    /// Texts one after another; those that follow each other become one.
    pub(super) fn joined(parts: Vec<Part>) -> Self {
        let mut joined: Vec<Part> = Vec::with_capacity(parts.len());
        for part in parts {
            match (joined.last_mut(), part) {
                (_, Part::Literal(text)) if text.is_empty() => {}
                (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
                (_, part) => joined.push(part),
            }
        }
        match joined.as_slice() {
            [] => Self::text(""),
            [Part::Literal(text)] if text.len() <= MOST_TEXT => Self::text(text.as_str()),
            _ => {
                let text = written(&joined);
                if text.len() > MOST_OPEN {
                    return Self::open(text);
                }
                Self::Open(Rc::new(Open {
                    text,
                    parts: joined,
                    known: Members::new(),
                }))
            }
        }
    }
}

impl Open {
    /// The text, where all that is unknown is where the deployment goes.
    pub(super) fn placed(&self) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Place(name) => place(name, &mut text),
                Part::Open(_) => return None,
            }
        }
        Some(text)
    }

    /// Whether it is certain not to be empty or null.
    pub(super) fn is_filled(&self) -> bool {
        let is_filled = |part: &Part| !matches!(part, Part::Open(_));
        self.parts.iter().any(is_filled)
    }

    /// Whether a text may be its value.
    pub(super) fn can_be(&self, text: &str) -> bool {
        if text.is_empty() {
            return !self.is_filled();
        }
        let is_first = |part: &Part| match part {
            Part::Literal(literal) => text.starts_with(literal.as_str()),
            _ => true,
        };
        let is_last = |part: &Part| match part {
            Part::Literal(literal) => text.ends_with(literal.as_str()),
            _ => true,
        };
        self.parts.first().is_none_or(is_first) && self.parts.last().is_none_or(is_last)
    }
}
