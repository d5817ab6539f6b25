//! The view Rules while things change under it: weeks, files, picks, questions.

use std::path::Path;

use tagscope::source::WeekChoice;
use tagscope::store::{RuleList, save_rule_list};
use tagscope::tui::{Effect, Message, Outcome, Place, RulesFrom, Task};

use crate::commands;
use crate::dashboard::{Script, script};
use crate::program::run;
use crate::rules_loaded;

const SIZE: (u16, u16) = (140, 44);
const NSG: &str = ":rules<Space>/r/nsg.json<Enter>";
const BOTH: &str = ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Space>/r/allow.txt<Enter>";

fn shown(keys: &str) -> Script {
    script(SIZE, "default").keys(keys)
}

fn last<T>(script: &Script, pick: impl Fn(&Effect) -> Option<T>) -> T {
    let found = script.effects.iter().rev().find_map(pick);
    found.expect("no such effect")
}

/// A message whose effects are not answered.
fn unanswered(script: &mut Script, keys: &str) -> Vec<Effect> {
    use tagscope::tui::Chord;
    let chord = Chord::parse(keys).unwrap();
    script.app.update(Message::Key(chord))
}

#[test]
fn a_step_to_another_week_in_diff_reaches_the_rules() {
    let script = shown(NSG).keys("5{");
    let weeks = last(&script, |effect| match effect {
        Effect::Start {
            task: Task::Impact { weeks, .. },
            ..
        } => Some(weeks.clone()),
        _ => None,
    });
    let weeks = weeks.expect("the weeks on screen");
    let choices = weeks.map(|request| request.week);
    assert_eq!(
        choices,
        ["2026-06-22", "2026-06-29"].map(|week| WeekChoice::parse(week).unwrap())
    );
}

#[test]
fn a_statement_whose_row_is_gone_hides_nothing() {
    let script = shown(BOTH).keys("nn:stands-for<Space>storage.francecentral<Enter>");
    let script = script.keys("<Shift-Tab>g<↓>d");
    let script = script.assert_shows("allow.txt   list 1 rule ✗1");
    // Without any file nothing is stated any more.
    let script = script.keys("gd<↓>dd").keys(NSG);
    let stated = last(&script, |effect| match effect {
        Effect::Start {
            task: Task::Impact { stands_for, .. },
            ..
        } => Some(stands_for.clone()),
        _ => None,
    });
    assert_eq!(stated, Vec::<String>::new());
    let script = shown(NSG).keys("nn:stands-for<Space>storage.francecentral<Enter>");
    script
        .keys(":stands-for<Enter>")
        .assert_shows("its tag is found by its addresses");
}

#[test]
fn a_copied_question_is_put_to_what_is_on_screen() {
    let script = shown(BOTH).keys("i198.18.0.7<Esc><Shift-Tab><↓><↓>iC<Esc>iC");
    let script = script.keys("<Ctrl-u>198.18.0.7<Enter>C");
    let copied = commands::copied(&script);
    assert_eq!(
        copied.last(),
        Some(&"tagscope rules test /r/contoso.json --from 198.18.0.7")
    );
    // A file that cannot be read would only be refused.
    let script = shown(":rules<Space>/r/nsg.json<Space>/r/bad.json<Enter>C");
    let copied = commands::copied(&script);
    assert!(!copied.last().unwrap().contains("bad.json"), "{copied:?}");
}

#[test]
fn a_finding_of_another_file_takes_the_question_along() {
    let script = shown(BOTH).keys("i198.18.0.7<Esc><Shift-Tab><↓>");
    let script = script
        .assert_shows("DEPENDS: nsg-prod")
        .keys("<Tab><Tab><Tab><Enter>");
    assert_eq!(script.app.place(), Place::RuleRows);
    let text = script.text();
    assert!(text.contains("rules of nsg.json"), "{text}");
    assert!(text.contains("DEPENDS: nsg-prod"), "{text}");
}

#[test]
fn what_is_on_its_way_for_closed_files_is_dropped() {
    let mut script = shown(":rules<Space>/r/nsg.json<Enter>");
    // Read again, and closed before that is done.
    let (ticket, _) = last(&script, |effect| match effect {
        Effect::Start {
            ticket,
            task: Task::WatchRules { files },
        } => Some((*ticket, files.clone())),
        _ => None,
    });
    let effects = script.app.update(Message::Done {
        ticket,
        outcome: Outcome::RulesChanged(Ok(())),
    });
    let Some(Effect::Start {
        ticket,
        task: Task::ReadRules { from },
    }) = effects.first()
    else {
        panic!("{effects:?}");
    };
    assert!(matches!(from, RulesFrom::Files(paths) if paths.len() == 1));
    let script = script.keys("<Shift-Tab>d").assert_shows("none is open");
    let found = vec![rules_loaded::read(Path::new("/r/nsg.json"))];
    let script = script.message(Message::Done {
        ticket: *ticket,
        outcome: Outcome::RulesRead(Ok((found, None))),
    });
    script.assert_shows("none is open");
    // Closed before the weeks are in.
    let mut script = shown(":rules<Space>/r/nsg.json");
    let effects = unanswered(&mut script, "Enter");
    let read = effects.iter().find_map(rules_loaded::answer).unwrap();
    let effects = script.app.update(read);
    let late = effects.iter().find_map(rules_loaded::answer).unwrap();
    let script = script.keys("<Shift-Tab>d").message(late);
    let text = script.text();
    assert!(!text.contains("affected"), "{text}");
    script.keys("5a").assert_shows("no rules are open");
}

#[test]
fn two_files_opened_at_once_are_both_opened() {
    let mut script = shown(":rules<Space>/r/nsg.json");
    let first = unanswered(&mut script, "Enter");
    assert!(matches!(
        first.first(),
        Some(Effect::Start {
            task: Task::ReadRules { .. },
            ..
        })
    ));
    let script = script.keys(":rules<Space>/r/allow.txt<Enter>");
    script
        .assert_shows("Files 2")
        .assert_shows("nsg.json   nsg 13 rules");
}

#[test]
fn the_cursor_stays_on_its_row_whatever_it_is_called() {
    // The same file under two names has every row twice.
    let script = shown(":rules<Space>/r/nsg.json<Space>/s/nsg.json<Enter>");
    let script = script.keys("G");
    let selected = |script: &Script| {
        let buffer = script.buffer();
        let reversed = |y: u16| {
            buffer[(40, y)]
                .modifier
                .contains(ratatui::style::Modifier::REVERSED)
        };
        (0..SIZE.1).find(|&y| reversed(y))
    };
    let before = selected(&script);
    assert!(before.is_some());
    let (ticket, _) = last(&script, |effect| match effect {
        Effect::Start {
            ticket,
            task: Task::WatchRules { files },
        } => Some((*ticket, files.clone())),
        _ => None,
    });
    let script = script.message(Message::Done {
        ticket,
        outcome: Outcome::RulesChanged(Ok(())),
    });
    assert_eq!(selected(&script), before);
}

#[test]
fn a_host_of_the_plan_is_asked_with_the_addresses_of_its_tags_until_it_is_typed_anew() {
    let plan = "3contoso<Enter><Enter>weste<Enter><Esc>";
    let script = shown(plan).keys(NSG).keys("P<Enter>");
    let script = script.assert_shows("→ ALLOWED by nsg-prod, acr-out");
    assert_eq!(script.app.place(), Place::RuleDetail);
    // Other weeks, the same answer.
    let script = script
        .keys("5{4")
        .assert_shows("→ ALLOWED by nsg-prod, acr-out");
    let script = script.keys("<Esc>");
    assert_eq!(script.app.place(), Place::RuleNotes);
    script.keys("<Esc>").assert_shows("Findings: ");
}

#[test]
fn a_registry_is_not_asked_about_traffic_that_goes_elsewhere() {
    let script = shown(BOTH).keys("<Shift-Tab><↓><↓><Enter>i198.18.0.7<Space>8.8.8.8");
    let script = script.assert_shows("the traffic goes elsewhere");
    script
        .keys("<Ctrl-u>198.18.0.7<Space>203.0.113.130")
        .assert_shows("→ ALLOWED by contoso");
}

#[test]
fn a_saved_list_is_named_on_the_command_line() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    std::fs::write(&config, "").unwrap();
    let allow = home.path().join("allow.txt");
    std::fs::write(&allow, "# tag: Storage.WestEurope\n203.0.113.0/26\n").unwrap();
    let list = RuleList {
        files: vec![allow.clone()],
        stands_for: vec!["gone=Storage".to_owned()],
    };
    save_rule_list(&home.path().join("rules"), "prod", &list).unwrap();
    let config = config.to_str().unwrap();
    let shown = run(&["--config", config, "rules", "show", "@prod"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains(allow.to_str().unwrap()), "{shown:?}");
    // What was stated of a row that is gone is said, and hides nothing.
    let impact = run(&["--config", config, "rules", "impact", "@prod"]);
    assert_eq!(impact.code, 1, "{impact:?}");
    assert!(impact.err.contains("named \"gone\""), "{impact:?}");
    run(&["--config", config, "rules", "check", "@prud"])
        .is_refused(&["no list of rules is saved as prud", "did you mean prod?"]);
}
