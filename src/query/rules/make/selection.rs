//! What rules are wanted for: tags, the plan of a registry, or addresses.

use crate::azure::SubnetId;
use crate::azure::{Cloud, DateKind, Numbers};
use crate::index::TagId;
use crate::query::Dataset;
use crate::query::endpoints::{self, EndpointGroup};
use crate::query::rules::fit::{Cover, FitAnswer};
use crate::query::rules::make::cover::Covered;
use crate::rules::{Direction, Ports, Protocol};
use crate::space::Block;

/// The publication that the addresses are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekStamp {
    /// The cloud.
    pub cloud: Cloud,
    /// The date, where it is known.
    pub date: Option<String>,
    /// Where the date is from.
    pub date_is: DateKind,
    /// The root number, where there is one.
    pub number: Option<u32>,
    /// `sha256:…` of the content.
    pub hash: String,
    /// Whether it says of any tag where that can be used.
    pub has_features: bool,
}

/// A tag that is wanted, or addresses under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRequest {
    /// The tag, or the name of the addresses.
    pub name: String,
    /// Its number, where the publication has one.
    pub number: Option<u32>,
    /// Whether it is a tag of the publication.
    pub is_tag: bool,
    /// Where the tag can be used; `None` where the publication does not say.
    pub features: Option<String>,
    /// Its prefixes, IPv4 first.
    pub blocks: Vec<Block>,
    /// Ports that a plan needs or a row has; `None` where the user decides.
    pub ports: Option<Ports>,
    /// The protocol of a row; `None` where the user decides.
    pub protocol: Option<Protocol>,
    /// Which way the plan or the row goes; `None` where the user decides.
    pub direction: Option<Direction>,
    /// What the plan needs it for, or the rows that it is from.
    pub why: String,
    /// Whether host names of the plan say it more tightly.
    pub has_host: bool,
    /// Whether a row has a local end of its own.
    pub has_local: bool,
}

/// A host that a plan needs, outbound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanHost {
    /// Its name, perhaps with a wildcard.
    pub name: String,
    /// The TCP port.
    pub port: u16,
    /// What it is needed for.
    pub why: String,
    /// Whether a tag has its addresses too.
    pub has_tags: bool,
}

/// What rules are wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// A name for all of it.
    pub title: String,
    /// The words of the command line that select the same.
    pub words: Vec<String>,
    /// The publication.
    pub stamp: WeekStamp,
    /// Tags and addresses.
    pub requests: Vec<TagRequest>,
    /// Hosts of a plan.
    pub hosts: Vec<PlanHost>,
    /// Subnets for the rules of a registry.
    pub subnets: Vec<SubnetId>,
    /// Whether it is the plan of a registry.
    pub is_plan: bool,
    /// What it is a cover of, where it is one.
    pub cover: Option<Covered>,
    /// What a person should know of it.
    pub notes: Vec<String>,
}

impl Selection {
    pub(super) fn new(title: &str, dataset: &Dataset) -> Self {
        let info = dataset.info();
        Self {
            title: title.to_owned(),
            words: Vec::new(),
            stamp: WeekStamp {
                cloud: info.cloud,
                date: info.date.map(|date| date.to_string()),
                date_is: info.date_is,
                number: info.change_number,
                hash: info.content_hash.to_string(),
                has_features: has_features(dataset),
            },
            requests: Vec::new(),
            hosts: Vec::new(),
            subnets: Vec::new(),
            is_plan: false,
            cover: None,
            notes: Vec::new(),
        }
    }

    /// Tags, by name whatever their order here, each once.
    #[must_use]
    pub fn of_tags(dataset: &Dataset, tags: &[TagId]) -> Self {
        let mut requests: Vec<TagRequest> = tags
            .iter()
            .filter_map(|&tag| tag_request(dataset, tag))
            .collect();
        requests.sort_by(|one, other| one.name.cmp(&other.name));
        requests.dedup_by(|one, other| one.name == other.name);
        let title = match requests.as_slice() {
            [only] => only.name.clone(),
            _ => "azure-tags".to_owned(),
        };
        let words = requests.iter().map(|request| request.name.clone());
        let words = words.flat_map(|name| ["--tag".to_owned(), name]).collect();
        Self {
            words,
            requests,
            ..Self::new(&title, dataset)
        }
    }

    /// The plan of a registry.
    #[must_use]
    pub fn of_plan(plan: &endpoints::EndpointsAnswer, dataset: &Dataset) -> Self {
        let mut selection = Self {
            is_plan: true,
            ..Self::new(&plan.profile.name, dataset)
        };
        let words = plan.profile.words();
        selection.words.push("--registry".to_owned());
        selection.words.extend(words);
        let view = dataset.view();
        for row in &plan.rows {
            let direction = match row.group {
                EndpointGroup::Inbound => Direction::In,
                EndpointGroup::Outbound | EndpointGroup::AgentPool => Direction::Out,
            };
            for name in &row.tags {
                let is_it =
                    |own: &&mut TagRequest| own.name == *name && own.direction == Some(direction);
                if let Some(known) = selection.requests.iter_mut().find(is_it) {
                    let port = Ports::one(row.port);
                    known.ports = known.ports.as_ref().map(|ports| ports.union(&port));
                    if known.has_host && row.host.is_none() {
                        known.has_host = false;
                        known.why.clone_from(&row.purpose);
                    }
                } else if let Some(found) =
                    view.find(name).and_then(|tag| tag_request(dataset, tag))
                {
                    selection.requests.push(TagRequest {
                        ports: Some(Ports::one(row.port)),
                        direction: Some(direction),
                        why: row.purpose.clone(),
                        has_host: row.host.is_some(),
                        ..found
                    });
                }
            }
            let Some(host) = &row.host else { continue };
            let is_known = |own: &PlanHost| own.name == *host && own.port == row.port;
            if !selection.hosts.iter().any(is_known) {
                selection.hosts.push(PlanHost {
                    name: host.clone(),
                    port: row.port,
                    why: row.purpose.clone(),
                    has_tags: !row.tags.is_empty(),
                });
            }
        }
        let unknown = plan.rows.iter().filter(|row| {
            row.host.is_none() && row.tags.iter().all(|tag| view.find(tag).is_none())
        });
        let mut unknown: Vec<&str> = unknown.map(endpoints::EndpointRow::shown).collect();
        unknown.dedup();
        if !unknown.is_empty() {
            selection.notes.push(format!(
                "left out, since this week has no tag for it: {}",
                unknown.join(", ")
            ));
        }
        let assumed = plan.rows.iter().filter(|row| row.is_assumed());
        let mut assumed: Vec<&str> = assumed.map(endpoints::EndpointRow::shown).collect();
        assumed.dedup();
        if !assumed.is_empty() {
            selection.notes.push(format!(
                "host name or tags are assumed, not documented: {}",
                assumed.join(", ")
            ));
        }
        selection
    }

    /// Addresses under a name, such as a cover of some tags; `words` select the same on the command
    /// line where something does.
    #[must_use]
    pub fn of_blocks(dataset: &Dataset, title: &str, words: Vec<String>, blocks: &[Block]) -> Self {
        let mut blocks = blocks.to_vec();
        blocks.sort_unstable();
        blocks.dedup();
        Self {
            words,
            requests: vec![address_request(title, blocks)],
            ..Self::new(title, dataset)
        }
    }

    /// A cover of tags and lists; `words` select these on the command line, without `--fit`.
    #[must_use]
    pub fn of_cover(
        dataset: &Dataset,
        answer: &FitAnswer,
        cover: &Cover,
        mut words: Vec<String>,
    ) -> Self {
        let title = match (answer.tags.as_slice(), answer.lists.as_slice()) {
            ([tag], []) => tag.clone(),
            ([], [list]) => list.to_string(),
            (_, []) => "azure-tags".to_owned(),
            _ => "selection".to_owned(),
        };
        // Where nothing selects the addresses, nothing selects their cover.
        if !words.is_empty() {
            words.extend(["--fit".to_owned(), cover.limit.to_string()]);
        }
        let blocks = cover.cidrs.iter().map(|cidr| cidr.block).collect();
        Self {
            words,
            requests: vec![address_request(&title, blocks)],
            cover: Some(Covered::of(dataset, answer, cover)),
            ..Self::new(&title, dataset)
        }
    }

    /// The same, all of it in one direction.
    #[must_use]
    pub fn toward(mut self, direction: Direction) -> Self {
        for request in &mut self.requests {
            request.direction = Some(direction);
        }
        self
    }

    /// The same with the way, the protocols and the ports of some rows, where these have one and the
    /// same; else with their way alone, and a note.
    #[must_use]
    pub fn like(mut self, rows: &Self) -> Self {
        let mut kinds: Vec<_> = rows
            .requests
            .iter()
            .map(|request| {
                (
                    request.direction,
                    request.protocol,
                    request.ports.clone(),
                    request.has_local,
                )
            })
            .collect();
        kinds.dedup();
        let first = kinds.first().cloned();
        let is_one = |(direction, _, ports, _): &(_, _, Option<Ports>, _)| {
            first
                .as_ref()
                .is_some_and(|first| (first.0, &first.2) == (*direction, ports))
        };
        if !kinds.iter().all(is_one) {
            if let Some(direction) = rows.only_direction() {
                self = self.toward(direction);
            }
            let note = "the rows have several ports or protocols, which the cover does not keep";
            self.notes.push(note.to_owned());
            return self;
        }
        let requests = std::mem::take(&mut self.requests);
        for request in requests {
            let like = kinds
                .iter()
                .map(|(direction, protocol, ports, has_local)| TagRequest {
                    direction: *direction,
                    protocol: *protocol,
                    ports: ports.clone(),
                    has_local: *has_local,
                    ..request.clone()
                });
            self.requests.extend(like);
        }
        self
    }

    /// The way of all rows, where they have one and the same.
    pub(super) fn only_direction(&self) -> Option<Direction> {
        // A tag of its own goes either way.
        let mut directions = self.requests.iter().filter_map(|request| request.direction);
        let first = directions.next().filter(|_| !self.is_plan)?;
        directions
            .all(|direction| direction == first)
            .then_some(first)
    }

    /// Subnets alone, for the rules of a registry.
    #[must_use]
    pub fn of_nothing(dataset: &Dataset) -> Self {
        Self::new("subnets", dataset)
    }

    /// Adds subnets, each once.
    #[must_use]
    pub fn with_subnets(mut self, subnets: &[SubnetId]) -> Self {
        for subnet in subnets {
            if self.subnets.iter().any(|own| own.is_same(subnet)) {
                continue;
            }
            self.words
                .extend(["--subnet".to_owned(), subnet.to_string()]);
            self.subnets.push(subnet.clone());
        }
        self
    }
}

/// Addresses under a name.
pub(super) fn address_request(name: &str, blocks: Vec<Block>) -> TagRequest {
    TagRequest {
        name: name.to_owned(),
        number: None,
        is_tag: false,
        features: None,
        blocks,
        ports: None,
        protocol: None,
        direction: None,
        why: String::new(),
        has_host: false,
        has_local: false,
    }
}

pub(super) fn tag_request(dataset: &Dataset, tag: TagId) -> Option<TagRequest> {
    let view = dataset.view();
    let row = view.tag(tag)?;
    Some(TagRequest {
        number: row
            .change_number
            .filter(|_| dataset.numbers() == Numbers::Published),
        is_tag: true,
        features: row.features.map(str::to_owned),
        ..address_request(row.name, view.all_prefixes(tag).collect())
    })
}

fn has_features(dataset: &Dataset) -> bool {
    let view = dataset.view();
    let mut rows = view.tag_ids().filter_map(|tag| view.tag(tag));
    rows.any(|row| row.features.is_some_and(|words| !words.is_empty()))
}
