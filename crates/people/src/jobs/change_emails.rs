//! `user email`: changes the email addresses of managed accounts.

use crate::rows::SheetJob;
use crate::steps::{self, Before, No, Now, StepKind, Wanted};
use headcount_model::job::Job;
use headcount_model::user::{Privilege, mail_key};
use jiff::Timestamp;

use super::families::{addresses, groups, if_changed};
use super::{Area, Copied, Counted, Creates, JobSpec, Need, Phrases, Tile, spared};
use crate::lookup::{LookingUp, Lookup};
use crate::resolve::find::mixed_scripts;
use crate::resolve::{self, Resolved, Resolver, target};
use crate::rows::{self, Intent};

pub(super) static JOB: JobSpec = JobSpec {
    job: Job::ChangeEmails,
    help: Some(
        "Change the email address of each row's managed account; all its sessions end. Columns: account id or old email, and new email",
    ),
    options: &[],
    phrases: Phrases {
        one: "address",
        imperative: ("change", ""),
        title: "Change email addresses",
        done: "Address changed",
        heading: "Email addresses changed",
    },
    phrases_in_directory: None,
    tile: Some(Tile {
        key: "change-addresses",
        area: Area::People,
        title: "Change email addresses",
        about: "Change the email addresses of managed accounts, for example after a new company name. Users have to sign in again.",
        needs: "a user (account id or old email address) and a new email address in each row",
        picture: "<rect x='3' y='5.5' width='15' height='11' rx='2'/><path d='M3.5 7l7 5 7-5'/><path d='M15 20h6M21 20l-2.2-2.2M21 20l-2.2 2.2'/>",
    }),
    template: (&["Email", "New email"], &["jane@old.example.com", "jane@new.example.com"]),
    sheet: SheetJob::NewEmails,
    read: rows::new_email,
    asked: &["change changed update rename email", "ändern modifier cambiar cambiare"],
    decision: None,
    exports: groups::NO_EXPORTS,
    copy: Copied::USERS,
    need: Need::Org,
    takes_away: false,
    own_access: true,
    consequences,
    spared: spared::MEMBERS,
    owner: resolve::lifecycle,
    counted: Counted::Managed,
    look_up,
    look_up_undo: |mut lookup| Box::pin(async move { lookup.read_addresses().await }),
    resolve,
    arrange: Some(addresses::arrange),
    inverse: Job::ChangeEmails,
    creates: Creates::Nothing,
    undo_sends: true,
    is_undoable: if_changed,
};

/// User management description, `PUT email`.
fn consequences(_: Timestamp) -> Vec<String> {
    vec!["all sessions of each user end: users sign in again, with the new address".into()]
}

/// Reads the accounts, which of them are scheduled for deletion, the users that have the new addresses now, and the
/// verified domains.
fn look_up(mut lookup: Lookup<'_>) -> LookingUp<'_> {
    Box::pin(async move {
        lookup.take_accounts();
        lookup.read_mails().await?;
        let people = lookup.people();
        lookup.read_lifecycles(&people, Privilege::Email).await?;
        lookup.read_deletions(&people).await?;
        lookup.read_domains().await
    })
}

fn resolve(intent: &Intent, with: Resolver<'_>) -> Result<Resolved, No> {
    let person = with.directory.person(with.user(intent)?);
    let new = intent.new_mail.clone().unwrap_or_default();
    if let Some(no) = mixed_scripts(&new) {
        return Err(no);
    }
    let kind = StepKind::ChangeEmail;
    let before = match (steps::of(kind).now)(person, None)? {
        Now::Before(before) => before,
        Now::Already(..) => Before::Present,
    };
    // A row that needs no change is settled with the others, because no other row may take its address.
    if person.mail.as_deref().is_none_or(|mail| mail_key(mail) != mail_key(&new)) {
        with.guard_user(person, intent.org_role.as_deref())?;
        with.guard_new_mail(&new)?;
    }
    let subject = steps::of_address(&person.id, &new);
    let wanted = Wanted { email: Some(new), ..Wanted::default() };
    Ok(with.step(kind, subject, target(person), before, wanted)?.into())
}
