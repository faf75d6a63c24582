//! Makes the draft of a run from a list: reads the site, compares, and writes the differences as rows.

use headcount_atlassian::Site;
use headcount_atlassian::admin::Resources;
use headcount_journal::{Journal, Run};
use serde::{Deserialize, Serialize};

use super::check::check;
use super::difference::{changes, differences, owned};
use super::error::SyncError;
use super::list::List;
use super::look_up::LookUp;
use super::named_apps::with_apps;
use super::recent::Recent;
pub use super::rows::HEADINGS;
use super::rows::write;
use super::rules::{Absent, Rules};
use crate::directory::Directory;
use crate::directory::lookup::Progress;
use crate::plan::plan_rows;
use crate::resolve::Spec;

/// What a draft is made from.
#[derive(Clone, Copy, Debug)]
pub struct SyncSpec<'a> {
    /// The list.
    pub list: &'a List,
    /// What it owns.
    pub rules: &'a Rules,
    /// The ids of the site's apps; `None` without an organization API key, or if the list names no products.
    pub apps: Option<&'a Resources>,
    /// The data of the plan.
    pub spec: &'a Spec,
}

/// How a list compares with the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The users of the list.
    pub listed: u64,
    /// The users that the list names or owns: a share of changes refers to them.
    pub concerned: u64,
    /// The differences.
    pub differences: u64,
    /// The word of each kind of difference, and how many there are. The rows of the run are in this order.
    #[serde(default)]
    pub kinds: Vec<(String, u64)>,
    /// The runs that made differences less than ten minutes before, and how many each. These count as made, because the
    /// site's searches may not show them yet.
    #[serde(default)]
    pub recent: Vec<(String, u64)>,
}

impl Drafted {
    /// The key in a run's options.
    pub const OPTION: &'static str = "list";

    /// The rows of a kind: how many come before them, and how many they are.
    pub fn rows_of(&self, kind: &str) -> Option<(u64, u64)> {
        let at = self.kinds.iter().position(|(word, _)| word == kind)?;
        let before = self.kinds[..at].iter().map(|(_, rows)| rows).sum();
        Some((before, self.kinds[at].1))
    }

    /// Of a run.
    pub fn of(run: &Run) -> Option<Self> {
        serde_json::from_value(run.options.get(Self::OPTION)?.clone()).ok()
    }
}

/// Reads the site and writes the differences into the draft `run`, each as a row with its steps or its outcome.
///
/// # Errors
/// The list is refused, or the site or the journal cannot be read.
pub async fn draft(
    journal: &mut Journal,
    run: &Run,
    SyncSpec { list, rules, apps, spec }: SyncSpec<'_>,
    site: &Site,
    directory: &mut Directory,
    progress: Progress<'_>,
) -> Result<Drafted, SyncError> {
    if list.users.is_empty() {
        return Err(super::ListError::Empty.into());
    }
    let list = &*with_apps(list, site, apps).await?;
    let own_account = &spec.guards.own_account;
    let mut look_up = LookUp { journal, run, site, apps, own_account, directory, progress };
    let seen = look_up.read(list, rules).await?;
    let (owned, absent) = owned(&seen, look_up.directory);
    let counts_half = seen.scope.is_explicit || rules.absent != Absent::Keep;
    let protected = &spec.guards.protected;
    check(list, (&owned, &absent), counts_half, protected, look_up.directory)?;
    if rules.absent == Absent::Remove {
        look_up.residents(&absent).await?;
    }
    let mut found = differences(list, &seen, &absent, rules, look_up.directory)?;
    let recent = Recent::of(look_up.journal, site, &run.site)?;
    let recent = recent.note(&mut found, look_up.directory);
    look_up.facts(&changes(&found, look_up.directory)).await?;
    let kinds = found.chunk_by(|one, next| one.action == next.action);
    let kinds = kinds.map(|same| (same[0].action.word().to_owned(), same.len() as u64));
    let drafted = Drafted {
        kinds: kinds.collect(),
        listed: list.users.len() as u64,
        concerned: (list.users.len() + absent.len()) as u64,
        differences: found.len() as u64,
        recent,
    };
    let intents = write(journal, run, found)?;
    plan_rows(journal, run, &intents, directory, spec)?;
    journal.add_options(&run.id, &serde_json::json!({ Drafted::OPTION: drafted }))?;
    Ok(drafted)
}
