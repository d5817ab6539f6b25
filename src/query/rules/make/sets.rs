//! Lists of addresses, and sets of packet filters.

use std::fmt::Write as _;

use crate::query::rules::make::header;
use crate::query::rules::make::job::{MakeJob, SET_ROOM};
use crate::query::rules::make::names::{self, TakenNames};
use crate::query::rules::make::tree::{self, Tree};
use crate::rules::Direction;
use crate::rules::Entry;
use crate::space::{Block, Family};

/// Elements of a set of ipset: always the same, since a set cannot be made anew with another bound.
const MOST_ELEMENTS: usize = 131_072;

/// One CIDR a line, tag by tag; `# tag: NAME` is what `rules impact` reads.
pub(super) fn list(job: &MakeJob<'_>) -> String {
    let mut out = header::comments(job, "#");
    for (request, blocks) in &job.parts {
        out.push('\n');
        // A name that is no tag's would be read as a comment, and so would this.
        let is_tag = request.is_tag && matches!(Entry::parse(&request.name), Entry::Tag(_));
        let word = if is_tag { "tag" } else { "name" };
        line(
            &mut out,
            &format!("# {word}: {}", header::ascii(&request.name)),
        );
        match (is_tag, &job.selection.cover) {
            // Extra addresses are meant: it is no copy of a tag that could be stale.
            (_, Some(_)) => line(&mut out, "# tag: none"),
            // Ends the section of the tag before.
            (false, None) => line(&mut out, "# tag: -"),
            (true, None) => {}
        }
        for block in blocks {
            line(&mut out, &block.to_string());
        }
    }
    out
}

/// One CIDR a line; where it is from stands behind the first one.
pub(super) fn edl(job: &MakeJob<'_>) -> String {
    let mut out = String::new();
    for (place, block) in job.blocks.iter().enumerate() {
        if place == 0 {
            line(&mut out, &format!("{block} # {}", header::one_line(job)));
        } else {
            line(&mut out, &block.to_string());
        }
    }
    out
}

/// An array has no place for where it is from.
pub(super) fn json_list(job: &MakeJob<'_>) -> String {
    let blocks = job.blocks.iter();
    let entries = blocks.map(|block| tree::text(block.to_string()));
    let mut out = Tree::List(entries.collect()).arm(0);
    out.push('\n');
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{text}");
}

/// The sets: name, family, blocks; a family without blocks has an empty set, so that what refers to it
/// loads all the same.
fn sets<'a>(job: &'a MakeJob<'_>) -> Vec<(String, Family, Vec<&'a Block>)> {
    let base = match &job.options.name {
        Some(name) => name.clone(),
        None => names::azured(job.base(), SET_ROOM),
    };
    let mut taken = TakenNames::default();
    let of = |family: Family| {
        let end = match family {
            Family::V4 => "v4",
            Family::V6 => "v6",
        };
        let name = taken.give(format!("{base}_{end}"), "_", names::MOST_SET);
        (name, family, job.of_family(family).collect())
    };
    job.families().into_iter().map(of).collect()
}

/// Replaces each set within one transaction; rules that refer to it stay.
pub(super) fn nftables(job: &MakeJob<'_>) -> String {
    let table = job.options.resource.as_deref().unwrap_or("tagscope");
    let mut out = header::comments(job, "#");
    line(&mut out, "");
    line(&mut out, "# Load with nft -f. In a rule of the same table:");
    let end = match job.direction {
        Direction::In => "saddr",
        Direction::Out => "daddr",
    };
    for (name, family, _) in sets(job) {
        let word = match family {
            Family::V4 => "ip",
            Family::V6 => "ip6",
        };
        line(
            &mut out,
            &format!("#   {word} {end} @{name} tcp dport 443 accept"),
        );
    }
    line(&mut out, &format!("add table inet {table}"));
    for (name, family, blocks) in sets(job) {
        let kind = match family {
            Family::V4 => "ipv4_addr",
            Family::V6 => "ipv6_addr",
        };
        line(&mut out, "");
        line(
            &mut out,
            &format!("add set inet {table} {name} {{ type {kind}; flags interval; auto-merge; }}"),
        );
        line(&mut out, &format!("flush set inet {table} {name}"));
        if blocks.is_empty() {
            continue;
        }
        line(&mut out, &format!("add element inet {table} {name} {{"));
        for block in blocks {
            line(&mut out, &format!("\t{block},"));
        }
        line(&mut out, "}");
    }
    out
}

/// Fills new sets and swaps them with those in use.
pub(super) fn ipset(job: &MakeJob<'_>) -> String {
    let mut out = header::comments(job, "#");
    line(&mut out, "");
    line(&mut out, "# Load with ipset restore.");
    for (name, family, blocks) in sets(job) {
        let inet = match family {
            Family::V4 => "inet",
            Family::V6 => "inet6",
        };
        let fresh = format!("{name}n");
        let create = |name: &str| {
            format!("create {name} hash:net family {inet} maxelem {MOST_ELEMENTS} -exist")
        };
        line(&mut out, "");
        line(&mut out, &create(&name));
        line(&mut out, &create(&fresh));
        line(&mut out, &format!("flush {fresh}"));
        for &block in blocks {
            for block in halves(block) {
                line(&mut out, &format!("add {fresh} {block}"));
            }
        }
        line(&mut out, &format!("swap {name} {fresh}"));
        line(&mut out, &format!("destroy {fresh}"));
    }
    out
}

/// Sets of ipset take no block of length 0.
fn halves(block: Block) -> Vec<Block> {
    if block.length() > 0 {
        return vec![block];
    }
    let family = block.family();
    let middle = family.max() / 2 + 1;
    vec![
        Block::holding(family, 0, 1),
        Block::holding(family, middle, 1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_two_halves() {
        for (all, one, other) in [
            ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"),
            ("::/0", "::/1", "8000::/1"),
        ] {
            let block = Block::parse(all).unwrap().0;
            let found: Vec<String> = halves(block).iter().map(ToString::to_string).collect();
            assert_eq!(found, [one, other]);
        }
    }
}
