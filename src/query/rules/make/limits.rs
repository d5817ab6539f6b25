//! What Azure takes at most; the figures of `rules check`.

/// IP rules of a registry.
pub(super) const IP_RULES: usize = 200;
/// Subnet rules of a registry.
pub(super) const SUBNET_RULES: usize = 100;
/// Addresses and ranges on one side of a security rule.
pub(super) const RULE_PREFIXES: usize = 4_000;
/// Rules of a security group.
pub(super) const GROUP_RULES: usize = 1_000;
/// Entries of an IP group.
pub(super) const GROUP_ENTRIES: usize = 5_000;
/// Routes of a table.
pub(super) const ROUTES: usize = 400;
/// Routes of a table with a tag.
pub(super) const TAG_ROUTES: usize = 25;
/// Priorities of security rules.
pub(super) const SECURITY_PRIORITY: (u32, u32) = (100, 4_096);
/// Priorities of rule collections.
pub(super) const FIREWALL_PRIORITY: (u32, u32) = (100, 65_000);
/// The first priority, where none is given.
pub(super) const FIRST_PRIORITY: u32 = 200;
/// From one security rule to the next: room for rules in between.
pub(super) const STEP: u32 = 10;
