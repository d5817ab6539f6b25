//! Host names against a name server of our own on the loopback interface.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use tagscope::net::{HostResolver, MAX_CHAIN, Resolution, ResolveError, resolve};
use tagscope::text::NameFlaw;
use tokio::net::UdpSocket;

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

pub const A: u16 = 1;
const CNAME: u16 = 5;
const AAAA: u16 = 28;

const CONTOSO: &str = "contoso.azurecr.io";
const PRIVATE: &str = "contoso.privatelink.azurecr.io";
const ZONE: &str = "r0318weu-az.westeurope.cloudapp.azure.com";

/// One answer: owner, type, data.
pub type Row = (Vec<u8>, u16, Vec<u8>);
/// From a question's name and type to the code and rows; `None` is silence.
pub type Script = fn(&str, u16) -> Option<(u8, Vec<Row>)>;

pub fn wire(name: &str) -> Vec<u8> {
    labels(&name.split('.').map(str::as_bytes).collect::<Vec<_>>())
}

fn labels(labels: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for label in labels {
        out.push(u8::try_from(label.len()).unwrap());
        out.extend_from_slice(label);
    }
    out.push(0);
    out
}

pub fn alias(owner: &str, target: &str) -> Row {
    (wire(owner), CNAME, wire(target))
}

fn four(owner: &str, last: u8) -> Row {
    (wire(owner), A, vec![192, 0, 2, last])
}

fn six(owner: &str) -> Row {
    let address: Ipv6Addr = "2001:db8::7".parse().unwrap();
    (wire(owner), AAAA, address.octets().to_vec())
}

/// The name and type of the question, and where it ends.
fn question(packet: &[u8]) -> (String, u16, usize) {
    let mut at = 12;
    let mut parts = Vec::new();
    while packet[at] != 0 {
        let end = at + 1 + usize::from(packet[at]);
        parts.push(String::from_utf8_lossy(&packet[at + 1..end]).into_owned());
        at = end;
    }
    let kind = u16::from_be_bytes([packet[at + 1], packet[at + 2]]);
    (parts.join("."), kind, at + 5)
}

fn reply(packet: &[u8], code: u8, rows: &[Row]) -> Vec<u8> {
    let (_, _, end) = question(packet);
    let mut out = packet[..2].to_vec();
    out.extend([0x81, 0x80 | code, 0, 1]);
    out.extend(u16::try_from(rows.len()).unwrap().to_be_bytes());
    out.extend([0; 4]);
    out.extend_from_slice(&packet[12..end]);
    for (owner, kind, data) in rows {
        out.extend_from_slice(owner);
        out.extend(kind.to_be_bytes());
        out.extend([0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend_from_slice(data);
    }
    out
}

pub async fn serve(script: Script) -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 4096];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let packet = &buffer[..length];
            let (name, kind, _) = question(packet);
            if let Some((code, rows)) = script(&name, kind) {
                let bytes = reply(packet, code, &rows);
                socket.send_to(&bytes, from).await.unwrap();
            }
        }
    });
    address
}

async fn ask(script: Script, host: &str) -> Result<Resolution, ResolveError> {
    let server = serve(script).await;
    HostResolver::with_servers(&[server], false)
        .resolve(host, LONG)
        .await
}

fn texts(answer: &Resolution) -> Vec<&str> {
    answer
        .chain
        .iter()
        .map(tagscope::text::Safe::as_str)
        .collect()
}

fn assert_plain(text: &str) {
    assert!(!text.chars().any(char::is_control), "{text:?}");
}

#[tokio::test]
async fn aliases_come_in_order_whatever_the_order_of_records() {
    let script: Script = |_, kind| {
        let mut rows = vec![alias(PRIVATE, ZONE), alias(CONTOSO, PRIVATE)];
        rows.sort_by_key(|row| kind == A && row.0 != wire(CONTOSO));
        rows.push(match kind {
            A => four(ZONE, 7),
            _ => six(ZONE),
        });
        rows.push(four("unrelated.example", 66));
        Some((0, rows))
    };
    let answer = ask(script, "Contoso.AzureCR.IO.").await.unwrap();
    assert_eq!(answer.host.as_str(), CONTOSO);
    assert_eq!(texts(&answer), [PRIVATE, ZONE]);
    let expected: [IpAddr; 2] = ["192.0.2.7", "2001:db8::7"].map(|text| text.parse().unwrap());
    assert_eq!(answer.addresses, expected);
    assert!(answer.only_system.is_empty() && answer.only_dns.is_empty());
    assert_eq!(answer.dns_failure, None);
}

#[tokio::test]
async fn aliases_told_one_at_a_time_are_followed() {
    let script: Script = |name, kind| {
        let rows = match (name, kind) {
            (CONTOSO, _) => vec![alias(CONTOSO, PRIVATE)],
            (PRIVATE, _) => vec![alias(PRIVATE, ZONE)],
            (ZONE, A) => vec![four(ZONE, 7)],
            _ => vec![],
        };
        Some((0, rows))
    };
    let answer = ask(script, CONTOSO).await.unwrap();
    assert_eq!(texts(&answer), [PRIVATE, ZONE]);
    assert_eq!(answer.addresses, [IpAddr::from([192, 0, 2, 7])]);
}

#[tokio::test]
async fn one_family_is_enough() {
    let only_six: Script = |name, kind| {
        let rows = if kind == AAAA {
            vec![six(name)]
        } else {
            vec![]
        };
        Some((0, rows))
    };
    let answer = ask(only_six, "six.example").await.unwrap();
    assert_eq!(answer.addresses.len(), 1);
    assert!(answer.addresses[0].is_ipv6() && answer.chain.is_empty());

    let six_fails: Script = |name, kind| match kind {
        A => Some((0, vec![four(name, 1)])),
        _ => Some((2, vec![])),
    };
    let answer = ask(six_fails, "four.example").await.unwrap();
    assert_eq!(answer.addresses, [IpAddr::from([192, 0, 2, 1])]);

    let six_is_silent: Script = |name, kind| (kind == A).then(|| (0, vec![four(name, 1)]));
    let resolver = HostResolver::with_servers(&[serve(six_is_silent).await], false);
    let answer = resolver.resolve("four.example", SHORT).await.unwrap();
    assert_eq!(answer.addresses, [IpAddr::from([192, 0, 2, 1])]);
}

#[tokio::test]
async fn failures_say_what_the_server_said() {
    let absent = ask(|_, _| Some((3, vec![])), "absent.example").await;
    let absent = absent.unwrap_err();
    assert!(
        matches!(absent, ResolveError::NoSuchHost { .. }),
        "{absent}"
    );
    assert!(absent.to_string().contains("absent.example"));

    let empty = ask(|_, _| Some((0, vec![])), "empty.example").await;
    let empty = empty.unwrap_err();
    assert!(matches!(empty, ResolveError::NoAddress { .. }), "{empty}");

    let failed = ask(|_, _| Some((2, vec![])), "failed.example").await;
    let failed = failed.unwrap_err();
    assert!(matches!(failed, ResolveError::Server { .. }), "{failed}");
    assert!(failed.to_string().contains("server failure"), "{failed}");

    // Half a failure with half a "no address" is a failure, not a fact about the name.
    let script: Script = |_, kind| Some((if kind == A { 2 } else { 0 }, vec![]));
    let half = ask(script, "half.example").await.unwrap_err();
    assert!(matches!(half, ResolveError::Server { .. }), "{half}");
}

#[tokio::test]
async fn aliases_in_circles_end() {
    let script: Script = |_, _| {
        let rows = vec![
            alias("a.example", "b.example"),
            alias("b.example", "a.example"),
        ];
        Some((0, rows))
    };
    let error = ask(script, "a.example").await.unwrap_err();
    assert!(matches!(error, ResolveError::NoAddress { .. }), "{error}");
}

#[tokio::test]
async fn silence_ends_at_the_limit() {
    let resolver = HostResolver::with_servers(&[serve(|_, _| None).await], false);
    let start = Instant::now();
    let error = resolver.resolve("silent.example", SHORT).await.unwrap_err();
    assert!(start.elapsed() < LONG);
    assert!(matches!(error, ResolveError::Timeout { .. }), "{error}");
    assert!(
        error.to_string().contains("silent.example within 200ms"),
        "{error}"
    );
}

#[tokio::test]
async fn no_server_is_no_answer() {
    let resolver = HostResolver::with_servers(&[], false);
    let error = resolver.resolve("host.example", LONG).await.unwrap_err();
    assert!(matches!(error, ResolveError::Network { .. }), "{error}");
}

#[tokio::test]
async fn hostile_names_come_back_harmless() {
    let script: Script = |_, kind| {
        let evil = labels(&[
            b"\x1b[31mRed\x07.\\",
            b"\xff\xc2\x9b\xe2\x80\xae",
            b"example",
        ]);
        let address = if kind == A {
            (evil.clone(), A, vec![192, 0, 2, 7])
        } else {
            six("else.example")
        };
        Some((0, vec![(wire("evil.example"), CNAME, evil), address]))
    };
    let answer = ask(script, "evil.example").await.unwrap();
    let [name] = texts(&answer)[..] else {
        panic!("{:?}", answer.chain);
    };
    assert_plain(name);
    assert!(name.is_ascii(), "{name}");
    assert_eq!(
        name,
        "\\027[31mred\\007\\.\\\\.\\255\\194\\155\\226\\128\\174.example"
    );
    assert_eq!(answer.addresses, [IpAddr::from([192, 0, 2, 7])]);
}

#[tokio::test]
async fn garbage_is_refused() {
    // The data of an alias that points outside the packet.
    let script: Script = |name, _| Some((0, vec![(wire(name), CNAME, vec![0xff, 0xff])]));
    let resolver = HostResolver::with_servers(&[serve(script).await], false);
    let error = resolver
        .resolve("garbage.example", SHORT)
        .await
        .unwrap_err();
    assert_plain(&error.to_string());
}

#[tokio::test]
async fn a_long_chain_is_capped_and_still_leads_to_its_address() {
    let long_chain: Script = |_, _| {
        let name = |n: usize| format!("n{n}.x");
        let mut rows: Vec<Row> = (0..24).map(|n| alias(&name(n), &name(n + 1))).collect();
        rows.push(four(&name(24), 7));
        Some((0, rows))
    };
    let answer = ask(long_chain, "n0.x").await.unwrap();
    assert_eq!(answer.chain.len(), MAX_CHAIN);
    assert_eq!(answer.chain[15].as_str(), "n16.x");
    assert_eq!(answer.addresses, [IpAddr::from([192, 0, 2, 7])]);
}

#[tokio::test]
async fn what_is_no_name_is_asked_of_nobody() {
    let long = "a".repeat(1 << 20);
    for (text, flaw) in [
        ("", NameFlaw::Empty),
        ("a..b", NameFlaw::EmptyLabel),
        ("bücher.example", NameFlaw::NotAscii),
        ("10.0.0.1", NameFlaw::Number),
        (&long, NameFlaw::LongName),
    ] {
        let error = resolve(text, LONG).await.unwrap_err();
        assert!(error.to_string().len() < 250, "{error}");
        let ResolveError::NotAName { flaw: found, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(found, flaw);
    }
    let error = resolve("a\x1b[2Jb\u{202e}", LONG).await.unwrap_err();
    assert_plain(&error.to_string());
    let error = resolve("bücher.example", LONG).await.unwrap_err();
    assert!(error.to_string().contains("punycode"), "{error}");
}

#[tokio::test]
async fn the_system_knows_its_own_host() {
    // Both halves answer this one without a network.
    let resolver = HostResolver::with_servers(&[serve(|_, _| None).await], true);
    let answer = resolver.resolve("localhost", LONG).await.unwrap();
    assert!(!answer.addresses.is_empty());
    assert!(answer.addresses.iter().all(IpAddr::is_loopback));
}
