//! What Azure takes at most, as its documentation of limits has it (`azure-virtual-network-limits`,
//! `container-registry-skus`); of one registry `az acr show-usage` may say otherwise.

/// IP rules of a registry.
pub const IP_RULES: usize = 200;
/// Subnet rules of a registry.
pub const SUBNET_RULES: usize = 100;
/// Addresses and ranges on one side of a security rule.
pub const RULE_PREFIXES: usize = 4_000;
/// Rules of a security group.
pub const GROUP_RULES: usize = 1_000;
/// Application security groups on one side of a security rule.
pub const RULE_GROUPS: usize = 10;
/// Application security groups in all rules of a security group.
pub const ALL_GROUPS: usize = 100;
/// Entries of an IP group.
pub const GROUP_ENTRIES: usize = 5_000;
/// Routes of a table.
pub const ROUTES: usize = 400;
/// Routes of a table with a tag.
pub const TAG_ROUTES: usize = 25;
/// Characters of the name of a rule, a route or a collection.
pub const NAME: usize = 80;
/// Priorities of security rules.
pub const SECURITY_PRIORITY: (u32, u32) = (100, 4_096);
/// Priorities of rule collections.
pub const FIREWALL_PRIORITY: (u32, u32) = (100, 65_000);
