use proptest::prelude::*;

use super::*;

fn of(name: &str, text: &str) -> Result<OtherRanges, RangesError> {
    let mut ranges = OtherRanges::default();
    ranges.add(name, text.as_bytes()).map(|()| ranges)
}

fn found(ranges: &OtherRanges, address: &str) -> Vec<String> {
    let span = Span::of(address.parse().unwrap());
    let hits = ranges.meeting(span).into_iter();
    hits.map(|hit| format!("{} {}", hit.tag, hit.prefix))
        .collect()
}

#[test]
fn a_list_of_ones_own_has_addresses_cidrs_ranges_and_comments() {
    let text = "\u{feff}# the office\n10.1.0.0/16 ; all of it\n10.1.2.3\n192.0.2.4-192.0.2.7\n\n2001:db8::/48\r\n";
    let ranges = of("office", text).unwrap();
    assert_eq!(ranges.tags(), ["own:office"]);
    assert_eq!(
        found(&ranges, "10.1.2.3"),
        ["own:office 10.1.2.3/32", "own:office 10.1.0.0/16"]
    );
    assert_eq!(found(&ranges, "192.0.2.6"), ["own:office 192.0.2.4/30"]);
    assert_eq!(found(&ranges, "2001:db8::1"), ["own:office 2001:db8::/48"]);
    assert!(found(&ranges, "192.0.2.8").is_empty());
    assert_eq!(
        found(&of("a", "[\"192.0.2.0/24\",\"::1\"]").unwrap(), "::1"),
        ["own:a ::1/128"]
    );
    // Bits behind the length say an address of the block.
    assert_eq!(
        found(&of("a", "192.0.2.9/24").unwrap(), "192.0.2.1"),
        ["own:a 192.0.2.0/24"]
    );
}

#[test]
fn what_is_no_range_is_named_and_nothing_of_it_taken() {
    for (text, said) in [
        ("10.0.0.0/8\nfoo", "line 2: \"foo\" is no address"),
        ("10.0.0.0/33", "line 1: \"10.0.0.0/33\""),
        ("# nothing", "holds no range"),
        ("{\"a\": 1}", "is JSON, but neither"),
        ("{\"values\": []}", "holds service tags of Azure"),
        ("[\"10.0.0.0/8\", \"x\"]", "\"x\" is no CIDR"),
        (
            "{\"prefixes\":[{\"ip_prefix\":\"10.0.0\"}]}",
            "\"10.0.0\" is no CIDR",
        ),
        (
            "{\"hooks\":[\"10.0.0.0/8\",\"10.0.0.0/99\"]}",
            "\"10.0.0.0/99\" is no CIDR",
        ),
        ("{\"broken", "line 1"),
    ] {
        let error = of("x", text).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
    for name in ["", "a b", "a:b", "own", "ü"] {
        assert!(
            matches!(of(name, "10.0.0.0/8"), Err(RangesError::Name(_))),
            "{name}"
        );
    }
    let mut ranges = of("a", "10.0.0.0/8").unwrap();
    assert!(ranges.add("A", b"10.0.0.0/8").is_err());
    assert!(ranges.add("b", b"nonsense").is_err());
    assert_eq!(ranges.tags(), ["own:a"]);
}

#[test]
fn what_others_publish_is_known_by_its_shape() {
    for (name, text, address, wanted) in [
        (
            "aws",
            r#"{"syncToken":"1","prefixes":[
                {"ip_prefix":"198.51.100.0/24","region":"us-east-1","service":"AMAZON","network_border_group":"us-east-1"},
                {"ip_prefix":"198.51.100.0/24","region":"us-east-1","service":"S3","network_border_group":"us-east-1"},
                {"ip_prefix":"203.0.113.0/24","region":"us-east-1","service":"AMAZON","network_border_group":"us-east-1"}],
              "ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32","region":"GLOBAL","service":"CLOUDFRONT","network_border_group":"GLOBAL"}]}"#,
            "198.51.100.7",
            &[
                "aws:S3.us-east-1 198.51.100.0/24",
                "aws:AMAZON.us-east-1 198.51.100.0/24",
            ][..],
        ),
        (
            "gcp",
            r#"{"prefixes":[{"ipv4Prefix":"198.51.100.0/24","service":"Google Cloud","scope":"europe-west1"},{"ipv6Prefix":"2001:db8::/32"}]}"#,
            "198.51.100.7",
            &["gcp:europe-west1 198.51.100.0/24"],
        ),
        (
            "google",
            r#"{"prefixes":[{"ipv6Prefix":"2001:db8::/32"}]}"#,
            "2001:db8::1",
            &["google 2001:db8::/32"],
        ),
        (
            "cloudflare",
            r#"{"result":{"ipv4_cidrs":["198.51.100.0/24"],"ipv6_cidrs":["2001:db8::/32"],"etag":"x"},"success":true}"#,
            "2001:db8::1",
            &["cloudflare 2001:db8::/32"],
        ),
        (
            "github",
            r#"{"verifiable_password_authentication":false,"ssh_keys":["ssh-ed25519 AAAA"],"hooks":["198.51.100.0/24","2001:db8::/32"],
                "actions":["198.51.100.128/25"],"domains":{"website":["*.github.com"]},"empty":[]}"#,
            "198.51.100.200",
            &[
                "github:actions 198.51.100.128/25",
                "github:hooks 198.51.100.0/24",
            ],
        ),
        (
            "m365",
            r#"[{"id":1,"serviceArea":"Exchange","urls":["outlook.office.com"],"ips":["198.51.100.0/24"],"required":true},
                {"id":2,"serviceArea":"Common","urls":["*.office.com"]}]"#,
            "198.51.100.7",
            &["m365:Exchange 198.51.100.0/24"],
        ),
        (
            "oracle",
            r#"{"last_updated_timestamp":"x","regions":[{"region":"eu-frankfurt-1","cidrs":[{"cidr":"198.51.100.0/24","tags":["OCI","OSN"]}]}]}"#,
            "198.51.100.7",
            &[
                "oracle:OCI.eu-frankfurt-1 198.51.100.0/24",
                "oracle:OSN.eu-frankfurt-1 198.51.100.0/24",
            ],
        ),
    ] {
        let ranges = of(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found(&ranges, address), wanted, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    /// Against every row looked at one after the other, in a world so small that all of them touch.
    #[test]
    fn what_meets_a_span_is_found(
        rows in prop::collection::vec((0u128..64, 26u8..=32, 0usize..4), 0..40),
        (one, other) in (0u128..64, 0u128..64),
    ) {
        let rows: Vec<(Block, usize)> = rows
            .into_iter()
            .map(|(first, length, tag)| (Block::holding(crate::space::Family::V4, first, length), tag))
            .collect();
        let span = |number: u128| crate::space::Family::V4.address(number);
        let span = Span::between(span(one.min(other)), span(one.max(other))).unwrap();
        let mut found = BlockIndex::new(&rows, 4).meeting(span);
        let lengths: Vec<u8> = found.iter().map(|(block, _)| block.length()).collect();
        prop_assert!(lengths.is_sorted_by(|one, other| one >= other), "{lengths:?}");
        let mut wanted: Vec<_> = rows
            .into_iter()
            .filter(|(block, _)| block.first() <= span.last() && span.first() <= block.last())
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        found.sort_unstable();
        prop_assert_eq!(found, wanted);
    }
}
