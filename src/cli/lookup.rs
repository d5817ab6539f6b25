//! `tagscope lookup`.

use std::io::{self, BufRead, BufReader, Read};
use std::time::Duration;

use crate::azure::Specials;
use crate::cli::args::LookupArgs;
use crate::cli::console::{Console, say};
use crate::cli::{Context, Exit, Failure};
use crate::index::TagId;
use crate::net::resolve;
use crate::query::lookup::{HostLookup, LookupAnswer, Query, Subject, ask, ask_host};
use crate::query::{Dataset, WeekRecord, tags};
use crate::report::Format;

/// Longest line that is read from standard input.
const MAX_LINE: u64 = 4096;
/// Bytes of standard input that are read at once.
const READ_AHEAD: usize = 1 << 16;
/// How long a host name may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(10);

pub fn run(args: &LookupArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    let reads_stdin = args.queries.is_empty() || args.queries.iter().any(|query| query == "-");
    if args.queries.is_empty() && io::IsTerminal::is_terminal(&io::stdin()) {
        return Err(Failure::said(
            "nothing to look up: give an address, a CIDR, a range a-b or a host name, or - to \
             read lines"
                .to_owned(),
        ));
    }
    if reads_stdin && context.request.file.as_deref() == Some(std::path::Path::new("-")) {
        let both = "standard input cannot be both the data (--file -) and the queries";
        return Err(Failure::said(both.to_owned()));
    }
    let dataset = context.dataset()?;
    let mut job = LookupJob::new(args, context, &dataset, console)?;
    for query in &args.queries {
        if query == "-" {
            job.stdin()?;
        } else {
            job.query(query, None)?;
        }
    }
    if args.queries.is_empty() {
        job.stdin()?;
    }
    let exit = job.finish()?;
    Ok(exit.or(context.check_age(&dataset)))
}

/// Lookups written one after the other.
struct LookupJob<'a> {
    context: &'a Context,
    dataset: &'a Dataset,
    specials: Specials,
    console: &'a mut Console,
    format: Format,
    week: WeekRecord,
    limit: Limit,
    /// Whether all that there is to say of an answer is said: not where many follow.
    is_only: bool,
    /// The first JSON answer, held back until it is known whether it is the only one.
    held: Option<LookupAnswer>,
    written: usize,
    asked: usize,
    /// What has gone wrong or was not found so far.
    exit: Exit,
    runtime: Option<tokio::runtime::Runtime>,
}

/// `--tag` and `--outside`.
enum Limit {
    None,
    Only(Vec<TagId>),
    Outside(Vec<TagId>),
}

impl<'a> LookupJob<'a> {
    fn new(
        args: &LookupArgs,
        context: &'a Context,
        dataset: &'a Dataset,
        console: &'a mut Console,
    ) -> Result<Self, Failure> {
        let limit = match (&args.tag, &args.outside) {
            (Some(pattern), _) => Limit::Only(matching(pattern, dataset)?),
            (_, Some(pattern)) => Limit::Outside(matching(pattern, dataset)?),
            _ => Limit::None,
        };
        Ok(Self {
            context,
            dataset,
            specials: Specials::embedded(),
            console,
            format: args.format.format(),
            week: dataset.record(),
            limit,
            is_only: matches!(args.queries.as_slice(), [query] if query != "-"),
            held: None,
            written: 0,
            asked: 0,
            exit: Exit::Done,
            runtime: None,
        })
    }

    /// One query a line; empty lines and `#` comments are passed over.
    fn stdin(&mut self) -> Result<(), Failure> {
        let mut input = BufReader::with_capacity(READ_AHEAD, io::stdin().lock());
        let (mut line, mut number) = (Vec::new(), 0_usize);
        loop {
            line.clear();
            number += 1;
            // The next line may be long in coming, and its writer may wait for these answers.
            if !input.buffer().contains(&b'\n') {
                self.console.flush()?;
            }
            if input
                .by_ref()
                .take(MAX_LINE + 1)
                .read_until(b'\n', &mut line)?
                == 0
            {
                return Ok(());
            }
            let is_cut = u64::try_from(line.len()).is_ok_and(|length| length > MAX_LINE);
            if is_cut && !line.ends_with(b"\n") {
                skip_line(&mut input)?;
                self.asked += 1;
                self.complain(
                    Some(number),
                    &format!("longer than {MAX_LINE} bytes"),
                    Exit::Failed,
                );
                continue;
            }
            let text = String::from_utf8_lossy(&line);
            // Some writers begin a stream with a byte order mark.
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() && !text.starts_with('#') {
                self.query(text, Some(number))?;
            }
        }
    }

    fn query(&mut self, text: &str, line: Option<usize>) -> Result<(), Failure> {
        self.asked += 1;
        let query = match Query::parse(text, self.dataset.cloud()) {
            Ok(query) => query,
            Err(error) => {
                self.complain(line, &error.to_string(), Exit::Failed);
                return Ok(());
            }
        };
        let answer = match &query.subject {
            Subject::Span(..) => ask(&query, self.dataset, &self.specials),
            Subject::Host(_, host) => match self.resolve(host) {
                Ok(host) => ask_host(&query, &host, self.dataset, &self.specials),
                Err(failure) => {
                    self.complain(line, &failure.report.to_string(), failure.exit);
                    return Ok(());
                }
            },
        };
        self.answer(answer)
    }

    fn resolve(&mut self, host: &str) -> Result<HostLookup, Failure> {
        if self.context.settings.offline {
            return Err(Failure::said(format!(
                "{host} is a host name, which needs the network; --offline forbids it. Look its \
                 addresses up instead"
            )));
        }
        let runtime = match self.runtime.take() {
            Some(runtime) => runtime,
            None => tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?,
        };
        let found = runtime.block_on(resolve(host, RESOLVE_LIMIT));
        self.runtime = Some(runtime);
        found.map(HostLookup::from).map_err(Failure::network)
    }

    fn answer(&mut self, answer: LookupAnswer) -> Result<(), Failure> {
        let answer = match &self.limit {
            Limit::None => answer,
            Limit::Only(tags) => answer.only(|tag| tags.contains(&tag)),
            Limit::Outside(tags) => {
                let answer = answer.only(|tag| tags.contains(&tag));
                if answer.is_found() {
                    return Ok(());
                }
                answer
            }
        };
        if !answer.is_found() && !matches!(self.limit, Limit::Outside(_)) {
            self.exit = self.exit.or(Exit::No);
        }
        self.written += 1;
        match self.format {
            Format::Json => self.json(answer),
            Format::Jsonl => {
                let record = answer.record(&self.week, self.dataset);
                self.console.json(&record, Format::Jsonl)
            }
            Format::Text if matches!(self.limit, Limit::Outside(_)) => {
                self.console.line(&answer.query)
            }
            Format::Text if self.console.is_terminal() => self.for_people(&answer),
            format => {
                let meanings = answer.meanings().filter(|_| self.is_only);
                let notes = answer.notes.iter().map(|note| note.as_str().into());
                for note in meanings.chain(notes) {
                    say(&format!("tagscope: {}: {note}", answer.query));
                }
                let sheet = answer.sheet(self.dataset);
                self.console.sheet(&sheet, format, self.written == 1)
            }
        }
    }

    /// A single answer is an object, several are an array: the first waits for the second.
    fn json(&mut self, answer: LookupAnswer) -> Result<(), Failure> {
        let Some(first) = self.held.take() else {
            if self.written == 1 {
                self.held = Some(answer);
                return Ok(());
            }
            self.element(",", &answer)?;
            return Ok(());
        };
        self.element("[", &first)?;
        self.element(",", &answer)
    }

    fn element(&mut self, before: &str, answer: &LookupAnswer) -> Result<(), Failure> {
        self.console.line(before)?;
        let record = answer.record(&self.week, self.dataset);
        self.console.json(&record, Format::Json)
    }

    /// The answer with a heading, coverage and neighbours.
    fn for_people(&mut self, answer: &LookupAnswer) -> Result<(), Failure> {
        if self.written > 1 {
            self.console.line("")?;
        }
        self.console.heading(&answer.headline())?;
        let notes = answer.notes.iter().map(|note| note.as_str().into());
        for note in answer.meanings().chain(notes) {
            self.console.line(&format!("  {note}"))?;
        }
        for line in answer.extras(self.dataset) {
            self.console.line(&format!("  {line}"))?;
        }
        if answer.is_found() {
            let hidden: &[usize] = if answer.is_host() { &[0, 8] } else { &[0, 1] };
            self.console.columns(&answer.sheet(self.dataset), hidden)?;
        }
        Ok(())
    }

    fn complain(&mut self, line: Option<usize>, text: &str, exit: Exit) {
        let place = line.map_or(String::new(), |line| format!("line {line}: "));
        say(&format!("tagscope: {place}{text}"));
        self.exit = self.exit.or(exit);
    }

    fn finish(mut self) -> Result<Exit, Failure> {
        let held = self.held.take();
        if let Some(only) = held.as_ref().filter(|_| self.asked > 1) {
            self.element("[", only)?;
            self.console.line("]")?;
        } else if let Some(only) = held {
            let record = only.record(&self.week, self.dataset);
            self.console.json(&record, Format::Json)?;
        } else if self.format == Format::Json {
            // Answers have opened the array; with none at all it is empty.
            self.console
                .line(if self.written == 0 { "[]" } else { "]" })?;
        }
        if self.asked == 0 {
            return Err(Failure::said(
                "nothing to look up: standard input has no query".to_owned(),
            ));
        }
        let is_empty = self.written == 0 && matches!(self.limit, Limit::Outside(_));
        Ok(self.exit.or(if is_empty { Exit::No } else { Exit::Done }))
    }
}

/// Reads on to the end of a line without keeping it.
fn skip_line(input: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let (used, is_done) = match buffer.iter().position(|&byte| byte == b'\n') {
            Some(place) => (place + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(used);
        if is_done {
            return Ok(());
        }
    }
}

/// The tags of a pattern; a pattern that fits none is a mistake.
fn matching(pattern: &str, dataset: &Dataset) -> Result<Vec<TagId>, Failure> {
    let question = tags::TagsQuestion {
        pattern: Some(tags::pattern_named(pattern, &[dataset])?),
        ..tags::TagsQuestion::default()
    };
    Ok(tags::ask(&question, dataset).tags)
}
