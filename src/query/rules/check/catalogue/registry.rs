//! Checks of a registry's network rules.

use super::table;

const VNET: &str = "Microsoft Learn, container-registry-vnet (2026-08)";
const NET: &str = "Microsoft Learn, container-registry-access-selected-networks (2026-08)";
const PRIVATE: &str = "Microsoft Learn, container-registry-private-endpoints (2026-08)";
const TRUSTED: &str = "Microsoft Learn, allow-access-trusted-services (2026-08)";
const ENDPOINTS: &str = "Azure documentation, virtual-network-service-endpoints-overview";

table! { REGISTRY:
    SERVICE_ENDPOINT = "C1" ["E1"], Info, Documented, "clients in a listed subnet arrive with their private address",
        "A service endpoint carries the traffic over the backbone, and the registry sees the subnet and the private source address. An IP rule for the public address of such a client does not match any more. Opening the endpoint closes running connections.",
        "List the subnet, not the public address, for clients behind a service endpoint.", ENDPOINTS;
    PRIVATE_LINK = "C2" ["E2", "E20"], Info, Documented, "private link is recommended instead of service endpoints",
        "Service endpoints of registries are in preview: the registry keeps its public address, and only hosts in the subnet are let in. Private link gives it an address in the network, which other networks can reach too.",
        "Plan the move: tagscope runbook before-private-link; compare both: tagscope reference.", VNET;
    MIXED = "C3" ["E10", "E11", "C22"], Error, Documented, "subnet rules and private endpoints are mixed",
        "Service endpoints and private link cannot be combined on one registry.",
        "Remove the subnet rules (az acr network-rule list, then az acr network-rule remove --subnet), or the private endpoints.", VNET;
    PREMIUM = "C4" ["E4"], Error, Documented, "network rules need the tier Premium",
        "IP rules, subnet rules and private endpoints exist on Premium only.",
        "az acr update --name REGISTRY --sku Premium.", VNET;
    SUBNET_LIMIT = "C5" [], Error, Documented, "more subnet rules than a registry takes",
        "A registry takes 100 virtual network rules; az acr show-usage says what this one takes. Support cannot raise it.",
        "Join clients in fewer subnets, or use private link.", VNET;
    COMMAND_LINE = "C6" ["E5", "C13"], Info, Documented, "subnet rules are kept with Azure CLI only",
        "The portal neither shows nor changes service endpoints of a registry. The commands need Azure CLI 2.0.58 or newer.",
        "az acr network-rule list, add and remove.", VNET;
    HOSTS = "C7" ["E6", "E21"], Info, Documented, "only virtual machines and AKS nodes can use a service endpoint",
        "Container Instances and other hosts cannot reach a registry by a service endpoint, and networks on premises cannot either; they can by private link over VPN or ExpressRoute.",
        "Use private link, or an IP rule for the public address of such clients.", VNET;
    CLOUD = "C8" ["E7"], Error, Documented, "service endpoints of registries do not exist in this cloud",
        "Neither Azure Government nor Azure operated by 21Vianet has service endpoints for registries.",
        "Use private link or IP rules.", VNET;
    TRUSTED_OFF = "C9" [], Warning, Documented, "public access is off and trusted services are not let in",
        "With public access off, Defender for Cloud, Machine Learning, image import and other trusted services get in only by the bypass.",
        "az acr update --name REGISTRY --allow-trusted-services true.", TRUSTED;
    DEVOPS = "C10" [], Info, Documented, "public access is off: Azure DevOps Services is cut off",
        "Azure DevOps Services is no trusted service, and az acr build is refused too.",
        "Use agents of your own in the network, and agent pools for Tasks.", PRIVATE;
    DEVOPS_AGENTS = "C11" [], Info, Documented, "agents that Azure DevOps manages cannot use private endpoints",
        "Agents that Microsoft hosts are outside the network of the private endpoint.",
        "Run agents of your own in a network that reaches the private endpoint.", PRIVATE;
    LISTING = "C12" [], Info, Documented, "the content can be listed from inside the network only",
        "With approved private endpoints and public access off, portal and Azure CLI list repositories and tags only from a network that reaches the private endpoint.",
        "Work from a host in that network.", PRIVATE;
    OTHER_SUBSCRIPTION = "C14" ["E13", "E3"], Info, Documented, "a subnet is in another subscription",
        "The subscription of the subnet must have the resource provider Microsoft.ContainerRegistry registered. The document does not say whether it is.",
        "az account set --subscription ID, then az provider register --namespace Microsoft.ContainerRegistry.", VNET;
    NO_ENDPOINT = "C15" ["E8", "E19", "E18"], Error, Documented, "a listed subnet has no service endpoint for registries",
        "Without the service endpoint Microsoft.ContainerRegistry on the subnet its clients arrive with a public address, and the subnet rule never matches.",
        "az network vnet subnet update --service-endpoints Microsoft.ContainerRegistry with the endpoints it has already.", VNET;
    SUBNET_ID = "C16" [], Error, Documented, "a subnet rule names no subnet",
        "The rule takes the whole resource id: /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…/subnets/….",
        "az network vnet subnet show --resource-group GROUP --vnet-name NETWORK --name SUBNET --query id -o tsv.", VNET;
    DEFAULT_ALLOW = "C17" [], Warning, Documented, "the default action Allow makes every rule moot",
        "What no rule matches is let in too, so the rules stop nobody.",
        "az acr update --name REGISTRY --default-action Deny; after some minutes verify with az acr login (C19, C20).", VNET;
    CLOSED = "C18" ["C19"], Warning, Documented, "the rules let nobody in",
        "The default action is Deny, and there is neither a rule nor an approved private endpoint: only trusted services may pass. A new rule works after some minutes.",
        "az acr network-rule add --name REGISTRY --subnet ID, or --ip-address ADDRESS; wait some minutes, then az acr login.", VNET;
    ACCESS_OFF = "E12" [], Warning, Documented, "public access is off, so the rules have no effect",
        "With public access off only private endpoints and, where let in, trusted services pass. IP rules and subnet rules do nothing, service endpoints included.",
        "az acr update --name REGISTRY --public-network-enabled true, or remove the rules.", VNET;
    TRUSTED_SUBNETS = "E14" [], Warning, Documented, "trusted services do not pass where subnets are listed",
        "The bypass for trusted services does not apply to a registry that uses service endpoints.",
        "Use private link or IP rules for these services, and agent pools for Tasks; or switch the bypass off to make it plain.", TRUSTED;
    POOL_ENDPOINTS = "E17" [], Info, Documented, "a subnet has some of the service endpoints of an agent pool",
        "The subnet of an agent pool is given Microsoft.AzureActiveDirectory, Microsoft.ContainerRegistry (without private link), Microsoft.EventHub, Microsoft.KeyVault and Microsoft.Storage.",
        "If it is the subnet of an agent pool, add the others; else nothing.", "Microsoft Learn, tasks-agent-pools (2026-08)";
    IP_LIMIT = "ip-limit" [], Error, Documented, "more IP rules than a registry takes",
        "A registry takes 200 IP rules, older ones 100; az acr show-usage says what this one takes. Support cannot raise it.",
        "Join neighbours into wider CIDRs (tagscope rules show, tagscope tags prefixes --aggregate), or use private link.", NET;
    NEAR_LIMIT = "near-limit" [], Warning, Documented, "nine tenths of a limit are used",
        "The next rules may be refused, and the limit cannot be raised.",
        "Join or remove entries before it is reached.", NET;
    IPV6_RULE = "ipv6-rule" [], Error, Documented, "an IP rule is IPv6",
        "IP rules of a registry take IPv4 only.",
        "Remove it; clients with both families arrive with IPv4 unless the registry has the dual-stack endpoint.", "Microsoft.ContainerRegistry REST model and Azure CLI help (2026)";
    PRIVATE_RANGE = "private-range" [], Warning, Assumed, "an IP rule is a private range",
        "IP rules act on the public endpoint, where no client arrives with a private address but by a service endpoint, and that needs a subnet rule. Azure Storage refuses such rules; for registries no document says so.",
        "Use the public address of the clients, a subnet rule or private link.", NET;
    SMALL_RANGE = "small-range" [], Warning, Assumed, "an IP rule is written as /31 or /32",
        "Azure Storage refuses these ranges; for registries no document says so.",
        "Write single addresses without a length.", NET;
    RANGE_FORM = "range-form" [], Error, Documented, "a range a-b where only an address or a CIDR is taken",
        "A registry's IP rule takes one IPv4 address or one CIDR.",
        "Write it as CIDRs: tagscope lookup shows what a range covers.", NET;
    OPEN = "open" [], Info, Documented, "any network reaches the registry",
        "The default action is Allow, public access is on, and there are no rules. Only sign-in protects it.",
        "List the clients first, then az acr update --name REGISTRY --default-action Deny.", NET;
    NO_DEFAULT = "no-default" [], Info, Documented, "the document does not say the default action",
        "az acr network-rule list has no default action. With Allow every rule would be moot.",
        "Check az acr show instead.", NET;
    TASKS = "tasks" [], Info, Documented, "Tasks do not pass as a trusted service",
        "Since June 2025 a task with the system-assigned identity passes only where the bypass for Tasks is allowed, and gets 403 elsewhere.",
        "Use an agent pool, or set networkRuleBypassAllowedForTasks to true.", "Microsoft Learn, manage-network-bypass-policy-for-tasks (2026-08)";
}
