//! The engines, and what is to be known before one is chosen.

/// What a week is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportKind {
    Csv,
    Mmdb,
    ClickHouse,
    DuckDb,
    Sqlite,
    Postgres,
    Spark,
    Kusto,
    NginxGeo,
    HaproxyMap,
    Splunk,
    Elastic,
}

/// A table of CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    Lpm,
    Intervals,
    Disjoint,
    Rows,
    Sets,
}

/// What is said of a kind.
struct About {
    word: &'static str,
    title: &'static str,
    limit: &'static str,
    /// How far it was tried.
    proof: &'static str,
}

/// Run by the tests of the project against the engine itself.
const RUN: &str = "run on the engine";

impl ExportKind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 12] = [
        Self::Csv,
        Self::Mmdb,
        Self::ClickHouse,
        Self::DuckDb,
        Self::Sqlite,
        Self::Postgres,
        Self::Spark,
        Self::Kusto,
        Self::NginxGeo,
        Self::HaproxyMap,
        Self::Splunk,
        Self::Elastic,
    ];

    const fn about(self) -> About {
        match self {
            Self::Csv => About {
                word: "csv",
                title: "tables for any engine, pandas and Polars",
                limit: "no statements but a join in Polars",
                proof: RUN,
            },
            Self::Mmdb => About {
                word: "mmdb",
                title: "one .mmdb file for readers of MaxMind DB: Logstash, Vector, GoAccess, libraries",
                limit: "one record an address, with all its tags in a list; --as asn has the first alone",
                proof: RUN,
            },
            Self::ClickHouse => About {
                word: "clickhouse",
                title: "ClickHouse: a dictionary for dictGet",
                limit: "needs the right to create dictionaries",
                proof: RUN,
            },
            Self::DuckDb => About {
                word: "duckdb",
                title: "DuckDB: an ASOF join, for files of one machine",
                limit: "one machine",
                proof: RUN,
            },
            Self::Sqlite => About {
                word: "sqlite",
                title: "SQLite: an index search for each address",
                limit: "one machine, one core",
                proof: RUN,
            },
            Self::Postgres => About {
                word: "postgres",
                title: "PostgreSQL: a B-tree search for each address",
                limit: "some 60,000 addresses a second and connection",
                proof: RUN,
            },
            Self::Spark => About {
                word: "spark",
                title: "Spark, PySpark and SQL: a broadcast join",
                limit: "the tables go to every executor: 3 MB to send, 34 MB there",
                proof: RUN,
            },
            Self::Kusto => About {
                word: "kusto",
                title: "Azure Data Explorer, and Log Analytics over firewall and flow tables",
                limit: "ipv4_lookup returns every match: the table has blocks of which no two meet, so that it is one",
                proof: "parsed by Microsoft's parser, not run",
            },
            Self::NginxGeo => About {
                word: "nginx-geo",
                title: "nginx: a variable with the tag of the client",
                limit: "the most specific tag alone",
                proof: RUN,
            },
            Self::HaproxyMap => About {
                word: "haproxy-map",
                title: "HAProxy: a map from address to tag",
                limit: "the most specific tag alone",
                proof: RUN,
            },
            Self::Splunk => About {
                word: "splunk",
                title: "Splunk: a lookup by CIDR",
                limit: "takes the first row that matches: the table has the longest prefix first",
                proof: "written from documents",
            },
            Self::Elastic => About {
                word: "elastic",
                title: "Elasticsearch: an enrich policy by ip_range, a pipeline",
                limit: "enriches what is indexed from then on; ES|QL can join older documents",
                proof: "parsed as JSON, written from documents",
            },
        }
    }

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.about().word
    }

    /// What it is for.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.about().title
    }

    /// What it cannot do.
    #[must_use]
    pub const fn limit(self) -> &'static str {
        self.about().limit
    }

    /// How far it was tried.
    #[must_use]
    pub const fn proof(self) -> &'static str {
        self.about().proof
    }

    /// The kind of a word, without regard to case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let is_it = |kind: &Self| kind.word().eq_ignore_ascii_case(word);
        Self::ALL.into_iter().find(is_it)
    }

    /// Where it is written unless that is said: `tagscope-duckdb`.
    #[must_use]
    pub fn folder(self) -> String {
        format!("tagscope-{}", self.word())
    }
}

impl Shape {
    /// Every table, in the order in which they are written.
    pub const ALL: [Self; 5] = [
        Self::Lpm,
        Self::Intervals,
        Self::Disjoint,
        Self::Rows,
        Self::Sets,
    ];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lpm => "lpm",
            Self::Intervals => "intervals",
            Self::Disjoint => "disjoint",
            Self::Rows => "rows",
            Self::Sets => "sets",
        }
    }

    /// What a row of it is.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Lpm => "a prefix and the number of its tags, for longest match",
            Self::Intervals => "the first and last address of a run and the number of its tags",
            Self::Disjoint => "blocks of which no two meet and the number of their tags",
            Self::Rows => "each prefix of each tag",
            Self::Sets => "the tags of a number, which the first three refer to",
        }
    }

    /// Whether its rows hold the number of their tags only.
    #[must_use]
    pub const fn has_numbers(self) -> bool {
        matches!(self, Self::Lpm | Self::Intervals | Self::Disjoint)
    }

    /// The table of a word, without regard to case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let is_it = |shape: &Self| shape.word().eq_ignore_ascii_case(word);
        Self::ALL.into_iter().find(is_it)
    }
}
