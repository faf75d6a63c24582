//! The pages, one file each: the handlers of GET requests.

pub mod collection;
pub mod collection_row;
pub mod download;
pub mod enter;
pub mod export;
pub mod find;
pub mod found;
pub mod history;
pub mod home;
pub mod keys;
pub mod live;
pub mod new;
pub mod postman;
pub mod rehearsal;
pub mod rows;
pub mod run;
pub mod sheet;
pub mod site;
pub mod task;
pub mod undo_rows;
pub mod workers;
