//! 403: the registry was reached, and its network rules refuse the client.

use std::net::IpAddr;

use crate::azure::Cloud;
use crate::query::explain::advice::{FailureAdvice, Names, subnet_endpoints};
use crate::query::explain::client::{AddressScope, SeenClient};

/// Tasks, import and webhooks come from addresses of this tag.
const REGISTRY_TAG: &str = "AzureContainerRegistry";
/// Where subnets have no service endpoint for registries.
pub(super) const NO_SUBNETS: &str =
    "Service endpoints of registries do not exist in this cloud: take a private endpoint";
/// A private endpoint instead of an address.
const OR_PRIVATE: &str =
    "Or give the subnet a private endpoint, which network rules do not concern";
/// The subnet instead of an address.
const OR_SUBNET: &str = "Or allow the client's subnet, whatever its address";

/// Of a refusal that names the address, where it could be read; `week` is the cloud of the tags.
pub(super) fn denied(
    client: Option<&SeenClient>,
    names: &Names,
    week: Option<Cloud>,
) -> FailureAdvice {
    let Some(client) = client else {
        return forbidden(names);
    };
    let mut advice = FailureAdvice::new(
        "the registry refuses this address",
        format!(
            "The way to the registry is open: it answered, and its network rules refuse {}, the \
             address that it saw.",
            client.address
        ),
    );
    advice.check(
        "What the registry allows, and what health checks say",
        [names.rules(), names.health()],
    );
    match (client.scope, client.address) {
        (AddressScope::Private, _) => private(&mut advice, client, names),
        (AddressScope::Shared | AddressScope::Reserved, _) => shared(&mut advice, client, names),
        (_, IpAddr::V6(_)) => v6(&mut advice, client, names),
        _ if client.is_in(REGISTRY_TAG) => task(&mut advice, names),
        _ if client.is_azure() == Some(true) => azure(&mut advice, client, names),
        _ if week.is_none() || names.cloud.is_some_and(|cloud| week != Some(cloud)) => {
            unknown(&mut advice, client, names);
        }
        _ => outside(&mut advice, client, names),
    }
    public_access(&mut advice);
    after(&mut advice, names);
    advice
}

/// Of a 403 that names no address.
pub(super) fn forbidden(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "403: the registry refuses the client",
        "Something answered 403. From a registry that means: reached, but its network rules refuse \
         the address that it saw, which this text does not name.",
    );
    advice.cause("No network rule of the registry covers the client's public address.");
    if names.has_service_endpoints() {
        advice.cause(
            "The client is in a subnet with a service endpoint, and no rule names that subnet: an IP \
             rule no longer matches there.",
        );
    }
    advice.cause(
        "An HTTPS proxy stands between: the registry sees the proxy's address, or the proxy itself \
         answers 403.",
    );
    advice.check(
        "The address that the registry sees: from the client itself; a 401 means allowed, a 403 \
         names the address",
        [names.ask()],
    );
    advice.check("What the registry allows", [names.rules(), names.health()]);
    advice.change("Allow that address", [names.address_rule("<address>")]);
    if names.has_service_endpoints() {
        advice.or_subnet(OR_SUBNET, names);
    }
    public_access(&mut advice);
    after(&mut advice, names);
    advice
}

fn public_access(advice: &mut FailureAdvice) {
    advice.cause(
        "Public network access of the registry is disabled: then no rule counts, and only private \
         endpoints get through.",
    );
}

/// What is true of every refusal.
fn after(advice: &mut FailureAdvice, names: &Names) {
    advice.then(
        "Some minutes later, from the client",
        names.login_and_pull(),
    );
    advice.in_vain("Signing in again, or another role: the network rules come first.");
    advice.in_vain(
        "Outbound rules of an NSG or a firewall, or the service tag AzureContainerRegistry in them: \
         the request arrived.",
    );
    advice.note("A changed rule takes some minutes to work.");
    advice.note("Network rules need the Premium tier.");
}

fn private(advice: &mut FailureAdvice, client: &SeenClient, names: &Names) {
    let address = client.address;
    if names.has_service_endpoints() {
        advice.maybe(
            "The client's subnet has a service endpoint for Microsoft.ContainerRegistry, and no rule \
             of the registry names that subnet: only through a service endpoint does a registry see \
             a private address.",
        );
        advice.check(
            "Whether the subnet has the service endpoint",
            [subnet_endpoints()],
        );
        advice.change_subnet(
            "Allow the subnet (the update only where the endpoint is missing, and no other is there)",
            names,
        );
    } else {
        advice.maybe(
            "Something on the way hands on a private address: through a service endpoint a registry \
             would see one, but in this cloud registries have none.",
        );
        advice.change_private(NO_SUBNETS, names);
    }
    advice.in_vain(format!(
        "An IP rule for {address}: rules take public IPv4 addresses."
    ));
    if names.has_service_endpoints() {
        advice.in_vain(
            "An IP rule for the subnet's public address: through a service endpoint the registry \
             sees the private one.",
        );
    }
}

fn shared(advice: &mut FailureAdvice, client: &SeenClient, names: &Names) {
    advice.maybe(
        "A provider's network or a proxy stands between, and hands on an inner address instead of \
         a public one.",
    );
    advice.check(
        "The address that the registry sees now, from the client itself",
        [names.ask()],
    );
    advice.change(
        "Allow the public address behind which the client stands",
        [names.address_rule("<address>")],
    );
    let address = client.address;
    if client.scope == AddressScope::Reserved {
        advice.in_vain(format!(
            "An IP rule for {address}: no client has this address."
        ));
    } else {
        advice.hardly(format!(
            "An IP rule for {address}: the same address is in use behind other providers."
        ));
    }
}

fn v6(advice: &mut FailureAdvice, client: &SeenClient, names: &Names) {
    advice.maybe(
        "The registry's endpoints are dual-stack (IPv4AndIPv6) and the client came over IPv6, which \
         no IP rule can name.",
    );
    let show = format!(
        "az acr show --name {} --query endpointProtocol",
        names.registry
    );
    advice.check("Whether the registry answers over IPv6", [show]);
    advice.change(
        "Let the client come over IPv4, and allow that address",
        [names.address_rule("<address>")],
    );
    let back = format!(
        "az acr update --name {} --endpoint-protocol IPv4",
        names.registry
    );
    advice.instead(
        "Or let the registry answer over IPv4 alone, for all clients",
        [back],
    );
    advice.in_vain(format!(
        "An IP rule for {}: rules take IPv4 addresses and blocks only.",
        client.address
    ));
}

fn task(advice: &mut FailureAdvice, names: &Names) {
    advice.cause(
        "A task of a registry (az acr build, az acr run, acr purge, a triggered task): tasks run \
         on addresses of this tag, and since June 2025 the trusted services do not include them.",
    );
    advice
        .maybe("An import that another registry runs, for which trusted services are not allowed.");
    let update = format!(
        "az resource update --namespace Microsoft.ContainerRegistry --resource-type registries \
         --name {} --resource-group <resource-group> --api-version 2025-05-01-preview --set \
         properties.networkRuleBypassAllowedForTasks=true",
        names.registry
    );
    advice.change("Let the registry's tasks pass the network rules", [update]);
    pool(advice, names);
    advice.in_vain(
        "An IP rule for this address: the next run comes from another one, and the tag has more \
         blocks than a registry takes rules.",
    );
    advice.note(
        "The bypass counts for tasks with the system-assigned identity, and not for a registry with \
         service endpoints: there take the agent pool.",
    );
}

/// Tasks on machines in a subnet of one's own.
fn pool(advice: &mut FailureAdvice, names: &Names) {
    let registry = &names.registry;
    let mut commands = vec![format!(
        "az acr agentpool create --registry {registry} --name <pool> --tier S2 --subnet-id \
         <subnet-id>"
    )];
    if names.has_service_endpoints() {
        commands.push(names.subnet_rule());
    }
    commands.push(format!(
        "az acr build --registry {registry} --agent-pool <pool> --image <repository>:<tag> ."
    ));
    advice.instead(
        "Or run the tasks in an agent pool in your own subnet, once it has its outbound rules and \
         service endpoints (tagscope runbook agent-pool writes them all)",
        commands,
    );
    advice.note(if names.has_service_endpoints() {
        "The pool's subnet needs a rule of the registry and the service endpoint \
         Microsoft.ContainerRegistry, or a private endpoint; else its tasks get 403 too."
    } else {
        "The pool's subnet needs a private endpoint of the registry; else its tasks get 403 too."
    });
}

fn azure(advice: &mut FailureAdvice, client: &SeenClient, names: &Names) {
    let address = client.address.to_string();
    if client.is_in("AzureDevOps") {
        advice.maybe("Azure DevOps itself: a service connection, not an agent.");
    } else if let Some(service) = client.service() {
        advice.maybe(format!(
            "Something that runs in this service of Azure: the tag {} holds the address.",
            service.tag
        ));
    }
    advice.maybe(
        "A virtual machine, an AKS node or a container that leaves through this address: its own, or \
         one of a NAT gateway, a load balancer or a firewall, shared by all behind it.",
    );
    advice.cause(
        "A hosted build agent of Azure Pipelines, or of others who run on Azure: its address changes.",
    );
    advice.change(
        "Allow the address, where it is yours and fixed",
        [names.address_rule(&address)],
    );
    if names.has_service_endpoints() {
        advice.or_subnet(OR_SUBNET, names);
    }
    advice.or_private(OR_PRIVATE, names);
    advice.in_vain(
        "Trusted services (--allow-trusted-services): virtual machines, AKS, App Service and build \
         agents are not among them.",
    );
    advice.in_vain(
        "The blocks of AzureCloud as IP rules: they are everybody's, and more than a registry takes.",
    );
    if names.has_service_endpoints() {
        advice.note(
            "Once a subnet has a service endpoint for Microsoft.ContainerRegistry, the registry sees \
             its private addresses, and an IP rule matches no longer.",
        );
    }
    single(advice);
}

fn outside(advice: &mut FailureAdvice, client: &SeenClient, names: &Names) {
    let address = client.address.to_string();
    advice.cause(
        "No network rule covers the public address of this office, data centre, VPN or home.",
    );
    advice
        .maybe("The address has changed since the rule was made: a dynamic one, or another exit.");
    advice.cause("An HTTPS proxy stands between, and this is its address.");
    advice.change("Allow the address", [names.address_rule(&address)]);
    advice.or_private(
        "Or bring the client in over VPN or ExpressRoute to a private endpoint",
        names,
    );
    advice.in_vain(
        "A service endpoint or a rule for a subnet: they are for virtual networks, not for clients \
         outside of Azure.",
    );
    single(advice);
}

/// Of an address of which the tags are not known, or only those of another cloud.
fn unknown(advice: &mut FailureAdvice, client: &SeenClient, names: &Names) {
    let address = client.address.to_string();
    advice.cause("No network rule covers this address.");
    advice.maybe("It is the way out of an office, a data centre, a VPN, a home or a proxy.");
    advice.maybe(
        "It is one of Azure: a virtual machine, an AKS node, a build agent, or a task of a registry. \
         The tags would tell, and are not known.",
    );
    advice.change(
        "Allow the address, where it is yours and fixed",
        [names.address_rule(&address)],
    );
    if names.has_service_endpoints() {
        advice.or_subnet(OR_SUBNET, names);
    }
    advice.or_private(OR_PRIVATE, names);
    let cloud = names.cloud.unwrap_or(Cloud::Public);
    advice.note(format!(
        "With a week of the cloud (tagscope update --cloud {}) the address is told apart.",
        cloud.flag()
    ));
    single(advice);
}

/// What is true of every rule for an address.
fn single(advice: &mut FailureAdvice) {
    advice.presume(
        "The rule is for this one address (/32). Behind NAT it lets in all who share it, and it \
         ends when the address changes.",
    );
}
