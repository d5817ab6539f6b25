//! The dashboard in a pseudo-terminal: keys in, screen and terminal modes out.

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Nothing that a test waits for may take longer.
const DEADLINE: Duration = Duration::from_secs(20);

/// A program in a pseudo-terminal, its output fed to a terminal emulator.
pub struct Pty {
    /// `None` once it is closed, like the two after it.
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    /// Makes the reader end at the next output.
    is_closing: Arc<AtomicBool>,
    pub child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    pub screen: vt100::Parser,
    pub bytes: usize,
    /// All that was written.
    pub raw: Vec<u8>,
    before: [String; 3],
    home: tempfile::TempDir,
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
        for name in [
            "HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_CACHE_HOME",
            "XDG_STATE_HOME",
        ] {
            command.env(name, home.path());
        }
        for name in [
            "TAGSCOPE_CONFIG",
            "TAGSCOPE_DATA_DIR",
            "TAGSCOPE_OFFLINE",
            "TAGSCOPE_CLOUD",
            "TAGSCOPE_WEEK",
            "NO_COLOR",
            "TMUX",
        ] {
            command.env_remove(name);
        }
        command.cwd(home.path());
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
        let (sender, output) = channel();
        let is_closing = Arc::new(AtomicBool::new(false));
        let reader = pair.master.try_clone_reader().unwrap();
        let reader = read_on(reader, Arc::clone(&is_closing), sender);
        Self {
            writer: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            reader: Some(reader),
            is_closing,
            child,
            output,
            screen: vt100::Parser::new(40, 120, 0),
            bytes: 0,
            raw: Vec::new(),
            before,
            home,
        }
    }

    /// The folder that the program runs in.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.resize_window(cols, rows);
        self.screen.screen_mut().set_size(rows.max(1), cols.max(1));
    }

    /// The same, but what is drawn is only read, not shown: an emulator holds every cell.
    pub fn resize_window(&mut self, cols: u16, rows: u16) {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Whether the program has ended; what it has written so far is taken.
    pub fn has_ended(&mut self) -> bool {
        while let Ok(bytes) = self.output.try_recv() {
            self.take(&bytes);
        }
        self.child.try_wait().unwrap().is_some()
    }

    /// Types keys that change the screen and closes the terminal while they are worked off.
    pub fn close_after(&mut self, keys: &str) {
        self.is_closing.store(true, Ordering::SeqCst);
        self.send(keys);
        self.reader.take().unwrap().join().unwrap();
        self.writer = None;
        self.master = None;
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
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

    /// Reads on until something holds outside of the screen.
    pub fn wait_until(&mut self, what: &str, holds: impl Fn() -> bool) {
        let start = Instant::now();
        while !holds() {
            assert!(
                start.elapsed() < DEADLINE,
                "not in time: {what}; on screen\n{}",
                self.screen.screen().contents()
            );
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.take(&bytes);
            }
        }
    }

    /// Reads on until more has been written than so many bytes.
    pub fn wait_for_more(&mut self, bytes: usize) {
        let start = Instant::now();
        while self.bytes <= bytes {
            let left = DEADLINE.saturating_sub(start.elapsed());
            let more = self.output.recv_timeout(left).expect("nothing is written");
            self.take(&more);
        }
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

    /// Waits for the end; gives the ticks that the program has used, and leaves it a zombie.
    #[cfg(target_os = "linux")]
    pub fn ticks_at_end(&self) -> u64 {
        use rustix::process::{WaitId, WaitIdOptions, waitid};
        let pid = self.pid();
        let (sender, ended) = channel();
        std::thread::spawn(move || {
            let ends = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            waitid(WaitId::Pid(pid), ends).unwrap();
            let _ = sender.send(());
        });
        ended.recv_timeout(DEADLINE).expect("the program goes on");
        ticks(pid)
    }

    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    /// Waits for the end and gives the exit code.
    pub fn exit_code(&mut self) -> u32 {
        self.exit_code_by(DEADLINE)
    }

    /// The same where much is to be worked off before.
    pub fn exit_code_by(&mut self, limit: Duration) -> u32 {
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
            assert!(start.elapsed() < limit, "the program goes on");
        }
    }

    /// The exit code, where the program ends within this time.
    pub fn exit_code_within(&mut self, time: Duration) -> Option<u32> {
        let start = Instant::now();
        while start.elapsed() < time {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status.exit_code());
            }
            if let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(20)) {
                self.take(&bytes);
            }
        }
        None
    }

    /// Whether the terminal is in the modes in which the program found it.
    pub fn is_restored(&self) -> Result<(), String> {
        let screen = self.screen.screen();
        let now = modes(self.master.as_deref().unwrap());
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

/// Hands on what the program writes.
fn read_on(
    mut reader: Box<dyn Read + Send>,
    is_closing: Arc<AtomicBool>,
    sender: Sender<Vec<u8>>,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let is_unheard = sender.send(buffer[..count].to_vec()).is_err();
            if is_unheard || is_closing.load(Ordering::SeqCst) {
                return;
            }
        }
    })
}

/// Processor time of a process so far, in ticks of a hundredth of a second; it may be a zombie.
#[cfg(target_os = "linux")]
pub fn ticks(pid: Pid) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
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
