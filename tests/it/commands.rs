//! Every key, word and palette entry does something, and says what.

use std::collections::HashSet;
use std::process::Command as Process;

use tagscope::query::ViewTopic;
use tagscope::text::Safe;
use tagscope::tui::{
    About, Binding, Chord, Command, EX_WORDS, Effect, ExArgument, Message, Outcome, Place, Task,
    Ticket, bindings, footer,
};

use crate::dashboard::{Script, dataset, embedded, script, script_on};
use crate::ways::ways_to;

const SIZE: (u16, u16) = (120, 40);

/// Small, so that pages end before the rows do.
fn at(way: &str) -> Script {
    script((100, 16), "default").keys(way)
}

/// Whether a key changes what is seen, colours included, or who has the keys, or asks for something.
fn has_effect(way: &str, chord: &str) -> bool {
    let script = at(way);
    let before = (script.buffer(), script.app.place());
    let asked = script.effects.len();
    let script = script.message(Message::Key(Chord::parse(chord).unwrap()));
    script.effects.len() > asked || (script.buffer(), script.app.place()) != before
}

#[test]
fn every_key_has_an_effect_wherever_it_is_said_to_work() {
    let mut checked = HashSet::new();
    for binding in bindings() {
        for place in binding.places.places() {
            let ways = ways_to(place);
            for way in ways {
                if checked.insert((way, place)) {
                    assert_eq!(at(way).app.place(), place, "{way} leads elsewhere");
                }
            }
            // The list has the keys already, and its view is open.
            let is_there = [
                (Command::View(ViewTopic::Tags), Place::Table),
                (Command::View(ViewTopic::Diff), Place::Changes),
                (Command::View(ViewTopic::Traffic), Place::TrafficRows),
            ];
            if is_there.contains(&(binding.command, place)) {
                continue;
            }
            for chord in binding.chords {
                assert!(
                    ways.iter().any(|way| has_effect(way, chord)),
                    "{chord} ({}) does nothing in {place:?}",
                    binding.help
                );
            }
        }
    }
}

#[test]
fn every_binding_has_help_and_every_place_says_what_matters() {
    for binding in bindings() {
        assert!(
            !binding.help.is_empty()
                && !binding.chords.is_empty()
                && !binding.places.places().is_empty()
        );
        if let Some((word, places)) = binding.footer {
            assert!(!word.is_empty());
            for place in places.places() {
                assert!(binding.places.has(place), "{word} is not in {place:?}");
            }
        }
    }
    // What a first-time user looks for, in the footer of every list of the views.
    for place in [
        Place::Regions,
        Place::Map,
        Place::Table,
        Place::Detail,
        Place::Results,
    ] {
        let shown: Vec<Command> = footer(place).map(|hint| hint.command).collect();
        for wanted in [
            Command::Open,
            Command::CommandLine,
            Command::CopyCell,
            Command::Help,
            Command::Quit,
        ] {
            assert!(
                shown.contains(&wanted),
                "{wanted:?} is not in the footer of {place:?}"
            );
        }
    }
}

#[test]
fn help_lists_every_key_and_word_and_its_search_finds_them() {
    let is_in_help = |binding: &Binding| {
        let search = binding.help.split(' ').collect::<Vec<_>>().join(" ");
        let text = script((120, 60), "default")
            .keys("?/")
            .message(Message::Paste(search))
            .text();
        text.contains(binding.help)
    };
    for binding in bindings() {
        assert!(is_in_help(binding), "help has no \"{}\"", binding.help);
    }
    for word in EX_WORDS {
        let text = script((120, 60), "default")
            .keys("?/")
            .message(Message::Paste(word.help.to_owned()))
            .text();
        assert!(
            text.contains(&format!(":{}", word.name)),
            "help has no :{}",
            word.name
        );
    }
}

#[test]
fn the_palette_runs_what_it_lists() {
    // Every command of the table and every word, found by its own words, and run.
    for binding in bindings().filter(|binding| binding.places.has(Place::Table)) {
        if binding.command == Command::Palette {
            continue;
        }
        let listed = script(SIZE, "default")
            .keys("<Ctrl-p>")
            .message(Message::Paste(binding.help.to_owned()));
        assert!(listed.text().contains(binding.help), "no {}", binding.help);
        // As if its key had been pressed.
        let run = listed.keys("<Enter>");
        let key = Chord::parse(binding.chords[0]).unwrap();
        let pressed = script(SIZE, "default").message(Message::Key(key));
        assert_eq!(run.buffer(), pressed.buffer(), "{}", binding.help);
        assert_eq!(run.effects, pressed.effects, "{}", binding.help);
    }
    script(SIZE, "default")
        .keys("<Ctrl-p>another week<Enter>")
        .assert_shows(":week");
    script(SIZE, "default")
        .keys("2<Ctrl-p>what the keys<Enter>")
        .assert_shows("/ searches");
}

#[test]
fn every_word_of_the_command_line_does_what_it_says() {
    let lines = [
        ("tag storage.westeurope", "Storage.WestEurope ─"),
        ("storage.westeurope", "Storage.WestEurope ─"),
        ("ip 203.0.113.9", "look up: 203.0.113.9"),
        ("203.0.113.9", "look up: 203.0.113.9"),
        ("find 203.0.113.0/24", "look up: 203.0.113.0/24"),
        ("lookup", "look up:"),
        ("region West Europe", "Tags 3/8 · West Europe"),
        ("region none", "· Not regional"),
        ("filter stor !west", "Tags 2/8"),
        ("sort addresses", "by addresses ↓"),
        ("theme safe", "Tags 8/8"),
        ("map", "Map "),
        ("last", "no last place yet"),
        ("help", "Help"),
        ("reference", "Tiers and their limits"),
        ("runbooks", "Restrict a registry to a subnet"),
        ("tags", "Tags 8/8"),
        ("diff", "2026-06-29 #407 → 2026-07-06 (file)"),
        (
            "diff 2026-06-22 2026-06-29",
            "2026-06-22 #407 → 2026-06-29 #407",
        ),
        ("update", "asking the publisher"),
        ("endpoints contoso", "registry contoso.azurecr.io"),
        ("registry contoso", "registry contoso.azurecr.io"),
        ("endpoints", "registry: a name"),
        ("save one", "no registry is planned yet"),
        ("load one", "opening one"),
        ("rules /r/nsg.json", "200 acr-out"),
        ("rules", "none is open"),
        ("log /l/flow.json", "by service · 4"),
        ("log", "no log is open yet"),
        ("stands-for Storage", "select a rule"),
        (
            "make terraform-nsg",
            "Terraform: rules of a network security group",
        ),
        ("make", "this view as a table"),
        ("fit 2", "into CIDRs: 2"),
        ("fit", "into CIDRs: type a number"),
    ];
    for (line, shown) in lines {
        let keys = format!(":{}<Enter>", line.replace(' ', "<Space>"));
        script(SIZE, "default").keys(&keys).assert_shows(shown);
    }
    let mono = script(SIZE, "default")
        .keys(":theme<Space>mono<Enter>")
        .buffer();
    assert!(
        mono.content
            .iter()
            .all(|cell| cell.fg == ratatui::style::Color::Reset)
    );
    let elsewhere = script(SIZE, "default").keys("2<Tab>:tags<Enter>");
    assert_eq!(elsewhere.app.place(), Place::Table);
    let on_map = script(SIZE, "default").keys("m2<Tab>:map<Enter>");
    assert_eq!(on_map.app.place(), Place::Map);
    assert_eq!(
        script(SIZE, "default").keys(":q<Enter>").effects,
        [Effect::Quit]
    );
    // Each word of the table stands in this test or in one of its neighbours.
    for word in EX_WORDS {
        let is_elsewhere = matches!(
            word.argument,
            ExArgument::Week | ExArgument::Cloud | ExArgument::File | ExArgument::Export
        ) || word.argument == ExArgument::Nothing(Command::Quit);
        let is_here = lines
            .iter()
            .any(|(line, _)| line.split(' ').next() == Some(word.name));
        assert!(is_here || is_elsewhere, ":{} is not tested", word.name);
    }
}

#[test]
fn a_refused_line_stays_and_says_why() {
    for (line, reason) in [
        ("tag nosuchtag", "no tag \"nosuchtag\" in this week"),
        ("region atlantis", "no region \"atlantis\" in Public"),
        ("week yesterday", "\"yesterday\" is no week"),
        ("cloud mars", "no cloud \"mars\""),
        ("sort size", "no order \"size\""),
        ("theme pink", "no theme \"pink\""),
        ("file -", "standard input is the keyboard here"),
        ("export tags.pdf", "the file's ending says the form"),
        ("thme mono", "did you mean :theme?"),
        ("endpoints my-registry", "has a dash"),
        ("registry show", "a file is named by its"),
        ("ip 300.1.1.1", "300 exceeds 255"),
        ("make terraform", "no target \"terraform\""),
        ("fit some", "\"some\" is no limit"),
    ] {
        let keys = format!(":{}<Enter>", line.replace(' ', "<Space>"));
        let mut script = script(SIZE, "default").keys(&keys).assert_shows(reason);
        // Completions that come late leave the reason where it is.
        if let Some(Effect::Start {
            ticket,
            task: Task::Suggest { .. },
        }) = script.effects.last()
        {
            let ticket = *ticket;
            let outcome = Outcome::Suggested(Ok((About::Weeks, vec!["2026-06-29".to_owned()])));
            script = script.message(Message::Done { ticket, outcome });
            script = script.assert_shows(reason);
        }
        if !line.starts_with("export") {
            assert_eq!(script.app.place(), Place::CommandInput, "{line}");
            script.assert_shows(&format!(":{line}"));
        }
    }
}

#[test]
fn tab_completes_and_the_arrows_choose() {
    script(SIZE, "default")
        .keys(":reg<Tab>west<Tab>")
        .assert_shows(":region westeurope")
        .keys("<Enter>")
        .assert_shows("· West Europe");
    script(SIZE, "default")
        .keys(":the<Tab><↓><↓><↓><Enter>")
        .assert_shows("Tags 8/8");
    script(SIZE, "default")
        .keys(":tag<Space>europe")
        .assert_shows("AzureContainerRegistry.WestEurope")
        .keys("<↓><Enter>")
        .assert_shows("┌ AzureC");
}

#[test]
fn completions_that_need_the_disk_are_asked_for_once_and_late_ones_dropped() {
    let script = script(SIZE, "default").keys(":week<Space>");
    let [
        Effect::Start {
            ticket,
            task: Task::Suggest { about, .. },
        },
    ] = script.effects.as_slice()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(about, &About::Weeks);
    let answer = |ticket, week: &str| Message::Done {
        ticket,
        outcome: Outcome::Suggested(Ok((About::Weeks, vec![week.to_owned()]))),
    };
    let ticket = *ticket;
    script
        .message(answer(Ticket(ticket.0 - 1), "1999-01-01"))
        .assert_shows("previous")
        .message(answer(ticket, "2026-06-29"))
        .assert_shows("2026-06-29")
        .keys("2026<Tab>")
        .assert_shows(":week 2026-06-29");
}

/// The ticket of the effect that opens data.
fn opening(script: &Script) -> Ticket {
    match script.effects.last() {
        Some(Effect::Start {
            ticket,
            task: Task::Open { .. },
        }) => *ticket,
        other => panic!("{other:?}"),
    }
}

#[test]
fn other_data_keeps_the_place_by_name() {
    let script = script_on(embedded(), SIZE, "default")
        .keys("/storage.w<Enter><↓>:week<Space>2026-07-06<Enter>")
        .assert_shows("opening");
    let ticket = opening(&script);
    let opened = |ticket| Message::Done {
        ticket,
        outcome: Outcome::Opened(Ok(Box::new(dataset()))),
    };
    script
        .message(opened(Ticket(ticket.0 + 7)))
        .assert_shows("opening")
        .message(opened(ticket))
        .assert_shows("/storage.w")
        .assert_shows("┌ Storage.WestEurope ─")
        .assert_shows("Public 2026-07-06: 8 tags");
}

#[test]
fn a_lookup_is_asked_again_of_other_data_and_a_host_is_not_resolved_again() {
    let script = script_on(embedded(), SIZE, "default").keys("2contoso.azurecr.io<Enter>");
    let [
        Effect::Start {
            ticket,
            task: Task::Resolve { .. },
        },
    ] = script.effects.as_slice()
    else {
        panic!("{:?}", script.effects);
    };
    let host = tagscope::query::lookup::HostLookup {
        addresses: vec!["203.0.113.9".parse().unwrap()],
        ..Default::default()
    };
    let (ticket, outcome) = (*ticket, Outcome::Resolved(Ok(host)));
    let script = script
        .message(Message::Done { ticket, outcome })
        .assert_shows("203.0.113.9  in no tag")
        .keys(":week<Space>previous<Enter>");
    let ticket = opening(&script);
    script
        .message(Message::Done {
            ticket,
            outcome: Outcome::Opened(Ok(Box::new(dataset()))),
        })
        .assert_shows("1 of 1 address in a tag")
        .assert_shows("Storage.WestEurope");
}

#[test]
fn data_that_cannot_be_opened_leaves_everything_as_it_is() {
    let script = script(SIZE, "default").keys("/stor<Enter>:cloud<Space>usgov<Enter>");
    let ticket = opening(&script);
    script
        .message(Message::Done {
            ticket,
            outcome: Outcome::Opened(Err(Safe::new("no week of Government available"))),
        })
        .assert_shows("no week of Government available")
        .assert_shows("Tags 3/8");
}

/// The texts that were sent to the clipboard.
pub fn copied(script: &Script) -> Vec<&str> {
    let texts = script.effects.iter().filter_map(|effect| match effect {
        Effect::Osc52(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn copies_are_what_is_selected_or_marked() {
    let script = script(SIZE, "default")
        .keys("/storage.w<Enter>yYC")
        .assert_shows("sent to the terminal's clipboard");
    let expected = [
        "Storage.WestEurope",
        "203.0.113.0/25\n2001:db8:18::/56",
        "tagscope tags --filter=storage.w",
    ];
    assert_eq!(copied(&script), expected);
    let script = script
        .keys("<Enter>y<Esc><Esc>:tag<Space>Storage<Enter><Space><Space><↑>yC")
        .assert_shows("2 watched");
    let expected = [
        "203.0.113.0/25",
        "Storage\nStorage.FranceCentral",
        "tagscope tags prefixes Storage Storage.FranceCentral",
    ];
    assert_eq!(copied(&script)[3..], expected);
    let script = crate::dashboard::script(SIZE, "default").keys("2203.0.113.9<Enter>yYC");
    let expected = [
        "Storage.WestEurope",
        "203.0.113.0/25\tStorage.WestEurope\twesteurope\tAzureStorage\t21",
        "tagscope lookup 203.0.113.9",
    ];
    assert_eq!(copied(&script), expected);
}

#[test]
fn a_copy_that_no_terminal_takes_is_refused_with_what_to_do() {
    let script = script_on(embedded(), SIZE, "default").keys(":tag<Space>AzureCloud<Enter>Y");
    assert_eq!(copied(&script), Vec::<&str>::new());
    script.assert_shows("kB are more than the 74 kB that a terminal's clipboard takes");
}

/// The copied command, run by a shell with the program of this build, answers as the screen does.
#[cfg(unix)]
#[test]
fn the_copied_command_gives_the_answer_on_screen() {
    let run = |line: &str| {
        let program = env!("CARGO_BIN_EXE_tagscope");
        let home = tempfile::tempdir().unwrap();
        let line = line.replacen("tagscope", &format!("'{program}'"), 1);
        let output = Process::new("sh")
            .args(["-c", &line])
            .env("HOME", home.path())
            .env("XDG_CONFIG_HOME", home.path())
            .env_remove("TAGSCOPE_CONFIG")
            .output()
            .unwrap();
        assert!(
            output.stderr.is_empty(),
            "{line}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    for keys in [
        "/registry<Space>!europe<Enter>",
        ":region<Space>westeurope<Enter>sss",
        ":region<Space>none<Enter>S",
        "/20.38.116.38<Enter>ss",
    ] {
        let script = script_on(embedded(), (200, 60), "default")
            .keys(keys)
            .keys("gC");
        let line = copied(&script)[0].to_owned();
        let names: Vec<String> = run(&line)
            .lines()
            .map(|row| row.split('\t').next().unwrap().to_owned())
            .collect();
        let text = script.text();
        let title = format!("Tags {}/3,321", names.len());
        assert!(text.contains(&title), "{line}: no {title} in\n{text}");
        // The rows in the order on screen, as many as fit.
        let shown: Vec<&str> = text
            .lines()
            .filter_map(|row| row.split('┃').nth(1))
            .map(|row| row.split_whitespace().next().unwrap_or(""))
            .skip_while(|word| *word != "tag")
            .skip(1)
            .take(names.len().min(40))
            .collect();
        assert_eq!(shown, names[..shown.len()], "{line}");
    }
    let script = script_on(embedded(), SIZE, "default").keys("220.38.116.38<Enter>C");
    let answer = run(copied(&script)[0]);
    assert_eq!(answer.lines().count(), 4, "{answer}");
    assert!(script.text().contains("in 4 tags"));
}

#[test]
fn minus_goes_back_to_where_the_jump_began_and_forth_again() {
    let script = script(SIZE, "default").keys("/storage.w<Enter><Enter><Enter>");
    assert_eq!(script.app.place(), Place::Results);
    let script = script.keys("-").assert_shows("/storage.w");
    assert_eq!(script.app.place(), Place::Detail);
    let script = script.keys("-").assert_shows("look up: 203.0.113.0/25");
    assert_eq!(script.app.place(), Place::Results);
}

#[test]
fn every_view_exports_its_answer() {
    for (keys, begins) in [
        (":export<Space>a.csv<Enter>", "name,region,"),
        (":export<Space>a.json<Enter>", "{\n  \"schemaVersion\": 1"),
        (":export<Space>a.md<Enter>", "| tag |"),
        ("2203.0.113.9<Enter>:export<Space>a.csv<Enter>", "query,"),
        (
            "<↓><↓><↓><↓><↓><Enter>:export<Space>a.txt<Enter>",
            "198.51.100.0/26\t64",
        ),
    ] {
        let script = script(SIZE, "default").keys(keys);
        let Some(Effect::Start {
            task: Task::Export { bytes, .. },
            ..
        }) = script.effects.last()
        else {
            panic!("{keys}: {:?}", script.effects);
        };
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with(begins), "{keys}: {text}");
    }
    let script = script(SIZE, "default")
        .keys("x<Enter>")
        .assert_shows("> tags-2026-07-06.csv");
    assert_eq!(script.app.place(), Place::ExportFile);
    for topic in ViewTopic::ALL {
        assert!(!topic.verb().is_empty());
    }
}

#[test]
fn an_error_text_pasted_anywhere_looks_the_client_up() {
    let text = "Error response from daemon: denied:\n {\"errors\":[{\"code\":\"DENIED\",\"message\":\
                \"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall \
                to grant access.\"}]}";
    for keys in ["", "?", "2", "<Shift-Tab>"] {
        script(SIZE, "default")
            .keys(keys)
            .message(Message::Paste(text.to_owned()))
            .assert_shows("look up: 203.0.113.9")
            .assert_shows("in 4 tags");
    }
}

#[test]
fn queries_are_walked_back_with_the_arrow() {
    script(SIZE, "default")
        .keys("2203.0.113.9<Enter>/<Ctrl-u>8.8.8.8<Enter>/<Ctrl-u>198")
        .keys("<↑>")
        .assert_shows("look up: 8.8.8.8")
        .keys("<↑>")
        .assert_shows("look up: 203.0.113.9")
        .keys("<↓><↓>")
        .assert_shows("look up: 198");
}

#[test]
fn a_jump_comes_back_to_a_pane_that_is_on_screen() {
    let script = script(SIZE, "default")
        .keys(":tag<Space>Storage<Enter><Enter>:tag<Space>Storage.WestEurope<Enter>m-");
    assert_eq!(script.app.place(), Place::Detail);
    script.assert_shows("┏ Storage ━");
}

#[test]
fn a_word_is_pasted_into_a_query_and_a_sentence_instead_of_it() {
    let paste = |text: &str| Message::Paste(text.to_owned());
    script(SIZE, "default")
        .keys("2203.0.113.0-")
        .message(paste("203.0.113.9\n"))
        .assert_shows("look up: 203.0.113.0-203.0.113.9")
        .message(paste("denied: client with IP '203.0.113.7' is not allowed"))
        .assert_shows("look up: 203.0.113.7");
}

#[test]
fn the_last_addresses_of_a_host_can_be_reached() {
    let script = script((40, 12), "default").keys("2contoso.azurecr.io<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Resolve { .. },
    }) = script.effects.last()
    else {
        panic!("{:?}", script.effects);
    };
    let outside = (1..20).map(|number| format!("8.8.8.{number}"));
    let addresses = std::iter::once("203.0.113.9".to_owned()).chain(outside);
    let host = tagscope::query::lookup::HostLookup {
        addresses: addresses.map(|address| address.parse().unwrap()).collect(),
        ..Default::default()
    };
    let (ticket, outcome) = (*ticket, Outcome::Resolved(Ok(host)));
    let script = script.message(Message::Done { ticket, outcome });
    let script = script.keys(&"<↓>".repeat(30)).assert_shows("8.8.8.5");
    script.keys("g").assert_shows("203.0.113.9");
}
