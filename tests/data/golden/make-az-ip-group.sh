#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-ip-group --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

# Creates the IP group, or replaces what is in it.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
: "${IP_GROUP:?the IP group}"

az network ip-group create \
  --resource-group "$RESOURCE_GROUP" \
  --name "$IP_GROUP" \
  --ip-addresses \
    192.0.2.0/26 \
    203.0.113.0/28
