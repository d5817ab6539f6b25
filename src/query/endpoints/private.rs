//! Private link: names, zone, addresses.

use crate::azure::Certainty;
use crate::azure::registry::{CloudDomains, Domain, Profile, Switch};
use crate::query::endpoints::outbound::hosts;

/// What private endpoints of a registry bring.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateLink {
    /// The private DNS zone; null where the cloud has none.
    pub zone: Option<&'static str>,
    /// How well the zone's name is known.
    pub certainty: Certainty,
    /// Sub-resource that a private endpoint is made for.
    pub group_id: &'static str,
    /// Private addresses of one endpoint.
    pub addresses: usize,
    /// Subnet that has room.
    pub subnet: &'static str,
    /// Most private endpoints of a registry.
    pub limit: usize,
    /// Records of the zone and the public alias.
    pub records: Vec<DnsRecord>,
}

/// A DNS record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DnsRecord {
    /// Whole name.
    pub name: String,
    /// `A` or `CNAME`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it leads to.
    pub target: String,
    /// Member of the private endpoint that has the address.
    pub member: Option<String>,
    /// How well the whole name is known.
    pub certainty: Certainty,
}

impl PrivateLink {
    /// The plan of a registry that clients reach over private endpoints.
    pub(super) fn of(profile: &Profile) -> Option<Self> {
        if !profile.is_private() {
            return None;
        }
        let domains = CloudDomains::of(profile.cloud);
        let has_regional = profile.has(Switch::RegionalEndpoints);
        let zone = domains.private_zone.map(|zone| zone.name);
        let replicas = profile.regions.len().max(1);
        Some(Self {
            zone,
            certainty: domains
                .private_zone
                .map_or(Certainty::Assumed, |zone| zone.certainty),
            group_id: "registry",
            addresses: 1 + replicas * if has_regional { 2 } else { 1 },
            subnet: "/27 at least, /24 leaves room for replicas",
            limit: 200,
            records: domains
                .private_zone
                .map_or_else(Vec::new, |zone| records(profile, zone)),
        })
    }
}

fn records(profile: &Profile, zone: Domain) -> Vec<DnsRecord> {
    let (zone, of_zone) = (zone.name, zone.certainty);
    let label = &profile.label;
    let domain = CloudDomains::of(profile.cloud).registry.name;
    let address = |host: &str, member: String, certainty| {
        let name = host.strip_suffix(domain).unwrap_or(host);
        DnsRecord {
            name: format!("{name}{zone}"),
            kind: "A",
            target: "an address of your subnet".to_owned(),
            member: Some(member),
            certainty: of_zone.max(certainty),
        }
    };
    let login = profile.login_server();
    let mut records = vec![
        DnsRecord {
            name: login.clone(),
            kind: "CNAME",
            target: format!("{label}.{zone}"),
            member: None,
            certainty: of_zone,
        },
        address(&login, "registry".to_owned(), Certainty::Documented),
    ];
    let kinds = [
        ("data", &profile.data_hosts, "registry_data_"),
        ("geo", &profile.regional_hosts, "registry_"),
    ];
    for (kind, named, member) in kinds {
        if kind == "geo" && !profile.has(Switch::RegionalEndpoints) {
            continue;
        }
        for (region, host, certainty) in hosts(profile, kind, named) {
            let region = region.unwrap_or_else(|| "<region>".to_owned());
            records.push(address(&host, format!("{member}{region}"), certainty));
        }
    }
    records
}

impl PrivateLink {
    /// The plan as lines of text.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        match self.zone {
            Some(zone) => lines.push(format!("zone {zone} ({})", self.certainty.word())),
            None => lines.push("no private zone is known for this cloud".to_owned()),
        }
        for record in &self.records {
            let member = match &record.member {
                Some(member) => format!(" (member {member})"),
                None => String::new(),
            };
            lines.push(format!(
                "{} {} → {}{member}{}",
                record.name,
                record.kind,
                record.target,
                record.certainty.suffix()
            ));
        }
        lines.push(format!(
            "{} addresses for each private endpoint (group id {}); subnet {}; at most {} private endpoints",
            self.addresses, self.group_id, self.subnet, self.limit
        ));
        lines
    }
}
