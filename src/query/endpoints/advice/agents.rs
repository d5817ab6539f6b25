//! Tasks: on shared agents, and on those of a pool.

use crate::azure::Cloud;
use crate::azure::registry::{AgentPool, Client, CloudDomains, Sku, Switch};
use crate::query::endpoints::Level;
use crate::query::endpoints::advice::Advisor;

/// Everything about tasks and pools.
pub(super) fn advise(advisor: &mut Advisor<'_>) {
    if advisor.is_for(Client::Tasks) {
        let (level, text) = shared(advisor);
        if let Some(text) = text {
            advisor.say(level, "E14", text);
        }
    }
    if advisor.is_for(Client::AgentPool) {
        pool(advisor);
    }
    let is_task = advisor.is_for(Client::Tasks) || advisor.is_for(Client::AgentPool);
    if is_task && advisor.profile.has(Switch::DualStack) {
        let text = "tasks do not work with IPv4 and IPv6";
        advisor.say(Level::Error, "ipv6", text);
    }
}

/// Whether tasks on shared agents pass the registry's rules; no sentence where there are none.
fn shared(advisor: &Advisor<'_>) -> (Level, Option<&'static str>) {
    let profile = advisor.profile;
    let is_closed = profile.public_access == Some(false);
    let has_subnets = profile.subnet_rules.is_some_and(|count| count > 0);
    let has_rules = is_closed || profile.denies == Some(true);
    // The other tiers have no network rules.
    let has_none = profile.denies == Some(false)
        || profile
            .sku
            .is_some_and(|sku| sku != Sku::Premium && sku != Sku::Classic);
    // The bypass for tasks is a part of that for trusted services.
    let bypass = match (profile.trusts_services, profile.trusts_tasks) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (_, tasks) => tasks,
    };
    match (has_rules, bypass) {
        (true, _) if has_subnets => (
            Level::Error,
            Some(
                "az acr build and tasks on shared agents are refused (403): the bypass for tasks does not count while the registry has subnet rules; an agent pool works",
            ),
        ),
        (true, Some(true)) if is_closed => (
            Level::Warning,
            Some(
                "public access is off, and the bypass for tasks is on: tasks with a system-assigned identity get in; one document says that az acr build does not. An agent pool in the network works",
            ),
        ),
        (true, Some(true)) => (
            Level::Info,
            Some(
                "the bypass for tasks is on: tasks on shared agents get in with a system-assigned identity, and with no other",
            ),
        ),
        (true, _) if is_closed => (
            Level::Error,
            Some(
                "public access is off: az acr build and tasks on shared agents are refused; an agent pool in the network works",
            ),
        ),
        (true, Some(false)) => (
            Level::Error,
            Some(
                "az acr build and tasks on shared agents are refused (403): the registry has network rules, and its bypass for tasks is off; an agent pool is let in by its subnet",
            ),
        ),
        (false, _) if has_none => (Level::Info, None),
        _ => (
            Level::Warning,
            Some(
                "tasks on shared agents are refused (403) by a registry with network rules, unless its bypass for tasks is on; an agent pool is let in by its subnet",
            ),
        ),
    }
}

fn pool(advisor: &mut Advisor<'_>) {
    regions(advisor);
    let profile = advisor.profile;
    let has_own = CloudDomains::of(profile.cloud).has_service_endpoints && !profile.is_private();
    let own = if has_own {
        "Microsoft.ContainerRegistry, "
    } else {
        ""
    };
    let text = format!(
        "service endpoints of the pool's subnet: Microsoft.AzureActiveDirectory, {own}Microsoft.EventHub, Microsoft.KeyVault, Microsoft.Storage; there is none for Azure Monitor. The rules above are needed all the same"
    );
    advisor.say(Level::Info, "E17", text);
    let text = "images that tasks pull from elsewhere (Docker Hub, NuGet, mcr.microsoft.com) need rules of their own; DNS of the subnet must not use 172.17.0.0/16";
    advisor.say(Level::Info, "E15", text);
    let text = format!(
        "the page on agent pools asks for AzureMonitor on port {} too, for diagnostics; the older notes of Azure/acr list 443 alone. Without Azure Monitor a pool may run, but writes no diagnostic logs",
        AgentPool::DIAGNOSTICS
    );
    advisor.say(Level::Info, "E15", text);
}

/// The preview is not everywhere; tasks run where the registry was made.
fn regions(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    let (known, date) = (AgentPool::regions(profile.cloud), AgentPool::AS_OF);
    if known.is_empty() {
        if profile.cloud != Cloud::AzureGermany {
            let text = format!("on {date} the preview of agent pools had no region in this cloud");
            advisor.say(Level::Warning, "agent-pool", text);
        }
        return;
    }
    let own = match &profile.home {
        Some(home) => std::slice::from_ref(home),
        None => &profile.regions,
    };
    if own.is_empty() || own.iter().any(|region| known.contains(&region.as_str())) {
        return;
    }
    let places = |names: &mut dyn Iterator<Item = &str>| {
        let places: Vec<String> = names.map(|name| advisor.tags.place(name)).collect();
        places.join(", ")
    };
    let text = format!(
        "the preview of agent pools did not have {} on {date}, but {}; see whether the list has grown",
        places(&mut own.iter().map(String::as_str)),
        places(&mut known.iter().copied())
    );
    advisor.say(Level::Warning, "agent-pool", text);
}
