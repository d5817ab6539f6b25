//! `tagscope schema`: what a script finds in the document of a verb.

use crate::cli::args::SchemaArgs;
use crate::cli::console::Console;
use crate::cli::{Context, Exit, Failure};
use crate::query::schema::{SchemaList, SchemaOf, find, nearest};
use crate::report::Format;
use crate::text::Safe;

pub fn run(args: &SchemaArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let format = context.form.format;
    let typed = args.verb.join(" ");
    let verb = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if verb.is_empty() {
        let list = SchemaList::default();
        match format {
            Format::Json | Format::Jsonl => console.records(&list.record(), format)?,
            _ => console.sheet(&list, format, true)?,
        }
        return Ok(Exit::Done);
    }
    let schema = find(&verb).ok_or_else(|| unknown(&verb))?;
    let of = match format {
        Format::Text | Format::Json => SchemaOf::Document,
        Format::Jsonl => SchemaOf::Line,
        Format::Csv | Format::Markdown => {
            let text = "a schema is JSON: --format json for the document, jsonl for a line of it";
            return Err(Failure::said(text.to_owned()));
        }
    };
    console.json(&schema.whole(of)?, format)?;
    Ok(Exit::Done)
}

fn unknown(verb: &str) -> Failure {
    let near = nearest(verb);
    let hint = if near.is_empty() {
        "tagscope schema lists the verbs that have one".to_owned()
    } else {
        format!("did you mean {}?", near.join(", "))
    };
    Failure::said(format!("no schema of \"{}\"; {hint}", Safe::new(verb)))
}
