//! Failures → what they mean and what to do.

use crate::azure::{Cloud, Specials};
use crate::query::Dataset;
use crate::query::explain::advice::{
    AdvicePlaceholder, AdviceStep, FailureAdvice, Names, Sentence,
};
use crate::query::explain::client::{AddressScope, SeenClient};
use crate::query::explain::codes::HealthCode;
use crate::query::explain::{Complaint, NamedRegistry, Problem};
use crate::query::explain::{denied, health, layers, network, setup};
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
    pub title: &'static str,
    /// One or two sentences.
    pub meaning: String,
    /// The registry, where the text names one.
    pub registry: Option<NamedRegistry>,
    /// The image, where the text names one.
    pub image: Option<Safe>,
    /// The host that failed, where it is another than the login server.
    pub host: Option<Safe>,
    /// The address that the registry saw.
    pub client: Option<SeenClient>,
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
}

/// Explains failures; without a week the tags of addresses stay unknown.
#[must_use]
pub fn ask(complaints: &[Complaint], dataset: Option<&Dataset>) -> ExplainAnswer {
    let specials = Specials::embedded();
    ExplainAnswer {
        complaints: complaints
            .iter()
            .map(|complaint| explained(complaint, dataset, &specials))
            .collect(),
    }
}

fn explained(complaint: &Complaint, dataset: Option<&Dataset>, specials: &Specials) -> Explained {
    let client = complaint
        .client
        .map(|address| SeenClient::of(address, dataset, specials));
    let names = Names::of(complaint);
    let week = dataset.map(Dataset::cloud);
    let mut advice = advice(complaint, (client.as_ref(), week), &names);
    registry_notes(complaint, &mut advice);
    cloud_note(complaint, client.as_ref(), dataset, &mut advice);
    let placeholders = advice.placeholders();
    Explained {
        id: complaint.problem.id(),
        title: advice.title,
        meaning: advice.meaning,
        registry: complaint.registry.clone(),
        image: complaint.image.clone(),
        host: complaint.host.clone(),
        client,
        causes: advice.causes,
        checks: advice.checks,
        changes: advice.changes,
        alternatives: advice.alternatives,
        verify: advice.verify,
        would_not_help: advice.useless,
        notes: advice.notes,
        placeholders,
    }
}

fn advice(
    complaint: &Complaint,
    (client, week): (Option<&SeenClient>, Option<Cloud>),
    names: &Names,
) -> FailureAdvice {
    match &complaint.problem {
        Problem::Denied => denied::denied(client, names, week),
        Problem::Forbidden => denied::forbidden(names),
        Problem::Dns => network::dns(complaint, names),
        Problem::Timeout => network::timeout(complaint, names),
        Problem::Proxy => network::proxy(names),
        Problem::Certificate => network::certificate(complaint, names),
        Problem::Refused => network::cut(complaint, names, true),
        Problem::Reset => network::cut(complaint, names, false),
        Problem::Unreachable => network::unreachable(complaint, names),
        Problem::Unauthorized => network::unauthorized(names),
        Problem::Throttled => network::throttled(names),
        Problem::DockerHub => layers::docker_hub(names),
        Problem::Microsoft => layers::microsoft(complaint, names),
        Problem::DataEndpoint => layers::unreached(complaint, names),
        Problem::DataForbidden => layers::forbidden(complaint, names),
        Problem::Health(code) => health::health(*code, complaint, names),
        Problem::SubnetRule => setup::subnet_rule(names),
        Problem::Subscription => setup::subscription(names),
        Problem::Portal => setup::portal(names),
        Problem::ServiceEndpoints(services) => setup::service_endpoints(services, names),
    }
}

/// What was taken for granted of the registry's name.
fn registry_notes(complaint: &Complaint, advice: &mut FailureAdvice) {
    let Some(registry) = &complaint.registry else {
        return;
    };
    match (&registry.login_server, &registry.name) {
        (Some(login), Some(name)) if registry.is_assumed => advice.presume(format!(
            "The commands say {name}: the part of {login} before the dash, which a hash follows."
        )),
        (Some(login), None) => advice.note(format!(
            "{login} begins with no valid name of a registry (5 to 50 letters and digits), so the \
             commands say <registry>."
        )),
        _ => {}
    }
}

/// The week may be of another cloud than the registry.
fn cloud_note(
    complaint: &Complaint,
    client: Option<&SeenClient>,
    dataset: Option<&Dataset>,
    advice: &mut FailureAdvice,
) {
    let cloud = complaint
        .registry
        .as_ref()
        .and_then(|registry| registry.cloud);
    let is_public = client.is_some_and(|client| client.scope == AddressScope::Public);
    if let (Some(cloud), Some(dataset)) = (cloud, dataset)
        && is_public
        && dataset.cloud() != cloud
    {
        advice.note(format!(
            "The tags are of the cloud {}, the registry is in {cloud} (--cloud {}).",
            dataset.cloud(),
            cloud.flag()
        ));
    }
}

impl Problem {
    /// Which failure it is, for scripts.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Denied => "registry-denied",
            Self::Forbidden => "registry-forbidden",
            Self::Dns => "dns",
            Self::Timeout => "timeout",
            Self::Proxy => "proxy",
            Self::Certificate => "certificate",
            Self::Refused => "connection-refused",
            Self::Reset => "connection-reset",
            Self::Unreachable => "unreachable",
            Self::Unauthorized => "unauthorized",
            Self::Throttled => "throttled",
            Self::DockerHub => "docker-hub",
            Self::Microsoft => "microsoft-registry",
            Self::DataEndpoint => "data-endpoint",
            Self::DataForbidden => "data-endpoint-forbidden",
            Self::Health(code) => HealthCode::id(*code),
            Self::SubnetRule => "subnet-rule",
            Self::Subscription => "provider-registration",
            Self::Portal => "portal",
            Self::ServiceEndpoints(_) => "service-endpoints",
        }
    }
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
