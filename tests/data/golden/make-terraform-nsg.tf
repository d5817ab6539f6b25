# Made by tagscope 0.2.0: tagscope rules make terraform-nsg --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps

variable "resource_group_name" {
  description = "The resource group"
  type        = string
}

variable "network_security_group_name" {
  description = "The network security group, which is there"
  type        = string
}

resource "azurerm_network_security_rule" "azurecontainerregistry" {
  name                        = "AzureContainerRegistry"
  resource_group_name         = var.resource_group_name
  network_security_group_name = var.network_security_group_name
  priority                    = 200
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "443"
  source_address_prefix       = "VirtualNetwork"
  destination_address_prefix  = "AzureContainerRegistry"
}

resource "azurerm_network_security_rule" "storage_westeurope" {
  name                        = "Storage.WestEurope"
  resource_group_name         = var.resource_group_name
  network_security_group_name = var.network_security_group_name
  priority                    = 210
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "443"
  source_address_prefix       = "VirtualNetwork"
  destination_address_prefix  = "Storage.WestEurope"
}
