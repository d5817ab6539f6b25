//! Answers in a pager.

use portable_pty::CommandBuilder;

use crate::program::{SMALL, ended, tagscope};
use crate::pty::Pty;

fn on_terminal(arguments: &[&str], pager: &str) -> Pty {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tagscope"));
    let small = std::fs::canonicalize(SMALL).unwrap();
    command.args(["--file", small.to_str().unwrap()]);
    command.args(arguments);
    command.env("PAGER", pager);
    Pty::start(command)
}

#[test]
fn a_terminal_has_a_pager_when_asked() {
    let mut pty = on_terminal(&["tags", "--paging", "auto"], "sed 's/^/paged: /'");
    pty.wait_for_text("paged: Storage.WestEurope");
    // As on the terminal itself: aligned, under heads.
    pty.wait_for_text("paged: tag ");
    assert_eq!(pty.exit_code(), 0);
    let mut pty = on_terminal(&["tags"], "sed 's/^/paged: /'");
    pty.wait_for_text("Storage.WestEurope");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn a_pager_that_ends_early_or_does_not_start_is_no_failure() {
    let mut pty = on_terminal(&["tags", "prefixes", "*", "--paging", "auto"], "true");
    assert_eq!(pty.exit_code(), 0);
    let mut pty = on_terminal(
        &["lookup", "192.0.2.1", "--paging", "auto"],
        "no-such-pager",
    );
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn a_pipe_has_a_pager_only_where_it_always_has() {
    for (paging, wanted) in [
        ("auto", "Storage"),
        ("never", "Storage"),
        ("always", "paged: Storage"),
    ] {
        let mut command = tagscope();
        command.env("PAGER", "sed 's/^/paged: /'");
        command.args(["--file", SMALL, "tags", "Storage", "--paging", paging]);
        let ran = ended(&mut command);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.out.starts_with(&format!("{wanted}\t")),
            "{paging} {ran:?}"
        );
    }
    let mut command = tagscope();
    ended(command.args(["tags", "--paging", "often"])).is_refused(&["auto, always, never"]);
}
