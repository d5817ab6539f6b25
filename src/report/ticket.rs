//! A plan as a text for a firewall ticket.

use std::io::{self, Write};

use crate::azure::Facts;
use crate::query::Dataset;
use crate::query::endpoints::{EndpointGroup, EndpointRow, EndpointsAnswer, TicketTable, legend};
use crate::report::{MarkdownPage, Md};
use crate::space::Family;
use crate::text::argument;

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
    let mut page = MarkdownPage::new(out);
    let login = answer.profile.login_server();
    page.heading(2, &(Md::mark("Firewall rules for ") + Md::text(&login)))?;
    page.paragraph(&Md::text(&answer.headline(facts)))?;
    let week = week(dataset);
    page.paragraph(&(Md::mark("Service tags of the week ") + Md::text(&week) + "."))?;
    for group in EndpointGroup::ALL {
        let rows: Vec<&EndpointRow> = answer.of_group(group).collect();
        if rows.is_empty() {
            continue;
        }
        page.heading(3, &Md::text(&capital(group.title())))?;
        page.sheet(&TicketTable::new(&rows))?;
    }
    if let Some(link) = &answer.private_link {
        page.heading(3, &Md::mark("Private link"))?;
        for line in link.lines() {
            page.item(&Md::text(&line))?;
        }
    }
    page.heading(3, &Md::mark("Notes"))?;
    for advice in &answer.advice {
        let level = Md::mark("**") + advice.level.word() + "** (";
        page.item(&(level + Md::text(advice.id) + "): " + Md::text(&advice.text)))?;
    }
    legends(answer, &mut page)?;
    if let Some(dataset) = dataset {
        prefixes(answer, dataset, &mut page)?;
    }
    page.paragraph(&(Md::mark("Made with ") + Md::code(command) + "."))
}

/// Which publication the tags are from.
fn week(dataset: Option<&Dataset>) -> String {
    let Some(dataset) = dataset else {
        return "not known: none of this cloud is available".to_owned();
    };
    let info = dataset.info();
    let date = info.said();
    let source = dataset.provenance().source.word();
    format!("{date} of {}, {source}", info.cloud)
}

/// What the ids of the advice stand for, a line each.
fn legends(answer: &EndpointsAnswer, page: &mut MarkdownPage<'_, impl Write>) -> io::Result<()> {
    let mut ids: Vec<&str> = Vec::new();
    for advice in &answer.advice {
        if !ids.contains(&advice.id) {
            ids.push(advice.id);
        }
    }
    let lines = ids.into_iter().filter_map(|id| Some((id, legend(id)?)));
    for (place, (id, line)) in lines.enumerate() {
        if place == 0 {
            page.heading(3, &Md::mark("What the ids stand for"))?;
        }
        page.item(&(Md::text(id) + ": " + Md::text(line)))?;
    }
    Ok(())
}

fn prefixes(
    answer: &EndpointsAnswer,
    dataset: &Dataset,
    page: &mut MarkdownPage<'_, impl Write>,
) -> io::Result<()> {
    let names = answer.tag_names();
    if names.is_empty() {
        return Ok(());
    }
    let view = dataset.view();
    page.heading(3, &Md::mark("Prefixes of the service tags"))?;
    for name in names {
        let Some(tag) = view.find(name) else { continue };
        for (family, words, flag) in [
            (Family::V4, ", IPv4: ", "--ipv4"),
            (Family::V6, ", IPv6: ", "--ipv6"),
        ] {
            let list: Vec<String> = view
                .prefixes(tag, family)
                .map(|it| it.to_string())
                .collect();
            let start = Md::text(name) + words;
            if list.len() > MOST_PREFIXES {
                let count = list.len();
                let command = format!("tagscope tags prefixes {flag} {}", argument(name));
                let count = Md::text(&format!("{count} prefixes, "));
                page.item(&(start + count + Md::code(&command)))?;
            } else if !list.is_empty() {
                page.item(&(start + Md::text(&list.join(", "))))?;
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
