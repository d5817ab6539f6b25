//! The hosts of the plan, asked over the network: one answer after the other, only on request.

use std::collections::BTreeMap;

use crate::azure::registry::Profile;
use crate::query::endpoints::{Group, Row};
use crate::query::probe::{AddressProbe, HostProbe, Verdict, holding};
use crate::text::Safe;
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::EndpointsView;
use crate::tui::view::endpoints::detail::DetailLine;
use crate::tui::view::{Request, Session};
use crate::tui::{Effect, Job};

/// What is asked, and what has come back.
#[derive(Debug, Default)]
pub struct Probing {
    /// The hosts, by the place in the task's list.
    asked: Vec<String>,
    /// The ticket of the task that runs.
    running: Option<u64>,
    /// The ticket of the newest task.
    ticket: u64,
    found: BTreeMap<String, HostProbe>,
    /// The registry that was asked for.
    profile: Option<Profile>,
}

/// What a probe says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probed<'a> {
    /// No host of this plan was asked.
    Never,
    /// It is a wildcard, or no host at all.
    NotAsked,
    /// The answer has not come.
    Waiting,
    Found(&'a HostProbe),
}

impl Probed<'_> {
    /// A word for the column, with the time to the connection where it stood.
    pub fn shown(self) -> String {
        match self {
            Self::Never => String::new(),
            Self::NotAsked => "not asked".to_owned(),
            Self::Waiting => "…".to_owned(),
            Self::Found(probe) => {
                let verdict = probe.verdict();
                let (mark, word) = verdict_words(verdict);
                let same = probe.addresses.iter().filter(|one| one.verdict == verdict);
                let time = same.filter_map(|one| one.tcp).min();
                let time =
                    time.map_or_else(String::new, |time| format!(" {} ms", time.as_millis()));
                format!("{mark} {word}{time}")
            }
        }
    }
}

const fn verdict_words(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Allowed => ("✓", "allowed"),
        Verdict::Denied => ("✗", "denied"),
        Verdict::Unreachable => ("✗", "unreachable"),
        Verdict::NotARegistry => ("!", "no registry"),
    }
}

const fn tone_of(verdict: Verdict) -> Tone {
    match verdict {
        Verdict::Allowed => Tone::Good,
        Verdict::Denied | Verdict::Unreachable => Tone::Bad,
        Verdict::NotARegistry => Tone::Warn,
    }
}

/// The colour of a verdict.
pub fn tone(probed: Probed<'_>) -> Tone {
    match probed {
        Probed::Found(probe) => tone_of(probe.verdict()),
        _ => Tone::Muted,
    }
}

impl EndpointsView {
    /// Asks every host of the plan that can be asked.
    pub fn probe(&mut self, session: &Session) -> Vec<Request> {
        let say = |text: &str| vec![Request::Say(text.to_owned())];
        if session.is_offline {
            return say("a probe asks the network, and --offline forbids it");
        }
        if self.probing.running.is_some() {
            return say("the hosts are being asked; Esc stops it");
        }
        let Some(plan) = &self.plan else {
            return say("no registry is planned yet: 3 types its name");
        };
        let targets = plan.shown.targets();
        if targets.is_empty() {
            return say("no host of this plan can be asked: add regions, or a client that calls");
        }
        let outbound = plan.shown.of_group(Group::Outbound);
        let left = outbound.filter(|row| row.probed_host().is_none());
        let left = match left.count() {
            0 => String::new(),
            1 => "; 1 name with a * or <region> cannot be asked".to_owned(),
            names => format!("; {names} names with a * or <region> cannot be asked"),
        };
        let hosts = match targets.len() {
            1 => "1 host".to_owned(),
            hosts => format!("{hosts} hosts"),
        };
        let probing = &mut self.probing;
        probing.ticket += 1;
        probing.running = Some(probing.ticket);
        probing.found.clear();
        probing.asked = targets.iter().map(|target| target.host.clone()).collect();
        probing.profile.clone_from(&self.profile);
        let ticket = probing.ticket;
        vec![
            Request::Say(format!("asking {hosts}{left}; Esc stops it")),
            Request::Do(Effect::Probe { ticket, targets }),
        ]
    }

    /// Stops asking; what has come back stays. The answer is what to do, where something runs.
    pub fn stop_probe(&mut self) -> Option<Effect> {
        self.probing.running.take()?;
        let found = &self.probing.found;
        self.probing.asked.retain(|host| found.contains_key(host));
        Some(Effect::Stop(Job::Probe))
    }

    /// Stops asking where the registry is another one by now.
    pub fn take_stop(&mut self) -> Option<Effect> {
        if self.probing.profile == self.profile {
            return None;
        }
        let stop = self.stop_probe();
        let server = |profile: &Option<Profile>| profile.as_ref().map(Profile::login_server);
        if server(&self.probing.profile) != server(&self.profile) {
            self.probing.asked.clear();
            self.probing.found.clear();
        }
        self.probing.profile.clone_from(&self.profile);
        stop
    }

    /// Whether hosts are being asked.
    pub const fn is_probing(&self) -> bool {
        self.probing.running.is_some()
    }

    /// An answer has come, unless it is too late.
    pub fn probed(&mut self, ticket: u64, place: usize, probe: HostProbe) {
        if self.probing.running != Some(ticket) {
            return;
        }
        if let Some(host) = self.probing.asked.get(place) {
            self.probing.found.insert(host.clone(), probe);
        }
    }

    /// All answers have come: what it comes to. `failure` is why not.
    pub fn probes_done(&mut self, ticket: u64, failure: Option<Safe>) -> Option<Safe> {
        if self.probing.running != Some(ticket) {
            return None;
        }
        self.probing.running = None;
        let found = &self.probing.found;
        self.probing.asked.retain(|host| found.contains_key(host));
        if failure.is_some() {
            return failure;
        }
        let verdicts = [
            Verdict::Allowed,
            Verdict::Denied,
            Verdict::Unreachable,
            Verdict::NotARegistry,
        ];
        let counts = verdicts.map(|verdict| {
            let count = found.values().filter(|probe| probe.verdict() == verdict);
            (count.count(), verdict_words(verdict).1)
        });
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        let text = format!("hosts asked: {}; Enter on one shows how", parts.join(", "));
        Some(Safe::from(text))
    }

    /// What is known of a row's host.
    pub fn probed_row(&self, row: &Row) -> Probed<'_> {
        if self.probing.asked.is_empty() {
            return Probed::Never;
        }
        let Some(host) = row.probed_host() else {
            return Probed::NotAsked;
        };
        if let Some(probe) = self.probing.found.get(host) {
            return Probed::Found(probe);
        }
        let is_asked = self.probing.asked.iter().any(|asked| asked == host);
        if is_asked && self.is_probing() {
            Probed::Waiting
        } else {
            Probed::NotAsked
        }
    }

    /// The probe of a row, for the detail: the sentence, the names, each address.
    pub fn probe_lines(&self, row: &Row, session: &Session) -> Vec<DetailLine> {
        let text = |text: String, tone: Tone| DetailLine::Text(text, tone);
        let probe = match self.probed_row(row) {
            Probed::Never => return Vec::new(),
            Probed::Waiting => return vec![text("being asked …".to_owned(), Tone::Muted)],
            Probed::NotAsked => {
                let why = match &row.host {
                    Some(host) if host.contains('*') => {
                        "not asked: a wildcard stands for many hosts"
                    }
                    Some(_) if row.probed_host().is_none() => "not asked: its region is not known",
                    Some(_) => "not asked: p asks again",
                    None => "not asked: it is no host name",
                };
                return vec![text(why.to_owned(), Tone::Muted)];
            }
            Probed::Found(probe) => probe,
        };
        let verdict = probe.verdict();
        let mark = verdict_words(verdict).0;
        let mut lines = vec![text(
            format!("{mark} {}", probe.sentence()),
            tone_of(verdict),
        )];
        if !probe.chain.is_empty() {
            let names: Vec<&str> = probe.chain.iter().map(Safe::as_str).collect();
            lines.push(text(format!("→ {}", names.join(" → ")), Tone::Plain));
        }
        if let Some(failure) = &probe.chain_failure {
            lines.push(text(
                format!("its aliases are unknown: {failure}"),
                Tone::Muted,
            ));
        }
        if probe.private_link() {
            let told = "the name leads through private link";
            lines.push(text(told.to_owned(), Tone::Plain));
        }
        for one in &probe.addresses {
            lines.extend(self.address_lines(one, row, session));
        }
        lines
    }

    fn address_lines(&self, one: &AddressProbe, row: &Row, session: &Session) -> Vec<DetailLine> {
        let mut lines = Vec::new();
        let word = verdict_words(one.verdict).1;
        let http = one
            .http
            .map_or_else(String::new, |status| format!(", HTTP {status}"));
        let time = one
            .tcp
            .map_or_else(String::new, |time| format!(", {} ms", time.as_millis()));
        let told = format!("{word}{time}{http}");
        match one.address {
            Some(address) => lines.push(DetailLine::Address(address, told)),
            None => lines.push(DetailLine::Text(told, tone_of(one.verdict))),
        }
        if let Some(address) = one.address {
            let profile = self.profile.as_ref().map(|profile| profile.cloud);
            let week = Some(&session.dataset);
            let week = week.filter(|week| Some(week.cloud()) == profile);
            let held = holding(week, address, &row.tags);
            let tags = if held.tags.is_empty() {
                "in no tag".to_owned()
            } else {
                format!("in {}", held.tags.join(", "))
            };
            let (covered, tone) = match held.covered {
                Some(true) => ("✓ the plan's tags hold it: ", Tone::Plain),
                Some(false) => ("✗ the plan's tags do not hold it: ", Tone::Warn),
                None => ("", Tone::Plain),
            };
            if week.is_some() {
                lines.push(DetailLine::Text(format!("  {covered}{tags}"), tone));
            }
        }
        if let Some(tls) = &one.tls {
            let flaw = match (tls.names_match, tls.is_trusted) {
                (true, true) => "",
                (false, _) => "; it names another host",
                (true, false) => "; it is not trusted",
            };
            let told = format!(
                "  TLS {} by {}, until {}{flaw}",
                tls.subject, tls.issuer, tls.not_after
            );
            let tone = if flaw.is_empty() {
                Tone::Plain
            } else {
                Tone::Bad
            };
            lines.push(DetailLine::Text(told, tone));
        }
        lines
    }
}
