//! One step's way: wait for its place in the pace, send once, read where the answer was lost,
//! read back where that is wanted. Keeps no state: what it found goes to the dispatcher.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::executor::{Executor, NotSent, Observation, Performed};
use super::halt::{Halt, Level};
use super::odd_answers::OddAnswers;
use super::options::Patience;
use super::reconcile::{Age, LATER, Reading, after_unclear};
use headcount_model::clock::Clock;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, Verdict};

/// What became of a step.
#[derive(Debug)]
pub(super) struct Done<P> {
    pub(super) step: Step<P>,
    pub(super) back: Back,
    /// The answer that stops the run, for it is the second of its kind ([`OddAnswers`]).
    pub(super) odd: Option<String>,
}

/// In what state it comes back.
#[derive(Debug)]
pub(super) enum Back {
    /// With its outcome.
    Settled(Settled),
    /// Without any effect: pending again.
    Unsent(Unsent),
    /// Sent, its answer lost, and the site could not be read either: it stays started, and the
    /// next look decides.
    Left(Left),
}

/// What is known of a step that could not be read.
#[derive(Debug)]
pub(super) struct Left {
    /// Why the site could not be read.
    pub(super) why: NotSent,
    /// What happened to the sending.
    pub(super) evidence: String,
}

/// It has its outcome.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) verdict: Verdict,
    /// What was read back, where that was wanted.
    pub(super) seen: Option<Observation>,
}

/// A step that was settled in this stretch, with what was read back of it.
#[derive(Debug)]
pub(super) struct Finished<P> {
    pub(super) step: Step<P>,
    pub(super) settled: Settled,
}

/// It surely had no effect and is pending again.
#[derive(Debug)]
pub(super) struct Unsent {
    pub(super) why: NotSent,
    pub(super) status: Option<u16>,
    /// It was sent and its answer was lost, but reading shows nothing: should the site later say
    /// "already so", it was us.
    pub(super) unclear: bool,
}

impl Unsent {
    fn plain(why: NotSent) -> Self {
        let status = match &why {
            NotSent::Refused { status, .. } => *status,
            _ => None,
        };
        Self { why, status, unclear: false }
    }
}

/// What a worker gets with its step.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    pub(super) odd: Arc<OddAnswers>,
    pub(super) halt: Halt,
    pub(super) patience: Patience,
    /// Read back before it counts as changed.
    pub(super) verify: bool,
    pub(super) clock: Clock,
}

impl Orders {
    /// Whether what was last sent then may still come to show.
    pub(super) fn age<P>(&self, step: &Step<P>) -> Age {
        let since = step.sent_at.map(|at| self.clock.now().duration_since(at));
        let proof = jiff::SignedDuration::try_from(self.patience.proof);
        match (since, proof) {
            (Some(since), Ok(proof)) if since >= proof => Age::WouldHaveShown,
            _ => Age::MayStillShow,
        }
    }
}

/// Carries one step out.
pub(super) async fn work<E: Executor>(
    executor: &E,
    step: Step<E::Payload>,
    orders: &Orders,
) -> Done<E::Payload> {
    let back = tokio::select! {
        biased;
        () = orders.halt.reached(Level::Drain) => Err(NotSent::Halted),
        place = place(executor, &step, orders) => Ok(place),
    };
    let mut odd = None;
    let back = match back {
        Ok((permit, _turn)) => send(executor, &step, permit, orders, &mut odd).await,
        Err(why) => Back::Unsent(Unsent::plain(why)),
    };
    Done { step, back, odd }
}

/// Waits for a place in the pace; for a turn, too, while answers are odd. The place is given back for so
/// long: reading needs one.
async fn place<'o, E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    orders: &'o Orders,
) -> (E::Permit, Option<MutexGuard<'o, ()>>) {
    let mut turn = None;
    loop {
        let permit = executor.ready(executor.lane(step)).await;
        if turn.is_some() || !orders.odd.are_suspected() {
            return (permit, turn);
        }
        drop(permit);
        turn = Some(orders.odd.turn.lock().await).filter(|_| orders.odd.are_suspected());
    }
}

async fn send<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    permit: E::Permit,
    orders: &Orders,
    stop: &mut Option<String>,
) -> Back {
    let (sent_at, sent) = (orders.clock.now(), Instant::now());
    let performed = executor.perform(step, permit).await;
    if matches!(performed, Performed::Settled(_) | Performed::AlreadySo(_)) {
        orders.odd.as_described(sent);
    }
    match performed {
        Performed::Settled(verdict) if step.unclear > 0 && verdict.outcome == Outcome::Failed => {
            refused(executor, step, verdict, orders).await
        }
        Performed::Settled(verdict) => verify(executor, step, verdict, orders).await,
        Performed::AlreadySo(verdict) => {
            already_so(executor, step, already(step, verdict), orders).await
        }
        Performed::NotSent(why) => not_sent(why, orders),
        Performed::Unclear { status, evidence } => {
            let step = Step { sent_at: Some(sent_at), ..step.clone() };
            match status {
                Some(200..300) => orders.odd.came(),
                _ => return unclear(executor, &step, status, &evidence, orders).await,
            }
            // A yes that is not the described one: read before anything else is sent.
            let back = unclear(executor, &step, status, &evidence, orders).await;
            if orders.odd.was_read(sent, !was_done(&back), Instant::now()) {
                orders.halt.at_least(Level::Drain);
                *stop = Some(evidence);
            }
            back
        }
    }
}

fn not_sent(why: NotSent, orders: &Orders) -> Back {
    if stops(&why) {
        // Before anybody else gets a place in the pace: no further request goes out.
        orders.halt.at_least(Level::Drain);
    }
    Back::Unsent(Unsent::plain(why))
}

fn was_done(back: &Back) -> bool {
    matches!(back, Back::Settled(settled) if settled.verdict.outcome == Outcome::Changed)
}

/// "Already so" after a sending whose answer was lost means that that sending did it.
fn already<P>(step: &Step<P>, verdict: Verdict) -> Verdict {
    if step.unclear == 0 {
        return verdict;
    }
    let detail = "an earlier request, whose answer was lost, applied it";
    Verdict { detail: detail.into(), ..Verdict::new(Outcome::Changed, Reason::DoneNoResponse, "") }
        .with_status(verdict.http_status)
}

/// "Already so" counts for nothing by the answer alone, which may mean "you may not" (a 404 to a removal:
/// Jira's words for both) or be another request's: it is read back.
async fn already_so<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    verdict: Verdict,
    orders: &Orders,
) -> Back {
    let rules = executor.rules(step);
    // Another user may have made this change a moment ago. Where the same answer means "you may not",
    // each row of a whole list may get it: those are read for a shorter time.
    let looks = match rules.denied {
        Some(_) if step.unclear == 0 => &orders.patience.looks_for_undone,
        _ => &orders.patience.looks,
    };
    let seen = match look_until(executor, step, orders, looks, is_as_wanted).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: verdict.detail }),
    };
    let verdict = match &seen {
        Observation::AsWanted { .. } => verdict,
        Observation::CannotTell { evidence } | Observation::Unreadable { evidence } => {
            let detail = format!("{}; headcount could not verify it: {evidence}", verdict.detail);
            Verdict { outcome: Outcome::Unknown, reason: Reason::NotVerified, detail, ..verdict }
        }
        other => {
            let detail = format!("{}, but the site then showed: {}", verdict.detail, other.words());
            // A user who is still there after a 404 may not be removed, unless an earlier sending may have
            // done it; else the site's own word is against an index that lags.
            let sent_before = step.unclear > 0 && orders.age(step) == Age::MayStillShow;
            let (outcome, reason) = match rules.denied {
                Some(reason) if !sent_before => (Outcome::Failed, reason),
                _ => (Outcome::Unknown, Reason::NotVerified),
            };
            Verdict { outcome, reason, detail, ..verdict }
        }
    };
    Back::Settled(Settled { verdict, seen: Some(seen) })
}

/// A refusal after a sending whose answer was lost says nothing of that one, which may have been
/// slow: further looks decide, and nothing is failed while an index may lag.
async fn refused<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    verdict: Verdict,
    orders: &Orders,
) -> Back {
    let looks = all_looks(&orders.patience);
    let verdict = match look_until(executor, step, orders, &looks, is_as_wanted).await {
        Err(why) => return Back::Left(Left { why, evidence: verdict.detail }),
        Ok(Observation::AsWanted { named, .. }) => {
            let detail = "an earlier request, whose answer was lost, applied it";
            let done = Verdict::new(Outcome::Changed, Reason::DoneNoResponse, detail);
            Verdict { named, ..done.with_status(verdict.http_status) }
        }
        Ok(_) if orders.age(step) == Age::WouldHaveShown => verdict,
        Ok(other) => {
            let detail = format!(
                "{}; the answer to an earlier request was lost, and the site then showed: {}; {LATER}",
                verdict.detail,
                other.words()
            );
            let (outcome, reason) = (Outcome::Unknown, Reason::NoResponse);
            Verdict { outcome, reason, detail, ..verdict }
        }
    };
    Back::Settled(Settled { verdict, seen: None })
}

/// Reads back what the site says it did; looks several times, for indexes lag.
async fn verify<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    verdict: Verdict,
    orders: &Orders,
) -> Back {
    if !orders.verify || verdict.outcome != Outcome::Changed {
        return Back::Settled(Settled { verdict, seen: None });
    }
    let made = executor.named(step, &verdict);
    let looks = &orders.patience.looks;
    let seen = match look_until(executor, &made, orders, looks, is_as_wanted).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: "the site accepted it".into() }),
    };
    let verdict = match &seen {
        Observation::AsWanted { named, .. } => {
            Verdict { named: verdict.named.or_else(|| named.clone()), ..verdict }
        }
        other => {
            let detail = format!("the site accepted it, but then showed: {}", other.words());
            Verdict { outcome: Outcome::Unknown, reason: Reason::NotVerified, detail, ..verdict }
        }
    };
    Back::Settled(Settled { verdict, seen: Some(seen) })
}

/// Settles a step whose answer was lost, by reading.
pub(super) async fn unclear<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    status: Option<u16>,
    evidence: &str,
    orders: &Orders,
) -> Back {
    // After the last sending nothing follows that would show it, so that one is read for longer.
    let last = step.unclear + 1 >= orders.patience.sendings;
    let looks = match last {
        true => all_looks(&orders.patience),
        false => orders.patience.looks_for_undone.clone(),
    };
    let seen = match look_until(executor, step, orders, &looks, is_as_wanted).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: evidence.to_owned() }),
    };
    let bounds = (orders.patience.sendings, orders.age(step));
    match after_unclear(&executor.rules(step), step.unclear, status, evidence, &seen, bounds) {
        Reading::Settle(verdict) => Back::Settled(Settled { verdict, seen: Some(seen) }),
        Reading::SendAgain => {
            let words = format!("{evidence}; the site shows no change");
            let why = match status {
                // A yes that is not the described one, twice, and nothing was done: not the site's.
                Some(200..300) if step.unclear > 0 => NotSent::Odd { words },
                _ => NotSent::OutOfReach { words },
            };
            Back::Unsent(Unsent { why, status, unclear: true })
        }
    }
}

/// Whether the first of its kind stops the run.
fn stops(why: &NotSent) -> bool {
    matches!(why, NotSent::Credential { .. } | NotSent::Elsewhere { .. } | NotSent::Odd { .. })
}

fn is_as_wanted(seen: &Observation) -> bool {
    matches!(seen, Observation::AsWanted { .. })
}

/// Every wait before something whose answer was lost is settled as failed or unknown.
fn all_looks(patience: &Patience) -> Vec<Duration> {
    [patience.looks_for_undone.as_slice(), &patience.looks_before_failing].concat()
}

/// Looks until it is as asked, or patience ends; then the last seen. `Err`: the site could not be
/// read.
async fn look_until<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    orders: &Orders,
    looks: &[Duration],
    enough: impl Fn(&Observation) -> bool,
) -> Result<Observation, NotSent> {
    let mut waits = looks.iter();
    loop {
        let seen = match executor.observe(step).await {
            Ok(seen) => seen,
            Err(why) => {
                if stops(&why) {
                    orders.halt.at_least(Level::Drain);
                }
                return Err(why);
            }
        };
        if enough(&seen) || matches!(seen, Observation::Unreadable { .. }) {
            return Ok(seen);
        }
        match waits.next() {
            Some(&wait) => tokio::time::sleep(wait).await,
            None => return Ok(seen),
        }
    }
}
