//! `f` and `x`: what is selected within few CIDRs, and as rules in a file.

use std::path::{Path, PathBuf};

use tagscope::index::TagId;
use tagscope::query::Dataset;
use tagscope::query::rules::fit::{FitQuestion, Percent, ask};
use tagscope::query::rules::make::{MakeForm, MakeOptions, Selection, Target, make};
use tagscope::rules::Direction;
use tagscope::space::{AddressSet, Block, Family};
use tagscope::text::Safe;
use tagscope::tui::{Effect, Message, Outcome, Place, Task, Written};

use crate::commands::copied;
use crate::dashboard::{Script, dataset, embedded, script, script_on};

const SIZE: (u16, u16) = (120, 40);

/// Two tags are marked, each by its name.
const MARKED: &str = "/storage.westeu<Enter><Space><Esc>/registry.westeu<Enter><Space><Esc>";
const NAMES: [&str; 2] = ["AzureContainerRegistry.WestEurope", "Storage.WestEurope"];

fn at(keys: &str) -> Script {
    script(SIZE, "default").keys(keys)
}

/// The same on the embedded week.
fn on_week(keys: &str) -> Script {
    script_on(embedded(), SIZE, "default").keys(keys)
}

fn tags(dataset: &Dataset, names: &[&str]) -> Vec<TagId> {
    let view = dataset.view();
    names.iter().map(|name| view.find(name).unwrap()).collect()
}

/// The file that the last key had written.
fn written(script: &Script) -> (&Path, String, bool) {
    match script.effects.last() {
        Some(Effect::Start {
            task:
                Task::Export {
                    path,
                    bytes,
                    is_over,
                    ..
                },
            ..
        }) => (path, String::from_utf8(bytes.clone()).unwrap(), *is_over),
        other => panic!("{other:?}"),
    }
}

/// What the runner says of the last file.
fn answered(script: Script, outcome: Outcome) -> Script {
    let Some(Effect::Start {
        ticket,
        task: Task::Export { .. },
    }) = script.effects.last()
    else {
        panic!("{:?}", script.effects);
    };
    let ticket = *ticket;
    script.message(Message::Done { ticket, outcome })
}

fn blocks(text: &str) -> Vec<Block> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(|line| Block::parse(line).unwrap().0).collect()
}

#[test]
fn marked_tags_are_fitted_and_written() {
    let script = on_week(&format!("{MARKED}f4"))
        .assert_shows("Fit: AzureContainerRegistry.WestEurope, Storage.WestEurope")
        .assert_shows("4 CIDRs (limit 4; exact fit needs")
        .assert_shows("2 watched tags")
        .assert_shows("Extra addresses by CIDRs");
    assert_eq!(script.app.place(), Place::Fit);
    // All CIDRs, and they cover both tags.
    let script = script.keys("Y");
    let cover = blocks(&last(&script));
    assert_eq!(cover.len(), 4);
    let week = embedded();
    let wanted = tags(&week, &NAMES);
    let wanted = wanted.iter().flat_map(|&tag| week.view().all_prefixes(tag));
    let wanted = AddressSet::from_blocks(wanted);
    let missing = wanted.difference(&AddressSet::from_blocks(cover.iter().copied()));
    assert!(missing.is_empty(), "{cover:?}");
    // The same four CIDRs in a file of Terraform, with what they cost.
    let script = script
        .keys("xterraform-nsg<Tab>")
        .assert_shows("Terraform: rules of a network security group")
        .assert_shows("extra addresses")
        .keys("<Enter>");
    assert_eq!(script.app.place(), Place::ExportFile);
    let script = script.keys("<Enter>");
    let (path, text, is_over) = written(&script);
    assert_eq!((path, is_over), (Path::new("nsg-azure-tags.tf"), false));
    for block in &cover {
        assert!(text.contains(&format!("\"{block}\"")), "{block} in {text}");
    }
    assert!(
        text.contains("rules make terraform-nsg --tag AzureContainerRegistry.WestEurope"),
        "{text}"
    );
    assert!(text.contains("--fit 4"), "{text}");
    // Back to the covers, which say what became of it.
    let done = done_with("written: nsg-azure-tags.tf");
    let script = answered(script, done).assert_shows("written: nsg-azure-tags.tf");
    assert_eq!(script.app.place(), Place::Fit);
    assert_eq!(script.keys("<Esc><Esc>").app.place(), Place::Table);
}

#[test]
fn the_file_is_what_the_command_line_makes() {
    let week = dataset();
    let options = MakeOptions::default();
    for (keys, target, names, options) in [
        ("", "bicep-nsg", &NAMES[..], options.clone()),
        (
            "t",
            "bicep-nsg",
            &NAMES,
            MakeOptions {
                form: MakeForm::Prefixes,
                ..options.clone()
            },
        ),
        ("w", "nftables", &["AzureCloud"], options.clone()),
        (
            "v",
            "list",
            &NAMES,
            MakeOptions {
                family: Some(Family::V4),
                ..options.clone()
            },
        ),
        (
            "dd",
            "az-nsg",
            &NAMES,
            MakeOptions {
                direction: Some(Direction::In),
                ..options.clone()
            },
        ),
    ] {
        let script = at(&format!("{MARKED}x{target}<Tab>{keys}y"));
        let target = Target::parse(target).unwrap();
        let selection = Selection::of_tags(&week, &tags(&week, names));
        let made = make(target, &selection, &options).unwrap();
        assert_eq!(last(&script).trim_end(), made.text.trim_end(), "{keys}");
    }
}

/// What was copied last.
fn last(script: &Script) -> String {
    (*copied(script).last().unwrap()).to_owned()
}

fn done_with(text: &str) -> Outcome {
    Outcome::Written(Ok(Written::Done(Safe::new(text))))
}

#[test]
fn a_file_that_is_there_is_asked_about() {
    let exists = || Outcome::Written(Ok(Written::Exists(Safe::new("a.txt exists"))));
    let script = at("xlist<Tab><Enter><Ctrl-u>a.txt<Enter>");
    assert!(!written(&script).2);
    let script = answered(script, exists())
        .assert_shows("The file is there already")
        .assert_shows("y writes over it");
    assert_eq!(script.app.place(), Place::ExportOver);
    // A key that is held writes over nothing.
    let before = script.effects.len();
    let script = script.keys("<Enter><Enter>a");
    assert_eq!(script.effects.len(), before);
    // Another name is another question.
    let other = script.keys("n<Backspace><Backspace><Backspace>md<Enter>");
    assert_eq!(written(&other).0, Path::new("a.md"));
    assert!(!written(&other).2);
    // One file at a time.
    let other = other.keys("<Enter>").assert_shows("being written already");
    let script = answered(other, exists()).keys("y");
    assert_eq!(written(&script).0, PathBuf::from("a.md"));
    assert!(written(&script).2);
    let script = answered(script, done_with("written: a.md"));
    assert_eq!(script.app.place(), Place::Table);
    // Esc keeps it, and nothing more is written.
    let script = answered(at("xlist<Tab><Enter><Enter>"), exists());
    let before = script.effects.len();
    let script = script.keys("<Esc><Esc>");
    assert_eq!(script.app.place(), Place::ExportText);
    assert_eq!(script.effects.len(), before);
    // What comes back late closes nothing else.
    let late = at("xlist<Tab><Enter><Enter><Esc><Esc><Esc><Esc>f");
    let late = answered(late, done_with("written: list"));
    assert_eq!(late.assert_shows("written: list").app.place(), Place::Fit);
    // A disk that refuses is said, and the name can be mended.
    let script = at("xlist<Tab><Enter><Ctrl-u>/no/a.txt<Enter>");
    let script = answered(
        script,
        Outcome::Written(Err(Safe::new("cannot write /no/a.txt"))),
    );
    let script = script.assert_shows("cannot write /no/a.txt");
    assert_eq!(script.app.place(), Place::ExportFile);
    at("x<Enter><Ctrl-u><Enter>").assert_shows("type the name of a file");
}

#[test]
fn the_number_is_typed_stepped_and_given_as_a_percentage() {
    let week = embedded();
    let question = FitQuestion {
        tags: tags(&week, &NAMES),
        ..FitQuestion::default()
    };
    let answer = ask(&question, &week).unwrap();
    let exact = answer.fitted.exact();
    let curve = answer.fitted.curve();
    let shows = |keys: &str, cidrs: usize| {
        let script = on_week(&format!("{MARKED}f{keys}"));
        let text = script.text();
        let shown = format!("CIDRs ({cidrs})");
        assert!(text.contains(&shown), "{keys}: no {shown} in\n{text}");
    };
    shows("", exact);
    shows("3", 3);
    shows("3<Backspace>5", 5);
    shows("99999", exact);
    shows("0%", exact);
    let before = curve[curve.len() - 2].cidrs;
    shows("-", before);
    shows("<←>+", exact);
    let half = Percent::parse("50").unwrap();
    let fewest = answer.fewest_within(half);
    shows("50%", answer.at(fewest, Some(half)).unwrap().cidrs.len());
    // No family has more than that.
    let script = on_week(&format!("{MARKED}f50%Y"));
    let cover = AddressSet::from_blocks(blocks(&last(&script)));
    for family in [Family::V4, Family::V6] {
        let count = |set: &AddressSet| set.family(family).count().as_f64();
        let (own, wanted) = (count(&cover), count(&answer.addresses));
        assert!(own <= wanted * 1.5, "{family}: {own} {wanted}");
    }
    // IPv4 alone gets all of the number.
    let v4 = answer.only(Family::V4).unwrap();
    shows("3v", 3.min(v4.fitted.exact()));
    on_week(&format!("{MARKED}f3v")).assert_shows("IPv4 alone");
    for (keys, said) in [
        ("0", "at least 2; v fits one family alone"),
        ("1", "IPv4 and IPv6 need a CIDR each"),
        ("1x", "IPv4 and IPv6 need a CIDR each"),
        ("1Y", "IPv4 and IPv6 need a CIDR each"),
        ("1.5", "is no number of CIDRs and no percentage"),
    ] {
        on_week(&format!("{MARKED}f{keys}")).assert_shows(said);
    }
    at(":fit<Space>5%<Enter>").assert_shows("into CIDRs: 5%");
    at(":make<Space>nftables<Enter>").assert_shows("nftables: sets, replaced as a whole");
    at("2<Tab>:fit<Space>5<Enter>").assert_shows("tags and rules are fitted");
    at("5:make<Space>list<Enter>").assert_shows("rules are made from tags, a plan or rules");
}

#[test]
fn marks_count_before_the_cursor_and_w_turns_to_the_other() {
    at("<↓><Space>f").assert_shows("1 watched tag (w:");
    // Elsewhere it is the tag under the cursor: nothing is written of another one unseen.
    at("<↓><Space>G<↑>xnft<Tab>").assert_shows("w: the 1 watched tag");
    at("<↓><Space>G<↑>f").assert_shows("Fit: Storage.FranceCentral");
    // Among the prefixes of a tag it is that tag.
    at("<↓><Space><↓><Enter>f").assert_shows("w: the 1 watched tag");
    // A tag that was watched before counts where the cursor is on it.
    let before = || {
        let mut startup = crate::dashboard::startup(dataset(), SIZE, "default");
        startup.watched = [NAMES[1].to_owned()].into();
        Script {
            app: tagscope::tui::App::new(startup),
            size: SIZE,
            effects: Vec::new(),
        }
    };
    before()
        .keys("f")
        .assert_shows("Fit: AzureCloud ")
        .assert_shows("w: the 1 watched tag");
    before()
        .keys("G<Home>fw")
        .assert_shows("Fit: Storage.WestEurope");
    before()
        .keys(":tag<Space>Storage.WestEurope<Enter>xnft<Tab>")
        .assert_shows("1 watched tag");
    at("fw").assert_shows("no tag is watched");
    at("x<Alt-w>").assert_shows("no tag is watched");
    // IPv6 alone, and then a tag that has none.
    let one = at("/francec<Enter><Space><Esc>/registry.westeu<Enter>fvv");
    let other = one.assert_shows("IPv6 alone").keys("w").text();
    assert!(!other.contains("alone (v)"), "{other}");
    // What was typed and chosen stays.
    at("<↓><Space>f2w").assert_shows("into CIDRs: 2");
    at("<↓><Space>xipset<Tab>w").assert_shows("ipset restore");
}

#[test]
fn a_cover_is_followed_to_its_cidrs_and_the_owners_of_the_rest() {
    let script = on_week(&format!("{MARKED}f2<Enter>")).assert_shows("x writes these CIDRs");
    assert_eq!(script.app.place(), Place::Fit);
    let script = script.keys("<Enter>");
    assert_eq!(script.app.place(), Place::Results);
    let script = script.keys("-").assert_shows("into CIDRs: 2");
    assert_eq!(script.app.place(), Place::Fit);
    let script = on_week(&format!("{MARKED}f2<Tab>"));
    script
        .keys("<Enter>")
        .assert_shows("no tag has these addresses");
    let script = on_week(&format!("{MARKED}f2<Tab><↓><↓>"));
    let owner = script.keys("y");
    let name = last(&owner);
    let script = owner.keys("<Enter>");
    assert_eq!(script.app.place(), Place::Table);
    script.assert_shows(&format!("┌ {name}"));
    let script = on_week(&format!("{MARKED}f4C"));
    let line = last(&script);
    assert!(
        line.starts_with(
            "tagscope rules fit AzureContainerRegistry.WestEurope Storage.WestEurope --limit 4"
        ),
        "{line}"
    );
}

#[test]
fn rules_and_a_plan_are_written_for_other_targets() {
    // A rule with two ends: its remote end.
    let script = at(":rules<Space>/r/nsg.json<Enter>nnn").keys("f1");
    let script = script
        .assert_shows("1 CIDR (limit 1; exact fit needs")
        .keys("C");
    script.assert_shows("no command line selects these rows alone");
    let script = at(":rules<Space>/r/nsg.json<Enter>nnxlist<Tab>y");
    let text = last(&script);
    let own = AddressSet::from_blocks(blocks(&text));
    let wanted = ["203.0.113.0/27", "203.0.113.32/27"];
    let wanted = AddressSet::from_blocks(wanted.map(|text| Block::parse(text).unwrap().0));
    assert_eq!(own, wanted, "{text}");
    // A list is fitted whole, wherever in it the cursor is.
    at(":rules<Space>/r/allow.txt<Enter>f2").assert_shows("exact fit needs 3");
    // A file's whole rules, and no word for it where none is open.
    at(":rules<Space>/r/nsg.json<Enter><Shift-Tab>xnsg<Tab>").assert_shows("/nsg");
    at("4x").assert_shows("no rules are open yet");
    at("4f").assert_shows("no rules are open yet");
    at("3<Esc>x").assert_shows("no registry is planned yet");
    let script = at("3contoso<Enter>xterraform-firewall<Tab>y");
    let text = last(&script);
    assert!(text.contains("\"contoso.azurecr.io\""), "{text}");
    assert!(text.contains("--registry contoso"), "{text}");
    // The patch is among the forms where there is one.
    at(":rules<Space>/r/nsg.json<Enter>x").assert_shows("view .sh");
    at(":rules<Space>/r/allow.txt<Enter>x").assert_shows("view .list");
    let fresh = at(":rules<Space>/r/newer.txt<Enter>x").text();
    assert!(!fresh.contains("view .list"), "{fresh}");
}

#[test]
fn a_refusal_of_a_target_stands_in_place_of_the_text() {
    let script = at("xaz-nsg<Tab>tt").assert_shows("format: tags");
    // This one has no features: it is no tag for a rule.
    let refused = at("/registry<Enter>xaz-acr<Tab>d").assert_shows("--direction out");
    let refused = refused.keys("<Enter>").assert_shows("nothing to write");
    assert_eq!(refused.app.place(), Place::ExportText);
    refused.keys("y").assert_shows("nothing here to copy");
    assert_eq!(script.app.place(), Place::ExportText);
    at("x/nosuchtarget").assert_shows("nothing has these words");
}

/// The data that the keys have opened arrive.
fn opened(keys: &str, dataset: Dataset) -> Script {
    let script = at(keys);
    let found = script.effects.iter().rev().find_map(|effect| match effect {
        Effect::Start {
            ticket,
            task: Task::Open { .. },
        } => Some(*ticket),
        _ => None,
    });
    script.message(Message::Done {
        ticket: found.unwrap(),
        outcome: Outcome::Opened(Ok(Box::new(dataset))),
    })
}

#[test]
fn another_week_computes_the_covers_anew() {
    let script = opened(
        &format!("{MARKED}:week<Space>2026-06-29<Enter>f4"),
        crate::dashboard::earlier(),
    );
    let script = script.assert_shows("into CIDRs: 4").keys("xlist<Tab>y");
    let text = last(&script);
    assert!(text.contains("# Week: 2026-06-29"), "{text}");
    let week = crate::dashboard::earlier();
    let wanted = tags(&week, &NAMES);
    let wanted = wanted.iter().flat_map(|&tag| week.view().all_prefixes(tag));
    let own = AddressSet::from_blocks(blocks(&text));
    assert!(AddressSet::from_blocks(wanted).difference(&own).is_empty());
}

#[test]
fn a_tag_that_the_other_week_lacks_is_named_and_one_family_stays_one() {
    let open = ":week<Space>2026-06-29<Enter>";
    let storage = "/storage.westeu<Enter>";
    let fit = opened(&format!("{storage}{open}f2v"), crate::dashboard::earlier());
    let fit = fit.assert_shows("Fit: Storage.WestEurope");
    fit.assert_shows("IPv4 alone").assert_shows("into CIDRs: 2");
    // Government's week has no such tag; nothing else takes its place.
    let text =
        include_str!("../data/screens.json").replace("Storage.WestEurope", "Storage.Elsewhere");
    let gone = opened(
        &format!("{storage}{open}f2"),
        crate::dashboard::read_week(&text),
    );
    let gone = gone.assert_shows("Storage.WestEurope is not in this week");
    assert_eq!(gone.app.place(), Place::Table);
    let dialog = opened(&format!("{storage}{open}f2x"), crate::dashboard::earlier());
    let dialog = dialog.assert_shows("nothing was written: x offers it anew");
    assert_eq!(dialog.app.place(), Place::Fit);
}

/// The words of the command line that a file names, without the program.
fn words_of(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines
        .iter()
        .position(|line| line.contains("Made by tagscope"));
    let first = first.expect("no header");
    let (_, own) = lines[first].split_once(": tagscope ").unwrap();
    let more = lines[first + 1..].iter();
    let more = more.take_while(|line| line.starts_with("#   ") || line.starts_with("//   "));
    let all: Vec<&str> = std::iter::once(own)
        .chain(more.map(|line| line.trim_start_matches(['#', '/', ' '])))
        .collect();
    all.join(" ")
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_line_writes_the_same_file() {
    for keys in [
        "xterraform-nsg<Tab>",
        "xbicep-nsg<Tab>tdd",
        "xnftables<Tab>v",
        "f20xaz-ip-group<Tab>",
        "f20vxipset<Tab>",
        "f20vxnginx-allow<Tab>vv",
        "f30%xlist<Tab>",
        "f40xterraform-route<Tab>",
    ] {
        let script = on_week(&format!("{MARKED}{keys}y"));
        let text = last(&script);
        let words = words_of(&text);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = crate::program::run(&[&["--offline"], words.as_slice()].concat());
        assert_eq!(ran.code, 0, "{words:?}: {}", ran.err);
        assert_eq!(ran.out.trim_end(), text.trim_end(), "{keys}: {words:?}");
        // The line that C copies is the same.
        let line = last(&script.keys("C"));
        let copied: Vec<&str> = line.split_whitespace().skip(1).collect();
        assert_eq!(copied, words, "{keys}");
    }
    // The covers themselves.
    for keys in ["f20", "f20v", "f30%"] {
        let script = on_week(&format!("{MARKED}{keys}Y"));
        let cover = last(&script);
        let line = last(&script.keys("C"));
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let ran = crate::program::run(&[&["--offline"], words.as_slice()].concat());
        assert_eq!(ran.out.trim_end(), cover.trim_end(), "{keys}: {line}");
    }
}

#[test]
fn rules_keep_their_way_their_protocol_and_their_ports() {
    let text = |keys: &str| last(&at(&format!(":rules<Space>/r/nsg.json<Enter>{keys}y")));
    // No command line selects one row, and the file says so.
    let own = text("nnxnftables<Tab>");
    assert!(own.contains("no command line selects it"), "{own}");
    let fitted = text("nnnf2xaz-nsg<Tab>");
    assert!(
        fitted.contains("Of acr-copied, selected in the dashboard"),
        "{fitted}"
    );
    assert!(!fitted.contains("--fit"), "{fitted}");
    for part in [
        "--direction Outbound",
        "--protocol Tcp",
        "--destination-port-ranges 443",
    ] {
        assert!(fitted.contains(part), "{part} in {fitted}");
    }
    let script = at(":rules<Space>/r/nsg.json<Enter>nnnf2xaz-nsg<Tab>C");
    script.assert_shows("no command line selects the same");
    // All rows of the group go both ways: no list of addresses stands for that.
    let both = at(":rules<Space>/r/nsg.json<Enter><Shift-Tab>f");
    both.assert_shows("let out; select one of them");
    let any = at(":rules<Space>/r/nsg.json<Enter>/ssh<Enter>f");
    any.assert_shows("the row is about any address");
    let inward = last(&at(&format!("{MARKED}xnftables<Tab>ddy")));
    assert!(inward.contains("ip saddr @"), "{inward}");
}

#[test]
fn help_comes_back_to_the_covers_and_the_wheel_moves_what_is_under_it() {
    let script = at(&format!("{MARKED}f3?"));
    assert_eq!(script.app.place(), Place::Help);
    let script = script.keys("<Esc>").assert_shows("into CIDRs: 3");
    assert_eq!(script.app.place(), Place::Fit);
    assert_eq!(at("x?<Esc>").app.place(), Place::Export);
    let wheel = |column| {
        Message::Mouse(tagscope::tui::Mouse {
            kind: tagscope::tui::MouseKind::WheelDown,
            column,
            row: 8,
        })
    };
    let script = at("xnftables<Tab>").message(wheel(60));
    script.keys("<Enter>").assert_shows("> azurecloud.nft");
    let script = at("x").message(wheel(5));
    script.keys("<Enter>").assert_shows(".json");
}
