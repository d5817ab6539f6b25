//! Each view has a screen and a verb with the same answers, and both are held by what is stored.

use std::collections::BTreeSet;
use std::path::Path;

use tagscope::query::ViewTopic;

use crate::dashboard::script;
use crate::program::run;

/// Names of the files in a folder.
fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(Path::new("tests").join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

#[test]
fn each_topic_has_a_screen_a_verb_a_golden_file_and_a_snapshot() {
    let (goldens, snapshots) = (names("data/golden"), names("it/snapshots"));
    let mut screens = BTreeSet::new();
    for topic in ViewTopic::ALL {
        let (number, verb) = (topic.number().to_string(), topic.verb());

        let script = script((80, 24), "default").keys(&number);
        let script = script.assert_shows(&format!(" {number} {} ", topic.title()));
        let below_tabs: Vec<String> = script.text().lines().skip(1).map(str::to_owned).collect();
        assert!(screens.insert(below_tabs), "{verb} shows another's screen");

        let help = run(&[verb, "--help"]);
        assert_eq!((help.code, help.err.as_str()), (0, ""), "{verb}");
        assert!(
            help.out.contains(&format!("tagscope {verb} ")),
            "{}",
            help.out
        );

        let is_golden = |name: &String| {
            let rest = name.strip_prefix(verb);
            rest.is_some_and(|rest| rest.starts_with(['-', '.']))
        };
        assert!(goldens.iter().any(is_golden), "{verb}: no golden file");

        let snapshot = format!("it__screens__{verb}_80x24.snap");
        assert!(snapshots.contains(&snapshot), "{verb}: no snapshot");
    }
}
