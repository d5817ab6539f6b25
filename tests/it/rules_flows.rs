//! The flows of a log, asked of rules: each as if it were asked alone.

use std::collections::BTreeMap;
use std::net::IpAddr;

use proptest::prelude::*;
use serde_json::{Value, json};
use tagscope::query::rules::flows::ask;
use tagscope::query::rules::verdict::{self, Party, Verdict, VerdictQuestion};
use tagscope::query::rules::{AddressResolver, LoadedFile};
use tagscope::rules::{Direction, Protocol, read_rules};
use tagscope::space::{Span, bits};
use tagscope::text::Safe;
use tagscope::traffic::{self, Distinct, Flow};

use crate::program::{Ran, run, run_with};
use crate::rules_forms::worlds;
use crate::rules_private::{at, network};
use crate::rules_sound::{template, world};
use crate::rules_universe::{dataset, text, universe};

const GROUP: &str = "tests/data/make/web-nsg.json";
const FLOWS: &str = "tests/data/flows.csv";

/// A flow by the places of its ends, its port and whether it comes in.
type AskedFlow = (usize, usize, bool, Option<bool>);

fn ends() -> Vec<IpAddr> {
    let own = universe().map(text);
    let others = [
        "10.0.1.4",
        "10.0.9.5",
        "10.0.9.6",
        "10.0.8.255",
        "10.1.0.0",
        "8.8.8.8",
        "198.51.100.7",
        "168.63.129.16",
        "100.64.0.1",
        "169.254.169.254",
        "fd00::1",
        "2600::1",
    ];
    own.chain(others.map(str::to_owned))
        .map(|text| text.parse().unwrap())
        .collect()
}

fn asked() -> impl Strategy<Value = Vec<AskedFlow>> {
    let ends = ends().len();
    let flow = (0..ends, 0..ends, any::<bool>(), any::<Option<bool>>());
    prop::collection::vec(flow, 40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: worlds() / 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flow_fares_as_if_it_were_asked_alone(world in world(), asked in asked(), has_network in any::<bool>()) {
        let mut resources = world.partly();
        if has_network {
            let policies = json!({"privateEndpointNetworkPolicies": "Disabled"});
            resources.extend(network(&policies));
            resources.push(at("10.0.9.5"));
        }
        let files = [LoadedFile {
            path: Safe::new("test.json"),
            file: read_rules(template(&resources).to_string().as_bytes()).unwrap(),
        }];
        let (week, ends) = (dataset(), ends());
        let mut flows = Distinct::default();
        let mut alone = BTreeMap::new();
        let resolver = AddressResolver::new(&week, &files);
        for (from, to, is_web, is_in) in asked {
            let port = if is_web { 80 } else { 443 };
            flows.add(&Flow {
                source: Some(bits(ends[from])),
                destination: Some(bits(ends[to])),
                port: Some(port),
                protocol: Some(traffic::Protocol::Tcp),
                direction: is_in.map(|is_in| if is_in { traffic::Direction::In } else { traffic::Direction::Out }),
                ..Flow::default()
            });
            let question = VerdictQuestion {
                from: Some(Party::Span(Span::of(ends[from]))),
                to: Some(Party::Span(Span::of(ends[to]))),
                port: Some(port),
                protocol: Some(Protocol::Tcp),
                direction: is_in.map(|is_in| if is_in { Direction::In } else { Direction::Out }),
                ..VerdictQuestion::default()
            };
            let found = verdict::ask(&question, &files, &resolver);
            let found = found.map(|answer| {
                let row = answer.deciding().map(|it| (it.set.to_string(), it.row.to_string()));
                (answer.verdict(), row.unwrap_or_default())
            });
            let key = (ends[from].to_string(), ends[to].to_string(), port, question.direction);
            alone.insert(key, found.unwrap_or((Verdict::Depends, Default::default())));
        }
        let answer = ask(&VerdictQuestion::default(), &flows, &week, &files, None);
        prop_assert_eq!(answer.flows.len(), alone.len());
        for row in &answer.flows {
            let end = |end: &Option<Safe>| end.as_ref().unwrap().to_string();
            let key = (end(&row.from), end(&row.to), row.port.unwrap(), row.direction);
            let decider = &row.decider;
            let own = (decider.verdict, (decider.set.to_string(), decider.row.to_string()));
            prop_assert_eq!(&own, &alone[&key], "{:?} {:#}", key, template(&resources));
        }
    }
}

fn test(args: &[&str]) -> Ran {
    run(&[&["rules", "test", GROUP, "--flows"], args].concat())
}

fn tallies(found: &Value) -> [u64; 4] {
    ["allow", "deny", "depends", "differing"].map(|key| found[key]["flows"].as_u64().unwrap())
}

#[test]
fn flows_are_counted_by_their_verdicts_and_those_that_do_not_get_through_come_first() {
    let ran = test(&[FLOWS, "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let found = ran.json();
    assert_eq!(tallies(&found), [3, 2, 0, 1], "{found:#}");
    let flow = |place: usize, key: &str| found["flows"][place][key].clone();
    // The log says of the second that it got through.
    let denied = [flow(0, "from"), flow(1, "to")];
    assert_eq!(denied, ["203.0.113.99", "192.0.2.1"]);
    assert_eq!(flow(1, "row"), "DenyAll");
    assert_eq!(
        (flow(0, "logged"), flow(1, "logged")),
        (json!("deny"), json!("allow"))
    );
    assert_eq!(
        (flow(2, "hits"), flow(2, "row")),
        (json!(2), json!("AllowSql"))
    );
    let rows = found["deciding"].as_array().unwrap();
    let records = rows.iter().map(|row| row["records"].as_u64().unwrap());
    assert_eq!(records.sum::<u64>(), 6);
    let brief = test(&[FLOWS, "-n", "1", "--json", "-q"]).json();
    assert_eq!(
        (
            brief["leftOut"].clone(),
            brief["flows"].as_array().unwrap().len()
        ),
        (json!(4), 1)
    );
}

#[test]
fn other_rules_show_what_is_cut_off_and_what_is_let_in() {
    let now = std::fs::read_to_string(GROUP).unwrap();
    // DNS is not allowed any more, and everything goes to what was denied.
    let new = now.replace(
        "\"name\": \"DenyAll\", \"priority\": 200, \"direction\": \"Outbound\", \"access\": \"Deny\"",
        "\"name\": \"AllowAll\", \"priority\": 200, \"direction\": \"Outbound\", \"access\": \"Allow\"",
    );
    let new = new.replace(
        "\"AllowDns\", \"priority\": 120, \"direction\": \"Outbound\", \"access\": \"Allow\"",
        "\"DenyDns\", \"priority\": 120, \"direction\": \"Outbound\", \"access\": \"Deny\"",
    );
    assert_ne!(new, now);
    let args = ["rules", "test", "-", "--flows", FLOWS, "--against", GROUP];
    let ran = run_with(&[&args[..], &["--json"]].concat(), new.as_str());
    assert_eq!(ran.code, 1, "{ran:?}");
    let found = ran.json();
    let changed = found["flows"].as_array().unwrap().iter();
    let changed: Vec<(&Value, &Value)> = changed
        .filter_map(|flow| Some((flow.get("change")?, &flow["to"])))
        .collect();
    let expected = [
        (json!("newlyDenied"), json!("192.0.2.53")),
        (json!("newlyAllowed"), json!("192.0.2.1")),
    ];
    let expected: Vec<(&Value, &Value)> = expected.iter().map(|(it, to)| (it, to)).collect();
    assert_eq!(changed, expected, "{found:#}");
    assert_eq!(found["flows"][0]["before"]["row"], "AllowDns");
    assert_eq!(
        found["changes"]["newlyDenied"],
        json!({"flows": 1, "records": 1})
    );
    // Nothing that got through is cut off where nothing changes, whatever is denied.
    let same = run(&[&args[..2], &[GROUP], &args[3..]].concat());
    assert_eq!(same.code, 0, "{same:?}");
    let page = run_with(&[&args[..], &["-o", "markdown"]].concat(), new.as_str());
    assert!(page.out.contains("### What changes"), "{page:?}");
    assert!(page.out.contains("| newly denied |"), "{page:?}");
}

#[test]
fn what_records_do_not_say_is_taken_from_the_options_or_stays_open() {
    let log = "from,to,proto\n10.0.0.4,198.51.100.9,tcp\n10.0.0.4,198.51.100.9,gre\n";
    let ask = |args: &[&str], log: &str| {
        let all = [&["rules", "test", GROUP, "--flows", "-", "--json"], args].concat();
        run_with(&all, log)
    };
    let open = ask(&["-q"], log);
    assert_eq!(
        (open.code, tallies(&open.json())),
        (1, [0, 0, 2, 0]),
        "{open:?}"
    );
    let why = |place: usize| {
        open.json()["flows"][place]["why"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let said = why(0) + &why(1);
    assert!(
        said.contains("--port") && said.contains("protocol"),
        "{said}"
    );
    let given = ask(&["--port", "1433", "-q"], log).json();
    assert_eq!(tallies(&given), [1, 0, 1, 0], "{given:#}");
    // A column of sources alone, towards one target.
    let sources = ask(
        &[
            "--to",
            "10.0.0.4",
            "--port",
            "443",
            "--direction",
            "in",
            "--protocol",
            "tcp",
            "-q",
        ],
        "src_ip\n203.0.113.1\n203.0.113.77\n",
    );
    assert_eq!(tallies(&sources.json()), [1, 1, 0, 0], "{sources:?}");
    let two = ask(&["--to", "10.0.0.4,10.0.0.5"], log);
    two.is_refused(&["--to is the one end"]);
}

#[test]
fn an_end_may_be_a_name_and_a_wrong_one_is_said() {
    let log = "from,to,port,protocol\n10.0.0.4,Storage.WestEurope,443,tcp\n\
               VirtualNetwork,storagewesteurope,443,tcp\n10.0.0.4,Storge,443,tcp\n\
               10.0.0.0/25,198.51.100.9,1433,tcp\n";
    let args = ["rules", "test", GROUP, "--flows", "-", "--json"];
    let ran = run_with(&args, log);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["no tag \"Storge\" in this week", "Storage"]);
    assert_eq!(tallies(&ran.json()), [3, 0, 1, 0], "{ran:?}");
    // A host of an application rule.
    let fqdn = json!({"category": "AZFWApplicationRule", "time": "2026-10-19T05:04:03Z", "properties": {
        "Protocol": "HTTPS", "SourceIp": "10.0.0.4", "SourcePort": 50000, "DestinationPort": 8443,
        "Fqdn": "contoso.azurecr.io", "Action": "Allow"}});
    let ran = run_with(&args, fqdn.to_string());
    let found = ran.json();
    assert_eq!(found["flows"][0]["to"], "contoso.azurecr.io");
    assert_eq!((tallies(&found), ran.code), ([0, 1, 0, 1], 1), "{found:#}");
}
