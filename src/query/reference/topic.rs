//! One topic: statements, a table, where they are from and how sure they are.

use std::borrow::Cow;

use serde::Deserialize;

use crate::azure::Certainty;

/// A sentence or two.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Statement {
    /// The words.
    pub text: String,
    /// How sure they are.
    pub certainty: Certainty,
}

/// A table of texts; every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// The heads.
    pub columns: Vec<String>,
    /// The rows; the first cell names the row.
    pub rows: Vec<Vec<String>>,
}

impl Grid {
    /// A row in one line: `webhooks: Basic 2, Standard 10, Premium 500`.
    #[must_use]
    pub fn sentence(&self, row: &[String]) -> String {
        let name = row.first().map_or("", String::as_str);
        let cells = self.columns.iter().zip(row).skip(1);
        let cells: Vec<String> = match cells.len() {
            // A single column needs no head beside each cell.
            1 => cells.map(|(_, cell)| cell.clone()).collect(),
            _ => cells.map(|(head, cell)| format!("{head} {cell}")).collect(),
        };
        format!("{name}: {}", cells.join(", "))
    }
}

/// A subject of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// A short name for flags and JSON: lower-case letters and dashes.
    pub id: String,
    /// The heading.
    pub title: String,
    /// Other words under which it is found.
    pub words: Vec<String>,
    /// What is to be said, the documented first.
    pub statements: Vec<Statement>,
    /// The figures.
    pub table: Option<Grid>,
    /// The pages, by name.
    pub source: String,
    /// Date of the pages or of the copies that were read: `YYYY-MM-DD`.
    pub as_of: String,
}

impl Topic {
    /// How sure its weakest statement is.
    #[must_use]
    pub fn certainty(&self) -> Certainty {
        let statements = self.statements.iter().map(|statement| statement.certainty);
        statements.max().unwrap_or(Certainty::Documented)
    }

    /// Identifier, title and other words.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let words = self.words.iter().map(String::as_str);
        [self.id.as_str(), self.title.as_str()]
            .into_iter()
            .chain(words)
            .collect()
    }

    /// Everything that a search reads.
    #[must_use]
    pub fn texts(&self) -> Vec<Cow<'_, str>> {
        let names = self.names().into_iter().map(Cow::Borrowed);
        let statements = self.statements.iter();
        let statements = statements.map(|statement| Cow::Borrowed(statement.text.as_str()));
        let rows = self.table.iter().flat_map(|grid| {
            let rows = grid.rows.iter();
            rows.map(|row| Cow::Owned(grid.sentence(row)))
        });
        names.chain(statements).chain(rows).collect()
    }

    /// Where it is from, of when, and how sure.
    #[must_use]
    pub fn origin(&self) -> String {
        let weak = match self.certainty() {
            Certainty::Documented => "",
            Certainty::Disputed => "; sources disagree in part",
            Certainty::Assumed => "; in part assumed",
        };
        format!("Source: {}; as of {}{weak}", self.source, self.as_of)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    topic: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    title: String,
    #[serde(default)]
    words: Vec<String>,
    lines: Vec<String>,
    #[serde(default)]
    assumed: Vec<String>,
    #[serde(default)]
    disputed: Vec<String>,
    source: String,
    as_of: String,
    table: Option<Grid>,
}

/// Reads the topics of an asset.
pub fn read(text: &str) -> Result<Vec<Topic>, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    Ok(file.topic.into_iter().map(Entry::topic).collect())
}

impl Entry {
    fn topic(self) -> Topic {
        let of = |texts: Vec<String>, certainty| {
            texts
                .into_iter()
                .map(move |text| Statement { text, certainty })
        };
        Topic {
            id: self.id,
            title: self.title,
            words: self.words,
            statements: of(self.lines, Certainty::Documented)
                .chain(of(self.disputed, Certainty::Disputed))
                .chain(of(self.assumed, Certainty::Assumed))
                .collect(),
            table: self.table,
            source: self.source,
            as_of: self.as_of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_as_sure_as_its_weakest_statement() {
        let text = "[[topic]]\nid='a'\ntitle='A'\nlines=['x']\nassumed=['y']\ndisputed=['z']\n\
                    source='S'\nas_of='2026-08-20'\n";
        let topic = read(text).unwrap().remove(0);
        assert_eq!(topic.certainty(), Certainty::Assumed);
        let order: Vec<&str> = topic.statements.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(order, ["x", "z", "y"]);
        assert!(topic.origin().ends_with("in part assumed"));
    }

    #[test]
    fn a_row_is_a_sentence() {
        let grid = Grid {
            columns: ["limit", "Basic", "Premium"].map(str::to_owned).to_vec(),
            rows: Vec::new(),
        };
        let row = ["webhooks", "2", "500"].map(str::to_owned);
        assert_eq!(grid.sentence(&row), "webhooks: Basic 2, Premium 500");
        assert_eq!(grid.sentence(&[]), ": ");
    }
}
