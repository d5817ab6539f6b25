//! What is pasted or piped into a lookup: every address of it, and nothing else.

use std::fmt::Write as _;

use serde_json::Value;

use crate::program::{Ran, run, run_with};

/// `line:column query` of each answer from standard input.
fn found(input: impl Into<Vec<u8>>) -> (Vec<String>, Ran) {
    let ran = run_with(&["lookup", "-", "--format", "jsonl", "--slim"], input);
    let queries = ran.out.lines().map(|line| {
        let answer: Value = serde_json::from_str(line).unwrap();
        let query = answer["query"].as_str().unwrap();
        format!("{}:{} {query}", answer["line"], answer["column"])
    });
    let queries = queries.collect();
    (queries, ran)
}

#[track_caller]
fn assert_found(input: &str, expected: &[&str]) {
    let (queries, ran) = found(input);
    assert_eq!(queries, expected, "{input:?}: {ran:?}");
    assert!(ran.code < 2, "{input:?}: {ran:?}");
}

#[test]
fn masks_are_read_with_their_address() {
    assert_found(
        "20.47.8.0 255.255.252.0\n20.47.8.0 0.0.3.255\nip route 20.47.8.0 255.255.252.0 10.9.0.1\n",
        &[
            "1:1 20.47.8.0/22",
            "2:1 20.47.8.0/22",
            "3:10 20.47.8.0/22",
            "3:34 10.9.0.1",
        ],
    );
    let (_, ran) = found("20.47.8.0 255.255.252.0\n20.47.8.0 0.0.3.255\n20.47.8.1:443\n");
    ran.says(&[
        "1 with the mask behind",
        "1 with the wildcard mask",
        "1 without a port",
    ]);
    assert_eq!(ran.err.lines().count(), 1, "one line says it all: {ran:?}");
}

#[test]
fn every_address_of_a_line_is_answered_in_order() {
    assert_found(
        "20.38.116.9, 20.50.200.9\nSRC=20.50.200.9 DST=20.38.116.9 DPT=443\n\n# 1.1.1.1\n[\n\"20.38.112.0/21\",\n]\n",
        &[
            "1:1 20.38.116.9",
            "1:14 20.50.200.9",
            "2:5 20.50.200.9",
            "2:21 20.38.116.9",
            "6:2 20.38.112.0/21",
        ],
    );
    assert_found(
        "1700000000,10.0.0.4,13.67.143.9,44931,443,T,O,A,B,,,,\n\"20.50.200.9\";3;\"NL\"\n",
        &["1:12 10.0.0.4", "1:21 13.67.143.9", "2:2 20.50.200.9"],
    );
}

#[test]
fn the_head_of_a_table_is_no_problem() {
    for head in [
        "ip,count,country",
        "\"Client IP\",n,c",
        "address;count;country",
    ] {
        let by = if head.contains(';') { ';' } else { ',' };
        let (queries, ran) = found(format!("{head}\n20.38.116.9{by}12{by}JP\n"));
        assert_eq!((queries.len(), ran.code), (1, 0), "{ran:?}");
        ran.is_quiet(0);
    }
    let (queries, ran) = found("ip\n20.38.116.9\n");
    assert_eq!((queries.len(), ran.code), (1, 0), "{ran:?}");
    let (_, ran) = found("remarks and more\n20.38.116.9\n");
    assert_eq!(ran.code, 2);
    ran.says(&["line 1: no address in \"remarks and more\""]);
}

#[test]
fn what_windows_writes_is_read_like_any_other_text() {
    let text = "20.38.116.9\r\n20.50.200.9\r\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [
        [b"\xff\xfe", wide.as_slice()].concat(),
        wide,
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        text.replace("\r\n", "\r").into_bytes(),
    ] {
        let (queries, ran) = found(bytes);
        assert_eq!(queries, ["1:1 20.38.116.9", "2:1 20.50.200.9"], "{ran:?}");
    }
}

#[test]
fn names_stand_for_themselves_only_as_whole_lines() {
    let ran = run_with(
        &["lookup", "-", "--format", "jsonl", "--slim"],
        "AzureCloud\nStorage.West Europe\nInternet\n20.38.116.9 Storage\n",
    );
    let kinds: Vec<(Value, Value)> = ran
        .lines()
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|answer| (answer["kind"].clone(), answer["query"].clone()))
        .collect();
    let expected = [
        ("tag", "AzureCloud"),
        ("tag", "Storage.WestEurope"),
        ("special", "Internet"),
        ("address", "20.38.116.9"),
    ];
    assert_eq!(
        kinds,
        expected.map(|(kind, query)| (kind.into(), query.into()))
    );
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// A name in a log is no reason to ask the network for it: had it been asked, its failure would be
/// said instead, and would be exit 4.
#[test]
fn no_name_from_standard_input_is_asked_for() {
    let input = "error\nkubelet\nnot-there.invalid\n";
    let (_, ran) = found(input);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    ran.says(&[
        "line 1: no address in \"error\"",
        "line 2: no address in \"kubelet\"",
        "line 3: not-there.invalid is a host name; --resolve",
    ]);
    // With --offline the asking itself is refused: three times.
    let asked = run_with(&["lookup", "-", "--resolve", "--offline"], input);
    assert_eq!(asked.code, 2, "{asked:?}");
    assert_eq!(
        asked.err.matches("--offline forbids it").count(),
        3,
        "{asked:?}"
    );
}

#[test]
fn problems_are_named_with_their_place_and_then_counted() {
    let (queries, ran) = found("20.38.116.9\n x 256.1.1.1\n2603:1030: a0b::4\n");
    assert_eq!((queries.len(), ran.code), (1, 2), "{ran:?}");
    ran.says(&[
        "line 2: \"256.1.1.1\" is not an IPv4 address: 256 exceeds 255 (column 4)",
        "line 3: \"2603:1030: a0b::4\" is not an IPv6 address: there is a space in it (column 1)",
    ]);
    let many = "no address here\n".repeat(30);
    let (_, ran) = found(many.as_str());
    assert_eq!(ran.err.lines().count(), 21, "{ran:?}");
    ran.says(&["line 20: ", "and 10 more problems; --strict names all"]);
    let all = run_with(&["lookup", "-", "--strict"], many);
    assert_eq!(all.err.lines().count(), 30, "{all:?}");
    let strict = run_with(
        &["lookup", "-", "--strict", "--format", "csv"],
        "20.38.116.9\nfrom 20.38.116.9\n20.38.116.9,20.38.116.8\n",
    );
    strict.says(&["line 2: ", "(column 6)", "line 3: ", "(column 1)"]);
    assert_eq!(
        (strict.code, strict.err.lines().count()),
        (2, 2),
        "{strict:?}"
    );
}

#[test]
fn whether_an_address_is_in_a_tag_is_answered_with_the_prefix() {
    let yes: [&[&str]; 5] = [
        &["20.38.116.9", "in", "Storage.JapanEast"],
        &["20.38.116.9 in Storage.JapanEast"],
        &["20.38.116.9", "Storage", "Japan", "East"],
        &["is 20.38.116.9 in storage.japaneast?"],
        &["20.38.116.0/24", "in", "Storage.Japan East"],
    ];
    for words in yes {
        let ran = run(&[&["lookup", "--json"][..], words].concat());
        let answer = ran.json();
        assert_eq!(ran.code, 0, "{words:?}: {ran:?}");
        assert_eq!(answer["in"]["tag"], "Storage.JapanEast", "{words:?}");
        assert_eq!(answer["in"]["answer"], true, "{words:?}");
        assert_eq!(answer["in"]["prefix"], "20.38.116.0/23", "{words:?}");
    }
    let no = run(&[
        "lookup",
        "20.38.116.9",
        "in",
        "Storage.WestEurope",
        "--json",
    ]);
    assert_eq!(
        (no.code, no.json()["in"]["answer"].clone()),
        (1, false.into())
    );
    let part = run(&["lookup", "20.38.0.0/16", "in", "Storage"]);
    assert_eq!((part.code, part.cells()[0][1]), (1, "a part of it"));
    run(&["lookup", "20.38.116.9", "in", "Storag.JapanEast"]).is_refused(&["Storage.JapanEast"]);
    run(&["lookup", "20.38.116.9 in VirtualNetwork"]).is_refused(&["VirtualNetwork"]);
}

#[test]
fn queries_are_counted_by_their_most_specific_tag() {
    let input = "20.38.116.9\n20.38.116.8\n20.50.200.9\n10.0.0.4\n";
    let ran = run_with(&["lookup", "-", "--count-by", "tag,region", "-q"], input);
    assert_eq!(
        ran.cells(),
        [
            vec!["tag", "Storage.JapanEast", "2"],
            vec!["tag", "AzureContainerRegistry.WestEurope", "1"],
            vec!["tag", "in no tag", "1"],
            vec!["region", "japaneast", "2"],
            vec!["region", "westeurope", "1"],
            vec!["region", "in no tag", "1"],
        ]
    );
    let best = run_with(&["lookup", "-", "--best"], input);
    assert_eq!(best.lines().len(), 4, "{best:?}");
}

/// The quick way of long lists writes what the plain way writes.
#[test]
fn a_list_is_answered_as_its_lines_are_one_by_one() {
    let mut input = String::new();
    for third in 0..40 {
        writeln!(input, "20.38.{}.{third}", 100 + third % 20).unwrap();
        writeln!(input, "2603:1030:{third:x}::{third}").unwrap();
    }
    input += "20.38.116.9\n2603:1030:0::9\n168.63.129.16\n10.0.0.4\n";
    for format in ["text", "csv", "jsonl"] {
        let list = run_with(&["lookup", "-", "--format", format], input.as_str());
        // A word beside the address makes it none that is written the quick way.
        let single: String = input
            .lines()
            .map(|line| {
                let ran = run(&["lookup", line, "--format", format]);
                let skip = usize::from(format == "csv");
                ran.out
                    .lines()
                    .skip(skip)
                    .fold(String::new(), |all, row| all + row + "\n")
            })
            .collect();
        let without_place = |line: &str| match format {
            "jsonl" => {
                let mut answer: Value = serde_json::from_str(line).unwrap();
                let answer = answer.as_object_mut().unwrap();
                answer.remove("line");
                answer.remove("column");
                serde_json::to_string(answer).unwrap()
            }
            "csv" => {
                let parts: Vec<&str> = line.rsplitn(4, ',').collect();
                format!("{},{}", parts[3], parts[0])
            }
            _ => line.to_owned(),
        };
        let skip = usize::from(format == "csv");
        let list: Vec<String> = list.out.lines().skip(skip).map(without_place).collect();
        let single: Vec<String> = single
            .lines()
            .map(|line| {
                if format == "csv" {
                    line.to_owned()
                } else {
                    without_place(line)
                }
            })
            .collect();
        assert_eq!(list, single, "{format}");
    }
}

/// A block is in the tag that holds all of it; a tag that holds a part of it is not its tag.
#[test]
fn the_best_of_a_block_holds_all_of_it() {
    let input = "20.38.112.0/21\n20.36.0.0/14\n20.0.0.0/8\n10.0.0.0/8\n";
    let ran = run_with(&["lookup", "-", "--best", "-q"], input);
    let best: Vec<(&str, &str)> = ran.cells().iter().map(|row| (row[4], row[8])).collect();
    assert_eq!(best[..2], [("Storage", "covers"), ("AzureCloud", "covers")]);
    assert_eq!((best[2].1, best[3]), ("inside", ("-", "in no tag")));
    let counts = run_with(&["lookup", "-", "--count-by", "tag", "-q"], input);
    let counts = counts.cells();
    let names: Vec<(&str, &str)> = counts.iter().map(|row| (row[1], row[2])).collect();
    let expected = [
        ("AzureCloud", "1"),
        ("Storage", "1"),
        ("in part", "1"),
        ("in no tag", "1"),
    ];
    assert_eq!(names, expected);
}
