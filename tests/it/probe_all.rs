//! Many hosts at once: told as they end, bounded, given up as a whole.

use std::time::Duration;

use tagscope::net::{ProbeOptions, probe, probe_all};
use tagscope::query::probe::{HostProbe, ProbeCheck, ProbeTarget, ProbeVerdict};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use crate::fetch::run;
use crate::probe::{HOST, challenge, options, registry, target};
use crate::server::Authority;

fn targets(hosts: &[&str]) -> Vec<ProbeTarget> {
    let hosts = hosts.iter();
    hosts
        .map(|host| target(host, ProbeCheck::Registry))
        .collect()
}

/// Reads until the other side is gone; fails when it stays.
async fn until_gone(mut stream: TcpStream) {
    let reading = async {
        let mut buffer = [0; 4096];
        while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
    };
    tokio::time::timeout(Duration::from_secs(10), reading)
        .await
        .expect("the connection stays open");
}

#[test]
fn hosts_are_told_as_they_end() {
    let authority = Authority::new();
    // The kernel takes the connection; nobody ever reads.
    let slow = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let slow = slow.local_addr().map(|place| (place, slow)).unwrap();
    let quick = registry(&authority, challenge());
    let options = ProbeOptions {
        limit: Duration::from_secs(1),
        ..options(
            &authority,
            &[("slow.example", slow.0), (HOST, quick.address())],
        )
    };
    let mut heard: Vec<(usize, HostProbe)> = Vec::new();
    let asked = targets(&["slow.example", HOST, "*.azurecr.io"]);
    run(probe_all(asked, &options, |place, probe| {
        heard.push((place, probe));
    }));
    let order: Vec<usize> = heard.iter().map(|(place, _)| *place).collect();
    assert_eq!(order, [2, 1, 0]);
    assert_eq!(heard[1].1.verdict(), ProbeVerdict::Allowed);
    assert_eq!(heard[2].1.verdict(), ProbeVerdict::Unreachable);
    let wildcard = heard[0].1.sentence();
    assert!(
        wildcard.contains("a wildcard cannot be asked"),
        "{wildcard}"
    );
}

#[tokio::test]
async fn eight_hosts_are_asked_at_a_time() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let names: Vec<String> = (0..20).map(|number| format!("h{number}.example")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let place = listener.local_addr().unwrap();
    let pins: Vec<_> = names.iter().map(|name| (*name, place)).collect();
    let options = options(&Authority::new(), &pins);
    let mut heard = Vec::new();
    let serving = async {
        for group in [8, 8, 4] {
            let mut held = Vec::new();
            for _ in 0..group {
                held.push(listener.accept().await.unwrap());
            }
            let more = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
            assert!(more.is_err(), "more than {group} at a time");
        }
    };
    tokio::join!(
        serving,
        probe_all(targets(&names), &options, |place, _| heard.push(place))
    );
    heard.sort_unstable();
    assert_eq!(heard, (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn dropping_gives_up_every_connection() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let place = listener.local_addr().unwrap();
    let options = options(&Authority::new(), &[(HOST, place), ("b.example", place)]);
    let one = target(HOST, ProbeCheck::Registry);
    let stream = tokio::select! {
        _ = probe(&one, &options) => panic!("nobody answered"),
        accepted = listener.accept() => accepted.unwrap().0,
    };
    until_gone(stream).await;
    let both = async {
        let first = listener.accept().await.unwrap().0;
        (first, listener.accept().await.unwrap().0)
    };
    let (first, second) = tokio::select! {
        () = probe_all(targets(&[HOST, "b.example"]), &options, |_, _| {}) => panic!("nobody answered"),
        accepted = both => accepted,
    };
    until_gone(first).await;
    until_gone(second).await;
}

#[test]
fn a_setting_that_is_none_is_told_for_each_host() {
    let mut options = options(&Authority::new(), &[]);
    options.proxy = tagscope::net::Proxy::At("::".to_owned());
    let mut heard = Vec::new();
    run(probe_all(
        targets(&["a.example", "b.example"]),
        &options,
        |place, probe| {
            heard.push((place, probe.sentence()));
        },
    ));
    assert_eq!(heard.len(), 2);
    assert!(
        heard
            .iter()
            .all(|(_, sentence)| sentence.contains("proxy setting"))
    );
}
