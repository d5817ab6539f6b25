//! A stream in pieces that no address and, where possible, no line reaches over.

use std::io::{self, Read};

use memchr::{memrchr, memrchr2};

/// Bytes of a piece.
pub const CHUNK: usize = 1 << 18;
/// Longest line that a piece holds whole where lines are asked for.
pub const MAX_LINE: usize = 8 << 20;

/// Where a stream may be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pieces {
    /// Behind a line, else behind a comma or a quote, else where no address can be.
    Any,
    /// Behind a line; a line above [`MAX_LINE`] comes in several pieces.
    Lines,
    /// Like [`Pieces::Any`], as soon as a line is there: its writer may not go on for a while.
    Prompt,
    /// Like [`Pieces::Lines`], as soon as a line is there.
    PromptLines,
}

impl Pieces {
    /// Whether lines are wanted as soon as they come.
    #[must_use]
    pub const fn is_prompt(self) -> bool {
        matches!(self, Self::Prompt | Self::PromptLines)
    }

    const fn longest(self) -> usize {
        match self {
            Self::Any | Self::Prompt => CHUNK,
            Self::Lines | Self::PromptLines => MAX_LINE,
        }
    }
}

/// A piece of a stream; its room is used again for another one.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says where it begins or ends"
)]
pub struct Chunk {
    room: Vec<u8>,
    length: usize,
    /// Whether the piece before ended within this line.
    pub continues: bool,
    /// Whether this piece ends within a line that goes on.
    pub is_open: bool,
    /// Whether it begins within a run of letters, digits, dots and colons that is too long for an
    /// address.
    begins_in_run: bool,
    /// Whether it is nothing but a part of such a run.
    is_run: bool,
}

impl Chunk {
    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// Whether its room is more than that of other pieces.
    #[must_use]
    pub const fn is_large(&self) -> bool {
        self.room.len() > CHUNK
    }

    /// How many bytes at its begin hold no address, since they belong to a run that is no address.
    #[must_use]
    pub fn passed(&self) -> usize {
        if self.is_run {
            return self.length;
        }
        if !self.begins_in_run {
            return 0;
        }
        let run = self.bytes().iter().take_while(|&&byte| is_joined(byte));
        run.count()
    }

    /// Gives back what other pieces do not need.
    pub fn shrink(&mut self) {
        if self.is_large() {
            *self = Self::default();
        }
    }
}

/// Cuts a stream into pieces.
#[derive(Debug)]
pub struct Chunks<R> {
    input: R,
    pieces: Pieces,
    /// What was read behind the last piece.
    rest: Vec<u8>,
    continues: bool,
    is_in_run: bool,
    is_over: bool,
}

impl<R: Read> Chunks<R> {
    /// Begins a stream.
    pub const fn new(input: R, pieces: Pieces) -> Self {
        Self {
            input,
            pieces,
            rest: Vec::new(),
            continues: false,
            is_in_run: false,
            is_over: false,
        }
    }

    /// Reads the next piece; false at the end.
    ///
    /// # Errors
    /// The stream's; what was read before has been given out, unless it is a line without an end.
    pub fn next_chunk(&mut self, chunk: &mut Chunk) -> io::Result<bool> {
        let mut filled = self.rest.len();
        chunk.room.resize(CHUNK.max(filled), 0);
        if let Some(room) = chunk.room.get_mut(..filled) {
            room.copy_from_slice(&self.rest);
        }
        self.rest.clear();
        loop {
            let is_full = self.fill(chunk, &mut filled)?;
            let bytes = chunk.room.get(..filled).unwrap_or_default();
            if !is_full && self.is_over {
                self.give(chunk, filled, filled);
                return Ok(filled > 0);
            }
            let line = memrchr(b'\n', bytes);
            let is_longest = filled >= self.pieces.longest();
            if line.is_none() && !is_longest {
                // More of the line is asked for.
                if is_full {
                    let length = (2 * filled).min(self.pieces.longest());
                    chunk.room.reserve_exact(length - filled);
                    chunk.room.resize(length, 0);
                }
                continue;
            }
            let cut = line.map_or_else(|| cut(bytes), |at| at + 1);
            self.give(chunk, cut, filled);
            return Ok(true);
        }
    }

    /// Reads until the room is full, the stream ends or, where that is wanted, a line is there; whether
    /// the room is full.
    fn fill(&mut self, chunk: &mut Chunk, filled: &mut usize) -> io::Result<bool> {
        while *filled < chunk.room.len() && !self.is_over {
            let room = chunk.room.get_mut(*filled..).unwrap_or_default();
            let count = match self.input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            self.is_over = count == 0;
            let new = room.get(..count).unwrap_or_default();
            let has_line = self.pieces.is_prompt() && memrchr(b'\n', new).is_some();
            *filled += count;
            if has_line {
                break;
            }
        }
        Ok(*filled == chunk.room.len())
    }

    /// Gives out what is before the cut.
    fn give(&mut self, chunk: &mut Chunk, cut: usize, filled: usize) {
        let behind = chunk.room.get(cut..filled).unwrap_or_default();
        self.rest.extend_from_slice(behind);
        chunk.length = cut;
        chunk.continues = self.continues;
        chunk.begins_in_run = self.is_in_run;
        let last = chunk.bytes().last().copied();
        self.continues = last != Some(b'\n');
        chunk.is_open = self.continues && !(self.is_over && self.rest.is_empty());
        self.is_in_run = !self.is_over && last.is_some_and(is_joined);
        chunk.is_run = self.is_in_run;
    }
}

/// Where a part of a line is cut: behind a comma or a quote, a space, anything that is in no address.
fn cut(bytes: &[u8]) -> usize {
    memrchr2(b',', b'"', bytes)
        .or_else(|| memrchr(b' ', bytes))
        .or_else(|| bytes.iter().rposition(|&byte| !is_joined(byte)))
        .map_or(bytes.len(), |at| at + 1)
}

/// What runs are made of that may be addresses.
const fn is_joined(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that gives so many bytes at once.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(room.len()).min(self.0.len());
            room[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn pieces(bytes: &[u8], step: usize, pieces: Pieces) -> Vec<(Vec<u8>, bool, usize)> {
        let mut chunks = Chunks::new(Drops(bytes, step), pieces);
        let (mut all, mut chunk) = (Vec::new(), Chunk::default());
        while chunks.next_chunk(&mut chunk).unwrap() {
            all.push((chunk.bytes().to_vec(), chunk.continues, chunk.passed()));
            chunk.shrink();
        }
        all
    }

    #[test]
    fn pieces_together_are_the_stream_and_end_with_lines() {
        let line = "20.38.116.38 - - something\n".repeat(40_000);
        for step in [1 << 20, 70_001] {
            let all = pieces(line.as_bytes(), step, Pieces::Any);
            assert_eq!(all.iter().flat_map(|it| it.0.clone()).count(), line.len());
            assert!(all.len() > 3);
            assert!(
                all.iter()
                    .all(|(piece, continues, _)| piece.ends_with(b"\n") && !continues)
            );
        }
        let few = pieces(b"a\nb\nc", 2, Pieces::Prompt);
        let few: Vec<&[u8]> = few.iter().map(|it| it.0.as_slice()).collect();
        assert_eq!(few, [&b"a\n"[..], b"b\n", b"c"]);
        assert!(pieces(b"", 5, Pieces::Any).is_empty());
    }

    #[test]
    fn one_line_is_cut_behind_commas_unless_lines_are_asked_for() {
        let line = "20.38.116.38,1234,".repeat(60_000);
        let all = pieces(line.as_bytes(), 1 << 16, Pieces::Any);
        assert!(all.len() > 3 && all.iter().all(|it| it.0.ends_with(b",")));
        assert!(all[1].1 && !all[0].1);
        let one = pieces(line.as_bytes(), 1 << 16, Pieces::Lines);
        assert_eq!(one.len(), 1);
        let long = "20.38.116.38,1234,".repeat(1_000_000);
        let two = pieces(long.as_bytes(), 1 << 16, Pieces::Lines);
        assert_eq!(two.len(), 3);
        assert!(two.iter().all(|it| it.0.len() <= MAX_LINE) && two[1].1);
    }

    #[test]
    fn a_run_as_long_as_a_piece_is_passed_over() {
        let run = [&b"1.2.3.".repeat(100_000)[..], b"4 5.6.7.8\n"].concat();
        let all = pieces(&run, 1 << 16, Pieces::Any);
        assert_eq!(all.iter().flat_map(|it| it.0.clone()).count(), run.len());
        assert!(all[..2].iter().all(|it| it.2 == it.0.len()));
        let last = all.last().unwrap();
        assert!(last.2 > 0 && last.0[last.2..].starts_with(b" 5"));
    }
}
