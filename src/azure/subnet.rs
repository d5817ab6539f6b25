//! A subnet's resource ID, checked.

use std::fmt;

use crate::text::Safe;

/// The subscription of an ID in a template that does not know it.
const SUBSCRIPTION: &str = "{subscriptionId}";
/// The resource group of an ID in a template that does not know it.
const GROUP: &str = "{resourceGroup}";

/// The ID of a subnet of a virtual network.
///
/// The words of the path are compared without regard to case and written in their usual case; the
/// names stay as given.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubnetId {
    subscription: String,
    resource_group: String,
    network: String,
    name: String,
}

/// What is wrong with a subnet's ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubnetIdError {
    /// It does not begin as a resource ID does.
    #[error(
        "\"{text}\" is no resource ID: it begins /subscriptions/…; \
         az network vnet subnet show --query id prints it"
    )]
    NotAnId {
        /// What was given.
        text: Safe,
    },
    /// It is the ID of something else.
    #[error(
        "this is the ID of {what}; wanted is \
         …/providers/Microsoft.Network/virtualNetworks/NETWORK/subnets/SUBNET"
    )]
    OtherType {
        /// The type as far as it can be told.
        what: Safe,
    },
    /// The subscription is not written as 8-4-4-4-12 hexadecimal digits.
    #[error("the subscription \"{text}\" of the subnet's ID is no GUID")]
    Subscription {
        /// What stands there.
        text: Safe,
    },
    /// A name is empty, too long or has characters that Azure does not take.
    #[error("\"{text}\" is no name of a {what}: 1 to {limit} letters, digits and {others}")]
    Name {
        /// Of what.
        what: &'static str,
        /// What stands there.
        text: Safe,
        /// Most characters.
        limit: usize,
        /// What it may have beside letters and digits.
        others: &'static str,
    },
}

/// The fixed words of the path, by their place.
const WORDS: [(usize, &str); 6] = [
    (0, "subscriptions"),
    (2, "resourceGroups"),
    (4, "providers"),
    (5, "Microsoft.Network"),
    (6, "virtualNetworks"),
    (8, "subnets"),
];

impl SubnetId {
    /// Reads an ID that commands are made from: the subscription must be a GUID.
    ///
    /// # Errors
    /// [`SubnetIdError`] says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, SubnetIdError> {
        let id = Self::of_document(text)?;
        Ok(Self {
            subscription: guid(&id.subscription)?,
            ..id
        })
    }

    /// Reads an ID as it stands in a document, where the subscription may have been made
    /// unrecognisable; white space around it and a slash at its end do not matter.
    ///
    /// # Errors
    /// [`SubnetIdError`] says which part is wrong.
    pub fn of_document(text: &str) -> Result<Self, SubnetIdError> {
        let text = text.trim();
        let path = text.strip_suffix('/').unwrap_or(text);
        let not_an_id = || SubnetIdError::NotAnId {
            text: Safe::new(text),
        };
        let parts: Vec<&str> = path
            .strip_prefix('/')
            .ok_or_else(not_an_id)?
            .split('/')
            .collect();
        let has = |place: usize, word: &str| {
            let part = parts.get(place);
            part.is_some_and(|part| part.eq_ignore_ascii_case(word))
        };
        if !has(0, "subscriptions") {
            return Err(not_an_id());
        }
        let words = WORDS.iter().all(|&(place, word)| has(place, word));
        match parts.as_slice() {
            [_, subscription, _, group, _, _, _, network, _, name] if words => Ok(Self {
                subscription: match *subscription {
                    SUBSCRIPTION => SUBSCRIPTION.to_owned(),
                    text => named("subscription", text, 64, "_-.")?,
                },
                resource_group: match *group {
                    GROUP => GROUP.to_owned(),
                    text => named("resource group", text, 90, "_-.()")?,
                },
                network: named("virtual network", network, 64, "_-.")?,
                name: named("subnet", name, 80, "_-.")?,
            }),
            _ => Err(SubnetIdError::OtherType {
                what: type_of(&parts),
            }),
        }
    }

    /// The subscription of the network.
    #[must_use]
    pub fn subscription(&self) -> &str {
        &self.subscription
    }

    /// The resource group of the network.
    #[must_use]
    pub fn resource_group(&self) -> &str {
        &self.resource_group
    }

    /// The virtual network.
    #[must_use]
    pub fn network(&self) -> &str {
        &self.network
    }

    /// The subnet's own name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether two IDs name the same subnet; Azure ignores their case. What a template does not know
    /// may be anything.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let (own, other) = (self.lower(), other.lower());
        let may_be =
            |one: &str, two: &str| one == two || one.starts_with('{') || two.starts_with('{');
        own.name == other.name
            && own.network == other.network
            && may_be(&own.subscription, &other.subscription)
            && may_be(&own.resource_group, &other.resource_group)
    }

    /// The same ID in lower case, for comparing many of them.
    #[must_use]
    pub fn lower(&self) -> Self {
        Self {
            subscription: self.subscription.to_lowercase(),
            resource_group: self.resource_group.to_lowercase(),
            network: self.network.to_lowercase(),
            name: self.name.to_lowercase(),
        }
    }
}

impl fmt::Display for SubnetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            subscription,
            resource_group,
            network,
            name,
        } = self;
        write!(
            f,
            "/subscriptions/{subscription}/resourceGroups/{resource_group}\
             /providers/Microsoft.Network/virtualNetworks/{network}/subnets/{name}"
        )
    }
}

/// A GUID, in lower case.
///
/// # Errors
/// The text, when it is none.
pub fn guid(text: &str) -> Result<String, SubnetIdError> {
    let lengths = text.split('-').map(str::len);
    let is_hex = |c: char| c == '-' || c.is_ascii_hexdigit();
    if lengths.eq([8, 4, 4, 4, 12]) && text.chars().all(is_hex) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(SubnetIdError::Subscription {
        text: Safe::new(text),
    })
}

/// A name as Azure takes it.
///
/// # Errors
/// The text, and what a name of this kind may be.
pub fn named(
    what: &'static str,
    text: &str,
    limit: usize,
    others: &'static str,
) -> Result<String, SubnetIdError> {
    let is_taken = |c: char| c.is_alphanumeric() || others.contains(c);
    let is_good = !text.is_empty() && text.chars().count() <= limit && text.chars().all(is_taken);
    is_good
        .then(|| text.to_owned())
        .ok_or_else(|| SubnetIdError::Name {
            what,
            text: Safe::new(text),
            limit,
            others,
        })
}

/// The type in a resource ID: provider and the words before each name.
fn type_of(parts: &[&str]) -> Safe {
    let mut rest = parts
        .iter()
        .skip_while(|part| !part.eq_ignore_ascii_case("providers"))
        .skip(1);
    let Some(provider) = rest.next() else {
        let what = match parts.len() {
            0..=2 => "a subscription",
            _ => "a resource group",
        };
        return Safe::new(what);
    };
    let words: Vec<&str> = rest.step_by(2).copied().collect();
    Safe::from(format!("{provider}/{}", words.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBSCRIPTION: &str = "/subscriptions/00000000-1111-2222-3333-44444444abcd";

    fn id(rest: &str) -> Result<SubnetId, SubnetIdError> {
        SubnetId::parse(&format!("{SUBSCRIPTION}{rest}"))
    }

    #[test]
    fn a_good_id_is_read_in_every_case_and_written_in_the_usual_one() {
        let usual =
            "/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/v.1/subnets/s_2";
        for rest in [
            usual.to_owned(),
            format!("{usual}/"),
            usual.replace("resourceGroups", "resourcegroups"),
            usual.replace("Microsoft.Network", "MICROSOFT.network"),
            usual.replace("virtualNetworks", "VirtualNetworks"),
            format!("{usual} \n"),
        ] {
            let id = id(&rest).unwrap();
            assert_eq!(id.to_string(), format!("{SUBSCRIPTION}{usual}"), "{rest}");
            assert_eq!((id.resource_group(), id.network()), ("rg-net", "v.1"));
            assert_eq!(id.name(), "s_2");
        }
        let upper = SUBSCRIPTION
            .to_uppercase()
            .replace("SUBSCRIPTIONS", "Subscriptions");
        let id = SubnetId::parse(&format!("{upper}{usual}")).unwrap();
        assert_eq!(id.subscription(), "00000000-1111-2222-3333-44444444abcd");
    }

    #[test]
    fn a_bad_id_is_refused_with_what_is_wrong() {
        let network = "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v";
        for (rest, wrong) in [
            ("", "a subscription"),
            ("/resourceGroups/rg", "a resource group"),
            (network, "Microsoft.Network/virtualNetworks"),
            (
                "/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/n",
                "Microsoft.Network/networkSecurityGroups",
            ),
            (
                "/resourceGroups/rg/providers/Microsoft.ClassicNetwork/virtualNetworks/v/subnets/s",
                "Microsoft.ClassicNetwork/virtualNetworks/subnets",
            ),
            (&format!("{network}/subnets/"), "virtualNetworks/subnets"),
            (
                &format!("{network}/subnets/a b"),
                "\"a b\" is no name of a subnet",
            ),
            (
                &format!("{network}/subnets/$(reboot)"),
                "is no name of a subnet",
            ),
            (&format!("{network}/subnets/{}", "s".repeat(81)), "1 to 80"),
            (
                "/resourceGroups//providers/Microsoft.Network/virtualNetworks/v/subnets/s",
                "is no name of a resource group",
            ),
        ] {
            let error = id(rest).unwrap_err().to_string();
            assert!(error.contains(wrong), "{rest}: {error}");
        }
        for text in ["", "mysubnet", "subnets/s", "https://portal.azure.com/"] {
            let error = SubnetId::parse(text).unwrap_err().to_string();
            assert!(error.contains("is no resource ID"), "{text}: {error}");
        }
        let unknown = format!("/subscriptions/not-a-guid{network}/subnets/s");
        let error = SubnetId::parse(&unknown);
        assert!(error.unwrap_err().to_string().contains("is no GUID"));
        // A document may have been made unrecognisable before it was handed on.
        let id = SubnetId::of_document(&unknown).unwrap();
        assert_eq!(id.subscription(), "not-a-guid");
        for rest in ["", "a b", "$(reboot)", "\u{1b}[31m"] {
            let text = format!("/subscriptions/{rest}{network}/subnets/s");
            let error = SubnetId::of_document(&text).unwrap_err().to_string();
            assert!(error.contains("is no name of a subscription"), "{error}");
        }
    }

    #[test]
    fn case_does_not_make_another_subnet() {
        let rest = "/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s";
        let own = id(rest).unwrap();
        let upper = format!("{SUBSCRIPTION}{rest}").to_uppercase();
        assert!(own.is_same(&SubnetId::of_document(&upper).unwrap()));
        assert!(!own.is_same(&id(&format!("{rest}2")).unwrap()));
    }
}
