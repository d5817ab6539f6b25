# 2026-11-09 → 2026-11-16: 11 of 21 rows are affected, 1 automatic (Azure follows the tag), 9 unaffected; 1 row names a tag that neither week has

# [site]/nsg.json, network security group: nsg1
# nothing is left of rule one-block: it goes
# retired-out: by hand: Retired is gone from the week of 2026-11-16: a rule cannot follow it
az network nsg rule update --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --nsg-name nsg1 --name acr-out --destination-address-prefixes 192.0.2.0/28 192.0.2.64/27
az network nsg rule delete --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --nsg-name nsg1 --name one-block

# [site]/acr.json, registry network rules: contoso
az acr network-rule add --name contoso --ip-address 192.0.2.64/27
az acr network-rule remove --name contoso --ip-address 192.0.2.32/29
az acr network-rule remove --name contoso --ip-address 192.0.2.40/29

# [site]/group.json, IP group: acr-group
az network ip-group update --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --name acr-group --ip-addresses 192.0.2.0/28 192.0.2.64/27

# [site]/routes.json, route table: rt1
az network route-table route create --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --route-table-name rt1 --name AzureContainerRegistry.WestEurope-192-0-2-64-27 --address-prefix 192.0.2.64/27 --next-hop-type Internet
az network route-table route delete --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --route-table-name rt1 --name acr-2

# [site]/firewall.json, Azure Firewall rules: rcg1
az network firewall policy rule-collection-group collection rule update --resource-group rg-net --subscription 00000000-1111-2222-3333-444444444444 --policy-name policy1 --rule-collection-group-name rcg1 --collection-name net --name acr --destination-addresses 192.0.2.0/28 192.0.2.64/27

# [site]/list.txt, list: list
cat > [site]/list.txt <<'END_OF_LIST'
# office
203.0.113.9  # the door

# tag: AzureContainerRegistry.WestEurope
192.0.2.0/28  # first
203.0.113.77
192.0.2.64/27
# end
END_OF_LIST
