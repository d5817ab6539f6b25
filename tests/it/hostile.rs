//! Texts that would take over a terminal, reorder a line or hide, at every place where a text can
//! come in: nothing of them comes out raw, and nothing panics.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ran, SMALL, assert_safe, ended, run, run_with, tagscope};

const FORMATS: [&str; 5] = ["text", "json", "jsonl", "csv", "markdown"];

/// Sixty-four texts; each is refused or shown with marks.
pub const CORPUS: [&str; 64] = [
    // Escape sequences of terminals.
    "\x1b[31mred\x1b[0m",
    "\x1b[2J\x1b[H",
    "\x1b]0;title\x07",
    "\x1b]52;c;cm0gLXJmIC8=\x07",
    "\x1b]8;;http://a.example\x1b\\link\x1b]8;;\x1b\\",
    "\x1bP+q544e\x1b\\",
    "\x1b[6n",
    "\x1bc",
    "\x1b",
    "\x1b[200~paste\x1b[201~",
    "\x1b[?1049h",
    "\x1b_app\x1b\\",
    // Single controls.
    "a\x07b",
    "back\x08\x08\x08\x08space",
    "carriage\rreturn",
    "form\x0cfeed\x0bvt",
    "del\x7fete",
    "nul\0byte",
    "so\x0esi\x0f",
    "xon\x11xoff\x13",
    "tab\tbed",
    "two\nlines",
    "two\r\nlines",
    "\n",
    "\t",
    // C1.
    "\u{9b}31mred",
    "\u{9d}0;title\u{9c}",
    "\u{90}x\u{9c}",
    "next\u{85}line",
    "\u{80}\u{81}\u{9f}",
    // Order of a line.
    "\u{202e}drowssap",
    "\u{202a}a\u{202c}",
    "\u{202b}a\u{202d}b",
    "\u{2066}a\u{2069}",
    "\u{2067}a\u{2068}b",
    "\u{200e}a\u{200f}",
    "\u{61c}a",
    // Invisible.
    "Stor\u{200b}age",
    "Stor\u{200c}a\u{200d}ge",
    "\u{feff}Storage",
    "Stor\u{2060}age",
    "Stor\u{ad}age",
    "\u{180e}Storage",
    "Storage\u{e0041}\u{e007f}",
    "S\u{fe0f}torage",
    "line\u{2028}separator",
    "paragraph\u{2029}separator",
    "\u{2063}\u{2064}",
    "a\u{fff9}b\u{fffb}",
    // Formulas of spreadsheets.
    "=HYPERLINK(\"http://a.example\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    // Quotes and marks of the formats.
    "\"quoted\" 'text'",
    "back\\slash\\",
    "pipe|d|\\|",
    "`code` **bold** [a](javascript:b)",
    "<script>alert(1)</script>",
    "{\"json\": [1,",
    "a,b;c",
    "../../etc/passwd",
    "--help",
    "%s%n{0}$(id)${HOME}",
    // Very long, in characters that marks make longer still.
    LONG,
];

const LONG: &str = "\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\
    \u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\
    \u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\
    \u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\
    \u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\
    \u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\
    \u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}\u{202e}";

/// A document with the corpus in every text field; one tag a text.
pub fn document() -> Value {
    let tag = |(place, text): (usize, &&str)| {
        let row = format!("192.0.2.{}/30", place * 4 % 256);
        json!({
            "name": text,
            "id": text,
            "properties": {
                "changeNumber": 1,
                "region": text,
                "platform": text,
                "systemService": text,
                "addressPrefixes": [row, "2001:db8::/32", text],
                "networkFeatures": ["API", text]
            }
        })
    };
    let tags: Vec<Value> = CORPUS.iter().enumerate().map(tag).collect();
    json!({"changeNumber": 1, "cloud": "Public", "values": tags})
}

/// The document in a folder of its own.
fn written(folder: &TempDir, document: &Value) -> String {
    let path = folder.path().join("ServiceTags_Public_20251028.json");
    std::fs::write(&path, document.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Runs and checks both streams.
#[track_caller]
fn safe(args: &[&str]) -> Ran {
    let ran = run(args);
    let format = args.iter().position(|arg| *arg == "--format");
    let format = format.map_or("text", |place| args[place + 1]);
    assert_safe(&ran, format, &args);
    ran
}

/// What an argument can be: no zero byte, which no system passes on.
fn arguments() -> impl Iterator<Item = &'static str> {
    CORPUS.into_iter().filter(|text| !text.contains('\0'))
}

/// The names of all tags, as JSON has them.
fn names(path: &str) -> Vec<String> {
    let listed = safe(&["--file", path, "tags", "--format", "json"]).json();
    let tags = listed["tags"].as_array().unwrap();
    let name = |tag: &Value| tag["name"].as_str().unwrap().to_owned();
    tags.iter().map(name).collect()
}

#[test]
fn every_verb_shows_a_hostile_document_with_marks() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, &document());
    for format in FORMATS {
        for verb in [
            &["tags"][..],
            &["tags", "a"],
            &["tags", "--sort", "addresses"],
            &["regions"],
            &["info"],
            &["lookup", "192.0.2.0/24", "2001:db8::1", "10.0.0.1"],
            &["lookup", "192.0.2.9", "--tag", "a"],
            &["lookup", "192.0.2.9", "--outside", "drow"],
        ] {
            let args = [&["--file", &path][..], verb, &["--format", format]].concat();
            let ran = safe(&args);
            assert!([0, 1].contains(&ran.code), "{args:?}: {ran:?}");
            assert!(ran.err.contains("warning"), "{args:?}: {ran:?}");
            if format.starts_with("json") && verb.len() < 3 {
                let documents = if format == "json" {
                    vec![ran.out.as_str()]
                } else {
                    ran.lines()
                };
                for document in documents {
                    serde_json::from_str::<serde_json::Value>(document).unwrap();
                }
            }
        }
    }
    for format in FORMATS {
        for weeks in [[SMALL, &path], [&path, SMALL]] {
            let ran = safe(&[&["diff"][..], &weeks, &["--format", format]].concat());
            assert_eq!(ran.code, 0, "{ran:?}");
        }
    }
    safe(&["--file", &path, "tags", "prefixes", "*"]);
    safe(&["--file", &path, "tags", "prefixes", "*", "--aggregate"]);
}

#[test]
fn every_hostile_tag_is_shown_by_its_marked_name() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, &document());
    let names = names(&path);
    // White space is no name.
    assert_eq!(names.len(), CORPUS.len() - 2);
    for (place, name) in names.iter().enumerate() {
        assert!(!name.chars().any(char::is_control), "{name:?}");
        let format = FORMATS[place % FORMATS.len()];
        let args = [
            "--file", &path, "tags", "show", "--format", format, "--", name,
        ];
        assert_eq!(safe(&args).code, 0, "{name:?}");
        let args = ["--file", &path, "tags", "prefixes", "--", name];
        let ran = safe(&args);
        assert_eq!(ran.lines()[1..], ["2001:db8::/32"], "{name:?}");
        let args = ["--file", &path, "tags", "--region", name];
        if !name.starts_with('-') {
            safe(&args);
        }
    }
}

#[test]
fn marks_stand_for_what_was_taken_out() {
    let folder = TempDir::new().unwrap();
    let path = written(&folder, &document());
    for format in FORMATS {
        let ran = safe(&["--file", &path, "tags", "--format", format]);
        for mark in [
            "␛[31mred␛[0m",
            "<U+202E>drowssap",
            "Stor<U+200B>age",
            "del␡ete",
        ] {
            // Brackets are escaped in Markdown, and shown as they are.
            let shown = match format {
                "markdown" => ran.out.replace('\\', ""),
                _ => ran.out.clone(),
            };
            assert!(shown.contains(mark), "{mark} in {format}");
        }
    }
    let rows = safe(&["--file", &path, "tags", "--format", "markdown"]);
    let columns = |line: &str| {
        line.replace("\\\\", "")
            .replace("\\|", "")
            .matches('|')
            .count()
    };
    for line in rows.lines() {
        assert_eq!(columns(line), 10, "{line}");
    }
    let csv = safe(&["--file", &path, "tags", "--format", "csv"]);
    assert_eq!(csv.lines().len(), CORPUS.len() - 1);
    let text = safe(&["--file", &path, "tags"]);
    assert!(text.cells().iter().all(|row| row.len() == 10), "{text:?}");
}

#[test]
fn names_past_the_limit_are_one_problem() {
    let folder = TempDir::new().unwrap();
    for field in ["name", "region", "systemService"] {
        let mut document = document();
        let long = "\u{202e}".repeat(100_000);
        let tag = &mut document["values"][3];
        match field {
            "name" => tag[field] = long.into(),
            _ => tag["properties"][field] = long.into(),
        }
        let path = written(&folder, &document);
        assert_eq!(safe(&["--file", &path, "tags"]).code, 0);
        let words = match field {
            "name" => "entry 4 \"<U+202E>",
            field => &format!("\"{field}\": an attribute of an unexpected form"),
        };
        let ran = safe(&["--file", &path, "info"]);
        assert!(ran.out.contains(words), "{ran:?}");
    }
    let mut document = document();
    document["cloud"] = LONG.into();
    let path = written(&folder, &document);
    safe(&["--file", &path, "tags"]).is_refused(&["names the cloud"]);
}

#[test]
fn document_of_another_kind_is_refused_without_its_own_words() {
    let folder = TempDir::new().unwrap();
    for text in CORPUS {
        let path = written(&folder, &json!({text: text, "b": [text]}));
        safe(&["--file", &path, "tags"]).is_refused(&["JSON object with the keys"]);
        let path = written(&folder, &json!({"cloud": text, "values": [{"name": text}]}));
        assert_eq!(safe(&["--file", &path, "tags"]).code, 2);
    }
}

#[test]
fn hostile_query_is_refused_or_answered_with_marks() {
    for (place, text) in arguments().enumerate() {
        let format = FORMATS[place % FORMATS.len()];
        let args = [
            "--file",
            SMALL,
            "--offline",
            "lookup",
            "--format",
            format,
            "--",
            text,
        ];
        let ran = safe(&args);
        assert_eq!(ran.code, 2, "{text:?}: {ran:?}");
        // A zone is left aside and said; the address is answered.
        let zoned = format!("fe80::1%{}", text.trim());
        let args = ["--file", SMALL, "lookup", "--format", format, "--", &zoned];
        safe(&args);
    }
}

#[test]
fn hostile_lines_are_refused_with_their_number() {
    let input = CORPUS.join("\n") + "\n192.0.2.1\n";
    for format in FORMATS {
        let args = ["--file", SMALL, "--offline", "lookup", "--format", format];
        let ran = run_with(&args, input.clone());
        assert_safe(&ran, format, &args);
        assert_eq!(ran.code, 2);
        assert!(ran.out.contains("192.0.2.1"), "{ran:?}");
        ran.says(&["tagscope: line 1: "]);
    }
}

#[test]
fn hostile_names_and_patterns_are_repeated_with_marks() {
    for text in arguments() {
        let file = ["--file", SMALL];
        for verb in [
            &["tags", "show", "--", text][..],
            &["tags", "prefixes", "--", text],
            &["tags", "--", text],
        ] {
            let ran = safe(&[&file[..], verb].concat());
            assert!([1, 2].contains(&ran.code), "{verb:?}: {ran:?}");
        }
        for (verb, flag) in [
            (&["tags"][..], "--region"),
            (&["tags"], "--service"),
            (&["tags"], "--sort"),
            (&["tags"], "--feature"),
            (&["lookup", "192.0.2.1"], "--tag"),
            (&["lookup", "192.0.2.1"], "--outside"),
        ] {
            let option = format!("{flag}={text}");
            let ran = safe(&[&file[..], verb, &[&option]].concat());
            assert!([1, 2].contains(&ran.code), "{option:?}: {ran:?}");
        }
        for flag in ["--tag", "--service"] {
            let option = format!("{flag}={text}");
            let ran = safe(&["diff", SMALL, SMALL, &option]);
            assert_eq!(ran.code, 2, "{option:?}: {ran:?}");
        }
    }
}

#[test]
fn hostile_global_options_are_repeated_with_marks() {
    let folder = TempDir::new().unwrap();
    let inside = |text: &str| folder.path().join(text.replace('/', "_"));
    for text in arguments() {
        let path = inside(text).to_str().unwrap().to_owned();
        for option in [
            format!("--file={text}"),
            format!("--file={path}"),
            format!("--week={text}"),
            format!("--cloud={text}"),
            format!("--color={text}"),
            format!("--max-age={text}"),
            format!("--config={path}"),
            format!("--theme={text}"),
        ] {
            let ran = safe(&[&option]);
            assert_eq!(ran.code, 2, "{option:?}: {ran:?}");
        }
        safe(&["config", &format!("--theme={text}")]).is_quiet(0);
        for format in ["text", "json"] {
            let data = format!("--data-dir={text}");
            safe(&["--file", SMALL, "info", "--format", format, &data]);
        }
    }
}

#[test]
fn hostile_paths_of_files_that_exist_are_shown_with_marks() {
    let folder = TempDir::new().unwrap();
    for text in arguments().filter(|text| !text.contains('/')) {
        let path = folder.path().join(format!("{text}.json"));
        std::fs::copy(SMALL, &path).unwrap();
        let path = path.to_str().unwrap();
        for format in ["text", "json"] {
            let ran = safe(&["--file", path, "info", "--format", format]);
            ran.is_quiet(0);
        }
        let ran = safe(&["--config", path, "config"]);
        ran.is_refused(&["line 1"]);
        let log = folder.path().join(format!("{text}.log"));
        let log = format!("--log-file={}", log.to_str().unwrap());
        safe(&[&log, "--file", path, "regions"]).is_quiet(0);
        let log = format!(
            "--log-file={}/no/such",
            folder.path().join(text).to_str().unwrap()
        );
        safe(&[&log, "--file", path, "regions"]).is_refused(&["cannot write the log"]);
    }
}

#[test]
fn hostile_settings_and_variables_are_shown_with_marks() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("config.toml");
    for text in CORPUS {
        let quoted = json!(text).to_string().replace('\x7f', "\\u007f");
        for line in [
            format!("{quoted} = 1"),
            format!("theme = {quoted}"),
            format!("cloud = {quoted}"),
            format!("{text} = {text}"),
        ] {
            std::fs::write(&path, &line).unwrap();
            safe(&["--config", path.to_str().unwrap(), "config"]);
        }
    }
    for text in arguments() {
        for name in ["TAGSCOPE_CONFIG", "TAGSCOPE_DATA_DIR", "HOME"] {
            let args = ["--file", SMALL, "info"];
            let path = Path::new("no/such").join(text.replace('/', "_"));
            let ran = ended(tagscope().args(args).env(name, path));
            assert_safe(&ran, "text", &(name, text));
        }
    }
}
