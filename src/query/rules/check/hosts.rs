//! Host names of application rules: those that miss a documented suffix by a label, and the Microsoft
//! Artifact Registry without the hosts of its layers.

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;
use crate::query::rules::check::{Checker, catalogue, several};
use crate::rules::{Access, Entry, Row, RuleSet};

pub(super) fn check(checker: &mut Checker<'_>, set: &RuleSet) {
    let suffixes = suffixes();
    for (number, row) in set.rows.iter().enumerate() {
        let near: Vec<String> = hosts(row)
            .filter_map(|host| {
                let suffix = missed(host, &suffixes)?;
                Some(format!("{host} (near: {suffix})"))
            })
            .collect();
        if !near.is_empty() {
            checker.row(set, number, &catalogue::HOST_SUFFIX, &several(near));
        }
    }
    artifacts(checker, set);
}

fn hosts(row: &Row) -> impl Iterator<Item = &str> {
    row.destinations.iter().filter_map(|entry| match entry {
        Entry::Fqdn(host) => Some(host.as_str()),
        _ => None,
    })
}

/// The domains that are documented for registries and their clients, in every cloud.
fn suffixes() -> Vec<&'static str> {
    let mut all: Vec<&str> = Cloud::ALL
        .into_iter()
        .flat_map(|cloud| {
            let domains = CloudDomains::of(cloud);
            [
                domains.registry,
                domains.blob,
                domains.sign_in,
                domains.management,
                domains.microsoft,
            ]
        })
        .map(|domain| domain.name)
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The suffix that a host misses by one label: a label is missing, or another stands in its place.
fn missed<'s>(host: &str, suffixes: &[&'s str]) -> Option<&'s str> {
    let host = host.trim_start_matches('*').trim_start_matches('.');
    let is_of = |suffix: &&str| {
        host == *suffix
            || host
                .strip_suffix(*suffix)
                .is_some_and(|rest| rest.ends_with('.'))
    };
    if suffixes.iter().any(is_of) {
        return None;
    }
    let own: Vec<&str> = host.rsplit('.').collect();
    suffixes.iter().copied().find(|suffix| {
        let labels: Vec<&str> = suffix.rsplit('.').collect();
        labels.len() > 3 && (lacks_one(&own, &labels) || has_another(&own, &labels))
    })
}

/// Whether the labels, the last one first, are those of a suffix without one in its midst.
fn lacks_one(own: &[&str], suffix: &[&str]) -> bool {
    (1..suffix.len() - 1).any(|left_out| {
        let kept = suffix.iter().enumerate();
        let kept = kept.filter(|(place, _)| *place != left_out);
        own.len() >= suffix.len() - 1 && kept.map(|(_, label)| label).zip(own).all(|(a, b)| a == b)
    })
}

/// Whether all but one of the middle labels are those of a suffix.
fn has_another(own: &[&str], suffix: &[&str]) -> bool {
    let differing = suffix.iter().zip(own).filter(|(a, b)| a != b).count();
    let is_middle = suffix.first() == own.first() && suffix.last() == own.get(suffix.len() - 1);
    own.len() >= suffix.len() && differing == 1 && is_middle
}

/// Images of Microsoft have their layers on other hosts.
fn artifacts(checker: &mut Checker<'_>, set: &RuleSet) {
    const ARTIFACTS: &str = "mcr.microsoft.com";
    let is_allowed = |row: &&Row| row.access == Access::Allow;
    let allowed = || set.rows.iter().filter(is_allowed).flat_map(hosts);
    let is_data = |host: &str| {
        host == "*"
            || host.ends_with(".data.mcr.microsoft.com")
            || [
                "*.mcr.microsoft.com",
                "*mcr.microsoft.com",
                "*.microsoft.com",
                "*microsoft.com",
            ]
            .contains(&host)
    };
    if allowed().any(is_data) {
        return;
    }
    let rows = set.rows.iter().enumerate();
    for (number, row) in rows.filter(|(_, row)| row.access == Access::Allow) {
        if hosts(row).any(|host| host == ARTIFACTS) {
            let text = format!("{ARTIFACTS} is allowed, and *.data.mcr.microsoft.com is not");
            checker.row(set, number, &catalogue::ARTIFACT_DATA, &text);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_missed_by_one_label_only() {
        let suffixes = suffixes();
        for (host, near) in [
            ("*.blob.windows.net", Some("blob.core.windows.net")),
            ("x.blob.cores.windows.net", Some("blob.core.windows.net")),
            ("x.blob.core.windows.net", None),
            ("*.table.core.windows.net", None),
            ("contoso.azurecr.io", None),
            ("*.windows.net", None),
            ("www.contoso.com", None),
        ] {
            assert_eq!(missed(host, &suffixes), near, "{host}");
        }
    }
}
