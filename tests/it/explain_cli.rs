//! `tagscope explain`: exit codes, forms, the commands for each kind of address.

use std::path::Path;

use serde_json::Value;

use crate::program::{Ran, SMALL, assert_safe, run, run_small, run_with};

/// A refusal of this address by this login server.
pub fn refusal(login: &str, address: &str) -> String {
    format!(
        "Error response from daemon: Get \"https://{login}/v2/\": denied: client with IP '{address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access."
    )
}

/// The one complaint of a text over the small document.
#[track_caller]
pub fn explained(text: &str) -> Value {
    let ran = run_small(&["explain", "--json", text]);
    ran.is_quiet(0);
    let document = ran.json();
    assert_eq!(document["schemaVersion"], 1);
    let complaints = document["complaints"].as_array().unwrap();
    assert_eq!(complaints.len(), 1, "{document}");
    complaints[0].clone()
}

/// Every command of some parts of a complaint.
pub fn commands(complaint: &Value, parts: &[&str]) -> Vec<String> {
    let steps = parts
        .iter()
        .flat_map(|part| complaint[part].as_array().unwrap());
    let lines = steps.flat_map(|step| step["commands"].as_array().unwrap());
    lines
        .map(|line| line.as_str().unwrap().to_owned())
        .collect()
}

pub fn said(complaint: &Value, part: &str) -> String {
    let list = complaint[part].as_array().unwrap();
    let texts = list.iter().map(|said| said["text"].as_str().unwrap());
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn exit_codes_tell_what_was_recognised() {
    let text = refusal("contoso.azurecr.io", "203.0.113.9");
    run_small(&["explain", &text]).is_quiet(0);
    let piped = run_with(&["--file", SMALL, "explain"], text.as_str());
    piped.is_quiet(0);
    assert_eq!(piped.out, run_small(&["explain", &text]).out);
    assert_eq!(
        run_with(&["--file", SMALL, "explain", "-"], text.as_str()).out,
        piped.out
    );
    // Without quotes a shell makes words of it.
    let words: Vec<&str> = text.split(' ').collect();
    assert_eq!(
        run_small(&[&["explain"], &words[..]].concat()).out,
        piped.out
    );
    for text in ["what is this", "203.0.113.9", "[]"] {
        let ran = run_small(&["explain", text]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        ran.says(&[
            "no failure of a registry",
            "az acr check-health",
            "serviceEndpoints",
        ]);
    }
    let none = run_small(&["explain", "--json", "what is this"]);
    assert_eq!(
        (none.code, &none.json()["complaints"]),
        (1, &serde_json::json!([]))
    );
    for text in ["", "  \n\t"] {
        run_small(&["explain", text]).is_refused(&["nothing to explain", "paste"]);
        run_with(&["explain"], text).is_refused(&["nothing to explain", "paste"]);
    }
    run(&["explain", "--format", "csv", &text]).is_refused(&["no table", "markdown"]);
    run_with(&["--file", "-", "explain"], "x").is_refused(&["standard input", "both"]);
    let long = run_with(&["explain"], "x ".repeat(600_000));
    long.is_refused(&["longer than 1 MiB", "the part around the failure"]);
}

#[test]
fn text_that_windows_shells_write_is_read() {
    let text = refusal("contoso.azurecr.io", "203.0.113.9");
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    let ran = run_with(&["--file", SMALL, "explain"], bytes);
    ran.is_quiet(0);
    assert_eq!(ran.out, run_small(&["explain", &text]).out);
}

/// The cloud of the login server chooses the week, unless one is named.
#[test]
fn a_cloud_without_a_week_is_explained_without_tags() {
    let text = refusal("contoso.azurecr.us", "203.0.113.9");
    let ran = run(&["explain", "--json", &text]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.says(&[
        "no week of AzureGovernment available",
        "update --cloud usgov",
    ]);
    let document = ran.json();
    assert!(document["week"].is_null());
    let complaint = &document["complaints"][0];
    assert_eq!(complaint["registry"]["cloud"], "AzureGovernment");
    assert!(complaint["client"]["tags"].is_null() && complaint["client"]["azure"].is_null());
    // C7: no service endpoints there.
    assert!(
        !commands(complaint, &["changes", "alternatives"])
            .concat()
            .contains("--service-endpoints")
    );
    let named = run(&["--cloud", "public", "explain", "--json", &text]);
    named.is_quiet(0);
    assert_eq!(named.json()["week"]["cloud"], "Public");
    let said = said(&named.json()["complaints"][0], "notes");
    assert!(
        said.contains("cloud Public, the registry is in AzureGovernment"),
        "{said}"
    );
}

/// C21, E18: the smallest change depends on the address.
#[test]
fn commands_follow_the_address() {
    let of = |address: &str| explained(&refusal("contoso.azurecr.io", address));
    // Of Azure.
    let azure = of("192.0.2.20");
    assert_eq!(azure["client"]["azure"], true);
    assert_eq!(azure["client"]["region"], "westeurope");
    assert!(!azure["client"]["tags"].as_array().unwrap().is_empty());
    let rule = "az acr network-rule add --name contoso --ip-address 192.0.2.20";
    assert_eq!(commands(&azure, &["changes"]), [rule]);
    assert!(
        commands(&azure, &["alternatives"])
            .concat()
            .contains("--subnet '<subnet-id>'")
    );
    // Of no tag.
    let outside = of("203.0.114.9");
    assert_eq!(
        (&outside["client"]["azure"], &outside["client"]["tags"]),
        (&false.into(), &serde_json::json!([]))
    );
    let rule = "az acr network-rule add --name contoso --ip-address 203.0.114.9";
    assert_eq!(commands(&outside, &["changes"]), [rule]);
    // Private: C15, C16, C18.
    let private = of("10.1.0.4");
    assert_eq!(private["client"]["scope"], "private");
    let of_subnet = "--resource-group '<vnet-group>' --vnet-name '<vnet>' --name '<subnet>'";
    let [show, update, id, rule] = &commands(&private, &["changes"])[..] else {
        panic!("{private}");
    };
    assert_eq!(
        *show,
        format!(
            "az network vnet subnet show {of_subnet} --query \"serviceEndpoints[].service\" -o tsv"
        )
    );
    assert!(update.ends_with(&format!(
        "&& az network vnet subnet update {of_subnet} --service-endpoints Microsoft.ContainerRegistry"
    )));
    assert_eq!(
        *id,
        format!("az network vnet subnet show {of_subnet} --query id -o tsv")
    );
    assert_eq!(
        rule,
        "az acr network-rule add --name contoso --subnet '<subnet-id>'"
    );
    assert_eq!(private["causes"][0]["certainty"], "assumed");
    assert!(said(&private, "wouldNotHelp").contains("An IP rule for 10.1.0.4"));
    assert!(
        !commands(&private, &["changes", "alternatives"])
            .concat()
            .contains("--ip-address")
    );
    // C19: rules take some minutes; C4: Premium.
    assert!(
        said(&private, "notes").contains("some minutes")
            && said(&private, "notes").contains("Premium")
    );
    // IPv6: no rule can name it.
    let v6 = of("2001:db8:1::9");
    assert_eq!(v6["client"]["azure"], true);
    assert!(!commands(&v6, &["changes"]).concat().contains("2001:db8"));
    assert!(
        commands(&v6, &["alternatives"])
            .concat()
            .contains("--endpoint-protocol IPv4")
    );
    // Tasks: E14, E16.
    let task = of(TASK);
    assert!(
        said(&task, "causes").contains("task of a registry"),
        "{task}"
    );
    let lines = commands(&task, &["changes", "alternatives"]).concat();
    assert!(
        lines.contains("networkRuleBypassAllowedForTasks=true")
            && lines.contains("agentpool create")
    );
    // What never helps.
    for complaint in [azure, outside, private, v6, task] {
        let said = said(&complaint, "wouldNotHelp");
        assert!(
            said.contains("Signing in again") && said.contains("service tag"),
            "{said}"
        );
        // C20, E9, E19.
        assert!(
            commands(&complaint, &["verify"])
                .concat()
                .contains("az acr login --name contoso")
        );
        assert!(
            commands(&complaint, &["checks"])
                .concat()
                .contains("az acr check-health --name contoso")
        );
    }
}

/// An address of the registries' own tag in the small document.
pub const TASK: &str = "203.0.113.9";

#[test]
fn only_valid_names_go_into_commands() {
    for (login, name, certainty) in [
        ("contoso.azurecr.io", "contoso", "documented"),
        ("CONTOSO.azurecr.io", "contoso", "documented"),
        ("contoso-e7ggejfuhzhgedc8.azurecr.io", "contoso", "assumed"),
    ] {
        let complaint = explained(&refusal(login, "203.0.113.9"));
        assert_eq!(complaint["registry"]["name"], name);
        assert_eq!(complaint["registry"]["nameCertainty"], certainty);
        assert_eq!(complaint["registry"]["loginServer"], login.to_lowercase());
        assert!(commands(&complaint, &["changes"])[0].contains(" --name contoso "));
    }
    for login in [
        "abc.azurecr.io",
        "a-b-c.azurecr.io",
        "x_y_z_q.azurecr.io",
        "<name>.azurecr.io",
        "$(reboot).azurecr.io",
        "a;reboot;.azurecr.io",
    ] {
        let complaint = explained(&refusal(login, "203.0.113.9"));
        assert!(complaint["registry"]["name"].is_null(), "{complaint}");
        let lines = commands(&complaint, &["checks", "changes", "alternatives", "verify"]).concat();
        assert!(
            lines.contains("--name '<registry>'") && !lines.contains("reboot"),
            "{lines}"
        );
        let open = complaint["placeholders"].as_array().unwrap();
        assert!(
            open.iter().any(|open| open["name"] == "<registry>"),
            "{complaint}"
        );
    }
    let text = "Failed to pull image \"contoso.azurecr.io/app%24(reboot):1\": 403 Forbidden";
    let lines = commands(&explained(text), &["verify"]).concat();
    assert!(
        lines.contains("docker pull 'contoso.azurecr.io/<repository>:<tag>'"),
        "{lines}"
    );
}

/// Whatever stands in angle brackets is named.
#[test]
fn every_placeholder_is_named() {
    let health = tagscope::query::explain::problem_ids().into_iter();
    let health = health.filter_map(|id| id.strip_prefix("health:"));
    let mut texts: Vec<String> = health.map(str::to_owned).collect();
    for address in [
        "192.0.2.20",
        "203.0.114.9",
        "10.1.0.4",
        "2001:db8:1::9",
        "100.64.0.1",
        TASK,
        "x",
    ] {
        texts.push(format!(
            "denied: client with IP '{address}' is not allowed access"
        ));
    }
    for text in [
        "403 Forbidden",
        "Configuration fails",
        "Cross-subscription fails",
        "Cannot configure via portal",
        "[{\"service\":\"Microsoft.Storage\"}]",
        "[{\"service\":\"Microsoft.ContainerRegistry\"}]",
        "dial tcp: lookup x.azurecr.io: no such host",
        "azurecr.io: Client.Timeout exceeded",
        "mcr.microsoft.com: Client.Timeout exceeded",
        "proxyconnect tcp: EOF",
        "host is not reachable",
        "x509: certificate signed by unknown authority",
        "azurecr.io: connection refused",
        "azurecr.io: connection reset by peer",
        "azurecr.io: 401 Unauthorized",
        "azurecr.io: 429 Too Many Requests",
        "docker pull x.blob.core.windows.net: i/o timeout",
        "contoso.westeurope.data.azurecr.io: i/o timeout",
        "contoso.westeurope.data.azurecr.io: 403 Forbidden",
        "contoso.westeurope.data.azurecr.io: no such host",
        "mcr.microsoft.com: 403 Forbidden",
        "You have reached your pull rate limit",
    ] {
        texts.push(text.to_owned());
    }
    for text in texts {
        let complaint = explained(&text);
        let lines = commands(&complaint, &["checks", "changes", "alternatives", "verify"]);
        let open = complaint["placeholders"].as_array().unwrap();
        let rest = lines.join("\n").replace("</dev/null", "");
        for open in open {
            let name = open["name"].as_str().unwrap();
            assert!(rest.contains(name), "{name} is not in use: {text}");
            assert!(!open["meaning"].as_str().unwrap().is_empty());
        }
        // Within single quotes: to a shell they are redirections elsewhere.
        for (place, part) in rest.split('\'').enumerate() {
            let mut part = part.replace("2>/dev/null", "");
            for open in open.iter().filter(|_| place % 2 == 1) {
                part = part.replace(open["name"].as_str().unwrap(), "");
            }
            assert!(!part.contains(['<', '>']), "{text}: {part}");
        }
        for part in ["causes", "changes", "wouldNotHelp"] {
            assert!(
                !complaint[part].as_array().unwrap().is_empty(),
                "{part}: {text}"
            );
        }
        assert!(!complaint["meaning"].as_str().unwrap().is_empty());
    }
}

/// E18: the four troubles and their changes; C14: another subscription.
#[test]
fn the_four_troubles_have_their_changes() {
    for (text, id, command) in [
        (
            "403 Forbidden",
            "registry-forbidden",
            "az acr network-rule add",
        ),
        (
            "Configuration fails",
            "subnet-rule",
            "--service-endpoints Microsoft.ContainerRegistry",
        ),
        (
            "Cross-subscription fails",
            "provider-registration",
            "az provider register --namespace Microsoft.ContainerRegistry",
        ),
        (
            "Cannot configure via portal",
            "portal",
            "az acr network-rule add",
        ),
    ] {
        let complaint = explained(text);
        assert_eq!(complaint["id"], id);
        let lines = commands(&complaint, &["changes"]).join("\n");
        assert!(lines.contains(command), "{lines}");
    }
}

/// E19: a pasted list of service endpoints is read, and kept when the missing one is added.
#[test]
fn a_list_of_service_endpoints_is_read() {
    let with =
        explained(r#"[{"service":"Microsoft.ContainerRegistry"},{"service":"Microsoft.Sql"}]"#);
    assert!(with["meaning"].as_str().unwrap().contains("is among"));
    let without = explained(r#"[{"service":"Microsoft.Storage"}]"#);
    assert!(
        without["meaning"]
            .as_str()
            .unwrap()
            .contains("is not among")
    );
    let lines = commands(&without, &["changes"]);
    assert!(
        lines[0].ends_with("--service-endpoints Microsoft.ContainerRegistry Microsoft.Storage")
    );
}

/// D7: who cannot sign in has no trouble with the network.
#[test]
fn sign_in_is_told_apart_from_the_network() {
    for text in [
        "Get \"https://contoso.azurecr.io/v2/\": unauthorized: authentication required",
        "An error occurred: CONNECTIVITY_REFRESH_TOKEN_ERROR\nAccess to registry 'contoso.azurecr.io' was denied. Response code: 401.",
    ] {
        let complaint = explained(text);
        assert!(
            complaint["meaning"]
                .as_str()
                .unwrap()
                .contains("the network is not the cause")
        );
        assert!(
            commands(&complaint, &["changes"])
                .concat()
                .contains("az acr login --name contoso")
        );
        assert!(
            commands(&complaint, &["alternatives"])
                .concat()
                .contains("AcrPull")
        );
    }
}

#[test]
fn hostile_texts_are_displayable() {
    let hostile = "\u{1b}]52;c;x\u{7}\u{202e}\u{1b}[31mcontoso.azurecr.io/a\u{200b}b\u{9b}1m: client with IP '203.0.113.9\u{1b}[0m' is not allowed access \u{e0041}";
    for format in ["text", "json", "jsonl", "markdown"] {
        let ran = run_small(&["explain", "--format", format, hostile]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_safe(&ran, format, &hostile);
    }
}

/// Compares with a file of `tests/data/golden`; `TAGSCOPE_GOLDEN=write` writes it instead.
#[track_caller]
fn assert_golden(name: &str, ran: &Ran) {
    let found = ran.out.replace(SMALL, "[origin]");
    let path = Path::new("tests/data/golden").join(name);
    if std::env::var_os("TAGSCOPE_GOLDEN").is_some_and(|value| value == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name}");
}

#[test]
fn explanations_are_as_recorded() {
    let pull = |address: &str| {
        format!(
            "Failed to pull image \"contoso.azurecr.io/app/web:1.2\": denied: client with IP '{address}' is not allowed access."
        )
    };
    let health = "An error occurred: DOCKER_PULL_ERROR\nAn error occurred: CONNECTIVITY_DNS_ERROR\nFailed to reach DNS for registry 'contoso.azurecr.io'.";
    for (name, text) in [
        ("explain-azure", pull("192.0.2.20")),
        ("explain-private", pull("10.1.0.4")),
        ("explain-v6", pull("2001:db8:1::9")),
        ("explain-health", health.to_owned()),
        ("explain-none", "what is this".to_owned()),
    ] {
        assert_golden(
            &format!("{name}.json"),
            &run_small(&["explain", "--json", &text]),
        );
    }
    let text = pull("192.0.2.20");
    assert_golden("explain.txt", &run_small(&["explain", &text]));
    assert_golden(
        "explain.md",
        &run_small(&["explain", "--format", "markdown", &text]),
    );
}

/// Equal failures are one in a text for people and one a line for programs.
#[test]
fn many_failures_are_grouped_for_people_and_counted_by_programs() {
    let mut text = String::new();
    for place in 0..60 {
        let registry = format!("contoso{:02}", place % 30);
        text += &refusal(&format!("{registry}.azurecr.io"), "192.0.2.20");
        text.push('\n');
    }
    text += &refusal("contoso00.azurecr.io", "10.1.0.4");
    let ran = run_with(&["--file", SMALL, "explain", "--json", "-"], text.as_str());
    let complaints = ran.json()["complaints"].as_array().unwrap().clone();
    assert_eq!(complaints.len(), 31, "no cap");
    assert_eq!(
        (&complaints[2]["count"], &complaints[2]["line"]),
        (&2.into(), &3.into())
    );
    assert_eq!(complaints[30]["client"]["address"], "10.1.0.4");
    let shown = run_with(&["--file", SMALL, "explain"], text.as_str()).out;
    assert!(shown.contains("2 times, first on line 3"), "{shown}");
    let ran = run_with(
        &["--file", SMALL, "explain", "--format", "jsonl"],
        text.as_str(),
    );
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 61);
    assert_eq!(
        (&lines[32]["problem"], &lines[32]["line"]),
        (&"registry-denied".into(), &33.into())
    );
    assert_eq!(lines[32]["registry"]["name"], "contoso02");
}

/// What fits no problem is told as far as it is known, with the commands that find out more.
#[test]
fn an_unknown_failure_of_a_client_is_recognised() {
    let text = "docker push contoso.azurecr.io/app:1\nerror: something odd happened";
    let complaint = explained(text);
    assert_eq!(complaint["id"], "recognised");
    let meaning = complaint["meaning"].as_str().unwrap();
    assert!(
        meaning.contains("docker") && meaning.contains("contoso.azurecr.io"),
        "{meaning}"
    );
    let lines = commands(&complaint, &["checks"]).concat();
    assert!(lines.contains("check-health --name contoso") && lines.contains("docker info"));
}

/// The name that Azure refused is spelt by the week.
#[test]
fn the_right_spelling_of_a_tag_comes_from_the_week() {
    let text = "(SecurityRuleInvalidAddressPrefix) Security rule has invalid Address prefix. Value provided: storage.West Europe\nCode: SecurityRuleInvalidAddressPrefix";
    let complaint = explained(text);
    assert_eq!(complaint["id"], "address-prefix");
    assert!(
        said(&complaint, "causes").contains("spelt Storage.WestEurope"),
        "{complaint}"
    );
}
