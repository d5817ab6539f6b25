#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-nsg --tag AzureContainerRegistry
#   --tag Storage.WestEurope --prefixes --direction in --port 443,8000-8010 --protocol any
#   --peer 10.0.0.0/24 --resource 'nsg'\''s'
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

# Creates these rules or writes them anew; other rules stay. A priority is free once per direction.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
SECURITY_GROUP='nsg'\''s'

az network nsg rule create \
  --resource-group "$RESOURCE_GROUP" \
  --nsg-name "$SECURITY_GROUP" \
  --name AzureContainerRegistry \
  --priority 200 \
  --direction Inbound \
  --access Allow \
  --protocol '*' \
  --source-address-prefixes 203.0.113.0/28 \
  --source-port-ranges '*' \
  --destination-address-prefixes 10.0.0.0/24 \
  --destination-port-ranges \
    443 \
    8000-8010

az network nsg rule create \
  --resource-group "$RESOURCE_GROUP" \
  --nsg-name "$SECURITY_GROUP" \
  --name Storage.WestEurope \
  --priority 210 \
  --direction Inbound \
  --access Allow \
  --protocol '*' \
  --source-address-prefixes 192.0.2.0/26 \
  --source-port-ranges '*' \
  --destination-address-prefixes 10.0.0.0/24 \
  --destination-port-ranges \
    443 \
    8000-8010
