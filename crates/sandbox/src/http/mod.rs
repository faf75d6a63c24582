//! The parts of a request that are the same for all calls: reading it, its sender, its limit, its fault, and its
//! line in the log.

mod auth;
mod call;
mod faults;
mod limits;
mod log;
mod record;
mod reply;
mod transaction;

pub(crate) use auth::{Caller, Keys};
pub(crate) use call::{Call, Query, decode, encode};
pub(crate) use faults::{Answer, Faults, Strike, Subject, parse as parse_faults};
pub(crate) use limits::{LimitChange, Limits, Ruling};
pub(crate) use log::{Entry, Filter, Log};
pub(crate) use record::{Exchange, Recorder};
pub(crate) use reply::{Body, Reply};
pub(crate) use transaction::{Edit, Stored};
