//! The command line with the same answer.

use crate::azure::registry::{Client, Profile};

impl Profile {
    /// What stands behind the program's name; the login server tells the cloud.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut words = vec!["endpoints".to_owned(), self.login_server()];
        let mut push = |flag: &str, value: &str| {
            words.push(flag.to_owned());
            if !value.is_empty() {
                words.push(value.to_owned());
            }
        };
        if let Some(sku) = self.sku {
            push("--sku", &sku.name().to_lowercase());
        }
        for region in &self.regions {
            push("--region", region);
        }
        if let Some(home) = &self.home {
            push("--home", home);
        }
        for switch in &self.switches {
            push(switch.flag(), "");
        }
        // Pulls are planned unless something else is asked for.
        if self.clients.iter().ne([&Client::Pull]) {
            for client in &self.clients {
                push("--client", client.flag());
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use crate::azure::Cloud;
    use crate::azure::registry::{Client, Profile, RegistryName, Sku, Switch};

    #[test]
    fn the_words_name_everything_that_was_chosen() {
        let name = RegistryName::parse("contoso-e7ggejfuhzhgedc8").unwrap();
        let mut profile = Profile::new(&name, Cloud::AzureGovernment);
        assert_eq!(
            profile.words().join(" "),
            "endpoints contoso-e7ggejfuhzhgedc8.azurecr.us"
        );
        profile.sku = Some(Sku::Premium);
        profile.add_region("usgovvirginia");
        profile.set_home("usgovtexas");
        profile.set(Switch::DataEndpoints, true);
        profile.set(Switch::MicrosoftImages, true);
        profile.clients.insert(Client::AgentPool);
        assert_eq!(
            profile.words().split_off(2).join(" "),
            "--sku premium --region usgovtexas --region usgovvirginia --home usgovtexas \
             --data-endpoints --mcr --client pull --client agent-pool"
        );
    }
}
