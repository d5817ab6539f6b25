//! The screens of the guide are those of the program. Before each stands `<!-- screen KEYS until TEXT -->`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::guide::pages;
use crate::jobs::keys;
use crate::pty::Pty;

/// Columns and rows of a screen in the guide.
const SIZE: (u16, u16) = (118, 24);

/// The program after some keys, once a text is there.
fn after(typed: &str, until: &str) -> Pty {
    let mut pty = Pty::tagscope(&["--offline"]);
    pty.wait_for_text("Tags 3,321/3,321");
    pty.resize(SIZE.0, SIZE.1);
    pty.wait_for("the new size", |screen| {
        screen.contents().contains("? help")
    });
    pty.send(&keys(typed).concat());
    pty.wait_for_text(until);
    pty
}

fn text(screen: &vt100::Screen) -> String {
    let text = screen.contents();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// A screen without what changes from day to day: the age of the data, and how far to the right it stands.
fn undated(screen: &str) -> String {
    let (head, rest) = screen.split_once('\n').unwrap_or((screen, ""));
    let words = head.split_whitespace();
    let words: Vec<&str> = words
        .filter(|word| !word.chars().all(|c| c.is_ascii_digit()))
        .collect();
    format!("{}\n{rest}", words.join(" "))
}

#[test]
fn the_screens_of_the_guide_are_what_the_program_shows() {
    let is_written = std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|how| how == "write");
    let mut count = 0;
    for (path, page) in pages() {
        let mut parts = page.split("<!-- screen ");
        let mut own = parts.next().unwrap().to_owned();
        for part in parts {
            let (marker, rest) = part.split_once(" -->\n\n```\n").unwrap();
            let (screen, rest_of_page) = rest.split_once("```\n").unwrap();
            let (typed, until) = marker.split_once(" until ").unwrap();
            let mut pty = after(typed, until);
            let mut now = screen.to_owned();
            if is_written {
                // To the end of what is being drawn.
                while pty.bytes_within(Duration::from_millis(500)) > 0 {}
                now = text(pty.screen.screen());
            } else {
                let wanted = undated(screen);
                let said = format!("the screen of {path:?} after {typed}:\n{screen}");
                pty.wait_for(&said, |shown| undated(&text(shown)) == wanted);
            }
            own.extend([
                "<!-- screen ",
                marker,
                " -->\n\n```\n",
                &now,
                "```\n",
                rest_of_page,
            ]);
            count += 1;
        }
        if is_written {
            fs::write(Path::new(&path), own).unwrap();
        } else {
            // No screen stands there without its marker.
            assert_eq!(
                page.matches("\n 1 Tags  2 Lookup").count(),
                page.matches("<!-- screen ").count(),
                "{path:?}"
            );
        }
    }
    assert!(count >= 6, "{count} screens");
}
