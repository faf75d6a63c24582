//! The members of the groups that a plan deletes with them, as rows of a spreadsheet for `member add`.

use crate::directory::Directory;
use crate::error::PlanError;
use crate::steps::read_all;
use headcount_journal::{Journal, Run};
use headcount_model::step::StepState;

/// The headings of the file.
pub const MEMBER_HEADINGS: [&str; 4] = ["User id", "User name", "Email", "Group"];

/// Calls `each` with a row for each member of each group that the plan deletes. There is no group id, because a new
/// group has another one.
pub fn members_of_deleted<E: From<PlanError>>(
    journal: &Journal,
    run: &Run,
    directory: &Directory,
    mut each: impl FnMut([&str; 4]) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let page =
            journal.steps(&run.id, StepState::Pending, after, 500).map_err(PlanError::from)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number;
        for step in read_all(page).map_err(PlanError::from)? {
            let group = step.payload.target.group.as_ref();
            let Some(at) = group.and_then(|id| directory.group_by_id(id)) else { continue };
            let name = &directory.group(at).name;
            for (account, person) in directory.written_members(at).flatten().into_iter().flatten() {
                let text = |text: &Option<Box<str>>| text.clone().unwrap_or_default();
                let (called, mail) = (text(&person.name), text(&person.mail));
                each([account.as_str(), &called, &mail, name])?;
            }
        }
    }
}
