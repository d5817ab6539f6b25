//! `--log-file`: what a supporter needs is in it, and no secret is.

use crate::archive::{Room, api_answer, publication};
use crate::odd_files::shell;
use crate::probe::challenge;
use crate::program::{Ran, SMALL, ended, run, tagscope};
use crate::pty::Pty;
use crate::server::{Answer, Authority, Server};
use crate::update::Scene;

/// What must stand nowhere.
const SECRET: &str = "topsecret4711";

struct LogFile {
    folder: tempfile::TempDir,
}

impl LogFile {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> String {
        self.folder.path().join("log").to_str().unwrap().to_owned()
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap_or_default()
    }

    /// The lines that hold all of these.
    fn lines(&self, parts: &[&str]) -> usize {
        let text = self.text();
        let fits = |line: &&str| parts.iter().all(|part| line.contains(part));
        text.lines().filter(fits).count()
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        assert!(self.lines(parts) > 0, "{parts:?} in {}", self.text());
    }

    #[track_caller]
    fn keeps_secrets(&self) {
        assert!(!self.text().contains(SECRET), "{}", self.text());
    }
}

fn logged(log: &LogFile, args: &[&str]) -> Ran {
    run(&[&["--log-file", &log.path()], args].concat())
}

/// The section "Support": version, settings and their origin, data, files, refusals, time.
#[test]
fn support_a_log_says_what_ran_with_what() {
    let log = LogFile::new();
    let config = log.folder.path().join("config.toml");
    let proxy = format!("http://me:{SECRET}@proxy.example:3128");
    std::fs::write(
        &config,
        format!("proxy = \"{proxy}\"\nmirror = \"https://a.example/{{cloud}}/{{date}}?sig={SECRET}\"\nmouse = false\n"),
    )
    .unwrap();
    let config = config.to_str().unwrap();
    let mut command = tagscope();
    command.args([
        "--log-file",
        &log.path(),
        "--config",
        config,
        "--color",
        "never",
    ]);
    command.args(["--file", SMALL, "lookup", "192.0.2.1"]);
    command.env("HTTPS_PROXY", &proxy);
    let ran = ended(command.env("TAGSCOPE_OFFLINE", "1"));
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    log.says(&[
        "start",
        &version,
        std::env::consts::OS,
        std::env::consts::ARCH,
    ]);
    log.says(&["asked", "verb=\"lookup\""]);
    for (name, value, from) in [
        ("\"color\"", "never", "\"option\""),
        ("\"offline\"", "true", "\"environment\""),
        ("\"mouse\"", "false", "\"file\""),
        ("\"clipboard\"", "auto", "\"default\""),
        ("\"proxy\"", "value=http://proxy.example:3128", "\"file\""),
        (
            "\"mirror\"",
            "value=https://a.example/{cloud}/{date}",
            "\"file\"",
        ),
        (
            "\"HTTPS_PROXY\"",
            "value=http://proxy.example:3128",
            "\"environment\"",
        ),
    ] {
        log.says(&[&format!("name={name}"), value, &format!("from={from}")]);
    }
    log.says(&[
        "data",
        "origin=tests/data/small.json",
        "source=\"file\"",
        "hash=sha256:",
        "cloud=Public",
    ]);
    let size = std::fs::metadata(SMALL).unwrap().len();
    log.says(&[
        "file",
        "path=tests/data/small.json",
        &format!("bytes={size}"),
    ]);
    log.says(&["file", &format!("path={config}")]);
    log.says(&[
        "done",
        "verb=\"lookup\"",
        "ms=",
        &format!("code={}", ran.code),
    ]);
    log.keeps_secrets();
    // The next run goes on in the same file, and a refusal has its reason.
    let ran = logged(&log, &["--file", "no/such.json", "tags"]);
    assert_eq!(ran.code, 2);
    log.says(&["file", "path=no/such.json", "failure="]);
    log.says(&["said", "cannot read no/such.json"]);
    assert_eq!(log.lines(&["start", &version]), 2);
}

#[test]
fn support_rust_log_chooses_levels_and_a_wrong_one_is_said() {
    let args = ["--file", SMALL, "lookup", "192.0.2.1"];
    let with = |value: &str| {
        let log = LogFile::new();
        let mut command = tagscope();
        command.args(["--log-file", &log.path()]).args(args);
        let ran = ended(command.env("RUST_LOG", value));
        (log, ran)
    };
    for (value, has_info, has_debug) in [
        ("", true, true),
        ("debug", true, true),
        ("info", true, false),
        ("warn", false, false),
        ("off", false, false),
        ("tagscope::store=debug", false, true),
        ("info,tagscope::store=debug", true, true),
    ] {
        let (log, ran) = with(value);
        let found = (log.lines(&[" INFO "]) > 0, log.lines(&[" DEBUG "]) > 0);
        assert_eq!(found, (has_info, has_debug), "{value}: {}", log.text());
        assert!(!ran.err.contains("RUST_LOG"), "{ran:?}");
    }
    for value in ["loud", "tagscope::netz=info", "hyper=trace"] {
        let (log, ran) = with(value);
        ran.says(&[
            &format!("warning: RUST_LOG is \"{value}\""),
            "tagscope::net=trace",
        ]);
        assert!(log.lines(&[" DEBUG "]) > 0, "as without it");
    }
}

#[test]
fn support_a_log_that_cannot_be_written_is_a_sentence() {
    let log = LogFile::new();
    let folder = log.folder.path();
    let place = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let pipe = place("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for path in [place("no/such"), place(""), pipe] {
        let ran = run(&["--log-file", &path, "--file", SMALL, "regions"]);
        ran.is_refused(&["cannot write the log"]);
    }
    // At the limit of its size, as on a full disk.
    let path = place("short");
    let line = format!("ulimit -f 0; T --log-file '{path}' --file {SMALL} regions");
    let ran = shell(&Room::new(), &line);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.says(&[&format!("the log {path} is not whole")]);
}

/// A token from the environment and from Azure CLI, a password of a proxy, a query that signs: over every
/// verb that asks the network.
#[test]
fn support_no_token_no_password_no_query_and_no_body_is_logged() {
    let log = LogFile::new();
    let path = log.path();
    let scene = Scene::new();
    scene.hold_public();
    let body = publication("Public", 70, 60);
    let link = scene.link("Public", "20990112");
    scene.server.script(&link, [Answer::json(body.clone())]);
    let all = ["--log-file", &path];
    let signed = format!("{}?sig={SECRET}", scene.server.url(&link));
    let template = format!(
        "{}/{{cloud}}/{{date}}.json?sig={SECRET}",
        scene.server.base()
    );
    for args in [
        &["update"][..],
        &[
            "update",
            "--from",
            &signed,
            "--date",
            "2099-01-19",
            "--force",
        ],
        &["update", "--backfill", "1", "--template", &template],
    ] {
        scene.run(&[&all[..], args].concat());
    }
    log.says(&[
        "request",
        &format!("path={link}"),
        "status=200",
        "ms=",
        "host=127.0.0.1:",
    ]);
    log.says(&["body", &format!("path={link}"), "received=", "bytes="]);
    log.says(&["request", "status=404"]);
    log.keeps_secrets();
    assert!(
        !log.text().contains("addressPrefixes"),
        "a body: {}",
        log.text()
    );

    let api = "/subscriptions/00000000-1111-2222-3333-444444444444/providers/Microsoft.Network/locations/westeurope/serviceTags";
    let echo = format!("{{\"error\": {{\"code\": \"Expired\", \"message\": \"not {SECRET}\"}}}}");
    scene.server.script(
        api,
        [Answer::json(api_answer(70)), Answer::status(401).body(echo)],
    );
    let id = "00000000-1111-2222-3333-444444444444";
    let ask = [
        "update",
        "--from-api",
        "--subscription",
        id,
        "--location",
        "westeurope",
    ];
    for code in [0, 4] {
        let ran = scene.run_with(("AZURE_ACCESS_TOKEN", SECRET), &[&all[..], &ask].concat());
        assert_eq!(ran.code, code, "{ran:?}");
    }
    let bin = log.folder.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    std::fs::write(bin.join("az"), format!("#!/bin/sh\necho {SECRET}\n")).unwrap();
    let marked = std::process::Command::new("chmod")
        .arg("+x")
        .arg(bin.join("az"))
        .status();
    assert!(marked.unwrap().success());
    let search = format!("{}:/usr/bin:/bin", bin.display());
    scene.run_with(("PATH", &search), &[&all[..], &ask].concat());
    let sent = scene.server.requests();
    let bearer = format!("Bearer {SECRET}");
    let with_token = sent
        .iter()
        .filter(|it| it.header("authorization") == Some(&bearer));
    assert_eq!(with_token.count(), 3, "it was sent, and is in no log");
    log.says(&["request", &format!("path={api}"), "status=401"]);
    log.says(&["asked for a token", "program=\"az\"", "code=0"]);
    log.keeps_secrets();
}

#[test]
fn support_no_password_of_a_proxy_is_logged_by_a_probe_or_an_update() {
    let log = LogFile::new();
    let host = "contoso.azurecr.io";
    let authority = Authority::named("Microsoft test authority");
    let hosts = Server::start_tls(authority.issue(&[host], 2099), |_| {
        vec![("/v2/".to_owned(), vec![challenge()])]
    });
    let roots = log.folder.path().join("roots.pem");
    std::fs::write(&roots, authority.pem()).unwrap();
    for answer in [Answer::tunnel(&hosts), Answer::status(407), Answer::close()] {
        let proxy = Server::start(|_| vec![("*".to_owned(), vec![answer])]);
        let address = format!("http://me:{SECRET}@{}", proxy.address());
        let config = log.folder.path().join("config.toml");
        let text = format!("proxy = \"{address}\"\nca_file = \"{}\"\n", roots.display());
        std::fs::write(&config, text).unwrap();
        for by_environment in [false, true] {
            for args in [&["endpoints", "contoso", "--probe"][..], &["update"]] {
                let mut command = tagscope();
                command.args(["--log-file", &log.path()]);
                if by_environment {
                    command
                        .env("HTTPS_PROXY", &address)
                        .env("https_proxy", &address);
                } else {
                    command.arg("--config").arg(&config);
                }
                let data = log.folder.path().join("data");
                ended(command.arg("--data-dir").arg(data).args(args));
            }
        }
        let asked = proxy.requests();
        assert!(
            asked
                .iter()
                .any(|it| it.header("proxy-authorization").is_some()),
            "{asked:?}"
        );
    }
    log.says(&[
        "probe",
        &format!("host={host}"),
        "status=401",
        "verdict=Allowed",
    ]);
    log.says(&["request", "host=www.microsoft.com", "why="]);
    log.keeps_secrets();
    // As the header has it.
    assert!(!log.text().contains("bWU6dG9wc2VjcmV0"), "{}", log.text());
}

#[test]
fn support_the_dashboard_logs_its_tasks_and_ends_its_log() {
    let log = LogFile::new();
    let small = std::fs::canonicalize(SMALL).unwrap();
    let mut pty = Pty::tagscope(&[
        "--log-file",
        &log.path(),
        "--offline",
        "--file",
        small.to_str().unwrap(),
    ]);
    pty.wait_for_text("Tags");
    pty.send("q");
    assert_eq!(pty.exit_code(), 0);
    log.says(&["asked", "verb=\"dashboard\""]);
    log.says(&["data", "small.json"]);
    log.says(&["ended", "Quit"]);
}
