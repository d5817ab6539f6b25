//! The archive: what a week costs on disk, listing 300 of them, opening one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tagscope::azure::{Cloud, parse, parse_date};
use tagscope::source::{Importer, Request, WeekChoice, open, stored_history, weeks};

use crate::measure::{Row, medians, milliseconds, timed};

const ROUNDS: usize = 21;
const WEEKS: i64 = 300;

fn request(data: &Path, week: WeekChoice) -> Request {
    Request {
        cloud: Some(Cloud::Public),
        week,
        data: Some(data.to_owned()),
        ..Request::default()
    }
}

fn import(data: &Path, files: &[PathBuf]) {
    let mut importer = Importer::new(&request(data, WeekChoice::Latest)).unwrap();
    for file in files {
        importer.import(file, None, &mut |_| ()).unwrap();
    }
    importer.finish();
}

/// Files of ascending weeks; each differs in its root number.
fn files(folder: &Path, document: &[u8], count: i64) -> Vec<PathBuf> {
    let text = std::str::from_utf8(document).unwrap();
    let number = parse(document, None).unwrap().week.change_number.unwrap();
    let first = parse_date("2019-01-07").unwrap();
    (0..count)
        .map(|week| {
            let date = first.checked_add(jiff::Span::new().weeks(week)).unwrap();
            let name = format!("ServiceTags_Public_{}.json", date.strftime("%Y%m%d"));
            let from = format!("\"changeNumber\": {number},");
            let to = format!("\"changeNumber\": {},", 1000 + week);
            let path = folder.join(name);
            fs::write(&path, text.replacen(&from, &to, 1)).unwrap();
            path
        })
        .collect()
}

fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry.path() {
            path if path.is_dir() => size(&path),
            path => path.metadata().unwrap().len(),
        })
        .sum()
}

/// The rows of the table that concern the archive.
#[expect(clippy::cast_precision_loss, reason = "sizes are below 2^52")]
pub fn measure(document: &[u8]) -> Vec<Row> {
    let room = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let path = room.path().join(name);
        fs::create_dir(&path).unwrap();
        path
    };
    let (data, input) = (folder("data"), folder("in"));
    // As many as are kept compiled: what one more costs is the publication alone.
    let few = files(&input, document, 8);
    let start = std::time::Instant::now();
    import(&data, &few);
    let imported = start.elapsed() / 8;
    for file in &few {
        let name = file.file_name().unwrap().to_str().unwrap();
        let date = tagscope::azure::date_in_name(name).unwrap();
        open(&request(&data, WeekChoice::Date(date, None))).unwrap();
    }
    let folder_size = size(&data);
    let publication = fs::read_dir(data.join("weeks/public"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "gz"))
        .map(|path| path.metadata().unwrap().len())
        .unwrap();
    let year = (folder_size + publication * (52 - 8)) as f64 / 1e6;

    // Listing reads heads alone, so that small publications do.
    let (many, small_input) = (folder("many"), folder("small"));
    let small = br#"{"changeNumber": 1, "cloud": "Public", "values": [{"name": "Storage", "id":
        "Storage", "properties": {"changeNumber": 1, "region": "", "systemService": "",
        "addressPrefixes": ["20.38.0.0/16"], "networkFeatures": null}}]}"#;
    import(&many, &files(&small_input, small, WEEKS));
    let newest = request(
        &data,
        WeekChoice::Date(parse_date("2019-02-25").unwrap(), None),
    );
    let oldest = request(
        &data,
        WeekChoice::Date(parse_date("2019-01-07").unwrap(), None),
    );
    let all = request(&many, WeekChoice::Latest);
    let history = || {
        let _ = fs::remove_file(data.join("weeks/public/history.weeks"));
        timed(|| stored_history(&request(&data, WeekChoice::Latest)).unwrap())
    };
    let cold = || {
        for entry in fs::read_dir(data.join("weeks/public")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "idx") {
                fs::remove_file(path).unwrap();
            }
        }
        timed(|| open(&oldest).unwrap())
    };
    let [listed, opened, first, built] = medians(
        ROUNDS,
        [
            &mut || timed(|| weeks(&all).unwrap()),
            &mut || {
                open(&newest).unwrap();
                timed(|| open(&newest).unwrap())
            },
            &mut { cold },
            &mut { history },
        ],
    );
    let shown = |time: Duration| milliseconds(time.as_secs_f64());
    let limited = |what: &str, time: Duration, limit: u64| {
        let limit = Duration::from_millis(limit);
        Row::limited(what, shown(time), &format!("<= {limit:?}"), time <= limit)
    };
    vec![
        Row::limited(
            "a year of weeks in the archive",
            format!("{year:.0} MB"),
            "< 40 MB",
            year < 40.0,
        ),
        limited("listing 300 archived weeks", listed, 20),
        limited("opening an archived week", opened, 5),
        Row::alone("opening one for the first time", shown(first)),
        Row::alone("importing one", shown(imported)),
        Row::alone(
            "history of 8 archived and 20 embedded weeks, anew",
            shown(built),
        ),
    ]
}
