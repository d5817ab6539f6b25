//! Rows of the acceptance table that other parts of the program carry: A1, A2, B10, B12 to B17.

use tagscope::azure::Facts;
use tagscope::query::show;

use crate::dashboard::embedded;
use crate::program::run;

/// A1: a tag is global or of a region, and a region narrows the list.
#[test]
fn a1_tags_are_global_or_regional() {
    let all = run(&["tags", "AzureContainerRegistry*"]);
    assert!(all.lines().len() > 50);
    let one = run(&[
        "tags",
        "AzureContainerRegistry*",
        "--region",
        "Australia East",
    ]);
    let names: Vec<&str> = one.cells().iter().map(|row| row[0]).collect();
    assert_eq!(names, ["AzureContainerRegistry.AustraliaEast"]);
}

/// A2, B10: Azure changes the prefixes every week: the age of the data is told.
#[test]
fn a2_b10_the_age_and_the_origin_of_the_data_are_told() {
    let ran = run(&["info"]);
    assert!(
        ran.out.contains("2026-10-19") && ran.out.contains("days"),
        "{ran:?}"
    );
    assert_eq!(run(&["tags", "--max-age", "0"]).code, 3);
}

/// B12 to B15: the samples of the publisher's page are still in the data.
#[test]
fn b12_to_b15_the_published_samples_are_found() {
    for (tag, prefix, region, service) in [
        (
            "AzureContainerRegistry",
            "13.66.140.72/29",
            "",
            "AzureContainerRegistry",
        ),
        (
            "AzureContainerRegistry.AustraliaEast",
            "13.70.72.136/29",
            "australiaeast",
            "AzureContainerRegistry",
        ),
        ("Storage", "13.65.107.32/28", "", "AzureStorage"),
        (
            "Storage.AustraliaCentral",
            "52.239.216.0/23",
            "australiacentral",
            "AzureStorage",
        ),
    ] {
        let shown = run(&["tags", "show", tag, "--json"]).json();
        let shown = &shown["tags"][0];
        assert_eq!(shown["region"], region, "{tag}");
        assert_eq!(shown["systemService"], service, "{tag}");
        // A wider row may hold the sample by now.
        let held = run(&["lookup", prefix, "--tag", tag]);
        assert_eq!(held.code, 0, "{tag} {prefix}: {held:?}");
        assert!(held.out.contains("covers"), "{held:?}");
    }
}

/// B16: the service and the region in either spelling.
#[test]
fn b16_both_spellings_are_accepted() {
    let named = |args: &[&str]| run(&[&["tags", "Storage.*"], args].concat()).out;
    assert_eq!(
        named(&["--service", "AzureStorage"]),
        named(&["--service", "Storage"])
    );
    let region = |typed| named(&["--region", typed]);
    assert_eq!(region("australiacentral"), region("AustraliaCentral"));
}

/// B17: the destination of an outbound rule is the tag, of one region where one is given.
#[test]
fn b17_the_plan_names_the_tag_of_an_outbound_rule() {
    let tag = |args: &[&str]| {
        let record = run(&[&["endpoints", "contoso", "--json"], args].concat()).json();
        record["endpoints"][0]["serviceTags"][0]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(tag(&[]), "AzureContainerRegistry");
    assert_eq!(
        tag(&["--region", "australiaeast"]),
        "AzureContainerRegistry.AustraliaEast"
    );
}

/// A3, A6: both directions of the registry's tag are documented, each by a document of its own.
#[test]
fn both_directions_of_the_registrys_tag_are_documented() {
    let dataset = embedded();
    let tag = dataset.view().find("AzureContainerRegistry").unwrap();
    let shown = show::ask(tag, &dataset, &Facts::embedded()).unwrap();
    let lines = shown.summary(&dataset);
    let (_, text) = lines.iter().find(|(name, _)| *name == "direction").unwrap();
    for part in [
        "inbound and outbound",
        "outbound by container-registry-firewall-access-rules",
        "inbound by container-registry-service-tag",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let shown = run(&["tags", "show", "AzureContainerRegistry.EastUS", "--json"]).json();
    let purpose = &shown["tags"][0]["purpose"];
    assert_eq!(purpose["direction"], "both");
    assert_eq!(
        purpose["documents"][1]["document"],
        "container-registry-service-tag"
    );
    assert_eq!(purpose["documents"][1]["direction"], "inbound");
}
