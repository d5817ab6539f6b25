//! A walk over every verb and form: how each run ends, what it says, and that its output is what its
//! form and its schema promise. `tests/data/contract.txt` has the runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::archive::{api_answer, publication};
use crate::program::{Ran, SMALL, assert_safe, process, run_with};
use crate::schema::{Form, each_shape, flaws, goldens, keys, verbs};

/// The exit code, the words of a run, and what standard error says; nothing for silence.
type Step = (i32, &'static str, &'static str);

const RUNS: &str = include_str!("../data/contract.txt");

/// The steps of each group.
fn groups() -> Vec<Vec<Step>> {
    let groups = RUNS.split("\n# ");
    let step = |line: &'static str| {
        let (code, line) = line.split_at_checked(2)?;
        let (line, says) = line.split_once("  | ").unwrap_or((line, ""));
        Some((code.trim().parse().ok()?, line, says))
    };
    groups
        .map(|group| group.lines().filter_map(step).collect())
        .collect()
}

/// Keys that no run of the walk and no golden has: they need the network, a week in which that happened, or
/// stand in a file. Other tests hold them.
const ELSEWHERE: [(&str, &str); 6] = [
    ("diff", "renamedFrom renamedTo"),
    (
        "endpoints",
        "address chain chainFailure clientAddress covered http issuer namesMatch notAfter probe proxy \
         sentence subject tcpMs tls trusted untried verdict why",
    ),
    (
        "export",
        "because bytes command contentHash file files path status tags week",
    ),
    ("lookup", "address chain"),
    ("rules make", "command family file files prefixes tag week"),
    ("rules test", "skipped"),
];

/// A run of the walk.
struct Walked {
    step: Step,
    verb: String,
    form: String,
    ran: Ran,
}

static WALKED: LazyLock<Vec<Walked>> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let ahead = path("ServiceTags_Public_20990105.json");
    std::fs::copy(SMALL, &ahead).unwrap();
    let api = path("api.json");
    std::fs::write(&api, api_answer(7)).unwrap();
    let week = path("ServiceTags_Public_20261102.json");
    std::fs::write(&week, publication("Public", 9, 60)).unwrap();
    let office = path("office.txt");
    std::fs::write(&office, "203.0.113.0/28\n").unwrap();
    let office = format!("office={office}");
    let places = [
        ("ACR", "tests/data/registries/selected.json"),
        ("AHEAD", &ahead),
        ("API", &api),
        ("DIR", &path("data")),
        ("FIREWALL", "tests/data/golden/make-arm-firewall.json"),
        ("FLOWS", "tests/data/flows.csv"),
        ("LIST", "tests/data/make/office.txt"),
        ("NSG", "tests/data/make/web-nsg.json"),
        ("OFFICE", &office),
        ("SMALL", SMALL),
        ("WEEK", &week),
    ];
    let places = BTreeMap::from(places);
    let verbs = verbs();
    let (places, verbs) = (&places, &verbs);
    std::thread::scope(|scope| {
        let walk = |group: Vec<Step>| {
            scope.spawn(move || -> Vec<Walked> {
                let steps = group.into_iter();
                steps.map(|step| walk(step, places, verbs)).collect()
            })
        };
        let groups: Vec<_> = groups().into_iter().map(walk).collect();
        let walked = groups.into_iter().map(|group| group.join().unwrap());
        walked.flatten().collect()
    })
});

fn walk(step: Step, places: &BTreeMap<&str, &str>, verbs: &[String]) -> Walked {
    let (line, input) = match step.1.split_once(" <<< ") {
        Some((line, text)) => (line, text.replace("\\n", "\n").into_bytes()),
        None => match step.1.split_once(" < ") {
            Some((line, path)) => (line, std::fs::read(path).unwrap()),
            None => (step.1, Vec::new()),
        },
    };
    let words = words(line);
    let args: Vec<&str> = words
        .iter()
        .map(|word| places.get(word.as_str()).copied().unwrap_or(word))
        .collect();
    let form = match args.iter().position(|arg| *arg == "-o") {
        Some(place) => args[place + 1],
        None if args.contains(&"--json") => "json",
        None => "text",
    };
    let named: Vec<&str> = args
        .iter()
        .copied()
        .filter(|arg| !arg.starts_with('-'))
        .collect();
    let two = named.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    let verb = if verbs.contains(&two) {
        two
    } else {
        named[0].to_owned()
    };
    Walked {
        step,
        verb,
        form: form.to_owned(),
        ran: run_with(&args, input),
    }
}

/// The words of a line; what stands in quotes is one.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in line.split('\'').enumerate() {
        if place % 2 == 0 {
            words.extend(part.split_whitespace().map(str::to_owned));
        } else {
            words.push(part.to_owned());
        }
    }
    words
}

impl Walked {
    /// The documents of a run in JSON.
    fn documents(&self) -> Vec<(Form, Value)> {
        let read = |text: &str| {
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", self.step.1))
        };
        match self.form.as_str() {
            // A refusal has no document.
            "json" if self.ran.out.is_empty() && !self.step.2.is_empty() => Vec::new(),
            "json" => vec![(Form::Document, read(&self.ran.out))],
            "jsonl" => self
                .ran
                .lines()
                .into_iter()
                .map(|line| (Form::Line, read(line)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it prints a schema, which is no document of ours.
    fn is_schema(&self) -> bool {
        let words = words(self.step.1);
        self.verb == "schema" && words.get(1).is_some_and(|word| !word.starts_with('-'))
    }
}

#[test]
fn each_run_ends_as_the_contract_says() {
    let mut wrong = Vec::new();
    for Walked {
        step: (code, line, says),
        ran,
        ..
    } in WALKED.iter()
    {
        let said: Vec<&str> = ran.err.lines().collect();
        let is_ours = |line: &&str| line.starts_with("tagscope: ");
        let is_clap = said.first().is_some_and(|line| line.starts_with("error: "));
        let is_plain = if says.is_empty() {
            said.is_empty()
        } else {
            ran.err.contains(says) && (is_clap || said.iter().all(is_ours))
        };
        // A refusal is one sentence.
        let is_refusal = ran.code == 2 && ran.out.is_empty();
        let is_one = !is_refusal || is_clap || said.len() == 1;
        if ran.code != *code || !is_plain || !is_one {
            wrong.push(format!(
                "{line}: {code} {says:?}, not {} {:?}",
                ran.code, ran.err
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(WALKED.len() > 280);
}

#[test]
fn each_output_is_what_its_form_and_its_schema_promise() {
    let mut wrong = Vec::new();
    for walked in WALKED.iter() {
        let line = walked.step.1;
        assert_safe(&walked.ran, &walked.form, &line);
        if walked.form != "markdown" && walked.ran.out.contains('†') {
            wrong.push(format!("{line}: a value with a mark"));
        }
        for (form, document) in walked.documents() {
            if walked.is_schema() {
                assert!(document["$schema"].is_string(), "{line}");
                continue;
            }
            let flaws = flaws(&walked.verb, form, &document);
            wrong.extend(flaws.into_iter().map(|flaw| format!("{line}: {flaw}")));
        }
        let out = &walked.ran.out;
        match walked.form.as_str() {
            "csv" if walked.ran.code != 2 || !out.is_empty() => {
                wrong.extend(table(line, out, b','));
            }
            "text" if walked.step.0 == 0 => {
                assert!(!out.is_empty(), "{line}");
                let is_rows = out.lines().all(|row| row.contains('\t'));
                wrong.extend(
                    is_rows
                        .then(|| table(line, out, b'\t'))
                        .into_iter()
                        .flatten(),
                );
            }
            "markdown" if walked.ran.code != 2 => wrong.extend(page(line, out)),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a table: a head of names of its own in CSV, and as many cells in every row.
fn table(line: &str, out: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader
        .has_headers(delimiter == b',')
        .delimiter(delimiter)
        .quoting(delimiter == b',')
        .from_reader(out.as_bytes());
    let mut wrong = Vec::new();
    if delimiter == b',' {
        let head: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let names: BTreeSet<&String> = head.iter().collect();
        let is_name = |name: &String| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if names.len() != head.len() || head.is_empty() || !head.iter().all(is_name) {
            wrong.push(format!("{line}: {head:?}"));
        }
    }
    let errors = reader.records().filter_map(Result::err);
    wrong.extend(errors.map(|error| format!("{line}: {error}")));
    wrong
}

/// What is wrong with a page: it says something, and the rows of its tables have as many cells.
fn page(line: &str, out: &str) -> Vec<String> {
    let cells = |row: &str| row.replace("\\|", "").matches('|').count();
    let mut wrong = Vec::new();
    let mut before = None;
    for row in out.lines() {
        let now = row.starts_with('|').then(|| cells(row));
        if before.is_some() && now.is_some() && before != now {
            wrong.push(format!("{line}: {row}"));
        }
        before = now;
    }
    if out.trim().is_empty() {
        wrong.push(format!("{line}: nothing"));
    }
    wrong
}

#[test]
fn every_key_of_every_schema_occurs() {
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for walked in WALKED.iter() {
        for (_, document) in walked.documents() {
            keys(&document, seen.entry(walked.verb.clone()).or_default());
        }
    }
    for (_, verb, golden) in goldens() {
        keys(&golden, seen.entry(verb).or_default());
    }
    let all: BTreeSet<String> = seen.values().flatten().cloned().collect();
    let mut never = Vec::new();
    for verb in verbs() {
        let elsewhere = ELSEWHERE.iter().filter(|(own, _)| *own == verb);
        let mut expected: BTreeSet<&str> =
            elsewhere.flat_map(|(_, keys)| keys.split(' ')).collect();
        // What several documents have in common occurs in one of them.
        let own = Path::new("assets/schema").join(verb.replace(' ', "-") + ".json");
        let own: Value = serde_json::from_str(&std::fs::read_to_string(own).unwrap()).unwrap();
        let mut names = BTreeSet::new();
        each_shape(&own, &mut |_, key, _| {
            names.insert(key.to_owned());
        });
        let mut missing: BTreeSet<&str> =
            names.difference(&seen[&verb]).map(String::as_str).collect();
        missing.retain(|key| !expected.remove(key));
        if !missing.is_empty() || !expected.is_empty() {
            never.push(format!("{verb}: {missing:?} {expected:?}"));
        }
    }
    assert_eq!(never, [""; 0]);
    let parts = std::fs::read_to_string("assets/schema/parts.json").unwrap();
    let parts: Value = serde_json::from_str(&parts).unwrap();
    each_shape(&parts, &mut |_, key, _| assert!(all.contains(key), "{key}"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for (code, args) in [
        (0, &["schema", "endpoints"][..]),
        (0, &["schema"]),
        (0, &["rules", "check", "--explain", "--json"]),
        (
            0,
            &["rules", "fit", "Storage.WestEurope", "--limit", "20", "-q"],
        ),
        (
            0,
            &["diff", "2026-06-08", "2026-10-19", "-o", "jsonl", "-q"],
        ),
        (0, &["history", "Storage", "-o", "csv"]),
        (0, &["reference", "-o", "markdown"]),
        (1, &["lookup", "10.0.0.1", "--json"]),
    ] {
        let mut child = process(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), said.as_str()),
            (Some(code), ""),
            "{args:?}"
        );
    }
}
