// Made by tagscope 0.2.0: tagscope rules make bicep-nsg --tag AzureContainerRegistry
//   --tag Storage.WestEurope --prefixes
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
// Holds: 2 IPv4 and 2 IPv6 prefixes, joined from 4 and 3 published

// Other rules of the group stay as they are; priorities are given once per direction.

@description('The network security group, which is there')
param securityGroupName string

resource securityGroup 'Microsoft.Network/networkSecurityGroups@2024-05-01' existing = {
  name: securityGroupName
}

resource ruleAzureContainerRegistryV4 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'AzureContainerRegistry-v4'
  properties: {
    priority: 200
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefixes: [
      '203.0.113.0/28'
    ]
    destinationPortRange: '443'
  }
}

resource ruleAzureContainerRegistryV6 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'AzureContainerRegistry-v6'
  properties: {
    priority: 210
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefixes: [
      '2001:db8:2::/48'
    ]
    destinationPortRange: '443'
  }
  dependsOn: [
    ruleAzureContainerRegistryV4
  ]
}

resource ruleStorageWestEuropeV4 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'Storage.WestEurope-v4'
  properties: {
    priority: 220
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefixes: [
      '192.0.2.0/26'
    ]
    destinationPortRange: '443'
  }
  dependsOn: [
    ruleAzureContainerRegistryV6
  ]
}

resource ruleStorageWestEuropeV6 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'Storage.WestEurope-v6'
  properties: {
    priority: 230
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefixes: [
      '2001:db8:1:1::/64'
    ]
    destinationPortRange: '443'
  }
  dependsOn: [
    ruleStorageWestEuropeV4
  ]
}
