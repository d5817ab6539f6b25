//! `tagscope endpoints`.

use std::io::{self, Write};

use crate::azure::registry::{Imported, MicrosoftRegistry, Profile, RegistryName, Switch};
use crate::azure::{Cloud, Facts};
use crate::cli::args::EndpointsArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::net::probe_all;
use crate::query::Dataset;
use crate::query::endpoints::{
    EndpointGroup, EndpointRow, EndpointsAnswer, EndpointsComparison, EndpointsTable, Level, ask,
    region_named,
};
use crate::query::probe::{HostProbe, ProbeVerdict};
use crate::report::{Format, MarkdownPage, Md, write_ticket};
use crate::source::{Request, SourceError, probe_options, read_registry};
use crate::store::Input;
use crate::text::quote;

pub fn run(
    args: &EndpointsArgs,
    context: &Context,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let facts = Facts::embedded();
    let documents = read_all(args, context, &facts)?;
    let asked = asked(args, &documents)?;
    let dataset = week(&asked, context)?;
    let cloud = asked
        .cloud()
        .or(dataset.as_ref().map(Dataset::cloud))
        .or(context.request.cloud)
        .unwrap_or(Cloud::Public);
    let profile = profile(args, &asked, cloud, &documents, &facts)?;
    let answer = ask(&profile, dataset.as_ref(), &facts);
    let before = ask(&profile.before(), dataset.as_ref(), &facts);
    let comparison = args
        .compare
        .then(|| EndpointsComparison::of(&before, &answer));
    let week = dataset.as_ref();
    let probes = args.probe.then(|| probe(&answer, context)).transpose()?;
    let probes = probes.as_deref();
    match context.form.format {
        format @ (Format::Json | Format::Jsonl) => {
            let record = answer.record(week, args.prefixes);
            let record = match &comparison {
                Some(comparison) => record.compared(comparison, profile.options()),
                None => record,
            };
            let record = match probes {
                Some(probes) => record.probed(probes, week),
                None => record,
            };
            // A plan is one document: its rows, its advice and what it is compared with.
            console.json(&record, format)?;
        }
        Format::Markdown => {
            let command = command(&profile, args, context);
            write_ticket(&answer, week, &facts, &command, console.out())?;
            if let Some(probes) = probes {
                probed_page(&answer, probes, week, &mut console.page_below())?;
            }
            if let Some(comparison) = &comparison {
                compared_page(comparison, &mut console.page_below())?;
            }
        }
        Format::Text if console.is_terminal() => {
            describe(&answer, &facts, console)?;
            if let Some(probes) = probes {
                probed(&answer, probes, week, console)?;
            }
            if let Some(comparison) = &comparison {
                compared(comparison, Format::Text, console)?;
            }
        }
        format => {
            match &comparison {
                Some(comparison) => compared(comparison, format, console)?,
                None => console.sheet(
                    &EndpointsTable::new(&answer.rows).probed(probes),
                    format,
                    true,
                )?,
            }
            for advice in answer.advice.iter().filter(|it| it.level == Level::Error) {
                say(&format!("tagscope: {}: {}", advice.id, advice.text));
            }
        }
    }
    let is_refused = answer.advice.iter().any(|it| it.level == Level::Error);
    let advised = if is_refused { Exit::No } else { Exit::Done };
    let exit = probes.map_or(Exit::Done, exit_of).or(advised);
    let age = week.map_or(Exit::Done, |week| context.check_age(week));
    Ok(exit.or(age))
}

/// The plan of a registry, and the week that its tags are from.
///
/// # Errors
/// No such registry, region or week.
pub(super) fn plan(
    args: &EndpointsArgs,
    context: &Context,
) -> Result<(EndpointsAnswer, Dataset), Failure> {
    let facts = Facts::embedded();
    let documents = read_all(args, context, &facts)?;
    let asked = asked(args, &documents)?;
    let request = request(&asked, context)?;
    let dataset = context.open(&request)?;
    let profile = profile(args, &asked, dataset.cloud(), &documents, &facts)?;
    Ok((ask(&profile, Some(&dataset), &facts), dataset))
}

/// Asks the hosts of the plan.
fn probe(answer: &EndpointsAnswer, context: &Context) -> Result<Vec<HostProbe>, Failure> {
    if context.settings.offline {
        let text = "--probe asks the network; --offline forbids it";
        return Err(Failure::said(text.to_owned()));
    }
    let options = probe_options(&context.settings.places)?;
    let targets = answer.targets();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut found: Vec<Option<HostProbe>> = vec![None; targets.len()];
    runtime.block_on(probe_all(targets, &options, |place, probe| {
        say(&format!(
            "tagscope: {}: {}",
            probe.host,
            probe.verdict().word()
        ));
        if let Some(slot) = found.get_mut(place) {
            *slot = Some(probe);
        }
    }));
    let is_wildcard =
        |row: &&EndpointRow| row.host.as_deref().is_some_and(|host| host.contains('*'));
    for row in answer.of_group(EndpointGroup::Outbound).filter(is_wildcard) {
        say(&format!(
            "tagscope: {}: not asked, since a wildcard is no host",
            row.shown()
        ));
    }
    Ok(found.into_iter().flatten().collect())
}

/// A refusal is a "no", and what is not reached a failure of the network.
fn exit_of(probes: &[HostProbe]) -> Exit {
    let exits = probes.iter().map(|probe| match probe.verdict() {
        ProbeVerdict::Allowed => Exit::Done,
        ProbeVerdict::Denied | ProbeVerdict::NotARegistry => Exit::No,
        ProbeVerdict::Unreachable => Exit::Network,
    });
    exits.fold(Exit::Done, Exit::or)
}

/// What a host answered, in sentences.
fn answered(
    answer: &EndpointsAnswer,
    probe: &HostProbe,
    week: Option<&Dataset>,
) -> (String, Vec<String>) {
    let row = answer
        .of_group(EndpointGroup::Outbound)
        .find(|row| row.probed_host() == Some(probe.host.as_str()));
    probe.lines(week, row.map_or(&[][..], |row| &row.tags))
}

/// What the hosts answered, for a person.
fn probed(
    answer: &EndpointsAnswer,
    probes: &[HostProbe],
    week: Option<&Dataset>,
    console: &mut Console,
) -> Result<(), Failure> {
    console.line("")?;
    console.heading("asked from here")?;
    for probe in probes {
        let (first, rest) = answered(answer, probe, week);
        console.line(&first)?;
        for line in rest {
            console.line(&format!("  {line}"))?;
        }
    }
    Ok(())
}

/// The same for a ticket.
fn probed_page(
    answer: &EndpointsAnswer,
    probes: &[HostProbe],
    week: Option<&Dataset>,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    page.heading(3, &Md::mark("Asked from here"))?;
    for probe in probes {
        let (first, rest) = answered(answer, probe, week);
        page.item(&Md::text(&first))?;
        for line in rest {
            page.sub_item(&Md::text(&line))?;
        }
    }
    Ok(())
}

fn read_all(
    args: &EndpointsArgs,
    context: &Context,
    facts: &Facts,
) -> Result<Vec<Imported>, Failure> {
    context.check_stdin(&args.from)?;
    let mut documents = Vec::new();
    for path in &args.from {
        let input = Input::new(path);
        let document = read_registry(&input, &facts.regions)?;
        for note in &document.notes {
            say(&format!("tagscope: {}: {note}", input.shown()));
        }
        documents.push(document);
    }
    Ok(documents)
}

/// Whose hosts are planned.
enum Asked {
    /// A customer's registry.
    Registry(RegistryName),
    /// Microsoft's own, alone.
    Microsoft(MicrosoftRegistry),
}

impl Asked {
    /// The cloud, where the name tells it.
    const fn cloud(&self) -> Option<Cloud> {
        match self {
            Self::Registry(name) => name.cloud,
            Self::Microsoft(microsoft) => microsoft.cloud,
        }
    }

    /// The login server in a cloud.
    fn login_server(&self, cloud: Cloud) -> String {
        match self {
            Self::Registry(name) => name.login_server(cloud),
            Self::Microsoft(_) => Profile::microsoft(cloud).login_server(),
        }
    }
}

/// What is to be planned; says what was taken differently from how it was written.
fn asked(args: &EndpointsArgs, documents: &[Imported]) -> Result<Asked, Failure> {
    let microsoft = match args.registry.as_deref() {
        Some(text) => MicrosoftRegistry::parse(text),
        None if args.from.is_empty() => Some(MicrosoftRegistry { cloud: None }),
        None => None,
    };
    let Some(microsoft) = microsoft else {
        let name = registry(args, documents)?;
        for note in &name.notes {
            say(&format!("tagscope: {note}"));
        }
        return Ok(Asked::Registry(name));
    };
    let is_more = args.sku.is_some()
        || args.home.is_some()
        || !args.regions.is_empty()
        || !args.from.is_empty()
        || args.data_endpoints
        || args.regional_endpoints
        || args.private_link
        || args.dual_stack;
    if is_more {
        return Err(Failure::said(
            "Microsoft's registry has no tier, regions or options to choose: name a registry of yours, and --mcr adds Microsoft's hosts".to_owned(),
        ));
    }
    Ok(Asked::Microsoft(microsoft))
}

/// The registry that is named, by the argument or by the documents; they must agree.
fn registry(args: &EndpointsArgs, documents: &[Imported]) -> Result<RegistryName, Failure> {
    let mut named = args
        .registry
        .as_deref()
        .map(RegistryName::parse)
        .transpose()?;
    for told in documents.iter().filter_map(|it| it.registry.as_ref()) {
        match &mut named {
            None => named = Some(told.clone()),
            Some(name) if name.name != told.name => {
                return Err(Failure::said(format!(
                    "the registry is {} here and {} there: name one, or give files of one registry",
                    name.name, told.name
                )));
            }
            Some(name) => agree(name, told)?,
        }
    }
    named.ok_or_else(|| {
        let text = "no document names the registry: give its name before --from";
        Failure::said(text.to_owned())
    })
}

/// Joins what the argument and a document say of one registry; a document knows the whole login server.
fn agree(name: &mut RegistryName, told: &RegistryName) -> Result<(), Failure> {
    if let (Some(cloud), Some(its)) = (name.cloud, told.cloud)
        && cloud != its
    {
        return Err(Failure::said(format!(
            "{} is in {cloud}, and a document has it in {its}",
            name.name
        )));
    }
    let is_whole = |name: &RegistryName| name.label != name.name || name.cloud.is_some();
    if is_whole(name) && is_whole(told) && name.label != told.label {
        return Err(Failure::said(format!(
            "the login server begins with {} here and with {} there",
            name.label, told.label
        )));
    }
    if name.label == name.name {
        name.label.clone_from(&told.label);
    }
    name.cloud = name.cloud.or(told.cloud);
    Ok(())
}

/// The week of the registry's cloud; without one the plan has no counts, which is said.
fn week(asked: &Asked, context: &Context) -> Result<Option<Dataset>, Failure> {
    let request = request(asked, context)?;
    match context.open(&request) {
        Ok(dataset) => Ok(Some(dataset)),
        Err(failure) => match failure.report.downcast_ref::<SourceError>() {
            Some(error) if error.is_no_cloud() => {
                say(&format!(
                    "{}; the plan has no prefix counts",
                    failure.sentence()
                ));
                Ok(None)
            }
            _ => Err(failure),
        },
    }
}

/// What is asked for the registry's cloud.
fn request(asked: &Asked, context: &Context) -> Result<Request, Failure> {
    if let (Some(cloud), Some(named)) = (asked.cloud(), context.named_cloud)
        && cloud != named
    {
        return Err(Failure::said(format!(
            "{} is in {cloud}, not in {named}; leave --cloud out",
            asked.login_server(cloud)
        )));
    }
    Ok(Request {
        cloud: asked.cloud().or(context.request.cloud),
        ..context.request.clone()
    })
}

fn profile(
    args: &EndpointsArgs,
    asked: &Asked,
    cloud: Cloud,
    documents: &[Imported],
    facts: &Facts,
) -> Result<Profile, Failure> {
    let name = match asked {
        Asked::Registry(name) => name,
        Asked::Microsoft(_) => {
            let mut profile = Profile::microsoft(cloud);
            let host = profile.login_server();
            let typed = args.registry.as_deref().unwrap_or(&host);
            if !typed.to_lowercase().contains(&host) {
                say(&format!(
                    "tagscope: in {cloud} Microsoft's registry is {host}, and the plan is of that"
                ));
            }
            chosen(&mut profile, args);
            return Ok(profile);
        }
    };
    let mut profile = Profile::new(name, cloud);
    for document in documents {
        // A region of another cloud is a document of another registry.
        for region in &document.regions {
            region_named(region, cloud, facts)?;
        }
        profile.take(document);
    }
    profile.see_host(name);
    profile.sku = args.sku.or(profile.sku);
    for typed in args.regions.iter().chain(&name.region) {
        profile.add_region(&region_named(typed, cloud, facts)?);
    }
    if let Some(typed) = &args.home {
        profile.set_home(&region_named(typed, cloud, facts)?);
    }
    for (switch, is_on) in [
        (Switch::DataEndpoints, args.data_endpoints),
        (Switch::RegionalEndpoints, args.regional_endpoints),
        (Switch::PrivateLink, args.private_link),
        (Switch::DualStack, args.dual_stack),
        (Switch::MicrosoftImages, args.mcr),
    ] {
        if is_on {
            profile.set(switch, true);
        }
    }
    chosen(&mut profile, args);
    Ok(profile)
}

/// The clients that were named.
fn chosen(profile: &mut Profile, args: &EndpointsArgs) {
    if !args.clients.is_empty() {
        profile.clients = args.clients.iter().copied().collect();
    }
}

/// The command line with the same answer; documents and data files are named by their paths.
fn command(profile: &Profile, args: &EndpointsArgs, context: &Context) -> String {
    let mut words = vec!["tagscope".to_owned(), "endpoints".to_owned()];
    words.extend(profile.words());
    for path in &args.from {
        words.extend(["--from".to_owned(), path.display().to_string()]);
    }
    if let Some(path) = &context.request.file {
        words.extend(["--file".to_owned(), path.display().to_string()]);
    } else if let Some(week) = context.request.week.flag() {
        words.extend(["--week".to_owned(), week]);
    }
    let words: Vec<_> = words.iter().map(|word| quote(word)).collect();
    words.join(" ")
}

/// The plan for a person: headings, short tables, advice.
fn describe(answer: &EndpointsAnswer, facts: &Facts, console: &mut Console) -> Result<(), Failure> {
    console.heading(&answer.headline(facts))?;
    for group in EndpointGroup::ALL {
        let mut rows = answer.of_group(group).peekable();
        if rows.peek().is_none() {
            continue;
        }
        console.line("")?;
        console.heading(group.title())?;
        console.columns(&EndpointsTable::new(rows).marked(), EndpointsTable::HIDDEN)?;
    }
    if let Some(link) = &answer.private_link {
        console.line("")?;
        console.heading("private link: names that lead into your network")?;
        for line in link.lines() {
            console.line(&line)?;
        }
    }
    console.line("")?;
    console.heading("to mind")?;
    for advice in &answer.advice {
        console.line(&format!(
            "{} {} {}: {}",
            advice.level.mark(),
            advice.level.word(),
            advice.id,
            advice.text
        ))?;
    }
    Ok(())
}

fn compared(
    comparison: &EndpointsComparison<'_>,
    format: Format,
    console: &mut Console,
) -> Result<(), Failure> {
    if format != Format::Text || !console.is_terminal() {
        return console.sheet(&comparison.sheet(), format, true);
    }
    console.line("")?;
    console.heading("against the registry without these options")?;
    if comparison.is_empty() {
        return console.line("nothing changes");
    }
    console.columns(&comparison.sheet(), &[1, 4])
}

/// The same for a ticket.
fn compared_page(
    comparison: &EndpointsComparison<'_>,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    page.heading(3, &Md::mark("Against the registry without these options"))?;
    if comparison.is_empty() {
        return page.paragraph(&Md::mark("nothing changes"));
    }
    page.sheet(&comparison.sheet())
}
