# Made by tagscope 0.2.0: tagscope rules make terraform-firewall
#   --list tests/data/make/web-nsg.json
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps;
#   2 IPv4 and 0 IPv6 prefixes, joined from 3 and 0 listed
# Note: left out, since it denies: DenyAll
# Note: left out, since it has no published addresses: VirtualNetwork
# Note: left out, since this week has no such tag: Nowhere.WestEurope

variable "firewall_policy_id" {
  description = "The resource ID of the firewall policy"
  type        = string
}

resource "azurerm_firewall_policy_rule_collection_group" "web_nsg" {
  name               = "web-nsg"
  firewall_policy_id = var.firewall_policy_id
  priority           = 200

  network_rule_collection {
    name     = "web-nsg-network"
    priority = 200
    action   = "Allow"

    rule {
      name                  = "Storage.WestEurope"
      description           = "from AllowStorage, AllowShares"
      source_addresses      = ["*"]
      protocols             = ["TCP"]
      destination_addresses = ["Storage.WestEurope"]
      destination_ports = [
        "443",
        "445",
      ]
    }

    rule {
      name                  = "web-nsg-any-53"
      description           = "from AllowDns"
      source_addresses      = ["*"]
      protocols             = ["Any"]
      destination_addresses = ["192.0.2.53/32"]
      destination_ports     = ["53"]
    }

    rule {
      name                  = "web-nsg-tcp-1433-11000-11999"
      description           = "from AllowSql"
      source_addresses      = ["*"]
      protocols             = ["TCP"]
      destination_addresses = ["198.51.100.0/24"]
      destination_ports = [
        "1433",
        "11000-11999",
      ]
    }
  }
}
