use super::*;

fn reply(status: u16, body: &str) -> ProbeReply {
    ProbeReply {
        status,
        body: body.as_bytes().to_vec(),
        ..ProbeReply::default()
    }
}

fn challenged(header: &str) -> ProbeReply {
    ProbeReply {
        challenges: vec![header.to_owned()],
        ..reply(401, "")
    }
}

fn asked(reply: &ProbeReply) -> Judgement {
    judge(ProbeCheck::Registry, reply, Duration::from_millis(38))
}

const CHALLENGE: &str =
    r#"Bearer realm="https://contoso.azurecr.io/oauth2/token",service="contoso.azurecr.io""#;

#[test]
fn a_challenge_with_realm_and_service_is_the_registrys() {
    for header in [
        CHALLENGE,
        r#"bearer service="a", realm="https://a/token", scope="x:y:pull,push""#,
        r#"Basic realm="a, b", Bearer realm="https://a/token",service=a"#,
        r#"Bearer realm="https://a/token",service="a",Basic realm="x""#,
    ] {
        let answer = asked(&challenged(header));
        assert_eq!(answer.verdict, ProbeVerdict::Allowed, "{header}");
        let why = answer.why.as_str();
        assert_eq!(why, "the registry answered 401 with its challenge in 38 ms");
    }
    for header in [
        "",
        "Bearer",
        "Negotiate",
        r#"Basic realm="proxy",service="proxy""#,
        r#"Bearer realm="https://a/token""#,
        r#"Bearer realm="",service="a""#,
        r#"Bearer realm="https://a/token", Basic service="a""#,
    ] {
        assert_eq!(
            asked(&challenged(header)).verdict,
            ProbeVerdict::NotARegistry,
            "{header}"
        );
    }
}

#[test]
fn a_refusal_names_the_client_in_every_form() {
    let texts = [
        r#"{"errors":[{"code":"DENIED","message":"client with IP '203.0.113.9' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."}]}"#,
        r#"{"errors":[{"code":"DENIED","message":"client with IP \u0027203.0.113.9\u0027 is not allowed access."}]}"#,
        "denied: client with IP 203.0.113.9 is not allowed access, refer https://aka.ms/acr/firewall",
        "client with IP '203.0.113.9' is not allowed access. CorrelationId: 0b1c8a52-7f00-4d7c-9d31-5e6f7a8b9c0d",
        "client with IP '::ffff:203.0.113.9' is not allowed access.",
    ];
    for text in texts {
        for check in [ProbeCheck::Registry, ProbeCheck::Tls] {
            let answer = judge(check, &reply(403, text), Duration::ZERO);
            assert_eq!(answer.verdict, ProbeVerdict::Denied, "{text}");
            assert_eq!(answer.client_address, "203.0.113.9".parse().ok(), "{text}");
            assert!(
                answer.why.as_str().ends_with("it saw 203.0.113.9"),
                "{text}"
            );
        }
    }
    let bare = asked(&reply(
        403,
        r#"{"errors":[{"code":"DENIED","message":"no"}]}"#,
    ));
    assert_eq!(
        (bare.verdict, bare.client_address),
        (ProbeVerdict::Denied, None)
    );
}

#[test]
fn what_proxies_answer_is_no_registry() {
    let page = "<html><head><TITLE>\n Blocked by\x1b[31m policy </title></head></html>";
    let html = ProbeReply {
        content_type: Some("Text/HTML; charset=utf-8".to_owned()),
        ..reply(200, "")
    };
    let redirect = |to: &str| ProbeReply {
        location: Some(to.to_owned()),
        ..reply(302, "")
    };
    let cases = [
        (html, "200 came with a web page:"),
        (
            reply(200, page),
            "200 came with a web page (\"Blocked by␛[31m policy\"):",
        ),
        (reply(200, "Welcome"), "200 came with something"),
        (
            reply(403, page),
            "403 came without a registry's words (\"Blocked by",
        ),
        (
            reply(403, r#"{"errors":[{"code":"UNAUTHORIZED"}]}"#),
            "403 came without",
        ),
        (
            redirect("https://me:secret@portal.corp.example/login?k=secret"),
            "302 leads to portal.corp.example:",
        ),
        (redirect("/login?k=secret"), "302 leads to another page:"),
        (reply(307, ""), "307 leads nowhere:"),
        (reply(404, ""), "404 came, which no registry"),
        (reply(407, ""), "407 came: a proxy"),
        (reply(429, ""), "429 came: too many"),
        (reply(502, ""), "502 came: the server"),
    ];
    for (reply, begins) in cases {
        let answer = asked(&reply);
        assert_eq!(answer.verdict, ProbeVerdict::NotARegistry, "{begins}");
        assert!(answer.why.as_str().starts_with(begins), "{}", answer.why);
        assert!(!answer.why.as_str().contains("secret"));
        let reached = judge(ProbeCheck::Tls, &reply, Duration::from_micros(420));
        if reply.status == 407 {
            assert_eq!(reached.verdict, ProbeVerdict::NotARegistry);
            continue;
        }
        let expected = format!("the host answered {} in 0.4 ms", reply.status);
        assert_eq!(reached.why.as_str(), expected);
        assert_eq!(reached.verdict, ProbeVerdict::Allowed);
    }
}

#[test]
fn a_registry_without_login_answers_200() {
    let version = ProbeReply {
        names_api: true,
        ..reply(200, "ok")
    };
    for reply in [reply(200, ""), reply(200, " {} \n"), version] {
        assert_eq!(asked(&reply).verdict, ProbeVerdict::Allowed);
    }
}

fn address(last: u8, verdict: ProbeVerdict, why: &str) -> AddressProbe {
    AddressProbe {
        address: Some([192, 0, 2, last].into()),
        tcp: Some(Duration::from_micros(1_234)),
        tls: None,
        http: None,
        verdict,
        client_address: None,
        why: Safe::new(why),
    }
}

fn host(verdicts: &[ProbeVerdict]) -> HostProbe {
    let addresses = (1..).zip(verdicts);
    HostProbe {
        host: Safe::new("contoso.azurecr.io"),
        addresses: addresses
            .map(|(last, verdict)| address(last, *verdict, "so"))
            .collect(),
        ..HostProbe::default()
    }
}

#[test]
fn a_refusal_decides_and_a_reached_address_is_enough() {
    use ProbeVerdict::{Allowed, Denied, NotARegistry, Unreachable};
    let cases: [(&[ProbeVerdict], ProbeVerdict, &str); 7] = [
        (&[], Unreachable, "no address was tried"),
        (&[Allowed], Allowed, "allowed: so"),
        (&[Denied], Denied, "so"),
        (
            &[Allowed, Allowed],
            Allowed,
            "allowed: so; so are all 2 addresses",
        ),
        (
            &[Unreachable, Allowed],
            Allowed,
            "allowed: so; of 2 addresses 1 allowed, 1 unreachable",
        ),
        (
            &[Allowed, Denied, Allowed],
            Denied,
            "so; of 3 addresses 1 denied, 2 allowed",
        ),
        (
            &[Unreachable, NotARegistry],
            NotARegistry,
            "not what was asked for: so; of 2 addresses 1 not a registry, 1 unreachable",
        ),
    ];
    for (verdicts, expected, sentence) in cases {
        let probe = host(verdicts);
        assert_eq!(probe.verdict(), expected);
        assert_eq!(probe.sentence(), sentence);
    }
    let failed = HostProbe::failed("a", Safe::new("no host is named a"));
    assert_eq!(failed.verdict(), Unreachable);
    assert_eq!(failed.sentence(), "no host is named a");
    let through = HostProbe {
        proxy: Some(Safe::new("http://proxy:8080")),
        untried: 1,
        ..host(&[Allowed])
    };
    let sentence =
        "through the proxy http://proxy:8080: allowed: so; 1 further address was not tried";
    assert_eq!(through.sentence(), sentence);
}

#[test]
fn private_link_and_region_are_read_from_the_names() {
    let with = |host: &str, chain: &[&str]| HostProbe {
        host: Safe::new(host),
        chain: chain.iter().map(|name| Safe::new(name)).collect(),
        ..HostProbe::default()
    };
    let cases: [(&str, &[&str], bool, Option<&str>); 8] = [
        ("contoso.azurecr.io", &[], false, None),
        (
            "contoso.azurecr.io",
            &["contoso.privatelink.azurecr.io"],
            true,
            None,
        ),
        (
            "contoso.azurecr.io",
            &[
                "weu.fe.azcr.io",
                "r0318weu-az.westeurope.cloudapp.azure.com",
            ],
            false,
            Some("westeurope"),
        ),
        (
            "contoso.eastus2.data.azurecr.io",
            &[],
            false,
            Some("eastus2"),
        ),
        (
            "contoso.eastus2.geo.azurecr.us",
            &["contoso.eastus2.geo.privatelink.azurecr.us"],
            true,
            Some("eastus2"),
        ),
        (
            "contoso.azurecr.cn",
            &["x.chinanorth3.cloudapp.chinacloudapi.cn"],
            false,
            Some("chinanorth3"),
        ),
        (
            "mcr.microsoft.com",
            &["myprivatelink.data.example"],
            false,
            None,
        ),
        (
            "eastus2.data.mcr.microsoft.com",
            &["data.azurecr.io"],
            false,
            None,
        ),
    ];
    for (host, chain, is_private, region) in cases {
        let probe = with(host, chain);
        assert_eq!(probe.private_link(), is_private, "{host} {chain:?}");
        assert_eq!(probe.region(), region, "{host} {chain:?}");
    }
}

#[test]
fn hostile_bodies_are_judged_without_harm() {
    for body in [
        "[".repeat(60_000),
        "<title>".repeat(9_000),
        "\u{202e}<TITLE>é\0</".repeat(4_000),
    ] {
        for status in [200, 401, 403, 418] {
            let answer = asked(&reply(status, &body));
            assert_eq!(answer.verdict, ProbeVerdict::NotARegistry);
            assert!(answer.why.as_str().len() < 600);
        }
    }
    let long = challenged(&"\"".repeat(65_000));
    assert_eq!(asked(&long).verdict, ProbeVerdict::NotARegistry);
}
