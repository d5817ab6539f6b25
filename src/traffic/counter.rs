//! What counts the addresses of logs.

use crate::traffic::{End, Flow, Home, Sets};

/// Takes in one address after the other.
pub trait Counter {
    /// An address that stands somewhere, and what its record says.
    fn count(&mut self, end: End, home: Home, sets: &Sets<'_>, flow: &Flow<'_>);
}
