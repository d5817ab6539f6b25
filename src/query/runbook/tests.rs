use super::*;

const SUBNET: &str = "/subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg-net\
                      /providers/Microsoft.Network/virtualNetworks/vnet1/subnets/build";

fn known() -> Inputs {
    Inputs {
        registry: Some("contoso".to_owned()),
        registry_subscription: Some("00000000-1111-2222-3333-444444444444".to_owned()),
        resource_group: Some("rg-trial".to_owned()),
        subnet: Some(SubnetId::parse(SUBNET).unwrap()),
        security_group: Some("nsg-build".to_owned()),
        pool: Pool {
            name: Some("pool1".to_owned()),
            tier: Tier::S3,
        },
        regions: vec!["westeurope".to_owned()],
        client_address: Some(address("203.0.113.9").unwrap()),
        ..Inputs::new(Cloud::Public)
    }
}

/// All commands, one a line.
fn commands(runbook: &Runbook) -> String {
    let commands = runbook.steps.iter().flat_map(|step| &step.commands);
    let joined = commands.map(|command| command.replace(" \\\n  ", " "));
    joined.collect::<Vec<_>>().join("\n")
}

/// The places of texts in the commands, each after the one before.
#[track_caller]
fn assert_in_order(runbook: &Runbook, texts: &[&str]) {
    let all = commands(runbook);
    let mut rest = all.as_str();
    for text in texts {
        let at = rest
            .find(text)
            .unwrap_or_else(|| panic!("{text} is not next in:\n{all}"));
        rest = &rest[at + text.len()..];
    }
}

#[test]
fn with_everything_known_nothing_is_to_be_filled_in() {
    for kind in RunbookKind::ALL {
        let runbook = make(kind, &known());
        assert_eq!(runbook.placeholders, [], "{kind:?}");
        assert!(!runbook.script().contains('<'), "{}", runbook.script());
        assert_eq!(RunbookKind::parse(&kind.word().to_uppercase()), Some(kind));
    }
}

/// Whatever stands in angle brackets in a command is in the list, and nothing else is.
#[test]
fn every_placeholder_is_listed() {
    let mut partly = known();
    partly.registry = None;
    partly.subnet = None;
    for cloud in Cloud::ALL {
        for is_private_link in [false, true] {
            for inputs in [Inputs::new(cloud), partly.clone()] {
                let inputs = Inputs {
                    cloud,
                    is_private_link,
                    ..inputs
                };
                for kind in RunbookKind::ALL {
                    let runbook = make(kind, &inputs);
                    let all = commands(&runbook);
                    let listed: Vec<&str> = runbook.placeholders.iter().map(|p| p.name).collect();
                    let mut found: Vec<&str> = all
                        .split('<')
                        .skip(1)
                        .map(|rest| rest.split_once('>').unwrap().0)
                        .collect();
                    found.sort_unstable();
                    found.dedup();
                    for name in &found {
                        let name = format!("<{name}>");
                        assert!(listed.contains(&&*name), "{kind:?} {name}");
                    }
                    assert_eq!(found.len(), listed.len(), "{kind:?} {listed:?}");
                    for name in listed {
                        assert!(runbook.script().contains(&format!("#   {name} ")), "{name}");
                    }
                }
            }
        }
    }
}

/// C15, C16, C18, C17: endpoint, ID, rule, and the refusal of others last (E8).
#[test]
fn nobody_is_shut_out_before_the_rule_is_there() {
    let runbook = make(RunbookKind::RestrictToSubnet, &known());
    assert_in_order(
        &runbook,
        &[
            "az network vnet subnet show",
            "az network vnet subnet update --name build --vnet-name vnet1 --resource-group rg-net",
            "--service-endpoints Microsoft.ContainerRegistry",
            &format!("az acr network-rule add --name contoso --subnet {SUBNET}"),
            "az acr network-rule list",
            "sleep",
            "--default-action Deny",
            "az acr check-health",
            "az acr login --name contoso",
            "docker pull contoso.azurecr.io/hello-world:v1",
            "--query serviceEndpoints",
        ],
    );
    let script = runbook.script();
    for said in [
        "replaces the whole list",
        "At most 100",
        "Last on purpose",
        "403 Forbidden",
        "some minutes",
    ] {
        let plain = script.replace("\n#    ", " ");
        assert!(plain.contains(said), "{said}\n{plain}");
    }
    // What is not known is asked for first.
    let unknown = make(RunbookKind::RestrictToSubnet, &Inputs::new(Cloud::Public));
    assert_in_order(
        &unknown,
        &["--query id --output tsv", "--subnet '<subnet-id>'", "Deny"],
    );
    assert_in_order(
        &make(RunbookKind::RestrictToAddress, &known()),
        &[
            "network-rule add --name contoso --ip-address 203.0.113.9",
            "sleep",
            "Deny",
        ],
    );
}

/// A rule that lets nobody in, or everybody, is not followed by the refusal of all others.
#[test]
fn a_restriction_to_an_address_that_is_not_public_is_refused() {
    for text in [
        "10.0.0.0/8",
        "172.20.0.0/16",
        "192.168.1.1",
        "100.64.1.1",
        "127.0.0.1",
        "169.254.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "0.0.0.0",
        "0.0.0.0/0",
    ] {
        let inputs = Inputs {
            client_address: Some(address(text).unwrap()),
            ..known()
        };
        let runbook = make(RunbookKind::RestrictToAddress, &inputs);
        assert!(!runbook.is_possible, "{text}");
        assert_eq!(commands(&runbook), "", "{text}");
        assert!(runbook.steps[0].notes[0].starts_with(text));
        // A rule that is there can still be taken away.
        let back = commands(&make(RunbookKind::RollBack, &inputs));
        assert!(back.contains("network-rule remove --name contoso --ip-address"));
    }
    let wide = Inputs {
        client_address: Some(address("172.0.0.0/8").unwrap()),
        ..known()
    };
    let runbook = make(RunbookKind::RestrictToAddress, &wide);
    assert!(
        runbook.is_possible
            && runbook
                .script()
                .contains("part of this range is not public")
    );
}

/// A diagnosis that fails is an answer: the next one is wanted all the same.
#[test]
fn verify_begins_with_the_diagnosis_and_goes_on() {
    let runbook = make(RunbookKind::Verify, &known());
    assert_in_order(&runbook, &["check-health", "az acr login", "docker pull"]);
    assert!(!runbook.script().contains("set -e"));
    assert!(
        make(RunbookKind::RollBack, &known())
            .script()
            .contains("set -e")
    );
}

#[test]
fn names_that_are_built_with_a_hash_are_marked() {
    let is_marked = |login: &str| {
        let inputs = Inputs {
            login_server: Some(login.to_owned()),
            ..known()
        };
        let notes = make(RunbookKind::DataEndpoints, &inputs)
            .steps
            .remove(1)
            .notes;
        notes.join(" ").contains("Assumed: these names begin with")
    };
    assert!(is_marked("contoso-e7ggejfuhzhgedc8.azurecr.io"));
    assert!(!is_marked("contoso.azurecr.io"));
}

/// C14, E13: the provider, in the network's subscription.
#[test]
fn another_subscription_gets_its_provider_and_the_registry_its_rule() {
    let mut inputs = known();
    inputs.registry_subscription = Some("99999999-1111-2222-3333-444444444444".to_owned());
    for kind in [
        RunbookKind::OtherSubscription,
        RunbookKind::RestrictToSubnet,
    ] {
        assert_in_order(
            &make(kind, &inputs),
            &[
                "az account set --subscription 00000000-1111-2222-3333-444444444444",
                "az provider register --namespace Microsoft.ContainerRegistry",
                "az account set --subscription 99999999-1111-2222-3333-444444444444",
                SUBNET,
            ],
        );
    }
    let same = make(RunbookKind::OtherSubscription, &known());
    assert_eq!(commands(&same), "");
    assert!(!commands(&make(RunbookKind::RestrictToSubnet, &known())).contains("az provider"));
}

/// C22, E11: the way back.
#[test]
fn the_way_back_names_every_rule_and_opens_before_it_removes() {
    let runbook = make(RunbookKind::RollBack, &known());
    assert_in_order(
        &runbook,
        &[
            "network-rule list",
            "--default-action Allow",
            &format!("network-rule remove --name contoso --subnet {SUBNET}"),
            "network-rule remove --name contoso --ip-address 203.0.113.9",
        ],
    );
    let mut address_only = known();
    address_only.subnet = None;
    let all = commands(&make(RunbookKind::RollBack, &address_only));
    assert!(!all.contains("--subnet"), "{all}");
}

/// C3, E10.
#[test]
fn private_link_and_service_endpoints_exclude_each_other() {
    assert_in_order(
        &make(RunbookKind::BeforePrivateLink, &known()),
        &[
            "network-rule list",
            "network-rule remove",
            "virtualNetworkRules",
        ],
    );
    let inputs = Inputs {
        is_private_link: true,
        ..known()
    };
    let runbook = make(RunbookKind::RestrictToSubnet, &inputs);
    assert!(!runbook.is_possible && commands(&runbook).is_empty());
    assert!(commands(&make(RunbookKind::Verify, &inputs)).contains("--vnet /subscriptions/"));
}

/// E15, E16, E17.
#[test]
fn an_agent_pool_gets_five_tags_its_endpoints_and_its_tier() {
    let runbook = make(RunbookKind::AgentPool, &known());
    let all = commands(&runbook);
    for (tag, ports) in [
        ("AzureKeyVault", "443"),
        ("Storage", "443"),
        ("EventHub", "443"),
        ("AzureActiveDirectory", "443"),
        ("AzureMonitor", "443 12000"),
    ] {
        let rule = all
            .lines()
            .find(|line| line.contains(&format!("--destination-address-prefixes {tag} ")))
            .unwrap();
        assert!(rule.starts_with("az network nsg rule create --resource-group rg-net"));
        assert!(rule.contains("--nsg-name nsg-build") && rule.contains("VirtualNetwork"));
        assert!(rule.contains("Outbound --access Allow --protocol Tcp"));
        assert!(
            rule.ends_with(&format!("--destination-port-ranges {ports}")),
            "{rule}"
        );
    }
    let endpoints = |inputs: &Inputs| -> Vec<String> {
        let all = commands(&make(RunbookKind::AgentPool, inputs));
        let line = all
            .lines()
            .find(|line| line.contains("subnet update"))
            .unwrap();
        let list = line.split_once("--service-endpoints ").unwrap().1;
        list.split(' ').map(str::to_owned).collect()
    };
    let five = [
        "Microsoft.AzureActiveDirectory",
        "Microsoft.ContainerRegistry",
        "Microsoft.EventHub",
        "Microsoft.KeyVault",
        "Microsoft.Storage",
    ];
    assert_eq!(endpoints(&known()), five);
    let private = Inputs {
        is_private_link: true,
        ..known()
    };
    let usgov = Inputs {
        cloud: Cloud::AzureGovernment,
        ..known()
    };
    for inputs in [private, usgov] {
        let found = endpoints(&inputs);
        assert_eq!(found.len(), 4);
        assert!(
            !found
                .iter()
                .any(|name| name == "Microsoft.ContainerRegistry")
        );
    }
    assert!(all.contains(&format!(
        "az acr agentpool create --name pool1 --registry contoso --tier S3 --subnet-id {SUBNET}"
    )));
    let other = SUBNET.replace("/build", "/agents");
    let inputs = Inputs {
        agent_subnet: Some(SubnetId::parse(&other).unwrap()),
        ..known()
    };
    assert!(
        commands(&make(RunbookKind::AgentPool, &inputs)).contains(&format!("--subnet-id {other}"))
    );
}

#[test]
fn data_endpoints_are_switched_on_only_after_somebody_says_that_the_rules_are_there() {
    let runbook = make(RunbookKind::DataEndpoints, &known());
    assert_in_order(
        &runbook,
        &[
            "az acr replication list --registry contoso",
            "read -r answer",
            "az acr update --name contoso",
            "--data-endpoint-enabled true",
            "az acr show-endpoints",
            "docker pull",
            "https://contoso.westeurope.data.azurecr.io/",
        ],
    );
    let last = runbook.steps.last().unwrap();
    assert!(last.notes[0].contains("*.blob.core.windows.net"));
    let said = runbook.steps[1].notes.join(" ");
    assert!(
        said.contains("contoso.westeurope.data.azurecr.io, TCP 443"),
        "{said}"
    );
}

/// C8, E7: clouds without service endpoints get a sentence, not commands that fail.
#[test]
fn a_cloud_without_service_endpoints_is_told_so() {
    for cloud in [Cloud::AzureGovernment, Cloud::China] {
        for kind in RunbookKind::ALL {
            let inputs = Inputs { cloud, ..known() };
            let runbook = make(kind, &inputs);
            let is_about_subnets = matches!(
                kind,
                RunbookKind::RestrictToSubnet
                    | RunbookKind::OtherSubscription
                    | RunbookKind::BeforePrivateLink
            );
            assert_eq!(runbook.is_possible, !is_about_subnets, "{kind:?}");
            let script = runbook.script();
            if is_about_subnets {
                assert!(commands(&runbook).is_empty());
                assert!(script.contains("do not exist"), "{script}");
            } else {
                assert!(commands(&runbook).starts_with("az cloud set --name Azure"));
            }
        }
    }
    for kind in RunbookKind::ALL {
        let runbook = make(
            kind,
            &Inputs {
                cloud: Cloud::AzureGermany,
                ..known()
            },
        );
        assert!(!runbook.is_possible && runbook.script().contains("closed"));
    }
    let china = Inputs {
        cloud: Cloud::China,
        ..known()
    };
    assert!(
        commands(&make(RunbookKind::Verify, &china)).contains("docker pull contoso.azurecr.cn/")
    );
}

/// Every step that acts on rules, pools or data endpoints says what it needs.
#[test]
fn steps_say_which_tier_and_version_they_need() {
    for kind in RunbookKind::ALL {
        for step in make(kind, &known()).steps {
            let all = step.commands.join(" ");
            let is_rule = all.contains("network-rule add") || all.contains("default-action Deny");
            if is_rule || all.contains("network-rule remove") {
                assert!(step.needs.contains("Premium") && step.needs.contains("2.0.58"));
            }
            if all.contains("data-endpoint-enabled") || all.contains("agentpool create") {
                assert!(step.needs.contains("Premium"), "{}", step.what);
            }
            if all.contains("show-endpoints") {
                assert!(step.needs.contains("2.86.0"));
            }
        }
    }
}

#[test]
fn hostile_values_stay_one_word_and_comments_stay_comments() {
    let mut inputs = known();
    inputs.registry = Some("a'; reboot #".to_owned());
    inputs.login_server = Some("x\nreboot\n".to_owned());
    inputs.resource_group = Some("$(reboot) `reboot` \\".to_owned());
    inputs.pool.name = Some("x\u{1b}[31m && reboot".to_owned());
    inputs.regions = vec!["west\nreboot".to_owned()];
    for kind in RunbookKind::ALL {
        let script = make(kind, &inputs).script();
        for line in script.lines() {
            assert!(!line.trim_start().starts_with("reboot"), "{kind:?}: {line}");
            assert!(
                !line.chars().any(crate::text::is_hazard),
                "{kind:?}: {line}"
            );
        }
    }
    let all = commands(&make(RunbookKind::CleanUp, &inputs));
    assert!(all.contains("--name '$(reboot) `reboot` \\'"), "{all}");
    let all = commands(&make(RunbookKind::RestrictToAddress, &inputs));
    assert!(all.contains(r"--name 'a'\''; reboot #'"), "{all}");
}

#[test]
fn the_screen_and_the_script_have_the_same_commands() {
    for kind in RunbookKind::ALL {
        let runbook = make(kind, &known());
        let script = runbook.script();
        let lines = runbook.lines();
        for line in lines.iter().filter(|line| line.kind == LineKind::Command) {
            assert!(script.contains(&line.text), "{}", line.text);
        }
        assert_eq!(lines[0].text, kind.title());
    }
}
