//! Network rules: to a subnet, to an address, verify, back again, and what stands in the way of
//! private link.

use crate::query::runbook::command::{run, word};
use crate::query::runbook::inputs::{Blank, Inputs};
use crate::query::runbook::steps::{
    RULES, SERVICE, account, address_rule, id_of, list, naming, rule, service_endpoints, update,
    wait,
};
use crate::query::runbook::{RunbookStep, Site, SubnetId};

/// Service endpoint, rule, and only then the refusal of everybody else.
pub fn restrict_to_subnet(inputs: &Inputs) -> Vec<RunbookStep> {
    let subnet = inputs.subnet.as_ref();
    let mut steps = Vec::new();
    if inputs.is_other_subscription() {
        steps.extend(register(inputs));
    }
    steps.extend(service_endpoints(subnet, &[SERVICE]));
    if inputs.is_other_subscription() {
        steps.push(back(inputs));
    }
    steps.extend(let_subnet_in(inputs));
    steps.extend(refuse_others(inputs));
    steps.extend(verify_steps(inputs));
    steps
}

/// The rule, and only then the refusal of everybody else.
pub fn restrict_to_address(inputs: &Inputs) -> Vec<RunbookStep> {
    let mut add = RunbookStep::new("Let the address in")
        .needs(RULES)
        .run(&address_rule("az acr network-rule add", inputs))
        .note("A single IPv4 address or an IPv4 range in CIDR form; IPv6 is refused.");
    if inputs.is_partly_inner() {
        add = add.note(
            "A part of this range is not public: rules act on the public endpoint, which never sees \
             those addresses. Take the range under which the clients leave their network.",
        );
    }
    let mut steps = vec![add];
    steps.extend(refuse_others(inputs));
    steps.extend(verify_steps(inputs));
    steps
}

/// From a client that is to be let in, and from one that is not.
pub fn verify(inputs: &Inputs) -> Vec<RunbookStep> {
    verify_steps(inputs)
}

/// Everybody in again, then the rules away.
pub fn roll_back(inputs: &Inputs) -> Vec<RunbookStep> {
    let is_open = inputs.subnet.is_none() && inputs.client_address.is_none();
    let mut remove = RunbookStep::new("Remove each rule").needs(RULES);
    if inputs.subnet.is_some() || is_open && inputs.has_service_endpoints() {
        let subnet = id_of(inputs.subnet.as_ref());
        remove = remove.run(&rule("az acr network-rule remove", inputs, &subnet));
    }
    if inputs.client_address.is_some() || is_open {
        remove = remove.run(&address_rule("az acr network-rule remove", inputs));
    }
    vec![
        RunbookStep::new("List the rules, and keep the answer")
            .needs(RULES)
            .run(&list(inputs)),
        RunbookStep::new("Let every network in again")
            .run(&update(inputs).with("--default-action", "Allow"))
            .note(
                "The documents have this after the removal of the rules. In that order the clients \
                 of the rules are refused in between; in this one nobody is.",
            ),
        remove.note(
            "Once for each rule of the list. To take one rule away and go on refusing the others, \
             leave the step before out.",
        ),
        RunbookStep::new("See that none is left")
            .run(&list(inputs))
            .note("The service endpoint of the subnet does no harm and may stay."),
    ]
}

/// Provider, service endpoint and rule, each in its own subscription.
pub fn other_subscription(inputs: &Inputs) -> Vec<RunbookStep> {
    let is_same = inputs.subnet.is_some()
        && inputs.registry_subscription.is_some()
        && !inputs.is_other_subscription();
    if is_same {
        return vec![
            RunbookStep::new("Nothing to do")
                .note("Subnet and registry are in the same subscription: take restrict-to-subnet."),
        ];
    }
    let mut steps = register(inputs);
    steps.extend(service_endpoints(inputs.subnet.as_ref(), &[SERVICE]));
    steps.push(back(inputs));
    steps.extend(let_subnet_in(inputs));
    steps
}

/// Service endpoints' rules away.
pub fn before_private_link(inputs: &Inputs) -> Vec<RunbookStep> {
    let subnet = id_of(inputs.subnet.as_ref());
    vec![
        RunbookStep::new("List the rules")
            .needs(RULES)
            .run(&list(inputs))
            .note(
                "What counts are the entries of virtualNetworkRules. IP rules can stay: they act on \
                 the public endpoint only.",
            ),
        RunbookStep::new("Remove each rule of a subnet")
            .needs(RULES)
            .run(&rule("az acr network-rule remove", inputs, &subnet))
            .note(
                "Once for each of them. From here until the private endpoint answers, these subnets \
                 are refused where the default action is Deny: choose a quiet hour.",
            ),
        RunbookStep::new("See that none is left")
            .run(&list(inputs).words("--query virtualNetworkRules"))
            .note("Wanted is an empty list. Now the private endpoint can be added."),
    ]
}

/// The provider in the network's subscription.
fn register(inputs: &Inputs) -> Vec<RunbookStep> {
    vec![
        account(
            "The subscription of the virtual network",
            inputs.subnet.as_ref().map(SubnetId::subscription),
            Blank::NetworkSubscription,
        ),
        RunbookStep::new("Register the provider there")
            .run(
                &run("az provider register")
                    .with("--namespace", SERVICE)
                    .words("--wait"),
            )
            .run(
                &run("az provider show")
                    .with("--namespace", SERVICE)
                    .words("--query registrationState --output tsv"),
            )
            .note("Wanted is Registered."),
    ]
}

fn back(inputs: &Inputs) -> RunbookStep {
    account(
        "Back to the registry's subscription",
        inputs.registry_subscription.as_deref(),
        Blank::RegistrySubscription,
    )
}

/// The rule of the subnet; its ID first, where it is not known.
fn let_subnet_in(inputs: &Inputs) -> Vec<RunbookStep> {
    let subnet = inputs.subnet.as_ref();
    let mut steps = Vec::new();
    if subnet.is_none() {
        let show =
            naming(run("az network vnet subnet show"), None).words("--query id --output tsv");
        let step = RunbookStep::new("The subnet's resource ID").run(&show);
        steps.push(step.note("Put it in place of <subnet-id> below."));
    }
    let add = rule("az acr network-rule add", inputs, &id_of(subnet));
    let add = RunbookStep::new("Let the subnet in").needs(RULES).run(&add);
    steps.push(add.note(
        "At most 100 such rules; a preview, for virtual machines and AKS nodes only, and not in the \
         portal.",
    ));
    steps
}

/// The default action, once the rule is there.
fn refuse_others(inputs: &Inputs) -> Vec<RunbookStep> {
    vec![
        RunbookStep::new("See that the rule is there").run(&list(inputs)),
        wait(),
        RunbookStep::new("Refuse every other network")
            .needs(RULES)
            .run(&update(inputs).with("--default-action", "Deny"))
            .note(
                "Last on purpose. The documents have this before the rule: in that order everybody \
                 is refused until the rule works.",
            )
            .note(
                "From now on pipelines, Tasks, the portal's lists of images and your own machine are \
                 refused too, unless a rule names them. roll-back undoes it.",
            ),
        wait(),
    ]
}

fn verify_steps(inputs: &Inputs) -> Vec<RunbookStep> {
    let login = inputs.login();
    let sign_in = run("az acr login").with("--name", inputs.name());
    let image = word(&format!("{login}/hello-world:v1"));
    let health = run("az acr check-health").with("--name", inputs.name());
    let mut health = health.words("--ignore-errors --yes");
    if inputs.is_private_link {
        health = health.with("--vnet", &network_of(inputs));
    }
    let mut steps = vec![
        RunbookStep::new("Health of the connection")
            .at(Site::Client)
            .run(&health)
            .note(
                "CONNECTIVITY_FORBIDDEN_ERROR means refused by rules; tagscope explain reads it.",
            ),
        RunbookStep::new("Sign in and pull")
            .at(Site::Client)
            .run(&sign_in)
            .text(format!("docker pull {image}"))
            .note(
                "Take an image that is in the registry. Its name begins with the login server in \
                 lower case.",
            ),
    ];
    if inputs.is_private_link {
        let step = RunbookStep::new("The name leads to a private address").at(Site::Client);
        steps.push(
            step.text(format!("nslookup {}", word(&login)))
                .note("Wanted is an address of your network, by way of privatelink."),
        );
    } else if inputs.subnet.is_some() {
        let show = naming(run("az network vnet subnet show"), inputs.subnet.as_ref());
        let step = RunbookStep::new("The subnet has its service endpoint");
        steps.push(
            step.run(&show.words("--query serviceEndpoints"))
                .note("Wanted is Microsoft.ContainerRegistry with the state Succeeded."),
        );
    }
    steps.push(
        RunbookStep::new("From elsewhere it is refused")
            .at(Site::Outside)
            .run(&sign_in)
            .note(&format!(
                "Wanted is: login attempt to https://{login}/v2/ failed with status: 403 Forbidden. \
                 The address in the text of a 403 is the one that the registry saw."
            )),
    );
    steps
}

/// The ID of the virtual network, or its placeholder.
fn network_of(inputs: &Inputs) -> String {
    let id = inputs.subnet.as_ref().map(ToString::to_string);
    let network = id.and_then(|id| id.split_once("/subnets/").map(|(id, _)| id.to_owned()));
    network.unwrap_or_else(|| Blank::Network.name().to_owned())
}
