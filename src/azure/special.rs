//! What an address is before it is in a tag: private, shared, of the platform, for documents.
//!
//! The blocks are those of IANA's special-purpose registries and Azure's own addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::space::{AddressSet, Block, Family, Span};

/// A block with a meaning of its own; a row of `assets/special.csv`, and the object `special` of
/// JSON documents.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Special {
    /// Its addresses.
    #[serde(skip)]
    pub block: Block,
    /// As IANA or Azure names it: `Shared Address Space`.
    pub name: String,
    /// What kind of address it is.
    pub kind: SpecialKind,
    /// Whether it can be reached from anywhere on the internet.
    #[serde(skip)]
    pub is_public: bool,
    /// What it is, in one or two sentences.
    #[serde(rename = "text")]
    pub meaning: String,
    /// Where that is read.
    pub document: String,
}

/// Kinds of special addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SpecialKind {
    /// No address yet, or any: 0.0.0.0/8, `::`.
    Unspecified,
    /// Used inside networks: RFC 1918, `fc00::/7`.
    Private,
    /// Behind the NAT of a provider: 100.64.0.0/10.
    SharedAddress,
    Loopback,
    LinkLocal,
    Multicast,
    Broadcast,
    /// For examples in documents.
    Documentation,
    Benchmarking,
    /// An IPv4 address behind `64:ff9b::/96`.
    Nat64,
    /// An IPv4 address behind 2002.
    #[serde(rename = "6to4")]
    SixToFour,
    /// An IPv4 address in the form of IPv6.
    Mapped,
    /// Assigned to one protocol.
    Protocol,
    /// Used by nobody.
    Reserved,
    /// 168.63.129.16.
    Platform,
    /// The instance metadata service.
    Metadata,
    /// Windows activation in Azure.
    Activation,
}

impl SpecialKind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "unspecified" => Self::Unspecified,
            "private" => Self::Private,
            "sharedAddress" => Self::SharedAddress,
            "loopback" => Self::Loopback,
            "linkLocal" => Self::LinkLocal,
            "multicast" => Self::Multicast,
            "broadcast" => Self::Broadcast,
            "documentation" => Self::Documentation,
            "benchmarking" => Self::Benchmarking,
            "nat64" => Self::Nat64,
            "6to4" => Self::SixToFour,
            "mapped" => Self::Mapped,
            "protocol" => Self::Protocol,
            "reserved" => Self::Reserved,
            "platform" => Self::Platform,
            "metadata" => Self::Metadata,
            "activation" => Self::Activation,
            _ => return None,
        })
    }

    /// What one such address is called in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unspecified => "an address that stands for none",
            Self::Private => "a private address",
            Self::SharedAddress => "an address shared behind a provider's NAT",
            Self::Loopback => "a loopback address",
            Self::LinkLocal => "a link-local address",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "the broadcast address",
            Self::Documentation => "an address for documents",
            Self::Benchmarking => "an address for load tests",
            Self::Nat64 => "an IPv4 address behind a NAT64",
            Self::SixToFour => "a 6to4 address",
            Self::Mapped => "an IPv4-mapped address",
            Self::Protocol => "an address for one protocol",
            Self::Reserved => "a reserved address",
            Self::Platform => "the address of the Azure platform",
            Self::Metadata => "the address of the Azure metadata service",
            Self::Activation => "an address of Windows activation in Azure",
        }
    }

    /// Whether such addresses are in use only within a machine, a link or a network, the
    /// platform's among them.
    #[must_use]
    pub const fn is_inside(self) -> bool {
        matches!(
            self,
            Self::Private
                | Self::SharedAddress
                | Self::Loopback
                | Self::LinkLocal
                | Self::Platform
                | Self::Metadata
        )
    }

    /// Whether no machine sends from such an address.
    #[must_use]
    pub const fn is_of_nobody(self) -> bool {
        matches!(
            self,
            Self::Unspecified | Self::Multicast | Self::Broadcast | Self::Reserved
        )
    }
}

impl Special {
    /// Name, block and meaning.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}. {}", self.title(), self.meaning)
    }

    /// The name, with the block where that is more than an address.
    #[must_use]
    pub fn title(&self) -> String {
        if self.block.length() == self.block.family().bits() {
            return self.name.clone();
        }
        format!("{}, {}", self.name, self.block)
    }

    /// The kind in a sentence, with the block where that is more than an address.
    #[must_use]
    pub fn words(&self) -> String {
        let words = self.kind.words();
        if self.block.length() == self.block.family().bits() {
            return words.to_owned();
        }
        format!("{words} ({})", self.block)
    }
}

/// The table of special blocks.
#[derive(Debug, Clone, Default)]
pub struct Specials {
    /// The longest first: the first that holds an address says most of it.
    list: Vec<Special>,
}

impl Specials {
    /// Reads `assets/special.csv`, embedded at build time.
    #[must_use]
    pub fn embedded() -> Self {
        Self::read(include_str!("../../assets/special.csv"))
    }

    /// Reads the table; rows that do not fit are left out, which a test of the asset excludes.
    #[must_use]
    pub fn read(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let mut list: Vec<Special> = reader
            .records()
            .filter_map(|row| {
                let row = row.ok()?;
                let text = |column: usize| row.get(column).map(str::to_owned);
                Some(Special {
                    block: Block::parse(row.get(0)?).ok()?.0,
                    name: text(1)?,
                    kind: SpecialKind::parse(row.get(2)?)?,
                    is_public: row.get(3)? == "yes",
                    meaning: text(4)?,
                    document: text(5)?,
                })
            })
            .collect();
        list.sort_by_key(|special| std::cmp::Reverse(special.block.length()));
        Self { list }
    }

    /// Every block, the longest first.
    #[must_use]
    pub fn all(&self) -> &[Special] {
        &self.list
    }

    /// What all of these addresses are.
    #[must_use]
    pub fn of(&self, span: Span) -> Option<&Special> {
        self.list
            .iter()
            .find(|special| special.block.contains(span))
    }

    /// What an address is; of an IPv4-mapped one what the IPv4 address is.
    #[must_use]
    pub fn of_address(&self, address: IpAddr) -> Option<&Special> {
        self.of(Span::of(address.to_canonical()))
    }

    /// Blocks that are not public and have only some addresses of a span, or lie within it,
    /// ascending; not those within another of them.
    #[must_use]
    pub fn within(&self, span: Span) -> Vec<&Special> {
        let mut found: Vec<&Special> = self.list.iter().collect();
        found.retain(|it| !it.is_public && it.block.span().meets(span));
        found.sort_by_key(|it| it.block);
        let mut outer: Option<Block> = None;
        found.retain(|it| {
            let is_outer = outer.is_none_or(|outer| !outer.contains(it.block.span()));
            if is_outer {
                outer = Some(it.block);
            }
            is_outer
        });
        found
    }

    /// The addresses of some kinds; a block within another counts by its own kind.
    #[must_use]
    pub fn addresses(&self, is_meant: impl Fn(SpecialKind) -> bool) -> AddressSet {
        self.those(|special| is_meant(special.kind))
    }

    /// The addresses that cannot be reached from anywhere on the internet.
    #[must_use]
    pub fn not_public(&self) -> AddressSet {
        self.those(|special| !special.is_public)
    }

    fn those(&self, is_meant: impl Fn(&Special) -> bool) -> AddressSet {
        let widest_first = self.list.iter().rev();
        widest_first.fold(AddressSet::default(), |all, special| {
            let own = AddressSet::from_blocks([special.block]);
            if is_meant(special) {
                all.union(&own)
            } else {
                all.difference(&own)
            }
        })
    }
}

/// The IPv4 address that stands in an IPv6 address, and in which form.
///
/// A NAT64 with a prefix of its own is not known by its addresses, `64:ff9b:1::/48` included.
#[must_use]
pub fn embedded_v4(address: Ipv6Addr) -> Option<(Ipv4Addr, SpecialKind)> {
    const SIX_TO_FOUR: u16 = 0x2002;
    let low = |bits: u128| match Family::V4.address(bits) {
        IpAddr::V4(v4) => Some(v4),
        IpAddr::V6(_) => None,
    };
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some((low(address.to_bits())?, SpecialKind::Nat64)),
        [SIX_TO_FOUR, ..] => Some((low(address.to_bits() >> 80)?, SpecialKind::SixToFour)),
        _ => Some((address.to_ipv4_mapped()?, SpecialKind::Mapped)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../assets/special.csv");

    fn of(text: &str) -> Option<(String, SpecialKind)> {
        let specials = Specials::embedded();
        let found = specials.of_address(text.parse().unwrap())?;
        Some((found.name.clone(), found.kind))
    }

    #[test]
    fn the_embedded_table_is_read_whole_and_stands_in_order() {
        let specials = Specials::embedded();
        assert_eq!(specials.all().len(), TABLE.lines().count() - 1);
        let written: Vec<Block> = TABLE
            .lines()
            .skip(1)
            .map(|line| {
                let (block, has_host_bits) = Block::parse(line.split(',').next().unwrap()).unwrap();
                assert!(!has_host_bits, "{line}");
                block
            })
            .collect();
        assert!(written.is_sorted_by(|a, b| a < b));
        for special in specials.all() {
            assert!(special.meaning.ends_with('.') && !special.name.is_empty());
            assert!(special.document.starts_with("https://"), "{special:?}");
            let is_of_nobody = special.kind.is_inside() || special.kind.is_of_nobody();
            assert!(!(is_of_nobody && special.is_public), "{special:?}");
        }
        let lengths = specials.all().iter().map(|special| special.block.length());
        assert!(lengths.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn well_known_addresses_are_named() {
        for (text, name, kind) in [
            ("168.63.129.16", "Azure platform", SpecialKind::Platform),
            (
                "169.254.169.254",
                "Azure Instance Metadata Service",
                SpecialKind::Metadata,
            ),
            ("169.254.169.253", "Link Local", SpecialKind::LinkLocal),
            (
                "20.118.99.224",
                "Windows activation",
                SpecialKind::Activation,
            ),
            ("10.0.0.4", "Private-Use", SpecialKind::Private),
            ("::ffff:10.0.0.4", "Private-Use", SpecialKind::Private),
            ("172.31.255.255", "Private-Use", SpecialKind::Private),
            (
                "100.127.255.255",
                "Shared Address Space",
                SpecialKind::SharedAddress,
            ),
            ("127.0.0.53", "Loopback", SpecialKind::Loopback),
            (
                "203.0.113.9",
                "Documentation (TEST-NET-3)",
                SpecialKind::Documentation,
            ),
            (
                "192.0.0.9",
                "Port Control Protocol Anycast",
                SpecialKind::Protocol,
            ),
            ("239.255.255.250", "Multicast", SpecialKind::Multicast),
            (
                "255.255.255.255",
                "Limited Broadcast",
                SpecialKind::Broadcast,
            ),
            ("255.255.255.254", "Reserved", SpecialKind::Reserved),
            ("::1", "Loopback Address", SpecialKind::Loopback),
            ("fd00::1", "Unique-Local", SpecialKind::Private),
            ("2002:1426:7426::1", "6to4", SpecialKind::SixToFour),
            ("3fff:fff::1", "Documentation", SpecialKind::Documentation),
        ] {
            assert_eq!(of(text), Some((name.to_owned(), kind)), "{text}");
        }
        for text in [
            "20.38.116.38",
            "168.63.129.17",
            "100.128.0.0",
            "172.32.0.0",
            "::ffff:20.38.116.38",
            "2603:1030::1",
            "4000::1",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_block_is_named_whole_or_by_its_parts() {
        let specials = Specials::embedded();
        let span = |text: &str| Block::parse(text).unwrap().0.span();
        let name = |text| specials.of(span(text)).map(|it| it.name.as_str());
        assert_eq!(name("10.1.0.0/16"), Some("Private-Use"));
        assert_eq!(name("10.0.0.0/7"), None);
        assert_eq!(name("169.254.169.0/24"), Some("Link Local"));
        let parts = |text| -> Vec<String> {
            let found = specials.within(span(text));
            found.iter().map(|it| it.block.to_string()).collect()
        };
        assert_eq!(parts("10.0.0.0/7"), ["10.0.0.0/8"]);
        assert_eq!(parts("168.63.0.0/16"), ["168.63.129.16/32"]);
        assert_eq!(parts("192.0.0.0/22"), ["192.0.0.0/24", "192.0.2.0/24"]);
        assert!(parts("20.118.0.0/16").is_empty());
    }

    #[test]
    fn the_addresses_of_a_kind_leave_out_what_is_of_another_within() {
        let specials = Specials::embedded();
        let protocol = specials.addresses(|kind| kind == SpecialKind::LinkLocal);
        let holds = |text: &str| protocol.holds(Span::of(text.parse().unwrap()));
        assert!(holds("169.254.169.253") && holds("fe80::1"));
        assert!(!holds("169.254.169.254") && !holds("10.0.0.1"));
    }

    #[test]
    fn the_ipv4_address_within_an_ipv6_address_is_found() {
        let found = |text: &str| {
            let found = embedded_v4(text.parse().unwrap());
            found.map(|(v4, kind)| (v4.to_string(), kind))
        };
        let v4 = || "20.38.116.38".to_owned();
        for (text, kind) in [
            ("64:ff9b::1426:7426", SpecialKind::Nat64),
            ("2002:1426:7426::1", SpecialKind::SixToFour),
            (
                "2002:1426:7426:ffff:ffff:ffff:ffff:ffff",
                SpecialKind::SixToFour,
            ),
            ("::ffff:1426:7426", SpecialKind::Mapped),
        ] {
            assert_eq!(found(text), Some((v4(), kind)), "{text}");
        }
        for text in [
            "64:ff9b:1::1426:7426",
            "64:ff9b::1:1426:7426",
            "::1",
            "2003::",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
