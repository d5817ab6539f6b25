//! Findings about rules: for each check a file that has it and a near one that has it not.

mod documents;
mod group;
mod network;
mod policies;
mod refused;
mod registry;

use serde_json::{Value, json};
use tagscope::azure::{Facts, Tag, Week, date_in_name, parse};
use tagscope::index::{Chronicle, Index, write, write_chronicle};
use tagscope::query::endpoints::Level;
use tagscope::query::rules::check::{self, CheckAnswer, Finding};
use tagscope::query::rules::{AddressResolver, LoadedFile};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::rules::read_rules;
use tagscope::text::Safe;

use documents::{
    REGION, addresses, allow_out, change, deny_out, described, endpoint, firewall, ip_group, nsg,
    one, registry, rule, rules, subnet, table, to, with_subnet,
};

pub const WEEK: &str = "tests/data/check/week.json";

fn week() -> Week {
    let date = date_in_name("ServiceTags_Public_20260706.json");
    let document = parse(&std::fs::read(WEEK).unwrap(), date).unwrap();
    assert!(document.flaws.is_empty(), "{:?}", document.flaws);
    document.week
}

/// The week, and an older one with a tag that is gone.
fn weeks() -> Chronicle {
    let mut old = week();
    old.date = date_in_name("ServiceTags_Public_20260601.json");
    let is_region = |tag: &&Tag| tag.name == "Storage.WestEurope";
    let mut gone = old.tags.iter().find(is_region).unwrap().clone();
    "Storage.Atlantis".clone_into(&mut gone.name);
    old.tags.push(gone);
    old.tags.sort_by(|a, b| a.name.cmp(&b.name));
    Chronicle::open(write_chronicle(&[old, week()]).unwrap()).unwrap()
}

pub fn dataset() -> Dataset {
    let index = Index::open(write(&week()).unwrap()).unwrap();
    let provenance = Provenance {
        source: Source::File,
        origin: Safe::new("week.json"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(index, provenance)
}

pub fn loaded(number: usize, text: &str) -> LoadedFile {
    LoadedFile {
        path: Safe::from(format!("{number}.json")),
        file: read_rules(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}")),
    }
}

fn ask(texts: &[String]) -> CheckAnswer {
    let files: Vec<LoadedFile> = (1..)
        .zip(texts)
        .map(|(number, text)| loaded(number, text))
        .collect();
    let dataset = dataset();
    let resolver = AddressResolver::new(&dataset, &files);
    let other_weeks = check::other_weeks(&files, &resolver, &weeks()).unwrap();
    check::ask_with_other_weeks(&files, &resolver, &Facts::embedded(), &other_weeks)
}

fn of(answer: &CheckAnswer, id: &str) -> Vec<Finding> {
    let is_of = |finding: &&Finding| finding.check.id == id;
    answer.findings.iter().filter(is_of).cloned().collect()
}

/// The one finding of an id.
#[track_caller]
fn only(answer: &CheckAnswer, id: &str) -> Finding {
    let found = of(answer, id);
    assert_eq!(found.len(), 1, "{id}: {:#?}", answer.findings);
    found[0].clone()
}

/// A check, the rows of the acceptance table that it carries, a file that has it, one that has not.
pub struct Case {
    pub id: &'static str,
    pub facts: &'static str,
    pub hit: Vec<String>,
    pub miss: Vec<String>,
}

pub fn case(id: &'static str, facts: &'static str, hit: impl Texts, miss: impl Texts) -> Case {
    Case {
        id,
        facts,
        hit: hit.texts(),
        miss: miss.texts(),
    }
}

/// One file or several.
pub trait Texts {
    fn texts(self) -> Vec<String>;
}

impl Texts for Value {
    fn texts(self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Texts for &str {
    fn texts(self) -> Vec<String> {
        vec![self.to_owned()]
    }
}

impl<const N: usize> Texts for [Value; N] {
    fn texts(self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }
}

fn cases() -> Vec<Case> {
    let mut all = registry::cases();
    all.extend(group::cases());
    all.extend(network::cases());
    all.extend(policies::cases());
    all.extend(refused::cases());
    all
}

#[test]
fn each_check_finds_its_file_and_leaves_a_near_one_alone() {
    for case in cases() {
        let known =
            check::find(case.id).unwrap_or_else(|| panic!("{} is in no catalogue", case.id));
        let hit = ask(&case.hit);
        let found = of(&hit, case.id);
        assert!(!found.is_empty(), "{} not in {:#?}", case.id, hit.findings);
        for finding in found {
            assert_eq!(finding.level(), known.level);
            assert!(
                !finding.sentence().is_empty() && !finding.fix.is_empty(),
                "{finding:?}"
            );
        }
        let miss = ask(&case.miss);
        let found = of(&miss, case.id);
        assert!(found.is_empty(), "{} in {found:#?}", case.id);
    }
}

/// Rows of the acceptance table that other parts of the program carry.
const ELSEWHERE: [(&str, &str); 6] = [
    ("C21", "tagscope explain reads the 403"),
    ("C23", "tagscope runbook clean-up"),
    (
        "C24",
        "no matter of rules: how networks are listed, how machines are set up",
    ),
    (
        "E9",
        "tagscope runbook verify and endpoints --probe; C17 names az acr login",
    ),
    ("E16", "tagscope runbook agent-pool"),
    ("E11", "the fix of C3; tagscope runbook roll-back"),
];

#[test]
fn every_check_has_a_case_and_every_fact_of_c_and_e_a_check() {
    let cases = cases();
    for check in check::catalogue() {
        assert!(
            cases.iter().any(|case| case.id == check.id),
            "{} has no case",
            check.id
        );
    }
    let named: Vec<&str> = cases
        .iter()
        .flat_map(|case| case.facts.split(' '))
        .collect();
    let facts = (1..=24)
        .map(|it| format!("C{it}"))
        .chain((1..=21).map(|it| format!("E{it}")));
    for fact in facts {
        let is_elsewhere = ELSEWHERE.iter().any(|(id, _)| *id == fact);
        let is_named = named.contains(&fact.as_str()) || check::find(&fact).is_some();
        assert!(is_named || is_elsewhere, "{fact} is nowhere");
        if fact.starts_with(['C', 'E']) && named.contains(&fact.as_str()) {
            // C20 is a command to run afterwards, not a thing to explain.
            assert!(
                check::find(&fact).is_some() || fact == "C20",
                "{fact} is not explained"
            );
        }
    }
}

#[test]
fn what_is_right_has_no_finding_at_all() {
    for text in [
        registry(&json!({})).to_string(),
        nsg(&[
            allow_out(&["Storage.WestEurope"]),
            deny_out(300, &["Internet"]),
        ])
        .to_string(),
        to(&["Storage.WestEurope"]).to_string(),
        table(&["0.0.0.0/0", "Storage.WestEurope"]).to_string(),
        ip_group(&["8.8.8.8", "9.9.9.0/24"]).to_string(),
        "8.8.8.8\n9.9.9.0/24".to_owned(),
    ] {
        let answer = ask(std::slice::from_ref(&text));
        assert_eq!(answer.findings, [], "{text}");
    }
}

/// C3, E11, C22, C14, C15, C17, C19, C20: the way out is the command for this registry.
#[test]
fn fixes_are_commands_for_the_registry_at_hand() {
    let mixed = with_subnet(
        &json!({"privateEndpointConnections": endpoint("Approved"), "networkRuleSet":
        rules("Allow", &[], &[&subnet("1111", "build")])}),
    );
    let answer = ask(&[mixed.to_string()]);
    let id = subnet("1111", "build");
    for (check, command) in [
        ("C3", format!("az acr network-rule remove --name contoso --subnet {id}")),
        ("C14", "az account set --subscription 1111, then az provider register --namespace Microsoft.ContainerRegistry".to_owned()),
        ("C17", "az acr update --name contoso --default-action Deny; after some minutes: az acr login --name contoso".to_owned()),
    ] {
        let found = only(&answer, check);
        assert!(found.fix.contains(&command), "{found:?}");
    }
    let files = [with_subnet(&json!({})), described(&["Microsoft.Storage"])];
    let answer = ask(&files.map(|it| it.to_string()));
    let lacking = only(&answer, "C15");
    let command = "az network vnet subnet update --resource-group rg --vnet-name v --name build --service-endpoints Microsoft.Storage Microsoft.ContainerRegistry";
    assert_eq!(lacking.fix, command);
    assert_eq!(lacking.place, "networkRuleSet.virtualNetworkRules[0]");
    let hostile = registry(&json!({"name": "x; reboot", "sku": "Basic"}));
    let found = only(&ask(&[hostile.to_string()]), "C4");
    assert_eq!(found.fix, "az acr update --name REGISTRY --sku Premium");
}

#[test]
fn a_copied_tag_is_named_with_how_much_of_it_is_there() {
    let say = |list: &[&str]| {
        let answer = ask(&[one(allow_out(list)).to_string()]);
        let is_like = |it: &&Finding| ["use-tag", "within-tag"].contains(&it.check.id);
        let found = answer.findings.iter().find(is_like);
        found.map(|it| (it.check.id, it.detail.clone()))
    };
    let exact = say(&REGION).unwrap();
    assert_eq!(
        exact,
        (
            "use-tag",
            "the addresses are exactly Storage.WestEurope".to_owned()
        )
    );
    let stale = [&REGION[..], &["8.8.8.8"]].concat();
    let (id, text) = say(&stale).unwrap();
    assert_eq!(id, "use-tag");
    assert_eq!(
        text,
        ">99.9 % of the addresses are in Storage.WestEurope, and are 100 % of it"
    );
    let (id, text) = say(&REGION[..4]).unwrap();
    assert_eq!(id, "within-tag");
    assert_eq!(
        text,
        "100 % of the addresses are in Storage.WestEurope, which has 256 more"
    );
    let family = [
        "20.50.200.0/24",
        "20.61.97.128/25",
        "40.64.135.128/25",
        "40.65.0.0/24",
    ];
    let (_, text) = say(&family).unwrap();
    assert_eq!(
        text,
        "the addresses are exactly the IPv4 part of AzureContainerRegistry"
    );
    assert_eq!(say(&["8.8.8.8", "9.9.9.9"]), None);
}

#[test]
fn an_unknown_tag_comes_with_near_names() {
    let answer = ask(&[one(allow_out(&["Storage.WestEurop"])).to_string()]);
    let found = only(&answer, "unknown-tag");
    assert!(found.fix.contains("Storage.WestEurope"), "{found:?}");
    assert_eq!((found.level(), found.position.row), (Level::Error, Some(3)));
}

#[test]
fn a_tag_that_is_gone_comes_with_its_last_week_and_what_has_its_addresses() {
    let answer = ask(&[one(allow_out(&["Storage.Atlantis"])).to_string()]);
    let found = only(&answer, "gone-tag");
    assert_eq!(
        found.detail,
        "Storage.Atlantis, last in the week of 2026-06-01, gone since 2026-07-06; its addresses are now those of Storage.WestEurope"
    );
    assert_eq!(of(&answer, "unknown-tag"), []);
}

#[test]
fn a_row_of_another_group_is_named_with_its_group() {
    let rules = |name: &str, priority: u32, access: &str, to: &str| {
        let mut group = firewall(
            "FirewallPolicyFilterRuleCollection",
            &[rule(&json!({"destinationAddresses": [to]}))],
        );
        group["name"] = json!(name);
        group["priority"] = json!(priority);
        group["ruleCollections"][0]["action"]["type"] = json!(access);
        group
    };
    let files = json!([
        rules("late", 300, "Allow", "8.8.8.8"),
        rules("early", 200, "Deny", "*")
    ]);
    let found = only(&ask(&[files.to_string()]), "shadowed");
    assert_eq!((found.set.as_str(), found.position.set), ("late", Some(0)));
    assert_eq!(
        found.detail,
        "\"r\" (priority 200) of early denies all of it before"
    );
}

#[test]
fn a_cidr_with_host_bits_says_what_it_is_read_as() {
    let answer = ask(&[addresses(&["8.8.8.5/24"]).to_string()]);
    let found = only(&answer, "host-bits");
    assert_eq!(found.detail, "8.8.8.5/24 is read as 8.8.8.0/24");
    assert_eq!(found.place, "networkRuleSet.ipRules[0]");
    assert_eq!(
        found.fix,
        "Write 8.8.8.0/24, or 8.8.8.5 if only that address is meant."
    );
}

#[test]
fn nothing_is_said_of_order_that_rests_on_what_is_not_understood() {
    let wide = change(deny_out(100, &["*"]), "protocol", json!("Sctp"));
    let text = nsg(&[wide, allow_out(&["8.8.8.8"])]).to_string();
    let ids: Vec<&str> = ask(&[text]).findings.iter().map(|it| it.check.id).collect();
    assert_eq!(ids, ["unread"]);
}
