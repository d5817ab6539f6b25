//! Saved registries: one TOML file a profile, in the folder `registries` beside the settings.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::azure::Regions;
use crate::azure::registry::{Client, CloudDomains, NameError, NamedHost, Profile, RegistryName};
use crate::azure::registry::{Sku, Switch};
use crate::store::{Input, Paths, ReadError, read_bounded, write_over};
use crate::text::{Safe, clean, closest, cut_end, is_host_name};

/// Largest file that is read.
pub(super) const MAX_BYTES: u64 = 256 << 10;
/// Longest name.
const MAX_NAME: usize = 64;
/// Most names that are listed, and most entries of a list in a file.
const MOST: usize = 500;
const VERSION: u32 = 1;
const HEAD: &str = "# A registry as tagscope plans it: :load NAME in the dashboard\n";

/// Why a registry is not saved or loaded.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Registries are kept beside the settings, and there is no place for those.
    #[error("there is no home folder to keep registries in")]
    NoFolder,
    /// A name that could lead out of the folder, or none.
    #[error(
        "\"{name}\" is no name for a saved registry: 1 to {MAX_NAME} letters, digits, - _ and ., not beginning with ."
    )]
    Name {
        /// As given.
        name: Safe,
    },
    /// No such file.
    #[error("no registry is saved as {name}{hint}")]
    Missing {
        /// As given.
        name: Safe,
        /// What there is.
        hint: Safe,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It can be read, and is something else.
    #[error("{path} is no saved registry: {reason}")]
    Shape {
        /// The path.
        path: Safe,
        /// The parser's words.
        reason: Safe,
    },
    /// A file of a later program.
    #[error("{path} has version {version}, and this tagscope reads up to {VERSION}: update it")]
    Newer {
        /// The path.
        path: Safe,
        /// The file's version.
        version: u32,
    },
    /// Its registry has no name that a registry can have.
    #[error("{path} names no registry: {source}")]
    Registry {
        /// The path.
        path: Safe,
        /// What is wrong with the name.
        source: NameError,
    },
    /// The name is that of another registry, or of a file that cannot be read.
    #[error("{name} is taken by {holder}; save under another name, or remove {path}")]
    Taken {
        /// As given.
        name: Safe,
        /// What has the name.
        holder: Safe,
        /// Its file.
        path: Safe,
    },
    /// The system refused.
    #[error("cannot write {path}")]
    Write {
        /// The path.
        path: Safe,
        /// The system's reason.
        source: io::Error,
    },
}

/// A file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    version: u32,
    /// The login server.
    registry: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<Sku>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    switches: BTreeSet<Switch>,
    #[serde(default)]
    clients: BTreeSet<Client>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_access: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subnet_rules: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_rules: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denies: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusts_services: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusts_tasks: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    data_hosts: Vec<NamedHost>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    regional_hosts: Vec<NamedHost>,
}

/// A registry that was loaded, and what of its file was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedProfile {
    /// The registry.
    pub profile: Profile,
    /// What was left out, in sentences.
    pub notes: Vec<Safe>,
}

/// The folder; `None` without a home.
#[must_use]
pub fn profile_folder(paths: &Paths) -> Option<PathBuf> {
    Some(paths.beside.as_deref()?.join("registries"))
}

/// The names of saved registries, in order; none where there is no folder yet.
#[must_use]
pub fn profile_names(folder: &Path) -> Vec<String> {
    names_in(folder)
}

/// The names of saved things in a folder, in order.
pub(super) fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| {
        let file = entry.file_name().into_string().ok()?;
        let name = file.strip_suffix(".toml")?;
        is_name(name).then(|| name.to_owned())
    });
    let mut names: Vec<String> = names.take(MOST).collect();
    names.sort_unstable();
    names
}

/// Saves a registry; the answer is whether an older file of the same registry was replaced.
///
/// # Errors
/// [`ProfileError::Name`], [`ProfileError::Taken`], [`ProfileError::Write`].
pub fn save_profile(
    folder: &Path,
    name: &str,
    profile: &Profile,
    regions: &Regions,
) -> Result<bool, ProfileError> {
    let path = path_of(folder, name)?;
    let shown = || Safe::new(&path.to_string_lossy());
    let is_there = path.symlink_metadata().is_ok();
    if is_there {
        let holder = match read(&path, regions) {
            Ok(older) => older.profile.login_server(),
            Err(_) => "a file that is no saved registry".to_owned(),
        };
        if holder != profile.login_server() {
            return Err(ProfileError::Taken {
                name: Safe::new(name),
                holder: Safe::from(holder),
                path: shown(),
            });
        }
    }
    let file = File::of(profile);
    let text = toml::to_string(&file).map_err(|error| ProfileError::Shape {
        path: shown(),
        reason: Safe::from(error.to_string()),
    })?;
    let written = fs::create_dir_all(folder)
        .and_then(|()| write_over(&path, (HEAD.to_owned() + &text).as_bytes()));
    written.map_err(|source| ProfileError::Write {
        path: shown(),
        source,
    })?;
    Ok(is_there)
}

/// Loads a registry; what its file has of unknown regions and hosts is left out and said.
///
/// # Errors
/// [`ProfileError`].
pub fn load_profile(
    folder: &Path,
    name: &str,
    regions: &Regions,
) -> Result<LoadedProfile, ProfileError> {
    let path = path_of(folder, name)?;
    if path.symlink_metadata().is_err() {
        let names = profile_names(folder);
        let near = closest(name, names.iter().map(String::as_str), 1);
        let hint = match near.first() {
            Some(near) => format!("; did you mean {near}?"),
            None if names.is_empty() => "; W saves the one on screen".to_owned(),
            None => format!("; there are {}", cut_end(&names.join(", "), 200)),
        };
        return Err(ProfileError::Missing {
            name: Safe::new(name),
            hint: Safe::from(hint),
        });
    }
    read(&path, regions)
}

fn path_of(folder: &Path, name: &str) -> Result<PathBuf, ProfileError> {
    if !is_name(name) {
        let name = Safe::new(&cut_end(&clean(name), MAX_NAME));
        return Err(ProfileError::Name { name });
    }
    Ok(folder.join(format!("{name}.toml")))
}

pub(super) fn is_name(name: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    (1..=MAX_NAME).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(is_letter)
}

fn read(path: &Path, regions: &Regions) -> Result<LoadedProfile, ProfileError> {
    let shown = || Safe::new(&path.to_string_lossy());
    let bytes = read_bounded(&Input::File(path.to_owned()), MAX_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let file: File = toml::from_str(&text).map_err(|error| ProfileError::Shape {
        path: shown(),
        reason: Safe::new(&cut_end(&clean(error.message()), 200)),
    })?;
    if file.version > VERSION {
        let version = file.version;
        return Err(ProfileError::Newer {
            path: shown(),
            version,
        });
    }
    let name = RegistryName::parse(&file.registry).map_err(|source| ProfileError::Registry {
        path: shown(),
        source,
    })?;
    Ok(file.profile(&name, regions))
}

impl File {
    fn of(profile: &Profile) -> Self {
        Self {
            version: VERSION,
            registry: profile.login_server(),
            sku: profile.sku,
            home: profile.home.clone(),
            regions: profile.regions.clone(),
            switches: profile.switches.clone(),
            clients: profile.clients.clone(),
            public_access: profile.public_access,
            subnet_rules: profile.subnet_rules,
            address_rules: profile.address_rules,
            denies: profile.denies,
            trusts_services: profile.trusts_services,
            trusts_tasks: profile.trusts_tasks,
            data_hosts: profile.data_hosts.clone(),
            regional_hosts: profile.regional_hosts.clone(),
        }
    }

    fn profile(self, name: &RegistryName, regions: &Regions) -> LoadedProfile {
        let cloud = name.cloud.unwrap_or(crate::azure::Cloud::Public);
        let mut profile = Profile::new(name, cloud);
        let mut notes = Vec::new();
        let mut known = |typed: &str| {
            let found = regions.find(cloud, typed).map(|region| region.name.clone());
            if found.is_none() {
                let typed = cut_end(&clean(typed), 40).into_owned();
                notes.push(Safe::from(format!(
                    "the region \"{typed}\" is unknown in {cloud} and left out"
                )));
            }
            found
        };
        for region in self.regions.iter().take(MOST) {
            if let Some(region) = known(region) {
                profile.add_region(&region);
            }
        }
        if let Some(home) = self.home.as_deref().and_then(&mut known) {
            profile.set_home(&home);
        }
        profile.sku = self.sku;
        profile.switches = self.switches;
        if !self.clients.is_empty() {
            profile.clients = self.clients;
        }
        profile.public_access = self.public_access;
        profile.subnet_rules = self.subnet_rules;
        profile.address_rules = self.address_rules;
        profile.denies = self.denies;
        profile.trusts_services = self.trusts_services;
        profile.trusts_tasks = self.trusts_tasks;
        let mut hosts = |hosts: Vec<NamedHost>| {
            let mut kept = hosts;
            let all = kept.len();
            kept.truncate(MOST);
            kept.retain(|host| is_host(&host.host));
            for host in &mut kept {
                let region = host.region.as_deref();
                let region = region.and_then(|region| regions.find(cloud, region));
                host.region = region.map(|region| region.name.clone());
            }
            if kept.len() < all {
                let count = all - kept.len();
                notes.push(Safe::from(format!(
                    "{count} names that are no registry's hosts are left out"
                )));
            }
            kept
        };
        profile.data_hosts = hosts(self.data_hosts);
        profile.regional_hosts = hosts(self.regional_hosts);
        notes.truncate(20);
        LoadedProfile { profile, notes }
    }
}

/// A name below a domain of registries, in lower case and without the underscores that only other
/// names have.
fn is_host(host: &str) -> bool {
    let is_letter = |b: u8| !b.is_ascii_uppercase() && b != b'_';
    is_host_name(host) && host.bytes().all(is_letter) && CloudDomains::split(host).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::{Cloud, Facts};

    fn profile(name: &str) -> Profile {
        let name = RegistryName::parse(name).unwrap();
        let mut profile = Profile::new(&name, name.cloud.unwrap_or(Cloud::Public));
        profile.sku = Some(Sku::Premium);
        profile.add_region("eastus");
        profile.set_home("westeurope");
        profile.set(Switch::DataEndpoints, true);
        profile.clients.insert(Client::CiAgent);
        profile.public_access = Some(false);
        profile.subnet_rules = Some(2);
        profile.data_hosts = vec![NamedHost {
            region: Some("eastus".to_owned()),
            host: "contoso.eastus.data.azurecr.io".to_owned(),
        }];
        profile
    }

    #[test]
    fn what_was_saved_is_loaded_and_no_other_registry_is_written_over() {
        let regions = Facts::embedded().regions;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new/registries");
        assert_eq!(profile_names(&folder), Vec::<String>::new());
        let mut one = profile("contoso.azurecr.io");
        assert!(!save_profile(&folder, "my-reg", &one, &regions).unwrap());
        let loaded = load_profile(&folder, "my-reg", &regions).unwrap();
        assert_eq!((&loaded.profile, loaded.notes.len()), (&one, 0));
        one.sku = None;
        assert!(save_profile(&folder, "my-reg", &one, &regions).unwrap());
        let loaded = load_profile(&folder, "my-reg", &regions).unwrap();
        assert_eq!(loaded.profile, one);
        let other = profile("fabrikam.azurecr.us");
        let error = save_profile(&folder, "my-reg", &other, &regions).unwrap_err();
        assert!(error.to_string().contains("taken by contoso.azurecr.io"));
        fs::write(folder.join("broken.toml"), "registry = [").unwrap();
        let error = save_profile(&folder, "broken", &one, &regions).unwrap_err();
        assert!(error.to_string().contains("a file that is no saved"));
        assert_eq!(profile_names(&folder), ["broken", "my-reg"]);
    }

    #[test]
    fn a_damaged_or_hostile_file_ends_in_a_sentence() {
        let regions = Facts::embedded().regions;
        let folder = tempfile::tempdir().unwrap();
        let load = |text: &str| {
            fs::write(folder.path().join("x.toml"), text).unwrap();
            load_profile(folder.path(), "x", &regions)
        };
        for (text, part) in [
            ("", "no saved registry"),
            ("\u{1b}]0;x\u{7}", "no saved registry"),
            ("version = 9\nregistry = \"contoso\"", "reads up to 1"),
            ("version = 1\nregistry = \"a\\u001bb\"", "names no registry"),
            (
                "version = 1\nregistry = \"contoso\"\nclients = [\"\\u202e\"]",
                "no saved registry",
            ),
        ] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
            assert!(!error.contains(['\u{1b}', '\u{202e}']), "{error}");
        }
        let odd = "version = 1\nregistry = \"contoso\"\nregions = [\"moon\\u001b\", \"West Europe\"]\n\
                   [[data-hosts]]\nhost = \"\\u001b.azurecr.io\"\n";
        let loaded = load(odd).unwrap();
        assert_eq!(loaded.profile.regions, ["westeurope"]);
        assert!(loaded.profile.data_hosts.is_empty());
        assert_eq!(loaded.notes.len(), 2);
        fs::write(folder.path().join("x.toml"), vec![b' '; 300 << 10]).unwrap();
        assert!(load_profile(folder.path(), "x", &regions).is_err());
        for name in [
            "",
            "../x",
            "a/b",
            ".x",
            "x\0",
            "é",
            "C:\\x",
            &"a".repeat(65),
        ] {
            let error = load_profile(folder.path(), name, &regions).unwrap_err();
            assert!(matches!(error, ProfileError::Name { .. }), "{name}");
        }
        let error = load_profile(folder.path(), "xx", &regions).unwrap_err();
        assert!(error.to_string().contains("no registry is saved as xx"));
    }
}
