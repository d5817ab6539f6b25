//! Where the program's files are.

use std::env;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use crate::store::Input;

/// The program's places: XDG variables first, then the platform's habit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// The settings file; `None` without a home.
    pub config: Option<PathBuf>,
    /// The folder of what is kept beside the settings; `None` without a home.
    pub beside: Option<PathBuf>,
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
        let named = config.or_else(|| variable("TAGSCOPE_CONFIG").map(PathBuf::from));
        let is_file = |path: &&PathBuf| !Input::new(path).is_pipe();
        // Nothing can be kept beside a pipe.
        let beside = match named.as_ref().filter(is_file) {
            Some(path) => path.parent().map(Path::to_owned),
            None => config_home(),
        };
        Self {
            config: named.or_else(|| config_home().map(|folder| folder.join("config.toml"))),
            beside,
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
