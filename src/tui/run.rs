//! The loop: wait, update, draw. Nothing is drawn while nothing happens.
//!
//! Its thread reads no file and waits for no lock and no task, so whatever they wait for, a key or a
//! signal ends it.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossterm::event::{Event, MouseButton, MouseEvent, MouseEventKind};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::platform::{HANG_UP, Signals, SystemSignal, stop_process, wait_for_hang_up};
use crate::settings::FetchPlaces;
use crate::text::Safe;
use crate::tui::background::{Background, LateReply, Reply, ask_background};
use crate::tui::diff_backend::drawn;
use crate::tui::runner::{Runner, TaskThread};
use crate::tui::terminal::{Guard, TerminalScreen, enter_terminal};
use crate::tui::{App, Chord, Effect, Message, Mouse, MouseKind, Place, Startup};

/// How the dashboard ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// By a key.
    Quit,
    /// By a signal of this number.
    Signal(i32),
}

/// Why the dashboard ended.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// The terminal does not answer or cannot be written to.
    #[error("the terminal cannot be used")]
    Terminal(#[from] io::Error),
}

/// Something to react to.
enum Wake {
    Terminal(Option<io::Result<Heard>>),
    Task(Option<Message>),
    Signal(SystemSignal),
}

/// What the terminal gives.
enum Heard {
    Event(Event),
    /// Keys that came all at once and may be a paste: they, and the lines that they type.
    Keys(Vec<Chord>, String),
}

/// What the state does not need to know.
#[derive(Debug, Clone)]
pub struct Outside {
    /// Whether the mouse is taken.
    pub has_mouse: bool,
    /// Where the watch list is kept; `None` without a home.
    pub watch_file: Option<PathBuf>,
    /// Where the view, filters and queries are kept; `None` without a home, or where nothing is.
    pub state_file: Option<PathBuf>,
    /// The folder of saved registries; `None` without a home.
    pub profiles: Option<PathBuf>,
    /// The folder of saved lists of rules; `None` without a home.
    pub rule_lists: Option<PathBuf>,
    /// Whether the theme goes by the terminal's background.
    pub asks_background: bool,
    /// Where publications are fetched from.
    pub places: FetchPlaces,
}

/// Runs the dashboard until it is quit; `startup` gets the terminal's size, and its background where
/// that was asked and answered. Beside the end stands what was lost with it, if something was.
///
/// # Errors
/// [`TuiError`]; the terminal has been put back.
pub fn run(
    outside: Outside,
    startup: impl FnOnce((u16, u16), Option<Background>) -> Startup,
) -> Result<(RunEnd, Option<Safe>), TuiError> {
    let size = drawn(crossterm::terminal::size()?);
    // Signals, keys and outcomes only: whatever a task does, it does on another thread.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = TaskThread::start()?;
    runtime.block_on(async {
        // Before the terminal is taken: a signal from here on ends the loop, not the process.
        let signals = Signals::listen()?;
        let (sender, outcomes) = unbounded_channel();
        let (has_mouse, asks_background) = (outside.has_mouse, outside.asks_background);
        let mut runner = Runner::new(tasks.handle(), sender, outside);
        let (guard, mut screen) = enter_terminal(has_mouse)?;
        let reply = asks_background.then(ask_background).transpose()?;
        let background = reply.as_ref().and_then(|reply| reply.background);
        let mut app = App::new(startup(size, background));
        // Side by side with the first frame: what they find is drawn right after it.
        start_all(&mut runner, app.begin());
        draw(&app, &mut screen)?;
        let ended = turn(
            &mut app,
            (&mut runner, outcomes),
            &guard,
            &mut screen,
            (signals, listen_to_terminal(reply)),
        )
        .await;
        drop(guard);
        start_all(&mut runner, app.end());
        let lost = runner.finish();
        Ok((ended?, lost))
    })
}

/// Starts the tasks among some effects.
fn start_all(runner: &mut Runner, effects: Vec<Effect>) {
    for effect in effects {
        if let Effect::Start { ticket, task } = effect {
            runner.start(ticket, task);
        }
    }
}

/// A frame that takes longer is seen to be slow.
const SLOW: Duration = Duration::from_millis(50);

/// Draws a frame; a slow one is in the log.
fn draw(app: &App, screen: &mut TerminalScreen) -> io::Result<()> {
    let begun = Instant::now();
    screen.draw(|frame| app.draw(frame))?;
    let took = begun.elapsed();
    if took > SLOW {
        tracing::warn!(ms = took.as_millis(), place = ?app.place(), "slow frame");
    }
    Ok(())
}

/// Most messages between two frames: a held key never lags behind, and the screen still moves.
const MOST_AT_ONCE: usize = 64;

async fn turn(
    app: &mut App,
    (runner, mut outcomes): (&mut Runner, UnboundedReceiver<Message>),
    guard: &Guard,
    screen: &mut TerminalScreen,
    (mut signals, mut events): (Signals, UnboundedReceiver<io::Result<Heard>>),
) -> io::Result<RunEnd> {
    loop {
        let mut wake = tokio::select! {
            event = events.recv() => Wake::Terminal(event),
            message = outcomes.recv() => Wake::Task(message),
            signal = signals.next() => Wake::Signal(signal),
        };
        let mut is_silent = true;
        let mut taken = 0;
        loop {
            let message = match wake {
                // In the input of Lookup several lines at once are a paste.
                Wake::Terminal(Some(Ok(Heard::Keys(_, text))))
                    if app.place() == Place::QueryInput =>
                {
                    Some(Message::Paste(text))
                }
                Wake::Terminal(Some(Ok(Heard::Keys(keys, _)))) => {
                    let mut keys = keys.into_iter().map(Message::Key);
                    let last = keys.next_back();
                    for key in keys {
                        if let Some(end) = take(app, key, guard, screen, runner)? {
                            return Ok(end);
                        }
                    }
                    last
                }
                // The terminal has gone away.
                Wake::Terminal(None | Some(Err(_))) => {
                    return Ok(RunEnd::Signal(HANG_UP));
                }
                Wake::Terminal(Some(Ok(Heard::Event(event)))) => message_of(event),
                Wake::Task(message) => message,
                Wake::Signal(SystemSignal::Stop) => {
                    suspend(guard, screen)?;
                    resized(screen)
                }
                Wake::Signal(SystemSignal::Continue) => {
                    guard.retake(screen)?;
                    resized(screen)
                }
                Wake::Signal(SystemSignal::End(number)) => return Ok(RunEnd::Signal(number)),
            };
            if let Some(message) = message {
                is_silent = false;
                if let Some(end) = take(app, message, guard, screen, runner)? {
                    return Ok(end);
                }
            }
            // What is received is taken, so nothing is received that would not be.
            taken += 1;
            if taken == MOST_AT_ONCE {
                break;
            }
            match events.try_recv() {
                Ok(event) => wake = Wake::Terminal(Some(event)),
                Err(_) => break,
            }
        }
        if !is_silent {
            draw(app, screen)?;
        }
    }
}

/// Changes the state by a message and does what that asks for.
fn take(
    app: &mut App,
    message: Message,
    guard: &Guard,
    screen: &mut TerminalScreen,
    runner: &mut Runner,
) -> io::Result<Option<RunEnd>> {
    for effect in app.update(message) {
        match effect {
            Effect::Quit => return Ok(Some(RunEnd::Quit)),
            Effect::Suspend => {
                suspend(guard, screen)?;
                if let Some(message) = resized(screen) {
                    app.update(message);
                }
            }
            Effect::Osc52(text) => guard.copy(&text)?,
            Effect::Start { ticket, task } => runner.start(ticket, task),
            Effect::Stop(job) => runner.stop(job),
        }
    }
    Ok(None)
}

/// The terminal's events, read on a thread of their own: the library's reader never comes back
/// from a terminal that has gone away, so nothing here waits for it. First comes what was typed while
/// the terminal was asked.
fn listen_to_terminal(asked: Option<Reply>) -> UnboundedReceiver<io::Result<Heard>> {
    let (sender, events) = unbounded_channel();
    let mut late = asked.as_ref().map_or(LateReply::NONE, Reply::rest);
    for key in asked.map_or_else(Vec::new, |reply| reply.typed) {
        let _ = sender.send(Ok(Heard::Event(Event::Key(key))));
    }
    watch_for_hang_up(sender.clone());
    std::thread::spawn(move || {
        loop {
            for heard in read_at_once(&mut late) {
                let is_last = heard.is_err();
                if sender.send(heard).is_err() || is_last {
                    return;
                }
            }
        }
    });
    events
}

/// Most events that are read without waiting.
const MOST_READ: usize = 1 << 16;

/// The next event, and what is there with it; less what is a late answer of the terminal.
fn read_at_once(late: &mut LateReply) -> Vec<io::Result<Heard>> {
    let mut events = vec![crossterm::event::read()];
    let is_more = || matches!(crossterm::event::poll(Duration::ZERO), Ok(true));
    while events.len() < MOST_READ && events.last().is_some_and(Result::is_ok) && is_more() {
        events.push(crossterm::event::read());
    }
    events.retain(|event| !event.as_ref().is_ok_and(|event| late.takes(event)));
    let key = |event: &io::Result<Event>| match event {
        Ok(Event::Key(key)) => Chord::from_event(key),
        _ => None,
    };
    let keys: Option<Vec<Chord>> = events.iter().map(key).collect();
    match keys.and_then(|keys| Some((Chord::lines(&keys)?, keys))) {
        Some((text, keys)) => vec![Ok(Heard::Keys(keys, text))],
        None => events
            .into_iter()
            .map(|event| event.map(Heard::Event))
            .collect(),
    }
}

/// Sends an error once the terminal has gone away; it may do so without a signal.
fn watch_for_hang_up(sender: UnboundedSender<io::Result<Heard>>) {
    std::thread::spawn(move || {
        if wait_for_hang_up() {
            let _ = sender.send(Err(io::ErrorKind::BrokenPipe.into()));
        }
    });
}

/// Stops the process as the shell expects; comes back when it is continued.
fn suspend(guard: &Guard, screen: &mut TerminalScreen) -> io::Result<()> {
    guard.lend(screen, stop_process)
}

/// The terminal may have another size after somebody else had it.
fn resized(screen: &TerminalScreen) -> Option<Message> {
    let size = screen.size().ok()?;
    Some(Message::Resize(size.width, size.height))
}

fn message_of(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Chord::from_event(&key).map(Message::Key),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => {
            let (width, height) = drawn((width, height));
            Some(Message::Resize(width, height))
        }
        Event::Mouse(event) => mouse_of(event).map(Message::Mouse),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn mouse_of(event: MouseEvent) -> Option<Mouse> {
    let kind = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse {
        kind,
        column: event.column,
        row: event.row,
    })
}
