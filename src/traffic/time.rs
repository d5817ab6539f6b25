//! Points in time as logs write them → milliseconds since 1970, in UTC.

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// From here on a number of seconds would be of the year 5138: it is milliseconds.
const SECONDS: u64 = 100_000_000_000;
/// From here on a number is of microseconds.
const MILLIS: u64 = 100_000_000_000_000;
/// From here on a number is of nanoseconds.
const MICROS: u64 = 100_000_000_000_000_000;

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// Seconds since 1970, or a thousandth or less of them.
#[must_use]
pub fn epoch(number: u64) -> Option<i64> {
    let millis = match number {
        0..SECONDS => number * 1_000,
        SECONDS..MILLIS => number,
        MILLIS..MICROS => number / 1_000,
        _ => number / 1_000_000,
    };
    i64::try_from(millis).ok()
}

/// `2026-10-19T05:04:03.25Z`; also with a space between, with an offset, and a date alone. Without an
/// offset it is UTC.
#[must_use]
pub fn iso(text: &[u8]) -> Option<i64> {
    let part = |from: usize, to: usize| digits(text.get(from..to)?);
    let sign = |at: usize, signs: &[u8]| text.get(at).is_some_and(|byte| signs.contains(byte));
    if !sign(4, b"-/") || !sign(7, b"-/") {
        return None;
    }
    let date = day(part(0, 4)?, part(5, 7)?, part(8, 10)?)? * DAY;
    if text.len() == 10 {
        return Some(date);
    }
    if !sign(10, b"T t") || !sign(13, b":") {
        return None;
    }
    let (hour, minute) = (part(11, 13)?, part(14, 16)?);
    let mut at = 16;
    let mut millis = (hour * 60 + minute) * 60_000;
    if sign(at, b":") {
        millis += part(at + 1, at + 3)? * 1_000;
        at += 3;
        if sign(at, b".,") {
            let fraction = text.get(at + 1..)?;
            let length = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            for (place, unit) in (0..length.min(3)).zip([100, 10, 1]) {
                millis += part(at + 1 + place, at + 2 + place)? * unit;
            }
            at += 1 + length;
        }
    }
    Some(date + millis - offset(text.get(at..)?.trim_ascii())?)
}

/// `10/Oct/2026:13:55:36 +0200`.
#[must_use]
pub fn access(text: &[u8]) -> Option<i64> {
    let part = |from: usize, to: usize| digits(text.get(from..to)?);
    let name = text.get(3..6)?;
    let month = MONTHS.iter().position(|month| month.as_slice() == name)?;
    let month = i64::try_from(month).ok()? + 1;
    let date = day(part(7, 11)?, month, part(0, 2)?)? * DAY;
    let clock = ((part(12, 14)? * 60 + part(15, 17)?) * 60 + part(18, 20)?) * 1_000;
    Some(date + clock - offset(text.get(20..)?.trim_ascii())?)
}

/// `Z`, `+02:00`, `+0200` or nothing, in milliseconds.
fn offset(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text.split_first() {
        Some((b'+', rest)) => (1, rest),
        Some((b'-', rest)) => (-1, rest),
        // `Z`, `UTC`, nothing, or words that have nothing to do with the time.
        _ => return Some(0),
    };
    let hours = digits(rest.get(..2)?)?;
    let rest = rest.get(2..)?;
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    let minutes = rest.get(..2).and_then(digits).unwrap_or(0);
    Some(sign * (hours * 60 + minutes) * 60_000)
}

fn digits(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i64::from(byte - b'0'))
    })
}

/// Days since 1970 of a date of the calendar.
fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_every_form_are_the_same_moment() {
        let moment = Some(1_792_386_243_250);
        for text in [
            "2026-10-19T05:04:03.25Z",
            "2026-10-19 05:04:03.2509999",
            "2026-10-19T07:04:03.250+02:00",
            "2026-10-18T22:04:03,25-0700",
        ] {
            assert_eq!(iso(text.as_bytes()), moment, "{text}");
        }
        let whole = moment.map(|it| it - 250);
        assert_eq!(access(b"19/Oct/2026:07:04:03 +0200"), whole);
        assert_eq!(epoch(1_792_386_243), whole);
        assert_eq!(epoch(1_792_386_243_250), moment);
        assert_eq!(epoch(1_792_386_243_250_999), moment);
        assert_eq!(iso(b"1970-01-01"), Some(0));
        assert_eq!(iso(b"2000-03-01T00:00"), Some(951_868_800_000));
        for text in [
            "",
            "2026",
            "2026-13-01",
            "2026-10-19X",
            "19/Okt/2026:07:04:03 +0200",
        ] {
            assert_eq!(
                iso(text.as_bytes()).or(access(text.as_bytes())),
                None,
                "{text}"
            );
        }
    }
}
