//! Shares in percent: as typed, as shown.

use std::fmt;

use crate::query::Cell;
use crate::space::{Count, Share};

/// A percentage as somebody types it, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    millionths: u64,
}

/// Millionths of a percent.
const UNIT: u64 = 1_000_000;

impl Percent {
    /// Reads `5`, `2.5` or `2.5%`; at most six digits behind the point.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix('%').unwrap_or(text).trim_end();
        let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        if !is_number(whole) || !is_number(rest) || rest.len() > 6 {
            return None;
        }
        let rest: u64 = format!("{rest:0<6}").parse().ok()?;
        let whole: u64 = whole.parse().ok()?;
        let millionths = whole.checked_mul(UNIT)?.checked_add(rest)?;
        Some(Self { millionths })
    }

    /// As a share.
    #[must_use]
    pub fn share(self) -> Share {
        Share::new(u128::from(self.millionths), u128::from(UNIT) * 100)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.millionths / UNIT, self.millionths % UNIT);
        let rest = format!("{rest:06}");
        match rest.trim_end_matches('0') {
            "" => write!(f, "{whole} %"),
            rest => write!(f, "{whole}.{rest} %"),
        }
    }
}

/// In percent with four digits, rounded up: nothing is 0 but nothing.
#[must_use]
pub fn number(share: Share) -> f64 {
    let percent = share.as_f64() * 100.0;
    // What is not exactly a binary fraction must not come out one digit greater.
    let digits = percent * 10_000.0;
    let nearest = digits.round();
    let is_near = (digits - nearest).abs() < 1e-6;
    (if is_near && nearest > 0.0 {
        nearest
    } else {
        digits.ceil()
    }) / 10_000.0
}

/// For a screen: a percentage, from ten times on how many times.
#[must_use]
pub fn shown(share: Share) -> String {
    let part = share.as_f64();
    if share.is_none() {
        "none".to_owned()
    } else if part < 10.0 {
        Cell::Share(part).shown().into_owned()
    } else if part < 100.0 {
        format!("{part:.1} times")
    } else if part < 1e6 {
        format!("{} times", Count::new(rounded(part)).grouped())
    } else {
        format!("≈2^{:.1} times", part.log2())
    }
}

/// Before what it is a share of: `2.5 % of`, `12.0 times`.
pub fn proportion(share: Share) -> String {
    let text = shown(share);
    if text.ends_with('%') {
        format!("{text} of")
    } else {
        text
    }
}

/// The nearest whole number of something that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the caller has bounded it"
)]
#[must_use]
pub const fn rounded(part: f64) -> u128 {
    part.round() as u128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_read_exactly() {
        for (text, shown, share) in [
            ("5", "5 %", Share::new(5, 100)),
            ("2.5%", "2.5 %", Share::new(1, 40)),
            ("0", "0 %", Share::NONE),
            ("0.000001 %", "0.000001 %", Share::new(1, 100_000_000)),
            ("250.10", "250.1 %", Share::new(2501, 1000)),
        ] {
            let percent = Percent::parse(text).unwrap();
            assert_eq!(
                (percent.to_string().as_str(), percent.share()),
                (shown, share)
            );
        }
        for text in [
            "",
            "%",
            "-1",
            "1e3",
            "1.",
            ".5",
            "1,5",
            "0.0000001",
            "99999999999999999",
        ] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
    }

    #[test]
    fn shares_are_rounded_up_and_shown_in_few_digits() {
        for (share, json, text) in [
            (Share::NONE, 0.0, "none"),
            (Share::new(1, 40), 2.5, "2.5 %"),
            (Share::new(1, 3), 33.3334, "33.3 %"),
            (Share::new(1, 1 << 80), 0.0001, "<0.1 %"),
            (Share::new(40, 10), 400.0, "400.0 %"),
            (Share::new(123, 10), 1230.0, "12.3 times"),
            (Share::new(12_345, 10), 123_450.0, "1,235 times"),
        ] {
            assert_eq!(number(share).to_string(), json.to_string());
            assert_eq!(shown(share), text);
        }
        assert_eq!(shown(Share::new(1 << 120, 1)), "≈2^120.0 times");
    }
}
