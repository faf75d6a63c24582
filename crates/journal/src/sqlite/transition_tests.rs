//! The journal makes the moves of the table and no other, whatever is asked of it in whatever
//! order.

use proptest::prelude::*;

use super::tests::{at, sealed};
use crate::*;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Move, StepState, Verdict};

/// What can be asked for a step.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Start,
    Unsend,
    Settle(Outcome),
    Reopen,
}

impl Asked {
    fn to(self) -> StepState {
        match self {
            Self::Start | Self::Reopen => StepState::Started,
            Self::Unsend => StepState::Pending,
            Self::Settle(_) => StepState::Settled,
        }
    }

    /// The state whose move it is: `reopen` is no way to send what is pending, nor `unsend` to forget
    /// an outcome.
    fn from(self, state: StepState) -> bool {
        match self {
            Self::Start => state == StepState::Pending,
            Self::Unsend => state == StepState::Started,
            Self::Settle(_) => true,
            Self::Reopen => state == StepState::Settled,
        }
    }

    fn ask(self, batch: &mut Batch<'_>, step: u64) -> Result<(), JournalError> {
        match self {
            Self::Start => batch.start(step, "POST x", at()),
            Self::Unsend => batch.unsend(step, "429", Some(429), at()),
            Self::Settle(outcome) => {
                batch.settle(step, &Verdict::new(outcome, Reason::Done, ""), at()).map(drop)
            }
            Self::Reopen => batch.reopen(step),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    prop_oneof![
        Just(Asked::Start),
        Just(Asked::Unsend),
        Just(Asked::Reopen),
        proptest::sample::select(Outcome::ALL.to_vec()).prop_map(Asked::Settle),
    ]
}

/// Where the journal has the step, and how it ended.
fn stands(journal: &Journal, step: u64) -> (StepState, Option<Outcome>) {
    let sql = "SELECT state, outcome FROM steps WHERE step = ?";
    let words = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (state, outcome): (String, Option<String>) =
        journal.connection.query_row(sql, [step as i64], words).unwrap();
    (super::decode::step_state(&state).unwrap(), outcome.and_then(|word| Outcome::from_word(&word)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_journal_makes_the_moves_of_the_table_and_no_other(
        all in proptest::collection::vec((1_u64..=2, asked()), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut journal, run) = sealed(&folder);
        journal.set_durable(false).unwrap();
        for (step, asked) in all {
            let (state, ended) = stands(&journal, step);
            let legal = asked.from(state) && Move::is_legal(state, ended, asked.to());
            let mut batch = journal.batch(&run).unwrap();
            match asked.ask(&mut batch, step) {
                Ok(()) => {
                    prop_assert!(legal, "{state:?} {ended:?}: {asked:?} was done");
                    batch.commit().unwrap();
                    prop_assert_eq!(stands(&journal, step).0, asked.to());
                }
                Err(JournalError::IllegalMove { from, to, .. }) => {
                    prop_assert!(!legal, "{state:?} {ended:?}: {asked:?} was refused");
                    prop_assert_eq!((from, to), (state, asked.to()));
                    drop(batch);
                    prop_assert_eq!(stands(&journal, step), (state, ended));
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
