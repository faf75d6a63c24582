//! Client, look-ups and whole runs over real HTTP: against the sandbox, and against servers that answer
//! as no server should.

mod calls;
mod hostile;
mod lookup;
mod pages;
mod runs;
mod support;
