//! The selected row in full: why, for whom, how well known, its tags and their prefixes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as TextSpan};
use ratatui::widgets::Paragraph;

use crate::azure::Certainty;
use crate::azure::registry::Switch;
use crate::query::Cell;
use crate::query::endpoints::{DnsRecord, EndpointGroup, EndpointRow};
use crate::space::{Block, Family, Span};
use crate::text::{clean, cut_end, cut_middle, pad, width, wrap};
use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::lines::{EndpointDetailLine, PlanLine, PlanSign};
use crate::tui::view::endpoints::plan::private_notes;
use crate::tui::widget::{Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Place, Theme};

/// Columns of a property's name.
const NAME: usize = 10;

impl EndpointsView {
    /// The lines of the selected row, wrapped for the pane's width.
    pub fn detail_lines(&self, area: Rect, session: &Session) -> Vec<EndpointDetailLine> {
        let room = usize::from(inside(area).width);
        if room == 0 {
            return Vec::new();
        }
        match self.selected_line() {
            Some(PlanLine::Row(position)) => self.row(*position).map_or_else(Vec::new, |row| {
                self.row_lines(row, position.sign, room, session)
            }),
            Some(PlanLine::Record(position)) => self
                .record(*position)
                .map_or_else(Vec::new, |record| self.record_detail(record, room)),
            _ => Vec::new(),
        }
    }

    fn row_lines(
        &self,
        row: &EndpointRow,
        sign: PlanSign,
        room: usize,
        session: &Session,
    ) -> Vec<EndpointDetailLine> {
        let mut lines = Vec::new();
        let mut say = |text: &str, tone: Tone| {
            let texts = wrap(&clean(text), room).into_iter();
            lines.extend(texts.map(|text| EndpointDetailLine::Text(text, tone)));
        };
        if let Some((text, tone)) = self.became(row, sign) {
            say(&text, tone);
        }
        say(&row.purpose, Tone::Plain);
        let properties = [
            (
                "rule",
                format!("{} · TCP {} · {}", row.group.word(), row.port, row.need()),
            ),
            ("for", row.needed_by()),
            ("name is", known(row.certainty).to_owned()),
            ("source", row.source.to_owned()),
        ];
        for (name, value) in properties {
            let is_quiet = value.is_empty() || (name == "name is" && row.host.is_none());
            if !is_quiet {
                lines.extend(property(name, &value, room));
            }
        }
        for line in self.probe_lines(row, session) {
            match line {
                EndpointDetailLine::Text(text, tone) => {
                    // Lines that belong to an address stand below it.
                    let begin = if text.starts_with("  ") { "  " } else { "" };
                    let texts = wrap(&clean(text.trim_start()), room.saturating_sub(begin.len()));
                    let texts = texts.into_iter().map(|text| format!("{begin}{text}"));
                    lines.extend(texts.map(|text| EndpointDetailLine::Text(text, tone)));
                }
                line => lines.push(line),
            }
        }
        if row.tags.is_empty() {
            let profile = self.profile.as_ref();
            let is_private = profile.is_some_and(|profile| profile.has(Switch::PrivateLink));
            let text = if is_private && matches!(row.id, "global" | "regional" | "data") {
                "no tag: over private link the name leads to an address of your own network"
            } else {
                "no tag is known for it: allow it by host name"
            };
            let texts = wrap(text, room).into_iter();
            lines.extend(texts.map(|text| EndpointDetailLine::Text(text, Tone::Muted)));
        }
        lines.extend(tag_lines(row, room, session));
        lines
    }

    /// What became of the row in a comparison.
    fn became(&self, row: &EndpointRow, sign: PlanSign) -> Option<(String, Tone)> {
        match sign {
            PlanSign::Kept => None,
            PlanSign::Added => Some(("+ to be opened before the change".to_owned(), Tone::Head)),
            PlanSign::Removed => {
                let text = "− not needed any more: close it once every client has changed";
                Some((text.to_owned(), Tone::Head))
            }
            PlanSign::Changed => {
                let before = self.row_before(row)?;
                let tags = if before.tags.is_empty() {
                    "none".to_owned()
                } else {
                    before.tags.join(", ")
                };
                Some((format!("~ its tags were: {tags}"), Tone::Head))
            }
        }
    }

    fn record_detail(&self, record: &DnsRecord, room: usize) -> Vec<EndpointDetailLine> {
        let mut texts = vec![
            (record.name.clone(), Tone::Head),
            (
                format!("{} record → {}", record.kind, record.target),
                Tone::Plain,
            ),
        ];
        if let Some(member) = &record.member {
            texts.push((format!("member of the endpoint: {member}"), Tone::Plain));
        }
        let link = self
            .plan
            .as_ref()
            .and_then(|plan| plan.shown.private_link.as_ref());
        let notes = link.into_iter().flat_map(private_notes);
        texts.extend(notes.map(|note| (note, Tone::Muted)));
        texts
            .into_iter()
            .flat_map(|(text, tone)| {
                let lines = wrap(&clean(&text), room).into_iter();
                lines
                    .map(move |line| EndpointDetailLine::Text(line, tone))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// The line of the first tag; the first line where there is none.
    pub fn first_tag(&self, area: Rect, session: &Session) -> usize {
        let lines = self.detail_lines(self.areas(area).detail, session);
        let is_tag = |line: &EndpointDetailLine| matches!(line, EndpointDetailLine::Tag(..));
        lines.iter().position(is_tag).unwrap_or(0)
    }

    fn selected_detail(&self, area: Rect, session: &Session) -> Option<EndpointDetailLine> {
        let lines = self.detail_lines(self.areas(area).detail, session);
        lines.into_iter().nth(self.detail_list.selected)
    }

    /// Enter on a line: to the tag, or to the prefix.
    pub fn follow(&self, area: Rect, session: &Session) -> Reply {
        match self.selected_detail(area, session) {
            Some(EndpointDetailLine::Tag(name, _)) => self.to_tag(name, session),
            Some(EndpointDetailLine::Prefix(block)) => Reply::look_up(block.span()),
            Some(EndpointDetailLine::Address(address, _)) => Reply::look_up(Span::of(address)),
            _ => Reply::say("no tag and no prefix on this line".to_owned()),
        }
    }

    /// The tag with the cursor, else the first of the row.
    pub fn show_tag(&self, session: &Session) -> Reply {
        let row = match self.selected_line() {
            Some(PlanLine::Row(position)) => self.row(*position),
            _ => None,
        };
        match row.and_then(|row| row.tags.first()) {
            Some(tag) => self.to_tag(tag.clone(), session),
            None => Reply::say("this row has no service tag".to_owned()),
        }
    }

    fn to_tag(&self, name: String, session: &Session) -> Reply {
        let cloud = self.profile.as_ref().map(|profile| profile.cloud);
        if let Some(cloud) = cloud.filter(|cloud| *cloud != session.dataset.cloud()) {
            let text = format!(
                "{name} is a tag of {cloud}, and another cloud is on screen: :cloud {} opens it",
                cloud.flag()
            );
            return Reply::say(text);
        }
        if session.dataset.view().find(&name).is_none() {
            let text = format!("{name} is not in the week on screen; :week opens another one");
            return Reply::say(text);
        }
        Reply::show_tag(name)
    }

    /// What `y` and `Y` copy of the detail: the name or prefix, all prefixes of the row.
    pub fn copied_detail(&self, area: Rect, session: &Session) -> Option<String> {
        match self.selected_detail(area, session)? {
            EndpointDetailLine::Tag(name, _) => Some(name),
            EndpointDetailLine::Prefix(block) => Some(block.to_string()),
            EndpointDetailLine::Address(address, _) => Some(address.to_string()),
            EndpointDetailLine::Text(text, _) => Some(text),
        }
    }

    /// The prefixes of all tags of the selected row, each once.
    pub fn copied_prefixes(&self, session: &Session) -> Vec<Block> {
        let row = match self.selected_line() {
            Some(PlanLine::Row(position)) => self.row(*position),
            _ => None,
        };
        let view = session.dataset.view();
        let tags = row.into_iter().flat_map(|row| &row.tags);
        let mut blocks: Vec<Block> = tags
            .filter_map(|name| view.find(name))
            .flat_map(|tag| view.all_prefixes(tag))
            .filter(|_| self.is_of_week(session))
            .collect();
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    }

    fn is_of_week(&self, session: &Session) -> bool {
        let cloud = self.profile.as_ref().map(|profile| profile.cloud);
        cloud == Some(session.dataset.cloud())
    }
}

const fn known(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Documented => "documented",
        Certainty::Disputed => "disputed: sources say different things",
        Certainty::Assumed => {
            "assumed: follows a pattern or is known from use, no document says it"
        }
    }
}

/// A property's name and value; a value with a long word begins on a line of its own.
fn property(name: &str, value: &str, room: usize) -> Vec<EndpointDetailLine> {
    let left = room.saturating_sub(NAME);
    let text = |text: String| EndpointDetailLine::Text(text, Tone::Plain);
    if value.split(' ').any(|word| width(word) > left) {
        let lines = wrap(value, room.saturating_sub(2)).into_iter();
        let lines = lines.map(|line| text(format!("  {line}")));
        return std::iter::once(text(name.to_owned()))
            .chain(lines)
            .collect();
    }
    let lines = wrap(value, left).into_iter().enumerate();
    lines
        .map(|(place, line)| {
            let name = if place == 0 { name } else { "" };
            text(format!("{}{line}", pad(name, NAME, false)))
        })
        .collect()
}

/// The tags, each with its prefixes below it.
fn tag_lines(row: &EndpointRow, room: usize, session: &Session) -> Vec<EndpointDetailLine> {
    let mut lines = Vec::new();
    if row.tags.is_empty() {
        return lines;
    }
    let counts = match row.prefixes {
        Some([v4, v6]) => {
            let [v4, v6] = [v4, v6].map(|count| Cell::Number(count).shown().into_owned());
            format!("{v4} IPv4 and {v6} IPv6 prefixes, each once")
        }
        None => "not counted, since no week of this cloud is on screen".to_owned(),
    };
    // Of an inbound row the tag is where the connection comes from.
    let of = match row.group {
        EndpointGroup::Inbound => "of the source, ",
        EndpointGroup::Outbound | EndpointGroup::AgentPool => "",
    };
    let noun = match row.tags.len() {
        1 => "tag".to_owned(),
        tags => format!("{tags} tags"),
    };
    let comma = if of.is_empty() { ", " } else { " " };
    let head = format!("{noun}{comma}{of}{}: {counts}", row.tags_certainty.word());
    let head = wrap(&head, room).into_iter();
    lines.extend(head.map(|line| EndpointDetailLine::Text(line, Tone::Head)));
    let view = session.dataset.view();
    for name in &row.tags {
        lines.push(EndpointDetailLine::Tag(name.clone(), row.tags_certainty));
        if row.prefixes.is_none() {
            continue;
        }
        let found = view.find(name).into_iter();
        let blocks = found.flat_map(|tag| view.all_prefixes(tag));
        lines.extend(blocks.map(EndpointDetailLine::Prefix));
    }
    lines
}

/// How many prefixes a tag has, by family.
fn counts_of(name: &str, session: &Session) -> Option<String> {
    let view = session.dataset.view();
    let tag = view.find(name)?;
    let all = view.all_prefixes(tag);
    let v6 = all.filter(|block| block.family() == Family::V6).count();
    let v4 = view.tag(tag)?.prefixes().checked_sub(v6)?;
    let [v4, v6] = [v4, v6].map(|count| Cell::Number(count).shown().into_owned());
    Some(format!("{v4} v4, {v6} v6"))
}

pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    view: &EndpointsView,
    session: &Session,
    theme: &Theme,
) {
    if area.is_empty() {
        return;
    }
    let has_focus = view.place == Place::PlanDetail;
    let title = match view.selected_line() {
        Some(PlanLine::Row(position)) => view.row(*position).map(|row| row.shown().to_owned()),
        Some(PlanLine::Record(position)) => {
            view.record(*position).map(|record| record.name.clone())
        }
        _ => None,
    };
    let title = title.unwrap_or_else(|| "no row selected".to_owned());
    let pane = Pane {
        title: &title,
        note: "",
        has_focus,
    };
    let body = draw_pane(frame, area, &pane, theme);
    let room = usize::from(body.width);
    let lines = view.detail_lines(area, session);
    let shown = view
        .detail_list
        .visible(lines.len(), usize::from(body.height));
    let drawn: Vec<Line<'_>> = lines
        .iter()
        .enumerate()
        .skip(shown.start)
        .take(shown.len())
        .map(|(row, line)| {
            let (text, plain) = match line {
                EndpointDetailLine::Text(text, tone) => (text.clone(), tone.style(theme)),
                EndpointDetailLine::Tag(name, certainty) => (
                    tag_text(name, *certainty, room, view, session),
                    theme.accent,
                ),
                EndpointDetailLine::Prefix(block) => {
                    let size = block.count().short();
                    (format!("  {block}  {size}"), theme.text)
                }
                EndpointDetailLine::Address(address, told) => {
                    (format!("{address}  {told}"), theme.accent)
                }
            };
            let text = pad(&cut_end(&text, room), room, false);
            let is_selected = row == view.detail_list.selected && has_focus;
            let style = if is_selected { theme.selected } else { plain };
            Line::from(TextSpan::styled(text, style))
        })
        .collect();
    frame.render_widget(Paragraph::new(drawn), body);
    draw_scroll_mark(frame, area, &shown, lines.len(), theme);
}

fn tag_text(
    name: &str,
    certainty: Certainty,
    room: usize,
    view: &EndpointsView,
    session: &Session,
) -> String {
    let dot = certainty.dot();
    let counts = counts_of(name, session).filter(|_| view.is_of_week(session));
    let counts = counts.map_or_else(String::new, |counts| format!("  {counts}"));
    let name = format!("{dot}{}", clean(name));
    // The name matters more than how many prefixes follow it.
    if width(&name) + width(&counts) > room {
        return cut_middle(&name, room).into_owned();
    }
    format!("{name}{counts}")
}
