//! Ctrl-C while a log is gone through: what was written ends with a line.

use std::io::{Read, Write};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::program::process;

const LINE: &str =
    "20.38.116.38 - - [19/Oct/2026:05:04:03 +0000] \"GET /index.html HTTP/1.1\" 200 5120\n";

/// Feeds lines, interrupts once something is written, and feeds on, or waits in the middle of a line; the
/// output and the exit code.
fn interrupted(args: &[&str], goes_on: bool) -> (String, Option<i32>) {
    let mut child = process(&[&["--offline"], args].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (sender, receiver) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        // Nobody may read all of it.
        let mut text = LINE.repeat(60_000);
        if !goes_on {
            text.push_str("20.38.116.38 - - [19/Oct");
        }
        let _ = input.write_all(text.as_bytes());
        receiver.recv().unwrap();
        while goes_on && input.write_all(LINE.as_bytes()).is_ok() {}
        input
    });
    let mut first = [0];
    output.read_exact(&mut first).unwrap();
    let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    sender.send(()).unwrap();
    let mut text = String::from_utf8(first.to_vec()).unwrap();
    output.read_to_string(&mut text).unwrap();
    let code = child.wait().unwrap().code();
    drop(writer.join());
    (text, code)
}

#[test]
fn what_was_written_ends_with_a_line() {
    let annotated = LINE.replace("38 - -", "38<Storage.JapanEast> - -");
    for (args, line) in [
        (&["annotate"][..], annotated.as_str()),
        (&["annotate", "--line-buffered"], annotated.as_str()),
        (&["grep", "Storage.JapanEast"], LINE),
    ] {
        for goes_on in [true, false] {
            let (text, code) = interrupted(args, goes_on);
            assert_eq!(code, Some(130), "{args:?}");
            let whole = text.lines().count();
            assert!(whole > 0, "{args:?}");
            let tail = text.get(text.len().saturating_sub(200)..);
            assert!(text == line.repeat(whole), "{args:?} {goes_on}: {tail:?}");
        }
    }
}
