//! Every way a fetch can fail, each with its own sentence.

use std::collections::HashSet;
use std::io::Write;
use std::mem::{Discriminant, discriminant};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tagscope::azure::Cloud;
use tagscope::net::{
    FetchError, FetchProgress, Latest, Limits, NetOptions, Proxy, Publisher, Trust,
};

use crate::fetch::{document, gzip, latest, limits, options, publisher, run};
use crate::server::{Answer, Authority, Server};

/// Long enough for a step on the loopback interface, short enough to wait for.
const SHORT: Duration = Duration::from_millis(150);

/// Fetches `/f` of `server` with `limits`.
fn fetch(server: &Server, authority: &Authority, limits: Limits) -> Result<Latest, FetchError> {
    let options = NetOptions {
        limits,
        ..options(server.base(), authority)
    };
    let publisher = Publisher::new(&options).unwrap();
    run(publisher.given(&server.url("/f"), None, &mut |_| {}))
}

fn one(answer: Answer, limits: Limits) -> FetchError {
    let server = Server::start(|_| vec![("/f".to_owned(), vec![answer])]);
    fetch(&server, &Authority::new(), limits).unwrap_err()
}

fn small() -> Limits {
    Limits {
        wire: 64 << 10,
        decoded: 256 << 10,
        ..limits()
    }
}

/// The failures that one scripted answer brings about.
fn by_answer() -> Vec<FetchError> {
    let doc = || Answer::json(document("Public"));
    let brief = |change: fn(&mut Limits)| {
        let mut limits = limits();
        change(&mut limits);
        limits
    };
    vec![
        one(Answer::status(403), limits()),
        one(Answer::status(404), limits()),
        one(Answer::status(500), limits()),
        one(Answer::status(407), limits()),
        one(Answer::status(429).header("Retry-After", "3600"), limits()),
        one(Answer::redirect("/f"), limits()),
        one(Answer::redirect("https://foreign.example/x"), limits()),
        one(Answer::status(302), limits()),
        one(doc().cut(100), limits()),
        one(doc().announced(100), limits()),
        one(Answer::html("<html>Sign in</html>"), limits()),
        one(Answer::json("changeNumber: 1"), limits()),
        one(doc().header("Content-Encoding", "br"), limits()),
        one(
            Answer::json(gzip(&document("Public"))[..60].to_vec()),
            limits(),
        ),
        one(Answer::json(vec![b' '; 100_000]), small()),
        one(Answer::json(gzip(&vec![b' '; 1 << 20])), small()),
        one(
            Answer::silent(),
            brief(|limits| {
                limits.connect = SHORT;
                limits.answer = SHORT;
            }),
        ),
        one(doc().stall(50), brief(|limits| limits.stall = SHORT)),
        one(
            doc().drip(Duration::from_millis(20)),
            brief(|limits| {
                limits.total = Duration::from_millis(400);
            }),
        ),
        one(Answer::close(), limits()),
        one(Answer::raw("SSH-2.0-OpenSSH_9.7\r\n\r\n"), limits()),
    ]
}

/// The failures to which a connection leads.
fn by_connection(authority: &Authority) -> Vec<FetchError> {
    let fails = |options: &NetOptions| {
        let publisher = Publisher::new(options).unwrap();
        let url = format!("{}/f", options.management.clone().unwrap());
        run(publisher.given(&url, None, &mut |_| {})).unwrap_err()
    };
    let tls = |identity| {
        let server = Server::start_tls(identity, |_| Vec::new());
        fetch(&server, authority, limits()).unwrap_err()
    };
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("https://{}", free.local_addr().unwrap());
    drop(free);
    let plain = Server::start(|_| Vec::new());
    let not_tls = plain.base().replace("http:", "https:");
    // Accepts and never says a word of TLS.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let mute_base = format!("https://{}", mute.local_addr().unwrap());
    let mut hurried = options(&mute_base, authority);
    hurried.limits.connect = SHORT;
    let proxied = |answer| {
        let proxy = Server::start(|_| vec![("*".to_owned(), vec![answer])]);
        let mut options = options("https://publisher.invalid", authority);
        options.proxy = Proxy::At(proxy.base().replace("http://", "http://me:secret@"));
        let error = fails(&options);
        assert_eq!(proxy.requests()[0].method, "CONNECT");
        error
    };
    let mut no_proxy = options("https://publisher.invalid", authority);
    no_proxy.proxy = Proxy::At(closed.replace("https:", "http:"));
    vec![
        fails(&options("https://publisher.invalid", authority)),
        fails(&options(&closed, authority)),
        fails(&hurried),
        fails(&options(&not_tls, authority)),
        tls(Authority::new().identity()),
        tls(authority.issue(&["127.0.0.1"], 2021)),
        tls(authority.issue(&["other.example"], 2099)),
        proxied(Answer::status(407)),
        proxied(Answer::status(502)),
        fails(&no_proxy),
    ]
}

/// The variant's name.
fn name(error: &FetchError) -> String {
    let text = format!("{error:?}");
    let end = text.find(|c: char| !c.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}

#[test]
fn each_fault_has_its_own_variant_and_sentence() {
    let authority = Authority::new();
    let mut faults = by_answer();
    faults.extend(by_connection(&authority));
    let names: Vec<String> = faults.iter().map(name).collect();
    let expected = [
        "Forbidden",
        "NotFound",
        "Status",
        "ProxyLogin",
        "Busy",
        "RedirectLoop",
        "ForeignHost",
        "BadRedirect",
        "Truncated",
        "Unfinished",
        "Html",
        "NotJson",
        "Encoding",
        "Gzip",
        "LargeWire",
        "LargeDecoded",
        "NoAnswer",
        "Stalled",
        "Slow",
        "Reset",
        "NotHttp",
        "Dns",
        "Refused",
        "ConnectTimeout",
        "Tls",
        "Untrusted",
        "Expired",
        "WrongName",
        "ProxyLogin",
        "ProxyRefused",
        "ProxyUnreachable",
    ];
    assert_eq!(names, expected);
    let mut variants: HashSet<Discriminant<FetchError>> = HashSet::new();
    let mut sentences = HashSet::new();
    for fault in faults {
        assert!(fault.is_network(), "{fault}");
        if !variants.insert(discriminant(&fault)) {
            continue;
        }
        let text = fault.to_string();
        println!("{text}");
        assert!(
            text.contains("127.0.0.1") || text.contains("publisher.invalid"),
            "{text}"
        );
        assert!(!text.contains("secret"), "{text}");
        // Without addresses and figures the sentences still differ.
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
            .collect();
        assert!(sentences.insert(words.join(" ")), "{text}");
    }
}

#[test]
fn a_truncated_body_is_told_at_every_offset() {
    let authority = Authority::new();
    let whole = document("Public");
    let server = Server::start(|_| Vec::new());
    for step in 0..20 {
        let offset = step * whole.len() / 20;
        server.script("/f", [Answer::json(whole.clone()).cut(offset)]);
        let error = fetch(&server, &authority, limits()).unwrap_err();
        let FetchError::Truncated {
            received, expected, ..
        } = &error
        else {
            panic!("{offset}: {error}");
        };
        assert_eq!(*received, u64::try_from(offset).unwrap());
        assert_eq!(*expected, Some(u64::try_from(whole.len()).unwrap()));
        // Where no length is told, the JSON's end tells.
        let cut = whole[..offset].to_vec();
        server.script("/f", [Answer::json(cut).unsized_()]);
        let error = fetch(&server, &authority, limits()).unwrap_err();
        assert!(matches!(error, FetchError::Unfinished { .. }), "{error}");
    }
    server.script(
        "/f",
        [Answer::json(whole.clone()).announced(whole.len() + 1)],
    );
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(error.to_string().contains("of "), "{error}");
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"cloud\"";
    server.script("/f", [Answer::raw(chunked)]);
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(
        matches!(error, FetchError::Truncated { expected: None, .. }),
        "{error}"
    );
    server.script("/f", [Answer::json(whole.clone()).unsized_()]);
    assert!(fetch(&server, &authority, limits()).is_ok());
    // Two lengths that contradict each other are no HTTP at all.
    server.script("/f", [Answer::json(whole).header("Content-Length", "7")]);
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(matches!(error, FetchError::NotHttp { .. }), "{error}");
}

#[test]
fn a_body_cut_inside_tls_is_told() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.identity(), |_| {
        let answer = Answer::json(document("Public")).unsized_();
        vec![("/f".to_owned(), vec![answer])]
    });
    // Without a length, TLS's own end is missing too.
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(
        matches!(error, FetchError::Truncated { expected: None, .. }),
        "{error}"
    );
}

#[test]
fn a_busy_server_is_waited_for_twice_and_not_for_long() {
    let authority = Authority::new();
    let server = Server::start(|_| Vec::new());
    let doc = Answer::json(document("Public"));
    let busy = |status: u16, after: &str| Answer::status(status).header("Retry-After", after);
    let date = "Mon, 16 Nov 2026 10:00:00 GMT";
    let dated = busy(503, date).header("Date", date);
    server.script("/f", [busy(429, "0"), dated.clone(), doc.clone()]);
    let publisher = publisher(&server, &authority);
    let mut waits = 0;
    let mut count = |step| waits += usize::from(matches!(step, FetchProgress::Waiting { .. }));
    let given = run(publisher.given(&server.url("/f"), None, &mut count));
    assert!(given.is_ok());
    assert_eq!(waits, 2);
    server.script("/f", [busy(503, "0"), busy(503, "0"), busy(503, "0"), doc]);
    let error = fetch(&server, &authority, limits()).unwrap_err();
    let zero = Some(Duration::ZERO);
    assert!(
        matches!(error, FetchError::Busy { status: 503, wait, .. } if wait == zero),
        "{error}"
    );
    for (after, words) in [
        (Some("120"), "in 120 s"),
        (Some("Mon, 16 Nov 2026 10:02:03 GMT"), "in 123 s"),
        (Some("soon"), "without naming a time"),
        (None, "without naming a time"),
    ] {
        let mut answer = Answer::status(503).header("Date", date);
        if let Some(after) = after {
            answer = answer.header("Retry-After", after);
        }
        server.script("/f", [answer]);
        let error = fetch(&server, &authority, limits())
            .unwrap_err()
            .to_string();
        assert!(error.contains("503") && error.contains(words), "{error}");
    }
}

#[test]
fn a_broken_connection_is_tried_once_more() {
    let authority = Authority::new();
    let doc = Answer::json(document("Public"));
    let server = Server::start(|_| vec![("/f".to_owned(), vec![Answer::close(), doc])]);
    assert!(fetch(&server, &authority, limits()).is_ok());
    server.script("/f", [Answer::close()]);
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(matches!(error, FetchError::Reset { .. }), "{error}");
    assert_eq!(server.paths().len(), 4);
}

#[test]
fn redirects_are_bounded_and_never_leave_tls() {
    let authority = Authority::new();
    let plain = Server::start(|_| Vec::new());
    let server = Server::start_tls(authority.identity(), |_| {
        let hop = |n: u8| {
            (
                format!("/{n}"),
                vec![Answer::redirect(&format!("/{}", n + 1))],
            )
        };
        let mut routes: Vec<_> = (1..=5).map(hop).collect();
        routes.push(("/6".to_owned(), vec![Answer::json(document("Public"))]));
        routes
    });
    for (start, fits) in [("/1", true), ("/0", false)] {
        server.script("/0", [Answer::redirect("/1")]);
        server.script("/f", [Answer::redirect(start)]);
        let url = server.url(start);
        let fetched = run(publisher(&server, &authority).given(&url, None, &mut |_| {}));
        assert_eq!(fetched.is_ok(), fits);
        let many = matches!(fetched, Err(FetchError::TooManyRedirects { limit: 5, .. }));
        assert_eq!(many, !fits);
    }
    for target in [
        plain.url("/f"),
        "http://publisher.invalid/".to_owned(),
        "ftp://x/".to_owned(),
    ] {
        server.script("/f", [Answer::redirect(&target)]);
        let error = fetch(&server, &authority, limits()).unwrap_err();
        assert!(matches!(error, FetchError::Downgrade { .. }), "{error}");
    }
    assert!(plain.requests().is_empty());
    let circle = [("/a", "/b"), ("/b", "/a")];
    for (from, to) in circle {
        server.script(from, [Answer::redirect(to)]);
    }
    server.script("/f", [Answer::redirect("/a")]);
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(matches!(error, FetchError::RedirectLoop { .. }), "{error}");
}

#[test]
fn a_listed_host_may_be_redirected_to() {
    let authority = Authority::new();
    let other = Server::start_tls(authority.identity(), |_| {
        vec![("/f".to_owned(), vec![Answer::json(document("Public"))])]
    });
    let server = Server::start_tls(authority.identity(), |_| {
        vec![("/f".to_owned(), vec![Answer::redirect(&other.url("/f"))])]
    });
    let error = fetch(&server, &authority, limits()).unwrap_err();
    assert!(matches!(error, FetchError::ForeignHost { .. }), "{error}");
    assert!(other.requests().is_empty());
    let mut options = options(server.base(), &authority);
    options.hosts = vec![other.base().replace("https://", "")];
    let publisher = Publisher::new(&options).unwrap();
    assert!(run(publisher.given(&server.url("/f"), None, &mut |_| {})).is_ok());
}

#[test]
fn the_real_caps_hold() {
    let authority = Authority::new();
    let server = Server::start(|_| Vec::new());
    // 200 MiB of nothing in 200 KiB.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..200 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    for answer in [
        Answer::json(bomb.clone()),
        Answer::json(bomb).header("Content-Encoding", "gzip"),
    ] {
        server.script("/f", [answer]);
        let error = fetch(&server, &authority, limits()).unwrap_err();
        assert!(
            matches!(
                error,
                FetchError::LargeDecoded {
                    limit: 67_108_864,
                    ..
                }
            ),
            "{error}"
        );
    }
    let large = vec![b' '; (16 << 20) + 1];
    for answer in [Answer::json(large.clone()), Answer::json(large).unsized_()] {
        server.script("/f", [answer]);
        let error = fetch(&server, &authority, limits()).unwrap_err();
        assert!(
            matches!(
                error,
                FetchError::LargeWire {
                    limit: 16_777_216,
                    ..
                }
            ),
            "{error}"
        );
    }
}

#[test]
fn slow_and_stalled_servers_end_in_time() {
    let started = Instant::now();
    let limits = Limits {
        stall: SHORT,
        total: SHORT * 4,
        ..limits()
    };
    let doc = || Answer::json(document("Public"));
    let stalled = one(doc().stall(0), limits.clone());
    assert!(
        matches!(stalled, FetchError::Stalled { received: 0, .. }),
        "{stalled}"
    );
    let slow = one(doc().drip(SHORT / 10), limits);
    assert!(
        matches!(slow, FetchError::Slow { received: 2.., .. }),
        "{slow}"
    );
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn addresses_are_checked_before_anything_is_asked() {
    let authority = Authority::new();
    let base = options("http://127.0.0.1:1", &authority);
    let publisher = Publisher::new(&base).unwrap();
    for (url, word) in [
        ("http://mirror.example/f.json", "not https"),
        ("http://localhost/f.json", "not https"),
        ("file:///etc/passwd", "not https"),
        ("mirror.example/f.json", "not an address"),
    ] {
        let error = run(publisher.given(url, None, &mut |_| {})).unwrap_err();
        assert!(
            error.to_string().contains(word) && !error.is_network(),
            "{error}"
        );
    }
    let refused = |change: &dyn Fn(&mut NetOptions)| {
        let mut options = base.clone();
        change(&mut options);
        let error = Publisher::new(&options).unwrap_err();
        assert!(!error.is_network(), "{error}");
        name(&error)
    };
    let plain = "http://mirror.example".to_owned();
    assert_eq!(refused(&|o| o.page.clone_from(&plain)), "NotHttps");
    assert_eq!(refused(&|o| o.files.clone_from(&plain)), "NotHttps");
    assert_eq!(refused(&|o| o.management = Some(plain.clone())), "NotHttps");
    assert_eq!(refused(&|o| o.hosts = vec!["a b".to_owned()]), "NotAUrl");
    assert_eq!(
        refused(&|o| o.trust = Trust::Only(b"nothing".to_vec())),
        "Roots"
    );
    let damaged = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(
        refused(&|o| o.trust = Trust::Only(damaged.to_vec())),
        "Roots"
    );
    assert_eq!(
        refused(&|o| o.trust = Trust::System(damaged.to_vec())),
        "Roots"
    );
    let hidden = |o: &mut NetOptions| o.proxy = Proxy::At("::me:secret".to_owned());
    assert_eq!(refused(&hidden), "BadProxy");
    let error = latest(&publisher, Cloud::Public).unwrap_err();
    assert!(matches!(error, FetchError::Refused { .. }), "{error}");
}

#[test]
fn what_a_server_says_cannot_steer_a_terminal() {
    for answer in [
        Answer::json("\x1b[31m\u{202e}red"),
        Answer::redirect("https://foreign.example/\u{202e}"),
        Answer::redirect("\x1b[31m"),
    ] {
        let error = one(answer, limits());
        let hazard = error
            .to_string()
            .chars()
            .find(|c| tagscope::text::is_hazard(*c));
        assert_eq!(hazard, None, "{error:?}");
    }
}

#[test]
fn a_proxy_is_gone_through_and_its_password_kept() {
    let authority = Authority::new();
    let target = Server::start_tls(authority.issue(&["publisher.invalid"], 2099), |_| {
        vec![("/f".to_owned(), vec![Answer::json(document("Public"))])]
    });
    let proxy = Server::start(|_| vec![("*".to_owned(), vec![Answer::tunnel(&target)])]);
    let mut options = options("https://publisher.invalid", &authority);
    options.proxy = Proxy::At(proxy.base().replace("http://", "http://me:topsecret@"));
    let publisher = Publisher::new(&options).unwrap();
    let url = "https://publisher.invalid/f";
    assert!(run(publisher.given(url, None, &mut |_| {})).is_ok());
    let asked = &proxy.requests()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("CONNECT", "publisher.invalid:443")
    );
    assert!(asked.header("proxy-authorization").is_some());
    assert_eq!(target.requests()[0].header("proxy-authorization"), None);
    assert!(!format!("{publisher:?}").contains("topsecret"));
}
