//! A text with something behind each address.

use crate::space::Family;
use crate::traffic::{Chunk, Labels, Pick, Sets, spots};

/// How addresses are annotated.
#[derive(Debug)]
pub struct Annotator<'a> {
    /// The week.
    pub sets: &'a Sets<'a>,
    /// What is written of each.
    pub labels: &'a Labels,
    /// Only addresses of this family.
    pub family: Option<Family>,
    /// Only the addresses, each on a line of its own.
    pub is_only: bool,
    /// Only the addresses of this field of each line.
    pub pick: Option<Pick>,
}

impl Annotator<'_> {
    /// Writes a piece of a text, or the addresses of it.
    pub fn chunk(&self, chunk: &Chunk, out: &mut Vec<u8>) {
        let passed = chunk.passed();
        let bytes = chunk.bytes();
        if let Some(pick) = self.pick {
            self.picked(bytes, pick, out);
            return;
        }
        let (before, rest) = bytes.split_at_checked(passed).unwrap_or((bytes, &[]));
        if !self.is_only {
            out.extend_from_slice(before);
        }
        self.text(rest, out);
    }

    /// Writes lines; of each only one field has addresses.
    fn picked(&self, bytes: &[u8], pick: Pick, out: &mut Vec<u8>) {
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let cell = pick.cell(line);
            if !self.is_only {
                out.extend_from_slice(line.get(..cell.start).unwrap_or_default());
            }
            self.text(line.get(cell.clone()).unwrap_or_default(), out);
            if !self.is_only {
                out.extend_from_slice(line.get(cell.end..).unwrap_or_default());
            }
        }
    }

    /// Writes a text, or the addresses of it.
    pub fn text(&self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        for spot in spots(bytes) {
            if self.family.is_some_and(|family| family != spot.family) {
                continue;
            }
            let Some(label) = self.labels.of(self.sets.of(&spot)) else {
                continue;
            };
            if !self.is_only {
                out.extend_from_slice(bytes.get(at..spot.start).unwrap_or_default());
            }
            let written = bytes.get(spot.start..spot.end).unwrap_or_default();
            let address = (spot.family, spot.bits);
            self.labels.write(label, written, address, self.sets, out);
            at = spot.end;
            if self.is_only {
                out.push(b'\n');
            }
        }
        if !self.is_only {
            out.extend_from_slice(bytes.get(at..).unwrap_or_default());
        }
    }
}
