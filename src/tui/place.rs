//! What can have the keys: every pane and input, in one table.

use crate::query::ViewTopic;

/// What has the keys. It decides which keys mean what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Tags: the list of regions.
    Regions,
    /// Tags: the world map.
    Map,
    /// Tags: the table.
    Table,
    /// Tags: the detail's prefixes.
    Detail,
    /// Tags: the filter's input.
    FilterInput,
    /// Tags: the input of the filter of regions.
    RegionFilter,
    /// Lookup: the query's input.
    QueryInput,
    /// Lookup: the answer.
    Results,
    /// Endpoints: the registry's input.
    RegistryInput,
    /// Endpoints: the registry's profile.
    Profile,
    /// Endpoints: the list of regions, whose letters filter it.
    RegionList,
    /// Endpoints: the plan.
    Plan,
    /// Endpoints: the plan's filter.
    PlanFilter,
    /// Endpoints: the selected row.
    PlanDetail,
    /// Endpoints: what to mind.
    Advice,
    /// Rules: the question to the rules.
    RuleTest,
    /// Rules: the files.
    RuleFiles,
    /// Rules: the rows.
    RuleRows,
    /// Rules: the filter's input.
    RuleFilter,
    /// Rules: the selected row, or the verdict.
    RuleDetail,
    /// Rules: findings, or the hosts of a plan.
    RuleNotes,
    /// Diff: the publications.
    Weeks,
    /// Diff: the changed tags.
    Changes,
    /// Diff: the rows of the changed tag.
    ChangeRows,
    /// Diff: the filter's input.
    ChangeFilter,
    /// Traffic: what is counted by.
    CountBy,
    /// Traffic: the counts.
    TrafficRows,
    /// Traffic: the addresses of a row.
    TrafficAddresses,
    /// Traffic: the filter's input.
    TrafficFilter,
    /// The help overlay.
    Help,
    /// The help overlay's search.
    HelpInput,
    /// The reference overlay.
    Reference,
    /// The reference overlay's search.
    ReferenceInput,
    /// The covers of what is selected.
    Fit,
    /// What can be written; letters find a target.
    Export,
    /// The text that would be written.
    ExportText,
    /// The name of the file to write.
    ExportFile,
    /// Whether to write over a file.
    ExportOver,
    /// The command line.
    CommandInput,
    /// The list of commands.
    Palette,
}

/// What the keys do in a place, by its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Lines that the letters move.
    List,
    /// A map that the arrows walk.
    Map,
    /// A text that is typed.
    Input,
    /// A filter above a list.
    Filter,
    /// A list under an input that has no text of its own: letters filter it, blanks choose.
    Picker,
    /// A list under an input.
    Prompt,
    /// A key answers it.
    Question,
}

/// A place, and what is known of it.
struct Row {
    place: Place,
    /// The view that it is of; `None` for what lies over the views.
    topic: Option<ViewTopic>,
    kind: Kind,
    /// The heading in help.
    title: &'static str,
}

const fn row(place: Place, topic: Option<ViewTopic>, kind: Kind, title: &'static str) -> Row {
    Row {
        place,
        topic,
        kind,
        title,
    }
}

/// Every place once.
const PLACES: [Row; 40] = [
    row(
        Place::Regions,
        Some(ViewTopic::Tags),
        Kind::List,
        "Tags: regions",
    ),
    row(Place::Map, Some(ViewTopic::Tags), Kind::Map, "Tags: map"),
    row(
        Place::Table,
        Some(ViewTopic::Tags),
        Kind::List,
        "Tags: table",
    ),
    row(
        Place::Detail,
        Some(ViewTopic::Tags),
        Kind::List,
        "Tags: prefixes of the tag",
    ),
    row(
        Place::FilterInput,
        Some(ViewTopic::Tags),
        Kind::Filter,
        "Tags: while typing a filter",
    ),
    row(
        Place::RegionFilter,
        Some(ViewTopic::Tags),
        Kind::Filter,
        "Tags: while typing a filter of regions",
    ),
    row(
        Place::QueryInput,
        Some(ViewTopic::Lookup),
        Kind::Input,
        "Lookup: while typing a query",
    ),
    row(
        Place::Results,
        Some(ViewTopic::Lookup),
        Kind::List,
        "Lookup: answer",
    ),
    row(
        Place::RegistryInput,
        Some(ViewTopic::Endpoints),
        Kind::Input,
        "Endpoints: while typing a registry",
    ),
    row(
        Place::Profile,
        Some(ViewTopic::Endpoints),
        Kind::List,
        "Endpoints: profile",
    ),
    row(
        Place::RegionList,
        Some(ViewTopic::Endpoints),
        Kind::Picker,
        "Endpoints: regions",
    ),
    row(
        Place::Plan,
        Some(ViewTopic::Endpoints),
        Kind::List,
        "Endpoints: plan",
    ),
    row(
        Place::PlanFilter,
        Some(ViewTopic::Endpoints),
        Kind::Filter,
        "Endpoints: while typing a filter",
    ),
    row(
        Place::PlanDetail,
        Some(ViewTopic::Endpoints),
        Kind::List,
        "Endpoints: detail",
    ),
    row(
        Place::Advice,
        Some(ViewTopic::Endpoints),
        Kind::List,
        "Endpoints: advice",
    ),
    row(
        Place::RuleTest,
        Some(ViewTopic::Rules),
        Kind::Input,
        "Rules: while typing a question",
    ),
    row(
        Place::RuleFiles,
        Some(ViewTopic::Rules),
        Kind::List,
        "Rules: files",
    ),
    row(
        Place::RuleRows,
        Some(ViewTopic::Rules),
        Kind::List,
        "Rules: rows",
    ),
    row(
        Place::RuleFilter,
        Some(ViewTopic::Rules),
        Kind::Filter,
        "Rules: while typing a filter",
    ),
    row(
        Place::RuleDetail,
        Some(ViewTopic::Rules),
        Kind::List,
        "Rules: detail",
    ),
    row(
        Place::RuleNotes,
        Some(ViewTopic::Rules),
        Kind::List,
        "Rules: findings and hosts",
    ),
    row(
        Place::Weeks,
        Some(ViewTopic::Diff),
        Kind::List,
        "Diff: weeks",
    ),
    row(
        Place::Changes,
        Some(ViewTopic::Diff),
        Kind::List,
        "Diff: changed tags",
    ),
    row(
        Place::ChangeRows,
        Some(ViewTopic::Diff),
        Kind::List,
        "Diff: rows of the tag",
    ),
    row(
        Place::ChangeFilter,
        Some(ViewTopic::Diff),
        Kind::Filter,
        "Diff: while typing a filter",
    ),
    row(
        Place::CountBy,
        Some(ViewTopic::Traffic),
        Kind::List,
        "Traffic: what is counted by",
    ),
    row(
        Place::TrafficRows,
        Some(ViewTopic::Traffic),
        Kind::List,
        "Traffic: counts",
    ),
    row(
        Place::TrafficAddresses,
        Some(ViewTopic::Traffic),
        Kind::List,
        "Traffic: addresses",
    ),
    row(
        Place::TrafficFilter,
        Some(ViewTopic::Traffic),
        Kind::Filter,
        "Traffic: while typing a filter",
    ),
    row(Place::Help, None, Kind::List, "Help"),
    row(
        Place::HelpInput,
        None,
        Kind::Input,
        "Help: while typing a search",
    ),
    row(Place::Reference, None, Kind::List, "Reference"),
    row(
        Place::ReferenceInput,
        None,
        Kind::Input,
        "Reference: while typing a search",
    ),
    row(Place::Fit, None, Kind::List, "Fit: few CIDRs"),
    row(
        Place::Export,
        None,
        Kind::Picker,
        "Export: this view, or rules",
    ),
    row(Place::ExportText, None, Kind::List, "Export: the text"),
    row(
        Place::ExportFile,
        None,
        Kind::Input,
        "Export: while typing a file's name",
    ),
    row(
        Place::ExportOver,
        None,
        Kind::Question,
        "Export: over a file that is there",
    ),
    row(Place::CommandInput, None, Kind::Prompt, "Command line"),
    row(Place::Palette, None, Kind::Prompt, "Palette"),
];

impl Place {
    /// Every place, in the order of help.
    pub fn all() -> impl Iterator<Item = Self> {
        PLACES.iter().map(|row| row.place)
    }

    fn row(self) -> Option<&'static Row> {
        PLACES.iter().find(|row| row.place == self)
    }

    fn kind(self) -> Option<Kind> {
        self.row().map(|row| row.kind)
    }

    /// Whether letters are text here.
    #[must_use]
    pub fn is_input(self) -> bool {
        matches!(self.kind(), Some(Kind::Input | Kind::Filter | Kind::Prompt))
    }

    /// Whether it lies over a view.
    #[must_use]
    pub fn is_overlay(self) -> bool {
        self.topic().is_none()
    }

    /// The view that it is of.
    #[must_use]
    pub fn topic(self) -> Option<ViewTopic> {
        self.row().and_then(|row| row.topic)
    }

    /// The heading in help.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().map_or("", |row| row.title)
    }
}

/// Where a binding holds; lists of places come from the table.
#[derive(Debug, Clone, Copy)]
pub enum Where {
    /// Only there.
    These(&'static [Place]),
    /// Lists whose lines the letters move.
    Lists,
    /// Lists under an input.
    Listed,
    /// Everything in the views but the inputs.
    Panes,
    /// Wherever a digit is no text: the panes, and texts over them.
    Letters,
    /// Lists that stand side by side; those of Endpoints and Rules have keys of their own for it.
    Sides,
    /// Inputs of the views.
    Inputs,
    /// Inputs of the views but these.
    InputsBut(&'static [Place]),
    /// Filters of the views.
    Filters,
    /// All texts that are typed, of layers too.
    Texts,
    /// Everything in the views.
    Open,
    Everywhere,
}

impl Where {
    /// The places, in the order of the table or of the list.
    #[must_use]
    pub fn places(self) -> Vec<Place> {
        match self {
            Self::These(places) => places.to_vec(),
            set => Place::all().filter(|place| set.has(*place)).collect(),
        }
    }

    /// Whether a place is there.
    #[must_use]
    pub fn has(self, place: Place) -> bool {
        let Some(row) = place.row() else { return false };
        let is_of_view = row.topic.is_some();
        match self {
            Self::These(places) => places.contains(&place),
            Self::Lists => row.kind == Kind::List,
            Self::Listed => matches!(row.kind, Kind::Picker | Kind::Prompt),
            Self::Panes => is_of_view && matches!(row.kind, Kind::List | Kind::Map),
            Self::Letters => {
                let is_read = matches!(row.kind, Kind::List | Kind::Map);
                // Digits are the number of CIDRs there.
                is_read && place != Place::Fit
            }
            Self::Sides => {
                let has_own = matches!(row.topic, Some(ViewTopic::Endpoints | ViewTopic::Rules));
                is_of_view && row.kind == Kind::List && !has_own
            }
            Self::Inputs => is_of_view && place.is_input(),
            Self::InputsBut(places) => Self::Inputs.has(place) && !places.contains(&place),
            Self::Filters => row.kind == Kind::Filter,
            Self::Texts => matches!(row.kind, Kind::Input | Kind::Filter),
            Self::Open => Self::Panes.has(place) || Self::Inputs.has(place),
            Self::Everywhere => true,
        }
    }
}
