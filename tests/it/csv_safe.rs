//! `--csv-safe`: cells that a spreadsheet would calculate stay text, in every verb that writes CSV.

use serde_json::json;
use tempfile::TempDir;

use crate::program::{Ran, run, run_with};

const FORMULAS: [&str; 5] = [
    "=HYPERLINK(\"http://a.example\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "=1,2",
];

fn week(folder: &TempDir, date: &str, moved: u8) -> String {
    let tag = |(place, name): (usize, &&str)| {
        json!({"name": name, "id": name, "properties": {"changeNumber": 1 + u32::from(moved), "region": name,
            "platform": name, "systemService": name, "networkFeatures": ["API", "NSG"],
            "addressPrefixes": [format!("192.0.{moved}.{}/32", place * 2)]}})
    };
    let tags: Vec<_> = FORMULAS.iter().enumerate().map(tag).collect();
    let path = folder
        .path()
        .join(format!("ServiceTags_Public_{date}.json"));
    let text = json!({"changeNumber": 1 + u32::from(moved), "cloud": "Public", "values": tags});
    std::fs::write(&path, text.to_string()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Cells of comma-separated or of tab-separated text.
fn cells(ran: &Ran, format: &str) -> Vec<String> {
    assert!([0, 1].contains(&ran.code), "{ran:?}");
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true);
    if format == "text" {
        reader.delimiter(b'\t').quoting(false);
    }
    let mut reader = reader.from_reader(ran.out.as_bytes());
    let rows = reader.records().map(Result::unwrap);
    rows.flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A security group with a rule of each name.
fn group(folder: &TempDir) -> std::path::PathBuf {
    let rule = |(place, name): (usize, &&str)| {
        json!({"name": name, "priority": 100 + place, "direction": "Outbound", "access": "Allow",
            "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": format!("192.0.2.{}/32", place * 2), "destinationPortRange": "443"})
    };
    let rules: Vec<_> = FORMULAS.iter().enumerate().map(rule).collect();
    let rules = json!({"name": FORMULAS[0], "securityRules": rules}).to_string();
    let nsg = folder.path().join("nsg.json");
    std::fs::write(&nsg, rules).unwrap();
    nsg
}

/// The row "Markdown and CSV from data": each verb, with the option and without.
#[test]
fn csv_from_data_no_cell_of_any_verb_is_a_formula() {
    let folder = TempDir::new().unwrap();
    let (old, new) = (week(&folder, "20260105", 2), week(&folder, "20260112", 3));
    let data = folder.path().join("data");
    let data = ["--data-dir", data.to_str().unwrap()];
    for file in [&old, &new] {
        assert_eq!(run(&[&data[..], &["import", file]].concat()).code, 0);
    }
    let nsg = group(&folder);
    let nsg = nsg.to_str().unwrap();
    let file = ["--file", &new];
    // Whether a name from data begins a cell there.
    for (args, has_names) in [
        ([&file[..], &["tags"]].concat(), true),
        (
            [&file[..], &["tags", "show", "--", FORMULAS[1]]].concat(),
            false,
        ),
        ([&file[..], &["regions"]].concat(), true),
        ([&file[..], &["info"]].concat(), false),
        (
            [
                &file[..],
                &["lookup", "192.0.3.0", "192.0.3.0/24", "192.0.3.2"],
            ]
            .concat(),
            true,
        ),
        (
            [&file[..], &["lookup", "--best", "192.0.3.2"]].concat(),
            true,
        ),
        (
            [&file[..], &["lookup", "--count-by", "tag", "192.0.3.2"]].concat(),
            true,
        ),
        ([&file[..], &["lookup", "--", FORMULAS[3]]].concat(), true),
        (vec!["diff", &old, &new], true),
        (vec!["diff", &old, &new, "--rows"], true),
        ([&data[..], &["weeks"]].concat(), false),
        ([&data[..], &["history", "--", FORMULAS[3]]].concat(), false),
        ([&data[..], &["history", "192.0.3.2"]].concat(), true),
        ([&file[..], &["rules", "show", nsg]].concat(), true),
        (
            [&file[..], &["rules", "check", "--level", "info", nsg]].concat(),
            true,
        ),
        (vec!["rules", "impact", nsg, &old, &new, "--all"], true),
        (
            [&file[..], &["rules", "fit", "*", "--limit", "2"]].concat(),
            false,
        ),
        ([&file[..], &["endpoints", "contoso"]].concat(), false),
        (vec!["reference"], false),
        (vec!["reference", "clouds"], false),
        (vec!["runbook"], false),
        (vec!["rules", "check", "--explain"], false),
    ] {
        for format in ["csv", "text"] {
            let with = |more: &[&str]| {
                // Options stand before what ends them.
                let end = args
                    .iter()
                    .position(|arg| *arg == "--")
                    .unwrap_or(args.len());
                let (before, behind) = args.split_at(end);
                run(&[before, &["--format", format], more, behind].concat())
            };
            let plain = with(&[]);
            if format == "text" && plain.lines().iter().all(|line| !line.contains('\t')) {
                // A sentence or commands: no table.
                continue;
            }
            let kept = cells(&plain, format);
            let safe = cells(&with(&["--csv-safe"]), format);
            // In a pipe nothing is a dash.
            let is_open = |cell: &String| is_formula(cell) && !(format == "text" && cell == "-");
            if format == "csv" {
                assert_eq!(
                    kept.iter().any(is_open),
                    has_names,
                    "{args:?} {format}: {kept:?}"
                );
            }
            assert!(!safe.iter().any(is_open), "{args:?} {format}: {safe:?}");
            for (kept, safe) in kept.iter().zip(&safe) {
                // Nothing at all is a dash too.
                if format == "text" && kept == "-" {
                    assert!(["-", "'-"].contains(&safe.as_str()), "{args:?}: {safe}");
                    continue;
                }
                let expected = if is_open(kept) {
                    format!("'{kept}")
                } else {
                    kept.clone()
                };
                assert_eq!(*safe, expected, "{args:?} {format}");
            }
        }
    }
}

/// A stream writes its rows in another way, and needs the same.
#[test]
fn csv_from_data_a_stream_of_lookups_has_no_formula() {
    let folder = TempDir::new().unwrap();
    let new = week(&folder, "20260112", 3);
    let input = "192.0.3.0\n192.0.3.2\n192.0.3.4\n192.0.3.0\n192.0.3.2\n192.0.3.4\n192.0.3.6\n";
    for format in ["csv", "text"] {
        let args = ["--file", &new, "lookup", "-", "--format", format];
        let kept = cells(&run_with(&args, input), format);
        let safe = cells(
            &run_with(&[&args[..], &["--csv-safe"]].concat(), input),
            format,
        );
        assert!(
            kept.iter().any(|cell| cell.starts_with("=HYPER")),
            "{kept:?}"
        );
        assert!(
            !safe.iter().any(|cell| is_formula(cell) && cell != "-"),
            "{safe:?}"
        );
        assert_eq!(kept.len(), safe.len());
    }
}

#[test]
fn json_and_markdown_do_not_change_and_the_dashboard_refuses_it() {
    let folder = TempDir::new().unwrap();
    let new = week(&folder, "20260112", 3);
    for format in ["json", "jsonl", "markdown"] {
        let args = ["--file", &new, "tags", "--format", format];
        let safe = run(&[&args[..], &["--csv-safe"]].concat());
        assert_eq!(safe.out, run(&args).out, "{format}");
    }
    run(&["--csv-safe"]).is_refused(&["--csv-safe is for verbs"]);
    let help = run(&["tags", "--help"]).out;
    assert!(help.contains("--csv-safe"), "{help}");
}
