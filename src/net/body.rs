//! A body in bounds: counted on the wire, unpacked once it is there, never larger than its cap.
//!
//! Compression is recognised by its first bytes, not by the header: files served as `.json.gz` and
//! bodies encoded on the way look the same and are treated the same.

use reqwest::{Response, Url};
use tokio::time::{Instant, timeout_at};

use crate::azure::{GzipFlaw, gunzip, is_gzip};
use crate::net::hosts::shown;
use crate::net::options::Limits;
use crate::net::{FetchError, FetchProgress, Report};

/// A body that came whole.
#[derive(Debug)]
pub(super) struct Body {
    /// Without compression.
    pub(super) bytes: Vec<u8>,
    /// Bytes on the wire.
    pub(super) received: u64,
}

/// Receives the rest of `response`, which `url` gave, until `deadline`, unpacked up to `cap` bytes.
pub(super) async fn receive(
    mut response: Response,
    url: &Url,
    limits: &Limits,
    cap: u64,
    deadline: Instant,
    report: &mut Report<'_>,
) -> Result<Body, FetchError> {
    let expected = response.content_length();
    let large = || FetchError::LargeWire {
        url: shown(url),
        limit: limits.wire,
    };
    if expected.is_some_and(|bytes| bytes > limits.wire) {
        return Err(large());
    }
    let cap = usize::try_from(cap).unwrap_or(usize::MAX);
    let mut wire: Vec<u8> = Vec::new();
    let mut received = 0_u64;
    loop {
        let silence = Instant::now() + limits.stall;
        let Ok(chunk) = timeout_at(silence.min(deadline), response.chunk()).await else {
            return Err(late(url, limits, received, silence > deadline));
        };
        let truncated = |_| FetchError::Truncated {
            url: shown(url),
            received,
            expected,
        };
        let Some(chunk) = chunk.map_err(truncated)? else {
            break;
        };
        received = received.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
        if received > limits.wire {
            return Err(large());
        }
        wire.extend_from_slice(&chunk);
        if wire.len() > cap && !is_gzip(&wire) {
            return Err(flawed(url, GzipFlaw::Large { limit: cap }));
        }
        report(FetchProgress::Receiving {
            received,
            total: expected,
        });
    }
    let bytes = if is_gzip(&wire) {
        gunzip(&wire, cap).map_err(|flaw| flawed(url, flaw))?
    } else {
        wire
    };
    Ok(Body { bytes, received })
}

fn flawed(url: &Url, flaw: GzipFlaw) -> FetchError {
    let url = shown(url);
    match flaw {
        GzipFlaw::Large { limit } => FetchError::LargeDecoded {
            url,
            limit: u64::try_from(limit).unwrap_or(u64::MAX),
        },
        flaw => FetchError::Gzip { url, flaw },
    }
}

fn late(url: &Url, limits: &Limits, received: u64, whole: bool) -> FetchError {
    let url = shown(url);
    if whole {
        let limit = limits.total;
        return FetchError::Slow {
            url,
            received,
            limit,
        };
    }
    FetchError::Stalled {
        url,
        received,
        limit: limits.stall,
    }
}
