//! Canonical expressions: how the texts of unknowns are written.

/// Most bytes of a canonical expression.
pub(super) const MOST_OPEN: usize = 24_576;

/// A part of a joined text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Known.
    Literal(String),
    /// Known to be an identifier of where the deployment goes; shown as `{subscriptionId}`.
    Place(&'static str),
    /// A canonical expression.
    Open(String),
}

/// Appends a text in quotes.
pub(super) fn quote(text: &str, out: &mut String) {
    out.push('\'');
    for (number, piece) in text.split('\'').enumerate() {
        if number > 0 {
            out.push_str("''");
        }
        out.push_str(piece);
    }
    out.push('\'');
}

/// Appends the identifier of where the deployment goes.
pub(super) fn place(name: &str, out: &mut String) {
    out.push('{');
    out.push_str(name);
    out.push('}');
}

/// The canonical expression of a joined text.
pub(super) fn written(parts: &[Part]) -> String {
    let mut args: Vec<String> = Vec::new();
    let mut literal = String::new();
    for part in parts {
        match part {
            Part::Literal(text) => literal.push_str(text),
            Part::Place(name) => place(name, &mut literal),
            Part::Open(text) => {
                if !literal.is_empty() {
                    args.push(quoted(&literal));
                    literal.clear();
                }
                args.push(text.clone());
            }
        }
    }
    if !literal.is_empty() {
        args.push(quoted(&literal));
    }
    match args.as_slice() {
        [only] => only.clone(),
        _ => format!("concat({})", args.join(", ")),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}

/// An expression that is too long becomes a short one, by its hash told apart from most others.
pub(super) fn shortened(text: String) -> String {
    if text.len() <= MOST_OPEN {
        text
    } else {
        long(&text)
    }
}

/// Whether a text stands for one that was too long to be told apart from all others.
pub(super) fn is_long(text: &str) -> bool {
    text.starts_with("long(")
}

/// What stands for a text that is too long.
pub(super) fn long(text: &str) -> String {
    format!("long('{:016x}')", hash(text))
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
