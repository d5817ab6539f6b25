//! `tagscope runbook`.

use crate::azure::registry::RegistryName;
use crate::azure::{Cloud, Facts};
use crate::cli::args::RunbookArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::query::runbook::{Inputs, Pool, Runbook, RunbookList, make};
use crate::report::{Format, write_runbook};
use crate::text::Safe;

pub fn run(args: &RunbookArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let format = context.form.format;
    let Some(kind) = args.kind else {
        match format {
            Format::Json | Format::Jsonl => console.records(&RunbookList.record(), format)?,
            _ => console.sheet(&RunbookList, format, true)?,
        }
        return Ok(Exit::Done);
    };
    let runbook = make(kind, &inputs(args, context)?);
    match format {
        Format::Json | Format::Jsonl => console.json(&runbook.record(), format)?,
        Format::Markdown => write_runbook(&runbook, console.out())?,
        Format::Text => {
            for line in runbook.script().lines() {
                console.line(line)?;
            }
        }
        Format::Csv => {
            let text = "commands do not fit into CSV: --format text, json or markdown";
            return Err(Failure::said(text.to_owned()));
        }
    }
    Ok(ending(&runbook))
}

/// Says what is left to do by hand.
fn ending(runbook: &Runbook) -> Exit {
    if !runbook.is_possible {
        let notes = runbook.steps.iter().flat_map(|step| &step.notes);
        for note in notes {
            say(&format!("tagscope: {note}"));
        }
        return Exit::No;
    }
    let names = runbook.placeholders.iter();
    let names: Vec<&str> = names.map(|placeholder| placeholder.name).collect();
    if !names.is_empty() {
        say(&format!("tagscope: to be filled in: {}", names.join(", ")));
    }
    Exit::Done
}

fn inputs(args: &RunbookArgs, context: &Context) -> Result<Inputs, Failure> {
    let known = args.registry.as_deref().map(RegistryName::parse);
    let known = known.transpose()?;
    let found = known.as_ref().and_then(|name| name.cloud);
    let cloud = cloud(found, context)?;
    Ok(Inputs {
        login_server: known.as_ref().map(|name| name.login_server(cloud)),
        registry: known.map(|name| name.name),
        registry_subscription: args.registry_subscription.clone(),
        resource_group: args.resource_group.clone(),
        subnet: args.subnet.clone(),
        agent_subnet: args.agent_subnet.clone(),
        security_group: args.security_group.clone(),
        pool: Pool {
            name: args.pool.clone(),
            tier: args.tier,
        },
        regions: regions(&args.regions, cloud)?,
        is_private_link: args.private_link,
        client_address: args.address,
        ..Inputs::new(cloud)
    })
}

/// The cloud that was named, else the one of the login server, else that of the settings.
fn cloud(found: Option<Cloud>, context: &Context) -> Result<Cloud, Failure> {
    match (context.named_cloud, found) {
        (Some(named), Some(found)) if named != found => Err(Failure::said(format!(
            "the login server is one of {found}, and --cloud says {named}"
        ))),
        (Some(cloud), _) | (None, Some(cloud)) => Ok(cloud),
        (None, None) => Ok(context.settings.cloud),
    }
}

/// The regions by the names that stand in host names.
fn regions(typed: &[String], cloud: Cloud) -> Result<Vec<String>, Failure> {
    let known = Facts::embedded().regions;
    let region = |typed: &String| {
        let found = known.find(cloud, typed).map(|region| region.name.clone());
        found.ok_or_else(|| {
            let hint = match known.closest(cloud, typed).first() {
                Some(near) => format!("did you mean {near}?"),
                None => "tagscope regions lists them".to_owned(),
            };
            let typed = Safe::new(typed);
            Failure::said(format!("no region \"{typed}\" in {cloud}; {hint}"))
        })
    };
    typed.iter().map(region).collect()
}
