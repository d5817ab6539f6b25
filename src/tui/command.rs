//! What can be done, by name.

use crate::query::ViewTopic;

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
    /// What lies over the view is closed.
    Close,
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
    /// Type the names of logs.
    AddLogs,
    /// Count by the next: service, tag, region, rule.
    CountByNext,
    /// Only what is in no tag, and all again.
    NowhereOnly,
    /// Only what was denied, and all again.
    DeniedOnly,
    /// Only addresses whose tags the weeks change, and all again.
    ChangedOnly,
    /// What changed for it, in Diff.
    ShowChanges,
    /// The rules that have to do with it, in Rules.
    ShowRules,
    /// The tag in the view Tags.
    ShowTag,
    /// Switch it on or off.
    Toggle,
    /// The selected region as the home region.
    MakeHome,
    /// The last change taken back.
    Undo,
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
    View(ViewTopic),
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
    pub const fn answered_by(self) -> Option<ViewTopic> {
        match self {
            Self::Runbooks => Some(ViewTopic::Endpoints),
            Self::TestPlan | Self::Patch => Some(ViewTopic::Rules),
            _ => None,
        }
    }

    /// Words by which people look for it and that its help does not have.
    #[must_use]
    pub const fn other_words(self) -> &'static str {
        match self {
            Self::Filter => "search find grep limit nsg udr firewall feature region service",
            Self::Query => "search find ip address whois",
            Self::Export => {
                "save download file ticket csv json markdown terraform bicep arm az cli nsg udr \
                 firewall acr ip-group route nftables ipset nginx haproxy edl template export"
            }
            Self::Fit => "summarize aggregate collapse shrink reduce limit 200 extra export",
            Self::CopyCell | Self::CopyRows => "clipboard yank select",
            Self::CopyCommand => "clipboard script shell automate cli export",
            Self::Noise => "echo echoes covered overlap noise hidden toggle filter",
            Self::AddressesOnly => "number only ip prefixes filter",
            Self::WatchedOnly => "favourites starred pinned filter",
            Self::MyRules => "affected nsg firewall hits impact touched filter",
            Self::AffectedOnly => "hits impact changed touched filter",
            Self::NextChange | Self::PreviousChange => "hit affected jump",
            Self::Mark => "favourite star pin bookmark mark toggle",
            Self::MarkBase => "compare from since",
            Self::OlderWeek | Self::NewerWeek => "previous next publication date version",
            Self::Update => "download update refresh reload latest new week",
            Self::AddRules => "load import nsg firewall terraform bicep arm json",
            Self::TestRules => "question allowed blocked connect access would pass",
            Self::TestPlan => "registry acr blocked hosts",
            Self::Patch => "fix repair az commands apply update",
            Self::Undo => "revert mistake back restore",
            Self::BeforeAfter => "compare difference toggle",
            Self::Probe => "test connect dns tls reachable ping curl",
            Self::Runbooks => "az commands steps how to script",
            Self::Reference => "docs facts sku tier limits authentication help",
            Self::AddLogs => "open load import flow firewall access nginx traffic file",
            Self::CountByNext => "group tag service region rule",
            Self::NowhereOnly => "unknown outside nowhere filter",
            Self::DeniedOnly => "blocked dropped firewall filter",
            Self::ChangedOnly => "week touched affected against diff filter",
            Self::ShowChanges => "go jump diff week changed",
            Self::ShowRules => "go jump nsg firewall",
            Self::ShowTag => "go jump open",
            Self::LastPlace => "back jump return history",
            Self::Zoom => "full screen maximize large",
            Self::Sort | Self::Reverse => "order column",
            Self::Map => "regions geography world",
            Self::Palette | Self::CommandLine => "find commands",
            Self::Quit => "exit close leave",
            Self::Suspend => "background shell",
            _ => "",
        }
    }
}
