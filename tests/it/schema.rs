//! The JSON Schemas: they stand alone, every document fits its own, and nothing else does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use clap::CommandFactory;
use jsonschema::Validator;
use serde_json::Value;
use tagscope::azure::{Cloud, Specials};
use tagscope::cli::Args;
use tagscope::query::lookup::{HostLookup, Query, ask_host};
use tagscope::query::probe::{AddressProbe, HostProbe, ProbeVerdict, TlsFacts};
use tagscope::text::Safe;

use crate::dashboard::dataset;
use crate::program::{SMALL, run, run_small};

/// Verbs whose answers have one form of their own.
const WITHOUT: [&str; 7] = [
    "annotate",
    "completions",
    "config",
    "grep",
    "guide",
    "man",
    "weeks prune",
];

/// What of a verb's output is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Document,
    Line,
}

/// The schema of each verb and form, as the program prints it.
static SCHEMAS: LazyLock<BTreeMap<(String, Form), (Value, Validator)>> = LazyLock::new(|| {
    let forms = [(Form::Document, "json"), (Form::Line, "jsonl")];
    let of = |verb: String| {
        forms.map(|(form, format)| {
            let ran = run(&["schema", &verb, "--format", format]);
            ran.is_quiet(0);
            let schema = ran.json();
            let validator = jsonschema::validator_for(&schema);
            let validator = validator.unwrap_or_else(|error| panic!("{verb}: {error}"));
            ((verb.clone(), form), (schema, validator))
        })
    };
    verbs().into_iter().flat_map(of).collect()
});

/// The verbs with a schema, as they are listed.
pub fn verbs() -> Vec<String> {
    let ran = run(&["schema"]);
    ran.is_quiet(0);
    let cells = ran.cells();
    cells.iter().map(|row| row[0].to_owned()).collect()
}

/// What is wrong with a document of a verb; nothing for one that fits.
pub fn flaws(verb: &str, form: Form, value: &Value) -> Vec<String> {
    let (_, validator) = &SCHEMAS[&(verb.to_owned(), form)];
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// Each golden of a document, with its verb.
pub fn goldens() -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    let verbs = verbs();
    for entry in std::fs::read_dir("tests/data/golden").unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = name(&path) else { continue };
        let words = name
            .replace("show", "tags-show")
            .replace("rules-", "rules ");
        let is_own = |verb: &&String| {
            let rest = words.strip_prefix(&verb.replace("tags show", "tags-show"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let own = verbs.iter().filter(is_own);
        let verb = own.max_by_key(|verb| verb.len());
        let verb = verb.unwrap_or_else(|| panic!("{name}")).clone();
        let text = std::fs::read_to_string(&path).unwrap();
        found.push((name, verb, serde_json::from_str(&text).unwrap()));
    }
    found
}

/// The name of a golden of a document; what `rules make` writes is none.
fn name(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
    (!name.starts_with("make-")).then(|| name.to_owned())
}

/// Calls with each object of a value, and a way to put another in its place.
fn each_object(value: &Value, change: &dyn Fn(&mut Value), seen: &mut dyn FnMut(&Value)) {
    fn places(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                found.push(at.to_owned());
                for (key, value) in members {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    places(value, &format!("{at}/{key}"), found);
                }
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    places(item, &format!("{at}/{place}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    places(value, "", &mut found);
    for place in found {
        let mut changed = value.clone();
        change(changed.pointer_mut(&place).unwrap());
        seen(&changed);
    }
}

/// Each object of a schema, with what stands below `properties` in it.
pub fn each_shape(schema: &Value, seen: &mut dyn FnMut(&Value, &str, &Value)) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                for (key, property) in properties {
                    seen(schema, key, property);
                }
            }
            for value in members.values() {
                each_shape(value, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each_shape(item, seen)),
        _ => {}
    }
}

/// The keys of all objects in a value.
pub fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                found.insert(key.clone());
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_verb_that_takes_a_format_has_a_schema() {
    let mut expected = BTreeSet::new();
    for verb in Args::command().get_subcommands() {
        let name = verb.get_name();
        let below: Vec<_> = verb.get_subcommands().collect();
        if below.is_empty() || !verb.is_subcommand_required_set() {
            expected.insert(name.to_owned());
        }
        let below = below.iter().map(|it| format!("{name} {}", it.get_name()));
        expected.extend(below);
    }
    for verb in WITHOUT {
        assert!(expected.remove(verb), "{verb}");
        run(&["schema", verb]).is_refused(&[&format!("no schema of \"{verb}\"")]);
    }
    assert_eq!(verbs().into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn every_schema_is_one_and_describes_each_key() {
    for ((verb, form), (schema, _)) in SCHEMAS.iter() {
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        jsonschema::meta::validate(schema).unwrap_or_else(|error| panic!("{verb}: {error}"));
        assert_eq!(schema["title"], format!("tagscope {verb}"));
        let described = |value: &Value| value["description"].is_string();
        assert!(
            described(schema) || schema.get("$ref").is_some(),
            "{verb} {form:?}"
        );
        each_shape(schema, &mut |_, key, property| {
            let is_camel = key.chars().all(|c| c.is_ascii_alphanumeric());
            assert!(
                is_camel && !key.starts_with(|c: char| c.is_ascii_uppercase()),
                "{key}"
            );
            let to = property["$ref"].as_str().unwrap_or_default();
            let to = to.strip_prefix('#').and_then(|at| schema.pointer(at));
            assert!(
                described(property) || to.is_some_and(described),
                "{verb}: {key}"
            );
        });
    }
}

#[test]
fn every_golden_fits_its_schema_and_no_other_document_does() {
    let goldens = goldens();
    assert!(goldens.len() > 30);
    for (name, verb, value) in &goldens {
        let flaws = |value: &Value| flaws(verb, Form::Document, value);
        assert_eq!(flaws(value), [""; 0], "{name}");
        // A key that nobody knows is refused in every object.
        let unknown = |object: &mut Value| object["unknownKey"] = Value::Bool(true);
        each_object(value, &unknown, &mut |changed| {
            assert!(!flaws(changed).is_empty(), "{name}: {changed}");
        });
    }
}

#[test]
fn a_document_without_one_of_its_keys_does_not_fit() {
    for (name, verb, value) in goldens() {
        let (schema, _) = &SCHEMAS[&(verb.clone(), Form::Document)];
        let (mut keys, mut optional) = (BTreeSet::new(), BTreeSet::new());
        each_shape(schema, &mut |shape, key, _| {
            keys.insert(key.to_owned());
            let required = shape["required"].as_array();
            if !required.is_some_and(|list| list.iter().any(|it| it == key)) {
                optional.insert(key.to_owned());
            }
        });
        for key in keys.difference(&optional) {
            let without = |object: &mut Value| {
                object.as_object_mut().unwrap().remove(key);
            };
            each_object(&value, &without, &mut |changed| {
                let is_other = *changed != value;
                let fits = || flaws(&verb, Form::Document, changed).is_empty();
                assert!(!(is_other && fits()), "{name}: {key}");
            });
        }
    }
}

#[test]
fn a_schema_without_one_of_its_keys_does_not_hold() {
    fn without(schema: &Value, key: &str) -> Value {
        match schema {
            Value::Object(members) => {
                let mut members: serde_json::Map<String, Value> = members
                    .iter()
                    .map(|(name, value)| (name.clone(), without(value, key)))
                    .collect();
                if let Some(Value::Object(properties)) = members.get_mut("properties") {
                    properties.remove(key);
                }
                Value::Object(members)
            }
            Value::Array(items) => items.iter().map(|item| without(item, key)).collect(),
            other => other.clone(),
        }
    }
    let document = run_small(&["tags", "show", "Storage", "--json"]).json();
    let (schema, validator) = &SCHEMAS[&("tags show".to_owned(), Form::Document)];
    assert!(validator.is_valid(&document));
    for key in [
        "week",
        "contentHash",
        "sharedWith",
        "addressesV6",
        "isInferred",
    ] {
        let broken = jsonschema::validator_for(&without(schema, key)).unwrap();
        assert!(!broken.is_valid(&document), "{key}");
    }
}

#[test]
fn a_schema_is_found_by_the_words_of_its_verb() {
    let expected = run(&["schema", "rules test"]);
    assert_eq!(expected.json()["title"], "tagscope rules test");
    for words in [
        &["rules", "test"][..],
        &["Rules  TEST"],
        &["rules", "test", "--json"],
    ] {
        assert_eq!(
            run(&[&["schema"], words].concat()).out,
            expected.out,
            "{words:?}"
        );
    }
    let file = std::fs::read_to_string("assets/schema/rules-test.json").unwrap();
    let head: Vec<&str> = file.lines().take(5).collect();
    assert_eq!(expected.lines()[..5], head, "the order of the file");
    run(&["schema", "rules"]).is_refused(&["did you mean rules show, rules test"]);
    run(&["schema", "lokup"]).is_refused(&["did you mean lookup?"]);
    run(&["schema", "nothing-of-it"]).is_refused(&["tagscope schema lists"]);
    run(&["schema", "tags", "-o", "csv"]).is_refused(&["a schema is JSON"]);
    // A line has a schema of its own, on a line.
    let line = run(&["schema", "tags", "-o", "jsonl"]);
    assert_eq!(line.lines().len(), 1);
    let tag = run_small(&["tags", "Storage", "-o", "jsonl"]).lines()[0].to_owned();
    let tag: Value = serde_json::from_str(&tag).unwrap();
    assert_eq!(flaws("tags", Form::Line, &tag), [""; 0]);
    assert!(!flaws("tags", Form::Document, &tag).is_empty());
    assert_eq!(tag["week"]["origin"], SMALL);
}

#[test]
fn documents_that_need_the_network_fit_too() {
    let tls = TlsFacts {
        issuer: Safe::new("CN=Somebody"),
        subject: Safe::new("*.azurecr.io"),
        not_after: jiff::civil::date(2026, 12, 31),
        names_match: true,
        is_trusted: true,
    };
    let address = AddressProbe {
        address: "192.0.2.7".parse().ok(),
        tcp: Some(Duration::from_micros(1_249)),
        tls: Some(tls),
        http: Some(403),
        verdict: ProbeVerdict::Denied,
        client_address: "192.0.2.9".parse().ok(),
        why: Safe::new("403 came"),
    };
    let unreached = AddressProbe {
        address: None,
        tcp: None,
        tls: None,
        http: None,
        verdict: ProbeVerdict::Unreachable,
        client_address: None,
        why: Safe::new("no answer"),
    };
    let whole = HostProbe {
        host: Safe::new("contoso.azurecr.io"),
        chain: vec![Safe::new("contoso.privatelink.azurecr.io")],
        addresses: vec![address, unreached],
        proxy: Some(Safe::new("proxy:8080")),
        ..HostProbe::default()
    };
    let failed = HostProbe {
        chain_failure: Some(Safe::new("no name server")),
        ..HostProbe::default()
    };
    let (_, verb, mut plan) = goldens()
        .into_iter()
        .find(|(name, ..)| name == "endpoints-public")
        .unwrap();
    for probe in [whole, failed] {
        plan["endpoints"][0]["probe"] = serde_json::to_value(probe.record(None, &[])).unwrap();
        assert_eq!(flaws(&verb, Form::Document, &plan), [""; 0]);
    }
    let data = dataset();
    let host = HostLookup {
        chain: vec![Safe::new("contoso.weu.azurecr.io")],
        addresses: vec!["192.0.2.20".parse().unwrap(), "10.0.0.1".parse().unwrap()],
        ..HostLookup::default()
    };
    let query = Query::parse("contoso.azurecr.io", Cloud::Public).unwrap();
    let answer = ask_host(&query, &host, &data, &Specials::embedded());
    let week = data.record();
    let record = serde_json::to_value(answer.record(Some(&week), None, &data)).unwrap();
    assert_eq!(record["addresses"].as_array().map(Vec::len), Some(2));
    assert_eq!(flaws("lookup", Form::Document, &record), [""; 0]);
}

#[test]
fn the_index_of_a_folder_fits_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    for options in [&[][..], &["--split-families", "--force"]] {
        let all = ["rules", "make", "edl", "--all", "--output", path, "-q"];
        let ran = run_small(&[&all, options].concat());
        ran.is_quiet(0);
        let index = std::fs::read_to_string(folder.path().join("index.json")).unwrap();
        let index = serde_json::from_str(&index).unwrap();
        assert_eq!(flaws("rules make", Form::Document, &index), [""; 0]);
    }
}

/// A part of all schemas would stand in the place of a file's own without a word.
#[test]
fn no_file_calls_its_own_like_a_part() {
    let read = |path: &Path| -> BTreeSet<String> {
        let text = std::fs::read_to_string(path).unwrap();
        let schema: Value = serde_json::from_str(&text).unwrap();
        let own = schema["$defs"].as_object().into_iter().flatten();
        own.map(|(name, _)| name.clone()).collect()
    };
    let folder = Path::new("assets/schema");
    let parts = read(&folder.join("parts.json"));
    assert!(parts.contains("week"));
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.ends_with("parts.json") {
            let both: Vec<String> = read(&path).intersection(&parts).cloned().collect();
            assert!(both.is_empty(), "{}: {both:?}", path.display());
        }
    }
}
