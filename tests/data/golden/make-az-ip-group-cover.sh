#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-ip-group --tag Storage.WestEurope --fit 3
# Week: no date, Public, change number 12, sha256:73ba4395f75eb237b8dda0d70e1bd990e3d31c612a027cf708690f99a0664ac7
# Tags: Storage.WestEurope (6)
# Holds: a cover within 3 CIDRs;
#   IPv4: 3 CIDRs, 99 extra addresses, 143.5 % of the 69 asked for; exact fit needs 6

# Creates the IP group, or replaces what is in it.
set -euo pipefail

: "${RESOURCE_GROUP:?the resource group}"
: "${IP_GROUP:?the IP group}"

az network ip-group create \
  --resource-group "$RESOURCE_GROUP" \
  --name "$IP_GROUP" \
  --ip-addresses \
    192.0.2.0/25 \
    192.0.2.128/29 \
    198.51.100.0/27
