//! What may stand between: no connection, no TLS, a certificate of somebody else, silence.

use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use tagscope::net::ProbeOptions;
use tagscope::query::probe::{HostProbe, ProbeCheck, ProbeVerdict};

use crate::probe::{HOST, ask, challenge, only, options, registry};
use crate::server::{Answer, Authority, Server};

/// Long enough for a handshake on a busy machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(800);

fn at(place: SocketAddr, limit: Duration) -> HostProbe {
    let options = ProbeOptions {
        limit,
        ..options(&Authority::new(), &[(HOST, place)])
    };
    ask(ProbeCheck::Registry, &options)
}

fn assert_unreachable(probe: &HostProbe, why: &str) {
    assert_eq!(probe.verdict(), ProbeVerdict::Unreachable, "{probe:?}");
    let sentence = probe.sentence();
    assert!(sentence.contains(why), "{sentence}");
    assert_eq!(only(probe).http, None);
}

/// A registry with a certificate for these names until that year, asked by one who trusts it.
fn shown(names: &[&str], until: i32) -> (HostProbe, usize) {
    let authority = Authority::named("Test CA");
    let answers = vec![("*".to_owned(), vec![challenge()])];
    let server = Server::start_tls(authority.issue(names, until), |_| answers);
    let options = options(&authority, &[(HOST, server.address())]);
    (ask(ProbeCheck::Registry, &options), server.requests().len())
}

#[test]
fn an_expired_certificate_is_kept_and_ends_the_probe() {
    let (probe, asked) = shown(&[HOST], 2021);
    assert_unreachable(&probe, "issued by \"Test CA\", expired on 2021-01-01");
    let tls = only(&probe).tls.as_ref().unwrap();
    assert!(tls.names_match && !tls.is_trusted);
    assert_eq!(asked, 0);
}

#[test]
fn a_certificate_for_another_name_says_for_whom_it_is() {
    let (probe, asked) = shown(&["other.example"], 2099);
    assert_unreachable(&probe, "issued by \"Test CA\": somebody else answers");
    let tls = only(&probe).tls.as_ref().unwrap();
    assert!(!tls.names_match && tls.is_trusted);
    assert_eq!(asked, 0);
}

#[test]
fn a_proxy_that_opens_tls_is_named() {
    let proxy = Authority::named("Corp\x1b Proxy CA");
    let server = registry(&proxy, challenge());
    let probe = at(server.address(), SHORT * 10);
    let why = "issued by \"Corp␛ Proxy CA\", which is not trusted here: a proxy that opens TLS";
    assert_unreachable(&probe, why);
    let tls = only(&probe).tls.as_ref().unwrap();
    assert!(tls.names_match && !tls.is_trusted);
    assert_eq!(tls.not_after.to_string(), "2099-01-01");
    assert!(only(&probe).tcp.is_some());
    assert!(server.requests().is_empty());
}

#[test]
fn a_refused_port_is_told_from_silence() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let place = listener.local_addr().unwrap();
    // The kernel takes the connection; nobody ever reads.
    let silent = at(place, Duration::from_millis(150));
    assert_unreachable(&silent, "nothing came of TLS within 0.15 s");
    assert!(only(&silent).tcp.is_some());
    drop(listener);
    let refused = at(place, SHORT);
    assert_unreachable(&refused, "the connection was refused");
    assert_eq!(only(&refused).tcp, None);
}

#[test]
fn a_connection_that_is_cut_is_told() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let place = listener.local_addr().unwrap();
    thread::spawn(move || drop(listener.accept()));
    assert_unreachable(&at(place, SHORT * 10), "broke off during TLS");
    let authority = Authority::new();
    let server = registry(&authority, Answer::close());
    let options = options(&authority, &[(HOST, server.address())]);
    assert_unreachable(
        &ask(ProbeCheck::Tls, &options),
        "broke off before an answer",
    );
}

#[test]
fn plain_http_on_the_port_is_no_tls() {
    let server = Server::start(|_| Vec::new());
    let probe = at(server.address(), SHORT * 10);
    assert_unreachable(&probe, "does not speak TLS");
    assert_eq!(only(&probe).tls, None);
}

#[test]
fn a_host_that_takes_the_question_and_is_silent_ends_in_time() {
    let authority = Authority::new();
    let server = registry(&authority, Answer::silent());
    let options = ProbeOptions {
        limit: SHORT,
        ..options(&authority, &[(HOST, server.address())])
    };
    let begun = Instant::now();
    let probe = ask(ProbeCheck::Registry, &options);
    assert!(begun.elapsed() < SHORT * 4);
    assert_unreachable(&probe, "no answer came within 0.8 s");
    assert!(only(&probe).tls.is_some());
}

#[test]
fn an_answer_that_breaks_off_in_its_headers_is_none() {
    let authority = Authority::new();
    let cut = Answer::raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 Unauth");
    let server = registry(&authority, cut);
    let options = options(&authority, &[(HOST, server.address())]);
    assert_unreachable(
        &ask(ProbeCheck::Registry, &options),
        "broke off before an answer",
    );
}

#[test]
fn several_addresses_are_told_apart() {
    let authority = Authority::new();
    let refusal = "client with IP '203.0.113.9' is not allowed access.";
    let allowed = registry(&authority, challenge());
    let denied = registry(&authority, Answer::status(403).body(refusal));
    let gone = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let nobody = gone.local_addr().unwrap();
    drop(gone);
    let pins = [nobody, allowed.address(), denied.address()].map(|place| (HOST, place));
    let probe = ask(ProbeCheck::Registry, &options(&authority, &pins));
    let verdicts: Vec<ProbeVerdict> = probe.addresses.iter().map(|one| one.verdict).collect();
    assert_eq!(
        verdicts,
        [
            ProbeVerdict::Unreachable,
            ProbeVerdict::Allowed,
            ProbeVerdict::Denied
        ]
    );
    assert_eq!(probe.verdict(), ProbeVerdict::Denied);
    let ends = "; of 3 addresses 1 denied, 1 allowed, 1 unreachable";
    assert!(probe.sentence().ends_with(ends), "{}", probe.sentence());
    let probe = ask(ProbeCheck::Registry, &options(&authority, &pins[..2]));
    assert_eq!(probe.verdict(), ProbeVerdict::Allowed);
}

#[test]
fn only_some_of_many_addresses_are_tried() {
    let authority = Authority::new();
    let server = registry(&authority, challenge());
    let pins = [(HOST, server.address()); 10];
    let probe = ask(ProbeCheck::Registry, &options(&authority, &pins));
    assert_eq!((probe.addresses.len(), probe.untried), (8, 2));
    assert!(
        probe
            .sentence()
            .ends_with("; 2 further addresses were not tried")
    );
    assert_eq!(server.requests().len(), 8);
}

#[test]
fn roots_that_are_none_are_said_for_every_host() {
    let authority = Authority::new();
    let mut options = options(&authority, &[]);
    options.trust = tagscope::net::Trust::Only(b"nothing".to_vec());
    let probe = ask(ProbeCheck::Registry, &options);
    assert!(
        probe.sentence().contains("root certificates"),
        "{}",
        probe.sentence()
    );
}
