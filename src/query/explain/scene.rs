//! What the evidence of a failure fills in where the asset leaves a gap, and the words that choose.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::azure::registry::CloudDomains;
use crate::azure::{Certainty, Cloud, Name};
use crate::query::Dataset;
use crate::query::explain::catalogue::Catalogue;
use crate::query::explain::client::{AddressScope, SeenClient};
use crate::query::explain::names::{Role, role_of};
use crate::query::explain::prose::Scene;
use crate::query::explain::{Complaint, NamedRegistry};
use crate::query::names::resolve;
use crate::text::{Safe, argument};

/// Tasks, import and webhooks come from addresses of this tag.
const REGISTRY_TAG: &str = "AzureContainerRegistry";

/// Everything that the asset may leave to be filled in.
#[cfg(test)]
pub(super) const VALUES: [&str; 26] = [
    "registry",
    "login",
    "image",
    "repository",
    "host",
    "named-host",
    "address",
    "server",
    "tag",
    "domain",
    "blob",
    "zone",
    "zone-name",
    "mcr",
    "mcr-cloud",
    "cloud",
    "flag",
    "cli-cloud",
    "week",
    "status",
    "program",
    "recognised",
    "services",
    "more-services",
    "value",
    "right",
];

/// What a text leaves to its reader, for values that it does not name.
const UNKNOWN: &str = "an address that cannot be read";

impl Scene {
    /// The scene of a failure; without a week the tags of addresses stay unknown.
    pub fn of(
        complaint: &Complaint,
        client: Option<&SeenClient>,
        dataset: Option<&Dataset>,
    ) -> Self {
        let mut scene = Self {
            words: complaint.facts.words.clone(),
            values: BTreeMap::new(),
        };
        scene.registry(complaint);
        scene.hosts(complaint);
        scene.client(complaint, client, dataset);
        scene.services(&complaint.facts.services);
        scene.refused(complaint, dataset);
        let status = complaint
            .statuses
            .iter()
            .rev()
            .find(|status| **status >= 500);
        let status = status.map_or_else(|| "5xx".to_owned(), ToString::to_string);
        scene.set("status", status);
        let program = scene.program().unwrap_or("the client").to_owned();
        scene.set("program", program);
        scene.set("recognised", recognised(complaint, &scene));
        scene
    }

    fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.values.insert(name, value.into());
    }

    fn add(&mut self, word: &'static str, holds: bool) {
        if holds {
            self.words.insert(word);
        }
    }

    /// The first program of the catalogue that speaks; who hosts others comes first.
    pub fn program(&self) -> Option<&'static str> {
        let catalogue = Catalogue::embedded();
        let hosts = [
            "container-apps",
            "app-service",
            "functions",
            "container-instances",
        ];
        let ids = catalogue.programs.iter().map(|program| program.id.as_str());
        let mut ids = hosts.into_iter().chain(ids);
        let id = ids.find(|id| self.words.contains(id) && *id != "registry")?;
        catalogue.program(id)
    }

    fn registry(&mut self, complaint: &Complaint) {
        let none = NamedRegistry::default();
        let registry = complaint.registry.as_ref().unwrap_or(&none);
        let cloud = registry.cloud.unwrap_or(Cloud::Public);
        let domains = CloudDomains::of(cloud);
        let name = registry.name.clone();
        let name = name.unwrap_or_else(|| "<registry>".to_owned());
        let login = match &registry.login_server {
            Some(login) => login.to_string(),
            None => format!("{name}.{}", domains.registry.name),
        };
        self.add("hashed", registry.is_assumed);
        self.add(
            "misnamed",
            registry.login_server.is_some() && registry.name.is_none(),
        );
        self.add("cloud", registry.cloud.is_some());
        self.add("subnets", domains.has_service_endpoints);
        if let Some(zone) = domains.private_zone {
            let word = match zone.certainty {
                Certainty::Documented => "zone",
                Certainty::Disputed | Certainty::Assumed => "zone-assumed",
            };
            self.words.insert(word);
            self.set("zone", zone.name);
        }
        let zone = domains
            .private_zone
            .map_or("privatelink.azurecr.io", |zone| zone.name);
        self.set("zone-name", zone);
        let image = complaint.image.as_ref().map(Safe::as_str);
        let image = image.filter(|image| is_plain(image));
        let repository = image.and_then(|image| {
            let path = image.split_once('/')?.1;
            path.split(['@', ':']).next()
        });
        self.set("repository", repository.unwrap_or("<repository>"));
        let image = image.map_or_else(|| format!("{login}/<repository>:<tag>"), str::to_owned);
        self.set("image", image);
        self.set("registry", name);
        self.set("login", login);
        self.set("domain", domains.registry.name);
        self.set("blob", domains.blob.name);
        self.set("cloud", cloud.to_string());
        self.set("flag", cloud.flag());
        self.set("cli-cloud", cloud_of_cli(cloud));
        let source = complaint.facts.source.as_deref();
        self.set("source-name", source.unwrap_or("<registry>"));
    }

    fn hosts(&mut self, complaint: &Complaint) {
        let login = self.values.get("login").cloned().unwrap_or_default();
        let host = complaint.host.as_ref().map(ToString::to_string);
        let host = host.unwrap_or(login);
        let role = role_of(&host);
        let is_layer = matches!(role, Role::Data | Role::Blob);
        let is_microsoft = matches!(role, Role::Microsoft | Role::Layers);
        self.add("layer-host", is_layer);
        self.add("data-host", role == Role::Data);
        self.add("blob-host", role == Role::Blob);
        self.add("mcr-host", is_microsoft);
        self.add("sign-in-host", role == Role::SignIn);
        self.add("management-host", role == Role::Management);
        let is_other = is_microsoft || matches!(role, Role::SignIn | Role::Management);
        self.add("own-host", !is_other);
        let cloud = complaint
            .registry
            .as_ref()
            .and_then(|registry| registry.cloud);
        let (cloud, registry) = microsoft_of(&host, cloud);
        self.add("mcr-public", cloud == Cloud::Public);
        self.set("mcr", registry);
        self.set("mcr-cloud", cloud.to_string());
        let named = complaint.facts.named_host.as_ref().map(ToString::to_string);
        self.set("named-host", named.unwrap_or_else(|| host.clone()));
        self.set("host", host);
        let server = complaint.server.map(|server| server.to_string());
        self.set("server", server.unwrap_or_else(|| UNKNOWN.to_owned()));
    }

    /// The address that the registry saw.
    fn client(
        &mut self,
        complaint: &Complaint,
        client: Option<&SeenClient>,
        dataset: Option<&Dataset>,
    ) {
        let cloud = complaint
            .registry
            .as_ref()
            .and_then(|registry| registry.cloud);
        let week = dataset.map(Dataset::cloud);
        self.set(
            "week",
            week.map_or_else(String::new, |week| week.to_string()),
        );
        let Some(client) = client else {
            self.words.insert("nameless");
            self.set("address", UNKNOWN);
            self.set("tag", "");
            return;
        };
        let is_public = client.scope == AddressScope::Public;
        let is_other_cloud = cloud.is_some() && week.is_some() && week != cloud;
        self.add("other-cloud", is_public && is_other_cloud);
        self.set("address", client.address.to_string());
        let kind = match (client.scope, client.address) {
            (AddressScope::Private, _) => "private",
            (AddressScope::Shared | AddressScope::Reserved, _) => "shared",
            (_, IpAddr::V6(_)) => "v6",
            _ if client.is_in(REGISTRY_TAG) => "task",
            _ if client.is_azure() == Some(true) => "azure",
            _ if week.is_none() || is_other_cloud => "unknown",
            _ => "outside",
        };
        self.words.insert(kind);
        self.add("reserved", client.scope == AddressScope::Reserved);
        self.add("devops", client.is_in("AzureDevOps"));
        let service = client.service().map(|tag| tag.tag.clone());
        self.add("in-service", service.is_some());
        self.set("tag", service.unwrap_or_default());
    }

    fn services(&mut self, services: &[Safe]) {
        let words: Vec<&str> = services.iter().map(Safe::as_str).collect();
        let list = if words.is_empty() {
            "none at all".to_owned()
        } else {
            words.join(", ")
        };
        self.set("services", list);
        let more: String = words.iter().flat_map(|word| [" ", word]).collect();
        self.set("more-services", more);
    }

    /// What Azure did not take, and how it is spelt.
    fn refused(&mut self, complaint: &Complaint, dataset: Option<&Dataset>) {
        let value = complaint.facts.value.as_ref().map_or("", Safe::as_str);
        let name = dataset.map(|dataset| resolve(value, dataset));
        let right = match name {
            Some(Name::Tag { name, .. }) if !value.is_empty() => Some(name),
            Some(Name::Platform(tag)) => Some(tag.name().to_owned()),
            _ => None,
        };
        self.add("tag-as-is", right.as_deref() == Some(value));
        self.add(
            "respelt",
            right.as_deref().is_some_and(|right| right != value),
        );
        self.set("right", right.unwrap_or_default());
        self.set("value-quoted", argument(value));
        self.set("value", value);
    }
}

/// What is known of a failure that fits no problem, as one sentence without its end.
fn recognised(complaint: &Complaint, scene: &Scene) -> String {
    let mut parts = Vec::new();
    parts.extend(
        scene
            .program()
            .map(|program| format!("the words of {program}")),
    );
    let name = complaint.registry.as_ref().and_then(|registry| {
        let login = registry.login_server.as_ref().map(ToString::to_string);
        login.or_else(|| registry.name.clone())
    });
    parts.extend(name.map(|name| format!("the registry {name}")));
    parts.extend(
        complaint
            .host
            .as_ref()
            .map(|host| format!("the host {host}")),
    );
    parts.extend(
        complaint
            .statuses
            .iter()
            .map(|status| format!("the status {status}")),
    );
    parts.extend(
        complaint
            .server
            .map(|server| format!("the address {server}")),
    );
    match parts.split_last() {
        None => "Seen is a failure at a registry".to_owned(),
        Some((last, [])) => format!("Seen is {last}"),
        Some((last, rest)) => format!("Seen are {} and {last}", rest.join(", ")),
    }
}

/// Only what any shell reads as one word goes into a command.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._:/@-".contains(&b))
}

/// Where Microsoft's registry was asked, and its name there.
fn microsoft_of(host: &str, cloud: Option<Cloud>) -> (Cloud, &'static str) {
    let china = CloudDomains::of(Cloud::China).microsoft.name;
    let is_china = host
        .strip_suffix(china)
        .is_some_and(|head| head.is_empty() || head.ends_with('.'));
    let cloud = match cloud {
        _ if is_china => Cloud::China,
        None | Some(Cloud::China) => Cloud::Public,
        Some(cloud) => cloud,
    };
    (cloud, CloudDomains::of(cloud).microsoft.name)
}

/// The name by which Azure CLI knows a cloud.
const fn cloud_of_cli(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "AzureCloud",
        Cloud::AzureGovernment => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
        Cloud::AzureGermany => "AzureGermanCloud",
    }
}
