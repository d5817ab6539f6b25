//! What is no file, what is full or closed: a sentence at once, exit 2, and nothing left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::archive::{Room, publication};
use crate::program::{Ran, SMALL, ended, process, run, run_with, tagscope};
use crate::server::Answer;
use crate::update::Scene;

/// Nothing that is refused at once takes longer, however busy the machine is.
const AT_ONCE: Duration = Duration::from_secs(30);

/// Makes a named pipe that nobody writes to: to open it is to wait for ever.
pub fn fifo(path: &Path) -> String {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
    path.to_str().unwrap().to_owned()
}

/// Runs with a data folder; a run that waits is killed, and fails the test.
fn at_once(data: &Path, args: &[&str]) -> Ran {
    let mut command = tagscope();
    command.arg("--data-dir").arg(data).args(args);
    ended(command.timeout(AT_ONCE))
}

/// Every argument of a verb that names a file to be read.
fn reading(path: &str) -> Vec<Vec<String>> {
    let lines = [
        "--file PATH tags",
        "--config PATH tags",
        "--log-file PATH tags",
        "import PATH",
        "update --from PATH",
        "diff PATH latest",
        "diff latest PATH",
        "rules show PATH",
        "rules check PATH",
        "rules test PATH --from 192.0.2.1",
        "rules impact PATH",
        "rules show LIST --parameters PATH",
        "rules make az-nsg --list PATH",
        "rules make az-nsg --tag Storage --check PATH",
        "endpoints --from PATH",
    ];
    let list = "tests/data/small.json";
    let words = |line: &str| {
        let words = line.split(' ').map(|word| match word {
            "PATH" => path.to_owned(),
            "LIST" => list.to_owned(),
            word => word.to_owned(),
        });
        words.collect()
    };
    lines.map(words).to_vec()
}

#[test]
fn named_pipes_sockets_devices_and_folders_are_a_sentence_wherever_a_file_is_read() {
    let home = TempDir::new().unwrap();
    let socket = home.path().join("socket.json");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let folder = home.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let pipe = fifo(&home.path().join("pipe.json"));
    for (path, what) in [
        (pipe.as_str(), "is a named pipe, not a file"),
        (socket.to_str().unwrap(), "is a socket, not a file"),
        ("/dev/zero", "is a device, not a file"),
        (folder.to_str().unwrap(), ""),
    ] {
        for args in reading(path) {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let ran = at_once(home.path(), &args);
            ran.is_refused(&["tagscope: ", path]);
            let what = if args[0] == "--log-file" && !what.is_empty() {
                what.strip_prefix("is").unwrap()
            } else {
                what
            };
            ran.says(&[what]);
            assert_eq!(ran.err.lines().count(), 1, "{ran:?}");
        }
    }
}

#[test]
fn a_named_pipe_among_settings_and_saved_things_is_a_sentence() {
    let home = TempDir::new().unwrap();
    let pipe = fifo(&home.path().join("roots.pem"));
    let config = home.path().join("config.toml");
    fs::write(&config, format!("ca_file = \"{pipe}\"\n")).unwrap();
    fs::create_dir(home.path().join("rules")).unwrap();
    fifo(&home.path().join("rules/prod.toml"));
    let config = config.to_str().unwrap();
    let refused = |verb: &[&str], name: &str| {
        let args = [&["--config", config][..], verb].concat();
        let ran = at_once(&home.path().join("data"), &args);
        assert_eq!(ran.code, 2, "{ran:?}");
        ran.says(&[name, "is a named pipe, not a file"]);
    };
    refused(&["update"], "roots.pem");
    refused(&["endpoints", "contoso", "--probe"], "roots.pem");
    fs::write(config, "").unwrap();
    refused(&["rules", "show", "@prod"], "prod.toml");
    // A list that is none costs the watching, not the answer.
    fifo(&home.path().join("watched.txt"));
    let ran = at_once(home.path(), &["--config", config, "diff", "--watched"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["watched.txt is a named pipe, not a file"]);
}

#[test]
fn named_pipes_in_the_archive_are_passed_over_and_bar_nothing() {
    let room = Room::new();
    for (date, number) in [("20260105", 1), ("20260112", 2)] {
        let name = format!("ServiceTags_China_{date}.json");
        room.import(&room.file(&name, publication("China", number, 60)));
    }
    let folder = Path::new(&room.data()).join("weeks/china");
    // The newest week, what was compiled of it, the stamp and the history are pipes now.
    let newest = room.files("china", ".json.gz").pop().unwrap();
    let compiled = room.files("china", ".idx");
    let others = [".checked", "history.weeks"].map(|name| folder.join(name));
    for path in [newest].iter().chain(&compiled).chain(&others) {
        let _ = fs::remove_file(path);
        fifo(path);
    }
    let data = PathBuf::from(room.data());
    let ran = at_once(&data, &["--cloud", "china", "info", "--json"]);
    assert_eq!(ran.json()["week"]["date"], "2026-01-05", "{ran:?}");
    ran.says(&["is a named pipe, not a file"]);
    for (args, code) in [
        (&["--cloud", "china", "history", "Tag1"][..], None),
        (&["--cloud", "china", "weeks"], None),
        (&["weeks", "verify"], None),
        (&["--cloud", "china", "diff", "2026-01-05", "latest"], None),
        (
            &["--cloud", "china", "weeks", "prune", "--keep", "1", "--yes"],
            Some(0),
        ),
    ] {
        let ran = at_once(&data, args);
        assert!(code.is_none_or(|code| code == ran.code), "{ran:?}");
    }
    let named = ["--cloud", "china", "--week", "2026-01-12", "info"];
    let said = ["is a named pipe, not a file; no week of China available"];
    at_once(&data, &named).is_refused(&said);
    let next = room.file(
        "ServiceTags_China_20260119.json",
        publication("China", 3, 60),
    );
    assert_eq!(at_once(&data, &["import", &next]).code, 0);
    let ran = at_once(&data, &["--cloud", "china", "info", "--json"]);
    assert_eq!(ran.json()["week"]["date"], "2026-01-19", "{ran:?}");
    // In the place of the lock it would be waited for.
    for name in [".lock", ".fetch.lock"] {
        let lock = data.join("weeks").join(name);
        let _ = fs::remove_file(&lock);
        fifo(&lock);
    }
    let other = room.file(
        "ServiceTags_China_20260126.json",
        publication("China", 4, 60),
    );
    at_once(&data, &["import", &other]).is_refused(&["cannot lock", ".lock", "not a file"]);
}

#[test]
fn a_folder_with_a_named_pipe_is_imported_but_for_it() {
    let room = Room::new();
    let file = room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    let folder = Path::new(&file).parent().unwrap();
    fifo(&folder.join("ServiceTags_China_20260112.json"));
    let data = PathBuf::from(room.data());
    let ran = at_once(&data, &["import", folder.to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["ServiceTags_China_20260112.json is a named pipe, not a file"]);
    assert_eq!(ran.json()["weeks"].as_array().unwrap().len(), 1);
}

#[test]
fn standard_input_is_read_by_each_of_its_names_and_once_only() {
    let text = fs::read(SMALL).unwrap();
    let direct = run(&["--file", SMALL, "tags"]);
    direct.is_quiet(0);
    let names = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
    for name in names {
        let ran = run_with(&["--file", name, "tags"], text.clone());
        ran.is_quiet(0);
        assert_eq!(ran.out, direct.out);
        let ran = run_with(&["rules", "show", name], "192.0.2.0/24\n");
        assert!(ran.code == 0 && ran.out.contains("192.0.2.0/24"), "{ran:?}");
        let config = run_with(&["--config", name, "config"], "cloud = \"china\"\n");
        assert!(config.out.contains("cloud = \"china\""), "{config:?}");
        for other in names {
            let once = "standard input can be read once only";
            run(&["rules", "show", name, other]).is_refused(&[once]);
            run(&["--file", name, "rules", "show", other]).is_refused(&[once]);
            run(&["--config", name, "rules", "show", other]).is_refused(&[once]);
            run(&["import", name, other]).is_refused(&[once]);
            let args = ["rules", "make", "az-nsg", "--list", name, "--check", other];
            run(&args).is_refused(&[once]);
        }
        let both = "standard input cannot be both";
        run(&["--file", name, "lookup"]).is_refused(&[both, "--file -"]);
        run(&["--config", name, "lookup", "-"]).is_refused(&[both, "--config -"]);
        run(&["--file", name, "explain"]).is_refused(&[both, "--file -"]);
    }
}

#[test]
fn the_pipe_of_a_shell_is_read_to_its_end_and_the_null_device_is_empty() {
    let room = Room::new();
    // More than a pipe holds at once.
    let name = "ServiceTags_China_20260105.json";
    let big = room.file(name, publication("China", 1, 3000));
    let list = room.file("list.txt", "192.0.2.0/24\n");
    let registry = room.file("registry.json", "{\"loginServer\":\"contoso.azurecr.io\"}");
    let config = room.file("own.toml", "cloud = \"china\"\n");
    assert!(fs::metadata(&big).unwrap().len() > 1 << 17);
    let data = room.data();
    let run = |words: &str| {
        let program = env!("CARGO_BIN_EXE_tagscope");
        let mut command = assert_cmd::Command::new("bash");
        let line = format!("'{program}' --data-dir '{data}' {words}");
        command.args(["-c", &line]).timeout(AT_ONCE);
        command.env_remove("TAGSCOPE_CONFIG");
        ended(command.env("HOME", &data).env("XDG_CONFIG_HOME", &data))
    };
    let ran = run(&format!("--file <(cat '{big}') tags"));
    assert_eq!((ran.code, ran.lines().len()), (0, 3000), "{}", ran.err);
    let ran = run(&format!("import --date 2026-01-05 <(cat '{big}')"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(room.weeks("china").len(), 1);
    let ran = run(&format!("import <(cat '{big}')"));
    ran.is_refused(&["has no date"]);
    let ran = run(&format!("rules show <(cat '{list}') <(cat '{list}')"));
    assert!(ran.out.matches("192.0.2.0/24").count() >= 2, "{ran:?}");
    let ran = run(&format!("endpoints --from <(cat '{registry}')"));
    assert!(ran.out.contains("contoso.azurecr.io"), "{ran:?}");
    let ran = run(&format!("--config <(cat '{config}') config"));
    assert!(ran.out.contains("cloud = \"china\""), "{ran:?}");
    // A pipe that a slow program fills.
    let ran = run(&format!(
        "rules show <(head -c 3 '{list}'; sleep 0.2; tail -c +4 '{list}')"
    ));
    assert!(ran.out.contains("192.0.2.0/24"), "{ran:?}");
    run("--file /dev/null tags").is_refused(&["/dev/null", "empty"]);
    run("--config /dev/null tags").is_quiet(0);
    run("rules show /dev/null").is_refused(&["/dev/null", "empty"]);
}

/// Runs a line of a shell in which `$T` is the program with its data folder.
pub fn shell(room: &Room, line: &str) -> Ran {
    let mut command = assert_cmd::Command::new("sh");
    let program = process(&[]);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let tagscope = format!(
        "T() {{ '{}' --data-dir '{}' \"$@\"; }}\n",
        env!("CARGO_BIN_EXE_tagscope"),
        room.data()
    );
    command.args(["-c", &(tagscope + line)]).timeout(AT_ONCE);
    ended(&mut command)
}

#[test]
fn a_full_standard_output_is_a_sentence_and_2() {
    let room = Room::new();
    let file = room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    for verb in [
        "tags",
        "tags --format csv",
        "tags --format markdown",
        "tags --json",
        "tags --format jsonl",
        "tags show AzureCloud",
        "lookup 20.38.116.38",
        "lookup 0.0.0.0/0",
        "regions",
        "info",
        "man",
        "config",
        "--help",
        "--version",
        "completions bash",
        "endpoints contoso",
        "rules make az-nsg --tag Storage",
        &format!("import '{file}'"),
    ] {
        let ran = shell(&room, &format!("T {verb} >/dev/full"));
        assert_eq!(ran.code, 2, "{verb}: {ran:?}");
        ran.says(&["tagscope: ", "No space left"]);
        assert_eq!(ran.err.lines().count(), 1, "{verb}: {ran:?}");
    }
    // What was kept before the answer failed is whole.
    assert_eq!(room.weeks("china").len(), 1);
    room.run(&["weeks", "verify"]).is_quiet(0);
}

#[test]
fn a_file_at_its_limit_is_a_sentence_and_2_and_nothing_is_left() {
    let room = Room::new();
    let file = room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 600),
    );
    let out = room.file("out", "");
    fs::remove_file(&out).unwrap();
    for (verb, limit) in [
        (format!("import '{file}'"), 0),
        (format!("import '{file}'"), 1),
        (format!("update --from '{file}'"), 1),
        (
            format!("rules make az-nsg --tag AzureCloud --output '{out}'"),
            1,
        ),
    ] {
        let ran = shell(&room, &format!("ulimit -f {limit}; T {verb}"));
        assert_eq!(ran.code, 2, "{verb}: {ran:?}");
        ran.says(&["tagscope: ", "File too large"]);
        assert!(!Path::new(&out).exists(), "{verb}");
        let left: Vec<PathBuf> = everything(Path::new(&room.data()))
            .chain(everything(Path::new(&out).parent().unwrap()))
            .filter(|path| !path.ends_with(".lock") && !path.ends_with(".fetch.lock"))
            .filter(|path| path.to_str() != Some(&file))
            .collect();
        assert_eq!(left, Vec::<PathBuf>::new(), "{verb}");
    }
    // The answer itself, into a file.
    let ran = shell(&room, &format!("ulimit -f 1; T tags >'{out}'"));
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["tagscope: ", "File too large"]);
    // With room enough the same goes well.
    room.import(&file);
}

/// The files below a folder.
fn everything(folder: &Path) -> Box<dyn Iterator<Item = PathBuf>> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    Box::new(entries.flat_map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything(&path)
        } else {
            Box::new(std::iter::once(path))
        }
    }))
}

#[test]
fn a_pipe_or_a_device_is_not_written_over() {
    let room = Room::new();
    let pipe = fifo(&Path::new(&room.file("x", "")).with_file_name("pipe"));
    for path in [pipe.as_str(), "/dev/full", "/dev/null"] {
        let make = [
            "rules", "make", "az-nsg", "--tag", "Storage", "--output", path,
        ];
        let data = PathBuf::from(room.data());
        at_once(&data, &make).is_refused(&[path, "is there already"]);
        if path != "/dev/null" {
            let ran = at_once(&data, &[&make[..], &["--force"]].concat());
            ran.is_refused(&[path, "not a file"]);
        }
    }
    let kind = fs::metadata("/dev/null").unwrap().file_type();
    assert!(std::os::unix::fs::FileTypeExt::is_char_device(&kind));
}

/// Locks a file of the archive as another program would that has this number.
fn held(room: &Room, name: &str, number: u32) -> fs::File {
    let folder = Path::new(&room.data()).join("weeks");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), format!("{number}\n")).unwrap();
    let lock = fs::File::open(folder.join(name)).unwrap();
    lock.lock().unwrap();
    lock
}

#[test]
fn files_are_read_before_anybody_is_waited_for() {
    let room = Room::new();
    let data = PathBuf::from(room.data());
    let file = room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    room.import(&file);
    let _lock = held(&room, ".lock", 1);
    let bad = room.file("ServiceTags_China_20260112.json", "<html></html>");
    at_once(&data, &["import", &bad]).is_refused(&["HTML"]);
    at_once(&data, &["import", "no-such-file"]).is_refused(&["no-such-file"]);
    at_once(&data, &["update", "--from", &bad]).is_refused(&["HTML"]);
    // What is held is known without a lock.
    let ran = at_once(&data, &["import", &file]);
    assert!(ran.code == 0 && ran.out.contains("held"), "{ran:?}");
    let ran = at_once(&data, &["update", "--from", &file]);
    assert!(ran.code == 0 && ran.out.contains("current"), "{ran:?}");
}

#[test]
fn an_import_that_reads_a_pipe_and_an_update_that_waits_for_a_server_hold_nobody_up() {
    let scene = Scene::new();
    let data = PathBuf::from(scene.room.data());
    let args = ["--data-dir", data.to_str().unwrap(), "import", "-"];
    let mut reader = process(&args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let path = scene.link("China", "20261116");
    scene.server.script(&path, [Answer::silent()]);
    let mut waiter = scene
        .room
        .start(&scene.args(&["update", "--cloud", "china"]));
    let start = std::time::Instant::now();
    while !scene.server.paths().contains(&path) {
        assert!(start.elapsed() < AT_ONCE, "nothing was asked");
        std::thread::yield_now();
    }
    let file = scene.room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    let ran = at_once(&data, &["import", &file]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(reader.try_wait().unwrap().is_none() && waiter.try_wait().unwrap().is_none());
    for child in [&mut reader, &mut waiter] {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn whoever_waits_for_longer_than_a_second_says_for_whom_on_a_terminal() {
    let scene = Scene::new();
    scene.publish("China", "20261116", 41, 100);
    let file = scene.room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    let data = scene.room.data();
    for (name, verb) in [
        (".lock", &["import", file.as_str()][..]),
        (".fetch.lock", &["update", "--cloud", "china"]),
        (".lock", &["weeks", "prune", "--keep", "1", "--yes"]),
    ] {
        let lock = held(&scene.room, name, 4242);
        let args = [&["--data-dir", &data], verb].concat();
        let mut pty = crate::pty::Pty::tagscope(&scene.args(&args));
        pty.wait_for_text("waiting for another tagscope (pid 4242)");
        drop(lock);
        assert_eq!(pty.exit_code(), 0, "{}", pty.screen.screen().contents());
    }
}
