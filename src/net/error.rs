//! Why a fetch failed: one variant, and one sentence, for each cause a person would act on
//! differently.
//!
//! Addresses in the sentences carry neither password nor query, so that no secret of a mirror's
//! address reaches a screen or a log.

use std::time::Duration;

use crate::azure::{Cloud, GzipFlaw};
use crate::net::words::{seconds, size};
use crate::text::{Safe, counted};

/// Why something could not be fetched, or was not asked for at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The text given is no address of the web.
    #[error(
        "\"{url}\" is not an address to fetch from ({reason}): give one like https://mirror.example/ServiceTags_Public_20261116.json"
    )]
    NotAUrl {
        /// As given, without password and query.
        url: Safe,
        /// The parser's words.
        reason: Safe,
    },
    /// Neither https nor plain http to a loopback address literal.
    #[error(
        "{url} is not https: give an https address; plain http is taken only from a loopback address such as http://127.0.0.1:8080"
    )]
    NotHttps {
        /// As given, without password and query.
        url: Safe,
    },
    /// The template of dated names has no place for the date.
    #[error(
        "the template \"{template}\" has no {{date}}: write {{date}} where YYYYMMDD belongs, and {{cloud}} where the cloud's name does"
    )]
    Template {
        /// As given.
        template: Safe,
    },
    /// The subscription is no identifier.
    #[error(
        "\"{found}\" is not a subscription id: give 32 hexadecimal digits like 00000000-0000-0000-0000-000000000000, as `az account show` prints it"
    )]
    Subscription {
        /// As given, cut.
        found: Safe,
    },
    /// The location is no region name.
    #[error("\"{found}\" is not a location: give a region's name such as westeurope")]
    Location {
        /// As given, cut.
        found: Safe,
    },
    /// The token is empty or holds what no token does; it is never repeated.
    #[error(
        "the access token {flaw}: take a new one from `az account get-access-token --query accessToken -o tsv`"
    )]
    BadToken {
        /// What is wrong, as a predicate.
        flaw: &'static str,
    },
    /// The proxy setting cannot be used; its text may hold a password and is not repeated.
    #[error("the proxy setting is not a proxy's address: write it like http://proxy.example:8080")]
    BadProxy,
    /// The extra root certificates cannot be read.
    #[error(
        "the extra root certificates cannot be used ({reason}): give certificates in PEM form, which begins with -----BEGIN CERTIFICATE-----"
    )]
    Roots {
        /// What is wrong with them.
        reason: Safe,
    },
    /// TLS could not be set up.
    #[error("TLS could not be set up ({reason}): install the system's root certificates")]
    Setup {
        /// The library's words.
        reason: Safe,
    },

    /// The name has no address.
    #[error(
        "the name {host} could not be resolved ({reason}): check the network and its DNS, or that a proxy is set where one is needed"
    )]
    Dns {
        /// The name.
        host: Safe,
        /// The system's words.
        reason: Safe,
    },
    /// Nobody listens there.
    #[error("{host} refused the connection: check the address and the port, and the firewall")]
    Refused {
        /// Host and port.
        host: Safe,
    },
    /// The connection could not be made for another reason.
    #[error("{host} cannot be reached ({reason}): check the network connection")]
    Unreachable {
        /// Host and port.
        host: Safe,
        /// The system's words.
        reason: Safe,
    },
    /// No connection in time.
    #[error(
        "no connection to {host} within {}: a firewall may drop the packets; check the network or set a proxy",
        seconds(*limit)
    )]
    ConnectTimeout {
        /// Host and port.
        host: Safe,
        /// The time that was allowed.
        limit: Duration,
    },
    /// The connection broke before an answer, also the second time.
    #[error("{host} broke off the connection twice before it answered: try again later")]
    Reset {
        /// Host and port.
        host: Safe,
    },
    /// The certificate's issuer is unknown here.
    #[error(
        "the certificate of {host} is not from an issuer trusted here: if a proxy opens TLS in this network, add its root certificate to the system's store"
    )]
    Untrusted {
        /// Host and port.
        host: Safe,
    },
    /// The certificate is not valid now.
    #[error(
        "the certificate of {host} has expired or is not valid yet: check this computer's clock"
    )]
    Expired {
        /// Host and port.
        host: Safe,
    },
    /// The certificate is for other names.
    #[error(
        "the certificate of {host} is for another name: somebody else answers there, or the address is wrong"
    )]
    WrongName {
        /// Host and port.
        host: Safe,
    },
    /// Another failure of TLS.
    #[error("no TLS connection with {host} ({reason}): check what stands between here and there")]
    Tls {
        /// Host and port.
        host: Safe,
        /// The library's words.
        reason: Safe,
    },
    /// The proxy wants a name and a password.
    #[error(
        "the proxy on the way to {host} asks for a login (407): put name and password into the proxy's address, or ask for an exception"
    )]
    ProxyLogin {
        /// Host and port behind the proxy.
        host: Safe,
    },
    /// The proxy does not lead there.
    #[error(
        "the proxy refused to connect to {host} ({reason}): ask for an exception, or fetch elsewhere and give --from FILE"
    )]
    ProxyRefused {
        /// Host and port behind the proxy.
        host: Safe,
        /// The proxy's words.
        reason: Safe,
    },
    /// The proxy itself cannot be reached.
    #[error("the proxy on the way to {host} cannot be reached ({reason}): check the proxy setting")]
    ProxyUnreachable {
        /// Host and port behind the proxy.
        host: Safe,
        /// The system's words.
        reason: Safe,
    },
    /// What came back is not HTTP.
    #[error("{host} does not answer in HTTP ({reason}): check the address and the port")]
    NotHttp {
        /// Host and port.
        host: Safe,
        /// The library's words.
        reason: Safe,
    },

    /// Connected, asked, and no answer began.
    #[error(
        "{url} gave no answer within {}: the server is overloaded, or something in between keeps it back; try again later",
        seconds(*limit)
    )]
    NoAnswer {
        /// What was asked for.
        url: Safe,
        /// The time that was allowed.
        limit: Duration,
    },
    /// The body stopped.
    #[error(
        "{url} stalled: nothing more came for {} after {}; try again later",
        seconds(*limit),
        counted(*received, "byte", "bytes")
    )]
    Stalled {
        /// What was asked for.
        url: Safe,
        /// Bytes until then.
        received: u64,
        /// The silence that was allowed.
        limit: Duration,
    },
    /// The whole took too long.
    #[error(
        "{url} is too slow: {} in {}, then given up; try from another network",
        counted(*received, "byte", "bytes"),
        seconds(*limit)
    )]
    Slow {
        /// What was asked for.
        url: Safe,
        /// Bytes until then.
        received: u64,
        /// The time that was allowed.
        limit: Duration,
    },
    /// The connection ended before the body did.
    #[error(
        "{url} is truncated: the connection ended after {}{}; try again",
        counted(*received, "byte", "bytes"),
        of_expected(*expected)
    )]
    Truncated {
        /// What was asked for.
        url: Safe,
        /// Bytes received.
        received: u64,
        /// Bytes announced, where they were.
        expected: Option<u64>,
    },
    /// All announced bytes came, but they are not the whole document.
    #[error(
        "{url} ends in the middle of the JSON although all {} announced came: the server holds or announces only a part; try another source",
        counted(*received, "byte", "bytes")
    )]
    Unfinished {
        /// What was asked for.
        url: Safe,
        /// Bytes received.
        received: u64,
    },
    /// The compressed stream is not unpacked.
    #[error("{url} sent what cannot be unpacked: {flaw}; try again, or another source")]
    Gzip {
        /// What was asked for.
        url: Safe,
        /// Why.
        flaw: GzipFlaw,
    },
    /// Compressed in a way that was not asked for.
    #[error("{url} is encoded as \"{found}\", which was not asked for: try another source")]
    Encoding {
        /// What was asked for.
        url: Safe,
        /// The encoding's name.
        found: Safe,
    },
    /// More bytes than any publication has.
    #[error(
        "{url} is larger than {} on the wire, which no publication is: check the address",
        size(*limit)
    )]
    LargeWire {
        /// What was asked for.
        url: Safe,
        /// The cap.
        limit: u64,
    },
    /// More bytes once decompressed than any publication has.
    #[error(
        "{url} unpacks to more than {}: this is not a publication; check the address",
        size(*limit)
    )]
    LargeDecoded {
        /// What was asked for.
        url: Safe,
        /// The cap.
        limit: u64,
    },
    /// A web page in place of the document.
    #[error(
        "{url} answered with a web page in place of JSON: a captive portal or proxy page may be in the way; open the address in a browser"
    )]
    Html {
        /// What was asked for.
        url: Safe,
    },
    /// Neither JSON nor a web page.
    #[error("{url} is not JSON: it begins with \"{begins}\"; check the address")]
    NotJson {
        /// What was asked for.
        url: Safe,
        /// The first characters.
        begins: Safe,
    },

    /// 403.
    #[error(
        "{url} is forbidden (403): the publisher refuses some clients and networks; download the file in a browser and give --from FILE"
    )]
    Forbidden {
        /// What was asked for.
        url: Safe,
    },
    /// 404 or 410.
    #[error("{url} does not exist ({status}): check the address and the date")]
    NotFound {
        /// What was asked for.
        url: Safe,
        /// 404 or 410.
        status: u16,
    },
    /// 429 or 503, and no reason to wait (any longer).
    #[error("{url} is busy ({status}) and asks to come back {}", when(*wait))]
    Busy {
        /// What was asked for.
        url: Safe,
        /// 429 or 503.
        status: u16,
        /// What it last asked to wait; `None` where it named no time.
        wait: Option<Duration>,
    },
    /// Any other status that is no success.
    #[error("{url} answered {status}: try again later, or another source")]
    Status {
        /// What was asked for.
        url: Safe,
        /// The status code.
        status: u16,
    },

    /// A redirect to where we have been.
    #[error("{url} redirects in a circle: the server is misconfigured, or wants a browser")]
    RedirectLoop {
        /// Where the circle closed.
        url: Safe,
    },
    /// More hops than are followed.
    #[error("{url} redirects more than {limit} times: check the address")]
    TooManyRedirects {
        /// What was asked for.
        url: Safe,
        /// Most hops.
        limit: usize,
    },
    /// A redirect from https to anything less.
    #[error(
        "{from} redirects to {to}, which is not encrypted, and was not followed: a captive portal or proxy may be in the way"
    )]
    Downgrade {
        /// The hop that sent us away.
        from: Safe,
        /// Where to.
        to: Safe,
    },
    /// A redirect to a host that is not on the list.
    #[error(
        "{from} redirects to {host}, which is not a host of the publisher, and was not followed: give the file's final address with --from if you trust it"
    )]
    ForeignHost {
        /// The hop that sent us away.
        from: Safe,
        /// Where to.
        host: Safe,
    },
    /// A redirect that says nowhere, or nowhere readable.
    #[error("{url} redirects ({status}) without a readable target: try again later")]
    BadRedirect {
        /// What was asked for.
        url: Safe,
        /// The status code.
        status: u16,
    },

    /// The details page names no file.
    #[error(
        "the details page {url} names no file of {cloud} at the publisher: its layout may have changed; give the file's address with --from"
    )]
    NoLink {
        /// The page.
        url: Safe,
        /// Whose file was looked for.
        cloud: Cloud,
    },
    /// Page, fixed name and dated names all failed; the source is why the page did not help.
    #[error(
        "no publication of {cloud} found: neither the details page nor one of {} back to {oldest} helped; download the file in a browser and give --from FILE",
        counted(*tried, "dated name", "dated names")
    )]
    NoPublication {
        /// Whose file was looked for.
        cloud: Cloud,
        /// Dated names that were asked for.
        tried: u64,
        /// The earliest of them.
        oldest: jiff::civil::Date,
        /// Why the details page did not help.
        #[source]
        page: Box<FetchError>,
    },

    /// The API does not take the token.
    #[error(
        "{host} did not accept the access token (401{}): take a new one for this cloud from `az account get-access-token`",
        said(reason)
    )]
    TokenRefused {
        /// The management endpoint.
        host: Safe,
        /// The server's words; empty where it has none.
        reason: Safe,
    },
    /// The token's owner may not read there.
    #[error(
        "{host} does not let this account read service tags (403{}): it needs the Reader role in the subscription",
        said(reason)
    )]
    ApiForbidden {
        /// The management endpoint.
        host: Safe,
        /// The server's words; empty where it has none.
        reason: Safe,
    },
    /// Another refusal of the API.
    #[error(
        "{host} refused the question ({status}{}): check cloud, subscription and location",
        said(reason)
    )]
    Api {
        /// The management endpoint.
        host: Safe,
        /// The status code.
        status: u16,
        /// The server's words; empty where it has none.
        reason: Safe,
    },
    /// A page of the API that cannot be joined to the others.
    #[error("page {page} from {host} cannot be used: {flaw}; try again later")]
    ApiPage {
        /// The management endpoint.
        host: Safe,
        /// Which, from 1.
        page: usize,
        /// What is wrong with it.
        flaw: &'static str,
    },
}

impl FetchError {
    /// Whether the network or the server failed, and not what was asked or set.
    #[must_use]
    pub const fn is_network(&self) -> bool {
        !matches!(
            self,
            Self::NotAUrl { .. }
                | Self::NotHttps { .. }
                | Self::Template { .. }
                | Self::Subscription { .. }
                | Self::Location { .. }
                | Self::BadToken { .. }
                | Self::BadProxy
                | Self::Roots { .. }
                | Self::Setup { .. }
        )
    }

    /// Whether the server answered that this one thing is not there.
    #[must_use]
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::NotFound { .. })
    }

    /// Whether the next question to the publisher would fare alike, so that it is not asked.
    pub(super) const fn is_final(&self) -> bool {
        !matches!(
            self,
            Self::NotFound { .. }
                | Self::Forbidden { .. }
                | Self::Status { .. }
                | Self::Html { .. }
                | Self::NotJson { .. }
                | Self::Encoding { .. }
                | Self::RedirectLoop { .. }
                | Self::TooManyRedirects { .. }
                | Self::Downgrade { .. }
                | Self::ForeignHost { .. }
                | Self::BadRedirect { .. }
        )
    }
}

fn of_expected(expected: Option<u64>) -> String {
    expected.map_or_else(String::new, |bytes| format!(" of {bytes}"))
}

fn said(reason: &Safe) -> String {
    match reason.as_str() {
        "" => String::new(),
        words => format!(": {words}"),
    }
}

fn when(wait: Option<Duration>) -> String {
    wait.map_or_else(
        || "later, without naming a time".to_owned(),
        |wait| format!("in {}: try again then", seconds(wait)),
    )
}
