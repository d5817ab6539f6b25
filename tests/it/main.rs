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

mod circles;
mod impls;
mod interrupted;
mod jobs;
mod layers;
mod resolve;
mod sizes;

mod damage;
mod dashboard;
mod data_dates;
mod data_prefixes;
mod digest;
mod digest_effects;
mod embedded;
mod export;
mod export_dialog;
mod export_folder;
mod generated;
mod guide;
mod guide_screens;
#[cfg(unix)]
mod guide_sessions;
mod guide_verb;
mod history;
mod impact_oracle;
mod impact_patch;
mod index_oracle;
mod oracle;
#[cfg(unix)]
mod packages;
mod pager;
mod parity;
mod pictures;
#[cfg(unix)]
mod pipelines;
mod reader_mutations;
mod readme;
mod reference;
mod runbook;
mod scan;
mod screens;
#[cfg(unix)]
mod settings_closed;
#[cfg(unix)]
mod shell;
mod snapshots;
#[cfg(target_os = "linux")]
mod soak;
mod space_oracle;
mod state;
mod state_terminal;

mod acceptance;
mod also;
mod always_ends;
mod archive;
mod background;
mod changes;
mod cli_input;
mod colours;
mod commands;
mod commands_refused;
mod completion;
mod completion_shells;
mod contract;
mod contract_formats;
mod contract_walk;
mod csv_safe;
mod diff;
mod diff_groups;
mod diff_headline;
mod diff_rows;
mod endpoints;
mod endpoints_documents;
mod endpoints_facts;
mod endpoints_probe;
mod endpoints_profiles;
mod endpoints_states;
mod endpoints_view;
mod explain;
mod explain_changes;
mod explain_cli;
mod explain_corpus;
mod explain_screen;
mod history_store;
mod hostile;
mod hostile_screens;
mod idle;
mod lookup_special;
mod lookup_text;
mod lookup_view;
mod monkey;
mod monkey_terminal;
mod mouse;
mod names;
mod odd_files;
mod program;
mod pty;
mod rules_agree;
mod rules_certain;
mod rules_check;
mod rules_check_cli;
mod rules_documents;
mod rules_fit;
mod rules_flows;
mod rules_forms;
mod rules_hostile;
mod rules_impact;
mod rules_impact_weeks;
mod rules_loaded;
mod rules_make;
mod rules_make_faults;
mod rules_make_files;
mod rules_make_hostile;
mod rules_make_lists;
mod rules_make_programs;
mod rules_mutations;
mod rules_oracle;
mod rules_order;
mod rules_private;
mod rules_shapes;
mod rules_sound;
mod rules_test;
mod rules_test_nsg;
mod rules_test_paths;
mod rules_universe;
mod rules_view;
mod rules_view_changes;
mod rules_ways;
mod schema;
mod tags_filter;
mod terminal;
mod touched;
mod traffic;
mod traffic_loaded;

mod traffic_logs;
mod traffic_view;

mod discovery;
mod fetch;
mod fetch_faults;
mod log;
mod manual;
mod markdown;
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
mod ways;
