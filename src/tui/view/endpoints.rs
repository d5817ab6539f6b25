//! Endpoints: one registry's profile, what must be opened for it, and what to mind.

mod advice;
mod areas;
mod columns;
mod copy;
mod detail;
mod entry;
mod export;
mod head;
mod lines;
mod plan;
mod pointer;
mod probing;
mod profile;
mod regions;
mod saved;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::azure::registry::{Profile, Switch};
use crate::query::ViewTopic;
use crate::query::endpoints::{EndpointsAnswer, ask};
use crate::query::probe::HostProbe;
use crate::query::runbook::Inputs;
use crate::store::{KeptState, KeptView, expand_home};
use crate::text::Safe;
use crate::tui::component::{
    Component, Cx, Enter, Look, Mark, Marks, News, Reply, Scope, Screen, Taken, pasted_line,
};
use crate::tui::ex_command::ExCommand;
use crate::tui::layout::inside;
use crate::tui::overlay::{ExportDialog, Fit, Reference};
use crate::tui::session::Session;
use crate::tui::view::Copied;
use crate::tui::view::export::NOT_FITTED;
use crate::tui::widget::{FilterLine, List};
use crate::tui::{Chord, Command, Key, Mouse, Outcome, Place, Task};

use entry::NameEntry;
use lines::PlanLine;
use plan::Planned;
use probing::Probing;
use profile::Field;
use regions::Picker;

/// The state of the view Endpoints.
#[derive(Debug)]
pub struct EndpointsView {
    /// The registry; `None` until one is named.
    profile: Option<Profile>,
    /// Its name while it is typed, and what was taken differently.
    entry: NameEntry,
    plan: Option<Box<Planned>>,
    /// What the plan is compared with.
    contrast: Option<Contrast>,
    /// The registry in one line, with the week.
    headline: String,
    filter: FilterLine,
    lines: Vec<PlanLine>,
    picker: Picker,
    field: Field,
    profile_list: List,
    plan_list: List,
    detail_list: List,
    advice_list: List,
    place: Place,
    is_zoomed: bool,
    /// The name under which the registry was saved or loaded last.
    saved_as: Option<String>,
    probing: Probing,
    /// The registry that everybody has been told of.
    told: Option<Profile>,
    /// The registry before each of its last changes, the latest last.
    undo: Vec<Profile>,
    is_undoing: bool,
    marks: Marks<EndpointsBookmark>,
}

/// A registry is needed.
const NO_REGISTRY: &str = "no registry is planned yet: 3 types its name";

/// What a plan is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contrast {
    /// The registry with one switch off, or on where it is off.
    Switch(Switch),
    /// The registry with everything off.
    Everything,
}

/// Where the user is in Endpoints; the registry itself is kept by the view.
#[derive(Debug, Clone, PartialEq)]
struct EndpointsBookmark {
    chosen: Option<String>,
    place: Place,
}

impl EndpointsView {
    /// No registry yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            profile: None,
            entry: NameEntry::default(),
            plan: None,
            contrast: None,
            headline: String::new(),
            filter: FilterLine::default(),
            lines: Vec::new(),
            picker: Picker::default(),
            field: Field::Registry,
            profile_list: List::default(),
            plan_list: List::default(),
            detail_list: List::default(),
            advice_list: List::default(),
            place: Place::RegistryInput,
            is_zoomed: false,
            saved_as: None,
            probing: Probing::default(),
            told: None,
            undo: Vec::new(),
            is_undoing: false,
            marks: Marks::default(),
        }
    }

    /// Where the user is.
    #[must_use]
    fn bookmark(&self) -> EndpointsBookmark {
        EndpointsBookmark {
            chosen: self.chosen(),
            place: self.place,
        }
    }

    /// Back to where the user was.
    fn restore(&mut self, bookmark: &EndpointsBookmark) {
        self.choose(bookmark.chosen.as_deref());
        let has_list = self.plan.is_some();
        self.place = match bookmark.place {
            Place::Plan | Place::PlanDetail | Place::Advice | Place::Profile if has_list => {
                bookmark.place
            }
            _ if has_list => Place::Profile,
            _ => Place::RegistryInput,
        };
    }

    /// Plans again, of other data or after a change; the selection stays on its row.
    fn replan(&mut self, session: &Session) {
        let chosen = self.chosen();
        let Some(profile) = &self.profile else {
            self.plan = None;
            self.lines.clear();
            return;
        };
        let ask = |profile: &Profile| ask(profile, Some(&session.dataset), &session.facts);
        let planned = match self.contrast {
            None => Planned::alone(ask(profile)),
            Some(contrast) => {
                let [before, after] = contrast.sides(profile);
                Planned::compared(ask(&before), ask(&after), contrast.title(profile))
            }
        };
        // What is compared may have a switch on that the registry has off.
        let own = EndpointsAnswer {
            profile: profile.clone(),
            rows: Vec::new(),
            private_link: None,
            advice: Vec::new(),
        };
        let registry = own.headline(&session.facts);
        let cloud = profile.cloud;
        self.headline = if session.dataset.cloud() == cloud {
            let week = session.dataset.info().marked();
            format!("{registry} · week {week}")
        } else {
            format!("no week of {cloud} on screen, so nothing is counted · {registry}")
        };
        self.plan = Some(Box::new(planned));
        self.list_lines();
        self.choose(chosen.as_deref());
    }

    /// The plan of the registry as it is, whatever is compared or filtered.
    #[must_use]
    fn exported(&self, session: &Session) -> Option<EndpointsAnswer> {
        let profile = self.profile.as_ref()?;
        Some(ask(profile, Some(&session.dataset), &session.facts))
    }

    /// What runbooks are filled in with.
    #[must_use]
    fn inputs(&self, session: &Session) -> Inputs {
        let Some(profile) = &self.profile else {
            return Inputs::new(session.dataset.cloud());
        };
        Inputs {
            registry: Some(profile.name.clone()),
            login_server: Some(profile.login_server()),
            regions: profile.regions.clone(),
            is_private_link: profile.has(Switch::PrivateLink),
            ..Inputs::new(profile.cloud)
        }
    }

    /// Tells everybody of another registry, once; a probe of the one before is stopped.
    fn tell_registry(&mut self, cx: &mut Cx<'_>) {
        if self.told == self.profile {
            return;
        }
        if self
            .probing
            .registry_changed(self.told.as_ref(), self.profile.as_ref(), cx)
        {
            cx.say("the probe was stopped: the registry has changed; p asks again");
        }
        let before = std::mem::replace(&mut self.told, self.profile.clone());
        let label = |profile: &Option<Profile>| profile.as_ref().map(|it| it.label.clone());
        if label(&before) == label(&self.profile) {
            // What is taken back is there already.
            self.undo.extend(before.filter(|_| !self.is_undoing));
        } else {
            self.undo.clear();
        }
        self.is_undoing = false;
        let registry = self.profile.clone().map(Box::new);
        cx.reply(Reply::Tell(News::Registry(registry)));
    }

    fn refilter(&mut self) {
        let chosen = self.chosen();
        self.list_lines();
        self.choose(chosen.as_deref());
    }

    /// To the pane after or before; out of an input as Enter does.
    fn step_pane(&mut self, is_next: bool, session: &Session) {
        match self.place {
            Place::RegistryInput => self.leave_name(session),
            Place::RegionList => self.place = if is_next { Place::Plan } else { Place::Profile },
            Place::PlanFilter if is_next => self.place = Place::Plan,
            _ => self.place = self.neighbour(is_next),
        }
    }

    /// Compares the plan with that before the selected switch, or before all that is on.
    fn toggle_contrast(&mut self, session: &Session) -> Option<Reply> {
        if self.contrast.is_some() {
            self.contrast = None;
            self.replan(session);
            return None;
        }
        let profile = self.profile.as_ref()?;
        let contrast = match self.field {
            Field::Switch(switch) if self.place == Place::Profile => Contrast::Switch(switch),
            _ => Contrast::Everything,
        };
        if contrast == Contrast::Everything && profile.before() == *profile {
            let text = "nothing of the registry is switched on: b on a switch of the profile shows what it would change";
            return Some(Reply::say(text.to_owned()));
        }
        self.contrast = Some(contrast);
        self.replan(session);
        None
    }

    /// One level up: out of an input, the list of regions, the zoom, a pane, the comparison, the
    /// filter.
    fn back(&mut self, cx: &mut Cx<'_>) {
        let session = cx.session;
        match self.place {
            Place::RegistryInput => self.cancel_name(session),
            Place::RegionList => self.close_picker(session),
            Place::PlanFilter => self.place = Place::Plan,
            _ if self.is_zoomed => self.is_zoomed = false,
            Place::PlanDetail | Place::Advice => self.place = Place::Plan,
            _ if self.is_probing() => {
                self.probing.stop(cx);
                cx.say("stopped; what has answered stays");
            }
            _ if self.contrast.is_some() => {
                self.contrast = None;
                self.replan(session);
            }
            _ if self.filter.clear() => self.refilter(),
            _ => cx.say("nothing to go back to; q quits"),
        }
    }

    fn open(&mut self, area: Rect, session: &Session) -> Option<Reply> {
        match self.place {
            Place::RegistryInput => self.take_typed(session),
            Place::Profile => return self.change_field(session),
            Place::RegionList => self.take_region(session),
            Place::PlanFilter => self.place = Place::Plan,
            Place::Plan => {
                if self.selected_line().is_none() {
                    return Some(Reply::say("no row is selected".to_owned()));
                }
                self.place = Place::PlanDetail;
                self.detail_list = List {
                    selected: self.first_tag(area, session),
                    offset: 0,
                };
            }
            Place::PlanDetail => return Some(self.follow(area, session)),
            _ => {}
        }
        None
    }

    fn scroll(&mut self, command: Command, area: Rect, session: &Session) -> bool {
        let areas = self.areas(area);
        match self.place {
            Place::Profile => self.walk_fields(command, areas.profile),
            Place::RegionList => self.walk_regions(command, areas.profile, session),
            Place::Plan | Place::PlanFilter => {
                let before = self.plan_list.selected;
                let height = plan::rows_of(areas.plan, self);
                if !self.plan_list.run(command, self.lines.len(), height) {
                    return false;
                }
                let is_back = self.plan_list.selected < before;
                self.skip_headings(is_back);
                if self.plan_list.selected != before {
                    self.detail_list = List::default();
                }
                true
            }
            Place::PlanDetail => {
                let rows = self.detail_lines(areas.detail, session).len();
                let height = usize::from(inside(areas.detail).height);
                self.detail_list.run(command, rows, height)
            }
            Place::Advice => self.walk_advice(command, areas.advice),
            _ => false,
        }
    }
}

impl Component for EndpointsView {
    fn place(&self) -> Place {
        self.place
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let (area, session) = (cx.body, cx.session);
        let needs_plan = matches!(
            command,
            Command::Filter
                | Command::BeforeAfter
                | Command::Save
                | Command::Export
                | Command::CopyCell
                | Command::CopyRows
                | Command::CopyCommand
        );
        if needs_plan && self.plan.is_none() {
            cx.say(NO_REGISTRY);
            return Taken::Yes;
        }
        match command {
            Command::Filter => {
                self.filter.enter();
                self.place = Place::PlanFilter;
            }
            Command::BeforeAfter => cx.reply_all(self.toggle_contrast(session)),
            Command::Toggle => cx.reply_all(self.toggle(session)),
            Command::MakeHome => self.make_home(session),
            Command::Undo => match self.undo.pop() {
                Some(before) => {
                    (self.profile, self.is_undoing) = (Some(before), true);
                    self.replan(session);
                    cx.say("undone; u takes back the change before it");
                }
                None => cx.say("no change of this registry to undo"),
            },
            Command::Probe => self.probe(cx),
            Command::Save => cx.reply(self.save_name()),
            Command::Load => cx.reply(Reply::Type("load ".to_owned())),
            Command::Runbooks => {
                let inputs = self.inputs(session);
                cx.reply(Reply::Push(Box::new(Reference::runbooks(&inputs))));
            }
            Command::ShowTag => cx.reply(self.show_tag(session)),
            Command::Zoom => self.is_zoomed = !self.is_zoomed,
            Command::CopyCell => cx.reply(self.copy(Copied::Cell, area, session)),
            Command::CopyRows => cx.reply(self.copy(Copied::Rows, area, session)),
            Command::CopyCommand => cx.reply(self.copy(Copied::Command, area, session)),
            Command::NextPane => self.step_pane(true, session),
            Command::PreviousPane => self.step_pane(false, session),
            Command::Back => self.back(cx),
            Command::Open => cx.reply_all(self.open(area, session)),
            _ => return Taken::from(self.scroll(command, area, session)),
        }
        Taken::Yes
    }

    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        match self.place {
            Place::RegistryInput => self.type_key(chord, cx.session),
            Place::RegionList => self.picker_key(chord, cx.session),
            Place::PlanFilter if self.filter.edit(chord) => self.refilter(),
            _ => {}
        }
    }

    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        cx.reply_all(self.point(mouse, cx.body, cx.session));
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Taken {
        if self.place == Place::RegistryInput && self.paste_name(text, cx.session) {
            return Taken::Yes;
        }
        let letters = match self.place {
            // A text of several words is no registry, but may be the failure of one.
            Place::RegistryInput if text.split_whitespace().nth(1).is_some() => return Taken::No,
            Place::RegistryInput | Place::PlanFilter => pasted_line(text),
            // There a blank and a capital are keys.
            Place::RegionList => {
                let line = pasted_line(text).to_lowercase();
                line.chars()
                    .filter(|letter| letter.is_alphanumeric())
                    .collect()
            }
            _ => return Taken::No,
        };
        for letter in letters.chars() {
            self.key(Chord::plain(Key::Char(letter)), cx);
        }
        Taken::Yes
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let session = cx.session;
        let areas = self.areas(cx.body);
        if self.place == Place::RegionList {
            self.settle_picker(areas.profile, session);
        } else {
            self.settle_fields(areas.profile, session);
        }
        let height = plan::rows_of(areas.plan, self);
        self.plan_list.settle(self.lines.len(), height);
        self.show_heading(height);
        let rows = self.detail_lines(areas.detail, session).len();
        let height = usize::from(inside(areas.detail).height);
        self.detail_list.settle(rows, height);
        let rows = self.advice_lines(areas.advice).len();
        let height = usize::from(inside(areas.advice).height);
        self.advice_list.settle(rows, height);
        self.tell_registry(cx);
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        let areas = self.areas(look.body);
        let (session, theme) = (look.session, look.theme);
        self.draw_head(frame, areas.head, theme);
        if self.place == Place::RegionList {
            self.draw_picker(frame, areas.profile, session, theme);
        } else {
            self.draw_profile(frame, areas.profile, session, theme);
        }
        plan::draw(frame, areas.plan, self, theme);
        detail::draw(frame, areas.detail, self, session, theme);
        advice::draw(frame, areas.advice, self, theme);
    }

    fn done(&mut self, outcome: Outcome, cx: &mut Cx<'_>) {
        let said = match outcome {
            Outcome::Probed(ended) => self.probing.ended(ended),
            outcome => self.take_outcome(outcome, cx.session),
        };
        cx.reply_all(said.map(Reply::Say));
        self.tell_registry(cx);
    }
}

impl Screen for EndpointsView {
    fn topic(&self) -> ViewTopic {
        ViewTopic::Endpoints
    }

    /// Without a registry, or where it is open already, one can be typed.
    fn enter(&mut self, how: Enter, _: &mut Cx<'_>) {
        let can_type = self.profile.is_none() || how == Enter::Again;
        if can_type && how != Enter::Returned {
            self.type_name();
        }
    }

    fn execute(&mut self, command: ExCommand, cx: &mut Cx<'_>) {
        match command {
            ExCommand::Filter(words) => {
                self.filter = FilterLine::new(words);
                self.refilter();
                if self.plan.is_some() {
                    self.place = Place::Plan;
                }
            }
            ExCommand::Registry(text) => {
                if let Err(error) = self.set_registry(&text, cx.session) {
                    cx.say(error.to_string());
                }
            }
            ExCommand::Import(path) => {
                cx.say("reading …");
                let path = expand_home(&path);
                cx.start(Task::Import { path });
            }
            ExCommand::Load(name) => {
                cx.say(format!("opening {} …", Safe::new(&name)));
                cx.start(Task::Load { name });
            }
            ExCommand::Save(name) => match &self.profile {
                Some(profile) => {
                    let profile = Box::new(profile.clone());
                    cx.start(Task::Save { name, profile });
                }
                None => cx.say(NO_REGISTRY),
            },
            _ => {}
        }
    }

    fn mark(&mut self, mark: Mark, _: &Session) {
        self.marks.note(mark, self.bookmark());
    }

    fn to_mark(&mut self, mark: Mark, _: &Session) {
        let own = self.bookmark();
        if let Some(bookmark) = self.marks.take(mark, own) {
            self.restore(&bookmark);
        }
    }

    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) {
        if matches!(news, News::Data) {
            self.replan(cx.session);
        }
    }

    fn keep(&self, view: &mut KeptView) {
        self.filter.value().clone_into(&mut view.endpoints);
    }

    fn bring_back(&mut self, state: &KeptState, _: &mut Cx<'_>) {
        if !state.view.endpoints.is_empty() {
            self.filter = FilterLine::new(state.view.endpoints.clone());
            self.refilter();
        }
    }

    fn hear(&mut self, place: usize, probe: HostProbe) {
        self.probing.heard(place, probe);
    }

    fn export(&self, form: &str, session: &Session) -> Result<Vec<u8>, Safe> {
        export::bytes(self, form, session)
    }

    fn offer(&self, _: Scope, session: &Session) -> Result<ExportDialog, Safe> {
        export::offer(self, session)
    }

    fn fit(&self, _: Scope, _: &Session) -> Result<Fit, Safe> {
        Err(Safe::new(NOT_FITTED))
    }
}

impl Contrast {
    /// The registry before and after.
    fn sides(self, profile: &Profile) -> [Profile; 2] {
        match self {
            Self::Everything => [profile.before(), profile.clone()],
            Self::Switch(switch) => {
                let mut after = profile.clone();
                after.set(switch, true);
                [profile.without(&[switch]), after]
            }
        }
    }

    /// What the comparison is of.
    fn title(self, profile: &Profile) -> String {
        match self {
            Self::Everything => "all that is switched on".to_owned(),
            Self::Switch(switch) if profile.has(switch) => switch.title().to_owned(),
            Self::Switch(switch) => format!("{} (off now)", switch.title()),
        }
    }
}

/// Sentences as texts for people.
fn safe(texts: &[String]) -> Vec<Safe> {
    texts.iter().map(|text| Safe::new(text)).collect()
}
