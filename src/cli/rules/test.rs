//! `tagscope rules test`.

use crate::cli::args::TestRulesArgs;
use crate::cli::console::Console;
use crate::cli::rules::load;
use crate::cli::{Context, Exit, Failure};
use crate::query::rules::AddressResolver;
use crate::query::rules::verdict::{
    End, Party, PartyError, RegistryPath, Verdict, VerdictAnswer, VerdictLine, VerdictQuestion, ask,
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
    let format = args.format.format();
    if format == Format::Csv {
        let text = "a verdict is no table: take --format text, markdown, json or jsonl";
        return Err(Failure::said(text.to_owned()));
    }
    let files = load(&args.files, context)?;
    let dataset = context.dataset()?;
    let resolver = AddressResolver::new(&dataset, &files);
    let answer = ask(&question(args, &resolver)?, &files, &resolver)?;
    match format {
        Format::Json | Format::Jsonl => console.json(&answer.record(&dataset), format)?,
        Format::Markdown => write_verdict_markdown(&answer, console.out())?,
        Format::Text | Format::Csv => text(&answer, console)?,
    }
    let exit = match answer.verdict() {
        Verdict::Allow => Exit::Done,
        Verdict::Deny | Verdict::Depends => Exit::No,
    };
    Ok(exit.or(context.check_age(&dataset)))
}

fn question(
    args: &TestRulesArgs,
    resolver: &AddressResolver<'_>,
) -> Result<VerdictQuestion, PartyError> {
    let party = |text: &Option<String>, end| {
        let parsed = text
            .as_deref()
            .map(|text| Party::parse(text, end, resolver));
        parsed.transpose()
    };
    Ok(VerdictQuestion {
        from: party(&args.from, End::From)?,
        to: party(&args.to, End::To)?,
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
