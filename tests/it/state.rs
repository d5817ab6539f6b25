//! What a dashboard ends with comes back at the next start, and what was pasted never does.

use std::path::PathBuf;
use std::time::Duration;

use tagscope::query::ViewTopic;
use tagscope::query::tags::{RegionChoice, Sort};
use tagscope::store::{KeptState, KeptTags, KeptView, StateChanges, keep_state, read_state};
use tagscope::text::Safe;
use tagscope::tui::{App, Effect, Job, Message, Outcome, RulesFrom, Startup, StateStart, Task};

use crate::dashboard::{Script, dataset, diff_answer, script, startup};

const SIZE: (u16, u16) = (120, 40);

/// A dashboard on what was kept, with what its tasks answer but those of the state.
fn begun(state: StateStart) -> Script {
    let mut script = Script {
        app: App::new(Startup {
            state,
            ..startup(dataset(), SIZE, "mono")
        }),
        size: SIZE,
        effects: Vec::new(),
    };
    script.effects = script.app.begin();
    let answers: Vec<Message> = script.effects.iter().filter_map(diff_answer).collect();
    answers.into_iter().fold(script, Script::message)
}

fn read(state: KeptState) -> Script {
    begun(StateStart::Read(Box::new(state)))
}

fn nothing() -> Script {
    read(KeptState::default())
}

/// The changes that are to be kept, in order.
fn kept(effects: &[Effect]) -> Vec<StateChanges> {
    let changes = effects.iter().filter_map(|effect| match effect {
        Effect::Start {
            task: Task::KeepState { changes },
            ..
        } => Some((**changes).clone()),
        _ => None,
    });
    changes.collect()
}

/// The task that keeps something has ended.
fn saved(mut script: Script) -> Script {
    let job = |effect: &Effect| match effect {
        Effect::Start { ticket, task } if task.job() == Job::StateKeep => Some(*ticket),
        _ => None,
    };
    let ticket = script.effects.iter().rev().find_map(job).unwrap();
    let outcome = Outcome::StateKept(Ok(()));
    script.effects.clear();
    script.message(Message::Done { ticket, outcome })
}

/// Ends it; what is kept of the whole run.
fn ended(mut script: Script) -> KeptState {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("state.toml");
    script.effects.extend(script.app.end());
    for changes in kept(&script.effects) {
        keep_state(&file, &changes, Duration::ZERO).unwrap();
    }
    read_state(&file).unwrap()
}

#[test]
fn views_filters_regions_and_orders_come_back() {
    let script = nothing().keys("ss/storage<Enter>").keys("5/sql<Enter>");
    let script = script.keys(":rules<Space>/rules/nsg.json<Enter>/acr<Enter>");
    let state = ended(script.keys("5"));
    let tags = KeptTags {
        filter: "storage".to_owned(),
        region: RegionChoice::All,
        sort: Sort::Prefixes,
        is_reversed: false,
    };
    let view = KeptView {
        topic: Some(ViewTopic::Diff),
        tags,
        rules: "acr".to_owned(),
        diff: "sql".to_owned(),
        rule_files: vec![PathBuf::from("/rules/nsg.json")],
        ..KeptView::default()
    };
    assert_eq!(state.view, view);

    let again = read(state.clone());
    let opened = |effect: &Effect| {
        let from = RulesFrom::Files(vec![PathBuf::from("/rules/nsg.json")]);
        matches!(effect, Effect::Start { task: Task::ReadRules { from: own }, .. } if *own == from)
    };
    assert!(again.effects.iter().any(opened));
    let again = again.assert_shows("sql").assert_shows(" 5 Diff ");
    assert!(again.app.place().topic() == Some(ViewTopic::Diff));
    let again = again.keys("1").assert_shows("storage").keys("4");
    let again = again.assert_shows("acr-out").assert_shows("acr");
    // Untouched but for the view, which is another one.
    let mut again = again.keys("5");
    assert_eq!(
        ended(read(state.clone())),
        KeptState::default(),
        "nothing has changed"
    );
    again.effects.extend(again.app.end());
    let last = kept(&again.effects).pop().unwrap();
    assert_eq!(last.view, Some(state.view));
}

#[test]
fn a_region_comes_back_and_all_of_them_where_the_week_has_it_not() {
    let region = |property: &str| KeptState {
        view: KeptView {
            tags: KeptTags {
                region: RegionChoice::Property(property.to_owned()),
                ..KeptTags::default()
            },
            ..KeptView::default()
        },
        queries: Vec::new(),
    };
    let all = nothing().text();
    assert_ne!(read(region("westeurope")).text(), all);
    assert_eq!(read(region("moon")).text(), all);
    let script = nothing().keys(":region<Space>westeurope<Enter>");
    let mut wanted = region("westeurope");
    wanted.view.topic = Some(ViewTopic::Tags);
    assert_eq!(ended(script), wanted);
}

#[test]
fn one_task_at_a_time_keeps_what_has_changed_and_none_where_nothing_has() {
    let script = nothing().keys("jjkG<Tab><Tab>?<Esc>m m").keys("/");
    assert_eq!(kept(&script.effects), []);
    let script = script.keys("sql");
    assert_eq!(
        kept(&script.effects).len(),
        1,
        "the rest waits for the first"
    );
    let script = saved(script);
    let changes = kept(&script.effects);
    let [rest] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(rest.view.as_ref().unwrap().tags.filter, "sql");
    let mut script = saved(script);
    assert_eq!(kept(&script.effects), []);
    // The last to end has the last word on the view.
    assert_eq!(kept(&script.app.end()).len(), 1);
    assert_eq!(kept(&nothing().app.end()), []);
}

#[test]
fn nothing_is_asked_where_nothing_is_kept_and_a_fresh_start_drops_what_is() {
    let keys = "/sql<Enter>220.38.98.7<Enter>";
    let mut script = script(SIZE, "mono").keys(keys);
    script.effects.extend(script.app.end());
    assert_eq!(kept(&script.effects), []);
    let mut script = begun(StateStart::Fresh);
    let changes = kept(&script.app.end());
    assert!(matches!(changes.as_slice(), [one] if one.is_anew && one.view.is_none()));
    let script = begun(StateStart::Fresh).keys(keys);
    let changes = kept(&script.effects);
    assert!(changes[0].is_anew);
    let script = saved(script);
    assert!(kept(&script.effects).iter().all(|changes| !changes.is_anew));
}

#[test]
fn queries_come_back_where_they_were_answered() {
    let script = nothing().keys("2203.0.113.5<Enter>i<Ctrl-u>nonsense<Enter>");
    let script = script.keys("<Ctrl-u>contoso.azurecr.io<Enter>");
    let script = script.keys("<Ctrl-u>203.0.113.6<Tab>i<Ctrl-u>203.0.113.5<Tab>i<Ctrl-u>");
    let script = script.keys("203.0.113.7<Space>in<Space>Storage");
    let state = ended(script);
    let queries = ["203.0.113.6", "203.0.113.5", "203.0.113.7 in Storage"];
    assert_eq!(state.queries, queries);
    let again = read(state).keys("2");
    let again = again.keys("<↑>").assert_shows("203.0.113.7 in Storage");
    let again = again.keys("<↑><↑>").assert_shows("203.0.113.6");
    again.keys("<↑>").assert_shows("no older query");
}

#[test]
fn a_pasted_text_stays_whole_in_the_history_of_this_run() {
    let list = "203.0.113.5\n203.0.113.6\n203.0.113.7\n";
    let script = paste(paste(nothing(), list), FAILURE);
    let (listed, explained) = ("3 queries", "refuses this address");
    let script = script.assert_shows(explained);
    let script = script
        .keys("<Tab>i<Ctrl-u>203.0.113.9<Enter>i<↑>")
        .assert_shows(explained);
    let script = script
        .keys("<↑>")
        .assert_shows(listed)
        .keys("<↓>")
        .assert_shows(explained);
    script.keys("<↓>").assert_shows("203.0.113.9");
}

fn paste(script: Script, text: &str) -> Script {
    script.message(Message::Paste(text.to_owned()))
}

/// A refusal as docker prints it.
const FAILURE: &str = "denied: client with IP '198.51.100.77' is not allowed access. Refer \
                       https://aka.ms/acr/firewall to grant access.";

#[test]
fn nothing_pasted_is_kept_however_it_is_asked_again() {
    let mut runs = Vec::new();
    for text in [
        "198.51.100.77",
        "198[.]51[.]100[.]77",
        "198.51.100.77\n198.51.100.78\n198.51.100.79\n",
        "198.51.100.77 198.51.100.78",
        FAILURE,
    ] {
        for keys in [
            "",
            "<Enter>",
            "<Tab>i<Enter>",
            "<Tab><Enter>i<Enter>",
            "<Tab>j<Enter><Tab><Tab>",
            "<Tab>i<Backspace>7<Enter>",
            "<Tab>i<Ctrl-u>203.0.113.5<Enter>i<↑><↑><Enter>1",
            "<Tab>i<Ctrl-u>203.0.113.5<Enter>i<↑><Enter><Esc><Esc>2",
        ] {
            runs.push(paste(nothing(), text).keys(keys));
        }
    }
    runs.push(paste(nothing().keys("2203.0.113.5,"), "198.51.100.77").keys("<Enter>"));
    runs.push(paste(nothing().keys(":ip<Space>"), "198.51.100.77").keys("<Enter>"));
    runs.push(paste(nothing().keys(":filter<Space>"), "198.51.100.77").keys("<Enter>"));
    for view in ["", "5", ":rules<Space>/rules/nsg.json<Enter>"] {
        let script = paste(nothing().keys(view).keys("/"), "198.51.100.77");
        runs.push(script.keys("<Backspace>7 x<Enter>1"));
    }
    for (place, script) in runs.into_iter().enumerate() {
        // What was typed besides is kept, so something is.
        let script = script.keys("<Alt-1>:ip<Space>203.0.113.9<Enter>");
        let state = ended(script);
        let text = format!("{state:?}");
        assert!(!text.contains("198.51.100."), "{place}: {text}");
        assert!(
            state.queries.contains(&"203.0.113.9".to_owned()),
            "{place}: {text}"
        );
    }
    // A filter that was emptied is typed again.
    let script = paste(nothing().keys("/"), "198.51.100.77").keys("<Esc><Esc>");
    let script = saved_or_not(script).keys("/sql<Enter>");
    assert_eq!(ended(script).view.tags.filter, "sql");
}

/// Whatever is under way has ended.
fn saved_or_not(script: Script) -> Script {
    if kept(&script.effects).is_empty() {
        return script;
    }
    saved(script)
}

#[test]
fn a_typed_failure_is_not_kept() {
    let typed = FAILURE.replace(' ', "<Space>");
    let state = ended(nothing().keys("2").keys(&typed).keys("<Enter><Tab>"));
    assert_eq!(state.queries, Vec::<String>::new());
}

#[test]
fn what_is_read_late_leaves_what_somebody_has_done_meanwhile() {
    let state = KeptState {
        view: KeptView {
            topic: Some(ViewTopic::Diff),
            tags: KeptTags {
                filter: "storage".to_owned(),
                ..KeptTags::default()
            },
            rule_files: vec![PathBuf::from("/rules/nsg.json")],
            ..KeptView::default()
        },
        queries: vec!["203.0.113.5".to_owned()],
    };
    let ticket = |script: &Script| {
        let own = |effect: &Effect| match effect {
            Effect::Start {
                ticket,
                task: Task::ReadState,
            } => Some(*ticket),
            _ => None,
        };
        script.effects.iter().find_map(own).unwrap()
    };
    for (keys, topic) in [("", ViewTopic::Diff), ("/sql<Enter>", ViewTopic::Tags)] {
        let script = begun(StateStart::Later);
        let ticket = ticket(&script);
        let script = script.keys(keys);
        assert_eq!(kept(&script.effects), [], "it is not read yet");
        let outcome = Outcome::StateRead(Ok(Box::new(state.clone())));
        let script = script.message(Message::Done { ticket, outcome });
        assert_eq!(script.app.place().topic(), Some(topic));
        let filter = if keys.is_empty() { "storage" } else { "sql" };
        let script = script.keys("1").assert_shows(filter);
        let script = script.keys("4").assert_shows("acr-out");
        script.keys("2<↑>").assert_shows("203.0.113.5");
    }
    // Whoever ends before that leaves the view, and adds what was asked.
    let mut script = begun(StateStart::Later).keys("5:ip<Space>203.0.113.5<Enter>");
    let changes = kept(&script.app.end());
    assert!(matches!(changes.as_slice(), [one] if one.view.is_none() && one.queries.len() == 1));
    let script = begun(StateStart::Later);
    let (ticket, reason) = (ticket(&script), Safe::new("damaged"));
    let outcome = Outcome::StateRead(Err(reason));
    let mut script = script.message(Message::Done { ticket, outcome });
    script = script.assert_shows("damaged");
    assert_eq!(kept(&script.app.end()), []);
}

#[test]
fn a_failure_to_keep_is_said_once() {
    let mut script = nothing();
    for (key, is_said) in [("5", true), ("1", false), ("5", false)] {
        script.effects.clear();
        script = script.keys(key);
        let job = |effect: &Effect| match effect {
            Effect::Start { ticket, task } if task.job() == Job::StateKeep => Some(*ticket),
            _ => None,
        };
        let ticket = script.effects.iter().find_map(job).unwrap();
        let outcome = Outcome::StateKept(Err(Safe::new("not kept: no room")));
        script = script.message(Message::Done { ticket, outcome });
        assert_eq!(
            script.text().contains("not kept: no room"),
            is_said,
            "{key}"
        );
    }
}
