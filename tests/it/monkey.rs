//! Random keys, pastes, sizes and late outcomes: the dashboard never panics.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tagscope::azure::registry::read_document;
use tagscope::azure::{Facts, parse};
use tagscope::index::{Index, write};
use tagscope::query::lookup::HostLookup;
use tagscope::query::weeks::{Receipt, ReceiptStatus};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::source::Updated;
use tagscope::store::LoadedProfile;
use tagscope::text::Safe;
use tagscope::tui::{
    About, App, Chord, Effect, Job, Key, Message, Mouse, MouseKind, Outcome, Ticket, Written,
};

use crate::generated::Spread;
use crate::{rules_loaded, traffic_loaded};

/// A generator of numbers that is the same on every machine (xorshift).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

fn app(theme: &str, dataset: Dataset) -> App {
    App::new(crate::dashboard::startup(dataset, (80, 24), theme))
}

fn draw(app: &App, (width, height): (u16, u16)) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| app.draw(frame)).unwrap();
}

/// Keys that commands have, letters that inputs take, and a few that nobody types.
const KEYS: &[&str] = &[
    "q",
    "j",
    "k",
    "h",
    "l",
    "g",
    "G",
    "s",
    "S",
    "K",
    "i",
    "m",
    "y",
    "Y",
    "C",
    "e",
    "+",
    "x",
    "f",
    "v",
    "%",
    "-",
    ":",
    "/",
    "?",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "o",
    "d",
    "P",
    "b",
    "p",
    "H",
    "L",
    "n",
    "N",
    "t",
    "c",
    "r",
    "w",
    "W",
    "R",
    "{",
    "}",
    "[",
    "]",
    "Space",
    "Enter",
    "Enter",
    "Enter",
    "Esc",
    "Tab",
    "Shift-Tab",
    "Backspace",
    "Del",
    "↑",
    "↓",
    "←",
    "→",
    "Home",
    "End",
    "PgUp",
    "PgDn",
    "Ctrl-u",
    "Ctrl-d",
    "Ctrl-w",
    "Ctrl-p",
    "Ctrl-n",
    "Ctrl-z",
    "Alt-1",
    "Alt-2",
    "Alt-3",
    "0",
    ".",
    "a",
    "t",
    "w",
    "z",
    "é",
    "東",
    "\u{202e}",
    "\u{1b}",
];

/// Keys in a row that lead further than chance does.
pub const PHRASES: &[&str] = &[
    "3contoso<Enter>W<Enter>",
    "3contoso<Enter><Enter>we<Enter><Esc>b",
    "3contoso<Enter>G<Space><Tab>p",
    "x<Enter><Enter>",
    "x<Enter><Enter><Enter>",
    "<Space>f2x<End><Enter><Enter>",
    "f<←><←>vx/nft<Enter>",
    "4:fit<Space>2<Enter>",
    ":make<Space>bicep-nsg<Enter>tdv",
    ":load<Space>one<Enter>",
    ":registry<Space>a.json<Enter>",
    ":rules<Space>/r/nsg.json<Space>/r/allow.txt<Enter>",
    ":rules<Space>/r/contoso.json<Enter>nn<Enter>",
    "4i10.0.0.4 203.0.113.9 443<Enter>",
    "4Wone<Enter>",
    "4<Esc>Wone<Enter>",
    "4<Esc><Esc>p",
    ":log<Space>/l/flow.json<Enter>",
    ":log<Space>/l/flow.json<Enter>b<Enter>",
    ":log<Space>/l/access.log<Enter>x/nsg<Enter>",
];

/// The messages of a phrase.
pub fn phrase(keys: &str) -> Vec<Message> {
    let mut messages = Vec::new();
    let mut rest = keys;
    while let Some(letter) = rest.chars().next() {
        let (name, after) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some(found) => found,
            None => rest.split_at(letter.len_utf8()),
        };
        messages.push(Message::Key(Chord::parse(name).unwrap()));
        rest = after;
    }
    messages
}

/// Messages of one run.
fn messages(dice: &mut Dice) -> Vec<Message> {
    let (mut size, mut messages) = ((80, 24), Vec::new());
    while messages.len() < usize::try_from(RUN).unwrap() {
        if dice.below(50) == 0 {
            messages.extend(phrase(PHRASES[dice.below(PHRASES.len())]));
        } else {
            messages.push(message(dice, &mut size));
        }
    }
    messages
}

/// Texts of the clipboard, and lines for the inputs.
const PASTES: &[&str] = &[
    "203.0.113.9",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "203.0.113.1-203.0.113.200",
    "contoso.azurecr.io",
    "fabrikam-e7ggejfuhzhgedc8.westeurope.data.azurecr.cn",
    "endpoints contoso",
    "registry contoso.azurecr.us/app:v1",
    "registry ./show\u{1b}.json",
    "save one",
    "load \u{202e}",
    "load two",
    "rules /r/nsg.json '/r/allow.txt",
    "rules \u{1b}",
    "stands-for Storage.WestEurope",
    "export patch.sh",
    "\u{1b}]52;c;x\u{7}",
    "",
    "\n\n",
    "client with IP '203.0.113.9' is not allowed access\nmore",
    "tag Storage.WestEurope",
    "region westeurope",
    "region none",
    "filter europe",
    "sort addresses",
    "log /l/flow.json",
    "log \u{1b}",
    "week 2026-07-06",
    "week previous",
    "cloud usgov",
    "file ./no/such\u{1b}.json",
    "theme mono",
    "theme \u{202e}",
    "export tags.csv",
    "export lookup.json",
    "no such \u{1b} command",
];

fn message(dice: &mut Dice, size: &mut (u16, u16)) -> Message {
    match dice.below(24) {
        2 => {
            let job = JOBS[dice.below(JOBS.len())];
            Message::Done {
                ticket: Ticket(u64::try_from(dice.below(50)).unwrap()),
                outcome: outcome(job, dice),
            }
        }
        3 => Message::Probed {
            ticket: Ticket(u64::try_from(dice.below(8)).unwrap()),
            place: dice.below(6),
            probe: Box::new(crate::endpoints_view::answer(dice.below(4))),
        },
        roll => input(roll, dice, size),
    }
}

/// What a user does: `roll`, below 24, says which kind of thing.
pub fn input(roll: usize, dice: &mut Dice, size: &mut (u16, u16)) -> Message {
    match roll {
        0 => Message::Paste(PASTES[dice.below(PASTES.len())].to_owned()),
        1 => {
            *size = (side(dice, 220), side(dice, 70));
            Message::Resize(size.0, size.1)
        }
        4..7 => {
            let kinds = [MouseKind::Press, MouseKind::WheelUp, MouseKind::WheelDown];
            Message::Mouse(Mouse {
                kind: kinds[dice.below(3)],
                column: side(dice, usize::from(size.0) + 3),
                row: side(dice, usize::from(size.1) + 3),
            })
        }
        _ => {
            let text = KEYS[dice.below(KEYS.len())];
            let letter = || Chord::plain(Key::Char(text.chars().next().unwrap()));
            Message::Key(Chord::parse(text).unwrap_or_else(letter))
        }
    }
}

const JOBS: [Job; 19] = [
    Job::Resolve,
    Job::Open,
    Job::Suggest,
    Job::Copy,
    Job::Export,
    Job::Weeks,
    Job::Compare,
    Job::Watch,
    Job::Update,
    Job::WeekHistory,
    Job::Registry,
    Job::Save,
    Job::Probe,
    Job::Rules,
    Job::RulesWatch,
    Job::RulesSave,
    Job::Impact,
    Job::Logs,
    Job::Against,
];

/// How a task of the view Traffic may end.
fn traffic(job: Job, dice: &mut Dice) -> Outcome {
    let week = crate::dashboard::dataset();
    if job == Job::Against {
        let counted = traffic_loaded::counted(traffic_loaded::FLOWS, &week, 1_000);
        return traffic_loaded::against(&counted.tally);
    }
    let logs = ["flow.json", "access.log", "odd.txt", "none\u{1b}"];
    let paths: Vec<PathBuf> = logs[dice.below(3)..].iter().map(PathBuf::from).collect();
    // Few find room, and what came late is counted by its tags.
    let most = [1, 2, 1_000][dice.below(3)];
    Outcome::LogsRead(traffic_loaded::read(&paths, &week, most))
}

/// How a task of the job may end.
pub fn outcome(job: Job, dice: &mut Dice) -> Outcome {
    if dice.below(3) == 0 {
        return Outcome::failed(job, Safe::new("late\u{1b}"));
    }
    match job {
        Job::Resolve => {
            let addresses = ["203.0.113.9", "8.8.8.8", "2001:db8::1", "0.0.0.0"];
            Outcome::Resolved(Ok(HostLookup {
                chain: vec![Safe::new("contoso.privatelink.azurecr.io\u{1b}"); dice.below(3)],
                addresses: addresses[..dice.below(5)]
                    .iter()
                    .map(|address| address.parse().unwrap())
                    .collect(),
                ..Default::default()
            }))
        }
        Job::Open if dice.below(2) == 0 => Outcome::Opened(Ok(Box::new(generated()))),
        Job::Open => Outcome::Opened(Ok(Box::new(crate::dashboard::dataset()))),
        Job::Suggest => {
            let found = [
                "2026-07-06",
                "./a\u{1b}[31m.json",
                "folder/",
                "\u{202e}",
                "",
            ];
            Outcome::Suggested(Ok((
                About::Weeks,
                found[..dice.below(6)]
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
            )))
        }
        Job::Registry if dice.below(2) == 0 => {
            let mut profile = crate::endpoints_view::profile();
            if dice.below(2) == 0 {
                profile.regions.clear();
                profile.cloud = tagscope::azure::Cloud::China;
            }
            let notes = vec![Safe::new("left out\u{1b}"); dice.below(3)];
            Outcome::Loaded(Ok((
                "one".to_owned(),
                Box::new(LoadedProfile { profile, notes }),
            )))
        }
        Job::Registry => {
            let text = crate::endpoints_view::SHOW.replace("contoso", "fabrikam");
            let found = read_document(text.as_bytes(), &Facts::embedded().regions).unwrap();
            Outcome::Imported(Ok(Box::new(found)))
        }
        Job::Export => match dice.below(3) {
            0 => Outcome::Written(Ok(Written::Exists(Safe::new("it exists\u{1b}")))),
            _ => Outcome::Written(Ok(Written::Done(Safe::new("done")))),
        },
        Job::Copy => Outcome::Copied(Ok(Safe::new("done"))),
        Job::Watch => Outcome::Watched(Ok(())),
        Job::Save => Outcome::Saved(Ok(("one".to_owned(), Safe::new("done")))),
        Job::Probe => Outcome::Probed(Ok(())),
        Job::RulesWatch => Outcome::RulesChanged(Ok(())),
        Job::StateRead => Outcome::StateRead(Ok(Box::default())),
        Job::StateKeep => Outcome::StateKept(Ok(())),
        Job::RulesSave => Outcome::RulesSaved(Ok(("two".to_owned(), Safe::new("done")))),
        Job::Rules => {
            let names = ["nsg.json", "allow.txt", "bad.json", "contoso.json", "none"];
            let from = dice.below(names.len());
            let found = names[from..].iter().map(Path::new).map(rules_loaded::read);
            Outcome::RulesRead(Ok((found.collect(), None)))
        }
        Job::Impact => {
            let file = rules_loaded::read(Path::new(["nsg.json", "allow.txt"][dice.below(2)]));
            rules_loaded::impact(&[file.found.unwrap().0], &[])
        }
        Job::Logs | Job::Against => traffic(job, dice),
        Job::Weeks => {
            let mut weeks = crate::dashboard::publications();
            weeks.truncate(dice.below(4));
            Outcome::Listed(Ok((weeks, vec![Safe::new("aside\u{1b}"); dice.below(2)])))
        }
        Job::WeekHistory => {
            Outcome::WeekHistory(Ok((Box::new(crate::dashboard::week_history()), Vec::new())))
        }
        Job::Compare if dice.below(2) == 0 => {
            Outcome::Compared(Ok(Box::new([generated(), crate::dashboard::dataset()])))
        }
        Job::Compare => {
            let weeks = [crate::dashboard::earlier(), crate::dashboard::dataset()];
            Outcome::Compared(Ok(Box::new(weeks)))
        }
        Job::Update => {
            let status = [ReceiptStatus::Added, ReceiptStatus::Current][dice.below(2)];
            Outcome::Updated(Ok(Box::new(Updated {
                receipt: Receipt {
                    week: crate::dashboard::earlier().record(),
                    status,
                    flaws: 0,
                },
                notes: vec![Safe::new("said\u{1b}"); dice.below(2)],
            })))
        }
    }
}

pub fn side(dice: &mut Dice, limit: usize) -> u16 {
    u16::try_from(dice.below(limit)).unwrap()
}

/// The task that an effect starts.
pub fn task_of(effect: &Effect) -> Option<(Job, Ticket)> {
    match effect {
        Effect::Start { ticket, task } => Some((task.job(), *ticket)),
        Effect::Quit | Effect::Suspend | Effect::Osc52(_) | Effect::Stop(_) => None,
    }
}

/// The tickets of the tasks under way, and how many of each job there were.
#[derive(Default)]
struct Tasks {
    tickets: HashMap<Job, Ticket>,
    counts: HashMap<Job, usize>,
}

impl Tasks {
    fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            // The terminal's clipboard is no task.
            if matches!(effect, Effect::Osc52(_)) {
                *self.counts.entry(Job::Copy).or_default() += 1;
            }
            let Some((job, ticket)) = task_of(&effect) else {
                continue;
            };
            self.tickets.insert(job, ticket);
            *self.counts.entry(job).or_default() += 1;
        }
    }
}

/// Replays messages, what a failing run prints among them; gives how many tasks were started.
fn replay(dataset: Dataset, messages: &[Message]) -> HashMap<Job, usize> {
    let mut app = app("default", dataset);
    let mut size = (80, 24);
    let mut tasks = Tasks::default();
    tasks.note(app.begin());
    for (number, message) in messages.iter().enumerate() {
        if let Message::Resize(width, height) = message {
            // Drawn once before the message comes, as on a terminal.
            draw(&app, (*width, *height));
            size = (*width, *height);
        }
        let effects = app.update(message.clone());
        // Files of rules are read at once, so that there are some.
        let read = effects
            .iter()
            .filter_map(rules_loaded::answer)
            .collect::<Vec<_>>();
        tasks.note(effects);
        for message in read {
            tasks.note(app.update(message));
        }
        if let Message::Done { outcome, .. } = message
            && let Some(&ticket) = tasks.tickets.get(&outcome.job())
        {
            let outcome = outcome.clone();
            tasks.note(app.update(Message::Done { ticket, outcome }));
        }
        if number % 16 == 0 {
            draw(&app, size);
        }
    }
    tasks.counts
}

/// Messages of one run.
const RUN: u64 = 500;

/// Runs of [`RUN`] messages, each from its own seed; gives how many tasks were started.
///
/// `TAGSCOPE_MONKEY=1000000` makes all tests here together play so many messages, and
/// `TAGSCOPE_MONKEY_SEED=7` plays that run alone.
fn assert_survives(dataset: fn() -> Dataset, seed: u64, runs: u64) -> HashMap<Job, usize> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse().unwrap());
    let wanted: Option<u64> = number("TAGSCOPE_MONKEY");
    let runs = wanted.map_or(runs, |all| (all * runs).div_ceil(ALL_RUNS * RUN));
    let only: Option<u64> = number("TAGSCOPE_MONKEY_SEED");
    let mut counts: HashMap<Job, usize> = HashMap::new();
    for seed in (seed..seed + runs).filter(|seed| only.is_none_or(|only| only == *seed)) {
        let messages = messages(&mut Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let run = std::panic::catch_unwind(|| replay(dataset(), &messages));
        let run = run.unwrap_or_else(|_| panic!("seed {seed}, replay these: {messages:?}"));
        for (job, count) in run {
            *counts.entry(job).or_default() += count;
        }
    }
    counts
}

/// A week of a generated document: nesting, both ends of both families.
fn generated() -> Dataset {
    let bytes = crate::generated::document(3, Spread::Dense);
    let document = parse(&bytes, None).unwrap();
    let index = Index::open(write(&document.week).unwrap()).unwrap();
    let provenance = Provenance {
        source: Source::File,
        origin: Safe::new("made for the test"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

/// The runs of the three tests below: 50,000 messages.
const ALL_RUNS: u64 = 60 + 30 + 10;

#[test]
fn random_messages_never_panic() {
    let counts = assert_survives(generated, 1, 60);
    let is_whole = std::env::var_os("TAGSCOPE_MONKEY_SEED").is_none();
    for job in JOBS {
        assert!(!is_whole || counts.contains_key(&job), "never a {job:?}");
    }
}

#[test]
fn random_messages_on_a_week_with_every_state_never_panic() {
    assert_survives(crate::dashboard::dataset, 1_000_001, 30);
}

#[test]
fn random_messages_on_the_embedded_week_never_panic() {
    assert_survives(crate::dashboard::embedded, 2_000_001, 10);
}

#[test]
fn no_size_panics_in_any_view() {
    let mut dice = Dice(7);
    for theme in ["default", "mono"] {
        for keys in [
            &["1"][..],
            &["2"],
            &["?"],
            &["/", "a"],
            &["Enter"],
            &["Tab", "Tab"],
            &["m"],
            &["m", "+"],
            &["Enter", "+"],
            &[":", "t"],
            &["Ctrl-p"],
            &["3"],
            &["3", "c", "o", "n", "t", "o", "s", "o", "Enter"],
            &[
                "3", "c", "o", "n", "t", "o", "s", "o", "Enter", "Enter", "w",
            ],
            &[
                "3", "c", "o", "n", "t", "o", "s", "o", "Enter", "Tab", "Enter",
            ],
            &[
                "3",
                "c",
                "o",
                "n",
                "t",
                "o",
                "s",
                "o",
                "Enter",
                "Shift-Tab",
                "+",
            ],
            &["?", "/", "c"],
            &[
                "2", "2", "0", "3", ".", "0", ".", "1", "1", "3", ".", "0", "/", "2", "4",
            ],
        ] {
            let mut app = app(theme, crate::dashboard::dataset());
            for key in keys {
                app.update(Message::Key(Chord::parse(key).unwrap()));
            }
            for number in 0..500 {
                let size = match number {
                    0 => (0, 0),
                    1 => (300, 100),
                    _ => (side(&mut dice, 301), side(&mut dice, 101)),
                };
                app.update(Message::Resize(size.0, size.1));
                draw(&app, size);
            }
        }
    }
}
