//! What is read beside rules: a subnet with its service endpoints.

use serde_json::Value;

use crate::rules::SubnetId;
use crate::rules::import::node::Node;
use crate::rules::ruleset::Subnet;
use crate::text::Safe;

/// `az network vnet subnet show`.
pub(super) fn subnet(node: &Node<'_>) -> Option<Subnet> {
    let id = SubnetId::parse(node.text("id")?)?;
    let endpoints = node.list("serviceEndpoints").into_iter().flatten();
    let service_endpoints = endpoints
        .filter_map(|value| {
            let service = value.get("service").unwrap_or(value);
            service.as_str().map(Safe::new)
        })
        .collect();
    let prefixes = node.entries("addressPrefix", "addressPrefixes", &mut Vec::new());
    let has_any: Option<&Value> = node.get("serviceEndpoints").or(node.get("addressPrefix"));
    (has_any.is_some() || node.has("addressPrefixes")).then_some(Subnet {
        id,
        service_endpoints,
        prefixes,
    })
}
