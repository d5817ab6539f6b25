//! Private link: names, zone, addresses.

use crate::azure::registry::{Certainty, Profile, Realm, Switch};

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
}

impl PrivateLink {
    /// The plan of a profile with private link on.
    pub(super) fn of(profile: &Profile) -> Option<Self> {
        if !profile.has(Switch::PrivateLink) {
            return None;
        }
        let realm = Realm::of(profile.cloud);
        let has_regional = profile.has(Switch::RegionalEndpoints);
        let zone = realm.private_zone.map(|zone| zone.name);
        let replicas = profile.regions.len().max(1);
        Some(Self {
            zone,
            certainty: realm
                .private_zone
                .map_or(Certainty::Assumed, |zone| zone.certainty),
            group_id: "registry",
            addresses: 1 + replicas * if has_regional { 2 } else { 1 },
            subnet: "/27 at least, /24 leaves room for replicas",
            limit: 200,
            records: zone.map_or_else(Vec::new, |zone| records(profile, zone)),
        })
    }
}

fn records(profile: &Profile, zone: &str) -> Vec<DnsRecord> {
    let label = &profile.label;
    let address = |name: String, member: String| DnsRecord {
        name: format!("{name}.{zone}"),
        kind: "A",
        target: "an address of your subnet".to_owned(),
        member: Some(member),
    };
    let mut records = vec![
        DnsRecord {
            name: profile.login_server(),
            kind: "CNAME",
            target: format!("{label}.{zone}"),
            member: None,
        },
        address(label.clone(), "registry".to_owned()),
    ];
    let placeholder = ["<region>".to_owned()];
    let regions = if profile.regions.is_empty() {
        placeholder.as_slice()
    } else {
        &profile.regions
    };
    for region in regions {
        let member = format!("registry_data_{region}");
        records.push(address(format!("{label}.{region}.data"), member));
    }
    if profile.has(Switch::RegionalEndpoints) {
        for region in regions {
            let member = format!("registry_{region}");
            records.push(address(format!("{label}.{region}.geo"), member));
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
                "{} {} → {}{member}",
                record.name, record.kind, record.target
            ));
        }
        lines.push(format!(
            "{} addresses for each private endpoint (group id {}); subnet {}; at most {} private endpoints",
            self.addresses, self.group_id, self.subnet, self.limit
        ));
        lines
    }
}
