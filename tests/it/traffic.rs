//! Logs of our own making, and what annotate, grep and top make of them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use proptest::prelude::*;
use tagscope::index::embedded_index;
use tagscope::space::Span;
use tagscope::text::{Reading, What, scan};
use tagscope::traffic::spots;

use crate::program::{Ran, ended, run_with, tagscope};

/// Numbers that are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).unwrap()
    }
}

/// The tags of the embedded week by their prefixes, in networks of another crate.
pub struct Oracle {
    rows: Vec<(IpNet, String)>,
}

impl Oracle {
    pub fn new() -> Self {
        let index = embedded_index().unwrap();
        let view = index.view();
        let mut rows = Vec::new();
        for tag in view.tag_ids() {
            let name = view.tag(tag).unwrap().name;
            for prefix in view.all_prefixes(tag) {
                rows.push((prefix.to_string().parse().unwrap(), name.to_owned()));
            }
        }
        Self { rows }
    }

    /// The names of the tags that hold an address, with the lengths of their longest prefixes.
    pub fn tags(&self, address: IpAddr) -> Vec<(u8, &str)> {
        let rows = self.rows.iter().filter(|(net, _)| net.contains(&address));
        let mut tags: Vec<(u8, &str)> = rows
            .map(|(net, name)| (net.prefix_len(), &**name))
            .collect();
        tags.sort_unstable_by(|a, b| b.cmp(a));
        tags
    }

    /// An address: in a tag or anywhere, of either family.
    pub fn address(&self, dice: &mut Dice) -> IpAddr {
        match dice.below(4) {
            0 | 1 => self.tagged(dice),
            2 => {
                // Nothing special is there.
                let first = u32::try_from(20 + dice.below(60)).unwrap();
                let rest = u32::try_from(dice.next() >> 40).unwrap();
                Ipv4Addr::from_bits(first << 24 | rest).into()
            }
            _ => {
                let low = u128::from(dice.next()) << 32 | u128::from(dice.next());
                Ipv6Addr::from_bits(0x2603_1000_u128 << 96 | low).into()
            }
        }
    }

    /// An address in a tag.
    fn tagged(&self, dice: &mut Dice) -> IpAddr {
        let (net, _) = &self.rows[dice.below(self.rows.len())];
        let noise = u128::from(dice.next()) << 64 | u128::from(dice.next());
        match (net.network(), net.hostmask()) {
            (IpAddr::V4(first), IpAddr::V4(mask)) => {
                let noise = u32::try_from(noise >> 96).unwrap();
                Ipv4Addr::from_bits(first.to_bits() | mask.to_bits() & noise).into()
            }
            (IpAddr::V6(first), IpAddr::V6(mask)) => {
                Ipv6Addr::from_bits(first.to_bits() | mask.to_bits() & noise).into()
            }
            _ => unreachable!(),
        }
    }
}

/// Runs with bytes on standard input; the output may be anything.
fn bytes_of(args: &[&str], input: &[u8]) -> Vec<u8> {
    let output = tagscope().args(args).write_stdin(input).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

fn annotate(args: &[&str], input: &str) -> Ran {
    run_with(&[&["annotate"], args].concat(), input)
}

#[test]
fn every_address_has_the_tag_of_the_oracle_in_every_mode() {
    let oracle = Oracle::new();
    let mut dice = Dice::new(1);
    let addresses: Vec<IpAddr> = (0..3_000).map(|_| oracle.address(&mut dice)).collect();
    let list: String = addresses.iter().fold(String::new(), |mut list, address| {
        writeln!(list, "{address}").unwrap();
        list
    });
    let best = annotate(&["-o"], &list);
    let all = annotate(&["-o", "--all-tags", "-j", "3"], &list);
    let nowhere = run_with(&["grep", "--nowhere"], list.as_str());
    let nowhere: Vec<&str> = nowhere.lines();
    let storage = run_with(&["grep", "Storage.WestEurope,Sql"], list.as_str());
    let storage: Vec<&str> = storage.lines();
    let mut found = 0;
    for ((address, best), all) in addresses.iter().zip(best.cells()).zip(all.cells()) {
        let tags = oracle.tags(*address);
        let text = address.to_string();
        assert_eq!((best[0], all[0]), (&*text, &*text));
        let longest = tags.first().map_or(0, |tag| tag.0);
        let is_best =
            |name: &str| tags.contains(&(longest, name)) || tags.is_empty() && name == "-";
        assert!(is_best(best[1]), "{text}: {best:?} {tags:?}");
        let mut names: Vec<&str> = tags.iter().map(|tag| tag.1).collect();
        names.sort_unstable();
        names.dedup();
        let mut listed: Vec<&str> = all[1].split(',').filter(|it| *it != "-").collect();
        listed.sort_unstable();
        assert_eq!(listed, names, "{text}");
        found += usize::from(!tags.is_empty());
        let is_wanted = names
            .iter()
            .any(|name| ["Storage.WestEurope", "Sql"].contains(name));
        assert_eq!(storage.contains(&&*text), is_wanted, "{text}");
        if !tags.is_empty() {
            assert!(!nowhere.contains(&&*text), "{text}");
        }
    }
    assert!((1_000..2_900).contains(&found), "{found}");
    let top = run_with(&["top", "-n0", "-q"], list.as_str());
    let total: usize = top
        .cells()
        .iter()
        .map(|row| row[1].parse::<usize>().unwrap())
        .sum();
    let inside = annotate(&["-o", "--private", "skip"], &list).lines().len();
    assert_eq!(total, inside);
}

#[test]
fn with_the_address_alone_any_bytes_come_back() {
    let mut dice = Dice::new(7);
    for round in 0..100 {
        let mut bytes: Vec<u8> = Vec::new();
        for _ in 0..dice.below(3_000) {
            match dice.below(6) {
                0 => bytes.extend(b"20.38.116.38"),
                1 => bytes.extend(b"2603:1030:40c::1"),
                2 => bytes.extend(b"\n"),
                3 => bytes.extend(b"\x1f\x00:.,\"\xff\xfe"),
                _ => bytes.extend(dice.next().to_le_bytes()),
            }
        }
        // What begins like gzip is unpacked.
        bytes.insert(0, b' ');
        let jobs = ["1", "3"][round % 2];
        let args = ["annotate", "-t", "{addr}", "--null", "?", "-j", jobs];
        assert!(bytes_of(&args, &bytes) == bytes, "round {round}");
    }
}

#[test]
fn a_stream_is_the_same_however_long_it_is_and_however_many_work_on_it() {
    let mut dice = Dice::new(3);
    let oracle = Oracle::new();
    let few: Vec<String> = (0..50)
        .map(|_| oracle.address(&mut dice).to_string())
        .collect();
    for between in ["\n", ",", "\",\"", " "] {
        let mut text = String::new();
        while text.len() < 1_500_000 {
            write!(text, "{}{between}", few[dice.below(few.len())]).unwrap();
        }
        let one = bytes_of(&["annotate", "-j1"], text.as_bytes());
        let many = bytes_of(&["annotate", "-j7"], text.as_bytes());
        assert!(one == many && one.len() > text.len());
        let plain = bytes_of(&["annotate", "-o", "-t", "{addr}"], text.as_bytes());
        let plain = String::from_utf8(plain).unwrap();
        let expected = text.trim_end_matches(between).replace(between, "\n");
        assert!(plain.trim_end() == expected, "{between:?}");
    }
}

#[test]
fn gzip_is_known_by_its_first_bytes_and_its_members_follow_one_another() {
    let mut packed = Vec::new();
    for part in ["20.38.116.38 a\n", "", "8.8.8.8 b\n"] {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(part.as_bytes()).unwrap();
        packed.extend(encoder.finish().unwrap());
    }
    let ran = run_with(&["annotate"], packed.clone());
    assert_eq!(ran.out, "20.38.116.38<Storage.JapanEast> a\n8.8.8.8 b\n");
    packed.truncate(packed.len() - 5);
    let ran = run_with(&["annotate"], packed);
    assert_eq!(ran.code, 2, "{ran:?}");
    ran.says(&["gzip data is damaged or truncated"]);
}

#[test]
fn what_is_written_of_an_address_is_as_the_template_says() {
    let line = "to 20.38.116.38:443 and 10.0.0.4/23, [2603:1030:40c::1]:80\n";
    for (args, expected) in [
        (
            &[][..],
            "to 20.38.116.38<Storage.JapanEast>:443 and 10.0.0.4/23, [2603:1030:40c::1<PowerBI.EastUS2>]:80\n",
        ),
        (
            &["-4", "--null", "-"],
            "to 20.38.116.38<Storage.JapanEast>:443 and 10.0.0.4<->/23, [2603:1030:40c::1]:80\n",
        ),
        (
            &["-6"],
            "to 20.38.116.38:443 and 10.0.0.4/23, [2603:1030:40c::1<PowerBI.EastUS2>]:80\n",
        ),
        (
            &["-4", "-t", "{tag}|{region}|{service}|{prefix}|{tags}"],
            "to Storage.JapanEast|japaneast|AzureStorage|20.38.116.0/23|Storage.JapanEast,AzureCloud.japaneast,Storage,AzureCloud:443 and 10.0.0.4/23, [2603:1030:40c::1]:80\n",
        ),
        (
            &["-o", "-4"],
            "20.38.116.38\tStorage.JapanEast\n10.0.0.4\t-\n",
        ),
        (
            &["-o", "-4", "--private", "skip"],
            "20.38.116.38\tStorage.JapanEast\n",
        ),
    ] {
        let ran = annotate(args, line);
        assert_eq!((ran.code, ran.out.as_str()), (0, expected), "{args:?}");
    }
    annotate(&["-t", "{adr}"], line).is_refused(&["{adr}", "{addr}"]);
    annotate(&["--json"], line).is_refused(&["takes no --format"]);
    annotate(&["-t", "x", "--all-tags"], line).is_refused(&["--all-tags"]);
}

#[test]
fn a_field_a_column_or_a_key_has_its_tag() {
    let line = "20.38.116.38 8.8.8.8 20.38.116.39\n";
    let one = annotate(&["-f3"], line);
    assert_eq!(
        one.out,
        "20.38.116.38 8.8.8.8 20.38.116.39<Storage.JapanEast>\n"
    );
    let cell = annotate(
        &["-f2", "-d", ",", "-o"],
        "20.38.116.38,20.38.116.39:443,x\n20.38.116.38\n",
    );
    assert_eq!(cell.out, "20.38.116.39\tStorage.JapanEast\n");
    annotate(&["-f0"], line).is_refused(&["numbered from 1"]);
    annotate(&["-fclient"], line).is_refused(&["--csv"]);

    let csv = "time,src_ip,note\n1,20.38.116.38,\"a, \"\"b\"\"\"\n2,10.0.0.4,\n3,host,x\n";
    let table = annotate(&["--csv"], csv);
    assert_eq!(
        table.out,
        "time,src_ip,note,src_ip_tag\n1,20.38.116.38,\"a, \"\"b\"\"\",Storage.JapanEast\n\
         2,10.0.0.4,,-\n3,host,x,-\n"
    );
    let named = annotate(
        &["--csv", "-f", "note", "--null", "none", "-d;"],
        "note;x\n20.38.116.38;\n",
    );
    assert_eq!(
        named.out,
        "note;x;note_tag\n20.38.116.38;;Storage.JapanEast\n"
    );
    let all = annotate(&["--tsv", "--all-tags"], "ip\n20.38.116.38\n");
    assert_eq!(
        all.out,
        "ip\tip_tag\n20.38.116.38\tStorage.JapanEast,AzureCloud.japaneast,Storage,AzureCloud\n"
    );
    let none = annotate(&["--csv"], "a,b\n1,2\n");
    assert_eq!(none.code, 2, "{none:?}");
    none.says(&["no column of the table", "--field"]);

    let json = "{\"a\": {\"src_ip\": \"20.38.116.38\", \"n\":[1,\"8.8.8.8\"]}, \"x\":\"20.38.116.39\"}\nno\n";
    let known = annotate(&["--ndjson"], json);
    assert_eq!(
        known.out,
        json.replace("38\", ", "38\",\"src_ip_tag\":\"Storage.JapanEast\", ")
    );
    let path = annotate(&["--ndjson", "--key", "x"], json);
    assert_eq!(
        path.out,
        json.replace("39\"", "39\",\"x_tag\":\"Storage.JapanEast\"")
    );
    let deep = annotate(&["--ndjson", "--key", "a.src_ip"], json);
    assert_eq!(deep.out, known.out);
    assert_eq!(annotate(&["--ndjson", "--key", "src_ip"], json).out, json);
}

#[test]
fn grep_has_the_options_of_grep() {
    let log = "a 20.38.116.38 x\nb 8.8.8.8\nc 20.38.116.39, 20.38.116.38\nd 10.0.0.4\n";
    let grep = |args: &[&str]| run_with(&[&["grep"], args].concat(), log);
    for (args, expected) in [
        (
            &["Storage.JapanEast"][..],
            "a 20.38.116.38 x\nc 20.38.116.39, 20.38.116.38\n",
        ),
        (
            &["storage.japan east", "-n"],
            "1:a 20.38.116.38 x\n3:c 20.38.116.39, 20.38.116.38\n",
        ),
        (
            &["-v", "-n", "-e", "Storage"],
            "2:b 8.8.8.8\n4:d 10.0.0.4\n",
        ),
        (&["-c", "Storage.*"], "2\n"),
        (
            &["-o", "Storage"],
            "20.38.116.38\n20.38.116.39\n20.38.116.38\n",
        ),
        (&["-l", "Storage"], "standard input\n"),
        (
            &["-H", "-m1", "Storage"],
            "standard input:a 20.38.116.38 x\n",
        ),
        (&["--nowhere"], "b 8.8.8.8\n"),
        (
            &["--region", "japaneast", "--service", "AzureStorage", "-c"],
            "2\n",
        ),
        (&["-f1", "-v", "-c", "-e", "Storage"], "4\n"),
        (&["-f2", "-c", "-e", "Storage"], "2\n"),
        (&["-f2", "-d,", "-o", "-e", "Storage"], "20.38.116.38\n"),
        (&["-4", "-c", "Storage"], "2\n"),
    ] {
        let ran = grep(args);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, expected),
            "{args:?}: {ran:?}"
        );
    }
    for args in [
        &["Sql"][..],
        &["-6", "Storage"],
        &["--region", "japaneast", "-e", "Sql"],
    ] {
        let ran = grep(args);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{args:?}");
    }
    grep(&["Storge"]).is_refused(&["Storge", "Storage"]);
    grep(&["--region", "japanest"]).is_refused(&["japanest", "japaneast"]);
    grep(&["--service", "Storge"]).is_refused(&["Storge"]);
    grep(&["-f0", "-e", "Storage"]).is_refused(&["numbered from 1"]);
    grep(&[]).is_refused(&["nothing to look for"]);
    grep(&["--action", "deny", "Storage"]).is_refused(&["plain text"]);
}

#[test]
fn good_logs_are_answered_beside_one_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::create_dir(folder.path().join("y=2026")).unwrap();
    std::fs::write(path("y=2026/PT1H.json"), "x 20.38.116.38\n").unwrap();
    std::fs::write(path("b.log"), "20.38.116.38\n").unwrap();
    let ran = ended(tagscope().args(["annotate", &path("none"), &path("b.log")]));
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (2, "20.38.116.38<Storage.JapanEast>\n")
    );
    ran.says(&["none", "No such file"]);
    let ran = ended(tagscope().args(["grep", "Storage", &path("")]));
    assert_eq!(ran.code, 0);
    let lines = ran.lines();
    assert!(lines[0].ends_with("b.log:20.38.116.38"), "{ran:?}");
    assert!(lines[1].ends_with("PT1H.json:x 20.38.116.38"), "{ran:?}");
    let ran = ended(tagscope().args(["grep", "-c", "Storage", &path("none"), &path("b.log")]));
    assert_eq!(ran.code, 2, "{ran:?}");
}

fn v4() -> impl Strategy<Value = String> {
    any::<[u8; 4]>().prop_map(|bytes| Ipv4Addr::from(bytes).to_string())
}

fn v6() -> impl Strategy<Value = String> {
    let of = |bits: u128| Ipv6Addr::from_bits(bits).to_string();
    prop_oneof![
        any::<u128>().prop_map(of),
        any::<u64>().prop_map(move |low| of(0x2603_u128 << 112 | u128::from(low))),
        any::<u32>().prop_map(move |low| of(0xffff_0000_0000 | u128::from(low))),
    ]
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => v4(),
        3 => v6(),
        2 => (v4(), any::<u16>()).prop_map(|(address, port)| format!("{address}:{port}")),
        2 => (v6(), any::<u16>()).prop_map(|(address, port)| format!("[{address}]:{port}")),
        1 => "[a-z]{1,6}",
        1 => "[0-9]{1,4}(\\.[0-9]{1,4}){1,5}",
        1 => "[0-9]{2}:[0-9]{2}:[0-9]{2}",
        1 => "[a-zA-Z]{1,5}/[0-9]{1,3}\\.0\\.0\\.0",
        1 => "[0-9a-f]{1,4}(:[0-9a-f]{0,4}){1,8}",
        1 => "[a-f]{1,3}::[a-f]{1,3}",
        2 => v4().prop_flat_map(|address| proptest::sample::select(vec![
            format!("ip:{address}"), format!("v{address}"), format!("\\n{address}"),
            format!("%3D{address}"), format!("%20{address}"), format!("{address}."),
            format!("...{address}..."), format!("é{address}ü"), format!("²{address}"),
            format!("https://{address}/v2/"), format!("a.{address}"), format!("_{address}"),
        ])),
        2 => v6().prop_flat_map(|address| proptest::sample::select(vec![
            format!("ip:{address}"), format!("\\u0020{address}"), format!("{address}.443"),
            format!("{address}%eth0"), format!("x{address}"), format!("{address}:"),
        ])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]
    #[test]
    fn addresses_in_plain_text_are_those_of_the_reader_of_texts(
        parts in prop::collection::vec(
            (piece(), proptest::sample::select(vec![
                ", ", " x ", "\n", " word ", "; ", "\" = \"", " é ", "|y|", " GET ", "\r\n", "=", "> <",
            ])),
            1..5,
        ),
    ) {
        let text: String = parts.into_iter().flat_map(|(piece, between)| [piece, between.to_owned()]).collect();
        let found = scan(&text);
        let is_single = |what: What| matches!(what, What::Address(_) | What::Word);
        let masks = [Reading::Mask, Reading::Wildcard, Reading::MaskAside];
        let is_plain = found.iter().all(|it| {
            is_single(it.what) && masks.iter().all(|mask| !it.readings.has(*mask))
        });
        prop_assume!(is_plain);
        let expected: Vec<_> = found.iter().filter_map(|it| match it.what {
            What::Address(address) => Some((it.span.start, it.aside.start, Span::of(address))),
            _ => None,
        }).collect();
        let own: Vec<_> = spots(text.as_bytes()).map(|spot| {
            (spot.start, spot.end, Span::of(spot.family.address(spot.bits)))
        }).collect();
        prop_assert_eq!(own, expected, "{:?}", text);
    }
}
