//! The theme `auto`: what terminals say of their background, and what is drawn then.

use std::time::{Duration, Instant};

use ratatui::style::Color;
use tagscope::tui::{App, Background, Colours, Startup, Theme};

use crate::dashboard::{Script, dataset, script, startup};
use crate::pty::Pty;

/// What the program asks.
const QUESTION: &[u8] = b"\x1b]11;?\x07\x1b[c";
/// The answer to its second half.
const ATTRIBUTES: &str = "\x1b[?62;22c";
/// The first frame. The program waits for a fifth of a second; a busy machine draws late.
const SOON: Duration = Duration::from_secs(4);

/// A terminal that was just asked.
fn asked(arguments: &[&str]) -> Pty {
    let mut pty = Pty::tagscope(arguments);
    while !pty.raw.windows(QUESTION.len()).any(|own| own == QUESTION) {
        pty.wait_for_more(pty.bytes);
    }
    let shown = pty.screen.screen().contents();
    assert!(
        !shown.contains("Tags 3,321"),
        "it draws before it has asked"
    );
    pty
}

/// The colour of the open tab.
fn tab_color(pty: &Pty) -> vt100::Color {
    pty.screen.screen().cell(0, 1).unwrap().fgcolor()
}

/// That of a theme.
fn accent(theme: &str) -> vt100::Color {
    match Theme::named(theme).unwrap().accent.fg.unwrap() {
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        Color::Cyan => vt100::Color::Idx(6),
        other => panic!("{other}"),
    }
}

fn quits(mut pty: Pty) {
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    pty.is_restored().unwrap();
}

#[test]
fn the_theme_is_what_the_terminal_says() {
    for (answer, theme) in [
        ("\x1b]11;rgb:fdfd/f6f6/e3e3\x07", "light"),
        ("\x1b]11;rgb:ff/ff/ff\x1b\\", "light"),
        ("\x1b]11;rgb:0000/2b2b/3636\x1b\\", "dark"),
        ("\x1b]11;rgba:0/0/0/8\x07", "dark"),
        // Not known, not understood.
        ("", "default"),
        ("\x1b]11;rgb:no/colour/here\x07", "default"),
        ("\x1b]11;?\x07", "default"),
    ] {
        let mut pty = asked(&["--theme", "auto"]);
        let begun = Instant::now();
        pty.send(&format!("{answer}{ATTRIBUTES}"));
        pty.wait_for_text("Tags 3,321/3,321");
        assert!(begun.elapsed() < SOON, "{answer:?}");
        assert_eq!(tab_color(&pty), accent(theme), "{answer:?}");
        quits(pty);
    }
}

#[test]
fn a_terminal_that_says_nothing_is_not_waited_for() {
    let mut pty = asked(&["--theme", "auto"]);
    let begun = Instant::now();
    pty.wait_for_text("Tags 3,321/3,321");
    assert!(begun.elapsed() < SOON);
    assert_eq!(tab_color(&pty), accent("default"));
    quits(pty);
}

#[test]
fn only_auto_asks() {
    for arguments in [&[][..], &["--theme", "dark"]] {
        let mut pty = Pty::tagscope(arguments);
        pty.wait_for_text("Tags 3,321/3,321");
        assert!(!pty.raw.windows(4).any(|own| own == b"\x1b]11"));
        quits(pty);
    }
}

#[test]
fn the_setting_asks_as_the_flag_does() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "theme = \"auto\"\n").unwrap();
    let mut pty = asked(&["--config", config.to_str().unwrap()]);
    pty.send(&format!("\x1b]11;rgb:0/0/0\x07{ATTRIBUTES}"));
    pty.wait_for_text("Tags 3,321/3,321");
    assert_eq!(tab_color(&pty), accent("dark"));
    // Another one, and back to what the terminal has said.
    pty.send(":theme light\r");
    let light = accent("light");
    pty.wait_for("light", |screen| {
        screen.cell(0, 1).unwrap().fgcolor() == light
    });
    pty.send(":theme auto\r");
    let dark = accent("dark");
    pty.wait_for("dark", |screen| {
        screen.cell(0, 1).unwrap().fgcolor() == dark
    });
    quits(pty);
}

#[test]
fn keys_typed_meanwhile_arrive_and_a_late_answer_does_not() {
    let mut pty = asked(&["--theme", "auto"]);
    pty.send("/registry");
    pty.send(&format!("\x1b]11;rgb:0/0/0\x07 eur{ATTRIBUTES}ope"));
    pty.wait_for_text("Tags 4/3,321");
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);

    let mut pty = asked(&["--theme", "auto"]);
    pty.wait_for_text("Tags 3,321/3,321");
    // As keys, 1 and 2 would be views, and : the command line.
    pty.send(&format!(
        "\x1b]11;rgb:2222/1111/ffff\x07{ATTRIBUTES}/registry europe"
    ));
    pty.wait_for_text("Tags 4/3,321");
    assert_eq!(tab_color(&pty), accent("default"));
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn ctrl_c_ends_while_the_terminal_is_asked() {
    let mut pty = asked(&["--theme", "auto"]);
    pty.send("\x03");
    assert_eq!(pty.exit_code(), 0);
    pty.is_restored().unwrap();
}

#[test]
fn auto_while_it_runs_is_what_the_terminal_said_at_the_start() {
    const SIZE: (u16, u16) = (80, 24);
    /// The open tab: its colour is the theme's.
    fn tab(script: &Script) -> Color {
        script.buffer()[(1, 0)].fg
    }
    let not_asked = script(SIZE, "mono").keys(":theme<Space>auto<Enter>");
    let not_asked = not_asked.assert_shows("auto asks the terminal when tagscope starts");
    assert_eq!(tab(&not_asked), Color::Reset);
    for (background, theme) in [
        (Some(Background::Light), "light"),
        (Some(Background::Dark), "dark"),
        (None, "default"),
    ] {
        let default = Theme::named("default").unwrap();
        let mut asked = script(SIZE, "default");
        asked.app = App::new(Startup {
            colours: Colours::asked(background, default),
            ..startup(dataset(), SIZE, "default")
        });
        let wanted = tab(&script(SIZE, theme));
        assert_eq!(tab(&asked), wanted, "{theme}");
        let asked = asked.keys(":theme<Space>mono<Enter>");
        assert_eq!(tab(&asked), Color::Reset);
        assert_eq!(
            tab(&asked.keys(":theme<Space>auto<Enter>")),
            wanted,
            "{theme}"
        );
    }
}
