//! Runs the program as a script would, away from the user's own home and settings.

use std::path::Path;

use assert_cmd::Command;

/// A small document written by hand.
pub const SMALL: &str = "tests/data/small.json";

/// How a run ended and what it wrote.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
    /// That the data is old, which the embedded week is more every day.
    pub age: Option<String>,
}

/// The program without the environment of whoever runs the tests.
pub fn tagscope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagscope"));
    for (name, _) in variables() {
        command.env_remove(name);
    }
    for (name, folder) in homes() {
        command.env(name, folder);
    }
    command.timeout(std::time::Duration::from_mins(2));
    command
}

/// The same for tests that hold the pipes themselves.
pub fn process(args: &[&str]) -> std::process::Command {
    let mut command = away(env!("CARGO_BIN_EXE_tagscope"));
    command.args(args);
    command
}

/// Another program in the same environment, in which `tagscope` is found.
pub fn away(program: impl AsRef<std::ffi::OsStr>) -> std::process::Command {
    let mut command = std::process::Command::new(program);
    for (name, _) in variables() {
        command.env_remove(name);
    }
    command.envs(homes()).env("PATH", search_path());
    command
}

/// Where programs are found, this one first.
pub fn search_path() -> String {
    let own = Path::new(env!("CARGO_BIN_EXE_tagscope")).parent().unwrap();
    let others = std::env::var("PATH").unwrap_or_default();
    format!("{}:{others}", own.display())
}

/// A program of the machine, also where only administrators look. Where it is absent the test says so
/// and passes, but fails in CI (`CI=true`), whose script installs it.
pub fn installed(name: &str) -> Option<std::path::PathBuf> {
    let search = std::env::var("PATH").unwrap_or_default();
    let folders = search
        .split(':')
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"]);
    let found = folders
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file());
    if found.is_none() {
        let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!is_ci, "CI needs the program {name}");
        skipped(&format!("no program {name}"));
    }
    found
}

/// Says that a test was not run.
pub fn skipped(why: &str) {
    // Past the capture of the test harness, which hides the output of tests that pass.
    let line = format!("SKIPPED: {why}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
}

/// What could change an answer.
fn variables() -> impl Iterator<Item = (std::ffi::OsString, std::ffi::OsString)> {
    std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        name.starts_with("TAGSCOPE_")
            || name.to_ascii_lowercase().ends_with("_proxy")
            || ["NO_COLOR", "COLUMNS", "AZURE_ACCESS_TOKEN"].contains(&name.as_ref())
    })
}

/// Folders that do not exist: a run needs none of them.
fn homes() -> [(&'static str, std::path::PathBuf); 3] {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-home");
    [
        ("XDG_CONFIG_HOME", home.join("config")),
        ("XDG_DATA_HOME", home.join("data")),
        ("HOME", home),
    ]
}

/// Runs with these arguments and nothing on standard input.
pub fn run(args: &[&str]) -> Ran {
    run_with(args, "")
}

/// Runs with a text on standard input.
pub fn run_with(args: &[&str], input: impl Into<Vec<u8>>) -> Ran {
    ended(tagscope().args(args).write_stdin(input))
}

/// Runs over the small document.
pub fn run_small(args: &[&str]) -> Ran {
    let mut all = vec!["--file", SMALL];
    all.extend_from_slice(args);
    run(&all)
}

/// Runs to the end; a signal or text that is not UTF-8 fails the test.
pub fn ended(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let shown = format!("{command:?}: {output:?}");
    let said = String::from_utf8(output.stderr).expect(&shown);
    let is_age = |line: &&str| line.contains(" is OLD: ");
    let ran = Ran {
        code: output.status.code().expect(&shown),
        out: String::from_utf8(output.stdout).expect(&shown),
        age: said.lines().find(is_age).map(str::to_owned),
        err: said
            .split_inclusive('\n')
            .filter(|line| !is_age(line))
            .collect(),
    };
    assert!(!ran.err.contains("panicked"), "{shown}");
    assert!((0..=4).contains(&ran.code), "{shown}");
    ran
}

impl Ran {
    /// Refused: nothing on standard output, and sentences that name each of these.
    #[track_caller]
    pub fn is_refused(&self, named: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self:?}");
        self.says(named);
    }

    /// Standard error names each of these.
    #[track_caller]
    pub fn says(&self, named: &[&str]) {
        for name in named {
            assert!(self.err.contains(name), "no {name:?} in {self:?}");
        }
    }

    /// Ended with this code and nothing on standard error.
    #[track_caller]
    pub fn is_quiet(&self, code: i32) {
        assert_eq!((self.code, self.err.as_str()), (code, ""), "{self:?}");
    }

    /// Standard output as a JSON document.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Lines of standard output.
    pub fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    /// Cells of standard output, separated by tabs.
    pub fn cells(&self) -> Vec<Vec<&str>> {
        self.out.lines().map(|l| l.split('\t').collect()).collect()
    }
}

/// No control but line ends and, where allowed, tabs; nothing that reorders a line or hides.
#[track_caller]
pub fn assert_displayable(text: &str, may_have_tabs: bool, what: &dyn std::fmt::Debug) {
    let is_raw = |c: char| match c {
        '\n' => false,
        '\t' => !may_have_tabs,
        c => {
            c.is_control()
                || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
                    | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e0fff}')
        }
    };
    if let Some(place) = text.find(is_raw) {
        let near: String = text[place..].chars().take(40).collect();
        panic!("raw {near:?} from {what:?}");
    }
}

/// Both streams of a run.
#[track_caller]
pub fn assert_safe(ran: &Ran, format: &str, what: &dyn std::fmt::Debug) {
    assert_displayable(&ran.out, format == "text", what);
    assert_displayable(&ran.err, false, what);
}
