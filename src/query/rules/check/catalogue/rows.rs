//! Checks of rows of any kind: order, addresses, tags.

use super::table;

const OWN: &str = "follows from the order of evaluation";
const WEEK: &str = "follows from the published week";
const TAGS: &str = "Azure documentation, service-tags-overview";

table! { ROWS:
    UNREAD = "unread" [], Warning, Documented, "something is missing or not understood",
        "What is not understood is not checked, and no answer that depends on it is sure.",
        "Correct it, or look at it yourself.", "the file itself";
    UNRESOLVED = "unresolved" [], Warning, Documented, "an expression without a value",
        "A template or a plan has this value once it is deployed; until then nobody knows what the row is about.",
        "Give a template's values with --parameters; of a plan show the state after it is applied.", "the file itself";
    DUPLICATE = "duplicate" [], Warning, Documented, "the same row twice",
        "An earlier row matches the same traffic and does the same.",
        "Remove one of them.", OWN;
    DUPLICATE_ENTRY = "duplicate-entry" [], Info, Documented, "addresses twice in one row",
        "An entry repeats another of the same row, or lies within it.",
        "Remove the narrower ones; nothing changes but the count.", OWN;
    SHADOWED = "shadowed" [], Warning, Documented, "a row that is never reached",
        "An earlier row, or several together, decide everything that this row matches, and at least a part of it otherwise.",
        "Move it before the others, or remove it.", OWN;
    REDUNDANT = "redundant" [], Warning, Documented, "a row that changes nothing",
        "Another row, or several together, decide everything that this row matches, and do the same.",
        "Remove it, or narrow the others.", OWN;
    COVERED = "covered-later" [], Info, Documented, "a row that a later one makes unnecessary",
        "A later row does the same with all that this row matches, and nothing between them does otherwise.",
        "Remove it, unless it is there to be read or counted; or narrow the later row.", OWN;
    OVERLAP = "overlap" [], Info, Documented, "rows that share traffic and do different things",
        "Neither row holds the other; the order decides what they share.",
        "Check that the order is meant.", OWN;
    UNCHECKED = "unchecked" [], Info, Documented, "not every pair of rows was compared",
        "The set is too large to compare all pairs in time.",
        "Split the file to see the rest.", "a bound of this program";
    WIDER = "wider" [], Warning, Documented, "a row is wider than needed",
        "An allow row whose far side is every address, the Internet or the whole cloud lets in or out what nobody meant.",
        "Name the addresses or the tag that is needed.", "Azure documentation, network-security-groups-overview (2025-07)";
    WIDER_WEB = "wider-web" [], Info, Documented, "open to everyone on the ports of the web",
        "A row lets everyone in, or everything out, on 80 or 443 alone, as a site or a proxy for everyone does.",
        "Nothing, if that is meant; else name the addresses or the tag.", "Azure documentation, network-security-groups-overview (2025-07)";
    SHARED = "shared-addresses" [], Warning, Documented, "lets in more than 256 addresses that any customer can have",
        "Addresses of AzureCloud are those of every customer's machines: whoever rents one there gets through.",
        "Name the addresses of your own, or take a private endpoint.", TAGS;
    DEMANDED = "demanded" [], Info, Documented, "a row that a service demands, and that others make unnecessary",
        "Services that run in the subnet look for rows about GatewayManager, AzureLoadBalancer and the like, and refuse to be deployed or warn without them.",
        "Keep it.", "Microsoft Learn, bastion-nsg and application-gateway configuration-infrastructure";
    INTERNAL_TAG = "internal-tag" [], Info, Assumed, "a tag that only Microsoft's own networks have",
        "It is in no publication; subscriptions of Microsoft have it.",
        "Outside of Microsoft, name the addresses.", "Microsoft's own templates";
    WIDER_REGION = "wider-region" [], Info, Documented, "a tag without its region",
        "The registry is in a known region, and the tag covers all regions. A geo-replicated registry needs the regions of its replicas.",
        "Use the regional tag where one region is enough.", TAGS;
    USE_TAG = "use-tag" ["B11"], Warning, Documented, "addresses that are a tag",
        "The addresses of the row are those of a service tag, which Microsoft changes weekly. The list goes stale, the tag does not.",
        "Use the tag.", TAGS;
    WITHIN_TAG = "within-tag" [], Info, Documented, "addresses that lie within one tag",
        "Nearly all addresses of the row are in one service tag that holds more.",
        "Consider the tag, which is wider; else check the list weekly.", WEEK;
    IS_TAG = "is-tag" [], Info, Documented, "a list that is a tag",
        "The addresses are those of a service tag, and no tag can be named here. The list goes stale every week that the tag changes.",
        "Say so in the list (# tag: NAME) and follow it with tagscope rules impact.", WEEK;
    HOST_BITS = "host-bits" [], Warning, Assumed, "a CIDR that is written with an address inside of it",
        "A CIDR is the whole block: 10.0.0.5/24 is read as 10.0.0.0/24, which is more than the address. Some of Azure's interfaces have refused such prefixes in security rules; no document says so for all of them.",
        "Write the first address of the block, or the single address if only that is meant.", "Azure/azure-powershell issue 4557 (2017)";
    NO_TAG = "no-tag" [], Info, Documented, "public addresses in no tag of the week",
        "The other entries of the row are addresses of Azure; these are in no tag of the week. They may have been given up.",
        "See tagscope history ADDRESS; remove what is not yours.", WEEK;
    OF_NOBODY = "of-nobody" [], Warning, Documented, "an allow row for addresses that no client has",
        "No packet comes to Azure from addresses for documents, from multicast, reserved, loopback and link-local ones, so that the row never matches. Often it is copied from an example.",
        "Name the addresses of the clients, or remove the row.", "IANA special-purpose address registries (2025-10)";
    UNKNOWN_TAG = "unknown-tag" [], Error, Documented, "a tag that the week does not have",
        "A service tag of another name, another cloud, or one that is gone. Azure refuses it.",
        "Correct the name, or take the right cloud with --cloud.", WEEK;
    GONE_TAG = "gone-tag" [], Error, Documented, "a tag of another week",
        "The week in use has no tag of this name, and another available week has: it was withdrawn, renamed or came later. Azure refuses a name that it does not know.",
        "See tagscope history NAME; name the tag that has its addresses now, or the addresses.", WEEK;
    SPELLING = "spelling" [], Info, Documented, "a tag in another spelling",
        "Azure ignores the case of tags; other programs may not.",
        "Write it as published.", WEEK;
    OTHER_SPELLING = "other-spelling" [], Warning, Assumed, "a tag by another name of its region",
        "Tags spell some regions in their own way: it is taken for the tag that is meant here; Azure may refuse it.",
        "Write it as published.", WEEK;
    TAG_FEATURE = "tag-feature" [], Warning, Documented, "a tag that is not meant for this kind of rule",
        "The published features of the tag do not name this use. Documents and data differ for some tags; the Service Tag Discovery API decides.",
        "Try it, or name the addresses: tagscope tags prefixes NAME.", WEEK;
    READING_ONLY = "reading-only" [], Warning, Documented, "a tag that is published for reading only",
        "The published list of features of the tag is empty: its addresses are known, but no rule takes it.",
        "Use the tag without its region, or name the addresses: tagscope tags prefixes NAME.", TAGS;
    UNKNOWN_FEATURE = "unknown-feature" [], Info, Documented, "the week does not say where a tag can be used",
        "The published features of the tag are null.",
        "az network list-service-tags says whether it is usable.", WEEK;
    FIRST_PARTY = "B19" [], Warning, Documented, "Microsoft Artifact Registry without Azure Front Door",
        "mcr.microsoft.com is served by Azure Front Door: the tag MicrosoftContainerRegistry needs AzureFrontDoor.FirstParty beside it.",
        "Allow AzureFrontDoor.FirstParty to the same port.", "microsoft/containerregistry, client-firewall-rules (2025-04)";
    INBOUND_TAG = "A8" [], Warning, Documented, "inbound from a tag whose other customers can send too",
        "The addresses of a service are shared by its customers: the tag does not say who sends. Tags of management planes are left out here.",
        "Authenticate the sender; narrow the tag to its region and the ports.", TAGS;
    POOL_RULES = "E15" [], Info, Documented, "some of the rules of an agent pool",
        "The subnet of an agent pool needs, outbound by TCP, AzureKeyVault, Storage, EventHub, AzureActiveDirectory and AzureMonitor on 443, and AzureMonitor on 12000 for diagnostics.",
        "If it is the group of an agent pool, add the others: tagscope runbook agent-pool; else nothing.", "Microsoft Learn, tasks-agent-pools (2026-08)";
}
