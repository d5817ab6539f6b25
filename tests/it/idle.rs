//! A dashboard with nothing to do does nothing, and a small change is a small write.

use std::time::Duration;

use crate::pty::Pty;
use crate::terminal::dashboard;

/// Started and drawn to the last byte: the frame may come in several pieces.
fn at_rest() -> Pty {
    let mut pty = dashboard();
    settle(&mut pty);
    pty
}

fn settle(pty: &mut Pty) {
    while pty.bytes_within(Duration::from_millis(300)) > 0 {}
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_dashboard_uses_no_cpu_and_writes_nothing() {
    let mut pty = at_rest();
    let before = crate::pty::ticks(pty.pid());
    let written = pty.bytes_within(Duration::from_secs(2));
    let ticks = crate::pty::ticks(pty.pid()) - before;
    assert_eq!(written, 0, "bytes while idle");
    assert_eq!(ticks, 0, "ticks of the processor while idle");
}

#[test]
fn a_cursor_move_writes_less_than_1_kb() {
    let mut pty = at_rest();
    for step in 0..7 {
        let before = pty.bytes;
        pty.send("\x1b[B");
        pty.wait_for_more(before);
        settle(&mut pty);
        let written = pty.bytes - before;
        // The first step empties a pane that was full.
        let limit = if step == 0 { 2048 } else { 1024 };
        assert!(written < limit, "{written} bytes for step {step}");
    }
}

#[test]
fn scrolling_in_any_view_writes_less_than_1_kb_in_the_median() {
    for (view, keys, shows) in [
        ("prefixes of a tag", "\r", "Enter look up"),
        ("changed tags", "5w", "all rows"),
        ("a wide block", "220.38.0.0/16\t", "coverage"),
        ("a plan's detail", "3contoso\r\t\r", "Enter follow"),
        ("the reference", "K", "Reference"),
    ] {
        let mut pty = at_rest();
        pty.send(keys);
        pty.wait_for_text(shows);
        settle(&mut pty);
        let mut written = Vec::new();
        for _ in 0..11 {
            let before = pty.bytes;
            pty.send("\x1b[B");
            // The last row is the end of a short list.
            if pty.bytes_within(Duration::from_millis(400)) == 0 {
                break;
            }
            while pty.bytes_within(Duration::from_millis(60)) > 0 {}
            written.push(pty.bytes - before);
        }
        written.sort_unstable();
        assert!(written.len() > 2, "{view}: {written:?}");
        assert!(written[written.len() / 2] < 1024, "{view}: {written:?}");
        pty.send("\x03");
    }
}
