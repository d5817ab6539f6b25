# Made by tagscope 0.2.0: tagscope rules make terraform-acr --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

variable "resource_group_name" {
  description = "The resource group"
  type        = string
}

variable "registry_name" {
  description = "The registry"
  type        = string
}

variable "location" {
  description = "The region"
  type        = string
}

locals {
  azure_tags_addresses = [
    "192.0.2.0/26",
    "203.0.113.0/28",
  ]
}

# Put network_rule_set into the resource of your registry. Everybody who is in no rule is refused.
resource "azurerm_container_registry" "azure_tags" {
  name                = var.registry_name
  resource_group_name = var.resource_group_name
  location            = var.location
  sku                 = "Premium"

  network_rule_set {
    default_action = "Deny"

    dynamic "ip_rule" {
      for_each = local.azure_tags_addresses

      content {
        action   = "Allow"
        ip_range = ip_rule.value
      }
    }
  }
}
