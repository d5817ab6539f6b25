//! The loop: wait, update, draw. Nothing is drawn while nothing happens.

use std::io;

use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use nix::sys::signal::{Signal, raise};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::unbounded_channel;

use crate::tui::runner::Runner;
use crate::tui::terminal::{Guard, Screen};
use crate::tui::{App, Chord, Effect, Message, Startup};

/// How the dashboard ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
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
    Terminal(Option<io::Result<Event>>),
    Task(Option<Message>),
    Signal(i32),
}

/// Runs the dashboard until it is quit; `startup` gets the terminal's size.
///
/// # Errors
/// [`TuiError`]; the terminal has been put back.
pub fn run(startup: impl FnOnce((u16, u16)) -> Startup) -> Result<End, TuiError> {
    let size = crossterm::terminal::size()?;
    let mut app = App::new(startup(size));
    let (guard, mut screen) = Guard::enter()?;
    screen.draw(|frame| app.draw(frame))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(turn(&mut app, &guard, &mut screen));
    drop(guard);
    // A task that still waits for the network is not waited for.
    runtime.shutdown_background();
    Ok(ended?)
}

async fn turn(app: &mut App, guard: &Guard, screen: &mut Screen) -> io::Result<End> {
    let (sender, mut outcomes) = unbounded_channel();
    let mut runner = Runner::new(sender);
    let mut events = EventStream::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let mut stop = signal(SignalKind::from_raw(Signal::SIGTSTP as i32))?;
    let mut go_on = signal(SignalKind::from_raw(Signal::SIGCONT as i32))?;
    loop {
        let event = tokio::select! {
            event = events.next() => Wake::Terminal(event),
            message = outcomes.recv() => Wake::Task(message),
            _ = terminate.recv() => Wake::Signal(Signal::SIGTERM as i32),
            _ = hang_up.recv() => Wake::Signal(Signal::SIGHUP as i32),
            _ = interrupt.recv() => Wake::Signal(Signal::SIGINT as i32),
            _ = quit.recv() => Wake::Signal(Signal::SIGQUIT as i32),
            _ = stop.recv() => Wake::Signal(Signal::SIGTSTP as i32),
            _ = go_on.recv() => Wake::Signal(Signal::SIGCONT as i32),
        };
        let message = match event {
            // The terminal has gone away.
            Wake::Terminal(None | Some(Err(_))) => return Ok(End::Signal(Signal::SIGHUP as i32)),
            Wake::Terminal(Some(Ok(event))) => message_of(event),
            Wake::Task(message) => message,
            Wake::Signal(number) if number == Signal::SIGTSTP as i32 => {
                suspend(guard, screen)?;
                resized(screen)
            }
            Wake::Signal(number) if number == Signal::SIGCONT as i32 => {
                guard.retake(screen)?;
                resized(screen)
            }
            Wake::Signal(number) => return Ok(End::Signal(number)),
        };
        let Some(message) = message else { continue };
        for effect in app.update(message) {
            match effect {
                Effect::Quit => return Ok(End::Quit),
                Effect::Suspend => {
                    suspend(guard, screen)?;
                    if let Some(message) = resized(screen) {
                        app.update(message);
                    }
                }
                effect @ Effect::Resolve { .. } => runner.start(effect),
            }
        }
        screen.draw(|frame| app.draw(frame))?;
    }
}

/// Stops the process as the shell expects; comes back when it is continued.
fn suspend(guard: &Guard, screen: &mut Screen) -> io::Result<()> {
    guard.lend(screen, || {
        let _ = raise(Signal::SIGSTOP);
    })
}

/// The terminal may have another size after somebody else had it.
fn resized(screen: &Screen) -> Option<Message> {
    let size = screen.size().ok()?;
    Some(Message::Resize(size.width, size.height))
}

fn message_of(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Chord::from_event(&key).map(Message::Key),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        Event::FocusGained | Event::FocusLost | Event::Mouse(_) => None,
    }
}
