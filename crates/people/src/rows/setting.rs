//! `--set field=value`: a field that the option gives must have no column of its own.

use super::search::{no_such_field, same_meaning};
use super::wanted::{Field, Job, LEFT_OUT, field, told};
use headcount_sheet::heading::names::{column, name_of};
use headcount_sheet::quoting::shell;
use headcount_sheet::{HeadingLine, Options, Sheet, SheetError};

/// Refuses an option for a field that the job does not have, or that a column or another option gives.
pub(super) fn check(sheet: &Sheet, job: Job, options: &Options) -> Result<(), SheetError> {
    let mut given: Vec<(Field, &str)> = Vec::new();
    for (name, value) in &options.set {
        let refuse = |why: String| SheetError::Set {
            name: "the sheet".to_owned(),
            set: format!("{}={}", shell(name), shell(value)),
            why,
        };
        let Some(set) = field(job, name) else { return Err(refuse(no_such_field(job, name))) };
        if matches!(set, Field::Action | Field::OrgRole | Field::Gone(_)) {
            return Err(refuse("this field cannot be the same in all rows".to_owned()));
        }
        if let Some((_, other)) = given.iter().find(|(known, _)| is_one(*known, set)) {
            return Err(refuse(format!("--set {} gives the same field; remove one", shell(other))));
        }
        given.push((set, name));
        if let Some(at) = own_column(sheet, job, options, set) {
            let heading = name_of(&HeadingLine::of(sheet.own_headings()), at);
            return Err(refuse(format!(
                "the column “{heading}” of the file has {} of each row; remove --set, or ignore the \
                 column with --map {LEFT_OUT}={}",
                set.meaning(),
                shell(&heading)
            )));
        }
    }
    Ok(())
}

/// The file's own column of a field, unless an option says that it is something else.
fn own_column(sheet: &Sheet, job: Job, options: &Options, set: Field) -> Option<usize> {
    let headings = &HeadingLine::of(sheet.own_headings());
    let said: Vec<(usize, &String)> = (options.map.iter())
        .filter_map(|(name, heading)| Some((column(headings, heading).ok()?, name)))
        .collect();
    let is_it = |at: &usize| match said.iter().find(|(said, _)| said == at) {
        Some((_, name)) => field(job, name).is_some_and(|other| is_one(other, set)),
        None => told(job, &headings[*at]).is_some_and(|(other, _)| is_one(other, set)),
    };
    (0..headings.len()).find(is_it)
}

/// Whether two fields say the same thing: the id of a group is one group, as its name is.
fn is_one(one: Field, other: Field) -> bool {
    let group = |field| matches!(field, Field::Group | Field::GroupName | Field::GroupId);
    let user = |field| matches!(field, Field::AccountId | Field::Email);
    same_meaning(one, other) || (group(one) && group(other)) || (user(one) && user(other))
}
