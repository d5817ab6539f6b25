//! `tagscope completions` and `tagscope man`, made from the definition of the arguments and from the guide.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use crate::cli::args::{Args, CompletionsArgs, ManArgs};
use crate::cli::complete;
use crate::cli::console::Console;
use crate::cli::{Exit, Failure};
use crate::query::guide::{Block, GuideExample, Piece, about_verb, examples, pieces, section};
use crate::text::{Safe, quote};

/// Sections of every page, each by its heading in the guide.
const SECTIONS: [(&str, &str); 3] = [
    ("EXIT STATUS", "Exit codes"),
    ("ENVIRONMENT", "Environment"),
    ("FILES", "Files"),
];

/// What a page says of its origin.
const SOURCE: &str = concat!("tagscope ", env!("CARGO_PKG_VERSION"));

/// Examples of one page.
const EXAMPLES: usize = 8;

pub fn completions(args: &CompletionsArgs, console: &mut Console) -> Result<Exit, Failure> {
    complete::script(&args.shell.to_string(), console)?;
    Ok(Exit::Done)
}

pub fn man(args: &ManArgs, console: &mut Console) -> Result<Exit, Failure> {
    let mut program = without_help(Args::command());
    program.build();
    let verbs = names(&program, "");
    if let Some(folder) = &args.output {
        write_pages(&program, &verbs, folder)?;
        return Ok(Exit::Done);
    }
    let mut command = &program;
    for word in &args.verb {
        let Some(below) = command.find_subcommand(word) else {
            return Err(no_verb(word, command));
        };
        command = below;
    }
    console
        .out()
        .write_all(&page(command, &args.verb.join(" "), &verbs)?)?;
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

/// The words of every verb below a command: `rules`, `rules test`.
fn names(command: &Command, above: &str) -> Vec<String> {
    let below = command.get_subcommands().flat_map(|verb| {
        let name = format!("{above} {}", verb.get_name());
        let name = name.trim_start().to_owned();
        let below = names(verb, &name);
        std::iter::once(name).chain(below)
    });
    below.collect()
}

/// One page a verb, named as `man` finds it: `tagscope-rules-make.1`.
fn write_pages(program: &Command, verbs: &[String], folder: &Path) -> Result<(), Failure> {
    let shown = quote(&folder.to_string_lossy()).into_owned();
    let failed = |error: io::Error| Failure::said(format!("{shown}: {error}"));
    fs::create_dir_all(folder).map_err(failed)?;
    let all = std::iter::once("").chain(verbs.iter().map(String::as_str));
    for verb in all {
        let mut words = verb.split_whitespace();
        let found = words.try_fold(program, |command, word| command.find_subcommand(word));
        let Some(command) = found else { continue };
        let name = Man::new(command.clone()).get_filename();
        fs::write(folder.join(name), page(command, verb, verbs)?).map_err(failed)?;
    }
    Ok(())
}

/// The page of a verb; of the program for no words.
fn page(command: &Command, verb: &str, verbs: &[String]) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let man = Man::new(command.clone()).source(SOURCE).manual("tagscope");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    // What the program says of its exit codes there stands in the guide's section.
    if !verb.is_empty() && command.get_after_help().is_some() {
        man.render_extra_section(&mut page)?;
    }
    let mut roff = Roff::new();
    write_examples(verb, verbs, &mut roff);
    for (title, heading) in SECTIONS {
        roff.control("SH", [title]);
        for block in section(heading) {
            write_block(&block, &mut roff);
        }
    }
    roff.control("SH", ["SEE ALSO"]);
    let first = verb.split(' ').next();
    let guide = first.and_then(about_verb).map_or_else(
        || "tagscope guide".to_owned(),
        |page| format!("tagscope guide {}", page.topic),
    );
    roff.text([bold(guide)]);
    roff.to_writer(&mut page)?;
    if command.get_version().is_some() {
        man.render_version_section(&mut page)?;
    }
    Ok(page)
}

/// What the guide runs of a verb; of the program the first of each verb.
fn write_examples(verb: &str, verbs: &[String], roff: &mut Roff) {
    let shown: Vec<GuideExample> = if verb.is_empty() {
        let firsts = verbs
            .iter()
            .filter_map(|verb| examples(verb, verbs).into_iter().next());
        firsts.collect()
    } else {
        examples(verb, verbs).into_iter().take(EXAMPLES).collect()
    };
    if shown.is_empty() {
        return;
    }
    roff.control("SH", ["EXAMPLES"]);
    for example in shown {
        roff.control("PP", []);
        if let Some(what) = example.what {
            roff.text(inlines(what));
        }
        roff.control("RS", ["4"]).control("nf", []);
        roff.text([roman(example.command)]);
        roff.control("fi", []).control("RE", []);
    }
}

/// A block of the guide; a table is a list of its first cells.
fn write_block(block: &Block<'_>, roff: &mut Roff) {
    match block {
        Block::Heading { .. } => {}
        Block::Text { mark, text } => {
            roff.control("PP", []);
            let mark = std::iter::once(roman(*mark));
            roff.text(mark.chain(inlines(text)).collect::<Vec<_>>());
        }
        Block::Code(lines) => {
            roff.control("nf", []);
            roff.text([roman(lines.join("\n"))]);
            roff.control("fi", []);
        }
        Block::Table(grid) => {
            for row in &grid.rows {
                let (name, rest) = row.split_first().map_or(("", &[][..]), |(a, b)| (a, b));
                roff.control("TP", []);
                roff.text(inlines(name));
                roff.text(inlines(&rest.join("; ")));
            }
        }
    }
}

fn inlines(text: &str) -> Vec<Inline> {
    let pieces = pieces(text).into_iter();
    let inline = |piece| match piece {
        Piece::Words(words) => roman(words),
        Piece::Code(code) => bold(code),
    };
    pieces.map(inline).collect()
}
