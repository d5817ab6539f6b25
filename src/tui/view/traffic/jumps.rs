//! From what is selected to Tags, Diff and Rules.

use crate::query::ViewTopic;
use crate::query::traffic::BreakdownRow;
use crate::traffic::By;
use crate::tui::Place;
use crate::tui::component::Reply;
use crate::tui::ex_command::ExCommand;
use crate::tui::session::Session;
use crate::tui::view::traffic::TrafficView;
use crate::tui::view::traffic::ends::tag_name;

/// What a flow log puts before the names of rules.
const BEFORE_RULES: [&str; 2] = ["UserRule_", "DefaultRule_"];
const NOTHING: &str = "nothing is selected";
const IN_NO_TAG: &str = "it is in no tag";

/// The tags of it, in Tags.
pub fn tags(view: &TrafficView, session: &Session) -> Reply {
    if view.place == Place::TrafficAddresses {
        let Some(end) = view.end() else {
            return Reply::say(NOTHING);
        };
        return tag_name(end, session).map_or_else(|| Reply::say(IN_NO_TAG), Reply::show_tag);
    }
    let Some(row) = view.row() else {
        return Reply::say(NOTHING);
    };
    match view.model.by() {
        By::Tag if !row.is_nowhere => Reply::show_tag(row.name.clone()),
        by => match filter(by, row, session) {
            Ok(words) => Reply::Go(ExCommand::FilterIn(ViewTopic::Tags, words)),
            Err(reason) => Reply::say(reason),
        },
    }
}

/// What the weeks changed for it, in Diff.
pub fn changes(view: &TrafficView, session: &Session) -> Reply {
    let words = match (view.place, view.end(), view.row()) {
        (Place::TrafficAddresses, Some(end), _) => Ok(end.address()),
        (_, _, Some(row)) => match view.model.by() {
            By::Tag if !row.is_nowhere => Ok(row.name.clone()),
            by => filter(by, row, session),
        },
        _ => Err(NOTHING),
    };
    match words {
        Ok(words) => Reply::Go(ExCommand::FilterIn(ViewTopic::Diff, words)),
        Err(reason) => Reply::say(reason),
    }
}

/// The rules that hold the address or name the tag, or the one of this name, in Rules.
pub fn rules(view: &TrafficView, session: &Session) -> Reply {
    if session.board.touched.files.is_empty() {
        return Reply::say(
            "no rules are open: :rules FILE opens them, then r shows those of a row",
        );
    }
    let words = match (view.place, view.end(), view.row()) {
        (Place::TrafficAddresses, Some(end), _) => end.address(),
        (_, _, Some(row)) if view.model.by() == By::Rule => rule_words(&row.name),
        (_, _, Some(row)) if view.model.by() == By::Tag && !row.is_nowhere => row.name.clone(),
        (_, _, Some(_)) => {
            let text = "Enter goes to its addresses: r there shows the rules that hold one";
            return Reply::say(text);
        }
        _ => return Reply::say(NOTHING),
    };
    Reply::Go(ExCommand::FilterIn(ViewTopic::Rules, words))
}

/// The name of a rule as its group has it: flow logs put a word before it, firewalls the collections.
fn rule_words(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    let mut heads = BEFORE_RULES.iter();
    heads
        .find_map(|head| last.strip_prefix(head))
        .unwrap_or(last)
        .to_owned()
}

/// The filter of tags that says the same as a row.
fn filter(by: By, row: &BreakdownRow, session: &Session) -> Result<String, &'static str> {
    if row.is_nowhere {
        return Err(IN_NO_TAG);
    }
    let view = session.dataset.view();
    let mut tags = view.tag_ids().filter_map(|tag| view.tag(tag));
    match by {
        By::Service if tags.any(|tag| tag.system_service == row.name) => {
            Ok(format!("service:{}", row.name))
        }
        By::Service => Err("these tags have no service; b counts by tag"),
        By::Region if tags.any(|tag| tag.region == row.name) => Ok(format!("region:{}", row.name)),
        By::Region => Ok("region:none".to_owned()),
        _ => Err("a rule is no tag: Enter goes to its addresses"),
    }
}
