//! From week to week, and from change to change.

use crate::tui::component::{Cx, Reply};
use crate::tui::view::diff::DiffView;
use crate::tui::view::diff::changes::ChangeLine;

impl DiffView {
    /// Keeps the selected week as the base, or lets it follow again.
    pub fn mark_base(&mut self, cx: &mut Cx<'_>) {
        let Some(week) = self.weeks.get(self.week_list.selected) else {
            return;
        };
        if self.pair.is_target(week) {
            return cx.say("that week is the target: the base is another one");
        }
        if !self.pair.fix_base(week)
            && let Err(reason) = self.pair.follow(&self.weeks)
        {
            return cx.reply(Reply::Say(reason));
        }
        if !self.open_pair(cx) {
            cx.say("the base is marked; Enter on another week compares it");
        }
    }

    /// The publication before or after the target becomes the target.
    pub fn move_target(&mut self, is_older: bool, cx: &mut Cx<'_>) {
        let Some(at) = self.pair.place_of_target(&self.weeks) else {
            return cx.say("nothing is compared yet: Tab goes to the weeks, Enter takes one");
        };
        let next = if is_older {
            Some(at + 1)
        } else {
            at.checked_sub(1)
        };
        let week = next.and_then(|next| self.weeks.get(next));
        let Some(week) = week else {
            let end = if is_older { "oldest" } else { "newest" };
            return cx.say(format!("that is the {end} available week"));
        };
        match self.pair.set_target(week, &self.weeks) {
            Ok(()) => self.go(cx),
            Err(reason) => cx.reply(Reply::Say(reason)),
        }
    }

    /// The selected week becomes the target.
    pub fn choose_target(&mut self, cx: &mut Cx<'_>) {
        let Some(week) = self.weeks.get(self.week_list.selected) else {
            return;
        };
        match self.pair.set_target(week, &self.weeks) {
            Ok(()) => self.go(cx),
            Err(reason) => cx.reply(Reply::Say(reason)),
        }
    }

    fn go(&mut self, cx: &mut Cx<'_>) {
        if !self.open_pair(cx) {
            cx.say("there is no week before it to compare with");
        }
    }

    /// The next or the previous changed tag, its service opened.
    pub fn step(&mut self, is_next: bool) -> Option<Reply> {
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
            return Some(Reply::say(format!("that is the {end} change")));
        };
        self.select(Some(&name));
        None
    }
}
