//! A probe as the JSON documents hold it, and what tags hold an address.

use std::net::IpAddr;
use std::time::Duration;

use crate::index::TagId;
use crate::query::Dataset;
use crate::query::probe::{AddressProbe, HostProbe, ProbeVerdict, TlsFacts};
use crate::space::Span;
use crate::text::Safe;

/// Which tags hold an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holding {
    /// The tags, narrowest first, each once.
    pub tags: Vec<String>,
    /// Whether a tag of the plan is among them; `None` without a week, or where the week has none
    /// of the plan's tags.
    pub covered: Option<bool>,
}

/// Which tags hold `address`, and whether one of `plan` does; case is ignored.
#[must_use]
pub fn holding(dataset: Option<&Dataset>, address: IpAddr, plan: &[String]) -> Holding {
    let Some(dataset) = dataset else {
        return Holding::default();
    };
    let view = dataset.view();
    let mut found: Vec<TagId> = Vec::new();
    for hit in view.covering(Span::of(address)) {
        if !found.contains(&hit.tag) {
            found.push(hit.tag);
        }
    }
    let planned: Vec<TagId> = plan.iter().filter_map(|name| view.find(name)).collect();
    let covered = planned.iter().any(|tag| found.contains(tag));
    let names = found.iter().filter_map(|tag| view.tag(*tag));
    Holding {
        tags: names.map(|tag| tag.name.to_owned()).collect(),
        covered: (!planned.is_empty()).then_some(covered),
    }
}

impl HostProbe {
    /// The host in a sentence, then its aliases and each address with its tags, for text.
    #[must_use]
    pub fn lines(&self, dataset: Option<&Dataset>, plan: &[String]) -> (String, Vec<String>) {
        let mut lines = Vec::new();
        if !self.chain.is_empty() {
            let names: Vec<&str> = self.chain.iter().map(Safe::as_str).collect();
            lines.push(format!("aliases: {}", names.join(" → ")));
        }
        for one in &self.addresses {
            let Some(address) = one.address else { continue };
            let held = holding(dataset, address, plan);
            let tags = match (held.tags.as_slice(), dataset) {
                (_, None) => "tags unknown, no week available".to_owned(),
                ([], Some(_)) => "in no tag".to_owned(),
                (tags, Some(_)) => tags.join(" "),
            };
            let covered = match held.covered {
                Some(true) => "; the plan's tags hold it",
                Some(false) => "; NOT in the plan's tags",
                None => "",
            };
            let tls = one.tls.as_ref().map_or_else(String::new, |tls| {
                format!("; certificate of {} until {}", tls.issuer, tls.not_after)
            });
            lines.push(format!(
                "{address}: {}: {}{tls}; {tags}{covered}",
                one.verdict.word(),
                one.why
            ));
        }
        (format!("{}: {}", self.host, self.sentence()), lines)
    }
}

/// The `probe` object of a row.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProbeRecord {
    /// The aliases in order.
    pub chain: Vec<String>,
    /// Why they are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain_failure: Option<String>,
    /// Whether the names lead through a zone of private link.
    pub private_link: bool,
    /// The region that the names tell.
    pub region: Option<String>,
    /// What each address answered.
    pub addresses: Vec<AddressProbeRecord>,
    /// Addresses that were not asked.
    pub untried: usize,
    /// The verdict over all addresses.
    pub verdict: ProbeVerdict,
    /// The proxy, without name and password.
    pub proxy: Option<String>,
    /// The whole in words.
    pub sentence: String,
}

/// One address of a [`ProbeRecord`].
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressProbeRecord {
    /// Null where a proxy found it.
    pub address: Option<IpAddr>,
    /// The service tags that hold it, narrowest first.
    pub tags: Vec<String>,
    /// Whether one of the plan's tags holds it; null where that is unknown.
    pub covered: Option<bool>,
    /// Milliseconds until the connection stood, to a tenth.
    pub tcp_ms: Option<f64>,
    /// The certificate that was shown.
    pub tls: Option<TlsRecord>,
    /// The status of the answer.
    pub http: Option<u16>,
    /// How it ended.
    pub verdict: ProbeVerdict,
    /// The client's address as the registry saw it.
    pub client_address: Option<IpAddr>,
    /// The cause in words.
    pub why: String,
}

/// The certificate of an [`AddressRecord`].
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TlsRecord {
    /// Who issued it.
    pub issuer: String,
    /// For whom.
    pub subject: String,
    /// Its last day, `YYYY-MM-DD`.
    pub not_after: String,
    /// Whether it names the host.
    pub names_match: bool,
    /// Whether issuer and dates were accepted.
    pub trusted: bool,
}

impl HostProbe {
    /// The record; `plan` are the tags that the plan gives for this host.
    #[must_use]
    pub fn record(&self, dataset: Option<&Dataset>, plan: &[String]) -> ProbeRecord {
        let addresses = self.addresses.iter();
        ProbeRecord {
            chain: self.chain.iter().map(ToString::to_string).collect(),
            chain_failure: self.chain_failure.as_ref().map(ToString::to_string),
            private_link: self.private_link(),
            region: self.region().map(str::to_owned),
            addresses: addresses.map(|one| one.record(dataset, plan)).collect(),
            untried: self.untried,
            verdict: self.verdict(),
            proxy: self.proxy.as_ref().map(ToString::to_string),
            sentence: self.sentence(),
        }
    }
}

impl AddressProbe {
    fn record(&self, dataset: Option<&Dataset>, plan: &[String]) -> AddressProbeRecord {
        let held = self.address.map(|address| holding(dataset, address, plan));
        let Holding { tags, covered } = held.unwrap_or_default();
        AddressProbeRecord {
            address: self.address,
            tags,
            covered,
            tcp_ms: self.tcp.map(tenths),
            tls: self.tls.as_ref().map(TlsFacts::record),
            http: self.http,
            verdict: self.verdict,
            client_address: self.client_address,
            why: self.why.to_string(),
        }
    }
}

impl TlsFacts {
    fn record(&self) -> TlsRecord {
        TlsRecord {
            issuer: self.issuer.to_string(),
            subject: self.subject.to_string(),
            not_after: self.not_after.to_string(),
            names_match: self.names_match,
            trusted: self.is_trusted,
        }
    }
}

fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::embedded_index;
    use crate::query::{Provenance, Source};
    use crate::text::Safe;

    fn week() -> Dataset {
        let provenance = Provenance {
            source: Source::Embedded,
            origin: Safe::new("test"),
            flaws: Vec::new(),
            flaw_count: 0,
            notes: Vec::new(),
        };
        Dataset::new(embedded_index().unwrap(), provenance)
    }

    fn plan(tags: &[&str]) -> Vec<String> {
        tags.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_address_is_covered_by_a_tag_of_the_plan_only() {
        let week = week();
        let view = week.view();
        let tag = view.find("AzureContainerRegistry.WestEurope").unwrap();
        let first = view.nth_prefix(tag, 0).unwrap().first();
        let address = IpAddr::from(u32::try_from(first).unwrap().to_be_bytes());
        let held = |plan: &[String]| holding(Some(&week), address, plan);
        let own = held(&plan(&["azurecontainerregistry.westeurope"]));
        assert_eq!(own.covered, Some(true));
        assert!(
            own.tags
                .contains(&"AzureContainerRegistry.WestEurope".to_owned())
        );
        assert_eq!(held(&plan(&["Storage"])).covered, Some(false));
        assert_eq!(held(&plan(&["NoSuchTag"])).covered, None);
        assert_eq!(held(&[]).covered, None);
        assert_eq!(
            holding(None, address, &plan(&["Storage"])),
            Holding::default()
        );
    }

    #[test]
    fn the_record_has_the_keys_of_the_contract() {
        let facts = TlsFacts {
            issuer: Safe::new("Corp Proxy CA"),
            subject: Safe::new("*.azurecr.io"),
            not_after: jiff::civil::date(2026, 12, 31),
            names_match: true,
            is_trusted: true,
        };
        let address = AddressProbe {
            address: "192.0.2.7".parse().ok(),
            tcp: Some(Duration::from_micros(1_249)),
            tls: Some(facts),
            http: Some(403),
            verdict: ProbeVerdict::NotARegistry,
            client_address: None,
            why: Safe::new("403 came"),
        };
        let probe = HostProbe {
            host: Safe::new("contoso.azurecr.io"),
            chain: vec![Safe::new("contoso.privatelink.azurecr.io")],
            addresses: vec![address],
            ..HostProbe::default()
        };
        let expected = serde_json::json!({
            "chain": ["contoso.privatelink.azurecr.io"], "privateLink": true, "region": null,
            "addresses": [{
                "address": "192.0.2.7", "tags": [], "covered": null, "tcpMs": 1.2,
                "tls": {
                    "issuer": "Corp Proxy CA", "subject": "*.azurecr.io",
                    "notAfter": "2026-12-31", "namesMatch": true, "trusted": true,
                },
                "http": 403, "verdict": "notARegistry", "clientAddress": null, "why": "403 came",
            }],
            "untried": 0, "verdict": "notARegistry", "proxy": null,
            "sentence": "not what was asked for: 403 came",
        });
        let record = serde_json::to_value(probe.record(None, &[])).unwrap();
        assert_eq!(record, expected);
    }
}
