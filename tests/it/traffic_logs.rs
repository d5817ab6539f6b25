//! Logs of known kinds, made here, and what top and grep count of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;

use serde_json::Value;

use crate::program::{Ran, run_with};
use crate::traffic::{Dice, Oracle};

/// A flow that is written in every form.
struct Made {
    /// Seconds since 1970.
    time: i64,
    source: IpAddr,
    destination: IpAddr,
    port: u16,
    is_denied: bool,
    rule: String,
    bytes: (u64, u64),
}

/// The first second of the flows: 2026-10-19T00:00:00Z.
const FIRST: i64 = 1_792_368_000;

fn flows(count: usize, oracle: &Oracle) -> Vec<Made> {
    let mut dice = Dice::new(11);
    let few: Vec<IpAddr> = (0..count / 4).map(|_| oracle.address(&mut dice)).collect();
    let made = (0..count).map(|place| Made {
        time: FIRST + i64::try_from(place).unwrap() * 10,
        source: format!("10.0.{}.{}", dice.below(3), dice.below(200))
            .parse()
            .unwrap(),
        destination: if dice.below(10) == 0 {
            "10.9.9.9".parse().unwrap()
        } else {
            few[dice.below(few.len())]
        },
        port: [443, 80, 1433][dice.below(3)],
        is_denied: dice.below(3) == 0,
        rule: format!("rule \\\"{}\\\"", dice.below(4)),
        bytes: (dice.next() % 1_000, dice.next() % 100_000),
    });
    made.collect()
}

fn iso(time: i64) -> String {
    jiff::Timestamp::from_second(time).unwrap().to_string()
}

/// A flow log of a virtual network: a record for every 100 flows; with sorted keys on request.
fn vnet(flows: &[Made], is_sorted: bool) -> String {
    let records = flows.chunks(100).map(|flows| {
        let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for it in flows {
            let state = if it.is_denied { "D" } else { "E" };
            groups.entry(&it.rule).or_default().push(format!(
                "\"{}000,{},{},50000,{},6,O,{state},NX,1,{},2,{}\"",
                it.time, it.source, it.destination, it.port, it.bytes.0, it.bytes.1
            ));
        }
        let groups = groups.into_iter().map(|(rule, tuples)| {
            let tuples = tuples.join(",");
            if is_sorted {
                format!(r#"{{"flowTuples":[{tuples}],"rule":"{rule}"}}"#)
            } else {
                format!(r#"{{"rule":"{rule}","flowTuples":[{tuples}]}}"#)
            }
        });
        let groups: Vec<String> = groups.collect();
        format!(
            r#"{{"time":"{}","flowLogVersion":4,"category":"FlowLogFlowEvent","flowRecords":{{"flows":[{{"aclID":"a","flowGroups":[{}]}}]}}}}"#,
            iso(flows[0].time),
            groups.join(",")
        )
    });
    let records: Vec<String> = records.collect();
    format!(r#"{{"records":[{}]}}"#, records.join(","))
}

fn nsg(flows: &[Made]) -> String {
    let records = flows.iter().map(|it| {
        let action = if it.is_denied { "D" } else { "A" };
        format!(
            r#"{{"time":"{}","category":"NetworkSecurityGroupFlowEvent","properties":{{"Version":2,"flows":[{{"rule":"{}","flows":[{{"mac":"000D3AF87856","flowTuples":["{},{},{},50000,{},T,O,{action},E,1,{},2,{}"]}}]}}]}}}}"#,
            iso(it.time), it.rule, it.time, it.source, it.destination, it.port, it.bytes.0, it.bytes.1
        )
    });
    let records: Vec<String> = records.collect();
    format!("{{\"records\":[\n{}\n]}}", records.join(",\n"))
}

fn firewall(flows: &[Made]) -> String {
    let lines = flows.iter().map(|it| {
        let action = if it.is_denied { "Deny" } else { "Allow" };
        format!(
            r#"{{"category":"AZFWNetworkRule","time":"{}","resourceId":"/SUBSCRIPTIONS/A","properties":{{"Protocol":"TCP","SourceIp":"{}","SourcePort":50000,"DestinationIp":"{}","DestinationPort":{},"Action":"{action}","Policy":"p","RuleCollection":"c","Rule":"{}"}}}}{}"#,
            iso(it.time), it.source, it.destination, it.port, it.rule, "\n"
        )
    });
    lines.collect()
}

fn sentences(flows: &[Made]) -> String {
    let lines = flows.iter().map(|it| {
        let action = if it.is_denied { "Deny" } else { "Allow" };
        let to = std::net::SocketAddr::new(it.destination, it.port);
        format!(
            r#"{{"category":"AzureFirewallNetworkRule","time":"{}","properties":{{"msg":"TCP request from {}:50000 to {to}. Action: {action}. Policy: p. Rule Collection: c. Rule: {}"}}}}{}"#,
            iso(it.time), it.source, it.rule, "\n"
        )
    });
    lines.collect()
}

fn table(flows: &[Made], delimiter: char) -> String {
    let head = [
        "time",
        "src_ip",
        "dst_ip",
        "dst_port",
        "action",
        "rule",
        "bytes_sent",
        "bytes_received",
    ];
    let mut text = head.join(&delimiter.to_string()) + "\n";
    for it in flows {
        let action = if it.is_denied { "deny" } else { "allow" };
        let cells = [
            iso(it.time),
            it.source.to_string(),
            it.destination.to_string(),
            it.port.to_string(),
            action.to_owned(),
            format!("\"{}\"", it.rule.replace("\\\"", "\"\"")),
            it.bytes.0.to_string(),
            it.bytes.1.to_string(),
        ];
        writeln!(text, "{}", cells.join(&delimiter.to_string())).unwrap();
    }
    text
}

fn iptables(flows: &[Made]) -> String {
    let lines = flows.iter().map(|it| {
        let action = if it.is_denied { "BLOCK" } else { "ALLOW" };
        format!(
            "{} host kernel: [1.5] [UFW {action}] IN= OUT=eth0 SRC={} DST={} LEN={} PROTO=TCP SPT=50000 DPT={}\n",
            iso(it.time), it.source, it.destination, it.bytes.0, it.port
        )
    });
    lines.collect()
}

/// Hits by the most specific tag, by the oracle.
fn expected<'a>(flows: impl Iterator<Item = &'a Made>, oracle: &Oracle) -> BTreeMap<String, u64> {
    let mut hits = BTreeMap::new();
    for it in flows.filter(|it| it.destination.to_string() != "10.9.9.9") {
        let tags = oracle.tags(it.destination);
        let longest = tags.first().map_or(0, |tag| tag.0);
        let mut best: Vec<&str> = tags
            .iter()
            .filter(|it| it.0 == longest)
            .map(|it| it.1)
            .collect();
        // Among tags of one prefix the oracle does not know the narrowest: they count as one.
        best.sort_unstable();
        let name = if best.is_empty() {
            "in no tag".to_owned()
        } else {
            best.join(" ")
        };
        *hits.entry(name).or_default() += 1;
    }
    hits
}

/// Hits of an answer, by the oracle's names.
fn found(ran: &Ran, names: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut hits = BTreeMap::new();
    for row in ran.json()["rows"].as_array().unwrap() {
        let name = row["name"].as_str().unwrap();
        let is_meant = |names: &&String| *names == name || names.split(' ').any(|it| it == name);
        let candidates: Vec<&String> = names.keys().filter(is_meant).collect();
        assert!(!candidates.is_empty(), "{name}");
        hits.insert(name.to_owned(), row["hits"].as_u64().unwrap());
    }
    hits
}

#[test]
fn every_kind_of_log_gives_the_same_counts() {
    let oracle = Oracle::new();
    let flows = flows(2_000, &oracle);
    let denied: u64 = flows
        .iter()
        .filter(|it| it.is_denied && it.destination.to_string() != "10.9.9.9")
        .count() as u64;
    let inside = flows
        .iter()
        .filter(|it| it.destination.to_string() == "10.9.9.9")
        .count() as u64;
    let names = expected(flows.iter(), &oracle);
    let total: u64 = names.values().sum();
    let mut first: Option<BTreeMap<String, u64>> = None;
    let logs = [
        ("vnet", vnet(&flows, false)),
        ("sorted", vnet(&flows, true)),
        ("nsg", nsg(&flows)),
        ("firewall", firewall(&flows)),
        (
            "array",
            format!("[{}]", firewall(&flows).trim_end().replace('\n', ",")),
        ),
        ("sentences", sentences(&flows)),
        ("csv", table(&flows, ',')),
        ("tsv", table(&flows, '\t')),
        ("iptables", iptables(&flows)),
    ];
    for (kind, text) in &logs {
        let top =
            |args: &[&str]| run_with(&[&["top", "--json", "-n0"], args].concat(), text.as_str());
        let hits = found(&top(&[]), &names);
        assert_eq!(hits.values().sum::<u64>(), total, "{kind}");
        assert_eq!(hits.get("in no tag"), names.get("in no tag"), "{kind}");
        let same = first.get_or_insert_with(|| hits.clone());
        assert_eq!(&hits, same, "{kind}");
        let answer = top(&["--action", "deny"]).json();
        assert_eq!(answer["hits"], denied, "{kind}");
        assert_eq!(top(&["-4"]).json()["privateHits"], inside, "{kind}");
        let half = iso(FIRST + 10_000);
        let early = top(&["--until", &iso(FIRST + 9_999)]).json()["hits"]
            .as_u64()
            .unwrap();
        let late = top(&["--since", &half]).json()["hits"].as_u64().unwrap();
        assert!(
            early > 0 && late > 0 && early + late == total,
            "{kind}: {early} {late}"
        );
        let ports = top(&["--by", "port"]).json();
        let ports: u64 = ports["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["hits"].as_u64().unwrap())
            .sum();
        assert_eq!(ports, total, "{kind}");
        let rules = top(&["--by", "rule"]).json();
        let rules: Vec<&str> = rules["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["name"].as_str().unwrap())
            .collect();
        if *kind == "iptables" {
            assert_eq!(rules.len(), 2, "{rules:?}");
        } else {
            assert!(
                rules.len() == 4 && rules.contains(&"rule \"2\""),
                "{kind}: {rules:?}"
            );
        }
        let actions = top(&["--by", "action"]).json();
        assert_eq!(actions["rows"].as_array().unwrap().len(), 2, "{kind}");
    }
    let bytes = run_with(&["top", "--json", "-n0"], vnet(&flows, false)).json();
    let sum = |key: &str| -> u64 {
        let rows = bytes["rows"].as_array().unwrap().iter();
        rows.map(|row| row[key].as_u64().unwrap()).sum()
    };
    let public = || {
        flows
            .iter()
            .filter(|it| it.destination.to_string() != "10.9.9.9")
    };
    assert_eq!(sum("bytesSent"), public().map(|it| it.bytes.0).sum::<u64>());
    assert_eq!(
        sum("bytesReceived"),
        public().map(|it| it.bytes.1).sum::<u64>()
    );
    let mut addresses: Vec<IpAddr> = public().map(|it| it.destination).collect();
    addresses.sort_unstable();
    addresses.dedup();
    assert_eq!(sum("addresses"), addresses.len() as u64);
}

#[test]
fn a_tuple_is_found_with_its_time_and_its_rule() {
    let oracle = Oracle::new();
    let flows = flows(400, &oracle);
    let is_wanted = |it: &&Made| {
        oracle
            .tags(it.destination)
            .iter()
            .any(|tag| tag.1.starts_with("AzureCloud"))
    };
    let wanted: Vec<&Made> = flows.iter().filter(is_wanted).collect();
    let log = vnet(&flows, false);
    let grep = |args: &[&str]| run_with(&[&["grep"], args].concat(), log.as_str());
    let ran = grep(&["AzureCloud*"]);
    assert_eq!((ran.code, ran.lines().len()), (0, wanted.len()));
    for row in ran.cells() {
        assert!(
            row[0].starts_with("2026-10-19T") && row[1].starts_with("rule \""),
            "{row:?}"
        );
        assert_eq!(row[2].split(',').count(), 13, "{row:?}");
    }
    let denied = wanted.iter().filter(|it| it.is_denied).count();
    assert_eq!(
        grep(&["AzureCloud*", "-c", "--action", "deny"]).out,
        format!("{denied}\n")
    );
    let others = flows.len() - wanted.len();
    assert_eq!(
        grep(&["AzureCloud*", "-c", "-v"]).out,
        format!("{others}\n")
    );
    let only = grep(&["AzureCloud*", "-o", "-m5"]);
    assert_eq!(only.lines().len(), 5);
    assert!(
        only.lines()
            .iter()
            .all(|line| line.parse::<IpAddr>().is_ok()),
        "{only:?}"
    );
    // A record a line is a line; an array has records.
    let text = firewall(&flows);
    let line = run_with(&["grep", "-m1", "AzureCloud*"], text.as_str());
    assert!(text.contains(&line.out), "{line:?}");
    let array = format!("[{}]", text.trim_end().replace('\n', ","));
    let record = run_with(&["grep", "-m1", "AzureCloud*"], array);
    let read: Value = serde_json::from_str(&record.out).unwrap();
    assert_eq!(read, serde_json::from_str::<Value>(&line.out).unwrap());
}

#[test]
fn access_logs_count_the_client_unless_another_field_is_named() {
    let mut log = String::new();
    for place in 0..50 {
        writeln!(
            log,
            r#"20.38.116.{} - - [19/Oct/2026:05:04:{place:02} +0000] "GET /?ip=8.8.8.8 HTTP/1.1" 200 100 "-" "x/1.0.0.0""#,
            38 + place % 2
        )
        .unwrap();
    }
    let top = |args: &[&str], text: &str| run_with(&[&["top", "-q"], args].concat(), text);
    assert_eq!(
        top(&[], &log).out,
        "Storage.JapanEast\t50\t2\t0\t5000\t1.000000\n"
    );
    let every = top(&["--every"], &log);
    assert_eq!(every.lines().len(), 4, "{every:?}");
    let text = top(&["--input", "text"], &log);
    assert_eq!(text.cells()[1][..2], ["in no tag", "50"]);
    let early = top(&["--until", "2026-10-19T05:04:09Z"], &log);
    assert_eq!(early.cells()[0][1], "10");
    assert_eq!(top(&["--until", "2026-10-18"], &log).code, 1);
    assert_eq!(top(&["--since", "2026-10-19"], &log).code, 0);
    top(&["--by", "rule"], &log).is_refused(&["no record of the log says rules"]);
    top(&["--action", "deny"], &log).is_refused(&["allowed or denied"]);
    top(&["--by", "rules"], &log).is_refused(&["tag, set, region"]);
    let odd = top(&[], &format!("{log}what is this\n"));
    assert_eq!(odd.code, 2);
    odd.says(&["record 51 was not understood"]);
    assert_eq!(odd.cells()[0][1], "50");
    // The field of a line of text, of a table, of JSON.
    let field = top(&["-f7"], &log);
    assert_eq!(field.cells()[0][..2], ["in no tag", "50"]);
    let csv = "client,x_forwarded_for\n10.0.0.4,20.38.116.38\n";
    let named = top(&["--field", "X-Forwarded-For"], csv);
    assert_eq!(named.cells()[0][..2], ["Storage.JapanEast", "1"]);
    let json = "{\"src\":\"10.0.0.4\",\"xff\":\"20.38.116.38\"}\n";
    assert_eq!(
        top(&["--field", "xff"], json).cells()[0][0],
        "Storage.JapanEast"
    );
    assert_eq!(top(&[], "nothing here\n").code, 1);
    top(&["--by", "port"], "20.38.116.38\n").is_refused(&["plain text"]);
}

#[test]
fn counts_are_told_apart_by_what_is_asked() {
    let log = "20.38.116.38 20.38.116.38 20.38.116.39 8.8.8.8 10.0.0.4 13.69.227.89\n";
    let top = |by: &str| run_with(&["top", "-q", "--by", by], log);
    let first = |by: &str| {
        top(by).cells()[0]
            .iter()
            .map(|it| (*it).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(first("tag"), ["Storage.JapanEast", "3", "2", "0.600000"]);
    assert_eq!(first("region")[..2], ["japaneast", "3"]);
    assert_eq!(first("service")[..2], ["AzureStorage", "3"]);
    assert_eq!(
        first("set")[0],
        "Storage.JapanEast, AzureCloud.japaneast, Storage, AzureCloud"
    );
    assert_eq!(
        first("prefix")[..3],
        ["20.38.116.0/23", "Storage.JapanEast", "3"]
    );
    assert_eq!(
        first("address")[..3],
        ["20.38.116.38", "Storage.JapanEast", "2"]
    );
    let ran = run_with(&["top"], log);
    ran.says(&["5 hits at public addresses; 1 hit at private"]);
    for format in ["text", "json", "jsonl", "csv", "markdown"] {
        let ran = run_with(&["top", "-q", "-o", format], log);
        assert!(
            ran.code == 0 && ran.out.contains("Storage.JapanEast"),
            "{ran:?}"
        );
    }
    assert!(
        run_with(&["top", "-q", "-n1", "-o", "csv"], log)
            .lines()
            .len()
            == 2
    );
}

#[test]
fn suggested_tags_hold_all_that_was_seen_and_no_tag_too_many() {
    let suggest = |text: &str, args: &[&str]| {
        let ran = run_with(&[&["top", "--suggest", "--json"], args].concat(), text);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.json()
    };
    let names = |value: &Value| -> Vec<String> {
        let tags = value["tags"].as_array().unwrap().iter();
        tags.map(|tag| tag["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let one = suggest("20.38.116.38 20.38.116.39 8.8.8.8\n", &[]);
    assert_eq!(names(&one), ["Storage.JapanEast"]);
    assert_eq!(
        (&one["hitsInNoTag"], &one["isBest"]),
        (&1.into(), &true.into())
    );
    assert_eq!(
        one["command"],
        "tagscope rules make az-nsg --tag Storage.JapanEast"
    );
    let oracle = Oracle::new();
    let mut dice = Dice::new(5);
    let mut text = String::new();
    let mut seen = Vec::new();
    while seen.len() < 60 {
        let address = oracle.address(&mut dice);
        let tags = oracle.tags(address);
        if tags.iter().any(|tag| tag.1.starts_with("Storage")) {
            writeln!(text, "{address}").unwrap();
            seen.push(address);
        }
    }
    let all = suggest(&text, &[]);
    let chosen = names(&all);
    for address in &seen {
        let tags = oracle.tags(*address);
        assert!(
            tags.iter().any(|tag| chosen.iter().any(|it| it == tag.1)),
            "{address}"
        );
    }
    assert!(
        !chosen.iter().any(|tag| tag.starts_with("AzureCloud")),
        "{chosen:?}"
    );
    // Each is needed.
    for name in &chosen {
        let is_needed = seen.iter().any(|address| {
            let tags = oracle.tags(*address);
            !tags
                .iter()
                .any(|tag| tag.1 != name && chosen.iter().any(|it| it == tag.1))
        });
        assert!(is_needed, "{name} of {chosen:?}");
    }
    let few = suggest(&text, &["--limit", "5"]);
    assert!(names(&few).len() <= 5, "{few}");
    for address in &seen {
        let tags = oracle.tags(*address);
        assert!(
            tags.iter()
                .any(|tag| names(&few).iter().any(|it| it == tag.1)),
            "{address}"
        );
    }
}

#[test]
fn addresses_are_compared_with_another_week() {
    let oracle = Oracle::new();
    let mut dice = Dice::new(9);
    let list: Vec<String> = (0..2_000)
        .map(|_| oracle.address(&mut dice).to_string())
        .collect();
    let text = list.join("\n");
    let old = run_with(
        &["annotate", "-o", "--all-tags", "--week", "2026-06-08"],
        text.as_str(),
    );
    let new = run_with(&["annotate", "-o", "--all-tags"], text.as_str());
    let mut differ: Vec<&str> = old
        .lines()
        .into_iter()
        .zip(new.lines())
        .filter(|(a, b)| a != b)
        .map(|(line, _)| line.split('\t').next().unwrap())
        .collect();
    differ.sort_unstable();
    differ.dedup();
    let ran = run_with(
        &["top", "-n0", "--json", "--against", "2026-06-08"],
        text.as_str(),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let value = ran.json();
    let mut rows: Vec<&str> = value["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["address"].as_str().unwrap())
        .collect();
    rows.sort_unstable();
    assert!(
        rows == differ && rows.len() > 10,
        "{} {}",
        rows.len(),
        differ.len()
    );
    assert_eq!(value["base"]["date"], "2026-06-08");
    run_with(&["top", "--against", "2020-01-01"], text.as_str()).is_refused(&["2020-01-01"]);
    assert_eq!(
        run_with(&["top", "--against", "latest"], text.as_str()).code,
        1
    );
}
