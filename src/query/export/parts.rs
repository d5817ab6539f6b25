//! Which files a kind has, and what each is made of.

use crate::query::export::fill::Stamp;
use crate::query::export::mmdb::{ipv4_place, write as write_mmdb};
use crate::query::export::tables::TagTables;
use crate::query::export::write::{
    Digits, bulk, disjoint, disjoint_tags, intervals, longest_first, lpm, mapped, proxy, rows, sets,
};
use crate::query::export::{ExportKind, ExportQuestion, ExportRefusal, RecordForm, Shape};
use crate::space::Block;

/// What a file is made of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Lpm,
    Intervals(Digits),
    Disjoint,
    Rows,
    Sets,
    /// Blocks of which no two meet, with their tags.
    DisjointTags,
    /// Prefixes with their tags, the longest first.
    LongestFirst,
    /// Documents for `_bulk`.
    Bulk,
    Database(RecordForm),
    Geo,
    Map,
    /// A text with places for the week, behind two lines with it as comments.
    Text(&'static str, Comment),
}

/// What begins a line of comment.
#[derive(Debug, Clone, Copy)]
pub(super) enum Comment {
    /// The text says the week itself.
    Own,
    Sql,
    Hash,
    Slashes,
}

impl Comment {
    const fn mark(self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            Self::Sql => Some("--"),
            Self::Hash => Some("#"),
            Self::Slashes => Some("//"),
        }
    }
}

/// A text of `assets/export`.
macro_rules! text {
    ($path:literal, $comment:ident) => {
        Part::Text(
            include_str!(concat!("../../../assets/export/", $path)),
            Comment::$comment,
        )
    };
}

type Parts = &'static [(&'static str, Part)];

const CLICKHOUSE: Parts = &[
    ("lpm.csv", Part::Lpm),
    ("sets.csv", Part::Sets),
    ("load.sql", text!("clickhouse/load.sql", Sql)),
    ("query.sql", text!("clickhouse/query.sql", Sql)),
    ("README.md", text!("clickhouse/README.md", Own)),
];

const DUCKDB: Parts = &[
    ("intervals.csv", Part::Intervals(Digits::Hex)),
    ("sets.csv", Part::Sets),
    ("load.sql", text!("duckdb/load.sql", Sql)),
    ("query.sql", text!("duckdb/query.sql", Sql)),
    ("README.md", text!("duckdb/README.md", Own)),
];

const SQLITE: Parts = &[
    ("intervals.csv", Part::Intervals(Digits::Hex)),
    ("sets.csv", Part::Sets),
    ("load.sql", text!("sqlite/load.sql", Sql)),
    ("query.sql", text!("sqlite/query.sql", Sql)),
    ("README.md", text!("sqlite/README.md", Own)),
];

const POSTGRES: Parts = &[
    ("intervals.csv", Part::Intervals(Digits::Addresses)),
    ("sets.csv", Part::Sets),
    ("load.sql", text!("postgres/load.sql", Sql)),
    ("query.sql", text!("postgres/query.sql", Sql)),
    ("README.md", text!("postgres/README.md", Own)),
];

const SPARK: Parts = &[
    ("intervals.csv", Part::Intervals(Digits::Hex)),
    ("sets.csv", Part::Sets),
    ("query.sql", text!("spark/query.sql", Sql)),
    ("tags.py", text!("spark/tags.py", Hash)),
    ("README.md", text!("spark/README.md", Own)),
];

const KUSTO: Parts = &[
    ("azure_tags.csv", Part::DisjointTags),
    ("load.kql", text!("kusto/load.kql", Slashes)),
    ("query.kql", text!("kusto/query.kql", Slashes)),
    ("firewall.kql", text!("kusto/firewall.kql", Slashes)),
    ("flows.kql", text!("kusto/flows.kql", Slashes)),
    ("README.md", text!("kusto/README.md", Own)),
];

const NGINX: Parts = &[
    ("azure_tag.conf", Part::Geo),
    ("example.conf", text!("nginx-geo/example.conf", Hash)),
    ("README.md", text!("nginx-geo/README.md", Own)),
];

const HAPROXY: Parts = &[
    ("azure_tag.map", Part::Map),
    ("example.cfg", text!("haproxy-map/example.cfg", Hash)),
    ("README.md", text!("haproxy-map/README.md", Own)),
];

const SPLUNK: Parts = &[
    ("azure_tags.csv", Part::LongestFirst),
    ("transforms.conf", text!("splunk/transforms.conf", Hash)),
    ("query.spl", text!("splunk/query.spl", Own)),
    ("README.md", text!("splunk/README.md", Own)),
];

const ELASTIC: Parts = &[
    ("tags.ndjson", Part::Bulk),
    ("index.json", text!("elastic/index.json", Own)),
    ("policy.json", text!("elastic/policy.json", Own)),
    ("pipeline.json", text!("elastic/pipeline.json", Own)),
    ("load.sh", text!("elastic/load.sh", Hash)),
    ("query.esql", text!("elastic/query.esql", Slashes)),
    ("README.md", text!("elastic/README.md", Own)),
];

/// The files of an export, in the order in which they are written.
pub(super) fn parts(question: &ExportQuestion) -> Vec<(&'static str, Part)> {
    let parts = match question.kind {
        ExportKind::Csv => return csv(question),
        ExportKind::Mmdb => return mmdb(question.form),
        ExportKind::ClickHouse => CLICKHOUSE,
        ExportKind::DuckDb => DUCKDB,
        ExportKind::Sqlite => SQLITE,
        ExportKind::Postgres => POSTGRES,
        ExportKind::Spark => SPARK,
        ExportKind::Kusto => KUSTO,
        ExportKind::NginxGeo => NGINX,
        ExportKind::HaproxyMap => HAPROXY,
        ExportKind::Splunk => SPLUNK,
        ExportKind::Elastic => ELASTIC,
    };
    parts.to_vec()
}

fn csv(question: &ExportQuestion) -> Vec<(&'static str, Part)> {
    let asked = &question.shapes;
    let has_numbers = asked.iter().any(|shape| shape.has_numbers());
    // A number alone says nothing.
    let is_asked = |shape: &Shape| {
        asked.is_empty() || asked.contains(shape) || *shape == Shape::Sets && has_numbers
    };
    let table = |shape: Shape| match shape {
        Shape::Lpm => ("lpm.csv", Part::Lpm),
        Shape::Intervals => ("intervals.csv", Part::Intervals(question.digits)),
        Shape::Disjoint => ("disjoint.csv", Part::Disjoint),
        Shape::Rows => ("rows.csv", Part::Rows),
        Shape::Sets => ("sets.csv", Part::Sets),
    };
    let tables = Shape::ALL.into_iter().filter(is_asked).map(table);
    let mut parts: Vec<_> = tables.collect();
    if asked.is_empty() || asked.contains(&Shape::Intervals) {
        parts.push(("query.py", text!("csv/query.py", Hash)));
    }
    parts.push(("README.md", text!("csv/README.md", Own)));
    parts
}

fn mmdb(form: RecordForm) -> Vec<(&'static str, Part)> {
    let readme = match form {
        RecordForm::Tags => text!("mmdb/README.md", Own),
        RecordForm::Asn => text!("mmdb/README-asn.md", Own),
    };
    let mut parts = vec![
        ("azure-tags.mmdb", Part::Database(form)),
        ("README.md", readme),
    ];
    if form == RecordForm::Tags {
        parts.push(("query.py", text!("mmdb/query.py", Hash)));
    }
    parts
}

/// Where no prefix of IPv6 may be.
pub(super) fn reserved(question: &ExportQuestion) -> Vec<Block> {
    let parts = parts(question);
    let has = |is_it: fn(&Part) -> bool| parts.iter().any(|(_, part)| is_it(part));
    let mut places = Vec::new();
    if has(|part| matches!(part, Part::Database(_))) {
        places.push(ipv4_place());
    }
    let is_mapped = |part: &Part| matches!(part, Part::Database(_) | Part::Intervals(Digits::Hex));
    if has(is_mapped) || question.kind == ExportKind::ClickHouse {
        places.push(mapped());
    }
    places
}

impl Part {
    /// The bytes of the file.
    pub(super) fn bytes(
        self,
        tables: &TagTables<'_>,
        stamp: &Stamp,
    ) -> Result<Vec<u8>, ExportRefusal> {
        Ok(match self {
            Self::Lpm => lpm(tables),
            Self::Intervals(digits) => intervals(tables, digits),
            Self::Disjoint => disjoint(tables),
            Self::Rows => rows(tables),
            Self::Sets => sets(tables),
            Self::DisjointTags => disjoint_tags(tables),
            Self::LongestFirst => longest_first(tables),
            Self::Bulk => bulk(tables)?,
            Self::Database(form) => write_mmdb(tables, form, &stamp.about()),
            Self::Geo => geo(tables, stamp),
            Self::Map => {
                let mut out = comments(stamp, "#").into_bytes();
                out.extend(proxy(tables, ["", " ", ""]));
                out
            }
            Self::Text(template, comment) => {
                let head = comment.mark().map(|mark| comments(stamp, mark));
                let text = stamp.fill(template);
                format!("{}{text}", head.unwrap_or_default()).into_bytes()
            }
        })
    }
}

/// A variable of nginx by the client's address.
fn geo(tables: &TagTables<'_>, stamp: &Stamp) -> Vec<u8> {
    let mut out = comments(stamp, "#").into_bytes();
    out.extend_from_slice(b"geo $azure_tag {\n    default \"\";\n");
    // A word of the language would be misread as a value, unless it is in quotes.
    out.extend(proxy(tables, ["    ", " \"", "\";"]));
    out.extend_from_slice(b"}\n");
    out
}

fn comments(stamp: &Stamp, mark: &str) -> String {
    stamp
        .lines()
        .map(|line| format!("{mark} {line}\n"))
        .concat()
}
