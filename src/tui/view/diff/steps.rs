//! From week to week, and from change to change.

use crate::tui::view::Request;
use crate::tui::view::diff::DiffView;
use crate::tui::view::diff::changes::ChangeLine;

impl DiffView {
    /// Keeps the selected week as the base, or lets it follow again.
    pub fn mark_base(&mut self) -> Option<Request> {
        let week = self.weeks.get(self.week_list.selected)?;
        if self.pair.is_target(week) {
            let text = "that week is the target: the base is another one";
            return Some(Request::Say(text.to_owned()));
        }
        if !self.pair.fix_base(week)
            && let Err(reason) = self.pair.follow(&self.weeks)
        {
            return Some(Request::Say(reason.to_string()));
        }
        let text = "the base is marked; Enter on another week compares it";
        let done = self.open_pair().map(Request::Do);
        Some(done.unwrap_or_else(|| Request::Say(text.to_owned())))
    }

    /// The publication before or after the target becomes the target.
    pub fn move_target(&mut self, is_older: bool) -> Request {
        let Some(at) = self.pair.place_of_target(&self.weeks) else {
            let text = "nothing is compared yet: Tab goes to the weeks, Enter takes one";
            return Request::Say(text.to_owned());
        };
        let next = if is_older {
            Some(at + 1)
        } else {
            at.checked_sub(1)
        };
        let week = next.and_then(|next| self.weeks.get(next));
        let Some(week) = week else {
            let end = if is_older { "oldest" } else { "newest" };
            return Request::Say(format!("that is the {end} week at hand"));
        };
        match self.pair.set_target(week, &self.weeks) {
            Ok(()) => self.go(),
            Err(reason) => Request::Say(reason.to_string()),
        }
    }

    pub fn choose_target(&mut self) -> Option<Request> {
        let week = self.weeks.get(self.week_list.selected)?;
        match self.pair.set_target(week, &self.weeks) {
            Ok(()) => Some(self.go()),
            Err(reason) => Some(Request::Say(reason.to_string())),
        }
    }

    fn go(&mut self) -> Request {
        let none = || Request::Say("there is no week before it to compare with".to_owned());
        self.open_pair().map_or_else(none, Request::Do)
    }

    /// The next or the previous changed tag, its service opened.
    pub fn step(&mut self, is_next: bool) -> Option<Request> {
        let compared = self.compared()?;
        let order: Vec<String> = compared
            .shown
            .groups(self.order)
            .iter()
            .flat_map(|group| self.kept(group))
            .map(|tag| tag.name.clone())
            .collect();
        let at = match self.lines.get(self.change_list.selected) {
            Some(ChangeLine::Tag { .. }) => {
                let name = self.selected_name()?;
                let at = order.iter().position(|other| *other == name)?;
                if is_next {
                    Some(at + 1)
                } else {
                    at.checked_sub(1)
                }
            }
            Some(ChangeLine::Service(service)) => {
                let first = order.iter().position(|name| {
                    let tag = compared.shown.tags.iter().find(|tag| tag.name == *name);
                    tag.is_some_and(|tag| tag.service == service.name)
                })?;
                if is_next {
                    Some(first)
                } else {
                    first.checked_sub(1)
                }
            }
            None => None,
        };
        let Some(name) = at.and_then(|at| order.get(at)).cloned() else {
            let end = if is_next { "last" } else { "first" };
            return Some(Request::Say(format!("that is the {end} change")));
        };
        self.select(Some(&name));
        None
    }
}
