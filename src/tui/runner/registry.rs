//! Tasks of the view Endpoints: saved registries, documents, probes.

use std::path::Path;

use tokio::sync::mpsc::UnboundedSender;

use crate::azure::Facts;
use crate::azure::registry::{Imported, Profile};
use crate::net::probe_all;
use crate::query::probe::ProbeTarget;
use crate::settings::FetchPlaces;
use crate::source::{probe_options, read_registry};
use crate::store::{Input, LoadedProfile, ProfileError, load_profile, save_profile};
use crate::text::Safe;
use crate::tui::runner::chain;
use crate::tui::{Message, Ticket};

pub fn load(folder: Option<&Path>, name: &str) -> Result<LoadedProfile, Safe> {
    let folder = folder.ok_or(ProfileError::NoFolder);
    let loaded = folder.and_then(|folder| load_profile(folder, name, &Facts::embedded().regions));
    loaded.map_err(|error| chain(&error))
}

pub fn save(folder: Option<&Path>, name: &str, profile: &Profile) -> Result<Safe, Safe> {
    let regions = &Facts::embedded().regions;
    let folder = folder.ok_or(ProfileError::NoFolder);
    match folder.and_then(|folder| save_profile(folder, name, profile, regions)) {
        Ok(is_replaced) => {
            let over = if is_replaced {
                " in place of what was saved before"
            } else {
                ""
            };
            let registry = profile.login_server();
            let text = format!("saved {registry} as {name}{over}; :load {name} opens it");
            Ok(Safe::from(text))
        }
        Err(error) => Err(chain(&error)),
    }
}

pub fn import(path: &Path) -> Result<Imported, Safe> {
    let input = Input::File(path.to_owned());
    read_registry(&input, &Facts::embedded().regions).map_err(|error| chain(&error))
}

/// Asks the hosts; each answer is sent when it comes.
pub async fn probe(
    ticket: Ticket,
    targets: Vec<ProbeTarget>,
    places: FetchPlaces,
    messages: UnboundedSender<Message>,
) -> Result<(), Safe> {
    // A file of roots may have to be read.
    let options = tokio::task::spawn_blocking(move || probe_options(&places)).await;
    let options = match options {
        Ok(Ok(options)) => options,
        Ok(Err(error)) => return Err(chain(&error)),
        Err(_) => return Err(Safe::new("the probe failed inside the program")),
    };
    probe_all(targets, &options, |place, probe| {
        let probe = Box::new(probe);
        // The loop has ended when nobody listens.
        let _ = messages.send(Message::Probed {
            ticket,
            place,
            probe,
        });
    })
    .await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::Cloud;
    use crate::azure::registry::RegistryName;

    fn said(saved: Result<Safe, Safe>) -> String {
        match saved {
            Ok(text) | Err(text) => text.to_string(),
        }
    }

    #[test]
    fn registries_are_kept_beside_the_settings_or_the_reason_is_said() {
        let name = RegistryName::parse("contoso").unwrap();
        let profile = Profile::new(&name, Cloud::Public);
        let home = tempfile::tempdir().unwrap();
        let folder = Some(home.path());
        let text = said(save(folder, "one", &profile));
        assert!(text.contains("saved contoso.azurecr.io as one;"), "{text}");
        let text = said(save(folder, "one", &profile));
        assert!(text.contains("in place of what was saved before"), "{text}");
        let loaded = load(folder, "one").unwrap();
        assert_eq!(loaded.profile, profile);
        assert!(
            load(folder, "two")
                .unwrap_err()
                .as_str()
                .contains("no registry is saved as two")
        );
        assert!(said(save(folder, "../two", &profile)).contains("is no name"));
        assert!(
            load(None, "one")
                .unwrap_err()
                .as_str()
                .contains("no home folder")
        );
    }

    #[tokio::test]
    async fn each_answer_is_sent_with_its_ticket_and_place() {
        // Nobody listens on a port that was free a moment ago.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let target = ProbeTarget {
            host: "127.0.0.1".to_owned(),
            port,
            check: crate::query::probe::ProbeCheck::Tls,
        };
        let (sender, mut messages) = tokio::sync::mpsc::unbounded_channel();
        // A proxy of the environment would lead elsewhere.
        let places = FetchPlaces {
            proxy: Some(format!("http://127.0.0.1:{port}")),
            ..FetchPlaces::default()
        };
        let outcome = probe(Ticket(3), vec![target], places, sender).await;
        assert_eq!(outcome, Ok(()));
        let Some(Message::Probed {
            ticket: Ticket(3),
            place: 0,
            probe,
        }) = messages.recv().await
        else {
            panic!("nothing was sent");
        };
        assert_eq!(
            probe.verdict(),
            crate::query::probe::ProbeVerdict::Unreachable
        );
    }

    #[test]
    fn a_file_that_is_no_registry_is_named() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("nsg.json");
        assert!(import(&path).unwrap_err().as_str().contains("cannot read"));
        std::fs::write(&path, "{\"securityRules\":[]}").unwrap();
        let text = import(&path).unwrap_err();
        assert!(
            text.as_str().contains("nsg.json is a JSON object with"),
            "{text}"
        );
        std::fs::write(&path, "{\"loginServer\":\"contoso.azurecr.io\"}").unwrap();
        assert!(import(&path).is_ok());
    }
}
