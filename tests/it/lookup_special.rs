//! What an address is before it is in a tag.

use serde_json::{Value, json};

use crate::dashboard::{embedded, script_on};
use crate::program::{run, run_with};

/// One query's JSON, and the exit code.
fn answer(query: &str) -> (Value, i32) {
    let ran = run(&["lookup", query, "--json"]);
    assert_eq!(ran.err, "", "{query}");
    (ran.json(), ran.code)
}

fn tags(answer: &Value) -> Vec<&str> {
    let matches = answer["matches"].as_array().unwrap().iter();
    matches.map(|it| it["tag"].as_str().unwrap()).collect()
}

#[test]
fn the_platform_is_named_before_the_tags_that_hold_it() {
    let (found, code) = answer("168.63.129.16");
    assert_eq!(code, 0);
    assert!(tags(&found).contains(&"AzureCloud"));
    let special = &found["special"];
    assert_eq!(special["kind"], "platform");
    for word in [
        "DNS",
        "DHCP",
        "AzurePlatformDNS",
        "AzureLoadBalancer",
        "every region",
    ] {
        assert!(special["text"].as_str().unwrap().contains(word), "{word}");
    }
    let document = special["document"].as_str().unwrap();
    assert!(document.starts_with("https://learn.microsoft.com/"));
}

#[test]
fn an_address_that_is_not_public_has_no_neighbours_and_exit_1() {
    for (query, kind, words) in [
        ("169.254.169.254", "metadata", "AzurePlatformIMDS"),
        ("10.0.0.4", "private", "RFC 1918"),
        ("100.64.0.1", "sharedAddress", "RFC 6598"),
        ("127.0.0.1", "loopback", "machine itself"),
        ("224.0.0.251", "multicast", "receivers"),
        ("203.0.113.9", "documentation", "RFC 5737"),
        ("::ffff:192.168.1.1", "private", "RFC 1918"),
        ("fe80::1", "linkLocal", "link"),
        ("10.0.0.0/16", "private", "RFC 1918"),
        ("10.0.0.9-10.0.3.7", "private", "RFC 1918"),
    ] {
        let (found, code) = answer(query);
        assert_eq!(
            (code, &found["special"]["kind"]),
            (1, &json!(kind)),
            "{query}"
        );
        let text = found["special"]["text"].as_str().unwrap();
        assert!(text.contains(words), "{query}: {text}");
        assert_eq!(found["nearest"], json!([]), "{query}");
    }
}

#[test]
fn an_ordinary_address_is_not_special() {
    for query in ["20.38.116.38", "8.8.8.8", "20.38.0.0/16"] {
        let (found, _) = answer(query);
        assert_eq!(found.get("special"), None, "{query}");
    }
    let (found, code) = answer("8.8.8.8");
    assert_eq!(code, 1);
    assert!(!found["nearest"].as_array().unwrap().is_empty());
}

#[test]
fn a_nat64_address_is_looked_up_as_the_one_inside() {
    let (plain, _) = answer("20.38.116.38");
    let (found, code) = answer("64:ff9b::1426:7426");
    assert_eq!((code, &found["special"]["kind"]), (0, &json!("nat64")));
    assert_eq!(found["matches"], plain["matches"]);
    assert_eq!(
        found["notes"],
        json!(["looked up as the IPv4 address in it: 20.38.116.38"])
    );
    let (found, code) = answer("64:ff9b::a00:4");
    assert_eq!((code, &found["matches"]), (1, &json!([])));
    assert_eq!(
        found["notes"],
        json!(["looked up as the IPv4 address in it: 10.0.0.4, a private address (10.0.0.0/8)"])
    );
    assert_eq!(found["nearest"], json!([]));
    let (found, _) = answer("2002:1426:7426::1");
    assert_eq!(found["special"]["kind"], "6to4");
    assert_eq!(
        found["notes"],
        json!(["the IPv4 address in it is 20.38.116.38"])
    );
}

#[test]
fn a_block_that_is_special_in_part_says_which() {
    let (found, _) = answer("168.63.128.0/17");
    assert_eq!(found.get("special"), None);
    assert_eq!(
        found["notes"],
        json!(["a part of it is not on the internet: Azure platform"])
    );
    let (found, _) = answer("8.0.0.0/6");
    assert_eq!(
        found["notes"],
        json!(["a part of it is not on the internet: Private-Use, 10.0.0.0/8"])
    );
    let (found, _) = answer("0.0.0.0/0");
    assert_eq!(found.get("notes"), None);
}

#[test]
fn a_pipe_gets_the_meaning_beside_the_table() {
    let ran = run(&["lookup", "10.0.0.4"]);
    assert_eq!(ran.code, 1);
    ran.says(&["tagscope: 10.0.0.4: Private-Use, 10.0.0.0/8. A private address"]);
    let cells = ran.cells();
    let [.., relation, numbers] = cells[0].as_slice() else {
        panic!("{ran:?}");
    };
    assert_eq!((*relation, *numbers), ("in no tag", "-"));
    let ran = run_with(
        &["lookup", "-", "--format", "jsonl"],
        "10.0.0.4\n20.38.116.38\n",
    );
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert!(ran.lines()[0].contains("\"kind\":\"private\""));
}

#[test]
fn the_pane_says_it_before_the_prefixes() {
    let screen = script_on(embedded(), (120, 24), "default").keys("2168.63.129.16");
    let shown = screen.assert_shows("Azure platform").text();
    let place = |text: &str| shown.find(text).unwrap_or_else(|| panic!("{shown}"));
    assert!(place("DHCP") < place("AzureCloud"));
    script_on(embedded(), (120, 24), "default")
        .keys("210.0.0.4")
        .assert_shows("Private-Use, 10.0.0.0/8")
        .assert_shows("in no tag");
}
