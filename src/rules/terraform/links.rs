//! Resources that change others by id: what applies to a subnet, an address of an IP group, an update.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::rules::terraform::block::{given, is_open};
use crate::rules::terraform::modules::Instance;
use crate::rules::terraform::parts::Parts;
use crate::rules::terraform::{TerraformFile, azapi, path, places, properties};

/// Most levels of an update.
const MOST_LEVELS: usize = 64;

const SUBNET: &str = "Microsoft.Network/virtualNetworks/subnets";
const IP_GROUP: &str = "Microsoft.Network/ipGroups";

/// Puts what changes others into them.
pub(super) fn tie(instances: &[Instance], parts: &Parts, file: &mut TerraformFile) {
    let places = places(file);
    let mut ties = Ties {
        places,
        addresses: BTreeMap::new(),
        file,
    };
    for (group, addresses) in &parts.gone {
        ties.drop(group, addresses, &parts.rewritten);
    }
    for instance in instances {
        match instance.kind.as_str() {
            "azurerm_subnet_network_security_group_association" => {
                let keys = ("network_security_group_id", "networkSecurityGroup");
                ties.subnet(instance, keys);
            }
            "azurerm_subnet_route_table_association" => {
                ties.subnet(instance, ("route_table_id", "routeTable"));
            }
            "azurerm_network_interface_security_group_association" => ties.interface(instance),
            "azurerm_ip_group_cidr" => ties.address(instance),
            "azapi_update_resource" => ties.update(instance),
            _ => {}
        }
    }
    for subnet in &parts.subnets {
        ties.carry(subnet, parts);
    }
}

struct Ties<'f> {
    /// Numbers of resources by id in lower case.
    places: BTreeMap<String, usize>,
    /// Addresses of IP groups by id in lower case.
    addresses: BTreeMap<String, BTreeSet<String>>,
    file: &'f mut TerraformFile,
}

impl Ties<'_> {
    fn found(&mut self, id: &str) -> Option<&mut Value> {
        let number = self.places.get(&id.to_ascii_lowercase())?;
        let resource = self.file.resources.get_mut(*number)?;
        Some(&mut resource.value)
    }

    /// A resource by id; made where it stands in another file, none where its id is not known.
    fn other(&mut self, id: &str, kind: &str, place: &str) -> Option<&mut Map<String, Value>> {
        let lower = id.to_ascii_lowercase();
        if !self.places.contains_key(&lower) {
            let name = path::names(id).filter(|_| !is_open(id))?;
            let value = json!({ "type": kind, "name": name, "id": id, "properties": {} });
            self.file.push(value, place);
            self.places.insert(lower, self.file.resources.len() - 1);
        }
        properties(self.found(id)?)
    }

    /// Puts a link into a subnet.
    fn subnet(&mut self, instance: &Instance, (from, to): (&str, &str)) {
        let block = &instance.values;
        let Some(target) = given(block, from).and_then(Value::as_str) else {
            return self.lost(instance, from);
        };
        let subnet = given(block, "subnet_id").and_then(Value::as_str);
        let subnet = subnet.unwrap_or_default();
        match self.other(subnet, SUBNET, &instance.place) {
            Some(properties) => {
                properties.insert(to.to_owned(), json!({ "id": target }));
            }
            None => self.lost(instance, "subnet_id"),
        }
    }

    /// Tells a security group of an interface.
    fn interface(&mut self, instance: &Instance) {
        let block = &instance.values;
        let group = given(block, "network_security_group_id").and_then(Value::as_str);
        let Some(id) = given(block, "network_interface_id") else {
            return;
        };
        let group = group.and_then(|group| self.found(group));
        let list = group.and_then(properties).map(|properties| {
            let list = properties.entry("networkInterfaces");
            list.or_insert_with(|| json!([]))
        });
        if let Some(list) = list.and_then(Value::as_array_mut) {
            list.push(json!({ "id": id }));
        }
    }

    /// Puts an address into an IP group.
    fn address(&mut self, instance: &Instance) {
        let block = &instance.values;
        let Some(address) = given(block, "cidr").and_then(Value::as_str) else {
            return self.lost(instance, "cidr");
        };
        let group = given(block, "ip_group_id").and_then(Value::as_str);
        let group = group.unwrap_or_default();
        let mut seen = self.addresses.remove(&group.to_ascii_lowercase());
        let Some(properties) = self.other(group, IP_GROUP, &instance.place) else {
            return self.lost(instance, "ip_group_id");
        };
        let list = properties.entry("ipAddresses").or_insert_with(|| json!([]));
        // Addresses that stand in a group exclude those that are resources: the unknown is those.
        if !list.is_array() {
            *list = json!([]);
        }
        if let Some(list) = list.as_array_mut() {
            let known = seen.get_or_insert_with(|| {
                let texts = list.iter().filter_map(Value::as_str);
                texts.map(str::to_owned).collect()
            });
            if known.insert(address.to_owned()) {
                list.push(json!(address));
            }
        }
        let seen = seen.unwrap_or_default();
        self.addresses.insert(group.to_ascii_lowercase(), seen);
    }

    /// Takes addresses, in lower case, out of an IP group.
    fn drop(&mut self, group: &str, addresses: &BTreeSet<String>, rewritten: &BTreeSet<String>) {
        let number = self.places.get(group);
        let resource = number.and_then(|number| self.file.resources.get_mut(*number));
        // A list that is written anew has no more than it shall have.
        let resource = resource.filter(|resource| !rewritten.contains(&resource.place));
        let list = resource.and_then(|resource| properties(&mut resource.value));
        let list = list.and_then(|properties| properties.get_mut("ipAddresses")?.as_array_mut());
        if let Some(list) = list {
            list.retain(|item| {
                let text = item.as_str().map(str::to_ascii_lowercase);
                text.is_none_or(|text| !addresses.contains(&text))
            });
        }
    }

    /// Puts what applies to a subnet as its network has it into the subnet.
    fn carry(&mut self, subnet: &Value, parts: &Parts) {
        let id = subnet.get("id").and_then(Value::as_str).unwrap_or_default();
        if parts.untied.contains(&id.to_ascii_lowercase()) {
            return;
        }
        let known = subnet.get("properties").and_then(Value::as_object);
        let known = known.cloned().unwrap_or_default();
        let Some(properties) = self.found(id).and_then(properties) else {
            return;
        };
        for (key, value) in known {
            let is_link = key == "networkSecurityGroup" || key == "routeTable";
            if is_link && !properties.contains_key(&key) {
                properties.insert(key, value);
            }
        }
    }

    /// Puts an update into the resource that it is of, or passes it on by itself.
    fn update(&mut self, instance: &Instance) {
        let mut block = instance.values.clone();
        if let Some(id) = azapi::id(&block) {
            block.insert("id".to_owned(), json!(id));
        }
        let Some(update) = azapi::resource(&block) else {
            return self.lost(instance, "type");
        };
        let id = update.get("id").and_then(Value::as_str).unwrap_or_default();
        match self.found(id) {
            Some(value) => merge(value, update, 0),
            None => self.file.push(update, &instance.place),
        }
    }

    fn lost(&mut self, instance: &Instance, key: &str) {
        let value = instance.values.get(key).and_then(Value::as_str);
        let value = value.unwrap_or("nothing");
        let found = format!("{} with {key} {value}", instance.kind);
        self.file.gap(&instance.place, &found);
    }
}

/// Puts members of one value into another; lists are replaced.
fn merge(value: &mut Value, update: Value, level: usize) {
    match (value, update) {
        (Value::Object(map), Value::Object(update)) if level < MOST_LEVELS => {
            for (key, update) in update {
                match map.get_mut(&key) {
                    Some(known) if level > 0 || key == "properties" => {
                        merge(known, update, level + 1);
                    }
                    Some(_) => {}
                    None => {
                        map.insert(key, update);
                    }
                }
            }
        }
        (value, update) => *value = update,
    }
}
