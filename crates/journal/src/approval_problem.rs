//! Why a plan cannot be approved, rejected, or applied.

use std::fmt;

/// The problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApprovalProblem {
    /// It needs no approval.
    NotNeeded,
    /// The site does not show whose credential this is.
    UnknownActor,
    /// The actor made the plan.
    OwnPlan(String),
    /// The actor has approved it already.
    Twice(String),
    /// It has all approvals that it needs.
    Already {
        /// The approvers.
        by: Vec<String>,
    },
    /// Approvals are missing.
    Missing {
        /// How many.
        missing: u32,
        /// The planner.
        planner: String,
    },
    /// It was rejected.
    Rejected {
        /// The approver who rejected it.
        by: String,
        /// The reason.
        why: String,
    },
    /// It is not the plan that was approved or sealed.
    Changed,
}

impl fmt::Display for ApprovalProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNeeded => f.write_str("its plan needs no approval"),
            Self::UnknownActor => f.write_str(
                "the site does not show whose credential this is, so approvals cannot be compared",
            ),
            Self::OwnPlan(name) => {
                write!(f, "{name} made this plan, so another approver has to decide on it")
            }
            Self::Twice(name) => write!(f, "{name} has already approved this plan"),
            Self::Already { by } => {
                write!(f, "its plan is approved already, by {}", by.join(" and "))
            }
            Self::Missing { missing: 1, planner } => {
                write!(
                    f,
                    "its plan is not approved: an approver other than {planner} has to approve it"
                )
            }
            Self::Missing { missing, planner } => write!(
                f,
                "its plan is not approved: {missing} approvers other than {planner} have to approve it"
            ),
            Self::Rejected { by, why } => write!(f, "{by} rejected its plan: {why}"),
            Self::Changed => {
                f.write_str("its plan in the journal is not the one that was sealed and approved")
            }
        }
    }
}
