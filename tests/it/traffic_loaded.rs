//! Logs for the dashboard's tests, and what its tasks would answer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tagscope::azure::Specials;
use tagscope::query::Dataset;
use tagscope::query::traffic::ask_against;
use tagscope::text::Safe;
use tagscope::traffic::log::Roles;
use tagscope::traffic::{
    Breakdown, BreakdownBuilder, Counted, Filter, Reading, Said, Sets, open_log,
};
use tagscope::tui::{AgainstRun, Effect, LogsRead, Message, Outcome, Task};

use crate::dashboard::{dataset, earlier};

/// Flows of a virtual network to four services, to an address in no tag, and within the network. Two of the
/// addresses have other tags in the week before.
pub const FLOWS: &str = r#"{"records":[{"time":"2026-07-05T10:00:00Z","category":"FlowLogFlowEvent","flowLogVersion":4,"flowRecords":{"flows":[{"flowGroups":[
{"rule":"storage-weu","flowTuples":[
"1783245600000,10.0.0.4,203.0.113.5,50001,443,6,O,E,NX,10,5000,20,131000",
"1783245660000,10.0.0.4,203.0.113.5,50002,443,6,O,E,NX,10,5000,20,131000",
"1783245720000,10.0.0.5,203.0.113.5,50003,443,6,O,E,NX,10,5000,20,131000",
"1783245780000,10.0.0.4,203.0.113.100,50004,443,6,O,E,NX,1,900,1,1200",
"1783245840000,10.0.0.4,198.51.100.10,50005,443,6,O,E,NX,2,800,2,700"]},
{"rule":"acr-out","flowTuples":[
"1783245900000,10.0.0.4,203.0.113.130,50006,443,6,O,E,NX,10,2000,90,88000000",
"1783245960000,10.0.0.4,203.0.113.130,50007,443,6,O,E,NX,10,2000,90,88000000",
"1783246020000,10.0.0.4,198.51.100.200,50008,443,6,O,E,NX,1,60,1,40"]},
{"rule":"deny-internet","flowTuples":[
"1783246080000,10.0.0.4,8.8.8.8,50009,53,17,O,D,NX,0,0,0,0",
"1783246140000,10.0.0.4,8.8.8.8,50010,53,17,O,D,NX,0,0,0,0",
"1783246200000,10.0.0.6,203.0.113.5,50011,445,6,O,D,NX,0,0,0,0"]},
{"rule":"vnet","flowTuples":[
"1783246260000,10.0.0.4,10.1.0.5,50012,1433,6,O,E,NX,4,400,4,400"]}]}]}}]}"#;

/// A log of a web server: it says neither rules nor what was denied.
pub const ACCESS: &str = r#"203.0.113.5 - - [05/Jul/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5120 "-" "curl/8.5.0"
8.8.4.4 - - [05/Jul/2026:10:00:01 +0000] "GET /a HTTP/1.1" 200 51200 "-" "curl/8.5.0"
8.8.4.4 - - [05/Jul/2026:10:00:02 +0000] "GET /b HTTP/1.1" 404 162 "-" "curl/8.5.0"
"#;

fn text_of(path: &Path) -> Result<String, String> {
    match path.file_name().and_then(|name| name.to_str()) {
        Some("flow.json") => Ok(FLOWS.to_owned()),
        Some("access.log") => Ok(ACCESS.to_owned()),
        Some("odd.txt") => Ok("no address in it\n".to_owned()),
        // A file of the test's own.
        _ => std::fs::read_to_string(path).map_err(|_| format!("cannot read {}", path.display())),
    }
}

/// What is counted of a log of any kind, with room for so many addresses.
pub fn counted(text: &str, dataset: &Dataset, most: usize) -> Counted<Breakdown> {
    let sets = Sets::new(dataset.view(), &Specials::embedded());
    let reading = Reading {
        kind: None,
        roles: Roles::new(None),
        pick: None,
        filter: Filter::default(),
        threads: 1,
    };
    let mut counted = Counted {
        tally: BreakdownBuilder::within(most),
        said: Said::default(),
    };
    let log = open_log(text.as_bytes(), &reading).unwrap();
    counted.read(log.kind, log.bytes, &sets, &reading).unwrap();
    Counted {
        tally: counted.tally.finish(),
        said: counted.said,
    }
}

/// Logs as the runner counts them.
pub fn read(paths: &[PathBuf], dataset: &Dataset, most: usize) -> Result<Box<LogsRead>, Safe> {
    let (mut text, mut problems, mut files) = (String::new(), Vec::new(), 0);
    for path in paths {
        match text_of(path) {
            Ok(own) if own.starts_with("no address") => {
                files += 1;
                let reason = "read as plain text, and no address is in it";
                problems.push(Safe::from(format!("{}: {reason}", path.display())));
            }
            Ok(own) => (text, files) = (own, files + 1),
            Err(reason) => problems.push(Safe::from(reason)),
        }
    }
    if files == 0 {
        return Err(problems.remove(0));
    }
    let reading = Roles::new(None);
    let kind = tagscope::traffic::log::recognise(text.as_bytes(), &reading);
    let found = counted(&text, dataset, most);
    Ok(Box::new(LogsRead {
        paths: paths.to_vec(),
        week: dataset.info().content_hash,
        files,
        kinds: vec![kind],
        bytes: u64::try_from(text.len()).unwrap(),
        counts: Arc::new(found.tally),
        said: found.said,
        problems,
    }))
}

/// The addresses against both weeks of the tests.
pub fn against(counts: &Breakdown) -> Outcome {
    Outcome::Against(Ok(Box::new(AgainstRun {
        answer: ask_against(counts.addresses(), &earlier(), &dataset(), None),
        label: "2026-06-29 → 2026-07-06".to_owned(),
        base: "2026-06-29".to_owned(),
    })))
}

/// What a task would answer to an effect of the view Traffic.
pub fn answer(effect: &Effect) -> Option<Message> {
    let Effect::Start { ticket, task } = effect else {
        return None;
    };
    let outcome = match task {
        // One that is never read to its end.
        Task::ReadLogs { paths, .. } if paths[0].ends_with("endless.log") => return None,
        Task::ReadLogs { paths, dataset } => Outcome::LogsRead(read(paths, dataset, 1_000)),
        Task::Against { counts, .. } => against(counts),
        _ => return None,
    };
    let ticket = *ticket;
    Some(Message::Done { ticket, outcome })
}
