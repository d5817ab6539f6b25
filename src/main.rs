//! The program: a verb, or the dashboard.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;

use color_eyre::config::{HookBuilder, Theme as ReportTheme};
use tagscope::azure::Facts;
use tagscope::cli::{self, Action, Context, Failure, Log};
use tagscope::platform::{has_shell, keep_on_at_the_limit};
use tagscope::settings::{AUTO_THEME, StateChoice};
use tagscope::source::today;
use tagscope::store::{
    profile_folder, read_state, read_watched, rule_list_folder, state_file, watch_file,
};
use tagscope::tui::{Clipboard, Colours, Outside, RunEnd, Startup, StateStart, Theme, run, unread};

fn main() -> ExitCode {
    install_hook();
    keep_on_at_the_limit();
    // Dropped last: it waits for its last lines.
    let mut log = Log::default();
    let done = match cli::run(std::env::args_os(), &mut log) {
        Ok(Action::Done(exit)) => Ok(exit.into()),
        Ok(Action::Dashboard { context, is_fresh }) => dashboard(&context, is_fresh),
        Err(failure) => Err(failure),
    };
    done.unwrap_or_else(|failure| {
        cli::report(&failure);
        failure.exit.into()
    })
}

/// A panic is reported alike in verbs and in the dashboard, which adds the terminal's way back.
///
/// The hook for errors stays away: it resolves a backtrace for each where `RUST_BACKTRACE` is set,
/// and an error is said with its causes alone.
fn install_hook() {
    let has_color = std::io::stderr().is_terminal() && !cli::is_colorless();
    let colors = if has_color {
        ReportTheme::dark()
    } else {
        ReportTheme::new()
    };
    let (panics, _) = HookBuilder::new().theme(colors).into_hooks();
    panics.install();
}

/// Opens the dashboard; data and theme are read before the terminal is touched.
fn dashboard(context: &Context, is_fresh: bool) -> Result<ExitCode, Failure> {
    let is_terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if !is_terminal {
        let text = "the dashboard needs a terminal; for scripts there are verbs: tagscope --help";
        return Err(Failure::said(text.to_owned()));
    }
    let dataset = context.dataset()?;
    let is_auto = context.settings.theme.as_deref() == Some(AUTO_THEME);
    let asks_background = is_auto && !cli::is_colorless();
    let name = match &context.settings.theme {
        Some(name) if !is_auto => name,
        _ if cli::is_colorless() => "mono",
        // Or what the terminal says of its background.
        _ => "default",
    };
    let theme = Theme::named(name)?;
    let flaws = dataset.provenance().flaw_count;
    let greeting = match flaws {
        0 => String::new(),
        flaws => format!("{flaws} flaws in the document; tagscope info lists them"),
    };
    let is_in_tmux = std::env::var_os("TMUX").is_some_and(|value| !value.is_empty());
    let watch_file = watch_file(&context.paths);
    let (watched, greeting) = match watch_file.as_deref().map(read_watched) {
        None => (BTreeSet::new(), greeting),
        Some(Ok(watched)) => (watched, greeting),
        Some(Err(error)) => (BTreeSet::new(), format!("{greeting} {error}")),
    };
    let state_file =
        state_file(&context.paths).filter(|_| context.settings.state == StateChoice::Keep);
    let (state, said) = state_start(state_file.as_deref(), is_fresh);
    let greeting = [greeting, said].join(" ").trim().to_owned();
    let outside = Outside {
        has_mouse: context.settings.mouse,
        watch_file,
        state_file,
        asks_background,
        profiles: profile_folder(&context.paths),
        rule_lists: rule_list_folder(&context.paths),
        places: context.settings.places.clone(),
    };
    let (ended, lost) = run(outside, |size, background| Startup {
        dataset,
        request: context.request.clone(),
        facts: Facts::embedded(),
        colours: if asks_background {
            Colours::asked(background, theme)
        } else {
            Colours::of(theme)
        },
        clipboard: Clipboard::choose(context.settings.clipboard, is_in_tmux),
        has_shell: has_shell(),
        today: today(),
        is_offline: context.settings.offline,
        watched,
        state,
        updates_at_start: context.settings.update_at_start,
        greeting,
        size,
    })?;
    tracing::info!(?ended, "ended");
    if let Some(lost) = lost {
        cli::warn(lost.as_str());
    }
    Ok(match ended {
        RunEnd::Quit => ExitCode::SUCCESS,
        // As a shell reports a process that a signal has ended.
        RunEnd::Signal(number) => ExitCode::from(u8::try_from(128 + number).unwrap_or(1)),
    })
}

/// Largest state that is read before the first frame: a few KB, as the settings and the watch list
/// beside it are.
const MOST_AT_START: u64 = 16 << 10;

/// What was kept of the last run, and what to say of it.
fn state_start(file: Option<&Path>, is_fresh: bool) -> (StateStart, String) {
    let Some(file) = file else {
        return (StateStart::Off, String::new());
    };
    if is_fresh {
        return (StateStart::Fresh, String::new());
    }
    if file.metadata().is_ok_and(|data| data.len() > MOST_AT_START) {
        return (StateStart::Later, String::new());
    }
    match read_state(file) {
        Ok(state) => (StateStart::Read(Box::new(state)), String::new()),
        Err(error) => (StateStart::Read(Box::default()), unread(&error).to_string()),
    }
}
