//! Gzip in bounds: the members are counted, the plain bytes are capped, and nothing may follow.

use std::io::Read;

use flate2::bufread::GzDecoder;

/// What gzip data begins with.
pub const GZIP: [u8; 2] = [0x1f, 0x8b];
/// Most members. Packers that work side by side make one of every 64 KiB and more: 1,024 for the
/// largest document. An empty one costs its sender 20 bytes and the reader a new decoder.
pub const MAX_MEMBERS: usize = 4_096;

/// Why gzip data is not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GzipFlaw {
    /// It is damaged, or ends in the middle.
    #[error("the gzip data is damaged or truncated")]
    Damaged,
    /// It unpacks to more than the cap.
    #[error("the gzip data unpacks to more than {limit} bytes")]
    Large {
        /// The cap.
        limit: usize,
    },
    /// It has more members than [`MAX_MEMBERS`].
    #[error(
        "the gzip data has more than {MAX_MEMBERS} members, which no packer makes of a document"
    )]
    Members,
    /// Something else follows.
    #[error("{bytes} bytes that are no gzip follow the gzip data")]
    Trailing {
        /// How much.
        bytes: usize,
    },
}

/// Whether bytes are gzip data, by how they begin.
#[must_use]
pub fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&GZIP)
}

/// Unpacks gzip data to at most `limit` bytes.
///
/// # Errors
/// [`GzipFlaw`].
pub fn gunzip(bytes: &[u8], limit: usize) -> Result<Vec<u8>, GzipFlaw> {
    let (mut plain, mut rest) = (Vec::new(), bytes);
    for _ in 0..MAX_MEMBERS {
        let mut member = GzDecoder::new(rest);
        let room = limit.saturating_sub(plain.len()).saturating_add(1);
        let room = u64::try_from(room).unwrap_or(u64::MAX);
        let read = (&mut member).take(room).read_to_end(&mut plain);
        // What came before damage may be too much already.
        if plain.len() > limit {
            return Err(GzipFlaw::Large { limit });
        }
        read.map_err(|_| GzipFlaw::Damaged)?;
        rest = member.into_inner();
        if rest.is_empty() {
            return Ok(plain);
        }
        if !is_gzip(rest) {
            let bytes = rest.len();
            return Err(GzipFlaw::Trailing { bytes });
        }
    }
    Err(GzipFlaw::Members)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::{Duration, Instant};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn members_follow_one_another_and_empty_ones_are_counted() {
        let plain: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
        let empty = gzip(b"");
        let several = [gzip(&plain[..7]), empty.clone(), gzip(&plain[7..])].concat();
        assert!(gunzip(&several, plain.len()) == Ok(plain));
        let most = empty.repeat(MAX_MEMBERS);
        assert_eq!(gunzip(&most, 0), Ok(Vec::new()));
        // As many as a document of 64 MiB could have.
        let many = empty.repeat(3_000_000);
        let start = Instant::now();
        assert_eq!(gunzip(&many, 1 << 20), Err(GzipFlaw::Members));
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
    }

    #[test]
    fn a_bomb_stops_at_the_limit_whatever_its_members() {
        let limit = 8 << 20;
        let whole = gzip(&vec![0; limit]);
        assert_eq!(gunzip(&whole, limit).map(|plain| plain.len()), Ok(limit));
        let large = Err(GzipFlaw::Large { limit });
        assert_eq!(gunzip(&gzip(&vec![0; limit + 1]), limit), large);
        assert_eq!(gunzip(&whole.repeat(3), limit), large);
        assert_eq!(gunzip(&[gzip(b"x"), whole].concat(), limit), large);
    }

    #[test]
    fn what_follows_and_what_is_cut_have_their_sentences() {
        let packed = gzip(&vec![7; 100_000]);
        let followed = [&packed[..], b"and more"].concat();
        let flaw = gunzip(&followed, 1 << 20).unwrap_err();
        let said = "8 bytes that are no gzip follow the gzip data";
        assert_eq!(flaw.to_string(), said);
        for end in [2, 5, 10, 20, packed.len() - 8, packed.len() - 1] {
            assert_eq!(
                gunzip(&packed[..end], 1 << 20),
                Err(GzipFlaw::Damaged),
                "{end}"
            );
        }
        let mut damaged = packed.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0xff;
        assert_eq!(gunzip(&damaged, 1 << 20), Err(GzipFlaw::Damaged));
        let second = [&packed[..], &packed[..9]].concat();
        assert_eq!(gunzip(&second, 1 << 20), Err(GzipFlaw::Damaged));
    }
}
