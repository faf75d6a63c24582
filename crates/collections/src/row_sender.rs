//! Sends the requests of one row: writes a note before each changing request, keeps the pace, and returns the row
//! as unsent if its first request certainly had no effect.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use headcount_engine::{NotSent, NoteWriter};
use headcount_model::lease::Lease;
use headcount_postman::client::{HttpClient, LEASE_ENDED};
use headcount_postman::exchange::{Answer, Hop, NoAnswer, Sender};
use headcount_postman::run::{Run, Secrets};
use headcount_postman::variables::Scopes;
use serde_json::Value;
use tokio::sync::{OnceCell, OwnedSemaphorePermit};

use super::note::{Note, NotedRequest, is_reading};
use super::pace::Pace;
use super::state_record::{has_written, written};

/// How often a request that is refused for rate is sent in the middle of a row.
const TRIES: u32 = 10;

/// The longest wait in the middle of a row; for a longer one, the refusal is the answer.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The state that all rows share.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) client: HttpClient,
    pub(crate) pace: Pace,
    pub(crate) notes: NoteWriter,
    /// The lease with which this process carries the run.
    pub(crate) lease: Lease,
    /// Hosts that have answered in this process. If one of them can't be connected to, it is out of reach; another
    /// host may be misspelled.
    pub(crate) reached: Mutex<HashSet<String>>,
}

/// The sender of one row.
#[derive(Debug)]
pub(crate) struct RowSender<'n> {
    network: &'n Network,
    run: &'n Run,
    step: u64,
    row: Mutex<Row>,
    place: OnceCell<Place>,
}

/// A row's place at the site, which it keeps to its end.
#[derive(Debug)]
struct Place {
    _permit: Option<OwnedSemaphorePermit>,
    /// How long the row waited for the journal before.
    journal: Duration,
    since: Instant,
    /// Why the row must not send now: an answer to another row asked for a wait meanwhile.
    refusal: Option<NotSent>,
}

#[derive(Debug, Default)]
struct Row {
    sent: Vec<NotedRequest>,
    /// The secrets to mask, according to the current variables.
    secrets: Secrets,
    variables: Value,
    given_back: Option<NotSent>,
}

impl Row {
    fn noted(&self, hop: &Hop, status: Option<u16>) -> NotedRequest {
        let url = self.secrets.masked(&hop.target.text());
        NotedRequest { method: hop.method.clone(), url, status }
    }

    fn note(&mut self, hop: &Hop, status: Option<u16>) {
        let noted = self.noted(hop, status);
        self.sent.push(noted);
    }
}

impl<'n> RowSender<'n> {
    pub(crate) fn new(network: &'n Network, run: &'n Run, secrets: Secrets, step: u64) -> Self {
        let row = Row { secrets, ..Row::default() };
        Self { network, run, step, row: Mutex::new(row), place: OnceCell::new() }
    }

    /// How long the row waited for the journal before it had its place, and how long it has it; `None`: it sent
    /// nothing.
    pub(crate) fn times(&self) -> Option<(Duration, Duration)> {
        let place = self.place.get().filter(|place| place.refusal.is_none())?;
        Some((place.journal, place.since.elapsed()))
    }

    /// Takes the row's place, once; no request of the row is sent before. If something asked for a wait meanwhile,
    /// the row is given back.
    async fn take_place(&self, journal: Duration) -> Result<(), NoAnswer> {
        let taken = || async {
            let _permit = self.network.pace.place().await;
            let (since, refusal) = (Instant::now(), self.network.pace.refusal());
            Place { _permit, journal, since, refusal }
        };
        let refusal = self.place.get_or_init(taken).await.refusal.clone();
        refusal.map_or(Ok(()), |why| Err(self.give_back(why)))
    }

    /// Why the row was not sent at all, if it was not.
    pub(crate) fn into_given_back(self) -> Option<NotSent> {
        self.row.into_inner().unwrap_or_else(PoisonError::into_inner).given_back
    }

    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the row before any request had an effect.
    fn give_back(&self, why: NotSent) -> NoAnswer {
        let message = why.words().to_owned();
        self.row().given_back = Some(why);
        NoAnswer { code: "", message, maybe_sent: false }
    }

    /// Writes the note of a changing request to the disk.
    async fn note(&self, hop: &Hop) -> Result<(), NoAnswer> {
        if is_reading(&hop.method) {
            return Ok(());
        }
        let note = {
            let row = self.row();
            let (before, variables) = (row.sent.clone(), row.variables.clone());
            Note { sending: row.noted(hop, None), before, variables }
        };
        let written = self.network.notes.write(self.step, note.text()).await;
        written.map_err(|closed| NoAnswer {
            code: "",
            message: closed.to_string(),
            maybe_sent: false,
        })
    }

    /// A row waits for its place, and after a 429, for longer than a lease may last. Another process may carry the run
    /// by then.
    fn check_lease(&self) -> Result<(), NoAnswer> {
        if self.network.lease.counts() {
            return Ok(());
        }
        if self.row().sent.is_empty() {
            return Err(self.give_back(NotSent::Halted));
        }
        Err(NoAnswer { code: "", message: LEASE_ENDED.to_owned(), maybe_sent: false })
    }

    /// A request that was refused for rate had no effect: the row is returned as unsent, or the request is sent
    /// again later.
    async fn refused(&self, answer: Answer, tries: u32) -> Result<Option<Answer>, NoAnswer> {
        let wait = self.network.pace.refused(&answer);
        if self.row().sent.is_empty() {
            let words = "the site asks to slow down (429)".to_owned();
            return Err(self.give_back(NotSent::Refused {
                words,
                status: Some(429),
                reading: false,
            }));
        }
        if wait > LONGEST || tries >= TRIES {
            return Ok(Some(answer));
        }
        self.network.pace.free().await;
        Ok(None)
    }

    fn lost(&self, hop: &Hop, lost: NoAnswer) -> NoAnswer {
        let is_known = |host: &str| {
            self.network.reached.lock().unwrap_or_else(PoisonError::into_inner).contains(host)
        };
        if !lost.maybe_sent && self.row().sent.is_empty() && is_known(&hop.target.authority()) {
            self.network.pace.unreachable();
            return self.give_back(NotSent::OutOfReach { words: lost.message });
        }
        if lost.maybe_sent {
            self.row().note(hop, None);
        }
        lost
    }
}

impl Sender for RowSender<'_> {
    fn variables(&self, scopes: &Scopes) {
        if !has_written(scopes) {
            return;
        }
        let mut row = self.row();
        // A script may have signed in.
        row.secrets = row.secrets.and(self.run, scopes);
        row.variables = written(scopes, &row.secrets);
    }

    async fn send(&self, hop: &Hop) -> Result<Answer, NoAnswer> {
        if let Some(why) = &self.row().given_back {
            let message = why.words().to_owned();
            return Err(NoAnswer { code: "", message, maybe_sent: false });
        }
        self.network.pace.turn().await;
        let noting = Instant::now();
        self.note(hop).await?;
        self.take_place(noting.elapsed()).await?;
        let mut tries = 1;
        loop {
            self.check_lease()?;
            let answer = match self.network.client.send(hop).await {
                Ok(answer) => answer,
                Err(lost) => return Err(self.lost(hop, lost)),
            };
            let answer = match answer.status {
                429 => self.refused(answer, tries).await?,
                _ => Some(answer),
            };
            if let Some(answer) = answer {
                self.answered(hop, &answer);
                return Ok(answer);
            }
            tries += 1;
        }
    }
}

impl RowSender<'_> {
    fn answered(&self, hop: &Hop, answer: &Answer) {
        if answer.status != 429 {
            self.network.pace.answered();
        }
        self.row().note(hop, Some(answer.status));
        let host = hop.target.authority();
        let mut reached = self.network.reached.lock().unwrap_or_else(PoisonError::into_inner);
        if !reached.contains(&host) {
            reached.insert(host);
        }
    }
}
