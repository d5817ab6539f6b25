//! The service tags of the week, regions without one, and the cloud.

use crate::azure::Cloud;
use crate::query::endpoints::advice::Advisor;
use crate::query::endpoints::{EndpointGroup, Level};

/// Everything about tags, regions and the cloud.
pub(super) fn advise(advisor: &mut Advisor<'_>) {
    tags(advisor);
    statuses(advisor);
    cloud(advisor);
}

fn tags(advisor: &mut Advisor<'_>) {
    let rows = advisor.rows;
    let mut names: Vec<&str> = rows
        .iter()
        .flat_map(|row| row.tags.iter().map(String::as_str))
        .collect();
    if names.is_empty() {
        return;
    }
    names.sort_unstable();
    names.dedup();
    let unusable = advisor.tags.unusable(&names);
    if !unusable.is_empty() {
        let text = format!(
            "published without features, so for reading and not for rules: {}; use the tag without the region there",
            unusable.join(", ")
        );
        advisor.say(Level::Warning, "features", text);
    }
    missing(advisor);
    let text = "in network security groups and Azure Firewall use the tags: Azure keeps them current. Lists of addresses change with the weekly publication";
    advisor.say(Level::Info, "B11", text);
    let text = "review the rules with each week (tagscope diff), and watch the traffic with Azure Monitor or Network Watcher";
    advisor.say(Level::Info, "A9", text);
}

/// Regions for which the week has no tag of its own.
fn missing(advisor: &mut Advisor<'_>) {
    if advisor.tags.dataset.is_none() {
        return;
    }
    // The page on agent pools names the whole tags.
    let rows = advisor.rows.iter();
    let rows = rows.filter(|row| row.group != EndpointGroup::AgentPool);
    let used: Vec<&str> = rows
        .flat_map(|row| row.tags.iter().map(String::as_str))
        .collect();
    for base in ["AzureContainerRegistry", "Storage"] {
        let regions = advisor.profile.regions.iter();
        let without = regions.filter(|region| advisor.tags.regional(base, region) == base);
        let places: Vec<String> = without.map(|name| advisor.tags.place(name)).collect();
        if used.contains(&base) && !places.is_empty() {
            let text = format!(
                "the week has no tag of its own for {}: {base} is named without a region",
                places.join(", ")
            );
            advisor.say(Level::Warning, "A1", text);
        }
    }
}

/// Regions in which nobody has a registry.
fn statuses(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    if profile.cloud == Cloud::AzureGermany {
        // Closed as a whole, which is said once.
        return;
    }
    for (statuses, what) in [
        (
            &["staging", "canary"][..],
            "a region in which Microsoft tries things out: no document tells of registries there",
        ),
        (&["unlaunched"], "not open yet"),
        (&["historic", "retired"], "closed"),
    ] {
        let is_one = |name: &&String| {
            let status = advisor.tags.status(name);
            status.is_some_and(|status| statuses.contains(&status))
        };
        let regions = profile.regions.iter().filter(is_one);
        let places: Vec<String> = regions.map(|name| advisor.tags.place(name)).collect();
        for place in places {
            advisor.say(Level::Warning, "region", format!("{place} is {what}"));
        }
    }
}

fn cloud(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    match profile.cloud {
        Cloud::Public => {}
        Cloud::AzureGovernment | Cloud::China => {
            if !profile.is_microsoft {
                let text = "service endpoints for registries do not exist in this cloud";
                advisor.say(Level::Info, "C8", text);
            }
            if advisor.is_built("data") || advisor.is_built("regional") {
                let text = "names of data and regional endpoints follow the public pattern; no document confirms them for this cloud: read them with az acr show-endpoints";
                advisor.say(Level::Warning, "cloud-names", text);
            }
        }
        Cloud::AzureGermany => {
            let text = "this cloud is closed; its names are kept for old rules";
            advisor.say(Level::Warning, "closed", text);
        }
    }
    if advisor.tags.dataset.is_none() {
        let text = "no week of this cloud is available: tags are named as usual, and their prefixes are not counted";
        advisor.say(Level::Info, "no-week", text);
    }
}
