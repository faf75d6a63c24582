//! The input of a plan, from the command line.

use std::path::PathBuf;

use headcount_app::plan::Order;
use headcount_app::site::Need;
use headcount_model::job::Job;
use headcount_model::rows::Rows;
use headcount_model::user::Product;
use headcount_people::rows::Columns;
use headcount_sheet::Options;

use super::sheet;
use crate::args::JobArgs;

/// Options that only some jobs take.
#[derive(Debug, Default)]
pub struct Extra {
    /// A message that is sent with a deactivation.
    pub message: Option<String>,
    /// Whether a deactivation also revokes the user's API tokens.
    pub revoke_tokens: bool,
    /// Apps of new users whose row names none.
    pub products: Option<Vec<Product>>,
    /// Whether the organization invites new users.
    pub invite: bool,
    /// Whether the changes go through the identity provider's directory.
    pub scim: bool,
    /// The file for the members of groups that are deleted with them.
    pub with_members: Option<PathBuf>,
}

/// The input of the plan.
pub(super) fn order(
    job: Job,
    args: &JobArgs,
    extra: Extra,
    columns: Columns,
    options: Options,
) -> Order {
    Order {
        job,
        input: sheet::name(&args.file),
        columns,
        map: options.map,
        message: extra.message,
        revoke_tokens: extra.revoke_tokens,
        products: extra.products,
        invite: extra.invite,
        scim: extra.scim,
        with_members: extra.with_members,
        exports: sheet::exports(&args.plan).read_by(job),
        decided: Vec::new(),
        corrected: Rows::default(),
    }
}

impl Extra {
    /// The credentials that the job needs.
    pub(super) fn need(&self, job: Job) -> Need {
        if self.scim { Need::Provisioning } else { Need::of_new(job, self.invite) }
    }
}
