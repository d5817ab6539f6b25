//! Tags or the addresses of rules within so many CIDRs, in the dashboard: what is typed, what it costs, whose the
//! extra addresses are.

mod draw;

use ratatui::Frame;
use tui_input::Input;

use crate::query::Sheet;
use crate::query::ViewTopic;
use crate::query::rules::fit::{
    Cover, FitAnswer, FitError, FitQuestion, OwnerTable, Owners, Percent, Point, ask,
};
use crate::query::rules::make::Selection;
use crate::space::Family;
use crate::text::{Safe, counted};
use crate::tui::component::{
    Component, Cx, Keep, Layer, Look, News, Reply, Scope, Screen, Taken, pasted_line,
};
use crate::tui::ex_command::{ExCommand, is_limit};
use crate::tui::overlay::export_dialog::next_family;
use crate::tui::overlay::scope::{no_tags_of, other_scope};
use crate::tui::overlay::{ExportDialog, ExportSource};
use crate::tui::session::Session;
use crate::tui::view::Words;
use crate::tui::widget::{List, edit};
use crate::tui::{Chord, Command, Key, Mouse, Outcome, Place};

/// Tags that have a row among the owners.
const MOST_OWNERS: usize = 100;
/// Digits of a limit, and of a percentage.
const MOST_DIGITS: usize = 12;
/// CIDRs of lists that are fitted here: the work grows with the square.
const MOST_LISTED: usize = 12_000;

/// What the keys move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FitPane {
    Cidrs,
    Owners,
}

/// The covers of some addresses.
#[derive(Debug)]
pub struct Fit {
    /// Of all families.
    whole: Box<FitAnswer>,
    /// Of one alone.
    one: Option<Box<FitAnswer>>,
    family: Option<Family>,
    words: Words,
    /// Whether the tags are all watched ones, where there are tags; and what else there is.
    scope: Option<Scope>,
    scope_note: String,
    /// What is typed: a number of CIDRs, or a percentage.
    input: Input,
    limit: usize,
    /// The greatest share of extra addresses, where a percentage is typed.
    most: Option<Percent>,
    /// Whether the last key was one of the number.
    is_typing: bool,
    /// What the rules say besides their addresses, and what of them is left out.
    rows: Option<Box<Selection>>,
    /// Why what is typed is no limit.
    problem: String,
    cover: Cover,
    owners: Owners,
    /// Every number of CIDRs with a price of its own.
    curve: Vec<Point>,
    pane: FitPane,
    cidr_list: List,
    owner_list: List,
}

impl Fit {
    /// The covers, of which the exact one is shown until a number is typed.
    ///
    /// # Errors
    /// When there is nothing to cover, or more than can be done between two keys.
    pub fn new(question: &FitQuestion, words: Words, session: &Session) -> Result<Self, Safe> {
        let lists = question.lists.iter().map(|(_, list)| list.cover().len());
        let count: usize = lists.sum();
        if count > MOST_LISTED {
            return Err(Safe::from(format!(
                "{count} CIDRs take seconds to fit: here at most {MOST_LISTED}; tagscope rules fit \
                 --list takes more"
            )));
        }
        let said = |error: FitError| Safe::from(error.to_string());
        let answer = ask(question, &session.dataset).map_err(said)?;
        let limit = answer.fitted.exact();
        let cover = answer.at(limit, None).map_err(said)?;
        let mut fit = Self {
            curve: answer.fitted.curve(),
            whole: Box::new(answer),
            one: None,
            family: None,
            words,
            scope: None,
            scope_note: String::new(),
            input: Input::default(),
            limit,
            most: None,
            is_typing: false,
            rows: None,
            problem: String::new(),
            cover,
            owners: Owners::default(),
            pane: FitPane::Cidrs,
            cidr_list: List::default(),
            owner_list: List::default(),
        };
        fit.read(session);
        Ok(fit)
    }

    /// The covers of what a view gives; `limit` may be empty.
    ///
    /// # Errors
    /// Why there are none.
    pub fn over(screen: &dyn Screen, limit: &str, session: &Session) -> Result<Self, Safe> {
        let mut fit = screen.fit(Scope::Fitting, session)?;
        fit.set_limit(limit, session);
        Ok(fit)
    }

    /// The covers of tags by name.
    ///
    /// # Errors
    /// There is no tag, or one is not in the week.
    pub fn of_tags(names: &[String], session: &Session) -> Result<Self, Safe> {
        let view = session.dataset.view();
        let tags: Vec<_> = names.iter().filter_map(|name| view.find(name)).collect();
        if let Some(name) = names.iter().find(|name| view.find(name).is_none()) {
            return Err(Safe::from(format!("{name} is not in this week")));
        }
        if tags.is_empty() {
            return Err(Safe::new("no tag is selected"));
        }
        let words = Words {
            tags: names.to_vec(),
            files: Some(Vec::new()),
        };
        let question = FitQuestion {
            tags,
            ..FitQuestion::default()
        };
        Self::new(&question, words, session)
    }

    /// The same of other data: the limit, the family and which tags these are.
    fn again(&self, session: &Session) -> Result<Self, Safe> {
        let mut again = Self::of_tags(&self.words.tags, session)?;
        again.scope = self.scope;
        again.set_limit(self.input.value(), session);
        again.set_family(self.family, session);
        Ok(again)
    }

    /// The same on the watched tags, or on the selected one alone.
    fn rescope(&mut self, cx: &mut Cx<'_>) {
        let Some(other) = other_scope(self.scope, cx) else {
            return;
        };
        match cx.under.map(|screen| screen.fit(other, cx.session)) {
            // Without a watched tag it is the selected one.
            Some(Ok(mut fit)) if fit.scope == Some(other) => {
                fit.set_limit(self.input.value(), cx.session);
                fit.set_family(self.family, cx.session);
                *self = fit;
            }
            Some(Err(reason)) => cx.reply(Reply::Say(reason)),
            Some(Ok(_)) | None => cx.say(no_tags_of(other)),
        }
    }

    /// Of the families that are fitted.
    fn answer(&self) -> &FitAnswer {
        self.one.as_deref().unwrap_or(&self.whole)
    }

    /// Says which of the tags these are.
    pub fn set_scope(&mut self, scope: Scope, note: String) {
        self.scope = Some(scope);
        self.scope_note = note;
    }

    /// Says of which rows the addresses are the remote ends.
    pub fn set_rows(&mut self, rows: Selection) {
        self.rows = Some(Box::new(rows));
    }

    /// Fits one family alone.
    fn set_family(&mut self, family: Option<Family>, session: &Session) {
        let one = family.and_then(|family| self.whole.only(family));
        // Other tags may have no address of it.
        self.family = family.filter(|_| one.is_some());
        self.one = one.map(Box::new);
        self.curve = self.answer().fitted.curve();
        self.read(session);
    }

    /// Types a limit.
    fn set_limit(&mut self, text: &str, session: &Session) {
        self.input = Input::new(text.trim().to_owned());
        self.read(session);
    }

    /// Reads what is typed, and computes the cover; what is no limit has none.
    fn read(&mut self, session: &Session) {
        let text = self.input.value().trim().to_owned();
        self.problem.clear();
        let most = Percent::parse(&text).filter(|_| text.ends_with('%'));
        let limit = match (text.as_str(), most) {
            ("", _) => Some(self.answer().fitted.exact()),
            (_, Some(most)) => Some(self.answer().fewest_within(most)),
            (text, None) => text.parse().ok(),
        };
        let Some(limit) = limit else {
            self.problem = format!("\"{text}\" is no number of CIDRs and no percentage such as 5%");
            return;
        };
        let least = self.answer().fitted.least();
        if limit < least {
            self.problem = if least > 1 {
                format!("IPv4 and IPv6 need a CIDR each: at least {least}; v fits one family alone")
            } else {
                "no address goes into 0 CIDRs: at least 1".to_owned()
            };
            return;
        }
        match self.answer().at(limit, most) {
            Ok(cover) => {
                (self.limit, self.most) = (limit, most);
                self.owners = Owners::of(&cover.extra, &session.dataset);
                self.cover = cover;
                self.cidr_list = List::default();
                self.owner_list = List::default();
            }
            Err(error) => self.problem = error.to_string(),
        }
    }

    /// The next number of CIDRs with another price, upwards or downwards.
    fn step(&mut self, is_up: bool, session: &Session) {
        let prices: Vec<usize> = self.curve.iter().map(|point| point.cidrs).collect();
        let own = self.limit;
        let next = if is_up {
            prices.iter().find(|&&it| it > own).or(prices.last())
        } else {
            prices.iter().rfind(|&&it| it < own).or(prices.first())
        };
        if let Some(next) = next {
            self.input = Input::new(next.to_string());
            self.read(session);
        }
    }

    /// One family alone, or both again.
    fn turn_family(&mut self, session: &Session) {
        let mut next = next_family(self.family);
        // A family without an address is passed over.
        while next.is_some_and(|family| self.whole.only(family).is_none()) {
            next = next_family(next);
        }
        self.set_family(next, session);
    }

    fn owners_table(&self) -> OwnerTable<'_> {
        OwnerTable::new(&self.owners, &self.cover, MOST_OWNERS)
    }

    /// The selected CIDR or the tag of the selected owner.
    fn selected(&self) -> Option<String> {
        match self.pane {
            FitPane::Cidrs => {
                let cidr = self.cover.cidrs.get(self.cidr_list.selected)?;
                Some(cidr.block.to_string())
            }
            FitPane::Owners => {
                let table = self.owners_table();
                let row = self.owner_list.selected;
                (row < table.len()).then(|| table.cell(row, 0).shown().into_owned())
            }
        }
    }

    /// To Lookup with the CIDR, to Tags with the owner.
    fn follow(&self) -> Option<Reply> {
        let selected = self.selected()?;
        Some(match self.pane {
            FitPane::Cidrs => Reply::Go(ExCommand::LookUp(selected)),
            FitPane::Owners if self.owners.tags.iter().any(|owner| owner.tag == selected) => {
                Reply::show_tag(selected)
            }
            FitPane::Owners if selected.starts_with("AzureCloud") => {
                Reply::show_tag("AzureCloud".to_owned())
            }
            FitPane::Owners => Reply::say("no tag has these addresses"),
        })
    }

    fn copy_line(&self) -> Option<Reply> {
        self.selected().map(|text| Reply::Copy {
            what: text.clone(),
            text,
        })
    }

    fn copy_cidrs(&self) -> Reply {
        let cidrs = self.cover.cidrs.iter().map(|cidr| cidr.block.to_string());
        let cidrs: Vec<String> = cidrs.collect();
        Reply::Copy {
            what: format!("{} CIDRs", cidrs.len()),
            text: cidrs.join("\n"),
        }
    }

    fn copy_command(&self, session: &Session) -> Reply {
        let Some(own) = self.words.of_fit() else {
            let text = "no command line selects these rows alone; Y copies the CIDRs";
            return Reply::say(text);
        };
        let mut words = vec!["rules".to_owned(), "fit".to_owned()];
        words.extend(own);
        words.extend(["--limit".to_owned(), self.limit.to_string()]);
        words.extend(self.bound());
        match self.family {
            Some(Family::V4) => words.push("--ipv4".to_owned()),
            Some(Family::V6) => words.push("--ipv6".to_owned()),
            None => {}
        }
        let line = session.command_line(&words);
        Reply::Copy {
            text: line.clone(),
            what: line,
        }
    }

    /// The bound on the share of extra addresses as words of the command line.
    fn bound(&self) -> Vec<String> {
        let most = self.most.map(|most| most.to_string().replace(" %", ""));
        most.map_or_else(Vec::new, |most| vec!["--max-extra".to_owned(), most])
    }

    /// What is written of this cover.
    fn offer(&self) -> ExportDialog {
        let mut words = self.words.of_make();
        if !words.is_empty() {
            words.extend(self.bound());
        }
        let source = ExportSource::Cover {
            answer: self.whole.clone(),
            limit: self.limit,
            most: self.most,
            words,
            rows: self.rows.clone(),
        };
        let limit = counted(self.limit, "CIDR", "CIDRs");
        let title = format!("{} within {limit}", self.whole.subject());
        ExportDialog::new(title, Vec::new(), Some(source)).of_cover(self.family)
    }

    /// A click selects a line; one on the selected line follows it.
    fn click(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        let (column, row) = (mouse.column, mouse.row);
        let (pane, line, count) = if let Some(line) = draw::row_at(areas.cidrs, column, row) {
            (
                FitPane::Cidrs,
                line + self.cidr_list.offset,
                self.cover.cidrs.len(),
            )
        } else if let Some(line) = draw::row_at(areas.owners, column, row) {
            (
                FitPane::Owners,
                line + self.owner_list.offset,
                self.owners_table().len(),
            )
        } else {
            return;
        };
        if line >= count {
            return;
        }
        let was = (self.pane, self.list_mut().selected);
        self.pane = pane;
        self.list_mut().selected = line;
        if was == (pane, line) {
            cx.reply_all(self.follow());
        }
    }

    const fn list_mut(&mut self) -> &mut List {
        match self.pane {
            FitPane::Cidrs => &mut self.cidr_list,
            FitPane::Owners => &mut self.owner_list,
        }
    }
}

impl Component for Fit {
    fn place(&self) -> Place {
        Place::Fit
    }

    fn run(&mut self, command: Command, cx: &mut Cx<'_>) -> Taken {
        let session = cx.session;
        if command == Command::Help {
            return Taken::No;
        }
        let was_typing = std::mem::take(&mut self.is_typing);
        let needs_cover = matches!(
            command,
            Command::Open
                | Command::Export
                | Command::CopyCell
                | Command::CopyRows
                | Command::CopyCommand
        );
        if needs_cover && !self.problem.is_empty() {
            cx.say(self.problem.clone());
            return Taken::Yes;
        }
        match command {
            Command::Open if was_typing => {
                cx.say("x writes these CIDRs, Y copies them; Enter once more looks this one up");
            }
            Command::Back if !self.input.value().is_empty() => {
                self.input.reset();
                self.read(session);
            }
            Command::Back | Command::Close => cx.reply(Reply::Pop),
            Command::NextPane | Command::PreviousPane if self.owners_table().is_empty() => {
                cx.say("there is no extra address: a lower number has some");
            }
            Command::NextPane | Command::PreviousPane => {
                self.pane = match self.pane {
                    FitPane::Cidrs => FitPane::Owners,
                    FitPane::Owners => FitPane::Cidrs,
                };
            }
            Command::MoreCidrs => self.step(true, session),
            Command::FewerCidrs => self.step(false, session),
            Command::WatchedOnly => self.rescope(cx),
            Command::Families => self.turn_family(session),
            Command::Export => {
                let mut dialog = self.offer();
                dialog.choose_again(session);
                cx.reply(Reply::Push(Box::new(dialog)));
            }
            Command::Open => cx.reply_all(self.follow()),
            Command::CopyCell => cx.reply_all(self.copy_line()),
            Command::CopyRows => cx.reply(self.copy_cidrs()),
            Command::CopyCommand => cx.reply(self.copy_command(session)),
            command => {
                let areas = self.areas(cx.body);
                let (cidrs, owners) = (self.cover.cidrs.len(), self.owners_table().len());
                match self.pane {
                    FitPane::Cidrs => self
                        .cidr_list
                        .run(command, cidrs, draw::height(areas.cidrs)),
                    FitPane::Owners => {
                        self.owner_list
                            .run(command, owners, draw::height(areas.owners))
                    }
                };
            }
        }
        Taken::Yes
    }

    /// A digit of the limit, or what deletes one.
    fn key(&mut self, chord: Chord, cx: &mut Cx<'_>) {
        let takes = match chord.key {
            Key::Char(letter) if !chord.has_ctrl && !chord.has_alt => {
                (letter.is_ascii_digit() || matches!(letter, '%' | '.'))
                    && self.input.value().len() < MOST_DIGITS
            }
            Key::Backspace | Key::Delete => true,
            _ => false,
        };
        if takes && edit(&mut self.input, chord) {
            self.is_typing = true;
            self.read(cx.session);
        }
    }

    /// A number is the limit; anything else is looked up.
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Taken {
        if !is_limit(text.trim()) {
            return Taken::No;
        }
        for letter in pasted_line(text).chars() {
            self.key(Chord::plain(Key::Char(letter)), cx);
        }
        Taken::Yes
    }

    /// The wheel moves the list under it.
    fn mouse(&mut self, mouse: Mouse, cx: &mut Cx<'_>) {
        let Some(command) = mouse.wheel() else {
            return self.click(mouse, cx);
        };
        let areas = self.areas(cx.body);
        let place = (mouse.column, mouse.row).into();
        let (cidrs, owners) = (self.cover.cidrs.len(), self.owners_table().len());
        if areas.cidrs.contains(place) {
            self.cidr_list
                .run(command, cidrs, draw::height(areas.cidrs));
        } else if areas.owners.contains(place) {
            self.owner_list
                .run(command, owners, draw::height(areas.owners));
        }
    }

    fn settle(&mut self, cx: &mut Cx<'_>) {
        let areas = self.areas(cx.body);
        let owners = self.owners_table().len();
        self.cidr_list
            .settle(self.cover.cidrs.len(), draw::height(areas.cidrs));
        self.owner_list.settle(owners, draw::height(areas.owners));
        if owners == 0 {
            self.pane = FitPane::Cidrs;
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, look: &Look<'_>) {
        self.draw_in(frame, look.body, look.theme);
    }

    fn done(&mut self, _: Outcome, _: &mut Cx<'_>) {}
}

impl Layer for Fit {
    /// Covers of tags are computed anew, those of rules are of the rules before.
    fn learn(&mut self, news: &News, cx: &mut Cx<'_>) -> Keep {
        let is_other = match news {
            News::Data => true,
            News::Rules => cx.open == ViewTopic::Rules,
            _ => false,
        };
        if !is_other {
            return Keep::Open;
        }
        if self.rows.is_some() {
            cx.add("f fits the rules anew");
            return Keep::Closed;
        }
        match self.again(cx.session) {
            Ok(again) => *self = again,
            Err(reason) => {
                cx.add(reason.to_string());
                return Keep::Closed;
            }
        }
        Keep::Open
    }

    fn outlives_jump(&self) -> bool {
        true
    }
}
