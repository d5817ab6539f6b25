//! The changes that `tagscope explain` advises: safe, whole, and of the right cloud.

use crate::explain_cli::{TASK, commands, explained, refusal, said};
use crate::program::run;

/// The update replaces the subnet's list: what is there is shown before, and stops it.
#[test]
#[cfg(unix)]
fn a_subnet_s_endpoints_are_not_taken_away_unseen() {
    let refused = |address: &str| refusal("contoso.azurecr.io", address);
    for text in [
        "CONNECTIVITY_FORBIDDEN_ERROR",
        "403 Forbidden",
        "Configuration fails",
        "Cannot configure via portal",
        &refused("192.0.2.20"),
        &refused("10.1.0.4"),
    ] {
        let complaint = explained(text);
        let lines = commands(&complaint, &["changes", "alternatives"]);
        let place = |words: &str| lines.iter().position(|line| line.contains(words)).unwrap();
        let (show, update) = (
            place("--query \"serviceEndpoints[].service\""),
            place("subnet update"),
        );
        assert!(show < update, "{text}");
        let notes = said(&complaint, "notes");
        for said in [
            "replaces the subnet's list",
            "preview",
            "virtual machines and AKS only",
            "private endpoints",
        ] {
            assert!(notes.contains(said), "{text}: {said}");
        }
        for (others, is_run) in [("", true), ("Microsoft.Storage", false)] {
            let script = format!(
                "az() {{ case \"$*\" in *'?service!='*) echo '{others}';; *) echo \"$*\";; esac; }}\n{}",
                lines[update]
            );
            let mut bash = std::process::Command::new("bash");
            let output = bash.arg("-c").arg(script).output().unwrap();
            let ran = String::from_utf8(output.stdout).unwrap();
            assert_eq!(ran.contains("subnet update"), is_run, "{text}: {ran}");
        }
    }
}

/// C8, E7: no advice that the cloud has not.
#[test]
fn a_cloud_without_service_endpoints_gets_none_of_them() {
    for suffix in ["azurecr.us", "azurecr.cn", "azurecr.de"] {
        for text in [
            format!(
                "login attempt to https://contoso.{suffix}/v2/ failed with status: 403 Forbidden"
            ),
            refusal(&format!("contoso.{suffix}"), "192.0.2.20"),
            refusal(&format!("contoso.{suffix}"), "10.1.0.4"),
            format!("https://contoso.{suffix}/v2/: read: connection reset by peer"),
            format!("contoso.{suffix}: Failed to save firewall and virtual network settings"),
        ] {
            let complaint = explained(&text);
            let lines = commands(&complaint, &["checks", "changes", "alternatives"]).concat();
            assert!(!lines.contains("service-endpoints"), "{text}: {lines}");
            assert!(!lines.contains("--subnet '<subnet-id>'"), "{text}: {lines}");
            let causes = said(&complaint, "causes");
            assert!(!causes.contains("service endpoint,"), "{text}: {causes}");
        }
    }
}

/// C3, B9, DDE: what a private endpoint needs, and does.
#[test]
fn a_private_endpoint_comes_with_its_zone_and_its_consequences() {
    for address in ["192.0.2.20", "203.0.114.9"] {
        let complaint = explained(&refusal("contoso.azurecr.io", address));
        assert!(
            commands(&complaint, &["alternatives"])
                .concat()
                .contains("private-endpoint create")
        );
        let notes = said(&complaint, "notes");
        for said in [
            "privatelink.azurecr.io linked to the network",
            "data endpoint of each region",
            "*.blob.core.windows.net cannot pull",
            "remove those first",
        ] {
            assert!(notes.contains(said), "{address}: {said}\n{notes}");
        }
    }
}

/// E14, E16: the pool's own subnet is let in.
#[test]
fn an_agent_pool_is_let_in() {
    let task = explained(&refusal("contoso.azurecr.io", TASK));
    let alternatives = task["alternatives"].to_string();
    let lines = commands(&task, &["alternatives"]);
    let place = |words: &str| lines.iter().position(|line| line.contains(words)).unwrap();
    assert!(place("agentpool create") < place("network-rule add --name contoso --subnet"));
    assert!(place("network-rule add") < place("az acr build"));
    assert!(alternatives.contains("tagscope runbook agent-pool"));
}

/// Two tags, both hosts, of the cloud that was asked; nothing of one's own registry.
#[test]
fn microsoft_s_registry_has_two_tags_and_hosts_of_its_cloud() {
    for why in ["i/o timeout", "connection refused", "no route to host"] {
        let complaint = explained(&format!("docker pull mcr.microsoft.com/x: {why}"));
        let lines = commands(&complaint, &["changes"]);
        assert_eq!(lines.len(), 2, "{why}");
        assert!(lines[0].ends_with(" MicrosoftContainerRegistry"));
        assert!(lines[1].ends_with(" AzureFrontDoor.FirstParty"));
        let option = |line: &str, name: &str| -> String {
            let rest = line.split_once(name).unwrap().1;
            rest.split(' ').nth(1).unwrap().to_owned()
        };
        for name in ["--name", "--priority"] {
            assert_ne!(option(&lines[0], name), option(&lines[1], name));
        }
        assert!(!complaint.to_string().contains("check-health"), "{why}");
        assert!(!said(&complaint, "causes").contains("private endpoint"));
        let china = explained(&format!("docker pull mcr.azure.cn/x: {why}")).to_string();
        assert!(china.contains("*.data.mcr.azure.cn"), "{china}");
        assert!(!china.contains("mcr.microsoft.com"), "{china}");
    }
    let refused = explained("docker pull mcr.microsoft.com/x: 403 Forbidden");
    let all = refused.to_string();
    assert!(!all.contains("network-rule") && all.contains("*.data.mcr.microsoft.com"));
    assert!(all.contains("MicrosoftContainerRegistry and AzureFrontDoor.FirstParty"));
}

/// The name is the likeliest to be wrong; the cloud only where a suffix tells it.
#[test]
fn a_registry_that_is_not_found_is_looked_for_by_name_first() {
    let plain = explained("An error occurred: LOGIN_SERVER_ERROR");
    assert!(plain["changes"].to_string().contains("Correct the name"));
    assert!(!plain.to_string().contains("az cloud set"));
    let china = explained("LOGIN_SERVER_ERROR for registry 'contoso.azurecr.cn'");
    assert!(commands(&china, &["changes"]).is_empty());
    assert_eq!(
        commands(&china, &["alternatives"])[0],
        "az cloud set --name AzureChinaCloud"
    );
}

/// Without the tags of its cloud nothing is said of where an address is.
#[test]
fn an_address_without_tags_is_neither_inside_nor_outside() {
    // A block of documentation, in no week.
    let text = refusal("contoso.azurecr.us", "203.0.114.9");
    for args in [&[][..], &["--cloud", "public"]] {
        let ran = run(&[args, &["explain", "--json", &text]].concat());
        let complaint = ran.json()["complaints"][0].clone();
        let causes = complaint["causes"].as_array().unwrap();
        let office = causes
            .iter()
            .find(|cause| cause["text"].as_str().unwrap().contains("an office"));
        assert_eq!(office.unwrap()["certainty"], "assumed", "{complaint}");
        let notes = said(&complaint, "notes");
        assert!(notes.contains("update --cloud usgov"), "{notes}");
    }
}

/// The headers say who answers and the status says whether it lets in: a body alone does not.
#[test]
fn the_registry_is_asked_with_headers() {
    for text in [
        "403 Forbidden".to_owned(),
        refusal("contoso.azurecr.io", "100.64.0.1"),
    ] {
        let lines = commands(&explained(&text), &["checks"]).join("\n");
        assert!(lines.contains("curl -sSi "), "{lines}");
    }
}
