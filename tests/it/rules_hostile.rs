//! Files of rules that somebody else has broken: each ends in a sentence, or its rows stay and what
//! is wrong with them is said.

use std::io::Write as _;

use serde_json::{Value, json};
use tagscope::rules::{RuleFile, Stage, read_rules};
use tempfile::TempDir;

use crate::hostile::CORPUS;
use crate::program::{assert_safe, run, run_with};
use crate::rules_check::WEEK;
use crate::rules_documents::{all, group, registry};

const FORMATS: [&str; 5] = ["text", "json", "jsonl", "csv", "markdown"];

/// How many things in a file are said to be wrong.
fn flaws(file: &RuleFile) -> usize {
    let sets = file.sets.iter();
    let of_rows = sets.clone().flat_map(|set| &set.rows);
    file.flaws.len()
        + sets.map(|set| set.flaws.len()).sum::<usize>()
        + of_rows
            .map(|row| {
                // Address translation is never judged.
                let is_odd = row.is_unread() && row.stage != Some(Stage::Translation);
                row.flaws.len() + usize::from(is_odd)
            })
            .sum::<usize>()
}

/// What a file says that an answer rests on, without names.
fn said(file: &RuleFile) -> Vec<String> {
    let mut said: Vec<String> = file
        .sets
        .iter()
        .flat_map(|set| {
            let rows = set.rows.iter().map(|row| {
                format!(
                    "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                    row.priority,
                    row.direction,
                    row.does(),
                    row.protocols,
                    row.sources,
                    row.source_ports,
                    row.destinations,
                    row.ports,
                    row.flaws
                )
            });
            let registry = &set.registry;
            let approved: Vec<bool> = registry
                .connections
                .iter()
                .flatten()
                .map(|it| it.is_approved)
                .collect();
            let facts = format!(
                "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
                set.kind,
                set.priority,
                registry.sku,
                registry.public_access,
                registry.default_allows,
                registry.trusts_services,
                registry.trusts_tasks,
                approved,
                registry.usage,
                registry.login_server,
            );
            rows.chain([facts]).collect::<Vec<_>>()
        })
        .collect();
    said.extend(file.subnets.iter().map(|subnet| format!("{subnet:?}")));
    said.sort();
    said
}

/// Every place in a document.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(value, &format!("{at}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (number, value) in list.iter().enumerate() {
                places(value, &format!("{at}/{number}"), found);
            }
        }
        _ => {}
    }
}

/// Whether a change does nothing at all, or something that is said, or ends in a sentence.
fn is_told(original: &Value, changed: &Value) -> bool {
    let before = read_rules(original.to_string().as_bytes()).unwrap();
    let Ok(after) = read_rules(changed.to_string().as_bytes()) else {
        return true;
    };
    let has_note = after.notes.len() > before.notes.len();
    flaws(&after) > flaws(&before) || has_note || said(&after) == said(&before)
}

#[test]
fn no_value_of_a_wrong_type_goes_unsaid() {
    let mut count = 0;
    let mut silent = Vec::new();
    for (name, document) in all() {
        let mut found = Vec::new();
        places(&document, "", &mut found);
        for place in found {
            for wrong in [
                json!(null),
                json!(7),
                json!("?!"),
                json!(true),
                json!([]),
                json!([7]),
                json!({}),
                json!({"a": 1}),
            ] {
                let mut changed = document.clone();
                let old = std::mem::replace(changed.pointer_mut(&place).unwrap(), wrong.clone());
                let key = place.rsplit('/').next().unwrap_or_default();
                let is_valid = match &wrong {
                    // Azure prints null and an empty list for what is not there.
                    Value::Null => !place.ends_with(|c: char| c.is_ascii_digit()),
                    Value::Array(list) if list.is_empty() => {
                        old.is_array() || key == "addressPrefix" && name == "subnet beside"
                    }
                    // Any text is a host, an id, a name.
                    Value::String(_) => [
                        "Fqdns",
                        "fqdnTags",
                        "IpGroups",
                        "SecurityGroups",
                        "loginServer",
                        "id",
                        "name",
                        "sku",
                        "service",
                        "protocolType",
                        "nextHopIpAddress",
                    ]
                    .iter()
                    .any(|word| place.contains(word)),
                    Value::Number(_) => {
                        ["priority", "port", "limit", "currentValue"].contains(&key)
                    }
                    Value::Bool(_) => old.is_boolean(),
                    _ => false,
                };
                if !is_valid && !is_told(&document, &changed) {
                    silent.push(format!("{name}{place} = {wrong}"));
                }
                count += 1;
            }
        }
    }
    assert!(count > 2_000, "{count}");
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn no_missing_key_goes_unsaid() {
    // What Azure leaves out where it is empty, and what only explains.
    const OPTIONAL: [&str; 9] = [
        "ipRules",
        "virtualNetworkRules",
        "routes",
        "action",
        "sourcePortRange",
        "networkRuleCollections",
        "applicationRuleCollections",
        "ruleCollections",
        "rules",
    ];
    let mut silent = Vec::new();
    for (name, document) in all() {
        let mut found = Vec::new();
        places(&document, "", &mut found);
        for place in found {
            let Some((parent, key)) = place.rsplit_once('/') else {
                continue;
            };
            let mut changed = document.clone();
            let Some(Value::Object(map)) = changed.pointer_mut(parent) else {
                continue;
            };
            let old = map.remove(key).unwrap();
            let facts = [
                "sku",
                "name",
                "loginServer",
                "publicNetworkAccess",
                "networkRuleBypassOptions",
                "networkRuleBypassAllowedForTasks",
                "networkRuleSet",
                "defaultAction",
                "privateEndpointConnections",
                "priority",
                "nextHopIpAddress",
                "serviceEndpoints",
                "addressPrefix",
                "id",
                "type",
            ];
            let is_of_rule = parent.contains("securityRules") || parent.contains("/rules/");
            let is_valid = OPTIONAL.contains(&key)
                || facts.contains(&key) && !is_of_rule
                || old == json!([])
                || old.is_null();
            if !is_valid && !is_told(&document, &changed) {
                silent.push(format!("{name}{place}"));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn nesting_and_size_end_in_a_sentence_with_the_limit() {
    for (open, count) in [
        ("[", 100_000),
        ("{\"a\":", 100_000),
        ("[{\"value\":", 50_000),
    ] {
        let ran = run_with(&["rules", "show", "-"], open.repeat(count));
        ran.is_refused(&["standard input", "127 levels"]);
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("huge.json");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(100 << 20).unwrap();
    let path = path.to_str().unwrap();
    for verb in [
        &["rules", "show"][..],
        &["rules", "check"],
        &["rules", "impact"],
    ] {
        run(&[verb, &[path]].concat()).is_refused(&["huge.json", "32 MiB"]);
    }
    run(&["rules", "test", path, "--from", "8.8.8.8"]).is_refused(&["32 MiB"]);
    // A packed file is small until it is unpacked.
    let bomb = folder.path().join("bomb.json.gz");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..40 {
        packer.write_all(&zeros).unwrap();
    }
    std::fs::write(&bomb, packer.finish().unwrap()).unwrap();
    run(&["rules", "show", bomb.to_str().unwrap()]).is_refused(&["bomb.json.gz", "32 MiB"]);
    let values = format!("[{}1]", "1,".repeat(4_000_001));
    let error = read_rules(values.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("4000000 values"), "{error}");
    let objects = format!("[{}{{}}]", "{},".repeat(500_001));
    let error = read_rules(objects.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("500000 objects"), "{error}");
}

#[test]
fn what_is_past_a_bound_is_said() {
    let lines: String = (0..1_000_010).map(|_| "10.0.0.1\n").collect();
    let error = read_rules(lines.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("more than 1000000 entries"), "{error}");
    let many: Vec<Value> = (0..1_005)
        .map(|_| json!({"name": "g", "ipAddresses": ["10.0.0.1"]}))
        .collect();
    let file = read_rules(json!(many).to_string().as_bytes()).unwrap();
    assert_eq!((file.sets.len(), file.flaws.len()), (1_000, 5));
    let odd: Vec<Value> = (0..1_000).map(|it| json!({"odd": it})).collect();
    let text = json!([registry(), odd]).to_string();
    let file = read_rules(text.as_bytes()).unwrap();
    assert_eq!(file.flaws.len(), 1);
    let mut list = vec![registry()];
    list.extend(odd);
    let file = read_rules(json!(list).to_string().as_bytes()).unwrap();
    assert_eq!(file.flaws.len(), 201);
    assert_eq!(file.flaws[200].found.as_str(), "800 more parts");
}

#[test]
fn other_encodings_are_read_or_refused() {
    let text = group().to_string();
    let ran = |bytes: Vec<u8>| run_with(&["rules", "show", "-"], bytes);
    let plain = ran(text.clone().into_bytes());
    plain.is_quiet(0);
    let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let lines = text.replace(',', ",\r\n").into_bytes();
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [with_mark, lines, wide.clone(), wide[2..].to_vec()] {
        assert_eq!(ran(bytes).out, plain.out);
    }
    for bytes in [
        [text.as_bytes(), b"\xff"].concat(),
        b"10.0.0.1\n\xc3\x28\n".to_vec(),
        [&wide[..], b"x"].concat(),
        b"10.0.0.1\0\n".to_vec(),
        b"\x1f\x8b\x08\0broken".to_vec(),
        b"PK\x03\x04\0\0".to_vec(),
    ] {
        let ran = ran(bytes.clone());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{bytes:?}");
        assert!(
            ran.err.contains("text") || ran.err.contains("gzip"),
            "{ran:?}"
        );
    }
}

#[test]
fn one_priority_twice_is_told_by_every_verb() {
    let mut twice = group();
    let mut second = twice["securityRules"][0].clone();
    second["name"] = json!("other");
    second["access"] = json!("Deny");
    twice["securityRules"].as_array_mut().unwrap().push(second);
    let text = twice.to_string();
    let checked = run_with(
        &["--file", WEEK, "rules", "check", "-", "--json"],
        text.clone(),
    );
    let found = checked.json();
    let ids: Vec<&str> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"same-priority"), "{ids:?}");
    let tested = run_with(
        &[
            "--file", WEEK, "rules", "test", "-", "--from", "10.0.0.4", "--to", "8.8.8.8", "--json",
        ],
        text,
    );
    assert!(tested.out.contains("same priority 200"), "{tested:?}");
}

/// The corpus at every text of a document, in place or as a key.
#[test]
fn no_text_of_a_file_acts_on_a_terminal() {
    let mut documents = Vec::new();
    for (number, hostile) in CORPUS.iter().enumerate() {
        let (_, document) = all().swap_remove(number % all().len());
        let mut found = Vec::new();
        places(&document, "", &mut found);
        let mut changed = document.clone();
        // Every third text, so that rules are still recognised.
        for (place, at) in found.iter().enumerate() {
            if let Some(Value::String(text)) = changed.pointer_mut(at)
                && place % 3 == number % 3
                && !at.ends_with("/type")
            {
                *text = (*hostile).to_owned();
            }
        }
        documents.push(changed);
        documents.push(json!([registry(), {(*hostile): hostile}]));
    }
    let folder = TempDir::new().unwrap();
    let mut paths = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, document.to_string()).unwrap();
        if read_rules(document.to_string().as_bytes()).is_ok() {
            paths.push(path.to_str().unwrap().to_owned());
        } else {
            let ran = run(&["--file", WEEK, "rules", "show", path.to_str().unwrap()]);
            assert_safe(&ran, "text", &document);
        }
    }
    assert!(paths.len() > 64, "{}", paths.len());
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    for format in FORMATS {
        for verb in [
            &["rules", "show"][..],
            &["rules", "check", "--level", "info"],
            &["rules", "impact", "--all", "--base", WEEK, "--target", WEEK],
            &["rules", "test", "--from", "10.0.0.4", "--to", "8.8.8.8"],
        ] {
            if format == "csv" && verb[1] == "test" {
                continue;
            }
            let (own, options) = verb.split_at(2);
            let week = if verb[1] == "impact" {
                &[][..]
            } else {
                &["--file", WEEK]
            };
            let args = [week, own, &paths, options, &["--format", format]].concat();
            let ran = run(&args);
            assert!(ran.code < 2, "{verb:?} {format}: {}", ran.err);
            assert_safe(&ran, format, &verb);
            if format == "json" {
                ran.json();
            }
        }
    }
}
