//! Files of rules for the dashboard's tests, and what its tasks would answer.

use std::path::Path;

use tagscope::query::Dataset;
use tagscope::query::rules::LoadedFile;
use tagscope::query::rules::impact::{ImpactOptions, Stated, ask, usable};
use tagscope::rules::read_rules;
use tagscope::store::RuleList;
use tagscope::text::Safe;
use tagscope::tui::{Effect, ImpactRun, Message, Outcome, RulesFrom, RulesRead, Task};

use crate::dashboard::{dataset, earlier};

/// A group that names a tag, lists the addresses that a tag had the week before, names a tag that
/// is gone, lets everyone in to ssh, and has a rule that is not understood.
pub const NSG: &str = r#"{"name":"nsg-prod","id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg1/providers/Microsoft.Network/networkSecurityGroups/nsg-prod",
 "type":"Microsoft.Network/networkSecurityGroups","location":"westeurope","securityRules":[
 {"name":"acr-out","priority":200,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"VirtualNetwork","sourcePortRange":"*","destinationAddressPrefix":"AzureContainerRegistry.WestEurope","destinationPortRange":"443"},
 {"name":"storage-weu","priority":210,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"VirtualNetwork","sourcePortRange":"*","destinationAddressPrefixes":["203.0.113.0/27","203.0.113.32/27"],"destinationPortRange":"443"},
 {"name":"acr-copied","priority":220,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"10.0.0.0/24","sourcePortRange":"*","destinationAddressPrefixes":["203.0.113.128/28","198.51.100.192/28","198.51.100.208/29","198.51.100.224/28"],"destinationPortRange":"443"},
 {"name":"retired","priority":4001,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"Retired","destinationPortRange":"443"},
 {"name":"deny-internet","priority":4000,"direction":"Outbound","access":"Deny","protocol":"*","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"Internet","destinationPortRange":"*"},
 {"name":"ssh","priority":200,"direction":"Inbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"22"},
 {"name":"odd","priority":210,"direction":"Inbound","access":"Allow","protocol":"Sctp","sourceAddressPrefix":"198.18.0.0/24","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"443"}],
 "defaultSecurityRules":[{"name":"DenyAllOutBound","priority":65500,"direction":"Outbound","access":"Deny","protocol":"*","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"*","destinationPortRange":"*"}]}"#;

/// A registry's network rules.
pub const REGISTRY: &str = r#"{"name":"contoso","id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg1/providers/Microsoft.ContainerRegistry/registries/contoso",
 "type":"Microsoft.ContainerRegistry/registries","location":"westeurope","loginServer":"contoso.azurecr.io","sku":{"name":"Premium"},
 "publicNetworkAccess":"Enabled","networkRuleBypassOptions":"AzureServices","privateEndpointConnections":[],
 "networkRuleSet":{"defaultAction":"Deny","ipRules":[{"action":"Allow","value":"198.18.0.7"},{"action":"Allow","value":"10.0.0.0/24"}],"virtualNetworkRules":[]}}"#;

/// A list that says which tag it stands for, and has an address of its own.
pub const LIST: &str =
    "# tag: Storage.WestEurope\n203.0.113.0/26\n2001:db8:18::/56\n198.18.0.99 # the office\n";

/// The same list as the newer week has it.
pub const NEW_LIST: &str = "# tag: Storage.WestEurope\n203.0.113.0/25\n2001:db8:18::/56\n";

/// Two rule collection groups of a policy, the later one first.
pub const FIREWALL: &str = r#"[
 {"name":"late","id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg1/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/late","priority":300,"ruleCollections":[
  {"name":"nets","priority":100,"ruleCollectionType":"FirewallPolicyFilterRuleCollection","action":{"type":"Allow"},"rules":[
   {"ruleType":"NetworkRule","name":"late-net","ipProtocols":["TCP"],"sourceAddresses":["10.0.0.0/24"],"destinationAddresses":["Storage"],"destinationPorts":["443"]}]}]},
 {"name":"early","id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg1/providers/Microsoft.Network/firewallPolicies/p/ruleCollectionGroups/early","priority":200,"ruleCollections":[
  {"name":"apps","priority":300,"ruleCollectionType":"FirewallPolicyFilterRuleCollection","action":{"type":"Allow"},"rules":[
   {"ruleType":"ApplicationRule","name":"early-app","protocols":[{"protocolType":"Https","port":443}],"sourceAddresses":["10.0.0.0/24"],"targetFqdns":["contoso.azurecr.io"]}]},
  {"name":"nets","priority":400,"ruleCollectionType":"FirewallPolicyFilterRuleCollection","action":{"type":"Deny"},"rules":[
   {"ruleType":"NetworkRule","name":"early-net","ipProtocols":["TCP"],"sourceAddresses":["10.0.0.0/24"],"destinationAddresses":["203.0.113.0/24"],"destinationPorts":["443"]}]}]}]"#;

fn text_of(path: &Path) -> Result<&'static str, String> {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("nsg.json") => Ok(NSG),
        Some("contoso.json") => Ok(REGISTRY),
        Some("firewall.json") => Ok(FIREWALL),
        Some("allow.txt") => Ok(LIST),
        Some("newer.txt") => Ok(NEW_LIST),
        Some("bad.json") => Ok("{}"),
        _ => Err(format!("cannot read {}: no such file", path.display())),
    }
}

/// A file as the runner finds it.
pub fn read(path: &Path) -> RulesRead {
    let shown = Safe::new(&path.to_string_lossy());
    let found = text_of(path).map_err(Safe::from).and_then(|text| {
        let file = read_rules(text.as_bytes());
        let file = file.map_err(|error| Safe::from(format!("{shown} {error}")))?;
        let path = shown;
        Ok((LoadedFile { path, file }, Some(text.to_owned())))
    });
    RulesRead {
        path: path.to_owned(),
        stamp: None,
        found,
    }
}

/// What two weeks do to rules: those that are made for the tests.
pub fn impact(files: &[LoadedFile], stated: &[String]) -> Outcome {
    let weeks: [Dataset; 2] = [earlier(), dataset()];
    let stated = stated.iter().map(|text| Stated::parse(text)).collect();
    let (stated, notes) = usable(stated, files, &weeks[0], &weeks[1]);
    let options = ImpactOptions {
        stated: &stated,
        older: None,
    };
    let [base, target] = weeks;
    match ask(files, &base, &target, options) {
        Ok(answer) => Outcome::Impact(Ok(Box::new(ImpactRun {
            answer,
            base,
            target,
            words: ["2026-06-29", "latest"].map(str::to_owned),
            notes,
        }))),
        Err(error) => Outcome::Impact(Err(Safe::from(error.to_string()))),
    }
}

/// What a task would answer to an effect of the view Rules.
pub fn answer(effect: &Effect) -> Option<Message> {
    let Effect::Start { ticket, task } = effect else {
        return None;
    };
    let outcome = match task {
        Task::ReadRules { from } => Outcome::RulesRead(match from {
            RulesFrom::Files(paths) => Ok((paths.iter().map(|path| read(path)).collect(), None)),
            RulesFrom::Saved(name) if name == "prod" => {
                let list = RuleList {
                    files: ["/r/nsg.json", "/r/allow.txt"].map(Into::into).to_vec(),
                    stands_for: Vec::new(),
                };
                let found = list.files.iter().map(|path| read(path)).collect();
                Ok((found, Some(list)))
            }
            RulesFrom::Saved(name) => {
                Err(Safe::from(format!("no list of rules is saved as {name}")))
            }
        }),
        Task::SaveRules { name, .. } => {
            let text = Safe::from(format!("saved as {name}"));
            Outcome::RulesSaved(Ok((name.clone(), text)))
        }
        Task::Impact {
            rules, stands_for, ..
        } => impact(rules, stands_for),
        _ => return crate::traffic_loaded::answer(effect),
    };
    let ticket = *ticket;
    Some(Message::Done { ticket, outcome })
}
