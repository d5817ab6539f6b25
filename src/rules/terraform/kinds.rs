//! Types of resources: what they are to Azure, and what makes their names.

use serde_json::{Map, Value};

use crate::rules::terraform::{firewall, network, registry};

/// What becomes of a resource's attributes.
pub(super) type Members = fn(&Map<String, Value>) -> Map<String, Value>;

/// A type that becomes one of ARM.
pub(super) struct Kind {
    terraform: &'static str,
    pub(super) arm: &'static str,
    /// The attributes of the names from the outermost on.
    pub(super) names: &'static [&'static str],
    /// The attribute with the id of the parent; empty where the resource group is it.
    pub(super) parent: &'static str,
    /// What a resource has beside type, name, id and location.
    pub(super) members: Members,
}

/// What a type means.
pub(super) enum Meaning {
    /// It becomes a resource.
    Kind(&'static Kind),
    /// It changes another resource.
    Part,
    /// It is written as ARM has it.
    Azapi,
    /// It has a say but no rules that are read; its ARM type.
    Other(&'static str),
    /// It deploys a template of its own.
    Template,
    /// It is what others stand in.
    Group,
    /// It has no say.
    Nothing,
}

const KINDS: [Kind; 12] = [
    Kind {
        terraform: "azurerm_network_security_group",
        arm: "Microsoft.Network/networkSecurityGroups",
        names: &["name"],
        parent: "",
        members: network::security_group,
    },
    Kind {
        terraform: "azurerm_network_security_rule",
        arm: "Microsoft.Network/networkSecurityGroups/securityRules",
        names: &["network_security_group_name", "name"],
        parent: "",
        members: network::security_rule,
    },
    Kind {
        terraform: "azurerm_route_table",
        arm: "Microsoft.Network/routeTables",
        names: &["name"],
        parent: "",
        members: network::route_table,
    },
    Kind {
        terraform: "azurerm_route",
        arm: "Microsoft.Network/routeTables/routes",
        names: &["route_table_name", "name"],
        parent: "",
        members: network::route,
    },
    Kind {
        terraform: "azurerm_virtual_network",
        arm: "Microsoft.Network/virtualNetworks",
        names: &["name"],
        parent: "",
        members: network::virtual_network,
    },
    Kind {
        terraform: "azurerm_subnet",
        arm: "Microsoft.Network/virtualNetworks/subnets",
        names: &["virtual_network_name", "name"],
        parent: "",
        members: network::subnet,
    },
    Kind {
        terraform: "azurerm_private_endpoint",
        arm: "Microsoft.Network/privateEndpoints",
        names: &["name"],
        parent: "",
        members: network::private_endpoint,
    },
    Kind {
        terraform: "azurerm_firewall",
        arm: "Microsoft.Network/azureFirewalls",
        names: &["name"],
        parent: "",
        members: firewall::firewall,
    },
    Kind {
        terraform: "azurerm_firewall_policy",
        arm: "Microsoft.Network/firewallPolicies",
        names: &["name"],
        parent: "",
        members: firewall::policy,
    },
    Kind {
        terraform: "azurerm_firewall_policy_rule_collection_group",
        arm: "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
        names: &["name"],
        parent: "firewall_policy_id",
        members: firewall::group,
    },
    Kind {
        terraform: "azurerm_ip_group",
        arm: "Microsoft.Network/ipGroups",
        names: &["name"],
        parent: "",
        members: firewall::ip_group,
    },
    Kind {
        terraform: "azurerm_container_registry",
        arm: "Microsoft.ContainerRegistry/registries",
        names: &["name"],
        parent: "",
        members: registry::registry,
    },
];

/// Types that change other resources.
const PARTS: [&str; 7] = [
    "azurerm_firewall_application_rule_collection",
    "azurerm_firewall_nat_rule_collection",
    "azurerm_firewall_network_rule_collection",
    "azurerm_ip_group_cidr",
    "azurerm_network_interface_security_group_association",
    "azurerm_subnet_network_security_group_association",
    "azurerm_subnet_route_table_association",
];

/// The first words of types that have a say, and what they are to ARM.
const OTHERS: [(&str, &str); 8] = [
    (
        "azurerm_network_manager_admin_rule",
        "Microsoft.Network/networkManagers/securityAdminConfigurations",
    ),
    (
        "azurerm_network_manager_deployment",
        "Microsoft.Network/networkManagers/securityAdminConfigurations",
    ),
    (
        "azurerm_network_manager_routing",
        "Microsoft.Network/networkManagers/routingConfigurations",
    ),
    (
        "azurerm_network_manager_security_admin",
        "Microsoft.Network/networkManagers/securityAdminConfigurations",
    ),
    (
        "azurerm_network_security_perimeter",
        "Microsoft.Network/networkSecurityPerimeters",
    ),
    ("azurerm_route_server", "Microsoft.Network/virtualHubs"),
    ("azurerm_vhub", "Microsoft.Network/virtualHubs"),
    ("azurerm_virtual_hub", "Microsoft.Network/virtualHubs"),
];

/// Types that deploy a template of their own.
const TEMPLATES: [&str; 5] = [
    "azurerm_management_group_template_deployment",
    "azurerm_resource_group_template_deployment",
    "azurerm_subscription_template_deployment",
    "azurerm_template_deployment",
    "azurerm_tenant_template_deployment",
];

/// What a type means.
pub(super) fn meaning(terraform: &str) -> Meaning {
    if let Some(kind) = KINDS.iter().find(|kind| kind.terraform == terraform) {
        return Meaning::Kind(kind);
    }
    if PARTS.contains(&terraform) {
        return Meaning::Part;
    }
    match terraform {
        "azapi_resource" => return Meaning::Azapi,
        "azapi_update_resource" => return Meaning::Part,
        "azurerm_resource_group" => return Meaning::Group,
        _ if TEMPLATES.contains(&terraform) => return Meaning::Template,
        _ => {}
    }
    let other = OTHERS
        .iter()
        .find(|(start, _)| terraform.starts_with(start));
    other.map_or(Meaning::Nothing, |(_, arm)| Meaning::Other(arm))
}
