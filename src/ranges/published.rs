//! What others publish as JSON, recognised by its shape.
//!
//! AWS `ip-ranges.json`, Google `goog.json` and `cloud.json`, Cloudflare's `/ips`, GitHub's `/meta`, the
//! endpoints of Microsoft 365, Oracle `public_ip_ranges.json`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ranges::RangesError;
use crate::ranges::list::block;
use crate::space::Block;

/// The blocks of each inner name; an empty name is the publisher as a whole.
type Groups = BTreeMap<String, Vec<Block>>;

/// Reads a publication.
pub(super) fn read(value: &Value) -> Result<Groups, RangesError> {
    if value.get("values").is_some_and(Value::is_array) {
        return Err(RangesError::ServiceTags);
    }
    let mut groups = Groups::new();
    let readers = [aws, google, cloudflare, oracle, microsoft_365, github];
    for reader in readers {
        if reader(value, &mut groups)? {
            return Ok(groups);
        }
    }
    Err(RangesError::Shape)
}

/// Adds a block under a name.
fn add(groups: &mut Groups, name: String, text: &str) -> Result<(), RangesError> {
    groups.entry(name).or_default().push(block(text)?);
    Ok(())
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn joined(one: &str, other: &str) -> String {
    match (one, other) {
        ("", name) | (name, "") => name.to_owned(),
        (one, other) => format!("{one}.{other}"),
    }
}

/// `prefixes[].ip_prefix`, `ipv6_prefixes[].ipv6_prefix`, each with a service and a region.
fn aws(value: &Value, groups: &mut Groups) -> Result<bool, RangesError> {
    let mut is_it = false;
    for (list, key) in [("prefixes", "ip_prefix"), ("ipv6_prefixes", "ipv6_prefix")] {
        for item in items(value, list) {
            if let Some(prefix) = item.get(key).and_then(Value::as_str) {
                is_it = true;
                add(
                    groups,
                    joined(text(item, "service"), text(item, "region")),
                    prefix,
                )?;
            }
        }
    }
    Ok(is_it)
}

/// `prefixes[].ipv4Prefix|ipv6Prefix`, of customers with a scope.
fn google(value: &Value, groups: &mut Groups) -> Result<bool, RangesError> {
    let mut is_it = false;
    for item in items(value, "prefixes") {
        for key in ["ipv4Prefix", "ipv6Prefix"] {
            if let Some(prefix) = item.get(key).and_then(Value::as_str) {
                is_it = true;
                add(groups, text(item, "scope").to_owned(), prefix)?;
            }
        }
    }
    Ok(is_it)
}

/// `result.ipv4_cidrs`, `result.ipv6_cidrs`.
fn cloudflare(value: &Value, groups: &mut Groups) -> Result<bool, RangesError> {
    let Some(result) = value.get("result") else {
        return Ok(false);
    };
    let mut is_it = false;
    for key in ["ipv4_cidrs", "ipv6_cidrs"] {
        for prefix in items(result, key).filter_map(Value::as_str) {
            is_it = true;
            add(groups, String::new(), prefix)?;
        }
    }
    Ok(is_it)
}

/// `regions[].cidrs[]`, each with the services of that region.
fn oracle(value: &Value, groups: &mut Groups) -> Result<bool, RangesError> {
    let mut is_it = false;
    for region in items(value, "regions") {
        for item in items(region, "cidrs") {
            let Some(prefix) = item.get("cidr").and_then(Value::as_str) else {
                continue;
            };
            is_it = true;
            let name = text(region, "region");
            let mut services = items(item, "tags").filter_map(Value::as_str).peekable();
            if services.peek().is_none() {
                add(groups, name.to_owned(), prefix)?;
            }
            for service in services {
                add(groups, joined(service, name), prefix)?;
            }
        }
    }
    Ok(is_it)
}

/// An array of endpoint sets: `[].serviceArea`, `[].ips`; many have host names alone.
fn microsoft_365(value: &Value, groups: &mut Groups) -> Result<bool, RangesError> {
    let mut is_it = false;
    for set in value.as_array().into_iter().flatten() {
        let area = text(set, "serviceArea");
        if area.is_empty() {
            continue;
        }
        is_it = true;
        for prefix in items(set, "ips").filter_map(Value::as_str) {
            add(groups, area.to_owned(), prefix)?;
        }
    }
    Ok(is_it)
}

/// Members that are lists of CIDRs, beside keys and names: `hooks`, `web`, `actions`.
fn github(value: &Value, groups: &mut Groups) -> Result<bool, RangesError> {
    for (name, list) in value.as_object().into_iter().flatten() {
        let mut texts = list.as_array().into_iter().flatten().map(Value::as_str);
        // Keys of SSH and host names are lists of other texts.
        let is_range = |text: Option<&str>| text.is_some_and(|text| block(text).is_ok());
        if !texts.clone().next().is_some_and(is_range) {
            continue;
        }
        texts.try_for_each(|text| add(groups, name.clone(), text.unwrap_or_default()))?;
    }
    Ok(!groups.is_empty())
}
