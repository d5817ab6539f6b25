//! How many addresses: 0 to 2^128 and beyond, exactly.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// An exact number of addresses. `::/0` alone holds 2^128, one more than a `u128` can say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Count {
    high: u64,
    low: u128,
}

impl Count {
    /// No address.
    pub const ZERO: Self = Self { high: 0, low: 0 };

    /// This many addresses.
    #[must_use]
    pub const fn new(count: u128) -> Self {
        Self {
            high: 0,
            low: count,
        }
    }

    /// The addresses from `first` to `last`, both included.
    #[must_use]
    pub const fn of_run(first: u128, last: u128) -> Self {
        let (low, carry) = last.wrapping_sub(first).overflowing_add(1);
        Self {
            high: carry as u64,
            low,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.high == 0 && self.low == 0
    }

    /// This count as a part of `whole`, 0 to 1; 0 of an empty whole. Rounded to `f64`.
    #[must_use]
    pub fn share_of(self, whole: Self) -> f64 {
        if whole.is_zero() {
            0.0
        } else {
            self.as_f64() / whole.as_f64()
        }
    }

    /// The nearest `f64`; exact below 2^53.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documented as rounded")]
    pub fn as_f64(self) -> f64 {
        self.high as f64 * 2f64.powi(128) + self.low as f64
    }

    /// Decimal digits in groups of three up to a million million, above that `≈2^n`.
    ///
    /// Nobody reads the 27 digits of an IPv6 sum; exact digits are in every other output.
    #[must_use]
    pub fn short(self) -> String {
        if self.high == 0 && self.low < 1_000_000_000_000 {
            return grouped(&self.low.to_string());
        }
        let power = self.as_f64().log2();
        let exact = self.high == 0 && self.low.is_power_of_two();
        if exact || (self.high == 1 && self.low == 0) {
            format!("2^{power:.0}")
        } else {
            format!("≈2^{power:.1}")
        }
    }

    /// All decimal digits in groups of three.
    #[must_use]
    pub fn grouped(self) -> String {
        grouped(&self.to_string())
    }
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (low, carry) = self.low.overflowing_add(other.low);
        Self {
            high: self
                .high
                .saturating_add(other.high)
                .saturating_add(u64::from(carry)),
            low,
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::ZERO, Add::add)
    }
}

impl From<u8> for Count {
    fn from(value: u8) -> Self {
        Self::from(u64::from(value))
    }
}

impl From<u64> for Count {
    fn from(count: u64) -> Self {
        Self::new(u128::from(count))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // 2^128 = TOP * 10^19 + REST; long division in limbs of 19 digits.
        const LIMB: u128 = 10_000_000_000_000_000_000;
        const TOP: u128 = 34_028_236_692_093_846_346;
        const REST: u128 = 3_374_607_431_768_211_456;
        if self.high == 0 {
            return write!(f, "{}", self.low);
        }
        let high = u128::from(self.high);
        let low = high * REST + self.low % LIMB;
        let top = high * TOP + self.low / LIMB + low / LIMB;
        write!(f, "{top}{:019}", low % LIMB)
    }
}

impl serde::Serialize for Count {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_of_ipv6_is_counted() {
        let all = Count::of_run(0, u128::MAX);
        assert_eq!(all.to_string(), "340282366920938463463374607431768211456");
        assert_eq!(
            (all + Count::new(1 << 32)).to_string(),
            "340282366920938463463374607436063178752"
        );
        assert_eq!(all.short(), "2^128");
        assert!((all.share_of(all) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn short_keeps_digits_that_people_read() {
        assert_eq!(Count::ZERO.short(), "0");
        assert_eq!(Count::new(999).short(), "999");
        assert_eq!(Count::new(41_216).short(), "41,216");
        assert_eq!(Count::new(1 << 64).short(), "2^64");
        assert_eq!(Count::new((1 << 64) + (1 << 63)).short(), "≈2^64.6");
        assert_eq!(Count::new(999_999_999_999).short(), "999,999,999,999");
        assert_eq!(Count::new(1_000_000_000_000).short(), "≈2^39.9");
        let double = Count::of_run(0, u128::MAX) + Count::of_run(0, u128::MAX);
        assert_eq!(double.short(), "≈2^129.0");
        assert_eq!(Count::from(7_u8), Count::new(7));
        assert_eq!(Count::from(u64::MAX), Count::new(u128::from(u64::MAX)));
    }

    #[test]
    fn sums_carry() {
        let sum: Count = [Count::new(u128::MAX), Count::new(1)].into_iter().sum();
        assert_eq!(sum, Count::of_run(0, u128::MAX));
    }
}
