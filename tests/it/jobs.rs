//! What people come for, in keys from the start of the dashboard: each job by the way that its screens
//! show, in no more keys than are promised.

use std::fs;

use crate::pty::Pty;

/// A thing that somebody comes for.
struct Job {
    what: &'static str,
    /// Most keys.
    most: usize,
    /// Keys, as in `/west<Enter>`, and what the screen shows then.
    steps: &'static [(&'static str, &'static str)],
    /// The file that is there at the end, and a text in it.
    file: Option<(&'static str, &'static str)>,
}

const JOBS: &[Job] = &[
    Job {
        what: "the tags of an address",
        most: 13,
        steps: &[("220.38.116.38", "Storage.JapanEast")],
        file: None,
    },
    Job {
        what: "whether an address is in a tag",
        most: 36,
        steps: &[("220.38.116.38 in Storage.JapanEast", "yes")],
        file: None,
    },
    Job {
        what: "tags usable in NSG rules",
        most: 14,
        steps: &[("/feature:nsg<Enter>", "feature:nsg")],
        file: None,
    },
    Job {
        what: "what the last week changed for Sentinel",
        most: 14,
        steps: &[
            ("5", "changed tags"),
            ("/sentinel<Enter><Enter>", "AzureSentinel"),
        ],
        file: None,
    },
    Job {
        what: "a review as Markdown between two dates",
        most: 34,
        steps: &[
            (":diff 2026-09-28 2026-10-19<Enter>", "105 tags changed"),
            ("x<Enter><Enter>", "written"),
        ],
        file: Some(("changes-2026-09-28-to-2026-10-19.md", "2026-10-19")),
    },
    Job {
        what: "the ticket of a registry with two regions and data endpoints",
        most: 38,
        steps: &[
            (
                "3contoso<Enter><Enter>weste<Enter>northe<Enter>",
                "[x] North Europe",
            ),
            ("<Esc><↓><Space>", "contoso.northeurope.data.azurecr.io"),
            ("x<Enter><Enter>", "written"),
        ],
        file: Some(("contoso-endpoints.md", "contoso.westeurope.data.azurecr.io")),
    },
    Job {
        what: "the same from the output of az acr show",
        most: 16,
        steps: &[
            (":regis<Tab>", "b.json"),
            ("a", "a.json"),
            ("<Enter>", "Premium"),
            ("x<Enter><Enter>", "written"),
        ],
        file: Some(("contoso-endpoints.md", "contoso.azurecr.io")),
    },
    Job {
        what: "what the last week does to two files of rules",
        most: 28,
        steps: &[(":rules a.json b.json<Enter>", "no rule is affected")],
        file: None,
    },
    Job {
        what: "a tag in 20 CIDRs as Terraform",
        most: 28,
        steps: &[
            (":storage.weste<Enter>", "Storage.WestEurope"),
            ("f20xter<Enter><Enter>", "written"),
        ],
        file: Some(("acr-storage-westeurope.tf", "azurerm_container_registry")),
    },
];

/// The keys of a text, each as the terminal sends it.
pub fn keys(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (name, after) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some(found) => found,
            None => rest.split_at(letter.len_utf8()),
        };
        keys.push(match name {
            "Enter" => "\r".to_owned(),
            "Tab" => "\t".to_owned(),
            // Sent twice it is no Alt; the second one finds nothing to close.
            "Esc" => "\x1b\x1b".to_owned(),
            "Space" => " ".to_owned(),
            "↑" => "\x1b[A".to_owned(),
            "↓" => "\x1b[B".to_owned(),
            "→" => "\x1b[C".to_owned(),
            letter => letter.to_owned(),
        });
        rest = after;
    }
    keys
}

fn fresh() -> Pty {
    let mut pty = Pty::tagscope(&["--offline"]);
    let registry = include_str!("../data/check/registry.json");
    fs::write(pty.home().join("a.json"), registry).unwrap();
    let group = include_str!("../data/check/nsg.json");
    fs::write(pty.home().join("b.json"), group).unwrap();
    pty.wait_for_text("Tags 3,321/3,321");
    pty
}

#[test]
fn every_job_is_done_in_as_few_keys_as_are_promised() {
    for job in JOBS {
        let mut pty = fresh();
        let mut count = 0;
        for (text, shows) in job.steps {
            let keys = keys(text);
            count += keys.len();
            pty.send(&keys.concat());
            pty.wait_for_text(shows);
        }
        assert!(count <= job.most, "{}: {count} keys", job.what);
        if let Some((name, holds)) = job.file {
            let file = pty.home().join(name);
            pty.wait_until(name, || {
                fs::read_to_string(&file).is_ok_and(|text| text.contains(holds))
            });
        }
        println!("{:2} of {:2} keys: {}", count, job.most, job.what);
        pty.send("\x03");
        assert_eq!(pty.exit_code(), 0);
    }
}
