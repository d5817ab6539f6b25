//! A failure that is pasted into the dashboard.

use tagscope::text::Safe;
use tagscope::tui::{Chord, Effect, Key, Message, Outcome, Place, Task};

use crate::dashboard::{Script, script};

const SIZE: (u16, u16) = (120, 40);
const DENIED: &str = "Failed to pull image \"contoso.azurecr.io/app/web:1.2\": denied: client with IP '203.0.113.9' is not allowed access.\nRefer https://aka.ms/acr/firewall to grant access.";

fn pasted(size: (u16, u16), text: &str) -> Script {
    script(size, "default").message(Message::Paste(text.to_owned()))
}

/// What the last copy took.
#[track_caller]
fn copied(script: &Script) -> String {
    let copies = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Osc52(text) => Some(text.clone()),
        _ => None,
    });
    copies.unwrap_or_else(|| panic!("nothing was copied: {:?}", script.effects))
}

#[test]
fn a_pasted_refusal_is_explained_below_its_ladder() {
    let script = pasted(SIZE, DENIED)
        .assert_shows("look up: 203.0.113.9")
        .assert_shows("in 4 tags")
        .assert_shows("Storage.WestEurope")
        .assert_shows("the registry refuses this address (registry-denied)")
        .assert_shows("az acr network-rule add --name contoso --ip-address 203.0.113.9")
        .assert_shows("Y copies all commands")
        .assert_shows(" y copy line  Y copy commands ");
    assert_eq!(script.app.place(), Place::Results);
    // The end is reached, and the beginning again.
    script
        .keys("G")
        .assert_shows("<subnet-id>")
        .keys("g")
        .assert_shows("Storage.WestEurope");
}

#[test]
fn the_commands_and_the_command_line_are_copied() {
    let script = pasted(SIZE, DENIED).keys("Y");
    let commands = copied(&script);
    assert!(commands.starts_with("# registry-denied:"), "{commands}");
    assert!(
        commands.contains("\naz acr network-rule add --name contoso --ip-address 203.0.113.9\n")
    );
    // What stands instead of the change is not run beside it.
    assert!(
        commands.contains("\n# az network private-endpoint create "),
        "{commands}"
    );
    let line = copied(&script.keys("C"));
    assert!(
        line.starts_with("tagscope explain 'Failed to pull image"),
        "{line}"
    );
    assert!(
        line.contains(r"'\''203.0.113.9'\''") && !line.contains('\n'),
        "{line}"
    );
    let script = pasted(SIZE, DENIED);
    let shown = script.text();
    let row = shown
        .lines()
        .position(|line| line.contains("az acr network-rule add"))
        .unwrap();
    let line = copied(&script.keys(&"<↓>".repeat(row - 3)).keys("y"));
    assert_eq!(
        line,
        "az acr network-rule add --name contoso --ip-address 203.0.113.9"
    );
}

#[test]
fn an_explanation_needs_no_address() {
    let script = pasted(
        (80, 24),
        "An error occurred: DOCKER_DAEMON_ERROR\nPlease verify",
    )
    .assert_shows("Docker's daemon does not answer")
    .assert_shows("sudo systemctl start docker");
    assert_eq!(
        copied(&script.keys("C")),
        "tagscope explain 'An error occurred: DOCKER_DAEMON_ERROR Please verify'"
    );
}

#[test]
fn the_host_of_a_failure_can_still_be_asked_for() {
    let text =
        "Get \"https://contoso.azurecr.io/v2/\": dial tcp: lookup contoso.azurecr.io: no such host";
    let script = pasted((80, 24), text)
        .assert_shows("the name has no address (dns)")
        .assert_shows("Enter asks the network")
        .keys("<Enter>")
        .assert_shows("asking the network");
    let Some(Effect::Start {
        ticket,
        task: Task::Resolve { host },
    }) = script.effects.last()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(host, "contoso.azurecr.io");
    let ticket = *ticket;
    let failed = Outcome::Resolved(Err(Safe::new("no such name")));
    let script = script.message(Message::Done {
        ticket,
        outcome: failed,
    });
    script
        .assert_shows("no such name; Enter asks again")
        .assert_shows("the name has no address (dns)");
}

#[test]
fn an_explanation_ends_with_its_query_and_comes_back_with_its_place() {
    let title = "registry-denied";
    let typed = pasted(SIZE, DENIED).keys("/<Backspace>");
    assert!(!typed.text().contains(title));
    // The keys are called as ever again.
    let answered = pasted(SIZE, "203.0.113.9").keys("<Enter>");
    answered.assert_shows(" y copy tag  Y copy row ");
    // Another plain query has none, and the same address typed by hand neither.
    let plain = pasted(SIZE, DENIED).message(Message::Paste("203.0.113.9".to_owned()));
    assert!(!plain.text().contains(title));
    let kept = pasted(SIZE, DENIED).keys("<Esc>");
    assert!(kept.text().contains(title));
    // Enter goes to the tag, and `-` comes back.
    pasted(SIZE, DENIED)
        .keys("<Enter>")
        .assert_shows("Tags ")
        .keys("-")
        .assert_shows(title);
    // Leaving the view does not lose it to the next key.
    let back = pasted(SIZE, DENIED).keys("12");
    assert_eq!(back.app.place(), Place::Results);
    back.assert_shows(title);
}

#[test]
fn an_explanation_fits_every_size() {
    for size in [(40, 12), (80, 24), (120, 40), (200, 60), (31, 8)] {
        let mut script = pasted(size, DENIED);
        for keys in ["<PgDn>", "<PgDn>", "<↓>", "G", "<PgUp>", "g"] {
            script = script.keys(keys);
            let text = script.text();
            assert!(
                text.lines()
                    .all(|line| line.chars().count() <= usize::from(size.0))
            );
        }
        // As narrow as it was wide before.
        script = script.message(Message::Resize(60, 20));
        script.size = (60, 20);
        script.assert_shows("registry-denied");
    }
}

/// What a terminal without bracketed paste hands on as keys: also the ends of its lines.
#[test]
fn a_typed_failure_is_explained_as_a_pasted_one() {
    let press = |script: Script, letter: char| {
        let key = if letter == '\n' {
            Key::Enter
        } else {
            Key::Char(letter)
        };
        script.message(Message::Key(Chord::plain(key)))
    };
    let text = format!("{DENIED}\nq and more");
    let typed = text.chars().fold(script(SIZE, "default").keys("2"), press);
    assert_eq!(typed.app.place(), Place::QueryInput);
    let typed = typed
        .assert_shows("the registry refuses this address (registry-denied)")
        .keys("<Tab>")
        .assert_shows("Y copies all commands")
        .keys("Y");
    let pasted = pasted(SIZE, DENIED).keys("Y");
    assert_eq!(copied(&typed), copied(&pasted));
}
