//! What `rules make` is to make rules of.

use crate::cli::args::MakeArgs;
use crate::cli::rules::lists::Lists;
use crate::cli::rules::load;
use crate::cli::{Context, Failure, endpoints, names};
use crate::index::TagId;
use crate::query::Dataset;
use crate::query::rules::AddressResolver;
use crate::query::rules::fit::{FitQuestion, ask};
use crate::query::rules::make::{MakeOptions, Selection, Target};
use crate::query::rules::remote_end::{Skipped, remote_addresses};
use crate::text::Safe;

/// A selection, or why its cover is refused.
pub type Selected = Result<Selection, String>;

/// Options that select different things.
///
/// # Errors
/// Which, and what to do.
pub fn refuse(args: &MakeArgs) -> Result<(), Failure> {
    let said = |text: &str| Err(Failure::said(text.to_owned()));
    let has_addresses = !args.tags.is_empty() || !args.list.is_empty();
    if args.registry.is_some() {
        if !args.tags.is_empty() {
            return said("--tag and --registry select different things; name one of them");
        }
        if !args.list.is_empty() {
            return said("--list and --registry select different things; name one of them");
        }
        if args.fit.is_some() {
            return said(
                "--fit covers addresses, and the plan of a registry has ports and hosts too; name its tags \
                 with --tag",
            );
        }
    }
    if args.fit.is_some() && !has_addresses {
        return said("nothing is to be covered: name tags with --tag, or files with --list");
    }
    if !has_addresses && args.registry.is_none() && args.subnets.is_empty() {
        return said(
            "nothing is selected: name tags with --tag, files with --list, or a registry with --registry",
        );
    }
    Ok(())
}

/// What is selected, and the week.
///
/// # Errors
/// A file that cannot be read, a tag that the week does not have, what cannot be covered.
pub fn select(
    args: &MakeArgs,
    target: Target,
    options: &MakeOptions,
    context: &Context,
) -> Result<(Selected, Dataset), Failure> {
    context.check_stdin(args.check.iter().chain(&args.list))?;
    if args.registry.is_some() {
        let (plan, dataset) = endpoints::plan(&args.endpoints(), context)?;
        let selection = Selection::of_plan(&plan, &dataset);
        return Ok((Ok(selection), dataset));
    }
    let lists = Lists::new(load(&args.list, context)?);
    let dataset = context.dataset()?;
    let chosen = names::tags(&args.tags, &dataset, context)?;
    let selected = match args.fit {
        Some(limit) => cover(args, limit, &chosen, &lists, (target, options), &dataset)?,
        None => Ok(whole(args, &chosen, &lists, &dataset)),
    };
    Ok((selected, dataset))
}

/// The words of the files that are named.
fn words(args: &MakeArgs) -> Vec<String> {
    let paths = args.list.iter().map(|path| path.to_string_lossy());
    let words = paths.flat_map(|path| ["--list".to_owned(), path.into_owned()]);
    words.collect()
}

/// Tags and the rows of files as they are.
fn whole(args: &MakeArgs, chosen: &[TagId], lists: &Lists, dataset: &Dataset) -> Selection {
    if chosen.is_empty() && args.list.is_empty() {
        return Selection::of_nothing(dataset);
    }
    let tags = Selection::of_tags(dataset, chosen);
    if args.list.is_empty() {
        return tags;
    }
    let resolver = AddressResolver::new(dataset, lists.files());
    let files = lists.files().iter();
    let rows: Vec<_> = files.flat_map(|loaded| lists.rows(loaded, None)).collect();
    let listed = Selection::of_rules(&resolver, &lists.title(&args.list), &rows, words(args));
    if chosen.is_empty() {
        listed
    } else {
        tags.and(listed)
    }
}

/// The best cover of tags and files within a limit.
fn cover(
    args: &MakeArgs,
    limit: usize,
    chosen: &[TagId],
    lists: &Lists,
    (target, options): (Target, &MakeOptions),
    dataset: &Dataset,
) -> Result<Selected, Failure> {
    let resolver = AddressResolver::new(dataset, lists.files());
    let direction = lists.direction(options.direction.or(target.direction()))?;
    let mut notes = Vec::new();
    let mut question = FitQuestion {
        tags: chosen.to_vec(),
        // All of the limit goes to the family that is written.
        family: match options.families(target).as_slice() {
            [only] => Some(*only),
            _ => options.family,
        },
        ..FitQuestion::default()
    };
    for loaded in lists.files() {
        let rows = lists.rows(loaded, direction);
        let name = match lists.files() {
            [_] => Safe::new(&lists.title(&args.list)),
            _ => lists.name(loaded),
        };
        notes.extend(Skipped::of(&resolver, &rows).sentences());
        let is_rule = rows.iter().any(|(set, _)| set.kind.has_two_ends());
        if is_rule && target.has_ends() && options.ports.is_none() {
            let text = "the ports of its rows are not taken over by a cover, --port and --protocol say them";
            notes.push(format!("{}: {text}", loaded.path));
        }
        question
            .lists
            .push((name, remote_addresses(&resolver, &rows)));
    }
    let answer = ask(&question, dataset)?;
    let cover = answer.at(limit, args.max_extra)?;
    if let Some(most) = args.max_extra.filter(|&most| !cover.is_within(most)) {
        return Ok(Err(answer.refusal(&cover, most)));
    }
    let mut words_of = Selection::of_tags(dataset, chosen).words;
    words_of.extend(words(args));
    if let Some(most) = args.max_extra {
        let most = most.to_string().replace(" %", "");
        words_of.extend(["--max-extra".to_owned(), most]);
    }
    let mut selection = Selection::of_cover(dataset, &answer, &cover, words_of);
    selection.notes.extend(notes);
    Ok(Ok(match direction {
        Some(direction) => selection.toward(direction),
        None => selection,
    }))
}
