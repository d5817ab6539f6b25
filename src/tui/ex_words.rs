//! What can be typed after `:`, as one table.

use crate::query::ViewTopic;
use crate::tui::Command;

/// A word of the command line.
#[derive(Debug, Clone, Copy)]
pub struct ExWord {
    /// The word.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [&'static str],
    /// What stands after it.
    pub argument: ExArgument,
    /// A phrase for help.
    pub help: &'static str,
}

/// What stands after a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExArgument {
    /// Nothing: the word is a command that a key has too.
    Nothing(Command),
    /// A tag's name.
    Tag,
    /// Whatever Lookup takes.
    Query,
    /// A region in any spelling, `all` or `none`.
    Region,
    /// Words of a filter; none clear it.
    Filter,
    /// A column to sort by.
    Sort,
    /// A date, `latest` or `previous`.
    Week,
    /// A cloud's name.
    Cloud,
    /// Two weeks; one is compared with the newest, none opens the view.
    Weeks,
    /// A published JSON.
    File,
    /// A theme's name.
    Theme,
    /// A file to write.
    Export,
    /// Whatever names a registry; none opens the view.
    Registry,
    /// The same, or a file that `az acr` wrote.
    Document,
    /// A name to save the registry, in Rules the files under.
    Save,
    /// The name of what was saved.
    Saved,
    /// Files of rules; none opens the view.
    Rules,
    /// Logs and folders of them; none opens the view.
    Logs,
    /// The tag that the selected list stands for.
    StandsFor,
    /// What rules are made for; none lists it.
    Kind,
    /// A number of CIDRs or a percentage; none asks for it.
    Limit,
}

/// Every word.
pub const EX_WORDS: &[ExWord] = &[
    word("tag", &["t"], ExArgument::Tag, "go to a tag"),
    word(
        "ip",
        &["lookup", "find"],
        ExArgument::Query,
        "look an address, a CIDR, a range or a host up",
    ),
    word(
        "region",
        &["r", "reg"],
        ExArgument::Region,
        "only tags of a region; all, none",
    ),
    word(
        "filter",
        &["f"],
        ExArgument::Filter,
        "only tags with these words; without words: all",
    ),
    word(
        "sort",
        &[],
        ExArgument::Sort,
        "order by name, changeNumber, prefixes, addresses, region, service",
    ),
    word(
        "week",
        &["w"],
        ExArgument::Week,
        "the data of another week: a date, latest, previous",
    ),
    word(
        "diff",
        &["d", "5"],
        ExArgument::Weeks,
        "what changed between two weeks: two dates, one, or none",
    ),
    word(
        "endpoints",
        &["ep", "3"],
        ExArgument::Registry,
        "what a registry needs opened: a name, a login server, an image",
    ),
    word(
        "registry",
        &[],
        ExArgument::Document,
        "the same, or a file: the JSON of az acr show, show-endpoints, replication list",
    ),
    word(
        "save",
        &[],
        ExArgument::Save,
        "save the registry of Endpoints, in Rules the files, under a name",
    ),
    word(
        "load",
        &[],
        ExArgument::Saved,
        "open a saved registry, in Rules saved files",
    ),
    word(
        "rules",
        &["4"],
        ExArgument::Rules,
        "open files of rules: registry, NSG, firewall, IP group, routes, list",
    ),
    word(
        "log",
        &["logs", "traffic", "top", "6"],
        ExArgument::Logs,
        "count logs: flow logs, Azure Firewall, access logs, tables; folders of them",
    ),
    word(
        "stands-for",
        &["stands"],
        ExArgument::StandsFor,
        "in Rules: the tag that the selected list of addresses copies; none forgets it",
    ),
    word(
        "cloud",
        &["c"],
        ExArgument::Cloud,
        "the data of another cloud: public, usgov, china, germany",
    ),
    word(
        "file",
        &["open", "e"],
        ExArgument::File,
        "open a published ServiceTags JSON, .gz too",
    ),
    word(
        "export",
        &["write", "x"],
        ExArgument::Export,
        "write the answer to a file: .csv, .json, .md, .txt",
    ),
    word(
        "make",
        &["as"],
        ExArgument::Kind,
        "write tags, the plan or rules for a target: terraform-nsg, nftables … with a preview",
    ),
    word(
        "fit",
        &[],
        ExArgument::Limit,
        "tags or rules within so many CIDRs: a number, or 5% for the fewest with 5 % extra",
    ),
    word(
        "theme",
        &[],
        ExArgument::Theme,
        "the colours: default, safe, mono, light, dark, auto",
    ),
    word(
        "map",
        &["m"],
        ExArgument::Nothing(Command::Map),
        "the world map",
    ),
    word(
        "tags",
        &["1"],
        ExArgument::Nothing(Command::View(ViewTopic::Tags)),
        "the view Tags",
    ),
    word(
        "update",
        &["refresh"],
        ExArgument::Nothing(Command::Update),
        "fetch the newest publication (asks the network)",
    ),
    word(
        "last",
        &["-"],
        ExArgument::Nothing(Command::LastPlace),
        "to where the last jump began",
    ),
    word(
        "help",
        &["h", "?"],
        ExArgument::Nothing(Command::Help),
        "what the keys do",
    ),
    word(
        "reference",
        &["ref"],
        ExArgument::Nothing(Command::Reference),
        "reference: facts about registries",
    ),
    word(
        "runbooks",
        &["runbook"],
        ExArgument::Nothing(Command::Runbooks),
        "runbooks: commands for the registry of Endpoints",
    ),
    word(
        "quit",
        &["q", "q!", "exit"],
        ExArgument::Nothing(Command::Quit),
        "end the program",
    ),
];

const fn word(
    name: &'static str,
    aliases: &'static [&'static str],
    argument: ExArgument,
    help: &'static str,
) -> ExWord {
    ExWord {
        name,
        aliases,
        argument,
        help,
    }
}
