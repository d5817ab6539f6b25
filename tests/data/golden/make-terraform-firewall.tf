# Made by tagscope 0.2.0: tagscope rules make terraform-firewall --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps

variable "firewall_policy_id" {
  description = "The resource ID of the firewall policy"
  type        = string
}

resource "azurerm_firewall_policy_rule_collection_group" "azure_tags" {
  name               = "azure-tags"
  firewall_policy_id = var.firewall_policy_id
  priority           = 200

  network_rule_collection {
    name     = "azure-tags-network"
    priority = 200
    action   = "Allow"

    rule {
      name                  = "AzureContainerRegistry"
      source_addresses      = ["*"]
      protocols             = ["TCP"]
      destination_addresses = ["AzureContainerRegistry"]
      destination_ports     = ["443"]
    }

    rule {
      name                  = "Storage.WestEurope"
      source_addresses      = ["*"]
      protocols             = ["TCP"]
      destination_addresses = ["Storage.WestEurope"]
      destination_ports     = ["443"]
    }
  }
}
