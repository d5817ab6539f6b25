//! Colour that means something, and what says the same without colour.

use ratatui::style::{Modifier, Style};
use tagscope::tui::Theme;

use crate::dashboard::{Script, embedded, script, script_on};

const SIZE: (u16, u16) = (120, 40);
const RULES: &str = ":rules<Space>/r/nsg.json<Enter>";

fn theme() -> Theme {
    Theme::named("dark").unwrap()
}

/// How a text looks that stands behind another in a line.
fn look(script: &Script, line: &str, text: &str) -> Style {
    let buffer = script.buffer();
    let found = (0..buffer.area.height).find_map(|y| {
        let symbols = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol());
        let shown: String = symbols.collect();
        let behind = shown.find(line)? + line.len();
        let at = behind + shown[behind..].find(text)?;
        let x = u16::try_from(shown[..at].chars().count()).unwrap();
        Some(buffer[(x, y)].style())
    });
    found.unwrap_or_else(|| panic!("no {text:?} behind {line:?} in\n{}", script.text()))
}

/// Whether it has the colour of a role, whatever else it has.
fn assert_role(script: &Script, (line, text): (&str, &str), role: Style) {
    let found = look(script, line, text);
    assert_eq!(found.fg, role.fg, "{text:?} behind {line:?}");
}

#[test]
fn what_is_gained_and_lost_differs_in_diff() {
    let theme = theme();
    let diff = script(SIZE, "dark").keys("5nG");
    for (place, role) in [
        (("1 tag ", "added"), theme.gained),
        (("added, 1 ", "removed"), theme.lost),
        (("IPv4 addresses ", "gained"), theme.gained),
        (("rows ", "+2"), theme.gained),
        (("rows +2 ", "−7"), theme.lost),
        (("AzureContainerRegistry.WestEurope", "−4"), theme.lost),
        // Nothing was gained.
        (("AzureContainerRegistry.WestEurope", "+0"), theme.text),
        (("EmptyService.NewRegion", "added"), theme.gained),
    ] {
        assert_role(&diff, place, role);
    }
    let rows = script(SIZE, "dark").keys("5");
    assert_role(&rows, ("│", "− 198.51.100.208/29"), theme.lost);
    let rows = script(SIZE, "dark").keys("5/Storage.W<Enter>wn<Enter>");
    assert_role(&rows, ("┃", "+ 203.0.113.0/25"), theme.selected);
    let rows = rows.keys("<↓>");
    assert_role(&rows, ("┃", "+ 203.0.113.0/25"), theme.gained);
}

#[test]
fn a_rules_access_and_the_weeks_effect_have_their_own_cells() {
    let theme = theme();
    let rules = script(SIZE, "dark").keys(RULES).keys("gg");
    for (place, role) in [
        (("220 ", "acr-copied"), theme.text),
        (("acr-copied", "allow"), theme.allow),
        (("acr-copied", "✗ moved"), theme.bad),
        (("deny-internet", "deny"), theme.deny),
        (("deny-internet", "unaffected"), theme.muted),
        (("acr-out ", "automatic"), theme.good),
        (("65500 ", "DenyAllInBound"), theme.muted),
        (("65500 ", "deny"), theme.deny),
    ] {
        assert_role(&rules, place, role);
    }
    let asked = |question: &str| {
        let keys = format!("{RULES}i{question}<Enter>");
        script(SIZE, "dark").keys(&keys)
    };
    let denied = asked("8.8.8.8<Space>10.0.0.4<Space>8080<Space>in");
    assert_role(&denied, (" → ", "DENIED"), theme.deny);
}

#[test]
fn a_row_that_is_wider_than_needed_says_so_in_red() {
    let theme = theme();
    let rules = script(SIZE, "dark").keys(RULES).keys("<↓>");
    assert_role(&rules, ("200 ssh", "*"), theme.text);
    assert_role(&rules, ("200 ssh", " wide"), theme.bad);
    assert_role(&rules, ("200 ssh", "allow"), theme.allow);
    assert_role(&rules, ("! nsg-prod, ssh", ": a row is wider"), theme.bad);
    assert_role(&rules, ("! nsg-prod, odd", ": something"), theme.warn);
    script(SIZE, "mono")
        .keys(RULES)
        .assert_shows("ssh              * wide");
}

#[test]
fn a_reckless_fit_says_so_in_red() {
    let theme = theme();
    let fit = script(SIZE, "dark").keys(RULES).keys("nnnf1");
    let fit = fit.assert_shows("reckless: 1 CIDR (limit 1");
    assert_role(&fit, ("┃", "reckless"), theme.bad);
    assert_role(&fit, ("┃  ", "it lets in more"), theme.bad);
    let small = script((80, 20), "mono").keys(RULES).keys("nnnf1");
    small.assert_shows("reckless: 1 CIDRs, extra: ");
    let two = script(SIZE, "dark").keys(RULES).keys("nnnf2");
    assert!(!two.text().contains("reckless"));
}

#[test]
fn old_data_is_yellow_and_says_that_it_is_old() {
    let old = script_on(embedded(), SIZE, "dark");
    let header = old.text().lines().next().unwrap().to_owned();
    let word = ["OLD", "AHEAD"]
        .into_iter()
        .find(|word| header.contains(word));
    assert_role(&old, (" · ", word.unwrap()), theme().warn);
}

/// In each of them the first pane had the keys before, or has a cursor of its own.
#[test]
fn the_selected_row_is_seen_in_panes_without_the_keys() {
    for (keys, line, text) in [
        ("", "", "All"),
        ("<Enter>", "", "AzureCloud  "),
        ("", "", "198.51.100.0/24"),
        ("5", "", "▸ 2026-07-06"),
        ("5n<Enter>", "", "  EmptyService"),
        ("5", "", "− 198.51.100.192/28"),
        ("3contoso<Enter><Tab>", "", "regions "),
        (
            ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Enter>",
            "",
            "All files",
        ),
        (
            ":rules<Space>/r/nsg.json<Enter>nnnf2",
            "",
            "AzureCloud and its",
        ),
    ] {
        for name in ["default", "mono", "light", "dark", "safe"] {
            let theme = Theme::named(name).unwrap();
            let found = look(&script(SIZE, name).keys(keys), line, text);
            let wanted = theme.selected_elsewhere;
            assert!(
                found.add_modifier.contains(wanted.add_modifier)
                    && (wanted.bg.is_none() || found.bg == wanted.bg)
                    && !found.add_modifier.contains(Modifier::REVERSED),
                "{name}, {keys}: {text} is {found:?}"
            );
        }
    }
}

#[test]
fn what_chooses_a_theme_names_all_of_them() {
    let names = tagscope::settings::THEMES.join(", ");
    let word = tagscope::tui::EX_WORDS
        .iter()
        .find(|word| word.name == "theme");
    assert!(word.unwrap().help.ends_with(&names));
    let help = crate::program::run(&["--help"]).out;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains(&format!("Theme of the dashboard: {names}")),
        "{help}"
    );
    script(SIZE, "default")
        .keys(":theme<Space>")
        .assert_shows("light")
        .assert_shows("auto");
}
