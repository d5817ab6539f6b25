//! A tunnel through a proxy, by CONNECT.

use hyper::Uri;
use hyper::header::HeaderValue;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::net::probe::obstacle::Obstacle;
use crate::text::Safe;

/// Most bytes of a proxy's answer.
const MAX_HEAD: usize = 16 << 10;

/// A proxy.
pub(super) struct ProxyServer {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) port: u16,
    login: Option<HeaderValue>,
}

/// How a proxy is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
    /// SOCKS, which is not spoken here.
    Other,
}

impl ProxyServer {
    pub(super) fn new(uri: &Uri, login: Option<&HeaderValue>) -> Option<Self> {
        let (scheme, usual) = match uri.scheme_str()? {
            "http" => (Scheme::Http, 80),
            "https" => (Scheme::Https, 443),
            _ => (Scheme::Other, 1080),
        };
        Some(Self {
            scheme,
            host: uri.host()?.to_owned(),
            port: uri.port_u16().unwrap_or(usual),
            login: login.cloned(),
        })
    }

    /// `http://proxy.example:8080`, never with name and password.
    pub(super) fn shown(&self) -> Safe {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
            Scheme::Other => "socks",
        };
        Safe::from(format!("{scheme}://{}:{}", self.host, self.port))
    }

    /// Asks for a tunnel to `host` and waits until it stands.
    pub(super) async fn tunnel(
        &self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
        host: &str,
        port: u16,
    ) -> Result<(), Obstacle> {
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
        request.push_str(concat!(
            "User-Agent: tagscope/",
            env!("CARGO_PKG_VERSION"),
            "\r\n"
        ));
        let mut request = request.into_bytes();
        if let Some(login) = &self.login {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(login.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        let broken = |_| Obstacle::ProxyBroke;
        stream.write_all(&request).await.map_err(broken)?;
        stream.flush().await.map_err(broken)?;
        let head = head(stream).await?;
        match status(&head) {
            Some(200..=299) => Ok(()),
            Some(407) => Err(Obstacle::ProxyLogin),
            Some(status) => Err(Obstacle::ProxyRefused { status }),
            None => Err(Obstacle::ProxyOdd),
        }
    }
}

/// The answer up to its empty line; the other side of a tunnel does not speak first.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Result<Vec<u8>, Obstacle> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if head.len() > MAX_HEAD {
            return Err(Obstacle::ProxyOdd);
        }
        let read = stream.read(&mut chunk).await;
        match read.map_err(|_| Obstacle::ProxyBroke)? {
            0 => return Err(Obstacle::ProxyBroke),
            count => head.extend(chunk.iter().take(count)),
        }
    }
    Ok(head)
}

fn status(head: &[u8]) -> Option<u16> {
    let line = head.split(|byte| *byte == b'\r').next()?;
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split(' ');
    words.next().filter(|word| word.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}
