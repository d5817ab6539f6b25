//! Pages and tables for tickets and pull requests.

use std::io::{self, Write};

use crate::query::{Align, Sheet};
use crate::report::md::{Md, MdPlace, fence};
use crate::text::clean;

/// Writes blocks of Markdown, an empty line between them.
///
/// All of our Markdown goes through it: it takes [`Md`], and lines of code, which it fences in.
pub struct MarkdownPage<'a, W: Write> {
    out: &'a mut W,
    before: PageBlock,
}

/// What stands above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum PageBlock {
    #[default]
    Nothing,
    Whole,
    /// An item of a list: the next one goes on with it.
    Item,
    /// A row of a table.
    Row,
}

impl<'a, W: Write> MarkdownPage<'a, W> {
    /// A new page.
    pub const fn new(out: &'a mut W) -> Self {
        Self {
            out,
            before: PageBlock::Nothing,
        }
    }

    /// What goes on below a page that has been written.
    pub const fn below(out: &'a mut W) -> Self {
        Self {
            out,
            before: PageBlock::Whole,
        }
    }

    fn begin(&mut self, block: PageBlock) -> io::Result<()> {
        let goes_on = self.before == block && block != PageBlock::Whole;
        if !goes_on && self.before != PageBlock::Nothing {
            writeln!(self.out)?;
        }
        self.before = block;
        Ok(())
    }

    /// A heading; 2 is the page's own.
    ///
    /// # Errors
    /// The writer's, as for all blocks.
    pub fn heading(&mut self, level: usize, text: &Md) -> io::Result<()> {
        self.begin(PageBlock::Whole)?;
        writeln!(
            self.out,
            "{} {}",
            "#".repeat(level),
            text.at(MdPlace::Heading)
        )
    }

    /// A paragraph of one line.
    ///
    /// # Errors
    /// The writer's.
    pub fn paragraph(&mut self, text: &Md) -> io::Result<()> {
        self.begin(PageBlock::Whole)?;
        writeln!(self.out, "{}", text.at(MdPlace::Line))
    }

    /// An item of a list.
    ///
    /// # Errors
    /// The writer's.
    pub fn item(&mut self, text: &Md) -> io::Result<()> {
        self.begin(PageBlock::Item)?;
        writeln!(self.out, "- {}", text.at(MdPlace::Line))
    }

    /// An item below an item.
    ///
    /// # Errors
    /// The writer's.
    pub fn sub_item(&mut self, text: &Md) -> io::Result<()> {
        self.begin(PageBlock::Item)?;
        writeln!(self.out, "  - {}", text.at(MdPlace::Line))
    }

    /// An item of a list with numbers.
    ///
    /// # Errors
    /// The writer's.
    pub fn numbered(&mut self, number: usize, text: &Md) -> io::Result<()> {
        self.begin(PageBlock::Item)?;
        writeln!(self.out, "{number}. {}", text.at(MdPlace::Line))
    }

    /// Lines of code, cleaned; `language` is a word or nothing.
    ///
    /// # Errors
    /// The writer's.
    pub fn code<T: AsRef<str>>(
        &mut self,
        language: &'static str,
        lines: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        self.begin(PageBlock::Whole)?;
        let lines: Vec<T> = lines.into_iter().collect();
        let fences = lines.iter().map(|line| fence(line.as_ref(), 3));
        let fence = fences.max().unwrap_or_else(|| fence("", 3));
        writeln!(self.out, "{fence}{language}")?;
        for line in lines {
            writeln!(self.out, "{}", clean(line.as_ref()))?;
        }
        writeln!(self.out, "{fence}")
    }

    /// A table with its head; nothing at all in a cell is `–`.
    ///
    /// # Errors
    /// The writer's.
    pub fn sheet(&mut self, sheet: &impl Sheet) -> io::Result<()> {
        let columns = sheet.columns().iter();
        self.head(columns.map(|column| (Md::text(column.title), column.align)))?;
        self.rows(sheet)
    }

    /// The head of a table.
    ///
    /// # Errors
    /// The writer's.
    pub fn head(&mut self, columns: impl Iterator<Item = (Md, Align)> + Clone) -> io::Result<()> {
        self.begin(PageBlock::Whole)?;
        self.row(columns.clone().map(|(title, _)| title))?;
        let rules = columns.map(|(_, align)| match align {
            Align::Left => "---|",
            Align::Right => "---:|",
        });
        writeln!(self.out, "|{}", rules.collect::<String>())
    }

    /// The rows of a table whose head stands above.
    ///
    /// # Errors
    /// The writer's.
    pub fn rows(&mut self, sheet: &impl Sheet) -> io::Result<()> {
        for row in 0..sheet.len() {
            let cells = 0..sheet.columns().len();
            self.row(cells.map(|column| Md::text(&sheet.cell(row, column).shown())))?;
        }
        Ok(())
    }

    /// A row of a table whose head stands above.
    ///
    /// # Errors
    /// The writer's.
    pub fn row(&mut self, cells: impl Iterator<Item = Md>) -> io::Result<()> {
        self.before = PageBlock::Row;
        let cells = cells.map(|cell| format!(" {} |", cell.at(MdPlace::Cell)));
        writeln!(self.out, "|{}", cells.collect::<String>())
    }
}

/// Writes a table; nothing in a cell is taken for markup. Without its head it goes on with one.
///
/// # Errors
/// The writer's.
pub fn write_markdown(sheet: &impl Sheet, has_head: bool, out: &mut impl Write) -> io::Result<()> {
    let mut page = MarkdownPage::new(out);
    if has_head {
        page.sheet(sheet)
    } else {
        page.rows(sheet)
    }
}

/// Answers one below the other, whose tables are one until a sentence stands between them.
#[derive(Debug, Default)]
pub struct MarkdownAnswers(PageBlock);

impl MarkdownAnswers {
    /// A table.
    ///
    /// # Errors
    /// The writer's.
    pub fn sheet(&mut self, sheet: &impl Sheet, out: &mut impl Write) -> io::Result<()> {
        let before = self.0;
        let mut page = MarkdownPage { out, before };
        if before == PageBlock::Row {
            page.rows(sheet)?;
        } else {
            page.sheet(sheet)?;
        }
        self.0 = page.before;
        Ok(())
    }

    /// A sentence.
    ///
    /// # Errors
    /// The writer's.
    pub fn sentence(&mut self, text: &Md, out: &mut impl Write) -> io::Result<()> {
        let before = self.0;
        let mut page = MarkdownPage { out, before };
        page.paragraph(text)?;
        self.0 = page.before;
        Ok(())
    }
}
