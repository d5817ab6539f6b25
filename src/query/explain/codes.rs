//! The codes of `az acr check-health`.

/// What stands before the code in an id.
const PREFIX: &str = "health:";

/// A code of `az acr check-health`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HealthCode {
    /// No Docker client.
    DockerCommand,
    /// No Docker daemon.
    DockerDaemon,
    /// The client's version cannot be read.
    DockerVersion,
    /// The sample image of Microsoft's registry cannot be pulled.
    DockerPull,
    /// No Helm client.
    HelmCommand,
    /// The client's version cannot be read or is too old.
    HelmVersion,
    /// No Notary client.
    NotaryCommand,
    /// The client's version does not fit.
    NotaryVersion,
    /// The identity of the registry's own key is gone.
    Cmk,
    /// The login server's name has no address.
    Dns,
    /// 403 from the login server.
    Forbidden,
    /// No challenge from the login server.
    Challenge,
    /// The challenge has no sign-in with Microsoft Entra.
    AadLogin,
    /// The challenge asks for neither basic nor bearer.
    WwwAuthenticate,
    /// No refresh token.
    RefreshToken,
    /// No access token.
    AccessToken,
    /// No TLS connection.
    Ssl,
    /// 429.
    TooManyRequests,
    /// The login server of a registry cannot be found.
    LoginServer,
}

impl HealthCode {
    /// Every code.
    pub const ALL: [Self; 19] = [
        Self::DockerCommand,
        Self::DockerDaemon,
        Self::DockerVersion,
        Self::DockerPull,
        Self::HelmCommand,
        Self::HelmVersion,
        Self::NotaryCommand,
        Self::NotaryVersion,
        Self::Cmk,
        Self::Dns,
        Self::Forbidden,
        Self::Challenge,
        Self::AadLogin,
        Self::WwwAuthenticate,
        Self::RefreshToken,
        Self::AccessToken,
        Self::Ssl,
        Self::TooManyRequests,
        Self::LoginServer,
    ];

    /// The code as Azure CLI writes it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.id().trim_start_matches(PREFIX)
    }

    /// The id of its explanation.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DockerCommand => "health:DOCKER_COMMAND_ERROR",
            Self::DockerDaemon => "health:DOCKER_DAEMON_ERROR",
            Self::DockerVersion => "health:DOCKER_VERSION_ERROR",
            Self::DockerPull => "health:DOCKER_PULL_ERROR",
            Self::HelmCommand => "health:HELM_COMMAND_ERROR",
            Self::HelmVersion => "health:HELM_VERSION_ERROR",
            Self::NotaryCommand => "health:NOTARY_COMMAND_ERROR",
            Self::NotaryVersion => "health:NOTARY_VERSION_ERROR",
            Self::Cmk => "health:CMK_ERROR",
            Self::Dns => "health:CONNECTIVITY_DNS_ERROR",
            Self::Forbidden => "health:CONNECTIVITY_FORBIDDEN_ERROR",
            Self::Challenge => "health:CONNECTIVITY_CHALLENGE_ERROR",
            Self::AadLogin => "health:CONNECTIVITY_AAD_LOGIN_ERROR",
            Self::WwwAuthenticate => "health:CONNECTIVITY_WWW_AUTHENTICATE_ERROR",
            Self::RefreshToken => "health:CONNECTIVITY_REFRESH_TOKEN_ERROR",
            Self::AccessToken => "health:CONNECTIVITY_ACCESS_TOKEN_ERROR",
            Self::Ssl => "health:CONNECTIVITY_SSL_ERROR",
            Self::TooManyRequests => "health:CONNECTIVITY_TOOMANYREQUESTS_ERROR",
            Self::LoginServer => "health:LOGIN_SERVER_ERROR",
        }
    }

    /// What Azure CLI says where it leaves the code out, in lower case and without spaces; empty
    /// where the sentence says too little.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::Challenge => "didnotissueachallenge",
            Self::AadLogin => "doesnotsupportaadlogin",
            Self::WwwAuthenticate => "didnotaskproperlyforabasicorabearer",
            Self::LoginServer => "retrievingtheloginserverforregistry",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_code_behind_a_word() {
        for code in HealthCode::ALL {
            assert_eq!(code.id(), format!("{PREFIX}{}", code.code()));
            assert!(code.code().ends_with("_ERROR"));
        }
    }
}
