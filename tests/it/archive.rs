//! Publications that are kept: what is added, listed, opened, removed, and what damage does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ran, process, run, tagscope};

/// A published file of one cloud: so many tags, each with one block that depends on the number.
pub fn publication(cloud: &str, number: u32, tags: u32) -> String {
    let values: Vec<Value> = (0..tags)
        .map(|tag| {
            let prefixes = [
                format!("20.{}.{}.0/24", tag % 200, tag / 200),
                format!("40.{}.{}.0/24", number % 200, tag % 200),
            ];
            json!({"name": format!("Tag{tag}"), "id": format!("Tag{tag}"), "properties": {
                "changeNumber": number, "region": "", "regionId": 0, "platform": "Azure",
                "systemService": "", "addressPrefixes": prefixes, "networkFeatures": ["NSG"]}})
        })
        .collect();
    let document = json!({"changeNumber": number, "cloud": cloud, "values": values});
    serde_json::to_string_pretty(&document).unwrap()
}

/// An answer of the Discovery API with the same tags.
pub fn api_answer(number: u32) -> String {
    let mut document: Value = serde_json::from_str(&publication("Public", number, 60)).unwrap();
    document["changeNumber"] = json!(number.to_string());
    document["name"] = json!("Public");
    document["type"] = json!("Microsoft.Network/serviceTags");
    document["nextLink"] = Value::Null;
    for tag in document["values"].as_array_mut().unwrap() {
        let number = tag["properties"]["changeNumber"].to_string();
        tag["properties"]["changeNumber"] = json!(number);
    }
    document.to_string()
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut packer, text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

/// A data folder and a folder of files to import.
pub struct Room {
    folder: TempDir,
}

impl Room {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        Self { folder }
    }

    pub fn data(&self) -> String {
        let data = self.folder.path().join("data");
        data.to_str().unwrap().to_owned()
    }

    /// Writes a file to import.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join("in").join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        run(&[&["--data-dir", &self.data()], args].concat())
    }

    pub fn import(&self, file: &str) -> Ran {
        let ran = self.run(&["import", file]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        ran
    }

    pub fn start(&self, args: &[&str]) -> Child {
        process(&[&["--data-dir", &self.data()], args].concat())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// The archived weeks of a cloud as (date, number, source).
    pub fn weeks(&self, cloud: &str) -> Vec<(String, Value)> {
        let ran = self.run(&["weeks", "--cloud", cloud, "--json"]);
        let document = ran.json();
        let archived = document["weeks"].as_array().unwrap().iter();
        archived
            .filter(|week| week["source"] == "archive")
            .map(|week| {
                let date = week["date"].as_str().unwrap();
                (date.to_owned(), week["changeNumber"].clone())
            })
            .collect()
    }

    /// The files of a cloud with this ending.
    pub fn files(&self, cloud: &str, ending: &str) -> Vec<PathBuf> {
        let folder = Path::new(&self.data()).join("weeks").join(cloud);
        let entries = fs::read_dir(folder).into_iter().flatten();
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_str().unwrap().ends_with(ending))
            .collect();
        files.sort();
        files
    }
}

pub fn weeks_of(list: &[(&str, u32)]) -> Vec<(String, Value)> {
    list.iter()
        .map(|(date, number)| ((*date).to_owned(), json!(number)))
        .collect()
}

#[test]
fn the_same_content_is_kept_once_whatever_its_bytes() {
    let room = Room::new();
    let text = publication("China", 7, 60);
    let ran = room.import(&room.file("ServiceTags_China_20260105.json", &text));
    assert_eq!(
        ran.cells(),
        [[
            "added",
            "2026-01-05",
            "China",
            "7",
            "60",
            "120",
            "ServiceTags_China_20260105.json",
            "published"
        ]]
    );
    for (ending, bytes) in [
        (".json", text.clone().into_bytes()),
        (".json", text.replace('\n', "\r\n").into_bytes()),
        (".json.gz", gzip(&text)),
    ] {
        let name = format!("ServiceTags_China_20260105{ending}");
        let ran = room.import(&room.file(&name, bytes));
        assert_eq!(ran.cells()[0][0], "held", "{name}");
    }
    assert_eq!(room.weeks("china"), weeks_of(&[("2026-01-05", 7)]));
    // What is kept is what was published.
    let kept = room.files("china", ".json.gz");
    let mut plain = String::new();
    let packed = fs::File::open(&kept[0]).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut plain).unwrap();
    assert_eq!(plain, text);
}

#[test]
fn contents_under_one_date_are_told_apart_by_number() {
    let room = Room::new();
    room.import(&room.file(
        "ServiceTags_China_20260413.json",
        publication("China", 395, 60),
    ));
    room.import(&room.file(
        "ServiceTags_China_20260413.json",
        publication("China", 396, 61),
    ));
    room.import(&room.file(
        "ServiceTags_China_20260406.json",
        publication("China", 394, 60),
    ));
    assert_eq!(
        room.weeks("china"),
        weeks_of(&[
            ("2026-04-13", 396),
            ("2026-04-13", 395),
            ("2026-04-06", 394)
        ])
    );
    let opened = |week: &str| {
        let ran = room.run(&["--cloud", "china", "--week", week, "info", "--json"]);
        let week = &ran.json()["week"];
        (week["date"].clone(), week["changeNumber"].clone())
    };
    assert_eq!(opened("2026-04-13"), (json!("2026-04-13"), json!(396)));
    assert_eq!(opened("2026-04-13#395"), (json!("2026-04-13"), json!(395)));
    assert_eq!(opened("latest"), (json!("2026-04-13"), json!(396)));
    assert_eq!(opened("previous"), (json!("2026-04-06"), json!(394)));
    let diff = room.run(&[
        "--cloud",
        "china",
        "diff",
        "2026-04-13#395",
        "2026-04-13#396",
        "--json",
    ]);
    assert_eq!(diff.json()["summary"]["tagsAdded"], 1);
    let none = room.run(&["--cloud", "china", "--week", "2026-04-13#1", "info"]);
    none.is_refused(&["2026-04-13 has no content of that number"]);
}

#[test]
fn the_newest_week_at_hand_is_used_and_the_embedded_one_stays_in_reach() {
    let room = Room::new();
    let old = room.file(
        "ServiceTags_Public_20200106.json",
        publication("Public", 60, 60),
    );
    room.import(&old);
    let source = |args: &[&str]| room.run(args).json()["week"]["source"].clone();
    assert_eq!(source(&["info", "--json"]), "embedded");
    let new = room.file(
        "ServiceTags_Public_20261026.json",
        publication("Public", 999, 60),
    );
    room.import(&new);
    assert_eq!(source(&["info", "--json"]), "archive");
    assert_eq!(
        source(&["--week", "embedded", "info", "--json"]),
        "embedded"
    );
    assert_eq!(
        source(&["--week", "previous", "info", "--json"]),
        "embedded"
    );
    assert_eq!(source(&["--at", "2020-01-06", "info", "--json"]), "archive");
    // Another data folder knows nothing of it.
    assert_eq!(
        run(&["info", "--json"]).json()["week"]["source"],
        "embedded"
    );
}

#[test]
fn answers_of_the_api_are_a_kind_of_their_own() {
    let room = Room::new();
    room.import(&room.file(
        "ServiceTags_Public_20261026.json",
        publication("Public", 9, 60),
    ));
    let answer = room.file("tags.json", api_answer(70));
    room.run(&["import", &answer])
        .is_refused(&["has no date", "--date 2026-10-19"]);
    let ran = room.run(&["import", &answer, "--date", "2026-11-16"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let number = |week: &str| room.run(&["--week", week, "info", "--json"]).json()["week"].clone();
    assert_eq!(number("latest")["changeNumber"], 9);
    assert_eq!(number("api")["changeNumber"], 70);
    assert_eq!(number("api")["kind"], "api");
    assert_eq!(number("api:2026-11-16")["changeNumber"], 70);
    room.run(&["diff", "latest", "api"])
        .is_refused(&["they differ by kind"]);
}

#[test]
fn folders_are_searched_and_each_wrong_file_has_its_sentence() {
    let room = Room::new();
    room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    room.file(
        "servicetags_china_20260112.JSON.gz",
        gzip(&publication("China", 2, 60)),
    );
    room.file("ServiceTags_China_20260119.json", "<html>no</html>");
    room.file("notes.json", "{}");
    let folder = Path::new(&room.data()).with_file_name("in");
    let ran = room.run(&["import", folder.to_str().unwrap(), "--json"]);
    assert_eq!(ran.code, 2);
    ran.says(&["ServiceTags_China_20260119.json", "HTML"]);
    assert_eq!(ran.json()["weeks"].as_array().unwrap().len(), 2);
    assert_eq!(
        room.weeks("china"),
        weeks_of(&[("2026-01-12", 2), ("2026-01-05", 1)])
    );
    let empty = tempfile::tempdir().unwrap();
    room.run(&["import", empty.path().to_str().unwrap()])
        .is_refused(&["holds no file called like"]);
    room.run(&["import", "no-such-file"])
        .is_refused(&["cannot read no-such-file"]);
    let other = room.file(
        "ServiceTags_China_20260126.json",
        publication("China", 3, 60),
    );
    room.run(&["--cloud", "usgov", "import", &other])
        .is_refused(&["holds the cloud China, not AzureGovernment"]);
    let truncated = gzip(&publication("China", 4, 60));
    let cut = room.file("ServiceTags_China_20260202.json.gz", &truncated[..900]);
    room.run(&["import", &cut])
        .is_refused(&["gzip data is damaged or truncated"]);
    assert_eq!(room.weeks("china").len(), 2);
}

#[test]
fn a_damaged_publication_is_set_aside_said_once_and_the_next_best_is_used() {
    let room = Room::new();
    for (date, number) in [("20260105", 1), ("20260112", 2), ("20260119", 3)] {
        let name = format!("ServiceTags_China_{date}.json");
        room.import(&room.file(&name, publication("China", number, 60)));
    }
    let files = room.files("china", ".json.gz");
    let newest = fs::read(&files[2]).unwrap();
    for at in [3, newest.len() / 2, newest.len() - 3] {
        let mut damaged = newest.clone();
        damaged[at] ^= 0x10;
        fs::write(&files[2], damaged).unwrap();
        let ran = room.run(&["--cloud", "china", "info", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.json()["week"]["date"], "2026-01-12", "byte {at}");
        ran.says(&["is damaged", "set aside as", ".json.gz.bad"]);
        room.run(&["--cloud", "china", "info", "--json"])
            .is_quiet(0);
        assert_eq!(room.files("china", ".bad").len(), 1);
        fs::write(&files[2], &newest).unwrap();
        for compiled in room.files("china", ".idx") {
            fs::remove_file(compiled).unwrap();
        }
    }
    // Another file under its name is not believed either.
    fs::copy(&files[0], &files[2]).unwrap();
    let ran = room.run(&["--cloud", "china", "info", "--json"]);
    assert_eq!(ran.json()["week"]["date"], "2026-01-12");
    // With nothing left there is a sentence, and of the Public cloud the embedded week.
    for file in room.files("china", ".json.gz") {
        fs::write(file, "").unwrap();
    }
    let ran = room.run(&["--cloud", "china", "info"]);
    ran.is_refused(&[
        "no week of China available",
        "tagscope update --cloud china",
        "import",
    ]);
}

#[test]
fn a_damaged_compiled_index_is_made_again() {
    let room = Room::new();
    room.import(&room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    ));
    let list = ["--cloud", "china", "tags", "--json"];
    let wanted = room.run(&list).out;
    let compiled = room.files("china", ".idx");
    assert_eq!(compiled.len(), 1);
    let whole = fs::read(&compiled[0]).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x01;
        fs::write(&compiled[0], damaged).unwrap();
        let ran = room.run(&list);
        assert_eq!((ran.code, &ran.out), (0, &wanted), "byte {at}");
    }
    fs::write(&compiled[0], &whole[..100]).unwrap();
    assert_eq!(room.run(&list).out, wanted);
    assert_eq!(fs::read(&compiled[0]).unwrap(), whole);
}

#[test]
fn only_a_few_compiled_indexes_are_kept() {
    let room = Room::new();
    let dates: Vec<String> = (10..20).map(|day| format!("2026-01-{day}")).collect();
    for (number, date) in (1..).zip(&dates) {
        let name = format!("ServiceTags_China_{}.json", date.replace('-', ""));
        room.import(&room.file(&name, publication("China", number, 60)));
    }
    for date in &dates {
        room.run(&["--cloud", "china", "--week", date, "info"])
            .is_quiet(0);
    }
    assert_eq!(room.files("china", ".idx").len(), 4);
}

#[test]
fn verify_reads_everything_and_sets_aside_what_is_damaged() {
    let room = Room::new();
    for (date, number) in [("20260105", 1), ("20260112", 2)] {
        let name = format!("ServiceTags_China_{date}.json");
        room.import(&room.file(&name, publication("China", number, 60)));
    }
    let ran = room.run(&["weeks", "verify"]);
    ran.is_quiet(0);
    assert_eq!(ran.out, "2 archived publications are whole, 0 damaged\n");
    let file = &room.files("china", ".json.gz")[0];
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(file, bytes).unwrap();
    let ran = room.run(&["weeks", "verify"]);
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (2, "1 archived publications are whole, 1 damaged\n")
    );
    ran.says(&["set aside as"]);
    room.run(&["weeks", "verify"]).is_quiet(0);
}

#[test]
fn prune_asks_and_keeps_the_newest() {
    let room = Room::new();
    for (date, number) in [
        ("20260105", 1),
        ("20260112", 2),
        ("20260119", 3),
        ("20260126", 4),
    ] {
        let name = format!("ServiceTags_China_{date}.json");
        room.import(&room.file(&name, publication("China", number, 60)));
    }
    let ran = room.run(&["weeks", "prune", "--keep", "2"]);
    assert_eq!(ran.code, 2);
    ran.says(&["2 publications", "--yes"]);
    assert_eq!(room.weeks("china").len(), 4);
    room.run(&["weeks", "prune"]).is_refused(&["--keep"]);
    room.run(&["weeks", "prune", "--before", "2026-01-12", "--yes"])
        .is_quiet(0);
    assert_eq!(room.weeks("china").len(), 3);
    let ran = room.run(&["weeks", "prune", "--keep", "1", "--yes"]);
    ran.is_quiet(0);
    assert!(
        ran.out
            .starts_with("China 2026-01-19\nChina 2026-01-12\nremoved 2 publications")
    );
    assert_eq!(room.weeks("china"), weeks_of(&[("2026-01-26", 4)]));
    assert_eq!(
        room.run(&["weeks", "prune", "--keep", "1", "--yes"]).out,
        "nothing to remove\n"
    );
    let path = room.run(&["weeks", "path"]);
    assert_eq!(
        path.out.trim_end(),
        Path::new(&room.data()).join("weeks").to_str().unwrap()
    );
}

#[test]
fn a_folder_that_cannot_be_written_or_read_is_a_sentence() {
    let room = Room::new();
    let file = room.file(
        "ServiceTags_China_20260105.json",
        publication("China", 1, 60),
    );
    fs::write(room.data(), "a file").unwrap();
    let ran = room.run(&["import", &file]);
    ran.is_refused(&["cannot create"]);
    // What comes with the program answers all the same.
    assert_eq!(
        room.run(&["info", "--json"]).json()["week"]["source"],
        "embedded"
    );
}

/// Random moments of so many microseconds, so that a death hits every step in turn.
pub fn kills(rounds: u64, span: u64, start: impl Fn(&Room) -> Child, room: &Room) -> usize {
    let mut random = crate::generated::Random::new(rounds);
    let mut dead = 0;
    for _ in 0..rounds {
        let mut child = start(room);
        let moment = std::time::Duration::from_micros(random.next() % span);
        let born = std::time::Instant::now();
        while born.elapsed() < moment {
            std::thread::yield_now();
        }
        if child.try_wait().unwrap().is_none() {
            dead += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = room.run(&["weeks", "verify"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    }
    dead
}

#[test]
fn a_death_at_any_moment_of_an_import_leaves_the_archive_whole() {
    let rounds = std::env::var("TAGSCOPE_KILLS").map_or(25, |text| text.parse().unwrap());
    let room = Room::new();
    let mut files = Vec::new();
    for week in 1..=12 {
        let name = format!("ServiceTags_China_202601{:02}.json", week + 9);
        files.push(room.file(&name, publication("China", week, 600)));
    }
    let start = |room: &Room| {
        let _ = fs::remove_dir_all(Path::new(&room.data()).join("weeks/china"));
        let mut args = vec!["import"];
        args.extend(files.iter().map(String::as_str));
        room.start(&args)
    };
    let dead = kills(rounds, 40_000, start, &room);
    assert!(dead > 0, "no run was hit");
    let mut args = vec!["import"];
    args.extend(files.iter().map(String::as_str));
    let ran = room.run(&args);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(room.weeks("china").len(), 12);
    // What the dead ones left is gone.
    let left: Vec<PathBuf> = room.files("china", ".part");
    assert_eq!(left, Vec::<PathBuf>::new());
}

#[test]
fn eight_processes_import_at_once() {
    let room = Room::new();
    let files: Vec<String> = (1..=8)
        .map(|week| {
            let name = format!("ServiceTags_China_2026010{week}.json");
            room.file(&name, publication("China", week, 60))
        })
        .collect();
    let mut children: Vec<Child> = (0..8)
        .map(|first| {
            // Each imports all of them, beginning with another one.
            let mut args = vec!["import".to_owned()];
            args.extend((0..8).map(|place| files[(first + place) % 8].clone()));
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            room.start(&args)
        })
        .collect();
    // Readers do not wait for writers, and see whole weeks only.
    while children
        .iter_mut()
        .any(|child| child.try_wait().unwrap().is_none())
    {
        let mut command = tagscope();
        let ran = crate::program::ended(command.args([
            "--data-dir",
            &room.data(),
            "--cloud",
            "china",
            "tags",
        ]));
        assert!(
            ran.code == 0 && ran.lines().len() == 60 || ran.err.contains("no week of China"),
            "{ran:?}"
        );
    }
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(room.weeks("china").len(), 8);
    room.run(&["weeks", "verify"]).is_quiet(0);
}
