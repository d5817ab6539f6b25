//! `endpoints --probe` as a script runs it: through a proxy on the loopback interface to a server that
//! plays the registry's hosts.

use serde_json::Value;

use crate::probe::challenge;
use crate::program::{Ran, ended, run, tagscope};
use crate::server::{Answer, Authority, Server};

const HOSTS: [&str; 3] = [
    "contoso.azurecr.io",
    "contoso.eastus.data.azurecr.io",
    "azurecr.io",
];

/// The hosts behind one proxy; `/v2/` answers as given.
fn probed(answer: Answer, format: &str) -> Ran {
    let authority = Authority::named("Microsoft test authority");
    let identity = authority.issue(&HOSTS, 2099);
    let hosts = Server::start_tls(identity, |_| {
        vec![
            ("/v2/".to_owned(), vec![answer]),
            ("/".to_owned(), vec![Answer::status(400)]),
        ]
    });
    let proxy = Server::start(|_| vec![("*".to_owned(), vec![Answer::tunnel(&hosts)])]);
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("roots.pem");
    std::fs::write(&roots, authority.pem()).unwrap();
    let config = folder.path().join("config.toml");
    let text = format!(
        "proxy = \"http://{}\"\nca_file = \"{}\"\n",
        proxy.address(),
        roots.display()
    );
    std::fs::write(&config, text).unwrap();
    let mut command = tagscope();
    command.arg("--config").arg(&config);
    command.args(["endpoints", "contoso", "--region", "eastus"]);
    command.args(["--data-endpoints", "--probe", "--format", format]);
    ended(&mut command)
}

fn probe_of<'a>(record: &'a Value, host: &str) -> &'a Value {
    let rows = record["endpoints"].as_array().unwrap();
    let row = rows.iter().find(|row| row["fqdn"] == host).unwrap();
    &row["probe"]
}

#[test]
fn hosts_that_answer_as_they_should_exit_0() {
    let ran = probed(challenge(), "json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let record = ran.json();
    for host in HOSTS {
        assert_eq!(probe_of(&record, host)["verdict"], "allowed", "{record}");
    }
    let global = &probe_of(&record, HOSTS[0])["addresses"][0];
    assert_eq!(
        (&global["http"], &global["address"]),
        (&Value::from(401), &Value::Null)
    );
    assert_eq!(global["tls"]["notAfter"], "2099-01-01");
    let text = probed(challenge(), "markdown");
    assert!(
        text.out
            .contains("### Asked from here\n\n- contoso.azurecr.io: "),
        "{text:?}"
    );
}

#[test]
fn a_refusal_exits_1_and_names_the_clients_address() {
    let body = r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#;
    let ran = probed(Answer::status(403).body(body), "json");
    assert_eq!(ran.code, 1, "{ran:?}");
    let record = ran.json();
    let global = probe_of(&record, HOSTS[0]);
    assert_eq!(global["verdict"], "denied");
    assert_eq!(global["addresses"][0]["clientAddress"], "203.0.113.9");
    let table = probed(Answer::status(403).body(body), "csv");
    assert!(table.out.contains("denied"), "{table:?}");
}

#[test]
fn what_cannot_be_reached_exits_4() {
    let closed = Server::start(|_| vec![("*".to_owned(), vec![Answer::status(502)])]);
    let mut command = tagscope();
    command.env("HTTPS_PROXY", format!("http://{}", closed.address()));
    command.args(["endpoints", "contoso", "--probe", "--json"]);
    let ran = ended(&mut command);
    assert_eq!(ran.code, 4, "{ran:?}");
    ran.says(&[
        "*.blob.core.windows.net: not asked",
        "contoso.azurecr.io: unreachable",
    ]);
    let record = ran.json();
    assert_eq!(probe_of(&record, "*.blob.core.windows.net"), &Value::Null);
    assert!(
        probe_of(&record, HOSTS[0])["proxy"]
            .as_str()
            .unwrap()
            .starts_with("http://127")
    );
}

#[test]
fn offline_asks_nobody() {
    run(&["endpoints", "contoso", "--probe", "--offline"]).is_refused(&["--offline"]);
}
