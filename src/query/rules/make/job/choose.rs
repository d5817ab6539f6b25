//! Which tags are wanted, each as a tag or as prefixes.

use std::collections::BTreeSet;

use crate::azure::Feature;
use crate::query::rules::make::job::MakeJob;
use crate::query::rules::make::{MakeForm, MakeRefusal, Resource, TagRequest};
use crate::query::rules::remote_end::named;
use crate::rules::{Direction, Entry, Protocol};
use crate::space::{AddressSet, Block, Family};
use crate::text::{Safe, clean};

impl<'a> MakeJob<'a> {
    /// The tags that are wanted here, each as a tag or as prefixes.
    pub(super) fn choose(&mut self) -> Result<(), MakeRefusal> {
        let selection = self.selection;
        let is_by_host = self.is_by_host();
        let goes = |request: &&TagRequest| {
            request
                .direction
                .is_none_or(|direction| direction == self.direction)
                && !(is_by_host && request.has_host)
                && self.knows_protocol(request)
        };
        let requests: Vec<&TagRequest> = selection.requests.iter().filter(goes).collect();
        let is_by_tag = self.is_by_tag();
        for request in &requests {
            let usable = match self.feature() {
                Some(feature) if is_by_tag => self.usable(request, feature),
                _ => Use::Prefixes,
            };
            match (usable, self.options.form) {
                (Use::Tag, _) => self.tags.push(request),
                (Use::Unsaid, MakeForm::Tags) => {
                    self.notes.push(format!("{} {UNSAID}", request.name));
                    self.tags.push(request);
                }
                (Use::Never(why), MakeForm::Tags) => {
                    let tag = Safe::new(&request.name);
                    return Err(MakeRefusal::NotATag { tag, why });
                }
                (how, _) => {
                    let why = match how {
                        Use::Never(why) if request.is_tag => Some(why),
                        Use::Unsaid => Some(UNSAID),
                        _ => None,
                    };
                    self.as_prefixes(request, why);
                }
            }
        }
        let has_rest = is_by_host || !selection.subnets.is_empty();
        if requests.is_empty() && !has_rest {
            return Err(self.nothing());
        }
        if self.tags.is_empty() && self.parts.is_empty() && !requests.is_empty() {
            let advice = "leave it out, or take the other family";
            let what = self.notes.pop().unwrap_or_default();
            return Err(MakeRefusal::Nothing { what, advice });
        }
        self.join_alike();
        self.left_out(&requests);
        let all: BTreeSet<Block> = self.parts.iter().flat_map(|(_, of)| of).copied().collect();
        self.blocks = all.into_iter().collect();
        if !self.is_as_it_is() {
            self.blocks = AddressSet::from_blocks(self.blocks.iter().copied()).cover();
        }
        Ok(())
    }

    /// What is left out without an error.
    fn left_out(&mut self, requests: &[&TagRequest]) {
        if !self.is_by_tag()
            && self.feature().is_some()
            && self.options.family.is_some()
            && self.options.form != MakeForm::Prefixes
            && requests.iter().any(|request| request.is_tag)
        {
            let text = "written as prefixes, since a tag has IPv4 and IPv6";
            self.notes.push(text.to_owned());
        }
        let families = self.families();
        let is_wanted = |family| self.options.family.is_none_or(|only| only == family);
        for (family, name) in [(Family::V4, "IPv4"), (Family::V6, "IPv6")] {
            let blocks = self.parts.iter().flat_map(|(request, _)| &request.blocks);
            let count = blocks.filter(|block| block.family() == family).count();
            if count > 0 && is_wanted(family) && !families.contains(&family) {
                let why = match self.target.resource() {
                    Some(Resource::RouteTable) => "the next hop is of the other family",
                    Some(Resource::SecurityGroup | Resource::Firewall) => {
                        "the local end is of the other family"
                    }
                    Some(Resource::IpGroup) => "an IP group takes IPv4 only",
                    _ => "rules of a registry take IPv4 only",
                };
                self.notes
                    .push(format!("{count} {name} prefixes are left out: {why}"));
            }
        }
        self.say_rows(requests);
        if self.is_by_host() || !self.selection.is_plan || self.direction == Direction::In {
            return;
        }
        let bare = self.selection.hosts.iter().filter(|host| !host.has_tags);
        let bare: Vec<&str> = bare.map(|host| host.name.as_str()).collect();
        if !bare.is_empty() && !requests.is_empty() {
            self.notes.push(format!(
                "left out, since no tag is known for it: {}",
                bare.join(", ")
            ));
        }
    }

    /// Whether the target knows the protocol of a row.
    fn knows_protocol(&self, request: &TagRequest) -> bool {
        let is_unknown = matches!(request.protocol, Some(Protocol::Esp | Protocol::Ah));
        !(is_unknown && self.target.resource() == Some(Resource::Firewall))
    }

    /// What has neither ports nor a protocol holds each tag and each name once.
    fn join_alike(&mut self) {
        if self.target.has_ends() {
            return;
        }
        self.tags.dedup_by(|one, other| one.name == other.name);
        let mut parts: Vec<(&TagRequest, Vec<Block>)> = Vec::new();
        for (request, blocks) in std::mem::take(&mut self.parts) {
            let is_it = |own: &&mut (&TagRequest, Vec<Block>)| {
                own.0.name == request.name && own.0.is_tag == request.is_tag
            };
            let Some((_, known)) = parts.iter_mut().find(is_it) else {
                parts.push((request, blocks));
                continue;
            };
            known.extend(blocks);
            known.sort_unstable();
            known.dedup();
            if !self.is_as_it_is() {
                *known = AddressSet::from_blocks(known.iter().copied()).cover();
            }
        }
        self.parts = parts;
    }

    /// What of rows is not taken over.
    fn say_rows(&mut self, requests: &[&TagRequest]) {
        if self.selection.is_plan {
            return;
        }
        let all = || self.selection.requests.iter();
        let other = all().filter(|request| {
            request
                .direction
                .is_some_and(|direction| direction != self.direction)
        });
        let other = named_once(other);
        let unknown = all().filter(|request| !self.knows_protocol(request));
        let unknown = named_once(unknown);
        let near = requests.iter().copied().filter(|request| request.has_local);
        let near = named_once(near);
        if !other.is_empty() {
            let takes_both = self.target.direction().is_none();
            let why = match (self.direction, takes_both) {
                (Direction::In, true) => "goes out, and --direction out takes it",
                (Direction::In, false) => "goes out",
                (Direction::Out, true) => "comes in, and --direction in takes it",
                (Direction::Out, false) => "comes in",
            };
            self.notes
                .push(format!("left out, since it {why}: {other}"));
        }
        if !unknown.is_empty() {
            let why = "left out, since Azure Firewall knows TCP, UDP, ICMP and any";
            self.notes.push(format!("{why}: {unknown}"));
        }
        if !near.is_empty() && self.target.has_ends() && self.options.peer.is_none() {
            self.notes.push(format!(
                "the local ends and source ports of the rules are not taken over, --peer names one local end: {near}"
            ));
        }
    }

    /// Takes the prefixes of a tag in the families that are written.
    fn as_prefixes(&mut self, request: &'a TagRequest, why: Option<&str>) {
        let families = self.families();
        let of = request.blocks.iter().copied();
        let blocks: BTreeSet<Block> = of.filter(|it| families.contains(&it.family())).collect();
        if blocks.is_empty() {
            let family = match families.as_slice() {
                [Family::V4] => "IPv4 ",
                [Family::V6] => "IPv6 ",
                _ => "",
            };
            self.notes
                .push(format!("{} has no {family}prefix", request.name));
            return;
        }
        if let Some(why) = why {
            self.notes
                .push(format!("{} {why}: written as prefixes", request.name));
        }
        let blocks = if self.is_as_it_is() {
            blocks.into_iter().collect()
        } else {
            AddressSet::from_blocks(blocks).cover()
        };
        self.parts.push((request, blocks));
    }

    fn nothing(&self) -> MakeRefusal {
        let title = Safe::new(&self.selection.title);
        let (what, advice) = match (self.selection.is_plan, self.direction) {
            (true, Direction::In) => (
                format!("nothing comes in by the plan of {title}"),
                match self.target.resource() {
                    Some(Resource::Registry) => {
                        "name what calls it: --client import, webhook or tasks; rules of a registry are about who comes in"
                    }
                    _ => {
                        "name what it calls: --client import, webhook or tasks; or take --direction out"
                    }
                },
            ),
            (true, Direction::Out) => (
                format!("the plan of {title} has no service tag"),
                "over private link its names lead into your network; firewall targets take the names",
            ),
            (false, _) if self.selection.requests.is_empty() => {
                let left = self.selection.notes.join("; ");
                let left = if left.is_empty() {
                    left
                } else {
                    format!(" ({left})")
                };
                let what = format!("{title} has no address and no tag that could be taken{left}");
                (what, "name others")
            }
            (false, Direction::In) => (
                format!("nothing comes in by the rules of {title}"),
                "--direction out takes what goes out, where the kind does",
            ),
            (false, Direction::Out) => (
                format!("nothing goes out by the rules of {title}"),
                "--direction in takes what comes in, where the kind does",
            ),
        };
        MakeRefusal::Nothing { what, advice }
    }

    /// Where a tag must be usable to stand in a rule of this target.
    fn feature(&self) -> Option<Feature> {
        match self.target.resource()? {
            Resource::SecurityGroup => Some(Feature::Nsg),
            Resource::Firewall => Some(Feature::Fw),
            Resource::RouteTable => Some(Feature::Udr),
            Resource::IpGroup | Resource::Registry => None,
        }
    }

    fn is_by_tag(&self) -> bool {
        self.feature().is_some()
            && self.options.form != MakeForm::Prefixes
            && self.options.family.is_none()
    }

    /// Whether a firewall gets the host names of a plan.
    pub(in crate::query::rules::make) fn is_by_host(&self) -> bool {
        self.target.resource() == Some(Resource::Firewall)
            && self.options.form == MakeForm::Best
            && self.options.family.is_none()
            && !self.selection.hosts.is_empty()
    }

    /// Whether a tag can stand in a rule.
    fn usable(&self, request: &TagRequest, feature: Feature) -> Use {
        if !request.is_tag {
            return Use::Never("is no service tag");
        }
        if Entry::parse(&request.name) != Entry::Tag(request.name.clone()) {
            return Use::Never("is no name that Azure takes for a service tag");
        }
        match request.features.as_deref() {
            None if self.selection.stamp.has_features => Use::Unsaid,
            None => Use::Tag,
            Some("") => Use::Never("has no network features, so that no rule takes it as a tag"),
            Some(words) if words.split(' ').any(|word| word == feature.word()) => Use::Tag,
            Some(_) => Use::Never(match feature {
                Feature::Nsg => "is not offered to security groups",
                Feature::Fw => "is not offered to Azure Firewall",
                _ => "is not offered to routes",
            }),
        }
    }
}

/// Names, each once, a few of them.
fn named_once<'a>(requests: impl Iterator<Item = &'a TagRequest>) -> String {
    let names: BTreeSet<&str> = requests.map(|request| request.name.as_str()).collect();
    clean(&named(names)).into_owned()
}

/// What is published of most tags and not of this one.
const UNSAID: &str = "is published without network features, so Azure may not take it as a tag";

/// Whether a tag can stand in a rule.
enum Use {
    /// It can.
    Tag,
    /// Prefixes are wanted.
    Prefixes,
    /// The publication says where other tags can be used, and not where this one can.
    Unsaid,
    /// It cannot.
    Never(&'static str),
}
