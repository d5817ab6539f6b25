//! The view Endpoints: a registry is named, its profile changed, its plan followed and written.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use tagscope::azure::registry::{Profile, RegistryName, Switch, read_document};
use tagscope::azure::{Cloud, Facts};
use tagscope::query::probe::{AddressProbe, HostProbe, ProbeCheck, ProbeVerdict};
use tagscope::store::{load_profile, profile_names, save_profile};
use tagscope::text::Safe;
use tagscope::tui::{About, Effect, Job, Message, Outcome, Place, Task, Ticket};

use crate::commands::copied;
use crate::dashboard::{Script, embedded, script, script_on};

const SIZE: (u16, u16) = (120, 40);

/// What `az acr show` prints, shortened.
pub const SHOW: &str = r#"{"name":"contoso","loginServer":"contoso.azurecr.io","location":"westeurope",
    "type":"Microsoft.ContainerRegistry/registries","sku":{"name":"Premium","tier":"Premium"},
    "dataEndpointEnabled":true,"dataEndpointHostNames":["contoso.westeurope.data.azurecr.io"],
    "publicNetworkAccess":"Disabled","privateEndpointConnections":[]}"#;

/// A registry with a region and data endpoints.
pub fn profile() -> Profile {
    let name = RegistryName::parse("contoso").unwrap();
    let mut profile = Profile::new(&name, Cloud::Public);
    profile.add_region("westeurope");
    profile.set(Switch::DataEndpoints, true);
    profile
}

/// What a probe of a host may bring.
pub fn answer(kind: usize) -> HostProbe {
    let address = |address: &str, verdict, why: &str| AddressProbe {
        address: Some(address.parse::<IpAddr>().unwrap()),
        tcp: Some(Duration::from_millis(38)),
        tls: None,
        http: Some(401),
        verdict,
        client_address: None,
        why: Safe::new(why),
    };
    let addresses = match kind {
        0 => vec![address(
            "203.0.113.9",
            ProbeVerdict::Allowed,
            "the registry's challenge came",
        )],
        1 => vec![address("8.8.8.8", ProbeVerdict::Denied, "it saw 192.0.2.1")],
        2 => vec![address(
            "2001:db8::1",
            ProbeVerdict::NotARegistry,
            "HTML came\u{1b}",
        )],
        _ => Vec::new(),
    };
    HostProbe {
        host: Safe::new("contoso.azurecr.io"),
        chain: vec![Safe::new("contoso.privatelink.azurecr.io")],
        addresses,
        ..HostProbe::default()
    }
}

/// A registry that is planned, with the profile in hand.
fn planned(keys: &str) -> Script {
    script(SIZE, "default").keys("3contoso<Enter>").keys(keys)
}

fn done(ticket: Ticket, outcome: Outcome) -> Message {
    Message::Done { ticket, outcome }
}

#[test]
fn typing_a_name_plans_it_and_leaving_the_input_undoes_it() {
    let script = script(SIZE, "default").keys("3");
    assert_eq!(script.app.place(), Place::RegistryInput);
    let script = script
        .assert_shows("a name, a login server, an image or a URL")
        .assert_shows("Here will be every host name")
        .keys("cont")
        .assert_shows("has 4 characters")
        .keys("oso")
        .assert_shows("contoso.azurecr.io")
        .assert_shows("*.blob.core.windows.net");
    let script = script.keys("<Esc>").assert_shows("no registry yet");
    assert_eq!(script.app.place(), Place::Profile);
    let script = script.keys("<Enter>Contoso.azurecr.us/app:v1<Enter>");
    assert_eq!(script.app.place(), Place::Profile);
    let script = script
        .assert_shows("contoso.azurecr.us")
        .assert_shows("AzureGovernment")
        .assert_shows("written in lower case")
        .assert_shows("no week of AzureGovernment on screen");
    // The name is changed in place; Esc leaves it as it was.
    let script = script
        .keys("g<Enter><Ctrl-u>fabrikam")
        .assert_shows("fabrikam.azurecr.us");
    script.keys("<Esc>").assert_shows("contoso.azurecr.us");
}

#[test]
fn what_is_no_registry_is_refused_where_it_is_typed() {
    let script = script(SIZE, "default").keys("3my-registry<Enter>");
    assert_eq!(script.app.place(), Place::RegistryInput);
    let script = script.assert_shows("\"my-registry\" has a dash");
    script
        .keys("<Ctrl-u>mcr.microsoft.com<Enter>")
        .assert_shows("Microsoft's own registry");
}

#[test]
fn a_pasted_image_becomes_the_registry() {
    let image = "contoso.azurecr.io/team/app@sha256:".to_owned() + &"0a".repeat(32);
    script(SIZE, "default")
        .keys("3fabrikam")
        .message(Message::Paste(format!("{image}\n")))
        .assert_shows("the image team/app@sha256")
        .keys("<Enter>")
        .assert_shows("registry contoso.azurecr.io");
}

#[test]
fn regions_are_found_by_typing_and_taken_with_enter() {
    let script = planned("<Enter>weste");
    assert_eq!(script.app.place(), Place::RegionList);
    let script = script.assert_shows("[ ] West Europe");
    let script = script
        .keys("<Enter>france<Space>c<Enter>")
        .assert_shows("[x] France Central");
    let script = script.keys("H").assert_shows("[x] France Central home");
    let script = script
        .keys("nowhere")
        .assert_shows("no region of this cloud has");
    let script = script
        .keys("<Esc>")
        .assert_shows("Regions, 2 chosen")
        .keys("<Esc>");
    assert_eq!(script.app.place(), Place::Profile);
    let script = script
        .assert_shows("home     France Central")
        .assert_shows("regions  France Central, West");
    // Of the home region there is one, and Enter takes it.
    script
        .keys("k<Enter>weste<Enter>")
        .assert_shows("home     West Europe")
        .assert_shows("· West Europe, France Central ·");
}

#[test]
fn switches_and_uses_change_the_plan() {
    let script = planned("<Enter>weste<Enter><Esc><↓><Space>")
        .assert_shows("[x] data endpoints")
        .assert_shows("contoso.westeurope.data.azurecr.io");
    let script = script
        .keys("<Space>")
        .assert_shows("*.blob.core.windows.net");
    // The last use stays; another one adds its rows.
    let script = script.keys("<↓><↓><↓><↓><↓><Space>");
    let script = script.assert_shows("at least one use");
    let script = script.keys("G<Space>").assert_shows("management.azure.com");
    // Tier and cloud go round.
    let script = script
        .keys("gjj<Enter><Space>")
        .assert_shows("tier     Standard");
    script
        .keys("k<Enter>")
        .assert_shows("contoso.azurecr.us")
        .assert_shows("not in AzureGovernment and left out: westeurope");
}

#[test]
fn an_option_is_shown_before_and_after() {
    let script = planned("<Enter>weste<Enter><Esc><↓><Space>b")
        .assert_shows("Before → after data endpoints: +1 −1")
        .assert_shows("+ contoso.westeurope.data.azurecr.io")
        .assert_shows("− *.blob.core.windows.net");
    let script = script.keys("b").assert_shows("Plan, 3 rows");
    // Of a switch that is off: what it would bring; the registry stays what it is.
    let script = script
        .keys("<↓>b")
        .assert_shows("Before → after regional endpoints (off now): +1 −0")
        .assert_shows("+ contoso.westeurope.geo.azurecr.io")
        .assert_shows("[ ] regional endpoints");
    // Elsewhere of everything that is on.
    let script = script.keys("<Esc><Tab>b");
    let script = script.assert_shows("all that is switched on: +1 −1");
    script.keys("<Esc>").assert_shows("Plan, 3 rows");
    planned("<Tab>b").assert_shows("nothing of the registry is switched on");
}

#[test]
fn a_row_leads_to_its_tags_and_prefixes() {
    let script = script_on(embedded(), SIZE, "default")
        .keys("3contoso<Enter><Enter>weste<Enter><Esc><Tab><Enter>");
    assert_eq!(script.app.place(), Place::PlanDetail);
    let script = script.assert_shows("│┃AzureContainerRegistry.WestEurope ");
    let script = script.keys("<Enter>");
    assert_eq!(script.app.place(), Place::Table);
    let script = script.assert_shows("┌ AzureContainerRegistry.WestEurope");
    // Back to the same row; its first prefix is looked up.
    let script = script.keys("-");
    assert_eq!(script.app.place(), Place::PlanDetail);
    let script = script
        .keys("<↓><Enter>")
        .assert_shows("look up: 13.69.64.88/29");
    let script = script.keys("-<Esc>t");
    assert_eq!(script.app.place(), Place::Table);
    // Without a tag there is nowhere to go.
    planned("<Tab>G<Enter><Enter>").assert_shows("no tag and no prefix on this line");
    planned("<Tab>Gt").assert_shows("this row has no service tag");
}

#[test]
fn another_clouds_tags_are_not_followed_into_this_week() {
    script(SIZE, "default")
        .keys("3contoso.azurecr.cn<Enter><Tab>t")
        .assert_shows("another cloud is on screen: :cloud china opens it");
}

#[test]
fn each_change_of_the_registry_is_undone_by_u() {
    // Two regions and a switch, one after the other.
    let script = planned("<Enter>weste<Enter>francec<Enter><Esc><↓><Space>")
        .assert_shows("West Europe, France Central")
        .assert_shows("[x] data endpoints");
    let script = script.keys("u").assert_shows("[ ] data endpoints");
    let script = script.keys("u");
    assert!(!script.text().contains("France Central"));
    let script = script.assert_shows("West Europe").keys("u");
    assert!(!script.text().contains("West Europe"));
    script
        .keys("u")
        .assert_shows("no change of this registry to undo");
    // Nothing of another registry comes back.
    planned("<Enter>weste<Enter><Esc>3<Ctrl-u>fabrikam<Enter>u")
        .assert_shows("no change of this registry to undo");
}

#[test]
fn the_filter_leaves_rows_and_escape_clears_it() {
    let script = planned("/blob<Enter>").assert_shows("Plan, 1 of 3 rows");
    let script = script
        .keys("/<Ctrl-u>nosuch")
        .assert_shows("no row has that");
    // The text stays where it is left, and goes from the list.
    let script = script.keys("<Esc>").assert_shows("Plan, 0 of 3 rows");
    let script = script.keys("<Esc>").assert_shows("Plan, 3 rows");
    script
        .keys(":filter<Space>certificate<Enter>")
        .assert_shows("Plan, 1 of 3 rows");
}

#[test]
fn copies_are_hosts_rows_prefixes_and_the_command() {
    let script = planned("<Enter>weste<Enter><Esc><↓><Space>yC<Tab>jyY");
    let rows = "contoso.azurecr.io:443\tsign-in, manifests, push\n\
                contoso.westeurope.data.azurecr.io:443\tlayers, West Europe\n\
                azurecr.io:443\tdownload of the wildcard certificate for TLS";
    assert_eq!(
        copied(&script),
        [
            "contoso.azurecr.io",
            "tagscope endpoints contoso.azurecr.io --region westeurope --data-endpoints",
            "contoso.westeurope.data.azurecr.io",
            rows,
        ]
    );
    let script = planned("<Enter>weste<Enter><Esc><Tab><Enter>yY<Tab>y");
    let copies = copied(&script);
    assert_eq!(copies[0], "AzureContainerRegistry.WestEurope");
    assert!(
        copies[1].lines().all(|line| line.contains('/')),
        "{}",
        copies[1]
    );
    assert!(copies[2].starts_with("*.blob.core.windows.net opens"));
}

#[test]
fn the_plan_is_written_as_a_ticket_and_as_data() {
    let script = planned("<Tab>x<Enter>").assert_shows("> contoso-endpoints.md");
    for (form, part) in [
        (".md", "## Firewall rules for contoso.azurecr.io"),
        (".json", "\"loginServer\": \"contoso.azurecr.io\""),
        (".csv", "outbound,global,contoso.azurecr.io,443"),
    ] {
        let script = planned("/blob<Enter>x/")
            .keys(form)
            .keys("<Enter><Enter><Enter>");
        let Some(Effect::Start {
            task: Task::Export { bytes, path, .. },
            ..
        }) = script.effects.last()
        else {
            panic!("{:?}", script.effects);
        };
        assert!(path.to_string_lossy().ends_with(form), "{}", path.display());
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(part), "{}: {text}", path.display());
        assert!(
            text.contains("azurecr.io"),
            "the filter leaves rows out of the file"
        );
    }
    assert_eq!(script.app.place(), Place::ExportFile);
    let none = crate::dashboard::script(SIZE, "default").keys("3<Esc>x");
    none.assert_shows("no registry is planned yet");
}

/// Saving goes on beside whatever comes next, and its end is told.
#[test]
fn a_load_does_not_hide_how_saving_ended() {
    let script = planned(":save<Space>one<Enter>:load<Space>two<Enter>");
    let saving = script.effects.iter().find_map(|effect| match effect {
        Effect::Start {
            ticket,
            task: Task::Save { .. },
        } => Some(*ticket),
        _ => None,
    });
    let failed = Outcome::Saved(Err(Safe::new("the disk is full")));
    script
        .message(done(saving.unwrap(), failed))
        .assert_shows("the disk is full");
}

#[test]
fn a_registry_is_saved_and_loaded_again() {
    let home = tempfile::tempdir().unwrap();
    let regions = Facts::embedded().regions;
    let script = planned("<Enter>weste<Enter><Esc><↓><Space>W").assert_shows(":save contoso");
    let script = script.keys("-weu<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Save { name, profile },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(name, "contoso-weu");
    save_profile(home.path(), &name, &profile, &regions).unwrap();
    let outcome = Outcome::Saved(Ok((name, Safe::new("saved"))));
    let script = script.message(done(ticket, outcome)).assert_shows("saved");
    // The pane says under which name, and W offers it again.
    let script = script
        .assert_shows("━ contoso-weu ┓")
        .keys("W")
        .assert_shows(":save contoso-weu");
    // What is saved already completes the name.
    let Some(Effect::Start {
        ticket,
        task: Task::Suggest { about, .. },
    }) = script.effects.first()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(about, &tagscope::tui::About::Registries);
    let names = Outcome::Suggested(Ok((About::Registries, profile_names(home.path()))));
    let ticket = *ticket;
    let script = script.keys("<Esc>:load<Space>contoso");
    let script = script.message(done(ticket, names));
    script.assert_shows("contoso-weu");

    let script = crate::dashboard::script(SIZE, "default").keys(":load<Space>contoso-weu<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Load { name },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    let loaded = load_profile(home.path(), &name, &regions).unwrap();
    let late = Outcome::Loaded(Ok((name.clone(), Box::new(loaded.clone()))));
    let script = script.message(done(Ticket(ticket.0 - 1), late));
    assert!(
        !script.text().contains("data.azurecr.io"),
        "an older task counts"
    );
    script
        .message(done(ticket, Outcome::Loaded(Ok((name, Box::new(loaded))))))
        .assert_shows("opened contoso.azurecr.io")
        .assert_shows("contoso.westeurope.data.azurecr.io")
        .assert_shows("━ contoso-weu ┓");
}

#[test]
fn a_document_fills_the_profile_and_its_hosts_win() {
    let regions = Facts::embedded().regions;
    let read = |text: &str| {
        let found = read_document(text.as_bytes(), &regions).unwrap();
        Outcome::Imported(Ok(Box::new(found)))
    };
    let script = script(SIZE, "default").keys(":registry<Space>./show.json<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Import { path },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    assert_eq!(path, Path::new("./show.json"));
    let named = SHOW.replace("contoso.westeurope.data", "contoso-x.westeurope.data");
    let script = script
        .message(done(ticket, read(&named)))
        .assert_shows("read contoso.azurecr.io from the document")
        .assert_shows("tier     Premium")
        .assert_shows("home     West Europe")
        .assert_shows("contoso-x.westeurope.data.azurecr.io")
        .assert_shows("✗ error: public access is off");
    // Replications are of the registry that is there.
    let list = r#"[{"location":"France Central","regionEndpointEnabled":true}]"#;
    let script = script.keys(":registry<Space>list.json<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Import { .. },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    let script = script.message(done(ticket, read(list)));
    let script = script.assert_shows("regions  West Europe, France");
    // Another name: what the document said does not go on.
    let script = script.keys("<Enter><Ctrl-u>fabrikam<Enter>");
    assert!(!script.text().contains("public access is off"));
    // Alone they do not say of what registry they are.
    let script = crate::dashboard::script(SIZE, "default").keys(":registry<Space>l.json<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Import { .. },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    let script = script.message(done(ticket, read(list)));
    script.assert_shows("the document does not name its registry");
}

#[test]
fn the_command_line_names_registries() {
    let script = script(SIZE, "default").keys(":endpoints<Space>contoso.azurecr.us<Enter>");
    assert_eq!(script.app.place(), Place::Profile);
    let script = script.assert_shows("registry contoso.azurecr.us");
    let script = script.keys(":registry<Space>fabrikam<Enter>");
    let script = script.assert_shows("registry fabrikam.azurecr.us");
    let script = script
        .keys(":registry<Space>no<Enter>")
        .assert_shows("has 2 characters");
    let script = script.keys("<Esc>:save<Space>x<Enter>");
    assert!(matches!(
        script.effects.last(),
        Some(Effect::Start {
            task: Task::Save { .. },
            ..
        })
    ));
    crate::dashboard::script(SIZE, "default")
        .keys(":save<Space>x<Enter>")
        .assert_shows("no registry is planned yet");
}

#[test]
fn hosts_are_asked_only_with_p_and_rows_fill_in_as_answers_come() {
    let script = planned("<Tab>p").assert_shows("asking 2 hosts; 1 name with a *");
    let Some(Effect::Start {
        ticket,
        task: Task::Probe { targets },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    let hosts: Vec<(&str, ProbeCheck)> = targets
        .iter()
        .map(|target| (target.host.as_str(), target.check))
        .collect();
    assert_eq!(
        hosts,
        [
            ("contoso.azurecr.io", ProbeCheck::Registry),
            ("azurecr.io", ProbeCheck::Tls)
        ]
    );
    let probed = |ticket, place, kind| Message::Probed {
        ticket,
        place,
        probe: Box::new(answer(kind)),
    };
    let script = script.message(probed(Ticket(ticket.0 - 1), 0, 1));
    assert!(!script.text().contains("denied"), "an older task counts");
    let script = script
        .message(probed(ticket, 0, 0))
        .assert_shows("✓ allowed 38 ms")
        .assert_shows("not asked")
        .keys("p")
        .assert_shows("the hosts are being asked; Esc stops it");
    let finished = Outcome::Probed(Ok(()));
    let script = script
        .message(probed(ticket, 1, 1))
        .message(done(ticket, finished))
        .assert_shows("hosts asked: 1 allowed, 1 denied");
    let script = script
        .keys("+")
        .keys("<Enter>+")
        .assert_shows("→ contoso.privatelink.azurecr.io")
        .assert_shows("203.0.113.9  allowed, 38 ms, HTTP 401");
    // Another registry has other hosts.
    let script = script.keys("+<Esc>3<Ctrl-u>fabrikam<Enter>");
    assert!(!script.text().contains("allowed"), "{}", script.text());
}

#[test]
fn a_probe_ends_with_escape_and_with_another_profile() {
    let script = planned("<Tab>p<Esc>").assert_shows("stopped; what has answered stays");
    assert_eq!(script.effects.last(), Some(&Effect::Stop(Job::Probe)));
    let script = planned("p<↓><Space>").assert_shows("the registry has changed");
    assert_eq!(script.effects.last(), Some(&Effect::Stop(Job::Probe)));
    let mut startup = crate::dashboard::startup(crate::dashboard::dataset(), SIZE, "default");
    startup.is_offline = true;
    let offline = Script {
        app: tagscope::tui::App::new(startup),
        size: SIZE,
        effects: Vec::new(),
    };
    let script = offline
        .keys("3contoso<Enter>p")
        .assert_shows("--offline forbids it");
    assert_eq!(script.effects, []);
}

#[test]
fn another_week_is_planned_again_on_the_same_row() {
    let script = planned("<Tab>j:week<Space>2026-06-29<Enter>");
    let Some(Effect::Start {
        ticket,
        task: Task::Open { .. },
    }) = script.effects.last().cloned()
    else {
        panic!("{:?}", script.effects);
    };
    let outcome = Outcome::Opened(Ok(Box::new(crate::dashboard::earlier())));
    script
        .message(done(ticket, outcome))
        .assert_shows("week 2026-06-29")
        .assert_shows("┌ *.blob.core.windows.net");
}
