//! Bars of text.

/// A bar in eighths of a column.
#[must_use]
pub fn bar(eighths: usize, room: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let whole = (eighths / 8).min(room);
    let part = if whole < room {
        PARTS.get(eighths % 8).copied().unwrap_or("")
    } else {
        ""
    };
    format!("{}{part}", "█".repeat(whole))
}
