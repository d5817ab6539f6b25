//! The codes of `az acr check-health`, each with its causes and its change.

use crate::query::explain::Complaint;
use crate::query::explain::advice::{FailureAdvice, Names};
use crate::query::explain::codes::HealthCode;
use crate::query::explain::{denied, network};

pub(super) fn health(code: HealthCode, complaint: &Complaint, names: &Names) -> FailureAdvice {
    match code {
        HealthCode::DockerCommand
        | HealthCode::DockerDaemon
        | HealthCode::DockerVersion
        | HealthCode::DockerPull => docker(code, names),
        HealthCode::HelmCommand
        | HealthCode::HelmVersion
        | HealthCode::NotaryCommand
        | HealthCode::NotaryVersion => tool(code),
        HealthCode::Cmk => key(names),
        HealthCode::Dns => network::dns(complaint, names),
        HealthCode::Forbidden => denied::forbidden(names),
        HealthCode::Challenge | HealthCode::WwwAuthenticate => challenge(code, names),
        HealthCode::AadLogin => entra(names),
        HealthCode::RefreshToken | HealthCode::AccessToken => token(code, names),
        HealthCode::Ssl => network::certificate(complaint, names),
        HealthCode::TooManyRequests => network::throttled(names),
        HealthCode::LoginServer => login_server(names),
    }
}

/// The machine's own tools, which say nothing of the registry.
fn docker(code: HealthCode, names: &Names) -> FailureAdvice {
    let mut advice = match code {
        HealthCode::DockerCommand => {
            let mut advice = FailureAdvice::new(
                "no Docker client here",
                "Azure CLI found no docker command on this machine; the checks of the daemon and of \
                 a pull were left out.",
            );
            advice.cause("Docker is not installed, or its folder is not in PATH.");
            advice.check("Whether it is found", ["command -v docker"]);
            advice.change_elsewhere("Install Docker, or add its folder to PATH.");
            advice
        }
        HealthCode::DockerDaemon => {
            let mut advice = FailureAdvice::new(
                "Docker's daemon does not answer",
                "The docker command is there, but its daemon does not run or may not be used by this \
                 user: neither login nor pull works here.",
            );
            advice.cause("The daemon does not run.");
            advice.maybe("This user may not use its socket.");
            advice.check("What the daemon says", ["docker info"]);
            advice.change("Start it", ["sudo systemctl start docker"]);
            advice
        }
        HealthCode::DockerVersion => {
            let mut advice = FailureAdvice::new(
                "Docker's version cannot be read",
                "docker --version failed or gave no version.",
            );
            advice.cause("The command or Azure CLI is too old, or the installation is damaged.");
            advice.check("What it says itself", ["docker --version"]);
            advice.change("Bring Azure CLI up to date", ["az upgrade"]);
            advice
        }
        _ => {
            let mut advice = FailureAdvice::new(
                "the sample image could not be pulled",
                "The check pulls mcr.microsoft.com/mcr/hello-world from Microsoft's own registry, \
                 and that failed: it says nothing of your registry yet.",
            );
            advice.cause(
                "The firewall does not let mcr.microsoft.com and *.data.mcr.microsoft.com through: \
                 two tags, MicrosoftContainerRegistry and AzureFrontDoor.FirstParty.",
            );
            advice.cause("The daemon does not work, or has no proxy settings.");
            let pull = "docker pull mcr.microsoft.com/mcr/hello-world";
            advice.check("What the daemon says", [pull]);
            advice.change_elsewhere("Open both hosts on TCP 443, or leave this check aside.");
            advice
        }
    };
    advice.then("Then", [names.health()]);
    advice.in_vain("Network rules, roles or the firewall of your registry.");
    advice
}

fn tool(code: HealthCode) -> FailureAdvice {
    let (title, meaning): (&'static str, &'static str) = match code {
        HealthCode::HelmCommand => ("no Helm client here", "Azure CLI found no helm command."),
        HealthCode::HelmVersion => (
            "Helm's version cannot be read, or is too old",
            "helm gave no version that Azure CLI understands.",
        ),
        HealthCode::NotaryCommand => (
            "no Notary client here",
            "Azure CLI found no notary command.",
        ),
        _ => (
            "Notary's version does not fit",
            "Azure CLI does not work with the notary that is installed.",
        ),
    };
    let mut advice = FailureAdvice::new(title, meaning);
    match code {
        HealthCode::HelmCommand => {
            advice.cause("Helm is not installed, or its folder is not in PATH.");
            advice.check("Whether it is found", ["command -v helm"]);
            advice.change_elsewhere("Install Helm, or add its folder to PATH.");
        }
        HealthCode::HelmVersion => {
            advice.cause("Azure CLI or Helm is out of date.");
            advice.check("What it says itself", ["helm version --client"]);
            advice.change("Bring Azure CLI up to date, and Helm", ["az upgrade"]);
        }
        HealthCode::NotaryCommand => {
            advice.maybe("Notary is not installed, or its folder is not in PATH.");
            advice.check("Whether it is found", ["command -v notary"]);
            advice.change_elsewhere("Install Notary, where images are to be signed with it.");
        }
        _ => {
            advice.cause("Notary is newer than Azure CLI expects: earlier than 0.6.0.");
            advice.check("What it says itself", ["notary version"]);
            advice.change_elsewhere("Install a Notary earlier than 0.6.0.");
        }
    }
    advice.in_vain("Network rules or roles of the registry: only this machine is concerned.");
    advice.note("Pulling images does not need it.");
    advice
}

fn key(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the identity of the registry's own key is gone",
        "The registry is encrypted with a customer-managed key, and cannot use the managed identity \
         that opens the key.",
    );
    advice.cause("The identity was deleted.");
    advice.maybe("It may no longer use the key, or the key vault does not let it in.");
    let show = format!("az acr encryption show --name {}", names.registry);
    advice.check("Which key and which identity", [show]);
    advice.change_elsewhere(
        "Give the registry another identity that may use the key, and rotate the key with it.",
    );
    advice.in_vain("Network rules of the registry, firewall rules or signing in again.");
    advice.note("Data under a key that is lost for good is lost too.");
    advice
}

fn challenge(code: HealthCode, names: &Names) -> FailureAdvice {
    let meaning = if code == HealthCode::Challenge {
        "Something answered, but did not ask for a sign-in as a registry does."
    } else {
        "Something answered, but asked neither for basic nor for bearer sign-in as a registry does."
    };
    let mut advice = FailureAdvice::new("not the answer of a registry", meaning);
    advice.cause("The service has a passing fault.");
    advice.maybe("A proxy or captive portal answers in the registry's place.");
    advice.check(
        "What answers: a registry says 401 and WWW-Authenticate",
        [format!("curl -sSi https://{}/v2/", names.login)],
    );
    advice.change_elsewhere("Try again later; take the proxy out of the way where it answers.");
    advice.then("Then", [names.health()]);
    advice.in_vain("Roles or signing in again.");
    advice
}

/// D7: a registry that does not take Entra.
fn entra(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "no sign-in with Microsoft Entra",
        "The registry asks for a sign-in, but offers none with Microsoft Entra.",
    );
    advice.cause("This registry does not take it; other ways to sign in may be open.");
    advice.check(
        "What it offers",
        [format!("curl -sSi https://{}/v2/", names.login)],
    );
    advice.change(
        "Sign in with a token or the admin user",
        [format!("docker login {}", names.login)],
    );
    advice.in_vain("Network rules or firewall rules: the registry was reached.");
    advice
}

/// D7: the token that signs in.
fn token(code: HealthCode, names: &Names) -> FailureAdvice {
    let what = if code == HealthCode::RefreshToken {
        "a refresh token"
    } else {
        "an access token"
    };
    let mut advice = FailureAdvice::new(
        "the registry gave no token",
        format!(
            "The registry was reached and let the client through, but refused {what}: the network is \
             not the cause."
        ),
    );
    advice.cause("The identity lacks a role on the registry, or on this repository.");
    advice.cause("Azure CLI is signed in with an old token, or as somebody else.");
    advice.check(
        "Who is signed in",
        ["az account show --query user".to_owned()],
    );
    advice.change(
        "Sign in again",
        [
            "az login".to_owned(),
            format!("az acr login --name {}", names.registry),
        ],
    );
    advice.instead(
        "Or give the identity its role",
        [format!(
            "az role assignment create --assignee <identity> --role AcrPull --scope \"$(az acr show \
             --name {} --query id -o tsv)\"",
            names.registry
        )],
    );
    advice.then("Then", [names.health()]);
    advice.in_vain("Network rules, firewall rules or service tags.");
    advice
}

fn login_server(names: &Names) -> FailureAdvice {
    let mut advice = FailureAdvice::new(
        "the registry is not found",
        "Azure CLI could not find this registry's login server; the registry itself was not asked.",
    );
    advice.cause("The name is misspelt, or there is no such registry in the subscription.");
    advice.cause("This user may not read the registry.");
    advice.cause("Azure CLI is set to another cloud than the registry's, or is out of date.");
    advice.check(
        "Cloud, subscription and registries in use",
        [
            "az cloud show --query name -o tsv".to_owned(),
            "az account show --query name -o tsv".to_owned(),
            "az acr list --query \"[].loginServer\" -o tsv".to_owned(),
        ],
    );
    advice.change_elsewhere(
        "Correct the name, or choose the subscription in which the registry is. It is the resource's \
         name, without suffix and without a hash.",
    );
    // Without a suffix nothing says that the cloud is wrong.
    if let Some(cloud) = names.cloud {
        advice.instead(
            "Or choose the registry's cloud, and sign in to it",
            [
                format!("az cloud set --name {}", cloud_of_cli(cloud)),
                "az login".to_owned(),
            ],
        );
    }
    advice.then("Then", [names.health()]);
    advice.in_vain("Network rules or firewall rules.");
    advice
}

/// The name by which Azure CLI knows a cloud.
const fn cloud_of_cli(cloud: crate::azure::Cloud) -> &'static str {
    use crate::azure::Cloud;
    match cloud {
        Cloud::Public => "AzureCloud",
        Cloud::AzureGovernment => "AzureUSGovernment",
        Cloud::China => "AzureChinaCloud",
        Cloud::AzureGermany => "AzureGermanCloud",
    }
}
