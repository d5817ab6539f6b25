//! What a refused document looks like, in words that help its owner.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::azure::document::DocumentError;
use crate::text::Safe;

/// Refuses what is no JSON by its first bytes.
pub fn not_json(bytes: &[u8]) -> Option<DocumentError> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let head = bytes.get(..512).unwrap_or(bytes);
    let looks_like = match first {
        None => return Some(DocumentError::Empty),
        Some(b'{') => return None,
        Some(b'[') => "a JSON list, where an object with `cloud` and `values` is expected",
        Some(b'<') => "an HTML or XML page (a proxy, a sign-in or a download page?)",
        Some(0x1f) if crate::azure::is_gzip(head) => {
            "gzip data within gzip data; it is unpacked once"
        }
        Some(b'P') if head.starts_with(b"PK\x03\x04") => "a zip archive",
        Some(0xfd) if head.starts_with(b"\xfd7zXZ") => "an xz archive; only gzip is read",
        Some(b'(') if head.starts_with(b"(\xb5/\xfd") => "a zstd archive; only gzip is read",
        Some(0xfe | 0xff) => "UTF-16 text; JSON is UTF-8",
        Some(_) if head.contains(&0) => "binary data",
        Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
            if serde_json::from_slice::<IgnoredAny>(bytes).is_ok() =>
        {
            "a single JSON value, where an object with `cloud` and `values` is expected"
        }
        Some(_) => "text that is not JSON",
    };
    Some(DocumentError::OtherKind {
        looks_like: Safe::new(looks_like),
    })
}

/// The parser's error in our words.
pub fn refusal(bytes: &[u8], error: &serde_json::Error) -> DocumentError {
    let (line, column) = (error.line(), error.column());
    if let Some(key) = repeated(error) {
        return DocumentError::Repeated { key, line, column };
    }
    match error.classify() {
        Category::Eof => DocumentError::Truncated { line, column },
        Category::Data if !is_deep(error) => other_kind(bytes),
        Category::Data | Category::Syntax | Category::Io => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or("");
            DocumentError::Syntax {
                line,
                column,
                message: Safe::new(message),
            }
        }
    }
}

/// The key that stands twice in one object, where that is the error.
fn repeated(error: &serde_json::Error) -> Option<Safe> {
    let text = error.to_string();
    let rest = text.strip_prefix("duplicate field `")?;
    Some(Safe::new(rest.split('`').next()?))
}

fn is_deep(error: &serde_json::Error) -> bool {
    error.to_string().starts_with("recursion limit")
}

/// Names the keys of a JSON object, and what such an object usually is.
pub fn other_kind(bytes: &[u8]) -> DocumentError {
    #[expect(
        clippy::zero_sized_map_values,
        reason = "serde reads an object into a map, not into a set"
    )]
    let keys: BTreeMap<String, IgnoredAny> = serde_json::from_slice(bytes).unwrap_or_default();
    let has = |key: &str| keys.contains_key(key);
    let known = if has("securityRules") || has("defaultSecurityRules") {
        Some("a network security group")
    } else if has("loginServer") || has("networkRuleSet") {
        Some("a container registry's description")
    } else if has("syncToken") || has("prefixes") && has("createDate") {
        Some("AWS's list of address ranges")
    } else if has("prefixes") {
        Some("another provider's list of address ranges")
    } else if has("ruleCollections") || has("ruleCollectionGroups") {
        Some("an Azure Firewall policy")
    } else if has("error") {
        Some("an error answer of a service")
    } else {
        None
    };
    let looks_like = match known {
        Some(kind) => kind.to_owned(),
        None if keys.is_empty() => "an empty JSON object".to_owned(),
        None => {
            let names: Vec<String> = keys
                .keys()
                .take(5)
                .map(|key| key.chars().take(40).collect())
                .collect();
            let more = if keys.len() > names.len() {
                ", …"
            } else {
                ""
            };
            format!("a JSON object with the keys {}{more}", names.join(", "))
        }
    };
    DocumentError::OtherKind {
        looks_like: Safe::new(&looks_like),
    }
}
