//! Tests the sandbox over real HTTP, one module for each subject.

mod across;
mod client;
mod clients;
mod control;
mod directory;
mod docs;
mod events;
mod every_call;
mod faults;
mod habits;
mod jira_members;
mod jira_users;
mod lag;
mod limits;
mod manage;
mod provisioning;
mod state;
mod steps;
mod virtual_time;
