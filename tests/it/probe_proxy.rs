//! Through a proxy: it is named, its refusals are told, its password is not.

use std::process::Command;
use std::time::Duration;

use tagscope::net::{ProbeOptions, Proxy};
use tagscope::query::probe::{HostProbe, ProbeCheck, ProbeVerdict};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::probe::{HOST, ask, challenge, only, options, registry, target};
use crate::server::{Answer, Authority, Server};

/// `me:secret` as a proxy is told it.
const LOGIN: &str = "Basic bWU6c2VjcmV0";

fn proxy(answer: Answer) -> Server {
    Server::start(|_| vec![("*".to_owned(), vec![answer])])
}

fn through(authority: &Authority, proxy: &str) -> ProbeOptions {
    ProbeOptions {
        proxy: Proxy::At(proxy.to_owned()),
        ..options(authority, &[])
    }
}

fn assert_unreachable(probe: &HostProbe, why: &str) {
    assert_eq!(probe.verdict(), ProbeVerdict::Unreachable);
    assert!(probe.sentence().contains(why), "{}", probe.sentence());
    assert!(!format!("{probe:?} {}", probe.sentence()).contains("secret"));
}

#[test]
fn a_tunnel_leads_to_the_registry() {
    let authority = Authority::named("Microsoft test authority");
    let registry = registry(&authority, challenge());
    let proxy = proxy(Answer::tunnel(&registry));
    let place = proxy.address();
    let probe = ask(
        ProbeCheck::Registry,
        &through(&authority, &format!("http://me:secret@{place}")),
    );
    assert_eq!(
        probe.verdict(),
        ProbeVerdict::Allowed,
        "{}",
        probe.sentence()
    );
    let begins = format!("through the proxy http://{place}: allowed: the registry answered 401");
    assert!(
        probe.sentence().starts_with(&begins),
        "{}",
        probe.sentence()
    );
    assert!(!format!("{probe:?}").contains("secret"));
    let one = only(&probe);
    assert_eq!((one.address, one.tcp, one.http), (None, None, Some(401)));
    assert!(one.tls.as_ref().unwrap().names_match);
    // The name server that was not there says nothing about the host.
    assert!(probe.chain_failure.is_some());
    let requests = proxy.requests();
    assert_eq!(requests[0].method, "CONNECT");
    assert_eq!(requests[0].path, "contoso.azurecr.io:443");
    assert_eq!(requests[0].header("Proxy-Authorization"), Some(LOGIN));
    assert_eq!(registry.requests()[0].header("Proxy-Authorization"), None);
}

#[test]
fn what_a_proxy_refuses_is_told() {
    let authority = Authority::new();
    let cases = [
        (Answer::status(407), "asks for a login (407)"),
        (
            Answer::status(403).body("blocked"),
            "refused to connect (403)",
        ),
        (Answer::status(502), "refused to connect (502)"),
        (Answer::close(), "closed the connection"),
        (Answer::raw("SSH-2.0-x\r\n\r\n"), "does not answer as one"),
        (
            Answer::raw("HTTP/1.1 200 OK\r\n".to_owned() + &"X: y\r\n".repeat(9000)),
            "does not answer as one",
        ),
    ];
    for (answer, why) in cases {
        let proxy = proxy(answer);
        let options = through(&authority, &format!("http://me:secret@{}", proxy.address()));
        assert_unreachable(&ask(ProbeCheck::Registry, &options), why);
    }
    let silent = proxy(Answer::silent());
    let mut options = through(&authority, &format!("http://{}", silent.address()));
    options.limit = Duration::from_millis(300);
    assert_unreachable(
        &ask(ProbeCheck::Registry, &options),
        "the proxy gave no answer within 0.3 s",
    );
}

#[test]
fn a_proxy_that_is_not_there_or_of_another_kind_is_told() {
    let authority = Authority::new();
    let gone = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let place = gone.local_addr().unwrap();
    drop(gone);
    for (address, why) in [
        (
            format!("http://me:se@cret@{place}"),
            "the proxy cannot be reached",
        ),
        (
            format!("socks5://me:secret@{place}"),
            "kind that is not spoken",
        ),
        (
            "http://".to_owned(),
            "the proxy setting is not a proxy's address",
        ),
        (
            "http://proxy.invalid:1".to_owned(),
            "the proxy cannot be reached",
        ),
    ] {
        let probe = ask(ProbeCheck::Registry, &through(&authority, &address));
        assert_unreachable(&probe, why);
        assert!(!format!("{probe:?}").contains("se@"), "{probe:?}");
    }
}

#[tokio::test]
async fn a_proxy_may_want_tls_itself() {
    let authority = Authority::new();
    let registry = registry(&authority, challenge());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let place = listener.local_addr().unwrap();
    let acceptor = TlsAcceptor::from(authority.identity());
    let behind = registry.address();
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut client = acceptor.accept(socket).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut server = TcpStream::connect(behind).await.unwrap();
        let _ = copy_bidirectional(&mut client, &mut server).await;
    });
    let options = through(&authority, &format!("https://localhost:{}", place.port()));
    let options = ProbeOptions {
        pins: vec![("localhost".to_owned(), place)],
        ..options
    };
    let probe = tagscope::net::probe(&target(HOST, ProbeCheck::Registry), &options).await;
    assert_eq!(
        probe.verdict(),
        ProbeVerdict::Allowed,
        "{}",
        probe.sentence()
    );
    assert_eq!(registry.requests().len(), 1);
}

const ROOTS: &str = "TAGSCOPE_TEST_ROOTS";
const PROXY: &str = "TAGSCOPE_TEST_PROXY";
const DIRECT: &str = "TAGSCOPE_TEST_DIRECT";

#[test]
fn the_environment_names_proxies_and_exceptions() {
    let authority = Authority::new();
    let registry = registry(&authority, challenge());
    let proxy = proxy(Answer::tunnel(&registry));
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--ignored",
        "--exact",
        "probe_proxy::child_with_an_environment",
    ]);
    for name in [
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    let address = format!("http://me:secret@{}", proxy.address());
    let output = command
        .env_remove("REQUEST_METHOD")
        .env("HTTPS_PROXY", address)
        .env("NO_PROXY", ".direct.example")
        .env(ROOTS, String::from_utf8(authority.pem()).unwrap())
        .env(PROXY, proxy.address().to_string())
        .env(DIRECT, registry.address().to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
    assert_eq!(proxy.paths(), ["contoso.azurecr.io:443"]);
}

#[test]
#[ignore = "runs in an environment that another test makes"]
fn child_with_an_environment() {
    let variable = |name| std::env::var(name).unwrap();
    let direct = "a.direct.example";
    let options = ProbeOptions {
        proxy: Proxy::Environment,
        trust: tagscope::net::Trust::Only(variable(ROOTS).into_bytes()),
        ..options(
            &Authority::new(),
            &[(direct, variable(DIRECT).parse().unwrap())],
        )
    };
    let probe = ask(ProbeCheck::Registry, &options);
    assert_eq!(
        probe.verdict(),
        ProbeVerdict::Allowed,
        "{}",
        probe.sentence()
    );
    let shown = format!("http://{}", variable(PROXY));
    assert_eq!(probe.proxy.unwrap().as_str(), shown);
    let excepted = crate::fetch::run(tagscope::net::probe(
        &target(direct, ProbeCheck::Tls),
        &options,
    ));
    assert_eq!(excepted.proxy, None);
    assert!(excepted.addresses[0].address.is_some());
}
