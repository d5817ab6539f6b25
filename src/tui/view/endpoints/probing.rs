//! The hosts of the plan, asked over the network: one answer after the other, only on request.

use std::collections::BTreeMap;

use crate::azure::registry::Profile;
use crate::query::endpoints::{EndpointGroup, EndpointRow};
use crate::query::probe::{AddressProbe, HostProbe, ProbeVerdict, holding};
use crate::text::{Safe, counted};
use crate::tui::component::Cx;
use crate::tui::session::Session;
use crate::tui::theme::Tone;
use crate::tui::view::endpoints::lines::EndpointDetailLine;
use crate::tui::view::endpoints::{EndpointsView, NO_REGISTRY};
use crate::tui::{Job, Task};

/// What is asked, and what has come back.
#[derive(Debug, Default)]
pub struct Probing {
    /// The hosts, by the place in the task's list.
    asked: Vec<String>,
    is_running: bool,
    found: BTreeMap<String, HostProbe>,
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

const fn verdict_words(verdict: ProbeVerdict) -> (&'static str, &'static str) {
    match verdict {
        ProbeVerdict::Allowed => ("✓", "allowed"),
        ProbeVerdict::Denied => ("✗", "denied"),
        ProbeVerdict::Unreachable => ("✗", "unreachable"),
        ProbeVerdict::NotARegistry => ("!", "no registry"),
    }
}

const fn tone_of(verdict: ProbeVerdict) -> Tone {
    match verdict {
        ProbeVerdict::Allowed => Tone::Good,
        ProbeVerdict::Denied | ProbeVerdict::Unreachable => Tone::Bad,
        ProbeVerdict::NotARegistry => Tone::Warn,
    }
}

/// The colour of a verdict.
pub fn tone(probed: Probed<'_>) -> Tone {
    match probed {
        Probed::Found(probe) => tone_of(probe.verdict()),
        _ => Tone::Muted,
    }
}

impl Probing {
    /// Stops asking; what has come back stays.
    pub fn stop(&mut self, cx: &mut Cx<'_>) {
        if std::mem::take(&mut self.is_running) {
            self.asked.retain(|host| self.found.contains_key(host));
            cx.stop(Job::Probe);
        }
    }

    /// Stops asking where the registry is another one by now, and forgets what is of another host;
    /// whether something was stopped.
    pub fn registry_changed(
        &mut self,
        before: Option<&Profile>,
        now: Option<&Profile>,
        cx: &mut Cx<'_>,
    ) -> bool {
        let was_running = self.is_running;
        self.stop(cx);
        if before.map(Profile::login_server) != now.map(Profile::login_server) {
            self.asked.clear();
            self.found.clear();
        }
        was_running
    }

    /// An answer has come.
    pub fn heard(&mut self, place: usize, probe: HostProbe) {
        if let Some(host) = self.asked.get(place) {
            self.found.insert(host.clone(), probe);
        }
    }

    /// All answers have come, or the reason why not: what it comes to.
    pub fn ended(&mut self, ended: Result<(), Safe>) -> Option<Safe> {
        if !std::mem::take(&mut self.is_running) {
            return None;
        }
        let found = &self.found;
        self.asked.retain(|host| found.contains_key(host));
        if let Err(reason) = ended {
            return Some(reason);
        }
        let verdicts = [
            ProbeVerdict::Allowed,
            ProbeVerdict::Denied,
            ProbeVerdict::Unreachable,
            ProbeVerdict::NotARegistry,
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
}

impl EndpointsView {
    /// Asks every host of the plan that can be asked.
    pub fn probe(&mut self, cx: &mut Cx<'_>) {
        if cx.session.is_offline {
            return cx.say("a probe asks the network, and --offline forbids it");
        }
        if self.probing.is_running {
            return cx.say("the hosts are being asked; Esc stops it");
        }
        let Some(plan) = &self.plan else {
            return cx.say(NO_REGISTRY);
        };
        let targets = plan.shown.targets();
        if targets.is_empty() {
            let text = "no host of this plan can be asked: add regions, or a client that calls";
            return cx.say(text);
        }
        let outbound = plan.shown.of_group(EndpointGroup::Outbound);
        let left = outbound.filter(|row| row.probed_host().is_none());
        let left = match left.count() {
            0 => String::new(),
            names => format!(
                "; {} with a * or <region> cannot be asked",
                counted(names, "name", "names")
            ),
        };
        let hosts = counted(targets.len(), "host", "hosts");
        let probing = &mut self.probing;
        probing.is_running = true;
        probing.found.clear();
        probing.asked = targets.iter().map(|target| target.host.clone()).collect();
        cx.say(format!("asking {hosts}{left}; Esc stops it"));
        cx.start(Task::Probe { targets });
    }

    /// Whether hosts are being asked.
    pub const fn is_probing(&self) -> bool {
        self.probing.is_running
    }

    /// What is known of a row's host.
    pub fn probed_row(&self, row: &EndpointRow) -> Probed<'_> {
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
    pub fn probe_lines(&self, row: &EndpointRow, session: &Session) -> Vec<EndpointDetailLine> {
        let text = |text: String, tone: Tone| EndpointDetailLine::Text(text, tone);
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

    fn address_lines(
        &self,
        one: &AddressProbe,
        row: &EndpointRow,
        session: &Session,
    ) -> Vec<EndpointDetailLine> {
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
            Some(address) => lines.push(EndpointDetailLine::Address(address, told)),
            None => lines.push(EndpointDetailLine::Text(told, tone_of(one.verdict))),
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
                lines.push(EndpointDetailLine::Text(format!("  {covered}{tags}"), tone));
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
            lines.push(EndpointDetailLine::Text(told, tone));
        }
        lines
    }
}
