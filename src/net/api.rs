//! The Service Tag Discovery API: a subscription's view of the tags, page by page.
//!
//! The token never goes to another host than the management endpoint.

use std::borrow::Cow;
use std::collections::BTreeMap;

use reqwest::Url;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::azure::Cloud;
use crate::net::client::{AskForm, HttpAsk, OpenedReply};
use crate::net::hosts::{Hosts, bare, host, parse};
use crate::net::token::Token;
use crate::net::{FetchError, FetchRoute, Fetched, Publisher, Report};
use crate::text::{Safe, cut_end};

/// The API's version; the oldest that all clouds serve in this form.
const VERSION: &str = "2023-09-01";
/// Most pages that are joined.
const MAX_PAGES: usize = 100;
/// Most bytes of a refusal that are read for its words.
const MAX_REFUSAL: u64 = 64 << 10;

/// Whose view of the tags is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ApiView<'a> {
    /// The cloud whose management endpoint is asked.
    pub cloud: Cloud,
    /// The subscription's id.
    pub subscription: &'a str,
    /// The region whose version of the data is asked for; no filter. `West Europe` is taken too.
    pub location: &'a str,
    /// For the management endpoint of that cloud.
    pub token: &'a Token,
}

impl Publisher {
    /// The service tags as the Discovery API tells them, its pages joined to one document.
    ///
    /// # Errors
    ///
    /// When subscription or location are not of their form, the API refuses, or the fetch fails.
    pub async fn discover(
        &self,
        view: ApiView<'_>,
        report: &mut Report<'_>,
    ) -> Result<Fetched, FetchError> {
        let base = match &self.management {
            Some(base) => base.clone(),
            None => parse(endpoint(view.cloud))?,
        };
        let first = question(&base, view)?;
        let hosts = Hosts::default().with(&base);
        let endpoint = host(&base);
        let mut pages = Pages::default();
        let mut next = Some(first.clone());
        while let Some(url) = next {
            let flaw = |flaw| pages.flaw(&endpoint, flaw);
            if pages.asked.len() >= MAX_PAGES {
                return Err(flaw("there are more than 100"));
            }
            if pages.asked.contains(&url) {
                return Err(flaw("the pages go in a circle"));
            }
            let bytes = self.page(&url, &hosts, view.token, &pages, report).await?;
            let following =
                next_link(&bytes).map_err(|()| flaw("it is not the JSON that was expected"))?;
            let following = match following {
                Some(text) => Some(within(&base, &hosts, &text).map_err(flaw)?),
                None => None,
            };
            pages.add(url, bytes);
            next = following;
        }
        Ok(Fetched {
            bytes: pages.joined(&endpoint)?,
            url: bare(&first).into(),
            date: None,
            route: FetchRoute::Api,
            etag: None,
            last_modified: None,
            notes: Vec::new(),
        })
    }

    async fn page(
        &self,
        url: &Url,
        hosts: &Hosts,
        token: &Token,
        pages: &Pages,
        report: &mut Report<'_>,
    ) -> Result<Vec<u8>, FetchError> {
        let form = AskForm::Api(token);
        let ask = HttpAsk {
            url,
            hosts,
            form,
            known: None,
        };
        let opened = self.client.open(ask, report).await?;
        if !opened.response.status().is_success() {
            return Err(self.refusal(opened, token).await);
        }
        let cap = self.client.limits.decoded.saturating_sub(pages.bytes);
        let (_, body) = self.client.receive(opened, form, cap, report).await?;
        Ok(body.bytes)
    }

    /// A refusal with the server's words, where it has any.
    async fn refusal(&self, opened: OpenedReply, token: &Token) -> FetchError {
        let status = opened.response.status().as_u16();
        let host = host(&opened.url);
        let body = self
            .client
            .receive(opened, AskForm::Api(token), MAX_REFUSAL, &mut |_| {})
            .await;
        let words = body.ok().and_then(|(_, body)| {
            let refusal: Refusal = serde_json::from_slice(&body.bytes).ok()?;
            Some(format!("{}: {}", refusal.error.code, refusal.error.message))
        });
        let words = token.scrub(&words.unwrap_or_default());
        let reason = Safe::new(&cut_end(Safe::new(&words).as_str(), 200));
        match status {
            401 => FetchError::TokenRefused { host, reason },
            403 => FetchError::ApiForbidden { host, reason },
            _ => FetchError::Api {
                host,
                status,
                reason,
            },
        }
    }
}

/// What the API says when it refuses.
#[derive(Deserialize)]
struct Refusal {
    error: Said,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// Of a page only where the next one is; the rest is skipped without being built.
#[derive(Deserialize)]
struct Next {
    #[serde(default, rename = "nextLink")]
    next_link: Option<String>,
}

/// The pages so far.
#[derive(Default)]
struct Pages {
    asked: Vec<Url>,
    texts: Vec<Vec<u8>>,
    bytes: u64,
}

impl Pages {
    fn add(&mut self, url: Url, text: Vec<u8>) {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        self.asked.push(url);
        self.texts.push(text);
    }

    /// A flaw of the page that comes next.
    fn flaw(&self, endpoint: &Safe, flaw: &'static str) -> FetchError {
        FetchError::ApiPage {
            host: endpoint.clone(),
            page: self.asked.len() + 1,
            flaw,
        }
    }

    /// One document: a single page as it came, several with their `values` in one list under the
    /// first page's other keys.
    fn joined(mut self, endpoint: &Safe) -> Result<Vec<u8>, FetchError> {
        if self.texts.len() <= 1 {
            return Ok(self.texts.pop().unwrap_or_default());
        }
        join_pages(&self.texts).map_err(|(page, flaw)| FetchError::ApiPage {
            host: endpoint.clone(),
            page,
            flaw,
        })
    }
}

type Object<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// Pages with their `values` in one list under the first page's other keys.
///
/// # Errors
/// Which page (from 1) cannot be joined, and why.
pub fn join_pages(pages: &[Vec<u8>]) -> Result<Vec<u8>, (usize, &'static str)> {
    let mut head: Object<'_> = Object::new();
    let mut values: Vec<&str> = Vec::new();
    for (page, text) in (1..).zip(pages) {
        let mut object: Object<'_> =
            serde_json::from_slice(text).map_err(|_| (page, "it is not the JSON expected"))?;
        if let Some(list) = object.remove("values") {
            let inside = list.get().trim();
            let inside = inside
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .ok_or((page, "its `values` is no list"))?;
            values.extend(Some(inside.trim()).filter(|inside| !inside.is_empty()));
        }
        object.remove("nextLink");
        if page == 1 {
            head = object;
        }
    }
    let mut out = serde_json::to_vec(&head).map_err(|_| (1, "it is not the JSON expected"))?;
    // The closing brace makes room for the list.
    out.pop();
    if !head.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(b"\"values\":[");
    out.extend_from_slice(values.join(",").as_bytes());
    out.extend_from_slice(b"]}");
    Ok(out)
}

fn next_link(page: &[u8]) -> Result<Option<String>, ()> {
    let page = page.strip_prefix(b"\xef\xbb\xbf").unwrap_or(page);
    let next: Next = serde_json::from_slice(page).map_err(|_| ())?;
    Ok(next.next_link.filter(|link| !link.trim().is_empty()))
}

/// The next page's address, which must be on the endpoint itself: the token goes there.
fn within(base: &Url, hosts: &Hosts, text: &str) -> Result<Url, &'static str> {
    let url = base
        .join(text)
        .map_err(|_| "its next page has no readable address")?;
    if url.scheme() == base.scheme() && hosts.allows(&url) {
        Ok(url)
    } else {
        Err("its next page is on another host, where the token does not go")
    }
}

fn question(base: &Url, view: ApiView<'_>) -> Result<Url, FetchError> {
    let subscription = view.subscription.trim();
    let parts = [8, 4, 4, 4, 12];
    let hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_id = subscription.split('-').map(str::len).eq(parts) && subscription.split('-').all(hex);
    if !is_id {
        let found = cut(subscription);
        return Err(FetchError::Subscription { found });
    }
    let location: String = view.location.split_whitespace().collect();
    let location = location.to_ascii_lowercase();
    let is_name = location.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if location.is_empty() || location.len() > 50 || !is_name {
        let found = cut(view.location);
        return Err(FetchError::Location { found });
    }
    let base = base.as_str().trim_end_matches('/');
    parse(&format!(
        "{base}/subscriptions/{subscription}/providers/Microsoft.Network/locations/{location}/serviceTags?api-version={VERSION}"
    ))
}

fn cut(text: &str) -> Safe {
    let head: String = text.chars().take(60).collect();
    Safe::from(head)
}

const fn endpoint(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "https://management.azure.com",
        Cloud::AzureGovernment => "https://management.usgovcloudapi.net",
        Cloud::China => "https://management.chinacloudapi.cn",
        Cloud::AzureGermany => "https://management.microsoftazure.de",
    }
}
