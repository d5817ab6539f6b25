//! Markdown within a number of bytes, as a comment on a pull request has them.

use std::io::{self, Write};

use crate::report::{MarkdownPage, Md};
use crate::text::counted;

/// Fewest bytes of a page: its heading and its summary have room.
pub const LEAST_BYTES: usize = 2_000;
/// Bytes of the sentence about what was left out.
const SENTENCE: usize = 200;

/// A page by sections. The first always stands; of the others those go as a whole that have no room, and
/// the page says how many.
pub struct BoundedPage<'o, W: Write> {
    out: &'o mut W,
    limit: Option<usize>,
    used: usize,
    left_out: usize,
}

impl<'o, W: Write> BoundedPage<'o, W> {
    /// A page of at most `limit` bytes.
    pub const fn new(out: &'o mut W, limit: Option<usize>) -> Self {
        Self {
            out,
            limit,
            used: 0,
            left_out: 0,
        }
    }

    /// Writes a section where it has room.
    ///
    /// # Errors
    /// The writer's.
    pub fn section(
        &mut self,
        write: impl FnOnce(&mut MarkdownPage<'_, Vec<u8>>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        let is_first = self.used == 0;
        let mut page = if is_first {
            MarkdownPage::new(&mut bytes)
        } else {
            MarkdownPage::below(&mut bytes)
        };
        write(&mut page)?;
        let taken = self.used + SENTENCE;
        let room = self.limit.map(|limit| limit.saturating_sub(taken));
        if !is_first && room.is_some_and(|room| bytes.len() > room) {
            self.left_out += 1;
            return Ok(());
        }
        self.used += bytes.len();
        self.out.write_all(&bytes)
    }

    /// Says what was left out.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(self) -> io::Result<()> {
        let Some(limit) = self.limit.filter(|_| self.left_out > 0) else {
            return Ok(());
        };
        let text = format!(
            "{} left out, which had no room in {limit} bytes: the same command without ",
            counted(self.left_out, "section is", "sections are"),
        );
        let sentence = Md::text(&text) + Md::code("--max-bytes") + " shows all.";
        MarkdownPage::below(self.out).paragraph(&sentence)
    }
}
