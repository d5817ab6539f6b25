//! The guide: the pages of `assets/guide`, in the order in which they are read. A terminal, the manual
//! pages and the web show the same text.

mod block;
mod example;
mod layout;

use crate::text::closest;

pub use block::{Block, Piece, blocks, pieces};
pub use example::{GuideExample, examples};
pub use layout::{GuideLine, lay_out};

use crate::query::{Cell, ColumnSpec, Sheet};

/// Names that are offered instead of an unknown one.
const NEAR: usize = 4;

/// A page.
#[derive(Debug, Clone, Copy)]
pub struct GuidePage {
    /// What it is asked for by, and the name of its file.
    pub topic: &'static str,
    /// What it has, in a line.
    pub about: &'static str,
    /// The verbs that it is about.
    pub verbs: &'static [&'static str],
    /// The page, in Markdown.
    pub text: &'static str,
}

macro_rules! pages {
    ($($topic:literal $about:literal [$($verb:literal)*])*) => {
        /// Every page.
        pub const PAGES: &[GuidePage] = &[$(GuidePage {
            topic: $topic,
            about: $about,
            verbs: &[$($verb),*],
            text: include_str!(concat!("../../assets/guide/", $topic, ".md")),
        }),*];
    };
}

pages! {
    "start" "the views, the command line, the clipboard" []
    "tags" "filter, explain and watch tags; the map of regions" ["tags" "regions"]
    "lookup" "addresses, blocks, ranges, host names, pasted texts" ["lookup"]
    "weeks" "reviews, updates, earlier weeks, proxies, machines without a network"
        ["diff" "history" "update" "import" "weeks"]
    "rules" "test, check and write rules; what a week does to them; few entries" ["rules"]
    "traffic" "logs: a tag behind each address, the lines of a tag, counts" ["annotate" "grep" "top"]
    "engines" "the week in ClickHouse, DuckDB, Spark, PostgreSQL, Kusto, nginx and others" ["export"]
    "registry" "what one registry needs opened, facts, runbooks" ["endpoints" "reference" "runbook"]
    "troubleshooting" "what the text of a failed pull, login or health check means" ["explain"]
    "pipelines" "a weekly pipeline to copy, and ten jobs of a script" []
    "json" "JSON, lines of it, schemas, CSV and Markdown" ["schema"]
    "verbs" "every verb, options, settings, files, exit codes" ["config" "info" "completions" "man" "guide"]
    "keys" "every key and where it works" []
    "data" "where the data comes from, and what is derived" []
    "speed" "figures, and how they are measured" []
    "security" "what is asked of the network, what is kept, whom the program trusts" []
    "contributing" "how the house is laid out, what is added where, tests" []
}

/// The page of a topic; a verb's name finds the page that is about it.
#[must_use]
pub fn find(name: &str) -> Option<&'static GuidePage> {
    let is = |own: &str| own.eq_ignore_ascii_case(name);
    let by_topic = PAGES.iter().find(|page| is(page.topic));
    by_topic.or_else(|| about_verb(&name.to_ascii_lowercase()))
}

/// The page that is about a verb.
#[must_use]
pub fn about_verb(verb: &str) -> Option<&'static GuidePage> {
    PAGES.iter().find(|page| page.verbs.contains(&verb))
}

/// Topics and verbs that may have been meant.
#[must_use]
pub fn nearest(name: &str) -> Vec<&'static str> {
    let topics = PAGES.iter().map(|page| page.topic);
    let verbs = PAGES.iter().flat_map(|page| page.verbs).copied();
    let verbs = verbs.filter(|verb| PAGES.iter().all(|page| page.topic != *verb));
    closest(name, topics.chain(verbs), NEAR)
}

/// What stands below a heading of any page, without the headings below that.
#[must_use]
pub fn section(heading: &str) -> Vec<Block<'static>> {
    let all = PAGES.iter().flat_map(|page| blocks(page.text));
    let is_it =
        |block: &Block<'_>| matches!(block, Block::Heading { text, .. } if *text == heading);
    let behind = all.skip_while(|block| !is_it(block)).skip(1);
    let is_part = |block: &Block<'_>| !matches!(block, Block::Heading { .. });
    behind.take_while(is_part).collect()
}

/// Every topic, a line each.
#[derive(Debug, Clone, Copy)]
pub struct GuideTopics;

impl Sheet for GuideTopics {
    fn columns(&self) -> &[ColumnSpec] {
        const COLUMNS: [ColumnSpec; 2] = [
            ColumnSpec::whole("topic", "topic"),
            ColumnSpec::list("what it has", "about"),
        ];
        &COLUMNS
    }

    fn len(&self) -> usize {
        PAGES.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        match (PAGES.get(row), column) {
            (Some(page), 0) => Cell::text(page.topic),
            (Some(page), 1) => Cell::text(page.about),
            _ => Cell::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_topic_and_by_a_verb() {
        let topic = |name: &str| find(name).map(|page| page.topic);
        assert_eq!(topic("Weeks"), Some("weeks"));
        assert_eq!(topic("diff"), Some("weeks"));
        assert_eq!(topic("JSON"), Some("json"));
        assert_eq!(topic("dif"), None);
        assert_eq!(nearest("dif"), ["diff"]);
        assert_eq!(nearest("pipeline"), ["pipelines"]);
    }

    #[test]
    fn a_section_ends_at_the_next_heading() {
        let found = section("Exit codes");
        assert!(
            matches!(found.as_slice(), [Block::Table(_), Block::Text { .. }]),
            "{found:?}"
        );
        assert!(section("No such heading").is_empty());
    }
}
