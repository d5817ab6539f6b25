//! What is read beside rules: a subnet with its service endpoints.

use serde_json::Value;

use crate::azure::SubnetId;
use crate::rules::import::node::{Node, Notes};
use crate::rules::ruleset::{Flaw, Subnet};
use crate::text::Safe;

/// `az network vnet subnet show`; what of it is not understood joins the file's flaws.
pub(super) fn subnet(node: &Node<'_>, flaws: &mut Vec<Flaw>) -> Option<Subnet> {
    const KEY: &str = "serviceEndpoints";
    let id = SubnetId::of_document(node.text("id")?).ok()?;
    let keys = ["serviceEndpoints", "addressPrefix", "addressPrefixes"];
    if !keys.iter().any(|key| node.has(key)) {
        return None;
    }
    let mut service_endpoints = Vec::new();
    let list = node.list_or_flaw(KEY, "a list of service endpoints", flaws);
    for (number, value) in list.into_iter().flatten().enumerate() {
        match value.get("service").unwrap_or(value).as_str() {
            Some(service) => service_endpoints.push(Safe::new(service)),
            None => flaws.push(Flaw {
                place: format!("{}[{number}]", node.at(KEY)),
                ..node.flaw(KEY, value, "a service endpoint")
            }),
        }
    }
    let mut notes = Notes::default();
    let prefixes = node.entries("addressPrefix", "addressPrefixes", &mut notes);
    flaws.append(&mut notes.flaws);
    Some(Subnet {
        id,
        service_endpoints,
        prefixes,
    })
}

/// The subnets of `az network vnet show`.
pub(super) fn subnets_of<'a>(node: &Node<'a>) -> Option<(&'static str, &'a Vec<Value>)> {
    const KEY: &str = "subnets";
    let list = node.list(KEY).filter(|_| node.is_type("virtualNetworks"))?;
    Some((KEY, list))
}
