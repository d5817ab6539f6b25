//! Runbooks as a user gets them: scripts that a shell reads, JSON, Markdown.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::contract::assert_golden;
use crate::program::{assert_safe, run};

const SUBNET: &str = "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-net\
                      /providers/Microsoft.Network/virtualNetworks/vnet1/subnets/build";

const KINDS: [&str; 9] = [
    "restrict-to-subnet",
    "restrict-to-address",
    "verify",
    "roll-back",
    "other-subscription",
    "agent-pool",
    "before-private-link",
    "data-endpoints",
    "clean-up",
];

/// Whether a shell can read a script, without running it.
#[cfg(unix)]
fn is_read_by(shell: &str, script: &str) -> Result<(), String> {
    let mut child = Command::new(shell)
        .arg("-n")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success() && said.is_empty())
        .then_some(())
        .ok_or(said)
}

/// Values that a careless program would let a shell run.
const HOSTILE: [&str; 4] = [
    "it's; reboot",
    "$(reboot)`reboot`",
    "a\nreboot\n",
    "\\\" && (reboot",
];

#[test]
#[cfg(unix)]
fn every_script_is_read_by_a_shell_whatever_is_filled_in() {
    for kind in KINDS {
        let mut lines: Vec<Vec<&str>> = vec![vec![]];
        for cloud in ["public", "usgov", "china", "germany"] {
            lines.push(vec!["--cloud", cloud, "--private-link"]);
            lines.push(vec![
                "--cloud",
                cloud,
                "--registry",
                "contoso",
                "--subnet",
                SUBNET,
            ]);
        }
        for value in HOSTILE {
            let args = [
                "--pool",
                value,
                "--resource-group",
                value,
                "--security-group",
                value,
            ];
            lines.push(args.to_vec());
        }
        for args in lines {
            let ran = run(&[&["runbook", kind], &args[..]].concat());
            assert!(ran.code <= 1, "{ran:?}");
            assert!(ran.out.starts_with("#!/usr/bin/env bash\n"));
            for shell in ["bash", "sh"] {
                if let Err(said) = is_read_by(shell, &ran.out) {
                    panic!("{shell}, {kind} {args:?}: {said}\n{}", ran.out);
                }
            }
            assert_safe(&ran, "script", &args);
            let runs = |line: &str| line.trim_start().starts_with("reboot");
            assert!(!ran.out.lines().any(runs), "{}", ran.out);
        }
    }
}

/// A shell that runs the script with stand-ins for `az` and `docker` sees each value as one word,
/// and nothing after a command that failed.
#[test]
#[cfg(unix)]
fn a_shell_runs_the_commands_as_they_are_meant_and_stops_at_a_failure() {
    let run_script = |script: &str, failing: &str| -> String {
        let stand_ins = format!(
            "az() {{ printf '[%s]' az \"$@\"; echo; case \"$*\" in *'{failing}'*) return 1;; esac; }}\n\
             sleep() {{ :; }}\n"
        );
        let output = Command::new("bash")
            .arg("-c")
            .arg(format!("{stand_ins}{script}echo alive"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let script = run(&[
        "runbook",
        "restrict-to-address",
        "--registry",
        "contoso",
        "--address",
        "203.0.113.0/24",
    ])
    .out;
    let done = run_script(&script, "nothing fails");
    let add = "[az][acr][network-rule][add][--name][contoso][--ip-address][203.0.113.0/24]";
    let deny = "[az][acr][update][--name][contoso][--default-action][Deny]";
    assert!(done.find(add).unwrap() < done.find(deny).unwrap(), "{done}");
    let stopped = run_script(&script, "network-rule add");
    assert!(
        stopped.contains(add) && !stopped.contains("Deny"),
        "{stopped}"
    );
    // The terminal that it is pasted in lives on.
    assert!(stopped.ends_with("alive\n"), "{stopped}");
    // Nobody answers the question, so nothing is switched.
    let switch = run(&["runbook", "data-endpoints", "--registry", "contoso"]).out;
    let asked = run_script(&switch, "nothing fails");
    assert!(!asked.contains("--data-endpoint-enabled"), "{asked}");
    let hostile = run(&["runbook", "clean-up", "--resource-group", HOSTILE[1]]).out;
    let shown = run_script(&hostile, "nothing fails");
    assert!(shown.contains("[--name][$(reboot)`reboot`]"), "{shown}");
}

/// The subnet's own endpoints are not taken away unseen.
#[test]
#[cfg(unix)]
fn other_endpoints_of_the_subnet_stop_the_script() {
    let script = run(&[
        "runbook",
        "restrict-to-subnet",
        "--registry",
        "contoso",
        "--subnet",
        SUBNET,
    ])
    .out;
    let run_with = |others: &str| {
        let stand_ins = format!(
            "az() {{ case \"$*\" in *'?service!='*) printf '{others}';; *) echo \"az $*\";; esac; }}\n\
             sleep() {{ :; }}\n"
        );
        let mut bash = Command::new("bash");
        let output = bash
            .arg("-c")
            .arg(format!("{stand_ins}{script}"))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let stopped = run_with("Microsoft.Storage\\n");
    assert!(
        !stopped.contains("subnet update") && !stopped.contains("Deny"),
        "{stopped}"
    );
    let done = run_with("");
    assert!(
        done.contains("subnet update") && done.contains("Deny"),
        "{done}"
    );
}

#[test]
fn what_is_not_known_is_said_and_what_is_wrong_is_refused() {
    let ran = run(&["runbook", "agent-pool"]);
    assert_eq!(ran.code, 0);
    ran.says(&[
        "to be filled in",
        "<registry>",
        "<subnet-id>",
        "<pool>",
        "<security-group>",
    ]);
    let network = SUBNET.rsplit_once("/subnets/").unwrap().0;
    for (args, said) in [
        (&["--subnet", "build"][..], "is no resource ID"),
        (&["--subnet", network], "Microsoft.Network/virtualNetworks"),
        (&["--registry", "ab"], "has 5 to 50"),
        (&["--registry", "contoso.example.com"], "end in .azurecr.io"),
        (&["--address", "2001:db8::/32"], "IPv4 only"),
        (&["--address", "office"], "office"),
        (&["--tier", "S9"], "S1, S2, S3, I6"),
        (
            &["--registry-subscription", "prod"],
            "is no subscription ID",
        ),
        (&["--region", "westeurop"], "did you mean westeurope?"),
        (
            &["--registry", "contoso.azurecr.us", "--cloud", "public"],
            "--cloud says Public",
        ),
        (&["--format", "csv"], "do not fit into CSV"),
    ] {
        run(&[&["runbook", "verify"], args].concat()).is_refused(&[said]);
    }
    run(&["runbook", "restrict-to-subnt"]).is_refused(&["restrict-to-subnet"]);
}

#[test]
fn an_address_that_is_not_public_is_refused() {
    for address in ["10.0.0.0/8", "100.64.1.1", "0.0.0.0/0"] {
        let args = ["restrict-to-address", "--registry", "contoso", "--address"];
        let ran = run(&[&["runbook"], &args[..], &[address]].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says(&[address, "Take the"]);
        assert!(!ran.out.contains("\naz "), "{}", ran.out);
    }
}

#[test]
fn the_cloud_is_the_one_of_the_login_server_or_the_flag() {
    let out = |args: &[&str]| run(&[&["runbook", "verify"], args].concat()).out;
    assert!(out(&["--registry", "contoso.azurecr.us"]).contains("AzureUSGovernment"));
    let china = out(&["--registry", "Contoso", "--cloud", "china"]);
    assert!(
        china.contains("docker pull contoso.azurecr.cn/hello-world:v1"),
        "{china}"
    );
    let hashed = out(&["--registry", "contoso-e7ggejfuhzhgedc8.azurecr.io"]);
    assert!(hashed.contains("az acr login --name contoso\n"), "{hashed}");
    assert!(hashed.contains("docker pull contoso-e7ggejfuhzhgedc8.azurecr.io/"));
    let refused = run(&["runbook", "restrict-to-subnet", "--cloud", "china"]);
    assert_eq!(refused.code, 1);
    refused.says(&["do not exist in this cloud"]);
    assert!(
        refused
            .out
            .lines()
            .all(|line| line.is_empty() || line.starts_with('#'))
    );
}

#[test]
fn the_answers_are_as_recorded() {
    let subnet = ["--registry", "contoso", "--subnet", SUBNET];
    let other = [
        "--registry-subscription",
        "99999999-1111-2222-3333-444444444444",
    ];
    let pool = [
        "--pool",
        "pool1",
        "--security-group",
        "nsg1",
        "--tier",
        "S3",
    ];
    for (name, kind, args) in [
        (
            "runbook-subnet.sh",
            "restrict-to-subnet",
            [&subnet[..], &other].concat(),
        ),
        (
            "runbook-pool.md",
            "agent-pool",
            [&subnet[..], &pool, &["--format", "markdown"]].concat(),
        ),
        ("runbook-unknown.sh", "roll-back", vec![]),
        (
            "runbook-verify.json",
            "verify",
            [&subnet[..], &["--json"]].concat(),
        ),
        (
            "runbook-data.sh",
            "data-endpoints",
            vec![
                "--registry",
                "contoso",
                "--region",
                "West Europe",
                "--region",
                "eastus",
            ],
        ),
        (
            "runbook-china.json",
            "restrict-to-subnet",
            vec!["--cloud", "china", "--json"],
        ),
    ] {
        assert_golden(name, &run(&[&["runbook", kind], &args[..]].concat()));
    }
    let list = run(&["runbook", "--json"]);
    list.is_quiet(0);
    assert_golden("runbook-list.json", &list);
    let names: Vec<String> = list.json()["runbooks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, KINDS);
    assert_eq!(run(&["runbook"]).cells().len(), KINDS.len());
}
