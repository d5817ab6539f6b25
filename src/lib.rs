//! tagscope: Azure service tags by region and by address, offline.
//!
//! The crate is a stack of ranks; a module names only lower ones. From the bottom: [`text`] and
//! [`space`], then [`azure`] and [`settings`], then [`index`], [`traffic`], [`query`] and
//! [`report`] (all pure: no I/O, clock or terminal), then [`store`] and [`net`], [`source`], and on
//! top the two front ends [`cli`] and [`tui`]. `tests/it/layers.rs` holds the order.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a failing test is a panic"
    )
)]

pub mod azure;
pub mod cli;
pub mod index;
pub mod net;
pub mod platform;
pub mod query;
pub mod ranges;
pub mod report;
pub mod rules;
pub mod settings;
pub mod source;
pub mod space;
pub mod store;
pub mod text;
pub mod traffic;
pub mod tui;
