#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-nsg --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: service tags, whose addresses Azure keeps

# Creates these rules or writes them anew; other rules stay. A priority is free once per direction.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
: "${SECURITY_GROUP:?the network security group}"

az network nsg rule create \
  --resource-group "$RESOURCE_GROUP" \
  --nsg-name "$SECURITY_GROUP" \
  --name AzureContainerRegistry \
  --priority 200 \
  --direction Outbound \
  --access Allow \
  --protocol Tcp \
  --source-address-prefixes VirtualNetwork \
  --source-port-ranges '*' \
  --destination-address-prefixes AzureContainerRegistry \
  --destination-port-ranges 443

az network nsg rule create \
  --resource-group "$RESOURCE_GROUP" \
  --nsg-name "$SECURITY_GROUP" \
  --name Storage.WestEurope \
  --priority 210 \
  --direction Outbound \
  --access Allow \
  --protocol Tcp \
  --source-address-prefixes VirtualNetwork \
  --source-port-ranges '*' \
  --destination-address-prefixes Storage.WestEurope \
  --destination-port-ranges 443
