//! Sends invitations of several steps in one request.
//!
//! The engine knows single steps. Here, steps with the same apps and groups are sent together, at most 25 users.
//! The step that first gets the pace's permit takes along the waiting ones, sends the request, and gives each its
//! own part of the answer. Each step is `started` in the journal before it gets here, so a lost answer is settled
//! user by user, by reading.
//!
//! At most two requests' worth of steps are let in at once, so that a halt leaves few of them behind; the others
//! wait where they count as never sent.

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
    /// Invites the user of a step, together with other steps.
    pub(super) async fn invite(&self, step: &Step) -> Performed {
        let mine = self.packs.join(step);
        tokio::time::sleep(FILLING).await;
        let turn = self.packs.turn.lock().await;
        if !self.packs.has(step.number) {
            drop(turn);
            return mine.await.unwrap_or_else(|_| left());
        }
        // While it waits for a permit, other steps may still join.
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

    /// Sends a pack. If it is refused as a whole, without effect, it is halved until the refused user or app is
    /// alone.
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
            // A step that no longer waits is settled by reading.
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
            // Nothing was sent; each step reports that.
            Err(SendError::Unsent(_) | SendError::Impossible(_)) => Ok((0, Vec::new())),
        }
    }

    /// One user's part of the answer.
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

/// The step that took this one along is gone.
fn left() -> Performed {
    let evidence = "the invitation was interrupted".to_owned();
    Performed::Unclear { status: None, evidence }
}

/// Whether a refusal may concern one user or one seat of a pack.
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
        // A step that no longer waits is settled by reading.
        let _ = one.answer.send(performed);
    }
}
