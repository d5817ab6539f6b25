//! Random events of a real terminal: the dashboard never crashes, and gives the terminal back.

use std::time::Duration;

use crate::monkey::{Dice, side};

/// How long all that was sent may take: weeks are compared on the way.
const WORKED_OFF: Duration = Duration::from_mins(2);

/// What a terminal sends: keys, presses and turns of the mouse, pastes.
fn sent(dice: &mut Dice) -> String {
    const SENT: &[&str] = &[
        "j",
        "k",
        "h",
        "l",
        "g",
        "G",
        "s",
        "S",
        "i",
        "m",
        "y",
        "Y",
        "C",
        "e",
        "+",
        "x",
        "-",
        ":",
        "/",
        "?",
        "1",
        "2",
        "3",
        "[",
        "]",
        " ",
        "\r",
        "\x1b",
        "\t",
        "\x1b[Z",
        "\x7f",
        "\x1b[3~",
        "\x1b[A",
        "\x1b[B",
        "\x1b[C",
        "\x1b[D",
        "\x1b[H",
        "\x1b[F",
        "\x1b[5~",
        "\x1b[6~",
        "\x15",
        "\x04",
        "\x17",
        "\x10",
        "\x1a",
        "\x1b1",
        "\x1b2",
        "0",
        "3",
        ".",
        "a",
        "t",
        "w",
        "é",
        "東",
        "\u{202e}",
        "\x1b[",
        "\x1b[<",
        "\x1b[200~203.0.113.9\x1b[201~",
        "\x1b[200~theme mono\nx\x1b[201~",
    ];
    match dice.below(12) {
        0 => {
            let button = [0, 64, 65, 2, 35][dice.below(5)];
            let (column, row) = (dice.below(130) + 1, dice.below(45) + 1);
            format!("\x1b[<{button};{column};{row}M")
        }
        _ => SENT[dice.below(SENT.len())].to_owned(),
    }
}

#[test]
fn twenty_thousand_events_in_a_terminal_never_crash_it() {
    let mut dice = Dice(20_000);
    let start = || {
        let mut pty = crate::pty::Pty::tagscope(&["--offline"]);
        pty.wait_for_text("Tags 3,321/3,321");
        pty
    };
    let mut pty = start();
    let (mut ends, mut drawn) = (0, 0);
    for batch in 0..100 {
        let keys: String = (0..200).map(|_| sent(&mut dice)).collect();
        if pty.has_ended() {
            // By a command of the palette or the command line.
            assert_eq!(pty.exit_code(), 0, "{}", pty.screen.screen().contents());
            pty.is_restored().unwrap();
            ends += 1;
            drawn += pty.bytes;
            pty = start();
        }
        // What begins like an answer of a terminal (ESC [ ?), a press of the mouse or a paste
        // swallows all keys up to its end.
        pty.send(&(keys + "um\x1b[201~"));
        if batch % 10 == 9 {
            pty.resize(side(&mut dice, 200).max(1), side(&mut dice, 60).max(1));
        }
    }
    assert!(
        ends < 20,
        "too many of the events found nobody: {ends} ends"
    );
    // Whatever has the keys: Ctrl-C ends it, once all that came before has been read.
    if !pty.has_ended() {
        pty.send("\x03");
    }
    let end = pty.exit_code_by(WORKED_OFF);
    assert_eq!(end, 0, "{}", pty.screen.screen().contents());
    pty.is_restored().unwrap();
    drawn += pty.bytes;
    assert!(drawn > 20_000, "the events changed little: {drawn} bytes");
}
