//! Manual pages.

use std::collections::BTreeSet;

use clap::{Command, CommandFactory};
use tagscope::cli::Args;

use crate::program::run;

/// The program and every verb, as a page is named.
fn names(command: &Command, above: &str) -> Vec<String> {
    let name = [above, command.get_name()].join("-");
    let name = name.trim_start_matches('-').to_owned();
    let below = command.get_subcommands();
    let below: Vec<String> = below.flat_map(|verb| names(verb, &name)).collect();
    [vec![name], below].concat()
}

#[test]
fn every_verb_has_a_page_and_nothing_else_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new").display().to_string();
    run(&["man", "--output", &path]).is_quiet(0);
    let pages: BTreeSet<String> = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let verbs = names(&Args::command(), "");
    let wanted: BTreeSet<String> = verbs.iter().map(|name| format!("{name}.1")).collect();
    assert_eq!(pages, wanted);
    assert!(verbs.contains(&"tagscope-rules-make".to_owned()));
    // Printed and written are one.
    let page = run(&["man", "rules", "make"]);
    page.is_quiet(0);
    let written = std::fs::read_to_string(format!("{path}/tagscope-rules-make.1")).unwrap();
    assert_eq!(page.out, written);
    assert!(page.out.contains("\\-\\-next\\-hop"), "{}", page.out);
    assert!(run(&["man"]).out.contains("tagscope\\-rules(1)"));
}

#[test]
fn a_page_of_no_verb_is_refused_with_those_that_are_there() {
    run(&["man", "rules", "mak"]).is_refused(&["tagscope rules has no verb mak; it has", "make"]);
    run(&["man", "diff", "x"]).is_refused(&["tagscope diff has no verb x below it"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display().to_string();
    run(&["man", "--output", &path]).is_refused(&[&path]);
}
