//! `rules make` of covers, of files of addresses and of other rules.

use std::path::Path;

use serde_json::json;
use tagscope::index::embedded_index;
use tagscope::query::rules::fit::{FitQuestion, ask, remote_addresses};
use tagscope::query::rules::make::{MakeOptions, Selection, Target, make};
use tagscope::query::rules::remote_end::PickedRow;
use tagscope::query::rules::{AddressResolver, LoadedFile};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::rules::{Direction, RuleSetKind, read_rules};
use tagscope::space::{AddressSet, Block, Family};
use tagscope::text::Safe;
use tempfile::TempDir;

use crate::contract::assert_golden;
use crate::program::{Ran, run, run_small, run_with};

const WEEK: &str = "tests/data/fit/week.json";
const TAG: &str = "Storage.WestEurope";
const OFFICE: &str = "tests/data/make/office.txt";
const GROUP: &str = "tests/data/make/web-nsg.json";

fn on_week(args: &[&str]) -> Ran {
    run(&[&["--file", WEEK, "rules", "make"], args].concat())
}

fn on_small(args: &[&str]) -> Ran {
    run_small(&[&["rules", "make"], args].concat())
}

fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn embedded() -> Dataset {
    let provenance = Provenance {
        source: Source::Embedded,
        origin: Safe::new("embedded"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(embedded_index().unwrap(), provenance)
}

fn loaded(path: &str) -> LoadedFile {
    LoadedFile {
        path: Safe::new(path),
        file: read_rules(&std::fs::read(path).unwrap()).unwrap(),
    }
}

fn rows(files: &[LoadedFile]) -> Vec<PickedRow<'_>> {
    let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
    let rows = sets.flat_map(|set| set.rows.iter().map(move |row| (set, row)));
    rows.collect()
}

#[test]
fn covers_lists_and_rules_are_as_recorded() {
    for (name, args) in [
        (
            "make-terraform-nsg-cover.tf",
            ["terraform-nsg", "--fit", "5"],
        ),
        ("make-az-ip-group-cover.sh", ["az-ip-group", "--fit", "3"]),
        ("make-nftables-cover.nft", ["nftables", "--fit", "4"]),
        ("make-list-cover.txt", ["list", "--fit", "4"]),
    ] {
        let ran = on_week(&[&args[..], &["--tag", TAG]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.says(&["extra addresses", "of the 69 asked for"]);
        assert_golden(name, &ran);
    }
    for (name, args) in [
        ("make-bicep-nsg-list.bicep", ["bicep-nsg", "--list", OFFICE]),
        ("make-list-nsg.txt", ["list", "--list", GROUP]),
        (
            "make-terraform-firewall-nsg.tf",
            ["terraform-firewall", "--list", GROUP],
        ),
    ] {
        let ran = on_small(&args);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_golden(name, &ran);
    }
}

#[test]
fn a_cover_is_what_fit_finds_and_all_of_the_limit_goes_to_the_family_that_is_written() {
    for (more, of_fit) in [
        (&["list"][..], &[][..]),
        (&["list", "--ipv4"], &["--ipv4"]),
        (&["list", "--ipv6"], &["--ipv6"]),
    ] {
        for limit in ["2", "4", "8"] {
            let fit = [
                &["--file", WEEK, "rules", "fit", TAG, "--limit", limit],
                of_fit,
            ]
            .concat();
            let fitted = run(&fit);
            let made = on_week(&[more, &["--tag", TAG, "--fit", limit]].concat());
            let lines = made
                .lines()
                .into_iter()
                .filter(|line| !line.starts_with('#'));
            let cidrs: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
            assert_eq!(cidrs, fitted.lines(), "{made:?}");
            assert!(made.out.contains("# tag: none\n"), "{made:?}");
            assert!(made.out.contains(&format!("a cover within {limit} CIDRs")));
            assert!(!made.out.contains("joined"), "{made:?}");
        }
    }
    let v4 = run(&[
        "--file", WEEK, "rules", "fit", TAG, "--limit", "3", "--ipv4",
    ]);
    for args in [
        &["az-ip-group"][..],
        &["az-acr"],
        &["az-route", "--next-hop", "10.0.0.4"],
        &["az-nsg", "--peer", "10.0.0.0/24"],
        &["az-firewall", "--peer", "10.0.0.4"],
    ] {
        let made = on_week(&[args, &["--tag", TAG, "--fit", "3"]].concat());
        for cidr in v4.lines() {
            assert!(made.out.contains(cidr), "{cidr} {made:?}");
        }
        assert!(
            !made.out.contains("IPv6") && !made.err.contains("IPv6:"),
            "{made:?}"
        );
    }
}

#[test]
fn a_cover_that_costs_too_much_is_refused_as_fit_refuses_it() {
    let fit = [
        "--file",
        WEEK,
        "rules",
        "fit",
        TAG,
        "--limit",
        "4",
        "--max-extra",
        "2.5",
    ];
    let fitted = run(&fit);
    let refused = on_week(&["list", "--tag", TAG, "--fit", "4", "--max-extra", "2.5%"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert_eq!(refused.err, fitted.err);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.txt");
    let output = ["--output", path.to_str().unwrap()];
    let args = [
        &["list", "--tag", TAG, "--fit", "4", "--max-extra", "0"][..],
        &output,
    ]
    .concat();
    assert_eq!(on_week(&args).code, 1);
    assert!(!path.exists());
    // With both families the bound divides the limit, so that it belongs to the command line.
    let made = on_week(&["list", "--tag", TAG, "--fit", "7", "--max-extra", "12.50%"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(
        made.out
            .contains(&format!("list --tag {TAG} --max-extra 12.5")),
        "{made:?}"
    );
}

#[test]
fn a_cover_is_compared_and_no_week_affects_its_list() {
    let newer = std::fs::read_to_string(WEEK).unwrap();
    let changed = newer.replace("\"198.51.100.17/32\"", "\"203.0.113.200/32\"");
    assert_ne!(newer, changed);
    for target in Target::ALL {
        let folder = TempDir::new().unwrap();
        let args = [target.word(), "--tag", TAG, "--list", OFFICE, "--fit", "5"];
        let made = on_week(&args);
        assert_eq!(made.code, 0, "{made:?}");
        let path = file(&folder, "made", &made.out);
        let check = [&args[..], &["--check", &path]].concat();
        assert!(on_week(&check).out.ends_with("is in sync\n"), "{target:?}");
        let on_changed = [&["--file", "-", "rules", "make"], &check[..]].concat();
        let ran = run_with(&on_changed, changed.as_str());
        assert_eq!(ran.code, 1, "{target:?} {ran:?}");
        let six = on_week(&[
            target.word(),
            "--tag",
            TAG,
            "--list",
            OFFICE,
            "--fit",
            "2",
            "--check",
            &path,
        ]);
        assert_eq!(six.code, 1, "{target:?} {six:?}");
    }
    let folder = TempDir::new().unwrap();
    for (week, tag, limit) in [
        (WEEK, TAG, "2"),
        (WEEK, TAG, "7"),
        (WEEK, TAG, "8"),
        // Nearly the tag, with extra addresses that the tag had a week before.
        ("2026-10-19", "AzureCloud.westeurope", "300"),
    ] {
        let of_week = if week == WEEK { "--file" } else { "--week" };
        let make = [of_week, week, "rules", "make", "list", "--ipv4"];
        let list = run(&[&make[..], &["--tag", tag, "--fit", limit]].concat());
        let list = file(&folder, "list.txt", &list.out);
        let ran = run(&["rules", "impact", &list, week, week, "--all", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        let row = &ran.json()["files"][0]["rows"][0];
        assert_eq!(row["status"], "unaffected", "{row}");
    }
}

#[test]
fn a_line_of_the_header_makes_the_same_again() {
    let folder = TempDir::new().unwrap();
    let odd = "it's $(touch PWNED) \"x\" [1].txt";
    let text = "192.0.2.0/24\n2001:db8::/48\nAzureContainerRegistry\n";
    let path = file(&folder, odd, text);
    // An array of JSON has no place for a header.
    for target in Target::ALL.into_iter().filter(|it| *it != Target::JsonList) {
        for more in [&[][..], &["--fit", "2", "--max-extra", "100000000"]] {
            let args = [
                &[
                    target.word(),
                    "--list",
                    &path,
                    "--tag",
                    "Storage.WestEurope",
                ],
                more,
            ]
            .concat();
            let made = on_small(&args);
            assert_eq!(made.code, 0, "{made:?}");
            let is_plain = |c: char| matches!(c, ' '..='~' | '\n' | '\t');
            assert!(made.out.chars().all(is_plain), "{made:?}");
            let command = if target.word().starts_with("arm-") {
                let command = made.json()["metadata"]["tagscope"]["command"].clone();
                command.as_str().unwrap().to_owned()
            } else {
                let lines = made
                    .out
                    .lines()
                    .skip_while(|line| !line.contains("rules make"));
                let lines = lines
                    .take_while(|line| !line.contains("Week: ") || line.contains("rules make"));
                let lines = lines.map(|line| line.trim_start_matches(['#', '/', ' ']));
                let text = lines.collect::<Vec<_>>().join(" ");
                let version = concat!(env!("CARGO_PKG_VERSION"), ": ");
                let (_, command) = text.split_once(version).unwrap();
                command.split("; Week").next().unwrap().to_owned()
            };
            let script = format!("set -- {command}; for word; do printf '%s\\n' \"$word\"; done");
            let mut shell = std::process::Command::new("sh");
            let words = shell
                .args(["-c", &script])
                .current_dir(folder.path())
                .output()
                .unwrap();
            let words = String::from_utf8(words.stdout).unwrap();
            let words: Vec<&str> = words.lines().skip(1).collect();
            assert_eq!(run_small(&words).out, made.out, "{command}");
        }
    }
    assert!(!folder.path().join("PWNED").exists());
    let text = std::fs::read_to_string(OFFICE).unwrap();
    let args = [
        "--file",
        crate::program::SMALL,
        "rules",
        "make",
        "list",
        "--list",
        "-",
    ];
    let piped = run_with(&args, text.as_str());
    assert!(
        piped.out.contains("rules make list --list -\n"),
        "{piped:?}"
    );
    assert!(
        piped
            .out
            .contains("# name: list\n# tag: -\n203.0.113.0/28\n"),
        "{piped:?}"
    );
    let args = [&args[..], &["--check", "-"]].concat();
    run_with(&args, text.as_str()).is_refused(&["standard input can be read once only"]);
}

#[test]
fn rows_keep_their_way_their_protocol_and_their_ports() {
    let template = |args: &[&str]| {
        let ran = on_small(&[&["arm-nsg", "--list", GROUP], args].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let made = read_rules(ran.out.as_bytes()).unwrap();
        let rows = made.sets.into_iter().flat_map(|set| set.rows);
        let rows = rows.filter(|row| !row.is_default).map(|row| {
            let list = |entries: &[tagscope::rules::Entry]| {
                let texts: Vec<String> = entries.iter().map(ToString::to_string).collect();
                texts.join(" ")
            };
            let protocol = row.protocols[0].name();
            let (from, to) = (list(&row.sources), list(&row.destinations));
            format!("{from} > {to} {protocol} {}", row.ports)
        });
        (rows.collect::<Vec<_>>(), ran)
    };
    let (out, ran) = template(&[]);
    assert_eq!(
        out,
        [
            "VirtualNetwork > Storage.WestEurope Tcp 443,445",
            "VirtualNetwork > 192.0.2.53 * 53",
            "VirtualNetwork > 198.51.100.0/24 Tcp 1433,11000-11999",
        ]
    );
    ran.says(&[
        "it denies: DenyAll",
        "no published addresses: VirtualNetwork",
        "no such tag: Nowhere.WestEurope",
        "it comes in, and --direction in takes it: web-nsg",
        "local ends and source ports of the rules are not taken over, --peer names one local end: web-nsg",
    ]);
    let (ins, ran) = template(&["--direction", "in", "--peer", "*"]);
    assert_eq!(
        ins,
        ["203.0.113.0/28 > * Tcp 443", "2001:db8:9::/48 > * Tcp 443"]
    );
    assert!(!ran.err.contains("near end"), "{ran:?}");
    // Other things beside them have what the command line says.
    let (all, _) = template(&["--tag", "AzureContainerRegistry", "--port", "8443"]);
    assert_eq!(all[0], "VirtualNetwork > AzureContainerRegistry Tcp 8443");
    assert_eq!(all.len(), 4);
    let (twice, ran) = template(&["--tag", "Storage.WestEurope"]);
    assert_eq!(twice[0], "VirtualNetwork > Storage.WestEurope Tcp 443");
    assert_eq!(twice[1], "VirtualNetwork > Storage.WestEurope Tcp 443,445");
    assert!(
        ran.out.contains("Storage.WestEurope-tcp-443-445"),
        "{ran:?}"
    );
    on_small(&["az-nsg", "--list", GROUP, "--port", "80"]).is_refused(&["--port", "its own"]);
    on_small(&["az-nsg", "--list", GROUP, "--protocol", "udp"])
        .is_refused(&["--protocol", "its own"]);
    // A set has neither: each tag and each address once.
    let list = on_small(&["list", "--list", GROUP, "--tag", "Storage.WestEurope"]).out;
    assert_eq!(
        list.matches("# tag: Storage.WestEurope").count(),
        1,
        "{list}"
    );
    assert_eq!(list.matches("# name: web-nsg").count(), 1, "{list}");
    let read = read_rules(list.as_bytes()).unwrap();
    let rows = read.sets[0].rows.iter();
    let tags: Vec<_> = rows.map(|row| row.stands_for.as_deref()).collect();
    assert_eq!(tags, [Some("Storage.WestEurope"), None], "{list}");
}

#[test]
fn rules_of_one_way_decide_it_and_of_two_are_asked() {
    let folder = TempDir::new().unwrap();
    let group = std::fs::read_to_string(GROUP).unwrap();
    let outbound = file(
        &folder,
        "out.json",
        &group.replace("\"Inbound\"", "\"Outbound\""),
    );
    let inbound = file(
        &folder,
        "in.json",
        &group
            .replace("\"Outbound\"", "\"Inbound\"")
            .replace("AllowOffice", "AllowMore"),
    );
    let fit = |args: &[&str]| run_small(&[&["rules", "fit", "--limit", "9"], args].concat());
    fit(&["--list", GROUP]).is_refused(&[
        "1 row lets in",
        "6 rows let out",
        "--direction in",
        "--direction out",
    ]);
    let ins = fit(&["--list", GROUP, "--direction", "in"]);
    assert_eq!(ins.out, "203.0.113.0/28\n2001:db8:9::/48\n");
    let outs = fit(&["--list", GROUP, "--direction", "out"]);
    assert_eq!(outs.code, 0, "{outs:?}");
    assert!(
        outs.lines().contains(&"198.51.100.0/24") && outs.lines().contains(&"192.0.2.0/26"),
        "a tag counts with its addresses: {outs:?}"
    );
    outs.says(&["web-nsg.json: left out, since it denies: DenyAll"]);
    assert_eq!(fit(&["--list", &outbound]).code, 0);
    let ran = on_small(&["nftables", "--list", GROUP, "--fit", "9"]);
    ran.is_refused(&["lets in", "--direction"]);
    let files = [
        "rules", "fit", "--limit", "9", "--list", &inbound, "--list", &outbound,
    ];
    run_small(&files).is_refused(&["in.json, ", "out.json: 7 rows let in and 7 rows let out"]);
    // The kind has one way.
    for (kind, has, has_not) in [
        ("az-route", "198.51.100.0/24", "203.0.113.0/28"),
        ("az-acr", "203.0.113.0/28", "198.51.100"),
    ] {
        let ran = on_small(&[kind, "--list", GROUP, "--fit", "9"]);
        assert!(
            ran.out.contains(has) && !ran.out.contains(has_not),
            "{ran:?}"
        );
    }
    for more in [&[][..], &["--fit", "9"]] {
        let ran = on_small(&[&["az-nsg", "--list", &inbound], more].concat());
        assert!(
            ran.out.contains("--direction Inbound") && !ran.out.contains("Outbound"),
            "{ran:?}"
        );
        on_small(&[&["az-firewall", "--list", &inbound], more].concat()).is_refused(&["nothing"]);
    }
    let ran = on_small(&["az-nsg", "--list", &inbound, "--fit", "9"]);
    ran.says(&["ports of its rows are not taken over"]);
    let ran = on_small(&["nginx-allow", "--list", &outbound]);
    ran.is_refused(&[
        "nothing comes in by the rules of web-nsg",
        "--direction out",
    ]);
}

#[test]
fn groups_count_where_rules_name_them_and_hosts_are_left_out() {
    let folder = TempDir::new().unwrap();
    let id = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/ipGroups/partners";
    let rule = |name: &str, kind: &str, more: &serde_json::Value| {
        let mut rule = json!({"name": name, "ruleType": kind, "sourceAddresses": ["*"]});
        rule.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        rule
    };
    let policy = json!({"name": "group1", "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups", "properties": {
        "priority": 200, "ruleCollections": [
        {"name": "net", "priority": 100, "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "action": {"type": "Allow"}, "rules": [
            rule("partners", "NetworkRule", &json!({"destinationIpGroups": [id], "destinationPorts": ["22"], "ipProtocols": ["TCP", "UDP"]})),
            rule("gone", "NetworkRule", &json!({"destinationIpGroups": [format!("{id}2")], "destinationPorts": ["22"], "ipProtocols": ["TCP"]})),
            rule("name", "NetworkRule", &json!({"destinationFqdns": ["time.contoso.com"], "destinationPorts": ["123"], "ipProtocols": ["UDP"]}))]},
        {"name": "app", "priority": 110, "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "action": {"type": "Allow"}, "rules": [
            rule("web", "ApplicationRule", &json!({"targetFqdns": ["www.contoso.com"], "protocols": [{"protocolType": "Https", "port": 443}]}))]},
        {"name": "no", "priority": 120, "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "action": {"type": "Deny"}, "rules": [
            rule("bad", "NetworkRule", &json!({"destinationAddresses": ["198.51.100.0/24"], "destinationPorts": ["*"], "ipProtocols": ["Any"]}))]}]}});
    let group = json!({"name": "partners", "id": id, "type": "Microsoft.Network/ipGroups", "location": "westeurope",
        "properties": {"ipAddresses": ["203.0.113.0/29", "203.0.113.8-203.0.113.9"]}});
    let both = file(
        &folder,
        "both.json",
        &json!({"resources": [policy, group]}).to_string(),
    );
    let ran = on_small(&["az-firewall", "--list", &both]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.out.matches("--rule-type NetworkRule").count(),
        2,
        "{ran:?}"
    );
    assert!(
        ran.out.contains("group1-tcp-22") && ran.out.contains("group1-udp-22"),
        "{ran:?}"
    );
    assert!(
        ran.out.contains("203.0.113.8/31") && !ran.out.contains("198.51.100"),
        "{ran:?}"
    );
    ran.says(&[
        "it denies: bad",
        "in none of the files: IP group partners2",
        "host names are no addresses: time.contoso.com, www.contoso.com",
    ]);
    let alone = file(&folder, "alone.json", &json!([group]).to_string());
    let ran = on_small(&["az-acr", "--list", &alone]);
    assert!(ran.out.contains("--ip-address 203.0.113.0/29\n"), "{ran:?}");
    // A name that no set of nftables has is made one.
    let subnet = json!({"name": "back", "id": "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/back",
        "addressPrefix": "10.1.2.0/24", "serviceEndpoints": [], "type": "Microsoft.Network/virtualNetworks/subnets"});
    let subnet = file(&folder, "subnet.json", &subnet.to_string());
    let ran = on_small(&["nftables", "--list", &subnet]);
    assert!(
        ran.out.contains("azure_back_v4") && ran.out.contains("\t10.1.2.0/24,"),
        "{ran:?}"
    );
    let hosts = file(&folder, "hosts.json", &json!({"name": "g", "ruleCollections": policy["properties"]["ruleCollections"].as_array().unwrap()[1..]}).to_string());
    let ran = on_small(&["az-firewall", "--list", &hosts]);
    ran.is_refused(&[
        "no address and no tag",
        "host names are no addresses: www.contoso.com",
    ]);
}

#[test]
fn what_makes_no_sense_together_is_refused() {
    let registry = ["list", "--registry", "contoso"];
    on_small(&[&registry[..], &["--list", OFFICE]].concat()).is_refused(&["--list and --registry"]);
    on_small(&[&registry[..], &["--fit", "9"]].concat()).is_refused(&["--fit", "--tag"]);
    on_small(&["list", "--fit", "9"]).is_refused(&["--tag", "--list"]);
    on_small(&["list", "--tag", TAG, "--max-extra", "5"]).is_refused(&["--fit"]);
    on_small(&["list", "--tag", TAG, "--fit", "9", "--max-extra", "lots"])
        .is_refused(&["lots", "2.5"]);
    on_small(&["az-nsg", "--tag", TAG, "--fit", "9", "--tags"]).is_refused(&["--tags", "--fit"]);
    on_small(&["list", "--tag", TAG, "--fit", "9", "--as-published"])
        .is_refused(&["--as-published"]);
    on_small(&["list", "--tag", TAG, "--fit", "0"]).is_refused(&["0 CIDRs"]);
    on_small(&["list", "--tag", TAG, "--fit", "1"]).is_refused(&["IPv4 and IPv6", "at least 2"]);
    on_small(&["az-acr", "--tag", TAG, "--fit", "1", "--ipv6"]).is_refused(&["IPv4 only"]);
    on_small(&["az-acr", "--tag", "Retired", "--fit", "1"]).is_refused(&["nothing to fit"]);
    on_small(&["list", "--list", "no-such-file"]).is_refused(&["no-such-file"]);
    on_small(&["--list", OFFICE]).is_refused(&["which kind"]);
    on_small(&["az-nsg", "--list", OFFICE, "--tags"]).is_refused(&["is no service tag"]);
    let one = on_small(&["az-acr", "--tag", TAG, "--fit", "1"]);
    assert_eq!(one.code, 0, "one family alone needs one CIDR: {one:?}");
}

#[test]
fn one_family_of_an_answer_is_as_if_asked_alone() {
    let dataset = embedded();
    let view = dataset.view();
    let in_place = Block::parse("20.0.0.0/9").unwrap().0;
    for tag in view.tag_ids().step_by(211) {
        let question = |family| FitQuestion {
            tags: vec![tag],
            family,
            in_place: Some(vec![in_place]),
            ..FitQuestion::default()
        };
        let Ok(both) = ask(&question(None), &dataset) else {
            continue;
        };
        for family in [Family::V4, Family::V6] {
            let alone = ask(&question(Some(family)), &dataset).ok();
            assert_eq!(both.only(family), alone, "{family}");
        }
    }
    assert_eq!(Target::parse("az-acr").unwrap().families(), [Family::V4]);
    assert_eq!(Target::List.families(), [Family::V4, Family::V6]);
}

#[test]
fn rows_of_several_files_are_one_selection() {
    let dataset = embedded();
    let files = [loaded(GROUP), loaded(OFFICE)];
    let resolver = AddressResolver::new(&dataset, &files);
    let all = rows(&files);
    let selection = Selection::of_rules(&resolver, "mine", &all, Vec::new());
    let wished = |way: Direction| {
        let requests = selection.requests.iter();
        let requests = requests.filter(|request| request.direction.is_none_or(|own| own == way));
        AddressSet::from_blocks(requests.flat_map(|request| request.blocks.iter().copied()))
    };
    for way in [Direction::In, Direction::Out] {
        let of_way =
            |(set, row): &PickedRow<'_>| set.kind == RuleSetKind::List || row.direction == way;
        let picked: Vec<_> = all.iter().copied().filter(of_way).collect();
        let found = remote_addresses(&resolver, &picked);
        assert_eq!(found, wished(way), "{way:?}");
    }
    let names: Vec<&str> = selection
        .requests
        .iter()
        .map(|request| request.name.as_str())
        .collect();
    assert!(
        names.contains(&"mine") && names.contains(&"web-nsg"),
        "{names:?}"
    );
    // A row alone.
    let sql = all
        .iter()
        .copied()
        .find(|(_, row)| row.name.as_str() == "AllowSql")
        .unwrap();
    let alone = Selection::of_rules(&resolver, "AllowSql", &[sql], Vec::new());
    let target = Target::parse("terraform-nsg").unwrap();
    let made = make(target, &alone, &MakeOptions::default()).unwrap();
    assert!(
        made.text
            .contains("name                        = \"AllowSql\""),
        "{}",
        made.text
    );
    assert!(made.text.contains("\"11000-11999\","), "{}", made.text);
    assert_eq!(made.file_name, "nsg-allowsql.tf");
    assert!(Path::new(GROUP).exists());
}
