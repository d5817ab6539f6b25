//! The rules and routes, and whether the target takes as many.

use crate::query::rules::make::job::{MadeRoute, MadeRule, MakeJob, Remote};
use crate::query::rules::make::names::{self, TakenNames};
use crate::query::rules::make::{MakeRefusal, TagRequest};
use crate::rules::limits;
use crate::rules::{Ports, Protocol};
use crate::space::{Block, Family};
use crate::text::Safe;

/// The first priority, where none is given.
const FIRST_PRIORITY: u32 = 200;
/// From one security rule to the next: room for rules in between.
const STEP: u32 = 10;

impl MakeJob<'_> {
    /// The name of the rule of a tag.
    fn rule_name(&self, taken: &mut TakenNames, request: &TagRequest, end: &str) -> String {
        let prefix = match &self.options.name {
            Some(name) => Some(name.as_str()),
            None if self.selection.is_plan => Some(self.selection.title.as_str()),
            None => None,
        };
        let count = self.tags.len() + self.parts.len();
        let part = self.told_apart(request);
        let whole = match prefix {
            Some(name) if self.options.name.is_some() && count == 1 => name.to_owned(),
            Some(name) => format!("{name}-{part}"),
            None => part,
        };
        taken.give(names::azure(&format!("{whole}{end}")), "-", limits::NAME)
    }

    /// Its name, with protocol and ports where another one has the same name.
    fn told_apart(&self, request: &TagRequest) -> String {
        let others = self.parts.iter().map(|(request, _)| *request);
        let all = self.tags.iter().copied().chain(others);
        let name = &request.name;
        if all.filter(|other| other.name == *name).count() < 2 {
            return name.clone();
        }
        let protocol = match self.protocol_of(request) {
            Protocol::Any => "any".to_owned(),
            protocol => protocol.name().to_ascii_lowercase(),
        };
        match self.ports_of(request) {
            ports if ports.is_all() => format!("{name}-{protocol}"),
            ports => format!("{name}-{protocol}-{}", ports.to_string().replace(',', "-")),
        }
    }

    fn ports_of(&self, request: &TagRequest) -> Ports {
        let own = request.ports.as_ref().or(self.options.ports.as_ref());
        // What has no ports gets all: the field stands for something else there.
        let usual = match self.protocol_of(request) {
            Protocol::Tcp | Protocol::Udp => Ports::one(443),
            Protocol::Any if request.protocol.is_none() => Ports::one(443),
            _ => Ports::all(),
        };
        own.cloned().unwrap_or(usual)
    }

    fn protocol_of(&self, request: &TagRequest) -> Protocol {
        request.protocol.unwrap_or_else(|| self.protocol())
    }

    /// Rules of tags, then of prefixes, family by family: no rule takes both.
    fn tag_rules(&mut self) {
        let mut taken = TakenNames::default();
        let mut rules = Vec::new();
        for request in &self.tags {
            rules.push(MadeRule {
                name: self.rule_name(&mut taken, request, ""),
                remote: Remote::Tag(request.name.clone()),
                ports: self.ports_of(request),
                protocol: self.protocol_of(request),
                why: request.why.clone(),
                priority: 0,
            });
        }
        for (request, blocks) in &self.parts {
            let families = blocks.chunk_by(|one, other| one.family() == other.family());
            let families: Vec<&[Block]> = families.collect();
            for of in &families {
                let end = match (families.len(), of.first().map(|block| block.family())) {
                    (2, Some(Family::V4)) => "-v4",
                    (2, _) => "-v6",
                    _ => "",
                };
                rules.push(MadeRule {
                    name: self.rule_name(&mut taken, request, end),
                    remote: Remote::Blocks(of.to_vec()),
                    ports: self.ports_of(request),
                    protocol: self.protocol_of(request),
                    why: request.why.clone(),
                    priority: 0,
                });
            }
        }
        self.rules = rules;
    }

    pub(super) fn security_rules(&mut self) -> Result<(), MakeRefusal> {
        self.tag_rules();
        let count = self.rules.len();
        let prefixes = |rule: &MadeRule| match &rule.remote {
            Remote::Blocks(blocks) => blocks.len(),
            _ => 1,
        };
        let most = self.rules.iter().map(prefixes).max().unwrap_or(0);
        self.refuse(
            most,
            limits::RULE_PREFIXES,
            "prefixes",
            "one side of a security rule",
        )?;
        self.refuse(count, limits::GROUP_RULES, "rules", "a security group")?;
        let step = STEP;
        self.priority(limits::SECURITY_PRIORITY, "a security group", step)?;
        let first = self.first_priority();
        for (rule, priority) in self.rules.iter_mut().zip((first..).step_by(step as usize)) {
            rule.priority = priority;
        }
        Ok(())
    }

    pub(in crate::query::rules::make) fn first_priority(&self) -> u32 {
        self.options.priority.unwrap_or(FIRST_PRIORITY)
    }

    fn priority(
        &self,
        (least, most): (u32, u32),
        holder: &'static str,
        step: u32,
    ) -> Result<(), MakeRefusal> {
        let first = self.first_priority();
        let count = self.rules.len();
        let steps = u32::try_from(count.saturating_sub(1)).unwrap_or(u32::MAX);
        let end = first.saturating_add(steps.saturating_mul(step));
        if first >= least && end <= most {
            return Ok(());
        }
        Err(MakeRefusal::Priority {
            rules: count,
            first,
            last: end,
            holder,
            least,
            most,
        })
    }

    pub(super) fn firewall_rules(&mut self) -> Result<(), MakeRefusal> {
        self.tag_rules();
        if !self.is_by_host() {
            return self.priority(limits::FIREWALL_PRIORITY, "a rule collection", 0);
        }
        let has_network = !self.rules.is_empty();
        let mut hosts: Vec<(u16, Vec<String>)> = Vec::new();
        for host in &self.selection.hosts {
            if host.name.contains(['<', '>']) {
                let host = Safe::new(&host.name);
                return Err(MakeRefusal::Host { host });
            }
            match hosts.iter_mut().find(|(port, _)| *port == host.port) {
                Some((_, names)) => names.push(host.name.clone()),
                None => hosts.push((host.port, vec![host.name.clone()])),
            }
        }
        let mut taken = TakenNames::default();
        for (port, names) in hosts {
            let wide: Vec<&str> = names
                .iter()
                .filter(|name| name.contains('*'))
                .map(String::as_str)
                .collect();
            if !wide.is_empty() {
                self.notes.push(format!(
                    "wider than the registry: {}; dedicated data endpoints narrow the storage wildcard",
                    wide.join(", ")
                ));
            }
            let name = format!("{}-hosts", self.base());
            self.rules.push(MadeRule {
                name: taken.give(names::azure(&name), "-", limits::NAME),
                remote: Remote::Hosts(names),
                ports: Ports::one(port),
                protocol: Protocol::Tcp,
                why: String::new(),
                priority: 0,
            });
        }
        // The second collection comes one later.
        let (least, most) = limits::FIREWALL_PRIORITY;
        let most = most - u32::from(has_network);
        self.priority((least, most), "the first of its rule collections", 0)
    }

    pub(super) fn routes(&mut self) -> Result<(), MakeRefusal> {
        let mut taken = TakenNames::default();
        let mut routes = Vec::new();
        for request in &self.tags {
            routes.push(MadeRoute {
                name: self.rule_name(&mut taken, request, ""),
                to: request.name.clone(),
            });
        }
        let tags = routes.len();
        for block in &self.blocks {
            let prefix = block.to_string().replace("::", ":");
            let prefix = prefix.replace(['.', ':', '/'], "-");
            let name = names::azure(&format!("{}-{prefix}", self.base()));
            routes.push(MadeRoute {
                name: taken.give(name, "-", limits::NAME),
                to: block.to_string(),
            });
        }
        let count = routes.len();
        self.routes = routes;
        self.refuse(tags, limits::TAG_ROUTES, "routes by tag", "a route table")?;
        self.refuse(count, limits::ROUTES, "routes", "a route table")
    }

    pub(super) fn registry_rules(&mut self) -> Result<(), MakeRefusal> {
        let subnets = self.selection.subnets.len();
        self.refuse(subnets, limits::SUBNET_RULES, "subnet rules", "a registry")?;
        self.within(limits::IP_RULES, "IP rules", "a registry")
    }

    pub(super) fn within(
        &self,
        limit: usize,
        things: &'static str,
        holder: &str,
    ) -> Result<(), MakeRefusal> {
        self.refuse(self.blocks.len(), limit, things, holder)
    }

    fn refuse(
        &self,
        needed: usize,
        limit: usize,
        things: &'static str,
        holder: &str,
    ) -> Result<(), MakeRefusal> {
        if needed <= limit {
            return Ok(());
        }
        let advice = match things {
            "subnet rules" => {
                "take a private endpoint, or one address for several subnets".to_owned()
            }
            "rules" => "spread the tags over several groups".to_owned(),
            "routes by tag" => "take wider tags, or --prefixes".to_owned(),
            _ => self.fewer(limit),
        };
        Err(MakeRefusal::Limit {
            target: self.target,
            needed,
            things,
            holder: holder.to_owned(),
            limit,
            advice,
        })
    }

    /// How to come to fewer prefixes.
    fn fewer(&self, limit: usize) -> String {
        let family = match self.families().as_slice() {
            [Family::V4] => " --ipv4",
            [Family::V6] => " --ipv6",
            _ => "",
        };
        let joined = if self.options.is_as_published {
            "leave --as-published out, take narrower tags, or take"
        } else if self.selection.cover.is_some() {
            return format!("--fit {limit} is the most that it takes");
        } else if self.selection.is_plan {
            "name its tags with --tag, and take"
        } else {
            "take narrower tags, or"
        };
        let has_tag = self.selection.words.iter().any(|word| word == "--tag");
        let what = if has_tag || self.selection.is_plan {
            "TAG"
        } else {
            "--list FILE"
        };
        format!(
            "{joined} a cover with --fit {limit}: `tagscope rules fit {what}{family} --limit {limit}` says what it costs"
        )
    }
}
