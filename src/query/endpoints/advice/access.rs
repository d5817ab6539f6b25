//! Who is let in: private link, public access, the registry's own rules, both address families.

use crate::azure::registry::{CloudDomains, Switch};
use crate::query::endpoints::Level;
use crate::query::endpoints::advice::Advisor;
use crate::text::counted;

/// Everything about who is let in.
pub(super) fn advise(advisor: &mut Advisor<'_>) {
    private_link(advisor);
    public_access(advisor);
    network_rules(advisor);
    dual_stack(advisor);
}

/// Whether a document says that nothing but private endpoints gets in.
fn is_closed(advisor: &Advisor<'_>) -> bool {
    advisor.profile.public_access == Some(false)
}

fn private_link(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    if !profile.is_private() {
        return;
    }
    let text = "private link and service endpoints cannot be combined";
    match profile.subnet_rules {
        Some(0) => {}
        Some(count) => {
            let rules = counted(count, "subnet rule", "subnet rules");
            let text = format!("{text}: remove the {rules} of this registry first");
            advisor.say(Level::Error, "C3", text);
        }
        None if CloudDomains::of(profile.cloud).has_service_endpoints => {
            let text = format!("{text}: list the network rules and remove those of subnets");
            advisor.say(Level::Warning, "C3", text);
        }
        None => {}
    }
    let mut text = "the registry's names lead to private addresses of your subnet, which are in no service tag; a proxy still needs every name".to_owned();
    if !is_closed(advisor) {
        text.push_str(". Clients that stay outside need the plan without private link");
    }
    advisor.say(Level::Info, "B9", text);
    advisor.say(
        Level::Info,
        "D8",
        "private endpoints need the private DNS zone linked to each network, rules of the subnet where its network policies are on, and VPN or ExpressRoute for clients on premises",
    );
    let text = "Azure Bastion is not supported with a registry's private endpoint; an endpoint with fixed addresses cannot gain replicas";
    advisor.say(Level::Info, "private-link", text);
}

fn public_access(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    if !is_closed(advisor) {
        return;
    }
    if profile.has(Switch::PrivateLink) {
        let text = "public access is off: private endpoints alone get in, and the registry's rules for addresses and subnets have no effect";
        advisor.say(Level::Warning, "E12", text);
    } else {
        let text = "public access is off: without private link nothing reaches this registry, service endpoints included. The plan is for after a private endpoint is made";
        advisor.say(Level::Error, "E12", text);
    }
    advisor.say(
        Level::Warning,
        "C10",
        "public access is off: Azure DevOps Services cannot reach the registry; its own agents cannot use private endpoints, self-hosted ones in the network can",
    );
    let has_subnets = profile.subnet_rules.is_some_and(|count| count > 0);
    let (level, text) = match profile.trusts_services {
        Some(false) => (
            Level::Warning,
            "public access is off, and so is the bypass for trusted services: Defender for Cloud and the others do not get in",
        ),
        _ if has_subnets => (
            Level::Warning,
            "public access is off: the bypass for trusted services such as Defender for Cloud does not count while the registry has subnet rules",
        ),
        Some(true) => (
            Level::Info,
            "public access is off: trusted services such as Defender for Cloud get in, since the bypass for them is on",
        ),
        None => (
            Level::Info,
            "public access is off: trusted services such as Defender for Cloud get in only with the bypass for them",
        ),
    };
    advisor.say(level, "C9", text);
    advisor.say(
        Level::Info,
        "C12",
        "public access is off: the portal and az list repositories from inside the network only",
    );
}

/// Rules of the registry itself, where a document tells them and they have an effect.
fn network_rules(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    if profile.denies != Some(true) || is_closed(advisor) {
        return;
    }
    let count = |count: Option<usize>| count.unwrap_or(0);
    let rules = format!(
        "only what its own network rules name ({} for addresses, {} for subnets)",
        count(profile.address_rules),
        count(profile.subnet_rules)
    );
    if profile.has(Switch::PrivateLink) {
        let text = format!(
            "clients of a private endpoint pass; of the others this registry lets in {rules}"
        );
        advisor.say(Level::Info, "C17", text);
    } else {
        let text = format!(
            "this registry lets in {rules}: the clients' public addresses or subnets must be among them, besides what is opened here"
        );
        advisor.say(Level::Warning, "C17", text);
    }
}

fn dual_stack(advisor: &mut Advisor<'_>) {
    let profile = advisor.profile;
    if !profile.has(Switch::DualStack) {
        let has_v6 = |counts: [usize; 2]| counts[1] > 0;
        let mut rows = advisor.rows.iter();
        if !profile.is_private() && rows.any(|row| row.prefixes.is_some_and(has_v6)) {
            let text = "registries answer over IPv4 unless IPv4 and IPv6 was chosen for them; the tags hold IPv6 prefixes all the same";
            advisor.say(Level::Info, "ipv6", text);
        }
        return;
    }
    if !profile.has_data_endpoints() {
        let text = "IPv4 and IPv6 needs dedicated data endpoints";
        advisor.say(Level::Error, "ipv6", text);
    }
    if is_closed(advisor) {
        let text = "IPv4 and IPv6 is of the public endpoints alone, and public access is off: it has no effect";
        advisor.say(Level::Info, "ipv6", text);
    } else {
        let text = "IPv4 and IPv6 is a preview (Azure CLI 2.87.0 or later) of the public endpoints; lists of addresses need the IPv6 prefixes too";
        advisor.say(Level::Warning, "ipv6", text);
    }
}
