//! How sending ends.

use super::executor::NotSent;

/// The end of a run's sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every row has its outcome.
    Finished,
    /// The run stopped before its end and can be resumed.
    Stopped(Stop),
}

/// Why it stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The kind; it decides the exit code.
    pub kind: StopKind,
    /// The cause, as a sentence for people.
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
    /// The credential was refused.
    Credential,
    /// The site refuses the network that requests come from.
    Blocked,
    /// The site redirected to another address.
    Redirected,
    /// The canary failed, or a read did not show the wanted state.
    Canary,
    /// The user answered no after the canary.
    Declined,
    /// Too many rows failed.
    Failures,
    /// The run has more changes than are allowed; nothing was sent.
    Bound,
    /// The site could not be reached.
    OutOfReach,
    /// The site kept refusing requests because of their rate.
    Refused,
    /// Ctrl-C.
    Interrupted,
}

impl StopKind {
    /// The kind of stop that follows from a failed read.
    pub(super) fn of(why: &NotSent) -> Self {
        match why {
            NotSent::Credential { .. } => Self::Credential,
            NotSent::Blocked { .. } => Self::Blocked,
            NotSent::Refused { .. } => Self::Refused,
            NotSent::Elsewhere { .. } => Self::Redirected,
            NotSent::OutOfReach { .. } | NotSent::Odd { .. } => Self::OutOfReach,
            NotSent::Halted => Self::Interrupted,
        }
    }

    /// Whether a user has to look at the run before it continues.
    pub fn needs_review(self) -> bool {
        match self {
            Self::Canary | Self::Declined | Self::Failures | Self::Bound => true,
            Self::Credential
            | Self::Blocked
            | Self::Redirected
            | Self::OutOfReach
            | Self::Refused
            | Self::Interrupted => false,
        }
    }

    /// The exit code (docs/exit-codes.md).
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Credential | Self::Blocked => 3,
            Self::Canary | Self::Declined | Self::Failures | Self::Bound => 4,
            Self::OutOfReach | Self::Refused | Self::Redirected => 5,
            Self::Interrupted => 130,
        }
    }
}
