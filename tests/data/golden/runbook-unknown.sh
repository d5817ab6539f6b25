#!/usr/bin/env bash
# Roll the restriction back
# When: The wrong clients are refused, or the trial is over.
# Fill in before you run it:
#   <registry> the registry's resource name
#   <subnet-id> the subnet's resource ID: /subscriptions/…/subnets/…
#   <address> the clients' public IPv4 address or range

(
set -e

# 1. List the rules, and keep the answer
#    Needs Premium; Azure CLI 2.0.58 or later.
az acr network-rule list --name '<registry>'

# 2. Let every network in again
#    The documents have this after the removal of the rules. In that order the
#    clients of the rules are refused in between; in this one nobody is.
az acr update --name '<registry>' --default-action Allow

# 3. Remove each rule
#    Needs Premium; Azure CLI 2.0.58 or later.
#    Once for each rule of the list. To take one rule away and go on refusing
#    the others, leave the step before out.
az acr network-rule remove --name '<registry>' --subnet '<subnet-id>'
az acr network-rule remove --name '<registry>' --ip-address '<address>'

# 4. See that none is left
#    The service endpoint of the subnet does no harm and may stay.
az acr network-rule list --name '<registry>'

)
