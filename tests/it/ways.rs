//! Ways to every place that has keys.

use tagscope::tui::Place;

/// Ways to a place, with something to move to, to go back from and to take over there.
pub fn ways_to(place: Place) -> &'static [&'static str] {
    match place {
        Place::Regions => &["<Shift-Tab>", "<Shift-Tab><↓><↓>", "/s<Enter><Shift-Tab>"],
        Place::Map => &["m", "m<→>", "m<→><↓>", "m<→><↑>"],
        Place::Table => &["", "<↓><↓><↓>", "/s<Enter>", "2203.0.113.9<Enter><Enter>"],
        Place::Detail => &[
            "<↓><↓><↓><↓><↓><Enter>",
            "<Enter><↓>",
            "<↓><↓><↓><↓><↓><Enter>+",
        ],
        Place::FilterInput => &["/", "/stor"],
        Place::RegionFilter => &["<Shift-Tab>/", "<Shift-Tab>/west"],
        Place::QueryInput => &[
            "2",
            "2203.0.113.9",
            "2contoso.azurecr.io",
            "2203.0.113.9<Enter>/<Ctrl-u>8.8.8.8<Enter>/<↑>",
            "2203.0.113.9<Enter>/<Ctrl-u>8.8.8.8<Enter>/",
        ],
        Place::Results => &[
            "2203.0.113.9<Enter>",
            "2203.0.113.0/24<Enter><↓><↓><↓>",
            "2<Esc>",
        ],
        Place::RegistryInput => &["3", "3contoso", "3contoso<Enter>3"],
        Place::Profile => &[
            "3contoso<Enter>",
            "3contoso<Enter>g",
            "3contoso<Enter>G",
            "3contoso<Enter>+",
        ],
        Place::RegionList => &[
            "3contoso<Enter><Enter>",
            "3contoso<Enter><Enter>weste",
            "3contoso<Enter><Enter><↓><↓><PgDn><PgDn>",
        ],
        Place::Plan => &[
            "3contoso<Enter><Tab>",
            "3contoso<Enter><Tab>G",
            "3contoso<Enter>G<Space>kkkk<Space>kk<Space><Tab>",
            "3contoso<Enter>G<Space>kkkk<Space>kk<Space><Tab>G",
            "3contoso<Enter><Tab>+",
        ],
        Place::PlanFilter => &["3contoso<Enter>/", "3contoso<Enter>/blob"],
        Place::PlanDetail => &[
            "3contoso<Enter><Tab><↓><Enter>",
            "3contoso<Enter><Tab><↓><Enter>g",
            "3contoso<Enter><Tab><↓><Enter>G",
            "3contoso<Enter><Tab><↓><Enter>+",
        ],
        Place::Advice => &[
            "3contoso<Enter><Shift-Tab>",
            "3contoso<Enter><Shift-Tab>G",
            "3contoso<Enter><Shift-Tab>+",
        ],
        Place::RuleTest => &[
            ":rules<Space>/r/nsg.json<Enter>i",
            ":rules<Space>/r/nsg.json<Enter>i10.0.0.4 8.8.8.8",
        ],
        Place::RuleFiles => &[
            "4",
            ":rules<Space>/r/nsg.json<Enter><Shift-Tab>",
            ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Space>/r/allow.txt<Enter><Shift-Tab><↓>",
            ":rules<Space>/r/nsg.json<Space>/r/contoso.json<Enter><Shift-Tab>+",
        ],
        Place::RuleRows => &[
            ":rules<Space>/r/nsg.json<Enter>",
            ":rules<Space>/r/nsg.json<Enter>nn",
            ":rules<Space>/r/nsg.json<Enter>G",
            ":rules<Space>/r/nsg.json<Enter>+",
        ],
        Place::RuleFilter => &[
            ":rules<Space>/r/nsg.json<Enter>/",
            ":rules<Space>/r/nsg.json<Enter>/acr",
        ],
        Place::RuleDetail => &[
            ":rules<Space>/r/nsg.json<Enter>nn<Enter>",
            ":rules<Space>/r/nsg.json<Enter>n<Enter>",
            ":rules<Space>/r/nsg.json<Enter>nn<Enter>G",
            ":rules<Space>/r/nsg.json<Enter>nn<Enter>+",
        ],
        Place::RuleNotes => &[
            ":rules<Space>/r/nsg.json<Enter><Tab><Tab>",
            ":rules<Space>/r/nsg.json<Enter><Tab><Tab>G",
            ":rules<Space>/r/nsg.json<Enter><Tab><Tab>+",
            "3contoso<Enter>:rules<Space>/r/nsg.json<Enter>P",
        ],
        Place::Weeks => &["5<Shift-Tab>", "5<Shift-Tab><↓>", "5<Shift-Tab><↓>+"],
        Place::Changes => &["5", "5n", "5/s<Enter>n", "5nn"],
        Place::ChangeRows => &["5<Enter>", "5<Enter><↓><↓>", "5n<Enter>", "5<Enter>+"],
        Place::ChangeFilter => &["5/", "5/stor"],
        place => traffic(place),
    }
}

fn traffic(place: Place) -> &'static [&'static str] {
    match place {
        Place::CountBy => &[
            ":log<Space>/l/flow.json<Enter><Shift-Tab>",
            ":log<Space>/l/flow.json<Enter><Shift-Tab><↓>",
            ":log<Space>/l/flow.json<Enter><Shift-Tab>+",
            "6<Shift-Tab>",
        ],
        Place::TrafficRows => &[
            ":log<Space>/l/flow.json<Enter>",
            ":log<Space>/l/flow.json<Enter>b<↓>",
            ":log<Space>/l/flow.json<Enter>bG",
            ":log<Space>/l/flow.json<Enter>+",
            ":rules<Space>/r/nsg.json<Enter>:log<Space>/l/flow.json<Enter>b",
            "6",
        ],
        Place::TrafficAddresses => &[
            ":log<Space>/l/flow.json<Enter><Enter>",
            ":log<Space>/l/flow.json<Enter><Enter><↓>",
            ":log<Space>/l/flow.json<Enter><Enter>+",
            ":rules<Space>/r/nsg.json<Enter>:log<Space>/l/flow.json<Enter><Enter>",
        ],
        Place::TrafficFilter => &[
            ":log<Space>/l/flow.json<Enter>/",
            ":log<Space>/l/flow.json<Enter>/stor",
        ],
        place => overlays(place),
    }
}

fn overlays(place: Place) -> &'static [&'static str] {
    match place {
        Place::Help => &["?", "??<↓><↓><↓>", "?/<Enter>", "?/copy<Enter>"],
        Place::HelpInput => &["?/", "?/copy"],
        Place::Reference => &["K", "K<↓><↓><↓>", "K<Enter><↓><↓>", "K/tiers<Enter><↓>"],
        Place::ReferenceInput => &["K/", "K/tiers"],
        Place::Fit => &[
            "<Space><Space><Space><Space><Space><Space><Space><Space>f",
            "<Space><Space><Space><Space><Space><Space><Space><Space>f2",
            "<Space><Space><Space><Space><Space><Space><Space><Space>f<↓><↓>",
            "<Space><Space><Space><Space><Space><Space><Space><Space>f2<Tab><↓>",
            ":rules<Space>/r/nsg.json<Enter>nnnf2",
        ],
        Place::Export => &["x", "x<↓><↓><↓>", "xterraform", "x<PgDn><PgDn>"],
        Place::ExportText => &["x<Tab>", "xnft<Tab>", "xnft<Tab><↓>", "xlist<Tab>+"],
        Place::ExportFile => &["x<Enter>"],
        Place::ExportOver => &["x<Enter><Ctrl-u>/there/tags.csv<Enter>"],
        Place::CommandInput => &[":", ":theme ", ":tag St", ":<↓><↓>", ":tags"],
        Place::Palette => &["<Ctrl-p>", "<Ctrl-p><↓><↓>"],
        other => panic!("no way to {other:?}"),
    }
}
