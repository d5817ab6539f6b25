//! The address algebra against sets of single addresses, at the bottom and the top of both
//! families, where a carry would overflow.

use std::collections::BTreeSet;
use std::net::IpAddr;

use proptest::prelude::*;
use tagscope::space::{AddressSet, Block, Count, Family, Ranges, Span, bits, cover};

/// Addresses in a window.
const WINDOW: u128 = 128;

/// The first addresses of four windows.
fn windows() -> [(Family, u128); 4] {
    [
        (Family::V4, 0),
        (Family::V4, u128::from(u32::MAX) - (WINDOW - 1)),
        (Family::V6, 0),
        (Family::V6, u128::MAX - (WINDOW - 1)),
    ]
}

type Members = BTreeSet<u128>;

fn members(base: u128, runs: &[(u8, u8)]) -> Members {
    runs.iter()
        .flat_map(|&(first, last)| first..=last)
        .map(|offset| base + u128::from(offset))
        .collect()
}

fn ranges(base: u128, runs: &[(u8, u8)]) -> Ranges {
    let runs = runs.iter();
    let runs = runs.map(|&(first, last)| (base + u128::from(first), base + u128::from(last)));
    Ranges::from_runs(runs.collect())
}

/// The maximal runs of a set.
fn runs_of(members: &Members) -> Vec<(u128, u128)> {
    let is_in = |address: Option<u128>| address.is_some_and(|address| members.contains(&address));
    let starts = members
        .iter()
        .filter(|address| !is_in(address.checked_sub(1)));
    let ends = members
        .iter()
        .filter(|address| !is_in(address.checked_add(1)));
    starts.copied().zip(ends.copied()).collect()
}

/// The fewest blocks for a set inside an aligned block of `size` addresses: by the binary trie.
fn fewest(members: &Members, base: u128, size: u128) -> usize {
    let inside = members.range(base..=base + (size - 1)).count();
    if inside == 0 {
        return 0;
    }
    if u128::try_from(inside) == Ok(size) {
        return 1;
    }
    let half = size / 2;
    fewest(members, base, half) + fewest(members, base + half, half)
}

fn assert_cover(blocks: &[Block], family: Family, base: u128, expected: &Members) {
    let mut covered = Vec::new();
    for block in blocks {
        assert_eq!(block.family(), family);
        covered.extend(block.first()..=block.last());
    }
    // Equal, ascending and disjoint at once.
    assert!(covered.iter().eq(expected.iter()), "{blocks:?}");
    assert_eq!(blocks.len(), fewest(expected, base, WINDOW), "{blocks:?}");
}

/// Runs inside a window; about one in five is the wrong way round, and so empty.
fn some_runs() -> impl Strategy<Value = Vec<(u8, u8)>> {
    let last = u8::try_from(WINDOW - 1).unwrap();
    let short =
        (0..=last, 0..8_u8).prop_map(move |(first, more)| (first, (first + more).min(last)));
    prop::collection::vec(prop_oneof![4 => short, 1 => (0..=last, 0..=last)], 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn range_algebra_equals_set_algebra(a in some_runs(), b in some_runs()) {
        for (_, base) in windows() {
            let (left, right) = (ranges(base, &a), ranges(base, &b));
            let (x, y) = (members(base, &a), members(base, &b));
            prop_assert_eq!(left.runs(), &runs_of(&x)[..]);
            prop_assert_eq!(left.is_empty(), x.is_empty());
            prop_assert_eq!(left.count(), Count::new(u128::try_from(x.len()).unwrap()));
            prop_assert_eq!(left == right, x == y);
            let union = left.union(&right);
            prop_assert_eq!(union.runs(), &runs_of(&(&x | &y))[..]);
            let both = left.intersection(&right);
            prop_assert_eq!(both.runs(), &runs_of(&(&x & &y))[..]);
            let rest = left.difference(&right);
            prop_assert_eq!(rest.runs(), &runs_of(&(&x - &y))[..]);
            for offset in 0..WINDOW {
                prop_assert_eq!(left.contains(base + offset), x.contains(&(base + offset)));
            }
            prop_assert!(!left.contains(base ^ (1 << 31)));
        }
    }

    #[test]
    fn a_set_is_covered_by_the_fewest_blocks(runs in some_runs()) {
        for (family, base) in windows() {
            let set = members(base, &runs);
            let singles = set.iter().map(|&address| Block::holding(family, address, family.bits()));
            let addresses = AddressSet::from_blocks(singles);
            assert_cover(&addresses.cover(), family, base, &set);
            prop_assert_eq!(&AddressSet::from_blocks(addresses.cover()), &addresses);
        }
    }

    #[test]
    fn the_families_of_a_set_do_not_mix(a in some_runs(), b in some_runs()) {
        let both = |v4: &[(u8, u8)], v6: &[(u8, u8)]| AddressSet {
            v4: ranges(0, v4),
            v6: ranges(0, v6),
        };
        let (left, right) = (both(&a, &b), both(&b, &a));
        let (x, y) = (members(0, &a), members(0, &b));
        for (set, v4, v6) in [
            (left.union(&right), &x | &y, &y | &x),
            (left.intersection(&right), &x & &y, &y & &x),
            (left.difference(&right), &x - &y, &y - &x),
        ] {
            prop_assert_eq!(set.family(Family::V4).runs(), &runs_of(&v4)[..]);
            prop_assert_eq!(set.family(Family::V6).runs(), &runs_of(&v6)[..]);
            let blocks = set.cover();
            let split = blocks.partition_point(|block| block.family() == Family::V4);
            assert_cover(&blocks[..split], Family::V4, 0, &v4);
            assert_cover(&blocks[split..], Family::V6, 0, &v6);
        }
    }

    #[test]
    fn a_set_knows_its_size_and_what_it_holds(a in some_runs(), b in some_runs()) {
        let set = AddressSet { v4: ranges(0, &a), v6: ranges(0, &b) };
        let (x, y) = (members(0, &a), members(0, &b));
        prop_assert_eq!(set.is_empty(), x.is_empty() && y.is_empty());
        prop_assert_eq!(set.count(), Count::new(u128::try_from(x.len() + y.len()).unwrap()));
        for (family, members) in [(Family::V4, &x), (Family::V6, &y)] {
            for first in 0..WINDOW {
                for last in [first, first + 1, first + 5] {
                    let span = Span::new(family, first, last).unwrap();
                    let is_in = (first..=last).all(|address| members.contains(&address));
                    prop_assert_eq!(set.holds(span), is_in, "{}", span);
                }
            }
        }
    }

    #[test]
    fn a_block_shares_its_leading_bits(
        address in any::<u128>(), other in any::<u128>(), length in any::<u8>(), near in 0..130_u32,
    ) {
        for family in [Family::V4, Family::V6] {
            let address = address & family.max();
            let other = (address ^ other.checked_shr(near).unwrap_or(0)) & family.max();
            let kept = length.min(family.bits());
            let block = Block::holding(family, address, length);
            let same = (0..kept).all(|bit| {
                let shift = family.bits() - 1 - bit;
                address >> shift & 1 == other >> shift & 1
            });
            let single = Span::new(family, other, other).unwrap();
            prop_assert_eq!(block.contains(single), same);
            prop_assert_eq!(block.length(), kept);
            prop_assert!(block.first() <= address && address <= block.last());
            prop_assert_eq!(block.span().block(), Some(block));
            prop_assert_eq!(block.span().count(), block.count());
            let stranger = if family == Family::V4 { Family::V6 } else { Family::V4 };
            let low = block.first() & stranger.max();
            prop_assert!(!block.contains(Span::new(stranger, low, low).unwrap()));
            let text = block.to_string();
            prop_assert_eq!(Block::parse(&text), Ok((block, false)));
            let host = format!("{}/{kept}", family.address(address));
            prop_assert_eq!(Block::parse(&host), Ok((block, block.first() != address)));
        }
    }

    #[test]
    fn only_what_the_standard_library_reads_is_a_block(
        text in "([0-9]{1,3}\\.){2,3}[0-9]{1,3}/[0-9]{1,3}|[0-9a-f:.]{1,12}::?[0-9a-f.]{0,9}/[0-9]{1,4}|[0-9a-f:./ +-]{0,12}",
    ) {
        let expected = text.split_once('/').and_then(|(address, length)| {
            let (family, first) = bits(address.parse::<IpAddr>().ok()?);
            // A zero in front is no way to write a length.
            let is_plain = length == "0" || !length.starts_with('0');
            let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
            let length: u32 = length.parse().ok().filter(|_| is_number && is_plain)?;
            let length = u8::try_from(length).ok().filter(|&length| length <= family.bits())?;
            Some((family, first, length))
        });
        match (Block::parse(&text), expected) {
            (Ok((block, is_cleared)), Some((family, address, length))) => {
                prop_assert_eq!(block, Block::holding(family, address, length));
                prop_assert_eq!(is_cleared, block.first() != address);
            }
            (Err(_), None) => {}
            (Err(_), Some(_)) => prop_assert!(false, "{} is refused", text),
            (Ok(_), None) => prop_assert!(false, "{} is accepted", text),
        }
    }

    #[test]
    fn a_wide_span_is_covered_without_gap(first in any::<u128>(), last in any::<u128>(), near in 0..128_u32) {
        for family in [Family::V4, Family::V6] {
            let (a, b) = (first & family.max(), (first ^ last >> near) & family.max());
            let span = Span::new(family, a.min(b), a.max(b)).unwrap();
            let blocks = cover(span);
            prop_assert_eq!(blocks.first().unwrap().first(), span.first());
            prop_assert_eq!(blocks.last().unwrap().last(), span.last());
            for pair in blocks.windows(2) {
                prop_assert_eq!(pair[0].last().checked_add(1), Some(pair[1].first()));
                // Two halves of one block would not be minimal.
                let joined = Span::new(family, pair[0].first(), pair[1].last()).unwrap();
                prop_assert_eq!(joined.block(), None);
            }
            let most = if family == Family::V4 { 62 } else { 254 };
            prop_assert!(blocks.len() <= most);
            let total: Count = blocks.iter().map(|block| block.count()).sum();
            prop_assert_eq!(total, span.count());
        }
    }

    #[test]
    fn counts_add_like_written_numbers(
        parts in prop::collection::vec((any::<u128>(), any::<u128>(), 0..128_u32), 0..40),
    ) {
        let mut sum = Count::ZERO;
        let mut digits = vec![0];
        for (low, other, shift) in parts {
            let last = low.saturating_add(other >> shift);
            sum += Count::of_run(low, last);
            digits = add(&digits, &decimal(&(last - low).to_string()));
            digits = add(&digits, &[1]);
            let whole = Count::of_run(0, u128::MAX);
            if shift == 0 {
                sum += whole;
                digits = add(&add(&digits, &decimal(&u128::MAX.to_string())), &[1]);
                prop_assert!(sum > whole);
            }
        }
        let expected: String = digits.iter().rev().map(|&digit| char::from(b'0' + digit)).collect();
        prop_assert_eq!(sum.to_string(), &*expected);
        prop_assert_eq!(sum.is_zero(), expected == "0");
        let grouped = sum.grouped();
        prop_assert_eq!(grouped.replace(',', ""), expected);
        let mut groups = grouped.split(',');
        prop_assert!((1..=3).contains(&groups.next().unwrap().len()));
        prop_assert!(groups.all(|group| group.len() == 3));
    }
}

/// Decimal digits, the lowest first.
fn decimal(text: &str) -> Vec<u8> {
    text.bytes().rev().map(|digit| digit - b'0').collect()
}

fn add(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut sum = Vec::new();
    for place in 0..a.len().max(b.len()) {
        let digit = a.get(place).unwrap_or(&0) + b.get(place).unwrap_or(&0) + carry;
        sum.push(digit % 10);
        carry = digit / 10;
    }
    sum.extend((carry > 0).then_some(carry));
    sum
}

#[test]
fn every_span_of_a_window_is_covered_by_the_fewest_blocks() {
    for (family, base) in windows() {
        for first in 0..WINDOW {
            for last in first..WINDOW {
                let span = Span::new(family, base + first, base + last).unwrap();
                let set: Members = (base + first..=base + last).collect();
                let blocks = cover(span);
                assert_cover(&blocks, family, base, &set);
                let single = (blocks.len() == 1).then(|| blocks[0]);
                assert_eq!(span.block(), single);
                assert_eq!(span.count(), Count::new(last - first + 1));
            }
        }
    }
}

#[test]
fn whole_families_survive_the_algebra() {
    for family in [Family::V4, Family::V6] {
        let all = Block::holding(family, 0, 0);
        assert_eq!(cover(all.span()), [all]);
        let whole = Ranges::from_runs(vec![(0, family.max())]);
        let ends = Ranges::from_runs(vec![(0, 0), (family.max(), family.max())]);
        let middle = whole.difference(&ends);
        assert_eq!(middle.runs(), [(1, family.max() - 1)]);
        assert_eq!(middle.union(&ends), whole);
        assert!(middle.intersection(&ends).is_empty());
        assert!(ends.difference(&whole).is_empty());
        assert_eq!(whole.difference(&middle), ends);
        let inner = Span::new(family, 1, family.max() - 1).unwrap();
        let most = usize::from(family.bits()) * 2 - 2;
        assert_eq!(cover(inner).len(), most, "the worst case of {family}");
    }
}

#[test]
fn counts_order_and_share_like_numbers() {
    let whole = Count::of_run(0, u128::MAX);
    let counts = [
        Count::ZERO,
        Count::new(1),
        Count::new(u128::MAX),
        whole,
        whole + Count::new(1),
        whole + whole,
    ];
    assert!(counts.is_sorted());
    assert!((whole.share_of(whole + whole) - 0.5).abs() < 1e-12);
    assert!(whole.share_of(Count::ZERO).abs() < 1e-12);
    let sum: Count = std::iter::repeat_n(whole, 1000).sum();
    assert_eq!(
        sum.to_string(),
        "340282366920938463463374607431768211456000"
    );
}
