//! What bad input gets: an exit code, and a sentence that names the thing.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::program::{Ran, SMALL, assert_safe, ended, process, run, run_small, run_with, tagscope};

/// Runs `tags` over a file with these bytes.
fn tags_of(name: &str, bytes: &[u8]) -> Ran {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let ran = run(&["--file", path.to_str().unwrap(), "tags"]);
    if ran.code == 2 {
        ran.says(&["tagscope: ", name]);
        assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
    }
    ran
}

/// A file with these bytes is refused in one sentence that names each of these.
#[track_caller]
fn assert_refused(bytes: &[u8], named: &[&str]) {
    tags_of("tags.json", bytes).is_refused(named);
}

#[test]
fn file_that_is_none_is_named() {
    run(&["--file", "no/such.json", "tags"]).is_refused(&["no/such.json", "No such file"]);
    run(&["--file", "tests", "tags"]).is_refused(&["tests is a folder"]);
    run(&["--file", "", "tags"]).is_refused(&["a value is required for '--file <PATH>'"]);
}

#[test]
fn file_of_another_kind_is_recognised() {
    assert_refused(b"just some text", &["text that is not JSON"]);
    assert_refused(b"", &["empty"]);
    assert_refused(b" \r\n", &["empty"]);
    assert_refused(b"<!DOCTYPE html><html></html>", &["HTML"]);
    assert_refused(b"PK\x03\x04....", &["zip archive"]);
    assert_refused(b"\xff\xfe{\0}\0", &["UTF-16"]);
    assert_refused(b"\x7fELF\0\0\0", &["binary data"]);
    assert_refused(b"12", &["a single JSON value"]);
    let group = json!({"name": "nsg", "securityRules": [], "location": "westeurope"});
    assert_refused(group.to_string().as_bytes(), &["a network security group"]);
    let other = json!({"alpha": 1, "beta": []});
    assert_refused(other.to_string().as_bytes(), &["keys alpha, beta"]);
    assert_refused(b"{}", &["an empty JSON object"]);
}

#[test]
fn document_without_tags_is_refused() {
    for (values, state) in [
        (json!([]), "empty"),
        (json!(null), "missing"),
        (json!("x"), "of another type"),
        (json!([1, [], "x"]), "of another type"),
    ] {
        let document = json!({"cloud": "Public", "changeNumber": 1, "values": values});
        let ran = tags_of("tags.json", document.to_string().as_bytes());
        ran.is_refused(&["the document has no tags", state]);
    }
    assert_refused(
        br#"{"cloud": "Public"}"#,
        &["no tags", "`values` is missing"],
    );
}

#[test]
fn cloud_that_no_one_knows_is_named() {
    let document = json!({"cloud": "Mars", "values": [{"name": "A", "properties": {}}]});
    assert_refused(document.to_string().as_bytes(), &["Mars", "known are"]);
}

#[test]
fn truncated_document_is_said_to_be_so() {
    let whole = std::fs::read(SMALL).unwrap();
    for part in [whole.len() / 3, whole.len() / 2, whole.len() - 3] {
        assert_refused(&whole[..part], &["truncated", "line"]);
    }
    assert_refused(b"{\"cloud\": oops}", &["not valid JSON at line 1"]);
}

#[test]
fn deep_nesting_ends_without_a_crash() {
    let deep = vec![b'['; 10_000_000];
    assert_refused(&deep, &["JSON list"]);
    for head in ["{\"cloud\":", "{\"values\":", "{\"values\":[{\"name\":"] {
        let mut document = head.as_bytes().to_vec();
        document.extend_from_slice(&deep);
        assert_refused(&document, &["tags.json"]);
    }
    let mut objects = br#"{"cloud":"Public","values":[{"name":"A","properties":"#.to_vec();
    objects.extend_from_slice(br#"{"a":"#.repeat(1_000_000).as_slice());
    assert_refused(&objects, &["tags.json"]);
}

#[test]
fn damaged_gzip_is_refused_and_a_whole_one_read() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&std::fs::read(SMALL).unwrap()).unwrap();
    let whole = encoder.finish().unwrap();
    tags_of("tags.json.gz", &whole).is_quiet(0);
    let cut = &whole[..whole.len() / 2];
    tags_of("tags.json.gz", cut).is_refused(&["gzip", "damaged or truncated"]);
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x55;
    tags_of("tags.json.gz", &flipped).is_refused(&["tags.json.gz"]);
    run_with(&["--file", "-", "tags"], whole).is_quiet(0);
}

#[test]
fn wrong_address_is_explained() {
    for (query, reason) in [
        ("256.1.1.1", "256 exceeds 255"),
        ("10.0.0.0/33", "at most 32 bits"),
        ("2001:db8::/129", "at most 128 bits"),
        ("10.0.0.9-10.0.0.1", "above the last"),
        ("01.2.3.4", "leading zero"),
        ("what is this", "no address"),
        ("", "empty query"),
    ] {
        run_small(&["lookup", query]).is_refused(&[query, reason]);
    }
}

#[test]
fn host_bits_are_accepted_and_said() {
    let ran = run_small(&["lookup", "192.0.2.7/25"]);
    assert_eq!(ran.code, 0);
    ran.says(&["192.0.2.7/25", "looked up as 192.0.2.0/25"]);
    assert!(ran.out.contains("AzureCloud.westeurope"), "{ran:?}");
}

#[test]
fn mapped_address_is_looked_up_as_ipv4_and_said() {
    let args = ["--week", "2026-07-06", "lookup"];
    let plain = run(&[&args[..], &["13.66.60.119", "--json"]].concat());
    let mapped = run(&[&args[..], &["::ffff:13.66.60.119", "--json"]].concat());
    mapped.is_quiet(0);
    let (plain, mapped) = (plain.json(), mapped.json());
    assert_eq!(plain["matches"], mapped["matches"]);
    assert!(plain["notes"].is_null());
    let note = mapped["notes"][0].as_str().unwrap();
    assert!(note.contains("13.66.60.119"), "{note}");
    for format in ["text", "csv", "markdown"] {
        let ran = run_small(&["lookup", "::ffff:192.0.2.1", "--format", format]);
        assert_eq!(ran.code, 0);
        ran.says(&["::ffff:192.0.2.1", "looked up as 192.0.2.1"]);
    }
}

#[test]
fn error_text_is_read_for_the_refused_client() {
    let refusal = r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#;
    for text in [refusal, &refusal.replace('\'', r"\u0027")] {
        let ran = run_small(&["lookup", text]);
        assert_eq!(ran.code, 0);
        ran.says(&["203.0.113.9: read from the text: the client's address"]);
        assert_eq!(
            ran.cells()[0][2..5],
            ["203.0.113.8/29", "8", "AzureContainerRegistry"],
            "{ran:?}"
        );
        let answer = run_small(&["lookup", "--json", text]).json();
        assert_eq!(answer["query"], "203.0.113.9");
        assert_eq!(answer["kind"], "address");
    }
    let text = "dial tcp: lookup contoso.azurecr.io: no such host";
    run_small(&["lookup", "--offline", text]).is_refused(&["contoso.azurecr.io is a host name"]);
    run_small(&["lookup", "what is this"]).is_refused(&["\"what is this\" is no address"]);
}

#[test]
fn unknown_week_names_the_nearest() {
    for (wanted, nearest) in [
        ("2020-01-01", "2026-06-08"),
        ("20260707", "2026-07-06"),
        ("2026-07-12", "2026-07-13"),
        ("2026-07-06#9", "no content of that number"),
    ] {
        run(&["--week", wanted, "tags"]).is_refused(&["no week of", nearest]);
    }
    run(&["--week", "soon", "tags"]).is_refused(&["soon", "a week is a date"]);
}

#[test]
fn unknown_tag_names_the_closest() {
    for verb in ["show", "prefixes"] {
        run_small(&["tags", verb, "Storge"]).is_refused(&["no tag \"Storge\"", "Storage"]);
        run_small(&["tags", verb, "zzzzzzzzzzzz"]).is_refused(&["no tag \"zzzzzzzzzzzz\""]);
    }
    run_small(&["tags", "prefixes", "Nope*"]).is_refused(&["no tag \"Nope*\""]);
    for flag in ["--tag", "--outside"] {
        let ran = run_small(&["lookup", "192.0.2.1", flag, "Storge"]);
        ran.is_refused(&["no tag matches \"Storge\"", "Storage"]);
    }
    let ran = run_small(&["tags", "Storge"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    ran.says(&["no tag matches", "Storage"]);
}

#[test]
fn unknown_region_is_refused_and_a_known_one_read_in_any_spelling() {
    let ran = run_small(&["tags", "--region", "francecentrl"]);
    ran.is_refused(&["no region \"francecentrl\"", "francecentral"]);
    run_small(&["tags", "--region", "usgovvirginia"]).is_refused(&["AzureGovernment"]);
    let expected = [
        "AzureCloud.centralfrance",
        "AzureContainerRegistry.FranceCentral",
    ];
    for spelling in [
        "francecentral",
        "France Central",
        "centralfrance",
        "FRANCE-CENTRAL",
    ] {
        let ran = run_small(&["tags", "--region", spelling]);
        ran.is_quiet(0);
        let names: Vec<&str> = ran.cells().iter().map(|row| row[0]).collect();
        assert_eq!(names, expected, "{spelling}");
    }
}

#[test]
fn region_that_only_the_data_knows_is_found_in_any_case() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tags.json");
    let properties = json!({"region": "NewPlace", "addressPrefixes": ["192.0.2.0/24"]});
    let document =
        json!({"cloud": "Public", "values": [{"name": "A.NewPlace", "properties": properties}]});
    std::fs::write(&path, document.to_string()).unwrap();
    for spelling in ["NewPlace", "newplace", "NEWPLACE"] {
        let ran = run(&[
            "--file",
            path.to_str().unwrap(),
            "tags",
            "--region",
            spelling,
        ]);
        ran.is_quiet(0);
        assert_eq!(ran.cells()[0][0], "A.NewPlace");
    }
}

#[test]
fn filter_takes_what_the_dashboard_takes() {
    let names = |args: &[&str]| -> Vec<String> {
        let ran = run_small(&[&["tags"], args].concat());
        ran.is_quiet(0);
        ran.cells().iter().map(|row| row[0].to_owned()).collect()
    };
    for (words, expected) in [
        (
            "registry france",
            &["AzureContainerRegistry.FranceCentral"][..],
        ),
        ("azure west !storage", &["AzureCloud.westeurope"]),
        ("azurestorage", &["Storage", "Storage.WestEurope"]),
        ("West", &["Storage.WestEurope"]),
        ("192.0.2.70", &["AzureCloud", "AzureCloud.westeurope"]),
        (
            "198.51.100.64/28",
            &["AzureCloud", "AzureCloud.centralfrance", "Storage"],
        ),
    ] {
        assert_eq!(names(&["--filter", words]), expected, "{words}");
    }
    assert_eq!(names(&["--filter", ""]), names(&[]));
    let both = ["storage", "--filter", "west", "--region", "westeurope"];
    assert_eq!(names(&both), ["Storage.WestEurope"]);
    let ran = run_small(&["tags", "--filter", "storage !storage"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    ran.says(&["no tag matches"]);
}

#[test]
fn reverse_turns_every_order_around() {
    for order in ["name", "changeNumber", "prefixes", "addresses"] {
        let args = ["tags", "--sort", order];
        let forth = run_small(&args);
        let back = run_small(&[&args[..], &["--reverse"]].concat());
        back.is_quiet(0);
        let mut lines = back.lines();
        lines.reverse();
        assert_eq!(lines, forth.lines(), "{order}");
    }
    for option in ["--reverse", "--filter=x"] {
        let ran = run_small(&["tags", option, "show", "Storage"]);
        ran.is_refused(&["cannot stand before show or prefixes"]);
    }
}

#[test]
fn unknown_cloud_or_one_without_data_is_refused() {
    run(&["--cloud", "mars", "tags"]).is_refused(&["mars", "usgov"]);
    run(&["--cloud", "usgov", "tags"]).is_refused(&["AzureGovernment", "--file"]);
    run_small(&["--cloud", "china", "tags"]).is_refused(&[SMALL, "Public", "China"]);
}

#[test]
fn no_query_is_refused() {
    for args in [&["lookup"][..], &["lookup", "-"]] {
        for input in ["", "\n\n", "# only a comment\n"] {
            run_with(args, input).is_refused(&["nothing to look up"]);
        }
    }
    run_small(&["tags", "show"]).is_refused(&["TAG"]);
    run_small(&["tags", "prefixes"]).is_refused(&["TAG"]);
    let ran = run_with(&["--file", "-", "lookup"], "{}");
    ran.is_refused(&["standard input cannot be both"]);
}

#[test]
fn bad_line_of_a_list_is_named_and_the_others_answered() {
    let mut input = b"192.0.2.1\n\n# comment\n300.1.1.1\n".to_vec();
    input.extend_from_slice(b"\xff\xfe\xfd\n");
    input.extend_from_slice(&vec![b'1'; (1 << 20) + 1]);
    input.extend_from_slice(b"\r\n10.0.0.0/33\n  192.0.2.65  \r\n203.0.113.1");
    for args in [&["lookup"][..], &["lookup", "-"]] {
        let all = [&["--file", SMALL][..], args, &["--format", "jsonl"]].concat();
        let ran = run_with(&all, input.clone());
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(&[
            "line 4: \"300.1.1.1\"",
            "line 5: ",
            "line 6: longer than 1048576 bytes",
            "line 7: ",
        ]);
        assert_eq!(ran.err.lines().count(), 4, "{ran:?}");
        let queries: Vec<String> = ran
            .lines()
            .iter()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .map(|answer| answer["query"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(queries, ["192.0.2.1", "192.0.2.65", "203.0.113.1"]);
    }
}

#[test]
fn line_at_the_limit_does_not_swallow_the_next() {
    let most = 1 << 20;
    for length in [most - 2, most - 1, most, most + 1, most + 2, 2 * most] {
        let input = format!("{}\n192.0.2.1\n", "x".repeat(length));
        let ran = run_with(&["--file", SMALL, "lookup", "--format", "csv"], input);
        assert_eq!(ran.code, 2);
        assert!(ran.out.contains("192.0.2.1,"), "{length}: {ran:?}");
        let is_long = ran.err.contains("line 1: longer than 1048576 bytes");
        assert_eq!(is_long, length > most, "{length}: {ran:?}");
    }
}

#[test]
fn every_line_is_answered_before_the_next_is_awaited() {
    let mut child = process(&["--file", SMALL, "lookup", "-", "--format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (sender, receiver) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(output).lines() {
            let _ = sender.send(line.unwrap());
        }
    });
    for query in ["192.0.2.1", "203.0.113.1"] {
        writeln!(input, "{query}").unwrap();
        let answered = receiver.recv_timeout(Duration::from_secs(30));
        if answered.is_err() {
            child.kill().unwrap();
        }
        assert!(answered.unwrap().contains(query));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
    reader.join().unwrap();
}

#[test]
fn offline_refuses_a_host_name() {
    for host in ["contoso.azurecr.io", "https://example.com/x", "contoso"] {
        let ran = run_small(&["lookup", "--offline", host]);
        ran.is_refused(&["host name", "--offline forbids it"]);
    }
    for value in ["1", "true", "YES", "anything"] {
        let mut command = tagscope();
        command.args(["--file", SMALL, "lookup", "contoso.azurecr.io"]);
        let ran = ended(command.env("TAGSCOPE_OFFLINE", value));
        ran.is_refused(&["--offline forbids it"]);
    }
}

#[test]
#[cfg(unix)]
fn argument_that_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let raw = std::ffi::OsStr::from_bytes(b"Sto\xff\x1b[31m");
    for verb in ["tags", "lookup", "--theme", "--week"] {
        ended(tagscope().arg(verb).arg(raw)).is_refused(&["UTF-8"]);
    }
    ended(tagscope().args(["tags", "--file"]).arg(raw)).is_refused(&["cannot read", "␛[31m"]);
}

#[test]
#[cfg(unix)]
fn offline_variable_is_anything_but_a_no() {
    use std::os::unix::ffi::OsStrExt;
    let raw = std::ffi::OsStr::from_bytes(b"\xff");
    let yes = ["1", "true", "YES", "x"].map(std::ffi::OsStr::new);
    let no = ["", "0", "false", "No"].map(std::ffi::OsStr::new);
    let values = yes.into_iter().chain([raw]).map(|value| (value, true));
    for (value, is_offline) in values.chain(no.map(|value| (value, false))) {
        let ran = ended(tagscope().arg("config").env("TAGSCOPE_OFFLINE", value));
        ran.is_quiet(0);
        let line = format!("offline = {is_offline}");
        assert!(ran.lines().contains(&line.as_str()), "{value:?}: {ran:?}");
    }
}

#[test]
fn dashboard_without_a_terminal_is_refused() {
    run(&[]).is_refused(&["the dashboard needs a terminal", "tagscope --help"]);
    run_small(&[]).is_refused(&["the dashboard needs a terminal"]);
}

#[test]
fn settings_file_that_was_named_must_be_readable() {
    run(&["--config", "no/such.toml", "tags"]).is_refused(&["no/such.toml"]);
    let mut command = tagscope();
    command.arg("config").env("TAGSCOPE_CONFIG", "no/such.toml");
    ended(&mut command).is_refused(&["no/such.toml"]);
    run(&["--config", SMALL, "config"]).is_refused(&[SMALL, "line 1"]);
}

#[test]
fn a_wrong_value_in_the_settings_file_ends_every_verb() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("tagscope/config.toml");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    for (text, named) in [
        (
            "offline = \"true\"",
            "line 1: offline is true or false, without quotes, not \"true\"",
        ),
        (
            "\noffline = 1",
            "line 2: offline is true or false, without quotes, not 1",
        ),
        (
            "cloud = \"usgvo\"",
            "cloud is one of public, usgov, china, germany, not \"usgvo\"",
        ),
        (
            "cloud = [\"usgov\"]",
            "cloud is one of public, usgov, china, germany, not [\"usgov\"]",
        ),
        (
            "proxy = \" \"",
            "proxy is an address in quotes like \"http://proxy.example:3128\", http or https, not what",
        ),
        (
            "theme = \"solarized\"",
            "theme is one of default, safe, mono, light, dark, auto, not \"solarized\"",
        ),
        (
            "mouse = \"\\u001b[31m\"",
            "mouse is true or false, without quotes, not \"\\u001b[31m\"",
        ),
        (
            "color = '\u{202e}'",
            "color is one of auto, always, never, not '",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let shown = path.to_str().unwrap();
        for args in [
            &["tags", "Storage"][..],
            &["lookup", "contoso.azurecr.io"],
            &["update"],
            &["config"],
            &["info"],
            &[],
        ] {
            for named_by in ["XDG_CONFIG_HOME", "TAGSCOPE_CONFIG", "--config"] {
                let mut command = tagscope();
                match named_by {
                    "XDG_CONFIG_HOME" => command.env(named_by, home.path()),
                    "TAGSCOPE_CONFIG" => command.env(named_by, &path),
                    _ => command.arg(named_by).arg(&path),
                };
                let ran = ended(command.args(args));
                ran.is_refused(&[shown, named]);
                assert_safe(&ran, "text", &text);
            }
        }
    }
}

#[test]
fn closed_pipe_is_silent() {
    let whole = [
        &["tags", "prefixes", "AzureCloud"][..],
        &["tags"],
        &["tags", "--format", "csv"],
        &["tags", "--format", "markdown"],
        &["tags", "--json"],
        &["tags", "--format", "jsonl"],
        &["tags", "show", "AzureCloud", "--format", "csv"],
        &["lookup", "0.0.0.0/0", "--format", "csv"],
        &["lookup", "0.0.0.0/0"],
        &["regions", "--format", "csv"],
        &["info"],
        &["man"],
        &["--help"],
        &["completions", "bash"],
    ];
    for args in whole {
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
            (Some(0), ""),
            "{args:?}"
        );
    }
}

#[test]
fn old_data_still_answers_and_says_so() {
    let ran = run(&["--week", "2026-07-06", "--max-age", "1", "tags", "Storage"]);
    assert_eq!(ran.code, 3);
    ran.says(&["days old", "--max-age is 1"]);
    assert!(ran.out.starts_with("Storage\t"), "{ran:?}");
    run(&["--max-age", "3000000", "tags", "Storage"]).is_quiet(0);
    let ran = run_small(&["regions", "--max-age", "1"]);
    assert_eq!((ran.code, ran.lines().len()), (3, 2));
    ran.says(&["age of the data is unknown"]);
}

#[test]
fn failure_outranks_age_and_age_outranks_no() {
    let old = ["--file", SMALL, "--max-age", "1"];
    let code = |args: &[&str]| run(&[&old[..], args].concat()).code;
    assert_eq!(code(&["lookup", "10.0.0.1"]), 3);
    assert_eq!(code(&["lookup", "10.0.0.1", "256.1.1.1"]), 2);
    assert_eq!(code(&["lookup", "192.0.2.1", "256.1.1.1"]), 2);
    assert_eq!(code(&["tags", "nosuch"]), 3);
    assert_eq!(code(&["tags", "show", "nosuch"]), 2);
    assert_eq!(code(&["tags", "prefixes", "Retired"]), 3);
    assert_eq!(run_small(&["lookup", "10.0.0.1"]).code, 1);
    assert_eq!(run_small(&["lookup", "10.0.0.1", "256.1.1.1"]).code, 2);
    assert_eq!(run_small(&["tags", "prefixes", "Retired"]).code, 1);
}
