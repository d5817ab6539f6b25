//! The host names of a text: registries, their data endpoints, and what else is on the way.

use crate::azure::Cloud;
use crate::azure::registry::CloudDomains;
use crate::query::lookup::HELP;
use crate::text::{Safe, is_host_name};

/// A registry, as far as a text names it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedRegistry {
    /// Its login server: `contoso.azurecr.io`.
    pub login_server: Option<Safe>,
    /// Its name as a resource, only where it is a valid one: 5 to 50 letters and digits.
    pub name: Option<String>,
    /// The name is the part of the login server before a dash, which a hash follows.
    pub is_assumed: bool,
    /// The cloud of the login server's suffix.
    pub cloud: Option<Cloud>,
}

impl NamedRegistry {
    /// A registry of which only the resource's name is known.
    pub(super) fn named(name: &str) -> Option<Self> {
        is_name(name).then(|| Self {
            name: Some(name.to_ascii_lowercase()),
            ..Self::default()
        })
    }

    /// The registry of a login server's first label.
    fn of_label(label: &str, cloud: Cloud) -> Self {
        let (name, is_assumed) = match label.split_once('-') {
            None => (label, false),
            Some((name, hash)) => {
                let is_hash = !hash.is_empty() && hash.bytes().all(|b| b.is_ascii_alphanumeric());
                (if is_hash { name } else { "" }, true)
            }
        };
        let name = is_name(name).then(|| name.to_owned());
        Self {
            login_server: Some(Safe::from(format!(
                "{label}.{}",
                CloudDomains::of(cloud).registry.name
            ))),
            is_assumed: is_assumed && name.is_some(),
            name,
            cloud: Some(cloud),
        }
    }
}

/// 5 to 50 letters and digits.
fn is_name(text: &str) -> bool {
    (5..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What a host is to a pull or a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// A registry's login server, or its regional endpoint.
    Registry,
    /// A registry's dedicated data endpoint.
    Data,
    /// Storage, from where layers come without dedicated data endpoints.
    Blob,
    /// Microsoft's own registry.
    Microsoft,
    /// Where its layers come from.
    Layers,
    /// Where tokens come from.
    SignIn,
    /// Azure's management.
    Management,
    /// None of these.
    Foreign,
}

/// A host name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HostMention {
    /// Bytes before it, spaces not counted.
    pub at: usize,
    pub host: Safe,
    pub role: Role,
    pub registry: Option<NamedRegistry>,
    pub image: Option<Safe>,
}

/// The host names of a text, in order.
pub(super) fn names(spaced: &str) -> Vec<HostMention> {
    let mut found = Vec::new();
    let (mut at, mut before) = (0, "");
    for word in spaced.split(' ') {
        let mut offset = 0;
        for piece in word.split_inclusive(|c: char| !is_part(c)) {
            let token = piece.trim_end_matches(|c: char| !is_part(c));
            if !token.is_empty() {
                found.extend(named(token, at + offset, before));
                before = token;
            }
            offset += piece.len();
        }
        at += word.len();
    }
    found
}

/// Whether addresses, hosts, URLs and images consist of it.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._:/%-@".contains(c)
}

fn named(token: &str, at: usize, before: &str) -> Option<HostMention> {
    let (is_url, rest) = match token.split_once("://") {
        // Clients write references of images so.
        Some(("docker" | "oci", rest)) => (false, rest),
        Some((_, rest)) => (true, rest),
        None => (false, token.trim_start_matches(['.', '/', '-', '@', ':'])),
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = authority.split(':').next().unwrap_or("");
    let host = host.trim_matches(['.', '-', '_']).to_ascii_lowercase();
    let (role, registry) = role(&host)?;
    let is_meant = match role {
        // `1.21GB/2.31GB` is none.
        Role::Foreign if is_number(&host) => false,
        Role::Foreign => is_url || before == "lookup" || !path.is_empty(),
        _ => true,
    };
    if !is_meant || HELP.contains(&host.as_str()) {
        return None;
    }
    let image = (role == Role::Registry)
        .then(|| image(&host, path, is_url))
        .flatten();
    Some(HostMention {
        at,
        host: Safe::from(host),
        role,
        registry,
        image,
    })
}

/// Whether what stands behind the last dot begins with a digit, as in `1.21GB`.
fn is_number(host: &str) -> bool {
    let last = host.rsplit('.').next();
    last.is_some_and(|last| last.starts_with(|c: char| c.is_ascii_digit()))
}

/// What a host is.
pub(super) fn role_of(host: &str) -> Role {
    role(host).map_or(Role::Foreign, |(role, _)| role)
}

fn role(host: &str) -> Option<(Role, Option<NamedRegistry>)> {
    if let Some(found) = Cloud::ALL.iter().find_map(|&cloud| registry(host, cloud)) {
        return Some(found);
    }
    if !is_host_name(host) {
        return None;
    }
    let is_of = |suffix: &str| {
        host.strip_suffix(suffix)
            .is_some_and(|head| head.is_empty() || head.ends_with('.'))
    };
    let of_cloud = |cloud: &Cloud| {
        let domains = CloudDomains::of(*cloud);
        let is_new = domains.sign_in_new.is_some_and(|domain| is_of(domain.name));
        if is_of(domains.blob.name) {
            Some(Role::Blob)
        } else if host == domains.microsoft.name {
            Some(Role::Microsoft)
        } else if is_of(domains.microsoft.name) {
            Some(Role::Layers)
        } else if is_new || is_of(domains.sign_in.name) {
            Some(Role::SignIn)
        } else {
            is_of(domains.management.name).then_some(Role::Management)
        }
    };
    let known = Cloud::ALL.iter().find_map(of_cloud);
    // Where the layers of Microsoft's images came from in former times.
    let known = known.or_else(|| is_of("cdn.mscr.io").then_some(Role::Layers));
    Some((known.unwrap_or(Role::Foreign), None))
}

fn registry(host: &str, cloud: Cloud) -> Option<(Role, Option<NamedRegistry>)> {
    let head = host.strip_suffix(CloudDomains::of(cloud).registry.name)?;
    let unnamed = NamedRegistry {
        cloud: Some(cloud),
        ..NamedRegistry::default()
    };
    if head.is_empty() {
        return Some((Role::Registry, Some(unnamed)));
    }
    if !is_host_name(host) {
        return None;
    }
    let labels: Vec<&str> = head.strip_suffix('.')?.split('.').collect();
    let of = |label: &str| Some(NamedRegistry::of_label(label, cloud));
    Some(match labels.as_slice() {
        [label] | [label, "privatelink"] | [label, _, "geo"] => (Role::Registry, of(label)),
        [label, _, "data"] => (Role::Data, of(label)),
        [_, "data"] => (Role::Data, Some(unnamed)),
        _ => (Role::Registry, Some(unnamed)),
    })
}

/// The image that a path names: `app/web:1.2`, or `v2/app/web/manifests/1.2` in a URL.
fn image(host: &str, path: &str, is_url: bool) -> Option<Safe> {
    let path = path.trim_end_matches(['.', ':', '/', '-', '@']);
    let image = if let Some(path) = path.strip_prefix("v2/") {
        let (repository, reference) = path
            .split_once("/manifests/")
            .or_else(|| Some((path.split_once("/blobs/")?.0, "")))?;
        match reference {
            "" => repository.to_owned(),
            digest if digest.contains(':') => format!("{repository}@{digest}"),
            tag => format!("{repository}:{tag}"),
        }
    } else {
        (!is_url && !path.starts_with("oauth2/")).then(|| path.to_owned())?
    };
    let starts_well = image.starts_with(|c: char| c.is_ascii_alphanumeric());
    (starts_well && image != "v2").then(|| Safe::from(format!("{host}/{image}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart() {
        let cases = [
            ("https://contoso.azurecr.io/v2/", Role::Registry, "contoso"),
            ("\"Contoso.azurecr.cn:443\"", Role::Registry, "contoso"),
            ("contoso.azurecr.us.", Role::Registry, "contoso"),
            ("u:p@contoso.azurecr.de/x", Role::Registry, "contoso"),
            (
                "contoso.westeurope.geo.azurecr.io",
                Role::Registry,
                "contoso",
            ),
            ("contoso.privatelink.azurecr.io", Role::Registry, "contoso"),
            (
                "contoso-e7ggejfuhzhgedc8.azurecr.io",
                Role::Registry,
                "contoso",
            ),
            (
                "https://contoso.westeurope.data.azurecr.io/a",
                Role::Data,
                "contoso",
            ),
            ("*.westeurope.data.azurecr.io", Role::Data, ""),
            ("<name>.azurecr.io", Role::Registry, ""),
            ("abc.azurecr.io", Role::Registry, ""),
            ("a-b-c.azurecr.io", Role::Registry, ""),
            ("https://weu15.blob.core.windows.net/x?a=b", Role::Blob, ""),
            ("mcr.microsoft.com/mcr/hello-world", Role::Microsoft, ""),
            ("https://eastus.data.mcr.microsoft.com/x", Role::Layers, ""),
            ("login.microsoftonline.com", Role::SignIn, ""),
            ("https://registry-1.docker.io/v2/", Role::Foreign, ""),
            ("ghcr.io/a/b:1", Role::Foreign, ""),
        ];
        for (text, role, name) in cases {
            let found = names(text);
            let first = found.first().unwrap_or_else(|| panic!("{text}"));
            assert_eq!(first.role, role, "{text}");
            let registry = first.registry.clone().unwrap_or_default();
            assert_eq!(registry.name.unwrap_or_default(), name, "{text}");
        }
        for text in [
            "20.1.2.3:443",
            "https://aka.ms/acr",
            "main.go: x",
            "v1.2.3",
            "myazurecr.io",
        ] {
            assert_eq!(names(text), [], "{text}");
        }
    }

    #[test]
    fn an_image_is_read_from_a_reference_or_a_url() {
        let cases = [
            (
                "contoso.azurecr.io/app/web:1.2",
                "contoso.azurecr.io/app/web:1.2",
            ),
            (
                "contoso.azurecr.io/app@sha256:0a1b:",
                "contoso.azurecr.io/app@sha256:0a1b",
            ),
            (
                "https://contoso.azurecr.io/v2/app/web/manifests/1.2",
                "contoso.azurecr.io/app/web:1.2",
            ),
            (
                "https://contoso.azurecr.io/v2/app/manifests/sha256:0a1b",
                "contoso.azurecr.io/app@sha256:0a1b",
            ),
            ("https://contoso.azurecr.io/v2/", ""),
            ("https://contoso.azurecr.io/oauth2/token", ""),
            ("contoso.azurecr.io/oauth2/token", ""),
            ("contoso.azurecr.io", ""),
        ];
        for (text, image) in cases {
            let found = names(text).remove(0).image;
            assert_eq!(
                found.map(|image| image.to_string()).unwrap_or_default(),
                image
            );
        }
    }

    #[test]
    fn a_place_counts_no_spaces() {
        let found = names("ab c  (contoso.azurecr.io) d");
        assert_eq!(found.first().map(|named| named.at), Some(4));
    }
}
