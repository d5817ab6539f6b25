//! Options of `export`.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::query::export::{Digits, ExportKind, RecordForm, Shape};

/// `export`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = EXAMPLES
)]
pub struct ExportArgs {
    /// The engine; without it the kinds are listed, with what each is for and cannot do
    #[arg(value_name = "KIND", value_parser = kinds(), hide_possible_values = true)]
    pub kind: Option<ExportKind>,
    /// The folder; by default tagscope-KIND. One of an earlier run is replaced whole
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Say whether this folder is of the week, instead of writing: 0 it is, 1 it is of another week, of
    /// other tags or was changed, 2 it is not of this program
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "shapes", "hex", "form"])]
    pub check: Option<PathBuf>,
    /// Only these tags, in any spelling of their regions, globs too; a list a,b, or once for each
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Of csv: only this table, or a list: lpm, intervals, disjoint, rows, sets
    #[arg(long = "shape", value_name = "SHAPE", value_parser = shapes(), hide_possible_values = true, value_delimiter = ',')]
    pub shapes: Vec<Shape>,
    /// Of csv: the ends of intervals as 32 hexadecimal digits, IPv4 as in `::ffff:a.b.c.d`, so that both
    /// families sort as text
    #[arg(long)]
    pub hex: bool,
    /// Of mmdb: records as those of `GeoLite2-ASN`, for programs that know no others: asn
    #[arg(long = "as", value_name = "RECORD", value_parser = forms(), hide_possible_values = true)]
    pub form: Option<RecordForm>,
}

impl ExportArgs {
    /// How the ends of an interval are written.
    pub const fn digits(&self) -> Digits {
        if self.hex {
            Digits::Hex
        } else {
            Digits::Addresses
        }
    }
}

/// The words of the kinds, for completions too.
fn kinds() -> impl TypedValueParser<Value = ExportKind> {
    let word = |kind: ExportKind| PossibleValue::new(kind.word()).help(kind.title());
    PossibleValuesParser::new(ExportKind::ALL.map(word))
        .try_map(|word| ExportKind::parse(&word).ok_or_else(|| format!("no kind {word}")))
}

fn shapes() -> impl TypedValueParser<Value = Shape> {
    let word = |shape: Shape| PossibleValue::new(shape.word()).help(shape.title());
    PossibleValuesParser::new(Shape::ALL.map(word))
        .try_map(|word| Shape::parse(&word).ok_or_else(|| format!("no shape {word}")))
}

fn forms() -> impl TypedValueParser<Value = RecordForm> {
    PossibleValuesParser::new(["asn"]).map(|_| RecordForm::Asn)
}

const EXAMPLES: &str = "\
Examples:
  tagscope export                                  the kinds
  tagscope export duckdb                           into ./tagscope-duckdb
  tagscope export mmdb --tag Storage,Sql --output geo
  tagscope export --check tagscope-duckdb || tagscope export duckdb

Exit codes: 0 written, or with --check of this week; 1 with --check of another week or other tags, or
changed; 2 refused, or with --check not of this program.
";
