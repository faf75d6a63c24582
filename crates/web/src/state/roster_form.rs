//! The form of a list's page: what the list owns, and what happens to users that it does not name.

use std::sync::Arc;

use headcount_app::options::MaxChanges;
use headcount_model::user::Product;
use headcount_people::jobs;
use headcount_people::rows::{SheetJob, WhichGroup, has_actions, open};
use headcount_people::sync::{Absent, ReadList, Reader, Rules};
use headcount_sheet::{Options, SheetError};

use crate::fault::Fault;
use crate::state::fields::Fields;
use crate::state::refusal::Wrong;
use crate::state::sheet_form::named;
use crate::state::uploads::Paper;

/// What can happen to absent users: the word of the field, and its label.
pub const ABSENT: [(&str, Absent, &str); 5] = [
    ("keep", Absent::Keep, "nothing"),
    ("leave-groups", Absent::LeaveGroups, "they leave the groups that the list owns"),
    ("suspend", Absent::Suspend, "they are suspended"),
    ("deactivate", Absent::Deactivate, "their accounts are deactivated"),
    ("remove", Absent::Remove, "they are removed from the site"),
];

/// The choices of a list's form.
#[derive(Debug)]
pub struct Chosen {
    /// What the list owns.
    pub rules: Rules,
    /// The most changes; `None`: the default share.
    pub most: Option<MaxChanges>,
}

/// The choices of the fields.
///
/// # Errors
/// A field cannot be used.
pub fn chosen(fields: &Fields) -> Result<Chosen, Wrong> {
    let lines = |name: &'static str| {
        let all = fields.all(name).flat_map(str::lines).map(str::trim);
        all.filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let word = fields.one("absent").unwrap_or("keep");
    let absent = ABSENT.iter().find(|(known, ..)| *known == word).map(|(_, absent, _)| *absent);
    let rules = Rules {
        own_groups: lines("own_group").into_iter().map(WhichGroup::in_a_list).collect(),
        own_domains: lines("own_domain"),
        own_products: fields.all("own_product").filter_map(Product::from_key).collect(),
        absent: absent.unwrap_or_default(),
    };
    if rules.absent.is_for_users() && rules.own_domains.is_empty() {
        let why = "name the mail domains of these users, such as example.com";
        return Err(Wrong::new("own_domain", why));
    }
    let most = fields.one("max_changes").map(|text| text.trim().parse());
    let most = most.transpose().map_err(|why: String| Wrong::new("max_changes", why))?;
    Ok(Chosen { rules, most })
}

/// The options with which a list is read.
fn options(paper: &Paper) -> Options {
    named(&paper.said().fields)
}

/// Whether a spreadsheet is a list, and no file that says in a column what to do with each row. A file that cannot be
/// opened counts as a list of which the page shows the error.
pub async fn is_list(paper: &Arc<Paper>) -> Result<bool, Fault> {
    if jobs::of(paper.job).sheet != SheetJob::Actions {
        return Ok(false);
    }
    let paper = Arc::clone(paper);
    let read = move || {
        let options = options(&paper);
        !open(paper.source(), &options).is_ok_and(|sheet| has_actions(&sheet, &options))
    };
    tokio::task::spawn_blocking(read).await.map_err(|_| Fault::defect())
}

/// Reads a list.
pub fn read(paper: &Paper) -> Result<ReadList, SheetError> {
    Reader::read_all(&options(paper), &|options: &Options| open(paper.source(), options))
}

/// The same on a thread that may block.
pub async fn read_apart(paper: &Arc<Paper>) -> Result<Result<ReadList, SheetError>, Fault> {
    let paper = Arc::clone(paper);
    tokio::task::spawn_blocking(move || read(&paper)).await.map_err(|_| Fault::defect())
}
