//! Decides and does.
