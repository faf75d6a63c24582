//! Invitations in packs: many steps to one request.
//!
//! The engine knows of single steps; here those that want the same products and groups travel
//! together, up to 25 people. Whoever comes first for the pace takes along who waits, sends, and
//! hands each their own part of the answer. Each step has its “started” in the journal before it gets
//! here, so a lost answer is settled person by person, by reading.
//!
//! So that a halt leaves few behind, no more steps than two packs are let in at once; the others wait
//! where they count as never sent.

use super::packs::{FILLING, Waiting};
use super::people::PeopleExecutor;
use crate::steps::{SendError, Sends, Step, Way, after_created, named_account, not_sent};
use headcount_atlassian::pace::Permit;
use headcount_atlassian::records::{Created, Invited};
use headcount_atlassian::{CallError, CallErrorKind, Effect, Endpoint};
use headcount_engine::Performed;
use headcount_model::outcome::Outcome;
use headcount_model::reason::Reason;
use headcount_model::step::Verdict;
use headcount_model::user::mail_key;

impl PeopleExecutor {
    /// Invites the person of a step, together with others.
    pub(super) async fn invite(&self, step: &Step) -> Performed {
        let mine = self.packs.join(step);
        tokio::time::sleep(FILLING).await;
        let turn = self.packs.turn.lock().await;
        if !self.packs.has(step.number) {
            drop(turn);
            return mine.await.unwrap_or_else(|_| left());
        }
        // While it is asked for a place, others may still come.
        let permit = self.site.place(Endpoint::AdminInvite).await;
        let pack = self.packs.take(step.number);
        drop(turn);
        if !pack.is_empty() {
            match permit {
                Ok(permit) => self.send_pack(pack, permit).await,
                Err(error) => self.all_failed(pack, &error).await,
            }
        }
        mine.await.unwrap_or_else(|_| left())
    }

    /// Sends a pack. One that is refused as a whole, without effect, is halved until who or what is
    /// refused stands alone.
    async fn send_pack(&self, pack: Vec<Waiting>, permit: Permit) {
        let mut rest = vec![pack];
        let mut permit = Some(permit);
        while let Some(mut pack) = rest.pop() {
            let permit = match permit.take() {
                Some(permit) => Ok(permit),
                None => self.site.place(Endpoint::AdminInvite).await,
            };
            let sent = match permit {
                Ok(permit) => self.send_once(&pack, permit).await,
                Err(error) => Err(error),
            };
            match sent {
                Ok((status, invited)) => answer(pack, |step| self.told(step, status, &invited)),
                Err(error) if pack.len() > 1 && is_about_somebody(&error) => {
                    let second = pack.split_off(pack.len() / 2);
                    rest.extend([second, pack]);
                }
                Err(error) => self.all_failed(pack, &error).await,
            }
        }
    }

    async fn all_failed(&self, pack: Vec<Waiting>, error: &CallError) {
        for one in pack {
            let performed = self.after_failure(&one.step, error.clone()).await;
            // A step whose waiter has gone away is settled by reading.
            let _ = one.answer.send(performed);
        }
    }

    async fn send_once(
        &self,
        pack: &[Waiting],
        permit: Permit,
    ) -> Result<(u16, Vec<Invited>), CallError> {
        let steps: Vec<&Step> = pack.iter().map(|one| &one.step).collect();
        let way = steps.first().and_then(|first| self.way(first).ok());
        let (Some(Way { sends: Sends::InPacks(invite), .. }), Some(first)) = (way, steps.first())
        else {
            return Ok((0, Vec::new()));
        };
        match invite(self.means(first), steps, permit).await {
            Ok(invited) => Ok(invited),
            Err(SendError::Call(error)) => Err(error),
            // Nothing was sent, which each step then reports.
            Err(SendError::Unsent(_) | SendError::Impossible(_)) => Ok((0, Vec::new())),
        }
    }

    /// One person's part of the answer.
    fn told(&self, step: &Step, status: u16, invited: &[Invited]) -> Performed {
        if self.site.admin.is_none() {
            return not_sent("there is no organization API key");
        }
        let mail = step.payload.target.mail.as_deref().map(mail_key);
        let Some(mine) = invited.iter().find(|one| Some(mail_key(&one.mail)) == mail) else {
            let evidence = "the answer to the invitation does not name the user".to_owned();
            return Performed::Unclear { status: Some(status), evidence };
        };
        if mine.refused.is_empty() {
            let created = Created { account: mine.account.clone(), status };
            return after_created(step, created, &self.known);
        }
        let words = mine.refused.join("; ");
        let full = mine.full;
        let reason = if full { Reason::LicenceLimit } else { Reason::Refused };
        let detail = format!("only partly invited: {words}");
        let verdict = Verdict::new(Outcome::Failed, reason, detail).with_status(Some(status));
        Performed::Settled(Verdict { named: mine.account.as_ref().map(named_account), ..verdict })
    }
}

/// Whoever took the step along has gone.
fn left() -> Performed {
    let evidence = "the invitation was interrupted".to_owned();
    Performed::Unclear { status: None, evidence }
}

/// A refusal that may be about one person or one seat of a pack.
fn is_about_somebody(error: &CallError) -> bool {
    error.effect == Effect::None
        && matches!(
            error.kind,
            CallErrorKind::BadRequest
                | CallErrorKind::NotFound
                | CallErrorKind::Conflict
                | CallErrorKind::Licence
        )
}

fn answer(pack: Vec<Waiting>, each: impl Fn(&Step) -> Performed) {
    for one in pack {
        let performed = each(&one.step);
        // Whoever has gone away is settled by reading.
        let _ = one.answer.send(performed);
    }
}
