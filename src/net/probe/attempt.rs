//! One address, step by step, until it answers or the time is over.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::net::probe::http::Exchange;
use crate::net::probe::obstacle::{Obstacle, ProbeStep};
use crate::net::probe::proxy::{ProxyServer, Scheme};
use crate::net::probe::setup::Setup;
use crate::net::probe::tls::{Witness, config};
use crate::query::probe::{AddressProbe, Judgement, ProbeCheck, ProbeReply, judge};
use crate::text::Safe;

/// A connection, with or without TLS of its own.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The way to a host.
pub(super) enum ProbeRoute {
    Direct(SocketAddr),
    Proxy(ProxyServer),
}

/// One address of one host.
pub(super) struct Attempt {
    pub(super) setup: Arc<Setup>,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) name: ServerName<'static>,
    pub(super) check: ProbeCheck,
    pub(super) route: ProbeRoute,
}

/// How far it came.
struct AttemptProgress {
    begun: Instant,
    step: ProbeStep,
    tcp: Option<Duration>,
    witness: Arc<Witness>,
    /// The answer, and when it began.
    reply: Option<(ProbeReply, Duration)>,
}

impl Attempt {
    /// Runs until the host has answered, something stood in the way, or the limit is over.
    pub(super) async fn run(self) -> AddressProbe {
        let limit = self.setup.limit;
        let mut progress = AttemptProgress {
            begun: Instant::now(),
            step: ProbeStep::Connect,
            tcp: None,
            witness: Witness::new(&self.setup),
            reply: None,
        };
        let deadline = progress.begun + limit;
        let result = timeout_at(deadline, self.steps(&mut progress)).await;
        let is_proxied = matches!(self.route, ProbeRoute::Proxy(_));
        let result = result.unwrap_or_else(|_| {
            let late = Obstacle::late(progress.step, limit, is_proxied);
            Err(late)
        });
        // A body that did not end in time is judged by what came of it.
        let judgement = match (&progress.reply, result) {
            (Some((reply, took)), _) => judge(self.check, reply, *took),
            (None, Ok(())) => from(&Obstacle::ResetAnswer),
            (None, Err(obstacle)) => from(&obstacle),
        };
        let probe = AddressProbe {
            address: match &self.route {
                ProbeRoute::Direct(socket) => Some(socket.ip()),
                ProbeRoute::Proxy(_) => None,
            },
            tcp: progress.tcp,
            tls: progress.witness.seen().cloned(),
            http: progress.reply.map(|(reply, _)| reply.status),
            verdict: judgement.verdict,
            client_address: judgement.client_address,
            why: judgement.why,
        };
        tracing::info!(
            host = %Safe::new(&self.host),
            port = self.port,
            path = self.check.path(),
            address = probe.address.map(tracing::field::display),
            is_proxied,
            status = probe.http,
            verdict = ?probe.verdict,
            why = %probe.why,
            ms = progress.begun.elapsed().as_millis(),
            "probe"
        );
        probe
    }

    async fn steps(&self, progress: &mut AttemptProgress) -> Result<(), Obstacle> {
        let stream = match &self.route {
            ProbeRoute::Direct(socket) => {
                let stream = TcpStream::connect(socket).await;
                let stream = stream.map_err(|error| Obstacle::connecting(&error))?;
                progress.tcp = Some(progress.begun.elapsed());
                Box::new(stream)
            }
            ProbeRoute::Proxy(proxy) => self.tunnel(proxy, progress).await?,
        };
        progress.step = ProbeStep::Tls;
        let stream = self.tls(stream, &progress.witness).await?;
        progress.step = ProbeStep::Answer;
        let authority = match self.port {
            443 => self.host.clone(),
            port => format!("{}:{port}", self.host),
        };
        let opened = Exchange::open(stream, &authority, self.check.path()).await;
        let exchange = opened.map_err(|error| Obstacle::asking(&error))?;
        let took = progress.begun.elapsed();
        let (reply, _) = progress.reply.insert((exchange.reply(), took));
        exchange.read(reply).await;
        Ok(())
    }

    async fn tls(
        &self,
        stream: Box<dyn Stream>,
        witness: &Arc<Witness>,
    ) -> Result<TlsStream<Box<dyn Stream>>, Obstacle> {
        let config = config(&self.setup, Arc::clone(witness) as _).map_err(|e| failed(&e))?;
        let connecting = TlsConnector::from(config).connect(self.name.clone(), stream);
        let stream = connecting.await;
        stream.map_err(|error| Obstacle::handshake(&error, witness.seen()))
    }

    /// A connection to the proxy, and through it to the host.
    async fn tunnel(
        &self,
        proxy: &ProxyServer,
        progress: &mut AttemptProgress,
    ) -> Result<Box<dyn Stream>, Obstacle> {
        if proxy.scheme == Scheme::Other {
            return Err(Obstacle::ProxyKind);
        }
        let unreachable = |reason| Obstacle::ProxyUnreachable { reason };
        let places = self.setup.locate(&proxy.host, proxy.port).await;
        let places = places.map_err(unreachable)?;
        let connected = TcpStream::connect(places.as_slice()).await;
        let stream = connected.map_err(|error| unreachable(Safe::from(error.to_string())))?;
        progress.step = ProbeStep::Tunnel;
        let mut stream: Box<dyn Stream> = Box::new(stream);
        if proxy.scheme == Scheme::Https {
            stream = Box::new(self.to_proxy(proxy, stream).await?);
        }
        proxy.tunnel(&mut stream, &self.host, self.port).await?;
        Ok(stream)
    }

    /// TLS with the proxy itself.
    async fn to_proxy(
        &self,
        proxy: &ProxyServer,
        stream: Box<dyn Stream>,
    ) -> Result<TlsStream<Box<dyn Stream>>, Obstacle> {
        let unreachable = |reason: String| Obstacle::ProxyUnreachable {
            reason: Safe::from(reason),
        };
        let host = proxy.host.trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|error| unreachable(error.to_string()))?;
        let verifier = Arc::clone(&self.setup.verifier);
        let config = config(&self.setup, verifier).map_err(|error| failed(&error))?;
        let connecting = TlsConnector::from(config).connect(name, stream);
        connecting
            .await
            .map_err(|error| unreachable(error.to_string()))
    }
}

fn failed(error: &rustls::Error) -> Obstacle {
    Obstacle::Setup {
        reason: Safe::from(error.to_string()),
    }
}

fn from(obstacle: &Obstacle) -> Judgement {
    Judgement {
        verdict: obstacle.verdict(),
        client_address: None,
        why: Safe::from(obstacle.to_string()),
    }
}
