# Made by tagscope 0.2.0: tagscope rules make terraform-ip-group --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

variable "resource_group_name" {
  description = "The resource group"
  type        = string
}

variable "ip_group_name" {
  description = "The IP group"
  type        = string
}

variable "location" {
  description = "The region"
  type        = string
}

resource "azurerm_ip_group" "azure_tags" {
  name                = var.ip_group_name
  resource_group_name = var.resource_group_name
  location            = var.location
  cidrs = [
    "192.0.2.0/26",
    "203.0.113.0/28",
  ]
}
