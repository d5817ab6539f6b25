//! What the screens show: every view at four sizes in two themes, and key scripts.
//!
//! The document is made here, so the snapshots change only when the screens do. After a wanted
//! change run with `INSTA_UPDATE=always`, then read the differences.

use ratatui::style::{Color, Modifier};
use tagscope::query::ViewTopic;
use tagscope::text::Safe;
use tagscope::tui::{Effect, Message, Outcome, Task, Ticket};

use crate::dashboard::{embedded, script, script_on};

/// A registry in two regions, with data endpoints; the plan has the keys.
const ENDPOINTS: &str = "3contoso<Enter><Enter>weste<Enter>francec<Enter><Esc><↓><Space><Tab><↓>";

/// A group, a registry and a list; the second row of the first has the cursor.
const RULES: &str =
    ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Space>/r/allow.txt<Space>/r/bad.json<Enter>nn";

/// A flow log; the addresses of the busiest service have the keys.
const TRAFFIC: &str = ":log<Space>/l/flow.json<Enter><Enter>";

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

const STATE_SIZE: (u16, u16) = (100, 24);

/// A screen and its looks less the row of tabs, which is the same for all screens of a view.
fn below_tabs(screen: &str) -> String {
    let lines = screen.lines().skip(1);
    let lines = lines.filter(|line| !line.starts_with("  0, "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The row of tabs and its looks.
fn tabs(screen: &str) -> String {
    let lines = screen.lines().enumerate();
    let lines = lines.filter(|(row, line)| *row == 0 || line.starts_with("  0, "));
    lines.flat_map(|(_, line)| [line, "\n"]).collect()
}

#[test]
fn the_row_of_tabs_of_every_view() {
    let mut shown = String::new();
    for size in SIZES.into_iter().chain([STATE_SIZE]) {
        for theme in ["default", "mono"] {
            for topic in ViewTopic::ALL {
                let key = topic.number().to_string();
                let screen = script(size, theme).keys(&key).text_and_looks();
                shown += &tabs(&screen);
            }
        }
    }
    insta::assert_snapshot!("tabs", shown);
}

/// Every view and what lies over them: a name, and the keys that open it.
pub fn screens() -> impl Iterator<Item = (&'static str, &'static str)> {
    let views = ViewTopic::ALL.map(|topic| match topic {
        ViewTopic::Tags => (topic.verb(), ""),
        ViewTopic::Lookup => (topic.verb(), "2203.0.113.0/24"),
        ViewTopic::Endpoints => (topic.verb(), ENDPOINTS),
        ViewTopic::Rules => (topic.verb(), RULES),
        ViewTopic::Diff => (topic.verb(), "5n<Enter>"),
        ViewTopic::Traffic => (topic.verb(), TRAFFIC),
    });
    let others = [
        ("map", "m<→>"),
        ("fit", ":rules<Space>/r/nsg.json<Enter>nnnf2"),
        ("offer", "/storage.west<Enter>x/nsg<Enter><↓><↓><↓>"),
    ];
    views.into_iter().chain(others)
}

#[test]
fn every_view_at_every_size() {
    for (width, height) in SIZES {
        for (name, keys) in screens() {
            let default = script((width, height), "default").keys(keys);
            let mono = script((width, height), "mono").keys(keys);
            assert_eq!(default.text(), mono.text(), "the theme changes the text");
            let name = format!("{name}_{width}x{height}");
            let default = below_tabs(&default.text_and_looks());
            insta::assert_snapshot!(name.as_str(), default);
            let mono = below_tabs(&mono.text_and_looks());
            insta::assert_snapshot!(format!("{name}_mono"), mono);
        }
    }
}

/// On a light background as on a dark one: what the terminal's own palette makes readable.
#[test]
fn the_default_theme_only_uses_colours_that_every_background_shows() {
    let readable = [
        Color::Reset,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::DarkGray,
    ];
    for keys in [
        "",
        "m",
        "2203.0.113.0/24",
        "5",
        "5n<Enter>w",
        "6",
        TRAFFIC,
        ":log<Space>/l/flow.json<Space>/l/odd.txt<Enter>b",
        "3",
        ENDPOINTS,
        "3contoso<Enter><↓>b",
        "3contoso<Enter><Enter>eu",
        "3no<Enter>",
        "4",
        RULES,
        ":rules<Space>/r/nsg.json<Enter>i10.0.0.4<Space>8.8.8.8<Enter>",
        "?",
        "K<Enter>",
        "<Space><Space><Space><Space>f4",
        "<Space><Space>x<End>",
        "x/az-acr<Enter>d<Enter>",
        "x<Enter><Ctrl-u>/there/tags.csv<Enter>",
        "f?",
        "<Ctrl-p>",
        ":t",
        ":nosuch<Enter>",
    ] {
        let shown = script((120, 40), "default").keys(keys).buffer();
        for cell in &shown.content {
            assert!(
                readable.contains(&cell.fg),
                "{keys}: {} on {}",
                cell.fg,
                cell.bg
            );
            assert_eq!(cell.bg, Color::Reset, "{keys}");
        }
    }
}

#[test]
fn the_states_in_between() {
    let states = [
        ("filter", "/stor west"),
        ("filter_empty", "/nosuchtag"),
        ("filter_address", "/203.0.113.9"),
        ("detail", "/Storage.W<Enter><Enter><↓>"),
        ("regions", "<Shift-Tab><↓><↓><↓>"),
        ("sorted", "ss"),
        ("help", "?"),
        ("lookup_empty", "2"),
        ("lookup_address", "2203.0.113.9"),
        ("lookup_nothing", "28.8.8.8"),
        ("lookup_unfinished", "2203.0.113"),
        ("lookup_host", "2contoso.azurecr.io"),
        ("lookup_range", "2203.0.113.100-203.0.113.140"),
        ("command_line", ":region<Space>"),
        ("command_refused", ":regoin<Space>west<Enter>"),
        ("palette", "<Ctrl-p>copy"),
        ("help_search", "?/copy"),
        ("reference", "K<↓><Enter><↓><↓>"),
        ("reference_search", "K/expressroute on-premises<Enter>"),
        ("marked", "<Space><Space>"),
        ("zoomed", "<Enter>+"),
        ("detail_foot", "<↓><Enter>+"),
        ("endpoints_empty", "3"),
        ("endpoints_refused", "3my-registry<Enter>"),
        ("endpoints_noted", "3HTTPS://Contoso.azurecr.io/v2/"),
        ("endpoints_profile", "3contoso<Enter>"),
        (
            "endpoints_regions",
            "3contoso<Enter><Enter>europe<↓><Space>",
        ),
        ("endpoints_before_after", "3contoso<Enter><↓>b"),
        (
            "endpoints_private",
            "3contoso<Enter><Enter>weste<Enter><Esc><↓><↓><↓><Space><Tab>G",
        ),
        (
            "endpoints_detail",
            "3contoso<Enter><Enter>weste<Enter><Esc><Tab><Enter><↓>",
        ),
        ("endpoints_advice", "3contoso<Enter><Tab><Tab><Tab><↓>"),
        ("endpoints_filter", "3contoso<Enter>/blob"),
        ("endpoints_other_cloud", "3contoso.azurecr.cn<Enter><Tab>"),
        ("rules_empty", "4"),
        ("rules_refused", ":rules<Space>/r/bad.json<Enter>"),
        (
            "rules_files",
            ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Enter><Shift-Tab><↓>",
        ),
        (
            "rules_detail",
            ":rules<Space>/r/nsg.json<Enter>nn<Enter><↓>",
        ),
        (
            "rules_unfolded",
            ":rules<Space>/r/nsg.json<Enter>n<Enter><Enter><↓>",
        ),
        (
            "rules_verdict",
            ":rules<Space>/r/nsg.json<Enter>i10.0.0.4 203.0.113.128/27 443<Enter>",
        ),
        (
            "rules_question",
            ":rules<Space>/r/contoso.json<Enter>i203.0.113.9",
        ),
        (
            "rules_findings",
            ":rules<Space>/r/nsg.json<Enter><Tab><Tab><↓>",
        ),
        ("rules_patch", ":rules<Space>/r/nsg.json<Enter>p"),
        (
            "rules_hosts",
            "3contoso<Enter><Enter>weste<Enter><Esc>:rules<Space>/r/nsg.json<Enter>P",
        ),
        ("rules_hits", ":rules<Space>/r/nsg.json<Enter>a"),
        (
            "rules_filter",
            ":rules<Space>/r/nsg.json<Enter>/203.0.113.9",
        ),
        ("diff_rules", ":rules<Space>/r/nsg.json<Enter>5an"),
        ("top_empty", "6"),
        ("top_reading", ":log<Space>/l/endless.log<Enter>"),
        ("top_refused", ":log<Space>/l/gone.log<Enter>"),
        (
            "top_problem",
            ":log<Space>/l/access.log<Space>/l/odd.txt<Enter>",
        ),
        ("top_affected", ":log<Space>/l/flow.json<Enter>a"),
        ("top_denied", ":log<Space>/l/flow.json<Enter>dbbb"),
        ("top_nowhere", ":log<Space>/l/flow.json<Enter>n<Enter>"),
        ("top_filter", ":log<Space>/l/flow.json<Enter>b/203.0.113.5"),
        ("top_by", ":log<Space>/l/flow.json<Enter><Shift-Tab><↓>"),
        ("lookup_history", "2203.0.113.9<Enter>/<Ctrl-u><↑>"),
    ];
    for (name, keys) in states {
        let shown = below_tabs(&script(STATE_SIZE, "default").keys(keys).text());
        insta::assert_snapshot!(format!("state_{name}"), shown);
    }
}

#[test]
fn monochrome_has_no_colour_and_shows_the_selection() {
    for keys in ["", "2203.0.113.9<Tab>", "?"] {
        let script = crate::dashboard::script((100, 24), "mono").keys(keys);
        let terminal = script.terminal();
        let cells = &terminal.backend().buffer().content;
        assert!(
            cells
                .iter()
                .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
        );
        let is_marked = cells
            .iter()
            .any(|cell| cell.modifier.contains(Modifier::REVERSED));
        assert!(is_marked || keys == "?", "{keys}: no selection");
    }
}

#[test]
fn a_tag_is_found_followed_and_looked_up() {
    script((120, 40), "default")
        .keys("/storage west<Enter>")
        .assert_shows("Tags 1/8")
        .assert_shows("Storage.WestEurope")
        .keys("<Enter><Enter>")
        .assert_shows("look up: 203.0.113.0/25")
        .assert_shows("AzureCloud.westeurope")
        .keys("<↓><Enter>")
        .assert_shows("1 Tags")
        .assert_shows("Tags 8/8");
}

#[test]
fn a_host_is_resolved_only_on_enter_and_late_answers_are_dropped() {
    let asked = script((120, 40), "default").keys("2contoso.azurecr.io");
    assert_eq!(asked.effects, []);
    let asked = asked.keys("<Enter>").assert_shows("asking the network");
    let [
        Effect::Start {
            ticket,
            task: Task::Resolve { host },
        },
    ] = asked.effects.as_slice()
    else {
        panic!("{:?}", asked.effects);
    };
    assert_eq!(host, "contoso.azurecr.io");
    let (ticket, found) = (
        *ticket,
        tagscope::query::lookup::HostLookup {
            chain: vec![Safe::new("contoso.privatelink.azurecr.io")],
            addresses: vec!["203.0.113.9".parse().unwrap(), "8.8.8.8".parse().unwrap()],
            ..Default::default()
        },
    );
    let late = Message::Done {
        ticket: Ticket(ticket.0 - 1),
        outcome: Outcome::Resolved(Ok(found.clone())),
    };
    let asked = asked.message(late).assert_shows("asking the network");
    asked
        .message(Message::Done {
            ticket,
            outcome: Outcome::Resolved(Ok(found)),
        })
        .assert_shows("→ contoso.privatelink.azurecr.io")
        .assert_shows("1 of 2 addresses in a tag")
        .assert_shows("8.8.8.8  in no tag");
}

#[test]
fn a_failed_task_becomes_a_sentence() {
    let asked = script((120, 40), "default").keys("2contoso.azurecr.io<Enter>");
    let [
        Effect::Start {
            ticket,
            task: Task::Resolve { .. },
        },
    ] = asked.effects.as_slice()
    else {
        panic!("{:?}", asked.effects);
    };
    let outcome = Outcome::Resolved(Err(Safe::new("no such host\u{1b}")));
    let ticket = *ticket;
    asked
        .message(Message::Done { ticket, outcome })
        .assert_shows("no such host␛")
        .assert_shows("Enter asks again");
}

#[test]
fn a_paste_outside_of_inputs_goes_to_lookup() {
    script((120, 40), "default")
        .message(Message::Paste("\n 203.0.113.9 \nmore".to_owned()))
        .assert_shows("look up: 203.0.113.9")
        .assert_shows("in 4 tags");
}

#[test]
fn escape_never_quits_and_q_does() {
    let script = script((120, 40), "default").keys("<Esc><Esc><Esc>");
    assert_eq!(script.effects, []);
    assert_eq!(script.keys("q").effects, [Effect::Quit]);
    let typed = crate::dashboard::script((120, 40), "default").keys("2q?/:-1");
    assert_eq!(typed.effects, []);
    assert_eq!(typed.keys("<Ctrl-c>").effects, [Effect::Quit]);
}

#[test]
fn derived_numbers_are_marked_on_the_embedded_week() {
    script_on(embedded(), (120, 40), "default")
        .assert_shows("numbers est.")
        .assert_shows("numbers est.")
        .assert_shows("Tags 3,321/3,321")
        .keys("220.38.116.38")
        .assert_shows("number 15 ");
}
