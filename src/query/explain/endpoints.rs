//! A subnet's service endpoints, as `az network vnet subnet show` writes them.

use serde_json::Value;

use crate::text::Safe;

/// The service that a registry's subnet rule needs.
const REGISTRY: &str = "Microsoft.ContainerRegistry";

/// Services that are kept.
const MOST: usize = 50;
/// Longest name of a service.
const LONGEST: usize = 100;

/// The services of a pasted list; `None` when the text is no such list.
pub(super) fn services(text: &str) -> Option<Vec<Safe>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let list = match &value {
        Value::Array(list) if list.is_empty() => None,
        Value::Array(list) => Some(list),
        Value::Object(_) => match inside(&value)? {
            Value::Array(list) => Some(list),
            // A subnet without any.
            Value::Null => return Some(Vec::new()),
            _ => None,
        },
        _ => None,
    }?;
    let names: Option<Vec<Safe>> = list.iter().take(MOST).map(service).collect();
    names
}

/// The member of a subnet, in the dialect of Azure CLI or of ARM.
fn inside(value: &Value) -> Option<&Value> {
    let own = value.get("serviceEndpoints");
    own.or_else(|| value.get("properties")?.get("serviceEndpoints"))
}

fn service(value: &Value) -> Option<Safe> {
    let name = value.as_str().or_else(|| value.get("service")?.as_str())?;
    let is_service = name
        .get(.."Microsoft.".len())
        .is_some_and(|head| head.eq_ignore_ascii_case("Microsoft."));
    // It is repeated in a command.
    let is_word = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    (is_service && is_word && name.len() <= LONGEST).then(|| Safe::new(name))
}

/// Whether the registry's service is among them.
pub(super) fn has_registry(services: &[Safe]) -> bool {
    services
        .iter()
        .any(|service| service.as_str().eq_ignore_ascii_case(REGISTRY))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(usize, bool)> {
        services(text).map(|services| (services.len(), has_registry(&services)))
    }

    /// E19: `subnet show --query serviceEndpoints` is read.
    #[test]
    fn lists_of_service_endpoints_are_read() {
        let registry = r#"{"locations":["westeurope"],"provisioningState":"Succeeded","service":"Microsoft.ContainerRegistry"}"#;
        let storage = r#"{"service":"Microsoft.Storage"}"#;
        for (text, found) in [
            (format!("[{registry}]"), (1, true)),
            (format!("\u{feff}[\n{storage},{registry}\n]\n"), (2, true)),
            (format!("[{storage}]"), (1, false)),
            (
                format!(r#"{{"name":"s","serviceEndpoints":[{storage}]}}"#),
                (1, false),
            ),
            (
                format!(r#"{{"properties":{{"serviceEndpoints":[{registry}]}}}}"#),
                (1, true),
            ),
            (
                r#"{"name":"s","serviceEndpoints":null}"#.to_owned(),
                (0, false),
            ),
            (
                r#"["Microsoft.Storage","Microsoft.containerregistry"]"#.to_owned(),
                (2, true),
            ),
        ] {
            assert_eq!(read(&text), Some(found), "{text}");
        }
    }

    #[test]
    fn other_json_is_none() {
        for text in [
            "[]",
            "null",
            "{}",
            "[1]",
            r#"["a"]"#,
            r#"[{"service":"x"}]"#,
            "[",
            "é",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
