//! What is set off.

/// What turns bold on and off again: nothing where there are no colours.
#[must_use]
pub const fn bold(has_color: bool) -> (&'static str, &'static str) {
    if has_color {
        ("\x1b[1m", "\x1b[0m")
    } else {
        ("", "")
    }
}
