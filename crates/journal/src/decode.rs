//! Words of the journal as values, for stores. A word that this program never wrote is an error, never a guess.

use std::sync::Arc;

use headcount_model::door::Door;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::StepState;

use super::error::JournalError;

/// The outcome of a word.
pub fn outcome_of(word: &str) -> Result<Outcome, JournalError> {
    Outcome::from_word(word).ok_or_else(|| unreadable(format!("the outcome “{word}”")))
}

/// The reason of a word.
pub fn reason_of(word: &str) -> Result<Reason, JournalError> {
    Reason::from_word(word).ok_or_else(|| unreadable(format!("the reason “{word}”")))
}

/// The door of a JSON text.
pub fn door_of(text: &str) -> Result<Arc<Door>, JournalError> {
    serde_json::from_str(text).map(Arc::new).map_err(|_| unreadable(format!("the door {text}")))
}

/// The state of a word.
pub fn step_state(word: &str) -> Result<StepState, JournalError> {
    match word {
        "pending" => Ok(StepState::Pending),
        "started" => Ok(StepState::Started),
        "settled" => Ok(StepState::Settled),
        _ => Err(unreadable(format!("the step state “{word}”"))),
    }
}

/// The word of a state.
pub fn state_word(state: StepState) -> &'static str {
    match state {
        StepState::Pending => "pending",
        StepState::Started => "started",
        StepState::Settled => "settled",
    }
}

fn unreadable(what: String) -> JournalError {
    JournalError::Unreadable { what }
}
