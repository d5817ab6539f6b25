//! Where the publications are, and the ways to one: the details page, the fixed name, dated names,
//! a mirror, an address the user gave.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use reqwest::Url;
use tokio::time::sleep;

use crate::azure::{Age, Cloud, date_in_name};
use crate::net::client::{AskForm, HttpAsk, HttpClient, HttpReply, Whole};
use crate::net::hosts::{Hosts, bare, parse, shown};
use crate::net::options::NetOptions;
use crate::net::page::{Link, links};
use crate::net::{FetchError, FetchRoute, Fetched, HeldDocument, Latest, Report};
use crate::text::Safe;

/// How far back dated names are tried, in days.
const DAYS_BACK: i32 = 35;

/// The publisher, or what stands in for it, and the client that asks it.
///
/// Its methods must be called inside a tokio runtime that has its I/O and time drivers. Dropping
/// their futures ends the fetch. The `Debug` form shows no passwords.
#[derive(Clone)]
pub struct Publisher {
    pub(super) client: HttpClient,
    page: Url,
    files: Url,
    pub(super) management: Option<Url>,
    hosts: Hosts,
}

impl Publisher {
    /// Checks the addresses and sets TLS up; asks nobody yet.
    ///
    /// # Errors
    ///
    /// When an address, the proxy or the roots of `options` cannot be used, or the system has no
    /// root certificates at all.
    pub fn new(options: &NetOptions) -> Result<Self, FetchError> {
        let page = parse(&options.page)?;
        let files = parse(&options.files)?;
        let management = options.management.as_deref().map(parse).transpose()?;
        let mut hosts = Hosts::default().with(&page).with(&files);
        for name in &options.hosts {
            hosts = hosts.with_name(name)?;
        }
        Ok(Self {
            client: HttpClient::new(options)?,
            page,
            files,
            management,
            hosts,
        })
    }

    /// The latest publication of `cloud`: as the details page names it, else by the fixed name,
    /// else the latest of the dated names of the 35 days up to `today`.
    ///
    /// Dated names older than the known document are not asked for, and its own last. What failed on the way is in
    /// [`Fetched::notes`].
    ///
    /// # Errors
    ///
    /// [`FetchError::NoPublication`] when all that answered is "not there", else the failure that
    /// makes further questions pointless.
    pub async fn latest(
        &self,
        cloud: Cloud,
        known: Option<&HeldDocument>,
        today: Date,
        report: &mut Report<'_>,
    ) -> Result<Latest, FetchError> {
        let mut notes = Vec::new();
        let trouble = match self.linked(cloud, today, report).await {
            Ok(link) => {
                let url = parse(&link.url)?;
                let file = File::dated(url, link.date, FetchRoute::Page);
                match self.file(file, &self.hosts, known, report).await {
                    Err(error) if !error.is_final() => error,
                    done => return done,
                }
            }
            Err(error) => error,
        };
        notes.push(Safe::from(format!(
            "the details page did not help: {trouble}"
        )));
        if cloud == Cloud::Public {
            let file = File {
                url: self.named(cloud, "Latest")?,
                date: None,
                route: FetchRoute::FixedName,
            };
            match self.file(file, &self.hosts, known, report).await {
                Err(error) if !error.is_final() => {
                    notes.push(Safe::from(format!("the fixed name did not help: {error}")));
                }
                done => return done.map(|latest| latest.with_notes(notes)),
            }
        }
        let walked = self.walk_back(cloud, known, today, report).await?;
        match walked {
            Ok(latest) => Ok(latest.with_notes(notes)),
            Err((tried, oldest)) => Err(FetchError::NoPublication {
                cloud,
                tried,
                oldest,
                page: Box::new(trouble),
            }),
        }
    }

    /// The document at an address that the user gave; its host is trusted, and redirects within it
    /// and to the publisher's hosts.
    ///
    /// # Errors
    ///
    /// When the address cannot be used, or the fetch fails.
    pub async fn given(
        &self,
        url: &str,
        known: Option<&HeldDocument>,
        report: &mut Report<'_>,
    ) -> Result<Latest, FetchError> {
        let url = parse(url)?;
        let hosts = self.hosts.with(&url);
        let file = File {
            url,
            date: None,
            route: FetchRoute::Given,
        };
        self.file(file, &hosts, known, report).await
    }

    /// The publication of one date, at the publisher or by a mirror's `template` with `{date}`
    /// (`YYYYMMDD`) and `{cloud}` (`Public`); `None` where there is none.
    ///
    /// Asks at once: between several dates the caller waits [`Limits::pause`](crate::net::Limits).
    ///
    /// # Errors
    ///
    /// When the template cannot be used, or the fetch fails otherwise than by 404 or 410.
    pub async fn dated(
        &self,
        cloud: Cloud,
        date: Date,
        template: Option<&str>,
        report: &mut Report<'_>,
    ) -> Result<Option<Fetched>, FetchError> {
        let compact = compact(date);
        let (url, hosts, route) = match template {
            Some(template) if !template.contains("{date}") => {
                let head: String = template.chars().take(160).collect();
                return Err(FetchError::Template {
                    template: Safe::from(head),
                });
            }
            Some(template) => {
                let filled = template.replace("{cloud}", cloud.name());
                let url = parse(&filled.replace("{date}", &compact))?;
                let hosts = self.hosts.with(&url);
                (url, hosts, FetchRoute::Mirror)
            }
            None => {
                let url = self.named(cloud, &compact)?;
                (url, self.hosts.clone(), FetchRoute::DatedName)
            }
        };
        let file = File::dated(url, date, route);
        match self.file(file, &hosts, None, report).await {
            Ok(Latest::New(fetched)) => Ok(Some(fetched)),
            Ok(Latest::NotModified { .. }) => Ok(None),
            Err(error) if error.is_absence() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The latest file that the details page names on a host of the list; one that is dated ahead of
    /// today's clocks only where there is no other.
    async fn linked(
        &self,
        cloud: Cloud,
        today: Date,
        report: &mut Report<'_>,
    ) -> Result<Link, FetchError> {
        let mut url = self.page.clone();
        url.set_query(Some(&format!("id={}", page_id(cloud))));
        let ask = HttpAsk {
            url: &url,
            hosts: &self.hosts,
            form: AskForm::Page,
            known: None,
        };
        let page = match self.client.fetch(ask, report).await? {
            HttpReply::Whole(page) => page,
            HttpReply::NotModified => return Err(no_link(&url, cloud)),
        };
        let html = String::from_utf8_lossy(&page.bytes);
        let own = |link: &Link| parse(&link.url).is_ok_and(|url| self.hosts.allows(&url));
        let mut links = links(&html, cloud);
        links.retain(own);
        links.sort_by_key(|link| Age::of(link.date, today).is_of_the_future());
        links
            .into_iter()
            .next()
            .ok_or_else(|| no_link(&page.url, cloud))
    }

    /// Tries the dated names; the inner error tells how many there were and the earliest.
    async fn walk_back(
        &self,
        cloud: Cloud,
        known: Option<&HeldDocument>,
        today: Date,
        report: &mut Report<'_>,
    ) -> Result<Result<Latest, (u64, Date)>, FetchError> {
        let held = known
            .and_then(|known| known.url.as_deref())
            .and_then(date_in_name);
        let mut tried = 0_u64;
        let mut oldest = today;
        for date in days_back(today, held) {
            if tried > 0 {
                sleep(self.client.limits.pause).await;
            }
            let url = self.named(cloud, &compact(date))?;
            let file = File::dated(url, date, FetchRoute::DatedName);
            match self.file(file, &self.hosts, known, report).await {
                Err(error) if error.is_absence() => {}
                done => return done.map(Ok),
            }
            tried += 1;
            oldest = oldest.min(date);
        }
        Ok(Err((tried, oldest)))
    }

    async fn file(
        &self,
        file: File,
        hosts: &Hosts,
        known: Option<&HeldDocument>,
        report: &mut Report<'_>,
    ) -> Result<Latest, FetchError> {
        let ask = HttpAsk {
            url: &file.url,
            hosts,
            form: AskForm::Document,
            known: known.filter(|known| known.is_of(&file.url)),
        };
        Ok(match self.client.fetch(ask, report).await? {
            HttpReply::Whole(whole) => Latest::New(file.fetched(whole)),
            HttpReply::NotModified => Latest::NotModified {
                date: file.date.or_else(|| date_in(&file.url)),
                url: bare(&file.url).into(),
                notes: Vec::new(),
            },
        })
    }

    /// `…/ServiceTags_<Cloud>_<which>.json` in the cloud's folder.
    fn named(&self, cloud: Cloud, which: &str) -> Result<Url, FetchError> {
        let base = self.files.as_str().trim_end_matches('/');
        let (folder, name) = (folder(cloud), cloud.name());
        parse(&format!("{base}/{folder}/ServiceTags_{name}_{which}.json"))
    }
}

impl fmt::Debug for Publisher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publisher")
            .field("page", &shown(&self.page))
            .field("files", &shown(&self.files))
            .finish_non_exhaustive()
    }
}

impl Latest {
    fn with_notes(mut self, notes: Vec<Safe>) -> Self {
        let (Self::New(Fetched { notes: own, .. }) | Self::NotModified { notes: own, .. }) =
            &mut self;
        own.splice(0..0, notes);
        self
    }
}

/// A file to ask for.
struct File {
    url: Url,
    date: Option<Date>,
    route: FetchRoute,
}

impl File {
    const fn dated(url: Url, date: Date, route: FetchRoute) -> Self {
        let date = Some(date);
        Self { url, date, route }
    }

    fn fetched(self, whole: Whole) -> Fetched {
        let Self { url, date, route } = self;
        let names = || {
            let disposition = whole.disposition.as_deref().and_then(date_in_name);
            date_in(&whole.url)
                .or(disposition)
                .or_else(|| date_in(&url))
        };
        let mut notes = Vec::new();
        if whole.url != url {
            notes.push(Safe::from(format!(
                "{} redirected to {}",
                shown(&url),
                shown(&whole.url)
            )));
        }
        Fetched {
            date: date.or_else(names),
            bytes: whole.bytes,
            url: bare(&url).into(),
            route,
            etag: whole.etag,
            last_modified: whole.last_modified,
            notes,
        }
    }
}

fn no_link(page: &Url, cloud: Cloud) -> FetchError {
    let url = shown(page);
    FetchError::NoLink { url, cloud }
}

/// The date in the last part of the path.
fn date_in(url: &Url) -> Option<Date> {
    date_in_name(url.path().rsplit('/').next()?)
}

fn compact(date: Date) -> String {
    date.strftime("%Y%m%d").to_string()
}

/// The days up to `today`, the latest first, but Mondays before all others: 266 of 271 files carry
/// a Monday's date.
///
/// Of the days up to the `held` one only that is left, as the last: it may have been published
/// anew, but any later day is news.
fn days_back(today: Date, held: Option<Date>) -> Vec<Date> {
    let days = (0..=DAYS_BACK).filter_map(|back| today.checked_sub(back.days()).ok());
    let days = days.filter(|day| held.is_none_or(|held| *day >= held));
    let (mut mondays, others): (Vec<Date>, Vec<Date>) =
        days.partition(|day| day.weekday() == Weekday::Monday);
    mondays.extend(others);
    mondays.sort_by_key(|day| Some(*day) == held);
    mondays
}

const fn page_id(cloud: Cloud) -> u32 {
    match cloud {
        Cloud::Public => 56_519,
        Cloud::AzureGovernment => 57_063,
        Cloud::China => 57_062,
        Cloud::AzureGermany => 57_064,
    }
}

const fn folder(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "7/1/d/71d86715-5596-4529-9b13-da13a5de5b63",
        Cloud::AzureGovernment => "6/4/d/64db03bf-895b-4173-a8b1-ba4ad5d4df22",
        Cloud::China => "9/d/0/9d03b7e2-4b80-4bf3-9b91-da8c7d3ee9f9",
        Cloud::AzureGermany => "0/7/6/076274ab-4b0b-4246-a422-4baf1e03f974",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mondays_come_first_and_each_day_once() {
        let today = Date::constant(2026, 11, 21);
        let mut days = days_back(today, None);
        assert_eq!(days.len(), 36);
        let mondays = ["20261116", "20261109", "20261102", "20261026", "20261019"];
        for (day, monday) in days.iter().zip(mondays) {
            assert_eq!(compact(*day), monday);
        }
        assert_eq!(compact(days[5]), "20261121");
        days.sort();
        days.dedup();
        assert_eq!(days.len(), 36);
        assert_eq!(compact(days[0]), "20261017");
    }

    #[test]
    fn the_day_that_is_held_comes_last_and_none_before_it() {
        let today = Date::constant(2026, 11, 17);
        let days = days_back(today, Some(Date::constant(2026, 11, 16)));
        assert_eq!(days, [today, Date::constant(2026, 11, 16)]);
        let tuesday = Some(Date::constant(2026, 11, 10));
        let days: Vec<String> = days_back(today, tuesday).into_iter().map(compact).collect();
        assert_eq!(days.first().unwrap(), "20261116");
        assert_eq!(days.last().unwrap(), "20261110");
        assert_eq!(days.len(), 8);
        // A date from the future leaves nothing to ask for.
        assert!(days_back(today, Some(Date::constant(2027, 1, 1))).is_empty());
    }

    #[test]
    fn the_real_publishers_names_are_those_on_record() {
        // A system without root certificates has its own sentence.
        let Ok(publisher) = Publisher::new(&NetOptions::default()) else {
            return;
        };
        assert_eq!(
            publisher.named(Cloud::China, "20261116").unwrap().as_str(),
            "https://download.microsoft.com/download/9/d/0/9d03b7e2-4b80-4bf3-9b91-da8c7d3ee9f9/ServiceTags_China_20261116.json"
        );
    }
}
