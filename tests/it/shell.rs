//! What the program quotes, a real shell reads back.

use std::process::Command;

use proptest::prelude::*;
use tagscope::text::quote;

/// The words as `sh` reads them from one command line.
fn read_back(words: &[String]) -> Vec<String> {
    let mut script = String::from(r"printf '%s\0'");
    for word in words {
        script.push(' ');
        script.push_str(&quote(word));
    }
    let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let text = text.strip_suffix('\0').unwrap();
    text.split('\0').map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn every_character_of_ascii_is_read_back() {
    let words: Vec<String> = ('\u{1}'..='\u{7f}')
        .flat_map(|c| [format!("{c}"), format!("a{c}b"), format!("{c}{c}'{c}")])
        .collect();
    assert_eq!(read_back(&words), words);
}

#[cfg(unix)]
proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn every_word_is_read_back(
        words in prop::collection::vec(r#"[^\x00]{0,12}|[-$`"'\\!*?~ \n#&;|<>(){}]{0,8}"#, 1..60)
    ) {
        prop_assert_eq!(read_back(&words), words);
    }
}
