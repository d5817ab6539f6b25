//! Settings fail closed: what is wrong ends with 2 before anything is answered or opened.

use tagscope::net::{NetOptions, Proxy, Publisher};
use tagscope::settings::{is_proxy, read};

use crate::archive::{Room, publication};
use crate::program::{Ran, SMALL, ended, run, tagscope};
use crate::pty::Pty;
use crate::server::Authority;

/// A verb that asks nobody.
const INFO: [&str; 3] = ["--file", SMALL, "info"];

fn with(variables: &[(&str, &str)], args: &[&str]) -> Ran {
    let mut command = tagscope();
    command.args(args).envs(variables.iter().copied());
    ended(&mut command)
}

#[test]
fn a_wrong_value_in_the_file_is_refused_with_line_and_what_would_be_right() {
    let room = Room::new();
    let missing = room.data() + "/none.pem";
    let text = room.file("not.pem", "no certificate");
    let damaged = room.file(
        "damaged.pem",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    );
    let quoted = |path: &str| format!("ca_file = \"{path}\"");
    let cases = [
        (
            "offline = \"yes\"".to_owned(),
            vec!["offline is true or false, without quotes"],
        ),
        ("offline = 1".to_owned(), vec!["offline is true or false"]),
        (
            "cloud = \"publik\"".to_owned(),
            vec!["public, usgov, china, germany", "publik"],
        ),
        (
            "cloud = true".to_owned(),
            vec!["public, usgov, china, germany"],
        ),
        (
            "proxy = 7".to_owned(),
            vec!["http://proxy.example:3128", "http or https"],
        ),
        (
            "proxy = \"proxy:3128\"".to_owned(),
            vec!["http://proxy.example:3128"],
        ),
        (
            "proxy = \"socks5://me:topsecret@a:1\"".to_owned(),
            vec!["http or https"],
        ),
        (
            "ca_file = 1".to_owned(),
            vec!["ca_file is a text in quotes"],
        ),
        (
            quoted(&missing),
            vec!["ca_file is a PEM file", "cannot read", "none.pem"],
        ),
        (quoted(&room.data()), vec!["ca_file is a PEM file"]),
        (
            quoted(&text),
            vec!["ca_file is a PEM file", "there is none"],
        ),
        (
            quoted(&damaged),
            vec!["ca_file is a PEM file", "number 1 is damaged"],
        ),
        (
            "offline = true\noffline = false".to_owned(),
            vec!["duplicate key"],
        ),
    ];
    for (line, words) in cases {
        let config = room.file("config.toml", format!("# mine\n{line}\n"));
        let args = [&["--config", &config], &INFO[..]].concat();
        let ran = run(&args);
        ran.is_refused(&words);
        let number = if line.contains('\n') {
            "line 3: "
        } else {
            "line 2: "
        };
        ran.says(&[number]);
        assert!(!ran.err.contains("topsecret"), "{ran:?}");
        // A flag does not make it right.
        let more = [
            &["--config", &config, "--offline", "--cloud", "public"],
            &INFO[2..],
        ]
        .concat();
        run(&more).is_refused(&words);
    }
    let roots = room.file("roots.pem", Authority::new().pem());
    let right = format!(
        "{}\nproxy = \"http://proxy.example:3128\"\n",
        quoted(&roots)
    );
    let config = room.file("config.toml", right);
    run(&[&["--config", &config], &INFO[..]].concat()).is_quiet(0);
}

#[test]
fn the_dashboard_ends_with_the_sentence_before_it_takes_the_terminal() {
    let room = Room::new();
    for (line, words) in [
        ("offline = \"no\"", "offline is true or false"),
        ("proxy = \"ftp://proxy.example\"", "http or https"),
        ("ca_file = \"/none/roots.pem\"", "ca_file is a PEM file"),
    ] {
        let config = room.file("config.toml", line);
        let mut pty = Pty::tagscope(&["--config", &config]);
        assert_eq!(pty.exit_code(), 2);
        let screen = pty.screen.screen().contents().replace('\n', "");
        assert!(screen.contains(words), "{screen}");
        let alternate = b"\x1b[?1049h";
        assert!(
            !pty.raw
                .windows(alternate.len())
                .any(|part| part == alternate)
        );
        pty.is_restored().unwrap();
    }
}

#[test]
fn every_proxy_that_the_settings_take_is_one_that_the_client_takes() {
    let right = [
        "http://proxy.example:3128",
        "https://proxy.example",
        "HTTP://proxy:80/",
        "http://localhost:8080",
        "http://me:secret@10.0.0.1:3128",
        "http://me:p%40ss@proxy.example:3128",
        "http://[2001:db8::1]:3128",
        "http://my_proxy.corp.example:1",
    ];
    for text in right {
        assert!(is_proxy(text), "{text}");
        assert!(read(&format!("proxy = '{text}'")).is_ok(), "{text}");
        let options = NetOptions {
            proxy: Proxy::At(text.to_owned()),
            ..NetOptions::default()
        };
        if let Err(error) = Publisher::new(&options) {
            // Without root certificates it cannot be built for another reason.
            assert!(!error.to_string().contains("proxy"), "{text}: {error}");
        }
    }
    for text in [
        "proxy.example:3128",
        "proxy",
        "http://",
        "http:///",
        "http://:3128",
        "http://me@",
        "http://proxy:0",
        "http://proxy:65536",
        "http://proxy:x",
        "http://proxy:+1",
        "http://pro xy",
        "http://proxy/path",
        "http://proxy?x",
        "http://proxy#x",
        "http://256.1.1.1",
        "http://a..b",
        "http://[::1",
        "http://[proxy]:1",
        "http://bücher.example",
        "http://me:a b@proxy",
        "ftp://proxy",
        "socks5://proxy:1080",
        "file:///etc/passwd",
        "::",
    ] {
        assert!(!is_proxy(text), "{text}");
        assert!(read(&format!("proxy = '{text}'")).is_err(), "{text}");
    }
}

#[test]
fn variables_mean_the_same_as_their_options() {
    let date = |ran: &Ran| ran.json()["week"]["date"].clone();
    let info = ["info", "--json"];
    let week = |value: &str, args: &[&str]| with(&[("TAGSCOPE_WEEK", value)], args);
    assert_eq!(date(&week("2026-07-06", &info)), "2026-07-06");
    assert_eq!(date(&week("PREVIOUS", &info)), "2026-10-12");
    assert_eq!(date(&week("", &info)), "2026-10-19");
    // An option comes before, and so does a file.
    let named = week(
        "2026-07-06",
        &[&["--week", "2026-06-08"], &info[..]].concat(),
    );
    assert_eq!(date(&named), "2026-06-08");
    let small = [&["--file", SMALL], &info[..]].concat();
    week("2026-07-06", &small).is_quiet(0);
    week("2026-07-06", &["import", SMALL]).is_refused(&["--week"]);

    let room = Room::new();
    let china = room.file(
        "ServiceTags_China_20261102.json",
        publication("China", 1, 60),
    );
    room.import(&china);
    let folder = room.data();
    let cloud = |value: &str, args: &[&str]| {
        let args = [&["--data-dir", &folder], args].concat();
        with(&[("TAGSCOPE_CLOUD", value)], &args)
    };
    assert_eq!(cloud("China", &info).json()["week"]["cloud"], "China");
    assert_eq!(
        cloud("AzureChinaCloud", &info).json()["week"]["cloud"],
        "China"
    );
    assert_eq!(cloud("", &info).json()["week"]["cloud"], "Public");
    let public = [&["--cloud", "public"], &info[..]].concat();
    assert_eq!(cloud("china", &public).json()["week"]["cloud"], "Public");
    // As with the option, a file of another cloud is refused, and so is `all` where it means nothing.
    cloud("usgov", &[&["--file", &china], &info[..]].concat())
        .is_refused(&["holds the cloud China, not AzureGovernment"]);
    cloud("all", &info).is_refused(&["--cloud all is for update and weeks"]);
    assert_eq!(cloud("all", &["weeks"]).lines().len(), 21);
    // It comes before the file of settings.
    let config = room.file("config.toml", "cloud = \"public\"\n");
    let both = [&["--config", &config], &info[..]].concat();
    assert_eq!(cloud("china", &both).json()["week"]["cloud"], "China");
}

#[test]
fn a_wrong_variable_is_refused_by_its_name() {
    for (name, value, words) in [
        (
            "TAGSCOPE_CLOUD",
            "chinese",
            "public, usgov, china and germany",
        ),
        ("TAGSCOPE_CLOUD", " ", "public, usgov, china and germany"),
        (
            "TAGSCOPE_WEEK",
            "yesterday",
            "a date like 2026-10-19, latest, previous",
        ),
        ("TAGSCOPE_WEEK", "2026-13-01", "a date like 2026-10-19"),
        ("TAGSCOPE_WEEK", "\u{1b}[2J", "a date like 2026-10-19"),
    ] {
        for args in [&["info"][..], &["lookup", "10.0.0.1"], &INFO, &["config"]] {
            let ran = with(&[(name, value)], args);
            ran.is_refused(&[name, words]);
            assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
        }
    }
    // An option in this run is used, and the variable is not looked at.
    with(
        &[("TAGSCOPE_WEEK", "yesterday")],
        &["--week", "latest", "info"],
    )
    .is_quiet(0);
    for value in ["0", "false", "no", ""] {
        with(&[("TAGSCOPE_OFFLINE", value)], &INFO).is_quiet(0);
    }
    for value in ["1", "nonsense"] {
        let ran = with(&[("TAGSCOPE_OFFLINE", value)], &["update"]);
        ran.is_refused(&["the network is forbidden"]);
    }
}
