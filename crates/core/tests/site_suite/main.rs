//! The client and the look-ups over real HTTP: against the sandbox, and against servers that answer
//! as no server should.

mod calls;
mod hostile;
mod lookup;
mod pace;
mod support;
