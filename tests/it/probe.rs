//! What a host answers over a connection that stands, and what is made of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tagscope::net::{HostResolver, ProbeOptions, Proxy, Trust};
use tagscope::query::probe::{AddressProbe, HostProbe, ProbeCheck, ProbeTarget, ProbeVerdict};

use crate::fetch::run;
use crate::resolve::{A, alias, serve, wire};
use crate::server::{Answer, Authority, Server};

pub const HOST: &str = "contoso.azurecr.io";
pub const CHALLENGE: &str =
    r#"Bearer realm="https://contoso.azurecr.io/oauth2/token",service="contoso.azurecr.io""#;
const CLIENT: [u8; 4] = [203, 0, 113, 9];

/// No test waits that long.
const LONG: Duration = Duration::from_secs(20);

pub fn target(host: &str, check: ProbeCheck) -> ProbeTarget {
    ProbeTarget {
        host: host.to_owned(),
        port: 443,
        check,
    }
}

/// Trusts `authority`, goes out directly, asks no name server, has time.
pub fn options(authority: &Authority, pins: &[(&str, SocketAddr)]) -> ProbeOptions {
    let pins = pins.iter();
    ProbeOptions {
        proxy: Proxy::Direct,
        trust: Trust::Only(authority.pem()),
        limit: LONG,
        resolver: HostResolver::with_servers(&[], false),
        pins: pins
            .map(|(name, place)| ((*name).to_owned(), *place))
            .collect(),
    }
}

/// An identity for [`HOST`].
pub fn identity(authority: &Authority) -> Arc<ServerConfig> {
    authority.issue(&[HOST], 2099)
}

pub fn challenge() -> Answer {
    Answer::status(401).header("WWW-Authenticate", CHALLENGE)
}

/// A registry that gives this answer to every question.
pub fn registry(authority: &Authority, answer: Answer) -> Server {
    let routes = vec![("*".to_owned(), vec![answer])];
    Server::start_tls(identity(authority), |_| routes)
}

pub fn ask(check: ProbeCheck, options: &ProbeOptions) -> HostProbe {
    run(tagscope::net::probe(&target(HOST, check), options))
}

/// The only address of a host.
pub fn only(probe: &HostProbe) -> &AddressProbe {
    let [one] = probe.addresses.as_slice() else {
        panic!("{probe:?}");
    };
    one
}

/// What a registry that answers so is taken for.
fn answered(check: ProbeCheck, answer: Answer) -> HostProbe {
    let authority = Authority::new();
    let server = registry(&authority, answer);
    ask(check, &options(&authority, &[(HOST, server.address())]))
}

#[test]
fn a_challenge_means_allowed() {
    let authority = Authority::named("Microsoft test authority");
    let server = registry(&authority, challenge());
    let pins = [(HOST, server.address())];
    let probe = ask(ProbeCheck::Registry, &options(&authority, &pins));
    assert_eq!(probe.verdict(), ProbeVerdict::Allowed);
    let sentence = probe.sentence();
    let begins = "allowed: the registry answered 401 with its challenge in ";
    assert!(
        sentence.starts_with(begins) && sentence.ends_with(" ms"),
        "{sentence}"
    );
    let one = only(&probe);
    assert_eq!(one.address, Some(server.address().ip()));
    assert_eq!(one.http, Some(401));
    assert!(one.tcp.is_some());
    let tls = one.tls.as_ref().unwrap();
    assert!(tls.names_match && tls.is_trusted);
    assert_eq!(tls.issuer.as_str(), "Microsoft test authority");
    assert_eq!(tls.not_after.to_string(), "2099-01-01");
    let requests = server.requests();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("GET", "/v2/")
    );
    assert_eq!(request.header("Host"), Some(HOST));
    assert_eq!(request.header("Authorization"), None);
}

#[test]
fn a_trusted_but_unusual_issuer_is_named() {
    let sentence = answered(ProbeCheck::Registry, challenge()).sentence();
    assert!(
        sentence.contains("issued by \"a test's authority\", which is trusted"),
        "{sentence}"
    );
}

#[test]
fn a_refusal_gives_the_client_address_in_every_form() {
    let bodies = [
        r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#,
        r#"{"errors":[{"code":"DENIED","message":"client with IP \u0027203.0.113.9\u0027 is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#,
        "denied: client with IP 203.0.113.9 is not allowed access, refer https://aka.ms/acr/firewall to grant access",
        "client with IP '203.0.113.9' is not allowed access. CorrelationId: 0b1c8a52-7f00-4d7c-9d31-5e6f7a8b9c0d",
    ];
    for body in bodies {
        let probe = answered(ProbeCheck::Registry, Answer::status(403).body(body));
        assert_eq!(probe.verdict(), ProbeVerdict::Denied, "{body}");
        assert_eq!(probe.client_address(), Some(IpAddr::from(CLIENT)));
        let sentence = "refused by the registry's network rules; it saw 203.0.113.9";
        assert_eq!(probe.sentence(), sentence);
        assert_eq!(only(&probe).http, Some(403));
    }
}

#[test]
fn what_a_proxy_puts_in_place_is_no_registry() {
    let page = "<!doctype html><title>Access blocked</title>";
    let cases = [
        (
            Answer::html(page),
            "200 came with a web page (\"Access blocked\")",
        ),
        (
            Answer::html(page).header("X", "y").unsized_(),
            "200 came with a web page",
        ),
        (
            Answer::redirect("https://portal.corp.example/?k=secret"),
            "302 leads to portal.corp.example",
        ),
        (
            Answer::status(403).body(page),
            "403 came without a registry's words",
        ),
        (
            Answer::status(401),
            "401 came without a registry's challenge",
        ),
        (Answer::status(404), "404 came"),
        (Answer::status(502), "502 came"),
        (
            Answer::raw("SSH-2.0-x\r\n"),
            "TLS stands, but what answers does not speak HTTP",
        ),
    ];
    for (answer, why) in cases {
        let probe = answered(ProbeCheck::Registry, answer);
        assert_eq!(probe.verdict(), ProbeVerdict::NotARegistry, "{why}");
        let sentence = probe.sentence();
        assert!(sentence.contains(why), "{sentence}");
        assert!(!sentence.contains("secret"));
    }
}

#[test]
fn any_answer_over_good_tls_reaches_another_host() {
    for status in [200, 302, 400, 403, 404] {
        let probe = answered(ProbeCheck::Tls, Answer::status(status));
        assert_eq!(probe.verdict(), ProbeVerdict::Allowed, "{status}");
        assert_eq!(only(&probe).http, Some(status));
    }
}

#[test]
fn what_is_too_large_is_not_read() {
    let endless = format!(
        "HTTP/1.1 200 OK\r\n{}",
        "X-More: 0123456789\r\n".repeat(1 << 16)
    );
    let probe = answered(ProbeCheck::Registry, Answer::raw(endless));
    assert_eq!(probe.verdict(), ProbeVerdict::NotARegistry);
    assert!(probe.sentence().contains("headers"), "{}", probe.sentence());
    let line = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(1 << 20));
    let probe = answered(ProbeCheck::Registry, Answer::raw(line));
    assert_eq!(probe.verdict(), ProbeVerdict::NotARegistry);
    let page = format!("<html>{}", "x".repeat(8 << 20));
    let probe = answered(ProbeCheck::Registry, Answer::html(page));
    assert_eq!(probe.verdict(), ProbeVerdict::NotARegistry);
    assert!(
        probe.sentence().contains("web page"),
        "{}",
        probe.sentence()
    );
}

#[test]
fn a_body_that_stops_is_judged_by_what_came() {
    let text = "client with IP '203.0.113.9' is not allowed access.".to_owned();
    let length = text.len();
    let authority = Authority::new();
    let refusal = Answer::status(403).body(text + &"x".repeat(1000));
    let server = registry(&authority, refusal.clone().stall(length));
    let mut options = options(&authority, &[(HOST, server.address())]);
    options.limit = Duration::from_millis(800);
    assert_eq!(
        ask(ProbeCheck::Registry, &options).client_address(),
        Some(IpAddr::from(CLIENT))
    );
    server.script("*", [refusal.cut(length)]);
    assert_eq!(
        ask(ProbeCheck::Registry, &options).client_address(),
        Some(IpAddr::from(CLIENT))
    );
}

#[tokio::test]
async fn aliases_of_the_resolver_show_private_link() {
    let authority = Authority::new();
    let server = registry(&authority, challenge());
    let names = serve(|_, kind| {
        let private = "contoso.privatelink.azurecr.io";
        let mut rows = vec![alias(HOST, private)];
        if kind == A {
            rows.push((wire(private), A, vec![127, 0, 0, 1]));
        }
        Some((0, rows))
    })
    .await;
    let options = ProbeOptions {
        resolver: HostResolver::with_servers(&[names], false),
        ..options(&authority, &[])
    };
    let asked = ProbeTarget {
        port: server.address().port(),
        ..target("Contoso.AzureCR.io.", ProbeCheck::Registry)
    };
    let probe = tagscope::net::probe(&asked, &options).await;
    assert_eq!(
        probe.verdict(),
        ProbeVerdict::Allowed,
        "{}",
        probe.sentence()
    );
    assert!(probe.private_link());
    assert_eq!(probe.host.as_str(), HOST);
    let host = format!("{HOST}:{}", server.address().port());
    assert_eq!(server.requests()[0].header("Host"), Some(host.as_str()));
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_said() {
    let authority = Authority::new();
    let names = serve(|_, _| Some((3, Vec::new()))).await;
    let options = ProbeOptions {
        resolver: HostResolver::with_servers(&[names], false),
        ..options(&authority, &[])
    };
    let probe = tagscope::net::probe(&target(HOST, ProbeCheck::Registry), &options).await;
    assert_eq!(probe.verdict(), ProbeVerdict::Unreachable);
    assert!(
        probe
            .sentence()
            .starts_with("no host is named contoso.azurecr.io")
    );
    assert!(probe.addresses.is_empty());
}

#[test]
fn what_is_no_host_is_not_asked() {
    let options = options(&Authority::new(), &[]);
    for (host, says) in [
        ("*.blob.core.windows.net", "a wildcard cannot be asked"),
        ("a b", "is not a host name"),
        ("", "is not a host name"),
        ("a\r\nX: y", "is not a host name"),
    ] {
        let probe = run(tagscope::net::probe(
            &target(host, ProbeCheck::Tls),
            &options,
        ));
        assert!(
            probe.sentence().contains(says),
            "{host}: {}",
            probe.sentence()
        );
        assert!(!probe.sentence().contains(['\r', '\n']));
    }
}
