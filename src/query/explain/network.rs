//! The registry was not reached, or reached and not open to this user.

use crate::query::explain::Complaint;
use crate::query::explain::advice::{FailureAdvice, Names, subnet_show};
use crate::query::explain::layers;
use crate::query::explain::names::{Role, role_of};
use crate::query::explain::outbound::{host, is_own, open_out};

pub(super) fn dns(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    if matches!(role_of(&host), Role::Data | Role::Blob) {
        return layers::unresolved(&host, names);
    }
    let mut advice = FailureAdvice::new(
        "the name has no address",
        format!("The resolver gave no address for {host}: nothing was sent to it."),
    );
    advice.cause(
        "The name is misspelt, the registry does not exist (any more), or it is in another cloud.",
    );
    advice.cause(
        "The network has a private DNS zone (privatelink.…) without a record for this name: \
         each login server and each data endpoint needs one.",
    );
    advice.maybe("The client's resolver does not answer, or may not ask for outside names.");
    advice.maybe("Names are resolved by a proxy here, and this client does not use it.");
    advice.check(
        "What the resolver says, from the client",
        [format!("nslookup {host}")],
    );
    let show = format!(
        "az acr show --name {} --query loginServer -o tsv",
        names.registry
    );
    advice.check("The login server as Azure knows it", [show]);
    advice.check(
        "The route of the names, from outside and from the virtual network",
        [names.health(), names.health_in_network()],
    );
    advice.change_elsewhere(
        "Correct the name, or add the record to the private zone or the resolver. A zone without \
         records that is linked to a network hides the public names.",
    );
    advice.in_vain("Network rules of the registry, roles or signing in: it was not asked.");
    advice.in_vain("Firewall rules for its addresses: no address was found to connect to.");
    advice
}

pub(super) fn timeout(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    let mut advice = FailureAdvice::new(
        "no answer in time",
        format!("{host} did not answer in time. A refusal by the registry looks different: 403."),
    );
    advice.cause("A firewall, an NSG or a route drops the way out to TCP 443.");
    advice.cause("Only a proxy leads out, and the client or its daemon does not use it.");
    if is_own(&host) {
        advice.cause(
            "The name leads to a private endpoint that this network cannot reach: no peering, no \
             VPN, or a record left behind.",
        );
    }
    advice.maybe("The service or the way is slow: then a second try succeeds.");
    advice.check(
        "Whether a connection opens, from the client",
        [
            format!("nslookup {host}"),
            format!("curl -sSv --max-time 10 https://{host}/v2/"),
        ],
    );
    if is_own(&host) {
        advice.check("What health checks say", [names.health()]);
    }
    open_out(&mut advice, &host, names);
    advice.in_vain("Network rules of the registry: its refusal is a 403, not silence.");
    advice.in_vain("Signing in again.");
    advice
}

pub(super) fn proxy(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the proxy did not let the connection through",
        "The client was told to use a proxy, and the connection through it failed: the registry has \
         not been reached.",
    );
    advice.cause(
        "Docker's daemon has no proxy settings, or others than the client: each has its own.",
    );
    advice.cause("The proxy does not allow CONNECT to the registry's hosts on port 443.");
    advice.maybe("The proxy's address is written with https:// where it speaks http.");
    advice.maybe("The proxy wants a password.");
    let show = "docker info --format '{{.HTTPProxy}} {{.HTTPSProxy}} {{.NoProxy}}'";
    advice.check("What the daemon uses", [show]);
    let curl = format!(
        "curl -sSv --proxy http://<proxy> https://{}/v2/",
        names.login
    );
    advice.check(
        "Whether the proxy lets the registry through: 401 means yes",
        [curl],
    );
    advice.change(
        "Give the daemon its proxy in a systemd drop-in (Environment=\"HTTPS_PROXY=http://<proxy>\"), \
         and restart it",
        [
            "sudo systemctl edit docker",
            "sudo systemctl daemon-reload",
            "sudo systemctl restart docker",
        ],
    );
    advice.in_vain("Network rules of the registry: it was not asked. Signing in again.");
    advice.note(
        "The proxy needs all hosts: the login server and where layers come from. Behind it the \
         registry's rules see the proxy's address.",
    );
    advice
}

pub(super) fn certificate(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    let mut advice = FailureAdvice::new(
        "the certificate is not accepted",
        format!("{host} was reached, but the client does not trust the certificate that came."),
    );
    advice.cause(
        "A proxy or firewall opens TLS and signs with its own authority, which this client does not \
         know.",
    );
    advice.maybe("The client's list of authorities or its clock is out of date.");
    advice.maybe("The name leads to another machine: a wrong record, a captive portal.");
    advice.check(
        "Who issued the certificate",
        [format!(
            "openssl s_client -connect {host}:443 -servername {host} </dev/null 2>/dev/null | \
             openssl x509 -noout -issuer -subject -dates"
        )],
    );
    advice.change(
        "Trust the proxy's authority (Debian and Ubuntu), then restart the daemon",
        [
            "sudo cp proxy-ca.crt /usr/local/share/ca-certificates/",
            "sudo update-ca-certificates",
            "sudo systemctl restart docker",
        ],
    );
    advice.instead::<String>("Or have the proxy leave the registry's hosts alone", []);
    advice.in_vain("Network rules of the registry, roles or signing in.");
    advice.hardly("insecure-registries: it hides whoever reads along.");
    if matches!(role_of(&host), Role::Registry | Role::Data | Role::Foreign) {
        advice.note(format!(
            "The registry's own certificate is fetched from the bare host {}: keep it open too.",
            names.domains().registry.name
        ));
    }
    advice
}

pub(super) fn cut(complaint: &Complaint, names: &Names, is_refused: bool) -> FailureAdvice {
    let host = host(complaint, names);
    let (title, what) = if is_refused {
        (
            "the connection is refused",
            "Nothing listens at the address, or something on the way refuses",
        )
    } else {
        (
            "the connection was cut",
            "The connection was cut before an answer came",
        )
    };
    let mut advice = FailureAdvice::new(
        title,
        format!("{what}: {host} gave no answer of a registry."),
    );
    advice.cause("A firewall or proxy on the way ends the connection.");
    advice.maybe("The name leads to a private or wrong address: an old record, a hosts file.");
    if is_refused {
        advice.maybe("The proxy that is set does not run, or listens on another port.");
    } else if names.has_service_endpoints() && is_own(&host) {
        advice.maybe("A service endpoint was just switched on, which closes open connections.");
    }
    advice.check(
        "Where the name leads and what answers, from the client",
        [
            format!("nslookup {host}"),
            format!("curl -sSv --max-time 10 https://{host}/v2/"),
        ],
    );
    open_out(&mut advice, &host, names);
    advice.in_vain("Network rules of the registry: its refusal is a 403. Signing in again.");
    advice
}

pub(super) fn unreachable(complaint: &Complaint, names: &Names) -> FailureAdvice {
    let host = host(complaint, names);
    let mut advice = FailureAdvice::new(
        "no way to the registry",
        format!("The client could not connect to {host}."),
    );
    if is_own(&host) {
        advice.cause(
            "The registry has a private endpoint, and the name does not lead to its private address \
             from here, or this network has no way to it.",
        );
    }
    advice.cause("A firewall, an NSG or a route drops the way out to TCP 443.");
    if is_own(&host) {
        advice.cause(
            "Public network access is disabled, and the client is not in a connected network.",
        );
    }
    advice.check(
        "Where the name leads, from the client",
        [format!("nslookup {host}")],
    );
    if is_own(&host) {
        advice.check(
            "What health checks say",
            [names.health(), names.health_in_network()],
        );
    }
    advice.check(
        "The subnet's way",
        [subnet_show(
            "\"{nsg:networkSecurityGroup.id,routes:routeTable.id}\"",
        )],
    );
    open_out(&mut advice, &host, names);
    advice.in_vain("IP rules of the registry: they do not concern private endpoints.");
    advice
}

/// D7: who signs in, and how.
pub(super) fn unauthorized(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "signed out, or without the role",
        "401: the registry was reached and its network rules let the client through. It asks who \
         this is: the network is not the cause.",
    );
    advice.cause("Not signed in, or the token has expired.");
    advice.cause(
        "The identity lacks the role: AcrPull to pull, AcrPush to push, or their likes for \
         repositories.",
    );
    advice.maybe("AKS: the registry is not attached to the cluster, or the pull secret is old.");
    advice.maybe("The repository's name is misspelt: without rights a registry does not say so.");
    advice.check("Whether sign-in works", [names.health()]);
    let [login, pull] = names.login_and_pull();
    advice.change("Sign in", [login]);
    advice.instead(
        "Or give the identity its role",
        [format!(
            "az role assignment create --assignee <identity> --role AcrPull --scope \"$(az acr show \
             --name {} --query id -o tsv)\"",
            names.registry
        )],
    );
    advice.then("Then", [pull]);
    advice.in_vain("Firewall rules, NSG rules, service tags or network rules of the registry.");
    advice.note(
        "Login servers sign in apart: the global and a regional name each need their own sign-in.",
    );
    advice
}

pub(super) fn throttled(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "too many requests",
        "429: the registry was reached and answers fewer requests than it gets.",
    );
    advice.cause(
        "More requests a minute than the tier takes: some 10,000 reads on Basic and Standard, \
         20,000 on Premium, and half of it for one identity.",
    );
    advice.maybe("Many nodes pull at once, or a loop tries without a pause.");
    let usage = format!(
        "az acr show --name {} --query sku.name -o tsv",
        names.registry
    );
    advice.check("The registry's tier", [usage]);
    advice.change_elsewhere(
        "Wait as long as the header Retry-After says, and pull with fewer at once.",
    );
    let sku = format!("az acr update --name {} --sku Premium", names.registry);
    advice.instead("Or take a higher tier", [sku]);
    advice.in_vain("Network rules, firewall rules or signing in again: signing in counts too.");
    advice.note("The limits are approximate, and count for each replica.");
    advice
}
