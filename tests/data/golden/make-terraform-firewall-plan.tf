# Made by tagscope 0.2.0: tagscope rules make terraform-firewall --registry contoso.azurecr.io
#   --sku premium --region westeurope --region francecentral --data-endpoints --client pull
#   --client agent-pool
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: Storage (30)
# Holds: service tags, whose addresses Azure keeps; host names
# Note: left out, since this week has no tag for it: AzureKeyVault, EventHub, AzureActiveDirectory,
#   AzureMonitor

variable "firewall_policy_id" {
  description = "The resource ID of the firewall policy"
  type        = string
}

resource "azurerm_firewall_policy_rule_collection_group" "contoso" {
  name               = "contoso"
  firewall_policy_id = var.firewall_policy_id
  priority           = 200

  network_rule_collection {
    name     = "contoso-network"
    priority = 200
    action   = "Allow"

    rule {
      name                  = "contoso-Storage"
      description           = "Storage"
      source_addresses      = ["*"]
      protocols             = ["TCP"]
      destination_addresses = ["Storage"]
      destination_ports     = ["443"]
    }
  }

  application_rule_collection {
    name     = "contoso-application"
    priority = 201
    action   = "Allow"

    rule {
      name             = "contoso-hosts"
      source_addresses = ["*"]
      destination_fqdns = [
        "contoso.azurecr.io",
        "contoso.westeurope.data.azurecr.io",
        "contoso.francecentral.data.azurecr.io",
        "azurecr.io",
      ]

      protocols {
        type = "Https"
        port = 443
      }
    }
  }
}
