// Made by tagscope 0.2.0: tagscope rules make bicep-acr --tag AzureContainerRegistry
//   --tag Storage.WestEurope
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
// Holds: 2 IPv4 and 0 IPv6 prefixes, joined from 4 and 0 published

// A deployment sets what is not here to its default: put networkRuleSet into the template of
// your registry. Everybody who is in no rule is refused. Needs Premium.

@description('The registry')
param registryName string

@description('The region')
param location string = resourceGroup().location

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: registryName
  location: location
  sku: {
    name: 'Premium'
  }
  properties: {
    networkRuleSet: {
      defaultAction: 'Deny'
      ipRules: [
        {
          action: 'Allow'
          value: '192.0.2.0/26'
        }
        {
          action: 'Allow'
          value: '203.0.113.0/28'
        }
      ]
    }
  }
}
