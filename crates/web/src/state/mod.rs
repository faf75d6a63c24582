//! The state between requests: uploads, waiting plans, active runs, sites.

pub mod active_runs;
pub mod app;
pub mod bundles;
pub mod fields;
pub mod finds;
pub mod identity_sources;
pub mod lists;
pub mod plans;
pub mod reading;
pub mod recent;
pub mod refusal;
pub mod rehearsals;
pub mod roster_form;
pub mod send_form;
pub mod sheet_form;
pub mod sites;
pub mod summary_cache;
pub mod tasks;
pub mod totals_cache;
pub mod uploads;
