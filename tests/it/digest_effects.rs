//! Effects in words of the digest's own, and what comes back to them.
//!
//! All that the digest knows of the dashboard's vocabulary of tasks stands here: where types are
//! named or cut anew, this file follows, and the words stay as they are.

use std::fmt::Write;
use std::path::PathBuf;

use tagscope::query::rules;
use tagscope::source::Request;
use tagscope::text::Safe;
use tagscope::tui::{About, Clipboard, Effect, Job, Message, Outcome, RulesFrom, Task, Ticket};

use crate::dashboard::diff_answer;
use crate::monkey::{Dice, outcome};

/// Each kind of task; the first is what the terminal does, to which nobody answers.
pub const KINDS: [&str; 20] = [
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
    "logs",
    "against",
];

/// An effect in words, and the task that it starts.
pub struct Said {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// What is to be done, without its ticket.
    pub words: String,
    /// What is waited for.
    pub task: Option<Started>,
}

/// A task under way.
pub struct Started {
    pub kind: &'static str,
    /// What tells it from others of its kind; `None` where many of a kind end as one.
    pub ticket: Option<u64>,
    effect: Effect,
    task: Task,
    own: Ticket,
}

impl Started {
    /// What may come back, and whether it is the last that does.
    pub fn answer(&self, dice: &mut Dice) -> (Message, bool) {
        let ticket = self.own;
        let job = self.task.job();
        let roll = dice.below(4);
        match &self.task {
            Task::Probe { targets } if roll > 0 && !targets.is_empty() => {
                let place = dice.below(targets.len());
                let probe = Box::new(crate::endpoints_view::answer(dice.below(4)));
                let message = Message::Probed {
                    ticket,
                    place,
                    probe,
                };
                return (message, false);
            }
            Task::Update { .. } if roll > 1 => {
                let text = Safe::new("half of it\u{1b}");
                return (Message::Progress { job, ticket, text }, false);
            }
            _ => {}
        }
        let message = self.plain_answer().filter(|_| roll > 0);
        let message = message.unwrap_or_else(|| Message::Done {
            ticket,
            outcome: self.named(outcome(job, dice)),
        });
        (message, true)
    }

    /// The outcome with what this task was asked for.
    fn named(&self, outcome: Outcome) -> Outcome {
        match (outcome, &self.task) {
            (Outcome::Suggested(Ok((_, found))), Task::Suggest { about, .. }) => {
                Outcome::Suggested(Ok((about.clone(), found)))
            }
            (Outcome::Saved(Ok((_, text))), Task::Save { name, .. }) => {
                Outcome::Saved(Ok((name.clone(), text)))
            }
            (Outcome::RulesSaved(Ok((_, text))), Task::SaveRules { name, .. }) => {
                Outcome::RulesSaved(Ok((name.clone(), text)))
            }
            (Outcome::Loaded(Ok((_, loaded))), Task::Load { name }) => {
                Outcome::Loaded(Ok((name.clone(), loaded)))
            }
            (outcome, _) => outcome,
        }
    }

    /// What comes back where the weeks and the files of the tests are available.
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
        Job::StateRead => "state-read",
        Job::StateKeep => "state-keep",
        Job::Update => "update",
        Job::WeekHistory => "remember",
        Job::Registry => "registry",
        Job::Save => "save",
        Job::Probe => "probe",
        Job::Rules => "rules",
        Job::RulesWatch => "rules-watch",
        Job::RulesSave => "rules-save",
        Job::Impact => "impact",
        Job::Logs => "logs",
        Job::Against => "against",
    }
}

/// What an effect says.
pub fn say(effect: &Effect) -> Said {
    match effect {
        Effect::Start { ticket, task } => {
            let job = task.job();
            let started = Started {
                kind: kind(job),
                ticket: (job != Job::Watch).then_some(ticket.0),
                effect: effect.clone(),
                task: task.clone(),
                own: *ticket,
            };
            Said {
                kind: kind(job),
                words: words(task),
                task: Some(started),
            }
        }
        Effect::Stop(job) => Said::without(kind(*job), "stop".to_owned()),
        Effect::Quit => Said::without("terminal", "quit".to_owned()),
        Effect::Suspend => Said::without("terminal", "suspend".to_owned()),
        // The terminal is sent the text and never answers.
        Effect::Osc52(text) => {
            let way = Clipboard::Osc52.target();
            Said::without("terminal", format!("copy to {way}\n{text}"))
        }
    }
}

impl Said {
    const fn without(kind: &'static str, words: String) -> Self {
        Self {
            kind,
            words,
            task: None,
        }
    }
}

fn words(task: &Task) -> String {
    match task {
        Task::Resolve { host } => format!("host {host}"),
        Task::Open { request } => opened(request),
        Task::Suggest { about, within } => {
            let about = match about {
                About::Weeks => "weeks".to_owned(),
                About::Files(start) => format!("files {start:?}"),
                About::Registries => "registries".to_owned(),
                About::RuleLists => "lists of rule files".to_owned(),
                About::AnyFiles(start) => format!("files of rules {start:?}"),
            };
            format!("{about} within {}", opened(within))
        }
        Task::Weeks { within } | Task::Update { within } => opened(within),
        Task::Compare { base, target } => format!("{} with {}", opened(base), opened(target)),
        Task::WeekHistory { within, until } => match until {
            Some(date) => format!("{} until {date}", opened(within)),
            None => opened(within),
        },
        Task::Load { name } => format!("load {name:?}"),
        Task::Import { path } => format!("import {}", path.display()),
        Task::Save { name, profile } => {
            format!("{name:?} {}", serde_json::to_string(profile).unwrap())
        }
        Task::Probe { targets } => {
            let targets = targets.iter();
            let targets = targets.map(|to| format!("{}:{}{}", to.host, to.port, to.check.path()));
            targets.collect::<Vec<_>>().join(" ")
        }
        Task::ReadRules { from } => match from {
            RulesFrom::Files(files) => format!("files {}", paths(files)),
            RulesFrom::Saved(name) => format!("list {name:?}"),
        },
        Task::WatchRules { files } => {
            let files: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
            paths(&files)
        }
        Task::SaveRules { name, list } => {
            format!("{name:?} {} {:?}", paths(&list.files), list.stands_for)
        }
        Task::Impact {
            rules,
            stands_for,
            weeks,
            within,
        } => {
            let weeks = two(weeks.as_ref());
            let rules: Vec<String> = rules.iter().map(file_of_rules).collect();
            let rules = rules.join(" ");
            format!("{rules} {stands_for:?} {weeks} within {}", opened(within))
        }
        Task::ReadLogs {
            paths: logs,
            dataset,
        } => {
            format!("{} of {}", paths(logs), dataset.info().said())
        }
        Task::Against {
            counts,
            weeks,
            within,
        } => {
            let (addresses, within) = (counts.addresses().count(), opened(within));
            format!(
                "{addresses} addresses, {} within {within}",
                two(weeks.as_ref())
            )
        }
        Task::Watch { name, is_watched } => {
            format!("{} {name}", if *is_watched { "keep" } else { "drop" })
        }
        Task::ReadState => "what was kept".to_owned(),
        Task::KeepState { changes } => format!("{changes:?}"),
        Task::Copy { text } => format!("copy to {}\n{text}", Clipboard::Tmux.target()),
        Task::Export {
            path,
            bytes,
            is_over,
        } => {
            let over = if *is_over { " over what is there" } else { "" };
            let text = String::from_utf8_lossy(bytes);
            format!("{}{over}\n{text}", path.display())
        }
    }
}

fn two(weeks: Option<&[Request; 2]>) -> String {
    weeks.map_or_else(
        || "the week before".to_owned(),
        |[base, target]| format!("{} with {}", opened(base), opened(target)),
    )
}

fn file_of_rules(loaded: &rules::LoadedFile) -> String {
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
