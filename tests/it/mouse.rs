//! The mouse: what is pressed is what is on screen.

use tagscope::tui::{Message, Mouse, MouseKind, Place};

use crate::dashboard::{Script, embedded, script, script_on};

const SIZE: (u16, u16) = (120, 40);

fn press(script: Script, column: u16, row: u16) -> Script {
    script.message(Message::Mouse(Mouse {
        kind: MouseKind::Press,
        column,
        row,
    }))
}

/// The cell where a text begins on screen.
fn cell_of(script: &Script, text: &str) -> (u16, u16) {
    let shown = script.text();
    let (row, line) = shown
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(text))
        .unwrap_or_else(|| panic!("no {text} in\n{shown}"));
    let column = line[..line.find(text).unwrap()].chars().count();
    (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
}

fn press_text(script: Script, text: &str) -> Script {
    let (column, row) = cell_of(&script, text);
    press(script, column, row)
}

#[test]
fn the_mouse_selects_opens_sorts_and_switches() {
    let script = press_text(script(SIZE, "default"), "Storage.FranceCe")
        .assert_shows("┌ Storage.FranceCentral");
    let script = press_text(script, "Storage.FranceCe");
    assert_eq!(script.app.place(), Place::Detail, "a second press opens");
    let script = press_text(script, "198.51.100.0/26");
    assert_eq!(
        script.app.place(),
        Place::Results,
        "a press on a selected prefix looks it up"
    );
    let script = press_text(script, "1 Tags").assert_shows("Tags 8/8");
    // The filter's line goes with the keys: what was pressed counts, not what is there then.
    let script =
        press_text(script.keys("/"), "Storage.WestEurope").assert_shows("┌ Storage.WestEurope");
    let script = press_text(script, "number     v4").assert_shows("by changeNumber ↓");
    let script = press_text(script, "number     v4").assert_shows("by changeNumber ↑");
    let script = press_text(script, "• West Europe").assert_shows("Tags 3/8 · West Europe");
    let script = press_text(script, "m map").assert_shows("Map ");
    // France is lit or not, by the service of the selected tag; the legend stands below the map.
    let dots = ["○", "●"].map(|dot| cell_of(&script, dot));
    let dot = dots.into_iter().min_by_key(|(_, row)| *row).unwrap();
    let script = press(script, dot.0, dot.1);
    assert!(
        !script.text().contains("· West Europe"),
        "the dot of another region was pressed"
    );
}

#[test]
fn the_wheel_moves_the_list_under_it() {
    let wheel = |script: Script, kind, (column, row): (u16, u16)| {
        script.message(Message::Mouse(Mouse { kind, column, row }))
    };
    let script = script_on(embedded(), SIZE, "default");
    let table = cell_of(&script, "ActionGroup.AustraliaE");
    let script =
        wheel(script, MouseKind::WheelDown, table).assert_shows("┌ ActionGroup.AustraliaEast");
    let script = wheel(script, MouseKind::WheelUp, table).assert_shows("┌ ActionGroup ─");
    let regions = cell_of(&script, "Norway East");
    let script = wheel(script, MouseKind::WheelDown, regions)
        .assert_shows("Tags 38/3,321 · Belgium Central");
    assert_eq!(
        script.app.place(),
        Place::Table,
        "the keys stay where they were"
    );
}
