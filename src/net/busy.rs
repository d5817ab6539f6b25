//! How long a busy server asks to wait.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// The wait that `Retry-After` names, in seconds or as a date.
///
/// A date is measured from the server's own clock where it tells the time, since ours may be off.
pub(super) fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let until = timestamp(text)?;
    let server = headers.get(DATE).and_then(|date| date.to_str().ok());
    let now = server.and_then(timestamp).unwrap_or(now);
    let wait = until.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or_default())
}

fn timestamp(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn wait(after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(after).unwrap());
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_str(date).unwrap());
        }
        let now = timestamp("Mon, 16 Nov 2026 10:00:00 GMT").unwrap();
        asked(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(wait("0", None), Some(0));
        assert_eq!(wait(" 120 ", None), Some(120));
        let half_past = "Mon, 16 Nov 2026 10:00:30 GMT";
        assert_eq!(wait(half_past, None), Some(30));
        let server = Some("Mon, 16 Nov 2026 10:00:20 GMT");
        assert_eq!(wait(half_past, server), Some(10));
        assert_eq!(wait(half_past, Some("yesterday")), Some(30));
        assert_eq!(wait("Sun, 15 Nov 2026 10:00:30 GMT", None), Some(0));
    }

    #[test]
    fn nonsense_is_no_wait() {
        for text in ["", "soon", "-1", "1.5", "99999999999999999999", "1 2"] {
            assert_eq!(wait(text, None), None, "{text}");
        }
        assert_eq!(asked(&HeaderMap::new(), Timestamp::UNIX_EPOCH), None);
    }
}
