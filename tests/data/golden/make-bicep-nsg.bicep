// Made by tagscope 0.2.0: tagscope rules make bicep-nsg --tag AzureContainerRegistry
//   --tag Storage.WestEurope
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
// Holds: service tags, whose addresses Azure keeps

// Other rules of the group stay as they are; priorities are given once per direction.

@description('The network security group, which is there')
param securityGroupName string

resource securityGroup 'Microsoft.Network/networkSecurityGroups@2024-05-01' existing = {
  name: securityGroupName
}

resource ruleAzureContainerRegistry 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'AzureContainerRegistry'
  properties: {
    priority: 200
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefix: 'AzureContainerRegistry'
    destinationPortRange: '443'
  }
}

resource ruleStorageWestEurope 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'Storage.WestEurope'
  properties: {
    priority: 210
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefix: 'Storage.WestEurope'
    destinationPortRange: '443'
  }
  dependsOn: [
    ruleAzureContainerRegistry
  ]
}
