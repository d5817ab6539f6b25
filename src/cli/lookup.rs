//! `tagscope lookup`.

mod lines;
mod problems;
mod stream;

use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

use crate::azure::{PlatformTag, Special, Specials};
use crate::cli::args::LookupArgs;
use crate::cli::console::{Console, is_quiet, say};
use crate::cli::{Context, Exit, Failure, names};
use crate::index::TagId;
use crate::query::lookup::{
    Asked, HostLookup, LookupAnswer, PlatformRecord, Query, QueryError, QueryPlace, Subject, Tally,
    Within, ask, ask_host, ask_within, read,
};
use crate::query::names::WeekNames;
use crate::query::{Dataset, WeekRecord, show};
use crate::report::{Format, LookupWriter, MarkdownAnswers, Md, write_json};
use crate::space::Block;
use crate::text::counted;

use problems::Problems;

/// How long a host name may take.
const RESOLVE_LIMIT: Duration = Duration::from_secs(10);
/// Counts that are listed below a list for people.
const MOST_COUNTS: usize = 10;

pub fn run(args: &LookupArgs, context: &Context, console: &mut Console) -> Result<Exit, Failure> {
    if args.queries.is_empty() && io::IsTerminal::is_terminal(&io::stdin()) {
        return Err(Failure::said(
            "nothing to look up: give an address, a CIDR, a range a-b or a host name, or - to \
             read lines"
                .to_owned(),
        ));
    }
    if reads_stdin(args) {
        context.expect_stdin("the queries")?;
    }
    let dataset = context.dataset()?;
    let specials = Specials::embedded();
    let week = dataset.record();
    let mut job = LookupJob::new(args, context, &dataset, &specials, &week, console)?;
    job.arguments(&args.queries)?;
    if args.queries.is_empty() {
        job.stream(io::stdin().lock())?;
    }
    let exit = job.finish()?;
    Ok(exit.or(context.check_age(&dataset)))
}

fn reads_stdin(args: &LookupArgs) -> bool {
    args.queries.is_empty() || args.queries.iter().any(|query| query == "-")
}

/// Lookups written one after the other.
struct LookupJob<'a> {
    args: &'a LookupArgs,
    context: &'a Context,
    dataset: &'a Dataset,
    specials: &'a Specials,
    names: WeekNames<'a>,
    console: &'a mut Console,
    format: Format,
    week: &'a WeekRecord,
    writer: LookupWriter<'a>,
    limit: Limit,
    /// Whether all that there is to say of an answer is said: not where many follow.
    is_only: bool,
    /// The first JSON answer, held back until it is known whether it is the only one.
    held: Option<Vec<u8>>,
    /// Whether answers are lines of a list rather than told one by one.
    is_list: bool,
    /// What is written so far as Markdown.
    page: MarkdownAnswers,
    written: usize,
    asked: usize,
    tally: Tally,
    problems: Problems,
    /// Special blocks of a stream that have been named.
    specials_said: HashSet<Block>,
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
        args: &'a LookupArgs,
        context: &'a Context,
        dataset: &'a Dataset,
        specials: &'a Specials,
        week: &'a WeekRecord,
        console: &'a mut Console,
    ) -> Result<Self, Failure> {
        let limit = match (args.tags.as_slice(), args.outside.as_slice()) {
            ([], []) => Limit::None,
            ([], outside) => Limit::Outside(names::matching(outside, dataset)?),
            (tags, _) => Limit::Only(names::matching(tags, dataset)?),
        };
        let format = context.form.format;
        let named = (!context.form.is_slim).then_some(week);
        Ok(Self {
            args,
            context,
            dataset,
            specials,
            names: WeekNames::new(dataset),
            console,
            format,
            week,
            writer: LookupWriter::new(dataset, specials, named, format, args.best)
                .with_form(context.form),
            limit,
            is_only: matches!(args.queries.as_slice(), [query] if query != "-"),
            held: None,
            is_list: false,
            page: MarkdownAnswers::default(),
            written: 0,
            asked: 0,
            tally: Tally::default(),
            specials_said: HashSet::new(),
            problems: Problems::new(args.strict, is_quiet()),
            exit: Exit::Done,
            runtime: None,
        })
    }

    /// Each argument is a query, unless they are one question: `A in TAG`, a tag in several words.
    fn arguments(&mut self, queries: &[String]) -> Result<(), Failure> {
        if queries.len() > 1 && !queries.iter().any(|query| query == "-") {
            match read(&queries.join(" "), self.names) {
                Ok(Asked::Within(within)) => return self.within(&within),
                Ok(Asked::Tag(tag)) => return self.tag(tag, &queries.join(" "), None),
                Err(error) if queries.iter().any(|query| query.eq_ignore_ascii_case("in")) => {
                    return Err(Failure::said(error.to_string()));
                }
                _ => {}
            }
        }
        for query in queries {
            if query == "-" {
                self.stream(io::stdin().lock())?;
            } else {
                self.argument(query)?;
            }
        }
        Ok(())
    }

    fn argument(&mut self, text: &str) -> Result<(), Failure> {
        match read(text, self.names) {
            Ok(Asked::One(query)) => self.query(&query, None),
            Ok(Asked::Several(all)) => {
                self.is_list = true;
                for query in all {
                    match query {
                        Ok(query) => self.query(&query, None)?,
                        Err(error) => self.wrong(&error),
                    }
                }
                Ok(())
            }
            Ok(Asked::Within(within)) => self.within(&within),
            Ok(Asked::Tag(tag)) => self.tag(tag, text, None),
            Ok(Asked::Platform(tag)) => self.platform(tag, text, None),
            Err(error) => {
                self.asked += 1;
                say(&format!("tagscope: {error}"));
                self.exit = self.exit.or(Exit::Failed);
                Ok(())
            }
        }
    }

    fn wrong(&mut self, error: &QueryError) {
        self.asked += 1;
        say(&format!("tagscope: {error}"));
        self.exit = self.exit.or(Exit::Failed);
    }

    fn query(&mut self, query: &Query, place: Option<QueryPlace>) -> Result<(), Failure> {
        self.asked += 1;
        let answer = match &query.subject {
            Subject::Span(..) => ask(query, self.dataset, self.specials),
            Subject::Host(_, host) => match self.resolve(host) {
                Ok(host) => ask_host(query, &host, self.dataset, self.specials),
                Err(failure) => {
                    let text = failure.report.to_string();
                    match place {
                        Some(place) => self.problems.add(place.line, None, &text),
                        None => say(&format!("tagscope: {text}")),
                    }
                    self.exit = self.exit.or(failure.exit);
                    return Ok(());
                }
            },
        };
        self.answer(answer, place)
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
        let resolver = &self.context.resolver;
        let found = runtime.block_on(resolver.resolve(host, RESOLVE_LIMIT));
        self.runtime = Some(runtime);
        found.map(HostLookup::from).map_err(Failure::network)
    }

    /// Writes an answer as far as the options let it through.
    fn answer(&mut self, answer: LookupAnswer, place: Option<QueryPlace>) -> Result<(), Failure> {
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
        self.tally.add(&answer);
        if !self.args.count_by.is_empty() {
            return Ok(());
        }
        let answer = if self.args.best {
            answer.best_only()
        } else {
            answer
        };
        self.written += 1;
        match self.format {
            Format::Json => {
                let week = (!self.context.form.is_slim).then_some(self.week);
                let record = answer.record(week, None, self.dataset);
                let document = document(&record)?;
                self.json(document)
            }
            Format::Text if matches!(self.limit, Limit::Outside(_)) => {
                self.console.line(&answer.query)
            }
            Format::Text if self.console.is_terminal() && self.is_list => self.row(&answer),
            Format::Text if self.console.is_terminal() => self.for_people(&answer),
            Format::Markdown => {
                self.say_notes(&answer, place);
                let sheet = answer.sheet(self.dataset);
                Ok(self.page.sheet(&sheet, self.console.out())?)
            }
            format => {
                if format != Format::Jsonl {
                    self.say_notes(&answer, place);
                }
                Ok(self.writer.write(&answer, place, self.console.out())?)
            }
        }
    }

    /// How a query was read and what it is: of a stream each special block once, the rest at its end.
    fn say_notes(&mut self, answer: &LookupAnswer, place: Option<QueryPlace>) {
        if is_quiet() {
            return;
        }
        if place.is_some() {
            let is_new = |special: &Special| self.specials_said.insert(special.block);
            if !answer.special.as_ref().is_some_and(is_new) {
                return;
            }
        }
        let meanings = answer
            .meanings()
            .filter(|_| self.is_only || place.is_some());
        let notes = answer.notes.iter().map(|note| note.as_str().into());
        for note in meanings.chain(notes) {
            say(&format!("tagscope: {}: {note}", answer.text));
        }
    }

    /// A single answer is an object, several are an array: the first waits for the second.
    fn json(&mut self, document: Vec<u8>) -> Result<(), Failure> {
        let Some(first) = self.held.take() else {
            if self.written == 1 {
                self.held = Some(document);
                return Ok(());
            }
            return self.element(",", &document);
        };
        self.element("[", &first)?;
        self.element(",", &document)
    }

    fn element(&mut self, before: &str, document: &[u8]) -> Result<(), Failure> {
        self.console.line(before)?;
        Ok(self.console.out().write_all(document)?)
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
            let hidden: &[usize] = if answer.is_host() {
                &[0, 8, 9]
            } else {
                &[0, 1, 9]
            };
            self.console.columns(&answer.sheet(self.dataset), hidden)?;
        }
        Ok(())
    }

    /// One line of a list for people: the most specific tag.
    fn row(&mut self, answer: &LookupAnswer) -> Result<(), Failure> {
        let view = self.dataset.view();
        let query = &answer.query;
        let best = answer.best();
        let line = match best.and_then(|best| Some((best, view.tag(best.tag)?))) {
            Some((best, row)) => format!("{query:<18} {:<18} {}", best.prefix, row.name),
            None => match &answer.special {
                Some(special) => format!("{query:<18} {:<18} {}", "–", special.title()),
                None => format!("{query:<18} {:<18} in no tag", "–"),
            },
        };
        let line = match answer.also.as_deref().and_then(<[_]>::first) {
            Some(also) => format!("{line}, {}", also.sentence()),
            None => line,
        };
        self.console.line(&line)
    }

    /// Whether addresses are in a tag.
    fn within(&mut self, within: &Within) -> Result<(), Failure> {
        let answer = ask_within(within, self.dataset, self.specials);
        self.asked += answer.rows.len();
        if !answer.is_yes() {
            self.exit = self.exit.or(Exit::No);
        }
        if !is_quiet() {
            for note in &answer.notes {
                say(&format!("tagscope: {note}"));
            }
        }
        let week = (!self.context.form.is_slim).then_some(self.week);
        match self.format {
            Format::Json => {
                for record in answer.records(week) {
                    self.written += 1;
                    self.json(document(&record)?)?;
                }
            }
            Format::Jsonl => {
                for record in answer.records(week) {
                    self.console.json(&record, Format::Jsonl)?;
                }
            }
            Format::Text if self.console.is_terminal() => {
                for row in &answer.rows {
                    self.console.line(&row.sentence(&answer.name))?;
                }
            }
            format => {
                self.written += answer.rows.len();
                self.console.sheet(&answer, format, true)?;
            }
        }
        Ok(())
    }

    /// A tag that was asked for by its name: its summary.
    fn tag(&mut self, tag: TagId, text: &str, place: Option<QueryPlace>) -> Result<(), Failure> {
        self.asked += 1;
        self.written += 1;
        let facts = crate::azure::Facts::embedded();
        let view = self.dataset.view();
        let (Some(row), Some(answer)) = (view.tag(tag), show::ask(tag, self.dataset, &facts))
        else {
            return Ok(());
        };
        let week = (!self.context.form.is_slim).then_some(self.week);
        match self.format {
            Format::Json | Format::Jsonl => {
                let place = place.filter(|_| self.format == Format::Jsonl);
                let record = answer.lookup_record(text, place, week, self.dataset);
                if self.format == Format::Jsonl {
                    return self.console.json(&record, Format::Jsonl);
                }
                return self.json(document(&record)?);
            }
            Format::Text if self.console.is_terminal() && self.is_list => {
                let answer = LookupAnswer::of_name(row.name, text, Some(tag));
                return self.row(&answer);
            }
            Format::Text if self.console.is_terminal() => {
                self.console.heading(row.name)?;
                for (name, value) in answer.summary(self.dataset) {
                    self.console.line(&format!("  {name:<12} {value}"))?;
                }
            }
            Format::Text | Format::Csv => {
                let answer = LookupAnswer::of_name(row.name, text, Some(tag));
                self.writer.write(&answer, place, self.console.out())?;
            }
            Format::Markdown => {
                let answer = LookupAnswer::of_name(row.name, text, Some(tag));
                let sheet = answer.sheet(self.dataset);
                self.page.sheet(&sheet, self.console.out())?;
            }
        }
        if !is_quiet() && place.is_none() {
            say(&format!(
                "tagscope: {} is a tag; tagscope tags show {0} lists its prefixes",
                row.name
            ));
        }
        Ok(())
    }

    /// A tag of the platform: what it means.
    fn platform(
        &mut self,
        tag: PlatformTag,
        text: &str,
        place: Option<QueryPlace>,
    ) -> Result<(), Failure> {
        self.asked += 1;
        self.written += 1;
        let sentence = tag.sentence(text);
        match self.format {
            Format::Json | Format::Jsonl => {
                let record =
                    PlatformRecord::of(tag, text, place.filter(|_| self.format == Format::Jsonl));
                if self.format == Format::Jsonl {
                    return self.console.json(&record, Format::Jsonl);
                }
                self.json(document(&record)?)
            }
            Format::Text if self.console.is_terminal() => self.console.line(&sentence),
            Format::Text if place.is_none() => self.console.line(&sentence),
            Format::Text | Format::Csv => {
                if place.is_none() && !is_quiet() {
                    say(&format!("tagscope: {sentence}"));
                }
                let answer = LookupAnswer::of_name(tag.name(), text, None);
                Ok(self.writer.write(&answer, place, self.console.out())?)
            }
            Format::Markdown => {
                let sentence = Md::text(&sentence);
                Ok(self.page.sentence(&sentence, self.console.out())?)
            }
        }
    }

    fn finish(mut self) -> Result<Exit, Failure> {
        self.problems.finish();
        if self.asked == 0 {
            return Err(Failure::said(
                "nothing to look up: standard input has no query".to_owned(),
            ));
        }
        if !self.args.count_by.is_empty() {
            let counts = self.tally.rows(&self.args.count_by, self.dataset);
            match self.format {
                Format::Json | Format::Jsonl => {
                    let record = counts.record(self.week);
                    self.console.records(&record, self.format)?;
                }
                format => self.console.sheet(&counts, format, true)?,
            }
            return Ok(self.exit);
        }
        let held = self.held.take();
        if let Some(only) = held.as_ref().filter(|_| self.asked > 1) {
            self.element("[", only)?;
            self.console.line("]")?;
        } else if let Some(only) = held {
            self.console.out().write_all(&only)?;
        } else if self.format == Format::Json {
            // Answers have opened the array; with none at all it is empty.
            self.console
                .line(if self.written == 0 { "[]" } else { "]" })?;
        }
        if self.written == 0 {
            let out = self.console.out();
            self.writer.finish(reads_stdin(self.args), out)?;
        }
        if self.is_list && self.format == Format::Text && self.console.is_terminal() {
            self.counts()?;
        }
        let is_empty = self.written == 0 && matches!(self.limit, Limit::Outside(_));
        Ok(self.exit.or(if is_empty { Exit::No } else { Exit::Done }))
    }

    /// Below a list for people: how many queries are in which tag.
    fn counts(&mut self) -> Result<(), Failure> {
        let total = self.tally.total();
        let found = total - self.tally.in_none();
        let all = counted(total, "query", "queries");
        self.console.line("")?;
        self.console.heading(&format!("{all}, {found} in a tag"))?;
        let counts = self
            .tally
            .rows(&[crate::query::lookup::TallyBy::Tag], self.dataset);
        for row in counts.rows.iter().take(MOST_COUNTS) {
            self.console
                .line(&format!("{:>8} {}", row.queries, row.name))?;
        }
        if let Some(more) = crate::text::and_more(counts.rows.len(), MOST_COUNTS) {
            self.console.line(&format!("{more} tags"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

fn document(record: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    write_json(record, &mut bytes)?;
    Ok(bytes)
}
