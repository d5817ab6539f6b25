use super::*;
use crate::azure::Dialect;

fn doc(values: &str) -> String {
    format!(r#"{{"changeNumber":7,"cloud":"Public","values":{values}}}"#)
}

fn read(text: &str) -> Document {
    parse(text.as_bytes(), None).unwrap()
}

fn refused(text: &str) -> String {
    parse(text.as_bytes(), None).unwrap_err().to_string()
}

#[test]
fn both_dialects_are_told_apart() {
    let file = doc(
        r#"[{"name":"A","id":"A","properties":{"changeNumber":3,"region":"","regionId":0,
        "platform":"Azure","systemService":"S","addressPrefixes":["10.0.0.0/8"],
        "networkFeatures":["FW","API"]}}]"#,
    );
    let file = read(&file).week;
    assert_eq!(file.dialect, Dialect::File);
    assert_eq!(file.tags[0].change_number, Some(3));
    assert_eq!(file.tags[0].features.as_ref().unwrap().as_str(), "API FW");

    let api = r#"{"name":"n","id":"i","type":"Microsoft.Network/serviceTags","changeNumber":"63",
        "cloud":"Public","nextLink":null,"values":[{"name":"A","id":"A","serviceTagChangeNumber":"9",
        "properties":{"changeNumber":"7","region":"","state":"x","systemService":"S",
        "addressPrefixes":["10.0.0.0/8"]}}]}"#;
    let api = read(api).week;
    assert_eq!(api.dialect, Dialect::Api);
    assert_eq!(
        (api.change_number, api.tags[0].change_number),
        (Some(63), Some(7))
    );
    assert_eq!(api.tags[0].features, None);
}

#[test]
fn bad_rows_are_counted_with_their_place() {
    let text = doc(
        r#"[{"name":"A","properties":{"changeNumber":-1,"region":5,"systemService":"S",
        "addressPrefixes":["10.0.0.0/8","nonsense",7,null,"0.0.0.0/0","10.1.2.3/16","10.0.0.0/8"]}},
        5, {"id":"B"}, {"properties":{}}, {"name":"a","properties":{}}]"#,
    );
    let document = read(&text);
    let found: Vec<_> = document
        .flaws
        .iter()
        .map(|flaw| (flaw.tag.as_str(), flaw.row, flaw.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("A", None, FlawKind::Attribute),
            ("A", None, FlawKind::Number),
            ("A", Some(2), FlawKind::NotAPrefix),
            ("A", Some(3), FlawKind::NotAPrefix),
            ("A", Some(4), FlawKind::NotAPrefix),
            ("A", Some(5), FlawKind::ZeroLength),
            ("A", Some(6), FlawKind::HostBits),
            ("A", None, FlawKind::Repeated),
            ("entry 2", None, FlawKind::NoTag),
            ("B", None, FlawKind::NoTag),
            ("entry 4", None, FlawKind::NoTag),
            ("a", None, FlawKind::SameName),
        ]
    );
    assert_eq!(document.flaw_count, found.len());
    let prefixes: Vec<String> = document.week.tags[0]
        .prefixes
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(prefixes, ["10.0.0.0/8", "10.1.0.0/16"]);
}

#[test]
fn a_refusal_says_what_the_document_looks_like() {
    let tag = r#"[{"name":"A","properties":{"addressPrefixes":[]}}]"#;
    let cases = [
        ("", "the document is empty"),
        (" \n", "the document is empty"),
        ("<!DOCTYPE html><html>", "HTML"),
        ("hello", "not JSON"),
        ("[1,2]", "a JSON list"),
        ("7", "a single JSON value"),
        ("{}", "an empty JSON object"),
        (r#"{"syncToken":"1","prefixes":[]}"#, "AWS"),
        (r#"{"securityRules":[]}"#, "network security group"),
        (r#"{"a":1,"b":2}"#, "keys a, b"),
        (r#"{"cloud":"Public","values":["#, "truncated"),
        (r#"{"cloud":"Public","values":[}"#, "line 1, column 29"),
        (r#"{"cloud":"Public"}"#, "`values` is missing"),
        (r#"{"cloud":"Public","values":[]}"#, "`values` is empty"),
        (r#"{"cloud":"Public","values":{}}"#, "of another type"),
        (
            &format!(r#"{{"cloud":"Mars\u001b","values":{tag}}}"#),
            "\"Mars␛\"",
        ),
        (&format!(r#"{{"values":{tag}}}"#), "the cloud \"\""),
    ];
    for (text, expected) in cases {
        let message = refused(text);
        assert!(message.contains(expected), "{text}: {message}");
    }
}

#[test]
fn deep_nesting_is_refused_quickly() {
    assert!(refused(&"[".repeat(10 << 20)).contains("a JSON list"));
    let deep = format!(r#"{{"cloud":"Public","values":[{}"#, "[".repeat(1 << 20));
    let _ = refused(&deep);
    let deep = format!(r#"{{"x":{}"#, "[".repeat(1 << 20));
    let _ = refused(&deep);
    let deep = format!(
        r#"{{"cloud":"Public","values":[{}]}}"#,
        r#"{"properties":"#.repeat(100_000)
    );
    let _ = refused(&deep);
}

#[test]
fn caps_hold() {
    let name = "x".repeat(MAX_NAME + 1);
    let long = doc(&format!(
        r#"[{{"name":"{name}","properties":{{}}}},{{"name":"A","properties":{{"region":"{name}"}}}}]"#
    ));
    let long = read(&long);
    let found: Vec<_> = long
        .flaws
        .iter()
        .map(|flaw| (flaw.tag.as_str(), flaw.kind))
        .collect();
    assert_eq!(
        found,
        [("entry 1", FlawKind::LongName), ("A", FlawKind::Attribute)]
    );
    assert_eq!(long.week.tags.len(), 1);
    let many = doc(&format!("[{}1]", "1,".repeat(MAX_TAGS)));
    assert!(refused(&many).contains("more than 20000 tags"));
    let row = r#""1.0.0.0/8","#;
    let rows = row.repeat(MAX_ROWS + 1);
    let rows = rows.trim_end_matches(',');
    let rows = doc(&format!(
        r#"[{{"name":"A","properties":{{"addressPrefixes":[{rows}]}}}}]"#
    ));
    assert!(refused(&rows).contains("more than 2000000 rows"));
}

#[test]
fn gzip_is_read_and_a_bomb_is_refused() {
    use std::io::Write;
    let pack = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    assert_eq!(decompress(pack(b"{}")).unwrap(), b"{}");
    assert_eq!(decompress(b"{}".to_vec()).unwrap(), b"{}");
    let bomb = decompress(pack(&vec![b' '; MAX_BYTES + 1])).unwrap_err();
    assert!(matches!(
        bomb,
        DocumentError::TooLarge { what: "bytes", .. }
    ));
    let mut torn = pack(b"{\"cloud\":1}");
    torn.truncate(torn.len() - 6);
    assert_eq!(
        decompress(torn),
        Err(DocumentError::Gzip(GzipFlaw::Damaged))
    );
}

#[test]
fn names_with_escapes_are_shown_as_marks() {
    let week = read(&doc(
        r#"[{"name":"A\u001b[2J","properties":{"region":"\u202e"}}]"#,
    ))
    .week;
    assert_eq!(week.tags[0].name, "A␛[2J");
    assert_eq!(week.tags[0].region, "<U+202E>");
}

#[test]
fn line_ends_and_order_do_not_change_the_hash() {
    let one = r#"{"name":"A","properties":{"changeNumber":1,"addressPrefixes":["10.0.0.0/8","1.0.0.0/8"]}}"#;
    let two = r#"{"name":"B","properties":{"changeNumber":2,"addressPrefixes":[]}}"#;
    let base = read(&doc(&format!("[{one},{two}]"))).week.content_hash();
    let turned = read(&doc(&format!("[{two},\r\n{one}]")))
        .week
        .content_hash();
    assert_eq!(base, turned);
    let other = read(&doc(&format!("[{one}]"))).week.content_hash();
    assert_ne!(base, other);
}

#[test]
fn one_bad_string_is_one_problem() {
    let tag = |name: &str, rest: &str| format!(r#"{{"name":{name},"properties":{{{rest}}}}}"#);
    let good = tag(r#""Good""#, r#""addressPrefixes":["10.0.0.0/8"]"#);
    let row = |text: &str| format!(r#""addressPrefixes":["1.0.0.0/8",{text},"2.0.0.0/8"]"#);
    let long = format!(r#""{}""#, "1".repeat(10_000));
    let a = r#""A""#;
    let cases: Vec<(String, &str, Option<usize>, FlawKind)> = vec![
        (tag("7", ""), "entry 2", None, FlawKind::NoTag),
        (tag("null", ""), "entry 2", None, FlawKind::NoTag),
        (tag("[[]]", ""), "entry 2", None, FlawKind::NoTag),
        (tag(r#""""#, ""), "entry 2", None, FlawKind::NoTag),
        (tag(&long, ""), "entry 2", None, FlawKind::LongName),
        (tag(r#""A\ud800""#, ""), "A\u{fffd}", None, FlawKind::Name),
        (tag(r#""A\udc00""#, ""), "A\u{fffd}", None, FlawKind::Name),
        (tag(r#""A\u0007""#, ""), "A␇", None, FlawKind::Name),
        (tag("\"A\u{7}\"", ""), "A\u{fffd}", None, FlawKind::Name),
        (tag(a, &row("7")), "A", Some(2), FlawKind::NotAPrefix),
        (tag(a, &row("null")), "A", Some(2), FlawKind::NotAPrefix),
        (tag(a, &row("{}")), "A", Some(2), FlawKind::NotAPrefix),
        (tag(a, &row(&long)), "A", Some(2), FlawKind::NotAPrefix),
        (
            tag(a, &row(r#""3.0.0.0/8\ud800""#)),
            "A",
            Some(2),
            FlawKind::NotAPrefix,
        ),
        (
            tag(a, &row("\"3.0.0.0/8\u{1}\"")),
            "A",
            Some(2),
            FlawKind::NotAPrefix,
        ),
        (
            tag(a, &row(r#""3.0.0.0/8\x""#)),
            "A",
            Some(2),
            FlawKind::NotAPrefix,
        ),
        (tag(a, r#""regionId":"x""#), "A", None, FlawKind::Attribute),
        (tag(a, r#""region":{}"#), "A", None, FlawKind::Attribute),
        (
            tag(a, r#""region":"\udfff""#),
            "A",
            None,
            FlawKind::Attribute,
        ),
        (
            tag(a, r#""systemService":[1]"#),
            "A",
            None,
            FlawKind::Attribute,
        ),
        (
            tag(a, r#""networkFeatures":"NSG""#),
            "A",
            None,
            FlawKind::Attribute,
        ),
        (
            tag(a, r#""networkFeatures":["NSG",null]"#),
            "A",
            None,
            FlawKind::Attribute,
        ),
        (
            tag(a, r#""changeNumber":true"#),
            "A",
            None,
            FlawKind::Number,
        ),
        (tag(a, r#""changeNumber":1.5"#), "A", None, FlawKind::Number),
    ];
    for (bad, tag, row, kind) in cases {
        let document = read(&doc(&format!("[{good},{bad}]")));
        let found: Vec<_> = document
            .flaws
            .iter()
            .map(|flaw| (flaw.tag.as_str(), flaw.row, flaw.kind))
            .collect();
        assert_eq!(found, [(tag, row, kind)], "{bad}");
        assert_eq!(document.flaw_count, 1, "{bad}");
        let rows = document.week.rows();
        assert_eq!(rows, if row.is_some() { 3 } else { 1 }, "{bad}");
    }
    let root = format!(r#"{{"changeNumber":[],"cloud":"Public","values":[{good}]}}"#);
    let root = read(&root);
    assert_eq!(root.flaws[0].kind, FlawKind::Number);
    assert_eq!((root.flaw_count, root.week.change_number), (1, None));
}

#[test]
fn bytes_that_are_no_utf8_spoil_their_string_alone() {
    let text = doc(
        r#"[{"name":"A@","properties":{"addressPrefixes":["1.0.0.0/8","2.0.0.0/8@"]}},
        {"name":"B","properties":{"region":"@"}}]"#,
    );
    let bytes: Vec<u8> = text
        .bytes()
        .map(|b| if b == b'@' { 0xff } else { b })
        .collect();
    let document = parse(&bytes, None).unwrap();
    let found: Vec<_> = document
        .flaws
        .iter()
        .map(|flaw| (flaw.tag.as_str(), flaw.row, flaw.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("A\u{fffd}", None, FlawKind::Name),
            ("A\u{fffd}", Some(2), FlawKind::NotAPrefix),
            ("B", None, FlawKind::Attribute),
        ]
    );
}

#[test]
fn a_key_that_stands_twice_is_refused_by_name() {
    let tag = r#"{"name":"A","properties":{"addressPrefixes":["10.0.0.0/8"]}}"#;
    for (text, key) in [
        (
            format!(r#"{{"cloud":"Public","values":[{tag}],"values":[{tag}]}}"#),
            "values",
        ),
        (
            format!(r#"{{"cloud":"Public","cloud":"China","values":[{tag}]}}"#),
            "cloud",
        ),
        (
            format!(r#"{{"changeNumber":1,"changeNumber":2,"cloud":"Public","values":[{tag}]}}"#),
            "changeNumber",
        ),
        (doc(r#"[{"name":"A","name":"B","properties":{}}]"#), "name"),
        (
            doc(r#"[{"name":"A","properties":{},"properties":{}}]"#),
            "properties",
        ),
        (
            doc(r#"[{"name":"A","properties":{"addressPrefixes":[],"addressPrefixes":[]}}]"#),
            "addressPrefixes",
        ),
    ] {
        let message = refused(&text);
        assert!(message.starts_with("line 1, column "), "{message}");
        let said = format!("the key \"{key}\" stands twice in one object");
        assert!(message.contains(&said), "{message}");
    }
    // What no reader of addresses looks at may stand twice.
    let _ = read(&doc(
        r#"[{"name":"A","x":1,"x":2,"properties":{"y":1,"y":2}}]"#,
    ));
}

#[test]
fn lengths_and_octets_with_zeros_in_front_are_bad_rows() {
    let rows = r#"["1.0.0.0/08","1.0.0.0/+8","1.0.0.0/ 8","1.0.0.0/8 ","01.0.0.0/8","1.0.00.0/8",
        "1.0.0.0/-8","1.0.0.0/8.","2603::/046","2603::/+46","2603::/46"]"#;
    let document = read(&doc(&format!(
        r#"[{{"name":"A","properties":{{"addressPrefixes":{rows}}}}}]"#
    )));
    let found: Vec<_> = document
        .flaws
        .iter()
        .map(|flaw| (flaw.row, flaw.kind))
        .collect();
    let expected: Vec<_> = (1..=10)
        .map(|row| (Some(row), FlawKind::NotAPrefix))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(document.week.rows(), 1);
}

#[test]
fn mapped_prefixes_stay_the_ipv6_that_they_are() {
    let document = read(&doc(
        r#"[{"name":"A","properties":{"addressPrefixes":["::ffff:1.2.3.0/120","::ffff:102:400/118",
        "::1.2.3.4/128","1.2.3.0/24"]}}]"#,
    ));
    assert_eq!(document.flaw_count, 0);
    let shown: Vec<String> = document.week.tags[0]
        .prefixes
        .iter()
        .map(|block| format!("{} {}", block.family(), block.count()))
        .collect();
    assert_eq!(shown, ["IPv4 256", "IPv6 1", "IPv6 256", "IPv6 1024"]);
}

#[test]
fn gzip_within_gzip_is_named() {
    use std::io::Write;
    let pack = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let twice = decompress(pack(&pack(b"{}"))).unwrap();
    let refused = parse(&twice, None).unwrap_err().to_string();
    assert!(refused.contains("gzip data within gzip data"), "{refused}");
}
