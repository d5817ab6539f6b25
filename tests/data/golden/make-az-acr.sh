#!/usr/bin/env bash
# Made by tagscope 0.2.0: tagscope rules make az-acr --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

# Adds rules and removes none. They act once the default action is Deny, which needs Premium:
#   az acr update --name "$REGISTRY" --default-action Deny
set -euo pipefail

: "${REGISTRY:?the registry that lets them in}"

az acr network-rule add --name "$REGISTRY" --ip-address 192.0.2.0/26
az acr network-rule add --name "$REGISTRY" --ip-address 203.0.113.0/28
