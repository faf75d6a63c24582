//! Collects the data for a rehearsal's copy: the exports of its plan, and the site for what the exports do not
//! contain. The site itself is only read.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use headcount_journal::Run;
use headcount_model::job::Job;
use headcount_people::export::{Far, TokenFilters};
use headcount_people::jobs::{self, Copied};
use headcount_people::plan::Summary;
use headcount_people::rows::{Intent, Intents, open};
use headcount_people::sync::List;
use headcount_sheet::Options;

use crate::export::{What, tokens, write};
use crate::failure::{Failure, USAGE};
use crate::identity_exports::{ExportFile, Exports, Whose, told_by};
use crate::site::Opened;

/// The data that is read from the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FromSite {
    people: bool,
    groups: bool,
    members: bool,
    tokens: bool,
}

/// What a copy of the site lacks for the job; `None` if the job can be rehearsed.
fn lacks(job: Job) -> Option<&'static str> {
    jobs::of(job).copy.lacks
}

/// The same for the plan of a run, which may be of several jobs. A copy has no identity provider's directory.
pub fn lacks_for(run: &Run, plan: &Summary) -> Option<&'static str> {
    match jobs::is_provisioned(run) {
        true => Copied::PROVIDERS.lacks,
        false => lacks(run.job).or_else(|| plan.jobs().into_iter().find_map(lacks)),
    }
}

/// Refuses to rehearse a plan for which a copy of the site lacks something.
///
/// # Errors
/// The plan changes something that no copy has.
pub fn check_plan(run: &Run, plan: &Summary) -> Result<(), Failure> {
    lacks_for(run, plan).map_or(Ok(()), |what| Err(no_rehearsal(run.job, what)))
}

/// Refuses to rehearse a job for which a copy of the site lacks something. Its result would be wrong.
///
/// # Errors
/// The job changes something that no copy has.
pub fn check_rehearsable(job: Job) -> Result<(), Failure> {
    lacks(job).map_or(Ok(()), |what| Err(no_rehearsal(job, what)))
}

fn no_rehearsal(job: Job, what: &str) -> Failure {
    refusal(&format!("`{job}` cannot be rehearsed"), what)
        .hint("make a plan with --plan: it shows each change, and sends nothing")
}

fn refusal(subject: &str, what: &str) -> Failure {
    let message = format!("{subject}: the copy of the site would have {what}; nothing was sent");
    Failure::new(USAGE, message)
}

/// The same for the rows of a spreadsheet of several jobs.
///
/// # Errors
/// A row changes something that no copy has.
pub fn check_rows(rows: &Intents) -> Result<(), Failure> {
    let of_row = |(_, intent): (u64, Intent)| intent.job.and_then(|job| Some((job, lacks(job)?)));
    let Some((job, what)) = rows.undecided().find_map(of_row) else { return Ok(()) };
    Err(refusal(&format!("rows of `{job}` cannot be rehearsed"), what).hint(
        "rehearse a file without them; or make a plan with --plan: it shows each change, and sends nothing",
    ))
}

/// The same for a list.
///
/// # Errors
/// The list has products.
pub fn check_list(list: &List) -> Result<(), Failure> {
    let Some(what) = Copied::ROLES.lacks.filter(|_| list.says_products()) else { return Ok(()) };
    Err(refusal("a list with products cannot be rehearsed", what).hint(
        "leave out their column, such as with --map -=products; or use --check: it shows each difference, and sends nothing",
    ))
}

impl FromSite {
    /// What the exports lack for the job. Users without their groups are enough for jobs without groups; if
    /// memberships count, a list of groups alone is not enough.
    pub fn of(job: Job, revoke_tokens: bool, exports: &Exports) -> Result<Self, Failure> {
        let holds_members =
            |file: &ExportFile| told_by(&[Whose::Users], file).map(|told| !told.is_empty());
        let members = match &exports.groups {
            Some(groups) => !holds_members(groups)?,
            None => true,
        };
        let copy = jobs::of(job).copy;
        // No export has them.
        let tokens = copy.tokens || revoke_tokens;
        if exports.is_empty() {
            return Ok(Self { people: true, groups: true, members: true, tokens });
        }
        let (users, group_list) = (exports.users.is_none(), exports.groups.is_none());
        Ok(Self {
            people: copy.users && users,
            groups: copy.groups && group_list,
            members: copy.members && members,
            tokens,
        })
    }

    /// The sources of the copy, in words after "made from".
    pub fn words(self, exports: &Exports) -> &'static str {
        let is_read = self.people || self.groups || self.members || self.tokens;
        match (exports.is_empty(), is_read) {
            (true, _) => "what the site shows",
            (false, false) => "the exports",
            (false, true) => "the exports and what the site shows",
        }
    }
}

/// Writes the data for the copy into the folder.
pub async fn fill(
    folder: &Path,
    exports: &Exports,
    from_site: FromSite,
    real: &Opened,
    far: &mut (dyn FnMut(Far) + Send),
) -> Result<(), Failure> {
    let groups = if from_site.members { "all-groups.csv" } else { "groups.csv" };
    for (file, name) in [(&exports.users, "users.csv"), (&exports.groups, groups)] {
        if let Some(file) = file {
            copy(file, &folder.join(name))?;
        }
    }
    let parts = [
        (from_site.people, What::People, "users.csv"),
        (from_site.groups, What::Groups { members: false }, "all-groups.csv"),
        (from_site.members, What::Groups { members: true }, "groups.csv"),
    ];
    for (_, what, name) in parts.into_iter().filter(|(is_read, ..)| *is_read) {
        let file = BufWriter::new(File::create(folder.join(name))?);
        write(what, real, file, far).await?;
    }
    if from_site.tokens {
        let file = BufWriter::new(File::create(folder.join("tokens.csv"))?);
        tokens(&TokenFilters::default(), real, file, far).await?;
    }
    Ok(())
}

/// Copies an export as text, because the sandbox reads no workbooks.
fn copy(file: &ExportFile, to: &Path) -> Result<(), Failure> {
    let unwritable = |error: csv::Error| {
        Failure::new(USAGE, format!("{} cannot be copied", file.name)).because(&error)
    };
    let sheet = open(file.source(), &Options::default())?;
    let mut out = csv::WriterBuilder::new().flexible(true).from_path(to).map_err(unwritable)?;
    out.write_record(sheet.headings()).map_err(unwritable)?;
    for raw in sheet {
        out.write_record(&raw?.cells).map_err(unwritable)?;
    }
    Ok(out.flush()?)
}
