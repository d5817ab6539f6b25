//! What web servers and proxies read.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use crate::azure::Rank;
use crate::query::rules::make::header;
use crate::query::rules::make::job::MakeJob;
use crate::query::rules::make::names;
use crate::space::Block;

/// Characters of a tag's name as a value.
const MOST_VALUE: usize = 100;

/// A tag's name that no reader of values misreads.
pub fn proxy_value(name: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let value: String = name
        .chars()
        .take(MOST_VALUE)
        .map(|c| if fits(c) { c } else { '_' })
        .collect();
    if value.is_empty() {
        "_".to_owned()
    } else {
        value
    }
}

/// Each block with the name of the narrowest tag that has it; the longest prefix decides.
fn by_block(job: &MakeJob<'_>) -> BTreeMap<Block, String> {
    let mut found: BTreeMap<Block, (Rank, &str)> = BTreeMap::new();
    for (request, blocks) in &job.parts {
        let region = if request.name.contains('.') {
            "regional"
        } else {
            ""
        };
        let own = (Rank::of(&request.name, region), request.name.as_str());
        for &block in blocks {
            let known = found.entry(block).or_insert(own);
            *known = (*known).min(own);
        }
    }
    let named = found
        .into_iter()
        .map(|(block, (_, name))| (block, proxy_value(name)));
    named.collect()
}

/// A variable with the tag's name, empty for everybody else.
pub(super) fn nginx_geo(job: &MakeJob<'_>) -> String {
    let variable = match &job.options.name {
        Some(name) => name.clone(),
        None => names::azured(job.base(), names::MOST_LABEL),
    };
    let mut out = header::comments(job, "#");
    let _ = writeln!(
        out,
        "\n# Include it in http {{ }}; then if (${variable}) {{ ... }}\ngeo ${variable} {{\n    default \"\";"
    );
    for (block, name) in by_block(job) {
        // A word of the language would be misread as a value too, unless it is in quotes.
        let _ = writeln!(out, "    {block} \"{name}\";");
    }
    out.push_str("}\n");
    out
}

/// Lets the addresses in, and nobody else.
pub(super) fn nginx_allow(job: &MakeJob<'_>) -> String {
    let mut out = header::comments(job, "#");
    out.push_str(
        "\n# Include it in http, server or location; addresses of your own go before the include.\n",
    );
    for block in &job.blocks {
        let _ = writeln!(out, "allow {block};");
    }
    out.push_str("deny all;\n");
    out
}

/// A key and a value a line.
pub(super) fn haproxy_map(job: &MakeJob<'_>) -> String {
    let mut out = header::comments(job, "#");
    out.push_str("\n# src,map_ip(FILE) gives the tag of a client.\n");
    for (block, name) in by_block(job) {
        let _ = writeln!(out, "{block} {name}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_plain_word() {
        assert_eq!(proxy_value("Storage.WestEurope"), "Storage.WestEurope");
        assert_eq!(proxy_value("a;b{c}\"d\n$e"), "a_b_c__d__e");
        assert_eq!(proxy_value(""), "_");
    }
}
