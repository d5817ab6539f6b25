//! Everything that is done with a file of rules, in memory: read, shown, checked, tested, held
//! against a change of week. What comes out may hold no raw control character.

use std::sync::OnceLock;

use tagscope::azure::{Document, Facts, parse, parse_date};
use tagscope::index::{Index, write};
use tagscope::query::endpoints::Level;
use tagscope::query::rules::check::{self, CheckTable};
use tagscope::query::rules::impact::{self, ImpactOptions};
use tagscope::query::rules::show;
use tagscope::query::rules::verdict::{End, Party, RegistryPath, Tester, Trusted, VerdictQuestion};
use tagscope::query::rules::{AddressResolver, LoadedFile};
use tagscope::query::{Dataset, Provenance, Sheet, Source};
use tagscope::report::{
    Formulas, TableStyle, write_csv, write_findings_markdown, write_impact, write_json_line,
    write_markdown, write_patch, write_table, write_tabs, write_verdict_markdown,
};
use tagscope::rules::{Direction, read_rules};
use tagscope::text::Safe;

const WEEK: &str = include_str!("../data/check/week.json");

/// Ends of the questions that are asked.
const ENDS: [(&str, &str); 5] = [
    ("8.8.8.8", "10.0.0.4"),
    ("10.0.0.4", "20.38.108.5"),
    ("VirtualNetwork", "Storage.WestEurope"),
    ("2001:db8::/32", "2001:db8::1"),
    (
        "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
        "contoso.azurecr.io",
    ),
];

/// Two weeks that differ in some prefixes and one tag.
fn weeks() -> &'static [Dataset; 2] {
    static WEEKS: OnceLock<[Dataset; 2]> = OnceLock::new();
    WEEKS.get_or_init(|| {
        let old = WEEK
            .replace("20.38.108.0/23", "20.38.106.0/23")
            .replace("\"AzureDevOps\"", "\"AzureDevOld\"");
        [dataset(&old, "2026-06-29"), dataset(WEEK, "2026-07-06")]
    })
}

fn dataset(text: &str, date: &str) -> Dataset {
    let Document { week, .. } = parse(text.as_bytes(), parse_date(date)).expect("a document");
    let bytes = write(&week).expect("an index");
    let provenance = Provenance {
        source: Source::File,
        origin: Safe::new("week.json"),
        flaws: Vec::new(),
        flaw_count: 0,
        notes: Vec::new(),
    };
    Dataset::new(Index::open(bytes).expect("an index"), provenance)
}

/// Does it all; whether the bytes were rules.
///
/// # Panics
/// On what must never happen.
pub fn drive(bytes: &[u8]) -> bool {
    let file = match read_rules(bytes) {
        Ok(file) => file,
        Err(error) => {
            assert_clean(&error.to_string());
            return false;
        }
    };
    let files = [LoadedFile {
        path: Safe::new("rules.json"),
        file,
    }];
    let [base, target] = weeks();
    let resolver = AddressResolver::new(target, &files);
    let mut out = Vec::new();
    sheet(&show::RulesTable::new(&files), &mut out);
    json(&show::record(&files, target), &mut out);
    checked(&files, &resolver, &mut out);
    asked(&files, &resolver, target, &mut out);
    let weeks = [base, target];
    let answer = impact::ask(&files, base, target, ImpactOptions::default()).expect("two weeks");
    sheet(&answer.table(true), &mut out);
    json(&answer.record(&files, base, target), &mut out);
    write_impact(&answer, &files, weeks, true, None, &mut out).expect("memory");
    // The patch of a list keeps the list's own tabs and line ends.
    let mut patch = Vec::new();
    let text = std::str::from_utf8(bytes).ok();
    write_patch(&answer, &files, &[text], weeks, &mut patch).expect("memory");
    write_patch(&answer, &files, &[None], weeks, &mut patch).expect("memory");
    out.extend(patch.into_iter().filter(|byte| !b"\t\r".contains(byte)));
    assert_clean(&String::from_utf8(out).expect("UTF-8"));
    true
}

fn checked(files: &[LoadedFile], resolver: &AddressResolver<'_>, out: &mut Vec<u8>) {
    let answer = check::ask(files, resolver, facts());
    sheet(&CheckTable::new(&answer, Level::Info), out);
    json(&answer.record(Level::Info), out);
    write_findings_markdown(&answer, Level::Info, out).expect("memory");
}

fn facts() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(Facts::embedded)
}

fn asked(files: &[LoadedFile], resolver: &AddressResolver<'_>, week: &Dataset, out: &mut Vec<u8>) {
    let tester = Tester::new(files, resolver);
    for (number, (from, to)) in ENDS.iter().enumerate() {
        let party = |text: &str, end| Party::parse(text, end, resolver).expect("an end");
        let question = VerdictQuestion {
            from: Some(party(from, End::From)),
            to: Some(party(to, End::To)),
            port: Some(443),
            protocol: None,
            direction: [None, Some(Direction::In), Some(Direction::Out)][number % 3],
            registry_path: match number {
                3 => RegistryPath::PrivateEndpoint,
                4 => RegistryPath::Trusted(Trusted::Tasks),
                _ => RegistryPath::Public,
            },
        };
        match tester.ask(&question, resolver) {
            Ok(answer) => {
                json(&answer.record(week), out);
                write_verdict_markdown(&[answer], out).expect("memory");
            }
            Err(error) => out.extend(error.to_string().bytes()),
        }
    }
}

fn sheet(sheet: &impl Sheet, out: &mut Vec<u8>) {
    write_table(sheet, TableStyle::default(), out).expect("memory");
    write_csv(sheet, true, Formulas::Kept, out).expect("memory");
    write_markdown(sheet, true, out).expect("memory");
    let mut tabs = Vec::new();
    write_tabs(sheet, false, Formulas::Kept, &mut tabs).expect("memory");
    out.extend(tabs.into_iter().filter(|&byte| byte != b'\t'));
}

fn json(record: &impl serde::Serialize, out: &mut Vec<u8>) {
    write_json_line(record, out).expect("memory");
}

fn assert_clean(text: &str) {
    let is_raw = |c: char| c != '\n' && c.is_control();
    if let Some(place) = text.find(is_raw) {
        let near: String = text[place..].chars().take(40).collect();
        panic!("raw {near:?}");
    }
}
