//! `tagscope completions` and `tagscope man`, made from the definition of the arguments.

use std::io::Write;

use clap::CommandFactory;

use crate::cli::args::{Args, CompletionsArgs};
use crate::cli::console::Console;
use crate::cli::{Exit, Failure};

pub fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "tagscope", &mut script);
    console.out().write_all(&script)?;
    Ok(Exit::Done)
}

pub fn man(console: &mut Console) -> Result<Exit, Failure> {
    clap_mangen::Man::new(Args::command()).render(console.out())?;
    Ok(Exit::Done)
}
