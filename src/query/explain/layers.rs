//! Hosts that are not the login server: where layers come from, Microsoft's registry, Docker Hub.

use crate::query::explain::Complaint;
use crate::query::explain::advice::{FailureAdvice, Names};
use crate::query::explain::names::{Role, role_of};
use crate::query::explain::outbound::{host, microsoft_of, microsoft_tags, nsg_rule};

/// The layers did not come: their host was not reached.
pub(super) fn unreached(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    let is_blob = role_of(&host) == Role::Blob;
    let mut advice = FailureAdvice::new(
        "the layers do not come: their host is not open",
        format!(
            "The login server answered and sent the client on to {host} for the layers; that host \
             was not reached."
        ),
    );
    if is_blob {
        advice.cause(
            "The firewall knows the login server only. Without dedicated data endpoints layers come \
             from storage, whose host name is not fixed: *.blob of the cloud, or the tag Storage.",
        );
    } else {
        advice.cause(
            "The firewall does not allow the dedicated data endpoint of this region: each region of \
             a geo-replicated registry has its own.",
        );
        advice.cause(
            "With private endpoints: the private zone lacks the record of the data endpoint.",
        );
    }
    advice.check("The hosts from which layers come", [show(names)]);
    advice.check(
        "Whether a connection opens, from the client",
        [format!("curl -sSv --max-time 10 https://{host}/")],
    );
    let tag = "Storage.<region>";
    let text = format!("Open TCP 443 to {host}: by name in a firewall, by tag in an NSG");
    if is_blob {
        advice.change(&text, [nsg_rule("allow-layers", "<priority>", tag)]);
        let on = format!(
            "az acr update --name {} --data-endpoint-enabled true",
            names.registry
        );
        advice.instead(
            "Or open fixed names instead of all storage (Premium)",
            [on, show(names)],
        );
        advice.note(
            "Data endpoints replace the storage hosts at once: open them for every client and \
             region before they are switched on.",
        );
    } else {
        advice.change_elsewhere(text);
        advice.presume(
            "No document names the data endpoints' tag: allow AzureContainerRegistry and Storage of \
             the region, or the host by name.",
        );
    }
    advice.in_vain("Network rules of the registry, or the login server once more: it answered.");
    advice.in_vain("Signing in again.");
    advice
}

/// The host of the layers has no address.
pub(super) fn unresolved(host: &str, names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the host of the layers has no address",
        format!(
            "The login server answered and sent the client on to {host} for the layers; the resolver \
             gave no address for that name."
        ),
    );
    if role_of(host) == Role::Blob {
        advice.maybe("A private DNS zone for storage hides the public names, and lacks this one.");
    } else {
        advice.cause(
            "The network has a private DNS zone (privatelink.…) without a record for this name: \
             each data endpoint needs one beside the login server's.",
        );
    }
    advice.maybe("The client's resolver does not answer, or may not ask for outside names.");
    advice.maybe("Names are resolved by a proxy here, and this client does not use it.");
    advice.check(
        "What the resolver says, from the client",
        [format!("nslookup {host}")],
    );
    advice.check("The hosts from which layers come", [show(names)]);
    advice.change_elsewhere(
        "Add the record to the private zone, or let the resolver ask for the public name.",
    );
    advice.in_vain("Network rules of the registry, roles or signing in: the registry answered.");
    advice.in_vain("Firewall rules for its addresses: no address was found to connect to.");
    advice
}

/// The host of the layers refuses, or something in its place.
pub(super) fn forbidden(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    let mut advice = FailureAdvice::new(
        "the layers are refused",
        format!(
            "The login server answered and sent the client on to {host} for the layers; there, or at \
             a proxy in its place, the request was refused."
        ),
    );
    advice.maybe(
        "The layer's link has expired: it is good for some 20 to 30 minutes. A slow pull or a wrong \
         clock is enough.",
    );
    advice.maybe("A proxy or firewall answers in its place, and does not allow this host.");
    advice.check(
        "Who answers: the headers name a proxy, or storage",
        [format!("curl -sSi --max-time 10 https://{host}/")],
    );
    advice.check("The hosts from which layers come", [show(names)]);
    advice.change_elsewhere(format!(
        "Pull again, which gives a new link; where a proxy answers, let it pass {host} unchanged."
    ));
    advice.hardly("Network rules of the registry, roles or signing in: the login server answered.");
    advice.in_vain("Opening TCP 443 in an NSG: something answered.");
    advice
}

/// Microsoft's registry refuses, or something in its place.
pub(super) fn microsoft(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    let (cloud, registry) = microsoft_of(&host, names);
    let mut advice = FailureAdvice::new(
        "Microsoft's registry refuses, or a proxy in its place",
        format!(
            "The refusal came at {host}: Microsoft's own registry, which no rule of your registry \
             concerns."
        ),
    );
    advice.maybe("A proxy or firewall answers in its place, and does not allow this host.");
    advice.maybe("The image's name or tag is misspelt, or no longer there.");
    advice.maybe("Where it says 429: too many pulls at once from this address.");
    advice.check(
        "Who answers",
        [
            format!("curl -sSi --max-time 10 https://{registry}/v2/"),
            format!("docker pull {registry}/mcr/hello-world"),
        ],
    );
    advice.change_elsewhere(format!(
        "Let proxy and firewall pass {registry} and *.data.{registry} on TCP 443; where it is no \
         proxy that answers, correct the image's name, or wait."
    ));
    microsoft_tags(&mut advice, cloud);
    advice.in_vain("Network rules, roles or signing in of your own registry: it was not asked.");
    advice
}

/// Docker Hub's own limit.
pub(super) fn docker_hub(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "Docker Hub's limit, not the registry's",
        "Docker Hub says that it has had too many pulls; the registry is not the cause.",
    );
    advice.maybe("An image, or the base image of a build, comes from Docker Hub without sign-in.");
    advice.maybe("Many pull from behind the same address.");
    advice.change(
        "Copy the image into your registry, and pull it from there",
        [format!(
            "az acr import --name {} --source docker.io/library/<repository>:<tag>",
            names.registry
        )],
    );
    advice.instead("Or sign in to Docker Hub", ["docker login"]);
    advice.hardly("A higher tier, network rules or roles of the registry.");
    advice
}

fn show(names: &Names) -> String {
    format!("az acr show-endpoints --name {}", names.registry)
}
