//! Plays Atlassian.
