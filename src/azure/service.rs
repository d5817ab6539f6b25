//! Services: what a tag is for.

use std::collections::HashMap;

/// Which side opens the connection when a rule uses the tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub enum TagDirection {
    /// The service calls in: the tag is the source of an inbound rule.
    Inbound,
    /// The network calls out: the tag is the destination of an outbound rule.
    Outbound,
    /// Either.
    Both,
    /// No document says.
    Undocumented,
}

impl TagDirection {
    /// The direction of a word of the table.
    fn read(word: &str) -> Self {
        match word {
            "inbound" => Self::Inbound,
            "outbound" => Self::Outbound,
            "both" => Self::Both,
            _ => Self::Undocumented,
        }
    }

    /// The word for a screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Both => "inbound and outbound",
            Self::Undocumented => "direction undocumented",
        }
    }
}

/// What the documents say of one base tag; a row of `assets/services.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The tag without its region: `Storage`, `AzureMonitor.Core`.
    pub base_tag: String,
    /// The usual `systemService`; several are separated by a space.
    pub system_service: String,
    /// One sentence.
    pub purpose: String,
    /// Direction of the rules it is meant for.
    pub direction: TagDirection,
    /// True when the purpose is inferred from names and data, not read in a document.
    pub is_inferred: bool,
    /// Symbolic tags (`VirtualNetwork`) have no published prefixes.
    pub is_symbolic: bool,
    /// The documents of each direction, where they are several.
    pub documents: Vec<DirectionDocument>,
}

/// Which document tells of a direction.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectionDocument {
    /// The direction.
    pub direction: TagDirection,
    /// The document, by its name on Microsoft Learn.
    pub document: String,
}

/// The table of services.
#[derive(Debug, Clone, Default)]
pub struct Services {
    by_base: HashMap<String, Service>,
}

impl Services {
    /// Reads the table; rows that do not fit are left out, which a test of the asset excludes.
    #[must_use]
    pub fn read(table: &str) -> Self {
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let by_base = reader
            .records()
            .filter_map(|row| {
                let row = row.ok()?;
                let text = |column: usize| row.get(column).map(str::to_owned);
                let service = Service {
                    base_tag: text(0)?,
                    system_service: text(1)?,
                    purpose: text(2)?,
                    direction: TagDirection::read(row.get(3)?),
                    is_inferred: row.get(9)? == "inferred",
                    is_symbolic: row.get(8)? == "symbolic",
                    documents: documents(row.get(10)?),
                };
                Some((service.base_tag.to_lowercase(), service))
            })
            .collect();
        Self { by_base }
    }

    /// How many base tags are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_base.len()
    }

    /// Whether the table is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_base.is_empty()
    }

    /// The service of a tag: the longest base of its name. Case is ignored.
    #[must_use]
    pub fn of_tag(&self, tag: &str) -> Option<&Service> {
        let name = tag.to_lowercase();
        let mut base = name.as_str();
        loop {
            if let Some(service) = self.by_base.get(base) {
                return Some(service);
            }
            base = base.rsplit_once('.')?.0;
        }
    }
}

/// `outbound=NAME;inbound=NAME`.
fn documents(cell: &str) -> Vec<DirectionDocument> {
    let pairs = cell.split(';').filter_map(|pair| pair.split_once('='));
    let read = |(direction, document): (&str, &str)| DirectionDocument {
        direction: TagDirection::read(direction),
        document: document.to_owned(),
    };
    pairs.map(read).collect()
}

#[cfg(test)]
mod tests {
    use crate::azure::Facts;

    #[test]
    fn the_embedded_table_is_read_whole() {
        let lines = include_str!("../../assets/services.csv").lines().count();
        assert_eq!(Facts::embedded().services.len(), lines - 1);
    }

    #[test]
    fn a_tag_finds_its_longest_base() {
        let services = Facts::embedded().services;
        let base = |tag| {
            services
                .of_tag(tag)
                .map(|service| service.base_tag.as_str())
        };
        assert_eq!(base("Storage.WestEurope"), Some("Storage"));
        assert_eq!(base("azuremonitor.core"), Some("AzureMonitor.Core"));
        assert_eq!(base("AzureMonitor.WestEurope"), Some("AzureMonitor"));
        assert_eq!(base("NoSuchService.WestEurope"), None);
    }
}
