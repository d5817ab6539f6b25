//! What every verb needs: settings, paths, data, today.

use std::env;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::azure::{Age, Cloud, DateKind, said_date};
use crate::cli::args::{self, CloudArg, Globals, RuleFileArgs};
use crate::cli::console::{note, say};
use crate::cli::{Exit, Failure, log};
use crate::net::HostResolver;
use crate::query::Dataset;
use crate::report::Form;
use crate::settings::{CA_FILE, Settings, SettingsLayer, line_of, read};
use crate::source::{
    ImportError, Request, WeekChoice, check_trust, open, read_ranges, today, week_since,
};
use crate::store::{Archive, Input, Paths, ReadError, expand_home, read_bounded};
use crate::text::Safe;

/// Settings, paths and the request for data.
#[derive(Debug, Clone)]
pub struct Context {
    /// The values in force.
    pub settings: Settings,
    /// The program's places.
    pub paths: Paths,
    /// Which data is wanted.
    pub request: Request,
    /// Whether a settings file was read.
    pub has_file: bool,
    /// Whether every cloud was asked for: `--cloud all`.
    pub wants_every_cloud: bool,
    /// The cloud that was named in this run, not in the settings.
    pub named_cloud: Option<Cloud>,
    /// How the answer is written.
    pub form: Form,
    /// Whether rules may be made of the answer, so that the age of the data is said in a pipe too.
    pub makes_rules: bool,
    /// How files of rules are read.
    pub rule_files: RuleFileArgs,
    /// Who is asked for the addresses of names.
    pub resolver: HostResolver,
    max_age: Option<u32>,
    /// Files of ranges that are not Azure's, each with its name.
    also: Vec<(String, PathBuf)>,
}

/// Largest settings file.
const MAX_CONFIG: u64 = 1 << 20;

impl Context {
    /// Joins flags, environment and the settings file.
    ///
    /// # Errors
    /// A settings file that was named and cannot be read, or one that is not TOML.
    pub fn new(globals: Globals) -> Result<Self, Failure> {
        let is_named = globals.config.is_some()
            || env::var_os("TAGSCOPE_CONFIG").is_some_and(|path| !path.is_empty());
        let paths = Paths::find(globals.config, globals.data_dir);
        tracing::info!(settings = ?paths.config, data = ?paths.data, is_named, "places");
        let (file, has_file) = file_layer(&paths, is_named)?;
        let named_cloud = match globals.cloud {
            Some(cloud) => Some(cloud),
            None => named_by("TAGSCOPE_CLOUD", args::cloud)?,
        };
        let named_week = match globals.week {
            Some(week) => Some(week),
            // A file that is named in this run is used whatever the week.
            None => named_by("TAGSCOPE_WEEK", args::week)?.filter(|_| globals.file.is_none()),
        };
        let one = match named_cloud {
            Some(CloudArg::One(cloud)) => Some(cloud),
            Some(CloudArg::All) | None => None,
        };
        let flags = SettingsLayer {
            cloud: one,
            offline: globals.offline.then_some(true),
            color: globals.color,
            theme: globals.theme,
            ..SettingsLayer::default()
        };
        let environment = SettingsLayer {
            offline: env::var_os("TAGSCOPE_OFFLINE").map(|value| is_true(&value.to_string_lossy())),
            ..SettingsLayer::default()
        };
        let layer = flags.clone().over(environment.clone()).over(file.clone());
        let settings = layer.clone().settle();
        let layers = [
            ("option", &flags),
            ("environment", &environment),
            ("file", &file),
        ];
        log::settings(layers, &settings);
        // A cloud from the settings file does not stand against a file named in this run.
        let wants_every_cloud = named_cloud == Some(CloudArg::All);
        let cloud = if globals.file.is_some() || wants_every_cloud {
            one
        } else {
            layer.cloud
        };
        Ok(Self {
            request: Request {
                cloud,
                week: named_week.unwrap_or_default(),
                file: globals.file,
                data: paths.data.clone(),
                others: Arc::default(),
            },
            settings,
            paths,
            has_file,
            wants_every_cloud,
            named_cloud: one,
            form: globals.format.form(),
            makes_rules: false,
            rule_files: RuleFileArgs::default(),
            resolver: HostResolver::new(),
            max_age: globals.max_age,
            also: globals.also,
        })
    }

    /// The same for files of rules that are read in this way.
    #[must_use]
    pub fn with_rule_files(self, rule_files: &RuleFileArgs) -> Self {
        Self {
            rule_files: rule_files.clone(),
            ..self
        }
    }

    /// Opens the data; what was wrong in a document is said on standard error.
    ///
    /// # Errors
    /// What is missing, and what is at hand instead.
    pub fn dataset(&self) -> Result<Dataset, Failure> {
        self.open(&self.request)
    }

    /// Opens other data; what was wrong on the way to it is said on standard error.
    ///
    /// # Errors
    /// What is missing, and what is at hand instead.
    pub fn open(&self, request: &Request) -> Result<Dataset, Failure> {
        let dataset = open(request)?;
        let provenance = dataset.provenance();
        for note in &provenance.notes {
            say(&format!("tagscope: warning: {note}"));
        }
        if let Some(flaw) = provenance.flaws.first() {
            let row = flaw.row.map_or(String::new(), |row| format!(", row {row}"));
            let more = match provenance.flaw_count {
                1 => String::new(),
                count => format!(" (and {} more: tagscope info --file …)", count - 1),
            };
            let found = match flaw.found.as_str() {
                "" => String::new(),
                found => format!(": \"{found}\""),
            };
            let what = flaw.kind.words();
            say(&format!(
                "tagscope: warning: {} {}{row}{found}: {what}{more}",
                provenance.origin, flaw.tag
            ));
        }
        Ok(dataset)
    }

    /// The request for a week by its date or word, else for a document by its path.
    ///
    /// # Errors
    /// A text that is neither.
    pub fn week(&self, typed: &str) -> Result<Request, Failure> {
        if let Some(week) = WeekChoice::parse(typed) {
            return Ok(Request {
                week,
                ..self.request.clone()
            });
        }
        if Path::new(typed).exists() || typed.contains(['/', '.']) {
            return Ok(Request {
                file: Some(PathBuf::from(typed)),
                others: Arc::clone(&self.request.others),
                ..Request::default()
            });
        }
        Err(Failure::said(format!(
            "\"{}\" is no week and no file: a date such as 2026-07-06, latest, previous, or the path of a \
             ServiceTags JSON",
            Safe::new(typed)
        )))
    }

    /// The newest publication of a date or before it; that it is another than the date is said.
    ///
    /// # Errors
    /// All are newer.
    pub fn since(&self, date: Option<Date>, cloud: Cloud) -> Result<Request, Failure> {
        let plain = self.request.newest_of(Some(cloud));
        let Some(date) = date else {
            return Ok(plain);
        };
        let week = week_since(&plain, date)?;
        if let WeekChoice::Date(found, _) = week
            && found != date
        {
            note(&format!(
                "{found} is the last publication before {date}, and is compared"
            ));
        }
        Ok(Request { week, ..plain })
    }

    /// Standard input holds one thing: one of these files, their parameters, the data or the settings.
    ///
    /// # Errors
    /// It is named more than once.
    pub fn check_stdin<'a>(
        &'a self,
        files: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<(), Failure> {
        let files = files.into_iter().chain(&self.rule_files.parameters);
        let files = files.chain(&self.request.file).chain(&self.paths.config);
        if files.filter(|file| is_stdin(file)).count() > 1 {
            let text = "standard input can be read once only";
            return Err(Failure::said(text.to_owned()));
        }
        Ok(())
    }

    /// Standard input holds this, and nothing else that was named.
    ///
    /// # Errors
    /// The data or the settings come from there.
    pub fn expect_stdin(&self, what: &str) -> Result<(), Failure> {
        let (data, settings) = (&self.request.file, &self.paths.config);
        for (file, is) in [
            (data, "the data (--file -)"),
            (settings, "the settings (--config -)"),
        ] {
            if file.as_deref().is_some_and(is_stdin) {
                let text = format!("standard input cannot be both {is} and {what}");
                return Err(Failure::said(text));
            }
        }
        Ok(())
    }

    /// Reads the ranges that stand beside the tags.
    ///
    /// # Errors
    /// A file that cannot be read or holds none.
    pub fn read_ranges(&mut self) -> Result<(), Failure> {
        self.check_stdin(self.also.iter().map(|(_, path)| path))?;
        let is_named = |name: &String| {
            self.also
                .iter()
                .any(|(own, _)| own.eq_ignore_ascii_case(name))
        };
        let settings = self
            .settings
            .also
            .iter()
            .filter(|(name, _)| !is_named(name));
        let settings = settings.map(|(name, file)| (name.clone(), self.beside_config(file)));
        let files: Vec<(String, PathBuf)> = settings.chain(self.also.clone()).collect();
        self.request.others = Arc::new(read_ranges(&files)?);
        Ok(())
    }

    /// A file that the settings name: in their own folder, unless it says where.
    fn beside_config(&self, file: &str) -> PathBuf {
        let file = expand_home(Path::new(file));
        let config = self.paths.config.as_deref().and_then(Path::parent);
        config.map_or_else(|| file.clone(), |folder| folder.join(&file))
    }

    /// Whether ranges of others were named in this run.
    #[must_use]
    pub fn names_ranges(&self) -> bool {
        !self.also.is_empty()
    }

    /// The archive of the data folder.
    ///
    /// # Errors
    /// There is no home folder and none was named.
    pub fn archive(&self) -> Result<Archive, Failure> {
        let none = || Failure::from(ImportError::NoFolder);
        self.request.archive().ok_or_else(none)
    }

    /// The age in days that is accepted, where one was given.
    #[must_use]
    pub const fn max_age(&self) -> Option<u32> {
        self.max_age
    }

    /// Says so when the data is older than `--max-age`.
    #[must_use]
    pub fn check_age(&self, dataset: &Dataset) -> Exit {
        let info = dataset.info();
        self.check_date(info.date, info.date_is)
    }

    /// Says so when a publication of this date is older than `--max-age`, or dated ahead of today.
    #[must_use]
    pub fn check_date(&self, date: Option<Date>, date_is: DateKind) -> Exit {
        let Some(limit) = self.max_age else {
            self.note_age(date, date_is);
            return Exit::Done;
        };
        match date.map(|date| (date, Age::of(date, today()))) {
            Some((_, age)) if age.is_within(limit) => Exit::Done,
            Some((date, age @ Age::Ahead(_))) => {
                say(&format!(
                    "tagscope: the data is of {}, {age} of today, so that its age is unknown; \
                     --max-age is {limit}",
                    said_date(Some(date), date_is)
                ));
                Exit::Stale
            }
            Some((date, age)) => {
                let rests = match date_is {
                    DateKind::Published => String::new(),
                    DateKind::Inferred => format!(" by an inferred date, {date}"),
                };
                say(&format!(
                    "tagscope: the data is {age}{rests}; --max-age is {limit}. `tagscope update` \
                     fetches the newest, --file names a newer ServiceTags JSON"
                ));
                Exit::Stale
            }
            None => {
                say("tagscope: the age of the data is unknown: its file name has no date");
                Exit::Stale
            }
        }
    }

    /// Says that the newest data at hand is old, where somebody reads it or rules are made of it. A week
    /// that was asked for by its date is as old as that.
    fn note_age(&self, date: Option<Date>, date_is: DateKind) {
        let is_newest = self.request.week == WeekChoice::Latest;
        let is_told = self.makes_rules || io::stdout().is_terminal();
        let Some(date) = date.filter(|_| is_newest && is_told) else {
            return;
        };
        let age = Age::of(date, today());
        if let (true, Some(days)) = (age.is_old(), age.days()) {
            let date = said_date(Some(date), date_is);
            note(&format!(
                "{date} is OLD: {days} days; `tagscope update` fetches the newest"
            ));
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    Input::new(path) == Input::Stdin
}

/// Anything but empty, 0, false, no.
fn is_true(value: &str) -> bool {
    !matches!(
        value.to_ascii_lowercase().as_str(),
        "" | "0" | "false" | "no"
    )
}

/// The value of a variable that means the same as an option; an empty one means nothing.
fn named_by<T>(variable: &str, parse: fn(&str) -> Result<T, String>) -> Result<Option<T>, Failure> {
    let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let value = value.to_string_lossy();
    parse(&value).map(Some).map_err(|allowed| {
        let value = Safe::new(&value);
        Failure::said(format!("the variable {variable} is \"{value}\": {allowed}"))
    })
}

/// Refuses a file of certificates that is none, before anything is answered.
fn check_roots(layer: &SettingsLayer, text: &str, shown: &Safe) -> Result<(), Failure> {
    let Err(error) = check_trust(&layer.places) else {
        return Ok(());
    };
    let line = line_of(text, CA_FILE).unwrap_or(1);
    let sentence = format!("{shown}: line {line}: ca_file is a PEM file of root certificates");
    Err(Failure {
        exit: Exit::Failed,
        report: Failure::from(error).report.wrap_err(sentence),
    })
}

fn file_layer(paths: &Paths, is_named: bool) -> Result<(SettingsLayer, bool), Failure> {
    let Some(path) = &paths.config else {
        return Ok((SettingsLayer::default(), false));
    };
    let input = Input::new(path);
    let bytes = match read_bounded(&input, MAX_CONFIG) {
        Ok(bytes) => bytes,
        Err(ReadError::Io { source, .. })
            if !is_named && source.kind() == std::io::ErrorKind::NotFound =>
        {
            return Ok((SettingsLayer::default(), false));
        }
        Err(error) => return Err(error.into()),
    };
    let shown = input.shown();
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::said(format!("{shown} is not UTF-8 text")))?;
    let (layer, warnings) =
        read(&text).map_err(|error| Failure::said(format!("{shown}: {error}")))?;
    check_roots(&layer, &text, &shown)?;
    for warning in warnings {
        say(&format!(
            "tagscope: warning: {shown}, line {}: {}",
            warning.line, warning.text
        ));
    }
    Ok((layer, true))
}
