// Made by tagscope 0.2.0: tagscope rules make bicep-firewall --tag AzureContainerRegistry
//   --tag Storage.WestEurope
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
// Holds: service tags, whose addresses Azure keeps

// The group is replaced as a whole: rules that are not here go.

@description('The firewall policy, which is there')
param firewallPolicyName string

@description('The rule collection group, which holds these rules alone')
param ruleCollectionGroupName string = 'azure-tags'

@description('The priority of the rule collection group, 100 to 65000')
param groupPriority int = 200

resource firewallPolicy 'Microsoft.Network/firewallPolicies@2024-05-01' existing = {
  name: firewallPolicyName
}

resource ruleCollectionGroup 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01' = {
  parent: firewallPolicy
  name: ruleCollectionGroupName
  properties: {
    priority: groupPriority
    ruleCollections: [
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
        name: 'azure-tags-network'
        priority: 200
        action: {
          type: 'Allow'
        }
        rules: [
          {
            name: 'AzureContainerRegistry'
            ruleType: 'NetworkRule'
            ipProtocols: [
              'TCP'
            ]
            sourceAddresses: [
              '*'
            ]
            destinationAddresses: [
              'AzureContainerRegistry'
            ]
            destinationPorts: [
              '443'
            ]
          }
          {
            name: 'Storage.WestEurope'
            ruleType: 'NetworkRule'
            ipProtocols: [
              'TCP'
            ]
            sourceAddresses: [
              '*'
            ]
            destinationAddresses: [
              'Storage.WestEurope'
            ]
            destinationPorts: [
              '443'
            ]
          }
        ]
      }
    ]
  }
}
