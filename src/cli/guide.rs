//! `tagscope guide`: the pages of the guide as text of a terminal.

use crate::cli::args::GuideArgs;
use crate::cli::console::Console;
use crate::cli::{Exit, Failure};
use crate::query::guide::{GuideTopics, find, lay_out, nearest};
use crate::report::Format;
use crate::text::Safe;

pub fn run(args: &GuideArgs, console: &mut Console) -> Result<Exit, Failure> {
    let Some(topic) = &args.topic else {
        console.sheet(&GuideTopics, Format::Text, true)?;
        return Ok(Exit::Done);
    };
    let page = find(topic).ok_or_else(|| unknown(topic))?;
    for line in lay_out(page.text, console.reading_width()) {
        if line.is_heading {
            console.heading(&line.text)?;
        } else {
            console.line(&line.text)?;
        }
    }
    Ok(Exit::Done)
}

fn unknown(topic: &str) -> Failure {
    let near = nearest(topic);
    let hint = if near.is_empty() {
        "tagscope guide lists the topics".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Failure::said(format!("no page about \"{}\"; {hint}", Safe::new(topic)))
}
