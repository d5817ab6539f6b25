//! The Discovery API: its pages become one document, its token stays a secret.

use tagscope::azure::{Cloud, parse};
use tagscope::net::{ApiView, FetchError, FetchRoute, Fetched, Token};

use crate::fetch::{publisher, run};
use crate::server::{Answer, Authority, Server};

const SUBSCRIPTION: &str = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
const SECRET: &str = "eyJ0eXAi.c2VjcmV0.c2lnbmF0dXJl";

/// Whether a failure is the one that a script should lead to.
type Expected = fn(&FetchError) -> bool;

fn discover(server: &Server, authority: &Authority) -> Result<Fetched, FetchError> {
    let token = Token::new(&format!(" {SECRET}\n")).unwrap();
    let view = ApiView {
        cloud: Cloud::Public,
        subscription: SUBSCRIPTION,
        location: "West Europe",
        token: &token,
    };
    run(publisher(server, authority).discover(view, &mut |_| {}))
}

fn question() -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope/serviceTags"
    )
}

fn part(name: &str, next: &str) -> String {
    format!(
        "{{\"name\":\"Public\",\"changeNumber\":\"63\",\"cloud\":\"Public\",\"values\":[{{\"name\":\"{name}\",\"id\":\"{name}\",\"properties\":{{\"changeNumber\":\"7\",\"addressPrefixes\":[\"192.0.2.0/24\"]}}}}],\"nextLink\":{next}}}"
    )
}

#[test]
fn the_pages_of_the_api_are_joined() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.identity(), |base| {
        let second = format!("\"{base}/more?page=2\"");
        vec![
            (question(), vec![Answer::json(part("One", &second))]),
            (
                "/more?page=2".to_owned(),
                vec![Answer::json(part("Two", "\"/more?page=3\""))],
            ),
            (
                "/more?page=3".to_owned(),
                vec![Answer::json("{\"nextLink\":\"\"}")],
            ),
        ]
    });
    let fetched = discover(&server, &authority).unwrap();
    let read = parse(&fetched.bytes, None).unwrap();
    let names: Vec<&str> = read.week.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["One", "Two"]);
    assert_eq!(read.week.change_number, Some(63));
    assert_eq!(fetched.route, FetchRoute::Api);
    assert!(fetched.url.ends_with("/serviceTags"), "{}", fetched.url);
    for request in server.requests() {
        let expected = format!("Bearer {SECRET}");
        assert_eq!(request.header("authorization"), Some(expected.as_str()));
        assert!(!request.path.contains(SECRET));
    }
    assert!(server.paths()[0].ends_with("?api-version=2023-09-01"));
    // A single page is handed on byte for byte.
    server.script(&question(), [Answer::json(part("One", "null"))]);
    let single = discover(&server, &authority).unwrap();
    assert_eq!(single.bytes, part("One", "null").into_bytes());
}

#[test]
fn the_token_goes_to_the_endpoint_only_and_is_never_said() {
    let authority = Authority::new();
    let elsewhere = Server::start_tls(authority.identity(), |_| Vec::new());
    let server = Server::start_tls(authority.identity(), |_| Vec::new());
    let away = elsewhere.url("/steal");
    let refusal = format!(
        "{{\"error\":{{\"code\":\"Invalid\",\"message\":\"the token {SECRET} is\\u001b[31m bad\"}}}}"
    );
    let refused = |status| Answer::status(status).body(refusal.clone());
    let scripts: [(Answer, Expected); 8] = [
        (refused(401), |e| {
            matches!(e, FetchError::TokenRefused { .. })
        }),
        (refused(403), |e| {
            matches!(e, FetchError::ApiForbidden { .. })
        }),
        (refused(404), |e| {
            matches!(e, FetchError::Api { status: 404, .. })
        }),
        (Answer::status(500), |e| {
            matches!(e, FetchError::Api { status: 500, .. })
        }),
        (Answer::redirect(&away), |e| {
            matches!(e, FetchError::ForeignHost { .. })
        }),
        (Answer::json(part("One", &format!("\"{away}\""))), |e| {
            matches!(e, FetchError::ApiPage { page: 1, .. })
        }),
        (
            Answer::json(part(
                "One",
                &format!("\"{}?api-version=2023-09-01\"", question()),
            )),
            |e| matches!(e, FetchError::ApiPage { .. }),
        ),
        (Answer::json("{\"values\":[}"), |e| {
            matches!(e, FetchError::ApiPage { .. })
        }),
    ];
    for (answer, expected) in scripts {
        server.script(&question(), [answer]);
        let error = discover(&server, &authority).unwrap_err();
        assert!(expected(&error), "{error}");
        let said = format!("{error} {error:?}");
        assert!(!said.contains(SECRET) && !said.contains('\x1b'), "{said}");
        assert!(error.is_network());
    }
    assert!(elsewhere.requests().is_empty());
    let token = Token::new(SECRET).unwrap();
    assert_eq!(format!("{token:?}"), "Token(…)");
    for (text, word) in [
        ("", "empty"),
        ("one two\nthree", "spaces"),
        ("é", "no token"),
    ] {
        let error = Token::new(text).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
        assert!(!error.is_network());
    }
}

#[test]
fn what_cannot_be_asked_is_not_asked() {
    let authority = Authority::new();
    let server = Server::start(|_| Vec::new());
    let publisher = publisher(&server, &authority);
    let token = Token::new(SECRET).unwrap();
    for (subscription, location) in [
        ("../../x", "westeurope"),
        ("0b1f6471-1bf0-4dda-aec3-cb9272f0959", "westeurope"),
        (SUBSCRIPTION, ""),
        (SUBSCRIPTION, "../x"),
        (SUBSCRIPTION, "westeurope?x="),
    ] {
        let view = ApiView {
            cloud: Cloud::Public,
            subscription,
            location,
            token: &token,
        };
        let error = run(publisher.discover(view, &mut |_| {})).unwrap_err();
        assert!(!error.is_network(), "{error}");
    }
    assert!(server.requests().is_empty());
}
