//! Which row of a list is selected, and which is on top.

use crate::tui::Command;

/// A selection and a scroll offset; [`List::settle`] keeps both within the rows and the height.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct List {
    /// The selected row, from 0.
    pub selected: usize,
    /// The row on top.
    pub offset: usize,
}

impl List {
    /// Moves by a command; false when it is no movement.
    pub fn run(&mut self, command: Command, rows: usize, height: usize) -> bool {
        let page = height.max(1);
        let (step, is_back) = match command {
            Command::Up => (1, true),
            Command::Down => (1, false),
            Command::PageUp => (page, true),
            Command::PageDown => (page, false),
            Command::HalfPageUp => (page.div_ceil(2), true),
            Command::HalfPageDown => (page.div_ceil(2), false),
            Command::First => (usize::MAX, true),
            Command::Last => (usize::MAX, false),
            _ => return false,
        };
        self.selected = if is_back {
            self.selected.saturating_sub(step)
        } else {
            self.selected.saturating_add(step)
        };
        self.settle(rows, height);
        true
    }

    /// Off a row where nothing can be selected: on, or back, to the nearest one that can be.
    pub fn skip(&mut self, rows: usize, is_back: bool, can_stop: impl Fn(usize) -> bool) {
        let from = self.selected.min(rows.saturating_sub(1));
        let ahead = || (from..rows).find(|&row| can_stop(row));
        let behind = || (0..=from).rev().find(|&row| can_stop(row));
        let found = if is_back {
            behind().or_else(ahead)
        } else {
            ahead().or_else(behind)
        };
        self.selected = found.unwrap_or(from);
    }

    /// Brings the selection into the rows and the offset to where the selection is visible.
    pub fn settle(&mut self, rows: usize, height: usize) {
        self.selected = self.selected.min(rows.saturating_sub(1));
        let height = height.max(1);
        let highest = rows.saturating_sub(height);
        let least = (self.selected + 1).saturating_sub(height);
        self.offset = self
            .offset
            .clamp(least, self.selected.max(least))
            .min(highest.max(least));
    }

    /// The rows on screen.
    #[must_use]
    pub fn visible(&self, rows: usize, height: usize) -> std::ops::Range<usize> {
        let from = self.offset.min(rows);
        from..rows.min(from.saturating_add(height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_is_always_visible() {
        let commands = [
            Command::Down,
            Command::Last,
            Command::Up,
            Command::PageUp,
            Command::HalfPageDown,
            Command::First,
            Command::PageDown,
        ];
        for rows in 0..12 {
            for height in 0..6 {
                let mut list = List::default();
                for command in commands.iter().cycle().take(40) {
                    assert!(list.run(*command, rows, height));
                    let visible = list.visible(rows, height.max(1));
                    assert!(
                        rows == 0 || visible.contains(&list.selected),
                        "{list:?} {rows} {height}"
                    );
                    assert!(
                        visible.len() == rows.min(height.max(1)),
                        "{list:?} {rows} {height}"
                    );
                }
            }
        }
    }
}
