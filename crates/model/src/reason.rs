//! Why a row ended as it did: stable machine words, each with what it means and what to do.
//!
//! The words are part of the product's interface (reports, `--json`): one is never renamed and
//! never given another meaning. The table below is the only place that lists them; the docs page
//! is written from it.

use std::fmt;

use super::outcome::Outcome;

macro_rules! reasons {
    ($($variant:ident $word:literal [$($outcome:ident)+] $meaning:literal;)+) => {
        /// Why a row ended as it did.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $(#[doc = $meaning] $variant,)+
        }

        impl Reason {
            /// All of them, in the order of the docs.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The kebab-case word in reports and events.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What it means and what to do next, for a person.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }

            /// The outcomes it goes with.
            pub fn outcomes(self) -> &'static [Outcome] {
                match self { $(Self::$variant => &[$(Outcome::$outcome),+],)+ }
            }
        }
    };
}

reasons! {
    // changed
    Done "done" [Changed] "The site did it.";
    DoneNoResponse "done-no-response" [Changed] "The answer was lost; reading the site showed that it was done.";
    Created "created" [Changed] "The user was not on the site before and is now.";
    CreatedOrExisted "created-or-existed" [Changed] "The site said yes, but it could not be seen whether the user was there before. An undo never touches this person.";
    // unchanged
    AlreadyMember "already-member" [Unchanged] "The user was a member of the group already.";
    NotAMember "not-a-member" [Unchanged] "The user was not a member of the group.";
    AlreadyActive "already-active" [Unchanged] "The account was active already.";
    AlreadyInactive "already-inactive" [Unchanged] "The account was deactivated already.";
    AlreadyThere "already-there" [Unchanged] "The user is on the site already, with every wanted product.";
    AlreadySuspended "already-suspended" [Unchanged] "The user was suspended already.";
    NotSuspended "not-suspended" [Unchanged] "The user was not suspended.";
    GroupExists "group-exists" [Unchanged] "There is a group of this name already.";
    AlreadyGone "already-gone" [Unchanged] "The user was not on the site any more.";
    // skipped: the row
    UnreadableRow "unreadable-row" [Skipped] "The row could not be read; correct the cell that the detail names and try the row again.";
    Duplicate "duplicate" [Skipped] "The same stands in a row above, which does it. Nothing to do.";
    AlreadyPlanned "already-planned" [Skipped] "Another part of this plan does it. Nothing to do.";
    // skipped: nobody to do it to
    UserNotFound "user-not-found" [Skipped] "Nobody on the site fits; check the spelling, or invite the user first.";
    UserAmbiguous "user-ambiguous" [Skipped] "Several people fit; write the account id of the one that is meant.";
    UserHidden "user-hidden" [Skipped] "The person's e-mail address is hidden from this key; write the account id, or use an organisation key or an export.";
    GroupNotFound "group-not-found" [Skipped] "No group has this name or id; check the spelling.";
    GroupAmbiguous "group-ambiguous" [Skipped] "Several groups fit; write the group id of the one that is meant.";
    Mismatch "mismatch" [Skipped] "The id and the name in this row are of two different people or groups; correct one of them.";
    // skipped: a guard
    OwnAccount "own-account" [Skipped] "This is the account that runs headcount; ask another administrator.";
    Protected "protected" [Skipped] "The profile protects this person or group.";
    OrgAdmin "org-admin" [Skipped] "An organisation administrator; take the role away first if this is really meant.";
    Unmanaged "unmanaged" [Skipped] "The organisation does not manage this account (its domain is not claimed): it cannot be deactivated; suspend it or take it off the site instead.";
    IdentityProvider "identity-provider" [Skipped Failed] "An identity provider owns this person or group and would undo the change; change it there.";
    AccountInactive "account-inactive" [Skipped] "The account is deactivated; reactivate it first with `user activate`.";
    AccountClosed "account-closed" [Skipped] "The account has been deleted; there is nothing to do it to.";
    NotInDirectory "not-in-directory" [Skipped Failed] "The person has an Atlassian account, but is not in this organisation (never invited, or taken out again); invite them first.";
    NotAllowed "not-allowed" [Skipped] "The site says beforehand that this key may not do this to this account.";
    ChangedSincePlan "changed-since-plan" [Skipped] "The site has changed since the plan was made; make a new plan.";
    EarlierStepNotDone "earlier-step-not-done" [Skipped] "A step of this row that has to be done first was not, so this one was not sent. Once that is settled, try the row again.";
    NotUndoable "not-undoable" [Skipped] "This change has no safe inverse; look at it by hand.";
    // failed
    ExistsWithoutAccess "exists-without-access" [Failed] "The account exists but has no access to the product, and the site refuses to create it again; give access with `member add` and the product's group.";
    LicenceLimit "licence-limit" [Failed] "No seat is left; free or buy seats, then try the row again.";
    Refused "refused" [Failed] "The site refused the request; the detail holds its words.";
    Forbidden "forbidden" [Failed] "The key may not do this; the account behind it needs more rights.";
    NotFound "not-found" [Failed] "The site does not know the user or group, or the key may not see it.";
    Conflict "conflict" [Failed] "The site says that the account or group is in a state that does not allow it.";
    ServerError "server-error" [Failed] "The site failed, and reading it shows that nothing was done; try the row again later.";
    UnexpectedResponse "unexpected-response" [Failed] "The site answered in a way that fits no description; the detail holds an excerpt.";
    NotSent "not-sent" [Failed] "It could not be sent to the end; try the row again.";
    // unknown
    NotVerified "not-verified" [Unknown] "The site said yes, but reading it back does not show it. `run resume` looks again.";
    NoResponse "no-response" [Unknown] "It was sent and the answer was lost; reading the site could not tell. `run resume` looks again.";
}

impl Reason {
    /// The reason of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word)
    }

    /// A skip that harms nothing: it does not touch the exit code and is not fed back.
    pub fn harmless(self) -> bool {
        matches!(self, Self::Duplicate | Self::AlreadyPlanned)
    }

    /// A skip for want of a target (or an unreadable row, or a step that was not reached): worth
    /// another try once the cell is corrected, so `run failed` lists it. A guard's no would only be repeated.
    pub fn wants_target(self) -> bool {
        matches!(
            self,
            Self::UnreadableRow
                | Self::UserNotFound
                | Self::UserAmbiguous
                | Self::UserHidden
                | Self::GroupNotFound
                | Self::GroupAmbiguous
                | Self::Mismatch
                | Self::EarlierStepNotDone
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_found_again() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_word(reason.word()), Some(*reason));
            assert!(reason.word().chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        }
    }
}
