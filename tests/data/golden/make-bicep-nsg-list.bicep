// Made by tagscope 0.2.0: tagscope rules make bicep-nsg --list tests/data/make/office.txt
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: Storage.WestEurope (5)
// Holds: service tags, whose addresses Azure keeps;
//   2 IPv4 and 1 IPv6 prefixes, joined from 2 and 1 listed

// Other rules of the group stay as they are; priorities are given once per direction.

@description('The network security group, which is there')
param securityGroupName string

resource securityGroup 'Microsoft.Network/networkSecurityGroups@2024-05-01' existing = {
  name: securityGroupName
}

resource ruleStorageWestEurope 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'Storage.WestEurope'
  properties: {
    priority: 200
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefix: 'Storage.WestEurope'
    destinationPortRange: '443'
  }
}

resource ruleOfficeV4 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'office-v4'
  properties: {
    priority: 210
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefixes: [
      '203.0.113.0/28'
      '203.0.113.16/30'
    ]
    destinationPortRange: '443'
  }
  dependsOn: [
    ruleStorageWestEurope
  ]
}

resource ruleOfficeV6 'Microsoft.Network/networkSecurityGroups/securityRules@2024-05-01' = {
  parent: securityGroup
  name: 'office-v6'
  properties: {
    priority: 220
    direction: 'Outbound'
    access: 'Allow'
    protocol: 'Tcp'
    sourceAddressPrefix: 'VirtualNetwork'
    sourcePortRange: '*'
    destinationAddressPrefixes: [
      '2001:db8:9::/48'
    ]
    destinationPortRange: '443'
  }
  dependsOn: [
    ruleOfficeV4
  ]
}
