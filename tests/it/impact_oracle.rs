//! What weeks do to rules, against an oracle that knows single addresses only and shares no code
//! with the program. The universe has 256 addresses of either family.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};
use tagscope::azure::{self, Week};
use tagscope::index::{Chronicle, Index, write as compile, write_chronicle};
use tagscope::query::rules::LoadedFile;
use tagscope::query::rules::impact::{
    ImpactAnswer, ImpactOptions, ImpactStatus, MatchSource, RowImpact, Stated, ask,
};
use tagscope::query::{Dataset, Provenance, Source};
use tagscope::rules::RuleSetKind::{self, Acr, Firewall, IpGroup, List, Nsg, RouteTable};
use tagscope::rules::read_rules;
use tagscope::space::{Block, Span};
use tagscope::text::Safe;

use crate::generated::Random;

/// An address: family 4 or 6, and its place in the universe.
pub type Address = (u8, u16);
pub type Set = BTreeSet<Address>;

/// A block of the universe: family, first place, host bits.
type Piece = (u8, u16, u8);

/// Names with the region property and how wide they are.
const TAGS: [(&str, &str, u8); 10] = [
    ("AzureCloud", "", 3),
    ("AzureCloud.westeurope", "westeurope", 2),
    ("Sql", "", 1),
    ("Sql.NorthEurope", "northeurope", 0),
    ("Sql.WestEurope", "westeurope", 0),
    ("Storage", "", 1),
    ("Storage.EastUS", "eastus", 0),
    ("Storage.WestEurope", "westeurope", 0),
    ("Web", "", 1),
    ("Web.WestEurope", "westeurope", 0),
];

#[derive(Clone, Default)]
pub struct ToyWeek(pub BTreeMap<String, BTreeSet<Piece>>);

fn text((family, first, bits): Piece) -> String {
    match family {
        4 => format!("203.0.113.{first}/{}", 32 - bits),
        _ => format!("2001:db8::{first:x}/{}", 128 - bits),
    }
}

fn addresses((family, first, bits): Piece) -> Set {
    (first..first + (1 << bits))
        .map(|at| (family, at))
        .collect()
}

pub fn of_span(span: Span) -> Set {
    let family = if span.last() >> 32 == 0 { 4 } else { 6 };
    let place = |bits: u128| u16::try_from(bits & 0xff).unwrap();
    (place(span.first())..=place(span.last()))
        .map(|at| (family, at))
        .collect()
}

fn of_blocks(blocks: &[Block]) -> Set {
    blocks
        .iter()
        .flat_map(|block| of_span(block.span()))
        .collect()
}

/// How many blocks are needed for a set: the widest aligned one, again and again.
fn fewest(set: &Set) -> usize {
    let mut left = set.clone();
    let mut count = 0;
    while let Some(&(family, first)) = left.first() {
        let fits = |bits: &u8| {
            first % (1 << bits) == 0
                && addresses((family, first, *bits))
                    .iter()
                    .all(|it| left.contains(it))
        };
        let bits = (0..=8).rev().find(fits).unwrap();
        for address in addresses((family, first, bits)) {
            left.remove(&address);
        }
        count += 1;
    }
    count
}

impl ToyWeek {
    pub fn set(&self, tag: &str) -> Set {
        let pieces = self.0.get(tag).into_iter().flatten();
        pieces.flat_map(|&piece| addresses(piece)).collect()
    }

    fn all(&self) -> Set {
        self.0.keys().flat_map(|tag| self.set(tag)).collect()
    }

    pub fn week(&self, date: &str) -> Week {
        let values: Vec<Value> = self
            .0
            .iter()
            .map(|(name, pieces)| {
                let region = TAGS.iter().find(|(tag, ..)| tag == name).unwrap().1;
                let rows: Vec<String> = pieces.iter().map(|&piece| text(piece)).collect();
                json!({"name": name, "id": name, "properties": {"changeNumber": 1, "region": region,
                    "regionId": 0, "platform": "Azure", "systemService": "", "addressPrefixes": rows,
                    "networkFeatures": ["NSG"]}})
            })
            .collect();
        let root = json!({"changeNumber": 1, "cloud": "Public", "values": values});
        let bytes = serde_json::to_vec(&root).unwrap();
        azure::parse(&bytes, azure::parse_date(date)).unwrap().week
    }

    pub fn dataset(&self, date: &str) -> Dataset {
        let index = Index::open(compile(&self.week(date)).unwrap()).unwrap();
        let provenance = Provenance {
            source: Source::File,
            origin: Safe::new("made"),
            flaws: Vec::new(),
            flaw_count: 0,
            notes: Vec::new(),
        };
        Dataset::new(index, provenance)
    }
}

fn width(tag: &str) -> u8 {
    TAGS.iter().find(|(name, ..)| *name == tag).unwrap().2
}

fn piece(random: &mut Random, family: u8) -> Piece {
    let bits = random.byte_below(6);
    let first = u16::try_from(random.below(256)).unwrap() >> bits << bits;
    (family, first, bits)
}

fn any_piece(random: &mut Random) -> Piece {
    let family = if random.below(3) == 0 { 6 } else { 4 };
    piece(random, family)
}

fn week(random: &mut Random) -> ToyWeek {
    let mut week = ToyWeek::default();
    for (name, _, wide) in TAGS {
        if random.below(12) == 0 {
            continue;
        }
        let count = 1 + random.below(5 + 4 * usize::from(wide));
        let pieces = (0..count).map(|_| any_piece(random)).collect();
        week.0.insert(name.to_owned(), pieces);
    }
    week
}

/// The same week a little later.
fn later(random: &mut Random, week: &ToyWeek) -> ToyWeek {
    let mut week = week.clone();
    for (name, ..) in TAGS {
        match random.below(8) {
            0 => {
                week.0.remove(name);
            }
            1..5 => {
                let new = any_piece(random);
                let pieces = week.0.entry(name.to_owned()).or_default();
                let drop = pieces.iter().nth(random.below(4)).copied();
                if let Some(old) = drop {
                    pieces.remove(&old);
                }
                pieces.insert(new);
            }
            _ => {}
        }
    }
    week
}

#[derive(Debug, Default, PartialEq)]
pub struct Expected {
    pub tag: Option<(String, Option<usize>)>,
    pub missing: Set,
    pub stale: Set,
    pub moved: Set,
}

pub struct Case {
    pub weeks: [ToyWeek; 2],
    pub older: Vec<ToyWeek>,
    pub kind: RuleSetKind,
    pub stated: Option<String>,
    /// Texts of the entries, and their addresses.
    pub entries: Vec<(String, Set)>,
}

impl Case {
    pub fn expected(&self) -> Expected {
        let list: Set = self
            .entries
            .iter()
            .flat_map(|(_, set)| set.clone())
            .collect();
        let families: Vec<u8> = match self.kind {
            Acr | IpGroup => vec![4],
            _ if list.is_empty() => vec![4, 6],
            _ => [4, 6]
                .into_iter()
                .filter(|family| list.iter().any(|it| it.0 == *family))
                .collect(),
        };
        let cut = |set: Set| -> Set {
            set.into_iter()
                .filter(|it| families.contains(&it.0))
                .collect()
        };
        let list = cut(list);
        let [from, to] = &self.weeks;
        let all = cut(to.all());
        let is_known = |tag: &String| from.0.contains_key(tag) || to.0.contains_key(tag);
        let stated = self.stated.clone().filter(is_known).map(|tag| (tag, None));
        let tag = stated.or_else(|| self.inferred(&list, &families));
        let Some((name, week)) = tag else {
            return self.alone();
        };
        let mut known = cut(from.set(&name));
        if let Some(week) = week {
            known.extend(cut(self.week(week).set(&name)));
        }
        let now = cut(to.set(&name));
        let gone: Set = list
            .intersection(&known)
            .filter(|it| !now.contains(it))
            .copied()
            .collect();
        Expected {
            missing: now.difference(&list).copied().collect(),
            stale: gone.difference(&all).copied().collect(),
            moved: gone.intersection(&all).copied().collect(),
            tag: Some((name, week)),
        }
    }

    fn week(&self, place: usize) -> &ToyWeek {
        match place {
            0 | 1 => &self.weeks[place],
            _ => &self.older[place - 2],
        }
    }

    /// Nine tenths both ways and in every family; the best, the earlier, the narrower.
    fn inferred(&self, list: &Set, families: &[u8]) -> Option<(String, Option<usize>)> {
        if list.is_empty() {
            return None;
        }
        let mut best: Option<(bool, [usize; 2], usize, u8, String)> = None;
        for place in 0..2 + self.older.len() {
            let week = self.week(place);
            for name in week.0.keys() {
                let tag = week.set(name);
                let shares = families.iter().filter_map(|family| {
                    let of = |set: &Set| -> Set {
                        set.iter().filter(|it| it.0 == *family).copied().collect()
                    };
                    let (own, tag) = (of(list), of(&tag));
                    let common = own.intersection(&tag).count();
                    (!own.is_empty()).then(|| [common, own.len().max(tag.len())])
                });
                let less = |a: &[usize; 2], b: &[usize; 2]| (a[0] * b[1]).cmp(&(b[0] * a[1]));
                let Some(share) = shares.min_by(less) else {
                    continue;
                };
                if share[0] * 10 < share[1] * 9 {
                    continue;
                }
                let wide = width(name);
                let new = (wide >= 2, share, place, wide, name.clone());
                let is_better = best.as_ref().is_none_or(|old| {
                    old.0
                        .cmp(&new.0)
                        .then(less(&new.1, &old.1))
                        .then((old.2, old.3, &old.4).cmp(&(new.2, new.3, &new.4)))
                        .is_gt()
                });
                if is_better {
                    best = Some(new);
                }
            }
        }
        best.map(|(_, _, place, _, name)| (name, Some(place)))
    }

    fn alone(&self) -> Expected {
        let [from, to] = &self.weeks;
        let mut expected = Expected::default();
        let mut whole = Set::new();
        for (_, entry) in &self.entries {
            if matches!(self.kind, Acr | IpGroup) && entry.iter().any(|it| it.0 == 6) {
                continue;
            }
            let holders = |week: &ToyWeek, address: &Address| -> BTreeSet<String> {
                let tags = week.0.keys().filter(|tag| week.set(tag).contains(address));
                tags.cloned().collect()
            };
            let services = |address: &Address| -> BTreeSet<String> {
                let tags = holders(from, address).into_iter();
                tags.filter(|tag| width(tag) < 2).collect()
            };
            let is_gone = |address: &Address| holders(to, address).is_empty();
            if entry.iter().all(|address| !services(address).is_empty()) {
                for address in entry {
                    if services(address).is_disjoint(&holders(to, address)) {
                        let part = if is_gone(address) {
                            &mut expected.stale
                        } else {
                            &mut expected.moved
                        };
                        part.insert(*address);
                    }
                }
            } else if entry.is_subset(&from.all()) && entry.iter().all(is_gone) {
                expected.stale.extend(entry);
            } else {
                whole.extend(entry.iter().copied());
            }
        }
        expected.stale.retain(|address| !whole.contains(address));
        expected.moved.retain(|address| !whole.contains(address));
        expected
    }

    /// Who has moved addresses now: the narrowest tags of each.
    fn parts(&self, moved: &Set) -> BTreeMap<String, Set> {
        let mut parts: BTreeMap<String, Set> = BTreeMap::new();
        for &address in moved {
            let now = &self.weeks[1];
            let tags: Vec<&String> = now
                .0
                .keys()
                .filter(|tag| now.set(tag).contains(&address))
                .collect();
            let narrow = tags.iter().map(|tag| width(tag)).min().unwrap();
            for tag in tags.into_iter().filter(|tag| width(tag) == narrow) {
                parts.entry(tag.clone()).or_default().insert(address);
            }
        }
        parts
    }

    pub fn file(&self) -> String {
        let texts: Vec<&str> = self.entries.iter().map(|(text, _)| text.as_str()).collect();
        match self.kind {
            List => {
                let mut text = "# ours\n".to_owned();
                if let Some(tag) = &self.stated {
                    writeln!(text, "# tag: {tag}").unwrap();
                }
                for pair in texts.chunks(2) {
                    writeln!(text, "{} # {}", pair.join(", "), pair.len()).unwrap();
                }
                text + "# end\n"
            }
            IpGroup => json!({"name": "g", "ipAddresses": texts}).to_string(),
            Acr => {
                let rules: Vec<Value> = texts.iter().map(|text| json!({"value": text})).collect();
                json!({"name": "contoso", "loginServer": "contoso.azurecr.io",
                    "networkRuleSet": {"defaultAction": "Deny", "ipRules": rules}})
                .to_string()
            }
            RouteTable => {
                let routes: Vec<Value> = (0..)
                    .zip(&texts)
                    .map(|(number, text): (u32, _)| {
                        json!({"name": format!("r{number}"), "addressPrefix": text,
                            "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"})
                    })
                    .collect();
                json!({"name": "g", "routes": routes}).to_string()
            }
            Nsg => json!({"name": "n", "securityRules": [{"name": "g", "priority": 200,
                "direction": "Outbound", "access": "Allow", "protocol": "Tcp",
                "sourceAddressPrefix": "VirtualNetwork", "destinationAddressPrefixes": texts,
                "sourcePortRange": "*", "destinationPortRange": "443"}]})
            .to_string(),
            Firewall => json!({"name": "rcg", "ruleCollections": [{"name": "c", "priority": 200,
                "action": {"type": "Allow"}, "rules": [{"name": "g", "ruleType": "NetworkRule",
                "ipProtocols": ["TCP"], "sourceAddresses": ["10.0.0.0/8"],
                "destinationAddresses": texts, "destinationPorts": ["443"]}]}]})
            .to_string(),
        }
    }

    fn stated(&self) -> Vec<Stated> {
        let row = match self.kind {
            List => return Vec::new(),
            Acr | IpGroup => None,
            _ => Some("g".to_owned()),
        };
        let tag = self.stated.clone().map(|tag| Stated { row, tag });
        tag.into_iter().collect()
    }

    pub fn ask(&self) -> (ImpactAnswer, Vec<LoadedFile>) {
        let files = loaded(&self.file());
        let [base, target] = [("2026-01-12", 0), ("2026-01-19", 1)]
            .map(|(date, place): (&str, usize)| self.weeks[place].dataset(date));
        let older: Vec<Week> = ["2026-01-05", "2025-12-29"]
            .iter()
            .zip(&self.older)
            .map(|(date, week)| week.week(date))
            .rev()
            .collect();
        let older = (!older.is_empty()).then(|| {
            let bytes = write_chronicle(&older).unwrap();
            Chronicle::open(bytes).unwrap()
        });
        let stated = self.stated();
        let options = ImpactOptions {
            stated: &stated,
            older: older.as_ref(),
        };
        let answer = ask(&files, &base, &target, options);
        (answer.unwrap(), files)
    }
}

pub fn loaded(text: &str) -> Vec<LoadedFile> {
    let file = read_rules(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    vec![LoadedFile {
        path: Safe::new("rules"),
        file,
    }]
}

fn entry_text(random: &mut Random, kind: RuleSetKind, piece: Piece) -> String {
    let (family, first, bits) = piece;
    let (cidr, last) = (text(piece), first + (1 << bits) - 1);
    let is_single = bits == 0 && random.below(2) == 0;
    match (kind, family) {
        _ if is_single => cidr.split('/').next().unwrap().to_owned(),
        (List | IpGroup, 4) if random.below(4) == 0 => {
            format!("203.0.113.{first}-203.0.113.{last}")
        }
        _ => cidr,
    }
}

pub fn case(seed: u64, kind: RuleSetKind) -> Case {
    let mut random = Random::new(seed);
    let random = &mut random;
    let first = week(random);
    let second = later(random, &first);
    let third = later(random, &second);
    let fourth = later(random, &third);
    let (older, weeks) = match random.below(3) {
        0 => (vec![], [first.clone(), second.clone()]),
        1 => (vec![first.clone()], [second.clone(), third]),
        _ => (vec![second.clone(), first.clone()], [third, fourth]),
    };
    let from = [&first, &second, &weeks[0], &weeks[1]][random.below(4)];
    let name = TAGS[random.below(TAGS.len())].0;
    let mut pieces: Vec<Piece> = from.0.get(name).into_iter().flatten().copied().collect();
    match random.below(6) {
        0 => pieces.clear(),
        1 if !pieces.is_empty() => {
            pieces.swap_remove(random.below(pieces.len()));
        }
        2 => pieces.push(any_piece(random)),
        3 => {
            pieces = (0..=random.below(5)).map(|_| any_piece(random)).collect();
        }
        _ => {}
    }
    let stated = match random.below(3) {
        0 => Some(name.to_owned()),
        1 if kind == List => Some(TAGS[random.below(TAGS.len())].0.to_owned()),
        _ => None,
    };
    if matches!(kind, Acr | IpGroup) || random.below(3) == 0 {
        pieces.retain(|piece| piece.0 == 4);
    }
    if pieces.is_empty() {
        pieces.push(piece(random, 4));
    }
    let entries = pieces
        .into_iter()
        .map(|piece| (entry_text(random, kind, piece), addresses(piece)))
        .collect();
    let mut case = Case {
        weeks,
        older,
        kind,
        stated,
        entries,
    };
    // A tag of neither week is refused where it is an option; that has its own test.
    let is_known = |tag: &String| case.weeks.iter().any(|week| week.0.contains_key(tag));
    if kind != List && !case.stated.as_ref().is_none_or(is_known) {
        case.stated = None;
    }
    case
}

pub const KINDS: [RuleSetKind; 6] = [List, Acr, IpGroup, RouteTable, Nsg, Firewall];

fn status(row: &RowImpact) -> ImpactStatus {
    let has_stale = !row.stale.is_empty() || !row.moved.is_empty();
    match (!row.missing.is_empty(), has_stale) {
        (true, true) => ImpactStatus::MissingAndStale,
        (true, false) => ImpactStatus::Missing,
        (false, true) => ImpactStatus::Stale,
        (false, false) => ImpactStatus::Unaffected,
    }
}

#[test]
fn every_row_is_as_an_oracle_of_single_addresses_says() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..6_000 {
        let kind = KINDS[usize::try_from(seed % 6).unwrap()];
        let case = case(seed, kind);
        let expected = case.expected();
        let (answer, _) = case.ask();
        let rows: Vec<&RowImpact> = answer.rows().map(|(_, row)| row).collect();
        let shown = || format!("seed {seed}: {}\n{expected:?}\n{rows:?}", case.file());
        let all = |part: &dyn Fn(&RowImpact) -> Set| -> Set {
            rows.iter().flat_map(|row| part(row)).collect()
        };
        let moved = |row: &RowImpact| -> Set {
            let parts = row.moved.iter();
            parts.flat_map(|moved| of_blocks(&moved.prefixes)).collect()
        };
        assert_eq!(
            all(&|row| of_blocks(&row.missing)),
            expected.missing,
            "{}",
            shown()
        );
        assert_eq!(
            all(&|row| of_blocks(&row.stale)),
            expected.stale,
            "{}",
            shown()
        );
        assert_eq!(all(&moved), expected.moved, "{}", shown());
        for row in &rows {
            assert_eq!(row.status, status(row), "{}", shown());
            for blocks in [&row.missing, &row.stale] {
                assert_eq!(blocks.len(), fewest(&of_blocks(blocks)), "{}", shown());
            }
            let found: BTreeMap<String, Set> = row
                .moved
                .iter()
                .map(|moved| (moved.tag.clone(), of_blocks(&moved.prefixes)))
                .collect();
            assert_eq!(found, case.parts(&moved(row)), "{}", shown());
            *seen.entry(row.status.word()).or_default() += 1;
        }
        // Each row of a registry and a route table has its own part.
        if matches!(kind, Acr | RouteTable) {
            for (row, (_, own)) in rows.iter().zip(&case.entries) {
                let part: Set = expected.stale.intersection(own).copied().collect();
                assert_eq!(of_blocks(&row.stale), part, "{}", shown());
            }
        }
        let dates = ["2026-01-12", "2026-01-19", "2026-01-05", "2025-12-29"];
        let tag_match = rows.iter().find_map(|row| row.matches.first());
        let found = tag_match.map(|it| match it.source {
            MatchSource::Stated => (it.tag.clone(), None),
            MatchSource::Inferred { week, .. } => (it.tag.clone(), week.map(|w| w.day.to_string())),
        });
        let wanted = expected.tag.clone();
        let wanted = wanted.map(|(tag, week)| (tag, week.map(|week| dates[week].to_owned())));
        // Of a registry and a route table only rows that have to do with the tag say it.
        let is_silent = found.is_none() && matches!(kind, Acr | RouteTable);
        assert!(found == wanted || is_silent, "{}", shown());
        let key = match tag_match.map(|it| it.source) {
            None => "no tag",
            Some(MatchSource::Stated) => "stated",
            Some(MatchSource::Inferred { .. }) => "inferred",
        };
        *seen.entry(key).or_default() += 1;
    }
    for key in [
        "unaffected",
        "missing",
        "stale",
        "missingAndStale",
        "no tag",
        "stated",
        "inferred",
    ] {
        assert!(seen.get(key).is_some_and(|&count| count > 300), "{seen:?}");
    }
}
