//! The terminal as a backend of ratatui that writes few bytes: frames go over SSH.
//!
//! ratatui hands over the cells that have changed. The library's own backend places the cursor
//! anew, by row and column, wherever one of them does not follow another; here a short gap is
//! written again and a longer one stepped over, runs of blanks are erased, colours are set by
//! their shortest sequence, and a frame is one write. A scrolled table costs about half.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};

use crate::text::width;

/// Up to this many cells a gap is written again: to step over it takes four bytes.
const SHORT_GAP: u16 = 4;
/// From this many blanks on they are erased.
const LONG_BLANK: u16 = 10;

/// Most columns and most rows that are drawn: nobody reads more, and a frame has a cell for each.
const MOST: u16 = 1000;

/// What is drawn of a terminal of this size.
pub fn drawn((width, height): (u16, u16)) -> (u16, u16) {
    (width.min(MOST), height.min(MOST))
}

/// A backend that knows what is on the screen.
#[derive(Debug)]
pub struct DiffBackend<W: Write> {
    out: W,
    /// What has not been written yet.
    bytes: Vec<u8>,
    /// What is on the screen, as far as cells have been drawn.
    shown: Buffer,
    /// Where the next symbol goes; `None` where terminals differ.
    cursor: Option<Position>,
    pen: Pen,
    is_cursor_shown: Option<bool>,
}

/// What a symbol looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Pen {
    const PLAIN: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifier: Modifier::empty(),
    };

    const fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// Whether a blank looks the same as an erased cell.
    const fn erases(self) -> bool {
        matches!(self.bg, Color::Reset)
            && !self
                .modifier
                .intersects(Modifier::REVERSED.union(Modifier::UNDERLINED))
    }
}

impl<W: Write> DiffBackend<W> {
    /// Writes to `out`, a blank screen.
    pub fn new(out: W) -> Self {
        Self {
            out,
            bytes: Vec::new(),
            shown: Buffer::empty(Rect::ZERO),
            cursor: None,
            pen: Pen::PLAIN,
            is_cursor_shown: None,
        }
    }

    fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Nothing is known of the screen any more: no cell can be written again.
    fn forget(&mut self) {
        for cell in &mut self.shown.content {
            cell.set_symbol("");
        }
    }

    fn go_to(&mut self, x: u16, y: u16) {
        let here = self.cursor;
        self.cursor = Some(Position::new(x, y));
        match here {
            Some(at) if at.y == y && at.x == x => {}
            Some(at) if at.y == y && at.x < x => {
                if !self.rewrite(at.x..x, y) {
                    self.push(&format!("\x1b[{}C", x - at.x));
                }
            }
            _ => self.push(&format!("\x1b[{};{}H", y + 1, x + 1)),
        }
    }

    /// Writes cells again that have not changed, where that is shorter than a step over them.
    fn rewrite(&mut self, columns: std::ops::Range<u16>, y: u16) -> bool {
        if columns.len() > usize::from(SHORT_GAP) {
            return false;
        }
        let mut text = String::new();
        for x in columns {
            match self.shown.cell((x, y)) {
                Some(cell) if Pen::of(cell) == self.pen && cell.symbol().len() == 1 => {
                    text.push_str(cell.symbol());
                }
                _ => return false,
            }
        }
        self.push(&text);
        true
    }

    /// Makes the next symbol look like this.
    fn take_up(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let mut codes = Vec::new();
        let is_reset = pen == Pen::PLAIN || !pen.modifier.contains(self.pen.modifier);
        let before = if is_reset { Pen::PLAIN } else { self.pen };
        if is_reset && pen != Pen::PLAIN {
            codes.push("0".to_owned());
        }
        for (flag, code) in MODIFIERS {
            if pen.modifier.contains(flag) && !before.modifier.contains(flag) {
                codes.push(code.to_owned());
            }
        }
        if pen.fg != before.fg {
            codes.push(color_code(pen.fg, 30));
        }
        if pen.bg != before.bg {
            codes.push(color_code(pen.bg, 40));
        }
        self.push(&format!("\x1b[{}m", codes.join(";")));
        self.pen = pen;
    }

    /// Writes a run of cells that follow one another in a row.
    fn write_run(&mut self, y: u16, run: &[(u16, &Cell)]) {
        let mut rest = run;
        while let Some((&(x, cell), after)) = rest.split_first() {
            let pen = Pen::of(cell);
            let blanks = rest.iter().take_while(|(_, cell)| is_blank(cell)).count();
            let blanks = u16::try_from(blanks).unwrap_or(0);
            if blanks >= LONG_BLANK {
                self.go_to(x, y);
                if !self.pen.erases() {
                    self.take_up(pen);
                }
                self.push(&format!("\x1b[{blanks}X"));
                rest = rest.get(usize::from(blanks)..).unwrap_or(&[]);
                continue;
            }
            self.go_to(x, y);
            self.take_up(pen);
            self.push(cell.symbol());
            let is_narrow = width(cell.symbol()) == 1;
            let at_edge = x + 1 >= self.shown.area.width;
            self.cursor = (is_narrow && !at_edge).then(|| Position::new(x + 1, y));
            rest = after;
        }
    }

    /// Whether a run ends with a blank, the next cell is one, and so is all between them: then it
    /// is erased in one go.
    fn is_one_blank(&self, run: &[(u16, &Cell)], (x, y): (u16, u16), cell: &Cell) -> bool {
        let Some(&(last, before)) = run.last() else {
            return false;
        };
        let is_known_blank = |x: u16| self.shown.cell((x, y)).is_some_and(is_blank);
        is_blank(before) && is_blank(cell) && (last + 1..x).all(is_known_blank)
    }

    /// Remembers what is on the screen now.
    fn note(&mut self, x: u16, y: u16, cell: &Cell) {
        let wide = width(cell.symbol()) > 1;
        if let Some(known) = self.shown.cell_mut((x, y)) {
            *known = cell.clone();
        }
        // The second half of a wide symbol is no cell that could be written again.
        if wide && let Some(known) = self.shown.cell_mut((x + 1, y)) {
            known.set_symbol("");
        }
    }

    /// Writes a run and remembers it.
    fn end_run(&mut self, y: u16, run: &mut Vec<(u16, &Cell)>) {
        let Some(&(last, _)) = run.last() else {
            return;
        };
        let area = self.shown.area;
        if last >= area.width || y >= area.height {
            self.grow(last, y);
        }
        self.write_run(y, run);
        for (x, cell) in run.drain(..) {
            self.note(x, y, cell);
        }
    }

    /// Makes room for a cell; a screen is blank when it is entered, and cleared when it grows.
    fn grow(&mut self, x: u16, y: u16) {
        let size = self.size().unwrap_or_default();
        let area = Rect::new(
            0,
            0,
            size.width.max(x + 1).max(self.shown.area.width),
            size.height.max(y + 1).max(self.shown.area.height),
        );
        let old = std::mem::replace(&mut self.shown, Buffer::empty(area));
        // The library's own merge counts cells in 16 bits, and large screens have more.
        for position in old.area.positions() {
            if let (Some(known), Some(cell)) = (self.shown.cell_mut(position), old.cell(position)) {
                *known = cell.clone();
            }
        }
    }
}

/// A cell that looks erased.
const BLANK: &Cell = &Cell::EMPTY;

fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && Pen::of(cell).erases()
}

/// Attributes and their codes.
const MODIFIERS: [(Modifier, &str); 9] = [
    (Modifier::BOLD, "1"),
    (Modifier::DIM, "2"),
    (Modifier::ITALIC, "3"),
    (Modifier::UNDERLINED, "4"),
    (Modifier::SLOW_BLINK, "5"),
    (Modifier::RAPID_BLINK, "6"),
    (Modifier::REVERSED, "7"),
    (Modifier::HIDDEN, "8"),
    (Modifier::CROSSED_OUT, "9"),
];

/// The code of a colour; `base` is 30 for the symbol and 40 for what is behind it.
fn color_code(color: Color, base: u16) -> String {
    let named = match color {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(index) => return format!("{};5;{index}", base + 8),
        Color::Rgb(red, green, blue) => return format!("{};2;{red};{green};{blue}", base + 8),
    };
    (base + named).to_string()
}

impl<W: Write> Backend for DiffBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut run: Vec<(u16, &Cell)> = Vec::new();
        let mut row = 0;
        for (x, y, cell) in content {
            let follows = run.last().is_some_and(|(last, before)| {
                y == row && usize::from(*last) + width(before.symbol()).max(1) == usize::from(x)
            });
            if !follows && y == row && self.is_one_blank(&run, (x, y), cell) {
                let from = run.last().map_or(x, |(last, _)| last + 1);
                run.extend((from..x).map(|x| (x, BLANK)));
            } else if !follows {
                self.end_run(row, &mut run);
                row = y;
            }
            run.push((x, cell));
        }
        self.end_run(row, &mut run);
        self.take_up(Pen::PLAIN);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.is_cursor_shown != Some(false) {
            self.is_cursor_shown = Some(false);
            self.push("\x1b[?25l");
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.is_cursor_shown != Some(true) {
            self.is_cursor_shown = Some(true);
            self.push("\x1b[?25h");
        }
        Ok(())
    }

    /// Where it is known to be: to ask the terminal would wait for an answer that the event
    /// reader may take.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let Position { x, y } = position.into();
        self.go_to(x, y);
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.take_up(Pen::PLAIN);
        self.cursor = None;
        self.push(match region {
            ClearType::All => "\x1b[2J",
            ClearType::AfterCursor => "\x1b[J",
            ClearType::BeforeCursor => "\x1b[1J",
            ClearType::CurrentLine => "\x1b[2K",
            ClearType::UntilNewLine => "\x1b[K",
        });
        match region {
            ClearType::All => self.shown.reset(),
            _ => self.forget(),
        }
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = drawn(crossterm::terminal::size()?);
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        let columns_rows = self.size()?;
        Ok(WindowSize {
            columns_rows,
            pixels: Size::ZERO,
        })
    }

    /// Everything since the last time in one write.
    fn flush(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.bytes);
        self.bytes.clear();
        written?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::style::Style;

    const WIDTH: u16 = 40;
    const HEIGHT: u16 = 6;

    /// Words at places: what a frame is made of.
    type Words = Vec<(u16, u16, String, Style)>;

    fn words() -> impl Strategy<Value = Words> {
        let texts = [
            "a",
            "Storage.WestEurope",
            " ",
            "             ",
            "│",
            "東京",
            "é",
            "▏█",
            "1,024",
        ];
        let colors = [
            Color::Reset,
            Color::Cyan,
            Color::DarkGray,
            Color::Indexed(99),
            Color::Rgb(1, 2, 3),
        ];
        let modifiers = [
            Modifier::empty(),
            Modifier::BOLD,
            Modifier::REVERSED,
            Modifier::UNDERLINED.union(Modifier::BOLD),
            Modifier::ITALIC,
        ];
        let style = (
            prop::sample::select(colors.to_vec()),
            prop::sample::select(colors.to_vec()),
            prop::sample::select(modifiers.to_vec()),
        );
        let style =
            style.prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier));
        let text = prop::sample::select(texts.to_vec()).prop_map(str::to_owned);
        prop::collection::vec((0..WIDTH, 0..HEIGHT, text, style), 0..24)
    }

    fn frame_of(words: &Words) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        for (x, y, text, style) in words {
            // What a terminal does with half of a wide symbol is its own affair: they have a row.
            if text.contains('東') {
                buffer.set_string(0, HEIGHT - 1, text, Style::new());
            } else {
                buffer.set_string(*x, *y % (HEIGHT - 1), text, *style);
            }
        }
        buffer
    }

    fn color(color: Color) -> vt100::Color {
        match color {
            Color::Cyan => vt100::Color::Idx(6),
            Color::DarkGray => vt100::Color::Idx(8),
            Color::Indexed(index) => vt100::Color::Idx(index),
            Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
            _ => vt100::Color::Default,
        }
    }

    /// The emulator shows what the buffer says.
    fn assert_shown(screen: &vt100::Screen, buffer: &Buffer) {
        for y in 0..HEIGHT {
            let mut x = 0;
            while x < WIDTH {
                let (cell, shown) = (&buffer[(x, y)], screen.cell(y, x).unwrap());
                let symbol = match shown.contents() {
                    "" => " ",
                    text => text,
                };
                assert_eq!(symbol, cell.symbol(), "at {x},{y}");
                assert_eq!(shown.bgcolor(), color(cell.bg), "behind {x},{y}");
                let is = |flag| cell.modifier.contains(flag);
                assert_eq!(shown.inverse(), is(Modifier::REVERSED), "at {x},{y}");
                assert_eq!(shown.underline(), is(Modifier::UNDERLINED), "at {x},{y}");
                if symbol != " " {
                    assert_eq!(shown.fgcolor(), color(cell.fg), "at {x},{y}");
                    assert_eq!(shown.bold(), is(Modifier::BOLD), "at {x},{y}");
                    assert_eq!(shown.italic(), is(Modifier::ITALIC), "at {x},{y}");
                }
                x += u16::try_from(width(cell.symbol()).max(1)).unwrap();
            }
        }
    }

    proptest! {
        #[test]
        fn a_terminal_shows_what_the_frames_say(frames in prop::collection::vec(words(), 1..8)) {
            let mut terminal = vt100::Parser::new(HEIGHT, WIDTH, 0);
            let mut wire = DiffBackend::new(Vec::new());
            let mut before = frame_of(&Vec::new());
            for words in &frames {
                let after = frame_of(words);
                wire.draw(before.diff(&after).into_iter()).unwrap();
                wire.hide_cursor().unwrap();
                wire.flush().unwrap();
                terminal.process(&std::mem::take(&mut wire.out));
                assert_shown(terminal.screen(), &after);
                before = after;
            }
        }
    }

    #[test]
    fn nothing_changed_is_nothing_written() {
        let mut wire = DiffBackend::new(Vec::new());
        wire.hide_cursor().unwrap();
        wire.flush().unwrap();
        wire.out.clear();
        wire.draw(std::iter::empty()).unwrap();
        wire.hide_cursor().unwrap();
        wire.flush().unwrap();
        assert_eq!(wire.out, b"");
    }

    #[test]
    fn a_short_gap_is_written_again_and_a_long_one_stepped_over() {
        let mut wire = DiffBackend::new(Vec::new());
        let blank = Buffer::empty(Rect::new(0, 0, WIDTH, HEIGHT));
        let mut before = blank.clone();
        before.set_string(0, 0, "abcdefghijklmnop", Style::new());
        wire.draw(blank.diff(&before).into_iter()).unwrap();
        wire.bytes.clear();
        let mut after = before.clone();
        after.set_string(0, 0, "Abc", Style::new());
        after.set_string(3, 0, "D", Style::new());
        after.set_string(12, 0, "M", Style::new());
        wire.draw(before.diff(&after).into_iter()).unwrap();
        assert_eq!(wire.bytes, b"\x1b[1;1HAbcD\x1b[8CM");
    }
}
