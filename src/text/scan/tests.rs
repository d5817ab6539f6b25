use super::*;

/// Items as `text=what`, with their readings.
fn read(text: &str) -> Vec<String> {
    let shown = |found: Found| {
        let what = match found.what {
            What::Address(address) => address.to_string(),
            What::Block(address, length) => format!("{address}/{length}"),
            What::Range(first, last) => format!("{first}-{last}"),
            What::Wrong(flaw) => format!("{} {flaw}", &text[found.span.clone()]),
            What::Word => unreachable!(),
        };
        if found.readings.is_plain() {
            what
        } else {
            format!("{what} {:?}", found.readings)
        }
    };
    lines(text)
        .flat_map(|line| {
            let start = line.start;
            let found: Vec<Found> = items(&text[line]).collect();
            found.into_iter().map(move |found| found.moved(start))
        })
        .map(shown)
        .collect()
}

#[track_caller]
fn check(cases: &[(&str, &[&str])]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(text, expected)| (text, read(text), expected))
        .filter(|(_, read, expected)| read != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn single_forms() {
    check(&[
        ("20.38.98.7", &["20.38.98.7"]),
        (" 20.38.98.7:443 ", &["20.38.98.7 {Port}"]),
        ("20.38.98.7.", &["20.38.98.7"]),
        ("20.38.98.7/", &["20.38.98.7"]),
        ("2603::1", &["2603::1"]),
        ("[2603::1]", &["2603::1"]),
        ("[2603::1]:443", &["2603::1 {Port}"]),
        ("[20.38.98.7]:443", &["20.38.98.7 {Port}"]),
        ("fe80::1%eth0", &["fe80::1 {Zone}"]),
        ("[fe80::1%eth0]:22", &["fe80::1 {Zone, Port}"]),
        ("::ffff:13.66.60.119", &["13.66.60.119 {Mapped}"]),
        ("20.38.0.0/16", &["20.38.0.0/16"]),
        ("20.38.98.7/16", &["20.38.98.7/16 {HostBits}"]),
        ("::ffff:20.38.0.0/112", &["20.38.0.0/16 {Mapped}"]),
        ("0.0.0.0/0", &["0.0.0.0/0"]),
        ("1.2.3.0 /24", &["1.2.3.0/24"]),
        ("20.38.0.0-20.38.0.9", &["20.38.0.0-20.38.0.9"]),
        ("20.38.0.0–20.38.0.9", &["20.38.0.0-20.38.0.9"]),
        (
            "20.38.0.0 - 20.38.0.255",
            &["20.38.0.0-20.38.0.255 {SpacedRange}"],
        ),
        (
            "20.38.0.0 to 20.38.0.9",
            &["20.38.0.0-20.38.0.9 {SpacedRange}"],
        ),
        ("2603::1-2603::9", &["2603::1-2603::9"]),
        ("::", &["::"]),
        ("dead::beef", &["dead::beef"]),
        ("1[.]2[.]3[.]4", &["1.2.3.4 {Defanged}"]),
        ("1[.]2.3(.)0/24", &["1.2.3.0/24 {Defanged}"]),
        ("hxxp://1[.]2[.]3[.]4:80/x", &["1.2.3.4 {Port, Defanged}"]),
        ("2603[:]1030::4", &["2603:1030::4 {Defanged}"]),
        ("2603:1030:20a:0:0:0:0:1:443", &["2603:1030:20a::1 {Port}"]),
    ]);
}

#[test]
fn what_is_around_is_left_aside() {
    check(&[
        (
            "SRC=20.50.200.5 DST=20.38.116.38 DPT=443",
            &["20.50.200.5", "20.38.116.38"],
        ),
        (
            "20.38.116.38, 20.50.200.5",
            &["20.38.116.38", "20.50.200.5"],
        ),
        ("20.38.116.38 20.50.200.5", &["20.38.116.38", "20.50.200.5"]),
        (
            "20.38.112.0/21, 20.50.200.0/24",
            &["20.38.112.0/21", "20.50.200.0/24"],
        ),
        ("\"20.50.200.5\",3,\"NL\"", &["20.50.200.5"]),
        ("52.138.231.5;9;IE", &["52.138.231.5"]),
        (
            "1542110377,10.0.0.4,13.67.143.118,44931,443,T,O,A,B,,,,",
            &["10.0.0.4", "13.67.143.118"],
        ),
        (
            "`20.1.1.1` “20.1.1.2” '20.1.1.3'",
            &["20.1.1.1", "20.1.1.2", "20.1.1.3"],
        ),
        ("- 20.1.1.1", &["20.1.1.1"]),
        (
            "  \"addressPrefixes\": [\"20.1.1.0/24\", \"2603::/48\"],",
            &["20.1.1.0/24", "2603::/48"],
        ),
        ("https://user:pw@20.38.98.7:8443/x", &["20.38.98.7 {Port}"]),
        ("https://20.38.98.0/24", &["20.38.98.0"]),
        ("inside/10.0.0.4(5000)", &["10.0.0.4"]),
        ("GET /v1/20.38.98.7/x", &["20.38.98.7"]),
        (
            "read tcp 10.0.0.4:51234->20.61.97.129:443: reset",
            &["10.0.0.4 {Port}", "20.61.97.129 {Port}"],
        ),
        ("from 10.0.0.1 to 10.0.0.9", &["10.0.0.1", "10.0.0.9"]),
        ("10.0.0.1 - 10.0.0.9 talked", &["10.0.0.1", "10.0.0.9"]),
        (
            "ip range 10.0.0.1 - 10.0.0.9 is ours",
            &["10.0.0.1-10.0.0.9 {SpacedRange}"],
        ),
        (
            "Range: 10.0.0.1 to 10.0.0.9 (ours)",
            &["10.0.0.1-10.0.0.9 {SpacedRange}"],
        ),
        (
            "name,10.0.0.1 - 10.0.0.9,x",
            &["10.0.0.1-10.0.0.9 {SpacedRange}"],
        ),
        ("the row 20.38.0.0/16, denied", &["20.38.0.0/16"]),
        ("the row 20.38.0.5/16, denied", &["20.38.0.5 {LengthAside}"]),
        ("denied 20.38.0.5/443 tcp", &["20.38.0.5 {LengthAside}"]),
        ("rule 20.38.0.0/16: denied", &["20.38.0.0/16"]),
        ("connect to 2603:1030::: refused", &["2603:1030::"]),
        ("dial tcp [2603::1]:443: i/o timeout", &["2603::1 {Port}"]),
        ("ip:20.1.2.3, port:443", &["20.1.2.3"]),
        ("src:2603::1", &["2603::1"]),
        (
            "IP6 2603::1.443 > 2603::2.51234: Flags",
            &["2603::1 {Port}", "2603::2 {Port}"],
        ),
        (r"\u0027203.0.113.9\u0027", &["203.0.113.9"]),
        (
            r"failed\n203.0.113.9\t10.0.0.1",
            &["203.0.113.9", "10.0.0.1"],
        ),
        ("&#39;203.0.113.9&#39;", &["203.0.113.9"]),
        ("ip%3D203.0.113.9%26x", &["203.0.113.9"]),
        (
            "10.0.0.1:80:10.0.0.2:443",
            &["10.0.0.1 {Port}", "10.0.0.2 {Port}"],
        ),
        ("地址20.38.116.38在", &["20.38.116.38"]),
        ("dig @20.1.1.1 x; 10.0.0.1#53", &["20.1.1.1", "10.0.0.1"]),
        ("a\r20.1.1.1\r\n20.1.1.2", &["20.1.1.1", "20.1.1.2"]),
    ]);
}

#[test]
fn masks_belong_to_their_address() {
    check(&[
        ("20.38.112.0 255.255.248.0", &["20.38.112.0/21 {Mask}"]),
        ("20.38.112.0 0.0.7.255", &["20.38.112.0/21 {Wildcard}"]),
        (
            "ip route 20.38.112.0 255.255.248.0 10.0.0.1",
            &["20.38.112.0/21 {Mask}", "10.0.0.1"],
        ),
        ("20.38.112.0/255.255.248.0", &["20.38.112.0/21 {Mask}"]),
        ("20.38.112.0,255.255.248.0", &["20.38.112.0/21 {Mask}"]),
        (
            "subnet 10.0.0.0 netmask 255.0.0.0 {",
            &["10.0.0.0/8 {Mask}"],
        ),
        (
            "{\"ip\":\"20.38.112.0\",\"mask\":\"255.255.248.0\"}",
            &["20.38.112.0/21 {Mask}"],
        ),
        (
            "inet 10.0.0.4 netmask 255.255.255.0",
            &["10.0.0.4 {MaskAside}"],
        ),
        (
            "ip address 10.0.0.4 255.255.255.0",
            &["10.0.0.4 {MaskAside}"],
        ),
        ("0.0.0.0 0.0.0.0", &["0.0.0.0/0 {Mask}"]),
        ("0.0.0.0, 0.0.0.0", &["0.0.0.0", "0.0.0.0"]),
        ("20.1.1.1 0.0.0.0", &["20.1.1.1 {Wildcard}"]),
        (
            "permit ip 0.0.0.0 255.255.255.255 any",
            &["0.0.0.0/0 {Wildcard}"],
        ),
        ("20.1.1.1 255.255.255.255", &["20.1.1.1 {Mask}"]),
        ("20.1.1.1 20.1.1.2", &["20.1.1.1", "20.1.1.2"]),
    ]);
}

#[test]
fn what_is_wrong_is_named() {
    check(&[
        ("256.1.1.1", &["256.1.1.1 is not an IPv4 address"]),
        ("got 1.2.3.400 back", &["1.2.3.400 is not an IPv4 address"]),
        ("01.2.3.4", &["01.2.3.4 is not an IPv4 address"]),
        (
            "10.0.0.0/33",
            &["10.0.0.0/33 is not a CIDR: an IPv4 prefix has at most 32 bits"],
        ),
        (
            "::/129",
            &["::/129 is not a CIDR: an IPv6 prefix has at most 128 bits"],
        ),
        (
            "10.0.0.0/x",
            &["10.0.0.0/x is not a CIDR: the length behind the slash is not a number"],
        ),
        (
            "10.0.0.0/255.0.255.0",
            &["10.0.0.0/255.0.255.0 is not a CIDR: the length behind the slash is not a number"],
        ),
        (
            "10.0.0.9-10.0.0.1",
            &["10.0.0.9-10.0.0.1 is not a range: the first address is above the last"],
        ),
        (
            "10.0.0.9-::1",
            &["10.0.0.9-::1 is not a range: one end is IPv4, the other IPv6"],
        ),
        (
            "10.0.0.1-5",
            &["10.0.0.1-5 is not a range: both ends must be whole addresses"],
        ),
        (
            "2603:1030: a0b::4",
            &["2603:1030: a0b::4 is not an IPv6 address: there is a space in it"],
        ),
    ]);
}

#[test]
fn nothing_is_invented() {
    check(&[
        ("what is this", &[]),
        ("at 12:34:56 on 2026-10-19T12:00:00.123Z", &[]),
        ("device 00:0d:3a:01:02:03, 00:0d:3a:ff:fe:01:02:03", &[]),
        ("v1.2.3.4 and 1.2.3.4.5 and x1.2.3.4 and 1.2.3.4a", &[]),
        ("std::io and a::b and dead::beef", &[]),
        ("Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.113", &[]),
        ("126.0.6478.127", &[]),
        (".1.3.6.1.4.1", &[]),
        ("10.0.0.4.nip.io", &[]),
        ("1.2.3", &[]),
        ("2026.11.29.01", &[]),
        ("１1.2.3.4", &[]),
        ("a :: b [] ://x https:// .. - / @ % \\u \\", &[]),
    ]);
}

#[test]
fn every_letter_is_in_one_piece() {
    let text = "\u{feff}src=20.1.1.1:443 x [.] 1[.]2[.]3[.]4é, 20.0.0.0 255.0.0.0 to\r\n256.1.1.1 \u{202e}fin";
    let mut at = 0;
    for found in scan(text) {
        assert!(found.span.start >= at && found.span.end > found.span.start);
        assert!(!text[at..found.span.start].contains(char::is_alphanumeric));
        at = found.span.end;
    }
    assert!(!text[at..].contains(char::is_alphanumeric));
}
