//! Checks of security groups, firewalls, IP groups and route tables.

use super::table;

const NSG: &str = "Azure documentation, network-security-groups-overview (2025-07)";
const LIMITS: &str = "Azure documentation, azure-virtual-network-limits (2022-12)";
const FIREWALL: &str = "Azure documentation, firewall-limits and ip-groups (2023-10)";
const RULE_SETS: &str = "Microsoft Learn, Azure Firewall policy-rule-sets";
const ROUTES: &str = "Azure documentation, virtual-networks-udr-overview (2023)";
const TAGS: &str = "Azure documentation, service-tags-overview";

table! { NETWORK:
    SAME_PRIORITY = "same-priority" [], Error, Documented, "two rows of one direction have the same priority",
        "A priority is given once per direction.",
        "Give each row a priority of its own.", NSG;
    PRIORITY_RANGE = "priority-range" [], Error, Documented, "a priority that a security group does not take",
        "Rules take priorities from 100 to 4096; Azure's own come after.",
        "Choose one from 100 to 4096.", NSG;
    NAME = "name" [], Error, Documented, "a name that a security group does not take",
        "Names have 1 to 80 letters, digits, points, dashes and underscores.",
        "Rename it.", NSG;
    SEVERAL_TAGS = "several-tags" [], Error, Documented, "several tags on one side of a row",
        "A security rule takes one service tag per side.",
        "Make one row for each tag.", NSG;
    MIXED_FAMILIES = "mixed-families" [], Error, Documented, "IPv4 and IPv6 in one rule",
        "The addresses of a rule, sources and destinations together, are of one family: Azure answers ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies.",
        "Make one rule for each family.", NSG;
    PLATFORM_IN_LIST = "platform-tag-in-list" [], Error, Documented, "a tag of the platform in a list",
        "VirtualNetwork, Internet, AzureLoadBalancer and * stand alone on a side of a rule, never in a list of prefixes.",
        "Make a rule of its own for it.", NSG;
    CLASSIC_TAG = "classic-tag" [], Error, Documented, "a tag in the spelling of the classic model",
        "VIRTUAL_NETWORK, AZURE_LOADBALANCER and INTERNET belong to the classic deployment model, which is retired.",
        "Write VirtualNetwork, AzureLoadBalancer or Internet.", NSG;
    HOST_NAME = "host-name" [], Error, Documented, "a host name where addresses or a tag are taken",
        "Security groups and routes take addresses and service tags, no names of hosts.",
        "Name the service tag, or the addresses that it resolves to: tagscope lookup HOST.", NSG;
    HOST_SUFFIX = "host-suffix" [], Warning, Documented, "a host name that misses a documented one by a part",
        "No host of Azure ends like this, so that the row never matches what is meant.",
        "Write the documented suffix.", "Microsoft Learn, container-registry-firewall-access-rules (2026-08)";
    ARTIFACT_DATA = "mcr-data" [], Warning, Documented, "Microsoft Artifact Registry without the hosts of its layers",
        "The layers of its images come from *.data.mcr.microsoft.com.",
        "Allow *.data.mcr.microsoft.com to the same ports.", "microsoft/containerregistry, client-firewall-rules (2025-04)";
    NSG_ROWS = "nsg-rows" [], Error, Documented, "more rows than a security group takes",
        "A security group takes 1,000 rules.",
        "Join rows, or use tags.", LIMITS;
    NSG_ADDRESSES = "nsg-addresses" [], Error, Documented, "more addresses than a rule takes",
        "A security rule takes 4,000 addresses and ranges per side.",
        "Use a tag, or aggregate: tagscope tags prefixes --aggregate.", LIMITS;
    NSG_GROUPS = "nsg-asg" [], Error, Documented, "more application security groups than are taken",
        "A rule takes 10 application security groups per side, and a security group 100 in all.",
        "Join the groups.", LIMITS;
    DEFAULT_DOES_IT = "default-allows" [], Info, Documented, "nothing outbound is denied",
        "Azure's own rows let out everything to the Internet and the network, so the outbound allow rows change nothing.",
        "Add a deny row behind them if they are meant to restrict.", NSG;
    SOURCE_TAG = "firewall-source-tag" [], Error, Documented, "a tag as the source of a firewall rule",
        "Azure Firewall takes tags as destinations only.",
        "Name the addresses, or an IP group.", TAGS;
    SYMBOL = "firewall-symbol" [], Error, Documented, "a tag that Azure Firewall does not have",
        "VirtualNetwork, Internet, AzureLoadBalancer and AzurePlatform tags belong to security groups.",
        "Name the addresses.", TAGS;
    COLLECTION_PRIORITY = "collection-priority" [], Error, Documented, "a priority that Azure Firewall does not take",
        "Rule collection groups and rule collections have priorities from 100 (first) to 65000 (last).",
        "Choose one from 100 to 65000.", RULE_SETS;
    SAME_COLLECTION_PRIORITY = "same-collection-priority" [], Warning, Assumed, "two groups or two collections with the same priority",
        "The lower priority comes first, and no document says which of two equal ones does. Here they are taken in the order of the files.",
        "Give each a priority of its own.", RULE_SETS;
    PORT_ZERO = "port-zero" [], Warning, Documented, "port 0",
        "Azure Firewall takes ports from 1 to 65535.",
        "Begin at 1.", FIREWALL;
    GROUP_SIZE = "ip-group-size" [], Error, Documented, "more entries than an IP group takes",
        "An IP group takes 5,000 addresses, CIDRs and ranges.",
        "Aggregate, or split it: tagscope tags prefixes --aggregate.", FIREWALL;
    GROUP_FORM = "ip-group-form" [], Error, Documented, "an entry that an IP group does not take",
        "An IP group takes IPv4 addresses, CIDRs and ranges.",
        "Remove it; tags stand in the rule itself.", FIREWALL;
    NO_GROUP = "no-ip-group" [], Info, Documented, "an IP group that is not among the files",
        "Its addresses are not known, so the row is checked only in part.",
        "Load it too: az network ip-group show.", FIREWALL;
    ROUTE_COUNT = "route-count" [], Error, Documented, "more routes than a table takes",
        "A route table takes 400 routes.",
        "Join prefixes, or route by tag.", ROUTES;
    TAG_ROUTES = "tag-routes" [], Error, Documented, "more routes with tags than a table takes",
        "A route table takes 25 routes with service tags.",
        "Use wider tags, or prefixes.", ROUTES;
    ROUTE_TAG = "route-tag" [], Error, Documented, "a tag that no route takes",
        "VirtualNetwork, Internet, AzureLoadBalancer and AzurePlatform tags cannot be routed.",
        "Name a prefix; 0.0.0.0/0 for the Internet.", ROUTES;
    ROUTE_FORM = "route-form" [], Error, Documented, "a destination that no route takes",
        "A route takes one CIDR or one service tag.",
        "Write 0.0.0.0/0 for everything, and a range as CIDRs.", ROUTES;
    SAME_ROUTE = "same-route" [], Error, Assumed, "two routes to the same prefix",
        "The longest prefix decides, and two of the same leave it open.",
        "Remove one.", ROUTES;
}
