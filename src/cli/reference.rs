//! `tagscope reference`.

use crate::cli::args::ReferenceArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::query::reference::{
    Reference, ReferenceLineKind, ReferenceRecord, Statements, Topic, TopicList, lay_out,
};
use crate::report::{Format, write_topics};
use crate::text::Safe;

pub fn run(
    args: &ReferenceArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let reference = Reference::embedded();
    let words = args.words.join(" ");
    let is_list = words.trim().is_empty();
    let topics = reference.asked(&words);
    if topics.is_empty() {
        not_found(&reference, &words);
        match context.form.format {
            format @ (Format::Json | Format::Jsonl) => {
                console.records(&ReferenceRecord::of(&topics), format)?;
            }
            format @ Format::Csv => console.sheet(&Statements::of(&topics), format, true)?,
            Format::Text | Format::Markdown => {}
        }
        return Ok(Exit::No);
    }
    match context.form.format {
        format @ (Format::Json | Format::Jsonl) => {
            console.records(&ReferenceRecord::of(&topics), format)?;
        }
        format if is_list => console.sheet(&TopicList(topics), format, true)?,
        format @ Format::Csv => console.sheet(&Statements::of(&topics), format, true)?,
        Format::Markdown => write_topics(&topics, console.out())?,
        Format::Text => text(&topics, console)?,
    }
    Ok(Exit::Done)
}

fn text(topics: &[&Topic], console: &mut Console) -> Result<(), Failure> {
    let width = console.reading_width();
    for (place, topic) in topics.iter().enumerate() {
        if place > 0 {
            console.line("")?;
        }
        for line in lay_out(topic, width) {
            match line.kind {
                ReferenceLineKind::Title => console.heading(&line.text)?,
                _ => console.line(&line.text)?,
            }
        }
    }
    Ok(())
}

fn not_found(reference: &Reference, words: &str) {
    let near = reference.nearest(words, 3);
    let hint = if near.is_empty() {
        "tagscope reference lists the topics".to_owned()
    } else {
        format!("near are {}", near.join(", "))
    };
    say(&format!(
        "tagscope: no topic has \"{}\"; {hint}",
        Safe::new(words)
    ));
}
