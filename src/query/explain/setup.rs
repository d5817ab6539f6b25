//! The registry's settings that cannot be made: rows of the table of troubles, and a pasted list
//! of service endpoints.

use crate::query::explain::advice::{
    FailureAdvice, Names, enable_endpoint, register_provider, subnet_endpoints, subnet_show,
};
use crate::query::explain::denied::NO_SUBNETS;
use crate::query::explain::endpoints::{REGISTRY, has_registry};
use crate::text::Safe;

/// A rule for a subnet cannot be saved.
pub(super) fn subnet_rule(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the rule for a subnet is not accepted",
        "The registry's rule names a subnet that has no service endpoint for \
         Microsoft.ContainerRegistry.",
    );
    advice.cause("The service endpoint is missing on the subnet.");
    advice.cause(
        "The subnet is in another subscription, where the provider Microsoft.ContainerRegistry is \
         not registered.",
    );
    advice.cause("The registry has a private endpoint: both features exclude each other.");
    advice.check("The subnet's service endpoints", [subnet_endpoints()]);
    if names.has_service_endpoints() {
        advice.change_subnet("Add the endpoint, then the rule", names);
        advice.instead("First, in another subscription", register_provider());
    } else {
        advice.change_private(NO_SUBNETS, names);
    }
    advice.in_vain("Doing the same in the portal: it has no page for it.");
    advice
}

/// The subnet's subscription does not know registries.
pub(super) fn subscription(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the subscription does not know container registries",
        "The virtual network's subscription has not registered the provider \
         Microsoft.ContainerRegistry, which a service endpoint or a rule across subscriptions needs.",
    );
    advice.cause("The subscription of the virtual network is another than the registry's.");
    let show = "az provider show --namespace Microsoft.ContainerRegistry --query registrationState \
                -o tsv";
    advice.check("Whether it is registered", [show]);
    advice.change(
        "Register it where the virtual network is",
        register_provider(),
    );
    advice.then(
        "Once it says Registered",
        [show.to_owned(), names.subnet_rule()],
    );
    advice.in_vain("Registering it in the registry's subscription: there it is already.");
    advice.note(
        "Whoever registers a provider needs a role that may, as Contributor, on the subscription.",
    );
    advice
}

/// The portal has no such setting.
pub(super) fn portal(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the portal cannot set this",
        "Service endpoints and rules for subnets of a registry cannot be set in the portal.",
    );
    advice.cause("It is a limit of the preview, not of your role.");
    if names.has_service_endpoints() {
        advice.change_subnet("Use Azure CLI 2.0.58 or later", names);
    } else {
        advice.change_private(NO_SUBNETS, names);
    }
    advice.in_vain("Another role or another browser.");
    advice
}

/// A subnet's service endpoints.
pub(super) fn service_endpoints(services: &[Safe], names: &Names) -> FailureAdvice {
    let list: Vec<&str> = services.iter().map(Safe::as_str).collect();
    let list = if list.is_empty() {
        "none at all".to_owned()
    } else {
        list.join(", ")
    };
    if has_registry(services) {
        let mut advice = FailureAdvice::new(
            "the subnet has the registry's service endpoint",
            format!("{REGISTRY} is among the subnet's service endpoints ({list})."),
        );
        advice.cause(
            "If pulls are refused all the same: no rule of the registry names this subnet, or its \
             public network access is disabled.",
        );
        advice.check("What the registry allows", [names.rules()]);
        let show = subnet_show("id -o tsv");
        advice.change("Allow the subnet", [show, names.subnet_rule()]);
        advice.then(
            "Some minutes later, from the client",
            names.login_and_pull(),
        );
        advice.in_vain("An IP rule for an address of this subnet: the registry sees private ones.");
        advice.note("A changed rule takes some minutes to work.");
        return advice;
    }
    let mut advice = FailureAdvice::new(
        "the subnet lacks the registry's service endpoint",
        format!("{REGISTRY} is not among the subnet's service endpoints ({list})."),
    );
    advice.cause("It was never added; a rule for this subnet cannot be saved, or does not match.");
    // The command replaces the list.
    let mut words = vec![enable_endpoint()];
    words.extend(services.iter().map(ToString::to_string));
    let update = words.join(" ");
    let show = subnet_show("id -o tsv");
    advice.change("Add it, then the rule", [update, show, names.subnet_rule()]);
    advice.in_vain("A rule for the subnet before the endpoint is there.");
    advice.subnet_notes();
    advice
}
