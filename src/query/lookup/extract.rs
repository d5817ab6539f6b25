//! What an error text names: the client that was refused, else a host.
//!
//! Messages of a registry, of docker, az and Go name an address, a URL or a host among other words.
//! Only the first [`MOST`] bytes are read, each a fixed number of times.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::text::{Found, What, is_host_name, items};

/// Bytes that are searched.
const MOST: usize = 64 * 1024;
/// Bytes behind `client with IP` among which the address is.
const NEAR: usize = 120;
/// Where messages send their readers: never what failed.
pub(in crate::query) const HELP: [&str; 6] = [
    "aka.ms",
    "learn.microsoft.com",
    "docs.microsoft.com",
    "go.microsoft.com",
    "support.microsoft.com",
    "docs.docker.com",
];

/// The address of the client that was refused, as a registry's firewall says it, and the text in
/// which it stands.
pub(super) fn client(text: &str) -> Option<(Found, String)> {
    const PHRASE: [&str; 3] = ["client", "with", "ip"];
    let text = unescaped(head(text));
    let mut matched = 0;
    let mut tokens = tokens(&text);
    let end = loop {
        let Some(wanted) = PHRASE.get(matched) else {
            break tokens.next().map(|(start, _)| start)?;
        };
        let (_, token) = tokens.next()?;
        let word = token.trim_matches(':');
        matched = match word {
            _ if word.eq_ignore_ascii_case(wanted) => matched + 1,
            _ => usize::from(word.eq_ignore_ascii_case("client")),
        };
    };
    let behind = text.get(end..text.ceil_char_boundary((end + NEAR).min(text.len())))?;
    let found = items(behind).find(|found| matches!(found.what, What::Address(_)))?;
    Some((found, behind.to_owned()))
}

/// The same as an address alone.
pub(in crate::query) fn client_address(text: &str) -> Option<IpAddr> {
    match client(text)?.0.what {
        What::Address(address) => Some(address),
        _ => None,
    }
}

/// The host of the first URL, else the first host name.
pub(super) fn any_host(text: &str) -> Option<String> {
    let text = unescaped(head(text));
    let mut urls = tokens(&text).filter_map(|(_, token)| url_host(token));
    urls.next()
        .or_else(|| tokens(&text).find_map(|(_, token)| host(token)))
}

fn head(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MOST)).unwrap_or(text)
}

/// `text` without the escapes of JSON, even when they have been escaped again.
pub(in crate::query) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        while chars.next_if_eq(&'\\').is_some() {}
        match chars.next() {
            Some('/') => out.push('/'),
            Some('u') => {
                let digits: String = (0..4)
                    .map_while(|_| chars.next_if(char::is_ascii_hexdigit))
                    .collect();
                let code = u32::from_str_radix(&digits, 16).ok();
                out.push(code.and_then(char::from_u32).unwrap_or(' '));
            }
            Some('n' | 'r' | 't' | 'b' | 'f') | None => out.push(' '),
            Some(other) => out.extend([' ', other]),
        }
    }
    Cow::Owned(out)
}

/// The runs of characters of which addresses, host names and URLs consist, and where they start.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._:/%[]-@".contains(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_part)?;
        let token = text.get(start..)?;
        let token = token.split(|c: char| !is_part(c)).next()?;
        at = start + token.len();
        Some((start, token))
    })
}

/// `user@host:port` of a URL.
fn authority(token: &str) -> Option<&str> {
    let (scheme, rest) = token.split_once("://")?;
    let authority = rest.split('/').next()?;
    let has_scheme = scheme.ends_with(|c: char| c.is_ascii_alphanumeric());
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    has_scheme.then_some(host)
}

fn url_host(token: &str) -> Option<String> {
    host(authority(token)?)
}

/// A host name that is neither a number, nor a class of a program, nor a place for help.
fn host(token: &str) -> Option<String> {
    let token = token.trim_matches(['.', '/', '-', '%', '@', '_', ':']);
    let head = token.split('/').next()?;
    let name = match head.split_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => name,
        Some((name, "")) => name,
        Some(_) => return None,
        None => head,
    };
    let name = name.trim_end_matches('.');
    let (_, last) = name.rsplit_once('.')?;
    // `System.Net.Http.HttpRequestException` ends in both cases.
    let is_last = last.len() > 1
        && (last.bytes().all(|b| b.is_ascii_lowercase())
            || last.bytes().all(|b| b.is_ascii_uppercase()));
    let is_help = HELP.iter().any(|help| name.eq_ignore_ascii_case(help));
    (is_last && !is_help && is_host_name(name)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_client() {
        let texts = [
            r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#,
            r#"{"errors":[{"code":"DENIED","message":"client with IP \u0027203.0.113.9\u0027 is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#,
            r#"{\"errors\":[{\"message\":\"client with IP \\u0027203.0.113.9\\u0027 is not allowed\"}]}"#,
            "client with IP &#39;203.0.113.9&#39; is not allowed access",
            "denied: client with IP 203.0.113.9 is not allowed access, refer https://aka.ms/acr/firewall",
            "denied: 20.1.1.1 says client with IP “203.0.113.9” is not allowed access",
            "Client\n  with IP: (203.0.113.9:51234)\nis not allowed",
            "client with IP '::ffff:203.0.113.9' is not allowed",
            "client with IP '203.0.113.9' is not allowed access. CorrelationId: 0b1c8a52-7f00-4d7c-9d31-5e6f7a8b9c0d",
            "a client of a client with IP address 203.0.113.9",
            r"failed\nclient with IP '203.0.113.9'\n",
        ];
        for text in texts {
            let expected = "203.0.113.9".parse().ok();
            assert_eq!(client_address(text), expected, "{text}");
        }
        for (text, expected) in [
            (
                "client with IP '2603:1030:a0b::4' is not allowed access.",
                "2603:1030:a0b::4",
            ),
            (
                "client with IP '10.0.0.4' is not allowed at 20.1.1.1",
                "10.0.0.4",
            ),
        ] {
            assert_eq!(client_address(text), expected.parse().ok(), "{text}");
        }
        for text in [
            "client with IP '' is not allowed",
            "client with IP",
            "dial tcp 20.1.1.1",
        ] {
            assert_eq!(client_address(text), None, "{text}");
        }
    }

    #[test]
    fn other_messages_give_a_url_or_a_host() {
        let cases = [
            (
                "dial tcp: lookup contoso.azurecr.io: no such host",
                "contoso.azurecr.io",
            ),
            (
                "Error response from daemon: login attempt to https://contoso.azurecr.io/v2/ failed with status: 403 Forbidden",
                "contoso.azurecr.io",
            ),
            (
                r#"Get "https://contoso.azurecr.io/v2/": proxyconnect tcp: EOF"#,
                "contoso.azurecr.io",
            ),
            (
                r#"{"realm": "https:\/\/contoso.azurecr.io\/oauth2"}"#,
                "contoso.azurecr.io",
            ),
            (
                "see https://aka.ms/acr and contoso.azurecr.io:443.",
                "contoso.azurecr.io",
            ),
            (
                "pull contoso.azurecr.io/app@sha256:0a1b failed",
                "contoso.azurecr.io",
            ),
            (
                "System.Net.Http.HttpError, e.g. on CONTOSO.AZURECR.IO",
                "CONTOSO.AZURECR.IO",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(any_host(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn nothing_is_taken_where_nothing_is_meant() {
        let texts = [
            "what is this",
            "Refer https://aka.ms/acr/firewall or https://Learn.Microsoft.com/x for help",
            "at 12:34:56 on 2026-10-19T12:00:00, e.g. this",
            "device 00:0d:3a:01:02:03 with version 1.2.3 of std::io",
            "10.0.0.9 - 10.0.0.1",
            "mail bob@contoso.com now",
            "a :: b [] ://x https:// .. - / @ % \\u \\",
        ];
        for text in texts {
            assert_eq!(any_host(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_beginning_of_a_text_is_searched() {
        for piece in [
            "\\",
            "\\u",
            ":",
            "/",
            "[",
            "a.",
            "client with ip ",
            "1.",
            "://",
            "@",
            "é\u{1b}",
        ] {
            let text = format!("x {}", piece.repeat(MOST / piece.len()));
            let longer = format!("{text}é {text} client with IP 20.1.1.1 at x.example");
            assert_eq!(client_address(&longer), client_address(&text), "{piece}");
            assert_eq!(any_host(&longer), any_host(&text), "{piece}");
        }
    }
}
