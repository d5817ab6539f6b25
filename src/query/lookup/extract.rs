//! An error text → the query in it.
//!
//! Refusals of a registry and messages of docker, az and Go name an address, a URL or a host among
//! other words. Only the first [`MOST`] bytes are read, each a fixed number of times.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use crate::space::Block;
use crate::text::is_host_name;

/// Bytes that are searched.
const MOST: usize = 64 * 1024;
/// Words behind `client with IP` among which the address is.
const NEAR: usize = 4;
/// Longest token that may be an address.
const LONGEST_ADDRESS: usize = 100;
/// Where messages send their readers: never what failed.
pub(in crate::query) const HELP: [&str; 6] = [
    "aka.ms",
    "learn.microsoft.com",
    "docs.microsoft.com",
    "go.microsoft.com",
    "support.microsoft.com",
    "docs.docker.com",
];

/// What was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extracted {
    /// The address of the client that was refused.
    Client(String),
    /// An address, a CIDR or a host name.
    Other(String),
}

/// The address behind `client with IP`, as a registry's firewall says it.
pub(super) fn client(text: &str) -> Option<Extracted> {
    const PHRASE: [&str; 3] = ["client", "with", "ip"];
    let text = unescaped(head(text));
    let mut tokens = tokens(&text);
    let mut matched = 0;
    while let Some(wanted) = PHRASE.get(matched) {
        let word = tokens.next()?.trim_matches(':');
        if word.eq_ignore_ascii_case(wanted) {
            matched += 1;
        } else {
            matched = usize::from(word.eq_ignore_ascii_case("client"));
        }
    }
    let found = tokens.take(NEAR).find_map(address)?;
    Some(Extracted::Client(found.text))
}

/// The same as an address; a refusal that names a whole block is none.
pub(in crate::query) fn client_address(text: &str) -> Option<IpAddr> {
    let (Extracted::Client(found) | Extracted::Other(found)) = client(text)?;
    found
        .parse()
        .ok()
        .map(|address: IpAddr| address.to_canonical())
}

/// The first address, else the host of the first URL, else the first host name.
///
/// A private address is taken last: in `lookup contoso.azurecr.io on 10.0.0.1:53` and in
/// `read tcp 10.0.0.4:51234->20.61.97.129:443` it is the reader's own side.
pub(super) fn any(text: &str) -> Option<Extracted> {
    if is_mistyped(text) {
        return None;
    }
    let text = unescaped(head(text));
    let addresses = || tokens(&text).filter_map(address);
    addresses()
        .find(|address| !address.is_private)
        .map(|address| address.text)
        .or_else(|| tokens(&text).find_map(url_host))
        .or_else(|| tokens(&text).find_map(host))
        .or_else(|| addresses().next().map(|address| address.text))
        .map(Extracted::Other)
}

/// A range or a CIDR with spaces and without a word: its mistake is named, no part of it is taken.
fn is_mistyped(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_hexdigit() || c.is_whitespace() || ".:/-[]".contains(c);
    text.contains(['-', '/']) && text.chars().all(is_part) && {
        let lone = |word: &str| word.starts_with(['-', '/']) || word.ends_with(['-', '/']);
        text.split_whitespace().any(lone)
    }
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

/// The runs of characters of which addresses, host names and URLs consist.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "._:/%[]-@".contains(c)))
        .filter(|token| !token.is_empty())
}

struct Address {
    text: String,
    is_private: bool,
}

/// An address or a CIDR, perhaps with a port, a zone, brackets, a URL or `IP:` around it.
fn address(token: &str) -> Option<Address> {
    let token = authority(token)
        .unwrap_or(token)
        .trim_matches(['.', '/', '-', '%', '@', '_']);
    if token.len() > LONGEST_ADDRESS {
        return None;
    }
    // What stands before the colon must be a word, not a part of an address.
    let behind = token
        .split_once(':')
        .filter(|(word, _)| word.contains(|c: char| !c.is_ascii_hexdigit()))
        .map(|(_, rest)| rest);
    [Some(token), behind]
        .into_iter()
        .flatten()
        .flat_map(|text| [Some(text), text.strip_suffix(':')])
        .flatten()
        .find_map(plain)
}

fn plain(text: &str) -> Option<Address> {
    if let Ok((block, _)) = Block::parse(text) {
        let (ip, _) = text.split_once('/')?;
        return Some(Address {
            text: text.to_owned(),
            is_private: block.length() > 0 && is_private(ip.parse().ok()?),
        });
    }
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let inner = inner.split_once('%').map_or(inner, |(head, _)| head);
    let ip = inner.parse().ok();
    let ip: IpAddr = ip.or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))?;
    (!ip.is_unspecified()).then(|| Address {
        text: ip.to_string(),
        is_private: is_private(ip),
    })
}

/// No service tag holds such an address.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified()
        }
        IpAddr::V6(v6) => {
            v6.is_unique_local()
                || v6.is_loopback()
                || v6.is_unicast_link_local()
                || v6.is_unspecified()
        }
    }
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

    fn taken(text: &str) -> Option<String> {
        client(text).or_else(|| any(text)).map(|taken| match taken {
            Extracted::Client(found) => format!("client {found}"),
            Extracted::Other(found) => found,
        })
    }

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
            "client with IP '203.0.113.9' is not allowed access. CorrelationId: 0b1c8a52-7f00-4d7c-9d31-5e6f7a8b9c0d",
            "a client of a client with IP address 203.0.113.9",
            r"failed\nclient with IP '203.0.113.9'\n",
        ];
        for text in texts {
            assert_eq!(taken(text).as_deref(), Some("client 203.0.113.9"), "{text}");
        }
        let text = "client with IP '2603:1030:a0b::4' is not allowed access.";
        assert_eq!(taken(text).as_deref(), Some("client 2603:1030:a0b::4"));
        let text = r"client with IP \u0027::ffff:203.0.113.9\u0027 is not allowed";
        assert_eq!(taken(text).as_deref(), Some("client ::ffff:203.0.113.9"));
        let text = "client with IP '10.0.0.4' is not allowed at 20.1.1.1";
        assert_eq!(taken(text).as_deref(), Some("client 10.0.0.4"));
    }

    #[test]
    fn other_messages_give_an_address_a_url_or_a_host() {
        let cases = [
            (
                "dial tcp: lookup contoso.azurecr.io: no such host",
                "contoso.azurecr.io",
            ),
            (
                "dial tcp: lookup contoso.azurecr.io on 127.0.0.53:53: server misbehaving",
                "contoso.azurecr.io",
            ),
            ("dial tcp 20.61.97.129:443: i/o timeout", "20.61.97.129"),
            ("dial tcp [2603::1]:443: i/o timeout", "2603::1"),
            ("connect to 2603:1030::: refused", "2603:1030::"),
            (
                "read tcp 10.0.0.4:51234->20.61.97.129:443: reset",
                "20.61.97.129",
            ),
            ("dial tcp 10.1.2.3:443: i/o timeout", "10.1.2.3"),
            (
                "Error response from daemon: login attempt to https://contoso.azurecr.io/v2/ failed with status: 403 Forbidden",
                "contoso.azurecr.io",
            ),
            (
                r#"Get "https://contoso.azurecr.io/v2/": proxyconnect tcp: EOF"#,
                "contoso.azurecr.io",
            ),
            (
                r#"Get "https://contoso.azurecr.io/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: refused"#,
                "contoso.azurecr.io",
            ),
            (
                r#"Get "https://u:p@20.38.98.7:8443/v2/": EOF"#,
                "20.38.98.7",
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
            ("the row 20.38.0.0/16, denied", "20.38.0.0/16"),
            ("allow 0.0.0.0/0 everywhere", "0.0.0.0/0"),
            ("ip:20.1.2.3, port:443", "20.1.2.3"),
            ("Chrome/120.0.0.0 at [20.1.2.3]", "20.1.2.3"),
            ("20.1.1.1\n20.2.2.2", "20.1.1.1"),
        ];
        for (text, expected) in cases {
            assert_eq!(taken(text).as_deref(), Some(expected), "{text}");
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
            "10.0.0.0 / 33",
            "10.0.0.0 - 10.0.0.",
            "mail bob@contoso.com now",
            "a :: b [] ://x https:// .. - / @ % \\u \\",
            "client with IP '' is not allowed",
        ];
        for text in texts {
            assert_eq!(taken(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_text_is_searched_in_bounded_time() {
        let pieces = [
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
            "\0 ",
            "f:",
            "-",
            "%",
        ];
        let started = std::time::Instant::now();
        for piece in pieces {
            let text = format!("x {}", piece.repeat(MOST / piece.len()));
            let _ = taken(&text);
            // Behind the limit nothing is read, and no character is cut.
            assert_eq!(taken(&format!("{text}é {text} 20.1.1.1")), taken(&text));
        }
        assert!(started.elapsed().as_secs() < 10);
        let text = "\u{1b}[31mdial\u{7} 20.1.1.1\u{202e} \0";
        assert_eq!(taken(text).as_deref(), Some("20.1.1.1"));
    }
}
