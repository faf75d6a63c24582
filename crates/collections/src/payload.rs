//! The payload of a collection's step: one iteration.

use headcount_model::step::{Payload, Step, Unreadable};

/// The word of these steps.
pub(crate) const KIND: &str = "collection-row";

/// One iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iteration {
    /// Its number, from 0.
    pub number: usize,
}

impl Iteration {
    pub(crate) fn payload(self) -> Payload {
        Payload { own: self.number.to_string().into(), common: "".into() }
    }

    pub(crate) fn read(step: Step) -> Result<Step<Self>, Unreadable> {
        let what = || Unreadable { what: format!("step {} of a collection's run", step.number) };
        if &*step.kind != KIND {
            return Err(what());
        }
        let number = step.payload.own.parse().map_err(|_| what())?;
        Ok(step.with(Self { number }))
    }
}
