//! What is made, loaded by the programs that it is made for.
//!
//! Where a program is absent the test says so and passes, but fails in CI (`CI=true`), whose script
//! installs it. What the machine's kernel does not offer is said, and is no failure anywhere.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::program::{SMALL, installed, run, skipped};
use crate::rules_make_hostile::hostile;

/// Runs a script in a network namespace of its own; `None` where there can be none.
fn apart(script: &str, folder: &Path) -> Option<Output> {
    let command = |script: &str| {
        let mut command = Command::new("unshare");
        command
            .args(["-rn", "sh", "-ec", script])
            .current_dir(folder)
            .stdin(Stdio::null());
        command.env(
            "PATH",
            "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin",
        );
        command.output()
    };
    let can = command("true").is_ok_and(|output| output.status.success());
    if !can {
        skipped("no network namespace can be made here");
        return None;
    }
    Some(command(script).unwrap())
}

fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

/// Writes what is made of every tag of a document, of a published week, and of an older week.
fn files(kind: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let (_kept, hostile) = hostile();
    let older = std::fs::read_to_string(SMALL).unwrap();
    let older = older.replace("\"203.0.113.8/29\"", "\"203.0.113.64/29\"");
    let week = folder.path().join("older.json");
    std::fs::write(&week, older).unwrap();
    let small = ["--tag", "AzureContainerRegistry", "Storage.WestEurope"];
    let write = |name: &str, args: &[&str]| {
        let path = folder.path().join(name);
        let path = path.to_str().unwrap();
        let ran = run(&[args, &["--output", path]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
    };
    let make = ["rules", "make", kind];
    write("small", &[&["--file", SMALL], &make[..], &small].concat());
    write(
        "older",
        &[&["--file", week.to_str().unwrap()], &make[..], &small].concat(),
    );
    write(
        "hostile",
        &[&["--file", &hostile], &make[..], &["--tag", "*"]].concat(),
    );
    write("real", &[&make[..], &["--tag", "AzureCloud"]].concat());
    let published = [
        "--tag",
        "AzureCloud",
        "Storage",
        "Storage.*",
        "--as-published",
    ];
    write("published", &[&make[..], &published].concat());
    let cover = ["--tag", "AzureCloud", "--fit", "100"];
    write("cover", &[&make[..], &cover].concat());
    let rows = [
        "--list",
        "tests/data/make/web-nsg.json",
        "tests/data/make/office.txt",
        "--direction",
        "in",
    ];
    write("rows", &[&["--file", SMALL], &make[..], &rows].concat());
    folder
}

#[test]
fn nft_replaces_its_sets() {
    if installed("nft").is_none() {
        return;
    }
    let folder = files("nftables");
    let Some(output) = apart("nft list ruleset", folder.path()) else {
        return;
    };
    if !output.status.success() {
        return skipped(&format!("the kernel has no nf_tables: {}", text(&output).1));
    }
    for name in [
        "small",
        "older",
        "hostile",
        "real",
        "published",
        "cover",
        "rows",
    ] {
        let output = apart(&format!("nft -c -f {name} && nft -f {name}"), folder.path()).unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output).1);
    }
    // A rule refers to the set while it is replaced.
    let script = "nft -f older; nft add chain inet tagscope c; \
                  nft add rule inet tagscope c ip daddr @azure_tags_v4 accept; \
                  nft list set inet tagscope azure_tags_v4; echo ==; \
                  nft -f small; nft -f small; nft list ruleset";
    let output = apart(script, folder.path()).unwrap();
    let (out, err) = text(&output);
    assert!(output.status.success(), "{err}");
    let (before, after) = out.split_once("==").unwrap();
    assert!(
        before.contains("203.0.113.64/29") && !before.contains("203.0.113.0/28"),
        "{out}"
    );
    assert!(
        after.contains("203.0.113.0/28") && !after.contains("203.0.113.64"),
        "{out}"
    );
    assert!(after.contains("ip daddr @azure_tags_v4 accept"), "{out}");
    assert!(after.contains("2001:db8:2::/48"), "{out}");
}

#[test]
fn ipset_swaps_its_sets() {
    if installed("ipset").is_none() {
        return;
    }
    let folder = files("ipset");
    let Some(output) = apart("ipset list", folder.path()) else {
        return;
    };
    if !output.status.success() {
        return skipped(&format!("the kernel has no ip_set: {}", text(&output).1));
    }
    for name in [
        "small",
        "older",
        "hostile",
        "real",
        "published",
        "cover",
        "rows",
    ] {
        let script = format!("ipset restore < {name}; ipset restore < {name}");
        let output = apart(&script, folder.path()).unwrap();
        assert!(output.status.success(), "{name}: {}", text(&output).1);
    }
    let script = "ipset restore < older; ipset restore < small; ipset save";
    let output = apart(script, folder.path()).unwrap();
    let (out, err) = text(&output);
    assert!(output.status.success(), "{err}");
    assert!(out.contains("add azure_tags_v4 203.0.113.0/28"), "{out}");
    assert!(!out.contains("203.0.113.64"), "{out}");
    assert_eq!(
        out.matches("create ").count(),
        2,
        "nothing is left over: {out}"
    );
}

#[test]
fn nginx_takes_both_forms() {
    let Some(nginx) = installed("nginx") else {
        return;
    };
    let folders = ["nginx-geo", "nginx-allow"].map(files);
    let [geo, allow] = folders.each_ref().map(|folder| folder.path().display());
    for name in ["small", "hostile", "real", "published", "cover", "rows"] {
        let text = std::fs::read_to_string(folders[0].path().join(name)).unwrap();
        let variable = text
            .lines()
            .find_map(|line| line.strip_prefix("geo "))
            .unwrap();
        let variable = variable.trim_end_matches([' ', '{']);
        let folder = TempDir::new().unwrap();
        let config = folder.path().join("nginx.conf");
        let text = format!(
            "pid nginx.pid; error_log stderr; events {{ }}\nhttp {{ access_log off; include {geo}/{name};\n\
             server {{ listen 127.0.0.1:1; location / {{ include {allow}/{name}; if ({variable}) {{ return 204; }} }} }} }}\n"
        );
        std::fs::write(&config, text).unwrap();
        let mut command = Command::new(&nginx);
        command
            .arg("-t")
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&config);
        let output = command.output().unwrap();
        let (_, err) = self::text(&output);
        assert!(output.status.success(), "{name}: {err}");
        assert!(
            !err.contains("[warn]") || err.contains("\"user\" directive"),
            "{name}: {err}"
        );
    }
}

#[test]
fn haproxy_takes_the_map() {
    let Some(haproxy) = installed("haproxy") else {
        return;
    };
    let folder = files("haproxy-map");
    for name in ["small", "hostile", "real", "published", "cover", "rows"] {
        let map = folder.path().join(name);
        let config = folder.path().join("haproxy.cfg");
        let text = format!(
            "global\ndefaults\n  mode http\n  timeout connect 1s\n  timeout client 1s\n  timeout server 1s\n\
             frontend f\n  bind 127.0.0.1:1\n  http-request deny unless {{ src,map_ip({0}) -m found }}\n  \
             http-request set-header x-azure %[src,map_ip({0},none)]\n  default_backend b\nbackend b\n",
            map.display()
        );
        std::fs::write(&config, text).unwrap();
        let output = Command::new(&haproxy)
            .arg("-c")
            .arg("-f")
            .arg(&config)
            .output()
            .unwrap();
        let (out, err) = self::text(&output);
        assert!(output.status.success(), "{name}: {out}{err}");
        assert!(
            !format!("{out}{err}").contains("WARNING"),
            "{name}: {out}{err}"
        );
    }
}
