//! Parts that pages are made of: words and pictures, no requests.

pub mod action_bar;
pub mod apply_form;
pub mod columns;
pub mod corrections;
pub mod error;
pub mod field_error;
pub mod hidden_rows;
pub mod hint;
pub mod identity_files;
pub mod layout;
pub mod missing_names;
pub mod outcome_badge;
pub mod outcome_bar;
pub mod pager;
pub mod place;
pub mod plan;
pub mod plan_options;
pub mod quit;
pub mod row_sort;
pub mod text;
pub mod undo;
