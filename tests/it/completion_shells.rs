//! What Tab completes, asked of the shells themselves.
//!
//! Where a shell is absent the test says so and passes, but fails in CI.

use portable_pty::CommandBuilder;

use crate::program::{SMALL, away, installed, search_path};
use crate::pty::Pty;

/// Lines as far as they are typed, with what must be among the candidates, and what must not.
const LINES: [(&[&str], &[&str], &[&str]); 16] = [
    (&["loo"], &["lookup"], &["tags"]),
    (&["lookup", "--form"], &["--format"], &["--file"]),
    (
        &["lookup", "--format", ""],
        &["jsonl", "markdown"],
        &["--format"],
    ),
    // Names without regard to case; of a list the last.
    (
        &["tags", "show", "storage.westeu"],
        &["Storage.WestEurope"],
        &["Storage"],
    ),
    (
        &["tags", "prefixes", "Sql", "azurecontainerregistry.westeu"],
        &["AzureContainerRegistry.WestEurope"],
        &[],
    ),
    (
        &["diff", "--tag", "Sql,storage.westeu"],
        &["Sql,Storage.WestEurope"],
        &["Storage.WestEurope"],
    ),
    (
        &["rules", "test", "f.json", "--to", "Storage.NorthEu"],
        &["Storage.NorthEurope"],
        &[],
    ),
    (
        &["tags", "--region", "westeu"],
        &["westeurope"],
        &["WestEurope"],
    ),
    (
        &["tags", "--service", "storages"],
        &["StorageSyncService"],
        &["Storage"],
    ),
    (&["tags", "--feature", "ns"], &["NSG"], &["UDR"]),
    (&["--week", ""], &["previous", "2026-06-08"], &["lookup"]),
    (
        &["endpoints", "contoso", "--client", "agent"],
        &["agent-pool"],
        &["pull"],
    ),
    (
        &["rules", "make", "terraform-n"],
        &["terraform-nsg"],
        &["terraform-acr"],
    ),
    (&["man", "ru"], &["rules", "runbook"], &["tags"]),
    (&["schema", "rules", "te"], &["test"], &["tags"]),
    (&["--cloud", "us"], &["usgov"], &["public"]),
];

fn check(shell: &str, line: &[&str], found: &[String]) {
    let (_, wanted, unwanted) = LINES.iter().find(|(known, _, _)| *known == line).unwrap();
    for name in *wanted {
        assert!(
            found.iter().any(|it| it == name),
            "{shell} {line:?}: {found:?}"
        );
    }
    for name in *unwanted {
        assert!(
            found.iter().all(|it| it != name),
            "{shell} {line:?}: {found:?}"
        );
    }
}

/// What a script prints in a shell that finds the program.
fn printed(shell: &str, arguments: &[&str]) -> Option<String> {
    let output = away(installed(shell)?).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.is_empty(),
        "{shell}: {said}"
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn bash_completes_values() {
    for (line, _, _) in LINES {
        let script = r#"
            source <(tagscope completions bash)
            COMP_WORDS=(tagscope "$@"); COMP_CWORD=$#; COMP_TYPE=9
            _clap_complete_tagscope tagscope "${!#}" "${COMP_WORDS[$#-1]}"
            printf '%s\n' "${COMPREPLY[@]}""#;
        let arguments = [&["--norc", "-c", script, "bash"], line].concat();
        let Some(text) = printed("bash", &arguments) else {
            return;
        };
        let found: Vec<String> = text.lines().map(str::to_owned).collect();
        check("bash", line, &found);
    }
}

#[test]
fn fish_completes_values() {
    for (line, _, _) in LINES {
        let (last, before) = line.split_last().unwrap();
        let typed = [&["tagscope"], before, &[last]].concat().join(" ");
        let script = format!("tagscope completions fish | source; complete -C '{typed}'");
        let Some(text) = printed("fish", &["--no-config", "-c", &script]) else {
            return;
        };
        // A description follows behind a tab.
        let names = text.lines().filter_map(|line| line.split('\t').next());
        let found: Vec<String> = names.map(str::to_owned).collect();
        check("fish", line, &found);
    }
}

/// Of zsh what stands on the line after Tab.
#[test]
fn zsh_completes_values() {
    let Some(zsh) = installed("zsh") else {
        return;
    };
    let mut command = CommandBuilder::new(zsh);
    command.arg("-f");
    command.env("PATH", search_path());
    let mut pty = Pty::start(command);
    pty.send(
        "PS1='ready> '; autoload -Uz compinit && compinit -u; source <(tagscope completions zsh)\r",
    );
    for (typed, wanted) in [
        ("tagscope tags show Storage.WestEu", "Storage.WestEurope"),
        ("tagscope tags --region westeu", "westeurope"),
        (
            "tagscope diff --tag Sql,Storage.WestEu",
            "Sql,Storage.WestEurope",
        ),
        ("tagscope endpoints contoso --client agent", "agent-pool"),
        ("tagscope loo", "lookup"),
    ] {
        pty.wait_for("a line to type on", |screen| {
            let (row, _) = screen.cursor_position();
            screen
                .rows(0, 120)
                .nth(usize::from(row))
                .is_some_and(|line| line.trim_end() == "ready>")
        });
        pty.send(typed);
        pty.wait_for_text(typed);
        pty.send("\t");
        pty.wait_for_text(wanted);
        // The line is given up.
        pty.send("\x15");
    }
}

/// What an option on the line chooses is where the values are from.
#[test]
fn values_are_of_the_data_that_the_line_names() {
    let script = r#"
        source <(tagscope completions bash)
        COMP_WORDS=(tagscope --file "$1" tags show ""); COMP_CWORD=5; COMP_TYPE=9
        _clap_complete_tagscope tagscope "" show
        printf '%s\n' "${COMPREPLY[@]}""#;
    if let Some(text) = printed("bash", &["--norc", "-c", script, "bash", SMALL]) {
        let published = std::fs::read_to_string(SMALL).unwrap();
        assert!(text.lines().count() > 3, "{text}");
        for name in text.lines().filter(|name| !name.starts_with('-')) {
            assert!(
                published.contains(&format!("\"name\": \"{name}\"")),
                "{name}"
            );
        }
    }
}

/// Nothing is said into the line that is being typed, whatever is wrong with it.
#[test]
fn completion_is_silent() {
    for line in [
        "--file missing.json tags show St",
        "--config missing.toml tags show St",
        "--cloud nowhere tags show St",
        "--week 1999-01-01 tags show St",
        "tags show --nonsense St",
    ] {
        let script = format!(
            "source <(tagscope completions bash); COMP_WORDS=(tagscope {line}); \
             COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); COMP_TYPE=9; _clap_complete_tagscope tagscope St show; true"
        );
        if let Some(text) = printed("bash", &["--norc", "-c", &script]) {
            assert_eq!(text, "", "{line}");
        }
    }
}
