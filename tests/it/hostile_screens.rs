//! Texts that would take over a terminal: no cell of any screen holds one, no copy and no export.

use tagscope::azure::parse;
use tagscope::index::{Index, write};
use tagscope::query::lookup::HostLookup;
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::text::{Safe, is_hazard};
use tagscope::tui::{About, Effect, Message, Outcome, Task};

use crate::dashboard::{Script, script_on};
use crate::hostile::{CORPUS, document};

/// A week whose names, regions, services and origin are all hostile.
fn dataset() -> Dataset {
    let bytes = serde_json::to_vec(&document()).unwrap();
    let document = parse(&bytes, None).unwrap();
    let index = Index::open(write(&document.week).unwrap()).unwrap();
    let provenance = Provenance {
        source: Source::File,
        origin: Safe::new(&CORPUS.concat()),
        flaws: document.flaws,
        flaw_count: document.flaw_count,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

/// No cell holds what a terminal would obey or a reader could not see.
fn assert_cells(script: &Script, what: &str) {
    for cell in &script.buffer().content {
        let is_hostile = cell.symbol().chars().any(is_hazard);
        assert!(!is_hostile, "{what}: {:?} on screen", cell.symbol());
    }
    for effect in &script.effects {
        if let Effect::Osc52(text) = effect {
            let is_hostile = |c: char| is_hazard(c) && c != '\n' && c != '\t';
            assert!(!text.chars().any(is_hostile), "{what}: copied {text:?}");
        }
    }
}

const SIZES: [(u16, u16); 3] = [(40, 12), (100, 30), (200, 60)];

#[test]
fn hostile_names_are_marked_on_every_screen() {
    for size in SIZES {
        for keys in [
            "",
            "m",
            "?",
            "<Ctrl-p>",
            ":tag<Space>",
            ":region<Space>",
            "yYC",
            "x",
        ] {
            let start = script_on(dataset(), size, "default");
            assert_cells(&start.keys(keys), keys);
        }
        // Every tag once selected, opened, marked, copied and looked up.
        let tags = dataset().view().tag_count();
        let mut script = script_on(dataset(), size, "default");
        for _ in 0..tags {
            script = script.keys("<Enter>y<Esc>yY<Space>");
            assert_cells(&script, "a tag");
        }
        assert_cells(&script.keys("yYCg<Enter><Enter>yYC"), "what is marked");
        // Every region once.
        let mut script = script_on(dataset(), size, "default").keys("<Shift-Tab>");
        for _ in 0..tags {
            script = script.keys("<↓>y");
            assert_cells(&script, "a region");
        }
    }
}

#[test]
fn hostile_texts_typed_or_pasted_are_marked_in_every_input() {
    for size in SIZES {
        for text in CORPUS {
            for keys in [
                "",
                "2",
                "/",
                ":",
                "3",
                "3contoso<Enter>/",
                "3contoso<Enter><Enter>",
                ":registry<Space>",
                ":load<Space>",
                ":file<Space>",
                ":export<Space>",
                "<Ctrl-p>",
                "?/",
            ] {
                let script = script_on(crate::dashboard::dataset(), size, "default").keys(keys);
                let script = script.message(Message::Paste(text.to_owned()));
                assert_cells(&script, text);
                assert_cells(&script.keys("<Enter>C"), text);
            }
        }
    }
}

#[test]
fn hostile_answers_from_outside_are_marked() {
    for text in CORPUS {
        let script = script_on(crate::dashboard::dataset(), (100, 30), "default");
        let script = script.keys("2contoso.azurecr.io<Enter>");
        let host = HostLookup {
            chain: vec![Safe::new(text)],
            addresses: vec!["203.0.113.9".parse().unwrap()],
            dns_failure: Some(Safe::new(text)),
            ..HostLookup::default()
        };
        let Some(Effect::Start {
            ticket: asked,
            task: Task::Resolve { .. },
        }) = script.effects.last()
        else {
            panic!("{:?}", script.effects);
        };
        let ticket = *asked;
        for outcome in [
            Outcome::Resolved(Ok(host)),
            Outcome::Resolved(Err(Safe::new(text))),
        ] {
            let script = script_on(crate::dashboard::dataset(), (100, 30), "default")
                .keys("2contoso.azurecr.io<Enter>")
                .message(Message::Done { ticket, outcome });
            assert_cells(&script, text);
        }
        let script = script_on(crate::dashboard::dataset(), (100, 30), "default");
        let script = script.keys(":file<Space>");
        let Some(Effect::Start {
            ticket,
            task: Task::Suggest { .. },
        }) = script.effects.last()
        else {
            panic!("{:?}", script.effects);
        };
        let ticket = *ticket;
        let outcome = Outcome::Suggested(Ok((About::Weeks, vec![text.to_owned(); 20])));
        let script = script.message(Message::Done { ticket, outcome });
        assert_cells(&script, text);
        assert_cells(&script.keys("<Tab>"), text);
    }
}
