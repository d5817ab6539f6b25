//! The dashboard: its first frame, keys, bytes, rest and memory.

use std::io::{Sink, sink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::civil::Date;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{TerminalOptions, Viewport};
use tagscope::azure::Facts;
use tagscope::index::embedded_index;
use tagscope::query::{Cell, Dataset, Provenance, Source};
use tagscope::source::Request;
use tagscope::text::Safe;
use tagscope::tui::{App, Chord, Clipboard, Colours, Message, Startup, StateStart, Theme};

use crate::measure::{Row, medians, milliseconds, percentile};
use crate::programs::own;
use crate::script::{self, Step, chord, sent};
use crate::terminal::Terminal;

/// Columns and rows, unless a row of the table says otherwise.
const SIZE: (u16, u16) = (120, 40);
const FIRST_FRAME: &str = "first frame of the dashboard";
const ONE_FRAME: (&str, f64) = ("one frame of ratatui", 4.0);
const ROUNDS: usize = 61;
/// The longest that 99 of 100 frames may take.
const FRAME_LIMIT: Duration = Duration::from_millis(4);
/// Moves down whose bytes are counted.
const MOVES: usize = 60;
/// The most bytes that a move may write.
const MOVE_LIMIT: usize = 1024;

/// The rows of the table that concern the dashboard.
pub fn measure(tagscope: &Result<PathBuf, String>) -> Vec<Row> {
    let (peer, goal) = ONE_FRAME;
    let tagscope = match tagscope {
        Ok(tagscope) => tagscope,
        Err(why) => return vec![Row::absent(FIRST_FRAME, peer, goal, why)],
    };
    let mut table = vec![first_frame(tagscope)];
    table.extend(keys_in_a_terminal(tagscope));
    table.extend(keys_in_process());
    for size in [(80, 24), SIZE, (200, 60)] {
        table.extend(bytes_of_moves(tagscope, size));
    }
    #[cfg(target_os = "linux")]
    {
        table.extend(rest(tagscope));
        table.extend(memory(tagscope));
    }
    table
}

/// From spawn to the last byte of the first burst.
fn first_frame(tagscope: &Path) -> Row {
    let theirs = own("oneframe");
    let start = |program: &Path| {
        let (terminal, burst) = Terminal::start(program, SIZE);
        terminal.quit();
        burst.took
    };
    let times = medians(ROUNDS, [&mut || start(tagscope), &mut || start(&theirs)]);
    let seconds = times.map(|time| time.as_secs_f64());
    let (peer, goal) = ONE_FRAME;
    Row::compared(FIRST_FRAME, peer, goal, seconds, milliseconds)
}

/// From the key's write to the last byte of its burst.
fn keys_in_a_terminal(tagscope: &Path) -> Vec<Row> {
    let (mut terminal, _) = Terminal::start(tagscope, SIZE);
    let rows = keys("in a terminal", |chords| terminal.press(&sent(chords)).took);
    terminal.quit();
    rows
}

/// From the message to the frame's bytes, which go nowhere.
fn keys_in_process() -> Vec<Row> {
    let mut app = app();
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    let viewport = TerminalOptions {
        viewport: Viewport::Fixed(area),
    };
    let backend = CrosstermBackend::new(sink());
    let mut screen: ratatui::Terminal<CrosstermBackend<Sink>> =
        ratatui::Terminal::with_options(backend, viewport).unwrap();
    screen.draw(|frame| app.draw(frame)).unwrap();
    keys("in process", |chords| {
        let start = Instant::now();
        for &chord in chords {
            app.update(Message::Key(chord));
            screen.draw(|frame| app.draw(frame)).unwrap();
        }
        start.elapsed()
    })
}

fn keys(place: &str, mut press: impl FnMut(&[Chord]) -> Duration) -> Vec<Row> {
    let mut time = |script: Vec<Step>| {
        let mut times = Vec::new();
        for step in script {
            let took = press(&step.chords);
            if step.is_timed && !took.is_zero() {
                times.push(took);
            }
        }
        times
    };
    script::all()
        .map(|(kind, script)| {
            let times = time(script);
            let count = times.len();
            let [p50, p99] = [50, 99].map(|percent| percentile(times.clone(), percent));
            let shown = [p50, p99].map(|time| milliseconds(time.as_secs_f64()));
            Row::limited(
                &format!("key to frame {place}: {kind}"),
                format!("p50 {}, p99 {} of {count}", shown[0], shown[1]),
                "p99 <= 4 ms",
                p99 <= FRAME_LIMIT,
            )
        })
        .into()
}

/// The dashboard on the embedded week.
fn app() -> App {
    let provenance = Provenance {
        source: Source::Embedded,
        origin: Safe::new("embedded"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    App::new(Startup {
        dataset: Dataset::new(embedded_index().unwrap(), provenance),
        request: Request::default(),
        facts: Facts::embedded(),
        colours: Colours::of(Theme::named("default").unwrap()),
        state: StateStart::Off,
        clipboard: Clipboard::Off,
        today: Date::constant(2026, 7, 8),
        is_offline: true,
        has_shell: false,
        watched: std::collections::BTreeSet::new(),
        updates_at_start: false,
        greeting: String::new(),
        size: SIZE,
    })
}

/// What moves down the table of tags write: those inside the window, those that scroll it.
fn bytes_of_moves(tagscope: &Path, (columns, rows): (u16, u16)) -> Vec<Row> {
    let (mut terminal, _) = Terminal::start(tagscope, (columns, rows));
    let all = Cell::Number(embedded_index().unwrap().view().tag_count());
    let of_all = format!(" of {} ", all.shown());
    // The numbers of the rows on screen, as the table's border says them.
    let shown = |terminal: &Terminal| {
        let text = terminal.screen.screen().contents();
        let (before, _) = text.split_once(&of_all).expect("the table says its rows");
        before.rsplit(' ').next().unwrap_or_default().to_owned()
    };
    let [mut inside, mut scrolling] = [Vec::new(), Vec::new()];
    let mut before = shown(&terminal);
    for _ in 0..MOVES {
        let burst = terminal.press(&sent(&[chord("↓")]));
        let after = shown(&terminal);
        if after == before {
            inside.push(burst.bytes);
        } else {
            scrolling.push(burst.bytes);
        }
        before = after;
    }
    terminal.quit();
    [("inside the window", inside), ("that scrolls", scrolling)]
        .map(|(kind, bytes)| {
            let (count, most) = (bytes.len(), percentile(bytes.clone(), 100));
            let median = percentile(bytes, 50);
            Row::limited(
                &format!("bytes of a cursor move {kind}, {columns}x{rows}"),
                format!("median {median} B, max {most} B of {count}"),
                "max < 1024 B",
                most < MOVE_LIMIT,
            )
        })
        .into()
}

/// Ten seconds in which nothing happens.
#[cfg(target_os = "linux")]
fn rest(tagscope: &Path) -> [Row; 2] {
    const TIME: Duration = Duration::from_secs(10);
    let (mut terminal, _) = Terminal::start(tagscope, SIZE);
    terminal.written_within(Duration::from_secs(1));
    let before = ticks(terminal.process());
    let written = terminal.written_within(TIME);
    let used = ticks(terminal.process()) - before;
    terminal.quit();
    [
        Row::limited("idle for 10 s: CPU ticks", used.to_string(), "0", used == 0),
        Row::limited(
            "idle for 10 s: bytes",
            written.to_string(),
            "0",
            written == 0,
        ),
    ]
}

/// Processor time of a process so far, in ticks of a hundredth of a second.
#[cfg(target_os = "linux")]
fn ticks(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = fields.split_whitespace().collect();
    [11, 12]
        .map(|place| fields[place].parse::<u64>().unwrap())
        .iter()
        .sum()
}

/// Resident memory after the start, and after moves through every pane and view.
#[cfg(target_os = "linux")]
fn memory(tagscope: &Path) -> [Row; 2] {
    let (mut terminal, _) = Terminal::start(tagscope, SIZE);
    let at_start = resident("RSS after start", terminal.process());
    for chord in script::moves(200) {
        terminal.press(&sent(&[chord]));
    }
    let after_moves = resident("RSS after 200 moves", terminal.process());
    terminal.quit();
    [at_start, after_moves]
}

/// All that is resident, and the part that no file backs.
#[cfg(target_os = "linux")]
fn resident(what: &str, process: u32) -> Row {
    /// In KiB.
    const LIMIT: u32 = 16 * 1024;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let value = |name: &str| -> u32 {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB"));
        number.unwrap().parse().unwrap()
    };
    let [all, own] = ["VmRSS:", "RssAnon:"].map(value);
    let mebibytes = |kibibytes: u32| f64::from(kibibytes) / 1024.0;
    Row::limited(
        what,
        format!(
            "{:.1} MiB, {:.1} MiB anonymous",
            mebibytes(all),
            mebibytes(own)
        ),
        "<= 16 MiB",
        all <= LIMIT,
    )
}
