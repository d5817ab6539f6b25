//! One GET, with everything that may come between the question and the whole answer: redirects,
//! a busy server, a broken connection, a body that is none.
//!
//! The library's own redirects and decompression are off: each hop is checked here against the
//! allow-list, and each byte is counted.

use jiff::Timestamp;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_ENCODING,
    CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION,
};
use reqwest::{Certificate, RequestBuilder, Response, Url, redirect};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::time::{Instant, sleep, timeout_at};

use crate::net::body::{self, Body};
use crate::net::hosts::{Hosts, bare, host, shown, shown_path};
use crate::net::options::{Limits, NetOptions, Proxy, Trust};
use crate::net::token::Token;
use crate::net::{FetchError, FetchProgress, HeldDocument, Report, busy, diagnose, lookup};
use crate::text::Safe;

/// Most redirects that are followed.
const MAX_HOPS: usize = 5;
/// Most waits that are granted to a busy server.
const MAX_WAITS: usize = 2;
/// Longest header value that is kept.
const MAX_HEADER: usize = 512;

/// The HTTP client with its bounds.
#[derive(Clone)]
pub(super) struct HttpClient {
    http: reqwest::Client,
    pub(super) limits: Limits,
}

/// A question.
#[derive(Clone, Copy)]
pub(super) struct HttpAsk<'a> {
    pub(super) url: &'a Url,
    /// Where redirects may lead.
    pub(super) hosts: &'a Hosts,
    pub(super) form: AskForm<'a>,
    pub(super) known: Option<&'a HeldDocument>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) enum AskForm<'a> {
    Page,
    Document,
    Api(&'a Token),
}

/// An answer whose body has not been received yet; never a redirect, never 429 or 503.
pub(super) struct OpenedReply {
    pub(super) response: Response,
    pub(super) url: Url,
    pub(super) deadline: Instant,
}

/// An answer.
pub(super) enum HttpReply {
    Whole(Whole),
    NotModified,
}

/// A body with what the headers say of it.
pub(super) struct Whole {
    pub(super) bytes: Vec<u8>,
    /// Where the redirects ended.
    pub(super) url: Url,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    /// The `Content-Disposition`, which may hold a file name.
    pub(super) disposition: Option<String>,
}

impl HttpClient {
    pub(super) fn new(options: &NetOptions) -> Result<Self, FetchError> {
        // Whoever has set a provider before has set one that serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_gzip()
            .http1_only()
            .referer(false)
            .dns_resolver(lookup::System)
            .connect_timeout(options.limits.connect)
            .user_agent(&options.user_agent);
        let builder = match &options.trust {
            Trust::System(more) if more.is_empty() => builder,
            Trust::System(more) => builder.tls_certs_merge(certificates(more)?),
            Trust::Only(roots) => builder.tls_certs_only(certificates(roots)?),
        };
        let builder = match &options.proxy {
            Proxy::Environment => builder,
            Proxy::Direct => builder.no_proxy(),
            Proxy::At(proxy) => {
                let proxy = reqwest::Proxy::all(proxy).map_err(|_| FetchError::BadProxy)?;
                builder.no_proxy().proxy(proxy)
            }
        };
        Ok(Self {
            http: builder.build().map_err(|e| diagnose::building(&e))?,
            limits: options.limits.clone(),
        })
    }

    /// A whole page or document.
    pub(super) async fn fetch(
        &self,
        ask: HttpAsk<'_>,
        report: &mut Report<'_>,
    ) -> Result<HttpReply, FetchError> {
        let opened = self.open(ask, report).await?;
        let status = opened.response.status().as_u16();
        let url = || shown(&opened.url);
        match status {
            304 if ask.known.is_some() => return Ok(HttpReply::NotModified),
            200..300 => {}
            403 => return Err(FetchError::Forbidden { url: url() }),
            404 | 410 => return Err(FetchError::NotFound { url: url(), status }),
            _ => return Err(FetchError::Status { url: url(), status }),
        }
        let headers = opened.response.headers().clone();
        let cap = match ask.form {
            AskForm::Page => self.limits.page,
            AskForm::Document | AskForm::Api(_) => self.limits.decoded,
        };
        let (url, body) = self.receive(opened, ask.form, cap, report).await?;
        Ok(HttpReply::Whole(Whole {
            bytes: body.bytes,
            url,
            etag: text(&headers, &ETAG),
            last_modified: text(&headers, &LAST_MODIFIED),
            disposition: text(&headers, &CONTENT_DISPOSITION),
        }))
    }

    /// The body behind an answer, checked to be of its form.
    pub(super) async fn receive(
        &self,
        opened: OpenedReply,
        form: AskForm<'_>,
        cap: u64,
        report: &mut Report<'_>,
    ) -> Result<(Url, Body), FetchError> {
        let OpenedReply {
            response,
            url,
            deadline,
        } = opened;
        let is_document = !matches!(form, AskForm::Page);
        let begun = Instant::now();
        let body = async {
            check_headers(response.headers(), &url, is_document)?;
            let body = body::receive(response, &url, &self.limits, cap, deadline, report).await?;
            if is_document {
                check_json(&body, &url)?;
            }
            Ok(body)
        };
        let body = body.await;
        let ms = begun.elapsed().as_millis();
        let (host, path) = (host(&url), shown_path(&url));
        match &body {
            Ok(body) => {
                let (received, bytes) = (body.received, body.bytes.len());
                tracing::info!(%host, %path, received, bytes, ms, "body");
            }
            Err(why) => tracing::warn!(%host, %path, %why, ms, "body refused"),
        }
        Ok((url, body?))
    }

    /// Follows redirects and waits for a busy server, within the bounds.
    pub(super) async fn open(
        &self,
        ask: HttpAsk<'_>,
        report: &mut Report<'_>,
    ) -> Result<OpenedReply, FetchError> {
        let mut waits = 0;
        loop {
            report(FetchProgress::Asking {
                what: shown(ask.url),
            });
            let opened = self.walk(ask).await?;
            let status = opened.response.status().as_u16();
            if !matches!(status, 429 | 503) {
                return Ok(opened);
            }
            let wait = busy::asked(opened.response.headers(), Timestamp::now());
            let granted = wait.filter(|wait| *wait <= self.limits.wait && waits < MAX_WAITS);
            let Some(time) = granted else {
                let url = shown(&opened.url);
                return Err(FetchError::Busy { url, status, wait });
            };
            waits += 1;
            report(FetchProgress::Waiting { time });
            sleep(time).await;
        }
    }

    async fn walk(&self, ask: HttpAsk<'_>) -> Result<OpenedReply, FetchError> {
        let deadline = Instant::now() + self.limits.total;
        let mut url = ask.url.clone();
        let mut seen = vec![url.clone()];
        loop {
            let response = self.send(&url, ask, deadline).await?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(OpenedReply {
                    response,
                    url,
                    deadline,
                });
            }
            let next = ask
                .hosts
                .follow(&url, status, response.headers().get(LOCATION));
            if let Err(why) = &next {
                tracing::warn!(%why, "redirect refused");
            }
            url = next?;
            if seen.contains(&url) {
                return Err(FetchError::RedirectLoop { url: shown(&url) });
            }
            if seen.len() > MAX_HOPS {
                return Err(FetchError::TooManyRedirects {
                    url: shown(ask.url),
                    limit: MAX_HOPS,
                });
            }
            seen.push(url.clone());
        }
    }

    /// Sends, and once more where the connection broke: a GET changes nothing.
    async fn send(
        &self,
        url: &Url,
        ask: HttpAsk<'_>,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        match self.attempt(url, ask, deadline).await {
            Err(FetchError::Reset { .. }) => self.attempt(url, ask, deadline).await,
            done => done,
        }
    }

    async fn attempt(
        &self,
        url: &Url,
        ask: HttpAsk<'_>,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        let accept = match ask.form {
            AskForm::Page => "text/html,application/xhtml+xml,*/*;q=0.8",
            AskForm::Document => "*/*",
            AskForm::Api(_) => "application/json",
        };
        let mut request = self
            .http
            .get(url.clone())
            .header(ACCEPT, accept)
            .header(ACCEPT_ENCODING, "gzip")
            .header(ACCEPT_LANGUAGE, "en-US,en;q=0.5");
        if let Some(known) = ask.known {
            for (name, value) in [
                (IF_NONE_MATCH, &known.etag),
                (IF_MODIFIED_SINCE, &known.last_modified),
            ] {
                // What was kept may have been damaged since: then the request is unconditional.
                if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                    request = request.header(name, value);
                }
            }
        }
        if let AskForm::Api(token) = ask.form {
            request = request.header(AUTHORIZATION, token.header());
        }
        let begun = Instant::now();
        let done = self.answer(request, url, deadline).await;
        let ms = begun.elapsed().as_millis();
        let (host, path) = (host(url), shown_path(url));
        match &done {
            Ok(response) => {
                let status = response.status().as_u16();
                let bytes = response.content_length();
                tracing::info!(%host, %path, status, bytes, ms, "request");
            }
            Err(why) => tracing::warn!(%host, %path, %why, ms, "request"),
        }
        done
    }

    /// The beginning of an answer.
    async fn answer(
        &self,
        request: RequestBuilder,
        url: &Url,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        let limits = &self.limits;
        let begun = Instant::now() + limits.connect + limits.answer;
        let sent = timeout_at(begun.min(deadline), request.send()).await;
        let Ok(sent) = sent else {
            return Err(FetchError::NoAnswer {
                url: shown(url),
                limit: limits.answer,
            });
        };
        let response = sent.map_err(|error| diagnose::sending(&error, url, limits))?;
        if response.status().as_u16() == 407 {
            let host = host(url);
            return Err(FetchError::ProxyLogin { host });
        }
        Ok(response)
    }
}

impl HeldDocument {
    /// Whether this is knowledge about what `url` gives, and makes a request conditional.
    pub(super) fn is_of(&self, url: &Url) -> bool {
        let same = self
            .url
            .as_deref()
            .is_none_or(|own| own == bare(url).as_str());
        same && (self.etag.is_some() || self.last_modified.is_some())
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<Certificate>, FetchError> {
    let known = |der: CertificateDer<'_>| Certificate::from_der(&der);
    let list: Result<_, _> = roots(pem)?.into_iter().map(known).collect();
    list.map_err(|error| diagnose::building(&error))
}

/// Whether `pem` holds certificates, by their form alone: what they say is read when they are used.
///
/// # Errors
/// [`FetchError::Roots`].
pub fn check_roots(pem: &[u8]) -> Result<(), FetchError> {
    certificates_in(pem).map(|_| ())
}

fn certificates_in(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, FetchError> {
    let flaw = |reason: String| FetchError::Roots {
        reason: Safe::from(reason),
    };
    let list: Result<Vec<_>, _> = (1..)
        .zip(CertificateDer::pem_slice_iter(pem))
        .map(|(number, der)| der.map_err(|_| flaw(damaged_root(number))))
        .collect();
    let list = list?;
    if list.is_empty() {
        return Err(flaw("there is none".to_owned()));
    }
    Ok(list)
}

fn damaged_root(number: u32) -> String {
    format!("number {number} is damaged")
}

/// The certificates in `pem`, each checked to be one: the library would tell only later, and less.
pub(super) fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, FetchError> {
    let mut store = RootCertStore::empty();
    let list = certificates_in(pem)?;
    for (number, der) in (1..).zip(&list) {
        let added = store.add(der.clone());
        added.map_err(|_| FetchError::Roots {
            reason: Safe::from(damaged_root(number)),
        })?;
    }
    Ok(list)
}

fn check_headers(headers: &HeaderMap, url: &Url, is_document: bool) -> Result<(), FetchError> {
    let encoding = text(headers, &CONTENT_ENCODING).unwrap_or_default();
    let known = ["", "identity", "gzip", "x-gzip"];
    if !known.contains(&encoding.trim().to_ascii_lowercase().as_str()) {
        return Err(FetchError::Encoding {
            url: shown(url),
            found: Safe::new(&encoding),
        });
    }
    let kind = text(headers, &CONTENT_TYPE).unwrap_or_default();
    let kind = kind.trim_start().to_ascii_lowercase();
    if is_document && (kind.starts_with("text/html") || kind.starts_with("application/xhtml")) {
        return Err(FetchError::Html { url: shown(url) });
    }
    Ok(())
}

/// A document is one JSON object, from its first character to its last.
fn check_json(body: &Body, url: &Url) -> Result<(), FetchError> {
    let bytes = &body.bytes;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bytes = bytes.trim_ascii();
    let url = || shown(url);
    match (bytes.first(), bytes.last()) {
        (Some(b'{'), Some(b'}')) => Ok(()),
        (Some(b'<'), _) => Err(FetchError::Html { url: url() }),
        (Some(b'{') | None, _) => Err(FetchError::Unfinished {
            url: url(),
            received: body.received,
        }),
        _ => {
            let head = String::from_utf8_lossy(bytes.get(..40).unwrap_or(bytes));
            Err(FetchError::NotJson {
                url: url(),
                begins: Safe::from(head.chars().take(20).collect::<String>()),
            })
        }
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= MAX_HEADER).then(|| value.to_owned())
}
