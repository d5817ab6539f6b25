//! What is asked: from where, to where, by which way.

use crate::azure::{PlatformTag, SubnetId, SubnetIdError};
use crate::query::lookup::{Query, QueryError, Subject};
use crate::query::rules::AddressResolver;
use crate::rules::{Direction, Protocol};
use crate::space::{AddressSet, Ranges, Span};
use crate::text::{Safe, is_host_name};

/// The port of every registry, taken where none is given.
pub const PORT: u16 = 443;

/// Would this get through?
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerdictQuestion {
    /// Where it comes from.
    pub from: Option<Party>,
    /// Where it goes.
    pub to: Option<Party>,
    /// The destination port; [`PORT`] where none is given.
    pub port: Option<u16>,
    /// The protocol; TCP where none is given.
    pub protocol: Option<Protocol>,
    /// Which rules of a security group are asked; found from the addresses where it is not given.
    pub direction: Option<Direction>,
    /// How it reaches a registry.
    pub registry_path: RegistryPath,
}

impl VerdictQuestion {
    /// The host that is reached over a private endpoint, and so at none of its public addresses.
    pub(super) fn private_host(&self) -> Option<&str> {
        match &self.to {
            Some(Party::Host { name, .. })
                if self.registry_path == RegistryPath::PrivateEndpoint =>
            {
                Some(name)
            }
            _ => None,
        }
    }
}

/// How traffic reaches a registry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RegistryPath {
    /// By its public endpoint.
    #[default]
    Public,
    /// Over a private endpoint.
    PrivateEndpoint,
    /// From one of Azure's services that a registry can trust.
    Trusted(Trusted),
}

/// A service that passes the network rules of a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trusted {
    /// Container Instances.
    ContainerInstances,
    /// Defender for Cloud.
    Defender,
    /// Machine Learning.
    MachineLearning,
    /// Import into another registry.
    Import,
    /// Tasks, with a permission of their own.
    Tasks,
}

impl Trusted {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ContainerInstances,
        Self::Defender,
        Self::MachineLearning,
        Self::Import,
        Self::Tasks,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContainerInstances => "Container Instances",
            Self::Defender => "Defender for Cloud",
            Self::MachineLearning => "Machine Learning",
            Self::Import => "Container Registry import",
            Self::Tasks => "Tasks",
        }
    }

    /// Its word for a command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ContainerInstances => "container-instances",
            Self::Defender => "defender",
            Self::MachineLearning => "machine-learning",
            Self::Import => "import",
            Self::Tasks => "tasks",
        }
    }

    /// Reads a name, ignoring case and what stands between its words.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        let letters: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        Some(match letters.trim_start_matches("azure") {
            "containerinstances" | "containerinstance" | "aci" => Self::ContainerInstances,
            "defenderforcloud" | "defender" | "microsoftdefenderforcloud" => Self::Defender,
            "machinelearning" | "ml" | "aml" => Self::MachineLearning,
            "containerregistryimport" | "import" | "acrimport" => Self::Import,
            "tasks" | "acrtasks" | "containerregistrytasks" => Self::Tasks,
            _ => return None,
        })
    }

    /// What it must have besides.
    pub(super) const fn need(self) -> Option<&'static str> {
        match self {
            Self::ContainerInstances => {
                Some("the container instances have a managed identity with a role on the registry")
            }
            Self::MachineLearning => {
                Some("the workspace has a managed identity with a role on the registry")
            }
            Self::Tasks => Some("the task signs in with its system-assigned identity"),
            Self::Defender | Self::Import => None,
        }
    }
}

/// One end of the traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// Every address.
    Any,
    /// An address, a CIDR, a range.
    Span(Span),
    /// A service tag by its name in the week.
    Tag(String),
    /// A part of the network.
    Platform(PlatformTag),
    /// A subnet.
    Subnet(SubnetId),
    /// A host name, perhaps with a wildcard in front.
    Host {
        /// The name.
        name: String,
        /// Addresses one of which it has: those that it resolves to, or those of its service tags.
        addresses: Option<AddressSet>,
        /// The service tags that are documented for it, where their addresses stand for it.
        tags: Vec<&'static str>,
    },
}

/// Which end of the traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// Where it comes from.
    From,
    /// Where it goes.
    To,
}

/// Why a text is no end of traffic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PartyError {
    /// A part of it is wrong.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// No subnet's resource id.
    #[error(transparent)]
    Subnet(#[from] SubnetIdError),
    /// A name that the week does not have.
    #[error("no tag \"{text}\" in this week; {hint}")]
    Tag {
        /// The text.
        text: Safe,
        /// Names that are near, or where the names are.
        hint: String,
    },
    /// A host name as the source.
    #[error(
        "\"{text}\" is a host name; traffic comes from an address, a CIDR, a range, a subnet id or a tag"
    )]
    Host {
        /// The text.
        text: Safe,
    },
}

impl Party {
    /// Reads an address, a CIDR, a range, a subnet id, a tag or, as the destination, a host name.
    ///
    /// # Errors
    /// What it is instead, and which tags are near.
    pub fn parse(text: &str, end: End, resolver: &AddressResolver<'_>) -> Result<Self, PartyError> {
        let text = text.trim();
        if text == "*" || text.eq_ignore_ascii_case("any") {
            return Ok(Self::Any);
        }
        if text.starts_with('/') {
            return Ok(Self::Subnet(SubnetId::of_document(text)?));
        }
        if let Some(symbol) = PlatformTag::parse(text) {
            return Ok(Self::Platform(symbol));
        }
        let view = resolver.dataset().view();
        if let Some(row) = resolver.tag(text).and_then(|tag| view.tag(tag)) {
            return Ok(Self::Tag(row.name.to_owned()));
        }
        let name = text.strip_prefix("*.").filter(|name| is_host_name(name));
        if name.is_some() && end == End::To {
            return Ok(Self::host(text, resolver));
        }
        if resolver.names().is_tag_like(text) {
            return Err(unknown_tag(text, resolver));
        }
        match Query::parse(text, resolver.dataset().cloud())?.subject {
            Subject::Span(_, span) => Ok(Self::Span(span)),
            Subject::Host(_, name) if end == End::To => Ok(Self::host(&name, resolver)),
            Subject::Host(..) => Err(PartyError::Host { text: short(text) }),
        }
    }

    /// A host; the IPv4 addresses of its service tags stand for it, where those are documented and
    /// the week has them.
    fn host(name: &str, resolver: &AddressResolver<'_>) -> Self {
        let name = name.to_ascii_lowercase();
        let tags = tags_of(&name);
        let sets = tags.iter().map(|tag| {
            let tag = resolver.tag(tag)?;
            let mut addresses = AddressSet::clone(&resolver.addresses_of(tag));
            addresses.v6 = Ranges::default();
            Some(addresses)
        });
        let all: Option<Vec<AddressSet>> = sets.collect();
        let all = all.and_then(|sets| sets.into_iter().reduce(|all, own| all.union(&own)));
        let addresses = all.filter(|all| !all.is_empty());
        Self::Host {
            name,
            tags: addresses.as_ref().map_or_else(Vec::new, |_| tags.to_vec()),
            addresses,
        }
    }

    /// The text of it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Any => "any address".to_owned(),
            Self::Span(span) => span.to_string(),
            Self::Tag(name) | Self::Host { name, .. } => name.clone(),
            Self::Platform(symbol) => symbol.name().to_owned(),
            Self::Subnet(id) => id.to_string(),
        }
    }
}

/// The service tags that are documented for the public cloud's hosts. Data endpoints are not among them:
/// no document names their tags.
fn tags_of(host: &str) -> &'static [&'static str] {
    const HOSTS: [(&str, &[&str]); 5] = [
        (".azurecr.io", &["AzureContainerRegistry"]),
        (".blob.core.windows.net", &["Storage"]),
        (
            "mcr.microsoft.com",
            &["MicrosoftContainerRegistry", "AzureFrontDoor.FirstParty"],
        ),
        ("login.microsoftonline.com", &["AzureActiveDirectory"]),
        ("management.azure.com", &["AzureResourceManager"]),
    ];
    if host.ends_with(".data.azurecr.io") {
        return &[];
    }
    let is_it = |name: &str| match name.strip_prefix('.') {
        Some(_) => host.ends_with(name),
        None => host == name,
    };
    let found = HOSTS.into_iter().find(|(name, _)| is_it(name));
    found.map_or(&[], |(_, tags)| tags)
}

fn unknown_tag(text: &str, resolver: &AddressResolver<'_>) -> PartyError {
    let near = resolver.names().names().near(text);
    let hint = if near.names.is_empty() && near.why.is_none() {
        "tagscope tags lists them; a host is written out, like contoso.azurecr.io".to_owned()
    } else {
        near.hint()
    };
    let text = short(text);
    PartyError::Tag { text, hint }
}

fn short(text: &str) -> Safe {
    let head: String = text.chars().take(200).collect();
    Safe::new(&head)
}
