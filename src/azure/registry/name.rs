//! What a person types or pastes as a registry: a name, a login server, an image, a URL.

use crate::azure::registry::{CloudDomains, MicrosoftRegistry, Switch};
use crate::azure::{Certainty, Cloud};
use crate::text::Safe;

/// Shortest name of a registry.
const LEAST: usize = 5;
/// Longest name of a registry.
const MOST: usize = 50;
/// Length of the hash behind the dash in the known examples.
const HASH: usize = 16;

/// A registry by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryName {
    /// The first label of the login server: the name, or `name-hash`.
    pub label: String,
    /// The resource's name, as `az` takes it.
    pub name: String,
    /// Whether the resource's name was read off a login server with a hash.
    pub name_certainty: Certainty,
    /// The cloud, where a suffix tells it.
    pub cloud: Option<Cloud>,
    /// The region, where a data or a regional endpoint was given.
    pub region: Option<String>,
    /// What the registry must have on, since a host of it was given.
    pub switches: Vec<Switch>,
    /// The image, where one was given.
    pub image: Option<Image>,
    /// What was taken differently from how it was written.
    pub notes: Vec<String>,
}

/// The part of an image's address behind the login server.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// The repository with its path.
    pub repository: String,
    /// The tag; `None` is `latest`, unless there is a digest.
    pub tag: Option<String>,
    /// The digest with its algorithm.
    pub digest: Option<String>,
}

/// Why a text names no registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is none.
    #[error(
        "no registry is named: give a name, a login server or an image, like contoso.azurecr.io/app:v1"
    )]
    Empty,
    /// Too short or too long.
    #[error("\"{name}\" has {length} characters; a registry's name has {LEAST} to {MOST}")]
    Length {
        /// As given.
        name: Safe,
        /// Its characters.
        length: usize,
    },
    /// A dash where none can be.
    #[error(
        "\"{name}\" has a dash; a registry's name has letters and digits only, and a dash stands only before the {HASH} characters that a login server may end in (contoso-e7ggejfuhzhgedc8)"
    )]
    Dash {
        /// As given.
        name: Safe,
    },
    /// Another character.
    #[error(
        "\"{name}\" has the character \"{character}\"; a registry's name has letters and digits only"
    )]
    Character {
        /// As given.
        name: Safe,
        /// The first that does not fit.
        character: Safe,
    },
    /// A host of somebody else.
    #[error(
        "{host} is no login server of a container registry: those end in .azurecr.io, .azurecr.us, .azurecr.cn{hint}"
    )]
    Host {
        /// The host.
        host: Safe,
        /// What it is, where known.
        hint: &'static str,
    },
    /// A host below a login server that has no known form.
    #[error(
        "{host} is no name of a registry: before the domain stand NAME, NAME.REGION.data or NAME.REGION.geo"
    )]
    Form {
        /// The host.
        host: Safe,
    },
    /// A path, or the resource ID of something else.
    #[error(
        "{id} is a file, or the ID of another resource; a registry's has …/providers/Microsoft.ContainerRegistry/registries/NAME, and a file is read with --from, in the dashboard with :registry"
    )]
    Resource {
        /// As given.
        id: Safe,
    },
    /// A path behind a bare name.
    #[error("\"{text}\" has a path but no login server: write {name}.azurecr.io/…")]
    Path {
        /// As given.
        text: Safe,
        /// What stands before the slash.
        name: Safe,
    },
    /// No image's address behind the login server.
    #[error(
        "\"{text}\" is no image: {why}; an image is LOGIN_SERVER/REPOSITORY:TAG or …@sha256:DIGEST"
    )]
    Image {
        /// As given.
        text: Safe,
        /// What does not fit.
        why: &'static str,
    },
    /// A port other than 443.
    #[error("\"{text}\" names port {port}; a registry answers on port 443 only")]
    Port {
        /// As given.
        text: Safe,
        /// The port.
        port: Safe,
    },
}

impl RegistryName {
    /// Reads a name, a login server, an endpoint's name, an image, a URL or a resource ID.
    ///
    /// # Errors
    /// What does not fit.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        if text.starts_with('/') {
            return of_resource(text);
        }
        let mut notes = Vec::new();
        let (rest, has_scheme) = match text.split_once("://") {
            Some((scheme, rest)) => {
                notes.push(format!(
                    "{scheme}:// is left out: docker and az take the bare name"
                ));
                (rest, true)
            }
            None => (text, false),
        };
        let (host, path) = match rest.split_once('/') {
            Some((host, path)) => (host, Some(path)),
            None => (rest, None),
        };
        let host = without_port(host, text)?.trim_end_matches('.');
        let lower = host.to_lowercase();
        if lower != host {
            notes.push(format!(
                "written in lower case, as a login server is: {lower}"
            ));
        }
        let mut found = of_host(&lower)?;
        let path = path.filter(|path| !path.is_empty());
        match path {
            None => {}
            Some(path) if has_scheme => {
                notes.push(format!("the path /{path} is left out"));
            }
            Some(_) if found.cloud.is_none() => {
                return Err(NameError::Path {
                    text: Safe::new(text),
                    name: Safe::new(&lower),
                });
            }
            Some(path) => {
                let why = |why| NameError::Image {
                    text: Safe::new(text),
                    why,
                };
                found.image = Some(Image::parse(path).map_err(why)?);
            }
        }
        found.notes.splice(0..0, notes);
        Ok(found)
    }

    /// The login server in a cloud.
    #[must_use]
    pub fn login_server(&self, cloud: Cloud) -> String {
        format!("{}.{}", self.label, CloudDomains::of(cloud).registry.name)
    }
}

fn without_port<'a>(host: &'a str, text: &str) -> Result<&'a str, NameError> {
    match host.split_once(':') {
        None => Ok(host),
        Some((host, "443")) => Ok(host),
        // A bare name has no tag: `contoso:v1` is a slip for an image.
        Some((host, _)) if !host.contains('.') => Err(NameError::Path {
            text: Safe::new(text),
            name: Safe::new(host),
        }),
        Some((_, port)) => Err(NameError::Port {
            text: Safe::new(text),
            port: Safe::new(port),
        }),
    }
}

/// A registry's resource ID, or that of one of its replicas.
fn of_resource(id: &str) -> Result<RegistryName, NameError> {
    let other = || NameError::Resource { id: Safe::new(id) };
    let parts: Vec<&str> = id.trim_matches('/').split('/').collect();
    let mut pairs = parts.chunks_exact(2).filter_map(|pair| match pair {
        [kind, name] => Some((*kind, *name)),
        _ => None,
    });
    let is_ours = pairs.any(|(kind, provider)| {
        kind.eq_ignore_ascii_case("providers")
            && provider.eq_ignore_ascii_case("Microsoft.ContainerRegistry")
    });
    let of_kind = |pair: Option<(&str, &str)>, wanted: &str| {
        let (_, name) = pair.filter(|(kind, _)| kind.eq_ignore_ascii_case(wanted))?;
        Some(name.to_lowercase())
    };
    let name = of_kind(pairs.next().filter(|_| is_ours), "registries").ok_or_else(other)?;
    let region = of_kind(pairs.next(), "replications");
    let (own, name_certainty) = resource_name(&name, false)?;
    if own != name {
        return Err(NameError::Dash {
            name: Safe::new(&name),
        });
    }
    Ok(RegistryName {
        name_certainty,
        cloud: None,
        region,
        switches: Vec::new(),
        image: None,
        notes: vec![format!(
            "read off the resource ID: {name}; an ID does not tell whether the login server has a hash (az acr show --query loginServer does)"
        )],
        label: name.clone(),
        name,
    })
}

/// `host` is in lower case.
fn of_host(host: &str) -> Result<RegistryName, NameError> {
    let (cloud, before) = match CloudDomains::split(host) {
        Some((cloud, before)) => (Some(cloud), before),
        None if host.contains('.') => {
            let hint = if MicrosoftRegistry::has(host) {
                "; it is Microsoft's own registry, whose hosts --mcr adds to a plan"
            } else {
                ""
            };
            let host = Safe::new(host);
            return Err(NameError::Host { host, hint });
        }
        None => (None, host),
    };
    let mut parts: Vec<&str> = before.split('.').collect();
    let mut switches = Vec::new();
    if let [_, .., "privatelink"] = parts.as_slice() {
        parts.pop();
        switches.push(Switch::PrivateLink);
    }
    let (label, region) = match parts.as_slice() {
        [label] => (*label, None),
        [label, region, "data"] => {
            switches.push(Switch::DataEndpoints);
            (*label, Some((*region).to_owned()))
        }
        [label, region, "geo"] => {
            switches.push(Switch::RegionalEndpoints);
            (*label, Some((*region).to_owned()))
        }
        _ => {
            let host = Safe::new(host);
            return Err(NameError::Form { host });
        }
    };
    let mut notes = shown_on(&switches, region.as_deref());
    let (name, name_certainty) = resource_name(label, cloud.is_some())?;
    if name != label {
        notes.push(format!(
            "the login server has a hash; the resource's name is taken to be {name}"
        ));
    }
    Ok(RegistryName {
        label: label.to_owned(),
        name: name.to_owned(),
        name_certainty,
        cloud,
        region,
        switches,
        image: None,
        notes,
    })
}

/// What a host tells besides the name.
fn shown_on(switches: &[Switch], region: Option<&str>) -> Vec<String> {
    let titles: Vec<&str> = switches.iter().map(|switch| switch.title()).collect();
    if titles.is_empty() {
        return Vec::new();
    }
    let place = region.map_or_else(String::new, |region| format!(" in {region}"));
    vec![format!(
        "the host belongs to {}{place}, so the plan has that on",
        titles.join(" and ")
    )]
}

/// The resource's name in a label; a hash of unusual length is taken from a whole login server only.
fn resource_name(label: &str, is_login_server: bool) -> Result<(&str, Certainty), NameError> {
    let (name, hash) = match label.split_once('-') {
        Some((name, hash)) => (name, Some(hash)),
        None => (label, None),
    };
    if let Some(hash) = hash {
        let is_word = !hash.is_empty() && hash.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_word || !(is_login_server || hash.len() == HASH) {
            let name = Safe::new(label);
            return Err(NameError::Dash { name });
        }
    }
    if let Some(c) = name.chars().find(|c| !c.is_ascii_alphanumeric()) {
        return Err(NameError::Character {
            name: Safe::new(label),
            character: Safe::from(c.to_string()),
        });
    }
    if !(LEAST..=MOST).contains(&name.len()) {
        return Err(NameError::Length {
            name: Safe::new(name),
            length: name.len(),
        });
    }
    let certainty = match hash {
        Some(_) => Certainty::Assumed,
        None => Certainty::Documented,
    };
    Ok((name, certainty))
}

impl Image {
    /// Reads `repository[:tag][@digest]`.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        if let Some(digest) = digest {
            let hex = digest
                .strip_prefix("sha256:")
                .ok_or("a digest begins with sha256:")?;
            let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
            if hex.len() != 64 || !hex.bytes().all(is_hex) {
                return Err("a digest has 64 digits, 0-9 and a-f");
            }
        }
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        if let Some(tag) = tag {
            let is_word = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
            let begins = tag.bytes().next().is_some_and(|b| !b"-.".contains(&b));
            if !begins || tag.len() > 128 || !tag.bytes().all(is_word) {
                return Err("a tag has up to 128 letters, digits, _ . and -");
            }
        }
        if repository.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err("docker takes repositories in lower case only");
        }
        if repository.len() > 255 || !repository.split('/').all(is_component) {
            return Err("the repository has an empty or an unknown part");
        }
        Ok(Self {
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// As it stands behind the login server.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = self.repository.clone();
        for (mark, part) in [(':', &self.tag), ('@', &self.digest)] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }
}

/// Letters and digits, separated by `.`, `_`, `__` or dashes.
fn is_component(part: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let edges = [part.bytes().next(), part.bytes().next_back()];
    edges.into_iter().all(|edge| edge.is_some_and(is_letter))
        && part.bytes().all(|b| is_letter(b) || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> RegistryName {
        RegistryName::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn every_form_of_a_registry_is_read() {
        for (text, label, cloud) in [
            ("contoso", "contoso", None),
            ("CONTOSO", "contoso", None),
            ("contoso.azurecr.io", "contoso", Some(Cloud::Public)),
            ("Contoso.AzureCR.io.", "contoso", Some(Cloud::Public)),
            (
                "https://contoso.azurecr.us/v2/",
                "contoso",
                Some(Cloud::AzureGovernment),
            ),
            ("contoso.azurecr.cn:443", "contoso", Some(Cloud::China)),
            (
                "contoso.privatelink.azurecr.io",
                "contoso",
                Some(Cloud::Public),
            ),
            ("contoso.azurecr.de", "contoso", Some(Cloud::AzureGermany)),
            ("contoso-e7ggejfuhzhgedc8", "contoso-e7ggejfuhzhgedc8", None),
        ] {
            let found = read(text);
            assert_eq!(
                (found.label.as_str(), found.cloud),
                (label, cloud),
                "{text}"
            );
            assert_eq!(found.name, "contoso", "{text}");
        }
        let hashed = read("contoso-e7ggejfuhzhgedc8.azurecr.io");
        assert_eq!(hashed.name_certainty, Certainty::Assumed);
        assert_eq!(
            read("contoso.eastus.geo.azurecr.io").region.unwrap(),
            "eastus"
        );
        for (host, on, region) in [
            (
                "contoso.eastus.data.azurecr.io",
                &[Switch::DataEndpoints][..],
                Some("eastus"),
            ),
            (
                "contoso.eastus.geo.azurecr.io",
                &[Switch::RegionalEndpoints],
                Some("eastus"),
            ),
            (
                "contoso.privatelink.azurecr.io",
                &[Switch::PrivateLink],
                None,
            ),
            (
                "contoso.eastus.data.privatelink.azurecr.io",
                &[Switch::PrivateLink, Switch::DataEndpoints],
                Some("eastus"),
            ),
            (
                "contoso.eastus.geo.privatelink.azurecr.us",
                &[Switch::PrivateLink, Switch::RegionalEndpoints],
                Some("eastus"),
            ),
            ("contoso.azurecr.io", &[], None),
        ] {
            let found = read(host);
            assert_eq!(
                (&*found.switches, found.region.as_deref()),
                (on, region),
                "{host}"
            );
        }
        assert!(read("CONTOSO").notes[0].contains("lower case"));
        assert!(read("https://contoso").notes[0].contains("https://"));
    }

    #[test]
    fn a_resource_id_is_a_registry() {
        let id = "/subscriptions/0000/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/Contoso";
        let found = read(id);
        assert_eq!((found.name.as_str(), found.cloud), ("contoso", None));
        assert!(found.notes[0].contains("resource ID"));
        let replica = read(&format!("{}/replications/eastus", id.to_uppercase()));
        assert_eq!(replica.region.as_deref(), Some("eastus"));
        for other in [
            "/subscriptions/0000/resourceGroups/rg1/providers/Microsoft.Storage/storageAccounts/contoso",
            "/subscriptions/0000/resourceGroups/rg1/providers/Microsoft.ContainerRegistry",
            "/subscriptions/0000/providers/Microsoft.ContainerRegistry/locations/registries",
            "/",
            "//registries/contoso",
        ] {
            let error = RegistryName::parse(other).unwrap_err().to_string();
            assert!(error.contains("another resource"), "{other}: {error}");
        }
    }

    /// D5: the parts of an image's address.
    #[test]
    fn an_image_has_a_repository_and_a_tag_or_a_digest() {
        let image = |text| read(text).image.unwrap();
        let found = image("contoso.azurecr.io/team/app-1/web:v1.2_3");
        assert_eq!(found.repository, "team/app-1/web");
        assert_eq!(found.tag.as_deref(), Some("v1.2_3"));
        let digest = format!("sha256:{}", "0a".repeat(32));
        let text = format!("contoso.azurecr.io/app:v1@{digest}");
        let found = image(&text);
        assert_eq!(found.digest, Some(digest));
        assert_eq!(format!("contoso.azurecr.io/{}", found.shown()), text);
        assert_eq!(image("contoso.azurecr.io/app").tag, None);
    }

    #[test]
    fn what_is_no_registry_says_why() {
        for (text, part) in [
            ("", "no registry"),
            ("abcd", "4 characters"),
            (&"a".repeat(51), "51 characters"),
            ("contoso-west", "has a dash"),
            ("con_toso", "\"_\""),
            ("contöso", "\"ö\""),
            ("docker.io/library/nginx", "docker.io"),
            ("mcr.microsoft.com/dotnet", "--mcr"),
            ("contoso/app:v1", "no login server"),
            ("contoso:v1", "no login server"),
            ("contoso.azurecr.io:5000/app", "port 5000"),
            ("contoso.azurecr.io/App:v1", "lower case"),
            ("contoso.azurecr.io/app:", "a tag has"),
            ("contoso.azurecr.io//app", "empty"),
            ("contoso.azurecr.io/app@sha256:12", "64 digits"),
            ("contoso.azurecr.io/app@md5:12", "sha256:"),
            ("a.b.azurecr.io", "NAME.REGION.data"),
            ("azurecr.io", "azurecr.io"),
        ] {
            let error = RegistryName::parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
