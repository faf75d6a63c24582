//! How a stretch of sending ends.

use super::executor::NotSent;

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every row has its outcome.
    Finished,
    /// It stopped before the end; it can be resumed.
    Stopped(Stop),
}

/// Why it stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind, which decides the exit code.
    pub kind: StopKind,
    /// A sentence for people.
    pub why: String,
}

impl Stop {
    pub(super) fn new(kind: StopKind, why: impl Into<String>) -> Self {
        Self { kind, why: why.into() }
    }
}

/// The kinds of stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopKind {
    /// The key was refused.
    Credential,
    /// The site's address sends on to another.
    Redirected,
    /// The canary failed or was not found as wanted.
    Canary,
    /// A user said no after the canary.
    Declined,
    /// Too many failures.
    Failures,
    /// More changes than are allowed: nothing was sent.
    Bound,
    /// The site is out of reach.
    OutOfReach,
    /// The site keeps refusing for rate.
    Refused,
    /// Ctrl-C.
    Interrupted,
}

impl StopKind {
    /// The kind of stop that a failed reading means.
    pub(super) fn of(why: &NotSent) -> Self {
        match why {
            NotSent::Credential { .. } => Self::Credential,
            NotSent::Refused { .. } => Self::Refused,
            NotSent::Elsewhere { .. } => Self::Redirected,
            NotSent::OutOfReach { .. } | NotSent::Odd { .. } => Self::OutOfReach,
            NotSent::Halted => Self::Interrupted,
        }
    }

    /// The exit code of the contract.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Credential => 3,
            Self::Canary | Self::Declined | Self::Failures | Self::Bound => 4,
            Self::OutOfReach | Self::Refused | Self::Redirected => 5,
            Self::Interrupted => 130,
        }
    }
}
