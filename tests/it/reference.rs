//! The quick reference: its facts, the verb and the screen.

use tagscope::azure::registry::AgentPool;
use tagscope::azure::{Certainty, Cloud};
use tagscope::query::reference::{Reference, Topic};
use tagscope::tui::{Effect, Place};

use crate::contract::assert_golden;
use crate::dashboard::script;
use crate::program::run;

/// Everything that a topic says, in one text.
fn said(topic: &Topic) -> String {
    let texts = topic.texts();
    texts
        .iter()
        .map(AsRef::as_ref)
        .collect::<Vec<_>>()
        .join("\n")
}

#[track_caller]
fn assert_says(words: &str, id: &str, facts: &[&str]) {
    let reference = Reference::embedded();
    let found = reference.search(words);
    let topic = found
        .iter()
        .find(|topic| topic.id == id)
        .unwrap_or_else(|| panic!("a search for {words} does not find {id}"));
    let text = said(topic);
    for fact in facts {
        assert!(text.contains(fact), "{id} does not say {fact:?}:\n{text}");
    }
}

/// D2, and section 9 of the fact base, written down by hand.
#[test]
fn the_table_of_tiers_has_these_figures() {
    let reference = Reference::embedded();
    let tiers = reference.topic("tiers").unwrap().table.as_ref().unwrap();
    assert_eq!(tiers.columns[1..], ["Basic", "Standard", "Premium"]);
    for (name, figures) in [
        ("included storage, GiB", ["10", "100", "500"]),
        ("storage limit, TiB", ["40", "40", "100"]),
        ("largest image layer, GiB", ["200", "200", "200"]),
        ("largest manifest, MiB", ["4", "4", "4"]),
        ("webhooks", ["2", "10", "500"]),
        ("geo-replication", ["no", "no", "yes"]),
        ("private endpoints", ["no", "no", "200"]),
        ("IP rules", ["no", "no", "200"]),
        ("virtual network rules (preview)", ["no", "no", "100"]),
        ("customer-managed keys", ["no", "no", "yes"]),
        ("dedicated data endpoints", ["no", "no", "yes"]),
        ("regional endpoints (preview)", ["no", "no", "yes"]),
        ("anonymous pull", ["no", "yes", "yes"]),
        ("availability zones", ["yes", "yes", "yes"]),
        ("tokens and scope maps", ["100", "500", "50,000"]),
    ] {
        let row = tiers.rows.iter().find(|row| row[0] == name);
        assert_eq!(row.unwrap()[1..], figures, "{name}");
    }
    let requests = reference.topic("requests").unwrap().table.as_ref().unwrap();
    for (name, figures) in [
        ("read", ["10,000", "10,000", "20,000"]),
        ("write", ["2,000", "2,000", "4,000"]),
        ("delete", ["1,000", "1,000", "4,000"]),
        ("list referrers", ["500", "500", "2,000"]),
        ("sign-in (OAuth)", ["10,000", "10,000", "20,000"]),
    ] {
        let row = requests.rows.iter().find(|row| row[0] == name);
        assert_eq!(row.unwrap()[1..], figures, "{name}");
    }
}

/// D1, D9: a private, managed, regional service; the region decides latency and cost.
#[test]
fn d1_d9_region_and_egress() {
    let facts = [
        "private, managed",
        "latency, cost",
        "egress",
        "region of the hosts",
    ];
    assert_says("egress region", "region", &facts);
}

/// D3: nearest replica, availability, eventual consistency, billed per region, not everywhere.
#[test]
fn d3_geo_replication() {
    let facts = [
        "nearest",
        "when a region fails",
        "eventually",
        "billed",
        "Do not replicate everywhere",
    ];
    assert_says("replica billing", "geo-replication", &facts);
}

/// D4: quick, triggered by commit, base image or schedule, multi-step.
#[test]
fn d4_kinds_of_tasks() {
    let facts = [
        "quick",
        "triggered: commit",
        "triggered: base image",
        "triggered: schedule",
        "multi-step",
    ];
    assert_says("task schedule", "tasks", &facts);
}

/// Of the private zones only the Public one stands in a document.
#[test]
fn zones_of_other_clouds_are_marked() {
    let reference = Reference::embedded();
    let table = reference.topic("clouds").unwrap().table.as_ref().unwrap();
    let zones = table.rows.iter().find(|row| row[0] == "private zone");
    assert_eq!(
        zones.unwrap()[1..4],
        [
            "privatelink.azurecr.io",
            "privatelink.azurecr.us (assumed)",
            "privatelink.azurecr.cn (assumed)"
        ]
    );
}

/// D5: registry, repository, artifact, image; by tag and by digest.
#[test]
fn d5_parts_of_an_image_address() {
    let facts = [
        "loginServer/repository:tag",
        "@sha256:",
        "registry: ",
        "repository: ",
        "artifact: ",
        "image: ",
    ];
    assert_says("image address", "image-address", &facts);
}

/// D6: tag reuse orphans images, clean-up by tag or digest, deletions are final.
#[test]
fn d6_deletion_and_tag_reuse() {
    let facts = ["is final", "orphan", "REPOSITORY:TAG or REPOSITORY@sha256"];
    assert_says("tag reuse", "deletion", &facts);
}

/// D7: individual or headless; Entra, service principal, managed identity.
#[test]
fn d7_kinds_of_sign_in() {
    let facts = [
        "Individual",
        "Headless",
        "Entra, individual",
        "service principal",
        "managed identity",
        "admin user",
        "token",
    ];
    assert_says("headless", "sign-in", &facts);
}

/// D8: public and private endpoints; private needs DNS, security rules, perhaps VPN.
#[test]
fn d8_public_and_private_endpoints() {
    let facts = [
        "public endpoint",
        "private endpoint",
        "DNS",
        "security rules",
        "VPN or ExpressRoute",
    ];
    assert_says("private endpoint dns", "public-private", &facts);
}

/// D10: encryption; own keys are Premium, and losing them loses the data.
#[test]
fn d10_encryption_and_own_keys() {
    let facts = ["encrypted", "Premium only", "Losing the key loses the data"];
    assert_says("cmk", "encryption", &facts);
}

/// D11: Azure Monitor, logs of pushes and pulls.
#[test]
fn d11_monitoring() {
    assert_says(
        "azure monitor push",
        "monitoring",
        &["Azure Monitor", "pushes, pulls"],
    );
}

/// D12: sources disagree about a tier for nested namespaces; none is enforced.
#[test]
fn d12_nested_namespaces() {
    let facts = [
        "asks for no tier",
        "secondary source calls nested namespaces a feature of Premium",
    ];
    assert_says("nested namespaces", "namespaces", &facts);
    let reference = Reference::embedded();
    let certainty = reference.topic("namespaces").unwrap().certainty();
    assert_eq!(certainty, Certainty::Disputed);
}

/// D13: no snapshot; export or replication.
#[test]
fn d13_no_backup() {
    let facts = [
        "no snapshot",
        "geo-replication",
        "import into a second registry",
    ];
    assert_says("disaster recovery", "backup", &facts);
}

/// E2, C2: private link is the recommended one.
#[test]
fn e2_private_link_is_recommended() {
    assert_says(
        "recommendation",
        "comparison",
        &["Recommended is private link"],
    );
}

/// E20: the six rows.
#[test]
fn e20_the_comparison_has_its_six_rows() {
    let reference = Reference::embedded();
    let table = reference
        .topic("comparison")
        .unwrap()
        .table
        .as_ref()
        .unwrap();
    let names: Vec<&str> = table.rows.iter().map(|row| row[0].as_str()).collect();
    let wanted = [
        "configuration",
        "address",
        "hosts",
        "on-premises",
        "DNS",
        "recommendation",
    ];
    assert_eq!(names, wanted);
    let row = |name: &str| {
        table
            .rows
            .iter()
            .find(|row| row[0] == name)
            .unwrap()
            .join(" | ")
    };
    assert_eq!(row("hosts"), "hosts | VM and AKS | anything in the network");
    assert_eq!(row("address"), "address | public, best route | private");
}

/// E21: on-premises reaches a private endpoint, and no service endpoint.
#[test]
fn e21_on_premises() {
    let facts = [
        "On-premises machines cannot use a service endpoint",
        "ExpressRoute or VPN",
    ];
    assert_says("on-premises", "comparison", &facts);
}

/// What is not confirmed is never shown as a fact.
#[test]
fn what_is_assumed_says_so_in_every_form() {
    let text = run(&["reference", "rule-order"]);
    text.is_quiet(0);
    assert!(
        text.out.contains("assumed: The order is put together"),
        "{}",
        text.out
    );
    let json = run(&["reference", "rule-order", "--json"]).json();
    assert_eq!(json["topics"][0]["certainty"], "assumed");
    let csv = run(&["reference", "rule-order", "--format", "csv"]);
    assert!(csv.out.contains(",assumed,"), "{}", csv.out);
    let markdown = run(&["reference", "rule-order", "--format", "markdown"]);
    assert!(
        markdown.out.contains("- assumed: The order"),
        "{}",
        markdown.out
    );
}

#[test]
fn the_verb_lists_finds_and_names_what_is_near() {
    let list = run(&["reference"]);
    list.is_quiet(0);
    let cells = list.cells();
    assert_eq!(cells[0][..2], ["tiers", "Tiers and their limits"]);
    assert_eq!(cells.len(), Reference::embedded().topics().len());
    let all = run(&["reference", "premium", "endpoint"]);
    assert!(all.out.matches("Source: ").count() > 1);
    let none = run(&["reference", "trustd-services"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""));
    none.says(&["no topic has \"trustd-services\"", "trusted-services"]);
    let empty = run(&["reference", "qqqq", "--json"]);
    assert_eq!(
        (empty.code, empty.json()["topics"].as_array().unwrap().len()),
        (1, 0)
    );
    // A hostile word is said back clean.
    let hostile = run(&["reference", "\u{1b}[31m"]);
    hostile.says(&["␛[31m"]);
}

#[test]
fn the_answers_are_as_recorded() {
    for (name, args) in [
        ("reference.csv", &["reference", "--format", "csv"][..]),
        ("reference-tiers.json", &["reference", "tiers", "--json"]),
        ("reference-tiers.txt", &["reference", "tiers"]),
        (
            "reference-clouds.md",
            &["reference", "clouds", "--format", "markdown"],
        ),
    ] {
        let ran = run(args);
        ran.is_quiet(0);
        assert_golden(name, &ran);
    }
}

#[test]
fn the_screen_unfolds_searches_and_copies() {
    let copied = |keys: &str| {
        let script = script((100, 40), "default").keys(keys);
        assert!(matches!(script.app.place(), Place::Reference));
        match script.effects.last() {
            Some(Effect::Osc52(text)) => text.clone(),
            other => panic!("{keys}: {other:?}"),
        }
    };
    // The topic under the cursor, from its title and from a line of it.
    let tiers = copied("Ky");
    assert!(tiers.starts_with("Tiers and their limits\n") && tiers.contains("50,000"));
    assert_eq!(copied("K<Enter><↓><↓><↓>y"), tiers);
    assert!(copied("K<↓>y").starts_with("Requests per minute"));
    // The whole hit list.
    let hits = copied("K/on-premises<Enter>Y");
    let topics = hits.split("\n\n").count();
    assert!(
        topics > 1 && hits.contains("Service endpoint or private link"),
        "{hits}"
    );
    assert!(copied("KY").split("\n\n").count() > topics);
    // Few hits stand unfolded, all topics folded; Esc clears, then closes.
    let found = script((100, 40), "default").keys("K/trusted defender bypass<Enter>");
    let found = found.assert_shows("App Service is not among them");
    let cleared = found.keys("/<Esc><Esc>").assert_shows("▸ Tiers");
    assert!(!cleared.text().contains("App Service"));
    let closed = cleared.keys("<Esc>");
    assert_eq!(closed.app.place(), Place::Table);
    script((100, 40), "default")
        .keys("K/nosuchword")
        .assert_shows("nothing here has these words");
    // From every list; in an input it is a letter.
    for (keys, place) in [
        ("mK", Place::Reference),
        ("5K", Place::Reference),
        ("2203.0.113.9<Enter>K", Place::Reference),
        ("/K", Place::FilterInput),
        ("KK", Place::Table),
    ] {
        let script = script((100, 40), "default").keys(keys);
        assert_eq!(script.app.place(), place, "{keys}");
    }
}

/// Every noun of the five documents finds something, in any case.
#[test]
fn every_noun_of_the_documents_finds_a_topic() {
    let list = std::fs::read_to_string("tests/data/reference/nouns.txt").unwrap();
    let nouns = list.lines().map(str::trim);
    let nouns: Vec<&str> = nouns
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    assert!(nouns.len() > 250, "the test reads nothing");
    let reference = Reference::embedded();
    let without = nouns.iter().filter(|noun| {
        let upper = reference.search(&noun.to_uppercase());
        upper.is_empty() || upper != reference.search(&noun.to_lowercase())
    });
    let without: Vec<_> = without.collect();
    assert!(without.is_empty(), "{without:?}");
}

/// The words of the documents lead to the topic that answers them.
#[test]
fn the_words_of_the_documents_lead_to_their_topic() {
    for (words, id) in [
        ("SKU", "tiers"),
        ("NSG", "public-private"),
        ("VNet", "service-endpoints"),
        ("CMK", "encryption"),
        ("RBAC", "roles"),
        ("AAD", "sign-in"),
        ("Entra", "sign-in"),
        ("403", "troubleshooting"),
        ("check-health", "troubleshooting"),
        ("troubleshooting", "troubleshooting"),
        ("login url", "names"),
        ("cleanup", "deletion"),
        ("orphaned", "deletion"),
        ("scan", "scanning"),
        ("resource provider", "troubleshooting"),
        ("IoT Edge", "behind-a-firewall"),
        ("platform", "published-file"),
        ("webhook", "import-and-webhooks"),
    ] {
        let reference = Reference::embedded();
        let found = reference.search(words);
        assert!(found.iter().any(|topic| topic.id == id), "{words}: {id}");
        assert_eq!(run(&["reference", words]).code, 0, "{words}");
    }
}

/// Facts of the sources that were missing.
#[test]
fn facts_of_the_sources_are_there() {
    assert_says(
        "tier production",
        "tiers",
        &["most production", "for learning"],
    );
    assert_says(
        "quick git",
        "tasks",
        &["Git repository", "folder of your machine", "Dockerfile"],
    );
    assert_says(
        "stable tag",
        "tagging",
        &["stable tag", "unique tag", "roll-back"],
    );
    assert_says(
        "vulnerability",
        "scanning",
        &["Defender for Cloud", "multi-step"],
    );
    assert_says("30 days", "deletion", &["--ago 30d", "--dry-run"]);
    let roles = ["AcrPull", "AcrPush", "AcrDelete", "Repository Reader"];
    assert_says("rbac", "roles", &roles);
    let vnet = ["--vnet NETWORK", "a name or a resource ID", "says an ID"];
    assert_says("--vnet", "troubleshooting", &vnet);
    let reference = Reference::embedded();
    let certainty = reference.topic("troubleshooting").unwrap().certainty();
    assert_eq!(certainty, Certainty::Disputed);
    assert_says(
        "public access",
        "public-access-off",
        &["--public-network-enabled false"],
    );
}

/// B12 to B15: the sample resources with id and platform.
#[test]
fn b12_to_b15_the_samples_have_id_and_platform() {
    let reference = Reference::embedded();
    let table = reference.topic("published-file").unwrap().table.as_ref();
    let rows: Vec<String> = table
        .unwrap()
        .rows
        .iter()
        .map(|row| row.join(" "))
        .collect();
    assert_eq!(
        rows,
        [
            "AzureContainerRegistry 10 (none) Azure AzureContainerRegistry 13.66.140.72/29",
            "AzureContainerRegistry.AustraliaEast 1 australiaeast Azure AzureContainerRegistry 13.70.72.136/29",
            "Storage 19 (none) Azure AzureStorage 13.65.107.32/28",
            "Storage.AustraliaCentral 1 australiacentral Azure AzureStorage 52.239.216.0/23",
        ]
    );
    assert_eq!(table.unwrap().columns[0], "name and id");
}

/// The regions of agent pools stand in the reference as in the plan.
#[test]
fn the_regions_of_agent_pools_are_those_of_the_plan() {
    let reference = Reference::embedded();
    let text = said(reference.topic("agent-pool").unwrap());
    for cloud in Cloud::ALL {
        for region in AgentPool::regions(cloud) {
            assert!(text.contains(region), "{region}");
        }
    }
    assert!(text.contains(AgentPool::AS_OF));
}

/// The palette finds both by their own words.
#[test]
fn the_palette_finds_reference_and_runbook() {
    for (word, keys) in [
        ("reference", "1"),
        ("runbook", "1"),
        ("reference", "3contoso<Enter>"),
        ("runbook", "3contoso<Enter>"),
    ] {
        let script = script((120, 40), "default").keys(keys);
        let script = script.keys(&format!("<Ctrl-p>{word}<Enter>"));
        assert_eq!(script.app.place(), Place::Reference, "{word} after {keys}");
        let title = if word == "runbook" {
            "Runbooks: commands"
        } else {
            "Tiers and their limits"
        };
        script.assert_shows(title);
    }
}

/// Runbooks are searched as the reference is.
#[test]
fn runbooks_are_searched_in_any_case() {
    let script = script((120, 40), "default").keys("3contoso<Enter>r/AZ GROUP DELETE<Enter>");
    script.assert_shows("Clean up after a trial");
}
