//! Whole runs: planned, applied, broken off, resumed, undone. Each step is failed on purpose,
//! each is repeated on purpose, and the run is broken off at every point; then the site's own log
//! is compared with what the journal says.

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
