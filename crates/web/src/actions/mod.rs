//! The handlers of POST requests.

pub mod approvals;
pub mod collection_files;
pub mod collection_rows;
pub mod credentials;
pub mod export_tasks;
pub mod find_tasks;
pub mod identity_upload;
pub mod missing_names;
pub mod notes;
pub mod plan_tasks;
pub mod quit;
pub mod rehearsal_tasks;
pub mod roster_tasks;
pub mod run_actions;
pub mod run_tasks;
pub mod sheet;
pub mod sites;
pub mod task;
pub mod upload;
