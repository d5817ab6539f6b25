//! A scripted HTTP server on the loopback interface, plain or with TLS, that can misbehave.
//!
//! Each path has a script: the first request gets its first answer, and so on; the last answer
//! repeats. A path without a script is not there (404); the path `*` stands for all of those. Every
//! request is recorded. Nothing here sleeps: an answer that hangs does so until the client goes.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Longest time that a connection of the server may take, should a client never go.
const FOREVER: Duration = Duration::from_mins(1);

/// An answer, or what stands in its place.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
}

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Whole,
    /// Announces all of the body, sends so many bytes of it, closes.
    Cut(usize),
    /// Announces so many bytes, sends all of the body, closes.
    Announced(usize),
    /// Announces nothing; the end of the connection is the end of the body.
    Unsized,
    /// Sends so many bytes of the body, then nothing more.
    Stall(usize),
    /// Sends a byte at a time with this pause.
    Drip(Duration),
    /// Takes the request and says nothing.
    Silent,
    /// Takes the request and closes.
    Close,
    /// Sends the body as the whole answer, without a status line of its own.
    Raw,
    /// Agrees, then passes bytes on in both directions (plain servers only).
    Tunnel(SocketAddr),
}

impl Answer {
    /// A status with no body.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            manner: Manner::Whole,
        }
    }

    /// 200 with a JSON document.
    pub fn json(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200)
            .header("Content-Type", "application/octet-stream")
            .body(body)
    }

    /// 200 with a web page.
    pub fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200)
            .header("Content-Type", "text/html; charset=utf-8")
            .body(body)
    }

    /// 302 to `target`, absolute or relative.
    pub fn redirect(target: &str) -> Self {
        Self::status(302).header("Location", target)
    }

    /// These bytes as they are.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::status(200).body(bytes).manner(Manner::Raw)
    }

    /// Nothing at all, until the client goes.
    pub fn silent() -> Self {
        Self::status(200).manner(Manner::Silent)
    }

    /// The end of the connection.
    pub fn close() -> Self {
        Self::status(200).manner(Manner::Close)
    }

    /// What a proxy answers to CONNECT, and does from then on.
    pub fn tunnel(target: &Server) -> Self {
        Self::status(200).manner(Manner::Tunnel(target.address))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The connection ends after so many bytes of the body.
    pub fn cut(self, bytes: usize) -> Self {
        self.manner(Manner::Cut(bytes))
    }

    /// The length header says this, whatever the body's length is.
    pub fn announced(self, bytes: usize) -> Self {
        self.manner(Manner::Announced(bytes))
    }

    /// No length header.
    pub fn unsized_(self) -> Self {
        self.manner(Manner::Unsized)
    }

    /// Nothing more comes after so many bytes of the body.
    pub fn stall(self, bytes: usize) -> Self {
        self.manner(Manner::Stall(bytes))
    }

    /// A byte of the body at a time.
    pub fn drip(self, pause: Duration) -> Self {
        self.manner(Manner::Drip(pause))
    }

    fn manner(mut self, manner: Manner) -> Self {
        self.manner = manner;
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Scripted\r\nConnection: close\r\n", self.status);
        let announced = match self.manner {
            Manner::Announced(bytes) => Some(bytes),
            Manner::Unsized | Manner::Tunnel(_) => None,
            _ => Some(self.body.len()),
        };
        if let Some(bytes) = announced.filter(|_| self.status != 304) {
            head.extend(["Content-Length: ", &bytes.to_string(), "\r\n"]);
        }
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head + "\r\n"
    }
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    /// With its query.
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter();
        let mut found = found.filter(|(own, _)| own.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    fn read(stream: &mut impl Read) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut byte = [0];
        while !bytes.ends_with(b"\r\n\r\n") {
            let is_over = bytes.len() > 1 << 16 || stream.read(&mut byte).ok()? == 0;
            bytes.push(byte[0]);
            if is_over || !bytes[0].is_ascii_uppercase() {
                return None;
            }
        }
        let text = String::from_utf8(bytes).ok()?;
        let mut lines = text.lines();
        let mut words = lines.next()?.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Self {
            method,
            path,
            headers,
        })
    }
}

/// Paths and their scripts.
pub type Routes = Vec<(String, Vec<Answer>)>;

struct Shared {
    scripts: Mutex<HashMap<String, Vec<Answer>>>,
    requests: Mutex<Vec<Request>>,
    tls: Option<Arc<ServerConfig>>,
    is_over: AtomicBool,
}

impl Shared {
    fn answer(&self, request: Request) -> Answer {
        let mut scripts = self.scripts.lock().unwrap();
        let bare = request.path.split('?').next().unwrap().to_owned();
        let key = [request.path.clone(), bare, "*".to_owned()]
            .into_iter()
            .find(|key| scripts.contains_key(key));
        let answer = match key.and_then(|key| scripts.get_mut(&key)) {
            Some(script) if script.len() > 1 => script.remove(0),
            Some(script) => script[0].clone(),
            None => Answer::status(404),
        };
        let tag = answer.headers.iter().find(|(name, _)| name == "ETag");
        let held = request.header("If-None-Match");
        let is_held = tag.is_some_and(|(_, tag)| Some(tag.as_str()) == held);
        self.requests.lock().unwrap().push(request);
        if is_held { Answer::status(304) } else { answer }
    }

    fn serve(&self, socket: TcpStream) {
        socket.set_read_timeout(Some(FOREVER)).unwrap();
        let clock = socket.try_clone().unwrap();
        match &self.tls {
            None => self.talk(socket, &clock),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).unwrap();
                self.talk(StreamOwned::new(connection, socket), &clock);
            }
        }
    }

    fn talk(&self, mut stream: impl Read + Write, clock: &TcpStream) {
        let Some(request) = Request::read(&mut stream) else {
            // As servers do when TLS is spoken to a plain port.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            return;
        };
        let answer = self.answer(request);
        // A client may go in the middle; that is its right.
        let _ = give(&answer, &mut stream, clock);
    }
}

fn give(
    answer: &Answer,
    stream: &mut (impl Read + Write),
    clock: &TcpStream,
) -> std::io::Result<()> {
    let body = &answer.body;
    match answer.manner {
        Manner::Silent => return until_gone(stream),
        Manner::Close => return Ok(()),
        Manner::Raw => stream.write_all(body)?,
        _ => stream.write_all(answer.head().as_bytes())?,
    }
    match answer.manner {
        Manner::Whole | Manner::Announced(_) | Manner::Unsized => stream.write_all(body)?,
        Manner::Cut(bytes) => stream.write_all(&body[..bytes])?,
        Manner::Stall(bytes) => {
            stream.write_all(&body[..bytes])?;
            stream.flush()?;
            return until_gone(stream);
        }
        Manner::Drip(pause) => {
            // Waiting for the client to go is the pause.
            clock.set_read_timeout(Some(pause))?;
            for byte in body {
                stream.write_all(&[*byte])?;
                stream.flush()?;
                if matches!(stream.read(&mut [0]), Ok(0)) {
                    return Ok(());
                }
            }
        }
        Manner::Tunnel(target) => {
            let mut target = TcpStream::connect(target)?;
            let (mut client, mut forth) = (clock.try_clone()?, target.try_clone()?);
            thread::spawn(move || std::io::copy(&mut client, &mut forth));
            std::io::copy(&mut target, stream)?;
        }
        Manner::Silent | Manner::Close | Manner::Raw => {}
    }
    stream.flush()
}

fn until_gone(stream: &mut impl Read) -> std::io::Result<()> {
    while stream.read(&mut [0])? > 0 {}
    Ok(())
}

/// The server; it ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    base: String,
    shared: Arc<Shared>,
}

impl Server {
    /// Serves plain http; `routes` is told the base address, which has no final slash.
    pub fn start(routes: impl FnOnce(&str) -> Routes) -> Self {
        Self::listen(None, routes)
    }

    /// Serves https with `identity`.
    pub fn start_tls(identity: Arc<ServerConfig>, routes: impl FnOnce(&str) -> Routes) -> Self {
        Self::listen(Some(identity), routes)
    }

    fn listen(tls: Option<Arc<ServerConfig>>, routes: impl FnOnce(&str) -> Routes) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base = format!("{scheme}://{address}");
        let scripts = routes(&base).into_iter().collect();
        let shared = Arc::new(Shared {
            scripts: Mutex::new(scripts),
            requests: Mutex::default(),
            tls,
            is_over: AtomicBool::new(false),
        });
        let own = Arc::clone(&shared);
        thread::spawn(move || {
            for socket in listener.incoming() {
                if own.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let own = Arc::clone(&own);
                thread::spawn(move || own.serve(socket.unwrap()));
            }
        });
        Self {
            address,
            base,
            shared,
        }
    }

    /// `https://127.0.0.1:port`, or with http.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Replaces the script of a path.
    pub fn script(&self, path: &str, answers: impl Into<Vec<Answer>>) {
        let mut scripts = self.shared.scripts.lock().unwrap();
        scripts.insert(path.to_owned(), answers.into());
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The paths that were asked for so far.
    pub fn paths(&self) -> Vec<String> {
        let requests = self.requests();
        requests.into_iter().map(|request| request.path).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for connections.
        drop(TcpStream::connect(self.address));
    }
}

/// A certificate authority of one test.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub fn new() -> Self {
        Self::named("a test's authority")
    }

    /// One with a name of its own.
    pub fn named(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// The root certificate, for a client to trust.
    pub fn pem(&self) -> Vec<u8> {
        self.pem.clone().into_bytes()
    }

    /// A server's identity for `127.0.0.1` and `localhost`.
    pub fn identity(&self) -> Arc<ServerConfig> {
        self.issue(&["127.0.0.1", "localhost"], 2099)
    }

    /// A server's identity for these names, until the first day of a year.
    pub fn issue(&self, names: &[&str], until: i32) -> Arc<ServerConfig> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            );
        Arc::new(config.unwrap())
    }
}
