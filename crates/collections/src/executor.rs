//! The engine's [`Executor`] for the rows of a collection.

use std::sync::{Arc, Mutex, PoisonError};

use headcount_engine::{
    Blocked, Description, Executor, Halt, Lane, NotSent, Notes, Observation, Performed, Refusal,
    Rules, notes,
};
use headcount_journal::{Journal, JournalError, RunId};
use headcount_model::clock::Clock;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, Unreadable, Verdict};
use headcount_postman::check::Order;
use headcount_postman::client::{ClientOptions, HttpClient, ProxyMatcher};
use headcount_postman::run::{Bail, Ending, Execution, Run, Secrets, State, run_iteration};
use headcount_postman::script::Pool;
use headcount_postman::value::shown;
use headcount_postman::variables::Scopes;
use tokio::sync::OwnedSemaphorePermit;

use super::finished_rows::{FinishedRow, FinishedRows};
use super::note::Note;
use super::pace::Pace;
use super::payload::Iteration;
use super::record::RowRecord;
use super::row_sender::{Network, RowSender};
use super::source::{Loaded, Source};
use super::state_record::{StateRecord, written};
use super::totals::Totals;
use super::verdict::verdict;

const LANE: Lane = Lane("rows");

/// The data for running a collection's run.
#[derive(Debug)]
pub struct Executing<'e> {
    /// The run's journal; its caller holds the run's lock.
    pub journal: &'e Journal,
    /// The run.
    pub run: &'e headcount_journal::Run,
    /// Its files and options.
    pub source: &'e Source,
    /// How many rows run at once, if their order does not matter.
    pub concurrency: usize,
    /// The most requests per second; `None` means only the site's own limit.
    pub rate: Option<f64>,
    /// The proxies.
    pub proxies: ProxyMatcher,
    /// Halts the run: `--bail`.
    pub halt: Halt,
    /// Wall time.
    pub clock: Clock,
    /// Receives finished rows for reports; `None` drops them.
    pub finished: Option<FinishedRows>,
}

/// Runs rows of a collection.
#[derive(Debug)]
pub struct CollectionExecutor {
    run: Run,
    run_id: RunId,
    in_turn: bool,
    pool: Pool,
    secrets: Secrets,
    network: Network,
    journal: Mutex<Journal>,
    notes: Mutex<Option<Notes>>,
    /// For rows that run one after another: the state that the last one left.
    state: tokio::sync::Mutex<Option<State>>,
    /// The state after the last iteration, for `--export-environment`.
    last: Mutex<Option<(usize, State)>>,
    halt: Halt,
    finished: Option<FinishedRows>,
    totals: Mutex<Totals>,
}

/// Why nothing can be sent.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// The network cannot be used.
    #[error("{0}")]
    Network(String),
    /// The journal can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl CollectionExecutor {
    /// An executor.
    ///
    /// # Errors
    /// This computer has no certificates to check others with, or the journal can't be read.
    pub fn new(loaded: Loaded, with: &Executing<'_>) -> Result<Self, NotStarted> {
        let lease = with.journal.lease(&with.run.id);
        let options =
            ClientOptions { lease: lease.clone(), ..with.source.client(with.proxies.clone()) };
        let client = HttpClient::new(options).map_err(NotStarted::Network)?;
        let in_turn = matches!(loaded.order, Order::InTurn(_));
        // No row may be under way when another one ends the run.
        let is_alone = in_turn || loaded.run.options.bail != Bail::No;
        let window = if is_alone { 1 } else { with.concurrency };
        let waits = with.journal.waits()?;
        let pace = Pace::new(window, with.rate, &with.run.site, waits, with.clock)?;
        let (writer, notes) = notes();
        Ok(Self {
            run_id: with.run.id.clone(),
            in_turn,
            pool: Pool::new(with.source.limits(), loaded.modules),
            secrets: loaded.secrets,
            network: Network { client, pace, notes: writer, lease, reached: Mutex::default() },
            journal: Mutex::new(with.journal.another()?),
            notes: Mutex::new(Some(notes)),
            state: tokio::sync::Mutex::default(),
            last: Mutex::default(),
            halt: with.halt.clone(),
            finished: with.finished.clone(),
            totals: Mutex::default(),
            run: loaded.run,
        })
    }

    /// The run of the collection.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// What stops the run.
    pub fn halt(&self) -> Halt {
        self.halt.clone()
    }

    /// The secrets to mask.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Postman's counts for the rows that this process has sent.
    pub fn totals(&self) -> Totals {
        *self.totals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The variables after the last iteration of this process; those of the files if there was none.
    pub async fn take_state(&self) -> State {
        if let Some(state) = self.state.lock().await.take() {
            return state;
        }
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).take();
        last.map_or_else(|| State::new(&self.run), |(_, state)| state)
    }

    fn records(&self, step: u64) -> Result<Vec<String>, JournalError> {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.records(&self.run_id, step)
    }

    /// The state that the row before this one left.
    fn restored(&self, step: u64) -> Result<State, String> {
        if step <= 1 {
            return Ok(State::new(&self.run));
        }
        let records = self.records(step - 1).map_err(|error| error.to_string())?;
        match RowRecord::read(&records).and_then(|record| record.state) {
            Some(state) => state.restored(&self.run),
            None => Err(format!("what row {} has left is not in the journal", step - 1)),
        }
    }

    /// The secrets of the row, if its variables or its cells may have others than the files.
    fn secrets_of(&self, scopes: &Scopes) -> Secrets {
        self.secrets.and(&self.run, scopes)
    }

    async fn row(
        &self,
        (step, number): (u64, usize),
        begun: Option<OwnedSemaphorePermit>,
        state: &mut State,
    ) -> Performed {
        let before = self.in_turn.then(|| state.scopes.clone());
        let row = match self.run.row(number) {
            Ok(row) => row,
            Err(lost) => return Performed::NotSent(NotSent::Odd { words: lost.to_string() }),
        };
        let scopes = Scopes { data: Arc::clone(&row), ..state.scopes.clone() };
        let secrets = self.secrets_of(&scopes);
        let sender = RowSender::new(&self.network, &self.run, secrets, step);
        let with = headcount_postman::run::Iteration {
            run: &self.run,
            number,
            row,
            sender: &sender,
            pool: &self.pool,
        };
        let mut executions = Vec::new();
        let ending = run_iteration(&with, state, |execution| executions.push(execution)).await;
        if let (Some(begun), Some((journal, site))) = (begun, sender.times()) {
            self.network.pace.end(begun, journal, site);
        }
        if let Some(why) = sender.into_given_back() {
            if let Some(before) = before {
                state.scopes = before;
            }
            return Performed::NotSent(why);
        }
        if ending == Ending::Bailed {
            self.halt.because(format!("--bail: row {} failed", number + 1));
        }
        Performed::Settled(self.settled(number, executions, ending, state))
    }

    fn settled(
        &self,
        number: usize,
        executions: Vec<Execution>,
        ending: Ending,
        state: &State,
    ) -> Verdict {
        let secrets = self.secrets_of(&state.scopes);
        let variables = written(&state.scopes, &secrets);
        let mut record = RowRecord::of(&executions, variables, &secrets);
        self.totals.lock().unwrap_or_else(PoisonError::into_inner).add(record.totals);
        record.state = self.in_turn.then(|| StateRecord::of(&self.run, state, &secrets));
        let verdict = verdict(&executions, ending, &secrets);
        if let Some(finished) = &self.finished {
            finished.add(FinishedRow { number, executions, ending, secrets });
        }
        Verdict { record: Some(record.text()), ..verdict }
    }

    fn keep_last(&self, number: usize, state: State) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|(known, _)| *known < number) {
            *last = Some((number, state));
        }
    }

    /// The first cell of a row that is not empty.
    fn subject(&self, number: usize) -> String {
        let row = self.run.row(number).unwrap_or_default();
        let secrets = self.secrets_of(&Scopes { data: Arc::clone(&row), ..Scopes::default() });
        let cells = row.columns().map(|(_, value)| shown(value));
        let cell = cells.map(|cell| secrets.masked(&cell)).find(|cell| !cell.trim().is_empty());
        cell.unwrap_or_else(|| format!("iteration {}", number + 1))
    }
}

impl Executor for CollectionExecutor {
    type Payload = Iteration;
    type Permit = Option<OwnedSemaphorePermit>;

    fn read(&self, step: Step) -> Result<Step<Iteration>, Unreadable> {
        Iteration::read(step)
    }

    fn lane(&self, _: &Step<Iteration>) -> Lane {
        LANE
    }

    fn call(&self, _: Lane) -> String {
        "the collection's requests".to_owned()
    }

    fn window(&self, _: Lane) -> usize {
        self.network.pace.window()
    }

    /// If rows run one after another, the next one starts after the one before it has ended: two rows that wait
    /// for one place may get it in any order.
    fn room(&self, lane: Lane) -> usize {
        match self.window(lane) {
            1 => 1,
            _ => 2 * self.network.pace.rows(),
        }
    }

    fn notes(&self) -> Option<Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn blocked(&self, _: Lane) -> Option<Blocked> {
        self.network.pace.blocked()
    }

    async fn ready(&self, _: Lane) -> Self::Permit {
        self.network.pace.begin().await
    }

    async fn perform(&self, step: &Step<Iteration>, permit: Self::Permit) -> Performed {
        let number = step.payload.number;
        if self.in_turn {
            let mut kept = self.state.lock().await;
            let state = match kept.take() {
                Some(state) => Ok(state),
                None => self.restored(step.number),
            };
            match state {
                Ok(mut state) => {
                    let performed = self.row((step.number, number), permit, &mut state).await;
                    *kept = Some(state);
                    performed
                }
                Err(why) => Performed::NotSent(NotSent::Odd { words: why }),
            }
        } else {
            let mut state = State::new(&self.run);
            let performed = self.row((step.number, number), permit, &mut state).await;
            if matches!(performed, Performed::Settled(_)) {
                self.keep_last(number, state);
            }
            performed
        }
    }

    /// No read can show what a collection changed; the requests that its row had sent can.
    async fn observe(&self, step: &Step<Iteration>) -> Result<Observation, NotSent> {
        let records = match self.records(step.number) {
            Ok(records) => records,
            Err(error) => return Ok(Observation::CannotTell { evidence: error.to_string() }),
        };
        Ok(match Note::last(&records) {
            None => Observation::AsBefore { found: "no changing request was sent".to_owned() },
            Some(note) => {
                let evidence = format!(
                    "{} may have been applied; check it on the site, because it is not sent again",
                    note.words()
                );
                Observation::CannotTell { evidence }
            }
        })
    }

    fn expect(&self, _: &[Step<Iteration>]) {}

    async fn observe_many(&self, steps: &[Step<Iteration>]) -> Result<Vec<Observation>, NotSent> {
        let mut seen = Vec::with_capacity(steps.len());
        for step in steps {
            seen.push(self.observe(step).await?);
        }
        Ok(seen)
    }

    fn guard(&self, _: &Step<Iteration>) -> Option<Refusal> {
        None
    }

    fn rules(&self, _: &Step<Iteration>) -> Rules {
        Rules {
            already: Reason::ReadOnly,
            applied: Reason::DoneNoResponse,
            or_otherwise: "",
            before_unseen: false,
            tells_when_repeated: false,
            sent_unread: true,
            observed_when_released: false,
            denied: None,
            read_back: false,
            contested: None,
        }
    }

    fn named(&self, step: &Step<Iteration>, _: &Verdict) -> Step<Iteration> {
        step.clone()
    }

    fn describe(&self, steps: &[&Step<Iteration>]) -> Description {
        let number = steps.first().map_or(0, |step| step.payload.number);
        let wanted = "every request is answered, and every test passes".to_owned();
        Description { subject: self.subject(number), wanted }
    }
}
