//! Failures → what they mean and what to do.

use std::net::IpAddr;

use crate::azure::Specials;
use crate::query::Dataset;
use crate::query::explain::client::{AddressScope, SeenClient};
use crate::query::explain::prose::{AdvicePlaceholder, AdviceStep, FailureAdvice, Scene, Sentence};
use crate::query::explain::{Complaint, NamedRegistry};
use crate::text::Safe;

/// The explanations of a text, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainAnswer {
    /// One for each failure.
    pub complaints: Vec<Explained>,
}

/// What is said of one failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Which failure: `registry-denied`, `dns`, `health:CMK_ERROR`.
    pub id: &'static str,
    /// It in a few words.
    pub title: String,
    /// One or two sentences.
    pub meaning: String,
    /// The lines of the text on which it begins, from 1; several where it is told again.
    pub lines: Vec<usize>,
    /// What else the text tells of, which this explains: id and title.
    pub also: Vec<AlsoSeen>,
    /// The program that speaks.
    pub program: Option<&'static str>,
    /// The statuses of HTTP, in order.
    pub statuses: Vec<u16>,
    /// The registry, where the text names one.
    pub registry: Option<NamedRegistry>,
    /// The image, where the text names one.
    pub image: Option<Safe>,
    /// The host that failed, where it is another than the login server.
    pub host: Option<Safe>,
    /// The address that the registry saw.
    pub client: Option<SeenClient>,
    /// The address that the client connected to.
    pub server: Option<SeenClient>,
    /// The likeliest first.
    pub causes: Vec<Sentence>,
    /// Commands that show what is the case.
    pub checks: Vec<AdviceStep>,
    /// The smallest change.
    pub changes: Vec<AdviceStep>,
    /// Other changes, each instead of it.
    pub alternatives: Vec<AdviceStep>,
    /// Commands that show whether it has helped.
    pub verify: Vec<AdviceStep>,
    /// What would not help.
    pub would_not_help: Vec<Sentence>,
    /// What must be known besides.
    pub notes: Vec<Sentence>,
    /// What the commands leave open.
    pub placeholders: Vec<AdvicePlaceholder>,
    /// The pages of Microsoft's documents that say it.
    pub documents: Vec<&'static str>,
}

/// A problem that another explains.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AlsoSeen {
    /// Its id.
    pub id: &'static str,
    /// It in a few words.
    pub title: String,
}

/// The services whose addresses a registry's clients need.
const SERVICES: [&str; 6] = [
    "AzureContainerRegistry",
    "MicrosoftContainerRegistry",
    "AzureFrontDoor",
    "Storage",
    "AzureActiveDirectory",
    "AzureResourceManager",
];

/// Explains failures; without a week the tags of addresses stay unknown.
#[must_use]
pub fn ask(complaints: &[Complaint], dataset: Option<&Dataset>) -> ExplainAnswer {
    let specials = Specials::embedded();
    ExplainAnswer {
        complaints: complaints
            .iter()
            .filter_map(|complaint| explained(complaint, dataset, &specials))
            .collect(),
    }
}

/// `None` for a row of a firewall about an address that is of no registry.
fn explained(
    complaint: &Complaint,
    dataset: Option<&Dataset>,
    specials: &Specials,
) -> Option<Explained> {
    let seen = |address: IpAddr| SeenClient::of(address, dataset, specials);
    let client = complaint.client.map(seen);
    let server = complaint.server.map(seen);
    let id = complaint.problem.id();
    if id == "firewall-log"
        && complaint.facts.named_host.is_none()
        && let Some(server) = &server
        && dataset.is_some()
        && server.scope == AddressScope::Public
        && !SERVICES.iter().any(|service| server.is_in(service))
    {
        return None;
    }
    let scene = Scene::of(complaint, client.as_ref(), dataset);
    let advice = FailureAdvice::of(id, &scene);
    let also = complaint.also.iter().map(|problem| AlsoSeen {
        id: problem.id(),
        title: FailureAdvice::of(problem.id(), &scene).title,
    });
    let placeholders = advice.placeholders();
    Some(Explained {
        id,
        title: advice.title,
        meaning: advice.meaning,
        lines: complaint.lines.clone(),
        also: also.collect(),
        program: scene.program(),
        statuses: complaint.statuses.clone(),
        registry: complaint.registry.clone(),
        image: complaint.image.clone(),
        host: complaint.host.clone(),
        client,
        server,
        causes: advice.causes,
        checks: advice.checks,
        changes: advice.changes,
        alternatives: advice.alternatives,
        verify: advice.verify,
        would_not_help: advice.useless,
        notes: advice.notes,
        placeholders,
        documents: advice.documents,
    })
}

impl ExplainAnswer {
    /// Everything for a shell: the commands as they are, what else is to be read as comments, and
    /// changes that stand instead of another as comments too.
    #[must_use]
    pub fn script(&self) -> String {
        let mut lines = Vec::new();
        for explained in &self.complaints {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            explained.push_script(&mut lines);
        }
        lines.join("\n")
    }
}

impl Explained {
    /// The commands in full, with comments.
    fn push_script(&self, lines: &mut Vec<String>) {
        lines.push(format!("# {}: {}", self.id, self.title));
        for open in &self.placeholders {
            lines.push(format!("# {}: {}", open.name, open.meaning));
        }
        let mut push = |steps: &[AdviceStep], mark: &str| {
            for step in steps {
                lines.push(format!("# {}", step.text));
                let commands = step.commands.iter();
                lines.extend(commands.map(|command| format!("{mark}{command}")));
            }
        };
        push(&self.checks, "");
        push(&self.changes, "");
        push(&self.alternatives, "# ");
        push(&self.verify, "");
    }
}
