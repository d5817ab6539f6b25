//! What is wrong with a registry's network rules, and with subnets that are described beside them.

use std::collections::HashMap;

use crate::azure::registry::CloudDomains;
use crate::azure::{Cloud, Facts, SubnetId};
use crate::query::Dataset;
use crate::query::rules::LoadedFile;
use crate::query::rules::check::{Checker, catalogue, several, side, tenants};
use crate::rules::{Entry, FlawPart, RegistryFacts, Row, RuleSet, RuleSetKind, Subnet, limits};
use crate::space::{AddressSet, Block, Family, Span};
use crate::text::{az_word, counted};

/// The service endpoint of registries.
const ENDPOINT: &str = "Microsoft.ContainerRegistry";
/// Service endpoints of an agent pool's subnet.
const POOL: [&str; 5] = [
    "Microsoft.AzureActiveDirectory",
    ENDPOINT,
    "Microsoft.EventHub",
    "Microsoft.KeyVault",
    "Microsoft.Storage",
];
/// Two of them are common in other subnets too.
const LEAST_POOL: usize = 3;

/// Regions of all registries among the files, as tags end.
pub(super) fn regions(files: &[LoadedFile], dataset: &Dataset, facts: &Facts) -> Vec<String> {
    let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
    let mut found: Vec<String> = sets
        .filter_map(|set| {
            let location = set.registry.location.as_ref()?;
            let region = facts.regions.find(dataset.cloud(), location.as_str())?;
            Some(region.tag_suffix.clone())
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a row of a registry should name a subnet and does not.
pub(super) fn is_bad_subnet(set: &RuleSet, row: &Row) -> bool {
    set.kind == RuleSetKind::Acr && row.flaws.iter().any(|flaw| flaw.part == FlawPart::Subnet)
}

/// A registry, taken apart.
struct RegistrySite<'a> {
    set: &'a RuleSet,
    registry: &'a RegistryFacts,
    subnets: Vec<(usize, &'a SubnetId)>,
    addresses: usize,
    has_endpoint: bool,
}

impl RegistrySite<'_> {
    /// The name as a command takes it.
    fn name(&self) -> String {
        let name = self.set.name.as_str();
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_name { name } else { "REGISTRY" }.to_owned()
    }

    const fn is_off(&self) -> bool {
        matches!(self.registry.public_access, Some(false))
    }

    const fn denies(&self) -> bool {
        matches!(self.registry.default_allows, Some(false))
    }

    /// How many rules of both kinds.
    fn count(&self) -> usize {
        self.set.rows.len()
    }

    fn rules(&self) -> String {
        counted(self.count(), "rule", "rules")
    }
}

pub(super) fn check<'a>(checker: &mut Checker<'a>, set: &'a RuleSet) {
    let subnets = set.rows.iter().enumerate().flat_map(|(number, row)| {
        let ids = row.sources.iter().filter_map(|entry| match entry {
            Entry::Subnet(id) => Some(id),
            _ => None,
        });
        ids.map(move |id| (number, id))
    });
    let site = RegistrySite {
        set,
        registry: &set.registry,
        subnets: subnets.collect(),
        addresses: set
            .rows
            .iter()
            .filter(|row| row.sources.iter().any(|it| it.span().is_some()))
            .count(),
        has_endpoint: set.registry.approved().is_some(),
    };
    limits(checker, &site);
    tier(checker, &site);
    access(checker, &site);
    trust(checker, &site);
    if !site.subnets.is_empty() {
        service_endpoints(checker, &site);
    }
    for (number, row) in set.rows.iter().enumerate() {
        tenants::check(checker, set, number, row);
        if is_bad_subnet(set, row) {
            let text = format!("\"{}\"", row.name);
            checker.row(set, number, &catalogue::SUBNET_ID, &text);
        }
        for span in row.sources.iter().filter_map(Entry::span) {
            address(checker, &site, number, row, span);
        }
    }
}

/// The limit and the current value that `az acr show-usage` gives.
fn usage(checker: &Checker<'_>, site: &RegistrySite<'_>, name: &str) -> Option<(u64, u64)> {
    let of = |registry: &RegistryFacts| {
        let mut usage = registry.usage.iter();
        let found = usage.find(|(own, _, _)| own.as_str() == name);
        found.map(|&(_, limit, current)| (limit, current))
    };
    let alone = || {
        // Limits in a file of their own are of the registry, where there is only one.
        let sets = checker.files.iter().flat_map(|loaded| &loaded.file.sets);
        let is_registry =
            |set: &&RuleSet| set.kind == RuleSetKind::Acr && set.registry.usage.is_empty();
        if sets.clone().filter(is_registry).count() != 1 {
            return None;
        }
        sets.clone().find_map(|set| of(&set.registry))
    };
    of(site.registry).or_else(alone)
}

fn limits(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let kinds = [
        (
            "IPRules",
            "IP rules",
            site.addresses,
            limits::IP_RULES,
            &catalogue::IP_LIMIT,
        ),
        (
            "VNetRules",
            "subnet rules",
            site.subnets.len(),
            limits::SUBNET_RULES,
            &catalogue::SUBNET_LIMIT,
        ),
    ];
    for (key, words, count, most, check) in kinds {
        let said = usage(checker, site, key);
        let (limit, origin) = said.map_or(
            (u64::try_from(most).unwrap_or(u64::MAX), "documented"),
            |(limit, _)| (limit, "show-usage"),
        );
        // The limits alone have no rules but say how many there are.
        let current = said.map_or(0, |(_, current)| current);
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let used = if site.count() == 0 { current } else { count };
        if used > limit {
            let text = format!("{used}; the limit is {limit} ({origin})");
            checker.note(check, &text);
        } else if limit > 0 && u128::from(used) * 10 >= u128::from(limit) * 9 {
            let text = format!("{used} of {limit} {words} ({origin})");
            checker.note(&catalogue::NEAR_LIMIT, &text);
        }
    }
}

fn tier(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let Some(sku) = &site.registry.sku else {
        return;
    };
    let has_any = site.count() > 0 || site.has_endpoint;
    if has_any && !sku.as_str().eq_ignore_ascii_case("premium") {
        let text = format!("the tier is {sku}, and there are {}", site.rules());
        let fix = format!("az acr update --name {} --sku Premium", site.name());
        checker.note(&catalogue::PREMIUM, &text).fix(&fix);
    }
}

/// Public access and the default action.
fn access(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let name = site.name();
    if site.is_off() {
        if site.count() > 0 {
            let text = site.rules();
            let fix = format!(
                "az acr update --name {name} --public-network-enabled true, or remove the rules"
            );
            checker.note(&catalogue::ACCESS_OFF, &text).fix(&fix);
        }
        checker.note(&catalogue::DEVOPS, "");
        if site.has_endpoint {
            checker.note(&catalogue::DEVOPS_AGENTS, "");
            checker.note(&catalogue::LISTING, "");
        }
        return;
    }
    match site.registry.default_allows {
        Some(true) if site.count() > 0 => {
            let text = site.rules();
            let fix = format!(
                "az acr update --name {name} --default-action Deny; after some minutes: az acr login --name {name}"
            );
            checker.note(&catalogue::DEFAULT_ALLOW, &text).fix(&fix);
        }
        Some(true) => {
            checker.note(
                &catalogue::OPEN,
                "the default action is Allow, and there are no rules",
            );
        }
        Some(false) if site.count() == 0 && !site.has_endpoint => {
            let text = "the default action is Deny, without any rule or approved private endpoint";
            let fix = format!(
                "az acr network-rule add --name {name} --subnet ID, or --ip-address ADDRESS; wait some minutes, then az acr login --name {name}"
            );
            checker.note(&catalogue::CLOSED, text).fix(&fix);
        }
        None if site.count() > 0 => {
            checker.note(&catalogue::NO_DEFAULT, "if it is Allow, every rule is moot");
        }
        _ => {}
    }
}

/// Trusted services and Tasks.
fn trust(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let name = site.name();
    let registry = site.registry;
    if site.is_off() && registry.trusts_services == Some(false) {
        let text = "the bypass is None";
        let fix = format!("az acr update --name {name} --allow-trusted-services true");
        checker.note(&catalogue::TRUSTED_OFF, text).fix(&fix);
    }
    let is_closed = site.is_off() || site.denies();
    if !is_closed {
        return;
    }
    if registry.trusts_services == Some(true) && !site.subnets.is_empty() {
        let text = counted(site.subnets.len(), "subnet rule", "subnet rules");
        checker.note(&catalogue::TRUSTED_SUBNETS, &text);
    }
    if registry.trusts_tasks == Some(false) {
        checker.note(&catalogue::TASKS, "");
    }
}

/// What holds for a registry with subnet rules.
fn service_endpoints(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let name = site.name();
    let rules = counted(site.subnets.len(), "subnet rule", "subnet rules");
    if site.has_endpoint {
        let text = format!("{rules} and an approved private endpoint");
        let first = site.subnets.first().map(|(_, id)| id.to_string());
        let fix = fix_with(&[&first.unwrap_or_default()], |words| {
            let id = words.join(" ");
            format!(
                "az acr network-rule list --name {name}, then for each subnet az acr network-rule remove --name {name} --subnet {id}; or remove the private endpoint"
            )
        });
        checker.note(&catalogue::MIXED, &text).fix(&fix);
    }
    let host = site.registry.login_server.as_deref().unwrap_or_default();
    let cloud = CloudDomains::split(&host.to_ascii_lowercase()).map(|(cloud, _)| cloud);
    if let Some(cloud @ (Cloud::AzureGovernment | Cloud::China)) = cloud {
        let text = format!("{rules}, and {host} is in {cloud}");
        checker.note(&catalogue::CLOUD, &text);
    }
    for check in [
        &catalogue::SERVICE_ENDPOINT,
        &catalogue::PRIVATE_LINK,
        &catalogue::COMMAND_LINE,
        &catalogue::HOSTS,
    ] {
        checker.note(check, &rules);
    }
    other_subscriptions(checker, site);
    lacking(checker, site);
}

fn other_subscriptions(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let id = site.set.id.as_deref().unwrap_or_default();
    let mut parts = id.trim_start_matches('/').split('/');
    let own = match (parts.next(), parts.next()) {
        (Some(word), Some(own)) if word.eq_ignore_ascii_case("subscriptions") => own,
        _ => return,
    };
    for &(number, subnet) in &site.subnets {
        if subnet.subscription().eq_ignore_ascii_case(own) {
            continue;
        }
        let other = subnet.subscription();
        let text = format!("subscription {other}");
        let fix = fix_with(&[other], |words| {
            let other = words.join(" ");
            format!(
                "az account set --subscription {other}, then az provider register --namespace {ENDPOINT}"
            )
        });
        checker
            .row(site.set, number, &catalogue::OTHER_SUBSCRIPTION, &text)
            .fix(&fix);
    }
}

/// Listed subnets that are described and lack the service endpoint.
fn lacking(checker: &mut Checker<'_>, site: &RegistrySite<'_>) {
    let all = checker.files.iter().flat_map(|loaded| &loaded.file.subnets);
    let all: HashMap<SubnetId, &Subnet> = all.map(|subnet| (subnet.id.lower(), subnet)).collect();
    for &(number, id) in &site.subnets {
        let Some(&subnet) = all.get(&id.lower()) else {
            continue;
        };
        if has(subnet, ENDPOINT) {
            continue;
        }
        let mut endpoints: Vec<&str> = subnet.service_endpoints.iter().map(AsRef::as_ref).collect();
        let text = if endpoints.is_empty() {
            format!("subnet {} has no service endpoint", id.name())
        } else {
            let has = several(&endpoints);
            format!("subnet {} has {has}, and not {ENDPOINT}", id.name())
        };
        endpoints.push(ENDPOINT);
        let names = [id.resource_group(), id.network(), id.name()];
        let fix = fix_with(&[&names[..], &endpoints].concat(), |words| match words {
            [group, network, name, endpoints @ ..] => format!(
                "az network vnet subnet update --resource-group {group} --vnet-name {network} --name {name} --service-endpoints {}",
                endpoints.join(" ")
            ),
            _ => String::new(),
        });
        checker
            .row(site.set, number, &catalogue::NO_ENDPOINT, &text)
            .fix(&fix);
    }
}

/// A command with these names as words, or why there is none.
fn fix_with(names: &[&str], command: impl Fn(&[String]) -> String) -> String {
    let words: Result<Vec<String>, _> = names.iter().map(|name| az_word(name)).collect();
    match words {
        Ok(words) => command(&words),
        Err(refusal) => refusal.to_string(),
    }
}

fn has(subnet: &Subnet, endpoint: &str) -> bool {
    let mut own = subnet.service_endpoints.iter();
    own.any(|it| it.as_str().eq_ignore_ascii_case(endpoint))
}

/// One address of an IP rule.
fn address(
    checker: &mut Checker<'_>,
    site: &RegistrySite<'_>,
    number: usize,
    row: &Row,
    span: Span,
) {
    let set = site.set;
    let remove = fix_with(&[row.name.as_str()], |words| {
        format!(
            "az acr network-rule remove --name {} --ip-address {}",
            site.name(),
            words.join(" ")
        )
    });
    if span.family() == Family::V6 {
        checker
            .row(set, number, &catalogue::IPV6_RULE, &span.to_string())
            .fix(&remove);
        return;
    }
    let Some(block) = span.block() else {
        let blocks = crate::space::cover(span);
        let fix = format!("Write it as {}.", several(blocks));
        checker
            .row(set, number, &catalogue::RANGE_FORM, &span.to_string())
            .fix(&fix);
        return;
    };
    if block.length() == 0 {
        checker.row(set, number, &catalogue::WIDER, "every address is let in");
    }
    let is_written_out = row.name.as_str().contains('/');
    if is_written_out && block.length() >= 31 {
        let text = row.name.to_string();
        let singles: Vec<Block> = (span.first()..=span.last())
            .map(|address| Block::holding(Family::V4, address, 32))
            .collect();
        let singles = singles.iter().map(|block| block.span());
        let fix = format!("Write {}.", several(singles));
        checker
            .row(set, number, &catalogue::SMALL_RANGE, &text)
            .fix(&fix);
    }
    if checker.of_nobody(set, number, std::iter::once(span)) {
        return;
    }
    let own = AddressSet::from_spans([span]);
    if side::holds(checker.sides.private(), &own) {
        checker.row(set, number, &catalogue::PRIVATE_RANGE, &span.to_string());
    }
}

/// Subnets that look like those of an agent pool.
pub(super) fn subnets(checker: &mut Checker<'_>, list: &[Subnet]) {
    for subnet in list {
        let (own, lacks): (Vec<&str>, Vec<&str>) = POOL.iter().partition(|it| has(subnet, it));
        if own.len() >= LEAST_POOL && !lacks.is_empty() {
            let text = format!(
                "subnet {} has {}, and not {}",
                subnet.id.name(),
                several(own),
                several(lacks)
            );
            checker.note(&catalogue::POOL_ENDPOINTS, &text).place = subnet.id.to_string();
        }
    }
}
