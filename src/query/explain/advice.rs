//! What is said of a failure: causes, commands, what would not help.

use crate::azure::registry::CloudDomains;
use crate::azure::{Certainty, Cloud};
use crate::query::explain::endpoints::REGISTRY;
use crate::query::explain::{Complaint, NamedRegistry};
use crate::text::quote;

/// A sentence and how certain it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sentence {
    /// The sentence.
    pub text: String,
    /// How certain it is.
    pub certainty: Certainty,
}

/// Commands, and what they are for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdviceStep {
    /// What they are for.
    pub text: String,
    /// Lines for a shell; none where the change is made elsewhere.
    pub commands: Vec<String>,
}

/// What a command leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct AdvicePlaceholder {
    /// As it stands in the commands, in angle brackets.
    pub name: &'static str,
    /// What belongs there.
    pub meaning: &'static str,
}

/// Everything that may stand in angle brackets.
const PLACEHOLDERS: [AdvicePlaceholder; 18] = [
    placeholder("<registry>", "the registry's name as a resource"),
    placeholder("<resource-group>", "the registry's resource group"),
    placeholder("<address>", "the client's public IPv4 address"),
    placeholder("<vnet-group>", "the virtual network's resource group"),
    placeholder("<vnet>", "the virtual network's name"),
    placeholder("<subnet>", "the client's subnet"),
    placeholder(
        "<subnet-id>",
        "the subnet's resource id, which subnet show prints",
    ),
    placeholder("<subscription>", "the virtual network's subscription"),
    placeholder(
        "<identity>",
        "the object id of the user, principal or identity",
    ),
    placeholder("<pool>", "a name for the agent pool"),
    placeholder("<repository>", "the image's repository"),
    placeholder("<tag>", "the image's tag"),
    placeholder("<endpoint>", "a name for the private endpoint"),
    placeholder("<nsg>", "the subnet's network security group"),
    placeholder(
        "<region>",
        "the registry's region as tags spell it: WestEurope",
    ),
    placeholder("<priority>", "a free priority, 100 to 4096"),
    placeholder("<next-priority>", "another free priority"),
    placeholder("<proxy>", "the proxy's address: host:port"),
];

const fn placeholder(name: &'static str, meaning: &'static str) -> AdvicePlaceholder {
    AdvicePlaceholder { name, meaning }
}

/// What is said of one failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FailureAdvice {
    pub title: &'static str,
    pub meaning: String,
    pub causes: Vec<Sentence>,
    pub checks: Vec<AdviceStep>,
    pub changes: Vec<AdviceStep>,
    pub alternatives: Vec<AdviceStep>,
    pub verify: Vec<AdviceStep>,
    pub useless: Vec<Sentence>,
    pub notes: Vec<Sentence>,
}

impl FailureAdvice {
    pub fn new(title: &'static str, meaning: impl Into<String>) -> Self {
        Self {
            title,
            meaning: meaning.into(),
            ..Self::default()
        }
    }

    /// A cause that a document names.
    pub fn cause(&mut self, text: impl Into<String>) {
        self.causes.push(documented(text));
    }

    /// A cause that is inferred.
    pub fn maybe(&mut self, text: impl Into<String>) {
        self.causes.push(assumed(text));
    }

    /// Commands that show what is the case.
    pub fn check<S: Into<String>>(&mut self, text: &str, commands: impl IntoIterator<Item = S>) {
        self.checks.push(step(text, commands));
    }

    /// The smallest change.
    pub fn change<S: Into<String>>(&mut self, text: &str, commands: impl IntoIterator<Item = S>) {
        self.changes.push(step(text, commands));
    }

    /// A change that needs no command of ours.
    pub fn change_elsewhere(&mut self, text: impl Into<String>) {
        self.changes.push(AdviceStep {
            text: text.into(),
            commands: Vec::new(),
        });
    }

    /// A change instead of that.
    pub fn instead<S: Into<String>>(&mut self, text: &str, commands: impl IntoIterator<Item = S>) {
        self.alternatives.push(step(text, commands));
    }

    /// Commands that show whether the change has helped.
    pub fn then<S: Into<String>>(&mut self, text: &str, commands: impl IntoIterator<Item = S>) {
        self.verify.push(step(text, commands));
    }

    /// What would not help.
    pub fn in_vain(&mut self, text: impl Into<String>) {
        self.useless.push(documented(text));
    }

    /// What would not help, as far as is known.
    pub fn hardly(&mut self, text: impl Into<String>) {
        self.useless.push(assumed(text));
    }

    /// What must be known besides.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(documented(text));
    }

    /// What is taken for granted besides.
    pub fn presume(&mut self, text: impl Into<String>) {
        self.notes.push(assumed(text));
    }

    /// The client's subnet, as the smallest change: what it has already, then the rule.
    pub fn change_subnet(&mut self, text: &str, names: &Names) {
        self.subnet_notes();
        self.change(text, names.subnet());
    }

    /// The client's subnet instead of that.
    pub fn or_subnet(&mut self, text: &str, names: &Names) {
        self.subnet_notes();
        self.instead(text, names.subnet());
    }

    /// What is true of every rule for a subnet.
    pub fn subnet_notes(&mut self) {
        self.presume(
            "--service-endpoints replaces the subnet's list. Where other endpoints are on it, the \
             test before the update stops it: leave the test out, and name them all.",
        );
        self.note(
            "Service endpoints of registries are a preview: for virtual machines and AKS only, \
             without a page in the portal, at most 100 subnets a registry, and not together with \
             private endpoints.",
        );
    }

    /// A private endpoint as the smallest change.
    pub fn change_private(&mut self, text: &str, names: &Names) {
        self.private_notes(names);
        self.change(text, [names.private_endpoint()]);
    }

    /// A private endpoint instead of that.
    pub fn or_private(&mut self, text: &str, names: &Names) {
        self.private_notes(names);
        self.instead(text, [names.private_endpoint()]);
    }

    /// What a private endpoint needs, and does, besides.
    fn private_notes(&mut self, names: &Names) {
        let domains = names.domains();
        if let Some(zone) = domains.private_zone {
            let text = format!(
                "A private endpoint works with DNS only: the private zone {} linked to the network, \
                 with a record for the registry and one for the data endpoint of each region.",
                zone.name
            );
            match zone.certainty {
                Certainty::Documented => self.note(text),
                Certainty::Disputed | Certainty::Assumed => self.presume(text),
            }
        }
        self.note(format!(
            "A private endpoint switches the data endpoints on: clients outside whose firewall knows \
             only *.{} cannot pull from then on. Let them through to the data endpoints first.",
            domains.blob.name
        ));
        if domains.has_service_endpoints {
            self.note(
                "A private endpoint and rules for subnets exclude each other: remove those first \
                 (tagscope runbook before-private-link).",
            );
        }
    }

    /// What the commands leave open, in the order of their first use.
    pub fn placeholders(&self) -> Vec<AdvicePlaceholder> {
        let steps = [
            &self.checks,
            &self.changes,
            &self.alternatives,
            &self.verify,
        ];
        let lines: Vec<&String> = steps
            .into_iter()
            .flatten()
            .flat_map(|step| &step.commands)
            .collect();
        let mut used: Vec<(usize, usize, AdvicePlaceholder)> = PLACEHOLDERS
            .into_iter()
            .filter_map(|placeholder| {
                let mut places = lines.iter().enumerate();
                places.find_map(|(line, text)| {
                    Some((line, text.find(placeholder.name)?, placeholder))
                })
            })
            .collect();
        used.sort_by_key(|&(line, at, _)| (line, at));
        used.into_iter()
            .map(|(_, _, placeholder)| placeholder)
            .collect()
    }
}

fn documented(text: impl Into<String>) -> Sentence {
    Sentence {
        text: text.into(),
        certainty: Certainty::Documented,
    }
}

fn assumed(text: impl Into<String>) -> Sentence {
    Sentence {
        text: text.into(),
        certainty: Certainty::Assumed,
    }
}

fn step<S: Into<String>>(text: &str, commands: impl IntoIterator<Item = S>) -> AdviceStep {
    AdviceStep {
        text: text.to_owned(),
        commands: commands
            .into_iter()
            .map(|command| quoted(&command.into()))
            .collect(),
    }
}

/// A command with each word that leaves something open in quotes: `<` and `>` would redirect.
fn quoted(command: &str) -> String {
    let is_open = |word: &str| {
        let mut open = PLACEHOLDERS.iter();
        open.any(|open| word.contains(open.name)) && !word.contains(['\'', '"'])
    };
    let words = command.split(' ').map(|word| {
        if is_open(word) {
            quote(word)
        } else {
            word.into()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The names that stand in the commands: those of the text, else what belongs there.
pub(super) struct Names {
    /// The registry as a resource.
    pub registry: String,
    /// Its login server.
    pub login: String,
    /// An image of it.
    pub image: String,
    /// The cloud of its login server.
    pub cloud: Option<Cloud>,
}

impl Names {
    pub fn of(complaint: &Complaint) -> Self {
        let none = NamedRegistry::default();
        let registry = complaint.registry.as_ref().unwrap_or(&none);
        let name = registry.name.clone();
        let name = name.unwrap_or_else(|| "<registry>".to_owned());
        let suffix = CloudDomains::of(registry.cloud.unwrap_or(Cloud::Public))
            .registry
            .name;
        let login = match &registry.login_server {
            Some(login) => login.to_string(),
            None => format!("{name}.{suffix}"),
        };
        let image = match &complaint.image {
            Some(image) if is_plain(image.as_str()) => image.to_string(),
            _ => format!("{login}/<repository>:<tag>"),
        };
        Self {
            registry: name,
            login,
            image,
            cloud: registry.cloud,
        }
    }

    /// The domains of the login server's cloud; Public where that is not known.
    pub fn domains(&self) -> CloudDomains {
        CloudDomains::of(self.cloud.unwrap_or(Cloud::Public))
    }

    /// Whether subnets have service endpoints for registries in this cloud.
    pub fn has_service_endpoints(&self) -> bool {
        self.domains().has_service_endpoints
    }

    pub fn health(&self) -> String {
        format!(
            "az acr check-health --name {} --ignore-errors --yes",
            self.registry
        )
    }

    pub fn health_in_network(&self) -> String {
        format!("az acr check-health --name {} --vnet <vnet>", self.registry)
    }

    pub fn rules(&self) -> String {
        let what = "{publicNetworkAccess:publicNetworkAccess,rules:networkRuleSet}";
        format!("az acr show --name {} --query \"{what}\"", self.registry)
    }

    pub fn address_rule(&self, address: &str) -> String {
        format!(
            "az acr network-rule add --name {} --ip-address {address}",
            self.registry
        )
    }

    pub fn subnet_rule(&self) -> String {
        format!(
            "az acr network-rule add --name {} --subnet <subnet-id>",
            self.registry
        )
    }

    /// The steps of a rule for a subnet: what it has, the endpoint where no other is there, the rule.
    pub fn subnet(&self) -> [String; 4] {
        let others = subnet_show(&format!(
            "\"serviceEndpoints[?service!='{REGISTRY}'].service\" -o tsv"
        ));
        [
            subnet_endpoints(),
            format!(
                "others=\"$({others})\" && test -z \"$others\" && {}",
                enable_endpoint()
            ),
            subnet_show("id -o tsv"),
            self.subnet_rule(),
        ]
    }

    pub fn login_and_pull(&self) -> [String; 2] {
        [
            format!("az acr login --name {}", self.registry),
            format!("docker pull {}", self.image),
        ]
    }

    pub fn ask(&self) -> String {
        format!("curl -sSi https://{}/v2/", self.login)
    }

    pub fn private_endpoint(&self) -> String {
        format!(
            "az network private-endpoint create --resource-group <vnet-group> --name <endpoint> \
             --vnet-name <vnet> --subnet <subnet> --group-ids registry --connection-name \
             <endpoint> --private-connection-resource-id \"$(az acr show --name {} --query id -o \
             tsv)\"",
            self.registry
        )
    }
}

/// Only what any shell reads as one word goes into a command.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._:/@-".contains(&b))
}

pub(super) fn enable_endpoint() -> String {
    format!(
        "az network vnet subnet update --resource-group <vnet-group> --vnet-name <vnet> --name \
         <subnet> --service-endpoints {REGISTRY}"
    )
}

/// The service endpoints that a subnet has.
pub(super) fn subnet_endpoints() -> String {
    subnet_show("\"serviceEndpoints[].service\" -o tsv")
}

pub(super) fn subnet_show(query: &str) -> String {
    format!(
        "az network vnet subnet show --resource-group <vnet-group> --vnet-name <vnet> --name \
         <subnet> --query {query}"
    )
}

pub(super) fn register_provider() -> [String; 2] {
    [
        "az account set --subscription <subscription>".to_owned(),
        "az provider register --namespace Microsoft.ContainerRegistry".to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_quoted_and_nothing_else() {
        for (command, expected) in [
            ("a --name <vnet> --x y", "a --name '<vnet>' --x y"),
            (
                "docker pull <registry>.azurecr.io/<repository>:<tag>",
                "docker pull '<registry>.azurecr.io/<repository>:<tag>'",
            ),
            (
                "x \"$(az acr show --name <registry> -o tsv)\"",
                "x \"$(az acr show --name '<registry>' -o tsv)\"",
            ),
            (
                "openssl </dev/null 2>/dev/null",
                "openssl </dev/null 2>/dev/null",
            ),
        ] {
            assert_eq!(quoted(command), expected);
        }
    }
}
