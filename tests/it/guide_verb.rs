//! `tagscope guide`, and what the manual pages take from the guide.

use std::collections::BTreeSet;

use clap::{Command, CommandFactory};
use markdown::mdast::Node;
use markdown::{Constructs, ParseOptions, to_mdast};
use tagscope::cli::Args;
use tagscope::query::guide::{PAGES, lay_out};

use crate::guide::{pages, part};
use crate::program::{ended, run, tagscope};
use crate::readme::readme;

#[test]
fn every_page_is_a_topic_and_the_readme_says_of_each_what_the_program_says() {
    let files: BTreeSet<String> = pages()
        .iter()
        .map(|(path, _)| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let topics: BTreeSet<String> = PAGES.iter().map(|page| page.topic.to_owned()).collect();
    assert_eq!(files, topics);
    let readme = readme();
    for page in PAGES {
        let row = format!("(assets/guide/{}.md) | {} |\n", page.topic, page.about);
        assert!(readme.contains(&row), "{row}");
    }
    let listed = run(&["guide"]);
    listed.is_quiet(0);
    let rows: Vec<String> = PAGES
        .iter()
        .map(|page| format!("{}\t{}", page.topic, page.about))
        .collect();
    assert_eq!(listed.lines(), rows);
}

/// The words of a page as another reader of Markdown finds them.
fn words_of(node: &Node, found: &mut Vec<String>) {
    let text = match node {
        Node::List(list) if list.ordered => {
            for (number, item) in (list.start.unwrap_or(1)..).zip(&list.children) {
                found.push(number.to_string());
                words_of(item, found);
            }
            return;
        }
        Node::Text(text) => &text.value,
        Node::InlineCode(code) => &code.value,
        Node::Code(code) => &code.value,
        _ => {
            for child in node.children().into_iter().flatten() {
                words_of(child, found);
            }
            return;
        }
    };
    found.extend(words(text));
}

/// Runs of letters and digits: marks and breaks of lines are another's matter.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_page_has_all_of_its_words_in_their_order() {
    let constructs = Constructs {
        gfm_table: true,
        ..Constructs::default()
    };
    let options = ParseOptions {
        constructs,
        ..ParseOptions::default()
    };
    for page in PAGES {
        let mut wanted = Vec::new();
        words_of(&to_mdast(page.text, &options).unwrap(), &mut wanted);
        // So wide that no cell is broken.
        let lines = lay_out(page.text, 100_000);
        let shown: Vec<String> = lines.iter().flat_map(|line| words(&line.text)).collect();
        let place = wanted.iter().zip(&shown).position(|(a, b)| a != b);
        let near = place.map(|place| (&wanted[place.saturating_sub(3)..=place], &shown[place]));
        assert_eq!(near, None, "{}", page.topic);
        assert_eq!(wanted.len(), shown.len(), "{}", page.topic);
        // Prose is within its width, at any.
        for columns in [40, 80] {
            let is_prose = |line: &&str| !line.starts_with("  ") && !line.contains("://");
            let lines = lay_out(page.text, columns);
            let lines = lines.iter().map(|line| line.text.as_str()).filter(is_prose);
            for line in lines {
                let width = unicode_width::UnicodeWidthStr::width(line);
                assert!(
                    width <= columns || !line.contains(' '),
                    "{}: {line}",
                    page.topic
                );
            }
        }
    }
}

#[test]
fn a_page_is_asked_for_by_topic_or_by_verb() {
    let page = run(&["guide", "weeks"]);
    page.is_quiet(0);
    assert!(
        page.out.starts_with("Diff and weeks\n\nIn the dashboard\n"),
        "{}",
        page.out
    );
    assert!(!page.out.contains("<!--") && !page.out.contains("```") && !page.out.contains("]("));
    assert_eq!(run(&["guide", "DIFF"]).out, page.out);
    run(&["guide", "week"]).is_refused(&["no page about \"week\"; did you mean weeks?"]);
    run(&["guide", "zzzzzz"]).is_refused(&["tagscope guide lists the topics"]);
    run(&["guide", "weeks", "--json"]).is_refused(&["guide has one form of its own"]);
    let mut command = tagscope();
    command.env("PAGER", "sed 's/^/paged: /'");
    let paged = ended(command.args(["guide", "data", "--paging", "always"]));
    assert!(
        paged.out.starts_with("paged: Where the data comes from\n"),
        "{paged:?}"
    );
}

/// The words of every verb that does something itself.
fn verbs(command: &Command, above: &str) -> Vec<String> {
    let mut all = Vec::new();
    for verb in command.get_subcommands() {
        let name = format!("{above} {}", verb.get_name()).trim().to_owned();
        let below = verbs(verb, &name);
        let has_own = below.is_empty() || !verb.is_subcommand_required_set();
        all.extend(has_own.then_some(name));
        all.extend(below);
    }
    all
}

/// A text without the marks of roff.
fn plain(text: &str) -> String {
    let marks = [("\\*(Aq", "'"), ("\\-", "-"), ("\\&", ""), ("\\\\", "\\")];
    marks
        .into_iter()
        .fold(text.to_owned(), |text, (mark, plain)| {
            text.replace(mark, plain)
        })
}

/// A section of a manual page.
fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let begin = if title.contains(' ') {
        format!("\n.SH \"{title}\"\n")
    } else {
        format!("\n.SH {title}\n")
    };
    assert!(page.contains(&begin), "no {title} in {page}");
    part(page, &begin, "\n.SH ")
}

#[test]
fn the_page_of_every_verb_has_examples_of_the_guide_and_its_sections() {
    let guide: String = PAGES.iter().map(|page| page.text).collect();
    for verb in verbs(&Args::command(), "") {
        let words: Vec<&str> = verb.split(' ').collect();
        let page = run(&[&["man"], words.as_slice()].concat());
        page.is_quiet(0);
        let examples = plain(section(&page.out, "EXAMPLES"));
        let mut count = 0;
        for example in examples.split("\n.nf\n").skip(1) {
            let example = example.split("\n.fi").next().unwrap();
            // A line of the guide; roff guards the first of a line.
            for line in example.lines().filter(|line| !line.is_empty()) {
                let is_there = guide.contains(line);
                assert!(is_there, "{verb}: {line}");
            }
            assert!(
                example.contains(&format!("tagscope {}", words[0])) || example.contains(&verb),
                "{example}"
            );
            count += 1;
        }
        assert!((1..=8).contains(&count), "{verb}: {count} examples");
        for (title, has) in [
            ("EXIT STATUS", "any other failure"),
            ("ENVIRONMENT", "TAGSCOPE_DATA_DIR"),
            ("FILES", "config.toml"),
            ("SEE ALSO", "tagscope guide"),
        ] {
            let text = plain(section(&format!("{}\n.SH END\n", page.out), title));
            assert!(text.contains(has), "{verb} {title}: {text}");
        }
    }
    let all = run(&["man"]);
    assert!(section(&all.out, "EXAMPLES").matches(".nf").count() > 20);
}

#[test]
fn no_line_of_a_recipe_hides_the_exit_code_of_the_program() {
    for path in ["README.md", "assets/ci/weekly.sh"] {
        let text = std::fs::read_to_string(path).unwrap();
        let is_typed = |line: &&str| !line.starts_with(['#', '|']);
        for line in text.lines().filter(is_typed) {
            let (before_last, _) = line.rsplit_once(" | ").unwrap_or_default();
            assert!(!before_last.contains("tagscope "), "{path}: {line}");
        }
    }
}
