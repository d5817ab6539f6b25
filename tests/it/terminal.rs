//! Every way out of the dashboard puts the terminal back.

use std::time::Duration;

use portable_pty::CommandBuilder;
use rustix::process::{Signal, WaitOptions, waitpid};

use crate::pty::Pty;

/// Started, with the first frame on screen.
pub fn dashboard() -> Pty {
    shown(Pty::tagscope(&[]))
}

fn shown(mut pty: Pty) -> Pty {
    pty.wait_for_text("Tags 3,321/3,321");
    assert!(
        pty.is_restored().is_err(),
        "the dashboard has not taken the terminal"
    );
    pty
}

fn ends_restored(mut pty: Pty, code: u32) {
    assert_eq!(pty.exit_code(), code, "{}", pty.screen.screen().contents());
    pty.is_restored().unwrap();
}

#[test]
fn q_and_ctrl_c_end_with_0() {
    for key in ["q", "\x03", "2abc\x03", "/abc\x03"] {
        let mut pty = dashboard();
        pty.send(key);
        ends_restored(pty, 0);
    }
}

#[test]
fn a_copy_is_sent_to_the_terminal_and_the_mouse_is_read_from_it() {
    let mut pty = dashboard();
    pty.send("y");
    pty.wait_for_text("sent to the terminal's clipboard: ActionGroup");
    // "ActionGroup" in base64.
    let copy = b"\x1b]52;c;QWN0aW9uR3JvdXA=";
    assert!(pty.raw.windows(copy.len()).any(|window| window == copy));
    // A press of the left button on the second tab.
    pty.send("\x1b[<0;12;1M\x1b[<0;12;1m");
    pty.wait_for_text("look up:");
    pty.send("\x03");
    ends_restored(pty, 0);
}

#[test]
fn many_keys_at_once_all_arrive() {
    let mut pty = dashboard();
    let typed: String = (0..70).map(|place| char::from(b'a' + place % 26)).collect();
    pty.send(&format!(":{typed}"));
    pty.wait_for_text(&typed);
    pty.send("\x03");
    ends_restored(pty, 0);
}

/// A terminal without bracketed paste hands on lines as keys.
#[test]
fn lines_at_once_in_lookup_are_a_paste() {
    let mut pty = dashboard();
    pty.send("2");
    pty.wait_for_text("look up:");
    pty.send(
        "$ docker pull contoso.azurecr.io/app:v1\rError response from daemon: denied: client with IP \
         '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.\r",
    );
    pty.wait_for_text("the registry refuses this address (registry-denied)");
    pty.send("\x03");
    ends_restored(pty, 0);
}

#[test]
fn the_settings_turn_mouse_and_clipboard_off() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "mouse = false\nclipboard = \"off\"\n").unwrap();
    let mut pty = shown(Pty::tagscope(&["--config", config.to_str().unwrap()]));
    let modes = b"\x1b[?1000h";
    assert!(!pty.raw.windows(modes.len()).any(|window| window == modes));
    pty.send("y");
    pty.wait_for_text("the clipboard is off in the settings");
    pty.send("q");
    ends_restored(pty, 0);
}

/// A dashboard whose watch list another program, this one, keeps locked.
fn dashboard_with_a_held_list() -> (Pty, tempfile::TempDir, std::fs::File) {
    let folder = tempfile::tempdir().unwrap();
    let lock = std::fs::File::create(folder.path().join(".watched.lock")).unwrap();
    lock.lock().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "").unwrap();
    let pty = shown(Pty::tagscope(&["--config", config.to_str().unwrap()]));
    (pty, folder, lock)
}

#[test]
fn a_held_watch_list_stops_neither_the_screen_nor_the_end() {
    for (end, code) in [("q", 0), ("\x03", 0), ("", 128 + 15), ("", 128 + 1)] {
        let (mut pty, folder, _lock) = dashboard_with_a_held_list();
        // The new state is there at once, and keys are still answered.
        pty.send("  ");
        pty.wait_for_text("2 watched");
        pty.send("k ");
        pty.wait_for_text("1 watched");
        match code {
            143 => pty.signal(Signal::TERM),
            129 => pty.signal(Signal::HUP),
            _ => pty.send(end),
        }
        let ended = pty.exit_code_within(Duration::from_secs(1));
        assert_eq!(ended, Some(code), "{}", pty.screen.screen().contents());
        pty.wait_for_text("tagscope: the watch list is not saved");
        pty.is_restored().unwrap();
        assert!(!folder.path().join("watched.txt").exists());
    }
}

#[test]
fn what_a_held_watch_list_did_not_take_is_said_and_saved_later() {
    let (mut pty, folder, lock) = dashboard_with_a_held_list();
    pty.send(" ");
    pty.wait_for_text("the watch list is not saved: ");
    pty.wait_for_text(".watched.lock is held by another program");
    drop(lock);
    pty.send(" ");
    pty.wait_for_text("2 watched");
    // The end waits a moment only, which a busy machine may need for itself.
    let file = folder.path().join("watched.txt");
    pty.wait_until("two saved names", || {
        let list = std::fs::read_to_string(&file).unwrap_or_default();
        list.lines().filter(|line| !line.starts_with('#')).count() == 2
    });
    pty.send("q");
    ends_restored(pty, 0);
}

#[test]
fn a_signal_ends_with_128_and_its_number() {
    for signal in [Signal::TERM, Signal::HUP, Signal::QUIT, Signal::INT] {
        let pty = dashboard();
        pty.signal(signal);
        ends_restored(pty, 128 + u32::try_from(signal.as_raw()).unwrap());
    }
}

#[test]
fn an_error_before_the_start_never_takes_the_terminal() {
    let bad: [(&[&str], &str); 2] = [
        (&["--theme", "nope"], "no theme \"nope\""),
        (&["--file", "/no/such/file.json"], "/no/such/file.json"),
    ];
    for (arguments, sentence) in bad {
        let mut pty = Pty::tagscope(arguments);
        pty.wait_for("sentence", |screen| {
            assert!(!screen.alternate_screen());
            screen.contents().contains(sentence)
        });
        ends_restored(pty, 2);
    }
}

/// Waits until the kernel says that the program has stopped.
fn wait_until_stopped(pty: &Pty) {
    let (_, status) = waitpid(Some(pty.pid()), WaitOptions::UNTRACED)
        .unwrap()
        .unwrap();
    assert!(status.stopped(), "{status:?}");
}

#[test]
fn ten_stops_by_signal_give_the_terminal_back_and_resume() {
    let mut pty = dashboard();
    for _ in 0..10 {
        pty.signal(Signal::TSTP);
        wait_until_stopped(&pty);
        pty.wait_for("shell", |screen| !screen.alternate_screen());
        pty.is_restored().unwrap();
        pty.signal(Signal::CONT);
        pty.wait_for("dashboard", |screen| {
            screen.alternate_screen() && screen.contents().contains("Tags 3,321/3,321")
        });
    }
    pty.send("q");
    ends_restored(pty, 0);
}

/// Whether the shell waits for a line, on the screen that it had.
fn has_prompt(screen: &vt100::Screen) -> bool {
    let is_ready = screen.contents().trim_end().ends_with("ready>");
    is_ready && !screen.alternate_screen() && !screen.hide_cursor()
}

/// As a user does it: Ctrl-Z, and `fg` in the shell.
#[test]
fn a_hundred_suspends_come_back_to_the_same_screen() {
    let mut shell = CommandBuilder::new("sh");
    shell.args(["-i"]);
    shell.env("PS1", "ready> ");
    shell.env("ENV", "");
    let mut pty = Pty::start(shell);
    pty.wait_for_text("ready> ");
    pty.send(&format!("{}\n", env!("CARGO_BIN_EXE_tagscope")));
    let shows = |text: &'static str| {
        move |screen: &vt100::Screen| screen.alternate_screen() && screen.contents().contains(text)
    };
    pty.wait_for("first frame", shows("Tags 3,321/3,321"));
    pty.send("/registry europe");
    pty.wait_for("filter", shows("Tags 4/3,321"));
    for _ in 0..100 {
        pty.send("\x1a");
        pty.wait_for("shell", has_prompt);
        pty.send("fg\n");
        pty.wait_for("dashboard", shows("Tags 4/3,321"));
    }
    pty.send("\x03");
    pty.wait_for("shell", has_prompt);
    pty.send("exit 7\n");
    assert_eq!(pty.exit_code(), 7);
}

#[test]
fn without_a_shell_ctrl_z_says_so_and_goes_on() {
    let mut pty = dashboard();
    pty.send("\x1a");
    pty.wait_for_text("there is no shell to go to");
    pty.send("q");
    ends_restored(pty, 0);
}

#[test]
fn a_stop_from_outside_is_survived_and_redrawn() {
    let mut pty = dashboard();
    pty.signal(Signal::STOP);
    wait_until_stopped(&pty);
    let drawn = pty.bytes;
    pty.signal(Signal::CONT);
    pty.wait_for_more(drawn + 1000);
    pty.wait_for_text("Tags 3,321/3,321");
    pty.send("q");
    ends_restored(pty, 0);
}

/// Not a test of its own: holds a terminal until it is killed.
#[test]
#[ignore = "run by a_closed_terminal_ends_the_program"]
fn holds_a_terminal() {
    let mut pty = dashboard();
    println!("holding {} ", pty.pid());
    loop {
        pty.bytes_within(Duration::from_secs(1));
    }
}

#[test]
fn a_closed_terminal_ends_the_program() {
    let mut holder = Pty::start(again("terminal::holds_a_terminal"));
    holder.wait_for_text("holding ");
    let shown = holder.screen.screen().contents();
    let pid = shown
        .split_once("holding ")
        .unwrap()
        .1
        .split_whitespace()
        .next()
        .unwrap();
    let stat = format!("/proc/{pid}/stat");
    holder.signal(Signal::KILL);
    holder.exit_code();
    let killed = std::time::Instant::now();
    // Nobody may be there to collect the orphan: then it stays as a zombie.
    while std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(
            killed.elapsed() < Duration::from_secs(20),
            "the program goes on"
        );
        std::thread::yield_now();
    }
}

/// The end of a program whose terminal is closed while it works off keys.
#[cfg(target_os = "linux")]
fn assert_ends_when_closed(mut pty: Pty, keys: &str) {
    let before = crate::pty::ticks(pty.pid());
    pty.close_after(keys);
    let ticks = pty.ticks_at_end() - before;
    // Whichever comes first: the signal, or a write that fails.
    let status = pty.child.wait().unwrap();
    assert!([128 + 1, 2].contains(&status.exit_code()), "{status:?}");
    assert!(ticks < 200, "{ticks} ticks on a closed terminal");
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_closed_while_keys_come_ends_the_program() {
    // Each batch of keys moves the selection, so that something is drawn whatever is taken at once.
    let (drawn, silent) = ("j".repeat(2000), format!("j{}", "x".repeat(2000)));
    for _ in 0..5 {
        for keys in ["j", &drawn, &silent] {
            assert_ends_when_closed(dashboard(), keys);
        }
    }
}

/// As under `setsid`: the kernel sends no SIGHUP.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_terminal_that_sends_no_signal_ends_the_program() {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tagscope"));
    command.set_controlling_tty(false);
    assert_ends_when_closed(shown(Pty::start(command)), "j");
}

#[test]
fn a_signal_at_the_first_byte_still_puts_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut pty = Pty::tagscope(&[]);
        pty.wait_for("alternate screen", vt100::Screen::alternate_screen);
        pty.signal(signal);
        ends_restored(pty, 128 + u32::try_from(signal.as_raw()).unwrap());
    }
}

/// This test binary, to run one of its ignored tests.
fn again(test: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        test,
        "--nocapture",
        "--test-threads=1",
    ]);
    command
}

/// Not a test of its own: the child of the next one.
#[test]
#[ignore = "run by a_panic_puts_the_terminal_back_before_its_message"]
fn panics_on_the_dashboards_screen() {
    let (_guard, _screen) = tagscope::tui::enter_terminal(true).unwrap();
    panic!("made for the test");
}

#[test]
fn a_panic_puts_the_terminal_back_before_its_message() {
    let mut pty = Pty::start(again("terminal::panics_on_the_dashboards_screen"));
    let code = pty.exit_code();
    assert_ne!(code, 0);
    pty.is_restored().unwrap();
    let shown = pty.screen.screen().contents();
    assert!(shown.contains("made for the test"), "{shown}");
}
