//! The commands of the guide, verb by verb: what a manual page shows as examples.

use crate::query::guide::{Block, PAGES, blocks};

/// A command that the guide shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideExample {
    /// The command, over as many lines as the guide has it.
    pub command: String,
    /// What it is for, where that is said beside it.
    pub what: Option<&'static str>,
}

/// The program's name in a command.
const PROGRAM: &str = "tagscope ";

/// The commands that run a verb, named by its words (`rules impact`), each once. `verbs` are the words of
/// every verb.
#[must_use]
pub fn examples(verb: &str, verbs: &[String]) -> Vec<GuideExample> {
    let mut found: Vec<GuideExample> = Vec::new();
    let all = PAGES.iter().flat_map(|page| commands(page.text));
    for example in all {
        let is_new = found.iter().all(|other| other.command != example.command);
        if is_new && runs(&example.command, verbs).any(|run| run == verb) {
            found.push(example);
        }
    }
    found
}

/// The commands of a page: the lines behind `$`, and those of a block that shows no output.
fn commands(page: &'static str) -> Vec<GuideExample> {
    let mut found = Vec::new();
    for block in blocks(page) {
        let Block::Code(code) = block else {
            continue;
        };
        let is_session = code.iter().any(|line| line.starts_with("$ "));
        let mut before: Option<&'static str> = None;
        let mut lines = code.into_iter();
        while let Some(line) = lines.next() {
            if let Some(comment) = line.strip_prefix("# ") {
                before = Some(comment);
                continue;
            }
            let typed = match line.strip_prefix("$ ") {
                Some(typed) => typed,
                None if is_session => continue,
                None => line,
            };
            let (typed, beside) = match typed.split_once("  # ") {
                Some((typed, beside)) => (typed.trim_end(), Some(beside.trim())),
                None => (typed, None),
            };
            let mut command = typed.to_owned();
            while command.ends_with('\\') {
                let Some(more) = lines.next() else { break };
                command.push('\n');
                command.push_str(more);
            }
            let what = beside.or(before.take());
            if command.contains(PROGRAM) {
                found.push(GuideExample { command, what });
            }
        }
    }
    found
}

/// The verbs that a command runs, by all of their words.
fn runs<'a>(command: &'a str, verbs: &'a [String]) -> impl Iterator<Item = String> + 'a {
    let is = |name: &str| verbs.iter().any(|verb| verb == name);
    command.split(PROGRAM).skip(1).filter_map(move |behind| {
        let mut words = behind.split([' ', '\n']);
        let first = words.find(|word| is(word))?;
        let both = words.next().map(|second| format!("{first} {second}"));
        both.filter(|both| is(both)).or(Some(first.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_a_page_are_its_lines_with_what_they_are_for() {
        let page = "```sh\n# Whose is it?\ntagscope lookup 1.1.1.1\n\na | tagscope explain   # why\n```\n\
                    ```\n$ tagscope tags show \\\n  Sql\ntagscope is output\n```\n";
        let example = |command: &str, what| GuideExample {
            command: command.to_owned(),
            what,
        };
        assert_eq!(
            commands(page),
            [
                example("tagscope lookup 1.1.1.1", Some("Whose is it?")),
                example("a | tagscope explain", Some("why")),
                example("tagscope tags show \\\n  Sql", None),
            ]
        );
    }

    #[test]
    fn a_command_runs_the_verbs_that_it_names() {
        let verbs = ["tags", "tags show", "lookup"].map(str::to_owned);
        let runs = |command| runs(command, &verbs).collect::<Vec<_>>();
        assert_eq!(runs("tagscope --week 2026-07-06 lookup tags"), ["lookup"]);
        assert_eq!(
            runs("tagscope tags show Sql | tagscope tags a"),
            ["tags show", "tags"]
        );
        assert!(runs("tagscope nothing").is_empty());
    }
}
