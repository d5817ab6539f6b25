//! Every form in which a failed pull, login or health check is pasted, and every text that is none.

use tagscope::query::explain::{Complaint, problem_ids, recognise};

/// Id, address, registry's name, image.
type Seen = (String, String, String, String);

fn seen(complaint: &Complaint) -> Seen {
    let registry = complaint.registry.clone().unwrap_or_default();
    let text = |text: Option<String>| text.unwrap_or_default();
    (
        complaint.problem.id().to_owned(),
        text(complaint.client.map(|ip| ip.to_string())),
        text(registry.name),
        text(complaint.image.as_ref().map(ToString::to_string)),
    )
}

#[track_caller]
fn assert_one(text: &str, id: &str, client: &str, registry: &str, image: &str) {
    let found: Vec<Seen> = recognise(text).iter().map(seen).collect();
    let expected = [id, client, registry, image].map(str::to_owned);
    let [id, client, registry, image] = expected;
    assert_eq!(found, [(id, client, registry, image)], "{text}");
}

fn ids(text: &str) -> Vec<&'static str> {
    recognise(text)
        .iter()
        .map(|complaint| complaint.problem.id())
        .collect()
}

/// What each client puts around the refusal, and the image that it names.
const WRAPPED: &[(&str, &str)] = &[
    // docker
    (
        "Error response from daemon: Get \"https://contoso.azurecr.io/v2/\": denied: BODY",
        "",
    ),
    (
        "Error response from daemon: Head \"https://contoso.azurecr.io/v2/app/web/manifests/1.2\": denied: BARE",
        "contoso.azurecr.io/app/web:1.2",
    ),
    // containerd and ctr
    (
        "ctr: failed to resolve reference \"contoso.azurecr.io/app/web:1.2\": unexpected status from HEAD request to https://contoso.azurecr.io/v2/app/web/manifests/1.2: 403 Forbidden: denied: BARE",
        "contoso.azurecr.io/app/web:1.2",
    ),
    // kubelet
    (
        "  Warning  Failed     12s (x2 over 25s)  kubelet  Failed to pull image \"contoso.azurecr.io/app/web:1.2\": [rpc error: code = Unknown desc = failed to pull and unpack image \"contoso.azurecr.io/app/web:1.2\": failed to resolve reference \"contoso.azurecr.io/app/web:1.2\": denied: BARE, rpc error: code = Unknown desc = failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://contoso.azurecr.io/oauth2/token?scope=repository%3Aapp%2Fweb%3Apull&service=contoso.azurecr.io: 401 Unauthorized]\n  Warning  Failed  12s  kubelet  Error: ErrImagePull\n  Normal  BackOff  1s  kubelet  Back-off pulling image \"contoso.azurecr.io/app/web:1.2\"\n  Warning  Failed  1s  kubelet  Error: ImagePullBackOff",
        "contoso.azurecr.io/app/web:1.2",
    ),
    // buildx
    (
        "#7 ERROR: failed to push contoso.azurecr.io/app/web:1.2: denied: BODY\n------\n > exporting to image:\n------",
        "contoso.azurecr.io/app/web:1.2",
    ),
    // az
    (
        "Unable to get AAD authorization tokens with message: An error occurred: CONNECTIVITY\nERROR: denied: BARE\n az acr login --name contoso",
        "",
    ),
    // helm, oras
    (
        "Error: GET \"https://contoso.azurecr.io/v2/charts/app/tags/list\": response status code 403: denied: BARE",
        "",
    ),
    (
        "Error: failed to resolve contoso.azurecr.io/app/web:1.2: HEAD \"https://contoso.azurecr.io/v2/app/web/manifests/1.2\": response status code 403: denied: BARE",
        "contoso.azurecr.io/app/web:1.2",
    ),
    // an agent of Tasks
    (
        "failed to login, ran out of retries: failed to set docker credentials: Error response from daemon: Get \"https://contoso.azurecr.io/v2/\": denied: BODY",
        "",
    ),
];

/// C21, E18: a refusal that names the client, in every form that was seen.
#[test]
fn a_refusal_is_recognised_in_every_wrapping() {
    const BODY: &str = r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#;
    let denied = |text: &str, registry, image| {
        assert_one(text, "registry-denied", "203.0.113.9", registry, image);
    };
    denied(BODY, "", "");
    denied(&BODY.replace('\'', "\\u0027"), "", "");
    denied(
        &BODY.replace('\'', "\\\\u0027").replace('"', "\\\""),
        "",
        "",
    );
    denied(&BODY.replace('\'', ""), "", "");
    denied(&BODY.replace('\'', "&#39;"), "", "");
    denied(
        &BODY.replace("to grant", "\u{1b}[31mto\u{1b}[0m grant"),
        "",
        "",
    );
    for width in [1, 7, 13, 40] {
        let wrapped: Vec<String> = BODY
            .as_bytes()
            .chunks(width)
            .map(|part| String::from_utf8(part.to_vec()).unwrap())
            .collect();
        denied(&wrapped.join("\n"), "", "");
        denied(&wrapped.join("\r\n"), "", "");
    }
    let bare = "client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall \
                to grant access. CorrelationId: 0b1c8a52-7f00-4d7c-9d31-5e6f7a8b9c0d";
    denied(&format!("denied: {bare}"), "", "");
    for &(text, image) in WRAPPED {
        let text = text.replace("BODY", BODY).replace("BARE", bare);
        denied(&text, "contoso", image);
    }
    for (address, shown) in [
        ("2603:1030:a0b::4", "2603:1030:a0b::4"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("10.1.0.4", "10.1.0.4"),
    ] {
        let text = bare.replace("203.0.113.9", address);
        assert_one(&text, "registry-denied", shown, "", "");
    }
    assert_one(
        "denied: client with IP 'x.x.x.x' is not allowed access.",
        "registry-denied",
        "",
        "",
        "",
    );
    // Cut off while it was copied.
    denied(
        "https://contoso.azurecr.io/v2/: client with IP '203.0.113.9' is not",
        "contoso",
        "",
    );
}

#[test]
fn each_refused_address_is_told_with_its_own_registry() {
    let line = |registry: &str, address: &str| {
        let filler = "x".repeat(60);
        format!(
            "{filler} Get \"https://{registry}.azurecr.io/v2/\": denied: client with IP '{address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.\n"
        )
    };
    let text = [
        line("contoso", "203.0.113.9"),
        line("fabrikam", "10.0.0.4"),
        line("contoso", "203.0.113.9"),
    ]
    .concat();
    let found: Vec<(String, String)> = recognise(&text)
        .iter()
        .map(|complaint| {
            let (_, client, registry, _) = seen(complaint);
            (client, registry)
        })
        .collect();
    let expected = [("203.0.113.9", "contoso"), ("10.0.0.4", "fabrikam")];
    assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

/// Failures of `contoso`; `GET` is what docker says before the reason.
const FAILURES: &[(&str, &str)] = &[
    (
        "Error response from daemon: login attempt to https://contoso.azurecr.io/v2/ failed with status: 403 Forbidden",
        "registry-forbidden",
    ),
    (
        "Looks like you don't have access to registry 'contoso.azurecr.io'. To see configured firewall rules, run 'az acr show --query networkRuleSet --name contoso'.",
        "registry-forbidden",
    ),
    (
        "Looks like you don’t have access to registry 'contoso.azurecr.io'. Are firewalls and virtual networks enabled?",
        "registry-forbidden",
    ),
    (
        "GET dial tcp: lookup contoso.azurecr.io: no such host",
        "dns",
    ),
    (
        "GET dial tcp: lookup contoso.azurecr.io on 127.0.0.53:53: server misbehaving",
        "dns",
    ),
    (
        "GET dial tcp: lookup contoso.azurecr.io on 10.0.0.10:53: read udp 10.1.0.4:4711->10.0.0.10:53: i/o timeout",
        "dns",
    ),
    (
        "HTTPSConnectionPool(host='contoso.azurecr.io', port=443): Max retries exceeded with url: /v2/ (Caused by NewConnectionError('Failed to establish a new connection: [Errno -2] Name or service not known'))",
        "dns",
    ),
    (
        "GET net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
        "timeout",
    ),
    ("GET dial tcp 20.61.97.129:443: i/o timeout", "timeout"),
    ("GET context deadline exceeded", "timeout"),
    ("GET net/http: TLS handshake timeout", "timeout"),
    ("GET proxyconnect tcp: EOF Login failed", "proxy"),
    (
        "GET proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused",
        "proxy",
    ),
    (
        "GET proxyconnect tcp: dial tcp: lookup proxy.corp.example: no such host",
        "proxy",
    ),
    ("contoso.azurecr.io: host is not reachable", "unreachable"),
    (
        "Could not connect to the registry login server 'contoso.azurecr.io'. Please verify that the registry exists and the URL 'https://contoso.azurecr.io/v2/' is reachable from your environment.",
        "unreachable",
    ),
    (
        "GET x509: certificate signed by unknown authority",
        "certificate",
    ),
    (
        "GET tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        "certificate",
    ),
    (
        "HTTPSConnectionPool(host='contoso.azurecr.io', port=443): Max retries exceeded (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate in certificate chain')))",
        "certificate",
    ),
    (
        "GET dial tcp 10.1.0.5:443: connect: connection refused",
        "connection-refused",
    ),
    (
        "GET read tcp 10.0.0.4:51234->20.61.97.129:443: read: connection reset by peer",
        "connection-reset",
    ),
    ("GET EOF", "connection-reset"),
    (
        "GET unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.",
        "unauthorized",
    ),
    (
        "Error: failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://contoso.azurecr.io/oauth2/token?scope=x: 401 Unauthorized",
        "unauthorized",
    ),
    (
        "Access to registry 'contoso.azurecr.io' was denied. Response code: 401. Please try running 'az login' again to refresh permissions.",
        "unauthorized",
    ),
    (
        "toomanyrequests: too many requests to contoso.azurecr.io, retry after 30 s",
        "throttled",
    ),
    (
        "unexpected status from HEAD request to https://contoso.azurecr.io/v2/app/manifests/1: 429 Too Many Requests",
        "throttled",
    ),
];
/// Failures without a registry's name.
const UNNAMED: &[(&str, &str)] = &[
    ("dial tcp: lookup myregistry: no such host", "dns"),
    ("Client.Timeout exceeded while awaiting headers", "timeout"),
    ("proxyconnect tcp: EOF", "proxy"),
    ("host is not reachable", "unreachable"),
    (
        "x509: certificate signed by unknown authority",
        "certificate",
    ),
    (
        "Error response from daemon: login attempt failed with status: 403 Forbidden",
        "registry-forbidden",
    ),
    (
        "Failed to pull image \"<name>.azurecr.io/app:1\": dial tcp 20.1.2.3:443: i/o timeout",
        "timeout",
    ),
    ("az acr login: 401 Unauthorized", "unauthorized"),
    ("az acr build: 429 TOOMANYREQUESTS", "throttled"),
];

/// Other texts of the fact base (C21, E9, D7), by the words of each client.
#[test]
fn other_failures_are_recognised() {
    let get = "Error response from daemon: Get \"https://contoso.azurecr.io/v2/\":";
    for &(text, id) in FAILURES {
        let said = text.strip_prefix("GET ").map(|why| format!("{get} {why}"));
        let found = recognise(said.as_deref().unwrap_or(text));
        let found: Vec<(&str, String)> = found
            .iter()
            .map(|complaint| (complaint.problem.id(), seen(complaint).2))
            .collect();
        assert_eq!(found, [(id, "contoso".to_owned())], "{text}");
    }
    for &(text, id) in UNNAMED {
        assert_eq!(ids(text), [id], "{text}");
    }
}

#[test]
fn layers_that_do_not_come_are_a_failure_of_their_host() {
    for (text, host) in [
        (
            "Failed to pull image \"contoso.azurecr.io/app:1\": [rpc error: code = Unknown desc = failed to pull and unpack image \"contoso.azurecr.io/app:1\": failed to copy: httpReadSeeker: failed open: failed to do request: Get \"https://weumanaged15.blob.core.windows.net/xx/docker/registry/v2/blobs/sha256/fd/xx/data?se=2026-10-19&sig=xx%3D&regid=xx\": EOF, rpc error: code = Unknown desc = failed to pull and unpack image \"contoso.azurecr.io/app:1\": failed to resolve reference \"contoso.azurecr.io/app:1\": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://contoso.azurecr.io/oauth2/token?scope=repository%3Aapp%3Apull&service=contoso.azurecr.io: 401 Unauthorized]",
            "weumanaged15.blob.core.windows.net",
        ),
        (
            "contoso.azurecr.io/app:1: failed to copy: Get \"https://contoso.westeurope.data.azurecr.io/a/b\": dial tcp 20.1.2.3:443: i/o timeout",
            "contoso.westeurope.data.azurecr.io",
        ),
        (
            "docker pull contoso.azurecr.io/app: Get \"https://contoso.westeurope.data.azurecr.io/a\": read: connection reset by peer",
            "contoso.westeurope.data.azurecr.io",
        ),
    ] {
        let found = recognise(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(seen(&found[0]).0, "data-endpoint", "{text}");
        assert_eq!(seen(&found[0]).2, "contoso", "{text}");
        assert_eq!(found[0].host.as_ref().unwrap().as_str(), host);
    }
}

/// Only what was not reached is a matter of the firewall; the rest keeps its own meaning, also
/// beside the anonymous try that a kubelet tells of.
#[test]
fn failures_at_a_layer_host_are_told_apart() {
    let tried = "failed to authorize: unexpected status from GET request to https://contoso.azurecr.io/oauth2/token: 401 Unauthorized";
    for host in [
        "contoso.westeurope.data.azurecr.io",
        "weumanaged12.blob.core.windows.net",
    ] {
        for (why, id) in [
            ("dial tcp: lookup HOST: no such host", "dns"),
            ("dial tcp: lookup HOST on 10.0.0.10:53: i/o timeout", "dns"),
            (
                "x509: certificate signed by unknown authority",
                "certificate",
            ),
            ("proxyconnect tcp: EOF", "proxy"),
            ("403 Forbidden", "data-endpoint-forbidden"),
            ("401 Unauthorized", "data-endpoint-forbidden"),
            ("dial tcp 20.1.2.3:443: i/o timeout", "data-endpoint"),
            (
                "dial tcp 20.1.2.3:443: connect: connection refused",
                "data-endpoint",
            ),
            ("read: connection reset by peer", "data-endpoint"),
            (
                "dial tcp 20.1.2.3:443: connect: no route to host",
                "data-endpoint",
            ),
        ] {
            let text = format!(
                "Failed to pull image \"contoso.azurecr.io/app:1\": [Get \"https://{host}/a/b?sig=x\": {}, {tried}]",
                why.replace("HOST", host)
            );
            let found = recognise(&text);
            assert_eq!(ids(&text), [id], "{text}");
            assert_eq!(found[0].host.as_ref().unwrap().as_str(), host);
            assert_eq!(seen(&found[0]).2, "contoso", "{text}");
        }
    }
}

/// Whoever else refuses is not taken for the registry.
#[test]
fn refusals_of_other_registries_are_told_apart() {
    for why in ["403 Forbidden", "401 Unauthorized", "429 Too Many Requests"] {
        for host in [
            "mcr.microsoft.com",
            "eastus.data.mcr.microsoft.com",
            "mcr.azure.cn",
        ] {
            let text = format!(
                "contoso.azurecr.io/app: build: HEAD request to https://{host}/v2/dotnet/manifests/8.0: {why}"
            );
            assert_one(&text, "microsoft-registry", "", "", "");
        }
    }
    let limit = "429 toomanyrequests: You have reached your pull rate limit. https://www.docker.com/increase-rate-limit";
    assert_one(limit, "docker-hub", "", "", "");
    for text in [
        format!("az acr build --registry contoso . failed: {limit}"),
        format!("contoso.azurecr.io/app build failed: pull docker.io/library/python: {limit}"),
    ] {
        assert_eq!(ids(&text), ["docker-hub"], "{text}");
        assert_eq!(seen(&recognise(&text)[0]).2, "contoso");
    }
}

/// Every code of a health check, as Azure CLI prints it.
#[test]
fn codes_of_a_health_check_are_recognised() {
    let codes = problem_ids().into_iter();
    let codes: Vec<&str> = codes.filter_map(|id| id.strip_prefix("health:")).collect();
    assert_eq!(codes.len(), 19);
    for code in codes {
        for text in [
            code.to_owned(),
            code.to_lowercase(),
            format!(
                "2026-10-19 12:00:00.123456 An error occurred: {code}\nSomething about registry 'contoso.azurecr.io'.\n\nPlease refer to https://aka.ms/acr/health-check for more information."
            ),
        ] {
            assert_eq!(ids(&text), [format!("health:{code}")], "{text}");
        }
    }
    let text = "Docker daemon status: available\nDocker version: 'Docker version 27.0, build x'\n\
        An error occurred: DOCKER_PULL_ERROR\nAn error occurred while pulling a sample image.\n\
        Azure CLI version: 2.87.0\nAn error occurred: HELM_COMMAND_ERROR\nPlease verify if Helm is installed.\n\
        DNS lookup to contoso.azurecr.io at IP 20.61.97.129 : OK\n\
        An error occurred: CONNECTIVITY_FORBIDDEN_ERROR\nLooks like you don't have access to registry 'contoso.azurecr.io'.";
    let expected = [
        "health:DOCKER_PULL_ERROR",
        "health:HELM_COMMAND_ERROR",
        "health:CONNECTIVITY_FORBIDDEN_ERROR",
    ];
    assert_eq!(ids(text), expected);
    assert_eq!(seen(&recognise(text)[2]).2, "contoso");
    let text = "An error occurred: LOGIN_SERVER_ERROR\nAn error occurred while retrieving the login server for registry 'contoso'. Please check";
    assert_one(text, "health:LOGIN_SERVER_ERROR", "", "contoso", "");
    assert_eq!(ids("MY_DOCKER_PULL_ERROR DOCKER_PULL_ERROR_2"), [""; 0]);
}

/// E18: the four rows of the table of troubles. E19: a list of service endpoints.
#[test]
fn troubles_of_the_setup_are_recognised() {
    for (text, id) in [
        ("403 Forbidden", "registry-forbidden"),
        ("Configuration fails", "subnet-rule"),
        (
            "Failed to save firewall and virtual network settings for container registry",
            "subnet-rule",
        ),
        (
            "(SubnetsHaveNoServiceEndpointsConfigured) Subnets default of virtual network vnet1 do not have ServiceEndpoints for Microsoft.ContainerRegistry resources configured.",
            "subnet-rule",
        ),
        ("Cross-subscription fails", "provider-registration"),
        (
            "(MissingSubscriptionRegistration) The subscription is not registered to use namespace 'Microsoft.ContainerRegistry'. See https://aka.ms/rps-not-found for how to register subscriptions.",
            "provider-registration",
        ),
        ("Cannot configure via portal", "portal"),
        (
            "I cannot configure service endpoints in the portal",
            "portal",
        ),
        (
            r#"[{"locations":["westeurope"],"provisioningState":"Succeeded","service":"Microsoft.Storage"}]"#,
            "service-endpoints",
        ),
        (
            r#"{"name":"default","serviceEndpoints":[{"service":"Microsoft.ContainerRegistry"}]}"#,
            "service-endpoints",
        ),
    ] {
        assert_eq!(ids(text), [id], "{text}");
    }
}

#[test]
fn other_texts_are_none() {
    let junk: String = (0..200_000_u32)
        .filter_map(|n| char::from_u32(n.wrapping_mul(2_654_435_761) % 0x3000))
        .collect();
    for text in [
        "",
        "   \n",
        "What is this about?",
        "203.0.113.9",
        "contoso.azurecr.io",
        "https://contoso.azurecr.io/v2/",
        "The registry contoso.azurecr.io allows access to clients with IP rules.",
        "client with IP 203.0.113.9 connected to contoso.azurecr.io",
        "2026-10-19T12:00:00Z sshd[12]: Failed password for root from 203.0.113.9 port 51234",
        "203.0.113.9 - - [19/Oct/2026] \"GET /index.html\" 403 12",
        "nginx: 403 Forbidden for 203.0.113.9",
        "unauthorized: users of the container registry's wiki are signed out",
        "dial tcp 10.0.0.5:5432: connect: connection refused",
        "postgres at db.example.com: i/o timeout",
        "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
        "contoso.azurecr.io/app build failed: pull docker.io/library/python: 429 toomanyrequests",
        "built contoso.azurecr.io/app:1; Get \"https://registry-1.docker.io/v2/\": i/o timeout",
        "Failed to pull image \"ghcr.io/a/b:1\": 401 Unauthorized",
        "Get \"https://api.example.com/x\": x509: certificate signed by unknown authority",
        "Get \"https://api.example.com/x\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        "see https://aka.ms/acr/firewall for how to grant access",
        "[]",
        "{\"a\": 1}",
        "CONNECTIVITY",
        "\u{1b}[31m\u{1b}]0;x\u{7}\u{202e}\0\\u0000\\u\\",
        "Pull complete\nDigest: sha256:0a1b\nStatus: Downloaded newer image for contoso.azurecr.io/app:1",
        &junk,
    ] {
        let start: String = text.chars().take(80).collect();
        assert_eq!(recognise(text), [], "{start}");
    }
}

/// Whatever repeats costs no more than what does not.
#[test]
fn hostile_texts_are_read_in_bounded_time() {
    let started = std::time::Instant::now();
    for piece in [
        "client with IP ",
        "client with IP '203.0.113.9' is not allowed access ",
        "contoso.azurecr.io connection refused ",
        "a.azurecr.io/",
        "\\u0027",
        "\u{1b}[",
        "\u{1b}]",
        "&#39;",
        "[",
        "{\"serviceEndpoints\":",
        "DOCKER_PULL_ERROR",
        "registry'",
        "https://",
        "é",
        " ",
    ] {
        let text = piece.repeat((2 << 20) / piece.len());
        assert!(recognise(&text).len() <= 24, "{piece}");
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
