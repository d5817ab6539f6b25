//! The Discovery API's answer: kept as a kind of its own, compared with the files by content.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::azure::{Cloud, Dialect, Document, admit, parse_date};
use crate::net::{ApiView, Token};
use crate::query::{Dataset, WeekRecord};
use crate::source::update::{
    Giver, Hear, UpdateError, UpdateStep, Updated, Updater, card, current, expect, read, receipt,
};
use crate::source::{Request, WeekChoice, open};
use crate::space::AddressSet;
use crate::store::Packed;
use crate::text::Safe;

/// The variable that may hold the access token for the Discovery API.
pub const TOKEN_VARIABLE: &str = "AZURE_ACCESS_TOKEN";
/// Files that an answer of the API is compared with: it is up to four weeks behind.
const COMPARED: usize = 8;

impl Updater {
    /// Asks the Service Tag Discovery API; its answer is kept as a kind of its own.
    ///
    /// # Errors
    /// [`UpdateError`]; what is held stays as it was.
    pub fn from_api(
        &self,
        cloud: Cloud,
        (subscription, location): (&str, &str),
        hear: &mut Hear<'_>,
    ) -> Result<Updated, UpdateError> {
        let token = token(cloud)?;
        let _turn = self.turn(hear)?;
        let view = ApiView {
            cloud,
            subscription,
            location,
            token: &token,
        };
        let fetched = self.runtime.block_on(
            self.publisher
                .discover(view, &mut |step| hear(UpdateStep::Fetch(step))),
        )?;
        let origin = Safe::new(&fetched.url);
        let document = read(&fetched, self.today, Giver::Server)?;
        expect(&document, Dialect::Api, &origin)?;
        admit(&document, cloud, None, self.today).map_err(|doubt| UpdateError::Doubt {
            origin,
            giver: Giver::Server,
            doubt: Box::new(doubt),
            aside: None,
        })?;
        let mut notes = fetched.notes.clone();
        notes.push(self.lag(&document)?);
        let names = self.names(cloud, Dialect::Api)?;
        if let Some(name) = names.first()
            && let Some(card) = self.same(cloud, name, &document)
        {
            return Ok(current(&card, notes));
        }
        let card = card(&document, self.today, &fetched);
        let packed = Packed::new(&document, &fetched.bytes, card)?;
        let added = self.lock(hear)?.add(packed)?;
        Ok(Updated {
            receipt: receipt(&added, document.flaw_count),
            notes,
        })
    }

    /// How far an answer of the API is behind the files at hand, by content alone: the two count
    /// their changes apart.
    fn lag(&self, answer: &Document) -> Result<Safe, UpdateError> {
        let cloud = answer.week.cloud;
        let files = crate::source::weeks(&self.request.newest_of(Some(cloud)))?.weeks;
        let files: Vec<WeekRecord> = files
            .into_iter()
            .filter(|week| week.kind == Dialect::File)
            .take(COMPARED)
            .collect();
        let Some(newest) = files.first().and_then(|week| week.date.clone()) else {
            return Ok(Safe::new(
                "no published file is available to compare it with",
            ));
        };
        let mut best: Option<(usize, usize, String)> = None;
        for week in &files {
            let Some(date) = week.date.as_deref().and_then(parse_date) else {
                continue;
            };
            let opened = open(&Request {
                week: WeekChoice::Date(date, week.change_number),
                ..self.request.newest_of(Some(cloud))
            });
            // A damaged week costs a comparison, not the answer.
            let Ok(file) = opened else { continue };
            let (same, common) = agreement(answer, &file);
            if best.as_ref().is_none_or(|(most, ..)| same > *most) {
                best = Some((same, common, date.to_string()));
            }
        }
        Ok(match best {
            Some((same, common, date)) => Safe::from(format!(
                "of the {} tags of the API, {common} are in the published file of {date} and {same} \
                 have the same addresses there, more than in any other of the {} newest files; the \
                 newest file available is of {newest}",
                answer.week.tags.len(),
                files.len()
            )),
            None => Safe::new("no published file is available to compare it with"),
        })
    }
}

/// How many tags have the same addresses in both, and how many are in both.
fn agreement(answer: &Document, file: &Dataset) -> (usize, usize) {
    let view = file.view();
    let (mut same, mut common) = (0, 0);
    for tag in &answer.week.tags {
        let Some(found) = view.find(&tag.name) else {
            continue;
        };
        common += 1;
        let own = AddressSet::from_blocks(tag.prefixes.iter().copied());
        same += usize::from(own == AddressSet::from_blocks(view.all_prefixes(found)));
    }
    (same, common)
}

/// The token from the environment, else from Azure CLI; it goes nowhere but into the request.
fn token(cloud: Cloud) -> Result<Token, UpdateError> {
    if let Ok(token) = std::env::var(TOKEN_VARIABLE)
        && !token.trim().is_empty()
    {
        return Ok(Token::new(&token)?);
    }
    let resource = match cloud {
        Cloud::Public => "https://management.azure.com/",
        Cloud::AzureGovernment => "https://management.usgovcloudapi.net/",
        Cloud::China => "https://management.chinacloudapi.cn/",
        Cloud::AzureGermany => "https://management.microsoftazure.de/",
    };
    let words = ["account", "get-access-token", "--resource", resource];
    // There it is a script, and found by its whole name only.
    let program = if cfg!(windows) { "az.cmd" } else { "az" };
    let begun = Instant::now();
    let asked = Command::new(program)
        .args(words)
        .args(["--query", "accessToken", "--output", "tsv"])
        .stdin(Stdio::null())
        .output();
    let code = asked.as_ref().ok().and_then(|output| output.status.code());
    let ms = begun.elapsed().as_millis();
    tracing::info!(program, code, ms, "asked for a token");
    let no_token = |reason: &str| UpdateError::NoToken {
        reason: Safe::new(reason.lines().next().unwrap_or("az said nothing").trim()),
    };
    let output = asked.map_err(|error| no_token(&format!("az cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(no_token(&String::from_utf8_lossy(&output.stderr)));
    }
    Ok(Token::new(&String::from_utf8_lossy(&output.stdout))?)
}
