//! What the ids of advice stand for.

/// A line for each id.
const LEGEND: [(&str, &str); 39] = [
    ("A1", "tags of one region instead of the whole one"),
    ("A3", "where az acr import comes from"),
    ("A4", "who may call a webhook's receiver"),
    ("A8", "what an inbound rule by tag does not keep out"),
    ("A9", "rules want a review every week"),
    ("B3", "the host of the wildcard certificate"),
    ("B5", "one host for each region of the registry"),
    ("B6", "regional endpoints: a login server for each replica"),
    ("B8", "data endpoints instead of the storage wildcard"),
    ("B9", "how far the rules are wider than the registry"),
    ("B11", "service tags instead of lists of addresses"),
    ("B18", "the order in which data endpoints are switched on"),
    ("B19", "Microsoft's own registry"),
    (
        "C3",
        "private link and service endpoints exclude each other",
    ),
    ("C8", "clouds without service endpoints"),
    ("C9", "trusted services while public access is off"),
    ("C10", "Azure DevOps while public access is off"),
    ("C12", "portal and CLI while public access is off"),
    ("C17", "the registry's own network rules"),
    ("D2", "what needs the Premium tier"),
    ("D3", "geo-replication needs the Premium tier"),
    ("D8", "what a private endpoint needs"),
    ("E12", "who gets in while public access is off"),
    ("E14", "whether tasks on shared agents get in"),
    ("E15", "what the subnet of an agent pool must reach"),
    ("E17", "service endpoints of an agent pool's subnet"),
    ("E19", "what az acr check-health needs besides"),
    ("E21", "clients on premises"),
    ("agent-pool", "tier and regions of agent pools"),
    ("closed", "a cloud that is no more"),
    (
        "cloud-names",
        "names that no document confirms in this cloud",
    ),
    ("connected", "what a connected registry needs of its parent"),
    ("data-tags", "how well the tags of data endpoints are known"),
    ("features", "tags that rules cannot use"),
    ("ipv6", "whether the registry answers over IPv6"),
    ("name-hash", "host names with a hash"),
    ("no-week", "a plan without counts"),
    ("private-link", "limits of private endpoints"),
    ("region", "regions that are not open to everybody"),
];

/// What an id of advice stands for, in one line.
#[must_use]
pub fn legend(id: &str) -> Option<&'static str> {
    let line = LEGEND.iter().find(|(own, _)| *own == id);
    line.map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every id that stands in a `say` of these files, read off their text.
    #[test]
    fn every_id_of_advice_has_a_line_and_every_line_an_id() {
        let files = [
            include_str!("../advice.rs"),
            include_str!("access.rs"),
            include_str!("agents.rs"),
            include_str!("week.rs"),
        ];
        let mut used: Vec<String> = Vec::new();
        for call in files.iter().flat_map(|text| text.split(".say(").skip(1)) {
            let id = call.split('"').nth(1).unwrap();
            used.push(id.to_owned());
        }
        assert!(used.len() > 40);
        for id in &used {
            assert!(legend(id).is_some(), "{id} has no line");
        }
        for (id, _) in LEGEND {
            assert!(used.iter().any(|own| own == id), "nobody says {id}");
        }
    }
}
