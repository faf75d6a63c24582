//! What a plan is to be made of, as the command line says it.

use headcount_app::plan::Order;
use headcount_app::site::Need;
use headcount_model::job::Job;
use headcount_model::rows::Rows;
use headcount_model::user::Product;
use headcount_people::rows::Columns;
use headcount_sheet::Options;

use super::sheet;
use crate::args::JobArgs;

/// What only some jobs take.
#[derive(Debug, Default)]
pub struct Extra {
    /// A message that travels with a deactivation.
    pub message: Option<String>,
    /// Products of new users whose row names none.
    pub products: Option<Vec<Product>>,
    /// New users are invited by the organization.
    pub invite: bool,
}

/// What the plan is to be made of.
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
        products: extra.products,
        invite: extra.invite,
        exports: sheet::exports(&args.plan).read_by(job),
        decided: Vec::new(),
        corrected: Rows::default(),
    }
}

impl Extra {
    /// Which keys the job needs.
    pub(super) fn need(&self, job: Job) -> Need {
        Need::of_new(job, self.invite)
    }
}
