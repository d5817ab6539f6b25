//! `tagscope rules test`.

use crate::cli::args::TestRulesArgs;
use crate::cli::console::{Console, say};
use crate::cli::rules::load;
use crate::cli::{Context, Exit, Failure};
use crate::query::rules::AddressResolver;
use crate::query::rules::verdict::{
    End, Party, PartyError, RegistryPath, Tester, Verdict, VerdictAnswer, VerdictLine,
    VerdictQuestion,
};
use crate::report::{Format, write_verdict_markdown};
use crate::text::wrap;

/// Longer lines are hard to read.
const WIDEST: usize = 100;

pub fn run(
    args: &TestRulesArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let format = context.form.format;
    if format == Format::Csv {
        let text = "a verdict is no table: take --format text, markdown, json or jsonl";
        return Err(Failure::said(text.to_owned()));
    }
    let files = load(&args.files, context)?;
    let dataset = context.dataset()?;
    let resolver = AddressResolver::new(&dataset, &files);
    let tester = Tester::new(&files, &resolver);
    let pairs = pairs(&args.from, &args.to);
    let (mut exit, mut answers) = (Exit::Done, Vec::new());
    for (from, to) in &pairs {
        let answer = question(args, *from, *to, &resolver)
            .map_err(Failure::from)
            .and_then(|question| Ok(tester.ask(&question, &resolver)?));
        match answer {
            Ok(answer) => answers.push(answer),
            Err(failure) if pairs.len() == 1 => return Err(failure),
            Err(failure) => {
                let ends = [from, to].map(|end| end.unwrap_or("any"));
                let report = failure.report;
                say(&format!("tagscope: {} to {}: {report}", ends[0], ends[1]));
                exit = exit.or(Exit::Failed);
            }
        }
    }
    let is_several = pairs.len() > 1;
    match format {
        Format::Json if is_several => {
            let records = answers.iter().map(|answer| answer.record(&dataset));
            console.json(&records.collect::<Vec<_>>(), format)?;
        }
        Format::Markdown => write_verdict_markdown(&answers, console.out())?,
        _ => {
            for answer in &answers {
                match format {
                    Format::Jsonl if context.form.is_slim => {
                        console.json(&answer.record(&dataset).slim(), format)?;
                    }
                    Format::Json | Format::Jsonl => {
                        console.json(&answer.record(&dataset), format)?;
                    }
                    _ if is_several => brief(answer, console)?,
                    _ => text(answer, console)?,
                }
            }
        }
    }
    for answer in &answers {
        exit = exit.or(match answer.verdict() {
            Verdict::Allow => Exit::Done,
            Verdict::Deny | Verdict::Depends => Exit::No,
        });
    }
    Ok(exit.or(context.check_age(&dataset)))
}

/// Every source with every target; an end that is not given is left open.
fn pairs<'a>(from: &'a [String], to: &'a [String]) -> Vec<(Option<&'a str>, Option<&'a str>)> {
    let ends = |list: &'a [String]| -> Vec<Option<&'a str>> {
        if list.is_empty() {
            return vec![None];
        }
        list.iter().map(|text| Some(text.as_str())).collect()
    };
    let to = ends(to);
    ends(from)
        .into_iter()
        .flat_map(|from| to.iter().map(move |to| (from, *to)))
        .collect()
}

pub(super) fn question(
    args: &TestRulesArgs,
    from: Option<&str>,
    to: Option<&str>,
    resolver: &AddressResolver<'_>,
) -> Result<VerdictQuestion, PartyError> {
    let party = |text: Option<&str>, end| {
        let parsed = text.map(|text| Party::parse(text, end, resolver));
        parsed.transpose()
    };
    Ok(VerdictQuestion {
        from: party(from, End::From)?,
        to: party(to, End::To)?,
        port: args.port,
        protocol: args.protocol,
        direction: args.direction,
        registry_path: match (args.private_endpoint, args.trusted_service) {
            (true, _) => RegistryPath::PrivateEndpoint,
            (false, Some(service)) => RegistryPath::Trusted(service),
            (false, None) => RegistryPath::Public,
        },
    })
}

/// One of several answers: the verdict, a line for each rule set, and on what it depends.
fn brief(answer: &VerdictAnswer, console: &mut Console) -> Result<(), Failure> {
    let verdict = answer.verdict().word();
    console.heading(&format!("{verdict}: {}", answer.subject()))?;
    for checkpoint in &answer.checkpoints {
        let (set, word) = (&checkpoint.set, checkpoint.verdict.word());
        console.line(&format!("  {set}: {word} by {}", checkpoint.row))?;
    }
    for reason in answer.reasons() {
        console.line(&format!("  - {}", reason.line()))?;
    }
    Ok(())
}

fn text(answer: &VerdictAnswer, console: &mut Console) -> Result<(), Failure> {
    let width = console.width().map(|width| width.min(WIDEST));
    for line in answer.lines() {
        let (head, text) = match &line {
            VerdictLine::Title(text) => {
                console.heading(text)?;
                continue;
            }
            VerdictLine::Head(text) => {
                console.line("")?;
                console.heading(text)?;
                continue;
            }
            VerdictLine::Text(text) => ("  ", text),
            VerdictLine::Item(text) => ("  - ", text),
        };
        let room = width.map(|width| width.saturating_sub(head.len()).max(20));
        let rows = match room {
            Some(room) => wrap(text, room),
            None => vec![text.clone()],
        };
        for (place, row) in rows.iter().enumerate() {
            let start = if place == 0 {
                head.to_owned()
            } else {
                " ".repeat(head.len())
            };
            console.line(&format!("{start}{row}"))?;
        }
    }
    Ok(())
}
