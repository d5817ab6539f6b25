//! What can be done, by name.

/// A thing that a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// Half a page up.
    HalfPageUp,
    /// Half a page down.
    HalfPageDown,
    /// The first row.
    First,
    /// The last row.
    Last,
    /// The pane to the right.
    NextPane,
    /// The pane to the left.
    PreviousPane,
    /// Open or follow what is selected.
    Open,
    /// One level up; never quits.
    Back,
    /// Type a filter.
    Filter,
    /// The next order.
    Sort,
    /// The order turned around.
    Reverse,
    /// Type a query.
    Query,
    /// The view Tags.
    ViewTags,
    /// The view Lookup.
    ViewLookup,
    /// The view to the right.
    NextView,
    /// The view to the left.
    PreviousView,
    /// What the keys do.
    Help,
    /// To the shell; `fg` comes back.
    Suspend,
    /// End the program.
    Quit,
}

/// What has the keys. It decides which keys mean what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Tags: the list of regions.
    Regions,
    /// Tags: the table.
    Table,
    /// Tags: the detail's prefixes.
    Detail,
    /// Tags: the filter's input.
    FilterInput,
    /// Lookup: the query's input.
    QueryInput,
    /// Lookup: the answer.
    Results,
    /// The help overlay.
    Help,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 7] = [
        Self::Regions,
        Self::Table,
        Self::Detail,
        Self::FilterInput,
        Self::QueryInput,
        Self::Results,
        Self::Help,
    ];

    /// Whether letters are text here.
    #[must_use]
    pub const fn is_input(self) -> bool {
        matches!(self, Self::FilterInput | Self::QueryInput)
    }

    /// The heading in help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Regions => "Tags: regions",
            Self::Table => "Tags: table",
            Self::Detail => "Tags: prefixes of the tag",
            Self::FilterInput => "Tags: while typing a filter",
            Self::QueryInput => "Lookup: while typing a query",
            Self::Results => "Lookup: answer",
            Self::Help => "Help",
        }
    }
}
