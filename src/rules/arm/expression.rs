//! The expression language: text between `[` and `]` → a tree, or nothing where it is no expression.

use std::rc::Rc;

use crate::rules::arm::canonical::quote;

/// Most levels of calls and indexes inside each other.
const MOST_NESTED: usize = 64;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// `'text'`
    Text(Rc<str>),
    /// A whole number.
    Int(i64),
    /// `name(…)`; with a namespace `space.name(…)`.
    Call {
        /// As written.
        name: String,
        /// Not evaluated.
        args: Vec<Expr>,
    },
    /// A value and what is taken out of it, one step after another.
    Path {
        /// What the steps start from.
        base: Box<Expr>,
        /// At least one.
        steps: Vec<Step>,
    },
}

/// `.name`, `[0]`, `.?name` or `[?0]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Step {
    /// The member's name or the index.
    pub(super) key: Expr,
    /// Whether a missing one is null.
    pub(super) safe: bool,
}

/// Why a text is no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It ends too early, or has something else in it.
    Unclosed,
    /// More levels than are followed.
    TooDeep,
}

impl Expr {
    /// Reads what stands between the outer brackets.
    pub(super) fn parse(text: &str) -> Result<Self, Broken> {
        let mut parser = Parser {
            text,
            at: 0,
            depth: 0,
        };
        let expr = parser.expr()?;
        parser.blanks();
        if parser.at == text.len() {
            Ok(expr)
        } else {
            Err(Broken::Unclosed)
        }
    }

    /// Appends the expression as it is written, nothing in it resolved.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => quote(text, out),
            Self::Int(number) => out.push_str(&number.to_string()),
            Self::Call { name, args } => {
                out.push_str(name);
                out.push('(');
                for (number, arg) in args.iter().enumerate() {
                    if number > 0 {
                        out.push_str(", ");
                    }
                    arg.write(out);
                }
                out.push(')');
            }
            Self::Path { base, steps } => {
                base.write(out);
                for step in steps {
                    out.push_str(if step.safe { "[?" } else { "[" });
                    step.key.write(out);
                    out.push(']');
                }
            }
        }
    }
}

/// Where the reading stands.
struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Takes a byte, blanks before it passed over.
    fn take(&mut self, byte: u8) -> bool {
        self.blanks();
        let is_there = self.peek() == Some(byte);
        if is_there {
            self.at += 1;
        }
        is_there
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(Broken::Unclosed)
        }
    }

    fn expr(&mut self) -> Result<Expr, Broken> {
        self.depth += 1;
        if self.depth > MOST_NESTED {
            return Err(Broken::TooDeep);
        }
        let base = self.base()?;
        let steps = self.steps()?;
        self.depth -= 1;
        if steps.is_empty() {
            return Ok(base);
        }
        let base = Box::new(base);
        Ok(Expr::Path { base, steps })
    }

    fn base(&mut self) -> Result<Expr, Broken> {
        self.blanks();
        match self.peek() {
            Some(b'\'') => self.quoted(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.call(),
            None => Err(Broken::Unclosed),
        }
    }

    /// `'text'`, where `''` stands for one quote.
    fn quoted(&mut self) -> Result<Expr, Broken> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let end = rest.find('\'').ok_or(Broken::Unclosed)?;
            text.push_str(rest.get(..end).unwrap_or_default());
            self.at += end + 1;
            if self.peek() != Some(b'\'') {
                return Ok(Expr::Text(text.into()));
            }
            text.push('\'');
            self.at += 1;
        }
    }

    fn number(&mut self) -> Result<Expr, Broken> {
        let start = self.at;
        self.at += 1;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        let number = digits.parse().map_err(|_| Broken::Unclosed)?;
        Ok(Expr::Int(number))
    }

    fn word(&mut self) -> Result<&str, Broken> {
        self.blanks();
        let start = self.at;
        let in_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@');
        while self.peek().is_some_and(in_word) {
            self.at += 1;
        }
        match self.text.get(start..self.at) {
            Some(word) if !word.is_empty() => Ok(word),
            _ => Err(Broken::Unclosed),
        }
    }

    fn call(&mut self) -> Result<Expr, Broken> {
        let mut name = self.word()?.to_owned();
        if self.take(b'.') {
            name.push('.');
            name.push_str(self.word()?);
        } else if self.peek() != Some(b'(') && is_constant(&name) {
            let args = Vec::new();
            return Ok(Expr::Call { name, args });
        }
        self.expect(b'(')?;
        let mut args = Vec::new();
        if self.take(b')') {
            return Ok(Expr::Call { name, args });
        }
        loop {
            args.push(self.expr()?);
            if self.take(b')') {
                return Ok(Expr::Call { name, args });
            }
            self.expect(b',')?;
        }
    }

    fn steps(&mut self) -> Result<Vec<Step>, Broken> {
        let mut steps = Vec::new();
        loop {
            if self.take(b'.') {
                let safe = self.take(b'?');
                let word = self.word()?;
                if word.starts_with(|first: char| first.is_ascii_digit()) {
                    return Err(Broken::Unclosed);
                }
                let key = Expr::Text(word.into());
                steps.push(Step { key, safe });
            } else if self.take(b'[') {
                let safe = self.take(b'?');
                let key = self.expr()?;
                self.expect(b']')?;
                steps.push(Step { key, safe });
            } else {
                return Ok(steps);
            }
        }
    }
}

/// Whether a word is a value even without parentheses.
fn is_constant(name: &str) -> bool {
    ["true", "false", "null"]
        .iter()
        .any(|constant| name.eq_ignore_ascii_case(constant))
}
