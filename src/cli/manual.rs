//! `tagscope completions` and `tagscope man`, made from the definition of the arguments.

use std::path::Path;

use clap::{Command, CommandFactory};

use crate::cli::args::{Args, CompletionsArgs, ManArgs};
use crate::cli::complete;
use crate::cli::console::Console;
use crate::cli::{Exit, Failure};
use crate::text::{Safe, quote};

pub fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit, Failure> {
    complete::script(&args.shell.to_string(), console)?;
    Ok(Exit::Done)
}

pub fn man(args: &ManArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut program = without_help(Args::command());
    program.build();
    if let Some(folder) = &args.output {
        write_pages(program, folder)?;
        return Ok(Exit::Done);
    }
    let mut command = &program;
    for word in &args.verb {
        let Some(below) = command.find_subcommand(word) else {
            return Err(no_verb(word, command));
        };
        command = below;
    }
    clap_mangen::Man::new(command.clone()).render(console.out())?;
    Ok(Exit::Done)
}

/// `help` has no page of its own.
fn without_help(command: Command) -> Command {
    let command = command.disable_help_subcommand(true);
    command.mut_subcommands(without_help)
}

fn no_verb(word: &str, command: &Command) -> Failure {
    let verbs = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    let verbs: Vec<&str> = verbs.map(Command::get_name).collect();
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let word = Safe::new(word);
    Failure::said(match verbs.as_slice() {
        [] => format!("{name} has no verb {word} below it"),
        verbs => format!("{name} has no verb {word}; it has {}", verbs.join(", ")),
    })
}

/// One page a verb, named as `man` finds it: `tagscope-rules-make.1`.
fn write_pages(program: Command, folder: &Path) -> Result<(), Failure> {
    let shown = quote(&folder.to_string_lossy()).into_owned();
    let written =
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(program, folder));
    written.map_err(|error| Failure::said(format!("{shown}: {error}")))
}
