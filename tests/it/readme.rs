//! The README is one page, and what it shows and says to run is so.

use std::path::Path;

use jiff::civil::Date;
use ring::digest::{SHA256, digest};
use tagscope::index::embedded_chronicle;
use tagscope::tui::{App, Effect, Message, Outcome, Startup, Task, WeekHistory};
use unicode_width::UnicodeWidthStr;

use crate::dashboard::{Script, embedded, startup};
use crate::guide::{assert_part, links, pages};

pub fn readme() -> String {
    std::fs::read_to_string("README.md").unwrap()
}

#[test]
fn the_readme_is_one_page() {
    let readme = readme();
    assert!(readme.lines().count() <= 250, "{}", readme.lines().count());
    for line in readme.lines() {
        assert!(line.width() <= 120, "{line}");
    }
}

#[test]
fn the_readme_links_to_every_page_of_the_guide_and_to_nothing_that_is_not_there() {
    let readme = readme();
    let links = links(&readme);
    for target in &links {
        assert!(Path::new(target).is_file(), "{target}");
    }
    for (path, _) in pages() {
        assert!(links.iter().any(|it| Path::new(it) == path), "{path:?}");
    }
}

#[test]
fn both_licences_are_whole() {
    let hash = digest(&SHA256, &std::fs::read("LICENSE-APACHE").unwrap());
    // What apache.org publishes as LICENSE-2.0.txt.
    assert_eq!(
        format!("{hash:?}"),
        "SHA256:cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    );
    let text = std::fs::read_to_string("LICENSE-MIT").unwrap();
    assert!(text.starts_with("MIT License\n\nCopyright (c) "));
    assert!(text.ends_with("OR THE USE OR OTHER DEALINGS IN THE\nSOFTWARE.\n"));
}

/// What the README shows first, as text and as a picture.
pub fn first_screen(theme: &str) -> Script {
    dashboard(theme).keys("/registry<Space>europe<Enter>")
}

/// A dashboard on the embedded weeks, some weeks after the newest of them.
fn dashboard(theme: &str) -> Script {
    let size = (118, 24);
    let mut app = App::new(Startup {
        today: Date::constant(2026, 11, 21),
        ..startup(embedded(), size, theme)
    });
    for effect in app.begin() {
        if let Effect::Start {
            ticket,
            task: Task::WeekHistory { .. },
        } = effect
        {
            let history = WeekHistory::new(embedded_chronicle().unwrap()).unwrap();
            let outcome = Outcome::WeekHistory(Ok((Box::new(history), Vec::new())));
            app.update(Message::Done { ticket, outcome });
        }
    }
    Script {
        app,
        size,
        effects: Vec::new(),
    }
}

#[test]
fn the_screen_of_the_readme_is_what_the_program_shows() {
    let screen = first_screen("default").text();
    assert_part(
        "README.md",
        "<!-- screen: a test compares it with the program -->\n",
        "<!-- end of screen -->",
        &format!("```\n{screen}```\n"),
    );
}

#[test]
fn the_keys_of_the_first_five_minutes_lead_where_the_readme_says() {
    let refusal = "denied: client with IP '10.1.0.4' is not allowed access";
    first_screen("default")
        .assert_shows("AzureContainerRegistry.NorthEurope  ")
        .keys("<Enter>")
        .assert_shows("Enter look up")
        .keys("<Esc>")
        .assert_shows("Enter prefixes")
        .keys("220.38.116.38")
        .assert_shows("20.38.116.38  in 4 tags")
        .keys("<Esc>")
        .message(Message::Paste(refusal.to_owned()))
        .assert_shows("the registry refuses this address")
        .keys("5")
        .assert_shows("x export");
}

#[cfg(unix)]
mod commands {
    use std::fs;
    use std::path::Path;
    use std::process::{Command, Output};

    use serde_json::json;

    use super::readme;
    use crate::guide::part;
    use crate::program::{process, run};

    /// A command and what the README says of it.
    fn commands(readme: &str) -> Vec<(&str, &str)> {
        let begin = "<!-- commands: a test runs them as they stand -->\n```sh\n";
        part(readme, begin, "```")
            .split("\n\n")
            .map(|entry| entry.trim_end().split_once('\n').unwrap())
            .map(|(said, command)| (command, said))
            .collect()
    }

    /// A security group that names one tag and lists an old week's addresses of another.
    fn nsg() -> String {
        let listed = run(&[
            "tags",
            "prefixes",
            "Storage.WestEurope",
            "--ipv4",
            "--week",
            "2026-06-08",
        ]);
        let row = |name: &str, priority: u32, access: &str, ends: serde_json::Value| {
            json!({"name": name, "priority": priority, "direction": "Outbound", "access": access,
                "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*",
                "destinationAddressPrefixes": ends, "destinationPortRange": "443"})
        };
        json!({"name": "nsg-aks",
            "id": "/subscriptions/0/resourceGroups/rg-net/providers/Microsoft.Network/networkSecurityGroups/nsg-aks",
            "securityRules": [
                row("registry", 200, "Allow", json!(["AzureContainerRegistry.WestEurope"])),
                row("layers", 210, "Allow", json!(listed.lines())),
                row("nothing-else", 300, "Deny", json!(["*"])),
            ]})
        .to_string()
    }

    /// Runs a line of a shell in which the program is available, without a network.
    fn in_shell(folder: &Path, line: &str) -> Output {
        let program = process(&[]);
        let script = format!(
            "tagscope() {{ '{}' --offline \"$@\"; }}\n{line}",
            program.get_program().display()
        );
        let mut shell = Command::new("sh");
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.arg("-c").arg(script).current_dir(folder);
        shell.output().unwrap()
    }

    #[test]
    fn what_begins_with_azure_cli_runs_as_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shown.json"), nsg()).unwrap();
        let readme = readme();
        let block = part(&readme, "```\naz network nsg show ", "```");
        let script = format!("az() {{ cat shown.json; }}\nset -e\naz network nsg show {block}");
        // Both verbs have something to say: the group lists the addresses of an old week.
        let output = in_shell(folder.path(), &script);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let (checked, rest) = script.split_once("\ntagscope rules impact").unwrap();
        let output = in_shell(folder.path(), &format!("set +e\n{checked}"));
        assert!(!output.stdout.is_empty(), "{output:?}");
        let output = in_shell(folder.path(), &format!("tagscope rules impact{rest}"));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }

    #[test]
    fn the_ten_commands_run_as_they_stand_offline() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("access.log", "20.38.116.38 - GET /\n203.0.113.9 - GET /\n");
        write("nsg.json", &nsg());
        let files = || fs::read_dir(folder.path()).unwrap().count();
        let docker =
            "docker() { echo \"denied: client with IP '10.1.0.4' is not allowed access\" >&2; }";

        let readme = readme();
        let commands = commands(&readme);
        assert_eq!(commands.len(), 10);
        let mut answered_no = Vec::new();
        for (command, said) in commands {
            let before = files();
            let output = in_shell(folder.path(), &format!("{docker}\n{command}"));
            match output.status.code() {
                Some(0) => {}
                Some(1) if said.contains("Exit 1: ") => answered_no.push(command),
                _ => panic!("{command}: {output:?}"),
            }
            let is_answered = files() > before || !output.stdout.is_empty();
            assert!(is_answered, "{command}: {output:?}");
        }
        // The group lists the addresses of an old week.
        assert_eq!(answered_no, ["tagscope rules impact nsg.json"]);
    }
}
