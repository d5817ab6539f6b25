//! What the dashboard does and shows through long runs of keys, presses, pastes, sizes and
//! answers, as hashes. A change inside that no user can notice leaves every hash as it is.
//!
//! `tests/data/digest.txt` has two lines a run: its number and opening keys, then `EFFECTS:FRAME`
//! after the opening (step 0) and after every 16 messages; `-` where nothing was to be done. What
//! is hashed are the effects in words and the frame with its looks as text.
//!
//! `TAGSCOPE_DIGEST=write` writes that file anew. `TAGSCOPE_DIGEST_DUMP=12/3` writes the messages,
//! the effects and the frame of run 12, step 3, to a text file; `12` the whole run, `all` every
//! run. Two such files of two versions, held against each other, show what has changed.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;
use std::io::Write as _;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tagscope::tui::{App, Clipboard, Effect, Message, Place};

use crate::dashboard::{dataset, startup, text_and_looks};
use crate::digest_effects::{KINDS, Started, say};
use crate::monkey::{Dice, PHRASES, input, phrase};
use crate::ways::ways_to;

const GOLDEN: &str = "tests/data/digest.txt";

/// Messages between two frames.
const STEP: usize = 16;

/// Steps of a run, its opening not counted.
const STEPS: usize = 10;

/// What terminals mostly are.
const SIZES: [(u16, u16); 6] = [
    (80, 24),
    (120, 40),
    (100, 30),
    (60, 20),
    (160, 50),
    (200, 60),
];

/// FNV-1a: the same on every machine, and in every version of every library.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Keys after which tasks of every kind are under way.
const ERRANDS: &[&str] = &[
    "2contoso.azurecr.io<Enter>",
    "3contoso<Enter>:save<Space>one<Enter>:load<Space>one<Enter>",
    "3contoso<Enter><Tab>pP",
    ":rules<Space>/r/nsg.json<Space>/r/allow.txt<Enter>:save<Space>two<Enter>:load<Space>prod<Enter>",
    ":export<Space>tags.csv<Enter>yYC",
    ":update<Enter>:week<Space>2026-06-29<Enter>",
    ":file<Space>./a",
    "5awn<Enter>",
];

/// Keys that open a run: to every place by two of its ways, and the errands.
fn openings() -> Vec<&'static str> {
    let of_places = Place::all().map(ways_to);
    let ends = of_places.flat_map(|ways| [ways[0], ways[ways.len() - 1]]);
    let all = ends.chain(ERRANDS.iter().copied());
    all.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What a step did and showed.
struct Step {
    messages: String,
    effects: String,
    frame: String,
}

impl Step {
    fn hashes(&self) -> String {
        let effects = match self.effects.as_str() {
            "" => "-".to_owned(),
            effects => format!("{:08x}", hash(effects) >> 32),
        };
        format!("{effects}:{:08x}", hash(&self.frame) >> 32)
    }
}

/// What was come across.
#[derive(Default)]
struct Seen {
    places: Vec<Place>,
    asked: BTreeSet<&'static str>,
    messages: BTreeSet<&'static str>,
}

/// A dashboard, the tasks under way, and what comes next.
struct Run {
    app: App,
    size: (u16, u16),
    dice: Dice,
    next: VecDeque<(&'static str, Message)>,
    tasks: Vec<Started>,
    /// How many tasks of a kind there were, and which ticket had which number.
    tickets: HashMap<&'static str, Vec<u64>>,
    messages: String,
    effects: String,
    seen: Seen,
}

impl Run {
    fn new(opening: &str) -> Self {
        let mut dice = Dice(hash(opening) | 1);
        let size = SIZES[dice.below(SIZES.len())];
        let theme = ["default", "mono"][dice.below(2)];
        let mut start = startup(dataset(), size, theme);
        start.clipboard = [Clipboard::Osc52, Clipboard::Tmux, Clipboard::Off][dice.below(3)];
        start.is_offline = dice.below(4) == 0;
        start.has_shell = dice.below(4) > 0;
        start.updates_at_start = dice.below(3) == 0;
        Self {
            app: App::new(start),
            size,
            dice,
            next: VecDeque::new(),
            tasks: Vec::new(),
            tickets: HashMap::new(),
            messages: String::new(),
            effects: String::new(),
            seen: Seen::default(),
        }
    }

    /// Notes what is to be done, jobs in the order of their names: nobody waits for another.
    fn note(&mut self, effects: &[Effect]) {
        let mut said: Vec<_> = effects.iter().map(say).collect();
        said.sort_by_key(|said| said.kind);
        for said in said {
            assert!(KINDS.contains(&said.kind), "{}", said.kind);
            self.seen.asked.insert(said.kind);
            write!(self.effects, "{}", said.kind).unwrap();
            if let Some(ticket) = said.task.as_ref().and_then(|task| task.ticket) {
                let known = self.tickets.entry(said.kind).or_default();
                let place = known.iter().position(|&other| other == ticket);
                let place = place.unwrap_or_else(|| {
                    known.push(ticket);
                    known.len() - 1
                });
                write!(self.effects, " #{place}").unwrap();
            }
            writeln!(self.effects, " {}", said.words).unwrap();
            self.tasks.extend(said.task);
        }
    }

    fn send(&mut self, kind: &'static str, message: Message) {
        match &message {
            Message::Key(chord) => writeln!(self.messages, "key {chord}"),
            Message::Paste(text) => writeln!(self.messages, "paste {text:?}"),
            Message::Mouse(mouse) => {
                let (column, row) = (mouse.column, mouse.row);
                writeln!(self.messages, "{:?} {column}, {row}", mouse.kind)
            }
            Message::Resize(width, height) => writeln!(self.messages, "{width}x{height}"),
            _ => writeln!(self.messages, "answer {kind}"),
        }
        .unwrap();
        self.seen.messages.insert(kind);
        let effects = self.app.update(message);
        self.note(&effects);
        let place = self.app.place();
        if !self.seen.places.contains(&place) {
            self.seen.places.push(place);
        }
    }

    /// Everything that can be answered plainly is answered at once.
    fn open(&mut self, keys: &str) {
        let begun = self.app.begin();
        self.note(&begun);
        let mut keys = VecDeque::from(phrase(keys));
        loop {
            let answer = |task: &Started| Some((task.kind, task.plain_answer()?));
            let answered = self.tasks.iter().position(|task| answer(task).is_some());
            if let Some(place) = answered {
                let (kind, message) = answer(&self.tasks.remove(place)).unwrap();
                self.send(kind, message);
            } else if let Some(key) = keys.pop_front() {
                self.send("key", key);
            } else {
                return;
            }
        }
    }

    /// What may come back to the task at a place; the task is over with its last answer.
    fn answer(&mut self, place: usize) -> (&'static str, Message) {
        let task = &self.tasks[place];
        let kind = task.kind;
        let (message, is_last) = task.answer(&mut self.dice);
        if is_last {
            self.tasks.remove(place);
        }
        (kind, message)
    }

    fn chance(&mut self, openings: &[&str]) -> (&'static str, Message) {
        if let Some(next) = self.next.pop_front() {
            return next;
        }
        // Chance alone stays in the first input that it comes to.
        let keys = match self.dice.below(40) {
            0 => PHRASES[self.dice.below(PHRASES.len())].to_owned(),
            1..3 => format!("<Esc><Esc>{}", openings[self.dice.below(openings.len())]),
            3..8 => "<Esc><Esc>".to_owned(),
            8..13 if !self.tasks.is_empty() => {
                let place = self.dice.below(self.tasks.len());
                return self.answer(place);
            }
            13 => {
                self.size = SIZES[self.dice.below(SIZES.len())];
                return ("size", Message::Resize(self.size.0, self.size.1));
            }
            _ => {
                let roll = self.dice.below(24);
                let message = input(roll, &mut self.dice, &mut self.size);
                let kind = match message {
                    Message::Paste(_) => "paste",
                    Message::Resize(..) => "size",
                    Message::Mouse(_) => "mouse",
                    _ => "key",
                };
                return (kind, message);
            }
        };
        let keys = phrase(&keys).into_iter().map(|key| ("key", key));
        self.next.extend(keys);
        self.chance(openings)
    }

    fn step(&mut self) -> Step {
        let (width, height) = self.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let frame = terminal.draw(|frame| self.app.draw(frame)).unwrap();
        let frame = text_and_looks(frame.buffer);
        Step {
            messages: std::mem::take(&mut self.messages),
            effects: std::mem::take(&mut self.effects),
            frame,
        }
    }
}

/// One run: its opening, then what chance brings.
fn play(opening: &str, openings: &[&str]) -> (Vec<Step>, Seen) {
    let mut run = Run::new(opening);
    run.open(opening);
    let mut steps = vec![run.step()];
    for _ in 0..STEPS {
        for _ in 0..STEP {
            let before = run.tasks.len();
            let (kind, message) = run.chance(openings);
            run.send(kind, message);
            // Half of the tasks are quick.
            for place in (before..run.tasks.len()).rev() {
                if run.dice.below(2) == 0 {
                    let answer = run.answer(place);
                    run.next.push_front(answer);
                }
            }
        }
        steps.push(run.step());
    }
    (steps, run.seen)
}

/// All runs, on as many threads as there are processors; none knows of another.
fn play_all(openings: &[&str]) -> Vec<(Vec<Step>, Seen)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = openings.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let parts = openings.chunks(part);
        let parts = parts.map(|part| {
            scope.spawn(move || part.iter().map(|keys| play(keys, openings)).collect())
        });
        let parts: Vec<std::thread::ScopedJoinHandle<'_, Vec<_>>> = parts.collect();
        let played = parts.into_iter().flat_map(|part| part.join().unwrap());
        played.collect()
    })
}

/// Writes what a run did, or one of its steps.
fn dump(wanted: &str, openings: &[&str]) {
    let (run, step) = wanted.split_once('/').unwrap_or((wanted, ""));
    let mut text = String::new();
    for (number, opening) in openings.iter().enumerate() {
        if run != "all" && run != number.to_string() {
            continue;
        }
        for (place, one) in play(opening, openings).0.iter().enumerate() {
            if step.is_empty() || step == place.to_string() {
                let (messages, effects, frame) = (&one.messages, &one.effects, &one.frame);
                write!(
                    text,
                    "== run {number} {opening} step {place}\n-- messages\n{messages}\
                     -- effects\n{effects}-- frame\n{frame}"
                )
                .unwrap();
            }
        }
    }
    let name = format!("digest-{}.txt", wanted.replace('/', "-"));
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    // Past the capture of the test harness.
    let line = format!("written: {}\n", path.display());
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn assert_covers(runs: &[(Vec<Step>, Seen)]) {
    let seen = || runs.iter().map(|(_, seen)| seen);
    for place in Place::all() {
        let is_seen = seen().any(|seen| seen.places.contains(&place));
        assert!(is_seen, "{place:?} never had the keys");
    }
    for kind in KINDS {
        let is_asked = seen().any(|seen| seen.asked.contains(kind));
        let is_answered = seen().any(|seen| seen.messages.contains(kind));
        assert!(is_asked, "never asked for: {kind}");
        assert!(is_answered || kind == "terminal", "never answered: {kind}");
    }
    for kind in ["key", "paste", "mouse", "size"] {
        assert!(seen().any(|seen| seen.messages.contains(kind)), "no {kind}");
    }
}

#[test]
fn runs_of_messages_do_and_show_what_they_did() {
    let openings = openings();
    if let Ok(wanted) = std::env::var("TAGSCOPE_DIGEST_DUMP") {
        dump(&wanted, &openings);
        return;
    }
    let runs = play_all(&openings);
    assert_covers(&runs);
    let mut found = String::new();
    for (number, (opening, (steps, _))) in openings.iter().zip(&runs).enumerate() {
        let hashes: Vec<String> = steps.iter().map(Step::hashes).collect();
        writeln!(found, "{number} {opening}\n{}", hashes.join(" ")).unwrap();
    }
    if std::env::var("TAGSCOPE_DIGEST").is_ok_and(|value| value == "write") {
        std::fs::write(GOLDEN, &found).unwrap();
        return;
    }
    let golden = std::fs::read_to_string(GOLDEN).unwrap();
    assert!(found == golden, "{}", differences(&golden, &found));
}

/// Where each run parts from what it was.
fn differences(golden: &str, found: &str) -> String {
    let mut text = String::new();
    let lines: Vec<_> = golden.lines().zip(found.lines()).collect();
    for pair in lines.chunks(2) {
        let [(known, opening), (before, after)] = pair else {
            break;
        };
        if known != opening {
            writeln!(text, "run {known:?} is now {opening:?}").unwrap();
            break;
        }
        let mut steps = before.split(' ').zip(after.split(' ')).enumerate();
        if let Some((place, (before, after))) = steps.find(|(_, (old, new))| old != new) {
            let parts = before.split(':').zip(after.split(':'));
            let parts = parts.zip(["effects", "frame"]);
            let parts = parts.filter(|((old, new), _)| old != new);
            let parts = parts.map(|(_, part)| part).collect::<Vec<_>>();
            let parts = parts.join(" and ");
            writeln!(text, "run {opening}, first at step {place}: {parts}").unwrap();
        }
    }
    text + "TAGSCOPE_DIGEST_DUMP=RUN/STEP in both versions tells what differs; \
            TAGSCOPE_DIGEST=write accepts it"
}
