//! Screens as pictures (SVG), to be looked at; `tests/pictures/run` makes them all.

use std::fmt::Write;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::dashboard::script;
use crate::readme::first_screen;
use crate::screens::screens;

/// Pixels of a cell.
const CELL: (f32, f32) = (8.4, 17.0);
/// From the top of a cell to the line that letters stand on.
const BASELINE: f32 = 13.0;
const MARGIN: f32 = 10.0;
const FONTS: &str = "DejaVu Sans Mono,Menlo,Consolas,Liberation Mono,monospace";

/// The colours of a terminal that are its own.
struct Terminal {
    name: &'static str,
    background: &'static str,
    foreground: &'static str,
}

const BLACK: Terminal = Terminal {
    name: "black",
    background: "#000000",
    foreground: "#e5e5e5",
};
const WHITE: Terminal = Terminal {
    name: "white",
    background: "#ffffff",
    foreground: "#000000",
};
const SOLARIZED_DARK: Terminal = Terminal {
    name: "solarized-dark",
    background: "#002b36",
    foreground: "#839496",
};
const SOLARIZED_LIGHT: Terminal = Terminal {
    name: "solarized-light",
    background: "#fdf6e3",
    foreground: "#657b83",
};

const LOOKS: [(&str, Terminal); 8] = [
    ("default", BLACK),
    ("safe", BLACK),
    ("safe", WHITE),
    ("mono", BLACK),
    ("light", WHITE),
    ("light", SOLARIZED_LIGHT),
    ("dark", BLACK),
    ("dark", SOLARIZED_DARK),
];

/// A colour as xterm shows it.
fn hex(color: Color, own: &'static str) -> String {
    let known = match color {
        Color::Reset => own,
        Color::Rgb(red, green, blue) => return format!("#{red:02x}{green:02x}{blue:02x}"),
        Color::Red => "#cd0000",
        Color::Green => "#00cd00",
        Color::Yellow => "#cdcd00",
        Color::Blue => "#5c5cff",
        Color::Magenta => "#cd00cd",
        Color::Cyan => "#00cdcd",
        Color::DarkGray => "#7f7f7f",
        other => panic!("no theme has {other}"),
    };
    known.to_owned()
}

impl Terminal {
    /// Colours of the letters and of what lies behind them.
    fn colours(&self, cell: &Cell) -> (String, String) {
        let letters = hex(cell.fg, self.foreground);
        let behind = hex(cell.bg, self.background);
        if cell.modifier.contains(Modifier::REVERSED) {
            (behind, letters)
        } else {
            (letters, behind)
        }
    }

    fn draw(&self, buffer: &Buffer) -> String {
        let (columns, rows) = (f32::from(buffer.area.width), f32::from(buffer.area.height));
        let (width, height) = (
            columns * CELL.0 + 2.0 * MARGIN,
            rows * CELL.1 + 2.0 * MARGIN,
        );
        let mut picture = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
             width=\"{width:.0}\" height=\"{height:.0}\" font-family=\"{FONTS}\" font-size=\"14\">\n\
             <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{}\"/>\n",
            self.background
        );
        for y in 0..buffer.area.height {
            let row: Vec<&Cell> = (0..buffer.area.width).map(|x| &buffer[(x, y)]).collect();
            let mut from = 0;
            for run in row.chunk_by(|one, other| one.style() == other.style()) {
                self.draw_run(&mut picture, run, (from, y));
                from += u16::try_from(run.len()).unwrap();
            }
        }
        picture + "</svg>\n"
    }

    /// Cells of one look; gaps in them end a text, so that letters stay in their columns.
    fn draw_run(&self, picture: &mut String, run: &[&Cell], (from, row): (u16, u16)) {
        let (letters, behind) = self.colours(run[0]);
        let modifier = run[0].modifier;
        let wide = |cells: usize| f32::from(u16::try_from(cells).unwrap()) * CELL.0;
        let place = |column: usize| MARGIN + wide(usize::from(from) + column);
        let top = MARGIN + f32::from(row) * CELL.1;
        if behind != self.background {
            writeln!(
                picture,
                "<rect x=\"{:.1}\" y=\"{top:.0}\" width=\"{:.1}\" height=\"{:.0}\" fill=\"{behind}\"/>",
                place(0),
                wide(run.len()),
                CELL.1
            )
            .unwrap();
        }
        let mut attributes = String::new();
        for (own, text) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::DIM, " opacity=\"0.6\""),
            (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        ] {
            if modifier.contains(own) {
                attributes += text;
            }
        }
        let mut column = 0;
        for words in run.chunk_by(|one, other| (one.symbol() == " ") == (other.symbol() == " ")) {
            let text: String = words.iter().map(|cell| cell.symbol()).collect();
            if !text.trim().is_empty() {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                writeln!(
                    picture,
                    "<text x=\"{:.1}\" y=\"{:.0}\" textLength=\"{:.1}\" fill=\"{letters}\"{attributes}>{text}</text>",
                    place(column),
                    top + BASELINE,
                    wide(words.len())
                )
                .unwrap();
            }
            column += words.len();
        }
    }
}

const OF_README: &str = "assets/tagscope.svg";
/// Most bytes of the picture in the README.
const MOST_BYTES: usize = 150_000;

#[test]
#[ignore = "makes files to look at; tests/pictures/run runs it"]
fn draws_every_view_in_every_theme() {
    let folder = Path::new("target/pictures");
    std::fs::create_dir_all(folder).unwrap();
    for (theme, terminal) in &LOOKS {
        for (view, keys) in screens() {
            let buffer = script((120, 40), theme).keys(keys).buffer();
            let name = format!("{view}_{theme}_{}.svg", terminal.name);
            std::fs::write(folder.join(name), terminal.draw(&buffer)).unwrap();
        }
    }
    std::fs::write(OF_README, of_readme()).unwrap();
}

fn of_readme() -> String {
    BLACK.draw(&first_screen("dark").buffer())
}

#[test]
fn the_picture_of_the_readme_is_what_the_program_shows() {
    let picture = std::fs::read_to_string(OF_README).unwrap();
    assert!(picture.len() <= MOST_BYTES, "{} bytes", picture.len());
    let is_new = picture == of_readme();
    assert!(
        is_new,
        "the screen has changed: tests/pictures/run draws it anew"
    );
    assert!(crate::readme::readme().contains(&format!("({OF_README})")));
}

/// What is not drawn in a colour of the theme has whatever the terminal has, which may be unreadable.
#[test]
fn the_fixed_themes_leave_no_letter_to_the_terminal() {
    for theme in ["light", "dark"] {
        for (view, keys) in screens() {
            let buffer = script((120, 40), theme).keys(keys).buffer();
            for (place, cell) in buffer.content.iter().enumerate() {
                let is_open = cell.symbol() != " " && cell.fg == Color::Reset;
                assert!(
                    !is_open,
                    "{theme}, {view}: {} in cell {place}",
                    cell.symbol()
                );
            }
        }
    }
}

#[test]
fn a_picture_has_every_letter_and_no_other_element() {
    let buffer = script((80, 24), "dark").keys("2<Esc>").buffer();
    let picture = BLACK.draw(&buffer);
    let letters = |text: &str| {
        text.chars()
            .filter(|letter| !letter.is_whitespace())
            .count()
    };
    let lines = picture.lines().filter(|line| line.starts_with("<text"));
    let drawn: usize = lines
        .map(|line| line.split_once('>').unwrap().1.trim_end_matches("</text>"))
        .map(letters)
        .sum();
    assert_eq!(drawn, letters(&crate::dashboard::text(&buffer)));
}
