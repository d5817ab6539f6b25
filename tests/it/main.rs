//! The integration tests: one binary, one module a subject.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a failing test is a panic"
)]

mod layers;
mod resolve;
mod sizes;

mod damage;
mod dashboard;
mod embedded;
mod generated;
mod history;
mod index_oracle;
mod oracle;
mod readme;
mod reference;
mod runbook;
mod screens;
#[cfg(unix)]
mod shell;
mod snapshots;
mod space_oracle;

mod annals;
mod archive;
mod changes;
mod cli_input;
mod commands;
mod contract;
mod diff;
mod diff_groups;
mod diff_rows;
mod endpoints;
mod endpoints_documents;
mod endpoints_probe;
mod explain;
mod explain_cli;
mod explain_screen;
mod hostile;
mod hostile_screens;
mod idle;
mod monkey;
mod mouse;
mod program;
mod pty;
mod rules_check;
mod rules_check_cli;
mod rules_order;
mod terminal;

mod discovery;
mod fetch;
mod fetch_faults;
mod probe;
mod probe_all;
mod probe_proxy;
mod probe_tls;
mod server;

mod update;
mod update_api;
mod update_faults;
mod update_races;
mod update_terminal;
