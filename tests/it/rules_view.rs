//! The view Rules: files are opened, followed on disk, asked, held against weeks, and put right.

use std::path::{Path, PathBuf};

use tagscope::rules::read_rules;
use tagscope::source::WeekChoice;
use tagscope::store::RuleList;
use tagscope::text::Safe;
use tagscope::tui::{Effect, Job, Message, Outcome, Place, RulesFrom, Task, Ticket};

use crate::commands;
use crate::dashboard::{Script, script};
use crate::rules_loaded::{self, LIST, NEW_LIST};

const SIZE: (u16, u16) = (140, 44);
const NSG: &str = ":rules<Space>/r/nsg.json<Enter>";
const BOTH: &str = ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Space>/r/allow.txt<Enter>";

fn shown(keys: &str) -> Script {
    script(SIZE, "default").keys(keys)
}

/// What was copied last.
fn copied(script: &Script) -> String {
    let texts = commands::copied(script);
    (*texts.last().expect("nothing was copied")).to_owned()
}

/// The line on screen that has these words.
fn line_of(script: &Script, words: &[&str]) -> String {
    let text = script.text();
    let mut lines = text.lines();
    let found = lines.find(|line| words.iter().all(|word| line.contains(word)));
    found
        .unwrap_or_else(|| panic!("no line with {words:?} in\n{text}"))
        .to_owned()
}

#[test]
fn a_row_says_what_it_matches_and_what_the_week_does_to_it() {
    let script = shown(NSG);
    for words in [
        // A tag follows by itself, a copy of its addresses does not.
        ["200 acr-out", "443  allow", "automatic +0 −3"],
        ["210 storage-weu", "2 prefixes", "✗ missing 1"],
        ["220 acr-copied", "4 prefixes", "✗ moved 3"],
        ["4001 retired", "Retired", "✗ tag is gone"],
        ["4000 deny-internet", "Internet", "unaffected"],
        ["210 odd", "198.18.0.0/24", "unaffected"],
    ] {
        line_of(&script, &words);
    }
    script
        .assert_shows("2026-06-29 → 2026-07-06: 3 rules affected, 1 automatic")
        .keys("nn")
        .assert_shows("equals Storage.WestEurope of 2026-06-29, 100 %")
        .assert_shows("+ 203.0.113.64/26  missing here")
        .assert_shows("p shows the patch");
}

#[test]
fn rows_stand_in_evaluation_order_by_direction() {
    let text = shown(NSG).text();
    let names = ["ssh", "odd", "acr-out", "storage-weu", "deny-internet"];
    let rows = text.lines().filter_map(|line| {
        let row = line.split('┃').nth(1)?;
        names
            .iter()
            .copied()
            .find(|name| row.contains(&format!(" {name} ")))
    });
    assert_eq!(rows.collect::<Vec<_>>(), names);
    assert!(text.contains("nsg-prod · network security group · in"));
    assert!(text.contains("nsg-prod · network security group · out"));
    // What Azure puts into every group stands behind all of its own rules.
    let end = shown(NSG).keys("G");
    end.assert_shows("out · Azure's defaults")
        .assert_shows("DenyAllOutBound");
}

#[test]
fn a_firewall_looks_at_network_rules_of_all_groups_before_application_rules() {
    let text = shown(":rules<Space>/r/firewall.json<Enter>").text();
    let names = ["early-net", "late-net", "early-app"];
    let rows = text.lines().filter_map(|line| {
        let row = line.split('┃').nth(1)?;
        let is_in = |name: &&str| row.contains(&format!(" {name} "));
        names.iter().copied().find(|name| is_in(name))
    });
    assert_eq!(rows.collect::<Vec<_>>(), names, "{text}");
    assert!(
        text.contains("late · Azure Firewall rules · network · nets"),
        "{text}"
    );
}

#[test]
fn a_tag_unfolds_and_its_prefix_is_looked_up() {
    let script = shown(NSG)
        .keys("n<Enter>G")
        .assert_shows("▸ AzureContainerRegistry.WestEurope  2 prefixes")
        .keys("<Enter>")
        .assert_shows("▾ AzureContainerRegistry.WestEurope")
        .keys("<↓>");
    assert_eq!(script.app.place(), Place::RuleDetail);
    script
        .keys("<Enter>")
        .assert_shows("look up: 203.0.113.128/28")
        .keys("-")
        .assert_shows("▾ AzureContainerRegistry.WestEurope")
        .keys("t")
        .assert_shows("Tags 8/8");
}

#[test]
fn a_question_is_answered_while_it_is_typed() {
    let script = shown(NSG).keys("i10.0.0.4 203.0.113.130");
    let script = script
        .assert_shows("→ ALLOWED by nsg-prod, acr-out")
        .assert_shows("┌ Verdict ");
    line_of(&script, &["▶", "200 acr-out"]);
    let script = script
        .keys("<Ctrl-u>10.0.0.4 8.8.8.8 443")
        .assert_shows("→ DENIED by nsg-prod, deny-internet");
    // Another port or what fits nowhere is said at once, too.
    let script = script
        .keys(" nonsense")
        .assert_shows("\"nonsense\" is one end too many")
        .keys("<Ctrl-u>10.0.0.4 203.0.113.0/24")
        .assert_shows("→ DENIED");
    let script = script.keys("<Enter>").assert_shows("┏ Verdict ");
    assert_eq!(
        copied(&script.keys("C")),
        "tagscope rules test /r/nsg.json --from 10.0.0.4 --to 203.0.113.0/24"
    );
}

#[test]
fn a_question_is_one_to_the_files_on_screen() {
    // From outside the registry's rules decide; with the group both must let it through.
    let script = shown(BOTH).keys("i198.18.0.7<Esc><Shift-Tab><↓><↓>");
    let script = script.assert_shows("→ ALLOWED by contoso, 198.18.0.7");
    script
        .keys("g")
        .assert_shows("→ DENIED · from 198.18.0.7")
        .assert_shows("contoso    ALLOWED 198.18.0.7")
        .assert_shows("allow.txt  DENIED  no entry");
}

#[test]
fn the_patch_is_shown_and_copied() {
    let script = shown(BOTH).keys("p");
    let script = script
        .assert_shows("Patch: 2026-06-29 → 2026-07-06")
        .assert_shows("az network nsg rule update")
        .assert_shows("retired: by hand: Retired is gone")
        .assert_shows("+203.0.113.64/26");
    let text = copied(&script.keys("Y"));
    let lines = |begin: &str| {
        let own = text.lines().filter(|line| line.starts_with(begin));
        own.filter(|line| line.contains("203.0.113.64/26")).count()
    };
    assert_eq!((lines("az "), lines("+")), (1, 1), "{text}");
    assert_eq!(lines("# storage-weu: + "), 1, "{text}");
    assert!(
        text.contains("--name storage-weu --destination-address-prefixes"),
        "{text}"
    );
    // A row that names a tag is left alone.
    assert!(!text.contains("acr-out"), "{text}");
    let nothing = shown(":rules<Space>/r/newer.txt<Enter>p");
    nothing.assert_shows("no rule needs a change");
}

#[test]
fn a_list_is_written_as_the_week_has_it() {
    let exported = |script: Script| match script.effects.last() {
        Some(Effect::Start {
            task: Task::Export { bytes, .. },
            ..
        }) => String::from_utf8(bytes.clone()).unwrap(),
        other => panic!("{other:?}"),
    };
    let script = shown(":rules<Space>/r/allow.txt<Enter>:export<Space>new.list<Enter>");
    let text = exported(script);
    assert!(text.starts_with("# tag: Storage.WestEurope\n"), "{text}");
    assert!(text.contains("198.18.0.99 # the office\n"), "{text}");
    // Read again it lacks nothing.
    let again = read_rules(text.as_bytes()).unwrap();
    assert_eq!(
        again.sets.len(),
        read_rules(LIST.as_bytes()).unwrap().sets.len()
    );
    assert!(text.contains("203.0.113.64/26"), "{text}");
    for (ending, begins) in [
        ("md", "## Rules: Public 2026-06-29 → 2026-07-06"),
        ("json", "{\n  \"schemaVersion\": 1"),
        ("csv", "file,kind,set,row,status"),
        ("sh", "# 2026-06-29 → 2026-07-06: "),
    ] {
        let script = shown(NSG).keys(&format!(":export<Space>rules.{ending}<Enter>"));
        let text = exported(script);
        assert!(text.starts_with(begins), "{ending}: {text}");
    }
    shown(NSG)
        .keys(":export<Space>rules.list<Enter>")
        .assert_shows("only a single list is written as .list");
    shown("4:export<Space>rules.md<Enter>").assert_shows("no rules are open yet");
    assert!(NEW_LIST.contains("203.0.113.0/25"));
}

#[test]
fn what_cannot_be_read_is_listed_with_its_reason_and_hides_nothing() {
    let script = shown(":rules<Space>/r/nsg.json<Space>/r/bad.json<Space>/r/none<Enter>");
    line_of(&script, &["✗ bad.json", "cannot be read"]);
    line_of(&script, &["✗ none", "cannot be read"]);
    let script = script
        .assert_shows("/r/bad.json ")
        .assert_shows("and 1 more that cannot be read")
        .assert_shows("200 acr-out");
    script
        .keys("<Shift-Tab>G<Enter>")
        .assert_shows("cannot read /r/none: no such file");
    let alone = shown(":rules<Space>/r/bad.json<Enter>");
    assert_eq!(alone.app.place(), Place::RuleFiles);
    alone.assert_shows("none of the files can be read");
}

#[test]
fn paths_may_have_blanks_and_quotes() {
    let script = shown(":rules<Space>'/r/a b.json'<Space>/r/c\\ d<Space>\"/r/e\"<Enter>");
    let read = script.effects.iter().find_map(|effect| match effect {
        Effect::Start {
            task: Task::ReadRules { from, .. },
            ..
        } => Some(from.clone()),
        _ => None,
    });
    let paths = ["/r/a b.json", "/r/c d", "/r/e"].map(PathBuf::from);
    assert_eq!(read, Some(RulesFrom::Files(paths.to_vec())));
}

/// The ticket and the files of the newest watch.
fn watched(script: &Script) -> (Ticket, Vec<PathBuf>) {
    let found = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            ticket,
            task: Task::WatchRules { files },
        } => {
            let paths = files.iter().map(|(path, _)| path.clone());
            Some((*ticket, paths.collect()))
        }
        _ => None,
    });
    found.expect("nothing is watched")
}

#[test]
fn a_file_that_changes_on_disk_is_read_again() {
    let script = shown(BOTH).keys("nn");
    let (ticket, files) = watched(&script);
    assert_eq!(files.len(), 3);
    let script = script.message(Message::Done {
        ticket,
        outcome: Outcome::RulesChanged(Ok(())),
    });
    let script = script
        .assert_shows("rules affected")
        .assert_shows("┌ 210 storage-weu");
    // It is watched again, by another ticket; the old one counts no more.
    let (newer, _) = watched(&script);
    assert_ne!(newer, ticket);
    let count = script.effects.len();
    let script = script.message(Message::Done {
        ticket,
        outcome: Outcome::RulesChanged(Ok(())),
    });
    assert_eq!(script.effects.len(), count);
    // Half written it cannot be read: what it had before stays, and is marked.
    let read = Message::Done {
        ticket: newer,
        outcome: Outcome::RulesChanged(Ok(())),
    };
    let mut script = script;
    let effects = script.app.update(read);
    let Some(Effect::Start {
        ticket,
        task: Task::ReadRules { .. },
    }) = effects.first()
    else {
        panic!("{effects:?}");
    };
    let mut broken = rules_loaded::read(Path::new("/r/nsg.json"));
    broken.found = Err(Safe::new("/r/nsg.json ends in the middle"));
    let script = script.message(Message::Done {
        ticket: *ticket,
        outcome: Outcome::RulesRead(Ok((vec![broken], None))),
    });
    line_of(&script, &["! nsg.json", "nsg 13 rules"]);
    script
        .assert_shows("200 acr-out")
        .assert_shows("ends in the middle");
}

#[test]
fn files_are_saved_and_opened_under_a_name() {
    let script = shown(BOTH)
        .keys("Wprod<Enter>")
        .assert_shows("saved as prod");
    let saved = script.effects.iter().find_map(|effect| match effect {
        Effect::Start {
            task: Task::SaveRules { name, list, .. },
            ..
        } => Some((name.clone(), list.clone())),
        _ => None,
    });
    let files = ["/r/nsg.json", "/r/contoso.json", "/r/allow.txt"];
    let list = RuleList {
        files: files.map(PathBuf::from).to_vec(),
        stands_for: Vec::new(),
    };
    assert_eq!(saved, Some(("prod".to_owned(), list)));
    let script = shown("4:load<Space>prod<Enter>").assert_shows("Files 2");
    script.keys("W").assert_shows(":save prod");
    shown("4:load<Space>none<Enter>").assert_shows("no list of rules is saved as none");
    // Elsewhere the same words are the registry's.
    let script = shown("3<Esc>:load<Space>prod<Enter>");
    let is_registry = |effect: &Effect| {
        matches!(
            effect,
            Effect::Start {
                task: Task::Load { .. },
                ..
            }
        )
    };
    assert!(script.effects.iter().any(is_registry));
}

#[test]
fn a_list_can_be_said_to_stand_for_a_tag() {
    let script = shown(NSG).keys("/4000<Enter>");
    let script = script.keys(":stands-for<Space>storage.francecentral<Enter>");
    let script = script.assert_shows("deny-internet copies Storage.FranceCentral");
    let stated = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            task: Task::Impact { stands_for, .. },
            ..
        } => Some(stands_for.clone()),
        _ => None,
    });
    assert_eq!(
        stated,
        Some(vec!["deny-internet=Storage.FranceCentral".to_owned()])
    );
    let script = shown(NSG).keys("nn:stands-for<Space>storage.francecentral<Enter>");
    script
        .assert_shows("copies Storage.FranceCentral")
        .keys("C")
        .assert_shows("--stands-for");
}

#[test]
fn the_weeks_are_those_of_diff() {
    let weeks = |script: &Script| {
        script.effects.iter().rev().find_map(|effect| match effect {
            Effect::Start {
                task: Task::Impact { weeks, .. },
                ..
            } => Some(weeks.clone()),
            _ => None,
        })
    };
    let script = shown(NSG);
    assert_eq!(weeks(&script), Some(None));
    let script = script.keys(":diff<Space>2026-06-22<Space>2026-06-29<Enter>");
    let [base, target] = weeks(&script).flatten().expect("no weeks");
    assert_eq!(base.week, WeekChoice::parse("2026-06-22").unwrap());
    assert_eq!(target.week, WeekChoice::parse("2026-06-29").unwrap());
    assert_eq!(
        copied(&script.keys("4C")),
        "tagscope rules impact /r/nsg.json --base 2026-06-29 --target latest"
    );
}

#[test]
fn diff_shows_and_filters_the_tags_of_the_rules() {
    let script = shown(NSG)
        .keys("5")
        .assert_shows("◆ AzureContainerRegistry.WestEurope");
    let all = script.text();
    assert!(all.contains("EmptyService.NewRegion"), "{all}");
    let script = script.keys("a");
    let text = script.text();
    assert!(!text.contains("EmptyService.NewRegion"), "{text}");
    assert!(text.contains("of your rules"), "{text}");
    let script = script.assert_shows("◆ your rules: nsg-p");
    assert_eq!(
        copied(&script.keys("C")),
        "tagscope diff 2026-06-29 latest --ignore-azurecloud --rules=/r/nsg.json"
    );
    shown("5a").assert_shows("no rules are open that name or list a tag");
}

#[test]
fn the_plan_of_a_registry_is_held_against_the_rules() {
    let plan = "3contoso<Enter><Enter>weste<Enter><Esc>";
    let script = shown(plan).keys(NSG).keys("P");
    assert_eq!(script.app.place(), Place::RuleNotes);
    let script = script.assert_shows("contoso.azurecr.io:");
    // The registry has a rule with its tag; its storage is only partly let through.
    line_of(&script, &["✓ contoso.azurecr.io:443 allowed"]);
    line_of(&script, &["✗ *.blob.core.windows.net:443 denied"]);
    let script = script.keys("<↓><Enter>").assert_shows("┏ Verdict ");
    let script = script.assert_shows("to *.blob.core.windows.net");
    script.keys("<Tab><Esc>").assert_shows("Findings: ");
    shown(NSG)
        .keys("P")
        .assert_shows("no registry is planned yet");
    shown(plan).keys("P").assert_shows("no rules are open yet");
}

#[test]
fn a_filter_takes_words_and_addresses() {
    let names = |keys: &str| {
        let text = shown(&format!("{NSG}{keys}")).text();
        let names = ["acr-out", "storage-weu", "acr-copied", "retired", "ssh"];
        let has = |name: &&str| text.contains(&format!(" {name} "));
        names.into_iter().filter(has).collect::<Vec<_>>()
    };
    assert_eq!(names("/acr<Enter>"), ["acr-out", "acr-copied"]);
    assert_eq!(names("/203.0.113.130<Enter>"), ["acr-out", "acr-copied"]);
    assert_eq!(names("/out !acr missing<Enter>"), ["storage-weu"]);
    assert_eq!(
        names("a"),
        ["acr-out", "storage-weu", "acr-copied", "retired"]
    );
}

#[test]
fn a_closed_file_is_gone_and_stays_on_disk() {
    let script = shown(BOTH).keys("<Shift-Tab><↓>d");
    let script = script.assert_shows("closed /r/nsg.json; it stays on disk");
    assert!(!script.text().contains("acr-out"));
    let (_, files) = watched(&script);
    assert_eq!(files.len(), 2);
    let script = script.keys("gd<↓>dd").assert_shows("none is open");
    assert_eq!(script.effects.last(), Some(&Effect::Stop(Job::RulesWatch)));
}

#[test]
fn a_finding_leads_to_its_row() {
    let script = shown(NSG).keys("<Tab><Tab>");
    assert_eq!(script.app.place(), Place::RuleNotes);
    let script = script.keys("<Enter>");
    assert_eq!(script.app.place(), Place::RuleRows);
    let text = copied(&shown(NSG).keys("<Tab><Tab>Y"));
    for id in ["unread", "wider", "unknown-tag"] {
        assert!(text.contains(&format!("\t{id}\t")), "{id} in {text}");
    }
}

#[test]
fn what_is_late_is_dropped() {
    let script = shown(NSG);
    let text = script.text();
    for job in [Job::Rules, Job::Impact, Job::RulesSave] {
        let outcome = Outcome::failed(job, Safe::new("late"));
        let ticket = Ticket(77);
        let late = Message::Done { ticket, outcome };
        let again = shown(NSG).message(late);
        assert_eq!(again.text(), text);
    }
}
