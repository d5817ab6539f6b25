//! Asks hosts whether they can be reached: name, connection, TLS, one question of HTTP.
//!
//! Nothing is followed, nothing is sent but the question, and no login is tried. Each step is kept
//! as far as it came, so that a failure shows where it happened.

mod attempt;
mod http;
mod obstacle;
mod proxy;
mod setup;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::task::JoinSet;

use crate::net::options::{Proxy, Trust};
use crate::net::probe::attempt::{Attempt, ProbeRoute};
use crate::net::probe::setup::Setup;
use crate::net::resolve::HostResolver;
use crate::query::probe::{AddressProbe, HostProbe, ProbeTarget};
use crate::text::{Safe, cut_end};

/// Most addresses of a host that are asked.
const MAX_TRIED: usize = 8;
/// Most hosts that are asked at the same time.
const AT_ONCE: usize = 8;

/// How to ask; the default is the system's resolver, roots and proxy, and 5 seconds.
#[derive(Debug, Clone)]
pub struct ProbeOptions {
    /// The way out.
    pub proxy: Proxy,
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// Time for the name, and again for each address; the addresses are asked at the same time.
    pub limit: Duration,
    /// Who is asked for names.
    pub resolver: HostResolver,
    /// Names whose addresses are known, with the port to connect to; they are asked of nobody.
    pub pins: Vec<(String, SocketAddr)>,
}

impl Default for ProbeOptions {
    fn default() -> Self {
        Self {
            proxy: Proxy::Environment,
            trust: Trust::System(Vec::new()),
            limit: Duration::from_secs(5),
            resolver: HostResolver::new(),
            pins: Vec::new(),
        }
    }
}

/// Asks one host; ends within twice the limit, whatever the host does.
///
/// Must be called inside a tokio runtime that has its I/O and time drivers. Dropping the future
/// gives up all connections.
pub async fn probe(target: &ProbeTarget, options: &ProbeOptions) -> HostProbe {
    match Setup::new(options) {
        Ok(setup) => ask(Arc::new(setup), target.clone()).await,
        Err(error) => HostProbe::failed(&target.host, Safe::from(error.to_string())),
    }
}

/// Asks the hosts, 8 at a time, and tells each as it ends, with its place in `targets`.
///
/// Every target is told once. Otherwise as for [`probe`].
pub async fn probe_all(
    targets: Vec<ProbeTarget>,
    options: &ProbeOptions,
    mut heard: impl FnMut(usize, HostProbe),
) {
    let setup = match Setup::new(options) {
        Ok(setup) => Arc::new(setup),
        Err(error) => {
            let why = Safe::from(error.to_string());
            for (place, target) in targets.iter().enumerate() {
                heard(place, HostProbe::failed(&target.host, why.clone()));
            }
            return;
        }
    };
    let names: Vec<String> = targets.iter().map(|target| target.host.clone()).collect();
    let mut is_told = vec![false; names.len()];
    let mut waiting = targets.into_iter().enumerate();
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE {
            let Some((place, target)) = waiting.next() else {
                break;
            };
            let setup = Arc::clone(&setup);
            running.spawn(async move { (place, ask(setup, target).await) });
        }
        match running.join_next().await {
            Some(Ok((place, probe))) => {
                if let Some(told) = is_told.get_mut(place) {
                    *told = true;
                }
                heard(place, probe);
            }
            // A task that broke off is told at the end.
            Some(Err(_)) => {}
            None => break,
        }
    }
    for (place, name) in names.iter().enumerate() {
        if is_told.get(place) == Some(&false) {
            heard(place, broken(name));
        }
    }
}

fn broken(host: &str) -> HostProbe {
    HostProbe::failed(host, Safe::new("the probe broke off: try again"))
}

/// What is known of a host's addresses before they are asked.
struct FoundAddresses {
    probe: HostProbe,
    sockets: Vec<SocketAddr>,
}

async fn ask(setup: Arc<Setup>, target: ProbeTarget) -> HostProbe {
    let host = target.host.trim_end_matches('.').to_ascii_lowercase();
    if host.contains('*') {
        let why = "a wildcard cannot be asked: name one host that it stands for";
        return HostProbe::failed(&host, Safe::new(why));
    }
    let Ok(name) = ServerName::try_from(host.clone()) else {
        let shown = Safe::new(&host);
        let shown = cut_end(shown.as_str(), 80);
        return HostProbe::failed(
            &shown,
            Safe::from(format!("\"{shown}\" is not a host name")),
        );
    };
    let attempt = |route| Attempt {
        setup: Arc::clone(&setup),
        host: host.clone(),
        port: target.port,
        name: name.clone(),
        check: target.check,
        route,
    };
    let Some(proxy) = setup.proxy(&host, target.port) else {
        let found = setup.find(&host, target.port).await;
        return all(found, attempt).await;
    };
    let shown = proxy.shown();
    // The proxy asks for the name itself; what is found here only shows the aliases.
    let (found, one) = tokio::join!(
        setup.find(&host, target.port),
        attempt(ProbeRoute::Proxy(proxy)).run()
    );
    let HostProbe {
        chain,
        chain_failure,
        failure,
        ..
    } = found.probe;
    HostProbe {
        host: Safe::new(&host),
        chain,
        chain_failure: chain_failure.or(failure),
        addresses: vec![one],
        untried: 0,
        proxy: Some(shown),
        failure: None,
    }
}

/// Asks every address that was found, at the same time.
async fn all(found: FoundAddresses, attempt: impl Fn(ProbeRoute) -> Attempt) -> HostProbe {
    let FoundAddresses { mut probe, sockets } = found;
    let tried = sockets.len().min(MAX_TRIED);
    probe.untried = sockets.len() - tried;
    let mut running = JoinSet::new();
    for (place, socket) in sockets.into_iter().take(MAX_TRIED).enumerate() {
        let attempt = attempt(ProbeRoute::Direct(socket));
        running.spawn(async move { (place, attempt.run().await) });
    }
    let mut answers: Vec<(usize, AddressProbe)> = Vec::with_capacity(tried);
    while let Some(done) = running.join_next().await {
        answers.extend(done);
    }
    if answers.len() < tried {
        return broken(probe.host.as_str());
    }
    answers.sort_by_key(|(place, _)| *place);
    probe.addresses = answers.into_iter().map(|(_, answer)| answer).collect();
    probe
}
