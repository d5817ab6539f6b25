//! The view Traffic: what is counted, what is shown of it, and where its keys lead.

use std::path::PathBuf;

use serde_json::Value;
use tagscope::query::ViewTopic;
use tagscope::text::Safe;
use tagscope::tui::{Effect, Job, Message, Mouse, MouseKind, Outcome, Place, Task, Ticket};

use crate::dashboard::{Script, dataset, embedded, script, script_on};
use crate::program::run;
use crate::traffic_loaded::{FLOWS, read};

const SIZE: (u16, u16) = (120, 40);
const OPEN: &str = ":log<Space>/l/flow.json<Enter>";

fn opened() -> Script {
    script(SIZE, "default").keys(OPEN)
}

/// The lines of the screen that have a word.
fn lines(script: &Script, word: &str) -> Vec<String> {
    let text = script.text();
    let lines = text.lines().filter(|line| line.contains(word));
    lines.map(str::to_owned).collect()
}

/// What the task that counts was asked for, and its ticket.
fn asked(script: &Script) -> (Ticket, Vec<PathBuf>) {
    let tasks = script.effects.iter().rev();
    let mut tasks = tasks.filter_map(|effect| match effect {
        Effect::Start {
            ticket,
            task: Task::ReadLogs { paths, .. },
        } => Some((*ticket, paths.clone())),
        _ => None,
    });
    tasks.next().expect("no log was asked for")
}

/// What an export of the view holds.
fn exported(script: Script, form: &str) -> Vec<u8> {
    let script = script.keys(&format!(":export<Space>/w/out.{form}<Enter>"));
    let written = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            task: Task::Export { bytes, .. },
            ..
        } => Some(bytes.clone()),
        _ => None,
    });
    written.unwrap_or_else(|| panic!("nothing written\n{}", script.text()))
}

#[test]
fn the_busiest_service_its_change_and_its_rules_are_a_few_keys_away() {
    let script = opened()
        .assert_shows("11 hits at public addresses")
        .assert_shows("1 at private ones apart")
        .assert_shows("by service · 4");
    // The busiest stands on top, and its addresses beside it.
    assert!(lines(&script, "AzureStorage")[0].contains(" 6 "));
    let script = script.assert_shows("203.0.113.100").keys("a");
    // Only what the week before had in other tags.
    let script = script
        .assert_shows("affected")
        .assert_shows("by service · 2");
    assert!(lines(&script, "203.0.113.5 ").is_empty());
    let script = script
        .keys("<Enter>")
        .assert_shows("was in AzureCloud.west")
        .keys("c");
    assert_eq!(script.app.place().topic(), Some(ViewTopic::Diff));
    let script = script.assert_shows("203.0.113.100").keys("-");
    assert_eq!(script.app.place(), Place::TrafficAddresses);
    script
        .keys("<Esc>x/az-nsg")
        .assert_shows("az network nsg rule create")
        .assert_shows("Storage.WestEurope");
}

#[test]
fn keys_lead_from_a_row_to_the_other_views_and_back() {
    let tag = opened().keys("bt").assert_shows("1 Tags");
    assert_eq!(tag.app.place().topic(), Some(ViewTopic::Tags));
    tag.assert_shows("Storage.WestEurope")
        .keys("-")
        .assert_shows("by tag");
    let service = opened().keys("t").assert_shows("service:AzureStorage");
    assert_eq!(service.app.place(), Place::Table);
    let changes = opened().keys("c").assert_shows("service:AzureStorage");
    assert_eq!(changes.app.place(), Place::Changes);
    let address = opened()
        .keys("<Enter><Enter>")
        .assert_shows("look up: 203.0.113.5");
    address.keys("<Esc>-").assert_shows("by service");
    opened().keys("r").assert_shows("no rules are open");
    let rules = script(SIZE, "default").keys(":rules<Space>/r/nsg.json<Enter>");
    let rules = rules.keys(OPEN).keys("bbbr");
    assert_eq!(rules.app.place(), Place::RuleRows);
    rules
        .assert_shows("storage-weu")
        .keys("-")
        .assert_shows("by rule");
    // What is in no tag leads nowhere, and says so.
    opened().keys("nt").assert_shows("in no tag");
}

#[test]
fn limits_say_what_they_show_and_what_a_log_lacks_is_said() {
    let script = opened().keys("d").assert_shows("3 hits denied");
    let script = script.keys("n").assert_shows("denied · in no tag");
    assert!(lines(&script, "8.8.8.8").len() == 1);
    let script = script
        .keys("<Esc>")
        .assert_shows("11 hits at public addresses");
    script
        .keys("bbb")
        .assert_shows("deny-internet")
        .keys("b")
        .assert_shows("by service");
    let access = script_of("/l/access.log").assert_shows("read as an access log of a web server");
    access
        .keys("d")
        .assert_shows("the log does not say what was allowed or denied")
        .keys("bbb")
        .assert_shows("by service");
}

fn script_of(path: &str) -> Script {
    script(SIZE, "default").keys(&format!(":log<Space>{path}<Enter>"))
}

#[test]
fn a_copied_command_names_what_is_on_screen() {
    let copied = |keys: &str| {
        let script = opened().keys(keys).keys("C");
        let copied = script.effects.iter().rev().find_map(|effect| match effect {
            Effect::Osc52(text) => Some(text.clone()),
            _ => None,
        });
        copied.unwrap()
    };
    let log = "/l/flow.json";
    assert_eq!(copied(""), format!("tagscope top {log} --by=service -n 0"));
    let denied = format!("tagscope top {log} --by=tag -n 0 --action=deny");
    assert_eq!(copied("bd"), denied);
    assert_eq!(copied("n"), format!("tagscope grep --nowhere {log}"));
    let against = format!("tagscope top {log} --against=2026-06-29 -n 0");
    assert_eq!(copied("a"), against);
}

#[test]
fn the_mouse_selects_a_row_and_an_address_and_the_wheel_moves_what_is_under_it() {
    let script = opened();
    let text = script.text();
    let row = |word: &str| text.lines().position(|line| line.contains(word)).unwrap();
    let mouse = |kind, column, word: &str| {
        let row = u16::try_from(row(word)).unwrap();
        Message::Mouse(Mouse { kind, column, row })
    };
    let press = |column, word: &str| mouse(MouseKind::Press, column, word);
    let script = script.message(press(25, "in no tag"));
    let script = script.assert_shows("8.8.8.8").message(press(5, "region"));
    let script = script.assert_shows("by region");
    let script = script
        .keys("<Esc>")
        .message(mouse(MouseKind::WheelDown, 25, "service"));
    assert_eq!(script.app.place(), Place::TrafficRows);
    // A press on what is selected opens it.
    let script = script.keys("6g").message(press(25, "54.5 %"));
    assert_eq!(script.app.place(), Place::TrafficAddresses);
}

#[test]
fn a_filter_takes_words_and_addresses() {
    opened().keys("b/acr").assert_shows("nothing has that");
    let script = opened().keys("b/registry").assert_shows("by tag · 1");
    let script = script.keys("<Esc><Esc>/203.0.113.0<Backspace>130<Enter>");
    let script = script
        .assert_shows("AzureContainerRegistry.WestEurope")
        .assert_shows("by tag · 1");
    script.keys("<Esc>").assert_shows("by tag · 5");
}

#[test]
fn progress_is_shown_where_it_belongs_and_a_stop_leaves_the_view_usable() {
    let script = opened().keys(":log<Space>/l/endless.log<Enter>");
    let (ticket, paths) = asked(&script);
    assert_eq!(paths, [PathBuf::from("/l/endless.log")]);
    let progress = |text: &str| Message::Progress {
        job: Job::Logs,
        ticket,
        text: Safe::new(text),
    };
    // What was counted before stays.
    let script = script
        .message(progress("120 of 500 MB, 60 MB/s, 6 s left"))
        .assert_shows("reading endless.log: 120 of 500 MB, 60 MB/s, 6 s left; Esc stops")
        .assert_shows("AzureStorage");
    // Elsewhere the status line has it.
    let script = script.keys("1").message(progress("240 of 500 MB"));
    let script = script.assert_shows("240 of 500 MB").keys("6<Esc>");
    assert!(script.effects.contains(&Effect::Stop(Job::Logs)));
    let script = script.assert_shows("stopped; the counts are those from before");
    // Whatever comes late is of nobody.
    let late = Message::Done {
        ticket,
        outcome: Outcome::LogsRead(Err(Safe::new("late"))),
    };
    let script = script.message(progress("late")).message(late);
    assert!(lines(&script, "late").is_empty());
    script
        .keys("b")
        .assert_shows("Storage.FranceCentral")
        .keys(":log<Space>/l/access.log<Enter>")
        .assert_shows("an access log of a web server");
    // Without counts from before there are none.
    let first = script_of("/l/endless.log").keys("<Esc>");
    first
        .assert_shows("stopped; o takes the names of logs")
        .keys("ob")
        .assert_shows(":log b");
}

#[test]
fn what_cannot_be_read_is_a_sentence_and_what_was_there_stays() {
    script_of("/l/gone.log").assert_shows("cannot read /l/gone.log");
    opened()
        .keys(":log<Space>/l/gone.log<Enter>")
        .assert_shows("cannot read /l/gone.log")
        .assert_shows("AzureStorage");
    script_of("/l/access.log /l/odd.txt /l/gone.log")
        .assert_shows("/l/odd.txt: read as plain text, and no address is in it")
        .assert_shows("cannot read /l/gone.log")
        .assert_shows("counted: 2 logs, 2 problems");
    script(SIZE, "default")
        .keys("6n")
        .assert_shows("no log is open yet");
}

#[test]
fn another_week_is_asked_of_the_same_counts() {
    let of_week = |script: Script, week: tagscope::query::Dataset| {
        let script = script.keys(":week<Space>2026-06-29<Enter>");
        let ticket = script.effects.iter().rev().find_map(|effect| match effect {
            Effect::Start {
                ticket,
                task: Task::Open { .. },
            } => Some(*ticket),
            _ => None,
        });
        script.message(Message::Done {
            ticket: ticket.unwrap(),
            outcome: Outcome::Opened(Ok(Box::new(week))),
        })
    };
    let before = opened().keys("b<↓>");
    let reads = |script: &Script| {
        let effects = script.effects.iter();
        let is_read = |effect: &&Effect| {
            matches!(
                effect,
                Effect::Start {
                    task: Task::ReadLogs { .. },
                    ..
                }
            )
        };
        effects.filter(is_read).count()
    };
    assert_eq!(lines(&before, "AzureCloud.westeurope").len(), 0);
    let after = of_week(before, crate::dashboard::earlier());
    assert_eq!(reads(&after), 1, "the log is read again");
    // 203.0.113.100 is no longer in Storage.
    after.assert_shows("AzureCloud.westeurope");
    // What found no room is of the week that it was counted with: the log is read again.
    let script = script_of("/l/endless.log");
    let (ticket, paths) = asked(&script);
    let few = read(&[PathBuf::from("/l/flow.json")], &dataset(), 2).map(|mut logs| {
        logs.paths.clone_from(&paths);
        logs
    });
    let script = script.message(Message::Done {
        ticket,
        outcome: Outcome::LogsRead(few),
    });
    let script = script
        .assert_shows("at addresses that came too late to be told apart")
        .assert_shows("11 hits at public addresses");
    let again = of_week(script, crate::dashboard::earlier());
    assert_eq!(reads(&again), 2);
    again.assert_shows("reading endless.log");
}

#[test]
fn an_export_is_what_the_verb_prints() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.json");
    let text = FLOWS
        .replace("203.0.113.5", "20.38.116.38")
        .replace("203.0.113.100", "20.38.116.39")
        .replace("203.0.113.130", "13.69.227.89")
        .replace("198.51.100.10", "20.61.97.130")
        .replace("198.51.100.200", "2603:1030:c02:4::1");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let open = format!(":log<Space>{path}<Enter>");
    let words = ["--week", "embedded", "-n", "0"];
    for (keys, by, action) in [
        ("", "service", None),
        ("b", "tag", None),
        ("bb", "region", None),
        ("bbb", "rule", None),
        ("bd", "tag", Some("deny")),
        ("bbbd", "rule", Some("deny")),
    ] {
        let mut args = vec!["top", path, "--by", by];
        args.extend(words);
        args.extend(action.iter().flat_map(|action| ["--action", action]));
        let view = || {
            let view = script_on(embedded(), SIZE, "default");
            view.keys(&open).keys(keys)
        };
        let mut json: Value = serde_json::from_slice(&exported(view(), "json")).unwrap();
        let mut printed = run(&[&args[..], &["--json"]].concat()).json();
        // The dashboard of the tests names where its week is from by other words.
        for document in [&mut json, &mut printed] {
            document["week"].take();
        }
        assert_eq!(json, printed, "{by}");
        assert!(!printed["rows"].as_array().unwrap().is_empty());
        let csv = exported(view(), "csv");
        let printed = run(&[&args[..], &["-o", "csv"]].concat());
        assert_eq!(String::from_utf8(csv).unwrap(), printed.out, "{by}");
    }
}
