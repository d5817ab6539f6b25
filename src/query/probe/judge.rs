//! An answer of HTTP → the verdict.
//!
//! A registry is known by its challenge (401 with `Bearer`, realm and service) and by its refusal
//! (403 with `DENIED`, or with the client's address). Proxies answer with the same statuses, so
//! that a status alone proves nothing.

use std::net::IpAddr;
use std::time::Duration;

use crate::query::lookup::client_address;
use crate::query::probe::{ProbeCheck, ProbeVerdict};
use crate::text::{Safe, cut_end};

/// Widest text of a server in a sentence, in columns.
const SHOWN: usize = 80;

/// What was read of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProbeReply {
    /// The status.
    pub status: u16,
    /// Every `WWW-Authenticate`.
    pub challenges: Vec<String>,
    /// The `Content-Type`.
    pub content_type: Option<String>,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// Whether it names the version of the registry's interface.
    pub names_api: bool,
    /// The beginning of the body.
    pub body: Vec<u8>,
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// How it ended.
    pub verdict: ProbeVerdict,
    /// The client's address as the registry saw it.
    pub client_address: Option<IpAddr>,
    /// The cause in words.
    pub why: Safe,
}

/// Judges an answer that began after `took`.
#[must_use]
pub fn judge(check: ProbeCheck, reply: &ProbeReply, took: Duration) -> Judgement {
    let status = reply.status;
    let body = String::from_utf8_lossy(&reply.body);
    let said = |verdict, why: String| Judgement {
        verdict,
        client_address: None,
        why: Safe::from(why),
    };
    if status == 403 && is_refusal(&body) {
        let client_address = client_address(&body);
        let saw = client_address.map_or_else(
            || "its answer does not name the address it saw".to_owned(),
            |address| format!("it saw {address}"),
        );
        let why = format!("refused by the registry's network rules; {saw}");
        return Judgement {
            client_address,
            ..said(ProbeVerdict::Denied, why)
        };
    }
    let took = millis(took);
    if check == ProbeCheck::Tls {
        if matches!(status, 407 | 511) {
            let why = format!("{status} came: a proxy or a portal wants a login first");
            return said(ProbeVerdict::NotARegistry, why);
        }
        return said(
            ProbeVerdict::Allowed,
            format!("the host answered {status} in {took}"),
        );
    }
    let stranger = |why: String| said(ProbeVerdict::NotARegistry, why);
    match status {
        401 if reply.challenges.iter().any(|text| is_challenge(text)) => said(
            ProbeVerdict::Allowed,
            format!("the registry answered 401 with its challenge in {took}"),
        ),
        401 => {
            stranger("401 came without a registry's challenge: a proxy may ask for a login".into())
        }
        200 if is_html(reply) => stranger(format!(
            "200 came with a web page{}: a proxy or a portal stands between",
            titled(&body)
        )),
        200 if is_registry_body(reply) => said(
            ProbeVerdict::Allowed,
            format!("the registry answered 200 in {took}"),
        ),
        200 => stranger("200 came with something that no registry sends".into()),
        300..=399 => stranger(format!(
            "{status} leads {}: a proxy or a portal stands between",
            destination(reply.location.as_deref())
        )),
        403 => stranger(format!(
            "403 came without a registry's words{}: a proxy or another firewall refuses",
            titled(&body)
        )),
        407 | 511 => stranger(format!(
            "{status} came: a proxy or a portal wants a login first"
        )),
        429 if reply.names_api || has_errors(&body) => said(
            ProbeVerdict::Allowed,
            format!("the registry answered 429 in {took}: reached, but too many requests for now"),
        ),
        429 => stranger("429 came: too many requests, ask again later".into()),
        500.. => stranger(format!(
            "{status} came: the server or a gateway before it fails"
        )),
        _ => stranger(format!("{status} came, which no registry answers to /v2/")),
    }
}

/// `38 ms`, `0.4 ms`.
fn millis(time: Duration) -> String {
    let micros = time.as_micros();
    if micros < 10_000 {
        return format!("{}.{} ms", micros / 1000, micros % 1000 / 100);
    }
    format!("{} ms", micros / 1000)
}

/// Whether a body is a registry's refusal: the client's address in words, or the code.
fn is_refusal(body: &str) -> bool {
    if client_address(body).is_some() {
        return true;
    }
    let document: Result<serde_json::Value, _> = serde_json::from_str(body.trim());
    let errors = document.ok();
    let errors = errors
        .as_ref()
        .and_then(|document| document.get("errors")?.as_array());
    errors.is_some_and(|errors| {
        let codes = errors
            .iter()
            .filter_map(|error| error.get("code")?.as_str());
        codes
            .into_iter()
            .any(|code| code.eq_ignore_ascii_case("denied"))
    })
}

/// Whether a body is a registry's list of errors.
fn has_errors(body: &str) -> bool {
    let document: Result<serde_json::Value, _> = serde_json::from_str(body.trim());
    document.is_ok_and(|document| {
        document
            .get("errors")
            .is_some_and(serde_json::Value::is_array)
    })
}

/// Whether a `WWW-Authenticate` holds `Bearer` with realm and service.
fn is_challenge(header: &str) -> bool {
    let (mut is_bearer, mut has_realm, mut has_service) = (false, false, false);
    for piece in outside_quotes(header) {
        let piece = piece.trim();
        let mut parameter = piece;
        if let Some((scheme, rest)) = piece
            .split_once(' ')
            .filter(|(word, _)| !word.contains('='))
        {
            if has_realm && has_service {
                return true;
            }
            (is_bearer, has_realm, has_service) =
                (scheme.eq_ignore_ascii_case("bearer"), false, false);
            parameter = rest;
        }
        let Some((name, value)) = parameter.split_once('=') else {
            continue;
        };
        let has_value = is_bearer && !value.trim().trim_matches('"').is_empty();
        match name.trim().to_ascii_lowercase().as_str() {
            "realm" => has_realm |= has_value,
            "service" => has_service |= has_value,
            _ => {}
        }
    }
    has_realm && has_service
}

/// The parts between commas that are in no quotes.
fn outside_quotes(text: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |c: char| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    })
}

fn is_html(reply: &ProbeReply) -> bool {
    let kind = reply.content_type.as_deref().unwrap_or_default();
    let kind = kind.trim_start().to_ascii_lowercase();
    kind.starts_with("text/html")
        || kind.starts_with("application/xhtml")
        || reply.body.trim_ascii_start().starts_with(b"<")
}

fn is_registry_body(reply: &ProbeReply) -> bool {
    let body = reply.body.trim_ascii();
    reply.names_api || body.is_empty() || (body.starts_with(b"{") && body.ends_with(b"}"))
}

/// ` ("…")` with the title of a page, where it has one.
fn titled(body: &str) -> String {
    // Lower case of ASCII only: places in the text stay where they are.
    let lower = body.to_ascii_lowercase();
    let title = || {
        let from = lower.find("<title>")? + "<title>".len();
        let to = from + lower.get(from..)?.find('<')?;
        let words: Vec<&str> = body.get(from..to)?.split_whitespace().take(SHOWN).collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    title().map_or_else(String::new, |title| format!(" (\"{}\")", shown(&title)))
}

/// The host of a redirect; the rest of the address may hold secrets.
fn destination(location: Option<&str>) -> String {
    let Some(location) = location else {
        return "nowhere".to_owned();
    };
    let host = location
        .split_once("//")
        .and_then(|(_, rest)| rest.split(['/', '?', '#', '\\']).next())
        .map(|authority| {
            authority
                .rsplit_once('@')
                .map_or(authority, |(_, host)| host)
        });
    match host {
        Some(host) if !host.is_empty() => format!("to {}", shown(host)),
        _ => "to another page".to_owned(),
    }
}

fn shown(text: &str) -> String {
    let text = Safe::new(text);
    cut_end(text.as_str(), SHOWN).into_owned()
}
