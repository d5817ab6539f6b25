//! Lookup in the dashboard: membership, tags by their names, lists.

use std::time::{Duration, Instant};

use serde_json::Value;
use tagscope::tui::{Effect, Message, Outcome, Place, Task};

use crate::dashboard::{Script, earlier, embedded, script, script_on};
use crate::program::run_with;

/// A log with two addresses on a line, a line without one, and a wrong one.
const LOG: &str = "10:01 GET from 203.0.113.9:443 to 198.51.100.3\n\
                   10:02 nothing here\n\
                   10:03 203.0.113.129\n\
                   \n\
                   10:05 256.1.1.1 refused\n\
                   10:06 8.8.8.8\n";

fn paste(script: Script, text: &str) -> Script {
    script.message(Message::Paste(text.to_owned()))
}

fn exported(script: Script, form: &str) -> String {
    let script = script.keys(&format!(":export<Space>/tmp/list.{form}<Enter>"));
    let written = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            task: Task::Export { bytes, .. },
            ..
        } => Some(bytes.clone()),
        _ => None,
    });
    String::from_utf8(written.expect("a file is written")).unwrap()
}

fn copied(script: &Script) -> &str {
    let copied = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Osc52(text) => Some(text.as_str()),
        _ => None,
    });
    copied.expect("a text is copied")
}

fn line_with<'a>(text: &'a str, part: &str) -> &'a str {
    let found = text.lines().find(|line| line.contains(part));
    found.unwrap_or_else(|| panic!("no {part} in\n{text}"))
}

#[test]
fn membership_is_yes_or_no_above_the_ladder() {
    for question in [
        "203.0.113.9 in Storage.WestEurope",
        "203.0.113.9 storage West Europe",
        "is 203.0.113.9 in Storage.westeurope?",
    ] {
        let keys = format!("2{}", question.replace(' ', "<Space>"));
        script((120, 40), "default")
            .keys(&keys)
            .assert_shows("yes: 203.0.113.9 is in Storage.WestEurope, by 203.0.113.0/25")
            .assert_shows("in 4 tags")
            .assert_shows("AzureCloud.westeurope");
    }
    script((120, 40), "default")
        .keys("2203.0.113.9<Space>in<Space>Storage.FranceCentral")
        .assert_shows("no: 203.0.113.9 is not in Storage.FranceCentral")
        .assert_shows("Storage.WestEurope");
    script((120, 40), "default")
        .keys("2203.0.113.9,<Space>198.51.100.3<Space>in<Space>Storage.FranceCentral")
        .assert_shows("1 of 2 in Storage.FranceCentral")
        .assert_shows("no: 203.0.113.9 is not")
        .assert_shows("yes: 198.51.100.3 is in");
}

#[test]
fn an_unknown_tag_behind_in_gets_near_names() {
    let script = script((120, 40), "default").keys("2203.0.113.9<Space>in<Space>Storage.WestEurop");
    let text = script.text();
    let line = line_with(&text, "no tag \"Storage.WestEurop\"");
    assert!(line.contains("Storage.WestEurope"), "{line}");
}

#[test]
fn a_tag_in_any_spelling_is_summed_up_and_enter_goes_to_it() {
    let script = script((120, 40), "default")
        .keys("2Storage.West<Space>Europe")
        .assert_shows("Storage.WestEurope  a tag")
        .assert_shows("is published as Storage.WestEurope")
        .assert_shows("usable in")
        .keys("<Enter>y");
    assert_eq!(copied(&script), "Storage.WestEurope");
    let script = script.keys("<Enter>");
    assert_eq!(script.app.place(), Place::Table);
    script
        .assert_shows("Storage.WestEurope")
        .keys("-")
        .assert_shows("look up: Storage.West Europe");
}

#[test]
fn a_tag_of_the_platform_is_a_sentence() {
    script((120, 40), "default")
        .keys("2virtualnetwork")
        .assert_shows("VirtualNetwork  a tag of the platform");
}

#[test]
fn a_pasted_list_is_a_table() {
    for size in [(80, 24), (120, 40), (200, 60)] {
        let script = paste(script(size, "default"), LOG)
            .assert_shows("5 lines pasted")
            .assert_shows("6 queries · 3 in a tag · 2 not understood (lines 2, 5) · 1 in none")
            .assert_shows("by tag")
            .assert_shows("by service");
        let text = script.text();
        for (query, tag) in [
            ("203.0.113.9", "Storage.WestEurope"),
            ("198.51.100.3", "Storage.FranceCentral"),
            ("203.0.113.129", "AzureContainerRegistry.WestEurope"),
            ("10:02 nothing here", "no address in it"),
            ("256.1.1.1", "256 exceeds 255"),
            ("8.8.8.8", "in no tag"),
        ] {
            let of_query = |line: &&str| line.contains(&format!("{query} ")) && line.contains(tag);
            assert!(text.lines().any(|line| of_query(&line)), "{query}: {text}");
        }
    }
}

#[test]
fn enter_opens_a_line_and_both_ways_lead_back_to_it() {
    // The third line is the one without an address: it stays.
    paste(script((120, 40), "default"), LOG)
        .keys("jj<Enter>")
        .assert_shows("5 lines pasted");
    for back in ["-", "<Esc>"] {
        let script = paste(script((120, 40), "default"), LOG)
            .keys("j<Enter>")
            .assert_shows("look up: 198.51.100.3")
            .assert_shows("in 3 tags")
            .keys(back)
            .assert_shows("5 lines pasted")
            .keys("y");
        assert_eq!(copied(&script), "Storage.FranceCentral", "{back}");
        // Forth again: `-` swaps, Enter opens anew.
        script.keys("<Enter>").assert_shows("look up: 198.51.100.3");
    }
}

#[test]
fn a_typed_letter_begins_a_new_query() {
    paste(script((120, 40), "default"), LOG)
        .keys("/8.8.8.8")
        .assert_shows("look up: 8.8.8.8")
        .assert_shows("in no tag");
    let script = paste(script((120, 40), "default"), LOG).keys("/<Backspace>");
    assert!(!script.text().contains("lines pasted"), "{}", script.text());
}

#[test]
fn several_typed_addresses_are_a_table_with_a_command_line() {
    let script = script((120, 40), "default")
        .keys("2203.0.113.9,<Space>8.8.8.8")
        .assert_shows("2 queries · 1 in a tag · 1 in none")
        .keys("<Enter>C");
    assert_eq!(copied(&script), "tagscope lookup '203.0.113.9, 8.8.8.8'");
    let script = script.keys("Y");
    assert_eq!(
        copied(&script),
        "203.0.113.9\t203.0.113.0/25\tStorage.WestEurope\twesteurope\tAzureStorage\n\
         8.8.8.8\t\tin no tag\t\t"
    );
}

#[test]
fn a_list_of_names_and_hosts_is_read_too() {
    paste(
        script((120, 40), "default"),
        "ip\n203.0.113.9\nStorage.West Europe\nInternet\ncontoso.azurecr.io\n",
    )
    .assert_shows("4 queries · 1 in a tag · 2 names of tags · 1 host not asked")
    .keys("G<Enter>")
    .assert_shows("a host name: Enter asks the network");
}

#[test]
fn a_failure_in_many_lines_is_still_explained() {
    let text = "Error response from daemon\ndenied: client with IP '203.0.113.9' is not allowed \
                access. Refer https://aka.ms/acr/firewall\nand 198.51.100.3 too";
    let script = paste(script((120, 40), "default"), text)
        .assert_shows("look up: 203.0.113.9")
        .assert_shows("Y copies all commands");
    assert!(!script.text().contains("lines pasted"), "{}", script.text());
}

#[test]
fn another_week_asks_the_list_again() {
    let script = paste(script((120, 40), "default"), LOG).keys("jjj:week<Space>2026-06-29<Enter>");
    let ticket = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            ticket,
            task: Task::Open { .. },
        } => Some(*ticket),
        _ => None,
    });
    let ticket = ticket.expect("a week is opened");
    let outcome = Outcome::Opened(Ok(Box::new(earlier())));
    let script = script
        .message(Message::Done { ticket, outcome })
        .assert_shows("5 lines pasted")
        .assert_shows("as of 2026-06-29")
        .keys("y");
    assert_eq!(copied(&script), "AzureContainerRegistry.WestEurope");
}

#[test]
fn the_table_is_written_as_the_command_line_writes_it() {
    let text = "20.38.116.38\nx 8.8.8.8 20.36.0.0/23\n999.1.1.1\nStorage.West Europe\nInternet\n";
    for (form, format) in [
        ("txt", "text"),
        ("csv", "csv"),
        ("json", "json"),
        ("jsonl", "jsonl"),
        ("md", "markdown"),
    ] {
        let script = paste(script_on(embedded(), (120, 40), "default"), text);
        let written = exported(script, form);
        let expected = run_with(&["lookup", "-", "--format", format], text).out;
        if form.starts_with("json") {
            // Only where the week is from differs between a dashboard and a program.
            let lines = |text: &str| -> Vec<Value> {
                let stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
                stream.map(Result::unwrap).collect()
            };
            let (mut one, mut other) = (lines(&written), lines(&expected));
            for value in one.iter_mut().chain(&mut other) {
                without_weeks(value);
            }
            assert_eq!(one, other);
        } else {
            assert_eq!(written, expected, "{form}");
        }
    }
}

fn without_weeks(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(without_weeks),
        Value::Object(all) => {
            all.remove("week");
        }
        _ => {}
    }
}

#[test]
fn long_pastes_and_keys_stay_fast() {
    let addresses: Vec<String> = (0..6_000)
        .map(|n| format!("20.38.{}.{}\n", n / 250, n % 250))
        .collect();
    let addresses = addresses.concat();
    let began = Instant::now();
    let script = paste(script_on(embedded(), (120, 40), "default"), &addresses)
        .assert_shows("only the first 65536 characters were read");
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    let began = Instant::now();
    let script = script.keys("/20.38.116.38<Space>in<Space>Storage.WestEurope");
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    script.assert_shows("no: 20.38.116.38 is not in Storage.WestEurope");
    // Each of these holds nearly every prefix there is.
    let ranges: Vec<String> = (0..2_300)
        .map(|n| format!("0.0.0.0-255.255.{}.{}\n", n / 250, n % 250))
        .collect();
    let ranges = ranges.concat();
    let began = Instant::now();
    paste(script_on(embedded(), (120, 40), "default"), &ranges).assert_shows("lines pasted");
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
}
