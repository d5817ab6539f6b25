//! The least that a process costs: starts and ends.

fn main() {}
