//! What typed commands and their keys do: jumps, other data, colours, copies, files.

use std::path::PathBuf;

use serde::Serialize;

use crate::query::weeks::Status;
use crate::query::{Sheet, Topic, endpoints};
use crate::report::{
    Named, write_csv, write_json, write_json_line, write_markdown, write_review, write_tabs,
    write_ticket,
};
use crate::source::{self, WeekChoice};
use crate::store::expand_home;
use crate::text::{Safe, clean};
use crate::tui::app::App;
use crate::tui::ex_command::{self, ExCommand};
use crate::tui::overlay::{Overlay, Prompt};
use crate::tui::view::{Bookmark, Scope};
use crate::tui::{Clipboard, Command, Effect, MAX_COPY, Outcome, Theme, WeekHistory};

impl App {
    /// Where the user is.
    #[must_use]
    pub fn bookmark(&self) -> Bookmark {
        Bookmark {
            topic: self.topic,
            tags: self.tags.bookmark(&self.session),
            lookup: self.lookup.bookmark(),
            endpoints: self.endpoints.bookmark(),
            rules: self.rules.bookmark(),
            diff: self.diff.bookmark(),
        }
    }

    /// To where the last jump began; the next time back again.
    pub fn swap_last(&mut self) -> Vec<Effect> {
        let Some(last) = self.last.take() else {
            self.say("no last place yet: it is where a jump begins");
            return Vec::new();
        };
        let fit = self.left_fit.take();
        self.last = Some(self.bookmark());
        self.tags.restore(&last.tags, &self.session);
        self.lookup.restore(&last.lookup, &self.session);
        self.endpoints.restore(&last.endpoints);
        self.rules.restore(&last.rules);
        self.diff.restore(&last.diff, &self.session);
        self.topic = last.topic;
        let effect = match self.topic {
            Topic::Diff => self.diff.wake(&self.session),
            Topic::Tags | Topic::Lookup | Topic::Endpoints | Topic::Rules => None,
        };
        self.overlay = fit.map(Overlay::Fit);
        self.settle();
        effect.into_iter().collect()
    }

    /// A jump begins here.
    pub(super) fn leave(&mut self) {
        self.last = Some(self.bookmark());
        self.left_fit = None;
    }

    /// Executes a typed line; a line that is refused can be mended.
    pub fn execute_line(&mut self, line: String) -> Vec<Effect> {
        let effects = match ex_command::read(&line, &self.session) {
            Ok(command) => self.execute(command),
            Err(reason) => {
                let prompt = Prompt::refused(line, reason, &self.session);
                self.overlay = Some(Overlay::Prompt(prompt));
                self.ask_for_completions()
            }
        };
        self.settle();
        effects
    }

    fn execute(&mut self, command: ExCommand) -> Vec<Effect> {
        match command {
            // The word shows the map, where the key also leaves it.
            ExCommand::Run(Command::Map) => {
                self.leap(Topic::Tags);
                self.tags.show_map();
            }
            ExCommand::Run(command) => return self.run(command),
            ExCommand::Tag(name) => {
                self.leap(Topic::Tags);
                self.tags.show(&name, &self.session);
            }
            ExCommand::LookUp(text) => {
                self.leap(Topic::Lookup);
                self.lookup.set_query(&text, &self.session);
            }
            ExCommand::Region(region) => {
                self.leap(Topic::Tags);
                if !self.tags.choose_region(&region, &self.session) {
                    self.say("no tag of this week is of that region; these are all");
                }
            }
            ExCommand::Filter(words) if self.topic == Topic::Diff => {
                self.diff.set_filter(&words, &self.session);
            }
            ExCommand::Filter(words) if self.topic == Topic::Rules => {
                self.rules.set_filter(&words, &self.session);
            }
            ExCommand::Filter(words) if self.topic == Topic::Endpoints => {
                self.endpoints.set_filter(&words);
            }
            ExCommand::Registry(text) => {
                self.leap(Topic::Endpoints);
                if let Err(error) = self.endpoints.set_registry(&text, &self.session) {
                    self.say(&error.to_string());
                }
            }
            ExCommand::Import(path) => {
                self.leap(Topic::Endpoints);
                self.say("reading …");
                return vec![self.endpoints.import(expand_home(&path))];
            }
            ExCommand::Rules(paths) => {
                self.leap(Topic::Rules);
                return self.open_rules(paths);
            }
            ExCommand::StandsFor(tag) => return self.state_tag(&tag),
            ExCommand::Load(name) if self.topic == Topic::Rules => return self.load_rules(name),
            ExCommand::Save(name) if self.topic == Topic::Rules => match self.rules.save(name) {
                Some(effect) => return vec![effect],
                None => self.say("no rules are open yet: o opens a file"),
            },
            ExCommand::Load(name) => {
                self.leap(Topic::Endpoints);
                self.status = Safe::from(format!("opening {} …", Safe::new(&name)));
                return vec![self.endpoints.load(name)];
            }
            ExCommand::Save(name) => match self.endpoints.save(name) {
                Some(effect) => return vec![effect],
                None => self.say("no registry is planned yet: 3 types its name"),
            },
            ExCommand::Diff(weeks) => {
                self.leap(Topic::Diff);
                return vec![self.diff.compare(weeks, &self.session)];
            }
            ExCommand::Filter(words) => {
                self.leap(Topic::Tags);
                self.tags.set_filter(&words, &self.session);
            }
            ExCommand::Sort(sort) => {
                self.topic = Topic::Tags;
                self.tags.sort_by(sort, &self.session);
            }
            ExCommand::Week(week) => return self.open_week(week),
            ExCommand::Cloud(cloud) => {
                return self.open_data(self.session.request.newest_of(Some(cloud)));
            }
            ExCommand::File(path) => {
                return self.open_data(source::Request {
                    file: Some(expand_home(&path)),
                    ..self.session.request.newest_of(None)
                });
            }
            ExCommand::Theme(name) => match Theme::named(&name) {
                Ok(theme) => self.theme = theme,
                Err(error) => self.say(&error.to_string()),
            },
            ExCommand::Export(path) => return self.export(expand_home(&path)),
            ExCommand::Make(target) => return self.open_export(Some(target), Scope::Fitting),
            ExCommand::Fit(limit) => return self.open_fit(&limit, Scope::Fitting),
        }
        Vec::new()
    }

    /// A jump to a view: it begins here.
    fn leap(&mut self, topic: Topic) {
        self.leave();
        self.topic = topic;
    }

    /// Another week of the cloud on screen.
    fn open_week(&mut self, week: WeekChoice) -> Vec<Effect> {
        let is_named = self.session.request.file.is_some() || self.session.request.cloud.is_some();
        let cloud = is_named.then(|| self.session.dataset.cloud());
        self.open_data(source::Request {
            week,
            ..self.session.request.newest_of(cloud)
        })
    }

    fn open_data(&mut self, request: source::Request) -> Vec<Effect> {
        let ticket = self.next_ticket();
        self.opening = Some((ticket, request.clone()));
        self.say("opening …");
        vec![Effect::Open { ticket, request }]
    }

    /// New data: every view asks again, and the selection stays where it was by name.
    pub fn opened(&mut self, ticket: u64, outcome: Outcome) -> Vec<Effect> {
        let mut effects = Vec::new();
        let opening = self.opening.take_if(|(asked, _)| *asked == ticket);
        let Some((_, request)) = opening else {
            return effects;
        };
        match outcome {
            Outcome::Opened(dataset) => {
                let bookmark = self.bookmark();
                let was_as_of = self.session.as_of();
                self.session.dataset = *dataset;
                self.session.request = request;
                self.tags.reload(&bookmark.tags, &self.session);
                self.lookup.reload(&bookmark.lookup, &self.session);
                self.endpoints.replan(&self.session);
                self.rules.reload(&self.session);
                self.say_opened();
                self.refit();
                let is_open = self.topic == Topic::Diff;
                effects.extend(self.diff.reload(is_open, &self.session));
                effects.extend(self.hold_rules());
                let cloud = self.session.dataset.cloud();
                let is_of_cloud =
                    self.session.week_history.as_ref().map(WeekHistory::cloud) == Some(cloud);
                let as_of = self.session.as_of();
                if !is_of_cloud || as_of != was_as_of {
                    self.session.week_history = None;
                    self.tags.refresh_week_history(&self.session);
                    effects.push(self.read_week_history());
                }
            }
            Outcome::Failed(reason) => {
                self.news.clear();
                self.status = reason;
            }
            _ => {}
        }
        self.settle();
        effects
    }

    /// Fetches the newest publication of the cloud on screen.
    pub fn fetch(&mut self) -> Vec<Effect> {
        if self.session.is_offline {
            self.say("the network is forbidden (--offline, TAGSCOPE_OFFLINE or the settings)");
            return Vec::new();
        }
        if self.updating.is_some() {
            self.say("it is being fetched already");
            return Vec::new();
        }
        let ticket = self.next_ticket();
        self.updating = Some(ticket);
        self.say("asking the publisher …");
        let cloud = self.session.dataset.cloud();
        vec![Effect::Update {
            ticket,
            within: self.session.request.newest_of(Some(cloud)),
        }]
    }

    /// What became of an update: a new week is opened where the newest one was on screen.
    pub fn updated(&mut self, ticket: u64, outcome: Outcome) -> Vec<Effect> {
        if self.updating.take_if(|asked| *asked == ticket).is_none() {
            return Vec::new();
        }
        let updated = match outcome {
            Outcome::Updated(updated) => updated,
            Outcome::Failed(reason) => {
                self.status = reason;
                return Vec::new();
            }
            _ => return Vec::new(),
        };
        let week = &updated.receipt.week;
        let date = week.date.as_deref().unwrap_or("no date");
        let own = self.session.dataset.record();
        let is_shown = (&own.date, &own.content_hash) == (&week.date, &week.content_hash);
        let mut text = match updated.receipt.status {
            Status::Added => format!("new: {} of {date}; 5 shows what changed", week.cloud),
            Status::Held => format!("{} of {date} is held, and a later week too", week.cloud),
            Status::Current => format!("{} of {date} is the newest there is", week.cloud),
        };
        for note in &updated.notes {
            text = format!("{text}; {note}");
        }
        let mut effects = Vec::new();
        // Another program may have fetched what is new to this one.
        if updated.receipt.status == Status::Added || !is_shown {
            effects.push(self.read_week_history());
            let request = self.session.request.clone();
            if request.file.is_none() && request.week == WeekChoice::Latest {
                self.news.clone_from(&text);
                effects.extend(self.open_data(request));
            } else {
                text = format!("{text}; :week latest goes to it");
                let is_open = self.topic == Topic::Diff;
                effects.extend(self.diff.reload(is_open, &self.session));
            }
        }
        self.status = Safe::from(text);
        self.settle();
        effects
    }

    fn say_opened(&mut self) {
        let info = self.session.dataset.info();
        let date = info
            .date
            .map_or_else(|| "without a date".to_owned(), |date| date.to_string());
        let provenance = self.session.dataset.provenance();
        let flaws = match provenance.flaw_count {
            0 => String::new(),
            1 => ", 1 flaw (tagscope info says which)".to_owned(),
            flaws => format!(", {flaws} flaws (tagscope info lists them)"),
        };
        let (cloud, tags) = (info.cloud, self.session.dataset.view().tag_count());
        let origin = &provenance.origin;
        let mut notes = String::new();
        for note in &provenance.notes {
            notes.push_str(note.as_str());
            notes.push_str(". ");
        }
        let news = match std::mem::take(&mut self.news) {
            news if news.is_empty() => news,
            news => format!("{news}. "),
        };
        let text = format!("{news}{notes}{cloud} {date}: {tags} tags{flaws}; from {origin}");
        self.status = Safe::from(text);
    }

    /// Sends a text to the clipboard, cleaned line by line.
    pub fn copy(&mut self, text: &str, what: &str) -> Vec<Effect> {
        let lines: Vec<_> = text
            .lines()
            .map(|line| line.split('\t').map(clean).collect::<Vec<_>>().join("\t"))
            .collect();
        let text = lines.join("\n");
        let what = Safe::new(what);
        if self.clipboard == Clipboard::Off {
            self.say("the clipboard is off in the settings");
            return Vec::new();
        }
        if text.len() > MAX_COPY {
            let text = format!(
                "{what}: {} kB are more than the {} kB that a terminal's clipboard takes; a file \
                 takes it",
                text.len() / 1000,
                MAX_COPY / 1000
            );
            self.status = Safe::from(text);
            return Vec::new();
        }
        let ticket = self.next_ticket();
        self.copying = Some(ticket);
        let target = self.clipboard.target();
        self.status = Safe::from(format!("sent to {target}: {what}"));
        vec![Effect::Copy {
            ticket,
            text,
            way: self.clipboard,
        }]
    }

    /// The answer of the open view as a file; the ending says in which form.
    fn export(&mut self, path: PathBuf) -> Vec<Effect> {
        let form = path.extension().map_or(String::new(), |ending| {
            ending.to_string_lossy().to_ascii_lowercase()
        });
        match self.exported(&form) {
            Ok(bytes) => self.write(path, bytes, false),
            Err(reason) => {
                self.status = reason;
                Vec::new()
            }
        }
    }

    /// The answer of the open view in a form.
    pub(super) fn exported(&self, form: &str) -> Result<Vec<u8>, Safe> {
        let dataset = &self.session.dataset;
        match self.topic {
            Topic::Tags => {
                if let Some(tag) = self.tags.exported_tag() {
                    let record = tag.record(dataset);
                    return written(&tag.sheet(dataset), &record, form);
                }
                let list = self.tags.exported_list();
                written(&list.sheet(dataset), &list.record(dataset), form)
            }
            Topic::Diff => {
                let Some((answer, base, target)) = self.diff.exported() else {
                    return Err(Safe::new("there is no comparison yet to write"));
                };
                if matches!(form, "md" | "markdown") {
                    let mut bytes = Vec::new();
                    let [from, to] = self.diff.names();
                    let named = Named {
                        base: &from,
                        target: &to,
                    };
                    return match write_review(answer, [base, target], named, &mut bytes) {
                        Ok(()) => Ok(bytes),
                        Err(error) => Err(Safe::from(error.to_string())),
                    };
                }
                written(
                    &answer.sheet(base, target),
                    &answer.record(base, target),
                    form,
                )
            }
            Topic::Endpoints => self.exported_plan(form),
            Topic::Rules => self.exported_rules(form),
            Topic::Lookup => {
                if let Some(bytes) = self.lookup.exported_explanation(form, &self.session) {
                    return Ok(bytes);
                }
                let Some(answer) = self.lookup.exported() else {
                    return Err(Safe::new("there is no answer yet to write"));
                };
                let week = dataset.record();
                let record = answer.record(&week, dataset);
                written(&answer.sheet(dataset), &record, form)
            }
        }
    }
}

impl App {
    /// The plan; in Markdown as a text for a firewall ticket.
    fn exported_plan(&self, form: &str) -> Result<Vec<u8>, Safe> {
        let session = &self.session;
        let (Some(answer), Some(command)) = (
            self.endpoints.exported(session),
            self.endpoints.command(session),
        ) else {
            return Err(Safe::new("there is no plan yet to write"));
        };
        let dataset = Some(&session.dataset);
        let week = dataset.filter(|dataset| dataset.cloud() == answer.profile.cloud);
        if matches!(form, "md" | "markdown") {
            let mut bytes = Vec::new();
            return match write_ticket(&answer, week, &session.facts, &command, &mut bytes) {
                Ok(()) => Ok(bytes),
                Err(error) => Err(Safe::from(error.to_string())),
            };
        }
        let table = endpoints::Table::new(&answer.rows);
        written(&table, &answer.record(week, false), form)
    }
}

/// An answer in the form that a file's ending names.
pub(super) fn written(
    sheet: &impl Sheet,
    record: &impl Serialize,
    form: &str,
) -> Result<Vec<u8>, Safe> {
    let mut bytes = Vec::new();
    let done = match form {
        "csv" => write_csv(sheet, true, &mut bytes),
        "json" => write_json(record, &mut bytes),
        "jsonl" => write_json_line(record, &mut bytes),
        "md" | "markdown" => write_markdown(sheet, true, &mut bytes),
        "txt" | "tsv" => write_tabs(sheet, &mut bytes),
        _ => {
            let text = "the file's ending says the form: .csv, .json, .jsonl, .md, .txt";
            return Err(Safe::new(text));
        }
    };
    done.map(|()| bytes)
        .map_err(|error| Safe::from(error.to_string()))
}
