//! Names as people type them: every spelling of a region, misspellings, tags of the platform, tags
//! that are gone.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use tagscope::azure::Name;
use tagscope::index::{Chronicle, embedded_chronicle};
use tagscope::query::Dataset;
use tagscope::query::names::WeekNames;

use crate::archive::{Room, publication};
use crate::dashboard::{embedded, script};
use crate::program::{run, run_with};

const SIZE: (u16, u16) = (120, 40);

/// A row of the table of regions, read without the program.
struct RegionRow {
    arm: String,
    spellings: Vec<String>,
    property: String,
    suffix: String,
}

/// The public cloud's regions; the remarks in display names are no spellings.
fn region_rows() -> Vec<RegionRow> {
    let table = fs::read_to_string("assets/regions.csv").unwrap();
    let rows = table.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[5] == "Public").then(|| RegionRow {
            arm: cells[0].to_owned(),
            spellings: [cells[0], cells[1], cells[2], cells[3]]
                .into_iter()
                .filter(|spelling| !spelling.contains('('))
                .map(str::to_owned)
                .collect(),
            property: cells[3].to_owned(),
            suffix: cells[2].to_owned(),
        })
    });
    rows.flatten().collect()
}

fn plain(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}

fn tag_rows(dataset: &Dataset) -> Vec<(String, String)> {
    let view = dataset.view();
    let rows = view.tag_ids().map(|tag| view.tag(tag).unwrap());
    rows.map(|row| (row.name.to_owned(), row.region.to_owned()))
        .collect()
}

fn found(names: WeekNames<'_>, typed: &str) -> Option<String> {
    match names.resolve(typed) {
        Name::Tag { name, .. } => Some(name),
        _ => None,
    }
}

#[test]
fn every_region_in_every_spelling_finds_the_tag() {
    let dataset = embedded();
    let names = WeekNames::new(&dataset);
    let tags = tag_rows(&dataset);
    let rows = region_rows();
    let mut tried = 0;
    for service in ["Storage", "AzureCloud", "AzureKeyVault"] {
        for row in &rows {
            // The tag by the two ways in which the file names a region.
            let ways = [&row.property, &row.suffix].map(|way| format!("{service}.{way}"));
            let is_it = |name: &str| ways.iter().any(|way| way.eq_ignore_ascii_case(name));
            let Some((tag, _)) = tags.iter().find(|(name, _)| is_it(name)) else {
                continue;
            };
            let same = rows.iter().filter(|other| other.arm == row.arm);
            for spelling in same.flat_map(|other| &other.spellings) {
                for typed in [
                    format!("{service}.{spelling}"),
                    format!("{}.{}", service.to_uppercase(), spelling.to_lowercase()),
                    format!("{service}.\"{spelling}\""),
                    format!(" {service} {spelling} "),
                    format!("{service}{}", spelling.replace(' ', "-")),
                ] {
                    assert_eq!(found(names, &typed).as_ref(), Some(tag), "{typed}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 3000, "{tried}");
}

#[test]
fn no_two_tags_of_an_embedded_week_share_a_spelling() {
    let rows = region_rows();
    let chronicle: Chronicle = embedded_chronicle().unwrap();
    for place in 0..chronicle.entries().len() {
        let week = chronicle.week(place).unwrap();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for tag in &week.tags {
            let (base, suffix) = tag.name.rsplit_once('.').unwrap_or((&tag.name, ""));
            let mut spellings = vec![plain(&tag.name)];
            let is_it = |row: &&RegionRow| {
                !tag.region.is_empty()
                    && [&row.property, &row.suffix, &row.arm]
                        .iter()
                        .any(|own| own.eq_ignore_ascii_case(suffix))
            };
            for found in rows.iter().filter(is_it) {
                let same = rows.iter().filter(|other| other.arm == found.arm);
                let all = same.flat_map(|other| &other.spellings);
                spellings.extend(all.map(|spelling| plain(&format!("{base}{spelling}"))));
            }
            for spelling in spellings {
                let other = seen.insert(spelling, &tag.name);
                assert!(
                    other.is_none_or(|other| other == tag.name),
                    "{other:?} {tag:?}"
                );
            }
        }
    }
}

/// A text with one mistake in a part of it.
fn misspelt(part: &str, rule: usize) -> String {
    let mut letters: Vec<char> = part.chars().collect();
    let at = (letters.len() / 2).max(1);
    match rule {
        0 => {
            letters.remove(at);
        }
        1 => letters.swap(at - 1, at),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = if letters[at] == 'x' { 'z' } else { 'x' },
    }
    letters.into_iter().collect()
}

#[test]
fn a_misspelt_name_is_among_the_first_three_and_first_where_its_region_is_right() {
    let dataset = embedded();
    let names = WeekNames::new(&dataset);
    let regional: Vec<String> = tag_rows(&dataset)
        .into_iter()
        .filter(|(name, region)| !region.is_empty() && !name.contains("Stage"))
        .map(|(name, _)| name)
        .collect();
    let mut tried = 0;
    for name in regional.iter().step_by(regional.len() / 34) {
        let (service, region) = name.rsplit_once('.').unwrap();
        for rule in 0..4 {
            for (typed, is_region_right) in [
                (format!("{}.{region}", misspelt(service, rule)), true),
                (format!("{service}.{}", misspelt(region, rule)), false),
                (format!("{} {region}", misspelt(service, rule)), true),
                (format!("{}{region}", misspelt(service, rule)), true),
            ] {
                // A slip of the finger may make another name, which is then that name.
                if found(names, &typed).is_some() {
                    continue;
                }
                let near = names.names().near(&typed).names;
                assert!(near.contains(name), "{typed}: {near:?}, not {name}");
                assert!(!is_region_right || &near[0] == name, "{typed}: {near:?}");
                tried += 1;
            }
        }
        for typed in [
            name.replace('.', ""),
            name.replace('.', " "),
            format!("{service}. {region}"),
        ] {
            assert_eq!(found(names, &typed).as_ref(), Some(name), "{typed}");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_near_name_never_changes_a_part_that_is_known() {
    let dataset = embedded();
    let names = WeekNames::new(&dataset);
    let near = |typed: &str| names.names().near(typed);
    for (typed, expected) in [
        ("storge", &["Storage"][..]),
        ("Storge.WestEurope", &["Storage.WestEurope"]),
        ("acr", &["AzureContainerRegistry"]),
        ("acr.westeurope", &["AzureContainerRegistry.WestEurope"]),
        ("KeyVault.West Europe", &["AzureKeyVault.WestEurope"]),
        ("Microsoft.Storage", &["Storage"]),
        (
            "Microsoft.ContainerRegistry",
            &["AzureContainerRegistry", "MicrosoftContainerRegistry"],
        ),
        ("AzureSQL", &["Sql"]),
        ("Azure SQL.North Europe", &["Sql.NorthEurope"]),
        ("Entra ID", &["AzureActiveDirectory"]),
        ("AzureVirtualDesktop", &["WindowsVirtualDesktop"]),
        ("Defender for Cloud Apps", &["MicrosoftCloudAppSecurity"]),
        ("Storage.Atlantis", &["Storage"]),
        ("norwayeast", &["AzureCloud.norwaye"]),
        ("Nosuch", &[]),
        ("zzzzzz", &[]),
        ("", &[]),
    ] {
        assert_eq!(near(typed).names, expected, "{typed}");
    }
    for (typed, part) in [
        ("Storage.WestEurop", "Storage."),
        ("AzureFrontDor.Backend", "AzureFrontDoor.Backend"),
        ("containerreg", "ContainerRegistry"),
    ] {
        let found = near(typed).names;
        assert!(
            !found.is_empty() && found.iter().all(|name| name.contains(part)),
            "{typed}: {found:?}"
        );
    }
    assert_eq!(found(names, "Microsoft.ContainerRegistry"), None);
    let gov = near("Storage.USGov Virginia");
    assert!(gov.hint().contains("AzureGovernment"), "{gov:?}");
    let none = near("AzureDatabricks.Norway East");
    assert_eq!(none.names, ["AzureDatabricks"]);
    assert!(
        none.hint().contains("has no tag in that region"),
        "{none:?}"
    );
}

#[test]
fn a_name_in_another_spelling_is_that_tag_in_every_verb_and_said_once() {
    let note = "tagscope: AzureCloud.francecentral is published as AzureCloud.centralfrance\n";
    let other = "AzureCloud.francecentral";
    let published = "AzureCloud.centralfrance";
    for args in [
        &["tags", "show"][..],
        &["tags", "prefixes"],
        &["tags"],
        &["history"],
        &["rules", "make", "list", "--tag"],
        &["diff", "--json", "--tag"],
        &["lookup", "--json", "4.176.0.1", "--tag"],
    ] {
        let [ran, plain] = [other, published].map(|name| run(&[args, &[name]].concat()));
        assert_eq!(ran.out, plain.out, "{args:?}");
        assert_eq!(ran.code, plain.code, "{args:?}");
        assert_eq!(ran.err, format!("{note}{}", plain.err), "{args:?}");
    }
    for typed in [
        "Storage.West Europe",
        "'storage west europe'",
        "AzureKeyVault.\"West Europe\"",
        "storage.centralfrance",
        "AzureCloud.Norway East",
    ] {
        let ran = run(&["tags", "prefixes", typed]);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.says(&["is published as"]);
    }
}

#[test]
fn a_pattern_that_names_a_tag_is_that_tag_alone() {
    let ran = run(&["lookup", "13.77.112.32", "--tag", "Storage.EastUS"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let ran = run(&["lookup", "13.77.112.32", "--tag", "Storage.EastUS2"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = run(&["lookup", "13.77.112.32", "--tag", "Storage.EastUS*"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let ran = run(&["lookup", "13.77.112.32", "--tag", "ge.EastUS"]);
    assert_eq!(ran.code, 0, "a part of a name: {ran:?}");
    // The list and typed filters take parts of names, the name first.
    for args in [&["tags", "Grafana"][..], &["tags", "--filter", "Grafana"]] {
        let ran = run(args);
        let names: Vec<&str> = ran.cells().into_iter().map(|row| row[0]).collect();
        assert_eq!(names, ["Grafana", "AzureManagedGrafana"]);
    }
    let family = run(&["tags", "Storage"]);
    assert_eq!(family.cells()[0][0], "Storage");
    assert!(family.cells().len() > 60, "{family:?}");
}

#[test]
fn unknown_names_are_refused_in_every_verb() {
    for (args, named) in [
        (&["tags", "--service", "AzureStorge"][..], "Storage"),
        (&["tags", "--service", "UNKNOWN"], "no tag is of a service"),
        (&["tags", "--region", "francecentrl"], "francecentral"),
        (&["tags", "--feature", "UNKNOWN"], "one of API, NSG"),
        (&["tags", "prefixes", "Nosuch"], "tagscope tags lists them"),
        (&["tags", "show", "AzureAD"], "AzureActiveDirectory"),
        (
            &["diff", "--tag", "AzureFrontDor.Backend", "--exit-code"],
            "did you mean AzureFrontDoor.Backend?",
        ),
        (&["rules", "make", "list", "--tag", "Storge"], "Storage"),
        (&["rules", "fit", "Storge", "--limit", "9"], "Storage"),
        (&["history", "Storage.Norway Est"], "Storage.NorwayEast"),
        (&["lookup", "20.38.116.38", "--outside", "Nosuch"], "Nosuch"),
        (&["tags", "show", "Internet"], "no published addresses"),
        (&["history", "AZURE_LOADBALANCER"], "168.63.129.16"),
        (
            &["tags", "prefixes", "virtual_network"],
            "VIRTUAL_NETWORK is its classic spelling",
        ),
    ] {
        run(args).is_refused(&[named]);
    }
    let unrelated = run(&["tags", "prefixes", "Nosuch"]);
    assert!(!unrelated.err.contains("did you mean"), "{unrelated:?}");
}

#[test]
fn a_tag_that_is_gone_says_since_when_and_who_has_its_addresses() {
    let room = Room::new();
    let old = publication("China", 5, 61);
    let mut new: Value = serde_json::from_str(&publication("China", 6, 60)).unwrap();
    let moved = new["values"][3]["properties"]["addressPrefixes"]
        .as_array_mut()
        .unwrap();
    moved.extend([json!("20.60.0.0/24"), json!("40.5.60.0/24")]);
    room.import(&room.file("ServiceTags_China_20260105.json", &old));
    room.import(&room.file("ServiceTags_China_20260112.json", new.to_string()));
    for verb in [&["tags", "show"][..], &["tags", "prefixes"]] {
        let ran = room.run(&[&["--cloud", "china"], verb, &["tag60"]].concat());
        ran.is_refused(&[
            "no tag \"tag60\" in this week",
            "Tag60 was last in the week of 2026-01-05, gone since 2026-01-12",
            "its addresses are now in Tag3",
        ]);
    }
    let history = room.run(&["--cloud", "china", "history", "tag 60"]);
    assert_eq!(history.code, 0, "{history:?}");
    history.says(&["tag 60 is published as Tag60"]);
}

#[test]
fn a_row_that_names_a_tag_in_another_spelling_is_taken_for_it() {
    let rule = |tag: &str| {
        json!({"name": "n", "securityRules": [{"name": "out", "priority": 200,
            "direction": "Outbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefix": "10.0.0.4", "sourcePortRange": "*",
            "destinationAddressPrefix": tag, "destinationPortRange": "443"}]})
        .to_string()
    };
    for typed in ["AzureCloud.francecentral", "AzureCloud.France Central"] {
        let ran = run_with(&["rules", "check", "-", "--json"], rule(typed));
        let answer = ran.json();
        let findings = answer["findings"].as_array().unwrap();
        let ids: Vec<&str> = findings
            .iter()
            .map(|it| it["id"].as_str().unwrap())
            .collect();
        assert!(ids.contains(&"other-spelling"), "{ran:?}");
        assert!(!ids.contains(&"unknown-tag"), "{ran:?}");
        let test = [
            "rules",
            "test",
            "-",
            "--from",
            "10.0.0.4",
            "--to",
            "4.176.0.1",
            "--json",
        ];
        let verdict = run_with(&test, rule(typed)).json();
        assert_eq!(verdict["row"], "out", "{verdict}");
    }
    let file = rule("AzureCloud.centralfrance");
    let to = [
        "rules",
        "test",
        "-",
        "--from",
        "10.0.0.4",
        "--to",
        "AzureCloud.francecentral",
        "--json",
    ];
    assert_eq!(run_with(&to, file).json()["row"], "out");
}

#[test]
fn the_dashboard_takes_every_spelling_and_says_so() {
    let keys = |line: &str| format!(":{}<Enter>", line.replace(' ', "<Space>"));
    for line in ["tag Storage.West Europe", "storage.west europe"] {
        script(SIZE, "default")
            .keys(&keys(line))
            .assert_shows("is published as Storage.WestEurope");
    }
    script(SIZE, "default")
        .keys(&keys("tag Storge.WestEurope"))
        .assert_shows("did you mean Storage.WestEurope?");
    script(SIZE, "default")
        .keys(&keys("tag Internet"))
        .assert_shows("no published addresses");
    // A filter that no tag matches and that is a name: that tag.
    script(SIZE, "default")
        .keys("/Storage.west-europe<Enter>")
        .assert_shows("is published as");
}

#[test]
fn thousands_of_names_are_resolved_in_no_time() {
    let tags: Vec<String> = (0..3000)
        .map(|at| format!("Nosuch{at}.West Europe"))
        .collect();
    let dataset = embedded();
    let names = WeekNames::new(&dataset);
    let start = std::time::Instant::now();
    assert!(tags.iter().all(|typed| found(names, typed).is_none()));
    assert!(start.elapsed() < std::time::Duration::from_secs(5));
}
