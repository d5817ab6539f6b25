//! A part of a whole, compared without rounding.

use std::cmp::Ordering;

/// Extra addresses as a part of the addresses that were asked for; may exceed the whole.
///
/// Ordered by value: equal shares are equal whatever they are shares of.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    part: u128,
    whole: u128,
}

impl Share {
    /// Nothing.
    pub const NONE: Self = Self { part: 0, whole: 1 };

    /// `part` of `whole`; a whole of nothing counts as one.
    #[must_use]
    pub const fn new(part: u128, whole: u128) -> Self {
        let whole = if whole == 0 { 1 } else { whole };
        Self { part, whole }
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.part == 0
    }

    /// The nearest `f64`: 1 for the whole.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documented as rounded")]
    pub const fn as_f64(self) -> f64 {
        self.part as f64 / self.whole as f64
    }
}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        product(self.part, other.whole).cmp(&product(other.part, self.whole))
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Share {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Share {}

/// The high and the low half of a product.
#[must_use]
pub const fn product(one: u128, other: u128) -> (u128, u128) {
    const LOW: u128 = u64::MAX as u128;
    let (high, low) = (one >> 64, one & LOW);
    let (other_high, other_low) = (other >> 64, other & LOW);
    let lows = low * other_low;
    // Below 2^128 each: (2^64 - 1)^2 + 2 (2^64 - 1).
    let middle = high * other_low + (lows >> 64);
    let cross = low * other_high + (middle & LOW);
    (
        high * other_high + (middle >> 64) + (cross >> 64),
        cross << 64 | lows & LOW,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_exceed_128_bits() {
        let max = u128::MAX;
        assert_eq!(product(max, max), (max - 1, 1));
        assert_eq!(product(1 << 100, 1 << 60), (1 << 32, 0));
        assert_eq!(product(7, 6), (0, 42));
    }

    #[test]
    fn shares_of_any_wholes_are_ordered() {
        let all = u128::MAX;
        assert_eq!(Share::new(1, 4), Share::new(25, 100));
        assert!(Share::new(all - 1, all) < Share::new(all, all - 1));
        assert!(Share::new(1, all) > Share::NONE);
        assert_ne!(Share::new(1, all), Share::NONE);
        assert!(Share::new(0, 7).is_none() && !Share::new(1, all).is_none());
        // A whole of nothing counts as one.
        assert_eq!(Share::new(3, 0), Share::new(3, 1));
        let quarter = Share::new(3, 12).as_f64();
        assert!((quarter - 0.25).abs() < f64::EPSILON, "{quarter}");
        assert_eq!(Share::new(0, all), Share::NONE);
    }
}
