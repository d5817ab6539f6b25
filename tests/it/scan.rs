//! The scanner of texts held against what was written into them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use tagscope::text::{What, decode_lossy, items, lines, scan};

/// An item and how it is written.
#[derive(Debug, Clone)]
struct Written {
    what: What,
    text: String,
}

fn address() -> impl Strategy<Value = IpAddr> {
    // Masks and unspecified addresses mean something beside others.
    let v4 = (1_u32 << 24..0xf000_0000).prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)));
    let v6 = any::<u128>().prop_map(|bits| {
        let bits = bits >> 3 | 1 << 125;
        IpAddr::V6(Ipv6Addr::from_bits(bits))
    });
    prop_oneof![v4, v6]
}

fn item() -> impl Strategy<Value = Written> {
    let alone = address().prop_map(|address| Written {
        what: What::Address(address),
        text: address.to_string(),
    });
    let block = (address(), 0_u8..=128).prop_map(|(address, length)| {
        let width = if address.is_ipv4() { 32 } else { 128 };
        let length = length % (width + 1);
        let keep = |bits: u128| match length {
            0 => 0,
            length => bits >> (width - length) << (width - length),
        };
        let address = match address {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(
                u32::try_from(keep(v4.to_bits().into())).unwrap(),
            )),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(keep(v6.to_bits()))),
        };
        Written {
            what: What::Block(address, length),
            text: format!("{address}/{length}"),
        }
    });
    let range = (address(), any::<u16>()).prop_map(|(first, more)| {
        let last = match first {
            IpAddr::V4(v4) => IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() + u32::from(more))),
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() + u128::from(more))),
        };
        Written {
            what: What::Range(first, last),
            text: format!("{first}-{last}"),
        }
    });
    prop_oneof![4 => alone, 2 => block, 1 => range]
}

fn between() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        ", ",
        ",",
        ";",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "  ",
        " | ",
        "\", \"",
        "' '",
        "\n- ",
        "\n  * ",
        "] [",
        " and ",
        "\nsrc=",
        "\",\n  \"",
        "; client ",
        " > ",
        "\u{a0}",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_list_gives_exactly_its_items(
        list in prop::collection::vec((item(), between()), 1..12),
        first in between(),
    ) {
        let mut text = first.to_owned();
        for (item, between) in &list {
            text.push_str(&item.text);
            text.push_str(between);
        }
        let read: Vec<(What, String)> = scan(&text)
            .into_iter()
            .filter(|found| found.what != What::Word)
            .map(|found| (found.what, text[found.span].to_owned()))
            .collect();
        let written: Vec<(What, String)> =
            list.into_iter().map(|(item, _)| (item.what, item.text)).collect();
        prop_assert_eq!(read, written, "{:?}", text);
    }

    #[test]
    fn nothing_is_taken_out_of_something_longer(
        address in address(),
        before in "[0-9a-zA-Z_]{0,3}",
        after in "[0-9a-zA-Z_]{0,3}",
    ) {
        prop_assume!(!before.is_empty() || !after.is_empty());
        let text = format!("x {before}{address}{after} y");
        for found in items(&text) {
            // A longer number may be an address of its own, but never a part of one.
            prop_assert!(found.span.start <= 2 && found.span.end >= text.len() - 2, "{text}: {found:?}");
        }
    }

    #[test]
    fn every_letter_and_digit_is_in_one_piece(
        text in r#"([0-9]{1,4}|[.:/,;%\[\]()=" \n\r'-]|[a-fgxz]|é|１|\\u0027|\[\.\]|to |range |::|1\.2\.3\.4|2603::1|255\.255\.0\.0){0,40}"#,
    ) {
        let mut at = 0;
        for found in scan(&text) {
            prop_assert!(found.span.start >= at && !found.span.is_empty(), "{text:?}: {found:?}");
            prop_assert!(!text[at..found.span.start].contains(char::is_alphanumeric), "{text:?}");
            prop_assert!(found.aside.start >= found.span.start && found.aside.end == found.span.end);
            at = found.span.end;
        }
        prop_assert!(!text[at..].contains(char::is_alphanumeric), "{text:?}");
    }

    #[test]
    fn any_bytes_are_text_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = decode_lossy(&bytes);
        let all: usize = lines(&text).map(|line| line.len()).sum();
        prop_assert!(all <= text.len());
        let _ = scan(&text);
    }
}

/// The work grows with the text, not with its square: a text twice as long takes at most three times
/// the looks. Time is no measure here, so each text is long enough that its square would never end.
#[test]
fn long_lines_of_one_piece_end() {
    for piece in [
        "1.",
        "1:",
        "1.1.1.1:",
        "1.1.1.1-",
        "1.1.1.1 ",
        "1.1.1.1 - ",
        "1.1.1.1/",
        "a:",
        "[",
        "[.]",
        "1[.]1[.]1[.]1[.]",
        "2603:: ",
        "2603: ",
        "\\u0027",
        "%2",
        "range 1.1.1.1 to ",
        "é",
        "１",
        "1.1.1.1 255.255.255.0 ",
        "1.1.1.1\"\"\"",
        "fe80::1%",
        "\u{a0}",
    ] {
        let text = piece.repeat((1 << 20) / piece.len());
        let _ = scan(&text);
    }
}
