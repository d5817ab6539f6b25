# Made by tagscope 0.2.0: tagscope rules make tfvars --tag AzureContainerRegistry
#   --tag Storage.WestEurope
# Week: no date, Public, change number 7, sha256:77d099286ed76c5237508a5c2734d45c429ef72b8cff8f660d6d81a34b169f64
# Tags: AzureContainerRegistry (17), Storage.WestEurope (5)
# Holds: 2 IPv4 and 2 IPv6 prefixes, joined from 4 and 3 published

azure_tags = [
  "192.0.2.0/26",
  "203.0.113.0/28",
  "2001:db8:1:1::/64",
  "2001:db8:2::/48",
]
