//! The program: a verb, or the dashboard.

use std::io::IsTerminal;
use std::process::ExitCode;

use tagscope::cli::{self, Action, Exit, Failure};

fn main() -> ExitCode {
    let done = match cli::run(std::env::args_os()) {
        Ok(Action::Done(exit)) => Ok(exit),
        Ok(Action::Dashboard(context)) => dashboard(&context),
        Err(failure) => Err(failure),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => {
            cli::report(&failure);
            failure.exit.into()
        }
    }
}

fn dashboard(context: &cli::Context) -> Result<Exit, Failure> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Failure::said(
            "the dashboard needs a terminal; for scripts there are verbs: tagscope --help"
                .to_owned(),
        ));
    }
    let _ = context;
    Ok(Exit::Done)
}
