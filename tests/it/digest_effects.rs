//! Effects in words of the digest's own, and what comes back to them.
//!
//! All that the digest knows of the dashboard's vocabulary of tasks stands here: where types are
//! named or cut anew, this file follows, and the words stay as they are.

use std::fmt::Write;
use std::path::PathBuf;

use tagscope::query::rules;
use tagscope::source::Request;
use tagscope::text::Safe;
use tagscope::tui::{About, Clipboard, Effect, Job, Message, RulesFrom};

use crate::dashboard::diff_answer;
use crate::monkey::{Dice, outcome, task_of};

/// Each kind of task; the first is what the terminal does, to which nobody answers.
pub const KINDS: [&str; 18] = [
    "terminal",
    "resolve",
    "open",
    "suggest",
    "copy",
    "export",
    "weeks",
    "compare",
    "watch",
    "update",
    "remember",
    "registry",
    "save",
    "probe",
    "rules",
    "rules-watch",
    "rules-save",
    "impact",
];

/// An effect in words, and the task that it starts.
pub struct Said {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// What is to be done, without its ticket.
    pub words: String,
    /// What is waited for.
    pub task: Option<Task>,
}

/// A task under way.
pub struct Task {
    pub kind: &'static str,
    /// What tells it from others of its kind; `None` where the dashboard gives no ticket.
    pub ticket: Option<u64>,
    effect: Effect,
    job: Job,
}

impl Task {
    /// What may come back, and whether it is the last that does.
    pub fn answer(&self, dice: &mut Dice) -> (Message, bool) {
        let ticket = self.ticket.unwrap_or_default();
        let roll = dice.below(4);
        match &self.effect {
            Effect::Probe { targets, .. } if roll > 0 && !targets.is_empty() => {
                let place = dice.below(targets.len());
                let probe = Box::new(crate::endpoints_view::answer(dice.below(4)));
                let message = Message::Probed {
                    ticket,
                    place,
                    probe,
                };
                return (message, false);
            }
            Effect::Update { .. } if roll > 1 => {
                let text = Safe::new("half of it\u{1b}");
                let job = self.job;
                return (Message::Progress { job, ticket, text }, false);
            }
            _ => {}
        }
        let message = self.plain_answer().filter(|_| roll > 0);
        let message = message.unwrap_or_else(|| Message::Done {
            job: self.job,
            ticket,
            outcome: outcome(self.job, dice),
        });
        (message, true)
    }

    /// What comes back where the weeks and the files of the tests are at hand.
    pub fn plain_answer(&self) -> Option<Message> {
        diff_answer(&self.effect)
    }
}

const fn kind(job: Job) -> &'static str {
    match job {
        Job::Resolve => "resolve",
        Job::Open => "open",
        Job::Suggest => "suggest",
        Job::Copy => "copy",
        Job::Export => "export",
        Job::Weeks => "weeks",
        Job::Compare => "compare",
        Job::Watch => "watch",
        Job::Update => "update",
        Job::WeekHistory => "remember",
        Job::Registry => "registry",
        Job::Save => "save",
        Job::Probe => "probe",
        Job::Rules => "rules",
        Job::RulesWatch => "rules-watch",
        Job::RulesSave => "rules-save",
        Job::Impact => "impact",
    }
}

/// What an effect says.
pub fn say(effect: &Effect) -> Said {
    let task = match effect {
        // The terminal is sent the text and never answers.
        Effect::Copy {
            way: Clipboard::Osc52,
            ..
        } => None,
        effect => task_of(effect).map(|(job, ticket)| Task {
            kind: kind(job),
            ticket: (job != Job::Watch).then_some(ticket),
            effect: effect.clone(),
            job,
        }),
    };
    let kind = match (effect, &task) {
        (Effect::Stop(job), _) => kind(*job),
        (_, Some(task)) => task.kind,
        (_, None) => "terminal",
    };
    let words = words(effect);
    Said { kind, words, task }
}

fn words(effect: &Effect) -> String {
    match effect {
        Effect::Quit => "quit".to_owned(),
        Effect::Suspend => "suspend".to_owned(),
        Effect::Stop(_) => "stop".to_owned(),
        Effect::Resolve { host, .. } => format!("host {host}"),
        Effect::Open { request, .. } => opened(request),
        Effect::Suggest { about, within, .. } => {
            let about = match about {
                About::Weeks => "weeks".to_owned(),
                About::Files(start) => format!("files {start:?}"),
                About::Registries => "registries".to_owned(),
                About::RuleLists => "lists of rule files".to_owned(),
                About::RuleFiles(start) => format!("files of rules {start:?}"),
            };
            format!("{about} within {}", opened(within))
        }
        Effect::Weeks { within, .. } | Effect::Update { within, .. } => opened(within),
        Effect::Compare { base, target, .. } => format!("{} with {}", opened(base), opened(target)),
        Effect::WeekHistory { within, until, .. } => match until {
            Some(date) => format!("{} until {date}", opened(within)),
            None => opened(within),
        },
        Effect::Load { name, .. } => format!("load {name:?}"),
        Effect::Import { path, .. } => format!("import {}", path.display()),
        Effect::Save { name, profile, .. } => {
            format!("{name:?} {}", serde_json::to_string(profile).unwrap())
        }
        Effect::Probe { targets, .. } => {
            let targets = targets.iter();
            let targets = targets.map(|to| format!("{}:{}{}", to.host, to.port, to.check.path()));
            targets.collect::<Vec<_>>().join(" ")
        }
        Effect::ReadRules { from, .. } => match from {
            RulesFrom::Files(files) => format!("files {}", paths(files)),
            RulesFrom::Saved(name) => format!("list {name:?}"),
        },
        Effect::WatchRules { files, .. } => {
            let files: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
            paths(&files)
        }
        Effect::SaveRules { name, list, .. } => {
            format!("{name:?} {} {:?}", paths(&list.files), list.stands_for)
        }
        Effect::Impact {
            rules,
            stands_for,
            weeks,
            within,
            ..
        } => {
            let weeks = weeks.as_ref().map_or_else(
                || "the week before".to_owned(),
                |[base, target]| format!("{} with {}", opened(base), opened(target)),
            );
            let rules: Vec<String> = rules.iter().map(file_of_rules).collect();
            let rules = rules.join(" ");
            format!("{rules} {stands_for:?} {weeks} within {}", opened(within))
        }
        Effect::Watch { name, is_watched } => {
            format!("{} {name}", if *is_watched { "keep" } else { "drop" })
        }
        Effect::Copy { text, way, .. } => format!("copy to {}\n{text}", way.target()),
        Effect::Export {
            path,
            bytes,
            is_over,
            ..
        } => {
            let over = if *is_over { " over what is there" } else { "" };
            let text = String::from_utf8_lossy(bytes);
            format!("{}{over}\n{text}", path.display())
        }
    }
}

fn file_of_rules(loaded: &rules::Loaded) -> String {
    let file = &loaded.file;
    let (sets, flaws) = (file.sets.len(), file.flaws.len());
    format!("{} with {sets} sets and {flaws} flaws", loaded.path)
}

fn paths(paths: &[PathBuf]) -> String {
    let shown = paths.iter().map(|path| format!("{:?}", path.display()));
    shown.collect::<Vec<_>>().join(" ")
}

fn opened(request: &Request) -> String {
    let week = request.week.flag();
    let mut text = week.unwrap_or_else(|| "latest".to_owned());
    if let Some(cloud) = request.cloud {
        write!(text, " of {}", cloud.flag()).unwrap();
    }
    for (word, path) in [("file", &request.file), ("data", &request.data)] {
        if let Some(path) = path {
            write!(text, " {word} {:?}", path.display()).unwrap();
        }
    }
    text
}
