//! What `y`, `Y`, `C` and the export take from Tags.

use std::fmt::Write;

use crate::index::TagId;
use crate::query::tags::{RegionChoice, Sort, prefixes};
use crate::query::{Cell, show};
use crate::text::plural;
use crate::tui::Place;
use crate::tui::component::{Reply, Scope};
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::tags::TagsView;
use crate::tui::view::tags::regions::RegionLine;

impl TagsView {
    /// What a copy takes: on a watched tag of all watched ones, else of the selected one.
    pub fn copy(&self, what: Copied, session: &Session) -> Reply {
        let copied = match (what, self.place) {
            (Copied::Command, _) => Some(self.command(session)),
            (_, Place::Regions | Place::Map) => self.region_name(),
            (Copied::Cell, Place::Detail) => self.prefix(session),
            (Copied::Cell, _) => Some(self.names(session)),
            (Copied::Rows, Place::Detail) => {
                let own = self.selected().into_iter().collect::<Vec<_>>();
                Some(all_prefixes(&own, session))
            }
            (Copied::Rows, _) => Some(all_prefixes(&self.chosen(session), session)),
        };
        match copied.filter(|(text, _)| !text.is_empty()) {
            Some((text, what)) => Reply::Copy { text, what },
            None => Reply::say("nothing is selected to copy".to_owned()),
        }
    }

    /// On a watched tag all watched ones that this week has, else the selected one.
    fn chosen(&self, session: &Session) -> Vec<TagId> {
        if self.is_on_watched(session) {
            return watched(session);
        }
        self.selected().into_iter().collect()
    }

    /// The tags that are fitted and written, and what else there is.
    pub fn scoped(&self, scope: Scope, session: &Session) -> (Vec<TagId>, Scope, String) {
        let all = watched(session);
        let selected: Vec<TagId> = self.selected().into_iter().collect();
        let is_all = match scope {
            Scope::Fitting if self.place == Place::Detail => false,
            Scope::Fitting => self.is_marking || self.is_on_watched(session),
            Scope::Watched => true,
            Scope::Selected => false,
        };
        let has_other = !all.is_empty() && all != selected;
        let count = all.len();
        let noun = plural(count, "tag", "tags");
        if is_all && !all.is_empty() {
            let note = match names_of(&selected, session).first() {
                Some(name) if has_other => format!("{count} watched {noun} (w: {name} alone)"),
                _ => format!("{count} watched {noun}"),
            };
            return (all, Scope::Watched, note);
        }
        let note = format!("w: the {count} watched {noun}");
        let note = if has_other { note } else { String::new() };
        (selected, Scope::Selected, note)
    }

    fn is_on_watched(&self, session: &Session) -> bool {
        let name = self.selected_name(session);
        name.is_some_and(|name| session.watched.contains(name))
    }

    fn names(&self, session: &Session) -> (String, String) {
        let names = names_of(&self.chosen(session), session);
        let what = match names.as_slice() {
            [name] => name.clone(),
            names => format!("{} tag names", names.len()),
        };
        (names.join("\n"), what)
    }

    fn region_name(&self) -> Option<(String, String)> {
        match self.regions.chosen()? {
            RegionLine::Choice { name, choice, .. } => {
                let text = match choice {
                    RegionChoice::Property(property) => property.clone(),
                    _ => name.clone(),
                };
                Some((text.clone(), text))
            }
            RegionLine::Area(_) => None,
        }
    }

    fn prefix(&self, session: &Session) -> Option<(String, String)> {
        let text = self.selected_prefix(session)?.to_string();
        Some((text.clone(), text))
    }

    /// The command line whose answer is on screen.
    fn command(&self, session: &Session) -> (String, String) {
        let view = session.dataset.view();
        let name_of = |tag: TagId| view.tag(tag).map(|row| row.name);
        let words = match self.place {
            Place::Regions | Place::Map => vec!["regions".to_owned()],
            Place::Detail => {
                let own = self.selected().and_then(name_of);
                let words = ["tags", "show"].into_iter().chain(own);
                words.map(str::to_owned).collect()
            }
            _ if self.is_on_watched(session) => {
                let names = self.chosen(session).into_iter().filter_map(name_of);
                let words = ["tags", "prefixes"].into_iter().chain(names);
                words.map(str::to_owned).collect()
            }
            _ => self.list_words(),
        };
        let line = session.command_line(&words);
        (line.clone(), line)
    }

    fn list_words(&self) -> Vec<String> {
        let question = &self.question;
        let mut words = vec!["tags".to_owned()];
        // With an equals sign, since a filter may begin with a dash.
        if !question.filter.trim().is_empty() {
            words.push(format!("--filter={}", question.filter));
        }
        let region = match question.region() {
            RegionChoice::All => None,
            RegionChoice::NotRegional => Some("none"),
            RegionChoice::Property(property) => Some(property.as_str()),
        };
        if let Some(region) = region {
            words.push(format!("--region={region}"));
        }
        if question.sort != Sort::Name {
            words.push(format!("--sort={}", question.sort.word()));
        }
        if question.is_reversed {
            words.push("--reverse".to_owned());
        }
        words
    }

    /// A name for an export that says what is in the file.
    pub fn export_name(&self, session: &Session) -> String {
        let what = match self.place {
            Place::Detail => self.selected_name(session).unwrap_or("tag"),
            _ => "tags",
        };
        let what: String = what
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let date = session.dataset.info().date;
        let date = date.map_or(String::new(), |date| format!("-{date}"));
        format!("{what}{date}")
    }

    /// The selected tag while its prefixes have the keys: then they are what is exported.
    pub fn exported_tag(&self) -> Option<&show::ShowAnswer> {
        self.detail.as_ref().filter(|_| self.place == Place::Detail)
    }

    /// The listed tags.
    pub const fn exported_list(&self) -> &crate::query::tags::TagsAnswer {
        &self.answer
    }
}

/// The watched tags that this week has.
fn watched(session: &Session) -> Vec<TagId> {
    let view = session.dataset.view();
    let names = session.watched.iter();
    names.filter_map(|name| view.find(name)).collect()
}

/// The names of tags of the week.
pub fn names_of(tags: &[TagId], session: &Session) -> Vec<String> {
    let view = session.dataset.view();
    let rows = tags.iter().filter_map(|&tag| view.tag(tag));
    rows.map(|row| row.name.to_owned()).collect()
}

/// The prefixes of tags, one a line, each once.
fn all_prefixes(tags: &[TagId], session: &Session) -> (String, String) {
    let view = session.dataset.view();
    let blocks = prefixes(&session.dataset, tags, None);
    let mut text = String::new();
    for block in &blocks {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{block}");
    }
    let count = Cell::Number(blocks.len());
    let of = match tags {
        [tag] => view.tag(*tag).map_or("", |row| row.name).to_owned(),
        tags => format!("{} tags", tags.len()),
    };
    let noun = plural(blocks.len(), "prefix", "prefixes");
    (text, format!("{} {noun} of {of}", count.shown()))
}
