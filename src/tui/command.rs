//! What can be done, by name.

use crate::query::Topic;

/// A thing that a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// On the map: the next region to the west.
    Left,
    /// On the map: the next region to the east.
    Right,
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
    /// To where the last jump began.
    LastPlace,
    /// Type a filter.
    Filter,
    /// The next order.
    Sort,
    /// The order turned around.
    Reverse,
    /// Watch the selected tag, or no longer.
    Mark,
    /// Only watched tags, and all again.
    WatchedOnly,
    /// Only tags that the loaded rules name or list, and all again.
    MyRules,
    /// Only rows to which something happens, and all again.
    AffectedOnly,
    /// Only tags with other addresses, and all again.
    AddressesOnly,
    /// Rows without an effect and echoes, or not.
    Noise,
    /// The selected week as the base of the comparison, and free again.
    MarkBase,
    /// The week before as the target.
    OlderWeek,
    /// The week after as the target.
    NewerWeek,
    /// The next changed tag.
    NextChange,
    /// The changed tag before.
    PreviousChange,
    /// The tag in the view Tags.
    ShowTag,
    /// Switch it on or off.
    Toggle,
    /// The selected region as the home region.
    MakeHome,
    /// The plan before and after an option.
    BeforeAfter,
    /// Ask every host of the plan (asks the network).
    Probe,
    /// Save the registry, the list of rules under a name.
    Save,
    /// Open what was saved.
    Load,
    /// Type the name of a file of rules.
    AddRules,
    /// Close the selected file of rules.
    DropRules,
    /// Type a question to the rules.
    TestRules,
    /// The registry's plan against the rules.
    TestPlan,
    /// The changes that put the rules right.
    Patch,
    /// Fetch the newest publication.
    Update,
    /// The world map in place of the table, and back.
    Map,
    /// The pane with the keys over the whole body, and back.
    Zoom,
    /// Copy what is selected.
    CopyCell,
    /// Copy the whole row, or all prefixes.
    CopyRows,
    /// Copy the command line with the same answer.
    CopyCommand,
    /// Write the answer to a file, or what is selected as rules.
    Export,
    /// What is selected within few CIDRs.
    Fit,
    /// The next number of CIDRs with another price.
    MoreCidrs,
    /// The number of CIDRs before it.
    FewerCidrs,
    /// One family alone, or both.
    Families,
    /// Tags, prefixes or the best of them.
    RuleForm,
    /// Which way rules go.
    RuleDirection,
    /// Write over the file that is there.
    WriteOver,
    /// Type a query.
    Query,
    /// The query before.
    OlderQuery,
    /// The query after.
    NewerQuery,
    /// A view.
    View(Topic),
    /// Commands for the registry, in sequences.
    Runbooks,
    /// The view to the right.
    NextView,
    /// The view to the left.
    PreviousView,
    /// The command line.
    CommandLine,
    /// Take over the selected completion.
    Complete,
    /// Every command, by typing a part of its name.
    Palette,
    /// What the keys do.
    Help,
    /// Facts about registries.
    Reference,
    /// To the shell; `fg` comes back.
    Suspend,
    /// End the program.
    Quit,
}

impl Command {
    /// The view that answers it wherever it is asked.
    #[must_use]
    pub const fn answered_by(self) -> Option<Topic> {
        match self {
            Self::Runbooks => Some(Topic::Endpoints),
            Self::TestPlan | Self::Patch => Some(Topic::Rules),
            _ => None,
        }
    }
}

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
    /// What can be written, and its text.
    Export,
    /// The filter of what can be written.
    ExportFilter,
    /// The name of the file to write.
    ExportFile,
    /// Whether to write over a file.
    ExportOver,
    /// The command line.
    CommandInput,
    /// The list of commands.
    Palette,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 35] = [
        Self::Regions,
        Self::Map,
        Self::Table,
        Self::Detail,
        Self::FilterInput,
        Self::QueryInput,
        Self::Results,
        Self::RegistryInput,
        Self::Profile,
        Self::RegionList,
        Self::Plan,
        Self::PlanFilter,
        Self::PlanDetail,
        Self::Advice,
        Self::RuleTest,
        Self::RuleFiles,
        Self::RuleRows,
        Self::RuleFilter,
        Self::RuleDetail,
        Self::RuleNotes,
        Self::Weeks,
        Self::Changes,
        Self::ChangeRows,
        Self::ChangeFilter,
        Self::Help,
        Self::HelpInput,
        Self::Reference,
        Self::ReferenceInput,
        Self::Fit,
        Self::Export,
        Self::ExportFilter,
        Self::ExportFile,
        Self::ExportOver,
        Self::CommandInput,
        Self::Palette,
    ];

    /// Whether letters are text here.
    #[must_use]
    pub const fn is_input(self) -> bool {
        matches!(
            self,
            Self::FilterInput
                | Self::QueryInput
                | Self::RegistryInput
                | Self::PlanFilter
                | Self::RuleTest
                | Self::RuleFilter
                | Self::ChangeFilter
                | Self::HelpInput
                | Self::ReferenceInput
                | Self::ExportFilter
                | Self::ExportFile
                | Self::CommandInput
                | Self::Palette
        )
    }

    /// Whether it lies over a view.
    #[must_use]
    pub const fn is_overlay(self) -> bool {
        matches!(
            self,
            Self::Help
                | Self::HelpInput
                | Self::Reference
                | Self::ReferenceInput
                | Self::Fit
                | Self::Export
                | Self::ExportFilter
                | Self::ExportFile
                | Self::ExportOver
                | Self::CommandInput
                | Self::Palette
        )
    }

    /// The heading in help.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Regions => "Tags: regions",
            Self::Map => "Tags: map",
            Self::Table => "Tags: table",
            Self::Detail => "Tags: prefixes of the tag",
            Self::FilterInput => "Tags: while typing a filter",
            Self::QueryInput => "Lookup: while typing a query",
            Self::Results => "Lookup: answer",
            Self::RegistryInput => "Endpoints: while typing a registry",
            Self::Profile => "Endpoints: profile",
            Self::RegionList => "Endpoints: regions",
            Self::Plan => "Endpoints: plan",
            Self::PlanFilter => "Endpoints: while typing a filter",
            Self::PlanDetail => "Endpoints: detail",
            Self::Advice => "Endpoints: advice",
            Self::RuleTest => "Rules: while typing a question",
            Self::RuleFiles => "Rules: files",
            Self::RuleRows => "Rules: rows",
            Self::RuleFilter => "Rules: while typing a filter",
            Self::RuleDetail => "Rules: detail",
            Self::RuleNotes => "Rules: findings and hosts",
            Self::Weeks => "Diff: weeks",
            Self::Changes => "Diff: changed tags",
            Self::ChangeRows => "Diff: rows of the tag",
            Self::ChangeFilter => "Diff: while typing a filter",
            Self::Help => "Help",
            Self::HelpInput => "Help: while typing a search",
            Self::Reference => "Reference",
            Self::ReferenceInput => "Reference: while typing a search",
            Self::Fit => "Fit: few CIDRs",
            Self::Export => "Write: view and rules",
            Self::ExportFilter => "Write: while typing a filter",
            Self::ExportFile => "Write: while typing a file's name",
            Self::ExportOver => "Write: over a file that is there",
            Self::CommandInput => "Command line",
            Self::Palette => "Palette",
        }
    }
}
