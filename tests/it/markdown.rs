//! Markdown and CSV from data: names that would be markup are shown as they are, in every verb. What
//! comes out is read by another parser, in GitHub's dialect; nothing is unescaped on this side.

use std::path::Path;

use markdown::mdast::Node;
use markdown::{ParseOptions, to_mdast};
use serde_json::{Value, json};
use tagscope::text::clean;
use tempfile::TempDir;

use crate::program::{Ran, SMALL, run, run_with};

/// Names that would be a cell, a link, an image, HTML, a heading, code, a list, somebody's mention.
pub const NAMES: [&str; 66] = [
    "a|b",
    "|",
    "||",
    "`tick`",
    "``two``x`",
    "`",
    "```sh",
    "~~~",
    "[x](http://evil.example)",
    "![i](http://evil.example/i.png)",
    "[x][y]",
    "[a]: http://evil.example",
    "[^1]",
    "[ ] task",
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "<!-- gone -->",
    "<http://evil.example>",
    "<a@evil.example>",
    "# head",
    "## head ##",
    "line\nbreak",
    "two\n\nblocks",
    "~~gone~~",
    "~one~",
    "@user",
    "@org/team",
    "a@evil.example",
    "mailto:a@evil.example",
    "xmpp:a@evil.example",
    "@a|b",
    "@a`b",
    "a`@b`c",
    "a@b``c@d",
    "x@y\\|z",
    "*star*",
    "**bold**",
    "***",
    "* * *",
    "_under_",
    "__init__",
    "_ _ _",
    "&lt;b&gt;",
    "&#35; &amp;",
    "&copy",
    "http://evil.example/x",
    "HTTPS://evil.example?a=1&b=2",
    "www.evil.example",
    "ftp://evil.example",
    "- item",
    "+ item",
    "1. one",
    "1) one",
    "> quote",
    "===",
    "---",
    "--- | ---",
    ":--",
    "\\",
    "a\\",
    "a\\|b",
    "\\`x\\`",
    "$x$ $$y$$",
    "a  b   c",
    "!",
    "{{ x }}",
];

/// Markdown as another program sees it.
#[derive(Debug, Default)]
struct Seen {
    /// The text of each heading, paragraph, item, cell and line of code.
    texts: Vec<String>,
    /// The blocks, with their depth, and how many cells a row has.
    shape: Vec<String>,
}

impl Seen {
    #[track_caller]
    fn of(out: &str) -> Self {
        let options = ParseOptions::gfm();
        let page = to_mdast(out, &options).unwrap();
        let mut seen = Self::default();
        seen.block(&page, 0, out);
        seen
    }

    #[track_caller]
    fn block(&mut self, node: &Node, depth: usize, out: &str) {
        let kind = match node {
            Node::Root(_) => "page".to_owned(),
            Node::Heading(heading) => format!("heading {}", heading.depth),
            Node::Paragraph(_) => "paragraph".to_owned(),
            Node::List(list) => format!("list {}", list.ordered),
            Node::ListItem(item) => {
                assert_eq!(item.checked, None, "a task in {out}");
                "item".to_owned()
            }
            Node::Table(table) => format!("table of {}", table.align.len()),
            Node::TableRow(row) => format!("row of {}", row.children.len()),
            Node::TableCell(_) => "cell".to_owned(),
            Node::Code(code) => {
                self.texts.extend(code.value.lines().map(str::to_owned));
                format!("code {:?}", code.lang)
            }
            other => panic!("{other:?} in {out}"),
        };
        self.shape.push(format!("{depth} {kind}"));
        let children = node.children().map_or(&[][..], Vec::as_slice);
        if matches!(
            node,
            Node::Heading(_) | Node::Paragraph(_) | Node::TableCell(_)
        ) {
            let mut text = String::new();
            self.inline(children, &mut text, out);
            self.texts.push(text);
        } else {
            for child in children {
                self.block(child, depth + 1, out);
            }
        }
    }

    #[track_caller]
    fn inline(&mut self, nodes: &[Node], text: &mut String, out: &str) {
        for node in nodes {
            match node {
                Node::Text(plain) => text.push_str(&plain.value),
                Node::InlineCode(code) => text.push_str(&code.value),
                // Of ours only: the shape is that of a harmless page.
                Node::Strong(strong) => {
                    self.shape.push("strong".to_owned());
                    self.inline(&strong.children, text, out);
                }
                other => panic!("{other:?} in {out}"),
            }
        }
    }

    /// A text holds this one, character for character, and stands alone where it is a cell of its own.
    #[track_caller]
    fn shows(&self, name: &str, out: &str) {
        let name = clean(name);
        let is_shown = self.texts.iter().any(|text| text.contains(&*name));
        assert!(is_shown, "{name:?} is not shown by {out}");
    }
}

#[track_caller]
fn seen(ran: &Ran) -> Seen {
    assert!([0, 1].contains(&ran.code), "{ran:?}");
    Seen::of(&ran.out)
}

/// Names that nothing could be made of, as many, and in the order of the hostile ones.
fn harmless() -> Vec<String> {
    let mut order: Vec<usize> = (0..NAMES.len()).collect();
    let lower = |place: &usize| clean(NAMES[*place]).to_lowercase();
    order.sort_by_key(lower);
    let mut names = vec![String::new(); NAMES.len()];
    for (rank, place) in order.into_iter().enumerate() {
        names[place] = format!("Name{rank:03}");
    }
    names
}

/// A document with these names in every field; each tag has addresses of its own.
fn document(names: &[impl AsRef<str>], moved: u8) -> Value {
    let tag = |(place, name): (usize, &str)| {
        json!({"name": name, "id": name, "properties": {
            "changeNumber": 1 + u32::from(moved), "region": name, "platform": name, "systemService": name,
            "addressPrefixes": [format!("192.0.{moved}.{}/32", place * 2), format!("2001:db8:{place:x}::/48")],
            "networkFeatures": ["API", "NSG", "UDR", "FW"]}})
    };
    let names = names.iter().map(AsRef::as_ref).enumerate();
    json!({"changeNumber": 1 + u32::from(moved), "cloud": "Public", "values": names.map(tag).collect::<Vec<_>>()})
}

struct Weeks {
    folder: TempDir,
    old: String,
    new: String,
}

/// Two weeks in a folder of this name.
fn weeks(folder: &str, names: &[impl AsRef<str>]) -> Weeks {
    let kept = TempDir::new().unwrap();
    let inner = kept.path().join(folder);
    std::fs::create_dir(&inner).unwrap();
    let write = |date: &str, moved: u8| {
        let path = inner.join(format!("ServiceTags_Public_{date}.json"));
        std::fs::write(&path, document(names, moved).to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (old, new) = (write("20260105", 2), write("20260112", 3));
    Weeks {
        folder: kept,
        old,
        new,
    }
}

const FOLDER: &str = "`t` <b> [x](evil) @user #1 &lt; *s* ~~d~~";

fn pairs() -> [Weeks; 2] {
    [weeks(FOLDER, &NAMES), weeks("folder", &harmless())]
}

const MARKDOWN: [&str; 2] = ["--format", "markdown"];

/// The row "Markdown and CSV from data": names in every field of a week, in every verb that names them.
#[test]
fn markdown_from_data_names_of_a_week_are_text() {
    let [hostile, plain] = pairs();
    let lookups: Vec<String> = (0..NAMES.len())
        .map(|n| format!("192.0.3.{}", n * 2))
        .collect();
    let lookups: Vec<&str> = lookups.iter().map(String::as_str).collect();
    let of = |weeks: &Weeks, verb: &[&str]| {
        let diff = verb.first() == Some(&"diff");
        let args: Vec<&str> = if diff {
            [&["diff", &weeks.old, &weeks.new], &verb[1..], &MARKDOWN].concat()
        } else {
            [&["--file", &weeks.new], verb, &MARKDOWN].concat()
        };
        run(&args)
    };
    for verb in [
        &["tags"][..],
        &["tags", "--sort", "addresses"],
        &["regions"],
        &[&["lookup"], &lookups[..]].concat(),
        &[
            &["lookup", "--count-by", "tag,service,region"],
            &lookups[..],
        ]
        .concat(),
        &["diff"],
        &["diff", "--rows"],
        &["rules", "fit", "*", "--limit", "2"],
    ] {
        let ran = of(&hostile, verb);
        let [own, other] = [seen(&ran), seen(&of(&plain, verb))];
        assert_eq!(own.shape, other.shape, "{verb:?}: {}", ran.out);
        // A cover names those with the most extra addresses.
        if verb[0] != "rules" {
            for name in NAMES {
                own.shows(name, &ran.out);
            }
        }
    }
}

/// The same for a tag that is named, and for its history.
#[test]
fn markdown_from_data_a_tag_that_is_asked_for_is_text() {
    let [hostile, plain] = pairs();
    let data = hostile.folder.path().join("data");
    let data = data.to_str().unwrap();
    for file in [&hostile.old, &hostile.new] {
        assert_eq!(run(&["--data-dir", data, "import", file]).code, 0);
    }
    let names = harmless();
    for (name, harmless) in NAMES.iter().zip(&names) {
        let name = &*clean(name);
        // Globs name several tags, and other texts something else than a tag.
        if name.contains(['*', '?']) {
            continue;
        }
        let show = |weeks: &Weeks, name: &str| {
            run(&[
                "--file", &weeks.new, "tags", "show", "--format", "markdown", "--", name,
            ])
        };
        let ran = show(&hostile, name);
        let own = seen(&ran);
        own.shows(name, &ran.out);
        assert_eq!(
            own.shape,
            seen(&show(&plain, harmless)).shape,
            "{}",
            ran.out
        );
        let ran = run(&[
            "--data-dir",
            data,
            "history",
            "--format",
            "markdown",
            "--",
            name,
        ]);
        if ran.code == 0 {
            seen(&ran).shows(name, &ran.out);
        }
        let lookup = [
            "--file",
            &hostile.new,
            "lookup",
            "--format",
            "markdown",
            "--",
            name,
        ];
        let ran = run(&lookup);
        if ran.code == 0 {
            seen(&ran).shows(name, &ran.out);
        }
    }
    for verb in [&["weeks"][..], &["info"], &["history", "192.0.3.0"]] {
        seen(&run(&[&["--data-dir", data], verb, &MARKDOWN].concat()));
    }
    // A name of the platform is a sentence, and what stands below it a table again.
    let mixed = ["192.0.2.1", "Internet", "192.0.2.2"];
    let ran = run(&[&["--file", SMALL, "lookup"], &mixed[..], &MARKDOWN].concat());
    let shape = seen(&ran).shape;
    let blocks: Vec<&str> = shape
        .iter()
        .filter_map(|it| it.strip_prefix("1 "))
        .collect();
    assert_eq!(blocks.len(), 3, "{ran:?}");
    assert!(
        blocks[0].starts_with("table") && blocks[2].starts_with("table"),
        "{blocks:?}"
    );
}

/// A security group with a rule of each name, of addresses that one tag has lost.
fn group(names: &[impl AsRef<str>]) -> String {
    let rule = |(place, name): (usize, &str)| {
        json!({"name": name, "priority": 100 + place, "direction": "Outbound", "access": "Allow",
            "protocol": "Tcp", "sourceAddressPrefix": "*", "sourcePortRange": "*",
            "destinationAddressPrefixes": [format!("192.0.2.{}/32", place * 2), "192.0.2.200/32"],
            "destinationPortRange": "443"})
    };
    let rules = names.iter().map(AsRef::as_ref).enumerate().map(rule);
    let name = names[0].as_ref();
    json!({"name": name, "securityRules": rules.collect::<Vec<_>>()}).to_string()
}

/// Names in files of rules, in every verb about rules.
#[test]
fn markdown_from_data_names_of_rules_are_text() {
    let [hostile, plain] = pairs();
    let write = |weeks: &Weeks, text: String| {
        let path = Path::new(&weeks.new).with_file_name("nsg.json");
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let files = [
        write(&hostile, group(&NAMES)),
        write(&plain, group(&harmless())),
    ];
    for verb in ["show", "check", "test", "impact"] {
        let [ran, other] = [(&hostile, &files[0]), (&plain, &files[1])].map(|(weeks, file)| {
            let args: &[&str] = match verb {
                "show" => &["show", file],
                "check" => &["check", "--level", "info", file],
                "test" => &["test", file, "--from", "10.0.0.4", "--to", "192.0.2.200"],
                _ => &["impact", file, &weeks.old, &weeks.new, "--all"],
            };
            let week: &[&str] = if verb == "impact" {
                &[]
            } else {
                &["--file", &weeks.new]
            };
            run(&[week, &["rules"], args, &MARKDOWN].concat())
        });
        let [own, other] = [seen(&ran), seen(&other)];
        if verb == "check" {
            // What is wrong depends on the names; the table stays one.
            let blocks = own.shape.iter().filter(|it| it.starts_with("1 "));
            assert_eq!(blocks.count(), 2, "{}", ran.out);
        } else if verb != "impact" {
            assert_eq!(own.shape, other.shape, "{verb}: {}", ran.out);
        }
        let named = if verb == "test" { &NAMES[..1] } else { &NAMES };
        // Nothing is wrong with names that Azure takes, and an expression is none.
        let is_quiet = |name: &str| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
            name.bytes().all(plain) || name.starts_with('[') && name.ends_with(']')
        };
        for name in named
            .iter()
            .filter(|name| verb != "check" || !is_quiet(name))
        {
            own.shows(name, &ran.out);
        }
        if verb == "check" || verb == "impact" {
            own.shows(FOLDER, &ran.out);
        }
    }
}

/// Names in arguments and in pasted text.
#[test]
fn markdown_from_data_arguments_and_pasted_texts_are_text() {
    let [hostile, _] = pairs();
    let ran = run(&[
        &[
            "--file",
            &hostile.new,
            "endpoints",
            "contoso",
            "--region",
            "westeurope",
            "--compare",
        ][..],
        &MARKDOWN,
    ]
    .concat());
    seen(&ran).shows(FOLDER, &ran.out);
    for name in NAMES {
        let group = format!("--resource-group={name}");
        let ran = run(&[&["runbook", "clean-up", &group][..], &MARKDOWN].concat());
        let own = seen(&ran);
        if !name.starts_with(['@', '-']) {
            // Within the quotes of a shell.
            own.shows(&name.replace('\'', r"'\''"), &ran.out);
        }
        let text = format!(
            "ERROR: (InvalidAddressPrefixFormat) Value provided: {name}. denied: client with IP \
                            '192.0.2.7' is not allowed access at contoso.azurecr.io/{name}:x"
        );
        let ran = run_with(
            &[&["--file", SMALL, "explain", "-"][..], &MARKDOWN].concat(),
            text,
        );
        seen(&ran);
    }
    for topic in ["reference", "rules check --explain"] {
        let args: Vec<&str> = topic.split(' ').collect();
        seen(&run(&[&args[..], &MARKDOWN].concat()));
    }
    for topic in run(&["reference", "--format", "csv"])
        .lines()
        .iter()
        .skip(1)
    {
        let id = topic.split(',').next().unwrap();
        let ran = run(&[&["reference", id][..], &MARKDOWN].concat());
        seen(&ran);
    }
}

/// Nobody but the page writes what only Markdown has.
#[test]
fn markdown_is_written_in_one_place() {
    fn files(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, all);
            } else if path.extension().is_some_and(|end| end == "rs") {
                all.push(path);
            }
        }
    }
    let mut all = Vec::new();
    files(Path::new("src"), &mut all);
    for path in all {
        // The last one reads it.
        if ["report/markdown.rs", "report/md.rs", "query/guide/block.rs"]
            .iter()
            .any(|own| path.ends_with(own))
        {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for mark in [
            "\"## ", "\"### ", "\\n```", "\"```", "\"|---", "\"- **", "\"| {",
        ] {
            assert!(!text.contains(mark), "{mark:?} in {}", path.display());
        }
    }
}
