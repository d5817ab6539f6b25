# Made by tagscope 0.2.0: tagscope rules make terraform-route --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps

variable "resource_group_name" {
  description = "The resource group"
  type        = string
}

variable "route_table_name" {
  description = "The route table, which is there"
  type        = string
}

locals {
  azure_tags_routes = {
    "AzureContainerRegistry" = "AzureContainerRegistry"
    "Storage.WestEurope"     = "Storage.WestEurope"
  }
}

resource "azurerm_route" "azure_tags" {
  for_each = local.azure_tags_routes

  name                = each.key
  resource_group_name = var.resource_group_name
  route_table_name    = var.route_table_name
  address_prefix      = each.value
  next_hop_type       = "Internet"
}
