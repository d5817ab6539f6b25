# Made by tagscope 0.2.0: tagscope rules make terraform-nsg --tag Storage.WestEurope --fit 5
# Week: no date, Public, change number 12, sha256:73ba4395f75eb237b8dda0d70e1bd990e3d31c612a027cf708690f99a0664ac7
# Tags: Storage.WestEurope (6)
# Holds: a cover within 5 CIDRs;
#   IPv4: 3 CIDRs, 99 extra addresses, 143.5 % of the 69 asked for; exact fit needs 6;
#   IPv6: 2 CIDRs, no extra address, 2^81 asked for

variable "resource_group_name" {
  description = "The resource group"
  type        = string
}

variable "network_security_group_name" {
  description = "The network security group, which is there"
  type        = string
}

resource "azurerm_network_security_rule" "storage_westeurope_v4" {
  name                        = "Storage.WestEurope-v4"
  resource_group_name         = var.resource_group_name
  network_security_group_name = var.network_security_group_name
  priority                    = 200
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "443"
  source_address_prefix       = "VirtualNetwork"
  destination_address_prefixes = [
    "192.0.2.0/25",
    "192.0.2.128/29",
    "198.51.100.0/27",
  ]
}

resource "azurerm_network_security_rule" "storage_westeurope_v6" {
  name                        = "Storage.WestEurope-v6"
  resource_group_name         = var.resource_group_name
  network_security_group_name = var.network_security_group_name
  priority                    = 210
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "443"
  source_address_prefix       = "VirtualNetwork"
  destination_address_prefixes = [
    "2001:db8:1::/48",
    "2001:db8:3::/48",
  ]
}
