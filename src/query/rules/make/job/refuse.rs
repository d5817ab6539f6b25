//! Options that the target does not take.

use crate::query::rules::make::job::{MakeJob, SET_ROOM};
use crate::query::rules::make::{
    Hop, Language, MakeForm, MakeOptions, MakeRefusal, Resource, Selection, TagRequest, Target,
    Variables, names,
};
use crate::rules::{Direction, Entry, Protocol};
use crate::space::Family;
use crate::text::{Safe, clean};

impl MakeJob<'_> {
    pub(super) fn refuse_options(&self) -> Result<(), MakeRefusal> {
        let refuse = |option, why| {
            Err(MakeRefusal::Option {
                target: self.target,
                option,
                why,
            })
        };
        let resource = self.target.resource();
        let options = self.options;
        let has_ends = self.target.has_ends();
        if options.family == Some(Family::V6) && self.families().is_empty() {
            return refuse(
                "--ipv6",
                "it takes IPv4 only, or its local end or next hop is IPv4",
            );
        }
        if self.families().is_empty() {
            return refuse("--ipv4", "its local end or next hop is IPv6");
        }
        if options.priority.is_some() && !has_ends {
            return refuse(
                "--priority",
                "only security groups and firewalls have priorities",
            );
        }
        if (options.ports.is_some() || options.protocol.is_some()) && !has_ends {
            return refuse("--port or --protocol", "it holds addresses only");
        }
        if options.ports.is_some() && self.selection.is_plan {
            return refuse("--port", "the registry's plan knows its ports");
        }
        let requests = &self.selection.requests;
        let has_own = |of: fn(&TagRequest) -> bool| !requests.is_empty() && requests.iter().all(of);
        if options.ports.is_some() && has_own(|request| request.ports.is_some()) {
            return refuse("--port", "each of the rows has its own");
        }
        if options.protocol.is_some() && has_own(|request| request.protocol.is_some()) {
            return refuse("--protocol", "each of the rows has its own");
        }
        if options.peer.is_some() && !has_ends {
            return refuse("--peer", "its rules have one end only");
        }
        if options.hop != Hop::default() && resource != Some(Resource::RouteTable) {
            return refuse("--next-hop", "only routes have one");
        }
        let knows_tags = has_ends || resource == Some(Resource::RouteTable);
        if options.form == MakeForm::Tags && !knows_tags {
            return refuse("--tags", "it takes addresses only");
        }
        let takes_subnets = self.target == Target::Azure(Language::AzureCli, Resource::Registry);
        if !self.selection.subnets.is_empty() && !takes_subnets {
            return refuse(
                "--subnet",
                "az-acr alone writes rules of subnets, which are a preview",
            );
        }
        if resource == Some(Resource::Firewall) {
            if matches!(self.protocol(), Protocol::Esp | Protocol::Ah) {
                return refuse("--protocol", "Azure Firewall knows TCP, UDP, ICMP and any");
            }
            if matches!(options.peer, Some(Entry::Platform(_) | Entry::Tag(_))) {
                return refuse(
                    "tag as --peer",
                    "Azure Firewall takes tags as destinations only",
                );
            }
        }
        let has_variables = matches!(self.target, Target::Azure(Language::Terraform, _));
        if options.variables == Variables::Elsewhere && !has_variables {
            return refuse(
                "--no-variables",
                "only files of Terraform declare variables",
            );
        }
        self.refuse_names()
    }

    fn refuse_names(&self) -> Result<(), MakeRefusal> {
        let refuse = |name: &str, rule| {
            Err(MakeRefusal::Name {
                name: Safe::new(name),
                target: self.target,
                rule,
            })
        };
        if let Some(name) = &self.options.name {
            let is_set = matches!(self.target, Target::Nftables | Target::Ipset);
            let most = if is_set { SET_ROOM } else { names::MOST_LABEL };
            match self.target {
                Target::Azure(..) if names::azure(name) != *name => {
                    return refuse(
                        name,
                        "1 to 80 letters, digits, points, dashes and underscores, a letter or digit first and no point or dash last",
                    );
                }
                Target::Nftables | Target::Ipset | Target::NginxGeo | Target::Tfvars
                    if names::snake(name, most) != *name =>
                {
                    return refuse(
                        name,
                        "lower-case letters, digits and single underscores, a letter first; 27 at most for a set, 60 for a variable",
                    );
                }
                _ => {}
            }
        }
        for value in [&self.options.resource_group, &self.options.resource]
            .into_iter()
            .flatten()
        {
            if clean(value) != *value || value.trim().is_empty() {
                return refuse(value, "it is empty or has characters that cannot be seen");
            }
        }
        if let (Target::Nftables, Some(table)) = (self.target, &self.options.resource)
            && names::snake(table, names::MOST_LABEL) != *table
        {
            return refuse(
                table,
                "a table has lower-case letters, digits and single underscores, a letter first",
            );
        }
        Ok(())
    }
}

pub(super) fn direction(
    target: Target,
    options: &MakeOptions,
    selection: &Selection,
) -> Result<Direction, MakeRefusal> {
    let refuse = |why| Err(MakeRefusal::Direction { target, why });
    match (target.resource(), options.direction) {
        (Some(Resource::Registry), Some(Direction::Out)) => {
            refuse("rules of a registry are about who comes in; leave --direction out away")
        }
        (Some(Resource::RouteTable), Some(Direction::In)) => {
            refuse("routes are about what goes out; leave --direction in away")
        }
        (Some(Resource::Firewall), Some(Direction::In)) => refuse(
            "Azure Firewall takes tags and host names as destinations only; make an ip-group, and name it as the source of a rule",
        ),
        (_, Some(direction)) => Ok(direction),
        (None, None)
            if matches!(
                target,
                Target::NginxGeo | Target::NginxAllow | Target::HaproxyMap
            ) =>
        {
            Ok(Direction::In)
        }
        (_, None) => {
            let direction = target.direction().or_else(|| selection.only_direction());
            Ok(direction.unwrap_or(Direction::Out))
        }
    }
}
