#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-firewall --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps

# The rule collection group is there, and its collections of these names are not.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
: "${FIREWALL_POLICY:?the firewall policy}"
: "${RULE_COLLECTION_GROUP:?the rule collection group}"

az network firewall policy rule-collection-group collection add-filter-collection \
  --resource-group "$RESOURCE_GROUP" \
  --policy-name "$FIREWALL_POLICY" \
  --rule-collection-group-name "$RULE_COLLECTION_GROUP" \
  --name azure-tags-network \
  --collection-priority 200 \
  --action Allow \
  --rule-name AzureContainerRegistry \
  --rule-type NetworkRule \
  --ip-protocols TCP \
  --source-addresses '*' \
  --destination-addresses AzureContainerRegistry \
  --destination-ports 443

az network firewall policy rule-collection-group collection rule add \
  --resource-group "$RESOURCE_GROUP" \
  --policy-name "$FIREWALL_POLICY" \
  --rule-collection-group-name "$RULE_COLLECTION_GROUP" \
  --collection-name azure-tags-network \
  --name Storage.WestEurope \
  --rule-type NetworkRule \
  --ip-protocols TCP \
  --source-addresses '*' \
  --destination-addresses Storage.WestEurope \
  --destination-ports 443
