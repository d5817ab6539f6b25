//! The views, each a topic with a screen and a verb.

/// What a view is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ViewTopic {
    /// Browse the tags.
    Tags,
    /// Look an address up.
    Lookup,
    /// Plan what one registry needs opened.
    Endpoints,
    /// Hold rules against a week.
    Rules,
    /// Review what changed between two weeks.
    Diff,
    /// See what logs have to do with the tags.
    Traffic,
}

impl ViewTopic {
    /// Every view that exists, by number.
    pub const ALL: [Self; 6] = [
        Self::Tags,
        Self::Lookup,
        Self::Endpoints,
        Self::Rules,
        Self::Diff,
        Self::Traffic,
    ];

    /// The key that opens the view; a view keeps its number for ever.
    #[must_use]
    pub const fn number(self) -> char {
        match self {
            Self::Tags => '1',
            Self::Lookup => '2',
            Self::Endpoints => '3',
            Self::Rules => '4',
            Self::Diff => '5',
            Self::Traffic => '6',
        }
    }

    /// The name on the tab.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Tags => "Tags",
            Self::Lookup => "Lookup",
            Self::Endpoints => "Endpoints",
            Self::Rules => "Rules",
            Self::Diff => "Diff",
            Self::Traffic => "Traffic",
        }
    }

    /// The verb with the same answers.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Lookup => "lookup",
            Self::Endpoints => "endpoints",
            Self::Rules => "rules",
            Self::Diff => "diff",
            Self::Traffic => "top",
        }
    }

    /// The view after it or before it, around the ends.
    #[must_use]
    pub fn neighbour(self, is_next: bool) -> Self {
        let step = if is_next { 1 } else { Self::ALL.len() - 1 };
        let own = Self::ALL.iter().position(|&other| other == self);
        let next = own.map(|own| (own + step) % Self::ALL.len());
        next.and_then(|next| Self::ALL.get(next).copied())
            .unwrap_or(self)
    }
}
