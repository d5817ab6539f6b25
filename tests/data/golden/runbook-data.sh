#!/usr/bin/env bash
# Switch to dedicated data endpoints
# When: A firewall of clients allows all of Azure's blob storage, and is to
# allow this registry alone.

(
set -e

# 1. The regions of the registry
az acr replication list --registry contoso --query "[].location" --output tsv

# 2. Let clients through to each data endpoint
#    contoso.westeurope.data.azurecr.io, TCP 443
#    contoso.eastus.data.azurecr.io, TCP 443
#    In every firewall and proxy of every client, for every region: a client
#    that has only the storage wildcard cannot pull once the switch is on. The
#    command asks, and stops unless the answer is y.
printf 'Are these rules in place everywhere? [y/N] '; read -r answer; test "$answer" = y

# 3. Switch the data endpoints on
#    Needs Premium; Azure CLI 2.4.0 or later.
#    This is the moment at which layers come from the new names; false goes
#    back. A registry with a private endpoint has them already.
az acr update --name contoso --data-endpoint-enabled true

# 4. The names as the registry has them
#    Needs Azure CLI 2.4.0 or later; 2.86.0 or later shows regional endpoints
#    too.
#    Compare them with the rules above: these are the ones that count.
az acr show-endpoints --name contoso

# 5. Pull, and reach each data endpoint, on a client that is to be let in
#    Pull an image that the client does not hold yet. Any number from curl
#    means reached; an error means that the firewall is in the way.
#    docker pull contoso.azurecr.io/hello-world:v1
#    curl -sS -o /dev/null -w '%{http_code}\n' https://contoso.westeurope.data.azurecr.io/
#    curl -sS -o /dev/null -w '%{http_code}\n' https://contoso.eastus.data.azurecr.io/

# 6. Take the storage wildcard away
#    Remove *.blob.core.windows.net from the clients' rules, last, and only
#    where nothing else uses it.
#    Assumed: az acr build still uploads its source to blob storage.

)
