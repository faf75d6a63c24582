//! The pace of requests in a simulated world: how close it comes to the site's limit, and what it never does.

mod changes;
mod grid;
mod rules;
mod targets;
mod world;
