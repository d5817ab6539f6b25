//! What the names in rules stand for: one answer for every question that is put to rules.

mod doubt;
mod places;
mod private;
mod side;

pub use doubt::ReasonKind;
pub(in crate::query::rules) use doubt::{Doubt, PARAMETERS};
pub(in crate::query::rules) use places::{
    Described, NETWORK, NetworkPlaces, assumed, everything, is_within,
};
pub(in crate::query::rules) use private::{PastRules, PrivatePlace};
pub(in crate::query::rules) use side::{Open, RuleSide, common};

use std::collections::HashMap;
use std::sync::Arc;

use crate::azure::{PlatformTag, SubnetId};
use crate::query::rules::{AddressResolver, LoadedFile};
use crate::rules::{Entry, RuleSetKind};
use crate::space::AddressSet;
use crate::text::{az_command, clean};

/// Resolves entries into sides; each tag once.
pub(in crate::query::rules) struct SideResolver<'a> {
    addresses: &'a AddressResolver<'a>,
    pub places: &'a NetworkPlaces,
    /// IP groups that were not wholly understood, by name in lower case.
    odd_groups: Vec<String>,
    tags: HashMap<String, Option<Arc<AddressSet>>>,
}

impl<'a> SideResolver<'a> {
    pub fn new(
        addresses: &'a AddressResolver<'a>,
        places: &'a NetworkPlaces,
        files: &[LoadedFile],
    ) -> Self {
        let sets = files.iter().flat_map(|loaded| &loaded.file.sets);
        let groups = sets.filter(|set| set.kind == RuleSetKind::IpGroup);
        let odd = groups.filter(|set| {
            let mut rows = set.rows.iter();
            !set.flaws.is_empty()
                || rows.any(|row| row.destinations.iter().any(|entry| entry.span().is_none()))
        });
        Self {
            addresses,
            places,
            odd_groups: odd.map(|set| set.name.as_str().to_lowercase()).collect(),
            tags: HashMap::new(),
        }
    }

    /// The week's facts.
    pub const fn addresses(&self) -> &'a AddressResolver<'a> {
        self.addresses
    }

    /// The addresses of a tag; `None` when the week has none of this name.
    pub fn tag(&mut self, name: &str) -> Option<Arc<AddressSet>> {
        let known = self.addresses;
        let made = || {
            let addresses = known.addresses_of(known.tag(name)?);
            Some(Arc::new(AddressSet::clone(&addresses)))
        };
        let key = name.to_ascii_lowercase();
        self.tags.entry(key).or_insert_with(made).clone()
    }

    /// A side of a rule, and what is assumed of it.
    pub fn side(&mut self, entries: &[Entry], assumed: &mut Vec<String>) -> RuleSide {
        let mut side = RuleSide::default();
        let spans = entries.iter().filter_map(Entry::span);
        let own = AddressSet::from_spans(spans);
        if !own.is_empty() {
            side.sets.push((None, Arc::new(own)));
        }
        for entry in entries {
            self.add(entry, &mut side, assumed);
        }
        if entries.is_empty() {
            side.open.push(Open {
                within: None,
                why: Doubt::new(ReasonKind::UnreadRow, "nothing of it could be read"),
                atom: None,
            });
        }
        side
    }

    fn add(&mut self, entry: &Entry, side: &mut RuleSide, assumed: &mut Vec<String>) {
        let found = match entry {
            Entry::Any => {
                side.is_all = true;
                return;
            }
            Entry::Span(_) => return,
            Entry::Fqdn(host) => {
                side.hosts.push(host.clone());
                return;
            }
            Entry::IpGroup(_) => {
                self.group(entry, side);
                return;
            }
            Entry::Tag(name) => self.tag(name).ok_or_else(|| {
                let text = format!("the week has no tag {name}");
                (None, Doubt::new(ReasonKind::UnknownName, text))
            }),
            Entry::Platform(symbol) => {
                if *symbol == PlatformTag::VirtualNetwork && !self.places.routed.is_empty() {
                    side.open.push(Open {
                        within: Some(Arc::clone(&self.places.routed)),
                        why: Doubt::settled(
                            ReasonKind::NotModelled,
                            "VirtualNetwork may have the prefixes of user routes too",
                            "az network nic list-effective-nsg",
                        ),
                        atom: Some(entry.clone()),
                    });
                }
                if *symbol == PlatformTag::Internet {
                    side.open.push(Open {
                        within: Some(Arc::clone(&self.places.between)),
                        why: Doubt::new(
                            ReasonKind::NotModelled,
                            "no document says whether Internet has such addresses",
                        ),
                        atom: Some(entry.clone()),
                    });
                }
                assumed.extend(self::assumed(*symbol).map(str::to_owned));
                self.places.symbol(*symbol).ok_or_else(|| {
                    let within = Some(Arc::clone(&self.places.internet));
                    let text = format!("{entry} has no published addresses");
                    (within, Doubt::new(ReasonKind::UnknownName, text))
                })
            }
            Entry::Subnet(id) => {
                let found = self.places.subnet(id);
                let found = found.map(|it| Arc::clone(&it.addresses));
                found.ok_or_else(|| (Some(Arc::clone(&self.places.network)), unknown_subnet(id)))
            }
            Entry::SecurityGroup(_) => Err((
                Some(Arc::clone(&self.places.network)),
                Doubt::settled(
                    ReasonKind::UnknownName,
                    format!("{entry} has network interfaces as members, not addresses"),
                    "az network nic list-effective-nsg",
                ),
            )),
            Entry::Url(_) => Err((
                None,
                Doubt::new(
                    ReasonKind::PartOfRow,
                    format!("{entry} is a part of what its host serves"),
                ),
            )),
            Entry::FqdnTag(_) | Entry::WebCategory(_) => Err((
                None,
                Doubt::new(
                    ReasonKind::UnknownName,
                    format!("the host names of {entry} are not published"),
                ),
            )),
            Entry::Unresolved(text) => Err((
                None,
                Doubt::settled(
                    ReasonKind::Unresolved,
                    format!("no value yet for {text}"),
                    PARAMETERS,
                ),
            )),
            Entry::Unread(text) => Err((
                None,
                Doubt::new(
                    ReasonKind::UnreadRow,
                    format!("\"{text}\" is not understood"),
                ),
            )),
        };
        match found {
            Ok(set) => side
                .sets
                .push((Some(clean(&entry.to_string()).into_owned()), set)),
            Err((within, why)) => side.open.push(Open {
                within,
                why,
                atom: atom(entry),
            }),
        }
    }

    fn group(&self, entry: &Entry, side: &mut RuleSide) {
        let shown = clean(&entry.to_string()).into_owned();
        let name = shown.strip_prefix("IP group ").unwrap_or(&shown);
        let found = self.addresses.addresses(entry);
        let why = match &found {
            None => Some(Doubt::settled(
                ReasonKind::UnknownName,
                format!("{shown} is not among the files"),
                az_command("az network ip-group show --name", name),
            )),
            Some(_) if self.odd_groups.contains(&name.to_lowercase()) => Some(Doubt::new(
                ReasonKind::UnreadRow,
                format!("{shown} is not wholly understood"),
            )),
            Some(_) => None,
        };
        if let Some(set) = found {
            let set = Arc::new(AddressSet::clone(&set));
            side.sets.push((Some(shown), set));
        }
        if let Some(why) = why {
            side.open.push(Open {
                within: None,
                why,
                atom: atom(entry),
            });
        }
    }
}

/// A subnet without its description.
fn unknown_subnet(id: &SubnetId) -> Arc<Doubt> {
    Doubt::settled(
        ReasonKind::UnknownName,
        format!("the addresses of {} are not known", id.name()),
        az_command("az network vnet subnet show --ids", &id.to_string()),
    )
}

/// An entry as it equals another: Azure ignores the case of names. What is not understood equals
/// nothing, and neither does an expression, which may have another value elsewhere.
pub(in crate::query::rules) fn atom(entry: &Entry) -> Option<Entry> {
    Some(match entry {
        Entry::Tag(text) => Entry::Tag(text.to_ascii_lowercase()),
        Entry::Fqdn(text) => Entry::Fqdn(text.to_ascii_lowercase()),
        Entry::FqdnTag(text) => Entry::FqdnTag(text.to_ascii_lowercase()),
        Entry::IpGroup(text) => Entry::IpGroup(text.to_ascii_lowercase()),
        Entry::SecurityGroup(text) => Entry::SecurityGroup(text.to_ascii_lowercase()),
        Entry::Subnet(id) => Entry::Subnet(id.lower()),
        Entry::Unread(_) | Entry::Unresolved(_) => return None,
        other => other.clone(),
    })
}
