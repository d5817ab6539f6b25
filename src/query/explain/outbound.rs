//! The way out: which host a client did not reach, and what opens the network to it.

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;
use crate::query::explain::Complaint;
use crate::query::explain::advice::{FailureAdvice, Names};
use crate::query::explain::names::{Role, role_of};

/// What failed: the host of the text, else the login server.
pub(super) fn host(complaint: &Complaint, names: &Names) -> String {
    complaint
        .host
        .as_ref()
        .map_or_else(|| names.login.clone(), ToString::to_string)
}

/// Whether a host is the registry's, as far as is known: not Microsoft's, sign-in or management.
pub(super) fn is_own(host: &str) -> bool {
    !matches!(
        role_of(host),
        Role::Microsoft | Role::SignIn | Role::Management
    )
}

/// The way out for one host.
pub(super) fn open_out(advice: &mut FailureAdvice, host: &str, names: &Names) {
    let (tag, note) = match role_of(host) {
        Role::Microsoft => return open_microsoft(advice, host, names),
        Role::SignIn => (
            "AzureActiveDirectory",
            "Sign-in with Microsoft Entra needs this host besides the registry.",
        ),
        Role::Management => (
            "AzureResourceManager",
            "Azure CLI needs this host to find the registry; docker does not.",
        ),
        _ => (
            "AzureContainerRegistry",
            "Layers come from other hosts: az acr show-endpoints lists them.",
        ),
    };
    advice.change(
        &format!("Open TCP 443 to {host}: by name in a firewall, by the tag {tag} in an NSG"),
        [nsg_rule("allow-registry", "<priority>", tag)],
    );
    advice.note(note);
}

/// The way out to Microsoft's registry: two hosts, and two tags where the cloud has both.
fn open_microsoft(advice: &mut FailureAdvice, host: &str, names: &Names) {
    let (cloud, registry) = microsoft_of(host, names);
    advice.change(
        &format!(
            "Open TCP 443 to {registry} and *.data.{registry}: by name in a firewall, by tag in an NSG"
        ),
        microsoft_rules(cloud),
    );
    microsoft_tags(advice, cloud);
}

/// The tags of Microsoft's registry.
pub(super) fn microsoft_tags(advice: &mut FailureAdvice, cloud: Cloud) {
    if cloud == Cloud::Public {
        advice.note(
            "By tag both are needed: MicrosoftContainerRegistry and AzureFrontDoor.FirstParty.",
        );
    } else {
        advice.note(format!(
            "By tag both MicrosoftContainerRegistry and AzureFrontDoor.FirstParty are needed, and \
             {cloud} has no tag of the second name: open the hosts by name."
        ));
    }
}

/// Where Microsoft's registry was asked, and its name there.
pub(super) fn microsoft_of(host: &str, names: &Names) -> (Cloud, &'static str) {
    let china = CloudDomains::of(Cloud::China).microsoft.name;
    let is_china = host
        .strip_suffix(china)
        .is_some_and(|head| head.is_empty() || head.ends_with('.'));
    let cloud = match names.cloud {
        _ if is_china => Cloud::China,
        None | Some(Cloud::China) => Cloud::Public,
        Some(cloud) => cloud,
    };
    (cloud, CloudDomains::of(cloud).microsoft.name)
}

fn microsoft_rules(cloud: Cloud) -> Vec<String> {
    let first = nsg_rule("allow-mcr", "<priority>", "MicrosoftContainerRegistry");
    let front = "AzureFrontDoor.FirstParty";
    let second = nsg_rule("allow-mcr-front-door", "<next-priority>", front);
    match cloud {
        Cloud::Public => vec![first, second],
        Cloud::AzureGovernment | Cloud::China | Cloud::AzureGermany => vec![first],
    }
}

pub(super) fn nsg_rule(name: &str, priority: &str, tag: &str) -> String {
    format!(
        "az network nsg rule create --resource-group <vnet-group> --nsg-name <nsg> --name {name} \
         --priority {priority} --direction Outbound --access Allow --protocol Tcp \
         --destination-port-ranges 443 --destination-address-prefixes {tag}"
    )
}
