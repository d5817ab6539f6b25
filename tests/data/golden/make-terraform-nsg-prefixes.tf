# Made by tagscope 0.2.0: tagscope rules make terraform-nsg --tag AzureContainerRegistry
#   --tag Storage.WestEurope --prefixes
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 2 IPv6 prefixes, joined from 4 and 3 published

variable "resource_group_name" {
  description = "The resource group"
  type        = string
}

variable "network_security_group_name" {
  description = "The network security group, which is there"
  type        = string
}

resource "azurerm_network_security_rule" "azurecontainerregistry_v4" {
  name                         = "AzureContainerRegistry-v4"
  resource_group_name          = var.resource_group_name
  network_security_group_name  = var.network_security_group_name
  priority                     = 200
  direction                    = "Outbound"
  access                       = "Allow"
  protocol                     = "Tcp"
  source_port_range            = "*"
  destination_port_range       = "443"
  source_address_prefix        = "VirtualNetwork"
  destination_address_prefixes = ["203.0.113.0/28"]
}

resource "azurerm_network_security_rule" "azurecontainerregistry_v6" {
  name                         = "AzureContainerRegistry-v6"
  resource_group_name          = var.resource_group_name
  network_security_group_name  = var.network_security_group_name
  priority                     = 210
  direction                    = "Outbound"
  access                       = "Allow"
  protocol                     = "Tcp"
  source_port_range            = "*"
  destination_port_range       = "443"
  source_address_prefix        = "VirtualNetwork"
  destination_address_prefixes = ["2001:db8:2::/48"]
}

resource "azurerm_network_security_rule" "storage_westeurope_v4" {
  name                         = "Storage.WestEurope-v4"
  resource_group_name          = var.resource_group_name
  network_security_group_name  = var.network_security_group_name
  priority                     = 220
  direction                    = "Outbound"
  access                       = "Allow"
  protocol                     = "Tcp"
  source_port_range            = "*"
  destination_port_range       = "443"
  source_address_prefix        = "VirtualNetwork"
  destination_address_prefixes = ["192.0.2.0/26"]
}

resource "azurerm_network_security_rule" "storage_westeurope_v6" {
  name                         = "Storage.WestEurope-v6"
  resource_group_name          = var.resource_group_name
  network_security_group_name  = var.network_security_group_name
  priority                     = 230
  direction                    = "Outbound"
  access                       = "Allow"
  protocol                     = "Tcp"
  source_port_range            = "*"
  destination_port_range       = "443"
  source_address_prefix        = "VirtualNetwork"
  destination_address_prefixes = ["2001:db8:1:1::/64"]
}
