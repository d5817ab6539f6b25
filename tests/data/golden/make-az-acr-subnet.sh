#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-acr --tag Storage.WestEurope --subnet
#   /subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s
#   --resource contoso
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: Storage.WestEurope (5)
# Holds: 1 IPv4 and 0 IPv6 prefixes, joined from 2 and 0 published; 1 subnet

# Adds rules and removes none. They act once the default action is Deny, which needs Premium:
#   az acr update --name "$REGISTRY" --default-action Deny
set -euo pipefail

REGISTRY=contoso

az acr network-rule add --name "$REGISTRY" --subnet /subscriptions/0000/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s
az acr network-rule add --name "$REGISTRY" --ip-address 192.0.2.0/26
