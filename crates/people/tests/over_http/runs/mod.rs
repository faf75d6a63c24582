//! Whole runs: planned, applied, interrupted, resumed, undone. Each step fails deliberately, each is repeated
//! deliberately, and the run is interrupted at every point. Then the site's own log is compared with the journal.

mod absence;
mod break_off;
mod faults;
mod groups;
mod invite;
mod looks;
mod recheck;
mod undo;
mod with_groups;
mod world;
