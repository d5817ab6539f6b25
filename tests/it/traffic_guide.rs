//! The page of the guide about traffic shows what the program writes.

/// The logs of the page of the guide.
const ACCESS: &str = r#"20.38.116.38 - - [19/Oct/2026:05:04:03 +0000] "GET /index.html HTTP/1.1" 200 5120 "-" "curl/8.5.0"
20.38.116.39 - - [19/Oct/2026:05:04:07 +0000] "GET /img/a.png HTTP/1.1" 200 20480 "-" "curl/8.5.0"
8.8.8.8 - - [19/Oct/2026:05:05:11 +0000] "GET / HTTP/1.1" 403 162 "-" "x/1.0"
10.0.0.4 - - [19/Oct/2026:05:05:12 +0000] "GET /health HTTP/1.1" 200 2 "-" "probe"
13.69.227.89 - - [19/Oct/2026:05:06:30 +0000] "GET /v2/ HTTP/1.1" 401 87 "-" "docker/27.0"
"#;
const FIREWALL: &str = r#"{"category":"AZFWNetworkRule","time":"2026-10-19T05:04:03Z","properties":{"Protocol":"TCP","SourceIp":"10.0.0.4","SourcePort":50000,"DestinationIp":"20.38.116.38","DestinationPort":443,"Action":"Allow","Rule":"storage"}}
{"category":"AZFWNetworkRule","time":"2026-10-19T05:04:04Z","properties":{"Protocol":"TCP","SourceIp":"10.0.0.4","SourcePort":50001,"DestinationIp":"13.69.227.89","DestinationPort":443,"Action":"Deny","Rule":""}}
{"category":"AZFWNetworkRule","time":"2026-10-19T05:04:09Z","properties":{"Protocol":"TCP","SourceIp":"10.0.0.5","SourcePort":50002,"DestinationIp":"8.8.8.8","DestinationPort":53,"Action":"Deny","Rule":""}}
"#;
const FLOWS: &str = r#"{"records":[{"time":"2026-10-19T05:05:00Z","flowLogVersion":4,"category":"FlowLogFlowEvent","flowRecords":{"flows":[{"aclID":"a","flowGroups":[{"rule":"AllowStorage","flowTuples":["1792386243000,10.0.0.4,20.38.116.38,50000,443,6,O,E,NX,12,3400,20,91000","1792386251000,10.0.0.5,20.38.116.39,50010,443,6,O,E,NX,9,2100,11,40200"]},{"rule":"DenyAllOutBound","flowTuples":["1792386260000,10.0.0.4,13.69.227.89,50020,443,6,O,D,NX,0,0,0,0","1792386261000,10.0.0.4,10.0.1.7,50021,22,6,O,D,NX,0,0,0,0"]}]}]}}]}
"#;

/// A group, where `%` is the prefix that may be reached.
const GROUP: &str = r#"{"name":"web","securityRules":[
{"name":"AllowStorage","priority":100,"direction":"Outbound","access":"Allow","protocol":"Tcp","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"%","destinationPortRange":"443"},
{"name":"DenyInternet","priority":200,"direction":"Outbound","access":"Deny","protocol":"*","sourceAddressPrefix":"*","sourcePortRange":"*","destinationAddressPrefix":"Internet","destinationPortRange":"*"}]}
"#;

#[test]
fn the_page_of_the_guide_shows_what_the_program_writes() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("access.log", ACCESS),
        ("fw.json", FIREWALL),
        ("flow.json", FLOWS),
        ("nsg.json", &GROUP.replace('%', "Storage.JapanEast")),
        ("new.json", &GROUP.replace('%', "20.38.116.38/32")),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let page = std::fs::read_to_string("assets/guide/traffic.md").unwrap();
    let mut sessions = 0;
    for block in page
        .split("```")
        .skip(1)
        .step_by(2)
        .filter(|block| block.starts_with("\n$ "))
    {
        for session in block.split("\n$ ").skip(1) {
            let (line, shown) = session.split_once('\n').unwrap();
            let program = crate::program::process(&[]);
            let mut shell = std::process::Command::new("sh");
            for (name, value) in program.get_envs() {
                match value {
                    Some(value) => shell.env(name, value),
                    None => shell.env_remove(name),
                };
            }
            let program = program.get_program().display().to_string();
            let script = format!("tagscope() {{ '{program}' --offline \"$@\"; }}\n{line}");
            let output = shell
                .args(["-c", &script])
                .current_dir(folder.path())
                .output()
                .unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            assert_eq!(said.trim_end(), shown.trim_end(), "{line}");
            sessions += 1;
        }
    }
    assert_eq!(sessions, 10);
}
