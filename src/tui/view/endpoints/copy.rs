//! What `y`, `Y`, `C` and the export take from Endpoints.

use std::fmt::Write;

use ratatui::layout::Rect;

use crate::azure::registry::Profile;
use crate::text::quote;
use crate::tui::Place;
use crate::tui::component::Reply;
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::lines::PlanLine;

impl EndpointsView {
    /// What a copy takes, by the pane with the keys.
    pub fn copy(&self, what: Copied, area: Rect, session: &Session) -> Reply {
        let text = match (what, self.place) {
            (Copied::Command, _) => self.command(session),
            (Copied::Cell, Place::Plan) => self.selected_name(),
            (Copied::Cell, Place::PlanDetail) => self.copied_detail(area, session),
            (Copied::Cell, Place::Advice) => {
                let advice = self.selected_advice(self.areas(area).advice);
                advice.map(|advice| advice.text.clone())
            }
            (Copied::Cell, _) => self.profile.as_ref().map(Profile::login_server),
            (Copied::Rows, Place::PlanDetail) => return self.copy_prefixes(session),
            (Copied::Rows, Place::Advice) => return self.copy_advice(),
            (Copied::Rows, _) => return self.copy_rows(),
        };
        match text {
            Some(text) => Reply::Copy {
                what: text.clone(),
                text,
            },
            None => Reply::say("there is nothing here to copy".to_owned()),
        }
    }

    /// The host of the selected row, or what stands in its place.
    fn selected_name(&self) -> Option<String> {
        match self.selected_line()? {
            PlanLine::Row(position) => self.row(*position).map(|row| row.shown().to_owned()),
            PlanLine::Record(position) => self.record(*position).map(|record| record.name.clone()),
            _ => None,
        }
    }

    /// The rows on screen, `host:port` and why.
    fn copy_rows(&self) -> Reply {
        let mut text = String::new();
        let mut count = 0;
        for line in &self.lines {
            if let PlanLine::Row(position) = line
                && let Some(row) = self.row(*position)
            {
                count += 1;
                // Writing into a text cannot fail.
                let _ = writeln!(text, "{}:{}\t{}", row.shown(), row.port, row.purpose);
            }
        }
        let what = format!("{count} rows of the plan");
        Reply::Copy { text, what }
    }

    fn copy_prefixes(&self, session: &Session) -> Reply {
        let blocks = self.copied_prefixes(session);
        if blocks.is_empty() {
            return Reply::say("the row has no prefixes in the week on screen".to_owned());
        }
        let mut text = String::new();
        for block in &blocks {
            let _ = writeln!(text, "{block}");
        }
        let of = self.selected_name().unwrap_or_default();
        let what = format!("{} prefixes for {of}", blocks.len());
        Reply::Copy { text, what }
    }

    fn copy_advice(&self) -> Reply {
        let mut text = String::new();
        for advice in self.advice() {
            let _ = writeln!(text, "{}: {}", advice.level.word(), advice.text);
        }
        let what = format!("{} sentences of advice", self.advice().len());
        Reply::Copy { text, what }
    }

    /// The command line with the same plan.
    #[must_use]
    pub fn command(&self, session: &Session) -> Option<String> {
        let profile = self.profile.as_ref()?;
        let mut words = vec!["endpoints".to_owned()];
        words.extend(profile.words());
        // Another cloud's plan is made without the week on screen.
        if profile.cloud == session.dataset.cloud() {
            let request = &session.request;
            if let Some(file) = &request.file {
                words.push("--file".to_owned());
                words.push(file.to_string_lossy().into_owned());
            } else if let Some(week) = request.week.flag() {
                words.push("--week".to_owned());
                words.push(week);
            }
        }
        let words: Vec<String> = words.iter().map(|word| quote(word).into_owned()).collect();
        Some(format!("tagscope {}", words.join(" ")))
    }

    /// A name for an export.
    #[must_use]
    pub fn export_name(&self) -> String {
        let label = self
            .profile
            .as_ref()
            .map_or("registry", |profile| &profile.label);
        format!("{label}-endpoints")
    }
}
