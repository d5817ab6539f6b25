//! From a selection to rules: which form each tag takes, which addresses, and whether the target takes
//! them.

mod choose;
mod refuse;
mod rules;

use crate::azure::PlatformTag;
use crate::query::rules::make::{
    MakeOptions, MakeRefusal, Resource, Selection, TagRequest, Target, names,
};
use crate::rules::{Direction, Ports, Protocol};
use crate::space::{Block, Family};

/// What the remote end of a rule is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Remote {
    /// A service tag.
    Tag(String),
    /// Prefixes of one family.
    Blocks(Vec<Block>),
    /// Host names.
    Hosts(Vec<String>),
}

impl Remote {
    /// The entries as texts.
    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Self::Tag(tag) => vec![tag.clone()],
            Self::Blocks(blocks) => blocks.iter().map(ToString::to_string).collect(),
            Self::Hosts(hosts) => hosts.clone(),
        }
    }
}

/// One rule, of a security group or of a firewall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MadeRule {
    /// A name that Azure takes.
    pub name: String,
    pub remote: Remote,
    pub ports: Ports,
    pub protocol: Protocol,
    /// What a plan needs it for, or the rows that it is from.
    pub why: String,
    /// Of a security group.
    pub priority: u32,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MadeRoute {
    /// A name that Azure takes.
    pub name: String,
    /// A tag or a prefix.
    pub to: String,
}

/// What is to be written.
#[derive(Debug)]
pub(super) struct MakeJob<'a> {
    pub target: Target,
    pub selection: &'a Selection,
    pub options: &'a MakeOptions,
    pub direction: Direction,
    pub rules: Vec<MadeRule>,
    pub routes: Vec<MadeRoute>,
    /// The addresses of every tag that is written as prefixes, IPv4 first, each once.
    pub blocks: Vec<Block>,
    /// The same by tag, in the order of the selection.
    pub parts: Vec<(&'a TagRequest, Vec<Block>)>,
    /// Tags that are written as tags.
    pub tags: Vec<&'a TagRequest>,
    pub notes: Vec<String>,
}

impl<'a> MakeJob<'a> {
    pub(super) fn new(
        target: Target,
        selection: &'a Selection,
        options: &'a MakeOptions,
    ) -> Result<Self, MakeRefusal> {
        let mut job = Self {
            target,
            selection,
            options,
            direction: refuse::direction(target, options, selection)?,
            rules: Vec::new(),
            routes: Vec::new(),
            blocks: Vec::new(),
            parts: Vec::new(),
            tags: Vec::new(),
            notes: selection.notes.clone(),
        };
        job.refuse_options()?;
        job.choose()?;
        job.say_price();
        match target.resource() {
            Some(Resource::SecurityGroup) => job.security_rules()?,
            Some(Resource::Firewall) => job.firewall_rules()?,
            Some(Resource::RouteTable) => job.routes()?,
            Some(Resource::IpGroup) => {
                job.within(
                    crate::rules::limits::GROUP_ENTRIES,
                    "entries",
                    "an IP group",
                )?;
            }
            Some(Resource::Registry) => job.registry_rules()?,
            None => {}
        }
        Ok(job)
    }

    /// The name of all of it.
    pub(super) fn base(&self) -> &str {
        self.options
            .name
            .as_deref()
            .unwrap_or(&self.selection.title)
    }

    /// The same for a rule collection and its like.
    pub(super) fn azure_base(&self) -> String {
        names::azure(self.base())
    }

    /// The protocol of what says none itself.
    fn protocol(&self) -> Protocol {
        self.options.protocol.unwrap_or(Protocol::Tcp)
    }

    /// Whether blocks are written as they are, and not joined.
    pub(super) fn is_as_it_is(&self) -> bool {
        self.options.is_as_published || self.selection.cover.is_some()
    }

    /// What a cover costs.
    fn say_price(&mut self) {
        if let Some(cover) = &self.selection.cover {
            self.notes.extend(cover.sentences(&self.families()));
            if self.target.families() == [Family::V4] && self.options.family.is_none() {
                let text = "IPv4 alone is covered: the target takes no IPv6";
                self.notes.push(text.to_owned());
            }
        }
    }

    /// The local end of a rule.
    pub(super) fn peer(&self) -> String {
        match (&self.options.peer, self.target.resource()) {
            (Some(peer), _) => peer.to_string(),
            (None, Some(Resource::SecurityGroup)) => PlatformTag::VirtualNetwork.name().to_owned(),
            (None, _) => "*".to_owned(),
        }
    }

    pub(super) fn of_family(&self, family: Family) -> impl Iterator<Item = &Block> {
        self.blocks
            .iter()
            .filter(move |block| block.family() == family)
    }

    /// The families that are written.
    pub(super) fn families(&self) -> Vec<Family> {
        self.options.families(self.target)
    }
}

/// What a set's name leaves for `_v4` and, while it is filled, `n`.
pub(super) const SET_ROOM: usize = names::MOST_SET - 4;
