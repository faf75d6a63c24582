//! The pages: one file each, and the parts that several of them show.

pub mod act;
pub mod bar;
pub mod bring;
pub mod chart;
pub mod columns;
pub mod correct;
pub mod download;
pub mod enter;
pub mod export;
pub mod history;
pub mod home;
pub mod live;
pub mod near;
pub mod new;
pub mod plan;
pub mod quit;
pub mod rehearsal;
pub mod rows;
pub mod run;
pub mod send;
pub mod sheet;
pub mod site;
pub mod take_back;
pub mod task;
pub mod wanted;
pub mod wrong;
