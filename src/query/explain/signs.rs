//! The phrases by which failures are known, in lower case and without spaces.

use crate::query::explain::Problem;

/// A phrase and what it means.
pub(super) struct ErrorSign {
    pub phrase: &'static str,
    pub problem: Problem,
    pub proof: Proof,
}

/// What must stand near a phrase for it to be about a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing: only registries say it.
    None,
    /// No other host: the phrase is one of the container clients', but of others too.
    NoOther,
    /// A registry's host or a container client's words.
    Registry,
}

const fn sign(phrase: &'static str, problem: Problem, proof: Proof) -> ErrorSign {
    ErrorSign {
        phrase,
        problem,
        proof,
    }
}

/// All phrases but the refusal with an address and the codes of a health check.
pub(super) const SIGNS: [ErrorSign; 71] = [
    sign("haveaccesstoregistry", Problem::Forbidden, Proof::None),
    sign(
        "loginattemptfailedwithstatus:403",
        Problem::Forbidden,
        Proof::None,
    ),
    sign(
        "pleasetryrunning'azlogin'again",
        Problem::Unauthorized,
        Proof::None,
    ),
    sign("403forbidden", Problem::Forbidden, Proof::Registry),
    sign("status:403", Problem::Forbidden, Proof::Registry),
    sign("statuscode403", Problem::Forbidden, Proof::Registry),
    sign("statuscode:403", Problem::Forbidden, Proof::Registry),
    sign("responsecode:403", Problem::Forbidden, Proof::Registry),
    sign("failedtoreachdnsforregistry", Problem::Dns, Proof::None),
    sign("dialtcp:lookup", Problem::Dns, Proof::NoOther),
    sign("nosuchhost", Problem::Dns, Proof::Registry),
    sign("servermisbehaving", Problem::Dns, Proof::Registry),
    sign(
        "temporaryfailureinnameresolution",
        Problem::Dns,
        Proof::Registry,
    ),
    sign("nameorservicenotknown", Problem::Dns, Proof::Registry),
    sign("nameresolutionerror", Problem::Dns, Proof::Registry),
    sign("couldnotresolvehost", Problem::Dns, Proof::Registry),
    sign("getaddrinfofailed", Problem::Dns, Proof::Registry),
    sign("nxdomain", Problem::Dns, Proof::Registry),
    sign("client.timeoutexceeded", Problem::Timeout, Proof::NoOther),
    sign("i/otimeout", Problem::Timeout, Proof::Registry),
    sign("tlshandshaketimeout", Problem::Timeout, Proof::Registry),
    sign("contextdeadlineexceeded", Problem::Timeout, Proof::Registry),
    sign("connectiontimedout", Problem::Timeout, Proof::Registry),
    sign("connecttimeouterror", Problem::Timeout, Proof::Registry),
    sign("operationtimedout", Problem::Timeout, Proof::Registry),
    sign("readtimedout", Problem::Timeout, Proof::Registry),
    sign("proxyconnecttcp", Problem::Proxy, Proof::NoOther),
    sign("cannotconnecttoproxy", Problem::Proxy, Proof::Registry),
    sign("unabletoconnecttoproxy", Problem::Proxy, Proof::Registry),
    sign(
        "proxyauthenticationrequired",
        Problem::Proxy,
        Proof::Registry,
    ),
    sign("hostisnotreachable", Problem::Unreachable, Proof::NoOther),
    sign(
        "couldnotconnecttotheregistryloginserver",
        Problem::Unreachable,
        Proof::None,
    ),
    sign("noroutetohost", Problem::Unreachable, Proof::Registry),
    sign(
        "networkisunreachable",
        Problem::Unreachable,
        Proof::Registry,
    ),
    sign(
        "failedtoestablishanewconnection",
        Problem::Unreachable,
        Proof::Registry,
    ),
    sign("x509:", Problem::Certificate, Proof::Registry),
    sign(
        "certificatesignedbyunknownauthority",
        Problem::Certificate,
        Proof::NoOther,
    ),
    sign(
        "certificate_verify_failed",
        Problem::Certificate,
        Proof::Registry,
    ),
    sign(
        "certificateverifyfailed",
        Problem::Certificate,
        Proof::Registry,
    ),
    sign(
        "selfsignedcertificate",
        Problem::Certificate,
        Proof::Registry,
    ),
    sign(
        "self-signedcertificate",
        Problem::Certificate,
        Proof::Registry,
    ),
    sign(
        "establishasecureconnectiontotheregistry",
        Problem::Certificate,
        Proof::None,
    ),
    sign("connectionrefused", Problem::Refused, Proof::Registry),
    sign("activelyrefusedit", Problem::Refused, Proof::Registry),
    sign("connectionresetbypeer", Problem::Reset, Proof::Registry),
    sign("forciblyclosed", Problem::Reset, Proof::Registry),
    sign("connectionaborted", Problem::Reset, Proof::Registry),
    sign("\":eof", Problem::Reset, Proof::Registry),
    sign("unexpectedeof", Problem::Reset, Proof::Registry),
    sign("401unauthorized", Problem::Unauthorized, Proof::Registry),
    sign("status:401", Problem::Unauthorized, Proof::Registry),
    sign("statuscode401", Problem::Unauthorized, Proof::Registry),
    sign("statuscode:401", Problem::Unauthorized, Proof::Registry),
    sign("responsecode:401", Problem::Unauthorized, Proof::Registry),
    sign("unauthorized:", Problem::Unauthorized, Proof::Registry),
    sign(
        "authenticationrequired",
        Problem::Unauthorized,
        Proof::Registry,
    ),
    sign(
        "nobasicauthcredentials",
        Problem::Unauthorized,
        Proof::Registry,
    ),
    sign(
        "requestedaccesstotheresourceisdenied",
        Problem::Unauthorized,
        Proof::Registry,
    ),
    sign("reachedyourpullratelimit", Problem::DockerHub, Proof::None),
    sign("toomanyrequests", Problem::Throttled, Proof::Registry),
    sign("status:429", Problem::Throttled, Proof::Registry),
    sign("statuscode429", Problem::Throttled, Proof::Registry),
    sign(
        "failedtosavefirewallandvirtualnetworksettings",
        Problem::SubnetRule,
        Proof::None,
    ),
    sign(
        "haveserviceendpointsformicrosoft.containerregistry",
        Problem::SubnetRule,
        Proof::None,
    ),
    sign(
        "subnetshavenoserviceendpoints",
        Problem::SubnetRule,
        Proof::Registry,
    ),
    sign(
        "missingsubscriptionregistration",
        Problem::Subscription,
        Proof::Registry,
    ),
    sign(
        "namespace'microsoft.containerregistry'",
        Problem::Subscription,
        Proof::None,
    ),
    sign(
        "notregisteredtousemicrosoft.containerregistry",
        Problem::Subscription,
        Proof::None,
    ),
    sign("cannotconfigureviaportal", Problem::Portal, Proof::None),
    sign(
        "configureserviceendpointsintheportal",
        Problem::Portal,
        Proof::None,
    ),
    sign(
        "configurevirtualnetworkrulesintheportal",
        Problem::Portal,
        Proof::None,
    ),
];

/// Titles of the table of troubles, where one of them is all of the text.
pub(super) const TITLES: [(&str, Problem); 6] = [
    ("403forbidden", Problem::Forbidden),
    ("configurationfails", Problem::SubnetRule),
    ("serviceendpointnotenabled", Problem::SubnetRule),
    ("cross-subscriptionfails", Problem::Subscription),
    ("resourceprovidernotregistered", Problem::Subscription),
    ("hostisnotreachable", Problem::Unreachable),
];

/// Words of container clients, in lower case and without spaces.
pub(super) const CLIENTS: [&str; 15] = [
    "errorresponsefromdaemon",
    "failedtopull",
    "failedtopush",
    "errimagepull",
    "imagepullbackoff",
    "/v2/",
    "azacr",
    "dockerpull",
    "dockerpush",
    "dockerlogin",
    "loginattempt",
    "microsoft.containerregistry",
    "azurecr",
    "helmpull",
    "oraspull",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_written_as_they_are_searched() {
        let phrases = SIGNS.into_iter().map(|sign| sign.phrase);
        for phrase in phrases.chain(TITLES.map(|(title, _)| title)).chain(CLIENTS) {
            assert_eq!(phrase, phrase.to_lowercase());
            assert!(!phrase.contains(' ') && phrase.len() > 3, "{phrase}");
        }
    }
}
