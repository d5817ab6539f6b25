//! Values of a template, written as JSON or as Bicep.

use std::fmt::Write as _;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree {
    /// A text, whatever is in it.
    Text(String),
    /// A whole number.
    Number(u32),
    /// A parameter of the template.
    Parameter(&'static str),
    /// An expression of each language.
    Expression { arm: String, bicep: String },
    /// A list.
    List(Vec<Self>),
    /// An object, in this order.
    Object(Vec<(&'static str, Self)>),
}

pub(super) fn text(text: impl Into<String>) -> Tree {
    Tree::Text(text.into())
}

pub(super) fn texts(texts: impl IntoIterator<Item = String>) -> Tree {
    Tree::List(texts.into_iter().map(Tree::Text).collect())
}

/// A text of a JSON document, with its quotes.
pub(super) fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text of a template: what begins with a bracket would be an expression.
fn arm_text(text: &str) -> String {
    if text.starts_with('[') {
        return json_text(&format!("[{text}"));
    }
    json_text(text)
}

/// A text of Bicep, with its quotes.
pub(super) fn bicep_text(text: &str) -> String {
    let mut out = "'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '$' => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

impl Tree {
    /// As JSON of a template, its lines behind the first `depth` steps in.
    pub(super) fn arm(&self, depth: usize) -> String {
        match self {
            Self::Text(text) => arm_text(text),
            Self::Number(number) => number.to_string(),
            Self::Parameter(name) => json_text(&format!("[parameters('{name}')]")),
            Self::Expression { arm, .. } => json_text(arm),
            Self::List(items) => {
                let items = items.iter().map(|item| item.arm(depth + 1));
                enclosed("[", "]", items, ",", depth)
            }
            Self::Object(members) => {
                let members = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\": {}", value.arm(depth + 1)));
                enclosed("{", "}", members, ",", depth)
            }
        }
    }

    /// As Bicep.
    pub(super) fn bicep(&self, depth: usize) -> String {
        match self {
            Self::Text(text) => bicep_text(text),
            Self::Number(number) => number.to_string(),
            Self::Parameter(name) => (*name).to_owned(),
            Self::Expression { bicep, .. } => bicep.clone(),
            Self::List(items) => {
                let items = items.iter().map(|item| item.bicep(depth + 1));
                enclosed("[", "]", items, "", depth)
            }
            Self::Object(members) => {
                let members = members
                    .iter()
                    .map(|(key, value)| format!("{key}: {}", value.bicep(depth + 1)));
                enclosed("{", "}", members, "", depth)
            }
        }
    }
}

fn enclosed(
    open: &str,
    close: &str,
    items: impl Iterator<Item = String>,
    comma: &str,
    depth: usize,
) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() {
        return format!("{open}{close}");
    }
    let inner = "  ".repeat(depth + 1);
    let outer = "  ".repeat(depth);
    let items = items.join(&format!("{comma}\n{inner}"));
    format!("{open}\n{inner}{items}\n{outer}{close}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        assert_eq!(bicep_text("a'b\\${c}\n"), r"'a\'b\\\${c}\n'");
        assert_eq!(bicep_text("\u{1b}"), r"'\u{1b}'");
        assert_eq!(text("[deployment()]").arm(0), r#""[[deployment()]""#);
        assert_eq!(text("a\"b\n").arm(0), r#""a\"b\n""#);
    }

    #[test]
    fn both_languages_keep_the_order() {
        let tree = Tree::Object(vec![
            ("b", Tree::Number(1)),
            ("a", texts(["x".to_owned()])),
            ("p", Tree::Parameter("name")),
        ]);
        assert_eq!(
            tree.arm(0),
            "{\n  \"b\": 1,\n  \"a\": [\n    \"x\"\n  ],\n  \"p\": \"[parameters('name')]\"\n}"
        );
        assert_eq!(
            tree.bicep(0),
            "{\n  b: 1\n  a: [\n    'x'\n  ]\n  p: name\n}"
        );
    }
}
