//! Steps that several runbooks share.

use crate::azure::Cloud;
use crate::query::runbook::command::{CommandLine, run};
use crate::query::runbook::inputs::{Blank, Inputs, or};
use crate::query::runbook::{RunbookStep, Site, SubnetId};

/// What network rules need.
pub const RULES: &str = "Premium; Azure CLI 2.0.58 or later";

/// The name of the service endpoint.
pub const SERVICE: &str = "Microsoft.ContainerRegistry";

impl RunbookStep {
    /// A step without commands.
    pub(super) fn new(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            needs: "",
            site: Site::Admin,
            commands: Vec::new(),
            notes: Vec::new(),
        }
    }

    pub(super) const fn needs(mut self, needs: &'static str) -> Self {
        self.needs = needs;
        self
    }

    pub(super) const fn at(mut self, site: Site) -> Self {
        self.site = site;
        self
    }

    pub(super) fn run(self, command: &CommandLine) -> Self {
        self.text(command.to_string())
    }

    pub(super) fn text(mut self, command: String) -> Self {
        self.commands.push(command);
        self
    }

    pub(super) fn note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }
}

/// Azure CLI on the right cloud; nothing for the one that it starts with.
pub fn cloud(inputs: &Inputs, site: Site) -> Vec<RunbookStep> {
    let name = match inputs.cloud {
        Cloud::AzureGovernment => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
        Cloud::Public | Cloud::AzureGermany => return Vec::new(),
    };
    vec![
        RunbookStep::new("Azure CLI on this cloud")
            .at(site)
            .run(&run("az cloud set").with("--name", name))
            .note("Sign in again with az login afterwards, if you are not signed in to it."),
    ]
}

/// `az account set`.
pub fn account(what: &str, subscription: Option<&str>, blank: Blank) -> RunbookStep {
    let command = run("az account set").with("--subscription", or(subscription, blank));
    RunbookStep::new(what).run(&command)
}

/// Options that name a subnet: its own name, network, group and, where known, subscription.
pub fn naming(command: CommandLine, subnet: Option<&SubnetId>) -> CommandLine {
    command
        .with("--name", or(subnet.map(SubnetId::name), Blank::Subnet))
        .with(
            "--vnet-name",
            or(subnet.map(SubnetId::network), Blank::Network),
        )
        .with(
            "--resource-group",
            or(subnet.map(SubnetId::resource_group), Blank::NetworkGroup),
        )
        .with_some("--subscription", subnet.map(SubnetId::subscription))
}

/// The subnet's ID as a value.
pub fn id_of(subnet: Option<&SubnetId>) -> String {
    subnet.map_or_else(|| Blank::SubnetId.name().to_owned(), ToString::to_string)
}

/// Shows what the subnet has, and switches these endpoints on: `--service-endpoints` replaces the
/// list, so the first step stops at others.
pub fn service_endpoints(subnet: Option<&SubnetId>, services: &[&str]) -> Vec<RunbookStep> {
    let show = naming(run("az network vnet subnet show"), subnet);
    let listed = show
        .clone()
        .words("--query \"serviceEndpoints[].service\"")
        .words("--output tsv");
    let known = services
        .iter()
        .map(|service| format!("service!='{service}'"));
    let known: Vec<String> = known.collect();
    let others = show
        .words(&format!(
            "--query \"serviceEndpoints[?{}].service\"",
            known.join(" && ")
        ))
        .words("--output tsv");
    // Without line breaks: it stands within another command.
    let others = others.to_string().replace(" \\\n  ", " ");
    let guard = format!(
        "test -z \"$({others})\" ||\n  (echo 'other endpoints: add them to the next command' >&2; \
         false)"
    );
    let update = naming(run("az network vnet subnet update"), subnet)
        .words(&format!("--service-endpoints {}", services.join(" ")));
    vec![
        RunbookStep::new("See which service endpoints the subnet has")
            .run(&listed)
            .text(guard)
            .note(
                "The next step replaces the whole list: keeping what is there is up to you. The \
                 second command stops when there are others; name them in the next command too, \
                 and take this one out.",
            ),
        RunbookStep::new("Switch the service endpoint on")
            .needs("Azure CLI 2.0.58 or later")
            .run(&update)
            .note("Open connections from the subnet to the service are dropped."),
    ]
}

/// `az acr network-rule add` or `remove`, for a subnet.
pub fn rule(verb: &'static str, inputs: &Inputs, subnet: &str) -> CommandLine {
    run(verb)
        .with("--name", inputs.name())
        .with("--subnet", subnet)
        .with_some("--subscription", inputs.registry_subscription.as_deref())
}

/// `az acr network-rule add` or `remove`, for an address.
pub fn address_rule(verb: &'static str, inputs: &Inputs) -> CommandLine {
    run(verb)
        .with("--name", inputs.name())
        .with("--ip-address", &inputs.address())
        .with_some("--subscription", inputs.registry_subscription.as_deref())
}

/// The rules of the registry.
pub fn list(inputs: &Inputs) -> CommandLine {
    run("az acr network-rule list")
        .with("--name", inputs.name())
        .with_some("--subscription", inputs.registry_subscription.as_deref())
}

/// `az acr update`.
pub fn update(inputs: &Inputs) -> CommandLine {
    run("az acr update")
        .with("--name", inputs.name())
        .with_some("--subscription", inputs.registry_subscription.as_deref())
}

/// Time for rules to work.
pub fn wait() -> RunbookStep {
    RunbookStep::new("Wait")
        .text("sleep 180".to_owned())
        .note("Changes of rules take some minutes to work; an answer before then says nothing.")
}
