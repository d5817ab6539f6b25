// Made by tagscope 0.2.0: tagscope rules make bicep-route --tag AzureContainerRegistry
//   --tag Storage.WestEurope
// Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
// Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
// Holds: service tags, whose addresses Azure keeps

// The route table is replaced as a whole: routes that are not here go.

@description('The route table')
param routeTableName string

@description('The region')
param location string = resourceGroup().location

resource routeTable 'Microsoft.Network/routeTables@2024-05-01' = {
  name: routeTableName
  location: location
  properties: {
    routes: [
      {
        name: 'AzureContainerRegistry'
        properties: {
          addressPrefix: 'AzureContainerRegistry'
          nextHopType: 'Internet'
        }
      }
      {
        name: 'Storage.WestEurope'
        properties: {
          addressPrefix: 'Storage.WestEurope'
          nextHopType: 'Internet'
        }
      }
    ]
  }
}
