//! The programs that are measured as processes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use tagscope::index::embedded_index;

use crate::data::repository;

/// What a program must look up to show that it works.
pub const ADDRESS: &str = "20.38.116.38";

/// The program, once it has shown that it answers; else what is wrong.
pub fn tagscope() -> Result<PathBuf, String> {
    let given = std::env::var_os("TAGSCOPE_BIN").map(PathBuf::from);
    let program = given.map_or_else(|| build(&repository(), "tagscope"), Ok)?;
    let output = lookup(&program).output();
    let output = output.map_err(|error| format!("not started: {error}"))?;
    if !output.status.success() {
        return Err(format!("failed: {}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains(&expected()) {
        Ok(program)
    } else {
        Err(format!("failed: {}, but no answer", output.status))
    }
}

/// The tag that an answer must name.
fn expected() -> String {
    let index = embedded_index().unwrap();
    let view = index.view();
    let (family, address) = tagscope::space::bits(ADDRESS.parse().unwrap());
    let hit = view.hits(view.lookup(family, address)).next();
    hit.and_then(|hit| view.tag(hit.tag))
        .unwrap()
        .name
        .to_owned()
}

/// A lookup of [`ADDRESS`].
pub fn lookup(tagscope: &Path) -> Command {
    let mut command = Command::new(tagscope);
    command.args(["lookup", ADDRESS]);
    command
}

/// A program of this package.
pub fn own(program: &str) -> PathBuf {
    build(Path::new(env!("CARGO_MANIFEST_DIR")), program)
        .expect("the program belongs to this package")
}

/// Builds a package's program with the profile of this one; where it is.
fn build(package: &Path, program: &str) -> Result<PathBuf, String> {
    #[derive(Deserialize)]
    struct Message {
        executable: Option<PathBuf>,
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    // What `cargo run` says of this package would make the inner build compile again what reads it.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(["--profile", &profile()?])
        .args(["--bin", program, "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("the build failed: {}", output.status));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok()?.executable)
        .next_back()
        .ok_or_else(|| "the build made no program".to_owned())
}

/// The profile of this program: cargo names the folder of the programs after it.
fn profile() -> Result<String, String> {
    let own = std::env::current_exe().map_err(|error| format!("not found: {error}"))?;
    let folder = own.parent().and_then(Path::file_name);
    let name = folder.and_then(|name| name.to_str());
    match name {
        Some("debug") => Ok("dev".to_owned()),
        Some(name) => Ok(name.to_owned()),
        None => Err(format!("{} is in no folder of cargo's", own.display())),
    }
}
