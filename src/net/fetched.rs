//! What a fetch is told, what it says on the way, and what it gives.

use std::fmt;
use std::time::Duration;

use jiff::civil::Date;

use crate::text::Safe;

/// What is known of a document that is held already; makes the request conditional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldDocument {
    /// The server's `ETag`, as it came.
    pub etag: Option<String>,
    /// The server's `Last-Modified`, as it came.
    pub last_modified: Option<String>,
    /// The address it came from, as [`Fetched::url`] had it; with `None` the other two are sent to
    /// whatever address is asked.
    pub url: Option<String>,
}

/// A step of a fetch, for a progress line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchProgress {
    /// A request goes out.
    Asking {
        /// The address, without password and query.
        what: Safe,
    },
    /// The server asked for patience.
    Waiting {
        /// How long from now.
        time: Duration,
    },
    /// A part of a body came.
    Receiving {
        /// Bytes on the wire so far.
        received: u64,
        /// Bytes announced, where they were.
        total: Option<u64>,
    },
}

/// Hears of each step; called often, so it should be quick.
pub type Report<'a> = dyn FnMut(FetchProgress) + Send + 'a;

/// How a document was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchRoute {
    /// The publisher's details page named it.
    Page,
    /// The publisher's name that always means the latest.
    FixedName,
    /// The publisher's name for a date.
    DatedName,
    /// The user gave its address.
    Given,
    /// The user's template of dated names.
    Mirror,
    /// The Service Tag Discovery API.
    Api,
}

/// A document that came whole: its end is there, its tags are not looked at yet.
///
/// Its `Debug` form tells the length of the megabytes and not each of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// JSON text without compression.
    pub bytes: Vec<u8>,
    /// The address that was asked, without password, query and fragment.
    pub url: String,
    /// From the file's name, where it has one; `None` from the API and mostly for
    /// [`Route::FixedName`].
    pub date: Option<Date>,
    /// How it was found.
    pub route: FetchRoute,
    /// The server's `ETag`.
    pub etag: Option<String>,
    /// The server's `Last-Modified`.
    pub last_modified: Option<String>,
    /// What the user should hear besides: what failed before, where a redirect led.
    pub notes: Vec<Safe>,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched")
            .field("bytes", &self.bytes.len())
            .field("url", &self.url)
            .field("date", &self.date)
            .field("route", &self.route)
            .field("etag", &self.etag)
            .field("last_modified", &self.last_modified)
            .field("notes", &self.notes)
            .finish()
    }
}

/// The answer to a question that may be conditional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Latest {
    /// Another document than the known one, or perhaps the same: compare the contents.
    New(Fetched),
    /// The server says that the known document is the current one.
    NotModified {
        /// The address that was asked.
        url: String,
        /// From the file's name.
        date: Option<Date>,
        /// What failed before this address was asked.
        notes: Vec<Safe>,
    },
}
