//! A patch, applied as a user would, leaves nothing to do.

use tagscope::query::rules::LoadedFile;
use tagscope::query::rules::impact::{ImpactAnswer, ImpactOptions, RowImpact, ask};
use tagscope::rules::{Entry, RuleSetKind, read_rules};

use crate::impact_oracle::{Case, KINDS, case, loaded, of_span};

/// Runs the commands of a patch over the entries of a case.
fn apply(case: &mut Case, answer: &ImpactAnswer, files: &[LoadedFile]) -> bool {
    let Some(patch) = answer.sets[0].patch(files) else {
        return false;
    };
    let mut names: Vec<String> = (0..case.entries.len())
        .map(|place| format!("r{place}"))
        .collect();
    let mut texts: Vec<String> = case.entries.iter().map(|(text, _)| text.clone()).collect();
    for command in &patch.commands {
        let words: Vec<&str> = command.split(' ').collect();
        let after = |option: &str| {
            words
                .iter()
                .position(|word| *word == option)
                .map(|it| it + 1)
        };
        let value = |option: &str| words[after(option).unwrap()].to_owned();
        if command.contains("network-rule add") {
            texts.push(value("--ip-address"));
        } else if command.contains("network-rule remove") {
            let place = texts.iter().position(|it| *it == value("--ip-address"));
            texts.remove(place.unwrap());
        } else if command.contains("route create") {
            assert_eq!(value("--next-hop-ip-address"), "10.0.0.4");
            texts.push(value("--address-prefix"));
            assert!(!names.contains(&value("--name")), "{command}");
            names.push(value("--name"));
        } else if command.contains("route delete") {
            let place = names.iter().position(|it| *it == value("--name")).unwrap();
            texts.remove(place);
            names.remove(place);
        } else if command.contains("nsg rule delete") {
            texts.clear();
        } else {
            let options = [
                "--ip-addresses",
                "--destination-address-prefixes",
                "--destination-addresses",
            ];
            let start = options.iter().find_map(|option| after(option)).unwrap();
            texts = words[start..].iter().map(|&it| it.to_owned()).collect();
        }
    }
    let sets = texts.into_iter().map(|text| {
        let entry = Entry::parse(&text);
        let set = of_span(entry.span().unwrap_or_else(|| panic!("{text}")));
        (text, set)
    });
    case.entries = sets.collect();
    true
}

#[test]
fn a_patch_that_was_applied_leaves_nothing_to_do() {
    let (mut applied, mut guessed) = (0, 0);
    for seed in 0..6_000 {
        let kind = KINDS[usize::try_from(seed % 6).unwrap()];
        let mut case = case(seed, kind);
        let before = case.file();
        let expected = case.expected();
        let (answer, files) = case.ask();
        if !answer.is_affected() {
            assert_eq!(answer.sets[0].patch(&files), None, "seed {seed}");
            continue;
        }
        // What is inferred once is stated from then on: the list may equal another tag later.
        let tag = expected.tag.clone().map(|(tag, _)| tag);
        let weeks = case.weeks.clone();
        let is_known = |tag: &String| weeks.iter().any(|week| week.0.contains_key(tag));
        if kind == RuleSetKind::List {
            let new = answer.sets[0].patched(&files, &before).unwrap();
            assert!(
                new.starts_with("# ours\n") && new.ends_with("# end\n"),
                "{before}{new}"
            );
            if new.lines().all(|line| line.starts_with('#')) && tag.is_none() {
                continue;
            }
            let new = match (&tag, &case.stated) {
                (Some(tag), None) => format!("# tag: {tag}\n{new}"),
                _ => new,
            };
            if read_rules(new.as_bytes()).is_err() {
                // Nothing is left in it, which is no list.
                continue;
            }
            let files = loaded(&new);
            let [base, target] = [0, 1].map(|place| case.weeks[place].dataset("2026-01-12"));
            let again = ask(&files, &base, &target, ImpactOptions::default()).unwrap();
            let rows: Vec<&RowImpact> = again.rows().map(|(_, row)| row).collect();
            let is_stated = rows.iter().any(|row| !row.matches.is_empty());
            let is_lost = tag.as_ref().is_some_and(|tag| !is_known(tag));
            // Without its stale part a list may equal a tag, or equal none any more.
            let is_other = is_stated != tag.is_some();
            assert!(
                !again.is_affected() || is_lost || is_other,
                "seed {seed}: {before}\n{new}\n{rows:?}"
            );
            applied += 1;
            continue;
        }
        if !apply(&mut case, &answer, &files) || case.entries.is_empty() {
            continue;
        }
        let (as_it_is, _) = case.ask();
        guessed += usize::from(as_it_is.is_affected());
        if let Some(tag) = tag.filter(is_known) {
            case.stated = Some(tag);
        } else if expected.tag.is_some() {
            continue;
        }
        let (again, _) = case.ask();
        let rows: Vec<&RowImpact> = again.rows().map(|(_, row)| row).collect();
        let notes = answer.sets[0].patch(&files).unwrap().notes;
        let by_hand = notes.iter().any(|note| note.contains("by hand"));
        // A list that stood for no tag may equal one when its stale part is gone.
        let is_found = expected.tag.is_none() && rows.iter().any(|row| !row.matches.is_empty());
        assert!(
            !again.is_affected() || by_hand || is_found,
            "seed {seed}: {before}\n{}\n{:?}\n{rows:?}",
            case.file(),
            answer.sets[0].patch(&files)
        );
        applied += 1;
    }
    assert!(applied > 1_500, "{applied}");
    // Even without a word of the user most lists are found to be the same tag again, in a universe in
    // which every tag is near every other.
    assert!(guessed * 10 < applied, "{guessed} of {applied}");
}
