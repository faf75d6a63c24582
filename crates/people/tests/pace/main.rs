//! The pace of requests in a simulated world: how close it comes to what the site gives, and what
//! it never does.

mod changes;
mod grid;
mod rules;
mod targets;
mod world;
