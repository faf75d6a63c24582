//! A worker applies one step: it waits for a place in the pace, sends once, reads the site if the answer was lost, and
//! reads the change back if that is wanted. It keeps no state: its result goes to the dispatcher.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::MutexGuard;
use tokio::time::Instant;

use super::executor::{Executor, NotSent, Observation, Performed, Rules};
use super::halt::Level;
use super::options::Patience;
use super::orders::Orders;
use super::reconcile::{Age, LATER, Reading, after_unclear, may_be_from_before};
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::{Step, Verdict};

/// A step with its result.
#[derive(Debug)]
pub(super) struct Done<P> {
    pub(super) step: Step<P>,
    pub(super) back: Back,
    /// An answer that stops the run, because it is the second odd one ([`super::odd_answers`]).
    pub(super) odd: Option<String>,
}

/// The state in which a step comes back.
#[derive(Debug)]
pub(super) enum Back {
    /// The step has its outcome.
    Settled(Settled),
    /// The request had no effect: the step is pending again.
    Unsent(Unsent),
    /// The answer was lost and the site could not be read: the step stays started, and the next read decides.
    Left(Left),
}

/// A step whose answer was lost and that could not be read.
#[derive(Debug)]
pub(super) struct Left {
    /// Why the site could not be read.
    pub(super) why: NotSent,
    /// What happened to the request.
    pub(super) evidence: String,
}

/// A step that has its outcome.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) verdict: Verdict,
    /// What was read back, if that was wanted.
    pub(super) seen: Option<Observation>,
}

/// A step that ended while this process was sending, and what was read back.
#[derive(Debug)]
pub(super) struct Finished<P> {
    pub(super) step: Step<P>,
    pub(super) settled: Settled,
}

/// A step whose request certainly had no effect; it is pending again.
#[derive(Debug)]
pub(super) struct Unsent {
    pub(super) why: NotSent,
    pub(super) status: Option<u16>,
    /// The request was sent and its answer was lost, but a read shows no effect. If the site later answers "already
    /// so", this request did it.
    pub(super) unclear: bool,
}

impl Unsent {
    fn plain(why: NotSent) -> Self {
        let status = if let NotSent::Refused { status, .. } = &why { *status } else { None };
        Self { why, status, unclear: false }
    }
}

/// Applies one step.
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
        // It may have been stopped since the step was started.
        Ok(_) if !orders.lease.counts() => {
            orders.halt.because("the lease of the run has ended");
            Err(NotSent::Halted)
        }
        back => back,
    };
    let back = match back {
        Ok((permit, _turn)) => send(executor, &step, permit, orders, &mut odd).await,
        Err(why) => Back::Unsent(Unsent::plain(why)),
    };
    Done { step, back, odd }
}

/// Waits for a place in the pace, and for a turn while answers are odd. Meanwhile the place is given back, because
/// reads need one.
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
    let sent = Instant::now();
    let performed = executor.perform(step, permit).await;
    if matches!(performed, Performed::Settled(_) | Performed::AlreadySo(_) | Performed::SeemsSo(_))
    {
        orders.odd.as_described(sent);
    }
    match performed {
        Performed::Settled(verdict) if step.unclear > 0 && verdict.outcome == Outcome::Failed => {
            refused(executor, step, verdict, orders).await
        }
        Performed::Settled(verdict) => verify(executor, step, verdict, orders).await,
        Performed::AlreadySo(verdict) => already_so(executor, step, (verdict, true), orders).await,
        Performed::SeemsSo(verdict) => already_so(executor, step, (verdict, false), orders).await,
        Performed::NotSent(why) => not_sent(why, orders),
        Performed::Unclear { status, evidence } => {
            let step = Step { sent_by: latest(executor), ..step.clone() };
            match status {
                Some(200..300) => orders.odd.came(),
                _ => return unclear(executor, &step, status, &evidence, orders).await,
            }
            // A success that is not the documented one: the site is read before anything else is sent.
            let back = unclear(executor, &step, status, &evidence, orders).await;
            if orders.odd.was_read(sent, !was_done(&back), Instant::now()) {
                orders.halt.at_least(Level::Drain);
                *stop = Some(evidence);
            }
            back
        }
    }
}

/// The latest moment that it may be on the site now: what was sent so far was sent by then.
pub(super) fn latest<E: Executor>(executor: &E) -> Option<Timestamp> {
    executor.site_time().map(|time| time.at_most)
}

fn not_sent(why: NotSent, orders: &Orders) -> Back {
    if stops(&why) {
        // Halted before another step gets a place in the pace, so that no further request is sent.
        orders.halt.at_least(Level::Drain);
    }
    Back::Unsent(Unsent::plain(why))
}

fn was_done(back: &Back) -> bool {
    matches!(back, Back::Settled(settled) if settled.verdict.outcome == Outcome::Changed)
}

/// "Already so" after a request whose answer was lost means that this request made the change, unless the state before
/// is unknown: then the wanted state may be an old one, and nothing can show which.
fn already<E: Executor>(executor: &E, step: &Step<E::Payload>, verdict: Verdict) -> Verdict {
    if step.unclear == 0 {
        return verdict;
    }
    let detail = match may_show_before(&executor.rules(step)) {
        true => "an earlier request, whose answer was lost, applied it, or it was already so",
        false => "an earlier request, whose answer was lost, applied it",
    };
    Verdict { detail: detail.into(), ..Verdict::new(Outcome::Changed, Reason::DoneNoResponse, "") }
        .with_status(verdict.http_status)
}

/// Reads the state back after an "already so". The answer alone proves nothing: it may mean "you may not" (Jira answers
/// a removal with 404 for both), or belong to another request. If the answer does not say it, the wanted state counts
/// only if the site would no longer show the state from before the change that the step undoes.
async fn already_so<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    (answer, says_so): (Verdict, bool),
    orders: &Orders,
) -> Back {
    let rules = executor.rules(step);
    let verdict = already(executor, step, answer.clone());
    // Another user may have made this change a moment ago. If the answer can also mean "you may not", every row of a
    // list may get it, so the reads take less time.
    let looks = match rules.denied {
        Some(_) if step.unclear == 0 => &orders.patience.looks_for_undone,
        _ => &orders.patience.looks,
    };
    let confirms = shown_and_stays(&rules, &orders.patience);
    let seen = match look_until(executor, step, orders, looks, &confirms).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: verdict.detail }),
    };
    let verdict = match &seen {
        Observation::AsWanted { found, .. }
            if !says_so
                && may_show_before(&rules)
                && orders.age(executor, step) == Age::MayStillShow =>
        {
            may_be_from_before(step.unclear, answer, found)
        }
        Observation::AsWanted { .. } => verdict,
        Observation::CannotTell { evidence } | Observation::Unreadable { evidence } => {
            let detail = format!("{}; headcount could not verify it: {evidence}", verdict.detail);
            Verdict { outcome: Outcome::Unknown, reason: Reason::NotVerified, detail, ..verdict }
        }
        other @ (Observation::AsBefore { .. } | Observation::Otherwise { .. }) => {
            let detail = format!("{}, but the site then showed: {}", verdict.detail, other.words());
            // If the user is still there after a 404, the credential may not remove them, unless an earlier request
            // may have done it. Otherwise the site's answer contradicts an index that lags.
            let sent_before = step.unclear > 0 && orders.age(executor, step) == Age::MayStillShow;
            let (outcome, reason) = match rules.denied {
                Some(reason) if !sent_before => (Outcome::Failed, reason),
                _ => (Outcome::Unknown, Reason::NotVerified),
            };
            Verdict { outcome, reason, detail, ..verdict }
        }
    };
    Back::Settled(Settled { verdict, seen: Some(seen) })
}

/// A refusal says nothing about an earlier request whose answer was lost and which may have been slow. Further reads
/// decide, and the step does not end `failed` while an index may lag.
async fn refused<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    verdict: Verdict,
    orders: &Orders,
) -> Back {
    let looks = all_looks(&orders.patience);
    let seen = match look_until(executor, step, orders, &looks, &is_as_wanted).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: verdict.detail }),
    };
    let age = orders.age(executor, step);
    let proves = age == Age::WouldHaveShown || !may_show_before(&executor.rules(step));
    let verdict = match seen {
        Observation::AsWanted { named, .. } if proves => {
            let detail = "an earlier request, whose answer was lost, applied it";
            let done = Verdict::new(Outcome::Changed, Reason::DoneNoResponse, detail);
            Verdict { named, ..done.with_status(verdict.http_status) }
        }
        _ if age == Age::WouldHaveShown => verdict,
        other @ (Observation::AsWanted { .. }
        | Observation::AsBefore { .. }
        | Observation::Otherwise { .. }
        | Observation::CannotTell { .. }
        | Observation::Unreadable { .. }) => {
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

/// Reads a change back that the site has accepted, several times, because indexes lag.
async fn verify<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    verdict: Verdict,
    orders: &Orders,
) -> Back {
    let verifies = orders.verify || (orders.reads_back && executor.rules(step).read_back);
    if !verifies || verdict.outcome != Outcome::Changed {
        return Back::Settled(Settled { verdict, seen: None });
    }
    let made = executor.named(step, &verdict);
    let looks = &orders.patience.looks;
    let confirms = shown_and_stays(&executor.rules(step), &orders.patience);
    let seen = match look_until(executor, &made, orders, looks, &confirms).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: "the site accepted it".into() }),
    };
    let verdict = match &seen {
        Observation::AsWanted { named, .. } => {
            Verdict { named: verdict.named.or_else(|| named.clone()), ..verdict }
        }
        other @ (Observation::AsBefore { .. }
        | Observation::Otherwise { .. }
        | Observation::CannotTell { .. }
        | Observation::Unreadable { .. }) => {
            let detail = format!("the site accepted it, but then showed: {}", other.words());
            Verdict { outcome: Outcome::Unknown, reason: Reason::NotVerified, detail, ..verdict }
        }
    };
    Back::Settled(Settled { verdict, seen: Some(seen) })
}

/// Settles a step whose answer was lost, by reads.
pub(super) async fn unclear<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    status: Option<u16>,
    evidence: &str,
    orders: &Orders,
) -> Back {
    // After the last request, no further one would show the state, so the reads take longer.
    let last = step.unclear + 1 >= orders.patience.sendings;
    let looks = match last {
        true => all_looks(&orders.patience),
        false => orders.patience.looks_for_undone.clone(),
    };
    let seen = match look_until(executor, step, orders, &looks, &is_as_wanted).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: evidence.to_owned() }),
    };
    let seen = match seen_in_time(executor, step, orders, seen).await {
        Ok(seen) => seen,
        Err(why) => return Back::Left(Left { why, evidence: evidence.to_owned() }),
    };
    let bounds = (orders.patience.sendings, orders.age(executor, step));
    match after_unclear(&executor.rules(step), step.unclear, status, evidence, &seen, bounds) {
        Reading::Settle(verdict) => Back::Settled(Settled { verdict, seen: Some(seen) }),
        Reading::SendAgain => {
            let words = format!("{evidence}; the site shows no change");
            let why = match status {
                // Two successes that are not the documented one, and no effect: the answers are not the site's.
                Some(200..300) if step.unclear > 0 => NotSent::Odd { words },
                _ => NotSent::OutOfReach { words },
            };
            Back::Unsent(Unsent { why, status, unclear: true })
        }
    }
}

/// Reads once more when the effect of the last request would be visible, on a site that does not show its clock: no later
/// process could tell how old the request is, and the row would stay `unknown`.
async fn seen_in_time<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    orders: &Orders,
    seen: Observation,
) -> Result<Observation, NotSent> {
    let is_open = match &seen {
        Observation::AsBefore { .. } => true,
        Observation::AsWanted { .. } => may_show_before(&executor.rules(step)),
        Observation::Otherwise { .. }
        | Observation::CannotTell { .. }
        | Observation::Unreadable { .. } => false,
    };
    let Some(until) = orders.counts_until(executor, step).filter(|_| is_open) else {
        return Ok(seen);
    };
    tokio::select! {
        biased;
        () = orders.halt.reached(Level::Drain) => Ok(seen),
        () = tokio::time::sleep_until(until) => {
            look_until(executor, step, orders, &[], &is_as_wanted).await
        }
    }
}

/// Whether the first such answer stops the run.
fn stops(why: &NotSent) -> bool {
    match why {
        NotSent::Credential { .. }
        | NotSent::Blocked { .. }
        | NotSent::Elsewhere { .. }
        | NotSent::Odd { .. } => true,
        NotSent::Refused { .. } | NotSent::OutOfReach { .. } | NotSent::Halted => false,
    }
}

fn is_as_wanted(seen: &Observation) -> bool {
    matches!(seen, Observation::AsWanted { .. })
}

/// Whether the site may still show the wanted state from before the change that the step undoes: the plan could not
/// believe what it read.
fn may_show_before(rules: &Rules) -> bool {
    rules.before_unseen && rules.tells_when_repeated
}

/// Whether an observation confirms the site's answer. Where an index that lags may show the wanted state from before,
/// the state must stay for as long as a change usually takes to show.
fn shown_and_stays(
    rules: &Rules,
    patience: &Patience,
) -> impl Fn(&Observation) -> bool + Sync + use<> {
    let since = Instant::now();
    let stays = match may_show_before(rules) {
        true => patience.looks_for_undone.iter().sum(),
        false => Duration::ZERO,
    };
    move |seen| is_as_wanted(seen) && since.elapsed() >= stays
}

/// All waits between reads before a step whose answer was lost ends `failed` or `unknown`.
fn all_looks(patience: &Patience) -> Vec<Duration> {
    [patience.looks_for_undone.as_slice(), &patience.looks_before_failing].concat()
}

/// Reads until the observation is enough or the waits are used up. Returns the last observation, or why the site could
/// not be read.
async fn look_until<E: Executor>(
    executor: &E,
    step: &Step<E::Payload>,
    orders: &Orders,
    looks: &[Duration],
    enough: &(impl Fn(&Observation) -> bool + Sync),
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
