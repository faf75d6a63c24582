//! Makes a sealed run from a spreadsheet. Nothing is sent.

use std::panic::resume_unwind;
use std::path::PathBuf;

use headcount_atlassian::admin::Resources;
use headcount_journal::{Journal, NewRun, Run, RunLock, SITE_ID};
use headcount_model::clock::Clock;
use headcount_model::door::Api;
use headcount_model::job::Job;
use headcount_model::rows::Rows;
use headcount_model::user::Product;
use headcount_people::directory::Directory;
use headcount_people::directory::exports::Notices;
use headcount_people::jobs::{self, MEMBERS_FILE, REVOKE_TOKENS};
use headcount_people::plan::look_up::{Asking, look_up};
use headcount_people::plan::{
    Decided, EXPORTS, ReadRows, note_blast_radius, note_reading, plan_rows, read_rows,
    settle_decided,
};
use headcount_people::resolve::Spec;
use headcount_people::rows::{Columns, Field};
use headcount_people::steps::{self, StepKind};
use headcount_sheet::Sheet;
use serde_json::json;

use crate::approval;
use crate::failure::Failure;
use crate::identity_exports::{ExportFile, Exports};
use crate::members_file;
use crate::site::Opened;

/// The input of a plan.
#[derive(Debug)]
pub struct Order {
    /// The job.
    pub job: Job,
    /// The name of the spreadsheet in the run.
    pub input: String,
    /// The columns.
    pub columns: Columns,
    /// The columns that were mapped by hand: field and heading.
    pub map: Vec<(String, String)>,
    /// A message that is sent with a deactivation.
    pub message: Option<String>,
    /// Whether a deactivation also revokes the user's API tokens.
    pub revoke_tokens: bool,
    /// Apps of new users whose row names none.
    pub products: Option<Vec<Product>>,
    /// Whether the organization invites new users.
    pub invite: bool,
    /// Whether the changes go through the identity provider's directory.
    pub scim: bool,
    /// The file for the members of groups that are deleted with them; `None` deletes only empty groups.
    pub with_members: Option<PathBuf>,
    /// Atlassian's exports, in which ids are looked up.
    pub exports: Exports,
    /// Rows with a preset outcome: in a rehearsal, the rows that its plan does not send.
    pub decided: Vec<Decided>,
    /// Rows whose cells were corrected on the page.
    pub corrected: Rows,
}

impl Order {
    /// Whether groups have descriptions that are not sent, because Jira's call takes none.
    pub fn leaves_out_descriptions(&self, opened: &Opened) -> bool {
        let door = steps::door(&opened.doors, StepKind::CreateGroup);
        let by_jira = door.is_ok_and(|door| door.api() == Api::Jira);
        by_jira && self.columns.index(Field::Description).is_some()
    }
}

/// The phases of making a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reads the spreadsheet's rows.
    Reading,
    /// Looks up the names on the site.
    LookingUp,
    /// Counts the users that lose something by the plan.
    Counting,
    /// For an undo: reads on the site what was sent without a recorded response.
    LookingFirst,
}

/// Observes the making of a plan.
pub trait Onlooker: Send {
    /// A phase begins.
    fn begins(&mut self, phase: Phase);
    /// The count so far: rows, or requests to the site.
    fn counted(&mut self, many: u64);
    /// The phase ends.
    fn ends(&mut self);
    /// The rows were read. If some are unreadable, `Err` stops planning, and `Ok` continues without them.
    fn read(&mut self, sheet: &str, read: &ReadRows) -> Result<(), Failure>;
    /// An export was read, with these notices.
    fn noticed(&mut self, _export: &str, _notices: &Notices) {}
    /// Every row has its outcome or its steps; the directory is complete.
    fn planned(
        &mut self,
        _journal: &Journal,
        _run: &Run,
        _columns: &Columns,
        _directory: &Directory,
    ) -> Result<(), Failure> {
        Ok(())
    }
}

/// Makes the plan: reads, looks up, resolves, seals. If that fails, nothing of it remains.
pub async fn plan(
    journal: &mut Journal,
    order: &Order,
    sheet: &mut Sheet,
    opened: &Opened,
    clock: Clock,
    onlooker: &mut dyn Onlooker,
) -> Result<(Run, RunLock), Failure> {
    let spec = spec(order, opened).await?;
    let (run, lock) = journal.begin(&new_run(order, sheet, opened, clock))?;
    let drafted = draft(journal, &run, (order, &spec), sheet, opened, onlooker).await;
    if let Err(failure) = drafted.and_then(|()| approval::seal(journal, &run, opened, clock)) {
        // If that fails too, the next command removes the draft.
        let _ = journal.discard(&run.id);
        return Err(failure.of_site(&run.site));
    }
    Ok((journal.run(run.id.as_str())?, lock))
}

fn new_run(order: &Order, sheet: &Sheet, opened: &Opened, clock: Clock) -> NewRun {
    NewRun {
        job: order.job,
        site: opened.site.name.clone(),
        organization: opened.organization.clone(),
        profile: opened.profile.clone(),
        input: order.input.clone(),
        headings: sheet.headings().to_vec(),
        options: json!({
            SITE_ID: opened.site_id,
            "message": order.message,
            MEMBERS_FILE: order.with_members,
            REVOKE_TOKENS: order.revoke_tokens.then_some(true),
            "products": order.products,
            "users": order.exports.users.as_ref().and_then(ExportFile::path),
            "groups": order.exports.groups.as_ref().and_then(ExportFile::path),
            EXPORTS: order.exports.names(),
            "by": match (order.scim, order.invite) {
                (true, _) => Some(jobs::BY_SCIM),
                (false, true) => Some("invite"),
                (false, false) => None,
            },
            "map": order.map,
            "corrected": (!order.corrected.is_empty()).then_some(&order.corrected),
        }),
        undoes: None,
        at: clock.now(),
    }
}

async fn draft(
    journal: &mut Journal,
    run: &Run,
    (order, spec): (&Order, &Spec),
    sheet: &mut Sheet,
    opened: &Opened,
    onlooker: &mut dyn Onlooker,
) -> Result<(), Failure> {
    onlooker.begins(Phase::Reading);
    let mut notices = Vec::new();
    let (read, directory) = std::thread::scope(|scope| {
        // The exports are read at the same time as the rows, because they are independent.
        let exports = scope.spawn(|| {
            let mut directory = Directory::default();
            let keep = &mut |name: &str, odd| notices.push((name.to_owned(), odd));
            order.exports.read(&mut directory, keep).map(|()| directory)
        });
        let read =
            read_rows(journal, run, sheet, &order.columns, &mut |rows| onlooker.counted(rows));
        (read, exports.join().unwrap_or_else(|panic| resume_unwind(panic)))
    });
    onlooker.ends();
    let mut read = read?;
    onlooker.read(sheet.name(), &read)?;
    note_reading(journal, run, &order.columns.reading(sheet, jobs::of(order.job).sheet))?;
    settle_decided(journal, run, &order.decided, &mut read.intents)?;
    notices.iter().for_each(|(export, odd)| onlooker.noticed(export, odd));
    let mut directory = directory?;
    let asking = Asking {
        run,
        intents: &read.intents,
        own_account: &opened.guards.own_account,
        people_from_exports: order.exports.users.is_some(),
        groups_from_exports: order.exports.groups.is_some(),
    };
    onlooker.begins(Phase::LookingUp);
    let mut asked = 0;
    let looked = look_up(journal, asking, &opened.site, &mut directory, &mut |more| {
        asked += more;
        onlooker.counted(asked);
    })
    .await;
    onlooker.ends();
    looked?;
    plan_rows(journal, run, &read.intents, &directory, spec)?;
    if let Some(path) = &order.with_members {
        members_file::write(journal, run, &directory, path)?;
    }
    note_blast_radius(journal, run, &opened.site, || onlooker.begins(Phase::Counting)).await?;
    onlooker.ends();
    onlooker.planned(journal, run, &order.columns, &directory)
}

/// The organization's resource names of the site's apps, if users are invited.
pub(crate) async fn resources(invite: bool, opened: &Opened) -> Result<Option<Resources>, Failure> {
    let Some(admin) = opened.site.admin.as_ref().filter(|_| invite) else { return Ok(None) };
    let by_address = opened.site.jira.is_some() && opened.site.name.starts_with("http");
    let host = by_address.then_some(opened.site.name.as_str());
    Ok(Some(admin.resources(host).await?))
}

async fn spec(order: &Order, opened: &Opened) -> Result<Spec, Failure> {
    let default = || vec![Product::JiraSoftware];
    let products = order.products.clone().or_else(|| opened.default_products.clone());
    Ok(Spec {
        job: order.job,
        invite: resources(order.invite, opened).await?,
        products: products.unwrap_or_else(default),
        message: order.message.clone(),
        revoke_tokens: order.revoke_tokens,
        guards: opened.guards_of(order.job).await?,
        doors: opened.doors.clone(),
    })
}
