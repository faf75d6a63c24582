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
    Done "done" [Changed] "Applied.";
    DoneNoResponse "done-no-response" [Changed] "The site did not confirm the change (its answer was lost, or was an error), but then showed the wanted state. Another user may have made the change meanwhile.";
    Created "created" [Changed] "The user was not on the site before and is now.";
    CreatedOrExisted "created-or-existed" [Changed] "Applied, but headcount could not see whether the user already existed. An undo leaves this user alone.";
    // unchanged
    AlreadyMember "already-member" [Unchanged] "The user was already a member of the group.";
    NotAMember "not-a-member" [Unchanged] "The user was not a member of the group.";
    AlreadyActive "already-active" [Unchanged] "The account was already active.";
    AlreadyInactive "already-inactive" [Unchanged] "The account was already deactivated.";
    AlreadyForDeletion "already-for-deletion" [Unchanged] "The account was already scheduled for deletion.";
    NotSynced "not-synced" [Unchanged] "No identity provider managed the account, so there was nothing to unlink.";
    AlreadyAddress "already-address" [Unchanged] "The account already had this email address.";
    NotForDeletion "not-for-deletion" [Unchanged] "The account was not scheduled for deletion.";
    AlreadyThere "already-there" [Unchanged] "The user is already on the site, with every wanted product.";
    AlreadySuspended "already-suspended" [Unchanged] "The user was already suspended.";
    NotSuspended "not-suspended" [Unchanged] "The user was not suspended.";
    GroupExists "group-exists" [Unchanged] "A group of this name already exists.";
    AlreadyHasRole "already-has-role" [Unchanged] "The user or group already has this role in the app.";
    HasNoRole "has-no-role" [Unchanged] "The user or group does not have this role in the app.";
    AlreadyGone "already-gone" [Unchanged] "The user or the group was no longer there.";
    ReadOnly "read-only" [Unchanged] "The row's requests only read the site, so nothing changed.";
    // skipped: the row
    UnreadableRow "unreadable-row" [Skipped] "The row could not be read. Correct the cell that the detail names and try the row again.";
    Duplicate "duplicate" [Skipped] "The row asks for the same change as a row above. Nothing to do.";
    AlreadyPlanned "already-planned" [Skipped] "Another row of the plan already makes this change (only in runs of earlier versions). Nothing to do.";
    NotOwned "not-owned" [Skipped] "The list names the user or the group, and does not own it: `--own-group`, `--own-domain` or the sheet `managedGroups` name others. Add it there, or take it out of the list.";
    NotAsked "not-asked" [Skipped] "In the column that chooses the rows, this row's cell says no or is empty. Nothing to do.";
    DecisionsDiffer "decisions-differ" [Skipped] "Another row of the access review decides `keep` for the same user. Ask the reviewers, then correct one of the rows.";
    // skipped: no target
    UserNotFound "user-not-found" [Skipped] "No user on the site matches. Check the spelling, or invite the user first.";
    UserAmbiguous "user-ambiguous" [Skipped] "Several users match. Write the account id of the right one.";
    UserHidden "user-hidden" [Skipped] "These credentials cannot see the email. Write the account id, or use an organization API key or an export.";
    GroupNotFound "group-not-found" [Skipped] "No group has this name or id. Check the spelling.";
    GroupAmbiguous "group-ambiguous" [Skipped] "Several groups match. Write the group id of the right one.";
    AppNotFound "app-not-found" [Skipped] "The organization has no app with this name or key. The detail lists the apps.";
    AppAmbiguous "app-ambiguous" [Skipped] "Several apps match, such as the same app on two sites. Write the name with the site: `Jira - acme`.";
    TokenNotFound "token-not-found" [Skipped] "No user has an API token with this id. List the tokens again with `token list`.";
    MixedScripts "mixed-scripts" [Skipped] "The email address mixes letters from different alphabets, such as a Cyrillic letter in a Latin word. Type it again, or write the account id. If the domain is really spelled that way, write it as `xn--…`.";
    Mismatch "mismatch" [Skipped] "The id and the name in this row belong to different users or groups. Correct one of them.";
    // skipped: a guard
    OwnAccount "own-account" [Skipped] "This is the account that runs headcount. Ask another administrator.";
    Protected "protected" [Skipped] "The profile protects this user or group. To change it anyway, remove it from the profile's `protected` list.";
    OrgAdmin "org-admin" [Skipped] "The user is an organization administrator. Remove that role first.";
    GroupNotEmpty "group-not-empty" [Skipped] "The group has members, and headcount deletes only empty groups. Remove its members first.";
    AdminGroup "admin-group" [Skipped] "The name suggests that the group's members are administrators. To delete it anyway, use Atlassian's administration.";
    ThroughGroup "through-group" [Skipped] "The user has the app only through a group; the detail names it. Remove the user from the group with `member remove`, or revoke the group's role.";
    GivesApps "gives-apps" [Skipped] "The group gives access to an app, as every default group does. To delete it anyway, first remove its access to apps.";
    NotAPerson "not-a-person" [Skipped] "The account is an app or a help desk customer. headcount does not remove access from such accounts. Do it in Atlassian's administration.";
    Unmanaged "unmanaged" [Skipped] "The organization does not manage this account, because its domain is not claimed. Suspend or remove the user instead.";
    IdentityProvider "identity-provider" [Skipped Failed] "An identity provider manages this user or group and would reverse the change. Make the change there, or, if the job takes it, through its directory with `--scim`. To manage the user by hand from now on, use `user unlink`.";
    NotProvisioned "not-provisioned" [Skipped] "With `--scim`, headcount changes only users and groups that the identity provider's directory has, and this one is not in it. Run the job without `--scim` for this row.";
    DomainNotVerified "domain-not-verified" [Skipped Failed] "The organization has not verified the domain of the new address. Verify the domain in Atlassian's administration first.";
    AddressTaken "address-taken" [Skipped] "Another user has the new address. Change that user's address first, or in the same file.";
    AccountInactive "account-inactive" [Skipped] "The account is deactivated. Reactivate it first.";
    AccountClosed "account-closed" [Skipped] "The account has been deleted and cannot be changed.";
    NotInDirectory "not-in-directory" [Skipped Failed] "The user has an Atlassian account, but is not in this organization (never invited, or removed). Invite the user first.";
    NotAllowed "not-allowed" [Skipped] "The site says that these credentials may not change this account or group. Use credentials of an account with more permissions.";
    ChangedSincePlan "changed-since-plan" [Skipped] "The site has changed since the plan was made. Make a new plan.";
    EarlierStepNotDone "earlier-step-not-done" [Skipped] "An earlier change of the row (such as creating the user) was not made. Correct what the detail names, then try the row again.";
    NotUndoable "not-undoable" [Skipped] "headcount cannot undo this safely. Undo it by hand if needed.";
    AlreadyUndone "already-undone" [Skipped] "A later run reversed or repeated this change. The detail names that run. headcount does not undo the work of another run.";
    // failed
    ExistsWithoutAccess "exists-without-access" [Failed] "The user exists but lacks the product. Creating the user again does not add it. Add the user to the product's group.";
    LicenceLimit "licence-limit" [Failed] "No seat is left. Free a seat or buy one, then try the row again.";
    Refused "refused" [Failed] "The site refused the request; the detail quotes its message.";
    Forbidden "forbidden" [Failed] "These credentials may not do this. Use credentials of an account with more permissions.";
    NotFound "not-found" [Failed] "The site does not know the user or group, or the credentials may not see it.";
    Conflict "conflict" [Failed] "The site refused because of the account's or group's current state. Look at it in Atlassian's administration, then try the row again.";
    ServerError "server-error" [Failed] "The site answered with an error. Reading the site shows that the change was not applied. Try the row again later.";
    UnexpectedResponse "unexpected-response" [Failed] "The site's answer does not match Atlassian's documentation; the detail quotes it.";
    TestFailed "test-failed" [Failed] "A test or a script of the collection failed; the detail names it.";
    NotSent "not-sent" [Skipped Failed] "The row was not sent, or only some of its changes were sent. The detail says why. Try the row again.";
    // unknown
    NotVerified "not-verified" [Unknown] "Reading the site did not show the change in time. Resume the run to check again.";
    NoResponse "no-response" [Unknown] "The answer was lost or was an error, and reading the site does not show whether the change was applied. Resume the run to check again.";
}

impl Reason {
    /// The reason of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.word() == word)
    }

    /// A skip that harms nothing: it does not touch the exit code and is not in `run failed`.
    pub fn harmless(self) -> bool {
        matches!(self, Self::Duplicate | Self::AlreadyPlanned | Self::NotAsked)
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
                | Self::AppNotFound
                | Self::AppAmbiguous
                | Self::TokenNotFound
                | Self::MixedScripts
                | Self::Mismatch
                | Self::EarlierStepNotDone
                | Self::NotSent
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
