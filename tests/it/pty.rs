//! The dashboard in a pseudo-terminal: keys in, screen and terminal modes out.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Nothing that a test waits for may take longer.
const DEADLINE: Duration = Duration::from_secs(20);

/// A program in a pseudo-terminal, its output fed to a terminal emulator.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    pub child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    pub screen: vt100::Parser,
    pub bytes: usize,
    before: [String; 3],
    _home: tempfile::TempDir,
}

impl Pty {
    /// Starts tagscope with arguments at 120x40.
    pub fn tagscope(arguments: &[&str]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_tagscope"));
        command.args(arguments);
        Self::start(command)
    }

    /// Starts any program at 120x40.
    pub fn start(mut command: CommandBuilder) -> Self {
        let home = tempfile::tempdir().unwrap();
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
            command.env(name, home.path());
        }
        for name in [
            "TAGSCOPE_CONFIG",
            "TAGSCOPE_DATA_DIR",
            "TAGSCOPE_OFFLINE",
            "NO_COLOR",
        ] {
            command.env_remove(name);
        }
        command.env("TERM", "xterm-256color");
        let size = PtySize {
            rows: 40,
            cols: 120,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let before = modes(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            writer: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            output,
            screen: vt100::Parser::new(40, 120, 0),
            bytes: 0,
            before,
            _home: home,
        }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap())
    }

    /// Reads on until the screen fits.
    pub fn wait_for(&mut self, what: &str, fits: impl Fn(&vt100::Screen) -> bool) {
        let start = Instant::now();
        while !fits(self.screen.screen()) {
            let left = DEADLINE.saturating_sub(start.elapsed());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => {
                    panic!("{error}: no {what} on\n{}", self.screen.screen().contents());
                }
            }
        }
    }

    /// Reads on until the screen shows a text.
    pub fn wait_for_text(&mut self, text: &str) {
        self.wait_for(text, |screen| screen.contents().contains(text));
    }

    /// Bytes written within a time, from now on.
    pub fn bytes_within(&mut self, time: Duration) -> usize {
        let (start, before) = (Instant::now(), self.bytes);
        loop {
            match self
                .output
                .recv_timeout(time.saturating_sub(start.elapsed()))
            {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout) => return self.bytes - before,
                Err(RecvTimeoutError::Disconnected) => panic!("the program has ended"),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.screen.process(bytes);
    }

    /// Waits for the end and gives the exit code.
    pub fn exit_code(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(200)) {
                    self.take(&bytes);
                }
                return status.exit_code();
            }
            // The wait for output is the pause between two looks.
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.take(&bytes);
            }
            assert!(start.elapsed() < DEADLINE, "the program goes on");
        }
    }

    /// Whether the terminal is in the modes in which the program found it.
    pub fn is_restored(&self) -> Result<(), String> {
        let screen = self.screen.screen();
        let now = modes(self.master.as_ref());
        for (fault, is_wrong) in [
            ("alternate screen", screen.alternate_screen()),
            ("hidden cursor", screen.hide_cursor()),
            ("bracketed paste", screen.bracketed_paste()),
            (
                "mouse mode",
                screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
            ),
            ("raw mode", now != self.before),
        ] {
            if is_wrong {
                return Err(format!("{fault} left behind"));
            }
        }
        Ok(())
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Local, input and output modes, as text: the type belongs to another version of a library.
fn modes(master: &dyn MasterPty) -> [String; 3] {
    let modes = master.get_termios().unwrap();
    [
        format!("{:?}", modes.local_flags),
        format!("{:?}", modes.input_flags),
        format!("{:?}", modes.output_flags),
    ]
}
