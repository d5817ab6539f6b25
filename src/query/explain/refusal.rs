//! `client with IP '203.0.113.9' is not allowed access`, in every form in which it is written.

use std::net::{IpAddr, SocketAddr};

/// A registry's refusal of a client.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClientRefusal {
    /// Where it begins.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// The address, where it can be read.
    pub client: Option<IpAddr>,
    /// The beginning or the end is missing.
    pub is_cut: bool,
    /// What stands there says that the client is refused; else something else must say so.
    pub is_sure: bool,
}

/// Bytes between the words around an address.
const LONGEST: usize = 100;
const BEFORE: &str = "withip";
const CLIENT: &str = "client";
const BEHIND: &str = "isnotallowed";
/// Where the registry sends its reader.
const HELP: &str = "aka.ms/acr/firewall";

/// The refusals of a text in lower case and without spaces.
pub(super) fn refusals(lower: &str) -> Vec<ClientRefusal> {
    let clients = lower.match_indices(BEFORE);
    let mut found: Vec<ClientRefusal> = clients
        .filter_map(|(with, _)| {
            let head = lower.get(..with)?;
            let (at, is_cut) = match head.strip_suffix(CLIENT) {
                Some(head) => (head.len(), false),
                // A text that was cut off while it was copied.
                None => (cut_head(head)?, true),
            };
            let from = with + BEFORE.len();
            let rest = lower.get(from..lower.floor_char_boundary(from + LONGEST))?;
            let rest = rest.trim_start_matches("address").trim_start_matches(':');
            let mut refusal = refusal(at, from, rest)?;
            refusal.is_cut |= is_cut;
            Some(refusal)
        })
        .collect();
    let is_help = |at: usize| {
        let from = lower.floor_char_boundary(at.saturating_sub(LONGEST));
        let before = lower.get(from..at).unwrap_or("");
        ["denied", "notallowed", "forbidden"]
            .iter()
            .any(|word| before.contains(word))
    };
    if found.is_empty()
        && let Some((at, _)) = lower.match_indices(HELP).find(|(at, _)| is_help(*at))
    {
        found.push(ClientRefusal {
            at,
            end: at + HELP.len(),
            client: None,
            is_cut: false,
            is_sure: true,
        });
    }
    found
}

fn refusal(at: usize, end: usize, rest: &str) -> Option<ClientRefusal> {
    if let Some((inside, _)) = rest.split_once(BEHIND) {
        return Some(ClientRefusal {
            at,
            end,
            client: address(inside),
            is_cut: false,
            is_sure: true,
        });
    }
    // A text that was cut off while it was copied.
    let quoted = |c: char| c.is_ascii_hexdigit() || ".:[]%'\"`‘’“”()".contains(c);
    let inside = rest.trim_start_matches(quoted);
    let inside = rest.get(..rest.len() - inside.len())?;
    // `i` of `is` ends the address; nothing else may follow.
    let tail = rest.get(inside.len()..)?;
    let client = address(inside)?;
    BEHIND.starts_with(tail).then_some(ClientRefusal {
        at,
        end,
        client: Some(client),
        is_cut: true,
        is_sure: false,
    })
}

/// Where a text begins whose first word is the end of `client`, behind the marks of a cut.
fn cut_head(head: &str) -> Option<usize> {
    let from = head.floor_char_boundary(head.len().saturating_sub(CLIENT.len() + 3));
    let near = head.get(from..)?;
    let marks = near.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let part = near.get(marks.len()..)?;
    let is_start = (marks.is_empty() && from == 0) || marks.ends_with(['.', '…']);
    (is_start && CLIENT.ends_with(part)).then_some(from + marks.len())
}

/// The address among quotes, brackets, a zone and a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim_matches(|c: char| !c.is_ascii_hexdigit() && !"[]:".contains(c));
    let inner = text.trim_start_matches('[');
    let inner = inner.split(']').next()?;
    let inner = inner.split('%').next()?;
    let ip: IpAddr = inner
        .parse()
        .ok()
        .or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Option<String>, bool)> {
        let dense: String = text.split_whitespace().collect();
        refusals(&dense.to_lowercase())
            .into_iter()
            .map(|refusal| (refusal.client.map(|ip| ip.to_string()), refusal.is_cut))
            .collect()
    }

    #[test]
    fn an_address_is_read_in_every_form() {
        for (text, address) in [
            (
                "client with IP '203.0.113.9' is not allowed access",
                "203.0.113.9",
            ),
            ("Client with IP 203.0.113.9 is not allowed", "203.0.113.9"),
            (
                "client with IP: (203.0.113.9:51234)\nis not allowed",
                "203.0.113.9",
            ),
            (
                "client with IP address “203.0.1\n13.9” is not allowed",
                "203.0.113.9",
            ),
            (
                "client with IP '::ffff:203.0.113.9' is not allowed",
                "203.0.113.9",
            ),
            (
                "client with IP '2603:1030::4' is not allowed",
                "2603:1030::4",
            ),
            (
                "client with IP '[2603:1030::4]:443' is not allowed",
                "2603:1030::4",
            ),
            ("client with IP 'fe80::4%eth0' is not allowed", "fe80::4"),
        ] {
            assert_eq!(read(text), [(Some(address.to_owned()), false)], "{text}");
        }
        for text in [
            "client with IP '203.0.113.9' is not",
            "client with IP '203.0.113.9'",
        ] {
            assert_eq!(read(text), [(Some("203.0.113.9".to_owned()), true)]);
        }
    }

    #[test]
    fn a_refusal_without_a_readable_address_is_one() {
        for text in [
            "client with IP '' is not allowed access",
            "client with IP 'x.x.x.x' is not allowed access",
            "denied: Refer https://aka.ms/acr/firewall to grant access",
        ] {
            assert_eq!(read(text), [(None, false)], "{text}");
        }
    }

    #[test]
    fn a_client_that_is_not_refused_is_none() {
        for text in [
            "a client with IP 203.0.113.9 connected",
            "client with IP",
            "client with IPv4",
            "see https://aka.ms/acr/firewall",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
