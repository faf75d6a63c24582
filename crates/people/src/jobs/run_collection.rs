//! `postman run`: the requests of a Postman collection, once for each row.
//!
//! `headcount-collections` plans, sends and resumes its rows. This file has the sentences for lists, pages and
//! reports, and refuses everything that concerns users and groups.

use crate::rows::SheetJob;
use headcount_model::job::Job;
use headcount_model::reason::Reason;

use super::families::{never, none, users};
use super::{Copied, Counted, Creates, JobSpec, Need, Phrases};
use crate::steps::No;

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::RunCollection,
    help: None,
    options: &[],
    phrases: Phrases {
        one: "row",
        imperative: ("run the collection for", ""),
        title: "Run a Postman collection",
        done: "Applied",
        heading: "Rows of a Postman collection",
    },
    phrases_in_directory: None,
    tile: None,
    template: (&[], &[]),
    sheet: SheetJob::Users,
    read: |_, _| Err(Vec::new()),
    asked: &[],
    decision: None,
    exports: users::EXPORTS,
    copy: Copied::USERS,
    need: Need::Any,
    takes_away: false,
    own_access: false,
    consequences: none,
    spared: &[],
    owner: |_| None,
    counted: Counted::OfTheSite,
    look_up: |_| Box::pin(async { Ok(()) }),
    look_up_undo: |_| Box::pin(async { Ok(()) }),
    resolve: |_, _| {
        Err(No::new(Reason::NotUndoable, "headcount does not know what a request undoes"))
    },
    arrange: None,
    inverse: Job::RunCollection,
    creates: Creates::Nothing,
    undo_sends: false,
    is_undoable: never,
};
