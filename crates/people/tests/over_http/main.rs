//! Client, lookups and whole runs over real HTTP: against the sandbox, and against servers that misbehave.

mod calls;
mod hostile;
mod lookup;
mod pages;
mod runs;
mod support;
