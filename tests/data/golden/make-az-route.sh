#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-route --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps

# Creates these routes or writes them anew; other routes stay.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
: "${ROUTE_TABLE:?the route table}"

az network route-table route create \
  --resource-group "$RESOURCE_GROUP" \
  --route-table-name "$ROUTE_TABLE" \
  --name AzureContainerRegistry \
  --address-prefix AzureContainerRegistry \
  --next-hop-type Internet

az network route-table route create \
  --resource-group "$RESOURCE_GROUP" \
  --route-table-name "$ROUTE_TABLE" \
  --name Storage.WestEurope \
  --address-prefix Storage.WestEurope \
  --next-hop-type Internet
