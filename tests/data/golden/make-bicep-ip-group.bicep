// Made by tagscope 0.2.0: tagscope rules make bicep-ip-group --tag AzureContainerRegistry
//   --tag Storage.WestEurope
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
// Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

// The IP group is replaced as a whole.

@description('The IP group')
param ipGroupName string

@description('The region')
param location string = resourceGroup().location

resource ipGroup 'Microsoft.Network/ipGroups@2024-05-01' = {
  name: ipGroupName
  location: location
  properties: {
    ipAddresses: [
      '192.0.2.0/26'
      '203.0.113.0/28'
    ]
  }
}
