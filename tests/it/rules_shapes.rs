//! Every shape and every key in which rules come, and what is none of them.

use std::io::Write as _;

use serde_json::{Value, json};
use tagscope::rules::{Entry, Row, RuleFile, RuleSet, RuleSetKind, read_rules};
use tempfile::TempDir;

use crate::program::{SMALL, run, run_small, run_with};
use crate::rules_documents::{
    SUBNET, arm, classic, group, ip_group, nested, policy, registry, routes, subnet,
};

#[track_caller]
fn read(value: &Value) -> RuleFile {
    read_text(&value.to_string())
}

#[track_caller]
fn read_text(text: &str) -> RuleFile {
    read_rules(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What a row says, without its name and place.
fn said(row: &Row) -> String {
    let list = |entries: &[Entry]| {
        let texts: Vec<String> = entries.iter().map(ToString::to_string).collect();
        texts.join(" ")
    };
    let protocols: Vec<&str> = row.protocols.iter().map(|it| it.name()).collect();
    assert_eq!(row.flaws, [], "{row:?}");
    format!(
        "{:?} {} {} {} {} -> {} {}",
        row.direction,
        row.priority
            .map_or_else(|| "-".to_owned(), |it| it.to_string()),
        row.does(),
        protocols.join(","),
        list(&row.sources),
        list(&row.destinations),
        row.ports
    )
}

fn rows(set: &RuleSet) -> Vec<String> {
    assert_eq!(set.flaws, [], "{set:?}");
    let own = set.rows.iter().filter(|row| !row.is_default);
    own.map(said).collect()
}

/// The rows of the only set.
#[track_caller]
fn only(value: &Value, kind: RuleSetKind) -> Vec<String> {
    let file = read(value);
    assert_eq!(file.flaws, [], "{value}");
    let [set] = file.sets.as_slice() else {
        panic!("{} sets in {value}", file.sets.len());
    };
    assert_eq!(set.kind, kind, "{value}");
    rows(set)
}

fn without(mut value: Value, keys: &[&str]) -> Value {
    for key in keys {
        value.as_object_mut().unwrap().remove(*key);
    }
    value
}

#[test]
fn a_registrys_rules_are_the_same_in_every_shape_and_spelling() {
    let expected = [
        format!("In - allow * {SUBNET} -> * *"),
        "In - allow * 203.0.113.7 -> * *".to_owned(),
        "In - allow * 198.51.100.0/24 -> * *".to_owned(),
    ];
    for address in ["value", "ipAddressOrRange"] {
        for key in [
            "virtualNetworkSubnetResourceId",
            "virtualNetworkResourceId",
            "id",
        ] {
            let text = registry().to_string();
            let text = text.replace("\"ipAddressOrRange\"", &format!("{address:?}"));
            let text = text.replace("\"virtualNetworkResourceId\"", &format!("{key:?}"));
            let flat: Value = serde_json::from_str(&text).unwrap();
            let rules = flat["networkRuleSet"].clone();
            for shape in [
                flat.clone(),
                nested(&flat),
                json!([flat]),
                json!({"value": [nested(&flat)]}),
                arm(std::slice::from_ref(&flat)),
                without(flat.clone(), &["type", "id", "sku"]),
                rules.clone(),
                without(rules, &["defaultAction"]),
            ] {
                assert_eq!(only(&shape, RuleSetKind::Acr), expected, "{shape}");
            }
        }
    }
    // Both keys of a subnet stand side by side in what newer versions print.
    let both = json!({"ipRules": [], "virtualNetworkRules": [{"action": "Allow",
        "virtualNetworkResourceId": SUBNET, "virtualNetworkSubnetResourceId": SUBNET}]});
    assert_eq!(only(&both, RuleSetKind::Acr), expected[..1]);
    let none = json!({"name": "basic", "loginServer": "basic.azurecr.io", "networkRuleSet": null});
    assert_eq!(only(&none, RuleSetKind::Acr), [""; 0]);
}

#[test]
fn a_security_group_is_the_same_in_every_shape() {
    let expected = [
        "In 300 deny * AzureDevOps -> ASG web 443",
        "Out 200 allow Tcp VirtualNetwork -> 20.38.108.0/23 8.8.8.8 443,8000-8010",
    ];
    let flat = group();
    let all = [
        flat["securityRules"].as_array().unwrap().clone(),
        vec![
            json!({"name": "DenyAllInBound", "priority": 65500, "direction": "Inbound", "access": "Deny", "protocol": "*",
            "sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "sourcePortRange": "*", "destinationPortRange": "*"}),
        ],
    ];
    for shape in [
        flat.clone(),
        nested(&flat),
        json!([flat]),
        json!({"value": [nested(&flat)]}),
        arm(std::slice::from_ref(&flat)),
        without(
            flat.clone(),
            &["type", "id", "location", "defaultSecurityRules"],
        ),
        flat["securityRules"].clone(),
        nested(&flat)["properties"]["securityRules"].clone(),
        json!({"value": flat["securityRules"]}),
    ] {
        assert_eq!(only(&shape, RuleSetKind::Nsg), expected, "{shape}");
    }
    // `az network nsg rule list --include-default`.
    let file = read(&json!(all.concat()));
    let [set] = file.sets.as_slice() else {
        panic!("{file:?}");
    };
    assert_eq!(set.rows.len(), 8);
}

#[test]
fn keys_in_singular_and_plural_are_one_side_of_a_rule() {
    let rule = |changes: &Value| {
        let mut rule = json!({"name": "r", "priority": 100, "direction": "inbound", "access": "ALLOW", "protocol": "tcp",
            "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"});
        for (key, value) in changes.as_object().unwrap() {
            rule[key] = value.clone();
        }
        only(&json!([rule]), RuleSetKind::Nsg).remove(0)
    };
    let from = |text: &str| rule(&json!({"sourceAddressPrefix": text}));
    let plural =
        |list: Value| rule(&json!({"sourceAddressPrefix": null, "sourceAddressPrefixes": list}));
    for (written, shown) in [
        ("*", "*"),
        ("Any", "*"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("VirtualNetwork", "VirtualNetwork"),
        ("VIRTUAL_NETWORK", "VirtualNetwork"),
        ("Internet", "Internet"),
        ("INTERNET", "Internet"),
        ("AzureLoadBalancer", "AzureLoadBalancer"),
        ("AZURE_LOADBALANCER", "AzureLoadBalancer"),
        ("azureplatformdns", "AzurePlatformDNS"),
        ("AzurePlatformIMDS", "AzurePlatformIMDS"),
        ("AzurePlatformLKM", "AzurePlatformLKM"),
        (
            "AzureContainerRegistry.WestEurope",
            "AzureContainerRegistry.WestEurope",
        ),
        ("10.0.0.4", "10.0.0.4"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:db8::/32", "2001:db8::/32"),
    ] {
        let expected = format!("In 100 allow Tcp {shown} -> * *");
        assert_eq!(from(written), expected);
        // A lone tag also comes in the plural key.
        assert_eq!(plural(json!([written])), expected);
    }
    assert_eq!(
        plural(json!(["10.0.0.4", "192.0.2.0/24"])),
        "In 100 allow Tcp 10.0.0.4 192.0.2.0/24 -> * *"
    );
    for (ports, shown) in [
        (json!({"destinationPortRange": "443"}), "443"),
        (json!({"destinationPortRange": "80-90"}), "80-90"),
        (
            json!({"destinationPortRange": null, "destinationPortRanges": ["443", "80-90"]}),
            "80-90,443",
        ),
        (
            json!({"destinationPortRange": "", "destinationPortRanges": ["*"]}),
            "*",
        ),
    ] {
        assert_eq!(rule(&ports), format!("In 100 allow Tcp * -> * {shown}"));
    }
    for (protocol, shown) in [
        ("Tcp", "Tcp"),
        ("UDP", "Udp"),
        ("icmp", "Icmp"),
        ("Esp", "Esp"),
        ("AH", "Ah"),
        ("*", "*"),
    ] {
        assert_eq!(
            rule(&json!({"protocol": protocol})),
            format!("In 100 allow {shown} * -> * *")
        );
    }
    let groups = json!({"sourceAddressPrefix": null, "sourceApplicationSecurityGroups": [{"id": "/x/applicationSecurityGroups/a"}, {"id": "/x/applicationSecurityGroups/b"}]});
    assert_eq!(rule(&groups), "In 100 allow Tcp ASG a ASG b -> * *");
}

#[test]
fn firewalls_groups_and_routes_are_the_same_in_every_shape() {
    let expected = [
        "In 100 translate Tcp * -> 203.0.113.4 22",
        "Out 200 deny Tcp IP group office -> Storage.WestEurope 8.8.8.8 443",
        "Out 300 allow Tcp 10.0.0.0/24 -> contoso.azurecr.io 443",
    ];
    let flat = policy();
    for shape in [
        flat.clone(),
        nested(&flat),
        json!([flat]),
        json!({"value": [nested(&flat)]}),
        json!({"name": "p", "ruleCollectionGroups": [flat]}),
        arm(std::slice::from_ref(&flat)),
    ] {
        assert_eq!(only(&shape, RuleSetKind::Firewall), expected, "{shape}");
    }
    assert_eq!(
        only(&classic(), RuleSetKind::Firewall),
        [
            "Out 200 allow Tcp * -> AzureContainerRegistry 443",
            "Out 100 allow Tcp * -> mcr.microsoft.com 443"
        ]
    );
    let hosts = json!({"priority": 100, "ruleCollections": [{"name": "c", "priority": 100, "action": {"type": "Allow"}, "rules": [
        {"name": "h", "ruleType": "networkRule", "ipProtocols": ["Any"], "sourceAddresses": ["*"], "destinationFqdns": ["A.Example.com"], "destinationPorts": ["*"]},
        {"name": "g", "ruleType": "NetworkRule", "ipProtocols": ["UDP", "ICMP"], "sourceIpGroups": ["/x/ipGroups/a"], "destinationIpGroups": ["/x/ipGroups/b"], "destinationPorts": ["53"]},
        {"name": "t", "ruleType": "ApplicationRule", "sourceAddresses": ["*"], "fqdnTags": ["WindowsUpdate"], "protocols": [{"protocolType": "Http", "port": 80}, {"protocolType": "Https", "port": 443}]}
    ]}]});
    assert_eq!(
        only(&hosts, RuleSetKind::Firewall),
        [
            "Out 100 allow * * -> a.example.com *",
            "Out 100 allow Udp,Icmp IP group a -> IP group b 53",
            "Out 100 allow Tcp * -> FQDN tag windowsupdate 80,443"
        ]
    );
    let addresses = ["Out - listed * * -> 203.0.113.9 203.0.113.16/28 203.0.113.40-203.0.113.50 *"];
    for shape in [
        ip_group(),
        nested(&ip_group()),
        json!([ip_group()]),
        arm(&[ip_group()]),
    ] {
        assert_eq!(only(&shape, RuleSetKind::IpGroup), addresses, "{shape}");
    }
    let table = [
        "Out - Internet * * -> AzureContainerRegistry.WestEurope *",
        "Out - VirtualAppliance 10.0.0.4 * * -> 0.0.0.0/0 *",
    ];
    for shape in [
        routes(),
        nested(&routes()),
        json!({"value": [routes()]}),
        arm(&[routes()]),
        routes()["routes"].clone(),
        nested(&routes())["properties"]["routes"].clone(),
    ] {
        assert_eq!(only(&shape, RuleSetKind::RouteTable), table, "{shape}");
    }
}

#[test]
fn subnets_are_read_beside_rules_and_in_their_network() {
    let network = json!({"name": "v", "type": "Microsoft.Network/virtualNetworks", "properties": {"subnets": [subnet()]}});
    for shape in [
        json!([registry(), subnet()]),
        json!([registry(), nested(&subnet())]),
        json!([registry(), network]),
    ] {
        let file = read(&shape);
        assert_eq!(file.flaws, [], "{shape}");
        let [found] = file.subnets.as_slice() else {
            panic!("{file:?}");
        };
        assert_eq!(found.id.to_string(), SUBNET);
        assert_eq!(
            found.service_endpoints[0].as_str(),
            "Microsoft.ContainerRegistry"
        );
        assert_eq!(found.prefixes.len(), 1);
    }
}

/// What the portal exports: children beside their parent, which has them too.
#[test]
fn children_of_an_export_belong_to_their_parent() {
    let parent = nested(&group());
    let child = |name: &str| {
        let mut child = parent["properties"]["securityRules"][0].clone();
        child["type"] = json!("Microsoft.Network/networkSecurityGroups/securityRules");
        child["name"] = json!(name);
        child
    };
    let both = json!({"resources": [parent, child("[concat(parameters('nsg1'), '/out')]"), child("nsg1/out")]});
    let file = read(&both);
    // The parent has its own name; the template's name of it is another.
    let names: Vec<&str> = file.sets.iter().map(|set| set.name.as_str()).collect();
    assert_eq!(names, ["nsg1", "parameters('nsg1')"]);
    let alone =
        json!({"resources": [registry(), child("nsg1/a"), child("nsg1/b"), child("nsg2/a")]});
    let file = read(&alone);
    let counts: Vec<(&str, usize)> = file
        .sets
        .iter()
        .map(|set| (set.name.as_str(), rows(set).len()))
        .collect();
    assert_eq!(counts, [("contoso", 3), ("nsg1", 2), ("nsg2", 1)]);
    let mut older = parent.clone();
    older["resources"] = json!([]);
    assert_eq!(only(&older, RuleSetKind::Nsg).len(), 2);
}

#[test]
fn lists_come_in_many_forms() {
    let expected =
        "Out - listed * * -> 203.0.113.9 198.51.100.0/24 192.0.2.1-192.0.2.9 Storage.WestEurope *";
    let plain = "# office\n203.0.113.9 # door\n\n198.51.100.0/24\n192.0.2.1-192.0.2.9\nStorage.WestEurope\n";
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(unit).collect()
    };
    for bytes in [
        plain.as_bytes().to_vec(),
        plain.replace('\n', "\r\n").into_bytes(),
        format!("\u{feff}{plain}").into_bytes(),
        utf16(plain, u16::to_le_bytes),
        utf16(plain, u16::to_be_bytes),
        b"203.0.113.9, 198.51.100.0/24;192.0.2.1-192.0.2.9\t\n Storage.WestEurope ".to_vec(),
        br#"["203.0.113.9","198.51.100.0/24","192.0.2.1-192.0.2.9","Storage.WestEurope"]"#.to_vec(),
        br#" ["203.0.113.9","198.51.100.0/24","192.0.2.1 - 192.0.2.9","Storage.WestEurope"]"#
            .to_vec(),
    ] {
        let file = read_rules(&bytes).unwrap();
        assert_eq!(file.sets[0].kind, RuleSetKind::List);
        assert_eq!(rows(&file.sets[0]), [expected], "{bytes:?}");
    }
}

#[test]
fn a_tag_counts_only_as_the_whole_of_a_line() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    let path = path.to_str().unwrap();
    let lists: [(&str, &str, &str); 10] = [
        (
            "203.0.113.9\n203.0.113.16/28,storage\n",
            "storage",
            "line 2, column 17,",
        ),
        ("203.0.113.9;\"Storage\"\n", "Storage", "line 1, column 14,"),
        (
            "Storage\tblobs and queues",
            "blobs and queues",
            "line 1, column 9,",
        ),
        (
            "203.0.113.9  Storage.WestEurope",
            "Storage.WestEurope",
            "line 1, column 14,",
        ),
        (
            "# é\n203.0.113.9 é  Sql # a remark",
            "é",
            "line 2, column 13,",
        ),
        ("203.0.113.1 *", "*", "line 1, column 13,"),
        ("203.0.113.1, Internet", "Internet", "line 1, column 14,"),
        ("203.0.113.1\n1.2.3\n", "1.2.3", "line 2, column 1,"),
        ("203.0.113.1\n 256.1.1.1", "256.1.1.1", "line 2, column 2,"),
        ("203.0.113.1:443", "203.0.113.1:443", "line 1, column 1,"),
    ];
    for (text, word, place) in lists {
        std::fs::write(path, text).unwrap();
        let said = format!("list.csv has \"{word}\" in {place}");
        for args in [
            &["test", path, "--from", "203.0.113.9"][..],
            &["make", "list", "--list", path],
            &["fit", "--list", path, "--limit", "9"],
            &["fit", "Sql", "--keep", path, "--limit", "9"],
            &["show", path],
            &["check", path],
            &["impact", path],
        ] {
            run_small(&[&["rules"], args].concat()).is_refused(&[&said]);
        }
    }
    std::fs::write(path, "203.0.113.9, 203.0.113.16/28 # storage\n Storage ;\n").unwrap();
    let made = run_small(&["rules", "make", "list", "--list", path]);
    for line in ["203.0.113.9/32", "203.0.113.16/28", "192.0.2.0/26"] {
        assert!(made.lines().contains(&line), "{made:?}");
    }
}

/// The CIDRs that `rules make list` makes of a list, and what is said.
fn made_of(text: &str, more: &[&str]) -> (Vec<String>, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("list.csv");
    std::fs::write(&path, text).unwrap();
    let args = ["rules", "make", "list", "--list", path.to_str().unwrap()];
    let made = run_small(&[&args[..], more].concat());
    let is_entry = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let lines = made.out.lines().filter(is_entry);
    let lines = lines.map(str::to_owned).collect();
    (lines, made.err.clone())
}

#[test]
fn of_a_table_one_column_is_the_list() {
    let tables: [(&str, &[&str], &str); 7] = [
        (
            "ip,desc\n203.0.113.0/28,storage\n",
            &["203.0.113.0/28"],
            "column \"ip\"",
        ),
        (
            "203.0.113.0/28;Sql\n203.0.113.16/28;\"Storage; two\"\n",
            &["203.0.113.0/27"],
            "column 1",
        ),
        (
            "who\twhere\r\nSql\t203.0.113.0/28\r\nStorage\t203.0.113.9\r\n",
            &["203.0.113.0/28"],
            "column \"where\"",
        ),
        (
            "network,mask\n203.0.113.0,255.255.255.240\n198.51.100.0,255.255.255.0\n",
            &["198.51.100.0/24", "203.0.113.0/28"],
            "column \"network\"",
        ),
        (
            "203.0.113.0,255.255.255.240\n198.51.100.0,255.255.255.0\n",
            &["198.51.100.0/24", "203.0.113.0/28"],
            "",
        ),
        (
            "203.0.113.0/29, 203.0.113.8/29\n198.51.100.0/25, 198.51.100.128/25\n",
            &["198.51.100.0/24", "203.0.113.0/28"],
            "",
        ),
        (
            "- 203.0.113.0/28\n- \"198.51.100.0/24\"\n- 192.0.2.0 to 192.0.2.3\n",
            &["192.0.2.0/30", "198.51.100.0/24", "203.0.113.0/28"],
            "",
        ),
    ];
    for (text, expected, said) in tables {
        let (made, err) = made_of(text, &["--aggregate"]);
        assert_eq!(made, expected, "{text}: {err}");
        assert!(err.contains(said), "{text}: {err}");
    }
    let two = "from,to\n203.0.113.1,203.0.113.9\n203.0.113.2,203.0.113.7\n";
    let (made, err) = made_of(two, &[]);
    assert!(
        made.is_empty() && err.contains("(from, to): name one with --column"),
        "{err}"
    );
    for column in ["to", "TO", "2"] {
        let (made, _) = made_of(two, &["--column", column]);
        assert_eq!(made, ["203.0.113.7/32", "203.0.113.9/32"], "{column}");
    }
    let (made, err) = made_of(two, &["--column", "via"]);
    assert!(
        made.is_empty() && err.contains("has no column \"via\": from, to"),
        "{err}"
    );
}

#[test]
fn files_come_several_at_once_packed_and_from_a_pipe() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("list.txt"), "203.0.113.9\n").unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(group().to_string().as_bytes()).unwrap();
    std::fs::write(path("nsg.json.gz"), packer.finish().unwrap()).unwrap();
    let shown = run_with(
        &[
            "--file",
            SMALL,
            "rules",
            "show",
            &path("list.txt"),
            "-",
            &path("nsg.json.gz"),
            "--json",
        ],
        registry().to_string(),
    );
    shown.is_quiet(0);
    let answer = shown.json();
    let kinds: Vec<&str> = answer["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["sets"][0]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["list", "acr", "nsg"]);
    run_with(&["rules", "show", "-", "-"], "203.0.113.9").is_refused(&["once"]);
    run(&["rules", "show", &path("nothing.json")]).is_refused(&["nothing.json"]);
}

#[test]
fn what_is_no_file_of_rules_is_refused_with_what_was_expected() {
    let listed = json!([{"id": "/x", "name": "nsg1", "type": "Microsoft.Network/networkSecurityGroups", "location": "westeurope", "tags": null},
        {"id": "/y", "name": "contoso", "type": "Microsoft.ContainerRegistry/registries", "location": "westeurope"}]);
    let publication = std::fs::read_to_string(SMALL).unwrap();
    for (text, part) in [
        ("", "is empty"),
        ("  \r\n\t", "is empty"),
        ("{}", "an empty JSON object"),
        ("[]", "an empty JSON list"),
        ("[[]]", "a JSON list"),
        ("[null]", "a JSON list"),
        ("{\"value\":[]}", "a JSON object with value"),
        ("{\"resources\":[]}", "a JSON object with resources"),
        (&publication, "a publication of service tags"),
        (
            "<!DOCTYPE html><html><style>* { margin: 0 }</style>10.0.0.1</html>",
            "an HTML or XML page",
        ),
        (
            "ERROR: Please run 'az login' to setup account.",
            "a message (\"ERROR: Please run",
        ),
        ("ERROR: cannot reach 10.0.0.4 on port 443", "a message"),
        ("WARNING: in preview\n{\"ipRules\":[]}", "a message"),
        (
            "Traceback (most recent call last):\n  10.0.0.1",
            "a message",
        ),
        (
            r#"{"error":{"code":"ResourceNotFound","message":"The Resource was not found."}}"#,
            "an error (ResourceNotFound)",
        ),
        (
            &listed.to_string(),
            "a JSON list of objects with id, location, name",
        ),
        ("{\"ipRules\"", "is not JSON"),
        ("dear all, please open the firewall", "line 1"),
    ] {
        let error = read_rules(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(part), "{part:?} not in {error}");
        let ran = run_with(&["rules", "show", "-"], text);
        ran.is_refused(&["standard input", part]);
        if error.contains("no rules") {
            for shape in [
                "az acr show",
                "nsg",
                "Azure Firewall",
                "IP groups",
                "route tables",
                "a list",
            ] {
                assert!(error.contains(shape), "{error}");
            }
        }
    }
}
