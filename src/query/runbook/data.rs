//! Dedicated data endpoints without refused pulls on the way, and the end of a trial.

use crate::azure::Cloud;
use crate::query::runbook::command::{run, word};
use crate::query::runbook::inputs::{Blank, Inputs, or};
use crate::query::runbook::steps::update;
use crate::query::runbook::{RunbookStep, Site};

/// Rules first, then the switch, then the wildcard away.
pub fn data_endpoints(inputs: &Inputs) -> Vec<RunbookStep> {
    let regions = run("az acr replication list")
        .with("--registry", inputs.name())
        .with_some("--subscription", inputs.registry_subscription.as_deref())
        .words("--query \"[].location\" --output tsv");
    let show = run("az acr show-endpoints")
        .with("--name", inputs.name())
        .with_some("--subscription", inputs.registry_subscription.as_deref());
    let hosts = inputs.data_hosts();
    let mut rules = RunbookStep::new("Let clients through to each data endpoint");
    for host in &hosts {
        rules = rules.note(&format!("{host}, TCP 443"));
    }
    let rules = rules.note(
        "In every firewall and proxy of every client, for every region: a client that has only the \
         storage wildcard cannot pull once the switch is on. The command asks, and stops unless the \
         answer is y.",
    );
    let rules = rules.text(
        "printf 'Are these rules in place everywhere? [y/N] '; read -r answer; test \"$answer\" = y"
            .to_owned(),
    );
    let rules = match inputs.cloud {
        Cloud::Public => rules,
        _ => rules.note("Assumed: the names of this cloud follow the pattern with its suffix."),
    };
    let rules = match inputs.hashed_label() {
        Some(label) => rules.note(&format!(
            "Assumed: these names begin with {label}, as the login server does; no document confirms \
             it. Once the endpoints are on, az acr show-endpoints shows the names that count."
        )),
        None => rules,
    };
    let mut tries = RunbookStep::new("Pull, and reach each data endpoint")
        .at(Site::Client)
        .text(format!(
            "docker pull {}",
            word(&format!("{}/hello-world:v1", inputs.login()))
        ));
    for host in &hosts {
        let url = word(&format!("https://{host}/"));
        tries = tries.text(format!(
            "curl -sS -o /dev/null -w '%{{http_code}}\\n' {url}"
        ));
    }
    vec![
        RunbookStep::new("The regions of the registry").run(&regions),
        rules,
        RunbookStep::new("Switch the data endpoints on")
            .needs("Premium; Azure CLI 2.4.0 or later")
            .run(&update(inputs).words("--data-endpoint-enabled true"))
            .note(
                "This is the moment at which layers come from the new names; false goes back. A \
                 registry with a private endpoint has them already.",
            ),
        RunbookStep::new("The names as the registry has them")
            .needs("Azure CLI 2.4.0 or later; 2.86.0 or later shows regional endpoints too")
            .run(&show)
            .note("Compare them with the rules above: these are the ones that count."),
        tries.note(
            "Pull an image that the client does not hold yet. Any number from curl means reached; an \
             error means that the firewall is in the way.",
        ),
        RunbookStep::new("Take the storage wildcard away")
            .note(&format!(
                "Remove *.blob.{} from the clients' rules, last, and only where nothing else uses it.",
                storage(inputs.cloud)
            ))
            .note("Assumed: az acr build still uploads its source to blob storage."),
    ]
}

/// The end of a trial.
pub fn clean_up(inputs: &Inputs) -> Vec<RunbookStep> {
    let group = or(inputs.resource_group.as_deref(), Blank::ResourceGroup);
    let subscription = inputs.registry_subscription.as_deref();
    vec![
        RunbookStep::new("What is in the group").run(
            &run("az resource list")
                .with("--resource-group", group)
                .with_some("--subscription", subscription)
                .words("--output table"),
        ),
        RunbookStep::new("Delete the group with everything in it")
            .run(
                &run("az group delete")
                    .with("--name", group)
                    .with_some("--subscription", subscription),
            )
            .note(
                "It asks before it begins. Registries and their images go too, and cannot be brought \
                 back.",
            ),
    ]
}

const fn storage(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "core.windows.net",
        Cloud::AzureGovernment => "core.usgovcloudapi.net",
        Cloud::China => "core.chinacloudapi.cn",
        Cloud::AzureGermany => "core.cloudapi.de",
    }
}
