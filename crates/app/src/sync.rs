//! Makes a sealed run from a list of users, or only compares the list with the site. Nothing is sent.

use headcount_journal::{Journal, NewRun, RowView, Run, RunLock};
use headcount_model::clock::Clock;
use headcount_model::reading::Reading;
use headcount_model::user::Product;
use headcount_people::directory::Directory;
use headcount_people::jobs;
use headcount_people::plan::{HANDFUL, note_reading};
use headcount_people::resolve::Spec;
use headcount_people::sync::{Drafted, HEADINGS, List, Rules, SyncSpec, draft};
use serde_json::json;

use crate::approval;
use crate::failure::Failure;
use crate::options::MaxChanges;
use crate::plan::{Onlooker, Phase, resources};
use crate::site::Opened;

/// The share of the users that a list concerns that a run may change, unless the user says otherwise.
pub const SHARE: f64 = 10.0;

/// How many rows are read at a time.
const PAGE: u64 = 2_000;

/// The input of a plan from a list.
#[derive(Debug)]
pub struct SyncOrder {
    /// The name of the file in the run.
    pub input: String,
    /// The list.
    pub list: List,
    /// What it owns.
    pub rules: Rules,
    /// How the file was understood.
    pub reading: Option<Reading>,
    /// Apps of new users whose row names none.
    pub products: Option<Vec<Product>>,
}

/// A list compared with the site.
#[derive(Debug)]
pub struct Compared {
    /// The counts.
    pub drafted: Drafted,
    /// The differences, each with its outcome if headcount would not change it.
    pub rows: Vec<RowView>,
}

/// The most changes of a run from a list. A share refers to the users that the list concerns; a handful is always
/// allowed.
pub fn limit(most: Option<MaxChanges>, drafted: &Drafted) -> u64 {
    let of = |share: f64| (drafted.concerned as f64 * share / 100.0).floor() as u64;
    match most {
        Some(MaxChanges::Number(number)) => number,
        Some(MaxChanges::Share(share)) => of(share),
        None => of(SHARE).max(HANDFUL),
    }
}

/// Makes the plan: reads the site, compares, seals. If that fails, nothing of it remains.
///
/// # Errors
/// The list is refused, or the site or the journal cannot be read.
pub async fn plan(
    journal: &mut Journal,
    order: &SyncOrder,
    opened: &Opened,
    clock: Clock,
    onlooker: &mut dyn Onlooker,
) -> Result<(Run, RunLock, Drafted), Failure> {
    let (run, lock, drafted) = drafted(journal, order, opened, clock, onlooker).await?;
    if let Err(failure) = approval::seal(journal, &run, opened, clock) {
        // If that fails too, the next command removes the draft.
        let _ = journal.discard(&run.id);
        return Err(failure.of_site(&run.site));
    }
    Ok((journal.run(run.id.as_str())?, lock, drafted))
}

/// Compares a list with the site. The journal is as before.
///
/// # Errors
/// As of [`plan`].
pub async fn compare(
    journal: &mut Journal,
    order: &SyncOrder,
    opened: &Opened,
    clock: Clock,
    onlooker: &mut dyn Onlooker,
) -> Result<Compared, Failure> {
    let (run, _lock, drafted) = drafted(journal, order, opened, clock, onlooker).await?;
    let mut rows = Vec::new();
    let read = loop {
        match journal.rows(&run.id, rows.last().map_or(0, |row: &RowView| row.row), PAGE) {
            Ok(page) if page.is_empty() => break Ok(()),
            Ok(page) => rows.extend(page),
            Err(error) => break Err(error),
        }
    };
    journal.discard(&run.id)?;
    read?;
    Ok(Compared { drafted, rows })
}

async fn drafted(
    journal: &mut Journal,
    order: &SyncOrder,
    opened: &Opened,
    clock: Clock,
    onlooker: &mut dyn Onlooker,
) -> Result<(Run, RunLock, Drafted), Failure> {
    let spec = spec(order, opened).await?;
    let apps = resources(order.list.says_products(), opened).await?;
    let (run, lock) = journal.begin(&new_run(order, opened, clock))?;
    let mut directory = Directory::default();
    onlooker.begins(Phase::LookingUp);
    let mut asked = 0;
    let (list, rules, apps) = (&order.list, &order.rules, apps.as_ref());
    let sync = SyncSpec { list, rules, apps, spec: &spec };
    let mut counted = |more| {
        asked += more;
        onlooker.counted(asked);
    };
    let drafted = draft(journal, &run, sync, &opened.site, &mut directory, &mut counted).await;
    onlooker.ends();
    let drafted = drafted.map_err(Failure::from).and_then(|drafted| {
        if let Some(reading) = &order.reading {
            note_reading(journal, &run, reading)?;
        }
        Ok(drafted)
    });
    match drafted {
        Ok(drafted) => Ok((run, lock, drafted)),
        Err(failure) => {
            // If that fails too, the next command removes the draft.
            let _ = journal.discard(&run.id);
            Err(failure.of_site(&run.site))
        }
    }
}

fn new_run(order: &SyncOrder, opened: &Opened, clock: Clock) -> NewRun {
    NewRun {
        job: jobs::SYNC,
        site: opened.site.name.clone(),
        organization: opened.organization.clone(),
        profile: opened.profile.clone(),
        input: order.input.clone(),
        headings: HEADINGS.map(ToOwned::to_owned).to_vec(),
        options: json!({ "products": order.products }),
        undoes: None,
        at: clock.now(),
    }
}

async fn spec(order: &SyncOrder, opened: &Opened) -> Result<Spec, Failure> {
    let default = || vec![Product::JiraSoftware];
    let products = order.products.clone().or_else(|| opened.default_products.clone());
    Ok(Spec {
        job: jobs::SYNC,
        // Without an API token, only the organization can invite.
        invite: resources(opened.site.jira.is_none(), opened).await?,
        products: products.unwrap_or_else(default),
        message: None,
        revoke_tokens: false,
        guards: opened.guards_of(jobs::SYNC).await?,
        doors: opened.doors.clone(),
    })
}
