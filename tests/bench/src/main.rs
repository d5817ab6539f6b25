//! Measures tagscope and its peers side by side in one run and prints medians and ratios.
//!
//! `cargo run --profile dist --manifest-path tests/bench/Cargo.toml [DOCUMENT.json]`
//!
//! The programs it starts are built with the profile it was built with itself, so that `--release`
//! in place of `--profile dist` measures what a plain build gives.
//! Single times mean little on a shared machine: every round runs ours and theirs in turn, and
//! where there is a peer only the ratio is held against a goal. `TAGSCOPE_BIN` names a program to
//! measure instead of the one that is built.

mod archive;
mod comparison;
mod dashboard;
mod data;
mod history;
mod lookups;
mod measure;
mod processes;
mod programs;
mod publication;
mod rules;
mod script;
mod terminal;

fn main() {
    let tagscope = programs::tagscope();
    // While this process is small: starting a program in a terminal forks it.
    let dashboard = dashboard::measure(&tagscope);
    let (document, origin) = data::document();
    let index = publication::compile(&document);
    let view = index.view();
    println!(
        "Document: {origin}, {} tags, {} rows.\n",
        view.tag_count(),
        view.row_count()
    );
    let mut table = lookups::measure(&view);
    table.extend(publication::measure(&document, &index));
    table.extend(comparison::measure());
    table.extend(rules::measure());
    table.extend(history::measure());
    table.extend(archive::measure(&document));
    table.extend(processes::measure(&view, &tagscope));
    table.extend(dashboard);
    measure::print(&table);
}
