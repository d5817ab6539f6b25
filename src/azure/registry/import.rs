//! What `az acr` prints of a registry, and the ARM resource itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::azure::registry::{CloudDomains, NamedHost, RegistryName, Sku, Switch};
use crate::azure::{Cloud, Regions};
use crate::text::{Safe, is_host_name};

/// Most bytes of a document.
pub const MAX_DOCUMENT: u64 = 4 << 20;
/// Most hosts, regions or registries that are taken from a document.
const MOST: usize = 500;

/// What a document says of a registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The registry, where the document names it.
    pub registry: Option<RegistryName>,
    /// The tier.
    pub sku: Option<Sku>,
    /// Where it was made; ARM name.
    pub home: Option<String>,
    /// Its regions; ARM names.
    pub regions: Vec<String>,
    /// What is switched on or off.
    pub switches: BTreeMap<Switch, bool>,
    /// Data endpoints.
    pub data_hosts: Vec<NamedHost>,
    /// Regional endpoints.
    pub regional_hosts: Vec<NamedHost>,
    /// Whether public access is on.
    pub public_access: Option<bool>,
    /// Rules for subnets.
    pub subnet_rules: Option<usize>,
    /// Rules for addresses.
    pub address_rules: Option<usize>,
    /// Whether what no rule names is refused.
    pub denies: Option<bool>,
    /// Whether trusted services pass the rules.
    pub trusts_services: Option<bool>,
    /// Whether tasks pass them too.
    pub trusts_tasks: Option<bool>,
    /// What was left out, in sentences.
    pub notes: Vec<String>,
}

/// Why a document says nothing of a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownShape {
    /// No JSON.
    #[error(
        "is not JSON ({reason}): save the output of `az acr show --name NAME` and give its path"
    )]
    NotJson {
        /// The parser's words.
        reason: Safe,
    },
    /// JSON of something else.
    #[error(
        "is {found}, and not the output of az acr show, az acr show-endpoints or az acr replication list, nor a registry's ARM resource"
    )]
    Other {
        /// What it is instead.
        found: Safe,
    },
    /// Several registries.
    #[error("holds {count} registries ({names}): save one with az acr show --name NAME")]
    Several {
        /// How many.
        count: usize,
        /// The first of them.
        names: Safe,
    },
}

/// Reads a document by its shape.
///
/// # Errors
/// What it is instead.
pub fn read_document(bytes: &[u8], regions: &Regions) -> Result<Imported, UnknownShape> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| UnknownShape::NotJson {
        reason: Safe::from(error.to_string()),
    })?;
    let mut reader = Reader {
        regions,
        out: Imported::default(),
    };
    reader.document(&value)?;
    Ok(reader.out)
}

struct Reader<'a> {
    regions: &'a Regions,
    out: Imported,
}

impl Reader<'_> {
    fn document(&mut self, value: &Value) -> Result<(), UnknownShape> {
        let other = || UnknownShape::Other {
            found: Safe::from(described(value)),
        };
        match value {
            Value::Array(list) => self.list(list, value),
            Value::Object(object) => {
                if let Some(list) = list_in(object) {
                    self.list(list, value)
                } else if is_endpoints(object) {
                    self.endpoints(object);
                    Ok(())
                } else if is_registry(object) {
                    self.registry(object);
                    Ok(())
                } else if is_replication(object) {
                    self.replication(object);
                    Ok(())
                } else {
                    Err(other())
                }
            }
            _ => Err(other()),
        }
    }

    fn list(&mut self, list: &[Value], whole: &Value) -> Result<(), UnknownShape> {
        let objects = || list.iter().filter_map(Value::as_object).take(MOST);
        let registries: Vec<_> = objects().filter(|object| is_registry(object)).collect();
        let replications: Vec<_> = objects().filter(|object| is_replication(object)).collect();
        match registries.as_slice() {
            [] if replications.is_empty() => Err(UnknownShape::Other {
                found: Safe::from(described(whole)),
            }),
            [] | [_] => {
                for registry in &registries {
                    self.registry(registry);
                }
                for replication in &replications {
                    self.replication(replication);
                }
                Ok(())
            }
            several => {
                let names: Vec<&str> = several
                    .iter()
                    .filter_map(|object| text(object, "name"))
                    .take(5)
                    .collect();
                Err(UnknownShape::Several {
                    count: several.len(),
                    names: Safe::from(names.join(", ")),
                })
            }
        }
    }

    /// `az acr show` (flattened) and the ARM resource (`properties`).
    fn registry(&mut self, object: &Map<String, Value>) {
        let inner = object.get("properties").and_then(Value::as_object);
        let get = |key: &str| {
            inner
                .and_then(|inner| inner.get(key))
                .or_else(|| object.get(key))
        };
        let word = |key: &str| get(key).and_then(Value::as_str);
        if let Some(name) = word("loginServer").or_else(|| text(object, "name")) {
            self.name(name);
        }
        let sku = object.get("sku").and_then(|sku| match sku {
            Value::Object(sku) => text(sku, "name").or_else(|| text(sku, "tier")),
            other => other.as_str(),
        });
        self.out.sku = sku.and_then(Sku::parse);
        if let (Some(sku), None) = (sku, self.out.sku) {
            self.note(&format!("the tier \"{sku}\" is unknown and left out"));
        }
        if let Some(region) = text(object, "location").and_then(|typed| self.region(typed)) {
            self.add_region(&region);
            self.out.home = Some(region);
        }
        if let Some(is_on) = get("dataEndpointEnabled").and_then(Value::as_bool) {
            self.out.switches.insert(Switch::DataEndpoints, is_on);
        }
        if let Some(state) = word("regionalEndpoints") {
            let is_on = state.eq_ignore_ascii_case("enabled");
            self.out.switches.insert(Switch::RegionalEndpoints, is_on);
        }
        if let Some(protocol) = word("endpointProtocol") {
            let is_on = protocol.eq_ignore_ascii_case("IPv4AndIPv6");
            self.out.switches.insert(Switch::DualStack, is_on);
        }
        if let Some(list) = get("privateEndpointConnections").and_then(Value::as_array) {
            let is_on = list.iter().any(is_approved);
            self.out.switches.insert(Switch::PrivateLink, is_on);
        }
        if let Some(state) = word("publicNetworkAccess") {
            self.out.public_access = Some(!state.eq_ignore_ascii_case("disabled"));
        }
        let bypass = word("networkRuleBypassOptions");
        self.out.trusts_services = bypass.map(|it| it.eq_ignore_ascii_case("AzureServices"));
        let tasks = get("networkRuleBypassAllowedForTasks");
        self.out.trusts_tasks = tasks.and_then(Value::as_bool);
        let rules = get("networkRuleSet");
        let count = |key: &str| rules?.get(key)?.as_array().map(Vec::len);
        self.out.subnet_rules = count("virtualNetworkRules");
        self.out.address_rules = count("ipRules");
        let default = rules.and_then(|rules| rules.get("defaultAction"));
        let default = default.and_then(Value::as_str);
        self.out.denies = default.map(|action| action.eq_ignore_ascii_case("deny"));
        let data = self.hosts(get("dataEndpointHostNames"), "data");
        let regional = self.hosts(get("regionalEndpointHostNames"), "geo");
        // A registry's document lists its replicas only by their hosts.
        for region in data
            .iter()
            .chain(&regional)
            .filter_map(|it| it.region.as_ref())
        {
            self.add_region(region);
        }
        self.out.data_hosts = data;
        self.out.regional_hosts = regional;
    }

    /// `az acr show-endpoints`.
    fn endpoints(&mut self, object: &Map<String, Value>) {
        if let Some(name) = text(object, "loginServer") {
            self.name(name);
        }
        let data = self.hosts(object.get("dataEndpoints"), "data");
        let regional = self.hosts(object.get("regionalEndpoints"), "geo");
        // With data endpoints off each region has the wildcard of the storage accounts.
        let (wildcards, data): (Vec<_>, Vec<_>) = data
            .into_iter()
            .partition(|host| host.host.starts_with("*."));
        if !(wildcards.is_empty() && data.is_empty()) {
            let is_on = !data.is_empty();
            self.out.switches.insert(Switch::DataEndpoints, is_on);
        }
        if object.contains_key("regionalEndpoints") {
            let is_on = !regional.is_empty();
            self.out.switches.insert(Switch::RegionalEndpoints, is_on);
        }
        for host in wildcards.iter().chain(&data).chain(&regional) {
            if let Some(region) = &host.region {
                self.add_region(region);
            }
        }
        self.out.data_hosts = data;
        self.out.regional_hosts = regional;
    }

    /// A row of `az acr replication list`.
    fn replication(&mut self, object: &Map<String, Value>) {
        let id = text(object, "id").unwrap_or_default();
        let mut parts = id
            .split('/')
            .skip_while(|part| !part.eq_ignore_ascii_case("registries"));
        if let (None, Some(name)) = (&self.out.registry, parts.nth(1)) {
            self.name(name);
        }
        if let Some(region) = text(object, "location").and_then(|typed| self.region(typed)) {
            self.add_region(&region);
        }
    }

    fn name(&mut self, name: &str) {
        match RegistryName::parse(name) {
            Ok(name) => self.out.registry = Some(name),
            Err(error) => self.note(&format!("the name is left out: {error}")),
        }
    }

    /// Hosts as texts, or as `{region, endpoint}`.
    fn hosts(&mut self, value: Option<&Value>, kind: &str) -> Vec<NamedHost> {
        let list = value.and_then(Value::as_array);
        let mut hosts = Vec::new();
        for value in list.into_iter().flatten().take(MOST) {
            let (region, host) = match value {
                Value::String(host) => (None, Some(host.as_str())),
                Value::Object(object) => (text(object, "region"), text(object, "endpoint")),
                _ => (None, None),
            };
            let host = host.map(str::to_lowercase);
            let host = host.filter(|host| self.is_own(host, kind));
            let Some(host) = host else {
                self.note(&format!(
                    "\"{}\" is no {kind} endpoint of this registry and left out",
                    brief(value)
                ));
                continue;
            };
            let region = region.or_else(|| region_in(&host));
            let region = region.and_then(|typed| self.region(typed));
            hosts.push(NamedHost { region, host });
        }
        hosts
    }

    /// Whether a host is an endpoint of the registry, or the wildcard of the storage accounts.
    fn is_own(&self, host: &str, kind: &str) -> bool {
        let is_wildcard =
            |cloud: &Cloud| host.strip_prefix("*.") == Some(CloudDomains::of(*cloud).blob.name);
        if kind == "data" && Cloud::ALL.iter().any(is_wildcard) {
            return true;
        }
        let Some((cloud, before)) = CloudDomains::split(host) else {
            return false;
        };
        let [label, _, its] = before.split('.').collect::<Vec<_>>()[..] else {
            return false;
        };
        let fits = |name: &RegistryName| {
            let is_cloud = name.cloud.is_none_or(|own| own == cloud);
            is_cloud && (label == name.label || label == name.name)
        };
        its == kind && is_host_name(host) && self.out.registry.as_ref().is_none_or(fits)
    }

    /// The ARM name of a region in any cloud.
    fn region(&mut self, typed: &str) -> Option<String> {
        let clouds = Cloud::ALL;
        let found = clouds
            .iter()
            .find_map(|&cloud| self.regions.find(cloud, typed));
        if found.is_none() {
            self.note(&format!("the region \"{typed}\" is unknown and left out"));
        }
        found.map(|region| region.name.clone())
    }

    fn add_region(&mut self, region: &str) {
        if !self.out.regions.iter().any(|known| known == region) {
            self.out.regions.push(region.to_owned());
        }
    }

    fn note(&mut self, note: &str) {
        if self.out.notes.len() < 20 {
            self.out.notes.push(crate::text::clean(note).into_owned());
        }
    }
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// `{"value": […]}` of a REST answer, `{"resources": […]}` of an exported template.
fn list_in(object: &Map<String, Value>) -> Option<&Vec<Value>> {
    ["value", "resources"]
        .iter()
        .find_map(|key| object.get(*key).and_then(Value::as_array))
}

fn is_endpoints(object: &Map<String, Value>) -> bool {
    let is_list = |key| object.get(key).is_some_and(Value::is_array);
    object.contains_key("loginServer") && (is_list("dataEndpoints") || is_list("regionalEndpoints"))
}

fn is_registry(object: &Map<String, Value>) -> bool {
    let inner = object.get("properties").and_then(Value::as_object);
    let names_server = |object: &Map<String, Value>| object.contains_key("loginServer");
    let kind = text(object, "type").unwrap_or_default();
    kind.eq_ignore_ascii_case("Microsoft.ContainerRegistry/registries")
        || (names_server(object) && !is_endpoints(object))
        || inner.is_some_and(names_server)
}

fn is_replication(object: &Map<String, Value>) -> bool {
    let kind = text(object, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let id = text(object, "id").unwrap_or_default().to_ascii_lowercase();
    let has_mark = ["regionEndpointEnabled", "globalEndpointRouting"]
        .iter()
        .any(|key| object.contains_key(*key));
    object.contains_key("location")
        && (kind.ends_with("registries/replications") || id.contains("/replications/") || has_mark)
}

fn is_approved(connection: &Value) -> bool {
    let inner = connection.get("properties").unwrap_or(connection);
    let state = inner.get("privateLinkServiceConnectionState");
    let status = state.and_then(|state| state.get("status"));
    status
        .and_then(Value::as_str)
        .is_some_and(|status| status.eq_ignore_ascii_case("approved"))
}

/// The region in `NAME.REGION.data.…` and `NAME.REGION.geo.…`.
fn region_in(host: &str) -> Option<&str> {
    let (_, before) = CloudDomains::split(host)?;
    match before.split('.').collect::<Vec<_>>().as_slice() {
        [_, region, "data" | "geo"] => Some(region),
        _ => None,
    }
}

fn brief(value: &Value) -> String {
    value.to_string().chars().take(60).collect()
}

/// What a JSON value is, for a person who has given the wrong file.
fn described(value: &Value) -> String {
    match value {
        Value::Object(object) => {
            let keys: Vec<&str> = object.keys().map(String::as_str).take(6).collect();
            match keys.as_slice() {
                [] => "an empty JSON object".to_owned(),
                keys => format!("a JSON object with {}", keys.join(", ")),
            }
        }
        Value::Array(list) => match list.first() {
            None => "an empty JSON list".to_owned(),
            Some(Value::Object(first)) => {
                let keys: Vec<&str> = first.keys().map(String::as_str).take(6).collect();
                format!("a JSON list of objects with {}", keys.join(", "))
            }
            Some(_) => "a JSON list of other values".to_owned(),
        },
        _ => "a single JSON value".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Facts;

    fn read(text: &str) -> Result<Imported, UnknownShape> {
        read_document(text.as_bytes(), &Facts::embedded().regions)
    }

    const ARM: &str = r#"{"id":"/subscriptions/0/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/contosoreg",
        "name":"contosoreg","type":"Microsoft.ContainerRegistry/registries","location":"West Europe","sku":{"name":"Premium","tier":"Premium"},
        "properties":{"loginServer":"contosoreg-e7ggejfuhzhgedc8.azurecr.io","publicNetworkAccess":"Disabled",
        "networkRuleSet":{"defaultAction":"Deny","ipRules":[],"virtualNetworkRules":[{"action":"Allow"}]},
        "dataEndpointEnabled":true,"dataEndpointHostNames":["contosoreg-e7ggejfuhzhgedc8.westeurope.data.azurecr.io"],
        "regionalEndpoints":"Enabled","regionalEndpointHostNames":["contosoreg-e7ggejfuhzhgedc8.westeurope.geo.azurecr.io"],
        "endpointProtocol":"IPv4","privateEndpointConnections":[{"properties":{"privateLinkServiceConnectionState":{"status":"Approved"}}}]}}"#;

    #[test]
    fn the_arm_resource_is_read_whole() {
        let found = read(ARM).unwrap();
        let name = found.registry.unwrap();
        assert_eq!(
            (name.name.as_str(), name.cloud),
            ("contosoreg", Some(Cloud::Public))
        );
        assert_eq!(found.sku, Some(Sku::Premium));
        assert_eq!(found.home.as_deref(), Some("westeurope"));
        assert!(found.switches[&Switch::DataEndpoints]);
        assert!(found.switches[&Switch::RegionalEndpoints]);
        assert!(found.switches[&Switch::PrivateLink]);
        assert!(!found.switches[&Switch::DualStack]);
        assert_eq!(
            (found.public_access, found.subnet_rules),
            (Some(false), Some(1))
        );
        assert_eq!(found.data_hosts[0].region.as_deref(), Some("westeurope"));
        assert!(found.regional_hosts[0].host.ends_with(".geo.azurecr.io"));
    }

    #[test]
    fn what_az_acr_show_prints_says_the_same() {
        let arm: Value = serde_json::from_str(ARM).unwrap();
        let mut flat = arm.as_object().unwrap().clone();
        let inner = flat.remove("properties").unwrap();
        flat.extend(inner.as_object().unwrap().clone());
        assert_eq!(read(&Value::Object(flat).to_string()), read(ARM));
        assert_eq!(read(&format!("[{ARM}]")), read(ARM));
        assert_eq!(read(&format!("{{\"value\":[{ARM}]}}")), read(ARM));
    }

    #[test]
    fn endpoints_and_replications_are_read() {
        let on = r#"{"loginServer":"contoso.azurecr.io","dataEndpoints":[{"region":"eastus","endpoint":"contoso.eastus.data.azurecr.io"}],
            "regionalEndpoints":[{"region":"eastus","endpoint":"contoso.eastus.geo.azurecr.io"}]}"#;
        let found = read(on).unwrap();
        assert_eq!(found.regions, ["eastus"]);
        assert!(found.switches[&Switch::DataEndpoints]);
        let off = r#"{"loginServer":"contoso.azurecr.io","dataEndpoints":[{"region":"eastus","endpoint":"*.blob.core.windows.net"}]}"#;
        let found = read(off).unwrap();
        assert!(!found.switches[&Switch::DataEndpoints]);
        assert_eq!((found.regions.len(), found.data_hosts.len()), (1, 0));
        assert!(!found.switches.contains_key(&Switch::RegionalEndpoints));
        let replications = r#"[{"name":"eastus","location":"eastus","regionEndpointEnabled":true,"id":"/subscriptions/0/resourceGroups/r/providers/Microsoft.ContainerRegistry/registries/contoso/replications/eastus"},
            {"name":"northeurope","location":"North Europe","regionEndpointEnabled":true}]"#;
        let found = read(replications).unwrap();
        assert_eq!(found.regions, ["eastus", "northeurope"]);
        assert_eq!(found.registry.unwrap().name, "contoso");
    }

    #[test]
    fn a_document_of_something_else_is_said_to_be_one() {
        for (text, part) in [
            ("", "is not JSON"),
            ("{", "is not JSON"),
            ("[]", "an empty JSON list"),
            ("3", "a single JSON value"),
            (r#"{"securityRules":[],"name":"nsg"}"#, "securityRules"),
            (r#"[{"priority":100}]"#, "priority"),
            ("[1]", "other values"),
            (
                r#"[{"name":"a","loginServer":"aaaaa.azurecr.io"},{"name":"b","loginServer":"bbbbb.azurecr.io"}]"#,
                "2 registries (a, b)",
            ),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
        let deep = "[".repeat(100_000);
        assert!(read(&deep).is_err());
        let hostile = r#"{"loginServer":"contoso.azurecr.io","sku":{"name":"\u001b[31m"},"location":"moon\u202e",
            "dataEndpointHostNames":[7,"\u001b]0;x\u0007.azurecr.io"]}"#;
        let found = read(hostile).unwrap();
        assert_eq!((found.sku, found.home), (None, None));
        assert!(found.data_hosts.is_empty());
        assert_eq!(found.notes.len(), 4);
        assert!(found.notes.iter().all(|note| !note.contains('\u{1b}')));
    }
}
