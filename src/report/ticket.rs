//! A plan as a text for a firewall ticket.

use std::io::{self, Write};

use crate::azure::Facts;
use crate::query::Dataset;
use crate::query::endpoints::{EndpointGroup, EndpointRow, EndpointsAnswer, TicketTable, legend};
use crate::report::{escaped, write_markdown};
use crate::space::Family;
use crate::text::shown_date;

/// Prefixes of one tag and family; longer lists are given by the command that prints them.
const MOST_PREFIXES: usize = 60;

/// Writes what is to be opened, with reasons, prefixes, what to mind, and where it is from.
///
/// # Errors
/// The writer's.
pub fn write_ticket(
    answer: &EndpointsAnswer,
    dataset: Option<&Dataset>,
    facts: &Facts,
    command: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    let login = answer.profile.login_server();
    writeln!(out, "## Firewall rules for {login}\n")?;
    writeln!(out, "{}\n", answer.headline(facts))?;
    writeln!(out, "Service tags of the week {}.\n", week(dataset))?;
    for group in EndpointGroup::ALL {
        let rows: Vec<&EndpointRow> = answer.of_group(group).collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "### {}\n", capital(group.title()))?;
        write_markdown(&TicketTable::new(&rows), true, out)?;
        writeln!(out)?;
    }
    if let Some(link) = &answer.private_link {
        writeln!(out, "### Private link\n")?;
        for line in link.lines() {
            writeln!(out, "- {}", escaped(&line))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "### To mind\n")?;
    for advice in &answer.advice {
        writeln!(
            out,
            "- **{}** ({}): {}",
            advice.level.word(),
            advice.id,
            escaped(&advice.text)
        )?;
    }
    legends(answer, out)?;
    if let Some(dataset) = dataset {
        prefixes(answer, dataset, out)?;
    }
    writeln!(out, "\nMade with `{command}`.")
}

/// Which publication the tags are from.
fn week(dataset: Option<&Dataset>) -> String {
    let Some(dataset) = dataset else {
        return "not known: none of this cloud is at hand".to_owned();
    };
    let info = dataset.info();
    let date = shown_date(info.date);
    let source = dataset.provenance().source.word();
    format!("{date} of {}, {source}", info.cloud)
}

/// What the ids of the advice stand for, a line each.
fn legends(answer: &EndpointsAnswer, out: &mut impl Write) -> io::Result<()> {
    let mut ids: Vec<&str> = Vec::new();
    for advice in &answer.advice {
        if !ids.contains(&advice.id) {
            ids.push(advice.id);
        }
    }
    let lines = ids.into_iter().filter_map(|id| Some((id, legend(id)?)));
    for (place, (id, line)) in lines.enumerate() {
        if place == 0 {
            writeln!(out, "\n### What the ids stand for\n")?;
        }
        writeln!(out, "- {id}: {line}")?;
    }
    Ok(())
}

fn prefixes(answer: &EndpointsAnswer, dataset: &Dataset, out: &mut impl Write) -> io::Result<()> {
    let names = answer.tag_names();
    if names.is_empty() {
        return Ok(());
    }
    let view = dataset.view();
    writeln!(out, "\n### Prefixes of the service tags\n")?;
    for name in names {
        let Some(tag) = view.find(name) else { continue };
        for (family, word) in [(Family::V4, "IPv4"), (Family::V6, "IPv6")] {
            let list: Vec<String> = view
                .prefixes(tag, family)
                .map(|it| it.to_string())
                .collect();
            let flag = if family == Family::V4 {
                "--ipv4"
            } else {
                "--ipv6"
            };
            if list.len() > MOST_PREFIXES {
                let count = list.len();
                writeln!(
                    out,
                    "- {name}, {word}: {count} prefixes, `tagscope tags prefixes {name} {flag}`"
                )?;
            } else if !list.is_empty() {
                writeln!(out, "- {name}, {word}: {}", list.join(", "))?;
            }
        }
    }
    Ok(())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
