//! What the command line completes, and what Enter takes of it.

use tagscope::tui::Place;

use crate::dashboard::script;

/// Columns and rows.
const SIZE: (u16, u16) = (120, 30);

#[test]
fn enter_takes_the_only_candidate_and_bare_names_are_completed() {
    // A word that needs more is taken over; then it says what.
    let week = script(SIZE, "default").keys(":week<Enter>");
    assert_eq!(week.app.place(), Place::CommandInput);
    let week = week.assert_shows("Tab takes over").assert_shows("previous");
    week.keys("<Enter>")
        .assert_shows(":week — the data of another week");
    script(SIZE, "default")
        .keys(":load<Enter><Enter>")
        .assert_shows(":load — open a saved registry");
    // A part of a name, of which there is one.
    for keys in [":t<Space>storage.weste<Enter>", ":storage.weste<Enter>"] {
        let script = script(SIZE, "default").keys(keys);
        assert_eq!(script.app.place(), Place::Table, "{keys}");
        script.assert_shows("┌ Storage.WestEurope");
    }
    script(SIZE, "default")
        .keys(":francec")
        .assert_shows("Storage.FranceCentral")
        .assert_shows("region · France Central");
    // Of several none is taken unseen.
    let several = script(SIZE, "default").keys(":t<Space>storage.<Enter>");
    assert_eq!(several.app.place(), Place::CommandInput);
}
