//! The registry's profile: rows that are changed in place.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::azure::Cloud;
use crate::azure::registry::{Client, Profile, Sku, Switch};
use crate::text::{Safe, cut_end, cut_middle, pad, wrap};
use crate::tui::component::Reply;
use crate::tui::layout::inside;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::widget::{List, Pane, draw_pane, draw_scroll_mark};
use crate::tui::{Chord, Command, Key, Place, Theme};

/// Columns of a row's name.
const NAME: usize = 9;

/// A row that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Registry,
    Cloud,
    Tier,
    Home,
    Regions,
    Switch(Switch),
    Client(Client),
}

/// A line of the pane.
pub struct ProfileLine {
    text: String,
    tone: Tone,
    /// The row that begins here.
    pub field: Option<Field>,
}

impl ProfileLine {
    fn of(field: Field, text: String) -> Self {
        Self {
            text,
            tone: Tone::Plain,
            field: Some(field),
        }
    }

    const fn quiet(text: String, tone: Tone) -> Self {
        Self {
            text,
            tone,
            field: None,
        }
    }
}

/// Regions that a registry lost when it moved to a cloud.
pub fn left_out(cloud: Cloud, gone: &[String]) -> Option<Safe> {
    let text = format!("not in {cloud} and left out: {}", gone.join(", "));
    (!gone.is_empty()).then(|| Safe::from(text))
}

/// The rows in order; without a registry only its name.
fn fields(profile: Option<&Profile>) -> Vec<Field> {
    if profile.is_none() {
        return vec![Field::Registry];
    }
    let about = [
        Field::Registry,
        Field::Cloud,
        Field::Tier,
        Field::Home,
        Field::Regions,
    ];
    let switches = Switch::ALL.map(Field::Switch);
    let clients = Client::ALL.map(Field::Client);
    about.into_iter().chain(switches).chain(clients).collect()
}

/// A row's name and its value; what has no room is on the lines below it.
fn valued(field: Field, name: &str, value: &str, room: usize) -> Vec<ProfileLine> {
    let left = room.saturating_sub(NAME);
    let mut values = wrap(value, left).into_iter();
    let first = values.next().unwrap_or_default();
    let first = ProfileLine::of(field, format!("{}{first}", pad(name, NAME, false)));
    let more =
        values.map(|line| ProfileLine::quiet(format!("{}{line}", " ".repeat(NAME)), Tone::Plain));
    std::iter::once(first).chain(more).collect()
}

fn checked(is_on: bool, title: &str) -> String {
    let mark = if is_on { 'x' } else { ' ' };
    format!("[{mark}] {title}")
}

impl EndpointsView {
    /// The lines of the pane.
    pub fn profile_lines(&self, area: Rect, session: &Session) -> Vec<ProfileLine> {
        let room = usize::from(inside(area).width);
        let Some(profile) = &self.profile else {
            return self.invitation(room);
        };
        let place = |name: &str| {
            let region = session.facts.regions.find(profile.cloud, name);
            region.map_or_else(|| name.to_owned(), |region| region.display_name.clone())
        };
        let server = profile.login_server();
        let server = cut_middle(&server, room.saturating_sub(NAME)).into_owned();
        let mut lines = valued(Field::Registry, "registry", &server, room);
        if self.place != Place::RegistryInput {
            let notes = self.entry.notes.iter();
            lines.extend(notes.flat_map(|note| {
                let lines = wrap(note.as_str(), room.saturating_sub(2)).into_iter();
                lines.map(|line| ProfileLine::quiet(format!("  {line}"), Tone::Muted))
            }));
        }
        let tier = profile.sku.map_or("not given", Sku::name);
        let home = profile
            .home
            .as_deref()
            .map_or("not given".to_owned(), place);
        let regions: Vec<String> = profile.regions.iter().map(|name| place(name)).collect();
        let regions = match regions.as_slice() {
            [] => "none; Enter lists".to_owned(),
            regions => regions.join(", "),
        };
        lines.extend(valued(Field::Cloud, "cloud", profile.cloud.name(), room));
        lines.extend(valued(Field::Tier, "tier", tier, room));
        lines.extend(valued(Field::Home, "home", &home, room));
        lines.extend(valued(Field::Regions, "regions", &regions, room));
        let heading = |text: &str| ProfileLine::quiet(text.to_owned(), Tone::Head);
        lines.push(heading("switched on"));
        lines.extend(Switch::ALL.map(|switch| {
            let text = checked(profile.has(switch), switch.title());
            ProfileLine::of(Field::Switch(switch), text)
        }));
        lines.push(heading("used for"));
        lines.extend(Client::ALL.map(|client| {
            let text = checked(profile.clients.contains(&client), client.title());
            ProfileLine::of(Field::Client(client), text)
        }));
        lines
    }

    /// What to do while there is no registry.
    fn invitation(&self, room: usize) -> Vec<ProfileLine> {
        let mut lines = Vec::new();
        if self.place != Place::RegistryInput {
            let text = "registry none: Enter types it".to_owned();
            lines.push(ProfileLine::of(Field::Registry, text));
            lines.push(ProfileLine::quiet(String::new(), Tone::Muted));
        }
        let texts = [
            "Type the registry whose firewall rules you need. No login is used, and nothing is asked of the network. For example:",
            "  contoso",
            "  contoso.azurecr.io",
            "  contoso.azurecr.io/app:v1",
            "  https://contoso.azurecr.io/v2/",
            "",
            "Then pick its regions, what is switched on and what it is used for.",
            "",
            "Or let what az acr show --name NAME printed say it all:",
            "  :registry show.json",
            "Or open a registry that was saved:",
            "  L, or :load NAME",
        ];
        lines.extend(texts.into_iter().flat_map(|text| {
            let is_example = text.starts_with("  ");
            let tone = if is_example { Tone::Plain } else { Tone::Muted };
            let texts = if is_example {
                vec![cut_end(text, room).into_owned()]
            } else {
                wrap(text, room)
            };
            texts
                .into_iter()
                .map(move |line| ProfileLine::quiet(line, tone))
                .collect::<Vec<_>>()
        }));
        lines
    }

    /// Moves the cursor over the rows.
    pub fn walk_fields(&mut self, command: Command, area: Rect) -> bool {
        let fields = fields(self.profile.as_ref());
        let selected = fields.iter().position(|field| *field == self.field);
        let mut list = List {
            selected: selected.unwrap_or(0),
            offset: 0,
        };
        if !list.run(command, fields.len(), usize::from(inside(area).height)) {
            return false;
        }
        if let Some(field) = fields.get(list.selected) {
            self.field = *field;
        }
        true
    }

    /// Brings the pane to where the cursor's row is.
    pub fn settle_fields(&mut self, area: Rect, session: &Session) {
        if !fields(self.profile.as_ref()).contains(&self.field) {
            self.field = Field::Registry;
        }
        let lines = self.profile_lines(area, session);
        let own = |line: &ProfileLine| line.field == Some(self.field);
        let height = usize::from(inside(area).height);
        let first = lines.iter().position(own).unwrap_or(0);
        // Lines that go on with a row are shown with it.
        let more = lines
            .iter()
            .skip(first + 1)
            .take_while(|line| line.field.is_none() && line.tone != Tone::Head);
        let last = first + more.count();
        self.profile_list.selected = last;
        self.profile_list.settle(lines.len(), height);
        self.profile_list.selected = first;
        self.profile_list.settle(lines.len(), height);
    }

    /// The row on a line of the pane, for the mouse.
    pub fn field_at(&self, row: usize, area: Rect, session: &Session) -> Option<Field> {
        self.profile_lines(area, session).get(row)?.field
    }

    /// Enter on a row.
    pub fn change_field(&mut self, session: &Session) -> Option<Reply> {
        match self.field {
            Field::Registry => self.type_name(),
            Field::Home => self.open_picker(true, session),
            Field::Regions => self.open_picker(false, session),
            _ => return self.toggle_field(session),
        }
        None
    }

    /// Space on a row, or on a region.
    pub fn toggle(&mut self, session: &Session) -> Option<Reply> {
        if self.place == Place::RegionList {
            // Within a name a blank is a letter ("west europe"), until only one is left.
            if self.is_choosing_regions(session) {
                self.picker_key(Chord::plain(Key::Char(' ')), session);
            } else {
                self.toggle_region(session);
            }
            return None;
        }
        match self.field {
            Field::Registry | Field::Home | Field::Regions => self.change_field(session),
            _ => self.toggle_field(session),
        }
    }

    fn toggle_field(&mut self, session: &Session) -> Option<Reply> {
        let profile = self.profile.as_mut()?;
        let mut request = None;
        match self.field {
            Field::Cloud => {
                let clouds = Cloud::ALL;
                let own = clouds.iter().position(|cloud| *cloud == profile.cloud);
                let next = (own.unwrap_or(0) + 1) % clouds.len();
                let next = clouds.get(next).copied().unwrap_or(profile.cloud);
                let gone = profile.move_to(next, &session.facts.regions);
                request = left_out(next, &gone).map(|note| Reply::say(note.to_string()));
            }
            Field::Tier => {
                profile.sku = match profile.sku {
                    None => Some(Sku::Basic),
                    Some(Sku::Basic) => Some(Sku::Standard),
                    Some(Sku::Standard) => Some(Sku::Premium),
                    Some(Sku::Premium | Sku::Classic) => None,
                };
            }
            Field::Switch(switch) => {
                let is_on = profile.has(switch);
                profile.set(switch, !is_on);
            }
            Field::Client(client) => {
                if !profile.clients.remove(&client) {
                    profile.clients.insert(client);
                } else if profile.clients.is_empty() {
                    profile.clients.insert(client);
                    let text = "a plan is for at least one use: switch another on first";
                    request = Some(Reply::say(text.to_owned()));
                }
            }
            Field::Registry | Field::Home | Field::Regions => {}
        }
        self.replan(session);
        request
    }

    pub fn draw_profile(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        session: &Session,
        theme: &Theme,
    ) {
        if area.is_empty() {
            return;
        }
        let has_focus = self.place == Place::Profile;
        let pane = Pane {
            title: "Profile",
            note: self.saved_as.as_deref().unwrap_or(""),
            has_focus,
        };
        let body = draw_pane(frame, area, &pane, theme);
        let room = usize::from(body.width);
        let lines = self.profile_lines(area, session);
        let shown = self
            .profile_list
            .visible(lines.len(), usize::from(body.height));
        let drawn: Vec<Line<'_>> = lines
            .iter()
            .skip(shown.start)
            .take(shown.len())
            .map(|line| {
                let text = pad(&cut_end(&line.text, room), room, false);
                let style = if line.field == Some(self.field) {
                    theme.selected_in(has_focus)
                } else {
                    line.tone.style(theme)
                };
                Line::from(Span::styled(text, style))
            })
            .collect();
        frame.render_widget(Paragraph::new(drawn), body);
        draw_scroll_mark(frame, area, &shown, lines.len(), theme);
    }
}
