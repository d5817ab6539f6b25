//! A profile from words, and as the words of a command line.

use crate::azure::registry::{Client, Profile, Switch};
use crate::azure::{Cloud, Facts};
use crate::text::Safe;

/// A region that the cloud does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no region \"{typed}\" in {cloud}; {hint}")]
pub struct NoRegion {
    /// As given.
    pub typed: Safe,
    /// The cloud.
    pub cloud: Cloud,
    /// The nearest ones, or the cloud that has it.
    pub hint: String,
}

/// The ARM name of a region in any spelling.
///
/// # Errors
/// The nearest names, or the cloud that has it.
pub fn region_named(typed: &str, cloud: Cloud, facts: &Facts) -> Result<String, NoRegion> {
    if let Some(region) = facts.regions.find(cloud, typed) {
        return Ok(region.name.clone());
    }
    let is_there = |other: &Cloud| facts.regions.find(*other, typed).is_some();
    let near = facts.regions.closest(cloud, typed);
    let hint = match (Cloud::ALL.into_iter().find(is_there), near.is_empty()) {
        (Some(other), _) => format!("{other} has it: --cloud {}", other.flag()),
        (None, false) => format!("did you mean {}?", near.join(", ")),
        (None, true) => "tagscope regions lists them".to_owned(),
    };
    Err(NoRegion {
        typed: Safe::new(typed),
        cloud,
        hint,
    })
}

impl Profile {
    /// What `tagscope endpoints` takes for this profile, without the verb.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut words = vec![self.login_server()];
        let mut push = |flag: &str, value: Option<&str>| {
            words.push(flag.to_owned());
            words.extend(value.map(str::to_owned));
        };
        // Its host is the same in several clouds.
        if self.is_microsoft && self.cloud != Cloud::Public {
            push("--cloud", Some(self.cloud.flag()));
        }
        if let Some(sku) = self.sku {
            push("--sku", Some(&sku.name().to_lowercase()));
        }
        if let Some(home) = &self.home {
            push("--home", Some(home));
        }
        for region in &self.regions {
            if self.home.as_ref() != Some(region) {
                push("--region", Some(region));
            }
        }
        for switch in &self.switches {
            push(switch.flag(), None);
        }
        if !self.clients.iter().eq(&[Client::Pull]) {
            for client in &self.clients {
                push("--client", Some(client.flag()));
            }
        }
        words
    }

    /// The options of the registry that are on.
    #[must_use]
    pub fn options(&self) -> Vec<Switch> {
        let on = self.switches.iter().copied();
        on.filter(|switch| switch.is_premium()).collect()
    }
}
