#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-firewall --registry contoso.azurecr.io
#   --sku premium --region westeurope --region francecentral --data-endpoints
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Holds: host names

# The rule collection group is there, and its collections of these names are not.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
: "${FIREWALL_POLICY:?the firewall policy}"
: "${RULE_COLLECTION_GROUP:?the rule collection group}"

az network firewall policy rule-collection-group collection add-filter-collection \
  --resource-group "$RESOURCE_GROUP" \
  --policy-name "$FIREWALL_POLICY" \
  --rule-collection-group-name "$RULE_COLLECTION_GROUP" \
  --name contoso-application \
  --collection-priority 200 \
  --action Allow \
  --rule-name contoso-hosts \
  --rule-type ApplicationRule \
  --source-addresses '*' \
  --protocols Https=443 \
  --target-fqdns \
    contoso.azurecr.io \
    contoso.westeurope.data.azurecr.io \
    contoso.francecentral.data.azurecr.io \
    azurecr.io
