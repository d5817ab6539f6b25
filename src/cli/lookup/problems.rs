//! Lines of a stream that were not understood, and how the others were read.

use std::fmt::Write as _;

use crate::cli::console::say;
use crate::text::{Reading, Readings, counted};

/// Problems that are said one by one.
const SINGLY: usize = 20;

/// Counts problems and says the first of them.
pub struct Problems {
    /// All of them are said.
    says_all: bool,
    is_quiet: bool,
    count: usize,
    readings: [usize; Reading::ALL.len()],
}

impl Problems {
    pub const fn new(says_all: bool, is_quiet: bool) -> Self {
        Self {
            says_all,
            is_quiet,
            count: 0,
            readings: [0; Reading::ALL.len()],
        }
    }

    /// Says what is wrong at a place, unless much has been said before.
    pub fn add(&mut self, line: usize, column: Option<usize>, text: &str) {
        self.count += 1;
        if self.says_all || self.count <= SINGLY {
            let column = column.map_or(String::new(), |column| format!(" (column {column})"));
            say(&format!("tagscope: line {line}: {text}{column}"));
        }
    }

    /// Notes how something was read.
    pub fn read(&mut self, readings: Readings) {
        for (reading, count) in Reading::ALL.iter().zip(&mut self.readings) {
            *count += usize::from(readings.has(*reading));
        }
    }

    /// Says how many were not said, and how the queries were read.
    pub fn finish(&self) {
        let more = self.count.saturating_sub(SINGLY);
        if more > 0 && !self.says_all {
            say(&format!(
                "tagscope: and {}; --strict names all",
                counted(more, "more problem", "more problems")
            ));
        }
        if self.is_quiet {
            return;
        }
        let mut text = String::new();
        for (reading, &count) in Reading::ALL.iter().zip(&self.readings) {
            if count > 0 {
                let between = if text.is_empty() { "" } else { ", " };
                let _ = write!(text, "{between}{count} {}", described(*reading));
            }
        }
        if !text.is_empty() {
            say(&format!("tagscope: how the input was read: {text}"));
        }
    }
}

/// What follows the number of queries that were read so.
const fn described(reading: Reading) -> &'static str {
    match reading {
        Reading::Mask => "with the mask behind the address",
        Reading::Wildcard => "with the wildcard mask behind the address",
        Reading::MaskAside => "without a mask that does not fit the address",
        Reading::HostBits => "as the block around the address",
        Reading::LengthAside => "without the number behind a slash",
        Reading::SpacedRange => "as a range in words",
        Reading::Mapped => "as the IPv4 address in IPv6",
        Reading::Zone => "without a zone",
        Reading::Port => "without a port",
        Reading::Defanged => "from a form that nobody follows",
    }
}
