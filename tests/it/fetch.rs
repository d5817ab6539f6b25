//! The ways to a publication, against a server of our own on the loopback interface.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use tagscope::azure::{Cloud, parse};
use tagscope::net::{
    FetchError, FetchProgress, FetchRoute, Fetched, HeldDocument, Latest, Limits, NetOptions,
    Proxy, Publisher, Trust,
};

use crate::server::{Answer, Authority, Routes, Server};

/// A Saturday; the Monday before is the 16th.
pub const TODAY: Date = Date::constant(2026, 11, 21);
pub const PUBLIC: &str = "/download/7/1/d/71d86715-5596-4529-9b13-da13a5de5b63";
const GOVERNMENT: &str = "/download/6/4/d/64db03bf-895b-4173-a8b1-ba4ad5d4df22";

pub fn run<T>(work: impl Future<Output = T> + Send) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

/// Bounds that no test reaches on a busy machine, unless it narrows them.
pub fn limits() -> Limits {
    Limits {
        pause: Duration::ZERO,
        ..Limits::default()
    }
}

pub fn options(base: &str, authority: &Authority) -> NetOptions {
    NetOptions {
        page: format!("{base}/details.aspx"),
        files: format!("{base}/download"),
        management: Some(base.to_owned()),
        trust: Trust::Only(authority.pem()),
        proxy: Proxy::Direct,
        limits: limits(),
        ..NetOptions::default()
    }
}

pub fn publisher(server: &Server, authority: &Authority) -> Publisher {
    Publisher::new(&options(server.base(), authority)).unwrap()
}

pub fn document(cloud: &str) -> Vec<u8> {
    format!(
        "{{\"changeNumber\":1,\"cloud\":\"{cloud}\",\"values\":[{{\"name\":\"Sql\",\"id\":\"Sql\",\"properties\":{{\"changeNumber\":1,\"region\":\"\",\"platform\":\"Azure\",\"systemService\":\"AzureSQL\",\"addressPrefixes\":[\"192.0.2.0/24\"]}}}}]}}\r\n"
    )
    .into_bytes()
}

pub fn file(folder: &str, cloud: &str, which: &str) -> String {
    format!("{folder}/ServiceTags_{cloud}_{which}.json")
}

pub fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

pub fn latest(publisher: &Publisher, cloud: Cloud) -> Result<Latest, FetchError> {
    run(publisher.latest(cloud, None, TODAY, &mut |_| {}))
}

fn new(latest: Result<Latest, FetchError>) -> Fetched {
    match latest.unwrap() {
        Latest::New(fetched) => fetched,
        Latest::NotModified { url, .. } => panic!("{url} is not modified"),
    }
}

fn page(links: &[String]) -> Answer {
    let links: Vec<String> = links
        .iter()
        .map(|link| format!("<a href=\"{link}\">"))
        .collect();
    Answer::html(format!("<html>{}</html>", links.concat()))
}

/// A details page that names the file of 2026-11-16, and that file.
fn published(base: &str) -> Routes {
    let new = file(PUBLIC, "Public", "20261116");
    let old = file(PUBLIC, "Public", "20261109");
    vec![
        (
            "/details.aspx".to_owned(),
            vec![page(&[format!("{base}{old}"), format!("{base}{new}")])],
        ),
        (
            new,
            vec![
                Answer::json(document("Public"))
                    .header("ETag", "\"one\"")
                    .header("Last-Modified", "Tue, 17 Nov 2026 10:00:00 GMT"),
            ],
        ),
    ]
}

#[test]
fn the_details_page_leads_to_the_file_over_tls() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.identity(), published);
    let publisher = publisher(&server, &authority);
    let mut steps = Vec::new();
    let mut report = |step| steps.push(step);
    let fetched = new(run(publisher.latest(
        Cloud::Public,
        None,
        TODAY,
        &mut report,
    )));
    assert_eq!(fetched.bytes, document("Public"));
    assert!(parse(&fetched.bytes, fetched.date).is_ok());
    assert_eq!(fetched.url, server.url(&file(PUBLIC, "Public", "20261116")));
    assert_eq!(fetched.date, Some(Date::constant(2026, 11, 16)));
    assert_eq!(fetched.route, FetchRoute::Page);
    assert_eq!(fetched.etag.as_deref(), Some("\"one\""));
    assert_eq!(
        fetched.last_modified.as_deref(),
        Some("Tue, 17 Nov 2026 10:00:00 GMT")
    );
    assert!(fetched.notes.is_empty());
    assert_eq!(
        server.paths(),
        [
            "/details.aspx?id=56519".to_owned(),
            file(PUBLIC, "Public", "20261116")
        ]
    );
    let browser = server.requests()[0]
        .header("user-agent")
        .unwrap()
        .to_owned();
    assert!(browser.starts_with("Mozilla/5.0"), "{browser}");
    let length = u64::try_from(document("Public").len()).unwrap();
    assert_eq!(
        steps.last(),
        Some(&FetchProgress::Receiving {
            received: length,
            total: Some(length)
        })
    );
    assert!(
        matches!(&steps[0], FetchProgress::Asking { what } if what.as_str().contains("/details"))
    );
}

#[test]
fn extra_roots_stand_beside_those_of_the_system() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.identity(), published);
    let options = NetOptions {
        trust: Trust::System(authority.pem()),
        ..options(server.base(), &authority)
    };
    let publisher = Publisher::new(&options).unwrap();
    assert_eq!(
        new(latest(&publisher, Cloud::Public)).route,
        FetchRoute::Page
    );
}

#[test]
fn a_document_that_is_held_is_not_sent_again() {
    let authority = Authority::new();
    let server = Server::start(published);
    let publisher = publisher(&server, &authority);
    let first = new(latest(&publisher, Cloud::Public));
    let known = HeldDocument {
        etag: first.etag,
        last_modified: first.last_modified,
        url: Some(first.url.clone()),
    };
    let ask = |known: &HeldDocument| {
        run(publisher.latest(Cloud::Public, Some(known), TODAY, &mut |_| {})).unwrap()
    };
    let expected = Latest::NotModified {
        url: first.url.clone(),
        date: first.date,
        notes: Vec::new(),
    };
    assert_eq!(ask(&known), expected);
    let sent = server.requests();
    let sent = sent.last().unwrap();
    assert_eq!(sent.header("if-none-match"), Some("\"one\""));
    assert!(sent.header("if-modified-since").is_some());
    // What is known of another address says nothing of this one.
    let other = HeldDocument {
        url: Some(first.url.replace("20261116", "20261109")),
        ..known
    };
    assert!(matches!(ask(&other), Latest::New(_)));
    assert_eq!(
        server.requests().last().unwrap().header("if-none-match"),
        None
    );
}

#[test]
fn without_the_page_the_fixed_name_is_asked_for() {
    let authority = Authority::new();
    let fixed = file(PUBLIC, "Public", "Latest");
    let server = Server::start(|_| vec![(fixed.clone(), vec![Answer::json(document("Public"))])]);
    let publisher = publisher(&server, &authority);
    let fetched = new(latest(&publisher, Cloud::Public));
    assert_eq!(fetched.route, FetchRoute::FixedName);
    assert_eq!(fetched.date, None);
    assert_eq!(fetched.notes.len(), 1);
    assert!(fetched.notes[0].as_str().contains("details page"));
    // A page without a link is no help either, nor is one with a link to nowhere.
    let foreign = "https://elsewhere.example/ServiceTags_Public_20261116.json".to_owned();
    let gone = server.url(&file(PUBLIC, "Public", "20261116"));
    for links in [vec![], vec![foreign], vec![gone]] {
        server.script("/details.aspx", [page(&links)]);
        assert_eq!(
            new(latest(&publisher, Cloud::Public)).route,
            FetchRoute::FixedName
        );
    }
    let named = Answer::json(document("Public")).header(
        "Content-Disposition",
        "attachment; filename=ServiceTags_Public_20261109.json",
    );
    server.script(&fixed, [named]);
    let date = new(latest(&publisher, Cloud::Public)).date;
    assert_eq!(date, Some(Date::constant(2026, 11, 9)));
}

#[test]
fn dated_names_are_walked_back_mondays_first() {
    let authority = Authority::new();
    let second = file(GOVERNMENT, "AzureGovernment", "20261109");
    let server = Server::start(|_| {
        vec![(
            second.clone(),
            vec![Answer::json(document("AzureGovernment"))],
        )]
    });
    let publisher = publisher(&server, &authority);
    let fetched = new(latest(&publisher, Cloud::AzureGovernment));
    assert_eq!(fetched.route, FetchRoute::DatedName);
    assert_eq!(fetched.date, Some(Date::constant(2026, 11, 9)));
    let newest = file(GOVERNMENT, "AzureGovernment", "20261116");
    let expected = ["/details.aspx?id=57063".to_owned(), newest, second.clone()];
    assert_eq!(server.paths(), expected);
    // A day that is no Monday is found as well, after all Mondays.
    server.script(&second, [Answer::status(410)]);
    let thursday = file(GOVERNMENT, "AzureGovernment", "20261105");
    server.script(&thursday, [Answer::json(document("AzureGovernment"))]);
    let date = new(latest(&publisher, Cloud::AzureGovernment)).date;
    assert_eq!(date, Some(Date::constant(2026, 11, 5)));
    // Nothing older than what is held is asked for.
    let before = server.paths().len();
    let known = HeldDocument {
        url: Some(server.url(&file(GOVERNMENT, "AzureGovernment", "20261116"))),
        ..HeldDocument::default()
    };
    let government = Cloud::AzureGovernment;
    let asked = run(publisher.latest(government, Some(&known), TODAY, &mut |_| {}));
    assert!(asked.is_err());
    let asked = server.paths().split_off(before);
    assert_eq!(asked.len(), 1 + 6);
    assert!(asked.last().unwrap().contains("20261116"));
}

#[test]
fn when_nothing_is_there_the_sentence_says_what_was_tried() {
    let authority = Authority::new();
    let server = Server::start(|_| Vec::new());
    let error = latest(&publisher(&server, &authority), Cloud::China).unwrap_err();
    let FetchError::NoPublication {
        tried,
        oldest,
        page,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!((*tried, *oldest), (36, Date::constant(2026, 10, 17)));
    assert!(matches!(**page, FetchError::NotFound { .. }));
    assert!(error.to_string().contains("36 dated names"), "{error}");
    assert_eq!(server.paths().len(), 37);
}

#[test]
fn a_failure_that_would_repeat_ends_the_search() {
    let authority = Authority::new();
    let server = Server::start(|_| vec![("*".to_owned(), vec![Answer::status(403)])]);
    let error = latest(&publisher(&server, &authority), Cloud::Public).unwrap_err();
    assert!(matches!(error, FetchError::Forbidden { .. }), "{error}");
    // The page, the fixed name, one dated name.
    assert_eq!(server.paths().len(), 3);
}

#[test]
fn an_address_that_was_given_is_trusted_with_its_host() {
    let authority = Authority::new();
    let mirror = Server::start_tls(authority.identity(), |base| {
        let plain = Answer::json(document("Public"));
        let packed = Answer::json(gzip(&document("Public")));
        vec![
            ("/f.json".to_owned(), vec![plain.header("ETag", "\"x\"")]),
            (
                "/ServiceTags_Public_20261102.json.gz".to_owned(),
                vec![packed.clone()],
            ),
            (
                "/encoded".to_owned(),
                vec![packed.header("Content-Encoding", "gzip")],
            ),
            (
                "/moved".to_owned(),
                vec![Answer::redirect(&format!(
                    "{base}/ServiceTags_Public_20261102.json.gz"
                ))],
            ),
        ]
    });
    let options = options("https://publisher.invalid", &authority);
    let publisher = Publisher::new(&options).unwrap();
    let given = |path: &str| {
        let known = HeldDocument {
            etag: Some("\"x\"".to_owned()),
            ..HeldDocument::default()
        };
        run(publisher.given(&mirror.url(path), Some(&known), &mut |_| {})).unwrap()
    };
    assert!(matches!(
        given("/f.json"),
        Latest::NotModified { date: None, .. }
    ));
    for path in ["/ServiceTags_Public_20261102.json.gz", "/encoded", "/moved"] {
        let Latest::New(fetched) = given(path) else {
            panic!("{path}");
        };
        assert_eq!(fetched.bytes, document("Public"), "{path}");
        assert_eq!(fetched.route, FetchRoute::Given);
        assert_eq!(fetched.notes.len(), usize::from(path == "/moved"));
        let dated = (path != "/encoded").then_some(Date::constant(2026, 11, 2));
        assert_eq!(fetched.date, dated, "{path}");
    }
}

#[test]
fn secrets_of_a_mirrors_address_stay_in_the_request() {
    let authority = Authority::new();
    let mirror = Server::start_tls(authority.identity(), |_| {
        vec![(
            "/f.json".to_owned(),
            vec![Answer::json(document("Public")), Answer::status(500)],
        )]
    });
    let publisher = publisher(&mirror, &authority);
    let secret = mirror
        .url("/f.json?sig=topsecret")
        .replace("https://", "https://me:topsecret@");
    let mut steps = Vec::new();
    let fetched = new(run(publisher.given(&secret, None, &mut |step| {
        steps.push(step);
    })));
    let error = run(publisher.given(&secret, None, &mut |_| {})).unwrap_err();
    let said = format!("{fetched:?} {steps:?} {error} {error:?}");
    assert!(!said.contains("topsecret"), "{said}");
    let sent = &mirror.requests()[0];
    assert!(sent.path.contains("sig=topsecret"));
    assert!(sent.header("authorization").is_some());
}

#[test]
fn earlier_dates_come_from_the_publisher_or_a_mirror() {
    let authority = Authority::new();
    let server = Server::start(|_| {
        let held = Answer::json(document("China"));
        vec![
            ("/old/China/20251006.json".to_owned(), vec![held.clone()]),
            (
                "/download/9/d/0/9d03b7e2-4b80-4bf3-9b91-da8c7d3ee9f9/ServiceTags_China_20261102.json"
                    .to_owned(),
                vec![held],
            ),
        ]
    });
    let publisher = publisher(&server, &authority);
    let dated = |date: Date, template: Option<&str>| {
        run(publisher.dated(Cloud::China, date, template, &mut |_| {}))
    };
    let template = server.url("/old/{cloud}/{date}.json");
    let old = Date::constant(2025, 10, 6);
    let fetched = dated(old, Some(&template)).unwrap().unwrap();
    assert_eq!(
        (fetched.date, fetched.route),
        (Some(old), FetchRoute::Mirror)
    );
    assert_eq!(dated(TODAY, Some(&template)).unwrap(), None);
    let recent = Date::constant(2026, 11, 2);
    let fetched = dated(recent, None).unwrap().unwrap();
    assert_eq!(
        (fetched.date, fetched.route),
        (Some(recent), FetchRoute::DatedName)
    );
    assert_eq!(dated(TODAY, None).unwrap(), None);
    let error = dated(old, Some("https://mirror.example/latest.json")).unwrap_err();
    assert!(matches!(error, FetchError::Template { .. }), "{error}");
    assert!(!error.is_network());
}

#[test]
fn a_document_of_the_usual_size_comes_whole() {
    let authority = Authority::new();
    let filler = "\"192.0.2.0/24\",".repeat(350_000);
    let large = format!("{{\"values\":[{}]}}", filler.trim_end_matches(','));
    let server = Server::start_tls(authority.identity(), |_| {
        let packed = Answer::json(gzip(large.as_bytes())).header("Content-Encoding", "gzip");
        vec![
            ("/plain".to_owned(), vec![Answer::json(large.clone())]),
            ("/packed".to_owned(), vec![packed]),
        ]
    });
    let publisher = publisher(&server, &authority);
    for path in ["/plain", "/packed"] {
        let fetched = new(run(publisher.given(&server.url(path), None, &mut |_| {})));
        assert!(fetched.bytes == large.as_bytes(), "{path}");
    }
}
