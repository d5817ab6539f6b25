//! A body in bounds: counted on the wire, unpacked as it comes, never larger than its cap.
//!
//! Compression is recognised by its first bytes, not by the header: files served as `.json.gz` and
//! bodies encoded on the way look the same and are treated the same.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;
use reqwest::{Response, Url};
use tokio::time::{Instant, timeout_at};

use crate::net::hosts::shown;
use crate::net::options::Limits;
use crate::net::{FetchError, FetchProgress, Report};

const GZIP: [u8; 2] = [0x1f, 0x8b];

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
    let mut unpacked = Unpacker::new(cap);
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
        unpacked
            .write(&chunk)
            .map_err(|flaw| flaw.error(url, cap))?;
        report(FetchProgress::Receiving {
            received,
            total: expected,
        });
    }
    let bytes = unpacked.finish().map_err(|flaw| flaw.error(url, cap))?;
    Ok(Body { bytes, received })
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

/// Why unpacking stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UnpackFlaw {
    Damaged,
    Large,
}

impl UnpackFlaw {
    fn error(self, url: &Url, limit: u64) -> FetchError {
        let url = shown(url);
        match self {
            Self::Damaged => FetchError::Gzip { url },
            Self::Large => FetchError::LargeDecoded { url, limit },
        }
    }
}

/// Chunks as they come → plain bytes.
enum Unpacker {
    /// Fewer than two bytes so far.
    Undecided(Vec<u8>, Capped),
    Plain(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
}

impl Unpacker {
    fn new(cap: u64) -> Self {
        let cap = usize::try_from(cap).unwrap_or(usize::MAX);
        Self::Undecided(Vec::new(), Capped::new(cap))
    }

    fn write(&mut self, chunk: &[u8]) -> Result<(), UnpackFlaw> {
        match self {
            Self::Undecided(head, sink) => {
                head.extend_from_slice(chunk);
                if head.len() < GZIP.len() {
                    return Ok(());
                }
                let head = std::mem::take(head);
                let sink = std::mem::replace(sink, Capped::new(0));
                *self = if head.starts_with(&GZIP) {
                    Self::Gzip(Box::new(MultiGzDecoder::new(sink)))
                } else {
                    Self::Plain(sink)
                };
                self.write(&head)
            }
            Self::Plain(sink) => sink.write_all(chunk).map_err(|_| UnpackFlaw::Large),
            Self::Gzip(decoder) => {
                let done = decoder.write_all(chunk);
                done.map_err(|_| decoder.get_ref().flaw())
            }
        }
    }

    fn finish(self) -> Result<Vec<u8>, UnpackFlaw> {
        match self {
            Self::Undecided(head, mut sink) => {
                sink.write_all(&head).map_err(|_| UnpackFlaw::Large)?;
                Ok(sink.bytes)
            }
            Self::Plain(sink) => Ok(sink.bytes),
            Self::Gzip(mut decoder) => match decoder.try_finish() {
                Ok(()) => decoder
                    .finish()
                    .map(|sink| sink.bytes)
                    .map_err(|_| UnpackFlaw::Damaged),
                Err(_) => Err(decoder.get_ref().flaw()),
            },
        }
    }
}

/// Bytes up to a cap. The room doubles, but never beyond the cap.
struct Capped {
    bytes: Vec<u8>,
    cap: usize,
    is_over: bool,
}

impl Capped {
    const fn new(cap: usize) -> Self {
        Self {
            bytes: Vec::new(),
            cap,
            is_over: false,
        }
    }

    const fn flaw(&self) -> UnpackFlaw {
        if self.is_over {
            UnpackFlaw::Large
        } else {
            UnpackFlaw::Damaged
        }
    }
}

impl Write for Capped {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let needed = self.bytes.len().saturating_add(chunk.len());
        if needed > self.cap {
            self.is_over = true;
            return Err(io::Error::other("the cap is reached"));
        }
        if needed > self.bytes.capacity() {
            let room = self.bytes.capacity().saturating_mul(2).min(self.cap);
            let more = room.max(needed).saturating_sub(self.bytes.len());
            self.bytes.reserve_exact(more);
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn unpack(wire: &[u8], step: usize, cap: u64) -> Result<Vec<u8>, UnpackFlaw> {
        let mut unpacker = Unpacker::new(cap);
        for chunk in wire.chunks(step) {
            unpacker.write(chunk)?;
        }
        unpacker.finish()
    }

    #[test]
    fn plain_and_packed_bytes_come_out_the_same_in_any_pieces() {
        let plain: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
        let packed = gzip(&plain);
        let members = [gzip(&plain[..7]), gzip(&plain[7..])].concat();
        for step in [1, 2, 3, 1000, 1 << 20] {
            for wire in [&plain, &packed, &members] {
                assert!(unpack(wire, step, 1 << 20).unwrap() == plain, "{step}");
            }
        }
        for short in [&b""[..], b"{", b"\x1f"] {
            assert_eq!(unpack(short, 1, 10).unwrap(), short);
        }
    }

    #[test]
    fn a_bomb_stops_at_the_cap() {
        let bomb = gzip(&vec![0; 8 << 20]);
        let cap = 1 << 20;
        assert_eq!(unpack(&bomb, 100, cap), Err(UnpackFlaw::Large));
        assert!(unpack(&bomb, 100, 8 << 20).is_ok());
        assert_eq!(unpack(&bomb, 100, (8 << 20) - 1), Err(UnpackFlaw::Large));
        assert_eq!(unpack(&[b'x'; 11], 3, 10), Err(UnpackFlaw::Large));
        let mut sink = Capped::new(1 << 20);
        while sink.write_all(&[0; 1000]).is_ok() {
            assert!(sink.bytes.capacity() <= 1 << 20);
        }
    }

    #[test]
    fn damaged_and_cut_streams_are_told_apart_from_large_ones() {
        let packed = gzip(&vec![7; 100_000]);
        for end in [2, 5, 10, 20, packed.len() - 8, packed.len() - 1] {
            assert_eq!(unpack(&packed[..end], 9, 1 << 20), Err(UnpackFlaw::Damaged));
        }
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0xff;
        assert_eq!(unpack(&damaged, 9, 1 << 20), Err(UnpackFlaw::Damaged));
    }
}
