//! `rules make` where a file would do something else than it seems to.

use crate::program::{Ran, run};

const WEEK: &str = "tests/data/fit/week.json";
const TAG: &str = "Storage.WestEurope";

fn on_week(args: &[&str]) -> Ran {
    run(&[&["--file", WEEK, "rules", "make"], args].concat())
}

#[test]
fn a_route_that_drops_is_no_address_to_allow_and_other_hops_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rt.json");
    let route = |name: &str, prefix: &str, hop: &str| {
        format!(
            r#"{{"name":"{name}","addressPrefix":"{prefix}","nextHopType":"{hop}","nextHopIpAddress":{}}}"#,
            if hop == "VirtualAppliance" {
                r#""10.0.0.4""#
            } else {
                "null"
            }
        )
    };
    let text = format!(
        r#"{{"name":"rt","type":"Microsoft.Network/routeTables","location":"westeurope","routes":[{},{},{}]}}"#,
        route("black", "203.0.113.0/28", "None"),
        route("via", "203.0.113.16/28", "VirtualAppliance"),
        route("out", "203.0.113.32/28", "Internet"),
    );
    std::fs::write(&file, text).unwrap();
    for kind in ["az-nsg", "az-route", "list"] {
        let made = on_week(&[kind, "--list", file.to_str().unwrap()]);
        assert!(!made.out.contains("203.0.113.0/2"), "{kind}: {}", made.out);
        assert!(made.out.contains("203.0.113.32/28"), "{kind}: {}", made.out);
        assert!(
            made.err.contains("the route drops it: black"),
            "{}",
            made.err
        );
        assert!(
            made.err.contains("next hop is not taken over"),
            "{}",
            made.err
        );
        // The file says it too.
        assert!(
            made.out
                .contains("# Note: left out, since the route drops it: black"),
            "{}",
            made.out
        );
    }
}

#[test]
fn what_has_no_ports_gets_none_and_a_range_is_no_near_end() {
    let made = on_week(&["az-nsg", "--tag", TAG, "--protocol", "icmp"]);
    assert!(made.out.contains("--protocol Icmp"), "{}", made.out);
    assert!(
        made.out.contains("--destination-port-ranges '*'"),
        "{}",
        made.out
    );
    let refused = on_week(&["az-nsg", "--tag", TAG, "--peer", "10.0.0.1-10.0.0.9"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.err.contains("a range is no CIDR"),
        "{}",
        refused.err
    );
    // A file that nothing can read any more is not in sync.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.sh");
    let text = on_week(&["az-nsg", "--tag", TAG]).out;
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        on_week(&["az-nsg", "--tag", TAG, "--check", file.to_str().unwrap()]).code
    };
    assert_eq!(check(&text), 0);
    assert_eq!(check(&format!("\u{feff}{text}")), 0);
    assert_eq!(check(&text.replace('\n', "\r\n")), 0);
    let note = "# regenerate with: tagscope rules make (see the wiki)\n";
    assert_eq!(
        check(&text.replacen("# Made by", &format!("{note}# Made by"), 1)),
        0
    );
    assert_eq!(check(&text.replace(" \\\n", "\n")), 1);
    assert_eq!(check(&text.replacen(" \\\n", " \\\n\n", 1)), 1);
    assert_eq!(on_week(&["--check", file.to_str().unwrap()]).code, 2);
}
