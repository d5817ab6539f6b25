//! Where the program's files are.

use std::env;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// The program's places: XDG variables first, then the platform's habit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// The settings file; `None` without a home.
    pub config: Option<PathBuf>,
    /// The folder for what the program keeps; `None` without a home.
    pub data: Option<PathBuf>,
}

impl Paths {
    /// Flags first, then `TAGSCOPE_CONFIG` and `TAGSCOPE_DATA_DIR`, then the platform's places.
    #[must_use]
    pub fn find(config: Option<PathBuf>, data: Option<PathBuf>) -> Self {
        let home = ProjectDirs::from("", "", "tagscope");
        let variable = |name: &str| env::var_os(name).filter(|path| !path.is_empty());
        let xdg = |name: &str| variable(name).map(|path| PathBuf::from(path).join("tagscope"));
        let config_home =
            || xdg("XDG_CONFIG_HOME").or_else(|| Some(home.as_ref()?.config_dir().to_owned()));
        let data_home =
            || xdg("XDG_DATA_HOME").or_else(|| Some(home.as_ref()?.data_dir().to_owned()));
        Self {
            config: config
                .or_else(|| variable("TAGSCOPE_CONFIG").map(PathBuf::from))
                .or_else(|| config_home().map(|folder| folder.join("config.toml"))),
            data: data
                .or_else(|| variable("TAGSCOPE_DATA_DIR").map(PathBuf::from))
                .or_else(data_home),
        }
    }
}

/// A path as a shell would read it: `~/` is the home folder.
#[must_use]
pub fn expand_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), BaseDirs::new()) {
        (Ok(rest), Some(home)) => home.home_dir().join(rest),
        _ => path.to_owned(),
    }
}
