//! The view Diff: two weeks are chosen, changes found, followed, copied and written.

use tagscope::query::weeks::{Receipt, ReceiptStatus};
use tagscope::source::{Updated, WeekChoice};
use tagscope::text::Safe;
use tagscope::tui::{Effect, Job, Message, Outcome, Place, Task, Ticket};

use crate::commands::copied;
use crate::dashboard::{Script, earlier, publications, script};

const SIZE: (u16, u16) = (120, 40);

fn opened() -> Script {
    script(SIZE, "default").keys("5")
}

/// The weeks that were asked for last, by what names them.
fn compared(script: &Script) -> [Option<String>; 2] {
    let asked = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            task: Task::Compare { base, target, .. },
            ..
        } => Some([base.week.flag(), target.week.flag()]),
        _ => None,
    });
    asked.unwrap()
}

fn named(weeks: [&str; 2]) -> [Option<String>; 2] {
    weeks.map(|week| WeekChoice::parse(week).unwrap().flag())
}

#[test]
fn the_week_on_screen_is_compared_with_the_one_before_it() {
    let script = opened().assert_shows("2026-06-29 #407 → 2026-07-06 (file)");
    let [
        Effect::Start {
            task: Task::Weeks { .. },
            ..
        },
        Effect::Start {
            task: Task::Compare { base, target, .. },
            ..
        },
    ] = script.effects.as_slice()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(base.week, WeekChoice::parse("2026-06-29").unwrap());
    assert_eq!(target, &tagscope::source::Request::default());
    // What it comes to, once; a file's own number of changes is not known.
    script
        .assert_shows("1 tag added, 1 removed, 3 changed")
        .keys("<Shift-Tab>")
        .assert_shows("2026-06-29  407    9   12");
}

#[test]
fn the_base_follows_the_target_until_it_is_marked() {
    let script = opened().keys("{");
    assert_eq!(compared(&script), named(["2026-06-22", "2026-06-29"]));
    let script = script.keys("{");
    assert_eq!(compared(&script), named(["2026-06-15", "2026-06-22"]));
    let script = script
        .keys("{")
        .assert_shows("none before it to compare with");
    let script = script.keys("}");
    assert_eq!(compared(&script), named(["2026-06-22", "2026-06-29"]));
    // Marked on the third week of the list, it stays where the target goes.
    let script = script.keys("<Shift-Tab>g<↓><↓><↓>b");
    assert_eq!(compared(&script), named(["2026-06-15", "2026-06-29"]));
    let script = script.keys("}{");
    assert_eq!(compared(&script), named(["2026-06-15", "2026-06-29"]));
    // Enter in the list takes the selected week as the target.
    let script = script.keys("g<↓><↓><Enter>");
    assert_eq!(compared(&script), named(["2026-06-15", "2026-06-22"]));
    script
        .keys("g}")
        .keys("}")
        .keys("}")
        .assert_shows("that is the newest available week");
}

#[test]
fn changes_are_stepped_through_and_their_services_opened() {
    let script = opened().assert_shows("▸ Storage (2 tags)");
    assert!(!script.text().contains("Storage.WestEurope"));
    let script = script.keys("nnn").assert_shows("▾ Storage (2 tags)");
    let script = script.assert_shows("┌ Storage.FranceCentral");
    let script = script.keys("n").assert_shows("┌ Storage.WestEurope");
    let script = script.keys("n").assert_shows("that is the last change");
    script
        .keys("NNNNN")
        .assert_shows("− 198.51.100.192/28 16 lost");
}

#[test]
fn what_changes_no_address_is_hidden_until_it_is_asked_for() {
    let script = opened().assert_shows("1 row without effect is hidden");
    assert!(!script.text().contains("203.0.113.132/30"));
    let wide = crate::dashboard::script((200, 60), "default").keys("5");
    wide.keys("w<Enter>G")
        .assert_shows("− 203.0.113.132/30")
        .assert_shows("still covered by 203.0.113.128/28")
        .keys("nnn")
        .assert_shows("(global) (duplicate)");
}

#[test]
fn a_filter_takes_words_and_addresses_and_escape_clears_it() {
    opened()
        .keys("/registry<Space>west<Enter>")
        .assert_shows("1 of 6 changed tags")
        .assert_shows("shown: IPv4 +0 −40, rows +0")
        .keys("<Esc>")
        .assert_shows("5 of 6 changed tags");
    opened()
        .keys("/192.0.2.7<Enter>")
        .assert_shows("1 of 6 changed tags")
        .assert_shows("┌ Retired");
    opened()
        .keys("/nosuch")
        .assert_shows("no changed tag matches; Esc clears the filter");
}

#[test]
fn a_row_leads_to_the_lookup_and_a_tag_to_tags() {
    let script = opened().keys("<Enter>");
    assert_eq!(script.app.place(), Place::ChangeRows);
    script
        .keys("<Enter>")
        .assert_shows("look up: 198.51.100.192/28")
        .keys("-")
        .assert_shows("2026-06-29 #407 → 2026-07-06");
    let script = opened().keys("t");
    assert_eq!(script.app.place(), Place::Table);
    script.assert_shows("┌ AzureContainerRegistry.WestEurope");
    // A tag that is gone is not in the week on screen.
    opened()
        .keys("/retired<Enter>t")
        .assert_shows("Retired is not in the week on screen");
}

#[test]
fn copies_name_the_weeks_and_the_filter() {
    let script = opened().keys("yYC<Enter><↓>yC");
    assert_eq!(
        copied(&script),
        [
            "AzureContainerRegistry.WestEurope",
            "-198.51.100.192/28\n-198.51.100.208/29\n-198.51.100.224/28\n",
            "tagscope diff 2026-06-29 latest --ignore-azurecloud",
            "198.51.100.208/29",
            "tagscope diff 2026-06-29 latest --ignore-azurecloud \
             --tag=AzureContainerRegistry.WestEurope --rows",
        ]
        .map(str::trim_end)
    );
    let script = opened().keys("w/stor<Enter>C");
    assert_eq!(
        copied(&script),
        ["tagscope diff 2026-06-29 latest --filter=stor"]
    );
}

#[test]
fn the_export_is_a_review_for_a_ticket() {
    let script = opened()
        .keys("x")
        .assert_shows("changes-2026-06-29-to-2026-07-06.md");
    let script = script.keys("<Enter><Enter>");
    let Some(Effect::Start {
        task: Task::Export { path, bytes, .. },
        ..
    }) = script.effects.last()
    else {
        panic!("{:?}", script.effects.last());
    };
    assert_eq!(path.to_str(), Some("changes-2026-06-29-to-2026-07-06.md"));
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.starts_with("## Public: 2026-06-29"), "{text}");
    assert!(text.contains("- 198.51.100.192/28  16  lost"), "{text}");
    for (form, begin) in [
        ("csv", "name,status"),
        ("json", "{\n  \"schemaVersion\": 1"),
    ] {
        let script = opened().keys(&format!(":export<Space>a.{form}<Enter>"));
        let Some(Effect::Start {
            task: Task::Export { bytes, .. },
            ..
        }) = script.effects.last()
        else {
            panic!("{form}");
        };
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with(begin), "{text}");
    }
}

#[test]
fn watched_tags_are_kept_and_can_be_shown_alone() {
    let script = opened().keys("W").assert_shows("no tag is watched yet");
    let script = script.keys("nnnnn<Space>");
    let kept = Task::Watch {
        name: "Storage.WestEurope".to_owned(),
        is_watched: true,
    };
    let last = script.effects.last();
    assert!(matches!(last, Some(Effect::Start { task, .. }) if *task == kept));
    script
        .keys("W")
        .assert_shows("1 of 6 changed tags")
        .assert_shows("● Storage.WestEurope")
        .keys("<Esc>")
        .assert_shows("5 of 6 changed tags")
        .keys("1")
        .assert_shows("1 watched");
}

#[test]
fn late_weeks_and_comparisons_are_dropped() {
    let script = opened();
    let before = script.text();
    let done = |outcome| Message::Done {
        ticket: Ticket(1),
        outcome,
    };
    let weeks = Outcome::Compared(Ok(Box::new([earlier(), earlier()])));
    let script = script
        .message(done(Outcome::Listed(Ok((Vec::new(), Vec::new())))))
        .message(done(weeks))
        .message(done(Outcome::Compared(Err(Safe::new("late")))));
    assert_eq!(script.text(), before);
}

#[test]
fn weeks_that_cannot_be_opened_are_a_sentence() {
    let mut script = script(SIZE, "default");
    let effects = script
        .app
        .update(Message::Key(tagscope::tui::Chord::parse("5").unwrap()));
    let [
        Effect::Start {
            ticket,
            task: Task::Weeks { .. },
        },
    ] = effects.as_slice()
    else {
        panic!("{effects:?}");
    };
    let failed = Message::Done {
        ticket: *ticket,
        outcome: Outcome::Listed(Err(Safe::new("no week of China available"))),
    };
    script
        .message(failed)
        .assert_shows("no week of China available");
}

#[test]
fn equal_weeks_have_no_changes_and_say_so() {
    let mut script = opened().keys(":diff<Space>2026-06-15<Space>2026-06-29<Enter>");
    // What the keys ask for is not answered at once.
    let older = Message::Key(tagscope::tui::Chord::parse("{").unwrap());
    let effects = script.app.update(older);
    let [
        Effect::Start {
            ticket,
            task: Task::Compare { .. },
        },
    ] = effects.as_slice()
    else {
        panic!("{effects:?}");
    };
    let same = Message::Done {
        ticket: *ticket,
        outcome: Outcome::Compared(Ok(Box::new([earlier(), earlier()]))),
    };
    script
        .message(same)
        .assert_shows("2026-06-15 #407 → 2026-06-22 #407  nothing changed")
        .assert_shows("nothing changed between these weeks; { and }");
}

#[test]
fn a_fetched_week_is_opened_and_the_weeks_are_listed_again() {
    let script = script(SIZE, "default")
        .keys("R")
        .assert_shows("asking the publisher");
    let [
        Effect::Start {
            ticket,
            task: Task::Update { within },
        },
    ] = script.effects.as_slice()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(within.cloud, Some(tagscope::azure::Cloud::Public));
    let ticket = *ticket;
    let progress = Message::Progress {
        job: Job::Update,
        ticket,
        text: Safe::new("received 1,200 of 4,600 kB"),
    };
    let done = |status| Message::Done {
        ticket,
        outcome: Outcome::Updated(Ok(Box::new(Updated {
            receipt: Receipt {
                week: publications()[0].record.clone(),
                status,
                flaws: 0,
            },
            notes: Vec::new(),
        }))),
    };
    let script = script
        .message(progress)
        .assert_shows("received 1,200 of 4,600 kB");
    let script = script.keys("R").assert_shows("it is being fetched already");
    let script = script
        .message(done(ReceiptStatus::Added))
        .assert_shows("new: Public of 2026-06-29");
    assert!(matches!(
        script.effects.last(),
        Some(Effect::Start {
            task: Task::Open { .. },
            ..
        })
    ));
    // The same outcome again is late.
    let script = script.keys("j").message(done(ReceiptStatus::Current));
    assert!(!script.text().contains("is the newest there is"));
}

#[test]
fn offline_nothing_is_fetched() {
    let mut startup = crate::dashboard::startup(crate::dashboard::dataset(), SIZE, "default");
    startup.is_offline = true;
    startup.updates_at_start = true;
    let mut app = tagscope::tui::App::new(startup);
    assert!(matches!(
        app.begin().as_slice(),
        [Effect::Start {
            task: Task::WeekHistory { .. },
            ..
        }]
    ));
    let key = tagscope::tui::Chord::parse("R").unwrap();
    assert_eq!(app.update(Message::Key(key)), []);
}
