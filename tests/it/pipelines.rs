//! The pipelines of `assets/ci`: the shell of each is run as it stands, against a publisher on the loopback
//! interface.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;

use crate::archive::publication;
use crate::guide::{assert_part, part};
use crate::program::away;
use crate::update::{Scene, monday};

const WEEKLY: &str = "assets/ci/weekly.sh";
/// The files that have the shell in them, with the program that runs it there, and how far it is indented.
const PIPELINES: [(&str, &str, usize); 2] = [
    ("assets/ci/github.yml", "sh", 10),
    ("assets/ci/azure-pipelines.yml", "bash", 6),
];

/// A comment on GitHub takes so many characters.
const COMMENT: usize = 65_536;

fn marks(indent: usize) -> [String; 2] {
    let pad = " ".repeat(indent);
    [
        format!("{pad}# weekly.sh\n"),
        format!("{pad}# end of weekly.sh\n"),
    ]
}

/// What stands below the head of comments.
fn weekly() -> String {
    let text = fs::read_to_string(WEEKLY).unwrap();
    let place = text.find("set -u\n").unwrap();
    text[place..].to_owned()
}

/// The shell of each pipeline, with the program that runs it.
fn shells() -> Vec<(&'static str, &'static str, String)> {
    let mut shells = vec![(WEEKLY, "sh", fs::read_to_string(WEEKLY).unwrap())];
    for (path, program, indent) in PIPELINES {
        let text = fs::read_to_string(path).unwrap();
        let [begin, end] = marks(indent);
        let lines = part(&text, &begin, &end).lines();
        let lines: Vec<&str> = lines.map(|line| line.get(indent..).unwrap_or("")).collect();
        shells.push((path, program, lines.join("\n") + "\n"));
    }
    shells
}

#[test]
fn the_pipelines_have_the_shell_of_the_script() {
    for (path, _, indent) in PIPELINES {
        let pad = " ".repeat(indent);
        let line = |line: &str| match line {
            "" => "\n".to_owned(),
            line => format!("{pad}{line}\n"),
        };
        let wanted: String = weekly().lines().map(line).collect();
        let [begin, end] = marks(indent);
        assert_part(path, &begin, &end, &wanted);
    }
}

/// A checkout with rules, a data folder and a publisher.
struct Team {
    scene: Scene,
    checkout: TempDir,
    shell: (&'static str, &'static str, String),
}

/// How a run of the pipeline ended, and its summary.
struct Run {
    code: i32,
    summary: String,
    said: String,
}

impl Team {
    fn new(shell: (&'static str, &'static str, String)) -> Self {
        let checkout = tempfile::tempdir().unwrap();
        fs::create_dir(checkout.path().join("rules")).unwrap();
        let team = Self {
            scene: Scene::new(),
            checkout,
            shell,
        };
        team.rules("nsg.json", &nsg(&["Tag3"]));
        // Far smaller than the weeks that come with the program: what is published next is measured by it.
        team.hold(3, 1, 60);
        team
    }

    fn rules(&self, name: &str, text: &str) {
        fs::write(self.checkout.path().join("rules").join(name), text).unwrap();
    }

    /// Has kept a week with so many tags.
    fn hold(&self, back: i32, number: u32, tags: u32) {
        let room = &self.scene.room;
        let name = format!("ServiceTags_Public_{}.json", monday(back).1);
        room.import(&room.file(&name, publication("Public", number, tags)));
    }

    /// Publishes a week of this number on the Monday so many weeks before.
    fn publish(&self, back: i32, number: u32) {
        self.scene.publish("Public", &monday(back).1, number, 60);
    }

    fn passed(&self) -> PathBuf {
        Path::new(&self.scene.room.data()).join("weeks/passed")
    }

    fn run(&self) -> Run {
        self.run_with("PATH", &crate::program::search_path())
    }

    fn run_with(&self, name: &str, value: &str) -> Run {
        let (_, program, script) = &self.shell;
        let place = self.checkout.path();
        fs::write(place.join("step.sh"), script).unwrap();
        let mut command = away(format!("/bin/{program}"));
        command
            .arg("step.sh")
            .current_dir(place)
            .env("TAGSCOPE_CONFIG", &self.scene.config)
            .env("TAGSCOPE_DATA_DIR", self.scene.room.data())
            .env("RULES", "rules/*")
            .env("SUMMARY", "tagscope.md")
            .env(name, value);
        let output = command.output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            summary: fs::read_to_string(place.join("tagscope.md")).unwrap_or_default(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    #[track_caller]
    fn is(&self, code: i32, says: &[&str]) {
        let Self { summary, said, .. } = self;
        assert_eq!(self.code, code, "{summary}\n{said}");
        for text in says {
            assert!(summary.contains(text), "no {text:?} in:\n{summary}\n{said}");
        }
        assert!(summary.len() <= COMMENT, "{}", summary.len());
    }
}

/// A security group that names each of these tags.
fn nsg(tags: &[&str]) -> String {
    let row = |(place, tag): (usize, &&str)| {
        json!({"name": format!("row-{tag}"), "priority": 100 + place, "direction": "Outbound", "access": "Allow",
            "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefix": tag, "destinationPortRange": "443"})
    };
    let rows: Vec<_> = tags.iter().enumerate().map(row).collect();
    json!({"name": "nsg", "securityRules": rows,
        "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg"})
    .to_string()
}

/// A list that has the addresses of Tag3 in the publication of a number.
fn copied(number: u32) -> String {
    format!("20.3.0.0/24\n40.{number}.3.0/24\n")
}

#[test]
fn a_pipeline_passes_while_no_row_is_affected() {
    for shell in shells() {
        let team = Team::new(shell);
        team.publish(2, 2);
        let [first, second] = [3, 2].map(|back| monday(back).0.to_string());
        let weeks = format!("{first} (number 1) → {second} (number 2)");
        team.run().is(
            0,
            &[
                "# Service tags: no row is affected",
                &format!("The newest week is {second}."),
                &weeks,
                "60 tags changed",
            ],
        );
        assert_eq!(
            fs::read_to_string(team.passed()).unwrap(),
            format!("{second}\n")
        );
        // Nothing new: the same answer, and the archive has nothing against the file beside its own.
        team.run().is(
            0,
            &[
                &format!("Nothing new: the newest week is still {second}."),
                &weeks,
            ],
        );
        team.scene.room.run(&["weeks", "verify"]).is_quiet(0);
    }
}

#[test]
fn a_pipeline_that_fails_compares_with_the_week_that_passed() {
    for shell in shells() {
        let team = Team::new(shell);
        team.publish(2, 2);
        team.rules("office.txt", &copied(2));
        team.run().is(0, &["no row is affected"]);
        // Affected, until the list is put right: also a week later, over both weeks.
        let dates = [2, 1, 0].map(|back| monday(back).0.to_string());
        for (back, number) in [(1, 3), (0, 4)] {
            team.publish(back, number);
            let weeks = format!("Rules: Public {} → {}", dates[0], monday(back).0);
            let missing = format!("40.{number}.3.0/24");
            team.run().is(
                1,
                &[
                    "# Service tags: rows are affected",
                    &weeks,
                    "rules/office.txt",
                    &missing,
                ],
            );
            assert_eq!(fs::read_to_string(team.passed()).unwrap().trim(), dates[0]);
        }
        // Once more without a new publication, from a cache that knows of none that passed.
        fs::remove_file(team.passed()).unwrap();
        team.rules("office.txt", &copied(3));
        team.run().is(
            1,
            &["rows are affected", &format!("{} → {}", dates[1], dates[2])],
        );
        team.rules("office.txt", &copied(4));
        team.run().is(0, &["no row is affected"]);
        assert_eq!(fs::read_to_string(team.passed()).unwrap().trim(), dates[2]);
    }
}

#[test]
fn a_pipeline_says_what_it_could_not_fetch_or_read() {
    for shell in shells() {
        let team = Team::new(shell);
        team.publish(1, 3);
        let gone = format!(
            "details_url = \"{}/gone\"\nfiles_url = \"{0}/gone\"\n",
            dead_end()
        );
        let config = team.scene.room.file("gone.toml", gone);
        let unfetched = "# Service tags: no publication was taken";
        let run = team.run_with("TAGSCOPE_CONFIG", &config);
        run.is(4, &[unfetched, "    tagscope: ", "0 of 1 row"]);
        assert!(run.said.contains("tagscope: "), "{}", run.said);
        assert!(!team.passed().exists());
        // What is affected by the weeks at hand is said beside it.
        team.rules("office.txt", &copied(1));
        team.hold(2, 2, 60);
        team.run_with("TAGSCOPE_CONFIG", &config).is(
            4,
            &[&format!("{unfetched}; rows are affected"), "40.2.3.0/24"],
        );
        // Rules that cannot be read weigh more; those beside them are answered.
        team.rules("broken.json", "{");
        let unread = "# Service tags: not everything could be read";
        for run in [team.run_with("TAGSCOPE_CONFIG", &config), team.run()] {
            run.is(2, &[unread, "rules/broken.json", "row-Tag3"]);
        }
        assert!(!team.passed().exists());
        // No rules at all, no such settings, no such program.
        team.run_with("RULES", "nothing/*")
            .is(2, &[unread, "nothing/*"]);
        assert_eq!(team.run_with("TAGSCOPE_CONFIG", "/no/such/file").code, 2);
        assert_eq!(team.run_with("PATH", "/usr/bin:/bin").code, 2);
    }
}

#[test]
fn the_readme_says_how_it_is_run_by_hand() {
    let team = Team::new(shells().remove(0));
    team.publish(2, 2);
    let readme = crate::readme::readme();
    let begin = "<!-- weekly: a test runs it as it stands -->\n```sh\n";
    let lines = part(&readme, begin, "```\n<!-- end of weekly -->");
    let team = Team {
        shell: ("README.md", "sh", format!("set -e\n{lines}")),
        ..team
    };
    let place = team.checkout.path();
    fs::create_dir_all(place.join("assets/ci")).unwrap();
    fs::copy(WEEKLY, place.join("assets/ci/weekly.sh")).unwrap();
    fs::write(place.join("nsg.json"), nsg(&["Tag3"])).unwrap();
    team.run().is(
        0,
        &["# Service tags: no row is affected", "60 tags changed"],
    );
    let review = fs::read_to_string(place.join("review.md")).unwrap();
    assert!(
        review.starts_with("## Public: ") && review.contains("60 tags changed"),
        "{review}"
    );
    // The exit code of the comparison is the one that counts.
    fs::write(place.join("nsg.json"), copied(1)).unwrap();
    fs::remove_file(team.passed()).unwrap();
    team.run().is(1, &["rows are affected"]);
}

/// An address at which nobody listens.
fn dead_end() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn the_summary_of_a_large_change_fits_into_a_comment() {
    let shell = shells().remove(0);
    let team = Team::new(shell);
    let names: Vec<String> = (0..1500).map(|tag| format!("Tag{tag}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    team.rules("nsg.json", &nsg(&names));
    team.hold(2, 2, 1500);
    team.hold(1, 3, 1500);
    team.scene.publish("Public", &monday(0).1, 4, 1500);
    let run = team.run();
    run.is(
        run.code,
        &[
            "# Service tags: ",
            "## Rules: ",
            "## Public: ",
            "1,500 tags changed",
            "left out",
        ],
    );
    assert!(run.summary.len() > COMMENT / 4, "{}", run.summary.len());
}

#[test]
fn a_week_that_is_too_old_is_said() {
    let team = Team::new(shells().remove(0));
    team.publish(2, 2);
    team.run_with("MAX_AGE", "1")
        .is(3, &["# Service tags: the newest week is older than 1 days"]);
}
