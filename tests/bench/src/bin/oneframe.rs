//! The least that a terminal program does: one full frame, then it waits for a key.

use ratatui::crossterm::event::{Event, read};
use ratatui::widgets::{Block, Paragraph};

fn main() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let drawn = terminal.draw(|frame| {
        let area = frame.area();
        let line = "0123456789".repeat(usize::from(area.width).div_ceil(10));
        let text = vec![line; usize::from(area.height)].join("\n");
        let block = Block::bordered().title("one frame");
        frame.render_widget(Paragraph::new(text).block(block), area);
    });
    let waited = drawn.map(drop).and_then(|()| wait());
    ratatui::restore();
    waited
}

fn wait() -> std::io::Result<()> {
    while !matches!(read()?, Event::Key(_)) {}
    Ok(())
}
