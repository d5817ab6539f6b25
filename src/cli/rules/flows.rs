//! `tagscope rules test --flows`.

use crate::cli::args::TestRulesArgs;
use crate::cli::console::{Console, note, say};
use crate::cli::logs::{Broken, Logs, say_unread};
use crate::cli::rules::load;
use crate::cli::rules::test::question;
use crate::cli::{Context, Exit, Failure};
use crate::query::Sheet;
use crate::query::rules::AddressResolver;
use crate::query::rules::flows::{FlowsAnswer, ask};
use crate::report::{Format, write_flows_markdown};
use crate::text::counted;
use crate::traffic::log::{LogKind, Roles, read_log};
use crate::traffic::{Distinct, Filter, MOST_FLOWS, Next, Reading, open_log};

/// Flows that are listed where people read.
const MOST_LISTED: usize = 20;
/// Names that mean nothing and are said.
const MOST_SAID: usize = 10;

pub fn run(
    args: &TestRulesArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let all = args.files.iter().chain(&args.flows).chain(&args.against);
    context.check_stdin(all)?;
    let files = load(&args.files, context)?;
    let against = match args.against.as_slice() {
        [] => None,
        paths => Some(load(paths, context)?),
    };
    let dataset = context.dataset()?;
    let otherwise = {
        let resolver = AddressResolver::new(&dataset, &files);
        let only = |ends: &[String], flag: &str| match ends {
            [] => Ok(None),
            [end] => Ok(Some(end.clone())),
            _ => Err(Failure::said(format!(
                "with --flows {flag} is the one end that records do not say"
            ))),
        };
        let (from, to) = (only(&args.from, "--from")?, only(&args.to, "--to")?);
        question(args, from.as_deref(), to.as_deref(), &resolver)?
    };
    let (flows, read) = flows_of(args, context)?;
    let answer = ask(&otherwise, &flows, &dataset, &files, against.as_deref());
    let format = context.form.format;
    let most = match (args.rows, format) {
        (Some(0), _) => None,
        (None, Format::Text | Format::Markdown) => Some(MOST_LISTED),
        (rows, _) => rows,
    };
    match format {
        Format::Json | Format::Jsonl => console.records(&answer.record(&dataset, most), format)?,
        Format::Csv => {
            let table = answer.table(|_| true, most);
            console.sheet(&table, format, true)?;
            note(&answer.sentence());
            say_left_out(table.left_out());
        }
        Format::Markdown => write_flows_markdown(&answer, most, console.out())?,
        Format::Text => text(&answer, most, console)?,
    }
    say_of(&answer);
    let found = if answer.is_good() {
        Exit::Done
    } else {
        Exit::No
    };
    let whole = if answer.wrong.is_empty() && answer.beyond == 0 {
        read
    } else {
        Exit::Failed
    };
    Ok(found.or(whole).or(context.check_age(&dataset)))
}

/// The flows of all logs that can be read.
fn flows_of(args: &TestRulesArgs, context: &Context) -> Result<(Distinct, Exit), Failure> {
    let reading = Reading {
        kind: args.input,
        roles: Roles::default().with_names(),
        pick: None,
        filter: Filter::default(),
        threads: 1,
    };
    let mut flows = Distinct::default();
    let (mut kinds, mut has_unread): (Vec<&str>, _) = (Vec::new(), false);
    let read = Logs::named(&args.flows, context)?.each(true, |name, bytes| {
        let log = open_log(bytes, &reading)?;
        if log.kind == LogKind::Text {
            return Err(Broken::plain(name, "no flows"));
        }
        if !kinds.contains(&log.kind.words()) {
            kinds.push(log.kind.words());
        }
        let unread = read_log(log.kind, log.bytes, &reading.roles, |flow, _| {
            flows.add(flow);
            Next::More
        })?;
        has_unread |= say_unread(name, &unread);
        Ok(())
    })?;
    if !kinds.is_empty() {
        note(&format!("read as {}", kinds.join(", ")));
    }
    let unread = if has_unread { Exit::Failed } else { Exit::Done };
    Ok((flows, read.or(unread)))
}

/// The sentence, what decides, and the flows of which there is something to say.
fn text(answer: &FlowsAnswer, most: Option<usize>, console: &mut Console) -> Result<(), Failure> {
    let format = Format::Text;
    if !console.is_terminal() {
        note(&answer.sentence());
        let table = answer.table(|_| true, most);
        console.sheet(&table, format, true)?;
        say_left_out(table.left_out());
        return Ok(());
    }
    console.heading(&answer.sentence())?;
    let deciders = answer.deciders();
    if !deciders.is_empty() {
        console.line("")?;
        console.sheet(&deciders, format, true)?;
    }
    let table = answer.table(|row| answer.is_noted(row), most).narrow();
    if !table.is_empty() {
        console.line("")?;
        console.sheet(&table, format, true)?;
    }
    say_left_out(table.left_out());
    Ok(())
}

fn say_left_out(left_out: usize) {
    if left_out > 0 {
        let more = counted(left_out, "more flow", "more flows");
        note(&format!("and {more}; -n 0 has all"));
    }
}

fn say_of(answer: &FlowsAnswer) {
    for wrong in answer.wrong.iter().take(MOST_SAID) {
        say(&format!("tagscope: {wrong}"));
    }
    let flows = |count: u64| counted(count, "flow", "flows");
    if let Some(more) = crate::text::and_more(answer.wrong.len(), MOST_SAID) {
        say(&format!("tagscope: {more} names of ends mean nothing"));
    }
    if answer.without_protocol > 0 {
        note(&format!(
            "no protocol is said of {}: TCP is taken, or the one of --protocol",
            flows(answer.without_protocol)
        ));
    }
    if answer.beyond > 0 {
        say(&format!(
            "tagscope: more than {MOST_FLOWS} different flows: {} records of the others were not asked about",
            answer.beyond
        ));
    }
}
