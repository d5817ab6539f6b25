//! Addresses → tags.

use std::net::IpAddr;

use crate::azure::{Special, Specials};
use crate::index::{Neighbour, PrefixHit, TagId, View};
use crate::query::lookup::special::SpecialUse;
use crate::query::lookup::{AlsoMatch, Match, Query, QueryKind, Relation, Subject};
use crate::query::{Cell, ColumnSpec, Dataset, Sheet};
use crate::ranges::OtherHit;
use crate::space::{Count, Span};
use crate::text::{Readings, Safe};

/// What was found for one query.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupAnswer {
    /// What was asked for, as it is usually written.
    pub query: String,
    /// What stood there.
    pub text: String,
    /// What kind of thing was asked for.
    pub kind: QueryKind,
    /// How it was read, where that is not plain.
    pub readings: Readings,
    /// What was changed while reading the query, and what else must be said.
    pub notes: Vec<Safe>,
    /// The addresses asked for; `None` for a name.
    pub span: Option<Span>,
    /// The tag, where one was asked for by its name.
    pub tag: Option<TagId>,
    /// What all of these addresses are, whatever tags hold them; `None` for ordinary ones.
    pub special: Option<Special>,
    /// Longest prefix first, then by address; of one prefix the narrower tag first.
    pub matches: Vec<Match>,
    /// Ranges of others, the narrowest first; `None` where there are none beside the week.
    pub also: Option<Vec<AlsoMatch>>,
    /// The nearest prefixes when nothing matches an address of the internet.
    pub nearest: Vec<Neighbour>,
    /// For blocks and ranges.
    pub coverage: Option<Coverage>,
    /// For hosts: every address with its matches.
    pub addresses: Vec<HostAddress>,
    /// For hosts: the names that the resolver followed.
    pub chain: Vec<Safe>,
}

/// How much of a block or range is in tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Addresses asked for.
    pub whole: Count,
    /// Addresses in any tag.
    pub covered: Count,
    /// Per tag, most addresses first.
    pub tags: Vec<TagCoverage>,
}

/// How much of a block or range is in one tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagCoverage {
    /// The tag.
    pub tag: TagId,
    /// Its addresses within the query.
    pub addresses: Count,
}

/// One address of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAddress {
    /// The address.
    pub address: IpAddr,
    /// The prefixes that hold it, longest first.
    pub matches: Vec<Match>,
    /// Ranges of others; `None` where there are none beside the week.
    pub also: Option<Vec<AlsoMatch>>,
    /// What the address is; `None` for an ordinary one.
    pub special: Option<Special>,
}

/// Looks a query up; a host must be resolved first, so it gets an answer without addresses.
#[must_use]
pub fn ask(query: &Query, dataset: &Dataset, specials: &Specials) -> LookupAnswer {
    let mut answer = LookupAnswer {
        query: query.canonical(),
        readings: query.readings,
        notes: query.notes.clone(),
        ..LookupAnswer::nothing(&query.text, query.kind())
    };
    let Subject::Span(kind, asked) = query.subject else {
        return answer;
    };
    let view = dataset.view();
    let special = SpecialUse::of(asked, specials);
    let span = special.looked_up(asked);
    answer.span = Some(span);
    answer.also = also(dataset, span);
    if kind == QueryKind::Address {
        answer.matches = covering(&view, span).collect();
    } else {
        let before = before(&view, span);
        let found = || around(&before, &view, span);
        answer.coverage = Some(coverage(&view, span, found()));
        answer.matches = by_length(found);
    }
    if answer.matches.is_empty() && special.is_public() {
        answer.nearest = view.neighbours(span).collect();
    }
    let (special, notes) = special.beside(!answer.matches.is_empty());
    answer.notes.extend(notes);
    answer.special = special;
    answer
}

/// The most specific match of a query and what its addresses are, as [`ask`] has them; for lists,
/// which need neither coverage nor the other matches.
#[must_use]
pub fn ask_best(
    query: &Query,
    dataset: &Dataset,
    specials: &Specials,
) -> (Option<Match>, Option<Special>) {
    let Subject::Span(kind, asked) = query.subject else {
        return (None, None);
    };
    let view = dataset.view();
    let special = SpecialUse::of(asked, specials);
    let span = special.looked_up(asked);
    let whole = covering(&view, span).next();
    let best = if whole.is_some() || kind == QueryKind::Address {
        whole
    } else {
        let before = before(&view, span);
        let longest = span.family().bits();
        let mut best: Option<Match> = None;
        for found in around(&before, &view, span) {
            let length = found.prefix.length();
            if best.is_none_or(|best| length > best.prefix.length()) {
                best = Some(found);
            }
            if length == longest {
                break;
            }
        }
        best
    };
    (best, special.beside(best.is_some()).0)
}

/// What a host's name resolved to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostLookup {
    /// The names that the resolver followed.
    pub chain: Vec<Safe>,
    /// The addresses that an application sees.
    pub addresses: Vec<IpAddr>,
    /// Of these, the ones that name servers did not give (a hosts file, a VPN's resolver).
    pub only_system: Vec<IpAddr>,
    /// Addresses from name servers that applications here do not see.
    pub only_dns: Vec<IpAddr>,
    /// Why the name servers gave nothing: then the chain is unknown, not empty.
    pub dns_failure: Option<Safe>,
}

/// Looks up what a host's name resolved to.
#[must_use]
pub fn ask_host(
    query: &Query,
    host: &HostLookup,
    dataset: &Dataset,
    specials: &Specials,
) -> LookupAnswer {
    let view = dataset.view();
    let mut answer = ask(query, dataset, specials);
    answer.chain.clone_from(&host.chain);
    for (addresses, what) in [
        (&host.only_system, "only this machine's own resolver gives"),
        (
            &host.only_dns,
            "name servers also give, but applications here do not see,",
        ),
    ] {
        if !addresses.is_empty() {
            let list: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            answer
                .notes
                .push(Safe::from(format!("{what} {}", list.join(", "))));
        }
    }
    if let Some(reason) = &host.dns_failure {
        let note = format!("the chain of names is unknown: {reason}");
        answer.notes.push(Safe::from(note));
    }
    answer.addresses = host
        .addresses
        .iter()
        .map(|&address| {
            let span = Span::of(address);
            let matches: Vec<Match> = covering(&view, span).collect();
            let (special, _) = SpecialUse::of(span, specials).beside(!matches.is_empty());
            HostAddress {
                address,
                matches,
                also: also(dataset, span),
                special,
            }
        })
        .collect();
    answer
}

/// The ranges of others that meet a span.
fn also(dataset: &Dataset, span: Span) -> Option<Vec<AlsoMatch>> {
    let others = dataset.others();
    let of = |hit: OtherHit<'_>| AlsoMatch {
        tag: hit.tag.to_owned(),
        prefix: hit.prefix,
        relation: Relation::of(hit.prefix, span),
    };
    (!others.is_empty()).then(|| others.meeting(span).into_iter().map(of).collect())
}

fn covering<'a>(view: &View<'a>, span: Span) -> impl Iterator<Item = Match> + use<'a> {
    view.covering(span).map(|hit| Match {
        tag: hit.tag,
        prefix: hit.prefix,
        relation: Relation::Covers,
    })
}

/// What begins before a block or range and reaches into it, and all that holds the whole of it.
fn before(view: &View<'_>, span: Span) -> Vec<Match> {
    let mut found: Vec<Match> = covering(view, span).collect();
    let leaning = view.leaning_in(span);
    found.extend(leaning.map(|hit| of(hit, span)));
    found.sort_by_key(|found| found.prefix);
    found
}

fn of(hit: PrefixHit, span: Span) -> Match {
    Match {
        tag: hit.tag,
        prefix: hit.prefix,
        relation: Relation::of(hit.prefix, span),
    }
}

/// Everything that touches a block or range: by first address, of one address the wider prefix
/// first, of one prefix the narrower tag. Nothing is kept: of all addresses it is all rows.
fn around<'a>(
    before: &'a [Match],
    view: &View<'a>,
    span: Span,
) -> impl Iterator<Item = Match> + use<'a> {
    // These begin no earlier and are no wider; they come in this order already.
    let starting = view.starting_in(span).map(move |hit| of(hit, span));
    let starting = starting.filter(|found| found.relation != Relation::Covers);
    before.iter().copied().chain(starting)
}

/// Longest prefix first; what is of one length keeps its order. Counts first, since a sort of
/// all rows takes longer than to find them twice.
fn by_length<I: Iterator<Item = Match>>(found: impl Fn() -> I) -> Vec<Match> {
    let mut ends = [0usize; LENGTHS];
    let mut sample = None;
    for found in found() {
        if let Some(count) = ends.get_mut(usize::from(found.prefix.length())) {
            *count += 1;
        }
        sample = Some(found);
    }
    // Where the next match of each length goes.
    let mut all = 0;
    for end in ends.iter_mut().rev() {
        all += std::mem::replace(end, all);
    }
    let mut ordered: Vec<Match> = sample.map_or_else(Vec::new, |sample| vec![sample; all]);
    for found in found() {
        let Some(place) = ends.get_mut(usize::from(found.prefix.length())) else {
            continue;
        };
        if let Some(slot) = ordered.get_mut(*place) {
            *slot = found;
        }
        *place += 1;
    }
    ordered
}

/// Lengths that a prefix can have: 0 to 128.
const LENGTHS: usize = 129;

/// A part of a tag's coverage, and how far it has been counted.
struct CountedPart {
    tag: TagId,
    total: Count,
    reached: Option<u128>,
}

impl CountedPart {
    const fn new(tag: TagId) -> Self {
        Self {
            tag,
            total: Count::ZERO,
            reached: None,
        }
    }

    /// Adds addresses that begin no earlier than those before.
    fn add(&mut self, first: u128, last: u128) {
        // What ends no later than the part counted last is inside it.
        if self.reached.is_none_or(|reached| last > reached) {
            self.total += Count::of_run(first, last);
            self.reached = Some(last);
        }
    }
}

/// Per tag and in all; `found` ascends, wider prefixes first.
fn coverage(view: &View<'_>, span: Span, found: impl Iterator<Item = Match>) -> Coverage {
    let mut all = CountedPart::new(TagId(0));
    let mut counted: Vec<CountedPart> = Vec::new();
    // Where each tag is counted, from 1; 0 is nowhere yet.
    let mut places = vec![0usize; view.tag_count()];
    for found in found {
        let (first, last) = (
            found.prefix.first().max(span.first()),
            found.prefix.last().min(span.last()),
        );
        all.add(first, last);
        let Some(place) = places.get_mut(found.tag.place()) else {
            continue;
        };
        if *place == 0 {
            counted.push(CountedPart::new(found.tag));
            *place = counted.len();
        }
        if let Some(counted) = counted.get_mut(*place - 1) {
            counted.add(first, last);
        }
    }
    let mut tags: Vec<TagCoverage> = counted
        .into_iter()
        .map(|counted| TagCoverage {
            tag: counted.tag,
            addresses: counted.total,
        })
        .collect();
    tags.sort_by_cached_key(|part| {
        (
            std::cmp::Reverse(part.addresses),
            view.tag(part.tag).map(|row| row.rank()),
            part.tag,
        )
    });
    Coverage {
        whole: span.count(),
        covered: all.total,
        tags,
    }
}

impl LookupAnswer {
    /// The answer to a name that is no address: a tag's, or one of the platform.
    #[must_use]
    pub fn of_name(name: &str, text: &str, tag: Option<TagId>) -> Self {
        let kind = if tag.is_some() {
            QueryKind::Tag
        } else {
            QueryKind::Special
        };
        Self {
            query: name.to_owned(),
            tag,
            ..Self::nothing(text, kind)
        }
    }

    /// A single match of an address.
    #[must_use]
    pub fn of_match(found: Match) -> Self {
        Self {
            matches: vec![found],
            ..Self::nothing("", QueryKind::Address)
        }
    }

    fn nothing(text: &str, kind: QueryKind) -> Self {
        Self {
            query: text.to_owned(),
            text: text.to_owned(),
            kind,
            readings: Readings::PLAIN,
            notes: Vec::new(),
            span: None,
            tag: None,
            special: None,
            matches: Vec::new(),
            also: None,
            nearest: Vec::new(),
            coverage: None,
            addresses: Vec::new(),
            chain: Vec::new(),
        }
    }

    /// Whether any address asked for is in a tag.
    #[must_use]
    pub fn is_found(&self) -> bool {
        !self.matches.is_empty() || self.addresses.iter().any(|host| !host.matches.is_empty())
    }

    /// The most specific tag that holds all that was asked for, of a host's first address that is in
    /// one; where none holds a whole block, one that holds a part.
    #[must_use]
    pub fn best(&self) -> Option<Match> {
        let hosts = || self.addresses.iter().flat_map(|host| &host.matches);
        let holds = |found: &&Match| found.relation == Relation::Covers;
        let whole = self.matches.iter().find(holds);
        whole
            .or(self.matches.first())
            .or_else(|| hosts().next())
            .copied()
    }

    /// Keeps the most specific tag alone, of each address of a host.
    #[must_use]
    pub fn best_only(mut self) -> Self {
        if !self.matches.is_empty() {
            self.matches = self.best().into_iter().collect();
        }
        for host in &mut self.addresses {
            host.matches.truncate(1);
        }
        self
    }

    /// Drops everything but the tags for which `keep` is true.
    #[must_use]
    pub fn only(mut self, keep: impl Fn(TagId) -> bool) -> Self {
        self.matches.retain(|found| keep(found.tag));
        for host in &mut self.addresses {
            host.matches.retain(|found| keep(found.tag));
        }
        if let Some(coverage) = &mut self.coverage {
            coverage.tags.retain(|part| keep(part.tag));
        }
        self
    }

    /// Every match with the address it belongs to, in order.
    pub fn lines(&self) -> impl Iterator<Item = (Option<IpAddr>, Option<Match>)> {
        let own = self.matches.iter().map(|&found| (None, Some(found)));
        let hosts = self.addresses.iter().flat_map(|host| {
            let address = Some(host.address);
            let empty = host.matches.is_empty().then_some((address, None));
            let found = host
                .matches
                .iter()
                .map(move |&found| (address, Some(found)));
            empty.into_iter().chain(found)
        });
        own.chain(hosts)
    }

    /// The answer as a table.
    #[must_use]
    pub fn sheet<'a>(&'a self, dataset: &'a Dataset) -> LookupTable<'a> {
        let mut lines: Vec<_> = self.lines().collect();
        if lines.is_empty() {
            lines.push((None, None));
        }
        LookupTable {
            answer: self,
            dataset,
            view: dataset.view(),
            lines,
        }
    }

    /// Whether a host name was asked for.
    #[must_use]
    pub const fn is_host(&self) -> bool {
        matches!(self.kind, QueryKind::Host | QueryKind::Registry)
    }
}

/// The matches of an answer as a table; an answer without any has one row that says so.
pub struct LookupTable<'a> {
    answer: &'a LookupAnswer,
    dataset: &'a Dataset,
    /// Of the dataset: to take it for each cell would be most of the work.
    view: View<'a>,
    lines: Vec<(Option<IpAddr>, Option<Match>)>,
}

impl LookupTable<'_> {
    /// The columns, in the order of [`Sheet::columns`].
    pub const COLUMNS: [ColumnSpec; 8] = [
        ColumnSpec::whole("query", "query"),
        ColumnSpec::whole("address", "address"),
        ColumnSpec::whole("prefix", "prefix"),
        ColumnSpec::number("addresses", "addresses"),
        ColumnSpec::name("tag", "tag"),
        ColumnSpec::text("region", "region"),
        ColumnSpec::text("service", "systemService"),
        ColumnSpec::change("number", "changeNumber"),
    ];
    /// The last column, beside [`Table::COLUMNS`].
    pub const RELATION: ColumnSpec = ColumnSpec::whole("relation", "relation");
    /// Behind it, where ranges of others stand beside the week.
    const ALSO: ColumnSpec = ColumnSpec::text("also", "also");

    /// The ranges of others, of an address of a host its own.
    fn also(&self, address: Option<IpAddr>) -> Cell<'_> {
        let mut hosts = self.answer.addresses.iter();
        let host = hosts.find(|host| Some(host.address) == address);
        let also = match host {
            Some(host) => host.also.as_deref(),
            None => self.answer.also.as_deref(),
        };
        let names: Vec<&str> = also
            .unwrap_or_default()
            .iter()
            .map(|it| it.tag.as_str())
            .collect();
        if names.is_empty() {
            return Cell::None;
        }
        Cell::text(names.join(" "))
    }

    fn of_tag(&self, tag: TagId, column: usize) -> Cell<'_> {
        let Some(row) = self.view.tag(tag) else {
            return Cell::None;
        };
        match column {
            4 => Cell::text(row.name),
            5 => Cell::text(row.region),
            6 => Cell::text(row.system_service),
            7 => Cell::Change(row.change_number, self.dataset.numbers()),
            _ => Cell::None,
        }
    }
}

impl Sheet for LookupTable<'_> {
    fn columns(&self) -> &[ColumnSpec] {
        const ALL: [ColumnSpec; 10] = {
            let [a, b, c, d, e, f, g, h] = LookupTable::COLUMNS;
            let (relation, also) = (LookupTable::RELATION, LookupTable::ALSO);
            [a, b, c, d, e, f, g, h, relation, also]
        };
        let [own @ .., _] = &ALL;
        if self.dataset.others().is_empty() {
            own
        } else {
            &ALL
        }
    }

    fn len(&self) -> usize {
        self.lines.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        let Some(&(address, found)) = self.lines.get(row) else {
            return Cell::None;
        };
        match (column, found) {
            (0, _) => Cell::Text(crate::text::clean(&self.answer.query)),
            (1, _) => address.map_or(Cell::None, |address| Cell::text(address.to_string())),
            (8, None) => Cell::text(self.answer.kind.relation()),
            (9, _) => self.also(address),
            (_, None) => self
                .answer
                .tag
                .map_or(Cell::None, |tag| self.of_tag(tag, column)),
            (2, Some(found)) => Cell::text(found.prefix.to_string()),
            (3, Some(found)) => Cell::Count(found.prefix.count()),
            (8, Some(found)) => Cell::text(found.relation.word()),
            (_, Some(found)) => self.of_tag(found.tag, column),
        }
    }
}
