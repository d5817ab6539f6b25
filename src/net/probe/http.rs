//! One GET on a connection that stands, bounded in header and body.

use std::future::poll_fn;
use std::pin::Pin;

use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::Builder;
use hyper::header::{
    ACCEPT, CONTENT_TYPE, HOST, HeaderMap, HeaderName, LOCATION, USER_AGENT, WWW_AUTHENTICATE,
};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;

use crate::query::probe::ProbeReply;

/// Most bytes of an answer's headers, and of what is read ahead.
const MAX_HEAD: usize = 64 << 10;
/// Most bytes of a body that are read.
const MAX_BODY: usize = 64 << 10;
/// Most `WWW-Authenticate` that are looked at.
const MAX_CHALLENGES: usize = 16;

/// A question on its way; dropping it ends the connection.
pub(super) struct Exchange {
    response: Response<Incoming>,
    _driver: JoinSet<()>,
}

impl Exchange {
    /// Asks for `path`; ends when the headers of the answer are there.
    pub(super) async fn open(
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        authority: &str,
        path: &str,
    ) -> hyper::Result<Self> {
        let mut builder = Builder::new();
        let builder = builder.max_buf_size(MAX_HEAD);
        let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await?;
        let mut driver = JoinSet::new();
        driver.spawn(async move {
            // What breaks the connection is told to the sender as well.
            let _ = connection.await;
        });
        let mut request = Request::new(String::new());
        // Both are checked names or constants; what does not parse leaves the request as it was.
        if let Ok(path) = path.parse() {
            *request.uri_mut() = path;
        }
        let headers = request.headers_mut();
        if let Ok(authority) = authority.parse() {
            headers.insert(HOST, authority);
        }
        let fixed = |text: &'static str| hyper::header::HeaderValue::from_static(text);
        headers.insert(ACCEPT, fixed("*/*"));
        let agent = concat!("tagscope/", env!("CARGO_PKG_VERSION"));
        headers.insert(USER_AGENT, fixed(agent));
        Ok(Self {
            response: sender.send_request(request).await?,
            _driver: driver,
        })
    }

    /// What the headers say.
    pub(super) fn reply(&self) -> ProbeReply {
        let headers = self.response.headers();
        let challenges = headers.get_all(WWW_AUTHENTICATE).iter();
        ProbeReply {
            status: self.response.status().as_u16(),
            challenges: challenges
                .take(MAX_CHALLENGES)
                .filter_map(|value| value.to_str().ok().map(str::to_owned))
                .collect(),
            content_type: text(headers, &CONTENT_TYPE),
            location: text(headers, &LOCATION),
            names_api: headers.contains_key("docker-distribution-api-version"),
            body: Vec::new(),
        }
    }

    /// Reads the body into `reply` until it ends, breaks, or is long enough.
    pub(super) async fn read(mut self, reply: &mut ProbeReply) {
        let body = self.response.body_mut();
        while reply.body.len() < MAX_BODY {
            let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
            let Some(Ok(frame)) = frame else {
                return;
            };
            if let Some(data) = frame.data_ref() {
                let room = MAX_BODY - reply.body.len();
                reply.body.extend(data.iter().take(room));
            }
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
