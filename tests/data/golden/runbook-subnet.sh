#!/usr/bin/env bash
# Restrict a registry to a subnet
# When: Virtual machines or AKS nodes of one subnet pull; private link, which
# is recommended instead, cannot be had.

(
set -e

# 1. The subscription of the virtual network
az account set --subscription 00000000-1111-2222-3333-444444444444

# 2. Register the provider there
#    Wanted is Registered.
az provider register --namespace Microsoft.ContainerRegistry --wait
az provider show \
  --namespace Microsoft.ContainerRegistry \
  --query registrationState --output tsv

# 3. See which service endpoints the subnet has
#    The next step replaces the whole list: keeping what is there is up to
#    you. The second command stops when there are others; name them in the
#    next command too, and take this one out.
az network vnet subnet show \
  --name build \
  --vnet-name vnet1 \
  --resource-group rg-net \
  --subscription 00000000-1111-2222-3333-444444444444 \
  --query "serviceEndpoints[].service" \
  --output tsv
test -z "$(az network vnet subnet show --name build --vnet-name vnet1 --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --query "serviceEndpoints[?service!='Microsoft.ContainerRegistry'].service" --output tsv)" ||
  (echo 'other endpoints: add them to the next command' >&2; false)

# 4. Switch the service endpoint on
#    Needs Azure CLI 2.0.58 or later.
#    Open connections from the subnet to the service are dropped.
az network vnet subnet update \
  --name build \
  --vnet-name vnet1 \
  --resource-group rg-net \
  --subscription 00000000-1111-2222-3333-444444444444 \
  --service-endpoints Microsoft.ContainerRegistry

# 5. Back to the registry's subscription
az account set --subscription 99999999-1111-2222-3333-444444444444

# 6. Let the subnet in
#    Needs Premium; Azure CLI 2.0.58 or later.
#    At most 100 such rules; a preview, for virtual machines and AKS nodes
#    only, and not in the portal.
az acr network-rule add \
  --name contoso \
  --subnet /subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet1/subnets/build \
  --subscription 99999999-1111-2222-3333-444444444444

# 7. See that the rule is there
az acr network-rule list \
  --name contoso \
  --subscription 99999999-1111-2222-3333-444444444444

# 8. Wait
#    Changes of rules take some minutes to work; an answer before then says
#    nothing.
sleep 180

# 9. Refuse every other network
#    Needs Premium; Azure CLI 2.0.58 or later.
#    Last on purpose. The documents have this before the rule: in that order
#    everybody is refused until the rule works.
#    From now on pipelines, Tasks, the portal's lists of images and your own
#    machine are refused too, unless a rule names them. roll-back undoes it.
az acr update \
  --name contoso \
  --subscription 99999999-1111-2222-3333-444444444444 \
  --default-action Deny

# 10. Wait
#    Changes of rules take some minutes to work; an answer before then says
#    nothing.
sleep 180

# 11. Health of the connection, on a client that is to be let in
#    CONNECTIVITY_FORBIDDEN_ERROR means refused by rules; tagscope explain
#    reads it.
#    az acr check-health --name contoso --ignore-errors --yes

# 12. Sign in and pull, on a client that is to be let in
#    Take an image that is in the registry. Its name begins with the login
#    server in lower case.
#    az acr login --name contoso
#    docker pull contoso.azurecr.io/hello-world:v1

# 13. The subnet has its service endpoint
#    Wanted is Microsoft.ContainerRegistry with the state Succeeded.
az network vnet subnet show \
  --name build \
  --vnet-name vnet1 \
  --resource-group rg-net \
  --subscription 00000000-1111-2222-3333-444444444444 \
  --query serviceEndpoints

# 14. From elsewhere it is refused, on a machine that is to be refused
#    Wanted is: login attempt to https://contoso.azurecr.io/v2/ failed with
#    status: 403 Forbidden. The address in the text of a 403 is the one that
#    the registry saw.
#    az acr login --name contoso

)
