//! Tasks in a subnet.

use crate::azure::registry::AgentPool;
use crate::query::runbook::command::{CommandLine, run};
use crate::query::runbook::inputs::{Blank, Inputs, or};
use crate::query::runbook::steps::{RULES, SERVICE, id_of, naming, rule, service_endpoints};
use crate::query::runbook::{RunbookStep, SubnetId};

/// The priority of the first rule; the others follow.
const FIRST: usize = 200;

/// The service endpoints of the pool's subnet.
const ENDPOINTS: [&str; 5] = [
    "Microsoft.AzureActiveDirectory",
    SERVICE,
    "Microsoft.EventHub",
    "Microsoft.KeyVault",
    "Microsoft.Storage",
];

/// Rules, endpoints, the pool, and its way into the registry.
pub fn agent_pool(inputs: &Inputs) -> Vec<RunbookStep> {
    let subnet = inputs.agent_subnet.as_ref().or(inputs.subnet.as_ref());
    // With private link the registry is reached through it; elsewhere no such endpoint exists.
    let has_own = inputs.has_service_endpoints() && !inputs.is_private_link;
    let endpoints = ENDPOINTS
        .into_iter()
        .filter(|&name| has_own || name != SERVICE);
    let endpoints: Vec<&str> = endpoints.collect();
    let mut steps = vec![outbound(inputs, subnet)];
    for mut step in service_endpoints(subnet, &endpoints) {
        if !step.needs.is_empty() {
            "Switch the service endpoints on".clone_into(&mut step.what);
            step = step.note(if has_own {
                "Azure Monitor has none; the rules are needed all the same."
            } else if inputs.is_private_link {
                "Without Microsoft.ContainerRegistry, since the registry has private link. Azure \
                 Monitor has none."
            } else {
                "Without Microsoft.ContainerRegistry, which this cloud does not have."
            });
        }
        steps.push(step);
    }
    if subnet.is_none() {
        let show = naming(run("az network vnet subnet show"), None);
        let step = RunbookStep::new("The subnet's resource ID");
        steps.push(
            step.run(&show.words("--query id --output tsv"))
                .note("Put it in place of <subnet-id> below."),
        );
    }
    steps.push(create(inputs, subnet));
    if has_own {
        let add = rule("az acr network-rule add", inputs, &id_of(subnet));
        let step = RunbookStep::new("Let the pool's subnet in").needs(RULES);
        steps.push(
            step.run(&add)
                .note("Needed where the registry's default action is Deny."),
        );
    }
    steps.push(look(inputs));
    steps
}

/// One rule for each tag: a rule holds one tag only.
fn outbound(inputs: &Inputs, subnet: Option<&SubnetId>) -> RunbookStep {
    let group = or(inputs.security_group.as_deref(), Blank::SecurityGroup);
    let mut step = RunbookStep::new("Outbound rules for the pool's subnet").note(
        "The priorities must be free and stand before any rule that refuses. Port 12000 carries \
         diagnostics: without Azure Monitor the pool may run, but writes no diagnostic logs. The older \
         notes of Azure/acr list 443 alone.",
    );
    for (place, service) in AgentPool::SERVICES.into_iter().enumerate() {
        let name = format!("acr-pool-{}", service.word);
        let ports: Vec<String> = service.ports.iter().map(ToString::to_string).collect();
        let to = (service.tag, &*ports.join(" "));
        step = step.run(&nsg_rule(subnet, group, (&name, FIRST + 10 * place), to));
    }
    step.note(
        "Docker Hub, mcr.microsoft.com and packages need rules of their own. A DNS server of your \
         own must not lie in 172.17.0.0/16.",
    )
}

fn nsg_rule(
    subnet: Option<&SubnetId>,
    group: &str,
    (name, priority): (&str, usize),
    (tag, ports): (&str, &str),
) -> CommandLine {
    run("az network nsg rule create")
        .with(
            "--resource-group",
            or(subnet.map(SubnetId::resource_group), Blank::NetworkGroup),
        )
        .with_some("--subscription", subnet.map(SubnetId::subscription))
        .with("--nsg-name", group)
        .with("--name", name)
        .words(&format!("--priority {priority}"))
        .words("--direction Outbound --access Allow --protocol Tcp")
        .words("--source-address-prefixes VirtualNetwork --source-port-ranges '*'")
        .words(&format!("--destination-address-prefixes {tag}"))
        .words(&format!("--destination-port-ranges {ports}"))
}

/// Where the preview has pools.
fn regions(inputs: &Inputs) -> String {
    let (regions, date) = (AgentPool::regions(inputs.cloud), AgentPool::AS_OF);
    if regions.is_empty() {
        return format!("On {date} the preview had no region in this cloud.");
    }
    let names = regions.join(", ");
    format!("Regions of the preview on {date}: {names}. The registry must be in one of them.")
}

fn create(inputs: &Inputs, subnet: Option<&SubnetId>) -> RunbookStep {
    let create = run("az acr agentpool create")
        .with("--name", or(inputs.pool.name.as_deref(), Blank::Pool))
        .with("--registry", inputs.name())
        .with("--tier", inputs.pool.tier.word())
        .with("--subnet-id", &id_of(subnet))
        .with_some("--subscription", inputs.registry_subscription.as_deref());
    RunbookStep::new("Create the pool")
        .needs("Premium, preview; Azure CLI 2.3.1 or later")
        .run(&create)
        .note(&regions(inputs))
        .note(
            "Linux only. Tiers: S1 2 vCPU 3 GB, S2 4 and 8, S3 8 and 16, I6 64 and \
             216. Without a request to support 16 vCPU in all, and none of I6. Billed while it \
             stands, also idle; az acr agentpool update --count 0 empties it.",
        )
}

fn look(inputs: &Inputs) -> RunbookStep {
    let show = run("az acr agentpool show")
        .with("--name", or(inputs.pool.name.as_deref(), Blank::Pool))
        .with("--registry", inputs.name())
        .with_some("--subscription", inputs.registry_subscription.as_deref())
        .words("--output table");
    RunbookStep::new("See that it is ready").run(&show).note(
        "It takes some minutes. Then az acr build and az acr task create take --agent-pool with its \
         name.",
    )
}
